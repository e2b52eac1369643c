//! What the estate's owner describes, and what stays inferred beside it.

use crate::described::{
    DescribedCircuit, DescribedEdge, DescribedLink, Description, EdgeKind, LinkRole, Missing,
    Peering, Place, Provider,
};
use crate::tests::reader::{described_network, network};
use crate::tests::rivals;

fn circuit(name: &str, provider: Provider, links: &[(&str, &str)]) -> DescribedCircuit {
    let link = |&(device, neighbor): &(&str, &str)| DescribedLink {
        device: device.to_owned(),
        neighbor: neighbor.parse().unwrap(),
        vrf: None,
        peering: None,
        role: LinkRole::Unknown,
    };
    DescribedCircuit {
        name: name.to_owned(),
        provider,
        peering: None,
        sku: None,
        geography: None,
        rank: None,
        links: links.iter().map(link).collect(),
        public_prefixes: None,
        vnet_ranges: None,
        weighted: false,
    }
}

fn edge(kind: EdgeKind, device: &str) -> DescribedEdge {
    DescribedEdge { kind, device: device.to_owned(), neighbor: None, interface: None }
}

/// Sessions and circuits, one a line.
fn shown(texts: &[&'static str], description: Description) -> Vec<String> {
    let (network, _) = described_network(texts, description);
    let mut lines = Vec::new();
    for session in &network.sessions {
        let sure = if session.certain { "" } else { "?" };
        let breakout = if session.breakout { " breakout" } else { "" };
        let circuit = session.circuit.map(|id| format!(" {}", network.circuit(id).name));
        lines.push(format!(
            "{} {}{sure}{breakout}{}",
            session.neighbor_name(),
            session.role.name(),
            circuit.unwrap_or_default()
        ));
    }
    let sure = |certain| if certain { "certain" } else { "guess" };
    lines.extend(network.circuits.iter().map(|circuit| {
        format!("{}: {} links, {}", circuit.name, circuit.links.len(), sure(circuit.certain))
    }));
    lines
}

const EDGE: &str = "device edge
    interface Te0 192.0.2.1/30 2001:db8::1/126
    interface Te1 192.0.2.5/30
    interface Gi1 198.51.100.1/30
    interface Gi2 198.51.100.5/30
    bgp 64500
    neighbor 192.0.2.2 12076
    neighbor 192.0.2.6 12076
    neighbor 198.51.100.2 64497
    neighbor 198.51.100.6 64498
    neighbor 2001:db8::2 12076";

#[test]
fn described_links_make_circuits_and_the_rest_is_inferred() {
    let mut description = Description::default();
    let mut one = circuit("er-one", Provider::Azure, &[("edge", "192.0.2.2")]);
    one.peering = Some(Peering::Private);
    description.circuits.push(one);
    description.circuits.push(circuit("wan", Provider::Generic, &[("edge", "198.51.100.2")]));
    // Without a description the two halves of a /29 are one circuit.
    assert_eq!(
        shown(&[EDGE], Description::default())[..3],
        [
            "192.0.2.2 azure/unknown? azure:edge",
            "192.0.2.6 azure/unknown? azure:edge",
            "198.51.100.2 internet"
        ]
    );
    assert_eq!(
        shown(&[EDGE], description),
        [
            "192.0.2.2 azure/private er-one",
            "192.0.2.6 azure/unknown? azure:edge",
            "198.51.100.2 generic/private wan",
            "198.51.100.6 internet",
            "2001:db8::2 azure/private er-one",
            "azure:edge: 1 links, guess",
            "er-one: 2 links, certain",
            "wan: 1 links, certain",
        ]
    );
}

#[test]
fn a_name_that_is_described_stays_with_its_circuit() {
    let text = "device edge
        interface Te0 192.0.2.1/30 text er-one
        interface Te1 192.0.2.9/30 text er-one
        bgp 64500
        neighbor 192.0.2.2 12076
        neighbor 192.0.2.10 12076";
    let description = Description {
        circuits: vec![circuit("er-one", Provider::Azure, &[("edge", "192.0.2.10")])],
        ..Description::default()
    };
    let lines = shown(&[text], description);
    assert_eq!(lines[2..], ["er-one: 1 links, certain", "er-one#2: 1 links, guess"]);
    assert_eq!(lines[1], "192.0.2.10 azure/unknown? er-one");
}

#[test]
fn the_narrowest_edge_counts() {
    let mut description = Description {
        edges: vec![edge(EdgeKind::Breakout, "edge")],
        own_as: vec![64498],
        ..Description::default()
    };
    let lines = shown(&[EDGE], description.clone());
    assert_eq!(lines[2..4], ["198.51.100.2 internet breakout", "198.51.100.6 internal"]);
    let neighbor = Some("198.51.100.2".parse().unwrap());
    description.edges.push(DescribedEdge { neighbor, ..edge(EdgeKind::Private, "edge") });
    let interface = Some("gi2".to_owned());
    description.edges.push(DescribedEdge { interface, ..edge(EdgeKind::Vpn, "edge") });
    let lines = shown(&[EDGE], description);
    assert_eq!(lines[2..4], ["198.51.100.2 internal", "198.51.100.6 vpn-backup"]);
    // What a device is as a whole says nothing about its circuits.
    assert!(lines[0].starts_with("192.0.2.2 azure/"), "{}", lines[0]);
}

#[test]
fn a_breakout_competes_with_nothing() {
    let rivals = |description| {
        let (network, _) = described_network(&[EDGE], description);
        rivals(&network, 0).len()
    };
    assert_eq!(rivals(Description::default()), 2);
    let edges = vec![edge(EdgeKind::Breakout, "edge")];
    assert_eq!(rivals(Description { edges, ..Description::default() }), 0);
}

#[test]
fn documentation_space_is_what_its_owner_says() {
    let text = "device edge
        interface Te0 192.0.2.1/30
        bgp 64500
        neighbor 192.0.2.2 64499";
    let strict = Description { strict_documentation: true, ..Description::default() };
    assert_eq!(shown(&[text], Description::default()), ["192.0.2.2 internet"]);
    assert_eq!(shown(&[text], strict), ["192.0.2.2 internal"]);
}

#[test]
fn what_is_not_there_is_told() {
    let mut description = Description::default();
    let links = [
        ("edge", "192.0.2.2"),
        ("edge", "192.0.2.99"),
        ("other", "192.0.2.2"),
        ("edge", "192.0.2.6"),
    ];
    description.circuits.push(circuit("er-one", Provider::Azure, &links));
    let interface = Some("Gi9".to_owned());
    description.edges.push(edge(EdgeKind::Internet, "edge"));
    description.edges.push(DescribedEdge { interface, ..edge(EdgeKind::Internet, "edge") });
    let (network, _) = described_network(&[EDGE], description.clone());
    let found: Vec<_> = network.unmatched.iter().map(|one| (one.place, one.missing)).collect();
    assert_eq!(
        found,
        [
            (Place::Link(0, 1), Missing::Neighbor),
            (Place::Link(0, 2), Missing::Device),
            (Place::Edge(1), Missing::Interface),
        ]
    );
    let (network, _) = described_network(&[EDGE, EDGE], description);
    let first = network.unmatched[0];
    assert_eq!((first.place, first.missing), (Place::Link(0, 0), Missing::OneDevice));
}

#[test]
fn one_address_in_two_vrfs_is_told_apart_by_the_vrf() {
    let text = "device edge
        bgp 64500
        neighbor 192.0.2.2 12076
        bgp 64500 vrf AZ
        neighbor 192.0.2.2 12076";
    let mut one = circuit("er-one", Provider::Azure, &[("edge", "192.0.2.2")]);
    let described = |one: &DescribedCircuit| {
        let circuits = vec![one.clone()];
        let (network, _) =
            described_network(&[text], Description { circuits, ..Description::default() });
        let of = |session: &crate::Session<'_>| {
            session.circuit.is_some_and(|id| network.described(id).is_some())
        };
        let members: Vec<bool> = network.sessions.iter().map(of).collect();
        (members, network.unmatched.iter().map(|one| one.missing).collect::<Vec<_>>())
    };
    assert_eq!(described(&one), (vec![false, false], vec![Missing::OneNeighbor]));
    one.links[0].vrf = Some("AZ".to_owned());
    assert_eq!(described(&one), (vec![false, true], vec![]));
    one.links[0].vrf = Some("default".to_owned());
    assert_eq!(described(&one), (vec![true, false], vec![]));
}

/// What was inferred, taken over as a description, gives the same network.
#[test]
fn a_description_of_what_was_inferred_changes_nothing() {
    let (inferred, _) = network(&[EDGE]);
    let found = inferred.inferred();
    assert_eq!((found.circuits.len(), found.edges.len()), (1, 2));
    let description = Description {
        circuits: found.circuits.into_iter().map(|one| one.circuit).collect(),
        edges: found.edges.into_iter().map(|one| one.edge).collect(),
        ..Description::default()
    };
    assert_eq!(shown(&[EDGE], description.clone()), shown(&[EDGE], Description::default()));
    let (again, _) = described_network(&[EDGE], description.clone());
    assert_eq!(again.unmatched, []);
    let again = again.inferred();
    let circuits: Vec<_> = again.circuits.into_iter().map(|one| one.circuit).collect();
    assert_eq!(circuits, description.circuits);
}
