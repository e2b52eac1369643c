//! The statements before release 8.3: what is translated (`nat`), into what (`global`), both joined by a
//! number, and one to one (`static`).

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{Fact, ObjectKind, Part, State, Usage};
use edgelint_prefix::{Interval, Prefix};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::not_understood;
use crate::asa::draft::Draft;
use crate::asa::lines::{Names, host4, lower, net4, parenthesised, polarity, room, whole};
use crate::phrases::{ipv4, is_word, mask_length, name, number_in, word};

/// The greatest number that joins statements.
const MOST: u32 = 2_147_483_647;

/// The statements as written.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    pub(super) nats: Vec<OldNat<'t>>,
    pub(super) globals: Vec<Global<'t>>,
    pub(super) statics: Vec<Static<'t>>,
}

/// Whom a statement translates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Real<'t> {
    /// What an access list permits.
    AccessList(Fact<&'t str>),
    /// Addresses.
    Addresses(Fact<Interval>),
}

/// `nat (inside) 1 ...`.
#[derive(Clone, Copy, Debug)]
pub(super) struct OldNat<'t> {
    pub(super) at: Span,
    text: &'t str,
    pub(super) interface: Fact<&'t str>,
    /// Zero leaves addresses as they are.
    pub(super) id: Fact<u32>,
    id_text: &'t str,
    pub(super) real: Real<'t>,
}

/// `global (outside) 1 ...`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Global<'t> {
    at: Span,
    text: &'t str,
    pub(super) interface: Fact<&'t str>,
    pub(super) id: u32,
    id_text: &'t str,
    pub(super) mapped: Target,
}

/// Addresses in place, or the interface's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// These.
    Addresses(Fact<Interval>),
    /// That of the interface; the word that says so.
    Interface(Span),
}

/// `static (inside,outside) ...`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Static<'t> {
    pub(super) at: Span,
    text: &'t str,
    pub(super) real_interface: Fact<&'t str>,
    pub(super) mapped_interface: Fact<&'t str>,
    pub(super) mapped: Target,
    pub(super) real: Real<'t>,
    /// Whether one protocol and port is translated.
    pub(super) port: bool,
}

/// Whom `nat` translates, with the number that joins it to the addresses.
///
/// old-nat ::= "nat" IFONE RANGE_0_2147483647 ("access-list" NAME | net4) nat-limit*
pub(super) fn nat<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, OldNat<'t>> {
    let (left, _) = word("nat")(input)?;
    let (left, interface) = one_interface(left)?;
    let (rest, id) = number_in(0, MOST)(left)?;
    let id_text = left.peek(0);
    let (mut left, real) = match word("access-list")(rest) {
        Ok((left, _)) => name(left).map(|(left, list)| (left, Real::AccessList(list)))?,
        Err(_) => {
            let (left, net) = net4(names, rest)?;
            (left, Real::Addresses(net.map(|net| net.interval())))
        }
    };
    while let Ok((further, ())) = nat_limit(left) {
        left = further;
    }
    let at = id.at();
    Ok((left, OldNat { at, text: "", interface, id, id_text, real }))
}

fn one_interface<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    match parenthesised(input)? {
        (left, (interface, None)) => Ok((left, interface)),
        _ => input.expected("one interface"),
    }
}

/// How many connections, and how their numbers are made.
///
/// nat-limit ::= UINT16 | "tcp" | "udp" | "dns" | "norandomseq" | "outside" | "nailed"
fn nat_limit<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "tcp" | "udp" | "dns" | "norandomseq" | "outside" | "nailed" => Ok((input.skip(1), ())),
        _ => number_in(0, 65535)(input).map(|(left, _)| (left, ())),
    }
}

/// Puts `nat` among the others, or takes back the one that reads the same.
pub(super) fn keep_nat<'t>(
    draft: &mut Draft<'t>,
    at: Span,
    words: Words<'_, 't>,
    (read, negated): (OldNat<'t>, bool),
) {
    let read = OldNat { at, text: words.line_text(), ..read };
    if negated {
        let nats = &mut draft.pending.nat.old.nats;
        let gone: Vec<Span> =
            nats.iter().filter(|it| it.text == read.text).map(|it| it.at).collect();
        nats.retain(|it| it.text != read.text);
        return gone.into_iter().for_each(|at| draft.forget(at));
    }
    draft.use_name(ObjectKind::Interface, read.interface, Usage::InterfaceUse);
    if let Real::AccessList(list) = read.real {
        draft.use_name(ObjectKind::Acl, list, Usage::NatSelector);
    }
    if 0 < read.id.value {
        let pool = Fact::new(read.id_text, read.id.at());
        draft.use_name(ObjectKind::NatPool, pool, Usage::NatPool);
    }
    draft.pending.nat.old.nats.push(read);
}

/// Reads `global`: addresses to translate to.
///
/// global ::= "no"? "global" IFONE RANGE_1_2147483647 (ADDRS4 | ADDR4 | "interface") ("netmask" MASK4)? NL
pub(in crate::asa) fn global<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    let Some(read) = whole(global_words(&draft.pending.names, words)) else {
        return not_understood(draft, statement);
    };
    draft.account(Part::Nat, statement, State::Modelled);
    let read = Global { at: statement.span(), text: words.line_text(), ..read };
    if negated {
        let globals = &mut draft.pending.nat.old.globals;
        let same = |it: &&Global<'_>| it.text == read.text;
        let gone: Vec<Span> = globals.iter().filter(same).map(|it| it.at).collect();
        globals.retain(|it| it.text != read.text);
        return gone.into_iter().for_each(|at| draft.forget(at));
    }
    draft.use_name(ObjectKind::Interface, read.interface, Usage::InterfaceUse);
    draft.define(ObjectKind::NatPool, read.id_text, statement.span());
    draft.pending.nat.old.globals.push(read);
}

