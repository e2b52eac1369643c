//! A grammar with its names resolved: what derives and recognises sentences.
//!
//! Expressions become nodes in one arena, so that a node's number can stand for it in tables: how
//! often an alternative was used, what it can begin with, how deep it must nest. Only a sound
//! grammar compiles; that spares everything downstream the cases that cannot happen.

use crate::grammar::{Expression, Grammar, Layout};
use crate::sound;
use crate::terminals::{self, Class};
use std::collections::BTreeMap;

/// A sound grammar, ready to derive ([`crate::derive`]) and recognise ([`crate::recognise`]).
#[derive(Debug)]
pub struct Compiled {
    pub(crate) nodes: Vec<Node>,
    /// Node of each production's body.
    pub(crate) roots: Vec<usize>,
    pub(crate) names: Vec<String>,
    pub(crate) inert: Vec<bool>,
    /// Keywords as spelled, each once.
    pub(crate) keywords: Vec<String>,
    /// Number of each keyword in lower case; spellings that differ in case share one.
    pub(crate) numbers: BTreeMap<String, usize>,
    /// Calls that must at least nest below each node; `u32::MAX` where there is no end.
    pub(crate) heights: Vec<u32>,
    /// Keywords each node can begin with, where nothing but a keyword will do.
    pub(crate) firsts: Vec<Option<Box<[bool]>>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Keyword { number: usize, word: String },
    Class { class: Class, except: Vec<String> },
    Layout(Layout),
    Call(usize),
    Sequence(Vec<usize>),
    Choice(Vec<usize>),
    Repeat { body: usize, least: usize, more: bool },
}

impl Compiled {
    /// Compiles a grammar; where it is not sound, the faults that [`sound::sound`] found.
    pub fn new(grammar: &Grammar) -> Result<Self, Vec<String>> {
        let faults = sound::sound(grammar);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut compiled = Self::resolve(grammar)?;
        let empty = compiled.nullable();
        compiled.firsts = (0..compiled.nodes.len()).map(|_| None).collect();
        for node in 0..compiled.nodes.len() {
            let mut first = vec![false; compiled.numbers.len()].into_boxed_slice();
            if compiled.begin(node, &empty, &mut first) {
                compiled.firsts[node] = Some(first);
            }
        }
        Ok(compiled)
    }

    /// Nodes and heights; an error where a name or a class means nothing.
    pub(crate) fn resolve(grammar: &Grammar) -> Result<Self, Vec<String>> {
        let mut compiled = Self {
            nodes: Vec::new(),
            roots: Vec::new(),
            names: grammar.productions.iter().map(|it| it.name.clone()).collect(),
            inert: grammar.productions.iter().map(|it| it.is_inert()).collect(),
            keywords: grammar.keywords().into_iter().map(str::to_owned).collect(),
            numbers: BTreeMap::new(),
            heights: Vec::new(),
            firsts: Vec::new(),
        };
        for production in &grammar.productions {
            let root = compiled.node(&production.body).map_err(|fault| vec![fault])?;
            compiled.roots.push(root);
        }
        compiled.heights = compiled.heights();
        Ok(compiled)
    }

