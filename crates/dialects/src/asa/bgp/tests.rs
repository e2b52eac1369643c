//! BGP as text in, neighbors and instances out.

use edgelint_model::{Device, Part, State};
use std::fmt::Write;

use crate::asa::rendering::device;

fn show(device: &Device<'_>) -> String {
    let mut text = String::new();
    for process in &device.bgp {
        for instance in &process.instances {
            for neighbor in &instance.neighbors {
                let remote = neighbor.remote_as.map(|it| format!("{:?}", it.value));
                write!(text, "{:?} {}", neighbor.address, remote.unwrap_or_default()).unwrap();
                for family in &neighbor.families {
                    let names = |filters: &[edgelint_model::Filter<'_>]| {
                        filters.iter().map(|it| it.name.value).collect::<Vec<_>>().join(",")
                    };
                    write!(
                        text,
                        " {} {} in [{}] out [{}]",
                        family.family.name(),
                        if family.active { "on" } else { "off" },
                        names(&family.import),
                        names(&family.export)
                    )
                    .unwrap();
                }
                writeln!(text, " blind {}", neighbor.blind.len()).unwrap();
            }
            let networks = instance.networks.iter().map(|it| it.prefix.to_string());
            let aggregates = instance.aggregates.iter().map(|it| it.prefix.to_string());
            let all = networks.chain(aggregates).collect::<Vec<_>>().join(" ");
            writeln!(text, "{all} blind {}", instance.blind.len()).unwrap();
        }
    }
    let uses: Vec<_> = device.uses.iter().map(|it| it.name).collect();
    let of = |state| device.coverage.of(Part::Bgp, state);
    write!(
        text,
        "{} {}/{}/{}/{}",
        uses.join(" "),
        of(State::Modelled),
        of(State::Inert),
        of(State::Unmodelled),
        of(State::Opaque)
    )
    .unwrap();
    text
}

#[test]
fn neighbors_of_both_families() {
    let text = "router bgp 64500\n bgp log-neighbor-changes\n address-family ipv4 unicast\n  \
                neighbor 192.0.2.1 remote-as 64501\n  neighbor 192.0.2.1 activate\n  \
                neighbor 192.0.2.1 route-map A in\n  neighbor 192.0.2.1 prefix-list B in\n  \
                neighbor 192.0.2.1 route-map C out\n  neighbor 192.0.2.1 filter-list 1 out\n  \
                neighbor 192.0.2.1 mystery\n  network 198.51.100.0\n  network 203.0.113.0 mask 255.255.255.128\n  \
                aggregate-address 203.0.113.0/24 summary-only\n  no auto-summary\n exit-address-family\n \
                address-family ipv6 unicast\n  neighbor 2001:db8::1 remote-as 64501\n  \
                neighbor 2001:db8::1 prefix-list D out\n exit-address-family\n";
    assert_eq!(
        device(text, show),
        "Address(192.0.2.1) Number(64501) ipv4 on in [A,B] out [1,C] blind 1\n\
         Address(2001:db8::1) Number(64501) ipv6 off in [] out [D] blind 0\n\
         198.51.100.0/24 203.0.113.0/25 203.0.113.0/24 blind 0\nA B C 1 D 18/0/0/1"
    );
}

#[test]
fn later_lines_take_the_place_of_earlier_ones() {
    let text = "router bgp 64500\n address-family ipv4 unicast\n  neighbor 192.0.2.1 remote-as 64501\n  \
                neighbor 192.0.2.1 activate\n  neighbor 192.0.2.1 route-map A in\n  neighbor 192.0.2.1 route-map B in\n  \
                neighbor 192.0.2.2 remote-as 64502\n  neighbor 192.0.2.2 route-map GONE out\n  no neighbor 192.0.2.2\n  \
                network 10.0.0.0 route-map X\n  no network 10.0.0.0\nrouter bgp 64500\n address-family ipv4 unicast\n  \
                no neighbor 192.0.2.1 activate\n  auto-summary\n";
    assert_eq!(
        device(text, show),
        "Address(192.0.2.1) Number(64501) ipv4 off in [B] out [] blind 0\n blind 1\nB 14/0/1/0"
    );
}
