//! What devices of NX-OS were seen to do, and what Cisco's guides say that they do: cell by cell of the table of
//! defaults (`crates/dialects/src/nxos/behaviour.rs`).

use super::{accepted, announced};
use crate::support::{Export, inspected};

/// A switch with one external neighbor; `policies` stand at the top, `family` in the neighbor's IPv4 family,
/// `own` in that of the process, `template` inside a template that the neighbor inherits.
fn nxos([policies, own, template, family]: [&str; 4]) -> Vec<Export> {
    let text = format!(
        "!Command: show running-config\nversion 9.3(8)\nhostname edge\nfeature bgp\n{policies}\n\
         interface Ethernet1/1\n  no switchport\n  ip address 192.0.2.1/30\n  no shutdown\n\
         ip route 203.0.113.0/24 Null0\nip route 198.51.100.0/24 Null0\nline vty\n\
         router bgp 64500\n  router-id 192.0.2.1\n  address-family ipv4 unicast\n{own}\n\
         \x20 template peer UP\n    address-family ipv4 unicast\n{template}\n\
         \x20 neighbor 192.0.2.2\n    remote-as 64510\n    inherit peer UP\n    address-family ipv4 unicast\n{family}\n"
    );
    vec![("edge.cfg".to_owned(), text)]
}

const ALL: &str = "route-map ALL permit 10\n";
const OWN: &str = "    network 203.0.113.0/24\n";
const EVERYTHING: [&str; 1] = ["0.0.0.0/0 /0-/32: default"];
const NOTHING: [&str; 0] = [];

#[test]
fn an_undefined_route_map_denies_everything() {
    // nxos_undefined_route_map: of seven prefixes only those arrived whose route map exists.
    let import = |template: &str, family: &str| accepted(&nxos([ALL, OWN, template, family]));
    assert_eq!(import("", "      route-map NONE in"), NOTHING);
    assert_eq!(import("      route-map NONE in", ""), NOTHING);
    assert_eq!(import("", "      route-map ALL in"), EVERYTHING);
    let export = |family: &str| announced(&nxos([ALL, OWN, "", family]));
    assert_eq!(export("      route-map NONE out"), ["transit "]);
    assert_eq!(export("      route-map ALL out").len(), 2);
}

#[test]
fn the_route_map_of_a_neighbor_wins_over_that_of_its_template() {
    // nxos_undefined_route_map: even where the neighbor's own is not defined.
    let import = |template: &str, family: &str| accepted(&nxos([ALL, OWN, template, family]));
    assert_eq!(import("      route-map NONE in", "      route-map ALL in"), EVERYTHING);
    assert_eq!(import("      route-map ALL in", "      route-map NONE in"), NOTHING);
}

#[test]
fn a_network_sends_no_med_and_redistribution_sends_zero() {
    // nxos_bgp_redist_connected, and every other lab with a `network` statement.
    let own = "    network 203.0.113.0/24\n    redistribute direct route-map ALL\n";
    assert_eq!(
        announced(&nxos([ALL, own, "", ""])),
        [
            "192.0.2.0/30 certain med 0 prepend [] communities []",
            "203.0.113.0/24 certain med null prepend [] communities []",
            "transit 0.0.0.0/0 /0-/32",
        ]
    );
}

#[test]
fn a_network_finds_the_own_address_of_an_interface() {
    // nxos_bgp_redist_connected: the route of full length is announced by name, and not by redistribution.
    let own = "    network 192.0.2.1/32\n    redistribute direct route-map ALL\n";
    let sent = announced(&nxos([ALL, own, "", ""]));
    assert_eq!(
        sent[..2],
        [
            "192.0.2.0/30 certain med 0 prepend [] communities []",
            "192.0.2.1/32 certain med null prepend [] communities []",
        ]
    );
    let own = "    redistribute direct route-map ALL\n";
    assert_eq!(announced(&nxos([ALL, own, "", ""])).len(), 2);
}

#[test]
fn a_network_wants_the_very_route_in_the_table() {
    let own = "    network 203.0.113.0/25\n    network 198.51.100.0/24\n";
    let sent = announced(&nxos(["", own, "", ""]));
    assert_eq!(sent[0], "198.51.100.0/24 certain med null prepend [] communities []");
    assert_eq!(sent.len(), 2);
}

