//! Laws of address sets on real widths, against the intervals they were made of.

use std::net::IpAddr;

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

use super::{AddressSet, Interval};
use crate::prefix::{Family, Prefix};
use crate::set::tests::{addresses, prefixes};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn intervals() -> impl Strategy<Value = Interval> {
    (addresses(), addresses()).prop_map(|(a, b)| {
        // Ends of two families make no interval; the first address alone always does.
        Interval::new(a.min(b), a.max(b)).unwrap_or(Interval::host(a))
    })
}

fn lists() -> impl Strategy<Value = Vec<Interval>> {
    prop::collection::vec(intervals(), 0..6)
}

proptest! {
    #[test]
    fn membership_is_that_of_the_intervals(a in lists(), b in lists(), probe in addresses()) {
        let (set_a, set_b): (AddressSet, AddressSet) =
            (a.iter().copied().collect(), b.iter().copied().collect());
        let edges = a.iter().chain(&b).flat_map(|interval| [interval.first, interval.last]);
        for probe in edges.chain([probe]) {
            let in_a = a.iter().any(|interval| interval.contains(probe));
            let in_b = b.iter().any(|interval| interval.contains(probe));
            prop_assert_eq!(set_a.contains(probe), in_a);
            prop_assert_eq!(set_a.union(&set_b).contains(probe), in_a || in_b);
            prop_assert_eq!(set_a.intersection(&set_b).contains(probe), in_a && in_b);
            prop_assert_eq!(set_a.difference(&set_b).contains(probe), in_a && !in_b);
            prop_assert_eq!(set_a.complement().contains(probe), !in_a);
        }
    }

    #[test]
    fn laws_hold(a in lists(), b in lists()) {
        let (a, b): (AddressSet, AddressSet) = (a.into_iter().collect(), b.into_iter().collect());
        prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
        prop_assert_eq!(a.difference(&b).union(&a.intersection(&b)), a.clone());
        prop_assert_eq!(a.overlaps(&b), !a.intersection(&b).is_empty());
        prop_assert_eq!(a.is_subset(&b), a.difference(&b).is_empty());
        prop_assert_eq!(a.witness(), a.intervals().first().map(|interval| interval.first));
        let families = a.family(Family::Ipv4).union(&a.family(Family::Ipv6));
        prop_assert_eq!(families, a);
    }

    #[test]
    fn intervals_and_prefixes_say_the_same(a in lists()) {
        let set: AddressSet = a.into_iter().collect();
        prop_assert_eq!(set.intervals().into_iter().collect::<AddressSet>(), set.clone());
        let cover = set.prefixes();
        prop_assert!(cover.is_sorted());
        prop_assert_eq!(cover.iter().copied().collect::<AddressSet>(), set);
        // No two neighbours are halves of one block, so no shorter cover exists.
        for pair in cover.windows(2) {
            let parent = pair[0].length().checked_sub(1).and_then(|length| {
                Prefix::new(pair[0].address(), length)
            });
            let halves = pair[0].length() == pair[1].length()
                && parent.is_some_and(|parent| parent.contains(&pair[1]));
            prop_assert!(!halves, "{} {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn a_prefix_is_its_interval(prefix in prefixes()) {
        prop_assert_eq!(prefix.interval().prefixes(), vec![prefix]);
        prop_assert_eq!(AddressSet::from(prefix), AddressSet::from(prefix.interval()));
    }
}

#[test]
fn prints_the_shortest_true_form() {
    let set = |pairs: &[(&str, &str)]| -> AddressSet {
        pairs.iter().map(|(a, b)| Interval::new(ip(a), ip(b)).unwrap()).collect()
    };
    assert_eq!(set(&[]).to_string(), "");
    assert_eq!(set(&[("192.0.2.1", "192.0.2.1")]).to_string(), "192.0.2.1");
    assert_eq!(set(&[("192.0.2.0", "192.0.2.127")]).to_string(), "192.0.2.0/25");
    assert_eq!(set(&[("192.0.2.1", "192.0.2.127")]).to_string(), "192.0.2.1-192.0.2.127");
    let touching = set(&[("192.0.2.5", "192.0.2.9"), ("192.0.2.0", "192.0.2.4")]);
    assert_eq!(touching.to_string(), "192.0.2.0-192.0.2.9");
    let both = set(&[("2001:db8::", "2001:db8::ffff"), ("10.0.0.0", "10.255.255.255")]);
    assert_eq!(both.to_string(), "10.0.0.0/8, 2001:db8::/112");
    assert_eq!(AddressSet::universe().to_string(), "0.0.0.0/0, ::/0");
    assert_eq!(AddressSet::universe().count(), u128::MAX);
    assert_eq!(AddressSet::universe().family(Family::Ipv4).count(), 1 << 32);
    assert_eq!(both.count(), (1 << 24) + (1 << 16));
}

#[test]
fn impossible_intervals_are_none() {
    assert_eq!(Interval::new(ip("192.0.2.2"), ip("192.0.2.1")), None);
    assert_eq!(Interval::new(ip("192.0.2.2"), ip("2001:db8::1")), None);
    assert!(!Interval::new(ip("0.0.0.0"), ip("255.255.255.255")).unwrap().contains(ip("::1")));
}
