//! The layout of FRR: prompts taken off, blocks by indentation, `exit` and what each mode knows.
//!
//! FRR itself does not look at indentation. A command belongs to the mode that is open as long as that mode
//! knows it; else to the mode around it. Whoever writes a file by hand may leave the blanks out, and
//! whatever writes one writes them; so indentation is taken where it is there, and [`MODES`] say where it is
//! not.

use edgelint_syntax::dressing::mark_dressing;
use edgelint_syntax::indented::{self, Indented};
use edgelint_syntax::{Line, LineKind, Lines, Tree, Words};

use super::lines::polarity;

/// Takes off prompts and builds the tree.
pub(super) fn lay_out(mut lines: Lines<'_>) -> Tree<'_> {
    mark_dressing(&mut lines);
    take_off_prompts(&mut lines);
    indented::lay_out(lines, &Indented { adopts, is_closer, closes })
}

/// Takes the prompt off lines such as `r1(config-router)# neighbor 192.0.2.1 remote-as 64500`.
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
    match line.peek(0).get(4..).unwrap_or("") {
        "" => mode(header).is_some(),
        "-address-family" => is(0, "address-family"),
        "-vrf" => is(0, "vrf"),
        "-vni" => is(0, "vni") && header.len() == 2,
        "-vrf-policy" => is(0, "vrf-policy"),
        "-vnc" => is(0, "vnc"),
        "-link-params" => is(0, "link-params"),
        "-l2vpn" => is(0, "l2vpn"),
        _ => false,
    }
}

/// Whether a line that stands as far left as the header still belongs to it.
fn adopts(header: Words<'_, '_>, line: Words<'_, '_>, indented: bool) -> bool {
    let Some(mode) = mode(header) else { return false };
    let (_, line) = polarity(line);
    if mode.shares && indented {
        return false;
    }
    let among = |words: &[&str], index: usize| {
        words.iter().any(|word| word.eq_ignore_ascii_case(line.peek(index)))
    };
    let is = |index: usize, word: &str| line.is(index, word);
    if is(0, "ip") || is(0, "ipv6") {
        // `ipv6 router isis` on an interface; there is no such process.
        return among(mode.ip, 1) && (header.is(0, "vrf") || !is(1, "route"));
    }
    among(mode.commands, 0)
}

/// A mode: how its header begins, and the commands it knows.
struct Mode {
    head: &'static [&'static str],
    commands: &'static [&'static str],
    /// What it knows behind `ip` and `ipv6`.
    ip: &'static [&'static str],
    /// Whether much of it may stand at the top too: a line belongs to it only where nothing of it was
    /// indented.
    shares: bool,
}

/// The mode that a statement opens, if any.
fn mode(header: Words<'_, '_>) -> Option<&'static Mode> {
    let letter = header.peek(0).bytes().next()?;
    if !INITIALS.contains(&letter.to_ascii_lowercase()) {
        return None;
    }
    let all =
        |mode: &&Mode| mode.head.iter().enumerate().all(|(index, word)| header.is(index, word));
    // `ip route …` and the like open nothing, and neither does what is one word too short.
    MODES.iter().find(all).filter(|mode| mode.head.len() < header.len() || header.len() == 1)
}

/// The first letters of all headers.
const INITIALS: &[u8] = b"ravilkbmsnp";

/// Commands of BGP, in the process and in an address family.
#[rustfmt::skip]
const BGP: &[&str] = &[
    "neighbor", "network", "bgp", "redistribute", "aggregate-address", "maximum-paths", "timers",
    "distance", "default-information", "table-map", "import", "export", "advertise", "rd", "rt",
    "label", "nexthop", "route-map", "sid", "route-target", "advertise-all-vni", "advertise-svi-ip",
    "advertise-default-gw", "autort", "default-originate", "dup-addr-detection", "flooding", "vni",
    "use-es-l3nhg", "disable-ead-evi-rx", "disable-ead-evi-tx", "ead-es-frag", "ead-es-route-target",
    "enable-resolve-overlay-index", "local-install", "mac-vrf", "exit-address-family",
];

