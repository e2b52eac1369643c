//! Objects and object groups: names for addresses, of which translation is made.
//!
//! Objects and groups of all kinds share one name space. Objects of addresses are kept with their members
//! until everything is read, because a group may name others that follow; all others are names that access
//! lists use.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use edgelint_model::{Fact, ObjectKind, Part, State, Usage};
use edgelint_prefix::{Interval, Prefix};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{
    InertRow, Names, between, host4, is_exit, listed, lower, net4, polarity, room, whole,
};
use super::nat;
use crate::phrases::{address, is_word, name, prefix6, word};
use crate::secrets;

/// Groups within groups that are followed; no configuration nests them deeper.
const DEEPEST: u8 = 32;

/// Objects of addresses by name.
#[derive(Debug, Default)]
pub(super) struct Objects<'t> {
    all: Vec<Object<'t>>,
    places: HashMap<&'t str, usize>,
}

/// An object or a group of addresses.
#[derive(Debug)]
struct Object<'t> {
    name: &'t str,
    at: Span,
    members: Vec<(Member<'t>, Span)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member<'t> {
    Addresses(Interval),
    Other(&'t str),
    /// A name of the domain name system, or what was not understood.
    Unknown,
}

/// The addresses of an object.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// Where they stand: the only line that states them, else the object.
    pub(super) at: Option<Span>,
    /// The addresses, each with the line that states them.
    pub(super) ranges: Vec<Fact<Interval>>,
    /// The first part whose addresses are not known.
    pub(super) unknown: Option<Span>,
    /// How deep the group is that is being read.
    deep: u8,
}

impl<'t> Objects<'t> {
    fn object(&mut self, name: &'t str, at: Span) -> Option<&mut Object<'t>> {
        let place = *self.places.entry(name).or_insert_with(|| {
            self.all.push(Object { name, at, members: Vec::new() });
            self.all.len() - 1
        });
        self.all.get_mut(place)
    }

    fn remove(&mut self, name: &str) {
        // The place stays taken: nothing finds it any more.
        self.places.remove(name);
    }

    /// The addresses of the object of that name; nothing where there is none.
    pub(super) fn addresses(&self, name: &str) -> Option<Addresses> {
        let object = self.all.get(*self.places.get(name)?)?;
        let mut found = Addresses::default();
        self.collect(object, &mut HashSet::new(), &mut found);
        let single = match object.members.as_slice() {
            [(Member::Addresses(_), at)] => *at,
            _ => object.at,
        };
        found.at = Some(single);
        Some(found)
    }

    /// Adds the members of an object, those of objects that it names included. What it names twice counts
    /// once, so circles end and nothing multiplies.
    fn collect<'o>(
        &'o self,
        object: &'o Object<'t>,
        seen: &mut HashSet<&'o str>,
        found: &mut Addresses,
    ) {
        if !seen.insert(object.name) {
            return;
        }
        for (member, at) in &object.members {
            match member {
                Member::Addresses(interval) => found.ranges.push(Fact::new(*interval, *at)),
                Member::Other(name) => {
                    match self.places.get(name).and_then(|place| self.all.get(*place)) {
                        Some(other) if found.deep < DEEPEST => {
                            found.deep += 1;
                            self.collect(other, seen, found);
                            found.deep -= 1;
                        }
                        _ => found.unknown = found.unknown.or(Some(*at)),
                    }
                }
                Member::Unknown => found.unknown = found.unknown.or(Some(*at)),
            }
        }
    }
}

/// Reads an object.
///
/// object ::= "object" "network" NAME NL (INDENT object-line* (object-line | inert-exit) DEDENT)?
///     | "object" "service" NAME NL (INDENT inert-service-line* (inert-service-line | inert-exit) DEDENT)?
///     | "no" "object" ("network" | "service") NAME NL
pub(super) fn object<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let network = is_word(words, 1, "network");
    if words.len() != 3 || !network && !is_word(words, 1, "service") {
        return not_understood(draft, statement);
    }
    let name = words.peek(2);
    draft.account(Part::Other, statement, State::Modelled);
    if negated {
        draft.pending.objects.remove(name);
        draft.undefine(ObjectKind::Object, name);
        return draft.stray(statement);
    }
    let at = statement.span();
    draft.define(ObjectKind::Object, name, at);
    if !network {
        return service_lines(draft, statement);
    }
    draft.pending.objects.object(name, at);
    for child in statement.children() {
        let (negated, words) = polarity(child.words());
        if is_word(words, 0, "nat") {
            nat::of_object(draft, child, Fact::new(name, at));
        } else {
            member_line(
                draft,
                child,
                (name, at),
                whole(object_line(&draft.pending.names, words)),
                negated,
            );
        }
        draft.stray(child);
    }
}

