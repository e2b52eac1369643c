//! Static routes of both families.

use std::net::IpAddr;

use edgelint_model::{Fact, NextHop, ObjectKind, Part, State, StaticRoute, Usage};
use edgelint_prefix::Prefix;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{long_name, lower, polarity, room, whole};
use crate::phrases::{
    ipv4, ipv4_mask_prefix, ipv6, is_word, name, number, number_in, prefix6, word,
};

/// ip-route ::= "no"? "ip" "route" ("vrf" NAME+)? ADDR4 MASK4 next-hop4 route-option* NL
pub(super) fn ip_route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    static_route(draft, statement, |input| {
        let (left, prefix) = ipv4_mask_prefix(input)?;
        let (left, next_hop) = next_hop4(left)?;
        Ok((left, (prefix, next_hop)))
    });
}

/// ipv6-route ::= "no"? "ipv6" "route" ("vrf" NAME+)? PREFIX6 next-hop6 route-option* NL
pub(super) fn ipv6_route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    static_route(draft, statement, |input| {
        let (left, prefix) = prefix6(input)?;
        let (left, next_hop) = next_hop6(left)?;
        Ok((left, (prefix, next_hop)))
    });
}

type Destination<'t> = (Fact<Prefix>, Hop<'t>);

/// Where a route leads, with the words that say so.
type Hop<'t> = (NextHop<'t>, Option<Fact<&'t str>>);

fn static_route<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    destination: for<'w> fn(Words<'w, 't>) -> Parsed<'w, 't, Destination<'t>>,
) {
    let (negated, words) = polarity(statement.words());
    let read = read(words.skip(2), statement, destination);
    let state = if read.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Routing, statement, state);
    for child in statement.children() {
        draft.account_block(Part::Routing, child, State::Opaque);
    }
    let Some((route, vrf, interface)) = read else { return };
    let routes = &mut draft.device.static_routes;
    if negated {
        routes.retain(|it| {
            it.vrf != route.vrf || it.prefix != route.prefix || it.next_hop != route.next_hop
        });
        return;
    }
    routes.push(route);
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    if let Some(interface) = interface {
        draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
    }
}

type Read<'t> = (StaticRoute<'t>, Option<Fact<&'t str>>, Option<Fact<&'t str>>);

/// The route. The name of a VRF may hold blanks: the shortest one behind which all words make
/// sense is the one that is meant.
fn read<'w, 't>(
    words: Words<'w, 't>,
    statement: Statement<'_, 't>,
    destination: for<'x> fn(Words<'x, 't>) -> Parsed<'x, 't, Destination<'t>>,
) -> Option<Read<'t>> {
    let in_vrf = is_word(words, 0, "vrf");
    let most = if in_vrf { words.len().saturating_sub(2) } else { 0 };
    for count in usize::from(in_vrf)..=most {
        let name =
            (0 < count).then(|| whole(long_name(words.skip(1).first(count), count))).flatten();
        let behind = if in_vrf { words.skip(1 + count) } else { words };
        let mut route = StaticRoute {
            at: statement.span(),
            vrf: name.map(|name| name.value),
            prefix: Prefix::host(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED)),
            next_hop: NextHop::Discard,
            distance: None,
            tag: None,
            tracked: false,
            aggregate: false,
            name: None,
            attributes: None,
        };
        let Ok((left, (prefix, (next_hop, interface)))) = destination(behind) else { continue };
        route.prefix = prefix.value;
        route.next_hop = next_hop;
        if route_options(left, &mut route) {
            return Some((route, name, interface));
        }
    }
    None
}

/// next-hop4 ::= INTERFACE ("dhcp" | ADDR4)? | ADDR4 | "dhcp"
fn next_hop4<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Hop<'t>> {
    next_hop(input, |input| ipv4(input).map(|(left, it)| (left, IpAddr::V4(it.value))))
}

/// next-hop6 ::= INTERFACE ("dhcp" | ADDR6)? | ADDR6 | "dhcp"
fn next_hop6<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Hop<'t>> {
    next_hop(input, |input| ipv6(input).map(|(left, it)| (left, IpAddr::V6(it.value))))
}

