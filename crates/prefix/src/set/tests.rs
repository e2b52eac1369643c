//! Laws of the sets, against every prefix of a tiny universe and on real widths.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

use super::{Block, FamilySet, PrefixSet};
use crate::prefix::{Family, Prefix};
use crate::range::PrefixRange;
use crate::word::Word;

/// A prefix of the tiny universe: first address and length.
type Tiny = (u8, u8);

fn all_tiny() -> Vec<Tiny> {
    let starts = |length| (0..1_u16 << length).map(move |block| (block << (8 - length)) as u8);
    (0..=8).flat_map(|length| starts(length).map(move |first| (first, length))).collect()
}

fn tiny_contains(outer: Tiny, inner: Tiny) -> bool {
    outer.1 <= inner.1 && inner.0.block(outer.1).0 == outer.0
}

/// A range of the tiny universe, for the set and for the brute-force model.
#[derive(Clone, Copy, Debug)]
struct TinyRange {
    prefix: Tiny,
    min: u8,
    max: u8,
}

impl TinyRange {
    fn block(self) -> Block<u8> {
        let (first, last) = self.prefix.0.block(self.prefix.1);
        let lanes = u8::lengths(self.min, self.max);
        Block { first, last, lanes, default_route: self.min == 0 }
    }

    fn contains(self, prefix: Tiny) -> bool {
        tiny_contains(self.prefix, prefix) && (self.min..=self.max).contains(&prefix.1)
    }
}

fn tiny_ranges() -> impl Strategy<Value = Vec<TinyRange>> {
    let range = (any::<u8>(), 0..=8_u8, 0..=8_u8, 0..=8_u8).prop_map(|(address, length, a, b)| {
        let (min, max) = (a.min(b).max(length), a.max(b).max(length));
        TinyRange { prefix: (address.block(length).0, length), min, max }
    });
    prop::collection::vec(range, 0..8)
}

/// Two sets, each as the structure and as the list of its members.
fn tiny_set() -> impl Strategy<Value = (FamilySet<u8>, BTreeSet<Tiny>)> {
    (tiny_ranges(), tiny_ranges()).prop_map(|(some, others)| {
        let build = |ranges: &[TinyRange]| {
            FamilySet::from_ranges(ranges.iter().map(|range| range.block()).collect())
        };
        let holds = |ranges: &[TinyRange], tiny| ranges.iter().any(|range| range.contains(tiny));
        let members =
            all_tiny().into_iter().filter(|&tiny| holds(&some, tiny) && !holds(&others, tiny));
        (build(&some).difference(&build(&others)), members.collect())
    })
}

fn members(set: &FamilySet<u8>) -> BTreeSet<Tiny> {
    all_tiny().into_iter().filter(|&(first, length)| set.contains(first, length)).collect()
}

fn as_tiny(prefix: Prefix) -> Tiny {
    (u8::from_address(prefix.address()).unwrap(), prefix.length())
}

