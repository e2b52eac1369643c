//! A braced file as paths: every leaf becomes the run of words on its way from the root.
//!
//! Braces and `set` lines are two ways to write the same paths, so whoever reads paths reads both
//! forms, and both mixed, without knowing which it was. A path's words still point at the places
//! where they were written, which in the braced form are several lines.
//!
//! A list in brackets stands for one path an element, as devices themselves print it in `set` form.
//! `delete`, `deactivate`, `activate` and `insert` lines are carried out here, on paths, and so are the
//! tags `inactive:`, `delete:` and `replace:`.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use edgelint_source::Span;

use crate::lines::Word;
use crate::tree::{Node, Tree};
use crate::words::{Source, Words};

/// Words that the blocks around a leaf may give its path; real paths have fewer than forty.
const LONGEST_PREFIX: usize = 96;

/// `insert` lines that are carried out; the others are left as not understood.
const MOST_INSERTS: usize = 1000;

/// A part of the configuration that is switched off but kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inactive {
    /// How many words of the path lead to what is switched off.
    pub depth: u32,
    /// The word or the line that says so.
    pub at: Span,
}

/// One leaf: a statement with all words that lead to it.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    first: u32,
    count: u32,
    /// The leaf's own words where it stands in a block; the whole line in `set` form.
    pub at: Span,
    /// The node it was read from, in [`Tree::nodes`].
    pub node: u32,
    /// Whether it, or something it stands in, is switched off; the outermost such thing.
    pub inactive: Option<Inactive>,
    /// Whether a later line took it back.
    pub deleted: bool,
    /// The line that made it apply here, where it was written somewhere else.
    pub via: Option<Span>,
    /// Index of the path it is a copy of; its own index where it is none.
    pub source: u32,
}

impl Path {
    /// Number of its words.
    pub const fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether it has no words.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// A line that is no path but a command about paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// The line.
    pub at: Span,
    /// Whether it was carried out.
    pub understood: bool,
}

/// A file as paths.
#[derive(Clone, Debug)]
pub struct Paths<'t> {
    source: Source<'t>,
    text: &'t str,
    words: Vec<Word>,
    /// The paths, in the order in which they apply.
    pub paths: Vec<Path>,
    /// Commands other than `set`.
    pub commands: Vec<Command>,
}

impl<'t> Paths<'t> {
    /// Makes paths of a tree that [`crate::braced`] built.
    pub fn of(tree: &Tree<'t>) -> Self {
        let mut maker = Maker {
            tree,
            paths: Self {
                source: tree.lines.source,
                text: tree.lines.text,
                words: Vec::with_capacity(tree.lines.words.len() * 2),
                // Groups add some.
                paths: Vec::with_capacity(tree.nodes.len() + tree.nodes.len() / 8 + 16),
                commands: Vec::new(),
            },
            prefix: Vec::new(),
            blocks: Vec::new(),
            base: Vec::new(),
            edits: Vec::new(),
            inserts: Vec::new(),
            in_place: None,
        };
        for (index, node) in tree.nodes.iter().enumerate() {
            maker.node(index, node);
        }
        let Maker { mut paths, edits, inserts, .. } = maker;
        paths.carry_out(&edits);
        for insert in inserts {
            paths.insert(&insert);
        }
        paths
    }

    /// The words of a path.
    pub fn words(&self, path: &Path) -> Words<'_, 't> {
        let from = path.first as usize;
        let words = self.words.get(from..from + path.len()).unwrap_or(&[]);
        Words::new(&self.source, words)
    }

    /// The words of a path, as places.
    fn slice(&self, path: &Path) -> &[Word] {
        self.words.get(path.first as usize..path.first as usize + path.len()).unwrap_or(&[])
    }

