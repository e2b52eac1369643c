//! Juniper Junos: paths of words, written in braces or in `set` lines.
//!
//! Nothing here knows which form a file has: [`edgelint_syntax::Paths`] makes paths of both, carries
//! out `delete` and `deactivate`, and what groups make apply is added as paths too (`groups`). A
//! path's first words find its reader, which says what became of it; what several paths say about one
//! object is gathered in a `Draft` and put in the model's words behind the last path.
//!
//! A logical system is a router of its own: it becomes a device of its own.

use edgelint_model::{Device, Fact, Part, State};
use edgelint_source::{Arena, Span};
use edgelint_syntax::{LineKind, Paths, Tree, Words};

use crate::Dialect;

mod behaviour;
mod bgp;
mod draft;
mod evidence;
mod groups;
mod inert;
mod interface;
mod layout;
mod nat;
mod policy;
mod references;
mod remedy;
mod routing;
mod secrets;
mod section;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;

use draft::{Account, Draft, Leaf};
use section::Section;

/// Junos.
pub const DIALECT: Dialect = Dialect {
    name: "junos",
    grammar: include_str!("../../../../grammars/junos.ebnf"),
    evidence: evidence::look,
    lay_out: layout::lay_out,
    read,
    statements,
    remedy: remedy::remedy,
};

/// The number of statements: a path that was written, once however often its group applies, and a
/// command that could not be carried out.
fn statements(tree: &Tree<'_>) -> usize {
    let paths = Paths::of(tree);
    let commands = paths.commands.iter().filter(|command| !command.understood);
    paths.paths.len() + commands.count()
}

/// Reads a tree: the device, and its logical systems.
fn read<'t>(tree: &Tree<'t>, arena: &'t Arena) -> Vec<Device<'t>> {
    let mut paths = Paths::of(tree);
    groups::apply(&mut paths);
    let end = u32::try_from(tree.lines.text.len()).unwrap_or(u32::MAX);
    let whole = Span::new(tree.file(), 0, end);
    let mut devices = vec![read_system(tree, &paths, (None, whole), arena)];
    let mut systems: Vec<(&'t str, Span)> = Vec::new();
    for path in &paths.paths {
        let words = paths.words(path);
        if let Some(name) = words.token(1).filter(|_| words.reads(0, SYSTEMS))
            && words.len() > 2
            && !systems.iter().any(|(known, _)| *known == name.text)
        {
            systems.push((name.text, name.span));
        }
    }
    let whole_export = devices.first().is_some_and(|device| device.whole);
    let host = devices.first().and_then(|device| device.hostname);
    for (name, at) in systems {
        let mut device = read_system(tree, &paths, (Some(name), at), arena);
        let full = host.map(|host| arena.keep(&format!("{}:{name}", host.value)));
        device.hostname = Some(Fact::new(full.unwrap_or(name), at));
        // A part of a whole export is whole.
        device.whole = whole_export;
        devices.push(device);
    }
    devices
}

/// Reads the paths of one system: the device itself, or a logical one.
fn read_system<'t>(
    tree: &Tree<'t>,
    paths: &Paths<'t>,
    (system, at): (Option<&'t str>, Span),
    arena: &'t Arena,
) -> Device<'t> {
    let mut draft = Draft::new(at, arena);
    let skipped = if system.is_some() { 2 } else { 0 };
    let mut accounts: Vec<Option<Account>> = vec![None; paths.paths.len()];
    for path in &paths.paths {
        let words = paths.words(path);
        if system_of(words) != system {
            continue;
        }
        let leaf = Leaf::new(path, words, skipped, arena);
        let account =
            if path.deleted { (Part::Other, State::Inert) } else { account(&mut draft, &leaf) };
        if let Some(known) = accounts.get_mut(path.source as usize) {
            // Of a group's statement that applies in several places, the worst counts.
            let worst = |before: Account| if before.1 < account.1 { account } else { before };
            *known = Some(known.map_or(account, worst));
        }
    }
    for (path, account) in paths.paths.iter().zip(&accounts) {
        // What a group of the device makes apply in a logical system is a statement of the device.
        if path.via.is_none()
            && system_of(paths.words(path)) == system
            && let Some((part, state)) = account
        {
            draft.device.coverage.count(*part, *state, path.at);
        }
    }
    finish(&mut draft, tree, paths, system);
    draft.device
}

