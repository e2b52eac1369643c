//! Intervals and sets of addresses: what NAT pools, access lists and interfaces talk about.
//!
//! Translation rules name addresses and not routes, and pools seldom begin at a block's edge, so
//! the natural form is a list of intervals. It is the same step function as for prefixes, with
//! one lane instead of one per length.

use std::fmt;
use std::net::IpAddr;

use crate::prefix::{Family, Prefix};
use crate::print::join;
use crate::steps::{Growing, Steps};
use crate::word::Word;

/// The addresses from `first` to `last`, both included.
///
/// Prints as one address, as a prefix where it is one block, and as `first-last` otherwise.
///
/// # Invariants
/// - Both ends are of one family, and `first <= last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Interval {
    /// The lowest address.
    pub first: IpAddr,
    /// The highest address.
    pub last: IpAddr,
}

impl Interval {
    /// The interval, unless the families differ or the ends are the wrong way round.
    pub fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        let possible = Family::of(first) == Family::of(last) && first <= last;
        possible.then_some(Self { first, last })
    }

    /// The interval of one address.
    pub const fn host(address: IpAddr) -> Self {
        Self { first: address, last: address }
    }

    /// The address family.
    pub const fn family(&self) -> Family {
        Family::of(self.first)
    }

    /// Whether the address lies between the ends.
    pub fn contains(&self, address: IpAddr) -> bool {
        // Addresses are ordered by family first, so another family is never between.
        self.first <= address && address <= self.last
    }

    /// The fewest prefixes that cover these addresses and no others, in order.
    pub fn prefixes(&self) -> Vec<Prefix> {
        let mut prefixes = Vec::new();
        if let Some((first, last)) = ends::<u32>(self) {
            cover(first, last, &mut prefixes);
        }
        if let Some((first, last)) = ends::<u128>(self) {
            cover(first, last, &mut prefixes);
        }
        prefixes
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return write!(formatter, "{}", self.first);
        }
        match self.prefixes().as_slice() {
            [block] => write!(formatter, "{block}"),
            _ => write!(formatter, "{}-{}", self.first, self.last),
        }
    }
}

/// A set of addresses of both families.
///
/// # Invariants
/// - Canonical: two sets with the same addresses are equal and hash alike.
///
/// ```
/// use edgelint_prefix::{AddressSet, Interval, Prefix};
/// let pool = Interval::new("192.0.2.10".parse().unwrap(), "192.0.2.20".parse().unwrap());
/// let pool = AddressSet::from_interval(pool.unwrap());
/// let block = AddressSet::from_prefix(Prefix::parse("192.0.2.16/28").unwrap().0);
/// assert_eq!(pool.intersection(&block).to_string(), "192.0.2.16-192.0.2.20");
/// assert_eq!(pool.union(&block).to_string(), "192.0.2.10-192.0.2.31");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AddressSet {
    pub(crate) v4: Steps<u32, bool>,
    pub(crate) v6: Steps<u128, bool>,
}

impl AddressSet {
    /// No address.
    pub const fn empty() -> Self {
        Self { v4: Steps::empty(), v6: Steps::empty() }
    }

    /// Every address of both families.
    pub fn universe() -> Self {
        Self { v4: Steps::everywhere(true), v6: Steps::everywhere(true) }
    }

    /// The addresses of one interval.
    pub fn from_interval(interval: Interval) -> Self {
        std::iter::once(interval).collect()
    }

    /// The addresses of one prefix.
    pub fn from_prefix(prefix: Prefix) -> Self {
        Self::from_interval(prefix.interval())
    }

