//! The contract for Junos, whose statements are paths: one a line, behind `set`.
//!
//! No line depends on the one above, so each is read by itself as well: what it adds to the account
//! says what became of it. Three checks hold; damaged sentences do not yet, because the parser takes
//! what it does not know of an interface or another protocol for inert, and the grammar does not.

use std::net::IpAddr;

use edgelint_contract::checks::{Reading, State, StatementVerdict, Witness, accepted, quoted};
use edgelint_contract::sound::sound;
use edgelint_dialects::{Dialect, dialect};
use edgelint_model::Device;
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;

use super::{SEED, SENTENCES, grammar, holds, sources};

struct Paths(&'static Dialect);

fn junos() -> Paths {
    Paths(dialect("junos").expect("Junos is read"))
}

impl Witness for Paths {
    fn read(&self, text: &str) -> Reading {
        let mut reading = Reading::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let tree = (self.0.lay_out)(Lines::split(FileId(0), line));
            let arena = Arena::new();
            let devices = (self.0.read)(&tree, &arena);
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
            let claimed = Vec::new();
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

/// Complaints about how two values of a statement relate, which no grammar can say.
const RELATIONS: &[&str] = &["the last address comes before the first"];

fn complaints(device: &Device<'_>) -> usize {
    let complaints = device.coverage.complaints.iter();
    complaints.filter(|complaint| !RELATIONS.contains(&complaint.what)).count()
}

/// Whether a route filter asks for what its own prefix excludes: a shorter one, or one elsewhere.
fn is_contradiction(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.windows(3).any(|words| {
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
            // Two lengths, which are no class of values.
            "prefix-length-range" => {
                let own = own_length(words[0]);
                let ends = words[2].split_once('-');
                let length = |text: &str| text.strip_prefix('/')?.parse::<u32>().ok();
                let ends = ends.and_then(|(least, most)| length(least).zip(length(most)));
                ends.is_none_or(|(least, most)| least < own || most < least)
            }
            _ => false,
        }
    })
}

/// The bits of a prefix, IPv4 behind 96 ones, and its length with them.
fn prefix(text: &str) -> Option<(u128, u32)> {
    let (address, _) = text.split_once('/')?;
    Some(match address.parse().ok()? {
        IpAddr::V4(address) => {
            (u128::MAX << 32 | u128::from(address.to_bits()), 96 + own_length(text))
        }
        IpAddr::V6(address) => (address.to_bits(), own_length(text)),
    })
}

fn own_length(text: &str) -> u32 {
    text.split_once('/').and_then(|(_, length)| length.parse().ok()).unwrap_or(0)
}

fn shift(length: u32) -> u32 {
    128_u32.saturating_sub(length)
}

#[test]
fn the_grammar_is_sound() {
    holds(&sound(&grammar(junos().0)));
}

#[test]
fn every_sentence_is_accepted() {
    holds(&accepted(&grammar(junos().0), &junos(), SEED, SENTENCES));
}

#[test]
fn the_parser_quotes_its_grammar() {
    let sources = sources("junos");
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    holds(&quoted(&grammar(junos().0), &sources));
}
