//! Lines of blocks: their polarity, keywords in any case, and tables of lines that say nothing.
//!
//! Blocks hold hundreds of kinds of lines, few of which bear on routes or translation. The rest
//! stand in tables, each with the reason why it may be ignored, so that ignoring is a decision that
//! can be read and not a hole.

use edgelint_model::Fact;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::is_word;

/// A row of a table of inert lines: the words it begins with, and why it is of no consequence.
pub(crate) type InertRow = (&'static str, &'static str);

/// No keyword is longer; longer words are names.
const LONGEST: usize = 40;

/// Room for one keyword in lower case.
pub(crate) type Lower = [u8; LONGEST];

/// Room for [`lower`].
pub(crate) const fn room() -> Lower {
    [0; LONGEST]
}

/// The word in lower case, to be matched with keywords; empty where it is too long for one.
pub(crate) fn lower<'b>(text: &'b str, room: &'b mut Lower) -> &'b str {
    // Exports are written in lower case; people write as they like.
    if text.len() <= LONGEST && !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return text;
    }
    let Some(target) = room.get_mut(..text.len()) else { return "" };
    target.copy_from_slice(text.as_bytes());
    target.make_ascii_lowercase();
    std::str::from_utf8(target).unwrap_or("")
}

/// Whether a line begins with `no` (or `default`, which takes a setting back likewise), and the
/// words behind.
pub(crate) fn polarity<'w, 't>(words: Words<'w, 't>) -> (bool, Words<'w, 't>) {
    let negated = 1 < words.len() && (is_word(words, 0, "no") || is_word(words, 0, "default"));
    (negated, words.skip(usize::from(negated)))
}

/// Whether the line stands in the table.
pub(crate) fn listed(table: &[InertRow], words: Words<'_, '_>) -> bool {
    let first = words.peek(0);
    table.iter().any(|(row, _)| {
        let mut parts = row.split(' ');
        parts.next().is_some_and(|part| part.eq_ignore_ascii_case(first))
            && parts.enumerate().all(|(at, part)| part.eq_ignore_ascii_case(words.peek(at + 1)))
    })
}

/// The value, where all words were read.
pub(crate) fn whole<T>(parsed: Parsed<'_, '_, T>) -> Option<T> {
    match parsed {
        Ok((left, value)) if left.is_empty() => Some(value),
        _ => None,
    }
}

/// A name of as many words as `count`: some exports hold names with blanks in them.
pub(crate) fn long_name<'w, 't>(
    words: Words<'w, 't>,
    count: usize,
) -> Parsed<'w, 't, Fact<&'t str>> {
    let name = words.first(count);
    match name.span() {
        Some(span) => Ok((words.skip(count), Fact::new(name.line_text(), span))),
        None => words.expected("a name"),
    }
}

/// The place from the first word of `from` up to where `left` begins.
pub(crate) fn between(from: Words<'_, '_>, left: Words<'_, '_>) -> Span {
    let read = from.first(from.len().saturating_sub(left.len()));
    read.span().unwrap_or(Span::new(from.file(), 0, 0))
}
