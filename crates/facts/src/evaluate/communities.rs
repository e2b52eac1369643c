//! Matches on communities: literal ones exactly, expressions as questions.
//!
//! A class remembers which communities its routes must carry and which they must not, as they arrive. So a
//! clause for one region and a clause for another stay apart, and the clause behind both knows that
//! its routes carry neither.

use std::sync::Arc;

use edgelint_model::{Community, CommunityEntry, CommunityList, CommunityMatch};
use edgelint_source::Span;

use crate::as_path::Terms;
use crate::evaluate::attributes::{AttributeLists, Communities};
use crate::evaluate::class::Test;
use crate::evaluate::condition::Split;
use crate::evaluate::cube::{Cube, Known};
use crate::evaluate::decide::communities_match;
use crate::evaluate::flow::Evaluator;
use crate::mark::Note;

/// Whether a route carries a community.
enum Carried {
    Yes,
    No,
    /// It depends on the route.
    Open,
    /// An edit on the way was not understood.
    Unclear,
}

fn carried(known: &Known<'_>, state: &Communities, cube: &Cube<'_>, wanted: Community) -> Carried {
    let has = |list: &[Community]| list.binary_search(&wanted).is_ok();
    if state.unclear {
        return Carried::Unclear;
    }
    if has(&state.added) {
        return Carried::Yes;
    }
    if state.cleared || has(&state.removed) {
        return Carried::No;
    }
    match cube.carries(wanted).or(known.communities.as_ref().map(|list| has(list))) {
        Some(true) => Carried::Yes,
        Some(false) => Carried::No,
        None => Carried::Open,
    }
}

/// All communities of a route, where they are known.
pub(crate) fn all_of(known: &Known<'_>, state: &Communities) -> Option<Vec<Community>> {
    if state.unclear {
        return None;
    }
    let mut all = match &known.communities {
        _ if state.cleared => Vec::new(),
        Some(list) => list.clone(),
        None => return None,
    };
    all.retain(|community| state.removed.binary_search(community).is_err());
    all.extend(&state.added);
    all.sort_unstable();
    all.dedup();
    Some(all)
}

