//! The lines that may be why two sides differ.
//!
//! A trail holds what decided: filters, clauses, entries. Where attributes differ, the statements that set them
//! stand in those clauses; they are added here.

use std::collections::BTreeSet;

use edgelint_model::{AsPathList, Direction, SetAction, Step};
use edgelint_source::Span;

use crate::compare::meaning::Meanings;
use crate::compare::outcome::Aspect;
use crate::compare::{Difference, Side};
use crate::device::DeviceFacts;
use crate::mark::Mark;

/// Deeper nesting than anybody writes.
const DEEPEST: u8 = 32;

/// Fills in the causes of a difference.
pub(super) fn explain<'t>(
    sides: &[Side<'_, 't>; 2],
    direction: Direction,
    difference: &mut Difference<'t>,
    meanings: &[Meanings<'_, 't>; 2],
) {
    let aspects = difference.aspects();
    for (at, side) in sides.iter().enumerate() {
        let (Some(trail), Some(causes)) =
            (difference.trails.get(at), difference.causes.get_mut(at))
        else {
            continue;
        };
        let device = side.network.device(side.session.device);
        let mut found: BTreeSet<Span> = trail.iter().map(|mark| mark.at).collect();
        found.extend(sets(device, trail, &aspects));
        let asked = |list: &&AsPathList<'t>| {
            let question = meanings.get(at).map(|meanings| meanings.as_path_list(list.name));
            question.is_some_and(|question| difference.conditions.asks(&question))
        };
        let lists = device.device.as_path_lists.iter();
        if difference.conditions.asks_path() {
            found.extend(lists.filter(asked).flat_map(|list| &list.entries).map(|entry| entry.at));
        }
        let filters = match direction {
            Direction::In => &side.family.import_filters,
            Direction::Out => &side.family.export_filters,
        };
        found.extend(filters.iter().map(|filter| filter.name.at()));
        found.extend(filters.iter().filter_map(|filter| filter.name.origin.via()));
        if direction == Direction::In {
            let settings = side.network.neighbor_family(side.session, side.family);
            let own = [
                (Aspect::LocalPreference, settings.local_preference),
                (Aspect::Weight, settings.weight),
                (Aspect::Distance, settings.options.distance),
            ];
            let told = own.into_iter().filter(|(aspect, _)| aspects.contains(aspect));
            found.extend(told.filter_map(|(_, fact)| fact).map(|fact| fact.at()));
        }
        causes.extend(found);
    }
}

/// The statements in the clauses of a trail that change one of some attributes.
fn sets(device: &DeviceFacts<'_>, trail: &[Mark<'_>], aspects: &[Aspect]) -> Vec<Span> {
    let mut found = Vec::new();
    if aspects.contains(&Aspect::Verdict) {
        return found;
    }
    let visited: BTreeSet<Span> = trail.iter().map(|mark| mark.at).collect();
    for clause in device.device.policies.iter().flat_map(|policy| &policy.clauses) {
        let inside = visited.contains(&clause.at);
        of_steps(&clause.steps, (inside, 0), (&visited, aspects), &mut found);
    }
    found
}

fn of_steps(
    steps: &[Step<'_>],
    (inside, depth): (bool, u8),
    (visited, aspects): (&BTreeSet<Span>, &[Aspect]),
    found: &mut Vec<Span>,
) {
    for step in steps {
        match step {
            Step::Set(action) if inside && aspects.contains(&aspect(&action.value)) => {
                found.push(action.at());
            }
            Step::Branch(arms) if depth < DEEPEST => {
                for arm in arms {
                    let inside = visited.contains(&arm.at);
                    of_steps(&arm.steps, (inside, depth + 1), (visited, aspects), found);
                }
            }
            _ => {}
        }
    }
}

/// What a change is about.
const fn aspect(action: &SetAction<'_>) -> Aspect {
    match action {
        SetAction::LocalPreference(_) => Aspect::LocalPreference,
        SetAction::Weight(_) => Aspect::Weight,
        SetAction::Distance(_) => Aspect::Distance,
        SetAction::Med(_) => Aspect::Med,
        SetAction::Community(_) => Aspect::Communities,
        SetAction::Prepend(_) | SetAction::ExcludeAs(_) => Aspect::Path,
        SetAction::Origin(_) => Aspect::Origin,
        SetAction::Tag(_) => Aspect::Tag,
        SetAction::PrependLastAs(_)
        | SetAction::PrependOwnAs(_)
        | SetAction::RewritePath(_)
        | SetAction::ReplaceAs(_)
        | SetAction::NextHop(_)
        | SetAction::Irrelevant
        | SetAction::RouteTargets(_)
        | SetAction::Unknown => Aspect::Further,
    }
}
