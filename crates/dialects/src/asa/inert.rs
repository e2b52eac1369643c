//! Statements that are known and have no consequence for routing policy, sessions or translation.
//!
//! Each row has its reason; the grammar lists the same words. A leading `no` or `clear` does not matter.

use edgelint_syntax::Words;

use super::lines::{InertRow, lower, room};
use crate::phrases::is_word;

/// The first words of inert statements, sorted.
///
/// inert ::= "no"? inert-word REST? NL inert-block?
/// inert-block ::= INDENT (REST NL inert-block?)+ DEDENT
static INERT: &[InertRow] = &[
    ("aaa", "management"),
    ("aaa-server", "management"),
    ("activation-key", "licence"),
    ("anyconnect", "tunnels of users"),
    ("anyconnect-custom-attr", "tunnels of users"),
    ("anyconnect-custom-data", "tunnels of users"),
    ("app-agent", "platform"),
    ("apply", "which packets pass"),
    ("arp", "how neighbors are found"),
    ("asdm", "management"),
    ("asp", "platform"),
    ("auth-prompt", "management"),
    ("auto-update", "management"),
    ("banner", "free text"),
    ("bfd", "when a neighbor is lost"),
    ("bfd-template", "when a neighbor is lost"),
    ("boot", "management"),
    ("ca", "keys"),
    ("call-home", "management"),
    ("capture", "monitoring"),
    ("checkheaps", "platform"),
    ("class", "resources of contexts"),
    ("class-map", "treatment of packets"),
    ("clear", "empties what stood there before these lines"),
    ("client-update", "tunnels of users"),
    ("clock", "management"),
    ("cluster", "high availability"),
    ("compression", "tunnels of users"),
    ("conduit", "which packets pass"),
    ("config-register", "management"),
    ("configure", "how the lines came here"),
    ("console", "management"),
    ("context", "its lines stand in a file of their own"),
    ("coredump", "platform"),
    ("crashinfo", "platform"),
    ("crypto", "keys and tunnels"),
    ("ctl-file", "telephony"),
    ("ctl-provider", "telephony"),
    ("cts", "who sends packets"),
    ("ddns", "names"),
    ("debug", "monitoring"),
    ("dhcp", "addresses of hosts"),
    ("dhcpd", "addresses of hosts"),
    ("dhcprelay", "addresses of hosts"),
    ("dns", "names"),
    ("dns-group", "names"),
    ("dns-group-map", "names"),
    ("dns-guard", "names"),
    ("domain-name", "names"),
    ("dp-tcp-proxy", "treatment of packets"),
    ("dynamic-access-policy-config", "tunnels of users"),
    ("dynamic-access-policy-record", "tunnels of users"),
    ("dynamic-filter", "treatment of packets"),
    ("dynamic-map", "tunnels"),
    ("eigrp", "interior protocols"),
    ("eject", "platform"),
    ("email", "management"),
    ("enable", "management"),
    ("end", "the end of the lines"),
    ("eool", "treatment of packets"),
    ("established", "treatment of packets"),
    ("event", "monitoring"),
    ("exit", "the end of a block"),
    ("failover", "high availability"),
    ("file", "management"),
    ("filter", "treatment of packets"),
    ("fips", "platform"),
    ("firewall", "whether it routes or bridges"),
    ("fixup", "treatment of packets"),
    ("floodguard", "treatment of packets"),
    ("flow-export", "monitoring"),
    ("flow-offload", "platform"),
    ("flowcontrol", "media"),
    ("fragment", "treatment of packets"),
    ("ftp", "management"),
    ("ftp-map", "treatment of packets"),
    ("group-delimiter", "tunnels of users"),
    ("group-policy", "tunnels of users"),
    ("gtp-map", "treatment of packets"),
    ("h225-map", "treatment of packets"),
    ("help", "management"),
    ("hpm", "platform"),
    ("http", "management"),
    ("http-map", "treatment of packets"),
    ("http-proxy", "tunnels of users"),
    ("hw-module", "platform"),
    ("icmp", "access to the device itself"),
    ("igmp", "multicast"),
    ("imap4s", "management"),
    ("ip-client", "platform"),
    ("ips", "treatment of packets"),
    ("ipv6-vpn-addr-assign", "tunnels of users"),
    ("isakmp", "keys and tunnels"),
    ("jumbo-frame", "media"),
    ("kerberos", "management"),
    ("key", "keys"),
    ("l2tp", "tunnels"),
    ("lacp", "bundles"),
    ("ldap", "management"),
    ("license", "licence"),
    ("license-server", "licence"),
    ("limit-resource", "resources of contexts"),
    ("lldp", "media"),
    ("logging", "monitoring"),
    ("login-message", "free text"),
    ("mac", "treatment of packets"),
    ("mac-address", "media"),
    ("mac-address-table", "media"),
    ("mac-learn", "media"),
    ("mac-list", "management"),
    ("management-access", "management"),
    ("map-domain", "translation between families by a rule of providers"),
    ("media-termination", "telephony"),
    ("mfib", "multicast"),
    ("mgcp-map", "treatment of packets"),
    ("mode", "whether there are contexts"),
    ("monitor-interface", "high availability"),
    ("mount", "management"),
    ("mroute", "multicast"),
    ("mtu", "media"),
    ("multicast-routing", "multicast"),
    ("names", "that names of addresses are shown"),
    ("nat-assigned-to-public-ip", "tunnels of users"),
    ("nat-control", "whether packets without translation pass"),
    ("netconf", "management"),
    ("nop", "treatment of packets"),
    ("ntp", "management"),
    ("nve", "overlay"),
    ("object-group-search", "how access lists are stored"),
    ("ospf", "interior protocols"),
    ("outbound", "which packets pass"),
    ("packet-tracer", "monitoring"),
    ("pager", "management"),
    ("passwd", "management"),
    ("password", "management"),
    ("password-policy", "management"),
    ("password-storage", "tunnels of users"),
    ("path-monitoring", "monitoring"),
    ("pdm", "management"),
    ("phone-proxy", "telephony"),
    ("pim", "multicast"),
    ("policy-map", "treatment of packets"),
    ("pop3s", "management"),
    ("port-channel", "bundles"),
    ("priority-queue", "treatment of packets"),
    ("privilege", "management"),
    ("process", "platform"),
    ("prompt", "management"),
    ("quit", "the end of a block"),
    ("quota", "management"),
    ("regex", "treatment of packets"),
    ("reload", "management"),
    ("rest-api", "management"),
    ("rip", "interior protocols"),
    ("router-alert", "treatment of packets"),
    ("same-security-traffic", "which packets pass"),
    ("scansafe", "treatment of packets"),
    ("sctp-map", "treatment of packets"),
    ("service", "treatment of packets"),
    ("service-call", "management"),
    ("service-interface", "platform"),
    ("service-module", "platform"),
    ("service-policy", "treatment of packets"),
    ("setup", "management"),
    ("shun", "treatment of packets"),
    ("sip-map", "treatment of packets"),
    ("sla", "monitoring"),
    ("smart-tunnel", "tunnels of users"),
    ("smtp-server", "management"),
    ("smtps", "management"),
    ("snmp", "management"),
    ("snmp-map", "treatment of packets"),
    ("snmp-server", "management"),
    ("snort", "treatment of packets"),
    ("software", "platform"),
    ("ssh", "management"),
    ("ssl", "keys and tunnels"),
    ("sso-server", "tunnels of users"),
    ("strong-encryption-disable", "licence"),
    ("sunrpc-server", "treatment of packets"),
    ("sysopt", "treatment of packets"),
    ("tcp", "treatment of packets"),
    ("tcp-map", "treatment of packets"),
    ("telnet", "management"),
    ("terminal", "management"),
    ("tftp-server", "management"),
    ("threat-detection", "monitoring"),
    ("time-range", "when entries of access lists hold"),
    ("timeout", "how long a translation is kept"),
    ("tls-proxy", "telephony"),
    ("track", "whether a route stands; that it is tracked stands with the route"),
    ("traffic-forward", "treatment of packets"),
    ("tunnel-group", "tunnels"),
    ("tunnel-group-map", "tunnels"),
    ("uc-ime", "telephony"),
    ("umbrella-global", "names"),
    ("url-block", "treatment of packets"),
    ("url-cache", "treatment of packets"),
    ("url-list", "tunnels of users"),
    ("url-server", "treatment of packets"),
    ("user", "who sends packets"),
    ("user-identity", "who sends packets"),
    ("username", "management"),
    ("virtual", "management"),
    ("vpdn", "how links open"),
    ("vpn", "tunnels"),
    ("vpn-addr-assign", "tunnels of users"),
    ("vpn-load-balancing", "tunnels of users"),
    ("vpn-sessiondb", "tunnels of users"),
    ("vpnclient", "tunnels"),
    ("vpngroup", "tunnels of users"),
    ("vpnsetup", "tunnels"),
    ("vxlan", "overlay"),
    ("wccp", "treatment of packets"),
    ("webvpn", "tunnels of users"),
    ("xlate", "which translations share addresses by ports of a session"),
    ("zone", "interfaces that share their connections"),
    ("zonelabs-integrity", "tunnels of users"),
];

