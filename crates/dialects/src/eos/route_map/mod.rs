//! Route maps: clauses in the order of their numbers, each with matches, sets and `continue`.
//!
//! A clause that is opened twice is one clause. Lines of different kinds narrow each other. While a file
//! is read, a clause's condition is a plain list; [`Draft::order`] gives it its final form.

use edgelint_model::{
    Clause, ClauseLabel, CommunityEdit, CommunityMatch, Condition, Device, Fact, Flow, ObjectKind,
    Part, Policy, SetAction, State, Step, Usage, Verdict,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{end_state, lower, room, whole};
use crate::phrases::{end, is_word, name, negated, number_in};

mod matches;
mod sets;

/// Sequence number of a clause that gives none.
const FIRST: u32 = 10;

/// Communities that a line takes from lists, which may be defined behind it.
#[derive(Debug)]
pub(super) struct FromLists<'t> {
    /// The line.
    at: Span,
    lists: Vec<Fact<&'t str>>,
    additive: bool,
}

/// The heading of a clause.
struct Heading<'t> {
    name: &'t str,
    verdict: Option<Verdict>,
    sequence: Option<u32>,
}

/// Reads a clause.
///
/// route-map ::= "route-map" NAME action? seq16? NL (INDENT (clause-line | inert-comment)* (clause-line | inert-exit | inert-comment) DEDENT)?
pub(super) fn route_map<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    let heading = match heading(words) {
        Ok((_, heading)) => heading,
        Err(_) => {
            draft.account_block(Part::Policy, statement, State::Unmodelled);
            let name = words.peek(1);
            if !name.is_empty() && !negated {
                draft.define(ObjectKind::Policy, name, at);
                if let Some(policy) = draft.policy(name, at) {
                    policy.blind.push(statement.block_span());
                }
            }
            return;
        }
    };
    draft.account(Part::Policy, statement, State::Modelled);
    if negated {
        remove(draft, &heading);
        return draft.stray(statement);
    }
    draft.define(ObjectKind::Policy, heading.name, at);
    let mut clause = open(draft, &heading, at);
    for child in statement.children() {
        clause_line(draft, &mut clause, child);
        draft.stray(child);
    }
    close(draft, heading.name, at, clause);
}

/// no-route-map ::= ("no" | "default") "route-map" NAME action? seq16? NL
/// seq16 ::= RANGE_1_65535
fn heading<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Heading<'t>> {
    let (left, name) = name(input.skip(1))?;
    let (left, verdict) = if is_word(left, 0, "permit") {
        (left.skip(1), Some(Verdict::Permit))
    } else if is_word(left, 0, "deny") {
        (left.skip(1), Some(Verdict::Deny))
    } else {
        (left, None)
    };
    let (left, sequence) = match number_in(1, 65535)(left) {
        Ok((left, number)) => (left, Some(number.value)),
        Err(_) => (left, None),
    };
    let (left, ()) = end(left)?;
    Ok((left, Heading { name: name.value, verdict, sequence }))
}

/// Takes back a clause, or the whole route map; without clauses there is none.
fn remove(draft: &mut Draft<'_>, heading: &Heading<'_>) {
    let Some(policy) = draft.device.policies.iter_mut().find(|it| it.name == heading.name) else {
        return;
    };
    let name = policy.name;
    let goes = |clause: &Clause<'_>| {
        heading.sequence.is_none_or(|number| clause.label == ClauseLabel::Sequence(number))
    };
    let (gone, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut policy.clauses).into_iter().partition(goes);
    let emptied = kept.is_empty() && (heading.sequence.is_none() || !gone.is_empty());
    policy.clauses = kept;
    for clause in &gone {
        forget(draft, clause);
    }
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
        if let Step::Set(action) = step {
            draft.forget(action.at());
        }
    }
}

