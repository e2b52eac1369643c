//! Directions: by which circuit requests leave, and by which one the cloud answers.
//!
//! Both sides choose. An enterprise prefers a circuit by local preference; the cloud takes the longest
//! prefix and then the shortest AS path, which the enterprise steers by what it announces and how often it
//! prepends (Azure, "Designing for disaster recovery with ExpressRoute private peering"). For every
//! block of own addresses this works out both choices among the circuits that announce it, and keeps
//! the blocks where they differ.
//!
//! Blocks are found in one sweep over the prefixes in their order: what encloses a prefix stands on a
//! stack. Circuits that are preferred alike count as one, so the work does not grow with their pairs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use edgelint_prefix::{Family, Prefix};

use crate::announce::Certainty;
use crate::domain::outer_as;
use crate::lean::{Lean, Leaning, Liking, Realm};
use crate::network::{CircuitId, DeviceId, Network};
use crate::session::{Peering, Session};
use crate::world::{World, worlds};

/// How the two choices differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Divergence {
    /// Requests leave by one circuit, and the cloud prefers another.
    Opposed,
    /// Requests leave by one circuit, and the cloud takes either.
    Undecided,
    /// The cloud prefers a circuit, and requests leave by any.
    Unfollowed,
}

/// Own addresses for which requests and answers may take different circuits of one cloud and peering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Direction {
    /// The cloud.
    pub provider: &'static str,
    /// The peering.
    pub peering: Peering,
    /// The family.
    pub family: Family,
    /// The VRF, on private peerings.
    pub vrf: Option<String>,
    /// How the choices differ.
    pub divergence: Divergence,
    /// The prefixes that decide the cloud's choice, in order.
    pub prefixes: Vec<Prefix>,
    /// Circuits that requests leave by, sorted; the first ones where there are many. Where the choice is
    /// [`Divergence::Unfollowed`], the standby circuits that they may leave by.
    pub ours: Vec<CircuitId>,
    /// Circuits that the cloud takes although requests do not, sorted; where the choice is
    /// [`Divergence::Unfollowed`], those that it prefers.
    pub theirs: Vec<CircuitId>,
    /// Whether the announcements and the preferences were understood and are known to meet.
    pub certain: bool,
}

/// As many circuits are kept of those that requests leave by.
const MOST_OURS: usize = 16;

/// Circuits that announce one block are compared while they are preferred in at most so many ways.
const MOST_LEANINGS: usize = 64;

/// All directions that differ, world by world.
pub(crate) fn find(network: &Network<'_>) -> Vec<Direction> {
    let mut found = Vec::new();
    let local = local_routers(network);
    for world in worlds(network).iter().filter(|world| 1 < world.circuits.len()) {
        Sweep::of(network, world, &local).run(&mut found);
    }
    found
}

/// A prefix that a circuit is known to announce.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sent {
    prefix: Prefix,
    circuit: CircuitId,
    /// AS numbers in front of it, the fewest over the links.
    prepends: usize,
    certain: bool,
}

/// A prefix on the stack.
struct Frame {
    prefix: Prefix,
    /// Where its announcements begin and end.
    sent: std::ops::Range<usize>,
    /// Its circuits by how they are preferred.
    circuits: BTreeMap<usize, Vec<CircuitId>>,
    /// The ways in which its circuits, and those around it, are preferred.
    leanings: Vec<usize>,
    /// Addresses in longer prefixes.
    covered: u128,
}

/// What is folded into one direction: how, who leaves, and how those are preferred that answer. Where
/// circuits share the prefix, they are part of it.
type Key = (Divergence, Vec<CircuitId>, usize, Vec<CircuitId>);

struct Sweep<'n, 't> {
    world: &'n World<'n, 't>,
    sent: Vec<Sent>,
    leanings: Vec<Leaning<'n, 't>>,
    of: BTreeMap<CircuitId, usize>,
    compared: HashMap<(usize, usize), Lean>,
    found: BTreeMap<Key, (BTreeSet<CircuitId>, Vec<Prefix>, bool)>,
    /// Circuits that the cloud takes for something, and those that it leaves for another with equal length.
    taken: BTreeSet<CircuitId>,
    left: BTreeSet<CircuitId>,
}

