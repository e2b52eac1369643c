//! The `set` lines of a route map.

use edgelint_model::{
    Arithmetic, CommunityEdit, Fact, NextHopSet, ObjectKind, OriginCode, SetAction, Usage,
};
use edgelint_syntax::{Parsed, Words};

use super::super::community_list::community_value;
use super::super::draft::Draft;
use crate::phrases::{address, asn, ipv4, ipv6, is_word, name, number, number_in};

/// Reads what stands behind `set`.
///
/// set-line ::= "set" (set-value | set-community | set-path | set-origin | set-next-hop) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    let left = input.skip(1);
    match input.peek(0).len() {
        2 if is_word(input, 0, "ip") => next_hop(left, false),
        3 if is_word(input, 0, "tag") => value(left, SetAction::Tag),
        4 if is_word(input, 0, "ipv6") => next_hop(left, true),
        6 if is_word(input, 0, "metric") => metric(left),
        6 if is_word(input, 0, "weight") => weight(left),
        6 if is_word(input, 0, "origin") => origin(left),
        7 if is_word(input, 0, "as-path") => as_path(left),
        9 if is_word(input, 0, "community") => community(left),
        9 if is_word(input, 0, "comm-list") => comm_list(left),
        16 if is_word(input, 0, "local-preference") => {
            value(left, |number| SetAction::LocalPreference(Arithmetic::Set(number)))
        }
        _ => input.expected("something that a route map sets"),
    }
}

/// set-value ::= ("local-preference" | "tag") UINT32 | "weight" UINT16 | "metric" SIGNED
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

/// set-origin ::= "origin" ("igp" | "incomplete" | "egp" ASN?)
fn origin<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    if is_word(input, 0, "egp") && input.len() == 2 {
        // The AS number behind it is kept by the router and used for nothing.
        let (left, _) = asn(input.skip(1))?;
        return Ok((left, SetAction::Origin(OriginCode::Egp)));
    }
    let code = if is_word(input, 0, "igp") {
        OriginCode::Igp
    } else if is_word(input, 0, "incomplete") {
        OriginCode::Incomplete
    } else if is_word(input, 0, "egp") {
        OriginCode::Egp
    } else {
        return input.expected("igp, egp or incomplete");
    };
    Ok((input.skip(1), SetAction::Origin(code)))
}

/// set-path ::= "as-path" ("prepend" (ASN+ | "last-as" RANGE_1_10) | "replace" ("any" | ASN+))
fn as_path<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    let left = input.skip(1);
    if is_word(input, 0, "prepend") {
        if is_word(left, 0, "last-as") {
            let (left, count) = number_in(1, 10)(left.skip(1))?;
            return Ok((left, SetAction::PrependLastAs(count.value)));
        }
        let (left, path) = numbers(left)?;
        return Ok((left, SetAction::Prepend(path)));
    }
    if is_word(input, 0, "replace") {
        if is_word(left, 0, "any") {
            return Ok((left.skip(1), SetAction::ReplaceAs(Vec::new())));
        }
        let (left, path) = numbers(left)?;
        return Ok((left, SetAction::ReplaceAs(path)));
    }
    input.expected("prepend or replace")
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

/// set-community ::= "community" ("none" | (community | "internet")+ "additive"?) | "comm-list" NAME "delete"
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

fn comm_list<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, SetAction<'t>> {
    let (left, list) = name(input)?;
    if !is_word(left, 0, "delete") {
        return left.expected("delete");
    }
    Ok((left.skip(1), SetAction::Community(CommunityEdit::RemoveMatching(list))))
}

/// set-next-hop ::= "ip" "next-hop" (ADDR4 | own-hop) | "ipv6" "next-hop" (ADDR6 | own-hop)
/// own-hop ::= "self" | "peer-address" | "unchanged"
fn next_hop<'w, 't>(input: Words<'w, 't>, six: bool) -> Parsed<'w, 't, SetAction<'t>> {
    if !is_word(input, 0, "next-hop") {
        return input.expected("next-hop");
    }
    let left = input.skip(1);
    let hop = if is_word(left, 0, "self") {
        NextHopSet::Own
    } else if is_word(left, 0, "peer-address") {
        NextHopSet::Peer
    } else if is_word(left, 0, "unchanged") {
        NextHopSet::Unchanged
    } else {
        if six {
            ipv6(left)?;
        } else {
            ipv4(left)?;
        }
        let (_, hop) = address(left)?;
        NextHopSet::Address(hop.value)
    };
    Ok((left.skip(1), SetAction::NextHop(hop)))
}

/// What a line sets that changes nothing that is decided here. Route targets are remembered: they say into which VRFs
/// routes go.
pub(super) fn irrelevant<'t>(words: Words<'_, 't>) -> SetAction<'t> {
    let sets = is_word(words, 0, "extcommunity") && is_word(words, 1, "rt");
    let values = words.tokens().skip(2).map(|token| token.text).filter(|text| text.contains(':'));
    let targets: Vec<&'t str> = values.filter(|_| sets).collect();
    if targets.is_empty() { SetAction::Irrelevant } else { SetAction::RouteTargets(targets) }
}

/// Whether a line changes nothing that is decided here: how packets are forwarded or marked, attributes
/// of interior protocols, extended communities.
///
/// The grammar lists the same in `inert-set-line`.
pub(super) fn is_irrelevant(words: Words<'_, '_>) -> bool {
    /// Attributes and treatments, whatever follows.
    const INERT: &[&str] = &[
        "extcommunity",
        "extcomm-list",
        "metric-type",
        "level",
        "traffic-index",
        "dampening",
        "vrf",
        "global",
        "interface",
        "default",
        "automatic-tag",
        "mpls-label",
        "nlri",
        "aigp-metric",
        "attribute-set",
        "large-community",
        "lisp",
        "fallback",
    ];
    /// The same behind `ip` or `ipv6`.
    const PACKETS: &[&str] =
        &["precedence", "tos", "df", "dscp", "default", "vrf", "global", "address", "qos-group"];
    /// Next hops of policy routing.
    const HOPS: &[&str] = &["verify-availability", "recursive", "encapsulate", "dynamic", "vrf"];
    let among = |table: &[&str], index: usize| table.iter().any(|it| is_word(words, index, it));
    if is_word(words, 0, "ip") || is_word(words, 0, "ipv6") {
        let hops = is_word(words, 1, "next-hop") && (among(HOPS, 2) || several_hops(words.skip(2)));
        return among(PACKETS, 1) || hops;
    }
    let eigrp = is_word(words, 0, "metric")
        && words.len() == 6
        && (1..6).all(|index| number(words.skip(index)).is_ok());
    let tag = is_word(words, 0, "as-path") && is_word(words, 1, "tag") && words.len() == 2;
    among(INERT, 0) || eigrp || tag
}

/// Next hops to be tried in turn: only policy routing has them.
fn several_hops(words: Words<'_, '_>) -> bool {
    1 < words.len() && (0..words.len()).all(|index| address(words.skip(index)).is_ok())
}

/// Records the objects that a set names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, action: &SetAction<'t>, words: Words<'_, 't>) {
    if let SetAction::Community(CommunityEdit::RemoveMatching(list)) = action {
        draft.use_name(ObjectKind::CommunityList, *list, Usage::Set);
    }
    if is_word(words, 1, "extcomm-list")
        && let Some(list) = words.token(2)
    {
        let list = Fact::new(list.text, list.span);
        draft.use_name(ObjectKind::ExtendedCommunityList, list, Usage::Set);
    }
}
