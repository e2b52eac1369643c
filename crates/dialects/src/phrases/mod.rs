//! Words and phrases that configuration languages have in common: keywords, numbers, addresses.
//!
//! A phrase reads one value from the front of a run of words and says what it expected where it
//! cannot. Values come with their place ([`Fact`]), so that nothing downstream counts columns.

mod address;
mod lengths;
pub(crate) mod lines;
mod number;

pub use address::{
    address, ipv4, ipv4_mask_prefix, ipv4_wildcard, ipv6, mask_length, prefix, prefix_at, prefix4,
    prefix6,
};
pub(crate) use lengths::{lengths, range};
pub use number::{
    asn, community, number, number_at, number_in, parse_asn, parse_community, value_at,
};

use edgelint_model::Fact;
use edgelint_syntax::{Parsed, Token, Words};

/// The keyword `expected`, in any case.
pub fn word<'w, 't: 'w>(
    expected: &'static str,
) -> impl Fn(Words<'w, 't>) -> Parsed<'w, 't, Token<'t>> + Copy {
    move |input| match input.token(0) {
        Some(token) if is_word(input, 0, expected) => Ok((input.skip(1), token)),
        _ => input.expected(expected),
    }
}

/// Whether the word at `index` is the keyword, in any case.
#[inline]
pub fn is_word(input: Words<'_, '_>, index: usize, keyword: &str) -> bool {
    input.is(index, keyword)
}

/// Any one word: a name.
pub fn name<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    match input.token(0) {
        Some(token) => Ok((input.skip(1), Fact::new(token.text, token.span))),
        None => input.expected("a name"),
    }
}

/// All words that are left, at least one, with what stands between them: a description, a
/// regular expression.
pub fn rest<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    match input.span() {
        Some(span) => Ok((input.skip(input.len()), Fact::new(input.line_text(), span))),
        None => input.expected("text"),
    }
}

/// Nothing more: a statement parser ends with this, so that no tail is swallowed.
pub fn end<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    if input.is_empty() { Ok((input, ())) } else { input.expected("the end of the statement") }
}

/// `permit` (true) or `deny` (false).
pub fn action<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    if is_word(input, 0, "permit") {
        Ok((input.skip(1), true))
    } else if is_word(input, 0, "deny") {
        Ok((input.skip(1), false))
    } else {
        input.expected("permit or deny")
    }
}

/// The words behind a leading `no` (or `default`, which takes back too), and whether there was one.
#[inline]
pub fn negated<'w, 't>(input: Words<'w, 't>) -> (Words<'w, 't>, bool) {
    let negated = is_word(input, 0, "no") || is_word(input, 0, "default");
    (input.skip(usize::from(negated)), negated)
}
