//! Beside: routers that a firewall hands its packets to, and the edges that those hold.
//!
//! Translation often stands on a firewall that has no session to anybody outside: its packets go to the
//! router beside it, and that router's sessions tell which edge they leave by. Only where all of them are
//! of one kind, though: a router with circuits and the internet chooses by itself.

use std::net::IpAddr;

use crate::circuit::Circuit;
use crate::device::DeviceFacts;
use crate::nat::Edge;
use crate::network::{DeviceId, SessionId};
use crate::session::{Role, Session};

/// The addresses of all devices of a run, to find who is beside whom.
pub(super) struct Routers<'n, 't> {
    devices: &'n [DeviceFacts<'t>],
    sessions: &'n [Session<'t>],
    circuits: &'n [Circuit],
    /// Addresses with their device and the place of the interface, sorted.
    owners: Vec<(IpAddr, usize, usize)>,
}

/// What a router beside leads to.
pub(super) struct Beside {
    /// The edge.
    pub(super) edge: Edge,
    /// The router's sessions there.
    pub(super) sessions: Vec<SessionId>,
    /// Why, in words.
    pub(super) text: String,
}

impl<'n, 't> Routers<'n, 't> {
    pub(super) fn of(
        devices: &'n [DeviceFacts<'t>],
        sessions: &'n [Session<'t>],
        circuits: &'n [Circuit],
    ) -> Self {
        let mut owners = Vec::new();
        if devices.iter().any(|device| !device.device.nat.rules.is_empty()) {
            for (id, device) in devices.iter().enumerate() {
                for (place, interface) in device.device.interfaces.iter().enumerate() {
                    let addresses = interface.addresses.iter();
                    owners.extend(addresses.map(|one| (one.value.address, id, place)));
                }
            }
        }
        owners.sort_unstable();
        owners.dedup();
        Self { devices, sessions, circuits, owners }
    }

    /// The edges of the router that has an address: none where no other device has it, where several
    /// do, or where the router holds edges of both kinds.
    pub(super) fn behind(&self, from: DeviceId, hop: IpAddr) -> Vec<Beside> {
        let start = self.owners.partition_point(|one| one.0 < hop);
        let rest = self.owners.get(start..).unwrap_or_default();
        let (Some(&(address, id, place)), next) = (rest.first(), rest.get(1)) else {
            return Vec::new();
        };
        let known_twice = next.is_some_and(|one| one.0 == hop);
        if address != hop || known_twice || id == from.0 as usize {
            return Vec::new();
        }
        let Some(device) = self.devices.get(id) else { return Vec::new() };
        let vrf = device.device.interfaces.get(place).and_then(|one| one.vrf);
        let range = device.sessions.start as usize..device.sessions.end as usize;
        let sessions = self.sessions.get(range).unwrap_or_default().iter();
        let outer = sessions
            .filter(|session| !session.shutdown && session.vrf == vrf.map(|vrf| vrf.value))
            .filter(|session| session.circuit.is_some() || session.role == Role::Internet);
        let mut found: Vec<Beside> = Vec::new();
        for session in outer {
            let edge = session.circuit.map_or(Edge::Internet, Edge::Circuit);
            match found.iter_mut().find(|one| one.edge == edge) {
                Some(one) => one.sessions.push(session.id),
                None => {
                    let name = session.circuit.and_then(|id| self.circuits.get(id.0 as usize));
                    let what = name.map_or_else(
                        || "the internet".to_owned(),
                        |circuit| format!("circuit {}", circuit.name),
                    );
                    let text = format!("packets go to {}, which leads to {what}", device.identity);
                    found.push(Beside { edge, sessions: vec![session.id], text });
                }
            }
        }
        let internet = found.iter().any(|one| one.edge == Edge::Internet);
        if internet && 1 < found.len() { Vec::new() } else { found }
    }
}
