//! Statements that are known and have no consequence for routing policy, sessions or translation.
//!
//! The grammar lists the same words with the reason for each group. Sorted, for those who read
//! them; a leading `no` or `default` does not matter.

use std::sync::LazyLock;

use edgelint_syntax::Words;

use crate::phrases::negated;

/// The first words of inert statements, sorted.
#[rustfmt::skip]
static INERT: &[&str] = &[
    "aaa", "access-session", "activity-import", "aggregation-type", "alias", "ap", "app-hosting",
    "appfw", "archive", "arp", "async-bootp", "authentication", "autonomic", "avb", "banner", "bfd",
    "bfd-template", "boot", "boot-end-marker", "boot-start-marker", "bridge", "bridge-domain",
    "bstun", "buffers", "call", "call-home", "card", "cdp", "chat-script", "cisp",
    "class-map", "clns", "clock", "cns", "config-register", "configuration", "configure",
    "control-plane", "controller", "crypto", "cts", "cwmp", "default-value", "define",
    "device-sensor", "device-tracking", "diagnostic", "dial-peer", "dialer", "dialer-list", "dns",
    "do", "domain", "dot11", "dot1x", "downward-compatible-config", "dspfarm", "enable", "end",
    "energywise", "epm", "errdisable", "ethernet", "event", "exception", "exit", "fabric",
    "facility-alarm", "fallback", "fhrp", "file", "flow", "frame-relay", "ftp-server", "gatekeeper",
    "gateway", "graceful-reload", "hardware", "hw-module", "identity", "iox", "ip accounting",
    "ip accounting-threshold", "ip address-list", "ip admission", "ip alert-logging", "ip alias",
    "ip arp", "ip audit", "ip auth-proxy", "ip bgp-community", "ip bootp", "ip cef", "ip classless",
    "ip default-gateway", "ip device", "ip dhcp", "ip dhcp-server", "ip dns", "ip domain",
    "ip domain-list", "ip domain-lookup", "ip domain-name", "ip dvmrp", "ip explicit-path",
    "ip finger", "ip flow", "ip flow-aggregation", "ip flow-cache", "ip flow-capture",
    "ip flow-export", "ip flow-top-talkers", "ip forward-protocol", "ip ftp", "ip gratuitous-arps",
    "ip host", "ip hosts-file", "ip http", "ip icmp", "ip identd", "ip igmp", "ip inspect",
    "ip ips", "ip local", "ip mfib", "ip mroute", "ip msdp", "ip mtu", "ip multicast",
    "ip multicast-routing", "ip name-server", "ip nbar", "ip nhrp", "ip options", "ip pim",
    "ip port-map", "ip radius", "ip rcmd", "ip reflexive-list", "ip rip", "ip routing", "ip rsvp",
    "ip rtcp", "ip scp", "ip security", "ip sla", "ip source-route", "ip spd", "ip ssh",
    "ip subnet-zero", "ip tacacs", "ip tcp", "ip telnet", "ip tftp", "ip traffic-export", "ip udp",
    "ip urlfilter", "ip verify", "ip virtual-reassembly", "ip vrf-select", "ip wccp", "ip wlan",
    "ipc", "ipv6 cef", "ipv6 dhcp", "ipv6 flowset", "ipv6 general-prefix", "ipv6 hop-limit",
    "ipv6 host", "ipv6 icmp", "ipv6 inspect", "ipv6 ioam", "ipv6 local", "ipv6 mfib", "ipv6 mld",
    "ipv6 multicast", "ipv6 multicast-routing", "ipv6 nd", "ipv6 neighbor", "ipv6 pim",
    "ipv6 port-map", "ipv6 snooping", "ipv6 source-guard", "ipv6 source-route", "ipv6 spd",
    "ipv6 tacacs", "ipv6 unicast-routing", "isdn", "issu", "kerberos", "key", "kron", "l2", "l2tp",
    "l2tp-class", "l2vpn", "lacp", "ldap", "license", "licensing", "line", "lldp",
    "location", "logging", "login", "mac", "mac-address-table", "macro", "map-class", "map-list",
    "media-terminal", "memory", "memory-size", "menu", "metadata", "mgcp", "mka", "mls", "mmi",
    "mmpolicy", "modem", "module", "monitor", "mop", "mpls", "mta", "multilink", "mvr", "nat64",
    "netconf", "netconf-yang", "network-clock", "network-clock-participate", "network-clock-select",
    "nmsp", "ntp", "nvram", "object-group", "onep", "otv", "parameter-map", "parser", "partition",
    "password", "performance", "platform", "pnp", "policy-map", "port-channel", "power", "ppp",
    "pppoe", "printer", "privilege", "process", "process-max-time", "processor", "profile",
    "prompt", "protocol", "pseudowire-class", "ptp", "qos", "queue-monitor", "radius",
    "radius-server", "redundancy", "regexp", "remote", "remote-management", "resource",
    "resource-monitor", "resource-pool", "restconf", "rmon", "rtr", "sampler", "sap", "sccp",
    "scheduler", "scripting", "sdm", "secure", "security", "segment-routing", "service",
    "service-chain", "service-insertion", "service-list", "service-policy", "service-routing",
    "service-template", "session", "shell", "snmp", "snmp-server", "software", "source",
    "spanning-tree", "spd", "ssh", "stackwise-virtual", "stcapp", "storm-control", "stun",
    "subscriber", "switch", "switch-module", "system", "system-monitor", "table-map", "tacacs",
    "tacacs-server", "tclsh", "telemetry", "template", "terminal", "terminal-queue", "tftp-server",
    "threat-visibility", "time", "time-range", "tod-clock", "track", "transceiver", "transport",
    "trunk", "tunnel", "udld", "upgrade", "user-group", "username", "utd", "version",
    "virtual-service", "virtual-template", "vlan", "vlan-group", "vmps", "voice", "voice-card",
    "vpdn", "vpdn-group", "vstack", "vtp", "vty-async", "wireless", "wlan", "wrr-queue", "wsma",
    "x25", "x29", "xconnect", "zone", "zone-pair",
];

