//! The `set` lines of a route map.

use std::mem::discriminant;

use edgelint_model::{Arithmetic, CommunityEdit, Fact, NextHopSet, ObjectKind, SetAction, Usage};
use edgelint_syntax::{Parsed, Words};

use super::super::draft::Draft;
use super::super::lines::{lower, room};
use super::super::lists::community;
use super::matches;
use crate::phrases::{address, asn, ipv4, ipv6, is_word, name, number, number_in, word};

type Read<'w, 't> = Parsed<'w, 't, SetAction<'t>>;

/// Reads what stands behind `set`.
///
/// set-line ::= "set" (set-value | set-community | set-path | set-next-hop) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let left = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ip" => next_hop4(left),
        "ipv6" => next_hop6(left),
        "as-path" => as_path(left),
        "community" => communities(left),
        "comm-list" => comm_list(left),
        _ => value(input),
    }
}

/// set-value ::= ("local-preference" | "metric") SIGNED | "weight" UINT32 | "tag" (UINT32 | "untagged")
///     | "origin" ("igp" | "egp" | "incomplete")
fn value<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "local-preference" => {
            arithmetic(next).map(|(left, it)| (left, SetAction::LocalPreference(it)))
        }
        "metric" => arithmetic(next).map(|(left, it)| (left, SetAction::Med(it))),
        "weight" => number(next).map(|(left, it)| (left, SetAction::Weight(it.value))),
        "tag" if is_word(next, 0, "untagged") => Ok((next.skip(1), SetAction::Tag(0))),
        "tag" => number(next).map(|(left, it)| (left, SetAction::Tag(it.value))),
        "origin" => matches::origin(next).map(|(left, it)| (left, SetAction::Origin(it))),
        _ => input.expected("something that a route map sets"),
    }
}

fn arithmetic<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Arithmetic> {
    let text = input.peek(0);
    let (digits, make): (&str, fn(u32) -> Arithmetic) = match text.as_bytes().first() {
        Some(b'+') => (text.get(1..).unwrap_or(""), Arithmetic::Add),
        Some(b'-') => (text.get(1..).unwrap_or(""), Arithmetic::Subtract),
        _ => (text, Arithmetic::Set),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse().ok().filter(|_| plain) {
        Some(value) => Ok((input.skip(1), make(value))),
        None => input.expected("a number"),
    }
}

/// set-path ::= "as-path" ("prepend" (ASN+ | "last-as" RANGE_1_10) | "exclude" ASN+ | "replace" ("any" | ASN))
fn as_path<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let left = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "prepend" => match word("last-as")(left) {
            Ok((left, _)) => number_in(1, 10)(left)
                .map(|(left, times)| (left, SetAction::PrependLastAs(times.value))),
            Err(_) => numbers(left).map(|(left, path)| (left, SetAction::Prepend(path))),
        },
        "exclude" => numbers(left).map(|(left, path)| (left, SetAction::ExcludeAs(path))),
        "replace" => match word("any")(left) {
            Ok((left, _)) => Ok((left, SetAction::ReplaceAs(Vec::new()))),
            Err(_) => {
                asn(left).map(|(left, number)| (left, SetAction::ReplaceAs(vec![number.value])))
            }
        },
        _ => input.expected("prepend, exclude or replace"),
    }
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

/// `internet` is the community 0:0.
///
/// set-community ::= "community" ("none" | (community | "internet")+ "additive"?) | "comm-list" NAME "delete"
fn communities<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if let Ok((left, _)) = word("none")(input) {
        return Ok((left, SetAction::Community(CommunityEdit::RemoveAll)));
    }
    let mut left = input;
    let mut values = Vec::new();
    loop {
        if is_word(left, 0, "internet") {
            values.push(edgelint_model::Community(0));
        } else if let Some(community) = community(left.peek(0)) {
            values.push(community);
        } else {
            break;
        }
        left = left.skip(1);
    }
    if values.is_empty() {
        return input.expected("a community");
    }
    match word("additive")(left) {
        Ok((left, _)) => Ok((left, SetAction::Community(CommunityEdit::Add(values)))),
        Err(_) => Ok((left, SetAction::Community(CommunityEdit::Replace(values)))),
    }
}

