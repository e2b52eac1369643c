//! What speaks for ASA in a file, line by line.
//!
//! Heavy signs are lines that hardly another system writes: names and trust of interfaces, translation
//! between interfaces in parentheses. Light ones are shared with the systems that have the same roots.

use edgelint_syntax::Words;

use crate::detection::interface_name;
use crate::{Evidence, Seen, Sign};

/// Adds what a line says for ASA.
pub(super) fn look(evidence: &mut Evidence, line: &Seen<'_, '_>) {
    let words = line.words;
    let sign = if line.is_comment {
        in_comment(line.text)
    } else {
        let prompt = super::layout::prompt(words);
        in_statement(words.skip(usize::from(prompt)))
    };
    if let Some((what, weight)) = sign {
        evidence.add(what, weight, line.at);
    }
}

fn in_comment(text: &str) -> Sign {
    let text = text.trim_start_matches('!').trim();
    if text.starts_with("Cisco Adaptive Security Appliance") {
        Some(("a header with the system", 8))
    } else if text.starts_with("Firewall Builder") && text.contains("fwb_pix") {
        Some(("a header of Firewall Builder for ASA", 4))
    } else {
        None
    }
}

fn in_statement(words: Words<'_, '_>) -> Sign {
    let head = words.peek(0);
    match head.as_bytes().first()? {
        b'A'..=b'F' | b'a'..=b'f' | b':' => a_to_f(head, words),
        b'G'..=b'N' | b'g'..=b'n' => g_to_n(head, words),
        _ => o_to_z(head, words),
    }
}

fn a_to_f(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "ASA" | "FWSM" if next == "Version" => ("a release of ASA", 9),
        ":" if matches!(next, "Saved" | "Serial" | "Hardware:" | "Written" | "end") => {
            ("a comment of ASA", 4)
        }
        "Cryptochecksum" => ("a checksum of the configuration", 4),
        _ if head.starts_with("Cryptochecksum:") => ("a checksum of the configuration", 4),
        "aaa-server" if words.len() > 2 => ("a statement of ASA", 2),
        "access-group" if words.peek(3) == "interface" || words.peek(2) == "global" => {
            ("a filter on a named interface", 4)
        }
        "access-list" if matches!(words.peek(2), "extended" | "standard") => {
            ("a named access list in one line", 4)
        }
        "access-list" if words.peek(2) == "remark" => ("a remark", 1),
        "access-list" if is_action(words.peek(2)) => ("an access list", 1),
        "allocate-interface" | "config-url" => ("a statement of ASA", 4),
        "as-path" if next == "access-list" => ("an AS-path list", 3),
        "asdm" => ("a statement of ASA", 4),
        "changeto" => ("a change of context", 5),
        "class-map" if next == "inspection_default" => ("a statement of ASA", 3),
        "clear" if matches!(next, "config" | "configure" | "xlate") => ("an emptied section", 2),
        "community-list" => ("a community list", 2),
        "console" if next == "timeout" => ("a statement of ASA", 3),
        "context" if words.len() == 2 => ("a statement of ASA", 1),
        "dns" if matches!(next, "server-group" | "domain-lookup") => ("a statement of ASA", 3),
        "dynamic-access-policy-record" => ("a statement of ASA", 5),
        "enable" if next == "password" => ("an enable password", 1),
        "a statement of ASA" => ("a statement of ASA", 2),
        "fixup" if next == "protocol" => ("inspection as PIX has it", 5),
        "floodguard" => ("a statement of ASA", 4),
        "fqdn" | "firewall" if words.len() > 1 => ("a statement of ASA", 1),
        "ftp" if next == "mode" => ("a statement of ASA", 3),
        _ => return None,
    };
    Some(sign)
}

fn g_to_n(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "NGFW" if next == "Version" => ("a release of ASA", 9),
        "global" | "nat" if next.starts_with('(') => ("translation between interfaces", 5),
        "nat" if matches!(next, "static" | "dynamic") => ("translation of an object", 3),
        "group-object" | "icmp-object" => ("a member of a group", 2),
        "group-policy" => ("a statement of ASA", 4),
        "hostname" => ("a host name", 1),
        "host" if words.len() == 2 && is_dotted(next) => ("an object", 1),
        "http" if is_guard(words) => ("access by an interface", 3),
        "icmp" if matches!(next, "unreachable" | "permit" | "deny") => ("a statement of ASA", 3),
        "interface" => return interface(words),
        "ip" => return ip(words),
        "ipv6" if next == "route" && words.len() > 4 && !words.peek(2).contains(':') => {
            ("a route out of a named interface", 3)
        }
        "logging" if matches!(next, "asdm" | "standby" | "device-id") => ("a statement of ASA", 3),
        "match" if next == "default-inspection-traffic" => ("a statement of ASA", 4),
        "monitor-interface" => ("a statement of ASA", 4),
        "mtu" if words.len() == 3 => ("an MTU of a named interface", 3),
        "name" if words.len() > 2 && is_dotted(next) => ("a name of an address", 1),
        "nameif" | "security-level" => ("the name or trust of an interface", 5),
        "names" if words.len() == 1 => ("a statement of ASA", 3),
        "neighbor" => return neighbor(words),
        "network" if words.peek(2) == "mask" => ("a network with a mask", 2),
        "network-object" => ("a member of a group of addresses", 3),
        "no" => return negated(words),
        _ => return None,
    };
    Some(sign)
}

