//! The contract between each grammar and its parser: six checks, run in both directions.
//!
//! The grammar is a second witness of what a parser understands; [`edgelint_contract`] compares the
//! two. Whether the model *holds* a value is found out by changing it: a value whose change changes
//! nothing in the device was read and dropped.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;
use std::path::{Path, PathBuf};

use edgelint_contract::checks::{
    Reading, State, StatementVerdict, Witness, accepted, agreement, quoted, vocabulary,
    word_for_word,
};
use edgelint_contract::grammar::Grammar;
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::{Dialect, dialect};
use edgelint_source::{Arena, FileId};
use edgelint_syntax::{Lines, Statement, Tree};

use crate::support;

mod junos;

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

/// Where IOS parsers keep their keywords.
const PLACES: Places<'_> = Places {
    calls: &["word", "words", "keyword", "is_word", "is", "eq_ignore_ascii_case"],
    tables: &[
        "INERT",
        "INERT_IP",
        "INERT_IPV6",
        "PROTOCOLS",
        "PORTS",
        "FLAGS",
        "VALUED",
        "TYPES",
        "PACKETS",
        "HOPS",
    ],
    arms: true,
};

/// Complaints about how two values of a statement relate, which no grammar can say.
const RELATIONS: &[&str] = &[
    "the length is smaller than the prefix's own",
    "the greatest length is smaller than the least",
];

/// Behind these an access list is narrowed by values of which the model knows only that they are
/// there.
const NARROWING: &[&str] = &[
    "eq",
    "neq",
    "gt",
    "lt",
    "range",
    "dscp",
    "precedence",
    "tos",
    "time-range",
    "option",
    "flow-label",
    "ttl",
    "reflect",
    "timeout",
    "match-any",
    "match-all",
    "log",
    "log-input",
];

/// Behind these stands a value of which the model keeps only that it is there, or that decides nothing.
const UNHELD: &[&str] = &[
    "egp",
    "track",
    "autonomous-system",
    "netmask",
    "prefix-length",
    "nexthop-vrf",
    "redundancy",
    "mapping-id",
    "accounting",
];
/// Lines whose values are not kept: they name what stands in their block, or number it.
const UNHELD_LINES: &[&str] = &["topology", "rd", "vrrp", "standby", "glbp"];
/// Names that parsers compare with, but that are values to the grammar.
const NAMES: &[&str] = &["Null0"];

