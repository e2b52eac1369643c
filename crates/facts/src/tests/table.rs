//! Systems whose export policies pick routes from the table, and whose policies form chains.

use crate::tests::reader::network;
use crate::{Announced, SessionFamily};

macro_rules! device {
    ($text:literal) => {
        concat!(
            "device edge\n table\n interface Te0.310 192.0.2.1/30\n",
            "static 203.0.113.0/28 discard\n static 203.0.113.16/28 discard tag 7\n",
            "static 203.0.113.0/24 discard aggregate\n static 198.51.100.0/24 discard aggregate\n",
            "bgp 64500\n",
            $text
        )
    };
}

fn print(route: &Announced<'_>) -> String {
    format!("{} {} {}", route.prefix, route.source.name(), route.certainty.name())
}

fn with_family<T>(text: &'static str, with: impl Fn(&SessionFamily<'static>) -> T) -> T {
    let (network, _) = network(&[text]);
    with(&network.sessions[0].families[0])
}

/// What the first session sends, a route a line.
fn sent(text: &'static str) -> Vec<String> {
    with_family(text, |family| family.announcements.routes.iter().map(print).collect())
}

/// Local preferences of the classes that the first session accepts.
fn accepted(text: &'static str) -> Vec<String> {
    with_family(text, |family| {
        let classes = family.preferences.iter();
        let print =
            |preference: Option<u32>| preference.map_or("-".to_owned(), |it| it.to_string());
        classes
            .map(|class| format!("{} {}", class.space(), print(class.local_preference)))
            .collect()
    })
}

#[test]
fn the_default_sends_nothing_of_the_table() {
    let none: [&str; 0] = [];
    assert_eq!(sent(device!("neighbor 192.0.2.2 12076")), none);
    let prepends = device!("policy P 1 none prepend 64500 next\n neighbor 192.0.2.2 12076 out P");
    assert_eq!(sent(prepends), none);
}

