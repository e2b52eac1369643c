//! Roles and pairing.

use crate::tests::reader::network;

/// Circuits, one a line: name, sureness, links.
fn circuits(texts: &[&'static str]) -> Vec<String> {
    let (network, _) = network(texts);
    let print = |circuit: &crate::Circuit| {
        let links = circuit.links.iter().map(|link| {
            let session = network.session(link.session);
            format!("{} {} {}", session.neighbor_name(), link.role.name(), link.peering.name())
        });
        let links: Vec<String> = links.collect();
        let sure = if circuit.certain { "certain" } else { "guess" };
        format!("{} {sure}: {}", circuit.name, links.join(", "))
    };
    network.circuits.iter().map(print).collect()
}

fn roles(text: &'static str) -> Vec<String> {
    let (network, _) = network(&[text]);
    let print = |session: &crate::Session<'_>| {
        let sure = if session.certain { "" } else { "?" };
        format!("{}{sure}", session.role.name())
    };
    network.sessions.iter().map(print).collect()
}

#[test]
fn every_session_has_one_role() {
    let text = "device edge
        interface Te0.1 192.0.2.1/30
        interface Te0.2 172.16.0.1/30
        interface Te0.3 192.0.2.9/30 text public
        interface Gi1 198.51.100.1/30
        interface Tu1 169.254.21.1/30 tunnel
        interface Tu2 10.1.1.1/30 tunnel
        bgp 64500
        neighbor 192.0.2.2 12076
        neighbor 172.16.0.2 12076
        neighbor 192.0.2.10 12076
        neighbor 198.51.100.2 64497
        neighbor 169.254.21.2 65515
        neighbor 10.1.1.2 65010
        neighbor 10.0.0.1 64500
        neighbor 10.0.0.2 65010
        neighbor 203.0.113.2 7224
        neighbor 198.51.100.6 65010 text Internet-line";
    let wanted = [
        "azure/unknown?",
        "azure/private",
        "azure/microsoft",
        "internet",
        "vpn-backup",
        "vpn-backup",
        "internal",
        "internal",
        "aws/public",
        "internet?",
    ];
    assert_eq!(roles(text), wanted);
}

#[test]
fn hints_tell_the_peering() {
    let text = "device edge
        interface Te0.1 192.0.2.1/30 nat outside
        communities REGIONS permit 12076:51002
        policy IN 10 permit communities REGIONS
        bgp 64500
        neighbor 192.0.2.2 12076 in IN";
    assert_eq!(roles(text), ["azure/microsoft"]);
}

#[test]
fn halves_of_a_subnet_are_one_circuit() {
    let one = "device a
        interface Te0 192.0.2.1/30
        interface Te1 2001:db8::1/126
        bgp 64500
        neighbor 192.0.2.2 12076 text er-oslo,Microsoft-peering
        neighbor 2001:db8::2 12076 text er-oslo,Microsoft-peering";
    let other = "device b
        interface Te0 192.0.2.5/30
        interface Te1 2001:db8::5/126
        bgp 64500
        neighbor 192.0.2.6 12076 text Microsoft-peering
        neighbor 2001:db8::6 12076 text Microsoft-peering";
    let found = circuits(&[one, other]);
    assert_eq!(
        found,
        ["er-oslo certain: 192.0.2.2 primary microsoft, 2001:db8::2 primary microsoft, \
         192.0.2.6 secondary microsoft, 2001:db8::6 secondary microsoft",]
    );
    let swapped = circuits(&[other, one]);
    assert_eq!(swapped.len(), 1, "the order of the files does not matter");
    assert!(swapped[0].starts_with("er-oslo certain"));
}

#[test]
fn a_vlan_that_nobody_else_has_pairs() {
    let two = "device a
        interface Te0.310 192.0.2.1/30 vlan 310
        interface Te1.310 192.0.2.41/30 vlan 310
        bgp 64500
        neighbor 192.0.2.2 12076 text public
        neighbor 192.0.2.42 12076 text public";
    assert_eq!(
        circuits(&[two]),
        ["azure:a certain: 192.0.2.2 unknown microsoft, 192.0.2.42 unknown microsoft"]
    );
    let third = "device c
        interface Te0.310 192.0.2.81/30 vlan 310
        bgp 64500
        neighbor 192.0.2.82 12076 text public";
    let found = circuits(&[two, third]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|one| one.contains("guess")));
}

#[test]
fn names_pair_what_nothing_else_does() {
    let text = "device a
        interface Te0 192.0.2.1/30
        interface Te1 192.0.2.41/30
        interface Te2 192.0.2.81/30
        bgp 64500
        neighbor 192.0.2.2 12076 text ER1-primary,public
        neighbor 192.0.2.42 12076 text ER1-secondary,public
        neighbor 192.0.2.82 12076 text ER2-primary,public";
    assert_eq!(
        circuits(&[text]),
        [
            "er1 certain: 192.0.2.2 primary microsoft, 192.0.2.42 secondary microsoft",
            "er2 guess: 192.0.2.82 primary microsoft",
        ]
    );
}

#[test]
fn peerings_over_one_port_are_one_circuit() {
    let text = "device a
        interface Te0.310 192.0.2.1/30 vlan 310
        interface Te0.311 172.16.0.1/30 vlan 311
        interface Te1.310 192.0.2.5/30 vlan 310
        interface Te1.311 172.16.0.5/30 vlan 311
        bgp 64500
        neighbor 192.0.2.2 12076 text public
        neighbor 192.0.2.6 12076 text public
        neighbor 172.16.0.2 12076
        neighbor 172.16.0.6 12076";
    let found = circuits(&[text]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("azure:a certain"));
}

#[test]
fn reused_private_subnets_do_not_pair_tenants() {
    let a = "device a
        interface Te0 172.16.0.1/30 vrf A
        bgp 64500 vrf A
        neighbor 172.16.0.2 12076";
    let b = "device b
        interface Te0 172.16.0.5/30 vrf B
        bgp 64500 vrf B
        neighbor 172.16.0.6 12076";
    let found = circuits(&[a, b]);
    assert_eq!(found.len(), 2, "{found:?}");
}
