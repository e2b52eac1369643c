//! Classes of routes: what comes out of a policy.

use std::net::IpAddr;
use std::sync::Arc;

use edgelint_model::{Blank, Community, ObjectKind, OriginCode, Rare, Verdict};
use edgelint_prefix::{Prefix, PrefixSet};
use edgelint_source::Span;

use crate::as_path::AsPathSet;
use crate::compact::fit;
use crate::evaluate::attributes::{AttributeLists, Attributes};
use crate::mark::Mark;

/// A question about a route that the configuration alone does not answer. It is asked about the route as it
/// comes to the policy, so the same question has one answer for one route, however often a policy asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test<'t> {
    /// Whether its AS path is matched by this list.
    AsPathList(&'t str),
    /// Whether its AS path is matched by this expression.
    AsPathRegex(&'t str),
    /// Whether its AS path is as long, as path selection counts; inclusive bounds.
    AsPathLength(u32, u32),
    /// Whether its communities are matched by this entry of an expanded list.
    CommunityRegex(&'t str),
    /// Whether it carries no community but these, sorted.
    CommunitiesWithin(Arc<[Community]>),
    /// Whether this is its tag.
    Tag(u32),
    /// Whether this is its MED.
    Med(u32),
    /// Whether this is its local preference.
    LocalPreference(u32),
    /// Whether this is its ORIGIN.
    Origin(OriginCode),
    /// Whether this neighbor sent it, or is to be sent it.
    Neighbor(IpAddr),
    /// Whether its next hop is in a list of that kind and name.
    NextHopList(ObjectKind, &'t str),
    /// Whether it comes from this protocol, as written.
    Protocol(&'t str),
    /// A question about its AS path or its communities behind these edits.
    After(Arc<(Self, AttributeLists)>),
    /// A match on something else that is understood but not known of the route, and that no policy
    /// changes (interface, extended communities): the match.
    Attribute(Span),
    /// A match that is not understood, or an object whose effect nobody has shown: the statement.
    NotUnderstood(Span),
}

impl Test<'_> {
    /// Whether edgelint understood the question.
    pub const fn is_understood(&self) -> bool {
        !matches!(self, Self::NotUnderstood(_))
    }

    /// What an answer to this question says about another one, where it says something.
    pub(crate) fn implies(&self, answer: bool, other: &Self) -> Option<bool> {
        match (self, other) {
            _ if self == other => Some(answer),
            // An attribute has one value.
            (Self::Tag(_), Self::Tag(_))
            | (Self::Med(_), Self::Med(_))
            | (Self::LocalPreference(_), Self::LocalPreference(_))
            | (Self::Origin(_), Self::Origin(_))
            | (Self::Neighbor(_), Self::Neighbor(_)) => answer.then_some(false),
            (Self::CommunitiesWithin(ours), Self::CommunitiesWithin(theirs)) => {
                let lies_in = |a: &[Community], b: &[Community]| a.iter().all(|it| b.contains(it));
                match answer {
                    true => lies_in(ours, theirs).then_some(true),
                    false => lies_in(theirs, ours).then_some(false),
                }
            }
            _ => None,
        }
    }
}

/// What routes of a class have in common beside their prefixes, before the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given<'t> {
    /// Communities they carry before the policy, sorted.
    pub required: Vec<Community>,
    /// Communities they do not carry before the policy, sorted.
    pub forbidden: Vec<Community>,
    /// Further questions with their answers, sorted.
    pub tests: Vec<(Test<'t>, bool)>,
    /// The AS paths they arrive with, where several questions were about them; else the questions say it.
    /// [`RouteClass::as_paths`] tells in either case.
    pub as_path: Option<AsPathSet>,
}

impl Blank for Given<'_> {
    fn blank<'b>() -> &'b Self
    where
        Self: 'b,
    {
        static BLANK: Given<'static> =
            Given { required: Vec::new(), forbidden: Vec::new(), tests: Vec::new(), as_path: None };
        &BLANK
    }
}

/// Routes that a policy treats alike. The classes of one policy are disjoint.
#[derive(Clone, Debug)]
pub struct RouteClass<'t> {
    /// Their prefixes.
    pub space: PrefixSet,
    /// What else they have in common; nothing in most classes.
    pub given: Rare<Given<'t>>,
    /// What the policy says.
    pub verdict: Verdict,
    /// What the policy sets.
    pub attributes: Attributes,
    /// Whether everything on the way to the verdict and the attributes was understood.
    pub certain: bool,
    /// The lines on the way, in order.
    pub trail: Vec<Mark<'t>>,
}

impl RouteClass<'_> {
    /// Whether the routes pass.
    pub fn is_permitted(&self) -> bool {
        self.verdict == Verdict::Permit
    }

    /// Whether every route of the space is in the class, whatever its other attributes.
    pub fn is_unconditional(&self) -> bool {
        *self.given == *Given::blank()
    }

    /// Whether a route may be in both classes: prefixes in common, and neither demands what the
    /// other excludes, of communities or, as far as that is known, of the AS path.
    pub fn overlaps(&self, other: &Self) -> bool {
        let excludes =
            |a: &Self, b: &Self| a.given.required.iter().any(|one| b.given.forbidden.contains(one));
        let apart = match (&self.given.as_path, &other.given.as_path) {
            (Some(a), Some(b)) => a.overlaps(b) == Some(false),
            _ => false,
        };
        !excludes(self, other)
            && !excludes(other, self)
            && self.space.overlaps(&other.space)
            && !apart
    }
}

/// What a chain of filters does with all routes of a family.
#[derive(Clone, Debug, Default)]
pub struct Evaluated<'t> {
    /// Disjoint classes that together are all routes, in the order in which they were decided.
    pub classes: Vec<RouteClass<'t>>,
    /// Prefixes of which some routes may pass.
    pub may: PrefixSet,
    /// Prefixes of which every route passes for certain.
    pub must: PrefixSet,
    /// Whether every class is certain.
    pub exact: bool,
    /// Whether there is any filter; else the classes show what the dialect does without.
    pub filtered: bool,
    /// Prefixes that the filters name one by one in permits.
    pub named: Vec<(Prefix, Mark<'t>)>,
}

impl<'t> Evaluated<'t> {
    pub(crate) fn new(
        mut classes: Vec<RouteClass<'t>>,
        filtered: bool,
        named: Vec<(Prefix, Mark<'t>)>,
    ) -> Self {
        fit(&mut classes);
        classes.iter_mut().for_each(|class| fit(&mut class.trail));
        let of = |wanted: &dyn Fn(&RouteClass<'t>) -> bool| {
            PrefixSet::union_of(classes.iter().filter(|class| wanted(class)).map(|c| &c.space))
        };
        let may = of(&|class| class.is_permitted());
        let doubtful = of(&|class| !class.is_permitted() || !class.certain);
        let must = may.difference(&doubtful);
        let exact = classes.iter().all(|class| class.certain);
        Self { may, must, exact, filtered, named, classes }
    }

    /// The classes whose routes pass.
    pub fn permitted(&self) -> impl Iterator<Item = &RouteClass<'t>> {
        self.classes.iter().filter(|class| class.is_permitted())
    }
}
