//! Sets as text: short lists of ranges that say the same.
//!
//! A set is shown to people, so it goes back to `prefix ge … le …`. The printer descends over aligned
//! blocks and names, at the largest block where it holds, each run of lengths that is complete
//! there. That is greedy and not always the shortest list, but it is short, free of overlaps and
//! always in the order of address and length.

use std::fmt;

use crate::prefix::Prefix;
use crate::range::PrefixRange;
use crate::set::{FamilySet, PrefixSet};
use crate::word::Word;

impl PrefixSet {
    /// Ranges that together have exactly these members, none twice, IPv4 first, in order of address and
    /// length.
    pub fn ranges(&self) -> Vec<PrefixRange> {
        let mut ranges = self.v4.ranges();
        ranges.extend(self.v6.ranges());
        ranges
    }
}

impl fmt::Display for PrefixSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        join(formatter, &self.ranges())
    }
}

/// Writes items with a comma and a blank between them.
pub(crate) fn join<T: fmt::Display>(
    formatter: &mut fmt::Formatter<'_>,
    items: &[T],
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if 0 < index {
            formatter.write_str(", ")?;
        }
        write!(formatter, "{item}")?;
    }
    Ok(())
}

impl<A: Word> FamilySet<A> {
    /// The ranges of this family.
    pub(crate) fn ranges(&self) -> Vec<PrefixRange> {
        let mut ranges = Vec::new();
        let everything = Block { first: A::ZERO, length: 0, lanes: A::ZERO, left: A::MAX };
        let (everything, steps) = everything.enter(self.steps().as_slice());
        everything.print(steps, self.has_default_route(), &mut ranges);
        ranges
    }
}

/// An aligned block on the way down.
#[derive(Clone, Copy)]
struct Block<A> {
    first: A,
    length: u8,
    /// The lanes set at its first address.
    lanes: A,
    /// The lanes that no larger block has printed.
    left: A,
}

impl<A: Word> Block<A> {
    /// Takes the step at the first address, if there is one, and returns those behind it.
    fn enter(self, steps: &[(A, A)]) -> (Self, &[(A, A)]) {
        match steps.split_first() {
            Some((&(start, lanes), rest)) if start == self.first => (Self { lanes, ..self }, rest),
            _ => (self, steps),
        }
    }

    /// Prints what is complete here, then the halves. `steps` are those inside, after the first address.
    fn print(self, steps: &[(A, A)], default_route: bool, ranges: &mut Vec<PrefixRange>) {
        let (mut all, mut some) = (self.lanes, self.lanes);
        for &(_, lanes) in steps {
            (all, some) = (all & lanes, some | lanes);
        }
        let complete = all & self.left & A::lengths(self.length, A::WIDTH);
        self.print_runs(complete, default_route, ranges);
        let left = self.left.without(complete);
        if (left & some).is_clear() || steps.is_empty() {
            return;
        }
        // A block with steps inside has at least two addresses, so it can be halved.
        let length = self.length + 1;
        let middle = self.first | (A::ONE << u32::from(A::WIDTH - length));
        let (low, high) = steps.split_at(steps.partition_point(|&(start, _)| start < middle));
        let lanes = low.last().map_or(self.lanes, |&(_, lanes)| lanes);
        Self { length, left, ..self }.print(low, false, ranges);
        let (upper, high) = Self { first: middle, length, lanes, left }.enter(high);
        upper.print(high, false, ranges);
    }

    /// One range for each run of neighbouring lengths, shortest first.
    fn print_runs(self, mut lanes: A, default_route: bool, ranges: &mut Vec<PrefixRange>) {
        let prefix = Prefix::masked(self.first.to_address(), self.length);
        if default_route && (lanes & A::lengths(1, 1)).is_clear() {
            ranges.push(PrefixRange::exact(prefix));
        }
        while !lanes.is_clear() {
            let shortest = lanes.zeros_above() as u8 + 1;
            let missing = A::lengths(shortest, A::WIDTH).without(lanes);
            let longest = missing.zeros_above() as u8;
            lanes = lanes.without(A::lengths(shortest, longest));
            let shortest = if default_route && shortest == 1 { 0 } else { shortest };
            ranges.extend(PrefixRange::new(prefix, shortest, longest));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::range::PrefixRange;
    use crate::set::PrefixSet;

    fn set(text: &str) -> PrefixSet {
        let words = text.split(", ").filter(|word| !word.is_empty());
        words.map(|word| PrefixRange::parse(word).unwrap()).collect()
    }

    #[test]
    fn prints_as_people_write() {
        let unchanged = [
            "",
            "0.0.0.0/0",
            "0.0.0.0/0 le 32, ::/0 le 128",
            "0.0.0.0/0 ge 1",
            "0.0.0.0/0, 0.0.0.0/0 ge 8 le 24",
            "10.0.0.0/8 le 24",
            "10.0.0.0/8, 10.0.0.0/8 ge 16 le 24, 10.0.0.0/8 ge 32",
            "10.0.0.0/8, 192.0.2.0/24, 2001:db8::/32 le 48",
            "255.255.255.255/32",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
        ];
        for text in unchanged {
            assert_eq!(set(text).to_string(), text);
        }
    }

    #[test]
    fn prints_less_where_less_says_it() {
        assert_eq!(set("10.0.0.0/9, 10.128.0.0/9, 10.0.0.0/8").to_string(), "10.0.0.0/8 le 9");
        assert_eq!(set("10.0.0.0/8 le 24, 10.1.0.0/16").to_string(), "10.0.0.0/8 le 24");
        let punched = set("10.0.0.0/8 le 10").difference(&set("10.64.0.0/10"));
        assert_eq!(punched.to_string(), "10.0.0.0/8 le 9, 10.0.0.0/10, 10.128.0.0/9 ge 10 le 10");
    }
}