    /// Adds a copy of a path: `kept` of the words of the path at `place`, then the words of the path
    /// at `source` from `skipped` on. It applies because of the line at `via`.
    pub fn derive(&mut self, place: (usize, usize), source: (usize, usize), via: Span) {
        let (Some(target), Some(origin)) =
            (self.paths.get(place.0).copied(), self.paths.get(source.0).copied())
        else {
            return;
        };
        let first = narrow(self.words.len());
        let head = target.first as usize;
        let head = head..head + place.1.min(target.len());
        let tail = origin.first as usize;
        let tail = tail + source.1.min(origin.len())..tail + origin.len();
        for words in [head, tail] {
            let there = words.end <= self.words.len();
            self.words.extend_from_within(if there { words } else { 0..0 });
        }
        let count = narrow(self.words.len()) - first;
        let inactive = target.inactive.filter(|off| off.depth as usize <= place.1);
        let path = Path { first, count, inactive, via: Some(via), source: origin.source, ..origin };
        self.paths.push(path);
    }

    /// Takes back and switches off what later lines say.
    fn carry_out(&mut self, edits: &[Edit]) {
        if edits.is_empty() {
            return;
        }
        let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
        for (index, edit) in edits.iter().enumerate() {
            let mut hasher = DefaultHasher::new();
            for word in &edit.words {
                self.slice_text(*word).hash(&mut hasher);
            }
            by_hash.entry(hasher.finish()).or_default().push(index);
        }
        for at in 0..self.paths.len() {
            let Some(path) = self.paths.get(at).copied() else { break };
            let (mut deleted, mut inactive) = (path.deleted, path.inactive);
            let mut hasher = DefaultHasher::new();
            for (index, word) in self.slice(&path).iter().enumerate() {
                self.slice_text(*word).hash(&mut hasher);
                let found = by_hash.get(&hasher.finish()).map_or(&[][..], Vec::as_slice);
                let hits = found.iter().filter_map(|edit| edits.get(*edit));
                for edit in hits.filter(|edit| self.begins_with(&path, &edit.words)) {
                    let depth = narrow(index + 1);
                    match edit.kind {
                        EditKind::Delete => deleted |= edit.before > at,
                        EditKind::Deactivate if inactive.is_none_or(|off| depth <= off.depth) => {
                            inactive = Some(Inactive { depth, at: edit.at });
                        }
                        EditKind::Activate if inactive.is_some_and(|off| off.depth == depth) => {
                            inactive = None;
                        }
                        EditKind::Deactivate | EditKind::Activate => {}
                    }
                }
            }
            if let Some(path) = self.paths.get_mut(at) {
                (path.deleted, path.inactive) = (deleted, inactive);
            }
        }
    }

    /// Moves paths before or behind others.
    fn insert(&mut self, insert: &Insert) {
        let begins = |path: &Path, words: &[Word]| self.begins_with(path, words);
        let target = if insert.before {
            self.paths.iter().position(|path| begins(path, &insert.target))
        } else {
            self.paths.iter().rposition(|path| begins(path, &insert.target)).map(|at| at + 1)
        };
        let Some(target) = target else { return };
        let moving: Vec<bool> = self.paths.iter().map(|path| begins(path, &insert.words)).collect();
        let mut moved = Vec::new();
        let (mut front, mut back) = (Vec::new(), Vec::new());
        for (at, (path, moving)) in self.paths.drain(..).zip(moving).enumerate() {
            match (moving, at < target) {
                (true, _) => moved.push(path),
                (false, true) => front.push(path),
                (false, false) => back.push(path),
            }
        }
        front.append(&mut moved);
        front.append(&mut back);
        self.paths = front;
        // A path that is no copy is its own source, wherever it stands.
        for (at, path) in self.paths.iter_mut().enumerate() {
            path.source = narrow(at);
        }
    }

    fn begins_with(&self, path: &Path, words: &[Word]) -> bool {
        let own = self.slice(path);
        words.len() <= own.len()
            && own.iter().zip(words).all(|(a, b)| self.slice_text(*a) == self.slice_text(*b))
    }

