//! Unit tests of route maps.

use crate::frr::rendering::device;

fn policies(text: &str) -> String {
    device(text, |device| {
        let mut said = Vec::new();
        for policy in &device.policies {
            for clause in &policy.clauses {
                let values = format!("{:?} {:?}", clause.condition, clause.steps);
                let places = bare(&values);
                let flow = format!("{:?}", clause.flow.value);
                said.push(format!(
                    "{} {:?} {:?} {places} {flow}",
                    policy.name, clause.label, clause.verdict
                ));
            }
        }
        said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
        said.extend(device.coverage.complaints.iter().map(|it| it.what.to_owned()));
        said.extend(device.uses.iter().map(|it| format!("{}={}", it.kind.name(), it.name)));
        said.join("|").replace("Sequence", "").replace("Some", "")
    })
}

/// Debug text without origins, facts as their bare values.
fn bare(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(", origin: Origin {") {
        shown.push_str(&rest[..at]);
        let mut depth = 0;
        let tail = &rest[at..];
        let close = tail.char_indices().find(|(_, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0 && *c == '}'
        });
        let close = close.map_or(tail.len(), |(index, _)| index + 1);
        rest = tail[close..].strip_prefix(" }").unwrap_or(&tail[close..]);
    }
    shown.push_str(rest);
    shown.replace("Fact { value: ", "")
}

#[test]
fn clauses_with_matches_and_sets() {
    let table = [
        ("route-map M permit 10", "M (10) (Permit) Always [] Stop"),
        ("route-map M", "Unmodelled"),
        (
            "route-map M permit 20\nroute-map M deny 10\n match ip address prefix-list A",
            "M (10) (Deny) Match(PrefixLists([\"A\"])) [] Stop|M (20) (Permit) Always [] Stop|prefix-list=A",
        ),
        // Two matches of one kind: the last; of two kinds: both.
        (
            "route-map M permit 10\n match ip address prefix-list A\n match ip address prefix-list B\n match ip address C",
            "M (10) (Permit) All([Match(PrefixLists([\"B\"])), Match(AccessLists([\"C\"]))]) [] Stop|\
             prefix-list=B|acl=C",
        ),
        // What changes its action begins anew.
        (
            "route-map M permit 10\n match community C exact-match\nroute-map M permit 10\n set metric +5\nroute-map M deny 10",
            "M (10) (Deny) Always [] Stop",
        ),
        (
            "route-map M permit 10\n match community C exact-match\nroute-map M permit 10\n set metric +5",
            "M (10) (Permit) Match(CommunityLists { lists: [\"C\"], exact: true }) [Set(Med(Add(5)))] Stop|\
             community-list=C",
        ),
        // The call comes behind the sets; a later set of one kind replaces the first.
        (
            "route-map M permit 10\n call N\n set weight 7\n set local-preference 1\n set weight 8\nroute-map N permit 1",
            "M (10) (Permit) Always [Set(LocalPreference(Set(1))), Set(Weight(8)), Call(\"N\")] Stop|\
             N (1) (Permit) Always [] Stop|route-map=N",
        ),
        ("route-map M permit 10\n call N", "M (10) (Permit) Always [] Stop|route-map=N"),
        // To a number, or the first behind it, or nowhere. What leads back is refused when it is typed (FRR 8.4.4,
        // asked as a running router).
        (
            "route-map M permit 10\n on-match goto 15\nroute-map M permit 20\n continue 25\nroute-map M permit 30\n on-match next",
            "M (10) (Permit) Always [] GoTo(20)|M (20) (Permit) Always [] GoTo(30)|\
             M (30) (Permit) Always [] NextClause",
        ),
        (
            "route-map M permit 10\nroute-map M permit 20\n continue 5",
            "M (10) (Permit) Always [] Stop|M (20) (Permit) Always [] Stop|the clause leads back",
        ),
        ("route-map M permit 10\n on-match goto 20", "M (10) (Permit) Always [] Stop"),
        (
            "route-map M permit 10\n continue\n match metric 0",
            "M (10) (Permit) Always [] Stop|the number of the clause is missing|a metric of zero cannot be matched",
        ),
        (
            "route-map M permit 10\n set as-path prepend 64500 64500\n set as-path prepend last-as 3\n set as-path exclude 64501\n \
             set community none\n set community 64500:1 no-export additive\n set origin igp\n set ip next-hop peer-address",
            "M (10) (Permit) Always [Set(PrependLastAs(3)), Set(ExcludeAs([64501])), \
             Set(Community(Add([Community(4227072001), Community(4294967041)]))), Set(Origin(Igp)), \
             Set(NextHop(Peer))] Stop",
        ),
        (
            "route-map M permit 10\n match ip address prefix-len 24\n match tag untagged\n match peer 192.0.2.1\n \
             match ipv6 next-hop prefix-list H\n match source-vrf V",
            "M (10) (Permit) All([Match(NotForRoutes), Match(Tags([0])), Match(Neighbors([192.0.2.1])), \
             Match(Attribute(\"next-hop prefix-list H\")), Match(Attribute(\"source-vrf V\"))]) [] Stop|\
             ipv6-prefix-list=H|vrf=V",
        ),
        (
            "route-map M permit 10\n match ip multicast-group 224.0.0.1\n set extcommunity rt 1:1\n match community C any\n nonsense",
            "M (10) (Permit) All([Match(NotForRoutes), Match(Unknown)]) [Set(Irrelevant)] Stop|Unmodelled|Opaque",
        ),
        (
            "route-map M permit 10\nroute-map M permit 20\nno route-map M permit 10",
            "M (20) (Permit) Always [] Stop",
        ),
        ("route-map M permit 10\n match as-path P\nno route-map M", ""),
        ("route-map M optimization", ""),
    ];
    for (text, expected) in table {
        assert_eq!(policies(text), expected, "{text}");
    }
}
