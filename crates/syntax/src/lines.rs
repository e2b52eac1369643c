//! Lines and their words: the one pass over the bytes, before anything is known about them.
//!
//! A line ends at LF, CRLF or a lone CR. A word is a run of bytes above the blank; blanks, tabs and
//! control bytes separate words. Detection looks at lines, the tree is built from them.

use edgelint_source::{FileId, Span};

use crate::tree::{Node, Tree};
use crate::words::{Source, Words};

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

/// All lines of a file, and all words.
#[derive(Debug)]
pub struct Lines<'t> {
    /// The decoded text.
    pub text: &'t str,
    /// The file it belongs to.
    pub file: FileId,
    /// The same two, as words point to them.
    pub(crate) source: Source<'t>,
    /// The lines; together they cover the text but for line ends.
    pub lines: Vec<Line>,
    /// The words of all lines.
    pub words: Vec<Word>,
    /// Whether the text holds a mark that ends prompts, `#` or `>`.
    pub has_marks: bool,
    /// Room for the statements of the tree.
    pub(crate) nodes: Vec<Node>,
}

/// Room that the reading of one file leaves for the next: what is made of a file until its devices are
/// read is as large as the file and short-lived.
#[derive(Debug, Default)]
pub struct Room {
    lines: Vec<Line>,
    words: Vec<Word>,
    nodes: Vec<Node>,
}

impl Room {
    /// Takes the room of a tree that nobody reads any more.
    pub fn reclaim(&mut self, tree: Tree<'_>) {
        let Tree { lines: Lines { lines, words, .. }, nodes } = tree;
        *self = Self { lines, words, nodes };
        self.lines.clear();
        self.words.clear();
        self.nodes.clear();
        // One huge file must not hold its room for the rest of the run.
        self.lines.shrink_to(MOST_KEPT);
        self.words.shrink_to(MOST_KEPT);
        self.nodes.shrink_to(MOST_KEPT);
    }
}

/// So many lines, words and statements are made room for beyond the file that has them.
const MOST_KEPT: usize = 1 << 16;

impl<'t> Lines<'t> {
    /// Splits `text`. Blank lines and lines that begin with `!` or `#` are already told apart.
    ///
    /// Texts beyond 4 GiB are cut at the last offset that a span can hold.
    pub fn split(file: FileId, text: &'t str) -> Self {
        Self::split_in(&mut Room::default(), file, text)
    }

    /// Splits `text` in the room that an earlier file left.
    pub fn split_in(room: &mut Room, file: FileId, text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let bytes = bytes.get(..u32::MAX as usize).unwrap_or(bytes);
        let Room { mut lines, mut words, nodes } = std::mem::take(room);
        lines.reserve(bytes.len() / 28 + 1);
        words.reserve(bytes.len() / 5 + 4);
        let source = Source::new(text, file);
        let mut splitter =
            Splitter { bytes, lines, words, start: 0, first_word: 0, open: false, has_tabs: false };
        let (blocks, rest) = bytes.as_chunks::<{ BLOCK as usize }>();
        let mut at = 0;
        for block in blocks {
            splitter.block(at, block);
            at += BLOCK;
        }
        // What fills the last block up is blank.
        let mut padded = [0; BLOCK as usize];
        padded.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
        splitter.block(at, &padded);
        let end = narrow(bytes.len());
        if splitter.start < end {
            splitter.line(end);
        }
        let Splitter { lines, words, .. } = splitter;
        let has_marks = memchr::memchr2(b'#', b'>', bytes).is_some();
        Self { text, file, source, lines, words, has_marks, nodes }
    }

    /// The words of a line.
    #[inline]
    pub fn words_of(&self, line: &Line) -> Words<'_, 't> {
        let from = line.first_word as usize;
        let to = from + line.word_count as usize;
        Words::new(&self.source, self.words.get(from..to).unwrap_or(&[]))
    }

    /// The first word of a line, or an empty text.
    pub fn head(&self, line: &Line) -> &'t str {
        if line.word_count == 0 {
            return "";
        }
        self.words.get(line.first_word as usize).map_or("", |word| self.slice(*word))
    }

    /// Whether a text stands anywhere in the file.
    pub fn contain(&self, text: &str) -> bool {
        memchr::memmem::find(self.text.as_bytes(), text.as_bytes()).is_some()
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
}

/// The pass over the bytes: blocks of many bytes at once, of which only the first and the last byte of
/// each word and the bytes that end lines are looked at.
struct Splitter<'b> {
    bytes: &'b [u8],
    lines: Vec<Line>,
    words: Vec<Word>,
    /// Where the line begins that is being read, and its first word.
    start: u32,
    first_word: usize,
    /// Whether the last word goes on where the block before ended.
    open: bool,
    /// Whether the line holds control bytes, which tabs are.
    has_tabs: bool,
}

