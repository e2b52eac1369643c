//! Prefix lists of both families: an entry a line, or a block of entries.
//!
//! Entries stand in the order of their sequence numbers, in which a device evaluates and stores them. An
//! entry without a number goes behind all others, at the next multiple of 10 (EOS manual, `ip prefix-list`:
//! the number is ten more than that of the last entry); a number that is taken is overwritten.

use edgelint_model::{Fact, ObjectKind, Part, PrefixEntry, State};
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::is_exit;
use crate::phrases::{action, is_word, lengths, negated, number_in, prefix4, prefix6, word};

/// What a line says about a list.
enum Said {
    Entry(Entry),
    Remark(Option<Span>),
    /// `no … seq N`: the rest of the entry does not matter.
    Sequence(Fact<u32>),
}

/// An entry as written.
struct Entry {
    sequence: Option<Fact<u32>>,
    permit: bool,
    prefix: Fact<Prefix>,
    least: Option<Fact<u32>>,
    most: Option<Fact<u32>>,
}

/// Reads a statement about a prefix list of either family, and the block of entries where it has one.
///
/// prefix-list ::= "ip" "prefix-list" NAME list-line4 NL | "ipv6" "prefix-list" NAME list-line6 NL
///     | "ip" "prefix-list" NAME NL (INDENT (list-line4 NL | list-gone NL)* (list-line4 NL | list-gone NL | inert-exit) DEDENT)?
///     | "ipv6" "prefix-list" NAME NL (INDENT (list-line6 NL | list-gone NL)* (list-line6 NL | list-gone NL | inert-exit) DEDENT)?
/// no-prefix-list ::= ("no" | "default") ("ip" | "ipv6") "prefix-list" NAME ("seq" SEQ)? NL
pub(super) fn prefix_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    let kind =
        if is_word(words, 0, "ipv6") { ObjectKind::Ipv6PrefixList } else { ObjectKind::PrefixList };
    let list = words.peek(2);
    let words = words.skip(3);
    if list.is_empty() {
        draft.account(Part::PrefixList, statement, State::Unmodelled);
        return draft.stray(statement);
    }
    if negated {
        draft.stray(statement);
        let state = match gone(words) {
            _ if words.is_empty() => {
                draft.remove(kind, list);
                State::Modelled
            }
            Ok((left, number)) if left.is_empty() => {
                take_back(draft, (kind, list), number, at);
                State::Modelled
            }
            _ => not_understood(draft, (kind, list), at),
        };
        return draft.account(Part::PrefixList, statement, state);
    }
    draft.define(kind, list, at);
    draft.prefix_list(kind, list, at);
    if !words.is_empty() {
        draft.stray(statement);
        let state = line(draft, (kind, list), words, at);
        return draft.account(Part::PrefixList, statement, state);
    }
    draft.account(Part::PrefixList, statement, State::Modelled);
    for child in statement.children() {
        let state = match is_exit(child.words()) {
            true => State::Inert,
            false => line(draft, (kind, list), child.words(), child.span()),
        };
        draft.account(Part::PrefixList, child, state);
        draft.stray(child);
    }
}

type List<'t> = (ObjectKind, &'t str);

/// Puts what a line says into its list.
fn line<'t>(draft: &mut Draft<'t>, list: List<'t>, words: Words<'_, 't>, at: Span) -> State {
    match said(words, list.0) {
        Ok((left, Said::Entry(entry))) if left.is_empty() => add(draft, list, at, &entry),
        Ok((left, Said::Remark(text))) if left.is_empty() => {
            draft.device.free_text.extend(text);
            State::Modelled
        }
        Ok((left, Said::Sequence(number))) if left.is_empty() => {
            take_back(draft, list, number, at);
            State::Modelled
        }
        _ => not_understood(draft, list, at),
    }
}

fn not_understood<'t>(draft: &mut Draft<'t>, (kind, name): List<'t>, at: Span) -> State {
    if let Some(list) = draft.prefix_list(kind, name, at) {
        list.blind.push(at);
    }
    State::Unmodelled
}

fn take_back<'t>(draft: &mut Draft<'t>, (kind, name): List<'t>, number: Fact<u32>, at: Span) {
    if draft.device.prefix_lists.iter().all(|list| list.name != name) {
        return;
    }
    if let Some(list) = draft.prefix_list(kind, name, at) {
        list.entries.retain(|entry| entry.sequence != Some(number.value));
    }
}

/// list-line4 ::= prefix-entry4 | remark
/// list-line6 ::= prefix-entry6 | remark
/// remark ::= "remark" REST?
/// list-gone ::= "no" "seq" SEQ
fn said<'w, 't>(input: Words<'w, 't>, kind: ObjectKind) -> Parsed<'w, 't, Said> {
    if is_word(input, 0, "remark") {
        return Ok((input.skip(input.len()), Said::Remark(input.skip(1).span())));
    }
    if let Ok((left, _)) = word("no")(input) {
        return gone(left).map(|(left, number)| (left, Said::Sequence(number)));
    }
    entry(input, kind).map(|(left, entry)| (left, Said::Entry(entry)))
}

fn gone<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<u32>> {
    let (left, _) = word("seq")(input)?;
    sequence(left)
}

/// The number of an entry.
fn sequence<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<u32>> {
    number_in(1, u32::MAX - 1)(input)
}

