//! Prefix lists of both families: `prefix-list`, without `ip` in front, and `ipv6 prefix-list`.
//!
//! Entries stand in the order of their sequence numbers, in which the device evaluates and stores them. An
//! entry without a number goes behind all others, at the next multiple of 5; a number that is taken is
//! overwritten (Cisco ASA Series Command Reference, `prefix-list`).

use edgelint_model::{Fact, ObjectKind, Part, PrefixEntry, State};
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::polarity;
use crate::phrases::{action, is_word, lengths, name, number_in, prefix4, prefix6, rest, word};

/// Who says that lengths out of order are refused.
const REFUSED: &str =
    "Cisco ASA Series Command Reference, `prefix-list`: len < min_value < max_value <= 32";

/// What a statement says about a list.
enum Said {
    Entry(Entry),
    Description(Span),
    /// `no … seq N`: the rest of the entry does not matter.
    Sequence(Option<Fact<u32>>),
    Numbering,
    List,
}

/// An entry as written.
struct Entry {
    sequence: Option<Fact<u32>>,
    permit: bool,
    prefix: Fact<Prefix>,
    least: Option<Fact<u32>>,
    most: Option<Fact<u32>>,
}

/// Reads a statement about a prefix list of either family.
pub(super) fn prefix_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let six = is_word(words, 0, "ipv6");
    let kind = if six { ObjectKind::Ipv6PrefixList } else { ObjectKind::PrefixList };
    let words = words.skip(1 + usize::from(six));
    let list = words.peek(0);
    let Ok((_, said)) = said(words, kind, negated) else {
        draft.account(Part::PrefixList, statement, State::Unmodelled);
        if !list.is_empty() {
            draft.define(kind, list, at);
            if let Some(list) = draft.prefix_list(kind, list, at) {
                list.blind.push(at);
            }
        }
        return;
    };
    if matches!(said, Said::Numbering) {
        draft.account(Part::PrefixList, statement, State::Inert);
        return;
    }
    draft.account(Part::PrefixList, statement, State::Modelled);
    match (negated, said) {
        (false, Said::Entry(entry)) => add(draft, kind, list, at, &entry),
        (true, Said::Entry(entry)) => {
            let range = entry.range().map_err(|(word, what)| {
                draft.device.coverage.refuse(word, what, REFUSED);
            });
            if let Some(list) = draft.prefix_list(kind, list, at) {
                list.entries.retain(|it| it.permit != entry.permit || Ok(it.range) != range);
            }
        }
        (false, Said::Description(text)) => {
            draft.free_text(text);
            draft.define(kind, list, at);
            draft.prefix_list(kind, list, at);
        }
        (_, Said::Sequence(gone)) => {
            let gone = gone.map(|number| number.value);
            if let Some(list) = draft.prefix_list(kind, list, at) {
                list.entries.retain(|entry| entry.sequence != gone);
            }
        }
        (_, Said::List) => draft.remove(kind, list),
        (_, Said::Description(_) | Said::Numbering) => {}
    }
}

/// A statement about a prefix list.
///
/// prefix-list ::= "prefix-list" list-name (prefix-entry4 | description) NL
///     | "ipv6" "prefix-list" list-name (prefix-entry6 | description) NL
/// list-name ::= NAME - "sequence-number"
fn said<'w, 't>(input: Words<'w, 't>, kind: ObjectKind, negated: bool) -> Parsed<'w, 't, Said> {
    if is_word(input, 0, "sequence-number") && input.len() == 1 {
        return Ok((input.skip(1), Said::Numbering));
    }
    let (left, list) = name(input)?;
    if list.value.eq_ignore_ascii_case("sequence-number") {
        return input.expected("the name of a list");
    }
    if let Ok((left, said)) = description(left) {
        return Ok((left, said));
    }
    if negated {
        return removed(left, kind);
    }
    let (left, entry) = entry(left, kind)?;
    if left.is_empty() { Ok((left, Said::Entry(entry))) } else { left.expected("the end") }
}

/// description ::= "description" REST
fn description<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said> {
    let (left, _) = word("description")(input)?;
    let (left, text) = rest(left)?;
    Ok((left, Said::Description(text.at())))
}

