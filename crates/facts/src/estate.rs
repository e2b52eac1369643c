//! Estates: devices that are known to be parts of one network, and what no two of them may share.
//!
//! A run may hold devices that have nothing to do with each other and number their links alike, because
//! private space is everybody's. So addresses are only compared between devices that something joins: BGP
//! sessions of which each end names an address of the other, the two links of one circuit, or edges
//! to clouds in one registered AS. And a folder may hold one device twice, as two exports or as the two units of a
//! failover pair: what such copies share is said once, and says nothing about addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::NeighborFamily;
use edgelint_source::Span;

use crate::device::DeviceFacts;
use crate::domain::{leader, meetings, outer_as};
use crate::network::{DeviceId, Network, SessionId};

/// An address of two devices.
#[derive(Clone, Debug)]
pub struct DuplicateAddress<'t> {
    /// The address.
    pub address: IpAddr,
    /// The VRF it is in on both; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// Where it stands on each of the two.
    pub at: [Span; 2],
    /// A session of the estate that leads to it.
    pub wanted_by: Option<SessionId>,
}

/// Addresses that exactly two devices of one estate have.
#[derive(Clone, Debug)]
pub struct Duplicates<'t> {
    /// The devices.
    pub devices: [DeviceId; 2],
    /// The addresses, in order.
    pub addresses: Vec<DuplicateAddress<'t>>,
}

/// Inputs that hold one device more than once.
#[derive(Clone, Debug)]
pub struct Copies {
    /// The devices, ascending, each with the address by which it was recognised.
    pub devices: Vec<(DeviceId, Span)>,
    /// The addresses that neighbors in that list have in common: the fewest.
    pub shared: usize,
}

/// A BGP identifier that several devices of one AS have.
#[derive(Clone, Debug)]
pub struct DuplicateRouterId<'t> {
    /// The identifier.
    pub router_id: Ipv4Addr,
    /// The VRF; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// The devices, ascending, and where each says it.
    pub devices: Vec<(DeviceId, Span)>,
    /// Two of them that have a session with each other: the session of one end.
    pub between: Option<SessionId>,
}

/// An address on an interface that is up.
#[derive(Clone, Copy, Debug)]
struct Owned<'t> {
    vrf: Option<&'t str>,
    address: IpAddr,
    device: usize,
    /// Its interface, and its place among the addresses of that.
    place: (usize, usize),
    at: Span,
    /// Whether several devices may well have it: an address of a loopback or without a subnet (anycast),
    /// or a gateway of a fabric.
    anycast: bool,
}

/// A BGP identifier within an iBGP domain and VRF.
type Identified<'t> = (usize, Option<&'t str>, Ipv4Addr);

/// An address that a session of an estate leads to, with its VRF.
type Wanted<'t> = (IpAddr, Option<&'t str>, usize);

/// Addresses that several devices have, and the devices that are copies of each other.
#[derive(Debug)]
pub(crate) struct Census {
    /// The addresses that are there more than once, sorted by VRF.
    shared: Vec<Shared>,
    /// By device, the first one that is a copy of it: itself where there is none.
    copies: Vec<usize>,
    /// Addresses that two devices share most of their own with, by the pair.
    pairs: BTreeMap<(usize, usize), (usize, [Span; 2])>,
}

/// Where an address stands that several devices have.
#[derive(Debug)]
struct Shared {
    device: usize,
    place: (usize, usize),
    anycast: bool,
}

impl Census {
    /// Of a device and its copies, the first.
    fn first(&self, device: usize) -> usize {
        self.copies.get(device).copied().unwrap_or(device)
    }

