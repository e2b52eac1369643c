//! Static, aggregate and generated routes, with what they are given for those who take them.

use std::net::Ipv4Addr;

use edgelint_model::{NextHop, RouteAttributes, State, Usage};
use edgelint_source::Span;
use edgelint_syntax::Words;

use super::{Kind, Route, complain_host_bits, uses};
use crate::junos::draft::{Draft, Leaf, heading, number};
use crate::junos::policy;
use crate::phrases::parse_asn;

/// A route that is made here.
///
/// route ::= "static" ("route" prefix (route-option | inert-route-option)* route-probe?)?
///     | ("aggregate" | "generate") ("route" prefix (route-option | "policy" NAME | inert-route-option)* route-probe?)?
/// route-probe ::= "bfd-liveness-detection" REST?
/// inert-route ::= ("static" | "aggregate" | "generate") ("defaults" | "rib-group" | "iso-route") REST?
pub(super) fn route<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    words: Words<'_, 't>,
) -> State {
    let kind = if words.peek(0) == "static" { Kind::Static } else { Kind::Aggregate };
    match words.peek(1) {
        "route" => {}
        // Distances and copies; routes of another family.
        "defaults" | "rib-group" | "iso-route" => return State::Inert,
        "" => return State::Modelled,
        _ => return State::Unmodelled,
    }
    let token = words.token(2);
    let Some((token, prefix)) =
        token.and_then(|token| Some((token, policy::route_filter::prefix(token.text)?)))
    else {
        return State::Unmodelled;
    };
    if leaf.via.is_none() {
        complain_host_bits(draft, token);
    }
    let routes = &mut draft.routing.routes;
    let at = heading(words, 3);
    let place = *draft.routing.places.entry((vrf, kind, prefix)).or_insert_with(|| {
        let (hops, distance, tag) = (Vec::new(), None, None);
        let tracked = kind == Kind::Aggregate;
        let attributes = RouteAttributes::default();
        routes.push(Route { vrf, kind, prefix, at, hops, distance, tag, tracked, attributes });
        routes.len() - 1
    });
    let mut state = State::Modelled;
    let mut rest = words.skip(3);
    while !rest.is_empty() {
        let Some(route) = draft.routing.routes.get_mut(place) else { break };
        let (became, used) = route_option(route, leaf, rest);
        state = state.max(became);
        if rest.peek(0) == "policy" {
            uses(draft, rest.skip(1).first(1), Usage::Aggregate);
        }
        rest = rest.skip(used.max(1));
    }
    state
}

/// What is said about a route; returns the number of words that say it.
///
/// route-option ::= "next-hop" NAME | "qualified-next-hop" NAME hop-option* | "discard" | "reject"
///     | "next-table" NAME | "preference" UINT32 | "tag" UINT32 | route-attribute
fn route_option<'t>(
    route: &mut Route<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let at = words.first(2).span().unwrap_or(leaf.at);
    let value = words.peek(1);
    let number = number::<u32>(value);
    match words.peek(0) {
        "next-hop" if !value.is_empty() => route.hops.push((hop(value), at, None)),
        "qualified-next-hop" if !value.is_empty() => return qualified(route, at, words),
        "discard" | "reject" => {
            route.hops.push((NextHop::Discard, at, None));
            return (State::Modelled, 1);
        }
        "next-table" if !value.is_empty() => route.hops.push((NextHop::Table(value), at, None)),
        "preference" if number.is_some() => route.distance = number,
        "tag" if number.is_some() => route.tag = number,
        "bfd-liveness-detection" => {
            route.tracked = true;
            return (State::Modelled, words.len());
        }
        _ => {
            return route_attribute(route, leaf, words)
                .or_else(|| inert_route_option(words))
                .unwrap_or((State::Unmodelled, words.len()));
        }
    }
    (State::Modelled, 2)
}

fn hop(text: &str) -> NextHop<'_> {
    match text.parse() {
        Ok(address) => NextHop::Address(address),
        Err(_) => NextHop::Interface(text, None),
    }
}

