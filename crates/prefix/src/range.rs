//! A prefix with bounds on the length: what one line of a prefix list says.
//!
//! Vendors spell it differently (`ge`/`le`, `upto`, `orlonger`, `eq`), but it is always a block and an
//! interval of lengths, so the readers of all dialects meet here. It prints as IOS writes it,
//! because that is the notation most readers know.

use std::fmt;

use crate::prefix::{Prefix, parse_length};

/// All prefixes inside `prefix` that are at least `min_length` and at most `max_length` long.
///
/// Fields are for reading; the constructors keep the invariant.
///
/// # Invariants
/// - `prefix.length() <= min_length <= max_length <= width`, so a range is never empty.
///
/// ```
/// use edgelint_prefix::{Prefix, PrefixRange};
/// let prefix = Prefix::parse("10.0.0.0/8").unwrap().0;
/// assert_eq!(PrefixRange::new(prefix, 8, 24).unwrap().to_string(), "10.0.0.0/8 le 24");
/// assert_eq!(PrefixRange::new(prefix, 25, 24), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct PrefixRange {
    /// The block all members lie in.
    pub prefix: Prefix,
    /// The shortest length of a member.
    pub min_length: u8,
    /// The longest length of a member.
    pub max_length: u8,
}

impl PrefixRange {
    /// The one prefix itself.
    pub const fn exact(prefix: Prefix) -> Self {
        Self { prefix, min_length: prefix.length(), max_length: prefix.length() }
    }

    /// The prefixes of `min_length..=max_length` inside `prefix`.
    ///
    /// A `min_length` below the prefix's own length is lifted to it, because no shorter prefix lies
    /// inside. `None` where nothing is left, or where `max_length` is beyond the family's width.
    pub fn new(prefix: Prefix, min_length: u8, max_length: u8) -> Option<Self> {
        let min_length = min_length.max(prefix.length());
        let possible = min_length <= max_length && max_length <= prefix.family().width();
        possible.then_some(Self { prefix, min_length, max_length })
    }

    /// The prefix and everything more specific.
    pub const fn or_longer(prefix: Prefix) -> Self {
        Self { prefix, min_length: prefix.length(), max_length: prefix.family().width() }
    }

    /// Whether the prefix is a member.
    pub fn contains(&self, prefix: &Prefix) -> bool {
        self.prefix.contains(prefix)
            && self.min_length <= prefix.length()
            && prefix.length() <= self.max_length
    }

    /// Reads what [`Display`](fmt::Display) writes: `prefix [ge N] [le N]`, one blank between words.
    ///
    /// `ge` alone reaches to the family's width, `le` alone begins at the prefix's own length. Host
    /// bits are cleared. A convenience for tests and settings; dialects have readers of their own.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        let (prefix, _) = Prefix::parse(words.first()?)?;
        let width = prefix.family().width();
        match words.get(1..)? {
            [] => Some(Self::exact(prefix)),
            ["ge", min] => Self::new(prefix, parse_length(min)?, width),
            ["le", max] => Self::new(prefix, prefix.length(), parse_length(max)?),
            ["ge", min, "le", max] => Self::new(prefix, parse_length(min)?, parse_length(max)?),
            _ => None,
        }
    }
}

impl fmt::Display for PrefixRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, min_length, max_length } = *self;
        write!(formatter, "{prefix}")?;
        if prefix.length() < min_length {
            write!(formatter, " ge {min_length}")?;
            if max_length == prefix.family().width() {
                return Ok(());
            }
        } else if max_length == min_length {
            return Ok(());
        }
        write!(formatter, " le {max_length}")
    }
}

#[cfg(test)]
mod tests {
    use super::PrefixRange;
    use crate::prefix::Prefix;

    #[test]
    fn prints_no_more_than_needed() {
        let cases = [
            (8, 8, "10.0.0.0/8"),
            (16, 24, "10.0.0.0/8 ge 16 le 24"),
            (8, 24, "10.0.0.0/8 le 24"),
            (9, 32, "10.0.0.0/8 ge 9"),
            (8, 32, "10.0.0.0/8 le 32"),
            (32, 32, "10.0.0.0/8 ge 32"),
            (24, 24, "10.0.0.0/8 ge 24 le 24"),
        ];
        let (prefix, _) = Prefix::parse("10.0.0.0/8").unwrap();
        for (min, max, text) in cases {
            let range = PrefixRange::new(prefix, min, max).unwrap();
            assert_eq!(range.to_string(), text);
            assert_eq!(PrefixRange::parse(text), Some(range));
        }
    }

    #[test]
    fn impossible_lengths_are_no_range() {
        let (prefix, _) = Prefix::parse("10.0.0.0/8").unwrap();
        assert_eq!(PrefixRange::new(prefix, 0, 7), None);
        assert_eq!(PrefixRange::new(prefix, 0, 33), None);
        assert_eq!(PrefixRange::new(prefix, 20, 19), None);
        assert_eq!(PrefixRange::new(prefix, 0, 8), Some(PrefixRange::exact(prefix)));
        for text in
            ["10.0.0.0/8 le", "10.0.0.0/8 le 24 ge 9", "10.0.0.0/8  le 24", "", "10.0.0.0/8 le +9"]
        {
            assert_eq!(PrefixRange::parse(text), None, "{text}");
        }
    }
}
