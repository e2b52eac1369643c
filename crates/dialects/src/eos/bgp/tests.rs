//! Unit tests of BGP.

use std::fmt::Write;

use edgelint_model::{BgpInstance, Device, Fact, Neighbor, NeighborAddress, NeighborFamily, Part};

use crate::eos::lines::tests::counts;
use crate::eos::rendering::device;

fn show(device: &Device<'_>) -> String {
    let mut text = String::new();
    for instance in device.bgp.iter().flat_map(|process| &process.instances) {
        show_instance(&mut text, instance);
    }
    write!(text, "{}", counts(device, Part::Bgp)).unwrap();
    text
}

fn show_instance(text: &mut String, instance: &BgpInstance<'_>) {
    if let Some(vrf) = instance.vrf {
        writeln!(text, "vrf {vrf}").unwrap();
    }
    for network in &instance.networks {
        let policy = network.policy.map_or("", |policy| policy.value);
        writeln!(text, "network {} {policy}", network.prefix).unwrap();
    }
    for it in &instance.aggregates {
        let policies = [it.attribute_policy, it.advertise_policy]
            .map(|policy| policy.map_or("-", |policy| policy.value));
        let flags = format!("{}{}", u8::from(it.summary_only), u8::from(it.as_set));
        writeln!(text, "aggregate {} {flags} {}", it.prefix, policies.join(" ")).unwrap();
    }
    for it in &instance.redistributions {
        let policy = it.policy.map_or("", |policy| policy.value);
        writeln!(text, "from {} {:?} {policy}", it.protocol, it.family).unwrap();
    }
    for neighbor in &instance.neighbors {
        show_neighbor(text, neighbor);
    }
    if !instance.blind.is_empty() {
        writeln!(text, "blind {}", instance.blind.len()).unwrap();
    }
}

fn show_neighbor(text: &mut String, neighbor: &Neighbor<'_>) {
    match neighbor.address {
        NeighborAddress::Address(address) => write!(text, "{address}"),
        NeighborAddress::Range(range) => write!(text, "{range}"),
        NeighborAddress::Interface(name) => write!(text, "{name}"),
    }
    .unwrap();
    if let Some(number) = neighbor.remote_as {
        write!(text, " {:?}{}", number.value, inherited(&number)).unwrap();
    }
    if let Some(group) = neighbor.group {
        write!(text, " of {}", group.value).unwrap();
    }
    let numbers = [
        ("local-as", neighbor.local_as),
        ("multihop", neighbor.ebgp_multihop),
        ("ttl", neighbor.ttl_security),
    ];
    for (what, number) in numbers {
        if let Some(number) = number {
            write!(text, " {what} {}{}", number.value, inherited(&number)).unwrap();
        }
    }
    if let Some(timers) = neighbor.timers {
        write!(text, " timers {:?}", timers.value).unwrap();
    }
    for (what, flag) in [("down", neighbor.shutdown), ("bfd", neighbor.bfd)] {
        if flag.is_some_and(|flag| flag.value) {
            write!(text, " {what}").unwrap();
        }
    }
    if neighbor.password.is_some() {
        write!(text, " keyed").unwrap();
    }
    if !neighbor.blind.is_empty() {
        write!(text, " blind {}", neighbor.blind.len()).unwrap();
    }
    for family in &neighbor.families {
        show_family(text, family);
    }
    writeln!(text).unwrap();
}

fn show_family(text: &mut String, family: &NeighborFamily<'_>) {
    let sign = if family.active { "+" } else { "-" };
    write!(text, " {sign}{}", family.name.unwrap_or(family.family.name())).unwrap();
    for (what, filters) in [("in", &family.import), ("out", &family.export)] {
        for filter in filters {
            let name = filter.name;
            write!(text, " {what}:{}{}", name.value, inherited(&name)).unwrap();
        }
    }
    let options = &family.options;
    let flags = [
        ("community", family.send_community),
        ("extended", family.send_extended_community),
        ("self", family.next_hop_self),
        ("client", family.route_reflector_client),
        ("strip", options.remove_private_as),
        ("soft", options.soft_reconfiguration),
        ("needs-default", options.default_needs_route),
        ("refuses-in", options.refuses_without_import),
        ("refuses-out", options.refuses_without_export),
    ];
    for (what, flag) in flags {
        if let Some(flag) = flag {
            write!(text, " {}{what}", if flag.value { "" } else { "no-" }).unwrap();
        }
    }
    let numbers = [
        ("weight", family.weight),
        ("preference", family.local_preference),
        ("allow", options.allowas_in),
    ];
    for (what, number) in numbers {
        if let Some(number) = number {
            write!(text, " {what} {}", number.value).unwrap();
        }
    }
    if let Some(limit) = family.maximum_prefix {
        let warns = if limit.value.warning_only { "!" } else { "" };
        write!(text, " max {}{warns}", limit.value.limit).unwrap();
    }
    if let Some(default) = options.default_originate {
        write!(text, " default({})", default.value.policy.map_or("", |it| it.value)).unwrap();
    }
}

