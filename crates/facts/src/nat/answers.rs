//! Answers: by which circuit the packets come back that are sent to translated addresses.
//!
//! What leaves over a circuit under an address of a pool is answered over the circuits that announce
//! the address, by the longest prefix first. So a pool belongs to one circuit, and has to be announced
//! on it. All devices count: the announcing router may stand beside the one that translates.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_prefix::{AddressSet, Prefix, shared_addresses};

use crate::nat::{Edge, NatUse};
use crate::network::{CircuitId, Network, SessionId};
use crate::world::worlds;

/// Addresses that translation uses towards several circuits of one cloud with public peering.
#[derive(Clone, Debug)]
pub struct NatSplit {
    /// The addresses, all of them used by exactly these rules.
    pub addresses: AddressSet,
    /// The uses: places in [`Network::nat`], ascending.
    pub uses: Vec<usize>,
    /// The circuits, at least two, sorted.
    pub circuits: Vec<CircuitId>,
}

/// A circuit whose announcements hold addresses that are translated to on another one.
#[derive(Clone, Debug)]
pub struct NatAstray {
    /// The use: place in [`Network::nat`].
    pub used: usize,
    /// The circuit that it serves.
    pub circuit: CircuitId,
    /// What announces the addresses there.
    pub own: Prefix,
    /// What announces them on the others.
    pub other: Prefix,
    /// The other circuits, sorted; the first ones where there are many.
    pub circuits: Vec<CircuitId>,
    /// Whether the others win, or tie before the AS path is compared: their prefix is as long or
    /// longer. Else it only stands by.
    pub competes: bool,
}

/// Addresses that are translated to on a circuit and not announced on it.
#[derive(Clone, Debug)]
pub struct NatUnannounced {
    /// The use: place in [`Network::nat`].
    pub used: usize,
    /// The circuit.
    pub circuit: CircuitId,
    /// Sessions of the circuit that should announce them, in order.
    pub sessions: Vec<SessionId>,
    /// The addresses.
    pub addresses: AddressSet,
    /// Whether a filter would let a route to them pass that comes from elsewhere.
    pub possible: bool,
    /// Circuits of the same cloud that announce them, sorted; the first ones where there are many.
    pub elsewhere: Vec<CircuitId>,
}

/// As many circuits are kept of those that announce an address too.
const MOST_OTHERS: usize = 16;

/// What public peerings are known to be sent.
#[derive(Default)]
struct Sent {
    /// Prefixes with the circuits that announce them.
    prefixes: BTreeMap<Prefix, Announcing>,
    /// The lengths that they have: few of all there are.
    lengths: BTreeSet<u8>,
}

/// The circuits that announce one prefix.
#[derive(Default)]
struct Announcing {
    /// Each with the fewest AS numbers that it prepends, sorted by circuit.
    circuits: Vec<(CircuitId, usize)>,
    /// The same by the numbers: thousands of sites may announce one prefix alike.
    by_prepends: BTreeMap<usize, Vec<CircuitId>>,
}

impl Announcing {
    /// Brings what was pushed in order.
    fn settle(&mut self) {
        self.circuits.sort_unstable();
        self.circuits.dedup_by_key(|one| one.0);
        for (circuit, count) in &self.circuits {
            self.by_prepends.entry(*count).or_default().push(*circuit);
        }
    }

    /// How many AS numbers a circuit prepends; `None` where it does not announce the prefix.
    fn prepends(&self, circuit: CircuitId) -> Option<usize> {
        let at = self.circuits.binary_search_by_key(&circuit, |one| one.0).ok()?;
        self.circuits.get(at).map(|one| one.1)
    }

    /// The first circuits that announce it otherwise than with so many numbers, without some.
    fn others(
        &self,
        than: Option<usize>,
        without: &BTreeSet<CircuitId>,
    ) -> impl Iterator<Item = CircuitId> {
        let groups = self.by_prepends.iter().filter(move |(count, _)| Some(**count) != than);
        groups.flat_map(move |(_, circuits)| {
            circuits.iter().copied().filter(|one| !without.contains(one)).take(MOST_OTHERS)
        })
    }
}

