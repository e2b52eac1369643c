//! Translations of all forms as text in, rules in the device's order out.

use edgelint_model::{Device, NatDirection, NatSelector, Translation};
use std::fmt::Write;

use crate::asa::rendering::device;

fn prefixes(interval: edgelint_prefix::Interval) -> String {
    let all = interval.prefixes();
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("+")
}

fn show(device: &Device<'_>) -> String {
    let mut text = String::new();
    for rule in &device.nat.rules {
        let from = match &rule.selector {
            NatSelector::AccessList(list) => format!("list {}", list.value),
            NatSelector::Addresses(it) => prefixes(*it),
            NatSelector::Objects(name) => format!("all of {}", name.value),
            NatSelector::Any => "any".to_owned(),
            other => format!("{other:?}"),
        };
        let to = match &rule.translation {
            Translation::Pool(pool) => format!("pool {}", pool.value),
            Translation::Addresses(it) => prefixes(it.value),
            Translation::Egress(_) => "egress".to_owned(),
            Translation::Identity => "itself".to_owned(),
            Translation::Interface(name) => format!("interface {}", name.value),
        };
        let names = |names: &[edgelint_model::Fact<&str>]| {
            names.iter().map(|it| it.value).collect::<Vec<_>>().join(" ")
        };
        let (ways, out) = (names(&rule.ingress), names(&rule.egress));
        write!(text, "{ways}>{out}: {from} -> {to}").unwrap();
        let flags = [
            ("static", rule.is_static),
            ("shared", rule.overload),
            ("port", rule.port),
            ("narrowed", rule.narrowed),
            ("inactive", rule.inactive),
            ("everywhere", rule.everywhere),
            ("destination", rule.direction == NatDirection::Destination),
        ];
        for (flag, _) in flags.iter().filter(|(_, on)| *on) {
            write!(text, " {flag}").unwrap();
        }
        writeln!(text).unwrap();
    }
    for pool in &device.nat.pools {
        let ranges = pool.ranges.iter().map(|it| prefixes(it.value)).collect::<Vec<_>>().join(" ");
        let partly = pool.details.as_ref().is_some_and(|details| details.incomplete.is_some());
        writeln!(text, "{} {ranges}{}", pool.name, if partly { " and more" } else { "" }).unwrap();
    }
    let unknown = device.coverage.unknown.len();
    if unknown > 0 {
        writeln!(text, "{unknown} unknown, {} blind", device.nat.blind.len()).unwrap();
    }
    text
}

#[test]
fn twice_nat_in_all_forms() {
    let objects = "object network A\n subnet 10.0.0.0 255.0.0.0\nobject network P\n host 203.0.113.1\n\
                   object network R\n range 203.0.113.8 203.0.113.11\nobject network B\n host 10.9.9.9\n\
                   object-group network G\n network-object object P\n network-object 203.0.113.64 255.255.255.192\n\
                   object-group network PARTLY\n group-object G\n network-object object NOWHERE\n";
    let table = [
        ("nat (in,out) source static A A", "in>out: 10.0.0.0/8 -> itself static\n"),
        (
            "nat (in,out) source dynamic A P",
            "in>out: 10.0.0.0/8 -> pool P shared\nP 203.0.113.1/32\n",
        ),
        ("nat (in,out) source dynamic A R", "in>out: 10.0.0.0/8 -> pool R\nR 203.0.113.8/30\n"),
        (
            "nat (in,out) source dynamic any pat-pool R flat include-reserve interface",
            "in>out: any -> pool R shared\nin>out: any -> egress shared\nR 203.0.113.8/30\n",
        ),
        (
            "nat (in,out) source dynamic G R interface",
            "in>out: all of G -> pool R\nin>out: all of G -> egress\nR 203.0.113.8/30\n",
        ),
        (
            "nat (in,out) source dynamic any PARTLY",
            "in>out: any -> pool PARTLY\nPARTLY 203.0.113.1/32 203.0.113.64/26 and more\n",
        ),
        (
            "nat (in,out) source static B P destination static A A service S S unidirectional no-proxy-arp route-lookup description x",
            "in>out: 10.9.9.9/32 -> pool P static port narrowed\nP 203.0.113.1/32\n",
        ),
        (
            "nat (out,in) source static any any destination static P B",
            "in>out: 10.9.9.9/32 -> pool P static\nP 203.0.113.1/32\n",
        ),
        (
            "nat (out,in) source static any any destination static interface B service S S inactive",
            "in>out: 10.9.9.9/32 -> egress static port narrowed inactive\n",
        ),
        ("nat (in,out) source dynamic A P\nno nat (in,out) source dynamic A P", ""),
        ("nat (in,out) source dynamic A", "1 unknown, 1 blind\n"),
        ("nat (in,out) source static A interface", "in>out: 10.0.0.0/8 -> egress static\n"),
    ];
    for (text, expected) in table {
        assert_eq!(device(&format!("{objects}{text}\n"), show), expected, "{text}");
    }
}