/// A mark behind what is inherited.
fn inherited<T>(fact: &Fact<T>) -> &'static str {
    if fact.origin.via().is_some() { "^" } else { "" }
}

fn check(text: &str, expected: &str) {
    assert_eq!(device(text, show), expected.trim_start(), "{text}");
}

#[test]
fn settings_outside_of_families_hold_for_all_unicast_routes() {
    check(
        "router bgp 64500
   neighbor 192.0.2.1 remote-as 12076
   neighbor 192.0.2.1 password 7 070C285F4D06
   neighbor 192.0.2.1 timers 10 30
   neighbor 192.0.2.1 prefix-list P in
   neighbor 192.0.2.1 route-map M in
   neighbor 192.0.2.1 route-map OUT out
   neighbor 192.0.2.1 maximum-routes 4000 warning-only
   neighbor 192.0.2.1 send-community
   neighbor 192.0.2.1 mystery
   neighbor 2001:db8::1 remote-as 64501
   neighbor 2001:db8::1 route-map SIX in
   neighbor 2001:db8::1 prefix-list P6 out
",
        "
192.0.2.1 Number(12076) timers (10, 30) keyed blind 1 +ipv4 in:M in:P out:OUT community extended max 4000!
2001:db8::1 Number(64501) -ipv6 in:SIX out:P6
12/0/0/1",
    );
}

#[test]
fn activation() {
    check(
        "router bgp 64500
   no bgp default ipv4-unicast
   neighbor 192.0.2.1 remote-as 64501
   neighbor 192.0.2.9 remote-as 64502
   neighbor 2001:db8::1 remote-as 64501
   address-family ipv4
      neighbor 192.0.2.1 activate
      neighbor 2001:db8::1 activate
   address-family ipv6
      neighbor 2001:db8::1 activate
   address-family evpn
      neighbor 192.0.2.9 activate
",
        "
192.0.2.1 Number(64501) +ipv4
192.0.2.9 Number(64502) -ipv4 +evpn
2001:db8::1 Number(64501) +ipv4 +ipv6
12/0/0/0",
    );
    check(
        "router bgp 64500
   bgp default ipv6-unicast
   neighbor 192.0.2.1 remote-as 64501
   neighbor 192.0.2.2 remote-as 64501
   neighbor 2001:db8::1 remote-as 64501
   address-family ipv4
      no neighbor 192.0.2.1 activate
      default neighbor 192.0.2.2 activate
   vrf A
      neighbor 192.0.2.5 remote-as 64501
",
        "
192.0.2.1 Number(64501) -ipv4
192.0.2.2 Number(64501) +ipv4
2001:db8::1 Number(64501) +ipv6
vrf A
192.0.2.5 Number(64501) +ipv4
10/0/0/0",
    );
}

#[test]
fn groups_give_what_the_neighbor_does_not_say() {
    check(
        "router bgp 64500
   neighbor 192.0.2.1 peer group EDGE
   neighbor 192.0.2.2 peer-group EDGE
   neighbor 192.0.2.2 remote-as 64502
   neighbor EDGE peer group
   neighbor EDGE remote-as 64501
   neighbor EDGE local-as 64510 no-prepend replace-as
   neighbor EDGE route-map GROUP in
   neighbor EDGE next-hop-self
   neighbor EDGE bfd
   no neighbor 192.0.2.2 next-hop-self
   no neighbor 192.0.2.1 bfd
   address-family ipv4
      neighbor EDGE send-community standard
      neighbor 192.0.2.2 route-map OWN in
   vrf A
      neighbor 192.0.2.9 peer group EDGE
      no neighbor 192.0.2.9 route-map in
",
        "
192.0.2.1 Number(64501)^ of EDGE local-as 64510^ +ipv4 in:GROUP^ community no-extended self
192.0.2.2 Number(64502) of EDGE local-as 64510^ bfd +ipv4 in:OWN community no-extended no-self
vrf A
192.0.2.9 Number(64501)^ of EDGE local-as 64510^ bfd +ipv4 community no-extended self
18/0/0/0",
    );
}

