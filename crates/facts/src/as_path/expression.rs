//! Expressions over text, as devices write them: AS paths and communities as characters.
//!
//! The language is POSIX's extended one, with `_` for whatever stands between numbers: a blank, a comma,
//! a brace, a parenthesis, either end of the text (Cisco IOS, "Regular Expressions"; FRR's `bgp_regex.c`). It is
//! translated for a library whose time grows with expression and text and no worse, so that no
//! expression of an export can hold up a run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex_automata::meta::{Config, Regex};

use crate::as_path::ranges::{others, push_ranges};

/// The most memory one expression may take, compiled.
const LARGEST: usize = 1 << 20;

/// Expressions that were compiled already, each as its device writes it.
#[derive(Debug, Default)]
pub(crate) struct Expressions(Mutex<BTreeMap<Terms, BTreeMap<String, Compiled>>>);

/// More expressions are not kept, each of which takes some thousands of bytes.
const MOST_KEPT: usize = 1 << 10;

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
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(terms).or_default();
        let regex = match known.get(expression) {
            Some(regex) => regex.clone(),
            None => {
                let regex = compile(terms, expression).map(Arc::new);
                if known.len() < MOST_KEPT {
                    known.insert(expression.to_owned(), regex.clone());
                }
                regex
            }
        };
        drop(all);
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

/// An expression in the library's own syntax; nothing where it is not well formed, or asks for what no
/// automaton can do (`\\1`, what a group matched before) or for what nobody has shown.
pub(super) fn translate(terms: Terms, expression: &str) -> Option<String> {
    let text = String::with_capacity(2 * expression.len());
    let mut written = Written { text, atom: None, is_repeated: false, groups: Vec::new() };
    let mut chars = expression.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '*' | '+' | '?' => written.repeat(char.encode_utf8(&mut [0; 4]))?,
            '{' => written.repeat(&counted(&mut chars)?)?,
            '|' => written.either(),
            '(' => written.open(),
            ')' => written.close()?,
            // Any characters are any numbers, but what one character would be is not shown.
            '.' if terms == Terms::Numbers => {
                chars.next_if_eq(&'*')?;
                written.atom(".*");
            }
            '[' if terms == Terms::Numbers => written.atom(&numbers(&mut chars)?),
            '0'..='9' if terms == Terms::Numbers => {
                let mut number = char.to_string();
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    number.push(digit);
                }
                written.atom(&whole(&number));
            }
            '^' | '$' | '.' => written.atom(char.encode_utf8(&mut [0; 4])),
            '_' => written.atom(BETWEEN),
            '[' => written.atom(&class(&mut chars)?),
            // A letter or digit behind it is a class, an anchor or a group in some libraries.
            '\\' => {
                let literal = chars.next().filter(|next| !next.is_ascii_alphanumeric())?;
                written.literal(literal);
            }
            other => written.literal(other),
        }
    }
    written.groups.is_empty().then_some(written.text)
}

/// A translation as far as it has come.
struct Written {
    text: String,
    /// Where the last atom begins: what a repetition behind it repeats.
    atom: Option<usize>,
    /// Whether it is repeated already: the library would take `+?` for something else.
    is_repeated: bool,
    /// Where the open groups begin.
    groups: Vec<usize>,
}

impl Written {
    fn atom(&mut self, atom: &str) {
        self.atom = Some(self.text.len());
        self.is_repeated = false;
        self.text.push_str(atom);
    }

    fn literal(&mut self, char: char) {
        self.atom("");
        if char.is_ascii_punctuation() {
            self.text.push('\\');
        }
        self.text.push(char);
    }

    fn repeat(&mut self, operator: &str) -> Option<()> {
        let begin = self.atom?;
        if self.is_repeated {
            self.text.insert_str(begin, "(?:");
            self.text.push(')');
        }
        self.is_repeated = true;
        self.text.push_str(operator);
        Some(())
    }

    fn either(&mut self) {
        self.text.push('|');
        self.atom = None;
    }

    fn open(&mut self) {
        self.groups.push(self.text.len());
        self.text.push_str("(?:");
        self.atom = None;
    }

    fn close(&mut self) -> Option<()> {
        self.atom = Some(self.groups.pop()?);
        self.is_repeated = false;
        self.text.push(')');
        Some(())
    }
}

/// The characters that are left of an expression.
type Chars<'r> = std::iter::Peekable<std::str::Chars<'r>>;

/// `{2}`, `{1,}`, `{1,3}`, behind the brace.
fn counted(chars: &mut Chars<'_>) -> Option<String> {
    let inner: String = std::iter::from_fn(|| chars.next_if(|char| *char != '}')).collect();
    chars.next()?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    let good = match inner.split_once(',') {
        Some((least, most)) => is_number(least) && (most.is_empty() || is_number(most)),
        None => is_number(&inner),
    };
    good.then(|| format!("{{{inner}}}"))
}

/// A number that is not part of another.
fn whole(number: &str) -> String {
    format!(r"(?-u:\b)(?:{number})(?-u:\b)")
}

/// A set of whole numbers and ranges of them, behind the bracket. Sets of single digits may be meant as
/// characters: which, nobody has shown. (`[64512-65534]` is what the NLNOG filter guide, "Bogon ASNs", has
/// Arista's devices refuse.)
fn numbers(chars: &mut Chars<'_>) -> Option<String> {
    let negated = chars.next_if_eq(&'^').is_some();
    let inner: String = std::iter::from_fn(|| chars.next_if(|char| *char != ']')).collect();
    chars.next()?;
    let mut ranges = Vec::new();
    for item in inner.split([' ', ',']).filter(|item| !item.is_empty()) {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        if last < 100 {
            return None;
        }
        ranges.push(first..=last);
    }
    let mut expression = String::new();
    match negated {
        true => push_ranges(&mut expression, &others(&ranges)),
        false => push_ranges(&mut expression, &ranges),
    }
    Some(whole(&expression))
}

/// A class of characters, behind the bracket. Nothing in it is special but a range, its end, and names of
/// classes (`[:digit:]`; POSIX.1-2017, section 9.3.5).
fn class(chars: &mut Chars<'_>) -> Option<String> {
    let mut translated = "[".to_owned();
    if chars.next_if_eq(&'^').is_some() {
        translated.push('^');
    }
    let mut first = true;
    loop {
        match chars.next()? {
            ']' if !first => break,
            '[' if matches!(chars.peek(), Some(':' | '.' | '=')) => {
                chars.next_if_eq(&':')?;
                let name: String =
                    std::iter::from_fn(|| chars.next_if(char::is_ascii_alphabetic)).collect();
                chars.next_if_eq(&':')?;
                chars.next_if_eq(&']')?;
                translated.push_str(&format!("[:{name}:]"));
            }
            '-' if first || chars.peek() == Some(&']') => translated.push_str("\\-"),
            '-' => translated.push('-'),
            char => push_literal(&mut translated, char),
        }
        first = false;
    }
    translated.push(']');
    Some(translated)
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
