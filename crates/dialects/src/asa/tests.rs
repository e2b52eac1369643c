//! Whole configurations of ASA: contexts, and that no statement is lost whatever stands there.

use edgelint_model::State;
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

/// The devices of a text: name, and how many rules of translation, a device each.
fn devices(text: &str) -> String {
    let tree = super::layout::lay_out(Lines::split(FileId(0), text));
    let arena = Arena::new();
    let devices = super::read(&tree, &arena);
    let states = [State::Modelled, State::Inert, State::Unmodelled, State::Opaque];
    let counted: u32 =
        devices.iter().flat_map(|it| states.map(|state| it.coverage.total(state))).sum();
    assert_eq!(counted as usize, tree.nodes.len(), "each statement is counted once");
    let shown = devices.iter().map(|it| {
        let name = it.hostname.map_or("-", |name| name.value);
        format!("{name} {}", it.nat.rules.len())
    });
    shown.collect::<Vec<_>>().join("|")
}

#[test]
fn contexts_are_devices_of_their_own() {
    let table = [
        ("hostname a\nnat (x,y) source dynamic any interface\n", "a 1"),
        ("", "- 0"),
        ("ASA Version 9.1\nhostname a\nASA Version 9.1\nhostname b\n", "a 0|b 0"),
        ("changeto context a\nASA Version 9.1\nnames\nchangeto context b\nhostname c\n", "a 0|c 0"),
        (
            ": Saved\nASA Version 9.1\nhostname a\n----------=== [ CONTEXT b ] ===----------\nASA Version 9.1\n",
            "a 0|- 0",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(devices(text), expected, "{text}");
    }
}

/// Words that steer the parsers into every corner, and some that fit nowhere.
const WORDS: &[&str] = &[
    "no",
    "nat",
    "(in,out)",
    "(in)",
    "source",
    "static",
    "dynamic",
    "any",
    "interface",
    "ipv6",
    "A",
    "B",
    "destination",
    "service",
    "pat-pool",
    "after-auto",
    "description",
    "inactive",
    "global",
    "1",
    "0",
    "192.0.2.1",
    "192.0.2.1-192.0.2.9",
    "255.255.255.0",
    "netmask",
    "tcp",
    "access-list",
    "extended",
    "permit",
    "host",
    "object",
    "object-group",
    "network",
    "network-object",
    "group-object",
    "range",
    "subnet",
    "fqdn",
    "name",
    "nameif",
    "security-level",
    "security50",
    "ip",
    "address",
    "standby",
    "route",
    "Null0",
    "track",
    "router",
    "bgp",
    "64500",
    "address-family",
    "ipv4",
    "unicast",
    "neighbor",
    "remote-as",
    "activate",
    "route-map",
    "match",
    "set",
    "prefix-list",
    "10.0.0.0/8",
    "2001:db8::1",
    "exit",
    "changeto",
    "context",
    "ASA",
    "Version",
    "(",
    ")",
    "(,)",
    "99999999999",
    "-1",
    "\u{fe}",
    ":",
    "exit-address-family",
];

proptest::proptest! {
    /// Whatever stands there: nothing panics, and each statement is counted once.
    #[test]
    fn any_lines_are_counted_once(
        lines in proptest::collection::vec((0_usize..3, proptest::collection::vec(0..WORDS.len(), 0..9)), 0..25)
    ) {
        let mut text = String::new();
        for (indent, words) in lines {
            let words: Vec<_> = words.iter().filter_map(|at| WORDS.get(*at).copied()).collect();
            text.push_str(&format!("{:indent$}{}\n", "", words.join(" ")));
        }
        devices(&text);
        devices(&format!("object network A\n{text}nat (in,out) source static A B\nrouter bgp 1\n{text}"));
    }
}
