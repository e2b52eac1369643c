//! Unit tests of route maps.

use crate::eos::rendering::device;

/// The clauses, then what was not understood, then the names in use.
fn policies(text: &str) -> String {
    device(text, |device| {
        let mut said = Vec::new();
        for policy in &device.policies {
            for clause in &policy.clauses {
                let values = format!("{:?} {:?}", clause.condition, clause.steps);
                let flow = format!("{:?}", clause.flow.value);
                let blind = if clause.blind.is_empty() { "" } else { " blind" };
                said.push(format!(
                    "{} {:?} {:?} {} {flow}{blind}",
                    policy.name,
                    clause.label,
                    clause.verdict,
                    bare(&values)
                ));
            }
        }
        said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
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
        let tail = &rest[at..];
        let mut depth = 0;
        let close = tail.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            *c == '}' && depth == 0
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
        ("route-map M", "M (10) (Permit) Always [] Stop"),
        (
            "route-map M permit 20\nroute-map M deny 10\n   match ip address prefix-list A\n",
            "M (10) (Deny) Match(PrefixLists([\"A\"])) [] Stop|M (20) (Permit) Always [] Stop|prefix-list=A",
        ),
        (
            "route-map M permit 10\n   match community A B\n   match extcommunity C D or-results\n",
            "M (10) (Permit) All([Match(CommunityLists { lists: [\"A\"], exact: false }), \
             Match(CommunityLists { lists: [\"B\"], exact: false }), Match(ExtendedCommunityLists([\"C\", \"D\"]))]) [] Stop|\
             community-list=A|community-list=B|extcommunity-list=C|extcommunity-list=D",
        ),
        (
            "route-map M permit 10\n   match invert-result as-path A\n   match as-path length >= 5\n   match as 64500\n",
            "M (10) (Permit) All([Not(Match(AsPathLists([\"A\"]))), Match(AsPathLength(5, 4294967295)), \
             Match(Attribute(\"as 64500\"))]) [] Stop|as-path-list=A",
        ),
        (
            "route-map M permit 10\n   match ip address prefix-list A\n   match ipv6 address prefix-list A\n   continue\n",
            "M (10) (Permit) Any([Match(PrefixLists([\"A\"])), Match(Ipv6PrefixLists([\"A\"]))]) [] NextClause|\
             prefix-list=A|ipv6-prefix-list=A",
        ),
        (
            "route-map M permit 10\n   set community 64500:1 no-export additive\n   set community 64500:2 delete\n   \
             set community community-list L delete\n   set as-path prepend 64500 64500\n   set as-path prepend last-as 3\n   \
             set as-path match all replacement auto\n   set metric +5\n",
            "M (10) (Permit) Always [Set(Community(Add([Community(4227072001), Community(4294967041)]))), \
             Set(Community(Remove([Community(4227072002)]))), Set(Community(RemoveMatching(\"L\"))), Set(Prepend([64500, 64500])), \
             Set(PrependLastAs(3)), Set(ReplaceAs([])), Set(Med(Add(5)))] Stop|community-list=L",
        ),
        (
            "route-map M permit 10\n   match tag 1\n   match tag 2\n",
            "M (10) (Permit) Match(Tags([1])) [] Stop blind|Unmodelled",
        ),
        (
            "route-map M permit 10\n   sub-route-map N\n   set aspath 1\n   nonsense\n",
            "M (10) (Permit) Always [Set(Unknown)] Stop blind|Unmodelled|Unmodelled|Opaque|route-map=N",
        ),
        (
            "route-map M permit 10\nroute-map M permit 20\nno route-map M permit 10",
            "M (20) (Permit) Always [] Stop",
        ),
        ("route-map M permit 10\n   match as-path A\n!\nno route-map M", ""),
        ("route-map M permit ten", "Unmodelled"),
    ];
    for (text, expected) in table {
        assert_eq!(policies(text), expected, "{text}");
    }
}

#[test]
fn communities_of_lists_are_put_in_when_all_is_read() {
    let values = "ip community-list A permit 1\nip community-list B permit 2 3\n";
    let table = [
        (
            "route-map M permit 10\n   set community community-list A B additive\n",
            "M (10) (Permit) Always [Set(Community(Add([Community(1), Community(2), Community(3)])))] Stop|\
             community-list=A|community-list=B",
        ),
        (
            "route-map M permit 10\n   set community community-list A\n",
            "M (10) (Permit) Always [Set(Community(Replace([Community(1)])))] Stop|community-list=A",
        ),
        (
            "route-map M permit 10\n   set community community-list C\nip community-list regexp C permit 1:.*\n",
            "M (10) (Permit) Always [Set(Unknown)] Stop blind|community-list=C",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(policies(&format!("{text}{values}")), expected, "{text}");
    }
}
