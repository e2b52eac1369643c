//! Routes from the internet go on to a cloud.

use edgelint_facts::LeakKind;

use crate::leaking::{allow_list, by_cause, report};
use crate::outgoing::filtered_leaks;
use crate::prelude::{Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports a session to a cloud whose outbound filters let routes pass that were accepted from the internet,
    /// on the same device or over iBGP from another one, in the same VRF or in one whose routes come into it: by a
    /// leak, or because one exports a route target that the other imports.
    ///
    /// ## Why it matters
    /// The cloud drops the session when it counts more prefixes than it accepts, and a full table has a
    /// million. Up to then it sends traffic for the internet into the enterprise, for circuits cannot be used
    /// as transit.
    ///
    /// ## When it is not a mistake
    /// A filter that permits blocks by name lets nothing pass but these; one for the empty AS path (`^$`) only
    /// routes that originate here; one for a community only what was tagged with it. The classes that the inbound
    /// policy accepts are followed with the communities it sets. Default routes have rules of their own, and
    /// a session without any filter is told by `no-outbound-filter`.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 prefix-list TO-MICROSOFT out
    ///  neighbor 198.51.100.1 remote-as 64497
    /// ip prefix-list TO-MICROSOFT seq 5 deny 10.0.0.0/8 le 32
    /// ip prefix-list TO-MICROSOFT seq 10 permit 0.0.0.0/0 le 24
    /// ```
    ///
    /// ## What to do
    /// Permit your own prefixes by name in the outbound policy, and deny the rest.
    ///
    /// ## Severity
    /// Error. One step milder where a role was inferred or a statement on the way was not understood.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", transit routing, and route aggregation and prefix limits.
    /// - AWS, "Direct Connect routing policies and BGP communities": transitive routing is not supported.
    /// - RFC 7908, section 3: route leaks.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for group in by_cause(network, filtered_leaks(network, LeakKind::InternetToCircuit)) {
        let target = group.first().and_then(|leak| leak.to.first()).map(|id| network.session(*id));
        if let (Some(target), Some(draft)) =
            (target, report(network, &group, Severity::Error, found))
        {
            draft.help(allow_list(network, target));
        }
    }
}
