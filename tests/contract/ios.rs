//! The contract for IOS.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_contract::checks::{accepted, agreement, quoted, vocabulary, word_for_word};
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::dialect;

use super::{MUTANTS, Parser, SEED, SENSITIVE, SENTENCES, grammar, holds, sources};

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

fn ios(claims: bool) -> Parser {
    Parser {
        dialect: dialect("ios").expect("IOS is read"),
        claims,
        company: member,
        alone,
        is_excused,
    }
}

/// A session in front of a setting that a template holds: there it shows by itself.
fn alone(path: &str) -> Option<&'static str> {
    path.contains("\n template ")
        .then_some("router bgp 64510\n neighbor 192.0.2.99 remote-as 64511\n neighbor 192.0.2.99 ")
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

/// Whether the model need not hold a word: what takes back leaves nothing behind, and some values
/// are read only to know that they are there.
fn is_excused(above: &str, line: &str, at: usize) -> bool {
    // The number of such a line only says where it stands.
    let ordered = above.starts_with("ip community-list") || line.contains(" remark");
    let number = if line.starts_with("sequence ") { 9 } else { 0 };
    let first = line.split_whitespace().next().unwrap_or("");
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    let word = line[at..].split_whitespace().next().unwrap_or("");
    ordered && at == number
        || matches!(first, "no" | "default")
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
            // The destination is a prefix in one word, or an address and a mask.
            let destination = if before.first() == Some(&"ipv6") { 1 } else { 2 };
            2 + destination <= before.len() && word.parse::<IpAddr>().is_ok()
        }
        // Of two tags the last one holds.
        "ip" | "ipv6" if before.get(1) == Some(&"route") && behind(&["tag"]) => {
            line.split_whitespace().skip(before.len()).any(|it| it == "tag")
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