#[test]
fn translation_of_objects() {
    let table = [
        (
            "host 10.0.0.1\n nat (in,out) static 203.0.113.1 service tcp 8080 80",
            "in>out: 10.0.0.1/32 -> 203.0.113.1/32 static port\n",
        ),
        (
            "subnet 10.0.0.0 255.255.255.0\n nat (in,out) static 203.0.113.7",
            "in>out: 10.0.0.0/24 -> 203.0.113.0/24 static\n",
        ),
        (
            "range 10.0.0.5 10.0.0.7\n nat (in,out) static 203.0.113.1",
            "in>out: 10.0.0.5/32+10.0.0.6/31 -> 203.0.113.1/32+203.0.113.2/31 static\n",
        ),
        (
            "host 10.0.0.1\n nat (in,out) dynamic interface",
            "in>out: 10.0.0.1/32 -> egress shared\n",
        ),
        (
            "subnet 10.0.0.0 255.0.0.0\n nat (in,out) dynamic 203.0.113.1 dns",
            "in>out: 10.0.0.0/8 -> 203.0.113.1/32 shared\n",
        ),
        (
            "subnet 10.0.0.0 255.0.0.0\n nat (in,out) dynamic pat-pool NOWHERE",
            "in>out: 10.0.0.0/8 -> pool NOWHERE shared\n",
        ),
        ("fqdn v4 www.example.com\n nat (in,out) static X", "in>out: all of O -> pool X static\n"),
        ("host 10.0.0.1\n nat (in,out) static 10.0.0.1", "in>out: 10.0.0.1/32 -> itself static\n"),
        ("host 10.0.0.1\n nat (in,out) magic", "1 unknown, 1 blind\n"),
    ];
    for (text, expected) in table {
        assert_eq!(device(&format!("object network O\n {text}\n"), show), expected, "{text}");
    }
}

#[test]
fn a_rule_for_any_interface_says_so() {
    let text = "object network O\n host 10.0.0.1\n nat (in,any) static 203.0.113.1\nnat source dynamic any interface\n";
    assert_eq!(
        device(text, show),
        ">: any -> egress shared everywhere\nin>: 10.0.0.1/32 -> 203.0.113.1/32 static everywhere\n"
    );
}

#[test]
fn groups_that_name_each_other_end() {
    let mut text = "object-group network G\n group-object H\n network-object host 10.0.0.1\n\
                    object-group network H\n group-object G\n group-object H\n"
        .to_owned();
    for number in 0..40 {
        let next = number + 1;
        text.push_str(&format!(
            "object-group network N{number}\n group-object N{next}\n group-object N{next}\n"
        ));
    }
    text.push_str("nat (in,out) source dynamic N0 G\n");
    assert_eq!(device(&text, show), "in>out: all of N0 -> pool G shared\nG 10.0.0.1/32\n");
}

