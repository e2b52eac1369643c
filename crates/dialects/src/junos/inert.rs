//! Paths that are known and of no consequence: how the device is managed, what it does with packets,
//! layers below and services above routing.
//!
//! The table is the `inert` production of the grammar, row by row. What a row stands for may still
//! name policies, prefix lists and secrets; those are collected elsewhere.

use edgelint_model::{ObjectKind, Part, State, Usage};
use edgelint_syntax::Words;

use super::draft::{Account, Draft, Leaf, heading};
use super::routing;

/// First words of paths, and why they are of no consequence.
pub(super) const INERT: &[(&str, &str)] = &[
    ("access", "subscribers and their authentication"),
    ("accounting-options", "accounting"),
    ("applications", "names for protocols and ports"),
    ("apply-macro", "data for scripts"),
    ("bridge-domains", "layer 2"),
    ("chassis", "hardware"),
    ("class-of-service", "queues"),
    ("diameter", "subscribers"),
    ("dynamic-profiles", "subscribers"),
    ("ethernet-switching-options", "layer 2"),
    ("event-options", "scripts"),
    ("fabric", "hardware"),
    ("forwarding-options", "packets: sampling, load balancing, relays"),
    ("igmp-snooping-options", "multicast"),
    ("jsrc", "subscribers"),
    ("multi-chassis", "layer 2"),
    ("multicast-snooping-options", "multicast"),
    ("poe", "hardware"),
    ("satellite-management", "hardware"),
    ("schedulers", "times"),
    ("security", "packets: policies, screens, tunnels, zones' services"),
    ("services", "packets: flows, tunnels, probes"),
    ("session-limit-group", "subscribers"),
    ("smtp", "management"),
    ("snmp", "management"),
    ("switch-options", "layer 2"),
    ("system", "management"),
    ("tenants", "tenants of a firewall"),
    ("unified-edge", "mobile core"),
    ("version", "the release that wrote the file"),
    ("virtual-chassis", "hardware"),
    ("virtual-network-functions", "hosted machines"),
    ("vlans", "layer 2"),
    ("vmhost", "hosted machines"),
    ("wlan", "layer 2"),
];

/// Whether paths that begin with a word, and that no other reader takes, are of no consequence.
///
/// inert ::= ("access" | "accounting-options" | "applications" | "apply-macro" | "bridge-domains" | "chassis"
///     | "class-of-service" | "diameter" | "dynamic-profiles" | "ethernet-switching-options" | "event-options"
///     | "fabric" | "forwarding-options" | "igmp-snooping-options" | "jsrc" | "multi-chassis"
///     | "multicast-snooping-options" | "poe" | "satellite-management" | "schedulers"
///     | "session-limit-group" | "smtp" | "snmp" | "switch-options" | "tenants"
///     | "unified-edge" | "version" | "virtual-chassis" | "virtual-network-functions" | "vlans" | "vmhost"
///     | "wlan") REST? | "system" ((WORD - "host-name") REST?)?
///     | "security" ((WORD - ("nat" | "zones" | "address-book")) REST?)? | "services" ((WORD - "nat") REST?)?
pub(super) fn is_inert(head: &str) -> bool {
    INERT.binary_search_by(|(row, _)| row.cmp(&head)).is_ok()
}

/// Reads a path of `firewall`: filters are known by name. What they do to packets decides about no
/// route.
///
/// firewall ::= "firewall" (("family" WORD)? "filter" NAME | "family" WORD)?
/// inert-firewall ::= "firewall" (("family" WORD)? "filter" NAME REST | ("policer" | "three-color-policer" | "hierarchical-policer"
///     | "interface-set" | "load-balance-group" | "atm-policer" | "tunnel-end-point" | "policer-combined" | "flexible-match")
///     REST? | "family" WORD ("service-filter" | "simple-filter" | "prefix-action" | "dialer-filter"
///     | "fast-update-filter" | "template") REST?)
pub(super) fn firewall<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let at = if words.peek(1) == "family" { 3 } else { 1 };
    let name = words.token(at + 1).filter(|_| words.peek(at) == "filter");
    if let Some(name) = name {
        draft.define(ObjectKind::Acl, name.text, heading(words, at + 2));
    }
    let named = (at..words.len()).find(|at| words.peek(*at).ends_with("prefix-list"));
    if let Some(name) = named.and_then(|at| words.token(at + 1)) {
        draft.use_name(ObjectKind::PrefixList, name, Usage::Other);
    }
    // Refused when a device commits (vJunos 25.4R1.12); in IPv6 filters it is accepted.
    let six = words.peek(1) == "family" && words.peek(2) == "inet6";
    let address = words.token(words.len().saturating_sub(1));
    let kind = words.peek(words.len().saturating_sub(2));
    if let Some(address) = address.filter(|_| !six && REFUSED.contains(&kind)) {
        routing::complain_host_bits(draft, address);
    }
    let state = match (words.peek(at), name) {
        ("filter", Some(_)) if words.len() == at + 2 => State::Modelled,
        ("filter", Some(_)) => State::Inert,
        (
            "policer"
            | "three-color-policer"
            | "hierarchical-policer"
            | "interface-set"
            | "load-balance-group"
            | "atm-policer"
            | "tunnel-end-point"
            | "policer-combined"
            | "flexible-match",
            _,
        ) if at == 1 => State::Inert,
        (
            "service-filter" | "simple-filter" | "prefix-action" | "dialer-filter"
            | "fast-update-filter" | "template",
            _,
        ) if at == 3 => State::Inert,
        ("", _) if words.len() == 1 || words.len() == 3 => State::Modelled,
        _ => State::Unmodelled,
    };
    (Part::Acl, state)
}

/// What a device refuses to commit with bits behind the length.
const REFUSED: [&str; 2] = ["destination-address", "next-ip"];

/// Whether whole exports hold such a path.
pub(super) fn is_sign_of_whole(words: Words<'_, '_>) -> bool {
    matches!(words.peek(0), "version" | "system" | "interfaces" | "chassis")
}

#[cfg(test)]
mod tests {
    use super::INERT;

    #[test]
    fn the_table_is_sorted() {
        for pair in INERT.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} {}", pair[0].0, pair[1].0);
        }
    }
}
