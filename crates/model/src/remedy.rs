//! Remedies: what a device should be told to do otherwise, in no dialect's words, and the commands that a
//! dialect makes of it.
//!
//! Rules ask for a remedy where one can be written down; each dialect writes it in its own folder, for the very device:
//! under names that are free there, in front of what is there, and without touching what others use. Where
//! that cannot be done the dialect writes nothing, and the finding keeps its advice in words.

use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;

use crate::bgp::{AddressFamily, BgpInstance, BgpProcess, Neighbor, NeighborFamily};
use crate::device::Device;

/// A neighbor in one address family: places in the device's processes, their instances, the neighbors of these
/// and the families of a neighbor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peer {
    /// Place of the process.
    pub process: usize,
    /// Place of the instance in the process.
    pub instance: usize,
    /// Place of the neighbor in the instance.
    pub neighbor: usize,
    /// Place of the family at the neighbor.
    pub family: usize,
}

/// What is to change for the peers of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These routes are not sent any more; all others as before. Of one address family.
    Withhold(Vec<PrefixRange>),
    /// Of what is sent today only these routes remain. Of one address family.
    SendOnly(Vec<PrefixRange>),
    /// Accepted routes that have no more than one local preference get another.
    Prefer {
        /// What they get.
        value: u32,
        /// Routes that are preferred more than this stay as they are.
        above: u32,
    },
    /// Clauses that let routes in set a local preference each: where the clause stands, and the value.
    PreferAt(Vec<(Span, u32)>),
    /// This AS number stands so many times more in front of what is sent.
    Prepend {
        /// The AS number.
        as_number: u32,
        /// How many times.
        times: u32,
    },
    /// The statement that sends a default route is taken back.
    StopDefault,
    /// There is a route to exactly these prefixes in the peers' VRF; packets that nothing longer leads on are dropped.
    Anchor(Vec<Prefix>),
    /// Two equal paths are used together.
    UseTogether,
}

/// A change for some peers of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The peers; whatever they share with no other may be changed for them.
    pub peers: Vec<Peer>,
    /// What is to change.
    pub change: Change,
}

/// A remedy as it is typed, and what undoes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commands {
    /// Lines to type in configuration mode, in this order.
    pub commands: Vec<String>,
    /// Lines that bring back what was there.
    pub rollback: Vec<String>,
}

/// What stands at a peer's place.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a, 't> {
    /// Where it is.
    pub peer: Peer,
    /// The process.
    pub process: &'a BgpProcess<'t>,
    /// The instance: one a VRF.
    pub instance: &'a BgpInstance<'t>,
    /// The neighbor.
    pub neighbor: &'a Neighbor<'t>,
    /// The family.
    pub family: &'a NeighborFamily<'t>,
}

impl Remedy {
    /// What stands at the peers' places; `None` where one has none, or carries no unicast routes of its VRF.
    pub fn standing<'a, 't>(&self, device: &'a Device<'t>) -> Option<Vec<Standing<'a, 't>>> {
        let unicast =
            |family: AddressFamily| matches!(family, AddressFamily::Ipv4 | AddressFamily::Ipv6);
        let all = self.peers.iter().map(|peer| {
            let process = device.bgp.get(peer.process)?;
            let instance = process.instances.get(peer.instance)?;
            let neighbor = instance.neighbors.get(peer.neighbor)?;
            let family = neighbor.families.get(peer.family)?;
            let standing = Standing { peer: *peer, process, instance, neighbor, family };
            unicast(family.family).then_some(standing)
        });
        all.collect()
    }
}
