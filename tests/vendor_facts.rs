//! What real devices were seen to do, each fact as a small configuration of our own: text in, text out.
//!
//! The labs that showed the facts are public (batfish/lab-validation); their names stand beside the tests.

mod asa;

use serde_json::Value;

use crate::support::{Export, inspected};

mod eos;
mod frr;
mod iosxr;
mod nxos;

/// A Junos router with one external neighbor; `policies` stand in `policy-options`, `session` on the
/// neighbor, and two static routes wait to be announced.
fn junos(policies: &str, session: &str) -> Vec<Export> {
    let text = format!(
        "version 22.4R3;\nsystem {{ host-name edge; }}\n\
         interfaces {{ ge-0/0/0 {{ unit 0 {{ family inet {{ address 192.0.2.1/30; }} }} }} }}\n\
         routing-options {{ static {{ route 203.0.113.0/24 discard; route 198.51.100.0/24 discard; }} \
         autonomous-system 64500; }}\n\
         policy-options {{ {policies} }}\n\
         protocols {{ bgp {{ group UP {{ type external; peer-as 64510; neighbor 192.0.2.2 {{ {session} }} }} }} }}\n"
    );
    vec![("edge.conf".to_owned(), text)]
}

fn texts(value: &Value) -> Vec<String> {
    let one = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    value.as_array().into_iter().flatten().map(one).collect()
}

fn ranges(value: &Value) -> String {
    let range = |range: &Value| {
        let (least, most) = (&range["min_length"], &range["max_length"]);
        format!("{} /{least}-/{most}", range["prefix"].as_str().unwrap_or(""))
    };
    value.as_array().into_iter().flatten().map(range).collect::<Vec<_>>().join(", ")
}

/// What is accepted: routes and their local preference, one class a line.
fn accepted(exports: &[Export]) -> Vec<String> {
    let items = inspected(exports, "preferences", None);
    let classes = items.iter().flat_map(|item| item["classes"].as_array().into_iter().flatten());
    classes
        .map(|class| {
            let sure = if class["certain"] == true { "" } else { " perhaps" };
            let preference = class["local_preference"].as_u64();
            let preference = preference.map_or_else(|| "default".to_owned(), |it| it.to_string());
            format!("{}: {preference}{sure}", ranges(&class["space"]))
        })
        .collect()
}

/// What is announced: the routes that originate here, one a line, then what may go on.
fn announced(exports: &[Export]) -> Vec<String> {
    let mut lines = Vec::new();
    for item in inspected(exports, "announcements", None) {
        for route in item["routes"].as_array().into_iter().flatten() {
            lines.push(format!(
                "{} {} med {} prepend {:?} communities {:?}",
                route["prefix"].as_str().unwrap_or(""),
                route["certainty"].as_str().unwrap_or(""),
                route["med"],
                texts(&route["prepend"]),
                texts(&route["communities"])
            ));
        }
        lines.push(format!("transit {}", ranges(&item["transit"])));
    }
    lines
}

/// What the clauses of the first policy set.
fn sets(policies: &str) -> Vec<String> {
    let items = inspected(&junos(policies, ""), "policies", None);
    let clauses =
        items.iter().take(1).flat_map(|it| it["clauses"].as_array().into_iter().flatten());
    clauses.map(|clause| texts(&clause["sets"]).join(", ")).collect()
}

#[test]
fn a_list_without_entries_matches_nothing_and_the_default_applies() {
    // junos_undefined_prefix_list_import, junos_undefined_prefix_list_export: what these labs call
    // undefined is a defined, empty list.
    let policy = "prefix-list NONE; policy-statement P { term none { from prefix-list NONE; then reject; } }";
    assert_eq!(accepted(&junos(policy, "import P;")), ["0.0.0.0/0 /0-/32: default"]);
    // All active routes of BGP are sent, and none of other protocols.
    assert_eq!(announced(&junos(policy, "export P;")), ["transit 0.0.0.0/0 /0-/32"]);
    let permits = policy.replace("reject", "accept");
    assert_eq!(announced(&junos(&permits, "export P;")), ["transit 0.0.0.0/0 /0-/32"]);
}

#[test]
fn of_two_actions_on_one_attribute_the_last_one_stays() {
    // junos_rmw_localpref, junos_then_action_conflicts.
    let then = |actions: &str| sets(&format!("policy-statement P {{ then {{ {actions} }} }}"));
    let cases = [
        ("local-preference 300; local-preference add 50;", "local-preference +50"),
        ("local-preference add 50; local-preference 300;", "local-preference 300"),
        ("local-preference add 50; local-preference subtract 20;", "local-preference -20"),
        ("metric 10; metric add 5;", "med +5"),
        ("metric add 5; metric 10;", "med 10"),
        ("tag 7; tag 9;", "tag 9"),
        ("origin igp; origin egp;", "origin egp"),
        ("next-hop self; next-hop 192.0.2.9;", "next-hop 192.0.2.9"),
    ];
    for (actions, expected) in cases {
        assert_eq!(then(actions), [expected], "{actions}");
    }
    let import = "policy-statement P { term all { then { local-preference 300; local-preference add 50; accept; } } }";
    assert_eq!(accepted(&junos(import, "import P;")), ["0.0.0.0/0 /0-/32: 150"]);
}