    fn slice_text(&self, word: Word) -> &'t str {
        self.text.get(word.start as usize..word.end as usize).unwrap_or("")
    }
}

/// What a command does to paths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EditKind {
    Delete,
    Deactivate,
    Activate,
}

/// A command about everything below some words.
struct Edit {
    kind: EditKind,
    words: Vec<Word>,
    at: Span,
    /// Number of paths that stood before it.
    before: usize,
}

/// An `insert` line.
struct Insert {
    words: Vec<Word>,
    target: Vec<Word>,
    before: bool,
}

/// A block around the statement that is being read.
struct Block {
    end: u32,
    /// Words of the prefix that stand outside it.
    outside: usize,
    deleted: bool,
}

/// Words in front of a statement that say what is to become of it.
pub(crate) const TAGS: [&str; 7] =
    ["inactive:", "active:", "delete:", "replace:", "merge:", "protect:", "unprotect:"];

/// Tags in front of a statement, and the words behind them.
#[derive(Default)]
struct Tags {
    inactive: Option<Word>,
    deleted: bool,
    /// What stood there before is gone.
    replaces: bool,
    count: usize,
}

struct Maker<'a, 't> {
    tree: &'a Tree<'t>,
    paths: Paths<'t>,
    prefix: Vec<Word>,
    blocks: Vec<Block>,
    /// What `edit` lines lead to.
    base: Vec<Word>,
    edits: Vec<Edit>,
    inserts: Vec<Insert>,
    /// Where the words of the tree stand among those of the paths, once a line needs them.
    in_place: Option<u32>,
}

impl Maker<'_, '_> {
    fn node(&mut self, index: usize, node: &Node) {
        while self.blocks.last().is_some_and(|block| block.end as usize <= index) {
            if let Some(block) = self.blocks.pop() {
                self.prefix.truncate(block.outside);
            }
        }
        let from = node.first_word as usize;
        let all = self.tree.lines.words.get(from..from + node.word_count as usize);
        let all = all.unwrap_or(&[]);
        let leaf = node.end as usize <= index + 1;
        if leaf && self.is_command(node, all) {
            self.command(index, node, all);
            return;
        }
        let tags = self.tags(all);
        let words = all.get(tags.count..).unwrap_or(&[]);
        if tags.inactive.is_some() || tags.replaces {
            self.carry_tags(&tags, all, words);
        }
        let deleted = tags.deleted || self.blocks.last().is_some_and(|block| block.deleted);
        if leaf {
            let prefix = std::mem::take(&mut self.prefix);
            self.leaf((index, self.span(all)), &prefix, words, deleted);
            self.prefix = prefix;
            return;
        }
        let outside = self.prefix.len();
        self.blocks.push(Block { end: node.end, outside, deleted });
        let room = LONGEST_PREFIX.saturating_sub(outside);
        self.prefix.extend(words.iter().take(room));
    }

    /// Whether a statement is a command: it begins with one, and stands in no block but the place
    /// that a prompt named.
    #[inline]
    fn is_command(&self, node: &Node, words: &[Word]) -> bool {
        const COMMANDS: [&str; 15] = [
            "set",
            "delete",
            "deactivate",
            "activate",
            "annotate",
            "protect",
            "unprotect",
            "insert",
            "edit",
            "top",
            "up",
            "exit",
            "rename",
            "copy",
            "replace",
        ];
        let head = || words.first().map_or("", |word| self.paths.slice_text(*word));
        node.depth <= 1 && COMMANDS.contains(&head()) && {
            let line = self.blocks.last().and(self.tree.lines.lines.get(node.line as usize));
            // In a block of the configuration itself, `set` would be an ordinary word.
            node.depth == 0
                || line.is_some_and(|line| self.tree.lines.line_text(line).contains('@'))
        }
    }

