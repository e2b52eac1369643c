//! Who inherits what: the settings of a neighbor in the order in which they take effect.
//!
//! A neighbor may join one peer group and say things of its own; both may say them for all unicast routes
//! or for one address family. The least specific comes first here, so that whoever replays the settings
//! in order ends with what the device uses: the group's before the neighbor's own (that the neighbor's
//! own route map wins, even where it is not defined, was seen on EOS in batfish/lab-validation,
//! `eos_undefined_route_map`), and those of a family behind those of all (EOS manual, "BGP address families").

use std::collections::HashMap;

use edgelint_source::Span;

use super::ast::{Change, Family, NeighborLine, Peer, Router, Setting, Slot, Value};

/// A change that takes effect for a neighbor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled<'t> {
    /// The address family block it stands in.
    pub(super) family: Option<Family<'t>>,
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
            .filter(|(_, peer)| !self.is_group(*peer))
            .filter_map(|(_, peer)| Some((*peer, makes(*peer, &self.standing(vrf, *peer))?)))
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
        // Groups belong to the process; what a VRF says about one holds for its members there.
        let mut lines = self.standing(None, Peer::Named(group));
        if vrf.is_some() {
            lines.extend(self.standing(vrf, Peer::Named(group)));
        }
        replay(&lines, Some(via), settled);
    }

    fn is_group(&self, peer: Peer<'t>) -> bool {
        let Peer::Named(name) = peer else { return false };
        let joined = self.router.ranges.iter().chain(&self.router.interfaces);
        self.router.groups.iter().any(|it| it.name == name)
            || joined.into_iter().any(|it| it.group.value == name)
            || self.router.lines.iter().any(|line| joins(&line.change) == Some(name))
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
        let mut decided: Vec<(Slot, Option<Family<'_>>)> = Vec::new();
        let mut standing = Vec::with_capacity(lines.len());
        for line in lines.iter().rev() {
            let slot = match line.change {
                Change::Remove => break,
                Change::Blind(_) => {
                    standing.push(*line);
                    continue;
                }
                Change::Set(setting) => setting.slot,
                Change::Off(slot, _) | Change::Default(slot) => slot,
            };
            // A session has its settings whatever block they stand in.
            let key = (slot, line.family.filter(|_| slot.is_of_family()));
            if decided.contains(&key) {
                continue;
            }
            decided.push(key);
            if !matches!(line.change, Change::Default(_)) {
                standing.push(*line);
            }
        }
        standing.reverse();
        standing
    }
}

/// The lines for all routes, then those for single families.
fn replay<'t>(lines: &[&NeighborLine<'t>], via: Option<Span>, settled: &mut Vec<Settled<'t>>) {
    for in_family in [false, true] {
        let lines = lines.iter().filter(|line| line.family.is_some() == in_family);
        settled.extend(lines.map(|line| Settled { family: line.family, change: line.change, via }));
    }
}

/// The group that a change joins.
fn joins<'t>(change: &Change<'t>) -> Option<&'t str> {
    match change {
        Change::Set(Setting { slot: Slot::PeerGroup, value: Value::Name(group), .. }) => {
            Some(group.value)
        }
        _ => None,
    }
}

/// The line that makes a neighbor: the one that gives it an AS number, by itself or by inheritance. A
/// name makes none without one: it is a group that nobody defined.
fn makes(peer: Peer<'_>, lines: &[&NeighborLine<'_>]) -> Option<Span> {
    let gives = |line: &&&NeighborLine<'_>| match line.change {
        Change::Set(setting) => matches!(setting.slot, Slot::RemoteAs | Slot::PeerGroup),
        _ => false,
    };
    let found = lines.iter().find(gives);
    let any = || lines.iter().find(|line| matches!(line.change, Change::Set(_)));
    match peer {
        Peer::Address(_) => found.or_else(any),
        Peer::Named(_) => found,
    }
    .map(|line| line.at)
}
