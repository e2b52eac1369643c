//! AS-path conditions in words: what a path passes through, where it begins, how long it is.
//!
//! A condition names AS numbers and ranges of them (`'[64512..65534] 64500'`) that have to stand side by
//! side in the path: anywhere, at its end (where the route comes from) or at its beginning (the neighbor).
//! Numbers that follow themselves count once unless it says `exact`.
//! (IOS XR routing guide, "AS-Path Set Inline Form" and "Comparison Operators"; for `exact` Batfish,
//! `AsPathSetElem` of `cisco_xr`.)

use std::ops::RangeInclusive;

use crate::as_path::AsPath;
use crate::as_path::ranges::push_ranges;

/// A condition.
#[derive(Debug)]
pub(super) enum Element<'r> {
    /// An expression over the characters of the path.
    Characters(&'r str),
    /// The path is empty.
    Local,
    /// How many numbers it has; `unique`: each counted once.
    Length { least: usize, most: usize, unique: bool },
    /// Numbers side by side.
    Row { place: Place, numbers: Vec<RangeInclusive<u32>>, exact: bool },
}

/// Where in a path numbers have to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    Beginning,
    End,
}

/// Reads a condition; nothing where it is not understood.
pub(super) fn read(element: &str) -> Option<Element<'_>> {
    let element = element.trim();
    let (head, rest) = element.split_once(char::is_whitespace).unwrap_or((element, ""));
    let rest = rest.trim();
    let is = |word: &str| head.eq_ignore_ascii_case(word);
    if is("ios-regex") {
        return Some(Element::Characters(rest.trim_matches(['\'', '"'])));
    }
    if is("dfa-regex") {
        // Another engine for the same expressions: where it differs nobody has shown, so only what every
        // engine has is read.
        let regex = rest.trim_matches(['\'', '"']);
        let special = regex.replace("[0-9]", "");
        return (!special.contains(['\\', '{', '['])).then_some(Element::Characters(regex));
    }
    if is("is-local") {
        return Some(Element::Local);
    }
    if is("length") || is("unique-length") {
        let mut words = rest.split_whitespace();
        let (operator, bound) = (words.next()?, words.next()?.parse::<usize>().ok()?);
        let (least, most) = match operator {
            "eq" | "is" => (bound, bound),
            "ge" => (bound, usize::MAX),
            "le" => (0, bound),
            _ => return None,
        };
        return Some(Element::Length { least, most, unique: is("unique-length") });
    }
    let place = if is("passes-through") {
        Place::Anywhere
    } else if is("originates-from") {
        Place::End
    } else if is("neighbor-is") {
        Place::Beginning
    } else {
        return None;
    };
    let quote = rest.chars().next().filter(|quote| ['\'', '"'].contains(quote))?;
    let (numbers, behind) = rest.strip_prefix(quote)?.split_once(quote)?;
    let exact = match behind.trim() {
        "" => false,
        word if word.eq_ignore_ascii_case("exact") => true,
        _ => return None,
    };
    let numbers: Option<Vec<_>> = numbers.split_whitespace().map(range).collect();
    Some(Element::Row { place, numbers: numbers?, exact })
}

/// `64500`, `[64512..65534]`.
fn range(word: &str) -> Option<RangeInclusive<u32>> {
    match word.strip_prefix('[') {
        Some(bounds) => {
            let (first, last) = bounds.strip_suffix(']')?.split_once("..")?;
            Some(first.parse().ok()?..=last.parse().ok()?)
        }
        None => word.parse().ok().map(|one: u32| one..=one),
    }
}

