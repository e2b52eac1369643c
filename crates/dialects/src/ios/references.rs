//! Names of policy objects in statements that are inert otherwise.
//!
//! An access list that guards the terminals matters to no route, but it is in use: whoever looks for
//! objects that nobody uses has to know.

use edgelint_model::{Fact, ObjectKind, Usage};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;

/// Records the uses in a statement and its block.
pub(super) fn in_block<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    in_statement(draft, statement.words());
    for child in statement.children() {
        in_block(draft, child);
    }
}

/// Records the uses in one statement.
fn in_statement<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let is = |index: usize, word: &str| words.peek(index).eq_ignore_ascii_case(word);
    let found = match words.peek(0).len() {
        2 if is(0, "ip") => in_ip(words),
        3 if is(0, "ntp") && is(1, "access-group") => name(words, words.len().saturating_sub(1)),
        3 if is(0, "acl") => name(words, 1),
        4 if is(0, "ipv6") && is(1, "local") && is(2, "policy") && is(3, "route-map") => {
            name(words, 4).map(|(_, at)| (ObjectKind::Policy, at))
        }
        4 if is(0, "ipv6") && is(1, "access-class") => {
            name(words, 2).map(|(_, at)| (ObjectKind::Ipv6Acl, at))
        }
        5 if is(0, "match") && is(1, "access-group") => name(words, 2 + usize::from(is(2, "name"))),
        // `match address local` compares with an address of this device.
        5 if is(0, "match") && is(1, "address") && !is(2, "local") => name(words, 2),
        11 if is(0, "snmp-server") && is(1, "community") => community_guard(words),
        15 if is(0, "summary-address") => leak_map(words),
        12 if is(0, "access-class") => name(words, 1),
        _ => None,
    };
    if let Some((kind, at)) = found
        && let Some(token) = words.token(at)
    {
        draft.use_name(kind, Fact::new(token.text, token.span), Usage::Other);
    }
}

/// A name at an index: an access list, unless somebody knows better.
fn name(words: Words<'_, '_>, at: usize) -> Option<(ObjectKind, usize)> {
    (at < words.len()).then_some((ObjectKind::Acl, at))
}

/// `summary-address ... leak-map NAME`: which more specific routes EIGRP sends all the same.
fn leak_map(words: Words<'_, '_>) -> Option<(ObjectKind, usize)> {
    let key = words.tokens().position(|token| token.text.eq_ignore_ascii_case("leak-map"))?;
    name(words, key + 1).map(|(_, at)| (ObjectKind::Policy, at))
}

/// `ip local policy route-map NAME`, `ip http access-class NAME`, `ip pim ... ACL`.
fn in_ip(words: Words<'_, '_>) -> Option<(ObjectKind, usize)> {
    let is = |index: usize, word: &str| words.peek(index).eq_ignore_ascii_case(word);
    if is(1, "local") && is(2, "policy") && is(3, "route-map") {
        return name(words, 4).map(|(_, at)| (ObjectKind::Policy, at));
    }
    if is(1, "vrf") && is(2, "sitemap") {
        return name(words, 3).map(|(_, at)| (ObjectKind::Policy, at));
    }
    if is(1, "summary-address") {
        return leak_map(words);
    }
    if is(1, "http") && is(2, "access-class") {
        return name(words, 3 + usize::from(is(3, "ipv4")));
    }
    if is(1, "pim") && is(2, "rp-address") {
        return name(words, 4).filter(|_| !is(4, "override") && !is(4, "bidir"));
    }
    if is(1, "igmp") && is(2, "access-group") {
        return name(words, 3);
    }
    None
}

/// `snmp-server community STRING [view NAME] [RO | RW] [ACL]`.
fn community_guard(words: Words<'_, '_>) -> Option<(ObjectKind, usize)> {
    let last = words.len().saturating_sub(1);
    let before = words.peek(last.saturating_sub(1));
    let guarded = before.eq_ignore_ascii_case("ro") || before.eq_ignore_ascii_case("rw");
    (guarded && 2 < last).then_some((ObjectKind::Acl, last))
}
