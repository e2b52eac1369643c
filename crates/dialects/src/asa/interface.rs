//! Interfaces: their names towards the rest of the configuration, trust, addresses, VLAN.
//!
//! `nameif` gives an interface the name by which translations, routes and filters mean it. Most of what
//! else an interface can be told matters to no route and no translation; [`INERT`] lists it with reasons.
//! Source of the syntax: Cisco ASA Series Command Reference, `interface`, `nameif`, `ip address`.

use std::net::IpAddr;

use edgelint_model::{Fact, Interface, InterfaceAddress, ObjectKind, Part, State, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, Names, host4, is_exit, listed, lower, polarity, room, whole};
use crate::phrases::{ipv4, ipv6, is_word, mask_length, name, number_in, rest, word};
use crate::secrets;

/// Lines that decide neither routes nor translation.
///
/// inert-interface-line ::= "no"? inert-interface-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("allocate-interface", "which context has it"),
    ("asr-group", "high availability"),
    ("authentication", "keys of interior protocols"),
    ("bfd", "when a neighbor is lost"),
    ("bridge-group", "bridges"),
    ("channel-group", "bundles"),
    ("cts", "who sends packets"),
    ("ddns", "names"),
    ("delay", "metric of interior protocols"),
    ("dhcp", "addresses of hosts"),
    ("dhcprelay", "addresses of hosts"),
    ("duplex", "media"),
    ("flowcontrol", "media"),
    ("forward", "licence of small devices"),
    ("hardware", "media"),
    ("hello-interval", "timers of interior protocols"),
    ("hold-time", "timers of interior protocols"),
    ("igmp", "multicast"),
    ("ip eigrp", "interior protocols"),
    ("ip ospf", "interior protocols"),
    ("ipsec", "tunnels"),
    ("ipv6 dhcp", "addresses of hosts"),
    ("ipv6 enable", "an address of the link alone"),
    ("ipv6 nd", "how neighbors are found"),
    ("ipv6 ospf", "interior protocols"),
    ("ipv6 unnumbered", "an address of the link alone"),
    ("isis", "interior protocols"),
    ("lacp", "bundles"),
    ("mac-address", "media"),
    ("management-only", "packets do not pass"),
    ("member-interface", "bundles"),
    ("mfib", "multicast"),
    ("mtu", "media"),
    ("multicast", "multicast"),
    ("negotiation", "media"),
    ("nve-only", "overlay"),
    ("ospf", "interior protocols"),
    ("pim", "multicast"),
    ("port-channel", "bundles"),
    ("power", "media"),
    ("pppoe", "how the link opens"),
    ("rip", "interior protocols"),
    ("segment-id", "overlay"),
    ("spanning-tree", "bridges"),
    ("speed", "media"),
    ("split-horizon", "interior protocols"),
    ("summary-address", "interior protocols"),
    ("switchport", "ports of a switch"),
    ("tunnel", "tunnels; what runs through them is routed like anything else"),
    ("vtep-nve", "overlay"),
    ("zone-member", "interfaces that share their connections"),
];

/// interface ::= "interface" NAME NL (INDENT interface-line* (interface-line | inert-exit) DEDENT)?
///     | "no" "interface" NAME NL
pub(super) fn interface<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(name) = whole(interface_name(words)) else {
        return other(draft, statement, (words, negated));
    };
    draft.account(Part::Interface, statement, State::Modelled);
    let at = statement.span();
    if negated {
        draft.device.interfaces.retain(|it| it.name != name.value);
        draft.undefine(ObjectKind::Interface, name.value);
        return draft.stray(statement);
    }
    draft.define(ObjectKind::Interface, name.value, at);
    let known = draft.device.interfaces.iter().position(|it| it.name == name.value);
    let place = known.unwrap_or_else(|| {
        let mut interface = Interface::new(name.value, at);
        interface.tunnel =
            name.value.get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("tunnel"));
        draft.device.interfaces.push(interface);
        draft.device.interfaces.len() - 1
    });
    for child in statement.children() {
        interface_line(draft, place, child);
    }
}

