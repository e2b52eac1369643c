//! Witnesses: one route for each difference, with the communities and the AS path it takes.
//!
//! Conditions of two devices are held together, so they may contradict each other in ways that words do not show. A
//! route that fulfils them all proves that they do not; it is then sent through both policies on its own.

use edgelint_model::{AsPathLanguage, Community, CommunityMatch, Direction};
use edgelint_prefix::Prefix;

use crate::as_path::{AsPath, AsPathSet};
use crate::compare::conditions::{Conditions, Kind};
use crate::compare::meaning::Meanings;
use crate::compare::outcome::Outcome;
use crate::compare::{Difference, Found, Side, Witness, paths};
use crate::draft::{Single, single};
use crate::evaluate::{RouteClass, communities_match};

/// A number that stands for any AS that nobody speaks of (RFC 5398).
const ANY_AS: u32 = 64_511;
/// Ranges whose lines are told, at most.
const MOST_RANGES: usize = 4;

/// A difference with its witness; nothing where no route can fulfil its conditions.
pub(super) fn witnessed<'t>(
    sides: &[Side<'_, 't>; 2],
    direction: Direction,
    found: Found,
    classes: [&RouteClass<'t>; 2],
    meanings: &[Meanings<'_, 't>; 2],
) -> Option<Difference<'t>> {
    let ([before, after], conditions) = found.key;
    let mut difference = Difference {
        space: found.space,
        conditions,
        outcomes: [before, after],
        witness: None,
        certain: false,
        trails: classes.map(|class| class.trail.clone()),
        causes: Default::default(),
    };
    let asks_path = difference.conditions.asks_path();
    let (Some(communities), Some(path)) = (
        communities(sides, &difference.conditions),
        path(sides, direction, &difference.conditions),
    ) else {
        return Some(difference);
    };
    let mut shown = false;
    for range in difference.space.ranges().into_iter().take(MOST_RANGES) {
        let Some(prefix) = Prefix::new(range.prefix.first(), range.min_length) else { continue };
        let mut asked = Vec::with_capacity(2);
        for ((side, class), meanings) in sides.iter().zip(classes).zip(meanings) {
            let answers = class.given.tests.clone();
            let route = Single {
                prefix,
                path: Some(path.clone()),
                communities: Some(communities.clone()),
                answers,
            };
            let facts = side.network.device(side.session.device);
            let mut ended = single(facts, side.session, (side.family, direction), route);
            let Some(ended) = ended.pop().filter(|_| ended.is_empty()) else { continue };
            let outcome = Outcome::of(side, direction, &ended, meanings);
            asked.push((outcome.among(&difference.conditions), ended));
        }
        let Ok([one, two]) = <[_; 2]>::try_from(asked) else { continue };
        let confirmed = one.0 == difference.outcomes[0] && two.0 == difference.outcomes[1];
        if !confirmed {
            continue;
        }
        let trails = [one.1.trail, two.1.trail];
        if shown {
            for (all, more) in difference.trails.iter_mut().zip(trails) {
                all.extend(more);
            }
            continue;
        }
        shown = true;
        difference.trails = trails;
        difference.certain = found.certain;
        difference.witness = Some(Witness {
            prefix,
            communities: communities.clone(),
            as_path: asks_path.then(|| path.clone()),
        });
    }
    Some(difference)
}

/// Communities of a route that fulfils the conditions, where some are found.
fn communities(sides: &[Side<'_, '_>; 2], conditions: &Conditions) -> Option<Vec<Community>> {
    let expressions = &sides[0].network.device(sides[0].session.device).lists.expressions;
    let mut carried = conditions.communities.clone();
    let asked = || {
        conditions.questions.iter().filter_map(|(question, answer)| match &question.kind {
            Kind::Communities(text, regex) => Some((*text, regex.as_str(), *answer)),
            Kind::Path(..) | Kind::Other => None,
        })
    };
    for (text, regex, _) in asked().filter(|(_, _, answer)| *answer) {
        let matches = |all: &[Community]| communities_match(text, regex, all, expressions);
        if matches(&carried) == Some(true) {
            continue;
        }
        let more = candidates(sides, regex).into_iter().find(|one| {
            let free = conditions.without.binary_search(one).is_err();
            free && matches(&with(&carried, *one)) == Some(true)
        });
        carried = with(&carried, more?);
    }
    let holds = |(text, regex, answer)| {
        communities_match(text, regex, &carried, expressions) == Some(answer)
    };
    asked().all(holds).then_some(carried)
}

fn with(carried: &[Community], one: Community) -> Vec<Community> {
    let mut all = carried.to_vec();
    all.push(one);
    all.sort_unstable();
    all.dedup();
    all
}

/// Communities that an expression may mean: those that stand in it, and those that the devices' lists name.
fn candidates(sides: &[Side<'_, '_>; 2], regex: &str) -> Vec<Community> {
    let mut found = Vec::new();
    // Repeated digits and dots are as good as any digit.
    let plain: String = regex
        .replace("[0-9]", "1")
        .chars()
        .map(|char| if char == '.' { '1' } else { char })
        .filter(|char| char.is_ascii_digit() || matches!(char, ':' | '_' | '|' | ' '))
        .collect();
    for word in plain.split(['_', '|', ' ']) {
        let halves = word.split_once(':').unwrap_or((word, "1"));
        let half = |text: &str| if text.is_empty() { Ok(1) } else { text.parse::<u16>() };
        if let (Ok(high), Ok(low)) = (half(halves.0), half(halves.1)) {
            found.push(Community::new(high, low));
        }
    }
    for side in sides {
        let device = &side.network.device(side.session.device).device;
        for entry in device.community_lists.iter().flat_map(|list| &list.entries) {
            if let CommunityMatch::All(values) = &entry.matches {
                found.extend(values);
            }
        }
    }
    found
}

/// An AS path that fulfils the conditions, where that can be decided: one that begins with the neighbor's AS
/// number, if there is such.
fn path(
    sides: &[Side<'_, '_>; 2],
    direction: Direction,
    conditions: &Conditions,
) -> Option<AsPath> {
    let remote = sides[0].session.remote_as.unwrap_or(ANY_AS);
    let possible = paths(sides, direction);
    if !conditions.asks_path() {
        let arrives = !possible.matches(&AsPath::default());
        return Some(AsPath::of_numbers(arrives.then_some(remote)));
    }
    let fitting = conditions.paths()?.intersection(&possible)?;
    let begins = format!("^{remote}_");
    let usual = AsPathSet::of_expression(AsPathLanguage::Characters, &begins);
    let usual = usual.and_then(|usual| usual.intersection(&fitting));
    usual.and_then(|usual| usual.witness()).or_else(|| fitting.witness())
}
