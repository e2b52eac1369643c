//! Static routes: a section with a block a family, and one a VRF.

use std::net::IpAddr;

use edgelint_model::{Fact, NextHop, ObjectKind, Part, State, StaticRoute, Usage};
use edgelint_prefix::{Family, Prefix};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{is_exit, lower, polarity, room};
use crate::phrases::{is_word, name, number, number_in};

/// router-static ::= "router" "static" NL (INDENT static-line+ inert-exit? DEDENT)? | "no" "router" "static" NL
/// static-line ::= static-family | "vrf" NAME NL (INDENT (static-family | inert-static-family)+ inert-exit? DEDENT)? | inert-static
///     | inert-static-family
pub(super) fn router_static<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let state = if words.len() == 2 { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Routing, statement, state);
    if negated {
        draft.device.static_routes.clear();
        return draft.stray(statement);
    }
    for line in statement.children() {
        let words = line.words();
        if !is_word(words, 0, "vrf") || words.len() != 2 {
            family(draft, None, line);
            continue;
        }
        draft.account(Part::Routing, line, State::Modelled);
        let vrf = words.token(1).map(|name| Fact::new(name.text, name.span));
        if let Some(vrf) = vrf {
            draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
        }
        let vrf = vrf.map(|vrf| vrf.value).filter(|name| !name.eq_ignore_ascii_case("default"));
        line.children().for_each(|child| family(draft, vrf, child));
    }
}

/// static-family ::= "address-family" "ipv4" "unicast" NL (INDENT static-route4+ inert-exit? DEDENT)?
///     | "address-family" "ipv6" "unicast" NL (INDENT static-route6+ inert-exit? DEDENT)?
fn family<'t>(draft: &mut Draft<'t>, vrf: Option<&'t str>, line: Statement<'_, 't>) {
    let words = line.words();
    let (mut first, mut second) = (room(), room());
    let family = match lower(words.peek(1), &mut first) {
        "ipv4" => Some(Family::Ipv4),
        "ipv6" => Some(Family::Ipv6),
        _ => None,
    };
    let family = family.filter(|_| is_word(words, 0, "address-family") && words.len() == 3);
    match (family, lower(words.peek(2), &mut second)) {
        (Some(family), "unicast") => {
            draft.account(Part::Routing, line, State::Modelled);
            line.children().for_each(|child| static_route(draft, vrf, family, child));
        }
        (Some(_), "multicast") => draft.account_block(Part::Routing, line, State::Inert),
        _ => {
            let known = is_exit(words) || inert(words);
            let state = if known { State::Inert } else { State::Unmodelled };
            draft.account_block(Part::Routing, line, state);
        }
    }
}

/// How many routes there may be. Where multicast comes from stands in families of its own.
///
/// inert-static ::= "no"? "maximum" REST NL inert-block?
/// inert-static-family ::= "address-family" ("ipv4" | "ipv6") "multicast" NL inert-block?
fn inert(words: Words<'_, '_>) -> bool {
    let (_, words) = polarity(words);
    1 < words.len() && is_word(words, 0, "maximum")
}

/// static-route4 ::= PREFIX4 ("vrf" NAME)? next-hop4 route-option* NL | "no" PREFIX4 REST? NL
/// static-route6 ::= PREFIX6 ("vrf" NAME)? next-hop6 route-option* NL | "no" PREFIX6 REST? NL
fn static_route<'t>(
    draft: &mut Draft<'t>,
    vrf: Option<&'t str>,
    family: Family,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let prefix = Prefix::parse(words.peek(0)).map(|(prefix, _)| prefix);
    let prefix = prefix.filter(|prefix| prefix.family() == family);
    let read = prefix.and_then(|prefix| read(words.skip(1), vrf, prefix, line));
    let removed = prefix.filter(|_| negated);
    let state = match (read.is_some() || removed.is_some(), is_exit(line.words())) {
        (true, _) => State::Modelled,
        (_, true) => State::Inert,
        _ => State::Unmodelled,
    };
    draft.account(Part::Routing, line, state);
    draft.stray(line);
    if let Some(prefix) = removed {
        // Without a next hop all routes to the prefix go; what else is said does not matter.
        let hop = read.map(|(route, ..)| route.next_hop);
        let same = |it: &StaticRoute<'_>| {
            it.vrf == vrf && it.prefix == prefix && hop.is_none_or(|hop| hop == it.next_hop)
        };
        return draft.device.static_routes.retain(|it| !same(it));
    }
    let Some((route, table, interface)) = read else { return };
    if let Some(table) = table {
        draft.use_name(ObjectKind::Vrf, table, Usage::VrfMember);
    }
    if let Some(interface) = interface {
        draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
    }
    draft.device.static_routes.push(route);
}

