//! Matches on communities: literal ones exactly, expressions as questions.
//!
//! A class remembers which communities its routes must carry and which they must not, as they arrive. So a
//! clause for one region and a clause for another stay apart, and the clause behind both knows that
//! its routes carry neither.

use edgelint_model::{Community, CommunityEntry, CommunityList, CommunityMatch};
use edgelint_source::Span;

use crate::as_path::Terms;
use crate::evaluate::attributes::Communities;
use crate::evaluate::class::Test;
use crate::evaluate::condition::Split;
use crate::evaluate::cube::{Cube, Known};
use crate::evaluate::decide::communities_match;
use crate::evaluate::flow::Evaluator;
use crate::mark::Note;

/// Characters that a numeric community has at most where it is held against an expression on its own.
const AS_ONE: usize = 10;

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
        Carried::Unclear
    } else if has(&state.added)
        || (!state.cleared && !has(&state.removed) && has(&cube.given.required))
    {
        Carried::Yes
    } else if state.cleared || has(&state.removed) || has(&cube.given.forbidden) {
        Carried::No
    } else {
        match &known.communities {
            Some(list) if has(list) => Carried::Yes,
            Some(_) => Carried::No,
            None => Carried::Open,
        }
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
            Carried::Open | Carried::Unclear => self.ask(cube, Test::Attribute(at)),
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
                self.then(split, |cube| {
                    match all_of(self.known, &cube.attributes.lists.communities) {
                        Some(all) if all.iter().all(|one| wanted.contains(one)) => Split::yes(cube),
                        Some(_) => Split::no(cube),
                        None => self.ask(cube, Test::Attribute(entry.at)),
                    }
                })
            }
            CommunityMatch::Regex(regex) => {
                let state = &cube.attributes.lists.communities;
                match all_of(self.known, state) {
                    // Held against the text of all, there is a text of none, too.
                    Some(all) if all.is_empty() && self.behaviour.community_text.is_none() => {
                        Split::no(cube)
                    }
                    Some(all) if self.is_single() => match self.by_regex(regex, &all) {
                        Some(holds) => Split::decided(cube, holds),
                        None => self.ask(cube, Test::CommunityRegex(regex)),
                    },
                    None if *state == Communities::default() => {
                        self.ask(cube, Test::CommunityRegex(regex))
                    }
                    _ => self.ask(cube, Test::Attribute(entry.at)),
                }
            }
        }
    }

    /// Whether one route is followed, of which all is known.
    const fn is_single(&self) -> bool {
        self.known.path.is_some()
    }

    /// Whether an expression matches the communities of a route: as one text or each by itself, as the
    /// dialect has it; where nobody has shown which, only what comes to the same is decided.
    fn by_regex(&self, regex: &str, all: &[Community]) -> Option<bool> {
        communities_match(self.behaviour.community_text, regex, all, &self.lists.expressions)
    }

    /// Removes the communities whose first entry that names them permits.
    fn remove_by_first(&self, state: &mut Communities, list: &CommunityList<'t>) {
        for one in all_of(self.known, state).unwrap_or_default() {
            let names = |entry: &&CommunityEntry<'t>| match &entry.matches {
                CommunityMatch::Any => true,
                CommunityMatch::All(values) => values.contains(&one),
                CommunityMatch::Regex(regex) => {
                    // FRR writes one community into ten characters: of eleven, the last is lost (`bgpd/bgp_community.c`,
                    // `community_str_get`; measured).
                    let mut text = one.to_string();
                    if text.starts_with(|first: char| first.is_ascii_digit()) {
                        text.truncate(AS_ONE);
                    }
                    self.lists.expressions.matches(
                        Terms::Characters,
                        regex.trim_matches('"'),
                        &text,
                    ) == Some(true)
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
        if by_first && self.is_single() {
            state.unclear |= !list.blind.is_empty();
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
                (CommunityMatch::Regex(regex), true) if self.is_single() => {
                    let all = all_of(self.known, state).unwrap_or_default();
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
                (CommunityMatch::Regex(_), _) | (_, false) => state.unclear = true,
            }
        }
    }
}
