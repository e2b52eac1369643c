//! Static routes of both families.

use std::net::IpAddr;

use edgelint_model::{Fact, NextHop, ObjectKind, Part, State, StaticRoute, Usage};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, polarity, room, whole};
use crate::detection::interface_name;
use crate::phrases::{
    ipv4, ipv4_mask_prefix, ipv6, name, number, number_in, prefix4, prefix6, word,
};

/// Reads `ip route`.
///
/// ip-route ::= ("no" | "default")? "ip" "route" ("vrf" NAME)? (PREFIX4 | ADDR4 MASK4) next-hop4 route-option* NL
pub(super) fn ip_route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    static_route(draft, statement, false);
}

/// Reads `ipv6 route`.
///
/// ipv6-route ::= ("no" | "default")? "ipv6" "route" ("vrf" NAME)? PREFIX6 next-hop6 route-option* NL
pub(super) fn ipv6_route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    static_route(draft, statement, true);
}

/// Where a route leads, and the interface or VRF that the words name.
type Hop<'t> = (NextHop<'t>, Option<(ObjectKind, Fact<&'t str>)>);

fn static_route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, six: bool) {
    let (negated, words) = polarity(statement.words());
    let read = route(words.skip(2), six);
    draft.stray(statement);
    let Some((mut route, vrf, used)) = whole(read) else {
        return draft.account(Part::Routing, statement, State::Unmodelled);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    route.at = statement.span();
    let routes = &mut draft.device.static_routes;
    if negated {
        return routes.retain(|it| {
            it.vrf != route.vrf || it.prefix != route.prefix || it.next_hop != route.next_hop
        });
    }
    routes.push(route);
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    if let Some((kind, name)) = used {
        let usage = if kind == ObjectKind::Vrf { Usage::VrfMember } else { Usage::InterfaceUse };
        draft.use_name(kind, name, usage);
    }
}

type Read<'t> = (StaticRoute<'t>, Option<Fact<&'t str>>, Option<(ObjectKind, Fact<&'t str>)>);

fn route<'w, 't>(input: Words<'w, 't>, six: bool) -> Parsed<'w, 't, Read<'t>> {
    let (left, vrf) = match word("vrf")(input) {
        Ok((left, _)) => name(left).map(|(left, vrf)| (left, Some(vrf)))?,
        Err(_) => (input, None),
    };
    let (left, prefix) = match six {
        true => prefix6(left)?,
        false => prefix4(left).or_else(|_| ipv4_mask_prefix(left))?,
    };
    let (mut left, (next_hop, used)) = hop(left, six)?;
    let of_vrf = vrf.filter(|vrf| !vrf.value.eq_ignore_ascii_case("default"));
    let mut route = StaticRoute {
        at: prefix.at(),
        vrf: of_vrf.map(|vrf| vrf.value),
        prefix: prefix.value,
        next_hop,
        distance: None,
        tag: None,
        tracked: false,
        aggregate: false,
        name: None,
        attributes: None,
    };
    while !left.is_empty() {
        left = option(left, &mut route)?.0;
    }
    Ok((left, (route, vrf, used)))
}

