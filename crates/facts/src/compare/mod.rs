//! Policies compared as functions: the routes that two sessions treat differently, whoever made the devices.
//!
//! Both sides were evaluated into disjoint classes of routes. One sweep over the prefixes of all classes finds which of
//! them meet; where the conditions of two that meet go together and their outcomes differ, there is a
//! difference. Names, numbers and the order of clauses are gone by then, so two spellings of one policy are
//! equal. Each difference gets a witness: one route that both sides are then asked about again, on its own.
//!
//! On that rest the comparison of the links of a circuit ([`links`]) and that of two states of an estate
//! ([`estates`]).

mod causes;
mod conditions;
pub mod estates;
pub mod links;
mod meaning;
mod outcome;
mod settings;
mod witness;
mod words;

use std::collections::BTreeMap;

use edgelint_model::{Community, Direction};
use edgelint_prefix::{Prefix, PrefixSet, shared_prefixes};
use edgelint_source::{Files, Span};

use crate::as_path::{AsPath, AsPathSet};
use crate::evaluate::{Evaluated, RouteClass};
use crate::mark::Mark;
use crate::network::Network;
use crate::session::{Session, SessionFamily};

pub use conditions::Conditions;
pub use outcome::{Aspect, Outcome, Passed};
pub use settings::Setting;
pub use words::routes;

use meaning::Meanings;

/// One of two sessions that are compared, in one family.
#[derive(Clone, Copy)]
pub struct Side<'n, 't> {
    /// The network.
    pub network: &'n Network<'t>,
    /// The session.
    pub session: &'n Session<'t>,
    /// The family.
    pub family: &'n SessionFamily<'t>,
    /// The texts, where they are at hand: what is not understood is then compared by its words.
    pub texts: Option<&'n Files>,
}

/// A route that two sides treat differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its prefix.
    pub prefix: Prefix,
    /// Its communities, where they matter.
    pub communities: Vec<Community>,
    /// Its AS path, where it matters.
    pub as_path: Option<AsPath>,
}

/// Routes that two sides treat differently, all alike. Where the difference is a community that one side adds or takes
/// away, routes that carry it already, or never did, are among them.
#[derive(Clone, Debug)]
pub struct Difference<'t> {
    /// Their prefixes.
    pub space: PrefixSet,
    /// What else they have in common.
    pub conditions: Conditions,
    /// What becomes of them on either side.
    pub outcomes: [Outcome; 2],
    /// One of them.
    pub witness: Option<Witness>,
    /// Whether it is certain: both sides were understood, and the witness was asked again.
    pub certain: bool,
    /// The lines that have a say on either side about the witness.
    pub trails: [Vec<Mark<'t>>; 2],
    /// All lines that may be why, in the order of the files: the filters' own, those of the trails, and what
    /// changes attributes in which the outcomes differ.
    pub causes: [Vec<Span>; 2],
}

impl Difference<'_> {
    /// What the outcomes differ in.
    pub fn aspects(&self) -> Vec<Aspect> {
        self.outcomes[0].aspects(&self.outcomes[1])
    }
}

/// The differences between two sides in one direction.
#[derive(Clone, Debug, Default)]
pub struct Compared<'t> {
    /// In the order of their prefixes.
    pub differences: Vec<Difference<'t>>,
    /// Whether these are all: policies with very many classes are not compared to the end.
    pub complete: bool,
}

/// Pairs of classes that are looked at, at most: hostile policies divide routes without end.
const MOST_PAIRS: usize = 4_000_000;
/// Differences that are told apart, at most.
const MOST_DIFFERENCES: usize = 400;

/// Differences that are put together, at most: each is held against each.
const MOST_MERGED: usize = 100;

/// A class with what it asks and what becomes of its routes.
struct Case<'n, 't> {
    class: &'n RouteClass<'t>,
    conditions: Conditions,
    outcome: Outcome,
}

/// Two cases with the outcomes and conditions of the routes that are in both.
type Key = ([Outcome; 2], Conditions);

impl Compared<'_> {
    /// No differences.
    const fn none() -> Self {
        Self { differences: Vec::new(), complete: true }
    }
}

/// Compares what two sessions do with routes of a direction.
pub fn compare<'t>(sides: &[Side<'_, 't>; 2], direction: Direction) -> Compared<'t> {
    compare_within(sides, direction, &PrefixSet::default())
}