fn global_words<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Global<'t>> {
    let (left, _) = word("global")(input)?;
    let (left, interface) = one_interface(left)?;
    let (rest, id) = number_in(1, MOST)(left)?;
    let id_text = left.peek(0);
    let (left, mapped) = match rest.token(0) {
        Some(token) if is_word(rest, 0, "interface") => {
            (rest.skip(1), Target::Interface(token.span))
        }
        Some(token) if token.text.contains('-') && names.get(token.text).is_none() => {
            let ends = token.text.split_once('-');
            let ends = ends.and_then(|(first, last)| {
                let first: Ipv4Addr = first.parse().ok()?;
                let last: Ipv4Addr = last.parse().ok()?;
                Interval::new(IpAddr::V4(first), IpAddr::V4(last))
            });
            match ends {
                Some(range) => (rest.skip(1), Target::Addresses(Fact::new(range, token.span))),
                None => return rest.expected("two addresses"),
            }
        }
        _ => {
            let (left, host) = host4(names, rest)?;
            (left, Target::Addresses(host.map(|host| Interval::host(IpAddr::V4(host)))))
        }
    };
    let (left, _) = netmask(left)?;
    let at = id.at();
    Ok((left, Global { at, text: "", interface, id: id.value, id_text, mapped }))
}

/// The length of a mask, where there is one.
fn netmask<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Option<u8>> {
    let Ok((left, _)) = word("netmask")(input) else { return Ok((input, None)) };
    let (rest, mask) = ipv4(left)?;
    match mask_length(mask.value) {
        Some(length) => Ok((rest, Some(length))),
        None => left.expected("a network mask"),
    }
}

/// Reads `static`: one to one.
///
/// static ::= "no"? "static" IFPAIR (("tcp" | "udp") static-target WORD static-port-real | static-target static-real)
///     nat-limit* NL
/// static-target ::= ADDR4 | "interface"
/// static-real ::= ADDR4 ("netmask" MASK4)? | "access-list" NAME
/// static-port-real ::= ADDR4 WORD ("netmask" MASK4)? | "access-list" NAME
pub(in crate::asa) fn static_<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    let Some(read) = whole(static_words(&draft.pending.names, words)) else {
        return not_understood(draft, statement);
    };
    draft.account(Part::Nat, statement, State::Modelled);
    let read = Static { at: statement.span(), text: words.line_text(), ..read };
    if negated {
        let statics = &mut draft.pending.nat.old.statics;
        let same = |it: &&Static<'_>| it.text == read.text;
        let gone: Vec<Span> = statics.iter().filter(same).map(|it| it.at).collect();
        statics.retain(|it| it.text != read.text);
        return gone.into_iter().for_each(|at| draft.forget(at));
    }
    for interface in [read.real_interface, read.mapped_interface] {
        draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
    }
    if let Real::AccessList(list) = read.real {
        draft.use_name(ObjectKind::Acl, list, Usage::NatSelector);
    }
    draft.pending.nat.old.statics.push(read);
}

fn static_words<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Static<'t>> {
    let (left, _) = word("static")(input)?;
    let (left, (real_interface, Some(mapped_interface))) = parenthesised(left)? else {
        return left.expected("two interfaces");
    };
    let mut low = room();
    let port = matches!(lower(left.peek(0), &mut low), "tcp" | "udp");
    let left = left.skip(usize::from(port));
    let (left, mapped) = match left.token(0) {
        Some(token) if is_word(left, 0, "interface") => {
            (left.skip(1), (Target::Interface(token.span), None))
        }
        _ => {
            let (left, host) = host4(names, left)?;
            let at = host.map(|host| Interval::host(IpAddr::V4(host)));
            (left, (Target::Addresses(at), Some(host)))
        }
    };
    let left = if port { name(left)?.0 } else { left };
    let (mut left, (real, length)) = match word("access-list")(left) {
        Ok((left, _)) => {
            let (left, list) = name(left)?;
            (left, (Real::AccessList(list), None))
        }
        Err(_) => {
            let (rest, host) = host4(names, left)?;
            let rest = if port { name(rest)?.0 } else { rest };
            let (rest, length) = netmask(rest)?;
            let length = length.unwrap_or(32);
            (rest, (Real::Addresses(block(host, length)), Some(length)))
        }
    };
    while let Ok((further, ())) = nat_limit(left) {
        left = further;
    }
    let mapped = match (mapped, length) {
        ((Target::Addresses(_), Some(host)), Some(length)) => {
            Target::Addresses(block(host, length))
        }
        ((mapped, _), _) => mapped,
    };
    let at = real_interface.at();
    Ok((left, Static { at, text: "", real_interface, mapped_interface, mapped, real, port }))
}

/// The block of that length around an address.
fn block(host: Fact<Ipv4Addr>, length: u8) -> Fact<Interval> {
    let prefix = Prefix::new(IpAddr::V4(host.value), length);
    let interval = prefix.map_or(Interval::host(IpAddr::V4(host.value)), |it| it.interval());
    Fact::new(interval, host.at())
}
