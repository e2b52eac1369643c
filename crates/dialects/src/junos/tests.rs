//! Junos as devices and their manuals have it, in both forms.

use std::fmt::Write as _;

use edgelint_model::{
    Arithmetic, ClauseLabel, CommunityEdit, Condition, Device, Flow, Match, NatSelector, NextHop,
    NextHopSet, Part, RemoteAs, SetAction, State, Step, Translation, Verdict,
};
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

use super::layout::lay_out;
use super::read;

/// Reads a text and hands the devices to a test.
fn with_devices<T>(text: &str, test: impl FnOnce(&[Device<'_>]) -> T) -> T {
    let arena = Arena::new();
    let tree = lay_out(Lines::split(FileId(0), text));
    test(&read(&tree, &arena))
}

fn with<T>(text: &str, test: impl FnOnce(&Device<'_>) -> T) -> T {
    with_devices(text, |devices| test(&devices[0]))
}

/// Number of statements that are not in the model or inert.
fn not_understood(device: &Device<'_>) -> u32 {
    device.coverage.total(State::Unmodelled) + device.coverage.total(State::Opaque)
}

fn complaints(text: &str) -> Vec<&str> {
    with(text, |device| {
        let places = device.coverage.complaints.iter().map(|complaint| complaint.at);
        places.map(|at| &text[at.start as usize..at.end as usize]).collect()
    })
}

/// A policy as text: one line a clause.
fn policy(text: &str) -> String {
    with(text, |device| {
        let mut out = String::new();
        for clause in &device.policies[0].clauses {
            let label = match clause.label {
                ClauseLabel::Name(name) => name.to_owned(),
                other => format!("{other:?}"),
            };
            let sets: Vec<String> = clause.steps.iter().map(step).collect();
            let verdict = match clause.verdict {
                Some(Verdict::Permit) => "accept",
                Some(Verdict::Deny) => "reject",
                None => "-",
            };
            let condition = condition(&clause.condition);
            let flow = clause.flow.value;
            writeln!(out, "{label}: if {condition} do {} {verdict} {flow:?}", sets.join(" "))
                .unwrap();
        }
        out
    })
}

fn step(step: &Step<'_>) -> String {
    match step {
        Step::Set(set) => format!("{:?}", set.value),
        other => format!("{other:?}"),
    }
}

fn condition(of: &Condition<'_>) -> String {
    let several = |word: &str, all: &[Condition<'_>]| {
        let all: Vec<String> = all.iter().map(condition).collect();
        format!("({})", all.join(word))
    };
    match of {
        Condition::Always => "always".to_owned(),
        Condition::All(all) => several(" and ", all),
        Condition::Any(any) => several(" or ", any),
        Condition::Not(not) => format!("not {}", condition(not)),
        Condition::Match(fact) => match &fact.value {
            Match::PrefixLists(lists) => {
                lists.iter().fold("list".to_owned(), |text, list| text + " " + list.value)
            }
            Match::Prefixes(ranges) => {
                ranges.iter().fold("in".to_owned(), |text, range| format!("{text} [{range}]"))
            }
            Match::LongestPrefix(ranges) => {
                let ranges = ranges.iter().map(|range| range.value);
                ranges.fold("longest".to_owned(), |text, range| format!("{text} [{range}]"))
            }
            Match::Protocols(names) => format!("protocol {}", names.join("|")),
            Match::CommunityLists { lists, .. } => {
                lists.iter().fold("community".to_owned(), |text, list| text + " " + list.value)
            }
            other => format!("{other:?}"),
        },
    }
}

#[test]
fn terms_are_clauses_and_what_has_no_term_comes_last() {
    let text = "
set policy-options policy-statement P then reject
set policy-options policy-statement P term A from protocol direct
set policy-options policy-statement P term A from protocol static
set policy-options policy-statement P term A from prefix-list L
set policy-options policy-statement P term A then metric 10
set policy-options policy-statement P term A then accept
set policy-options policy-statement P term B then next policy
set policy-options policy-statement P term C then local-preference 200
set policy-options policy-statement P term A then next-hop self
";
    let expected = "\
A: if (list L and protocol connected|static) do Med(Set(10)) NextHop(Own) accept Stop
B: if always do  - NextPolicy
C: if always do LocalPreference(Set(200)) - NextClause
Ordinal(4): if always do  reject Stop
";
    assert_eq!(policy(text), expected);
    let braces = "policy-options { policy-statement P { then reject; term A { from { protocol [ direct static ];
        prefix-list L; } then { metric 10; accept; next-hop self; } } term B { then next policy; }
        term C { then { local-preference 200; } } } }";
    assert_eq!(policy(braces), expected);
}

