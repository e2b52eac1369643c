//! Static routes of both families.

use std::net::IpAddr;

use edgelint_model::{Fact, NextHop, ObjectKind, Part, State, StaticRoute, Usage};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, polarity, room, whole};
use crate::phrases::{
    ipv4_mask_prefix, ipv6, is_word, name, number, number_in, prefix4, prefix6, rest, word,
};

/// What a line says.
struct Read<'t> {
    route: StaticRoute<'t>,
    vrf: Option<Fact<&'t str>>,
    via: Option<Fact<&'t str>>,
}

/// Reads a static route.
///
/// static-route ::= "no"? ("ip" "route" (PREFIX4 | ADDR4 MASK4) (gateway4 | way-out)
///     | "ipv6" "route" PREFIX6 ("from" PREFIX6)? (gateway6 | way-out)) route-option* NL
pub(super) fn static_route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    route_in(draft, statement, None);
}

/// Reads a static route that stands in the block of a VRF.
pub(super) fn route_in<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    block: Option<&'t str>,
) {
    let (negated, words) = polarity(statement.words());
    let read = whole(read(words, statement));
    let state = if read.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Routing, statement, state);
    draft.stray(statement);
    let Some(Read { mut route, vrf, via }) = read else { return };
    route.vrf = route.vrf.or(block);
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
    if let Some(via) = via {
        draft.use_name(ObjectKind::Interface, via, Usage::InterfaceUse);
    }
}

fn read<'w, 't>(words: Words<'w, 't>, statement: Statement<'_, 't>) -> Parsed<'w, 't, Read<'t>> {
    let six = is_word(words, 0, "ipv6");
    let (left, _) = word("route")(words.skip(1))?;
    let (left, prefix) = match six {
        true => prefix6(left)?,
        false => prefix4(left).or_else(|_| ipv4_mask_prefix(left))?,
    };
    let left = match word("from")(left) {
        Ok((left, _)) if six => prefix6(left)?.0,
        _ => left,
    };
    let (left, (next_hop, via)) = next_hop(left, six)?;
    let mut read = Read {
        route: StaticRoute {
            at: statement.span(),
            vrf: None,
            prefix: prefix.value,
            next_hop,
            distance: None,
            tag: None,
            tracked: false,
            aggregate: false,
            name: None,
            attributes: None,
        },
        vrf: None,
        via,
    };
    let mut left = left;
    while !left.is_empty() {
        left = route_option(left, &mut read)?.0;
    }
    Ok((left, read))
}

type Hop<'t> = (NextHop<'t>, Option<Fact<&'t str>>);

/// gateway4 ::= ADDR4 out-of?
/// gateway6 ::= ADDR6 out-of?
/// way-out ::= "null0" | "blackhole" | "reject" | out-of
/// out-of ::= NAME - ("null0" | "blackhole" | "reject" | "tag" | "vrf" | "nexthop-vrf" | "label" | "table" | "onlink"
///     | "color" | "weight" | "segments" | "bfd")
fn next_hop<'w, 't>(input: Words<'w, 't>, six: bool) -> Parsed<'w, 't, Hop<'t>> {
    let gateway = match six {
        true => ipv6(input).map(|(left, it)| (left, IpAddr::V6(it.value))),
        false => crate::phrases::ipv4(input).map(|(left, it)| (left, IpAddr::V4(it.value))),
    };
    if let Ok((left, gateway)) = gateway {
        // A number is a distance.
        let via =
            if number_in(1, 255)(left).is_ok() { left.expected("no number") } else { out_of(left) };
        return match via {
            Ok((left, via)) => {
                Ok((left, (NextHop::Interface(via.value, Some(gateway)), Some(via))))
            }
            Err(_) => Ok((left, (NextHop::Address(gateway), None))),
        };
    }
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "null0" | "blackhole" | "reject" => Ok((input.skip(1), (NextHop::Discard, None))),
        _ => out_of(input)
            .map(|(left, via)| (left, (NextHop::Interface(via.value, None), Some(via)))),
    }
}

