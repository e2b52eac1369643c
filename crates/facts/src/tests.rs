//! Devices written in a notation of the tests' own, because facts know no dialect.

mod circuits;
mod compare;
mod described;
mod edges;
mod network;
mod policies;
pub(crate) mod reader;
mod table;

use crate::domain::is_rival;
use crate::network::{Network, SessionId};

/// The sessions to the internet and to VPN gateways whose routes meet those of a session, and whether that is
/// certain.
fn rivals(network: &Network<'_>, session: usize) -> Vec<(SessionId, bool)> {
    let session = &network.sessions[session];
    let others = network.sessions.iter().filter(|other| {
        let meets = other.device == session.device || network.joined(session, other);
        is_rival(other) && other.id != session.id && other.vrf == session.vrf && meets
    });
    others.map(|other| (other.id, other.domain == session.domain)).collect()
}
