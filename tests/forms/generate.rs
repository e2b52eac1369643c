//! Configurations by chance: real sections with real statements, nested, tagged and commented at random,
//! and among them words that mean nothing.
//!
//! No two statements of a block begin with the words of one another, as on a device: there, what is
//! switched off and what is not cannot be the same statement.

use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop, prop_oneof};

use super::statement::Statement;

/// A whole configuration.
pub(crate) fn configuration() -> BoxedStrategy<Vec<Statement>> {
    let sections = prop_oneof![
        4 => policy_options(),
        6 => bgp().prop_map(|bgp| Statement::block("protocols", vec![bgp])),
        2 => routing_options(),
        2 => interfaces(),
        2 => groups(),
        5 => translation(),
        1 => instances(),
        1 => nonsense(),
        1 => logical_systems(),
    ];
    let names = prop::sample::select(vec![
        "system host-name r1",
        "version 22.4R1",
        "apply-groups [ G1 G2 ]",
    ]);
    let leaves = prop::collection::vec(names.prop_map(Statement::leaf), 0..3);
    (leaves, prop::collection::vec(sections, 1..7))
        .prop_map(|(leaves, sections)| distinct(leaves.into_iter().chain(sections).collect()))
        .boxed()
}

/// Leaves out statements that begin with the words of another, blocks of one name are joined.
fn distinct(statements: Vec<Statement>) -> Vec<Statement> {
    let mut kept: Vec<Statement> = Vec::new();
    for mut statement in statements {
        let path = |one: &Statement| {
            one.words.iter().take(one.n_naming()).cloned().collect::<Vec<String>>()
        };
        let own = path(&statement);
        let clash = kept.iter_mut().find(|known| {
            let known = path(known);
            known.starts_with(&own) || own.starts_with(&known)
        });
        match clash {
            Some(Statement { words, children: Some(children), .. })
                if *words == statement.words =>
            {
                children.extend(statement.children.take().unwrap_or_default());
                let all = std::mem::take(children);
                *children = distinct(all);
            }
            Some(_) => {}
            None => {
                statement.children = statement.children.map(distinct);
                kept.push(statement);
            }
        }
    }
    kept
}

/// Tags and a comment, now and then.
fn dressed(statement: impl Strategy<Value = Statement> + 'static) -> BoxedStrategy<Statement> {
    let tag = prop_oneof![
        12 => Just(None),
        2 => Just(Some("inactive:")),
        1 => Just(Some("protect:")),
        1 => Just(Some("replace:")),
    ];
    let comment = prop::option::weighted(0.1, "[a-z][a-z ;{}#]{0,12}[a-z]");
    (statement, tag, comment)
        .prop_map(|(statement, tag, comment)| Statement {
            tags: tag.into_iter().map(str::to_owned).collect(),
            comment,
            ..statement
        })
        .boxed()
}