/// What was said about addresses: what, and whether it takes the place of what was said before.
type Said<'t> = Option<Member<'t>>;

/// What an object of addresses is; it is one thing only, and the last line counts.
///
/// object-line ::= "no"? object-addresses NL | object-nat | "no"? "description" REST NL
/// object-addresses ::= "host" (ADDR4 | ADDR6) | "subnet" (net4 | PREFIX6) | "range" ADDR4 ADDR4
///     | "range" ADDR6 ADDR6 | "fqdn" ("v4" | "v6")? NAME
fn object_line<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "host" => {
            let (left, host) = any_host(names, next)?;
            Ok((left, Some(Member::Addresses(Interval::host(host)))))
        }
        "subnet" => {
            let (left, subnet) = any_net(names, next)?;
            Ok((left, Some(Member::Addresses(subnet.interval()))))
        }
        "range" => {
            let (left, first) = any_host(names, next)?;
            let (left, last) = any_host(names, left)?;
            match Interval::new(first.min(last), first.max(last)) {
                Some(range) if first.is_ipv4() == last.is_ipv4() => {
                    Ok((left, Some(Member::Addresses(range))))
                }
                _ => next.expected("two addresses"),
            }
        }
        "fqdn" => {
            let version = is_word(next, 0, "v4") || is_word(next, 0, "v6");
            let more = version && 1 < next.len();
            let (left, _) = name(next.skip(usize::from(more)))?;
            Ok((left, Some(Member::Unknown)))
        }
        "description" if !next.is_empty() => Ok((next.skip(next.len()), None)),
        _ => input.expected("what an object is"),
    }
}

fn any_host<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, IpAddr> {
    match host4(names, input) {
        Ok((left, host)) => Ok((left, IpAddr::V4(host.value))),
        Err(_) => address(input).map(|(left, host)| (left, host.value)),
    }
}

fn any_net<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Prefix> {
    let net = net4(names, input).or_else(|_| prefix6(input))?;
    Ok((net.0, net.1.value))
}

/// Puts what a line says about an object or a group into it.
fn member_line<'t>(
    draft: &mut Draft<'t>,
    line: Statement<'_, 't>,
    (name, at): (&'t str, Span),
    said: Option<Said<'t>>,
    negated: bool,
) {
    let words = line.words();
    let single = !is_word(words, 0, "network-object") && !is_word(words, 0, "group-object");
    let member = match said {
        Some(member) => {
            draft.account(Part::Other, line, State::Modelled);
            if member.is_none() {
                draft.device.free_text.extend(words.skip(1).span());
            }
            member
        }
        None if is_exit(words) => return draft.account(Part::Other, line, State::Inert),
        None => {
            draft.account(Part::Other, line, State::Unmodelled);
            draft.device.nat.blind.push(line.span());
            secrets::in_block(draft, line);
            Some(Member::Unknown)
        }
    };
    let Some(member) = member else { return };
    let Some(object) = draft.pending.objects.object(name, at) else { return };
    if negated {
        object.members.retain(|(it, _)| *it != member);
    } else {
        if single {
            object.members.clear();
        }
        object.members.push((member, line.span()));
    }
}

/// What a service is decides about packets, not about addresses.
const SERVICE_LINES: &[InertRow] = &[("service", "ports of packets"), ("description", "free text")];

fn service_lines<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    for child in statement.children() {
        let (_, words) = polarity(child.words());
        let known = listed(SERVICE_LINES, words) && 1 < words.len() || is_exit(child.words());
        let state = if known { State::Inert } else { State::Opaque };
        draft.account(Part::Other, child, state);
        secrets::in_statement(draft, child.words());
        draft.stray(child);
    }
}

fn not_understood<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    draft.account_block(Part::Other, statement, State::Unmodelled);
    secrets::in_block(draft, statement);
}

/// Lines of groups that hold no addresses.
const GROUP_LINES: &[InertRow] = &[
    ("service-object", "ports of packets"),
    ("port-object", "ports of packets"),
    ("protocol-object", "protocols of packets"),
    ("icmp-object", "types of ICMP"),
    ("user", "who sends packets"),
    ("user-group", "who sends packets"),
    ("security-group", "who sends packets"),
    ("network-service-member", "applications of packets"),
    ("description", "free text"),
];

