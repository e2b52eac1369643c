//! Two routers of one AS call themselves by one identifier.

use edgelint_facts::DuplicateRouterId;

use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::words::list;

rule! {
    /// ## What it does
    /// Reports devices of one AS, joined by iBGP sessions, that are configured with the same BGP identifier.
    ///
    /// ## Why it matters
    /// An iBGP session does not come up between routers with one identifier. Behind a route reflector it does,
    /// and each router drops the routes of the other, because it takes them for its own come back.
    ///
    /// ## When it is not a mistake
    /// Two exports of one device, or of the two units of a failover pair, are one device here. Devices that no
    /// iBGP session joins may have one identifier.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  bgp router-id 10.0.0.1
    ///  neighbor 10.0.0.2 remote-as 64500
    /// ```
    ///
    /// ## What to do
    /// Give each router an identifier of its own, the address of its loopback by custom.
    ///
    /// ## Severity
    /// Error where two of them have a session with each other; warning where others stand between them.
    ///
    /// ## Sources
    /// - RFC 4271, section 6.2, and RFC 6286, section 2.1: the identifier is unique within an AS; an OPEN with
    ///   the own one is refused from an internal peer.
    /// - RFC 4456, section 8: a route whose ORIGINATOR_ID is the own identifier is ignored.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for duplicate in network.duplicate_router_ids() {
        report(network, &duplicate, found);
    }
}

fn report(network: &Network<'_>, duplicate: &DuplicateRouterId<'_>, found: &mut Findings) {
    let Some((_, first)) = duplicate.devices.first() else { return };
    let names: Vec<&str> = duplicate
        .devices
        .iter()
        .map(|(device, _)| network.device(*device).identity.as_str())
        .collect();
    let id = duplicate.router_id;
    let message = match duplicate.between {
        Some(_) => {
            format!("{} have the router id {id}: no session comes up between them", list(&names))
        }
        None => format!("{} have the router id {id}: each drops routes of the other", list(&names)),
    };
    let draft = found.presence(*first, message, format!("router id {id}"));
    for (device, at) in &duplicate.devices {
        draft.primary(*at, format!("router id {id}")).device(*device);
    }
    if let Some(session) = duplicate.between.map(|id| network.session(id)) {
        draft.context(session.at, "the session between them");
        if let Some(peer) = session.peer.map(|id| network.session(id)) {
            draft.context(peer.at, "the session between them");
        }
    } else {
        draft.severity(Severity::Warning).at_most(Confidence::Likely);
    }
    draft
        .witnesses([id])
        .object(format!("router-id:{id}"))
        .help("give each router an identifier of its own");
}
