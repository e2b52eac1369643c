//! Longest match against the definition: look up the longest prefix, then ask its filters in order.

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{RouteFilter, longest_match, longest_permitted};
use crate::first_match::Matcher;
use crate::prefix::Prefix;
use crate::range::PrefixRange;
use crate::set::PrefixSet;
use crate::set::tests::{prefixes, ranges, sets};

fn filters() -> impl Strategy<Value = Vec<RouteFilter>> {
    let matcher = prop_oneof![
        4 => ranges().prop_map(Matcher::Range),
        1 => sets().prop_map(Matcher::Set),
    ];
    let filter =
        (any::<bool>(), any::<bool>(), ranges(), matcher).prop_map(|(permit, own, range, set)| {
            match own {
                true => RouteFilter::of_range(permit, range),
                false => RouteFilter { prefix: range.prefix, permit, set },
            }
        });
    prop::collection::vec(filter, 0..10)
}

/// The position of the filter that decides, as Juniper words it.
fn decider(filters: &[RouteFilter], route: &Prefix) -> Option<usize> {
    let longest = filters
        .iter()
        .filter(|filter| filter.prefix.contains(route))
        .map(|filter| filter.prefix)
        .max_by_key(Prefix::length)?;
    filters.iter().position(|filter| filter.prefix == longest && filter.set.contains(route))
}

proptest! {
    #[test]
    fn agrees_with_the_look_up(
        filters in filters(),
        probes in prop::collection::vec(prefixes(), 32),
    ) {
        let compiled = longest_match(&filters);
        let own = filters.iter().map(|filter| filter.prefix);
        let accepted = filters.iter().filter_map(|filter| filter.set.to_set().witness());
        for probe in probes.into_iter().chain(own).chain(accepted) {
            let decider = decider(&filters, &probe);
            let verdict = decider.map(|index| filters[index].permit);
            prop_assert_eq!(compiled.permitted.contains(&probe), verdict == Some(true), "{}", probe);
            prop_assert_eq!(compiled.denied.contains(&probe), verdict == Some(false), "{}", probe);
            prop_assert!(decider.is_none_or(|index| !compiled.dead.contains(&index)));
        }
    }

    #[test]
    fn what_is_permitted_is_known_without_a_look_up(ranges in prop::collection::vec(ranges(), 0..6)) {
        let filters: Vec<RouteFilter> =
            ranges.iter().map(|&range| RouteFilter::of_range(true, range)).collect();
        prop_assert_eq!(longest_permitted(ranges), longest_match(&filters).permitted);
    }

    #[test]
    fn dead_filters_change_nothing(filters in filters()) {
        // A dead filter accepts nothing new, but its prefix still takes part in the look-up.
        let compiled = longest_match(&filters);
        let mut emptied = filters.clone();
        for &index in &compiled.dead {
            emptied[index].set = Matcher::Set(PrefixSet::empty());
        }
        prop_assert_eq!(longest_match(&emptied), compiled.clone());
        for (index, filter) in filters.iter().enumerate() {
            let mut without = filters.clone();
            without[index] = RouteFilter { set: Matcher::Set(PrefixSet::empty()), ..filter.clone() };
            if !compiled.dead.contains(&index) {
                let without = longest_match(&without);
                let same = without.permitted == compiled.permitted && without.denied == compiled.denied;
                // What it decides may pass to the next filter for the same prefix.
                let twin = filters[index + 1..].iter().any(|next| next.prefix == filter.prefix);
                prop_assert!(!same || twin);
            }
        }
    }
}

fn filter(permit: bool, text: &str) -> RouteFilter {
    RouteFilter::of_range(permit, PrefixRange::parse(text).unwrap())
}

#[test]
fn a_longer_filter_hides_a_shorter_one() {
    let term =
        longest_match(&[filter(true, "192.168.0.0/16 le 32"), filter(true, "192.168.254.0/23")]);
    let parse = |text| Prefix::parse(text).unwrap().0;
    assert!(term.permitted.contains(&parse("192.168.254.0/23")));
    assert!(!term.permitted.contains(&parse("192.168.254.0/24")));
    assert!(term.permitted.contains(&parse("192.168.252.0/24")));
}

#[test]
fn filters_for_one_prefix_are_tried_in_order() {
    let term = longest_match(&[
        filter(false, "0.0.0.0/0 le 7"),
        filter(true, "0.0.0.0/0 le 24"),
        filter(false, "0.0.0.0/0 le 32"),
    ]);
    assert_eq!(term.permitted.to_string(), "0.0.0.0/0 ge 8 le 24");
    assert_eq!(term.denied.to_string(), "0.0.0.0/0 le 7, 0.0.0.0/0 ge 25");
    assert_eq!(term.dead, Vec::<usize>::new());
}
