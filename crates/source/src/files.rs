//! The files of a run: decoded text, and the way from a byte to a line and a column.

use std::ops::Range;
use std::sync::OnceLock;

use crate::printable::{Masks, Printable, PrintableLine};
use crate::span::{FileId, Span};
use crate::view::Plain;

/// A place as people count: lines and columns from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// Byte offset into the decoded text, counted from 0.
    pub offset: u32,
}

/// One input: the path as it was given, and its decoded text.
///
/// Lines are counted only when somebody asks for a position, and then block by block: most files are never
/// printed, and of the others a few lines.
#[derive(Debug)]
pub struct SourceText {
    path: String,
    /// The path as it is printed, once somebody asked.
    shown_path: OnceLock<Plain>,
    text: String,
    ends: OnceLock<LineEnds>,
    masks: OnceLock<Masks>,
}

impl SourceText {
    /// Text under the path that findings will show.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let (shown_path, ends, masks) = Default::default();
        Self { path, shown_path, text, ends, masks }
    }

    /// The path as it was given on the command line or joined below a directory; not cleaned.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path as it is printed: one text, however many findings are about the file.
    pub fn shown_path(&self) -> Plain {
        self.shown_path.get_or_init(|| Plain::new(&self.path)).clone()
    }

    /// The decoded text. Only those who read configurations ask for it; whoever prints asks for
    /// [`printable_line`](Self::printable_line).
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Says what must not be printed as it stands: called once, when the file was read. Those who
    /// read it borrow from the text, so this needs no exclusive access; a second call changes
    /// nothing. Until then the whole text counts as not understood.
    pub fn set_masks(&self, masks: Masks) {
        // Only the first call counts.
        let _ = self.masks.set(masks);
    }

    /// Number of lines; text without a line end is one line.
    pub fn line_count(&self) -> u32 {
        self.line_of(u32::MAX)
    }

    /// The line that holds the byte at `offset`, counted from 1.
    pub fn line_of(&self, offset: u32) -> u32 {
        let offset = self.bounded(offset) as usize;
        let (block, before) = self.block(|block, _| block * BLOCK <= offset);
        let ends = count_line_ends(self.text.as_bytes(), block * BLOCK..offset, self.ends().lone);
        u32::try_from(ends).unwrap_or(u32::MAX).saturating_add(before + 1)
    }

    /// The place of the byte at `offset`; an offset behind the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.bounded(offset);
        let line = self.line_of(offset);
        Position { line, column: self.column(self.line_start(offset), offset), offset }
    }

    /// The places of two bytes, of which the second is not before the first.
    pub fn positions(&self, start: u32, end: u32) -> (Position, Position) {
        let (start, end) = (self.bounded(start), self.bounded(end));
        let bytes = self.text.as_bytes();
        if line_ends(bytes, start as usize..end as usize).next().is_some() {
            return (self.position(start), self.position(end));
        }
        // On one line, as most statements are: it is looked for once.
        let (line, from) = (self.line_of(start), self.line_start(start));
        let place = |offset| Position { line, column: self.column(from, offset), offset };
        (place(start), place(end))
    }

    /// The first byte of the line that holds the byte at `offset`.
    fn line_start(&self, offset: u32) -> usize {
        let last = line_ends(self.text.as_bytes(), 0..offset as usize).next_back();
        last.map_or(0, |at| at + 1)
    }

    /// The column of the byte at `offset` of a line that begins at the byte `from`.
    fn column(&self, from: usize, offset: u32) -> u32 {
        let end = offset as usize;
        let before = self.text.as_bytes().get(from..end).unwrap_or(&[]);
        // A character whose end is behind the offset is not before it.
        let begun = before.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count();
        let column = begun - usize::from(!self.text.is_char_boundary(end));
        u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// First byte of a line and the byte behind its last character, without the line end.
    /// `line` counts from 1; a line that does not exist is empty at the end of the text.
    pub fn line_bounds(&self, line: u32) -> (u32, u32) {
        let bytes = self.text.as_bytes();
        let wanted = line.saturating_sub(1);
        let (block, before) = self.block(|_, ends| ends < wanted);
        let start = match (wanted - before).checked_sub(1) {
            None => 0,
            Some(more) => line_ends(bytes, block * BLOCK..bytes.len())
                .nth(more as usize)
                .map_or(bytes.len(), |at| at + 1),
        };
        let next = line_ends(bytes, start..bytes.len()).next().map_or(bytes.len(), |at| at + 1);
        let raw = self.text.get(start..next).unwrap_or("");
        let end = start + raw.trim_end_matches(['\n', '\r']).len();
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        (narrow(start), narrow(end))
    }

    /// A line as it may be printed: secrets masked, nothing left that a terminal or a build log
    /// would act on. `line` counts from 1.
    pub fn printable_line(&self, line: u32) -> PrintableLine {
        let (start, end) = self.line_bounds(line);
        Printable::new(&self.text, self.masks()).line(start, end)
    }

    /// The bytes `start..end` as they may be printed, on one line.
    pub fn printable_span(&self, start: u32, end: u32) -> String {
        Printable::new(&self.text, self.masks()).span(start, end)
    }

    /// What must not be printed: everything is suspect in a text that nobody has read.
    fn masks(&self) -> &Masks {
        self.masks.get_or_init(|| {
            let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            Masks::new(Vec::new(), vec![(0, end)])
        })
    }

    /// The last block in front of which something holds of its number and the line ends before it, or the first
    /// one; and those line ends.
    fn block(&self, holds: impl Fn(usize, u32) -> bool) -> (usize, u32) {
        let ends = &self.ends().before_blocks;
        // What holds of a block holds of all before it.
        let (mut first, mut behind) = (0, ends.len());
        while first + 1 < behind {
            let middle = first.midpoint(behind);
            match ends.get(middle).is_some_and(|before| holds(middle, *before)) {
                true => first = middle,
                false => behind = middle,
            }
        }
        (first, ends.get(first).copied().unwrap_or(0))
    }

    fn ends(&self) -> &LineEnds {
        self.ends.get_or_init(|| LineEnds::of(self.text.as_bytes()))
    }

    /// An offset, or the end of the text where it is behind that.
    fn bounded(&self, offset: u32) -> u32 {
        offset.min(u32::try_from(self.text.len()).unwrap_or(u32::MAX))
    }
}

