//! What circuits, links and the internet have in common, and which of them either side prefers.

use crate::described::{DescribedCircuit, Description, Provider};
use crate::tests::reader::network;
use crate::{Direction, Divergence, Measure, Network, Overlap, PreferredBy};

/// A router with one link of a circuit: its number, the circuit, the local preference of what it accepts,
/// how often it prepends, and what it announces. Routers of two numbers speak iBGP.
fn edge(
    (number, other): (u8, u8),
    circuit: &str,
    preference: u32,
    prepends: usize,
    sent: &[&str],
) -> &'static str {
    let link = 8 * u32::from(number);
    let mut lines = vec![
        format!("device edge-{number}"),
        format!("interface Lo0 10.0.0.{number}/32"),
        format!("interface Te0 192.0.2.{}/30", link + 1),
        format!("policy IN 10 permit preference {preference}"),
        format!("policy OUT 10 permit list OUT{}", " prepend 64500".repeat(prepends)),
    ];
    for prefix in sent {
        lines.push(format!("list OUT permit {prefix}"));
        lines.push(format!("static {prefix} discard"));
    }
    lines.push("bgp 64500".to_owned());
    lines.extend(sent.iter().map(|prefix| format!("network {prefix}")));
    let peer = link + 2;
    lines.push(format!("neighbor 192.0.2.{peer} 12076 in IN out OUT text {circuit},public"));
    lines.push(format!("neighbor 10.0.0.{other} 64500"));
    lines.join("\n").leak()
}

fn names(network: &Network<'_>, direction: &Direction) -> (Vec<String>, Vec<String>) {
    let of = |ids: &[crate::CircuitId]| {
        ids.iter().map(|id| network.circuit(*id).name.clone()).collect::<Vec<_>>()
    };
    (of(&direction.ours), of(&direction.theirs))
}

fn pair(one: (u32, usize, &[&str]), two: (u32, usize, &[&str])) -> Vec<&'static str> {
    vec![edge((1, 2), "er-one", one.0, one.1, one.2), edge((2, 1), "er-two", two.0, two.1, two.2)]
}

const OWN: &str = "203.0.113.0/24";
const HALVES: [&str; 2] = ["203.0.113.0/25", "203.0.113.128/25"];

#[test]
fn directions_differ_by_prepends() {
    let (network, _) = network(&pair((200, 3, &[OWN]), (150, 0, &[OWN])));
    let [direction] = network.directions() else { panic!("{:?}", network.directions()) };
    assert_eq!(direction.divergence, Divergence::Opposed);
    let expected = (vec!["er-one".to_owned()], vec!["er-two".to_owned()]);
    assert_eq!(names(&network, direction), expected);
    assert!(direction.certain);
}

#[test]
fn directions_differ_by_the_longest_prefix() {
    let (network, _) = network(&pair((200, 0, &[OWN]), (150, 0, &HALVES)));
    let [direction] = network.directions() else { panic!("{:?}", network.directions()) };
    assert_eq!(direction.divergence, Divergence::Opposed);
    assert_eq!(direction.prefixes.len(), 2);
}

#[test]
fn equal_announcements_leave_the_cloud_undecided() {
    let (network, _) = network(&pair((200, 0, &[OWN]), (150, 0, &[OWN])));
    let [direction] = network.directions() else { panic!("{:?}", network.directions()) };
    assert_eq!(direction.divergence, Divergence::Undecided);
    assert_eq!(names(&network, direction).1, ["er-two"]);
}

#[test]
fn longer_prefixes_decide_for_all_that_they_hold() {
    let sent = [HALVES[0], HALVES[1], OWN];
    let (network, _) = network(&pair((200, 0, &sent), (150, 0, &[OWN])));
    assert_eq!(network.directions(), []);
}

#[test]
fn requests_may_follow_no_direction() {
    let (network, _) = network(&pair((200, 0, &[OWN]), (200, 2, &[OWN])));
    let [direction] = network.directions() else { panic!("{:?}", network.directions()) };
    assert_eq!(direction.divergence, Divergence::Unfollowed);
}

#[test]
fn two_circuits_that_stand_by_for_each_other_are_a_design() {
    // Each router announces both prefixes and prepends the other's; the reader's policies prepend all
    // of what they match, so each has two.
    let text = |number: u8, circuit: &str, own: &str, other: &str| -> &'static str {
        let link = 8 * u32::from(number);
        format!(
            "device edge-{number}
            interface Lo0 10.0.0.{number}/32
            interface Te0 192.0.2.{}/30
            list OWN permit {own}
            list OTHER permit {other}
            static {own} discard
            static {other} discard
            policy OUT 10 permit list OWN
            policy OUT 20 permit list OTHER prepend 64500
            bgp 64500
            network {own}
            network {other}
            neighbor 192.0.2.{} 12076 out OUT text {circuit},public
            neighbor 10.0.0.{} 64500",
            link + 1,
            link + 2,
            3 - number,
        )
        .leak()
    };
    let texts = [text(1, "er-one", HALVES[0], HALVES[1]), text(2, "er-two", HALVES[1], HALVES[0])];
    let (network, _) = network(&texts);
    assert_eq!(network.directions(), []);
}

