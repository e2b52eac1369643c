//! Expressions over policies: `( A && ! B )`, in place of a policy's name.
//!
//! A policy that accepts a route, or leaves it to the next one, counts as true; one that rejects it, as
//! false. Operands are asked from the left until the result is certain, and the outcome is that of the
//! policy that was asked last (Junos policy guide, "Understanding Policy Expressions").

use edgelint_model::{
    Clause, ClauseLabel, Condition, Fact, Flow, Match, Origin, Policy, PolicyForm, Verdict,
};
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use crate::junos::draft::Draft;

/// Parentheses inside each other; real ones have two or three.
const DEEPEST: u8 = 100;

/// An expression.
#[derive(Debug)]
pub(crate) enum Expression<'t> {
    /// A policy.
    Policy(Token<'t>),
    /// Its opposite.
    Not(Box<Self>),
    /// All of these.
    All(Vec<Self>),
    /// At least one of these.
    Any(Vec<Self>),
}

/// Whether words are an expression and not just a name.
pub(crate) fn is_expression(words: Words<'_, '_>) -> bool {
    words.peek(0).starts_with('(')
}

/// Number of words that an expression takes: to the parenthesis that closes the first.
pub(crate) fn length(words: Words<'_, '_>) -> usize {
    let mut open = 0_usize;
    for (at, token) in (1..).zip(words.tokens()) {
        open += token.text.matches('(').count();
        open = open.saturating_sub(token.text.matches(')').count());
        if open == 0 {
            return at;
        }
    }
    words.len()
}

/// Reads an expression that takes all the words. `None` where `&&` and `||` stand side by side: which
/// binds first is not written anywhere.
///
/// expression ::= (NAME - "(") | "(" operand (("&&" operand)* | ("||" operand)*) ")"
/// operand ::= "!"* ((NAME - ("(" | ")" | "&&" | "||" | "!")) | "(" operand (("&&" operand)* | ("||" operand)*) ")")
pub(crate) fn expression<'t>(words: Words<'_, 't>) -> Option<Expression<'t>> {
    let marks = marks(words);
    let mut at = 0;
    let found = operand(&marks, &mut at, 0)?;
    (at == marks.len()).then_some(found)
}

/// The names of an expression.
pub(crate) fn names<'t>(words: Words<'_, 't>) -> Vec<Token<'t>> {
    let is_name = |token: &Token<'_>| !token.text.starts_with(['(', ')', '&', '|', '!']);
    marks(words).into_iter().filter(is_name).collect()
}

/// The names, operators and parentheses of some words: blanks between them may be missing.
fn marks<'t>(words: Words<'_, 't>) -> Vec<Token<'t>> {
    let mut marks = Vec::new();
    for token in words.tokens() {
        let mut from = 0;
        while let Some(rest) = token.text.get(from..).filter(|rest| !rest.is_empty()) {
            let plain = rest.find(['(', ')', '&', '|', '!', ' ', '\t']).unwrap_or(rest.len());
            let length = match (plain, rest.get(..2)) {
                (0, Some("&&" | "||")) => 2,
                (0, _) => rest.chars().next().map_or(1, char::len_utf8),
                (plain, _) => plain,
            };
            let text = rest.get(..length).unwrap_or(rest);
            let offset = |at: usize| token.span.start + u32::try_from(at).unwrap_or(u32::MAX);
            if !text.trim().is_empty() {
                let span = Span::new(token.span.file, offset(from), offset(from + length));
                marks.push(Token { text, span });
            }
            from += length;
        }
    }
    marks
}

fn operand<'t>(marks: &[Token<'t>], at: &mut usize, depth: u8) -> Option<Expression<'t>> {
    let token = *marks.get(*at)?;
    *at += 1;
    if DEEPEST < depth {
        return None;
    }
    match token.text {
        "!" => Some(Expression::Not(Box::new(operand(marks, at, depth + 1)?))),
        "(" => {
            let mut parts = vec![operand(marks, at, depth + 1)?];
            let operator = marks.get(*at)?.text;
            while matches!(operator, "&&" | "||") && marks.get(*at)?.text == operator {
                *at += 1;
                parts.push(operand(marks, at, depth + 1)?);
            }
            if !matches!(marks.get(*at)?.text, ")") {
                return None;
            }
            *at += 1;
            match (parts.len(), operator) {
                (1, _) => parts.pop(),
                (_, "||") => Some(Expression::Any(parts)),
                _ => Some(Expression::All(parts)),
            }
        }
        text if text.starts_with([')', '&', '|']) => None,
        _ => Some(Expression::Policy(token)),
    }
}

/// The condition that an expression is; `origin` is that of the statement it stands in.
pub(crate) fn condition<'t>(expression: &Expression<'t>, origin: Origin) -> Condition<'t> {
    let all = |parts: &[Expression<'t>]| parts.iter().map(|part| condition(part, origin)).collect();
    match expression {
        Expression::Policy(token) => {
            let name = Fact { value: token.text, origin };
            Condition::Match(Fact { value: Match::PolicyHolds(name), origin })
        }
        Expression::Not(inner) => Condition::Not(Box::new(condition(inner, origin))),
        Expression::All(parts) => Condition::All(all(parts)),
        Expression::Any(parts) => Condition::Any(all(parts)),
    }
}

/// Adds a policy that stands for an expression in a chain, once however often it is used.
pub(crate) fn declare<'t>(draft: &mut Draft<'t>, name: Fact<&'t str>, holds: Condition<'t>) {
    if !draft.policy.expressions.insert(name.value) {
        return;
    }
    let at = name.at();
    let clause = |label, condition, verdict, flow| Clause {
        label: ClauseLabel::Ordinal(label),
        at,
        condition,
        steps: Vec::new(),
        verdict: Some(verdict),
        flow: Fact::new(flow, at),
        blind: Vec::new(),
    };
    let clauses = vec![
        clause(1, holds, Verdict::Permit, Flow::AsAsked),
        clause(2, Condition::Always, Verdict::Deny, Flow::Stop),
    ];
    let form = PolicyForm::Expression;
    let policy = Policy { name: name.value, form, at, clauses, blind: Vec::new() };
    draft.device.policies.push(policy);
}
