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

use super::draft::{Account, Draft, Leaf, heading, number};
use crate::draft::push_tight;

/// Where the interfaces stand in the device.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    ports: HashMap<&'t str, usize>,
    units: HashMap<(&'t str, &'t str), usize>,
    /// The port or unit of the path before, and where it stands.
    last: Option<(&'t str, Option<&'t str>, usize)>,
    /// Ports of units, in the order of the file.
    ports_of_units: Vec<(&'t str, Span)>,
    /// Which interface is in which zone.
    pub(super) zones: Vec<(&'t str, edgelint_model::Fact<&'t str>)>,
}

/// Reads one path of `interfaces`.
///
/// interfaces ::= "interfaces" ((NAME - ("interface-range" | "interface-set" | "traceoptions")) ("unit" UINT16)?
///     (interface-setting | inert-interface)?)? | inert-interfaces
/// inert-interfaces ::= "interfaces" ("interface-range" | "interface-set" | "traceoptions") REST?
pub(super) fn read<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let Some(port) = words.token(1) else { return (Part::Interface, State::Modelled) };
    if matches!(port.text, "interface-range" | "interface-set" | "traceoptions") {
        return (Part::Interface, State::Inert);
    }
    let unit = words.token(3).filter(|_| matches!(words.peek(2), "unit"));
    let rest = words.skip(if unit.is_some() { 4 } else { 2 });
    let at = || heading(words, if unit.is_some() { 4 } else { 2 });
    let ports = &mut draft.interfaces.ports_of_units;
    if unit.is_some() && ports.last().is_none_or(|last| last.0 != port.text) {
        ports.push((port.text, heading(words, 2)));
    }
    let Some(interface) = interface(draft, port, unit, at) else {
        return (Part::Interface, State::Unmodelled);
    };
    let mut said = Said::default();
    let numbered = unit.is_none_or(|unit| number::<u16>(unit.text).is_some());
    let state = setting(interface, leaf, rest, &mut said).max(if numbered {
        State::Modelled
    } else {
        State::Unmodelled
    });
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
    at: impl Fn() -> Span,
) -> Option<&'d mut Interface<'t>> {
    let name = (port.text, unit.map(|unit| unit.text));
    if let Some((port, unit, place)) = draft.interfaces.last
        && (port, unit) == name
    {
        return draft.device.interfaces.get_mut(place);
    }
    let interfaces = &mut draft.device.interfaces;
    let pending = &mut draft.interfaces;
    let arena = draft.arena;
    let tunnel = ["st0", "gr-", "ip-", "gre", "fti"].iter().any(|kind| port.text.starts_with(kind));
    let mut add = |name: &'t str| {
        let mut interface = Interface::new(name, at());
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
    pending.last = Some((name.0, name.1, place));
    draft.device.interfaces.get_mut(place)
}

/// What is said about a port or a unit.
///
/// interface-setting ::= "description" WORD | "disable" | "mtu" UINT16 | "vlan-id" VLAN
///     | "vlan-tags" ("outer" VLAN ("inner" VLAN)? | "inner" VLAN "outer" VLAN) | family-address
fn setting<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'t>,
) -> State {
    let token = words.token(1);
    let at = token.map_or(leaf.at, |token| token.span);
    let single = words.len() == 2;
    match (words.peek(0), token) {
        ("", _) => {}
        ("description", Some(token)) if single => {
            said.free_text = words.skip(1).span();
            leaf.put(&mut interface.description, token.text, token.span);
        }
        ("disable", None) => {
            let at = words.token(0).map_or(leaf.at, |token| token.span);
            leaf.put(&mut interface.shutdown, true, at);
        }
        ("mtu", Some(token)) if single => match number::<u16>(token.text) {
            Some(mtu) => leaf.put(&mut interface.options.mtu, mtu.into(), at),
            None => return State::Unmodelled,
        },
        ("vlan-id", Some(token)) if single => match vlan(token.text) {
            Some(vlan) => leaf.put(&mut interface.vlan, vlan, at),
            None => return State::Unmodelled,
        },
        ("vlan-tags", Some(_)) => return vlan_tags(interface, leaf, words.skip(1)),
        ("family", Some(family)) if matches!(family.text, "inet" | "inet6") => {
            return family_setting(interface, leaf, words.skip(2), said);
        }
        ("tunnel", _) => {
            // Where it ends is the tunnel's matter; that it is one, is kept.
            interface.tunnel = true;
            return State::Inert;
        }
        ("family", None) => return State::Unmodelled,
        (head, _) if inert(head) => return State::Inert,
        _ => return State::Unmodelled,
    }
    State::Modelled
}

