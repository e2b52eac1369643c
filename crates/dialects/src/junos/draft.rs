//! The device while it is being read: the model so far, and the account of every path.
//!
//! A reader is given one path, puts what it says into the draft and returns what became of it. The
//! account belongs to the statement that was written: where a group's statement applies in ten
//! places it is still one statement, and the worst of the ten answers stands.
//!
//! What several paths say about one thing (a term, a neighbor, a route) is gathered first and put
//! into the model's words at the end, because nothing in Junos is final before its last line.

use std::collections::HashSet;
use std::str::FromStr;

use edgelint_model::{Definition, Device, Fact, ObjectKind, Part, State, Usage, Use};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{Path, Token, Words};

use super::{behaviour, bgp, interface, nat, policy, routing, secrets, section};

/// A path that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf<'w, 't> {
    /// All its words, those of a logical system left out.
    pub(super) words: Words<'w, 't>,
    /// The statement.
    pub(super) at: Span,
    /// The line that made it apply here, if it was written in a group.
    pub(super) via: Option<Span>,
    /// Where the statement says that it, or what it stands in, is switched off, and how many of
    /// `words` lead there.
    pub(super) off: Option<(usize, Span)>,
    /// For texts that stand in no file.
    pub(super) arena: &'t Arena,
}

impl<'w, 't> Leaf<'w, 't> {
    /// The leaf of a path; `skipped` words in front name the logical system.
    pub(super) fn new(path: &Path, words: Words<'w, 't>, skipped: usize, arena: &'t Arena) -> Self {
        let off = path.inactive.map(|off| ((off.depth as usize).saturating_sub(skipped), off.at));
        Self { words: words.skip(skipped), at: path.at, via: path.via, off, arena }
    }

    /// Some words as one text with single blanks, wherever they stand: side by side, or with braces
    /// between them.
    pub(super) fn phrase(&self, words: Words<'_, 't>) -> &'t str {
        let text = words.line_text();
        let plain = words.tokens().map(|token| token.text.len() + 1).sum::<usize>();
        if plain == text.len() + 1 {
            return text;
        }
        let texts: Vec<&str> = words.tokens().map(|token| token.text).collect();
        self.arena.keep(&texts.join(" "))
    }

    /// A value that this path states.
    pub(super) fn fact<T>(&self, value: T, at: Span) -> Fact<T> {
        let fact = Fact::new(value, at);
        match self.via {
            Some(via) => fact.applied_by(via),
            None => fact,
        }
    }

    /// The text of a word with its place.
    pub(super) fn name(&self, token: Token<'t>) -> Fact<&'t str> {
        self.fact(token.text, token.span)
    }

    /// Stores a value of which there is one: a later line replaces an earlier one, but what is
    /// inherited from a group never replaces anything.
    pub(super) fn put<T>(&self, slot: &mut Option<Fact<T>>, value: T, at: Span) {
        if self.via.is_none() || slot.is_none() {
            *slot = Some(self.fact(value, at));
        }
    }
}

/// What became of a path.
pub(super) type Account = (Part, State);

/// A device under construction.
#[derive(Debug)]
pub(super) struct Draft<'t> {
    /// The model so far.
    pub(super) device: Device<'t>,
    /// For names that stand in no file.
    pub(super) arena: &'t Arena,
    /// Policies, and what they match with.
    pub(super) policy: policy::Pending<'t>,
    /// BGP of all instances.
    pub(super) bgp: bgp::Pending<'t>,
    /// Routes and instances.
    pub(super) routing: routing::Pending<'t>,
    /// Interfaces by name.
    pub(super) interfaces: interface::Pending<'t>,
    /// Translation.
    pub(super) nat: nat::Pending<'t>,
    /// Statements seen that only whole exports hold.
    pub(super) whole_signs: bool,
    /// The section that is being read.
    pub(super) sections: section::Sections<'t>,
    /// Secrets: what was looked at.
    pub(super) watch: secrets::Watch,
    defined: HashSet<(ObjectKind, &'t str)>,
}

impl<'t> Draft<'t> {
    /// An empty device that is read from `at`.
    pub(super) fn new(at: Span, arena: &'t Arena) -> Self {
        Self {
            device: Device::new(&behaviour::JUNOS, at),
            arena,
            policy: policy::Pending::default(),
            bgp: bgp::Pending::default(),
            routing: routing::Pending::default(),
            interfaces: interface::Pending::default(),
            nat: nat::Pending::default(),
            whole_signs: false,
            sections: section::Sections::default(),
            watch: secrets::Watch::default(),
            defined: HashSet::new(),
        }
    }

    /// Records a definition: the first statement of an object, whichever form it is written in.
    pub(super) fn define(&mut self, kind: ObjectKind, name: &'t str, at: Span) {
        self.define_at(kind, name, || at);
    }

    /// The same, where the place is told only if it is asked for.
    pub(super) fn define_at(&mut self, kind: ObjectKind, name: &'t str, at: impl FnOnce() -> Span) {
        // What defines an object stands together: most often it was the last to be defined.
        let last = self.device.definitions.last();
        if last.is_some_and(|last| last.kind == kind && last.name == name) {
            return;
        }
        if self.defined.insert((kind, name)) {
            self.device.definitions.push(Definition { kind, name, at: at() });
        }
    }

    /// Records a use.
    pub(super) fn use_name(&mut self, kind: ObjectKind, name: Token<'t>, usage: Usage) {
        self.device.uses.push(Use { kind, name: name.text, at: name.span, usage });
    }
}

/// The place of the first `count` words of a path, as far as they stand side by side: the heading
/// of a block, or the beginning of a `set` line.
pub(super) fn heading(words: Words<'_, '_>, count: usize) -> Span {
    let last = count.saturating_sub(1);
    let Some(mut span) = words.token(last).map(|token| token.span) else {
        return words.span().unwrap_or(Span::new(words.file(), 0, 0));
    };
    for index in (0..last).rev() {
        let Some(token) = words.token(index) else { break };
        // One blank, and perhaps a quotation mark.
        if token.span.end > span.start || span.start - token.span.end > 2 {
            break;
        }
        span = token.span.to(span);
    }
    span
}

/// A number in digits alone: no sign.
pub(super) fn number<T: FromStr>(text: &str) -> Option<T> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
