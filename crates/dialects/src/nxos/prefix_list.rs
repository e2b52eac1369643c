//! Prefix lists of both families.
//!
//! Entries stand in the order of their sequence numbers, in which a device evaluates and stores them. An
//! entry without a number goes behind all others, at the next multiple of 5; a number that is taken is
//! overwritten.

use edgelint_model::{Fact, ObjectKind, Part, PrefixEntry, State};
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use crate::phrases::{
    action, is_word, lengths, name, negated, number_in, prefix4, prefix6, rest, word,
};

/// Who says that a length is refused which no address has. (That of two lengths the greater one comes last, and
/// that both are at least the prefix's own, nobody was found to show.)
const REFUSED: &str = "Cisco Nexus 9000 NX-OS Unicast Routing Command Reference, `ip prefix-list`: \
                       lengths are numbers up to 32, `ipv6 prefix-list`: up to 128";

/// What a statement says about a list.
enum Said {
    Entry(Entry),
    Description(Span),
    /// `no … seq N`: the rest of the entry does not matter.
    Sequence(u32),
    List,
}

/// An entry as written.
struct Entry {
    sequence: Option<u32>,
    permit: bool,
    prefix: Fact<Prefix>,
    least: Option<Fact<u32>>,
    most: Option<Fact<u32>>,
}

/// Reads a statement about a prefix list of either family.
pub(super) fn prefix_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let kind =
        if is_word(words, 0, "ipv6") { ObjectKind::Ipv6PrefixList } else { ObjectKind::PrefixList };
    let list = words.peek(2);
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
    draft.account(Part::PrefixList, statement, State::Modelled);
    match (negated, said) {
        (false, Said::Entry(entry)) => add(draft, kind, list, at, &entry),
        (true, Said::Entry(entry)) => {
            let range = entry.range().map_err(|wrong| complain(draft, &entry, wrong));
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
            if let Some(list) = draft.prefix_list(kind, list, at) {
                list.entries.retain(|entry| entry.sequence != Some(gone));
            }
        }
        (_, Said::List) => draft.remove(kind, list),
        (true, Said::Description(_)) => {}
    }
}

/// A statement about a prefix list.
///
/// prefix-list ::= "ip" "prefix-list" NAME (prefix-entry4 | description) NL
///     | "ipv6" "prefix-list" NAME (prefix-entry6 | description) NL
/// description ::= "description" REST
fn said<'w, 't>(input: Words<'w, 't>, kind: ObjectKind, negated: bool) -> Parsed<'w, 't, Said> {
    let (left, _) = name(input.skip(2))?;
    if let Ok((left, _)) = word("description")(left) {
        let (left, text) = rest(left)?;
        return Ok((left, Said::Description(text.at())));
    }
    if negated {
        return removed(left, kind);
    }
    let (left, entry) = entry(left, kind)?;
    if left.is_empty() { Ok((left, Said::Entry(entry))) } else { left.expected("the end") }
}

/// What `no` takes away.
///
/// no-prefix-list ::= undo ("ip" "prefix-list" NAME gone4? | "ipv6" "prefix-list" NAME gone6?) NL
/// gone4 ::= "seq" SEQ | prefix-entry4 | description
/// gone6 ::= "seq" SEQ | prefix-entry6 | description
fn removed<'w, 't>(input: Words<'w, 't>, kind: ObjectKind) -> Parsed<'w, 't, Said> {
    if input.is_empty() {
        return Ok((input, Said::List));
    }
    if is_word(input, 0, "seq") {
        let (left, number) = number_in(1, u32::MAX - 1)(input.skip(1))?;
        if left.is_empty() {
            return Ok((left, Said::Sequence(number.value)));
        }
    }
    let (left, entry) = entry(input, kind)?;
    let width = u32::from(entry.prefix.value.family().width());
    let possible = |length: Option<Fact<u32>>| length.is_none_or(|length| length.value <= width);
    if !left.is_empty() || !possible(entry.least) || !possible(entry.most) {
        return left.expected("the end");
    }
    match entry.sequence {
        Some(number) => Ok((left, Said::Sequence(number))),
        None => Ok((left, Said::Entry(entry))),
    }
}

