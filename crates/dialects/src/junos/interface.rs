//! `interfaces`: units with their addresses, VLANs, filters; and the ports they are on.
//!
//! What carries addresses in Junos is a unit, called by port and number (`ge-0/0/0.0`) everywhere
//! else in the configuration. So every unit is an interface, and so is its port.

use std::collections::HashMap;
use std::net::IpAddr;

use edgelint_model::{Interface, InterfaceAddress, ObjectKind, Part, State, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use super::draft::{Account, Draft, Leaf, heading};

/// Where the interfaces stand in the device.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    ports: HashMap<&'t str, usize>,
    units: HashMap<(&'t str, &'t str), usize>,
    /// Ports of units, in the order of the file.
    ports_of_units: Vec<(&'t str, Span)>,
    /// Which interface is in which zone.
    pub(super) zones: Vec<(&'t str, edgelint_model::Fact<&'t str>)>,
}

/// Reads one path of `interfaces`.
///
/// interfaces ::= "interfaces" INTERFACE ("unit" UINT16)? interface-setting?
pub(super) fn read<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let Some(port) = words.token(1) else { return (Part::Interface, State::Inert) };
    if matches!(port.text, "apply-groups" | "apply-groups-except") {
        return (Part::Interface, State::Modelled);
    }
    if matches!(port.text, "interface-range" | "interface-set" | "traceoptions") {
        return (Part::Interface, State::Inert);
    }
    let unit = (words.peek(2) == "unit").then(|| words.token(3)).flatten();
    let rest = words.skip(if unit.is_some() { 4 } else { 2 });
    let at = heading(words, if unit.is_some() { 4 } else { 2 });
    let ports = &mut draft.interfaces.ports_of_units;
    if unit.is_some() && ports.last().is_none_or(|last| last.0 != port.text) {
        ports.push((port.text, heading(words, 2)));
    }
    let Some(interface) = interface(draft, port, unit, at) else {
        return (Part::Interface, State::Unmodelled);
    };
    let mut said = Said::default();
    let state = setting(interface, leaf, rest, &mut said);
    if state == State::Unmodelled {
        interface.blind.push(leaf.at);
    }
    draft.device.free_text.extend(said.free_text);
    if let Some(filter) = said.filters {
        draft.use_name(ObjectKind::Acl, filter, Usage::InterfaceFilter);
    }
    (Part::Interface, state)
}

/// What a path says besides its value.
#[derive(Default)]
struct Said<'t> {
    free_text: Option<Span>,
    filters: Option<Token<'t>>,
}

fn interface<'d, 't>(
    draft: &'d mut Draft<'t>,
    port: Token<'t>,
    unit: Option<Token<'t>>,
    at: Span,
) -> Option<&'d mut Interface<'t>> {
    let interfaces = &mut draft.device.interfaces;
    let pending = &mut draft.interfaces;
    let arena = draft.arena;
    let tunnel = ["st0", "gr-", "ip-", "gre", "fti"].iter().any(|kind| port.text.starts_with(kind));
    let mut add = |name: &'t str| {
        let mut interface = Interface::new(name, at);
        interface.tunnel = tunnel;
        interfaces.push(interface);
        interfaces.len() - 1
    };
    let place = match unit {
        None => *pending.ports.entry(port.text).or_insert_with(|| add(port.text)),
        Some(unit) => *pending
            .units
            .entry((port.text, unit.text))
            .or_insert_with(|| add(arena.keep(&format!("{}.{}", port.text, unit.text)))),
    };
    draft.device.interfaces.get_mut(place)
}

/// What is said about a port or a unit.
///
/// interface-setting ::= "description" WORD | "disable" | "mtu" UINT16 | "vlan-id" VLAN
///     | "vlan-tags" "outer" VLAN ("inner" VLAN)? | family-address
fn setting<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'t>,
) -> State {
    let token = words.token(1);
    let at = token.map_or(leaf.at, |token| token.span);
    match (words.peek(0), token) {
        ("", _) | ("apply-groups" | "apply-groups-except", _) => {}
        ("description", Some(token)) => {
            said.free_text = words.skip(1).span();
            leaf.put(&mut interface.description, token.text, token.span);
        }
        ("disable", _) => {
            let at = words.token(0).map_or(leaf.at, |token| token.span);
            leaf.put(&mut interface.shutdown, true, at);
        }
        ("mtu", Some(token)) => match token.text.parse() {
            Ok(mtu) => leaf.put(&mut interface.options.mtu, mtu, at),
            Err(_) => return State::Unmodelled,
        },
        ("vlan-id", Some(token)) => match token.text.parse() {
            Ok(vlan) => leaf.put(&mut interface.vlan, vlan, at),
            Err(_) => return State::Unmodelled,
        },
        ("vlan-tags", Some(_)) => return vlan_tags(interface, leaf, words.skip(1)),
        ("tunnel", Some(_)) => interface.tunnel = true,
        ("family", Some(family)) if matches!(family.text, "inet" | "inet6") => {
            return family_setting(interface, leaf, words.skip(2), said);
        }
        // Inert: optics, encapsulation, queues, aggregation, other families.
        _ => return State::Inert,
    }
    State::Modelled
}

