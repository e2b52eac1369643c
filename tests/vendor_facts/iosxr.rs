//! What IOS XR was seen to do, and what its routing configuration guide says of it.

use std::collections::BTreeSet;

use super::{accepted, announced, texts};
use crate::support::{Export, checked, inspected};

/// A router with one external neighbor and one internal one; `policies` stand at the top, `session` in the
/// family of the external neighbor, `process` in that of the process, and two static routes wait to be
/// announced.
fn iosxr(policies: &str, process: &str, session: &str) -> Vec<Export> {
    let text = format!(
        "!! IOS XR Configuration 7.3.2\nhostname edge\nline default\n!\n\
         interface GigabitEthernet0/0/0/0\n ipv4 address 192.0.2.1 255.255.255.252\n!\n{policies}\n!\n\
         router static\n address-family ipv4 unicast\n  203.0.113.0/24 Null0\n  198.51.100.0/24 Null0\n !\n!\n\
         router bgp 64500\n{process} neighbor 192.0.2.2\n  remote-as 64510\n  address-family ipv4 unicast\n\
         {session}  !\n !\n!\nend\n"
    );
    vec![("edge.cfg".to_owned(), text)]
}

/// A router whose static routes are in BGP, and what it announces through a policy.
fn sent(policy: &str) -> Vec<String> {
    let policies = format!("route-policy P\n{policy}end-policy");
    let process = " address-family ipv4 unicast\n  redistribute static\n !\n";
    announced(&iosxr(&policies, process, "   route-policy P out\n"))
}

/// What is accepted through a policy.
fn taken(policy: &str) -> Vec<String> {
    let policies = format!("route-policy P\n{policy}end-policy");
    accepted(&iosxr(&policies, "", "   route-policy P in\n"))
}

const EVERY: &str = "0.0.0.0/0 /0-/32";

#[test]
fn without_a_policy_an_external_session_exchanges_nothing() {
    // Guide, "Implementing BGP": eBGP neighbors need a policy in each direction.
    let process = " address-family ipv4 unicast\n  redistribute static\n !\n";
    assert_eq!(accepted(&iosxr("", "", "")), Vec::<String>::new());
    assert_eq!(announced(&iosxr("", process, "")), ["transit "]);
    // The command takes that back.
    let unsafe_process = format!(" bgp unsafe-ebgp-policy\n{process}");
    assert_eq!(accepted(&iosxr("", &unsafe_process, "")), [format!("{EVERY}: default")]);
    assert_eq!(announced(&iosxr("", &unsafe_process, "")).len(), 3);
    // Inside one AS everything is exchanged.
    let inside: Vec<Export> = iosxr("", process, "")
        .into_iter()
        .map(|(name, text)| (name, text.replace("64510", "64500")))
        .collect();
    assert_eq!(accepted(&inside), [format!("{EVERY}: default")]);
    assert_eq!(announced(&inside).len(), 3);
}

#[test]
fn a_policy_that_is_not_there_cannot_be_committed() {
    // Guide, "Implementing Routing Policy": references have to resolve.
    let rule = BTreeSet::from(["undefined-policy-reference"]);
    let report = checked(&iosxr("", "", "   route-policy P in\n"), rule, None);
    let message = report.findings.first().map_or("", |finding| finding.message.as_str());
    assert!(message.contains("IOS-XR would not have accepted this"), "{message}");
}

#[test]
fn a_route_passes_that_was_changed_or_passed() {
    // Guide, "Default Drop Disposition".
    assert_eq!(taken(""), Vec::<String>::new());
    assert_eq!(taken("  pass\n"), [format!("{EVERY}: default")]);
    assert_eq!(taken("  set local-preference 200\n"), [format!("{EVERY}: 200")]);
    assert_eq!(taken("  set qos-group 3\n"), [format!("{EVERY}: default")]);
    // `drop` takes back what was passed, and ends; so does `done`.
    assert_eq!(taken("  pass\n  drop\n  pass\n"), Vec::<String>::new());
    assert_eq!(taken("  done\n  drop\n"), [format!("{EVERY}: default")]);
}

#[test]
fn a_policy_that_is_applied_is_as_good_as_pasted() {
    // Guide, "Default Drop Disposition" and "Control Flow".
    let policies = "route-policy TWO\n  if destination in (10.0.0.0/8 ge 8 le 32) then\n    set local-preference 200\n  endif\nend-policy\n\
                    route-policy ONE\n  apply TWO\nend-policy";
    let ten = "10.0.0.0/8 /8-/32: 200";
    assert_eq!(accepted(&iosxr(policies, "", "   route-policy ONE in\n")), [ten]);
    // What ends the one ends the other.
    let ends = policies
        .replace("set local-preference 200", "done")
        .replace("apply TWO", "apply TWO\n  drop");
    assert_eq!(
        accepted(&iosxr(&ends, "", "   route-policy ONE in\n")),
        ["10.0.0.0/8 /8-/32: default"]
    );
}

