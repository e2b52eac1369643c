//! Prefixes that are not public go to public services or to the internet.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{
    Certainty, CircuitId, DeviceId, Open, Peering, Role, Session, SessionFamily, SessionId,
};
use edgelint_prefix::{AddressSet, Prefix, PrefixSet, special};

use crate::leaking::name;
use crate::outgoing::{always_out, entry_for, open_to_internet_routes, unfiltered};
use crate::places::{decision, object_of, route_of, show_filters, show_origin};
use crate::prelude::{Confidence, Draft, Findings, Network, Scope, Severity, Span, rule};
use crate::remedies::{send_only_known, set_of, withhold};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports prefixes of private or special address space (RFC 1918, RFC 6598, link-local, loopback, multicast,
    /// unique local IPv6) that are advertised on public peering or to the internet.
    ///
    /// ## Why it matters
    /// Microsoft refuses private prefixes, so that what they were meant for does not work; hosts behind them need
    /// NAT. Whatever else is special leads nowhere, and shows that a filter is missing.
    ///
    /// ## When it is not a mistake
    /// Documentation prefixes, and those set aside for benchmarks that stand in for them, count as public, so that
    /// sanitised exports are judged like real ones; `strict-documentation` in the settings changes that. Sessions whose role as an internet session is not sure
    /// are left alone: networks of MPLS providers carry private prefixes.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  network 10.20.0.0 mask 255.255.0.0
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 description Microsoft peering
    ///  neighbor 192.0.2.2 prefix-list OWN out
    /// ip prefix-list OWN seq 5 permit 10.20.0.0/16
    /// ```
    ///
    /// ## What to do
    /// Advertise the public addresses that NAT translates to, and deny private space first.
    ///
    /// ## Severity
    /// Error for RFC 1918 on public peering; warning for other special space, towards the internet, and where the
    /// outbound filters would only let such prefixes pass.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", Microsoft peering.
    /// - Azure, "ExpressRoute FAQ", restrictions on address ranges; "ExpressRoute prerequisites", NAT.
    /// - RFC 6890: special-purpose address registries.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

/// What sessions have in common that one finding tells: device, VRF, circuit, role, and whether the prefixes are
/// known to be sent.
type Cause<'t> = (DeviceId, Option<&'t str>, Option<CircuitId>, Role, bool);

fn check(network: &Network<'_>, found: &mut Findings) {
    let told = open_to_internet_routes(network);
    let mut causes: BTreeMap<Cause<'_>, Vec<(SessionId, Vec<Prefix>)>> = BTreeMap::new();
    for session in network.sessions.iter().filter(|session| is_public(network, session)) {
        for family in session.live_families() {
            let known: Vec<Prefix> = family
                .announcements
                .routes
                .iter()
                .map(|route| route.prefix)
                .filter(|prefix| is_special(network, *prefix))
                .collect();
            let cause = |known| (session.device, session.vrf, session.circuit, session.role, known);
            if !known.is_empty() {
                causes.entry(cause(true)).or_default().push((session.id, known));
            } else if session.role.is_cloud()
                && unfiltered(network, session, family).is_none()
                && !family.routes.is_some_and(|routes| told.contains(&(session.id, routes)))
                && let Some(prefix) = let_through(network, session, family)
            {
                causes.entry(cause(false)).or_default().push((session.id, vec![prefix]));
            }
        }
    }
    for (cause, sessions) in &causes {
        report(network, cause.4, sessions, found);
    }
}

/// Whether only public prefixes belong there.
fn is_public<'t>(network: &Network<'t>, session: &Session<'t>) -> bool {
    match session.role {
        Role::Internet => session.certain && network.is_internet(session),
        role => role.peering().is_some_and(Peering::is_public),
    }
}

/// Whether a prefix is, or holds, space that is not public. The default route and what is nearly one hold everything.
fn is_special(network: &Network<'_>, prefix: Prefix) -> bool {
    let strict = network.description.strict_documentation;
    // Documentation has few blocks: sanitised exports borrow those for benchmarks (RFC 2544), too.
    let is_stand_in = special::documentation().contains(&prefix)
        || special::source_of(&prefix) == Some("RFC 2544");
    match is_stand_in {
        true => strict,
        false => {
            special::private_or_special().contains(&prefix)
                || (SHORTEST <= prefix.length() && is_private(prefix))
        }
    }
}

