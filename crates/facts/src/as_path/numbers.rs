//! AS-path expressions whose terms are whole AS numbers, anchored at both ends.
//!
//! A term is a number, a wildcard, a range, or a group of alternatives; an operator behind it says
//! how often it occurs. `()` is the empty path. (Junos policy guide, "AS Path Regular Expressions"; that
//! `.*100` does not match 65100 was seen on a device, public lab `junos_as_path_acl`.)
//!
//! An expression is read once. A path that is known is walked through: a part of the expression takes the
//! places in the path where it may begin and gives those where it may end. For all paths together it is
//! written as an expression over their text.

use std::fmt::Write;
use std::ops::RangeInclusive;

use crate::as_path::ranges::{NOTHING, others, push_ranges};

/// Deeper nesting than anybody writes; beyond it the answer is that it is not known.
const DEEPEST: u8 = 32;
/// Terms that are tried on one path: repetitions of repetitions multiply.
const MOST_STEPS: u32 = 20_000;
/// More AS numbers than a path can have: a message of BGP has at most 65,535 bytes (RFC 8654), a number four.
const LONGEST_PATH: usize = 16_384;

/// An expression.
#[derive(Debug)]
pub(super) enum Expression {
    /// One AS number of some ranges.
    One(Vec<RangeInclusive<u32>>),
    /// All of these, one behind the other; the empty path where there are none.
    Sequence(Vec<Self>),
    /// Any of these.
    Either(Vec<Self>),
    /// As often as this, at least and at most.
    Times(Box<Self>, usize, usize),
    /// What a negated term stands for nobody has shown.
    Negated,
}

/// Reads an expression; nothing where it is not well formed.
pub(super) fn read(text: &str) -> Option<Expression> {
    let mut reader = Reader { rest: text, depth: 0 };
    let expression = reader.alternatives()?;
    reader.rest.is_empty().then_some(expression)
}

impl Expression {
    /// Whether it matches a path, where that can be decided.
    pub(super) fn matches(&self, path: &[u32]) -> Option<bool> {
        let mut begin = vec![false; path.len() + 1];
        *begin.first_mut()? = true;
        let ends = Walk { path, steps: 0 }.through(self, &begin)?;
        Some(ends.last() == Some(&true))
    }

    /// Adds an expression over the text of paths, in which each number brings the blank in front of it;
    /// whether that could be done.
    pub(super) fn push_to(&self, text: &mut String) -> bool {
        match self {
            Self::One(ranges) => {
                text.push_str("(?:^| )");
                push_ranges(text, ranges);
                true
            }
            Self::Sequence(parts) => parts.iter().all(|part| part.push_to(text)),
            Self::Either(parts) => {
                text.push_str("(?:");
                let written = parts.iter().enumerate().all(|(place, part)| {
                    text.push_str(if place == 0 { "" } else { "|" });
                    part.push_to(text)
                });
                text.push(')');
                written
            }
            Self::Times(_, least, _) if LONGEST_PATH < *least => {
                text.push_str(NOTHING);
                true
            }
            Self::Times(inner, least, most) => {
                text.push_str("(?:");
                if !inner.push_to(text) {
                    return false;
                }
                let times = match most {
                    most if LONGEST_PATH < *most => write!(text, "){{{least},}}"),
                    most => write!(text, "){{{least},{most}}}"),
                };
                times.is_ok()
            }
            Self::Negated => false,
        }
    }

    /// A number that every path it matches has, if one can be told at a glance.
    pub(super) fn demands(&self) -> Option<u32> {
        match self {
            Self::One(ranges) => match ranges.as_slice() {
                [range] if range.start() == range.end() => Some(*range.start()),
                _ => None,
            },
            Self::Sequence(parts) => parts.iter().find_map(Self::demands),
            Self::Times(inner, 1.., _) => inner.demands(),
            Self::Times(..) | Self::Either(_) | Self::Negated => None,
        }
    }

    /// Whether some path matches, as far as can be told at a glance.
    pub(super) fn is_fulfilled(&self) -> bool {
        match self {
            Self::One(ranges) => ranges.iter().any(|range| !range.is_empty()),
            Self::Sequence(parts) => parts.iter().all(Self::is_fulfilled),
            Self::Either(parts) => parts.iter().any(Self::is_fulfilled),
            Self::Times(inner, least, _) => {
                *least == 0 || (*least <= LONGEST_PATH && inner.is_fulfilled())
            }
            Self::Negated => false,
        }
    }
}

