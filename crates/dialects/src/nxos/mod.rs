//! Cisco NX-OS: one command a line, blocks by two blanks of indentation, deeper than on IOS.
//!
//! It looks like IOS and is not: a neighbor of BGP is a block, its families are blocks inside, templates
//! are blocks of the same lines, and everything with an address takes a length. What is the same word
//! need not be the same statement, so nothing here is shared with IOS but words and phrases.
//!
//! A top-level statement is found by its first words (`table.rs`); its handler reads it and its whole
//! block. What no handler takes is known and of no consequence (`inert.rs`), or unknown.

use edgelint_model::{Device, Fact, ObjectKind, Part, State};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{LineKind, Statement, Tree};

use crate::phrases::is_word;
use crate::{Dialect, secrets};

mod access_list;
mod as_path_list;
mod behaviour;
mod bgp;
mod community_list;
mod draft;
mod evidence;
mod igp;
mod inert;
mod interface;
mod layout;
mod lines;
mod nat;
mod prefix_list;
mod redistribution;
mod references;
mod remedy;
mod route;
mod route_map;
mod table;
mod vrf;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod rendering;

use draft::Draft;

/// NX-OS.
pub const DIALECT: Dialect = Dialect {
    name: "nxos",
    grammar: include_str!("../../../../grammars/nxos.ebnf"),
    evidence: evidence::look,
    lay_out: layout::lay_out,
    read,
    statements: |tree| tree.nodes.len(),
    remedy: remedy::remedy,
};

/// Reads a tree: always one device. Every name of NX-OS stands in the file, so nothing is kept
/// beside it.
///
/// config ::= statement*
fn read<'t>(tree: &Tree<'t>, _arena: &'t Arena) -> Vec<Device<'t>> {
    let end = u32::try_from(tree.lines.text.len()).unwrap_or(u32::MAX);
    let mut draft = Draft::new(&behaviour::NXOS, Span::new(tree.file(), 0, end));
    let interfaces = tree.top().filter(|it| it.words().peek(0) == "interface").count();
    draft.device.interfaces.reserve_exact(interfaces);
    let mut before: (u32, Option<table::Handler>) = (0, None);
    for statement in tree.top() {
        // One of a long list is read as the one before it was, if it follows it directly.
        let handler = match before {
            (next, handler @ Some(_)) if next == statement.index() && statement.repeats() => {
                handler
            }
            _ => table::handler(statement.words()),
        };
        before = (statement.index() + 1, handler);
        match handler {
            Some(handler) => handler(&mut draft, statement),
            None => read_other(&mut draft, statement),
        }
    }
    bgp::finish(&mut draft);
    draft.settle_names();
    draft.order();
    let bodies = tree.lines.lines.iter().filter(|line| {
        line.kind == LineKind::Body || line.kind == LineKind::Comment && line.start + 1 < line.end
    });
    draft.device.free_text.extend(bodies.map(|line| Span::new(tree.file(), line.start, line.end)));
    draft.device.whole = draft.device.hostname.is_some() && draft.whole_signs;
    vec![draft.device]
}

/// Reads one top-level statement, with its block, that has no handler in the table.
///
/// statement ::= hostname | prefix-list | no-prefix-list | access-list | no-access-list
///     | community-list | no-community-list | inert-other-community-list | as-path-list
///     | no-as-path-list | route-map | no-route-map | inert-route-map | router-bgp | no-router-bgp
///     | ip-nat | inert-nat | interface | no-interface | inert-breakout | vrf-context | no-vrf-context | static-route NL
///     | inert-route | router-igp | no-router-igp | inert-router | inert | inert-exit
fn read_other<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    if lines::is_exit(words) {
        draft.account(Part::Other, statement, State::Inert);
        draft.stray(statement);
    } else if inert::is_inert(words) {
        draft.whole_signs |= inert::is_sign_of_whole(words);
        // Which addresses a group holds is not followed, but that it is there.
        if is_word(words, 0, "object-group")
            && let Some(group) = words.token(3)
        {
            draft.define(ObjectKind::Object, group.text, statement.span());
        }
        draft.account_block(Part::Other, statement, State::Inert);
        references::in_block(draft, statement);
    } else {
        draft.account_block(Part::Other, statement, State::Opaque);
    }
    secrets::in_block(draft, statement);
}

/// The name of the device.
///
/// hostname ::= ("hostname" | "switchname") NAME NL
fn hostname<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    match (words.token(1), words.len()) {
        (Some(name), 2) => {
            let text = name.text.trim_matches('"');
            draft.device.hostname = Some(Fact::new(text, name.span));
            draft.account(Part::Other, statement, State::Modelled);
        }
        _ => draft.account(Part::Other, statement, State::Unmodelled),
    }
    draft.stray(statement);
}