/// The word that the paths of logical systems begin with.
const SYSTEMS: &str = "logical-systems";

/// The logical system that a path is about, by its name.
fn system_of<'t>(words: Words<'_, 't>) -> Option<&'t str> {
    (words.reads(0, SYSTEMS) && words.len() > 2).then(|| words.peek(1))
}

fn finish<'t>(draft: &mut Draft<'t>, tree: &Tree<'t>, paths: &Paths<'t>, system: Option<&'t str>) {
    if system.is_none() {
        // What was carried out is part of the paths, as `inactive:` is part of a statement.
        for command in paths.commands.iter().filter(|command| !command.understood) {
            draft.device.coverage.count(Part::Other, State::Unmodelled, command.at);
        }
        let comments = tree.lines.lines.iter().filter(|line| {
            matches!(line.kind, LineKind::Comment | LineKind::Body) && line.start < line.end
        });
        let spans = comments.map(|line| Span::new(tree.file(), line.start, line.end));
        draft.device.free_text.extend(spans);
    }
    policy::finish(draft, paths, system);
    bgp::finish(draft);
    routing::finish(draft);
    interface::finish(draft);
    nat::finish(draft);
    draft.device.coverage.complaints.sort_by_key(|complaint| complaint.at);
    draft.device.whole = draft.device.hostname.is_some() && draft.whole_signs;
}

/// Reads one path. A line that applies groups is read like the heading of the block it stands in.
///
/// config ::= path*
/// path ::= "set" (policy-options | bgp | routing-options | routing-instances | interfaces | nat | book | zone
///     | protocol | firewall | inert-firewall | host-name | applied | inert-group | inert) NL
/// inert-group ::= "groups" NAME REST?
/// applied ::= WORD* ("apply-groups" | "apply-groups-except") NAME
fn account<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    if leaf.via.is_none() {
        secrets::in_path(draft, words);
    }
    if groups::is_group(words) {
        // Statements of a group count where they apply.
        let state = if words.len() < 2 { State::Unmodelled } else { State::Inert };
        return (Part::Other, state);
    }
    if leaf.off.is_some() && !is_bgp(words) {
        return (part_of(words.peek(0), words.peek(1)), State::Inert);
    }
    let found = draft.sections.of(words);
    draft.whole_signs |= found.is_sign_of_whole;
    if leaf.off.is_none() {
        references::collect(draft, leaf, found.section);
    }
    match words.len().checked_sub(2) {
        Some(at) if words.reads(at, "apply-groups") || words.reads(at, "apply-groups-except") => {
            let heading = Leaf { words: words.first(at), ..*leaf };
            let part = match at {
                0 => Part::Other,
                _ => {
                    let found = draft.sections.of(heading.words);
                    section(draft, &heading, found.section).0
                }
            };
            (part, State::Modelled)
        }
        _ => section(draft, leaf, found.section),
    }
}

/// Whether a path is about BGP.
fn is_bgp(words: Words<'_, '_>) -> bool {
    words.reads(0, "protocols") && words.reads(1, "bgp")
        || words.reads(0, "routing-instances")
            && words.reads(2, "protocols")
            && words.reads(3, "bgp")
}