#[rustfmt::skip]
static MODES: &[Mode] = &[
    Mode { head: &["router", "bgp"], commands: &[
        "neighbor", "network", "bgp", "redistribute", "aggregate-address", "address-family",
        "maximum-paths", "timers", "distance", "table-map", "coalesce-time", "read-quanta",
        "write-quanta", "update-delay", "segment-routing", "sid", "vnc", "vrf-policy", "rfp",
        "bmp", "auto-summary", "synchronization", "graceful-restart",
    ], ip: &[], shares: false },
    Mode { head: &["address-family"], commands: BGP, ip: &[], shares: false },
    Mode { head: &["vni"], commands: &[
        "rd", "route-target", "advertise-default-gw", "advertise-svi-ip", "advertise-subnet",
    ], ip: &[], shares: false },
    Mode { head: &["router"], commands: &[
        "network", "area", "redistribute", "passive-interface", "router-id", "neighbor", "distance",
        "default-information", "default-metric", "distribute-list", "log-adjacency-changes",
        "timers", "version", "net", "is-type", "metric-style", "ospf", "ospf6", "rip", "offset-list",
        "route", "auto-cost", "max-metric", "capability", "compatible", "refresh",
        "lsp-gen-interval", "lsp-mtu", "spf-interval", "topology", "dynamic-hostname", "eigrp",
        "maximum-paths", "passive", "mpls-te", "set-overload-bit",
        "purge-originator", "fast-reroute", "graceful-restart", "router-info", "pce",
        "address-family", "discovery", "label", "rp", "ecmp", "join-prune-interval", "keep-alive-timer",
        "packets", "msdp", "ssm", "allow-ecmp", "flex-algo", "attached-bit", "advertise-high-metrics",
        "log-pdu-drops", "area-password", "domain-password", "variance",
    ], ip: &[], shares: true },
    Mode { head: &["interface"], commands: INTERFACE, ip: INTERFACE_IP, shares: true },
    Mode { head: &["int"], commands: INTERFACE, ip: INTERFACE_IP, shares: true },
    Mode { head: &["link-params"], commands: &[
        "enable", "metric", "max-bw", "max-rsv-bw", "unrsv-bw", "admin-grp", "delay", "ava-bw",
    ], ip: &[], shares: false },
    Mode { head: &["route-map"], commands: &[
        "match", "set", "continue", "description", "call", "on-match",
    ], ip: &[], shares: false },
    Mode { head: &["vrf"], commands: &["vni", "exit-vrf", "netns"], ip: &[
        "route", "protocol", "router-id", "nht", "mroute", "pim", "import-table",
    ], shares: true },
    Mode { head: &["line", "vty"], commands: &["exec-timeout", "login", "access-class"], ip: &["access-class"],
        shares: false },
    Mode { head: &["key", "chain"], commands: &["key"], ip: &[], shares: false },
    Mode { head: &["key"], commands: &[
        "key-string", "accept-lifetime", "send-lifetime", "cryptographic-algorithm",
    ], ip: &[], shares: false },
    Mode { head: &["bfd"], commands: &["peer", "profile"], ip: &[], shares: false },
    Mode { head: &["profile"], commands: BFD, ip: &[], shares: false },
    Mode { head: &["peer"], commands: BFD, ip: &[], shares: false },
    Mode { head: &["mpls", "ldp"], commands: &[
        "router-id", "address-family", "neighbor", "dual-stack", "discovery", "ordered-control",
    ], ip: &[], shares: false },
    Mode { head: &["segment-routing"], commands: &["traffic-eng", "srv6"], ip: &[], shares: false },
    Mode { head: &["nexthop-group"], commands: &["nexthop", "backup-group", "resilient"], ip: &[], shares: false },
    Mode { head: &["pbr-map"], commands: &["match", "set"], ip: &[], shares: false },
    Mode { head: &["rpki"], commands: &["rpki"], ip: &[], shares: false },
];

const BFD: &[&str] = &[
    "transmit-interval",
    "receive-interval",
    "detect-multiplier",
    "echo-mode",
    "echo-interval",
    "echo",
    "passive-mode",
    "minimum-ttl",
    "shutdown",
    "label",
];

const INTERFACE: &[&str] = &[
    "description",
    "shutdown",
    "shut",
    "bandwidth",
    "link-detect",
    "link-params",
    "multicast",
    "isis",
    "mpls",
    "evpn",
    "ospf",
    "vrrp",
    "pbr-policy",
    "peer",
    "babel",
];

const INTERFACE_IP: &[&str] = &[
    "address",
    "addr",
    "ospf",
    "ospf6",
    "router",
    "rip",
    "ripng",
    "igmp",
    "mld",
    "pim",
    "nd",
    "nhrp",
    "multicast",
    "mroute",
    "split-horizon",
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
            assert!(super::INITIALS.contains(&mode.head[0].as_bytes()[0]), "{:?}", mode.head);
        }
    }

    #[test]
    fn blocks_are_found_with_and_without_indentation() {
        let table = [
            (
                "router bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n !\n address-family ipv4 unicast\n  \
                 network 192.0.2.0/24\n exit-address-family\nexit\n!\nroute-map A permit 10\nexit\nend\n",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501|.address-family ipv4 unicast|\
                 ..network 192.0.2.0/24|..exit-address-family|.exit|route-map A permit 10|.exit|end",
            ),
            (
                "router bgp 64500\nneighbor 192.0.2.1 remote-as 64501\naddress-family ipv4 unicast\n\
                 neighbor 192.0.2.1 activate\nexit-address-family\naddress-family ipv6 unicast\n\
                 redistribute connected\nexit-address-family\nroute-map X permit 10\nmatch metric 5\n\
                 on-match next\nip route 192.0.2.0/24 blackhole\n",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501|.address-family ipv4 unicast|\
                 ..neighbor 192.0.2.1 activate|..exit-address-family|.address-family ipv6 unicast|\
                 ..redistribute connected|..exit-address-family|route-map X permit 10|.match metric 5|\
                 .on-match next|ip route 192.0.2.0/24 blackhole",
            ),
            (
                "vrf A\n ip route 192.0.2.0/24 blackhole\n exit-vrf\n!\ninterface eth0\nip address 192.0.2.1/24\n\
                 ip route 198.51.100.0/24 192.0.2.2\n",
                "vrf A|.ip route 192.0.2.0/24 blackhole|.exit-vrf|interface eth0|.ip address 192.0.2.1/24|\
                 ip route 198.51.100.0/24 192.0.2.2",
            ),
            (
                "r1# show running-config\nBuilding configuration...\n\nCurrent configuration:\n!\nhostname r1\n!\nend\nr1#\n",
                "hostname r1|end",
            ),
            (
                "r1(config)# router bgp 64500\nr1(config-router)# neighbor 192.0.2.1 remote-as 64501\n",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(tree(text), expected, "{text}");
        }
    }
}
