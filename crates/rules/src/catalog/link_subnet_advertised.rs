//! The addresses of a link are announced over a circuit.

use std::collections::BTreeMap;

use edgelint_facts::{AnnouncedLink, Certainty, CircuitId, DeviceId, Role, Session, SessionId};
use edgelint_prefix::Prefix;

use crate::outbound::object;
use crate::places::{decision, route_of, show_origin};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::remedies::{set_of, withhold};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports link subnets, or parts of them, that are announced to a cloud: those of the circuit itself, of
    /// other circuits, and of internet links.
    ///
    /// ## Why it matters
    /// The addresses of a peering belong to that peering. Announced over another circuit they draw traffic for
    /// routers, and the answers of NAT that uses an interface's address, to the wrong edge. Most often
    /// nobody meant to: connected subnets were redistributed without a filter.
    ///
    /// ## When it is not a mistake
    /// The documents disagree about the circuit's own link: it is at most worth knowing. A prefix that merely
    /// covers a link subnet is not reported. Private link subnets count within one VRF and AS.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  address-family ipv4
    ///   redistribute connected
    ///   neighbor 192.0.2.2 activate
    /// ```
    ///
    /// ## What to do
    /// Filter what is sent to the cloud by the prefixes that are meant for it, or redistribute through a policy.
    ///
    /// ## Severity
    /// Error for the link of another circuit or of the internet on public peering, warning on private peering;
    /// info for the circuit's own link.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute NAT requirements": addresses used to set up peerings of other circuits must not be
    ///   advertised to Microsoft.
    /// - Azure, "ExpressRoute routing requirements", addresses for peerings.
    RULE: Severity::Error, Scope::CrossCircuit, "0.1.0", check
}

/// Whose link it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Same,
    Circuit(Option<CircuitId>),
    Internet,
}

fn check(network: &Network<'_>, found: &mut Findings) {
    type Cause = (DeviceId, Option<CircuitId>, Owner);
    let mut causes: BTreeMap<Cause, Vec<AnnouncedLink>> = BTreeMap::new();
    for one in network.announced_links() {
        let (session, link) = (network.session(one.session), network.session(one.link));
        let owner = match link.role {
            Role::Internet => Owner::Internet,
            _ if link.circuit == session.circuit => Owner::Same,
            _ => Owner::Circuit(link.circuit),
        };
        causes.entry((session.device, session.circuit, owner)).or_default().push(one);
    }
    for ((.., owner), links) in causes {
        report(network, owner, &links, found);
    }
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn report(network: &Network<'_>, owner: Owner, links: &[AnnouncedLink], found: &mut Findings) {
    let Some(first) = links.first() else { return };
    let session = network.session(first.session);
    let circuit = session.circuit.map(|id| network.circuit(id));
    let name = circuit.map_or("the cloud", |circuit| circuit.name.as_str());
    let mut prefixes: Vec<Prefix> = links.iter().map(|one| one.prefix).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let whose = match owner {
        Owner::Same => "the circuit's own link".to_owned(),
        Owner::Internet => "an internet link".to_owned(),
        Owner::Circuit(Some(other)) => format!("a link of circuit {}", network.circuit(other).name),
        Owner::Circuit(None) => "a link of another circuit".to_owned(),
    };
    let verb = if prefixes.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} advertised to {name}: {whose}", some_of(&prefixes, 4));
    let places = |session: &Session<'_>, prefix| {
        let route = route_of(session, prefix)?;
        decision(session, route, name).map(|place| (place, route.certainty))
    };
    let Some(((at, text), certainty)) = places(session, first.prefix) else { return };
    let draft = found.presence(at, message, text);
    let public = session.role.peering().is_some_and(|peering| peering.is_public());
    draft.severity(match owner {
        Owner::Same => Severity::Info,
        _ if public => Severity::Error,
        _ => Severity::Warning,
    });
    if certainty == Certainty::Assumed {
        draft.at_most(Confidence::Likely);
    }
    for one in links.iter().take(MOST_SHOWN) {
        let (session, link) = (network.session(one.session), network.session(one.link));
        draft.device(session.device).device(link.device);
        if let Some(((at, text), _)) = places(session, one.prefix) {
            draft.primary(at, text);
        }
        route_of(session, one.prefix).into_iter().for_each(|route| show_origin(route, draft));
        draft.context(link.at, "the session over the link");
        [session.circuit, link.circuit].into_iter().flatten().for_each(|id| {
            draft.circuit(id);
        });
    }
    let guessed = |id: Option<CircuitId>| id.is_some_and(|id| !network.circuit(id).certain);
    if let Owner::Circuit(other) = owner
        && guessed(session.circuit)
        && guessed(other)
    {
        draft.lowered(
            "which sessions make a circuit was inferred: `edgelint inspect circuits` shows why",
        );
    }
    let mut ids: Vec<SessionId> = links.iter().map(|one| one.session).collect();
    ids.sort_unstable();
    ids.dedup();
    withhold(network, &ids, &set_of(&prefixes), draft);
    draft
        .witnesses(prefixes)
        .object(object(network, session, "out"))
        .help("let only the prefixes that are meant for the circuit pass to it");
}
