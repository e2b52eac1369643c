//! Nothing limits what a cloud is sent.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{
    CircuitId, DeviceId, LeakKind, Open, Peering, Session, SessionFamily, SessionId,
};

use crate::leaking::{allow_list, name};
use crate::outgoing::unfiltered;
use crate::places::object_of;
use crate::prelude::{Block, Confidence, Draft, Findings, Network, Part, Scope, Severity, rule};
use crate::remedies::send_only_known;
use crate::words::circuit_name;
use edgelint_prefix::PrefixSet;

rule! {
    /// ## What it does
    /// Reports a session to a cloud without an outbound filter, or with one that lets everything pass.
    ///
    /// ## Why it matters
    /// Whatever is in BGP goes to the cloud: routes of other circuits, of the internet, of sites that were added
    /// later. A cloud drops the session when it counts more prefixes than it accepts (200 on Microsoft
    /// peering), and it sends traffic for all of them.
    ///
    /// ## When it is not a mistake
    /// Where a system sends nothing without a policy, `ebgp-without-policy` speaks. Sessions with conditional
    /// advertisement or outbound route filtering are left alone. A list whose entry matches every prefix is told
    /// by the rules about default routes and about leaks.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 route-map FROM-MICROSOFT in
    /// ```
    ///
    /// ## What to do
    /// Permit your own prefixes by name in an outbound policy, and deny the rest.
    ///
    /// ## Severity
    /// Error on public peering where the VRF also has an internet session, and wherever routes from the internet
    /// are known to get through; warning otherwise. One step milder in excerpts and where the role of
    /// the session was inferred.
    ///
    /// ## Sources
    /// - Azure, "Connecting Azure with public clouds": routes from one cloud are advertised to the other by
    ///   default.
    /// - Azure, "ExpressRoute routing requirements", route aggregation and prefix limits.
    RULE: Severity::Error, Scope::Device, "0.1.0", parts: check
}

/// What sessions have in common that one finding tells: device, VRF, circuit, and why they are open.
type Cause<'t> = (DeviceId, Option<&'t str>, Option<CircuitId>, Open);

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    let mut causes: BTreeMap<Cause<'_>, Vec<SessionId>> = BTreeMap::new();
    for session in part.sessions().filter(|session| session.role.is_cloud()) {
        let open = session
            .live_families()
            .filter(|family| !is_conditional(network, session, family))
            .filter_map(|family| unfiltered(network, session, family))
            .min();
        if let Some(open) = open {
            let cause = (session.device, session.vrf, session.circuit, open);
            causes.entry(cause).or_default().push(session.id);
        }
    }
    for (cause, sessions) in &causes {
        report(network, cause.3, sessions, found);
    }
}

/// Whether something else than filters decides what is sent.
fn is_conditional<'t>(
    network: &Network<'t>,
    session: &Session<'t>,
    family: &SessionFamily<'t>,
) -> bool {
    let options = &network.neighbor_family(session, family).options;
    options.advertise_policy.is_some() || options.outbound_filtering.is_some()
}

fn report(network: &Network<'_>, open: Open, sessions: &[SessionId], found: &mut Findings) {
    let Some(session) = sessions.first().map(|id| network.session(*id)) else { return };
    let device = network.device(session.device);
    let word = device.behaviour.policy_word;
    let to = circuit_name(network, sessions);
    let draft = match open {
        Open::NoFilter | Open::Void => {
            let neighbor = network.neighbor(session);
            let message =
                format!("nothing limits what is sent to {to}: there is no outbound filter");
            let block = Block { at: session.at, blind: &neighbor.blind };
            found.absence(block, message, "no outbound filter")
        }
        Open::FallsThrough(at) => {
            let message = format!(
                "nothing limits what is sent to {to}: the outbound {word} refuses nothing at its end"
            );
            found.presence(at, message, "routes that no clause decides about are sent, too")
        }
        Open::Policy(at) | Open::List(at) => {
            let message = format!(
                "nothing limits what is sent to {to}: the outbound filter lets everything pass"
            );
            found.presence(at, message, "lets everything pass")
        }
    };
    draft.severity(Severity::Warning);
    for other in sessions.iter().map(|id| network.session(*id)) {
        let absent = matches!(open, Open::NoFilter | Open::Void);
        match absent {
            true => draft.primary(other.at, "no outbound filter"),
            false => draft.context(other.at, "the circuit's session"),
        };
        draft.device(other.device);
    }
    draft.circuits.extend(session.circuit);
    raise(network, session, draft);
    if !session.certain {
        draft
            .lowered("the role of the session was inferred: `edgelint inspect neighbors` shows it");
    }
    if !device.whole {
        draft.lowered("the file is an excerpt: a filter may stand in the part that is missing");
        draft.at_most(Confidence::Possible);
    }
    draft.help(allow_list(network, session)).object(object_of(network, session, Direction::Out));
    send_only_known(network, sessions, &PrefixSet::empty(), draft);
}

/// What goes out with the rest is worse where the internet is near.
fn raise(network: &Network<'_>, session: &Session<'_>, draft: &mut Draft) {
    let leak = network.leaks(LeakKind::InternetToCircuit).iter();
    let leak = leak.clone().find(|leak| leak.to.contains(&session.id) && leak.certain);
    if let Some(leak) = leak {
        draft.severity(Severity::Error).witnesses([leak.witness]).note(format!(
            "routes accepted from {} go with the rest, {} for one",
            name(network, &leak.from),
            leak.witness
        ));
        if let Some(source) = leak.from.first().map(|id| network.session(*id)) {
            draft.context(source.at, "routes accepted here are sent on").device(source.device);
        }
        return;
    }
    let near = network.sessions_of(session.device).iter().find(|other| {
        network.is_internet(other)
            && other.vrf == session.vrf
            && other.live_families().next().is_some()
    });
    if let (Some(near), true) = (near, session.role.peering().is_some_and(Peering::is_public)) {
        draft.severity(Severity::Error);
        draft.context(near.at, "an internet session in the same VRF");
    }
}
