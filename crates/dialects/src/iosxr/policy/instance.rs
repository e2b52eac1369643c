//! Policies with values in place of their parameters.
//!
//! The guide calls it parameterization: `$name` may stand for a value or for a part of one
//! (`64500:$site`), and a policy that another one calls gets values of that one's parameters. Each list of
//! values makes a policy of its own, named as it is called.

use std::collections::HashSet;

use edgelint_model::{Fact, ObjectKind, Usage};
use edgelint_source::Arena;

use super::block::{Block, Called, Line};
use super::{Attachment, Template, policy};
use crate::iosxr::draft::Draft;
use crate::iosxr::pieces::Piece;
use crate::iosxr::values::is_parameter;

/// Policies made of those that have parameters: policies that call each other with ever longer values would
/// go on for ever.
const MOST: usize = 512;
/// No value is longer.
const LONGEST: usize = 1024;

/// The policies made so far.
pub(super) struct Made<'p, 't> {
    templates: &'p [Template<'t>],
    arena: &'t Arena,
    names: HashSet<&'t str>,
    used: HashSet<&'t str>,
    waiting: Vec<Attachment<'t>>,
    /// Names that are recorded already, with their places.
    seen: HashSet<(ObjectKind, u32, &'t str)>,
}

impl<'p, 't> Made<'p, 't> {
    /// Nothing is made yet.
    pub(super) fn new(templates: &'p [Template<'t>], arena: &'t Arena) -> Self {
        let (names, used, seen) = (HashSet::new(), HashSet::new(), HashSet::new());
        Self { templates, arena, names, used, waiting: Vec::new(), seen }
    }

    /// A policy without parameters.
    pub(super) fn plain(&mut self, draft: &mut Draft<'t>, template: &Template<'t>) {
        self.write(draft, (template.name, template), &template.lines);
    }

    /// The policies that sessions and others use with values, and those that these call.
    pub(super) fn attached(&mut self, draft: &mut Draft<'t>, attached: Vec<Attachment<'t>>) {
        self.waiting.extend(attached);
        while let Some(next) = self.waiting.pop() {
            let Some(template) = self.templates.iter().find(|it| it.name == next.name) else {
                continue;
            };
            self.used.insert(template.name);
            if MOST < self.names.len() || !self.names.insert(next.instance) {
                continue;
            }
            if next.values.len() != template.parameters.len() {
                // Which value is meant for which parameter, nobody can tell.
                let blind = vec![template.at];
                let made = policy(next.instance, template, Vec::new(), blind);
                draft.device.policies.push(made);
                continue;
            }
            let lines = self.lines(template, &next.values);
            self.write(draft, (next.instance, template), &lines);
        }
    }

    /// Policies with parameters that nobody uses: shown as they are written.
    pub(super) fn unused(&mut self, draft: &mut Draft<'t>) {
        let templates = self.templates;
        for template in templates {
            if !template.parameters.is_empty() && !self.used.contains(template.name) {
                let mut block = Block::new(&template.lines, template.text, None, &[]);
                let steps = block.whole();
                let uses = std::mem::take(&mut block.uses);
                let called = std::mem::take(&mut block.called);
                self.record(draft, uses, &called);
                let blind = vec![template.at];
                draft.device.policies.push(policy(template.name, template, steps, blind));
            }
        }
    }

    /// Writes one policy, and notes whom it calls with values.
    fn write(
        &mut self,
        draft: &mut Draft<'t>,
        (name, template): (&'t str, &Template<'t>),
        lines: &[Line<'t>],
    ) {
        let lists = std::mem::take(&mut draft.device.community_lists);
        let mut block = Block::new(lines, template.text, Some(self.arena), &lists);
        let steps = block.whole();
        let Block { uses, inline, called, blind: unread, .. } = block;
        draft.device.community_lists = lists;
        for list in inline {
            if !draft.device.community_lists.iter().any(|it| it.name == list.name) {
                draft.device.community_lists.push(list);
            }
        }
        self.record(draft, uses, &called);
        for Called { name, instance, values } in called {
            let attachment = Attachment { instance, name: name.value, values };
            let fresh = instance != name.value && !self.names.contains(instance);
            let room = self.waiting.len() < MOST;
            self.waiting.extend((fresh && room).then_some(attachment));
        }
        let blind = template.blind.iter().copied().chain(unread).collect();
        draft.device.policies.push(policy(name, template, steps, blind));
    }

    /// Records what a policy names; what several instances of one name is recorded once.
    fn record(
        &mut self,
        draft: &mut Draft<'t>,
        uses: Vec<(ObjectKind, Fact<&'t str>, Usage)>,
        called: &[Called<'t>],
    ) {
        let calls = called.iter().map(|call| (ObjectKind::Policy, call.name, Usage::Call));
        for (kind, used, usage) in uses.into_iter().chain(calls) {
            if self.seen.insert((kind, used.at().start, used.value)) {
                draft.use_name(kind, used, usage);
            }
        }
    }

    /// The lines of a policy with values in place of parameters.
    fn lines(&self, template: &Template<'t>, values: &[Piece<'t>]) -> Vec<Line<'t>> {
        let piece = |piece: &Piece<'t>| self.piece(*piece, &template.parameters, values);
        let lines = template.lines.iter();
        lines
            .map(|line| Line { at: line.at, pieces: line.pieces.iter().map(piece).collect() })
            .collect()
    }

    fn piece(&self, piece: Piece<'t>, parameters: &[&str], values: &[Piece<'t>]) -> Piece<'t> {
        if !is_parameter(piece.text) {
            return piece;
        }
        let value_of = |name: &str| {
            let place = parameters.iter().position(|parameter| *parameter == name)?;
            values.get(place)
        };
        if let Some(value) = value_of(piece.text) {
            return Piece { text: value.text, quoted: value.quoted || piece.quoted, ..piece };
        }
        let mut text = String::new();
        let mut rest = piece.text;
        while let Some(at) = rest.find('$') {
            let (before, name) = rest.split_at_checked(at).unwrap_or((rest, ""));
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let end = name.char_indices().skip(1).find(|(_, c)| !is_part(*c));
            let (name, behind) =
                name.split_at_checked(end.map_or(name.len(), |it| it.0)).unwrap_or((name, ""));
            text.push_str(before);
            text.push_str(value_of(name).map_or(name, |value| value.text));
            rest = behind;
            if LONGEST < text.len() {
                return piece;
            }
        }
        text.push_str(rest);
        Piece { text: self.arena.keep(&text), ..piece }
    }
}
