//! Static routes of both families: out of an interface by the name that `nameif` gave it.

use std::net::IpAddr;

use edgelint_model::{Fact, NextHop, ObjectKind, Part, State, StaticRoute, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{Names, host4, lower, net4, polarity, room, whole};
use crate::phrases::{ipv6, name, number_in, prefix6, word};

/// A route and the words that name its interface.
type Read<'t> = (StaticRoute<'t>, Fact<&'t str>);

/// route ::= "no"? "route" (route-interface net4 ADDR4 | null-interface net4 ADDR4?) RANGE_1_255? route-option? NL
/// route-interface ::= NAME - "null0"
/// null-interface ::= "null0"
pub(super) fn route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let read = whole(route_words(&draft.pending.names, words, statement.span()));
    keep(draft, statement, read, negated);
}

/// ipv6-route ::= "no"? "ipv6" "route" (route-interface PREFIX6 ADDR6 | null-interface PREFIX6 ADDR6?) RANGE_1_255? route-option? NL
pub(super) fn ipv6_route<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let read = whole(ipv6_route_words(words, statement.span()));
    keep(draft, statement, read, negated);
}

fn keep<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    read: Option<Read<'t>>,
    negated: bool,
) {
    let state = if read.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Routing, statement, state);
    draft.stray(statement);
    let Some((route, interface)) = read else { return };
    if negated {
        let routes = &mut draft.device.static_routes;
        let same =
            |it: &StaticRoute<'_>| it.prefix == route.prefix && it.next_hop == route.next_hop;
        if let Some(place) = routes.iter().position(same) {
            let gone = routes.remove(place);
            draft.forget(gone.at);
        }
        return;
    }
    if route.next_hop != NextHop::Discard {
        draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
    }
    draft.device.static_routes.push(route);
}

fn route_words<'w, 't>(
    names: &Names<'t>,
    input: Words<'w, 't>,
    at: Span,
) -> Parsed<'w, 't, Read<'t>> {
    let (left, _) = word("route")(input)?;
    let (left, interface) = name(left)?;
    let (left, prefix) = net4(names, left)?;
    let hop = host4(names, left).map(|(left, hop)| (left, IpAddr::V4(hop.value)));
    finished(left, (interface, prefix, at), hop)
}

fn ipv6_route_words<'w, 't>(input: Words<'w, 't>, at: Span) -> Parsed<'w, 't, Read<'t>> {
    let (left, interface) = name(input.skip(2))?;
    let (left, prefix) = prefix6(left)?;
    let hop = ipv6(left).map(|(left, hop)| (left, IpAddr::V6(hop.value)));
    finished(left, (interface, prefix, at), hop)
}

/// The route, where its address and options make sense.
fn finished<'w, 't>(
    input: Words<'w, 't>,
    (interface, prefix, at): (Fact<&'t str>, Fact<Prefix>, Span),
    hop: Parsed<'w, 't, IpAddr>,
) -> Parsed<'w, 't, Read<'t>> {
    let discard = interface.value.eq_ignore_ascii_case("null0");
    let (mut left, next_hop) = match hop {
        Ok((left, _)) if discard => (left, NextHop::Discard),
        Err(_) if discard => (input, NextHop::Discard),
        Ok((left, hop)) => (left, NextHop::Interface(interface.value, Some(hop))),
        Err(error) => return Err(error),
    };
    let mut route = StaticRoute {
        at,
        vrf: None,
        prefix: prefix.value,
        next_hop,
        distance: None,
        tag: None,
        tracked: false,
        aggregate: false,
        name: None,
        attributes: None,
    };
    if let Ok((further, distance)) = number_in(1, 255)(left) {
        route.distance = Some(distance.value);
        left = further;
    }
    if !left.is_empty() {
        left = route_option(left, &mut route)?.0;
    }
    Ok((left, (route, interface)))
}

/// route-option ::= "track" RANGE_1_500 | "tunneled"
fn route_option<'w, 't>(input: Words<'w, 't>, route: &mut StaticRoute<'t>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "track" => {
            route.tracked = true;
            number_in(1, 500)(input.skip(1)).map(|(left, _)| (left, ()))
        }
        "tunneled" => Ok((input.skip(1), ())),
        _ => input.expected("an option of a route"),
    }
}

/// Puts the interfaces' own names in the place of those that `nameif` gave them; called once, after the
/// last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let device = &mut draft.device;
    for route in &mut device.static_routes {
        let NextHop::Interface(nameif, hop) = route.next_hop else { continue };
        let mut interfaces = device.interfaces.iter();
        let named = |zone: Option<Fact<&str>>| zone.is_some_and(|zone| zone.value == nameif);
        if let Some(interface) = interfaces.find(|one| named(one.options.zone)) {
            route.next_hop = NextHop::Interface(interface.name, hop);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::asa::rendering::device;

    fn routes(text: &str) -> String {
        device(text, |device| {
            let routes = device.static_routes.iter();
            let mut said: Vec<String> = routes
                .map(|it| {
                    format!("{} {:?} {:?} {}", it.prefix, it.next_hop, it.distance, it.tracked)
                })
                .collect();
            said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
            said.join("|")
        })
    }

    #[test]
    fn routes_leave_by_the_interface_of_a_name() {
        let table = [
            (
                "interface Ethernet0\n nameif outside\nroute outside 0.0.0.0 0.0.0.0 192.0.2.1 1 track 2",
                "0.0.0.0/0 Interface(\"Ethernet0\", Some(192.0.2.1)) Some(1) true",
            ),
            (
                "route outside 0 0 192.0.2.1",
                "0.0.0.0/0 Interface(\"outside\", Some(192.0.2.1)) None false",
            ),
            (
                "name 192.0.2.1 gw\nroute outside 10.0.0.0 255.0.0.0 gw 1",
                "10.0.0.0/8 Interface(\"outside\", Some(192.0.2.1)) Some(1) false",
            ),
            ("route Null0 10.0.0.0 255.0.0.0 250", "10.0.0.0/8 Discard Some(250) false"),
            (
                "ipv6 route dmz 2001:db8::/32 2001:db8:1::1 1",
                "2001:db8::/32 Interface(\"dmz\", Some(2001:db8:1::1)) Some(1) false",
            ),
            ("route a 10.0.0.0 255.0.0.0 192.0.2.1\nno route a 10.0.0.0 255.0.0.0 192.0.2.1", ""),
            ("route outside 10.0.0.0 255.0.255.0 192.0.2.1", "Unmodelled"),
        ];
        for (text, expected) in table {
            assert_eq!(routes(text), expected, "{text}");
        }
    }
}
