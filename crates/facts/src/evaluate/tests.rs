//! Symbolic evaluation against a naive one that follows a single route, on random policies.

use std::collections::BTreeSet;

use edgelint_model::{
    Arithmetic, Behaviour, Clause, ClauseLabel, Community, CommunityEdit, CommunityEntry,
    CommunityList, CommunityMatch, Condition, Device, Fact, Filter, Flow, Match, ObjectKind,
    Policy, PolicyForm, PrefixEntry, PrefixList, SetAction, Step, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixRange, PrefixSet};
use edgelint_source::{FileId, Span};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::{collection, option, prop_assert, prop_assert_eq};

use crate::evaluate::{Attributes, Base, Cube, Evaluated, Evaluator, Known, RouteClass, all_of};
use crate::lists::Lists;
use crate::tests::reader::{BEHAVIOUR, behaviour};

const AT: Span = Span::new(FileId(0), 0, 1);
const NAMES: [&str; 3] = ["A", "B", "C"];

/// A system whose matches look at the route as it came.
static BLIND_TO_SETS: Behaviour =
    Behaviour { later_clauses_see_sets: Some(false), continued_end: Verdict::Deny, ..behaviour() };

fn prefix() -> impl Strategy<Value = Prefix> {
    (0..16_u32, 4..=12_u8).prop_map(|(bits, length)| {
        let address = std::net::Ipv4Addr::from_bits(0x0A00_0000 | bits << 20);
        Prefix::new(address.into(), length).unwrap()
    })
}

fn entry() -> impl Strategy<Value = PrefixEntry> {
    (any::<bool>(), prefix(), 0..6_u8, 0..6_u8).prop_map(|(permit, prefix, more, most)| {
        let min = prefix.length() + more;
        let range = PrefixRange::new(prefix, min, min + most).unwrap();
        PrefixEntry { at: AT, sequence: None, permit, range }
    })
}

fn community() -> impl Strategy<Value = Community> {
    (0..4_u32).prop_map(Community)
}

fn community_entry() -> impl Strategy<Value = CommunityEntry<'static>> {
    let matches = prop_oneof![
        1 => Just(CommunityMatch::Any),
        6 => collection::vec(community(), 1..3).prop_map(CommunityMatch::All),
    ];
    (any::<bool>(), matches).prop_map(|(permit, matches)| CommunityEntry {
        at: AT,
        permit,
        matches,
    })
}

fn condition() -> impl Strategy<Value = Condition<'static>> {
    let one = prop_oneof![
        (0..3_usize).prop_map(|at| Match::PrefixLists(vec![Fact::new(NAMES[at], AT)])),
        (0..3_usize, 0..3_usize).prop_map(|(a, b)| {
            Match::PrefixLists(vec![Fact::new(NAMES[a], AT), Fact::new(NAMES[b], AT)])
        }),
        (0..3_usize).prop_map(|at| {
            Match::CommunityLists { lists: vec![Fact::new(NAMES[at], AT)], exact: false }
        }),
        collection::vec(community(), 1..3).prop_map(Match::Communities),
    ];
    let leaf = one.prop_map(|one| Condition::Match(Fact::new(one, AT)));
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            collection::vec(inner.clone(), 0..3).prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn step() -> impl Strategy<Value = Step<'static>> {
    let action = prop_oneof![
        (0..5_u32).prop_map(|value| SetAction::LocalPreference(Arithmetic::Set(value))),
        (0..5_u32).prop_map(|value| SetAction::LocalPreference(Arithmetic::Add(value))),
        collection::vec(community(), 0..3)
            .prop_map(|values| SetAction::Community(CommunityEdit::Add(values))),
        collection::vec(community(), 0..3)
            .prop_map(|values| SetAction::Community(CommunityEdit::Replace(values))),
        collection::vec(community(), 0..3)
            .prop_map(|values| SetAction::Community(CommunityEdit::Remove(values))),
    ];
    action.prop_map(|action| Step::Set(Fact::new(action, AT)))
}

