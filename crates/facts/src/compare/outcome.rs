//! What becomes of a route behind the filters of a session, in terms that two devices share.
//!
//! Settings of the neighbor, the system's defaults and what can be seen from the other end are worked in: a
//! local preference of 100 that is set and one that is the default are one outcome, and what an eBGP neighbor never
//! sees is left out.

use edgelint_model::{Community, Direction, OriginCode};

use crate::compare::Side;
use crate::compare::conditions::Conditions;
use crate::compare::meaning::Meanings;
use crate::draft::default_preference;
use crate::evaluate::{Communities, RouteClass};

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Whether the route passes.
    Verdict,
    /// LOCAL_PREF.
    LocalPreference,
    /// Weight.
    Weight,
    /// Distance on the router.
    Distance,
    /// MULTI_EXIT_DISC.
    Med,
    /// Communities.
    Communities,
    /// The AS path.
    Path,
    /// ORIGIN.
    Origin,
    /// Tag.
    Tag,
    /// Changes that are only known by what is written there.
    Further,
}

impl Aspect {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::LocalPreference => "local preference",
            Self::Weight => "weight",
            Self::Distance => "route preference",
            Self::Med => "MED",
            Self::Communities => "communities",
            Self::Path => "AS path",
            Self::Origin => "origin",
            Self::Tag => "tag",
            Self::Further => "further changes",
        }
    }

    /// Whether a router prefers routes by it before all that comes from outside.
    pub const fn prefers(self) -> bool {
        matches!(self, Self::LocalPreference | Self::Weight | Self::Distance)
    }
}

/// A route behind the filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passed {
    /// Local preference; none where it is what the route came with.
    pub local_preference: Option<u32>,
    /// Weight other than none.
    pub weight: Option<u32>,
    /// Distance other than the system's own.
    pub distance: Option<u32>,
    /// MED; none where it is what the route came with.
    pub med: Option<u32>,
    /// Tag, where one is set.
    pub tag: Option<u32>,
    /// ORIGIN, where one is set.
    pub origin: Option<OriginCode>,
    /// AS numbers that are put in front of the path, the own one of an eBGP session among them where others
    /// stand on its wrong side.
    pub prepend: Vec<u32>,
    /// AS numbers that are taken out.
    pub excluded: Vec<u32>,
    /// Whether the communities that the route came with are gone.
    pub cleared: bool,
    /// Communities that are added, sorted.
    pub added: Vec<Community>,
    /// Communities that are taken away, sorted.
    pub removed: Vec<Community>,
    /// Changes that are only known by what is written there.
    pub further: Vec<String>,
}

/// What becomes of a route.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is refused.
    Refused,
    /// It passes.
    Passed(Box<Passed>),
}

impl Outcome {
    /// The outcome of a class.
    pub(super) fn of(
        side: &Side<'_, '_>,
        direction: Direction,
        class: &RouteClass<'_>,
        meanings: &Meanings<'_, '_>,
    ) -> Self {
        if !class.is_permitted() {
            return Self::Refused;
        }
        let device = side.network.device(side.session.device);
        let behaviour = device.behaviour;
        let settings = side.network.neighbor_family(side.session, side.family);
        let set = &class.attributes;
        let is_ebgp = side.session.is_ebgp;
        let mut passed = Passed {
            med: set.med,
            origin: set.origin,
            excluded: set.lists.excluded.clone(),
            prepend: set.lists.prepend.clone(),
            further: set.lists.unfollowed.iter().filter_map(|&at| meanings.change(at)).collect(),
            ..Passed::default()
        };
        let state = &set.lists.communities;
        let mut kept = Some(state);
        match direction {
            Direction::In => {
                let instance = device.instance(side.session);
                let default = is_ebgp.then(|| default_preference(behaviour, instance));
                let own = settings.local_preference.map(|fact| fact.value);
                passed.local_preference = set.local_preference.or(own).or(default);
                let own = settings.weight.map(|fact| fact.value);
                passed.weight = set.weight.or(own).filter(|weight| *weight != 0);
                let own = settings.options.distance.map(|fact| fact.value);
                let usual = behaviour.path_distance;
                passed.distance = set.distance.or(own).filter(|value| Some(*value) != usual);
                passed.tag = set.tag;
            }
            Direction::Out => {
                let unasked = match is_ebgp {
                    true => behaviour.sends_communities_ebgp,
                    false => behaviour.sends_communities_ibgp,
                };
                let sends = settings.send_community.map_or(unasked, |fact| fact.value);
                kept = kept.filter(|_| sends);
                if is_ebgp {
                    let own = side.session.local_as.unwrap_or_default();
                    // On the left of the own number its repetition looks as on the right.
                    if behaviour.prepends_left_of_own
                        && passed.prepend.iter().any(|number| *number != own)
                    {
                        passed.prepend.push(own);
                    }
                } else {
                    passed.local_preference = set.local_preference;
                }
            }
        }
        match kept {
            Some(Communities { cleared, added, removed, unclear: _ }) => {
                passed.cleared = *cleared;
                passed.added.clone_from(added);
                passed.removed = if *cleared { Vec::new() } else { removed.clone() };
            }
            None => passed.cleared = true,
        }
        Self::Passed(Box::new(passed))
    }

