//! Names for addresses, as far as translation uses them: those of the global address book (Junos NAT
//! guide: rules take names from the global book only).

use std::collections::HashMap;
use std::net::IpAddr;

use edgelint_model::{Part, State};
use edgelint_prefix::Interval;
use edgelint_syntax::Words;

use super::{Account, Addresses, BACKWARDS, Draft, Leaf, interval};

/// Sets inside sets; a device allows few.
const DEEPEST: u8 = 16;
/// Addresses that one name may stand for; sets of sets multiply.
const MOST: usize = 1 << 16;

/// The global address book.
#[derive(Debug, Default)]
pub(super) struct Book<'t> {
    entries: HashMap<&'t str, Vec<Entry<'t>>>,
}

/// A member of a name.
#[derive(Clone, Copy, Debug)]
enum Entry<'t> {
    Addresses(Interval),
    /// Another name: the name is a set.
    Name(&'t str),
    /// Something that is no fixed address (a name in the DNS, a wildcard).
    Other,
}

impl<'t> Book<'t> {
    /// The addresses that a name stands for; `None` where it is not defined, or not by addresses.
    pub(super) fn resolve(&self, name: &str) -> Option<Vec<Interval>> {
        let mut found = Vec::new();
        self.collect(name, 0, &mut found)?;
        Some(found)
    }

    fn collect(&self, name: &str, depth: u8, found: &mut Vec<Interval>) -> Option<()> {
        if DEEPEST < depth || MOST < found.len() {
            return None;
        }
        for entry in self.entries.get(name)? {
            match entry {
                Entry::Addresses(interval) => found.push(*interval),
                Entry::Name(member) => self.collect(member, depth + 1, found)?,
                Entry::Other => return None,
            }
        }
        Some(())
    }
}

/// Reads one path of `security address-book`.
///
/// book ::= "security" "address-book" ("global" (book-address | book-set)? | inert-book)?
/// book-address ::= "address" NAME (prefix | "range-address" (ADDR4 "to" ADDR4 | ADDR6 "to" ADDR6) | inert-book-address)
/// book-set ::= "address-set" NAME (("address" | "address-set") NAME | inert-text)
/// inert-book-address ::= ("dns-name" | "wildcard-address") REST | inert-text
/// inert-text ::= "description" WORD
/// inert-book ::= (NAME - "global") REST?
pub(in crate::junos) fn address_book<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    // Names of other books are for policies on packets.
    if !matches!(words.peek(2), "global") {
        let state = if words.len() < 3 { State::Modelled } else { State::Inert };
        return (Part::Other, state);
    }
    if !matches!(words.peek(3), "" | "address" | "address-set") {
        return (Part::Other, State::Unmodelled);
    }
    let Some(name) = words.token(4) else {
        let state = if words.len() < 4 { State::Modelled } else { State::Unmodelled };
        return (Part::Other, state);
    };
    let rest = words.skip(5);
    if matches!(rest.peek(0), "description") && rest.len() == 2 {
        draft.device.free_text.extend(rest.skip(1).span());
        return (Part::Other, State::Inert);
    }
    let entry = match words.peek(3) {
        "address" => match range(rest) {
            Some(Addresses { interval: None, at, .. }) => {
                draft.device.coverage.complain(at, BACKWARDS);
                return (Part::Other, State::Modelled);
            }
            Some(Addresses { interval: Some(interval), .. }) => Some(Entry::Addresses(interval)),
            None => member(rest),
        },
        "address-set" => match (rest.peek(0), rest.token(1), rest.len()) {
            ("address" | "address-set", Some(member), 2) => Some(Entry::Name(member.text)),
            _ => None,
        },
        _ => None,
    };
    let state = match entry {
        Some(Entry::Other) => State::Inert,
        Some(_) => State::Modelled,
        None => State::Unmodelled,
    };
    let entry = entry.unwrap_or(Entry::Other);
    draft.nat.book.entries.entry(name.text).or_default().push(entry);
    (Part::Other, state)
}

/// All addresses from one to another.
fn range(words: Words<'_, '_>) -> Option<Addresses> {
    let host = |at: usize| words.peek(at).parse::<IpAddr>().ok();
    let (first, last) = host(1).zip(host(3))?;
    let plain =
        matches!((words.peek(0), words.peek(2)), ("range-address", "to")) && words.len() == 4;
    let alike = first.is_ipv4() == last.is_ipv4();
    let at = words.skip(1).span()?;
    let interval = Interval::new(first, last);
    (plain && alike).then_some(Addresses { interval, at, n_words: 4 })
}

fn member<'t>(words: Words<'_, 't>) -> Option<Entry<'t>> {
    match (words.peek(0), words.len()) {
        ("dns-name" | "wildcard-address", 2..) => Some(Entry::Other),
        (text, 1) => interval(text).map(Entry::Addresses),
        _ => None,
    }
}
