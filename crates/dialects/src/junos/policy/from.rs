//! `from` and `to`: which routes a term applies to.
//!
//! Conditions of one kind are alternatives, conditions of different kinds must all hold. Prefix
//! lists, filters of prefix lists and route filters count as one kind. Of kinds that can be said
//! once only (`family`, `metric`, `local-preference`, `origin`) the later one stays. (Tried on an
//! emulated router by the authors of Batfish, 2019.)

use std::net::IpAddr;

use edgelint_model::{Condition, Fact, Match, ObjectKind, OriginCode, State, Usage};
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_syntax::{Token, Words};

use super::route_filter::{self, Reach};
use super::then::{self, Then};
use super::{Term, expression};
use crate::junos::draft::{Draft, Leaf, number};

/// The conditions of a term, by kind.
#[derive(Debug, Default)]
pub(super) struct From<'t> {
    pub(super) prefix_lists: Vec<Fact<&'t str>>,
    pub(super) list_filters: Vec<ListFilter<'t>>,
    pub(super) filter_lists: Vec<(Fact<&'t str>, Option<MatchType<'t>>)>,
    pub(super) filters: Vec<RouteFilter<'t>>,
    pub(super) communities: Vec<Fact<&'t str>>,
    pub(super) as_paths: Vec<Fact<&'t str>>,
    pub(super) protocols: Vec<Fact<&'t str>>,
    pub(super) neighbors: Vec<Fact<IpAddr>>,
    pub(super) interfaces: Vec<Fact<&'t str>>,
    pub(super) tags: Vec<Fact<u32>>,
    pub(super) family: Option<Fact<&'t str>>,
    pub(super) route_types: Vec<Fact<&'t str>>,
    pub(super) ribs: Vec<Fact<&'t str>>,
    pub(super) instances: Vec<Fact<&'t str>>,
    /// Conditions on the device's state, by name.
    pub(super) conditions: Vec<Fact<&'t str>>,
    /// Protocols the route is handed to.
    pub(super) towards: Vec<Fact<&'t str>>,
    pub(super) policies: Vec<Fact<&'t str>>,
    pub(super) expressions: Vec<Condition<'t>>,
    /// Conditions that need no gathering.
    pub(super) others: Vec<Fact<Match<'t>>>,
}

/// `prefix-list-filter`: a prefix list whose entries match as this type says.
#[derive(Debug)]
pub(super) struct ListFilter<'t> {
    pub(super) list: Fact<&'t str>,
    pub(super) kind: MatchType<'t>,
}

/// A match type that is given to the entries of a list.
pub(super) type MatchType<'t> = (&'t str, &'t str);

/// A route filter, and what it does by itself.
#[derive(Debug)]
pub(super) struct RouteFilter<'t> {
    pub(super) reach: Reach,
    pub(super) at: Fact<()>,
    /// Actions that are taken instead of the term's own.
    pub(super) then: Option<Then<'t>>,
}

/// Records the objects that a condition names, also where it is switched off.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let Some(name) = words.token(1) else { return };
    let kind = match words.peek(0) {
        "prefix-list" | "prefix-list-filter" => ObjectKind::PrefixList,
        "route-filter-list" => ObjectKind::RouteFilterList,
        "community" => ObjectKind::CommunityList,
        "as-path" | "as-path-group" => ObjectKind::AsPathList,
        "policy" => {
            for name in expression::names(words.skip(1)) {
                draft.use_name(ObjectKind::Policy, name, Usage::Call);
            }
            return;
        }
        _ => return,
    };
    draft.use_name(kind, name, Usage::Match);
}

/// A condition of `from`.
///
/// from ::= "from" (prefix-condition | attribute-condition)?
pub(super) fn from<'t>(term: &mut Term<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    match prefixes(&mut term.from, leaf, words) {
        Some(state) => state,
        None => attribute(&mut term.from, leaf, words),
    }
}

/// Conditions on the prefix.
///
/// prefix-condition ::= "prefix-list" NAME | "prefix-list-filter" NAME match-type? | "route-filter" filter action*
///     | "route-filter-list" NAME match-type?
fn prefixes<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<State> {
    let name = words.token(1);
    match (words.peek(0), name) {
        ("prefix-list", Some(name)) => {
            from.prefix_lists.push(leaf.name(name));
            Some(whole(words, 2))
        }
        ("prefix-list-filter", Some(name)) => {
            let (kind, left) = match_type(words.skip(2));
            // Without a match type, the entries match exactly.
            let kind = kind.unwrap_or(("exact", ""));
            from.list_filters.push(ListFilter { list: leaf.name(name), kind });
            Some(if left.is_empty() { State::Modelled } else { State::Unmodelled })
        }
        ("route-filter-list", Some(name)) => {
            let (kind, left) = match_type(words.skip(2));
            from.filter_lists.push((leaf.name(name), kind));
            Some(if left.is_empty() { State::Modelled } else { State::Unmodelled })
        }
        ("route-filter", Some(_)) => Some(route_filter(from, leaf, words.skip(1))),
        _ => None,
    }
}

