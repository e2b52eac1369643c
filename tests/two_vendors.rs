//! One estate of two vendors: what an IOS router and a Junos device share is found with labels in both
//! files, in either form of Junos; where they share nothing, nothing is said.
//!
//! The cases differ in how the Junos side comes by what it shares. Each is checked as written in
//! braces, as `set` lines, and with another prefix or address instead.

mod asa;

use std::collections::BTreeSet;

use edgelint_source::view::Finding;

use crate::forms::as_set_lines;
use crate::support::{Export, checked};

const PREFIX_RULE: &str = "prefix-on-multiple-circuits";
const NAT_RULE: &str = "nat-pool-shared-with-internet";

/// What one rule finds in some files, all of which are understood wholly.
fn findings(exports: &[Export], rule: &'static str) -> Vec<Finding> {
    let mut exports = exports.to_vec();
    exports.sort();
    let report = checked(&exports, BTreeSet::from([rule]), None);
    for file in &report.files {
        assert_eq!(file.status.name(), "ok", "{}", file.path);
    }
    report.findings
}

/// Expects one finding, with labels in both files and this witness; and none where the Junos side has
/// `other` instead of `shared`. Both hold in braces and in `set` lines.
fn expect_shared(
    case: &str,
    rule: &'static str,
    ios: &str,
    junos: &str,
    [shared, other]: [&str; 2],
) {
    let forms = [("braces", junos.to_owned()), ("set lines", as_set_lines(junos))];
    for (form, text) in forms {
        let with = |text: String| {
            vec![("a-ios.cfg".to_owned(), ios.to_owned()), ("b-junos.conf".to_owned(), text)]
        };
        let found = findings(&with(text.clone()), rule);
        let [finding] = found.as_slice() else {
            panic!("{case}, {form}: {} findings\n{text}", found.len());
        };
        let paths: BTreeSet<&str> =
            finding.labels.iter().map(|label| label.path.as_str()).collect();
        assert_eq!(paths.len(), 2, "{case}, {form}: labels in {paths:?}");
        let witness = finding.prefixes.iter().any(|prefix| prefix.starts_with(shared));
        assert!(witness, "{case}, {form}: {:?} and not {shared}", finding.prefixes);
        assert_eq!(finding.devices.len(), 2, "{case}, {form}");
        let apart = text.replace(shared, other);
        assert_ne!(apart, text, "{case}: the text holds {shared}");
        let found = findings(&with(apart.clone()), rule);
        assert!(found.is_empty(), "{case}, {form}: {}\n{apart}", found[0].message.as_str());
    }
}

/// An IOS router with two links of one circuit that announces one prefix.
const IOS_EDGE: &str = "\
version 17.9
hostname edge-oslo
interface TenGigabitEthernet0/0/0.310
 description er-oslo primary Microsoft peering
 encapsulation dot1Q 310
 ip address 192.0.2.1 255.255.255.252
interface TenGigabitEthernet0/0/1.310
 description er-oslo secondary Microsoft peering
 encapsulation dot1Q 310
 ip address 192.0.2.5 255.255.255.252
router bgp 64500
 neighbor 192.0.2.2 remote-as 12076
 neighbor 192.0.2.2 description er-oslo primary Microsoft peering
 neighbor 192.0.2.6 remote-as 12076
 neighbor 192.0.2.6 description er-oslo secondary Microsoft peering
 address-family ipv4
  network 203.0.113.0 mask 255.255.255.240
  neighbor 192.0.2.2 activate
  neighbor 192.0.2.2 prefix-list OUT out
  neighbor 192.0.2.6 activate
  neighbor 192.0.2.6 prefix-list OUT out
 exit-address-family
ip route 203.0.113.0 255.255.255.240 Null0
ip prefix-list OUT seq 10 permit 203.0.113.0/28
end
";

/// The same for IPv6.
const IOS_EDGE_6: &str = "\
version 17.9
hostname edge-oslo
interface TenGigabitEthernet0/0/0.310
 description er-oslo primary Microsoft peering
 encapsulation dot1Q 310
 ipv6 address 2001:DB8:FF00:310::1/126