    /// The addresses in any of `sets`, put in order once.
    pub fn union_of<'s>(sets: impl IntoIterator<Item = &'s Self>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for set in sets {
            v4.extend(set.v4.stretches().map(|(first, last, _)| (first, last)));
            v6.extend(set.v6.stretches().map(|(first, last, _)| (first, last)));
        }
        Self { v4: steps(v4), v6: steps(v6) }
    }

    /// The addresses in either set.
    pub fn union(&self, other: &Self) -> Self {
        let v4 = self.v4.combine(&other.v4, |a, b| a | b);
        Self { v4, v6: self.v6.combine(&other.v6, |a, b| a | b) }
    }

    /// The addresses in both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.common(&other.v4), v6: self.v6.common(&other.v6) }
    }

    /// The addresses in this set that are not in `other`.
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.without(&other.v4), v6: self.v6.without(&other.v6) }
    }

    /// The addresses of either family that are not in this set.
    pub fn complement(&self) -> Self {
        Self::universe().difference(self)
    }

    /// Whether there is no address.
    pub const fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether the sets share an address.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.v4.meets(&other.v4) || self.v6.meets(&other.v6)
    }

    /// Whether each address is in `other` too.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.lies_in(&other.v4) && self.v6.lies_in(&other.v6)
    }

    /// Whether the address is in the set.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.at(address.to_bits()),
            IpAddr::V6(address) => self.v6.at(address.to_bits()),
        }
    }

    /// The addresses of one family.
    pub fn family(&self, family: Family) -> Self {
        match family {
            Family::Ipv4 => Self { v4: self.v4.clone(), ..Self::empty() },
            Family::Ipv6 => Self { v6: self.v6.clone(), ..Self::empty() },
        }
    }

    /// The longest intervals inside the set, in order, IPv4 first.
    pub fn intervals(&self) -> Vec<Interval> {
        let mut intervals = Vec::new();
        list(&self.v4, &mut intervals);
        list(&self.v6, &mut intervals);
        intervals
    }

    /// The lowest address, IPv4 first.
    pub fn witness(&self) -> Option<IpAddr> {
        let v4 = self.v4.as_slice().first().map(|&(first, _)| first.to_address());
        v4.or_else(|| self.v6.as_slice().first().map(|&(first, _)| first.to_address()))
    }

    /// The number of addresses; `u128::MAX` where there are more.
    pub fn count(&self) -> u128 {
        let v4 = self.v4.stretches().map(|(first, last, _)| u128::from(last - first) + 1);
        let v6 = self.v6.stretches().map(|(first, last, _)| (last - first).saturating_add(1));
        v4.chain(v6).fold(0, u128::saturating_add)
    }

    /// The fewest prefixes that cover these addresses and no others, in order, IPv4 first.
    pub fn prefixes(&self) -> Vec<Prefix> {
        self.intervals().iter().flat_map(Interval::prefixes).collect()
    }
}

impl From<Interval> for AddressSet {
    fn from(interval: Interval) -> Self {
        Self::from_interval(interval)
    }
}

impl From<Prefix> for AddressSet {
    fn from(prefix: Prefix) -> Self {
        Self::from_prefix(prefix)
    }
}

impl FromIterator<Interval> for AddressSet {
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for interval in intervals {
            v4.extend(ends(&interval));
            v6.extend(ends(&interval));
        }
        Self { v4: steps(v4), v6: steps(v6) }
    }
}

impl FromIterator<Prefix> for AddressSet {
    fn from_iter<I: IntoIterator<Item = Prefix>>(prefixes: I) -> Self {
        prefixes.into_iter().map(|prefix| prefix.interval()).collect()
    }
}

impl fmt::Display for AddressSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(formatter, &self.intervals())
    }
}

/// The ends as numbers, if they are of this family and the right way round.
fn ends<A: Word>(interval: &Interval) -> Option<(A, A)> {
    let ends = (A::from_address(interval.first)?, A::from_address(interval.last)?);
    (ends.0 <= ends.1).then_some(ends)
}

/// The union of intervals in any order.
fn steps<A: Word>(mut intervals: Vec<(A, A)>) -> Steps<A, bool> {
    intervals.sort_unstable();
    let mut steps = Growing::new();
    let mut end: Option<A> = None;
    for (first, last) in intervals {
        if let Some(end) = end.filter(|&end| end < first) {
            steps.push_after(end, false);
        }
        steps.push(first, true);
        end = end.max(Some(last));
    }
    if let Some(end) = end {
        steps.push_after(end, false);
    }
    steps.finish()
}

fn list<A: Word>(steps: &Steps<A, bool>, intervals: &mut Vec<Interval>) {
    intervals.extend(
        steps.stretches().map(|(first, last, _)| Interval {
            first: first.to_address(),
            last: last.to_address(),
        }),
    );
}

/// Adds the largest block that begins at `first` and does not pass `last`, again and again.
fn cover<A: Word>(first: A, last: A, prefixes: &mut Vec<Prefix>) {
    let mut next = Some(first);
    while let Some(first) = next.filter(|&first| first <= last) {
        let fits = |length: &u8| first.block(*length).0 == first && first.block(*length).1 <= last;
        // From the smallest block on: most covers are of small ones.
        let length = (0..A::WIDTH).rev().take_while(fits).last().unwrap_or(A::WIDTH);
        prefixes.push(Prefix::masked(first.to_address(), length));
        next = first.block(length).1.successor();
    }
}

#[cfg(test)]
mod tests;
