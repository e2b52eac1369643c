//! What running FRR routers (8.4.4 and 10.3) were seen to do.

use std::collections::BTreeSet;

use super::{accepted, announced};
use crate::support::{Export, checked};

/// A router with one external neighbor and two routes that wait to be announced; `policies` stand at the top,
/// `session` in the IPv4 family.
fn frr(policies: &str, session: &str) -> Vec<Export> {
    with_head("frr version 8.4.4\nfrr defaults traditional", policies, ("", session))
}

/// The same with other lines at the head, and lines in the process itself.
fn with_head(head: &str, policies: &str, (process, session): (&str, &str)) -> Vec<Export> {
    let indented = |text: &str, by: &str| {
        let lines = text.lines().map(|line| format!("{by}{}\n", line.trim()));
        lines.collect::<String>()
    };
    let text = format!(
        "{head}\nhostname edge\nservice integrated-vtysh-config\n!\n\
         interface eth0\n ip address 192.0.2.1/30\nexit\n!\n\
         ip route 203.0.113.0/24 blackhole\nip route 198.51.100.0/24 blackhole tag 7\n!\n{policies}\n!\n\
         router bgp 64500\n{} neighbor 192.0.2.2 remote-as 64510\n neighbor 192.0.2.2 description upstream\n \
         address-family ipv4 unicast\n{} exit-address-family\nexit\n!\nend\n",
        indented(process, " "),
        indented(session, "  ")
    );
    vec![("edge.conf".to_owned(), text)]
}

/// A line as policies with several lines are written here: parted by semicolons.
fn lines(text: &str) -> String {
    text.replace("; ", "\n")
}

/// What is accepted with some policies and lines of the session.
fn takes(policies: &str, session: &str) -> Vec<String> {
    accepted(&frr(&lines(policies), &lines(session)))
}

/// What is announced, likewise.
fn sends(policies: &str, session: &str) -> Vec<String> {
    announced(&frr(&lines(policies), &lines(session)))
}

const ALL: &str = "0.0.0.0/0 /0-/32: default";
const NETWORK: &str = "network 203.0.113.0/24; ";
const SENT: &str = "203.0.113.0/24 certain med 0 prepend [] communities []";

/// What the rule about lines that are refused says.
fn refused(policies: &str) -> Vec<String> {
    let rules = BTreeSet::from(["refused-statement"]);
    let report = checked(&frr(&lines(policies), ""), rules, None);
    report.findings.iter().map(|finding| finding.message.to_string()).collect()
}

#[test]
fn an_undefined_filter_on_a_neighbor_denies_everything() {
    for filter in ["route-map", "prefix-list", "distribute-list", "filter-list"] {
        let undefined = |way: &str| format!("neighbor 192.0.2.2 {filter} MISSING {way}");
        assert_eq!(takes("", &undefined("in")), [""; 0], "{filter}");
        assert_eq!(sends("", &format!("{NETWORK}{}", undefined("out"))), ["transit "], "{filter}");
    }
}

#[test]
fn a_match_on_an_undefined_list_holds_for_no_route() {
    let session = "neighbor 192.0.2.2 route-map M in";
    for list in ["ip address prefix-list", "ip address", "community", "as-path"] {
        // The deny never fires, and the permit behind it takes everything.
        let leaks = format!("route-map M deny 10;  match {list} 77; route-map M permit 20");
        assert_eq!(takes(&leaks, session), [ALL], "{list}");
        let starves = format!("route-map M permit 10;  match {list} 77");
        assert_eq!(takes(&starves, session), [""; 0], "{list}");
    }
}

#[test]
fn an_undefined_map_originates_and_redistributes_nothing() {
    let out = "neighbor 192.0.2.2 route-map ALL out; ";
    let all = "route-map ALL permit 10";
    let network = format!("{out}network 203.0.113.0/24 route-map MISSING");
    assert_eq!(sends(all, &network), ["transit 0.0.0.0/0 /0-/32"]);
    let redistribute = format!("{out}redistribute static route-map MISSING");
    assert_eq!(sends(all, &redistribute), ["transit 0.0.0.0/0 /0-/32"]);
}

#[test]
fn a_call_of_an_undefined_map_and_an_undefined_list_to_delete_by_change_nothing() {
    let session = "neighbor 192.0.2.2 route-map M in";
    assert_eq!(takes("route-map M permit 10;  call MISSING", session), [ALL]);
    let deletes = "route-map M permit 10;  set comm-list MISSING delete;  set local-preference 200";
    assert_eq!(takes(deletes, session), ["0.0.0.0/0 /0-/32: 200"]);
}

