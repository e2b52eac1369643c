//! The tree of statements: arenas of nodes and words over the file's text.
//!
//! Nodes stand in the order of the file; a node's children follow it up to its `end`. That makes
//! the tree two flat vectors, walked without recursion and dropped in one go.

use edgelint_source::{FileId, Span};

use crate::lines::{Line, LineKind, Lines};
use crate::words::Words;

/// One statement: a run of words, and where its block ends.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Index of the line it begins on, in [`Lines::lines`].
    pub line: u32,
    /// Index of its first word, in [`Lines::words`].
    pub first_word: u32,
    /// Number of its words.
    pub word_count: u32,
    /// Index behind its last descendant; its own index plus one where it has no block.
    pub end: u32,
    /// How many blocks it stands in.
    pub depth: u32,
    /// Lines of a body that belong to it (a banner's text), as a half-open range of line indices.
    pub body: (u32, u32),
}

/// A file as statements.
#[derive(Debug)]
pub struct Tree<'t> {
    /// Lines and words; nothing of the file is missing here.
    pub lines: Lines<'t>,
    /// The statements, in the order of the file.
    pub nodes: Vec<Node>,
}

/// A statement of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'w, 't> {
    tree: &'w Tree<'t>,
    node: &'w Node,
    index: u32,
}

impl<'t> Tree<'t> {
    /// The statements that stand in no block.
    pub fn top(&self) -> Statements<'_, 't> {
        Statements { tree: self, next: 0, end: u32::try_from(self.nodes.len()).unwrap_or(u32::MAX) }
    }

    /// Every statement, in the order of the file.
    pub fn statements(&self) -> impl Iterator<Item = Statement<'_, 't>> {
        (0..).zip(&self.nodes).map(move |(index, node)| Statement { tree: self, node, index })
    }

    /// The statement of that index, if there is one.
    pub fn statement(&self, index: u32) -> Option<Statement<'_, 't>> {
        self.nodes.get(index as usize).map(|node| Statement { tree: self, node, index })
    }

    /// The file.
    pub fn file(&self) -> FileId {
        self.lines.file
    }

    /// The byte ranges of multi-line bodies and comments: free text.
    pub fn free_text(&self) -> impl Iterator<Item = Span> + use<'_, 't> {
        self.lines
            .lines
            .iter()
            .filter(|line| {
                matches!(line.kind, LineKind::Body | LineKind::Comment | LineKind::Dressing)
            })
            .map(|line| Span::new(self.lines.file, line.start, line.end))
    }
}

/// Statements that stand side by side in one block.
#[derive(Clone, Debug)]
pub struct Statements<'w, 't> {
    tree: &'w Tree<'t>,
    next: u32,
    end: u32,
}

impl<'w, 't> Iterator for Statements<'w, 't> {
    type Item = Statement<'w, 't>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let index = self.next;
        let node = self.tree.nodes.get(index as usize)?;
        // A node's end is behind it by construction; the max keeps the walk finite whatever happens.
        self.next = node.end.max(index + 1);
        Some(Statement { tree: self.tree, node, index })
    }
}

impl<'w, 't> Statement<'w, 't> {
    /// Its number in the tree.
    #[inline]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// Whether its line goes on as the line before it did ([`Line::repeats`]).
    #[inline]
    pub fn repeats(self) -> bool {
        self.line().is_some_and(|line| line.repeats)
    }

    /// Its words.
    #[inline]
    pub fn words(self) -> Words<'w, 't> {
        let from = self.node.first_word as usize;
        let words = self.tree.lines.words.get(from..from + self.node.word_count as usize);
        Words::new(&self.tree.lines.source, words.unwrap_or(&[]))
    }

    /// From its first word to its last; its block is not part of it.
    #[inline]
    pub fn span(self) -> Span {
        self.words().span().unwrap_or_else(|| {
            let start = self.line().map_or(0, |line| line.start);
            Span::new(self.tree.lines.file, start, start)
        })
    }

    /// The statements in its block.
    #[inline]
    pub fn children(self) -> Statements<'w, 't> {
        Statements { tree: self.tree, next: self.index + 1, end: self.node.end }
    }

    /// Whether it has a block.
    #[inline]
    pub fn has_children(self) -> bool {
        self.node.end > self.index + 1
    }

    /// How many blocks it stands in.
    pub fn depth(self) -> u32 {
        self.node.depth
    }

    /// The line it begins on.
    #[inline]
    pub fn line(self) -> Option<&'w Line> {
        self.tree.lines.lines.get(self.node.line as usize)
    }

    /// From its first word to the end of its block.
    pub fn block_span(self) -> Span {
        let last = self.node.end.saturating_sub(1).max(self.index);
        self.span().to(self.tree.statement(last).unwrap_or(self).span())
    }
}
