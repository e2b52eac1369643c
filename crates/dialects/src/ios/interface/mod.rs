//! Interfaces and subinterfaces: addresses, VRF, VLAN, side of translation, filters.
//!
//! Most of what an interface can be told (media, switching, quality of service) matters to no route and
//! no translation; [`inert`] lists it with the reasons.

use edgelint_model::{Fact, Interface, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{is_exit, listed, long_name, lower, polarity, room, whole};
use super::references;
use crate::phrases::is_word;
use crate::secrets;

mod inert;
mod said;

/// interface ::= "interface" interface-name NL (INDENT interface-line+ inert-exit? DEDENT)?
///             | "no" "interface" interface-name NL
pub(super) fn interface<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let name = whole(interface_name(words.skip(1)));
    let Some(name) = name.filter(|_| !is_word(words, 1, "range")) else {
        return draft.account_block(Part::Interface, statement, State::Unmodelled);
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
    let since = at.start;
    for child in statement.children() {
        interface_line(draft, (&mut interface, since), child);
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

/// The name, without what follows it on the lines of some subinterfaces. A blank between type and
/// number is kept as it stands.
///
/// interface-name ::= (NAME - "range") NAME* ("point-to-point" | "multipoint" | "l2transport")?
fn interface_name<'w, 't>(words: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    let last = words.peek(words.len().saturating_sub(1));
    let mut low = room();
    let count = match lower(last, &mut low) {
        "point-to-point" | "multipoint" | "l2transport" if 1 < words.len() => words.len() - 1,
        _ => words.len(),
    };
    long_name(words, count).map(|(left, name)| (left.skip(words.len() - count), name))
}

/// interface-line ::= "no"? interface-said NL | "no" interface-clear NL | redundancy-line
///                  | inert-interface | inert-interface-ip
fn interface_line<'t>(
    draft: &mut Draft<'t>,
    (interface, since): (&mut Interface<'t>, u32),
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
            if let said::Said::Uses(kind, name) = read
                && negated
            {
                draft.forget_name(kind, name.value, since);
            }
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
    let below = if state == State::Inert { state } else { said::submode(words) };
    for child in line.children() {
        draft.account_block(part, child, below);
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
        references::in_block(draft, line);
    }
}

#[cfg(test)]
mod tests {
    use super::interface;
    use crate::ios::lines::tests::{counts, shown};
    use edgelint_model::{Device, Part};
    use std::fmt::Write;

    fn show(device: &Device<'_>) -> String {
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
                ("tunnel", it.tunnel),
            ];
            for (flag, _) in flags.iter().filter(|(_, on)| *on) {
                write!(text, " {flag}").unwrap();
            }
            let names = [
                ("vrf", it.vrf),
                ("in", it.options.filter_in),
                ("out", it.options.filter_out),
                ("zone", it.options.zone),
                ("like", it.options.unnumbered),
            ];
            for (what, name) in names {
                if let Some(name) = name {
                    write!(text, " {what} {}", name.value).unwrap();
                }
            }
            for (what, number) in
                [("vlan", it.vlan), ("inner", it.options.inner_vlan), ("mtu", it.options.mtu)]
            {
                if let Some(number) = number {
                    write!(text, " {what} {}", number.value).unwrap();
                }
            }
            if let Some(nat) = it.nat {
                write!(text, " {:?}", nat.value).unwrap();
            }
            writeln!(text, " blind {}", it.blind.len()).unwrap();
        }
        writeln!(text, "{} {}", counts(device, Part::Interface), counts(device, Part::Nat))
            .unwrap();
        text
    }

    #[test]
    fn addresses_of_both_families() {
        let text = "interface GigabitEthernet0/0.100\n encapsulation dot1Q 100 second-dot1q 20\n vrf forwarding Tenant 1\n \
                    ip address 192.0.2.1 255.255.255.252\n ip address 198.51.100.1 255.255.255.0 secondary\n \
                    ipv6 address 2001:db8::1/64\n ipv6 address fe80::1 link-local\n ip nat inside\n ip mtu 1400\n \
                    ip access-group GUARD in\n no shutdown\n bfd interval 300 min_rx 300 multiplier 3\n";
        assert_eq!(
            shown(text, interface, show),
            "GigabitEthernet0/0.100: 192.0.2.1 in 192.0.2.0/30 +198.51.100.1 in 198.51.100.0/24 \
             2001:db8::1 in 2001:db8::/64 fe80::1 in fe80::/64 bfd vrf Tenant 1 in GUARD vlan 100 \
             inner 20 mtu 1400 Inside blind 0\n11/0/0/0 1/0/0/0\n"
        );
    }

    #[test]
    fn other_ways_to_an_address() {
        let text = "interface Tunnel1\n ip unnumbered Loopback0\n shutdown\n zone-member security OUT\ninterface Dialer 1\n \
                    ip address negotiated\n ip nat outside\ninterface Vlan10\n ip address dhcp\n standby 1 ip 10.0.0.1\n \
                    mystery knob\n duplex auto\n ip address 10.0.0.2 255.0.255.0\n";
        assert_eq!(
            shown(text, interface, show),
            "Tunnel1: down tunnel zone OUT like Loopback0 blind 0\nDialer 1: dynamic Outside blind 0\n\
             Vlan10: dynamic fhrp blind 2\n9/1/1/1 1/0/0/0\n"
        );
    }

    #[test]
    fn no_takes_back() {
        let text = "interface Vlan1\n ip address 10.0.0.1 255.255.255.0\n ip nat inside\n ip access-group A in\n\
                    interface Vlan1\n no ip address\n no ip nat inside\n no ip access-group A in\n";
        assert_eq!(shown(text, interface, show), "Vlan1: blind 0\n6/0/0/0 2/0/0/0\n");
    }
}