/// A tag of IEEE 802.1Q.
fn vlan<T: std::str::FromStr + From<u16>>(text: &str) -> Option<T> {
    number::<u16>(text).filter(|id| (1..=4094).contains(id)).map(T::from)
}

/// Whether a setting is of no consequence: optics, framing, encapsulation, queues, aggregation, other
/// families.
///
/// inert-interface ::= "tunnel" REST? | "family" (WORD - ("inet" | "inet6")) REST? | inert-port REST?
/// inert-port ::= "accounting-profile" | "aggregated-ether-options" | "aggregated-inline-services-options" | "arp-resp"
///     | "arp-l2-validate" | "atm-options" | "auto-configure" | "backup-options" | "bandwidth" | "cascade-port" | "clocking"
///     | "container-options" | "copy-tos-to-outer-ip-header" | "damping" | "demux" | "demux-destination" | "demux-options"
///     | "demux-source" | "dialer-options" | "dsl-options" | "e1-options" | "e3-options" | "encapsulation" | "epd-threshold"
///     | "esi" | "ether-options" | "etree-ac-role" | "fabric-options" | "fastether-options" | "flexible-vlan-tagging"
///     | "forwarding-class-accounting" | "framing" | "gigether-options" | "gratuitous-arp-reply" | "hierarchical-scheduler"
///     | "hold-time" | "host-prefix-only" | "input-vlan-map" | "interface-mib" | "interface-transmit-statistics"
///     | "inverse-arp" | "keepalives" | "layer2-policer" | "link-mode" | "lmi" | "load-balancing-options"
///     | "logical-tunnel-options" | "mac" | "mac-validate" | "media-type" | "minimum-links" | "mlfr-uni-nni-bundle-options"
///     | "modem-options" | "mrru" | "multi-chassis-protection" | "multicast-dlci" | "multipoint" | "native-inner-vlan-id"
///     | "native-vlan-id" | "no-gratuitous-arp-reply" | "no-gratuitous-arp-request" | "no-keepalives" | "no-traps"
///     | "number-of-sub-ports" | "oam-period" | "optics-options" | "otn-options" | "output-vlan-map" | "passive-monitor-mode"
///     | "peer-interface" | "peer-psd" | "peer-unit" | "per-unit-scheduler" | "point-to-point" | "ppp-options"
///     | "pppoe-options" | "pppoe-underlying-options" | "proxy-arp" | "radio-router" | "receive-bucket" | "redundancy-options"
///     | "redundant-ether-options" | "rpm" | "satellite-alias" | "schedulers" | "serial-options" | "service-domain"
///     | "services-options" | "shared-scheduler" | "short-sequence" | "snmp-traps" | "sonet-options" | "speed"
///     | "stacked-vlan-tagging" | "storm-control" | "swap-by-poppush" | "switch-options" | "t1-options" | "t3-options"
///     | "targeted-distribution" | "traceoptions" | "traffic-control-profiles" | "transmit-bucket" | "traps" | "trunk-bandwidth"
///     | "trunk-id" | "unused" | "vci" | "vlan-id-list" | "vlan-id-range" | "vlan-tagging" | "vpi" | "wavelength"
fn inert(head: &str) -> bool {
    INERT.binary_search(&head).is_ok()
}