    /// Notes what tags ask for, as the commands that ask for the same.
    fn carry_tags(&mut self, tags: &Tags, all: &[Word], words: &[Word]) {
        // A tag speaks of a list, not of its elements.
        let named = words.iter().take_while(|word| !self.is_bracket(**word, "["));
        let path: Vec<Word> = self.prefix.iter().chain(named).copied().collect();
        let before = self.paths.paths.len();
        if tags.replaces {
            let (kind, words, at) = (EditKind::Delete, path.clone(), self.span(all));
            self.edits.push(Edit { kind, words, at, before });
        }
        if let Some(tag) = tags.inactive {
            let at = self.span(&[tag]);
            self.edits.push(Edit { kind: EditKind::Deactivate, words: path, at, before });
        }
    }

    fn tags(&self, words: &[Word]) -> Tags {
        let mut tags = Tags::default();
        for word in words {
            // Nearly every statement begins with another word.
            let last = (word.end as usize).checked_sub(1);
            if last.and_then(|at| self.tree.lines.text.as_bytes().get(at)) != Some(&b':') {
                break;
            }
            match self.paths.slice_text(*word) {
                "inactive:" => tags.inactive = tags.inactive.or(Some(*word)),
                // What was loaded before is taken away as well (Junos CLI guide, `load replace` and
                // `load update`).
                "delete:" => (tags.deleted, tags.replaces) = (true, true),
                "replace:" => tags.replaces = true,
                tag if TAGS.contains(&tag) => {}
                _ => break,
            }
            tags.count += 1;
        }
        tags
    }

    /// Makes the paths of one leaf: one, or one an element of its list.
    fn leaf(&mut self, (node, at): (usize, Span), prefix: &[Word], words: &[Word], deleted: bool) {
        if words.is_empty() {
            return;
        }
        let open = words.iter().position(|word| self.is_bracket(*word, "["));
        let close = open.and_then(|_| words.iter().rposition(|word| self.is_bracket(*word, "]")));
        let mut push = |parts: [&[Word]; 4]| {
            let first = narrow(self.paths.words.len());
            for part in parts.iter().filter(|part| !part.is_empty()) {
                self.paths.words.extend_from_slice(part);
            }
            let count = narrow(self.paths.words.len()) - first;
            let source = narrow(self.paths.paths.len());
            let node = narrow(node);
            let inactive = None;
            let path = Path { first, count, at, node, inactive, deleted, via: None, source };
            self.paths.paths.push(path);
        };
        let list = open.and_then(|open| {
            let close = close.unwrap_or(words.len());
            let (head, list) = (words.get(..open)?, words.get(open + 1..close)?);
            Some((head, list, words.get(close + 1..).unwrap_or(&[])))
        });
        match list {
            Some((head, list, tail)) if !list.is_empty() => {
                let mut rest = list;
                while !rest.is_empty() {
                    let length = element(self.tree.lines.text, rest);
                    let (one, behind) = rest.split_at(length.clamp(1, rest.len()));
                    push([prefix, head, one, tail]);
                    rest = behind;
                }
            }
            Some((head, _, tail)) => push([prefix, head, tail, &[]]),
            None => push([prefix, words, &[], &[]]),
        }
    }

    /// Makes the path of a `set` line: its words stand side by side in the tree as they do in the path.
    fn path_in_place(&mut self, (node, at): (usize, Span), first: u32, count: usize) {
        if count == 0 {
            return;
        }
        let (paths, all) = (&mut self.paths, &self.tree.lines.words);
        let base = *self.in_place.get_or_insert_with(|| {
            let base = narrow(paths.words.len());
            paths.words.extend_from_slice(all);
            base
        });
        let (first, count) = (base.saturating_add(first), narrow(count));
        let (node, source) = (narrow(node), narrow(paths.paths.len()));
        let (inactive, deleted, via) = (None, false, None);
        paths.paths.push(Path { first, count, at, node, inactive, deleted, via, source });
    }

