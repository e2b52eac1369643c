//! Places in text: a file and two byte offsets, twelve bytes in all.
//!
//! A span is copied into every fact, so it must be small and must not borrow; the text it
//! points into is found through [`Files`](crate::Files).

/// The number of a file within one run, in the order in which inputs were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of bytes of one file's decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte; never below `start`.
    pub end: u32,
}

impl Span {
    /// The span of `start..end`; an end before the start is lifted to it.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end: if end < start { start } else { end } }
    }

    /// The smallest span that covers both; `other` is ignored where it lies in another file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self::new(self.file, self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}
