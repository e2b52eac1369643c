//! The layout of IOS: bodies cut out, prompts taken off, blocks by indentation.
//!
//! Many configurations come out of documents and terminals and have lost their indentation. A router
//! does not need it: a command belongs to the mode that is open as long as that mode knows it.
//! [`MODES`] says which commands each mode knows, so such files are read as a router reads them.

use edgelint_syntax::body::{BodyEnd, BodyRule, cut_bodies};
use edgelint_syntax::dressing::mark_dressing;
use edgelint_syntax::indented::{self, Indented};
use edgelint_syntax::{Line, LineKind, Lines, Tree, Words};

use super::inert;
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
    BodyRule { head: &["banner", "login"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "exec"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "incoming"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "slip-ppp"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "prompt-timeout"], end: BodyEnd::Delimiter },
    BodyRule { head: &["aaa", "authentication", "banner"], end: BodyEnd::Delimiter },
    BodyRule { head: &["aaa", "authentication", "fail-message"], end: BodyEnd::Delimiter },
    BodyRule { head: &["certificate"], end: BodyEnd::HexUntil("quit") },
    BodyRule { head: &["menu", "*", "title"], end: BodyEnd::Delimiter },
    BodyRule { head: &["macro", "name"], end: BodyEnd::Line("@") },
];

/// Takes the prompt off lines such as `R1(config-router)#neighbor 192.0.2.1 remote-as 64500`.
fn take_off_prompts(lines: &mut Lines<'_>) {
    if !lines.has_marks || !lines.contain(")#") {
        return;
    }
    for at in 0..lines.lines.len() {
        let Some(line) = lines.lines.get(at).filter(|it| it.kind == LineKind::Statement) else {
            continue;
        };
        let Some(prompt) = prompt_length(lines.head(line)) else { continue };
        let (index, whole) = (line.first_word as usize, lines.head(line).len() == prompt);
        if whole {
            if let Some(line) = lines.lines.get_mut(at) {
                drop_first_word(line);
            }
        } else if let Some(word) = lines.words.get_mut(index) {
            word.start += u32::try_from(prompt).unwrap_or(0);
        }
    }
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
    line.len() == 1 && line.peek(0).get(..4).is_some_and(|start| start.eq_ignore_ascii_case("exit"))
}

/// Whether `exit…` leaves the mode of this header.
fn closes(header: Words<'_, '_>, line: Words<'_, '_>) -> bool {
    let is = |index: usize, word: &str| header.is(index, word);
    let closer = line.peek(0);
    match closer.get(4..).unwrap_or("") {
        "" => mode(header).is_some(),
        "-address-family" => is(0, "address-family"),
        "-peer-policy" => is(0, "template") && is(1, "peer-policy"),
        "-peer-session" => is(0, "template") && is(1, "peer-session"),
        "-vrf" => is(0, "vrf") || is(0, "ip") && is(1, "vrf"),
        "-af-interface" => is(0, "af-interface"),
        "-af-topology" => is(0, "topology"),
        "-service-family" => is(0, "service-family"),
        _ => false,
    }
}

