//! The layout of NX-OS: bodies cut out, prompts taken off, blocks by indentation.
//!
//! Many configurations come out of documents and terminals and have lost their indentation. A device
//! does not need it: a command belongs to the mode that is open as long as that mode knows it.
//! [`MODES`] says which commands each mode knows, so such files are read as a device reads them. Modes
//! nest deeper than on IOS: the family of a neighbor of a VRF of BGP is the fourth.

use edgelint_syntax::body::{BodyEnd, BodyRule, cut_bodies};
use edgelint_syntax::dressing::mark_dressing;
use edgelint_syntax::indented::{self, Indented};
use edgelint_syntax::{Line, LineKind, Lines, Tree, Words};

use super::lines::{lower, room};
use crate::phrases::negated;

/// Cuts bodies, takes off prompts and builds the tree.
pub(super) fn lay_out(mut lines: Lines<'_>) -> Tree<'_> {
    mark_dressing(&mut lines);
    take_off_prompts(&mut lines);
    cut_bodies(&mut lines, BODIES);
    indented::lay_out(lines, &Indented { adopts, is_closer, closes })
}

/// Statements that open multi-line bodies.
static BODIES: &[BodyRule] = &[
    BodyRule { head: &["banner", "motd"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "exec"], end: BodyEnd::Delimiter },
];

/// Takes the prompt off lines such as `sw1(config-router)# neighbor 192.0.2.1`. It names the mode that the line
/// was typed in, and so how deep it stands.
fn take_off_prompts(lines: &mut Lines<'_>) {
    if !lines.has_marks || !lines.contain(")#") {
        return;
    }
    for at in 0..lines.lines.len() {
        let Some(line) = lines.lines.get(at).filter(|it| it.kind == LineKind::Statement) else {
            continue;
        };
        let head = lines.head(line);
        let Some(prompt) = prompt_length(head) else { continue };
        let depth = prompt_depth(head.get(..prompt).unwrap_or(""));
        let (index, whole) = (line.first_word as usize, head.len() == prompt);
        if !whole && let Some(word) = lines.words.get_mut(index) {
            word.start += u32::try_from(prompt).unwrap_or(0);
        }
        if let Some(line) = lines.lines.get_mut(at) {
            line.indent = depth;
            if whole {
                drop_first_word(line);
            }
        }
    }
}

/// How deep lines stand that are typed behind a prompt: `(config)#` is the top, `(config-router-vrf-neighbor)#`
/// the third block.
fn prompt_depth(prompt: &str) -> u32 {
    let mode = prompt.split_once("(config").map_or("", |(_, mode)| mode);
    let parts = mode.matches('-').count();
    let depth = match mode {
        // Other modes have hyphens in their names: `(config-route-map)#`.
        _ if mode.starts_with("-router") => parts,
        _ if mode.starts_with("-vrf-af") => 2,
        _ => parts.min(1),
    };
    u32::try_from(depth).unwrap_or(0)
}

fn drop_first_word(line: &mut Line) {
    // That a line goes on as the one before was told by words of which the prompt was one.
    line.repeats = false;
    line.first_word += 1;
    line.word_count = line.word_count.saturating_sub(1);
    if line.word_count == 0 {
        line.kind = LineKind::Dressing;
    }
}

/// Length of the prompt `name(config…)#` that a word begins with.
pub(super) fn prompt_length(word: &str) -> Option<usize> {
    let end = word.find(")#")? + 2;
    let mode = word.get(..end)?.split_once('(')?.1;
    mode.starts_with("config").then_some(end)
}

/// Whether a line closes blocks.
fn is_closer(line: Words<'_, '_>) -> bool {
    line.len() == 1 && line.is(0, "exit")
}

/// Whether `exit` leaves the mode of this header.
fn closes(header: Words<'_, '_>, _line: Words<'_, '_>) -> bool {
    mode(header).is_some()
}

/// Whether a line that stands as far left as the header still belongs to it.
///
/// What may stand at the top too belongs to no block; but interfaces take everything they know as long as
/// nothing of them was indented.
fn adopts(header: Words<'_, '_>, line: Words<'_, '_>, indented: bool) -> bool {
    let Some(mode) = mode(header) else { return false };
    let (line, negated) = negated(line);
    if negated && line.is_empty() || indented && mode.name == "interface" {
        return false;
    }
    let head = line.peek(0);
    let among = |words: &[&str], word: &str| words.iter().any(|it| it.eq_ignore_ascii_case(word));
    let is = |index: usize, word: &str| line.is(index, word);
    let mut low = room();
    match lower(head, &mut low) {
        // Words that the top knows too, and what tells them apart.
        "ip" | "ipv6" => match mode.name {
            // `ip nat inside` alone is the side of an interface, with more words behind it is a rule.
            "interface" if is(1, "nat") => (is(2, "inside") || is(2, "outside")) && line.len() == 3,
            "interface" => among(INTERFACE_IP, line.peek(1)),
            "vrf" => is(1, "route") && !indented,
            _ => false,
        },
        "route-map" => matches!(mode.name, "family") && (is(2, "in") || is(2, "out")),
        "vrf" => match mode.name {
            "interface" => is(1, "member"),
            "bgp" | "router" => line.len() == 2,
            _ => false,
        },
        // What BGP knows around the block too belongs where it stands, once the block has shown that its
        // lines are indented.
        "neighbor"
        | "address-family"
        | "timers"
        | "shutdown"
        | "router-id"
        | "local-as"
        | "log-neighbor-changes"
        | "bestpath"
        | "cluster-id"
            if indented && matches!(mode.name, "bgp-vrf" | "neighbor") =>
        {
            false
        }
        _ if mode.name == "access-list" && head.bytes().all(|byte| byte.is_ascii_digit()) => true,
        _ => among(mode.commands, head),
    }
}

/// A mode: how its header begins, and the commands it knows.
struct Mode {
    name: &'static str,
    head: &'static [&'static str],
    commands: &'static [&'static str],
}