fn next_hop<'w, 't>(
    input: Words<'w, 't>,
    address: fn(Words<'w, 't>) -> Parsed<'w, 't, IpAddr>,
) -> Parsed<'w, 't, Hop<'t>> {
    if let Ok((left, address)) = address(input) {
        return Ok((left, (NextHop::Address(address), None)));
    }
    if let Ok((left, dhcp)) = word("dhcp")(input) {
        return Ok((left, (NextHop::Interface(dhcp.text, None), None)));
    }
    let (left, interface) = name(input)?;
    if !is_interface(interface.value) {
        return input.expected("an interface or an address");
    }
    let (left, address) = match address(left) {
        Ok((left, address)) => (left, Some(address)),
        Err(_) => (word("dhcp")(left).map_or(left, |(left, _)| left), None),
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

fn route_options<'t>(mut left: Words<'_, 't>, route: &mut StaticRoute<'t>) -> bool {
    while !left.is_empty() {
        match route_option(left, route) {
            Ok((further, ())) => left = further,
            Err(_) => return false,
        }
    }
    true
}

/// route-option ::= RANGE_1_255 | "tag" UINT32 | "name" NAME | "track" UINT16 | "permanent" | "multicast"
///                | "unicast" | "global" | "nexthop-vrf" NAME
fn route_option<'w, 't>(input: Words<'w, 't>, route: &mut StaticRoute<'t>) -> Parsed<'w, 't, ()> {
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
        "nexthop-vrf" => {
            let (left, vrf) = name(next)?;
            route.next_hop = NextHop::Table(vrf.value);
            left
        }
        "permanent" | "multicast" | "unicast" | "global" => next,
        _ => return input.expected("an option of a route"),
    };
    Ok((left, ()))
}

#[cfg(test)]
mod tests {
    use super::{ip_route, ipv6_route};
    use crate::ios::lines::tests::shown;
    use edgelint_model::{Device, State};

    fn show(device: &Device<'_>) -> String {
        let routes = device.static_routes.iter().map(|route| {
            let mut text = format!("{} {:?}", route.prefix, route.next_hop);
            if let Some(vrf) = route.vrf {
                text.push_str(&format!(" in {vrf}"));
            }
            for (what, value) in [("distance", route.distance), ("tag", route.tag)] {
                if let Some(value) = value {
                    text.push_str(&format!(" {what} {value}"));
                }
            }
            if route.tracked {
                text.push_str(" tracked");
            }
            text
        });
        let unmodelled = device.coverage.total(State::Unmodelled);
        format!("{} | {unmodelled} unmodelled", routes.collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn every_shape_of_next_hop() {
        let text = "ip route 10.0.0.0 255.0.0.0 Null0 254\nip route 0.0.0.0 0.0.0.0 192.0.2.1 name isp track 7\n\
                    ip route vrf Tenant 1 10.1.0.0 255.255.0.0 Tunnel10 tag 9\n\
                    ip route 10.2.0.0 255.255.0.0 GigabitEthernet0/0 192.0.2.9 250\n\
                    ip route 10.3.0.0 255.0.255.0 192.0.2.1\nip route 10.4.0.0 255.255.0.0 nowhere\n\
                    no ip route 10.2.0.0 255.255.0.0 GigabitEthernet0/0 192.0.2.9\n";
        assert_eq!(
            shown(text, ip_route, show),
            "10.0.0.0/8 Discard distance 254; 0.0.0.0/0 Address(192.0.2.1) tracked; \
             10.1.0.0/16 Interface(\"Tunnel10\", None) in Tenant 1 tag 9 | 2 unmodelled"
        );
    }

    #[test]
    fn ipv6() {
        let text = "ipv6 route 2001:db8::/32 Null0\nipv6 route vrf A ::/0 GigabitEthernet1 fe80::1 200\n\
                    ipv6 route ::/0 2001:db8::1 nexthop-vrf B\n";
        assert_eq!(
            shown(text, ipv6_route, show),
            "2001:db8::/32 Discard; ::/0 Interface(\"GigabitEthernet1\", Some(fe80::1)) in A distance 200; \
             ::/0 Table(\"B\") | 0 unmodelled"
        );
    }
}