/// Whether a line that stands as far left as the header still belongs to it.
///
/// What may stand at the top too belongs to no block; but interfaces, whose lines have most words in common
/// with the top, take everything they know as long as nothing of them was indented.
fn adopts(header: Words<'_, '_>, line: Words<'_, '_>, indented: bool) -> bool {
    let Some(mode) = mode(header) else { return false };
    let (line, negated) = negated(line);
    if negated && line.is_empty() {
        return false;
    }
    if mode.name == "interface" && indented {
        return false;
    }
    let head = line.peek(0);
    let among = |words: &[&str], word: &str| words.iter().any(|it| it.eq_ignore_ascii_case(word));
    let is = |index: usize, word: &str| line.is(index, word);
    let knows = among(mode.commands, head);
    let takes = match mode.name {
        "interface" if is(0, "ip") => interface_ip(line),
        "interface" if is(0, "ipv6") => {
            // `ipv6 router isis` runs IS-IS on an interface; every other `ipv6 router` is a process.
            among(INTERFACE_IPV6, line.peek(1)) && (!is(1, "router") || is(2, "isis"))
        }
        "interface" if is(0, "crypto") => is(1, "map") && line.len() == 3,
        "interface" if is(0, "vrf") => is(1, "forwarding"),
        "interface" if is(0, "mpls") => among(&["ip", "mtu", "bgp", "traffic-eng"], line.peek(1)),
        "access-list" if !is_list(header) => false,
        "access-list" => knows || head.bytes().all(|byte| byte.is_ascii_digit()),
        "template" if is(0, "route-map") => is(2, "in") || is(2, "out"),
        "router" if is(0, "version") => line.len() == 2 && line.peek(1).len() == 1,
        _ => knows,
    };
    // Asked last: the table of what may stand at the top is long.
    let at_top = || inert::is_inert(line) && !head.eq_ignore_ascii_case("exit");
    takes && (mode.name == "interface" || !at_top())
}

/// Whether a header opens a list of entries.
fn is_list(header: Words<'_, '_>) -> bool {
    ["standard", "extended"].iter().any(|it| header.peek(2).eq_ignore_ascii_case(it))
}

