//! The `match` lines of a route map.

use edgelint_model::{Condition, Fact, Match, ObjectKind, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::super::draft::Draft;
use crate::phrases::{is_word, name, number};

/// What a line asks; several values of which one suffices are several matches.
type Found<'t> = Vec<Match<'t>>;

/// Reads what stands behind `match`.
///
/// match-line ::= "match" (match-address | match-community | match-value | match-source) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let left = input.skip(1);
    match input.peek(0).len() {
        2 if is_word(input, 0, "ip") => address(input, false),
        3 if is_word(input, 0, "tag") => tags(left),
        4 if is_word(input, 0, "ipv6") => address(input, true),
        4 if is_word(input, 0, "evpn") => attribute(input),
        6 if is_word(input, 0, "metric") => values(left, Match::Metric),
        7 if is_word(input, 0, "as-path") => one(left, Match::AsPathLists),
        9 if is_word(input, 0, "community") => {
            community_lists(left, |lists, exact| Match::CommunityLists { lists, exact })
        }
        9 if is_word(input, 0, "interface") => one(left, Match::Interfaces),
        9 if is_word(input, 0, "as-number") => attribute(input),
        9 if is_word(input, 0, "ospf-area") => interior(input),
        10 if is_word(input, 0, "route-type") => route_types(left),
        12 if is_word(input, 0, "extcommunity") => {
            community_lists(left, |lists, _| Match::ExtendedCommunityLists(lists))
        }
        15 if is_word(input, 0, "source-protocol") => protocols(left),
        15 if is_word(input, 0, "large-community") => {
            community_lists(left, |lists, _| Match::LargeCommunityLists(lists))
        }
        _ => input.expected("something that a route map matches"),
    }
}

/// Names, as one match.
fn one<'w, 't>(
    input: Words<'w, 't>,
    make: impl FnOnce(Vec<Fact<&'t str>>) -> Match<'t>,
) -> Parsed<'w, 't, Found<'t>> {
    let (left, names) = names(input)?;
    Ok((left, vec![make(names)]))
}

/// One name or more, to the end of the statement.
fn names<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Vec<Fact<&'t str>>> {
    if input.is_empty() {
        return input.expected("a name");
    }
    let names = input.tokens().map(|token| Fact::new(token.text, token.span)).collect();
    Ok((input.skip(input.len()), names))
}

/// Prefix lists match routes. What access lists do with them is open: to Batfish's model of NX-OS
/// (`visitRouteMapMatchIpAddress`) they are for policy routing and hold for every route, while operators tell of
/// redistribution that they filter.
///
/// match-address ::= ("ip" | "ipv6") (("address" | "next-hop" | "route-source") "prefix-list" NAME+ | "address" acl-name+)
/// acl-name ::= NAME - "prefix-list"
fn address<'w, 't>(line: Words<'w, 't>, six: bool) -> Parsed<'w, 't, Found<'t>> {
    let input = line.skip(1);
    if !is_word(input, 1, "prefix-list") {
        let by_prefix = (1..input.len()).any(|at| is_word(input, at, "prefix-list"));
        if !is_word(input, 0, "address") || by_prefix {
            return input.expected("a prefix list");
        }
        if input.len() < 2 {
            return input.expected("an access list");
        }
        return Ok((input.skip(input.len()), vec![Match::Unknown]));
    }
    let left = input.skip(2);
    if is_word(input, 0, "address") {
        one(left, if six { Match::Ipv6PrefixLists } else { Match::PrefixLists })
    } else if is_word(input, 0, "next-hop") {
        one(left, Match::NextHopPrefixLists)
    } else if is_word(input, 0, "route-source") {
        one(left, Match::RouteSourcePrefixLists)
    } else {
        input.expected("address, next-hop or route-source")
    }
}

/// match-community ::= ("community" | "extcommunity" | "large-community") (NAME - "exact-match")+ "exact-match"?
///     | ("as-path" | "interface") NAME+
fn community_lists<'w, 't>(
    input: Words<'w, 't>,
    make: impl FnOnce(Vec<Fact<&'t str>>, bool) -> Match<'t>,
) -> Parsed<'w, 't, Found<'t>> {
    let exact = is_word(input, input.len().saturating_sub(1), "exact-match");
    let (_, lists) = names(input.first(input.len() - usize::from(exact)))?;
    let inner = lists.iter().any(|list| list.value.eq_ignore_ascii_case("exact-match"));
    if inner {
        return input.expected("exact-match at the end");
    }
    Ok((input.skip(input.len()), vec![make(lists, exact)]))
}

