//! Cisco ASA (and PIX before it): one command a line, blocks by one blank of indentation, `no` to take back.
//!
//! An ASA translates between named interfaces, so this is read to know under which addresses the inside is
//! seen behind which interface. An export may hold several devices: the contexts of one box, each behind the
//! line that states the release or behind `changeto`.
//!
//! A top-level statement is found by its first words; its handler reads it and its whole block.
//! What no handler takes is known and of no consequence (`inert.rs`), or unknown.

use edgelint_model::{Device, Fact, Part, State};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{LineKind, Statement, Tree, Words};

use crate::Dialect;
use crate::phrases::is_word;

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
mod object;
mod prefix_list;
mod redistribution;
mod references;
mod remedy;
mod route;
mod route_map;
mod secrets;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod rendering;
#[cfg(test)]
mod tests;

use draft::Draft;
use lines::{lower, polarity, room};

/// ASA, PIX.
pub const DIALECT: Dialect = Dialect {
    name: "asa",
    grammar: include_str!("../../../../grammars/asa.ebnf"),
    evidence: evidence::look,
    lay_out: layout::lay_out,
    read,
    statements: |tree| tree.nodes.len(),
    remedy: remedy::remedy,
};

/// Reads a statement and its whole block into the draft, and accounts for all of it.
type Handler = for<'d, 'w, 't> fn(&'d mut Draft<'t>, Statement<'w, 't>);

/// Reads a tree: one device a context.
///
/// config ::= statement*
fn read<'t>(tree: &Tree<'t>, _arena: &'t Arena) -> Vec<Device<'t>> {
    let end = u32::try_from(tree.lines.text.len()).unwrap_or(u32::MAX);
    let mut devices = Vec::with_capacity(1);
    let mut draft = Draft::new(&behaviour::ASA, Span::new(tree.file(), 0, end));
    for statement in tree.top() {
        if begins_device(&draft, statement.words()) {
            let start = statement.span().start;
            let next = Draft::new(&behaviour::ASA, Span::new(tree.file(), start, end));
            let mut done = std::mem::replace(&mut draft, next);
            done.device.at = Span::new(tree.file(), done.device.at.start, start);
            devices.push(finished(tree, done));
        }
        match handler(statement.words()) {
            Some(handler) => {
                draft.pending.begun = true;
                handler(&mut draft, statement);
            }
            None => other(&mut draft, statement),
        }
    }
    devices.push(finished(tree, draft));
    devices
}

/// Whether a statement is the first of another device: the release is stated again, or a context is
/// entered.
fn begins_device(draft: &Draft<'_>, words: Words<'_, '_>) -> bool {
    let enters = is_word(words, 0, "changeto");
    draft.pending.begun && (enters || draft.pending.has_version && is_release(words))
}

/// What waits until everything is read.
fn finished<'t>(tree: &Tree<'t>, mut draft: Draft<'t>) -> Device<'t> {
    interface::finish(&mut draft);
    access_list::finish(&mut draft);
    route::finish(&mut draft);
    nat::finish(&mut draft);
    bgp::finish(&mut draft);
    draft.settle_names();
    draft.order();
    let device = &mut draft.device;
    let own = device.at;
    let texts = tree.lines.lines.iter().filter(|line| {
        line.kind == LineKind::Body || line.kind == LineKind::Comment && line.start + 1 < line.end
    });
    let texts = texts.map(|line| Span::new(tree.file(), line.start, line.end));
    device.free_text.extend(texts.filter(|text| own.contains(*text)));
    device.whole = device.hostname.is_some() && draft.whole_signs;
    draft.device
}

