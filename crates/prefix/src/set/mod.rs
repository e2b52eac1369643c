//! Exact sets of prefixes of both families.
//!
//! A list entry stands for up to billions of routes, so members are never enumerated: a set is, per
//! family, a sorted list of the addresses where the set of member lengths changes. One entry adds
//! two such places, and union, intersection and difference are one merge with one word operation
//! per place. The form is canonical, so sets can be compared and hashed as values.

mod family;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::LazyLock;

use crate::address_set::AddressSet;
use crate::prefix::{Family, Prefix};
use crate::range::PrefixRange;
use crate::word::Word;

pub(crate) use family::{Block, FamilySet};

/// A set of prefixes, IPv4 and IPv6 side by side.
///
/// # Invariants
/// - Canonical: two sets with the same members are equal and hash alike.
///
/// ```
/// use edgelint_prefix::{Prefix, PrefixRange, PrefixSet};
/// let site = PrefixSet::from_range(PrefixRange::parse("10.0.0.0/8 le 24").unwrap());
/// let block = PrefixSet::from_range(PrefixRange::parse("10.9.0.0/16 ge 17 le 24").unwrap());
/// assert!(block.is_subset(&site));
/// assert!(!site.difference(&block).contains(&Prefix::parse("10.9.1.0/24").unwrap().0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PrefixSet {
    pub(crate) v4: FamilySet<u32>,
    pub(crate) v6: FamilySet<u128>,
}

impl PrefixSet {
    /// No prefix.
    pub const fn empty() -> Self {
        Self { v4: FamilySet::empty(), v6: FamilySet::empty() }
    }

    /// Every prefix of both families, default routes included.
    pub fn universe() -> Self {
        Self { v4: FamilySet::universe(), v6: FamilySet::universe() }
    }

    /// Every prefix of one family, its default route included.
    pub fn universe_of(family: Family) -> Self {
        // Asked for again and again: all share one.
        static UNIVERSE: LazyLock<PrefixSet> = LazyLock::new(PrefixSet::universe);
        match family {
            Family::Ipv4 => Self { v4: UNIVERSE.v4.clone(), ..Self::empty() },
            Family::Ipv6 => Self { v6: UNIVERSE.v6.clone(), ..Self::empty() },
        }
    }

    /// The members of one range.
    pub fn from_range(range: PrefixRange) -> Self {
        Self {
            v4: Block::of(&range).map_or_else(FamilySet::empty, FamilySet::from_range),
            v6: Block::of(&range).map_or_else(FamilySet::empty, FamilySet::from_range),
        }
    }

    /// One prefix alone.
    pub fn from_prefix(prefix: Prefix) -> Self {
        Self::from_range(PrefixRange::exact(prefix))
    }

    /// The union of any number of sets, joined in pairs so that each step is copied a logarithmic
    /// number of times.
    pub fn union_of<'s>(sets: impl IntoIterator<Item = &'s Self>) -> Self {
        let mut sets = sets.into_iter();
        let Some(first) = sets.next() else { return Self::empty() };
        let Some(second) = sets.next() else { return first.clone() };
        let mut sets: Vec<Self> =
            std::iter::once(first.union(second)).chain(sets.cloned()).collect();
        while 1 < sets.len() {
            sets = sets
                .chunks(2)
                .map(|pair| match pair {
                    [a, b] => a.union(b),
                    _ => pair.first().cloned().unwrap_or_default(),
                })
                .collect();
        }
        sets.pop().unwrap_or_default()
    }

    /// The prefixes in either set.
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// The prefixes in both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    /// The prefixes in this set that are not in `other`.
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.difference(&other.v4), v6: self.v6.difference(&other.v6) }
    }

    /// The prefixes of either family that are not in this set.
    pub fn complement(&self) -> Self {
        Self::universe().difference(self)
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether the sets share a member. Stops at the first one.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.v4.overlaps(&other.v4) || self.v6.overlaps(&other.v6)
    }

    /// Whether each member is in `other` too. Stops at the first that is not.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// Whether the prefix is a member.
    pub fn contains(&self, prefix: &Prefix) -> bool {
        let (address, length) = (prefix.address(), prefix.length());
        let v4 = u32::from_address(address).is_some_and(|first| self.v4.contains(first, length));
        v4 || u128::from_address(address).is_some_and(|first| self.v6.contains(first, length))
    }

    /// One member, always the same: IPv4 before IPv6, then the shortest, then the lowest address.
    pub fn witness(&self) -> Option<Prefix> {
        self.v4.witness().or_else(|| self.v6.witness())
    }

    /// Every member in order, if there are at most `limit`.
    pub fn prefixes(&self, limit: usize) -> Option<Vec<Prefix>> {
        if u128::try_from(limit).is_ok_and(|limit| limit < self.count()) {
            return None;
        }
        let mut prefixes = Vec::new();
        self.v4.list(&mut prefixes);
        self.v6.list(&mut prefixes);
        prefixes.sort_unstable();
        Some(prefixes)
    }

    /// The number of members; `u128::MAX` where there are more (half of all IPv6 prefixes are).
    pub fn count(&self) -> u128 {
        self.v4.count().saturating_add(self.v6.count())
    }

    /// The members of one family.
    pub fn family(&self, family: Family) -> Self {
        match family {
            Family::Ipv4 => Self { v4: self.v4.clone(), ..Self::empty() },
            Family::Ipv6 => Self { v6: self.v6.clone(), ..Self::empty() },
        }
    }

    /// The members but for the two default routes.
    pub fn without_default(&self) -> Self {
        Self { v4: self.v4.without_default(), v6: self.v6.without_default() }
    }

    /// All prefixes that lie inside a member and are longer than it.
    ///
    /// A member may itself be among them, where a shorter member contains it.
    pub fn more_specifics(&self) -> Self {
        Self { v4: self.v4.more_specifics(), v6: self.v6.more_specifics() }
    }

    /// All prefixes that are a member or contain one.
    ///
    /// "A announces a more specific of something B announces" is `a.covering()` against `b`.
    pub fn covering(&self) -> Self {
        Self { v4: self.v4.covering(), v6: self.v6.covering() }
    }

    /// The addresses that lie in a member.
    pub fn addresses(&self) -> AddressSet {
        AddressSet { v4: self.v4.addresses(), v6: self.v6.addresses() }
    }
}

impl From<Prefix> for PrefixSet {
    fn from(prefix: Prefix) -> Self {
        Self::from_prefix(prefix)
    }
}

impl From<PrefixRange> for PrefixSet {
    fn from(range: PrefixRange) -> Self {
        Self::from_range(range)
    }
}

impl FromIterator<PrefixRange> for PrefixSet {
    fn from_iter<I: IntoIterator<Item = PrefixRange>>(ranges: I) -> Self {
        let ranges = ranges.into_iter();
        let (mut v4, mut v6) = (Vec::with_capacity(ranges.size_hint().0), Vec::new());
        for range in ranges {
            v4.extend(Block::of(&range));
            v6.extend(Block::of(&range));
        }
        Self { v4: FamilySet::from_ranges(v4), v6: FamilySet::from_ranges(v6) }
    }
}

impl FromIterator<Prefix> for PrefixSet {
    fn from_iter<I: IntoIterator<Item = Prefix>>(prefixes: I) -> Self {
        prefixes.into_iter().map(PrefixRange::exact).collect()
    }
}
