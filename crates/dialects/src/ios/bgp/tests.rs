//! BGP from text to the model, in short: what every neighbor ends up with.

use std::fmt::Write;

use edgelint_model::{
    BgpInstance, Dampening, DelayCause, Device, Fact, Neighbor, NeighborAddress, NeighborFamily,
    Part,
};

use super::router_bgp;
use crate::ios::lines::tests::{counts, read, shown, tree};

fn show(device: &Device<'_>) -> String {
    let mut text = String::new();
    for process in &device.bgp {
        for instance in &process.instances {
            show_instance(&mut text, instance);
        }
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
        let backdoor = if network.backdoor { " backdoor" } else { "" };
        writeln!(text, "network {} {policy}{backdoor}", network.prefix).unwrap();
    }
    for it in &instance.aggregates {
        let policies = [it.attribute_policy, it.suppress_policy, it.advertise_policy]
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
    if let Some(source) = neighbor.update_source {
        write!(text, " from {}", source.value).unwrap();
    }
    if let Some(timers) = neighbor.timers {
        write!(text, " timers {:?}", timers.value).unwrap();
    }
    let flags = [("down", neighbor.shutdown), ("bfd", neighbor.bfd)];
    for (what, flag) in flags {
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
    write!(text, " {sign}{}", family.family.name()).unwrap();
    for (what, filters) in [("in", &family.import), ("out", &family.export)] {
        for filter in filters {
            let name = filter.name;
            write!(text, " {what}:{}{}", name.value, inherited(&name)).unwrap();
        }
    }
    let flags = [
        ("community", family.send_community),
        ("extended", family.send_extended_community),
        ("self", family.next_hop_self),
        ("client", family.route_reflector_client),
        ("strip", family.options.remove_private_as),
        ("override", family.options.as_override),
        ("soft", family.options.soft_reconfiguration),
    ];
    for (what, flag) in flags {
        if let Some(flag) = flag {
            let sign = if flag.value { "" } else { "no-" };
            write!(text, " {sign}{what}").unwrap();
        }
    }
    if let Some(weight) = family.weight {
        write!(text, " weight {}", weight.value).unwrap();
    }
    if let Some(limit) = family.maximum_prefix {
        let warns = if limit.value.warning_only { "!" } else { "" };
        write!(text, " max {}{warns}", limit.value.limit).unwrap();
    }
    if let Some(times) = family.options.allowas_in {
        write!(text, " allow {}", times.value).unwrap();
    }
    if let Some(default) = family.options.default_originate {
        write!(text, " default({})", default.value.policy.map_or("", |it| it.value)).unwrap();
    }
    for (what, policy) in [
        ("when", family.options.advertise_policy),
        ("unsuppress", family.options.unsuppress_policy),
    ] {
        if let Some(policy) = policy {
            write!(text, " {what} {}", policy.value).unwrap();
        }
    }
}

/// A mark behind what is inherited.
fn inherited<T>(fact: &Fact<T>) -> &'static str {
    if fact.origin.via().is_some() { "^" } else { "" }
}

fn check(text: &str, expected: &str) {
    assert_eq!(shown(text, router_bgp, show), expected.trim_start(), "{text}");
}

#[test]
fn neighbors_of_old_style_carry_ipv4() {
    check(
        "router bgp 64500
 bgp log-neighbor-changes
 neighbor 192.0.2.1 remote-as 12076
 neighbor 192.0.2.1 description circuit one, primary
 neighbor 192.0.2.1 password 7 070C285F4D06
 neighbor 192.0.2.1 update-source Loopback0
 neighbor 192.0.2.1 ebgp-multihop 2
 neighbor 192.0.2.1 timers 10 30
 neighbor 192.0.2.1 fall-over bfd single-hop
 neighbor 192.0.2.1 prefix-list P in
 neighbor 192.0.2.1 filter-list 5 in
 neighbor 192.0.2.1 route-map M in
 neighbor 192.0.2.1 route-map OUT out
 neighbor 192.0.2.1 distribute-list 7 out
 neighbor 192.0.2.1 maximum-prefix 4000 80 warning-only
 neighbor 192.0.2.1 send-community both
 neighbor 192.0.2.1 weight 100
 neighbor 192.0.2.1 advertisement-interval 5
 neighbor 192.0.2.1 mystery
 neighbor 2001:db8::1 remote-as 64501
",
        "
192.0.2.1 Number(12076) multihop 2 from Loopback0 timers (10, 30) bfd keyed blind 1 +ipv4 in:M in:5 in:P out:7 out:OUT community extended weight 100 max 4000!
2001:db8::1 Number(64501) +ipv4
19/0/0/1",
    );
}

#[test]
fn activation() {
    check(
        "router bgp 64500
 no bgp default ipv4-unicast
 neighbor 192.0.2.1 remote-as 64501
 neighbor 2001:db8::1 remote-as 64501
 neighbor 192.0.2.9 remote-as 64502
 address-family ipv4
  neighbor 192.0.2.1 activate
  no neighbor 2001:db8::1 activate
 exit-address-family
 address-family ipv6 unicast
  neighbor 2001:db8::1 activate
  neighbor 2001:db8::1 prefix-list V6 in
 exit-address-family
 address-family l2vpn evpn
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 route-map EVPN in
  exit-address-family
",
        "
192.0.2.1 Number(64501) +ipv4 +other in:EVPN
2001:db8::1 Number(64501) -ipv4 +ipv6 in:V6
192.0.2.9 Number(64502)
17/0/0/0",
    );
    check(
        "router bgp 64500
 neighbor 192.0.2.1 remote-as 64501
 address-family ipv4
  no neighbor 192.0.2.1 activate
",
        "
192.0.2.1 Number(64501) -ipv4
4/0/0/0",
    );
}

#[test]
fn peer_groups_give_what_the_neighbor_does_not_say() {
    check(
        "router bgp 64500
 neighbor 192.0.2.1 peer-group EDGE
 neighbor 192.0.2.2 peer-group EDGE
 neighbor 192.0.2.2 remote-as 64502
 neighbor EDGE peer-group
 neighbor EDGE remote-as 64501
 neighbor EDGE local-as 64510 no-prepend replace-as
 address-family ipv4
  neighbor EDGE route-map GROUP in
  neighbor EDGE send-community
  neighbor EDGE next-hop-self all
  neighbor 192.0.2.2 route-map OWN in
  no neighbor 192.0.2.2 next-hop-self
 address-family ipv6
  neighbor EDGE activate
",
        "
192.0.2.1 Number(64501)^ of EDGE local-as 64510^ +ipv4 in:GROUP^ community self +ipv6
192.0.2.2 Number(64502) of EDGE local-as 64510^ +ipv4 in:OWN community no-self +ipv6
15/0/0/0",
    );
}

#[test]
fn templates_inherit_from_templates() {
    check(
        "router bgp 64500
 template peer-policy BASE
  route-map BASE in
  weight 10
 exit-peer-policy
 template peer-policy EDGE
  inherit peer-policy BASE 10
  weight 20
  prefix-list P out
 template peer-session S0
  remote-as 64501
  timers 5 15
 template peer-session S1
  inherit peer-session S0
  timers 7 21
  ttl-security hops 1
  exit-peer-session
 neighbor 192.0.2.1 inherit peer-session S1
 address-family ipv4
  neighbor 192.0.2.1 inherit peer-policy EDGE
  neighbor 192.0.2.1 route-map OWN out
",
        "
192.0.2.1 Number(64501)^ of S1 ttl 1^ timers (7, 21) +ipv4 in:BASE^ out:P^ out:OWN weight 20
21/0/0/0",
    );
}

#[test]
fn circles_of_templates_end() {
    check(
        "router bgp 64500
 template peer-session A
  inherit peer-session B
  remote-as 1
 template peer-session B
  inherit peer-session A
 neighbor 192.0.2.1 inherit peer-session A
",
        "
192.0.2.1 Number(1)^ of A +ipv4
7/0/0/0",
    );
}

#[test]
fn vrfs_are_instances_of_their_own() {
    check(
        "router bgp 64500
 neighbor 192.0.2.1 remote-as 64501
 address-family ipv4 vrf Tenant 1
  redistribute connected route-map C
  neighbor 192.0.2.1 remote-as 12076
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 route-map Tenant 1-ONLY out
  neighbor 192.0.2.5 remote-as 12076
 exit-address-family
 address-family ipv6 vrf Tenant 1
  network 2001:db8::/32
  neighbor 2001:db8::1 remote-as 12076
  neighbor 2001:db8::1 activate
",
        "
192.0.2.1 Number(64501) +ipv4
vrf Tenant 1
network 2001:db8::/32 
from connected Ipv4 C
192.0.2.1 Number(12076) +ipv4 out:Tenant 1-ONLY
192.0.2.5 Number(12076) -ipv4
2001:db8::1 Number(12076) +ipv6
13/0/0/0",
    );
}

#[test]
fn listen_ranges_are_neighbors_of_their_group() {
    check(
        "router bgp 64500
 bgp listen range 10.0.0.0/24 peer-group SPOKES
 bgp listen range 10.1.0.0/24 peer-group SPOKES remote-as 64503
 bgp listen limit 100
 neighbor SPOKES peer-group
 neighbor SPOKES remote-as 64502
 neighbor SPOKES route-map R in
",
        "
10.0.0.0/24 Number(64502)^ of SPOKES +ipv4 in:R^
10.1.0.0/24 Number(64503) of SPOKES +ipv4 in:R^
6/1/0/0",
    );
}

#[test]
fn no_takes_back() {
    check(
        "router bgp 64500
 neighbor 192.0.2.1 remote-as 64501
 neighbor 192.0.2.1 route-map M in
 neighbor 192.0.2.1 weight 5
 neighbor 192.0.2.1 send-community both
 no neighbor 192.0.2.1 route-map M in
 no neighbor 192.0.2.1 weight
 no neighbor 192.0.2.1 send-community extended
 neighbor 192.0.2.2 remote-as 64502
 no neighbor 192.0.2.2
 neighbor 192.0.2.3 remote-as 64502
 no neighbor 192.0.2.3 remote-as 64502
 network 10.0.0.0
 no network 10.0.0.0
 redistribute static
 no redistribute static
",
        "
192.0.2.1 Number(64501) +ipv4 community no-extended
16/0/0/0",
    );
}

#[test]
fn what_is_put_into_bgp() {
    check(
        "router bgp 64500
 network 10.0.0.0
 network 172.16.0.0
 network 192.0.2.0
 network 0.0.0.0
 network 203.0.113.0 mask 255.255.255.252 route-map N backdoor
 network 10.0.0.0 mask 255.0.255.0
 aggregate-address 10.0.0.0 255.0.0.0 as-set summary-only attribute-map A suppress-map S advertise-map V
 redistribute ospf 1 vrf X metric 5 match internal external 1 external 2 route-map O
 redistribute eigrp 10 metric 5
 redistribute nonsense
 address-family ipv6
  network 2001:db8::/32 route-map N6
  aggregate-address 2001:db8::/32 summary-only
  redistribute ospf 1
",
        "
network 10.0.0.0/8 
network 172.16.0.0/16 
network 192.0.2.0/24 
network 0.0.0.0/0 
network 203.0.113.0/30 N backdoor
network 2001:db8::/32 N6
aggregate 10.0.0.0/8 11 A S V
aggregate 2001:db8::/32 10 - - -
from ospf 1 Ipv4 O
from eigrp 10 Ipv4 
from ospf 1 Ipv6 
blind 2
13/0/2/0",
    );
}

#[test]
fn settings_of_the_process() {
    let text = "router bgp 64500
 bgp router-id 192.0.2.1
 bgp default local-preference 150
 bgp confederation identifier 64510
 bgp confederation peers 64501 64502
 bgp bestpath as-path ignore
 bgp safe-ebgp-policy
 default-metric 30
 maximum-paths 4
 maximum-paths ibgp 2
 default-information originate
 timers bgp 10 30
 neighbor 192.0.2.9 remote-as 64501
 address-family ipv4 vrf A
  neighbor 192.0.2.9 remote-as 64501
  neighbor 192.0.2.9 timers 1 3
";
    let tree = tree(text);
    let arena = edgelint_source::Arena::new();
    let device = read(&tree, &arena, router_bgp);
    let process = device.bgp.first().unwrap();
    let instance = process.instances.first().unwrap();
    assert_eq!(process.confederation.map(|it| it.value), Some(64510));
    assert_eq!(process.confederation_peers.len(), 2);
    assert_eq!(instance.router_id.unwrap().value.to_string(), "192.0.2.1");
    assert_eq!(instance.default_local_preference.map(|it| it.value), Some(150));
    assert_eq!(instance.default_metric.map(|it| it.value), Some(30));
    assert_eq!(instance.maximum_paths.map(|it| it.value), Some(4));
    assert_eq!(instance.default_information.map(|it| it.value), Some(true));
    assert_eq!(instance.ignores_as_path_length.map(|it| it.value), Some(true));
    assert_eq!(instance.requires_policy.map(|it| it.value), Some(true));
    let timers = |index: usize| {
        process.instances.get(index).and_then(|it| it.neighbors.first()?.timers).map(|it| it.value)
    };
    assert_eq!((timers(0), timers(1)), (Some((10, 30)), Some((1, 3))));
    assert_eq!(counts(&device, Part::Bgp), "16/0/0/0");
}

#[test]
fn names_and_secrets_are_recorded() {
    let text = "router bgp 64500
 template peer-policy T
  prefix-list V6 in
 neighbor G peer-group
 neighbor 192.0.2.1 peer-group G
 neighbor 192.0.2.1 password 7 070C285F4D06
 neighbor 192.0.2.1 update-source Loopback0
 neighbor 192.0.2.1 advertise-map A non-exist-map B
 neighbor 192.0.2.1 default-originate route-map D
 neighbor 192.0.2.1 unsuppress-map U
 table-map T filter
 address-family ipv6 vrf X
  neighbor 192.0.2.1 distribute-list L out
 address-family ipv4 multicast
  neighbor 192.0.2.1 route-map MC in
";
    let show = |device: &Device<'_>| {
        let uses = device.uses.iter().map(|it| format!("{} {}", it.kind.name(), it.name));
        let definitions =
            device.definitions.iter().map(|it| format!("{} {}", it.kind.name(), it.name));
        let secrets = device.secrets.iter().map(|it| format!("{}", it.end - it.start));
        [uses.collect::<Vec<_>>(), definitions.collect(), secrets.collect()]
            .map(|list| list.join(", "))
            .join("\n")
    };
    assert_eq!(
        shown(text, router_bgp, show),
        "peer-group G, interface Loopback0, route-map A, route-map B, route-map D, route-map U, route-map T, vrf X, \
         ipv6-acl L, route-map MC, prefix-list V6\npeer-policy-template T, peer-group G\n14"
    );
}