#[test]
fn what_default_gives_back_is_inherited_again() {
    check(
        "router bgp 64500
   timers bgp 10 30
   neighbor G peer group
   neighbor G weight 7
   neighbor 192.0.2.1 remote-as 64501
   neighbor 192.0.2.1 peer group G
   neighbor 192.0.2.1 weight 9
   neighbor 192.0.2.1 timers 1 3
   default neighbor 192.0.2.1 weight
   default neighbor 192.0.2.1 timers
",
        "
192.0.2.1 Number(64501) of G timers (10, 30) +ipv4 weight 7
10/0/0/0",
    );
}

#[test]
fn ranges_and_interfaces_join_a_group() {
    check(
        "peer-filter ONE
   10 match as-range 64503 result accept
peer-filter MANY
   10 match as-range 64503-64510 result accept
router bgp 64500
   bgp listen range 10.0.0.0/24 peer-group SPOKES remote-as 64502
   bgp listen range 10.1.0.0/24 peer-id include router-id peer-group SPOKES peer-filter ONE
   bgp listen range 10.2.0.0/24 peer-group SPOKES peer-filter MANY
   bgp listen range 10.3.0.0/24 peer-group SPOKES peer-filter NONE
   no bgp listen range 10.3.0.0/24 peer-group SPOKES peer-filter NONE
   neighbor SPOKES peer group
   neighbor SPOKES route-map R in
   neighbor interface Et1 peer-group SPOKES remote-as 64502
   neighbor interface Et2 peer-group SPOKES
   no neighbor interface Et2
",
        "
10.0.0.0/24 Number(64502) of SPOKES +ipv4 in:R^
10.1.0.0/24 Number(64503) of SPOKES +ipv4 in:R^
10.2.0.0/24 of SPOKES +ipv4 in:R^
Et1 Number(64502) of SPOKES -ipv4 in:R^
15/0/0/0",
    );
}

#[test]
fn control_functions_stand_in_place_of_route_maps() {
    let text = "router bgp 64500
   neighbor 192.0.2.1 remote-as 64501
   neighbor 192.0.2.1 route-map M in
   neighbor 192.0.2.1 rcf in F()
   redistribute static rcf G()
";
    check(
        text,
        "from static Ipv4 G()\nfrom static Ipv6 G()\n192.0.2.1 Number(64501) +ipv4 in:F()\n5/0/0/0",
    );
    let policies = device(text, |device| {
        let shown = device.policies.iter().map(|it| format!("{} {}", it.form.name(), it.name));
        shown.collect::<Vec<_>>().join(", ")
    });
    assert_eq!(policies, "control-function F(), control-function G()");
}

#[test]
fn what_is_taken_back_is_gone() {
    check(
        "router bgp 64500
   neighbor 192.0.2.1 remote-as 64501
   neighbor 192.0.2.1 route-map M in
   neighbor 192.0.2.1 send-community
   no neighbor 192.0.2.1 route-map M in
   no neighbor 192.0.2.1 send-community
   neighbor 192.0.2.2 remote-as 64502
   no neighbor 192.0.2.2
   network 10.0.0.0/8
   no network 10.0.0.0/8
   redistribute static
   no redistribute static
",
        "
192.0.2.1 Number(64501) +ipv4 no-community no-extended
12/0/0/0",
    );
}

