//! Text as words, line ends and changes of indentation.
//!
//! This is a second, independent reading of the layout: were it shared with `syntax`, a fault there
//! would be invisible to the contract. A line belongs to the nearest line above it that stands less
//! deep; lines of one block need not be aligned, because exported configurations are not always.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Newline,
    Indent,
    Dedent,
}

/// A token and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Which word of its line, counted from 1; a line end counts as the word after the last.
    pub(crate) word: usize,
    pub(crate) range: Range<usize>,
}

/// A line that holds words, neither blank nor a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    /// Counted from 1.
    pub(crate) number: usize,
    /// Blanks in front.
    pub(crate) indent: usize,
    /// Byte where the line starts.
    pub(crate) start: usize,
    /// The line, without its end.
    pub(crate) text: &'t str,
}

/// The lines that hold words. A line that begins with `!` is a comment.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').enumerate().map(move |(index, whole)| {
        let line = whole.trim_end_matches(['\n', '\r']);
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let found = Line { number: index + 1, indent, start, text: line };
        start += whole.len();
        found
    });
    lines.filter(|line| {
        let words = line.text.trim();
        !words.is_empty() && !words.starts_with('!')
    })
}

/// Byte ranges of a line's words, counted from the start of the text.
pub(crate) fn words(line: &Line<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, c) in line.text.char_indices() {
        match (c == ' ' || c == '\t', open) {
            (true, Some(start)) => {
                found.push(start..line.start + at);
                open = None;
            }
            (false, None) => open = Some(line.start + at),
            _ => {}
        }
    }
    if let Some(start) = open {
        found.push(start..line.start + line.text.len());
    }
    found
}

/// All tokens of a text, its open blocks closed at the end.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut levels: Vec<usize> = Vec::new();
    for line in lines(text) {
        let mark = |kind| Token { kind, line: line.number, word: 1, range: line.start..line.start };
        // A block ends where its line stands no deeper than the line the block belongs to.
        while let [.., outer, _] = levels.as_slice() {
            if *outer < line.indent {
                break;
            }
            levels.pop();
            tokens.push(mark(Kind::Dedent));
        }
        match levels.last_mut() {
            Some(level) if *level < line.indent => {
                levels.push(line.indent);
                tokens.push(mark(Kind::Indent));
            }
            Some(level) => *level = line.indent,
            None => levels.push(line.indent),
        }
        let words = words(&line);
        let end = line.start + line.text.len();
        let count = words.len();
        tokens.extend(words.into_iter().enumerate().map(|(index, range)| Token {
            kind: Kind::Word,
            line: line.number,
            word: index + 1,
            range,
        }));
        let word = count + 1;
        tokens.push(Token { kind: Kind::Newline, line: line.number, word, range: end..end });
    }
    let line = tokens.last().map_or(1, |last| last.line + 1);
    for _ in 1..levels.len() {
        let range = text.len()..text.len();
        tokens.push(Token { kind: Kind::Dedent, line, word: 1, range });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    fn shape(text: &str) -> String {
        tokens(text)
            .into_iter()
            .map(|token| match token.kind {
                Kind::Word => text[token.range].to_owned(),
                Kind::Newline => ";".to_owned(),
                Kind::Indent => "{".to_owned(),
                Kind::Dedent => "}".to_owned(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn indentation_makes_blocks() {
        let table = [
            ("a b\n c\n!\n\n d\ne", "a b ; { c ; d ; } e ;"),
            ("a\n b\n  c\nd\n", "a ; { b ; { c ; } } d ;"),
            ("a\n b\n  c", "a ; { b ; { c ; } }"),
            // Not aligned: both belong to `a`.
            ("a\n  b\n c\nd", "a ; { b ; c ; } d ;"),
            ("a\n    b\n  c\n    d\n  e", "a ; { b ; c ; { d ; } e ; }"),
            ("  a\nb\n c\r\n", "a ; b ; { c ; }"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(shape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn words_know_their_place() {
        let tokens = tokens("x\n  set  metric 5");
        let last = &tokens[tokens.len() - 3];
        assert_eq!((last.line, last.word, last.range.clone()), (2, 3, 16..17));
    }
}
