//! FRR, and what it grew out of: Zebra and Quagga. One command a line, `no` to take back.
//!
//! A file is one daemon's (`bgpd.conf`, `zebra.conf`) or that of all of them (`frr.conf`, what `vtysh`
//! prints, what SONiC exports). Every daemon reads it line by line, and a line that is refused stops
//! nothing: so a file means what a running router would make of its lines in that order, and that is
//! how it is read here.
//!
//! A top-level statement is found by its first words (`handler`); its handler reads it and its whole
//! block. What no handler takes is known and of no consequence (`inert.rs`), or unknown.

use edgelint_model::{Device, Fact, Part, State};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{LineKind, Statement, Tree, Words};

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
mod lists;
mod prefix_list;
mod redistribution;
mod references;
mod release;
mod remedy;
mod route;
mod route_map;
mod vrf;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod rendering;
#[cfg(test)]
mod tests;

use draft::Draft;
use lines::{lower, polarity, room};

/// FRR, Quagga.
pub const DIALECT: Dialect = Dialect {
    name: "frr",
    grammar: include_str!("../../../../grammars/frr.ebnf"),
    evidence: evidence::look,
    lay_out: layout::lay_out,
    read,
    statements: |tree| tree.nodes.len(),
    remedy: remedy::remedy,
};

/// Reads a statement and its whole block into the draft, and accounts for all of it.
type Handler = for<'d, 'w, 't> fn(&'d mut Draft<'t>, Statement<'w, 't>);

/// Reads a tree: always one device. Every name of FRR stands in the file, so nothing is kept beside it.
///
/// config ::= statement*
fn read<'t>(tree: &Tree<'t>, _arena: &'t Arena) -> Vec<Device<'t>> {
    let end = u32::try_from(tree.lines.text.len()).unwrap_or(u32::MAX);
    let mut draft = Draft::new(&behaviour::FRR, Span::new(tree.file(), 0, end));
    let mut before: (u32, Option<Handler>) = (0, None);
    for statement in tree.top() {
        // One of a long list is read as the one before it was, if it follows it directly.
        let handler = match before {
            (next, handler @ Some(_)) if next == statement.index() && statement.repeats() => {
                handler
            }
            _ => handler(statement.words()),
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
    let device = &mut draft.device;
    device.whole = device.hostname.is_some() && draft.whole_signs;
    // Interfaces are the host's: where nobody gives them addresses here, somebody else does.
    device.hosted = device.interfaces.iter().all(|interface| interface.addresses.is_empty());
    vec![draft.device]
}

/// The handler of a statement, if there is one. A leading `no` is not looked at: the handler sees it.
fn handler(words: Words<'_, '_>) -> Option<Handler> {
    let (_, words) = polarity(words);
    let mut first = room();
    let mut second = room();
    let handler: Handler =
        match (lower(words.peek(0), &mut first), lower(words.peek(1), &mut second)) {
            ("ip" | "ipv6", "prefix-list") => prefix_list::prefix_list,
            ("ip" | "ipv6", "route") => route::static_route,
            ("ip" | "bgp", "community-list") => lists::community_list,
            ("ip" | "bgp", "extcommunity-list") => lists::extcommunity_list,
            ("ip" | "bgp", "large-community-list") => lists::large_community_list,
            ("ip" | "bgp", "as-path") => lists::as_path_list,
            ("access-list", _) | ("ipv6", "access-list") => access_list::access_list,
            ("route-map", _) => route_map::route_map,
            ("router", "bgp") => bgp::router_bgp,
            ("router", _) => igp::router_igp,
            ("interface" | "int", _) => interface::interface,
            ("vrf", _) => vrf::vrf,
            ("frr", _) => release::frr,
            ("hostname", _) => hostname,
            _ => return None,
        };
    Some(handler)
}

/// Reads one top-level statement, with its block, that has no handler.
///
/// statement ::= hostname | frr | prefix-list | no-prefix-list | inert-prefix-list-numbering | access-list
///     | no-access-list | community-list | no-community-list | inert-other-community-list | as-path-list
///     | no-as-path-list | route-map | no-route-map | inert-route-map | router-bgp | interface | vrf
///     | static-route | router-igp | inert-router | inert | inert-ip
fn read_other<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    let state = match inert::is_inert(words) {
        true => State::Inert,
        false => State::Opaque,
    };
    if state == State::Inert {
        draft.whole_signs |= inert::is_sign_of_whole(words);
        references::in_block(draft, statement);
    }
    draft.account_block(Part::Other, statement, state);
    secrets::in_block(draft, statement);
}

/// The name of the device.
///
/// hostname ::= "no"? "hostname" NAME NL
fn hostname<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let name = words.token(1).filter(|_| words.len() == 2);
    let state = if name.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Other, statement, state);
    draft.stray(statement);
    if let Some(name) = name {
        draft.device.hostname = (!negated).then_some(Fact::new(name.text, name.span));
    }
}
