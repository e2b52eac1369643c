//! Says whether a text belongs to a grammar, by the grammar alone.
//!
//! Every node is asked at which tokens it can end when it starts at a given one; the answers are
//! sets, so nothing depends on the order of alternatives and no greedy choice hides a reading. The
//! answers of productions are kept, which bounds the work; where it grows beyond measure all the
//! same, the verdict is [`Verdict::Undecided`], which is never a no.

use crate::compile::{Compiled, Node};
use crate::grammar::{Grammar, Layout};
use crate::lines::{Kind, Token, tokens};
use crate::terminals::{Class, Extent};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::rc::Rc;

/// Nodes looked at for each token of the text, before recognition is given up.
const STEPS_A_TOKEN: usize = 8_192;
/// Nodes that may nest, before recognition is given up: a bound for the stack.
const DEPTH: usize = 600;

/// Whether a text belongs to a grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Yes,
    /// It does not. The place is the furthest one that some reading came to.
    No {
        /// Line of the word, counted from 1.
        line: usize,
        /// Which word of the line, counted from 1; one more than the line has where it is too
        /// short.
        word: usize,
    },
    /// The work grew too large to tell.
    Undecided,
}

/// Recognises texts by a compiled grammar.
#[derive(Debug, Clone, Copy)]
pub struct Recogniser<'c> {
    /// The grammar.
    pub compiled: &'c Compiled,
    /// Whether `PERMIT` counts as the keyword `permit`.
    pub ignores_case: bool,
}

/// Whether `text` belongs to the grammar, keywords exactly as spelled. A grammar that is not sound
/// decides nothing.
pub fn recognise(grammar: &Grammar, text: &str) -> Verdict {
    Compiled::new(grammar).map_or(Verdict::Undecided, |compiled| {
        Recogniser { compiled: &compiled, ignores_case: false }.text(text)
    })
}

/// Whether `text` is one `production` of the grammar, keywords exactly as spelled.
pub fn recognise_statement(grammar: &Grammar, production: &str, text: &str) -> Verdict {
    Compiled::new(grammar).map_or(Verdict::Undecided, |compiled| {
        Recogniser { compiled: &compiled, ignores_case: false }.statement(production, text)
    })
}

impl Recogniser<'_> {
    /// Whether `text` belongs to the grammar.
    pub fn text(&self, text: &str) -> Verdict {
        self.from(0, text)
    }

    /// Whether `text` is one `production`, its block included. It may stand at any indentation. A
    /// name that no production has decides nothing.
    pub fn statement(&self, production: &str, text: &str) -> Verdict {
        self.compiled
            .production(production)
            .map_or(Verdict::Undecided, |production| self.from(production, text))
    }

    fn from(&self, production: usize, text: &str) -> Verdict {
        let tokens = tokens(text);
        let number = |token: &Token| match token.kind {
            Kind::Word => text.get(token.range.clone()).and_then(|word| self.keyword(word)),
            _ => None,
        };
        let mut walk = Walk {
            compiled: self.compiled,
            ignores_case: self.ignores_case,
            text,
            keywords: tokens.iter().map(number).collect(),
            tokens: &tokens,
            known: vec![None; tokens.len() + 1],
            answers: vec![Rc::from([])],
            furthest: 0,
            steps: STEPS_A_TOKEN * (tokens.len() + 1),
            depth: 0,
            gave_up: false,
        };
        let ends = walk.call(production, 0);
        // A production of part of a line leaves the line's end over.
        let over = |end: &usize| tokens.iter().skip(*end).all(|token| token.kind == Kind::Newline);
        if ends.iter().any(over) {
            return Verdict::Yes;
        }
        if walk.gave_up {
            return Verdict::Undecided;
        }
        let furthest = ends.last().map_or(walk.furthest, |end| walk.furthest.max(*end));
        match (tokens.get(furthest), tokens.last()) {
            (Some(token), _) => Verdict::No { line: token.line, word: token.word },
            (None, last) => Verdict::No { line: last.map_or(1, |last| last.line + 1), word: 1 },
        }
    }

    fn keyword(&self, word: &str) -> Option<usize> {
        if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.compiled.numbers.get(&word.to_lowercase()).copied();
        }
        self.compiled.numbers.get(word).copied()
    }
}

struct Walk<'w> {
    compiled: &'w Compiled,
    ignores_case: bool,
    text: &'w str,
    tokens: &'w [Token],
    /// Number of the keyword each token is, in whatever case.
    keywords: Vec<Option<usize>>,
    /// For each token at which a production was tried, and each production: the number of the
    /// answer.
    known: Vec<Option<Box<[Option<NonZeroUsize>]>>>,
    /// Where a production can end, counted from 1.
    answers: Vec<Rc<[usize]>>,
    furthest: usize,
    steps: usize,
    depth: usize,
    gave_up: bool,
}

