//! Lists where the first matching entry decides: prefix lists and access lists.
//!
//! Order is what makes a list hard to read and easy to break, and it is gone once the list is
//! compiled: what remains is the exact set let through, the exact set refused by an entry, and the
//! entries that never decide. All of it comes from one sweep over the addresses where some entry
//! begins or ends, so the cost follows the length of the list and the depth of its nesting.

use crate::prefix::Family;
use crate::range::PrefixRange;
use crate::set::{Block, FamilySet, PrefixSet};
use crate::steps::{Growing, sweep};
use crate::word::Word;

/// One entry of a list: what it matches and what then happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Whether a match lets the prefix through.
    pub permit: bool,
    /// The prefixes the entry matches.
    pub set: Matcher,
}

/// The prefixes an entry matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Matcher {
    /// A block and bounds on the length: the common case.
    Range(PrefixRange),
    /// Any set, such as what an access list matches.
    Set(PrefixSet),
}

impl Matcher {
    /// The prefixes matched, as a set.
    pub fn to_set(&self) -> PrefixSet {
        match self {
            Self::Range(range) => PrefixSet::from_range(*range),
            Self::Set(set) => set.clone(),
        }
    }

    /// Whether the prefix is matched.
    pub fn contains(&self, prefix: &crate::prefix::Prefix) -> bool {
        match self {
            Self::Range(range) => range.contains(prefix),
            Self::Set(set) => set.contains(prefix),
        }
    }

    /// Whether the default route of the family is matched.
    pub(crate) fn has_default_route(&self, family: Family) -> bool {
        match self {
            Self::Range(range) => range.min_length == 0 && range.prefix.family() == family,
            Self::Set(set) => match family {
                Family::Ipv4 => set.v4.has_default_route(),
                Family::Ipv6 => set.v6.has_default_route(),
            },
        }
    }
}

/// What a list comes to.
///
/// What is neither permitted nor denied falls through to the end of the list, where nearly every
/// vendor denies; [`Compiled::unmatched`] is that rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Compiled {
    /// The prefixes that a permitting entry decides.
    pub permitted: PrefixSet,
    /// The prefixes that a denying entry decides, without those that no entry matches.
    pub denied: PrefixSet,
    /// The entries that decide nothing, by position, ascending: all they match is decided before
    /// them, or they match nothing.
    pub dead: Vec<usize>,
}

impl Compiled {
    /// The prefixes that no entry matches.
    pub fn unmatched(&self) -> PrefixSet {
        self.permitted.union(&self.denied).complement()
    }
}

/// Compiles a list in which the first entry that matches decides.
///
/// ```
/// use edgelint_prefix::{Entry, Matcher, PrefixRange, first_match};
/// let line = |permit, text| {
///     Entry { permit, set: Matcher::Range(PrefixRange::parse(text).unwrap()) }
/// };
/// let list = first_match(&[
///     line(false, "10.0.0.0/9 le 32"),
///     line(true, "10.0.0.0/8 le 24"),
///     line(true, "10.3.0.0/16"),
/// ]);
/// assert_eq!(list.permitted.to_string(), "10.0.0.0/8, 10.128.0.0/9 le 24");
/// assert_eq!(list.dead, [2]);
/// ```
pub fn first_match(entries: &[Entry]) -> Compiled {
    let mut decides = vec![false; entries.len()];
    let v4 = compile(entries, Family::Ipv4, |set| &set.v4, &mut decides);
    let v6 = compile(entries, Family::Ipv6, |set| &set.v6, &mut decides);
    assemble(v4, v6, &decides)
}

/// The entries before `entry` that take its prefixes, by position, ascending.
///
/// For a dead entry they are the explanation: together they decide all that it matches.
pub fn deciders(entries: &[Entry], entry: usize) -> Vec<usize> {
    let Some(late) = entries.get(entry) else { return Vec::new() };
    let mut rest = late.set.to_set();
    let mut deciders = Vec::new();
    for (index, early) in entries.iter().enumerate().take(entry) {
        if rest.is_empty() {
            break;
        }
        let set = early.set.to_set();
        if rest.overlaps(&set) {
            rest = rest.difference(&set);
            deciders.push(index);
        }
    }
    deciders
}

/// What one family's sweep yields: permitted and denied.
pub(crate) type Verdicts<A> = (FamilySet<A>, FamilySet<A>);

/// Joins the families and lists the entries that decided in neither.
pub(crate) fn assemble(v4: Verdicts<u32>, v6: Verdicts<u128>, decides: &[bool]) -> Compiled {
    let dead = decides.iter().enumerate().filter(|(_, decides)| !**decides);
    Compiled {
        permitted: PrefixSet { v4: v4.0, v6: v6.0 },
        denied: PrefixSet { v4: v4.1, v6: v6.1 },
        dead: dead.map(|(index, _)| index).collect(),
    }
}

/// The changes of an entry's lanes along the addresses of one family.
pub(crate) fn changes_of<A: Word>(
    matcher: &Matcher,
    select: fn(&PrefixSet) -> &FamilySet<A>,
    mut change: impl FnMut(A, A),
) {
    match matcher {
        Matcher::Range(range) => {
            let Some(block) = Block::<A>::of(range) else { return };
            change(block.first, block.lanes);
            if let Some(after) = block.last.successor() {
                change(after, A::ZERO);
            }
        }
        Matcher::Set(set) => {
            for &(start, lanes) in select(set).steps().as_slice() {
                change(start, lanes);
            }
        }
    }
}

fn compile<A: Word>(
    entries: &[Entry],
    family: Family,
    select: fn(&PrefixSet) -> &FamilySet<A>,
    decides: &mut [bool],
) -> Verdicts<A> {
    let mut changes = Vec::with_capacity(2 * entries.len());
    for (index, entry) in entries.iter().enumerate() {
        changes_of(&entry.set, select, |start, lanes| changes.push((start, index, lanes)));
    }
    let (mut permitted, mut denied) = (Growing::new(), Growing::new());
    sweep(changes, |start, active: &[(usize, A)]| {
        let (mut permit, mut decided) = (A::ZERO, A::ZERO);
        for &(index, lanes) in active {
            let new = lanes.without(decided);
            if new.is_clear() {
                continue;
            }
            decides[index] = true;
            decided = decided | new;
            if entries[index].permit {
                permit = permit | new;
            }
            if decided == A::MAX {
                break;
            }
        }
        permitted.push(start, permit);
        denied.push(start, decided.without(permit));
    });
    let default = entries.iter().position(|entry| entry.set.has_default_route(family));
    if let Some(index) = default {
        decides[index] = true;
    }
    let verdict = default.map(|index| entries[index].permit);
    (
        FamilySet::from_steps(permitted.finish(), verdict == Some(true)),
        FamilySet::from_steps(denied.finish(), verdict == Some(false)),
    )
}

#[cfg(test)]
mod tests;
