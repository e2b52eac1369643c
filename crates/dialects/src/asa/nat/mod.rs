//! Translation: of an object, twice NAT, and the statements before release 8.3.
//!
//! A rule is kept as written until everything is read, because it may name objects that follow and
//! because its place decides: rules are taken in three sections, and the second one is put in order by
//! the device ([`settle`]). What is kept here is which addresses become which, on the way between which
//! interfaces; ports and how the device answers for addresses do not change that.
//! Source of the syntax: Cisco ASA Series Command Reference, `nat`; of the statements before 8.3: Cisco
//! ASA 5500 Series Command Reference 8.2, `global`, `nat`, `static`.

mod lower;
mod object;
mod old;
mod settle;
#[cfg(test)]
mod tests;
mod twice;

use std::net::IpAddr;

use edgelint_model::{Fact, ObjectKind, Part, State, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, parenthesised, polarity, room, whole};
use crate::phrases::{is_word, name};

pub(super) use lower::finish;
pub(super) use object::of_object;
pub(super) use old::{global, static_};

/// Translations as written.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    /// Rules of all three sections, in the order of the file.
    rules: Vec<Rule<'t>>,
    /// The statements before 8.3.
    old: old::Pending<'t>,
}

/// The section of a rule; the device takes them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    /// Twice NAT.
    Manual,
    /// Translation of an object.
    Object,
    /// Twice NAT that says `after-auto`.
    AfterObject,
}

/// What stands where addresses are named.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operand<'t> {
    /// Every address.
    Any,
    /// An object or group.
    Named(Fact<&'t str>),
    /// An address in place.
    Inline(Fact<IpAddr>),
    /// The address of the interface on that side.
    Interface(Span),
}

/// A rule as written.
#[derive(Clone, Debug)]
struct Rule<'t> {
    at: Span,
    /// The words of the rule, for `no` to find it.
    text: &'t str,
    section: Section,
    /// The place in its section that it was put at.
    line: Option<u32>,
    /// The interface of the real addresses; `None` is any.
    real_interface: Option<Fact<&'t str>>,
    /// The interface of the mapped addresses; `None` is any.
    mapped_interface: Option<Fact<&'t str>>,
    is_static: bool,
    real: Operand<'t>,
    /// What it becomes; a second one is taken when the first is used up.
    mapped: Vec<Operand<'t>>,
    /// Whether ports are translated, so that many share one address.
    overload: bool,
    /// The destination as seen from the real side, and what it becomes.
    destination: Option<(Operand<'t>, Operand<'t>)>,
    /// Whether one protocol and port is meant.
    service: bool,
    /// The same, by objects.
    services: Vec<Fact<&'t str>>,
    unidirectional: bool,
    inactive: bool,
    /// Free text behind it.
    text_at: Option<Span>,
}

impl<'t> Rule<'t> {
    fn new(section: Section, real: Operand<'t>) -> Self {
        let nowhere = Span::new(edgelint_source::FileId(0), 0, 0);
        Self {
            at: nowhere,
            text: "",
            section,
            line: None,
            real_interface: None,
            mapped_interface: None,
            is_static: false,
            real,
            mapped: Vec::with_capacity(1),
            overload: false,
            destination: None,
            service: false,
            services: Vec::new(),
            unidirectional: false,
            inactive: false,
            text_at: None,
        }
    }
}

/// Reads `nat` at the top: twice NAT, or the form before 8.3.
///
/// nat ::= "no"? (twice-nat | old-nat) NL
pub(super) fn nat<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    draft.stray(statement);
    if let Some(rule) = whole(twice::twice(words)) {
        draft.account(Part::Nat, statement, State::Modelled);
        return keep(draft, statement.span(), words, (rule, negated));
    }
    if let Some(read) = whole(old::nat(&draft.pending.names, words)) {
        draft.account(Part::Nat, statement, State::Modelled);
        return old::keep_nat(draft, statement.span(), words, (read, negated));
    }
    not_understood(draft, statement);
}

/// A translation that was not understood is a blind spot of all of them.
fn not_understood<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    draft.account(Part::Nat, statement, State::Unmodelled);
    draft.device.nat.blind.push(statement.span());
}

/// Puts a rule among the others, or takes back the one that reads the same.
fn keep<'t>(
    draft: &mut Draft<'t>,
    at: Span,
    words: Words<'_, 't>,
    (rule, negated): (Rule<'t>, bool),
) {
    let rule = Rule { at, text: words.line_text(), ..rule };
    if negated {
        let same = |it: &Rule<'_>| it.text == rule.text && it.section == rule.section;
        let rules = std::mem::take(&mut draft.pending.nat.rules);
        let (gone, kept): (Vec<_>, Vec<_>) = rules.into_iter().partition(same);
        draft.pending.nat.rules = kept;
        gone.iter().for_each(|it| draft.forget(it.at));
        return;
    }
    for interface in [rule.real_interface, rule.mapped_interface].into_iter().flatten() {
        draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
    }
    let mut named = |operand: &Operand<'t>, usage| {
        if let Operand::Named(name) = operand {
            draft.use_name(ObjectKind::Object, *name, usage);
        }
    };
    if rule.section != Section::Object {
        named(&rule.real, Usage::NatSelector);
    }
    rule.mapped.iter().for_each(|it| named(it, Usage::NatPool));
    if let Some((mapped, real)) = &rule.destination {
        named(mapped, Usage::NatSelector);
        named(real, Usage::NatSelector);
    }
    for service in &rule.services {
        draft.use_name(ObjectKind::Object, *service, Usage::NatSelector);
    }
    draft.device.free_text.extend(rule.text_at);
    draft.pending.nat.rules.push(rule);
}

/// The two interfaces, `any` as none.
///
/// IFPAIR in the grammar: `(real,mapped)`.
fn ways<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let (left, (real, Some(mapped))) = parenthesised(input)? else {
        return input.expected("two interfaces");
    };
    let some = |name: Fact<&'t str>| (!name.value.eq_ignore_ascii_case("any")).then_some(name);
    (rule.real_interface, rule.mapped_interface) = (some(real), some(mapped));
    Ok((left, ()))
}

/// `interface`, with the family of the address.
///
/// own-address ::= "interface" "ipv6"?
fn own_address<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Operand<'t>> {
    match input.token(0) {
        Some(token) if is_word(input, 0, "interface") => {
            let six = is_word(input, 1, "ipv6");
            Ok((input.skip(1 + usize::from(six)), Operand::Interface(token.span)))
        }
        _ => input.expected("interface"),
    }
}

/// A pool whose addresses are shared by ports.
///
/// pat-pool ::= "pat-pool" NAME pat-option*
/// pat-option ::= "round-robin" | "extended" | "flat" | "include-reserve" | "block-allocation"
fn pat_pool<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    if !is_word(input, 0, "pat-pool") {
        return input.expected("pat-pool");
    }
    let (mut left, pool) = name(input.skip(1))?;
    rule.mapped.push(Operand::Named(pool));
    rule.overload = true;
    loop {
        let mut low = room();
        match lower(left.peek(0), &mut low) {
            "round-robin" | "extended" | "flat" | "include-reserve" | "block-allocation" => {
                left = left.skip(1);
            }
            _ => return Ok((left, ())),
        }
    }
}
