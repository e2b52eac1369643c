//! Words that many statements of ASA share: ends of blocks, addresses that may be written as names.
//!
//! `name 192.0.2.1 web` gives an address a word, and wherever the address would stand the device then
//! writes the word. So every parser of IPv4 addresses asks the names first.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::Fact;
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::phrases::{ipv4, is_word, mask_length};

pub(super) use crate::phrases::lines::{InertRow, between, listed, lower, room, whole};

/// Addresses by the words that `name` gave them.
pub(super) type Names<'t> = HashMap<&'t str, Ipv4Addr>;

/// Whether a line begins with `no`, and the words behind. (`default` takes nothing back here.)
pub(super) fn polarity<'w, 't>(words: Words<'w, 't>) -> (bool, Words<'w, 't>) {
    let negated = 1 < words.len() && is_word(words, 0, "no");
    (negated, words.skip(usize::from(negated)))
}

/// The end of a block that somebody typed out.
///
/// inert-exit ::= ("exit" | "end" | "quit") NL
pub(super) fn is_exit(words: Words<'_, '_>) -> bool {
    let mut low = room();
    words.len() == 1 && matches!(lower(words.peek(0), &mut low), "exit" | "end" | "quit")
}

/// An address, or a word that `name` gave one.
pub(super) fn host4<'w, 't>(
    names: &Names<'t>,
    input: Words<'w, 't>,
) -> Parsed<'w, 't, Fact<Ipv4Addr>> {
    let named = || {
        let token = input.token(0)?;
        names.get(token.text).map(|address| (input.skip(1), Fact::new(*address, token.span)))
    };
    ipv4(input).or_else(|error| named().ok_or(error))
}

/// An address and a network mask. `0` is short for four zeros.
///
/// net4 ::= (ADDR4 | "0") (MASK4 | "0")
pub(super) fn net4<'w, 't>(
    names: &Names<'t>,
    input: Words<'w, 't>,
) -> Parsed<'w, 't, Fact<Prefix>> {
    let (left, address) = host4(names, input).or_else(|error| zero(input).map_err(|_| error))?;
    let (rest, mask) = ipv4(left).or_else(|error| zero(left).map_err(|_| error))?;
    let prefix =
        mask_length(mask.value).and_then(|length| Prefix::new(IpAddr::V4(address.value), length));
    match prefix {
        Some(prefix) => Ok((rest, Fact::new(prefix, address.at().to(mask.at())))),
        None => left.expected("a network mask"),
    }
}

fn zero<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Ipv4Addr>> {
    match input.token(0) {
        Some(token) if is_word(input, 0, "0") => {
            Ok((input.skip(1), Fact::new(Ipv4Addr::UNSPECIFIED, token.span)))
        }
        _ => input.expected("an IPv4 address"),
    }
}

/// The interfaces in parentheses: one, or two parted by a comma; each with its place.
pub(super) fn parenthesised<'w, 't>(
    input: Words<'w, 't>,
) -> Parsed<'w, 't, (Fact<&'t str>, Option<Fact<&'t str>>)> {
    let Some(token) = input.token(0) else { return input.expected("an interface in parentheses") };
    let inner = token.text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let Some(inner) = inner else { return input.expected("an interface in parentheses") };
    let part = |from: usize, text: &'t str| {
        let start = token.span.start + 1 + u32::try_from(from).unwrap_or(0);
        let end = start + u32::try_from(text.len()).unwrap_or(0);
        Fact::new(text, Span::new(token.span.file, start, end))
    };
    let read = match inner.split_once(',') {
        Some((first, second)) => (part(0, first), Some(part(first.len() + 1, second))),
        None => (part(0, inner), None),
    };
    let wrong = |text: &str| text.is_empty() || text.contains(['(', ')', ',']);
    if wrong(read.0.value) || read.1.is_some_and(|second| wrong(second.value)) {
        return input.expected("an interface in parentheses");
    }
    Ok((input.skip(1), read))
}
