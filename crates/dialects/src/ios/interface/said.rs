//! Lines of an interface that the model keeps.

use std::net::IpAddr;

use edgelint_model::{
    Direction, Fact, Interface, InterfaceAddress, NatSide, ObjectKind, State, Usage,
};
use edgelint_prefix::{Family, Prefix};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::draft::push_tight;
use crate::ios::draft::Draft;
use crate::ios::lines::{between, long_name, lower, room};
use crate::phrases::{ipv4, ipv6, is_word, mask_length, name, number_in, prefix4, rest, word};

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said<'t> {
    Description(Fact<&'t str>),
    Shutdown,
    Address(Fact<InterfaceAddress>),
    DynamicAddress(Span),
    Unnumbered(Fact<&'t str>),
    Vlans(Fact<u32>, Option<Fact<u32>>),
    Vrf(Fact<&'t str>),
    Filter(ObjectKind, Direction, Fact<&'t str>),
    PolicyRouting(Family, Fact<&'t str>),
    Nat(Fact<NatSide>),
    Bfd(Span),
    Mtu(Fact<u32>, bool),
    Redundancy(Span),
    Zone(Fact<&'t str>),
    /// A description that is empty.
    Nothing,
    /// Something it uses that the model does not keep.
    Uses(ObjectKind, Fact<&'t str>),
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_head(words: Words<'_, '_>) -> bool {
    let second =
        ["address", "unnumbered", "access-group", "vrf", "nat", "mtu", "policy", "traffic-filter"];
    match words.peek(0).len() {
        2 | 4 if is_word(words, 0, "ip") || is_word(words, 0, "ipv6") => {
            second.iter().any(|keyword| is_word(words, 1, keyword))
        }
        3 => is_word(words, 0, "bfd") || is_word(words, 0, "vrf") || is_word(words, 0, "mtu"),
        _ => is_word(words, 0, "encapsulation") || is_word(words, 0, "zone-member"),
    }
}

/// redundancy-line ::= ("standby" | "vrrp" | "glbp") REST NL inert-block?
pub(super) fn submode(words: Words<'_, '_>) -> State {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "standby" | "vrrp" | "glbp" => State::Inert,
        _ => State::Opaque,
    }
}

/// interface-said ::= "description" REST? | "shutdown" | encapsulation | "vrf" "forwarding" NAME+
///                  | bfd | "mtu" RANGE_64_18000 | ("standby" | "vrrp" | "glbp") REST
///                  | "zone-member" "security" NAME | tunnel-use | ip-said | ipv6-said
pub(super) fn interface_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "description" if next.is_empty() => Ok((next, Said::Nothing)),
        "description" => rest(next).map(|(left, text)| (left, Said::Description(text))),
        "shutdown" => Ok((next, Said::Shutdown)),
        "encapsulation" => encapsulation(input),
        "vrf" => {
            let (left, _) = word("forwarding")(next)?;
            long_name(left, left.len()).map(|(left, vrf)| (left, Said::Vrf(vrf)))
        }
        "bfd" => bfd(input),
        "mtu" => number_in(64, 18000)(next).map(|(left, mtu)| (left, Said::Mtu(mtu, false))),
        "standby" | "vrrp" | "glbp" => {
            let (left, _) = rest(next)?;
            Ok((left, Said::Redundancy(between(input, left))))
        }
        "zone-member" => {
            let (left, _) = word("security")(next)?;
            name(left).map(|(left, zone)| (left, Said::Zone(zone)))
        }
        "tunnel" => tunnel_use(input),
        "ip" => ip_said(input),
        "ipv6" => ipv6_said(input),
        _ => input.expected("a line of an interface"),
    }
}

/// ip-said ::= "ip" ("address" interface-address | "unnumbered" NAME "poll"?
///           | "vrf" "forwarding" NAME+ | "access-group" NAME in-or-out | "policy" "route-map" NAME+
///           | "nat" ("inside" | "outside" | "enable") | "mtu" RANGE_68_18000)
fn ip_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("ip")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "address" => interface_address(next),
        "unnumbered" => {
            let (left, like) = name(next)?;
            let left = word("poll")(left).map_or(left, |(left, _)| left);
            Ok((left, Said::Unnumbered(like)))
        }
        "vrf" => {
            let (left, _) = word("forwarding")(next)?;
            long_name(left, left.len()).map(|(left, vrf)| (left, Said::Vrf(vrf)))
        }
        "access-group" => {
            let (left, list) = name(next)?;
            let (left, direction) = in_or_out(left)?;
            Ok((left, Said::Filter(ObjectKind::Acl, direction, list)))
        }
        "policy" => {
            let (left, _) = word("route-map")(next)?;
            let said = |policy| Said::PolicyRouting(Family::Ipv4, policy);
            long_name(left, left.len()).map(|(left, policy)| (left, said(policy)))
        }
        "nat" => {
            let mut low = room();
            let side = match lower(next.peek(0), &mut low) {
                "inside" => NatSide::Inside,
                "outside" => NatSide::Outside,
                "enable" => NatSide::Either,
                _ => return next.expected("inside or outside"),
            };
            let left = next.skip(1);
            Ok((left, Said::Nat(Fact::new(side, between(input, left)))))
        }
        "mtu" => number_in(68, 18000)(next).map(|(left, mtu)| (left, Said::Mtu(mtu, true))),
        _ => from.expected("a line of an interface"),
    }
}

/// interface-address ::= ADDR4 MASK4 "secondary"? | PREFIX4 "secondary"? | ("dhcp" | "negotiated") REST?
fn interface_address<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "dhcp" | "negotiated" => {
            let left = input.skip(input.len());
            return Ok((left, Said::DynamicAddress(between(input, left))));
        }
        _ => {}
    }
    let (left, address, length) = match ipv4(input) {
        Ok((left, address)) => {
            let (left, mask) = ipv4(left)?;
            (left, IpAddr::V4(address.value), mask_length(mask.value))
        }
        Err(_) => {
            let (left, prefix) = prefix4(input)?;
            let own = input.peek(0).split('/').next().and_then(|text| text.parse().ok());
            let own = own.unwrap_or(prefix.value.address());
            (left, own, Some(prefix.value.length()))
        }
    };
    let Some(subnet) = length.and_then(|length| Prefix::new(address, length)) else {
        return input.skip(1).expected("a network mask");
    };
    let (left, secondary) = match word("secondary")(left) {
        Ok((left, _)) => (left, true),
        Err(_) => (left, false),
    };
    let value = InterfaceAddress { address, subnet, secondary, shared: false };
    Ok((left, Said::Address(Fact::new(value, between(input, left)))))
}

