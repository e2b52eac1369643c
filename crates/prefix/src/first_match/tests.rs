//! First match against the definition: walk the list, stop at the first entry that matches.

use proptest::prelude::{Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

use super::{Entry, Matcher, deciders, first_match};
use crate::prefix::Prefix;
use crate::range::PrefixRange;
use crate::set::PrefixSet;
use crate::set::tests::{prefixes, ranges, sets};

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let matcher = prop_oneof![
        4 => ranges().prop_map(Matcher::Range),
        1 => sets().prop_map(Matcher::Set),
    ];
    let entry = (any::<bool>(), matcher).prop_map(|(permit, set)| Entry { permit, set });
    prop::collection::vec(entry, 0..12)
}

/// The position of the entry that decides.
fn first(entries: &[Entry], prefix: &Prefix) -> Option<usize> {
    entries.iter().position(|entry| entry.set.contains(prefix))
}

proptest! {
    #[test]
    fn agrees_with_walking_the_list(
        entries in entries(),
        probes in prop::collection::vec(prefixes(), 32),
    ) {
        let compiled = first_match(&entries);
        let witnesses = entries.iter().filter_map(|entry| entry.set.to_set().witness());
        for probe in probes.into_iter().chain(witnesses.collect::<Vec<_>>()) {
            let decider = first(&entries, &probe).map(|index| entries[index].permit);
            prop_assert_eq!(compiled.permitted.contains(&probe), decider == Some(true));
            prop_assert_eq!(compiled.denied.contains(&probe), decider == Some(false));
            prop_assert_eq!(compiled.unmatched().contains(&probe), decider.is_none());
        }
    }

    #[test]
    fn agrees_with_set_algebra(entries in entries()) {
        let mut decided = PrefixSet::empty();
        let (mut permitted, mut denied) = (PrefixSet::empty(), PrefixSet::empty());
        let mut dead = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let set = entry.set.to_set();
            let new = set.difference(&decided);
            if new.is_empty() {
                dead.push(index);
            }
            let verdict = if entry.permit { &mut permitted } else { &mut denied };
            *verdict = verdict.union(&new);
            decided = decided.union(&set);
        }
        let compiled = first_match(&entries);
        prop_assert_eq!(compiled.permitted, permitted);
        prop_assert_eq!(compiled.denied, denied);
        prop_assert_eq!(compiled.dead, dead);
    }

    #[test]
    fn deciders_decide(entries in entries(), probe in prefixes()) {
        for (index, entry) in entries.iter().enumerate() {
            let early = deciders(&entries, index);
            if let Some(first) = first(&entries[..index], &probe)
                && entry.set.contains(&probe)
            {
                prop_assert_eq!(early.contains(&first), true);
            }
            // Each decider takes something: without it the others leave more.
            let taken = |list: &[usize]| {
                let sets: Vec<_> = list.iter().map(|&early| entries[early].set.to_set()).collect();
                entry.set.to_set().difference(&PrefixSet::union_of(&sets))
            };
            for length in 0..early.len() {
                prop_assert_eq!(taken(&early[..length]) == taken(&early[..=length]), false);
            }
        }
    }
}

fn line(permit: bool, text: &str) -> Entry {
    Entry { permit, set: Matcher::Range(PrefixRange::parse(text).unwrap()) }
}

#[test]
fn dead_entries_and_what_killed_them() {
    let list = [
        line(true, "10.0.0.0/9 le 32"),
        line(false, "10.128.0.0/9 le 32"),
        line(true, "192.0.2.0/24"),
        line(true, "10.0.0.0/8 ge 9"),
        line(false, "0.0.0.0/0"),
        line(true, "0.0.0.0/0"),
        line(false, "2001:db8::/32 le 48"),
        line(true, "2001:db8:1::/48"),
    ];
    let compiled = first_match(&list);
    assert_eq!(compiled.dead, [3, 5, 7]);
    assert_eq!(deciders(&list, 3), [0, 1]);
    assert_eq!(deciders(&list, 5), [4]);
    assert_eq!(deciders(&list, 7), [6]);
    assert_eq!(deciders(&list, 99), Vec::<usize>::new());
    assert_eq!(compiled.permitted.to_string(), "10.0.0.0/9 le 32, 192.0.2.0/24");
}

#[test]
fn an_empty_list_decides_nothing() {
    let compiled = first_match(&[]);
    assert_eq!(compiled.unmatched(), PrefixSet::universe());
    let nothing = Entry { permit: true, set: Matcher::Set(PrefixSet::empty()) };
    assert_eq!(first_match(&[nothing]).dead, [0]);
}
