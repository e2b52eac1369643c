//! A circuit has one link where it is sold with two.

use edgelint_facts::{Redundancy, SessionId};

use crate::outbound::{object, peering_words};
use crate::prelude::{Block, Confidence, Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports an ExpressRoute circuit for which a peering, or one address family of it, has a session on one
    /// link only in all that was given.
    ///
    /// ## Why it matters
    /// A circuit is a pair of links, and Microsoft takes one of them down for maintenance as it sees fit. Where
    /// the second session is missing, everything behind the circuit fails with the first one, and the
    /// service-level agreement does not hold.
    ///
    /// ## When it is not a mistake
    /// The second link may end on a device that was not given. Sessions that could be each other's second link,
    /// and that nothing pairs, are not reported, and neither are excerpts of configurations.
    ///
    /// ## Example
    /// ```text
    /// interface TenGigabitEthernet0/0/0.310
    ///  description er-oslo primary private peering
    ///  ip address 172.16.0.1 255.255.255.252
    /// router bgp 64500
    ///  neighbor 172.16.0.2 remote-as 12076
    /// ```
    ///
    /// ## What to do
    /// Configure the session of the second link, with the same policies; or give edgelint the device it ends on.
    /// Where the pairing was not found, name the circuit's links in `edgelint.toml`.
    ///
    /// ## Severity
    /// Warning; info where a single device was given.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements": a session on each of the two links, for the agreement to be
    ///   valid.
    /// - Azure, "ExpressRoute prerequisites", redundant BGP sessions.
    RULE: Severity::Warning, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for one in network.redundancy() {
        let excerpt = |id: &SessionId| !network.device(network.session(*id).device).whole;
        let told = network.circuit(one.circuit).provider == "azure"
            && one.candidate.is_none()
            && !one.sessions.iter().any(excerpt);
        if told {
            report(network, one, found);
        }
    }
}

fn report(network: &Network<'_>, one: &Redundancy, found: &mut Findings) {
    let Some(session) = one.lone.first().map(|id| network.session(*id)) else { return };
    let circuit = network.circuit(one.circuit);
    let (name, peering) = (&circuit.name, peering_words(one.peering));
    let both = one.lone.len() < one.sessions.len();
    let family = match session.address() {
        Some(address) if address.is_ipv6() => "IPv6",
        _ => "IPv4",
    };
    let message = if both {
        format!("{family} goes over one link only of circuit {name}, {peering}")
    } else {
        format!("circuit {name} has a session for {peering} on one link only")
    };
    let block = Block { at: session.at, blind: &network.instance(session).blind };
    let draft = found.absence(block, message, "the only session found");
    let single = network.devices.len() == 1;
    draft.severity(if single && !both { Severity::Info } else { Severity::Warning });
    if single && !both {
        draft.note("one device was given: the other link may end on another one");
    }
    if circuit.described.is_none() {
        draft.at_most(Confidence::Likely);
    }
    for lone in one.lone.iter().map(|id| network.session(*id)) {
        draft.primary(lone.at, "the only session found").device(lone.device);
        if let Some(interface) = network.interface(lone) {
            draft.context(interface.at, "the link it runs over");
        }
    }
    for other in one.sessions.iter().filter(|id| !one.lone.contains(id)) {
        let other = network.session(*other);
        draft.context(other.at, "another session of the circuit").device(other.device);
    }
    draft.circuit(one.circuit).object(object(network, session, "link")).help(
        "configure the session of the second link alike, or name both links of the circuit in edgelint.toml",
    );
}