fn clauses() -> impl Strategy<Value = Vec<Clause<'static>>> {
    let flow = prop_oneof![
        3 => Just(Flow::Stop),
        1 => Just(Flow::NextClause),
        1 => (1..6_u32).prop_map(Flow::GoTo),
    ];
    let clause = (
        option::weighted(0.8, condition()),
        collection::vec(step(), 0..3),
        prop_oneof![
            3 => Just(Some(Verdict::Permit)),
            1 => Just(Some(Verdict::Deny)),
            1 => Just(None),
        ],
        flow,
    );
    collection::vec(clause, 0..6).prop_map(|clauses| {
        let make = |(number, (condition, steps, verdict, flow))| Clause {
            label: ClauseLabel::Sequence(number),
            at: AT,
            condition: match condition {
                Some(condition) => condition,
                None => Condition::Always,
            },
            steps,
            verdict,
            flow: Fact::new(flow, AT),
            blind: Vec::new(),
        };
        (1..).zip(clauses).map(make).collect()
    })
}

fn device() -> impl Strategy<Value = Device<'static>> {
    let prefixes = collection::vec(collection::vec(entry(), 1..5), 3);
    let communities = collection::vec(collection::vec(community_entry(), 0..4), 3);
    (prefixes, communities, clauses(), any::<bool>()).prop_map(
        |(prefixes, communities, clauses, sees)| {
            let behaviour = if sees { &BEHAVIOUR } else { &BLIND_TO_SETS };
            let mut device = Device::new(behaviour, AT);
            for (name, entries) in NAMES.into_iter().zip(prefixes) {
                let (family, blind) = (Family::Ipv4, Vec::new());
                device.prefix_lists.push(PrefixList { name, family, at: AT, entries, blind });
            }
            for (name, entries) in NAMES.into_iter().zip(communities) {
                device.community_lists.push(CommunityList {
                    name,
                    at: AT,
                    entries,
                    blind: Vec::new(),
                });
            }
            device.policies.push(Policy {
                name: "P",
                form: PolicyForm::RouteMap,
                at: AT,
                clauses,
                blind: Vec::new(),
            });
            device
        },
    )
}

/// A single route, followed by hand.
#[derive(Clone, Debug)]
struct Route {
    prefix: Prefix,
    communities: BTreeSet<Community>,
    preference: u32,
}

impl Route {
    fn fits(&self, device: &Device<'_>, condition: &Condition<'_>) -> bool {
        match condition {
            Condition::Always => true,
            Condition::All(parts) => parts.iter().all(|part| self.fits(device, part)),
            Condition::Any(parts) => parts.iter().any(|part| self.fits(device, part)),
            Condition::Not(inner) => !self.fits(device, inner),
            Condition::Match(fact) => match &fact.value {
                Match::PrefixLists(names) => names.iter().any(|name| {
                    let mut lists = device.prefix_lists.iter();
                    let list = lists.find(|list| list.name == name.value).unwrap();
                    let mut entries = list.entries.iter();
                    let first = entries.find(|entry| entry.range.contains(&self.prefix));
                    first.is_some_and(|entry| entry.permit)
                }),
                Match::CommunityLists { lists, .. } => lists.iter().any(|name| {
                    let mut lists = device.community_lists.iter();
                    let list = lists.find(|list| list.name == name.value).unwrap();
                    let mut entries = list.entries.iter();
                    let first = entries.find(|entry| match &entry.matches {
                        CommunityMatch::All(all) => {
                            all.iter().all(|one| self.communities.contains(one))
                        }
                        _ => true,
                    });
                    first.is_some_and(|entry| entry.permit)
                }),
                Match::Communities(any) => any.iter().any(|one| self.communities.contains(one)),
                other => panic!("{other:?} is not generated"),
            },
        }
    }

    fn change(&mut self, step: &Step<'_>) {
        let Step::Set(action) = step else { panic!("{step:?} is not generated") };
        match &action.value {
            SetAction::LocalPreference(Arithmetic::Set(value)) => self.preference = *value,
            SetAction::LocalPreference(Arithmetic::Add(value)) => self.preference += *value,
            SetAction::Community(CommunityEdit::Add(values)) => self.communities.extend(values),
            SetAction::Community(CommunityEdit::Replace(values)) => {
                self.communities = values.iter().copied().collect();
            }
            SetAction::Community(CommunityEdit::Remove(values)) => {
                self.communities.retain(|one| !values.contains(one));
            }
            other => panic!("{other:?} is not generated"),
        }
    }