/// A dialect's parser.
struct Parser {
    dialect: &'static Dialect,
    /// Whether to find out which words the model holds.
    claims: bool,
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
        path.push_str(&member(&path));
        let refused = self.is_refused(&path);
        for token in statement.words().tokens() {
            let word = range_of(token.span);
            let in_path = above.len() + indent.len() + word.start - at.start;
            // The number of such a line only says where it stands.
            let ordered = above.starts_with("ip community-list") || line.contains(" remark");
            let first = at.start + if line.starts_with("sequence ") { 9 } else { 0 };
            let session =
                "router bgp 64510\n neighbor 192.0.2.99 remote-as 64511\n neighbor 192.0.2.99 ";
            let by_itself = above.contains("\n template ").then(|| format!("{session}{line}\n"));
            let of_itself = by_itself.is_some_and(|text| {
                self.is_sensitive(&text, session.len() + word.start - at.start, token.text)
            });
            let held = refused
                || of_itself
                || is_excused(line, word.start - at.start)
                || ordered && word.start == first
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

/// A session that uses the group or template which the last line of a BGP process is about: without
/// one they make no neighbor.
fn member(path: &str) -> String {
    let lines: Vec<&str> = path.lines().collect();
    let template = lines.get(1).and_then(|line| line.strip_prefix(" template "));
    let name = |line: &str| line.split_whitespace().nth(1).map(str::to_owned);
    let last = lines.last().copied().unwrap_or("");
    let session = " neighbor 192.0.2.99 remote-as 64510\n neighbor 192.0.2.99";
    match (lines.first(), template) {
        (Some(first), _) if !first.starts_with("router bgp ") => String::new(),
        (_, Some(template)) => format!("{session} inherit {template}\n"),
        _ if last.trim_start().starts_with("neighbor ") => {
            let name = name(last).unwrap_or_default();
            format!(" neighbor {name} peer-group\n{session} peer-group {name}\n")
        }
        _ => String::new(),
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

/// Whether the model need not hold a word: what takes back leaves nothing behind, and some values
/// are read only to know that they are there.
fn is_excused(line: &str, at: usize) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    let word = line[at..].split_whitespace().next().unwrap_or("");
    matches!(first, "no" | "default")
        || UNHELD_LINES.contains(&first)
        || before.last().is_some_and(|word| UNHELD.contains(word))
        || is_excused_in_routing(line, &before, word)
        || is_narrowing(line, &before, word)
}

/// Values of routes, translations and interior protocols of which the model needs nothing.
fn is_excused_in_routing(line: &str, before: &[&str], word: &str) -> bool {
    let behind = |words: &[&str]| before.last().is_some_and(|it| words.contains(it));
    let holds = |words: &[&str]| line.split_whitespace().any(|it| words.contains(&it));
    let is_number = word.parse::<u32>().is_ok();
    match before.first().copied().unwrap_or("") {
        // A filter on an interface of an interior protocol.
        "distribute-list" => before.iter().any(|it| matches!(*it, "in" | "out")),
        // The name of the other process, and what is set but for the metric.
        "redistribute" => before.len() == 2 || holds(&["vrf"]) || behind(&["tag", "metric-type"]),
        // Limits.
        "export" | "import" => is_number,
        // The name of a process.
        "router" => before.len() == 2 && before != ["router", "bgp"],
        "ipv6" if before.get(1) == Some(&"router") => before.len() == 3,
        // Ports of a translation.
        "ip" if before.get(1) == Some(&"nat") => is_number,
        // What stands behind Null0 is not used: packets are dropped.
        "ip" | "ipv6" if before.get(1) == Some(&"route") && behind(&["Null0"]) => true,
        // Few bits of such an address count, and no other mask is as short as the shortest.
        "ip" if before.get(1) == Some(&"route") && is_short_mask(line, before, word) => true,
        // The gateway of a route into another VRF, which leads to that VRF.
        "ip" | "ipv6" if holds(&["nexthop-vrf", "global"]) => {
            3 < before.len() && word.parse::<IpAddr>().is_ok()
        }
        // No other value of this class is as long.
        _ => word == "10" && behind(&["allowas-in", "last-as"]),
    }
}

/// Whether a word is a netmask of no bits, or an address of which a mask leaves less than eight.
fn is_short_mask(line: &str, before: &[&str], word: &str) -> bool {
    let short = |mask: &str| {
        let bits = mask.parse::<Ipv4Addr>().map_or(u32::MAX, u32::from);
        bits.leading_ones() == bits.count_ones() && bits.leading_ones() < 8
    };
    let next = line.split_whitespace().nth(before.len() + 1);
    word == "0.0.0.0" || next.is_some_and(short)
}

/// Whether a word is part of what narrows an entry of an access list beyond its addresses.
fn is_narrowing(line: &str, before: &[&str], word: &str) -> bool {
    const LISTS: &[&str] =
        &["prefix-list", "route-map", "community-list", "as-path", "match", "set"];
    let is_side = |word: &str| {
        let address = word.split('/').next().unwrap_or("");
        matches!(word, "any" | "host" | "object-group") || address.parse::<IpAddr>().is_ok()
    };
    let mut words = line.split_whitespace();
    let entry = words.clone().any(|word| matches!(word, "permit" | "deny"))
        && !words.by_ref().take(2).any(|word| LISTS.contains(&word));
    let key = before.iter().rposition(|word| NARROWING.contains(word));
    let behind_key = key.is_some_and(|key| before[key..].iter().all(|word| !is_side(word)));
    let code = word.bytes().all(|byte| byte.is_ascii_digit())
        && before.iter().any(|word| is_side(word))
        && !before.ends_with(&["sequence"]);
    let flags = before.iter().any(|word| matches!(*word, "match-any" | "match-all"));
    entry && (behind_key || code || flags)
}

fn grammar(dialect: &Dialect) -> Grammar {
    Grammar::read(dialect.grammar).expect("the grammar can be read")
}

fn ios(claims: bool) -> Parser {
    Parser { dialect: dialect("ios").expect("IOS is read"), claims }
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

#[test]
fn the_ios_grammar_is_sound() {
    holds(&sound(&grammar(ios(false).dialect)));
}

#[test]
fn every_ios_sentence_is_accepted() {
    let parser = ios(false);
    holds(&accepted(&grammar(parser.dialect), &parser, SEED, SENTENCES));
}

#[test]
fn every_ios_value_is_held_by_the_model() {
    let parser = ios(true);
    holds(&word_for_word(&grammar(parser.dialect), &parser, SEED, SENSITIVE));
}

#[test]
fn the_ios_grammar_and_parser_agree_on_damaged_sentences() {
    let parser = ios(false);
    holds(&agreement(&grammar(parser.dialect), &parser, SEED, MUTANTS));
}

#[test]
fn the_ios_parser_knows_the_words_of_its_grammar() {
    let sources = sources("ios");
    let keywords = sources.iter().flat_map(|source| keywords_at(source, &PLACES));
    let keywords = keywords.filter(|word| !NAMES.contains(&word.as_str())).collect();
    holds(&vocabulary(&grammar(ios(false).dialect), &keywords));
}

#[test]
fn the_ios_parser_quotes_its_grammar() {
    let sources = sources("ios");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(ios(false).dialect), &sources));
}
