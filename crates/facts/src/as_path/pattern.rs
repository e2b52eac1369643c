//! Expressions of all dialects as one: over the text of a path, matching the whole of it.

use edgelint_model::AsPathLanguage;

use crate::as_path::elements::{self, Element};
use crate::as_path::expression::{Terms, translate};
use crate::as_path::numbers;

/// An expression of the library's syntax that matches the text of a path as a whole where the dialect's
/// expression matches the path; nothing where that is not well formed or not understood.
pub(super) fn pattern(language: AsPathLanguage, expression: &str) -> Option<String> {
    match language {
        AsPathLanguage::Characters => within(Terms::Characters, unquoted(expression)),
        AsPathLanguage::Symbols => within(Terms::Numbers, unquoted(expression)),
        AsPathLanguage::Numbers => {
            let mut text = String::new();
            numbers::read(unquoted(expression))?.push_to(&mut text).then_some(text)
        }
        AsPathLanguage::Elements => match elements::read(expression)? {
            Element::Characters(regex) => within(Terms::Characters, regex),
            element => {
                let mut text = String::new();
                element.push_to(&mut text).then_some(text)
            }
        },
    }
}

/// An expression that may match anywhere in the text.
fn within(terms: Terms, regex: &str) -> Option<String> {
    Some(format!(".*(?:{}).*", translate(terms, regex)?))
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
    let inner = regex.strip_prefix('^').unwrap_or(regex);
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