#[test]
fn the_same_process_twice_is_one() {
    check(
        "router bgp 64500
 neighbor 192.0.2.1 remote-as 64501
router bgp 64500
 neighbor 192.0.2.1 weight 7
router bgp <ASN>
 neighbor <peer> remote-as 64502
",
        "
192.0.2.1 Number(64501) +ipv4 weight 7
<peer> Number(64502) +ipv4
5/0/1/0",
    );
}

/// The names in use, in order.
fn used(text: &str) -> String {
    let show = |device: &Device<'_>| {
        let uses = device.uses.iter().map(|it| it.name);
        let definitions = device.definitions.iter().map(|it| it.name);
        format!(
            "{} | {}",
            uses.collect::<Vec<_>>().join(" "),
            definitions.collect::<Vec<_>>().join(" ")
        )
    };
    shown(text, router_bgp, show)
}

#[test]
fn what_is_taken_back_or_replaced_names_nothing() {
    let text = "router bgp 64500
 neighbor 192.0.2.1 remote-as 64501
 neighbor 192.0.2.1 route-map GONE in
 no neighbor 192.0.2.1 route-map GONE in
 neighbor 192.0.2.1 route-map OLD out
 neighbor 192.0.2.1 route-map NEW out
 neighbor 192.0.2.1 prefix-list KEPT in
 neighbor 192.0.2.2 remote-as 64501
 neighbor 192.0.2.2 route-map WITH-NEIGHBOR in
 no neighbor 192.0.2.2
 neighbor LEFT peer-group
 neighbor LEFT route-map WITH-GROUP in
 no neighbor LEFT peer-group
 template peer-policy T
  route-map A in
  route-map B in
  filter-list 7 in
  no filter-list 7 in
 network 10.0.0.0 route-map N1
 network 10.0.0.0 route-map N2
 redistribute static route-map R1
 redistribute static route-map R2
 aggregate-address 10.0.0.0 255.0.0.0 attribute-map A1
 no aggregate-address 10.0.0.0 255.0.0.0 attribute-map A1
 address-family ipv4
  neighbor 192.0.2.1 route-map FAMILY out
 address-family ipv6
  neighbor 192.0.2.1 route-map OTHER-FAMILY out
  no neighbor 192.0.2.1 prefix-list KEPT in
";
    assert_eq!(used(text), "KEPT B N2 R2 FAMILY OTHER-FAMILY | T");
    assert_eq!(used(&format!("{text}no router bgp 64500\n")), " | ");
    let again = format!("{text}no router bgp 64500\nrouter bgp 64500\n table-map T2\n");
    assert_eq!(used(&again), "T2 | ");
}