/// The mode that a statement opens, if any.
fn mode(header: Words<'_, '_>) -> Option<&'static Mode> {
    // Most lines open no mode, and most of these are told by their first letter.
    let first = header.peek(0).bytes().next()?.to_ascii_lowercase();
    let opens_nothing = header.is(1, "breakout") || header.is(2, "pbr-statistics");
    if !INITIALS.contains(&first) || opens_nothing {
        return None;
    }
    // `vrf RED` opens a VRF of BGP; `vrf member RED` opens nothing.
    let is_open = |mode: &&Mode| mode.name != "bgp-vrf" || header.len() == 2;
    MODES
        .iter()
        .filter(is_open)
        .find(|mode| mode.head.iter().enumerate().all(|(index, word)| header.is(index, word)))
}

/// The first letters of all headers.
const INITIALS: &[u8] = b"ranitvlckp";

/// Commands of an address family: of BGP, of a neighbor or a template, of a VRF context.
const FAMILY: &[&str] = &[
    "network",
    "aggregate-address",
    "redistribute",
    "maximum-paths",
    "dampening",
    "distance",
    "default-information",
    "default-metric",
    "table-map",
    "nexthop",
    "inject-map",
    "additional-paths",
    "advertise",
    "client-to-client",
    "suppress-inactive",
    "wait-igp-convergence",
    "retain",
    "prefix-list",
    "filter-list",
    "send-community",
    "next-hop-self",
    "next-hop-third-party",
    "route-reflector-client",
    "default-originate",
    "maximum-prefix",
    "weight",
    "allowas-in",
    "as-override",
    "soft-reconfiguration",
    "disable-peer-as-check",
    "advertise-map",
    "unsuppress-map",
    "soo",
    "inherit",
    "advertisement-interval",
    "rewrite-evpn-rt-asn",
    "capability",
    "import",
    "export",
    "route-target",
];