    /// Carries out, or notes, one command.
    fn command(&mut self, node: usize, line: &Node, words: &[Word]) {
        let at = self.span(words);
        let head = words.first().map_or("", |word| self.paths.slice_text(*word));
        let rest = words.get(1..).unwrap_or(&[]);
        if head == "set" && self.prefix.is_empty() && self.base.is_empty() {
            if rest.iter().any(|word| self.is_bracket(*word, "[")) {
                return self.leaf((node, at), &[], rest, false);
            }
            return self.path_in_place((node, at), line.first_word + 1, rest.len());
        }
        let mut full = self.prefix.clone();
        full.extend(self.base.iter().take(LONGEST_PREFIX));
        match head {
            "set" => {
                self.leaf((node, at), &full, rest, false);
                return;
            }
            "edit" => self.base = full.iter().chain(rest).take(LONGEST_PREFIX).copied().collect(),
            "top" => self.base.clear(),
            "up" => {
                let levels =
                    rest.first().and_then(|word| self.paths.slice_text(*word).parse().ok());
                self.base.truncate(self.base.len().saturating_sub(levels.unwrap_or(1)));
            }
            "exit" => self.base.clear(),
            "delete" | "deactivate" | "activate" => {
                let kind = match head {
                    "delete" => EditKind::Delete,
                    "deactivate" => EditKind::Deactivate,
                    _ => EditKind::Activate,
                };
                full.extend(rest);
                self.edits.push(Edit { kind, words: full, at, before: self.paths.paths.len() });
            }
            "annotate" | "protect" | "unprotect" => {}
            "insert" => {
                let understood = self.note_insert(full, rest);
                self.paths.commands.push(Command { at, understood });
                return;
            }
            _ => {
                self.paths.commands.push(Command { at, understood: false });
                return;
            }
        }
        self.paths.commands.push(Command { at, understood: true });
    }

    /// `insert` PATH (`before` | `after`) NAME: the name replaces the last words of the path.
    fn note_insert(&mut self, mut full: Vec<Word>, rest: &[Word]) -> bool {
        let text = |word: &Word| self.paths.slice_text(*word);
        let place = rest.iter().rposition(|word| matches!(text(word), "before" | "after"));
        let Some(place) = place.filter(|_| self.inserts.len() < MOST_INSERTS) else {
            return false;
        };
        let (path, behind) = rest.split_at(place);
        let before = behind.first().is_some_and(|word| text(word) == "before");
        let name = behind.get(1..).unwrap_or(&[]);
        full.extend(path);
        let Some(kept) = full.len().checked_sub(name.len()) else { return false };
        let mut target: Vec<Word> = full.iter().take(kept).copied().collect();
        target.extend(name);
        self.inserts.push(Insert { words: full, target, before });
        !name.is_empty()
    }

    /// Whether a word is a bracket that was not written in quotes.
    #[inline]
    fn is_bracket(&self, word: Word, bracket: &str) -> bool {
        let before = || (word.start as usize).checked_sub(1);
        word.end - word.start == 1
            && self.paths.slice_text(word) == bracket
            && before().and_then(|at| self.tree.lines.text.as_bytes().get(at)) != Some(&b'"')
    }

    fn span(&self, words: &[Word]) -> Span {
        let start = words.first().map_or(0, |word| word.start);
        Span::new(self.tree.lines.file, start, words.last().map_or(start, |word| word.end))
    }
}

/// Number of words of the first element of a list: one, or all of an expression in parentheses.
fn element(text: &str, words: &[Word]) -> usize {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate() {
        let word = text.get(word.start as usize..word.end as usize).unwrap_or("");
        if index == 0 && !word.starts_with('(') {
            return 1;
        }
        depth += word.bytes().filter(|byte| *byte == b'(').count();
        depth = depth.saturating_sub(word.bytes().filter(|byte| *byte == b')').count());
        if depth == 0 {
            return index + 1;
        }
    }
    words.len()
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
