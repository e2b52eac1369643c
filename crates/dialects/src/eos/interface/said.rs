//! Lines of an interface that the model keeps.

use std::net::IpAddr;

use edgelint_model::{Direction, Fact, Interface, InterfaceAddress, ObjectKind, State, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::eos::draft::Draft;
use crate::eos::lines::{between, lower, room};
use crate::phrases::{ipv4, ipv6, mask_length, name, number_in, prefix4, prefix6, rest, word};

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
    Bfd(Span),
    Mtu(Fact<u32>),
    Redundancy(Span),
    /// A description that is empty.
    Nothing,
    /// Something it uses that the model does not keep.
    Uses(ObjectKind, Fact<&'t str>),
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_head(words: Words<'_, '_>) -> bool {
    let mut low = room();
    let mut low_next = room();
    matches!(
        (lower(words.peek(0), &mut low), lower(words.peek(1), &mut low_next)),
        ("ip" | "ipv6", "address" | "unnumbered" | "access-group" | "virtual-router")
            | ("bfd" | "vrf" | "mtu" | "encapsulation" | "vrrp", _)
    )
}

/// redundancy-line ::= "vrrp" REST NL inert-block?
pub(super) fn submode(words: Words<'_, '_>) -> State {
    if words.is(0, "vrrp") { State::Inert } else { State::Opaque }
}

/// interface-said ::= "description" REST? | "shutdown" | encapsulation | "vrf" "forwarding"? NAME | bfd
///     | "mtu" RANGE_68_65535 | "vrrp" REST | tunnel-use | ip-said | ipv6-said
pub(super) fn interface_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "description" if next.is_empty() => Ok((next, Said::Nothing)),
        "description" => rest(next).map(|(left, text)| (left, Said::Description(text))),
        "shutdown" => Ok((next, Said::Shutdown)),
        "encapsulation" => encapsulation(input),
        "vrf" => {
            let left = match word("forwarding")(next) {
                Ok((left, _)) if !left.is_empty() => left,
                _ => next,
            };
            name(left).map(|(left, vrf)| (left, Said::Vrf(vrf)))
        }
        "bfd" => bfd(input),
        "mtu" => number_in(68, 65535)(next).map(|(left, mtu)| (left, Said::Mtu(mtu))),
        "vrrp" => rest(next).map(|(left, _)| (left, Said::Redundancy(between(input, left)))),
        "tunnel" => tunnel_use(input),
        "ip" => ip_said(input),
        "ipv6" => ipv6_said(input),
        _ => input.expected("a line of an interface"),
    }
}

/// ip-said ::= "ip" ("address" interface-address | "unnumbered" NAME | "access-group" NAME in-or-out
///     | "virtual-router" "address" REST)
fn ip_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("ip")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "address" => interface_address(next),
        "unnumbered" => name(next).map(|(left, like)| (left, Said::Unnumbered(like))),
        "access-group" => filter(next, ObjectKind::Acl),
        "virtual-router" => virtual_router(input, next),
        _ => from.expected("a line of an interface"),
    }
}

fn filter<'w, 't>(input: Words<'w, 't>, kind: ObjectKind) -> Read<'w, 't> {
    let (left, list) = name(input)?;
    let (left, direction) = in_or_out(left)?;
    Ok((left, Said::Filter(kind, direction, list)))
}

fn virtual_router<'w, 't>(input: Words<'w, 't>, next: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("address")(next)?;
    let (left, _) = rest(left)?;
    Ok((left, Said::Redundancy(between(input, left))))
}

/// An address that all gateways of a segment share is an address of each.
///
/// interface-address ::= "virtual"? (PREFIX4 | ADDR4 MASK4) "secondary"? | "dhcp" | "unnumbered" NAME
fn interface_address<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let from = match lower(input.peek(0), &mut low) {
        "dhcp" => return Ok((next, Said::DynamicAddress(between(input, next)))),
        "unnumbered" => return name(next).map(|(left, like)| (left, Said::Unnumbered(like))),
        "virtual" => next,
        _ => input,
    };
    let shared = from.peek(0) != input.peek(0);
    let (left, address, length) = match ipv4(from) {
        Ok((left, address)) => {
            let (left, mask) = ipv4(left)?;
            (left, IpAddr::V4(address.value), mask_length(mask.value))
        }
        Err(_) => {
            let (left, prefix) = prefix4(from)?;
            let own = from.peek(0).split('/').next().and_then(|text| text.parse().ok());
            let own = own.unwrap_or(prefix.value.address());
            (left, own, Some(prefix.value.length()))
        }
    };
    let Some(subnet) = length.and_then(|length| Prefix::new(address, length)) else {
        return from.skip(1).expected("a network mask");
    };
    let (left, secondary) = match word("secondary")(left) {
        Ok((left, _)) => (left, true),
        Err(_) => (left, false),
    };
    let value = InterfaceAddress { address, subnet, secondary, shared };
    Ok((left, Said::Address(Fact::new(value, between(input, left)))))
}

