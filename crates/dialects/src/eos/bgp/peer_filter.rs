//! Peer filters: which AS numbers sessions may have that are opened from a range or on an interface.
//!
//! The model expects one number or none. A filter that accepts a single number gives it; any other says
//! only who may call, and that number is not known before.

use edgelint_model::{Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::super::draft::Draft;
use super::super::lines::{is_exit, polarity, whole};
use crate::phrases::{asn, number_in, parse_asn, word};

/// A peer filter.
#[derive(Debug)]
pub(super) struct PeerFilter<'t> {
    pub(super) name: &'t str,
    /// Whether all lines were understood.
    certain: bool,
    entries: Vec<Entry>,
}

/// An entry: lowest and highest AS number, and whether such neighbors are accepted.
#[derive(Clone, Copy, Debug)]
struct Entry {
    sequence: u32,
    least: u32,
    most: u32,
    accepts: bool,
}

impl PeerFilter<'_> {
    /// The only number that is accepted, where it is only one.
    pub(super) fn only(&self) -> Option<u32> {
        let mut accepted = self.entries.iter().filter(|entry| entry.accepts);
        let first = accepted.next().filter(|entry| entry.least == entry.most && self.certain)?;
        accepted.next().is_none().then_some(first.least)
    }
}

/// peer-filter ::= "peer-filter" NAME NL (INDENT (peer-filter-line NL)* (peer-filter-line NL | inert-exit) DEDENT)? | ("no" | "default") "peer-filter" NAME NL
pub(in crate::eos) fn peer_filter<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let name = words.peek(1);
    if words.len() != 2 {
        return draft.account_block(Part::Bgp, statement, State::Unmodelled);
    }
    draft.account(Part::Bgp, statement, State::Modelled);
    draft.pending.bgp.filters.retain(|filter| filter.name != name);
    let mut filter = PeerFilter { name, certain: true, entries: Vec::new() };
    for child in statement.children() {
        let state = match whole(line(child.words())) {
            _ if is_exit(child.words()) => State::Inert,
            Some(entry) => {
                let last = filter.entries.last().map_or(0, |last| last.sequence);
                let sequence = entry.0.unwrap_or(last.saturating_add(10));
                filter.entries.retain(|it| it.sequence != sequence);
                filter.entries.push(Entry { sequence, ..entry.1 });
                filter.entries.sort_by_key(|entry| entry.sequence);
                State::Modelled
            }
            None => {
                filter.certain = false;
                State::Unmodelled
            }
        };
        draft.account(Part::Bgp, child, state);
        draft.stray(child);
    }
    if !negated {
        draft.pending.bgp.filters.push(filter);
    }
}

/// peer-filter-line ::= SEQ? "match" "as-range" as-range "result" ("accept" | "reject")
fn line<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (Option<u32>, Entry)> {
    let (left, sequence) = match number_in(1, u32::MAX - 1)(input) {
        Ok((left, number)) => (left, Some(number.value)),
        Err(_) => (input, None),
    };
    let (left, _) = word("match")(left)?;
    let (left, _) = word("as-range")(left)?;
    let (left, (least, most)) = as_range(left)?;
    let (left, _) = word("result")(left)?;
    let (left, accepts) = match word("accept")(left) {
        Ok((left, _)) => (left, true),
        Err(_) => (word("reject")(left)?.0, false),
    };
    Ok((left, (sequence, Entry { sequence: 0, least, most, accepts })))
}

/// A number, or two with a dash between them in one word.
///
/// as-range ::= ASN
fn as_range<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (u32, u32)> {
    if let Some((least, most)) = input.peek(0).split_once('-') {
        return match (parse_asn(least), parse_asn(most)) {
            (Some(least), Some(most)) => Ok((input.skip(1), (least, most))),
            _ => input.expected("AS numbers"),
        };
    }
    asn(input).map(|(left, number)| (left, (number.value, number.value)))
}
