//! Classes by AS path against single routes, on random policies: every path is in one class, no class is
//! empty, and a route with that path meets what the class says.

use edgelint_model::{
    Arithmetic, AsPathEntry, AsPathLanguage, AsPathList, Behaviour, Clause, ClauseLabel, Condition,
    Device, Fact, Filter, Flow, Match, ObjectKind, Policy, PolicyForm, SetAction, Step, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixSet};
use edgelint_source::{FileId, Span};
use proptest::prelude::*;

use crate::as_path::{AsPath, AsPathSet};
use crate::evaluate::{AsPathKnown, Attributes, Base, Cube, Evaluator, Known, RouteClass};
use crate::lists::Lists;
use crate::tests::reader::behaviour;

const AT: Span = Span::new(FileId(0), 0, 1);
const NAMES: [&str; 4] = ["A", "B", "C", "D"];

static SEEING: Behaviour = Behaviour { later_clauses_see_sets: Some(true), ..behaviour() };
static BLIND: Behaviour = Behaviour { later_clauses_see_sets: Some(false), ..behaviour() };
static WHOLE: Behaviour = Behaviour { as_path_language: AsPathLanguage::Numbers, ..SEEING };

const CHARACTERS: [&str; 12] =
    ["^$", ".*", "^1$", "_1_", "^1_", "_2$", "^(1_)+$", "^[0-9]+$", "1", "^1_2_", "_(2|3)_", "_0_"];
const NUMBERS: [&str; 10] =
    ["()", ".*", "1", ".* 1 .*", "1 .*", ".* 2", "1+", ".", "[2-3] .*", ".{2,}"];

fn condition(expressions: &'static [&'static str]) -> impl Strategy<Value = Condition<'static>> {
    let list = |at: usize| Fact::new(NAMES[at], AT);
    let one = prop_oneof![
        3 => (0..4_usize).prop_map(move |at| Match::AsPathLists(vec![list(at)])),
        1 => (0..4_usize, 0..4_usize)
            .prop_map(move |(a, b)| Match::AsPathLists(vec![list(a), list(b)])),
        2 => prop::sample::select(expressions).prop_map(Match::AsPathRegex),
        1 => (0..3_u32, 0..3_u32).prop_map(|(least, more)| Match::AsPathLength(least, least + more)),
    ];
    let leaf = one.prop_map(|one| Condition::Match(Fact::new(one, AT)));
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn device() -> impl Strategy<Value = Device<'static>> {
    let of = |behaviour: &'static Behaviour, expressions: &'static [&'static str]| {
        let entry = (any::<bool>(), prop::sample::select(expressions));
        let lists = prop::collection::vec(prop::collection::vec(entry, 0..3), 4);
        let prepend = prop::option::weighted(0.3, prop::collection::vec(1..4_u32, 1..3));
        let flow = prop::sample::select(vec![Flow::Stop, Flow::Stop, Flow::NextClause]);
        let clause = (condition(expressions), prepend, 0..9_u32, any::<bool>(), flow);
        (lists, prop::collection::vec(clause, 0..5)).prop_map(move |(lists, clauses)| {
            let mut device = Device::new(behaviour, AT);
            for (name, entries) in NAMES.into_iter().zip(lists) {
                let entry = |(permit, regex)| AsPathEntry { at: AT, permit, regex };
                let entries = entries.into_iter().map(entry).collect();
                device.as_path_lists.push(AsPathList { name, at: AT, entries, blind: Vec::new() });
            }
            let clause = |(number, (condition, prepend, preference, permit, flow))| {
                let sets = [
                    Option::map(prepend, SetAction::Prepend),
                    Some(SetAction::LocalPreference(Arithmetic::Set(preference))),
                ];
                let step = |action| Step::Set(Fact::new(action, AT));
                Clause {
                    label: ClauseLabel::Sequence(number),
                    at: AT,
                    condition,
                    steps: sets.into_iter().flatten().map(step).collect(),
                    verdict: Some(if permit { Verdict::Permit } else { Verdict::Deny }),
                    flow: Fact::new(flow, AT),
                    blind: Vec::new(),
                }
            };
            device.policies.push(Policy {
                name: "P",
                form: PolicyForm::RouteMap,
                at: AT,
                clauses: (1..).zip(clauses).map(clause).collect(),
                blind: Vec::new(),
            });
            device
        })
    };
    prop_oneof![of(&SEEING, &CHARACTERS), of(&BLIND, &CHARACTERS), of(&WHOLE, &NUMBERS)]
}

