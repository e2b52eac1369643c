//! AS-path conditions in words: what a path passes through, where it begins, how long it is.
//!
//! A condition names AS numbers and ranges of them (`'[64512..65534] 64500'`) that have to stand side by
//! side in the path: anywhere, at its end (where the route comes from) or at its beginning (the neighbor).
//! (IOS XR routing guide, "AS-Path Set Inline Form" and "Comparison Operators".)

use edgelint_model::AsPathLanguage;

use crate::evaluate::as_path::Path;
use crate::evaluate::expression::Expressions;

/// Whether the condition holds, where that can be decided.
pub(super) fn decide(element: &str, path: &Path, expressions: &Expressions) -> Option<bool> {
    let (head, rest) = element.split_once(char::is_whitespace).unwrap_or((element, ""));
    let rest = rest.trim();
    let is = |word: &str| head.eq_ignore_ascii_case(word);
    if is("ios-regex") {
        let regex = rest.trim_matches(['\'', '"']);
        return super::decide(AsPathLanguage::Characters, regex, path, expressions);
    }
    if is("is-local") {
        return match path {
            Path::Exactly(path) => Some(path.segments.is_empty()),
            Path::NonEmpty => Some(false),
            Path::Unknown => None,
        };
    }
    if is("length") || is("unique-length") {
        return by_length(rest, is("unique-length"), path);
    }
    let places = if is("passes-through") {
        Places::Anywhere
    } else if is("originates-from") {
        Places::End
    } else if is("neighbor-is") {
        Places::Beginning
    } else {
        return None;
    };
    let Path::Exactly(path) = path else { return None };
    let numbers = path.numbers()?;
    let wanted = ranges(rest)?;
    let fits = |at: &[u32]| at.iter().zip(&wanted).all(|(number, range)| range.contains(number));
    let mut windows = numbers.windows(wanted.len().max(1));
    Some(match places {
        Places::Anywhere => windows.any(fits),
        Places::End => windows.next_back().is_some_and(fits),
        Places::Beginning => windows.next().is_some_and(fits),
    })
}

/// Where in a path the numbers have to stand.
enum Places {
    Anywhere,
    Beginning,
    End,
}

/// `ge 10`, `eq 3 all`.
fn by_length(text: &str, unique: bool, path: &Path) -> Option<bool> {
    let mut words = text.split_whitespace();
    let (operator, bound) = (words.next()?, words.next()?.parse::<usize>().ok()?);
    let Path::Exactly(path) = path else { return None };
    let mut numbers = path.numbers()?;
    if unique {
        numbers.sort_unstable();
        numbers.dedup();
    }
    let length = numbers.len();
    match operator {
        "eq" | "is" => Some(length == bound),
        "ge" => Some(bound <= length),
        "le" => Some(length <= bound),
        _ => None,
    }
}

/// The numbers in quotes: each a number or a range. What is said beyond them is not decided.
fn ranges(text: &str) -> Option<Vec<std::ops::RangeInclusive<u32>>> {
    let inner = text.strip_prefix(['\'', '"'])?.strip_suffix(['\'', '"'])?;
    let range = |word: &str| match word.strip_prefix('[') {
        Some(bounds) => {
            let (first, last) = bounds.strip_suffix(']')?.split_once("..")?;
            Some(first.parse().ok()?..=last.parse().ok()?)
        }
        None => word.parse().ok().map(|one: u32| one..=one),
    };
    inner.split_whitespace().map(range).collect()
}

#[cfg(test)]
mod tests {
    use crate::evaluate::as_path::Path;
    use crate::evaluate::expression::Expressions;
    use crate::evaluate::path::AsPath;

    fn decide(element: &str, path: &Path) -> Option<bool> {
        super::decide(element, path, &Expressions::default())
    }

    #[test]
    fn known_paths_are_decided() {
        let path = Path::Exactly(AsPath::of_numbers([64500, 64501, 64501, 65010]));
        let table = [
            ("passes-through '64501'", Some(true)),
            ("passes-through '64501 65010'", Some(true)),
            ("passes-through '64500 65010'", Some(false)),
            ("passes-through '[64512..65534]'", Some(true)),
            ("originates-from '65010'", Some(true)),
            ("originates-from '64501'", Some(false)),
            ("neighbor-is '64500 [64501..64502]'", Some(true)),
            ("neighbor-is '64501'", Some(false)),
            ("neighbor-is '64500' exact", None),
            ("length ge 4", Some(true)),
            ("length le 3", Some(false)),
            ("unique-length eq 3", Some(true)),
            ("is-local", Some(false)),
            ("ios-regex '.*'", Some(true)),
            ("ios-regex '_64501_'", Some(true)),
            ("dfa-regex '_64501_'", None),
        ];
        for (element, wanted) in table {
            assert_eq!(decide(element, &path), wanted, "{element}");
        }
    }

    #[test]
    fn the_empty_path_passes_through_nothing() {
        let table = [
            ("passes-through '64501'", Some(false)),
            ("originates-from '64501'", Some(false)),
            ("length eq 0", Some(true)),
            ("is-local", Some(true)),
            ("ios-regex '^$'", Some(true)),
            ("ios-regex '_64501_'", Some(false)),
        ];
        for (element, wanted) in table {
            assert_eq!(decide(element, &Path::Exactly(AsPath::default())), wanted, "{element}");
        }
        assert_eq!(decide("is-local", &Path::NonEmpty), Some(false));
        assert_eq!(decide("length ge 1", &Path::Unknown), None);
    }
}