#[rustfmt::skip]
static MODES: &[Mode] = &[
    Mode { name: "bgp", head: &["router", "bgp"], commands: &[
        "router-id", "neighbor", "address-family", "template", "log-neighbor-changes", "timers",
        "bestpath", "cluster-id", "confederation", "graceful-restart", "graceful-restart-helper",
        "enforce-first-as", "fast-external-fallover", "maxas-limit", "reconnect-interval",
        "suppress-fib-pending", "local-as", "shutdown",
    ] },
    Mode { name: "router", head: &["router"], commands: &[
        "router-id", "network", "area", "redistribute", "passive-interface", "default-information",
        "distance", "auto-cost", "log-adjacency-changes", "timers", "maximum-paths", "net",
        "is-type", "autonomous-system", "address-family", "table-map", "summary-address",
    ] },
    Mode { name: "neighbor", head: &["neighbor"], commands: &[
        "remote-as", "local-as", "description", "shutdown", "update-source", "ebgp-multihop",
        "disable-connected-check", "ttl-security", "bfd", "timers", "password", "transport",
        "inherit", "remove-private-as", "address-family", "capability", "maximum-peers",
        "low-memory", "dont-capability-negotiate", "dynamic-capability", "log-neighbor-changes",
        "peer-type",
    ] },
    Mode { name: "neighbor", head: &["template", "peer-policy"], commands: FAMILY },
    Mode { name: "neighbor", head: &["template"], commands: &[
        "remote-as", "local-as", "description", "shutdown", "update-source", "ebgp-multihop",
        "disable-connected-check", "ttl-security", "bfd", "timers", "password", "transport",
        "inherit", "remove-private-as", "address-family", "capability", "maximum-peers",
    ] },
    Mode { name: "family", head: &["address-family"], commands: FAMILY },
    Mode { name: "vrf", head: &["vrf", "context"], commands: &[
        "rd", "vni", "address-family", "description",
    ] },
    Mode { name: "bgp-vrf", head: &["vrf"], commands: &[
        "router-id", "neighbor", "address-family", "local-as", "log-neighbor-changes", "timers",
        "bestpath", "redistribute", "area", "network", "default-information", "cluster-id",
    ] },
    Mode { name: "interface", head: &["interface"], commands: &[
        "description", "shutdown", "encapsulation", "bandwidth", "delay", "duplex", "speed", "mtu",
        "switchport", "channel-group", "hsrp", "vrrp", "bfd", "load-interval", "mac-address",
        "service-policy", "medium", "negotiate", "autostate", "member", "source-interface",
        "host-reachability", "isis", "ospfv3", "vpc", "lacp", "fabric", "spanning-tree",
    ] },
    Mode { name: "route-map", head: &["route-map"], commands: &[
        "match", "set", "continue", "description",
    ] },
    Mode { name: "access-list", head: &["ip", "access-list"], commands: &[
        "permit", "deny", "remark", "statistics", "fragments",
    ] },
    Mode { name: "access-list", head: &["ipv6", "access-list"], commands: &[
        "permit", "deny", "remark", "statistics", "fragments",
    ] },
    Mode { name: "nat-pool", head: &["ip", "nat", "pool"], commands: &["address"] },
    Mode { name: "line", head: &["line"], commands: &[
        "exec-timeout", "session-limit", "access-class", "speed", "databits", "parity",
    ] },
    Mode { name: "vlan", head: &["vlan"], commands: &["name", "state", "vn-segment", "mode"] },
    Mode { name: "class-map", head: &["class-map"], commands: &["match"] },
    Mode { name: "policy-map", head: &["policy-map"], commands: &["class"] },
    Mode { name: "class", head: &["class"], commands: &[
        "bandwidth", "priority", "police", "shape", "set", "queue-limit", "pause", "mtu",
    ] },
    Mode { name: "key-chain", head: &["key", "chain"], commands: &["key"] },
    Mode { name: "key", head: &["key"], commands: &["key-string", "accept-lifetime", "send-lifetime"] },
];

