//! What shows when devices are put together.

use edgelint_source::view::Value;

use crate::inspect::{kinds, table};
use crate::tests::reader::network;
use crate::tests::rivals;

const OSLO: &str = "device oslo
    interface Lo0 10.0.0.1/32
    interface Te0 192.0.2.1/30 nat outside
    interface Te1 192.0.2.5/30 nat outside
    list OUT permit 203.0.113.0/28
    static 203.0.113.0/28 discard
    pool ER 203.0.113.1 203.0.113.14
    policy NAT-ER 10 permit interface te0
    policy NAT-ER 20 permit interface te1
    nat source policy NAT-ER to pool ER
    bgp 64500
    network 203.0.113.0/28
    neighbor 192.0.2.2 12076 outlist OUT text er-oslo,public
    neighbor 192.0.2.6 12076 outlist OUT text er-oslo,public
    neighbor 10.0.0.3 64500";

const RIGA: &str = "device riga
    interface Te0 192.0.2.9/30
    interface Te1 192.0.2.13/30
    static 203.0.113.0/28 discard
    list OUT permit 203.0.113.0/24 le 28
    bgp 64500
    network 203.0.113.0/28
    neighbor 192.0.2.10 12076 outlist OUT text er-riga,public
    neighbor 192.0.2.14 12076 outlist OUT text er-riga,public";

const NET: &str = "device net
    interface Lo0 10.0.0.3/32
    interface Gi0 192.0.2.66/30 nat outside
    interface Gi1 192.0.2.70/30 nat outside text ISP-two
    pool NET 203.0.113.14 203.0.113.40
    nat source any to pool NET
    nat source any to interface Gi1
    nat source address 203.0.113.3 to 203.0.113.3
    nat outside any to pool NET
    bgp 64500
    neighbor 192.0.2.65 64497
    neighbor 10.0.0.1 64500";

#[test]
fn shared_prefixes_are_reported_by_circuits() {
    let (network, _) = network(&[OSLO, RIGA]);
    let shared = network.shared_announcements();
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].prefixes.to_string(), "203.0.113.0/28");
    let names: Vec<&str> =
        shared[0].members.iter().map(|one| network.circuit(one.circuit).name.as_str()).collect();
    assert_eq!(names, ["er-oslo", "er-riga"]);
    assert!(shared[0].members.iter().all(|one| one.sessions.len() == 2 && !one.known.is_empty()));
}

#[test]
fn shared_translation_is_found_across_devices() {
    let (network, _) = network(&[OSLO, NET]);
    assert_eq!(network.nat.len(), 4, "the identity rule is none");
    let shared = network.nat_shared();
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].addresses.to_string(), "203.0.113.14");
    let (internet, circuit) =
        (&network.nat[shared[0].internet[0]], &network.nat[shared[0].circuit[0]]);
    assert_eq!((internet.pool, internet.unbound), (Some("NET"), true));
    assert_eq!((circuit.pool, circuit.unbound), (Some("ER"), false));
    assert_eq!(internet.edges.len(), 2);
    let port = &network.nat[2];
    assert_eq!(port.addresses.to_string(), "192.0.2.70");
    assert_eq!(port.edges[0].evidence.text, "a description says \u{201c}isp\u{201d}");
}

#[test]
fn one_rule_may_serve_both_edges() {
    let text = "device both
        interface Te0 192.0.2.1/30 nat outside
        interface Gi0 192.0.2.66/30 nat outside
        pool ALL 203.0.113.1 203.0.113.14
        nat source any to pool ALL
        bgp 64500
        neighbor 192.0.2.2 12076 text public
        neighbor 192.0.2.65 64497";
    let (network, _) = network(&[text]);
    let shared = network.nat_shared();
    assert_eq!(shared.len(), 1);
    assert_eq!((&shared[0].internet, &shared[0].circuit), (&vec![0], &vec![0]));
}

#[test]
fn competitors_are_where_routes_are_heard() {
    let (joined, _) = network(&[OSLO, NET]);
    let [(found, certain)] = rivals(&joined, 0)[..] else { panic!("one competitor") };
    assert!(certain && joined.session(found).device != joined.sessions[0].device);
    let (apart, _) = network(&[RIGA, NET]);
    assert_eq!(rivals(&apart, 0), [], "no iBGP leads anywhere from riga");
}

#[test]
fn an_open_domain_is_likely() {
    let one = "device one
        interface Te0 192.0.2.1/30
        bgp 64500
        neighbor 192.0.2.2 12076
        neighbor 10.9.9.9 64500";
    let other = "device other
        interface Gi0 192.0.2.66/30
        bgp 64500
        neighbor 192.0.2.65 64497
        neighbor 10.9.9.8 64500";
    let (network, _) = network(&[one, other]);
    assert!(matches!(rivals(&network, 0)[..], [(_, false)]));
}

#[test]
fn names_are_joined() {
    let text = "device a
        list USED permit 10.0.0.0/8
        list IDLE permit 10.0.0.0/8
        policy P 10 permit list USED
        policy P 20 permit list GONE
        bgp 64500
        neighbor 192.0.2.2 12076 in P out NONE";
    let (network, files) = network(&[text]);
    let names = &network.devices[0].names;
    let undefined: Vec<(&str, u32)> =
        names.undefined().map(|one| (one.name, files.line(one.at))).collect();
    assert_eq!(undefined, [("GONE", 5), ("NONE", 7)]);
    let unused: Vec<&str> = names.unused().map(|object| object.name).collect();
    assert_eq!(unused, ["IDLE"]);
}

#[test]
fn clashing_names_get_their_path() {
    let text = "device twin\n bgp 64500";
    let (network, _) = network(&[text, text, "device other"]);
    let names: Vec<&str> = network.devices.iter().map(|device| device.identity.as_str()).collect();
    assert_eq!(names, ["twin (0.cfg)", "twin (1.cfg)", "other"]);
}

#[test]
fn trails_name_the_lines_that_decide() {
    let (network, files) = network(&[OSLO]);
    let route = &network.sessions[0].families[0].announcements.routes[0];
    let lines: Vec<String> = network.sessions[0].families[0]
        .export_trail(route)
        .iter()
        .map(|mark| format!("{} {}", files.line(mark.at), mark.note))
        .collect();
    assert_eq!(
        lines,
        [
            "12 put into BGP here",
            "6 held up by this discard route",
            "5 permitted by OUT",
            "13 filtered by OUT",
        ]
    );
}

#[test]
fn every_table_item_says_where_it_stands() {
    let (network, files) = network(&[OSLO, RIGA, NET]);
    for kind in kinds() {
        let table = table(kind, &network, &files).unwrap();
        assert!(!table.items.is_empty(), "{kind}");
        let mut places = Vec::new();
        for item in &table.items {
            let keys: Vec<&str> = item.iter().take(3).map(|(key, _)| *key).collect();
            assert_eq!(keys, ["device", "path", "line"], "{kind}");
            let (Value::Text(path), Value::Number(line)) = (&item[1].1, &item[2].1) else {
                panic!("{kind}: {item:?}");
            };
            places.push((path.clone(), *line));
        }
        assert!(places.is_sorted(), "{kind}");
    }
    assert!(table("nonsense", &network, &files).is_none());
}
