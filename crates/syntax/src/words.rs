//! The words of one statement, as input for nom.
//!
//! A dialect's parser works on words, never on characters across words: `ip prefix-list X` is three
//! items. Each item knows its text and its place, so values carry spans without anybody counting.
//!
//! Errors name what was expected and where; of several attempts the one that came furthest is
//! kept, because it is the one the author of the line meant.

use edgelint_source::{FileId, Span};
use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Input, Needed};

use crate::lines::Word;

/// A word with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The word as it stands in the file.
    pub text: &'t str,
    /// Where it stands.
    pub span: Span,
}

/// A run of words: the rest of a statement that is still to be read.
///
/// `'w` is the tree's lifetime, `'t` the text's: what parsers return borrows from the text only,
/// so the tree can go once a device is lowered.
#[derive(Clone, Copy, Debug)]
pub struct Words<'w, 't> {
    source: &'w Source<'t>,
    words: &'w [Word],
}

/// The text that words stand in. Words are handed on at every step of a parser, so they point here instead
/// of carrying it along.
#[derive(Clone, Copy, Debug)]
pub struct Source<'t> {
    text: &'t str,
    file: FileId,
}

impl<'t> Source<'t> {
    /// The text of a file.
    pub const fn new(text: &'t str, file: FileId) -> Self {
        Self { text, file }
    }
}

/// What a parser over words returns.
pub type Parsed<'w, 't, T> = IResult<Words<'w, 't>, T, Expected>;

/// What was expected, and how many words were left when it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// A noun phrase: `a prefix`, `in or out`.
    pub what: &'static str,
    /// Words that were left at that point; fewer means further.
    pub left: usize,
}

impl<'w, 't> Words<'w, 't> {
    /// The words, which are ranges of the text of `source`.
    pub const fn new(source: &'w Source<'t>, words: &'w [Word]) -> Self {
        Self { source, words }
    }

    /// Number of words left.
    #[inline]
    pub const fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether nothing is left.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The word at `index`, counted from the first that is left.
    #[inline]
    pub fn token(&self, index: usize) -> Option<Token<'t>> {
        self.words.get(index).map(|word| self.token_of(*word))
    }

    /// The text of the word at `index`, or an empty text: for looking ahead.
    #[inline]
    pub fn peek(&self, index: usize) -> &'t str {
        self.words.get(index).map_or("", |word| self.slice(*word))
    }

    /// The bytes of the word at `index`, or none.
    #[inline]
    pub fn bytes(&self, index: usize) -> &'t [u8] {
        let word = self.words.get(index);
        let bytes =
            |word: &Word| self.source.text.as_bytes().get(word.start as usize..word.end as usize);
        word.and_then(bytes).unwrap_or(&[])
    }

    /// Where the words that are left stand.
    pub const fn places(&self) -> &'w [Word] {
        self.words
    }

    /// The length of the word at `index` in bytes; 0 where there is none.
    #[inline]
    pub fn length(&self, index: usize) -> usize {
        self.words.get(index).map_or(0, |word| (word.end - word.start) as usize)
    }

    /// Whether the word at `index` is this keyword, which is written in lower case; in any case.
    #[inline]
    pub fn is(&self, index: usize, keyword: &str) -> bool {
        let keyword = keyword.as_bytes();
        let Some(bytes) = self.of_length(index, keyword.len()) else { return false };
        // Nearly always it is written as here, or it is another word, which its first letter tells.
        let alike = |(a, b): (&u8, &u8)| (a ^ b) & !0x20 == 0;
        bytes == keyword
            || bytes.first().zip(keyword.first()).is_some_and(alike)
                && bytes.eq_ignore_ascii_case(keyword)
    }

    /// Whether the word at `index` is this text, to the letter.
    #[inline]
    pub fn reads(&self, index: usize, text: &str) -> bool {
        self.of_length(index, text.len()) == Some(text.as_bytes())
    }

    /// The bytes of the word at `index`, if it has so many. Where the number is known to the compiler, so
    /// is how to compare them.
    #[inline]
    fn of_length(&self, index: usize, length: usize) -> Option<&'t [u8]> {
        let word = self.words.get(index)?;
        if (word.end - word.start) as usize != length {
            return None;
        }
        let start = word.start as usize;
        self.source.text.as_bytes().get(start..start + length)
    }

    /// All words that are left.
    pub fn tokens(&self) -> impl Iterator<Item = Token<'t>> + use<'w, 't> {
        let this = *self;
        this.words.iter().map(move |word| this.token_of(*word))
    }

    /// From the first word that is left to the last.
    #[inline]
    pub fn span(&self) -> Option<Span> {
        let (first, last) = (self.words.first()?, self.words.last()?);
        Some(Span::new(self.source.file, first.start, last.end))
    }

    /// The text from the first word that is left to the last, with what stands between.
    pub fn line_text(&self) -> &'t str {
        let Some(span) = self.span() else { return "" };
        self.source.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The words behind the first `count`.
    #[must_use]
    #[inline]
    pub fn skip(&self, count: usize) -> Self {
        Self { words: self.words.get(count..).unwrap_or(&[]), ..*self }
    }

    /// The first `count` words.
    #[must_use]
    pub fn first(&self, count: usize) -> Self {
        Self { words: self.words.get(..count).unwrap_or(self.words), ..*self }
    }

    /// The text of the whole file.
    pub const fn file_text(&self) -> &'t str {
        self.source.text
    }

    /// The file the words stand in.
    pub const fn file(&self) -> FileId {
        self.source.file
    }

    /// Fails here: `what` was expected.
    pub fn expected<T>(&self, what: &'static str) -> Parsed<'w, 't, T> {
        Err(nom::Err::Error(Expected { what, left: self.len() }))
    }

    #[inline]
    fn slice(&self, word: Word) -> &'t str {
        self.source.text.get(word.start as usize..word.end as usize).unwrap_or("")
    }

    #[inline]
    fn token_of(&self, word: Word) -> Token<'t> {
        Token { text: self.slice(word), span: Span::new(self.source.file, word.start, word.end) }
    }
}

impl ParseError<Words<'_, '_>> for Expected {
    fn from_error_kind(input: Words<'_, '_>, kind: ErrorKind) -> Self {
        let what = match kind {
            ErrorKind::Eof => "the end of the statement",
            _ => "another word",
        };
        Self { what, left: input.len() }
    }

    fn append(_: Words<'_, '_>, _: ErrorKind, other: Self) -> Self {
        other
    }

    fn or(self, other: Self) -> Self {
        if self.left <= other.left { self } else { other }
    }
}

impl<'w, 't> Input for Words<'w, 't> {
    type Item = Token<'t>;
    type Iter = std::vec::IntoIter<Token<'t>>;
    type IterIndices = std::iter::Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.words.len()
    }

    fn take(&self, index: usize) -> Self {
        self.first(index)
    }

    fn take_from(&self, index: usize) -> Self {
        self.skip(index)
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.skip(index), self.first(index))
    }

    fn position<P>(&self, predicate: P) -> Option<usize>
    where
        P: Fn(Self::Item) -> bool,
    {
        self.tokens().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        self.tokens().collect::<Vec<_>>().into_iter()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.words.len() { Ok(count) } else { Err(Needed::Unknown) }
    }
}
