//! Interfaces: addresses, VLANs, VRFs, and the filters on packets.

use std::net::IpAddr;

use edgelint_model::{
    Direction, Fact, Interface, InterfaceAddress, ObjectKind, Part, State, Usage,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, leftover, lower, polarity, room};
use crate::phrases::{is_word, mask_length, number_in, rest};

/// Lines that concern neither routes between systems nor translation.
///
/// inert-interface ::= "no"? inert-interface-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("arp", "Ethernet"),
    ("bandwidth", "metric of interior protocols"),
    ("bundle", "bundling"),
    ("carrier-delay", "media"),
    ("cdp", "neighbors of the link"),
    ("controller", "media"),
    ("dampening", "when flaps count"),
    ("destination", "the other end of a tunnel"),
    ("duplex", "media"),
    ("encapsulation", "switching"),
    ("ethernet", "switching"),
    ("fast-detect", "when a neighbor is lost"),
    ("flow", "statistics"),
    ("flowcontrol", "media"),
    ("forward-adjacency", "tunnels"),
    ("frequency", "media"),
    ("hold-queue", "queues"),
    ("host-reachability", "switching"),
    ("hw-module", "media"),
    ("ip", "another system's"),
    ("ipv4 bgp", "propagation of quality of service"),
    ("ipv4 directed-broadcast", "packets of the device itself"),
    ("ipv4 flowspec", "filters on packets"),
    ("ipv4 forwarding-enable", "packets of the device itself"),
    ("ipv4 helper-address", "address assignment"),
    ("ipv4 mask-reply", "packets of the device itself"),
    ("ipv4 multicast", "multicast"),
    ("ipv4 point-to-point", "subnets of links"),
    ("ipv4 redirects", "packets of the device itself"),
    ("ipv4 source-route", "packets of the device itself"),
    ("ipv4 tcp-mss-adjust", "sizes of packets"),
    ("ipv4 ttl-propagate", "packets of the device itself"),
    ("ipv4 unreachables", "packets of the device itself"),
    ("ipv4 verify", "checks of packets"),
    ("ipv6 enable", "an address of the link"),
    ("ipv6 bgp", "propagation of quality of service"),
    ("ipv6 flowspec", "filters on packets"),
    ("ipv6 mtu", "size of packets of IPv6"),
    ("ipv6 multicast", "multicast"),
    ("ipv6 nd", "neighbors of the link"),
    ("ipv6 redirects", "packets of the device itself"),
    ("ipv6 tcp-mss-adjust", "sizes of packets"),
    ("ipv6 ttl-propagate", "packets of the device itself"),
    ("ipv6 unreachables", "packets of the device itself"),
    ("ipv6 verify", "checks of packets"),
    ("keepalive", "media"),
    ("l2protocol", "switching"),
    ("l2transport", "switching"),
    ("lacp", "bundling"),
    ("link-profile", "media"),
    ("lldp", "neighbors of the link"),
    ("load-interval", "statistics"),
    ("logging", "logging"),
    ("loopback", "tests"),
    ("mac-accounting", "statistics"),
    ("mac-address", "Ethernet"),
    ("macsec", "encryption of the link"),
    ("macsec-psk-keychain", "encryption of the link"),
    ("member", "switching"),
    ("mode", "tunnels"),
    ("monitor-session", "copies of packets"),
    ("mpls", "labels"),
    ("mtu", "size of frames"),
    ("negotiation", "media"),
    ("nve", "switching"),
    ("nv", "satellites"),
    ("overlay-encapsulation", "switching"),
    ("path-option", "tunnels"),
    ("path-selection", "tunnels"),
    ("pfc", "media"),
    ("pos", "media"),
    ("ppp", "media"),
    ("priority", "tunnels"),
    ("propagate", "media"),
    ("ptp", "clocks"),
    ("record-route", "tunnels"),
    ("rewrite", "switching"),
    ("routing", "media"),
    ("service-policy", "quality of service"),
    ("signalled-bandwidth", "tunnels"),
    ("signalled-name", "tunnels"),
    ("snmp", "monitoring"),
    ("source-interface", "switching"),
    ("speed", "media"),
    ("spanning-tree", "switching"),
    ("storm-control", "switching"),
    ("switchport", "another system's"),
    ("transceiver", "media"),
    ("transport-mode", "media"),
    ("tunnel", "tunnels"),
    ("wanphy", "media"),
];