fn o_to_z(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "PIX" if next == "Version" => ("a release of ASA", 9),
        "object" if matches!(next, "network" | "service") => ("an object", 4),
        "object-group" if matches!(next, "network" | "service") => ("an object group", 1),
        "object-group" if matches!(next, "protocol" | "icmp-type") => ("a group of protocols", 3),
        "pager" => ("a statement of ASA", 3),
        "passwd" => ("a statement of ASA", 4),
        "port-object" | "service-object" | "protocol-object" => ("a member of a group", 3),
        "prefix-list" if words.len() > 3 => ("a prefix list", 3),
        "prompt" if words.len() > 2 => ("a statement of ASA", 3),
        "redistribute" => ("redistribution", 1),
        "route" if is_dotted(words.peek(3)) && !is_dotted(next) => {
            ("a route out of a named interface", 4)
        }
        "route-map" => ("a route map", 1),
        "router" if matches!(next, "bgp" | "ospf" | "eigrp" | "rip") => ("a routing process", 1),
        "same-security-traffic" => ("a statement of ASA", 5),
        "service" if matches!(next, "resetinbound" | "resetoutside") => ("a statement of ASA", 3),
        "service-policy" if words.peek(2) == "global" => ("a statement of ASA", 4),
        "service-policy" if words.peek(2) == "interface" => ("a statement of ASA", 2),
        "ssh" | "telnet" if next == "timeout" => ("a statement of ASA", 2),
        "ssh" if matches!(next, "stricthostkeycheck" | "key-exchange") => ("a statement of ASA", 3),
        "ssh" | "telnet" if is_guard(words) => ("access by an interface", 3),
        "static" if next.starts_with('(') => ("translation between interfaces", 5),
        "subnet" if is_dotted(next) => ("an object", 2),
        "sysopt" => ("a statement of ASA", 4),
        "threat-detection" | "tunnel-group" | "xlate" => ("a statement of ASA", 4),
        "timeout" if matches!(next, "xlate" | "conn" | "uauth" | "sunrpc" | "pat-xlate") => {
            ("a statement of ASA", 4)
        }
        "user-identity" => ("a statement of ASA", 4),
        "vlan" if words.len() == 2 => ("a VLAN of an interface", 1),
        _ => return None,
    };
    Some(sign)
}

fn interface(words: Words<'_, '_>) -> Sign {
    let (kind, _, slashes) = interface_name(words.peek(1));
    match kind {
        "GigabitEthernet" | "TenGigabitEthernet" | "Management" | "Ethernet" if slashes < 2 => {
            Some(("an interface as ASA names it", 1))
        }
        "Redundant" => Some(("a redundant interface", 3)),
        "ethernet" if slashes == 0 => Some(("an interface as ASA names it", 1)),
        _ => None,
    }
}

fn ip(words: Words<'_, '_>) -> Sign {
    match words.peek(1) {
        "address" if words.peek(4) == "standby" => Some(("a standby address", 5)),
        "address" if is_dotted(words.peek(2)) && is_dotted(words.peek(3)) => {
            Some(("an address with a mask", 2))
        }
        "address" if is_dotted(words.peek(3)) => Some(("an address of a named interface", 4)),
        "verify" if words.peek(2) == "reverse-path" && words.peek(3) == "interface" => {
            Some(("checks of a named interface", 4))
        }
        "local" if words.peek(2) == "pool" => Some(("a pool of addresses", 1)),
        _ => None,
    }
}

fn neighbor(words: Words<'_, '_>) -> Sign {
    match words.peek(2) {
        "remote-as" => Some(("a neighbor with an AS number", 1)),
        "activate" => Some(("an active neighbor", 1)),
        "route-map" | "prefix-list" | "filter-list" | "distribute-list" | "send-community"
        | "next-hop-self" | "description" => Some(("a statement about a neighbor", 1)),
        _ => None,
    }
}

fn negated(words: Words<'_, '_>) -> Sign {
    match (words.peek(1), words.peek(2)) {
        ("nameif" | "security-level", _) => Some(("the name or trust of an interface", 5)),
        ("a statement of ASA" | "monitor-interface" | "threat-detection" | "asdm", _) => {
            Some(("a statement of ASA", 4))
        }
        ("service", "resetinbound" | "resetoutside") => Some(("a statement of ASA", 3)),
        ("sysopt", _) => Some(("a statement of ASA", 4)),
        ("ip", "address") => Some(("an interface without address", 1)),
        ("shutdown", "") => Some(("an interface switched on", 1)),
        _ => None,
    }
}

/// Whether a statement says from which addresses an interface may be reached.
fn is_guard(words: Words<'_, '_>) -> bool {
    words.len() == 4 && is_dotted(words.peek(1)) && is_dotted(words.peek(2))
}

fn is_dotted(word: &str) -> bool {
    word.bytes().filter(|byte| *byte == b'.').count() == 3
        && word.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit())
}

fn is_action(word: &str) -> bool {
    matches!(word, "permit" | "deny")
}
