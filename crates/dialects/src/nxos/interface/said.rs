//! Lines of an interface that the model keeps.

use std::net::IpAddr;

use edgelint_model::{Direction, Fact, Interface, InterfaceAddress, NatSide, ObjectKind, Usage};
use edgelint_prefix::{Family, Prefix};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::nxos::draft::Draft;
use crate::nxos::lines::{between, lower, room};
use crate::phrases::{
    ipv4, ipv6, is_word, mask_length, name, number, number_in, prefix4, prefix6, rest, word,
};

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said<'t> {
    /// A description; one that is empty says nothing.
    Description(Option<Fact<&'t str>>),
    Shutdown,
    Address(Fact<InterfaceAddress>),
    DynamicAddress(Span),
    Unnumbered(Fact<&'t str>),
    Vlan(Fact<u32>),
    Vrf(Fact<&'t str>),
    Filter(ObjectKind, Direction, Fact<&'t str>),
    PolicyRouting(Family, Fact<&'t str>),
    Nat(Fact<NatSide>),
    Bfd(Span),
    Mtu(Fact<u32>),
    Redundancy(Span),
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_head(words: Words<'_, '_>) -> bool {
    let second = ["address", "unnumbered", "access-group", "nat", "policy", "traffic-filter"];
    match words.peek(0).len() {
        2 | 4 if is_word(words, 0, "ip") || is_word(words, 0, "ipv6") => {
            second.iter().any(|keyword| is_word(words, 1, keyword))
        }
        3 => ["bfd", "vrf", "mtu"].iter().any(|keyword| is_word(words, 0, keyword)),
        _ => is_word(words, 0, "encapsulation"),
    }
}

/// interface-said ::= "description" REST? | "shutdown" | "encapsulation" "dot1q" VLAN | "vrf" "member" NAME
///     | bfd | "mtu" RANGE_64_18000 | ("hsrp" | "vrrp" | "vrrpv3" | "glbp") REST | ip-said | ipv6-said
pub(super) fn interface_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "description" if next.is_empty() => Ok((next, Said::Description(None))),
        "description" => rest(next).map(|(left, text)| (left, Said::Description(Some(text)))),
        "shutdown" => Ok((next, Said::Shutdown)),
        "encapsulation" => {
            let (left, _) = word("dot1q")(next)?;
            number_in(1, 4094)(left).map(|(left, vlan)| (left, Said::Vlan(vlan)))
        }
        "vrf" => {
            let (left, _) = word("member")(next)?;
            name(left).map(|(left, vrf)| (left, Said::Vrf(vrf)))
        }
        "bfd" => bfd(input),
        "mtu" => number_in(64, 18000)(next).map(|(left, mtu)| (left, Said::Mtu(mtu))),
        "hsrp" | "vrrp" | "vrrpv3" | "glbp" => {
            let (left, _) = rest(next)?;
            Ok((left, Said::Redundancy(between(input, left))))
        }
        "ip" => ip_said(input),
        "ipv6" => ipv6_said(input),
        _ => input.expected("a line of an interface"),
    }
}

/// ip-said ::= "ip" ("address" interface-address | "unnumbered" NAME | "access-group" NAME in-or-out
///     | "policy" "route-map" NAME | "nat" ("inside" | "outside"))
fn ip_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("ip")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "address" => interface_address(next),
        "unnumbered" => name(next).map(|(left, like)| (left, Said::Unnumbered(like))),
        "access-group" => {
            let (left, list) = name(next)?;
            let (left, direction) = in_or_out(left)?;
            Ok((left, Said::Filter(ObjectKind::Acl, direction, list)))
        }
        "policy" => {
            let (left, _) = word("route-map")(next)?;
            name(left).map(|(left, policy)| (left, Said::PolicyRouting(Family::Ipv4, policy)))
        }
        "nat" => {
            let mut low = room();
            let side = match lower(next.peek(0), &mut low) {
                "inside" => NatSide::Inside,
                "outside" => NatSide::Outside,
                _ => return next.expected("inside or outside"),
            };
            let left = next.skip(1);
            Ok((left, Said::Nat(Fact::new(side, between(input, left)))))
        }
        _ => from.expected("a line of an interface"),
    }
}

/// interface-address ::= (PREFIX4 | ADDR4 MASK4) address-option* | "dhcp"
fn interface_address<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if let Ok((left, dhcp)) = word("dhcp")(input) {
        return Ok((left, Said::DynamicAddress(dhcp.span)));
    }
    let (left, address, length) = match ipv4(input) {
        Ok((left, address)) => {
            let (left, mask) = ipv4(left)?;
            (left, IpAddr::V4(address.value), mask_length(mask.value))
        }
        Err(_) => {
            let (left, prefix) = prefix4(input)?;
            (left, own_address(input, prefix.value), Some(prefix.value.length()))
        }
    };
    let Some(subnet) = length.and_then(|length| Prefix::new(address, length)) else {
        return input.skip(1).expected("a network mask");
    };
    address_with_options(input, left, (address, subnet))
}

