//! `apply-path`: a prefix list that is filled with addresses from other parts of the configuration.
//!
//! The pattern is a path with wildcards; whatever its last wildcard stands for, in a path that is in
//! force, is a member: the subnet of an interface address, the address of a neighbor.

use edgelint_prefix::PrefixRange;
use edgelint_syntax::{Paths, Words};

use super::{lists, route_filter};
use crate::junos::draft::Draft;
use crate::junos::groups;

/// Fills the lists.
pub(super) fn expand<'t>(draft: &mut Draft<'t>, paths: &Paths<'t>, system: Option<&'t str>) {
    for (name, pattern, at) in std::mem::take(&mut draft.policy.lists.apply_paths) {
        draft.policy.lists.named.push((name.text, name.span));
        let pattern: Vec<&str> = pattern.text.split_whitespace().collect();
        let skipped = if system.is_some() { 2 } else { 0 };
        let live = paths.paths.iter().filter(|path| !path.deleted && path.inactive.is_none());
        for path in live {
            let words = paths.words(path);
            let own = (words.peek(0) == "logical-systems").then(|| words.peek(1));
            if own != system {
                continue;
            }
            let Some(text) = found(words.skip(skipped), &pattern) else { continue };
            if let Some(prefix) = route_filter::prefix(text) {
                lists::add_prefix(draft, (name.text, || name.span), PrefixRange::exact(prefix), at);
            }
        }
    }
}

/// The word that the last wildcard of a pattern stands for in a path that begins with the pattern.
fn found<'t>(words: Words<'_, 't>, pattern: &[&str]) -> Option<&'t str> {
    let begins = pattern.len() <= words.len()
        && pattern.iter().enumerate().all(|(at, word)| groups::fits(word, words.peek(at)));
    let last = pattern.iter().rposition(|word| word.starts_with('<'))?;
    begins.then(|| words.peek(last))
}
