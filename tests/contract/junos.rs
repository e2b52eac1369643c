//! The contract for Junos, whose statements are paths: one a line, behind `set`.
//!
//! No line depends on the one above, so each is read by itself as well: what it adds to the account
//! says what became of it. What a path says of an object shows in the model where something makes use
//! of the object; so each path is joined by a neighbor, a term or a rule that does.

use std::net::IpAddr;
use std::ops::Range;

use edgelint_contract::checks::{
    Reading, State, StatementVerdict, Witness, accepted, agreement, quoted, vocabulary,
    word_for_word,
};
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::{Dialect, dialect};
use edgelint_model::Device;
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

use super::{MUTANTS, SEED, SENSITIVE, SENTENCES, grammar, holds, others, range_of, sources};

struct Paths {
    dialect: &'static Dialect,
    /// Whether to find out which words the model holds.
    claims: bool,
}

fn junos(claims: bool) -> Paths {
    Paths { dialect: dialect("junos").expect("Junos is read"), claims }
}

impl Witness for Paths {
    fn read(&self, text: &str) -> Reading {
        let mut reading = Reading::default();
        let lines = text.lines().enumerate();
        for (index, line) in
            lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('!'))
        {
            // What is not behind `set` is a statement in braces: the grammar describes paths.
            let path = if line.starts_with("set ") { line } else { "set" };
            let tree = (self.dialect.lay_out)(Lines::split(FileId(0), path));
            let arena = Arena::new();
            let devices = (self.dialect.read)(&tree, &arena);
            let total = |state| devices.iter().map(|one| one.coverage.total(state)).sum::<u32>();
            let state = match (
                total(edgelint_model::State::Opaque),
                total(edgelint_model::State::Unmodelled),
                total(edgelint_model::State::Inert),
                total(edgelint_model::State::Modelled),
            ) {
                (0, 0, 0, 0) => State::Opaque,
                (0, 0, 0, _) => State::Modelled,
                (0, 0, _, _) => State::Inert,
                (0, 1, 0, 0) if is_contradiction(line) => State::Modelled,
                (0, _, _, _) => State::Unmodelled,
                _ => State::Opaque,
            };
            let complaints = devices.iter().map(complaints).sum();
            let claimed = if self.claims { self.claimed(text, line) } else { Vec::new() };
            reading.statements.push(StatementVerdict {
                line: index + 1,
                state,
                claimed,
                complaints,
            });
        }
        reading
    }
}