#[test]
fn the_longest_route_filter_decides_alone() {
    // Junos policy guide, "How Prefix Order Affects Route List Evaluation".
    let text = "policy-options { policy-statement P { term A { from {
        route-filter 10.0.0.0/8 orlonger; route-filter 10.1.0.0/16 exact; route-filter 2001:db8::/32 upto /48;
        } then accept; } } }";
    let expected =
        "A: if longest [10.0.0.0/8 le 32] [10.1.0.0/16] [2001:db8::/32 le 48] do  accept Stop\n";
    assert_eq!(policy(text), expected);
}

#[test]
fn of_conditions_that_can_be_said_once_the_later_stays() {
    let text = "set policy-options policy-statement P from metric 1
set policy-options policy-statement P from metric 2
set policy-options policy-statement P from family inet6
set policy-options policy-statement P from family inet
set policy-options policy-statement P from origin egp
";
    let expected =
        "Ordinal(1): if (Metric(2) and Origin(Egp) and in [0.0.0.0/0 le 32]) do  - NextClause\n";
    assert_eq!(policy(text), expected);
}

#[test]
fn actions_of_a_route_filter_are_taken_instead_of_the_terms() {
    let text = "policy-options { policy-statement P { term A { from {
        route-filter 10.0.0.0/8 orlonger reject; route-filter 10.1.0.0/16 orlonger;
        } then accept; } } }";
    let own = "(in [10.0.0.0/8 le 32] and not in [10.1.0.0/16 le 32])";
    let expected = format!(
        "A: if {own} do  reject Stop\n\
         A: if (longest [10.0.0.0/8 le 32] [10.1.0.0/16 le 32] and not {own}) do  accept Stop\n"
    );
    assert_eq!(policy(text), expected);
}

#[test]
fn prefix_lists_match_exactly_unless_a_filter_says_more() {
    let lists = "set policy-options prefix-list L 10.1.2.3/16
set policy-options prefix-list L 2001:db8::/32
set policy-options route-filter-list R 192.0.2.0/24 orlonger
";
    let text = format!(
        "{lists}set policy-options policy-statement P term A from prefix-list-filter L longer
set policy-options policy-statement P term A from route-filter-list R
set policy-options policy-statement P term A from family inet
"
    );
    let expected = "A: if ((longest [10.1.0.0/16 ge 17] [2001:db8::/32 ge 33] or \
                    longest [192.0.2.0/24 le 32]) and in [0.0.0.0/0 le 32]) do  - NextClause\n";
    assert_eq!(policy(&text), expected);
    with(&text, |device| {
        // Host bits are taken in prefix lists: vJunos 25.4R1.12, commit check.
        assert!(device.coverage.complaints.is_empty());
        let lists: Vec<String> = device
            .prefix_lists
            .iter()
            .flat_map(|list| list.entries.iter().map(|entry| entry.range.to_string()))
            .collect();
        assert_eq!(lists, ["10.1.0.0/16", "2001:db8::/32"]);
        assert_eq!(device.definitions.iter().filter(|one| one.name == "L").count(), 1);
    });
}

