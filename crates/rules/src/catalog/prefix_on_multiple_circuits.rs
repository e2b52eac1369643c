//! One prefix announced alike on two circuits: the answer may come back by the other one.

use std::collections::BTreeMap;
use std::rc::Rc;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{Announced, Certainty, CircuitId, SharedAnnouncement, SharedMember};
use edgelint_prefix::Prefix;

use crate::clashes::{Circuits, Clashes};
use crate::directions::{State, States, backups};
use crate::places::{MOST_SHOWN, decision, route_of, show_filters, show_origin};
use crate::prelude::{Confidence, Draft, Findings, Network, Scope, Severity, Span, rule};
use crate::remedies::{crowded, stand_by};
use crate::translation::show_pools;
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports a prefix that is advertised with equal length and equal AS-path prepending over more than
    /// one circuit of the same cloud and peering.
    ///
    /// ## Why it matters
    /// The cloud sees two equal ways back and takes either. Traffic that left by one circuit returns by
    /// the other; where a NAT pool or a firewall keeps state, it is dropped.
    ///
    /// ## When it is not a mistake
    /// The two links of one circuit must advertise the same prefixes. A longer prefix or prepending on one
    /// circuit is a preference, and is judged by `preference-direction-mismatch`; where local preference alone
    /// says which circuit stands by, `backup-circuit-not-depreferenced` reports it. On private peering the cloud's side can
    /// choose by connection weight, which no router shows: there it is only worth knowing.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 route-map ER-ONE-OUT out
    ///  neighbor 192.0.2.10 route-map ER-TWO-OUT out
    /// route-map ER-ONE-OUT permit 10
    ///  match ip address prefix-list BOTH
    /// route-map ER-TWO-OUT permit 10
    ///  match ip address prefix-list BOTH
    /// ip prefix-list BOTH seq 5 permit 203.0.113.0/24
    /// ```
    ///
    /// ## What to do
    /// Advertise a distinct prefix on each circuit; or prepend on the standby circuit and set a lower local
    /// preference for what arrives there.
    ///
    /// ## Severity
    /// Error where the prefix holds addresses of a NAT pool, or the circuits end in different zones of
    /// firewalls; warning on other public peering; info on private peering. One step milder where nothing
    /// but names says which sessions make a circuit.
    ///
    /// ## Sources
    /// - Microsoft, "Plan for ExpressRoute with Power Platform", section on avoiding asymmetric routing:
    ///   distinct public subnets per circuit.
    /// - Microsoft 365, "Routing with ExpressRoute", on route symmetry, third point.
    /// - Azure, "Designing for disaster recovery with ExpressRoute private peering": equal advertisements
    ///   are shared over both circuits.
    RULE: Severity::Error, Scope::CrossCircuit, "0.1.0", check
}

/// What is told in one finding: the circuits that share, whether all are known to announce, and the state
/// that answers may miss.
type Group = (Circuits, bool, State);

fn check(network: &Network<'_>, found: &mut Findings) {
    let (states, backups) = (States::of(network), backups(network));
    let all = network.shared_announcements();
    let crowded = crowded(&all);
    for shared in &all {
        let clashes = Clashes::of(network, shared);
        // First by where the circuits are kept, because thousands of prefixes have the same thousands.
        let mut places: BTreeMap<(usize, bool, State), (Circuits, Vec<Prefix>)> = BTreeMap::new();
        for prefix in shared.prefixes.prefixes(MOST_PREFIXES).unwrap_or_default() {
            if prefix.is_default() {
                continue;
            }
            let world = (shared.provider, shared.peering, shared.vrf.as_deref(), prefix);
            let standby = backups.get(&world);
            for (mut circuits, known) in clashes.on(prefix) {
                let state = states.state(network, &circuits, prefix);
                // That the cloud is not told which circuit is the standby is a finding of its own.
                if let (State::None, Some(standby)) = (state, standby) {
                    let others = circuits.iter().filter(|circuit| !standby.contains(circuit));
                    circuits = others.copied().collect();
                }
                if 1 < circuits.len() {
                    let key = (Rc::as_ptr(&circuits).addr(), known, state);
                    places.entry(key).or_insert((circuits, Vec::new())).1.push(prefix);
                }
            }
        }
        let mut groups: BTreeMap<Group, Vec<Prefix>> = BTreeMap::new();
        for ((_, known, state), (circuits, prefixes)) in places {
            groups.entry((circuits, known, state)).or_default().extend(prefixes);
        }
        for (group, mut prefixes) in groups {
            prefixes.sort_unstable();
            let Some(draft) = report(network, shared, &group, &prefixes, found) else { continue };
            // Behind translation the standby has to have addresses of its own.
            let (circuits, known, state) = &group;
            if let ([one, other], true, State::None | State::Firewall) =
                (&circuits[..], *known, *state)
                && !crowded.contains(one)
                && !crowded.contains(other)
            {
                stand_by(network, (*one, *other), (shared.peering, shared.family), draft);
            }
        }
    }
}

/// More prefixes than a cloud accepts from anybody; beyond it the limit is the finding.
const MOST_PREFIXES: usize = 20_000;