/// Whether a statement is inert.
pub(super) fn is_inert(words: Words<'_, '_>) -> bool {
    let (words, _) = negated(words);
    let (first, second) = (words.peek(0), words.peek(1));
    if rows_of(first, first.len()).iter().any(|row| alike(row, first)) {
        return true;
    }
    // Rows of two words begin with one of these.
    if second.is_empty() || !words.is(0, "ip") && !words.is(0, "ipv6") {
        return false;
    }
    let rows = rows_of(first, first.len() + 1 + second.len());
    let alike = |(one, two): (&str, &str)| one.len() == first.len() && alike(two, second);
    rows.iter().any(|row| row.split_once(' ').is_some_and(alike))
}

/// Whether a word is this one, in any case; nearly all that are not differ in their last letters.
fn alike(row: &str, word: &str) -> bool {
    let ends = row.as_bytes().last().zip(word.as_bytes().last());
    ends.is_some_and(|(a, b)| (a ^ b) & !0x20 == 0)
        && (row == word || row.eq_ignore_ascii_case(word))
}

/// The rows of a length that begin with the letter of a word.
fn rows_of(word: &str, length: usize) -> &'static [&'static str] {
    let (rows, places) = &*ROWS;
    let letter = word.as_bytes().first().map_or(0, u8::to_ascii_lowercase);
    let letter = usize::from(letter.wrapping_sub(b'a'));
    let letters = places.get(length);
    let (from, to) = letters.and_then(|all| all.get(letter)).copied().unwrap_or((0, 0));
    rows.get(from..to).unwrap_or(&[])
}

/// Where rows begin and end, by length and letter.
type Places = Vec<[(usize, usize); 26]>;

/// [`INERT`] by length and then by the alphabet; and where the rows of each length and letter stand.
static ROWS: LazyLock<(Vec<&str>, Places)> = LazyLock::new(|| {
    let mut rows = INERT.to_vec();
    rows.sort_by_key(|row| row.len());
    let key = |row: &&str| (row.len(), row.as_bytes().first().copied().unwrap_or(0));
    let place = |length: usize, letter: usize| {
        let wanted = (length, b'a'.wrapping_add(u8::try_from(letter).unwrap_or(0)));
        (
            rows.partition_point(|row| key(row) < wanted),
            rows.partition_point(|row| key(row) <= wanted),
        )
    };
    let letters = |length| std::array::from_fn(|letter| place(length, letter));
    let places = (0..=LONGEST).map(letters).collect();
    (rows, places)
});

/// No row is longer.
const LONGEST: usize = 64;

/// Whether a statement stands only in whole exports.
pub(super) fn is_sign_of_whole(words: Words<'_, '_>) -> bool {
    match words.length(0) {
        3 => words.is(0, "end"),
        4 => words.is(0, "line"),
        7 => words.is(0, "version") || words.is(0, "service"),
        17 => words.is(0, "boot-start-marker"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    #[test]
    fn the_table_is_sorted_and_without_repetitions() {
        for pair in INERT.windows(2) {
            assert!(pair[0] < pair[1], "{} {}", pair[0], pair[1]);
        }
        assert!(INERT.iter().all(|row| row.len() <= super::LONGEST));
        let mut pairs = INERT.iter().filter_map(|row| row.split_once(' '));
        assert!(pairs.all(|(first, _)| matches!(first, "ip" | "ipv6")));
    }

    #[test]
    fn statements_are_found_by_their_first_words() {
        let table = [
            ("snmp-server community x", true),
            ("no ip http server", true),
            ("IP HTTP secure-server", true),
            ("ip prefix-list x", false),
            ("ip httpx", false),
            ("ip ntity", false),
            ("no", false),
            ("end", true),
            ("neighbor 192.0.2.1", false),
        ];
        for (text, expected) in table {
            let lines = Lines::split(FileId(0), text);
            assert_eq!(is_inert(lines.words_of(&lines.lines[0])), expected, "{text}");
        }
    }
}