#[test]
fn of_two_actions_on_one_attribute_the_later_stays() {
    // vJunos lab: junos_rmw_localpref, junos_then_action_conflicts.
    let then = |actions: &str| {
        let text = format!(
            "policy-options {{ community C members 64500:1; policy-statement P {{ term A {{ then {{ {actions} }} }} }} }}"
        );
        policy(&text)
    };
    let expected = "A: if always do LocalPreference(Add(50)) - NextClause\n";
    assert_eq!(then("local-preference 300; local-preference add 50;"), expected);
    assert!(then("accept; reject;").contains("reject Stop"));
    assert!(then("accept; next term;").contains("- NextClause"));
    assert!(then("default-action reject;").contains("reject NextClause"));
    let both =
        then("community add C; community delete C; as-path-prepend \"64500 64500\"; origin egp;");
    assert!(both.contains("Add([Community") && both.contains("RemoveMatching"), "{both}");
    assert!(both.contains("Prepend([64500, 64500]) Origin(Egp)"), "{both}");
}

#[test]
fn communities_are_all_of_their_members() {
    let text = "policy-options { community A members [ 64500:1 64500:2 ]; community B members target:64500:1;
        community C { invert-match; members no-export; } community D members \"^6450.:.*$\"; }";
    with(text, |device| {
        let lists: Vec<String> =
            device.community_lists.iter().map(|list| format!("{:?}", list.entries)).collect();
        assert!(
            lists[0].contains("All([Community(4227072001), Community(4227072002)])"),
            "{}",
            lists[0]
        );
        assert!(lists[1].contains("Regex(\"target:64500:1\")"));
        assert!(lists[2].contains("permit: false") && lists[2].contains("Any"));
        assert!(lists[3].contains("Regex(\"^6450.:.*$\")"));
        assert_eq!(not_understood(device), 0);
    });
    // The type of an extended community may be a number: vJunos lab, junos_ext_community_literal.
    for (typed, added) in [
        ("target:64500:1", "RouteTargets([\"target:64500:1\"])"),
        ("64500:65536L:36867", "Irrelevant"),
        ("0x4300:64500:1", "Irrelevant"),
    ] {
        let text = format!(
            "policy-options {{ community B members {typed}; policy-statement P {{ then {{ community add B; community set B; }} }} }}"
        );
        with(&text, |device| {
            let steps: Vec<String> = device.policies[0].clauses[0].steps.iter().map(step).collect();
            assert_eq!(steps, [added, "Community(Replace([]))"], "{typed}");
        });
    }
}

#[test]
fn what_a_commit_refuses_is_a_complaint() {
    // vJunos 25.4R1.12, commit check: host bits in routes and conditions are refused, in lists,
    // filters of routes, allowed neighbors and interface addresses they are not.
    let refused = [
        "set routing-options static route 192.0.2.1/24 discard",
        "set routing-options aggregate route 192.0.2.1/24",
        "set routing-options generate route 192.0.2.1/24",
        "set routing-options rib inet6.0 static route 2001:db8::1/32 discard",
        "set routing-options rib inet6.0 aggregate route 2001:db8::1/32",
        "set routing-options rib inet6.0 generate route 2001:db8::1/32",
        "set protocols ospf area 0.0.0.0 area-range 192.0.2.1/24",
        "set protocols ospf3 area 0.0.0.0 area-range 2001:db8::1/32",
        "set policy-options condition C if-route-exists 192.0.2.1/24",
        "set policy-options condition C if-route-exists 2001:db8::1/32 table inet6.0",
        "set firewall filter F term T from destination-address 192.0.2.1/24",
        "set firewall filter F term T then next-ip 192.0.2.1/24",
    ];
    for text in refused {
        assert_eq!(complaints(text).len(), 1, "{text}");
    }
    let taken = [
        "set policy-options prefix-list L 192.0.2.1/24",
        "set policy-options prefix-list L 2001:db8::1/32",
        "set policy-options policy-statement P from route-filter 192.0.2.1/24 exact",
        "set policy-options policy-statement P from route-filter 2001:db8::1/32 exact",
        "set snmp client-list C 192.0.2.1/24",
        "set protocols mpls label-switched-path L install 192.0.2.1/24",
        "set interfaces ge-0/0/0 unit 0 family inet address 192.0.2.1/24 vrrp-group 1 track route 198.51.100.1/24 routing-instance default priority-cost 5",
        "set protocols bgp group G allow 192.0.2.1/24",
        "set interfaces ge-0/0/0 unit 0 family inet address 192.0.2.1/24",
        "set firewall family inet6 filter F term T then next-ip6 2001:db8::1/64",
    ];
    for text in taken {
        assert_eq!(complaints(text), [""; 0], "{text}");
    }
}