/// Whether `ip …` is a command of interfaces.
fn interface_ip(line: Words<'_, '_>) -> bool {
    let is = |index: usize, word: &str| line.is(index, word);
    match line.peek(1) {
        "nat" => (is(2, "inside") || is(2, "outside") || is(2, "enable")) && line.len() == 3,
        "vrf" => is(2, "forwarding") || is(2, "receive") || is(2, "sitemap"),
        "pim" => line.len() == 3 && !is(2, "bidir-enable"),
        "tcp" => is(2, "adjust-mss"),
        "flow" => is(2, "ingress") || is(2, "egress") || is(2, "monitor"),
        "inspect" => is(3, "in") || is(3, "out"),
        "dhcp" => is(2, "relay") || is(2, "client") || is(2, "snooping") && is(3, "trust"),
        "arp" => is(2, "inspection"),
        word => INTERFACE_IP.iter().any(|it| it.eq_ignore_ascii_case(word)),
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
    // Most lines open no mode: they begin with `ip`, or with a letter that no header begins with.
    let modes = match header.peek(0).as_bytes() {
        [b'i' | b'I', b'p' | b'P'] => IP_MODES,
        [b'i' | b'I', b'p' | b'P', ..] => IPV6_MODES,
        [first, ..] => {
            let letter = first.to_ascii_lowercase();
            MODES.iter().find(|(initial, _)| *initial == letter)?.1
        }
        [] => return None,
    };
    let opens = |mode: &&Mode| {
        let mut words = mode.head.iter().enumerate().rev();
        words.all(|(index, word)| header.is(index, word))
    };
    modes.iter().find(opens)
}

/// Commands of BGP, in the process and in an address family.
const BGP: &[&str] = &[
    "neighbor",
    "network",
    "bgp",
    "redistribute",
    "aggregate-address",
    "maximum-paths",
    "timers",
    "distance",
    "default-information",
    "default-metric",
    "auto-summary",
    "synchronization",
    "table-map",
    "distribute-list",
    "import",
    "export",
    "advertise",
    "snmp",
    "inherit",
    "route-target",
    "rd",
    "additional-paths",
    "area",
    "passive-interface",
    "router-id",
    "maximum",
    "mdt",
    "activate",
    "exit-address-family",
    "af-interface",
    "topology",
    "eigrp",
    "metric",
    "multi-topology",
    "summary-prefix",
    "set",
    "log-adjacency-changes",
];

/// Commands of a route distinguisher's mode.
const VRF: &[&str] = &[
    "rd",
    "route-target",
    "description",
    "import",
    "export",
    "maximum",
    "mdt",
    "bgp",
    "context",
    "address-family",
    "route-replicate",
    "vnet",
    "vpn",
    "inter-as-hybrid",
];

/// Modes whose headers begin with `ip`.
#[rustfmt::skip]
static IP_MODES: &[Mode] = &[
    Mode { name: "access-list", head: &["ip", "access-list"], commands: &[
        "permit", "deny", "remark", "evaluate", "dynamic",
    ] },
    Mode { name: "community-list", head: &["ip", "community-list"], commands: &[
        "permit", "deny",
    ] },
    Mode { name: "extcommunity-list", head: &["ip", "extcommunity-list"], commands: &[
        "permit", "deny",
    ] },
    Mode { name: "nat-pool", head: &["ip", "nat", "pool"], commands: &["address"] },
    Mode { name: "vrf", head: &["ip", "vrf"], commands: VRF },
    Mode { name: "dhcp", head: &["ip", "dhcp", "pool"], commands: &[
        "network", "default-router", "dns-server", "domain-name", "lease", "option", "import",
        "host", "client-identifier", "client-name", "hardware-address", "netbios-name-server",
        "netbios-node-type", "vrf", "class", "address", "bootfile", "next-server", "utilization",
    ] },
];

/// Modes whose headers begin with `ipv6`.
#[rustfmt::skip]
static IPV6_MODES: &[Mode] = &[
    Mode { name: "ipv6-access-list", head: &["ipv6", "access-list"], commands: &[
        "permit", "deny", "remark", "evaluate", "sequence",
    ] },
];

/// All others, by the first letters of their headers.
#[rustfmt::skip]
static MODES: &[(u8, &[Mode])] = &[
    (b'r', &[
        Mode { name: "bgp", head: &["router", "bgp"], commands: &[
            "neighbor", "network", "bgp", "redistribute", "aggregate-address", "address-family",
            "template", "maximum-paths", "timers", "distance", "default-information",
            "default-metric", "auto-summary", "synchronization", "table-map", "distribute-list",
            "scope", "snmp", "import", "export", "advertise", "topology", "description",
        ] },
        Mode { name: "router", head: &["router"], commands: &[
            "network", "area", "redistribute", "passive-interface", "router-id", "neighbor",
            "distance", "default-information", "default-metric", "distribute-list",
            "log-adjacency-changes", "log-adj-changes", "auto-summary", "summary-address",
            "maximum-paths", "timers", "variance", "eigrp", "metric-style", "net", "is-type",
            "offset-list", "address-family", "auto-cost", "ispf", "nsf", "max-metric", "capability",
            "bfd", "topology", "domain-id", "prefix-suppression", "advertise", "metric",
            "passive", "traffic-share", "compatible", "ignore", "nsr", "graceful-restart",
        ] },
        Mode { name: "route-map", head: &["route-map"], commands: &[
            "match", "set", "continue", "description",
        ] },
    ]),
    (b'i', &[
        Mode { name: "interface", head: &["interface"], commands: &[
            "description", "shutdown", "encapsulation", "bandwidth", "delay", "duplex", "speed",
            "negotiation", "mtu", "standby", "vrrp", "glbp", "switchport", "channel-group",
            "channel-protocol", "service-policy", "tunnel", "keepalive", "load-interval", "bfd",
            "cdp", "clock", "media-type", "half-duplex", "full-duplex", "peer", "ppp", "dialer",
            "atm", "pvc", "isis", "carrier-delay", "hold-queue", "zone-member", "nameif", "auto",
            "fair-queue", "max-reserved-bandwidth", "mac-address", "macro", "frame-relay",
            "no-alias", "lacp", "mop", "ntp", "serial", "autodetect", "pppoe", "pppoe-client",
            "random-detect", "rate-limit", "traffic-shape", "storm-control", "udld", "trust",
            "xconnect", "service", "snmp", "logging", "dot1q", "backup", "ospfv3", "authentication",
            "arp", "bridge-group", "priority-queue", "queue-set", "srr-queue", "nat64", "cts",
        ] },
    ]),
    (b'a', &[
        Mode { name: "address-family", head: &["address-family"], commands: BGP },
        Mode { name: "af-interface", head: &["af-interface"], commands: &[
            "passive-interface", "authentication", "bandwidth-percent", "hello-interval",
            "hold-time", "summary-address", "split-horizon", "next-hop-self", "shutdown", "bfd",
        ] },
    ]),
    (b'c', &[
        Mode { name: "crypto", head: &["crypto"], commands: &[
            "set", "match", "description", "reverse-route", "encr", "encryption", "hash",
            "authentication", "group", "lifetime", "mode", "pre-shared-key", "integrity", "prf",
            "proposal", "identity", "keyring", "peer", "address", "dpd",
            "enrollment", "subject-name", "revocation-check", "rsakeypair", "certificate", "pool",
            "key", "dns", "domain", "acl", "save-password", "fqdn", "local-address", "aaa", "ivrf",
            "client", "isakmp", "initiate", "subject-alt-name", "serial-number", "ip-address",
            "self-identity", "fingerprint", "vrf",
        ] },
        Mode { name: "class-map", head: &["class-map"], commands: &["match", "description"] },
        Mode { name: "class", head: &["class"], commands: &[
            "bandwidth", "priority", "police", "shape", "set", "fair-queue", "queue-limit",
            "random-detect", "inspect", "drop", "pass", "service-policy", "compression",
        ] },
    ]),
    (b'v', &[
        Mode { name: "vrf", head: &["vrf", "definition"], commands: VRF },
        Mode { name: "vlan", head: &["vlan"], commands: &["name", "state", "mtu"] },
    ]),
    (b't', &[
        Mode { name: "template", head: &["template"], commands: &[
            "remote-as", "description", "inherit", "password", "update-source", "ebgp-multihop",
            "shutdown", "timers", "local-as", "fall-over", "ttl-security", "transport", "version",
            "disable-connected-check", "route-map", "prefix-list", "filter-list", "distribute-list",
            "send-community", "next-hop-self", "soft-reconfiguration", "route-reflector-client",
            "maximum-prefix", "default-originate", "weight", "allowas-in", "as-override",
            "remove-private-as", "advertisement-interval", "capability", "dmzlink-bw", "soo",
            "next-hop-unchanged", "unsuppress-map", "internal-vpn-client", "send-label",
        ] },
    ]),
    (b'l', &[
        Mode { name: "line", head: &["line"], commands: &[
            "login", "password", "transport", "exec-timeout", "exec", "access-class", "logging",
            "privilege", "stopbits", "speed", "length", "width", "modem", "history",
            "session-timeout", "autocommand", "authorization", "notify", "absolute-timeout",
            "flowcontrol", "databits", "parity", "rotary", "escape-character", "accounting",
            "activation-character", "international", "session-limit", "monitor", "location",
        ] },
    ]),
    (b'p', &[
        Mode { name: "policy-map", head: &["policy-map"], commands: &["class", "description"] },
    ]),
    (b'k', &[
        Mode { name: "key-chain", head: &["key", "chain"], commands: &["key"] },
        Mode { name: "key", head: &["key"], commands: &[
            "key-string", "accept-lifetime", "send-lifetime", "cryptographic-algorithm",
        ] },
    ]),
    (b'o', &[
        Mode { name: "object-group", head: &["object-group"], commands: &[
            "host", "range", "any", "group-object", "description", "tcp", "udp", "tcp-udp", "icmp",
        ] },
    ]),
];

const INTERFACE_IP: &[&str] = &[
    "address",
    "access-group",
    "ospf",
    "policy",
    "mtu",
    "unnumbered",
    "router",
    "rip",
    "nhrp",
    "helper-address",
    "redirects",
    "unreachables",
    "proxy-arp",
    "directed-broadcast",
    "verify",
    "route-cache",
    "igmp",
    "load-sharing",
    "virtual-reassembly",
    "authentication",
    "hello-interval",
    "hold-time",
    "summary-address",
    "bandwidth-percent",
    "split-horizon",
    "next-hop-self",
    "mask-reply",
    "accounting",
    "mroute-cache",
    "wccp",
    "ips",
    "admission",
    "nbar",
    "information-reply",
    "broadcast-address",
    "rsvp",
    "lisp",
];

const INTERFACE_IPV6: &[&str] = &[
    "address",
    "enable",
    "nd",
    "ospf",
    "traffic-filter",
    "rip",
    "router",
    "mtu",
    "redirects",
    "unreachables",
    "verify",
    "eigrp",
    "nat",
    "policy",
    "dhcp",
    "unnumbered",
    "tcp",
    "pim",
    "virtual-reassembly",
    "hello-interval",
    "hold-time",
    "nhrp",
    "flow",
    "inspect",
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
    fn every_header_begins_with_the_letter_it_stands_under() {
        for (initial, modes) in super::MODES {
            for mode in *modes {
                assert_eq!(mode.head[0].as_bytes()[0], *initial, "{}", mode.name);
            }
        }
    }

    #[test]
    fn blocks_are_found_with_and_without_indentation() {
        let table = [
            (
                "router bgp 64500\n address-family ipv4\n  network 192.0.2.0\n exit-address-family\n !\n \
                 address-family ipv6\n  maximum-paths 2\n exit-address-family\n!\nend\n",
                "router bgp 64500|.address-family ipv4|..network 192.0.2.0|..exit-address-family|\
                 .address-family ipv6|..maximum-paths 2|..exit-address-family|end",
            ),
            (
                "router bgp 64500\nneighbor 192.0.2.1 remote-as 64501\naddress-family ipv4\n\
                 neighbor 192.0.2.1 activate\nexit-address-family\naddress-family ipv6\n\
                 no auto-summary\nroute-map X permit 10\nmatch ip address 1\nset metric 5\nip route 0.0.0.0 0.0.0.0 192.0.2.1",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501|.address-family ipv4|\
                 ..neighbor 192.0.2.1 activate|..exit-address-family|.address-family ipv6|\
                 ..no auto-summary|route-map X permit 10|.match ip address 1|.set metric 5|\
                 ip route 0.0.0.0 0.0.0.0 192.0.2.1",
            ),
            (
                "interface Loopback0\nip address 192.0.2.1 255.255.255.255\nip nat inside\nexit\n\
                 ip nat inside source list 1 pool P",
                "interface Loopback0|.ip address 192.0.2.1 255.255.255.255|.ip nat inside|.exit|\
                 ip nat inside source list 1 pool P",
            ),
            (
                "R1(config)#router bgp 64500\nR1(config-router)#neighbor 192.0.2.1 remote-as 64501\n\
                 R1(config-router)# network 192.0.2.0\nR1(config-router)#\nR1(config-router)#end\n",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501|.network 192.0.2.0|end",
            ),
            (
                "banner motd ^C\n router bgp 1\n^C\nhostname x\ncrypto pki certificate chain T\n \
                 certificate self-signed 01\n  3082 0201\n  quit\nend",
                "banner motd ^C|hostname x|crypto pki certificate chain T|.certificate self-signed 01|end",
            ),
            (
                "router bgp 64500\n!\nneighbor 192.0.2.1 shutdown",
                "router bgp 64500|neighbor 192.0.2.1 shutdown",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(tree(text), expected, "{text}");
        }
    }

    #[test]
    fn behind_a_prompt_a_line_is_compared_by_no_more_than_its_own_words() {
        let text = "R1(config)# no ip prefix-list A\nR1(config)# no ip route A\n";
        let tree = super::lay_out(Lines::split(FileId(0), text));
        assert!(tree.statements().all(|statement| !statement.repeats()));
    }
}
