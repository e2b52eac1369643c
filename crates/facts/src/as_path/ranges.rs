//! Ranges of AS numbers as expressions over their digits.

use std::ops::RangeInclusive;

/// Adds an expression that the decimal texts of the numbers in some ranges match, and no others; one that
/// nothing matches where there is no number. What is no AS number may match where all of them do.
pub(super) fn push_ranges(expression: &mut String, ranges: &[RangeInclusive<u32>]) {
    if ranges.contains(&(0..=u32::MAX)) {
        expression.push_str("[0-9]+");
        return;
    }
    let mut alternatives = Vec::new();
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        by_length(*range.start(), *range.end(), &mut alternatives);
    }
    match alternatives.is_empty() {
        true => expression.push_str(NOTHING),
        false => {
            expression.push_str("(?:");
            expression.push_str(&alternatives.join("|"));
            expression.push(')');
        }
    }
}

/// What no text matches.
pub(super) const NOTHING: &str = "[^\\x00-\\xff]";

/// The numbers between the ranges, and on either side of them.
pub(super) fn others(ranges: &[RangeInclusive<u32>]) -> Vec<RangeInclusive<u32>> {
    let mut sorted: Vec<_> = ranges.iter().filter(|range| !range.is_empty()).collect();
    sorted.sort_by_key(|range| *range.start());
    let mut gaps = Vec::new();
    // The first number that no range has covered; none behind the largest.
    let mut free = Some(0);
    for range in sorted {
        let Some(first) = free else { break };
        if first < *range.start() {
            gaps.push(first..=*range.start() - 1);
        }
        free = range.end().checked_add(1).map(|next| next.max(first));
    }
    gaps.extend(free.map(|first| first..=u32::MAX));
    gaps
}

/// Divides a range where the number of digits changes.
fn by_length(first: u32, last: u32, alternatives: &mut Vec<String>) {
    let mut first = first;
    while first <= last {
        let digits = first.to_string().len() as u32;
        let longest = 10_u64.pow(digits) - 1;
        let end = u32::try_from(longest.min(last.into())).unwrap_or(last);
        by_digit(&first.to_string(), &end.to_string(), String::new(), alternatives);
        match end.checked_add(1) {
            Some(next) => first = next,
            None => return,
        }
    }
}

/// Numbers of as many digits each: a front in common, a digit of which all behind it are free, and the two
/// edges.
fn by_digit(first: &str, last: &str, front: String, alternatives: &mut Vec<String>) {
    let rest = first.len();
    let (Some(low), Some(high)) = (first.bytes().next(), last.bytes().next()) else {
        alternatives.push(front);
        return;
    };
    let all = |text: &str, digit| text.bytes().all(|one| one == digit);
    if all(&first[1..], b'0') && all(&last[1..], b'9') {
        alternatives.push(format!("{front}[{}-{}]{}", low as char, high as char, free(rest - 1)));
        return;
    }
    if low == high {
        by_digit(&first[1..], &last[1..], format!("{front}{}", low as char), alternatives);
        return;
    }
    let (nines, zeros) = ("9".repeat(rest - 1), "0".repeat(rest - 1));
    by_digit(&first[1..], &nines, format!("{front}{}", low as char), alternatives);
    if low + 1 < high {
        let (low, high) = ((low + 1) as char, (high - 1) as char);
        alternatives.push(format!("{front}[{low}-{high}]{}", free(rest - 1)));
    }
    by_digit(&zeros, &last[1..], format!("{front}{}", high as char), alternatives);
}

/// So many digits, whichever.
fn free(digits: usize) -> String {
    match digits {
        0 => String::new(),
        _ => format!("[0-9]{{{digits}}}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_automata::meta::Regex;

    use super::{others, push_ranges};

    proptest! {
        #[test]
        fn a_range_is_its_numbers(a: u32, b: u32, near in -3_i64..=3, any: u32) {
            let (first, last) = (a.min(b), a.max(b));
            let mut expression = "^".to_owned();
            push_ranges(&mut expression, &[first..=last]);
            expression.push('$');
            let regex = Regex::new(&expression).expect("well formed");
            for edge in [i64::from(first), i64::from(last), i64::from(any)] {
                let Ok(number) = u32::try_from(edge + near) else { continue };
                let within = (first..=last).contains(&number);
                prop_assert_eq!(regex.is_match(&number.to_string()), within);
            }
        }

        #[test]
        fn others_are_the_complement(ranges in prop::collection::vec((0_u32..40, 0_u32..12), 0..5), number in 0_u32..60) {
            let ranges: Vec<_> = ranges.into_iter().map(|(first, n)| first..=first + n).collect();
            let within = |ranges: &[std::ops::RangeInclusive<u32>]| {
                ranges.iter().any(|range| range.contains(&number))
            };
            prop_assert_ne!(within(&ranges), within(&others(&ranges)));
        }
    }

    #[test]
    fn the_largest_number_is_in_the_last_gap() {
        assert_eq!(others(&[0..=u32::MAX]), []);
        assert_eq!(others(&[]), [0..=u32::MAX]);
        assert_eq!(others(&[5..=u32::MAX]), [0..=4]);
    }
}