/// interface ::= "interface" "preconfigure"? NAME "l2transport"? NL (INDENT interface-line+ inert-exit? DEDENT)? | "no" "interface" "preconfigure"? NAME NL
pub(super) fn interface<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    let from = 1 + usize::from(is_word(words, 1, "preconfigure") && 2 < words.len());
    let behind = words.skip(from + 1);
    let whole = behind.is_empty() || !negated && behind.len() == 1 && behind.is(0, "l2transport");
    let Some(name) = words.token(from).filter(|_| whole) else {
        return draft.account_block(Part::Interface, statement, State::Unmodelled);
    };
    draft.account(Part::Interface, statement, State::Modelled);
    let known = draft.device.interfaces.iter().position(|it| it.name == name.text);
    if negated {
        if let Some(index) = known {
            let gone = draft.device.interfaces.remove(index);
            draft.undefine(ObjectKind::Interface, name.text);
            draft.forget(gone.at);
        }
        return draft.stray(statement);
    }
    draft.define(ObjectKind::Interface, name.text, at);
    let mut interface = match known {
        Some(index) => draft.device.interfaces.remove(index),
        None => Interface::new(name.text, at),
    };
    let kind = name.text.to_ascii_lowercase();
    interface.tunnel = kind.starts_with("tunnel");
    for line in statement.children() {
        interface_line(draft, &mut interface, line);
    }
    let index = known.unwrap_or(draft.device.interfaces.len());
    draft.device.interfaces.insert(index, interface);
}

/// interface-line ::= interface-setting NL | "no" interface-unset NL | bfd-line | inert-interface
/// bfd-line ::= "bfd" REST NL inert-block?
fn interface_line<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let at = line.span();
    let said = match negated {
        true => unsay(draft, interface, words, at),
        false => say(draft, interface, words, at),
    };
    if said.is_some() {
        draft.account(Part::Interface, line, State::Modelled);
        let below = if is_word(words, 0, "bfd") { State::Inert } else { State::Opaque };
        line.children().for_each(|child| draft.account_block(Part::Interface, child, below));
        return;
    }
    let heads = ["ipv4", "ipv6", "vrf"];
    let known = heads.iter().any(|word| is_word(words, 0, word));
    leftover(draft, (Part::Interface, line), INERT, known, &mut interface.blind);
}

/// interface-setting ::= "description" REST | "shutdown" | "vrf" NAME
///     | "encapsulation" "dot1q" VLAN ("second-dot1q" VLAN)? | "ipv4" ipv4-setting | "ipv6" ipv6-setting
/// ipv4-setting ::= "address" address4 | "unnumbered" NAME | "mtu" RANGE_68_65535 | filter4
/// address4 ::= (ADDR4 MASK4 | PREFIX4) address-option* | "dhcp" | "negotiated"
/// address-option ::= "secondary" | "route-tag" UINT32
/// filter4 ::= "access-group" ((NAME - "common") | "common" NAME NAME?) direction-of-packets packet-option*
/// direction-of-packets ::= "ingress" | "egress"
/// packet-option ::= "hardware-count" | "interface-statistics" | "compress" "level" NAME
/// ipv6-setting ::= "address" address6 | "unnumbered" NAME | filter4
/// address6 ::= PREFIX6 ("eui-64" | "route-tag" UINT32)* | ADDR6 "link-local" | "dhcp"
fn say<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> Option<()> {
    let next = words.skip(1);
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "description" => {
            let text = rest(next).ok()?.1;
            draft.free_text(text.at());
            interface.description = Some(text);
            Some(())
        }
        "shutdown" if next.is_empty() => {
            interface.shutdown = Some(Fact::new(true, at));
            Some(())
        }
        "vrf" if next.len() == 1 => {
            let name = next.token(0)?;
            let name = Fact::new(name.text, name.span);
            draft.use_name(ObjectKind::Vrf, name, Usage::VrfMember);
            let default = name.value.eq_ignore_ascii_case("default");
            draft.replace(&mut interface.vrf, (!default).then_some(name));
            Some(())
        }
        "encapsulation" => encapsulation(interface, next, at),
        "bfd" if !next.is_empty() => {
            interface.options.bfd = Some(Fact::new((), at));
            Some(())
        }
        "ipv4" => ip(draft, interface, (next, false), at),
        "ipv6" => ip(draft, interface, (next, true), at),
        _ => None,
    }
}

fn encapsulation<'t>(interface: &mut Interface<'t>, words: Words<'_, 't>, at: Span) -> Option<()> {
    let vlan = number_in(1, 4094);
    let (left, outer) = is_word(words, 0, "dot1q").then(|| vlan(words.skip(1)).ok()).flatten()?;
    let mut inner = None;
    let mut left = left;
    if is_word(left, 0, "second-dot1q") {
        let (behind, tag) = vlan(left.skip(1)).ok()?;
        (left, inner) = (behind, Some(Fact::new(tag.value, at)));
    }
    if !left.is_empty() {
        return None;
    }
    interface.vlan = Some(Fact::new(outer.value, at));
    interface.options.inner_vlan = inner;
    Some(())
}

fn ip<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    (words, v6): (Words<'_, 't>, bool),
    at: Span,
) -> Option<()> {
    let next = words.skip(1);
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "address" => address(interface, next, v6, at),
        "unnumbered" if next.len() == 1 => {
            let like = next.token(0)?;
            let like = Fact::new(like.text, like.span);
            draft.use_name(ObjectKind::Interface, like, Usage::InterfaceUse);
            interface.options.unnumbered = Some(like);
            Some(())
        }
        "mtu" if !v6 => {
            let (left, mtu) = number_in(68, 65535)(next).ok()?;
            interface.options.mtu = Some(Fact::new(mtu.value, at));
            left.is_empty().then_some(())
        }
        "access-group" => filter(draft, interface, next, v6),
        _ => None,
    }
}

