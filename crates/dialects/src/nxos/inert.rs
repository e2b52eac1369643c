//! Statements that are known and have no consequence for routing policy, sessions or translation.
//!
//! The grammar lists the same words with the reason for each group. Sorted, so that a word is found by
//! halving; a leading `no` or `default` does not matter.

use edgelint_syntax::Words;

use super::lines::{lower, room};
use crate::phrases::negated;

/// The first words of inert statements.
#[rustfmt::skip]
static INERT: &[&str] = &[
    "aaa", "acllog", "alias", "allocate", "app-hosting", "archive", "arp", "authentication",
    "banner", "beacon", "bfd", "bloggerd", "boot", "break", "callhome", "catena", "cdp", "cfs",
    "class-map", "cli", "clock", "cmetric", "code", "config", "configure", "control-plane",
    "copp", "crypto", "cts", "debug", "diagnostic", "discover", "dot1x", "dp-lbm", "eem",
    "email-contact", "encryption", "ept-node", "errdisable", "erspan", "evb", "event",
    "event-history", "evpn", "exception", "fabric", "fabric-mode", "fabricpath",
    "fastboot", "fc", "fcalias", "fcdomain", "fcip", "fcoe", "fcs", "fctimer", "feature",
    "feature-set", "fex", "fhrp", "fips", "flow", "forwarding", "fspf", "ftp", "guestshell",
    "hardware", "hsrp", "hw-module", "icam", "icmp-errors", "id-allocation", "in-order-guarantee",
    "install", "internal", "ipc", "iscsi", "isns", "itd", "ivr", "kernel", "key", "keystore",
    "lacp", "layer2", "ldap-server", "license", "line", "lldp", "load-interval", "local",
    "locator-led", "logging", "login", "logout", "mac", "macsec", "maximum", "mfib-multicast",
    "mgmt", "mode", "module", "monitor", "mpls", "mrouter", "msdp", "mvr", "nbm", "network-qos",
    "ngmvpn", "ngoam", "nsf", "ntp", "nv", "nve", "nxapi", "nxsdk", "object-group", "otv",
    "password", "peer-keepalive", "pim", "platform", "pnp", "poap", "policy", "policy-map",
    "port", "port-channel", "port-profile", "port-security", "power", "poweroff", "ppm",
    "priority-flow-control", "private-vlan", "process", "ptp", "qos", "queue", "queue-monitor",
    "queuing", "radius", "radius-server", "rate-limiter", "redundancy", "restart", "restconf",
    "rib", "rmon", "role", "rpm", "rscn", "sampler", "scheduler", "security", "segment-routing",
    "service", "service-policy", "sflow", "slot", "smart", "snmp", "snmp-server", "software",
    "source", "source-interface", "span", "spanning-tree", "ssh", "sshkey", "ssl", "statistics",
    "stfp", "storm-control", "streaming", "svs-domain", "switch", "switch-profile", "sync-peers",
    "system", "tacacs", "tacacs+", "tacacs-server", "tag", "tapagg", "telemetry", "telnet",
    "template", "terminal", "test", "tftp-server", "time", "time-range", "tlport-mode", "track",
    "trunk", "tunnel-encryption", "udld", "user", "user-group", "username", "userpassphrase",
    "vdc", "version", "virtual-service", "vlan", "vmtracker", "vpc", "vsan", "vtp", "vtun",
    "vxlan", "watch", "wwn", "xml", "zone", "zoneset",
];

/// The second words of inert statements that begin with `ip`.
#[rustfmt::skip]
static INERT_IP: &[&str] = &[
    "access-group", "adjacency", "amt", "arp", "auto-discard", "cache", "client", "context",
    "dhcp", "directed-broadcast", "dns", "domain", "domain-list", "domain-lookup", "domain-name",
    "dscp-lop", "ftp", "gratuitous-arps", "host", "http", "icmp", "igmp", "internal",
    "load-sharing", "local", "local-proxy-arp", "mfwd", "mroute", "msdp", "multicast",
    "name-server", "netflow", "pim", "ping", "port", "radius", "redirects", "rip", "routing",
    "rsvp", "scp", "sip", "sla", "source", "source-route", "ssh", "tacacs", "tcp", "telnet",
    "tftp", "ttl", "udp", "unreachables", "verify", "wccp",
];

/// The second words of inert statements that begin with `ipv6`.
#[rustfmt::skip]
static INERT_IPV6: &[&str] = &[
    "adjacency", "cache", "dhcp", "dns", "host", "icmp", "internal", "load-sharing", "local",
    "mfwd", "mld", "mroute", "multicast", "nd", "neighbor", "pim", "redirects", "routing",
    "snooping", "switch-packets", "tcp", "unreachables", "verify",
];

/// Whether a statement is inert.
pub(super) fn is_inert(words: Words<'_, '_>) -> bool {
    let (words, _) = negated(words);
    let (mut first, mut second) = (room(), room());
    let (head, next) = (lower(words.peek(0), &mut first), lower(words.peek(1), &mut second));
    let (table, word) = match head {
        "ip" => (INERT_IP, next),
        "ipv6" => (INERT_IPV6, next),
        _ => (INERT, head),
    };
    table.binary_search(&word).is_ok()
}

/// Whether a statement stands only in whole exports.
pub(super) fn is_sign_of_whole(words: Words<'_, '_>) -> bool {
    ["version", "vdc", "boot", "line"].iter().any(|sign| words.is(0, sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    #[test]
    fn the_tables_are_sorted_and_without_repetitions() {
        for table in [INERT, INERT_IP, INERT_IPV6] {
            for pair in table.windows(2) {
                assert!(pair[0] < pair[1], "{} {}", pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn statements_are_found_by_their_first_words() {
        let table = [
            ("snmp-server community x", true),
            ("no feature telnet", true),
            ("IP Domain-Lookup", true),
            ("ip prefix-list x", false),
            ("ip domain-lookupx", false),
            ("no", false),
            ("neighbor 192.0.2.1", false),
        ];
        for (text, expected) in table {
            let lines = Lines::split(FileId(0), text);
            assert_eq!(is_inert(lines.words_of(&lines.lines[0])), expected, "{text}");
        }
    }
}
