//! Access lists: numbered and named, standard and extended, both families.
//!
//! In a filter of routes only addresses count; what narrows an entry further (ports, flags, times) is read
//! to its end, so that nothing unknown hides there, and remembered as one bit.

use edgelint_model::{AccessEntry, AccessMatch, Fact, ObjectKind, Part, State, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::is_exit;
use crate::phrases::{action, end, is_word, name, negated, number_in, value_at, word};

mod options;
mod sides;

/// What follows `ip access-list` where no list of entries follows: numbering, logging, security groups.
const INERT: &[&str] =
    &["resequence", "logging", "log-update", "persistent", "role-based", "helper"];

/// Which entries a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Standard,
    Extended,
    Ipv6,
}

impl Form {
    const fn kind(self) -> ObjectKind {
        match self {
            Self::Ipv6 => ObjectKind::Ipv6Acl,
            Self::Standard | Self::Extended => ObjectKind::Acl,
        }
    }

    /// The form of a numbered list; none for lists of other things than IP.
    const fn of_number(number: u32) -> Option<Self> {
        match number {
            1..=99 | 1300..=1999 => Some(Self::Standard),
            100..=199 | 2000..=2699 => Some(Self::Extended),
            _ => None,
        }
    }
}

/// An entry, or a line that is none.
enum Line {
    Entry(Entry),
    Remark(Option<Span>),
    /// An entry that makes others, or leads to another list: nothing that filters routes.
    Aside,
    /// An entry that is taken back: `no 10`.
    Gone(u32),
}

struct Entry {
    sequence: Option<u32>,
    permit: bool,
    source: AccessMatch,
    destination: Option<AccessMatch>,
    narrowed: bool,
}

/// Reads an entry of a numbered list.
///
/// access-list ::= "access-list" (standard-number (standard-entry | remark) | extended-number (extended-entry | remark)) NL
/// standard-number ::= RANGE_1_99 | RANGE_1300_1999
/// extended-number ::= RANGE_100_199 | RANGE_2000_2699
/// no-access-list ::= "no" "access-list" (standard-number | extended-number) REST? NL
pub(super) fn numbered<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let words = words.skip(1);
    draft.stray(statement);
    let number = words.peek(0);
    let form = value_at(words, 0, 1..=2699).map(Form::of_number);
    let form = match form {
        Some(Some(form)) => form,
        Some(None) => return other_numbered(draft, statement, words),
        None if is_word(words, 0, "rate-limit")
            || is_word(words, 0, "compiled")
            || is_word(words, 0, "dynamic-extended") =>
        {
            return draft.account(Part::Acl, statement, State::Inert);
        }
        None => return draft.account(Part::Acl, statement, State::Unmodelled),
    };
    if negated {
        // Whatever follows the number, a router removes the whole list.
        draft.remove(ObjectKind::Acl, number);
        return draft.account(Part::Acl, statement, State::Modelled);
    }
    draft.define(ObjectKind::Acl, number, statement.span());
    keep(draft, statement, form, number, line(words.skip(1), form, false));
}

/// Lists of addresses of other protocols.
fn other_numbered<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, words: Words<'_, 't>) {
    let known = number_in(200, 299)(words).is_ok()
        || number_in(700, 799)(words).is_ok()
        || number_in(1100, 1199)(words).is_ok();
    let state = if known && 1 < words.len() { State::Inert } else { State::Unmodelled };
    draft.account(Part::Acl, statement, state);
}

/// Reads a named list with its block.
///
/// ip-access-list ::= "ip" "access-list" "standard" NAME NL (INDENT standard-line* (standard-line | inert-exit) DEDENT)?
///     | "ip" "access-list" "extended" NAME NL (INDENT extended-line* (extended-line | inert-exit) DEDENT)?
/// no-ip-access-list ::= "no" "ip" "access-list" ("standard" | "extended") NAME NL
pub(super) fn named<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let form = if is_word(words, 2, "standard") {
        Form::Standard
    } else if is_word(words, 2, "extended") {
        Form::Extended
    } else if INERT.iter().any(|known| is_word(words, 2, known)) {
        return draft.account_block(Part::Acl, statement, State::Inert);
    } else {
        draft.account_block(Part::Acl, statement, State::Unmodelled);
        return;
    };
    block(draft, statement, words.skip(3), form, negated);
}

/// Reads a list of IPv6 with its block.
///
/// ipv6-access-list ::= "ipv6" "access-list" (NAME - "log-update") NL (INDENT ipv6-line* (ipv6-line | inert-exit) DEDENT)?
/// no-ipv6-access-list ::= "no" "ipv6" "access-list" (NAME - "log-update") NL
pub(super) fn ipv6<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    if is_word(words, 2, "log-update") {
        return draft.account_block(Part::Acl, statement, State::Inert);
    }
    block(draft, statement, words.skip(2), Form::Ipv6, negated);
}

fn block<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    words: Words<'_, 't>,
    form: Form,
    negated: bool,
) {
    let at = statement.span();
    let name = words.peek(0);
    if words.len() != 1 {
        return draft.account_block(Part::Acl, statement, State::Unmodelled);
    }
    draft.account(Part::Acl, statement, State::Modelled);
    if negated {
        draft.remove(form.kind(), name);
        return draft.stray(statement);
    }
    draft.define(form.kind(), name, at);
    draft.access_list(form.kind(), name, form != Form::Standard, at);
    for child in statement.children() {
        if is_exit(child.words()) {
            draft.account(Part::Acl, child, State::Inert);
            continue;
        }
        keep(draft, child, form, name, line(child.words(), form, true));
        draft.stray(child);
    }
}

