//! What ASA is said to do, each fact as a small configuration of our own: text in, text out.
//!
//! No public lab has asked a device. What Cisco's manuals say stands beside each test; what only models of
//! other tools assume is not concluded here, and the last test holds us to that.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Export, checked, inspected};

/// A firewall with one external neighbor; `lines` stand at the top and `session` in the address family.
fn asa(lines: &str, session: &str) -> Vec<Export> {
    let text = format!(
        "ASA Version 9.16(4)\nhostname fw\n\
         interface GigabitEthernet0/0\n nameif outside\n security-level 0\n ip address 192.0.2.1 255.255.255.252\n\
         interface GigabitEthernet0/1\n nameif inside\n security-level 100\n ip address 10.0.0.1 255.255.255.0\n\
         {lines}\
         router bgp 64500\n address-family ipv4 unicast\n  neighbor 192.0.2.2 remote-as 64510\n  \
         neighbor 192.0.2.2 activate\n  network 203.0.113.0 mask 255.255.255.0\n{session} exit-address-family\n\
         route Null0 203.0.113.0 255.255.255.0\ntimeout xlate 3:00:00\n"
    );
    vec![("fw.cfg".to_owned(), text)]
}

/// What is accepted: the local preference of each class, and whether that is certain.
fn accepted(exports: &[Export]) -> Vec<(Option<u64>, bool)> {
    let items = inspected(exports, "preferences", None);
    let classes = items.iter().flat_map(|item| item["classes"].as_array().into_iter().flatten());
    classes.map(|class| (class["local_preference"].as_u64(), class["certain"] == true)).collect()
}

/// The prefixes that are announced, with certainty.
fn announced(exports: &[Export]) -> Vec<String> {
    let items = inspected(exports, "announcements", None);
    let routes = items.iter().flat_map(|item| item["routes"].as_array().into_iter().flatten());
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    routes.map(|it| format!("{} {}", text(&it["prefix"]), text(&it["certainty"]))).collect()
}

#[test]
fn a_session_without_policies_accepts_and_sends_everything() {
    // Cisco ASA Series General Operations CLI Configuration Guide, "BGP": policies are optional.
    let exports = asa("", "");
    assert_eq!(announced(&exports), ["203.0.113.0/24 certain"]);
    assert_eq!(accepted(&exports).len(), 1);
}

#[test]
fn a_prefix_list_and_a_route_map_end_in_deny() {
    // Command Reference, `prefix-list` and `route-map`.
    let list = "prefix-list P seq 5 permit 198.51.100.0/24\n";
    let by_list = asa(list, "  neighbor 192.0.2.2 prefix-list P out\n");
    assert!(announced(&by_list).is_empty());
    let map = format!("{list}route-map M permit 10\n match ip address prefix-list P\n");
    assert!(announced(&asa(&map, "  neighbor 192.0.2.2 route-map M out\n")).is_empty());
}

#[test]
fn a_local_preference_is_set_by_a_clause_or_for_all() {
    // Command Reference, `set local-preference`, `bgp default local-preference`.
    let map = "route-map M permit 10\n set local-preference 300\n";
    let exports = asa(map, "  neighbor 192.0.2.2 route-map M in\n");
    assert_eq!(accepted(&exports), [(Some(300), true)]);
}

#[test]
fn what_nobody_has_shown_is_not_concluded() {
    let exports = asa("", "  neighbor 192.0.2.2 route-map NOWHERE in\n");
    let report = checked(&exports, BTreeSet::from(["undefined-policy-reference"]), None);
    let [finding] = report.findings.as_slice() else { panic!("{}", report.findings.len()) };
    let message = finding.message.as_str();
    assert!(message.ends_with("what ASA then does is not known"), "{message}");
    assert!(accepted(&exports).iter().all(|(_, certain)| !certain));
}
