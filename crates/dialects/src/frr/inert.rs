//! Statements that are known and have no consequence for routing policy or sessions.
//!
//! Rows are sorted, for those who read them; a leading `no` does not matter. What stands in their blocks
//! is as harmless as they are.

use edgelint_syntax::Words;

use super::lines::{InertRow, listed, polarity};

/// The first words of inert statements, with the reason of each.
///
/// The grammar lists the same words in `inert-word`.
#[rustfmt::skip]
const INERT: &[InertRow] = &[
    ("affinity-map", "traffic engineering"),
    ("agentx", "monitoring"),
    ("allow-external-route-update", "who may change the kernel's table"),
    ("allow-reserved-ranges", "which addresses interfaces may have"),
    ("babel", "an interior protocol on its own"),
    ("banner", "free text"),
    ("bfd", "when a neighbor is lost"),
    ("bgp community", "names for communities, in output"),
    ("bgp graceful-restart", "forwarding while a peer restarts"),
    ("bgp input-queue-limit", "speed"),
    ("bgp ipv6-auto-ra", "advertisements on interfaces"),
    ("bgp no-rib", "whether routes reach the kernel"),
    ("bgp output-queue-limit", "speed"),
    ("bgp route-map", "when changed policies take effect"),
    ("bgp send-extra-data", "output"),
    ("bgp session-dscp", "packets of sessions"),
    ("bgp update-delay", "when the first routes are announced"),
    ("configure", "typed at a terminal"),
    ("debug", "logging"),
    ("domainname", "identity"),
    ("dump", "monitoring"),
    ("enable", "access"),
    ("end", "the end of the text"),
    ("exec-timeout", "terminals, where their block was lost"),
    ("exit", "the end of a block"),
    ("fpm", "how routes reach the data plane"),
    ("key", "keys of interior protocols"),
    ("l2vpn", "pseudowires"),
    ("line", "terminals"),
    ("log", "logging"),
    ("log-filter", "logging"),
    ("mac", "filters of another layer"),
    ("mgmt", "management"),
    ("mpls", "labels"),
    ("netns", "where interfaces live"),
    ("nexthop-group", "next hops of packets that policy routing picks"),
    ("password", "access"),
    ("pbr", "policy routing"),
    ("pbr-map", "policy routing"),
    ("pseudowire", "pseudowires"),
    ("quit", "the end of a block"),
    ("router-id", "identity"),
    ("rpki", "validation of origins: what it says about a route is not in the configuration"),
    ("segment-routing", "labels and segments"),
    ("service", "how the configuration is kept"),
    ("smux", "monitoring"),
    ("table", "number of a kernel table"),
    ("terminal", "terminals"),
    ("username", "access"),
    ("vnc", "overlays"),
    ("vni", "overlays"),
    ("vrf-policy", "overlays"),
    ("vrrp", "first-hop redundancy of all interfaces"),
    ("watchfrr", "supervision of processes"),
    ("write", "typed at a terminal"),
    ("zebra", "how routes reach the kernel"),
];

/// What may stand behind `ip` and `ipv6` at the top.
///
/// inert-ip ::= "no"? ("ip" | "ipv6") inert-ip-word REST? NL
#[rustfmt::skip]
const INERT_IP: &[InertRow] = &[
    ("fib", "how routes reach the kernel"),
    ("forwarding", "whether packets are forwarded"),
    ("igmp", "multicast"),
    ("import-table", "kernel tables"),
    ("mld", "multicast"),
    ("mroute", "multicast"),
    ("msdp", "multicast"),
    ("multicast", "multicast"),
    ("multicast-routing", "multicast"),
    ("nd", "neighbor discovery"),
    ("nht", "how next hops are looked up"),
    ("pim", "multicast"),
    ("protocol", "which source address the kernel is given"),
    ("router-id", "identity"),
    ("ssmpingd", "multicast"),
    ("zebra-route-map", "how routes reach the kernel"),
];

/// Whether a statement is inert.
///
/// inert ::= "no"? inert-word REST? NL inert-block?
pub(super) fn is_inert(words: Words<'_, '_>) -> bool {
    let (_, words) = polarity(words);
    if words.is(0, "ip") || words.is(0, "ipv6") {
        return listed(INERT_IP, words.skip(1));
    }
    listed(INERT, words)
}

/// Whether a statement stands only in exports that hold all daemons.
pub(super) fn is_sign_of_whole(words: Words<'_, '_>) -> bool {
    let vtysh = words.is(0, "service") && words.is(1, "integrated-vtysh-config");
    vtysh || words.is(0, "end") || words.is(0, "line")
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    #[test]
    fn the_tables_are_sorted_and_without_repetitions() {
        for pair in INERT.windows(2).chain(INERT_IP.windows(2)) {
            assert!(pair[0].0 < pair[1].0, "{} {}", pair[0].0, pair[1].0);
        }
    }

    #[test]
    fn statements_are_found_by_their_first_words() {
        let table = [
            ("log syslog informational", true),
            ("no ip forwarding", true),
            ("ip prefix-list x", false),
            ("ip", false),
            ("end", true),
            ("neighbor 192.0.2.1", false),
        ];
        for (text, expected) in table {
            let lines = Lines::split(FileId(0), text);
            assert_eq!(is_inert(lines.words_of(&lines.lines[0])), expected, "{text}");
        }
    }
}