impl<'n, 't> Sweep<'n, 't> {
    fn of(network: &'n Network<'t>, world: &'n World<'n, 't>, local: &BTreeSet<DeviceId>) -> Self {
        let mut sent = Vec::new();
        for (&circuit, members) in &world.circuits {
            let start = sent.len();
            for (_, family) in members {
                let routes = family.announcements.routes.iter();
                sent.extend(routes.filter(|route| !route.prefix.is_default()).map(|route| Sent {
                    prefix: route.prefix,
                    circuit,
                    prepends: route.prepend.len(),
                    certain: route.attributes_certain && route.certainty == Certainty::Certain,
                }));
            }
            if let Some(own) = sent.get_mut(start..) {
                own.sort_unstable();
            }
        }
        sent.sort();
        sent.dedup_by_key(|one| (one.prefix, one.circuit));
        let mut places: HashMap<Leaning<'n, 't>, usize> = HashMap::new();
        let (mut leanings, mut of) = (Vec::new(), BTreeMap::new());
        for &circuit in world.circuits.keys() {
            let Some(leaning) = leaning(network, world, circuit, local) else { continue };
            let place = *places.entry(leaning).or_insert_with_key(|leaning| {
                leanings.push(leaning.clone());
                leanings.len() - 1
            });
            of.insert(circuit, place);
        }
        Self {
            world,
            sent,
            leanings,
            of,
            compared: HashMap::new(),
            found: BTreeMap::new(),
            taken: BTreeSet::new(),
            left: BTreeSet::new(),
        }
    }

    fn run(mut self, found: &mut Vec<Direction>) {
        let mut stack: Vec<Frame> = Vec::new();
        let mut start = 0;
        while let Some(first) = self.sent.get(start) {
            let prefix = first.prefix;
            let rest = self.sent.get(start..).unwrap_or_default();
            let end = start + rest.iter().take_while(|one| one.prefix == prefix).count();
            while stack.last().is_some_and(|top| !top.prefix.contains(&prefix)) {
                self.pop(&mut stack);
            }
            let frame = self.frame(prefix, start..end, stack.last());
            stack.push(frame);
            start = end;
        }
        while !stack.is_empty() {
            self.pop(&mut stack);
        }
        self.finish(found);
    }

    fn frame(&self, prefix: Prefix, sent: std::ops::Range<usize>, around: Option<&Frame>) -> Frame {
        let mut circuits: BTreeMap<usize, Vec<CircuitId>> = BTreeMap::new();
        for one in self.sent.get(sent.clone()).unwrap_or_default() {
            if let Some(&place) = self.of.get(&one.circuit) {
                circuits.entry(place).or_default().push(one.circuit);
            }
        }
        let mut leanings: Vec<usize> = circuits.keys().copied().collect();
        leanings.extend(around.iter().flat_map(|frame| &frame.leanings));
        leanings.sort_unstable();
        leanings.dedup();
        Frame { prefix, sent, circuits, leanings, covered: 0 }
    }

    fn pop(&mut self, stack: &mut Vec<Frame>) {
        let Some(frame) = stack.pop() else { return };
        let size = size(frame.prefix);
        if let Some(around) = stack.last_mut() {
            around.covered = around.covered.saturating_add(size);
        }
        // Where longer prefixes hold all its addresses, nothing is answered by this one.
        if frame.covered < size {
            self.judge(&frame, stack);
        }
    }

    /// Compares both choices for the addresses that a prefix decides.
    fn judge(&mut self, frame: &Frame, around: &[Frame]) {
        let own = self.sent.get(frame.sent.clone()).unwrap_or_default();
        let fewest = own.iter().map(|one| one.prepends).min().unwrap_or(0);
        let certain = own.iter().all(|one| one.certain);
        let (taken, left): (Vec<Sent>, Vec<Sent>) =
            own.iter().copied().partition(|one| one.prepends == fewest);
        self.taken.extend(taken.iter().map(|one| one.circuit));
        self.left.extend(left.iter().map(|one| one.circuit));
        if MOST_LEANINGS < frame.leanings.len() {
            return;
        }
        let mut answering: BTreeMap<usize, Vec<CircuitId>> = BTreeMap::new();
        for one in &taken {
            if let Some(&place) = self.of.get(&one.circuit) {
                answering.entry(place).or_default().push(one.circuit);
            }
        }
        let best: Vec<usize> = frame
            .leanings
            .iter()
            .copied()
            .filter(|&one| frame.leanings.iter().all(|&other| self.lean(other, one) != Lean::First))
            .collect();
        let mut beaten = false;
        for (&place, circuits) in &answering {
            let winners: Vec<usize> =
                best.iter().copied().filter(|&one| self.lean(one, place) == Lean::First).collect();
            if winners.is_empty() {
                continue;
            }
            beaten = true;
            let sharing = winners.iter().filter_map(|winner| answering.get(winner)).flatten();
            let mut ours: Vec<CircuitId> = sharing.copied().collect();
            let divergence =
                if ours.is_empty() { Divergence::Opposed } else { Divergence::Undecided };
            if ours.is_empty() {
                let frames = around.iter().chain([frame]);
                ours.extend(frames.flat_map(|frame| {
                    winners.iter().filter_map(|winner| frame.circuits.get(winner)).flatten()
                }));
            }
            let theirs =
                if divergence == Divergence::Undecided { circuits.clone() } else { vec![] };
            let key = (divergence, few(ours), place, theirs);
            self.add(key, circuits, frame.prefix, certain);
        }
        if !beaten {
            self.follow(frame.prefix, &answering, &left, certain);
        }
    }

