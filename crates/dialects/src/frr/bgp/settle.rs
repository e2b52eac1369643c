//! Who inherits what: the settings of a neighbor in the order in which they take effect.
//!
//! A neighbor joins at most one peer group of its VRF, and says things of its own. The group's lines come
//! first here, so that whoever replays the settings in order ends with what the device uses: what a neighbor
//! says itself wins (`bgpd/bgpd.c`, the flags that members override).

use std::collections::HashMap;

use edgelint_source::Span;

use super::ast::{Change, Family, NeighborLine, Peer, Router, Setting, Slot, Value};

/// A change that takes effect for a neighbor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled<'t> {
    /// Family it stands in.
    pub(super) family: Family<'t>,
    /// Whether it stands in an address family block.
    pub(super) in_family: bool,
    /// The change.
    pub(super) change: Change<'t>,
    /// The line that made it apply, where it is inherited.
    pub(super) via: Option<Span>,
}

/// The lines of every peer of a process, found by VRF and peer.
#[derive(Debug)]
pub(super) struct Peers<'r, 't> {
    router: &'r Router<'t>,
    lines: HashMap<(Option<&'t str>, Peer<'t>), Vec<&'r NeighborLine<'t>>>,
    /// The peers in the order in which they occur.
    order: Vec<(Option<&'t str>, Peer<'t>)>,
}

impl<'r, 't> Peers<'r, 't> {
    /// Sorts the lines of a process by peer.
    pub(super) fn of(router: &'r Router<'t>) -> Self {
        let mut peers = Self { router, lines: HashMap::new(), order: Vec::new() };
        for line in &router.lines {
            let key = (line.vrf, line.peer);
            let lines = peers.lines.entry(key).or_insert_with(|| {
                peers.order.push(key);
                Vec::new()
            });
            lines.push(line);
        }
        peers
    }

    /// The neighbors of a VRF, groups left out: address, and the line that makes the neighbor.
    pub(super) fn neighbors(&self, vrf: Option<&'t str>) -> Vec<(Peer<'t>, Span)> {
        let in_vrf = self.order.iter().filter(|(it, _)| *it == vrf);
        in_vrf
            .filter(|(_, peer)| !self.is_group(vrf, *peer))
            .filter_map(|(_, peer)| Some((*peer, makes(&self.standing(vrf, *peer))?)))
            .collect()
    }

    /// Everything that takes effect for a peer, the least specific first.
    pub(super) fn settle(&self, vrf: Option<&'t str>, peer: Peer<'t>) -> Vec<Settled<'t>> {
        let own = self.standing(vrf, peer);
        let mut settled = Vec::new();
        let membership = own.iter().rev().find_map(|line| match line.change {
            Change::Set(Setting { slot: Slot::PeerGroup, value: Value::Name(group), .. }) => {
                Some((group.value, line.at))
            }
            _ => None,
        });
        if let Some((group, via)) = membership {
            self.group(vrf, group, via, &mut settled);
        }
        replay(&own, None, &mut settled);
        settled
    }

    /// What a group gives its members.
    pub(super) fn group(
        &self,
        vrf: Option<&'t str>,
        group: &'t str,
        via: Span,
        settled: &mut Vec<Settled<'t>>,
    ) {
        replay(&self.standing(vrf, Peer::Named(group)), Some(via), settled);
    }

    fn is_group(&self, vrf: Option<&'t str>, peer: Peer<'t>) -> bool {
        let Peer::Named(name) = peer else { return false };
        let mut groups = self.router.groups.iter();
        groups.any(|it| it.vrf == vrf && it.name == name)
    }

    /// The places of lines that later ones took back or replaced.
    pub(super) fn without_effect(&self) -> Vec<Span> {
        let mut gone = Vec::new();
        for key in &self.order {
            let standing = self.standing(key.0, key.1);
            let mut standing = standing.iter().map(|line| line.at).peekable();
            for line in self.lines.get(key).into_iter().flatten() {
                if standing.next_if_eq(&line.at).is_none() {
                    gone.push(line.at);
                }
            }
        }
        gone
    }

    /// The lines about a peer that no later line took back or replaced, in order.
    fn standing(&self, vrf: Option<&'t str>, peer: Peer<'t>) -> Vec<&'r NeighborLine<'t>> {
        let Some(lines) = self.lines.get(&(vrf, peer)) else { return Vec::new() };
        let mut taken_back: Vec<(Slot, Family<'_>)> = Vec::new();
        let mut replaced: Vec<(Slot, Family<'_>)> = Vec::new();
        let mut standing = Vec::with_capacity(lines.len());
        for line in lines.iter().rev() {
            match line.change {
                Change::Remove => break,
                // Without an AS number there is no neighbor; what was said about it went with it.
                Change::Unset(Slot::RemoteAs, _) => break,
                Change::Unset(slot, _) => {
                    if !taken_back.contains(&(slot, line.family)) {
                        taken_back.push((slot, line.family));
                    }
                    standing.push(*line);
                }
                Change::Set(setting) => {
                    let gone = taken_back.iter().any(|(slot, family)| {
                        slot.takes_back(setting.slot)
                            && (*family == line.family || !slot.is_of_family())
                    });
                    if !gone && !replaced.contains(&(setting.slot, line.family)) {
                        standing.push(*line);
                        replaced.push((setting.slot, line.family));
                    }
                }
                Change::Blind(_) => standing.push(*line),
            }
        }
        standing.reverse();
        standing
    }
}

/// Adds what lines change.
fn replay<'t>(lines: &[&NeighborLine<'t>], via: Option<Span>, settled: &mut Vec<Settled<'t>>) {
    settled.extend(lines.iter().map(|line| Settled {
        family: line.family,
        in_family: line.in_family,
        change: line.change,
        via,
    }));
}

/// The line that makes a neighbor: the one that gives it an AS number, a group or an interface. Lines about
/// peers that nobody made are refused (`bgpd/bgp_vty.c`, `peer_and_group_lookup_vty`).
fn makes(lines: &[&NeighborLine<'_>]) -> Option<Span> {
    let gives = |line: &&&NeighborLine<'_>| match line.change {
        Change::Set(setting) => {
            matches!(setting.slot, Slot::RemoteAs | Slot::PeerGroup | Slot::Interface)
        }
        _ => false,
    };
    lines.iter().find(gives).map(|line| line.at)
}
