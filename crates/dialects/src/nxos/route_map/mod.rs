//! Route maps: clauses in the order of their numbers, each with matches, sets and `continue`.
//!
//! A clause that is opened twice is one clause. Lines of the same kind widen each other (any of the
//! lists), lines of different kinds narrow each other. While a file is read, a clause's condition is a
//! plain list; [`Draft::order`] gives it its final form.

use edgelint_model::{
    Clause, ClauseLabel, Condition, Fact, Flow, Match, ObjectKind, Part, SetAction, State, Step,
    Verdict,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::is_exit;
use crate::phrases::{end, is_word, name, negated, number_in};

mod matches;
mod sets;

/// Sequence number of a clause that gives none.
const FIRST: u32 = 10;

/// The heading of a clause.
struct Heading<'t> {
    name: &'t str,
    verdict: Option<Verdict>,
    sequence: Option<u32>,
}

/// Reads a clause.
///
/// route-map ::= "route-map" NAME action? seq16? NL (INDENT clause-line* (clause-line | inert-exit) DEDENT)?
pub(super) fn route_map<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    // How many packets each clause routed: it makes the route map, and no clause of it.
    if is_word(words, 2, "pbr-statistics") && words.len() == 3 {
        draft.account(Part::Policy, statement, State::Inert);
        if !negated {
            draft.define(ObjectKind::Policy, words.peek(1), at);
            draft.policy(words.peek(1), at);
        }
        return draft.stray(statement);
    }
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

/// no-route-map ::= undo "route-map" NAME action? seq16? NL
/// seq16 ::= RANGE_0_65535
fn heading<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Heading<'t>> {
    let (left, name) = name(input.skip(1))?;
    let (left, verdict) = if is_word(left, 0, "permit") {
        (left.skip(1), Some(Verdict::Permit))
    } else if is_word(left, 0, "deny") {
        (left.skip(1), Some(Verdict::Deny))
    } else {
        (left, None)
    };
    let (left, sequence) = match number_in(0, 65535)(left) {
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
    if emptied {
        draft.remove(ObjectKind::Policy, name);
    }
}

/// Takes the clause out of its policy, or makes it.
fn open<'t>(draft: &mut Draft<'t>, heading: &Heading<'t>, at: Span) -> Clause<'t> {
    let label = ClauseLabel::Sequence(heading.sequence.unwrap_or(FIRST));
    let old = draft.policy(heading.name, at).and_then(|policy| {
        let place = policy.clauses.iter().position(|it| it.label == label)?;
        Some(policy.clauses.remove(place))
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

/// Reads a line of a clause.
///
/// clause-line ::= match-line | set-line | continue | "description" REST? NL | inert-match-line
///     | inert-set-line
fn clause_line<'t>(draft: &mut Draft<'t>, clause: &mut Clause<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let at = line.span();
    let state = if is_word(words, 0, "match") {
        match_line(draft, clause, words, at)
    } else if is_word(words, 0, "set") {
        set_line(draft, clause, words, at)
    } else if is_word(words, 0, "continue") {
        continue_line(clause, words, at)
    } else if is_word(words, 0, "description") {
        draft.device.free_text.extend(words.skip(1).span());
        State::Modelled
    } else if is_exit(words) {
        State::Inert
    } else {
        State::Opaque
    };
    draft.account(Part::Policy, line, state);
    if matches!(state, State::Opaque | State::Unmodelled) {
        clause.blind.push(at);
    }
}

fn match_line<'t>(
    draft: &mut Draft<'t>,
    clause: &mut Clause<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> State {
    let (found, state) = match matches::read(words.skip(1)) {
        Ok((left, found)) if left.is_empty() => (found, State::Modelled),
        _ if matches::is_of_packets(words.skip(1)) => (vec![Match::NotForRoutes], State::Inert),
        _ => (vec![Match::Unknown], State::Unmodelled),
    };
    matches::record_uses(draft, &found, words);
    if let Condition::All(conditions) = &mut clause.condition {
        conditions.extend(matches::widen(found, at));
        matches::merge(conditions);
    }
    state
}

fn set_line<'t>(
    draft: &mut Draft<'t>,
    clause: &mut Clause<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> State {
    let (action, state) = match sets::read(words.skip(1)) {
        Ok((left, action)) if left.is_empty() => (action, State::Modelled),
        _ if sets::is_irrelevant(words.skip(1)) => (sets::irrelevant(words.skip(1)), State::Inert),
        _ => (SetAction::Unknown, State::Unmodelled),
    };
    sets::record_uses(draft, &action, words);
    clause.steps.push(Step::Set(Fact::new(action, at)));
    state
}

/// continue ::= "continue" RANGE_0_65535? NL
fn continue_line(clause: &mut Clause<'_>, words: Words<'_, '_>, at: Span) -> State {
    let flow = match number_in(0, 65535)(words.skip(1)) {
        Ok((left, number)) if left.is_empty() => Flow::GoTo(number.value),
        _ if words.len() == 1 => Flow::NextClause,
        _ => return State::Unmodelled,
    };
    clause.flow = Fact::new(flow, at);
    State::Modelled
}

impl Draft<'_> {
    /// Gives every clause its condition in final form.
    pub(super) fn order(&mut self) {
        for clause in self.device.policies.iter_mut().flat_map(|policy| &mut policy.clauses) {
            let condition = std::mem::replace(&mut clause.condition, Condition::Always);
            clause.condition = match condition {
                Condition::All(all) => matches::settle(all),
                other => other,
            };
        }
        self.refuse_leads_back("");
    }
}

#[cfg(test)]
mod tests;