#[test]
fn other_families_stand_beside_the_unicast_routes() {
    let text = "router bgp 64500
 neighbor 192.0.2.1 remote-as 64501
 network 10.0.0.0
 address-family vpnv4
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 send-community extended
 exit-address-family
 address-family ipv6 multicast
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 prefix-list SIX in
  network 2001:db8::/32
 address-family l2vpn evpn
  neighbor 192.0.2.1 route-map EVPN in
 address-family ipv4 multicast vrf A
  redistribute static route-map R
  neighbor 192.0.2.5 remote-as 64502
";
    let show = |device: &Device<'_>| {
        let mut text = show(device);
        for it in device.bgp.iter().flat_map(|process| &process.other_families) {
            let (networks, sources) =
                (it.instance.networks.len(), it.instance.redistributions.len());
            write!(text, "\n{} {:?} {networks} {sources}", it.name, it.instance.vrf).unwrap();
        }
        let uses = device.uses.iter().map(|it| format!(" {}", it.kind.name()));
        text.push_str(&uses.collect::<String>());
        text
    };
    assert_eq!(
        shown(text, router_bgp, show),
        "network 10.0.0.0/8 \n192.0.2.1 Number(64501) +ipv4 +vpnv4 extended +other in:SIX -other in:EVPN\n\
         vrf A\n192.0.2.5 Number(64502) -other\n16/0/0/0\n\
         vpnv4 None 0 0\nipv6 multicast None 1 0\nl2vpn evpn None 0 0\nipv4 multicast Some(\"A\") 0 1 \
         ipv6-prefix-list route-map vrf route-map"
    );
}

