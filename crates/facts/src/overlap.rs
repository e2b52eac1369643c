//! Own addresses that both the internet and a circuit are told of.
//!
//! A cloud answers over the circuit while that has the longest prefix, and over the internet where the
//! longer one is there (Azure, "ExpressRoute routing requirements", Microsoft peering). Longer prefixes
//! on the circuit are the documented way to fall back to the internet, and are no overlap.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_prefix::{AddressSet, Family, Prefix};

use crate::network::{CircuitId, Network, SessionId};
use crate::world::worlds;

/// How the prefix on the internet stands to the one on the circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Overlap {
    /// Both are equal.
    Equal,
    /// The one on the internet is longer.
    Longer,
    /// The one on the internet is so long that other networks filter it (more than 24 bits, or 48).
    Filtered,
}

/// Prefixes that leave to the internet although a circuit with public peering announces the addresses.
#[derive(Clone, Debug)]
pub struct OnInternet {
    /// How they stand to each other.
    pub overlap: Overlap,
    /// What the internet is told, and what the circuits announce, in order.
    pub prefixes: Vec<(Prefix, Prefix)>,
    /// The circuits, sorted.
    pub circuits: Vec<CircuitId>,
    /// Sessions to the internet that announce them, sorted.
    pub sessions: Vec<SessionId>,
}

/// The longest prefix that networks usually accept from each other.
const fn longest_routed(family: Family) -> u8 {
    match family {
        Family::Ipv4 => 24,
        Family::Ipv6 => 48,
    }
}

impl Network<'_> {
    /// What the internet and circuits with public peering are told alike, or the internet in longer
    /// prefixes: one item for all that exactly these circuits and sessions have in common.
    pub fn on_internet(&self) -> Vec<OnInternet> {
        let told = self.told_to_internet();
        if told.is_empty() {
            return Vec::new();
        }
        // A cloud sees all circuits of its own, so they are looked at together.
        let mut clouds: BTreeMap<&'static str, BTreeMap<Prefix, BTreeSet<CircuitId>>> =
            BTreeMap::new();
        for world in worlds(self).iter().filter(|world| world.peering.is_public()) {
            let cloud = clouds.entry(world.provider).or_default();
            for (&circuit, members) in &world.circuits {
                for route in members.iter().flat_map(|(_, family)| &family.announcements.routes) {
                    cloud.entry(route.prefix).or_default().insert(circuit);
                }
            }
        }
        let mut found: BTreeMap<_, Vec<(Prefix, Prefix)>> = BTreeMap::new();
        for cloud in clouds.values() {
            for (prefix, sessions) in &told {
                let Some((overlap, other)) = overlap(cloud, *prefix) else { continue };
                let circuits: Vec<CircuitId> =
                    cloud.get(&other).into_iter().flatten().copied().collect();
                let sessions: Vec<SessionId> = sessions.iter().copied().collect();
                found.entry((overlap, circuits, sessions)).or_default().push((*prefix, other));
            }
        }
        let item = |((overlap, circuits, sessions), prefixes)| OnInternet {
            overlap,
            prefixes,
            circuits,
            sessions,
        };
        found.into_iter().map(item).collect()
    }

    /// The public prefixes that the internet is known to be told, with the sessions that tell.
    fn told_to_internet(&self) -> BTreeMap<Prefix, BTreeSet<SessionId>> {
        let mut told: BTreeMap<Prefix, BTreeSet<SessionId>> = BTreeMap::new();
        let not_public = self.description.not_public();
        for session in self.sessions.iter().filter(|one| self.is_internet(one)) {
            for route in session.live_families().flat_map(|one| &one.announcements.routes) {
                let prefix = route.prefix;
                if !prefix.is_default() && !not_public.contains(&prefix) {
                    told.entry(prefix).or_default().insert(session.id);
                }
            }
        }
        told
    }
}

/// How a prefix on the internet stands to what a cloud's circuits announce, and what that is; `None`
/// where the circuits do not announce its addresses, or all of them in longer prefixes.
fn overlap(
    cloud: &BTreeMap<Prefix, BTreeSet<CircuitId>>,
    prefix: Prefix,
) -> Option<(Overlap, Prefix)> {
    let around = (1..=prefix.length()).rev();
    let mut around = around.filter_map(|length| Prefix::new(prefix.address(), length));
    let other = around.find(|one| cloud.contains_key(one))?;
    let inside = cloud.range(prefix..).map(|(one, _)| *one);
    let inside = inside.take_while(|one| prefix.contains(one)).filter(|one| *one != prefix);
    let longer: AddressSet = inside.map(|one| one.interval()).collect();
    if AddressSet::from_prefix(prefix).is_subset(&longer) {
        return None;
    }
    let overlap = if longest_routed(prefix.family()) < prefix.length() {
        Overlap::Filtered
    } else if other == prefix {
        Overlap::Equal
    } else {
        Overlap::Longer
    };
    Some((overlap, other))
}