fn match_type<'w, 't>(words: Words<'w, 't>) -> (Option<MatchType<'t>>, Words<'w, 't>) {
    let value = words.peek(1);
    match words.peek(0) {
        kind @ ("exact" | "longer" | "orlonger") => (Some((kind, "")), words.skip(1)),
        kind @ ("upto" | "prefix-length-range") if are_lengths(value) => {
            (Some((kind, value)), words.skip(2))
        }
        _ => (None, words),
    }
}

/// One length, or the shortest and the longest.
fn are_lengths(text: &str) -> bool {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    route_filter::length(least).is_some() && route_filter::length(most).is_some()
}

/// The ranges of a list's prefix under a match type.
pub(super) fn typed(prefix: Prefix, (kind, value): MatchType<'_>) -> Option<PrefixRange> {
    let width = prefix.family().width();
    let length = route_filter::length;
    match kind {
        "exact" => Some(PrefixRange::exact(prefix)),
        "orlonger" => Some(PrefixRange::or_longer(prefix)),
        "longer" => PrefixRange::new(prefix, prefix.length().checked_add(1)?, width),
        "upto" => PrefixRange::new(prefix, prefix.length(), length(value)?),
        _ => {
            let (least, most) = value.split_once('-')?;
            PrefixRange::new(prefix, length(least)?, length(most)?)
        }
    }
}

fn route_filter<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let Some((reach, actions)) = route_filter::filter(words) else {
        from.others.push(leaf.fact(Match::Unknown, leaf.at));
        return State::Unmodelled;
    };
    let masked = matches!(reach, Reach::Mask(_));
    // Only a filter with actions takes several paths.
    let found = if actions.is_empty() {
        None
    } else {
        from.filters.iter().rposition(|filter| filter.reach == reach)
    };
    let place = found.unwrap_or_else(|| {
        from.filters.push(RouteFilter { reach, at: leaf.fact((), leaf.at), then: None });
        from.filters.len() - 1
    });
    let Some(filter) = from.filters.get_mut(place) else { return State::Unmodelled };
    if masked {
        return State::Unmodelled;
    }
    if actions.is_empty() {
        return State::Modelled;
    }
    then::then(filter.then.get_or_insert_default(), leaf, actions)
}

/// Conditions on attributes, and on where a route comes from.
///
/// attribute-condition ::= ("community" | "as-path" | "as-path-group" | "protocol" | "interface" | "family"
///     | "route-type" | "instance" | "condition" | "rib") NAME | "policy" expression | "neighbor" ADDRESS
///     | ("tag" | "metric" | "local-preference") UINT32 | "origin" origin | interior-condition | other-condition
fn attribute<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let Some(name) = words.token(1) else { return single(from, leaf, words) };
    match words.peek(0) {
        "community" => keep(&mut from.communities, leaf, name, words),
        "as-path" | "as-path-group" => keep(&mut from.as_paths, leaf, name, words),
        "protocol" => keep(&mut from.protocols, leaf, name, words),
        "interface" => keep(&mut from.interfaces, leaf, name, words),
        "route-type" => keep(&mut from.route_types, leaf, name, words),
        "rib" => keep(&mut from.ribs, leaf, name, words),
        "instance" => keep(&mut from.instances, leaf, name, words),
        "condition" => keep(&mut from.conditions, leaf, name, words),
        "family" => {
            leaf.put(&mut from.family, name.text, name.span);
            whole(words, 2)
        }
        "neighbor" if name.text.parse::<IpAddr>().is_ok() => {
            from.neighbors.extend(name.text.parse().map(|address| leaf.fact(address, name.span)));
            whole(words, 2)
        }
        "tag" if number::<u32>(name.text).is_some() => {
            from.tags.extend(number(name.text).map(|tag| leaf.fact(tag, name.span)));
            whole(words, 2)
        }
        "policy" => policies(from, leaf, words.skip(1)),
        _ => single(from, leaf, words),
    }
}

/// Another policy, or an expression of several, as a condition.
fn policies<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    if !expression::is_expression(words)
        && let (Some(name), 1) = (words.token(0), words.len())
    {
        from.policies.push(leaf.name(name));
        return State::Modelled;
    }
    match expression::expression(words) {
        Some(found) => {
            let at = words.span().unwrap_or(leaf.at);
            from.expressions.push(expression::condition(&found, leaf.fact((), at).origin));
            State::Modelled
        }
        None => unknown(from, leaf),
    }
}