#[test]
fn path_selection_and_timers_are_kept() {
    let text = "router bgp 64500
 bgp log-neighbor-changes
 bgp always-compare-med
 bgp bestpath med confed missing-as-worst
 no bgp bestpath med confed
 bgp bestpath compare-routerid
 no bgp client-to-client reflection
 bgp cluster-id 7
 bgp dampening route-map GONE
 bgp dampening 15 750 2000 60
 bgp scan-time 20
 no bgp scan-time
 bgp update-delay 90
 bgp nopeerup-delay cold-boot 30
 bgp nopeerup-delay cold-boot 40
 bgp additional-paths send receive
 bgp additional-paths select all best 2
 distance bgp 20 200 210
 maximum-paths ibgp 4
 maximum-paths eibgp 2
 table-map T
 neighbor 192.0.2.1 remote-as 64501
 neighbor 192.0.2.1 advertisement-interval 5
 neighbor 192.0.2.1 capability orf prefix-list both
 neighbor 192.0.2.1 advertise additional-paths group-best
 neighbor 192.0.2.2 remote-as 64501
 neighbor 192.0.2.2 advertisement-interval 5
 no neighbor 192.0.2.2 advertisement-interval
";
    let tree = tree(text);
    let arena = edgelint_source::Arena::new();
    let device = read(&tree, &arena, router_bgp);
    let instance = device.bgp.first().and_then(|it| it.instances.first()).unwrap();
    let tuning = &instance.tuning;
    let said = |flag: Option<Fact<bool>>| flag.map(|flag| flag.value);
    assert_eq!(said(instance.logs_neighbor_changes), Some(true));
    assert_eq!(said(tuning.best_path.always_compare_med), Some(true));
    assert_eq!(said(tuning.best_path.compares_router_id), Some(true));
    assert_eq!(said(tuning.best_path.compares_confederation_med), Some(false));
    assert_eq!(said(tuning.best_path.missing_med_is_worst), Some(true));
    assert_eq!(said(tuning.client_to_client_reflection), Some(false));
    assert_eq!(tuning.cluster_id.map(|id| id.value.to_string()).as_deref(), Some("0.0.0.7"));
    let dampening = Dampening::Values(15, Some((750, 2000, 60)));
    assert_eq!(tuning.dampening.map(|it| it.value), Some(dampening));
    assert_eq!(tuning.scan_time, None);
    assert_eq!(tuning.update_delay.map(|it| it.value), Some(90));
    let delays: Vec<_> = tuning.session_delays.iter().map(|it| it.value).collect();
    assert_eq!(delays, [(DelayCause::ColdBoot, 40)]);
    assert_eq!(said(tuning.additional_paths.send), Some(true));
    let selection = tuning.additional_paths.select.map(|it| (it.value.all, it.value.best));
    assert_eq!(selection, Some((true, Some(2))));
    assert_eq!(tuning.distance.map(|it| it.value.local), Some(210));
    let paths = (tuning.internal_paths, instance.maximum_paths);
    assert_eq!((paths.0.map(|it| it.value), paths.1.map(|it| it.value)), (Some(4), Some(2)));
    assert_eq!(tuning.table_policy.map(|it| it.value), Some("T"));
    let family = |index: usize| &instance.neighbors[index].families[0];
    let (one, two) = (family(0), family(1));
    assert_eq!(one.options.advertisement_interval.map(|it| it.value), Some(5));
    assert_eq!(two.options.advertisement_interval, None);
    let filtering = one.options.outbound_filtering.map(|it| (it.value.send, it.value.receive));
    assert_eq!(filtering, Some((true, true)));
    assert_eq!(one.options.additional_paths.advertise.map(|it| it.value.group_best), Some(true));
    let uses: Vec<_> = device.uses.iter().map(|it| it.name).collect();
    assert_eq!(uses, ["T"]);
    assert_eq!(counts(&device, Part::Bgp), "28/0/0/0");
}