/// ipv6-said ::= "ipv6" ("address" interface-address6 | "unnumbered" NAME
///             | "traffic-filter" NAME in-or-out | "policy" "route-map" NAME+ | "mtu" RANGE_1280_18000)
fn ipv6_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("ipv6")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "address" => interface_address6(next),
        "unnumbered" => name(next).map(|(left, like)| (left, Said::Unnumbered(like))),
        "traffic-filter" => {
            let (left, list) = name(next)?;
            let (left, direction) = in_or_out(left)?;
            Ok((left, Said::Filter(ObjectKind::Ipv6Acl, direction, list)))
        }
        "policy" => {
            let (left, _) = word("route-map")(next)?;
            let said = |policy| Said::PolicyRouting(Family::Ipv6, policy);
            long_name(left, left.len()).map(|(left, policy)| (left, said(policy)))
        }
        "mtu" => number_in(1280, 18000)(next).map(|(left, mtu)| (left, Said::Mtu(mtu, false))),
        _ => from.expected("a line of an interface"),
    }
}

/// interface-address6 ::= PREFIX6 ("eui-64" | "anycast")? | ADDR6 "link-local" | "dhcp" "rapid-commit"?
///                      | "autoconf" "default"?
fn interface_address6<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let left = match lower(input.peek(0), &mut low) {
        "dhcp" => Some(word("rapid-commit")(next).map_or(next, |(left, _)| left)),
        "autoconf" => Some(word("default")(next).map_or(next, |(left, _)| left)),
        _ => None,
    };
    if let Some(left) = left {
        return Ok((left, Said::DynamicAddress(between(input, left))));
    }
    if let Ok((left, address)) = ipv6(input) {
        let (left, _) = word("link-local")(left)?;
        let address = IpAddr::V6(address.value);
        return match Prefix::new(address, 64) {
            Some(subnet) => {
                let value = InterfaceAddress { address, subnet, secondary: false, shared: false };
                Ok((left, Said::Address(Fact::new(value, between(input, left)))))
            }
            None => input.expected("an address"),
        };
    }
    let (left, subnet) = crate::phrases::prefix6(input)?;
    let own = input.peek(0).split('/').next().and_then(|text| text.parse().ok());
    let address = own.unwrap_or(subnet.value.address());
    let mut low = room();
    let (left, shared) = match lower(left.peek(0), &mut low) {
        "eui-64" => (left.skip(1), false),
        "anycast" => (left.skip(1), true),
        _ => (left, false),
    };
    let value = InterfaceAddress { address, subnet: subnet.value, secondary: false, shared };
    Ok((left, Said::Address(Fact::new(value, between(input, left)))))
}

