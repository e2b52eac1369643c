//! BGP from text to the model, in short: what every neighbor ends up with.

use std::fmt::Write;

use edgelint_model::{BgpInstance, Device, Filter, Neighbor, NeighborAddress, NeighborFamily};

use crate::frr::rendering::device;

fn show(device: &Device<'_>) -> String {
    let mut text = String::new();
    for process in &device.bgp {
        for instance in &process.instances {
            show_instance(&mut text, process.local_as.map_or(0, |it| it.value), instance);
        }
    }
    let unknown = device.coverage.unknown.len();
    if 0 < unknown {
        writeln!(text, "{unknown} unknown").unwrap();
    }
    text
}

fn show_instance(text: &mut String, local_as: u32, instance: &BgpInstance<'_>) {
    writeln!(text, "{local_as} {}", instance.vrf.unwrap_or("-")).unwrap();
    for network in &instance.networks {
        let policy = network.policy.map_or("", |policy| policy.value);
        writeln!(text, "network {} {policy}", network.prefix).unwrap();
    }
    for it in &instance.aggregates {
        writeln!(text, "aggregate {} {}{}", it.prefix, it.summary_only, it.as_set).unwrap();
    }
    for it in &instance.redistributions {
        let policy = it.policy.map_or("", |policy| policy.value);
        writeln!(text, "from {} {:?} {policy}", it.protocol, it.family).unwrap();
    }
    let switches = [
        ("policy required", instance.requires_policy),
        ("networks need route", instance.tuning.networks_need_route),
        ("relaxed", instance.tuning.best_path.relaxes_multipath),
    ];
    for (what, on) in switches {
        if let Some(on) = on {
            writeln!(text, "{what} {}", on.value).unwrap();
        }
    }
    instance.neighbors.iter().for_each(|neighbor| show_neighbor(text, neighbor));
}

fn show_neighbor(text: &mut String, neighbor: &Neighbor<'_>) {
    match neighbor.address {
        NeighborAddress::Address(address) => write!(text, "{address}"),
        NeighborAddress::Range(range) => write!(text, "{range}"),
        NeighborAddress::Interface(name) => write!(text, "{name}"),
    }
    .unwrap();
    if let Some(remote) = neighbor.remote_as {
        let via = if remote.origin.via().is_some() { "^" } else { "" };
        write!(text, " {:?}{via}", remote.value).unwrap();
    }
    write!(text, "{}", neighbor.group.map(|it| format!(" of {}", it.value)).unwrap_or_default())
        .unwrap();
    if let Some(timers) = neighbor.timers {
        write!(text, " timers {:?}", timers.value).unwrap();
    }
    if neighbor.shutdown.is_some_and(|it| it.value) {
        write!(text, " down").unwrap();
    }
    for family in &neighbor.families {
        show_family(text, family);
    }
    if !neighbor.blind.is_empty() {
        write!(text, " blind").unwrap();
    }
    writeln!(text).unwrap();
}

fn show_family(text: &mut String, family: &NeighborFamily<'_>) {
    let off = if family.active { "" } else { " off" };
    write!(text, " [{}{off}", family.name.unwrap_or(family.family.name())).unwrap();
    let names = |filters: &[Filter<'_>]| {
        filters.iter().map(|it| it.name.value).collect::<Vec<_>>().join(",")
    };
    for (way, filters) in [("in", &family.import), ("out", &family.export)] {
        if !filters.is_empty() {
            write!(text, " {way} {}", names(filters)).unwrap();
        }
    }
    if let Some(send) = family.send_community {
        write!(text, " communities {}", send.value).unwrap();
    }
    if family.next_hop_self.is_some_and(|it| it.value) {
        write!(text, " self").unwrap();
    }
    text.push(']');
}

