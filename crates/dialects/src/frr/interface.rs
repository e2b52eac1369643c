//! Interfaces: addresses, VRF, whether they are shut down. The rest concerns interior protocols and the
//! kernel.

use std::net::IpAddr;

use edgelint_model::{Fact, Interface, InterfaceAddress, ObjectKind, Part, State, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, is_exit, listed, lower, polarity, room, whole};
use super::references;
use crate::phrases::{is_word, name, prefix4, prefix6, rest, word};
use crate::secrets;

/// Lines of an interface that bear on no session and no route of BGP.
///
/// inert-interface ::= "no"? inert-interface-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("babel", "an interior protocol"),
    ("bandwidth", "media"),
    ("evpn", "an overlay"),
    ("gmp", "multicast"),
    ("isis", "an interior protocol"),
    ("link-detect", "when an interface counts as down"),
    ("link-params", "traffic engineering"),
    ("mpls", "labels"),
    ("multicast", "media"),
    ("openfabric", "an interior protocol"),
    ("ospf", "an interior protocol"),
    ("pbr-policy", "policy routing of packets, by a map of its own kind"),
    ("peer", "timers of another protocol"),
    ("ptm-enable", "cabling"),
    ("tunnel", "tunnels of the kernel"),
    ("vrrp", "first-hop redundancy"),
    ("ip nhrp", "tunnels"),
    ("ip igmp", "multicast"),
    ("ip mroute", "multicast"),
    ("ip multicast", "multicast"),
    ("ip ospf", "an interior protocol"),
    ("ip pim", "multicast"),
    ("ip rip", "an interior protocol"),
    ("ip router", "an interior protocol"),
    ("ip summary-address", "an interior protocol"),
    ("ip bandwidth-percent", "an interior protocol"),
    ("ip split-horizon", "an interior protocol"),
    ("ip hello-interval", "an interior protocol"),
    ("ip hold-time", "an interior protocol"),
    ("ip authentication", "an interior protocol"),
    ("ipv6 mld", "multicast"),
    ("ipv6 multicast", "multicast"),
    ("ipv6 nd", "advertisements to hosts"),
    ("ipv6 nhrp", "tunnels"),
    ("ipv6 ospf6", "an interior protocol"),
    ("ipv6 pim", "multicast"),
    ("ipv6 ripng", "an interior protocol"),
    ("ipv6 router", "an interior protocol"),
];

/// What a line says.
#[derive(Clone, Copy)]
enum Said<'t> {
    Description(Fact<&'t str>),
    Shutdown,
    Address(Fact<InterfaceAddress>),
}

/// Reads an interface with its block.
///
/// interface ::= interface-word NAME ("vrf" NAME)? NL (INDENT interface-line+ inert-exit? DEDENT)?
///     | "no" interface-word NAME ("vrf" NAME)? NL
/// interface-word ::= "interface" | "int"
pub(super) fn interface<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some((name, vrf)) = whole(head(words.skip(1))) else {
        draft.account_block(Part::Interface, statement, State::Unmodelled);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Interface, statement, State::Modelled);
    let known = draft.device.interfaces.iter().rposition(|it| it.name == name.value);
    if negated {
        if let Some(index) = known {
            draft.device.interfaces.remove(index);
            draft.undefine(ObjectKind::Interface, name.value);
        }
        return draft.stray(statement);
    }
    let at = statement.span();
    draft.define(ObjectKind::Interface, name.value, at);
    let index = known.unwrap_or(draft.device.interfaces.len());
    let mut interface = match known {
        Some(index) => draft.device.interfaces.remove(index),
        None => Interface::new(name.value, at),
    };
    interface.tunnel |= is_tunnel(name.value);
    if let Some((vlan, inner)) = vlans(name.value) {
        interface.vlan = Some(Fact::new(vlan, name.at()));
        if inner.is_some() {
            interface.options.inner_vlan = inner.map(|inner| Fact::new(inner, name.at()));
        }
    }
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
        interface.vrf = Some(vrf);
    }
    for child in statement.children() {
        interface_line(draft, &mut interface, child);
    }
    draft.device.interfaces.insert(index, interface);
}

type Head<'t> = (Fact<&'t str>, Option<Fact<&'t str>>);

fn head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Head<'t>> {
    let (left, interface) = name(input)?;
    match word("vrf")(left) {
        Ok((left, _)) => name(left).map(|(left, vrf)| (left, (interface, Some(vrf)))),
        Err(_) => Ok((left, (interface, None))),
    }
}

