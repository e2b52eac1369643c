//! What EOS was seen to do.

use std::collections::BTreeSet;

use super::{accepted, announced};
use crate::support::{Export, checked, inspected};

/// A device with one external neighbor and two static routes that it puts into BGP; `policies` stand at the
/// top, `session` in the process.
fn eos(policies: &str, session: &str) -> Vec<Export> {
    let text = format!(
        "! device: edge (vEOS-lab, EOS-4.32.1F)\nhostname edge\n!\nspanning-tree mode mstp\n!\n\
         interface Ethernet1\n   no switchport\n   ip address 192.0.2.1/30\n!\nip routing\n!\n\
         ip route 203.0.113.0/24 Null0\nip route 198.51.100.0/24 Null0\n!\n{policies}\n!\n\
         router bgp 64500\n   neighbor UP peer group\n   neighbor UP remote-as 64510\n   \
         neighbor 192.0.2.2 peer group UP\n{session}!\nend\n"
    );
    vec![("edge.cfg".to_owned(), text)]
}

/// The first line that says what is announced.
fn first(exports: &[Export]) -> String {
    announced(exports).into_iter().next().unwrap_or_default()
}

/// What one rule says, one message a finding.
fn says(exports: &[Export], rule: &'static str) -> Vec<String> {
    let report = checked(exports, BTreeSet::from([rule]), None);
    report.findings.iter().map(|finding| finding.message.to_string()).collect()
}

const NETWORK: &str = "   network 203.0.113.0/24\n";
const ALL: &str = "0.0.0.0/0 /0-/32: default";

#[test]
fn a_route_map_that_is_not_there_permits_everything() {
    // eos_undefined_route_map: in and out, on the neighbor and on its group.
    let own = eos(
        "",
        &format!(
            "{NETWORK}   neighbor 192.0.2.2 route-map GONE in\n   neighbor 192.0.2.2 route-map GONE out\n"
        ),
    );
    assert_eq!(accepted(&own), [ALL]);
    assert_eq!(first(&own), "203.0.113.0/24 certain med null prepend [] communities []");
    assert_eq!(
        says(&own, "undefined-policy-reference"),
        ["route-map GONE is used but not defined: EOS permits every route"]
    );
    let group = eos("", "   neighbor UP route-map GONE in\n");
    assert_eq!(accepted(&group), [ALL]);
}

#[test]
fn the_neighbors_own_map_wins_over_the_groups_even_where_it_is_not_there() {
    // eos_undefined_route_map.
    let maps =
        "route-map NONE deny 10\n!\nroute-map PREFERS permit 10\n   set local-preference 200";
    let group = "   neighbor UP route-map NONE in\n";
    assert_eq!(accepted(&eos(maps, group)), Vec::<String>::new());
    let own = format!("{group}   neighbor 192.0.2.2 route-map PREFERS in\n");
    assert_eq!(accepted(&eos(maps, &own)), ["0.0.0.0/0 /0-/32: 200"]);
    let gone = format!("{group}   neighbor 192.0.2.2 route-map GONE in\n");
    assert_eq!(accepted(&eos(maps, &gone)), [ALL]);
}

#[test]
fn what_a_missing_policy_does_may_be_told() {
    // EOS manual, `bgp missing-policy`: without it a session without policy accepts and sends everything.
    let open = eos("", NETWORK);
    assert_eq!(accepted(&open), [ALL]);
    let guarded = eos("", &format!("   bgp missing-policy direction in action deny\n{NETWORK}"));
    assert_eq!(accepted(&guarded), Vec::<String>::new());
    assert_eq!(announced(&guarded), announced(&open));
    let both = format!("{NETWORK}   neighbor UP missing-policy direction out action deny\n");
    assert_eq!(announced(&eos("", &both)), ["transit "]);
    // What then becomes of an undefined map no lab has shown.
    let named =
        "   bgp missing-policy direction in action deny\n   neighbor UP route-map GONE in\n";
    assert_eq!(
        says(&eos("", named), "undefined-policy-reference"),
        ["route-map GONE is used but not defined; what EOS then does is not known"]
    );
}

#[test]
fn redistribution_by_a_map_that_is_not_there_puts_everything_in() {
    // Device output beside Batfish's test `bgp-redistribute-undefined`, EOS 4.21.1.1F.
    let sent = announced(&eos("", "   redistribute static route-map GONE\n"));
    let prefixes: Vec<&str> = sent.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(prefixes, ["198.51.100.0/24", "203.0.113.0/24", "transit"]);
}

