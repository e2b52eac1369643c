//! Questions about communities, put outside of any policy.
//!
//! Whoever compares two policies has to know whether one route can be in a class of each: conditions of both are
//! held against the same communities.

use edgelint_model::{Community, CommunityText};

use crate::as_path::{Expressions, Terms};

/// Whether an expression matches communities: as one text or each by itself, as the dialect has it; where nobody
/// has shown which, only what comes to the same is decided.
pub(crate) fn communities_match(
    text: Option<CommunityText>,
    regex: &str,
    all: &[Community],
    expressions: &Expressions,
) -> Option<bool> {
    let regex = regex.trim_matches('"');
    let whole = || {
        let texts: Vec<String> = all.iter().map(ToString::to_string).collect();
        expressions.matches(Terms::Characters, regex, &texts.join(" "))
    };
    let each = || {
        let mut texts = all.iter().map(ToString::to_string);
        texts.try_fold(false, |any, text| {
            Some(any || expressions.matches(Terms::Characters, regex, &text)?)
        })
    };
    match text {
        Some(CommunityText::Whole) => whole(),
        Some(CommunityText::Each) => each(),
        None => whole().filter(|whole| each() == Some(*whole)),
    }
}