/// Whether an interface is a tunnel, by how Linux and its tools call them.
fn is_tunnel(name: &str) -> bool {
    const KINDS: [&str; 6] = ["tun", "gre", "wg", "vti", "ipsec", "xfrm"];
    let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
    KINDS.contains(&kind)
}

/// The VLAN ids that a name says, the outer one first: `eth0.300`, `eth0.300.20`. That is how the tools of Linux name an
/// interface on another one, and from which they make it (`vlan-interfaces(5)` of Debian's ifupdown).
fn vlans(name: &str) -> Option<(u32, Option<u32>)> {
    let id = |text: &str| -> Option<u32> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten().filter(|id| (1..=4094).contains(id))
    };
    let mut parts = name.split('.');
    parts.next().filter(|parent| !parent.is_empty())?;
    let outer = id(parts.next()?)?;
    match (parts.next(), parts.next()) {
        (None, _) => Some((outer, None)),
        (Some(inner), None) => Some((outer, Some(id(inner)?))),
        _ => None,
    }
}

/// interface-line ::= "no"? ("description" REST | ("shutdown" | "shut") | interface-address) NL | inert-interface
fn interface_line<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let state = match whole(said(words)) {
        Some(said) => {
            apply(draft, interface, line.span(), (said, negated));
            State::Modelled
        }
        None if is_exit(line.words()) => State::Inert,
        None if listed(INERT, words) => {
            draft.account_block(Part::Interface, line, State::Inert);
            secrets::in_block(draft, line);
            return references::in_block(draft, line);
        }
        None => {
            interface.blind.push(line.span());
            let known = is_word(words, 1, "address") || is_word(words, 0, "description");
            if known { State::Unmodelled } else { State::Opaque }
        }
    };
    draft.account(Part::Interface, line, state);
    for child in line.children() {
        draft.account_block(Part::Interface, child, State::Opaque);
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
    }
}

fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "description" => rest(next).map(|(left, text)| (left, Said::Description(text))),
        "shutdown" | "shut" => Ok((next, Said::Shutdown)),
        "ip" | "ipv6" => interface_address(input),
        _ => input.expected("a line of an interface"),
    }
}

/// interface-address ::= "ip" ("address" | "addr") PREFIX4 address-option? | "ipv6" ("address" | "addr") PREFIX6
/// address-option ::= "label" NAME | "peer" PREFIX4 | "secondary"
fn interface_address<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let six = is_word(input, 0, "ipv6");
    let from = input.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "address" | "addr" => {}
        _ => return from.expected("an address"),
    }
    let from = from.skip(1);
    let (left, subnet) = if six { prefix6(from)? } else { prefix4(from)? };
    let Some(address) = host(from.peek(0)) else { return from.expected("an address") };
    let (left, secondary) = if six { (left, false) } else { address_option(left)? };
    let address = InterfaceAddress { address, subnet: subnet.value, secondary, shared: false };
    Ok((left, Said::Address(Fact::new(address, subnet.at()))))
}

fn address_option<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "label" => name(next).map(|(left, _)| (left, false)),
        "peer" => prefix4(next).map(|(left, _)| (left, false)),
        "secondary" => Ok((next, true)),
        _ => Ok((input, false)),
    }
}

/// The address in front of the length.
fn host(word: &str) -> Option<IpAddr> {
    word.split_once('/')?.0.parse().ok()
}

fn apply<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    match said {
        Said::Description(text) => {
            draft.free_text(text.at());
            interface.description = (!negated).then_some(text);
        }
        Said::Shutdown => interface.shutdown = Some(Fact::new(!negated, at)),
        Said::Address(address) => {
            interface.addresses.retain(|it| {
                (it.value.address, it.value.subnet) != (address.value.address, address.value.subnet)
            });
            interface.addresses.extend((!negated).then_some(address));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::vlans;

    #[test]
    fn names_say_vlan_ids() {
        let table = [
            ("eth0.300", Some((300, None))),
            ("bond1.300.20", Some((300, Some(20)))),
            ("eth0", None),
            ("eth0.0", None),
            ("eth0.4095", None),
            ("eth0.x", None),
            (".300", None),
            ("a.1.2.3", None),
        ];
        for (name, ids) in table {
            assert_eq!(vlans(name), ids, "{name}");
        }
    }
}
