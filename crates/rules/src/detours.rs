//! Static routes that a device uses instead of what its circuits bring.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{CircuitId, Detour, DeviceId, Peering, Session, StaticDetour};
use edgelint_prefix::Prefix;

use crate::places::object_of;
use crate::prelude::{Confidence, Draft, Findings, Network, Severity, Span};
use crate::words::some_of;

/// Detours of one circuit on one device, with its first session there.
pub(crate) type Detours<'n, 't> = (&'n Session<'t>, BTreeMap<Span, StaticDetour<'t>>);

/// What detours have in common that one finding tells: device, circuit, VRF, and where they lead.
type Cause<'t> = (DeviceId, Option<CircuitId>, &'t str, Option<String>);

/// Detours of those sessions that lead to clouds, as far as they are asked for, by what they have in common; each way apart where `apart`.
pub(crate) fn detours<'n, 't>(
    (network, sessions): (&'n Network<'t>, impl Iterator<Item = &'n Session<'t>>),
    is_asked: impl Fn(&Session<'t>, &StaticDetour<'t>) -> bool,
    apart: bool,
) -> Vec<Detours<'n, 't>> {
    let mut causes: BTreeMap<Cause<'_>, Detours<'_, '_>> = BTreeMap::new();
    let clouds = sessions.filter(|session| session.role.is_cloud());
    for session in clouds.filter(|session| session.live_families().next().is_some()) {
        let found = network.static_detours(session).into_iter();
        for detour in found.filter(|detour| is_asked(session, detour)) {
            let way = apart.then(|| way(network, &detour));
            let key = (session.device, session.circuit, session.vrf_name(), way);
            let (_, detours) = causes.entry(key).or_insert((session, BTreeMap::new()));
            detours.entry(detour.at).or_insert(detour);
        }
    }
    causes.into_values().collect()
}

/// Says that these routes are used before the circuit.
pub(crate) fn report<'f, 't>(
    network: &Network<'t>,
    (session, detours): &Detours<'_, 't>,
    found: &'f mut Findings,
) -> Option<&'f mut Draft> {
    let first = detours.values().next()?;
    let name = session.circuit.map_or("the cloud", |id| network.circuit(id).name.as_str());
    let mut prefixes: Vec<Prefix> = detours.values().map(|detour| detour.prefix).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let (what, verb) = (some_of(&prefixes, 4), if prefixes.len() == 1 { "is" } else { "are" });
    let first_way = way(network, first);
    let message = format!("{what} {verb} reached through {first_way} before circuit {name}");
    let draft = found.presence(first.at, message, "this static route is used");
    draft.at_most(Confidence::Likely).device(session.device).witnesses(prefixes);
    for detour in detours.values().take(MOST_SHOWN) {
        let leads = match detour.way {
            Detour::Tunnel(_) => "into",
            Detour::Internet(_) => "to",
        };
        let text = format!("this static route {leads} {} is used", way(network, detour));
        draft.primary(detour.at, text);
        if let Some(at) = detour.accepted {
            draft.context(at, format!("{} is accepted from {name}", detour.range));
        }
        if let Detour::Internet(id) = detour.way {
            draft.context(network.session(id).at, "a session to the internet");
        }
    }
    draft.context(session.at, format!("a session of circuit {name}"));
    draft.circuits.extend(session.circuit);
    Some(draft)
}

/// Static routes towards the internet, and into tunnels beside public peering.
pub(crate) fn report_statics(network: &Network<'_>, found: &mut Findings) {
    // Tunnels beside private peering are VPN backups: `vpn-backup-wins` speaks of them.
    let is_asked = |session: &Session<'_>, detour: &StaticDetour<'_>| {
        session.role.peering().is_some_and(Peering::is_public)
            || matches!(detour.way, Detour::Internet(_))
    };
    for detours in detours((network, network.sessions.iter()), is_asked, true) {
        if let Some(draft) = report(network, &detours, found) {
            draft.severity(Severity::Warning).object(object_of(network, detours.0, Direction::In));
            draft.help(
                "remove the static routes, or give them a distance above that of the circuit's routes",
            );
        }
    }
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

/// Where a static route leads, in words.
fn way(network: &Network<'_>, detour: &StaticDetour<'_>) -> String {
    match detour.way {
        Detour::Tunnel(name) => name.to_owned(),
        Detour::Internet(id) => {
            format!("the internet (neighbor {})", network.session(id).neighbor_name())
        }
    }
}