const BGP: &str = "
routing-options { autonomous-system 64500; router-id 192.0.2.255; }
protocols { bgp {
    import GLOBAL; hold-time 30; local-preference 90;
    group CLOUD {
        type external; peer-as 12076; import [ FIRST SECOND ]; export OUT; local-as 64501 loops 2;
        family inet { unicast { prefix-limit { maximum 200; teardown 80; } } }
        authentication-key \"$9$abc\"; ## SECRET-DATA
        bfd-liveness-detection { minimum-interval 300; }
        neighbor 192.0.2.1 { description \"primary link\"; local-preference 220; }
        neighbor 192.0.2.5 { import OWN; peer-as 64502; }
        inactive: neighbor 192.0.2.9;
    }
    group INSIDE { type internal; cluster 192.0.2.255; family inet6 { unicast; } neighbor 198.51.100.1; }
    group OPEN { type external; allow 198.51.100.0/24; }
} }";

#[test]
fn the_most_specific_level_replaces_the_others() {
    with(BGP, |device| {
        assert_eq!(not_understood(device), 0);
        let process = &device.bgp[0];
        assert_eq!(process.local_as.map(|asn| asn.value), Some(64500));
        let neighbors = &process.instances[0].neighbors;
        let names = |at: usize| {
            let import = neighbors[at].families[0].import.iter();
            import.map(|filter| filter.name.value).collect::<Vec<_>>()
        };
        assert_eq!(names(0), ["FIRST", "SECOND"]);
        assert_eq!(names(1), ["OWN"]);
        assert_eq!(names(3), ["GLOBAL"]);
        let preference =
            |at: usize| neighbors[at].families[0].local_preference.map(|fact| fact.value);
        assert_eq!((preference(0), preference(1)), (Some(220), Some(90)));
        let remote: Vec<_> =
            neighbors.iter().map(|one| one.remote_as.map(|fact| fact.value)).collect();
        let expected = [
            RemoteAs::Number(12076),
            RemoteAs::Number(64502),
            RemoteAs::Number(12076),
            RemoteAs::Internal,
            RemoteAs::External,
        ];
        assert_eq!(remote, expected.map(Some));
        assert_eq!(neighbors[0].timers.map(|fact| fact.value), Some((10, 30)));
        assert_eq!(
            neighbors[0].families[0]
                .maximum_prefix
                .map(|it| (it.value.limit, it.value.warning_only)),
            Some((200, false))
        );
        assert_eq!(neighbors[2].shutdown.map(|fact| fact.value), Some(true));
        assert!(neighbors[0].shutdown.is_none() && neighbors[0].bfd.is_some());
        assert!(neighbors[3].families[0].route_reflector_client.is_some());
        // The group's line made the value, the neighbor's line made it apply.
        let import = neighbors[0].families[0].import[0].name.origin;
        assert_eq!(import.via(), Some(neighbors[0].at));
        assert_eq!(&BGP[import.at.start as usize..import.at.end as usize], "FIRST");
        let secret = device.secrets[0];
        assert_eq!(&BGP[secret.start as usize..secret.end as usize], "$9$abc");
    });
}

#[test]
fn a_setting_that_is_inactive_switches_off_nothing_else() {
    let settings = ["import GLOBAL;", "hold-time 30;", "local-preference 90;"];
    for setting in settings {
        let text = BGP.replace(setting, &format!("inactive: {setting}"));
        assert_ne!(text, BGP);
        with(&text, |device| {
            let neighbors = &device.bgp[0].instances[0].neighbors;
            let off: Vec<bool> = neighbors.iter().map(|one| one.shutdown.is_some()).collect();
            assert_eq!(off, [false, false, true, false, false], "{setting}");
        });
    }
    // Who calls from a range that is switched off is no neighbor at all.
    let parts: [(&str, &[bool]); 2] =
        [("group CLOUD {", &[true, true, true, false, false]), ("bgp {", &[true; 4])];
    for (part, expected) in parts {
        with(&BGP.replace(part, &format!("inactive: {part}")), |device| {
            let neighbors = &device.bgp[0].instances[0].neighbors;
            let off: Vec<bool> = neighbors.iter().map(|one| one.shutdown.is_some()).collect();
            assert_eq!(off, expected, "{part}");
        });
    }
}

#[test]
fn groups_apply_where_they_fit_and_never_replace() {
    let text = "
groups { COMMON {
    interfaces { <ge-*> { mtu 9000; unit <*> { family inet { mtu 8000; } } } }
    protocols { bgp { group <*> { type external; hold-time 30; neighbor <192.*> { import SAFE; } } } }
} OTHER { protocols { bgp { hold-time 60; } } } UNUSED { system { host-name nobody; } } }
apply-groups [ COMMON OTHER ];
interfaces { ge-0/0/0 { mtu 1500; unit 0 { family inet { address 192.0.2.1/30; } } } xe-0/0/1 { unit 0; } }
protocols { bgp { group A { hold-time 9; neighbor 192.0.2.2; neighbor 198.51.100.2; } group B { apply-groups-except COMMON; neighbor 192.0.2.6; } } }
";
    with(text, |device| {
        let mtu = |name: &str| {
            let found = device.interfaces.iter().find(|one| one.name == name).unwrap();
            found.options.mtu.map(|mtu| mtu.value)
        };
        assert_eq!(mtu("ge-0/0/0"), Some(1500));
        assert_eq!(mtu("ge-0/0/0.0"), Some(8000));
        assert_eq!(mtu("xe-0/0/1.0"), None);
        let neighbors = &device.bgp[0].instances[0].neighbors;
        let hold = |at: usize| neighbors[at].timers.map(|fact| fact.value.1);
        assert_eq!((hold(0), hold(2)), (Some(9), Some(60)));
        let import = neighbors[0].families[0].import[0].name;
        assert_eq!(import.value, "SAFE");
        let via = import.origin.via().unwrap();
        assert!(text[via.start as usize..].starts_with("apply-groups [ COMMON"));
        assert!(neighbors[1].families[0].import.is_empty());
        assert_eq!(neighbors[2].remote_as, None);
        assert!(device.hostname.is_none());
        // One leaf is one statement, however often it applies; lists count an element each.
        let total: u32 = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque]
            .iter()
            .map(|state| device.coverage.total(*state))
            .sum();
        assert_eq!(total, 17);
    });
}