    /// Whether several devices have an address in a VRF, copies of one device counted once. `shared` are the
    /// addresses of the census.
    fn is_shared(&self, shared: &[Owned<'_>], vrf: Option<&str>, address: IpAddr) -> bool {
        let start = shared.partition_point(|one| (one.vrf, one.address) < (vrf, address));
        let same = shared.iter().skip(start);
        let mut same = same.take_while(|one| (one.vrf, one.address) == (vrf, address));
        let Some(first) = same.next().map(|one| self.first(one.device)) else { return false };
        same.any(|one| self.first(one.device) != first)
    }
}

impl<'t> Network<'t> {
    /// Devices that the run holds more than once: most of their addresses are the same.
    pub fn copies(&self) -> Vec<Copies> {
        let census = self.census();
        let mut groups: BTreeMap<usize, Copies> = BTreeMap::new();
        for (&(a, b), &(shared, at)) in &census.pairs {
            let group =
                groups.entry(census.first(a)).or_insert(Copies { devices: Vec::new(), shared });
            group.shared = group.shared.min(shared);
            for (device, at) in [a, b].into_iter().zip(at) {
                let id = device_id(device);
                if group.devices.iter().all(|(one, _)| *one != id) {
                    group.devices.push((id, at));
                }
            }
        }
        let mut copies: Vec<Copies> = groups.into_values().collect();
        copies.iter_mut().for_each(|group| group.devices.sort_unstable());
        copies
    }

