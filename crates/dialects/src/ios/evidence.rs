//! What speaks for IOS in a file, line by line.
//!
//! Heavy signs are lines that hardly another system writes; light ones are shared with the systems
//! that took over the language, which count them for themselves ([`crate::rivals`]).

use edgelint_syntax::Words;

use super::layout::prompt_length;
use crate::detection::interface_name;
use crate::{Evidence, Seen, Sign};

/// Adds what a line says for IOS.
pub(super) fn look(evidence: &mut Evidence, line: &Seen<'_, '_>) {
    let words = line.words;
    let head = words.peek(0);
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
    if text == "!RANCID-CONTENT-TYPE: cisco" {
        Some(("a header that RANCID writes for IOS", 6))
    } else if text.starts_with("! Last configuration change at")
        || text.starts_with("! NVRAM config last updated")
    {
        Some(("a header with the time of the last change", 2))
    } else {
        None
    }
}

fn in_statement(head: &str, words: Words<'_, '_>) -> Sign {
    let sign = match head {
        "ip" | "ipv6" => return ip(words),
        "no" => return negated(words),
        "interface" => return interface(words),
        "neighbor" => return neighbor(words),
        "version" if words.len() == 2 && is_release(words.peek(1)) => ("a release number", 3),
        "boot-start-marker" | "boot-end-marker" => ("boot markers", 5),
        "Current" if words.peek(1) == "configuration" => ("a size of the configuration", 2),
        "NVRAM" | "Using" if words.len() > 4 => ("a header of the terminal", 1),
        "service" => service(words)?,
        "router" => match words.peek(1) {
            "bgp" | "ospf" | "rip" | "isis" => ("a routing process", 1),
            "eigrp" => ("an EIGRP process", 2),
            _ => return None,
        },
        "network" if words.peek(2) == "mask" => ("a network with a mask", 2),
        "network" if words.peek(3) == "area" && !words.peek(1).contains('/') => {
            ("a network with a wildcard", 2)
        }
        "address-family" if words.peek(2) == "vrf" => ("an address family of a VRF", 2),
        "address-family" => ("an address family", 1),
        "router-id" => ("a router id", 1),
        "permit" | "deny" if words.len() > 1 => ("an entry of an access list", 1),
        "zone" | "zone-pair" | "zone-member" if words.peek(1) == "security" => {
            ("a security zone", 2)
        }
        "privilege" if words.len() > 3 => ("a privilege level", 2),
        "log-adjacency-changes" if words.len() == 1 => ("a log of adjacencies", 1),
        "standby" => ("a standby address", 3),
        "dial-peer" | "voice-card" | "sccp" | "stcapp" | "dspfarm" | "mgcp" | "ephone-dn" => {
            ("a voice statement", 3)
        }
        "voice" | "dot11" | "call-home" | "cts" | "flow" if words.len() > 1 => {
            ("a feature of IOS", 2)
        }
        "banner" if words.len() > 2 => ("a banner", 1),
        "mac" if words.peek(1) == "access-list" => ("an access list of MAC addresses", 2),
        "username" | "snmp-server" | "ntp" | "logging" | "aaa" if words.len() > 2 => {
            ("a management statement", 1)
        }
        "exit-address-family" => ("the end of an address family", 1),
        "vrf" if words.peek(1) == "definition" => ("a VRF definition", 3),
        "vrf" if words.peek(1) == "forwarding" => ("an interface in a VRF", 1),
        "route-map" if is_action(words.peek(2)) => ("a route map", 1),
        "match" | "set" if is_route_map_line(words) => ("a line of a route map", 1),
        "access-list" if is_number(words.peek(1)) => ("a numbered access list", 2),
        "access-list" if is_action(words.peek(2)) => ("an access list", 1),
        "line" if matches!(words.peek(1), "con" | "console" | "aux") => ("a line", 2),
        "line" if words.peek(1) == "vty" && is_number(words.peek(2)) => ("terminal lines", 2),
        "aaa" if words.peek(1) == "new-model" => ("`aaa new-model`", 3),
        "crypto" if matches!(words.peek(1), "isakmp" | "pki" | "key" | "keyring") => {
            ("a crypto statement", 2)
        }
        "crypto" if words.peek(1) == "map" && words.peek(4) == "ipsec-isakmp" => {
            ("a crypto map as IOS has it", 2)
        }
        "crypto" if matches!(words.peek(1), "ipsec" | "map" | "ikev2") => ("a crypto map", 1),
        "hostname" if words.len() == 2 => ("a host name", 1),
        "encapsulation" if words.peek(1).eq_ignore_ascii_case("dot1q") => ("a dot1Q tag", 2),
        "multilink" if words.peek(1) == "bundle-name" => ("multilink bundles", 3),
        "license" if words.peek(1) == "udi" => ("a licence", 4),
        "enable" if words.peek(1) == "secret" => ("an enable secret", 2),
        "enable" if words.peek(1) == "password" && words.peek(2) == "level" => {
            ("an enable password with a level", 2)
        }
        "enable" if words.peek(1) == "password" => ("an enable password", 1),
        "redistribute" => ("redistribution", 1),
        "duplex" | "speed" if words.len() == 2 => ("a duplex mode or speed", 1),
        "switchport" => ("a switch port", 1),
        "mmi" | "control-plane" | "gatekeeper" | "archive" | "redundancy" if words.len() < 4 => {
            ("a section that IOS writes unasked", 2)
        }
        "class-map" | "policy-map" if words.len() > 1 => ("a class or policy map", 1),
        "spanning-tree" if words.peek(1) == "mode" => ("a spanning-tree mode", 1),
        _ => return None,
    };
    Some(sign)
}

