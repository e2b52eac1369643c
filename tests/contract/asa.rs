//! The contract for ASA.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_contract::checks::{accepted, agreement, quoted, vocabulary, word_for_word};
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::dialect;

use super::{MUTANTS, Parser, SEED, SENSITIVE, SENTENCES, grammar, holds, sources};

/// Where ASA parsers keep their keywords.
const PLACES: Places<'_> = Places {
    calls: &["word", "is_word", "is", "eq_ignore_ascii_case"],
    tables: &[
        "INERT",
        "INERT_IP",
        "INERT_IPV6",
        "SETTINGS",
        "OTHER_KINDS",
        "SERVICE_LINES",
        "GROUP_LINES",
        "PROTOCOLS",
        "ICMP",
        "LEVELS",
        "TYPES",
    ],
    arms: true,
};

/// Behind these stands a value of which the model keeps only that it is there, or that decides nothing:
/// ports, users and times of packets, the address of the other device of a pair, a name that is looked up.
const UNHELD: &[&str] = &[
    "eq",
    "neq",
    "gt",
    "lt",
    "range",
    "time-range",
    "interval",
    "log",
    "user",
    "user-group",
    "name",
    "tag",
    "standby",
    "secondary",
    "fqdn",
    "v4",
    "v6",
    "track",
    "metric-type",
    "retry",
    "restart",
    "line",
];

fn asa(claims: bool) -> Parser {
    Parser {
        dialect: dialect("asa").expect("ASA is read"),
        claims,
        company,
        alone: |_| None,
        is_excused,
    }
}

/// What makes use of an object, a name, a number: by itself it shows in no translation.
fn company(path: &str) -> String {
    if path.starts_with("router bgp") {
        return " neighbor 192.0.2.99 remote-as 64511\n".to_owned();
    }
    let words: Vec<&str> = path.lines().next().unwrap_or("").split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let word = |at: usize| words.get(at).copied().unwrap_or("");
    match lower.as_slice() {
        ["object", "network", ..] | ["object-group", "network", ..] => {
            format!("nat (one,two) source dynamic any {}\n", word(2))
        }
        ["object-group", "group", "network", ..] => {
            format!("nat (one,two) source dynamic any {}\n", word(3))
        }
        ["name", ..] => format!("route one {} 255.255.255.255 192.0.2.9\n", word(2)),
        ["global", ..] => format!("nat (one) {} 10.0.0.0 255.0.0.0\n", word(2)),
        ["nat", _, number, ..] if number.parse::<u32>().is_ok() => {
            format!("global (two) {number} interface\n")
        }
        ["ip", "address", ..] => format!("nameif ethernet9 {} security7\n", word(2)),
        _ => String::new(),
    }
}