#[test]
fn apply_path_takes_prefixes_from_elsewhere() {
    let text = "policy-options { prefix-list MINE { apply-path \"interfaces <*> unit <*> family inet address <*>\"; }
        prefix-list PEERS { apply-path \"protocols bgp group <*> neighbor <*>\"; } }
        interfaces { ge-0/0/0 { unit 0 { family inet { address 192.0.2.1/30; } } unit 1 { inactive: family inet { address 203.0.113.1/30; } } } }
        protocols { bgp { group G { neighbor 192.0.2.2 { peer-as 64501; } } } }";
    with(text, |device| {
        let entries: Vec<String> = device
            .prefix_lists
            .iter()
            .flat_map(|list| {
                list.entries.iter().map(|entry| format!("{} {}", list.name, entry.range))
            })
            .collect();
        assert_eq!(entries, ["MINE 192.0.2.0/30", "PEERS 192.0.2.2/32"]);
    });
}

#[test]
fn routes_and_instances() {
    let text = "
set routing-options static route 192.0.2.0/24 discard
set routing-options static route 192.0.2.0/24 tag 7
set routing-options static route 0.0.0.0/0 next-hop 198.51.100.1
set routing-options static route 0.0.0.0/0 qualified-next-hop 198.51.100.5 preference 200
set routing-options aggregate route 203.0.113.0/24
set routing-instances CLOUD instance-type vrf
set routing-instances CLOUD interface ge-0/0/0.100
set routing-instances CLOUD vrf-target target:64500:1
set routing-instances CLOUD vrf-import ONLY
set routing-instances CLOUD routing-options static route 10.0.0.0/8 next-table inet.0
set routing-instances CLOUD protocols bgp group G neighbor 192.0.2.1 peer-as 12076
set interfaces ge-0/0/0 unit 100 vlan-tags outer 0x8100.100 inner 10
set interfaces ge-0/0/0 disable
";
    with(text, |device| {
        assert_eq!(not_understood(device), 0);
        let routes: Vec<_> = device
            .static_routes
            .iter()
            .map(|one| (one.prefix.to_string(), one.next_hop, one.distance, one.tag, one.tracked))
            .collect();
        let address = |text: &str| NextHop::Address(text.parse().unwrap());
        assert_eq!(routes[0], ("192.0.2.0/24".to_owned(), NextHop::Discard, None, Some(7), false));
        assert_eq!(routes[1].1, address("198.51.100.1"));
        assert_eq!((routes[2].1, routes[2].2), (address("198.51.100.5"), Some(200)));
        assert_eq!((routes[3].1, routes[3].4), (NextHop::Discard, true));
        assert_eq!(routes[4].1, NextHop::Table("inet.0"));
        assert_eq!(device.static_routes[4].vrf, Some("CLOUD"));
        let vrf = &device.vrfs[0];
        assert_eq!((vrf.import_targets.len(), vrf.export_targets.len()), (1, 1));
        assert_eq!(vrf.import_policies[0].value, "ONLY");
        assert_eq!(device.bgp[0].instances[0].vrf, Some("CLOUD"));
        let unit = device.interfaces.iter().find(|one| one.name == "ge-0/0/0.100").unwrap();
        assert_eq!(unit.vrf.map(|vrf| vrf.value), Some("CLOUD"));
        assert_eq!(
            (unit.vlan.map(|it| it.value), unit.options.inner_vlan.map(|it| it.value)),
            (Some(100), Some(10))
        );
        assert_eq!(unit.shutdown.map(|it| it.value), Some(true));
    });
}

#[test]
fn translation_on_a_firewall() {
    let text = "
set security nat source pool CLOUD address 203.0.113.0/30
set security nat source pool RANGE address 203.0.113.8 to 203.0.113.11
set security nat source rule-set OUT from zone trust
set security nat source rule-set OUT to zone cloud
set security nat source rule-set OUT rule R1 match source-address 10.0.0.0/8
set security nat source rule-set OUT rule R1 match source-address 172.16.0.0/12
set security nat source rule-set OUT rule R1 then source-nat pool CLOUD
set security nat source rule-set OUT rule R2 then source-nat interface
set security nat static rule-set IN from zone untrust
set security nat static rule-set IN rule S match destination-address 203.0.113.20/32
set security nat static rule-set IN rule S then static-nat prefix 10.0.0.20/32
set security nat destination pool WEB address 10.0.0.80/32
set security nat destination rule-set WEB rule D match destination-address 203.0.113.30/32
set security nat destination rule-set WEB rule D match destination-port 443
set security nat destination rule-set WEB rule D then destination-nat pool WEB
set security nat proxy-arp interface ge-0/0/0.0 address 203.0.113.20/32
set security zones security-zone cloud interfaces ge-0/0/1.0
set interfaces ge-0/0/1 unit 0 family inet address 192.0.2.1/30
";
    with(text, |device| {
        assert_eq!(not_understood(device), 0);
        let nat = &device.nat;
        assert_eq!(nat.pools[1].ranges[0].value.to_string(), "203.0.113.8/30");
        let rules = &nat.rules;
        assert_eq!(rules.len(), 5);
        assert_eq!(rules[0].egress[0].value, "cloud");
        assert!(
            rules[0].overload
                && matches!(rules[0].translation, Translation::Pool(pool) if pool.value == "CLOUD")
        );
        assert!(
            matches!(rules[1].selector, NatSelector::Addresses(inside) if inside.to_string().starts_with("172.16.0.0"))
        );
        assert!(matches!(rules[2].translation, Translation::Egress(_)));
        assert!(rules[3].is_static && rules[3].egress[0].value == "untrust");
        assert!(
            matches!(rules[3].translation, Translation::Addresses(public) if public.value.contains("203.0.113.20".parse().unwrap()))
        );
        assert!(rules[4].port);
        let unit = device.interfaces.iter().find(|one| one.name == "ge-0/0/1.0").unwrap();
        assert_eq!(unit.options.zone.map(|zone| zone.value), Some("cloud"));
    });
}

#[test]
fn a_logical_system_is_a_device_of_its_own() {
    let text = "system { host-name r1; } logical-systems { EDGE { policy-options { prefix-list L { 192.0.2.0/24; } } } }
        policy-options { prefix-list M { 198.51.100.0/24; } }";
    with_devices(text, |devices| {
        let names: Vec<_> = devices.iter().map(|one| one.hostname.map(|it| it.value)).collect();
        assert_eq!(names, [Some("r1"), Some("r1:EDGE")]);
        let lists =
            |at: usize| devices[at].prefix_lists.iter().map(|list| list.name).collect::<Vec<_>>();
        assert_eq!((lists(0), lists(1)), (vec!["M"], vec!["L"]));
    });
}

#[test]
fn what_is_not_known_stays_visible() {
    let text = "policy-options { policy-statement P { term A { from { wonder 7; community C; } then { marvel; accept; } } } }
        nonsense { a b; }";
    with(text, |device| {
        let clause = &device.policies[0].clauses[0];
        assert_eq!(clause.blind.len(), 2);
        assert!(matches!(clause.steps[0], Step::Set(ref set) if set.value == SetAction::Unknown));
        assert_eq!(device.coverage.of(Part::Other, State::Opaque), 1);
        assert_eq!(clause.flow.value, Flow::Stop);
    });
}

#[test]
fn names_are_used_where_they_stand() {
    let text = "protocols { bgp { group G { export ( A && ! B ); import [ C ( D || E ) ]; } } ospf { export F; } }
        routing-options { forwarding-table { export G; } }";
    with(text, |device| {
        let names: Vec<&str> = device.uses.iter().map(|one| one.name).collect();
        assert_eq!(names, ["A", "B", "C", "D", "E", "F", "G"]);
        for one in &device.uses {
            assert_eq!(&text[one.at.start as usize..one.at.end as usize], one.name);
        }
    });
}

#[test]
fn values_are_what_was_written() {
    let text = "set policy-options policy-statement P term A then metric subtract 5
set policy-options policy-statement P term A then next-hop 192.0.2.1
set policy-options policy-statement P term A then as-path-expand last-as count 3
set policy-options policy-statement P term A then tag 9
set policy-options community C members 64500:5
set policy-options policy-statement P term A then community set C
";
    with(text, |device| {
        let steps: Vec<_> = device.policies[0].clauses[0]
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Set(set) => Some(set.value.clone()),
                _ => None,
            })
            .collect();
        let address = "192.0.2.1".parse().unwrap();
        assert_eq!(steps[0], SetAction::Med(Arithmetic::Subtract(5)));
        assert_eq!(steps[1], SetAction::NextHop(NextHopSet::Address(address)));
        assert_eq!(steps[2], SetAction::PrependLastAs(3));
        assert_eq!(steps[3], SetAction::Tag(9));
        assert!(
            matches!(&steps[4], SetAction::Community(CommunityEdit::Replace(all)) if all.len() == 1)
        );
    });
}