/// One number or more.
///
/// match-value ::= ("tag" | "metric") UINT32+ | ("as-number" | "ospf-area" | "evpn") REST
fn values<'w, 't, T>(input: Words<'w, 't>, make: impl Fn(u32) -> T) -> Parsed<'w, 't, Vec<T>> {
    let mut found = Vec::new();
    let (mut left, first) = number(input)?;
    found.push(make(first.value));
    while !left.is_empty() {
        let (behind, next) = number(left)?;
        found.push(make(next.value));
        left = behind;
    }
    Ok((left, found))
}

fn tags<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let (left, tags) = values(input, |tag| tag)?;
    Ok((left, vec![Match::Tags(tags)]))
}

/// Something that is not followed, as written: the AS number of a neighbor that may call, a type of
/// EVPN routes.
fn attribute<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    if input.len() < 2 {
        return input.expected("a value");
    }
    Ok((input.skip(input.len()), vec![Match::Attribute(input.line_text())]))
}

fn interior<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    if input.len() < 2 {
        return input.expected("an area");
    }
    Ok((input.skip(input.len()), vec![Match::Interior(input.line_text())]))
}

/// match-source ::= "source-protocol" source+ | "route-type" route-type+
/// source ::= "connected" | "direct" | "static" | ("bgp" | "ospf" | "ospfv3" | "eigrp" | "isis" | "rip") NAME
fn protocols<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    const TAGGED: [&str; 6] = ["bgp", "ospf", "ospfv3", "eigrp", "isis", "rip"];
    let mut left = input;
    let mut found = Vec::new();
    while !left.is_empty() {
        let is = |word: &str| is_word(left, 0, word);
        let length = if is("connected") || is("direct") || is("static") {
            1
        } else if TAGGED.iter().any(|it| is_word(left, 0, it)) {
            name(left.skip(1))?;
            2
        } else {
            return left.expected("a protocol");
        };
        found.push(left.first(length).line_text());
        left = left.skip(length);
    }
    if found.is_empty() {
        return input.expected("a protocol");
    }
    Ok((left, vec![Match::Protocols(found)]))
}

/// route-type ::= "local" | "internal" | "external" | "inter-area" | "intra-area" | "type-1" | "type-2"
///     | "level-1" | "level-2" | "nssa-external"
fn route_types<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    const TYPES: [&str; 10] = [
        "local",
        "internal",
        "external",
        "inter-area",
        "intra-area",
        "type-1",
        "type-2",
        "level-1",
        "level-2",
        "nssa-external",
    ];
    let known = |text: &str| TYPES.iter().any(|it| it.eq_ignore_ascii_case(text));
    if input.is_empty() || !input.tokens().all(|token| known(token.text)) {
        return input.expected("a type of routes");
    }
    let types = input.tokens().map(|token| token.text).collect();
    Ok((input.skip(input.len()), vec![Match::RouteTypes(types)]))
}

/// Whether a line matches packets: in a policy for routes it holds for every route.
///
/// The grammar lists the same in `inert-match-line`.
pub(super) fn is_of_packets(words: Words<'_, '_>) -> bool {
    /// What else packets have.
    const PACKETS: &[&str] = &["vlan", "length", "mac-list", "mac"];
    if is_word(words, 0, "ip") || is_word(words, 0, "ipv6") {
        return 2 < words.len() && is_word(words, 1, "multicast");
    }
    1 < words.len() && PACKETS.iter().any(|it| is_word(words, 0, it))
}

/// Records the objects that a line names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, found: &Found<'t>, words: Words<'_, 't>) {
    let six = is_word(words, 1, "ipv6");
    for (kind, names) in found.iter().filter_map(named) {
        let kind = match kind {
            ObjectKind::PrefixList if six => ObjectKind::Ipv6PrefixList,
            kind => kind,
        };
        names.iter().for_each(|name| draft.use_name(kind, *name, Usage::Match));
    }
    let by_list = is_word(words, 2, "address")
        && !(3..words.len()).any(|at| is_word(words, at, "prefix-list"));
    if by_list && matches!(found.as_slice(), [Match::Unknown]) {
        let kind = if six { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
        for token in words.skip(3).tokens() {
            draft.use_name(kind, Fact::new(token.text, token.span), Usage::Match);
        }
    }
}