/// encapsulation ::= "encapsulation" "dot1q" VLAN ("native" | "second-dot1q" (VLAN | "any"))?
fn encapsulation<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("encapsulation")(input)?;
    let (left, _) = word("dot1q")(left)?;
    let vlan = number_in(1, 4094);
    let (left, outer) = vlan(left)?;
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "native" => Ok((left.skip(1), Said::Vlans(outer, None))),
        "second-dot1q" if is_word(left, 1, "any") => Ok((left.skip(2), Said::Vlans(outer, None))),
        "second-dot1q" => {
            let (left, inner) = vlan(left.skip(1))?;
            Ok((left, Said::Vlans(outer, Some(inner))))
        }
        _ => Ok((left, Said::Vlans(outer, None))),
    }
}

/// bfd ::= "bfd" ("interval" UINT32 "min_rx" UINT32 "multiplier" UINT32 | "template" NAME)
fn bfd<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("bfd")(input)?;
    if is_word(from, 0, "template") {
        let (left, _) = name(from.skip(1))?;
        return Ok((left, Said::Bfd(between(input, left))));
    }
    let number = number_in(0, u32::MAX);
    let (left, _) = word("interval")(from)?;
    let (left, _) = number(left)?;
    let (left, _) = word("min_rx")(left)?;
    let (left, _) = number(left)?;
    let (left, _) = word("multiplier")(left)?;
    let (left, _) = number(left)?;
    Ok((left, Said::Bfd(between(input, left))))
}

/// tunnel-use ::= "tunnel" ("source" INTERFACE | "vrf" NAME)
fn tunnel_use<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("tunnel")(input)?;
    let (left, used) = name(from.skip(1))?;
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "source" if crate::ios::route::is_interface(used.value) => {
            Ok((left, Said::Uses(ObjectKind::Interface, used)))
        }
        "vrf" => Ok((left, Said::Uses(ObjectKind::Vrf, used))),
        _ => from.expected("source or vrf"),
    }
}

/// in-or-out ::= "in" | "out"
fn in_or_out<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Direction> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "in" => Ok((input.skip(1), Direction::In)),
        "out" => Ok((input.skip(1), Direction::Out)),
        _ => input.expected("in or out"),
    }
}

