//! The `match` lines of a route map: one value a line, one line a kind.

use std::mem::discriminant;

use edgelint_model::{Condition, Fact, Match, ObjectKind, OriginCode, Usage};
use edgelint_prefix::PrefixRange;
use edgelint_syntax::{Parsed, Words};

use super::super::draft::Draft;
use super::super::lines::{lower, room};
use crate::phrases::{address, is_word, name, number, number_in, word};

type Read<'w, 't> = Parsed<'w, 't, Match<'t>>;

/// Reads what stands behind `match`.
///
/// match-line ::= "match" (match-address4 | match-address6 | match-list | match-value | match-attribute) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let left = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ip" => address4(left),
        "ipv6" => address6(left),
        "as-path" | "community" | "large-community" | "extcommunity" | "interface" => list(input),
        "tag" | "metric" | "local-preference" | "origin" | "peer" => value(input),
        "source-protocol" | "source-vrf" | "vrl-source-vrf" | "source-instance" | "rpki"
        | "rpki-extcommunity" | "probability" | "evpn" | "alias" | "mac" => attribute(input),
        _ => input.expected("something that a route map matches"),
    }
}

fn one<'w, 't>(
    input: Words<'w, 't>,
    make: impl FnOnce(Vec<Fact<&'t str>>) -> Match<'t>,
) -> Read<'w, 't> {
    name(input).map(|(left, name)| (left, make(vec![name])))
}

/// match-address4 ::= "ip" ("address" | "next-hop" | "route-source") ("prefix-list" NAME | a-list)
///     | "ip" "address" "prefix-len" LEN4 | "ip" "next-hop" ("prefix-len" LEN4 | "address" ADDRESS | "type" "blackhole")
/// a-list ::= NAME - ("prefix-list" | "prefix-len" | "address" | "type")
fn address4<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let of = input.skip(1);
    let by_prefix = is_word(of, 0, "prefix-list");
    let left = of.skip(usize::from(by_prefix));
    let mut low = room();
    let make: fn(Vec<Fact<&'t str>>) -> Match<'t> = match lower(input.peek(0), &mut low) {
        "address" if is_word(of, 0, "prefix-len") => return length(of.skip(1), false),
        "next-hop" if !by_prefix && is_keyword(of) => return next_hop(input),
        "address" if by_prefix => Match::PrefixLists,
        "address" => Match::AccessLists,
        "next-hop" if by_prefix => Match::NextHopPrefixLists,
        "next-hop" => Match::NextHopAccessLists,
        "route-source" if by_prefix => Match::RouteSourcePrefixLists,
        "route-source" => Match::RouteSourceAccessLists,
        _ => return input.expected("address, next-hop or route-source"),
    };
    if !by_prefix && is_keyword(left) {
        return left.expected("the name of a list");
    }
    one(left, make)
}

/// Words that no list is called.
fn is_keyword(input: Words<'_, '_>) -> bool {
    ["prefix-list", "prefix-len", "address", "type"].iter().any(|word| is_word(input, 0, word))
}

/// match-address6 ::= "ipv6" "address" ("prefix-list" NAME | "prefix-len" LEN6 | a-list)
///     | "ipv6" "next-hop" ("prefix-list" NAME | "prefix-len" LEN4 | "address" ADDRESS | "type" "blackhole" | a-list)
fn address6<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let of = input.skip(1);
    let by_prefix = is_word(of, 0, "prefix-list");
    let left = of.skip(usize::from(by_prefix));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "address" if is_word(of, 0, "prefix-len") => length(of.skip(1), true),
        "address" if by_prefix => one(left, Match::Ipv6PrefixLists),
        "address" if !is_keyword(left) => one(left, Match::Ipv6AccessLists),
        "next-hop" => next_hop(input),
        _ => input.expected("address or next-hop"),
    }
}

/// All prefixes of one length: a match of zebra's alone, which bgpd passes over (FRR manual, "Route Maps";
/// measured).
fn length<'w, 't>(input: Words<'w, 't>, six: bool) -> Read<'w, 't> {
    let (left, _) = number_in(0, if six { 128 } else { 32 })(input)?;
    Ok((left, Match::NotForRoutes))
}

