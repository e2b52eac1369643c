//! Filters, origination and announcements of single devices.

use crate::tests::reader::network;
use crate::{Announced, Network, SessionFamily};

/// What the first session sends, a route a line.
fn sent(text: &'static str) -> Vec<String> {
    let (network, _) = network(&[text]);
    family(&network).announcements.routes.iter().map(print).collect()
}

fn family<'n>(network: &'n Network<'static>) -> &'n SessionFamily<'static> {
    &network.sessions[0].families[0]
}

fn print(route: &Announced<'_>) -> String {
    let mut text = format!("{} {} {}", route.prefix, route.source.name(), route.certainty.name());
    for number in &route.prepend {
        text += &format!(" +{number}");
    }
    for community in &route.communities {
        text += &format!(" {community}");
    }
    text
}

/// Classes that the first session accepts, one a line.
fn accepted(text: &'static str) -> Vec<String> {
    let (network, _) = network(&[text]);
    let classes = family(&network).preferences.iter().map(|class| {
        let mut text = format!("{} ->", class.space());
        if let Some(value) = class.local_preference {
            text += &format!(" preference {value}");
        }
        if let Some(value) = class.weight {
            text += &format!(" weight {value}");
        }
        class.communities().iter().for_each(|one| text += &format!(" with {one}"));
        class.without().iter().for_each(|one| text += &format!(" without {one}"));
        class.tests().iter().for_each(|(_, answer)| text += &format!(" if {answer}"));
        text + if class.certain() { "" } else { " (doubt)" }
    });
    classes.collect()
}

macro_rules! device {
    ($text:literal) => {
        concat!("device edge\n interface Te0.310 192.0.2.1/30\n bgp 64500\n", $text)
    };
}

