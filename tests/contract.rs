//! The contract between each grammar and its parser: six checks, run in both directions.
//!
//! The grammar is a second witness of what a parser understands; [`edgelint_contract`] compares the
//! two. Whether the model *holds* a value is found out by changing it: a value whose change changes
//! nothing in the device was read and dropped.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::path::{Path, PathBuf};

use edgelint_contract::checks::{Reading, State, StatementVerdict, Witness};
use edgelint_contract::grammar::Grammar;
use edgelint_dialects::Dialect;
use edgelint_source::{Arena, FileId};
use edgelint_syntax::{Lines, Statement, Tree};

use crate::support;

mod asa;
mod eos;
mod frr;
mod ios;
mod iosxr;
mod junos;
mod nxos;

/// Where sentences begin to be drawn; any number will do, but always the same.
const SEED: u64 = 8212;
/// Sentences for check 2.
const SENTENCES: usize = 1_500;
/// Sentences for check 3, which reads each of them a hundred times.
const SENSITIVE: usize = 400;
/// Damaged sentences for check 4.
const MUTANTS: usize = 4_000;
/// Other values that are tried for a word before it counts as dropped.
const OTHERS: usize = 8;

/// Files of the dialect that look at configurations without reading statements.
const NO_PARSERS: &[&str] = &[
    "layout.rs",
    "evidence.rs",
    "references.rs",
    "secrets.rs",
    "rendering.rs",
    "draft.rs",
    "behaviour.rs",
    "tests.rs",
];

/// Complaints about how two values of a statement relate, which no grammar can say.
const RELATIONS: &[&str] = &[
    "the length is smaller than the prefix's own",
    "the greatest length is smaller than the least",
    "the clauses go on in a circle",
    "the clause leads back",
];

/// A parser of a dialect that writes one command a line.
struct Parser {
    dialect: &'static Dialect,
    /// Whether to find out which words the model holds.
    claims: bool,
    /// Lines that make use of what the lines of a path, each in the block of the one before, are about:
    /// a session that joins the group. They go behind the path.
    company: fn(path: &str) -> String,
    /// Lines that go in front of the last line of a path, for what shows only by itself, if any do.
    alone: fn(path: &str) -> Option<&'static str>,
    /// Whether the model need not hold the word of a line that begins at a byte; `above` are the lines
    /// around it.
    is_excused: fn(above: &str, line: &str, at: usize) -> bool,
}

impl Witness for Parser {
    fn read(&self, text: &str) -> Reading {
        let (apart, numbers) = set_apart(text);
        let tree = self.tree(&apart);
        let arena = Arena::new();
        let devices = (self.dialect.read)(&tree, &arena);
        let inert = if self.claims { self.inert_lines(text) } else { BTreeSet::new() };
        let mut statements: Vec<StatementVerdict> = tree
            .statements()
            .zip(&tree.nodes)
            .map(|(statement, node)| {
                let span = statement.span();
                let line = numbers[node.line as usize];
                let unknown = devices.iter().flat_map(|it| &it.coverage.unknown);
                let unknown = unknown.into_iter().find(|it| it.at == span);
                let state = match unknown.map(|unknown| unknown.state) {
                    Some(edgelint_model::State::Unmodelled) => State::Unmodelled,
                    Some(_) => State::Opaque,
                    None if inert.contains(&line) => State::Inert,
                    None => State::Modelled,
                };
                let complaints = devices.iter().flat_map(|it| &it.coverage.complaints);
                let complaints = complaints
                    .filter(|it| span.contains(it.at) && !RELATIONS.contains(&it.what))
                    .count();
                StatementVerdict { line, state, claimed: Vec::new(), complaints }
            })
            .collect();
        if self.claims
            && let Some(first) = statements.first_mut()
        {
            first.claimed = self.claimed(text, &self.tree(text));
        }
        Reading { statements }
    }

    fn ignores_case(&self) -> bool {
        true
    }
}

