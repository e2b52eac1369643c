//! Unit tests of the dialect as a whole: whatever stands in a file, each statement is counted once.

use edgelint_model::{Device, State};
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

/// Words that steer the parsers into every corner, and some that fit nowhere.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "no", "router", "bgp", "neighbor", "192.0.2.1", "2001:db8::1", "64500", "peer-group", "G", "remote-as",
    "external", "auto", "interface", "v6only", "eth0", "address-family", "ipv4", "ipv6", "unicast", "uni", "l2vpn",
    "evpn", "vrf", "A", "route-map", "in", "out", "permit", "deny", "10", "match", "set", "call", "continue",
    "on-match", "next", "goto", "network", "mask", "255.255.0.0", "10.0.0.0/8", "2001:db8::/32",
    "aggregate-address", "summary-only", "redistribute", "ospf", "static", "metric", "exit-address-family",
    "exit-vrf", "exit-vni", "exit", "end", "vni", "ip", "route", "blackhole", "Null0", "tag", "nexthop-vrf",
    "prefix-list", "seq", "any", "ge", "le", "access-list", "exact-match", "host", "community-list", "standard",
    "expanded", "as-path", "community", "internet", "additive", "none", "comm-list", "delete", "prepend",
    "last-as", "rd", "rt", "vpn", "import", "export", "both", "64500:1", "default", "ipv4-unicast", "listen",
    "range", "timers", "activate", "password", "description", "frr", "defaults", "datacenter", "version", "7.3",
    "hostname", "address", "local-preference", "+10", "distribute-list", "import-check", "\u{fe}",
    "99999999999", "-1", "%", "fe80::1%x",
];

fn counted_once(text: &str, look: impl FnOnce(&Device<'_>)) {
    let tree = super::layout::lay_out(Lines::split(FileId(0), text));
    let arena = Arena::new();
    let devices = super::read(&tree, &arena);
    let device = devices.first().expect("always one device");
    let states = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque];
    let counted: u32 = states.map(|state| device.coverage.total(state)).iter().sum();
    assert_eq!(counted as usize, tree.nodes.len(), "{text}");
    look(device);
}

proptest::proptest! {
    #[test]
    fn any_lines_are_counted_once(
        head in 0_usize..14,
        lines in proptest::collection::vec(
            (0_usize..4, proptest::collection::vec(0..WORDS.len(), 0..9)), 0..20)
    ) {
        const HEADS: [&str; 14] = [
            "router bgp 64500", "router bgp 64500 vrf A", "route-map M permit 10", "interface eth0", "vrf A",
            "ip route", "ipv6 route", "router ospf", "access-list L", "ip prefix-list L", "bgp community-list",
            "bgp as-path access-list L", "ipv6 access-list L", "frr",
        ];
        let head = HEADS.get(head).copied().unwrap_or("");
        let mut text = head.to_owned();
        for (indent, words) in lines {
            let words: Vec<_> = words.iter().filter_map(|at| WORDS.get(*at).copied()).collect();
            text.push_str(&format!("\n{:indent$}{}", "", words.join(" ")));
            // The same words behind the head, too.
            text.push_str(&format!("\n{head} {}", words.join(" ")));
        }
        counted_once(&text, |_| ());
    }
}

#[test]
fn a_host_that_sets_up_interfaces_is_told_by_their_lack_of_addresses() {
    let table = [
        (
            "hostname a\nservice integrated-vtysh-config\ninterface eth0\n ip address 192.0.2.1/30\n",
            "whole",
        ),
        ("hostname a\nservice integrated-vtysh-config\ninterface eth0\n", "whole hosted"),
        ("hostname a\nrouter bgp 64500\n", "hosted"),
        ("service integrated-vtysh-config\ninterface lo\n ip address 192.0.2.1/32\n", ""),
    ];
    for (text, expected) in table {
        counted_once(text, |device| {
            let flags = [(device.whole, "whole"), (device.hosted, "hosted")];
            let shown = flags.iter().filter(|(on, _)| *on).map(|(_, name)| *name);
            assert_eq!(shown.collect::<Vec<&str>>().join(" "), expected, "{text}");
        });
    }
}

#[test]
fn every_key_is_known_for_a_secret() {
    let text = "password THE-KEY\nenable password 8 THE-KEY\nrouter bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n \
                neighbor 192.0.2.1 password THE-KEY\n neighbor 192.0.2.1 mystery password THE-KEY\ninterface eth0\n \
                ip ospf authentication-key THE-KEY\n ip ospf message-digest-key 1 md5 THE-KEY\n \
                ip rip authentication string THE-KEY\n isis password clear THE-KEY\n ip nhrp authentication THE-KEY\n\
                router isis A\n area-password md5 THE-KEY\n domain-password clear THE-KEY\n\
                key chain K\n key 1\n  key-string THE-KEY\nmpls ldp\n neighbor 192.0.2.1 password THE-KEY\n\
                router bgp nonsense\n neighbor 192.0.2.1 password THE-KEY\n";
    counted_once(text, |device| {
        for (at, word) in text.match_indices("THE-KEY") {
            let covers = device.secrets.iter().any(|secret| {
                secret.start as usize <= at && at + word.len() <= secret.end as usize
            });
            let line = text[..at].lines().last().unwrap_or("");
            assert!(covers, "{line}");
        }
    });
}