impl Walk<'_> {
    /// Tokens at which the production can end, in order, each once.
    fn call(&mut self, production: usize, at: usize) -> Rc<[usize]> {
        let width = self.compiled.roots.len();
        let row = self.known.get(at).and_then(Option::as_ref);
        if let Some(number) = row.and_then(|row| row.get(production).copied().flatten()) {
            return Rc::clone(&self.answers[number.get() - 1]);
        }
        let mut ends = Vec::new();
        self.node(self.compiled.roots[production], at, &mut ends);
        ends.sort_unstable();
        ends.dedup();
        // The first answer is the empty one, by far the most frequent.
        let mut number = NonZeroUsize::MIN;
        if !ends.is_empty() {
            self.answers.push(ends.into());
            number = NonZeroUsize::new(self.answers.len()).unwrap_or(number);
        }
        if let Some(row) = self.known.get_mut(at) {
            let row = row.get_or_insert_with(|| vec![None; width].into_boxed_slice());
            row[production] = Some(number);
        }
        Rc::clone(&self.answers[number.get() - 1])
    }

    /// Adds the tokens at which the node can end.
    fn node(&mut self, node: usize, at: usize, ends: &mut Vec<usize>) {
        if self.steps == 0 || DEPTH < self.depth {
            self.gave_up = true;
            return;
        }
        self.steps -= 1;
        if !self.can_begin(node, at) {
            self.furthest = self.furthest.max(at);
            return;
        }
        self.depth += 1;
        match &self.compiled.nodes[node] {
            Node::Keyword { word, .. } => self.keyword(word, at, ends),
            Node::Class { class, except } => self.value(*class, except, at, ends),
            Node::Layout(layout) => self.layout(*layout, at, ends),
            Node::Call(production) => ends.extend_from_slice(&self.call(*production, at)),
            Node::Choice(parts) => parts.iter().for_each(|part| self.node(*part, at, ends)),
            Node::Sequence(parts) => self.sequence(parts, at, ends),
            Node::Repeat { body, least, more } => self.repeat(*body, (*least, *more), at, ends),
        }
        self.depth -= 1;
    }

    fn can_begin(&self, node: usize, at: usize) -> bool {
        match (&self.compiled.firsts[node], self.keywords.get(at)) {
            (None, _) => true,
            (Some(first), Some(Some(number))) => first[*number],
            (Some(_), _) => false,
        }
    }

    fn keyword(&mut self, word: &str, at: usize, ends: &mut Vec<usize>) {
        // The number agreed already (a keyword begins with itself); what is left is the case.
        let same = |token: &Token| self.text.get(token.range.clone()) == Some(word);
        if self.ignores_case || self.tokens.get(at).is_some_and(same) {
            ends.push(at + 1);
        } else {
            self.furthest = self.furthest.max(at);
        }
    }

    fn value(&mut self, class: Class, except: &[String], at: usize, ends: &mut Vec<usize>) {
        let end = match class.extent() {
            Extent::Word => at + 1,
            Extent::Rest => {
                let is_word = |token: &&Token| token.kind == Kind::Word;
                at + self.tokens.iter().skip(at).take_while(is_word).count()
            }
        };
        let words = self.tokens.get(at..end).unwrap_or_default();
        let held = match words {
            [first, .., last] => self.text.get(first.range.start..last.range.end),
            [only] if only.kind == Kind::Word => self.text.get(only.range.clone()),
            _ => None,
        };
        let set_aside = |word: &str| {
            except
                .iter()
                .any(|other| other == word || self.ignores_case && other.eq_ignore_ascii_case(word))
        };
        if held.is_some_and(|held| class.holds(held) && !set_aside(held)) {
            ends.push(end);
        } else {
            self.furthest = self.furthest.max(at);
        }
    }

    fn layout(&mut self, layout: Layout, at: usize, ends: &mut Vec<usize>) {
        let wanted = match layout {
            Layout::Newline => Kind::Newline,
            Layout::Indent => Kind::Indent,
            Layout::Dedent => Kind::Dedent,
        };
        if self.tokens.get(at).is_some_and(|token| token.kind == wanted) {
            ends.push(at + 1);
        } else {
            self.furthest = self.furthest.max(at);
        }
    }

    fn sequence(&mut self, parts: &[usize], at: usize, ends: &mut Vec<usize>) {
        let Some((first, others)) = parts.split_first() else { return ends.push(at) };
        let (mut open, mut next) = (Vec::new(), Vec::new());
        self.node(*first, at, &mut open);
        for part in others {
            open.sort_unstable();
            open.dedup();
            for at in open.drain(..) {
                self.node(*part, at, &mut next);
            }
            std::mem::swap(&mut open, &mut next);
            if open.is_empty() {
                return;
            }
        }
        ends.append(&mut open);
    }

    fn repeat(&mut self, body: usize, times: (usize, bool), at: usize, ends: &mut Vec<usize>) {
        let (least, more) = times;
        if least == 0 {
            ends.push(at);
        }
        let mut open = Vec::new();
        self.node(body, at, &mut open);
        if !more {
            return ends.append(&mut open);
        }
        let mut reached = BTreeSet::new();
        while let Some(at) = open.pop() {
            if reached.insert(at) {
                self.node(body, at, &mut open);
            }
        }
        ends.extend(reached);
    }
}

