//! Derives random sentences from a grammar: real configuration text, every word accounted for.
//!
//! An even draw leaves rare alternatives untried for long, so a choice mostly goes to the
//! alternative used least so far: a grammar of sixty statements is covered after sixty statements,
//! not after three hundred. One draw in four is even, so that orders and combinations vary.

use crate::compile::{Compiled, Node};
use crate::grammar::Layout;
use crate::random::Random;
use crate::terminals::Class;
use std::ops::Range;

/// Calls that may nest before only the shortest way out is taken.
const DEPTH: u32 = 16;
/// Words after which a sentence is brought to its end.
const WORDS: usize = 120;
/// Draws before a name that happens to be a keyword is put up with.
const DRAWS: usize = 8;

/// A derived text, with what is known about each of its words.
#[derive(Debug, Clone)]
pub struct Sentence<'c> {
    /// The text: lines with one blank of indentation a level.
    pub text: String,
    /// Every word, in order.
    pub words: Vec<Emitted>,
    /// Names of the productions used, each once, in the order of the grammar.
    pub productions: Vec<&'c str>,
}

/// A word of a derived text.
#[derive(Debug, Clone)]
pub struct Emitted {
    /// Its line, counted from 1.
    pub line: usize,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The class it is a value of, or a part of one; nothing for a keyword.
    pub class: Option<Class>,
    /// Whether it comes from a production of statements that are known and ignored.
    pub inert: bool,
}

impl Sentence<'_> {
    /// The text of one of the words.
    pub fn word(&self, word: &Emitted) -> &str {
        self.text.get(word.range.clone()).unwrap_or_default()
    }
}

/// An endless stream of sentences that a seed determines.
#[derive(Debug)]
pub struct Sentences<'c> {
    compiled: &'c Compiled,
    start: usize,
    random: Random,
    /// How often each node was chosen as an alternative, over all sentences so far.
    used: Vec<u32>,
}

impl<'c> Sentences<'c> {
    /// Sentences of the whole grammar.
    pub fn new(compiled: &'c Compiled, seed: u64) -> Self {
        Self { compiled, start: 0, random: Random::new(seed), used: vec![0; compiled.nodes.len()] }
    }

    /// Sentences of one production, or nothing where there is none of that name.
    pub fn of(compiled: &'c Compiled, production: &str, seed: u64) -> Option<Self> {
        let start = compiled.production(production)?;
        Some(Self { start, ..Self::new(compiled, seed) })
    }

    /// How many alternatives of choices no sentence has used so far.
    pub fn untried(&self) -> usize {
        let alternatives = self.compiled.nodes.iter().filter_map(|node| match node {
            Node::Choice(parts) => Some(parts),
            _ => None,
        });
        alternatives.flatten().filter(|part| self.used[**part] == 0).count()
    }
}

impl<'c> Iterator for Sentences<'c> {
    type Item = Sentence<'c>;

    fn next(&mut self) -> Option<Sentence<'c>> {
        let mut writing = Writing {
            compiled: self.compiled,
            random: &mut self.random,
            used: &mut self.used,
            text: String::new(),
            words: Vec::new(),
            productions: vec![false; self.compiled.names.len()],
            line: 1,
            indent: 0,
            inert: 0,
        };
        writing.call(self.start, 0);
        let Writing { text, words, productions, .. } = writing;
        let names = self.compiled.names.iter().zip(productions);
        let productions = names.filter(|(_, used)| *used).map(|(name, _)| name.as_str()).collect();
        Some(Sentence { text, words, productions })
    }
}

/// A sentence on its way.
struct Writing<'c, 's> {
    compiled: &'c Compiled,
    random: &'s mut Random,
    used: &'s mut Vec<u32>,
    text: String,
    words: Vec<Emitted>,
    productions: Vec<bool>,
    line: usize,
    indent: usize,
    inert: usize,
}