#[test]
fn a_list_with_only_a_description_is_as_good_as_none() {
    let list = "ip prefix-list EMPTY description nothing yet";
    assert_eq!(takes(list, "neighbor 192.0.2.2 prefix-list EMPTY in"), [""; 0]);
    let map = format!("{list}; route-map M permit 10;  match ip address prefix-list EMPTY");
    assert_eq!(takes(&map, "neighbor 192.0.2.2 route-map M in"), [""; 0]);
}

#[test]
fn clauses_without_lines_take_every_route() {
    let session = "neighbor 192.0.2.2 route-map M in";
    assert_eq!(takes("route-map M permit 10", session), [ALL]);
    assert_eq!(takes("route-map M deny 10", session), [""; 0]);
}

#[test]
fn an_external_session_without_policy_exchanges_nothing_each_way_by_itself() {
    assert_eq!(takes("", ""), [""; 0]);
    assert_eq!(sends("", NETWORK), ["transit "]);
    let inward = "neighbor 192.0.2.2 route-map ALL in";
    assert_eq!(takes("route-map ALL permit 10", inward), [ALL]);
    assert_eq!(sends("route-map ALL permit 10", &format!("{NETWORK}{inward}")), ["transit "]);
    // Every kind of filter counts as policy.
    let filters = [
        ("ip prefix-list L permit any", "prefix-list L in"),
        ("access-list L permit any", "distribute-list L in"),
        ("bgp as-path access-list L permit .*", "filter-list L in"),
    ];
    for (list, filter) in filters {
        assert_eq!(takes(list, &format!("neighbor 192.0.2.2 {filter}")), [ALL], "{filter}");
    }
}

#[test]
fn policy_is_not_required_where_a_line_the_profile_or_the_release_says_so() {
    let open = |head: &str, process: &str| accepted(&with_head(head, "", (process, "")));
    let now = "frr version 10.3\nfrr defaults traditional";
    assert_eq!(open(now, ""), [""; 0]);
    assert_eq!(open(now, "no bgp ebgp-requires-policy"), [ALL]);
    // The table of defaults in bgpd/bgp_vty.c.
    assert_eq!(open("frr version 10.3\nfrr defaults datacenter", ""), [ALL]);
    assert_eq!(
        open("frr version 10.3\nfrr defaults datacenter", "bgp ebgp-requires-policy"),
        [""; 0]
    );
    assert_eq!(open("frr version 7.3\nfrr defaults traditional", ""), [ALL]);
    assert_eq!(open("frr version 7.4\nfrr defaults traditional", ""), [""; 0]);
    // Inside the AS no policy is required.
    let mut inside = with_head(now, "", ("", ""));
    inside[0].1 = inside[0].1.replace("remote-as 64510", "remote-as internal");
    assert_eq!(accepted(&inside), [ALL]);
}

#[test]
fn a_network_is_announced_if_the_table_has_it_unless_nobody_looks() {
    let all = "route-map ALL permit 10";
    let session = "network 192.0.0.0/24\nneighbor 192.0.2.2 route-map ALL out";
    let transit = "transit 0.0.0.0/0 /0-/32";
    let sent = |head: &str, process: &str| announced(&with_head(head, all, (process, session)));
    let now = "frr version 8.4.4\nfrr defaults traditional";
    assert_eq!(sent(now, ""), [transit]);
    let found = ["192.0.0.0/24 certain med 0 prepend [] communities []", transit];
    assert_eq!(sent(now, "no bgp network import-check"), found);
    assert_eq!(sent("frr version 7.3", ""), found);
    assert_eq!(sent("frr version 7.3\nfrr defaults datacenter", ""), [transit]);
    // Where the host gives interfaces their addresses, nobody knows what the table holds.
    let mut hosted = with_head(now, all, ("", session));
    hosted[0].1 = hosted[0].1.replace(" ip address 192.0.2.1/30\n", "");
    assert_eq!(
        announced(&hosted),
        ["192.0.0.0/24 assumed med null prepend [] communities []", transit]
    );
}

#[test]
fn a_default_route_passes_by_the_outbound_map() {
    let none = "ip prefix-list NONE deny any";
    let session = "neighbor 192.0.2.2 default-originate; neighbor 192.0.2.2 prefix-list NONE out";
    assert_eq!(
        sends(none, session),
        ["0.0.0.0/0 certain med null prepend [] communities []", "transit "]
    );
}

