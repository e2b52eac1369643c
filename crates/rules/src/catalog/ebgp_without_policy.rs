//! A session with another AS has no policy where one is needed.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{CircuitId, DeviceId, LeakKind, Role, Session, SessionFamily, SessionId};

use crate::leaking::name;
use crate::places::object_of;
use crate::prelude::{Block, Confidence, Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports a session to a cloud or to the internet that lacks an inbound or an outbound policy.
    ///
    /// ## Why it matters
    /// Some systems exchange no routes with another AS without a policy: the session is up, and nothing
    /// works. Others exchange everything.
    ///
    /// ## When it is not a mistake
    /// Where a statement says that no policy is needed, systems that ask for one exchange everything. What a cloud
    /// is sent without a filter is told by `no-outbound-filter`, and what is accepted from one without
    /// preferring it by `missing-circuit-preference`. A session on which nothing at all is configured for a
    /// direction on purpose can be given a policy that says so.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2
    ///   remote-as 12076
    ///   address-family ipv4 unicast
    ///    route-policy FROM-MICROSOFT in
    /// ```
    ///
    /// ## What to do
    /// Write a policy for each direction, also where everything or nothing is meant.
    ///
    /// ## Severity
    /// Error where no routes are exchanged; warning on internet sessions where everything is.
    ///
    /// ## Sources
    /// - RFC 8212: default external BGP route propagation behaviour without policies.
    /// - Cisco, "Implementing Routing Policy on Cisco IOS XR", eBGP enforcement.
    /// - FRR, "BGP", `bgp ebgp-requires-policy`.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

/// What is missing, and what comes of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lack {
    inbound: bool,
    outbound: bool,
    exchanges: bool,
}

/// What sessions have in common that one finding tells: device, VRF, circuit, role, what they lack.
type Cause<'t> = (DeviceId, Option<&'t str>, Option<CircuitId>, Role, Lack);

fn check(network: &Network<'_>, found: &mut Findings) {
    let leaks = network.leaks(LeakKind::CircuitToInternet).iter();
    let mut leaking: Vec<SessionId> = leaks.flat_map(|leak| leak.to.iter().copied()).collect();
    leaking.sort_unstable();
    let mut causes: BTreeMap<Cause<'_>, Vec<SessionId>> = BTreeMap::new();
    for session in network.sessions.iter().filter(|session| session.is_ebgp) {
        if !(session.role.is_cloud() || (network.is_internet(session) && session.certain)) {
            continue;
        }
        let leaks = leaking.binary_search(&session.id).is_ok();
        let mut families = session.live_families().filter(|family| family.routes.is_some());
        // In an excerpt a policy may stand in the part that is missing; that nothing works is worth a word even so.
        let whole = network.device(session.device).whole;
        let lack = families.find_map(|family| lack(session, family, leaks));
        if let Some(lack) = lack.filter(|lack| whole || !lack.exchanges) {
            let cause = (session.device, session.vrf, session.circuit, session.role, lack);
            causes.entry(cause).or_default().push(session.id);
        }
    }
    for ((.., lack), sessions) in &causes {
        report(network, *lack, sessions, found);
    }
}

/// What a session lacks that no other rule tells; `leaks` where the routes it is sent for that are told.
fn lack(session: &Session<'_>, family: &SessionFamily<'_>, leaks: bool) -> Option<Lack> {
    let refuses_in = family.import_filters.is_empty() && family.import.may.is_empty();
    let refuses_out = family.export_filters.is_empty() && family.export.may.is_empty();
    if refuses_in || refuses_out {
        return Some(Lack { inbound: refuses_in, outbound: refuses_out, exchanges: false });
    }
    if session.role != Role::Internet {
        return None;
    }
    let inbound = family.import_filters.is_empty();
    let outbound = family.export_filters.is_empty() && !leaks;
    (inbound || outbound).then_some(Lack { inbound, outbound, exchanges: true })
}

fn report(network: &Network<'_>, lack: Lack, sessions: &[SessionId], found: &mut Findings) {
    let Some(session) = sessions.first().map(|id| network.session(*id)) else { return };
    let device = network.device(session.device);
    let (word, to) = (device.behaviour.policy_word, name(network, sessions));
    let missing = match (lack.inbound, lack.outbound) {
        (true, true) => format!("inbound and no outbound {word}"),
        (true, false) => format!("inbound {word}"),
        (false, _) => format!("outbound {word}"),
    };
    let effect = match (lack.exchanges, lack.inbound, lack.outbound) {
        (false, true, true) => "no routes are exchanged",
        (false, true, false) => "no route is accepted",
        (false, false, _) => "no route is sent",
        (true, true, true) => "everything is exchanged",
        (true, true, false) => "everything is accepted",
        (true, false, _) => "everything is sent",
    };
    let message = format!("{effect} on the session with {to}: it has no {missing}");
    let block = Block { at: session.at, blind: &network.neighbor(session).blind };
    let draft = found.absence(block, message, format!("no {missing}"));
    draft.severity(if lack.exchanges { Severity::Warning } else { Severity::Error });
    for other in sessions.iter().map(|id| network.session(*id)) {
        draft.device(other.device).primary(other.at, format!("no {missing}"));
    }
    if !lack.exchanges {
        draft.note(format!(
            "{} exchanges no routes with another AS without a policy",
            device.behaviour.product
        ));
    }
    if !session.certain {
        draft
            .lowered("the role of the session was inferred: `edgelint inspect neighbors` shows it");
    }
    if !device.whole {
        draft.lowered("the file is an excerpt: a policy may stand in the part that is missing");
        draft.at_most(Confidence::Possible);
    }
    let direction = if lack.inbound { Direction::In } else { Direction::Out };
    draft.circuits.extend(session.circuit);
    draft
        .help(format!(
            "apply a {word} for each direction on {}, also where everything or nothing is meant",
            device.identity
        ))
        .object(object_of(network, session, direction));
}