fn address<'t>(
    interface: &mut Interface<'t>,
    words: Words<'_, 't>,
    v6: bool,
    at: Span,
) -> Option<()> {
    let first = words.peek(0);
    let mut low = room();
    let dynamic = match lower(first, &mut low) {
        "dhcp" => true,
        "negotiated" => !v6,
        _ => false,
    };
    if dynamic && words.len() == 1 {
        interface.options.dynamic_address = Some(Fact::new((), at));
        return Some(());
    }
    let (address, subnet, mut left) = match first.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) if !v6 => {
            let length = mask_length(words.peek(1).parse().ok()?)?;
            (IpAddr::V4(address), Prefix::new(IpAddr::V4(address), length)?, words.skip(2))
        }
        Ok(address @ IpAddr::V6(_)) if v6 && words.is(1, "link-local") => {
            (address, Prefix::new(address, 64)?, words.skip(2))
        }
        _ => {
            let (address, length) = first.split_once('/')?;
            let address: IpAddr = address.parse().ok()?;
            let length = super::values::digits(length)?;
            let fits = address.is_ipv6() == v6;
            let subnet = Prefix::new(address, u8::try_from(length).ok()?).filter(|_| fits)?;
            (address, subnet, words.skip(1))
        }
    };
    let mut secondary = false;
    while !left.is_empty() {
        let mut low = room();
        left = match lower(left.peek(0), &mut low) {
            "secondary" if !v6 => {
                secondary = true;
                left.skip(1)
            }
            "eui-64" if v6 => left.skip(1),
            "route-tag" => number_in(0, u32::MAX)(left.skip(1)).ok()?.0,
            _ => return None,
        };
    }
    let value = InterfaceAddress { address, subnet, secondary, shared: false };
    if !v6 && !secondary {
        // There is one address that is not secondary.
        interface.addresses.retain(|it| it.value.address.is_ipv6() || it.value.secondary);
    }
    interface.addresses.retain(|it| it.value.address != address);
    interface.addresses.push(Fact::new(value, at));
    Some(())
}

fn filter<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    words: Words<'_, 't>,
    v6: bool,
) -> Option<()> {
    let kind = if v6 { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
    let named = |token: edgelint_syntax::Token<'t>| Fact::new(token.text, token.span);
    // A list that many interfaces share stands in front of the interface's own, or alone.
    if words.is(0, "common") && words.len() < 3 {
        return None;
    }
    let (common, mut left) = match words.is(0, "common") {
        true => (words.token(1).map(named), words.skip(2)),
        false => (None, words),
    };
    let mut name = common;
    if common.is_none() || !left.is(0, "ingress") && !left.is(0, "egress") {
        name = left.token(0).map(named);
        left = left.skip(1);
    }
    let name = name?;
    let mut low = room();
    let direction = match lower(left.peek(0), &mut low) {
        "ingress" => Direction::In,
        "egress" => Direction::Out,
        _ => return None,
    };
    left = left.skip(1);
    while !left.is_empty() {
        let mut low = room();
        left = match lower(left.peek(0), &mut low) {
            "hardware-count" | "interface-statistics" => left.skip(1),
            "compress" if left.is(1, "level") && 2 < left.len() => left.skip(3),
            _ => return None,
        };
    }
    let both = common.filter(|common| common.at() != name.at());
    for used in [Some(name), both].into_iter().flatten() {
        draft.use_name(kind, used, Usage::InterfaceFilter);
    }
    let place = match direction {
        Direction::In => &mut interface.options.filter_in,
        Direction::Out => &mut interface.options.filter_out,
    };
    // The model keeps one filter a direction: that of IPv4, where there is one.
    if !v6 || place.is_none() {
        *place = Some(name);
    }
    Some(())
}

/// interface-unset ::= "description" REST? | "shutdown" | "vrf" NAME? | ("ipv4" | "ipv6") "address" REST?
fn unsay<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> Option<()> {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "description" => interface.description = None,
        "shutdown" if words.len() == 1 => interface.shutdown = Some(Fact::new(false, at)),
        "vrf" if words.len() < 3 => draft.replace(&mut interface.vrf, None),
        "ipv4" | "ipv6" if is_word(words, 1, "address") => {
            let v6 = words.is(0, "ipv6");
            let address = words.peek(2).split('/').next().and_then(|it| it.parse::<IpAddr>().ok());
            interface.addresses.retain(|it| {
                it.value.address.is_ipv6() != v6
                    || address.is_some_and(|one| one != it.value.address)
            });
        }
        _ => return None,
    }
    Some(())
}
