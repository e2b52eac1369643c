//! What speaks for EOS in a file, line by line.
//!
//! Heavy signs are lines that hardly another system writes; light ones are shared with the systems
//! whose language EOS took over, which count them for themselves.

use edgelint_syntax::Words;

use super::layout::prompt_length;
use crate::detection::interface_name;
use crate::{Evidence, Seen, Sign};

/// Adds what a line says for EOS.
pub(super) fn look(evidence: &mut Evidence, line: &Seen<'_, '_>) {
    let words = line.words;
    let head = words.peek(0);
    // A system of switches of another vendor writes lines very much like these.
    if head == "switch-attributes" {
        return evidence.refute();
    }
    let sign = if line.is_comment {
        in_comment(line.text)
    } else if !head.contains('#') {
        in_statement(head, words)
    } else {
        // Behind a prompt stands what was typed.
        match prompt_length(head) {
            Some(length) if length == head.len() => in_statement(words.peek(1), words.skip(1)),
            Some(length) => in_statement(head.get(length..).unwrap_or(""), words),
            None => in_statement(head, words),
        }
    };
    if let Some((what, weight)) = sign {
        evidence.add(what, weight, line.at);
    }
}

fn in_comment(text: &str) -> Sign {
    let text = text.trim();
    if text.starts_with("!RANCID-CONTENT-TYPE: arista") {
        Some(("a header that RANCID writes for EOS", 6))
    } else if text.starts_with("! Command: show") {
        Some(("a header of EOS", 6))
    } else if text.starts_with("! device: ") {
        Some(("a header with the device", 6))
    } else {
        None
    }
}

fn in_statement(head: &str, words: Words<'_, '_>) -> Sign {
    match head.as_bytes().first()? {
        b'a'..=b'h' => a_to_h(head, words),
        b'i'..=b'p' => i_to_p(head, words),
        _ => r_to_z(head, words),
    }
}

fn a_to_h(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "address-family" if next == "evpn" => ("an address family of EVPN", 4),
        "address-family" if matches!(next, "vpn-ipv4" | "vpn-ipv6" | "rt-membership") => {
            ("an address family as EOS names it", 4)
        }
        "address-family" if next == "ipv4" && words.peek(2) == "vrf" => {
            ("an address family of a VRF", 1)
        }
        "address-family" => ("an address family", 1),
        "aaa" if next == "root" => ("`aaa root`", 5),
        "daemon" => ("a daemon", 3),
        "dns" if next == "domain" => ("DNS as EOS has it", 2),
        "encapsulation" if next == "dot1q" && words.peek(2) == "vlan" => {
            ("a tag of a subinterface", 4)
        }
        "evpn" | "event-handler" => ("a statement of EOS", 1),
        "hardware" if matches!(next, "access-list" | "profile" | "tcam") => {
            ("a hardware profile", 2)
        }
        "hardware" if matches!(next, "speed-group" | "counter") => ("hardware as EOS has it", 2),
        "default" if next == "hardware" => ("hardware as EOS has it", 4),
        "hostname" => ("a host name", 1),
        _ => return None,
    };
    Some(sign)
}

fn i_to_p(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "interface" => return interface(words),
        "ip" => return ip(words),
        "ipv6" if next == "prefix-list" && words.len() == 3 => ("a prefix list in a block", 3),
        "maximum-paths" if words.peek(2) == "ecmp" => ("paths as EOS has them", 3),
        "management" if matches!(next, "api" | "ssh" | "security" | "telnet" | "console") => {
            ("a management section", 4)
        }
        "match" => ("a line of a route map", 1),
        "mlag" => ("MLAG", 3),
        "neighbor" => return neighbor(words),
        "network" if next.contains('/') => ("a network with a length", 2),
        "no" => return negated(words),
        "peer-filter" => ("a peer filter", 5),
        "platform" if matches!(next, "tfa" | "sand" | "trident") => ("a platform", 3),
        "nexthop-group" => ("a group of next hops", 2),
        _ => return None,
    };
    Some(sign)
}

