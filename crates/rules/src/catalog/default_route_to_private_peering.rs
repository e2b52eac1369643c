//! A default route goes to virtual networks.

use edgelint_facts::Peering;

use crate::default_route::{Wanted, check_default};
use crate::prelude::{Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports a default route that is advertised on private peering.
    ///
    /// ## Why it matters
    /// Virtual networks lose their direct way to the internet: all of it, platform services and licence
    /// activation included, comes over the circuit and needs a way out on the enterprise's side. Two circuits
    /// that advertise it alike share it.
    ///
    /// ## When it is not a mistake
    /// Forced tunnelling is a design. Where it is yours, silence the rule for these sessions.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.168.15.2 remote-as 12076
    ///  neighbor 192.168.15.2 default-originate
    /// ```
    ///
    /// ## What to do
    /// Remove what sends it, and deny the default route first in the outbound policy; or make sure of the way
    /// out, and of one circuit being preferred.
    ///
    /// ## Severity
    /// Warning where it is advertised; info where the outbound filters would let one pass.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", advertising default routes.
    /// - Azure, "ExpressRoute FAQ", on blocking internet connectivity of virtual networks.
    RULE: Severity::Warning, Scope::Device, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let wanted = Wanted {
        peering: |peering| matches!(peering, Peering::Private | Peering::Transit),
        known: Severity::Warning,
        possible: Severity::Info,
        note: "virtual networks then have no other way to the internet",
    };
    check_default(network, &wanted, found);
}
