//! What is described and not there: a slip in the description, or a part of the estate that is not in
//! the run. Only the reader can tell which, so it is told and never an error.

use std::collections::BTreeMap;

use crate::described::Directory;
use crate::described::directory::{is_named, meant};
use crate::device::DeviceFacts;

/// A place in a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Places of a circuit and of its link.
    Link(usize, usize),
    /// Place of an edge.
    Edge(usize),
    /// Places of a group that shares the state of translations, and of its device.
    NatGroup(usize, usize),
}

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// No device of the run has the name.
    Device,
    /// Several devices of the run have the name: what is said holds for each of them.
    OneDevice,
    /// The device has no such neighbor.
    Neighbor,
    /// The device has the neighbor in several VRFs, and the description does not say which.
    OneNeighbor,
    /// The device has no such interface, zone or interface name.
    Interface,
}

/// Something described that the run does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmatched {
    /// Where it is described.
    pub place: Place,
    /// What of it is missing.
    pub missing: Missing,
}

/// What is described and not there, in the order of the description: links, edges, groups.
pub(crate) fn unmatched(devices: &[DeviceFacts<'_>], directory: &Directory<'_>) -> Vec<Unmatched> {
    let description = directory.description;
    let nothing = description.circuits.is_empty() && description.edges.is_empty();
    if nothing && description.nat_groups.is_empty() {
        return Vec::new();
    }
    let mut named: BTreeMap<&str, Vec<&DeviceFacts<'_>>> = BTreeMap::new();
    for device in devices {
        let own = directory.name(&device.path).or_else(|| device.hostname());
        let own = own.unwrap_or(&device.path);
        named.entry(own).or_default().push(device);
        if own != device.identity {
            named.entry(&device.identity).or_default().push(device);
        }
    }
    let named = |name: &str| named.get(name).map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for (circuit, described) in description.circuits.iter().enumerate() {
        for (place, link) in described.links.iter().enumerate() {
            let missing = match named(&link.device) {
                [] => Some(Missing::Device),
                [device] => {
                    let vrf = link.vrf.as_deref();
                    match meant(&device.device, link.neighbor, vrf).count() {
                        0 => Some(Missing::Neighbor),
                        1 => None,
                        _ => Some(Missing::OneNeighbor),
                    }
                }
                _ => Some(Missing::OneDevice),
            };
            let place = Place::Link(circuit, place);
            found.extend(missing.map(|missing| Unmatched { place, missing }));
        }
    }
    for (place, edge) in description.edges.iter().enumerate() {
        let missing = match named(&edge.device) {
            [] => Some(Missing::Device),
            [device] => {
                let neighbor = |address| meant(&device.device, address, None).next().is_some();
                let interface = |name: &String| {
                    device.device.interfaces.iter().any(|interface| is_named(interface, name))
                };
                if edge.neighbor.is_some_and(|address| !neighbor(address)) {
                    Some(Missing::Neighbor)
                } else if edge.interface.as_ref().is_some_and(|name| !interface(name)) {
                    Some(Missing::Interface)
                } else {
                    None
                }
            }
            _ => Some(Missing::OneDevice),
        };
        found.extend(missing.map(|missing| Unmatched { place: Place::Edge(place), missing }));
    }
    for (group, described) in description.nat_groups.iter().enumerate() {
        for (place, name) in described.devices.iter().enumerate() {
            let missing = match named(name) {
                [] => Some(Missing::Device),
                [_] => None,
                _ => Some(Missing::OneDevice),
            };
            let place = Place::NatGroup(group, place);
            found.extend(missing.map(|missing| Unmatched { place, missing }));
        }
    }
    found
}
