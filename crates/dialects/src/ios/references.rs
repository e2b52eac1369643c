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
    let is = |index: usize, word: &str| words.is(index, word);
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

#[cfg(test)]
mod tests {
    use crate::ios::rendering::device;

    /// The names in use, but for those of interfaces.
    fn used(text: &str) -> String {
        device(text, |device| {
            let uses = device.uses.iter().filter(|it| it.kind.name() != "interface");
            uses.map(|it| it.name).collect::<Vec<_>>().join(" ")
        })
    }

    #[test]
    fn statements_of_no_other_consequence_use_what_they_name() {
        let table = [
            ("interface Gi1\n ip vrf sitemap SITE\n", "SITE"),
            (
                "interface Gi1\n ip summary-address eigrp 1 10.0.0.0 255.0.0.0 leak-map LEAK\n",
                "LEAK",
            ),
            ("ipv6 local policy route-map LOCAL\n", "LOCAL"),
            ("crypto ikev2 profile P\n match address local 192.0.2.1\n", ""),
            ("crypto map M 1 ipsec-isakmp\n match address VPN\n", "VPN"),
            ("interface Gi1\n vrf forwarding default\n", ""),
        ];
        for (text, expected) in table {
            assert_eq!(used(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_taken_back_uses_nothing() {
        let table = [
            ("interface Gi1\n ip access-group A in\n no ip access-group A in\n", ""),
            ("interface Gi1\n ip access-group A in\n no ip access-group in\n", ""),
            ("interface Gi1\n ip policy route-map A\n ip policy route-map B\n", "B"),
            ("interface Gi1\n ip policy route-map A\n!\nno interface Gi1\n", ""),
            ("ip nat inside source list A pool B\nno ip nat inside source list A pool B\n", ""),
            (
                "route-map M permit 10\n match ip address prefix-list A\n set comm-list B delete\n\
                 route-map M permit 20\n match community C\n!\nno route-map M permit 10\n",
                "C",
            ),
            ("route-map M permit 10\n match as-path 7\n!\nno route-map M\n", ""),
            ("ip vrf V\n import map A\n!\nno ip vrf V\n", ""),
            ("router ospf 1\n distribute-list prefix A in\n no distribute-list prefix A in\n", ""),
            (
                "router ospf 1\n redistribute static route-map A\n redistribute static route-map B\n",
                "B",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(used(text), expected, "{text}");
        }
    }
}
