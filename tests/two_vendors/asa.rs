//! What an ASA and an IOS router translate to alike is found with labels in both files, whichever faces the
//! circuit, in every form that translation takes on an ASA; where the ASA has another address, nothing is said.

use std::collections::BTreeSet;

use super::{NAT_RULE, findings, ios_circuit, ios_internet};

/// An ASA whose interface `edge` faces what `session` says; `nat` stands behind its objects.
fn asa(nat: &str, [description, address]: [&str; 2], session: [&str; 2]) -> String {
    let [neighbor, number] = session;
    format!(
        "ASA Version 9.16(4)\n!\nhostname fw\n!\n\
         interface GigabitEthernet0/0\n description {description}\n nameif edge\n security-level 0\n \
         ip address {address}\n!\n\
         interface GigabitEthernet0/1\n nameif inside\n security-level 100\n ip address 10.20.0.1 255.255.255.0\n!\n\
         object network USERS\n subnet 10.20.0.0 255.255.0.0\n{nat}\
         router bgp 64500\n bgp log-neighbor-changes\n address-family ipv4 unicast\n  \
         neighbor {neighbor} remote-as {number}\n  neighbor {neighbor} description {description}\n  \
         neighbor {neighbor} activate\n exit-address-family\n!\ntimeout xlate 3:00:00\n: end\n"
    )
}

const CIRCUIT: [&str; 2] = ["er-oslo primary Microsoft peering", "192.0.2.9 255.255.255.252"];
const INTERNET: [&str; 2] = ["Transit AS 64497", "198.51.100.2 255.255.255.252"];

/// Forms of translation to 203.0.113.5, alone or among others.
const FORMS: [(&str, &str); 9] = [
    (
        "pool of an object",
        "object network POOL\n range 203.0.113.4 203.0.113.6\nnat (inside,edge) source dynamic USERS pat-pool POOL\n",
    ),
    (
        "pool of a group",
        "object network POOL\n host 203.0.113.5\nobject-group network POOLS\n network-object object POOL\n \
         network-object host 203.0.113.9\nnat (inside,edge) source dynamic any POOLS interface\n",
    ),
    (
        "static object",
        "object network WEB\n host 10.20.0.9\n nat (inside,edge) static 203.0.113.5\n",
    ),
    (
        "static object, one port",
        "object network WEB\n host 10.20.0.9\n nat (inside,edge) static 203.0.113.5 service tcp www www\n",
    ),
    (
        "static block",
        "object network WEB\n subnet 10.20.0.4 255.255.255.252\n nat (inside,edge) static 203.0.113.5\n",
    ),
    ("towards any interface", "object network USERS\n nat (inside,any) dynamic 203.0.113.5\n"),
    (
        "published by its destination",
        "object network PUBLIC\n host 203.0.113.5\nobject network WEB\n host 10.20.0.9\n\
         nat (edge,inside) source static any any destination static PUBLIC WEB\n",
    ),
    (
        "after all others",
        "object network PUBLIC\n host 203.0.113.5\nnat (inside,edge) after-auto source dynamic any PUBLIC\n",
    ),
    ("before release 8.3", "global (edge) 1 203.0.113.5\nnat (inside) 1 10.20.0.0 255.255.0.0\n"),
];

#[test]
fn a_translated_address_of_an_ios_router_and_an_asa_is_found_whichever_faces_the_circuit() {
    let pool = "ip nat pool USERS 203.0.113.5 203.0.113.5 prefix-length 29\nip nat inside source list INSIDE pool USERS overload";
    for (form, nat) in FORMS {
        let towards_circuit = asa(nat, CIRCUIT, ["192.0.2.10", "12076"]);
        let towards_internet = asa(nat, INTERNET, ["198.51.100.1", "64497"]);
        for (case, ios, asa) in [
            ("circuit", ios_internet(pool), towards_circuit),
            ("internet", ios_circuit(pool), towards_internet),
        ] {
            let with = |text: String| {
                findings(
                    &[("a-ios.cfg".to_owned(), ios.clone()), ("b-asa.cfg".to_owned(), text)],
                    NAT_RULE,
                )
            };
            let found = with(asa.clone());
            let [finding] = found.as_slice() else {
                panic!("{form}, {case}: {} findings\n{asa}", found.len());
            };
            let paths: BTreeSet<&str> =
                finding.labels.iter().map(|label| label.path.as_str()).collect();
            assert_eq!(paths.len(), 2, "{form}, {case}: labels in {paths:?}");
            assert_eq!(finding.prefixes.join(" "), "203.0.113.5", "{form}, {case}");
            assert_eq!(finding.devices.len(), 2, "{form}, {case}");
            let apart = asa.replace("203.0.113.", "198.51.100.");
            let found = with(apart.clone());
            assert!(found.is_empty(), "{form}, {case}: {}\n{apart}", found[0].message.as_str());
        }
    }
}
