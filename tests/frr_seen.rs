//! What a running FRR 8.4.4 was seen to do with single routes, found by `tests/live_frr` with random policies and
//! reduced: text in, text out.

use serde_json::{Value, json};

use crate::support::traced;

/// Peers: an upstream, a customer, a router of the own AS.
const UPSTREAM: &str = "192.0.2.2";
const CUSTOMER: &str = "192.0.2.6";
const INSIDE: &str = "192.0.2.10";

/// What an edge router does: `bgp` are lines of its address family, `rest` lists and route maps; the upstream sends
/// one route. Of the answer, the lines that begin with `of`.
fn seen(of: &str, bgp: &str, rest: &str, route: &Value) -> Vec<String> {
    let text = format!(
        "frr defaults traditional\nhostname edge1\n!\nip route 203.0.113.0/24 Null0 tag 77\n!\n\
         interface lan0\n ip address 10.1.10.1/24\nexit\n!\nrouter bgp 65010\n no bgp ebgp-requires-policy\n \
         neighbor {UPSTREAM} remote-as 64501\n neighbor {CUSTOMER} remote-as 12076\n \
         neighbor {INSIDE} remote-as 65010\n !\n address-family ipv4 unicast\n{bgp}\n \
         exit-address-family\nexit\n!\n{rest}\n!\n"
    );
    let inside = route["inside"] == true;
    let routes = |of: bool| if of { json!([route]) } else { json!([]) };
    let peers = json!({"peers": [
        {"name": "upstream", "address": UPSTREAM, "remote_as": 64501, "routes": routes(!inside)},
        {"name": "customer", "address": CUSTOMER, "remote_as": 12076},
        {"name": "inside", "address": INSIDE, "remote_as": 65010, "routes": routes(inside)},
    ]});
    let answer = traced(&[("edge1.conf".to_owned(), text)], &peers, Some("frr"));
    let mut lines = Vec::new();
    for side in ["accepted", "advertised"] {
        for (peer, routes) in answer[side].as_object().into_iter().flatten() {
            for route in routes.as_array().into_iter().flatten() {
                let [path, preference, med, communities] =
                    ["as_path", "local_pref", "med", "communities"].map(|key| &route[key]);
                lines.push(format!(
                    "{side} {peer} {} path {path} preference {preference} med {med} {communities}",
                    route["prefix"].as_str().unwrap_or_default()
                ));
            }
        }
    }
    lines.retain(|line| line.starts_with(of));
    lines
}

/// A route of the upstream with a path and communities.
fn offer(path: &[u32], communities: &[&str]) -> Value {
    json!({"prefix": "198.18.0.0/16", "as_path": path, "communities": communities})
}

/// A route from inside the AS.
fn inner() -> Value {
    json!({"prefix": "198.18.0.0/16", "as_path": [3356], "inside": true})
}

const IN: &str = "  neighbor 192.0.2.2 route-map A in";

#[test]
fn what_comes_in_is_as_seen() {
    let gone = "accepted upstream 198.18.0.0/16 path [64501,8075] preference null med null";
    let cases = [
        // Additions start from nothing.
        (IN, "route-map A permit 10\n set local-preference +50", offer(&[64501], &[]),
         "accepted upstream 198.18.0.0/16 path [64501] preference 50 med null []".to_owned()),
        (IN, "route-map A permit 10\n set local-preference -50", offer(&[64501], &[]),
         "accepted upstream 198.18.0.0/16 path [64501] preference 0 med null []".to_owned()),
        // RFC 8326, behind the policy.
        (IN, "route-map A permit 10\n set local-preference 200", offer(&[64501], &["graceful-shutdown"]),
         "accepted upstream 198.18.0.0/16 path [64501] preference 0 med null [\"graceful-shutdown\"]".to_owned()),
        (IN, "route-map A permit 10\n set community none", offer(&[64501], &["graceful-shutdown"]),
         "accepted upstream 198.18.0.0/16 path [64501] preference null med null []".to_owned()),
        // An expression is held against the text of all communities, and there is a text of none.
        (IN, "bgp community-list expanded X permit .*\nroute-map A permit 10\n match community X", offer(&[64501], &[]),
         "accepted upstream 198.18.0.0/16 path [64501] preference null med null []".to_owned()),
        // A list that is not defined deletes nothing.
        (IN, "route-map A permit 10\n set comm-list X delete", offer(&[64501, 8075], &["65010:7"]),
         format!("{gone} [\"65010:7\"]")),
        // An entry with two communities names each; the first entry that names one decides.
        (IN, "bgp community-list standard X deny 65010:1\nbgp community-list standard X permit 65010:1 65010:7\n\
              route-map A permit 10\n set comm-list X delete", offer(&[64501, 8075], &["65010:1", "65010:7", "3356:70"]),
         format!("{gone} [\"3356:70\",\"65010:1\"]")),
        // One community is written into ten characters.
        (IN, "bgp community-list expanded X permit 5100$\nroute-map A permit 10\n set comm-list X delete",
         offer(&[64501, 8075], &["12076:51004", "12076:1004"]), format!("{gone} [\"12076:1004\"]")),
        // What is taken out of a path is out for what comes later, too; lists see the path as it came.
        ("  neighbor 192.0.2.2 route-map A in\n  neighbor 192.0.2.2 filter-list L in",
         "bgp as-path access-list L permit _3356_\nroute-map A permit 10\n set as-path exclude 3356",
         offer(&[64501, 3356, 8075], &[]), format!("{gone} []")),
        // bgpd passes over a match of zebra's.
        (IN, "route-map A permit 10\n match ip address prefix-len 24", offer(&[64501, 8075], &[]), format!("{gone} []")),
    ];
    for (bgp, rest, route, wanted) in cases {
        assert_eq!(seen("accepted", bgp, rest, &route), [wanted], "{bgp}\n{rest}");
    }
}

