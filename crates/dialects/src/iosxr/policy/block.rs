//! The statements of a policy: branches, what ends it, and calls.

use edgelint_model::{
    Arm, CommunityList, Condition, Fact, Match, ObjectKind, SetAction, State, Step, Usage, Verdict,
};
use edgelint_source::{Arena, Span};

use super::{action, condition, values};
use crate::iosxr::pieces::Piece;
use crate::iosxr::values::Reader;

/// A line of a policy.
#[derive(Clone, Debug)]
pub(super) struct Line<'t> {
    pub(super) at: Span,
    pub(super) pieces: Vec<Piece<'t>>,
}

/// The statements of one line. Most lines hold one; a short condition may stand on a line with what it
/// decides (`if … then drop endif`).
pub(super) fn split<'t>(pieces: &[Piece<'t>], at: Span) -> Vec<Line<'t>> {
    let is = |piece: &Piece<'_>, words: &[&str]| words.iter().any(|word| piece.is(word));
    let conditional = pieces.iter().any(|piece| is(piece, &["then", "else", "endif"]));
    if !conditional {
        return vec![Line { at, pieces: pieces.to_vec() }];
    }
    let mut lines: Vec<Line<'t>> = Vec::new();
    let mut cut = true;
    for piece in pieces {
        cut |= is(piece, &["if", "elseif", "else", "endif", "pass", "done", "drop"]);
        match lines.last_mut().filter(|_| !cut) {
            Some(line) => {
                line.at = line.at.to(piece.at);
                line.pieces.push(*piece);
            }
            None => lines.push(Line { at: piece.at, pieces: vec![*piece] }),
        }
        cut = is(piece, &["then", "else", "endif"]);
    }
    lines
}

/// A call of another policy with values for its parameters, or without.
#[derive(Debug)]
pub(super) struct Called<'t> {
    pub(super) name: Fact<&'t str>,
    pub(super) instance: &'t str,
    pub(super) values: Vec<Piece<'t>>,
}