fn interface_name<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    let (left, _) = word("interface")(input)?;
    name(left)
}

/// Before release 7.0 the media stood behind the name.
///
/// inert-media ::= "interface" NAME REST NL
fn other<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    (words, negated): (Words<'_, 't>, bool),
) {
    let state = if 2 < words.len() && !negated { State::Inert } else { State::Unmodelled };
    draft.account(Part::Interface, statement, state);
    draft.stray(statement);
    if let (State::Inert, Some(name)) = (state, words.token(1)) {
        draft.define(ObjectKind::Interface, name.text, statement.span());
        let known = draft.device.interfaces.iter().any(|it| it.name == name.text);
        if !known {
            draft.device.interfaces.push(Interface::new(name.text, statement.span()));
        }
    }
}

/// What a line says.
#[derive(Debug)]
pub(super) enum Said<'t> {
    Nameif(Option<Fact<&'t str>>),
    Level(Option<Fact<u32>>),
    Description(Option<Fact<&'t str>>),
    Address(Fact<InterfaceAddress>),
    /// An address that a server gives.
    Dynamic,
    /// No address of IPv4.
    NoAddress,
    Vlan(Option<Fact<u32>>),
    Shutdown,
    PolicyRouting(Fact<&'t str>),
}

/// interface-line ::= "no"? interface-said NL | "no" interface-clear NL | inert-interface-line
fn interface_line<'t>(draft: &mut Draft<'t>, place: usize, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    let read = whole(interface_said(&draft.pending.names, words));
    let read = read.or_else(|| if negated { whole(interface_clear(words)) } else { None });
    let state = match &read {
        Some(_) => State::Modelled,
        None if is_exit(line.words()) || listed(INERT, words) => State::Inert,
        None if is_head(words) => State::Unmodelled,
        None => State::Opaque,
    };
    draft.account(Part::Interface, line, state);
    // What stands below a line that is of no consequence is of none either.
    let below = if state == State::Inert { state } else { State::Opaque };
    line.children().for_each(|child| draft.account_block(Part::Interface, child, below));
    if let Some(said) = read {
        return apply(draft, place, line.span(), (said, negated));
    }
    secrets::in_block(draft, line);
    if state != State::Inert
        && let Some(interface) = draft.device.interfaces.get_mut(place)
    {
        interface.blind.push(line.span());
    }
}

fn is_head(words: Words<'_, '_>) -> bool {
    ["nameif", "security-level", "ip", "ipv6", "vlan", "policy-route"]
        .iter()
        .any(|head| is_word(words, 0, head))
}

/// interface-said ::= "nameif" NAME | "security-level" RANGE_0_100 | "description" REST | "shutdown"
///     | "ip" "address" ip-address
///     | "ipv6" "address" ipv6-address | "vlan" VLAN ("secondary" WORD+)?
///     | "policy-route" "route-map" NAME
fn interface_said<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "nameif" => name(next).map(|(left, name)| (left, Said::Nameif(Some(name)))),
        "security-level" => {
            number_in(0, 100)(next).map(|(left, level)| (left, Said::Level(Some(level))))
        }
        "description" => rest(next).map(|(left, text)| (left, Said::Description(Some(text)))),
        "shutdown" => Ok((next, Said::Shutdown)),
        "ip" => {
            let (left, _) = word("address")(next)?;
            ip_address(names, left)
        }
        "ipv6" => {
            let (left, _) = word("address")(next)?;
            ipv6_address(left)
        }
        "vlan" => {
            let (left, vlan) = number_in(1, 4094)(next)?;
            let secondary = is_word(left, 0, "secondary") && 1 < left.len();
            let left = if secondary { left.skip(left.len()) } else { left };
            Ok((left, Said::Vlan(Some(vlan))))
        }
        "policy-route" => {
            let (left, _) = word("route-map")(next)?;
            name(left).map(|(left, policy)| (left, Said::PolicyRouting(policy)))
        }
        _ => input.expected("a setting of an interface"),
    }
}

