//! The contract for NX-OS.

use std::net::Ipv4Addr;

use edgelint_contract::checks::{accepted, agreement, quoted, vocabulary, word_for_word};
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::dialect;

use super::{MUTANTS, Parser, SEED, SENSITIVE, SENTENCES, grammar, holds, sources};

/// Where NX-OS parsers keep their keywords.
const PLACES: Places<'_> = Places {
    calls: &["word", "words", "keyword", "is_word", "is", "eq_ignore_ascii_case"],
    tables: &[
        "INERT",
        "INERT_IP",
        "INERT_IPV6",
        "INERT_SESSION",
        "INERT_POLICY",
        "PROTOCOLS",
        "PORTS",
        "FLAGS",
        "VALUED",
        "TYPES",
        "TAGGED",
        "PACKETS",
        "HOPS",
        "HEADS",
    ],
    arms: true,
};

/// Names that parsers compare with, but that are values to the grammar.
const NAMES: &[&str] = &["Null0"];

fn nxos(claims: bool) -> Parser {
    Parser {
        dialect: dialect("nxos").expect("NX-OS is read"),
        claims,
        company: member,
        alone: |_| None,
        is_excused,
    }
}

/// A neighbor that inherits the template which a path is about: without one it makes no session.
fn member(path: &str) -> String {
    let template = path.lines().nth(1).and_then(|line| line.strip_prefix(" template "));
    let bgp = path.starts_with("router bgp ");
    // What all sessions of a VRF have shows on one of them.
    let last = path.lines().last().unwrap_or("");
    let shared = ["local-as ", "timers bgp "].iter().any(|it| last.trim_start().starts_with(it));
    if bgp && shared && template.is_none() {
        let depth = last.len() - last.trim_start().len();
        return format!("{:depth$}neighbor 192.0.2.99\n", "");
    }
    match template.filter(|_| bgp).and_then(|template| template.split_once(' ')) {
        Some(("peer-policy", name)) => format!(
            " neighbor 192.0.2.99 remote-as 64511\n  address-family ipv4 unicast\n   inherit peer-policy {name} 7\n"
        ),
        Some((kind, name)) => format!(" neighbor 192.0.2.99\n  inherit {kind} {name}\n"),
        None => String::new(),
    }
}

/// Behind these stands a value of which the model keeps only that it is there, or that decides nothing.
const UNHELD: &[&str] = &[
    "egp",
    "track",
    "netmask",
    "prefix-length",
    "group",
    "route-preference",
    "interval",
    "min_rx",
    "multiplier",
    "restart",
    "dscp",
    "precedence",
    "ttl",
    "time-range",
    "http-method",
    "tcp-option-length",
    "tcp-flags-mask",
    "capture",
    "flow-label",
    "vni",
    "vlan",
    "eq",
    "neq",
    "gt",
    "lt",
    "range",
];

/// Lines whose values are not kept: they name what stands in their block, or number it.
const UNHELD_LINES: &[&str] = &["rd", "hsrp", "vrrp", "vrrpv3", "glbp"];

/// Whether the model need not hold a word: what takes back leaves nothing behind, and some values
/// are read only to know that they are there.
fn is_excused(above: &str, line: &str, at: usize) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    let word = line[at..].split_whitespace().next().unwrap_or("");
    let behind = |words: &[&str]| before.last().is_some_and(|it| words.contains(it));
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let in_access_list = above.contains(" access-list ") && !above.contains("as-path");
    matches!(first, "no" | "default")
        || UNHELD_LINES.contains(&first)
        || behind(UNHELD)
        || match first {
            // The numbers of such entries only say where they stand.
            "ip" if matches!(before.get(1), Some(&"as-path" | &"community-list")) => {
                behind(&["seq"])
            }
            // Ports of a translation.
            "ip" if before.get(1) == Some(&"nat") => is_number || is_repeated(line, &before, word),
            // What stands behind Null0 is not used: packets are dropped.
            "ip" | "ipv6" if before.get(1) == Some(&"route") => {
                behind(&["Null0"])
                    || is_short_mask(line, &before, word)
                    || is_repeated(line, &before, word)
            }
            // The tag of an address is one of the interior.
            "ip" | "ipv6" if before.get(1) == Some(&"address") => behind(&["tag"]),
            // The name of a process.
            "router" => before.len() == 2 && before != ["router", "bgp"],
            // A filter on an interface of an interior protocol.
            "distribute-list" => before.iter().any(|it| matches!(*it, "in" | "out")),
            // Limits.
            "import" | "export" => is_number,
            "maximum-prefix" => before.len() == 2,
            // What narrows an entry beyond its addresses, and the number of a remark.
            _ if in_access_list && line.contains(" remark") => at == 0,
            _ if in_access_list => is_number && 0 < at,
            // No other value of this class is as long.
            _ => word == "10" && behind(&["allowas-in", "last-as"]),
        }
}

/// Whether an option is said again further on: the last one counts.
fn is_repeated(line: &str, before: &[&str], word: &str) -> bool {
    let option = before.last().copied().unwrap_or("");
    let mut behind = line.split_whitespace().skip(before.len() + 1);
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    behind.clone().any(|it| it == option) || is_number(word) && behind.any(is_number)
}

/// Whether a word is a netmask of no bits, or an address of which a mask leaves less than eight: few bits of
/// such an address count, and no other mask is as short as the shortest.
fn is_short_mask(line: &str, before: &[&str], word: &str) -> bool {
    let short = |mask: &str| {
        let bits = mask.parse::<Ipv4Addr>().map_or(u32::MAX, u32::from);
        bits.leading_ones() == bits.count_ones() && bits.leading_ones() < 8
    };
    let next = line.split_whitespace().nth(before.len() + 1);
    word == "0.0.0.0" || next.is_some_and(short)
}

#[test]
fn the_nxos_grammar_is_sound() {
    holds(&sound(&grammar(nxos(false).dialect)));
}

#[test]
fn every_nxos_sentence_is_accepted() {
    let parser = nxos(false);
    holds(&accepted(&grammar(parser.dialect), &parser, SEED, SENTENCES));
}

#[test]
fn every_nxos_value_is_held_by_the_model() {
    let parser = nxos(true);
    holds(&word_for_word(&grammar(parser.dialect), &parser, SEED, SENSITIVE));
}

#[test]
fn the_nxos_grammar_and_parser_agree_on_damaged_sentences() {
    let parser = nxos(false);
    holds(&agreement(&grammar(parser.dialect), &parser, SEED, MUTANTS));
}

#[test]
fn the_nxos_parser_knows_the_words_of_its_grammar() {
    let sources = sources("nxos");
    let keywords = sources.iter().flat_map(|source| keywords_at(source, &PLACES));
    let keywords = keywords.filter(|word| !NAMES.contains(&word.as_str())).collect();
    holds(&vocabulary(&grammar(nxos(false).dialect), &keywords));
}

#[test]
fn the_nxos_parser_quotes_its_grammar() {
    let sources = sources("nxos");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(nxos(false).dialect), &sources));
}
