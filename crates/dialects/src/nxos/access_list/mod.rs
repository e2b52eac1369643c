//! Access lists of both families: blocks of numbered entries that match packets.
//!
//! What they match decides which addresses are translated and which packets an interface lets through. What narrows an entry beyond its addresses is read to its end, so
//! that nothing unknown hides there, and remembered as one bit.

use edgelint_model::{AccessEntry, AccessMatch, Fact, ObjectKind, Part, State, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::is_exit;
use crate::phrases::{action, end, is_word, name, negated, number_in};

mod options;
mod sides;

/// Lines that count and log, or say what becomes of fragments.
const INERT: &[&str] = &["statistics", "fragments", "ignore", "hardware"];

/// A line of a list that is understood.
enum Line {
    Entry(Entry),
    Remark(Option<Span>),
    /// How the list is applied, not to what.
    Aside,
    /// An entry that is taken back: `no 10`.
    Gone(u32),
}

struct Entry {
    sequence: Option<u32>,
    permit: bool,
    source: AccessMatch,
    destination: AccessMatch,
    narrowed: bool,
}

/// Reads a list with its block.
///
/// access-list ::= "ip" "access-list" NAME NL (INDENT acl-line4* (acl-line4 | inert-exit) DEDENT)?
///     | "ipv6" "access-list" NAME NL (INDENT acl-line6* (acl-line6 | inert-exit) DEDENT)?
/// no-access-list ::= undo ("ip" | "ipv6") "access-list" NAME NL
pub(super) fn access_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    let kind = if is_word(words, 0, "ipv6") { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
    let name = words.peek(2);
    if words.len() != 3 {
        return draft.account_block(Part::Acl, statement, State::Unmodelled);
    }
    draft.account(Part::Acl, statement, State::Modelled);
    if negated {
        draft.remove(kind, name);
        return draft.stray(statement);
    }
    draft.define(kind, name, at);
    draft.access_list(kind, name, true, at);
    for child in statement.children() {
        if is_exit(child.words()) {
            draft.account(Part::Acl, child, State::Inert);
        } else {
            keep(draft, child, kind, name);
        }
        draft.stray(child);
    }
}

/// Puts what a line says into its list.
fn keep<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, kind: ObjectKind, name: &'t str) {
    let at = statement.span();
    let line = match line(statement.words(), kind == ObjectKind::Ipv6Acl) {
        Ok((left, line)) if left.is_empty() => Some(line),
        _ => None,
    };
    let state = match line {
        Some(Line::Aside) => State::Inert,
        Some(_) => State::Modelled,
        None => State::Unmodelled,
    };
    draft.account(Part::Acl, statement, state);
    object_groups(draft, statement.words());
    if let Some(Line::Remark(text)) = &line {
        draft.device.free_text.extend(*text);
    }
    let Some(list) = draft.access_list(kind, name, true, at) else { return };
    match line {
        Some(Line::Entry(entry)) => insert(&mut list.entries, entry.at(at)),
        Some(Line::Gone(number)) => list.entries.retain(|it| it.sequence != Some(number)),
        Some(Line::Remark(_) | Line::Aside) => {}
        None => list.blind.push(at),
    }
}

/// Entries with numbers stand in their order; the others behind what is there.
fn insert(entries: &mut Vec<AccessEntry>, entry: AccessEntry) {
    let Some(number) = entry.sequence else { return entries.push(entry) };
    if entries.last().is_none_or(|last| last.sequence < Some(number)) {
        return entries.push(entry);
    }
    let place = entries.partition_point(|it| it.sequence < Some(number));
    match entries.get_mut(place) {
        Some(old) if old.sequence == Some(number) => *old = entry,
        _ => entries.insert(place, entry),
    }
}

impl Entry {
    const fn at(self, at: Span) -> AccessEntry {
        AccessEntry {
            at,
            sequence: self.sequence,
            permit: self.permit,
            source: self.source,
            destination: Some(self.destination),
            narrowed: self.narrowed,
        }
    }
}

/// Records the object groups that a line names.
fn object_groups<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    for index in 0..words.len().saturating_sub(1) {
        if (is_word(words, index, "addrgroup") || is_word(words, index, "portgroup"))
            && let Some(group) = words.token(index + 1)
        {
            draft.use_name(ObjectKind::Object, Fact::new(group.text, group.span), Usage::Other);
        }
    }
}