#[test]
fn policies_pick_routes_by_their_protocol() {
    let cases: [(&str, &[&str]); 5] = [
        (
            device!("policy P 1 permit protocol static\n neighbor 192.0.2.2 12076 out P"),
            &["203.0.113.0/28 static certain", "203.0.113.16/28 static certain"],
        ),
        (
            device!("policy P 1 permit protocol connected\n neighbor 192.0.2.2 12076 out P"),
            &["192.0.2.0/30 connected certain"],
        ),
        (
            // Of the second no part is here: a neighbor may send one.
            device!("policy P 1 permit protocol aggregate\n neighbor 192.0.2.2 12076 out P"),
            &["198.51.100.0/24 aggregate assumed", "203.0.113.0/24 aggregate certain"],
        ),
        (
            device!("policy P 1 permit protocol static tag 7\n neighbor 192.0.2.2 12076 out P"),
            &["203.0.113.16/28 static certain"],
        ),
        (device!("policy P 1 permit protocol bgp\n neighbor 192.0.2.2 12076 out P"), &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(sent(text), expected, "{text}");
    }
}

#[test]
fn what_a_policy_names_and_no_protocol_can_bring_is_not_assumed() {
    let inside = device!(
        "policy P 1 permit protocol static longest 10.0.0.0/8\n policy P 2 deny\n \
         neighbor 192.0.2.2 12076 out P\n neighbor 10.0.0.9 64500"
    );
    assert!(sent(inside).is_empty());
    let learned = device!(
        "policy P 1 permit protocol bgp longest 10.0.0.0/8\n policy P 2 deny\n \
         neighbor 192.0.2.2 12076 out P\n neighbor 10.0.0.9 64500"
    );
    assert_eq!(sent(learned), ["10.0.0.0/8 other assumed"]);
}

#[test]
fn chains_go_on_until_a_policy_decides() {
    let cases: [(&str, &[&str]); 3] = [
        (
            // The second policy never sees what the first accepted.
            device!(
                "policy A 1 permit longest 203.0.113.0/28\n policy B 1 deny\n \
                 neighbor 192.0.2.2 12076 out A,B"
            ),
            &["203.0.113.0/28 static certain"],
        ),
        (
            device!(
                "policy A 1 none next-policy longest 203.0.113.0/28\n policy A 2 deny\n \
                 policy B 1 permit\n neighbor 192.0.2.2 12076 out A,B"
            ),
            &["203.0.113.0/28 static certain"],
        ),
        (
            device!(
                "policy A 1 deny longest 203.0.113.0/28\n policy B 1 permit protocol static\n \
                 neighbor 192.0.2.2 12076 out A,B"
            ),
            &["203.0.113.16/28 static certain"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(sent(text), expected, "{text}");
    }
}

#[test]
fn a_policy_may_ask_another() {
    let asks = device!(
        "policy S 1 permit longest 203.0.113.0/28\n policy S 2 deny\n \
         policy P 1 permit asks S\n neighbor 192.0.2.2 12076 out P"
    );
    assert_eq!(sent(asks), ["203.0.113.0/28 static certain"]);
    // What the other leaves open the protocol decides: no for routes of the table.
    let open = device!(
        "policy S 1 permit longest 203.0.113.0/28\n policy P 1 permit asks S\n \
         neighbor 192.0.2.2 12076 out P"
    );
    assert_eq!(sent(open), ["203.0.113.0/28 static certain"]);
    let ring = device!(
        "policy S 1 permit asks P\n policy P 1 permit asks S\n neighbor 192.0.2.2 12076 out P"
    );
    assert!(sent(ring).iter().all(|route| route.ends_with("assumed")));
    let sets = device!(
        "policy S 1 permit preference 200 longest 10.0.0.0/8+\n policy S 2 deny\n \
         policy P 1 permit asks S\n policy P 2 deny\n neighbor 192.0.2.2 12076 in P"
    );
    assert_eq!(accepted(sets), ["10.0.0.0/8 le 32 200"]);
}

#[test]
fn the_longest_filter_decides_alone() {
    // 203.0.113.0/28 is covered by the longer filter, which is exact and another prefix: no match.
    let text = device!(
        "policy P 1 permit protocol static longest 203.0.113.0/24+,203.0.113.0/27\n \
         neighbor 192.0.2.2 12076 out P"
    );
    assert!(sent(text).is_empty());
    let text = device!(
        "policy P 1 permit protocol static longest 203.0.113.0/24+,203.0.113.16/28\n \
         neighbor 192.0.2.2 12076 out P"
    );
    assert_eq!(sent(text), ["203.0.113.0/28 static certain", "203.0.113.16/28 static certain"]);
}

#[test]
fn expressions_are_over_whole_numbers() {
    let own = device!(
        "paths OWN permit ()\n policy P 1 permit protocol static paths OWN\n \
         neighbor 192.0.2.2 12076 out P"
    );
    assert_eq!(sent(own).len(), 2);
    let cloud = device!(
        "paths CLOUD permit 12076+\n policy P 1 permit protocol static paths CLOUD\n \
         neighbor 192.0.2.2 12076 out P"
    );
    assert!(sent(cloud).is_empty());
}

#[test]
fn a_policy_may_tell_neighbors_apart() {
    let text = |neighbor| match neighbor {
        true => device!(
            "policy P 1 permit from 192.0.2.2 preference 200\n neighbor 192.0.2.2 12076 in P"
        ),
        false => device!(
            "policy P 1 permit from 192.0.2.9 preference 200\n neighbor 192.0.2.2 12076 in P"
        ),
    };
    assert_eq!(accepted(text(true)), ["0.0.0.0/0 le 32 200"]);
    assert_eq!(accepted(text(false)), ["0.0.0.0/0 le 32 -"]);
}

#[test]
fn a_preference_may_be_set_on_what_is_sent() {
    let sent = |text| {
        with_family(text, |family| {
            let preferences = family.export.permitted();
            preferences.map(|class| class.attributes.local_preference).collect::<Vec<_>>()
        })
    };
    assert_eq!(sent(device!("neighbor 10.0.0.9 64500 sends 150")), [Some(150)]);
    let raised = device!("policy P 1 permit raise 10\n neighbor 10.0.0.9 64500 sends 150 out P");
    assert_eq!(sent(raised), [Some(160)]);
}