impl<'t> Network<'t> {
    /// Addresses that are translated to towards more than one circuit of a cloud.
    pub fn nat_split(&self) -> Vec<NatSplit> {
        let mut clouds: BTreeMap<&'static str, Vec<(usize, CircuitId)>> = BTreeMap::new();
        for (place, used) in self.nat.iter().enumerate().filter(|(_, used)| used.is_source()) {
            let circuits: BTreeSet<CircuitId> =
                self.public_circuits(used).map(|(_, circuit)| circuit).collect();
            for circuit in circuits {
                let cloud = clouds.entry(self.circuit(circuit).provider).or_default();
                cloud.push((place, circuit));
            }
        }
        let mut found = Vec::new();
        for sides in clouds.into_values() {
            let used = |side: &(usize, CircuitId)| self.nat.get(side.0).map(|one| &one.addresses);
            let sets: Vec<&AddressSet> = sides.iter().filter_map(used).collect();
            for shared in shared_addresses(&sets) {
                let members = || shared.members.iter().filter_map(|&member| sides.get(member));
                let circuits: BTreeSet<CircuitId> = members().map(|side| side.1).collect();
                let uses: BTreeSet<usize> = members().map(|side| side.0).collect();
                if 1 < circuits.len() && !self.share_state(&uses) {
                    found.push(NatSplit {
                        addresses: shared.set,
                        uses: uses.into_iter().collect(),
                        circuits: circuits.into_iter().collect(),
                    });
                }
            }
        }
        found
    }

    /// Whether all uses know the same translations.
    fn share_state(&self, uses: &BTreeSet<usize>) -> bool {
        let states: BTreeSet<_> = uses
            .iter()
            .filter_map(|place| self.nat.get(*place))
            .map(|one| one.shared_state)
            .collect();
        states.len() == 1 && !states.contains(&None)
    }

    /// Addresses translated to on a circuit that other circuits of the cloud announce too, where only one edge knows
    /// the translations. Where both
    /// announce one prefix with equal prepending, that is a matter of the announcements alone and is
    /// left out.
    pub fn nat_astray(&self) -> Vec<NatAstray> {
        let clouds = self.sent_publicly();
        let mut found = Vec::new();
        let alone =
            |used: &&(usize, &NatUse<'t>)| used.1.is_source() && used.1.shared_state.is_none();
        for (place, used) in self.nat.iter().enumerate().filter(|one| alone(&one)) {
            let circuits: BTreeSet<CircuitId> =
                self.public_circuits(used).map(|(_, circuit)| circuit).collect();
            for &circuit in &circuits {
                let Some(sent) = clouds.get(self.circuit(circuit).provider) else { continue };
                let mut ways: BTreeMap<(Prefix, Prefix, bool), BTreeSet<CircuitId>> =
                    BTreeMap::new();
                for block in used.addresses.prefixes() {
                    astray(sent, circuit, &circuits, block, &mut ways);
                }
                found.extend(ways.into_iter().map(|((own, other, competes), circuits)| {
                    let circuits = circuits.into_iter().take(MOST_OTHERS).collect();
                    NatAstray { used: place, circuit, own, other, circuits, competes }
                }));
            }
        }
        found
    }

    /// Addresses that are translated to on a circuit and that no session of it is known to announce,
    /// without those of the link itself, which the other end knows.
    pub fn nat_unannounced(&self) -> Vec<NatUnannounced> {
        let clouds = self.sent_publicly();
        let mut announced: BTreeMap<CircuitId, (AddressSet, AddressSet)> = BTreeMap::new();
        let mut found = Vec::new();
        for (place, used) in self.nat.iter().enumerate().filter(|(_, used)| used.is_source()) {
            let internet = used.edges.iter().any(|edge| edge.edge == Edge::Internet);
            if used.addresses.is_empty() || (used.unbound && internet) {
                continue;
            }
            let served: BTreeSet<CircuitId> =
                self.public_circuits(used).map(|(_, circuit)| circuit).collect();
            for edge in &used.edges {
                let Edge::Circuit(circuit) = edge.edge else { continue };
                let (known, may) =
                    announced.entry(circuit).or_insert_with(|| self.sent_over(circuit));
                let links = self.link_addresses(circuit);
                let mut addresses = used.addresses.difference(known).difference(&links);
                // What the rule shares among circuits is told as that.
                for other in served.iter().filter(|one| **one != circuit) {
                    addresses = addresses.difference(&self.sent_over(*other).0);
                }
                if addresses.is_empty() {
                    continue;
                }
                let sent = clouds.get(self.circuit(circuit).provider);
                let elsewhere = sent.map(|sent| announcing(sent, &addresses)).unwrap_or_default();
                found.push(NatUnannounced {
                    used: place,
                    circuit,
                    sessions: self.circuit(circuit).links.iter().map(|link| link.session).collect(),
                    possible: addresses.overlaps(may),
                    addresses,
                    elsewhere,
                });
            }
        }
        found
    }

    /// What public peerings are known to be sent, by cloud.
    fn sent_publicly(&self) -> BTreeMap<&'static str, Sent> {
        let mut clouds: BTreeMap<&'static str, Sent> = BTreeMap::new();
        for world in worlds(self).iter().filter(|world| world.peering.is_public()) {
            let cloud = clouds.entry(world.provider).or_default();
            for (&circuit, members) in &world.circuits {
                for route in members.iter().flat_map(|(_, family)| &family.announcements.routes) {
                    cloud.lengths.insert(route.prefix.length());
                    let announcing = cloud.prefixes.entry(route.prefix).or_default();
                    announcing.circuits.push((circuit, route.prepend.len()));
                }
            }
        }
        let all = clouds.values_mut().flat_map(|cloud| cloud.prefixes.values_mut());
        all.for_each(Announcing::settle);
        clouds
    }