#[test]
fn a_clause_that_goes_on_to_one_that_is_not_there_keeps_its_verdict() {
    // eos_rm_undefined_continue: the clause's own action is taken.
    let map = "route-map M permit 10\n   set local-preference 150\n   continue 99\n!\nroute-map M deny 20";
    let session = "   neighbor UP route-map M in\n";
    let found = accepted(&eos(map, session));
    assert!(found.iter().all(|line| line.starts_with("0.0.0.0/0 /0-/32: 150")), "{found:?}");
    assert_eq!(found.len(), 1);
}

#[test]
fn a_clause_that_goes_on_to_one_that_does_not_match_falls_through_to_the_next() {
    // eos_rm_undefined_continue and its siblings.
    let map = "route-map M permit 10\n   set local-preference 150\n   continue 20\n!\n\
               route-map M permit 20\n   match local-preference 7\n!\n\
               route-map M permit 30\n   set community 64500:1";
    let found = inspected(&eos(map, "   neighbor UP route-map M in\n"), "preferences", None);
    let class = &found[0]["classes"][0];
    assert_eq!(class["local_preference"], 150, "{class}");
}

#[test]
fn a_network_carries_no_med_and_needs_its_route() {
    // Device tables of EOS 4.36 in batfish/lab-validation.
    assert_eq!(
        first(&eos("", NETWORK)),
        "203.0.113.0/24 certain med null prepend [] communities []"
    );
    let absent = eos("", "   network 192.0.2.128/25\n");
    assert_eq!(announced(&absent), ["transit 0.0.0.0/0 /0-/32"]);
}

#[test]
fn communities_are_sent_where_a_statement_says_so() {
    // EOS manual, `neighbor send-community`.
    let map = "route-map TAG permit 10\n   set community 64500:7";
    let session = format!("{NETWORK}   neighbor UP route-map TAG out\n");
    let bare = "203.0.113.0/24 certain med null prepend [] communities []";
    assert_eq!(first(&eos(map, &session)), bare);
    let tagged = "203.0.113.0/24 certain med null prepend [] communities [\"64500:7\"]";
    assert_eq!(first(&eos(map, &format!("{session}   neighbor UP send-community\n"))), tagged);
    assert_eq!(
        first(&eos(map, &format!("{session}   neighbor UP send-community standard\n"))),
        tagged
    );
    assert_eq!(
        first(&eos(map, &format!("{session}   neighbor UP send-community extended\n"))),
        bare
    );
}

#[test]
fn a_default_route_is_sent_past_the_map_and_only_always_without_one_in_the_table() {
    // Batfish's snapshot `arista-bgp-default-originate`; EOS manual, `neighbor default-originate`.
    let map = "route-map NONE deny 10";
    let deny = "   neighbor UP route-map NONE out\n";
    let plain = eos(map, &format!("{deny}   neighbor UP default-originate\n"));
    assert_eq!(first(&plain), "0.0.0.0/0 assumed med null prepend [] communities []");
    let always = eos(map, &format!("{deny}   neighbor UP default-originate always\n"));
    assert_eq!(first(&always), "0.0.0.0/0 certain med null prepend [] communities []");
}

#[test]
fn sessions_over_ipv4_carry_ipv4_unasked_and_no_others_do() {
    // `show running-config all` of EOS 4.23.
    let families = |session: &str| {
        let items = inspected(&eos("", session), "neighbors", None);
        let all = items.iter().map(|item| item["families"].to_string());
        all.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(families(""), "[\"ipv4\"]");
    assert_eq!(families("   no bgp default ipv4-unicast\n"), "[]");
    let six = "   neighbor 2001:db8::2 remote-as 64510\n";
    assert_eq!(families(six), "[\"ipv4\"] []");
    assert_eq!(families(&format!("{six}   bgp default ipv6-unicast\n")), "[\"ipv4\"] [\"ipv6\"]");
    assert_eq!(
        families(&format!("{six}   bgp default ipv4-unicast transport ipv6\n")),
        "[\"ipv4\"] [\"ipv4\"]"
    );
}

#[test]
fn a_map_and_a_list_end_in_deny() {
    // EOS manual, "Route maps" and "Prefix lists".
    let lists = "ip prefix-list ONE\n   seq 10 permit 203.0.113.0/24\n!\nroute-map M permit 10\n   match ip address prefix-list ONE";
    let by_list = format!("{NETWORK}   redistribute static\n   neighbor UP prefix-list ONE out\n");
    let by_map = format!("{NETWORK}   redistribute static\n   neighbor UP route-map M out\n");
    for session in [by_list, by_map] {
        assert_eq!(
            announced(&eos(lists, &session)),
            [
                "203.0.113.0/24 certain med null prepend [] communities []",
                "transit 203.0.113.0/24 /24-/24"
            ],
        );
    }
}
