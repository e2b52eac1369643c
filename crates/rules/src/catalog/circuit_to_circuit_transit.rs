//! Routes of one cloud circuit go on to another.

use edgelint_facts::{Leak, LeakKind};

use crate::leaking::{allow_list, by_cause, report};
use crate::outgoing::{filtered_leaks, open_to_internet_routes};
use crate::prelude::{Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports a session to a cloud whose outbound filters let routes pass that were accepted on another cloud
    /// circuit, or on another peering, in the same VRF or in one whose routes come into it.
    ///
    /// ## Why it matters
    /// Between two clouds the enterprise becomes transit, and the second cloud's limit on prefixes counts the
    /// first one's routes. Back to the same cloud the routes are discarded there, as long as the cloud finds
    /// its own AS number in the path.
    ///
    /// ## When it is not a mistake
    /// Two clouds may be meant to reach each other through the enterprise: then permit exactly the networks that
    /// are meant, and silence the rule for these sessions. Systems that never send a route to a peer whose AS
    /// comes first in its path do not send it to the same cloud either.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 prefix-list TO-CLOUDS out
    ///  neighbor 198.51.100.2 remote-as 7224
    /// ip prefix-list TO-CLOUDS seq 5 permit 0.0.0.0/0 ge 8 le 24
    /// ```
    ///
    /// ## What to do
    /// Permit your own prefixes by name in the outbound policy, and deny the rest.
    ///
    /// ## Severity
    /// Warning between different AS; info back to the same AS, where its own number in the path makes it discard
    /// the routes; error where that number is taken out of the path: by policies that replace or exclude it on the way,
    /// by `as-override`, by the removal of private numbers where it is one. (`local-as` with `replace-as` only exchanges
    /// the enterprise's own number.)
    ///
    /// ## Sources
    /// - Azure, "Connecting Azure with public clouds": mind what is advertised between the clouds.
    /// - Azure, "ExpressRoute routing requirements", transit routing.
    /// - AWS, "Direct Connect routing policies and BGP communities": transitive routing is not supported.
    RULE: Severity::Error, Scope::CrossCircuit, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    // A filter that is open to the internet's routes is told once.
    let told = open_to_internet_routes(network);
    let leaks = filtered_leaks(network, LeakKind::CircuitToCircuit)
        .filter(|leak| !leak.to.iter().any(|to| told.contains(&(*to, leak.family))));
    for group in by_cause(network, leaks) {
        let worst = group.iter().map(|leak| severity(network, leak)).max();
        let Some((severity, note)) = worst else { continue };
        let Some(draft) = report(network, &group, severity, found) else { continue };
        draft.note(note);
        let ends = group.first().and_then(|leak| Some((leak.from.first()?, leak.to.first()?)));
        let Some((from, to)) = ends.map(|(a, b)| (network.session(*a), network.session(*b))) else {
            continue;
        };
        draft.help(allow_list(network, to));
        // Two clouds are two circuits, whatever their links are called.
        let uncertain = [from, to]
            .iter()
            .filter_map(|session| session.circuit)
            .any(|id| !network.circuit(id).certain);
        if uncertain && from.role == to.role {
            draft.lowered(
                "which sessions make a circuit was inferred: `edgelint inspect circuits` shows why",
            );
        }
    }
}

fn severity(network: &Network<'_>, leak: &Leak) -> (Severity, &'static str) {
    let number = |id| network.session(id).remote_as;
    let target = leak.to.first().and_then(|id| number(*id));
    let same = leak.from.iter().all(|id| number(*id).is_some() && number(*id) == target);
    match (same, leak.hides_path) {
        (_, true) => (
            Severity::Error,
            "the AS number by which the cloud would discard its own routes is taken out of the path",
        ),
        (true, false) => {
            (Severity::Info, "the cloud discards them, because its own AS number is in the path")
        }
        (false, false) => {
            (Severity::Warning, "the other cloud counts these routes against its limit")
        }
    }
}
