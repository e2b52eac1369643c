//! The links of a circuit end on devices that keep state, and do not share it.

use std::collections::BTreeMap;

use edgelint_facts::{CircuitId, Session};

use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::words::list;

rule! {
    /// ## What it does
    /// Reports an ExpressRoute circuit whose links end on several devices, of which one keeps state of the flows
    /// that cross it: its interface is in a zone or has a security level.
    ///
    /// ## Why it matters
    /// Microsoft uses both links at once and moves traffic between them for maintenance. A firewall that sees the
    /// answer without having seen the request drops it.
    ///
    /// ## When it is not a mistake
    /// Both links on one device share its state, and are not reported. Devices that hand their state to each
    /// other (a cluster, a failover pair with state) are fine as well; most of them are one device in an export.
    ///
    /// ## Example
    /// ```text
    /// interface GigabitEthernet0/1.310
    ///  nameif expressroute
    ///  security-level 10
    /// ```
    ///
    /// ## What to do
    /// End the links on routers, and put the firewalls behind them where both ways of a flow meet; or let the
    /// firewalls share their state.
    ///
    /// ## Severity
    /// Info.
    ///
    /// ## Sources
    /// - Azure, "Planning and managing maintenance of ExpressRoute circuits", the note on stateful devices.
    RULE: Severity::Info, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let mut circuits: BTreeMap<CircuitId, Vec<&Session<'_>>> = BTreeMap::new();
    for session in &network.sessions {
        if let Some(circuit) = session.circuit.filter(|id| network.circuit(*id).provider == "azure")
        {
            circuits.entry(circuit).or_default().push(session);
        }
    }
    for (circuit, sessions) in &circuits {
        let devices = |session: &&&Session<'_>| {
            Some(session.device) != sessions.first().map(|one| one.device)
        };
        if sessions.iter().any(|session| devices(&session)) {
            report(network, *circuit, sessions, found);
        }
    }
}

fn report(
    network: &Network<'_>,
    circuit: CircuitId,
    sessions: &[&Session<'_>],
    found: &mut Findings,
) {
    // Where what makes it a firewall stands: the zone, the level.
    let keeps = |session: &&&Session<'_>| {
        let options = &network.interface(session)?.options;
        let zone = options.zone.map(|zone| zone.at());
        zone.or(options.security_level.map(|level| level.at())).map(|at| (session.device, at))
    };
    let places: Vec<_> = sessions.iter().filter_map(|session| keeps(&session)).collect();
    let Some((_, first)) = places.first() else { return };
    let mut devices: Vec<_> = places.iter().map(|(device, _)| *device).collect();
    devices.sort_unstable();
    devices.dedup();
    let names: Vec<&str> =
        devices.iter().map(|device| network.device(*device).identity.as_str()).collect();
    let name = &network.circuit(circuit).name;
    let verb = if names.len() == 1 { "keeps" } else { "keep" };
    let message = format!(
        "{} {verb} state of flows that circuit {name} spreads over several devices",
        list(&names)
    );
    let text = "the link is in a zone of a firewall";
    let draft = found.presence(*first, message, text);
    draft.severity(Severity::Info).at_most(Confidence::Likely).circuit(circuit);
    for (_, at) in &places {
        draft.primary(*at, text);
    }
    for session in sessions {
        draft.context(session.at, "a session of the circuit").device(session.device);
    }
    draft.object(format!("circuit:{name}/state")).help(
        "end the links on routers before the firewalls, or let the firewalls share their state",
    );
}