/// The same behind `ip`.
///
/// inert-ip ::= "no"? ("ip" inert-ip-word | "ipv6" inert-ipv6-word) REST? NL inert-block?
static INERT_IP: &[InertRow] = &[
    ("audit", "treatment of packets"),
    ("local", "addresses of users of tunnels"),
    ("verify", "treatment of packets"),
];

/// The same behind `ipv6`.
static INERT_IPV6: &[InertRow] = &[
    ("dhcp", "addresses of hosts"),
    ("dhcprelay", "addresses of hosts"),
    ("icmp", "access to the device itself"),
    ("local", "addresses of users of tunnels"),
    ("nd", "how neighbors are found"),
    ("neighbor", "how neighbors are found"),
    ("ospf", "interior protocols"),
    ("unicast-routing", "that IPv6 is routed"),
];

/// Whether a statement is inert; its words without a leading `no`.
pub(super) fn is_inert(words: Words<'_, '_>) -> bool {
    let among = |table: &[InertRow], index: usize| {
        let mut low = room();
        let word = lower(words.peek(index), &mut low);
        table.binary_search_by_key(&word, |(row, _)| row).is_ok()
    };
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "ip" => among(INERT_IP, 1),
        "ipv6" => among(INERT_IPV6, 1),
        _ => among(INERT, 0),
    }
}

/// Whether a line names the link over which a standby unit learns of connections and translations (Cisco, "ASA General
/// Operations CLI Configuration Guide", failover).
pub(super) fn is_link_for_state(words: Words<'_, '_>) -> bool {
    is_word(words, 0, "failover") && is_word(words, 1, "link")
}

/// Whether a statement stands only in whole exports.
pub(super) fn is_sign_of_whole(words: Words<'_, '_>) -> bool {
    ["timeout", "mtu", "names", "pager", "passwd"].iter().any(|sign| words.is(0, sign))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tables_are_sorted_and_without_repetitions() {
        for table in [super::INERT, super::INERT_IP, super::INERT_IPV6] {
            for pair in table.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{} {}", pair[0].0, pair[1].0);
            }
        }
    }
}