    /// The addresses that a circuit announces, and those that it may announce for another router.
    fn sent_over(&self, circuit: CircuitId) -> (AddressSet, AddressSet) {
        let (mut known, mut may) = (Vec::new(), AddressSet::empty());
        for link in &self.circuit(circuit).links {
            let session = self.session(link.session);
            for family in session.live_families() {
                let routes = family.announcements.routes.iter();
                known.extend(routes.map(|route| route.prefix.interval()));
                if family.announcements.learns {
                    may = may.union(&family.announcements.may.addresses());
                }
            }
        }
        (known.into_iter().collect(), may)
    }

    /// The subnets of a circuit's links.
    fn link_addresses(&self, circuit: CircuitId) -> AddressSet {
        let links = &self.circuit(circuit).links;
        let interfaces = links.iter().filter_map(|link| self.interface(self.session(link.session)));
        let addresses = interfaces.flat_map(|interface| &interface.addresses);
        addresses.map(|one| one.value.subnet.interval()).collect()
    }
}

/// Finds what else announces a block of a pool. `served` are the circuits that the same rule serves:
/// that it does is told elsewhere.
fn astray(
    sent: &Sent,
    circuit: CircuitId,
    served: &BTreeSet<CircuitId>,
    block: Prefix,
    ways: &mut BTreeMap<(Prefix, Prefix, bool), BTreeSet<CircuitId>>,
) {
    let near = overlapping(sent, block);
    let own = near.iter().filter_map(|(prefix, all)| Some((*prefix, all.prepends(circuit)?)));
    let own: Vec<(Prefix, usize)> = own.collect();
    for (other, announcing) in &near {
        let part = if other.contains(&block) { block } else { *other };
        let around = own.iter().filter(|(one, _)| one.contains(&part));
        let Some(&(best, count)) = around.max_by_key(|(one, _)| one.length()) else { continue };
        // Those that announce it alike are a matter of the announcements.
        let alike = (best == *other).then_some(count);
        let mut rivals = announcing.others(alike, served).peekable();
        if rivals.peek().is_none() {
            continue;
        }
        let longer = own.iter().filter(|(one, _)| other.length() < one.length());
        let covered: AddressSet = longer.map(|(one, _)| one.interval()).collect();
        let competes =
            best.length() <= other.length() && !AddressSet::from_prefix(part).is_subset(&covered);
        ways.entry((best, *other, competes)).or_default().extend(rivals);
    }
}

/// The prefixes that hold a block, and those inside it.
fn overlapping(sent: &Sent, block: Prefix) -> Vec<(Prefix, &Announcing)> {
    // A default route is no announcement of a pool.
    let lengths = sent.lengths.range(1..block.length().max(1));
    let around = lengths.filter_map(|length| Prefix::new(block.address(), *length));
    let around = around.filter_map(|prefix| sent.prefixes.get_key_value(&prefix));
    let inside = sent.prefixes.range(block..).take_while(|(prefix, _)| block.contains(prefix));
    around.chain(inside).map(|(prefix, announcing)| (*prefix, announcing)).collect()
}

/// The circuits that announce some of the addresses.
fn announcing(sent: &Sent, addresses: &AddressSet) -> Vec<CircuitId> {
    let blocks = addresses.prefixes();
    let near = blocks.iter().flat_map(|block| overlapping(sent, *block));
    let circuits: BTreeSet<CircuitId> =
        near.flat_map(|(_, all)| all.circuits.iter().take(MOST_OTHERS).map(|one| one.0)).collect();
    circuits.into_iter().take(MOST_OTHERS).collect()
}
