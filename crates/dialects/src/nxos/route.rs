//! Static routes of both families, at the top and in a VRF context: one phrase in both places.

use std::net::IpAddr;

use edgelint_model::{Fact, NextHop, ObjectKind, Part, State, StaticRoute, Usage};
use edgelint_prefix::Prefix;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, polarity, room, whole};
use crate::phrases::{
    ipv4, ipv4_mask_prefix, ipv6, is_word, name, number, number_in, prefix4, prefix6, word,
};

/// Reads a route of the default VRF.
pub(super) fn at_top<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let state = static_route(draft, statement, None);
    draft.account(Part::Routing, statement, state);
    for child in statement.children() {
        draft.account_block(Part::Routing, child, State::Opaque);
    }
}

/// Reads a route, whose words begin with `ip route` or `ipv6 route`, into a VRF.
///
/// static-route ::= undo? ("ip" "route" (PREFIX4 | ADDR4 MASK4) next-hop4 | "ipv6" "route" PREFIX6 next-hop6)
///     route-option*
pub(super) fn static_route<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    vrf: Option<&'t str>,
) -> State {
    let (negated, words) = polarity(statement.words());
    if is_word(words, 2, "static") {
        // `ip route static bfd`: how fast a dead next hop is seen.
        return State::Inert;
    }
    let Some((mut route, interface, through)) = whole(read(words)) else {
        return State::Unmodelled;
    };
    route.at = statement.span();
    route.vrf = vrf;
    let routes = &mut draft.device.static_routes;
    if negated {
        routes.retain(|it| {
            it.vrf != route.vrf || it.prefix != route.prefix || it.next_hop != route.next_hop
        });
        return State::Modelled;
    }
    routes.push(route);
    if let Some(interface) = interface {
        draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
    }
    if let Some(through) = through {
        draft.use_vrf(through);
    }
    State::Modelled
}

/// A route, the interface it leads out of and the VRF its next hop is looked up in.
type Read<'t> = (StaticRoute<'t>, Option<Fact<&'t str>>, Option<Fact<&'t str>>);

fn read<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Read<'t>> {
    let six = is_word(input, 0, "ipv6");
    let (left, _) = word("route")(input.skip(1))?;
    let (left, prefix) =
        if six { prefix6(left)? } else { prefix4(left).or_else(|_| ipv4_mask_prefix(left))? };
    let (mut left, (next_hop, interface)) = next_hop(left, six)?;
    let mut route = route_to(prefix.value, next_hop);
    let mut through = None;
    while !left.is_empty() {
        left = route_option(left, &mut route, &mut through)?.0;
    }
    Ok((left, (route, interface, through)))
}

/// A route about which nothing else is said; its place comes later.
fn route_to<'t>(prefix: Prefix, next_hop: NextHop<'t>) -> StaticRoute<'t> {
    StaticRoute {
        at: edgelint_source::Span::new(edgelint_source::FileId(0), 0, 0),
        vrf: None,
        prefix,
        next_hop,
        distance: None,
        tag: None,
        tracked: false,
        aggregate: false,
        name: None,
        attributes: None,
    }
}

/// Where a route leads, with the words that name an interface.
type Hop<'t> = (NextHop<'t>, Option<Fact<&'t str>>);

/// A next hop in another VRF (`vrf`) stays the address that it is: the packets go to that very router.
///
/// next-hop4 ::= ADDR4 | INTERFACE ADDR4?
/// next-hop6 ::= ADDR6 | INTERFACE ADDR6?
fn next_hop<'w, 't>(input: Words<'w, 't>, six: bool) -> Parsed<'w, 't, Hop<'t>> {
    let address = |input: Words<'w, 't>| match six {
        true => ipv6(input).map(|(left, it)| (left, IpAddr::V6(it.value))),
        false => ipv4(input).map(|(left, it)| (left, IpAddr::V4(it.value))),
    };
    if let Ok((left, address)) = address(input) {
        return Ok((left, (NextHop::Address(address), None)));
    }
    let (left, interface) = name(input)?;
    if !is_interface(interface.value) {
        return input.expected("an interface or an address");
    }
    let (left, address) = match address(left) {
        Ok((left, address)) => (left, Some(address)),
        Err(_) => (left, None),
    };
    if interface.value.eq_ignore_ascii_case("Null0") {
        return Ok((left, (NextHop::Discard, None)));
    }
    Ok((left, (NextHop::Interface(interface.value, address), Some(interface))))
}

/// A type and a place: letters and hyphens, then numbers parted by `/`, `:` or `.`.
pub(super) fn is_interface(word: &str) -> bool {
    let Some(place) = word.find(|c: char| c.is_ascii_digit()) else { return false };
    let (kind, place) = word.split_at(place);
    kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        && place
            .split(['/', ':', '.'])
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// route-option ::= RANGE_1_255 | "tag" UINT32 | "name" NAME | "track" UINT16 | "vrf" NAME
fn route_option<'w, 't>(
    input: Words<'w, 't>,
    route: &mut StaticRoute<'t>,
    through: &mut Option<Fact<&'t str>>,
) -> Parsed<'w, 't, ()> {
    if let Ok((left, distance)) = number_in(1, 255)(input) {
        route.distance = Some(distance.value);
        return Ok((left, ()));
    }
    let next = input.skip(1);
    let mut low = room();
    let left = match lower(input.peek(0), &mut low) {
        "tag" => {
            let (left, tag) = number(next)?;
            route.tag = Some(tag.value);
            left
        }
        "name" => {
            let (left, name) = name(next)?;
            route.name = Some(name.value);
            left
        }
        "track" => {
            route.tracked = true;
            number_in(0, 65535)(next)?.0
        }
        "vrf" => {
            let (left, vrf) = name(next)?;
            *through = Some(vrf);
            left
        }
        _ => return input.expected("an option of a route"),
    };
    Ok((left, ()))
}

#[cfg(test)]
mod tests {
    use crate::nxos::rendering::device;
    use edgelint_model::State;

    #[test]
    fn every_shape_of_next_hop() {
        let text = "ip route 10.0.0.0/8 Null0 254\nip route 0.0.0.0/0 192.0.2.1 name isp track 7\n\
                    vrf context A\n  ip route 10.1.0.0/16 Ethernet1/1 192.0.2.9 tag 9 200\n  ipv6 route ::/0 2001:db8::1\n\
                    ip route 10.2.0.0 255.255.0.0 192.0.2.1 vrf B\nip route 10.4.0.0/16 nowhere\n\
                    no ip route 10.0.0.0/8 Null0\nip route static bfd Ethernet1/1 192.0.2.1\n";
        let shown = device(text, |device| {
            let routes = device.static_routes.iter().map(|route| {
                let vrf = route.vrf.unwrap_or("-");
                let more = (route.distance, route.tag, route.tracked);
                format!("{vrf} {} {:?} {more:?}", route.prefix, route.next_hop)
            });
            let unmodelled = device.coverage.total(State::Unmodelled);
            format!("{} | {unmodelled}", routes.collect::<Vec<_>>().join("; "))
        });
        assert_eq!(
            shown,
            "- 0.0.0.0/0 Address(192.0.2.1) (None, None, true); \
             A 10.1.0.0/16 Interface(\"Ethernet1/1\", Some(192.0.2.9)) (Some(200), Some(9), false); \
             A ::/0 Address(2001:db8::1) (None, None, false); \
             - 10.2.0.0/16 Address(192.0.2.1) (None, None, false) | 1"
        );
    }
}
