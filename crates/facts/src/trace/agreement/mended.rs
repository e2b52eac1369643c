//! What classes once said otherwise than single routes, or said with more certainty than there is.

use edgelint_model::{Direction, OriginCode};
use edgelint_prefix::Prefix;

use crate::evaluate::AsPath;
use crate::trace::Offer;
use crate::trace::agreement::draw::OUTSIDE;
use crate::trace::agreement::{Both, Count, peer, with_network};

/// A configuration whose neighbor has the route map (policy) `A` on its way in.
fn text(dialect: &str, policies: &str) -> String {
    match dialect {
        "frr" => format!(
            "frr defaults traditional\nhostname edge\n{policies}\nrouter bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n \
             address-family ipv4 unicast\n  neighbor 192.0.2.1 route-map A in\n"
        ),
        "iosxr" => format!(
            "hostname edge\n{policies}\nrouter bgp 64500\n neighbor 192.0.2.1\n  remote-as 64501\n  \
             address-family ipv4 unicast\n   route-policy A in\n   route-policy A out\n"
        ),
        _ => format!(
            "version 17.9\nhostname edge\n{policies}\nrouter bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n \
             neighbor 192.0.2.1 route-map A in\n"
        ),
    }
}

/// What the classes say that may hold a route from 64501 with some communities: verdict, local preference, MED,
/// and whether that is certain.
fn told(dialect: &'static str, policies: &str, communities: &[&str]) -> Vec<String> {
    let route = Offer {
        prefix: Prefix::parse("10.20.0.0/16").expect("a prefix").0,
        as_path: AsPath::of_numbers([64_501, 64_510]),
        origin: OriginCode::Egp,
        med: Some(10),
        local_preference: None,
        communities: communities.iter().map(|one| crate::tests::reader::community(one)).collect(),
        others: Vec::new(),
    };
    let text = text(dialect, policies);
    let prefix = route.prefix;
    let peer = peer(OUTSIDE, vec![route]);
    with_network(dialect, &text, |network| {
        let both = Both::of(network, &peer, Direction::In);
        both.compare(&mut Count::default()).unwrap_or_else(|what| panic!("{what}\n{text}"));
        let (known, _) = both.follow(&peer.routes[0]);
        let classes = both.classes().iter();
        let holding = classes.filter(|class| both.holds(class, &known, prefix) != Some(false));
        let told = holding.map(|class| {
            let set = &class.attributes;
            let verdict = if class.is_permitted() { "permitted" } else { "refused" };
            let doubt = if class.certain { "" } else { " (doubt)" };
            format!("{verdict} {:?} {:?}{doubt}", set.local_preference, set.med)
        });
        told.collect()
    })
}

#[test]
fn additions_start_where_they_do_for_single_routes() {
    let map = "route-map A permit 10\n set local-preference +50\n";
    assert_eq!(told("frr", map, &[]), ["permitted Some(50) None"]);
}

#[test]
fn a_question_about_changed_communities_is_another_one() {
    // The same entry is asked about the route as it came, and about what the first clause made of it.
    let exact = "bgp community-list standard C permit 64500:1\nroute-map A permit 10\n match community C exact-match\n \
                 set community 64500:7 additive\n on-match next\nroute-map A deny 20\n match community C exact-match\n\
                 route-map A permit 30\n set local-preference 200\n";
    assert_eq!(told("frr", exact, &["64500:1"]), ["permitted Some(200) None"]);
    let regex = "bgp community-list expanded C permit ^64500:1$\nroute-map A permit 10\n match community C\n \
                 set community 64500:7 additive\n on-match next\nroute-map A deny 20\n match community C\n\
                 route-map A permit 30\n set local-preference 200\n";
    assert_eq!(told("frr", regex, &["64500:1"]), ["permitted Some(200) None"]);
}

#[test]
fn conditions_of_a_program_see_routes_as_they_came() {
    let origin = "route-policy A\n  set origin igp\n  if origin is igp then\n    drop\n  endif\nend-policy\n";
    assert_eq!(told("iosxr", origin, &[]), ["permitted None None"]);
    let regex = "community-set C\n  ios-regex '^64500:7$'\nend-set\nroute-policy A\n  set community (64500:7) additive\n  \
                 if community matches-any C then\n    drop\n  endif\nend-policy\n";
    assert_eq!(told("iosxr", regex, &["64500:1"]), ["permitted None None"]);
}

#[test]
fn what_nobody_has_shown_is_in_doubt() {
    // Whether later clauses see a tag that was set; what a next-hop match does without its list.
    let tag = "route-map A permit 10\n set tag 5\n continue 20\nroute-map A deny 20\n match tag 5\nroute-map A permit 30\n";
    assert_eq!(told("ios", tag, &[]), ["refused None None (doubt)", "permitted None None (doubt)"]);
    let hop = "route-map A permit 10\n match ip next-hop prefix-list NONE\n";
    assert_eq!(told("ios", hop, &[]), ["refused None None (doubt)", "permitted None None (doubt)"]);
}

#[test]
fn deleted_communities_are_those_that_entries_name_first() {
    let map = "bgp community-list standard C deny 64500:1\nbgp community-list standard C permit 64500:1 64500:7\n\
               bgp community-list standard D permit 64500:7\nroute-map A permit 10\n set comm-list C delete\n on-match next\n\
               route-map A deny 20\n match community D\nroute-map A permit 30\n";
    assert_eq!(told("frr", map, &["64500:1", "64500:7"]), ["permitted None None"]);
}

#[test]
fn lengths_of_paths_are_asked_behind_what_was_put_in_front() {
    let map = "route-policy A\n  prepend as-path 64500 2\n  if as-path length ge 4 then\n    drop\n  endif\nend-policy\n";
    assert_eq!(told("iosxr", map, &[]), ["permitted None None"]);
}
