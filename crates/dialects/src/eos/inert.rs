//! Statements that are known and have no consequence for routing policy, sessions or translation.
//!
//! The grammar lists the same words with the reason for each group. Sorted, for those who read
//! them; a leading `no` or `default` does not matter.

use edgelint_syntax::Words;

use crate::phrases::negated;

/// The first words of inert statements, sorted.
#[rustfmt::skip]
static INERT: &[&str] = &[
    "aaa", "agent", "alias", "application", "arp", "asset-tag", "banner", "bfd", "boot",
    "class-map", "clock", "control-plane", "crypto", "cvx", "daemon", "dhcp", "dns", "domain",
    "dot1x", "email", "enable", "end", "environment", "errdisable", "event-handler",
    "event-monitor", "exit", "fhrp", "flow", "hardware", "igmp", "interface-profile",
    "ip address virtual", "ip arp", "ip dhcp", "ip domain", "ip domain-list", "ip domain-lookup",
    "ip domain-name", "ip extcommunity", "ip fib", "ip ftp", "ip hardware", "ip host", "ip http",
    "ip icmp", "ip igmp", "ip load-sharing", "ip local-interface", "ip mfib", "ip msdp",
    "ip multicast", "ip multicast-routing", "ip name-server", "ip nexthop", "ip pim", "ip radius",
    "ip routing", "ip security", "ip ssh", "ip tacacs", "ip tftp", "ip verify", "ip virtual-router",
    "ipv6 address virtual", "ipv6 dhcp", "ipv6 fib", "ipv6 hardware", "ipv6 host", "ipv6 icmp",
    "ipv6 mfib", "ipv6 mld", "ipv6 nd", "ipv6 neighbor", "ipv6 unicast-routing", "ipv6 verify",
    "ipv6 virtual-router", "l2", "l2-protocol", "l2-protocol-forwarding", "lacp", "ldap", "license",
    "link", "lldp", "load-balance", "load-interval", "locator-led", "logging", "logout", "mac",
    "maintenance", "management", "match-list", "mcs", "mlag", "monitor", "mpls", "msrp", "mvrp",
    "nexthop-group", "ntp", "openflow", "p4-runtime", "patch", "platform", "poe", "policy-map",
    "port-channel", "power", "priority-flow-control", "privilege", "prompt", "ptp", "qos",
    "queue-monitor", "radius", "radius-server", "redundancy", "role",
    "router adaptive-virtual-topology", "router bfd", "router igmp", "router internet-exit",
    "router l2-vpn", "router msdp", "router multicast", "router path-selection", "router pim",
    "router segment-security", "router service-insertion", "router traffic-engineering", "schedule",
    "segment-security", "service", "service-policy", "sflow", "shell", "snmp-server",
    "spanning-tree", "ssh", "stun", "switch", "switchport", "sync-e", "system", "tacacs",
    "tacacs-server", "tap", "tcam", "telemetry", "terminal", "track", "traffic-policies",
    "transceiver", "trident", "tunnel", "username", "vlan", "vmtracer", "vrrp", "vxlan", "xmpp",
    "zerotouch",
];

/// Whether a statement is inert.
pub(super) fn is_inert(words: Words<'_, '_>) -> bool {
    let (words, _) = negated(words);
    let mut room = [0; LONGEST];
    let mut length = 0;
    for index in 0..3 {
        let word = words.peek(index).as_bytes();
        let blank: &[u8] = if index == 0 { b"" } else { b" " };
        let end = length + blank.len() + word.len();
        let Some(target) = room.get_mut(length..end).filter(|_| !word.is_empty()) else {
            return false;
        };
        let (before, behind) = target.split_at_mut(blank.len());
        before.copy_from_slice(blank);
        behind.copy_from_slice(word);
        behind.make_ascii_lowercase();
        length = end;
        let key = room.get(..length).unwrap_or(&[]);
        if INERT.binary_search_by(|row| row.as_bytes().cmp(key)).is_ok() {
            return true;
        }
    }
    false
}

/// No row is longer.
const LONGEST: usize = 64;

/// Whether a statement stands only in whole exports.
pub(super) fn is_sign_of_whole(words: Words<'_, '_>) -> bool {
    ["transceiver", "end", "spanning-tree", "management", "service"]
        .iter()
        .any(|sign| words.is(0, sign))
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
    }

    #[test]
    fn statements_are_found_by_their_first_words() {
        let table = [
            ("snmp-server community x", true),
            ("no ip http server", true),
            ("IP Routing vrf A", true),
            ("ip prefix-list x", false),
            ("ip routingx", false),
            ("no", false),
            ("end", true),
            ("neighbor 192.0.2.1", false),
            ("router multicast", true),
            ("router bgp 1", false),
        ];
        for (text, expected) in table {
            let lines = Lines::split(FileId(0), text);
            assert_eq!(is_inert(lines.words_of(&lines.lines[0])), expected, "{text}");
        }
    }
}
