//! `protocols bgp`: settings at three levels, of which the most specific one wins.
//!
//! A value on a neighbor replaces the group's, which replaces the one on the protocol; lists of
//! policies are replaced as a whole, never appended to (vJunos lab: a neighbor's `import` hides the
//! group's). The levels are read into [`Level`]s ([`setting`]); [`settle`] makes neighbors of them.

use std::collections::HashMap;
use std::net::IpAddr;

use edgelint_model::{ObjectKind, Part, State};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::Words;

use super::draft::{Account, Draft, Leaf, heading};
use super::policy::expression;

mod setting;
mod settle;

use setting::Level;

/// BGP of all instances, while it is being read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    instances: Vec<Instance<'t>>,
    /// Where the instances stand, by VRF.
    places: HashMap<Option<&'t str>, usize>,
    /// Where the groups of each instance stand, by name.
    groups: HashMap<(usize, &'t str), usize>,
    /// Where the neighbors of each group stand, by address.
    neighbors: HashMap<(usize, usize, IpAddr), usize>,
}

/// BGP of one routing instance.
#[derive(Debug)]
struct Instance<'t> {
    vrf: Option<&'t str>,
    at: Span,
    level: Level<'t>,
    groups: Vec<Group<'t>>,
}

/// A group.
#[derive(Debug)]
struct Group<'t> {
    name: &'t str,
    name_at: Span,
    level: Level<'t>,
    neighbors: Vec<Neighbor<'t>>,
    /// Whoever calls from these ranges is a neighbor.
    ranges: Vec<(Prefix, Span)>,
}

/// A neighbor.
#[derive(Debug)]
struct Neighbor<'t> {
    address: IpAddr,
    at: Span,
    level: Level<'t>,
}

/// What a path is about.
#[derive(Clone, Copy)]
struct Place {
    instance: usize,
    group: Option<usize>,
    neighbor: Option<usize>,
}

/// Reads one path below `protocols bgp`; `skipped` words lead there.
///
/// bgp ::= "protocols" "bgp" bgp-path
/// bgp-path ::= (("group" NAME)? ("neighbor" ADDRESS)? | "group" NAME range+) setting* (family-setting | inert-setting)?
pub(super) fn read<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    skipped: usize,
) -> Account {
    let words = leaf.words.skip(skipped);
    let grouped = words.peek(0) == "group";
    let neighbor_at = if grouped { 2 } else { 0 };
    let single = words.peek(neighbor_at) == "neighbor";
    if grouped && words.len() < 2 {
        return (Part::Bgp, State::Unmodelled);
    }
    let n_heading = neighbor_at + if single { 2 } else { 0 };
    if let Some((depth, _)) = leaf.off {
        // All of BGP, the group or the neighbor: anything else is a setting, which is then not said.
        let group = grouped && depth == skipped + 2;
        let neighbor = single && depth == skipped + n_heading;
        if depth != skipped && !group && !neighbor {
            return (Part::Bgp, State::Inert);
        }
    }
    let vrf_at = || heading(leaf.words, skipped);
    let Some(place) = place(draft, vrf, vrf_at, words) else {
        return (Part::Bgp, State::Unmodelled);
    };
    if single && place.neighbor.is_none() {
        return (Part::Bgp, State::Unmodelled);
    }
    let mut rest = words.skip(n_heading);
    let mut ranges = Vec::new();
    while let Some((range, at, used)) = setting::range(rest).filter(|_| grouped && !single) {
        ranges.push((range, at));
        rest = rest.skip(used);
    }
    let level = level(&mut draft.bgp, place);
    let Some(level) = level else { return (Part::Bgp, State::Unmodelled) };
    if let Some((depth, at)) = leaf.off {
        let outer = match depth {
            depth if depth <= skipped => Place { group: None, neighbor: None, ..place },
            depth if depth < skipped + n_heading => Place { neighbor: None, ..place },
            _ => place,
        };
        switch_off(draft, outer, leaf, at);
        return (Part::Bgp, State::Modelled);
    }
    let mut uses = Vec::new();
    let mut secrets = Vec::new();
    let mut expressions = Vec::new();
    let mut said =
        setting::Said { uses: &mut uses, secrets: &mut secrets, expressions: &mut expressions };
    let state = setting::settings(level, leaf, rest, &mut said);
    if matches!(state, State::Unmodelled | State::Opaque) {
        level.blind.push(leaf.at);
    }
    if let Some(group) = group_of(&mut draft.bgp, place).filter(|_| leaf.off.is_none()) {
        group.ranges.extend(ranges);
    }
    draft.device.secrets.extend(secrets);
    for (name, holds) in expressions {
        expression::declare(draft, name, holds);
    }
    for (name, usage) in uses {
        draft.use_name(ObjectKind::Policy, name, usage);
    }
    (Part::Bgp, state)
}