    /// Whether nothing makes requests leave by the circuits that the cloud prefers by its path alone.
    fn follow(
        &mut self,
        prefix: Prefix,
        answering: &BTreeMap<usize, Vec<CircuitId>>,
        left: &[Sent],
        certain: bool,
    ) {
        let (1, Some((&place, preferred))) = (answering.len(), answering.iter().next()) else {
            return;
        };
        let mut standby = Vec::new();
        for one in left {
            let Some(&other) = self.of.get(&one.circuit) else { continue };
            if self.lean(place, other) == Lean::Neither {
                standby.push(one.circuit);
            }
        }
        if !standby.is_empty() {
            let key = (Divergence::Unfollowed, few(standby), place, preferred.clone());
            self.add(key, preferred, prefix, certain);
        }
    }

    fn add(&mut self, key: Key, circuits: &[CircuitId], prefix: Prefix, certain: bool) {
        let certain = certain && self.is_certain(&key);
        let entry = self.found.entry(key).or_insert_with(|| (BTreeSet::new(), Vec::new(), true));
        entry.0.extend(circuits);
        entry.1.push(prefix);
        entry.2 &= certain;
    }

    /// Whether the preferences of both sides were understood, in one realm for certain.
    fn is_certain(&self, (_, ours, place, _): &Key) -> bool {
        let Some(theirs) = self.leanings.get(*place) else { return false };
        let ours =
            ours.iter().filter_map(|id| self.of.get(id)).filter_map(|&at| self.leanings.get(at));
        ours.chain([theirs]).all(|one| {
            one.certain() && one.realm.domain.is_some() && one.realm.domain == theirs.realm.domain
        })
    }

    fn lean(&mut self, one: usize, other: usize) -> Lean {
        if one == other {
            return Lean::Neither;
        }
        let (Some(first), Some(second)) = (self.leanings.get(one), self.leanings.get(other)) else {
            return Lean::Open;
        };
        *self.compared.entry((one, other)).or_insert_with(|| first.lean(second))
    }

    fn finish(self, found: &mut Vec<Direction>) {
        for ((divergence, ours, _, _), (theirs, mut prefixes, certain)) in self.found {
            // Where each circuit is the standby of the other, requests leave by the nearer one.
            let mutual = ours.iter().any(|one| self.taken.contains(one))
                || theirs.iter().any(|one| self.left.contains(one));
            if divergence == Divergence::Unfollowed && mutual {
                continue;
            }
            prefixes.sort_unstable();
            found.push(Direction {
                provider: self.world.provider,
                peering: self.world.peering,
                family: self.world.family,
                vrf: self.world.vrf.map(str::to_owned),
                divergence,
                prefixes,
                ours,
                theirs: theirs.into_iter().collect(),
                certain,
            });
        }
    }
}

/// How the routes of a circuit are preferred; `None` where it accepts none.
fn leaning<'n, 't>(
    network: &'n Network<'t>,
    world: &World<'n, 't>,
    circuit: CircuitId,
    local: &BTreeSet<DeviceId>,
) -> Option<Leaning<'n, 't>> {
    let members = world.circuits.get(&circuit)?;
    let (first, _) = members.first()?;
    let process = network.process(first);
    let domain = first.domain.and_then(|at| network.domains.get(at).map(|one| (at, one.open)));
    let realm = Realm {
        local_as: outer_as(process)?,
        domain: domain.map(|(at, _)| at),
        open: domain.is_some_and(|(_, open)| open),
        vrf: first.vrf,
    };
    let mut classes: Vec<Liking<'n, 't>> = Vec::new();
    let mut router = Some(first.device);
    for (session, family) in members {
        router = router.filter(|&device| device == session.device);
        let usual = network.device(session.device).behaviour.path_distance.unwrap_or(0);
        for class in family.preferences.iter() {
            let liking = Liking::of(class, usual);
            if !classes.contains(&liking) {
                classes.push(liking);
            }
        }
    }
    // What a router keeps to itself is compared with whatever else ends there.
    let router = router.filter(|device| local.contains(device));
    (!classes.is_empty()).then_some(Leaning { realm, router, classes })
}

/// Devices that set weights or distances on routes of circuits.
fn local_routers(network: &Network<'_>) -> BTreeSet<DeviceId> {
    let sessions = network.sessions.iter().filter(|session| session.circuit.is_some());
    let sets = |session: &&Session<'_>| {
        session.live_families().any(|family| family.preferences.iter().any(Liking::is_local))
    };
    sessions.filter(sets).map(|session| session.device).collect()
}

/// The first circuits, sorted, each once.
fn few(mut circuits: Vec<CircuitId>) -> Vec<CircuitId> {
    circuits.sort_unstable();
    circuits.dedup();
    circuits.truncate(MOST_OURS);
    circuits
}

/// The number of addresses; more than can be counted only in `::/0`.
fn size(prefix: Prefix) -> u128 {
    let bits = prefix.family().width() - prefix.length();
    1_u128.checked_shl(u32::from(bits)).unwrap_or(u128::MAX)
}