/// The next hop, by something that is not followed: recorded as it is written.
fn next_hop<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let of = input.skip(1);
    let mut low = room();
    let left = match lower(of.peek(0), &mut low) {
        "prefix-list" => name(of.skip(1))?.0,
        "prefix-len" => number_in(0, 32)(of.skip(1))?.0,
        "address" => address(of.skip(1))?.0,
        "type" => word("blackhole")(of.skip(1))?.0,
        _ => name(of)?.0,
    };
    let written = input.first(input.len() - left.len());
    Ok((left, Match::Attribute(written.line_text())))
}

/// match-list ::= "community" NAME "exact-match"? | ("as-path" | "interface") NAME
///     | ("large-community" | "extcommunity") NAME ("exact-match" | "any")?
fn list<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, list) = name(input.skip(1))?;
    let mut low = room();
    let wide = matches!(lower(input.peek(0), &mut low), "large-community" | "extcommunity");
    let exact = is_word(left, 0, "exact-match") && (wide || is_word(input, 0, "community"));
    let any = wide && is_word(left, 0, "any");
    let behind = left.skip(usize::from(exact || any));
    let lists = vec![list];
    let found = match lower(input.peek(0), &mut low) {
        "as-path" => Match::AsPathLists(lists),
        "community" => Match::CommunityLists { lists, exact },
        "large-community" => Match::LargeCommunityLists(lists),
        "extcommunity" => Match::ExtendedCommunityLists(lists),
        _ => Match::Interfaces(lists),
    };
    Ok((behind, found))
}

/// match-value ::= "tag" (UINT32 | "untagged") | "metric" SEQ | "local-preference" UINT32
///     | "origin" ("igp" | "egp" | "incomplete") | "peer" (ADDRESS | "local" | NAME)
fn value<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "tag" if is_word(next, 0, "untagged") => Ok((next.skip(1), Match::Tags(vec![0]))),
        "tag" => number(next).map(|(left, tag)| (left, Match::Tags(vec![tag.value]))),
        "metric" => {
            number_in(1, u32::MAX - 1)(next).map(|(left, it)| (left, Match::Metric(it.value)))
        }
        "local-preference" => {
            number(next).map(|(left, it)| (left, Match::LocalPreference(it.value)))
        }
        "origin" => origin(next).map(|(left, code)| (left, Match::Origin(code))),
        _ => match address(next) {
            Ok((left, peer)) => Ok((left, Match::Neighbors(vec![peer.value]))),
            Err(_) => written(input, 2),
        },
    }
}

/// ORIGIN by name.
pub(super) fn origin<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, OriginCode> {
    let mut low = room();
    let code = match lower(input.peek(0), &mut low) {
        "igp" => OriginCode::Igp,
        "egp" => OriginCode::Egp,
        "incomplete" => OriginCode::Incomplete,
        _ => return input.expected("igp, egp or incomplete"),
    };
    Ok((input.skip(1), code))
}

/// Attributes that are not followed, as they are written. Whether bgpd asks for the source protocol at all
/// depends on the release (8.4.4 does not, 10.3 does).
///
/// match-attribute ::= "source-protocol" NAME | "source-vrf" NAME | "vrl-source-vrf" NAME
///     | "source-instance" UINT8 | "rpki" ("valid" | "invalid" | "notfound")
///     | "rpki-extcommunity" ("valid" | "invalid" | "notfound") | "probability" UINT8 | "alias" NAME
///     | "mac" "address" NAME | "evpn" match-evpn
fn attribute<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let count = match lower(input.peek(0), &mut low) {
        "source-instance" | "probability" => {
            number_in(0, 255)(next)?;
            2
        }
        "rpki" | "rpki-extcommunity" => match lower(next.peek(0), &mut room()) {
            "valid" | "invalid" | "notfound" => 2,
            _ => return next.expected("a state of validation"),
        },
        "mac" => {
            word("address")(next)?;
            3
        }
        "evpn" => 1 + evpn(next)?.1,
        _ => 2,
    };
    written(input, count)
}

/// match-evpn ::= "route-type" NAME | "vni" UINT32 | "rd" NAME | "default-route"
fn evpn<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, usize> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "route-type" | "rd" => name(next).map(|(left, _)| (left, 2)),
        "vni" => number(next).map(|(left, _)| (left, 2)),
        "default-route" => Ok((next, 1)),
        _ => input.expected("something of EVPN"),
    }
}

