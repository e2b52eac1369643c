//! Who inherits what: the settings of a neighbor in the order in which they take effect.
//!
//! IOS lets a neighbor join a peer group, inherit session and policy templates that inherit
//! further ones, and say things of its own. The least specific comes first here, so that whoever
//! replays the settings in order ends with what the device uses: group before templates before the
//! neighbor's own lines, a template's parents before the template (Cisco, "BGP Peer Templates"; that
//! the neighbor's own route map wins over its group's, even where it is not defined, was seen on
//! IOS-XE in batfish/lab-validation, `iosxe_undefined_route_map`).

use std::collections::HashMap;

use edgelint_source::Span;

use super::ast::{
    Change, Family, NeighborLine, Peer, Router, Setting, Slot, Template, TemplateKind, Value,
};

/// Templates may inherit from templates; a circle of them ends here.
const MOST_TEMPLATES: u32 = 8;

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
    /// The peers in the order in which they occur.
    all: Vec<Lines<'r, 't>>,
    /// Where they stand there.
    places: HashMap<Key<'t>, usize>,
}

/// A peer of a VRF.
type Key<'t> = (Option<&'t str>, Peer<'t>);

/// The lines about one peer.
#[derive(Debug)]
struct Lines<'r, 't> {
    key: Key<'t>,
    all: Vec<&'r NeighborLine<'t>>,
    /// Those that no later one took back or replaced.
    standing: Vec<&'r NeighborLine<'t>>,
}

