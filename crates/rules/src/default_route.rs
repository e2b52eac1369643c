//! Default routes towards clouds: where one is sent, and where one would get through.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::vocabulary::{Change, Direction};
use edgelint_facts::{
    Announced, Certainty, CircuitId, DeviceId, Network, Open, OriginSource, Peering, Role, Session,
    SessionFamily, SessionId,
};
use edgelint_prefix::{Family, Prefix, PrefixSet};
use edgelint_source::Span;
use edgelint_source::view::{Confidence, Severity};

use crate::findings::{Draft, Findings};
use crate::outgoing::{always_out, entry_for, open_to_internet_routes, unfiltered};
use crate::places::{decision, object_of, route_of, show_filters, show_origin};
use crate::remedies::{send_only_known, set_of, withhold};
use crate::words::{circuit_name, on_peering};

/// What a rule about default routes looks for.
pub(crate) struct Wanted {
    /// On which peerings.
    pub(crate) peering: fn(Peering) -> bool,
    /// How bad it is where the route is sent.
    pub(crate) known: Severity,
    /// How bad it is where it would get through.
    pub(crate) possible: Severity,
    /// What comes of it.
    pub(crate) note: &'static str,
}

/// What sessions have in common that one finding tells: device, circuit, peering, the deciding line, and whether the
/// route is known to be sent.
type Cause = (DeviceId, Option<CircuitId>, Option<Peering>, Option<Span>, bool);

/// Reports default routes on sessions to clouds.
pub(crate) fn check_default(network: &Network<'_>, wanted: &Wanted, found: &mut Findings) {
    let told = open_to_internet_routes(network);
    let mut causes: BTreeMap<Cause, Vec<(SessionId, Prefix)>> = BTreeMap::new();
    for session in &network.sessions {
        // What a circuit of another kind is for, only its owner knows.
        let other = matches!(session.role, Role::Generic(_));
        if other || !session.role.peering().is_some_and(wanted.peering) {
            continue;
        }
        for family in session.live_families() {
            let Some(default) = default_of(family) else { continue };
            let known = route_of(session, default);
            let at = match known {
                // Each session has its own statement; on both links it is one decision.
                Some(route) if route.source == OriginSource::DefaultOriginate => None,
                Some(route) => origin(route),
                // What lets the internet's routes pass, or all there are, is told elsewhere.
                None if unfiltered(network, session, family).is_some()
                    || session.role.peering() == Some(Peering::Unknown)
                    || told.contains(&(session.id, default.family())) =>
                {
                    continue;
                }
                None if always_out(family).contains(&default)
                    && network.open_outbound(session, family) != Some(Open::Void) =>
                {
                    Some(entry_for(network, session, family, default))
                }
                None => continue,
            };
            let cause =
                (session.device, session.circuit, session.role.peering(), at, known.is_some());
            causes.entry(cause).or_default().push((session.id, default));
        }
    }
    let senders = senders(network);
    for ((.., known), sessions) in &causes {
        report((network, &senders), wanted, *known, sessions, found);
    }
}

/// Circuits that are sent a default route, by what the cloud compares them by: role, VRF, family, prepending.
type Senders<'t> = BTreeMap<(Role, Option<&'t str>, Family, usize), BTreeSet<CircuitId>>;

fn senders<'t>(network: &Network<'t>) -> Senders<'t> {
    let mut senders = Senders::new();
    for session in network.sessions.iter().filter(|session| session.role.is_cloud()) {
        let Some(circuit) = session.circuit else { continue };
        for default in session.live_families().filter_map(default_of) {
            if let Some(route) = route_of(session, default) {
                let key = (session.role, session.vrf, default.family(), route.prepend.len());
                senders.entry(key).or_default().insert(circuit);
            }
        }
    }
    senders
}

/// The default route of a family.
fn default_of(family: &SessionFamily<'_>) -> Option<Prefix> {
    PrefixSet::universe_of(family.routes?).witness()
}

/// The statement that makes a route.
fn origin(route: &Announced<'_>) -> Option<Span> {
    route.trail.first().map(|mark| mark.at)
}