router bgp 64500
 no bgp default ipv4-unicast
 neighbor 2001:DB8:FF00:310::2 remote-as 12076
 neighbor 2001:DB8:FF00:310::2 description er-oslo primary Microsoft peering
 address-family ipv6
  network 2001:DB8:4500::/56
  neighbor 2001:DB8:FF00:310::2 activate
  neighbor 2001:DB8:FF00:310::2 prefix-list OUT out
 exit-address-family
ipv6 route 2001:DB8:4500::/56 Null0
ipv6 prefix-list OUT seq 10 permit 2001:DB8:4500::/56
end
";

/// The same in a VRF.
const IOS_EDGE_VRF: &str = "\
version 17.9
hostname edge-oslo
vrf definition CLOUD
 rd 64500:31
 address-family ipv4
 exit-address-family
interface TenGigabitEthernet0/0/0.311
 description er-oslo primary private peering
 encapsulation dot1Q 311
 vrf forwarding CLOUD
 ip address 172.16.31.1 255.255.255.252
router bgp 64500
 address-family ipv4 vrf CLOUD
  network 10.20.0.0 mask 255.255.0.0
  neighbor 172.16.31.2 remote-as 12076
  neighbor 172.16.31.2 description er-oslo primary private peering
  neighbor 172.16.31.2 activate
  neighbor 172.16.31.2 prefix-list OUT out
 exit-address-family
ip route vrf CLOUD 10.20.0.0 255.255.0.0 Null0
ip prefix-list OUT seq 10 permit 10.20.0.0/16
end
";

/// A Junos router with two links of another circuit; `options` and `policies` stand in their sections,
/// `bgp` on the level of the protocol and `group` in the group.
fn junos_edge(options: &str, policies: &str, [bgp, group]: [&str; 2]) -> String {
    format!(
        "version 22.4R3;
system {{
    host-name edge-riga;
}}
interfaces {{
    xe-0/0/0 {{
        unit 320 {{
            description \"er-riga primary Microsoft peering\";
            vlan-id 320;
            family inet {{
                address 192.0.2.9/30;
            }}
        }}
    }}
    xe-0/0/1 {{
        unit 320 {{
            description \"er-riga secondary Microsoft peering\";
            vlan-id 320;
            family inet {{
                address 192.0.2.13/30;
            }}
        }}
    }}
    xe-0/0/2 {{
        unit 0 {{
            family inet {{
                address 10.30.0.1/24;
            }}
        }}
    }}
}}
routing-options {{
    {options}
    autonomous-system 64500;
}}
policy-options {{
    {policies}
}}
protocols {{
    bgp {{
        {bgp}
        group MSFT {{
            type external;
            peer-as 12076;
            {group}
            neighbor 192.0.2.10 {{
                description \"er-riga primary Microsoft peering\";
            }}
            neighbor 192.0.2.14 {{
                description \"er-riga secondary Microsoft peering\";
            }}
        }}
    }}
}}
"
    )
}

/// A policy that accepts what its conditions say, and nothing else.
fn only(name: &str, from: &str) -> String {
    format!(
        "policy-statement {name} {{ term own {{ from {{ {from} }} then accept; }} then reject; }}"
    )
}

const PREFIX: [&str; 2] = ["203.0.113.0/28", "203.0.113.16/28"];
const FIXED: &str = "static { route 203.0.113.0/28 discard; }";
const EXPORT: [&str; 2] = ["", "export OUT;"];

