//! AS-path expressions, asked about one path.
//!
//! A route that originates here has an empty path, or what policies put into it. About the empty path
//! most expressions can be decided by one question: can it match nothing? Anchors and the separator `_` match the
//! ends of an empty path, a character never does. For paths that are not known, the two expressions that are written
//! most often are decided here too: the one that matches everything and `^$`. For all others there are
//! sets of paths.

use edgelint_model::{AsPathLanguage, AsPathList};

use crate::as_path::elements::{self, Element};
use crate::as_path::expression::{Expressions, Terms};
use crate::as_path::numbers;
use crate::as_path::path::AsPath;
use crate::as_path::pattern::unquoted;

/// What is known of the path of a route where an expression is asked about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    /// This one.
    Exactly(AsPath),
    /// It is not empty.
    NonEmpty,
    /// Nothing.
    Unknown,
}

/// Whether the list matches, where that can be decided. The first matching entry decides; a list
/// without a match does not match.
pub(crate) fn decide_list(
    language: AsPathLanguage,
    list: &AsPathList<'_>,
    path: &Path,
    expressions: &Expressions,
) -> Option<bool> {
    for entry in &list.entries {
        match decide(language, entry.regex, path, expressions) {
            Some(true) => return Some(entry.permit),
            Some(false) => {}
            None => return None,
        }
    }
    Some(false)
}

/// Whether the expression matches, where that can be decided.
pub(crate) fn decide(
    language: AsPathLanguage,
    regex: &str,
    path: &Path,
    expressions: &Expressions,
) -> Option<bool> {
    match language {
        AsPathLanguage::Elements => by_element(regex, path, expressions),
        AsPathLanguage::Numbers => by_numbers(unquoted(regex), path),
        AsPathLanguage::Characters => {
            by_text(Terms::Characters, unquoted(regex), path, expressions)
        }
        AsPathLanguage::Symbols => by_text(Terms::Numbers, unquoted(regex), path, expressions),
    }
}

fn by_element(element: &str, path: &Path, expressions: &Expressions) -> Option<bool> {
    match (elements::read(element)?, path) {
        (Element::Characters(regex), _) => by_text(Terms::Characters, regex, path, expressions),
        (element, Path::Exactly(path)) => element.matches(path),
        (Element::Local, Path::NonEmpty) => Some(false),
        (_, Path::NonEmpty | Path::Unknown) => None,
    }
}

fn by_numbers(regex: &str, path: &Path) -> Option<bool> {
    match (path, regex) {
        (Path::Exactly(path), _) => numbers::read(regex)?.matches(&path.numbers()?),
        // One AS number or more.
        (_, ".*") | (Path::NonEmpty, ".+") => Some(true),
        (Path::NonEmpty, "()") => Some(false),
        (Path::NonEmpty | Path::Unknown, _) => None,
    }
}

fn by_text(terms: Terms, regex: &str, path: &Path, expressions: &Expressions) -> Option<bool> {
    if matches_everything(regex) {
        return Some(true);
    }
    match path {
        Path::Exactly(path) if path.segments.is_empty() => {
            matches_nothing(regex).or_else(|| expressions.matches(terms, regex, ""))
        }
        Path::Exactly(path) => {
            let text = path.to_string();
            match terms == Terms::Characters && is_literal(regex) {
                true => Some(matches_literally(regex, &text)),
                false => expressions.matches(terms, regex, &text),
            }
        }
        Path::NonEmpty if regex == "^$" => Some(false),
        Path::NonEmpty | Path::Unknown => None,
    }
}

/// Whether an expression is numbers, blanks, `_` and anchors alone, as most are: `_65000_`, `^65000 65001$`. Those
/// are decided without a library, which takes as long to compile one as to ask a thousand.
fn is_literal(regex: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'^' | b'$' | b'_' | b' ');
    regex.len() <= LONGEST_LITERAL && regex.bytes().all(plain)
}

/// Longer expressions are left to the library: the descent below goes as deep as they are long.
const LONGEST_LITERAL: usize = 64;

/// Whether such an expression matches somewhere in the text of a path.
fn matches_literally(regex: &str, text: &str) -> bool {
    let (regex, text) = (regex.as_bytes(), text.as_bytes());
    (0..=text.len()).any(|at| matches_from(regex, text, at))
}

fn matches_from(regex: &[u8], text: &[u8], at: usize) -> bool {
    let Some((first, rest)) = regex.split_first() else { return true };
    let next = text.get(at).copied();
    let ends = at == 0 || at == text.len();
    match first {
        b'^' => at == 0 && matches_from(rest, text, at),
        b'$' => at == text.len() && matches_from(rest, text, at),
        b'_' => {
            let between = next.is_some_and(|one| b" ,{}()".contains(&one));
            (ends && matches_from(rest, text, at)) || (between && matches_from(rest, text, at + 1))
        }
        literal => next == Some(*literal) && matches_from(rest, text, at + 1),
    }
}