/// Reads one path by its section.
fn section<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>, section: Section) -> Account {
    let words = leaf.words;
    match section {
        Section::Policies => policy::read(draft, leaf),
        Section::Bgp => bgp::read(draft, leaf, None, 2),
        Section::Protocols => routing::protocol(draft, leaf, None, words.skip(1)),
        Section::RoutingOptions => routing::options(draft, leaf, None, words.skip(1)),
        Section::Instances => routing::instance(draft, leaf),
        Section::Interfaces => interface::read(draft, leaf),
        Section::Firewall => inert::firewall(draft, leaf),
        Section::Nat => nat::read(draft, leaf),
        Section::AddressBook => nat::address_book(draft, leaf),
        Section::Zones => zones(draft, leaf),
        Section::HostName => host_name(draft, leaf),
        Section::ServiceNat => {
            // Translation on service cards: known, and not read yet.
            draft.device.nat.blind.push(leaf.at);
            (Part::Nat, State::Unmodelled)
        }
        Section::SwitchOptions | Section::Vlans | Section::Inert | Section::Unknown => {
            // Juniper, "Chassis Cluster User Guide for SRX Series Devices": sessions, and the translations in them,
            // are kept on both nodes.
            if words.reads(0, "chassis") && words.reads(1, "cluster") {
                draft.device.mirrors_state = Some(leaf.at);
            }
            let known = section != Section::Unknown;
            (Part::Other, if known { State::Inert } else { State::Opaque })
        }
    }
}

/// The part of the configuration that a section belongs to.
fn part_of(section: &str, second: &str) -> Part {
    match (section, second) {
        ("policy-options", "prefix-list" | "route-filter-list") => Part::PrefixList,
        ("policy-options", "community") => Part::CommunityList,
        ("policy-options", "as-path" | "as-path-group") => Part::AsPathList,
        ("policy-options", _) => Part::Policy,
        ("interfaces", _) => Part::Interface,
        ("firewall", _) => Part::Acl,
        ("routing-options" | "routing-instances", _) => Part::Routing,
        ("security" | "services", "nat") => Part::Nat,
        _ => Part::Other,
    }
}

/// The name of the device.
///
/// host-name ::= "system" "host-name" NAME
fn host_name<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    match leaf.words.token(2).filter(|_| leaf.words.len() == 3) {
        Some(name) => {
            leaf.put(&mut draft.device.hostname, name.text, name.span);
            (Part::Other, State::Modelled)
        }
        None => (Part::Other, State::Unmodelled),
    }
}

/// The interfaces of a zone; the rest of zones is about packets, and packets to the device itself.
///
/// zone ::= "security" "zones" ("security-zone" NAME "interfaces" NAME | inert-zone)?
/// inert-zone ::= "security-zone" NAME (("interfaces" NAME)? "host-inbound-traffic" REST?
///     | ("screen" | "tcp-rst" | "address-book" | "application-tracking" | "description"
///     | "enable-reverse-reroute" | "source-identity-log" | "advance-policy-based-routing-profile"
///     | "unidirectional-session-refreshing") REST?)? | "functional-zone" REST
fn zones<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let state = match (words.peek(2), words.token(3), words.peek(4)) {
        ("security-zone", Some(zone), "interfaces") => match words.token(5) {
            Some(interface) => {
                let known = draft.interfaces.zones.last();
                if known.is_none_or(|known| known.0 != interface.text) {
                    draft.interfaces.zones.push((interface.text, leaf.name(zone)));
                }
                match words.peek(6) {
                    "" => return (Part::Interface, State::Modelled),
                    "host-inbound-traffic" => State::Inert,
                    _ => State::Unmodelled,
                }
            }
            None => State::Unmodelled,
        },
        ("", None, _) => State::Modelled,
        (
            "security-zone",
            Some(_),
            ""
            | "host-inbound-traffic"
            | "screen"
            | "tcp-rst"
            | "address-book"
            | "application-tracking"
            | "description"
            | "enable-reverse-reroute"
            | "source-identity-log"
            | "advance-policy-based-routing-profile"
            | "unidirectional-session-refreshing",
        )
        | ("functional-zone", Some(_), _) => State::Inert,
        _ => State::Unmodelled,
    };
    (Part::Other, state)
}