/// An entry. (`mask` compares other bits than the first ones, which no range of lengths says: an entry with
/// it is not understood.)
///
/// prefix-entry4 ::= ("seq" SEQ)? action PREFIX4 ("eq" LEN4 | ("ge" LEN4)? ("le" LEN4)? | "le" LEN4 "ge" LEN4)
/// prefix-entry6 ::= ("seq" SEQ)? action PREFIX6 ("eq" LEN6 | ("ge" LEN6)? ("le" LEN6)? | "le" LEN6 "ge" LEN6)
/// action ::= "permit" | "deny"
fn entry<'w, 't>(input: Words<'w, 't>, kind: ObjectKind) -> Parsed<'w, 't, Entry> {
    let (left, sequence) = if is_word(input, 0, "seq") {
        let (left, number) = number_in(1, u32::MAX - 1)(input.skip(1))?;
        (left, Some(number.value))
    } else {
        (input, None)
    };
    let (left, permit) = action(left)?;
    let (mut left, prefix) =
        if kind == ObjectKind::PrefixList { prefix4(left)? } else { prefix6(left)? };
    let (mut least, mut most) = (None, None);
    if is_word(left, 0, "eq") {
        let (left, length) = number_in(0, u32::MAX)(left.skip(1))?;
        let length = Some(length);
        return Ok((left, Entry { sequence, permit, prefix, least: length, most: length }));
    }
    while !left.is_empty() {
        let bound = if is_word(left, 0, "ge") && least.is_none() {
            &mut least
        } else if is_word(left, 0, "le") && most.is_none() {
            &mut most
        } else {
            return left.expected("eq, ge, le or the end");
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

/// Records a length that cannot be meant.
fn complain(draft: &mut Draft<'_>, entry: &Entry, (word, what): (Span, &'static str)) {
    let width = u32::from(entry.prefix.value.family().width());
    let beyond = [entry.least, entry.most].iter().flatten().any(|length| width < length.value);
    if beyond {
        draft.device.coverage.refuse(word, what, REFUSED);
    } else {
        draft.device.coverage.complain(word, what);
    }
}

/// Puts an entry into its list.
fn add<'t>(draft: &mut Draft<'t>, kind: ObjectKind, name: &'t str, at: Span, entry: &Entry) {
    draft.define(kind, name, at);
    let range = match entry.range() {
        Ok(range) => range,
        Err(wrong) => {
            complain(draft, entry, wrong);
            draft.prefix_list(kind, name, at);
            return;
        }
    };
    let Some(list) = draft.prefix_list(kind, name, at) else { return };
    let last = list.entries.last().and_then(|entry| entry.sequence).unwrap_or(0);
    let number = entry.sequence.unwrap_or((last / 5).saturating_add(1).saturating_mul(5));
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
    use crate::nxos::rendering::device;

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
    fn entries_are_stored_as_the_device_stores_them() {
        let table = [
            ("ip prefix-list A seq 5 permit 10.0.0.0/8 le 24", "A: 5+10.0.0.0/8 le 24"),
            ("ip prefix-list A permit 10.0.0.0/8 eq 24", "A: 5+10.0.0.0/8 ge 24 le 24"),
            (
                "ip prefix-list A seq 7 permit 10.0.0.0/8\nip prefix-list A permit 10.1.0.0/16 ge 20",
                "A: 7+10.0.0.0/8 10+10.1.0.0/16 ge 20",
            ),
            (
                "ip prefix-list A seq 20 permit 10.2.0.0/16\nip prefix-list A seq 10 permit 10.1.0.0/16\n\
                 ip prefix-list A seq 20 deny 10.3.0.0/16",
                "A: 10+10.1.0.0/16 20-10.3.0.0/16",
            ),
            ("ip prefix-list A seq 5 permit 10.0.0.0/8 mask 255.0.255.0", "A:|Unmodelled"),
            ("ipv6 prefix-list A permit 2001:db8::/32 le 48", "A: 5+2001:db8::/32 le 48"),
            (
                "ip prefix-list A permit 10.0.0.0/16 eq 8",
                "A:|the length is smaller than the prefix's own",
            ),
            ("ip prefix-list A description all of it", "A:"),
            ("ip prefix-list A permit 10.0.0.0/8\nno ip prefix-list A", ""),
            (
                "ip prefix-list A permit 10.0.0.0/8\nip prefix-list A permit 10.0.0.0/9\n\
                 no ip prefix-list A seq 5\nno ip prefix-list A permit 10.0.0.0/9",
                "A:",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