impl Element<'_> {
    /// Whether it holds for a path, where that can be decided; an expression over characters excepted.
    pub(super) fn matches(&self, path: &AsPath) -> Option<bool> {
        match self {
            Self::Characters(_) => None,
            Self::Local => Some(path.segments.is_empty()),
            Self::Length { least, most, unique } => {
                let mut numbers = path.numbers()?;
                if *unique {
                    numbers.dedup();
                    let without_repetition = numbers.len();
                    numbers.sort_unstable();
                    numbers.dedup();
                    // Whether a number that comes back later counts again is not shown.
                    if numbers.len() != without_repetition {
                        return None;
                    }
                }
                Some((*least..=*most).contains(&numbers.len()))
            }
            Self::Row { place, numbers: wanted, exact } => {
                let mut numbers = path.numbers()?;
                if !exact {
                    numbers.dedup();
                }
                let fits = |at: &[u32]| {
                    at.iter().zip(wanted).all(|(number, range)| range.contains(number))
                };
                let mut windows = numbers.windows(wanted.len().max(1));
                Some(match place {
                    Place::Anywhere => windows.any(fits),
                    Place::End => windows.next_back().is_some_and(fits),
                    Place::Beginning => windows.next().is_some_and(fits),
                })
            }
        }
    }

    /// Adds an expression over the text of paths that matches the whole of those for which it holds;
    /// whether that could be done.
    pub(super) fn push_to(&self, text: &mut String) -> bool {
        match self {
            Self::Characters(_) => false,
            Self::Local => true,
            // How many different numbers there are no automaton of this size can count.
            Self::Length { least, most, unique: true } => match (*least, *most) {
                (0, usize::MAX) => push_any(text),
                (1, usize::MAX) => {
                    text.push_str(".+");
                    true
                }
                (0, 0) => true,
                _ => false,
            },
            Self::Length { least, most, .. } => {
                text.push_str("(?:(?:^| )[0-9]+)");
                match most {
                    &usize::MAX => text.push_str(&format!("{{{least},}}")),
                    most => text.push_str(&format!("{{{least},{most}}}")),
                }
                true
            }
            Self::Row { place, numbers, exact } => push_row(text, *place, numbers, *exact),
        }
    }
}

fn push_any(text: &mut String) -> bool {
    text.push_str(".*");
    true
}

fn push_row(text: &mut String, place: Place, row: &[RangeInclusive<u32>], exact: bool) -> bool {
    if row.is_empty() {
        // One number, whichever: that is how a path is divided for none.
        text.push_str(".+");
        return true;
    }
    let is_one = |range: &RangeInclusive<u32>| range.start() == range.end();
    let are_apart = |pair: &[RangeInclusive<u32>]| match pair {
        [a, b] => a.end() < b.start() || b.end() < a.start(),
        _ => true,
    };
    // A number may follow itself unless the row or the path ends there; of a range, no automaton of this
    // size knows which it was.
    let repeats = |at: usize| match place {
        _ if exact => false,
        Place::Anywhere => 0 < at && at + 1 < row.len(),
        Place::Beginning => at + 1 < row.len(),
        Place::End => 0 < at,
    };
    if !exact && row.len() > 1 {
        let unclear = row.iter().enumerate().any(|(at, range)| repeats(at) && !is_one(range));
        if unclear || !row.windows(2).all(are_apart) {
            return false;
        }
    }
    if place != Place::Beginning {
        text.push_str("(?:(?:^| )[0-9]+)*");
    }
    for (at, range) in row.iter().enumerate() {
        text.push_str("(?:(?:^| )");
        push_ranges(text, std::slice::from_ref(range));
        text.push(')');
        if repeats(at) {
            text.push('+');
        }
    }
    if place != Place::End {
        text.push_str("(?: [0-9]+)*");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::as_path::AsPath;

    fn decide(element: &str, path: &[u32]) -> Option<bool> {
        read(element)?.matches(&AsPath::of_numbers(path.iter().copied()))
    }

    #[test]
    fn known_paths_are_decided() {
        let path = [64500, 64501, 64501, 65010];
        let table = [
            ("passes-through '64501'", Some(true)),
            ("passes-through '64501 65010'", Some(true)),
            ("passes-through '64500 65010'", Some(false)),
            ("passes-through '[64512..65534]'", Some(true)),
            ("originates-from '65010'", Some(true)),
            ("originates-from '64501'", Some(false)),
            ("neighbor-is '64500 [64501..64502]'", Some(true)),
            ("neighbor-is '64501'", Some(false)),
            ("neighbor-is '64500 64501 65010'", Some(true)),
            ("neighbor-is '64500 64501 65010' exact", Some(false)),
            ("neighbor-is '64500 64501 64501' exact", Some(true)),
            ("neighbor-is '64500' sometimes", None),
            ("length ge 4", Some(true)),
            ("length le 3", Some(false)),
            ("unique-length eq 3", Some(true)),
            ("is-local", Some(false)),
            ("$parameter", None),
        ];
        for (element, wanted) in table {
            assert_eq!(decide(element, &path), wanted, "{element}");
        }
        assert_eq!(decide("unique-length eq 2", &[1, 2, 1]), None);
    }

    #[test]
    fn the_empty_path_passes_through_nothing() {
        let table = [
            ("passes-through '64501'", Some(false)),
            ("originates-from '64501'", Some(false)),
            ("length eq 0", Some(true)),
            ("is-local", Some(true)),
        ];
        for (element, wanted) in table {
            assert_eq!(decide(element, &[]), wanted, "{element}");
        }
    }
}