fn ip(words: Words<'_, '_>) -> Sign {
    let sign = match words.peek(1) {
        "address" if is_dotted(words.peek(3)) => ("an address with a mask", 4),
        "address" if words.peek(2) == "dhcp" => ("an address by DHCP", 1),
        "route" if is_dotted(words.peek(3)) => ("a route with a mask", 3),
        "route" if words.peek(2) == "vrf" && is_dotted(words.peek(5)) => ("a route with a mask", 3),
        "nat" if matches!(words.peek(2), "inside" | "outside" | "pool") => ("translation", 3),
        "vrf" if words.len() == 3 => ("an IPv4 VRF", 3),
        "vrf" if words.peek(2) == "forwarding" => ("an interface in an IPv4 VRF", 3),
        "access-list" if matches!(words.peek(2), "standard" | "extended") => {
            ("a named access list", 2)
        }
        "cef" | "classless" | "subnet-zero" | "http" | "forward-protocol" | "bgp-community"
        | "tcp" | "domain" | "domain-lookup" | "multicast-routing" | "ssh" | "domain-name" => {
            ("a global `ip` statement", 2)
        }
        "prefix-list" if is_action(words.peek(3)) || is_action(words.peek(5)) => {
            ("a prefix list", 1)
        }
        "prefix-list" if words.peek(3) == "description" => ("a prefix list", 1),
        "community-list" if matches!(words.peek(2), "standard" | "expanded") => {
            ("a community list", 1)
        }
        "community-list" if is_number(words.peek(2)) => ("a numbered community list", 2),
        "as-path" if words.peek(2) == "access-list" => ("an AS-path list", 1),
        "local" if words.peek(2) == "policy" => ("policy routing of the router itself", 3),
        "inspect" => ("inspection as IOS has it", 2),
        "flow-export" | "flow-cache" | "flow-aggregation" => ("flow export", 2),
        "unicast-routing" => ("IPv6 routing", 1),
        "ospf" => ("OSPF on an interface", 1),
        _ => return None,
    };
    Some(sign)
}

fn negated(words: Words<'_, '_>) -> Sign {
    let sign = match (words.peek(1), words.peek(2)) {
        ("ip", "http" | "domain" | "domain-lookup" | "cef") => ("a negated `ip` statement", 2),
        ("ip", "address") => ("an interface without address", 1),
        ("aaa", "new-model") => ("`aaa new-model`", 3),
        ("ipv6", "cef") => ("IPv6 forwarding switched off", 3),
        ("auto-summary" | "synchronization", "") => ("defaults of old releases", 2),
        ("service", _) => ("a service switched off", 2),
        ("bgp", "default") => ("a BGP default switched off", 1),
        ("shutdown", "") => ("an interface switched on", 1),
        _ => return None,
    };
    Some(sign)
}

fn interface(words: Words<'_, '_>) -> Sign {
    let (kind, number, slashes) = interface_name(words.peek(1));
    let sign = match kind {
        "GigabitEthernet" | "TenGigabitEthernet" | "FastEthernet" if slashes < 3 => {
            ("an interface as IOS names it", 3)
        }
        "FortyGigabitEthernet" | "TwentyFiveGigE" | "HundredGigE" | "Serial" | "Dialer" | "BDI"
            if slashes < 3 =>
        {
            ("a rarer interface as IOS names it", 2)
        }
        // Other systems count ports and slots from one.
        "Ethernet" if number.starts_with("0/") => ("a port in slot zero", 3),
        "Ethernet" if slashes == 1 => ("an Ethernet port with a slot", 1),
        "Loopback" | "Tunnel" => ("a loopback or tunnel", 1),
        "Vlan" | "Port-channel" => ("a VLAN or bundle", 1),
        _ => return None,
    };
    Some(sign)
}

fn neighbor(words: Words<'_, '_>) -> Sign {
    let sign = match words.peek(2) {
        "remote-as" => ("a neighbor with an AS number", 1),
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
        "inherit" => ("a neighbor with a template", 2),
        _ => return None,
    };
    Some(sign)
}

fn service(words: Words<'_, '_>) -> Option<(&'static str, u32)> {
    match words.peek(1) {
        "timestamps" => Some(("time stamps", 2)),
        "password-encryption" | "pad" | "tcp-keepalives-in" | "tcp-keepalives-out" | "config" => {
            Some(("a service", 2))
        }
        _ => None,
    }
}

/// Whether `match …` or `set …` is a line of a route map.
fn is_route_map_line(words: Words<'_, '_>) -> bool {
    matches!(
        (words.peek(0), words.peek(1)),
        ("match", "ip" | "ipv6" | "community" | "as-path" | "tag" | "interface")
            | (
                "set",
                "local-preference" | "metric" | "community" | "as-path" | "weight" | "ip" | "tag"
            )
    )
}

/// `15.4`, `12.2(33)` is another system's.
fn is_release(word: &str) -> bool {
    word.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_dotted(word: &str) -> bool {
    word.bytes().filter(|byte| *byte == b'.').count() == 3 && !word.contains('/')
}

fn is_action(word: &str) -> bool {
    matches!(word, "permit" | "deny")
}