impl Paths {
    /// Ranges of the words of a line that the devices hold.
    fn claimed(&self, text: &str, line: &str) -> Vec<Range<usize>> {
        let from = line.as_ptr() as usize - text.as_ptr() as usize;
        let whole = format!("{line}\n{}", company(line));
        let tree = (self.dialect.lay_out)(Lines::split(FileId(0), &whole));
        let arena = Arena::new();
        let devices = (self.dialect.read)(&tree, &arena);
        // Free text and secrets are held as places, not as values.
        let places = devices.iter().flat_map(|it| it.secrets.iter().chain(&it.free_text));
        let mut claimed: Vec<Range<usize>> = places.map(|span| range_of(*span)).collect();
        let refused = is_contradiction(line) || devices.iter().any(is_refused);
        let mut at = 0;
        for word in line.split(' ') {
            if refused || is_excused(line, at) || self.is_sensitive(&whole, at, word) {
                claimed.push(at..at + word.len());
            }
            at += word.len() + 1;
        }
        claimed.into_iter().map(|range| from + range.start..from + range.end).collect()
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

    /// The devices as text, and how many statements of it were not understood.
    fn dump(&self, text: &str) -> (String, usize) {
        let tree = (self.dialect.lay_out)(Lines::split(FileId(0), text));
        let arena = Arena::new();
        let devices = (self.dialect.read)(&tree, &arena);
        let trouble = devices.iter().map(|device| device.coverage.unknown.len()).sum();
        (format!("{devices:?}"), trouble)
    }
}

/// Paths that make use of what a path is about: a neighbor of the group or instance, a term that matches
/// with the list, a rule of the set.
fn company(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    let word = |at: usize| words.get(at).copied().unwrap_or("");
    let instance = match word(0) {
        "routing-instances" => format!("routing-instances {} ", word(1)),
        _ => String::new(),
    };
    let session = "protocols bgp group LAST neighbor 192.0.2.99 peer-as 64599";
    let inherits = "protocols bgp group LAST neighbor 192.0.2.97";
    let mut company = format!(
        "set {session}\nset {instance}{session}\nset {inherits}\nset {instance}{inherits}\n"
    );
    let mut add = |path: String| company.push_str(&format!("set {path}\n"));
    let bgp = if instance.is_empty() { 2 } else { 4 };
    if word(bgp) == "group" {
        add(format!("{instance}protocols bgp group {} neighbor 192.0.2.98", word(bgp + 1)));
    }
    let term = "policy-options policy-statement LAST from";
    match (word(0), word(1)) {
        ("policy-options", "route-filter-list" | "condition") => {
            add(format!("{term} {} {}", word(1), word(2)));
        }
        ("policy-options", "community") => {
            add(format!("policy-options policy-statement LAST then community add {}", word(2)));
        }
        ("security", "address-book") => {
            let rule = "security nat static rule-set LAST rule LAST";
            add(format!("{rule} match destination-address-name {}", word(4)));
            add(format!("{rule} then static-nat prefix 10.0.0.1/32"));
            if word(3) == "address-set" {
                let member = word(words.len() - 1);
                add(format!("security address-book global address {member} 192.0.2.1/32"));
            }
        }
        ("security", "zones") => add(interface(word(5))),
        ("security", "nat") if word(3) == "rule-set" => {
            rules(&words).into_iter().for_each(&mut add);
        }
        _ if let Some(at) = words.windows(2).position(|pair| pair == ["static", "route"]) => {
            add(format!("{} discard", words[..words.len().min(at + 3)].join(" ")));
        }
        ("routing-instances", _) if word(2) == "interface" => add(interface(word(3))),
        ("routing-options", "rib-groups") => {
            add(format!("routing-options rib-groups {} import-rib inet.0", word(2)));
            add(format!("routing-options rib-groups {} import-rib LAST.inet.0", word(2)));
        }
        _ => {}
    }
    company
}

/// The interface that a name stands for.
fn interface(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((port, unit)) => format!("interfaces {port} unit {unit}"),
        None => format!("interfaces {name}"),
    }
}

/// What the other paths of a rule are, so that it is a rule.
fn rules(words: &[&str]) -> Vec<String> {
    let set = words[..5].join(" ");
    let name = words.get(6).filter(|_| words.get(5) == Some(&"rule")).unwrap_or(&"LAST");
    let (address, result) = match words[2] {
        "static" => ("destination-address 192.0.2.7/32", "static-nat prefix 10.0.0.7/32"),
        "destination" => ("destination-address 192.0.2.7/32", "destination-nat pool LAST"),
        _ => ("source-address 10.0.0.7/32", "source-nat pool LAST"),
    };
    let mut made = vec![format!("{set} rule {name} match {address}")];
    if words.get(7) != Some(&"then") || words.len() < 10 {
        made.push(format!("{set} rule {name} then {result}"));
    }
    let line = words.join(" ");
    for names in ["source-address-name", "destination-address-name", "prefix-name"] {
        if line.contains(names) {
            let name = words[words.len() - 1];
            made.push(format!("security address-book global address {name} 192.0.2.1/32"));
        }
    }
    made
}

