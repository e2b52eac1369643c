//! The prefixes of one family: a step function of lengths, and a flag for the default route.
//!
//! The step at an address tells for each length whether the block of that length *around* the
//! address is a member. A lane's value is the size of its block, so a set is well formed exactly
//! when a lane changes at multiples of its own value and nowhere else.

use crate::prefix::Prefix;
use crate::range::PrefixRange;
use crate::steps::{Growing, LaneBlocks, Steps};
use crate::word::Word;

/// A set of prefixes of one family.
///
/// # Invariants
/// - A lane changes only at multiples of its own value (checked in debug builds).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct FamilySet<A> {
    /// Which blocks around an address are members, lengths 1 and up.
    lengths: Steps<A, A>,
    /// Whether the default route is a member.
    default_route: bool,
}

/// A range as the sweep sees it: first and last address, the lanes, and the default route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block<A> {
    pub(crate) first: A,
    pub(crate) last: A,
    pub(crate) lanes: A,
    pub(crate) default_route: bool,
}

impl<A: Word> Block<A> {
    /// The range in numbers, if it is of this family.
    pub(crate) fn of(range: &PrefixRange) -> Option<Self> {
        let (first, last) = A::from_address(range.prefix.address())?.block(range.prefix.length());
        let lanes = A::lengths(range.min_length, range.max_length);
        Some(Self { first, last, lanes, default_route: range.min_length == 0 })
    }
}

impl<A: Word> FamilySet<A> {
    /// No prefix.
    pub(crate) const fn empty() -> Self {
        Self { lengths: Steps::empty(), default_route: false }
    }

    /// Every prefix of the family.
    pub(crate) fn universe() -> Self {
        Self { lengths: Steps::everywhere(A::MAX), default_route: true }
    }

    /// The set of these steps and the default route.
    pub(crate) fn from_steps(lengths: Steps<A, A>, default_route: bool) -> Self {
        let set = Self { lengths, default_route };
        debug_assert!(set.is_aligned(), "a length changes inside its block: {set:?}");
        set
    }

    /// The prefixes of one range.
    pub(crate) fn from_range(range: Block<A>) -> Self {
        let lengths = Steps::block(range.first, range.last, range.lanes);
        Self::from_steps(lengths, range.default_route)
    }

    /// The union of ranges. They nest or are apart, so a stack of the open ones is all it takes.
    pub(crate) fn from_ranges(mut ranges: Vec<Block<A>>) -> Self {
        ranges.sort_unstable_by(|a, b| a.first.cmp(&b.first).then(b.last.cmp(&a.last)));
        let default_route = ranges.iter().any(|range| range.default_route);
        let mut steps = Growing::new();
        let mut open: Vec<(A, A)> = Vec::new();
        for range in ranges {
            close(&mut open, &mut steps, Some(range.first));
            let around = open.last().map_or(A::ZERO, |&(_, lanes)| lanes);
            steps.push(range.first, around | range.lanes);
            open.push((range.last, around | range.lanes));
        }
        close(&mut open, &mut steps, None);
        Self::from_steps(steps.finish(), default_route)
    }

    /// Blocks that start in one of the stretches, of the lengths of `lanes`.
    ///
    /// This is how an access list reads a route: by the first address, whatever the length.
    pub(crate) fn starting_in(
        stretches: impl Iterator<Item = (A, A)>,
        lanes: A,
        default_route: bool,
    ) -> Self {
        let mut blocks = LaneBlocks::new();
        let mut from_zero = false;
        for (first, last) in stretches {
            from_zero |= first == A::ZERO;
            for lane in lanes_of(lanes) {
                let start = first.next_block(lane).filter(|&start| start <= last);
                if let Some(start) = start {
                    blocks.add(lane, start, last.block_last(lane));
                }
            }
        }
        Self::from_steps(blocks.finish(), default_route && from_zero)
    }

    /// The steps of the lengths 1 and up.
    pub(crate) const fn steps(&self) -> &Steps<A, A> {
        &self.lengths
    }

    /// Whether the default route is a member.
    pub(crate) const fn has_default_route(&self) -> bool {
        self.default_route
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lengths.is_empty() && !self.default_route
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        let lengths = self.lengths.combine(&other.lengths, |a, b| a | b);
        Self::from_steps(lengths, self.default_route || other.default_route)
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let lengths = self.lengths.common(&other.lengths);
        Self::from_steps(lengths, self.default_route && other.default_route)
    }

    pub(crate) fn difference(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        let lengths = self.lengths.without(&other.lengths);
        Self::from_steps(lengths, self.default_route && !other.default_route)
    }

