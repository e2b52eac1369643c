//! Route maps: clauses in the order of their numbers, each with matches, sets, a call and where it leads.
//!
//! A clause that is opened twice is one clause, unless its action changes: then it begins anew
//! (`lib/routemap.c`, `route_map_index_get`). All matches of a clause must hold; of two matches of one kind
//! only the last counts (seen on running routers: a second `match ip address prefix-list` replaces the first).

use edgelint_model::{
    Clause, ClauseLabel, CommunityEdit, Condition, Fact, Flow, ObjectKind, Part, SetAction, State,
    Step, Usage, Verdict,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{is_exit, polarity, whole};
use crate::phrases::{is_word, name, number_in, word};

mod matches;
mod sets;

/// Who shows that a line is refused.
const REFUSED: &str =
    "FRR 8.4.4 and 10.3, asked as running routers: the line is refused and the rest loads";

/// The heading of a clause.
struct Heading<'t> {
    name: &'t str,
    clause: Option<(Verdict, u32)>,
}

/// Reads a clause.
///
/// route-map ::= "route-map" NAME action seq16 NL (INDENT clause-line* (clause-line | inert-exit) DEDENT)?
pub(super) fn route_map<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    if is_word(words, 2, "optimization") && words.len() == 3 {
        draft.account(Part::Policy, statement, State::Inert);
        return draft.stray(statement);
    }
    let heading = whole(heading(words)).filter(|it| negated || it.clause.is_some());
    let Some(heading) = heading else {
        draft.account_block(Part::Policy, statement, State::Unmodelled);
        let name = words.peek(1);
        if !name.is_empty() && !negated {
            draft.define(ObjectKind::Policy, name, at);
            if let Some(policy) = draft.policy(name, at) {
                policy.blind.push(statement.block_span());
            }
        }
        return;
    };
    draft.account(Part::Policy, statement, State::Modelled);
    if negated {
        remove(draft, &heading);
        return draft.stray(statement);
    }
    draft.define(ObjectKind::Policy, heading.name, at);
    let Some(mut clause) = open(draft, &heading, at) else { return draft.stray(statement) };
    for child in statement.children() {
        clause_line(draft, &mut clause, child);
        draft.stray(child);
    }
    if let Some(policy) = draft.policy(heading.name, at) {
        let place = policy.clauses.partition_point(|it| it.label < clause.label);
        policy.clauses.insert(place, clause);
    }
}

/// no-route-map ::= "no" "route-map" NAME (action seq16)? NL
/// seq16 ::= RANGE_1_65535
fn heading<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Heading<'t>> {
    let (left, name) = name(input.skip(1))?;
    if left.is_empty() {
        return Ok((left, Heading { name: name.value, clause: None }));
    }
    let (left, permit) = crate::phrases::action(left)?;
    let (left, number) = number_in(1, 65535)(left)?;
    let verdict = if permit { Verdict::Permit } else { Verdict::Deny };
    Ok((left, Heading { name: name.value, clause: Some((verdict, number.value)) }))
}

/// Takes back a clause, or the whole route map; without clauses there is none.
fn remove(draft: &mut Draft<'_>, heading: &Heading<'_>) {
    let place = draft.device.policies.iter().position(|policy| policy.name == heading.name);
    let Some(policy) = place.and_then(|place| draft.device.policies.get_mut(place)) else { return };
    let name = policy.name;
    let label = heading.clause.map(|(_, number)| ClauseLabel::Sequence(number));
    let goes = |clause: &Clause<'_>| label.is_none_or(|label| clause.label == label);
    let (gone, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut policy.clauses).into_iter().partition(goes);
    let emptied = kept.is_empty() && (label.is_none() || !gone.is_empty());
    policy.clauses = kept;
    gone.iter().for_each(|clause| forget(draft, clause));
    if emptied {
        draft.remove(ObjectKind::Policy, name);
    }
}

/// Drops what a clause names, and that it was one.
fn forget(draft: &mut Draft<'_>, clause: &Clause<'_>) {
    draft.forget(clause.at);
    if let Condition::All(conditions) = &clause.condition {
        conditions.iter().for_each(|it| matches::forget(draft, it));
    }
    for step in &clause.steps {
        match step {
            Step::Set(action) => draft.forget(action.at()),
            Step::Call(name) => draft.forget(name.at()),
            _ => {}
        }
    }
}