/// Reads a group of objects.
///
/// object-group ::= "object-group" "group"? "network" NAME NL
///         (INDENT network-line* (network-line | inert-exit) DEDENT)?
///     | "object-group" "group"? group-kind NAME group-protocol? NL
///         (INDENT group-line* (group-line | inert-exit) DEDENT)?
///     | "no" "object-group" ("network" | group-kind) NAME NL
/// group-kind ::= "service" | "protocol" | "icmp-type" | "user" | "security" | "network-service"
/// group-protocol ::= "tcp" | "udp" | "tcp-udp"
/// group-line ::= "group-object" NAME NL | inert-group-line
pub(super) fn group<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let words = words.skip(1 + usize::from(!negated && is_word(words, 1, "group")));
    let network = is_word(words, 0, "network");
    let Some(name) = whole(group_heading(words)) else { return not_understood(draft, statement) };
    if negated && 2 < words.len() {
        return not_understood(draft, statement);
    }
    draft.account(Part::Other, statement, State::Modelled);
    if negated {
        draft.pending.objects.remove(name.value);
        draft.undefine(ObjectKind::Object, name.value);
        return draft.stray(statement);
    }
    let at = statement.span();
    draft.define(ObjectKind::Object, name.value, at);
    if network {
        draft.pending.objects.object(name.value, at);
    }
    for child in statement.children() {
        let (negated, words) = polarity(child.words());
        record_names(draft, words);
        if network {
            let said = whole(network_line(&draft.pending.names, words));
            member_line(draft, child, (name.value, at), said, negated);
        } else {
            let state = group_line_state(child.words());
            draft.account(Part::Other, child, state);
            secrets::in_statement(draft, child.words());
        }
        draft.stray(child);
    }
}

fn group_heading<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    let mut low = room();
    let kind = lower(input.peek(0), &mut low);
    let by_protocol = match kind {
        "network" => false,
        "service" | "protocol" | "icmp-type" | "user" | "security" | "network-service" => true,
        _ => return input.expected("a kind of group"),
    };
    let (left, name) = name(input.skip(1))?;
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "tcp" | "udp" | "tcp-udp" if by_protocol => Ok((left.skip(1), name)),
        _ => Ok((left, name)),
    }
}

fn group_line_state(line: Words<'_, '_>) -> State {
    let (negated, words) = polarity(line);
    if is_word(words, 0, "group-object") && words.len() == 2 && !negated {
        State::Modelled
    } else if listed(GROUP_LINES, words) && 1 < words.len() || is_exit(line) {
        State::Inert
    } else {
        State::Opaque
    }
}

/// A member of a group of addresses.
///
/// network-line ::= "no"? ("network-object" network-member | "group-object" NAME) NL | "no"? "description" REST NL
/// network-member ::= "host" (ADDR4 | ADDR6) | "object" NAME | net4 | PREFIX6
fn network_line<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "description" if !next.is_empty() => Ok((next.skip(next.len()), None)),
        "group-object" => {
            let (left, group) = name(next)?;
            Ok((left, Some(Member::Other(group.value))))
        }
        "network-object" if is_word(next, 0, "host") => {
            let (left, host) = any_host(names, next.skip(1))?;
            Ok((left, Some(Member::Addresses(Interval::host(host)))))
        }
        "network-object" if is_word(next, 0, "object") => {
            let (left, object) = name(next.skip(1))?;
            Ok((left, Some(Member::Other(object.value))))
        }
        "network-object" => {
            let (left, subnet) = any_net(names, next)?;
            Ok((left, Some(Member::Addresses(subnet.interval()))))
        }
        _ => input.expected("a member of a group"),
    }
}

/// Records the objects that a line of a group names.
fn record_names<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let at = match () {
        () if is_word(words, 0, "group-object") => 1,
        () if is_word(words, 1, "object") => 2,
        () => return,
    };
    if let Some(token) = words.token(at) {
        draft.use_name(ObjectKind::Object, Fact::new(token.text, token.span), Usage::Other);
    }
}

/// Gives an address a word.
///
/// name ::= "name" ADDR4 NAME ("description" REST)? NL
pub(super) fn name_of_address<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let read = whole(address_and_name(words));
    let state = if read.is_some() && !negated { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Other, statement, state);
    draft.stray(statement);
    if let Some((address, name, text)) = read {
        draft.pending.names.insert(name, address);
        draft.device.free_text.extend(text);
    }
}

fn address_and_name<'w, 't>(
    input: Words<'w, 't>,
) -> Parsed<'w, 't, (std::net::Ipv4Addr, &'t str, Option<Span>)> {
    let (left, _) = word("name")(input)?;
    let (left, address) = crate::phrases::ipv4(left)?;
    let (left, name) = name(left)?;
    let Ok((text, _)) = word("description")(left) else {
        return Ok((left, (address.value, name.value, None)));
    };
    if text.is_empty() {
        return text.expected("a description");
    }
    let rest = text.skip(text.len());
    Ok((rest, (address.value, name.value, Some(between(text, rest)))))
}
