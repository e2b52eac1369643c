//! Route policies: programs of conditions and actions, with parameters.
//!
//! A policy is read in two stages. [`route_policy`] keeps its lines as pieces, reads them once to account
//! for them, and leaves them in the draft; when all sets and policies are known, [`finish`] writes them in the
//! model's words: those without parameters once, those with parameters once for each list of values that
//! somebody gives them ([`instance`]). A policy calls itself by way of others only in files that no
//! device takes; the evaluation is bounded, and so is the making of instances.

mod action;
mod block;
mod condition;
mod instance;

use edgelint_model::{Fact, ObjectKind, Part, Policy, PolicyForm, State, Usage};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::polarity;
use super::pieces::{Piece, pieces};
use super::values::{REFUSED, Reader};
use block::{Block, Line};

/// Policies as they were written, and who uses those that have parameters.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    templates: Vec<Template<'t>>,
    attached: Vec<Attachment<'t>>,
}

/// A policy as it was written.
#[derive(Debug)]
struct Template<'t> {
    name: &'t str,
    /// Its parameters, each with the `$`.
    parameters: Vec<&'t str>,
    at: Span,
    lines: Vec<Line<'t>>,
    /// The text of the file.
    text: &'t str,
    /// What is wrong with it as a whole.
    blind: Vec<Span>,
}

/// A use of a policy with values for its parameters.
#[derive(Clone, Debug)]
struct Attachment<'t> {
    /// The policy with its values, as it is written: what the instance is called.
    instance: &'t str,
    /// The policy.
    name: &'t str,
    values: Vec<Piece<'t>>,
}

/// A policy.
///
/// route-policy ::= "route-policy" policy-header NL (INDENT policy-line* DEDENT)? "end-policy" NL | "no" "route-policy" NAME NL
/// policy-header ::= NAME | NAME "(" (PARAMETER ("," PARAMETER)*)? ")"
pub(super) fn route_policy<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    let header = pieces(words.skip(1));
    let text = words.file_text();
    let read = header_of(&mut Reader::new(&header, text));
    let name = header.first().filter(|piece| !piece.is_mark()).map_or("", |piece| piece.text);
    let last = statement.children().last();
    let closed = last.is_some_and(|line| is_end(line.words()));
    let plain = read.as_ref().is_some_and(|parameters| parameters.is_empty());
    let whole = match negated {
        true => plain && header.len() == 1 && !statement.has_children(),
        false => read.is_some() && closed,
    };
    if !name.is_empty() {
        draft.undefine(ObjectKind::Policy, name);
        draft.pending.policies.templates.retain(|it| it.name != name);
    }
    let (mut lines, mut owners) = (Vec::new(), Vec::new());
    for (owner, line) in statement.children().enumerate() {
        let parts = block::split(&pieces(line.words()), line.span());
        owners.extend(parts.iter().map(|_| owner));
        lines.extend(parts);
    }
    if closed {
        lines.pop();
    }
    let mut block = Block::new(&lines, text, None, &[]);
    block.whole();
    for (word, what) in std::mem::take(&mut block.refused) {
        draft.device.coverage.refuse(word, what, REFUSED);
    }
    let (states, whole_body) = (block.states, block.unclosed.is_empty());
    let state = if whole && whole_body { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Policy, statement, state);
    // A line of several statements is as little understood as the least of them.
    let mut of_line: Vec<Option<State>> = Vec::new();
    for (owner, state) in owners.into_iter().zip(states) {
        if of_line.len() <= owner {
            of_line.resize(owner + 1, None);
        }
        if let Some(known) = of_line.get_mut(owner)
            && known.is_none_or(|known| rank(known) < rank(state))
        {
            *known = Some(state);
        }
    }
    let of_line = of_line.into_iter().chain(std::iter::repeat(None));
    for (line, state) in statement.children().zip(of_line) {
        let state = state.unwrap_or(State::Modelled);
        draft.account(Part::Policy, line, if negated { State::Opaque } else { state });
        draft.stray(line);
    }
    if negated || name.is_empty() {
        return;
    }
    draft.define(ObjectKind::Policy, name, at);
    let blind = if state == State::Modelled { Vec::new() } else { vec![at] };
    let parameters = read.unwrap_or_default();
    let template = Template { name, parameters, at, lines, text, blind };
    draft.pending.policies.templates.push(template);
}