/// A neighbor, a group or all of BGP is switched off but kept.
fn switch_off<'t>(draft: &mut Draft<'t>, place: Place, leaf: &Leaf<'_, 't>, at: Span) {
    if let Some(level) = level(&mut draft.bgp, place) {
        leaf.put(&mut level.shutdown, true, at);
    }
}

/// Finds or adds what a path is about.
fn place<'t>(
    draft: &mut Draft<'t>,
    vrf: Option<&'t str>,
    at: impl Fn() -> Span,
    words: Words<'_, 't>,
) -> Option<Place> {
    let instances = &mut draft.bgp.instances;
    // The paths of one instance, group or neighbor stand side by side, as those do: the last one first.
    let instance = match instances.last() {
        Some(last) if last.vrf == vrf => instances.len() - 1,
        _ => *draft.bgp.places.entry(vrf).or_insert_with(|| {
            instances.push(Instance { vrf, at: at(), level: Level::default(), groups: Vec::new() });
            instances.len() - 1
        }),
    };
    let found = instances.get_mut(instance)?;
    let grouped = words.peek(0) == "group";
    let bare = !grouped && words.peek(0) == "neighbor";
    if !grouped && !bare {
        return Some(Place { instance, group: None, neighbor: None });
    }
    // A neighbor outside all groups is in a group without a name.
    let name = if grouped { words.peek(1) } else { "" };
    let name_at = || if grouped { heading(words, 2) } else { at() };
    let group = match found.groups.last() {
        Some(last) if last.name == name => found.groups.len() - 1,
        _ => *draft.bgp.groups.entry((instance, name)).or_insert_with(|| {
            let (neighbors, ranges) = (Vec::new(), Vec::new());
            let (name_at, level) = (name_at(), Level::default());
            found.groups.push(Group { name, name_at, level, neighbors, ranges });
            found.groups.len() - 1
        }),
    };
    let behind = words.skip(if grouped { 2 } else { 0 });
    let neighbors = &mut found.groups.get_mut(group)?.neighbors;
    let address: Option<IpAddr> = (behind.peek(0) == "neighbor")
        .then(|| behind.peek(1).split('%').next()?.parse().ok())
        .flatten();
    let neighbor = address.map(|address| match neighbors.last() {
        Some(last) if last.address == address => neighbors.len() - 1,
        _ => *draft.bgp.neighbors.entry((instance, group, address)).or_insert_with(|| {
            let at = heading(behind, 2);
            neighbors.push(Neighbor { address, at, level: Level::default() });
            neighbors.len() - 1
        }),
    });
    if grouped {
        draft.define_at(ObjectKind::PeerGroup, name, name_at);
    }
    Some(Place { instance, group: Some(group), neighbor })
}

fn group_of<'p, 't>(pending: &'p mut Pending<'t>, place: Place) -> Option<&'p mut Group<'t>> {
    pending.instances.get_mut(place.instance)?.groups.get_mut(place.group?)
}

fn level<'p, 't>(pending: &'p mut Pending<'t>, place: Place) -> Option<&'p mut Level<'t>> {
    let instance = pending.instances.get_mut(place.instance)?;
    let Some(group) = place.group else { return Some(&mut instance.level) };
    let group = instance.groups.get_mut(group)?;
    match place.neighbor {
        Some(neighbor) => group.neighbors.get_mut(neighbor).map(|neighbor| &mut neighbor.level),
        None => Some(&mut group.level),
    }
}

/// Settles and lowers all instances.
pub(super) fn finish(draft: &mut Draft<'_>) {
    settle::finish(draft);
}