fn evaluated(
    device: &Device<'static>,
    lists: &Lists<'static>,
    known: &Known<'static>,
) -> Vec<RouteClass<'static>> {
    let filters = [Filter { kind: ObjectKind::Policy, name: Fact::new("P", AT) }];
    let evaluator = Evaluator::new(device, lists, known, Base::default());
    let cube = match known.path {
        Some(_) => Cube::route(
            Prefix::new([10, 0, 0, 0].into(), 8).expect("a prefix"),
            Attributes::default(),
        ),
        None => Cube::of(PrefixSet::universe_of(Family::Ipv4)),
    };
    evaluator.by_filters(&filters, cube, Verdict::Permit)
}

proptest! {
    #[test]
    fn classes_divide_the_paths(
        device in device(),
        paths in prop::collection::vec(prop::collection::vec(0..5_u32, 0..5), 1..9),
        comes_from_outside: bool,
    ) {
        let lists = Lists::of(&device);
        let mut all = AsPathSet::of_language(device.behaviour.as_path_language);
        let mut known = Known::default();
        if comes_from_outside {
            known.as_path = AsPathKnown::NonEmpty;
            all = all.intersection(&AsPathSet::non_empty()).expect("small");
        }
        let classes = evaluated(&device, &lists, &known);
        let sets: Vec<AsPathSet> = classes
            .iter()
            .map(|class| class.as_paths(&device, &lists).expect("small"))
            .map(|set| set.intersection(&all).expect("small"))
            .collect();
        let mut covered = AsPathSet::nothing();
        for (class, set) in classes.iter().zip(&sets) {
            prop_assert!(class.certain);
            prop_assert!(!set.is_empty(), "no class without a path: {:?}", class.given);
            prop_assert_eq!(covered.overlaps(set), Some(false), "no path in two classes");
            covered = covered.union(set).expect("small");
        }
        prop_assert_eq!(&covered, &all);
        let witnesses = sets.iter().filter_map(AsPathSet::witness);
        let paths = paths.into_iter().map(AsPath::of_numbers).chain(witnesses);
        for path in paths.filter(|path| all.matches(path)) {
            let known = Known { path: Some(path.clone()), ..Known::default() };
            let alone = evaluated(&device, &lists, &known);
            prop_assert_eq!(alone.len(), 1);
            let of = |(_, set): &(&RouteClass<'_>, &AsPathSet)| set.matches(&path);
            let class = classes.iter().zip(&sets).find(of).expect("a class").0;
            prop_assert_eq!(class.verdict, alone[0].verdict, "{}", &path);
            prop_assert_eq!(&class.attributes, &alone[0].attributes, "{}", &path);
        }
    }
}

#[test]
fn plain_is_what_has_both_answers() {
    let plain = |entries: &[(bool, &'static str)]| {
        super::are_plain(AsPathLanguage::Characters, entries.iter().copied())
    };
    assert!(plain(&[(true, "^64500_")]));
    assert!(plain(&[(true, "_64500$"), (false, "_64501_"), (true, "^64502_64503$")]));
    assert!(plain(&[(false, "_64500_"), (false, "_64501_"), (true, ".*")]));
    assert!(!plain(&[(false, "_64500_"), (false, "_64501_")]));
    assert!(plain(&[(true, "^64500_.*")]));
    assert!(!plain(&[(true, "_64500_"), (true, ".*")]));
    assert!(!plain(&[(true, "_4294967296_")]));
    assert!(!plain(&[(true, "^0012_")]));
    assert!(!plain(&[(true, "1__2")]));
    assert!(!plain(&[(true, "^$")]));
    let digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let all: Vec<_> = digits.iter().map(|digit| (true, *digit)).collect();
    assert!(plain(&all));
}

#[test]
fn what_one_device_spends_is_bounded() {
    // Each list for itself is dear, and all are asked.
    let regexes: Vec<String> = (0..400)
        .map(|n| format!("_1{n}[0-9]_(.*_)?2{n}[0-9]_(.*_)?3{n}_(4.*5)?(.*7.{{6}})?{n}$"))
        .collect();
    let mut device = Device::new(&SEEING, AT);
    let clause = |(number, regex): (u32, &String)| Clause {
        label: ClauseLabel::Sequence(number),
        at: AT,
        condition: Condition::Match(Fact::new(Match::AsPathRegex(regex.clone().leak()), AT)),
        steps: Vec::new(),
        verdict: Some(Verdict::Permit),
        flow: Fact::new(Flow::Stop, AT),
        blind: Vec::new(),
    };
    device.policies.push(Policy {
        name: "P",
        form: PolicyForm::RouteMap,
        at: AT,
        clauses: (1..).zip(&regexes).map(clause).collect(),
        blind: Vec::new(),
    });
    let lists = Lists::of(&device);
    let classes = evaluated(&device, &lists, &Known::default());
    assert!(classes.iter().any(|class| !class.certain), "what was not worked out is not certain");
}
