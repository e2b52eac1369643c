//! Lists where the longest configured prefix decides: Junos route filters.
//!
//! Among the route filters of one term Junos looks up the longest prefix that contains the route, and
//! then asks that prefix's match type only. A shorter filter that would have matched is not
//! consulted, which is the classic surprise. Only filters for the very same prefix are tried in
//! order, until one match type fits (Junos policy guide, "How prefix order affects route list
//! evaluation" and "Common configuration problem with the longest-match lookup").

use std::cmp::Reverse;

use crate::first_match::{Compiled, Matcher, Verdicts, assemble, changes_of};
use crate::prefix::{Family, Prefix};
use crate::range::PrefixRange;
use crate::set::{Block, FamilySet, PrefixSet};
use crate::steps::{Growing, sweep};
use crate::word::Word;

/// A route filter: a configured prefix, and which of the routes inside it match.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RouteFilter {
    /// The configured prefix, which takes part in the look-up whatever the match type is.
    pub prefix: Prefix,
    /// Whether a match lets the route through.
    pub permit: bool,
    /// The routes that the match type accepts; those outside `prefix` never match.
    pub set: Matcher,
}

impl RouteFilter {
    /// The filter of a range, looked up by the range's own prefix. This covers `exact`, `orlonger`,
    /// `longer`, `upto` and `prefix-length-range`.
    pub const fn of_range(permit: bool, range: PrefixRange) -> Self {
        Self { prefix: range.prefix, permit, set: Matcher::Range(range) }
    }
}

/// Compiles the route filters of one term.
///
/// A route whose longest filter does not accept it is neither permitted nor denied: the term does
/// not match.
///
/// ```
/// use edgelint_prefix::{PrefixRange, RouteFilter, longest_match};
/// let filter = |text| RouteFilter::of_range(true, PrefixRange::parse(text).unwrap());
/// let term = longest_match(&[filter("10.0.0.0/8 le 32"), filter("10.128.0.0/9")]);
/// assert_eq!(term.permitted.to_string(), "10.0.0.0/8 le 9, 10.0.0.0/9 ge 10");
/// ```
pub fn longest_match(filters: &[RouteFilter]) -> Compiled {
    let mut decides = vec![false; filters.len()];
    let v4 = compile(filters, Family::Ipv4, |set| &set.v4, &mut decides);
    let v6 = compile(filters, Family::Ipv6, |set| &set.v6, &mut decides);
    assemble(v4, v6, &decides)
}

/// The prefixes that the route filters of one term permit, where all of them permit what is in their ranges.
///
/// ```
/// use edgelint_prefix::{PrefixRange, longest_permitted};
/// let range = |text| PrefixRange::parse(text).unwrap();
/// let term = longest_permitted(vec![range("10.0.0.0/8 le 32"), range("10.128.0.0/9")]);
/// assert_eq!(term.to_string(), "10.0.0.0/8 le 9, 10.0.0.0/9 ge 10");
/// ```
pub fn longest_permitted(mut ranges: Vec<PrefixRange>) -> PrefixSet {
    ranges.sort_unstable_by_key(|range| range.prefix);
    // What lies within a prefix stands right behind it. Mostly nothing does: then no look-up chooses between two.
    let within = |pair: &[PrefixRange]| match pair {
        [outer, inner] => outer.prefix != inner.prefix && outer.prefix.contains(&inner.prefix),
        _ => false,
    };
    if ranges.windows(2).any(within) {
        let filters: Vec<RouteFilter> =
            ranges.into_iter().map(|range| RouteFilter::of_range(true, range)).collect();
        return longest_match(&filters).permitted;
    }
    ranges.into_iter().collect()
}

/// Longest prefix first, then as configured.
type Rank = (Reverse<u8>, usize);

fn compile<A: Word>(
    filters: &[RouteFilter],
    family: Family,
    select: fn(&PrefixSet) -> &FamilySet<A>,
    decides: &mut [bool],
) -> Verdicts<A> {
    let mut changes: Vec<(A, Rank, (A, A))> = Vec::new();
    for (index, filter) in filters.iter().enumerate() {
        let rank = (Reverse(filter.prefix.length()), index);
        filter_changes(filter, select, |start, lanes| changes.push((start, rank, lanes)));
    }
    let (mut permitted, mut denied) = (Growing::new(), Growing::new());
    sweep(changes, |start, active: &[(Rank, (A, A))]| {
        let (mut permit, mut deny, mut taken) = (A::ZERO, A::ZERO, A::ZERO);
        // Filters of one length that are open at one address are filters for one prefix.
        for same in active.chunk_by(|a, b| a.0.0 == b.0.0) {
            for &((_, index), (_, accepted)) in same {
                let new = accepted.without(taken).without(permit | deny);
                if new.is_clear() {
                    continue;
                }
                decides[index] = true;
                match filters[index].permit {
                    true => permit = permit | new,
                    false => deny = deny | new,
                }
            }
            taken = same.iter().fold(taken, |taken, &(_, (inside, _))| taken | inside);
        }
        permitted.push(start, permit);
        denied.push(start, deny);
    });
    let default = filters.iter().position(|filter| {
        filter.prefix.is_default()
            && filter.prefix.family() == family
            && filter.set.has_default_route(family)
    });
    if let Some(index) = default {
        decides[index] = true;
    }
    let verdict = default.map(|index| filters[index].permit);
    (
        FamilySet::from_steps(permitted.finish(), verdict == Some(true)),
        FamilySet::from_steps(denied.finish(), verdict == Some(false)),
    )
}

/// The changes of a filter: which lengths its prefix contains, and which of them it accepts.
fn filter_changes<A: Word>(
    filter: &RouteFilter,
    select: fn(&PrefixSet) -> &FamilySet<A>,
    mut change: impl FnMut(A, (A, A)),
) {
    let Some(block) = Block::<A>::of(&PrefixRange::or_longer(filter.prefix)) else { return };
    let mut accepted = Growing::new();
    changes_of(&filter.set, select, |start, lanes| accepted.push(start, lanes));
    let accepted = accepted.finish();
    change(block.first, (block.lanes, accepted.at(block.first) & block.lanes));
    for &(start, lanes) in accepted.as_slice() {
        if block.first < start && start <= block.last {
            change(start, (block.lanes, lanes & block.lanes));
        }
    }
    if let Some(after) = block.last.successor() {
        change(after, (A::ZERO, A::ZERO));
    }
}

#[cfg(test)]
mod tests;
