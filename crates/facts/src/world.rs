//! Worlds: sessions that a cloud compares with each other, circuit by circuit.

use std::collections::BTreeMap;

use edgelint_prefix::Family;

use crate::network::{CircuitId, Network};
use crate::session::{Peering, Session, SessionFamily};

/// The circuits of one cloud, peering and family, each with its sessions.
pub(crate) struct World<'n, 't> {
    /// The cloud.
    pub(crate) provider: &'static str,
    /// The peering.
    pub(crate) peering: Peering,
    /// The family.
    pub(crate) family: Family,
    /// The VRF, on private peerings; on public ones the other end sees one table.
    pub(crate) vrf: Option<&'t str>,
    /// The circuits.
    pub(crate) circuits: BTreeMap<CircuitId, Vec<(&'n Session<'t>, &'n SessionFamily<'t>)>>,
}

/// All worlds of a network, sorted.
pub(crate) fn worlds<'n, 't>(network: &'n Network<'t>) -> Vec<World<'n, 't>> {
    let mut worlds: BTreeMap<_, World<'n, 't>> = BTreeMap::new();
    for session in &network.sessions {
        let (Some(circuit), Some(peering)) = (session.circuit, session.role.peering()) else {
            continue;
        };
        let Some(provider) = session.role.provider() else { continue };
        let vrf = if peering.is_public() { None } else { Some(session.vrf_name()) };
        for family in session.live_families() {
            let Some(routes) = family.routes else { continue };
            let world = worlds.entry((provider, peering, routes, vrf)).or_insert_with(|| World {
                provider,
                peering,
                family: routes,
                vrf,
                circuits: BTreeMap::new(),
            });
            world.circuits.entry(circuit).or_default().push((session, family));
        }
    }
    worlds.into_values().collect()
}
