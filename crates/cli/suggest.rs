//! The name that was probably meant.

/// The candidate nearest to `name`, if it is near enough that a person would call it a slip.
pub(crate) fn nearest<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let allowed = name.chars().count() / 3 + 1;
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean \`x\`?`, or nothing.
pub(crate) fn hint<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let rules = ["undefined-policy-reference", "unrecognised-input"];
        assert_eq!(nearest("undefined-policy-refrence", rules), Some(rules[0]));
        assert_eq!(nearest("unrecognized-input", rules), Some(rules[1]));
        assert_eq!(nearest("something-else", rules), None);
    }
}
