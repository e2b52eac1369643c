//! Lines and their words: the one pass over the bytes, before anything is known about them.
//!
//! A line ends at LF, CRLF or a lone CR. A word is a run of bytes above the blank; blanks, tabs and
//! control bytes separate words. Detection looks at lines, the tree is built from them.

use edgelint_source::{FileId, Span};

use crate::words::Words;

/// A word: a byte range of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// First byte.
    pub start: u32,
    /// Behind the last byte.
    pub end: u32,
}

/// What a line is, as far as layout is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A statement, or part of one.
    Statement,
    /// Nothing but blanks.
    Blank,
    /// A comment; `!` and `#` lines, and what a dialect adds to them.
    Comment,
    /// Part of a multi-line body: a banner, a certificate.
    Body,
    /// What the export added: headers, prompts, `end`.
    Dressing,
}

/// One line of the file.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// First byte.
    pub start: u32,
    /// Behind the last byte that is not part of the line end.
    pub end: u32,
    /// Index of its first word in [`Lines::words`].
    pub first_word: u32,
    /// Number of words.
    pub word_count: u32,
    /// Columns of blank space in front of the first word; a tab counts to the next multiple of 8.
    pub indent: u32,
    /// What it is.
    pub kind: LineKind,
    /// Whether it is a statement that has as many words as the line before and begins with the same
    /// three: one of a long list. What the first words decide was decided there.
    pub repeats: bool,
}

/// All lines of a file, and all words, in order.
#[derive(Debug)]
pub struct Lines<'t> {
    /// The decoded text.
    pub text: &'t str,
    /// The file it belongs to.
    pub file: FileId,
    /// The lines; together they cover the text but for line ends.
    pub lines: Vec<Line>,
    /// The words of all lines.
    pub words: Vec<Word>,
}

impl<'t> Lines<'t> {
    /// Splits `text`. Blank lines and lines that begin with `!` or `#` are already told apart.
    ///
    /// Texts beyond 4 GiB are cut at the last offset that a span can hold.
    pub fn split(file: FileId, text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let bytes = bytes.get(..u32::MAX as usize).unwrap_or(bytes);
        let mut split = Self {
            text,
            file,
            lines: Vec::with_capacity(bytes.len() / 28 + 1),
            words: Vec::with_capacity(bytes.len() / 5 + 4),
        };
        let mut start = 0;
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if at < start {
                continue;
            }
            split.push_line(bytes, start, at);
            let crlf = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
            start = at + 1 + usize::from(crlf);
        }
        if start < bytes.len() {
            split.push_line(bytes, start, bytes.len());
        }
        split
    }

    /// The words of a line.
    pub fn words_of(&self, line: &Line) -> Words<'_, 't> {
        let from = line.first_word as usize;
        let to = from + line.word_count as usize;
        Words::new(self.text, self.file, self.words.get(from..to).unwrap_or(&[]))
    }

    /// The first word of a line, or an empty text.
    pub fn head(&self, line: &Line) -> &'t str {
        if line.word_count == 0 {
            return "";
        }
        self.words.get(line.first_word as usize).map_or("", |word| self.slice(*word))
    }

    /// The text of a line without its line end.
    pub fn line_text(&self, line: &Line) -> &'t str {
        self.text.get(line.start as usize..line.end as usize).unwrap_or("")
    }

    /// The span of a line from its first word to its last; the whole line where it has none.
    pub fn span_of(&self, line: &Line) -> Span {
        let words = self.words_of(line);
        words.span().unwrap_or(Span::new(self.file, line.start, line.end))
    }

    fn slice(&self, word: Word) -> &'t str {
        self.text.get(word.start as usize..word.end as usize).unwrap_or("")
    }

    fn push_line(&mut self, bytes: &[u8], start: usize, end: usize) {
        let first_word = self.words.len();
        let mut indent = 0_u32;
        let mut at = start;
        let content = bytes.get(start..end).unwrap_or(&[]);
        for byte in content {
            indent = match byte {
                b'\t' => (indent / 8 + 1) * 8,
                0..=b' ' => indent.saturating_add(1),
                _ => break,
            };
            at += 1;
        }
        let kind = match content.get(at - start) {
            None => LineKind::Blank,
            Some(b'!' | b'#') => LineKind::Comment,
            Some(_) => LineKind::Statement,
        };
        if kind == LineKind::Statement {
            self.push_words(bytes, at, end);
        }
        let repeats = kind == LineKind::Statement && self.repeats(bytes, first_word);
        self.lines.push(Line {
            start: narrow(start),
            end: narrow(end),
            first_word: narrow(first_word),
            word_count: narrow(self.words.len() - first_word),
            indent,
            kind,
            repeats,
        });
    }

    /// Adds the words of `bytes[start..end]`; `start` is the first byte of a word.
    fn push_words(&mut self, bytes: &[u8], start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let behind = word_end(bytes, at).min(end);
            self.words.push(Word { start: narrow(at), end: narrow(behind) });
            at = behind + 1;
            while at < end && bytes.get(at).is_some_and(|byte| *byte <= b' ') {
                at += 1;
            }
        }
    }

    /// Whether the line whose words begin at `first_word` goes on as the one before did.
    fn repeats(&self, bytes: &[u8], first_word: usize) -> bool {
        let Some(before) = self.lines.last().filter(|it| it.kind == LineKind::Statement) else {
            return false;
        };
        let count = self.words.len() - first_word;
        let head = |first: usize| {
            let (one, three) = (self.words.get(first)?, self.words.get(first + 2)?);
            bytes.get(one.start as usize..three.end as usize)
        };
        2 < count
            && before.word_count as usize == count
            && head(first_word) == head(before.first_word as usize)
    }
}