#[cfg(test)]
mod tests {
    use super::{Recogniser, Verdict, recognise, recognise_statement};
    use crate::compile::Compiled;
    use crate::derive::Sentences;
    use crate::grammar::Grammar;

    const TOY: &str = "config ::= (list | map | inert)*\n\
        list ::= \"list\" NAME (\"seq\" SEQ)? (\"permit\" | \"deny\") PREFIX4 (\"ge\" LEN4)? NL\n\
        map ::= \"map\" NAME NL (INDENT clause+ DEDENT)?\n\
        clause ::= \"set\" RANGE_1_9 NL | \"tag\" (NAME - \"exact\")+ \"exact\"? NL | inert\n\
        inert ::= \"note\" REST NL block?\nblock ::= INDENT (REST NL block?)+ DEDENT";

    #[test]
    fn verdicts() {
        let grammar = Grammar::read(TOY).unwrap();
        let no = |line, word| Verdict::No { line, word };
        let table = [
            ("", Verdict::Yes),
            ("list x permit 10.0.0.0/8", Verdict::Yes),
            ("! a comment\n\nlist seq seq 5 deny 10.0.0.0/8 ge 9\n", Verdict::Yes),
            ("map m\n set 1\n tag a b exact\nlist x permit 10.0.0.0/8\n", Verdict::Yes),
            ("note a\n b c\n  d\n e\nmap m", Verdict::Yes),
            ("map m\n note x\n  y\n set 9", Verdict::Yes),
            ("list x permit 10.0.0.0/33", no(1, 4)),
            ("list x permit 10.0.0.0/8 ge", no(1, 6)),
            ("list x permit 10.0.0.0/8 8", no(1, 5)),
            ("LIST x permit 10.0.0.0/8", no(1, 1)),
            ("map m\n set 1\n set 10", no(3, 2)),
            ("map m\n tag exact", no(2, 2)),
            ("map m\nset 1", no(2, 1)),
            ("list x permit 10.0.0.0/8\n set 1", no(2, 1)),
        ];
        for (text, expected) in table {
            assert_eq!(recognise(&grammar, text), expected, "{text}");
        }
    }

    #[test]
    fn case_is_the_callers_matter() {
        let compiled = Compiled::new(&Grammar::read(TOY).unwrap()).unwrap();
        let loose = Recogniser { compiled: &compiled, ignores_case: true };
        assert_eq!(loose.text("LIST x Permit 10.0.0.0/8"), Verdict::Yes);
        assert_ne!(loose.text("map m\n tag EXACT"), Verdict::Yes);
    }

    #[test]
    fn single_statements_stand_at_any_indentation() {
        let grammar = Grammar::read(TOY).unwrap();
        assert_eq!(recognise_statement(&grammar, "clause", "   set 5"), Verdict::Yes);
        assert_eq!(recognise_statement(&grammar, "map", "map m\n set 5\n"), Verdict::Yes);
        assert_ne!(recognise_statement(&grammar, "clause", "set 5\nset 6"), Verdict::Yes);
        assert_eq!(recognise_statement(&grammar, "nothing", "set 5"), Verdict::Undecided);
    }

    #[test]
    fn what_is_derived_is_recognised() {
        let compiled = Compiled::new(&Grammar::read(TOY).unwrap()).unwrap();
        let recogniser = Recogniser { compiled: &compiled, ignores_case: false };
        for sentence in Sentences::new(&compiled, 2).take(2_000) {
            assert_eq!(recogniser.text(&sentence.text), Verdict::Yes, "{}", sentence.text);
        }
    }

    #[test]
    fn ambiguity_and_depth_are_bounded() {
        let grammar =
            Grammar::read("x ::= (NAME+ NAME* NAME?)* | \"a\" x \"b\" | \"a\" x \"c\"").unwrap();
        let words = "a ".repeat(300);
        assert_eq!(recognise(&grammar, &words), Verdict::Yes);
        let nested = Grammar::read("x ::= \"a\" x \"b\" | \"a\" x \"c\" | NL").unwrap();
        assert_ne!(recognise(&nested, &"a ".repeat(60)), Verdict::Yes);
        assert_eq!(recognise(&nested, &"a ".repeat(5_000)), Verdict::Undecided);
    }
}
