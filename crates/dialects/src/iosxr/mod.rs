//! Cisco IOS XR: one command a line, blocks by one blank of indentation, and a language of its own for
//! routing policy.
//!
//! What IOS writes into route maps and lists stands here in sets and policies: a set is a value without order, a
//! policy a program of conditions and actions that may call others and hand them parameters. Neighbors,
//! families and groups of BGP are blocks.
//!
//! A top-level statement is found by its first words (`table.rs`); its handler reads it and its whole
//! block. What no handler takes is known and of no consequence (`inert.rs`), or unknown.

use edgelint_model::{Device, Fact, Part, State};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{LineKind, Statement, Tree};

use crate::{Dialect, secrets};

mod access_list;
mod behaviour;
mod bgp;
mod draft;
mod evidence;
mod igp;
mod inert;
mod interface;
mod layout;
mod lines;
mod pieces;
mod policy;
mod references;
mod remedy;
mod sets;
mod static_route;
mod table;
mod values;
mod vrf;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;

use draft::Draft;

/// IOS XR.
pub const DIALECT: Dialect = Dialect {
    name: "iosxr",
    grammar: include_str!("../../../../grammars/iosxr.ebnf"),
    evidence: evidence::look,
    lay_out: layout::lay_out,
    read,
    statements: |tree| tree.nodes.len(),
    remedy: remedy::remedy,
};

/// Reads a tree: always one device. The arena keeps what parameters make of a policy's words.
///
/// config ::= statement*
fn read<'t>(tree: &Tree<'t>, arena: &'t Arena) -> Vec<Device<'t>> {
    let end = u32::try_from(tree.lines.text.len()).unwrap_or(u32::MAX);
    let mut draft = Draft::new(&behaviour::IOSXR, Span::new(tree.file(), 0, end));
    for statement in tree.top() {
        match table::handler(statement.words()) {
            Some(handler) => handler(&mut draft, statement),
            None => read_other(&mut draft, statement),
        }
    }
    bgp::finish(&mut draft);
    policy::finish(&mut draft, arena);
    draft.settle_names();
    let bodies = tree.lines.lines.iter().filter(|line| {
        line.kind == LineKind::Body || line.kind == LineKind::Comment && line.start + 1 < line.end
    });
    draft.device.free_text.extend(bodies.map(|line| Span::new(tree.file(), line.start, line.end)));
    draft.device.whole = draft.device.hostname.is_some() && draft.whole_signs;
    vec![draft.device]
}

/// Reads one top-level statement, with its block, that has no handler in the table.
///
/// statement ::= hostname | prefix-set | community-set | as-path-set | value-set | inert-set | route-policy | router-bgp | vrf | interface
///     | router-static | router-igp | access-list | inert
fn read_other<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    if inert::is_inert(words) {
        draft.whole_signs |= inert::is_sign_of_whole(words);
        draft.account_block(Part::Other, statement, State::Inert);
        secrets::in_block(draft, statement);
        references::in_block(draft, statement);
    } else {
        draft.account_block(Part::Other, statement, State::Opaque);
        secrets::in_block(draft, statement);
    }
}

/// The name of the device.
///
/// hostname ::= "hostname" NAME NL
fn hostname<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    match (words.token(1), words.len()) {
        (Some(name), 2) if words.is(0, "hostname") => {
            draft.device.hostname = Some(Fact::new(name.text, name.span));
            draft.account(Part::Other, statement, State::Modelled);
        }
        _ => draft.account(Part::Other, statement, State::Unmodelled),
    }
    draft.stray(statement);
}

/// Address translation, which service cards do: that it is there is all that is known of it.
fn translation<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    draft.account_block(Part::Nat, statement, State::Unmodelled);
    draft.device.nat.blind.push(statement.span());
    references::in_block(draft, statement);
}
