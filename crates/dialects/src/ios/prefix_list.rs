//! Prefix lists of both families.
//!
//! Entries stand in the order of their sequence numbers, in which a router evaluates and stores them. An entry
//! without a number goes behind all others, at the next multiple of 5; a number that is taken is overwritten.

use std::ops::RangeInclusive;

use edgelint_model::{ObjectKind, Part, PrefixEntry, PrefixList, State};
use edgelint_prefix::{Family, Prefix, PrefixRange};
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use crate::phrases::{self, lengths, negated, number_at, prefix_at, value_at};

/// Who says that lengths out of order are refused.
const REFUSED: &str =
    "Cisco IOS IP routing command reference, `ip prefix-list`: length < ge-value < le-value <= 32";

/// What a statement says about a list.
enum Said {
    Entry(Entry),
    Description(Span),
    /// `no … seq N`: the rest of the entry does not matter.
    Sequence(u32),
    Numbering,
    List,
}

/// An entry as written: values without their places, which nobody asks for unless one is refused.
struct Entry {
    sequence: Option<u32>,
    permit: bool,
    prefix: Prefix,
    least: Option<u32>,
    most: Option<u32>,
}

/// Reads a statement about a prefix list of either family.
pub(super) fn prefix_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let kind = match words.length(0) {
        4 => ObjectKind::Ipv6PrefixList,
        _ => ObjectKind::PrefixList,
    };
    let list = words.peek(2);
    let Some(said) = said(words, kind, negated) else {
        draft.account_at(Part::PrefixList, at, State::Unmodelled);
        if !list.is_empty() {
            draft.define(kind, list, at);
            if let Some(list) = draft.prefix_list(kind, list, at) {
                list.blind.push(at);
            }
        }
        return;
    };
    if matches!(said, Said::Numbering) {
        draft.account_at(Part::PrefixList, at, State::Inert);
        return;
    }
    draft.account_at(Part::PrefixList, at, State::Modelled);
    match (negated, said) {
        (false, Said::Entry(entry)) => {
            draft.define(kind, list, at);
            let range = range(draft, &entry, words);
            if let Some(list) = draft.prefix_list(kind, list, at)
                && let Some(range) = range
            {
                add(list, at, &entry, range);
            }
        }
        (true, Said::Entry(entry)) => {
            let range = range(draft, &entry, words);
            if let Some(list) = draft.prefix_list(kind, list, at) {
                list.entries.retain(|it| it.permit != entry.permit || Some(it.range) != range);
            }
        }
        (false, Said::Description(text)) => {
            draft.free_text(text);
            draft.define(kind, list, at);
            draft.prefix_list(kind, list, at);
        }
        (_, Said::Sequence(gone)) => {
            if let Some(list) = draft.prefix_list(kind, list, at) {
                list.entries.retain(|entry| entry.sequence != Some(gone));
            }
        }
        (_, Said::List) => draft.remove(kind, list),
        (_, Said::Description(_) | Said::Numbering) => {}
    }
}

/// A statement about a prefix list.
///
/// prefix-list ::= "ip" "prefix-list" list-name (prefix-entry4 | description) NL
///     | "ipv6" "prefix-list" list-name (prefix-entry6 | description) NL
/// list-name ::= NAME - "sequence-number"
fn said(words: Words<'_, '_>, kind: ObjectKind, negated: bool) -> Option<Said> {
    if words.is(2, "sequence-number") {
        return (words.len() == 3).then_some(Said::Numbering);
    }
    let behind = words.skip(3);
    if words.len() < 3 {
        return None;
    }
    if behind.is(0, "description") {
        return description(behind);
    }
    if negated { removed(behind, kind) } else { entry(behind, kind).map(Said::Entry) }
}

/// description ::= "description" REST
fn description(words: Words<'_, '_>) -> Option<Said> {
    words.skip(1).span().map(Said::Description)
}

/// What `no` takes away.
///
/// no-prefix-list ::= "no" ("ip" "prefix-list" list-name gone4? | "ipv6" "prefix-list" list-name gone6?) NL
/// gone4 ::= "seq" SEQ | prefix-entry4 | description
/// gone6 ::= "seq" SEQ | prefix-entry6 | description
fn removed(words: Words<'_, '_>, kind: ObjectKind) -> Option<Said> {
    if words.is_empty() {
        return Some(Said::List);
    }
    if words.is(0, "seq") && words.len() == 2 {
        return Some(Said::Sequence(value_at(words, 1, SEQUENCES)?));
    }
    let entry = entry(words, kind)?;
    let width = u32::from(entry.prefix.family().width());
    let possible = |length: Option<u32>| length.is_none_or(|length| length <= width);
    if !possible(entry.least) || !possible(entry.most) {
        return None;
    }
    match entry.sequence {
        Some(number) => Some(Said::Sequence(number)),
        None => Some(Said::Entry(entry)),
    }
}

/// What a sequence number may be.
const SEQUENCES: RangeInclusive<u32> = 1..=u32::MAX - 1;