/// Places in a path: whether each, and the one behind it, is meant.
type Places = Vec<bool>;

fn join(places: &mut Places, others: &[bool]) {
    places.iter_mut().zip(others).for_each(|(place, other)| *place |= *other);
}

/// A walk through a path.
struct Walk<'p> {
    path: &'p [u32],
    steps: u32,
}

impl Walk<'_> {
    /// Where an expression ends that begins in some places.
    fn through(&mut self, expression: &Expression, from: &[bool]) -> Option<Places> {
        self.steps += 1;
        if MOST_STEPS < self.steps {
            return None;
        }
        match expression {
            Expression::One(ranges) => {
                let mut ends = vec![false; from.len()];
                let path = self.path.iter().zip(from).zip(ends.iter_mut().skip(1));
                for ((number, begins), end) in path {
                    *end = *begins && ranges.iter().any(|range| range.contains(number));
                }
                Some(ends)
            }
            Expression::Sequence(parts) => {
                parts.iter().try_fold(from.to_vec(), |places, part| self.through(part, &places))
            }
            Expression::Either(parts) => {
                let mut ends = vec![false; from.len()];
                for part in parts {
                    join(&mut ends, &self.through(part, from)?);
                }
                Some(ends)
            }
            Expression::Times(inner, least, most) => self.repeated(inner, (*least, *most), from),
            Expression::Negated => self.path.is_empty().then(|| vec![false; from.len()]),
        }
    }

    fn repeated(
        &mut self,
        inner: &Expression,
        (least, most): (usize, usize),
        from: &[bool],
    ) -> Option<Places> {
        // Beyond the length of the path nothing changes any more.
        let longest = self.path.len() + 1;
        let (least, most) = (least.min(longest), most.min(longest));
        let mut places = if least == 0 { from.to_vec() } else { vec![false; from.len()] };
        let mut reached = from.to_vec();
        for time in 1..=most {
            reached = self.through(inner, &reached)?;
            if least <= time {
                join(&mut places, &reached);
            }
        }
        Some(places)
    }
}

/// A descent through the text of an expression.
struct Reader<'r> {
    rest: &'r str,
    depth: u8,
}

impl<'r> Reader<'r> {
    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn skip(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn alternatives(&mut self) -> Option<Expression> {
        let first = self.sequence()?;
        if !self.rest.starts_with('|') {
            return Some(first);
        }
        let mut all = vec![first];
        while self.skip('|') {
            all.push(self.sequence()?);
        }
        Some(Expression::Either(all))
    }

    fn sequence(&mut self) -> Option<Expression> {
        let mut parts = Vec::new();
        loop {
            self.spaces();
            if self.rest.is_empty() || self.rest.starts_with(['|', ')']) {
                return Some(Expression::Sequence(parts));
            }
            // Anchors change nothing: there always are some.
            if !self.skip('^') && !self.skip('$') {
                parts.push(self.repeated()?);
            }
        }
    }

    fn repeated(&mut self) -> Option<Expression> {
        let term = self.term()?;
        Some(match self.times()? {
            Some((least, most)) => Expression::Times(Box::new(term), least, most),
            None => term,
        })
    }

    /// How often a term occurs, at least and at most, where something is said of it.
    fn times(&mut self) -> Option<Option<(usize, usize)>> {
        if self.skip('*') {
            return Some(Some((0, usize::MAX)));
        }
        if self.skip('?') {
            return Some(Some((0, 1)));
        }
        if self.skip('+') {
            return Some(Some((1, usize::MAX)));
        }
        if !self.skip('{') {
            return Some(None);
        }
        let (bounds, rest) = self.rest.split_once('}')?;
        self.rest = rest;
        let number = |text: &str| text.trim().parse::<usize>().ok();
        let (least, most) = match bounds.split_once(',') {
            Some((least, "")) => (number(least)?, usize::MAX),
            Some((least, most)) => (number(least)?, number(most)?),
            None => (number(bounds)?, number(bounds)?),
        };
        (least <= most).then_some(Some((least, most)))
    }

    fn term(&mut self) -> Option<Expression> {
        if self.skip('.') {
            return Some(Expression::One(others(&[])));
        }
        if self.skip('(') {
            self.depth += 1;
            if DEEPEST < self.depth {
                return None;
            }
            let inner = self.alternatives()?;
            self.depth -= 1;
            return self.skip(')').then_some(inner);
        }
        if self.skip('!') {
            self.term()?;
            return Some(Expression::Negated);
        }
        if self.skip('[') {
            let (set, rest) = self.rest.split_once(']')?;
            self.rest = rest;
            let ranges: Option<Vec<_>> =
                set.trim_start_matches('^').split_whitespace().map(range).collect();
            let ranges = ranges?;
            let negated = set.starts_with('^');
            return Some(Expression::One(if negated { others(&ranges) } else { ranges }));
        }
        Some(Expression::One(vec![range(self.number())?]))
    }

    /// The words of a number or a range at this place: digits, hyphens, and dots between digits.
    fn number(&mut self) -> &'r str {
        let bytes = self.rest.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let belongs = |at: &usize| match bytes.get(*at) {
            Some(b'-' | b'.') => 0 < *at && digit(at - 1) && digit(at + 1),
            _ => digit(*at),
        };
        let end = (0..bytes.len()).take_while(belongs).count();
        let (number, rest) = self.rest.split_at_checked(end).unwrap_or(("", self.rest));
        self.rest = rest;
        number
    }
}