/// How much a state says against a line.
const fn rank(state: State) -> u8 {
    match state {
        State::Inert => 0,
        State::Modelled => 1,
        State::Unmodelled | State::Opaque => 2,
    }
}

fn is_end(words: Words<'_, '_>) -> bool {
    words.len() == 1 && words.is(0, "end-policy")
}

/// The parameters of a policy.
fn header_of<'t>(reader: &mut Reader<'_, 't>) -> Option<Vec<&'t str>> {
    reader.name()?;
    let mut parameters = Vec::new();
    if reader.is_empty() {
        return Some(parameters);
    }
    reader.word("(")?;
    while !reader.take(")") {
        if !parameters.is_empty() {
            reader.word(",")?;
        }
        let parameter = reader.name()?.value;
        parameter.strip_prefix('$').filter(|name| !name.is_empty())?;
        parameters.push(parameter);
    }
    reader.is_empty().then_some(parameters)
}

/// A policy where it is attached: its name, and the values of its parameters if it has some. The name of the
/// result is that of the policy that will be evaluated.
///
/// policy-use ::= NAME ("(" policy-value ("," policy-value)* ")")?
/// policy-value ::= NAME - ("(" | ")" | ",")
pub(super) fn policy_use<'t>(
    draft: &mut Draft<'t>,
    reader: &mut Reader<'_, 't>,
    usage: Usage,
) -> Option<Fact<&'t str>> {
    let from = *reader;
    let name = reader.name()?;
    let values = values(reader)?;
    let used = reader.since(&from)?;
    draft.use_name(ObjectKind::Policy, name, usage);
    let Some(values) = values else { return Some(name) };
    let attachment = Attachment { instance: used.value, name: name.value, values };
    draft.pending.policies.attached.push(attachment);
    Some(used)
}

/// Reads over the use of a policy that a line takes back.
pub(super) fn skip_use(reader: &mut Reader<'_, '_>) -> Option<()> {
    reader.name()?;
    values(reader).map(|_| ())
}

/// The values in parentheses, where there are some.
fn values<'t>(reader: &mut Reader<'_, 't>) -> Option<Option<Vec<Piece<'t>>>> {
    if !reader.take("(") {
        return Some(None);
    }
    let mut values = Vec::new();
    while !reader.take(")") {
        if !values.is_empty() {
            reader.word(",")?;
        }
        values.push(reader.next().filter(|piece| !piece.is_mark())?);
    }
    Some(Some(values))
}

/// Writes all policies in the model's words; called once, after the last statement.
pub(super) fn finish<'t>(draft: &mut Draft<'t>, arena: &'t Arena) {
    let pending = std::mem::take(&mut draft.pending.policies);
    let mut made = instance::Made::new(&pending.templates, arena);
    for template in &pending.templates {
        if template.parameters.is_empty() {
            made.plain(draft, template);
        }
    }
    made.attached(draft, pending.attached);
    made.unused(draft);
    // Sessions look policies up by name; people read them in the order of the file.
    draft.device.policies.sort_by_key(|policy| policy.at);
}

/// A policy with one clause that holds its whole program.
fn policy<'t>(
    name: &'t str,
    template: &Template<'t>,
    steps: Vec<edgelint_model::Step<'t>>,
    blind: Vec<Span>,
) -> Policy<'t> {
    let at = template.at;
    let clause = edgelint_model::Clause {
        label: edgelint_model::ClauseLabel::Here,
        at,
        condition: edgelint_model::Condition::Always,
        steps,
        verdict: None,
        flow: Fact::new(edgelint_model::Flow::Stop, at),
        blind: Vec::new(),
    };
    Policy { name, form: PolicyForm::RoutePolicy, at, clauses: vec![clause], blind }
}