#[test]
fn sites_without_common_bgp_have_no_common_preference() {
    let one = edge((1, 9), "er-one", 200, 3, &[OWN]);
    let two = edge((2, 8), "er-two", 150, 0, &[OWN]).replace("64500", "64501").leak();
    let (network, _) = network(&[one, two]);
    assert_eq!(network.directions(), []);
}

#[test]
fn ranks_make_circuits_compete() {
    let (mut network, _) = network(&pair((100, 0, &[OWN]), (100, 3, &[OWN])));
    let circuit = |name: &str, rank| DescribedCircuit {
        name: name.to_owned(),
        provider: Provider::Azure,
        peering: None,
        sku: None,
        geography: None,
        rank: Some(rank),
        links: Vec::new(),
        public_prefixes: None,
        vnet_ranges: None,
        weighted: false,
    };
    let circuits = vec![circuit("er-one", 1), circuit("er-two", 2)];
    network.description = Description { circuits, ..Description::default() };
    for (place, one) in network.circuits.iter_mut().enumerate() {
        one.described = Some(place);
    }
    let contests = |at: usize| {
        let session = &network.sessions[at];
        network.contests(session, &session.families[0]).len()
    };
    assert_eq!((contests(0), contests(2)), (1, 0), "only the first circuit has to be preferred");
}

const INTERNET: &str = "device net
    interface Gi0 192.0.2.66/30
    list OUT permit 203.0.113.0/24
    list OUT permit 203.0.113.64/26
    static 203.0.113.0/24 discard
    static 203.0.113.64/26 discard
    bgp 64500
    network 203.0.113.0/24
    network 203.0.113.64/26
    neighbor 192.0.2.65 64497 outlist OUT";

#[test]
fn the_internet_is_told_what_a_circuit_announces() {
    let (network, _) = network(&[edge((1, 2), "er-one", 200, 0, &[OWN]), INTERNET]);
    let found: Vec<(Overlap, String)> = network
        .on_internet()
        .iter()
        .map(|one| (one.overlap, one.prefixes[0].0.to_string()))
        .collect();
    let expected =
        [(Overlap::Equal, OWN.to_owned()), (Overlap::Filtered, "203.0.113.64/26".to_owned())];
    assert_eq!(found, expected);
}

#[test]
fn longer_prefixes_on_the_circuit_fall_back_to_the_internet() {
    let (network, _) = network(&[edge((1, 2), "er-one", 200, 0, &HALVES), INTERNET]);
    let left: Vec<Overlap> = network.on_internet().iter().map(|one| one.overlap).collect();
    assert_eq!(left, [Overlap::Filtered], "the /26 alone is longer than the halves");
}

const LINKS: &str = "device one
    interface Te0 192.0.2.1/30 nat outside
    interface Te1 192.0.2.5/30 nat outside
    list OUT permit 203.0.113.0/28
    static 203.0.113.0/28 discard
    policy FIRST 10 permit preference 200
    policy SECOND 10 permit preference 150
    policy NAT 10 permit interface Te0
    policy NAT 20 permit interface Te1
    pool P 203.0.113.1 203.0.113.30
    nat source policy NAT to pool P
    bgp 64500
    network 203.0.113.0/28
    neighbor 192.0.2.2 12076 in FIRST outlist OUT text er-one,public
    neighbor 192.0.2.6 12076 in SECOND outlist OUT text er-one,public";

#[test]
fn one_link_of_a_circuit_is_preferred() {
    let (network, _) = network(&[LINKS]);
    let found = network.link_preferences();
    assert_eq!(found.len(), 1);
    assert!(matches!(
        &found[0].by,
        PreferredBy::Class { measure: Measure::LocalPreference, certain: true, .. }
    ));
    assert_eq!(network.session(found[0].preferred).neighbor_name(), "192.0.2.2");
}

#[test]
fn the_rest_of_a_pool_is_not_announced() {
    let (network, _) = network(&[LINKS]);
    let found = network.nat_unannounced();
    assert!(found.iter().all(|one| one.addresses.to_string() == "203.0.113.16-203.0.113.30"));
    assert!(!found.is_empty() && found.iter().all(|one| !one.possible));
}

#[test]
fn a_pool_is_announced_on_another_circuit_too() {
    let two = edge((2, 1), "er-two", 200, 0, &["203.0.113.0/29", "203.0.112.0/23"]);
    let (network, _) = network(&[LINKS, two]);
    let found: Vec<(String, bool)> =
        network.nat_astray().iter().map(|one| (one.other.to_string(), one.competes)).collect();
    assert!(found.contains(&("203.0.113.0/29".to_owned(), true)), "{found:?}");
    assert!(found.contains(&("203.0.112.0/23".to_owned(), false)), "{found:?}");
}