fn report<'f>(
    network: &Network<'_>,
    shared: &SharedAnnouncement,
    (circuits, known, state): &Group,
    prefixes: &[Prefix],
    found: &'f mut Findings,
) -> Option<&'f mut Draft> {
    let first = prefixes.first()?;
    let names: Vec<&str> = circuits.iter().map(|id| network.circuit(*id).name.as_str()).collect();
    let (what, names) = (some_of(prefixes, MOST_NAMED), some_of(&names, MOST_NAMED));
    let message = match (*known, prefixes.len() == 1) {
        (true, true) => format!("{what} is advertised alike over circuits {names}"),
        (true, false) => format!("{what} are advertised alike over circuits {names}"),
        (false, _) => format!("{what} leaves by one of the circuits {names}, and could by all"),
    };
    let members: Vec<&SharedMember> = shared
        .members
        .iter()
        .filter(|member| circuits.binary_search(&member.circuit).is_ok())
        .collect();
    let place = members.iter().find_map(|member| place_of(network, member, *first))?;
    let draft = found.presence(place.0, message, place.1);
    draft.severity(severity(shared, *known, *state));
    label(network, &members, prefixes, draft);
    if *state == State::Translation {
        show_pools(network, prefixes, draft);
    }
    finish(network, shared, (circuits, *known, *state), prefixes, draft);
    Some(draft)
}

fn severity(shared: &SharedAnnouncement, known: bool, state: State) -> Severity {
    match (shared.peering.is_public(), state != State::None && known) {
        (_, true) => Severity::Error,
        (true, false) => Severity::Warning,
        (false, false) => Severity::Info,
    }
}

fn finish(
    network: &Network<'_>,
    shared: &SharedAnnouncement,
    (circuits, known, state): (&[CircuitId], bool, State),
    prefixes: &[Prefix],
    draft: &mut Draft,
) {
    if !known {
        draft.at_most(Confidence::Possible);
        draft.note("one circuit advertises it; on the other the filter would let it pass");
    } else if let Some(doubt) = doubt(network, shared, prefixes) {
        draft.at_most(Confidence::Likely).note(doubt);
    }
    match state {
        State::Translation => {
            draft.note("it holds addresses that NAT translates to: state is kept on one edge only");
        }
        State::Firewall => {
            draft.note("the circuits end in different zones of firewalls: each knows the connections that it saw begin");
        }
        State::None => {}
    }
    if circuits.iter().any(|id| !network.circuit(*id).certain) {
        draft.lowered(
            "which sessions make a circuit was inferred: `edgelint inspect circuits` shows why",
        );
    }
    if prefixes.len() > MOST_NAMED {
        draft.note(format!("all of them: {}", some_of(prefixes, MOST_NOTED)));
    }
    for circuit in circuits {
        draft.circuit(*circuit);
    }
    draft.witnesses(prefixes).object(format!("{}/{}/out", shared.provider, shared.peering.name())).help(
        "advertise a distinct prefix on each circuit, or prepend on the standby circuit and prefer the other one",
    );
}

/// What makes an announcement less than certain.
fn doubt(
    network: &Network<'_>,
    shared: &SharedAnnouncement,
    prefixes: &[Prefix],
) -> Option<&'static str> {
    let sessions = shared.members.iter().flat_map(|member| &member.sessions);
    sessions.map(|id| network.session(*id)).find_map(|session| {
        let conditional = |family| network.neighbor_family(session, family).options.advertise_policy.is_some();
        if session.live_families().any(conditional) {
            return Some("a link advertises under a condition (advertise-map), which may be the design");
        }
        let routes = prefixes.iter().filter_map(|prefix| route_of(session, *prefix));
        let assumed = |route: &Announced<'_>| route.certainty == Certainty::Assumed;
        routes.into_iter().any(assumed).then_some(
            "a route behind an announcement is not in the configuration: another protocol may supply it",
        )
    })
}

/// Where a circuit's announcement is decided, and what to say there.
fn place_of(
    network: &Network<'_>,
    member: &SharedMember,
    prefix: Prefix,
) -> Option<(Span, String)> {
    let name = &network.circuit(member.circuit).name;
    member
        .sessions
        .iter()
        .map(|id| network.session(*id))
        .find_map(|session| decision(session, route_of(session, prefix)?, name))
}

/// Labels every link's part: what decides, what applies it, what originates the prefix.
fn label(network: &Network<'_>, members: &[&SharedMember], prefixes: &[Prefix], draft: &mut Draft) {
    for member in members {
        let name = &network.circuit(member.circuit).name;
        for session in member.sessions.iter().map(|id| network.session(*id)) {
            draft.device(session.device);
            let routes = prefixes.iter().take(MOST_SHOWN).filter_map(|one| route_of(session, *one));
            let sent = routes.clone().next().is_some();
            for (at, text) in routes.clone().filter_map(|route| decision(session, route, name)) {
                draft.primary(at, text);
            }
            let families = prefixes.first().and_then(|one| session.live_family(one.family()));
            let verb = if sent { "sent to" } else { "would be let through to" };
            let text = format!("{verb} {name} (neighbor {})", session.neighbor_name());
            show_filters(session, families, Direction::Out, text, draft);
            routes.for_each(|route| show_origin(route, draft));
        }
    }
}

/// As many prefixes and circuits are named in the message; the finding lists all.
const MOST_NAMED: usize = 4;

/// As many prefixes are named in a note.
const MOST_NOTED: usize = 64;