/// interface-clear ::= "nameif" | "security-level" | "description" | "ip" "address" | "vlan"
fn interface_clear<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let next = input.skip(1);
    let mut low = room();
    let said = match lower(input.peek(0), &mut low) {
        "nameif" => Said::Nameif(None),
        "security-level" => Said::Level(None),
        "description" => Said::Description(None),
        "ip" => return word("address")(next).map(|(left, _)| (left, Said::NoAddress)),
        "vlan" => Said::Vlan(None),
        _ => return input.expected("a setting of an interface"),
    };
    Ok((next, said))
}

/// ip-address ::= ADDR4 MASK4 ("standby" ADDR4)? | ("dhcp" | "pppoe") "setroute"? ("retry" RANGE_4_16)?
fn ip_address<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    if is_word(input, 0, "dhcp") || is_word(input, 0, "pppoe") {
        let left = input.skip(1);
        let left = word("setroute")(left).map_or(left, |(left, _)| left);
        return match word("retry")(left) {
            Ok((left, _)) => number_in(4, 16)(left).map(|(left, _)| (left, Said::Dynamic)),
            Err(_) => Ok((left, Said::Dynamic)),
        };
    }
    let (left, address) = host4(names, input)?;
    let (left, mask) = ipv4(left)?;
    let prefix =
        mask_length(mask.value).and_then(|length| Prefix::new(IpAddr::V4(address.value), length));
    let Some(subnet) = prefix else { return input.expected("a network mask") };
    let left = match word("standby")(left) {
        // The address of the other device of the pair.
        Ok((left, _)) => host4(names, left)?.0,
        Err(_) => left,
    };
    let address = InterfaceAddress {
        address: IpAddr::V4(address.value),
        subnet,
        secondary: false,
        shared: false,
    };
    Ok((left, Said::Address(Fact::new(address, mask_at(input)))))
}

/// The words of an address and its mask.
fn mask_at(input: Words<'_, '_>) -> Span {
    input.first(2).span().unwrap_or(Span::new(input.file(), 0, 0))
}

/// ipv6-address ::= PREFIX6 ("eui-64" | "standby" ADDR6)? | ADDR6 "link-local" ("standby" ADDR6)? | "autoconfig" ("default" "trust" "dhcp")?
fn ipv6_address<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    if is_word(input, 0, "autoconfig") {
        let left = input.skip(1);
        if is_word(left, 0, "default") && is_word(left, 1, "trust") && is_word(left, 2, "dhcp") {
            return Ok((left.skip(3), Said::Dynamic));
        }
        return Ok((left, Said::Dynamic));
    }
    let Some(token) = input.token(0) else { return input.expected("an address") };
    let standby = |left: Words<'w, 't>| match word("standby")(left) {
        Ok((left, _)) => ipv6(left).map(|(left, _)| left),
        Err(_) => Ok(left),
    };
    if let Ok((left, address)) = ipv6(input) {
        let (left, _) = word("link-local")(left)?;
        let left = standby(left)?;
        let address = IpAddr::V6(address.value);
        let Some(subnet) = Prefix::new(address, 64) else { return input.expected("an address") };
        let address = InterfaceAddress { address, subnet, secondary: false, shared: false };
        return Ok((left, Said::Address(Fact::new(address, token.span))));
    }
    let (left, subnet) = crate::phrases::prefix6(input)?;
    let own = token.text.split('/').next().and_then(|text| text.parse().ok());
    let Some(address) = own else { return input.expected("an address") };
    let left = match word("eui-64")(left) {
        Ok((left, _)) => left,
        Err(_) => standby(left)?,
    };
    let address =
        InterfaceAddress { address, subnet: subnet.value, secondary: false, shared: false };
    Ok((left, Said::Address(Fact::new(address, token.span))))
}

