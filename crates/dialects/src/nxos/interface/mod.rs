//! Interfaces and subinterfaces: addresses, VRF, VLAN, side of translation, filters.
//!
//! Most of what an interface can be told (media, switching, quality of service) matters to no route and
//! no translation; [`inert`] lists it with the reasons.

use edgelint_model::{Fact, Interface, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{is_exit, listed, lower, polarity, room, whole};
use super::references;
use super::route::is_interface;
use crate::phrases::is_word;
use crate::phrases::lines::long_name;
use crate::secrets;

mod inert;
mod said;

/// interface ::= "interface" interface-name NL (INDENT interface-line+ inert-exit? DEDENT)?
/// no-interface ::= undo "interface" interface-name NL
pub(super) fn interface<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    if is_word(words, 1, "breakout") {
        // How many ports a port is split into.
        return draft.account_block(Part::Interface, statement, State::Inert);
    }
    let Some(name) = whole(interface_name(words.skip(1))) else {
        draft.account_block(Part::Interface, statement, State::Unmodelled);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Interface, statement, State::Modelled);
    if negated {
        remove(draft, name.value);
        for child in statement.children() {
            draft.account_block(Part::Interface, child, State::Opaque);
        }
        return;
    }
    let at = statement.span();
    draft.define(ObjectKind::Interface, name.value, at);
    let known = draft.device.interfaces.iter().rposition(|it| it.name == name.value);
    let mut interface = match known {
        Some(index) => std::mem::replace(
            draft.device.interfaces.get_mut(index).expect("found just now"),
            Interface::new(name.value, at),
        ),
        None => Interface::new(name.value, at),
    };
    let tunnel = name.value.get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("tunnel"));
    interface.tunnel |= tunnel;
    for child in statement.children() {
        interface_line(draft, &mut interface, child);
    }
    match known.and_then(|index| draft.device.interfaces.get_mut(index)) {
        Some(place) => *place = interface,
        None => draft.device.interfaces.push(interface),
    }
}

/// Takes an interface back, with the names that it used.
fn remove<'t>(draft: &mut Draft<'t>, name: &str) {
    let (gone, kept) =
        std::mem::take(&mut draft.device.interfaces).into_iter().partition(|it| it.name == name);
    draft.device.interfaces = kept;
    let gone: Vec<Interface<'t>> = gone;
    for it in gone {
        let used = [it.vrf, it.options.unnumbered, it.options.filter_in, it.options.filter_out];
        let policies = [it.options.policy_routing, it.options.ipv6_policy_routing];
        used.iter().chain(&policies).flatten().for_each(|name| draft.forget(name.at()));
        draft.undefine(ObjectKind::Interface, it.name);
    }
}

/// The name. A blank between type and number is kept as it stands. Several interfaces at once are a way to
/// type, which no export holds: `Ethernet1/1-4`, `Ethernet1/1, Ethernet1/2`.
///
/// interface-name ::= INTERFACE | interface-kind WORD
/// interface-kind ::= "ethernet" | "loopback" | "vlan" | "port-channel" | "tunnel" | "mgmt" | "nve"
fn interface_name<'w, 't>(words: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    let mut low = room();
    let count = match lower(words.peek(0), &mut low) {
        "ethernet" | "loopback" | "vlan" | "port-channel" | "tunnel" | "mgmt" | "nve" => 2,
        _ if is_interface(words.peek(0)) => 1,
        _ => return words.expected("one interface"),
    };
    if words.len() != count {
        return words.expected("one interface");
    }
    long_name(words, count)
}

