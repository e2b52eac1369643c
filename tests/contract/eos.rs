//! The contract for EOS.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_contract::checks::{accepted, agreement, quoted, vocabulary, word_for_word};
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::dialect;

use super::{MUTANTS, Parser, SEED, SENSITIVE, SENTENCES, grammar, holds, sources};

/// Where EOS parsers keep their keywords.
const PLACES: Places<'_> = Places {
    calls: &["word", "is_word", "is", "maybe", "flag"],
    tables: &["INERT", "INERT_IP", "PORTS", "NEIGHBOR", "PROCESS", "BRIDGING"],
    arms: true,
};

/// Behind these stands a value of which the model keeps only that it is there, or that decides nothing.
const UNHELD: &[&str] = &[
    "netmask",
    "prefix-length",
    "track",
    "ecmp",
    "warning-limit",
    "algorithm",
    "group",
    "comment",
    "priority",
    "limit",
    "instances",
    "multiplier",
    "min-rx",
    "interval",
    "service-profile",
    "peer-filter",
    "min-hold-time",
];

/// Lines whose values are not kept: what they number, or what only a session keeps that they do not make.
const UNHELD_LINES: &[&str] = &["rd", "vrrp", "peer-filter"];

fn eos(claims: bool) -> Parser {
    Parser {
        dialect: dialect("eos").expect("EOS is read"),
        claims,
        company: member,
        alone: |_| None,
        is_excused,
    }
}

/// A session that uses the group which the last line of a BGP process is about, an interface that uses a
/// profile of translation: without one they do nothing.
fn member(path: &str) -> String {
    let lines: Vec<&str> = path.lines().collect();
    let name = |line: &str, at: usize| line.split_whitespace().nth(at).unwrap_or("").to_owned();
    let (first, last) = (lines.first().copied().unwrap_or(""), lines.last().copied().unwrap_or(""));
    if first.starts_with("ip nat profile ") {
        return format!("interface Ethernet99\n ip nat service-profile {}\n", name(first, 3));
    }
    if first.starts_with("router bgp ") && last.trim_start().starts_with("timers ") {
        let vrf = lines.get(1).filter(|line| line.starts_with(" vrf "));
        let vrf = vrf.map(|line| format!("{line}\n ")).unwrap_or_default();
        let process = name(first, 2);
        return format!("router bgp {process}\n{vrf} neighbor 192.0.2.98 remote-as 64511\n");
    }
    if !first.starts_with("router bgp ") || !last.trim_start().starts_with("neighbor ") {
        return String::new();
    }
    let group = name(last, 1);
    format!(
        "router bgp {}\n neighbor {group} peer group\n neighbor 192.0.2.99 remote-as 64510\n \
         neighbor 192.0.2.99 peer group {group}\n",
        name(first, 2)
    )
}

/// Whether the model need not hold a word: what takes back leaves nothing behind, and some values
/// are read only to know that they are there.
fn is_excused(above: &str, line: &str, at: usize) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    let word = line[at..].split_whitespace().next().unwrap_or("");
    matches!(first, "no" | "default")
        || UNHELD_LINES.contains(&first)
        || above.starts_with("peer-filter ")
        // The table that no VRF has keeps no targets.
        || first == "route-target" && !above.contains("\n vrf ")
        || before.last().is_some_and(|word| UNHELD.contains(word))
        // Comments, and the number of a remark, which only says where it stands.
        || before.contains(&"comment")
        || line.contains(" remark")
        || is_replaced(line, at, &before)
        || is_short_mask(line, &before, word)
        || is_narrowing(&before)
        || is_excused_in_routing(line, &before, word)
}

/// Whether a word is a netmask of no bits, or an address of which a mask leaves less than eight: few bits
/// of it count, and no other mask is as short as the shortest.
fn is_short_mask(line: &str, before: &[&str], word: &str) -> bool {
    let short = |mask: &str| {
        let bits = mask.parse::<Ipv4Addr>().map_or(u32::MAX, u32::from);
        bits.leading_ones() == bits.count_ones() && bits.leading_ones() < 8
    };
    let mut behind = line.split_whitespace().skip(before.len() + 1).filter(|it| *it != "mask");
    let interface = before.contains(&"address");
    !interface && (word == "0.0.0.0" || behind.next().is_some_and(short))
}

