//! Nothing filters the packets that come in from public peering.

use std::collections::BTreeMap;

use edgelint_facts::{CircuitId, DeviceId, Peering, Role, Session};

use crate::outbound::object;
use crate::prelude::{Block, Confidence, Findings, Network, Part, Scope, Severity, rule};
use crate::words::list;

rule! {
    /// ## What it does
    /// Reports interfaces towards Microsoft peering that have neither an inbound packet filter nor a zone of
    /// a firewall.
    ///
    /// ## Why it matters
    /// Behind Microsoft peering are the public services of Microsoft, and whatever their customers run on
    /// public addresses there. Requests from there are to be treated as those from the internet.
    ///
    /// ## When it is not a mistake
    /// A firewall between this device and the inside may do it; the device then needs at least to protect
    /// itself. Excerpts of configurations are not looked at, and neither are hosts that filter outside
    /// of the routing configuration.
    ///
    /// ## Example
    /// ```text
    /// interface TenGigabitEthernet0/0/0.310
    ///  description er-oslo primary Microsoft peering
    ///  ip address 192.0.2.1 255.255.255.252
    /// ```
    ///
    /// ## What to do
    /// Apply an inbound filter to the interface that lets in answers, the BGP session, and what is meant to be
    /// published; or end the peering on a firewall, or in front of one.
    ///
    /// ## Severity
    /// Warning; info where it was only inferred that the peering is Microsoft's.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute NAT requirements": traffic that comes from Microsoft needs the same care as
    ///   that from the internet.
    /// - Azure, "ExpressRoute circuits and peering": connect Microsoft peering to the perimeter network.
    RULE: Severity::Warning, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    // Links of one circuit on one device are one piece of work.
    let mut open: BTreeMap<(DeviceId, Option<CircuitId>), Vec<&Session<'_>>> = BTreeMap::new();
    for session in part.sessions() {
        let public = session.role == Role::Azure(Peering::Microsoft);
        if public && session.live_families().next().is_some() && is_open(network, session) {
            open.entry((session.device, session.circuit)).or_default().push(session);
        }
    }
    for sessions in open.values() {
        report(network, sessions, found);
    }
}

fn is_open(network: &Network<'_>, session: &Session<'_>) -> bool {
    let device = network.device(session.device);
    let Some(interface) = network.interface(session) else { return false };
    let options = &interface.options;
    device.whole
        && device.behaviour.filters_packets
        && options.filter_in.is_none()
        && options.zone.is_none()
        && options.security_level.is_none()
}

fn report(network: &Network<'_>, sessions: &[&Session<'_>], found: &mut Findings) {
    let Some(first) = sessions.first() else { return };
    let mut interfaces: Vec<_> =
        sessions.iter().filter_map(|session| network.interface(session)).collect();
    interfaces.dedup_by_key(|interface| interface.at);
    let Some(interface) = interfaces.first() else { return };
    let names: Vec<&str> = interfaces.iter().map(|interface| interface.name).collect();
    let verb = if names.len() == 1 { "lets" } else { "let" };
    let message = format!("{} {verb} in every packet from Microsoft peering", list(&names));
    let text = "no inbound filter, and no zone";
    let block = Block { at: interface.at, blind: &interface.blind };
    let draft = found.absence(block, message, text);
    draft.severity(Severity::Warning).at_most(Confidence::Likely).device(first.device);
    for interface in &interfaces {
        draft.primary(interface.at, text);
    }
    for session in sessions {
        draft.context(session.at, "the session over it");
    }
    if let Some(circuit) = first.circuit {
        draft.circuit(circuit);
    }
    if sessions.iter().any(|session| !session.certain) {
        draft.lowered("that it is Microsoft peering was inferred: `edgelint inspect neighbors`");
    }
    draft.object(object(network, first, "interface")).help(
        "filter what comes in like on the internet edge, unless a firewall stands behind this device",
    );
}
