//! Statements that are known and have no consequence for routing policy, sessions or translation.
//!
//! The grammar lists the same words with the reason for each group. Sorted, for those who read
//! them; a leading `no` does not matter.

use edgelint_syntax::Words;

use super::lines::polarity;

/// The first words of inert statements, sorted.
#[rustfmt::skip]
static INERT: &[&str] = &[
    "aaa", "alias", "appmgr", "archive", "arp", "attribute-set", "banner", "bfd", "bundle", "call-home",
    "cdp", "cef", "cinetd", "class-map", "clns", "clock", "commit", "config-register", "configuration",
    "control-plane", "controller", "crypto", "cts", "debug", "dhcp", "diagnostic", "domain",
    "dot1x", "driver", "dynamic-template", "end", "end-group", "environment", "error-disable",
    "ethernet", "ethernet-services", "eventmanager", "evpn", "exception", "exit", "explicit-path",
    "fault", "flow", "flowspec", "forward-class", "fpd", "frequency", "ftp", "generic-interface-list", "grpc",
    "hardware-module", "http", "hw-module", "icmp", "inventory", "ip-sla", "ipsla", "ipv4 assembler",
    "ipv4 conflict-policy", "ipv4 hardware", "ipv4 netmask-format", "ipv4 route", "ipv4 source-route",
    "ipv4 unnumbered", "ipv4 virtual", "ipv6 assembler", "ipv6 conflict-policy", "ipv6 hardware",
    "ipv6 host", "ipv6 icmp", "ipv6 nd", "ipv6 neighbor", "ipv6 path-mtu", "ipv6 source-route",
    "ipv6 unnumbered", "ipv6 virtual", "isolation", "key", "l2", "l2tp", "l2vpn", "lacp", "ldap-server",
    "license", "line", "linux", "lldp", "location", "logging", "lpts", "mac", "macsec", "mibs",
    "monitor-session", "mpls", "multicast-routing", "multilink", "nmsp", "nsr", "ntp", "nve", "nv",
    "object-group", "object-tracking", "onep", "parser", "password", "pce", "performance-mgmt",
    "pnp", "policy-map", "pool", "ppp", "process", "profile", "ptp", "qos", "radius", "radius-server", "rcc", "rcp",
    "redundancy", "rib", "root", "rpki", "rsvp", "rtp", "sampler-map", "script", "security", "segment-routing",
    "selective-vrf-download", "service timestamps", "session", "sla", "slice", "snmp", "snmp-server",
    "source-interface", "ssh", "subscriber", "switch", "synce", "system", "tacacs", "tacacs-server",
    "taskgroup", "tcp", "telemetry", "telnet", "template", "tftp", "time-range", "timeout", "tpa", "track",
    "traceroute", "transceiver", "tunnel-template", "tunnel-te", "udp", "usergroup", "username", "vlan", "vpdn",
    "vservice", "vty", "vty-pool", "watchdog", "xml",
];

/// Whether a statement is inert.
///
/// inert ::= "no"? inert-word REST? NL inert-block?
pub(super) fn is_inert(words: Words<'_, '_>) -> bool {
    let (_, words) = polarity(words);
    INERT.iter().any(|row| {
        let (first, second) = row.split_once(' ').unwrap_or((row, ""));
        words.is(0, first) && (second.is_empty() || words.is(1, second))
    })
}

/// Whether a statement stands only in whole exports.
pub(super) fn is_sign_of_whole(words: Words<'_, '_>) -> bool {
    ["end", "line", "ssh", "logging", "username", "clock", "ntp", "aaa", "snmp-server"]
        .iter()
        .any(|sign| words.is(0, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_without_repetitions() {
        let mut rows = INERT.to_vec();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), INERT.len());
    }
}
