//! Routes of a cloud go on to the internet.

use edgelint_facts::{LeakKind, Role};

use crate::leaking::{by_cause, report};
use crate::prelude::{Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports an internet session whose outbound filters let routes pass that were accepted from a cloud, on
    /// the same device or over iBGP from another one, in the same VRF or in one whose routes come into it: by a
    /// leak, or because one exports a route target that the other imports.
    ///
    /// ## Why it matters
    /// The enterprise offers itself to the internet as a way to the cloud: traffic of strangers runs over the
    /// circuit, and the provider may shut the session down.
    ///
    /// ## When it is not a mistake
    /// A filter that permits your own blocks by name, or the empty AS path (`^$`), lets none of these routes
    /// pass. A community set on entry that the internet session refuses stops them too, as does
    /// `no-export`; what AWS sends over public virtual interfaces carries it. All are followed, also
    /// where iBGP in between loses communities.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 198.51.100.1 remote-as 64497
    ///  neighbor 198.51.100.1 prefix-list NO-PRIVATE out
    /// ip prefix-list NO-PRIVATE seq 5 deny 10.0.0.0/8 le 32
    /// ip prefix-list NO-PRIVATE seq 10 permit 0.0.0.0/0 le 24
    /// ```
    ///
    /// ## What to do
    /// Permit your own prefixes by name on every internet session. Tagging the cloud's routes on entry and
    /// refusing the tag here is a second lock, not the first.
    ///
    /// ## Severity
    /// Error. One step milder where a role was inferred or a statement on the way was not understood.
    ///
    /// ## Sources
    /// - AWS, "Direct Connect routing policies and BGP communities": routes of AWS stay inside your network.
    /// - Microsoft 365, "Implementing ExpressRoute": how far the routes may spread.
    /// - Azure, "ExpressRoute routing requirements", transit routing.
    /// - RFC 7908, section 3: route leaks.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for group in by_cause(network, network.leaks(LeakKind::CircuitToInternet).iter()) {
        let ends = group.first().and_then(|leak| Some((leak.from.first()?, leak.to.first()?)));
        let Some((from, to)) = ends.map(|(a, b)| (network.session(*a), network.session(*b))) else {
            continue;
        };
        let Some(draft) = report(network, &group, Severity::Error, found) else { continue };
        let (device, source) = (network.device(to.device), network.device(from.device));
        draft.help(format!(
            "permit only your own prefixes in the outbound {} on {}; a community set on entry on {} and denied here is a second lock",
            device.behaviour.policy_word, device.identity, source.identity
        ));
        if matches!(from.role, Role::Aws(peering) if peering.is_public()) {
            draft.note(
                "AWS sends these routes with no-export, which is gone by the time they leave here",
            );
        }
    }
}