/// The handler of a statement, if there is one. A leading `no` is not looked at: the handler sees it.
fn handler(words: Words<'_, '_>) -> Option<Handler> {
    let (_, words) = polarity(words);
    let is = |word: &str| is_word(words, 1, word);
    let mut low = room();
    Some(match lower(words.peek(0), &mut low) {
        "access-list" => access_list::access_list,
        "access-group" => access_list::access_group,
        "object" => object::object,
        "object-group" => object::group,
        "name" => object::name_of_address,
        "nat" => nat::nat,
        "global" => nat::global,
        "static" => nat::static_,
        "interface" => interface::interface,
        "nameif" => interface::old_nameif,
        "route" => route::route,
        "prefix-list" => prefix_list::prefix_list,
        "route-map" => route_map::route_map,
        "community-list" => community_list::community_list,
        "as-path" => as_path_list::as_path_list,
        "router" if is("bgp") => bgp::router_bgp,
        "router" => igp::router_igp,
        "ip" if is("address") => interface::old_address,
        "ipv6" if is("route") => route::ipv6_route,
        "ipv6" if is("access-list") => access_list::ipv6_access_list,
        "ipv6" if is("prefix-list") => prefix_list::prefix_list,
        "ipv6" if is("router") => igp::router_igp,
        "hostname" => hostname,
        _ => return None,
    })
}

/// Whether a line states the release.
fn is_release(words: Words<'_, '_>) -> bool {
    let is = |word: &str| is_word(words, 0, word);
    (is("asa") || is("pix") || is("fwsm") || is("ngfw")) && is_word(words, 1, "version")
}

/// Reads one top-level statement, with its block, that has no handler.
///
/// statement ::= hostname | prefix-list | no-prefix-list | inert-prefix-list-numbering | access-list
///     | no-access-list | inert-access-list-setting | inert-other-access-list | ipv6-access-list
///     | no-ipv6-access-list | access-group | object | object-group | name | nat | global | static | interface
///     | inert-media | old-nameif | old-address | route | ipv6-route | community-list | no-community-list
///     | as-path-list | no-as-path-list | route-map | no-route-map | router-bgp | router-igp | inert-release | changeto
///     | inert | inert-ip
/// inert-release ::= ("asa" | "pix" | "fwsm" | "ngfw") "version" REST NL
/// changeto ::= "changeto" ("system" | "context" NAME) NL
fn other<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    let (_, plain) = polarity(words);
    if is_release(words) && 2 < words.len() {
        (draft.pending.has_version, draft.pending.begun, draft.whole_signs) = (true, true, true);
        draft.account(Part::Other, statement, State::Inert);
        return draft.stray(statement);
    }
    if is_word(words, 0, "changeto") {
        return changeto(draft, statement);
    }
    if inert::is_inert(plain) {
        draft.whole_signs |= inert::is_sign_of_whole(words);
        draft.pending.begun = true;
        if inert::is_link_for_state(words) {
            draft.device.mirrors_state = Some(statement.span());
        }
        draft.account_block(Part::Other, statement, State::Inert);
        references::in_block(draft, statement);
    } else if lower(plain.peek(0), &mut room()) == "policy-list" {
        // Matches under a name, for route maps to name: known, and not yet in the model.
        draft.account_block(Part::Policy, statement, State::Unmodelled);
    } else {
        draft.account_block(Part::Other, statement, State::Opaque);
    }
    secrets::in_block(draft, statement);
}

/// A context is entered: it is called so until it says its own name.
fn changeto<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    let context = match (is_word(words, 1, "context"), words.token(2), words.len()) {
        (true, Some(name), 3) => Some(Fact::new(name.text, name.span)),
        _ => None,
    };
    let known = context.is_some() || is_word(words, 1, "system") && words.len() == 2;
    draft.device.hostname = draft.device.hostname.or(context);
    let state = if known { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Other, statement, state);
    draft.stray(statement);
}

/// The name of the device.
///
/// hostname ::= "hostname" NAME NL
fn hostname<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    match (words.token(1), words.len()) {
        (Some(name), 2) if is_word(words, 0, "hostname") => {
            let text = name.text.trim_matches('"');
            draft.device.hostname = Some(Fact::new(text, name.span));
            draft.account(Part::Other, statement, State::Modelled);
        }
        _ => draft.account(Part::Other, statement, State::Unmodelled),
    }
    draft.stray(statement);
}
