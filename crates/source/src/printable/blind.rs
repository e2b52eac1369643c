//! Text nobody understood, and free text: here masking fails closed.
//!
//! A remark may say `PSK for the other side is hunter2`, and no grammar can tell which of its
//! words is the key. So behind any word that smells of a secret everything is hidden up to the
//! end of the statement, except words that cannot be one.

use std::ops::Range;

use super::vocabulary::{ENGLISH, among, is_command, is_likely, is_plain};
use super::words::Word;

/// Ranges of the line inside `blind` (ranges of the line) that may hold secrets. `open` says for
/// each of them whether an earlier line of the same statement smelled of a secret.
pub(super) fn find(
    words: &[Word<'_>],
    blind: &[(Range<usize>, bool)],
    hidden: &mut Vec<Range<usize>>,
) {
    for (range, open) in blind {
        // A word of the same line that was understood may have opened what was not.
        let mut smells = *open;
        for word in words {
            let touched = word.start < range.end && range.start < word.end();
            // Behind a word that smells it does not matter what else does.
            let smell = if smells { None } else { smell(word) };
            if smells && touched {
                hidden.extend((!is_harmless(word)).then(|| word.start..word.end()));
            } else if word.start < range.end
                && let Some(value) = smell
            {
                let value = word.start + value..word.end();
                hidden.extend((touched && !value.is_empty()).then_some(value));
            }
            smells |= smell.is_some();
        }
    }
}

/// Whether `text` has a word that smells of a secret.
pub(super) fn opens(text: &str) -> bool {
    parts(text).any(|part| text.get(part).is_some_and(is_likely))
}

/// Whether no part of a word smells of a secret, and no command is called so that has one behind it.
pub(super) fn is_open(word: &str) -> bool {
    let open = |part: &str| !is_likely(part) && !is_command(part);
    word.split(|c: char| !c.is_ascii_alphanumeric()).all(|part| part.is_empty() || open(part))
}

/// Runs of letters and digits.
fn parts(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(char::is_alphanumeric)?;
        let rest = text.get(start..)?;
        let end = start + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        at = end;
        Some(start..end)
    })
}

/// Where in the word a value begins that is glued to a part that smells of a secret; the length
/// of the word where the value is still to come, `None` where nothing smells.
fn smell(word: &Word<'_>) -> Option<usize> {
    let text = word.text;
    let part = parts(text).find(|part| text.get(part.clone()).is_some_and(is_likely))?;
    let rest = text.get(part.end..)?;
    // Compound words go on with these: `key-chain`, `auth_port`.
    let compound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let glued = rest.find(|c: char| !compound(c)).map(|at| part.end + at);
    let value = glued.and_then(|at| {
        let behind = text.get(at..)?;
        let value = behind.trim_start_matches(|c: char| !c.is_alphanumeric());
        // A value of marks only counts, a single closing mark does not.
        (!value.is_empty() || behind.chars().count() > 2)
            .then(|| at + behind.chars().next().map_or(0, char::len_utf8))
    });
    Some(value.unwrap_or(text.len()))
}

/// Whether the word cannot be a secret: a word of the language, one digit, one mark, or what a
/// scrubber left.
fn is_harmless(word: &Word<'_>) -> bool {
    let text = word.text.trim_end_matches([':', ',', '.']);
    word.is_scrubbed()
        || word.text.is_empty()
        || word.is_mark()
        || word.is_number(1)
        || (!word.quoted && (is_plain(text) || among(ENGLISH, text)))
}