/// Takes the clause out of its policy, or makes it.
fn open<'t>(draft: &mut Draft<'t>, heading: &Heading<'t>, at: Span) -> Clause<'t> {
    let label = ClauseLabel::Sequence(heading.sequence.unwrap_or(FIRST));
    let policy = draft.policy(heading.name, at);
    let old = policy.and_then(|policy| {
        let place = policy.clauses.iter().position(|it| it.label == label);
        place.map(|place| policy.clauses.remove(place))
    });
    match old {
        Some(mut clause) => {
            clause.verdict = heading.verdict.or(clause.verdict);
            clause
        }
        None => Clause {
            label,
            at,
            condition: Condition::All(Vec::new()),
            steps: Vec::new(),
            verdict: heading.verdict.or(Some(Verdict::Permit)),
            flow: Fact::new(Flow::Stop, at),
            blind: Vec::new(),
        },
    }
}

/// Puts the clause back at its place.
fn close<'t>(draft: &mut Draft<'t>, name: &'t str, at: Span, clause: Clause<'t>) {
    let Some(policy) = draft.policy(name, at) else { return };
    let place = policy.clauses.partition_point(|it| it.label < clause.label);
    policy.clauses.insert(place, clause);
}

/// Reads a line of a clause. What the result of a sub-route-map means for the clause nobody has shown:
/// it is a blind spot.
///
/// clause-line ::= match-line | set-line | continue | "description" REST? NL | inert-set-line
fn clause_line<'t>(draft: &mut Draft<'t>, clause: &mut Clause<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let at = line.span();
    let mut low = room();
    let state = match lower(words.peek(0), &mut low) {
        "match" => match_line(draft, clause, words, at),
        "set" => set_line(draft, clause, words, at),
        "continue" => continue_line(clause, words, at),
        "description" => {
            draft.device.free_text.extend(words.skip(1).span());
            State::Modelled
        }
        "sub-route-map" => {
            if let Some(policy) = whole(name(words.skip(1))) {
                draft.use_name(ObjectKind::Policy, policy, Usage::Call);
            }
            State::Unmodelled
        }
        _ => end_state(words).unwrap_or(State::Opaque),
    };
    draft.account(Part::Policy, line, state);
    if matches!(state, State::Opaque | State::Unmodelled) {
        clause.blind.push(at);
    }
}

/// A second match of a kind in one clause is not printed by any device, so what it does is not known.
fn match_line<'t>(
    draft: &mut Draft<'t>,
    clause: &mut Clause<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> State {
    let Condition::All(conditions) = &mut clause.condition else { return State::Unmodelled };
    let Some(found) = whole(matches::read(words.skip(1))) else {
        matches::record_unknown(draft, words);
        return State::Unmodelled;
    };
    let again = found.matches.first().is_some_and(|new| matches::asks(conditions, new));
    for one in &found.matches {
        matches::record_uses(draft, one, words);
    }
    if again {
        return State::Unmodelled;
    }
    conditions.extend(found.into_conditions(at));
    State::Modelled
}

fn set_line<'t>(
    draft: &mut Draft<'t>,
    clause: &mut Clause<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> State {
    let (actions, state) = match whole(sets::read(words.skip(1))) {
        Some(sets::Found::Actions(actions)) => (actions, State::Modelled),
        Some(sets::Found::FromLists(lists, additive)) => {
            for list in &lists {
                draft.use_name(ObjectKind::CommunityList, *list, Usage::Set);
            }
            draft.pending.from_lists.push(FromLists { at, lists, additive });
            (vec![SetAction::Unknown], State::Modelled)
        }
        None if sets::is_irrelevant(words.skip(1)) => {
            (vec![sets::irrelevant(words.skip(1))], State::Inert)
        }
        None => (vec![SetAction::Unknown], State::Unmodelled),
    };
    for action in actions {
        sets::record_uses(draft, &action);
        clause.steps.push(Step::Set(Fact::new(action, at)));
    }
    state
}

/// continue ::= "continue" seq16? NL
fn continue_line(clause: &mut Clause<'_>, words: Words<'_, '_>, at: Span) -> State {
    let flow = match number_in(1, 65535)(words.skip(1)) {
        Ok((left, number)) if left.is_empty() => Flow::GoTo(number.value),
        _ if words.len() == 1 => Flow::NextClause,
        _ => return State::Unmodelled,
    };
    clause.flow = Fact::new(flow, at);
    State::Modelled
}