    /// Addresses that exactly two devices of one estate have in one VRF, by the pair of devices. What
    /// three or more share is taken for anycast, and so is a host address that no session leads to.
    pub fn duplicate_addresses(&self) -> Vec<Duplicates<'t>> {
        let census = self.census();
        let shared: Vec<Owned<'t>> =
            census.shared.iter().filter_map(|one| self.owned(one)).collect();
        let mut estates = self.estates(census, &shared);
        let wanted = self.wanted(&mut estates);
        let mut found: BTreeMap<(usize, usize), Vec<DuplicateAddress<'t>>> = BTreeMap::new();
        for same in shared.chunk_by(|a, b| (a.vrf, a.address) == (b.vrf, b.address)) {
            let mut by_estate: BTreeMap<usize, BTreeMap<usize, Owned<'t>>> = BTreeMap::new();
            for one in same {
                let estate = leader(&mut estates, one.device);
                let copy = census.first(one.device);
                by_estate.entry(estate).or_default().entry(copy).or_insert(*one);
            }
            for (estate, owners) in by_estate {
                let owners: Vec<Owned<'t>> = owners.into_values().collect();
                let [a, b] = owners.as_slice() else { continue };
                // A piece without a name is a piece of anything.
                let named = |one: &Owned<'t>| {
                    self.devices.get(one.device).is_some_and(|device| device.hostname().is_some())
                };
                if !named(a) || !named(b) {
                    continue;
                }
                let (address, vrf) = (a.address, a.vrf);
                let key = (address, vrf, estate);
                let at = wanted.binary_search_by_key(&key, |(key, _)| *key).ok();
                let wanted_by = at.and_then(|at| wanted.get(at)).map(|(_, session)| *session);
                if (a.anycast || b.anycast) && wanted_by.is_none() {
                    continue;
                }
                let (a, b) = if a.device < b.device { (a, b) } else { (b, a) };
                let duplicate = DuplicateAddress { address, vrf, at: [a.at, b.at], wanted_by };
                found.entry((a.device, b.device)).or_default().push(duplicate);
            }
        }
        let pair = |((a, b), addresses): ((usize, usize), _)| Duplicates {
            devices: [device_id(a), device_id(b)],
            addresses,
        };
        found.into_iter().map(pair).collect()
    }

    /// BGP identifiers that several devices among which iBGP sessions stand have in common.
    pub fn duplicate_router_ids(&self) -> Vec<DuplicateRouterId<'t>> {
        let census = self.census();
        let mut holders: BTreeMap<Identified<'t>, BTreeMap<usize, (DeviceId, Span)>> =
            BTreeMap::new();
        for session in self.sessions.iter().filter(|one| !one.is_ebgp && !one.shutdown) {
            let (Some(domain), Some(fact)) = (session.domain, self.instance(session).router_id)
            else {
                continue;
            };
            let copy = census.first(session.device.0 as usize);
            let same = holders.entry((domain, session.vrf, fact.value)).or_default();
            same.entry(copy).or_insert((session.device, fact.at()));
        }
        let shared = holders.into_iter().filter(|(_, holders)| 1 < holders.len());
        let duplicate = |((_, vrf, router_id), holders): (_, BTreeMap<usize, (DeviceId, Span)>)| {
            let devices: Vec<(DeviceId, Span)> = holders.into_values().collect();
            let among: BTreeSet<DeviceId> = devices.iter().map(|(device, _)| *device).collect();
            let mut own = devices.iter().flat_map(|(device, _)| self.sessions_of(*device));
            let between = own.find(|session| {
                session.vrf == vrf
                    && session.peer.is_some_and(|peer| among.contains(&self.session(peer).device))
            });
            DuplicateRouterId { router_id, vrf, between: between.map(|one| one.id), devices }
        };
        shared.map(duplicate).collect()
    }

    /// Which devices are parts of one network: each has the lowest of its estate as leader.
    fn estates(&self, census: &Census, shared: &[Owned<'t>]) -> Vec<usize> {
        let mut leaders: Vec<usize> = (0..self.devices.len()).collect();
        let mut join = |a: DeviceId, b: DeviceId| {
            let a = leader(&mut leaders, a.0 as usize);
            let b = leader(&mut leaders, b.0 as usize);
            if let Some(one) = leaders.get_mut(a.max(b)) {
                *one = a.min(b);
            }
        };
        // Whoever is called by an address that several devices have is not known by it.
        let clear = |session: SessionId| {
            let session = self.session(session);
            session.address().is_some_and(|address| !census.is_shared(shared, session.vrf, address))
        };
        for (a, b) in meetings(&self.owners, &self.sessions, |session| !session.shutdown) {
            if clear(a) && clear(b) {
                join(self.session(a).device, self.session(b).device);
            }
        }
        for circuit in self.circuits.iter().filter(|circuit| circuit.certain) {
            let devices = circuit.links.iter().map(|link| self.session(link.session).device);
            devices.clone().zip(devices.skip(1)).for_each(|(a, b)| join(a, b));
        }
        let mut edges: BTreeMap<u32, DeviceId> = BTreeMap::new();
        for session in self.sessions.iter().filter(|session| session.role.is_cloud()) {
            let own = outer_as(self.process(session))
                .filter(|own| self.description.is_registered_as(*own));
            if let Some(own) = own {
                join(*edges.entry(own).or_insert(session.device), session.device);
            }
        }
        leaders
    }

    /// The addresses that sessions lead to, with VRF and estate, sorted.
    fn wanted(&self, estates: &mut [usize]) -> Vec<(Wanted<'t>, SessionId)> {
        let leads = self.sessions.iter().filter(|session| !session.shutdown);
        let mut wanted: Vec<_> = leads
            .filter_map(|session| {
                let estate = leader(estates, session.device.0 as usize);
                Some(((session.address()?, session.vrf, estate), session.id))
            })
            .collect();
        wanted.sort_unstable();
        wanted.dedup_by_key(|(key, _)| *key);
        wanted
    }

    /// Who has which address, once somebody asked.
    fn census(&self) -> &Census {
        self.census.get_or_init(|| self.counted())
    }

    /// The address that stands at a place.
    fn owned(&self, one: &Shared) -> Option<Owned<'t>> {
        let facts = self.devices.get(one.device)?;
        let interface = facts.device.interfaces.get(one.place.0)?;
        let address = interface.addresses.get(one.place.1)?;
        Some(Owned {
            vrf: interface.vrf.map(|vrf| vrf.value),
            address: address.value.address,
            device: one.device,
            place: one.place,
            at: address.at(),
            anycast: one.anycast,
        })
    }

    /// Collects the addresses that several devices have, and finds the copies.
    fn counted(&self) -> Census {
        let mut all: Vec<Owned<'t>> = Vec::new();
        for (device, facts) in self.devices.iter().enumerate() {
            // Most addresses are of one device only.
            let shared = addresses(facts).filter(|one| self.owners.is_shared(one.address));
            all.extend(shared.map(|one| Owned { device, ..one }));
        }
        // Devices of one name side by side: they are the likeliest copies.
        let name = |one: &Owned<'t>| self.devices.get(one.device).and_then(DeviceFacts::hostname);
        all.sort_unstable_by(|a, b| {
            let rest = |one: &Owned<'t>| (name(one), one.device, one.at);
            (a.vrf, a.address).cmp(&(b.vrf, b.address)).then_with(|| rest(a).cmp(&rest(b)))
        });
        all.dedup_by_key(|one| (one.vrf, one.address, one.device));
        let groups = all.chunk_by(|a, b| (a.vrf, a.address) == (b.vrf, b.address));
        let shared: Vec<Owned<'t>> =
            groups.filter(|same| 1 < same.len()).flatten().copied().collect();
        let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
        let mut number = |device: usize| {
            *numbers.entry(device).or_insert_with(|| {
                let own = self.devices.get(device).into_iter().flat_map(addresses);
                own.map(|one| (one.vrf, one.address)).collect::<BTreeSet<_>>().len()
            })
        };
        let mut pairs: BTreeMap<(usize, usize), (usize, [Span; 2])> = BTreeMap::new();
        for same in shared.chunk_by(|a, b| (a.vrf, a.address) == (b.vrf, b.address)) {
            // Copies of one device share nearly everything, so that they stand side by side nearly
            // everywhere: looking at neighbors finds them without comparing all pairs.
            for (a, b) in same.iter().zip(same.iter().skip(1)) {
                pairs.entry((a.device, b.device)).or_insert((0, [a.at, b.at])).0 += 1;
            }
        }
        let mut copies: Vec<usize> = (0..self.devices.len()).collect();
        pairs.retain(|&(a, b), &mut (shared, _)| {
            let names = |device: usize| self.devices.get(device).and_then(DeviceFacts::hostname);
            let one_name = names(a).is_some() && names(a) == names(b);
            let most = number(a).max(number(b)) < shared * 2;
            // One name is enough not to compare the two; to call them copies takes more.
            let unnamed = names(a).is_none() || names(b).is_none();
            let same = most && (one_name || (2 < shared && unnamed));
            if one_name || same {
                let (a, b) = (leader(&mut copies, a), leader(&mut copies, b));
                if let Some(one) = copies.get_mut(a.max(b)) {
                    *one = a.min(b);
                }
            }
            same
        });
        let copies = (0..copies.len()).map(|device| leader(&mut copies, device)).collect();
        let place =
            |one: &Owned<'t>| Shared { device: one.device, place: one.place, anycast: one.anycast };
        Census { shared: shared.iter().map(place).collect(), copies, pairs }
    }
}

