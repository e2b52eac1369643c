//! Routes that are treated differently, in words that stay short.

use edgelint_prefix::{Family, PrefixRange, PrefixSet};

use crate::compare::{Difference, Witness};

/// Conditions that are named in one sentence, at most.
const MOST_CONDITIONS: usize = 4;

impl Witness {
    /// It in words: `10.0.0.0/8 with 64500:1 and AS path 64501`.
    pub fn describe(&self) -> String {
        let mut parts = Vec::new();
        if !self.communities.is_empty() {
            let names: Vec<String> = self.communities.iter().map(ToString::to_string).collect();
            parts.push(names.join(" "));
        }
        match &self.as_path {
            Some(path) if path.segments.is_empty() => parts.push("an empty AS path".to_owned()),
            Some(path) => parts.push(format!("AS path {path}")),
            None => {}
        }
        match parts.is_empty() {
            true => self.prefix.to_string(),
            false => format!("{} with {}", self.prefix, parts.join(" and ")),
        }
    }
}

/// The routes of some differences, with at most so many ranges for each space: `10.0.0.0/8 le 24 with 64500:1 or with
/// 64500:2`.
pub fn routes(differences: &[&Difference<'_>], most: usize) -> String {
    let mut spaces: Vec<(&PrefixSet, Vec<String>)> = Vec::new();
    for one in differences {
        let conditions = one.conditions.describe();
        match spaces.iter_mut().find(|(space, _)| **space == one.space) {
            Some((_, all)) => all.push(conditions),
            None => spaces.push((&one.space, vec![conditions])),
        }
    }
    let shown = spaces.into_iter().map(|(space, mut conditions)| {
        let (ranges, everything) = prefixes(space, most);
        if conditions.iter().any(String::is_empty) {
            return ranges;
        }
        let more = conditions.len().saturating_sub(MOST_CONDITIONS);
        conditions.truncate(MOST_CONDITIONS);
        if 0 < more {
            conditions.push(format!("in {more} more ways"));
        }
        let word = if everything { "routes".to_owned() } else { ranges };
        format!("{word} {}", conditions.join(" or "))
    });
    shown.collect::<Vec<_>>().join("; ")
}

/// Prefixes in words, and whether they are all of a family.
fn prefixes(space: &PrefixSet, most: usize) -> (String, bool) {
    let list = |ranges: &[PrefixRange]| {
        let shown: Vec<String> = ranges.iter().take(most).map(ToString::to_string).collect();
        match ranges.len().saturating_sub(most) {
            0 => shown.join(", "),
            more => format!("{} and {more} more ranges", shown.join(", ")),
        }
    };
    let ranges = space.ranges();
    let Some(family) = ranges.first().map(|range| range.prefix.family()) else {
        return ("no routes".to_owned(), false);
    };
    let rest = PrefixSet::universe_of(family).difference(space);
    if rest.is_empty() {
        return ("all routes".to_owned(), true);
    }
    let others = rest.ranges();
    let mixed = ranges.iter().any(|range| range.prefix.family() != family);
    if others.len() < ranges.len() && is_large(&ranges, family) && !mixed {
        return (format!("all routes but {}", list(&others)), false);
    }
    (list(&ranges), false)
}

/// Whether a range of the set is a good part of a family.
fn is_large(ranges: &[PrefixRange], family: Family) -> bool {
    let short = match family {
        Family::Ipv4 => 4,
        Family::Ipv6 => 16,
    };
    ranges.iter().any(|range| range.prefix.length() <= short)
}
