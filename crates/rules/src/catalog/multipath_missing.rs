//! A device with both links of a circuit uses one of them.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::{AddressFamily, Change};
use edgelint_facts::{CircuitId, DeviceId, Session, SessionId};
use edgelint_prefix::Family;

use crate::outbound::{object, peering_words};
use crate::prelude::{Block, Confidence, Findings, Network, Part, Scope, Severity, rule};
use crate::words::list;

rule! {
    /// ## What it does
    /// Reports a device that both links of an ExpressRoute circuit end on and that is not told to use equal paths
    /// together.
    ///
    /// ## Why it matters
    /// Microsoft shares traffic over both links. A router without multipath sends all of its own over one of them:
    /// half of the capacity lies idle, and the flows of the other half come back by a link they did not leave by.
    ///
    /// ## When it is not a mistake
    /// A preference for one of the links, by policy, is looked at by `intra-circuit-preference`. Systems that
    /// use equal paths by default are not reported.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.6 remote-as 12076
    /// ```
    ///
    /// ## What to do
    /// Allow two paths in the address family (`maximum-paths 2`, `multipath`).
    ///
    /// ## Severity
    /// Info.
    ///
    /// ## Sources
    /// - Azure, "Designing for high availability with ExpressRoute", active-active connections.
    /// - The systems' manuals on BGP multipath: one path by default.
    RULE: Severity::Info, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    type Place<'n> = (DeviceId, CircuitId, &'n str, AddressFamily);
    let mut links: BTreeMap<Place<'_>, Vec<&Session<'_>>> = BTreeMap::new();
    for session in part.sessions() {
        let Some(circuit) = session.circuit else { continue };
        let device = network.device(session.device);
        let one_path = !device.behaviour.uses_equal_paths && device.whole;
        if !one_path || network.circuit(circuit).provider != "azure" {
            continue;
        }
        for family in session.live_families().filter(|family| family.routes.is_some()) {
            let place = (session.device, circuit, session.vrf_name(), family.family);
            links.entry(place).or_default().push(session);
        }
    }
    type Links<'n, 't> = Vec<(AddressFamily, &'n Session<'t>)>;
    let mut single: BTreeMap<(DeviceId, CircuitId, &str), Links<'_, '_>> = BTreeMap::new();
    for ((device, circuit, vrf, family), sessions) in &links {
        let several = sessions.windows(2).any(|pair| match pair {
            [a, b] => a.interface.is_none() || a.interface != b.interface,
            _ => false,
        });
        if several && !sessions.iter().any(|one| shares(network, one)) {
            let place = single.entry((*device, *circuit, *vrf)).or_default();
            place.extend(sessions.iter().map(|session| (*family, *session)));
        }
    }
    for sessions in single.values() {
        report(network, sessions, found);
    }
}

/// Whether equal paths of the session's routes are used together; no word counts as no.
fn shares(network: &Network<'_>, session: &Session<'_>) -> bool {
    let paths = |paths: Option<u32>| paths.is_some_and(|number| 1 < number);
    let own = session.live_families().any(|family| {
        let options = &network.neighbor_family(session, family).options;
        options.multipath.is_some_and(|fact| fact.value)
    });
    let device = network.device(session.device);
    let instances = device.device.bgp.iter().flat_map(|process| &process.instances);
    let mut of_vrf = instances.filter(|instance| instance.vrf == session.vrf);
    own || of_vrf.any(|instance| {
        paths(instance.maximum_paths.map(|fact| fact.value))
            || paths(instance.tuning.imported_paths.map(|fact| fact.value))
    })
}

fn report(network: &Network<'_>, sessions: &[(AddressFamily, &Session<'_>)], found: &mut Findings) {
    let Some((_, first)) = sessions.first() else { return };
    let mut families: Vec<&str> = sessions
        .iter()
        .map(|(family, _)| if *family == AddressFamily::Ipv6 { "IPv6" } else { "IPv4" })
        .collect();
    families.dedup();
    let Some(circuit) = first.circuit else { return };
    let name = &network.circuit(circuit).name;
    let identity = &network.device(first.device).identity;
    let peering = first.role.peering().map_or("", peering_words);
    let message = format!(
        "{identity} uses one link at a time of circuit {name} for {} over {peering}",
        list(&families)
    );
    let instance = network.instance(first);
    let block = Block { at: instance.at, blind: &instance.blind };
    let draft = found.absence(block, message, "nothing here allows several paths");
    draft.severity(Severity::Info).at_most(Confidence::Likely).device(first.device);
    for (_, session) in sessions {
        draft.context(session.at, "a link of the circuit");
    }
    draft
        .circuit(circuit)
        .object(object(network, first, "multipath"))
        .help("allow two equal paths in the address family of the circuit's sessions");
    for routes in [Family::Ipv4, Family::Ipv6] {
        let of_family = sessions.iter().filter(|(_, one)| one.live_family(routes).is_some());
        let ids: Vec<SessionId> = of_family.map(|(_, session)| session.id).collect();
        draft.remedy(network, (&ids, routes), &Change::UseTogether);
    }
}