fn vlan_tags<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> State {
    let tag = |text: &str| text.rsplit('.').next().and_then(|id| id.parse().ok());
    let mut at = 0;
    while at < words.len() {
        let Some((id, token)) = tag(words.peek(at + 1)).zip(words.token(at + 1)) else {
            return State::Unmodelled;
        };
        match words.peek(at) {
            "outer" => leaf.put(&mut interface.vlan, id, token.span),
            "inner" => leaf.put(&mut interface.options.inner_vlan, id, token.span),
            _ => return State::Unmodelled,
        }
        at += 2;
    }
    State::Modelled
}

/// Addresses and filters of a family.
///
/// family-address ::= "family" ("inet" | "inet6") ("address" PREFIX | "mtu" UINT16 | "unnumbered-address" INTERFACE
///     | "filter" ("input" | "output") NAME | "dhcp")?
fn family_setting<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'t>,
) -> State {
    let token = words.token(1);
    match (words.peek(0), token) {
        ("", _) | ("apply-groups" | "apply-groups-except", _) => State::Modelled,
        ("address", Some(token)) => address(interface, leaf, token, words.skip(2)),
        ("mtu", Some(token)) => match token.text.parse() {
            Ok(mtu) => {
                leaf.put(&mut interface.options.mtu, mtu, token.span);
                State::Modelled
            }
            Err(_) => State::Unmodelled,
        },
        ("unnumbered-address", Some(token)) => {
            leaf.put(&mut interface.options.unnumbered, token.text, token.span);
            State::Modelled
        }
        ("dhcp" | "dhcp-client" | "dhcpv6-client" | "negotiate-address", _) => {
            leaf.put(&mut interface.options.dynamic_address, (), leaf.at);
            State::Modelled
        }
        ("filter", Some(direction)) => {
            let Some(name) = words.token(2) else { return State::Inert };
            match direction.text {
                "input" => leaf.put(&mut interface.options.filter_in, name.text, name.span),
                "output" => leaf.put(&mut interface.options.filter_out, name.text, name.span),
                "input-list" | "output-list" => {}
                _ => return State::Inert,
            }
            said.filters = Some(name);
            State::Modelled
        }
        // Inert: how packets are checked, sampled, policed.
        _ => State::Inert,
    }
}

fn address<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    token: Token<'t>,
    options: Words<'_, 't>,
) -> State {
    let Some((address, subnet)) = host(token.text) else { return State::Unmodelled };
    let known = interface.addresses.iter().any(|one| one.value.address == address);
    if !known {
        let value = InterfaceAddress { address, subnet, secondary: false };
        interface.addresses.push(leaf.fact(value, token.span));
    }
    match options.peek(0) {
        "vrrp-group" | "vrrp-inet6-group" => {
            leaf.put(&mut interface.options.first_hop_redundancy, (), leaf.at);
            State::Modelled
        }
        "" => State::Modelled,
        // Inert: which address is preferred, ARP entries.
        _ => State::Inert,
    }
}

/// An address with the subnet it makes.
fn host(text: &str) -> Option<(IpAddr, Prefix)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address.parse().ok()?, length.parse().ok()?),
        None => {
            let address: IpAddr = text.parse().ok()?;
            (address, if address.is_ipv4() { 32 } else { 128 })
        }
    };
    Some((address, Prefix::new(address, length)?))
}

/// Puts interfaces into their instances and zones; a unit of a port that is off is off.
pub(super) fn finish(draft: &mut Draft<'_>) {
    // A port is there as soon as something is said about a unit of it.
    for (port, at) in std::mem::take(&mut draft.interfaces.ports_of_units) {
        if !draft.interfaces.ports.contains_key(port) {
            draft.define(ObjectKind::Interface, port, at);
        }
    }
    let members = std::mem::take(&mut draft.routing.members);
    let zones = std::mem::take(&mut draft.interfaces.zones);
    let places: HashMap<&str, usize> =
        (0..).zip(&draft.device.interfaces).map(|(at, one)| (one.name, at)).collect();
    // A unit is unit 0 where none is named.
    let find = |name: &str| {
        let place = places.get(name).copied();
        let unit = (!name.contains('.')).then(|| places.get(format!("{name}.0").as_str()));
        unit.flatten().copied().or(place)
    };
    let mut shut: Vec<(usize, edgelint_model::Fact<bool>)> = Vec::new();
    for (at, interface) in draft.device.interfaces.iter().enumerate() {
        let port = interface.name.rsplit_once('.').and_then(|(port, _)| places.get(port));
        let port = port.and_then(|port| draft.device.interfaces.get(*port));
        shut.extend(port.and_then(|port| port.shutdown).map(|fact| (at, fact)));
    }
    let members: Vec<_> =
        members.iter().filter_map(|(name, vrf)| Some((find(name)?, *vrf))).collect();
    let zones: Vec<_> =
        zones.iter().filter_map(|(name, zone)| Some((find(name)?, *zone))).collect();
    let interfaces = &mut draft.device.interfaces;
    for (place, vrf) in members {
        interfaces.get_mut(place).into_iter().for_each(|it| it.vrf = Some(vrf));
    }
    for (place, zone) in zones {
        interfaces.get_mut(place).into_iter().for_each(|it| it.options.zone = Some(zone));
    }
    for (place, fact) in shut {
        interfaces.get_mut(place).into_iter().for_each(|it| {
            let at = it.at;
            it.shutdown.get_or_insert(fact.applied_by(at));
        });
    }
}