    pub(crate) fn without_default(&self) -> Self {
        Self { lengths: self.lengths.clone(), default_route: false }
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        (self.default_route && other.default_route) || self.lengths.meets(&other.lengths)
    }

    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        (!self.default_route || other.default_route) && self.lengths.lies_in(&other.lengths)
    }

    pub(crate) fn contains(&self, first: A, length: u8) -> bool {
        match length {
            0 => self.default_route,
            _ => !(self.lengths.at(first) & A::lengths(length, length)).is_clear(),
        }
    }

    /// The member of the shortest length, and of those the one with the lowest address.
    pub(crate) fn witness(&self) -> Option<Prefix> {
        if self.default_route {
            return Some(Prefix::masked(A::ZERO.to_address(), 0));
        }
        let steps = self.lengths.as_slice();
        let lanes = steps.iter().fold(A::ZERO, |lanes, &(_, more)| lanes | more);
        let length = lanes.zeros_above() as u8 + 1;
        let lane = A::lengths(length, length);
        let found = steps.iter().find(|(_, lanes)| !(*lanes & lane).is_clear());
        found.map(|&(start, _)| Prefix::masked(start.to_address(), length))
    }

    /// The number of members, at most the largest number there is.
    pub(crate) fn count(&self) -> u128 {
        let blocks = self.starts().map(|(lane, first, last)| {
            ((last.to_u128() >> lane) - (first.to_u128() >> lane)).saturating_add(1)
        });
        blocks.fold(u128::from(self.default_route), u128::saturating_add)
    }

    /// Adds every member to `prefixes`, in no particular order.
    pub(crate) fn list(&self, prefixes: &mut Vec<Prefix>) {
        prefixes.extend(self.default_route.then(|| Prefix::masked(A::ZERO.to_address(), 0)));
        for (lane, first, last) in self.starts() {
            let mut next = Some(first);
            while let Some(start) = next.filter(|&start| start <= last) {
                prefixes.push(Prefix::masked(start.to_address(), A::length_of(lane)));
                next = start.plus(A::ONE << lane);
            }
        }
    }

    /// All prefixes that are longer than a member and inside it.
    pub(crate) fn more_specifics(&self) -> Self {
        if self.default_route {
            return Self::from_steps(Steps::everywhere(A::MAX), false);
        }
        // Everything below the highest lane: a shifted all-ones word; nothing below lane 0.
        let below = |lanes: A| match u32::from(A::WIDTH) - lanes.zeros_above() {
            0 => A::ZERO,
            above => A::low(above - 1),
        };
        Self::from_steps(self.lengths.map(below), false)
    }

    /// All prefixes that are, or contain, a member.
    pub(crate) fn covering(&self) -> Self {
        let mut blocks = LaneBlocks::new();
        for (first, last, lanes) in self.lengths.stretches() {
            // Each address here lies in a member of the longest length, so every larger block
            // around it contains one.
            for lane in lanes.zeros_below()..u32::from(A::WIDTH) {
                blocks.add(lane, first.block_first(lane), last.block_last(lane));
            }
        }
        Self::from_steps(blocks.finish(), !self.is_empty())
    }

    /// The addresses inside members.
    pub(crate) fn addresses(&self) -> Steps<A, bool> {
        if self.default_route {
            return Steps::everywhere(true);
        }
        self.lengths.map(|lanes| !lanes.is_clear())
    }

    /// The members by where they start: lane, first start and last start of an unbroken row.
    fn starts(&self) -> impl Iterator<Item = (u32, A, A)> + '_ {
        self.lengths.stretches().flat_map(|(first, last, lanes)| {
            lanes_of(lanes).filter_map(move |lane| {
                let start = first.next_block(lane).filter(|&start| start <= last)?;
                Some((lane, start, last.block_first(lane)))
            })
        })
    }

    /// Whether each lane changes at multiples of its value only: the highest lane that changes
    /// decides, because its multiples are multiples of all lower ones.
    fn is_aligned(&self) -> bool {
        let mut before = A::ZERO;
        self.lengths.as_slice().iter().all(|&(start, lanes)| {
            let changed = before ^ lanes;
            before = lanes;
            start.zeros_below() + changed.zeros_above() + 1 >= u32::from(A::WIDTH)
        })
    }
}

/// Ends the open blocks that lie before `next`, or all.
fn close<A: Word>(open: &mut Vec<(A, A)>, steps: &mut Growing<A, A>, next: Option<A>) {
    while let Some((last, _)) = open.pop_if(|(last, _)| next.is_none_or(|next| *last < next)) {
        let around = open.last().map_or(A::ZERO, |&(_, lanes)| lanes);
        steps.push_after(last, around);
    }
}

/// The numbers of the lanes that are set, lowest first.
fn lanes_of<A: Word>(mut lanes: A) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let (lane, lowest) = lanes.lowest()?;
        lanes = lanes.without(lowest);
        Some(lane as u32)
    })
}