#[test]
fn an_aggregate_with_summary_only_hides_its_parts() {
    let all = "route-map ALL permit 10";
    let session = format!(
        "{NETWORK}aggregate-address 203.0.112.0/23 summary-only; neighbor 192.0.2.2 route-map ALL out"
    );
    assert_eq!(
        sends(all, &session),
        ["203.0.112.0/23 certain med null prepend [] communities []", "transit 0.0.0.0/0 /0-/32"]
    );
}

#[test]
fn entries_stand_by_number_and_a_number_is_replaced() {
    let session = "neighbor 192.0.2.2 prefix-list L in";
    let exactly = |range: &str| vec![format!("{range}: default")];
    let replaced =
        "ip prefix-list L seq 20 permit 10.2.0.0/16; ip prefix-list L seq 20 permit 10.3.0.0/16";
    assert_eq!(takes(replaced, session), exactly("10.3.0.0/16 /16-/16"));
    let order =
        "ip prefix-list L seq 20 permit 10.0.0.0/8; ip prefix-list L seq 10 deny 10.0.0.0/8";
    assert_eq!(takes(order, session), [""; 0]);
    // Without a number it goes behind the highest.
    let behind = "ip prefix-list L seq 20 deny 10.0.0.0/8; ip prefix-list L permit 10.0.0.0/8";
    assert_eq!(takes(behind, session), [""; 0]);
    assert_eq!(takes("ip prefix-list L permit 10.1.2.3/8", session), exactly("10.0.0.0/8 /8-/8"));
    assert_eq!(
        takes("ip prefix-list L permit 10.0.0.0/8 le 10", session),
        exactly("10.0.0.0/8 /8-/10")
    );
    assert_eq!(
        takes("ip prefix-list L permit 10.0.0.0/8 ge 30", session),
        exactly("10.0.0.0/8 /30-/32")
    );
    assert_eq!(
        takes("ip prefix-list L permit 10.0.0.0/8 ge 8", session),
        exactly("10.0.0.0/8 /8-/32")
    );
}

#[test]
fn a_deny_inside_a_list_is_no_match_of_the_clause() {
    let policies = "ip prefix-list L deny 10.0.0.0/8; ip prefix-list L permit any; \
                    route-map M deny 10;  match ip address prefix-list L; route-map M permit 20";
    assert_eq!(takes(policies, "neighbor 192.0.2.2 route-map M in"), ["10.0.0.0/8 /8-/8: default"]);
}

#[test]
fn of_two_matches_of_one_kind_the_last_stays_and_different_kinds_must_both_hold() {
    let lists = "ip prefix-list A permit 10.1.0.0/16; ip prefix-list B permit 10.2.0.0/16; \
                 access-list C permit 10.2.0.0/15; route-map M permit 10;  match ip address prefix-list ";
    let session = "neighbor 192.0.2.2 route-map M in";
    let found = ["10.2.0.0/16 /16-/16: default"];
    assert_eq!(takes(&format!("{lists}A;  match ip address prefix-list B"), session), found);
    assert_eq!(takes(&format!("{lists}B;  match ip address C"), session), found);
    assert_eq!(takes(&format!("{lists}A;  match ip address C"), session), [""; 0]);
    // A list and a map on one neighbor: both must permit.
    let both = "neighbor 192.0.2.2 route-map M in; neighbor 192.0.2.2 prefix-list A in";
    assert_eq!(takes(&format!("{lists}B"), both), [""; 0]);
}

#[test]
fn an_access_list_takes_what_is_longer_unless_told_not_to() {
    let session = "neighbor 192.0.2.2 distribute-list L in";
    assert_eq!(takes("access-list L permit 10.0.0.0/8", session), ["10.0.0.0/8 /8-/32: default"]);
    assert_eq!(
        takes("access-list L permit 10.0.0.0/8 exact-match", session),
        ["10.0.0.0/8 /8-/8: default"]
    );
}

#[test]
fn a_list_of_one_family_matches_nothing_of_the_other() {
    let text = "hostname edge\nservice integrated-vtysh-config\nip prefix-list L permit any\n\
                route-map M permit 10\n match ip address prefix-list L\n!\nrouter bgp 64500\n \
                neighbor 2001:db8::2 remote-as 64510\n address-family ipv6 unicast\n  \
                neighbor 2001:db8::2 activate\n  neighbor 2001:db8::2 route-map M in\n exit-address-family\n";
    assert_eq!(accepted(&[("edge.conf".to_owned(), text.to_owned())]), [""; 0]);
}