/// An entry.
///
/// prefix-entry4 ::= ("seq" SEQ)? action PREFIX4 ("eq" LEN4 | "ge" LEN4 ("le" LEN4)? | "le" LEN4)?
/// prefix-entry6 ::= ("seq" SEQ)? action PREFIX6 ("eq" LEN6 | "ge" LEN6 ("le" LEN6)? | "le" LEN6)?
/// action ::= "permit" | "deny"
fn entry<'w, 't>(input: Words<'w, 't>, kind: ObjectKind) -> Parsed<'w, 't, Entry> {
    let (left, sequence) = match word("seq")(input) {
        Ok((left, _)) => {
            let (left, number) = sequence(left)?;
            (left, Some(number))
        }
        Err(_) => (input, None),
    };
    let (left, permit) = action(left)?;
    let (left, prefix) =
        if kind == ObjectKind::PrefixList { prefix4(left)? } else { prefix6(left)? };
    let width = u32::from(prefix.value.family().width());
    let length = number_in(0, width);
    let mut entry = Entry { sequence, permit, prefix, least: None, most: None };
    if is_word(left, 0, "eq") {
        let (left, exact) = length(left.skip(1))?;
        entry.least = Some(exact);
        entry.most = Some(exact);
        return Ok((left, entry));
    }
    let mut left = left;
    if is_word(left, 0, "ge") {
        let (behind, least) = length(left.skip(1))?;
        entry.least = Some(least);
        left = behind;
    }
    if is_word(left, 0, "le") {
        let (behind, most) = length(left.skip(1))?;
        entry.most = Some(most);
        left = behind;
    }
    Ok((left, entry))
}

impl Entry {
    /// The range of lengths, or what is wrong with it and where.
    fn range(&self) -> Result<PrefixRange, (Span, &'static str)> {
        lengths(self.prefix, self.least, self.most)
    }
}

/// Puts an entry into its list. What a device makes of lengths out of order nobody has shown: the list is
/// not certain then.
fn add<'t>(draft: &mut Draft<'t>, list: List<'t>, at: Span, entry: &Entry) -> State {
    let range = match entry.range() {
        Ok(range) => range,
        Err((word, what)) => {
            draft.device.coverage.complain(word, what);
            not_understood(draft, list, at);
            return State::Modelled;
        }
    };
    let Some(list) = draft.prefix_list(list.0, list.1, at) else { return State::Modelled };
    let last = list.entries.last().and_then(|entry| entry.sequence).unwrap_or(0);
    let number = match entry.sequence {
        Some(number) => number.value,
        None => last.saturating_add(10),
    };
    let entry = PrefixEntry { at, sequence: Some(number), permit: entry.permit, range };
    if last < number {
        list.entries.push(entry);
        return State::Modelled;
    }
    match list.entries.binary_search_by_key(&Some(number), |entry| entry.sequence) {
        Ok(place) => {
            if let Some(old) = list.entries.get_mut(place) {
                *old = entry;
            }
        }
        Err(place) => list.entries.insert(place, entry),
    }
    State::Modelled
}

#[cfg(test)]
mod tests {
    use crate::eos::rendering::device;

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
            (
                "ip prefix-list A\n   seq 10 permit 10.0.0.0/8 eq 24\n   remark own\n   seq 20 deny 0.0.0.0/0 le 32\n",
                "A: 10+10.0.0.0/8 ge 24 le 24 20-0.0.0.0/0 le 32",
            ),
            (
                "ip prefix-list A permit 10.0.0.0/8\nip prefix-list A deny 0.0.0.0/0",
                "A: 10+10.0.0.0/8 20-0.0.0.0/0",
            ),
            (
                "ip prefix-list A seq 15 permit 10.0.0.0/8\nip prefix-list A permit 10.1.0.0/16 ge 20",
                "A: 15+10.0.0.0/8 25+10.1.0.0/16 ge 20",
            ),
            (
                "ip prefix-list A seq 20 permit 10.2.0.0/16\nip prefix-list A seq 10 permit 10.1.0.0/16\n\
                 ip prefix-list A seq 20 deny 10.3.0.0/16",
                "A: 10+10.1.0.0/16 20-10.3.0.0/16",
            ),
            ("IP Prefix-List a Seq 5 Permit 10.0.0.0/8 GE 9 LE 10", "a: 5+10.0.0.0/8 ge 9 le 10"),
            (
                "ipv6 prefix-list A\n   seq 10 permit 2001:db8::/32 le 48\n",
                "A: 10+2001:db8::/32 le 48",
            ),
            ("ipv6 prefix-list A seq 10 permit 2001:db8::/32", "A: 10+2001:db8::/32"),
            ("ip prefix-list A permit 10.0.0.0/8 ge 33", "A:|Unmodelled"),
            (
                "ip prefix-list A permit 10.0.0.0/8 ge 24 le 20",
                "A:|the greatest length is smaller than the least",
            ),
            (
                "ip prefix-list A permit 10.0.0.0/16 eq 8",
                "A:|the length is smaller than the prefix's own",
            ),
            ("ip prefix-list A", "A:"),
            ("ip prefix-list A permit 10.0.0.0/8\nno ip prefix-list A", ""),
            (
                "ip prefix-list A seq 10 permit 10.0.0.0/8\nno ip prefix-list A seq 10\nno ip prefix-list B seq 1",
                "A:",
            ),
            (
                "ip prefix-list A\n   seq 10 permit 10.0.0.0/8\n   no seq 10\n   ten\n",
                "A:|Unmodelled",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
