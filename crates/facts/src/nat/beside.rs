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
use crate::owners::Owners;
use crate::session::{Role, Session};

/// The addresses of all devices of a run, to find who is beside whom.
pub(super) struct Routers<'n, 't> {
    pub(super) devices: &'n [DeviceFacts<'t>],
    pub(super) owners: &'n Owners,
    pub(super) sessions: &'n [Session<'t>],
    pub(super) circuits: &'n [Circuit],
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

impl Routers<'_, '_> {
    /// The edges of the router that has an address: none where no other device has it, where several
    /// do, or where the router holds edges of both kinds.
    pub(super) fn behind(&self, from: DeviceId, hop: IpAddr) -> Vec<Beside> {
        let mut owners = self.owners.of_address(hop);
        let (Some((id, place)), None) = (owners.next(), owners.next()) else {
            return Vec::new();
        };
        if id == from {
            return Vec::new();
        }
        let Some(device) = self.devices.get(id.0 as usize) else { return Vec::new() };
        let vrf = device.device.interfaces.get(place as usize).and_then(|one| one.vrf);
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
