//! Cisco IOS and IOS-XE: one command a line, blocks by one blank of indentation, `no` to take back.
//!
//! A running configuration is a list of commands as they could be typed. So a file that somebody
//! pasted together, without indentation, with prompts, twice the same block, means what a router
//! would make of it when the lines are typed in that order; that is how it is read here.
//!
//! A top-level statement is found by its first words (`table.rs`); its handler reads it and its whole
//! block. What no handler takes is known and of no consequence (`inert.rs`), or unknown.

use edgelint_model::{Device, Fact, Part, State};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{LineKind, Statement, Tree};

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

/// IOS, IOS-XE.
pub const DIALECT: Dialect = Dialect {
    name: "ios",
    grammar: include_str!("../../../../grammars/ios.ebnf"),
    evidence: evidence::look,
    lay_out: layout::lay_out,
    read,
    statements: |tree| tree.nodes.len(),
    remedy: remedy::remedy,
};

/// Reads a tree: always one device. Every name of IOS stands in the file, so nothing is kept
/// beside it.
///
/// config ::= statement*
fn read<'t>(tree: &Tree<'t>, _arena: &'t Arena) -> Vec<Device<'t>> {
    let end = u32::try_from(tree.lines.text.len()).unwrap_or(u32::MAX);
    let mut draft = Draft::new(&behaviour::IOS, Span::new(tree.file(), 0, end));
    // Every entry of a list defines it.
    draft.device.definitions.reserve(tree.nodes.len() / 2);
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
    draft.device.interfaces.shrink_to_fit();
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
/// statement ::= hostname | prefix-list | no-prefix-list | inert-prefix-list-numbering | access-list |
///     no-access-list | inert-access-list | ip-access-list | no-ip-access-list | inert-ip-access-list |
///     ipv6-access-list | no-ipv6-access-list | inert-ipv6-access-list | community-list |
///     no-community-list | inert-other-community-list | as-path-list | no-as-path-list | route-map |
///     no-route-map | router-bgp | ip-nat | inert-nat | interface | ip-vrf | vrf-definition | ip-route
///     | ipv6-route | router-igp | inert-router | inert
fn read_other<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    if inert::is_inert(words) {
        inert(draft, statement);
    } else {
        draft.account_block(Part::Other, statement, State::Opaque);
        secrets::in_block(draft, statement);
    }
}

/// A statement of no consequence: only its secrets, its free text and what it names matter.
fn inert<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    draft.whole_signs |= inert::is_sign_of_whole(statement.words());
    draft.account_block(Part::Other, statement, State::Inert);
    secrets::in_block(draft, statement);
    references::in_block(draft, statement);
}

/// The name of the device.
///
/// hostname ::= "hostname" NAME NL
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