const GOLDEN: [(&str, &str); 2] = [
    (
        include_str!("../../../../corpus/dialects/junos/edge-router.conf"),
        include_str!("../../../../corpus/dialects/junos/edge-router.set"),
    ),
    (
        include_str!("../../../../corpus/dialects/junos/firewall-edge.conf"),
        include_str!("../../../../corpus/dialects/junos/firewall-edge.set"),
    ),
];

/// The devices of a text as text, without places, secrets and comments.
fn without_places(text: &str) -> String {
    with_devices(text, |devices| {
        let mut out = String::new();
        for device in devices {
            let mut device = device.clone();
            device.free_text.clear();
            device.secrets.clear();
            write!(out, "{device:#?}").unwrap();
        }
        let mut rest = out.as_str();
        let mut scrubbed = String::new();
        while let Some((before, span)) = rest.split_once("Span {") {
            scrubbed.push_str(before);
            // A span holds a file, which is written `FileId(0)`, and two numbers.
            rest = span.split_once('}').map_or("", |(_, behind)| behind);
        }
        scrubbed + rest
    })
}

#[test]
fn both_forms_of_a_device_are_equal() {
    for (braces, set) in GOLDEN {
        assert_eq!(without_places(braces), without_places(set));
        assert_eq!(without_places(braces), without_places(&as_set_lines(braces)));
    }
}

