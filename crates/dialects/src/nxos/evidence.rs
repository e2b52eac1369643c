//! What speaks for NX-OS in a file, line by line.
//!
//! Heavy signs are lines that hardly another system writes; light ones are shared with systems whose
//! language is alike.

use edgelint_syntax::Words;

use super::layout::prompt_length;
use crate::detection::interface_name;
use crate::{Evidence, Seen, Sign};

/// Adds what a line says for NX-OS.
pub(super) fn look(evidence: &mut Evidence, line: &Seen<'_, '_>) {
    let words = line.words;
    let head = words.peek(0);
    // Blocks in braces are another system's.
    if words.peek(words.len().saturating_sub(1)) == "{" {
        return;
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
    if text.starts_with("!RANCID-CONTENT-TYPE: cisco-nx")
        || text.starts_with("!!RANCID-CONTENT-TYPE: cisco-nx")
    {
        Some(("a header that RANCID writes for NX-OS", 6))
    } else if text.starts_with("!Command: show") {
        Some(("a header of NX-OS", 6))
    } else if text.starts_with("!Running configuration last done at") {
        Some(("a header with the time of the last change", 5))
    } else {
        None
    }
}

fn in_statement(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "interface" => return interface(words),
        "ip" => return ip(words),
        "ipv6" if next == "prefix-list" => ("a prefix list", 1),
        "neighbor" => return neighbor(words),
        "no" => return negated(words),
        "vrf" => return vrf(words),
        "router" => return router(words),
        "address-family" if matches!(words.peek(2), "unicast" | "multicast" | "evpn") => {
            ("an address family with its kind", 1)
        }
        "address-family" => ("an address family", 1),
        "boot" if matches!(next, "nxos" | "kickstart") => ("a boot image of NX-OS", 4),
        "boot" if next == "system" && words.peek(2).starts_with("bootflash:/") => {
            ("a boot image of NX-OS", 2)
        }
        "copp" | "cfs" => ("a statement of NX-OS", 3),
        "fabric" if next == "forwarding" => ("fabric forwarding", 3),
        "feature" | "feature-set" => ("a feature", 5),
        "hostname" if words.len() == 2 => ("a host name", 1),
        "switchname" => ("a switch name", 4),
        "hardware" if matches!(next, "access-list" | "profile" | "tcam") => {
            ("a hardware profile", 2)
        }
        "inherit" if matches!(next, "peer" | "peer-session" | "peer-policy") => {
            ("an inherited template", 3)
        }
        "limit-resource" => ("a limit of a VDC", 4),
        "line" if next == "console" && words.len() == 2 => ("a line", 2),
        "line" if next == "vty" && words.len() == 2 => ("terminal lines", 2),
        "match" | "set" => return route_map_line(words),
        // IOS and EOS say more on the same line.
        "member" if next == "vni" && words.len() == 3 => ("a segment of an overlay interface", 2),
        "member" if words.peek(3) == "associate-vrf" => ("a segment that routes", 4),
        "nv" if next == "overlay" => ("an overlay", 4),
        "network" if next.contains('/') => ("a network with a length", 2),
        "redistribute" if next == "direct" => ("redistribution of subnets", 1),
        "redistribute" => ("redistribution", 1),
        "remote-as" => ("the AS of a neighbor's block", 2),
        "retain" if next == "route-target" => ("route targets that are kept", 3),
        "rmon" if next == "event" => ("an event of RMON", 2),
        "role" if next == "name" => ("a role", 3),
        "route-map" if words.len() > 2 => ("a route map", 1),
        "route-target" if next == "both" && words.peek(2) == "auto" => ("automatic targets", 4),
        "router-id" => ("a router id", 1),
        "snmp-server" if next == "user" && words.peek(3).starts_with("network-") => {
            ("an SNMP user with a role", 4)
        }
        "spanning-tree" if next == "port" => ("a spanning-tree port", 1),
        "system" if matches!(next, "default" | "jumbomtu") => ("a system default", 4),
        "switchport" => ("a switch port", 1),
        "template" if next == "peer" => ("a template", 4),
        "username" if words.line_text().contains(" role ") => ("a user with a role", 2),
        "vdc" => ("a device context", 5),
        "version" if next.contains('(') && next.contains('.') => ("a release number", 5),
        "vpc" => ("a virtual port channel", 4),
        "vn-segment" => ("a segment of a VLAN", 5),
        "encapsulation" if next == "dot1q" => ("a dot1Q tag", 1),
        "soft-reconfiguration" if words.peek(2) == "always" => ("routes kept unfiltered", 3),
        _ => return None,
    };
    Some(sign)
}

