//! Leaning: which of two ways a network prefers, over all routes that both of them bring.
//!
//! Classes of accepted routes are compared pair by pair. A way is preferred to another only where no
//! pair says the opposite: where each is preferred for its own part of the routes (a circuit for each
//! region), neither is.

use std::cmp::{Ordering, Reverse};
use std::hash::{Hash, Hasher};

use edgelint_model::Community;
use edgelint_prefix::PrefixSet;

use crate::evaluate::Test;
use crate::network::DeviceId;
use crate::preference::PreferenceClass;

/// Which of two ways is preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lean {
    /// The first, for every route that is not preferred alike.
    First,
    /// The second, likewise.
    Second,
    /// Neither: all routes of both are preferred alike.
    Neither,
    /// Not to be told: no routes in common, an unknown preference, or each for some routes.
    Open,
}

/// What routers compare before the AS path, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Distance, or route preference, on one router.
    Distance,
    /// Weight on one router.
    Weight,
    /// Local preference (RFC 4271, section 9.1.1).
    LocalPreference,
}

/// A class of accepted routes, by value: classes of two devices are equal where they say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Liking<'n, 't> {
    space: &'n PrefixSet,
    with: &'n [Community],
    without: &'n [Community],
    tests: &'n [(Test<'t>, bool)],
    certain: bool,
    local_preference: Option<u32>,
    /// Distance and weight, which never leave their router; only there are they compared.
    local: (Reverse<u32>, u32),
}

impl Hash for Liking<'_, '_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Questions are long, and where all else is equal there are few of them. The set has to be in it as a whole: what
        // thousands of sites accept often begins with one prefix, and a bucket for all of them would be searched in turn.
        let Self { space, with, without, tests, certain, local_preference, local } = self;
        (space, with, without, tests.len(), certain, local_preference, local).hash(state);
    }
}

impl<'n, 't> Liking<'n, 't> {
    /// The preference of a class; `usual` is the distance of routes that nothing gives one.
    pub(crate) fn of(class: &'n PreferenceClass<'t>, usual: u32) -> Self {
        Self {
            space: class.space(),
            with: class.communities(),
            without: class.without(),
            tests: class.tests(),
            certain: class.certain(),
            local_preference: class.effective_local_preference,
            local: (Reverse(class.distance.unwrap_or(usual)), class.weight.unwrap_or(0)),
        }
    }

    /// Whether something is set on the routes that only their own router sees.
    pub(crate) fn is_local(class: &PreferenceClass<'_>) -> bool {
        class.weight.or(class.distance).is_some()
    }

    /// Whether the routes are told by their prefixes and communities alone.
    pub(crate) const fn is_plain(&self) -> bool {
        self.tests.is_empty()
    }

    /// By what the routes of two classes are preferred differently, and how the first stands to the
    /// second; `None` where they are not, where no route is in both, or where it cannot be told because
    /// each asks its own question about the AS path.
    pub(crate) fn differs(&self, other: &Self, one_router: bool) -> Option<(Measure, Ordering)> {
        let told = self.is_plain() || other.is_plain() || self.tests == other.tests;
        if !told || !self.meets(other) {
            return None;
        }
        let (one, two) = (self.local_preference?, other.local_preference?);
        let (distance, weight) = match one_router {
            true => (self.local.0.cmp(&other.local.0), self.local.1.cmp(&other.local.1)),
            false => (Ordering::Equal, Ordering::Equal),
        };
        let measures = [
            (Measure::LocalPreference, one.cmp(&two)),
            (Measure::Weight, weight),
            (Measure::Distance, distance),
        ];
        measures.into_iter().find(|(_, order)| *order != Ordering::Equal)
    }

    /// Whether one route may be in both: neither asks for what the other excludes.
    fn meets(&self, other: &Self) -> bool {
        let excludes = |a: &Self, b: &Self| {
            a.with.iter().any(|one| b.without.contains(one))
                || a.tests.iter().any(|(test, answer)| {
                    b.tests.iter().any(|(other, given)| other == test && given != answer)
                })
        };
        !excludes(self, other) && !excludes(other, self) && self.space.overlaps(other.space)
    }
}

/// How a way is preferred: what is accepted there, and who compares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Leaning<'n, 't> {
    /// The AS, its group of joined devices, and the VRF.
    pub(crate) realm: Realm<'t>,
    /// The one router that holds the way, where it sets what never leaves it.
    pub(crate) router: Option<DeviceId>,
    /// The classes, each once.
    pub(crate) classes: Vec<Liking<'n, 't>>,
}

/// Where a local preference is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Realm<'t> {
    pub(crate) local_as: u32,
    /// Place of the iBGP domain; `None` for a device without iBGP.
    pub(crate) domain: Option<usize>,
    /// Whether the domain has members that are not in the run.
    pub(crate) open: bool,
    pub(crate) vrf: Option<&'t str>,
}

impl Realm<'_> {
    /// Whether the preferences of both are compared with each other. Devices of one AS that show no iBGP
    /// at all are taken for one realm: it may run beside what was exported.
    pub(crate) fn joins(&self, other: &Self) -> bool {
        let same = self.local_as == other.local_as && self.vrf == other.vrf;
        let both = self.domain.is_some() == other.domain.is_some();
        same && both && (self.domain == other.domain || (self.open && other.open))
    }
}

impl Leaning<'_, '_> {
    /// Whether everything that decides was understood.
    pub(crate) fn certain(&self) -> bool {
        self.classes.iter().all(|class| class.certain)
    }

    /// Which of two ways is preferred.
    pub(crate) fn lean(&self, other: &Self) -> Lean {
        if !self.realm.joins(&other.realm) {
            return Lean::Open;
        }
        let one_router = self.router.is_some() && self.router == other.router;
        let (mut first, mut second, mut met) = (false, false, false);
        for ours in &self.classes {
            for theirs in other.classes.iter().filter(|theirs| ours.meets(theirs)) {
                let (Some(one), Some(two)) = (ours.local_preference, theirs.local_preference)
                else {
                    return Lean::Open;
                };
                let local =
                    if one_router { ours.local.cmp(&theirs.local) } else { Ordering::Equal };
                met = true;
                match local.then(one.cmp(&two)) {
                    Ordering::Greater => first = true,
                    Ordering::Less => second = true,
                    Ordering::Equal => {}
                }
            }
        }
        match (met, first, second) {
            (true, true, false) => Lean::First,
            (true, false, true) => Lean::Second,
            (true, false, false) => Lean::Neither,
            _ => Lean::Open,
        }
    }
}