impl Draft<'_> {
    /// Gives every clause its condition in final form, and the communities that it takes from lists.
    pub(super) fn order(&mut self) {
        let waiting = std::mem::take(&mut self.pending.from_lists);
        let mut policies = std::mem::take(&mut self.device.policies);
        for one in waiting {
            let values = values_of(&self.device, &one.lists);
            if let Some(clause) = clause_at(&mut policies, one.at) {
                resolve(clause, &one, values);
            }
        }
        for clause in policies.iter_mut().flat_map(|policy| &mut policy.clauses) {
            let condition = std::mem::replace(&mut clause.condition, Condition::Always);
            clause.condition = match condition {
                Condition::All(all) => matches::settle(all),
                other => other,
            };
        }
        for at in policies.iter().filter_map(circle) {
            self.device.coverage.refuse(at, CIRCLE, REFUSED);
        }
        self.device.policies = policies;
    }
}

/// What is wrong with clauses that lead back to themselves.
const CIRCLE: &str = "the clauses go on in a circle";

/// Who says that such clauses are refused.
const REFUSED: &str = "the write-up of batfish/lab-validation `eos_rm_undefined_continue`: a loop is refused at entry";

/// The line by which a clause of a policy leads back to itself, over other clauses or at once.
fn circle(policy: &Policy<'_>) -> Option<Span> {
    let next = |clause: &Clause<'_>| match clause.flow.value {
        Flow::GoTo(wanted) => {
            policy.clauses.iter().find(|it| it.label == ClauseLabel::Sequence(wanted))
        }
        _ => None,
    };
    // Only a step back closes a circle.
    let back = policy.clauses.iter().filter(|clause| {
        matches!(clause.flow.value, Flow::GoTo(wanted) if ClauseLabel::Sequence(wanted) <= clause.label)
    });
    back.filter(|clause| {
        let mut reached = next(clause);
        for _ in 0..policy.clauses.len() {
            match reached {
                Some(one) if one.label == clause.label => return true,
                Some(one) => reached = next(one),
                None => return false,
            }
        }
        false
    })
    .map(|clause| clause.flow.at())
    .next()
}

/// The clause that has a step which stands at a place.
fn clause_at<'p, 't>(policies: &'p mut [Policy<'t>], at: Span) -> Option<&'p mut Clause<'t>> {
    let mut clauses = policies.iter_mut().flat_map(|policy| &mut policy.clauses);
    clauses.find(|clause| clause.steps.iter().any(|step| stands_at(step, at)))
}

fn stands_at(step: &Step<'_>, at: Span) -> bool {
    matches!(step, Step::Set(action) if action.at() == at)
}

/// Puts the values of lists where a line takes communities from them; where they are not values, the
/// clause has a blind spot.
fn resolve(
    clause: &mut Clause<'_>,
    line: &FromLists<'_>,
    values: Option<Vec<edgelint_model::Community>>,
) {
    let Some(values) = values else { return clause.blind.push(line.at) };
    let edit =
        if line.additive { CommunityEdit::Add(values) } else { CommunityEdit::Replace(values) };
    if let Some(step) = clause.steps.iter_mut().find(|step| stands_at(step, line.at)) {
        *step = Step::Set(Fact::new(SetAction::Community(edit), line.at));
    }
}

/// The communities that lists permit, where all of them hold nothing else.
fn values_of(device: &Device<'_>, lists: &[Fact<&str>]) -> Option<Vec<edgelint_model::Community>> {
    let mut values = Vec::new();
    for name in lists {
        let list = device.community_lists.iter().find(|list| list.name == name.value)?;
        for entry in &list.entries {
            match (&entry.matches, entry.permit) {
                (CommunityMatch::All(all), true) => values.extend(all),
                _ => return None,
            }
        }
        if !list.blind.is_empty() {
            return None;
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests;
