//! Preference: which routes a session accepts, and what makes them better or worse than others.

use std::sync::Arc;

use edgelint_model::{Community, Fact, NeighborFamily};
use edgelint_prefix::PrefixSet;
use edgelint_source::Span;

use crate::evaluate::{Evaluated, RouteClass, Test};
use crate::mark::{Mark, Note};

/// Routes that are accepted from a neighbor and preferred alike: a class of what its inbound filters
/// do, with what the neighbor's own settings add.
#[derive(Clone, Debug)]
pub struct PreferenceClass<'t> {
    /// What the inbound filters do.
    import: Arc<Evaluated<'t>>,
    /// Place of the class there.
    place: usize,
    /// The neighbor's settings of local preference, weight and distance, where they decide.
    settings: [Option<Span>; 3],
    /// Local preference that this session sets, by policy or for the neighbor.
    pub local_preference: Option<u32>,
    /// Local preference the routes end up with: set here, or the default of the instance or the dialect.
    /// On iBGP sessions without a set it is what the other end sent, which is not known.
    pub effective_local_preference: Option<u32>,
    /// Weight that this session sets, by policy or for the neighbor.
    pub weight: Option<u32>,
    /// Distance on its router that this session sets, where paths are compared by it.
    pub distance: Option<u32>,
}

impl<'t> PreferenceClass<'t> {
    /// Whether this session sets nothing by which its routes would be preferred.
    pub fn is_unset(&self) -> bool {
        self.local_preference.or(self.weight).or(self.distance).is_none()
    }

    /// Their prefixes.
    pub fn space(&self) -> &PrefixSet {
        &self.routes().space
    }

    /// Communities they carry when they arrive, sorted.
    pub fn communities(&self) -> &[Community] {
        &self.routes().given.required
    }

    /// Communities they do not carry when they arrive, sorted.
    pub fn without(&self) -> &[Community] {
        &self.routes().given.forbidden
    }

    /// Further conditions with their answers (AS-path lists, expressions).
    pub fn tests(&self) -> &[(Test<'t>, bool)] {
        &self.routes().given.tests
    }

    /// Whether everything on the way was understood.
    pub fn certain(&self) -> bool {
        self.routes().certain
    }

    /// The lines that decide, in order.
    pub fn trail(&self) -> impl DoubleEndedIterator<Item = Mark<'t>> {
        let settings = self.settings.iter().flatten();
        let settings = settings.map(|&at| Mark { at, note: Note::Setting });
        self.routes().trail.iter().copied().chain(settings)
    }

    /// Whether one route may be in both classes (arriving by different ways, its communities may
    /// differ, so prefixes alone count).
    pub fn shares_prefixes(&self, other: &Self) -> bool {
        self.space().overlaps(other.space())
    }

    /// The class of the filters. A preference is only ever made of a class that is there.
    fn routes(&self) -> &RouteClass<'t> {
        &self.import.classes[self.place]
    }
}

/// What a neighbor itself sets on routes that no policy sets it on, and the default beyond: together with
/// the inbound filters all that preferences depend on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Settings {
    local_preference: Option<Fact<u32>>,
    weight: Option<Fact<u32>>,
    /// The local preference of routes that nothing gives one, where it is known.
    default: Option<u32>,
    distance: Option<Fact<u32>>,
}

impl Settings {
    pub(crate) fn of(family: &NeighborFamily<'_>, default: Option<u32>) -> Self {
        let (local_preference, weight) = (family.local_preference, family.weight);
        Self { local_preference, weight, default, distance: family.options.distance }
    }

    /// The classes that a session accepts.
    pub(crate) fn preferences<'t>(self, import: &Arc<Evaluated<'t>>) -> Arc<[PreferenceClass<'t>]> {
        let or_neighbor = |policy: Option<u32>, neighbor: Option<Fact<u32>>| match policy {
            Some(value) => (Some(value), None),
            None => (neighbor.map(|fact| fact.value), neighbor.map(|fact| fact.at())),
        };
        let class = |(place, class): (usize, &RouteClass<'t>)| {
            let set = &class.attributes;
            let (local_preference, preferred_at) =
                or_neighbor(set.local_preference, self.local_preference);
            let (weight, weighted_at) = or_neighbor(set.weight, self.weight);
            let (distance, distanced_at) = or_neighbor(set.distance, self.distance);
            PreferenceClass {
                import: Arc::clone(import),
                place,
                settings: [preferred_at, weighted_at, distanced_at],
                local_preference,
                effective_local_preference: local_preference.or(self.default),
                weight,
                distance,
            }
        };
        let classes = import.classes.iter().enumerate();
        classes.filter(|(_, class)| class.is_permitted()).map(class).collect()
    }
}