/// The address in front of the slash, host bits kept.
fn own_address(words: Words<'_, '_>, subnet: Prefix) -> IpAddr {
    let own = words.peek(0).split('/').next().and_then(|text| text.parse().ok());
    own.unwrap_or(subnet.address())
}

/// address-option ::= "secondary" | "tag" UINT32 | "route-preference" UINT8 | "eui64" | "anycast" | "use-bia"
fn address_with_options<'w, 't>(
    input: Words<'w, 't>,
    behind: Words<'w, 't>,
    (address, subnet): (IpAddr, Prefix),
) -> Read<'w, 't> {
    let mut left = behind;
    let (mut secondary, mut shared) = (false, false);
    while !left.is_empty() {
        let next = left.skip(1);
        let mut low = room();
        left = match lower(left.peek(0), &mut low) {
            "secondary" => {
                secondary = true;
                next
            }
            "tag" => number(next)?.0,
            "route-preference" => number_in(0, 255)(next)?.0,
            "anycast" => {
                shared = true;
                next
            }
            "eui64" | "use-bia" => next,
            _ => return left.expected("an option of an address"),
        };
    }
    let value = InterfaceAddress { address, subnet, secondary, shared };
    Ok((left, Said::Address(Fact::new(value, between(input, left)))))
}

/// ipv6-said ::= "ipv6" ("address" interface-address6 | "link-local" ADDR6 | "unnumbered" NAME
///     | "traffic-filter" NAME in-or-out | "policy" "route-map" NAME)
fn ipv6_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("ipv6")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "address" => interface_address6(next),
        "link-local" => {
            let (left, address) = ipv6(next)?;
            link_local(next, left, IpAddr::V6(address.value))
        }
        "unnumbered" => name(next).map(|(left, like)| (left, Said::Unnumbered(like))),
        "traffic-filter" => {
            let (left, list) = name(next)?;
            let (left, direction) = in_or_out(left)?;
            Ok((left, Said::Filter(ObjectKind::Ipv6Acl, direction, list)))
        }
        "policy" => {
            let (left, _) = word("route-map")(next)?;
            name(left).map(|(left, policy)| (left, Said::PolicyRouting(Family::Ipv6, policy)))
        }
        _ => from.expected("a line of an interface"),
    }
}

fn link_local<'w, 't>(from: Words<'w, 't>, left: Words<'w, 't>, address: IpAddr) -> Read<'w, 't> {
    match Prefix::new(address, 64) {
        Some(subnet) => {
            let value = InterfaceAddress { address, subnet, secondary: false, shared: false };
            Ok((left, Said::Address(Fact::new(value, between(from, left)))))
        }
        None => from.expected("an address"),
    }
}

