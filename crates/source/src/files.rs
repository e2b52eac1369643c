//! The files of a run: decoded text, and the way from a byte to a line and a column.

use std::sync::OnceLock;

use crate::printable::{Masks, Printable, PrintableLine};
use crate::span::{FileId, Span};

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
/// Line starts are found only when somebody asks for a position: most files are never printed.
#[derive(Debug)]
pub struct SourceText {
    path: String,
    text: String,
    line_starts: OnceLock<Vec<u32>>,
    masks: OnceLock<Masks>,
}

impl SourceText {
    /// Text under the path that findings will show.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            masks: OnceLock::new(),
        }
    }

    /// The path as it was given on the command line or joined below a directory; not cleaned.
    pub fn path(&self) -> &str {
        &self.path
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
        u32::try_from(self.starts().len()).unwrap_or(u32::MAX)
    }

    /// The line that holds the byte at `offset`, counted from 1.
    pub fn line_of(&self, offset: u32) -> u32 {
        let line = self.starts().partition_point(|&start| start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX).max(1)
    }

    /// The place of the byte at `offset`; an offset behind the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let line = self.line_of(offset);
        let (start, _) = self.line_bounds(line);
        let rest = self.text.get(start as usize..).unwrap_or("");
        let length = (offset - start.min(offset)) as usize;
        let before = rest.char_indices().take_while(|(at, c)| at + c.len_utf8() <= length).count();
        let column = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        Position { line, column, offset }
    }

    /// First byte of a line and the byte behind its last character, without the line end.
    /// `line` counts from 1; a line that does not exist is empty at the end of the text.
    pub fn line_bounds(&self, line: u32) -> (u32, u32) {
        let starts = self.starts();
        let end_of_text = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let index = line.saturating_sub(1) as usize;
        let start = starts.get(index).copied().unwrap_or(end_of_text);
        let next = starts.get(index + 1).copied().unwrap_or(end_of_text);
        let raw = self.text.get(start as usize..next as usize).unwrap_or("");
        let kept = raw.trim_end_matches(['\n', '\r']).len();
        (start, start + u32::try_from(kept).unwrap_or(0))
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

    fn starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| line_starts(&self.text))
    }
}

/// Offsets at which lines begin: behind LF, CRLF and lone CR.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let goes_on = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        if !goes_on && at + 1 < bytes.len() {
            starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
        }
    }
    starts
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
        Some((file.position(span.start), file.position(span.end)))
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
    }
}