/// A next hop with a distance of its own.
///
/// hop-option ::= "preference" UINT32 | inert-hop-option
/// inert-hop-option ::= ("metric" | "tag") UINT32 | "interface" NAME
fn qualified<'t>(route: &mut Route<'t>, at: Span, words: Words<'_, 't>) -> (State, usize) {
    let hop = hop(words.peek(1));
    let (mut distance, mut state, mut used) = (None, State::Modelled, 2);
    while let Some(value) = words.token(used) {
        let number = number::<u32>(words.peek(used + 1));
        match (value.text, number) {
            ("preference", Some(number)) => distance = Some(number),
            ("metric" | "tag", Some(_)) => state = state.max(State::Inert),
            ("interface", None) if used + 1 < words.len() => state = state.max(State::Inert),
            ("bfd-liveness-detection", _) => {
                route.tracked = true;
                used = words.len();
                break;
            }
            _ => break,
        }
        used += 2;
    }
    match route.hops.iter_mut().find(|one| one.0 == hop) {
        Some(known) => known.2 = known.2.or(distance),
        None => route.hops.push((hop, at, distance)),
    }
    (state, used)
}

/// Attributes that the route is given for those who take it, and whether they may.
///
/// route-attribute ::= ("metric" | "local-preference") UINT32 | "community" WORD | "no-readvertise"
///     | "as-path" as-path-part*
/// as-path-part ::= "path" WORD | "origin" origin | inert-as-path
/// inert-as-path ::= "atomic-aggregate" | "aggregator" ASN ADDR4
fn route_attribute<'t>(
    route: &mut Route<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> Option<(State, usize)> {
    let own = &mut route.attributes;
    let value = words.token(1);
    match words.peek(0) {
        "metric" => own.metric = Some(number(value?.text)?),
        "local-preference" => own.local_preference = Some(number(value?.text)?),
        "community" => {
            match policy::community(value?.text) {
                Some(community) => own.communities.push(community),
                // One of another type: that there is more than the list says is kept.
                None => own.more = true,
            }
        }
        "no-readvertise" => {
            own.kept_back = Some(words.first(1).span().unwrap_or(leaf.at));
            return Some((State::Modelled, 1));
        }
        "policy" if route.kind == Kind::Aggregate => own.parts = Some(leaf.name(value?)),
        "as-path" => return Some(as_path(own, leaf, words)),
        _ => return None,
    }
    Some((State::Modelled, 2))
}

fn as_path<'t>(
    own: &mut RouteAttributes<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let (mut at, mut state) = (1, State::Modelled);
    while let Some(value) = words.token(at) {
        match (value.text, words.token(at + 1)) {
            ("path", Some(path)) => own.as_path = Some(leaf.name(path)),
            ("origin", Some(code)) => match policy::origin(code.text) {
                Some(code) => own.origin = Some(code),
                None => return (State::Unmodelled, words.len()),
            },
            ("atomic-aggregate", _) => {
                state = state.max(State::Inert);
                at += 1;
                continue;
            }
            ("aggregator", Some(asn)) => {
                let router = words.peek(at + 2).parse::<Ipv4Addr>();
                if parse_asn(asn.text).is_none() || router.is_err() {
                    return (State::Unmodelled, words.len());
                }
                state = state.max(State::Inert);
                at += 1;
            }
            _ => break,
        }
        at += 2;
    }
    (state, at)
}

/// How a route is installed, resolved and kept, and attributes that no policy here asks for.
///
/// inert-route-option ::= "install" | "no-install" | "resolve" | "no-resolve" | "retain" | "no-retain" | "active"
///     | "passive" | "readvertise" | "brief" | "full" | "receive" | "no-tag" | "resolution-rib" WORD
///     | ("preference2" | "tag2" | "metric2" | "color" | "color2") UINT32 | ("lsp-next-hop" | "p2mp-lsp-next-hop") NAME
///     | "backup-next-hop" NAME | "static-lsp-next-hop" NAME
fn inert_route_option(words: Words<'_, '_>) -> Option<(State, usize)> {
    let used = match words.peek(0) {
        "install" | "no-install" | "resolve" | "no-resolve" | "retain" | "no-retain" | "active"
        | "passive" | "readvertise" | "brief" | "full" | "receive" | "no-tag" => 1,
        "preference2" | "tag2" | "metric2" | "color" | "color2" => {
            number::<u32>(words.peek(1)).map(|_| 2)?
        }
        "lsp-next-hop"
        | "p2mp-lsp-next-hop"
        | "backup-next-hop"
        | "static-lsp-next-hop"
        | "resolution-rib" => words.token(1).map(|_| 2)?,
        _ => return None,
    };
    Some((State::Inert, used))
}
