//! AS-path expressions whose terms are whole AS numbers, anchored at both ends.
//!
//! A term is a number, a wildcard, a range, or a group of alternatives; an operator behind it says
//! how often it occurs. `()` is the empty path. The same one bit decides as for expressions over
//! characters: can it match nothing? (Junos policy guide, "AS Path Regular Expressions".)

use crate::evaluate::cube::AsPathKnown;

/// Deeper nesting than anybody writes; beyond it the answer is that it is not known.
const DEEPEST: u8 = 32;

/// Whether the expression matches, where that can be decided.
pub(super) fn decide(regex: &str, path: AsPathKnown) -> Option<bool> {
    let mut reader = Reader { rest: regex, depth: 0 };
    let nothing = reader.alternatives().filter(|_| reader.rest.is_empty())?;
    match path {
        _ if regex == ".*" => Some(true),
        AsPathKnown::Empty => Some(nothing),
        AsPathKnown::NonEmpty if regex == "()" => Some(false),
        // One AS number or more.
        AsPathKnown::NonEmpty if regex == ".+" => Some(true),
        AsPathKnown::NonEmpty | AsPathKnown::Unknown => None,
    }
}

/// A descent through an expression that keeps whether what was read can match nothing.
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

    fn alternatives(&mut self) -> Option<bool> {
        let mut any = self.sequence()?;
        while self.skip('|') {
            any |= self.sequence()?;
        }
        Some(any)
    }

    fn sequence(&mut self) -> Option<bool> {
        let mut all = true;
        loop {
            self.spaces();
            if self.rest.is_empty() || self.rest.starts_with(['|', ')']) {
                return Some(all);
            }
            all &= self.repeated()?;
        }
    }

    fn repeated(&mut self) -> Option<bool> {
        let nothing = self.term()?;
        if self.skip('*') || self.skip('?') {
            return Some(true);
        }
        if self.skip('+') || !self.skip('{') {
            return Some(nothing);
        }
        let (bounds, rest) = self.rest.split_once('}')?;
        self.rest = rest;
        let least: u32 = bounds.split(',').next()?.trim().parse().ok()?;
        Some(nothing || least == 0)
    }

    fn term(&mut self) -> Option<bool> {
        // Anchors change nothing: there always are some.
        if self.skip('^') || self.skip('$') {
            return Some(true);
        }
        if self.skip('.') {
            return Some(false);
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
        if self.skip('[') || self.rest.starts_with("![") {
            let (_, rest) = self.rest.split_once(']')?;
            self.rest = rest;
            return Some(false);
        }
        self.skip('!');
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
        let end = self.rest.find(|c| !is_number(c)).unwrap_or(self.rest.len());
        let (number, rest): (&'r str, &'r str) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        number.starts_with(|c: char| c.is_ascii_digit()).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::decide;
    use crate::evaluate::cube::AsPathKnown;

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
            ("^12076$", Some(false)),
            ("(", None),
            ("_12076_", None),
            ("*", None),
        ];
        for (regex, wanted) in cases {
            assert_eq!(decide(regex, AsPathKnown::Empty), wanted, "{regex}");
        }
    }

    #[test]
    fn of_other_paths_only_the_trivial_is_decided() {
        assert_eq!(decide(".*", AsPathKnown::Unknown), Some(true));
        assert_eq!(decide("()", AsPathKnown::NonEmpty), Some(false));
        assert_eq!(decide(".+", AsPathKnown::NonEmpty), Some(true));
        assert_eq!(decide("()", AsPathKnown::Unknown), None);
        assert_eq!(decide("12076+", AsPathKnown::NonEmpty), None);
        assert_eq!(decide(&"(".repeat(5000), AsPathKnown::Empty), None);
    }
}