/// A text's paths as `set` lines.
fn as_set_lines(text: &str) -> String {
    let tree = lay_out(Lines::split(FileId(0), text));
    let paths = edgelint_syntax::Paths::of(&tree);
    let mut out = String::new();
    for path in &paths.paths {
        let words: Vec<String> = paths
            .words(path)
            .tokens()
            .map(|token| match token.text.contains(' ') {
                true => format!("\"{}\"", token.text),
                false => token.text.to_owned(),
            })
            .collect();
        writeln!(out, "set {}", words.join(" ")).unwrap();
        if let Some(off) = path.inactive {
            writeln!(out, "deactivate {}", words[..off.depth as usize].join(" ")).unwrap();
        }
    }
    out
}

#[test]
fn a_form_may_change_anywhere_in_a_file() {
    // The first half of the sections in braces, all paths again as `set` lines: the same device,
    // but for lists, which say everything twice.
    for (braces, _) in GOLDEN {
        let (half, _) = braces.split_once("\npolicy-options {").unwrap();
        let mixed = format!("{half}\n{}", as_set_lines(braces));
        let names = |text: &str| {
            with(text, |device| {
                let policies = device.policies.iter().map(|policy| policy.name);
                policies.map(str::to_owned).collect::<Vec<_>>()
            })
        };
        assert_eq!(names(&mixed), names(braces));
    }
}

#[test]
fn golden_files_are_understood() {
    for (braces, set) in GOLDEN {
        for text in [braces, set] {
            // A policy that decides which routes make an aggregate is known, but not in the model.
            with(text, |device| assert!(not_understood(device) <= 1));
        }
    }
    let typed = include_str!("../../../../corpus/dialects/junos/typed-at-the-prompt.txt");
    with(typed, |device| {
        assert_eq!(not_understood(device), 0);
        let neighbors = &device.bgp[0].instances[0].neighbors;
        assert_eq!(neighbors[0].shutdown.map(|off| off.value), Some(true));
        assert_eq!(neighbors[1].description.map(|text| text.value), Some("second link"));
        let labels: Vec<_> = device.policies[0].clauses.iter().map(|clause| clause.label).collect();
        assert_eq!(labels, [ClauseLabel::Name("none"), ClauseLabel::Name("all")]);
    });
}

#[test]
fn a_file_cut_at_any_line_is_read() {
    for (braces, set) in GOLDEN {
        for text in [braces, set] {
            for (at, _) in text.match_indices('\n') {
                with_devices(&text[..at], |devices| assert!(!devices.is_empty()));
            }
        }
    }
}
