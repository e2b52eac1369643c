//! AS-path expressions whose terms are whole AS numbers, anchored at both ends.
//!
//! A term is a number, a wildcard, a range, or a group of alternatives; an operator behind it says
//! how often it occurs. `()` is the empty path. (Junos policy guide, "AS Path Regular Expressions"; that
//! `.*100` does not match 65100 was seen on a device, public lab `junos_as_path_acl`.)
//!
//! A path that is known is walked through: a part of an expression takes the places in the path where
//! it may begin and gives those where it may end.

use crate::evaluate::as_path::Path;

/// Deeper nesting than anybody writes; beyond it the answer is that it is not known.
const DEEPEST: u8 = 32;
/// Terms that are tried on one path: repetitions of repetitions multiply.
const MOST_STEPS: u32 = 20_000;

/// Whether the expression matches, where that can be decided.
pub(super) fn decide(regex: &str, path: &Path) -> Option<bool> {
    let Path::Exactly(path) = path else {
        // What is not well formed is not decided.
        matches(regex, &[])?;
        return match (path, regex) {
            // One AS number or more.
            (_, ".*") | (Path::NonEmpty, ".+") => Some(true),
            (Path::NonEmpty, "()") => Some(false),
            _ => None,
        };
    };
    matches(regex, &path.numbers()?)
}

fn matches(regex: &str, path: &[u32]) -> Option<bool> {
    let mut reader = Reader { rest: regex, depth: 0, steps: 0, path };
    let mut begin = vec![false; path.len() + 1];
    *begin.first_mut()? = true;
    let ends = reader.alternatives(&begin)?;
    reader.rest.is_empty().then(|| ends.last() == Some(&true))
}

/// Places in a path: whether each, and the one behind it, is meant.
type Places = Vec<bool>;

fn join(places: &mut Places, others: &[bool]) {
    places.iter_mut().zip(others).for_each(|(place, other)| *place |= *other);
}

/// A descent through an expression.
struct Reader<'r, 'p> {
    rest: &'r str,
    depth: u8,
    steps: u32,
    path: &'p [u32],
}

impl<'r> Reader<'r, '_> {
    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn skip(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn alternatives(&mut self, from: &[bool]) -> Option<Places> {
        let mut ends = self.sequence(from)?;
        while self.skip('|') {
            join(&mut ends, &self.sequence(from)?);
        }
        Some(ends)
    }

    fn sequence(&mut self, from: &[bool]) -> Option<Places> {
        let mut places = from.to_vec();
        loop {
            self.spaces();
            if self.rest.is_empty() || self.rest.starts_with(['|', ')']) {
                return Some(places);
            }
            places = self.repeated(&places)?;
        }
    }

    fn repeated(&mut self, from: &[bool]) -> Option<Places> {
        let term = self.rest;
        let once = self.term(from)?;
        let (least, most) = self.times()?;
        let behind = self.rest;
        // Beyond the length of the path nothing changes any more.
        let longest = self.path.len() + 1;
        let (least, most) = (least.min(longest), most.min(longest));
        let mut places = if least == 0 { from.to_vec() } else { vec![false; from.len()] };
        let mut reached = once;
        for time in 1..=most {
            if least <= time {
                join(&mut places, &reached);
            }
            if time < most {
                self.rest = term;
                reached = self.term(&reached)?;
            }
        }
        self.rest = behind;
        Some(places)
    }

    /// How often a term occurs: at least and at most.
    fn times(&mut self) -> Option<(usize, usize)> {
        if self.skip('*') {
            return Some((0, usize::MAX));
        }
        if self.skip('?') {
            return Some((0, 1));
        }
        if self.skip('+') {
            return Some((1, usize::MAX));
        }
        if !self.skip('{') {
            return Some((1, 1));
        }
        let (bounds, rest) = self.rest.split_once('}')?;
        self.rest = rest;
        let number = |text: &str| text.trim().parse::<usize>().ok();
        match bounds.split_once(',') {
            Some((least, "")) => Some((number(least)?, usize::MAX)),
            Some((least, most)) => Some((number(least)?, number(most)?)),
            None => number(bounds).map(|times| (times, times)),
        }
    }

    fn term(&mut self, from: &[bool]) -> Option<Places> {
        self.steps += 1;
        if MOST_STEPS < self.steps {
            return None;
        }
        // Anchors change nothing: there always are some.
        if self.skip('^') || self.skip('$') {
            return Some(from.to_vec());
        }
        if self.skip('.') {
            return Some(self.one(from, |_| true));
        }
        if self.skip('(') {
            self.depth += 1;
            if DEEPEST < self.depth {
                return None;
            }
            let inner = self.alternatives(from)?;
            self.depth -= 1;
            return self.skip(')').then_some(inner);
        }
        // What it means to negate a term is not decided where there is a path.
        if self.skip('!') && !self.path.is_empty() {
            return None;
        }
        if self.skip('[') {
            let (set, rest) = self.rest.split_once(']')?;
            self.rest = rest;
            let negated = set.starts_with('^');
            let ranges: Option<Vec<_>> =
                set.trim_start_matches('^').split_whitespace().map(range).collect();
            let ranges = ranges?;
            let member = |number| ranges.iter().any(|range| range.contains(&number));
            return Some(self.one(from, |number| member(number) != negated));
        }
        let range = range(self.number())?;
        Some(self.one(from, |number| range.contains(&number)))
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

    /// One AS number that passes.
    fn one(&self, from: &[bool], passes: impl Fn(u32) -> bool) -> Places {
        let mut ends = vec![false; from.len()];
        for ((number, begins), end) in self.path.iter().zip(from).zip(ends.iter_mut().skip(1)) {
            *end = *begins && passes(*number);
        }
        ends
    }
}

/// `64496`, `64496-64511`, `1.10`.
fn range(text: &str) -> Option<std::ops::RangeInclusive<u32>> {
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
    use super::decide;
    use crate::evaluate::as_path::Path;
    use crate::evaluate::path::AsPath;

    fn on(regex: &str, path: &[u32]) -> Option<bool> {
        decide(regex, &Path::Exactly(AsPath::of_numbers(path.iter().copied())))
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
        ];
        for (regex, wanted) in cases {
            assert_eq!(on(regex, &[]), wanted, "{regex}");
        }
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

    #[test]
    fn of_other_paths_only_the_trivial_is_decided() {
        assert_eq!(decide(".*", &Path::Unknown), Some(true));
        assert_eq!(decide("()", &Path::NonEmpty), Some(false));
        assert_eq!(decide(".+", &Path::NonEmpty), Some(true));
        assert_eq!(decide("()", &Path::Unknown), None);
        assert_eq!(decide("12076+", &Path::NonEmpty), None);
        assert_eq!(on(&"(".repeat(5000), &[]), None);
    }
}
