//! What is described, by device: devices are worked out one by one, and thousands of them must not
//! each go through all circuits of the description.

use std::collections::BTreeMap;
use std::net::IpAddr;

use edgelint_model::{Device, Interface, NeighborAddress};

use crate::described::{DescribedCircuit, DescribedEdge, DescribedLink, Description};

/// A place in the model: process, instance, neighbor.
type At = (usize, usize, usize);

/// A description, by the names of devices.
#[derive(Debug)]
pub struct Directory<'d> {
    /// What is described.
    pub description: &'d Description,
    /// Circuits and their links, by device: places in the description.
    links: BTreeMap<&'d str, Vec<(usize, usize)>>,
    /// Edges by device, in order.
    edges: BTreeMap<&'d str, Vec<&'d DescribedEdge>>,
    /// Places of the groups that share the state of translations, by device: it is in one of them.
    nat_groups: BTreeMap<&'d str, usize>,
}

impl<'d> Directory<'d> {
    /// Sorts a description by devices.
    pub fn of(description: &'d Description) -> Self {
        let mut links: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (circuit, described) in description.circuits.iter().enumerate() {
            for (place, link) in described.links.iter().enumerate() {
                links.entry(link.device.as_str()).or_default().push((circuit, place));
            }
        }
        let mut edges: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for edge in &description.edges {
            edges.entry(edge.device.as_str()).or_default().push(edge);
        }
        let groups = description.nat_groups.iter().enumerate();
        let members = groups
            .flat_map(|(place, group)| group.devices.iter().map(move |one| (one.as_str(), place)));
        Self { description, links, edges, nat_groups: members.collect() }
    }

    /// The name that the device of this path is given.
    pub(crate) fn name(&self, path: &str) -> Option<&'d str> {
        let devices = &self.description.devices;
        let place = devices.binary_search_by(|device| device.path.as_str().cmp(path)).ok()?;
        devices.get(place).map(|device| device.name.as_str())
    }

    /// What is said about one device. It answers to its name and, for clashing ones, to its name with
    /// its path behind it.
    pub(crate) fn told(&self, device: &Device<'_>, identity: &str, path: &str) -> Told<'d> {
        let description = self.description;
        let mut told = Told { description, links: Vec::new(), edges: Vec::new(), nat_group: None };
        if self.links.is_empty() && self.edges.is_empty() && self.nat_groups.is_empty() {
            return told;
        }
        for name in [identity, &format!("{identity} ({path})")] {
            for &(circuit, place) in self.links.get(name).into_iter().flatten() {
                let described = self.description.circuits.get(circuit);
                let Some(link) = described.and_then(|circuit| circuit.links.get(place)) else {
                    continue;
                };
                told.links.extend(only(device, link).map(|at| (at, circuit, place)));
            }
            told.edges.extend(self.edges.get(name).into_iter().flatten());
            told.nat_group = told.nat_group.or(self.nat_groups.get(name).copied());
        }
        told
    }
}

/// The session that a link means, where it is one.
fn only(device: &Device<'_>, link: &DescribedLink) -> Option<At> {
    let mut found = meant(device, link.neighbor, link.vrf.as_deref());
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

/// Sessions with a neighbor, in one VRF or in any.
pub(super) fn meant<'m>(
    device: &'m Device<'_>,
    address: IpAddr,
    vrf: Option<&'m str>,
) -> impl Iterator<Item = At> + 'm {
    let processes = device.bgp.iter().enumerate();
    let instances = processes.flat_map(|(process, one)| {
        one.instances.iter().enumerate().map(move |(instance, one)| ((process, instance), one))
    });
    let instances = instances
        .filter(move |(_, one)| vrf.is_none_or(|wanted| one.vrf.unwrap_or("default") == wanted));
    instances.flat_map(move |((process, instance), one)| {
        let neighbors = one.neighbors.iter().enumerate();
        let same = neighbors
            .filter(move |(_, neighbor)| neighbor.address == NeighborAddress::Address(address));
        same.map(move |(neighbor, _)| (process, instance, neighbor))
    })
}

/// What is described about one device.
#[derive(Debug)]
pub(crate) struct Told<'d> {
    pub(crate) description: &'d Description,
    /// The group with which it shares the state of its translations.
    pub(crate) nat_group: Option<usize>,
    /// Links: the session, the circuit, the link.
    links: Vec<(At, usize, usize)>,
    edges: Vec<&'d DescribedEdge>,
}

impl<'d> Told<'d> {
    /// The link that a session is described as: places of circuit and link, and both.
    pub(crate) fn link(
        &self,
        at: At,
    ) -> Option<((u32, u32), &'d DescribedCircuit, &'d DescribedLink)> {
        let &(_, circuit, link) = self.links.iter().find(|one| one.0 == at)?;
        let described = self.description.circuits.get(circuit)?;
        let place = (u32::try_from(circuit).ok()?, u32::try_from(link).ok()?);
        Some((place, described, described.links.get(link)?))
    }

    /// The edge of a session: its own, else that of its interface, else that of the device.
    pub(crate) fn edge(
        &self,
        neighbor: Option<IpAddr>,
        interface: Option<&Interface<'_>>,
    ) -> Option<&'d DescribedEdge> {
        let own =
            self.edges.iter().find(|edge| edge.neighbor.is_some() && edge.neighbor == neighbor);
        own.copied().or_else(|| interface.and_then(|one| self.behind(one))).or_else(|| self.whole())
    }

    /// What is said to be behind an interface.
    pub(crate) fn behind(&self, interface: &Interface<'_>) -> Option<&'d DescribedEdge> {
        let named = |edge: &&&DescribedEdge| {
            edge.interface.as_deref().is_some_and(|name| is_named(interface, name))
        };
        self.edges.iter().find(named).copied()
    }

    /// What is said about the device as a whole.
    pub(crate) fn whole(&self) -> Option<&'d DescribedEdge> {
        let whole = |edge: &&&DescribedEdge| edge.neighbor.is_none() && edge.interface.is_none();
        self.edges.iter().find(whole).copied()
    }
}

/// Whether a name is that of the interface or of what it belongs to.
pub(super) fn is_named(interface: &Interface<'_>, name: &str) -> bool {
    interface.name.eq_ignore_ascii_case(name)
        || interface.options.zone.is_some_and(|zone| zone.value == name)
}
