//! Comparison of policies: held against single routes that go through both.

use proptest::prelude::*;

use edgelint_model::{Community, Direction, Verdict};
use edgelint_prefix::Prefix;

use crate::compare::{Aspect, Compared, Difference, Side, compare};
use crate::draft::{Single, single};
use crate::evaluate::{AsPath, RouteClass};
use crate::tests::reader::network;
use crate::{Network, SessionFamily};

const COMMUNITIES: [&str; 3] = ["64500:1", "64500:2", "64500:3"];
const PATHS: [&str; 3] = ["^12076$", "_64501_", "^12076_"];

fn family<'n>(network: &'n Network<'static>, device: usize) -> &'n SessionFamily<'static> {
    &network.sessions[device].families[0]
}

fn sides<'n>(network: &'n Network<'static>) -> [Side<'n, 'static>; 2] {
    [0, 1].map(|at| Side {
        network,
        session: &network.sessions[at],
        family: family(network, at),
        texts: None,
    })
}

/// What two texts do differently with what comes in.
fn compared(texts: [&'static str; 2]) -> Vec<String> {
    let (network, _) = network(&texts);
    let found = compare(&sides(&network), Direction::In);
    assert!(found.complete);
    let told = found.differences.iter().map(|one| {
        let [before, after] = &one.outcomes;
        let changes: Vec<String> = one
            .aspects()
            .into_iter()
            .map(|aspect| {
                format!("{} {} {}", aspect.name(), before.words(aspect), after.words(aspect))
            })
            .collect();
        let doubt = if one.certain { "" } else { " (doubt)" };
        format!("{}: {}{doubt}", crate::compare::routes(&[one], 4), changes.join(", "))
    });
    told.collect()
}

macro_rules! device {
    ($text:literal) => {
        concat!("device edge\n interface Te0.310 192.0.2.1/30\n bgp 64500\n", $text)
    };
}

#[test]
fn spellings_do_not_differ() {
    let one = device!(
        "list A permit 10.0.0.0/8 le 9
        communities C permit 64500:1
        policy IN 10 deny communities C
        policy IN 20 permit list A preference 100
        neighbor 192.0.2.2 12076 in IN"
    );
    let other = device!(
        "list L permit 10.0.0.0/9
        list L permit 10.128.0.0/9
        list L permit 10.0.0.0/8
        communities MARK permit 64500:1
        policy X 5 permit list L communities MARK next
        policy X 7 deny communities MARK
        policy X 9 permit list L
        neighbor 192.0.2.2 12076 in X"
    );
    assert_eq!(compared([one, other]), [""; 0]);
}

#[test]
fn what_differs_is_named_with_its_conditions() {
    let one = device!(
        "list A permit 10.0.0.0/8 le 24
        communities C permit 64500:1
        policy IN 10 permit communities C preference 200
        policy IN 20 permit list A
        neighbor 192.0.2.2 12076 in IN"
    );
    let other = device!(
        "list A permit 10.0.0.0/8 le 25
        communities C permit 64500:1
        policy IN 10 permit communities C preference 300
        policy IN 20 permit list A
        neighbor 192.0.2.2 12076 in IN"
    );
    let told = compared([one, other]);
    assert_eq!(
        told,
        [
            "routes with 64500:1: local preference 200 300",
            "10.0.0.0/8 ge 25 le 25 without 64500:1: verdict refused passes",
        ]
    );
}

#[test]
fn what_is_not_understood_is_doubted() {
    let one = device!("policy IN 10 permit strange x\n neighbor 192.0.2.2 12076 in IN");
    let other = device!("policy IN 10 permit\n neighbor 192.0.2.2 12076 in IN");
    let told = compared([one, other]);
    assert!(!told.is_empty() && told.iter().all(|one| one.ends_with("(doubt)")), "{told:?}");
}

/// A clause: permit or deny, what it matches, what it sets, whether it goes on.
fn clause() -> impl Strategy<Value = String> {
    let matches = prop_oneof![
        Just(String::new()),
        (0..4_usize).prop_map(|list| format!(" list L{list}")),
        (0..3_usize).prop_map(|list| format!(" communities C{list}")),
        (0..3_usize).prop_map(|list| format!(" paths P{list}")),
        (0..4_usize, 0..3_usize)
            .prop_map(|(list, mark)| format!(" list L{list} communities C{mark}")),
    ];
    let sets = prop_oneof![
        Just(String::new()),
        prop_oneof![Just(100), Just(200)].prop_map(|value| format!(" preference {value}")),
        (0..3_usize).prop_map(|mark| format!(" add {}", COMMUNITIES[mark])),
        (0..3_usize).prop_map(|mark| format!(" remove {}", COMMUNITIES[mark])),
        Just(" med 50".to_owned()),
    ];
    let verdict = prop_oneof![3 => Just("permit"), 1 => Just("deny")];
    let next = prop_oneof![4 => Just(""), 1 => Just(" next")];
    (verdict, matches, sets, next).prop_map(|(verdict, matches, sets, next)| {
        let next = if verdict == "deny" { "" } else { next };
        format!("{verdict}{matches}{sets}{next}")
    })
}

fn policy() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(clause(), 1..6)
}

