//! Names of policy objects in statements that are inert otherwise.
//!
//! An access list that guards the terminals matters to no route, but it is in use: whoever looks for
//! objects that nobody uses has to know. Such statements name an object behind a keyword that says what it
//! is, in whatever place.

use edgelint_model::{Fact, ObjectKind, Usage};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;

/// Words that announce a name, and what it names.
const ANNOUNCE: &[(&str, ObjectKind)] = &[
    ("route-map", ObjectKind::Policy),
    ("leak-map", ObjectKind::Policy),
    ("inject-map", ObjectKind::Policy),
    ("exist-map", ObjectKind::Policy),
    ("source-interface", ObjectKind::Interface),
    ("prefix-list", ObjectKind::PrefixList),
    ("access-class", ObjectKind::Acl),
    ("use-acl", ObjectKind::Acl),
    ("use-ipv4acl", ObjectKind::Acl),
    ("use-ipv6acl", ObjectKind::Ipv6Acl),
];

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
    let six = is(0, "ipv6");
    // A class of packets, and one of packets to the device.
    if is(0, "match") && is(1, "access-group") {
        return record(draft, words, ObjectKind::Acl, 2 + usize::from(is(2, "name")));
    }
    if is(0, "match") && (is(1, "ip") || is(1, "ipv6")) && is(2, "address") {
        let kind = if is(1, "ipv6") { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
        return record(draft, words, kind, 3);
    }
    if is(0, "ntp") && is(1, "access-group") {
        return record(draft, words, ObjectKind::Acl, words.len().saturating_sub(1).max(3));
    }
    for index in 0..words.len().saturating_sub(1) {
        // Most words are told apart by their length.
        if !matches!(words.length(index), 7..=16) {
            continue;
        }
        let found = ANNOUNCE.iter().find(|(word, _)| is(index, word));
        if let Some((_, kind)) = found {
            let kind = match kind {
                ObjectKind::PrefixList if six => ObjectKind::Ipv6PrefixList,
                ObjectKind::Acl if six => ObjectKind::Ipv6Acl,
                kind => *kind,
            };
            record(draft, words, kind, index + 1);
        }
    }
}

fn record<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>, kind: ObjectKind, at: usize) {
    if let Some(token) = words.token(at) {
        draft.use_name(kind, Fact::new(token.text, token.span), Usage::Other);
    }
}

#[cfg(test)]
mod tests {
    use crate::nxos::rendering::device;

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
            ("line vty\n  access-class MGMT in\n", "MGMT"),
            ("snmp-server community x use-acl A\n", "A"),
            ("ntp access-group peer N\n", "N"),
            ("class-map type control-plane match-any C\n  match access-group name G\n", "G"),
            ("ip pim rp-address 192.0.2.1 route-map R\n", "R"),
            ("route-map M permit 10\n  match ip address PBR\n", "PBR"),
        ];
        for (text, expected) in table {
            assert_eq!(used(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_taken_back_uses_nothing() {
        let table = [
            ("interface Ethernet1/1\n  ip access-group A in\n  no ip access-group A in\n", ""),
            ("ip nat inside source list A pool B\nno ip nat inside source list A pool B\n", ""),
            (
                "route-map M permit 10\n  match ip address prefix-list A\n  set comm-list B delete\n\
                 route-map M permit 20\n  match community C\n!\nno route-map M permit 10\n",
                "C",
            ),
            (
                "vrf context V\n  address-family ipv4 unicast\n    import map A\n!\nno vrf context V\n",
                "",
            ),
            (
                "router ospf 1\n  redistribute static route-map A\n  redistribute static route-map B\n",
                "B",
            ),
            (
                "router bgp 64500\n  neighbor 192.0.2.1\n    address-family ipv4 unicast\n      route-map A in\n      \
                 route-map B in\n      prefix-list C out\n      no prefix-list C out\n",
                "B",
            ),
            (
                "router bgp 64500\n  neighbor 192.0.2.1\n    address-family ipv4 unicast\n      route-map A in\n  \
                 no neighbor 192.0.2.1\n",
                "",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(used(text), expected, "{text}");
        }
    }
}