fn interface(words: Words<'_, '_>) -> Sign {
    let (kind, number, slashes) = interface_name(words.peek(1));
    let sign = match kind {
        "Ethernet" if slashes > 0 && !number.starts_with("0/") => {
            ("an Ethernet port with a slot", 1)
        }
        "mgmt" => ("a management port", 4),
        "port-channel" => ("a bundle", 3),
        "nve" => ("an overlay interface", 2),
        "loopback" => ("a loopback", 2),
        "Loopback" | "Vlan" => ("a loopback or VLAN", 1),
        _ => return None,
    };
    Some(sign)
}

fn ip(words: Words<'_, '_>) -> Sign {
    let action = |index: usize| matches!(words.peek(index), "permit" | "deny");
    let sign = match words.peek(1) {
        "address" if words.peek(2).contains('/') => ("an address with a length", 3),
        "route" if words.peek(2).contains('/') => ("a route with a length", 3),
        "access-list" if words.len() == 3 => ("a named access list", 3),
        "community-list" if words.peek(4) == "seq" => ("a numbered entry of a list", 4),
        "community-list" if matches!(words.peek(2), "standard" | "expanded") => {
            ("a community list", 1)
        }
        "as-path" if words.peek(4) == "seq" => ("a numbered entry of a list", 4),
        "as-path" => ("an AS-path list", 1),
        "prefix-list" if words.peek(words.len().saturating_sub(2)) == "mask" => {
            ("a prefix list with a mask", 3)
        }
        "prefix-list" if action(3) || action(5) || words.peek(3) == "description" => {
            ("a prefix list", 1)
        }
        "router" if words.len() > 2 => ("a protocol on an interface", 2),
        "forward" => ("forwarding without an address", 3),
        "domain-lookup" | "name-server" => ("names", 1),
        "nat" if matches!(words.peek(2), "inside" | "outside" | "pool") => ("translation", 1),
        _ => return None,
    };
    Some(sign)
}

fn neighbor(words: Words<'_, '_>) -> Sign {
    let address = |text: &str| {
        let address = text.split('/').next().unwrap_or("");
        address.parse::<std::net::IpAddr>().is_ok()
    };
    let sign = match words.peek(2) {
        "" if address(words.peek(1)) => ("the block of a neighbor", 3),
        "remote-as" => ("a neighbor with an AS number", 1),
        _ => return None,
    };
    Some(sign)
}

fn vrf(words: Words<'_, '_>) -> Sign {
    match (words.peek(1), words.len()) {
        ("context", 3) => Some(("a VRF context", 5)),
        ("member", 3) => Some(("an interface in a VRF", 4)),
        ("definition" | "forwarding" | "instance", _) => None,
        (_, 2) => Some(("a VRF", 2)),
        _ => None,
    }
}

fn router(words: Words<'_, '_>) -> Sign {
    match words.peek(1) {
        "bgp" | "ospf" | "eigrp" | "isis" | "rip" if words.len() == 3 => {
            Some(("a routing process", 1))
        }
        _ => None,
    }
}

fn route_map_line(words: Words<'_, '_>) -> Sign {
    match (words.peek(0), words.peek(1)) {
        ("match", "ip" | "ipv6" | "community" | "as-path" | "tag" | "interface" | "route-type")
        | (
            "set",
            "local-preference" | "metric" | "community" | "as-path" | "weight" | "ip" | "tag"
            | "comm-list",
        ) => Some(("a line of a route map", 1)),
        _ => None,
    }
}

fn negated(words: Words<'_, '_>) -> Sign {
    let sign = match (words.peek(1), words.peek(2)) {
        ("feature", _) => ("a feature switched off", 4),
        ("password", "strength-check") => ("a default of NX-OS", 3),
        ("system", "default") => ("a default of NX-OS", 3),
        ("switchport", "") => ("a routed port", 1),
        ("shutdown", "") => ("an interface switched on", 1),
        ("ip", "domain-lookup") => ("names", 1),
        _ => return None,
    };
    Some(sign)
}