/// `ip` and `ipv6` commands of interfaces.
const INTERFACE_IP: &[&str] = &[
    "address",
    "access-group",
    "traffic-filter",
    "ospf",
    "router",
    "policy",
    "unnumbered",
    "redirects",
    "unreachables",
    "proxy-arp",
    "directed-broadcast",
    "forward",
    "link-local",
    "passive-interface",
    "helper-address",
    "verify",
    "nd",
];

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    /// The tree, a level of depth as a dot.
    fn tree(text: &str) -> String {
        let tree = super::lay_out(Lines::split(FileId(0), text));
        tree.statements()
            .map(|it| format!("{}{}", ".".repeat(it.depth() as usize), it.words().line_text()))
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn every_header_begins_with_a_letter_that_is_looked_for() {
        for mode in super::MODES {
            assert!(super::INITIALS.contains(&mode.head[0].as_bytes()[0]), "{}", mode.name);
        }
    }

    #[test]
    fn blocks_are_found_with_and_without_indentation() {
        let table = [
            (
                "router bgp 64500\n  router-id 192.0.2.1\n  neighbor 192.0.2.2\n    remote-as 64501\n    address-family ipv4 unicast\n      \
                 route-map A in\n  vrf RED\n    neighbor 192.0.2.6\n      remote-as 64502\n",
                "router bgp 64500|.router-id 192.0.2.1|.neighbor 192.0.2.2|..remote-as 64501|\
                 ..address-family ipv4 unicast|...route-map A in|.vrf RED|..neighbor 192.0.2.6|...remote-as 64502",
            ),
            (
                "router bgp 64500\nneighbor 192.0.2.2\nremote-as 64501\naddress-family ipv4 unicast\nroute-map A in\n\
                 neighbor 192.0.2.6\nremote-as 64502\nvrf RED\naddress-family ipv4 unicast\nnetwork 10.0.0.0/8\n\
                 route-map A permit 10\nset metric 5\nip route 0.0.0.0/0 192.0.2.1\n",
                "router bgp 64500|.neighbor 192.0.2.2|..remote-as 64501|..address-family ipv4 unicast|...route-map A in|\
                 .neighbor 192.0.2.6|..remote-as 64502|.vrf RED|..address-family ipv4 unicast|...network 10.0.0.0/8|\
                 route-map A permit 10|.set metric 5|ip route 0.0.0.0/0 192.0.2.1",
            ),
            (
                "router bgp 64500\n  vrf RED\n    neighbor 192.0.2.6\n      remote-as 64502\n  neighbor 192.0.2.2\n    remote-as 64501\n  \
                 address-family ipv4 unicast\n",
                "router bgp 64500|.vrf RED|..neighbor 192.0.2.6|...remote-as 64502|.neighbor 192.0.2.2|..remote-as 64501|\
                 .address-family ipv4 unicast",
            ),
            (
                "interface loopback0\nip address 192.0.2.1/32\nvrf member RED\n\nvrf context RED\nip route 0.0.0.0/0 Null0\n",
                "interface loopback0|.ip address 192.0.2.1/32|.vrf member RED|vrf context RED|.ip route 0.0.0.0/0 Null0",
            ),
            (
                "sw1(config)# router bgp 64500\nsw1(config-router)# neighbor 192.0.2.2 remote-as 64501\n\
                 sw1(config-router-neighbor)# address-family ipv4 unicast\nsw1(config-router-neighbor-af)# exit\n\
                 sw1(config-router-neighbor)# exit\nsw1(config-router)# neighbor 192.0.2.3 remote-as 64501\n",
                "router bgp 64500|.neighbor 192.0.2.2 remote-as 64501|..address-family ipv4 unicast|...exit|..exit|\
                 .neighbor 192.0.2.3 remote-as 64501",
            ),
            ("banner motd ^C\n router bgp 1\n^C\nhostname x\n", "banner motd ^C|hostname x"),
        ];
        for (text, expected) in table {
            assert_eq!(tree(text), expected, "{text}");
        }
    }
}