fn comm_list<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, list) = name(input)?;
    let (left, _) = word("delete")(left)?;
    Ok((left, SetAction::Community(CommunityEdit::RemoveMatching(list))))
}

/// set-next-hop ::= "ip" "next-hop" (ADDR4 | "peer-address" | "unchanged")
///     | "ipv6" "next-hop" ("global" ADDR6 | "local" ADDR6 | "peer-address" | "prefer-global")
fn next_hop4<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("next-hop")(input)?;
    let mut low = room();
    let hop = match lower(left.peek(0), &mut low) {
        "peer-address" => NextHopSet::Peer,
        "unchanged" => NextHopSet::Unchanged,
        _ => {
            ipv4(left)?;
            NextHopSet::Address(address(left)?.1.value)
        }
    };
    Ok((left.skip(1), SetAction::NextHop(hop)))
}

fn next_hop6<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("next-hop")(input)?;
    let next = left.skip(1);
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "peer-address" => Ok((next, SetAction::NextHop(NextHopSet::Peer))),
        "prefer-global" => Ok((next, SetAction::NextHop(NextHopSet::Other))),
        "global" | "local" => {
            let (left, hop) = ipv6(next)?;
            Ok((left, SetAction::NextHop(NextHopSet::Address(hop.value.into()))))
        }
        _ => left.expected("a next hop"),
    }
}

/// Whether a line changes nothing that is decided here: attributes of other kinds, what other daemons make
/// of a route.
///
/// The grammar lists the same in `inert-set-line`.
pub(super) fn is_irrelevant(words: Words<'_, '_>) -> bool {
    const INERT: &[&str] = &[
        "extcommunity",
        "extended-comm-list",
        "large-community",
        "large-comm-list",
        "metric-type",
        "src",
        "originator-id",
        "aggregator",
        "atomic-aggregate",
        "distance",
        "table",
        "label-index",
        "vpn",
        "vpnv4",
        "vpnv6",
        "evpn",
        "sr-te",
        "l3vpn",
        "aigp-metric",
        "forwarding-address",
        "min-metric",
        "max-metric",
        "nexthop-group",
        "vrf",
    ];
    INERT.iter().any(|word| is_word(words, 0, word))
}

/// Whether a set takes the place of another. Edits of communities and of the path add up, except for two of
/// one kind.
pub(super) fn replaces(new: &SetAction<'_>, old: &SetAction<'_>) -> bool {
    let removes = |action: &SetAction<'_>| {
        matches!(action, SetAction::Community(CommunityEdit::RemoveMatching(_)))
    };
    match (new, old) {
        (SetAction::Irrelevant | SetAction::Unknown, _) => false,
        (SetAction::Community(_), SetAction::Community(_)) => removes(new) == removes(old),
        (
            SetAction::Prepend(_) | SetAction::PrependLastAs(_),
            SetAction::Prepend(_) | SetAction::PrependLastAs(_),
        ) => true,
        _ => discriminant(new) == discriminant(old),
    }
}

/// Records the objects that a set names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, action: &SetAction<'t>, words: Words<'_, 't>) {
    if let SetAction::Community(CommunityEdit::RemoveMatching(list)) = action {
        draft.use_name(ObjectKind::CommunityList, *list, Usage::Set);
    }
    let kind = if is_word(words, 1, "extended-comm-list") {
        ObjectKind::ExtendedCommunityList
    } else if is_word(words, 1, "large-comm-list") {
        ObjectKind::LargeCommunityList
    } else {
        return;
    };
    if let Some(list) = words.token(2) {
        draft.use_name(kind, Fact::new(list.text, list.span), Usage::Set);
    }
}
