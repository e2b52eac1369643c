//! The contract for FRR.

use edgelint_contract::checks::{accepted, agreement, quoted, vocabulary, word_for_word};
use edgelint_contract::sound::sound;
use edgelint_contract::source::{Places, keywords_at};
use edgelint_dialects::dialect;

use super::{MUTANTS, Parser, SEED, SENSITIVE, SENTENCES, grammar, holds, sources};

/// Where FRR parsers keep their keywords.
const PLACES: Places<'_> = Places {
    calls: &["word", "is_word"],
    tables: &["INERT", "INERT_IP", "BLOCKS", "LOCAL_AS", "MULTICAST", "LIST_KINDS"],
    arms: true,
};

/// Behind these stands a value of which the model keeps only that it is there, or that decides nothing.
const UNHELD: &[&str] = &[
    "version",
    "label-index",
    "message",
    "profile",
    "peer",
    "label",
    "table",
    "color",
    "weight",
    "segments",
    "from",
    "vni",
    "metric-type",
    "restart",
    "alias",
    "optimization",
];
/// Lines whose values are not kept: they name what stands elsewhere, or number it.
const UNHELD_LINES: &[&str] = &["rd"];

fn frr(claims: bool) -> Parser {
    Parser {
        dialect: dialect("frr").expect("FRR is read"),
        claims,
        company,
        alone: |_| None,
        is_excused,
    }
}

/// A session that joins the group which the last line of a process is about: without one it makes no
/// neighbor; and a clause behind the one that leads there.
fn company(path: &str) -> String {
    let lines: Vec<&str> = path.lines().collect();
    let first = lines.first().copied().unwrap_or("");
    let last = lines.last().copied().unwrap_or("").trim_start();
    if let Some(map) = first.strip_prefix("route-map ") {
        let map = map.split_whitespace().next().unwrap_or("");
        let behind = last.split_whitespace().last().and_then(|word| word.parse::<u32>().ok());
        let leads = last.starts_with("continue ") || last.starts_with("on-match ");
        return match behind.filter(|_| leads) {
            Some(number) => format!("route-map {map} permit {number}\n"),
            None if last.starts_with("call ") => {
                format!("route-map {} permit 1\n", last.split_whitespace().nth(1).unwrap_or(""))
            }
            None => String::new(),
        };
    }
    if !first.starts_with("router bgp ") || !last.starts_with("neighbor ") {
        return String::new();
    }
    let name = last.split_whitespace().nth(1).unwrap_or("");
    format!(
        " neighbor {name} peer-group\n neighbor 192.0.2.99 remote-as 64510\n neighbor 192.0.2.99 peer-group {name}\n"
    )
}

/// Whether the model need not hold a word: what takes back leaves nothing behind, and some values are
/// read only to know that they are there.
fn is_excused(above: &str, line: &str, at: usize) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let before: Vec<&str> = line[..at].split_whitespace().collect();
    let word = line[at..].split_whitespace().next().unwrap_or("");
    let holds = |words: &[&str]| line.split_whitespace().any(|it| words.contains(&it));
    let behind = |words: &[&str]| before.last().is_some_and(|it| words.contains(it));
    let is_number = word.parse::<u32>().is_ok();
    first == "no"
        || UNHELD_LINES.contains(&first)
        || behind(UNHELD)
        // The number of such a line only says where it stands.
        || behind(&["seq"]) && holds(&["community-list", "as-path"])
        // A filter is not defined here.
        || first == "distribute-list" && before.iter().any(|it| matches!(*it, "in" | "out"))
        // The name of the other process, and what is set but for the metric.
        || first == "redistribute" && (before.len() == 2 && is_number || behind(&["tag", "table", "table-direct"]))
        // Limits and timers.
        || first == "neighbor" && is_number && holds(&["maximum-prefix", "bfd"])
        // The name of a process.
        || first == "router" && before.len() == 2 && before != ["router", "bgp"]
        // Targets of the table that no VRF has, and of an overlay.
        || matches!(first, "rt" | "route-target" | "route-map") && !above.contains(" vrf ")
        // Where no clause is behind, it does not matter which one is not there.
        || behind(&["continue", "goto"]) && leads_nowhere(above, word)
        // What watches a route.
        || matches!(first, "ip" | "ipv6") && before.contains(&"bfd")
        // No other value of this class is as long.
        || word == "10" && behind(&["allowas-in", "last-as"])
        // What stands behind a blackhole is not used.
        || matches!(first, "ip" | "ipv6") && holds(&["nexthop-vrf"])
}

/// Whether a clause cannot lead to a number: it is not behind its own.
fn leads_nowhere(above: &str, number: &str) -> bool {
    let own = above.split_whitespace().last().and_then(|word| word.parse::<u32>().ok());
    let wanted = number.parse::<u32>().ok();
    wanted <= own || wanted == Some(65_535)
}

#[test]
fn the_frr_grammar_is_sound() {
    holds(&sound(&grammar(frr(false).dialect)));
}

#[test]
fn every_frr_sentence_is_accepted() {
    let parser = frr(false);
    holds(&accepted(&grammar(parser.dialect), &parser, SEED, SENTENCES));
}

#[test]
fn every_frr_value_is_held_by_the_model() {
    let parser = frr(true);
    holds(&word_for_word(&grammar(parser.dialect), &parser, SEED, SENSITIVE));
}

#[test]
fn the_frr_grammar_and_parser_agree_on_damaged_sentences() {
    let parser = frr(false);
    holds(&agreement(&grammar(parser.dialect), &parser, SEED, MUTANTS));
}

#[test]
fn the_frr_parser_knows_the_words_of_its_grammar() {
    let sources = sources("frr");
    let keywords = sources.iter().flat_map(|source| keywords_at(source, &PLACES)).collect();
    holds(&vocabulary(&grammar(frr(false).dialect), &keywords));
}

#[test]
fn the_frr_parser_quotes_its_grammar() {
    let sources = sources("frr");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(frr(false).dialect), &sources));
}
