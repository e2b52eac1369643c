//! The `set` lines of a route map.

use edgelint_model::{Arithmetic, CommunityEdit, NextHopSet, OriginCode, SetAction};
use edgelint_syntax::{Parsed, Words};

use super::super::community_list::community_value;
use super::super::lines::{InertRow, listed};
use crate::phrases::{address, asn, ipv4, ipv6, is_word, number, number_in, word};

/// Reads what stands behind `set`.
///
/// set-line ::= "set" (set-value | set-community | set-path | set-origin | set-next-hop) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    let left = input.skip(1);
    match input.peek(0).len() {
        2 if is_word(input, 0, "ip") => next_hop(left, false),
        4 if is_word(input, 0, "ipv6") => next_hop(left, true),
        6 if is_word(input, 0, "metric") => metric(left),
        6 if is_word(input, 0, "weight") => weight(left),
        6 if is_word(input, 0, "origin") => origin(left),
        7 if is_word(input, 0, "as-path") => as_path(left),
        9 if is_word(input, 0, "community") => community(left),
        16 if is_word(input, 0, "local-preference") => {
            value(left, |number| SetAction::LocalPreference(Arithmetic::Set(number)))
        }
        _ => input.expected("something that a route map sets"),
    }
}

/// set-value ::= "local-preference" UINT32 | "weight" UINT16 | "metric" SIGNED
fn value<'w, 't>(
    input: Words<'w, 't>,
    make: impl FnOnce(u32) -> SetAction<'t>,
) -> Parsed<'w, 't, SetAction<'t>> {
    let (left, value) = number(input)?;
    Ok((left, make(value.value)))
}

fn weight<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    let (left, value) = number_in(0, 65535)(input)?;
    Ok((left, SetAction::Weight(value.value)))
}

fn metric<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    let text = input.peek(0);
    let (digits, make): (&str, fn(u32) -> Arithmetic) = match text.as_bytes().first() {
        Some(b'+') => (text.get(1..).unwrap_or(""), Arithmetic::Add),
        Some(b'-') => (text.get(1..).unwrap_or(""), Arithmetic::Subtract),
        _ => (text, Arithmetic::Set),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse().ok().filter(|_| plain) {
        Some(value) => Ok((input.skip(1), SetAction::Med(make(value)))),
        None => input.expected("a metric"),
    }
}

/// set-origin ::= "origin" ("igp" | "incomplete")
fn origin<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    let code = if is_word(input, 0, "igp") {
        OriginCode::Igp
    } else if is_word(input, 0, "incomplete") {
        OriginCode::Incomplete
    } else {
        return input.expected("igp or incomplete");
    };
    Ok((input.skip(1), SetAction::Origin(code)))
}

/// set-path ::= "as-path" "prepend" (ASN+ | "last-as" RANGE_1_10)
fn as_path<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    if !is_word(input, 0, "prepend") {
        return input.expected("prepend");
    }
    let left = input.skip(1);
    if is_word(left, 0, "last-as") {
        let (left, count) = number_in(1, 10)(left.skip(1))?;
        return Ok((left, SetAction::PrependLastAs(count.value)));
    }
    let (left, path) = numbers(left)?;
    Ok((left, SetAction::Prepend(path)))
}

/// AS numbers, at least one.
fn numbers<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Vec<u32>> {
    let (mut left, first) = asn(input)?;
    let mut found = vec![first.value];
    while let Ok((behind, next)) = asn(left) {
        found.push(next.value);
        left = behind;
    }
    Ok((left, found))
}

/// set-community ::= "community" ("none" | (community | "internet")+ "additive"?)
fn community<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    if is_word(input, 0, "none") {
        return Ok((input.skip(1), SetAction::Community(CommunityEdit::RemoveAll)));
    }
    let mut left = input;
    let mut communities = Vec::new();
    loop {
        if is_word(left, 0, "internet") {
            communities.push(edgelint_model::Community(0));
        } else if let Some(community) = community_value(left.peek(0)) {
            communities.push(community);
        } else {
            break;
        }
        left = left.skip(1);
    }
    if communities.is_empty() {
        return input.expected("a community");
    }
    if is_word(left, 0, "additive") {
        return Ok((left.skip(1), SetAction::Community(CommunityEdit::Add(communities))));
    }
    Ok((left, SetAction::Community(CommunityEdit::Replace(communities))))
}

/// set-next-hop ::= "ip" "next-hop" (ADDR4+ | own-hop) | "ipv6" "next-hop" (ADDR6+ | own-hop)
/// own-hop ::= "peer-address"
fn next_hop<'w, 't>(input: Words<'w, 't>, six: bool) -> Parsed<'w, 't, SetAction<'t>> {
    let (left, _) = word("next-hop")(input)?;
    if is_word(left, 0, "peer-address") {
        return Ok((left.skip(1), SetAction::NextHop(NextHopSet::Peer)));
    }
    let is_one = |input| if six { ipv6(input).is_ok() } else { ipv4(input).is_ok() };
    if !is_one(left) {
        return left.expected("an address");
    }
    let (mut left, first) = address(left)?;
    let mut hop = NextHopSet::Address(first.value);
    while is_one(left) {
        // Packets try them in turn; what a route then carries was not shown.
        (left, hop) = (left.skip(1), NextHopSet::Other);
    }
    Ok((left, SetAction::NextHop(hop)))
}

/// Lines that change nothing that is decided here: how packets are forwarded or marked, attributes of
/// interior protocols.
///
/// inert-set-line ::= "set" inert-set-word REST? NL
const INERT: &[InertRow] = &[
    ("metric-type", "an attribute of interior protocols"),
    ("level", "an attribute of interior protocols"),
    ("automatic-tag", "a tag that nothing here reads"),
    ("as-path tag", "a tag that nothing here reads"),
    ("dampening", "when flapping routes come back"),
    ("traffic-index", "accounting"),
    ("nlri", "multicast of old"),
    ("interface", "forwarding of packets"),
    ("default", "forwarding of packets"),
    ("adaptive-interface", "forwarding of packets"),
    ("ip df", "marks of packets"),
    ("ip dscp", "marks of packets"),
    ("ip default", "forwarding of packets"),
    ("ip next-hop recursive", "forwarding of packets"),
    ("ip next-hop verify-availability", "forwarding of packets"),
    ("ipv6 dscp", "marks of packets"),
    ("ipv6 default", "forwarding of packets"),
    ("ipv6 next-hop recursive", "forwarding of packets"),
    ("ipv6 next-hop verify-availability", "forwarding of packets"),
];

/// Whether a line changes nothing that is decided here.
pub(super) fn is_irrelevant(words: Words<'_, '_>) -> bool {
    listed(INERT, words)
}