impl<'c> Writing<'c, '_> {
    fn call(&mut self, production: usize, depth: u32) {
        let inert = usize::from(self.compiled.inert[production]);
        self.productions[production] = true;
        self.inert += inert;
        self.node(self.compiled.roots[production], depth + 1);
        self.inert -= inert;
    }

    fn node(&mut self, node: usize, depth: u32) {
        let compiled: &'c Compiled = self.compiled;
        match &compiled.nodes[node] {
            Node::Keyword { word, .. } => self.write(word, None),
            Node::Class { class, except } => self.value(*class, except),
            Node::Layout(Layout::Newline) => {
                self.text.push('\n');
                self.line += 1;
            }
            Node::Layout(Layout::Indent) => self.indent += 1,
            Node::Layout(Layout::Dedent) => self.indent = self.indent.saturating_sub(1),
            Node::Call(production) => self.call(*production, depth),
            Node::Sequence(parts) => parts.iter().for_each(|part| self.node(*part, depth)),
            Node::Choice(parts) => {
                let part = self.choose(parts, depth);
                self.used[part] += 1;
                self.node(part, depth);
            }
            Node::Repeat { body, least, more } => {
                for _ in 0..self.times(*body, *least, *more, depth) {
                    self.node(*body, depth);
                }
            }
        }
    }

    /// Calls that may still nest.
    fn budget(&self, depth: u32) -> u32 {
        if WORDS < self.words.len() { 0 } else { DEPTH.saturating_sub(depth) }
    }

    fn choose(&mut self, parts: &[usize], depth: u32) -> usize {
        let height = |part: &usize| self.compiled.heights[*part];
        let shortest = parts.iter().map(height).min().unwrap_or(0);
        let limit = self.budget(depth).max(shortest);
        let allowed: Vec<usize> =
            parts.iter().copied().filter(|part| self.compiled.heights[*part] <= limit).collect();
        let even = self.random.once_in(4);
        let least = allowed.iter().map(|part| self.used[*part]).min().unwrap_or(0);
        let best: Vec<usize> =
            allowed.into_iter().filter(|part| even || self.used[*part] == least).collect();
        // There is always one: a choice has parts, and the shortest of them is allowed.
        self.random.among(&best).or(parts.first()).copied().unwrap_or_default()
    }

    fn times(&mut self, body: usize, least: usize, more: bool, depth: u32) -> usize {
        if self.budget(depth) < self.compiled.heights[body] {
            return least;
        }
        let drawn = match more {
            false => self.random.below(2),
            // The start's own repetition: an empty sentence proves nothing.
            true if depth == 1 => 1 + self.random.below(4),
            true => self.random.among(&[0, 1, 1, 2, 3]).copied().unwrap_or(1),
        };
        drawn.max(least)
    }

    fn value(&mut self, class: Class, except: &[String]) {
        let mut value = class.sample(self.random);
        for _ in 0..DRAWS {
            let taken = |word: &str| {
                self.compiled.is_keyword(word)
                    || except.iter().any(|other| other.eq_ignore_ascii_case(word))
            };
            if !taken(&value) {
                break;
            }
            value = class.sample(self.random);
        }
        for word in value.split(' ') {
            self.write(word, Some(class));
        }
    }

    fn write(&mut self, word: &str, class: Option<Class>) {
        let at_start = self.text.is_empty() || self.text.ends_with('\n');
        let blanks = if at_start { self.indent } else { 1 };
        self.text.extend(std::iter::repeat_n(' ', blanks));
        let start = self.text.len();
        self.text.push_str(word);
        let range = start..self.text.len();
        self.words.push(Emitted { line: self.line, range, class, inert: 0 < self.inert });
    }
}

#[cfg(test)]
mod tests {
    use super::Sentences;
    use crate::compile::Compiled;
    use crate::grammar::Grammar;

    fn compiled(text: &str) -> Compiled {
        Compiled::new(&Grammar::read(text).unwrap()).unwrap()
    }

    #[test]
    fn words_are_where_they_say() {
        let compiled = compiled(
            "config ::= map*\nmap ::= \"map\" NAME NL (INDENT part+ DEDENT)?\n\
             part ::= \"set\" UINT8 NL | inert\n\
             inert ::= \"note\" REST NL",
        );
        let mut deeper = 0;
        for sentence in Sentences::new(&compiled, 5).take(200) {
            let lines: Vec<&str> = sentence.text.lines().collect();
            let mut heard = String::new();
            for word in &sentence.words {
                assert!(lines[word.line - 1].contains(sentence.word(word)));
                heard.push_str(sentence.word(word));
                assert_eq!(word.inert, lines[word.line - 1].starts_with(" note"));
            }
            assert_eq!(heard, sentence.text.replace([' ', '\n'], ""));
            deeper += lines.iter().filter(|line| line.starts_with(' ')).count();
            assert!(lines.iter().all(|line| line.starts_with("map") || line.starts_with(' ')));
            assert_eq!(sentence.productions[0], "config");
        }
        assert!(100 < deeper);
    }

    #[test]
    fn every_alternative_is_reached_soon() {
        let words: Vec<String> = (0..60).map(|n| format!("\"w{n}\"")).collect();
        let compiled = compiled(&format!("config ::= ({}) NL", words.join(" | ")));
        let mut sentences = Sentences::new(&compiled, 1);
        assert_eq!(sentences.untried(), 60);
        assert_eq!(sentences.by_ref().take(100).count(), 100);
        assert_eq!(sentences.untried(), 0);
    }

    #[test]
    fn recursion_ends() {
        let compiled = compiled("x ::= \"a\" x x | \"b\" | (\"c\" x)+");
        for sentence in Sentences::new(&compiled, 9).take(500) {
            assert!(sentence.words.len() < 100_000, "{}", sentence.words.len());
        }
    }

    #[test]
    fn the_seed_determines_the_text() {
        let compiled = compiled("x ::= (PREFIX4 ASN NAME NL)+");
        let text =
            |seed| Sentences::new(&compiled, seed).take(5).map(|it| it.text).collect::<String>();
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }
}
