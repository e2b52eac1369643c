//! Expressions over text, as devices write them: AS paths and communities as characters.
//!
//! The language is POSIX's extended one, with `_` for whatever stands between numbers: a blank, a comma,
//! a brace, a parenthesis, either end of the text (Cisco IOS, "Regular Expressions"; FRR's `bgp_regex.c`). It is
//! translated for a library whose time grows with expression and text and no worse, so that no
//! expression of an export can hold up a run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex_automata::meta::{Config, Regex};

/// The most memory one expression may take, compiled.
const LARGEST: usize = 1 << 20;

/// Expressions that were compiled already, each as its device writes it.
#[derive(Debug, Default)]
pub(crate) struct Expressions(Mutex<BTreeMap<(Terms, String), Compiled>>);

/// An expression, compiled; none where it is not well formed.
type Compiled = Option<Arc<Regex>>;

/// What the terms of an expression are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Terms {
    /// Characters: `12` is a part of `12076`.
    Characters,
    /// Whole numbers: it is not.
    Numbers,
}

impl Expressions {
    /// Whether an expression matches somewhere in a text; nothing where it is not well formed.
    pub(crate) fn matches(&self, terms: Terms, expression: &str, text: &str) -> Option<bool> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (terms, expression.to_owned());
        let regex =
            known.entry(key).or_insert_with(|| compile(terms, expression).map(Arc::new)).clone();
        drop(known);
        Some(regex?.is_match(text))
    }
}

fn compile(terms: Terms, expression: &str) -> Option<Regex> {
    let limits = Config::new()
        .nfa_size_limit(Some(LARGEST))
        .onepass_size_limit(Some(LARGEST))
        .hybrid_cache_capacity(LARGEST);
    Regex::builder().configure(limits).build(&translate(terms, expression)?).ok()
}

/// What `_` stands for.
const BETWEEN: &str = "(?:^|$|[ ,{}()])";

/// An expression in the library's own syntax.
fn translate(terms: Terms, expression: &str) -> Option<String> {
    let mut translated = String::with_capacity(2 * expression.len());
    let mut chars = expression.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '_' => translated.push_str(BETWEEN),
            '\\' => push_literal(&mut translated, chars.next()?),
            '[' => class(&mut translated, &mut chars)?,
            '0'..='9' if terms == Terms::Numbers => {
                translated.push_str(r"(?-u:\b)(?:");
                translated.push(char);
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    translated.push(digit);
                }
                translated.push_str(r")(?-u:\b)");
            }
            '^' | '$' | '.' | '*' | '+' | '?' | '|' | '(' | ')' | '{' | '}' => {
                translated.push(char);
            }
            other => push_literal(&mut translated, other),
        }
    }
    Some(translated)
}

/// A class of characters, in which nothing but a range and its end is special.
fn class(
    translated: &mut String,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
) -> Option<()> {
    translated.push('[');
    if chars.next_if_eq(&'^').is_some() {
        translated.push('^');
    }
    let mut first = true;
    loop {
        match chars.next()? {
            ']' if !first => break,
            '-' if first || chars.peek() == Some(&']') => translated.push_str("\\-"),
            '-' => translated.push('-'),
            char => push_literal(translated, char),
        }
        first = false;
    }
    translated.push(']');
    Some(())
}

fn push_literal(translated: &mut String, char: char) {
    if char.is_ascii_punctuation() {
        translated.push('\\');
    }
    translated.push(char);
}

#[cfg(test)]
mod tests {
    use super::{Expressions, Terms};

    #[test]
    fn expressions_match_as_on_a_device() {
        let expressions = Expressions::default();
        let table = [
            ("^12076$", "12076", true),
            ("^12076$", "12076 8075", false),
            ("_8075_", "12076 8075", true),
            ("_8075_", "12076 80751", false),
            ("_8075$", "12076 {8074,8075}", false),
            ("_8075_", "12076 {8074,8075}", true),
            ("^(12076_)+$", "12076 12076", true),
            ("^(12076_)+$", "12076 8075", false),
            ("^12076(_12076)*$", "12076 12076 12076", true),
            ("^$", "", true),
            ("^$", "1", false),
            (".*", "", true),
            ("^[0-9]+$", "64500", true),
            ("^[0-9]+$", "64500 1", false),
            ("^6450[0-3]_", "64502 1", true),
            ("^6450[^0-3]_", "64502 1", false),
            ("_(64512|64513)_", "1 64513 2", true),
            ("^64500_.*_64501$", "64500 7 64501", true),
            ("12076:5[0-9]+", "12076:51004", true),
            ("^65000:.*$", "65000:1 65001:1", true),
            ("10\\.1", "10.1", true),
            ("^1{2}$", "11", true),
        ];
        for (expression, text, expected) in table {
            let found = expressions.matches(Terms::Characters, expression, text);
            assert_eq!(found, Some(expected), "{expression} on {text:?}");
        }
        for bad in ["(", "[1", "*", "a\\"] {
            assert_eq!(expressions.matches(Terms::Characters, bad, "1"), None, "{bad}");
        }
    }

    #[test]
    fn hostile_expressions_end() {
        let expressions = Expressions::default();
        let text = "1 ".repeat(5_000);
        for expression in ["(1*)*$", "((((1_)*)*)*)*x", "(1|1_|1_1)*x"] {
            let found = expressions.matches(Terms::Characters, expression, &text);
            assert!(found.is_some(), "{expression}");
        }
        assert_eq!(expressions.matches(Terms::Characters, &"(1{1000}){1000}".repeat(9), "1"), None);
        assert_eq!(expressions.matches(Terms::Characters, &"(".repeat(100_000), "1"), None);
    }
}