/// Conditions that can be said once only: the later one stays.
fn single<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let number = || number::<u32>(words.peek(1));
    let found = match words.peek(0) {
        "metric" => number().map(Match::Metric),
        "local-preference" => number().map(Match::LocalPreference),
        "origin" => origin(words.peek(1)).map(Match::Origin),
        _ => {
            return interior(from, leaf, words)
                .or_else(|| other(from, leaf, words))
                .unwrap_or_else(|| unknown(from, leaf));
        }
    };
    let Some(found) = found.filter(|_| words.len() == 2) else { return unknown(from, leaf) };
    let kind = std::mem::discriminant(&found);
    let same = |one: &Fact<Match<'t>>| std::mem::discriminant(&one.value) == kind;
    if leaf.via.is_some() && from.others.iter().any(same) {
        return State::Modelled;
    }
    from.others.retain(|one| !same(one));
    from.others.push(leaf.fact(found, leaf.at));
    State::Modelled
}

/// Conditions that only routes of interior protocols fulfil.
///
/// interior-condition ::= ("area" | "level") WORD | "external" ("type" RANGE_1_2)?
fn interior<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<State> {
    match (words.peek(0), words.peek(1), words.len()) {
        ("area" | "level", _, 2) | ("external", _, 1) => {}
        ("external", "type", 3)
            if number(words.peek(2)).is_some_and(|kind: u8| (1..=2).contains(&kind)) => {}
        _ => return None,
    }
    from.others.push(leaf.fact(Match::Interior(leaf.phrase(words)), leaf.at));
    Some(State::Modelled)
}

/// Conditions on what is not followed here: they are kept as they are written, and divide routes into
/// those that have it and those that do not.
///
/// other-condition ::= ("metric2" | "metric3" | "metric4" | "tag2" | "preference" | "preference2" | "color" | "color2"
///     | "next-hop" | "route-distinguisher" | "validation-database" | "nlri-route-type" | "programmed"
///     | "aggregate-contributor" | "state" | "internal" | "evpn-tag" | "evpn-esi" | "evpn-mac-route"
///     | "community-count" | "as-path-calc-length" | "as-path-unique-count" | "as-path-neighbors" | "as-path-origins"
///     | "as-path-transits" | "prefix-segment" | "next-hop-type" | "next-hop-weight" | "route-target"
///     | "source-address-filter" | "traffic-engineering" | "multicast-scope" | "mac-filter-list" | "rtf-prefix-list"
///     | "bgp-ls-epe" | "srte-color") REST?
fn other<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<State> {
    match words.peek(0) {
        "metric2"
        | "metric3"
        | "metric4"
        | "tag2"
        | "preference"
        | "preference2"
        | "color"
        | "color2"
        | "next-hop"
        | "route-distinguisher"
        | "validation-database"
        | "nlri-route-type"
        | "programmed"
        | "aggregate-contributor"
        | "state"
        | "internal"
        | "evpn-tag"
        | "evpn-esi"
        | "evpn-mac-route"
        | "community-count"
        | "as-path-calc-length"
        | "as-path-unique-count"
        | "as-path-neighbors"
        | "as-path-origins"
        | "as-path-transits"
        | "prefix-segment"
        | "next-hop-type"
        | "next-hop-weight"
        | "route-target"
        | "source-address-filter"
        | "traffic-engineering"
        | "multicast-scope"
        | "mac-filter-list"
        | "rtf-prefix-list"
        | "bgp-ls-epe"
        | "srte-color" => {}
        _ => return None,
    }
    from.others.push(leaf.fact(Match::Attribute(leaf.phrase(words)), leaf.at));
    Some(State::Modelled)
}

fn unknown<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>) -> State {
    from.others.push(leaf.fact(Match::Unknown, leaf.at));
    State::Unmodelled
}

fn keep<'t>(
    kind: &mut Vec<Fact<&'t str>>,
    leaf: &Leaf<'_, 't>,
    name: Token<'t>,
    words: Words<'_, 't>,
) -> State {
    kind.push(leaf.name(name));
    whole(words, 2)
}

fn whole(words: Words<'_, '_>, count: usize) -> State {
    if words.len() == count { State::Modelled } else { State::Unmodelled }
}

/// An ORIGIN code.
///
/// origin ::= "igp" | "egp" | "incomplete"
pub(crate) fn origin(text: &str) -> Option<OriginCode> {
    Some(match text {
        "igp" => OriginCode::Igp,
        "egp" => OriginCode::Egp,
        "incomplete" => OriginCode::Incomplete,
        _ => return None,
    })
}

/// A condition on where a route goes to. But for the protocol it is the same as on where it comes from
/// (Junos policy guide, "Routing Policy Match Conditions": "in most cases").
///
/// to ::= "to" ("neighbor" ADDRESS | ("rib" | "instance" | "protocol") NAME | interior-condition)?
pub(super) fn to<'t>(term: &mut Term<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let from = &mut term.from;
    match (words.peek(0), words.token(1)) {
        ("protocol", Some(name)) => keep(&mut from.towards, leaf, name, words),
        ("neighbor" | "rib" | "instance", Some(_)) => attribute(from, leaf, words),
        _ => interior(from, leaf, words).unwrap_or_else(|| unknown(from, leaf)),
    }
}
