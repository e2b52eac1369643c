//! Access lists: one entry a line, standard and extended, both families in one list since release 9.0.
//!
//! Addresses stand with netmasks, not with wildcards. In a filter of routes only addresses count; what
//! narrows an entry further (ports, users, times) is read to its end, so that nothing unknown hides there,
//! and remembered as one bit. Source: Cisco ASA Series Command Reference, `access-list extended`.

use edgelint_model::{AccessEntry, AccessMatch, Fact, ObjectKind, Part, State, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, Names, listed, lower, polarity, room, whole};
use crate::phrases::{action, is_word, name, number_in, word};

mod options;
mod sides;
#[cfg(test)]
mod tests;

/// Statements that are no entries of a list.
///
/// inert-access-list-setting ::= "no"? "access-list" ("alert-interval" | "deny-flow-max" | "mode" | "commit") REST? NL
const SETTINGS: &[InertRow] = &[
    ("alert-interval", "logging"),
    ("deny-flow-max", "logging"),
    ("mode", "when entries are compiled"),
    ("commit", "when entries are compiled"),
];

/// Lists of other things than addresses.
///
/// inert-other-access-list ::= "no"? "access-list" NAME other-list-kind REST NL
/// other-list-kind ::= "ethertype" | "webtype" | "advanced"
const OTHER_KINDS: &[&str] = &["ethertype", "webtype", "advanced"];

/// What a line says about its list.
enum Line {
    Entry(Entry),
    Remark(Option<Span>),
}

#[derive(Clone, Copy, PartialEq)]
struct Entry {
    extended: bool,
    permit: bool,
    source: AccessMatch,
    destination: Option<AccessMatch>,
    narrowed: bool,
    inactive: bool,
}

/// Reads an entry of an access list.
///
/// access-list ::= "no"? "access-list" acl-name ("line" SEQ)? (remark | "standard" standard-entry | "extended"? extended-entry) NL
/// acl-name ::= NAME - ("alert-interval" | "deny-flow-max" | "mode" | "commit")
/// no-access-list ::= "no" "access-list" acl-name NL
pub(super) fn access_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    if listed(SETTINGS, words.skip(1)) {
        return draft.account(Part::Acl, statement, State::Inert);
    }
    keep(draft, statement, (words.skip(1), negated), ObjectKind::Acl);
}

/// Reads an entry of a list of IPv6, before release 9.0.
///
/// ipv6-access-list ::= "no"? "ipv6" "access-list" acl-name ("line" SEQ)? (remark | extended-entry) NL
/// no-ipv6-access-list ::= "no" "ipv6" "access-list" acl-name NL
pub(super) fn ipv6_access_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    if listed(SETTINGS, words.skip(2)) {
        return draft.account(Part::Acl, statement, State::Unmodelled);
    }
    keep(draft, statement, (words.skip(2), negated), ObjectKind::Ipv6Acl);
}

fn keep<'t>(
    draft: &mut Draft<'t>,
    statement: Statement<'_, 't>,
    (words, negated): (Words<'_, 't>, bool),
    kind: ObjectKind,
) {
    let at = statement.span();
    let (list, behind) = (words.peek(0), words.skip(1));
    if negated && behind.is_empty() && !list.is_empty() {
        draft.account(Part::Acl, statement, State::Modelled);
        return draft.remove(kind, list);
    }
    let other = OTHER_KINDS.iter().any(|other| is_word(behind, 0, other));
    if other && 1 < behind.len() && kind == ObjectKind::Acl {
        if !negated {
            draft.define(kind, list, at);
        }
        return draft.account(Part::Acl, statement, State::Inert);
    }
    let place = match word("line")(behind) {
        Ok((left, _)) => number_in(1, u32::MAX - 1)(left).ok().map(|(left, it)| (left, it.value)),
        Err(_) => None,
    };
    let (behind, place) = place.map_or((behind, None), |(left, place)| (left, Some(place)));
    let line = whole(line(&draft.pending.names, behind, kind == ObjectKind::Acl));
    let state = if line.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Acl, statement, state);
    if list.is_empty() {
        return;
    }
    if !negated {
        draft.define(kind, list, at);
        objects(draft, behind);
    }
    if let Some(Line::Remark(text)) = line {
        draft.device.free_text.extend(text);
        return;
    }
    let extended = !matches!(line, Some(Line::Entry(Entry { extended: false, .. })));
    let Some(list) = draft.access_list(kind, list, extended, at) else { return };
    let Some(Line::Entry(entry)) = line else { return list.blind.push(at) };
    let made = AccessEntry {
        at,
        sequence: None,
        permit: entry.permit,
        source: entry.source,
        destination: entry.destination,
        narrowed: entry.narrowed,
    };
    if negated {
        let same = |it: &AccessEntry| AccessEntry { at, ..*it } == made;
        list.entries.retain(|it| !same(it));
    } else if !entry.inactive {
        let place = place.and_then(|place| usize::try_from(place - 1).ok());
        let place = place.unwrap_or(list.entries.len()).min(list.entries.len());
        list.entries.insert(place, made);
    }
}

/// Records the objects and groups that a line names.
fn objects<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    if is_word(words, 0, "remark") {
        return;
    }
    for index in 0..words.len().saturating_sub(1) {
        let group = ["object-group", "object", "object-group-user", "object-group-security"]
            .iter()
            .any(|key| is_word(words, index, key));
        if let Some(name) = words.token(index + 1).filter(|_| group) {
            draft.use_name(ObjectKind::Object, Fact::new(name.text, name.span), Usage::Other);
        }
        if let Some(name) = words.token(index + 1).filter(|_| is_word(words, index, "interface")) {
            draft.use_name(ObjectKind::Interface, Fact::new(name.text, name.span), Usage::Other);
        }
    }
}