proptest! {
    #[test]
    fn operations_agree_with_enumeration((a, in_a) in tiny_set(), (b, in_b) in tiny_set()) {
        prop_assert_eq!(&members(&a), &in_a);
        prop_assert_eq!(members(&a.union(&b)), &in_a | &in_b);
        prop_assert_eq!(members(&a.intersection(&b)), &in_a & &in_b);
        prop_assert_eq!(members(&a.difference(&b)), &in_a - &in_b);
        prop_assert_eq!(a.overlaps(&b), !in_a.is_disjoint(&in_b));
        prop_assert_eq!(a.is_subset(&b), in_a.is_subset(&in_b));
        prop_assert!(a.intersection(&b).is_subset(&b));
        prop_assert_eq!(a == b, in_a == in_b);
        prop_assert_eq!(a.is_empty(), in_a.is_empty());
        prop_assert_eq!(a.count(), in_a.len() as u128);
    }

    #[test]
    fn members_are_listed_and_the_witness_is_the_least((a, in_a) in tiny_set()) {
        let mut listed = Vec::new();
        a.list(&mut listed);
        prop_assert_eq!(listed.len(), in_a.len());
        prop_assert_eq!(listed.into_iter().map(as_tiny).collect::<BTreeSet<_>>(), in_a.clone());
        let least = in_a.iter().min_by_key(|&&(first, length)| (length, first)).copied();
        prop_assert_eq!(a.witness().map(as_tiny), least);
    }

    #[test]
    fn relatives_agree_with_enumeration((a, in_a) in tiny_set()) {
        let all = all_tiny();
        let related = |test: &dyn Fn(Tiny, Tiny) -> bool| -> BTreeSet<Tiny> {
            all.iter().filter(|&&tiny| in_a.iter().any(|&member| test(tiny, member))).copied().collect()
        };
        prop_assert_eq!(members(&a.covering()), related(&|tiny, member| tiny_contains(tiny, member)));
        let below = related(&|tiny, member| member != tiny && tiny_contains(member, tiny));
        prop_assert_eq!(members(&a.more_specifics()), below);
        let addresses = a.addresses();
        for address in 0..=255 {
            let inside = in_a.iter().any(|&member| tiny_contains(member, (address, 8)));
            prop_assert_eq!(addresses.at(address), inside);
        }
    }

    #[test]
    fn canonical_however_it_came_about((a, _) in tiny_set(), (b, _) in tiny_set()) {
        let rebuilt = a.difference(&b).union(&a.intersection(&b));
        prop_assert_eq!(&rebuilt, &a);
        let hasher = RandomState::new();
        prop_assert_eq!(hasher.hash_one(&rebuilt), hasher.hash_one(&a));
    }

    #[test]
    fn ranges_are_disjoint_sorted_and_complete((a, in_a) in tiny_set()) {
        let ranges: Vec<TinyRange> = a
            .ranges()
            .into_iter()
            .map(|range| {
                TinyRange { prefix: as_tiny(range.prefix), min: range.min_length, max: range.max_length }
            })
            .collect();
        prop_assert!(ranges.is_sorted_by_key(|range| (range.prefix, range.min)));
        for tiny in all_tiny() {
            let n_ranges = ranges.iter().filter(|range| range.contains(tiny)).count();
            prop_assert_eq!(n_ranges, usize::from(in_a.contains(&tiny)));
        }
        let rebuilt = FamilySet::from_ranges(ranges.iter().map(|range| range.block()).collect());
        prop_assert_eq!(rebuilt, a);
    }

    #[test]
    fn starts_agree_with_enumeration(
        mut ends in prop::collection::btree_set(any::<u8>(), 0..8),
        lanes in any::<u8>(),
        default_route in any::<bool>(),
    ) {
        if ends.len() % 2 == 1 {
            ends.pop_last();
        }
        let ends: Vec<u8> = ends.into_iter().collect();
        let stretches: Vec<(u8, u8)> = ends.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        let set = FamilySet::starting_in(stretches.iter().copied(), lanes, default_route);
        for (first, length) in all_tiny() {
            let taken = if length == 0 { default_route } else { lanes & u8::lengths(length, length) != 0 };
            let starts = stretches.iter().any(|&(from, to)| from <= first && first <= to);
            prop_assert_eq!(set.contains(first, length), taken && starts);
        }
    }
}

/// Addresses that meet each other often, at both ends of each family and in the middle.
pub(crate) fn addresses() -> impl Strategy<Value = IpAddr> {
    let v4 = prop_oneof![
        Just(0_u32),
        Just(u32::MAX),
        any::<u32>(),
        (0..64_u32).prop_map(|low| 0x0a00_0000 | low << 14),
        (0..256_u32).prop_map(|low| 0xc000_0200 | low),
    ];
    let v6 = prop_oneof![
        Just(0_u128),
        Just(u128::MAX),
        any::<u128>(),
        (0..64_u128).prop_map(|low| 0x2001_0db8 << 96 | low << 78),
        (0..64_u128).prop_map(|low| 0x2001_0db8 << 96 | low),
    ];
    prop_oneof![
        2 => v4.prop_map(|bits| Ipv4Addr::from_bits(bits).into()),
        1 => v6.prop_map(|bits| Ipv6Addr::from_bits(bits).into()),
    ]
}

pub(crate) fn prefixes() -> impl Strategy<Value = Prefix> {
    (addresses(), any::<u8>()).prop_map(|(address, length)| {
        Prefix::new(address, length % (Family::of(address).width() + 1)).unwrap()
    })
}

pub(crate) fn ranges() -> impl Strategy<Value = PrefixRange> {
    (prefixes(), any::<u8>(), any::<u8>()).prop_map(|(prefix, a, b)| {
        let span = prefix.family().width() - prefix.length() + 1;
        let (a, b) = (prefix.length() + a % span, prefix.length() + b % span);
        PrefixRange::new(prefix, a.min(b), a.max(b)).unwrap()
    })
}

pub(crate) fn sets() -> impl Strategy<Value = PrefixSet> {
    let lists = || prop::collection::vec(ranges(), 0..12);
    (lists(), lists()).prop_map(|(some, others)| {
        let (some, others): (PrefixSet, PrefixSet) =
            (some.into_iter().collect(), others.into_iter().collect());
        some.difference(&others)
    })
}