/// The addresses of a device that can be told from those of others.
fn addresses<'d, 't>(facts: &'d DeviceFacts<'t>) -> impl Iterator<Item = Owned<'t>> + use<'d, 't> {
    let fabric = facts.device.bgp.iter().any(|process| {
        let mut neighbors = process.instances.iter().flat_map(|instance| &instance.neighbors);
        neighbors.any(|neighbor| neighbor.families.iter().any(is_overlay))
    });
    let up = facts.device.interfaces.iter().enumerate();
    let up = up.filter(|(_, one)| !one.shutdown.is_some_and(|shutdown| shutdown.value));
    up.flat_map(move |(at, interface)| {
        let vrf = interface.vrf.map(|vrf| vrf.value);
        // Loopbacks are called so by every system: `lo`, `lo0.0`, `Loopback0`.
        let name = interface.name.as_bytes().get(..2);
        let loopback = name.is_some_and(|start| start.eq_ignore_ascii_case(b"lo"));
        let own = interface.addresses.iter().enumerate().filter(|(_, one)| {
            let subnet = one.value.subnet;
            let host_bits = subnet.family().width() - subnet.length();
            // Of an address that the device makes of its MAC address only the subnet is known.
            let known = host_bits < 2 || one.value.address != subnet.first();
            known && !one.value.shared && is_someones(one.value.address)
        });
        own.map(move |(number, one)| Owned {
            vrf,
            address: one.value.address,
            device: 0,
            place: (at, number),
            at: one.at(),
            anycast: fabric
                || loopback
                || one.value.subnet.length() == one.value.subnet.family().width(),
        })
    })
}

/// Whether a family carries the addresses of an overlay, whose gateways all have one address.
fn is_overlay(family: &NeighborFamily<'_>) -> bool {
    family.name.is_some_and(|name| name.to_ascii_lowercase().contains("evpn"))
}

/// Whether an address belongs to one interface: not loopback, link-local, multicast or nothing.
fn is_someones(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            !(v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_unspecified())
        }
        IpAddr::V6(v6) => {
            !(v6.is_loopback()
                || v6.is_unicast_link_local()
                || v6.is_multicast()
                || v6.is_unspecified())
        }
    }
}

fn device_id(place: usize) -> DeviceId {
    DeviceId(u32::try_from(place).unwrap_or(u32::MAX))
}
