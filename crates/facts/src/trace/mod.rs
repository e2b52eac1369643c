//! One device among peers that are given: what it accepts from each, which paths it prefers, what it sends
//! to each.
//!
//! Routes are followed one by one, with all their attributes, through the same evaluator that works out
//! classes: a route is a set with one prefix of which everything is known, so nothing is left to divide. What stays
//! open all the same (a statement that was not understood) is answered as if it did not match, and the route
//! is marked as not certain.

use std::net::{IpAddr, Ipv4Addr};

pub use edgelint_model::{Community, Direction, OriginCode};
pub use edgelint_prefix::Prefix;

pub use crate::evaluate::{AsPath, Segment};
use crate::network::{DeviceId, Network};

#[cfg(test)]
mod agreement;
mod answer;
mod best;
mod export;
mod import;
mod route;
mod session;
mod walk;

pub use walk::{Question, Stop, Walk, walk};

use route::Held;
use session::Live;

/// A peer of the device: its end of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its name in the answer.
    pub name: String,
    /// Its address.
    pub address: IpAddr,
    /// Its AS number.
    pub remote_as: u32,
    /// Its router id; its address where it is not given.
    pub router_id: Option<Ipv4Addr>,
    /// The VRF of the session; any where it is not given.
    pub vrf: Option<String>,
    /// What it sends, in this order.
    pub routes: Vec<Offer>,
}

/// A route as a peer sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The prefix.
    pub prefix: Prefix,
    /// AS path.
    pub as_path: AsPath,
    /// ORIGIN.
    pub origin: OriginCode,
    /// MED.
    pub med: Option<u32>,
    /// Local preference, on a session inside the AS.
    pub local_preference: Option<u32>,
    /// Communities.
    pub communities: Vec<Community>,
    /// Communities of other types, as written: they are carried along.
    pub others: Vec<String>,
}

/// A route that the device holds or sends, as the other end sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The prefix.
    pub prefix: Prefix,
    /// AS path.
    pub as_path: AsPath,
    /// Local preference; of what is sent, inside the AS only.
    pub local_preference: Option<u32>,
    /// Weight; of what is held only.
    pub weight: Option<u32>,
    /// MED.
    pub med: Option<u32>,
    /// Communities, sorted.
    pub communities: Vec<Community>,
    /// Communities of other types, as they came.
    pub others: Vec<String>,
    /// Whether everything on the way was understood.
    pub certain: bool,
}

/// What the device does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What it accepts, peer by peer in the order in which they were given.
    pub accepted: Vec<(String, Vec<Shown>)>,
    /// The peer whose path it prefers, prefix by prefix; none where its own route is preferred.
    pub best: Vec<(Prefix, Option<String>)>,
    /// What it sends, peer by peer.
    pub advertised: Vec<(String, Vec<Shown>)>,
}

/// Works out what the device does among the peers. Peers without a session on the device, or whose session cannot
/// stand, exchange nothing.
pub fn trace(network: &Network<'_>, device: DeviceId, peers: &[Peer]) -> Answer {
    let mut lives: Vec<Option<Live<'_, '_>>> =
        peers.iter().map(|peer| Live::of(network, device, peer)).collect();
    let mut held: Vec<Held<'_>> = Vec::new();
    let mut answer = Answer::default();
    let mut fallen = Vec::new();
    for (place, (peer, live)) in peers.iter().zip(&lives).enumerate() {
        let accepted: Option<Vec<Held<'_>>> = match live {
            Some(live) => live.accept_all(place),
            None => Some(Vec::new()),
        };
        let accepted = accepted.unwrap_or_else(|| {
            fallen.push(place);
            Vec::new()
        });
        answer.accepted.push((peer.name.clone(), answer::accepted(&accepted)));
        held.extend(accepted);
    }
    for place in fallen {
        if let Some(live) = lives.get_mut(place) {
            *live = None;
        }
    }
    let mut vrfs: Vec<Option<&str>> = lives.iter().flatten().map(|live| live.session.vrf).collect();
    vrfs.sort_unstable();
    vrfs.dedup();
    let mut sent: Vec<Vec<Shown>> = vec![Vec::new(); peers.len()];
    for vrf in vrfs {
        let inside = |place: usize| lives.get(place).and_then(Option::as_ref);
        let learned = held.iter().filter(|route| {
            route.from.and_then(inside).is_some_and(|live| live.session.vrf == vrf)
        });
        let Some(device) = network.devices.get(device.0 as usize) else { continue };
        let (chosen, all) = best::choose(device, vrf, learned.cloned().collect(), peers, &lives);
        let winner = |held: &Held<'_>| {
            (held.prefix, held.from.and_then(|from| peers.get(from)).map(|peer| peer.name.clone()))
        };
        answer.best.extend(chosen.iter().map(winner));
        for (place, live) in lives.iter().enumerate() {
            let Some(live) = live.as_ref().filter(|live| live.session.vrf == vrf) else { continue };
            if let Some(sent) = sent.get_mut(place) {
                *sent = live.send(place, (&chosen, &all), &lives);
            }
        }
    }
    answer.best.sort_by_key(|(prefix, _)| *prefix);
    answer.advertised = peers.iter().map(|peer| peer.name.clone()).zip(sent).collect();
    answer
}
