//! Remedies as commands: what all dialects ask of a device before they write one, and the way to the
//! dialect that writes.
//!
//! A remedy touches what is there only where nobody else hangs on it, and brings its own lists and
//! policies under names that are free. Whatever does not fit is not written: half a remedy is none.

use edgelint_model::{Commands, Device, Direction, Neighbor, ObjectKind, Remedy, Standing, Usage};
use edgelint_prefix::{Family, Prefix};
use ipnetwork::IpNetwork;

pub(crate) mod route_maps;

/// The commands of a remedy, in the language of the device: none at all where it holds already; `None` where it
/// cannot be written for it.
pub fn commands(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    // A name of several words is a slip of the export, or cannot be typed without more.
    let vrfs = remedy.standing(device)?.into_iter().filter_map(|peer| peer.instance.vrf);
    if vrfs.into_iter().any(|vrf| vrf.contains(char::is_whitespace)) {
        return None;
    }
    let written = (crate::dialect(device.behaviour.dialect)?.remedy)(device, remedy)?;
    let safe = |line: &String| line.chars().all(|character| !character.is_control());
    written.commands.iter().chain(&written.rollback).all(safe).then_some(written)
}

/// The family of the prefixes that a peer exchanges.
pub(crate) fn family_of(standing: &Standing<'_, '_>) -> Family {
    match standing.family.family {
        edgelint_model::AddressFamily::Ipv6 => Family::Ipv6,
        _ => Family::Ipv4,
    }
}

/// The local preference of routes that nothing gave one.
pub(crate) fn default_preference(device: &Device<'_>, peer: &Standing<'_, '_>) -> u32 {
    let said = peer.instance.default_local_preference.map(|said| said.value);
    said.unwrap_or(device.behaviour.default_local_preference)
}

/// Statements, each inside the one before it.
pub(crate) fn nested(statements: &[&str], indent: &str) -> Vec<String> {
    let lines = statements.iter().enumerate();
    lines.map(|(depth, text)| format!("{}{text}", indent.repeat(depth))).collect()
}

/// The AS number by which a peer's process is entered.
pub(crate) fn process_line(peer: &Standing<'_, '_>) -> String {
    format!("router bgp {}", peer.process.local_as.map_or(0, |local_as| local_as.value))
}

/// Statements inside a peer's process, or inside its VRF there.
pub(crate) fn in_instance(
    peer: &Standing<'_, '_>,
    statements: &[&str],
    indent: &str,
) -> Vec<String> {
    let (process, vrf) = (process_line(peer), peer.instance.vrf.map(|vrf| format!("vrf {vrf}")));
    let outer = std::iter::once(process.as_str()).chain(vrf.as_deref());
    nested(&outer.chain(statements.iter().copied()).collect::<Vec<_>>(), indent)
}

/// The network mask of a prefix.
pub(crate) fn mask(prefix: Prefix) -> std::net::IpAddr {
    let network = IpNetwork::new(prefix.address(), prefix.length());
    network.map_or_else(|_| prefix.address(), |network| network.mask())
}

/// All neighbors of a device, those of further address families too.
fn neighbors<'a, 't>(device: &'a Device<'t>) -> impl Iterator<Item = &'a Neighbor<'t>> {
    device.bgp.iter().flat_map(|process| {
        let others = process.other_families.iter().map(|other| &other.instance);
        process.instances.iter().chain(others).flat_map(|instance| &instance.neighbors)
    })
}

/// Whether an object filters for these peers in this direction, and does nothing else on the device.
pub(crate) fn is_own(
    device: &Device<'_>,
    (kind, name): (ObjectKind, &str),
    direction: Direction,
    peers: &[Standing<'_, '_>],
) -> bool {
    let wanted = match direction {
        Direction::In => Usage::NeighborImport,
        Direction::Out => Usage::NeighborExport,
    };
    let mut uses = device.uses.iter().filter(|one| one.kind == kind && one.name == name);
    let filters = |neighbor: &Neighbor<'_>| {
        let mut all = neighbor.families.iter().flat_map(|family| family.filters(direction));
        all.any(|filter| filter.kind == kind && filter.name.value == name)
    };
    let theirs =
        |neighbor: &Neighbor<'_>| peers.iter().any(|peer| std::ptr::eq(peer.neighbor, neighbor));
    uses.all(|one| one.usage == wanted) && neighbors(device).filter(|one| filters(one)).all(theirs)
}

/// Whether nobody but these peers is a member of a group.
pub(crate) fn is_their_group(device: &Device<'_>, group: &str, peers: &[Standing<'_, '_>]) -> bool {
    let member = |neighbor: &&Neighbor<'_>| neighbor.group.is_some_and(|one| one.value == group);
    let theirs =
        |neighbor: &Neighbor<'_>| peers.iter().any(|peer| std::ptr::eq(peer.neighbor, neighbor));
    neighbors(device).filter(member).all(theirs)
}

/// A name that nothing on the device has: what the object is for, and for which peer.
pub(crate) fn free_name(device: &Device<'_>, what: &str, peer: &Standing<'_, '_>) -> String {
    let address = match peer.neighbor.address {
        edgelint_model::NeighborAddress::Address(address) => address.to_string(),
        edgelint_model::NeighborAddress::Range(prefix) => prefix.to_string(),
        edgelint_model::NeighborAddress::Interface(name) => name.to_owned(),
    };
    let address: String = address
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character } else { '-' })
        .collect();
    let name = format!("{what}-{address}");
    let taken = |name: &str| device.definitions.iter().any(|one| one.name == name);
    let numbered = (2..).map(|number: u32| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(name)
}

/// Commands while they are collected.
#[derive(Debug, Default)]
pub(crate) struct Script {
    commands: Vec<String>,
    /// What undoes each step, the last step first.
    rollback: Vec<Vec<String>>,
}

impl Script {
    /// Adds a step with what undoes it.
    pub(crate) fn step(&mut self, commands: Vec<String>, undo: Vec<String>) {
        self.commands.extend(commands);
        self.rollback.push(undo);
    }

    /// All of it.
    pub(crate) fn finish(self) -> Commands {
        let rollback = self.rollback.into_iter().rev().flatten().collect();
        Commands { commands: reopened(self.commands), rollback: reopened(rollback) }
    }
}

/// The lines without those that lead again to where one is already.
fn reopened(lines: Vec<String>) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    // The path to the line before, and how much of it the lines since have led to again.
    let mut open: Vec<String> = Vec::new();
    let mut reached = 0;
    let mut kept = Vec::with_capacity(lines.len());
    let mut following: Vec<usize> = lines.iter().skip(1).map(|line| indent(line)).collect();
    following.push(0);
    for (line, next) in lines.into_iter().zip(following) {
        let depth = indent(&line);
        let above = open.iter().take(reached).take_while(|above| indent(above) < depth);
        reached = above.count();
        let leads = depth < next;
        if !(leads && open.get(reached) == Some(&line)) {
            open.truncate(reached);
            open.extend(leads.then(|| line.clone()));
            kept.push(line);
        }
        reached += usize::from(leads);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::reopened;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_block_is_opened_once() {
        let twice =
            "router bgp 1\n af\n  a\nrouter bgp 1\n af\n  b\nroute c\nrouter bgp 1\n af\n  d";
        let once = "router bgp 1\n af\n  a\n  b\nroute c\nrouter bgp 1\n af\n  d";
        assert_eq!(reopened(lines(twice)), lines(once));
        assert_eq!(reopened(lines("a\na\n b\na\nb")), lines("a\na\n b\na\nb"));
    }
}
