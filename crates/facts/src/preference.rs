//! Preference: which routes a session accepts, and what makes them better or worse than others.

use edgelint_model::{Community, Fact, NeighborFamily};
use edgelint_prefix::PrefixSet;

use crate::evaluate::{Evaluated, RouteClass, Test};
use crate::mark::{Mark, Note};

/// Routes that are accepted from a neighbor and preferred alike.
#[derive(Clone, Debug)]
pub struct PreferenceClass<'t> {
    /// Their prefixes.
    pub space: PrefixSet,
    /// Communities they carry when they arrive, sorted.
    pub communities: Vec<Community>,
    /// Communities they do not carry when they arrive, sorted.
    pub without: Vec<Community>,
    /// Further conditions with their answers (AS-path lists, expressions).
    pub tests: Vec<(Test<'t>, bool)>,
    /// Local preference that this session sets, by policy or for the neighbor.
    pub local_preference: Option<u32>,
    /// Local preference the routes end up with: set here, or the default of the instance or the dialect.
    /// On iBGP sessions without a set it is what the other end sent, which is not known.
    pub effective_local_preference: Option<u32>,
    /// Weight that this session sets, by policy or for the neighbor.
    pub weight: Option<u32>,
    /// Distance on its router that this session sets, where paths are compared by it.
    pub distance: Option<u32>,
    /// Whether everything on the way was understood.
    pub certain: bool,
    /// The lines that decide, in order.
    pub trail: Vec<Mark<'t>>,
}

impl PreferenceClass<'_> {
    /// Whether this session sets nothing by which its routes would be preferred.
    pub fn is_unset(&self) -> bool {
        self.local_preference.or(self.weight).or(self.distance).is_none()
    }

    /// Whether one route may be in both classes (arriving by different ways, its communities may
    /// differ, so prefixes alone count).
    pub fn shares_prefixes(&self, other: &Self) -> bool {
        self.space.overlaps(&other.space)
    }
}

/// The classes that a session accepts. `default` is the local preference of routes that nothing gives one,
/// where it is known.
pub(crate) fn preferences<'t>(
    import: &Evaluated<'t>,
    settings: &NeighborFamily<'t>,
    default: Option<u32>,
) -> Vec<PreferenceClass<'t>> {
    let class = |class: &RouteClass<'t>| {
        let attributes = &class.attributes;
        let set = |fact: Fact<u32>| fact.value;
        let mut trail = class.trail.clone();
        let mut or_neighbor = |policy: Option<u32>, neighbor: Option<Fact<u32>>| {
            if let (None, Some(fact)) = (policy, neighbor) {
                trail.push(Mark { at: fact.at(), note: Note::Setting });
            }
            policy.or(neighbor.map(set))
        };
        let local_preference = or_neighbor(attributes.local_preference, settings.local_preference);
        let weight = or_neighbor(attributes.weight, settings.weight);
        let distance = or_neighbor(attributes.distance, settings.options.distance);
        PreferenceClass {
            space: class.space.clone(),
            communities: class.required.clone(),
            without: class.forbidden.clone(),
            tests: class.tests.clone(),
            local_preference,
            effective_local_preference: local_preference.or(default),
            weight,
            distance,
            certain: class.certain,
            trail,
        }
    };
    import.permitted().map(class).collect()
}