    /// The verdict and the route as it leaves the policy.
    fn run(&self, device: &Device<'_>) -> (Verdict, Self) {
        let behaviour = device.behaviour;
        let clauses = &device.policies[0].clauses;
        let (mut route, mut pending, mut at) = (self.clone(), None, 0);
        while let Some(clause) = clauses.get(at) {
            let seen = if behaviour.later_clauses_see_sets == Some(true) { &route } else { self };
            if !seen.fits(device, &clause.condition) {
                if pending == Some(Verdict::Permit) {
                    pending = Some(behaviour.continued_end);
                }
                at += 1;
                continue;
            }
            clause.steps.iter().for_each(|step| route.change(step));
            if clause.verdict == Some(Verdict::Deny) {
                return (Verdict::Deny, route);
            }
            pending = clause.verdict.or(pending);
            at = match clause.flow.value {
                Flow::NextClause => at + 1,
                // Sequence numbers count from 1, so clause N stands at N - 1.
                Flow::GoTo(wanted) if at < wanted as usize - 1 => wanted as usize - 1,
                _ => break,
            };
            if clauses.len() <= at && matches!(clause.flow.value, Flow::GoTo(_)) {
                break;
            }
        }
        (pending.unwrap_or(behaviour.policy_end), route)
    }
}

fn filters() -> Vec<Filter<'static>> {
    vec![Filter { kind: ObjectKind::Policy, name: Fact::new("P", AT) }]
}

fn base() -> Base {
    Base { local_preference: Some(100), ..Base::default() }
}

fn all_communities() -> impl Iterator<Item = BTreeSet<Community>> {
    (0..16_u32).map(|bits| (0..4).filter(|bit| bits >> bit & 1 == 1).map(Community).collect())
}

fn holds(class: &RouteClass<'_>, route: &Route) -> bool {
    class.space.contains(&route.prefix)
        && class.given.required.iter().all(|one| route.communities.contains(one))
        && !class.given.forbidden.iter().any(|one| route.communities.contains(one))
        && class.given.tests.is_empty()
}

proptest! {
    #[test]
    fn classes_say_what_each_route_meets(
        device in device(),
        prefixes in collection::vec(prefix(), 1..6),
    ) {
        let lists = Lists::of(&device);
        let known = Known::default();
        let evaluator = Evaluator::new(&device, &lists, &known, base());
        let space = PrefixSet::universe_of(Family::Ipv4);
        let classes = evaluator.by_filters(&filters(), Cube::of(space.clone()), Verdict::Permit);
        let evaluated = Evaluated::new(classes, true, Vec::new());
        prop_assert_eq!(PrefixSet::union_of(evaluated.classes.iter().map(|one| &one.space)), space);
        for prefix in prefixes {
            let mut permitted = 0;
            for communities in all_communities() {
                let route = Route { prefix, communities, preference: 100 };
                let (verdict, left) = route.run(&device);
                let fits: Vec<_> =
                    evaluated.classes.iter().filter(|class| holds(class, &route)).collect();
                prop_assert_eq!(fits.len(), 1, "{:?} is in one class", &route);
                let class = fits[0];
                prop_assert_eq!(class.verdict, verdict, "{:?}", &route);
                permitted += usize::from(verdict == Verdict::Permit);
                if verdict == Verdict::Permit {
                    let preference = class.attributes.local_preference.unwrap_or(100);
                    prop_assert_eq!(preference, left.preference);
                    let arrived = Known {
                        communities: Some(route.communities.iter().copied().collect()),
                        ..Known::default()
                    };
                    let carried = all_of(&arrived, &class.attributes.lists.communities);
                    prop_assert_eq!(carried, Some(left.communities.into_iter().collect()));
                }
            }
            prop_assert_eq!(evaluated.may.contains(&prefix), 0 < permitted);
            let sure = evaluated.must.contains(&prefix);
            prop_assert!(!sure || permitted == 16, "must is a promise");
        }
    }

    #[test]
    fn a_route_that_is_known_meets_one_class(
        device in device(),
        prefix in prefix(),
        bits in 0..16_usize,
    ) {
        let lists = Lists::of(&device);
        let communities = all_communities().nth(bits).unwrap();
        let known = Known {
            communities: Some(communities.iter().copied().collect()),
            ..Known::default()
        };
        let evaluator = Evaluator::new(&device, &lists, &known, base());
        let cube = Cube::route(prefix, Attributes::default());
        let classes = evaluator.by_filters(&filters(), cube, Verdict::Permit);
        let route = Route { prefix, communities, preference: 100 };
        let (verdict, left) = route.run(&device);
        prop_assert_eq!(classes.len(), 1);
        prop_assert_eq!(classes[0].verdict, verdict);
        prop_assert!(classes[0].given.required.is_empty() && classes[0].given.forbidden.is_empty());
        let carried = all_of(&known, &classes[0].attributes.lists.communities);
        prop_assert_eq!(carried, Some(left.communities.into_iter().collect()));
    }
}
