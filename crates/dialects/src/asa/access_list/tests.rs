//! Access lists as text in, entries out.

use edgelint_model::{AccessMatch, Device};
use std::fmt::Write;

use crate::asa::rendering::device;

fn show(device: &Device<'_>) -> String {
    let mut text = String::new();
    for list in &device.access_lists {
        write!(text, "{}:", list.name).unwrap();
        for entry in &list.entries {
            let side = |side: AccessMatch| match side {
                AccessMatch::Any => "any".to_owned(),
                AccessMatch::Prefix(prefix) => prefix.to_string(),
                AccessMatch::Routes(range) => range.to_string(),
                AccessMatch::Group(_) => "group".to_owned(),
                AccessMatch::Wildcard { .. } => "wildcard".to_owned(),
            };
            let action = if entry.permit { '+' } else { '-' };
            let narrowed = if entry.narrowed { "*" } else { "" };
            write!(text, " {action}{narrowed}{}", side(entry.source)).unwrap();
            entry.destination.iter().for_each(|it| write!(text, ">{}", side(*it)).unwrap());
        }
        write!(text, "|").unwrap();
    }
    for unknown in &device.coverage.unknown {
        write!(text, "{:?}", unknown.state).unwrap();
    }
    text
}

#[test]
fn entries_of_all_forms() {
    let table = [
        ("access-list A extended permit ip any any", "A: +any>any|"),
        (
            "access-list A permit ip host 10.0.0.1 10.1.0.0 255.255.0.0",
            "A: +10.0.0.1/32>10.1.0.0/16|",
        ),
        (
            "access-list A extended permit tcp any4 gt 1023 object O eq www log 6 interval 30",
            "A: +*any>group|",
        ),
        (
            "access-list A extended deny object-group P object-group S interface outside",
            "A: -*group>group|",
        ),
        (
            "access-list A extended permit icmp any host 2001:db8::1 echo-reply",
            "A: +*any>2001:db8::1/128|",
        ),
        ("access-list A extended permit ip user LOCAL\\bob any any", "A: +*any>any|"),
        ("access-list A standard permit 10.0.0.0 255.0.0.0", "A: +10.0.0.0/8|"),
        ("access-list A standard deny any4", "A: -any|"),
        ("access-list A extended permit ip any any inactive", "A:|"),
        (
            "access-list A remark text\naccess-list A extended permit ip any any time-range T",
            "A: +*any>any|",
        ),
        (
            "access-list A permit ip any any\naccess-list A line 1 deny ip any 10.0.0.0 255.0.0.0",
            "A: -any>10.0.0.0/8 +any>any|",
        ),
        ("access-list A permit ip any any\nno access-list A permit ip any any", "A:|"),
        ("access-list A permit ip any any\nno access-list A", ""),
        ("access-list E ethertype permit bpdu", ""),
        ("access-list alert-interval 300", ""),
        ("access-list A extended permit ip 10.0.0.0 0.0.0.255 any", "A:|Unmodelled"),
        ("ipv6 access-list S permit tcp any6 2001:db8::/32 eq bgp", "S: +*any>2001:db8::/32|"),
    ];
    for (text, expected) in table {
        assert_eq!(device(text, show), expected, "{text}");
    }
}

#[test]
fn filters_stand_on_their_interfaces() {
    let text = "access-group OLD in interface out\naccess-group A in interface out\naccess-group B out interface out\n\
                access-group G global\nno access-group B out interface out\ninterface Ethernet0\n nameif out\n";
    let shown = device(text, |device| {
        let options = &device.interfaces[0].options;
        let name =
            |it: Option<edgelint_model::Fact<&str>>| it.map_or("-", |it| it.value).to_owned();
        let uses = device.uses.iter().filter(|it| it.kind == edgelint_model::ObjectKind::Acl);
        let uses: Vec<_> = uses.map(|it| it.name).collect();
        format!("{} {} {uses:?}", name(options.filter_in), name(options.filter_out))
    });
    assert_eq!(shown, "A - [\"A\", \"G\"]");
}
