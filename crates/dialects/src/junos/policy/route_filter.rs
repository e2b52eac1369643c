//! Route filters: a prefix, and which of the routes inside it are meant.

use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_syntax::Words;

use crate::junos::draft::number;

/// Routes that a filter means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// An interval of lengths.
    Range(PrefixRange),
    /// The prefixes on the way from one to another (`through`).
    Way(Vec<PrefixRange>),
    /// A mask that is no prefix length (`address-mask`): not decided here.
    Mask(Prefix),
}

impl Reach {
    /// The ranges, where they are known.
    pub(crate) fn ranges(&self) -> &[PrefixRange] {
        match self {
            Self::Range(range) => std::slice::from_ref(range),
            Self::Way(ranges) => ranges,
            Self::Mask(_) => &[],
        }
    }
}

/// A prefix as Junos takes it: host bits are cleared, an address alone is a host.
///
/// prefix ::= PREFIX | ADDRESS
pub(crate) fn prefix(text: &str) -> Option<Prefix> {
    // Only prefixes have a mark in them.
    match Prefix::parse(text) {
        Some((prefix, _)) => Some(prefix),
        None => text.parse().ok().map(Prefix::host),
    }
}

/// A prefix and a match type; returns the words behind.
///
/// filter ::= prefix match-type | prefix "through" prefix
pub(crate) fn filter<'w, 't>(words: Words<'w, 't>) -> Option<(Reach, Words<'w, 't>)> {
    let prefix = prefix(words.peek(0))?;
    let value = words.peek(2);
    if matches!(words.peek(1), "through") {
        return Some((Reach::Way(way(prefix, self::prefix(value)?)?), words.skip(3)));
    }
    if is_masked(words) {
        return Some((Reach::Mask(prefix), words.skip(3)));
    }
    let (reach, n_words) = lengths(prefix, words.skip(1))?;
    Some((Reach::Range(reach), words.skip(1 + n_words)))
}

/// Whether a mask says which bits count.
fn is_masked(words: Words<'_, '_>) -> bool {
    words.peek(1) == "address-mask"
}

/// The routes inside `prefix` that a match type means, and the number of its words.
///
/// match-type ::= "exact" | "longer" | "orlonger" | "upto" SLASH4 | "prefix-length-range" WORD
pub(crate) fn lengths(prefix: Prefix, words: Words<'_, '_>) -> Option<(PrefixRange, usize)> {
    let width = prefix.family().width();
    let value = words.peek(1);
    let (range, n_words) = match words.peek(0) {
        "exact" => (PrefixRange::exact(prefix), 1),
        "orlonger" => (PrefixRange::or_longer(prefix), 1),
        "longer" => (PrefixRange::new(prefix, prefix.length().checked_add(1)?, width)?, 1),
        "upto" => (PrefixRange::new(prefix, prefix.length(), length(value)?)?, 2),
        "prefix-length-range" => {
            let (least, most) = value.split_once('-')?;
            (PrefixRange::new(prefix, length(least)?, length(most)?)?, 2)
        }
        _ => return None,
    };
    Some((range, n_words))
}

/// `/24`.
pub(super) fn length(text: &str) -> Option<u8> {
    number(text.strip_prefix('/')?)
}

/// Every prefix from `first` to `last`, which must lie inside.
fn way(first: Prefix, last: Prefix) -> Option<Vec<PrefixRange>> {
    if !first.contains(&last) {
        return None;
    }
    let lengths = first.length()..=last.length();
    let prefixes = lengths.filter_map(|length| Prefix::new(last.address(), length));
    Some(prefixes.map(PrefixRange::exact).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    fn ranges(text: &str) -> Option<String> {
        let lines = Lines::split(FileId(0), text);
        let (reach, left) = filter(lines.words_of(lines.lines.first()?))?;
        let ranges: Vec<String> = reach.ranges().iter().map(ToString::to_string).collect();
        Some(format!("{} + {}", ranges.join(", "), left.len()))
    }

    #[test]
    fn match_types_are_ranges_of_lengths() {
        let cases = [
            ("10.0.0.0/8 exact accept", Some("10.0.0.0/8 + 1")),
            ("10.0.0.0/8 orlonger", Some("10.0.0.0/8 le 32 + 0")),
            ("10.0.0.0/8 longer", Some("10.0.0.0/8 ge 9 + 0")),
            ("10.0.0.0/8 upto /24", Some("10.0.0.0/8 le 24 + 0")),
            ("2001:db8::/32 prefix-length-range /40-/48", Some("2001:db8::/32 ge 40 le 48 + 0")),
            // Host bits are taken: vJunos 25.4R1.12, commit check.
            ("10.1.2.3/8 exact", Some("10.0.0.0/8 + 0")),
            ("10.0.0.0/14 through 10.1.0.0/16", Some("10.0.0.0/14, 10.0.0.0/15, 10.1.0.0/16 + 0")),
            ("10.0.0.0/14 through 192.0.2.0/24", None),
            ("10.0.0.0/8 address-mask 255.0.255.0", Some(" + 0")),
            ("10.0.0.0/8 upto /33", None),
            ("10.0.0.0/8 upto /7", None),
            ("10.0.0.0/32 longer", None),
            ("10.0.0.0/8", None),
        ];
        for (text, expected) in cases {
            assert_eq!(ranges(text).as_deref(), expected, "{text}");
        }
    }
}