/// interface-address6 ::= PREFIX6 address-option* | "dhcp" | "autoconfig" "default"? | "use-link-local-only"
fn interface_address6<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let left = match lower(input.peek(0), &mut low) {
        "dhcp" | "use-link-local-only" => Some(next),
        "autoconfig" => Some(next.skip(usize::from(is_word(next, 0, "default")))),
        _ => None,
    };
    if let Some(left) = left {
        return Ok((left, Said::DynamicAddress(between(input, left))));
    }
    let (left, subnet) = prefix6(input)?;
    address_with_options(input, left, (own_address(input, subnet.value), subnet.value))
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

/// bfd ::= "bfd" ("ipv4" | "ipv6")? "interval" UINT32 "min_rx" UINT32 "multiplier" UINT32
fn bfd<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("bfd")(input)?;
    let mut low = room();
    let from = match lower(from.peek(0), &mut low) {
        "ipv4" | "ipv6" => from.skip(1),
        _ => from,
    };
    let (left, _) = word("interval")(from)?;
    let (left, _) = number(left)?;
    let (left, _) = word("min_rx")(left)?;
    let (left, _) = number(left)?;
    let (left, _) = word("multiplier")(left)?;
    let (left, _) = number(left)?;
    Ok((left, Said::Bfd(between(input, left))))
}

/// Whether a `no` without the value takes something back, and takes it.
///
/// interface-clear ::= ("ip" | "ipv6") "address" | "encapsulation" "dot1q" | "vrf" "member" | "mtu"
pub(super) fn clears(
    draft: &mut Draft<'_>,
    interface: &mut Interface<'_>,
    words: Words<'_, '_>,
) -> bool {
    let is = |index: usize, word: &str| is_word(words, index, word);
    let six = is(0, "ipv6");
    match words.len() {
        2 if (is(0, "ip") || six) && is(1, "address") => {
            interface.addresses.retain(|it| it.value.address.is_ipv6() != six);
            if interface.options.dynamic_address.is_some() {
                interface.options.dynamic_address = None;
            }
        }
        2 if is(0, "encapsulation") && is(1, "dot1q") => interface.vlan = None,
        2 if is(0, "vrf") && is(1, "member") => draft.replace(&mut interface.vrf, None),
        1 if is(0, "mtu") => interface.options.mtu = None,
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
        Said::Description(text) => interface.description = text.filter(|_| kept),
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
            interface.addresses.extend(kept.then_some(address));
        }
        Said::DynamicAddress(at) => {
            interface.options.dynamic_address = kept.then_some(Fact::new((), at));
        }
        Said::Unnumbered(like) => {
            draft.replace(&mut interface.options.unnumbered, kept.then_some(like));
        }
        Said::PolicyRouting(family, policy) => {
            let place = match family {
                Family::Ipv4 => &mut interface.options.policy_routing,
                Family::Ipv6 => &mut interface.options.ipv6_policy_routing,
            };
            draft.replace(place, kept.then_some(policy));
        }
        Said::Vlan(vlan) => interface.vlan = kept.then_some(vlan),
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
        Said::Mtu(mtu) => interface.options.mtu = kept.then_some(mtu),
        Said::Redundancy(at) if kept => {
            interface.options.first_hop_redundancy.get_or_insert(Fact::new((), at));
        }
        Said::Redundancy(_) => {}
    }
}

fn record<'t>(draft: &mut Draft<'t>, said: Said<'t>) {
    match said {
        Said::Description(text) => draft.device.free_text.extend(text.map(|text| text.at())),
        Said::Unnumbered(like) => {
            draft.use_name(ObjectKind::Interface, like, Usage::InterfaceUse);
        }
        Said::Vrf(vrf) => draft.use_vrf(vrf),
        Said::Filter(kind, _, list) => draft.use_name(kind, list, Usage::InterfaceFilter),
        Said::PolicyRouting(_, policy) => {
            draft.use_name(ObjectKind::Policy, policy, Usage::PolicyRouting);
        }
        _ => {}
    }
}
