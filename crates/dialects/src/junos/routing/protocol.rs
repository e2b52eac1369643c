//! Protocols other than BGP.

use edgelint_model::{AddressFamily, IgpProcess, Part, Redistribution, RouteSource, State, Usage};
use edgelint_syntax::Words;

use super::uses;
use crate::junos::draft::{Account, Draft, Leaf, heading};

/// Reads a path of a protocol other than BGP: only what it takes from other protocols, and which of its
/// routes it takes in, counts.
///
/// protocol ::= "protocols" instance-protocol?
/// instance-protocol ::= igp (("export" | "import") NAME)? | ("rip" | "ripng") "group" NAME (("export" | "import") NAME)?
///     | inert-igp | inert-protocol
/// igp ::= "ospf" | "ospf3" | "isis" | "rip" | "ripng"
/// inert-igp ::= ("ospf" | "ospf3" | "isis") (WORD - ("export" | "import")) REST?
///     | ("rip" | "ripng") (WORD - ("export" | "import" | "group")) REST?
///     | ("rip" | "ripng") "group" NAME (WORD - ("export" | "import")) REST?
pub(in crate::junos) fn protocol<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    words: Words<'_, 't>,
) -> Account {
    let protocol = words.peek(0);
    if !matches!(protocol, "ospf" | "ospf3" | "isis" | "rip" | "ripng") {
        if matches!(words.peek(1), "import" | "export") {
            uses(draft, words.skip(2), Usage::Other);
        }
        let known = protocol.is_empty() && words.is_empty();
        return match (known, is_inert_protocol(protocol)) {
            (true, _) => (Part::Other, State::Modelled),
            (_, true) => (Part::Other, State::Inert),
            _ => (Part::Other, State::Unmodelled),
        };
    }
    let igps = &mut draft.device.igps;
    let place = *draft.routing.igps.entry((protocol, vrf)).or_insert_with(|| {
        let at = heading(leaf.words, leaf.words.len() - words.len() + 1);
        let redistributions = Vec::new();
        igps.push(IgpProcess { at, protocol, vrf, redistributions });
        igps.len() - 1
    });
    let grouped = protocol.starts_with("rip") && words.peek(1) == "group";
    let rest = words.skip(if grouped { 3 } else { 1 });
    let state = match (rest.peek(0), rest.token(1)) {
        ("", _) if grouped && words.len() < 3 => State::Unmodelled,
        ("", _) => State::Modelled,
        ("import", Some(_)) if rest.len() == 2 => {
            uses(draft, rest.skip(1), Usage::IgpFilter);
            State::Modelled
        }
        ("export", Some(name)) if rest.len() == 2 => {
            uses(draft, rest.skip(1), Usage::Redistribute);
            let six = matches!(protocol, "ospf3" | "ripng");
            let taken = Redistribution {
                at: leaf.at,
                source: RouteSource::Other,
                protocol: "policy",
                family: if six { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 },
                policy: Some(leaf.name(name)),
                metric: None,
            };
            let igp = draft.device.igps.get_mut(place);
            igp.into_iter().for_each(|igp| igp.redistributions.push(taken.clone()));
            State::Modelled
        }
        ("import" | "export", _) => {
            uses(draft, rest.skip(1), Usage::Redistribute);
            State::Unmodelled
        }
        // Areas, levels, interfaces, metrics, timers: who is reached, and at which cost.
        _ => State::Inert,
    };
    (Part::Routing, state)
}

/// Whether a protocol is of no consequence for routes: layer 2, multicast, labels, tunnels, discovery.
///
/// inert-protocol ::= ("amt" | "ancp" | "bfd" | "connections" | "dcbx" | "dot1x" | "dvmrp" | "esis" | "evpn" | "global-mpls"
///     | "iccp" | "igmp" | "igmp-host" | "igmp-snooping" | "ilmi" | "jsrp" | "l2-learning" | "l2circuit" | "l2iw" | "l2vpn" | "lacp"
///     | "layer2-control" | "ldp" | "link-management" | "lldp" | "lldp-med" | "loop-detect" | "mld" | "mld-host"
///     | "mld-snooping" | "mpls" | "msdp" | "mstp" | "mvpn" | "mvrp" | "neighbor-discovery" | "oam" | "openflow" | "overlay-ping"
///     | "pcep" | "pgcp" | "pgm" | "pim" | "ppp" | "ppp-service" | "pppoe" | "protection-group" | "ptp" | "r2cp" | "rift"
///     | "router-advertisement" | "router-discovery" | "rstp" | "rsvp" | "sap" | "secure-neighbor-discovery" | "sflow"
///     | "source-packet-routing" | "stp" | "synce" | "traffic-engineering" | "tunnel-service" | "uplink-failure-detection" | "vpls"
///     | "vrrp" | "vstp") REST?
fn is_inert_protocol(protocol: &str) -> bool {
    const INERT: &[&str] = &[
        "amt",
        "ancp",
        "bfd",
        "connections",
        "dcbx",
        "dot1x",
        "dvmrp",
        "esis",
        "evpn",
        "global-mpls",
        "iccp",
        "igmp",
        "igmp-host",
        "igmp-snooping",
        "ilmi",
        "jsrp",
        "l2-learning",
        "l2circuit",
        "l2iw",
        "l2vpn",
        "lacp",
        "layer2-control",
        "ldp",
        "link-management",
        "lldp",
        "lldp-med",
        "loop-detect",
        "mld",
        "mld-host",
        "mld-snooping",
        "mpls",
        "msdp",
        "mstp",
        "mvpn",
        "mvrp",
        "neighbor-discovery",
        "oam",
        "openflow",
        "overlay-ping",
        "pcep",
        "pgcp",
        "pgm",
        "pim",
        "ppp",
        "ppp-service",
        "pppoe",
        "protection-group",
        "ptp",
        "r2cp",
        "rift",
        "router-advertisement",
        "router-discovery",
        "rstp",
        "rsvp",
        "sap",
        "secure-neighbor-discovery",
        "sflow",
        "source-packet-routing",
        "stp",
        "synce",
        "traffic-engineering",
        "tunnel-service",
        "uplink-failure-detection",
        "vpls",
        "vrrp",
        "vstp",
    ];
    INERT.binary_search(&protocol).is_ok()
}
