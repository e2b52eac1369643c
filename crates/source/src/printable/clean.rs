//! Text that neither a terminal nor a build log acts on.
//!
//! A description on an interface is written by whoever may name a port, a file name by whoever
//! may create a file. Printed as they stand they could move the cursor, turn a line around, or
//! give an order to the agent that reads the log of a pipeline.

use std::borrow::Cow;

/// What is printed in place of `c`; `None` where `c` is harmless.
///
/// C0 controls and DEL have pictures of their own (U+2400 to U+2421), which show what was
/// there. All else that is invisible or turns text around becomes U+FFFD.
pub(super) const fn shown(c: char) -> Option<char> {
    match c {
        '\t' => Some(' '),
        '\0'..='\x1f' => match char::from_u32(0x2400 + c as u32) {
            Some(picture) => Some(picture),
            None => Some(char::REPLACEMENT_CHARACTER),
        },
        '\x7f' => Some('\u{2421}'),
        // C1; soft hyphen; Arabic letter mark; Mongolian separator; zero width, marks of
        // direction; separators, embeddings and overrides; joiners, isolates; byte order mark;
        // interlinear marks; tags.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    }
}

/// Text with nothing in it that a terminal or a build log would act on: for messages, paths and
/// names. Invisible characters become visible ones, a tab becomes one blank.
///
/// Orders to build agents (`##vso[`, `##[`, `##teamcity[`, `::error`) get a blank in their middle
/// (`## vso[`, `: :error`): plain ASCII in every font and log, seen by every reader, and no agent
/// takes it for an order. Cleaning twice changes nothing more.
pub fn clean(text: &str) -> Cow<'_, str> {
    if is_harmless(text) {
        return Cow::Borrowed(text);
    }
    let visible: String = text.chars().map(|c| shown(c).unwrap_or(c)).collect();
    let mut out = String::with_capacity(visible.len());
    let mut done = 0;
    for at in breaks(&visible) {
        out.push_str(visible.get(done..at).unwrap_or_default());
        out.push(' ');
        done = at;
    }
    out.push_str(visible.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// Whether a text is printed as it stands, told at a glance: plain ASCII, and nothing that an order to a build
/// agent begins with. Most texts are.
fn is_harmless(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Without a way out in the middle, so that many bytes are looked at in one step.
    let plain = bytes.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let order =
        pairs.fold(false, |any, (one, next)| any | ((one == next) & matches!(one, b'#' | b':')));
    plain && !order
}

/// Where a blank has to be put so that no build agent finds an order; ascending offsets, each
/// between two ASCII characters.
pub(super) fn breaks(text: &str) -> impl Iterator<Item = usize> {
    memchr::memchr2_iter(b'#', b':', text.as_bytes()).filter_map(|at| {
        let (before, rest) = text.split_at_checked(at)?;
        if let Some(order) = rest.strip_prefix("##") {
            let keyword = order.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
            return keyword.starts_with('[').then_some(at + 2);
        }
        // Agents look at the beginning of a line, but a renderer may wrap: every word counts.
        let order = rest.strip_prefix("::")?;
        let begins = before.chars().next_back().is_none_or(char::is_whitespace);
        let named = order.starts_with(|c: char| c.is_ascii_alphabetic());
        (begins && named && !is_address(order)).then_some(at + 1)
    })
}

/// Whether what follows `::` is a group of an IPv6 address: up to four hex digits, and behind
/// them nothing that an order could go on with. No order's name is made of hex digits alone.
fn is_address(order: &str) -> bool {
    let rest = order.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    let digits = order.len() - rest.len();
    let goes_on = rest.starts_with("::")
        || rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
    (1..=4).contains(&digits) && !goes_on
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{clean, shown};

    #[test]
    fn what_acts_is_shown_instead() {
        let table = [
            ("plain text, caf\u{e9}", "plain text, caf\u{e9}"),
            ("a\tb", "a b"),
            ("\x1b[31mred\x07", "\u{241b}[31mred\u{2407}"),
            ("one\r\ntwo\x7f", "one\u{240d}\u{240a}two\u{2421}"),
            ("a\u{202e}b\u{2066}c\u{200b}d\u{85}e", "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e"),
            ("tag\u{e0041}\u{2028}x\u{feff}", "tag\u{fffd}\u{fffd}x\u{fffd}"),
            ("x ##vso[task.setvariable variable=x]y", "x ## vso[task.setvariable variable=x]y"),
            ("##VSO[a]", "## VSO[a]"),
            ("##[error]x", "## [error]x"),
            ("###[error]x", "### [error]x"),
            ("##teamcity[x]", "## teamcity[x]"),
            ("::error file=a::x", ": :error file=a::x"),
            ("  ::add-mask::x", "  : :add-mask::x"),
            ("a ::set-output name=x::y", "a : :set-output name=x::y"),
            ("::dead::beef", ": :dead::beef"),
            (
                "::ffff:192.0.2.1 ::/0 ::1 2001:db8::a ::a",
                "::ffff:192.0.2.1 ::/0 ::1 2001:db8::a ::a",
            ),
            ("## Last commit", "## Last commit"),
        ];
        for (text, expected) in table {
            assert_eq!(clean(text), expected);
        }
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "([#:\\[a-f vso\t\u{0}-\u{1f}]|\\PC|\\p{Cf}|\\p{Cc}){0,60}") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone());
            prop_assert!(once.chars().all(|c| shown(c).is_none() && !c.is_control()));
            let order = once.to_lowercase();
            prop_assert!(!order.contains("##[") && !order.contains("##vso["));
        }
    }
}