#[test]
fn a_local_as_is_in_the_path_that_comes_in() {
    let local = |mode: &str| {
        format!(
            " exit-address-family\n neighbor 192.0.2.2 local-as 65050{mode}\n address-family ipv4 unicast"
        )
    };
    let cases = [
        (
            "",
            vec!["accepted upstream 198.18.0.0/16 path [65050,64501] preference null med null []"],
        ),
        (
            " no-prepend",
            vec!["accepted upstream 198.18.0.0/16 path [64501] preference null med null []"],
        ),
    ];
    for (mode, wanted) in cases {
        assert_eq!(seen("accepted", &local(mode), "", &offer(&[64501], &[])), wanted, "{mode}");
    }
    let looped = offer(&[64501, 65050], &[]);
    assert!(seen("accepted", &local(""), "", &looped).is_empty());
    let overridden =
        format!("{}\n  neighbor 192.0.2.2 as-override", local(" no-prepend replace-as"));
    assert_eq!(
        seen("advertised upstream", &overridden, "", &offer(&[64501, 8075], &[])),
        ["advertised upstream 198.18.0.0/16 path [65050,65010,8075] preference null med null []"]
    );
}

#[test]
fn what_is_reflected_goes_as_it_came() {
    let lines =
        "  neighbor 192.0.2.10 route-reflector-client\n  neighbor 192.0.2.10 route-map A out";
    let map = "route-map A permit 10\n set as-path prepend 65010 65010\n set community 65010:7";
    assert_eq!(
        seen("advertised inside", lines, map, &inner()),
        ["advertised inside 198.18.0.0/16 path [3356] preference 100 med 0 []"]
    );
    let drops = "route-map A deny 10";
    assert!(seen("advertised inside", lines, drops, &inner()).is_empty());
    let allowed = format!(
        " exit-address-family\n bgp route-reflector allow-outbound-policy\n address-family ipv4 unicast\n{lines}"
    );
    assert_eq!(
        seen("advertised inside", &allowed, map, &inner()),
        [
            "advertised inside 198.18.0.0/16 path [65010,65010,3356] preference 100 med null [\"65010:7\"]"
        ]
    );
}

#[test]
fn an_aggregate_is_no_part_of_a_wider_one() {
    let lines = "  aggregate-address 198.18.0.0/15 summary-only\n  aggregate-address 198.18.0.0/16 summary-only";
    let route = json!({"prefix": "198.18.128.0/18", "as_path": [64501]});
    let found = seen("advertised customer 198", lines, "", &route);
    assert_eq!(
        found,
        [
            "advertised customer 198.18.0.0/15 path [65010] preference null med 0 []",
            "advertised customer 198.18.0.0/16 path [65010] preference null med 0 []",
        ]
    );
}

