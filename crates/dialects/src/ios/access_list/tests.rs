//! Unit tests of access lists.

use crate::ios::rendering::device;

fn lists(text: &str) -> String {
    device(text, |device| {
        let mut said: Vec<String> = device
            .access_lists
            .iter()
            .map(|list| {
                let entries = list.entries.iter().map(|entry| {
                    let action = if entry.permit { '+' } else { '-' };
                    let to = entry
                        .destination
                        .map_or(String::new(), |to| format!(" > {}", side(text, &to)));
                    let narrowed = if entry.narrowed { "!" } else { "" };
                    let number = entry.sequence.map_or(String::new(), |number| number.to_string());
                    format!(" {number}{action}{}{to}{narrowed}", side(text, &entry.source))
                });
                format!("{}:{}", list.name, entries.collect::<String>())
            })
            .collect();
        said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
        said.join("|")
    })
}

fn side(text: &str, side: &edgelint_model::AccessMatch) -> String {
    match side {
        edgelint_model::AccessMatch::Any => "any".to_owned(),
        edgelint_model::AccessMatch::Wildcard { address, wildcard } => {
            format!("{address}~{wildcard}")
        }
        edgelint_model::AccessMatch::Prefix(prefix) => prefix.to_string(),
        edgelint_model::AccessMatch::Routes(range) => range.to_string(),
        edgelint_model::AccessMatch::Group(name) => {
            text[name.start as usize..name.end as usize].to_owned()
        }
    }
}

#[test]
fn every_form_of_list() {
    let table = [
        (
            "access-list 1 permit 10.0.0.0 0.0.0.255\naccess-list 1 deny any log",
            "1: +10.0.0.0~0.0.0.255 -any",
        ),
        (
            "access-list 1 permit 10.0.0.1\naccess-list 1 remark any old text",
            "1: +10.0.0.1~0.0.0.0",
        ),
        ("access-list 1 permit host 10.0.0.1", "1: +10.0.0.1~0.0.0.0"),
        (
            "access-list 101 permit tcp any host 10.0.0.1 eq www 443 log",
            "101: +any > 10.0.0.1~0.0.0.0!",
        ),
        (
            "access-list 101 permit ip 10.0.0.0 0.255.255.255 255.0.0.0 0.255.0.0",
            "101: +10.0.0.0~0.255.255.255 > 255.0.0.0~0.255.0.0",
        ),
        ("access-list 101 deny ip any any log", "101: -any > any"),
        (
            "ip access-list extended A\n 20 deny udp any range 1 9 any\n 10 permit tcp any any established\n remark x",
            "A: 10+any > any! 20-any > any!",
        ),
        ("ip access-list standard A\n 10 permit any\n no 10", "A:"),
        ("ip access-list extended A\n permit ip object-group G any", "A: +G > any"),
        (
            "ipv6 access-list A\n sequence 5 permit ipv6 2001:db8::/32 any",
            "A: 5+2001:db8::/32 > any",
        ),
        (
            "ipv6 access-list A\n permit tcp any host 2001:db8::1 eq bgp sequence 7",
            "A: 7+any > 2001:db8::1/128!",
        ),
        ("access-list 101 permit icmp any any echo-reply", "101: +any > any!"),
        ("access-list 101 permit icmp any any 3 4", "101: +any > any!"),
        ("access-list 101 permit nonsense any any", "101:|Unmodelled"),
        ("access-list 1 permit any\nno access-list 1", ""),
        ("access-list 1 permit 10.0.0.0 0.0.0.255 x", "1:|Unmodelled"),
        ("access-list 700 permit 0000.0000.0000 ffff.ffff.ffff", ""),
    ];
    for (text, expected) in table {
        assert_eq!(lists(text), expected, "{text}");
    }
}
