//! Static routes into a VPN are used instead of what the circuit brings.

use std::collections::BTreeMap;

use edgelint_facts::{CircuitId, Detour, DeviceId, Peering, Session, StaticDetour};
use edgelint_prefix::Prefix;
use edgelint_source::Span;

use crate::outbound::object;
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::words::some_of;

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
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    type Detours<'n, 't> = (&'n Session<'t>, BTreeMap<Span, (&'t str, StaticDetour<'t>)>);
    let mut causes: BTreeMap<(DeviceId, Option<CircuitId>, &str), Detours<'_, '_>> =
        BTreeMap::new();
    for session in &network.sessions {
        let private = session.role.peering() == Some(Peering::Private);
        if private && session.live_families().next().is_some() {
            for detour in network.static_detours(session) {
                // What leads to the internet is a matter of `missing-circuit-preference`.
                let Detour::Tunnel(tunnel) = detour.way else { continue };
                let key = (session.device, session.circuit, session.vrf_name());
                let (_, detours) = causes.entry(key).or_insert((session, BTreeMap::new()));
                detours.entry(detour.at).or_insert((tunnel, detour));
            }
        }
    }
    for (session, detours) in causes.values() {
        report(network, session, detours, found);
    }
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn report(
    network: &Network<'_>,
    session: &Session<'_>,
    detours: &BTreeMap<Span, (&str, StaticDetour<'_>)>,
    found: &mut Findings,
) {
    let Some(first) = detours.values().next() else { return };
    let name = session.circuit.map_or("the cloud", |id| network.circuit(id).name.as_str());
    let mut prefixes: Vec<Prefix> = detours.values().map(|(_, detour)| detour.prefix).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let (what, verb) = (some_of(&prefixes, 4), if prefixes.len() == 1 { "is" } else { "are" });
    let message = format!("{what} {verb} reached through {} before circuit {name}", first.0);
    let draft = found.presence(first.1.at, message, "this static route is used");
    for (tunnel, detour) in detours.values().take(MOST_SHOWN) {
        draft.primary(detour.at, format!("this static route into {} is used", tunnel));
        if let Some(at) = detour.accepted {
            draft.context(at, format!("{} is accepted from {name}", detour.range));
        }
    }
    draft.context(session.at, format!("a session of circuit {name}"));
    draft.at_most(Confidence::Likely).device(session.device);
    session.circuit.into_iter().for_each(|circuit| {
        draft.circuit(circuit);
    });
    draft
        .object(object(network, session, "detour"))
        .witnesses(prefixes)
        .help("give the static routes a distance above that of the circuit's routes");
}
