//! The `match` lines of a route map.

use edgelint_model::{Condition, Fact, Match, ObjectKind, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::super::draft::Draft;
use crate::phrases::{is_word, number};

/// What a line asks; several values of which one suffices are several matches.
type Found<'t> = Vec<Match<'t>>;

/// Reads what stands behind `match`.
///
/// match-line ::= "match" (match-address | match-community | match-value | match-route-type) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let left = input.skip(1);
    match input.peek(0).len() {
        2 if is_word(input, 0, "ip") => ip(left),
        3 if is_word(input, 0, "tag") => tags(left),
        4 if is_word(input, 0, "ipv6") => ipv6(left),
        6 if is_word(input, 0, "metric") => metrics(left),
        7 if is_word(input, 0, "as-path") => one(left, Match::AsPathLists),
        9 if is_word(input, 0, "community") => community(left),
        9 if is_word(input, 0, "interface") => one(left, Match::Interfaces),
        10 if is_word(input, 0, "route-type") => route_types(left),
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

/// match-address ::= "ip" ("address" | "next-hop" | "route-source") ("prefix-list" NAME+ | access-lists)
///     | "ipv6" ("address" | "next-hop" | "route-source") "prefix-list" NAME+ | "ipv6" "address" access-lists
/// access-lists ::= (NAME - "prefix-list") NAME*
fn ip<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let by_prefix = is_word(input, 1, "prefix-list");
    let left = input.skip(1 + usize::from(by_prefix));
    if is_word(input, 0, "address") {
        one(left, if by_prefix { Match::PrefixLists } else { Match::AccessLists })
    } else if is_word(input, 0, "next-hop") {
        one(left, if by_prefix { Match::NextHopPrefixLists } else { Match::NextHopAccessLists })
    } else if is_word(input, 0, "route-source") && by_prefix {
        one(left, Match::RouteSourcePrefixLists)
    } else if is_word(input, 0, "route-source") {
        one(left, Match::RouteSourceAccessLists)
    } else {
        input.expected("address, next-hop or route-source")
    }
}

fn ipv6<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let by_prefix = is_word(input, 1, "prefix-list");
    let left = input.skip(1 + usize::from(by_prefix));
    if is_word(input, 0, "address") {
        one(left, if by_prefix { Match::Ipv6PrefixLists } else { Match::Ipv6AccessLists })
    } else if is_word(input, 0, "next-hop") && by_prefix {
        one(left, Match::NextHopPrefixLists)
    } else if is_word(input, 0, "route-source") && by_prefix {
        one(left, Match::RouteSourcePrefixLists)
    } else {
        input.expected("address, next-hop or route-source")
    }
}

/// match-community ::= "community" (NAME - "exact-match")+ "exact-match"?
///     | ("as-path" | "interface") NAME+
fn community<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let exact = is_word(input, input.len().saturating_sub(1), "exact-match");
    let (_, lists) = names(input.first(input.len() - usize::from(exact)))?;
    let inner = lists.iter().any(|list| list.value.eq_ignore_ascii_case("exact-match"));
    if inner {
        return input.expected("exact-match at the end");
    }
    Ok((input.skip(input.len()), vec![Match::CommunityLists { lists, exact }]))
}

/// One number or more.
///
/// match-value ::= ("tag" | "metric") UINT32+
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

fn metrics<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    values(input, Match::Metric)
}

/// match-route-type ::= "route-type" route-type+
/// route-type ::= "local" | "internal" | "external" | "type-1" | "type-2" | "nssa-external"
fn route_types<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    const TYPES: [&str; 6] = ["local", "internal", "external", "type-1", "type-2", "nssa-external"];
    let known = |text: &str| TYPES.iter().any(|it| it.eq_ignore_ascii_case(text));
    if input.is_empty() || !input.tokens().all(|token| known(token.text)) {
        return input.expected("a type of routes");
    }
    let types = input.tokens().map(|token| token.text).collect();
    Ok((input.skip(input.len()), vec![Match::RouteTypes(types)]))
}

/// Records the objects that a match names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, found: &Match<'t>, words: Words<'_, 't>) {
    let six = is_word(words, 1, "ipv6");
    let Some((kind, names)) = named(found) else { return };
    let kind = match kind {
        ObjectKind::PrefixList if six => ObjectKind::Ipv6PrefixList,
        kind => kind,
    };
    for name in names {
        draft.use_name(kind, *name, Usage::Match);
    }
}

/// Drops the names of a condition that was taken back.
pub(super) fn forget(draft: &mut Draft<'_>, condition: &Condition<'_>) {
    match condition {
        Condition::Match(found) => {
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
        Match::AccessLists(names)
        | Match::NextHopAccessLists(names)
        | Match::RouteSourceAccessLists(names) => (ObjectKind::Acl, names),
        // One name space for both families since release 9.0, before which route maps had no IPv6.
        Match::Ipv6AccessLists(names) => (ObjectKind::Acl, names),
        Match::CommunityLists { lists, .. } => (ObjectKind::CommunityList, lists),
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
        | (Match::AccessLists(old), Match::AccessLists(new))
        | (Match::Ipv6AccessLists(old), Match::Ipv6AccessLists(new))
        | (Match::NextHopPrefixLists(old), Match::NextHopPrefixLists(new))
        | (Match::NextHopAccessLists(old), Match::NextHopAccessLists(new))
        | (Match::RouteSourcePrefixLists(old), Match::RouteSourcePrefixLists(new))
        | (Match::RouteSourceAccessLists(old), Match::RouteSourceAccessLists(new))
        | (Match::AsPathLists(old), Match::AsPathLists(new))
        | (Match::Interfaces(old), Match::Interfaces(new)) => old.append(new),
        (
            Match::CommunityLists { lists: old, exact },
            Match::CommunityLists { lists: new, exact: other },
        ) if exact == other => old.append(new),
        (Match::Tags(old), Match::Tags(new)) => old.append(new),
        (Match::RouteTypes(old), Match::RouteTypes(new)) => old.append(new),
        _ => return false,
    }
    true
}

/// The final form: lists of both families side by side mean that either suffices, because a route
/// has one family.
pub(super) fn settle(conditions: Vec<Condition<'_>>) -> Condition<'_> {
    let family = |condition: &Condition<'_>| match condition {
        Condition::Match(fact) => match fact.value {
            Match::PrefixLists(_) | Match::AccessLists(_) => 4,
            Match::Ipv6PrefixLists(_) | Match::Ipv6AccessLists(_) => 6,
            _ => 0,
        },
        _ => 0,
    };
    let both = [4, 6].iter().all(|wanted| conditions.iter().any(|it| family(it) == *wanted));
    let (by_address, mut others): (Vec<_>, Vec<_>) =
        conditions.into_iter().partition(|condition| both && family(condition) != 0);
    if both {
        let (four, six): (Vec<_>, Vec<_>) = by_address.into_iter().partition(|it| family(it) == 4);
        others.insert(0, Condition::Any(vec![all(four), all(six)]));
    }
    all(others)
}

fn all(mut conditions: Vec<Condition<'_>>) -> Condition<'_> {
    match conditions.len() {
        0 => Condition::Always,
        1 => conditions.pop().unwrap_or(Condition::Always),
        _ => Condition::All(conditions),
    }
}