/// Takes the clause out of its policy, or makes it.
fn open<'t>(draft: &mut Draft<'t>, heading: &Heading<'t>, at: Span) -> Option<Clause<'t>> {
    let (verdict, number) = heading.clause?;
    let label = ClauseLabel::Sequence(number);
    let policy = draft.policy(heading.name, at)?;
    let last = policy.clauses.last().is_some_and(|clause| clause.label < label);
    let place = if last { None } else { policy.clauses.iter().position(|it| it.label == label) };
    let old = place.map(|place| policy.clauses.remove(place));
    match old {
        Some(clause) if clause.verdict == Some(verdict) => return Some(clause),
        Some(clause) => forget(draft, &clause),
        None => {}
    }
    Some(Clause {
        label,
        at,
        condition: Condition::All(Vec::new()),
        steps: Vec::new(),
        verdict: Some(verdict),
        flow: Fact::new(Flow::Stop, at),
        blind: Vec::new(),
    })
}

/// Reads a line of a clause.
///
/// clause-line ::= match-line | set-line | call | continue | on-match | "description" REST NL
///     | inert-match-line | inert-set-line
/// inert-route-map ::= "no"? "route-map" NAME "optimization" NL
fn clause_line<'t>(draft: &mut Draft<'t>, clause: &mut Clause<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let at = line.span();
    let state = if is_word(words, 0, "match") {
        match_line(draft, clause, words, at)
    } else if is_word(words, 0, "set") {
        set_line(draft, clause, words, at)
    } else if is_word(words, 0, "description") && 1 < words.len() {
        draft.device.free_text.extend(words.skip(1).span());
        State::Modelled
    } else if is_exit(words) {
        State::Inert
    } else if let Some(called) = whole(call(words)) {
        clause.steps.retain(|step| match step {
            Step::Call(old) => {
                draft.forget(old.at());
                false
            }
            _ => true,
        });
        draft.use_name(ObjectKind::Policy, called, Usage::Call);
        clause.steps.push(Step::Call(called));
        State::Modelled
    } else if is_word(words, 0, "continue") && words.len() == 1 {
        draft.device.coverage.refuse(at, "the number of the clause is missing", REFUSED);
        State::Modelled
    } else if let Some(flow) = whole(leads(words)) {
        clause.flow = Fact::new(flow, at);
        State::Modelled
    } else if is_word(words, 0, "call") || is_word(words, 0, "on-match") {
        State::Unmodelled
    } else {
        State::Opaque
    };
    draft.account(Part::Policy, line, state);
    if matches!(state, State::Opaque | State::Unmodelled) {
        clause.blind.push(at);
    }
}

/// call ::= "call" NAME NL
fn call<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    name(word("call")(input)?.0)
}

/// Where evaluation goes behind a clause that permitted.
///
/// continue ::= "continue" seq16 NL
/// on-match ::= "on-match" ("next" | "goto" seq16) NL
fn leads<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Flow> {
    let number = |left| number_in(1, 65535)(left).map(|(left, it)| (left, Flow::GoTo(it.value)));
    if let Ok((left, _)) = word("continue")(input) {
        return number(left);
    }
    let (left, _) = word("on-match")(input)?;
    match word("next")(left) {
        Ok((left, _)) => Ok((left, Flow::NextClause)),
        Err(_) => number(word("goto")(left)?.0),
    }
}

fn match_line<'t>(
    draft: &mut Draft<'t>,
    clause: &mut Clause<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> State {
    if is_word(words, 1, "metric") && words.len() == 3 && words.reads(2, "0") {
        draft.device.coverage.refuse(at, "a metric of zero cannot be matched", REFUSED);
        return State::Modelled;
    }
    let (found, state) = match whole(matches::read(words.skip(1))) {
        Some(found) => (found, State::Modelled),
        None if matches::is_irrelevant(words.skip(1)) => {
            (edgelint_model::Match::NotForRoutes, State::Inert)
        }
        None => (edgelint_model::Match::Unknown, State::Unmodelled),
    };
    matches::record_uses(draft, &found, words);
    let Condition::All(conditions) = &mut clause.condition else { return state };
    let new = Condition::Match(Fact::new(found, at));
    match conditions.iter_mut().find(|old| matches::replaces(&new, old)) {
        Some(old) => matches::forget(draft, &std::mem::replace(old, new)),
        None => conditions.push(new),
    }
    state
}