/// ipv6-said ::= "ipv6" ("address" interface-address6 | "access-group" NAME in-or-out
///     | "virtual-router" "address" REST)
fn ipv6_said<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("ipv6")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "address" => interface_address6(next),
        "access-group" => filter(next, ObjectKind::Ipv6Acl),
        "virtual-router" => virtual_router(input, next),
        _ => from.expected("a line of an interface"),
    }
}

/// interface-address6 ::= "virtual"? PREFIX6 ("eui-64" | "link-local" | "tag" UINT32)? | ADDR6 "link-local" | "auto-config" | "dhcp"
fn interface_address6<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let from = match lower(input.peek(0), &mut low) {
        "dhcp" | "auto-config" => return Ok((next, Said::DynamicAddress(between(input, next)))),
        "virtual" => next,
        _ => input,
    };
    let shared = from.peek(0) != input.peek(0);
    if let Ok((left, address)) = ipv6(from) {
        let (left, _) = word("link-local")(left)?;
        let address = IpAddr::V6(address.value);
        let value =
            InterfaceAddress { address, subnet: Prefix::host(address), secondary: false, shared };
        return Ok((left, Said::Address(Fact::new(value, between(input, left)))));
    }
    let (left, subnet) = prefix6(from)?;
    let own = from.peek(0).split('/').next().and_then(|text| text.parse().ok());
    let address = own.unwrap_or(subnet.value.address());
    let mut low = room();
    let left = match lower(left.peek(0), &mut low) {
        "eui-64" | "link-local" => left.skip(1),
        "tag" => number_in(0, u32::MAX)(left.skip(1))?.0,
        _ => left,
    };
    let value = InterfaceAddress { address, subnet: subnet.value, secondary: false, shared };
    Ok((left, Said::Address(Fact::new(value, between(input, left)))))
}

/// encapsulation ::= "encapsulation" "dot1q" "vlan" VLAN ("inner" VLAN)?
fn encapsulation<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("encapsulation")(input)?;
    let (left, _) = word("dot1q")(left)?;
    let (left, _) = word("vlan")(left)?;
    let vlan = number_in(1, 4094);
    let (left, outer) = vlan(left)?;
    match word("inner")(left) {
        Ok((left, _)) => vlan(left).map(|(left, inner)| (left, Said::Vlans(outer, Some(inner)))),
        Err(_) => Ok((left, Said::Vlans(outer, None))),
    }
}

/// bfd ::= "bfd" "interval" UINT32 "min-rx" UINT32 "multiplier" UINT32
fn bfd<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let number = number_in(0, u32::MAX);
    let (left, _) = word("interval")(input.skip(1))?;
    let (left, _) = number(left)?;
    let (left, _) = word("min-rx")(left)?;
    let (left, _) = number(left)?;
    let (left, _) = word("multiplier")(left)?;
    let (left, _) = number(left)?;
    Ok((left, Said::Bfd(between(input, left))))
}

/// tunnel-use ::= "tunnel" ("source" "interface" NAME | "underlay" "vrf" NAME)
fn tunnel_use<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("tunnel")(input)?;
    if let Ok((left, _)) = word("underlay")(from) {
        let (left, vrf) = name(word("vrf")(left)?.0)?;
        return Ok((left, Said::Uses(ObjectKind::Vrf, vrf)));
    }
    let (left, _) = word("source")(from)?;
    let (left, used) = name(word("interface")(left)?.0)?;
    Ok((left, Said::Uses(ObjectKind::Interface, used)))
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
/// interface-clear ::= ("ip" | "ipv6") "address" | "description" | "mtu" | "vrf"
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
        ("mtu", _, 1) => interface.options.mtu = None,
        ("description", _, 1) => interface.description = None,
        ("vrf", _, 1) => draft.replace(&mut interface.vrf, None),
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
            interface.addresses.extend(kept.then_some(address));
        }
        Said::DynamicAddress(at) => {
            interface.options.dynamic_address = kept.then_some(Fact::new((), at));
        }
        Said::Unnumbered(like) => {
            draft.replace(&mut interface.options.unnumbered, kept.then_some(like));
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
        Said::Bfd(at) => interface.options.bfd = kept.then_some(Fact::new((), at)),
        Said::Mtu(mtu) => interface.options.mtu = kept.then_some(mtu),
        Said::Redundancy(at) if kept => {
            interface.options.first_hop_redundancy.get_or_insert(Fact::new((), at));
        }
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
        Said::Uses(ObjectKind::Vrf, vrf) => {
            draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
        }
        Said::Uses(kind, name) => draft.use_name(kind, name, Usage::InterfaceUse),
        _ => {}
    }
}
