//! The layout of ASA: certificates cut out, prompts taken off, blocks by indentation.
//!
//! Comments begin with a colon, too, and the checksum that the device adds is one. Banners are one line each,
//! so they open no bodies. Configurations that lost their indentation on their way are read as the device would
//! read them: a command belongs to the mode that is open as long as that mode knows it ([`MODES`]).

use edgelint_syntax::body::{BodyEnd, BodyRule, cut_bodies};
use edgelint_syntax::dressing::mark_dressing;
use edgelint_syntax::indented::{self, Indented};
use edgelint_syntax::{LineKind, Lines, Tree, Words};

use super::lines::polarity;
use crate::phrases::is_word;

/// Cuts bodies, takes off prompts and builds the tree.
pub(super) fn lay_out(mut lines: Lines<'_>) -> Tree<'_> {
    mark_dressing(&mut lines);
    mark_comments(&mut lines);
    cut_bodies(&mut lines, BODIES);
    indented::lay_out(lines, &Indented { adopts, is_closer, closes })
}

/// Statements that open multi-line bodies.
static BODIES: &[BodyRule] = &[BodyRule { head: &["certificate"], end: BodyEnd::HexUntil("quit") }];

/// Marks comments and what a terminal shows between pages, and takes prompts off.
fn mark_comments(lines: &mut Lines<'_>) {
    for at in 0..lines.lines.len() {
        let Some(line) = lines.lines.get(at).filter(|it| it.kind == LineKind::Statement) else {
            continue;
        };
        let words = lines.words_of(line);
        let kind = match words.peek(0) {
            head if head.starts_with(':') || head.starts_with("Cryptochecksum:") => {
                LineKind::Comment
            }
            "<---" => LineKind::Dressing,
            // What oxidized puts between contexts.
            head if head.starts_with("----------") => LineKind::Dressing,
            _ if prompt(words) => LineKind::Statement,
            _ => continue,
        };
        let Some(line) = lines.lines.get_mut(at) else { continue };
        // That a line goes on as the one before was told by words of which the prompt was one.
        line.repeats = false;
        if kind == LineKind::Statement {
            line.first_word += 1;
            line.word_count = line.word_count.saturating_sub(1);
            line.kind = if line.word_count == 0 { LineKind::Dressing } else { kind };
        } else {
            line.kind = kind;
            line.word_count = 0;
        }
    }
}

/// Whether the first word is a prompt: `fw(config)#`, or `fw/admin#` in front of `changeto`.
pub(super) fn prompt(words: Words<'_, '_>) -> bool {
    let head = words.peek(0);
    let Some(name) = head.strip_suffix('#') else { return false };
    name.ends_with(')') && name.contains("(config") || is_word(words, 1, "changeto")
}

/// Whether a line closes blocks.
fn is_closer(line: Words<'_, '_>) -> bool {
    line.len() == 1
        && (is_word(line, 0, "exit")
            || is_word(line, 0, "quit")
            || is_word(line, 0, "exit-address-family"))
}

/// Whether `exit` leaves the mode of this header.
fn closes(header: Words<'_, '_>, line: Words<'_, '_>) -> bool {
    let family = is_word(header, 0, "address-family");
    if is_word(line, 0, "exit-address-family") { family } else { mode(header).is_some() }
}

/// Whether a line that stands as far left as the header still belongs to it: only as long as nothing of the
/// block was indented.
fn adopts(header: Words<'_, '_>, line: Words<'_, '_>, indented: bool) -> bool {
    if indented {
        return false;
    }
    let Some((head, commands)) = mode(header) else { return false };
    let (_, line) = polarity(line);
    let knows = commands.iter().any(|command| is_word(line, 0, command));
    match *head.first().unwrap_or(&"") {
        // The same words mean something else at the top.
        "interface" if is_word(line, 0, "nameif") => line.len() < 3,
        "interface" if is_word(line, 0, "ip") => {
            is_word(line, 1, "address")
                && !line.peek(2).starts_with(|c: char| c.is_ascii_alphabetic())
                || is_word(line, 2, "dhcp")
        }
        "interface" if is_word(line, 0, "ipv6") => {
            ["address", "enable", "nd"].iter().any(|word| is_word(line, 1, word))
        }
        "object" if is_word(line, 0, "nat") => {
            (1..3).any(|at| is_word(line, at, "static") || is_word(line, at, "dynamic"))
        }
        _ => knows,
    }
}

/// A mode: how its header begins, and the commands it knows.
type Mode = (&'static [&'static str], &'static [&'static str]);

/// The mode that a statement opens, if any.
fn mode(header: Words<'_, '_>) -> Option<&'static Mode> {
    let letter = header.peek(0).bytes().next().map_or(0, |byte| byte.to_ascii_lowercase());
    // Most lines open no mode, and most of these are told by their first letter.
    if !INITIALS.contains(&letter) {
        return None;
    }
    // Before release 7.0 an interface had its media behind its name, and no block.
    if is_word(header, 0, "interface") && header.len() != 2 {
        return None;
    }
    MODES
        .iter()
        .find(|(head, _)| head.iter().enumerate().all(|(index, word)| is_word(header, index, word)))
}

