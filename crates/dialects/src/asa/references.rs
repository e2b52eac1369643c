//! Names of policy objects and interfaces in statements that are inert otherwise.
//!
//! An access list that selects what is encrypted matters to no route, but it is in use: whoever looks for
//! objects that nobody uses has to know.

use edgelint_model::{Fact, ObjectKind, Usage};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{lower, parenthesised, room};
use crate::phrases::{ipv4, is_word};

/// Records the uses in a statement and its block.
pub(super) fn in_block<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    in_statement(draft, statement.words());
    for child in statement.children() {
        in_block(draft, child);
    }
}

fn in_statement<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let is = |index: usize, word: &str| is_word(words, index, word);
    let last = words.len().saturating_sub(1);
    let mut low = room();
    let (kind, at) = match lower(words.peek(0), &mut low) {
        "mtu" | "monitor-interface" => (ObjectKind::Interface, 1),
        "ssh" | "telnet" | "http" if last == 3 && ipv4(words.skip(1)).is_ok() => {
            (ObjectKind::Interface, last)
        }
        "icmp" if is(1, "permit") || is(1, "deny") => (ObjectKind::Interface, last),
        "logging" | "snmp-server" if is(1, "host") => (ObjectKind::Interface, 2),
        "dns" if is(1, "domain-lookup") => (ObjectKind::Interface, 2),
        "sysopt" if is(1, "noproxyarp") => (ObjectKind::Interface, 2),
        "dhcpd" if is(1, "enable") || is(1, "address") => (ObjectKind::Interface, last),
        "name-server" if 1 < last && !words.peek(last).contains(['.', ':']) => {
            (ObjectKind::Interface, last)
        }
        "service-policy" if is(2, "interface") => (ObjectKind::Interface, 3),
        "ip" if is(1, "verify") && is(3, "interface") => (ObjectKind::Interface, 4),
        "crypto" if is(1, "map") && is(3, "interface") => (ObjectKind::Interface, 4),
        "crypto" if is(4, "match") && is(5, "address") => (ObjectKind::Acl, 6),
        "ntp" if is(3, "source") => (ObjectKind::Interface, 4),
        "match" if is(1, "access-list") => (ObjectKind::Acl, 2),
        "aaa" if is(2, "match") => (ObjectKind::Acl, 3),
        "split-tunnel-network-list" | "vpn-filter" if is(1, "value") => (ObjectKind::Acl, 2),
        "aaa-server" => return server(draft, words),
        _ => return,
    };
    if let Some(token) = words.token(at) {
        draft.use_name(kind, Fact::new(token.text, token.span), Usage::Other);
    }
}

/// The interface that a server is behind: `aaa-server NAME (inside) host ...`.
fn server<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    if let Ok((_, (interface, None))) = parenthesised(words.skip(2)) {
        draft.use_name(ObjectKind::Interface, interface, Usage::Other);
    }
}