/// A `no` without the value takes back whatever is there.
///
/// interface-clear ::= "ip" ("address" | "unnumbered" | "mtu") | "ipv6" ("address" | "unnumbered")
///                   | "description" | "encapsulation" | "mtu"
///                   | ("ip" "access-group" | "ipv6" "traffic-filter") in-or-out
pub(super) fn clears<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    words: Words<'_, '_>,
) -> bool {
    let mut low = room();
    let mut low_next = room();
    match (lower(words.peek(0), &mut low), lower(words.peek(1), &mut low_next), words.len()) {
        ("ip", "address", 2) => {
            interface.addresses.retain(|it| it.value.address.is_ipv6());
            interface.options.dynamic_address = None;
        }
        ("ipv6", "address", 2) => interface.addresses.retain(|it| it.value.address.is_ipv4()),
        ("ip" | "ipv6", "unnumbered", 2) => draft.replace(&mut interface.options.unnumbered, None),
        ("ip", "mtu", 2) | ("mtu", _, 1) => interface.options.mtu = None,
        ("ip", "access-group", 3) | ("ipv6", "traffic-filter", 3) => {
            match in_or_out(words.skip(2)) {
                Ok((_, Direction::In)) => draft.replace(&mut interface.options.filter_in, None),
                Ok((_, Direction::Out)) => draft.replace(&mut interface.options.filter_out, None),
                Err(_) => return false,
            }
        }
        ("description", _, 1) => interface.description = None,
        ("encapsulation", _, 1) => {
            interface.vlan = None;
            interface.options.inner_vlan = None;
        }
        _ => return false,
    }
    true
}

/// Puts what a line says into the interface, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    let kept = !negated;
    if kept {
        record(draft, said);
    }
    match said {
        Said::Description(text) => interface.description = kept.then_some(text),
        Said::Shutdown => interface.shutdown = Some(Fact::new(kept, at)),
        Said::Address(address) => {
            let new = address.value;
            // A new primary IPv4 address takes the old one's place; all others add up.
            interface.addresses.retain(|it| {
                let old = it.value;
                let same_place = new.address.is_ipv4() && old.address.is_ipv4();
                old.address != new.address
                    && (negated || !same_place || old.secondary || new.secondary)
            });
            if kept {
                push_tight(&mut interface.addresses, address);
            }
        }
        Said::DynamicAddress(at) => {
            interface.options.dynamic_address = kept.then_some(Fact::new((), at));
        }
        Said::Unnumbered(like) => {
            draft.replace(&mut interface.options.unnumbered, kept.then_some(like));
        }
        Said::PolicyRouting(Family::Ipv4, policy) => {
            draft.replace(&mut interface.options.policy_routing, kept.then_some(policy));
        }
        Said::PolicyRouting(Family::Ipv6, policy) => {
            draft.replace(&mut interface.options.ipv6_policy_routing, kept.then_some(policy));
        }
        Said::Vlans(outer, inner) => {
            interface.vlan = kept.then_some(outer);
            if inner.is_some() || interface.options.inner_vlan.is_some() {
                interface.options.inner_vlan = inner.filter(|_| kept);
            }
        }
        Said::Vrf(vrf) => draft.replace(&mut interface.vrf, kept.then_some(vrf)),
        Said::Filter(_, direction, list) => {
            let place = match direction {
                Direction::In => &mut interface.options.filter_in,
                Direction::Out => &mut interface.options.filter_out,
            };
            draft.replace(place, kept.then_some(list));
        }
        Said::Nat(side) => interface.nat = kept.then_some(side),
        Said::Bfd(at) => interface.options.bfd = kept.then_some(Fact::new((), at)),
        Said::Mtu(mtu, of_ip) if of_ip || interface.options.mtu.is_none() || negated => {
            interface.options.mtu = kept.then_some(mtu);
        }
        Said::Redundancy(at) if kept => {
            interface.options.first_hop_redundancy.get_or_insert(Fact::new((), at));
        }
        Said::Zone(zone) => interface.options.zone = kept.then_some(zone),
        _ => {}
    }
}

fn record<'t>(draft: &mut Draft<'t>, said: Said<'t>) {
    match said {
        Said::Description(text) => draft.free_text(text.at()),
        Said::Unnumbered(like) => {
            draft.use_name(ObjectKind::Interface, like, Usage::InterfaceUse);
        }
        Said::Vrf(vrf) => draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember),
        Said::Filter(kind, _, list) => draft.use_name(kind, list, Usage::InterfaceFilter),
        Said::PolicyRouting(_, policy) => {
            draft.use_name(ObjectKind::Policy, policy, Usage::PolicyRouting);
        }
        Said::Uses(ObjectKind::Vrf, vrf) => {
            draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
        }
        Said::Uses(kind, name) => draft.use_name(kind, name, Usage::InterfaceUse),
        _ => {}
    }
}