#[test]
fn rules_stand_in_the_order_in_which_the_device_takes_them() {
    let text = "object network WIDE\n subnet 10.0.0.0 255.0.0.0\n nat (in,out) static 11.0.0.0\n\
                object network FEW\n subnet 10.1.0.0 255.255.255.0\n nat (in,out) dynamic interface\n\
                object network ONE\n host 10.2.0.2\n nat (in,out) static 203.0.113.2\n\
                object network ALSO\n host 10.2.0.1\n nat (in,out) static 203.0.113.1\n\
                nat (in,out) after-auto source dynamic any interface\n\
                nat (in,out) source static FEW FEW\nnat (in,out) 1 source static ONE ONE\n";
    let shown = device(text, |device| {
        device
            .nat
            .rules
            .iter()
            .map(|rule| match &rule.selector {
                NatSelector::Addresses(it) => prefixes(*it),
                _ => "any".to_owned(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    });
    assert_eq!(shown, "10.2.0.2/32 10.1.0.0/24 10.2.0.1/32 10.2.0.2/32 10.0.0.0/8 10.1.0.0/24 any");
}

#[test]
fn statements_before_release_8_3() {
    let table = [
        (
            "global (out) 1 203.0.113.4-203.0.113.7 netmask 255.255.255.0\nglobal (out) 1 interface\nnat (in) 1 10.0.0.0 255.0.0.0 tcp 5 6 udp 7",
            "in>out: 10.0.0.0/8 -> 203.0.113.4/30\nin>out: 10.0.0.0/8 -> egress shared\n",
        ),
        ("nat (in) 0 access-list L\nnat (in) 0 0 0", "in>: list L -> itself\nin>: any -> itself\n"),
        ("nat (in) 1 0 0\nglobal (dmz) 2 10.0.0.1", ""),
        (
            "static (in,out) 203.0.113.1 10.0.0.1 netmask 255.255.255.255 0 0",
            "in>out: 10.0.0.1/32 -> 203.0.113.1/32 static\n",
        ),
        (
            "static (in,out) 203.0.113.0 10.0.0.0 netmask 255.255.255.0",
            "in>out: 10.0.0.0/24 -> 203.0.113.0/24 static\n",
        ),
        (
            "name 203.0.113.9 pub\nname 10.0.0.9 own\nstatic (in,out) tcp pub www own 8080",
            "in>out: 10.0.0.9/32 -> 203.0.113.9/32 static port\n",
        ),
        (
            "static (in,out) tcp interface 25 access-list L",
            "in>out: list L -> egress static port narrowed\n",
        ),
        (
            "static (in,dmz) 10.0.0.0 10.0.0.0 netmask 255.0.0.0",
            "in>dmz: 10.0.0.0/8 -> itself static\n",
        ),
        (
            "nat (in) 1 10.1.0.0 255.255.0.0\nnat (in) 1 access-list L\nnat (in) 1 10.1.1.0 255.255.255.0\n\
             global (out) 1 interface\nstatic (in,out) 203.0.113.1 10.0.0.1\nnat (in) 0 access-list N",
            "in>: list N -> itself\nin>out: 10.0.0.1/32 -> 203.0.113.1/32 static\nin>out: list L -> egress shared\n\
             in>out: 10.1.1.0/24 -> egress shared\nin>out: 10.1.0.0/16 -> egress shared\n",
        ),
        ("global (out) 1 203.0.113.7-203.0.113.4", "1 unknown, 1 blind\n"),
        ("nat (in) 1 0 0\nglobal (out) 1 interface\nno global (out) 1 interface", ""),
    ];
    for (text, expected) in table {
        assert_eq!(device(text, show), expected, "{text}");
    }
}

#[test]
fn interfaces_get_the_side_that_translation_gives_them() {
    let text = "interface Ethernet0\n nameif in\ninterface Ethernet1\n nameif out\ninterface Ethernet2\n nameif idle\n\
                nat (in,out) source dynamic any interface\n";
    let sides = device(text, |device| {
        let side = |it: &edgelint_model::Interface<'_>| format!("{:?}", it.nat.map(|it| it.value));
        device.interfaces.iter().map(side).collect::<Vec<_>>().join(" ")
    });
    assert_eq!(sides, "Some(Inside) Some(Outside) None");
}
