//! A grammar as its file states it: productions in order, with their comments and their own text.
//!
//! Nothing is resolved or checked here, so that a faulty grammar can still be held and complained
//! about ([`crate::sound`]); what derives and recognises works on the compiled form
//! ([`crate::compile`]).

use std::collections::BTreeSet;

/// The productions of one file, in the order of the file. The first one is the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grammar {
    /// All productions, duplicates included.
    pub productions: Vec<Production>,
}

/// One production: `name ::= body`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Production {
    /// The nonterminal it defines.
    pub name: String,
    /// What the nonterminal stands for.
    pub body: Expression,
    /// The comments that belong to it, one a line: those inside it, behind it on its last line, and
    /// right above it (a blank line between sets a comment free).
    pub comment: String,
    /// `name ::= body` as written, comments taken out and blanks folded: what doc comments quote.
    pub text: String,
    /// Line of the name in the file, counted from 1.
    pub line: usize,
}

/// The right-hand side of a production, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `"word"`: exactly this word.
    Keyword(String),
    /// `CLASS`, or `CLASS - "word"` where some words do not count as one.
    Class {
        /// Name of the terminal class, as in `grammars/terminals.md`.
        name: String,
        /// Words that are none, although the class would take them.
        except: Vec<String>,
    },
    /// `NL`, `INDENT` or `DEDENT`.
    Layout(Layout),
    /// The name of another production.
    Call(String),
    /// One after the other.
    Sequence(Vec<Self>),
    /// `a | b`: one of them.
    Choice(Vec<Self>),
    /// `a?`: once or not at all.
    Optional(Box<Self>),
    /// `a*`: any number of times.
    Any(Box<Self>),
    /// `a+`: at least once.
    Many(Box<Self>),
}

/// The tokens that lines and their indentation give, as in Python's grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `NL`: the line ends.
    Newline,
    /// `INDENT`: the next line stands deeper than this one.
    Indent,
    /// `DEDENT`: the block opened by the last `INDENT` ends.
    Dedent,
}

/// Why a text is no grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrammarError {
    /// Line of the trouble, counted from 1.
    pub line: usize,
    /// What was expected there.
    pub what: String,
}

impl std::fmt::Display for GrammarError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for GrammarError {}

impl Grammar {
    /// The first production of that name.
    pub fn production(&self, name: &str) -> Option<&Production> {
        self.productions.iter().find(|production| production.name == name)
    }

    /// Every keyword of every production, spelled as in the file.
    pub fn keywords(&self) -> BTreeSet<&str> {
        let mut keywords = BTreeSet::new();
        for production in &self.productions {
            production.body.visit(&mut |part| {
                if let Expression::Keyword(word) = part {
                    keywords.insert(word.as_str());
                }
            });
        }
        keywords
    }

    /// The name of every terminal class in use.
    pub fn classes(&self) -> BTreeSet<&str> {
        let mut classes = BTreeSet::new();
        for production in &self.productions {
            production.body.visit(&mut |part| {
                if let Expression::Class { name, .. } = part {
                    classes.insert(name.as_str());
                }
            });
        }
        classes
    }
}

impl Production {
    /// Whether this is a list of statements that are known and ignored: its name begins with
    /// `inert`.
    pub fn is_inert(&self) -> bool {
        self.name.starts_with("inert")
    }
}

impl Expression {
    /// Shows `see` this expression and every part of it, from the outside in, from left to right.
    pub fn visit<'e>(&'e self, see: &mut impl FnMut(&'e Self)) {
        see(self);
        match self {
            Self::Keyword(_) | Self::Class { .. } | Self::Layout(_) | Self::Call(_) => {}
            Self::Sequence(parts) | Self::Choice(parts) => {
                for part in parts {
                    part.visit(see);
                }
            }
            Self::Optional(part) | Self::Any(part) | Self::Many(part) => part.visit(see),
        }
    }
}