impl<'r, 't> Peers<'r, 't> {
    /// Sorts the lines of a process by peer.
    pub(super) fn of(router: &'r Router<'t>) -> Self {
        let mut all: Vec<Lines<'r, 't>> = Vec::new();
        let mut places = HashMap::new();
        // What is said about a peer is said line by line.
        let mut before: Option<(Key<'t>, usize)> = None;
        for line in &router.lines {
            let key = (line.vrf, line.peer);
            let place = match before {
                Some((known, place)) if known == key => place,
                _ => *places.entry(key).or_insert_with(|| {
                    all.push(Lines { key, all: Vec::new(), standing: Vec::new() });
                    all.len() - 1
                }),
            };
            before = Some((key, place));
            if let Some(lines) = all.get_mut(place) {
                lines.all.push(line);
            }
        }
        for lines in &mut all {
            lines.standing = standing(&lines.all);
        }
        Self { router, all, places }
    }

    /// The neighbors of a VRF, groups left out: address, and the line that makes the neighbor.
    pub(super) fn neighbors(&self, vrf: Option<&'t str>) -> Vec<(Peer<'t>, Span)> {
        let in_vrf = self.all.iter().filter(|lines| lines.key.0 == vrf);
        in_vrf
            .filter(|lines| !self.is_group(vrf, lines.key.1))
            .filter_map(|lines| Some((lines.key.1, makes(&lines.standing)?)))
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
        self.replay(own, None, &mut settled);
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
        // A VRF's neighbors may join a group of the process.
        let mut lines = self.standing(None, Peer::Named(group)).to_vec();
        if vrf.is_some() {
            lines.extend(self.standing(vrf, Peer::Named(group)));
        }
        self.replay(&lines, Some(via), settled);
    }

    fn is_group(&self, vrf: Option<&'t str>, peer: Peer<'t>) -> bool {
        let Peer::Named(name) = peer else { return false };
        let mut groups = self.router.groups.iter();
        groups.any(|it| (it.vrf == vrf || it.vrf.is_none()) && it.name == name)
    }

    /// The places of lines that later ones took back or replaced, and of such lines in templates.
    pub(super) fn without_effect(&self) -> Vec<Span> {
        let mut gone = Vec::new();
        for lines in &self.all {
            let mut standing = lines.standing.iter().map(|line| line.at).peekable();
            for line in &lines.all {
                if standing.next_if_eq(&line.at).is_none() {
                    gone.push(line.at);
                }
            }
        }
        for template in &self.router.templates {
            let mut later: Vec<Slot> = Vec::new();
            for change in template.changes.iter().rev() {
                match change {
                    Change::Unset(slot, _) if later.contains(slot) => {}
                    Change::Unset(slot, _) => later.push(*slot),
                    Change::Set(setting) => {
                        if later.iter().any(|slot| slot.takes_back(setting.slot)) {
                            gone.push(setting.at);
                        } else if setting.slot.has_one_value() {
                            later.push(setting.slot);
                        }
                    }
                    _ => {}
                }
            }
        }
        gone
    }

    /// The lines about a peer that no later line took back or replaced, in order.
    fn standing(&self, vrf: Option<&'t str>, peer: Peer<'t>) -> &[&'r NeighborLine<'t>] {
        let lines = self.places.get(&(vrf, peer)).and_then(|place| self.all.get(*place));
        lines.map_or(&[], |lines| &lines.standing)
    }

    /// Templates first, then the lines themselves.
    fn replay(
        &self,
        lines: &[&NeighborLine<'t>],
        via: Option<Span>,
        settled: &mut Vec<Settled<'t>>,
    ) {
        let mut inherited: Vec<(u32, &NeighborLine<'t>, TemplateKind, &'t str)> = lines
            .iter()
            .filter_map(|line| {
                let (kind, name, sequence) = inherits(&line.change)?;
                Some((sequence, *line, kind, name))
            })
            .collect();
        inherited.sort_by_key(|(sequence, ..)| *sequence);
        for (_, line, kind, name) in inherited {
            let place = Settled {
                family: line.family,
                in_family: line.in_family,
                change: line.change,
                via: via.or(Some(line.at)),
            };
            self.template((kind, name), place, MOST_TEMPLATES, settled);
        }
        settled.extend(lines.iter().map(|line| Settled {
            family: line.family,
            in_family: line.in_family,
            change: line.change,
            via,
        }));
    }

    /// The changes of a template, its parents' before its own, put at `place`.
    fn template(
        &self,
        (kind, name): (TemplateKind, &'t str),
        place: Settled<'t>,
        left: u32,
        settled: &mut Vec<Settled<'t>>,
    ) {
        let same = |it: &&Template<'_>| it.kind == kind && it.name == name;
        let Some(template) = self.router.templates.iter().find(same).filter(|_| 0 < left) else {
            return;
        };
        let mut parents: Vec<_> = template.changes.iter().filter_map(inherits).collect();
        parents.sort_by_key(|(.., sequence)| *sequence);
        for (kind, name, _) in parents {
            self.template((kind, name), place, left - 1, settled);
        }
        settled.extend(template.changes.iter().map(|change| Settled { change: *change, ..place }));
    }
}

/// The lines about a peer that no later line took back or replaced, in order.
fn standing<'r, 't>(lines: &[&'r NeighborLine<'t>]) -> Vec<&'r NeighborLine<'t>> {
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
                    if setting.slot.has_one_value() {
                        replaced.push((setting.slot, line.family));
                    }
                }
            }
            Change::Blind(_) => standing.push(*line),
        }
    }
    standing.reverse();
    standing
}

/// The template a change inherits from, with its place in the order.
fn inherits<'t>(change: &Change<'t>) -> Option<(TemplateKind, &'t str, u32)> {
    let Change::Set(Setting { slot, value: Value::Inherit(name, sequence), .. }) = change else {
        return None;
    };
    let kind = match slot {
        Slot::InheritSession => TemplateKind::Session,
        _ => TemplateKind::Policy,
    };
    Some((kind, name.value, *sequence))
}

/// The line that makes a neighbor: the one that gives it an AS number, by itself or by inheritance.
fn makes(lines: &[&NeighborLine<'_>]) -> Option<Span> {
    let set = |line: &&&NeighborLine<'_>| matches!(line.change, Change::Set(_));
    let gives = |line: &&&NeighborLine<'_>| match line.change {
        Change::Set(setting) => {
            matches!(setting.slot, Slot::RemoteAs | Slot::PeerGroup | Slot::InheritSession)
        }
        _ => false,
    };
    lines.iter().find(gives).or_else(|| lines.iter().find(set)).map(|line| line.at)
}
