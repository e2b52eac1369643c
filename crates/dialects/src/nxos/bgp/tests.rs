//! Unit tests of BGP: what neighbors end up with.

use edgelint_model::{Device, Direction};

use crate::nxos::rendering::device;

/// A line a neighbor: VRF, address, AS number, then its families with their filters.
fn neighbors(device: &Device<'_>) -> String {
    let mut lines = Vec::new();
    for instance in device.bgp.iter().flat_map(|process| &process.instances) {
        for neighbor in &instance.neighbors {
            let mut line = format!("{} {:?}", instance.vrf.unwrap_or("-"), neighbor.address);
            line.push_str(&format!(" {:?}", neighbor.remote_as.map(|it| it.value)));
            if neighbor.shutdown.is_some_and(|it| it.value) {
                line.push_str(" down");
            }
            for family in &neighbor.families {
                line.push_str(&format!(" {}", family.name.unwrap_or(family.family.name())));
                for (direction, sign) in [(Direction::In, "<"), (Direction::Out, ">")] {
                    for filter in family.filters(direction) {
                        line.push_str(&format!(" {sign}{}", filter.name.value));
                    }
                }
                if family.send_community.is_some_and(|it| it.value) {
                    line.push_str(" sends");
                }
                if let Some(weight) = family.weight {
                    line.push_str(&format!(" weight {}", weight.value));
                }
            }
            if !neighbor.blind.is_empty() {
                line.push_str(" blind");
            }
            lines.push(line);
        }
    }
    lines.join("\n").replace("Address(", "(").replace("Some(Number", "").replace("))", ")")
}

fn settled(text: &str) -> String {
    device(text, neighbors)
}

#[test]
fn a_session_carries_the_families_whose_blocks_it_opens() {
    let text = "router bgp 64500\n  neighbor 192.0.2.1 remote-as 64501\n  neighbor 192.0.2.2\n    remote-as 64502\n    \
                address-family ipv4 unicast\n      route-map A in\n      prefix-list B in\n      filter-list C out\n    \
                address-family l2vpn evpn\n  vrf RED\n    neighbor 2001:db8::1 remote-as 64503\n      address-family ipv6 unicast\n        \
                send-community\n  neighbor 10.0.0.0/24 remote-as 64504\n    strange\n";
    assert_eq!(
        settled(text),
        "- (192.0.2.1) (64501)\n- (192.0.2.2) (64502) ipv4 <B <A >C l2vpn evpn\n\
         - Range(Prefix { address: 10.0.0.0, length: 24 }) (64504) blind\nRED (2001:db8::1) (64503) ipv6 sends"
            .replace("Range(Prefix { address: 10.0.0.0, length: 24 })", &range())
    );
}

fn range() -> String {
    format!("Range({:?})", edgelint_prefix::Prefix::parse("10.0.0.0/24").unwrap().0)
}

#[test]
fn what_a_neighbor_says_wins_over_its_templates() {
    let text = "router bgp 64500\n  template peer-session S\n    remote-as 64503\n  template peer-policy P\n    weight 10\n    \
                send-community\n  template peer-policy Q\n    weight 20\n    route-map Q in\n  template peer T\n    \
                remote-as 64501\n    shutdown\n    address-family ipv4 unicast\n      route-map T in\n      route-map T out\n      weight 5\n  \
                neighbor 192.0.2.1\n    inherit peer T\n    no shutdown\n    address-family ipv4 unicast\n      route-map OWN in\n  \
                neighbor 192.0.2.2\n    inherit peer T\n    inherit peer-session S\n    address-family ipv4 unicast\n      \
                inherit peer-policy P 10\n      inherit peer-policy Q 20\n      no route-map T out\n  \
                neighbor 192.0.2.3\n    inherit peer T\n    shutdown\n    default shutdown\n";
    assert_eq!(
        settled(text),
        "- (192.0.2.1) (64501) ipv4 <OWN >T weight 5\n\
         - (192.0.2.2) (64503) down ipv4 <Q sends weight 10\n\
         - (192.0.2.3) (64501) down ipv4 <T >T weight 5"
    );
}

#[test]
fn what_is_taken_back_is_gone() {
    let text = "router bgp 64500\n  neighbor 192.0.2.1 remote-as 64501\n  neighbor 192.0.2.2 remote-as 64501\n    \
                address-family ipv4 unicast\n    no address-family ipv4 unicast\n  no neighbor 192.0.2.1\n  vrf RED\n    \
                neighbor 192.0.2.5 remote-as 64505\n  no vrf RED\n  shutdown\n";
    assert_eq!(settled(text), "- (192.0.2.2) (64501) down");
}

#[test]
fn what_is_put_into_bgp() {
    let text = "router bgp 64500\n  router-id 192.0.2.9\n  bestpath as-path multipath-relax\n  address-family ipv4 unicast\n    \
                network 10.0.0.0/8 route-map N\n    network 10.1.0.0 mask 255.255.0.0\n    network 10.2.0.0\n    \
                aggregate-address 10.0.0.0/8 summary-only\n    redistribute direct route-map D\n    redistribute static\n    \
                maximum-paths 4\n    default-information originate\n  address-family l2vpn evpn\n    retain route-target all\n";
    let shown = device(text, |device| {
        let instance = &device.bgp[0].instances[0];
        let networks = instance.networks.iter().map(|it| it.prefix.to_string());
        let unknown = device.coverage.unknown.iter().map(|it| format!("{:?}", it.state));
        format!(
            "{:?} {} {} {} {:?} {} {:?}",
            instance.router_id.map(|it| it.value),
            networks.collect::<Vec<_>>().join(","),
            instance.aggregates.len(),
            instance.redistributions.len(),
            instance.maximum_paths.map(|it| it.value),
            device.bgp[0].other_families.len(),
            unknown.collect::<Vec<_>>()
        )
    });
    assert_eq!(
        shown,
        "Some(192.0.2.9) 10.0.0.0/8,10.1.0.0/16 1 1 Some(4) 1 [\"Unmodelled\", \"Unmodelled\"]"
    );
}