/// Behind these stands a value of which the model keeps only that it is there, or that decides nothing.
const UNHELD: &[&[&str]] = &[
    &["route-distinguisher"],
    &["firewall", "family"],
    &["authentication-key-chain"],
    // A pattern shows in what it finds elsewhere.
    &["apply-path"],
    &["dynamic-neighbor"],
    // Tables of unicast routes but for the first get routes from it; other words name no such table.
    &["import-rib"],
    &["rib-groups"],
    // All tables without unicast routes are alike: none of their routes is exchanged here.
    &["rib"],
    // Names that only tell entries and neighbors of one list apart.
    &["rip", "group"],
    &["ripng", "group"],
];

/// Whether a word is an action that changes nothing of what is decided: the grammar lists them.
fn irrelevant(word: &str) -> bool {
    let grammar = grammar(junos(false).dialect);
    let production = grammar.production("irrelevant-action").expect("the grammar lists them");
    production.text.contains(&format!("\"{word}\""))
}

/// What narrows a rule of translation beyond its addresses.
const NARROWING: [&str; 4] = ["source-port", "destination-port", "protocol", "application"];

/// Whether the model need not hold a word.
fn is_excused(line: &str, at: usize) -> bool {
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    UNHELD.iter().any(|words| before.ends_with(words))
        // That probes run is kept, not how often.
        || before.contains(&"bfd-liveness-detection")
        // That ports, protocols and applications narrow a rule is kept.
        || before.windows(2).any(|pair| pair[0] == "match" && NARROWING.contains(&pair[1]))
        // That a rule asks for the side it does not translate is kept.
        || line.contains(" nat source ") && line.contains(" match destination-address")
        || (line.contains(" nat static ") || line.contains(" nat destination "))
            && line.contains(" match source-address")
        || before.get(2) == Some(&"as-path-group") && before.len() == 5
        // Of a route's communities those of other types are kept as one: that there are more.
        || before.contains(&"route") && before.ends_with(&["community"]) && !line[at..].contains(':')
        // A table that holds no unicast routes is not asked for any.
        || before.contains(&"if-route-exists") && !line.contains("inet.0")
        // How packets are forwarded, counted and labelled: kept as an action without a value.
        || before.contains(&"policy-statement") && before.iter().any(|word| irrelevant(word))
        // What a line that applies groups does shows where the group is.
        || line.contains(" apply-groups")
}

/// Complaints about how two values of a statement relate, which no grammar can say.
const RELATIONS: &[&str] = &["the last address comes before the first"];

/// Whether values contradict each other, so that the device takes none of them.
fn is_refused(device: &Device<'_>) -> bool {
    device.coverage.complaints.iter().any(|complaint| RELATIONS.contains(&complaint.what))
}

fn complaints(device: &Device<'_>) -> usize {
    let complaints = device.coverage.complaints.iter();
    complaints.filter(|complaint| !RELATIONS.contains(&complaint.what)).count()
}

/// Whether a route filter asks for what its own prefix excludes: a shorter one, or one elsewhere.
fn is_contradiction(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let filters = ["route-filter", "route-filter-list", "prefix-list-filter"];
    let owner = words.get(2).is_some_and(|word| ["policy-statement", filters[1]].contains(word));
    if !owner || words[1] != "policy-options" || !words.iter().any(|word| filters.contains(word)) {
        return false;
    }
    // Nothing is longer than an address.
    let host = |word: &str| prefix(word).is_some_and(|(_, length)| length == 128);
    if words.windows(2).any(|words| host(words[0]) && words[1] == "longer")
        && words.iter().filter(|word| **word == "longer").count() == 1
    {
        return true;
    }
    let is_value = |word: &str| word.starts_with(|c: char| c == '/' || c.is_ascii_digit());
    let ends = |at: usize| words.get(at).is_none_or(|word| !is_value(word));
    let named_list = words.get(2) == Some(&filters[1]);
    let before = |at: usize| at.checked_sub(1).map(|at| words[at]);
    words.windows(3).enumerate().any(|(at, words)| {
        // The filter of a list stands behind the list's name, that of a term behind its keyword.
        let placed = match named_list {
            true => at == 4,
            false => before(at).is_some_and(|word| filters.contains(&word)),
        };
        if !ends(at + 3) || !placed {
            return false;
        }
        if words[1] == "prefix-length-range" {
            let named = before(at).is_some_and(|word| filters[1..].contains(&word));
            return (named || prefix(words[0]).is_some())
                && !are_lengths(own_length(words[0]), words[2]);
        }
        let Some((network, length)) = prefix(words[0]) else { return false };
        match words[1] {
            "through" => prefix(words[2]).is_some_and(|(last, longer)| {
                longer < length
                    || network.checked_shr(shift(length)) != last.checked_shr(shift(length))
            }),
            "upto" => {
                let least = words[2].strip_prefix('/').and_then(|length| length.parse().ok());
                least.is_some_and(|least: u32| least < own_length(words[0]))
            }
            _ => false,
        }
    })
}