fn report<'t>(
    (network, senders): (&Network<'t>, &Senders<'t>),
    wanted: &Wanted,
    known: bool,
    sessions: &[(SessionId, Prefix)],
    found: &mut Findings,
) {
    let Some(&(first, default)) = sessions.first() else { return };
    let session = network.session(first);
    let Some(family) = session.live_family(default.family()) else { return };
    let mut ids: Vec<SessionId> = sessions.iter().map(|(id, _)| *id).collect();
    ids.dedup();
    let to = circuit_name(network, &ids);
    let name = session.circuit.map_or("the cloud", |id| network.circuit(id).name.as_str());
    let peering = on_peering(session);
    let route = route_of(session, default);
    let draft = match route {
        Some(route) => {
            let message = format!("a default route is advertised to {to}{peering}");
            let at = origin(route).unwrap_or(session.at);
            let label = format!("sends {default} to {name}");
            found.presence(at, message, label)
        }
        None => {
            let message = format!("a default route would be let through to {to}{peering}");
            let at = entry_for(network, session, family, default);
            found.presence(at, message, format!("lets {default} pass"))
        }
    };
    draft.severity(if known { wanted.known } else { wanted.possible }).note(wanted.note);
    for (id, prefix) in sessions {
        label(network, network.session(*id), *prefix, known, draft);
    }
    if session.role.peering() == Some(Peering::Unknown) {
        draft.severity(Severity::Info).at_most(Confidence::Possible);
        draft.note("which peering it is cannot be told from the configuration");
    } else if !session.certain {
        draft
            .lowered("the role of the session was inferred: `edgelint inspect neighbors` shows it");
    }
    match route {
        Some(route) => {
            explain(network, (session, family), route, draft);
            explain_others((network, senders), session, route, draft);
        }
        None => {
            draft.note("nothing on the device originates one: it would have to be learned");
        }
    }
    let device = network.device(session.device);
    let word = device.behaviour.policy_word;
    let start = match route.map(|route| route.source) {
        Some(OriginSource::DefaultOriginate) => "remove the statement that sends it".to_owned(),
        _ => format!("deny {default} first in the outbound {word} on {}", device.identity),
    };
    draft.circuits.extend(session.circuit);
    draft.help(start).object(object_of(network, session, Direction::Out));
    if let Some(OriginSource::DefaultOriginate) = route.map(|route| route.source) {
        draft.remedy(network, (&ids, default.family()), &Change::StopDefault);
    } else if route.is_none() {
        send_only_known(network, &ids, &PrefixSet::empty(), draft);
    } else {
        let defaults: Vec<Prefix> = sessions.iter().map(|(_, prefix)| *prefix).collect();
        withhold(network, &ids, &set_of(&defaults), draft);
    }
}

/// Shows the lines of one session.
fn label(
    network: &Network<'_>,
    session: &Session<'_>,
    default: Prefix,
    known: bool,
    draft: &mut Draft,
) {
    draft.device(session.device).witnesses([default]);
    let Some(family) = session.live_family(default.family()) else { return };
    let name = session.circuit.map_or("the cloud", |id| network.circuit(id).name.as_str());
    match route_of(session, default) {
        Some(route) if known => {
            if let Some(at) = origin(route) {
                draft.primary(at, format!("sends {default} to {name}"));
            }
            show_origin(route, draft);
            if route.source != OriginSource::DefaultOriginate
                && let Some((at, text)) = decision(session, route, name)
            {
                draft.primary(at, text);
            }
        }
        _ => {
            let at = entry_for(network, session, family, default);
            draft.primary(at, format!("lets {default} pass"));
        }
    }
    let text = format!("applied to {name} (neighbor {})", session.neighbor_name());
    show_filters(session, [family], Direction::Out, text, draft);
}

/// What is worth knowing of a route that is sent.
fn explain(
    network: &Network<'_>,
    (session, family): (&Session<'_>, &SessionFamily<'_>),
    route: &Announced<'_>,
    draft: &mut Draft,
) {
    let behaviour = network.device(session.device).behaviour;
    if route.certainty == Certainty::Assumed {
        draft.at_most(Confidence::Likely);
        draft.note("it is sent under a condition, or only while such a route is in the table");
    }
    let by_statement = route.source == OriginSource::DefaultOriginate;
    let stopped = !family.export_filters.is_empty() && !family.export.may.contains(&route.prefix);
    if by_statement && stopped && behaviour.default_originate_unfiltered {
        draft.note(format!(
            "the outbound filter denies it to no avail: on {} this route passes by it",
            behaviour.product
        ));
    }
}

/// What the other link, and other circuits, do.
fn explain_others<'t>(
    (network, senders): (&Network<'t>, &Senders<'t>),
    session: &Session<'t>,
    route: &Announced<'t>,
    draft: &mut Draft,
) {
    let Some(circuit) = session.circuit.map(|id| network.circuit(id)) else { return };
    let Some(peering) = session.role.peering() else { return };
    let silent = circuit.sessions(peering).map(|id| network.session(id)).find(|other| {
        other.live_family(route.prefix.family()).is_some()
            && route_of(other, route.prefix).is_none()
    });
    if let Some(silent) = silent {
        draft.note(format!(
            "the other link (neighbor {}) is not sent it: when this link fails, the way is gone",
            silent.neighbor_name()
        ));
    }
    let key = (session.role, session.vrf, route.prefix.family(), route.prepend.len());
    let alike = senders.get(&key).and_then(|all| all.iter().find(|id| **id != circuit.id));
    if let Some(other) = alike {
        draft.note(format!(
            "circuit {} is sent one with the same prepending: the cloud uses either",
            network.circuit(*other).name
        ));
    }
}