fn set_line<'t>(
    draft: &mut Draft<'t>,
    clause: &mut Clause<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> State {
    let (action, state) = match whole(sets::read(words.skip(1))) {
        Some(action) => (action, State::Modelled),
        None if sets::is_irrelevant(words.skip(1)) => (SetAction::Irrelevant, State::Inert),
        None => (SetAction::Unknown, State::Unmodelled),
    };
    sets::record_uses(draft, &action, words);
    // A set of the same kind replaces the one before.
    clause.steps.retain(|step| match step {
        Step::Set(old) if sets::replaces(&action, &old.value) => {
            draft.forget(old.at());
            false
        }
        _ => true,
    });
    clause.steps.push(Step::Set(Fact::new(action, at)));
    state
}

impl Draft<'_> {
    /// Gives every clause its final form: one condition, what it calls behind what it sets (the map that is
    /// called sees the sets), and where it leads.
    pub(super) fn order(&mut self) {
        let mut policies = std::mem::take(&mut self.device.policies);
        let mut names: Vec<&str> = policies.iter().map(|policy| policy.name).collect();
        names.sort_unstable();
        for policy in &mut policies {
            let labels: Vec<ClauseLabel<'_>> = policy.clauses.iter().map(|it| it.label).collect();
            for clause in &mut policy.clauses {
                let condition = std::mem::replace(&mut clause.condition, Condition::Always);
                clause.condition = match condition {
                    Condition::All(mut all) => match all.len() {
                        0 => Condition::Always,
                        1 => all.pop().unwrap_or(Condition::Always),
                        _ => Condition::All(all),
                    },
                    other => other,
                };
                // A map that is not there is not called, and a list that is not there deletes nothing: as if the
                // line were not there (seen on running routers).
                clause.steps.retain(|step| match step {
                    Step::Call(name) => names.binary_search(&name.value).is_ok(),
                    Step::Set(action) => match &action.value {
                        SetAction::Community(CommunityEdit::RemoveMatching(list)) => {
                            self.device.community_lists.iter().any(|it| it.name == list.value)
                        }
                        _ => true,
                    },
                    _ => true,
                });
                clause.steps.sort_by_key(|step| matches!(step, Step::Call(_)));
                if let Some(at) = leads_back(clause) {
                    self.device.coverage.refuse(at, BACK, REFUSED_LOOP);
                    clause.flow.value = Flow::Stop;
                }
                for at in calls(clause, policy.name) {
                    self.device.coverage.refuse(at, ITSELF, REFUSED_LOOP);
                }
                clause
                    .steps
                    .retain(|step| !matches!(step, Step::Call(name) if name.value == policy.name));
                lead(clause, &labels);
            }
        }
        self.device.policies = policies;
    }
}

/// What is wrong with a clause that leads to itself or to one before it.
const BACK: &str = "the clause leads back";

/// What is wrong with a route map that calls itself.
const ITSELF: &str = "the route map calls itself";

/// Who says that such lines are refused; what remains of the clause is as if they were not there.
const REFUSED_LOOP: &str =
    "FRR 8.4.4, asked as a running router: the line is refused and the rest loads";

/// The line by which a clause leads to itself or to one before it.
fn leads_back(clause: &Clause<'_>) -> Option<Span> {
    let back =
        matches!(clause.flow.value, Flow::GoTo(to) if ClauseLabel::Sequence(to) <= clause.label);
    back.then(|| clause.flow.at())
}

/// The lines by which a clause calls a route map of this name.
fn calls(clause: &Clause<'_>, name: &str) -> Vec<Span> {
    let call = |step: &Step<'_>| match step {
        Step::Call(called) if called.value == name => Some(called.at()),
        _ => None,
    };
    clause.steps.iter().filter_map(call).collect()
}

/// A clause that leads to a number leads to the first clause from there on; where there is none, it
/// is the last one (`lib/routemap.c`, `route_map_apply_ext`).
fn lead(clause: &mut Clause<'_>, labels: &[ClauseLabel<'_>]) {
    let Flow::GoTo(wanted) = clause.flow.value else { return };
    let behind = |label: &&ClauseLabel<'_>| {
        clause.label < **label && ClauseLabel::Sequence(wanted) <= **label
    };
    clause.flow.value = match labels.iter().find(behind) {
        Some(ClauseLabel::Sequence(number)) => Flow::GoTo(*number),
        _ => Flow::Stop,
    };
}

#[cfg(test)]
mod tests;