/// First words of settings below routing, and beside it.
const INERT: &[&str] = &[
    "accounting-profile",
    "aggregated-ether-options",
    "aggregated-inline-services-options",
    "arp-l2-validate",
    "arp-resp",
    "atm-options",
    "auto-configure",
    "backup-options",
    "bandwidth",
    "cascade-port",
    "clocking",
    "container-options",
    "copy-tos-to-outer-ip-header",
    "damping",
    "demux",
    "demux-destination",
    "demux-options",
    "demux-source",
    "dialer-options",
    "dsl-options",
    "e1-options",
    "e3-options",
    "encapsulation",
    "epd-threshold",
    "esi",
    "ether-options",
    "etree-ac-role",
    "fabric-options",
    "family",
    "fastether-options",
    "flexible-vlan-tagging",
    "forwarding-class-accounting",
    "framing",
    "gigether-options",
    "gratuitous-arp-reply",
    "hierarchical-scheduler",
    "hold-time",
    "host-prefix-only",
    "input-vlan-map",
    "interface-mib",
    "interface-transmit-statistics",
    "inverse-arp",
    "keepalives",
    "layer2-policer",
    "link-mode",
    "lmi",
    "load-balancing-options",
    "logical-tunnel-options",
    "mac",
    "mac-validate",
    "media-type",
    "minimum-links",
    "mlfr-uni-nni-bundle-options",
    "modem-options",
    "mrru",
    "multi-chassis-protection",
    "multicast-dlci",
    "multipoint",
    "native-inner-vlan-id",
    "native-vlan-id",
    "no-gratuitous-arp-reply",
    "no-gratuitous-arp-request",
    "no-keepalives",
    "no-traps",
    "number-of-sub-ports",
    "oam-period",
    "optics-options",
    "otn-options",
    "output-vlan-map",
    "passive-monitor-mode",
    "peer-interface",
    "peer-psd",
    "peer-unit",
    "per-unit-scheduler",
    "point-to-point",
    "ppp-options",
    "pppoe-options",
    "pppoe-underlying-options",
    "proxy-arp",
    "radio-router",
    "receive-bucket",
    "redundancy-options",
    "redundant-ether-options",
    "rpm",
    "satellite-alias",
    "schedulers",
    "serial-options",
    "service-domain",
    "services-options",
    "shared-scheduler",
    "short-sequence",
    "snmp-traps",
    "sonet-options",
    "speed",
    "stacked-vlan-tagging",
    "storm-control",
    "swap-by-poppush",
    "switch-options",
    "t1-options",
    "t3-options",
    "targeted-distribution",
    "traceoptions",
    "traffic-control-profiles",
    "transmit-bucket",
    "traps",
    "trunk-bandwidth",
    "trunk-id",
    "unused",
    "vci",
    "vlan-id-list",
    "vlan-id-range",
    "vlan-tagging",
    "vpi",
    "wavelength",
];

fn vlan_tags<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> State {
    // The protocol of a tag may stand before it.
    let tag = |at: usize| {
        let id = words.peek(at).rsplit('.').next().and_then(vlan);
        id.zip(words.token(at))
    };
    let (outer, inner) = match (words.peek(0), words.peek(2), words.len()) {
        ("outer", "", 2) => (tag(1), None),
        ("outer", "inner", 4) => (tag(1), tag(3)),
        ("inner", "outer", 4) => (tag(3), tag(1)),
        _ => return State::Unmodelled,
    };
    let Some((id, token)) = outer else { return State::Unmodelled };
    leaf.put(&mut interface.vlan, id, token.span);
    match inner {
        Some((id, token)) => leaf.put(&mut interface.options.inner_vlan, id, token.span),
        None if words.len() == 4 => return State::Unmodelled,
        None => {}
    }
    State::Modelled
}

/// Addresses and filters of a family.
///
/// family-address ::= "family" ("inet" | "inet6") ("address" PREFIX | "mtu" UINT16 | "unnumbered-address" NAME
///     | "filter" ("input" | "output") NAME | "dhcp" | "dhcp-client" | "dhcpv6-client" | "negotiate-address"
///     | inert-address | inert-dynamic | inert-filter | inert-family-setting)?
/// inert-dynamic ::= ("dhcp" | "dhcp-client" | "dhcpv6-client" | "unnumbered-address" NAME) REST
/// inert-filter ::= "filter" (("input" | "output") NAME "precedence" UINT32 | ("input-list" | "output-list") NAME
///     | "group" UINT32)
/// inert-family-setting ::= ("accounting" | "arp-max-cache" | "arp-new-hold-limit" | "dad-disable" | "dad-proxy"
///     | "demux-destination" | "demux-source" | "description" | "destination-udp-port" | "directed-broadcast" | "ipsec-sa"
///     | "mac-validate" | "multicast-only" | "nd6-max-cache" | "nd6-new-hold-limit" | "ndp-proxy" | "no-neighbor-learn"
///     | "no-redirects" | "policer" | "primary" | "receive-options-packets" | "receive-ttl-exceeded" | "rpf-check"
///     | "sampling" | "service" | "simple-filter" | "targeted-broadcast" | "tcp-mss" | "unicast-mac"
///     | "adaptive-services" | "disable") REST?
fn family_setting<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'t>,
) -> State {
    let token = words.token(1);
    match (words.peek(0), token) {
        ("", _) => State::Modelled,
        ("address", Some(token)) => address(interface, leaf, token, words.skip(2)),
        ("mtu", Some(token)) if words.len() == 2 => match number::<u16>(token.text) {
            Some(mtu) => {
                leaf.put(&mut interface.options.mtu, mtu.into(), token.span);
                State::Modelled
            }
            None => State::Unmodelled,
        },
        ("unnumbered-address", Some(token)) => {
            leaf.put(&mut interface.options.unnumbered, token.text, token.span);
            if words.len() == 2 { State::Modelled } else { State::Inert }
        }
        ("negotiate-address", None) => {
            leaf.put(&mut interface.options.dynamic_address, (), leaf.at);
            State::Modelled
        }
        ("dhcp" | "dhcp-client" | "dhcpv6-client", options) => {
            leaf.put(&mut interface.options.dynamic_address, (), leaf.at);
            // How the client asks does not say what it gets.
            if options.is_none() { State::Modelled } else { State::Inert }
        }
        ("filter", Some(direction)) => filter(interface, leaf, (direction, words), said),
        // How packets are checked, sampled, policed.
        (
            "accounting"
            | "arp-max-cache"
            | "arp-new-hold-limit"
            | "dad-disable"
            | "dad-proxy"
            | "demux-destination"
            | "demux-source"
            | "description"
            | "destination-udp-port"
            | "directed-broadcast"
            | "ipsec-sa"
            | "mac-validate"
            | "multicast-only"
            | "nd6-max-cache"
            | "nd6-new-hold-limit"
            | "ndp-proxy"
            | "no-neighbor-learn"
            | "no-redirects"
            | "policer"
            | "primary"
            | "receive-options-packets"
            | "receive-ttl-exceeded"
            | "rpf-check"
            | "sampling"
            | "service"
            | "simple-filter"
            | "targeted-broadcast"
            | "tcp-mss"
            | "unicast-mac"
            | "adaptive-services"
            | "disable",
            _,
        ) => State::Inert,
        _ => State::Unmodelled,
    }
}