#[test]
fn what_neighbors_end_up_with() {
    let table = [
        // IPv4 is on unasked, for every neighbor and in every VRF.
        (
            "router bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n neighbor 2001:db8::1 remote-as internal\n\
             router bgp 64500 vrf A\n neighbor 192.0.2.5 remote-as 64501\n",
            "64500 -\n192.0.2.1 Number(64501) [ipv4]\n2001:db8::1 Internal [ipv4]\n64500 A\n192.0.2.5 Number(64501) [ipv4]\n",
        ),
        (
            "router bgp 64500\n no bgp default ipv4-unicast\n bgp default ipv6-unicast\n neighbor 192.0.2.1 remote-as 64501\n",
            "64500 -\n192.0.2.1 Number(64501) [ipv6]\n",
        ),
        // A group gives what its members do not say themselves, whenever it is filled.
        (
            "router bgp 64500\n neighbor G peer-group\n neighbor 192.0.2.1 peer-group G\n neighbor 192.0.2.1 timers 1 3\n \
             neighbor G remote-as 64501\n neighbor G timers 10 30\n address-family ipv4 unicast\n  neighbor G route-map IN in\n  \
             neighbor G route-map OUT out\n  neighbor 192.0.2.1 route-map OWN in\n  no neighbor 192.0.2.1 send-community\n  \
             neighbor G next-hop-self\n exit-address-family\n",
            "64500 -\n192.0.2.1 Number(64501)^ of G timers (1, 3) [ipv4 in OWN out OUT communities false self]\n",
        ),
        // A group of one VRF is none of another.
        (
            "router bgp 64500\n neighbor G peer-group\n neighbor G shutdown\nrouter bgp 64500 vrf A\n neighbor G peer-group\n \
             neighbor G remote-as 64501\n neighbor 192.0.2.1 peer-group G\n",
            "64500 -\n64500 A\n192.0.2.1 Number(64501)^ of G [ipv4]\n",
        ),
        (
            "router bgp 64500\n neighbor G peer-group\n neighbor G remote-as external\n neighbor eth0 interface peer-group G\n \
             neighbor eth1 interface v6only remote-as internal\n neighbor eth2 interface\n bgp listen range 192.0.2.0/24 peer-group G\n \
             address-family ipv4\n  no neighbor G activate\n  neighbor eth0 activate\n exit-address-family\n",
            "64500 -\neth0 External^ of G [ipv4]\neth1 Internal [ipv4]\neth2 [ipv4]\n192.0.2.0/24 External^ of G [ipv4 off]\n",
        ),
        // Lines about somebody whom nobody made are refused.
        (
            "router bgp 64500\n neighbor 192.0.2.1 route-map IN in\n neighbor 192.0.2.2 remote-as auto\n neighbor 192.0.2.3 shutdown\n",
            "64500 -\n192.0.2.2 [ipv4]\n",
        ),
        // All filters of a direction, each kind once.
        (
            "router bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n neighbor 192.0.2.1 prefix-list P in\n neighbor 192.0.2.1 prefix-list Q in\n \
             neighbor 192.0.2.1 filter-list F in\n neighbor 192.0.2.1 distribute-list D in\n neighbor 192.0.2.1 allowas-in origin\n",
            "64500 -\n192.0.2.1 Number(64501) [ipv4 in Q,D,F] blind\n1 unknown\n",
        ),
        ("router bgp 64500\n neighbor 192.0.2.1 remote-as 64501\nno router bgp 64500\n", ""),
        (
            "router bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n no neighbor 192.0.2.1\n",
            "64500 -\n",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(device(text, show), expected, "{text}");
    }
}

#[test]
fn what_is_put_into_bgp() {
    let text = "router bgp 64500\n bgp bestpath as-path multipath-relax\n network 192.0.2.0\n network 10.0.0.0 mask 255.255.0.0\n \
                network 198.51.100.0/24 route-map M\n no network 192.0.2.0\n aggregate-address 10.0.0.0/8 as-set summary-only\n \
                redistribute static route-map M\n redistribute ospf 7 metric 5\n redistribute static\n address-family ipv6 unicast\n  \
                redistribute kernel\n  network 2001:db8::/32\n";
    assert_eq!(
        device(text, show),
        "64500 -\nnetwork 10.0.0.0/16 \nnetwork 198.51.100.0/24 M\nnetwork 2001:db8::/32 \naggregate 10.0.0.0/8 truetrue\n\
         from ospf 7 Ipv4 \nfrom static Ipv4 \nfrom kernel Ipv6 \nrelaxed true\n"
    );
}

#[test]
fn defaults_follow_the_profile_and_the_release() {
    let bgp = "\nrouter bgp 64500\n";
    let table = [
        ("", "", ""),
        ("frr version 10.0", "", ""),
        ("frr version 7.3", "", "policy required false\nnetworks need route false\n"),
        ("frr version 7.3-sonic\nfrr defaults datacenter", "", "policy required false\n"),
        ("frr defaults datacenter", " bgp ebgp-requires-policy", "policy required true\n"),
        (
            "frr version 7.3",
            " bgp network import-check\n bgp ebgp-requires-policy",
            "policy required true\nnetworks need route true\n",
        ),
    ];
    for (head, lines, expected) in table {
        let text = format!("{head}{bgp}{lines}\n");
        assert_eq!(device(&text, show), format!("64500 -\n{expected}"), "{text}");
    }
}

#[test]
fn routes_between_vrfs_are_known_to_come_but_not_which() {
    let text = "vrf A\nrouter bgp 64500 vrf A\n address-family ipv4 unicast\n  import vrf B\n  import vrf route-map M\n  \
                rt vpn import 64500:1 64500:2\n  rt vpn export 64500:3\n  no rt vpn import 64500:1\n  route-map vpn export N\n  import vpn\n";
    let shown = device(text, |device| {
        let vrf = &device.vrfs[0];
        let values = |facts: &[edgelint_model::Fact<&str>]| {
            facts.iter().map(|it| it.value).collect::<Vec<_>>().join(",")
        };
        let leaks = device.leaks.iter().map(|leak| {
            format!("{}<{}", leak.into.unwrap_or("-"), leak.policy.map_or("", |it| it.value))
        });
        format!(
            "{} {} {} | {} | {}",
            values(&vrf.import_targets),
            values(&vrf.export_targets),
            values(&vrf.export_policies),
            leaks.collect::<Vec<_>>().join(" "),
            device.uses.iter().map(|it| it.name).collect::<Vec<_>>().join(" ")
        )
    });
    assert_eq!(shown, "64500:2 64500:3 N | A<M A<M A< | A B M N");
}
