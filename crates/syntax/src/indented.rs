//! The indented layout: a statement stands in the block of the nearest earlier statement that is
//! indented less.
//!
//! Exports that went through mail clients and documents lose blanks. So indentation is not trusted
//! alone: a dialect may say that a line which stands too far left still belongs to the block that
//! is open ([`Indented::adopts`]), and which words close which block ([`Indented::closes`]).

use crate::lines::{Line, LineKind, Lines};
use crate::tree::{Node, Tree};
use crate::words::Words;

/// Blocks nested deeper than this are flattened into the one at this depth.
pub const MAX_DEPTH: u32 = 64;

/// What a dialect knows about its own indentation.
#[derive(Clone, Copy, Debug)]
pub struct Indented {
    /// Whether a line that is not indented more than `header` still belongs to its block, and
    /// whether lines of that block were indented so far. Asked only while no comment line at the
    /// header's depth has followed, and not of a line that begins as the header does
    /// ([`Line::repeats`]): that one stands beside it.
    pub adopts: fn(header: Words<'_, '_>, line: Words<'_, '_>, indented: bool) -> bool,
    /// Whether a line may close a block (`exit-address-family`): asked of every line.
    pub is_closer: fn(line: Words<'_, '_>) -> bool,
    /// Whether such a line closes the block of this header. It belongs to the innermost block it
    /// closes, however far left it stands, and to none where it closes none.
    pub closes: fn(header: Words<'_, '_>, line: Words<'_, '_>) -> bool,
}

impl Indented {
    /// Indentation alone decides.
    pub const PLAIN: Self =
        Self { adopts: |_, _, _| false, is_closer: |_| false, closes: |_, _| false };
}

/// A block that is open while lines are read.
#[derive(Clone, Copy)]
struct Open {
    node: u32,
    indent: u32,
    /// Whether lines that stand too far left may still belong to it.
    adopting: bool,
    /// Whether a line of it was indented.
    indented: bool,
}

/// Builds the tree of indented lines.
pub fn lay_out<'t>(mut lines: Lines<'t>, rules: &Indented) -> Tree<'t> {
    let mut nodes = std::mem::take(&mut lines.nodes);
    nodes.reserve(lines.lines.len());
    let mut open: Vec<Open> = Vec::new();
    for (index, line) in lines.lines.iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        match line.kind {
            LineKind::Statement => {}
            LineKind::Body => {
                if let Some(node) = nodes.last_mut() {
                    let first = if node.body.0 == node.body.1 { index } else { node.body.0 };
                    node.body = (first, index + 1);
                }
                continue;
            }
            LineKind::Comment => {
                // Exports write `!` at the depth of a header where its block ends. A device would
                // stay in the block, so what is indented still belongs to it.
                for block in open.iter_mut().rev().take_while(|block| block.indent >= line.indent) {
                    block.adopting = false;
                }
                continue;
            }
            LineKind::Blank | LineKind::Dressing => continue,
        }
        if line.repeats && put_beside(&mut nodes, &mut open, index, line) {
            continue;
        }
        let words = lines.words_of(line);
        let blocks = Blocks { lines: &lines, nodes: &nodes, open: &open, rules };
        let closed = if (rules.is_closer)(words) { blocks.closed_by(words) } else { 0 };
        let keeps = match closed {
            0 => blocks.kept_by(index, line, words),
            closed => closed,
        };
        let mut position = open.len();
        close(&mut nodes, &mut open, |block| {
            position -= 1;
            position >= keeps && (0 < closed || block.indent >= line.indent)
        });
        let indent = match open.last_mut() {
            Some(block) if line.indent <= block.indent => block.indent + 1,
            Some(block) => {
                block.indented = true;
                line.indent
            }
            None => line.indent,
        };
        let node = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        let depth = u32::try_from(open.len()).unwrap_or(u32::MAX);
        nodes.push(Node {
            line: index,
            first_word: line.first_word,
            word_count: line.word_count,
            end: node + 1,
            depth,
            body: (0, 0),
        });
        if 0 < closed {
            open.pop().inspect(|block| set_end(&mut nodes, *block));
        } else if depth < MAX_DEPTH {
            open.push(Open { node, indent, adopting: true, indented: false });
        }
    }
    close(&mut nodes, &mut open, |_| true);
    Tree { lines, nodes }
}

/// Puts a line that repeats the one directly before it beside that one, which holds no block, where both
/// stand equally far left: nothing else is to be asked of such lines. Whether it was done.
fn put_beside(nodes: &mut Vec<Node>, open: &mut [Open], index: u32, line: &Line) -> bool {
    let next = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    let (Some(before), Some(block)) = (nodes.last_mut(), open.last_mut()) else { return false };
    let beside = before.line + 1 == index && block.node + 1 == next && block.indent == line.indent;
    if !beside {
        return false;
    }
    before.end = next;
    let depth = before.depth;
    let Line { first_word, word_count, .. } = *line;
    nodes.push(Node { line: index, first_word, word_count, end: next + 1, depth, body: (0, 0) });
    *block = Open { node: next, indent: line.indent, adopting: true, indented: false };
    true
}

/// The blocks that are open where a line stands.
struct Blocks<'b, 't> {
    lines: &'b Lines<'t>,
    nodes: &'b [Node],
    open: &'b [Open],
    rules: &'b Indented,
}

impl<'t> Blocks<'_, 't> {
    /// How many of the open blocks stay open although the line stands too far left: the innermost
    /// block that adopts it, and all around it.
    fn kept_by(&self, index: u32, line: &Line, words: Words<'_, '_>) -> usize {
        for (position, block) in self.open.iter().enumerate().rev() {
            if block.indent < line.indent {
                return 0;
            }
            let before = self.nodes.get(block.node as usize).map(|node| node.line + 1);
            let beside = line.repeats && before == Some(index);
            let adopts = || (self.rules.adopts)(self.header(*block), words, block.indented);
            if block.adopting && !beside && adopts() {
                return position + 1;
            }
        }
        0
    }

    /// How many of the open blocks stay open up to and with the one that a line closes; 0 where it
    /// closes none.
    fn closed_by(&self, words: Words<'_, '_>) -> usize {
        let closes = |block: &Open| (self.rules.closes)(self.header(*block), words);
        self.open.iter().rposition(closes).map_or(0, |position| position + 1)
    }

    /// The words that opened a block.
    fn header(&self, block: Open) -> Words<'_, 't> {
        let words = self.nodes.get(block.node as usize).and_then(|node| {
            let from = node.first_word as usize;
            self.lines.words.get(from..from + node.word_count as usize)
        });
        Words::new(&self.lines.source, words.unwrap_or(&[]))
    }
}

/// Closes blocks from the innermost outwards, as long as `done` says so.
fn close(nodes: &mut [Node], open: &mut Vec<Open>, mut done: impl FnMut(Open) -> bool) {
    while let Some(block) = open.last().copied() {
        if !done(block) {
            break;
        }
        open.pop();
        set_end(nodes, block);
    }
}

fn set_end(nodes: &mut [Node], block: Open) {
    let end = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    if let Some(node) = nodes.get_mut(block.node as usize) {
        node.end = end;
    }
}