/// Puts what a line says into its list.
fn keep<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    form: Form,
    name: &'t str,
    line: Parsed<'_, 't, Line>,
) {
    let at = statement.span();
    let line = match line {
        Ok((left, line)) if left.is_empty() => Some(line),
        _ => None,
    };
    let state = match line {
        Some(Line::Aside) => State::Inert,
        Some(_) => State::Modelled,
        None => State::Unmodelled,
    };
    draft.account(Part::Acl, statement, state);
    // What was read as an entry of a standard list names none.
    if form != Form::Standard || !matches!(line, Some(Line::Entry(_))) {
        object_groups(draft, statement.words());
    }
    if let Some(Line::Remark(text)) = &line {
        draft.device.free_text.extend(*text);
    }
    let Some(list) = draft.access_list(form.kind(), name, form != Form::Standard, at) else {
        return;
    };
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
            destination: self.destination,
            narrowed: self.narrowed,
        }
    }
}

/// Records the object groups that a line names.
fn object_groups<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    const KEYWORD: &str = "object-group";
    for (index, place) in words.places().iter().enumerate() {
        // So long is hardly any other word.
        if (place.end - place.start) as usize == KEYWORD.len()
            && is_word(words, index, KEYWORD)
            && let Some(group) = words.token(index + 1)
        {
            draft.use_name(ObjectKind::Object, Fact::new(group.text, group.span), Usage::Other);
        }
    }
}

/// A line of a list.
///
/// standard-line ::= SEQ? (standard-entry | remark) NL | "no" SEQ NL | inert-acl-line
/// extended-line ::= SEQ? (extended-entry | remark) NL | "no" SEQ NL | inert-acl-line
/// ipv6-line ::= ("sequence"? SEQ)? (ipv6-entry | remark) NL | "no" "sequence" SEQ NL | inert-acl-line
/// remark ::= "remark" REST?
fn line<'w, 't>(input: Words<'w, 't>, form: Form, numbered: bool) -> Parsed<'w, 't, Line> {
    let six = form == Form::Ipv6;
    if is_word(input, 0, "no") && numbered {
        if six && !is_word(input, 1, "sequence") {
            return input.expected("sequence");
        }
        let (left, number) = number_in(1, u32::MAX - 1)(input.skip(1 + usize::from(six)))?;
        return Ok((left, Line::Gone(number.value)));
    }
    let keyword = usize::from(six && is_word(input, 0, "sequence"));
    let sequence = match numbered {
        true => value_at(input, keyword, 1..=u32::MAX - 1),
        false => None,
    };
    let left = if sequence.is_some() { input.skip(keyword + 1) } else { input };
    if is_word(left, 0, "remark") {
        return Ok((left.skip(left.len()), Line::Remark(left.skip(1).span())));
    }
    let aside = is_word(left, 0, "evaluate") || is_word(left, 0, "dynamic");
    if aside && 1 < left.len() && numbered {
        return Ok((left.skip(left.len()), Line::Aside));
    }
    let (left, mut entry) = match form {
        Form::Standard => standard(left)?,
        Form::Extended => extended(left, sides::ipv4_side, true)?,
        Form::Ipv6 => extended(left, sides::ipv6, false)?,
    };
    if entry.sequence.is_some() && !six {
        return input.expected("the end of the statement");
    }
    entry.sequence = sequence.or(entry.sequence);
    Ok((left, Line::Entry(entry)))
}

/// An entry that matches sources.
///
/// standard-entry ::= action ("any" | "host" ADDR4 | ADDR4 WILDCARD4?) ("log" | "smartlog")?
fn standard<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Entry> {
    let (left, permit) = action(input)?;
    let (left, source) = sides::standard(left)?;
    let logs = is_word(left, 0, "log") || is_word(left, 0, "smartlog");
    let (left, ()) = end(left.skip(usize::from(logs)))?;
    Ok((left, Entry { sequence: None, permit, source, destination: None, narrowed: false }))
}

type Side = for<'w, 't> fn(Words<'w, 't>) -> Parsed<'w, 't, AccessMatch>;

/// An entry that matches sources and destinations.
///
/// extended-entry ::= action ("object-group" NAME side4 side4 acl-tail | protocol side4 ports? side4 ports? acl-tail)
/// ipv6-entry ::= action protocol side6 ports? side6 ports? (acl-tail | acl-options "sequence" SEQ)
/// protocol ::= UINT8 | "ip" | "ipv6" | "tcp" | "udp" | "icmp" | "igmp" | "gre" | "esp" | "ahp" | "eigrp"
///     | "igrp" | "ospf" | "pim" | "ipinip" | "nos" | "pcp" | "sctp"
fn extended<'w, 't>(input: Words<'w, 't>, side: Side, grouped: bool) -> Parsed<'w, 't, Entry> {
    let (left, permit) = action(input)?;
    let by_group = grouped && is_word(left, 0, "object-group");
    let (left, protocol) = name(left.skip(usize::from(by_group)))?;
    if !by_group && !options::is_protocol(protocol.value) {
        return input.skip(1).expected("a protocol");
    }
    let (left, source) = side(left)?;
    let (left, from) = if by_group { (left, false) } else { options::ports(left)? };
    let (left, destination) = side(left)?;
    let (left, to) = if by_group { (left, false) } else { options::ports(left)? };
    let (left, narrowed) = options::options(left)?;
    let (left, sequence) = if is_word(left, 0, "sequence") {
        let (left, _) = word("sequence")(left)?;
        let (left, number) = number_in(1, u32::MAX - 1)(left)?;
        (left, Some(number.value))
    } else {
        (left, None)
    };
    let narrowed = from || to || narrowed || by_group;
    let destination = Some(destination);
    Ok((left, Entry { sequence, permit, source, destination, narrowed }))
}

#[cfg(test)]
mod tests;
