//! The sweep against comparing all sets one by one.

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

use super::{shared_addresses, shared_prefixes};
use crate::address_set::AddressSet;
use crate::prefix::Prefix;
use crate::range::PrefixRange;
use crate::set::PrefixSet;
use crate::set::tests::{prefixes, sets};

fn lists() -> impl Strategy<Value = Vec<PrefixSet>> {
    prop::collection::vec(sets(), 0..7)
}

proptest! {
    #[test]
    fn classes_are_what_exactly_their_members_share(sets in lists()) {
        let shared = shared_prefixes(&sets.iter().collect::<Vec<_>>());
        prop_assert!(shared.is_sorted_by(|a, b| a.members < b.members));
        // Every subset of two or more, the long way round.
        let mut expected = 0;
        for subset in 0..1_usize << sets.len() {
            let members: Vec<usize> = (0..sets.len()).filter(|index| subset >> index & 1 == 1).collect();
            if members.len() < 2 {
                continue;
            }
            let common = sets.iter().enumerate().fold(PrefixSet::universe(), |common, (index, set)| {
                if members.contains(&index) { common.intersection(set) } else { common.difference(set) }
            });
            let found = shared.iter().find(|shared| shared.members == members);
            prop_assert_eq!(found.map_or(PrefixSet::empty(), |shared| shared.set.clone()), common.clone());
            expected += usize::from(!common.is_empty());
        }
        prop_assert_eq!(shared.len(), expected);
    }

    #[test]
    fn every_pair_is_found(sets in lists()) {
        let shared = shared_prefixes(&sets.iter().collect::<Vec<_>>());
        for (i, a) in sets.iter().enumerate() {
            for (j, b) in sets.iter().enumerate().skip(i + 1) {
                let classes = shared.iter().filter(|shared| {
                    shared.members.contains(&i) && shared.members.contains(&j)
                });
                let union = PrefixSet::union_of(classes.map(|shared| &shared.set));
                prop_assert_eq!(union, a.intersection(b));
            }
        }
    }

    #[test]
    fn addresses_alike(sets in prop::collection::vec(prop::collection::vec(prefixes(), 0..5), 0..5)) {
        let sets: Vec<AddressSet> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
        let shared = shared_addresses(&sets.iter().collect::<Vec<_>>());
        let mut all = AddressSet::empty();
        for class in &shared {
            prop_assert!(2 <= class.members.len());
            prop_assert!(!class.set.is_empty() && !class.set.overlaps(&all));
            all = all.union(&class.set);
            for (index, set) in sets.iter().enumerate() {
                match class.members.contains(&index) {
                    true => prop_assert!(class.set.is_subset(set)),
                    false => prop_assert!(!class.set.overlaps(set)),
                }
            }
        }
        for (index, a) in sets.iter().enumerate() {
            for b in &sets[index + 1..] {
                prop_assert!(a.intersection(b).is_subset(&all));
            }
        }
    }
}

#[test]
fn families_and_default_routes_meet_in_one_class() {
    let set = |texts: &[&str]| -> PrefixSet {
        texts.iter().map(|text| PrefixRange::parse(text).unwrap()).collect()
    };
    let a = set(&["0.0.0.0/0", "10.1.0.0/16", "2001:db8::/32"]);
    let b = set(&["0.0.0.0/0", "10.1.0.0/16 le 24", "::/0"]);
    let c = set(&["2001:db8::/32 le 48", "::/0"]);
    let shared = shared_prefixes(&[&a, &b, &c]);
    let shown: Vec<_> =
        shared.iter().map(|shared| (shared.members.clone(), shared.set.to_string())).collect();
    assert_eq!(
        shown,
        [
            (vec![0, 1], "0.0.0.0/0, 10.1.0.0/16".to_owned()),
            (vec![0, 2], "2001:db8::/32".to_owned()),
            (vec![1, 2], "::/0".to_owned()),
        ]
    );
}

#[test]
fn many_equal_sets_are_one_class() {
    let set = PrefixSet::from_prefix(Prefix::parse("192.0.2.0/24").unwrap().0);
    let sets = vec![&set; 3000];
    let shared = shared_prefixes(&sets);
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].members, (0..3000).collect::<Vec<_>>());
    assert_eq!(shared[0].set, set);
    assert!(shared_prefixes(&[&set]).is_empty());
    assert!(shared_addresses(&[]).is_empty());
}
