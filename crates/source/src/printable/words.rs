//! The words of one line, as loosely as secrets are written.
//!
//! Every vendor's line goes through here, and lines nobody understood. So this reader knows
//! quotes, trailing semicolons and braces, takes anything else for a word, and never fails.

/// A word with the place of its text; quotes and a trailing semicolon are left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    /// Offset of `text` in the line.
    pub(super) start: usize,
    /// Whether quotes stood around it.
    pub(super) quoted: bool,
    /// Whether a semicolon follows directly.
    pub(super) closes: bool,
    /// Whether a colon or an equals sign follows the closing quote, as in JSON.
    pub(super) names: bool,
}

impl Word<'_> {
    /// Offset behind the text.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this unquoted word, in any case.
    pub(super) const fn is(&self, name: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(name)
    }

    /// Whether it is one of these unquoted words, in any case.
    pub(super) fn is_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// Whether it is a brace that stands alone.
    pub(super) fn is_brace(&self) -> bool {
        self.is_any(&["{", "}"])
    }

    /// Whether it is one character that is no letter and no digit.
    pub(super) fn is_mark(&self) -> bool {
        let mut characters = self.text.chars();
        characters.next().is_some_and(|c| !c.is_alphanumeric()) && characters.next().is_none()
    }

    /// Whether it is digits only, at most `most` of them.
    pub(super) fn is_number(&self, most: usize) -> bool {
        !self.text.is_empty()
            && self.text.len() <= most
            && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether a secret was taken out already: `<removed>`, `netconanRemoved3`, `*****`.
    pub(super) fn is_scrubbed(&self) -> bool {
        const NETCONAN: &str = "netconanremoved";
        let counted = self.text.get(NETCONAN.len()..).is_some_and(|rest| {
            rest.bytes().all(|byte| byte.is_ascii_digit())
                && self.text.get(..NETCONAN.len()).is_some_and(|s| s.eq_ignore_ascii_case(NETCONAN))
        });
        counted
            || scrub_length(self.text) == Some(self.text.len())
            || (self.text.len() > 1 && self.text.bytes().all(|byte| byte == b'*'))
    }
}

/// The words of `line`, in order.
pub(super) fn words(line: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..) {
        let skipped = rest.len() - rest.trim_start_matches(parts).len();
        at += skipped;
        let rest = rest.get(skipped..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        at += next(rest, at, &mut found);
    }
    found
}

/// Blanks part words, and so do controls: pagers leave backspaces glued to the next word.
fn parts(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Takes one word off the front of `rest`; returns how many bytes it took, never 0.
fn next<'t>(rest: &'t str, at: usize, found: &mut Vec<Word<'t>>) -> usize {
    let word = |text, start, quoted| Word { text, start, quoted, closes: false, names: false };
    if let Some(length) = scrub_length(rest) {
        found.push(word(rest.get(..length).unwrap_or_default(), at, false));
        return length;
    }
    if let Some(text) = quoted(rest) {
        let mut made = word(text, at + 1, true);
        let behind = rest.as_bytes().get(text.len() + 2);
        made.closes = behind == Some(&b';');
        made.names = matches!(behind, Some(b':' | b'='));
        let glued = made.closes || made.names || behind == Some(&b',');
        found.push(made);
        return text.len() + 2 + usize::from(glued);
    }
    let length = plain_length(rest);
    let text = rest.get(..length).unwrap_or_default();
    let mut made = word(text.strip_suffix(';').unwrap_or(text), at, false);
    made.closes = made.text.len() < text.len();
    found.push(made);
    length
}

/// The text between the quote that `rest` begins with and the one that closes it.
fn quoted(rest: &str) -> Option<&str> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return rest.get(1..at);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// The length of a word without quotes around it; `name="two words"` is one word.
fn plain_length(rest: &str) -> usize {
    let mut before = None;
    for (at, c) in rest.char_indices() {
        if parts(c) {
            return at;
        }
        if matches!(before, Some('=' | ':'))
            && let Some(text) = rest.get(at..).and_then(quoted)
        {
            let end = at + text.len() + 2;
            return end + usize::from(rest.as_bytes().get(end) == Some(&b';'));
        }
        before = Some(c);
    }
    rest.len()
}

/// The length of a placeholder that `rest` begins with, as collectors and scrubbers write it:
/// angle brackets around words that say something was taken out.
fn scrub_length(rest: &str) -> Option<usize> {
    const SAYS: [&str; 8] =
        ["removed", "hidden", "redacted", "masked", "sanitized", "scrubbed", "omitted", "secret"];
    const ABOUT: [&str; 5] = ["configuration", "password", "key", "community", "value"];
    let (text, _) = rest.strip_prefix('<')?.split_once('>')?;
    let among = |names: &[&str], word: &str| names.iter().any(|n| word.eq_ignore_ascii_case(n));
    let known = text.split(' ').all(|word| among(&SAYS, word) || among(&ABOUT, word));
    let says = text.split(' ').any(|word| among(&SAYS, word));
    (known && says).then_some(text.len() + 2)
}
