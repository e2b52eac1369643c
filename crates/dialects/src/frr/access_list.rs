//! Access lists of both families, which FRR uses for routes and for access to itself.
//!
//! There are two readings in one statement. An entry with a prefix matches that prefix and all that is
//! longer, with `exact-match` the prefix alone (seen on running routers, FRR 8.4.4 and 10.3). An entry with
//! a wildcard looks at the network address alone, whatever the length, and one with two sides at address and
//! mask, as the system does that wrote them first (`lib/filter.c`, `filter_match_cisco`).

use std::net::Ipv4Addr;

use edgelint_model::{AccessEntry, AccessMatch, ObjectKind, Part, State};
use edgelint_prefix::PrefixRange;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{polarity, whole};
use crate::phrases::{
    action, ipv4, ipv4_wildcard, is_word, number_in, prefix4, prefix6, rest, word,
};

/// Every bit is compared.
const EXACT: Ipv4Addr = Ipv4Addr::UNSPECIFIED;

/// What a statement says about a list.
enum Said {
    Entry {
        sequence: Option<u32>,
        permit: bool,
        source: AccessMatch,
        destination: Option<AccessMatch>,
    },
    Remark(Span),
    /// `no … seq N`.
    Sequence(u32),
    List,
}

/// Reads an entry of a list, or the removal of one or of all.
///
/// access-list ::= "access-list" NAME (acl-entry4 | remark) NL | "ipv6" "access-list" NAME (acl-entry6 | remark) NL
/// no-access-list ::= "no" "access-list" NAME (acl-entry4 | remark | "seq" SEQ)? NL
///     | "no" "ipv6" "access-list" NAME (acl-entry6 | remark | "seq" SEQ)? NL
pub(super) fn access_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let six = is_word(words, 0, "ipv6");
    let kind = if six { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
    let words = words.skip(1 + usize::from(six));
    let list = words.peek(0);
    let said = match list.is_empty() {
        true => None,
        false => whole(said(words.skip(1), six, negated)),
    };
    let state = if said.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Acl, statement, state);
    let extended = matches!(&said, Some(Said::Entry { destination: Some(_), .. }));
    match said {
        Some(Said::List) => return draft.remove(kind, list),
        None if list.is_empty() => return,
        _ => {}
    }
    if !negated {
        draft.define(kind, list, at);
    }
    if let Some(Said::Remark(text)) = said {
        draft.free_text(text);
    }
    let Some(list) = draft.access_list(kind, list, extended, at) else { return };
    match said {
        Some(Said::Entry { sequence, permit, source, destination }) => {
            let entry = AccessEntry { at, sequence, permit, source, destination, narrowed: false };
            if negated {
                let same = |it: &AccessEntry| {
                    (it.permit, it.source, it.destination) == (permit, source, destination)
                };
                list.entries.retain(|it| !same(it));
            } else {
                insert(&mut list.entries, entry);
            }
        }
        Some(Said::Sequence(gone)) => list.entries.retain(|it| it.sequence != Some(gone)),
        Some(Said::Remark(_) | Said::List) => {}
        None => list.blind.push(at),
    }
}

/// Puts an entry at the place of its number; one without goes behind all others, at the next multiple of 5.
fn insert(entries: &mut Vec<AccessEntry>, mut entry: AccessEntry) {
    let last = entries.last().and_then(|it| it.sequence).unwrap_or(0);
    let next = (last / 5).saturating_add(1).saturating_mul(5);
    entry.sequence = Some(entry.sequence.unwrap_or(next));
    match entries.binary_search_by_key(&entry.sequence, |it| it.sequence) {
        Ok(place) => {
            if let Some(old) = entries.get_mut(place) {
                *old = entry;
            }
        }
        Err(place) => entries.insert(place, entry),
    }
}

/// remark ::= "remark" REST
fn said<'w, 't>(input: Words<'w, 't>, six: bool, negated: bool) -> Parsed<'w, 't, Said> {
    if input.is_empty() && negated {
        return Ok((input, Said::List));
    }
    if let Ok((left, _)) = word("remark")(input) {
        return rest(left).map(|(left, text)| (left, Said::Remark(text.at())));
    }
    let (left, sequence) = match word("seq")(input) {
        Ok((left, _)) => {
            number_in(1, u32::MAX - 1)(left).map(|(left, number)| (left, Some(number.value)))?
        }
        Err(_) => (input, None),
    };
    if let Some(number) = sequence.filter(|_| left.is_empty() && negated) {
        return Ok((left, Said::Sequence(number)));
    }
    let (left, permit) = action(left)?;
    let (left, (source, destination)) = if six { entry6(left) } else { entry4(left) }?;
    Ok((left, Said::Entry { sequence, permit, source, destination }))
}

