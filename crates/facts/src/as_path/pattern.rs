//! Expressions of all dialects as one: over the text of a path, matching the whole of it.

use edgelint_model::AsPathLanguage;

use crate::as_path::elements::{self, Element};
use crate::as_path::expression::{Terms, translate};
use crate::as_path::numbers;

/// Expressions of the library's syntax that stand for one or several of a dialect: a path is matched where any
/// of them matches its text.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// Those that may match anywhere in the text.
    pub(super) within: Vec<String>,
    /// Those that have to match the whole of it.
    pub(super) whole: Vec<String>,
}

impl Patterns {
    /// Adds what an expression comes to; nothing where that is not well formed or not understood.
    pub(super) fn add(&mut self, language: AsPathLanguage, expression: &str) -> Option<()> {
        match language {
            AsPathLanguage::Characters => {
                self.within.push(translate(Terms::Characters, bare(unquoted(expression)))?);
            }
            AsPathLanguage::Symbols => {
                self.within.push(translate(Terms::Numbers, bare(unquoted(expression)))?);
            }
            AsPathLanguage::Numbers => match numbers::read(unquoted(expression))? {
                numbers::Expression::Either(parts) => {
                    for part in parts {
                        self.add_whole(|text| part.push_to(text))?;
                    }
                }
                expression => self.add_whole(|text| expression.push_to(text))?,
            },
            AsPathLanguage::Elements => match elements::read(expression)? {
                Element::Characters(regex) => {
                    self.within.push(translate(Terms::Characters, bare(regex))?);
                }
                element => self.add_whole(|text| element.push_to(text))?,
            },
        }
        Some(())
    }

    fn add_whole(&mut self, push: impl FnOnce(&mut String) -> bool) -> Option<()> {
        let mut text = String::new();
        push(&mut text).then(|| self.whole.push(text))
    }
}

/// An expression that may match anywhere, without wildcards at its ends: they say nothing there, and of many
/// expressions together each would have to be followed by itself.
fn bare(regex: &str) -> &str {
    if regex.contains(['|', '\\']) {
        return regex;
    }
    let mut bare = regex;
    let repeats = |rest: &&str| rest.starts_with(['*', '+', '?', '{']);
    while let Some(rest) = bare.strip_prefix(".*").filter(|rest| !repeats(rest)) {
        bare = rest;
    }
    while let Some(rest) = bare.strip_suffix(".*") {
        bare = rest;
    }
    bare
}

/// An expression without blanks and quotes around it.
pub(super) fn unquoted(expression: &str) -> &str {
    expression.trim().trim_matches('"').trim()
}

/// An expression that matches the paths of so many AS numbers, as path selection counts them: a set is
/// one, members of a confederation are none (RFC 4271, section 9.1.2.2; RFC 5065, section 5.3).
pub(super) fn of_length(least: u32, most: u32) -> String {
    let counted = r"(?:(?:^| )(?:[0-9]+|\{[0-9,]+\}))";
    let uncounted = r"(?:(?:^| )\([0-9 ]+\))*";
    let times = match most {
        u32::MAX => format!("{{{least},}}"),
        most => format!("{{{least},{most}}}"),
    };
    format!("{uncounted}(?:{counted}{uncounted}){times}")
}

/// What can be told of an expression at a glance, without an automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plain {
    /// The digits, as bits, of which a path that is one such digit may be matched. Every path of one
    /// digit beside these is not.
    pub(crate) digits: u16,
}

impl Plain {
    /// All ten digits.
    pub(crate) const ALL: u16 = (1 << 10) - 1;
}

/// Whether some path that is not empty matches the expression and some does not, where it is so plain that this
/// can be told at a glance: `^65000_`, `_65001_65002$`, `65000 .*`, `passes-through '65000'`.
pub(crate) fn plain(language: AsPathLanguage, expression: &str) -> Option<Plain> {
    let of_number = |number: u32| Plain { digits: if number < 10 { 1 << number } else { 0 } };
    match language {
        AsPathLanguage::Characters | AsPathLanguage::Symbols => plain_text(unquoted(expression)),
        AsPathLanguage::Numbers => {
            let expression = numbers::read(unquoted(expression))?;
            expression.is_fulfilled().then(|| expression.demands()).flatten().map(of_number)
        }
        AsPathLanguage::Elements => match elements::read(expression)? {
            Element::Characters(regex) => plain_text(regex),
            Element::Row { numbers, .. } => match numbers.as_slice() {
                [range] if range.start() == range.end() => Some(of_number(*range.start())),
                _ => None,
            },
            Element::Local | Element::Length { .. } => None,
        },
    }
}

/// Numbers with one `_` or blank between and anchors around.
fn plain_text(regex: &str) -> Option<Plain> {
    let inner = bare(regex);
    let inner = inner.strip_prefix('^').unwrap_or(inner);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let inner = inner.strip_prefix('_').unwrap_or(inner);
    let inner = inner.strip_suffix('_').unwrap_or(inner);
    let mut numbers = 0;
    for number in inner.split(['_', ' ']) {
        // Nine digits are never too large a number.
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !(1..=9).contains(&number.len()) || number.starts_with('0') {
            return None;
        }
        numbers += 1;
    }
    let digits = match inner.as_bytes() {
        [digit] if numbers == 1 => 1 << (digit - b'0'),
        _ => 0,
    };
    Some(Plain { digits })
}