/// What `no` takes away.
///
/// no-prefix-list ::= "no" ("prefix-list" list-name gone4? | "ipv6" "prefix-list" list-name gone6?) NL
/// gone4 ::= "seq" SEQ | prefix-entry4 | description
/// gone6 ::= "seq" SEQ | prefix-entry6 | description
fn removed<'w, 't>(input: Words<'w, 't>, kind: ObjectKind) -> Parsed<'w, 't, Said> {
    if input.is_empty() {
        return Ok((input, Said::List));
    }
    if is_word(input, 0, "seq") {
        let (left, number) = number_in(1, u32::MAX - 1)(input.skip(1))?;
        if left.is_empty() {
            return Ok((left, Said::Sequence(Some(number))));
        }
    }
    let (left, entry) = entry(input, kind)?;
    let width = u32::from(entry.prefix.value.family().width());
    let possible = |length: Option<Fact<u32>>| length.is_none_or(|length| length.value <= width);
    if !left.is_empty() || !possible(entry.least) || !possible(entry.most) {
        return left.expected("the end");
    }
    match entry.sequence {
        Some(number) => Ok((left, Said::Sequence(Some(number)))),
        None => Ok((left, Said::Entry(entry))),
    }
}

/// An entry.
///
/// prefix-entry4 ::= ("seq" SEQ)? action PREFIX4 (("ge" LEN4)? ("le" LEN4)? | "le" LEN4 "ge" LEN4)
/// prefix-entry6 ::= ("seq" SEQ)? action PREFIX6 (("ge" LEN6)? ("le" LEN6)? | "le" LEN6 "ge" LEN6)
/// action ::= "permit" | "deny"
fn entry<'w, 't>(input: Words<'w, 't>, kind: ObjectKind) -> Parsed<'w, 't, Entry> {
    let (left, sequence) = if is_word(input, 0, "seq") {
        let (left, number) = number_in(1, u32::MAX - 1)(input.skip(1))?;
        (left, Some(number))
    } else {
        (input, None)
    };
    let (left, permit) = action(left)?;
    let (mut left, prefix) =
        if kind == ObjectKind::PrefixList { prefix4(left)? } else { prefix6(left)? };
    let (mut least, mut most) = (None, None);
    while !left.is_empty() {
        let bound = if is_word(left, 0, "ge") && least.is_none() {
            &mut least
        } else if is_word(left, 0, "le") && most.is_none() {
            &mut most
        } else {
            return left.expected("ge, le or the end");
        };
        let (behind, length) = number_in(0, u32::MAX)(left.skip(1))?;
        *bound = Some(length);
        left = behind;
    }
    Ok((left, Entry { sequence, permit, prefix, least, most }))
}

impl Entry {
    /// The range of lengths, or what is wrong with it and where.
    fn range(&self) -> Result<PrefixRange, (Span, &'static str)> {
        lengths(self.prefix, self.least, self.most)
    }
}

/// Puts an entry into its list.
fn add<'t>(draft: &mut Draft<'t>, kind: ObjectKind, name: &'t str, at: Span, entry: &Entry) {
    draft.define(kind, name, at);
    let range = match entry.range() {
        Ok(range) => range,
        Err((word, what)) => {
            draft.device.coverage.refuse(word, what, REFUSED);
            draft.prefix_list(kind, name, at);
            return;
        }
    };
    let Some(list) = draft.prefix_list(kind, name, at) else { return };
    let last = list.entries.last().and_then(|entry| entry.sequence).unwrap_or(0);
    let number = match entry.sequence {
        Some(number) => number.value,
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
    use crate::asa::rendering::device;

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
    fn entries_stand_in_the_order_of_their_numbers() {
        let table = [
            ("prefix-list A seq 5 permit 192.0.2.0/24", "A: 5+192.0.2.0/24"),
            (
                "prefix-list A permit 192.0.2.0/24 le 32\nprefix-list A deny 0.0.0.0/0",
                "A: 5+192.0.2.0/24 le 32 10-0.0.0.0/0",
            ),
            (
                "prefix-list A seq 20 deny 0.0.0.0/0 le 32\nprefix-list A seq 10 permit 10.0.0.0/8 ge 9 le 24",
                "A: 10+10.0.0.0/8 ge 9 le 24 20-0.0.0.0/0 le 32",
            ),
            ("ipv6 prefix-list A seq 5 permit 2001:db8::/32 ge 48", "A: 5+2001:db8::/32 ge 48"),
            ("prefix-list A description text\nno prefix-list A", ""),
            (
                "prefix-list A seq 5 permit 192.0.2.0/24 le 8",
                "A:|the length is smaller than the prefix's own",
            ),
            ("prefix-list A seq 5 permit 192.0.2.0 255.255.255.0", "A:|Unmodelled"),
            ("no prefix-list sequence-number", ""),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