/// So many bytes are looked through for one position.
const BLOCK: usize = 1024;

/// What is kept of the line ends of a text.
#[derive(Debug)]
struct LineEnds {
    /// How many there are in front of every block.
    before_blocks: Box<[u32]>,
    /// Whether one is a CR alone: hardly ever.
    lone: bool,
}

impl LineEnds {
    fn of(bytes: &[u8]) -> Self {
        let lone = lone_carriage_returns(bytes, 0..bytes.len().saturating_sub(1)).next().is_some();
        let mut before = 0_u32;
        let blocks = (0..bytes.len().div_ceil(BLOCK).max(1)).map(|block| {
            let (start, own) = (block * BLOCK, before);
            let ends = count_line_ends(bytes, start..start + BLOCK, lone);
            before = before.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
            own
        });
        Self { before_blocks: blocks.collect(), lone }
    }
}

/// How many lines end in a range of a text that more text follows.
fn count_line_ends(bytes: &[u8], range: Range<usize>, lone: bool) -> usize {
    let range = range.start..range.end.min(bytes.len().saturating_sub(1));
    let part = bytes.get(range.clone()).unwrap_or(&[]);
    let feeds = memchr::memchr_iter(b'\n', part).count();
    if lone { feeds + lone_carriage_returns(bytes, range).count() } else { feeds }
}