/// `64496`, `64496-64511`, `1.10`.
fn range(text: &str) -> Option<RangeInclusive<u32>> {
    let number = |text: &str| match text.split_once('.') {
        Some((high, low)) => {
            let (high, low): (u16, u16) = (high.parse().ok()?, low.parse().ok()?);
            Some(u32::from(high) << 16 | u32::from(low))
        }
        None => text.parse().ok(),
    };
    match text.split_once('-') {
        Some((first, last)) => Some(number(first)?..=number(last)?),
        None => number(text).map(|one| one..=one),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    fn on(regex: &str, path: &[u32]) -> Option<bool> {
        read(regex)?.matches(path)
    }

    #[test]
    fn whole_numbers_and_implied_anchors() {
        let cases = [
            ("()", Some(true)),
            (".*", Some(true)),
            ("", Some(true)),
            ("12076", Some(false)),
            ("12076+", Some(false)),
            ("12076*", Some(true)),
            (".* 64500 .*", Some(false)),
            ("12076 .*", Some(false)),
            ("(12076 | 64500)?", Some(true)),
            ("()|12076", Some(true)),
            (".{0,3}", Some(true)),
            ("64496-64511{1,2}", Some(false)),
            ("[64496-64511]", Some(false)),
            ("![64496-64511]", Some(false)),
            ("^12076$", Some(false)),
            ("(", None),
            ("_12076_", None),
            ("*", None),
            (".{3,1}", None),
        ];
        for (regex, wanted) in cases {
            assert_eq!(on(regex, &[]), wanted, "{regex}");
        }
        assert_eq!(on(&"(".repeat(5000), &[]), None);
    }

    #[test]
    fn a_known_path_is_walked_through() {
        let path = [64500, 64501, 64501, 65551];
        let cases = [
            ("64500 64501 64501 65551", true),
            ("64500 64501{2} 65551", true),
            ("64500 64501{1} 65551", false),
            ("64500 64501{1,} 65551", true),
            ("64500 64501{3,} .*", false),
            ("64500 64501+ 1.16", false),
            ("64500 64501+ 1.15", true),
            (".* 64501 .*", true),
            (".*64501.*", true),
            (".* 64502 .*", false),
            // Not parts of numbers.
            (".*551", false),
            ("64.*", false),
            ("64496-64511{3} .", true),
            ("[64496-64499 64500] .*", true),
            ("[^64496-64511] .*", false),
            (".* [^64496-64511]", true),
            ("(64500 | 64510) (64501 | 65551)*", true),
            ("((.?)*)*", true),
            ("()", false),
            (".{4}", true),
            (".{0,3}", false),
            (".{99999999}", false),
            (".{4,99999999}", true),
        ];
        for (regex, wanted) in cases {
            assert_eq!(on(regex, &path), Some(wanted), "{regex}");
        }
        assert_eq!(on("!64500 .*", &path), None);
    }

    #[test]
    fn repetitions_of_repetitions_end() {
        let path = [64500; 64];
        let regex = format!("{}.{}", "(".repeat(20), ")*".repeat(20));
        assert_eq!(on(&regex, &path), None);
    }
}