/// The same for all prefixes but some.
fn compare_within<'t>(
    sides: &[Side<'_, 't>; 2],
    direction: Direction,
    except: &PrefixSet,
) -> Compared<'t> {
    let [old, new] = sides;
    let function = |side: &Side<'_, 't>| match direction {
        Direction::In => std::sync::Arc::clone(&side.family.import),
        Direction::Out => std::sync::Arc::clone(&side.family.export),
    };
    let (before, after) = (function(old), function(new));
    let meanings =
        [old, new].map(|side| Meanings::new(side.network.device(side.session.device), side.texts));
    let ours = cases(old, direction, &before, &meanings[0]);
    let theirs = cases(new, direction, &after, &meanings[1]);
    let spaces: Vec<&PrefixSet> =
        ours.iter().chain(&theirs).map(|case| &case.class.space).collect();
    let mut pairs: BTreeMap<(usize, usize), PrefixSet> = BTreeMap::new();
    let mut complete = true;
    let mut looked = 0;
    for shared in shared_prefixes(&spaces) {
        let split = shared.members.partition_point(|&member| member < ours.len());
        let (mine, other) = shared.members.split_at(split);
        for &a in mine {
            for &b in other {
                looked += 1;
                complete &= looked < MOST_PAIRS;
                let b = b - ours.len();
                let (Some(one), Some(two)) = (ours.get(a), theirs.get(b)) else { continue };
                if !complete || one.outcome == two.outcome {
                    continue;
                }
                let set = shared.set.difference(except);
                if !set.is_empty() {
                    let space = pairs.entry((a, b)).or_default();
                    *space = space.union(&set);
                }
            }
        }
    }
    let possible = paths(sides, direction);
    let mut found: BTreeMap<Key, (PrefixSet, bool, (usize, usize))> = BTreeMap::new();
    for ((a, b), space) in pairs {
        let (Some(one), Some(two)) = (ours.get(a), theirs.get(b)) else { continue };
        let Some(conditions) = one.conditions.and(&two.conditions) else { continue };
        if conditions.asks_path() {
            // Two conditions on paths may exclude each other, however they are written.
            let paths = conditions.paths().and_then(|all| all.intersection(&possible));
            if paths.is_some_and(|paths| paths.is_empty()) {
                continue;
            }
        }
        let outcomes = [&one.outcome, &two.outcome].map(|it| it.clone().among(&conditions));
        if outcomes[0] == outcomes[1] {
            continue;
        }
        let certain = one.class.certain && two.class.certain && conditions.understood();
        let entry = found.entry((outcomes, conditions));
        let (all, sure, _) = entry.or_insert_with(|| (PrefixSet::default(), true, (a, b)));
        *all = all.union(&space);
        *sure &= certain;
    }
    complete &= found.len() <= MOST_DIFFERENCES;
    let mut merged = merged(found.into_iter().take(MOST_DIFFERENCES).collect());
    merged.sort_by_cached_key(|one| (one.space.ranges(), one.key.1.clone()));
    let differences = merged.into_iter().filter_map(|one| {
        let classes = [ours.get(one.place.0)?.class, theirs.get(one.place.1)?.class];
        let mut difference = witness::witnessed(sides, direction, one, classes, &meanings)?;
        causes::explain(sides, direction, &mut difference, &meanings);
        Some(difference)
    });
    Compared { differences: differences.collect(), complete }
}

/// The AS paths that routes may have: those of another AS are not empty.
fn paths(sides: &[Side<'_, '_>; 2], direction: Direction) -> AsPathSet {
    let external = sides.iter().any(|side| side.session.is_ebgp);
    match (direction, external) {
        (Direction::In, true) => AsPathSet::non_empty(),
        _ => AsPathSet::all(),
    }
}

fn cases<'n, 't>(
    side: &Side<'n, 't>,
    direction: Direction,
    evaluated: &'n Evaluated<'t>,
    meanings: &Meanings<'n, 't>,
) -> Vec<Case<'n, 't>> {
    let case = |class: &'n RouteClass<'t>| {
        let conditions = Conditions::of(class, meanings)?;
        let outcome = Outcome::of(side, direction, class, meanings);
        Some(Case { class, conditions, outcome })
    };
    evaluated.classes.iter().filter_map(case).collect()
}

/// A difference on its way.
struct Found {
    key: Key,
    space: PrefixSet,
    certain: bool,
    /// Places of two classes that it comes from.
    place: (usize, usize),
}

/// What two policies do differently: where, whether that is certain, and the places of the two classes.
type Differing = (PrefixSet, bool, (usize, usize));

/// Puts together what differs alike: routes with a community and routes without it are all routes.
fn merged(found: Vec<(Key, Differing)>) -> Vec<Found> {
    let mut all: Vec<Found> = found
        .into_iter()
        .map(|(key, (space, certain, place))| Found { key, space, certain, place })
        .collect();
    if MOST_MERGED < all.len() {
        return all;
    }
    let mut at = 0;
    while at < all.len() {
        let joined = all.get(at).and_then(|one| {
            let others = all.iter().enumerate().skip(at + 1);
            let mut alike = others.filter(|(_, other)| one.is_alike(other));
            alike.find_map(|(place, other)| Some((place, one.key.1.joined(&other.key.1)?)))
        });
        let Some((place, conditions)) = joined else {
            at += 1;
            continue;
        };
        let other = all.remove(place);
        if let Some(one) = all.get_mut(at) {
            one.key.1 = conditions;
            one.certain &= other.certain;
        }
        // What was looked at before may go with it now.
        at = 0;
    }
    for at in 0..all.len() {
        // Each step asks for less than before.
        while let Some((conditions, certain)) = all.get(at).and_then(|one| {
            let mut others = all.iter().enumerate().filter(|(place, _)| *place != at);
            others.find_map(|(_, other)| {
                let beside = one.is_alike(other).then(|| one.key.1.beside(&other.key.1)).flatten();
                beside.map(|conditions| (conditions, one.certain && other.certain))
            })
        }) {
            let Some(one) = all.get_mut(at) else { break };
            one.key.1 = conditions;
            one.certain = certain;
        }
    }
    all
}

impl Found {
    /// Whether two differences are alike but for their conditions.
    fn is_alike(&self, other: &Self) -> bool {
        self.key.0 == other.key.0 && self.space == other.space
    }
}