/// Drops the names of a condition that was taken back.
pub(super) fn forget(draft: &mut Draft<'_>, condition: &Condition<'_>) {
    match condition {
        Condition::Match(found) => {
            draft.forget(found.at());
            let names = named(&found.value).map(|(_, names)| names);
            names.into_iter().flatten().for_each(|name| draft.forget(name.at()));
        }
        Condition::Any(all) => all.iter().for_each(|it| forget(draft, it)),
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
        Match::CommunityLists { lists, .. } => (ObjectKind::CommunityList, lists),
        Match::ExtendedCommunityLists(names) => (ObjectKind::ExtendedCommunityList, names),
        Match::LargeCommunityLists(names) => (ObjectKind::LargeCommunityList, names),
        Match::AsPathLists(names) => (ObjectKind::AsPathList, names),
        Match::Interfaces(names) => (ObjectKind::Interface, names),
        _ => return None,
    })
}

/// A line's matches as conditions: alternatives are one.
pub(super) fn widen<'t>(found: Found<'t>, at: Span) -> Option<Condition<'t>> {
    let mut all: Vec<Condition<'t>> =
        found.into_iter().map(|one| Condition::Match(Fact::new(one, at))).collect();
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Condition::Any(all)),
    }
}

/// Joins the last condition with an earlier one of the same kind: either suffices.
pub(super) fn merge(conditions: &mut Vec<Condition<'_>>) {
    let Some((last, earlier)) = conditions.split_last_mut() else { return };
    let Condition::Match(new) = last else { return };
    let joined = earlier.iter_mut().any(|old| match old {
        Condition::Match(old) => join(&mut old.value, &mut new.value),
        _ => false,
    });
    if joined {
        conditions.pop();
    }
}

/// Moves the names of the second match into the first, where they are of one kind.
fn join<'t>(old: &mut Match<'t>, new: &mut Match<'t>) -> bool {
    match (old, new) {
        (Match::PrefixLists(old), Match::PrefixLists(new))
        | (Match::Ipv6PrefixLists(old), Match::Ipv6PrefixLists(new))
        | (Match::NextHopPrefixLists(old), Match::NextHopPrefixLists(new))
        | (Match::RouteSourcePrefixLists(old), Match::RouteSourcePrefixLists(new))
        | (Match::ExtendedCommunityLists(old), Match::ExtendedCommunityLists(new))
        | (Match::LargeCommunityLists(old), Match::LargeCommunityLists(new))
        | (Match::AsPathLists(old), Match::AsPathLists(new))
        | (Match::Interfaces(old), Match::Interfaces(new)) => old.append(new),
        (
            Match::CommunityLists { lists: old, exact },
            Match::CommunityLists { lists: new, exact: other },
        ) if exact == other => old.append(new),
        (Match::Tags(old), Match::Tags(new)) => old.append(new),
        (Match::RouteTypes(old), Match::RouteTypes(new))
        | (Match::Protocols(old), Match::Protocols(new)) => old.append(new),
        _ => return false,
    }
    true
}

/// The final form: lists of both families side by side mean that either suffices, because a route
/// has one family.
pub(super) fn settle(conditions: Vec<Condition<'_>>) -> Condition<'_> {
    let family = |condition: &Condition<'_>| match condition {
        Condition::Match(fact) => match fact.value {
            Match::PrefixLists(_) => 4,
            Match::Ipv6PrefixLists(_) => 6,
            _ => 0,
        },
        _ => 0,
    };
    let both = [4, 6].iter().all(|wanted| conditions.iter().any(|it| family(it) == *wanted));
    let (by_address, mut others): (Vec<_>, Vec<_>) =
        conditions.into_iter().partition(|condition| both && family(condition) != 0);
    if both {
        others.insert(0, Condition::Any(by_address));
    }
    match others.len() {
        0 => Condition::Always,
        1 => others.pop().unwrap_or(Condition::Always),
        _ => Condition::All(others),
    }
}