/// A policy while its lines are read, and what they refer to.
pub(super) struct Block<'l, 't> {
    lines: &'l [Line<'t>],
    next: usize,
    text: &'t str,
    arena: Option<&'t Arena>,
    /// Community sets of the device.
    pub(super) sets: &'l [CommunityList<'t>],
    /// What became of each line.
    pub(super) states: Vec<State>,
    /// Conditions that nobody closed.
    pub(super) unclosed: Vec<Span>,
    /// What is named.
    pub(super) uses: Vec<(ObjectKind, Fact<&'t str>, Usage)>,
    /// Sets written in place that a list has to stand for.
    pub(super) inline: Vec<CommunityList<'t>>,
    /// Policies that are called.
    pub(super) called: Vec<Called<'t>>,
    /// Lengths that no device takes.
    pub(super) refused: Vec<(Span, &'static str)>,
    /// Lines that were not understood and may decide anything.
    pub(super) blind: Vec<Span>,
}

/// Conditions inside of conditions: deeper than anybody writes, and than the evaluation follows.
const DEEPEST: u8 = 30;

impl<'l, 't> Block<'l, 't> {
    /// Nothing is read yet. `arena` is there where parameters have their values.
    pub(super) fn new(
        lines: &'l [Line<'t>],
        text: &'t str,
        arena: Option<&'t Arena>,
        sets: &'l [CommunityList<'t>],
    ) -> Self {
        Self {
            lines,
            next: 0,
            text,
            arena,
            sets,
            states: vec![State::Modelled; lines.len()],
            unclosed: Vec::new(),
            uses: Vec::new(),
            inline: Vec::new(),
            called: Vec::new(),
            refused: Vec::new(),
            blind: Vec::new(),
        }
    }

    /// Reads all lines.
    pub(super) fn whole(&mut self) -> Vec<Step<'t>> {
        let mut steps = Vec::new();
        while self.next < self.lines.len() {
            steps.append(&mut self.statements(0));
            // What begins or ends a branch where none is open.
            if let Some(line) = self.line() {
                self.misread(line.at);
                self.next += 1;
            }
        }
        steps
    }

    fn line(&self) -> Option<&'l Line<'t>> {
        self.lines.get(self.next)
    }

    fn reader(&self, line: &'l Line<'t>) -> Reader<'l, 't> {
        match self.arena {
            Some(arena) => Reader::made(&line.pieces, self.text, arena),
            None => Reader::new(&line.pieces, self.text),
        }
    }

    /// The line at hand was not understood.
    fn misread(&mut self, at: Span) {
        if let Some(state) = self.states.get_mut(self.next) {
            *state = State::Unmodelled;
        }
        self.blind.push(at);
    }

    /// Statements up to what ends the branch they stand in.
    ///
    /// policy-line ::= if-statement | disposition NL | call NL | action NL | inert-action
    /// disposition ::= "pass" | "done" | "drop"
    fn statements(&mut self, depth: u8) -> Vec<Step<'t>> {
        let mut steps = Vec::new();
        while let Some(line) = self.line() {
            let mut reader = self.reader(line);
            let Some(head) = reader.peek() else {
                self.next += 1;
                continue;
            };
            let ends = head.is("elseif") || head.is("else") || head.is("endif");
            if ends {
                break;
            }
            if head.is("if") && depth < DEEPEST {
                steps.extend(self.branch(depth));
                continue;
            }
            match self.statement(&mut reader, line.at).filter(|_| reader.is_empty()) {
                Some((step, state)) => {
                    if let Some(place) = self.states.get_mut(self.next) {
                        *place = state;
                    }
                    steps.extend(step);
                }
                None if is_change(head) => {
                    // It changes the route, whatever it is, and drops nothing.
                    steps.push(Step::Set(Fact::new(SetAction::Unknown, line.at)));
                    if let Some(state) = self.states.get_mut(self.next) {
                        *state = State::Unmodelled;
                    }
                }
                None => self.misread(line.at),
            }
            self.next += 1;
        }
        steps
    }

    fn statement(
        &mut self,
        reader: &mut Reader<'_, 't>,
        at: Span,
    ) -> Option<(Option<Step<'t>>, State)> {
        let head = reader.peek()?;
        let mut low = crate::iosxr::lines::room();
        let step = match crate::iosxr::lines::lower(head.text, &mut low) {
            "pass" => Step::Pass(at),
            "done" => Step::End(Fact::new(Verdict::Permit, at)),
            "drop" => Step::End(Fact::new(Verdict::Deny, at)),
            "apply" => {
                reader.next();
                return self.call(reader).map(|step| (Some(step), State::Modelled));
            }
            _ => return action::action(self, reader, at),
        };
        reader.next();
        Some((Some(step), State::Modelled))
    }

    /// call ::= "apply" policy-use
    fn call(&mut self, reader: &mut Reader<'_, 't>) -> Option<Step<'t>> {
        let from = *reader;
        let name = reader.name()?;
        let values = values(reader)?;
        let used = reader.since(&from)?;
        let instance = match (&values, self.arena) {
            (None, _) => name.value,
            // The values may be those of parameters: the name tells which.
            (Some(values), Some(arena)) => {
                let values: Vec<&str> = values.iter().map(|value| value.text).collect();
                arena.keep(&format!("{}({})", name.value, values.join(", ")))
            }
            (Some(_), None) => used.value,
        };
        self.called.push(Called { name, instance, values: values.unwrap_or_default() });
        Some(Step::Call(Fact::new(instance, used.at())))
    }

    /// A condition with its branches.
    ///
    /// if-statement ::= "if" condition "then" NL policy-line* ("elseif" condition "then" NL policy-line*)* ("else" NL policy-line*)? "endif" NL
    fn branch(&mut self, depth: u8) -> Option<Step<'t>> {
        let opened = self.line()?.at;
        let mut arms = Vec::new();
        let mut last = false;
        loop {
            let Some(line) = self.line() else {
                self.unclosed.push(opened);
                self.blind.push(opened);
                break;
            };
            let mut reader = self.reader(line);
            let head = reader.next()?;
            if head.is("endif") && reader.is_empty() {
                self.next += 1;
                break;
            }
            let otherwise = head.is("else");
            let condition = match otherwise {
                true => reader.is_empty().then_some(Condition::Always),
                false => condition::condition(self, &mut reader, 0)
                    .filter(|_| !head.is("endif") && reader.take("then") && reader.is_empty()),
            };
            let condition = match condition.filter(|_| !last) {
                Some(condition) => condition,
                None => {
                    self.misread(line.at);
                    Condition::Match(Fact::new(Match::Unknown, line.at))
                }
            };
            last |= otherwise;
            self.next += 1;
            let steps = self.statements(depth + 1);
            arms.push(Arm { at: line.at, condition, steps });
        }
        Some(Step::Branch(arms))
    }
}

/// Whether a statement that was not understood can only change the route.
fn is_change(head: Piece<'_>) -> bool {
    ["set", "prepend", "delete", "remove", "replace", "add"].iter().any(|word| head.is(word))
}