/// One of some lines, as a dressed leaf.
fn one_of(lines: &[&'static str]) -> BoxedStrategy<Statement> {
    dressed(prop::sample::select(lines.to_vec()).prop_map(Statement::leaf))
}

/// A dressed block of some leaves.
fn block(
    headings: &[&'static str],
    children: impl Strategy<Value = Statement> + 'static,
    most: usize,
) -> BoxedStrategy<Statement> {
    let heading = prop::sample::select(headings.to_vec());
    let children = prop::collection::vec(children, 0..most);
    dressed((heading, children).prop_map(|(heading, children)| Statement::block(heading, children)))
}

fn policy_options() -> BoxedStrategy<Statement> {
    let from = prop_oneof![
        one_of(&[
            "protocol [ static direct ]",
            "protocol bgp",
            "prefix-list L1",
            "prefix-list-filter L2 orlonger",
            "community [ C1 C2 ]",
            "as-path A1",
            "neighbor 192.0.2.2",
            "family inet",
            "metric 10",
            "tag [ 7 8 ]",
            "policy ( P1 && ! P2 )",
            "wonder 7",
        ]),
        one_of(&[
            "route-filter 10.0.0.0/8 orlonger",
            "route-filter 10.1.0.0/16 exact accept",
            "route-filter 203.0.113.0/24 upto /28",
            "route-filter 2001:db8::/32 prefix-length-range /40-/48",
            "route-filter 192.0.2.0/24 exact reject",
            "route-filter-list R1",
        ]),
        block(
            &["route-filter 198.51.100.0/24 longer"],
            one_of(&["metric 5", "accept", "community add C1"]),
            3
        ),
    ];
    let then = one_of(&[
        "accept",
        "reject",
        "next policy",
        "next term",
        "local-preference 220",
        "local-preference subtract 20",
        "metric add 5",
        "community add C1",
        "community delete C2",
        "as-path-prepend \"64500 64500\"",
        "origin igp",
        "next-hop self",
        "default-action reject",
        "marvel 3",
    ]);
    let term = || {
        let parts = prop_oneof![
            block(&["from"], from.clone(), 4),
            block(&["then"], then.clone(), 4),
            one_of(&[
                "then accept",
                "then reject",
                "from protocol static",
                "to neighbor 192.0.2.1"
            ]),
        ];
        parts.boxed()
    };
    let policy = prop_oneof![
        3 => block(&["term a", "term b", "term \"c d\"", "term e"], term(), 3),
        1 => term(),
    ];
    let entries =
        one_of(&["10.0.0.0/8", "203.0.113.0/24", "2001:db8:1::/48", "192.0.2.1/32", "10.1.2.3/16"]);
    let objects = prop_oneof![
        4 => block(&["policy-statement P1", "policy-statement P2", "policy-statement P3"], policy, 4),
        2 => block(&["prefix-list L1", "prefix-list L2", "prefix-list \"L 3\""], entries, 5),
        1 => one_of(&[
            "prefix-list L4 apply-path \"interfaces <*> unit <*> family inet address <*>\"",
            "community C1 members [ 64500:1 64500:2 ]",
            "community C2 members \"^64500:1[0-9]*$\"",
            "community C3 members no-export",
            "as-path A1 \".* [ 64496 64497 ] .*\"",
            "as-path-group AG as-path one \"64496 .*\"",
            "route-filter-list R1 10.0.0.0/8 upto /24",
            "apply-groups G1",
        ]),
    ];
    block(&["policy-options"], objects, 7)
}

fn setting() -> BoxedStrategy<Statement> {
    prop_oneof![
        3 => one_of(&[
            "type external",
            "type internal",
            "peer-as 12076",
            "peer-as 64510",
            "local-as 64501 loops 2",
            "import [ P1 P2 ]",
            "import P3",
            "export [ P1 ( P2 && ! P3 ) ]",
            "export P2",
            "local-preference 150",
            "hold-time 30",
            "description \"one; { two } # three\"",
            "authentication-key \"$9$documentation\"",
            "multihop",
            "remove-private",
            "cluster 192.0.2.255",
            "apply-groups [ G1 G2 ]",
            "apply-groups-except G2",
            "strange 5",
        ]),
        1 => block(&["family inet"], block(&["unicast"], one_of(&["prefix-limit maximum 100", "loops 2"]), 2), 2),
        1 => one_of(&["family inet6 unicast"]),
    ]
    .boxed()
}

fn bgp() -> BoxedStrategy<Statement> {
    let neighbor = block(
        &[
            "neighbor 192.0.2.2",
            "neighbor 198.51.100.2",
            "neighbor 2001:db8::2",
            "neighbor 192.0.2.6",
        ],
        setting(),
        4,
    );
    let group = prop_oneof![2 => setting(), 2 => neighbor, 1 => one_of(&["neighbor 203.0.113.9", "allow 192.0.2.0/24"])];
    let level = prop_oneof![
        1 => setting(),
        4 => block(&["group CLOUD", "group PROVIDER", "group INSIDE", "group \"two words\""], group, 7),
    ];
    block(&["bgp"], level, 5)
}

fn routing_options() -> BoxedStrategy<Statement> {
    let route = prop_oneof![
        one_of(&[
            "route 203.0.113.0/24 discard",
            "route 10.0.0.0/8 next-hop 192.0.2.9",
            "route 0.0.0.0/0 reject"
        ]),
        block(
            &["route 198.51.100.0/24"],
            one_of(&["discard", "tag 7", "preference 9", "next-hop [ 192.0.2.9 192.0.2.10 ]"]),
            3
        ),
    ];
    let part = prop_oneof![
        block(&["static", "aggregate"], route.clone(), 4),
        block(&["rib inet6.0"], block(&["static"], one_of(&["route 2001:db8::/32 discard"]), 2), 2),
        one_of(&[
            "autonomous-system 64500",
            "router-id 192.0.2.255",
            "autonomous-system 64501 loops 3"
        ]),
    ];
    block(&["routing-options"], part, 5)
}

fn interfaces() -> BoxedStrategy<Statement> {
    let address =
        one_of(&["address 192.0.2.1/30", "address 198.51.100.1/30", "mtu 1500", "filter input F1"]);
    let unit = prop_oneof![
        block(&["family inet"], address, 3),
        one_of(&[
            "vlan-id 300",
            "description \"to the cloud\"",
            "disable",
            "family inet6 address 2001:db8::1/64"
        ]),
    ];
    let port = prop_oneof![
        3 => block(&["unit 0", "unit 300"], unit, 4),
        1 => one_of(&["description port", "mtu 9000", "disable", "apply-groups-except G1"]),
    ];
    let ports = block(&["ge-0/0/0", "xe-0/0/1", "lo0", "st0"], port, 4);
    block(&["interfaces"], ports, 4)
}

fn groups() -> BoxedStrategy<Statement> {
    let held = prop_oneof![
        block(
            &["protocols"],
            block(
                &["bgp"],
                block(
                    &["group <*>", "group <CLOUD*>", "group NEW"],
                    prop_oneof![setting(), block(&["neighbor <192.*>"], setting(), 3)],
                    3
                ),
                2
            ),
            2
        ),
        block(
            &["interfaces"],
            block(&["<*>", "<ge-*>"], one_of(&["mtu 9192", "unit <*> family inet mtu 1400"]), 3),
            2
        ),
        policy_options(),
    ];
    block(&["groups"], block(&["G1", "G2"], held, 3), 3)
}

fn translation() -> BoxedStrategy<Statement> {
    let rule = block(
        &["rule R1", "rule R2"],
        prop_oneof![one_of(&[
            "match source-address 10.0.0.0/8",
            "match source-address [ 10.0.0.0/8 172.16.0.0/12 ]",
            "then source-nat interface",
            "then source-nat pool POOL"
        ]),],
        3,
    );
    let set = prop_oneof![1 => one_of(&["from zone trust", "to zone untrust", "to interface ge-0/0/0.0"]), 2 => rule];
    let source = prop_oneof![
        one_of(&[
            "pool POOL address 203.0.113.0/30",
            "pool POOL address 203.0.113.8/32 to 203.0.113.9/32"
        ]),
        block(&["rule-set OUT"], set, 5),
    ];
    let nat = block(&["nat"], block(&["source"], source, 4), 2);
    let zones = one_of(&["zones security-zone untrust interfaces [ ge-0/0/0.0 xe-0/0/1.0 ]"]);
    block(&["security"], prop_oneof![3 => nat, 1 => zones], 3)
}

fn instances() -> BoxedStrategy<Statement> {
    let part = prop_oneof![
        one_of(&[
            "instance-type virtual-router",
            "interface ge-0/0/0.300",
            "vrf-import [ P1 P2 ]",
            "vrf-target target:64500:1"
        ]),
        block(&["protocols"], bgp(), 2),
        routing_options(),
    ];
    block(&["routing-instances"], block(&["CLOUD", "TENANT"], part, 4), 3)
}

/// Routers inside the router.
fn logical_systems() -> BoxedStrategy<Statement> {
    let inside = prop_oneof![
        policy_options(),
        bgp().prop_map(|bgp| Statement::block("protocols", vec![bgp])),
        routing_options(),
        interfaces(),
        one_of(&["apply-groups G1"]),
    ];
    block(&["logical-systems"], block(&["LS1", "LS2"], inside, 3), 3)
}

/// Words without meaning.
fn nonsense() -> BoxedStrategy<Statement> {
    let word = "[a-z][a-z0-9-]{0,6}";
    let words = (word, prop::collection::vec("[a-z0-9.:-]{1,8}", 0..3), any::<bool>()).prop_map(
        |(head, rest, list)| match list && !rest.is_empty() {
            true => Statement::leaf(&format!("{head} [ {} ]", rest.join(" "))),
            false => Statement::leaf(&format!("{head} {}", rest.join(" "))),
        },
    );
    let leaf = dressed(words.clone());
    let tree = leaf.prop_recursive(5, 24, 4, move |inner| {
        let children = prop::collection::vec(inner, 0..4);
        let heading =
            words.clone().prop_filter("no list", |one| !one.words.contains(&"[".to_owned()));
        dressed(
            (heading, children)
                .prop_map(|(heading, children)| Statement { children: Some(children), ..heading }),
        )
    });
    tree.prop_map(|tree| Statement::block("snmp", vec![tree])).boxed()
}