/// A line of a list.
///
/// acl-line4 ::= SEQ? (acl-entry4 | "remark" REST?) NL | "no" SEQ NL | inert-acl-line
/// acl-line6 ::= SEQ? (acl-entry6 | "remark" REST?) NL | "no" SEQ NL | inert-acl-line
fn line<'w, 't>(input: Words<'w, 't>, six: bool) -> Parsed<'w, 't, Line> {
    if is_word(input, 0, "no") {
        let (left, number) = number_in(1, u32::MAX - 1)(input.skip(1))?;
        return Ok((left, Line::Gone(number.value)));
    }
    if INERT.iter().any(|it| is_word(input, 0, it)) {
        return Ok((input.skip(input.len()), Line::Aside));
    }
    let (left, sequence) = match number_in(1, u32::MAX - 1)(input) {
        Ok((left, number)) => (left, Some(number.value)),
        Err(_) => (input, None),
    };
    if is_word(left, 0, "remark") {
        return Ok((left.skip(left.len()), Line::Remark(left.skip(1).span())));
    }
    let (left, mut entry) = entry(left, if six { sides::ipv6_side } else { sides::ipv4_side })?;
    entry.sequence = sequence;
    Ok((left, Line::Entry(entry)))
}

type Side = for<'w, 't> fn(Words<'w, 't>) -> Parsed<'w, 't, AccessMatch>;

/// An entry that matches sources and destinations.
///
/// acl-entry4 ::= action protocol side4 ports? side4 ports? acl-options
/// acl-entry6 ::= action protocol side6 ports? side6 ports? acl-options
/// protocol ::= UINT8 | "ip" | "ipv6" | "tcp" | "udp" | "icmp" | "icmpv6" | "igmp" | "gre" | "esp" | "ahp"
///     | "eigrp" | "ospf" | "pim" | "nos" | "pcp" | "sctp"
fn entry<'w, 't>(input: Words<'w, 't>, side: Side) -> Parsed<'w, 't, Entry> {
    let (left, permit) = action(input)?;
    let (left, protocol) = name(left)?;
    if !options::is_protocol(protocol.value) {
        return input.skip(1).expected("a protocol");
    }
    let (left, source) = side(left)?;
    let (left, from) = options::ports(left)?;
    let (left, destination) = side(left)?;
    let (left, to) = options::ports(left)?;
    let (left, narrowed) = options::options(left)?;
    let (left, ()) = end(left)?;
    let any =
        protocol.value.eq_ignore_ascii_case("ip") || protocol.value.eq_ignore_ascii_case("ipv6");
    let narrowed = from || to || narrowed || !any;
    Ok((left, Entry { sequence: None, permit, source, destination, narrowed }))
}

#[cfg(test)]
mod tests {
    use crate::nxos::rendering::device;

    #[test]
    fn entries_of_both_families() {
        let text = "ip access-list A\n  statistics per-entry\n  20 deny ip any any log\n  10 permit tcp 10.0.0.0/8 eq 80 host 192.0.2.1 established\n  \
                    30 remark nothing behind\n  permit ip 10.0.0.0 0.0.255.255 addrgroup G\n  40 permit ip nowhere any\n\
                    ipv6 access-list B\n  10 permit ipv6 2001:db8::/32 any\n  no 10\n";
        let shown = device(text, |device| {
            let lists = device.access_lists.iter().map(|list| {
                let entries = list.entries.iter().map(|entry| {
                    let narrowed = if entry.narrowed { " narrowed" } else { "" };
                    format!(
                        "{:?}{}{narrowed}",
                        entry.sequence,
                        if entry.permit { "+" } else { "-" }
                    )
                });
                let entries = entries.collect::<Vec<_>>().join(" ");
                format!("{}: {entries} blind {}", list.name, list.blind.len())
            });
            lists.collect::<Vec<_>>().join("|").replace("Some", "")
        });
        assert_eq!(shown, "A: (10)+ narrowed (20)- None+ blind 1|B:  blind 0");
    }
}
