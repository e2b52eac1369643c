//! `from` and `to`: which routes a term applies to.
//!
//! Conditions of one kind are alternatives, conditions of different kinds must all hold. Prefix
//! lists, filters of prefix lists and route filters count as one kind. Of kinds that can be said
//! once only (`family`, `metric`, `local-preference`, `origin`) the later one stays. (Tried on an
//! emulated router by the authors of Batfish, 2019.)

use std::net::IpAddr;

use edgelint_model::{Fact, Match, ObjectKind, OriginCode, State, Usage};
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use super::Term;
use super::route_filter::{self, Reach};
use super::then::{self, Then};
use crate::junos::draft::{Draft, Leaf};

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
            for name in policy_names(words.skip(1)) {
                draft.use_name(ObjectKind::Policy, name, Usage::Call);
            }
            return;
        }
        _ => return,
    };
    draft.use_name(kind, name, Usage::Match);
}

/// The policies of an expression: `( A && ! B )`, or one name.
pub(crate) fn policy_names<'t>(words: Words<'_, 't>) -> Vec<Token<'t>> {
    let mut names = Vec::new();
    for token in words.tokens() {
        let mut start = None;
        let ends = token.text.char_indices().map(|(at, c)| (at, Some(c)));
        for (at, c) in ends.chain([(token.text.len(), None)]) {
            let joins = c.is_none_or(|c| matches!(c, '(' | ')' | '&' | '|' | '!' | ' '));
            match (start, joins) {
                (None, false) => start = Some(at),
                (Some(from), true) => {
                    start = None;
                    let text = token.text.get(from..at).unwrap_or("");
                    let offset =
                        |at: usize| token.span.start + u32::try_from(at).unwrap_or(u32::MAX);
                    let span = Span::new(token.span.file, offset(from), offset(at));
                    names.push(Token { text, span });
                }
                _ => {}
            }
        }
    }
    names
}

/// A condition of `from`.
///
/// from ::= "from" (prefix-condition | attribute-condition | inert-attribute)
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
        // Sources of multicast: matches routes of another table.
        ("source-address-filter", Some(_)) => {
            from.others.push(leaf.fact(Match::Unknown, leaf.at));
            Some(State::Unmodelled)
        }
        _ => None,
    }
}

fn match_type<'w, 't>(words: Words<'w, 't>) -> (Option<MatchType<'t>>, Words<'w, 't>) {
    match words.peek(0) {
        kind @ ("exact" | "longer" | "orlonger") => (Some((kind, "")), words.skip(1)),
        kind @ ("upto" | "prefix-length-range") => (Some((kind, words.peek(1))), words.skip(2)),
        _ => (None, words),
    }
}

/// The ranges of a list's prefix under a match type.
pub(super) fn typed(prefix: Prefix, (kind, value): MatchType<'_>) -> Option<PrefixRange> {
    let width = prefix.family().width();
    let length = |text: &str| text.trim_start_matches('/').parse::<u8>().ok();
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
///     | "route-type" | "policy") NAME | "neighbor" ADDRESS | ("tag" | "metric" | "local-preference") UINT32
///     | "origin" origin
/// inert-attribute ::= ("area" | "level" | "validation-database" | "programmed" | "nlri-route-type") NAME
fn attribute<'t>(from: &mut From<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let value = words.token(1);
    let number = || words.peek(1).parse::<u32>().ok();
    let other = match (words.peek(0), value) {
        ("community", Some(name)) => return keep(&mut from.communities, leaf, name, words),
        ("as-path" | "as-path-group", Some(name)) => {
            return keep(&mut from.as_paths, leaf, name, words);
        }
        ("protocol", Some(name)) => return keep(&mut from.protocols, leaf, name, words),
        ("interface", Some(name)) => return keep(&mut from.interfaces, leaf, name, words),
        ("family", Some(name)) => {
            leaf.put(&mut from.family, name.text, name.span);
            return whole(words, 2);
        }
        ("route-type", Some(name)) => return keep(&mut from.route_types, leaf, name, words),
        ("neighbor", Some(name)) => match name.text.parse() {
            Ok(address) => {
                from.neighbors.push(leaf.fact(address, name.span));
                return whole(words, 2);
            }
            Err(_) => None,
        },
        ("tag", Some(name)) => match number() {
            Some(tag) => {
                from.tags.push(leaf.fact(tag, name.span));
                return whole(words, 2);
            }
            None => None,
        },
        // One policy; an expression of several is not decided.
        ("policy", Some(name)) if !name.text.starts_with(['(', '!']) => {
            Some(Match::Policies(vec![leaf.name(name)]))
        }
        ("metric", Some(_)) => number().map(Match::Metric),
        ("local-preference", Some(_)) => number().map(Match::LocalPreference),
        ("origin", Some(name)) => origin(name.text).map(Match::Origin),
        // Which table a lookup is for, and areas and levels of interior protocols, do not tell
        // unicast routes of BGP from one another; neither does how next hops are checked.
        ("area" | "level" | "validation-database" | "programmed" | "nlri-route-type", _) => {
            from.others.push(leaf.fact(Match::Unknown, leaf.at));
            return State::Inert;
        }
        ("apply-groups" | "apply-groups-except", _) => return State::Modelled,
        _ => None,
    };
    let understood = other.is_some() && words.len() == 2;
    let other = other.unwrap_or(Match::Unknown);
    if matches!(other, Match::Metric(_) | Match::LocalPreference(_) | Match::Origin(_)) {
        let kind = std::mem::discriminant(&other);
        let same = |one: &Fact<Match<'t>>| std::mem::discriminant(&one.value) == kind;
        if leaf.via.is_some() && from.others.iter().any(same) {
            return whole(words, 2);
        }
        from.others.retain(|one| !same(one));
    }
    from.others.push(leaf.fact(other, leaf.at));
    if understood { State::Modelled } else { State::Unmodelled }
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
pub(super) fn origin(text: &str) -> Option<OriginCode> {
    Some(match text {
        "igp" => OriginCode::Igp,
        "egp" => OriginCode::Egp,
        "incomplete" => OriginCode::Incomplete,
        _ => return None,
    })
}

/// A condition on where a route goes to.
///
/// to ::= "to" "neighbor" ADDRESS
pub(super) fn to<'t>(term: &mut Term<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    if let ("neighbor", Ok(address), 2) = (words.peek(0), words.peek(1).parse(), words.len()) {
        term.from.neighbors.push(leaf.fact(address, leaf.at));
        return State::Modelled;
    }
    term.from.others.push(leaf.fact(Match::Unknown, leaf.at));
    State::Unmodelled
}
