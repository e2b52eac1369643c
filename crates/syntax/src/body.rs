//! Multi-line bodies: banners, certificates, scripts. Cut out before layout is looked at.
//!
//! The text of a banner may look like anything, configuration included, and certificates are
//! hundreds of lines of hex. Neither is a statement; both belong to the statement that opens them.

use crate::lines::{Line, LineKind, Lines, Word};
use crate::words::Words;

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEnd {
    /// At the next occurrence of the delimiter that stands behind the opening words. A caret and a
    /// letter (`^C`) count as one delimiter, as `show running-config` writes control characters.
    Delimiter,
    /// At a line whose only word is this.
    Line(&'static str),
    /// At a line whose only word is this; the opening line is a statement, and the body begins at
    /// its first line that is nothing but hexadecimal words.
    HexUntil(&'static str),
}

/// A statement that opens a body: its first words, and how the body ends.
#[derive(Clone, Copy, Debug)]
pub struct BodyRule {
    /// The first words of the opening line; `*` stands for any one word.
    pub head: &'static [&'static str],
    /// How the body ends.
    pub end: BodyEnd,
}

/// Marks the lines of every body as [`LineKind::Body`]. The opening line stays a statement.
pub fn cut_bodies(lines: &mut Lines<'_>, rules: &[BodyRule]) {
    let first_letter = |word: &str| word.as_bytes().first().copied().unwrap_or(0);
    // The letters that rules begin with, in either case, as bits: nearly every line is decided by its first one.
    let bit = |letter: u8| 1_u32 << (letter & 31);
    let letters = rules.iter().filter_map(|rule| rule.head.first()).fold(0, |letters, word| {
        letters | if *word == "*" { u32::MAX } else { bit(first_letter(word)) }
    });
    let text = lines.text.as_bytes();
    let may_open = |line: &Line, words: &[Word]| {
        let head = words.get(line.first_word as usize).map_or(0, |word| word.start as usize);
        line.kind == LineKind::Statement && letters & bit(text.get(head).copied().unwrap_or(0)) != 0
    };
    let mut at = 0;
    let mut opened = true;
    while let Some(left) = lines.lines.get(at..) {
        // A line that goes on as one that opens nothing opens nothing.
        let candidate = |line: &Line| (opened || !line.repeats) && may_open(line, &lines.words);
        let Some(behind) = left.iter().position(candidate) else { return };
        at += behind;
        let words = lines.lines.get(at).map(|line| lines.words_of(line));
        let found = words.and_then(|words| {
            let length = words.length(0);
            let begins = |head: &str| head.len() == length || head == "*";
            let mut rules =
                rules.iter().filter(|rule| rule.head.first().is_some_and(|it| begins(it)));
            rules.find(|rule| opens(rule, words))
        });
        opened = found.is_some();
        at = match found {
            Some(rule) => cut_one(lines, at, rule).max(at + 1),
            None => at + 1,
        };
    }
}

fn opens(rule: &BodyRule, words: Words<'_, '_>) -> bool {
    rule.head
        .iter()
        .enumerate()
        .all(|(index, head)| words.is(index, head) || *head == "*" && index < words.len())
}

/// Marks one body; returns the index of the line behind it.
fn cut_one(lines: &mut Lines<'_>, opening: usize, rule: &BodyRule) -> usize {
    match rule.end {
        BodyEnd::Delimiter => cut_delimited(lines, opening, rule.head.len()),
        BodyEnd::Line(end) => cut_until(lines, opening, end),
        BodyEnd::HexUntil(end) => cut_hex(lines, opening, end),
    }
}

fn cut_delimited(lines: &mut Lines<'_>, opening: usize, head: usize) -> usize {
    let Some(line) = lines.lines.get(opening) else { return opening + 1 };
    let Some(token) = lines.words_of(line).token(head) else { return opening + 1 };
    let delimiter = delimiter(token.text);
    let behind = token.span.start as usize + delimiter.len();
    let rest = lines.text.get(behind..line.end as usize).unwrap_or("");
    if rest.contains(delimiter) {
        return opening + 1;
    }
    let mut at = opening + 1;
    while let Some(line) = lines.lines.get(at) {
        let closes = lines.line_text(line).contains(delimiter);
        mark(lines, at);
        at += 1;
        if closes {
            break;
        }
    }
    at
}

/// The delimiter of a banner: `^C` and the like as a pair, else the first character.
fn delimiter(word: &str) -> &str {
    let mut chars = word.char_indices();
    let first = chars.next();
    let second = chars.next();
    let end = match (first, second) {
        (Some((_, '^')), Some((at, letter))) if letter.is_ascii_alphabetic() => {
            at + letter.len_utf8()
        }
        (_, Some((at, _))) => at,
        _ => word.len(),
    };
    word.get(..end).unwrap_or(word)
}

fn cut_until(lines: &mut Lines<'_>, opening: usize, end: &str) -> usize {
    let mut at = opening + 1;
    while let Some(line) = lines.lines.get(at) {
        let closes = lines.line_text(line).trim().eq_ignore_ascii_case(end);
        mark(lines, at);
        at += 1;
        if closes {
            break;
        }
    }
    at
}

fn cut_hex(lines: &mut Lines<'_>, opening: usize, end: &str) -> usize {
    let mut at = opening + 1;
    while let Some(line) = lines.lines.get(at) {
        let text = lines.line_text(line).trim();
        let closes = text.eq_ignore_ascii_case(end);
        let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b' ');
        if !closes && !hex {
            break;
        }
        mark(lines, at);
        at += 1;
        if closes {
            break;
        }
    }
    at
}

fn mark(lines: &mut Lines<'_>, at: usize) {
    if let Some(line) = lines.lines.get_mut(at) {
        line.kind = LineKind::Body;
        line.word_count = 0;
    }
}
