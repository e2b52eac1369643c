//! AS-path expressions, as far as they can be decided without the path.
//!
//! A route that originates here has an empty path, or what policies put into it. About the empty path
//! every expression can be decided by one question: can it match nothing? Anchors and the separator `_` match the ends of
//! an empty path, a character never does. For paths that are not known, the two expressions that
//! are written most often are decided too: the one that matches everything and `^$`.

use edgelint_model::{AsPathLanguage, AsPathList};

mod numbers;

/// What is known of the path of a route where an expression is asked about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path<'p> {
    /// These numbers, leftmost first.
    Exactly(&'p [u32]),
    /// It is not empty.
    NonEmpty,
    /// Nothing.
    Unknown,
}

/// Whether the list matches, where that can be decided. The first matching entry decides; a list
/// without a match does not match.
pub(super) fn decide_list(
    language: AsPathLanguage,
    list: &AsPathList<'_>,
    path: Path<'_>,
) -> Option<bool> {
    for entry in &list.entries {
        match decide(language, entry.regex, path) {
            Some(true) => return Some(entry.permit),
            Some(false) => {}
            None => return None,
        }
    }
    Some(false)
}

/// Whether the expression matches, where that can be decided.
pub(super) fn decide(language: AsPathLanguage, regex: &str, path: Path<'_>) -> Option<bool> {
    let regex = regex.trim().trim_matches('"');
    if language == AsPathLanguage::Numbers {
        return numbers::decide(regex.trim(), path);
    }
    if let (AsPathLanguage::Symbols, Path::Exactly(numbers)) = (language, path)
        && let Some(answer) = one_symbol(regex, numbers)
    {
        return Some(answer);
    }
    if matches_everything(regex) {
        return Some(true);
    }
    match path {
        Path::Exactly([]) => matches_nothing(regex),
        Path::NonEmpty | Path::Exactly(_) if regex == "^$" => Some(false),
        Path::NonEmpty | Path::Exactly(_) | Path::Unknown => None,
    }
}

/// Whether a path holds the one AS number that the expression asks for, at either end where it is anchored
/// there; `None` where it asks for anything else.
fn one_symbol(regex: &str, path: &[u32]) -> Option<bool> {
    let (first, inner) = match regex.strip_prefix('^') {
        Some(inner) => (true, inner),
        None => (false, regex.strip_prefix('_').unwrap_or(regex)),
    };
    let (last, inner) = match inner.strip_suffix('$') {
        Some(inner) => (true, inner),
        None => (false, inner.strip_suffix('_').unwrap_or(inner)),
    };
    let plain = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = inner.parse().ok().filter(|_| plain)?;
    Some(match (first, last) {
        (true, true) => path == [number],
        (true, false) => path.first() == Some(&number),
        (false, true) => path.last() == Some(&number),
        (false, false) => path.contains(&number),
    })
}

fn matches_everything(regex: &str) -> bool {
    let inner = regex.strip_prefix('^').unwrap_or(regex);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    // `^` and `$` alone match every path too, but `^$` matches the empty one only.
    inner == ".*" || (inner.is_empty() && regex != "^$")
}

/// Whether the expression matches the empty path; `None` where it is not well formed.
fn matches_nothing(regex: &str) -> Option<bool> {
    let mut reader = Reader { rest: regex, depth: 0 };
    let answer = reader.alternatives()?;
    reader.rest.is_empty().then_some(answer)
}

/// A descent through an expression that keeps one bit: whether what was read can match nothing.
struct Reader<'r> {
    rest: &'r str,
    depth: u8,
}

/// Deeper nesting than anybody writes; beyond it the answer is that it is not known.
const DEEPEST: u8 = 32;

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn skip(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
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
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            all &= self.repeated()?;
        }
        Some(all)
    }

    fn repeated(&mut self) -> Option<bool> {
        let mut nothing = self.atom()?;
        loop {
            if self.skip('*') || self.skip('?') {
                nothing = true;
            } else if !self.skip('+') {
                return Some(nothing);
            }
        }
    }

    fn atom(&mut self) -> Option<bool> {
        match self.next()? {
            '^' | '$' | '_' => Some(true),
            '(' => {
                self.depth += 1;
                if DEEPEST < self.depth {
                    return None;
                }
                let inner = self.alternatives()?;
                self.depth -= 1;
                self.skip(')').then_some(inner)
            }
            '[' => {
                self.skip('^');
                self.next()?;
                while self.next()? != ']' {}
                Some(false)
            }
            '\\' => self.next().map(|_| false),
            '*' | '?' | '+' | '{' => None,
            _ => Some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use edgelint_model::AsPathLanguage;

    use super::Path;

    fn decide(regex: &str, path: Path<'_>) -> Option<bool> {
        super::decide(AsPathLanguage::Characters, regex, path)
    }

    #[test]
    fn the_empty_path_is_decided() {
        let cases = [
            ("^$", Some(true)),
            (".*", Some(true)),
            ("_", Some(true)),
            ("^64500$", Some(false)),
            ("_64500_", Some(false)),
            ("^(64500_)*$", Some(true)),
            ("^$|_64500_", Some(true)),
            ("^[0-9]+$", Some(false)),
            ("^([0-9]+)?$", Some(true)),
            ("(", None),
            ("^64500(", None),
            ("*", None),
        ];
        for (regex, wanted) in cases {
            assert_eq!(decide(regex, Path::Exactly(&[])), wanted, "{regex}");
        }
    }

    #[test]
    fn a_symbol_is_a_whole_number() {
        let symbol = |regex: &str, path: &[u32]| {
            super::decide(AsPathLanguage::Symbols, regex, Path::Exactly(path))
        };
        assert_eq!(symbol("65100", &[100, 65100]), Some(true));
        assert_eq!(symbol("100", &[65100]), Some(false));
        assert_eq!(symbol("^100$", &[100, 65100]), Some(false));
        assert_eq!(symbol("_100_", &[1, 100, 2]), Some(true));
        assert_eq!(symbol("^100", &[1, 100]), Some(false));
        assert_eq!(symbol("100$", &[1, 100]), Some(true));
        assert_eq!(symbol("100|200", &[100]), None);
        assert_eq!(symbol(".*", &[100]), Some(true));
        assert_eq!(super::decide(AsPathLanguage::Characters, "100", Path::Exactly(&[65100])), None);
    }

    #[test]
    fn of_unknown_paths_only_the_trivial_is_decided() {
        assert_eq!(decide(".*", Path::Unknown), Some(true));
        assert_eq!(decide("^$", Path::Unknown), None);
        assert_eq!(decide("^$", Path::NonEmpty), Some(false));
        assert_eq!(decide("_12076_", Path::NonEmpty), None);
        assert_eq!(decide("(((", Path::Unknown), None);
        assert_eq!(decide(&"(".repeat(5000), Path::Exactly(&[])), None);
    }
}