fn matches_everything(regex: &str) -> bool {
    let inner = regex.strip_prefix('^').unwrap_or(regex);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    // `^` and `$` alone match every path too, but `^$` matches the empty one only.
    inner == ".*" || (inner.is_empty() && regex != "^$")
}

/// Whether the expression matches the empty path; `None` where that cannot be told so simply.
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
                // Names of classes have brackets of their own.
                let mut last = self.next()?;
                loop {
                    let next = self.next()?;
                    match (last, next) {
                        ('[', ':' | '.' | '=') => return None,
                        (_, ']') => return Some(false),
                        _ => last = next,
                    }
                }
            }
            '\\' => self.next().filter(|next| !next.is_ascii_alphanumeric()).map(|_| false),
            '*' | '?' | '+' | '{' => None,
            _ => Some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use edgelint_model::AsPathLanguage;

    use super::{AsPath, Expressions, Path, Terms, is_literal, matches_literally};

    fn decide(regex: &str, path: Path) -> Option<bool> {
        super::decide(AsPathLanguage::Characters, regex, &path, &Expressions::default())
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
            ("[[:digit:]]*", Some(true)),
            ("[[:digit:]]", Some(false)),
            ("^1{0,2}$", Some(true)),
            ("^1{2}$", Some(false)),
            ("(1*)\\1", None),
        ];
        for (regex, wanted) in cases {
            assert_eq!(decide(regex, Path::Exactly(AsPath::default())), wanted, "{regex}");
        }
    }

    #[test]
    fn literals_are_decided_as_the_library_does() {
        let regexes = [
            "_", "__", "^_", "_$", "^$_", "12", "^12", "12$", "^12$", "_12_", "^12_", "_12$",
            "_12_8_", "12_8", "^12 8$", "12 8", "_8_7_", "8__7", "$12", "12^", "^^12_$", " ",
            "_ _", "7_", "_7",
        ];
        let paths = [
            AsPath::of_numbers([12]),
            AsPath::of_numbers([12, 8]),
            AsPath::of_numbers([112, 8, 7]),
            AsPath::of_numbers([8, 12, 12]),
            AsPath::read("{8,7}").expect("a set"),
            AsPath::read("12 {8,7} {12}").expect("two sets"),
            AsPath::read("(12 8) 7").expect("a confederation"),
        ];
        for regex in regexes {
            for path in &paths {
                let text = path.to_string();
                let library = Expressions::default().matches(Terms::Characters, regex, &text);
                assert_eq!(Some(matches_literally(regex, &text)), library, "{regex} on {text}");
                assert!(is_literal(regex));
            }
        }
    }

    #[test]
    fn a_symbol_is_a_whole_number() {
        let symbol = |regex: &str, path: &[u32]| {
            let path = Path::Exactly(AsPath::of_numbers(path.iter().copied()));
            super::decide(AsPathLanguage::Symbols, regex, &path, &Expressions::default())
        };
        assert_eq!(symbol("65100", &[100, 65100]), Some(true));
        assert_eq!(symbol("100", &[65100]), Some(false));
        assert_eq!(symbol("^100$", &[100, 65100]), Some(false));
        assert_eq!(symbol("_100_", &[1, 100, 2]), Some(true));
        assert_eq!(symbol("^100", &[1, 100]), Some(false));
        assert_eq!(symbol("100$", &[1, 100]), Some(true));
        assert_eq!(symbol("100|200", &[100]), Some(true));
        assert_eq!(symbol("(10|20)_", &[100]), Some(false));
        assert_eq!(symbol("^1.0", &[100]), None);
        assert_eq!(symbol("^100_.*", &[100, 7]), Some(true));
        assert_eq!(symbol("^100.*", &[1001, 7]), Some(false));
        assert_eq!(symbol("_[64512-65534]_", &[1, 64513]), Some(true));
        assert_eq!(symbol("_[64512-65534]_", &[1, 64500]), Some(false));
        // Digits or numbers: nobody has shown which.
        assert_eq!(symbol("^[0-9]+$", &[5]), None);
        assert_eq!(symbol(".*", &[100]), Some(true));
        let path = Path::Exactly(AsPath::of_numbers([65100]));
        assert_eq!(decide("100", path), Some(true));
    }

    #[test]
    fn of_unknown_paths_only_the_trivial_is_decided() {
        assert_eq!(decide(".*", Path::Unknown), Some(true));
        assert_eq!(decide("^$", Path::Unknown), None);
        assert_eq!(decide("^$", Path::NonEmpty), Some(false));
        assert_eq!(decide("_12076_", Path::NonEmpty), None);
        assert_eq!(decide("(((", Path::Unknown), None);
        assert_eq!(decide(&"(".repeat(5000), Path::Exactly(AsPath::default())), None);
    }
}
