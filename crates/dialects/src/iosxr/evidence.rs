//! What speaks for IOS XR in a file, line by line.
//!
//! Nobody else writes `end-policy`, sets that end with `end-set`, addresses behind `ipv4`, or ports in four
//! parts. What it shares with IOS and NX-OS counts little.

use edgelint_syntax::Words;

use crate::detection::interface_name;
use crate::{Evidence, Seen, Sign};

/// Adds what a line says for IOS XR.
pub(super) fn look(evidence: &mut Evidence, line: &Seen<'_, '_>) {
    let sign = if line.is_comment { in_comment(line.text) } else { in_statement(line.words) };
    if let Some((what, weight)) = sign {
        evidence.add(what, weight, line.at);
    }
}

fn in_comment(text: &str) -> Sign {
    let text = text.trim();
    if text.starts_with("!! IOS XR") {
        Some(("a header of IOS XR", 6))
    } else if text.starts_with("!RANCID-CONTENT-TYPE: cisco-xr") {
        Some(("a header for IOS XR", 6))
    } else {
        None
    }
}

fn in_statement(words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match words.peek(0) {
        "address-family" if words.len() < 4 => ("an address family", 1),
        "as-path-set"
        | "community-set"
        | "extcommunity-set"
        | "large-community-set"
        | "end-set"
        | "end-policy" => ("a set or policy of IOS XR", 4),
        "rd-set" => ("a set of route distinguishers", 4),
        "prefix-set" => ("a prefix set", 4),
        "route-policy" if words.peek(3) == "node" => return None,
        "route-policy" => ("a route policy", 4),
        "if" | "elseif" if words.peek(words.len().saturating_sub(1)) == "then" => {
            ("a condition of a route policy", 3)
        }
        "endif" if words.len() == 1 => ("the end of a condition", 2),
        "commit" if words.len() == 1 => ("a commit", 1),
        "end-group" | "extcommunity" => ("a statement of IOS XR", 2),
        "export" | "import" if next == "route-target" => ("route targets", 3),
        "export" | "import" if next == "route-policy" => ("a policy of a VRF", 3),
        "hostname" => ("a host name", 1),
        "interface" => return interface(words),
        "ipv4" if next == "address" => ("an address as IOS XR has it", 4),
        "ipv4" if next == "access-list" => ("an access list as IOS XR has it", 4),
        "ipv4" => ("an `ipv4` statement", 3),
        "line" if matches!(next, "default" | "console") && words.len() == 2 => ("a line", 2),
        "neighbor" if words.len() == 2 => ("the block of a neighbor", 3),
        "neighbor-group" | "af-group" | "session-group" => ("a group of neighbors", 3),
        "use" if matches!(next, "neighbor-group" | "af-group" | "session-group") => {
            ("a neighbor that uses a group", 4)
        }
        "redistribute" => ("redistribution", 1),
        "remote-as" => ("the AS of a neighbor's block", 2),
        "router" if next == "static" => ("a section of static routes", 5),
        "router" if matches!(next, "bgp" | "ospf" | "isis") => ("a routing process", 1),
        "router" if matches!(next, "hsrp" | "vrrp" | "igmp" | "mld" | "pim") => {
            ("a protocol of IOS XR", 3)
        }
        "send-community-ebgp" => ("communities to other systems", 4),
        "service" if next == "timestamps" => ("time stamps", 2),
        "ssh" if next == "server" => ("a server for SSH", 3),
        "telnet" if next == "vrf" => ("a server for Telnet", 3),
        "bundle" if matches!(next, "id" | "minimum-active") => ("a bundle", 3),
        "no" if next == "shutdown" && words.len() == 2 => ("an interface switched on", 1),
        "set" if matches!(next, "local-preference" | "community" | "med" | "weight" | "tag") => {
            ("a line of a policy", 1)
        }
        "operation" | "reaction" if 1 < words.len() => ("a probe of IOS XR", 2),
        "ipsla" if words.len() == 1 => ("probes of IOS XR", 4),
        "vrf" if words.len() == 2 => ("a VRF", 2),
        "hw-module" | "fpd" | "vty-pool" | "taskgroup" | "usergroup" | "multicast-routing"
        | "mpls" | "call-home" | "l2vpn"
            if 1 < words.len() || words.peek(0) != "mpls" =>
        {
            ("a feature that IOS XR has", 1)
        }
        _ => return None,
    };
    Some(sign)
}

fn interface(words: Words<'_, '_>) -> Sign {
    let (kind, _, slashes) = interface_name(words.peek(1));
    let sign = match kind {
        _ if slashes > 2 => ("an interface in four parts", 4),
        "MgmtEth" | "Bundle-Ether" | "BVI" | "preconfigure" => ("an interface of IOS XR", 4),
        "Loopback" => ("a loopback", 1),
        _ => return None,
    };
    Some(sign)
}