/// The first letters of all headers.
const INITIALS: &[u8] = b"iaroctgup";

#[rustfmt::skip]
static MODES: &[Mode] = &[
    (&["interface"], &[
        "nameif", "security-level", "ip", "ipv6", "vlan", "description", "shutdown",
        "management-only", "channel-group", "duplex", "speed", "policy-route", "bridge-group",
    ]),
    (&["router", "bgp"], &[
        "neighbor", "network", "bgp", "redistribute", "aggregate-address", "address-family",
        "timers", "maximum-paths", "distance", "default-information", "default-metric",
        "table-map", "auto-summary", "synchronization",
    ]),
    (&["address-family"], &[
        "neighbor", "network", "bgp", "redistribute", "aggregate-address", "maximum-paths",
        "distance", "default-information", "default-metric", "table-map", "auto-summary",
        "synchronization",
    ]),
    (&["router"], &[
        "network", "area", "redistribute", "passive-interface", "router-id", "neighbor",
        "distance", "default-information", "distribute-list", "log-adj-changes", "auto-summary",
        "eigrp", "version", "timers",
    ]),
    (&["route-map"], &["match", "set", "continue"]),
    (&["object", "network"], &["host", "subnet", "range", "fqdn", "description", "nat"]),
    (&["object", "service"], &["service", "description"]),
    (&["object-group"], &[
        "network-object", "group-object", "port-object", "service-object", "protocol-object",
        "icmp-object", "description",
    ]),
    (&["class-map"], &["match", "description"]),
    (&["policy-map"], &["class", "parameters", "description"]),
    (&["class"], &["inspect", "police", "priority", "set"]),
    (&["tunnel-group"], &["ikev1", "ikev2", "pre-shared-key", "address-pool"]),
    (&["group-policy"], &["vpn-tunnel-protocol", "vpn-filter", "split-tunnel-policy"]),
    (&["crypto", "ca", "certificate", "chain"], &["certificate"]),
    (&["crypto", "ikev1", "policy"], &["authentication", "encryption", "hash", "group", "lifetime"]),
    (&["crypto", "ikev2", "policy"], &["encryption", "integrity", "group", "prf", "lifetime"]),
    (&["username"], &["service-type", "vpn-group-policy"]),
    (&["aaa-server"], &["key", "server-port", "ldap-login-password", "ldap-base-dn"]),
];

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    /// The tree, a level of depth as a dot.
    fn tree(text: &str) -> String {
        let tree = super::lay_out(Lines::split(FileId(0), text));
        tree.statements()
            .map(|it| format!("{}{}", ".".repeat(it.depth() as usize), it.words().line_text()))
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn every_header_begins_with_a_letter_that_is_looked_for() {
        for (head, _) in super::MODES {
            assert!(super::INITIALS.contains(&head[0].as_bytes()[0]), "{}", head[0]);
        }
    }

    #[test]
    fn blocks_are_found_with_and_without_indentation() {
        let table = [
            (
                ": Saved\n:\nobject network A\n host 192.0.2.1\n nat (a,b) static 203.0.113.1\nnat (a,b) source static A A\n: end\n",
                "object network A|.host 192.0.2.1|.nat (a,b) static 203.0.113.1|nat (a,b) source static A A",
            ),
            (
                "object network A\nhost 192.0.2.1\nnat (a,b) static 203.0.113.1\nnat (a,b) source static A A",
                "object network A|.host 192.0.2.1|.nat (a,b) static 203.0.113.1|nat (a,b) source static A A",
            ),
            (
                "interface Ethernet0\n  nameif inside\nexit\n\naccess-list x permit ip any any",
                "interface Ethernet0|.nameif inside|.exit|access-list x permit ip any any",
            ),
            (
                "router bgp 64500\naddress-family ipv4 unicast\nneighbor 192.0.2.1 activate\nexit-address-family\nroute a 0 0 192.0.2.1",
                "router bgp 64500|.address-family ipv4 unicast|..neighbor 192.0.2.1 activate|..exit-address-family|route a 0 0 192.0.2.1",
            ),
            (
                "fw(config)# object network A\nfw(config-network-object)# host 192.0.2.1\nfw/admin# changeto context B\n",
                "object network A|.host 192.0.2.1|changeto context B",
            ),
            (
                "crypto ca certificate chain T\n certificate ca 01\n  3082 0201\n  quit\nhostname x",
                "crypto ca certificate chain T|.certificate ca 01|hostname x",
            ),
            (
                "interface Ethernet0\n nameif a\nnameif ethernet1 b security0\nip address b 192.0.2.1 255.255.255.0",
                "interface Ethernet0|.nameif a|nameif ethernet1 b security0|ip address b 192.0.2.1 255.255.255.0",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(tree(text), expected, "{text}");
        }
    }
}