proptest! {
    #[test]
    fn laws_hold_on_real_widths(a in sets(), b in sets(), c in sets()) {
        let universe = PrefixSet::universe();
        prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
        prop_assert_eq!(a.intersection(&b).complement(), a.complement().union(&b.complement()));
        prop_assert_eq!(a.complement().complement(), a.clone());
        prop_assert_eq!(a.difference(&b).union(&a.intersection(&b)), a.clone());
        prop_assert!(!a.difference(&b).overlaps(&b));
        prop_assert_eq!(a.union(&a.complement()), universe);
        prop_assert!(a.intersection(&a.complement()).is_empty());
        prop_assert_eq!(a.union(&b.union(&c)), PrefixSet::union_of([&a, &b, &c]));
        let distributed = a.intersection(&b).union(&a.intersection(&c));
        prop_assert_eq!(a.intersection(&b.union(&c)), distributed);
        prop_assert_eq!(a.overlaps(&b), !a.intersection(&b).is_empty());
        prop_assert_eq!(a.is_subset(&b), a.difference(&b).is_empty());
        let families = a.family(Family::Ipv4).union(&a.family(Family::Ipv6));
        prop_assert_eq!(families, a);
    }

    #[test]
    fn membership_is_that_of_the_ranges(
        list in prop::collection::vec(ranges(), 0..12),
        probes in prop::collection::vec(prefixes(), 32),
    ) {
        let set: PrefixSet = list.iter().copied().collect();
        // The ranges' own prefixes and ends are the probes most likely to be wrong.
        let edges = list.iter().flat_map(|range| {
            let last = Prefix::host(range.prefix.last());
            let at = |length| Prefix::new(range.prefix.address(), length);
            [Some(range.prefix), Some(last), at(range.min_length), at(range.max_length + 1)]
        });
        for probe in probes.into_iter().chain(edges.flatten()) {
            let listed = list.iter().any(|range| range.contains(&probe));
            prop_assert_eq!(set.contains(&probe), listed, "{}", probe);
        }
        let folded = list.iter().fold(PrefixSet::empty(), |set, range| {
            set.union(&PrefixSet::from_range(*range))
        });
        prop_assert_eq!(set, folded);
    }

    #[test]
    fn printed_and_read_again_is_the_same(a in sets()) {
        let text = a.to_string();
        let words = text.split(", ").filter(|word| !word.is_empty());
        let read: PrefixSet = words.map(|word| PrefixRange::parse(word).unwrap()).collect();
        prop_assert_eq!(&read, &a);
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn witness_and_listing_are_members(a in sets()) {
        let witness = a.witness();
        prop_assert_eq!(witness.is_none(), a.is_empty());
        prop_assert!(witness.is_none_or(|witness| a.contains(&witness)));
        match a.prefixes(1000) {
            Some(listed) => {
                prop_assert_eq!(listed.len() as u128, a.count());
                prop_assert!(listed.is_sorted_by(|one, next| one < next));
                prop_assert_eq!(listed.into_iter().collect::<PrefixSet>(), a);
            }
            None => prop_assert!(1000 < a.count()),
        }
    }

    #[test]
    fn relatives_on_real_widths(a in sets(), probe in prefixes()) {
        prop_assert!(a.is_subset(&a.covering()));
        prop_assert_eq!(a.covering().covering(), a.covering());
        let inside = PrefixSet::from_range(PrefixRange::or_longer(probe));
        prop_assert_eq!(a.covering().contains(&probe), a.overlaps(&inside));
        let above = PrefixSet::from_prefix(probe).covering().difference(&probe.into());
        prop_assert_eq!(a.more_specifics().contains(&probe), a.overlaps(&above));
        prop_assert_eq!(a.addresses(), a.covering().intersection(&a).addresses());
        prop_assert_eq!(a.addresses().contains(probe.first()), {
            a.overlaps(&PrefixSet::from_prefix(Prefix::host(probe.first())).covering())
        });
    }
}

#[test]
fn universes_count_and_print() {
    assert_eq!(PrefixSet::universe_of(Family::Ipv4).count(), (1 << 33) - 1);
    assert_eq!(PrefixSet::universe().count(), u128::MAX);
    assert_eq!(PrefixSet::universe().to_string(), "0.0.0.0/0 le 32, ::/0 le 128");
    assert_eq!(PrefixSet::empty().to_string(), "");
    assert_eq!(PrefixSet::universe().complement(), PrefixSet::empty());
    assert_eq!(PrefixSet::empty().prefixes(0), Some(Vec::new()));
    assert_eq!(PrefixSet::universe().prefixes(usize::MAX), None);
}

#[test]
fn a_default_route_is_not_everything() {
    let default = PrefixSet::from_prefix(Prefix::parse("0.0.0.0/0").unwrap().0);
    let site = PrefixSet::from_range(PrefixRange::parse("10.0.0.0/8 le 32").unwrap());
    assert!(!default.overlaps(&site));
    assert!(site.is_subset(&default.more_specifics()));
    assert!(default.is_subset(&site.covering()));
    assert_eq!(default.addresses().to_string(), "0.0.0.0/0");
    assert_eq!(default.count(), 1);
}
