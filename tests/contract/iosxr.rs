//! The contract for IOS XR.

use std::net::IpAddr;

use edgelint_contract::checks::{accepted, agreement, quoted, vocabulary, word_for_word};
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::dialect;

use super::{MUTANTS, Parser, SEED, SENSITIVE, SENTENCES, grammar, holds, sources};

/// Where parsers of IOS XR keep their keywords.
const PLACES: Places<'_> =
    Places { calls: &["word", "take", "is", "is_word"], tables: &["INERT"], arms: true };

/// Behind these stands a value of which the model keeps only that it is there, or that decides nothing.
const UNHELD: &[&str] = &[
    "minimum-interval",
    "multiplier",
    "restart",
    "route-tag",
    "vrflabel",
    "tunnel-id",
    "metric-type",
    "lsa-type",
    "track",
    "level",
];
/// Names that parsers compare with, but that are values to the grammar; and the head of what is not
/// understood (`service cgn`).
const NAMES: &[&str] = &["MgmtEth", "Null0", "cgn"];

fn iosxr(claims: bool) -> Parser {
    Parser {
        dialect: dialect("iosxr").expect("IOS XR is read"),
        claims,
        company: member,
        alone: |_| None,
        is_excused,
    }
}

/// A session that uses the group which the last line of a BGP process is about: without one a group
/// makes no neighbor.
fn member(path: &str) -> String {
    let mut lines = path.lines();
    let (Some(first), Some(group)) = (lines.next(), lines.next()) else { return String::new() };
    // Timers of all sessions show in one.
    if let Some(timers) = path.lines().last().filter(|line| line.contains(" timers bgp ")) {
        let indent = &timers[..timers.len() - timers.trim_start().len()];
        return format!("{indent}neighbor 192.0.2.99\n");
    }
    let words: Vec<&str> = group.split_whitespace().collect();
    let (Some(kind), Some(name)) = (words.first(), words.get(1)) else { return String::new() };
    if !first.starts_with("router bgp ") {
        return String::new();
    }
    match *kind {
        "neighbor-group" | "session-group" => {
            format!(" neighbor 192.0.2.99\n  use {kind} {name}\n")
        }
        "af-group" => {
            let family = words.get(2..).unwrap_or(&[]).join(" ");
            format!(" neighbor 192.0.2.99\n  {family}\n   use {kind} {name}\n")
        }
        _ => String::new(),
    }
}

/// Whether the model need not hold a word: what takes back leaves nothing behind, and some values
/// are read only to know that they are there.
fn is_excused(above: &str, line: &str, at: usize) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    let word = line[at..].split_whitespace().next().unwrap_or("");
    let behind = |words: &[&str]| before.last().is_some_and(|it| words.contains(it));
    first == "no"
        // What a parameter is called shows where it is used.
        || word.starts_with('$')
        || first == "bfd" && above.starts_with("interface")
        || first == "rd" && above.starts_with("router bgp")
        || behind(UNHELD)
        || is_excused_in_routing(above, (line, &before), word)
        || is_narrowing(above, (line, &before), word)
}

/// Values of sessions, routes and interior protocols of which the model needs nothing.
fn is_excused_in_routing(above: &str, (line, before): (&str, &[&str]), word: &str) -> bool {
    let holds = |wanted: &str| line.split_whitespace().any(|it| it == wanted);
    let is_number = word.parse::<u32>().is_ok();
    if let Some(key) = before.iter().position(|it| *it == "timers") {
        // The time that a neighbor may not go below.
        return before.len() == key + 3 + usize::from(before.get(key + 1) == Some(&"bgp"));
    }
    match before.first().copied().unwrap_or("") {
        // A share of a limit.
        "maximum-prefix" => before.len() == 2,
        // What is set but for the metric, and the kind of an external route.
        "redistribute" => {
            before.ends_with(&["tag"])
                || before.ends_with(&["external"])
                || is_number && before.ends_with(&["nssa-external"])
        }
        // The name of a process.
        "router" => before.len() == 2 && before != ["router", "bgp"],
        // The number of another process: the protocol is what counts.
        "if" | "elseif" => before
            .last()
            .is_some_and(|it| matches!(*it, "bgp" | "ospf" | "ospfv3" | "isis" | "eigrp")),
        // Where a route leads that goes into another table.
        _ if above.starts_with("router static") => {
            holds("vrf")
                || is_number && before.last().is_some_and(|it| *it == "metric")
                || holds("Null0")
                // The first word of a description stands for all of it.
                || before.contains(&"description")
        }
        _ => false,
    }
}

/// Whether a word of an entry of an access list narrows it beyond its addresses.
fn is_narrowing(above: &str, (line, before): (&str, &[&str]), word: &str) -> bool {
    let entry = above.starts_with("ipv4 access-list") || above.starts_with("ipv6 access-list");
    let address = word.split('/').next().unwrap_or("").parse::<IpAddr>().is_ok();
    entry && (!before.is_empty() && !address || line.contains(" remark"))
}

#[test]
fn the_iosxr_grammar_is_sound() {
    holds(&sound(&grammar(iosxr(false).dialect)));
}

#[test]
fn every_iosxr_sentence_is_accepted() {
    let parser = iosxr(false);
    holds(&accepted(&grammar(parser.dialect), &parser, SEED, SENTENCES));
}

#[test]
fn every_iosxr_value_is_held_by_the_model() {
    let parser = iosxr(true);
    holds(&word_for_word(&grammar(parser.dialect), &parser, SEED, SENSITIVE));
}

#[test]
fn the_iosxr_grammar_and_parser_agree_on_damaged_sentences() {
    let parser = iosxr(false);
    holds(&agreement(&grammar(parser.dialect), &parser, SEED, MUTANTS));
}

#[test]
fn the_iosxr_parser_knows_the_words_of_its_grammar() {
    let sources = sources("iosxr");
    let keywords = sources.iter().flat_map(|source| keywords_at(source, &PLACES));
    let keywords = keywords.filter(|word| !NAMES.contains(&word.as_str())).collect();
    holds(&vocabulary(&grammar(iosxr(false).dialect), &keywords));
}

#[test]
fn the_iosxr_parser_quotes_its_grammar() {
    let sources = sources("iosxr");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(iosxr(false).dialect), &sources));
}