#[test]
fn conditions_see_the_route_as_it_came() {
    // Guide, "When Attributes Are Modified".
    let policy = "  if local-preference eq 12 then\n    set local-preference 42\n    if local-preference eq 42 then\n      drop\n    endif\n  endif\n  pass\n";
    let classes = taken(policy);
    assert!(classes.contains(&format!("{EVERY}: 42")), "{classes:?}");
}

#[test]
fn edits_of_lists_add_up() {
    // Guide, "Attribute Modification": the second prepend stands left of the first, and communities
    // that are added are all there.
    let sent = sent(
        "  prepend as-path 2.5 3\n  prepend as-path 666.5 2\n  set community (10:23)\n  set community (10:24) additive\n",
    );
    assert_eq!(
        sent[0],
        "198.51.100.0/24 certain med 0 prepend [\"43646981\", \"43646981\", \"131077\", \"131077\", \"131077\"] communities []"
    );
}

#[test]
fn communities_go_to_other_systems_where_that_is_said() {
    // Command reference, `send-community-ebgp`.
    let policies = "route-policy P\n  set community (64500:1)\nend-policy";
    let process = " address-family ipv4 unicast\n  redistribute static\n !\n";
    let communities = |session: &str| {
        let export = iosxr(policies, process, session);
        let items = inspected(&export, "announcements", None);
        texts(&items[0]["routes"][0]["communities"])
    };
    assert_eq!(communities("   route-policy P out\n"), Vec::<String>::new());
    assert_eq!(communities("   route-policy P out\n   send-community-ebgp\n"), ["64500:1"]);
}

#[test]
fn a_condition_on_an_empty_set_is_false() {
    // Guide, "Sets".
    let policies = "prefix-set NONE\nend-set\nroute-policy P\n  if destination in NONE then\n    pass\n  endif\nend-policy";
    assert_eq!(accepted(&iosxr(policies, "", "   route-policy P in\n")), Vec::<String>::new());
}

#[test]
fn an_address_alone_is_a_host() {
    // Guide, "prefix-set": the default length is that of a host.
    let classes = taken("  if destination in (0.0.0.0, 203.0.113.7) then\n    pass\n  endif\n");
    assert_eq!(classes, ["0.0.0.0/32 /32-/32, 203.0.113.7/32 /32-/32: default"]);
}

#[test]
fn and_binds_closer_than_or() {
    // Guide, "Boolean Operator Precedence".
    let classes = taken(
        "  if destination in (10.0.0.0/8) or destination in (10.1.0.0/16) and destination in (10.2.0.0/16) then\n    pass\n  endif\n",
    );
    assert_eq!(classes, ["10.0.0.0/8 /8-/8: default"]);
}

#[test]
fn the_parts_of_an_aggregate_are_held_back() {
    // Public lab `iosxr_ibgp_rr_over_ospf`: `summary-only` holds.
    let process = " address-family ipv4 unicast\n  redistribute static\n  aggregate-address 203.0.0.0/16 summary-only\n !\n";
    let policies = "route-policy P\n  pass\nend-policy";
    let sent = announced(&iosxr(policies, process, "   route-policy P out\n"));
    assert!(sent.iter().any(|line| line.starts_with("203.0.0.0/16 ")), "{sent:?}");
    assert!(!sent.iter().any(|line| line.starts_with("203.0.113.0/24 ")), "{sent:?}");
}

#[test]
fn what_a_block_says_itself_wins_over_its_groups() {
    // Guide, "BGP Configuration": the neighbor, its session and family groups, its neighbor group.
    let policies = "route-policy LOW\n  set local-preference 10\nend-policy\n\
                    route-policy MIDDLE\n  set local-preference 20\nend-policy\n\
                    route-policy HIGH\n  set local-preference 30\nend-policy";
    let groups = " af-group A address-family ipv4 unicast\n  route-policy MIDDLE in\n !\n \
                  neighbor-group G\n  address-family ipv4 unicast\n   route-policy LOW in\n  !\n !\n";
    let preference = |session: &str, used: &str| {
        let mut export = iosxr(policies, groups, session);
        export[0].1 =
            export[0].1.replace("  remote-as 64510\n", &format!("  remote-as 64510\n{used}"));
        accepted(&export)
    };
    let group = "  use neighbor-group G\n";
    assert_eq!(preference("", group), [format!("{EVERY}: 10")]);
    assert_eq!(preference("   use af-group A\n", group), [format!("{EVERY}: 20")]);
    assert_eq!(
        preference("   use af-group A\n   route-policy HIGH in\n", group),
        [format!("{EVERY}: 30")]
    );
}
