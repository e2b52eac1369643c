//! A line as it may be printed, with the way from its bytes to those of the file.
//!
//! A mask is wider or narrower than what it hides, a picture is wider than its control
//! character. Carets point at bytes of the file, so the line remembers piece by piece where
//! each byte went.

use std::ops::Range;

use super::clean::{breaks, shown};

/// What is printed in place of a secret; of fixed width, so that length is not told.
const MASK: &str = "<secret>";

/// A run of bytes of the line and what became of it. Pieces follow each other without gaps, on
/// both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// Bytes of the line; empty for a blank that was put in.
    from: Range<usize>,
    /// Bytes of the printable text.
    to: Range<usize>,
    /// Whether both are the same text, byte by byte.
    same: bool,
}

/// One line, masked and cleaned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintableLine {
    text: String,
    pieces: Vec<Piece>,
}

impl PrintableLine {
    /// So many characters of a line are printed where nobody asks for another width.
    pub const WIDTH: usize = 160;

    /// `line` with the ranges `hidden` (sorted, disjoint, on character boundaries) masked.
    pub(super) fn new(line: &str, hidden: &[Range<usize>]) -> Self {
        let mut made = Self { text: String::with_capacity(line.len()), pieces: Vec::new() };
        let mut at = 0;
        for range in hidden {
            made.copy(line, at..range.start);
            made.push(range.clone(), MASK, false);
            at = range.end;
        }
        made.copy(line, at..line.len());
        made.broken()
    }

    /// The text to print.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where the byte `byte_in_line` of the line is found in [`as_str`](Self::as_str): a byte
    /// offset, always on a character boundary, never falling while `byte_in_line` rises. What
    /// lies inside a mask is found at its start, what lies behind the line at the end.
    pub fn offset(&self, byte_in_line: u32) -> usize {
        let byte = byte_in_line as usize;
        let index = self.pieces.partition_point(|piece| piece.from.start <= byte);
        let Some(piece) = index.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return if byte == 0 { 0 } else { self.text.len() };
        };
        if byte >= piece.from.end {
            return piece.to.end;
        }
        let inside = if piece.same { byte - piece.from.start } else { 0 };
        floor(&self.text, piece.to.start + inside)
    }

    /// The part of a long line around the bytes `from..to` of the line, about `width` characters
    /// wide, with `…` where something was cut. A line that fits is returned as it is; a mask is
    /// kept or dropped whole. Offsets keep counting in bytes of the whole line.
    #[must_use]
    pub fn trimmed_around(self, from: u32, to: u32, width: usize) -> Self {
        // One more than the text has characters: the end is a place, too.
        let bounds: Vec<usize> =
            self.text.char_indices().map(|(at, _)| at).chain([self.text.len()]).collect();
        let count = bounds.len() - 1;
        let width = width.max(3);
        if count <= width {
            return self;
        }
        let room = width - 2;
        let index = |byte: usize| bounds.partition_point(|&at| at < byte);
        let (first, last) = (self.offset(from), self.offset(to.max(from)));
        let wanted = index(last).saturating_sub(index(first)).min(room);
        let left = index(first).saturating_sub((room - wanted) / 2).min(count - room);
        let byte = |index: usize| bounds.get(index).copied().unwrap_or(self.text.len());
        let left_edge =
            self.edge(byte(left), |piece| if piece.end <= first { piece.end } else { piece.start });
        let right_edge = self.edge(byte(left + room), |piece| {
            if piece.start >= last && piece.start > left_edge { piece.start } else { piece.end }
        });
        self.cut(left_edge..right_edge)
    }

    /// Moves a cut that would go through a mask to one of its sides.
    fn edge(&self, at: usize, side: impl Fn(&Range<usize>) -> usize) -> usize {
        let through = |piece: &&Piece| !piece.same && piece.to.start < at && at < piece.to.end;
        self.pieces.iter().find(through).map_or(at, |piece| side(&piece.to))
    }

    fn cut(&self, kept: Range<usize>) -> Self {
        let mut made = Self { text: String::with_capacity(kept.len() + 6), pieces: Vec::new() };
        let end_of_line = self.pieces.last().map_or(0, |piece| piece.from.end);
        // A byte of the line for an edge: edges never lie inside a piece that is not `same`.
        let source = |at: usize| {
            let found = self.pieces.iter().find(|piece| at < piece.to.end);
            found.map_or(end_of_line, |piece| piece.from.start + at.saturating_sub(piece.to.start))
        };
        if kept.start > 0 {
            made.push(0..source(kept.start), "…", false);
        }
        for piece in &self.pieces {
            let to = piece.to.start.max(kept.start)..piece.to.end.min(kept.end);
            if to.is_empty() {
                continue;
            }
            let from = if piece.same {
                source(to.start)..source_end(piece, &to)
            } else {
                piece.from.clone()
            };
            made.push(from, self.text.get(to).unwrap_or_default(), piece.same);
        }
        if kept.end < self.text.len() {
            made.push(source(kept.end)..end_of_line, "…", false);
        }
        made
    }

    fn copy(&mut self, line: &str, range: Range<usize>) {
        let text = line.get(range.clone()).unwrap_or_default();
        let mut done = 0;
        for (at, c) in text.char_indices() {
            let Some(picture) = shown(c) else { continue };
            let behind = at + c.len_utf8();
            self.push(
                range.start + done..range.start + at,
                text.get(done..at).unwrap_or_default(),
                true,
            );
            self.push(
                range.start + at..range.start + behind,
                picture.encode_utf8(&mut [0; 4]),
                false,
            );
            done = behind;
        }
        self.push(range.start + done..range.end, text.get(done..).unwrap_or_default(), true);
    }

    fn push(&mut self, from: Range<usize>, text: &str, same: bool) {
        if text.is_empty() && from.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.pieces.push(Piece { from, to: start..self.text.len(), same });
    }

    /// The line with blanks put in where a build agent would find an order.
    fn broken(self) -> Self {
        let breaks: Vec<usize> = breaks(&self.text).collect();
        if breaks.is_empty() {
            return self;
        }
        let mut made =
            Self { text: String::with_capacity(self.text.len() + 4), pieces: Vec::new() };
        let mut breaks = breaks.into_iter().peekable();
        for piece in &self.pieces {
            let mut rest = piece.clone();
            while let Some(at) = breaks.next_if(|&at| at < piece.to.end) {
                let length = at.saturating_sub(rest.to.start);
                let middle = rest.from.start + if rest.same { length } else { 0 };
                let head = self.text.get(rest.to.start..at).unwrap_or_default();
                made.push(rest.from.start..middle, head, rest.same);
                made.push(middle..middle, " ", false);
                rest = Piece { from: middle..rest.from.end, to: at..rest.to.end, same: rest.same };
            }
            made.push(rest.from, self.text.get(rest.to).unwrap_or_default(), rest.same);
        }
        made
    }
}

fn source_end(piece: &Piece, to: &Range<usize>) -> usize {
    piece.from.end - (piece.to.end - to.end)
}

/// The last character boundary of `text` that is not behind `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first character boundary of `text` that is not before `at`.
pub(super) fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
