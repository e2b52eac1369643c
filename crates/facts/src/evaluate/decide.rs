//! Questions about paths and communities, put outside of any policy.
//!
//! Whoever compares two policies has to know whether one route can be in a class of each: conditions of both are
//! held against the same path and the same communities.

use edgelint_model::{AsPathLanguage, Community, CommunityText};

use crate::as_path::{self, AsPath, Expressions, Path, Terms};

/// Whether the first entry that matches a path permits it; `None` where an expression cannot be decided.
pub(crate) fn path_matches(
    language: AsPathLanguage,
    entries: &[(bool, String)],
    path: &AsPath,
    expressions: &Expressions,
) -> Option<bool> {
    let path = Path::Exactly(path.clone());
    for (permit, regex) in entries {
        if as_path::decide(language, regex, &path, expressions)? {
            return Some(*permit);
        }
    }
    Some(false)
}

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