fn r_to_z(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "redistribute" if next == "learned" => ("learned routes", 3),
        "redistribute" => ("redistribution", 1),
        "route-map" => ("a route map", 1),
        "route-target" if words.peek(2) == "evpn" => ("route targets of EVPN", 3),
        "router" if next == "bgp" || next == "ospf" => ("a routing process", 1),
        "router" if next == "general" || next == "multicast" => ("a section of EOS", 3),
        "router-id" => ("a router id", 1),
        "seq" if matches!(words.peek(2), "permit" | "deny") => ("an entry in a block", 3),
        "service" if next == "routing" => ("a routing model", 6),
        "set" => match next {
            "local-preference" | "metric" | "community" | "as-path" | "weight" | "tag" => {
                ("a line of a route map", 1)
            }
            _ => return None,
        },
        "spanning-tree" if next == "mode" => ("a spanning-tree mode", 1),
        "switchport" => ("a switch port", 1),
        "sub-route-map" => ("a route map in a route map", 4),
        "transceiver" if next == "qsfp" => ("a transceiver", 4),
        "username" if words.line_text().contains(" role ") => ("a user with a role", 2),
        "vlan" if next == "internal" => ("internal VLANs", 1),
        "vlan-aware-bundle" => ("a bundle of VLANs", 4),
        "vxlan" => ("an overlay segment", 2),
        "vrf" if next == "instance" => ("a VRF instance", 5),
        "vrf" if words.len() == 2 => ("a VRF", 2),
        _ => return None,
    };
    Some(sign)
}

fn interface(words: Words<'_, '_>) -> Sign {
    let (kind, number, slashes) = interface_name(words.peek(1));
    let sign = match kind {
        _ if slashes > 2 => return None,
        // Ports are counted from one.
        "Ethernet" if number.starts_with('0') => return None,
        "Ethernet" if slashes == 0 && !number.is_empty() => ("an unslotted port", 3),
        "Ethernet" => ("an Ethernet port with a slot", 1),
        "Management" => ("a management port", 4),
        "Port-Channel" => ("a bundle", 2),
        "Vxlan" => ("an overlay interface", 4),
        "Loopback" | "Vlan" => ("a loopback or VLAN", 1),
        _ => return None,
    };
    Some(sign)
}

fn ip(words: Words<'_, '_>) -> Sign {
    let sign = match words.peek(1) {
        "address" if words.peek(2).contains('/') => ("an address with a length", 3),
        "address" if words.peek(2) == "virtual" => ("a virtual address", 4),
        "route" if words.peek(2).contains('/') => ("a route with a length", 3),
        "route" if words.peek(2) == "vrf" && words.peek(4).contains('/') => {
            ("a route with a length", 3)
        }
        "virtual-router" => ("a virtual router", 4),
        "routing" => ("routing switched on", 1),
        "nat" if matches!(words.peek(3), "dynamic" | "static") => {
            ("translation on an interface", 4)
        }
        "access-list" if words.len() == 3 => ("a named access list", 3),
        "access-list" if words.peek(2) == "standard" => ("a named access list", 1),
        "prefix-list" if words.len() == 3 => ("a prefix list in a block", 3),
        "prefix-list" => ("a prefix list", 1),
        "community-list" if words.peek(2) == "regexp" => ("a community list of expressions", 3),
        "community-list" if matches!(words.peek(3), "permit" | "deny") => {
            ("a community list without a kind", 1)
        }
        "community-list" => ("a community list", 1),
        "as-path" if words.peek(2) == "regex-mode" => ("a language of expressions", 4),
        "as-path" => ("an AS-path list", 1),
        "ospf" => ("OSPF on an interface", 1),
        _ => return None,
    };
    Some(sign)
}

fn neighbor(words: Words<'_, '_>) -> Sign {
    let sign = match words.peek(2) {
        "remote-as" if words.len() > 4 || matches!(words.peek(3), "external" | "internal") => {
            return None;
        }
        "remote-as" => ("a neighbor with an AS number", 1),
        _ if words.peek(1) == "interface" => ("a neighbor on an interface", 5),
        "peer" if words.peek(3) == "group" => ("a peer group in two words", 5),
        "peer-group" => ("a peer group", 1),
        "activate" => ("an active neighbor", 1),
        "route-map"
        | "prefix-list"
        | "filter-list"
        | "distribute-list"
        | "send-community"
        | "next-hop-self"
        | "update-source"
        | "soft-reconfiguration" => ("a statement about a neighbor", 1),
        "maximum-routes" => ("a limit as EOS has it", 4),
        "rcf" => ("a control function", 5),
        _ => return None,
    };
    Some(sign)
}

fn negated(words: Words<'_, '_>) -> Sign {
    let sign = match (words.peek(1), words.peek(2)) {
        ("bgp", "default") => ("a BGP default switched off", 1),
        ("aaa", "root") => ("`aaa root`", 5),
        ("spanning-tree", "vlan-id" | "vlan") => ("spanning tree by VLAN", 2),
        ("switchport", _) => ("a routed port", 1),
        ("shutdown", "") => ("an interface switched on", 1),
        ("ip", "routing") => ("routing switched off", 1),
        _ => return None,
    };
    Some(sign)
}
