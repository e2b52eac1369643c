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
            words: Vec::with_capacity(bytes.len() / 7 + 4),
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
        let content = bytes.get(start..end).unwrap_or(&[]);
        let mut indent = 0_u32;
        let mut at = 0;
        while let Some(byte) = content.get(at).filter(|byte| **byte <= b' ') {
            indent = if *byte == b'\t' { (indent / 8 + 1) * 8 } else { indent.saturating_add(1) };
            at += 1;
        }
        let kind = match content.get(at) {
            None => LineKind::Blank,
            Some(b'!' | b'#') => LineKind::Comment,
            Some(_) => LineKind::Statement,
        };
        if kind == LineKind::Statement {
            self.push_words(content, start, at);
        }
        self.lines.push(Line {
            start: narrow(start),
            end: narrow(end),
            first_word: narrow(first_word),
            word_count: narrow(self.words.len() - first_word),
            indent,
            kind,
        });
    }

    fn push_words(&mut self, content: &[u8], offset: usize, first: usize) {
        let mut begun = Some(first);
        for (at, byte) in content.iter().enumerate().skip(first) {
            if *byte <= b' ' {
                if let Some(start) = begun.take() {
                    self.words.push(Word { start: narrow(offset + start), end: narrow(offset + at) });
                }
            } else if begun.is_none() {
                begun = Some(at);
            }
        }
        if let Some(start) = begun {
            let end = offset + content.len();
            self.words.push(Word { start: narrow(offset + start), end: narrow(end) });
        }
    }
}

/// Offsets fit: `split` cuts the text at what a `u32` can hold.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