fn lone_carriage_returns(bytes: &[u8], range: Range<usize>) -> impl Iterator<Item = usize> {
    let part = bytes.get(range.clone()).unwrap_or(&[]);
    let places = memchr::memchr_iter(b'\r', part).map(move |at| range.start + at);
    places.filter(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// Last bytes of the line ends (LF, CRLF and lone CR) in a range of a text that more text follows.
fn line_ends(bytes: &[u8], range: Range<usize>) -> impl DoubleEndedIterator<Item = usize> {
    let end = range.end.min(bytes.len().saturating_sub(1));
    let part = bytes.get(range.start..end).unwrap_or(&[]);
    let places = memchr::memchr2_iter(b'\n', b'\r', part).map(move |at| range.start + at);
    places.filter(move |at| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'))
}

/// All files of a run, by [`FileId`].
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<SourceText>,
}

impl Files {
    /// The files in the order of their ids.
    pub fn new(files: Vec<SourceText>) -> Self {
        Self { files }
    }

    /// The file of that id, if the run has it.
    pub fn file(&self, id: FileId) -> Option<&SourceText> {
        self.files.get(id.0 as usize)
    }

    /// Every file with its id.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceText)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), file))
    }

    /// Where a span begins and ends.
    pub fn positions(&self, span: Span) -> Option<(Position, Position)> {
        let file = self.file(span.file)?;
        Some(file.positions(span.start, span.end))
    }

    /// The words of a span as they may be printed, on one line; empty where the file is unknown.
    pub fn printable(&self, span: Span) -> String {
        self.file(span.file)
            .map_or_else(String::new, |file| file.printable_span(span.start, span.end))
    }

    /// The line on which a span begins, counted from 1; 1 where the file is unknown.
    pub fn line(&self, span: Span) -> u32 {
        self.file(span.file).map_or(1, |file| file.line_of(span.start))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Files, Masks, Position, SourceText};
    use crate::span::{FileId, Span};

    fn lines(text: &str) -> Vec<String> {
        let file = SourceText::new("a.cfg", text);
        let line = |line| {
            let (start, end) = file.line_bounds(line);
            text[start as usize..end as usize].to_owned()
        };
        (1..=file.line_count()).map(line).collect()
    }

    #[test]
    fn all_three_line_ends_part_lines() {
        let table: [(&str, &[&str]); 9] = [
            ("", &[""]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\r\nb", &["a", "b"]),
            ("a\rb\r", &["a", "b"]),
            ("a\n\nb\n", &["a", "", "b"]),
            ("a\r\r\nb", &["a", "", "b"]),
            ("a\n\rb", &["a", "", "b"]),
            ("\u{e9}\r\n\u{20ac}\r\n", &["\u{e9}", "\u{20ac}"]),
        ];
        for (text, expected) in table {
            assert_eq!(lines(text), expected, "{text:?}");
        }
    }

    #[test]
    fn positions_count_characters() {
        let file = SourceText::new("a.cfg", "caf\u{e9} x\r\n\u{20ac}y\rz");
        let at = |offset| {
            let Position { line, column, offset } = file.position(offset);
            (line, column, offset)
        };
        assert_eq!(at(0), (1, 1, 0));
        assert_eq!(at(3), (1, 4, 3));
        // Inside a character is at its beginning.
        assert_eq!(at(4), (1, 4, 4));
        assert_eq!(at(6), (1, 6, 6));
        assert_eq!(at(9), (2, 1, 9));
        assert_eq!(at(12), (2, 2, 12));
        assert_eq!(at(14), (3, 1, 14));
        assert_eq!(at(99), (3, 2, 15));
        assert_eq!(file.line_bounds(9), (15, 15));
        assert_eq!(
            SourceText::new("b.cfg", "").position(5),
            Position { line: 1, column: 1, offset: 0 }
        );
    }

    #[test]
    fn files_are_found_by_id_and_print_masked_lines() {
        let file = SourceText::new("a.cfg", "one\nfoo bar\n");
        file.set_masks(Masks::new(vec![(8, 11)], vec![]));
        let files = Files::new(vec![file]);
        let span = Span::new(FileId(0), 8, 11);
        assert_eq!(files.line(span), 2);
        let (start, end) = files.positions(span).unwrap();
        assert_eq!((start.column, end.column), (5, 8));
        assert_eq!(files.file(FileId(0)).unwrap().printable_line(2).as_str(), "foo <secret>");
        assert!(files.file(FileId(1)).is_none());
    }

    #[test]
    fn long_texts_are_counted_block_by_block() {
        for end in ["\n", "\r\n", "\r", "\n\r"] {
            let text: String =
                (0..3_000).map(|number| format!("l\u{ef}ne {number}{end}")).collect();
            let file = SourceText::new("a.cfg", text.as_str());
            let lines = if end == "\n\r" { 6_000 } else { 3_000 };
            assert_eq!(file.line_count(), lines, "{end:?}");
            let step = lines / 3_000;
            for number in (0..3_000).step_by(7) {
                let words = format!("l\u{ef}ne {number}");
                let (line, start) = (number * step + 1, text.find(&format!("{words}{end}")));
                let start = start.expect("every line is there") as u32;
                assert_eq!(file.line_bounds(line), (start, start + words.len() as u32));
                let place = file.position(start + words.len() as u32);
                assert_eq!((place.line, place.column), (line, words.chars().count() as u32 + 1));
            }
        }
    }

    proptest! {
        #[test]
        fn every_byte_lies_in_its_line(text in "[a\u{e9}\r\n]{0,30}", offset in 0u32..70) {
            let file = SourceText::new("a.cfg", text.clone());
            let place = file.position(offset);
            let (start, _) = file.line_bounds(place.line);
            prop_assert!(start <= place.offset && place.offset as usize <= text.len());
            let (next, _) = file.line_bounds(place.line + 1);
            prop_assert!(place.offset < next || place.line == file.line_count());
        }

        #[test]
        fn two_places_are_one_and_one(text in "[a\u{e9}\r\n]{0,30}", start in 0u32..70, more in 0u32..70) {
            let file = SourceText::new("a.cfg", text);
            let both = (file.position(start), file.position(start + more));
            prop_assert_eq!(file.positions(start, start + more), both);
        }
    }
}
