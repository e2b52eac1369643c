//! Routing control functions: programs that stand in place of route maps.
//!
//! Their code is a language of its own, which is not read. What a function does with a route is not
//! known: it is kept as a policy with one clause that may or may not match and may set anything, so that
//! whatever depends on it is uncertain and nothing is missing.

use edgelint_model::{
    Clause, ClauseLabel, Condition, Fact, Flow, Leak, LeakSource, Match, ObjectKind, Part, Policy,
    PolicyForm, SetAction, State, Step, Usage, Verdict,
};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{exit_state, lower, polarity, room, whole};
use crate::phrases::{is_word, name, word};
use crate::secrets;

/// Whether the name of a policy is the call of a control function: `NAME()`.
pub(super) fn is_call(name: &str) -> bool {
    name.ends_with(')') && name.contains('(')
}

/// The section of the router that holds the code of control functions, among matters of no consequence.
///
/// router-general ::= "router" "general" NL (INDENT (control-functions | general-vrf | inert-general)* (control-functions | general-vrf | inert-general | inert-exit) DEDENT)?
pub(super) fn router_general<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    if statement.words().len() != 2 {
        return draft.account_block(Part::Routing, statement, State::Unmodelled);
    }
    draft.account(Part::Routing, statement, State::Modelled);
    for child in statement.children() {
        let (_, words) = polarity(child.words());
        if is_word(words, 0, "control-functions") && words.len() == 1 {
            control_functions(draft, child);
            continue;
        }
        if is_word(words, 0, "vrf") && words.len() == 2 {
            general_vrf(draft, child);
            continue;
        }
        match exit_state(child.words()) {
            Some(state) => {
                draft.account(Part::Routing, child, state);
                draft.stray(child);
            }
            None => general(draft, child),
        }
    }
}

/// What a VRF takes from the table of another.
///
/// general-vrf ::= "vrf" NAME NL (INDENT (leak NL | inert-general)* (leak NL | inert-general | inert-exit) DEDENT)? | ("no" | "default") "vrf" NAME NL
fn general_vrf<'t>(draft: &mut Draft<'t>, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    let Some(vrf) = whole(name(words.skip(1))) else {
        return draft.account_block(Part::Routing, line, State::Unmodelled);
    };
    draft.account(Part::Routing, line, State::Modelled);
    if negated {
        return draft.stray(line);
    }
    draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    let into = (!vrf.value.eq_ignore_ascii_case("default")).then_some(vrf.value);
    for child in line.children() {
        let (gone, words) = polarity(child.words());
        let state = match whole(leak(words)) {
            Some((source, policy)) => {
                if !gone {
                    draft.use_name(ObjectKind::Vrf, source, Usage::VrfMember);
                    draft.use_name(ObjectKind::Policy, policy, Usage::VrfPolicy);
                    let at = child.span();
                    let default = source.value.eq_ignore_ascii_case("default");
                    let from = LeakSource::Vrf((!default).then_some(source.value));
                    draft.device.leaks.push(Leak { at, from, into, policy: Some(policy) });
                }
                State::Modelled
            }
            None => match exit_state(child.words()) {
                Some(state) => state,
                None => {
                    general(draft, child);
                    continue;
                }
            },
        };
        draft.account(Part::Routing, child, state);
        draft.stray(child);
    }
}

/// leak ::= ("no" | "default")? "leak" "routes" "source-vrf" NAME "subscribe-policy" NAME
fn leak<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (Fact<&'t str>, Fact<&'t str>)> {
    let (left, _) = word("leak")(input)?;
    let (left, _) = word("routes")(left)?;
    let (left, _) = word("source-vrf")(left)?;
    let (left, source) = name(left)?;
    let (left, _) = word("subscribe-policy")(left)?;
    name(left).map(|(left, policy)| (left, (source, policy)))
}

/// Other sections of the router: identities, routes that are told between VRFs, next hops.
///
/// inert-general ::= ("no" | "default")? ("router-id" | "next-hops" | "hardware" | "resilience") REST? NL inert-block?
fn general<'t>(draft: &mut Draft<'t>, line: Statement<'_, 't>) {
    let (_, words) = polarity(line.words());
    let mut low = room();
    let state = match lower(words.peek(0), &mut low) {
        "router-id" | "next-hops" | "hardware" | "resilience" => State::Inert,
        _ => State::Opaque,
    };
    draft.account_block(Part::Routing, line, state);
    secrets::in_block(draft, line);
}

/// The code: known to be there, and not read.
///
/// control-functions ::= "control-functions" NL (INDENT inert-code* (inert-code | inert-exit) DEDENT)?
/// inert-code ::= "code" ("unit" NAME)? NL
fn control_functions<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    draft.account(Part::Routing, statement, State::Modelled);
    for child in statement.children() {
        let words = child.words();
        let unit = words.len() == 3 && is_word(words, 1, "unit");
        let code = is_word(words, 0, "code") && (words.len() == 1 || unit);
        let state = match code {
            true => State::Inert,
            false => exit_state(words).unwrap_or(State::Opaque),
        };
        draft.account(Part::Routing, child, state);
        draft.stray(child);
    }
}

/// Makes a policy of every control function that is called; called once, after the last statement. Code
/// may be loaded from files of its own, so a function is never called undefined.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let calls =
        draft.device.uses.iter().filter(|it| it.kind == ObjectKind::Policy && is_call(it.name));
    let mut calls: Vec<_> = calls.copied().collect();
    calls.sort_by_key(|it| (it.name, it.at.start));
    calls.dedup_by_key(|it| it.name);
    for call in calls {
        let at = call.at;
        draft.define(ObjectKind::Policy, call.name, at);
        let clause = Clause {
            label: ClauseLabel::Ordinal(1),
            at,
            condition: Condition::Match(Fact::new(Match::Unknown, at)),
            steps: vec![Step::Set(Fact::new(SetAction::Unknown, at))],
            verdict: Some(Verdict::Permit),
            flow: Fact::new(Flow::Stop, at),
            blind: vec![at],
        };
        let form = PolicyForm::ControlFunction;
        let (clauses, blind) = (vec![clause], vec![at]);
        draft.device.policies.push(Policy { name: call.name, form, at, clauses, blind });
    }
}