    /// Without what changes nothing for routes of which this much is known.
    pub(super) fn among(mut self, conditions: &Conditions) -> Self {
        if let Self::Passed(passed) = &mut self
            && !passed.cleared
        {
            let (with, without) = (&conditions.communities, &conditions.without);
            passed.added.retain(|one| with.binary_search(one).is_err());
            passed.removed.retain(|one| without.binary_search(one).is_err());
        }
        self
    }

    /// Whether the route passes.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Passed(_))
    }

    /// What two outcomes differ in.
    pub fn aspects(&self, other: &Self) -> Vec<Aspect> {
        let (a, b) = match (self, other) {
            (Self::Refused, Self::Refused) => return Vec::new(),
            (Self::Passed(a), Self::Passed(b)) => (a, b),
            _ => return vec![Aspect::Verdict],
        };
        let differing = [
            (Aspect::LocalPreference, a.local_preference != b.local_preference),
            (Aspect::Weight, a.weight != b.weight),
            (Aspect::Distance, a.distance != b.distance),
            (Aspect::Med, a.med != b.med),
            (
                Aspect::Communities,
                (a.cleared, &a.added, &a.removed) != (b.cleared, &b.added, &b.removed),
            ),
            (Aspect::Path, (&a.prepend, &a.excluded) != (&b.prepend, &b.excluded)),
            (Aspect::Origin, a.origin != b.origin),
            (Aspect::Tag, a.tag != b.tag),
            (Aspect::Further, a.further != b.further),
        ];
        differing.into_iter().filter(|(_, differs)| *differs).map(|(aspect, _)| aspect).collect()
    }

    /// One aspect in a few words: `200`, `none`, `64500 64500 in front`.
    pub fn words(&self, aspect: Aspect) -> String {
        let Self::Passed(passed) = self else { return "refused".to_owned() };
        let number = |value: Option<u32>, none: &str| {
            value.map_or_else(|| none.to_owned(), |value| value.to_string())
        };
        match aspect {
            Aspect::Verdict => "passes".to_owned(),
            Aspect::LocalPreference => number(passed.local_preference, "as received"),
            Aspect::Weight => number(passed.weight, "0"),
            Aspect::Distance => number(passed.distance, "the default"),
            Aspect::Med => number(passed.med, "not set"),
            Aspect::Tag => number(passed.tag, "not set"),
            Aspect::Origin => match passed.origin {
                None => "not set".to_owned(),
                Some(OriginCode::Igp) => "igp".to_owned(),
                Some(OriginCode::Egp) => "egp".to_owned(),
                Some(OriginCode::Incomplete) => "incomplete".to_owned(),
            },
            Aspect::Communities => passed.community_words(),
            Aspect::Path => passed.path_words(),
            Aspect::Further if passed.further.is_empty() => "none".to_owned(),
            Aspect::Further => passed.further.join("; "),
        }
    }
}

impl Passed {
    fn community_words(&self) -> String {
        let list =
            |all: &[Community]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let mut parts = Vec::new();
        match (self.cleared, self.added.is_empty()) {
            (true, true) => parts.push("none".to_owned()),
            (true, false) => parts.push(format!("only {}", list(&self.added))),
            (false, true) => {}
            (false, false) => parts.push(format!("{} added", list(&self.added))),
        }
        if !self.removed.is_empty() {
            parts.push(format!("{} removed", list(&self.removed)));
        }
        if parts.is_empty() { "as they came".to_owned() } else { parts.join(", ") }
    }

    fn path_words(&self) -> String {
        let list = |all: &[u32]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let mut parts = Vec::new();
        if !self.prepend.is_empty() {
            parts.push(format!("{} prepended", list(&self.prepend)));
        }
        if !self.excluded.is_empty() {
            parts.push(format!("{} taken out", list(&self.excluded)));
        }
        if parts.is_empty() { "nothing prepended".to_owned() } else { parts.join(", ") }
    }
}