#[test]
fn a_continue_without_a_number_is_refused_and_the_clause_ends_the_map() {
    let policies =
        "route-map M permit 10;  set local-preference 200;  continue; route-map M deny 20";
    assert_eq!(takes(policies, "neighbor 192.0.2.2 route-map M in"), ["0.0.0.0/0 /0-/32: 200"]);
    assert_eq!(refused(policies), ["the number of the clause is missing: FRR refuses it"]);
    let metric = "route-map M permit 10;  match metric 0";
    assert_eq!(refused(metric), ["a metric of zero cannot be matched: FRR refuses it"]);
    assert_eq!(takes(metric, "neighbor 192.0.2.2 route-map M in"), [ALL]);
    let list = "ip prefix-list L permit 10.0.0.0/16 le 8; ip prefix-list L permit 10.1.0.0/16";
    assert_eq!(refused(list), ["the length is smaller than the prefix's own: FRR refuses it"]);
}

#[test]
fn a_clause_that_goes_on_is_permitted_only_if_the_last_one_asked_matches() {
    let session = "neighbor 192.0.2.2 route-map M in";
    let list = "ip prefix-list TEN permit 10.0.0.0/8; ";
    for goes_on in ["on-match next", "on-match goto 20", "continue 20"] {
        let first = format!("{list}route-map M permit 10;  set local-preference 200;  {goes_on}");
        // Nothing is behind: permitted.
        assert_eq!(takes(&first, session), ["0.0.0.0/0 /0-/32: 200"], "{goes_on}");
        // Something is behind and does not match: denied, and what was set is lost.
        let matched = format!("{first}; route-map M permit 20;  match ip address prefix-list TEN");
        assert_eq!(takes(&matched, session), ["10.0.0.0/8 /8-/8: 200"], "{goes_on}");
        let denied = matched.replace("M permit 20", "M deny 20");
        assert_eq!(takes(&denied, session), [""; 0], "{goes_on}");
    }
}

#[test]
fn a_called_map_that_denies_denies_the_calling_clause() {
    let policies = "ip prefix-list TEN permit 10.0.0.0/8; route-map N deny 10;  match ip address prefix-list TEN; \
                    route-map N permit 20; route-map M permit 10;  call N;  set local-preference 200; \
                    route-map M permit 20";
    let found = takes(policies, "neighbor 192.0.2.2 route-map M in");
    assert_eq!(found.len(), 1, "no further clause is tried: {found:?}");
    assert!(found[0].ends_with(": 200") && !found[0].contains("10.0.0.0/8 /8"), "{found:?}");
}

#[test]
fn communities_are_sent_unless_told_not_to() {
    let map = "route-map TAG permit 10;  set community 64500:1";
    let session = format!("{NETWORK}neighbor 192.0.2.2 route-map TAG out");
    let tagged = SENT.replace("communities []", "communities [\"64500:1\"]");
    assert_eq!(sends(map, &session)[0], tagged);
    let off = format!("{session}; no neighbor 192.0.2.2 send-community");
    assert_eq!(sends(map, &off)[0], SENT);
    let extended = format!("{session}; no neighbor 192.0.2.2 send-community extended");
    assert_eq!(sends(map, &extended)[0], tagged);
}

#[test]
fn what_originates_here_has_no_metric_but_zero_and_the_outbound_map_sets_another() {
    let tagged = "route-map OUT permit 10; route-map TAGGED permit 10;  match tag 7";
    let session = "redistribute static route-map TAGGED; neighbor 192.0.2.2 route-map OUT out";
    assert_eq!(
        sends(tagged, session),
        ["198.51.100.0/24 certain med 0 prepend [] communities []", "transit 0.0.0.0/0 /0-/32"]
    );
    let session = "redistribute static; neighbor 192.0.2.2 route-map OUT out";
    assert_eq!(
        sends("route-map OUT permit 10;  set metric 500;  set as-path prepend 64500", session)[1],
        "203.0.113.0/24 certain med 500 prepend [\"64500\"] communities []"
    );
}

#[test]
fn redistribution_takes_a_default_route_too() {
    // zebra/redistribute.c, `zebra_redistribute_check`.
    let policies = "ip route 0.0.0.0/0 192.0.2.2; ip prefix-list DEFAULT permit 0.0.0.0/0";
    let session = "redistribute static; neighbor 192.0.2.2 prefix-list DEFAULT out";
    assert_eq!(sends(policies, session)[0], "0.0.0.0/0 certain med 0 prepend [] communities []");
}
