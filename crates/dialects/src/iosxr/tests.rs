//! Statements of every kind, whole and mangled: what is read of them, and that each is counted once.

use std::fmt::Write;

use edgelint_model::{Device, Part, State, Step};
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

/// Reads a text and shows the device; each statement is counted once.
fn device(text: &str, show: impl FnOnce(&Device<'_>) -> String) -> String {
    let arena = Arena::new();
    let tree = super::layout::lay_out(Lines::split(FileId(0), text));
    let devices = super::read(&tree, &arena);
    let counted: u32 = Part::ALL
        .iter()
        .flat_map(|part| {
            [State::Modelled, State::Inert, State::Unmodelled, State::Opaque]
                .map(|state| devices[0].coverage.of(*part, state))
        })
        .sum();
    assert_eq!(counted as usize, tree.nodes.len(), "each statement is counted once\n{text}");
    show(&devices[0])
}

/// The policies with their steps, in short.
fn policies(text: &str) -> String {
    fn steps(found: &[Step<'_>], text: &mut String) {
        for step in found {
            match step {
                Step::Set(action) => write!(text, " {:?}", action.value).unwrap(),
                Step::Call(name) => write!(text, " call {}", name.value).unwrap(),
                Step::Pass(_) => text.push_str(" pass"),
                Step::End(verdict) => write!(text, " {:?}", verdict.value).unwrap(),
                Step::Branch(arms) => {
                    for arm in arms {
                        text.push_str(" [");
                        steps(&arm.steps, text);
                        text.push_str(" ]");
                    }
                }
            }
        }
    }
    device(text, |device| {
        let mut text = String::new();
        for policy in &device.policies {
            write!(text, "{}:", policy.name).unwrap();
            policy.clauses.iter().for_each(|clause| steps(&clause.steps, &mut text));
            let blind = policy.blind.len();
            writeln!(text, "{}", if blind == 0 { "" } else { " blind" }).unwrap();
        }
        text
    })
}

#[test]
fn each_list_of_values_makes_a_policy() {
    let text = "route-policy INNER($a, $b)\n set med $a\n set community (64500:$b)\nend-policy\n\
                route-policy OUTER($x)\n apply INNER($x, 7)\nend-policy\n\
                router bgp 64500\n neighbor 192.0.2.2\n  address-family ipv4 unicast\n   route-policy OUTER(5) in\n   route-policy OUTER(6) out\n";
    let shown = policies(text);
    let expected = [
        "INNER(5, 7): Med(Set(5)) Community(Replace([Community(4227858439)]))",
        "INNER(6, 7): Med(Set(6)) Community(Replace([Community(4227858439)]))",
        "OUTER(5): call INNER(5, 7)",
        "OUTER(6): call INNER(6, 7)",
    ];
    for line in expected {
        let line = line.replace("4227858439", &((64500_u32 << 16) | 7).to_string());
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn what_cannot_be_told_is_blind() {
    let table = [
        // As many values as parameters, or nobody knows which is meant.
        (
            "route-policy P($a)\n set med $a\nend-policy\nrouter bgp 1\n neighbor 192.0.2.2\n  address-family ipv4 unicast\n   route-policy P(1, 2) in\n",
            "P(1, 2): blind\n",
        ),
        ("route-policy P\n if tag eq 5 then\n pass\nend-policy\n", "P: [ pass ] blind\n"),
        ("route-policy P\n frobnicate\n pass\nend-policy\n", "P: pass blind\n"),
        // What is set is not known, but that it is.
        ("route-policy P\n set frobnication 5\nend-policy\n", "P: Unknown\n"),
        ("route-policy P\n pass\n", "P: pass blind\n"),
        // Policies that call one another with ever longer values.
        (
            "route-policy P($a)\n apply P(1$a)\nend-policy\nroute-policy Q\n pass\nend-policy\n",
            "P: call P(1$a) blind\nQ: pass\n",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(policies(text), expected, "{text}");
    }
    let endless =
        "route-policy P($a)\n apply P(1$a)\nend-policy\nroute-policy Q\n apply P(x)\nend-policy\n";
    assert!(policies(endless).lines().count() < 1_000);
}

/// Words that steer the parsers into every corner, and some that fit nowhere.
const WORDS: &[&str] = &[
    "no",
    "router",
    "bgp",
    "64500",
    "neighbor",
    "192.0.2.1",
    "2001:db8::1",
    "192.0.2.0/24",
    "remote-as",
    "use",
    "neighbor-group",
    "session-group",
    "af-group",
    "G",
    "address-family",
    "ipv4",
    "ipv6",
    "unicast",
    "multicast",
    "vrf",
    "A",
    "route-policy",
    "P",
    "P($a)",
    "(",
    ")",
    ",",
    "in",
    "out",
    "if",
    "then",
    "else",
    "elseif",
    "endif",
    "end-policy",
    "end-set",
    "pass",
    "drop",
    "done",
    "apply",
    "set",
    "med",
    "+5",
    "community",
    "(1:1,",
    "1:2)",
    "matches-any",
    "matches-every",
    "as-path",
    "passes-through",
    "'1",
    "2'",
    "'1'",
    "destination",
    "not",
    "and",
    "or",
    "prefix-set",
    "community-set",
    "as-path-set",
    "extcommunity-set",
    "rt",
    "rd-set",
    "10.0.0.0/8",
    "ge",
    "le",
    "eq",
    "99",
    "length",
    "interface",
    "GigabitEthernet0/0/0/0",
    "address",
    "255.255.255.0",
    "encapsulation",
    "dot1q",
    "static",
    "Null0",
    "redistribute",
    "connected",
    "import",
    "export",
    "route-target",
    "1:1",
    "access-list",
    "permit",
    "any",
    "host",
    "$a",
    "\u{fe}",
    "99999999999",
    "-1",
    "exit",
    "!",
    "#",
    "description",
    "password",
];

proptest::proptest! {
    /// Whatever stands in a block: nothing panics, and each statement is counted once.
    #[test]
    fn any_lines_are_counted_once(
        lines in proptest::collection::vec(
            (0_usize..5, proptest::collection::vec(0..WORDS.len(), 0..9)), 0..40)
    ) {
        let mut text = String::new();
        for (indent, words) in lines {
            let words: Vec<_> = words.iter().filter_map(|at| WORDS.get(*at).copied()).collect();
            writeln!(text, "{:indent$}{}", "", words.join(" ")).unwrap();
        }
        device(&text, |_| String::new());
    }
}