/// The interface that a route leads out of: whatever is no keyword.
fn out_of<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "null0" | "blackhole" | "reject" | "tag" | "vrf" | "nexthop-vrf" | "label" | "table"
        | "onlink" | "color" | "weight" | "segments" | "bfd" => input.expected("an interface"),
        _ => name(input),
    }
}

/// route-option ::= RANGE_1_255 | "tag" UINT32 | "vrf" NAME | "nexthop-vrf" NAME | "label" NAME | "table" UINT32
///     | "onlink" | "color" UINT32 | "weight" UINT16 | "segments" NAME | "bfd" REST?
fn route_option<'w, 't>(input: Words<'w, 't>, read: &mut Read<'t>) -> Parsed<'w, 't, ()> {
    if let Ok((left, distance)) = number_in(1, 255)(input) {
        read.route.distance = Some(distance.value);
        return Ok((left, ()));
    }
    let next = input.skip(1);
    let mut low = room();
    let left = match lower(input.peek(0), &mut low) {
        "tag" => {
            let (left, tag) = number(next)?;
            read.route.tag = Some(tag.value);
            left
        }
        "vrf" => {
            let (left, vrf) = name(next)?;
            let own = !vrf.value.eq_ignore_ascii_case("default");
            read.route.vrf = own.then_some(vrf.value);
            read.vrf = Some(vrf);
            left
        }
        "nexthop-vrf" => {
            let (left, vrf) = name(next)?;
            read.route.next_hop = NextHop::Table(vrf.value);
            left
        }
        "label" | "segments" => name(next)?.0,
        "table" | "color" => number(next)?.0,
        "weight" => number_in(0, 65535)(next)?.0,
        "onlink" => next,
        "bfd" => {
            read.route.tracked = true;
            rest(next).map_or(next, |(left, _)| left)
        }
        _ => return input.expected("an option of a route"),
    };
    Ok((left, ()))
}

#[cfg(test)]
mod tests {
    use crate::frr::rendering::device;
    use edgelint_model::State;

    #[test]
    fn every_shape_of_next_hop() {
        let text = "ip route 10.0.0.0/8 Null0 254\nip route 0.0.0.0/0 192.0.2.1 bfd\n\
                    ip route 10.1.0.0/16 tun10 tag 9 vrf A\nip route 10.2.0.0 255.255.0.0 192.0.2.9 eth0 250\n\
                    ip route 10.3.0.0/16 blackhole\nip route 10.4.0.0/16\nipv6 route 2001:db8::/32 fe80::1 eth0\n\
                    ipv6 route ::/0 2001:db8::1 nexthop-vrf B\nvrf C\n ip route 10.5.0.0/16 192.0.2.1\n exit-vrf\n\
                    no ip route 10.3.0.0/16 blackhole\n";
        let shown = device(text, |device| {
            let routes = device.static_routes.iter().map(|route| {
                let mut text = format!("{} {:?}", route.prefix, route.next_hop);
                text.push_str(&route.vrf.map(|vrf| format!(" in {vrf}")).unwrap_or_default());
                for (what, value) in [("distance", route.distance), ("tag", route.tag)] {
                    text.push_str(&value.map(|it| format!(" {what} {it}")).unwrap_or_default());
                }
                text + if route.tracked { " tracked" } else { "" }
            });
            let unmodelled = device.coverage.total(State::Unmodelled);
            format!("{} | {unmodelled}", routes.collect::<Vec<_>>().join("; "))
        });
        assert_eq!(
            shown,
            "10.0.0.0/8 Discard distance 254; 0.0.0.0/0 Address(192.0.2.1) tracked; \
             10.1.0.0/16 Interface(\"tun10\", None) in A tag 9; \
             10.2.0.0/16 Interface(\"eth0\", Some(192.0.2.9)) distance 250; \
             2001:db8::/32 Interface(\"eth0\", Some(fe80::1)); ::/0 Table(\"B\"); \
             10.5.0.0/16 Address(192.0.2.1) in C | 1"
        );
    }
}
