//! The signs of Junos in a file, in braces and in `set` lines.

use edgelint_syntax::Words;

use crate::{Evidence, Seen, Sign};

/// Sections that no other system with braces or paths has.
const SECTIONS: [&str; 12] = [
    "routing-options",
    "policy-options",
    "routing-instances",
    "class-of-service",
    "event-options",
    "apply-groups",
    "bridge-domains",
    "logical-systems",
    "forwarding-options",
    "chassis",
    "applications",
    "groups",
];

/// Sections whose names others use too.
const SHARED: [&str; 7] =
    ["system", "interfaces", "protocols", "firewall", "security", "snmp", "services"];

/// Adds what a line says for Junos.
///
/// Where statements in braces do not end in semicolons, it is another system's file; so it is where
/// sections stand in it that Junos does not have.
pub(super) fn look(evidence: &mut Evidence, line: &Seen<'_, '_>) {
    let (words, text) = (line.words, line.text);
    if line.is_comment {
        if let Some((what, weight)) = in_comment(text) {
            evidence.add(what, weight, line.at);
        }
        return;
    }
    if is_foreign(words) {
        return evidence.refute();
    }
    let last = text.as_bytes().last();
    let commented =
        || last != Some(&b'{') && text.as_bytes().contains(&b'#') && text.contains("; #");
    if last == Some(&b';') || commented() {
        evidence.release();
    }
    let typed = prompt(words);
    let behind = typed.and_then(|_| path(words.skip(1)));
    let said = in_statement(words, text).or(typed);
    let signs = [said, in_shape(text), behind].into_iter().flatten();
    for (what, weight) in signs {
        match last {
            Some(b'{') => evidence.hold(what, weight, line.at),
            _ => evidence.add(what, weight, line.at),
        }
    }
}

/// Sections and statements of PAN-OS, VyOS, SR OS and SR Linux.
fn is_foreign(words: Words<'_, '_>) -> bool {
    let place = usize::from(words.peek(0) == "set");
    match (words.peek(place), words.peek(place + 1)) {
        ("deviceconfig" | "mgt-config" | "rulebase" | "vsys" | "vsys1", _) => true,
        ("network" | "configure" | "shared" | "devices", "{" | "interface") => true,
        ("router", "\"Base\"" | "Base") => true,
        ("admin-state", "enable" | "disable" | "enable;") => true,
        ("interfaces", "ethernet" | "loopback" | "bonding") | ("ethernet", "eth0" | "eth1") => true,
        ("hw-id", _) => words.len() < 3,
        _ => false,
    }
}

fn in_comment(text: &str) -> Sign {
    let text = text.trim();
    if text.starts_with("## Last c") {
        return Some(("a header of Junos", 6));
    }
    if text.starts_with("#RANCID-CONTENT-TYPE: juniper") {
        return Some(("a header for Junos", 6));
    }
    text.contains("SECRET-DATA").then_some(("a secret marked as such", 6))
}

/// How lines of the braced form end.
fn in_shape(text: &str) -> Sign {
    match text.as_bytes().last()? {
        b'{' => Some(("an opening brace", 2)),
        b';' => Some(("a semicolon at the end of a line", 3)),
        _ if text.ends_with("; ## SECRET-DATA") => Some(("a secret marked as such", 6)),
        _ => None,
    }
}

fn in_statement(words: Words<'_, '_>, text: &str) -> Sign {
    let head = words.peek(0);
    let next = words.peek(1);
    let braced = text.ends_with('{');
    let ended = text.ends_with(';');
    match head {
        "set" | "delete" | "deactivate" | "activate" => return path(words),
        "inactive:" | "protect:" | "replace:" => {
            return Some(("a tag in front of a statement", 4));
        }
        "{master:0}" | "{master}" | "{primary:node0}" => return Some(("a banner of Junos", 4)),
        // All others end a statement or open a block.
        _ if !braced && !ended => return None,
        _ => {}
    }
    match head {
        "policy-statement" | "routing-instances" | "policy-options" | "routing-options"
            if braced =>
        {
            Some(("a section of Junos", 5))
        }
        "family" if braced && matches!(next, "inet" | "inet6" | "iso" | "mpls") => {
            Some(("a family of addresses", 4))
        }
        "unit" if braced && next.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(("a unit of an interface", 4))
        }
        "route-filter"
        | "apply-groups"
        | "peer-as"
        | "next-hop"
        | "autonomous-system"
        | "instance-type"
        | "host-name"
        | "root-authentication"
        | "prefix-list-filter"
            if ended || braced =>
        {
            Some(("a statement of Junos", 4))
        }
        "then" | "from" | "term" if braced => Some(("a term of a policy or filter", 4)),
        "then" if ended && matches!(next, "accept;" | "reject;" | "discard;") => {
            Some(("an action of a term", 4))
        }
        "neighbor" if ended => Some(("a neighbor in braces", 2)),
        "version" if ended && next.starts_with(|c: char| c.is_ascii_digit()) => {
            Some(("a release", 3))
        }
        _ if braced && SECTIONS.contains(&head) => Some(("a section", 4)),
        _ if braced && SHARED.contains(&head) => Some(("a section that others have too", 2)),
        _ => None,
    }
}

/// `user@host> show configuration`.
fn prompt(words: Words<'_, '_>) -> Sign {
    let head = words.peek(0);
    let shows = head.bytes().any(|byte| byte == b'@')
        && (head.ends_with('>') && words.peek(1) == "show" && words.peek(2) == "configuration"
            || head.ends_with('#') && matches!(words.peek(1), "set" | "show" | "edit"));
    shows.then_some(("a prompt of Junos", 5))
}

fn path(words: Words<'_, '_>) -> Sign {
    let section = words.peek(1);
    let third = words.peek(2);
    if SECTIONS.contains(&section) {
        return Some(("a path of Junos", 5));
    }
    if !SHARED.contains(&section) {
        return None;
    }
    Some(match (section, third, words.peek(3)) {
        ("interfaces", _, "unit" | "gigether-options" | "description") => {
            ("an interface as a path", 4)
        }
        ("interfaces", name, _) if name.contains('-') && name.contains('/') => {
            ("an interface as a path", 4)
        }
        ("protocols", "bgp", "group") => ("a group of neighbors as a path", 5),
        ("protocols", "bgp", "local-as" | "export" | "import" | "family" | "neighbor") => {
            ("BGP as a path", 3)
        }
        ("protocols", "ospf", "area") => ("OSPF as a path", 2),
        ("system", "host-name" | "root-authentication", _) => ("management as a path", 3),
        ("security", "nat" | "zones" | "policies", _) => ("security as a path", 4),
        ("firewall", "family" | "filter", _) => ("a filter as a path", 4),
        _ => ("a path", 3),
    })
}