/// Whether a word is two lengths, the shorter first, none shorter than a prefix's own. No class of values
/// is two lengths.
fn are_lengths(own: u32, word: &str) -> bool {
    let length = |text: &str| text.strip_prefix('/')?.parse::<u32>().ok();
    let ends = word.split_once('-').and_then(|(least, most)| length(least).zip(length(most)));
    ends.is_some_and(|(least, most)| own <= least && least <= most)
}

/// The bits of a prefix, IPv4 behind 96 ones, and its length with them.
fn prefix(text: &str) -> Option<(u128, u32)> {
    let address = text.split('/').next()?.parse().ok()?;
    if !is_length(address, own_length(text)) {
        return None;
    }
    Some(match address {
        IpAddr::V4(address) => {
            (u128::MAX << 32 | u128::from(address.to_bits()), 96 + own_length(text))
        }
        IpAddr::V6(address) => (address.to_bits(), own_length(text)),
    })
}

/// A length within its family.
fn is_length(address: IpAddr, length: u32) -> bool {
    length <= if address.is_ipv4() { 32 } else { 128 }
}

fn own_length(text: &str) -> u32 {
    match (text.split_once('/'), text.parse::<IpAddr>()) {
        (Some((_, length)), _) => length.parse().unwrap_or(u32::MAX),
        (None, Ok(address)) => {
            if address.is_ipv4() {
                32
            } else {
                128
            }
        }
        (None, Err(_)) => 0,
    }
}

fn shift(length: u32) -> u32 {
    128_u32.saturating_sub(length)
}

/// Where Junos parsers keep their keywords.
const PLACES: Places<'_> = Places {
    calls: &["matches", "reads"],
    tables: &["INERT", "INERT_OPTIONS", "TABLES"],
    arms: true,
};

#[test]
fn the_grammar_is_sound() {
    holds(&sound(&grammar(junos(false).dialect)));
}

#[test]
fn every_sentence_is_accepted() {
    let parser = junos(false);
    holds(&accepted(&grammar(parser.dialect), &parser, SEED, SENTENCES));
}

#[test]
fn every_value_is_held_by_the_model() {
    let parser = junos(true);
    holds(&word_for_word(&grammar(parser.dialect), &parser, SEED, SENSITIVE));
}

#[test]
fn the_grammar_and_parser_agree_on_damaged_sentences() {
    let parser = junos(false);
    holds(&agreement(&grammar(parser.dialect), &parser, SEED, MUTANTS));
}

#[test]
fn the_parser_knows_the_words_of_its_grammar() {
    let sources = sources("junos");
    let keywords = sources.iter().flat_map(|source| keywords_at(source, &PLACES));
    holds(&vocabulary(&grammar(junos(false).dialect), &keywords.collect()));
}

#[test]
fn the_parser_quotes_its_grammar() {
    let sources = sources("junos");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(junos(false).dialect), &sources));
}
