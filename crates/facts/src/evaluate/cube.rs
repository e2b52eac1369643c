//! A cube: a set of routes on its way through a policy.

use std::net::IpAddr;

use edgelint_model::{Community, Direction, OriginCode, Rare, Verdict};
use edgelint_prefix::{Prefix, PrefixSet};

use crate::as_path::{AsPath, AsPathSet};
use crate::evaluate::attributes::Attributes;
use crate::evaluate::class::{Given, RouteClass, Test};
use crate::mark::{Mark, Note};
use edgelint_source::Span;

/// What is known of the AS path with which routes arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsPathKnown {
    /// It is empty: the routes originate here.
    Empty,
    /// At least one AS is in it: they come over eBGP.
    NonEmpty,
    /// Nothing.
    #[default]
    Unknown,
}

/// What is known of routes beside their prefixes, before the policy. `None`: not known.
#[derive(Clone, Debug, Default)]
pub struct Known<'t> {
    /// AS path.
    pub as_path: AsPathKnown,
    /// AS path, where it is one that is known.
    pub path: Option<AsPath>,
    /// Communities, sorted.
    pub communities: Option<Vec<Community>>,
    /// Whether they carry communities of other types too.
    pub has_others: bool,
    /// The protocol they come from.
    pub protocol: Option<&'t str>,
    /// The protocols they may come from, where that is all that is known of it.
    pub protocols: Option<Vec<&'t str>>,
    /// The neighbor that sends them.
    pub neighbor: Option<IpAddr>,
    /// Tag.
    pub tag: Option<u32>,
    /// Interface of their next hop; empty where packets are dropped.
    pub interface: Option<&'t str>,
    /// Next hop.
    pub next_hop: Option<IpAddr>,
    /// MED or metric.
    pub med: Option<u32>,
    /// Local preference.
    pub local_preference: Option<u32>,
    /// ORIGIN.
    pub origin: Option<OriginCode>,
    /// Whether a neighbor sends them or is sent them.
    pub direction: Option<Direction>,
    /// The VRF whose table they are in; the inner `None` is the default one.
    pub vrf: Option<Option<&'t str>>,
}

/// Routes that went the same way so far.
#[derive(Clone, Debug)]
pub(crate) struct Cube<'t> {
    pub(crate) space: PrefixSet,
    /// The prefix, where there is only one: cheaper than the set.
    pub(crate) single: Option<Prefix>,
    pub(crate) given: Rare<Given<'t>>,
    pub(crate) attributes: Attributes,
    /// Attributes when the policy was entered, for systems whose matches do not see sets.
    pub(crate) entry: Attributes,
    pub(crate) certain: bool,
    /// The verdict of an earlier clause that went on.
    pub(crate) pending: Option<Verdict>,
    /// Whether the policy of an expression that was asked last left the route open.
    pub(crate) left_open: bool,
    pub(crate) trail: Vec<Mark<'t>>,
}

impl<'t> Cube<'t> {
    /// All routes of a space.
    pub(crate) fn of(space: PrefixSet) -> Self {
        Self {
            space,
            single: None,
            given: Rare::default(),
            attributes: Attributes::default(),
            entry: Attributes::default(),
            certain: true,
            pending: None,
            left_open: false,
            trail: Vec::new(),
        }
    }

    /// The routes to one prefix, with attributes that are set already.
    pub(crate) fn route(prefix: Prefix, attributes: Attributes) -> Self {
        let entry = attributes.clone();
        let cube = Self::of(PrefixSet::from_prefix(prefix));
        Self { single: Some(prefix), attributes, entry, ..cube }
    }

    /// Divides by a set of prefixes: the part inside and the part outside, where not empty. Where that would make
    /// two of one and may not be, all of it counts as inside, with doubt.
    pub(crate) fn divide(
        self,
        set: &PrefixSet,
        may: impl FnOnce() -> bool,
    ) -> (Option<Self>, Option<Self>) {
        if let Some(prefix) = self.single {
            return if set.contains(&prefix) { (Some(self), None) } else { (None, Some(self)) };
        }
        let inside = self.space.intersection(set);
        if inside.is_empty() {
            return (None, Some(self));
        }
        let outside = self.space.difference(set);
        if outside.is_empty() {
            return (Some(self), None);
        }
        if !may() {
            return (Some(Self { certain: false, ..self }), None);
        }
        let rest = Self { space: outside, ..self.clone() };
        (Some(Self { space: inside, ..self }), Some(rest))
    }

    /// The answer to a test, where it was given before or follows from others.
    pub(crate) fn answer(&self, test: &Test<'t>) -> Option<bool> {
        if let Test::CommunitiesWithin(all) = test
            && self.given.required.iter().any(|one| !all.contains(one))
        {
            return Some(false);
        }
        self.given.tests.iter().find_map(|(known, answer)| known.implies(*answer, test))
    }

    /// Whether its routes came with a community, where that is known of all of them.
    pub(crate) fn carries(&self, wanted: Community) -> Option<bool> {
        let given = &*self.given;
        if given.required.binary_search(&wanted).is_ok() {
            return Some(true);
        }
        let excludes = |(test, answer): &(Test<'t>, bool)| match test {
            Test::CommunitiesWithin(all) => *answer && !all.contains(&wanted),
            _ => false,
        };
        let excluded = given.forbidden.binary_search(&wanted).is_ok();
        (excluded || given.tests.iter().any(excludes)).then_some(false)
    }

    /// With the answer to a test; one that was given before stays.
    pub(crate) fn with_answer(mut self, test: Test<'t>, answer: bool) -> Self {
        self.certain &= test.is_understood();
        let tests = &mut self.given.tests;
        if let Err(at) = tests.binary_search_by(|(known, _)| known.cmp(&test)) {
            little_room(tests);
            tests.insert(at, (test, answer));
        }
        self
    }

    /// With the AS paths that its routes came with.
    pub(crate) fn with_paths(mut self, paths: AsPathSet) -> Self {
        self.given.as_path = Some(paths);
        self
    }

    /// Forgets what was marked behind the first marks, which explains nothing where a clause does not hold; but
    /// for rings, because of which nothing is certain any more.
    pub(super) fn forget(&mut self, n_marks: usize) {
        let mut place = 0;
        self.trail.retain(|mark| {
            place += 1;
            place <= n_marks || matches!(mark.note, Note::Ring(_))
        });
    }

    /// With a community that its routes came with, or did not come with.
    pub(crate) fn with_community(mut self, community: Community, carried: bool) -> Self {
        let given = &mut *self.given;
        let list = if carried { &mut given.required } else { &mut given.forbidden };
        if let Err(at) = list.binary_search(&community) {
            little_room(list);
            list.insert(at, community);
        }
        self
    }

    pub(crate) fn mark(&mut self, at: Span, note: Note<'t>) {
        little_room(&mut self.trail);
        self.trail.push(Mark { at, note });
    }

    /// What became of its routes.
    pub(crate) fn end(self, verdict: Verdict) -> RouteClass<'t> {
        let certain =
            self.certain && !self.attributes.unclear && !self.attributes.lists.communities.unclear;
        RouteClass {
            space: self.space,
            given: self.given,
            verdict,
            attributes: self.attributes,
            certain,
            trail: self.trail,
        }
    }
}

/// Makes room for one more item, and for no more than as many again: most of these lists end with one or
/// two items, and they are kept as long as the network.
fn little_room<T>(items: &mut Vec<T>) {
    if items.len() == items.capacity() {
        items.reserve_exact(items.len().max(1));
    }
}