#[test]
fn a_match_on_an_undefined_prefix_list_holds_for_every_route() {
    // The note beside Batfish's conversion, after a test in a lab.
    let policy =
        "route-map P permit 10\n  match ip address prefix-list NONE\n  set local-preference 150\n";
    let import = accepted(&nxos([policy, OWN, "", "      route-map P in"]));
    assert_eq!(import, ["0.0.0.0/0 /0-/32: 150"]);
}

#[test]
fn a_match_on_an_access_list_leaves_open_which_routes_pass() {
    // Batfish's model has them for policy routing only, operators tell of redistribution that they filter.
    let policy = "ip access-list A\n  10 deny ip any any\nroute-map P permit 10\n  match ip address A\n  \
                  set local-preference 150\n";
    let import = accepted(&nxos([policy, OWN, "", "      route-map P in"]));
    assert_eq!(import, ["0.0.0.0/0 /0-/32: 150 perhaps"]);
}

#[test]
fn a_prefix_list_without_entries_permits_everything() {
    let policy = "ip prefix-list EMPTY description to be filled\n";
    assert_eq!(accepted(&nxos([policy, OWN, "", "      prefix-list EMPTY in"])), EVERYTHING);
}

#[test]
fn route_maps_and_prefix_lists_end_in_deny() {
    let policy = "ip prefix-list P seq 5 permit 10.0.0.0/8 eq 24\nroute-map M permit 10\n  \
                  match ip address prefix-list P\n";
    let within = ["10.0.0.0/8 /24-/24: default"];
    assert_eq!(accepted(&nxos([policy, OWN, "", "      prefix-list P in"])), within);
    assert_eq!(accepted(&nxos([policy, OWN, "", "      route-map M in"])), within);
}

#[test]
fn without_policy_everything_is_accepted_and_sent() {
    let plain = nxos(["", OWN, "", ""]);
    assert_eq!(accepted(&plain), EVERYTHING);
    assert_eq!(
        announced(&plain),
        ["203.0.113.0/24 certain med null prepend [] communities []", "transit 0.0.0.0/0 /0-/32"]
    );
}

#[test]
fn communities_are_sent_where_a_line_says_so() {
    let policy = "route-map TAG permit 10\n  set community 64500:7\n";
    let own = "    network 203.0.113.0/24 route-map TAG\n";
    let sent = |family: &str| announced(&nxos([policy, own, "", family]))[0].clone();
    let line = |communities: &str| {
        format!("203.0.113.0/24 certain med null prepend [] communities [{communities}]")
    };
    assert_eq!(sent(""), line(""));
    assert_eq!(sent("      send-community extended"), line(""));
    assert_eq!(sent("      send-community"), line("\"64500:7\""));
    assert_eq!(sent("      send-community both"), line("\"64500:7\""));
}

#[test]
fn a_session_carries_no_family_without_its_block() {
    let text = "!Command: show running-config\nversion 9.3(8)\nhostname edge\nfeature bgp\nrouter bgp 64500\n  \
                neighbor 192.0.2.2 remote-as 64510\n  neighbor 192.0.2.6 remote-as 64510\n    \
                address-family ipv4 unicast\n";
    let exports = vec![("edge.cfg".to_owned(), text.to_owned())];
    let items = inspected(&exports, "preferences", None);
    let sessions: Vec<_> = items.iter().filter_map(|item| item["neighbor"].as_str()).collect();
    assert_eq!(sessions, ["192.0.2.6"]);
}

#[test]
fn the_policy_template_with_the_lowest_preference_wins() {
    // Cisco Nexus 3000 NX-OS Unicast Routing Configuration Guide, "Peer Templates".
    let policies = "route-map A permit 10\n  set local-preference 110\nroute-map B permit 10\n  set local-preference 120\n";
    let text = |family: &str| {
        let exports = nxos([policies, OWN, "", family]);
        let templates = "  template peer-policy A\n    route-map A in\n  template peer-policy B\n    route-map B in\n  template peer UP";
        vec![(exports[0].0.clone(), exports[0].1.replace("  template peer UP", templates))]
    };
    let both = "      inherit peer-policy B 20\n      inherit peer-policy A 10";
    assert_eq!(accepted(&text(both)), ["0.0.0.0/0 /0-/32: 110"]);
    let own = "      inherit peer-policy A 10\n      route-map B in";
    assert_eq!(accepted(&text(own)), ["0.0.0.0/0 /0-/32: 120"]);
}