/// Where packets go. What a group of next hops holds is not read.
///
/// next-hop4 ::= "null0" | "nexthop-group" NAME | "egress-vrf" NAME (ADDR4 | INTERFACE ADDR4?) | INTERFACE ADDR4? | ADDR4
/// next-hop6 ::= "null0" | "nexthop-group" NAME | "egress-vrf" NAME (ADDR6 | INTERFACE ADDR6?) | INTERFACE ADDR6? | ADDR6
fn hop<'w, 't>(input: Words<'w, 't>, six: bool) -> Parsed<'w, 't, Hop<'t>> {
    let address = |input| match six {
        true => ipv6(input).map(|(left, it)| (left, IpAddr::V6(it.value))),
        false => ipv4(input).map(|(left, it)| (left, IpAddr::V4(it.value))),
    };
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "null0" => return Ok((next, (NextHop::Discard, None))),
        "nexthop-group" => {
            let (left, group) = name(next)?;
            return Ok((left, (NextHop::Interface(group.value, None), None)));
        }
        "egress-vrf" => {
            let (left, vrf) = name(next)?;
            let left = match interface(left) {
                Ok((left, _)) => address(left).map_or(left, |(left, _)| left),
                Err(_) => address(left)?.0,
            };
            let used = Some((ObjectKind::Vrf, vrf));
            return Ok((left, (NextHop::Table(vrf.value), used)));
        }
        _ => {}
    }
    if let Ok((left, hop)) = address(input) {
        return Ok((left, (NextHop::Address(hop), None)));
    }
    let (left, interface) = interface(input)?;
    let (left, hop) = match address(left) {
        Ok((left, hop)) => (left, Some(hop)),
        Err(_) => (left, None),
    };
    let used = Some((ObjectKind::Interface, interface));
    Ok((left, (NextHop::Interface(interface.value, hop), used)))
}

fn interface<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    if is_interface(input.peek(0)) { name(input) } else { input.expected("an interface") }
}

/// Whether a word names an interface: letters and hyphens, then numbers parted by slash or dot.
pub(super) fn is_interface(text: &str) -> bool {
    let (kind, number, _) = interface_name(text);
    let letters = kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let numbers =
        number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'.' | b':'));
    let ends = number.bytes().last().is_some_and(|byte| byte.is_ascii_digit());
    !kind.is_empty() && letters && numbers && ends
}

/// route-option ::= RANGE_1_255 | "tag" UINT32 | "name" NAME | "metric" UINT32 | "track" "bfd"
fn option<'w, 't>(input: Words<'w, 't>, route: &mut StaticRoute<'t>) -> Parsed<'w, 't, ()> {
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
        "metric" => {
            let (left, metric) = number(next)?;
            route.attributes.get_or_insert_default().metric = Some(metric.value);
            left
        }
        "track" => {
            route.tracked = true;
            word("bfd")(next)?.0
        }
        _ => {
            let (left, distance) = number_in(1, 255)(input)?;
            route.distance = Some(distance.value);
            left
        }
    };
    Ok((left, ()))
}

#[cfg(test)]
mod tests {
    use crate::eos::rendering::device;

    fn routes(text: &str) -> String {
        device(text, |device| {
            let shown = device.static_routes.iter().map(|it| {
                format!(
                    "{:?} {} {:?} {:?} {:?}",
                    it.vrf, it.prefix, it.next_hop, it.distance, it.tag
                )
            });
            let unknown = device.coverage.unknown.iter().map(|it| format!("{:?}", it.state));
            shown.chain(unknown).collect::<Vec<_>>().join("|")
        })
    }

    #[test]
    fn routes_of_all_forms() {
        let table = [
            ("ip route 0.0.0.0/0 192.0.2.1", "None 0.0.0.0/0 Address(192.0.2.1) None None"),
            (
                "ip route vrf A 10.0.0.0/8 Ethernet1 192.0.2.1 200 tag 7 name x",
                "Some(\"A\") 10.0.0.0/8 Interface(\"Ethernet1\", Some(192.0.2.1)) Some(200) Some(7)",
            ),
            (
                "ip route 10.0.0.0 255.0.0.0 null0\nipv6 route 2001:db8::/32 Null0",
                "None 10.0.0.0/8 Discard None None|None 2001:db8::/32 Discard None None",
            ),
            (
                "ip route 10.0.0.0/8 egress-vrf B 192.0.2.1",
                "None 10.0.0.0/8 Table(\"B\") None None",
            ),
            ("ip route 10.0.0.0/8 192.0.2.1\nno ip route 10.0.0.0/8 192.0.2.1", ""),
            ("ip route 10.0.0.0/8 192.0.2.1 x", "Unmodelled"),
        ];
        for (text, expected) in table {
            assert_eq!(routes(text), expected, "{text}");
        }
    }
}