impl Splitter<'_> {
    /// Reads the block of bytes at `at`.
    #[inline]
    fn block(&mut self, at: u32, block: &[u8; BLOCK as usize]) {
        let visible = bits(block, |byte| byte > b' ');
        let mut controls = bits(block, |byte| byte < b' ');
        // Where words begin and end: the first bytes of runs, and those behind them.
        let behind = visible << 1 | u64::from(self.open);
        let (mut starts, mut ends) = (visible & !behind, behind & !visible);
        while controls != 0 {
            let index = controls.trailing_zeros();
            controls &= controls - 1;
            if !matches!(block.get(index as usize), Some(b'\n' | b'\r')) {
                self.has_tabs = true;
                continue;
            }
            let before = u64::MAX >> (BLOCK - 1 - index);
            self.add_words(at, starts & before, ends & before);
            (starts, ends) = (starts & !before, ends & !before);
            self.end_line(at + index);
        }
        self.add_words(at, starts, ends);
        self.open = visible >> (BLOCK - 1) != 0;
    }

    /// Adds the words that begin and end at these places of a block. One that goes on behind the block ends
    /// with it until the next block says where it does.
    #[inline]
    fn add_words(&mut self, at: u32, mut starts: u64, mut ends: u64) {
        if self.open && ends != 0 {
            if let Some(word) = self.words.last_mut() {
                word.end = at + ends.trailing_zeros();
            }
            ends &= ends - 1;
            self.open = false;
        }
        while starts != 0 {
            let (start, end) = (at + starts.trailing_zeros(), at + ends.trailing_zeros());
            self.words.push(Word { start, end });
            starts &= starts - 1;
            ends &= ends.wrapping_sub(1);
        }
    }

    /// Ends the line before a byte that ends one, unless it is the second byte of CRLF.
    #[inline]
    fn end_line(&mut self, end: u32) {
        if !(end == self.start && is_second_of_crlf(self.bytes, end as usize)) {
            self.line(end);
        }
        self.start = end + 1;
    }

    /// Adds the line up to `end`, whose words are there.
    #[inline]
    fn line(&mut self, end: u32) {
        let (start, first) = (self.start, self.first_word);
        let content = self.words.get(first).map(|word| word.start);
        let kind = match content.and_then(|at| self.bytes.get(at as usize)) {
            None => LineKind::Blank,
            Some(b'!' | b'#') => {
                self.words.truncate(first);
                LineKind::Comment
            }
            Some(_) => LineKind::Statement,
        };
        let word_count = narrow(self.words.len() - first);
        let repeats = 2 < word_count && self.repeats(first, word_count);
        let content = content.unwrap_or(end);
        let indent = match self.has_tabs {
            false => content - start,
            true => indent(self.bytes.get(start as usize..content as usize).unwrap_or(&[])),
        };
        self.has_tabs = false;
        let first_word = narrow(first);
        self.lines.push(Line { start, end, first_word, word_count, indent, kind, repeats });
        self.first_word = self.words.len();
    }

    /// Whether the line whose words begin at `first` goes on as the one before did.
    #[inline]
    fn repeats(&self, first: usize, word_count: u32) -> bool {
        let alike = |line: &&Line| line.word_count == word_count;
        let Some(before) = self.lines.last().filter(alike) else { return false };
        let head = |first: usize| {
            let (one, three) = (self.words.get(first)?, self.words.get(first + 2)?);
            self.bytes.get(one.start as usize..three.end as usize)
        };
        head(first) == head(before.first_word as usize)
    }
}

/// Bytes whose visible ones are found at once.
pub(crate) const BLOCK: u32 = 64;

/// Whether the byte at `at` is the second one of CRLF, where it ends a line if it is not.
fn is_second_of_crlf(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'\n')
        && at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r')
}

/// Columns that blanks and tabs take.
fn indent(blanks: &[u8]) -> u32 {
    blanks.iter().fold(0, |indent, byte| match byte {
        b'\t' => (indent / 8 + 1) * 8,
        _ => indent.saturating_add(1),
    })
}

/// The bytes of a block of which something holds, as bits, the lowest for the first.
#[inline]
pub(crate) fn bits(block: &[u8; BLOCK as usize], holds: impl Fn(u8) -> bool) -> u64 {
    let mut found = [0; BLOCK as usize];
    found.iter_mut().zip(block).for_each(|(place, byte)| *place = u8::from(holds(*byte)));
    let (eights, _) = found.as_chunks::<8>();
    // The product brings the lowest bit of byte i to bit 56 + i, and no two bits to one place.
    let packed =
        |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |bits, eight| bits << 8 | packed(eight))
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
        /// Many bytes at once find the lines and words that one byte at a time finds.
        #[test]
        fn words_are_runs_of_bytes_above_the_blank(text in "[a-c !# \t\u{1}\u{1f}\u{7f}\u{e9}\u{ffff}\n\r]{0,200}") {
            let lines = Lines::split(FileId(0), &text);
            let unified = text.replace("\r\n", "\n").replace('\r', "\n");
            let mut expected: Vec<&str> = unified.split('\n').collect();
            if expected.last() == Some(&"") {
                expected.pop();
            }
            let whole: Vec<&str> = lines.lines.iter().map(|line| lines.line_text(line)).collect();
            prop_assert_eq!(whole, expected);
            for line in lines.lines.iter().filter(|line| line.kind == LineKind::Statement) {
                let before = lines.line_text(line).bytes().take_while(|byte| *byte <= b' ');
                let indent = before.fold(0, |columns, byte| match byte {
                    b'\t' => columns / 8 * 8 + 8,
                    _ => columns + 1,
                });
                prop_assert_eq!(line.indent, indent);
                let whole = lines.line_text(line);
                let expected: Vec<&str> =
                    whole.split(|c: char| c <= ' ').filter(|word| !word.is_empty()).collect();
                let words: Vec<&str> = lines.words_of(line).tokens().map(|word| word.text).collect();
                prop_assert_eq!(words, expected);
            }
        }
    }
}