#[test]
fn policies_see_own_routes_as_they_are_made() {
    let network = "  network 203.0.113.0/24 route-map A";
    let redistributed = "  redistribute static route-map A";
    let sees = |line: &str| {
        format!("route-map A permit 10\n match {line}\nip prefix-list NONE permit 0.0.0.0/32")
    };
    let cases = [
        (network, "origin igp", true),
        (network, "origin incomplete", false),
        (network, "local-preference 100", true),
        (network, "tag 77", false),
        (network, "ip next-hop prefix-list NONE", true),
        (network, "peer 192.0.2.2", false),
        (redistributed, "origin incomplete", true),
        (redistributed, "tag 77", true),
        (redistributed, "ip next-hop prefix-list NONE", true),
    ];
    for (bgp, line, passes) in cases {
        let found = seen("advertised customer 203", bgp, &sees(line), &offer(&[64501], &[]));
        assert_eq!(found.len(), usize::from(passes), "{bgp} {line}: {found:?}");
    }
    let undefined =
        "route-map A permit 10\n match ip next-hop prefix-list X\nroute-map A permit 20";
    assert_eq!(seen("advertised customer 203", network, undefined, &offer(&[64501], &[])).len(), 1);
    let aggregate = "  aggregate-address 198.18.0.0/15\n  neighbor 192.0.2.6 route-map A out";
    let by_preference = sees("local-preference 100");
    assert!(
        seen("advertised customer 198", aggregate, &by_preference, &offer(&[64501], &[]))
            .is_empty()
    );
    // It has the worst ORIGIN of its parts.
    let route = json!({"prefix": "198.18.0.0/16", "as_path": [64501], "origin": "egp"});
    assert_eq!(seen("advertised customer 198", aggregate, &sees("origin egp"), &route).len(), 2);
    // A default route is made where the policy lets a route pass as it now is.
    let made =
        "  network 203.0.113.0/24 route-map A\n  neighbor 192.0.2.6 default-originate route-map A";
    let once = "route-map A deny 10\n match origin incomplete\nroute-map A deny 20\n match ip address prefix-list U\n\
                route-map A permit 30\n set origin incomplete\nip prefix-list U permit 198.18.0.0/16";
    assert!(seen("advertised customer 0", made, once, &offer(&[64501], &[])).is_empty());
    let out = "  redistribute static\n  neighbor 192.0.2.6 route-map A out";
    assert_eq!(
        seen("advertised customer 203", out, &sees("tag 77"), &offer(&[64501], &[])).len(),
        1
    );
}

#[test]
fn settings_of_a_neighbor_come_before_its_policies() {
    let lines =
        "  neighbor 192.0.2.6 remove-private-AS replace-AS\n  neighbor 192.0.2.6 route-map A out";
    let map = "route-map A permit 10\n set as-path exclude 64501";
    assert_eq!(
        seen("advertised customer 198", lines, map, &offer(&[64501, 3356, 64512], &[])),
        ["advertised customer 198.18.0.0/16 path [65010,3356,64512] preference null med null []"]
    );
    let lines = "  neighbor 192.0.2.6 remove-private-AS all\n  neighbor 192.0.2.6 route-map A out";
    let map = "bgp as-path access-list L permit _64512_\nroute-map A deny 10\n match as-path L\nroute-map A permit 20";
    let route = json!({"prefix": "198.18.0.0/16", "as_path": [64501, 64512, [3356, 65515]]});
    assert_eq!(
        seen("advertised customer 198", lines, map, &route),
        ["advertised customer 198.18.0.0/16 path [65010,64501,[3356]] preference null med null []"]
    );
    let route = json!({"prefix": "198.18.0.0/16", "as_path": [64501, [12076, 8075]]});
    assert_eq!(
        seen("advertised customer 198", "  neighbor 192.0.2.6 as-override", "", &route),
        [
            "advertised customer 198.18.0.0/16 path [65010,64501,[65010,8075]] preference null med null []"
        ]
    );
    // What is repeated is the number that stands first behind the settings.
    let lines = "  neighbor 192.0.2.2 as-override\n  neighbor 192.0.2.2 route-map A out";
    assert_eq!(
        seen(
            "advertised upstream",
            lines,
            "route-map A permit 10\n set as-path prepend last-as 1",
            &offer(&[64501, 8075], &[])
        ),
        [
            "advertised upstream 198.18.0.0/16 path [65010,65010,65010,8075] preference null med null []"
        ]
    );
}

#[test]
fn what_goes_out_is_as_seen() {
    let out = "  neighbor 192.0.2.6 route-map A out";
    let of = "advertised customer 198";
    // Outbound, no route has a peer.
    let by_peer = "route-map A permit 10\n match peer 192.0.2.2";
    assert!(seen(of, out, by_peer, &offer(&[64501], &[])).is_empty());
    // Towards another AS a route without local preference has none, towards the own AS the default.
    let by_preference = "route-map A permit 10\n match local-preference 100";
    assert!(seen(of, out, by_preference, &offer(&[64501], &[])).is_empty());
    let inwards = "  neighbor 192.0.2.10 route-map A out";
    assert_eq!(
        seen("advertised inside 198", inwards, by_preference, &offer(&[64501], &[])).len(),
        1
    );
    // A policy that lifts a suppression stands in for the neighbor's.
    let lifted = "  aggregate-address 198.18.0.0/15 summary-only\n  neighbor 192.0.2.6 unsuppress-map B\n  neighbor 192.0.2.6 route-map A out";
    let both = "route-map A permit 10\n set community 65010:1\nroute-map B permit 10\n set community 65010:2 additive";
    assert_eq!(
        seen("advertised customer 198.18.0.0/16", lifted, both, &offer(&[64501], &[])),
        [
            "advertised customer 198.18.0.0/16 path [65010,64501] preference null med null [\"65010:2\"]"
        ]
    );
}