#[test]
fn a_network_needs_a_route() {
    let cases: [(&str, &[&str]); 5] = [
        (
            device!(
                "network 203.0.113.0/28\n static 203.0.113.0/28 discard\n neighbor 192.0.2.2 12076"
            ),
            &["203.0.113.0/28 network certain"],
        ),
        (device!("network 203.0.113.0/28\n neighbor 192.0.2.2 12076"), &[]),
        (
            device!("network 203.0.113.0/28\n igp ospf\n neighbor 192.0.2.2 12076"),
            &["203.0.113.0/28 network assumed"],
        ),
        (
            device!("network 192.0.2.0/30\n neighbor 192.0.2.2 12076"),
            &["192.0.2.0/30 network certain"],
        ),
        (
            device!(
                "network 203.0.113.0/28\n static 203.0.113.0/28 discard vrf X\n neighbor 192.0.2.2 12076"
            ),
            &[],
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(sent(text), wanted, "{text}");
    }
}

#[test]
fn export_policies_see_what_routes_carry() {
    let text = device!(
        "network 203.0.113.0/28 policy MARK
        network 203.0.113.64/28
        static 203.0.113.0/28 discard
        static 203.0.113.64/28 discard
        policy MARK 10 permit add 64500:1
        communities OURS permit 64500:1
        policy OUT 10 permit communities OURS prepend 64500
        neighbor 192.0.2.2 12076 out OUT communities"
    );
    assert_eq!(sent(text), ["203.0.113.0/28 network certain +64500 64500:1"]);
}

#[test]
fn communities_stay_at_home_unasked() {
    let text = device!(
        "network 203.0.113.0/28 policy MARK
        static 203.0.113.0/28 discard
        policy MARK 10 permit add 64500:1
        neighbor 192.0.2.2 12076"
    );
    assert_eq!(sent(text), ["203.0.113.0/28 network certain"]);
    let text = device!(
        "network 203.0.113.0/28 policy MARK
        static 203.0.113.0/28 discard
        policy MARK 10 permit add 65535:65281
        neighbor 192.0.2.2 12076"
    );
    assert_eq!(sent(text), [""; 0], "no-export");
}

#[test]
fn aggregates_suppress_their_parts() {
    let text = device!(
        "aggregate 203.0.113.0/24 summary-only
        redistribute static
        static 203.0.113.0/28 discard
        static 0.0.0.0/0 192.0.2.2
        static 198.51.100.0/24 discard tag 7
        neighbor 192.0.2.2 12076"
    );
    assert_eq!(sent(text), ["198.51.100.0/24 static certain", "203.0.113.0/24 aggregate certain"]);
}

#[test]
fn redistribution_knows_tags_and_interfaces() {
    let text = device!(
        "redistribute static policy TAGGED
        redistribute connected policy LINKS
        interface Lo0 203.0.113.1/32
        static 198.51.100.0/25 discard tag 7
        static 198.51.100.128/25 discard
        static 203.0.113.64/26 192.0.2.2
        policy TAGGED 10 permit tag 7
        policy TAGGED 20 permit interface te0.310
        policy LINKS 10 permit interface lo0
        neighbor 192.0.2.2 12076"
    );
    assert_eq!(
        sent(text),
        [
            "198.51.100.0/25 static certain",
            "203.0.113.1/32 connected certain",
            "203.0.113.64/26 static certain",
        ]
    );
}

#[test]
fn a_default_passes_by_the_filters() {
    let text = device!(
        "list NONE deny 0.0.0.0/0 le 32
        neighbor 192.0.2.2 12076 outlist NONE default"
    );
    assert_eq!(sent(text), ["0.0.0.0/0 default-originate certain"]);
}

#[test]
fn a_named_prefix_is_assumed_where_something_may_supply_it() {
    let with = device!(
        "list OUT permit 203.0.113.0/28
        list OUT permit 198.51.100.0/24 le 32
        neighbor 192.0.2.2 12076 outlist OUT
        neighbor 10.0.0.1 64500"
    );
    assert_eq!(sent(with), ["203.0.113.0/28 other assumed"]);
    let without = device!(
        "list OUT permit 203.0.113.0/28
        neighbor 192.0.2.2 12076 outlist OUT"
    );
    assert_eq!(sent(without), [""; 0]);
}

#[test]
fn undefined_filters_do_what_the_system_does() {
    let policy = device!(
        "static 203.0.113.0/28 discard\n network 203.0.113.0/28\n neighbor 192.0.2.2 12076 out NONE"
    );
    assert_eq!(sent(policy), [""; 0]);
    let list = device!(
        "static 203.0.113.0/28 discard\n network 203.0.113.0/28\n neighbor 192.0.2.2 12076 outlist NONE"
    );
    assert_eq!(sent(list), ["203.0.113.0/28 network certain"]);
    let unknown = device!(
        "static 203.0.113.0/28 discard\n network 203.0.113.0/28
        policy OUT 10 permit list NONE
        neighbor 192.0.2.2 12076 out OUT"
    );
    assert_eq!(sent(unknown), ["203.0.113.0/28 network assumed"], "both ways, so not certain");
}

#[test]
fn classes_are_told_apart_by_communities() {
    let text = device!(
        "list MSFT permit 0.0.0.0/0 ge 8 le 24
        communities HOME permit 12076:51002
        communities HOME permit 12076:51004
        policy IN 10 permit list MSFT communities HOME preference 300
        policy IN 20 permit list MSFT preference 200
        neighbor 192.0.2.2 12076 in IN weight 5"
    );
    let space = "0.0.0.0/0 ge 8 le 24 ->";
    let wanted = [
        "preference 300 weight 5 with 12076:51002",
        "preference 300 weight 5 with 12076:51004 without 12076:51002",
        "preference 200 weight 5 without 12076:51002 without 12076:51004",
    ];
    assert_eq!(accepted(text), wanted.map(|rest| format!("{space} {rest}")));
}

#[test]
fn what_is_not_known_divides_once() {
    let text = device!(
        "paths MS permit ^12076
        list A permit 10.0.0.0/8
        policy IN 10 permit paths MS list A preference 300
        policy IN 20 permit paths MS preference 200
        neighbor 192.0.2.2 12076 in IN"
    );
    let classes = accepted(text);
    assert_eq!(classes.len(), 2, "{classes:?}");
    assert_eq!(classes[0], "10.0.0.0/8 -> preference 300 if true");
    assert!(classes[1].ends_with("preference 200 if true"), "{}", classes[1]);
}

#[test]
fn doubt_is_kept() {
    let strange =
        device!("policy IN 10 permit strange x preference 300\n neighbor 192.0.2.2 12076 in IN");
    assert_eq!(accepted(strange), ["0.0.0.0/0 le 32 -> preference 300 if true (doubt)"]);
    let blind =
        device!("policy IN 10 permit preference 300 blind\n neighbor 192.0.2.2 12076 in IN");
    assert_eq!(accepted(blind), ["0.0.0.0/0 le 32 -> preference 300 if true (doubt)"]);
}

#[test]
fn clauses_that_go_on() {
    let text = device!(
        "list A permit 10.0.0.0/8
        list B permit 11.0.0.0/8
        policy IN 10 permit list A preference 300 next
        policy IN 20 permit list B preference 100
        policy IN 30 permit weight 9 goto 50
        policy IN 40 permit preference 1
        policy IN 50 permit raise 20
        neighbor 192.0.2.2 12076 in IN"
    );
    let classes = accepted(text);
    assert!(classes.contains(&"10.0.0.0/8 -> preference 320 weight 9".to_owned()), "{classes:?}");
    assert!(classes.contains(&"11.0.0.0/8 -> preference 100".to_owned()), "{classes:?}");
    assert!(classes.iter().any(|one| one.ends_with("preference 120 weight 9")), "{classes:?}");
    assert_eq!(classes.len(), 3);
}

#[test]
fn calls_narrow_a_clause_and_end_when_circular() {
    let text = device!(
        "list A permit 10.0.0.0/8
        policy INNER 10 permit list A preference 300
        policy IN 10 permit call INNER weight 1
        neighbor 192.0.2.2 12076 in IN"
    );
    assert_eq!(accepted(text), ["10.0.0.0/8 -> preference 300 weight 1"]);
    let ring = device!(
        "policy A 10 permit call B call B call B
        policy B 10 permit call A call A call A
        neighbor 192.0.2.2 12076 in A"
    );
    assert_eq!(accepted(ring), ["0.0.0.0/0 le 32 -> (doubt)"]);
}

#[test]
fn classes_do_not_multiply_without_end() {
    let mut text = "device edge\n bgp 64500\n neighbor 192.0.2.2 12076 in IN\n".to_owned();
    for number in 1..=40 {
        text += &format!("communities C{number} permit 64500:{number}\n");
        text += &format!("policy IN {number} permit communities C{number} add 1:{number} next\n");
    }
    let (network, _) = network(&[String::leak(text)]);
    let import = &family(&network).import;
    assert!(import.classes.len() < 10_000, "{}", import.classes.len());
    assert!(!import.exact, "what was cut short is not certain");
}

#[test]
fn facts_may_cross_threads() {
    const fn crosses<T: Send + Sync>() {}
    crosses::<crate::DeviceFacts<'static>>();
    crosses::<Network<'static>>();
}