/// Whether the model need not hold a word: what takes back leaves nothing behind, and some values are read
/// only to know that they are there.
fn is_excused(above: &str, line: &str, at: usize) -> bool {
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    let word = line[at..].split_whitespace().next().unwrap_or("");
    let all: Vec<&str> = line.split_whitespace().collect();
    let is_number = word.parse::<u32>().is_ok();
    let behind = |words: &[&str]| before.last().is_some_and(|it| words.contains(it));
    let first = all.first().copied().unwrap_or("");
    match first {
        "no" => return true,
        // The word that an address gets: what uses it would have to change with it.
        "name" => return before.len() == 2,
        // Ports and limits, the place among others, and what is switched off.
        "nat" | "static" if is_number && before.len() != 2 || behind(&["tcp", "udp", "sctp"]) => {
            return true;
        }
        "nat" if is_number && all.contains(&"source") => return true,
        "nat" => {
            let ports = before.iter().position(|word| *word == "service");
            let ports = ports.is_some_and(|key| all.get(key + 1).is_some_and(|it| is_protocol(it)));
            if ports && above.starts_with("object") {
                return true;
            }
        }
        "static" => {
            let ports = all.get(2).is_some_and(|word| is_protocol(word));
            if ports && (before.len() == 4 || before.len() == 6) {
                return true;
            }
        }
        "global" if behind(&["netmask"]) => return true,
        "access-list" | "ipv6" if all.contains(&"inactive") => return true,
        // Types of ICMP and numbers of protocols.
        "access-list" | "ipv6" if is_number => return true,
        "route" if before.len() == 4 && before[1].eq_ignore_ascii_case("null0") => return true,
        "ipv6" if before.get(1) == Some(&"router") => return before.len() == 3,
        "ipv6" if before.len() == 4 && before[2].eq_ignore_ascii_case("null0") => return true,
        // Only that there are several.
        "set" if all.len() > 4 && all.get(2) == Some(&"next-hop") => return true,
        "router" => return before.len() == 2 && before[1] != "bgp",
        "distribute-list" => return before.iter().any(|it| matches!(*it, "in" | "out")),
        _ => {}
    }
    let repeated = all.iter().filter(|it| **it == "metric").count() > 1;
    let short_block = first == "static"
        && all
            .iter()
            .position(|it| *it == "netmask")
            .is_some_and(|key| is_short_mask(&all, key, "0"));
    // How much of a limit warns, the least hold time that is taken, the parts of a metric of EIGRP.
    let numbers = before.iter().rev().take_while(|it| it.parse::<u32>().is_ok()).count();
    is_number && matches!(first, "neighbor") && numbers > 0 && !all.contains(&"timers")
        || is_number && all.contains(&"timers") && numbers == 2
        || is_number && first == "redistribute" && numbers > 0
        || is_number && first == "redistribute" && (repeated || behind(&["external", "nssa-external"]))
        || short_block
        || behind(&["tag"]) && first == "redistribute"
        || before.iter().rev().take(2).any(|it| *it == "range") && matches!(first, "access-list" | "ipv6")
        || behind(UNHELD)
        // No other value of these classes is as long.
        || word == "security100"
        || word == "10" && behind(&["allowas-in", "last-as"])
        || is_short_mask(&all, before.len(), word)
}

fn is_protocol(word: &str) -> bool {
    matches!(word, "tcp" | "udp" | "sctp")
}

/// Whether a word is a netmask of no bits, or an address of which a mask leaves less than eight: few bits of
/// such an address count, and no other mask is as short as the shortest.
fn is_short_mask(words: &[&str], at: usize, word: &str) -> bool {
    let short = |mask: &str| {
        let bits = mask.parse::<Ipv4Addr>().map_or(u32::MAX, u32::from);
        bits.leading_ones() == bits.count_ones() && bits.leading_ones() < 8
    };
    let next = words.get(at + 1).copied().unwrap_or("");
    let is_address = word.parse::<IpAddr>().is_ok() || word == "0";
    is_address && (word == "0.0.0.0" || word == "0" || next == "0" || short(next))
}

#[test]
fn the_asa_grammar_is_sound() {
    holds(&sound(&grammar(asa(false).dialect)));
}

#[test]
fn every_asa_sentence_is_accepted() {
    let parser = asa(false);
    holds(&accepted(&grammar(parser.dialect), &parser, SEED, SENTENCES));
}

#[test]
fn every_asa_value_is_held_by_the_model() {
    let parser = asa(true);
    holds(&word_for_word(&grammar(parser.dialect), &parser, SEED, SENSITIVE));
}

#[test]
fn the_asa_grammar_and_parser_agree_on_damaged_sentences() {
    let parser = asa(false);
    holds(&agreement(&grammar(parser.dialect), &parser, SEED, MUTANTS));
}

#[test]
fn the_asa_parser_knows_the_words_of_its_grammar() {
    let sources = sources("asa");
    let keywords = sources.iter().flat_map(|source| keywords_at(source, &PLACES));
    holds(&vocabulary(&grammar(asa(false).dialect), &keywords.collect()));
}

#[test]
fn the_asa_parser_quotes_its_grammar() {
    let sources = sources("asa");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(asa(false).dialect), &sources));
}