impl<'t> Evaluator<'_, 't> {
    /// Divides by one community.
    pub(super) fn by_community(&self, cube: Cube<'t>, wanted: Community, at: Span) -> Split<'t> {
        let seen = carried(self.known, &cube.attributes.lists.communities, &cube, wanted);
        let entered = carried(self.known, &cube.entry.lists.communities, &cube, wanted);
        let answer = match self.behaviour.later_clauses_see_sets {
            Some(true) => seen,
            Some(false) => entered,
            None => match (seen, entered) {
                (Carried::Yes, Carried::Yes) => Carried::Yes,
                (Carried::No, Carried::No) => Carried::No,
                (Carried::Open, Carried::Open) => Carried::Open,
                _ => Carried::Unclear,
            },
        };
        match answer {
            Carried::Yes => Split::yes(cube),
            Carried::No => Split::no(cube),
            Carried::Open if self.may_divide() => Split {
                yes: vec![cube.clone().with_community(wanted, true)],
                no: vec![cube.with_community(wanted, false)],
            },
            Carried::Open | Carried::Unclear => self.ask(cube, Test::NotUnderstood(at)),
        }
    }

    /// Divides by lists, any of which may match.
    pub(super) fn by_community_list(
        &self,
        cube: Cube<'t>,
        list: &CommunityList<'t>,
        exact: bool,
    ) -> Split<'t> {
        let mut split = Split::default();
        let mut rest = vec![cube];
        for entry in &list.entries {
            let mut left = Vec::new();
            for cube in rest {
                let part = self.by_community_entry(cube, entry, exact);
                let side = if entry.permit { &mut split.yes } else { &mut split.no };
                side.extend(part.yes.into_iter().map(|mut cube| {
                    cube.mark(entry.at, Note::Entry { list: list.name, permit: entry.permit });
                    cube
                }));
                left.extend(part.no);
            }
            rest = left;
        }
        split.no.extend(rest);
        split.doubt_if(!list.blind.is_empty());
        split
    }

    fn by_community_entry(
        &self,
        cube: Cube<'t>,
        entry: &CommunityEntry<'t>,
        exact: bool,
    ) -> Split<'t> {
        match &entry.matches {
            CommunityMatch::Any => Split::yes(cube),
            CommunityMatch::All(wanted) => {
                let split = self.by_every(cube, wanted, |cube, &community| {
                    self.by_community(cube, community, entry.at)
                });
                if !exact {
                    return split;
                }
                self.then(split, |cube| self.by_no_others(cube, wanted, entry.at))
            }
            CommunityMatch::Regex(regex) => self.by_community_regex(cube, regex, entry.at),
        }
    }

    /// What matches see of what happened to communities; nothing where that is not shown.
    fn seen_communities<'c>(&self, cube: &'c Cube<'t>) -> Option<&'c Communities> {
        let now = &cube.attributes.lists.communities;
        let entered = &cube.entry.lists.communities;
        let seen = match self.behaviour.later_clauses_see_sets {
            Some(true) => now,
            Some(false) => entered,
            None if now == entered => now,
            None => return None,
        };
        (!seen.unclear).then_some(seen)
    }

    /// Divides by whether routes that carry all of some communities carry no others.
    fn by_no_others(&self, cube: Cube<'t>, wanted: &[Community], at: Span) -> Split<'t> {
        let Some(state) = self.seen_communities(&cube) else {
            return self.ask(cube, Test::NotUnderstood(at));
        };
        if let Some(all) = all_of(self.known, state) {
            let none_else = all.iter().all(|one| wanted.contains(one));
            return Split::decided(cube, none_else);
        }
        if state.added.iter().any(|one| !wanted.contains(one)) {
            return Split::no(cube);
        }
        // Those that were removed may have been there.
        let mut allowed = wanted.to_vec();
        allowed.extend(&state.removed);
        allowed.sort_unstable();
        allowed.dedup();
        self.ask(cube, Test::CommunitiesWithin(allowed.into()))
    }

    /// Divides by an expression over communities.
    fn by_community_regex(&self, cube: Cube<'t>, regex: &'t str, at: Span) -> Split<'t> {
        let Some(state) = self.seen_communities(&cube) else {
            return self.ask(cube, Test::NotUnderstood(at));
        };
        let test = match all_of(self.known, state) {
            // Held against the text of all, there is a text of none, too.
            Some(all) if all.is_empty() && self.behaviour.community_text.is_none() => {
                return Split::no(cube);
            }
            Some(all) => match self.by_regex(regex, &all) {
                Some(holds) => return Split::decided(cube, holds),
                None => Test::CommunityRegex(regex),
            },
            None => Test::CommunityRegex(regex),
        };
        let test = match *state == Communities::default() {
            true => test,
            false => Test::After(Arc::new((test, AttributeLists::of_communities(state)))),
        };
        self.ask(cube, test)
    }

    /// Whether an expression matches the communities of a route: as one text or each by itself, as the
    /// dialect has it; where nobody has shown which, only what comes to the same is decided.
    fn by_regex(&self, regex: &str, all: &[Community]) -> Option<bool> {
        communities_match(self.behaviour.community_text, regex, all, &self.lists.expressions)
    }

    /// Removes the communities whose first entry that names them permits.
    fn remove_by_first(&self, state: &mut Communities, list: &CommunityList<'t>) {
        state.unclear |= !list.blind.is_empty();
        let Some(all) = all_of(self.known, state) else {
            remove_named(state, list);
            return;
        };
        let most = self.behaviour.details.deleted_community_characters;
        let is_digit = |first: char| first.is_ascii_digit();
        for one in all {
            let names = |entry: &&CommunityEntry<'t>| match &entry.matches {
                CommunityMatch::Any => true,
                CommunityMatch::All(values) => values.contains(&one),
                CommunityMatch::Regex(regex) => {
                    let mut text = one.to_string();
                    if let Some(most) = most.filter(|_| text.starts_with(is_digit)) {
                        text.truncate(most);
                    }
                    let regex = regex.trim_matches('"');
                    let expressions = &self.lists.expressions;
                    expressions.matches(Terms::Characters, regex, &text) == Some(true)
                }
            };
            if list.entries.iter().find(names).is_some_and(|entry| entry.permit) {
                state.remove(one);
            }
        }
    }

    /// Removes what a list names (`set comm-list … delete`): each community is held against the list on
    /// its own, so entries that name several never match.
    pub(super) fn remove_matching(&self, state: &mut Communities, name: &str) {
        let by_first = self.behaviour.details.deletes_by_first_entry;
        let Some(list) = self.lists.community_list(self.device, name) else {
            state.unclear |= !by_first;
            return;
        };
        if by_first {
            self.remove_by_first(state, list);
            return;
        }
        state.unclear |= !list.blind.is_empty();
        for entry in &list.entries {
            match (&entry.matches, entry.permit) {
                (CommunityMatch::All(values), true) => {
                    if let [value] = values.as_slice() {
                        state.remove(*value);
                    }
                }
                (CommunityMatch::Any, true) => {
                    *state = Communities { cleared: true, ..Communities::default() };
                }
                (CommunityMatch::Regex(regex), true) => {
                    let Some(all) = all_of(self.known, state) else {
                        state.unclear = true;
                        continue;
                    };
                    for one in all {
                        match self.lists.expressions.matches(
                            Terms::Characters,
                            regex,
                            &one.to_string(),
                        ) {
                            Some(true) => state.remove(one),
                            Some(false) => {}
                            None => state.unclear = true,
                        }
                    }
                }
                (_, false) => state.unclear = true,
            }
        }
    }
}

/// Removes what the entries of a list name from communities that are not all known.
fn remove_named(state: &mut Communities, list: &CommunityList<'_>) {
    // Those that an entry named already: a later one has no say about them.
    let mut decided: Vec<Community> = Vec::new();
    for entry in &list.entries {
        match &entry.matches {
            CommunityMatch::All(values) => {
                for &value in values {
                    if decided.contains(&value) {
                        continue;
                    }
                    decided.push(value);
                    if entry.permit {
                        state.remove(value);
                    }
                }
            }
            CommunityMatch::Any if entry.permit => {
                let kept = decided.iter().any(|one| state.removed.binary_search(one).is_err());
                match kept {
                    true => state.unclear = true,
                    false => *state = Communities { cleared: true, ..Communities::default() },
                }
                return;
            }
            CommunityMatch::Any => return,
            CommunityMatch::Regex(_) => {
                state.unclear = true;
                return;
            }
        }
    }
}
