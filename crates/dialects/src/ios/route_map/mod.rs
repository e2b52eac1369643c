//! Route maps: clauses in the order of their numbers, each with matches, sets and `continue`.
//!
//! A clause that is opened twice is one clause. Lines of the same kind widen each other (any of the
//! lists), lines of different kinds narrow each other, as a router evaluates them. While a file is
//! read, a clause's condition is a plain list; [`Draft::order`] gives it its final form.

use edgelint_model::{
    Clause, ClauseLabel, Condition, Fact, Flow, Match, ObjectKind, Part, SetAction, State, Step,
    Verdict,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::is_exit;
use crate::draft::push_tight;
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

/// no-route-map ::= "no" "route-map" NAME action? seq16? NL
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
    let place = draft.device.policies.iter().position(|policy| policy.name == heading.name);
    let Some(name) = place.and_then(|place| draft.device.policies.get(place)).map(|it| it.name)
    else {
        return;
    };
    let Some(policy) = place.and_then(|place| draft.device.policies.get_mut(place)) else { return };
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
        let last = policy.clauses.last().is_some_and(|clause| clause.label < label);
        let place =
            if last { None } else { policy.clauses.iter().position(|it| it.label == label) };
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

/// Reads a line of a clause.
///
/// clause-line ::= match-line | set-line | continue | "description" REST? NL | inert-match-line
///     | inert-set-line
fn clause_line<'t>(draft: &mut Draft<'t>, clause: &mut Clause<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let at = line.span();
    let head = words.peek(0);
    let state = if head.eq_ignore_ascii_case("match") {
        match_line(draft, clause, words, at)
    } else if head.eq_ignore_ascii_case("set") {
        set_line(draft, clause, words, at)
    } else if head.eq_ignore_ascii_case("continue") {
        continue_line(clause, words, at)
    } else if head.eq_ignore_ascii_case("description") {
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
        _ if is_word(words, 1, "length") => (vec![Match::NotForRoutes], State::Inert),
        _ => (vec![Match::Unknown], State::Unmodelled),
    };
    for one in &found {
        matches::record_uses(draft, one, words);
    }
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
    push_tight(&mut clause.steps, Step::Set(Fact::new(action, at)));
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
        self.refuse_leads_back("Cisco, \"BGP Route-Map Continue\", restrictions: only to a clause with a higher number");
    }
}

#[cfg(test)]
mod tests;