/// As many words as they stand.
fn written<'w, 't>(input: Words<'w, 't>, count: usize) -> Read<'w, 't> {
    if input.len() < count {
        return input.expected("a value");
    }
    Ok((input.skip(count), Match::Attribute(input.first(count).line_text())))
}

/// Matches of other daemons than that of BGP.
///
/// The grammar lists the same in `inert-match-line`.
pub(super) fn is_irrelevant(words: Words<'_, '_>) -> bool {
    /// Behind `ip` and `ipv6`.
    const MULTICAST: &[&str] = &["multicast-source", "multicast-group", "multicast-interface"];
    let ip = is_word(words, 0, "ip") || is_word(words, 0, "ipv6");
    ip && MULTICAST.iter().any(|word| is_word(words, 1, word)) && 2 < words.len()
}

/// Whether a match takes the place of another: they ask the same of a route.
pub(super) fn replaces(new: &Condition<'_>, old: &Condition<'_>) -> bool {
    let (Condition::Match(new), Condition::Match(old)) = (new, old) else { return false };
    let asks = |text: &str| text.rsplit_once(' ').map_or(0, |(front, _)| front.len());
    match (&new.value, &old.value) {
        (Match::Attribute(new), Match::Attribute(old)) => {
            new.get(..asks(new)) == old.get(..asks(old))
        }
        (Match::Unknown, _) | (Match::NotForRoutes, _) => false,
        (Match::Prefixes(new), Match::Prefixes(old)) => {
            let family = |ranges: &[PrefixRange]| ranges.first().map(|it| it.prefix.family());
            family(new) == family(old)
        }
        (new, old) => discriminant(new) == discriminant(old),
    }
}

/// Records the objects that a match names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, found: &Match<'t>, words: Words<'_, 't>) {
    if let Some((kind, names)) = named(found) {
        for name in names {
            draft.use_name(kind, *name, Usage::Match);
        }
    }
    let Match::Attribute(_) = found else { return };
    let last = words.token(words.len().saturating_sub(1));
    let kind = if is_word(words, 1, "ipv6") && is_word(words, 3, "prefix-list") {
        ObjectKind::Ipv6PrefixList
    } else if is_word(words, 1, "source-vrf") || is_word(words, 1, "vrl-source-vrf") {
        ObjectKind::Vrf
    } else {
        return;
    };
    if let Some(last) = last {
        draft.use_name(kind, Fact::new(last.text, last.span), Usage::Match);
    }
}

/// Drops the names of a condition that was taken back.
pub(super) fn forget(draft: &mut Draft<'_>, condition: &Condition<'_>) {
    let Condition::Match(found) = condition else { return };
    match (&found.value, named(&found.value)) {
        (Match::Attribute(_), _) => draft.forget(found.at()),
        (_, Some((_, names))) => names.iter().for_each(|name| draft.forget(name.at())),
        _ => {}
    }
}

/// The objects that a match names.
fn named<'m, 't>(found: &'m Match<'t>) -> Option<(ObjectKind, &'m [Fact<&'t str>])> {
    Some(match found {
        Match::PrefixLists(names)
        | Match::NextHopPrefixLists(names)
        | Match::RouteSourcePrefixLists(names) => (ObjectKind::PrefixList, names),
        Match::Ipv6PrefixLists(names) => (ObjectKind::Ipv6PrefixList, names),
        Match::AccessLists(names)
        | Match::NextHopAccessLists(names)
        | Match::RouteSourceAccessLists(names) => (ObjectKind::Acl, names),
        Match::Ipv6AccessLists(names) => (ObjectKind::Ipv6Acl, names),
        Match::CommunityLists { lists, .. } => (ObjectKind::CommunityList, lists),
        Match::ExtendedCommunityLists(names) => (ObjectKind::ExtendedCommunityList, names),
        Match::LargeCommunityLists(names) => (ObjectKind::LargeCommunityList, names),
        Match::AsPathLists(names) => (ObjectKind::AsPathList, names),
        Match::Interfaces(names) => (ObjectKind::Interface, names),
        _ => return None,
    })
}
