//! Static routes into a VPN are used instead of what the circuit brings.

use edgelint_facts::{Detour, Peering, Session, StaticDetour};

use crate::detours::{detours, report};
use crate::outbound::object;
use crate::prelude::{Findings, Part, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports static routes into a tunnel, to ranges of a cloud that a private peering on the same device
    /// brings as well, where the static route is nearer or longer.
    ///
    /// ## Why it matters
    /// Requests leave by the VPN, which is smaller and slower, although the circuit is up. The cloud prefers the
    /// circuit, so that answers come back by it, and a stateful firewall drops them.
    ///
    /// ## When it is not a mistake
    /// A floating static route, of a distance above that of BGP, is a backup and not reported. Ranges
    /// are taken from `edgelint.toml` and from inbound filters that name them one by one. BGP over the VPN is
    /// looked at by `missing-circuit-preference` and `backup-more-specific-than-primary`.
    ///
    /// ## Example
    /// ```text
    /// ip prefix-list VNETS permit 10.64.0.0/16
    /// router bgp 64500
    ///  neighbor 172.16.0.2 prefix-list VNETS in
    /// ip route 10.64.0.0 255.255.0.0 Tunnel1
    /// ```
    ///
    /// ## What to do
    /// Give the static route a distance above that of the circuit's routes, 250 by custom, and the length of
    /// the range.
    ///
    /// ## Severity
    /// Error.
    ///
    /// ## Sources
    /// - Azure, "Using S2S VPN as a backup for ExpressRoute private peering".
    /// - Azure, "Configure ExpressRoute and Site-to-Site coexisting connections".
    RULE: Severity::Error, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    // What leads to the internet is a matter of `missing-circuit-preference`.
    let is_asked = |session: &Session<'_>, detour: &StaticDetour<'_>| {
        let private = session.role.peering() == Some(Peering::Private);
        private && matches!(detour.way, Detour::Tunnel(_))
    };
    for detours in detours((network, part.sessions()), is_asked, false) {
        if let Some(draft) = report(network, &detours, found) {
            draft
                .object(object(network, detours.0, "detour"))
                .help("give the static routes a distance above that of the circuit's routes");
        }
    }
}