/// interface-line ::= undo? interface-said NL | undo interface-clear NL | redundancy-line | inert-interface | inert-interface-ip
fn interface_line<'t>(
    draft: &mut Draft<'t>,
    interface: &mut Interface<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if !negated && is_word(words, 0, "interface") {
        // A device would leave the block: exports that lost their indentation do too.
        return self::interface(draft, line);
    }
    let read = whole(said::interface_said(words));
    let part = match read {
        Some(said::Said::Nat(_)) => Part::Nat,
        _ => Part::Interface,
    };
    let state = match read {
        Some(read) => {
            said::apply(draft, interface, line.span(), (read, negated));
            State::Modelled
        }
        None if negated && said::clears(draft, interface, words) => State::Modelled,
        None if is_exit(line.words()) => State::Inert,
        None if listed(inert::INERT, words) || listed(inert::INERT_IP, words) => State::Inert,
        None => {
            interface.blind.push(line.span());
            if said::is_head(words) { State::Unmodelled } else { State::Opaque }
        }
    };
    draft.account(part, line, state);
    // What stands below a line is a submode of it and as harmless or as unknown as the line itself.
    let below = if state == State::Inert { state } else { submode(words) };
    for child in line.children() {
        draft.account_block(part, child, below);
    }
    if state != State::Modelled || line.has_children() {
        secrets::in_block(draft, line);
        references::in_block(draft, line);
    }
}

/// What stands below the lines of a first-hop redundancy protocol.
///
/// redundancy-line ::= ("hsrp" | "vrrp" | "vrrpv3" | "glbp") REST NL inert-block?
fn submode(words: Words<'_, '_>) -> State {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "hsrp" | "vrrp" | "vrrpv3" | "glbp" => State::Inert,
        _ => State::Opaque,
    }
}

#[cfg(test)]
mod tests {
    use crate::nxos::rendering::device;
    use std::fmt::Write;

    fn shown(text: &str) -> String {
        device(text, |device| {
            let mut text = String::new();
            for it in &device.interfaces {
                write!(text, "{}:", it.name).unwrap();
                for address in &it.addresses {
                    let more = if address.value.secondary { "+" } else { "" };
                    write!(text, " {more}{} in {}", address.value.address, address.value.subnet)
                        .unwrap();
                }
                let flags = [
                    ("dynamic", it.options.dynamic_address.is_some()),
                    ("down", it.shutdown.is_some_and(|it| it.value)),
                    ("bfd", it.options.bfd.is_some()),
                    ("fhrp", it.options.first_hop_redundancy.is_some()),
                ];
                for (flag, _) in flags.iter().filter(|(_, on)| *on) {
                    write!(text, " {flag}").unwrap();
                }
                let names = [
                    ("vrf", it.vrf),
                    ("in", it.options.filter_in),
                    ("like", it.options.unnumbered),
                ];
                for (what, name) in names {
                    if let Some(name) = name {
                        write!(text, " {what} {}", name.value).unwrap();
                    }
                }
                for (what, number) in [("vlan", it.vlan), ("mtu", it.options.mtu)] {
                    if let Some(number) = number {
                        write!(text, " {what} {}", number.value).unwrap();
                    }
                }
                if let Some(nat) = it.nat {
                    write!(text, " {:?}", nat.value).unwrap();
                }
                write!(text, " blind {}|", it.blind.len()).unwrap();
            }
            text
        })
    }

    #[test]
    fn addresses_and_what_else_is_kept() {
        let text = "interface Ethernet1/1.100\n  encapsulation dot1q 100\n  vrf member T\n  ip address 192.0.2.1/30\n  \
                    ip address 198.51.100.1/24 secondary\n  ipv6 address 2001:db8::1/64\n  ip nat inside\n  mtu 9216\n  \
                    ip access-group GUARD in\n  no shutdown\n  bfd interval 300 min_rx 300 multiplier 3\n\
                    interface Vlan10\n  ip address 10.0.0.1 255.255.255.0\n  hsrp 1\n    ip 10.0.0.9\n  mystery knob\n  \
                    ip address 10.0.0.2/33\ninterface mgmt0\n  ip address dhcp\n  shutdown\n\
                    interface Ethernet1/1-4\n  shutdown\ninterface Vlan10\n  no ip address\n";
        assert_eq!(
            shown(text),
            "Ethernet1/1.100: 192.0.2.1 in 192.0.2.0/30 +198.51.100.1 in 198.51.100.0/24 \
             2001:db8::1 in 2001:db8::/64 bfd vrf T in GUARD vlan 100 mtu 9216 Inside blind 0|\
             Vlan10: fhrp blind 2|mgmt0: dynamic down blind 0|"
        );
    }
}
