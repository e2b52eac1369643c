//! Access lists of both families. Routes are never matched with them here: they guard interfaces and services.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{AccessEntry, AccessMatch, ObjectKind, Part, State};
use edgelint_prefix::{Family, Prefix};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{is_exit, lower, polarity, room};
use crate::phrases::{action, is_word, number_in};

/// access-list ::= "ipv4" "access-list" NAME NL (INDENT entry4+ inert-exit? DEDENT)? | "ipv6" "access-list" NAME NL (INDENT entry6+ inert-exit? DEDENT)?
///     | "no" ("ipv4" | "ipv6") "access-list" NAME NL
pub(super) fn access_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    let (kind, family) = match is_word(words, 0, "ipv6") {
        true => (ObjectKind::Ipv6Acl, Family::Ipv6),
        false => (ObjectKind::Acl, Family::Ipv4),
    };
    let Some(name) = words.token(2).map(|name| name.text).filter(|_| words.len() == 3) else {
        return draft.account_block(Part::Acl, statement, State::Unmodelled);
    };
    draft.account(Part::Acl, statement, State::Modelled);
    if negated {
        draft.remove(kind, name);
        return draft.stray(statement);
    }
    draft.define(kind, name, at);
    let _ = draft.access_list(kind, name, true, at);
    for line in statement.children() {
        let read = entry(draft, line, family);
        draft.stray(line);
        let state = match (read, is_exit(line.words())) {
            (Some(Some(entry)), _) => {
                if let Some(list) = draft.access_list(kind, name, true, at) {
                    list.entries.push(entry);
                }
                State::Modelled
            }
            (Some(None), _) => State::Modelled,
            (None, true) => State::Inert,
            (None, false) => {
                if let Some(list) = draft.access_list(kind, name, true, at) {
                    list.blind.push(line.span());
                }
                State::Unmodelled
            }
        };
        draft.account(Part::Acl, line, state);
    }
}

/// An entry, or nothing for a remark.
///
/// entry4 ::= SEQ? (action-word protocol-word side4 port? side4 acl-rest? | "remark" REST?) NL
/// entry6 ::= SEQ? (action-word protocol-word side6 port? side6 acl-rest? | "remark" REST?) NL
/// action-word ::= "permit" | "deny"
/// protocol-word ::= NAME
/// port ::= ("eq" | "neq" | "gt" | "lt") NAME | "range" NAME NAME | "port-group" NAME
/// acl-rest ::= NAME+
#[expect(clippy::option_option, reason = "a remark is read and is no entry")]
fn entry<'t>(
    draft: &mut Draft<'t>,
    line: Statement<'_, 't>,
    family: Family,
) -> Option<Option<AccessEntry>> {
    let mut words = line.words();
    let mut sequence = None;
    if let Ok((left, number)) = number_in(1, u32::MAX - 1)(words) {
        (words, sequence) = (left, Some(number.value));
    }
    if is_word(words, 0, "remark") {
        draft.device.free_text.extend(words.skip(1).span());
        return Some(None);
    }
    let (words, permit) = action(words).ok()?;
    let protocol = words.peek(0);
    let words = words.skip(1);
    let (words, source) = side(words, family)?;
    let behind = port(words)?;
    let ports = behind.len() < words.len();
    let (words, destination) = side(behind, family)?;
    let mut low = room();
    let every = matches!(lower(protocol, &mut low), "ipv4" | "ipv6" | "ip");
    let narrowed = !every || ports || !words.is_empty();
    let at = line.span();
    let destination = Some(destination);
    Some(Some(AccessEntry { at, sequence, permit, source, destination, narrowed }))
}

/// side4 ::= "any" | "host" ADDR4 | ADDR4 WILDCARD4 | PREFIX4 | "net-group" NAME
/// side6 ::= "any" | "host" ADDR6 | PREFIX6 | "net-group" NAME
fn side<'w, 't>(words: Words<'w, 't>, family: Family) -> Option<(Words<'w, 't>, AccessMatch)> {
    let next = words.peek(1);
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "any" => return Some((words.skip(1), AccessMatch::Any)),
        "host" => {
            let host = Prefix::host(next.parse::<IpAddr>().ok()?);
            let host = Some(host).filter(|host| host.family() == family)?;
            return Some((words.skip(2), AccessMatch::Prefix(host)));
        }
        "net-group" => return Some((words.skip(2), AccessMatch::Group(words.token(1)?.span))),
        _ => {}
    }
    if let Some((prefix, _)) = Prefix::parse(words.peek(0)) {
        let prefix = Some(prefix).filter(|prefix| prefix.family() == family)?;
        return Some((words.skip(1), AccessMatch::Prefix(prefix)));
    }
    let address = words.peek(0).parse::<Ipv4Addr>().ok().filter(|_| family == Family::Ipv4)?;
    let wildcard = next.parse().ok()?;
    Some((words.skip(2), AccessMatch::Wildcard { address, wildcard }))
}

/// The words behind ports, where there are some.
fn port<'w, 't>(words: Words<'w, 't>) -> Option<Words<'w, 't>> {
    let mut low = room();
    let count = match lower(words.peek(0), &mut low) {
        "eq" | "neq" | "gt" | "lt" | "port-group" => 2,
        "range" => 3,
        _ => 0,
    };
    (count <= words.len()).then(|| words.skip(count))
}
