//! Redundancy: what is left of a circuit when a link, a port or a device fails.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_prefix::Family;

use crate::circuit::LinkRole;
use crate::circuit::pairing::{Item, items};
use crate::network::{CircuitId, DeviceId, Network, SessionId};
use crate::session::Peering;

/// How a circuit carries one peering.
#[derive(Clone, Debug)]
pub struct Redundancy {
    /// The circuit.
    pub circuit: CircuitId,
    /// The peering.
    pub peering: Peering,
    /// Its sessions, in order.
    pub sessions: Vec<SessionId>,
    /// Sessions of the families that one link alone carries, in order.
    pub lone: Vec<SessionId>,
    /// A session of another circuit that may be the missing link: nothing pairs them, and nothing
    /// tells them apart.
    pub candidate: Option<SessionId>,
    /// The device, where the peering has several links and all of them end on it.
    pub device: Option<DeviceId>,
    /// Whether the links come in over one port with VLAN ids of their own: a provider hands both
    /// over on one cable (ExpressRoute FAQ, on one physical link).
    pub one_handoff: bool,
    /// Whether all of them come in over one port.
    pub one_port: bool,
}

/// What the two links of a circuit have in common; VRFs only where addresses are private.
type Kind<'d> = (&'static str, Peering, Option<Family>, Option<u32>, Option<Option<&'d str>>);

impl Network<'_> {
    /// How every circuit carries each of its peerings, by circuit.
    pub fn redundancy(&self) -> &[Redundancy] {
        self.redundancy.get_or_init(|| self.find_redundancy())
    }

    fn find_redundancy(&self) -> Vec<Redundancy> {
        let items = items(&self.devices, &self.sessions);
        let mut carried: BTreeMap<(CircuitId, Peering), Vec<&Item<'_>>> = BTreeMap::new();
        for item in &items {
            let circuit = self.sessions.get(item.place).and_then(|session| session.circuit);
            if let Some(circuit) = circuit {
                carried.entry((circuit, item.peering)).or_default().push(item);
            }
        }
        let lone: BTreeSet<usize> =
            carried.values().flat_map(|members| alone(members)).map(|item| item.place).collect();
        let mut unpaired: BTreeMap<Kind<'_>, BTreeMap<Option<&str>, Vec<&Item<'_>>>> =
            BTreeMap::new();
        // A link whose circuit is described is no other circuit's.
        let open = |item: &&Item<'_>| {
            let session = self.sessions.get(item.place);
            lone.contains(&item.place) && session.is_some_and(|session| session.link.is_none())
        };
        for item in items.iter().filter(open) {
            let by_name = unpaired.entry(self.kind(item)).or_default();
            by_name.entry(item.token.as_deref()).or_default().push(item);
        }
        let one = |((circuit, peering), members): ((CircuitId, Peering), Vec<&Item<'_>>)| {
            let lone = alone(&members);
            let described = self.circuit(circuit).described.is_some();
            let candidate = lone
                .iter()
                .filter(|_| !described)
                .find_map(|item| candidate(item, unpaired.get(&self.kind(item))?));
            let devices: BTreeSet<DeviceId> = members.iter().map(|item| item.device).collect();
            let several = lone.len() < members.len();
            let device = devices.first().filter(|_| several && devices.len() == 1);
            let ports: BTreeSet<_> = members.iter().map(|item| item.port).collect();
            let vlans: BTreeSet<_> = members.iter().map(|item| item.vlan).collect();
            let told = !ports.contains(&None) && !vlans.contains(&None);
            let ids = |items: &[&Item<'_>]| -> Vec<SessionId> {
                items.iter().filter_map(|item| Some(self.sessions.get(item.place)?.id)).collect()
            };
            Redundancy {
                circuit,
                peering,
                sessions: ids(&members),
                lone: ids(&lone),
                candidate: candidate.and_then(|item| Some(self.sessions.get(item.place)?.id)),
                device: device.copied(),
                one_port: !ports.contains(&None) && ports.len() == 1,
                one_handoff: told && ports.len() == 1 && 1 < vlans.len(),
            }
        };
        carried.into_iter().map(one).collect()
    }

    fn kind<'d>(&self, item: &Item<'d>) -> Kind<'d> {
        let address = self.sessions.get(item.place).and_then(|session| session.address());
        let vrf = address.filter(|address| self.description.is_private(*address)).map(|_| item.vrf);
        (item.provider, item.peering, item.family, item.local_as, vrf)
    }
}

/// The interface of a link; where that is not known, the session.
type Place = (Option<(DeviceId, usize)>, usize);

/// Those of the families that one link alone carries.
fn alone<'i, 'd>(members: &[&'i Item<'d>]) -> Vec<&'i Item<'d>> {
    let mut links: BTreeMap<Option<Family>, BTreeSet<Place>> = BTreeMap::new();
    for item in members {
        // Where the interface is not known each session is taken for a link.
        let place = if item.interface.is_some() { 0 } else { item.place };
        links.entry(item.family).or_default().insert((item.interface, place));
    }
    let single = |item: &&&Item<'_>| links.get(&item.family).is_some_and(|links| links.len() == 1);
    members.iter().filter(single).copied().collect()
}

/// Another session that could be the second link: not of another name, and not the same link.
fn candidate<'i, 'd>(
    item: &Item<'d>,
    by_name: &BTreeMap<Option<&str>, Vec<&'i Item<'d>>>,
) -> Option<&'i Item<'d>> {
    let fits = |other: &&&Item<'_>| {
        let one_role = item.role == other.role && item.role != LinkRole::Unknown;
        other.place != item.place
            && !one_role
            && (item.interface.is_none() || item.interface != other.interface)
    };
    // A few are enough: what cannot be paired among many is not paired at all.
    let mut of = by_name
        .iter()
        .filter(|(name, _)| {
            item.token.is_none() || name.is_none() || **name == item.token.as_deref()
        })
        .flat_map(|(_, others)| others.iter().take(MOST_CANDIDATES))
        .take(MOST_CANDIDATES);
    of.find(fits).copied()
}

const MOST_CANDIDATES: usize = 8;