impl Parser {
    fn tree<'t>(&self, text: &'t str) -> Tree<'t> {
        (self.dialect.lay_out)(Lines::split(FileId(0), text))
    }

    /// The devices as text, and how many statements and values of it were not understood.
    fn dump(&self, text: &str) -> (String, usize) {
        let tree = self.tree(text);
        let arena = Arena::new();
        let devices = (self.dialect.read)(&tree, &arena);
        let trouble = devices.iter().map(|device| device.coverage.unknown.len()).sum();
        (format!("{devices:?}"), trouble)
    }

    /// Lines whose statement is inert: each adds one to the count of inert statements. Where a line
    /// settles what a whole block is, the count leaps, and the lines above are inert too.
    fn inert_lines(&self, text: &str) -> BTreeSet<usize> {
        let count = |text: &str| {
            let tree = self.tree(text);
            let arena = Arena::new();
            let devices = (self.dialect.read)(&tree, &arena);
            let inert = edgelint_model::State::Inert;
            devices.iter().map(|device| device.coverage.total(inert)).sum::<u32>()
        };
        let mut found = BTreeSet::new();
        let (mut end, mut before) = (0, 0);
        for (index, line) in text.split_inclusive('\n').enumerate() {
            end += line.len();
            let now = count(&text[..end]);
            let mut nearest = (1..=index + 1).rev();
            for _ in before..now {
                if let Some(line) = nearest.find(|line| !found.contains(line)) {
                    found.insert(line);
                }
            }
            before = now;
        }
        found
    }

    /// Ranges of words that the devices hold.
    fn claimed(&self, text: &str, tree: &Tree<'_>) -> Vec<Range<usize>> {
        let mut claimed = self.free_text(text);
        for top in tree.top() {
            let block = &text[range_of(top.block_span())];
            self.claim_block(text, top, block, &mut String::new(), &mut claimed);
        }
        claimed
    }

    /// Claims the words of a statement and of those in its block; `above` are the statements around it.
    fn claim_block(
        &self,
        text: &str,
        statement: Statement<'_, '_>,
        block: &str,
        above: &mut String,
        claimed: &mut Vec<Range<usize>>,
    ) {
        let at = range_of(statement.span());
        let line = &text[at.clone()];
        let indent = " ".repeat(statement.depth() as usize);
        let offset = block.as_ptr() as usize - text.as_ptr() as usize;
        let mut path = format!("{above}{indent}{line}\n");
        let length = path.len();
        path.push_str(&(self.company)(&path));
        let refused = self.is_refused(&path);
        for token in statement.words().tokens() {
            let word = range_of(token.span);
            let in_path = above.len() + indent.len() + word.start - at.start;
            let in_line = word.start - at.start;
            let of_itself = (self.alone)(&path[..length]).is_some_and(|before| {
                let text = format!("{before}{line}\n");
                self.is_sensitive(&text, before.len() + in_line, token.text)
            });
            let held = refused
                || of_itself
                || (self.is_excused)(above, line, in_line)
                || self.is_sensitive(&path, in_path, token.text)
                || self.is_sensitive(block, word.start - offset, token.text);
            if held {
                claimed.push(word);
            }
        }
        let outside = above.len();
        above.push_str(&path[outside..length]);
        for child in statement.children() {
            self.claim_block(text, child, block, above, claimed);
        }
        above.truncate(outside);
    }

    /// Whether two values contradict each other, so that the device takes none of them.
    fn is_refused(&self, text: &str) -> bool {
        let tree = self.tree(text);
        let arena = Arena::new();
        let devices = (self.dialect.read)(&tree, &arena);
        let mut complaints = devices.iter().flat_map(|device| &device.coverage.complaints);
        complaints.any(|complaint| RELATIONS.contains(&complaint.what))
    }

    /// Whether some other value in place of the word makes other devices.
    fn is_sensitive(&self, text: &str, at: usize, word: &str) -> bool {
        let (before, trouble) = self.dump(text);
        others(word).any(|other| {
            let changed = format!("{}{other}{}", &text[..at], &text[at + word.len()..]);
            let (after, new_trouble) = self.dump(&changed);
            after != before && new_trouble <= trouble
        })
    }

    /// Ranges of free text and secrets, which the devices hold as places, not as values.
    fn free_text(&self, text: &str) -> Vec<Range<usize>> {
        let tree = self.tree(text);
        let arena = Arena::new();
        let devices = (self.dialect.read)(&tree, &arena);
        let spans =
            devices.iter().flat_map(|device| device.free_text.iter().chain(&device.secrets));
        spans.map(|span| range_of(*span)).collect()
    }
}

/// The text with a comment in front of each line that opens no block, and the old number of each line. A comment ends what a device would still take for part of the block above: the grammar
/// describes configurations that are indented.
fn set_apart(text: &str) -> (String, Vec<usize>) {
    let (mut apart, mut numbers, mut above) = (String::new(), Vec::new(), 0);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if indent <= above {
            apart.push_str(&" ".repeat(indent));
            apart.push_str("!\n");
            numbers.push(index + 1);
        }
        above = indent;
        apart.push_str(line);
        numbers.push(index + 1);
    }
    (apart, numbers)
}

fn range_of(span: edgelint_source::Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// Other words of the same shape and length: netmasks, or one letter or digit changed at a time.
fn others(word: &str) -> impl Iterator<Item = String> + use<'_> {
    let masks = (0..=32_u32)
        .map(|length| Ipv4Addr::from(u32::MAX.checked_shl(32 - length).unwrap_or(0)).to_string());
    let masks: Vec<String> = masks.collect();
    let is_mask = masks.iter().any(|mask| mask == word);
    let masks = masks.into_iter().filter(move |mask| is_mask && mask.len() == word.len());
    let mut places: Vec<usize> =
        (0..word.len()).filter(|at| word.as_bytes()[*at].is_ascii_alphanumeric()).collect();
    if places.is_empty() {
        places.extend((0..word.len()).filter(|at| word.as_bytes()[*at].is_ascii()));
    }
    let step = (places.len() / OTHERS).max(1);
    let last = places.last().copied();
    let mut tried: Vec<usize> = places.into_iter().step_by(step).take(OTHERS - 1).collect();
    tried.extend(last);
    let changed = tried.into_iter().flat_map(move |at| {
        [1_u8, 9, 4].into_iter().map(move |by| {
            let mut bytes = word.as_bytes().to_vec();
            bytes[at] = match bytes[at] {
                digit @ b'0'..=b'9' => b'0' + (digit - b'0' + by) % 10,
                letter @ b'a'..=b'z' => b'a' + (letter - b'a' + by) % 26,
                letter @ b'A'..=b'Z' => b'A' + (letter - b'A' + by) % 26,
                _ => b'w' + by % 3,
            };
            String::from_utf8(bytes).expect("only single-byte characters were changed")
        })
    });
    masks.filter(move |mask| mask != word).chain(changed)
}

fn grammar(dialect: &Dialect) -> Grammar {
    Grammar::read(dialect.grammar).expect("the grammar can be read")
}

/// Parser sources of a dialect.
fn sources(name: &str) -> Vec<String> {
    let folder = support::root().join("crates/dialects/src");
    let mut files = Vec::new();
    rust_files(&folder.join(name), &mut files);
    rust_files(&folder.join("phrases"), &mut files);
    files.sort();
    let parsers = files.iter().filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        !NO_PARSERS.contains(&name)
    });
    parsers.map(|path| std::fs::read_to_string(path).expect("a source can be read")).collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

/// Fails with what a check found.
fn holds(failures: &[String]) {
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