fn text(clauses: &[String]) -> &'static str {
    let mut text = "device edge\ninterface Te0.310 192.0.2.1/30\nbgp 64500\n".to_owned();
    text += "list L0 permit 10.0.0.0/8 le 16\nlist L1 permit 10.64.0.0/10 le 24\n";
    text += "list L2 deny 10.64.0.0/12\nlist L2 permit 0.0.0.0/0 le 12\nlist L3 permit 192.168.0.0/16 le 32\n";
    for (at, community) in COMMUNITIES.iter().enumerate() {
        text += &format!("communities C{at} permit {community}\n");
    }
    for (at, path) in PATHS.iter().enumerate() {
        text += &format!("paths P{at} permit {path}\n");
    }
    for (at, clause) in clauses.iter().enumerate() {
        text += &format!("policy IN {} {clause}\n", 10 * (at + 1));
    }
    text += "neighbor 192.0.2.2 12076 in IN\n";
    // The network of a test lives as long as its text.
    Box::leak(text.into_boxed_str())
}

#[derive(Clone, Debug)]
struct Route {
    prefix: Prefix,
    communities: Vec<Community>,
    path: AsPath,
}

fn route() -> impl Strategy<Value = Route> {
    let prefixes = [
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.64.0.0/12",
        "10.64.0.0/16",
        "10.64.1.0/24",
        "10.1.0.0/16",
        "192.168.0.0/16",
        "192.168.1.0/24",
        "172.16.0.0/12",
        "11.0.0.0/9",
    ];
    let paths: [&[u32]; 5] =
        [&[12076], &[12076, 64501], &[64501], &[64501, 12076], &[12076, 64502]];
    (0..prefixes.len(), 0..8_u8, 0..paths.len()).prop_map(move |(prefix, marks, path)| Route {
        prefix: Prefix::parse(prefixes[prefix]).expect("a prefix").0,
        communities: (0..3)
            .filter(|at| marks >> at & 1 == 1)
            .map(|at| crate::tests::reader::community(COMMUNITIES[at]))
            .collect(),
        path: AsPath::of_numbers(paths[path].iter().copied()),
    })
}

/// What becomes of a single route.
fn played(network: &Network<'static>, at: usize, route: &Route) -> RouteClass<'static> {
    let session = &network.sessions[at];
    let facts = network.device(session.device);
    let route = Single {
        prefix: route.prefix,
        path: Some(route.path.clone()),
        communities: Some(route.communities.clone()),
        answers: Vec::new(),
    };
    let mut classes = single(facts, session, (family(network, at), Direction::In), route);
    assert_eq!(classes.len(), 1, "everything about the route is known");
    classes.remove(0)
}

/// What a route is given, as far as it is seen behind the policy.
fn behind(class: &RouteClass<'_>, route: &Route) -> Option<(u32, Option<u32>, Vec<Community>)> {
    if class.verdict == Verdict::Deny {
        return None;
    }
    let state = &class.attributes.lists.communities;
    let mut carried = if state.cleared { Vec::new() } else { route.communities.clone() };
    carried.retain(|one| !state.removed.contains(one));
    carried.extend(&state.added);
    carried.sort_unstable();
    carried.dedup();
    Some((class.attributes.local_preference.unwrap_or(100), class.attributes.med, carried))
}

/// The difference that says of a route that it is treated differently.
fn told<'c>(compared: &'c Compared<'static>, route: &Route) -> Option<&'c Difference<'static>> {
    compared.differences.iter().find(|one| {
        let conditions = &one.conditions;
        one.space.contains(&route.prefix)
            && conditions.communities.iter().all(|mark| route.communities.contains(mark))
            && !conditions.without.iter().any(|mark| route.communities.contains(mark))
            && conditions.paths().is_some_and(|paths| paths.matches(&route.path))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn differences_are_those_of_single_routes(
        one in policy(), other in policy(), routes in proptest::collection::vec(route(), 40),
    ) {
        let (network, _) = network(&[text(&one), text(&other)]);
        let found = compare(&sides(&network), Direction::In);
        prop_assert!(found.complete);
        for route in &routes {
            let classes = [0, 1].map(|at| played(&network, at, route));
            let [a, b] = classes.each_ref().map(|class| behind(class, route));
            // A community that is added counts, although a route may carry it already.
            let only_added = |one: &Difference<'_>| one.aspects() == [Aspect::Communities];
            match told(&found, route) {
                None => prop_assert_eq!(a, b, "{:?}", route),
                Some(one) => prop_assert!(a != b || only_added(one), "{:?} {:?}", route, a),
            }
        }
        let certain = found.differences.iter().filter(|one| one.certain);
        for difference in certain.filter(|one| one.aspects() != [Aspect::Communities]) {
            let witness = difference.witness.as_ref().expect("what is certain has a witness");
            let route = Route {
                prefix: witness.prefix,
                communities: witness.communities.clone(),
                path: witness.as_path.clone().unwrap_or_else(|| AsPath::of_numbers([12076])),
            };
            let classes = [0, 1].map(|at| played(&network, at, &route));
            let [a, b] = classes.each_ref().map(|class| behind(class, &route));
            prop_assert_ne!(a, b, "{:?}", route);
        }
    }

    #[test]
    fn a_policy_does_not_differ_from_itself(one in policy()) {
        let (network, _) = network(&[text(&one), text(&one)]);
        prop_assert!(compare(&sides(&network), Direction::In).differences.is_empty());
    }
}