/// Where the word ends that stands at `at`: at a blank or at the end of the text.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        // Eight bytes at once, beyond the end of the line if need be.
        let eight = bytes.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok());
        let blank = match eight {
            Some(eight) => blanks(u64::from_le_bytes(eight)),
            None => last_blanks(bytes.get(at..).unwrap_or(&[])),
        };
        if blank != 0 {
            return at + (blank.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
}

/// The highest bit of each byte of eight.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The highest bit of each byte that separates words: that is not above the blank.
const fn blanks(eight: u64) -> u64 {
    const LOW: u64 = !HIGH;
    // A byte below 128 reaches its highest bit by adding 95 only if it is above the blank.
    !(((eight & LOW) + 0x5F5F_5F5F_5F5F_5F5F) | eight) & HIGH
}

/// [`blanks`] of the last bytes of a text; what is behind the end counts as blank.
fn last_blanks(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    for (place, byte) in eight.iter_mut().zip(bytes) {
        *place = *byte;
    }
    blanks(u64::from_le_bytes(eight))
}

/// Offsets fit: `split` cuts the text at what a `u32` can hold.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;
    use proptest::prelude::*;

    use super::{LineKind, Lines};

    #[test]
    fn a_line_of_a_long_list_repeats_the_one_before() {
        let table = [
            ("ip prefix-list A seq 5\nip prefix-list A seq 10", true),
            ("ip prefix-list A seq 5\n\tip  prefix-list A seq 10", false),
            ("ip prefix-list A seq 5\n ip prefix-list A seq 10", true),
            ("ip prefix-list A seq 5\nip prefix-list B seq 5", false),
            ("ip prefix-list A seq 5\nip prefix-list A seq 5 permit", false),
            ("ip prefix-list A seq 5\n!\nip prefix-list A seq 10", false),
            ("no shutdown\nno shutdown", false),
            ("ip prefix-list A seq 5", false),
        ];
        for (text, expected) in table {
            let lines = Lines::split(FileId(0), text);
            assert_eq!(lines.lines.last().is_some_and(|line| line.repeats), expected, "{text}");
        }
    }

    proptest! {
        /// Eight bytes at once find the words that one byte at a time finds.
        #[test]
        fn words_are_runs_of_bytes_above_the_blank(text in "[a-c \t\u{1}\u{1f}\u{7f}\u{e9}\u{ffff}\n\r]{0,60}") {
            let lines = Lines::split(FileId(0), &text);
            for line in lines.lines.iter().filter(|line| line.kind == LineKind::Statement) {
                let whole = lines.line_text(line);
                let expected: Vec<&str> =
                    whole.split(|c: char| c <= ' ').filter(|word| !word.is_empty()).collect();
                let words: Vec<&str> = lines.words_of(line).tokens().map(|word| word.text).collect();
                prop_assert_eq!(words, expected);
            }
        }
    }
}