#[test]
fn what_is_put_into_bgp() {
    check(
        "router bgp 64500
   network 10.0.0.0/8 route-map N
   network 192.0.2.0 mask 255.255.255.252
   aggregate-address 10.0.0.0/8 as-set summary-only attribute-map A match-map B advertise-only
   redistribute ospf match nssa-external 1 include leaked route-map O
   redistribute nonsense
   address-family ipv6
      network 2001:db8::/32
      redistribute connected
   vrf A
      address-family ipv4
         redistribute bgp leaked rcf L()
   vlan 7
      rd 1:1
",
        "
network 10.0.0.0/8 N
network 192.0.2.0/30 
network 2001:db8::/32 
aggregate 10.0.0.0/8 11 A B
from ospf match nssa-external 1 Ipv4 O
from connected Ipv6 
blind 1
vrf A
from bgp leaked Ipv4 L()
11/0/1/0",
    );
}

#[test]
fn settings_of_the_process() {
    let text = "router bgp 64500
   bgp router-id 192.0.2.1
   bgp confederation identifier 64510
   bgp confederation peers 64501,64503-64504
   bgp bestpath as-path ignore
   bgp missing-policy direction in action deny
   bgp advertise-inactive
   default-metric 30
   maximum-paths 4 ecmp 8
   distance bgp 20 200 190
   no shutdown
   neighbor 192.0.2.9 remote-as 64501
   neighbor 192.0.2.9 missing-policy direction out action deny-in-out
   neighbor 192.0.2.9 default-originate route-map D always
";
    device(text, |device| {
        let process = device.bgp.first().unwrap();
        let instance = process.instances.first().unwrap();
        assert_eq!(process.confederation.map(|it| it.value), Some(64510));
        assert_eq!(process.confederation_peers.len(), 3);
        assert_eq!(instance.router_id.unwrap().value.to_string(), "192.0.2.1");
        assert_eq!(instance.default_metric.map(|it| it.value), Some(30));
        assert_eq!(instance.maximum_paths.map(|it| it.value), Some(4));
        assert_eq!(instance.ignores_as_path_length.map(|it| it.value), Some(true));
        assert_eq!(instance.tuning.refuses_without_import.map(|it| it.value), Some(true));
        assert_eq!(instance.tuning.refuses_without_export.map(|it| it.value), None);
        assert_eq!(instance.tuning.suppresses_inactive.map(|it| it.value), Some(false));
        assert_eq!(instance.tuning.distance.map(|it| it.value.local), Some(190));
        String::new()
    });
    let lines = device(text, show);
    assert_eq!(
        lines,
        "192.0.2.9 Number(64501) +ipv4 no-needs-default refuses-out default(D)\n14/0/0/0"
    );
}

#[test]
fn a_name_with_a_number_stands_for_an_address_that_was_taken_out() {
    let text = "router bgp 64500
   neighbor x.x.x.x remote-as 64501
   address-family ipv4
      neighbor x.x.x.x activate
";
    check(text, "x.x.x.x Number(64501) +ipv4\n4/0/0/0");
    assert_eq!(device(text, |device| device.uses.len().to_string()), "0");
}

#[test]
fn names_and_secrets_are_recorded() {
    let text = "ipv6 prefix-list SIX\nrouter bgp 64500
   neighbor G peer group
   neighbor G prefix-list SIX in
   neighbor G prefix-list FOUR out
   neighbor 192.0.2.1 peer group G
   neighbor 192.0.2.1 password 7 070C285F4D06
   neighbor 192.0.2.1 update-source Loopback0
   address-family evpn
      neighbor UNKNOWN activate
   vrf X
      route-target import evpn 1:1
      route-target export evpn route-map E
";
    let names = device(text, |device| {
        let uses = device.uses.iter().map(|it| format!("{} {}", it.kind.name(), it.name));
        let definitions =
            device.definitions.iter().map(|it| format!("{} {}", it.kind.name(), it.name));
        let secrets = device.secrets.iter().map(|it| format!("{}", it.end - it.start));
        let vrf = device.vrfs.first().unwrap();
        let targets = vrf.import_targets.iter().chain(&vrf.export_policies);
        [
            uses.collect::<Vec<_>>(),
            definitions.collect(),
            secrets.collect(),
            targets.map(|it| it.value.to_owned()).collect(),
        ]
        .map(|list| list.join(", "))
        .join("\n")
    });
    assert_eq!(
        names,
        "peer-group G, interface Loopback0, peer-group UNKNOWN, vrf X, route-map E, ipv6-prefix-list SIX, \
         prefix-list FOUR\nipv6-prefix-list SIX, peer-group G\n12\n1:1, E"
    );
}