/// An entry. Lists are what exports hold most of, so its words are looked at where they must stand.
///
/// prefix-entry4 ::= ("seq" SEQ)? action PREFIX4 (("ge" LEN4)? ("le" LEN4)? | "le" LEN4 "ge" LEN4)
/// prefix-entry6 ::= ("seq" SEQ)? action PREFIX6 (("ge" LEN6)? ("le" LEN6)? | "le" LEN6 "ge" LEN6)
/// action ::= "permit" | "deny"
fn entry(words: Words<'_, '_>, kind: ObjectKind) -> Option<Entry> {
    let mut at = 0;
    let mut sequence = None;
    if words.is(0, "seq") {
        sequence = Some(value_at(words, 1, SEQUENCES)?);
        at = 2;
    }
    let permit = words.is(at, "permit");
    if !permit && !words.is(at, "deny") {
        return None;
    }
    let (prefix, _) = Prefix::parse(words.peek(at + 1))?;
    let wanted = if kind == ObjectKind::PrefixList { Family::Ipv4 } else { Family::Ipv6 };
    if prefix.family() != wanted {
        return None;
    }
    at += 2;
    let (mut least, mut most) = (None, None);
    while at < words.len() {
        let bound = if words.is(at, "ge") && least.is_none() {
            &mut least
        } else if words.is(at, "le") && most.is_none() {
            &mut most
        } else {
            return None;
        };
        *bound = Some(value_at(words, at + 1, 0..=u32::MAX)?);
        at += 2;
    }
    Some(Entry { sequence, permit, prefix, least, most })
}

/// The range of lengths of an entry; what is wrong with it is told where there is none.
fn range(draft: &mut Draft<'_>, entry: &Entry, words: Words<'_, '_>) -> Option<PrefixRange> {
    let range = phrases::range(entry.prefix, entry.least, entry.most);
    if range.is_none()
        && let Some(Err((word, what))) = refused(words)
    {
        draft.device.coverage.refuse(word, what, REFUSED);
    }
    range
}

/// The words of an entry that is refused, read once more for their places.
fn refused(words: Words<'_, '_>) -> Option<Result<PrefixRange, (Span, &'static str)>> {
    let place = |word: &str| (3..words.len()).find(|at| words.is(*at, word));
    let bound = |word: &str| number_at(words, place(word)? + 1, 0..=u32::MAX);
    let action = place("permit").or_else(|| place("deny"))?;
    Some(lengths(prefix_at(words, action + 1)?, bound("ge"), bound("le")))
}

/// Puts an entry into its list.
fn add(list: &mut PrefixList<'_>, at: Span, entry: &Entry, range: PrefixRange) {
    let last = list.entries.last().and_then(|entry| entry.sequence).unwrap_or(0);
    let number = match entry.sequence {
        Some(number) => number,
        None => (last / 5).saturating_add(1).saturating_mul(5),
    };
    let entry = PrefixEntry { at, sequence: Some(number), permit: entry.permit, range };
    if last < number {
        list.entries.push(entry);
        return;
    }
    match list.entries.binary_search_by_key(&Some(number), |entry| entry.sequence) {
        Ok(place) => {
            if let Some(old) = list.entries.get_mut(place) {
                *old = entry;
            }
        }
        Err(place) => list.entries.insert(place, entry),
    }
}

#[cfg(test)]
mod tests {
    use crate::ios::rendering::device;

    fn lists(text: &str) -> String {
        device(text, |device| {
            let mut said: Vec<String> = device
                .prefix_lists
                .iter()
                .map(|list| {
                    let entries = list.entries.iter().map(|entry| {
                        let action = if entry.permit { "+" } else { "-" };
                        format!(" {}{action}{}", entry.sequence.unwrap_or(0), entry.range)
                    });
                    format!("{}:{}", list.name, entries.collect::<String>())
                })
                .collect();
            said.extend(device.coverage.complaints.iter().map(|it| it.what.to_owned()));
            said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
            said.join("|")
        })
    }

    #[test]
    fn entries_are_stored_as_the_router_stores_them() {
        let table = [
            ("ip prefix-list A seq 5 permit 10.0.0.0/8 le 24", "A: 5+10.0.0.0/8 le 24"),
            (
                "ip prefix-list A permit 10.0.0.0/8\nip prefix-list A deny 0.0.0.0/0",
                "A: 5+10.0.0.0/8 10-0.0.0.0/0",
            ),
            (
                "ip prefix-list A seq 7 permit 10.0.0.0/8\nip prefix-list A permit 10.1.0.0/16 ge 20",
                "A: 7+10.0.0.0/8 10+10.1.0.0/16 ge 20",
            ),
            (
                "ip prefix-list A seq 20 permit 10.2.0.0/16\nip prefix-list A seq 10 permit 10.1.0.0/16\n\
                 ip prefix-list A seq 20 deny 10.3.0.0/16",
                "A: 10+10.1.0.0/16 20-10.3.0.0/16",
            ),
            ("ip prefix-list A seq 5 permit 10.1.2.3/8", "A: 5+10.0.0.0/8"),
            ("IP Prefix-List a Seq 5 Permit 10.0.0.0/8 GE 9 LE 10", "a: 5+10.0.0.0/8 ge 9 le 10"),
            ("ip prefix-list A permit 10.0.0.0/8 le 24 ge 16", "A: 5+10.0.0.0/8 ge 16 le 24"),
            ("ipv6 prefix-list A permit 2001:db8::/32 le 48", "A: 5+2001:db8::/32 le 48"),
            (
                "ip prefix-list A permit 10.0.0.0/8 ge 33",
                "A:|the length is greater than that of an address",
            ),
            (
                "ip prefix-list A permit 10.0.0.0/8 ge 24 le 20",
                "A:|the greatest length is smaller than the least",
            ),
            (
                "ip prefix-list A permit 10.0.0.0/16 le 8",
                "A:|the length is smaller than the prefix's own",
            ),
            ("ip prefix-list A permit 10.0.0.0/8 eq 9", "A:|Unmodelled"),
            ("ip prefix-list A description all of it", "A:"),
            ("ip prefix-list A permit 10.0.0.0/8\nno ip prefix-list A", ""),
            (
                "ip prefix-list A permit 10.0.0.0/8\nip prefix-list A permit 10.0.0.0/9\n\
                 no ip prefix-list A seq 5\nno ip prefix-list A permit 10.0.0.0/9",
                "A:",
            ),
            ("no ip prefix-list sequence-number", ""),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
