//! Unit tests of route maps.

use crate::ios::rendering::device;

fn policies(text: &str) -> String {
    device(text, |device| {
        let mut said = Vec::new();
        for policy in &device.policies {
            for clause in &policy.clauses {
                let values = format!("{:?} {:?}", clause.condition, clause.steps);
                let places = regexless(&values);
                let flow = format!("{:?}", clause.flow.value);
                said.push(format!(
                    "{} {:?} {:?} {places} {flow}",
                    policy.name, clause.label, clause.verdict
                ));
            }
        }
        said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
        said.extend(device.uses.iter().map(|it| format!("{}={}", it.kind.name(), it.name)));
        said.join("|").replace("Sequence", "").replace("Some", "")
    })
}

/// Debug text without origins, facts as their bare values.
fn regexless(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(", origin: Origin {") {
        shown.push_str(&rest[..at]);
        let mut depth = 0;
        let tail = &rest[at..];
        let close = tail
            .char_indices()
            .find(|(_, c)| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth == 0 && *c == '}'
            })
            .map_or(tail.len(), |(index, _)| index + 1);
        rest = tail[close..].strip_prefix(" }").unwrap_or(&tail[close..]);
    }
    shown.push_str(rest);
    shown.replace("Fact { value: ", "")
}

#[test]
fn clauses_with_matches_and_sets() {
    let table = [
        ("route-map M permit 10", "M (10) (Permit) Always [] Stop"),
        ("route-map M", "M (10) (Permit) Always [] Stop"),
        ("route-map M deny", "M (10) (Deny) Always [] Stop"),
        (
            "route-map M permit 20\nroute-map M deny 10\n match ip address prefix-list A B",
            "M (10) (Deny) Match(PrefixLists([\"A\", \"B\"])) [] Stop|M (20) (Permit) Always [] Stop|\
             prefix-list=A|prefix-list=B",
        ),
        (
            "route-map M permit 10\n match ip address 1\n match ip address 2\n match community C exact-match\n set metric +5",
            "M (10) (Permit) All([Match(AccessLists([\"1\", \"2\"])), Match(CommunityLists { lists: [\"C\"], exact: true })]) \
             [Set(Med(Add(5)))] Stop|acl=1|acl=2|community-list=C",
        ),
        (
            "route-map M permit 10\n set weight 7\nroute-map M permit 10\n set local-preference 200\n continue 30",
            "M (10) (Permit) Always [Set(Weight(7)), Set(LocalPreference(Set(200)))] GoTo(30)",
        ),
        (
            "route-map M permit 10\n match ip address prefix-list A\n match ipv6 address prefix-list A\n continue",
            "M (10) (Permit) Any([Match(PrefixLists([\"A\"])), Match(Ipv6PrefixLists([\"A\"]))]) [] NextClause|\
             prefix-list=A|ipv6-prefix-list=A",
        ),
        (
            "route-map M permit 10\n set community 64500:1 no-export additive\n set community none\n set comm-list L delete\n \
             set as-path prepend 64500 64500\n set as-path prepend last-as 3\n set origin igp\n set ip next-hop 192.0.2.1\n set tag 5",
            "M (10) (Permit) Always [Set(Community(Add([Community(4227072001), Community(4294967041)]))), \
             Set(Community(RemoveAll)), Set(Community(RemoveMatching(\"L\"))), Set(Prepend([64500, 64500])), \
             Set(PrependLastAs(3)), Set(Origin(Igp)), Set(NextHop(Address(192.0.2.1))), Set(Tag(5))] Stop|community-list=L",
        ),
        (
            "route-map M permit 10\n match metric 5 6\n match tag 7 8\n match source-protocol bgp 64500 static\n match as-path 3",
            "M (10) (Permit) All([Any([Match(Metric(5)), Match(Metric(6))]), Match(Tags([7, 8])), \
             Match(Protocols([\"bgp 64500\", \"static\"])), Match(AsPathLists([\"3\"]))]) [] Stop|as-path-list=3",
        ),
        (
            "route-map M permit 10\n match rpki valid\n set aspath 1\n nonsense",
            "M (10) (Permit) Match(Unknown) [Set(Unknown)] Stop|Unmodelled|Unmodelled|Opaque",
        ),
        (
            "route-map M permit 10\n match length 3 400\n set ip precedence 5\n set extcommunity rt 1:1",
            "M (10) (Permit) Match(NotForRoutes) [Set(Irrelevant), Set(RouteTargets([\"1:1\"]))] Stop",
        ),
        (
            "route-map M permit 10\nroute-map M permit 20\nno route-map M permit 10",
            "M (20) (Permit) Always [] Stop",
        ),
        ("route-map M permit 10\nno route-map M", ""),
        ("route-map M permit ten", "Unmodelled"),
    ];
    for (text, expected) in table {
        assert_eq!(policies(text), expected, "{text}");
    }
}
