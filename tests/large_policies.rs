//! Policies of thousands of clauses come to the right classes, and ill-behaved ones to an end.

use std::collections::BTreeSet;

use edgelint_dialects::examine::{Examined, Room, examine};
use edgelint_facts::described::Directory;
use edgelint_facts::evaluate::RouteClass;
use edgelint_facts::{Description, DeviceFacts, Network};
use edgelint_source::{Arena, FileId};

use crate::hard_policies::{CLAUSES, ENTRIES, LISTS, Shape, export};

/// Does something with the classes that a policy of this shape comes to.
fn with_classes(shape: Shape, then: impl FnOnce(&[RouteClass<'_>])) {
    let text = export(shape);
    let (arena, mut room) = (Arena::new(), Room::default());
    let ios = edgelint_dialects::dialect("ios");
    let examined = examine(FileId(0), ("edge.cfg", &text), ios, (&arena, &mut room));
    let Examined::Devices(devices) = examined else { panic!("it is read") };
    let description = Description::default();
    let directory = Directory::of(&description);
    let facts = devices
        .into_iter()
        .map(|device| DeviceFacts::build(device, "edge.cfg", &directory))
        .collect();
    let network = Network::join(facts, Vec::new(), Description::default());
    then(&network.sessions[0].families[0].import.classes);
}

/// Whether two classes share no route, by prefixes and communities.
fn are_apart(a: &RouteClass<'_>, b: &RouteClass<'_>) -> bool {
    let excludes = |a: &RouteClass<'_>, b: &RouteClass<'_>| {
        a.given.required.iter().any(|one| b.given.forbidden.binary_search(one).is_ok())
    };
    excludes(a, b) || excludes(b, a) || !a.space.overlaps(&b.space)
}

#[test]
fn two_thousand_clauses_over_lists_of_ten_thousand_entries_are_told_apart() {
    with_classes(Shape::LargeLists, |classes| {
        assert!(classes.iter().all(|class| class.certain), "nothing is guessed");
        let ordered: BTreeSet<u32> =
            classes.iter().filter_map(|class| class.attributes.local_preference).collect();
        assert_eq!(ordered, (1000..1000 + CLAUSES).collect(), "each clause has its class");
        // What no clause takes: routes of each list without its communities, and those of no list.
        assert_eq!(classes.len(), (CLAUSES + LISTS + 1) as usize);
        for class in classes {
            let Some(preference) = class.attributes.local_preference else { continue };
            let clause = preference - 1000;
            let wanted = format!("64500:{}", clause + 1);
            let required: Vec<String> =
                class.given.required.iter().map(ToString::to_string).collect();
            assert_eq!(required, [wanted]);
            // Of the clauses before it, those that ask the same list.
            assert_eq!(class.given.forbidden.len(), (clause / LISTS) as usize);
            let prefixes = class.space.prefixes(ENTRIES as usize + 1).expect("prefixes");
            assert_eq!(prefixes.len(), ENTRIES as usize);
            let first = prefixes.first().map(ToString::to_string).unwrap_or_default();
            assert!(first.starts_with(&format!("10.{}.0.0/", clause % LISTS * 40)), "{first}");
        }
    });
}

#[test]
fn hostile_policies_end_with_disjoint_classes() {
    for (name, shape) in Shape::ALL {
        if shape == Shape::LargeLists {
            continue;
        }
        with_classes(shape, |classes| {
            let goes_on = matches!(shape, Shape::ContinuedLists | Shape::ContinuedCommunities);
            let certain = classes.iter().filter(|class| class.certain).count();
            println!("{name}: {} classes, {certain} of them certain", classes.len());
            assert!(goes_on || certain == classes.len(), "{name}: nothing is guessed");
            assert!(shape != Shape::Communities || classes.len() == CLAUSES as usize + 1, "{name}");
            let step = classes.len() / 300 + 1;
            for (place, class) in classes.iter().enumerate().step_by(step) {
                let earlier = classes.get(..place).unwrap_or_default();
                assert!(earlier.iter().all(|other| are_apart(class, other)), "{name}: {place}");
            }
        });
    }
}