/// Puts what a line says into the interface, or takes it back.
fn apply<'t>(draft: &mut Draft<'t>, place: usize, at: Span, (said, negated): (Said<'t>, bool)) {
    let kept = !negated;
    match &said {
        Said::Nameif(Some(name)) if kept => draft.define(ObjectKind::Interface, name.value, at),
        Said::Description(Some(text)) => draft.free_text(text.at()),
        Said::PolicyRouting(policy) if kept => {
            draft.use_name(ObjectKind::Policy, *policy, Usage::PolicyRouting);
        }
        _ => {}
    }
    let Some(interface) = draft.device.interfaces.get_mut(place) else { return };
    match said {
        Said::Nameif(name) => interface.options.zone = name.filter(|_| kept),
        Said::Level(level) => interface.options.security_level = level.filter(|_| kept),
        Said::Description(text) => interface.description = text.filter(|_| kept),
        Said::Address(address) => {
            let six = address.value.address.is_ipv6();
            // One address of IPv4; a new one takes its place.
            interface.addresses.retain(|it| {
                it.value.address.is_ipv6() && (!six || it.value != address.value)
                    || it.value.address.is_ipv4() && six
            });
            interface.addresses.extend(kept.then_some(address));
        }
        Said::Dynamic => interface.options.dynamic_address = kept.then_some(Fact::new((), at)),
        Said::NoAddress => interface.addresses.retain(|it| it.value.address.is_ipv6()),
        Said::Vlan(vlan) => interface.vlan = vlan.filter(|_| kept),
        Said::Shutdown => interface.shutdown = Some(Fact::new(kept, at)),
        Said::PolicyRouting(policy) => {
            interface.options.policy_routing = kept.then_some(policy);
        }
    }
}

/// Before release 7.0 the names of interfaces stood at the top.
///
/// old-nameif ::= "nameif" NAME NAME SECURITY NL
pub(super) fn old_nameif<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    let (Some(own), Some(name), Some(level)) = (words.token(1), words.token(2), words.token(3))
    else {
        return draft.account(Part::Interface, statement, State::Unmodelled);
    };
    let number = level.text.get(8..).filter(|_| level.text.starts_with("security"));
    let number = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let number = number.and_then(|number| number.parse::<u32>().ok()).filter(|it| *it <= 100);
    let Some(number) = number.filter(|_| !negated && words.len() == 4) else {
        return draft.account(Part::Interface, statement, State::Unmodelled);
    };
    draft.account(Part::Interface, statement, State::Modelled);
    let at = statement.span();
    draft.define(ObjectKind::Interface, name.text, at);
    let known = draft.device.interfaces.iter().position(|it| it.name == own.text);
    let place = known.unwrap_or_else(|| {
        draft.device.interfaces.push(Interface::new(own.text, at));
        draft.device.interfaces.len() - 1
    });
    let Some(interface) = draft.device.interfaces.get_mut(place) else { return };
    interface.options.zone = Some(Fact::new(name.text, name.span));
    interface.options.security_level = Some(Fact::new(number, level.span));
}

/// Before release 7.0 the addresses of interfaces stood at the top.
///
/// old-address ::= "ip" "address" NAME ip-address NL
pub(super) fn old_address<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    let read = whole(ip_address(&draft.pending.names, words.skip(3)));
    match (read, negated) {
        (Some(said), false) => {
            draft.account(Part::Interface, statement, State::Modelled);
            draft.pending.addresses.push((words.peek(2), statement.span(), said));
        }
        _ => draft.account(Part::Interface, statement, State::Unmodelled),
    }
}

/// Gives such addresses to their interfaces; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for (nameif, at, said) in std::mem::take(&mut draft.pending.addresses) {
        let named = |zone: Option<Fact<&str>>| zone.is_some_and(|zone| zone.value == nameif);
        let place = draft.device.interfaces.iter().position(|it| named(it.options.zone));
        if let Some(place) = place {
            apply(draft, place, at, (said, false));
        }
    }
}