type Read<'t> = (StaticRoute<'t>, Option<Fact<&'t str>>, Option<Fact<&'t str>>);

/// What stands behind the prefix.
///
/// next-hop4 ::= ADDR4 | INTERFACE ADDR4?
/// next-hop6 ::= ADDR6 | INTERFACE ADDR6?
fn read<'t>(
    words: Words<'_, 't>,
    vrf: Option<&'t str>,
    prefix: Prefix,
    line: Statement<'_, 't>,
) -> Option<Read<'t>> {
    let mut left = words;
    let mut table = None;
    if is_word(left, 0, "vrf") {
        let (behind, name) = name(left.skip(1)).ok()?;
        (left, table) = (behind, Some(name));
    }
    let address = |words: Words<'_, '_>| {
        let address = words.peek(0).parse::<IpAddr>().ok();
        address.filter(|address| Prefix::host(*address).family() == prefix.family())
    };
    let mut interface = None;
    let next_hop = if let Some(address) = address(left) {
        left = left.skip(1);
        NextHop::Address(address)
    } else {
        let (behind, name) = name(left).ok().filter(|(_, name)| is_interface(name.value))?;
        left = behind;
        let gateway = address(left);
        left = left.skip(usize::from(gateway.is_some()));
        if name.value.eq_ignore_ascii_case("Null0") {
            NextHop::Discard
        } else {
            interface = Some(name);
            NextHop::Interface(name.value, gateway)
        }
    };
    let next_hop = table.map_or(next_hop, |table| NextHop::Table(table.value));
    let mut route = StaticRoute {
        at: line.span(),
        vrf,
        prefix,
        next_hop,
        distance: None,
        tag: None,
        tracked: false,
        aggregate: false,
        name: None,
        attributes: None,
    };
    while !left.is_empty() {
        left = match option(left, &mut route) {
            Some(left) => left,
            // A description may have several words, and options may stand behind it.
            None if route.name.is_some() => left.skip(1),
            None => return None,
        };
    }
    Some((route, table, interface))
}

/// route-option ::= RANGE_1_254 | "tag" UINT32 | "metric" UINT32 | "description" NAME+ | "track" NAME | "permanent"
///     | "bfd" "fast-detect" ("minimum-interval" UINT32)? ("multiplier" UINT8)? | "vrflabel" UINT32 | "tunnel-id" UINT32
fn option<'w, 't>(words: Words<'w, 't>, route: &mut StaticRoute<'t>) -> Option<Words<'w, 't>> {
    if let Ok((left, distance)) = number_in(1, 254)(words) {
        route.distance = Some(distance.value);
        return Some(left);
    }
    let next = words.skip(1);
    let mut low = room();
    let left = match lower(words.peek(0), &mut low) {
        "tag" => {
            let (left, tag) = number(next).ok()?;
            route.tag = Some(tag.value);
            left
        }
        "metric" | "vrflabel" | "tunnel-id" => number(next).ok()?.0,
        "description" => {
            let (left, text) = name(next).ok()?;
            route.name = Some(text.value);
            left
        }
        "track" => {
            route.tracked = true;
            name(next).ok()?.0
        }
        "permanent" => next,
        "bfd" => {
            route.tracked = true;
            let mut left = is_word(next, 0, "fast-detect").then(|| next.skip(1))?;
            if is_word(left, 0, "minimum-interval") {
                left = number(left.skip(1)).ok()?.0;
            }
            if is_word(left, 0, "multiplier") {
                left = number_in(0, 255)(left.skip(1)).ok()?.0;
            }
            left
        }
        _ => return None,
    };
    Some(left)
}

/// A type and a place: letters and hyphens, then numbers parted by `/`, `:` or `.`; `Null0`; a port of the
/// management processor has letters in between (`MgmtEth0/RP0/CPU0/0`).
pub(super) fn is_interface(word: &str) -> bool {
    let Some(place) = word.find(|c: char| c.is_ascii_digit()) else { return false };
    let (kind, place) = word.split_at_checked(place).unwrap_or((word, ""));
    let management = kind.eq_ignore_ascii_case("MgmtEth");
    let part = |text: &str| {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() && management);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        && place.split(['/', ':', '.']).all(part)
}