/// remark ::= "remark" REST?
fn line<'w, 't>(names: &Names<'t>, input: Words<'w, 't>, four: bool) -> Parsed<'w, 't, Line> {
    if is_word(input, 0, "remark") {
        return Ok((input.skip(input.len()), Line::Remark(input.skip(1).span())));
    }
    if is_word(input, 0, "standard") && four {
        let (left, entry) = standard(names, input.skip(1))?;
        return Ok((left, Line::Entry(entry)));
    }
    let said = is_word(input, 0, "extended") && four;
    let (left, entry) = extended(names, input.skip(usize::from(said)))?;
    Ok((left, Line::Entry(entry)))
}

/// An entry that matches networks.
///
/// standard-entry ::= action ("any" | "any4" | "host" ADDR4 | net4)
fn standard<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Entry> {
    let (left, permit) = action(input)?;
    let (left, source) = sides::standard(names, left)?;
    let (destination, narrowed, inactive) = (None, false, false);
    Ok((left, Entry { extended: false, permit, source, destination, narrowed, inactive }))
}

/// An entry that matches sources and destinations.
///
/// extended-entry ::= action acl-protocol acl-identity? side ports? acl-identity? side acl-service? acl-option*
/// acl-protocol ::= UINT8 | ("object" | "object-group") NAME | "ip" | "tcp" | "udp" | "icmp" | "icmp6" | "igmp"
///     | "gre" | "esp" | "ah" | "eigrp" | "igrp" | "ospf" | "pim" | "ipinip" | "nos" | "pcp" | "snp" | "sctp"
///     | "ipsec" | "pptp"
fn extended<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Entry> {
    let (left, permit) = action(input)?;
    let by_object = is_word(left, 0, "object") || is_word(left, 0, "object-group");
    let (left, protocol) = name(left.skip(usize::from(by_object)))?;
    if !by_object && !options::is_protocol(protocol.value) {
        return input.skip(1).expected("a protocol");
    }
    let (left, from_user) = options::identity(left)?;
    let (left, source) = sides::side(names, left)?;
    let (left, from) = options::ports(left)?;
    let (left, to_user) = options::identity(left)?;
    let (left, destination) = sides::side(names, left)?;
    let (left, to) = options::service(left)?;
    let (left, (limited, inactive)) = options::options(left)?;
    let ip = protocol.value.eq_ignore_ascii_case("ip") && !by_object;
    let narrowed = from_user || from || to_user || to || limited || !ip;
    let destination = Some(destination);
    Ok((left, Entry { extended: true, permit, source, destination, narrowed, inactive }))
}

/// Filters on interfaces.
///
/// access-group ::= "no"? "access-group" NAME (("in" | "out") "interface" NAME access-group-option* | "global") NL
/// access-group-option ::= "per-user-override" | "control-plane"
pub(super) fn access_group<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    let Some((list, place)) = whole(group_words(words)) else {
        return draft.account(Part::Acl, statement, State::Unmodelled);
    };
    draft.account(Part::Acl, statement, State::Modelled);
    let inbound = place.is_none_or(|(inbound, _)| inbound);
    let nameif = place.map(|(_, nameif)| nameif);
    let key = (nameif.map(|nameif| nameif.value), inbound);
    // A place has one filter: a later one takes the place of an earlier one.
    let filters = &mut draft.pending.filters;
    if let Some(old) = filters.iter().position(|it| (it.0, it.1) == key) {
        let (_, _, old) = filters.remove(old);
        draft.forget(old.at());
    }
    if negated {
        return;
    }
    draft.use_name(ObjectKind::Acl, list, Usage::InterfaceFilter);
    if let Some(nameif) = nameif {
        draft.use_name(ObjectKind::Interface, nameif, Usage::InterfaceUse);
    }
    draft.pending.filters.push((key.0, inbound, list));
}

type Group<'t> = (Fact<&'t str>, Option<(bool, Fact<&'t str>)>);

fn group_words<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Group<'t>> {
    let (left, _) = word("access-group")(input)?;
    let (left, list) = name(left)?;
    let mut low = room();
    let inbound = match lower(left.peek(0), &mut low) {
        "in" => true,
        "out" => false,
        "global" => return Ok((left.skip(1), (list, None))),
        _ => return left.expected("in, out or global"),
    };
    let (left, _) = word("interface")(left.skip(1))?;
    let (mut left, nameif) = name(left)?;
    while is_word(left, 0, "per-user-override") || is_word(left, 0, "control-plane") {
        left = left.skip(1);
    }
    Ok((left, (list, Some((inbound, nameif)))))
}

/// Puts the filters on their interfaces; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for (nameif, inbound, list) in std::mem::take(&mut draft.pending.filters) {
        if nameif.is_none() {
            continue;
        }
        let mut interfaces = draft.device.interfaces.iter_mut();
        let named = |zone: Option<Fact<&str>>| zone.map(|zone| zone.value) == nameif;
        let Some(interface) = interfaces.find(|one| named(one.options.zone)) else { continue };
        match inbound {
            true => interface.options.filter_in = Some(list),
            false => interface.options.filter_out = Some(list),
        }
    }
}
