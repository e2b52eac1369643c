//! Interfaces and subinterfaces: addresses, VRF, VLAN, translation, filters.
//!
//! Most of what an interface can be told (media, switching, quality of service) matters to no route and
//! no translation; [`inert`] lists it with the reasons.

use edgelint_model::{Fact, Interface, NatRule, ObjectKind, Part, State};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{end_state, listed, polarity, whole};
use super::{nat, references};
use crate::phrases::{is_word, rest};
use crate::secrets;

mod inert;
mod said;

/// An interface while its block is read.
struct Block<'t> {
    interface: Interface<'t>,
    /// Where its statement begins.
    since: u32,
    /// Its name, where it stands.
    name: Fact<&'t str>,
    /// Translation on it.
    rules: Vec<NatRule<'t>>,
}

/// interface ::= "interface" NAME+ NL (INDENT (interface-line | inert-comment)* (interface-line | inert-exit | inert-comment) DEDENT)?
///     | ("no" | "default") "interface" NAME+ NL
pub(super) fn interface<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(name) = whole(rest(words.skip(1))) else {
        return draft.account_block(Part::Interface, statement, State::Unmodelled);
    };
    draft.account(Part::Interface, statement, State::Modelled);
    if negated {
        remove(draft, name.value);
        return draft.stray(statement);
    }
    let at = statement.span();
    draft.define(ObjectKind::Interface, name.value, at);
    let known = draft.device.interfaces.iter().position(|it| it.name == name.value);
    let interface = match known {
        Some(index) => draft.device.interfaces.remove(index),
        None => Interface::new(name.value, at),
    };
    let mut block = Block { interface, since: at.start, name, rules: Vec::new() };
    let tunnel = name.value.get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("tunnel"));
    block.interface.tunnel |= tunnel;
    for child in statement.children() {
        interface_line(draft, &mut block, child);
    }
    let vrf = block.interface.vrf;
    nat::bind(draft, block.rules, (name, vrf));
    let index = known.unwrap_or(draft.device.interfaces.len());
    draft.device.interfaces.insert(index, block.interface);
}

/// Takes an interface back, with the names that it used and the translation on it.
fn remove<'t>(draft: &mut Draft<'t>, name: &str) {
    let (gone, kept): (Vec<Interface<'t>>, Vec<_>) =
        std::mem::take(&mut draft.device.interfaces).into_iter().partition(|it| it.name == name);
    draft.device.interfaces = kept;
    for it in gone {
        let used = [it.vrf, it.options.unnumbered, it.options.filter_in, it.options.filter_out];
        used.iter().flatten().for_each(|name| draft.forget(name.at()));
        draft.undefine(ObjectKind::Interface, it.name);
    }
    let here = |rule: &NatRule<'_>| {
        let mut places = rule.egress.iter().chain(&rule.ingress);
        places.any(|place| place.value == name)
    };
    let (gone, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut draft.device.nat.rules).into_iter().partition(here);
    draft.device.nat.rules = kept;
    gone.iter().for_each(|rule| draft.forget(rule.at));
}

/// interface-line ::= ("no" | "default")? (interface-said | interface-nat) NL | ("no" | "default") interface-clear NL
///     | redundancy-line | inert-interface | inert-interface-ip
/// interface-nat ::= "ip" "nat" (nat-rule | "service-profile" NAME)
fn interface_line<'t>(draft: &mut Draft<'t>, block: &mut Block<'t>, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "ip") && is_word(words, 1, "nat") {
        let state = translation(draft, block, line, (words.skip(2), negated));
        draft.account(Part::Nat, line, state);
        return draft.stray(line);
    }
    let state = match whole(said::interface_said(words)) {
        Some(read) => {
            if let said::Said::Uses(kind, name) = read
                && negated
            {
                draft.forget_name(kind, name.value, block.since);
            }
            said::apply(draft, &mut block.interface, line.span(), (read, negated));
            State::Modelled
        }
        None if negated && said::clears(draft, &mut block.interface, words) => State::Modelled,
        None => match end_state(line.words()) {
            Some(state) => state,
            None if listed(inert::INERT, words) || listed(inert::INERT_IP, words) => State::Inert,
            None => {
                block.interface.blind.push(line.span());
                if said::is_head(words) { State::Unmodelled } else { State::Opaque }
            }
        },
    };
    draft.account(Part::Interface, line, state);
    // What stands below a line is a submode of it and as harmless or as unknown as the line itself.
    let below = if state == State::Inert { state } else { said::submode(words) };
    for child in line.children() {
        draft.account_block(Part::Interface, child, below);
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
        references::in_block(draft, line);
    }
}

/// Translation on the interface.
fn translation<'t>(
    draft: &mut Draft<'t>,
    block: &mut Block<'t>,
    line: Statement<'_, 't>,
    (words, negated): (Words<'_, 't>, bool),
) -> State {
    if is_word(words, 0, "service-profile")
        && let Some(profile) = whole(crate::phrases::name(words.skip(1)))
    {
        if !negated {
            nat::use_profile(draft, profile, block.name);
        }
        return State::Modelled;
    }
    match whole(nat::nat_rule(words)) {
        Some(read) => {
            let rule = NatRule { at: line.span(), ..read.rule };
            nat::enter(draft, &mut block.rules, rule, (read.list, negated));
            State::Modelled
        }
        None => {
            draft.device.nat.blind.push(line.span());
            State::Unmodelled
        }
    }
}