#[test]
fn a_prefix_of_both_edges_is_found_whatever_route_it_is_on_junos() {
    let exact = |protocol: &str| {
        only("OUT", &format!("protocol {protocol}; route-filter 203.0.113.0/28 exact;"))
    };
    let part = "static { route 203.0.113.0/30 discard; }";
    let cases = [
        ("static", FIXED.to_owned(), exact("static")),
        (
            "static, next hop",
            "static { route 203.0.113.0/28 next-hop 10.30.0.2; }".to_owned(),
            exact("static"),
        ),
        ("aggregate", format!("aggregate {{ route 203.0.113.0/28; }} {part}"), exact("aggregate")),
        ("generated", format!("generate {{ route 203.0.113.0/28; }} {part}"), exact("aggregate")),
        (
            "by its tag",
            "static { route 203.0.113.0/28 { discard; tag 7; } }".to_owned(),
            only("OUT", "tag 7;"),
        ),
    ];
    for (case, options, policies) in &cases {
        expect_shared(case, PREFIX_RULE, IOS_EDGE, &junos_edge(options, policies, EXPORT), PREFIX);
    }
    let direct = junos_edge(
        "",
        &only("OUT", "protocol direct; route-filter 203.0.113.0/24 orlonger;"),
        EXPORT,
    )
    .replace("10.30.0.1/24", "203.0.113.1/28");
    expect_shared(
        "a subnet of its own",
        PREFIX_RULE,
        IOS_EDGE,
        &direct,
        ["203.0.113.", "198.51.100."],
    );
    // It comes from OSPF: only where the device speaks OSPF.
    let without = junos_edge("", &exact("ospf"), EXPORT);
    let ospf = "protocols {\n    ospf { area 0.0.0.0 { interface xe-0/0/2.0; } }";
    let with = without.replace("protocols {", ospf);
    expect_shared("named, from OSPF", PREFIX_RULE, IOS_EDGE, &with, PREFIX);
    let files = [("a-ios.cfg", IOS_EDGE), ("b-junos.conf", &without)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert!(findings(&files, PREFIX_RULE).is_empty());
}

#[test]
fn a_prefix_of_both_edges_is_found_whatever_policy_lets_it_out() {
    let list = "prefix-list OWN { 203.0.113.0/28; }";
    let first = "policy-statement FIRST { term none { from protocol rip; then reject; } }";
    let mark = "community OWN members 64500:1; policy-statement MARK { term own { from protocol static; then { community add OWN; next policy; } } }";
    let fixed = || only("OUT", "protocol static;");
    let cases = [
        ("list", format!("{list} {}", only("OUT", "protocol static; prefix-list OWN;")), EXPORT),
        ("range", only("OUT", "route-filter 203.0.113.0/28 orlonger;"), EXPORT),
        ("length", only("OUT", "route-filter 203.0.113.0/28 upto /30;"), EXPORT),
        (
            "filter of a list",
            format!("{list} {}", only("OUT", "prefix-list-filter OWN orlonger;")),
            EXPORT,
        ),
        (
            "list of filters",
            format!(
                "route-filter-list OWN {{ 203.0.113.0/28 exact; }} {}",
                only("OUT", "route-filter-list OWN;")
            ),
            EXPORT,
        ),
        ("at the level of the protocol", fixed(), ["export OUT;", ""]),
        ("second of a chain", format!("{first} {}", fixed()), ["", "export [ FIRST OUT ];"]),
        (
            "policy asked by a policy",
            format!(
                "{} {}",
                only("INNER", "route-filter 203.0.113.0/28 exact;"),
                only("OUT", "policy INNER;")
            ),
            EXPORT,
        ),
        (
            "community set before",
            format!("{mark} {}", only("OUT", "community OWN;")),
            ["", "export [ MARK OUT ];"],
        ),
    ];
    for (case, policies, levels) in &cases {
        expect_shared(case, PREFIX_RULE, IOS_EDGE, &junos_edge(FIXED, policies, *levels), PREFIX);
    }
}

#[test]
fn a_prefix_is_found_in_both_families_and_in_instances() {
    let six = junos_edge(
        "rib inet6.0 { static { route 2001:db8:4500::/56 discard; } }",
        &format!(
            "prefix-list OWN6 {{ 2001:db8:4500::/56; }} {}",
            only("OUT", "protocol static; prefix-list OWN6;")
        ),
        ["", "export OUT; family inet6 { unicast; }"],
    );
    let six = six
        .replace(
            "family inet {\n                address 192.0.2.9/30",
            "family inet6 {\n                address 2001:db8:ff00:320::1/126",
        )
        .replace(
            "family inet {\n                address 192.0.2.13/30",
            "family inet6 {\n                address 2001:db8:ff00:320::5/126",
        )
        .replace("neighbor 192.0.2.10", "neighbor 2001:db8:ff00:320::2")
        .replace("neighbor 192.0.2.14", "neighbor 2001:db8:ff00:320::6");
    expect_shared(
        "IPv6",
        PREFIX_RULE,
        IOS_EDGE_6,
        &six,
        ["2001:db8:4500::/56", "2001:db8:4600::/56"],
    );
    let instance = "version 22.4R3;
system { host-name edge-riga; }
interfaces {
    xe-0/0/0 { unit 321 { description \"er-riga primary private peering\"; vlan-id 321; family inet { address 172.16.32.1/30; } } }
}
routing-options { autonomous-system 64500; }
policy-options { policy-statement OUT { term own { from { protocol static; route-filter 10.20.0.0/16 exact; } then accept; } then reject; } }
routing-instances {
    CLOUD {
        instance-type virtual-router;
        interface xe-0/0/0.321;
        routing-options { static { route 10.20.0.0/16 discard; } }
        protocols { bgp { group AZURE { type external; peer-as 12076; export OUT;
            neighbor 172.16.32.2 { description \"er-riga primary private peering\"; } } } }
    }
}
";
    expect_shared(
        "routing instance",
        PREFIX_RULE,
        IOS_EDGE_VRF,
        instance,
        ["10.20.0.0/16", "10.21.0.0/16"],
    );
}

/// An IOS router that translates towards the internet by `rules`.
fn ios_internet(rules: &str) -> String {
    format!(
        "version 17.9
hostname edge-net
interface GigabitEthernet0/0/0
 description Transit AS 64497
 ip address 192.0.2.66 255.255.255.252
 ip nat outside
interface GigabitEthernet0/0/1
 description inside
 ip address 10.30.0.1 255.255.255.0
 ip nat inside
router bgp 64500
 neighbor 192.0.2.65 remote-as 64497
 neighbor 192.0.2.65 description Transit
 address-family ipv4
  network 203.0.113.0 mask 255.255.255.0
  neighbor 192.0.2.65 activate
 exit-address-family
ip route 203.0.113.0 255.255.255.0 Null0
{rules}
ip access-list standard INSIDE
 permit 10.30.0.0 0.0.255.255
end
"
    )
}

/// An IOS router that translates towards its circuit by `rules`.
fn ios_circuit(rules: &str) -> String {
    let inside =
        "interface GigabitEthernet0/0/3\n ip address 10.40.0.1 255.255.255.0\n ip nat inside\n";
    let outside = IOS_EDGE
        .replace(" encapsulation dot1Q 310\n", " encapsulation dot1Q 310\n ip nat outside\n");
    let access = "ip access-list standard INSIDE\n permit 10.40.0.0 0.0.255.255\n";
    outside
        .replace("router bgp", &format!("{inside}router bgp"))
        .replace("end\n", &format!("{rules}\n{access}end\n"))
}

/// An SRX with the zones `inside` and `outside`, and `nat`; `session` stands in BGP and says what
/// lies behind the zone `outside`.
fn srx(nat: &str, outside: [&str; 2], session: &str) -> String {
    let [description, address] = outside;
    format!(
        "version 21.4R3;
system {{ host-name fw; }}
security {{
    nat {{ {nat} }}
    zones {{
        security-zone inside {{ interfaces {{ ge-0/0/3.0; }} }}
        security-zone outside {{ interfaces {{ ge-0/0/0.310; }} }}
    }}
}}
interfaces {{
    ge-0/0/0 {{ unit 310 {{ description \"{description}\"; vlan-id 310; family inet {{ address {address}; }} }} }}
    ge-0/0/3 {{ unit 0 {{ family inet {{ address 10.20.0.1/24; }} }} }}
}}
policy-options {{ policy-statement OUT {{ term own {{ from protocol static; then accept; }} then reject; }} }}
routing-options {{ static {{ route 203.0.113.0/24 discard; }} autonomous-system 64500; }}
protocols {{ bgp {{ group OUTSIDE {{ type external; export OUT; {session} }} }} }}
"
    )
}

const CIRCUIT: [&str; 2] = ["er-oslo primary Microsoft peering", "192.0.2.9/30"];
const CIRCUIT_SESSION: &str =
    "peer-as 12076; neighbor 192.0.2.10 { description \"er-oslo primary Microsoft peering\"; }";
const INTERNET_SESSION: &str = "peer-as 64497; neighbor 198.51.100.1 { description Transit; }";
const INTERNET: [&str; 2] = ["Transit AS 64497", "198.51.100.2/30"];

const POOL: &str = "source {
    pool USERS { address { 203.0.113.4/30; } }
    rule-set OUT { from zone inside; to zone outside;
        rule users { match { source-address 10.20.0.0/16; } then { source-nat { pool { USERS; } } } } } }";
const STATIC: &str = "static { rule-set IN { from zone outside;
    rule server { match { destination-address 203.0.113.5/32; } then { static-nat { prefix { 10.20.0.5/32; } } } } } }";
const STATIC_NET: &str = "static { rule-set IN { from zone outside;
    rule servers { match { destination-address 203.0.113.4/30; } then { static-nat { prefix { 10.20.0.4/30; } } } } } }";
const TO_INTERFACE: &str = "source {
    pool USERS { address { 203.0.113.4/32 to 203.0.113.6/32; } }
    rule-set OUT { from zone inside; to interface ge-0/0/0.310;
        rule users { match { source-address 10.20.0.0/16; } then { source-nat { pool { USERS; } } } } } }";

#[test]
fn a_translated_address_of_an_ios_router_and_an_srx_is_found_whichever_faces_the_circuit() {
    let pool = "ip nat pool USERS 203.0.113.5 203.0.113.6 prefix-length 29\nip nat inside source list INSIDE pool USERS overload";
    let fixed = "ip nat inside source static 10.30.0.5 203.0.113.5";
    let apart = ["203.0.113.", "198.51.100."];
    for (name, nat) in [
        ("pool", POOL),
        ("static", STATIC),
        ("network", STATIC_NET),
        ("towards an interface", TO_INTERFACE),
    ] {
        for (ios_name, rules) in [("IOS pool", pool), ("IOS static", fixed)] {
            let case = format!("SRX {name} towards the circuit, {ios_name} towards the internet");
            let text = srx(nat, CIRCUIT, CIRCUIT_SESSION);
            expect_shared(&case, NAT_RULE, &ios_internet(rules), &text, apart);
            let case = format!("SRX {name} towards the internet, {ios_name} towards the circuit");
            let text = srx(nat, INTERNET, INTERNET_SESSION);
            let rules = rules.replace("10.30.0.5", "10.40.0.5");
            expect_shared(&case, NAT_RULE, &ios_circuit(&rules), &text, apart);
        }
    }
}

#[test]
fn an_address_that_an_srx_lends_from_its_interface_is_found() {
    let nat = "source { rule-set OUT { from zone inside; to zone outside;
        rule users { match { source-address 10.20.0.0/16; } then { source-nat { interface; } } } } }";
    let session = "peer-as 64497; neighbor 203.0.113.6 { description Transit; }";
    let text = srx(nat, ["Transit AS 64497", "203.0.113.5/30"], session);
    for rules in [
        "ip nat pool USERS 203.0.113.4 203.0.113.7 prefix-length 29\nip nat inside source list INSIDE pool USERS overload",
        "ip nat inside source static 10.40.0.5 203.0.113.5",
    ] {
        expect_shared(
            "interface",
            NAT_RULE,
            &ios_circuit(rules),
            &text,
            ["203.0.113.5", "203.0.113.133"],
        );
    }
}