    /// The number of the production of that name.
    pub(crate) fn production(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// Whether `word` is a keyword, in whatever case.
    pub(crate) fn is_keyword(&self, word: &str) -> bool {
        self.numbers.contains_key(&word.to_lowercase())
    }

    fn node(&mut self, expression: &Expression) -> Result<usize, String> {
        let node = match expression {
            Expression::Keyword(word) => {
                let next = self.numbers.len();
                let number = *self.numbers.entry(word.to_lowercase()).or_insert(next);
                Node::Keyword { number, word: word.clone() }
            }
            Expression::Class { name, except } => {
                let class = terminals::class(name).ok_or(format!("no class {name}"))?;
                Node::Class { class, except: except.clone() }
            }
            Expression::Layout(layout) => Node::Layout(*layout),
            Expression::Call(name) => {
                Node::Call(self.production(name).ok_or(format!("no production {name}"))?)
            }
            Expression::Sequence(parts) => Node::Sequence(self.each(parts)?),
            Expression::Choice(parts) => Node::Choice(self.each(parts)?),
            Expression::Optional(part) => {
                Node::Repeat { body: self.node(part)?, least: 0, more: false }
            }
            Expression::Any(part) => Node::Repeat { body: self.node(part)?, least: 0, more: true },
            Expression::Many(part) => Node::Repeat { body: self.node(part)?, least: 1, more: true },
        };
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    fn each(&mut self, parts: &[Expression]) -> Result<Vec<usize>, String> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn heights(&self) -> Vec<u32> {
        let mut heights = vec![u32::MAX; self.nodes.len()];
        loop {
            let before = heights.clone();
            for (index, node) in self.nodes.iter().enumerate() {
                heights[index] = match node {
                    Node::Keyword { .. } | Node::Class { .. } | Node::Layout(_) => 0,
                    Node::Call(production) => heights[self.roots[*production]].saturating_add(1),
                    Node::Sequence(parts) => {
                        parts.iter().map(|part| heights[*part]).max().unwrap_or(0)
                    }
                    Node::Choice(parts) => {
                        parts.iter().map(|part| heights[*part]).min().unwrap_or(u32::MAX)
                    }
                    Node::Repeat { least: 0, .. } => 0,
                    Node::Repeat { body, .. } => heights[*body],
                };
            }
            if heights == before {
                return heights;
            }
        }
    }

    /// Which nodes can stand for nothing at all.
    pub(crate) fn nullable(&self) -> Vec<bool> {
        let mut empty = vec![false; self.nodes.len()];
        loop {
            let before = empty.clone();
            for (index, node) in self.nodes.iter().enumerate() {
                empty[index] = match node {
                    Node::Keyword { .. } | Node::Class { .. } | Node::Layout(_) => false,
                    Node::Call(production) => empty[self.roots[*production]],
                    Node::Sequence(parts) => parts.iter().all(|part| empty[*part]),
                    Node::Choice(parts) => parts.iter().any(|part| empty[*part]),
                    Node::Repeat { body, least, .. } => *least == 0 || empty[*body],
                };
            }
            if empty == before {
                return empty;
            }
        }
    }

    /// Nodes that `node` may begin with, nested ones directly below it only.
    pub(crate) fn leaders(&self, node: usize, empty: &[bool]) -> Vec<usize> {
        match &self.nodes[node] {
            Node::Keyword { .. } | Node::Class { .. } | Node::Layout(_) => Vec::new(),
            Node::Call(production) => vec![self.roots[*production]],
            Node::Sequence(parts) => {
                let solid = parts.iter().position(|part| !empty[*part]);
                parts.iter().take(solid.map_or(parts.len(), |solid| solid + 1)).copied().collect()
            }
            Node::Choice(parts) => parts.clone(),
            Node::Repeat { body, .. } => vec![*body],
        }
    }

    /// Marks the keywords that `node` can begin with; false where something else can begin it, or
    /// where it can be empty. Ends because a sound grammar has no left recursion.
    fn begin(&self, node: usize, empty: &[bool], first: &mut [bool]) -> bool {
        if empty[node] {
            return false;
        }
        match &self.nodes[node] {
            Node::Keyword { number, .. } => {
                first[*number] = true;
                true
            }
            Node::Class { .. } | Node::Layout(_) => false,
            Node::Sequence(_) => {
                let leaders = self.leaders(node, empty);
                leaders.iter().all(|leader| match &self.nodes[*leader] {
                    Node::Repeat { body, least: 0, .. } => self.begin(*body, empty, first),
                    _ => self.begin(*leader, empty, first),
                })
            }
            _ => self.leaders(node, empty).iter().all(|leader| self.begin(*leader, empty, first)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Compiled;
    use crate::grammar::Grammar;

    #[test]
    fn beginnings_are_keywords_or_open() {
        let text =
            "s ::= a | b | c NL\na ::= \"no\"? \"x\" NAME NL\nb ::= NAME \"y\" NL\nc ::= \"Z\" | a";
        let compiled = Compiled::new(&Grammar::read(text).unwrap()).unwrap();
        let first = |name: &str| {
            let root = compiled.roots[compiled.production(name).unwrap()];
            compiled.firsts[root].as_ref().map(|first| {
                let mut words: Vec<&str> = compiled
                    .numbers
                    .iter()
                    .filter(|(_, number)| first[**number])
                    .map(|(word, _)| word.as_str())
                    .collect();
                words.sort_unstable();
                words.join(" ")
            })
        };
        assert_eq!(first("a").as_deref(), Some("no x"));
        assert_eq!(first("b"), None);
        assert_eq!(first("c").as_deref(), Some("no x z"));
        assert_eq!(first("s"), None);
    }

    #[test]
    fn an_unsound_grammar_does_not_compile() {
        let faults = Compiled::new(&Grammar::read("s ::= t").unwrap()).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
}