#[test]
fn edits_of_communities_and_of_the_path_all_happen() {
    // junos_then_action_conflicts: communities are edited in order; a path is prepended to before it
    // is expanded.
    let communities =
        "community A members 64500:1; community B members 64500:2; community C members 64500:3;";
    let policy = |actions: &str| {
        format!(
            "{communities} policy-statement P {{ term own {{ from {{ protocol static; \
             route-filter 203.0.113.0/24 exact; }} then {{ {actions} accept; }} }} then reject; }}"
        )
    };
    let sent = |actions: &str| announced(&junos(&policy(actions), "export P;"))[0].clone();
    let line = |prepend: &[&str], communities: &[&str]| {
        format!("203.0.113.0/24 certain med null prepend {prepend:?} communities {communities:?}")
    };
    assert_eq!(sent("community add A; community add B;"), line(&[], &["64500:1", "64500:2"]));
    assert_eq!(
        sent("community add A; community set B; community add C;"),
        line(&[], &["64500:2", "64500:3"])
    );
    assert_eq!(
        sent("community add A; community add B; community delete A;"),
        line(&[], &["64500:2"])
    );
    assert_eq!(sent("community delete A; community add A;"), line(&[], &["64500:1"]));
    let both = line(&["64501", "64501", "64501"], &[]);
    assert_eq!(sent("as-path-prepend 64501; as-path-expand last-as count 2;"), both);
    assert_eq!(sent("as-path-expand last-as count 2; as-path-prepend 64501;"), both);
}

#[test]
fn later_terms_and_policies_see_what_earlier_ones_wrote() {
    // junos_cross_term_match, junos_policy_chain_visibility: community and local preference.
    let write = "term write { then { community add RED; local-preference 250; } }";
    let read = "term read { from { community RED; local-preference 250; } then { local-preference 260; accept; } }";
    let last = "term last { then { local-preference 50; accept; } }";
    let red = "community RED members 64500:1;";
    let terms = format!("{red} policy-statement P {{ {write} {read} {last} }}");
    assert_eq!(accepted(&junos(&terms, "import P;")), ["0.0.0.0/0 /0-/32: 260"]);
    let chain = format!(
        "{red} policy-statement A {{ {write} }} policy-statement B {{ {read} }} policy-statement C {{ {last} }}"
    );
    assert_eq!(accepted(&junos(&chain, "import [ A B C ];")), ["0.0.0.0/0 /0-/32: 260"]);
    assert_eq!(
        accepted(&junos(&chain, "import [ B A C ];")).last().unwrap(),
        "0.0.0.0/0 /0-/32: 50"
    );
}

#[test]
fn a_prepend_at_export_stands_left_of_the_own_number() {
    // junos_ebgp_loop_prevention: the receiver saw the added number first. What is shown is what the
    // policy adds.
    let policy = "policy-statement P { term own { from protocol static; then { as-path-prepend \"64501 64502\"; accept; } } then reject; }";
    let sent = announced(&junos(policy, "export P;"));
    assert_eq!(
        sent[0],
        "198.51.100.0/24 certain med null prepend [\"64501\", \"64502\"] communities []"
    );
    assert_eq!(sent.len(), 3);
}

#[test]
fn expressions_over_paths_match_whole_numbers() {
    // junos_as_path_acl. The path is what the first policy of the chain adds; the MED says which of the
    // others matched.
    let sent = |expression: &str| {
        let policies = format!(
            "as-path ASKED \"{expression}\";
             policy-statement ADD {{ term own {{ from {{ protocol static; route-filter 203.0.113.0/24 exact; }}
                 then {{ as-path-prepend 64510; next policy; }} }} then reject; }}
             policy-statement ASK {{ term asked {{ from as-path ASKED; then {{ metric 1; accept; }} }}
                 term other {{ then {{ metric 2; accept; }} }} }}"
        );
        announced(&junos(&policies, "export [ ADD ASK ];"))[0].clone()
    };
    let matched = "203.0.113.0/24 certain med 1 prepend [\"64510\"] communities []";
    let other = matched.replace("med 1", "med 2");
    for expression in ["64510", ".* 64510", ".*64510", "64510 .*", "64500-64511", "."] {
        assert_eq!(sent(expression), matched, "{expression}");
    }
    for expression in [".*510", "64.*", "6451", "64511", "()", ".* 64510 ."] {
        assert_eq!(sent(expression), other, "{expression}");
    }
}