/// Whether an option stands in the line again: the last one counts.
fn is_replaced(line: &str, at: usize, before: &[&str]) -> bool {
    let behind = line[at..].split_whitespace().skip(1).collect::<Vec<_>>();
    let is_number = |word: &str| word.parse::<u32>().is_ok();
    let options = ["tag", "name", "metric"];
    match before {
        ["ip" | "ipv6", "route", .., last] if options.contains(last) => behind.contains(last),
        // The distance has no keyword.
        ["ip" | "ipv6", "route", .., last] => {
            let plain = |pair: &[&str]| !options.contains(&pair[0]) && is_number(pair[1]);
            let first = behind.first().is_some_and(|word| is_number(word));
            first || behind.windows(2).any(plain) && !options.contains(last)
        }
        _ => false,
    }
}

/// Whether a word is part of what narrows an entry of an access list beyond its addresses, of which the
/// model knows only that it is there.
fn is_narrowing(before: &[&str]) -> bool {
    let Some(action) = before.iter().position(|word| matches!(*word, "permit" | "deny")) else {
        return false;
    };
    if before.iter().take(2).any(|word| matches!(*word, "prefix-list" | "community-list")) {
        return false;
    }
    // The number of a protocol.
    if action + 1 == before.len() {
        return true;
    }
    let is_side = |word: &&&str| {
        let address = word.split('/').next().unwrap_or("");
        matches!(**word, "any") || address.parse::<IpAddr>().is_ok()
    };
    let sides = before[action..].iter().filter(is_side).count();
    let ports = ["eq", "neq", "lt", "gt", "range"];
    let behind_ports = before[action..].iter().any(|word| ports.contains(word));
    behind_ports || 2 < before.len() - action && 2 <= sides
}

/// Values of routes, translations and interior protocols of which the model needs nothing.
fn is_excused_in_routing(line: &str, before: &[&str], word: &str) -> bool {
    let holds = |words: &[&str]| line.split_whitespace().any(|it| words.contains(&it));
    match before {
        // The name of a process, and of a profile.
        ["router", protocol, ..] => *protocol != "bgp",
        ["ipv6", "router", ..] => true,
        ["ip", "nat", "profile", ..] => true,
        // Ports of a translation.
        ["ip", "nat", ..] => word.parse::<u32>().is_ok(),
        // The gateway of a route into another VRF, which leads to that VRF.
        ["ip" | "ipv6", "route", ..] if holds(&["egress-vrf"]) => {
            word.parse::<IpAddr>().is_ok() || before.last().is_some_and(|it| *it != "egress-vrf")
        }
        _ => false,
    }
}

#[test]
fn the_eos_grammar_is_sound() {
    holds(&sound(&grammar(eos(false).dialect)));
}

#[test]
fn every_eos_sentence_is_accepted() {
    let parser = eos(false);
    holds(&accepted(&grammar(parser.dialect), &parser, SEED, SENTENCES));
}

#[test]
fn every_eos_value_is_held_by_the_model() {
    let parser = eos(true);
    holds(&word_for_word(&grammar(parser.dialect), &parser, SEED, SENSITIVE));
}

#[test]
fn the_eos_grammar_and_parser_agree_on_damaged_sentences() {
    let parser = eos(false);
    holds(&agreement(&grammar(parser.dialect), &parser, SEED, MUTANTS));
}

#[test]
fn the_eos_parser_knows_the_words_of_its_grammar() {
    let sources = sources("eos");
    let keywords = sources.iter().flat_map(|source| keywords_at(source, &PLACES)).collect();
    holds(&vocabulary(&grammar(eos(false).dialect), &keywords));
}

#[test]
fn the_eos_parser_quotes_its_grammar() {
    let sources = sources("eos");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(eos(false).dialect), &sources));
}