/// Filters on packets; of a list of them the first stands for all.
fn filter<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    (direction, words): (Token<'t>, Words<'_, 't>),
    said: &mut Said<'t>,
) -> State {
    let Some(name) = words.token(2) else { return State::Unmodelled };
    let number = |at: usize| number::<u32>(words.peek(at)).is_some();
    let precedence = words.len() == 5 && matches!(words.peek(3), "precedence") && number(4);
    let (slot, state) = match (direction.text, words.len()) {
        ("group", 3) if number(2) => return State::Inert,
        ("input", 3) => (&mut interface.options.filter_in, State::Modelled),
        ("output", 3) => (&mut interface.options.filter_out, State::Modelled),
        ("input", _) if precedence => (&mut interface.options.filter_in, State::Inert),
        ("output", _) if precedence => (&mut interface.options.filter_out, State::Inert),
        ("input-list", 3) => (&mut interface.options.filter_in, State::Inert),
        ("output-list", 3) => (&mut interface.options.filter_out, State::Inert),
        _ => return State::Unmodelled,
    };
    if slot.is_none() || state == State::Modelled {
        leaf.put(slot, name.text, name.span);
    }
    said.filters = Some(name);
    state
}

/// An address; options say which one is preferred and who else answers for it.
///
/// inert-address ::= "address" PREFIX (("vrrp-group" | "vrrp-inet6-group") REST | "primary" | "preferred" | "master-only"
///     | "eui-64" | ("arp" | "ndp" | "broadcast" | "destination" | "destination-profile" | "multipoint-destination"
///     | "virtual-gateway-address" | "web-authentication") REST)
fn address<'t>(
    interface: &mut Interface<'t>,
    leaf: &Leaf<'_, 't>,
    token: Token<'t>,
    options: Words<'_, 't>,
) -> State {
    let Some((address, subnet)) = host(token.text) else { return State::Unmodelled };
    let known = interface.addresses.iter().any(|one| one.value.address == address);
    if !known {
        let value = InterfaceAddress { address, subnet, secondary: false, shared: false };
        push_tight(&mut interface.addresses, leaf.fact(value, token.span));
    }
    match (options.peek(0), options.len()) {
        ("", _) => State::Modelled,
        ("vrrp-group" | "vrrp-inet6-group" | "virtual-gateway-address", 2..) => {
            // That somebody else may answer for it is kept; how they agree is not.
            leaf.put(&mut interface.options.first_hop_redundancy, (), leaf.at);
            State::Inert
        }
        ("primary" | "preferred" | "master-only" | "eui-64", 1) => State::Inert,
        (
            "arp"
            | "ndp"
            | "broadcast"
            | "destination"
            | "destination-profile"
            | "multipoint-destination"
            | "web-authentication",
            2..,
        ) => State::Inert,
        _ => State::Unmodelled,
    }
}

/// An address with the subnet it makes.
fn host(text: &str) -> Option<(IpAddr, Prefix)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address.parse().ok()?, number(length)?),
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
