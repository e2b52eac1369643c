//! BFD sees a failure at once, and graceful restart goes on as if there were none.

use std::collections::BTreeMap;

use edgelint_facts::{DeviceId, Session};

use crate::outbound::object;
use crate::prelude::{Confidence, Findings, Network, Part, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports sessions to a cloud that have both BFD and graceful restart.
    ///
    /// ## Why it matters
    /// Graceful restart keeps the routes of a neighbor that is gone, because it may only be restarting. BFD is
    /// there to leave them at once. With both, traffic goes on into a dead link for as long as the
    /// restart may take, and the other link is not used.
    ///
    /// ## When it is not a mistake
    /// A system that offers graceful restart by default, without a word in the configuration, is not reported.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  bgp graceful-restart
    ///  neighbor 192.0.2.2 fall-over bfd
    /// ```
    ///
    /// ## What to do
    /// Leave graceful restart out on the device, or for the sessions to the cloud.
    ///
    /// ## Severity
    /// Info.
    ///
    /// ## Sources
    /// - AWS, "Direct Connect BGP settings": graceful restart is not to be used together with BFD.
    RULE: Severity::Info, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    let mut devices: BTreeMap<(DeviceId, &str), Vec<&Session<'_>>> = BTreeMap::new();
    for session in part.sessions().filter(|session| session.role.is_cloud()) {
        let fast = network.neighbor(session).bfd.is_some_and(|bfd| bfd.value);
        if fast && !session.shutdown {
            devices.entry((session.device, session.vrf_name())).or_default().push(session);
        }
    }
    for sessions in devices.values() {
        report(network, sessions, found);
    }
}

fn report(network: &Network<'_>, sessions: &[&Session<'_>], found: &mut Findings) {
    let Some(first) = sessions.first() else { return };
    // What is said outside of a VRF holds for all of them.
    let default = network.process(first).instances.iter().find(|one| one.vrf.is_none());
    let own = network.instance(first).tuning.graceful_restart;
    let said = own.or(default.and_then(|instance| instance.tuning.graceful_restart));
    let Some(restart) = said.filter(|restart| restart.value) else { return };
    let neighbors: Vec<String> = sessions.iter().map(|session| session.neighbor_name()).collect();
    let message = format!(
        "sessions with {} have BFD and graceful restart, which work against each other",
        crate::words::some_of(&neighbors, 4)
    );
    let draft = found.presence(restart.at(), message, "graceful restart");
    draft.severity(Severity::Info).at_most(Confidence::Likely).device(first.device);
    for session in sessions {
        if let Some(bfd) = network.neighbor(session).bfd {
            draft.primary(bfd.at(), "BFD");
        }
        draft.context(session.at, "a session to a cloud");
        session.circuit.into_iter().for_each(|circuit| {
            draft.circuit(circuit);
        });
    }
    draft
        .object(object(network, first, "graceful-restart"))
        .help("leave graceful restart out for sessions to clouds");
}
