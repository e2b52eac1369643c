//! A default route goes to a cloud's public services.

use edgelint_facts::Peering;

use crate::default_route::{Wanted, check_default};
use crate::prelude::{Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports a default route that is advertised on Microsoft peering, or on another public peering.
    ///
    /// ## Why it matters
    /// Public peering takes no default route. If one were accepted, answers to everybody would come over the
    /// circuit.
    ///
    /// ## When it is not a mistake
    /// A filter that lets everything but the default route pass (`0.0.0.0/0 ge 1`) is not reported. On some
    /// systems the route from `default-originate` passes by the outbound filters: a filter that denies it is no
    /// excuse there.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 default-originate
    /// ```
    ///
    /// ## What to do
    /// Remove what sends it, and deny the default route first in the outbound policy.
    ///
    /// ## Severity
    /// Error where it is advertised; warning where the outbound filters would let one pass; info where it is
    /// not known which peering it is.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", advertising default routes, and route aggregation and
    ///   prefix limits.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let wanted = Wanted {
        peering: |peering| peering.is_public() || peering == Peering::Unknown,
        known: Severity::Error,
        possible: Severity::Warning,
        note: "public peering accepts no default route",
    };
    check_default(network, &wanted, found);
}
