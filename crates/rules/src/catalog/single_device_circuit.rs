//! Both links of a circuit end on one device.

use std::collections::BTreeMap;

use edgelint_facts::{CircuitId, Redundancy};

use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports an ExpressRoute circuit whose links end on one device.
    ///
    /// ## Why it matters
    /// Microsoft ends the two links on two routers. Where they meet in one router of the enterprise, its upgrade
    /// or failure takes both down. Where they meet in one port, a cable does.
    ///
    /// ## When it is not a mistake
    /// A provider may hand over both links on one cable, with VLAN ids of their own: that is not reported. A
    /// stack or a chassis cluster is one device here, although it may survive the loss of a member.
    ///
    /// ## Example
    /// ```text
    /// interface TenGigabitEthernet0/0/0.310
    ///  description er-oslo primary
    /// interface TenGigabitEthernet0/0/1.310
    ///  description er-oslo secondary
    /// ```
    ///
    /// ## What to do
    /// End the second link on another device.
    ///
    /// ## Severity
    /// Info: it may be all a site is meant to have.
    ///
    /// ## Sources
    /// - Azure, "Designing for high availability with ExpressRoute", on the first mile.
    /// - Azure, "ExpressRoute FAQ", on one physical link from the provider.
    RULE: Severity::Info, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let mut circuits: BTreeMap<CircuitId, Vec<&Redundancy>> = BTreeMap::new();
    for one in network.redundancy() {
        if network.circuit(one.circuit).provider == "azure" {
            circuits.entry(one.circuit).or_default().push(one);
        }
    }
    for peerings in circuits.values() {
        let several = |one: &&&Redundancy| one.lone.len() < one.sessions.len();
        let doubled: Vec<&Redundancy> = peerings.iter().filter(several).copied().collect();
        let alone = |one: &&Redundancy| one.device.is_some() && !one.one_handoff;
        if !doubled.is_empty() && doubled.iter().all(alone) {
            report(network, &doubled, found);
        }
    }
}

fn report(network: &Network<'_>, peerings: &[&Redundancy], found: &mut Findings) {
    let Some(first) = peerings.first() else { return };
    let sessions = || peerings.iter().flat_map(|one| &one.sessions).map(|id| network.session(*id));
    let (Some(device), Some(session)) = (first.device, sessions().next()) else { return };
    let circuit = network.circuit(first.circuit);
    let identity = &network.device(device).identity;
    let port = if peerings.iter().all(|one| one.one_port) { ", on one port" } else { "" };
    let message = format!("both links of circuit {} end on {identity}{port}", circuit.name);
    let place = |session| match network.interface(session) {
        Some(interface) => interface.at,
        None => session.at,
    };
    let draft = found.presence(place(session), message, "a link of the circuit");
    draft.severity(Severity::Info).device(device).circuit(first.circuit);
    for session in sessions() {
        draft.primary(place(session), "a link of the circuit");
        draft.context(session.at, "its session");
    }
    if !circuit.certain {
        draft.at_most(Confidence::Likely);
    }
    draft.object(format!("circuit:{}/device:{identity}", circuit.name));
    draft.help("end the second link on another device");
}