type Sides = (AccessMatch, Option<AccessMatch>);

/// acl-entry4 ::= ("seq" SEQ)? action ("any" | PREFIX4 "exact-match"? | "host"? ADDR4 | ADDR4 WILDCARD4
///     | "ip" acl-side acl-side)
fn entry4<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Sides> {
    if let Ok((left, prefix)) = prefix4(input) {
        let (left, range) = routes(left, prefix.value);
        return Ok((left, (AccessMatch::Routes(range), None)));
    }
    if let Ok((left, _)) = word("ip")(input) {
        let (left, source) = side(left)?;
        let (left, destination) = side(left)?;
        return Ok((left, (source, Some(destination))));
    }
    if let Ok((left, source)) = side(input) {
        return Ok((left, (source, None)));
    }
    let (left, address) = ipv4(input)?;
    Ok((left, (AccessMatch::Wildcard { address: address.value, wildcard: EXACT }, None)))
}

/// acl-entry6 ::= ("seq" SEQ)? action ("any" | PREFIX6 "exact-match"?)
fn entry6<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Sides> {
    if let Ok((left, _)) = word("any")(input) {
        return Ok((left, (AccessMatch::Any, None)));
    }
    let (left, prefix) = prefix6(input)?;
    let (left, range) = routes(left, prefix.value);
    Ok((left, (AccessMatch::Routes(range), None)))
}

/// The routes that an entry with a prefix matches.
fn routes<'w, 't>(
    input: Words<'w, 't>,
    prefix: edgelint_prefix::Prefix,
) -> (Words<'w, 't>, PrefixRange) {
    match word("exact-match")(input) {
        Ok((left, _)) => (left, PrefixRange::exact(prefix)),
        Err(_) => (input, PrefixRange::or_longer(prefix)),
    }
}

/// acl-side ::= "any" | "host" ADDR4 | ADDR4 WILDCARD4
fn side<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if let Ok((left, _)) = word("any")(input) {
        return Ok((left, AccessMatch::Any));
    }
    if let Ok((left, _)) = word("host")(input) {
        let (left, address) = ipv4(left)?;
        return Ok((left, AccessMatch::Wildcard { address: address.value, wildcard: EXACT }));
    }
    let (left, (address, wildcard)) = ipv4_wildcard(input)?;
    let (address, wildcard) = (address.value, wildcard.value);
    Ok((left, AccessMatch::Wildcard { address, wildcard }))
}

#[cfg(test)]
mod tests {
    use crate::frr::rendering::device;
    use edgelint_model::AccessMatch;

    #[test]
    fn both_readings() {
        let table = [
            ("access-list A permit 10.0.0.0/8", "A: 5+10.0.0.0/8 le 32"),
            ("access-list A seq 7 deny 10.0.0.0/8 exact-match", "A: 7-10.0.0.0/8"),
            ("access-list 1 permit 10.0.0.0 0.0.0.255", "1: 5+10.0.0.0~0.0.0.255"),
            (
                "access-list A permit any\naccess-list A seq 2 deny host 10.0.0.1",
                "A: 2-10.0.0.1~0.0.0.0 5+any",
            ),
            ("ipv6 access-list A permit 2001:db8::/32", "A: 5+2001:db8::/32 le 128"),
            ("access-list A permit any\nno access-list A", ""),
            ("access-list A permit any\nno access-list A seq 5", "A:"),
            ("access-list A remark nothing yet", "A:"),
            ("access-list A permit tcp any any", "A: blind"),
        ];
        for (text, expected) in table {
            let shown = device(text, |device| {
                let lists = device.access_lists.iter().map(|list| {
                    let entries = list.entries.iter().map(|entry| {
                        let sign = if entry.permit { "+" } else { "-" };
                        let number = entry.sequence.unwrap_or(0);
                        let source = match entry.source {
                            AccessMatch::Routes(range) => range.to_string(),
                            AccessMatch::Wildcard { address, wildcard } => {
                                format!("{address}~{wildcard}")
                            }
                            _ => "any".to_owned(),
                        };
                        format!(" {number}{sign}{source}")
                    });
                    let blind = if list.blind.is_empty() { "" } else { " blind" };
                    format!("{}:{}{blind}", list.name, entries.collect::<String>())
                });
                lists.collect::<Vec<_>>().join("|")
            });
            assert_eq!(shown, expected, "{text}");
        }
    }
}