/// Shorter prefixes hold more than anybody owns: they stand for the rest of the internet.
const SHORTEST: u8 = 6;

fn is_private(prefix: Prefix) -> bool {
    AddressSet::from_prefix(prefix).overlaps(&special::rfc1918().addresses())
}

/// A private prefix that the filters would let pass whatever its other attributes; none where they let
/// default routes pass, too, which is told elsewhere.
fn let_through<'t>(
    network: &Network<'t>,
    session: &Session<'t>,
    family: &SessionFamily<'t>,
) -> Option<Prefix> {
    let out = always_out(family);
    let default = PrefixSet::universe_of(family.routes?).witness()?;
    if out.contains(&default) || network.open_outbound(session, family) == Some(Open::Void) {
        return None;
    }
    out.intersection(special::private()).witness()
}

fn report(
    network: &Network<'_>,
    known: bool,
    sessions: &[(SessionId, Vec<Prefix>)],
    found: &mut Findings,
) {
    let Some((first, prefixes)) = sessions.first() else { return };
    let session = network.session(*first);
    let Some(prefix) = prefixes.first() else { return };
    let mut ids: Vec<SessionId> = sessions.iter().map(|(id, _)| *id).collect();
    ids.dedup();
    let mut all: Vec<Prefix> = sessions.iter().flat_map(|(_, some)| some.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let (what, to) = (some_of(&all, MOST_NAMED), name(network, &ids));
    let many = if all.len() == 1 { "is" } else { "are" };
    let message = match known {
        true => format!("{what} {many} advertised to {to}, where only public prefixes belong"),
        false => format!("private prefixes such as {prefix} would be let through to {to}"),
    };
    let Some((at, text)) = place(network, session, *prefix, &to) else { return };
    let draft = found.presence(at, message, text);
    let refused = session.role.is_cloud() && known && all.iter().any(|one| is_private(*one));
    draft.severity(if refused { Severity::Error } else { Severity::Warning });
    for (id, some) in sessions {
        label(network, network.session(*id), some, draft);
    }
    if !session.certain {
        draft
            .lowered("the role of the session was inferred: `edgelint inspect neighbors` shows it");
    }
    let device = network.device(session.device);
    draft.circuits.extend(session.circuit);
    draft.witnesses(&all).object(object_of(network, session, Direction::Out));
    draft.help(format!(
        "advertise the public prefixes that NAT translates to, and permit nothing else in the outbound {} on {}",
        device.behaviour.policy_word, device.identity
    ));
    if known {
        let private = special::rfc1918();
        withhold(network, &ids, &private.union(&set_of(&all)), draft);
    } else {
        send_only_known(network, &ids, &PrefixSet::empty(), draft);
    }
}

/// As many prefixes are named in the message; the witnesses name all.
const MOST_NAMED: usize = 4;

/// Where it is decided that a prefix leaves.
fn place(
    network: &Network<'_>,
    session: &Session<'_>,
    prefix: Prefix,
    to: &str,
) -> Option<(Span, String)> {
    if let Some(route) = route_of(session, prefix) {
        return decision(session, route, to);
    }
    let family = session.live_family(prefix.family())?;
    Some((entry_for(network, session, family, prefix), format!("lets {prefix} pass")))
}

fn label(network: &Network<'_>, session: &Session<'_>, prefixes: &[Prefix], draft: &mut Draft) {
    draft.device(session.device);
    let to = name(network, &[session.id]);
    for prefix in prefixes.iter().take(MOST_SHOWN) {
        if let Some((at, text)) = place(network, session, *prefix, &to) {
            draft.primary(at, text);
        }
        if let Some(route) = route_of(session, *prefix) {
            show_origin(route, draft);
            if route.certainty == Certainty::Assumed {
                draft.at_most(Confidence::Likely);
            }
        }
    }
    let families = prefixes.first().and_then(|one| session.live_family(one.family()));
    let text = format!("applied to neighbor {}", session.neighbor_name());
    show_filters(session, families, Direction::Out, text, draft);
}

/// Beyond this many prefixes the frames stop helping; the witnesses name all of them.
const MOST_SHOWN: usize = 8;
