//! What may be said about BGP, a group or a neighbor: the same statements at each level.

use std::net::Ipv4Addr;

use edgelint_model::{AddressFamily, Fact, MaximumPrefix, RemoteAs, State, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use crate::junos::draft::Leaf;
use crate::junos::policy::policy_names;
use crate::phrases::parse_asn;

/// Default TTL of `multihop` without a number (Junos BGP guide, `multihop`).
const MULTIHOP_TTL: u32 = 64;

/// Settings at one level.
#[derive(Debug, Default)]
pub(super) struct Level<'t> {
    pub(super) kind: Option<Fact<RemoteAs>>,
    pub(super) peer_as: Option<Fact<u32>>,
    pub(super) local_as: Option<Fact<u32>>,
    pub(super) loops: Option<Fact<u32>>,
    pub(super) description: Option<Fact<&'t str>>,
    pub(super) local_address: Option<Fact<&'t str>>,
    pub(super) import: Vec<Fact<&'t str>>,
    pub(super) export: Vec<Fact<&'t str>>,
    pub(super) local_preference: Option<Fact<u32>>,
    pub(super) hold_time: Option<Fact<u32>>,
    pub(super) multihop: Option<Fact<u32>>,
    pub(super) bfd: Option<Fact<bool>>,
    pub(super) password: Option<Fact<()>>,
    pub(super) remove_private: Option<Fact<bool>>,
    pub(super) as_override: Option<Fact<bool>>,
    pub(super) cluster: Option<Fact<bool>>,
    pub(super) multipath: Option<Fact<bool>>,
    pub(super) advertise_inactive: Option<Fact<bool>>,
    pub(super) advertise_peer_as: Option<Fact<bool>>,
    pub(super) shutdown: Option<Fact<bool>>,
    pub(super) router_id: Option<Fact<Ipv4Addr>>,
    pub(super) requires_policy: Option<Fact<bool>>,
    pub(super) ignores_as_path_length: Option<Fact<bool>>,
    pub(super) families: Vec<Family>,
    pub(super) blind: Vec<Span>,
}

/// A family of routes at one level.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) family: AddressFamily,
    pub(super) at: Span,
    pub(super) limit: Option<Fact<u32>>,
    pub(super) teardown: bool,
    pub(super) loops: Option<Fact<u32>>,
}

/// What a path names and hides.
pub(super) struct Said<'s, 't> {
    pub(super) uses: &'s mut Vec<(Token<'t>, Usage)>,
    pub(super) secrets: &'s mut Vec<Span>,
}

/// Reads settings up to the end of the path: `set` lines may hold several. Returns what became of
/// them, and a range of neighbors that is let in.
pub(super) fn settings<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'_, 't>,
) -> (State, Option<(Prefix, Span)>) {
    let mut words = words;
    let mut state = State::Modelled;
    let mut allowed = None;
    while !words.is_empty() {
        if let ("allow", Some((prefix, _))) = (words.peek(0), Prefix::parse(words.peek(1))) {
            allowed = Some((prefix, words.first(2).span().unwrap_or(leaf.at)));
            words = words.skip(2);
            continue;
        }
        let (became, used) = setting(level, leaf, words, said);
        state = state.max(became);
        words = words.skip(used.max(1));
    }
    (state, allowed)
}

/// Reads one setting; returns what became of it and the number of its words.
///
/// setting ::= session-setting | policy-setting | flag-setting
fn setting<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'_, 't>,
) -> (State, usize) {
    if let Some(used) = session(level, leaf, words, said) {
        return (State::Modelled, used);
    }
    if let Some(used) = policies(level, leaf, words, said) {
        return (State::Modelled, used);
    }
    if let Some(used) = flag(level, leaf, words) {
        return (State::Modelled, used);
    }
    match words.peek(0) {
        "family" => family(level, leaf, words.skip(1)),
        head if inert(head) => (State::Inert, words.len()),
        "apply-groups" | "apply-groups-except" => (State::Modelled, words.len()),
        // Known, but with no place in the model yet.
        _ => (State::Unmodelled, words.len()),
    }
}

/// Who is at the other end, and how the session is kept.
///
/// session-setting ::= "type" ("internal" | "external") | "peer-as" ASN | "local-as" ASN local-as-option*
///     | ("local-address" | "local-interface") NAME | "description" WORD | "local-preference" UINT32
///     | "hold-time" UINT16 | "multihop" ("ttl" UINT8)? | "bfd-liveness-detection" REST?
///     | ("authentication-key" | "authentication-key-chain") WORD | ("cluster" | "router-id") ADDR4
///     | "allow" PREFIX
fn session<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'_, 't>,
) -> Option<usize> {
    let token = words.token(1);
    let text = words.peek(1);
    let at = token.map_or(leaf.at, |token| token.span);
    let mut used = 2;
    match words.peek(0) {
        "type" => {
            let kind = match text {
                "internal" => RemoteAs::Internal,
                "external" => RemoteAs::External,
                _ => return None,
            };
            leaf.put(&mut level.kind, kind, at);
        }
        "peer-as" => leaf.put(&mut level.peer_as, parse_asn(text)?, at),
        "local-address" | "local-interface" => {
            leaf.put(&mut level.local_address, token?.text, at);
        }
        "local-as" => used = local_as(level, leaf, words)?,
        "description" => {
            leaf.put(&mut level.description, token?.text, at);
            used = words.len();
        }
        "local-preference" => leaf.put(&mut level.local_preference, text.parse().ok()?, at),
        "hold-time" => leaf.put(&mut level.hold_time, text.parse().ok()?, at),
        "multihop" => {
            let ttl = if text == "ttl" { words.peek(2).parse().ok()? } else { MULTIHOP_TTL };
            leaf.put(&mut level.multihop, ttl, words.span().unwrap_or(at));
            used = words.len();
        }
        "bfd-liveness-detection" => {
            leaf.put(&mut level.bfd, true, words.span().unwrap_or(at));
            used = words.len();
        }
        "authentication-key" => {
            said.secrets.push(token?.span);
            leaf.put(&mut level.password, (), at);
        }
        "authentication-key-chain" => leaf.put(&mut level.password, (), at),
        "cluster" => leaf.put(&mut level.cluster, true, at),
        "router-id" => leaf.put(&mut level.router_id, text.parse().ok()?, at),
        _ => return None,
    }
    Some(used)
}

/// The own AS number towards a neighbor.
///
/// local-as-option ::= "loops" UINT8 | "private" | "alias" | "no-prepend-global-as"
fn local_as<'t>(level: &mut Level<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<usize> {
    let mut at = 1;
    if let Some(asn) = parse_asn(words.peek(1)) {
        leaf.put(&mut level.local_as, asn, words.token(1)?.span);
        at = 2;
    }
    loop {
        match words.peek(at) {
            "private" | "alias" | "no-prepend-global-as" => at += 1,
            "loops" => {
                let loops = words.peek(at + 1).parse().ok()?;
                leaf.put(&mut level.loops, loops, words.token(at + 1)?.span);
                at += 2;
            }
            _ => return (1 < at).then_some(at),
        }
    }
}

/// Chains of policies.
///
/// policy-setting ::= ("import" | "export") NAME
fn policies<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'_, 't>,
) -> Option<usize> {
    let (chain, usage) = match words.peek(0) {
        "import" => (&mut level.import, Usage::NeighborImport),
        "export" => (&mut level.export, Usage::NeighborExport),
        _ => return None,
    };
    let first = words.token(1)?;
    let used = if first.text.starts_with('(') { words.len() } else { 2 };
    let names = words.first(used).skip(1);
    let (name, at) = (leaf.phrase(names), names.span()?);
    // What stands in a list already is not added again.
    if chain.iter().all(|known| known.value != name) {
        chain.push(leaf.fact(name, at));
    }
    said.uses.extend(policy_names(names).into_iter().map(|name| (name, usage)));
    Some(used)
}

/// Settings that are said or not.
///
/// flag-setting ::= "remove-private" REST? | "as-override" | "shutdown" | "disable" | "multipath" REST?
///     | "advertise-inactive" | "advertise-peer-as" | "defaults" "ebgp" "no-policy" REST?
///     | "path-selection" "as-path-ignore"
fn flag<'t>(level: &mut Level<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<usize> {
    let at = words.span().unwrap_or(leaf.at);
    match (words.peek(0), words.peek(1), words.peek(2)) {
        ("remove-private", ..) => {
            leaf.put(&mut level.remove_private, true, at);
            Some(words.len())
        }
        ("as-override", ..) => {
            leaf.put(&mut level.as_override, true, at);
            Some(1)
        }
        ("shutdown" | "disable", ..) => {
            leaf.put(&mut level.shutdown, true, at);
            Some(words.len())
        }
        ("defaults", "ebgp", "no-policy") => {
            leaf.put(&mut level.requires_policy, true, at);
            Some(words.len())
        }
        ("path-selection", "as-path-ignore", _) => {
            leaf.put(&mut level.ignores_as_path_length, true, at);
            Some(2)
        }
        ("multipath", ..) => {
            leaf.put(&mut level.multipath, true, at);
            Some(words.len())
        }
        ("advertise-inactive", ..) => {
            leaf.put(&mut level.advertise_inactive, true, at);
            Some(1)
        }
        ("advertise-peer-as", ..) => {
            leaf.put(&mut level.advertise_peer_as, true, at);
            Some(1)
        }
        _ => None,
    }
}

/// Options of a family. They make the session carry the family, which is kept; the options
/// themselves are about labels, several paths, copies for other tables, timers.
const FAMILY_OPTIONS: &[&str] = &[
    "accept-srv6-service",
    "add-path",
    "advertise-bgp-color",
    "advertise-default",
    "advertise-srv6-service",
    "aggregate-label",
    "aigp",
    "bgpls-epe",
    "damping",
    "defer-initial-multipath-build",
    "delay-route-advertisements",
    "egress-te",
    "entropy-label",
    "explicit-null",
    "extended-nexthop",
    "extended-nexthop-color",
    "extended-nexthop-tunnel",
    "forwarding-state-bit",
    "graceful-restart",
    "labeled-unicast",
    "legacy-redirect-ip-action",
    "local-ipv4-address",
    "multipath",
    "nexthop-resolution",
    "no-validate",
    "output-queue-priority",
    "per-group-label",
    "per-prefix-label",
    "protection",
    "resolve-vpn",
    "rib",
    "rib-group",
    "route-refresh-priority",
    "strip-nexthop",
    "topology",
    "traffic-statistics",
    "withdraw-priority",
];

/// A family of routes.
///
/// family-setting ::= "family" ("inet" | "inet6" | "inet-vpn" | "inet6-vpn") ("unicast" | "any")
///     (limit | "loops" UINT8)?
fn family<'t>(level: &mut Level<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> (State, usize) {
    let used = words.len() + 1;
    let kinds: &[AddressFamily] = match (words.peek(0), words.peek(1)) {
        ("inet", "unicast" | "any" | "") => &[AddressFamily::Ipv4],
        ("inet6", "unicast" | "any" | "") => &[AddressFamily::Ipv6],
        ("inet-vpn", "unicast" | "any" | "") => &[AddressFamily::Vpnv4],
        ("inet6-vpn", "unicast" | "any" | "") => &[AddressFamily::Vpnv6],
        _ => &[AddressFamily::Other],
    };
    let at = words.first(2).span().unwrap_or(leaf.at);
    let Some(kind) = kinds.first().copied() else { return (State::Unmodelled, used) };
    let place = level.families.iter().position(|one| one.family == kind).unwrap_or_else(|| {
        let (limit, loops) = (None, None);
        level.families.push(Family { family: kind, at, limit, teardown: false, loops });
        level.families.len() - 1
    });
    let Some(found) = level.families.get_mut(place) else { return (State::Unmodelled, used) };
    let options = words.skip(2);
    if kind == AddressFamily::Other {
        // Labels, multicast, EVPN: no unicast routes to plain prefixes. That the session carries
        // them is kept; what else is said about them is of no consequence.
        return (State::Modelled, used);
    }
    match options.peek(0) {
        "" | "apply-groups" => (State::Modelled, used),
        "prefix-limit" | "accepted-prefix-limit" => (limit(found, leaf, options.skip(1)), used),
        "loops" => match options.peek(1).parse() {
            Ok(loops) => {
                leaf.put(&mut found.loops, loops, options.span().unwrap_or(at));
                (State::Modelled, used)
            }
            Err(_) => (State::Unmodelled, used),
        },
        option if FAMILY_OPTIONS.contains(&option) => (State::Modelled, used),
        _ => (State::Unmodelled, used),
    }
}

/// A limit on prefixes: without `teardown` it only warns.
///
/// limit ::= ("prefix-limit" | "accepted-prefix-limit") ("maximum" UINT32 | "teardown" REST?)
fn limit<'t>(family: &mut Family, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let mut at = 0;
    while at < words.len() {
        match words.peek(at) {
            "maximum" => {
                let number = words.peek(at + 1).parse().ok().zip(words.token(at + 1));
                let Some((number, token)) = number else { return State::Unmodelled };
                leaf.put(&mut family.limit, number, token.span);
                at += 2;
            }
            "teardown" | "drop-excess" | "hide-excess" => {
                family.teardown = true;
                at = words.len();
            }
            _ => return State::Unmodelled,
        }
    }
    State::Modelled
}

/// The limit of a family, if it has one.
pub(super) fn maximum_prefix(family: &Family) -> Option<Fact<MaximumPrefix>> {
    let warning_only = !family.teardown;
    family.limit.map(|limit| limit.map(|limit| MaximumPrefix { limit, warning_only }))
}

///
/// Settings of no consequence for routes: how sessions are opened, restarted, logged and tuned, and
/// labels.
const INERT: &[&str] = &[
    "accept-prefix-sid",
    "accept-prpd-connection",
    "accept-remote-nexthop",
    "add-path-display-ipv4-address",
    "advertise-bgp-static",
    "advertise-external",
    "advertise-from-main-vpn-tables",
    "advertise-prefix-sid",
    "allow-protection",
    "authentication-algorithm",
    "auto-discovery",
    "bfd-admin-down",
    "bgp-error-tolerance",
    "bmp",
    "clear-advertise-from-main-vpn",
    "connect-retry-interval",
    "damping",
    "disable-4byte-as",
    "drop-path-attributes",
    "dynamic-neighbor",
    "egress-te",
    "egress-te-backup-paths",
    "egress-te-node-segment",
    "egress-te-set-segment",
    "egress-te-sid-stats",
    "enforce-first-as",
    "explicit-null",
    "external-router-id",
    "forwarding-context",
    "generate-eor",
    "graceful-restart",
    "graceful-shutdown",
    "group-split-size",
    "hold-down",
    "hold-down-all",
    "idle-after-switch-over",
    "include-mp-next-hop",
    "ipsec-sa",
    "keep",
    "local-interface-name",
    "log-updown",
    "long-lived",
    "minimum-hold-time",
    "mtu-discovery",
    "multipath-build-priority",
    "mvpn-iana-rt-import",
    "no-client-reflect",
    "no-nexthop-change",
    "no-precision-timers",
    "no-prepend-global-as",
    "optimal-route-reflection",
    "out-delay",
    "outbound-route-filter",
    "output-queue-priority",
    "passive",
    "path-selection",
    "precision-timers",
    "preference",
    "rfc6514-compliant-safi129",
    "rib-sharding",
    "route-queue-priority",
    "route-server-client",
    "send-addpath-optimization",
    "session-mode",
    "snmp-options",
    "source-packet-routing",
    "sr-preference-override",
    "tcp-aggressive-transmission",
    "tcp-mss",
    "tos",
    "traceoptions",
    "traffic-statistics-labeled-path",
    "unconfigured-peer-graceful-restart",
    "update-threading",
    "vpn-apply-export",
];

/// Whether a setting is of no consequence.
///
/// inert-setting ::= ("passive" | "graceful-restart" | "log-updown" | "mtu-discovery" | "tcp-mss" | "preference"
///     | "traceoptions" | "damping" | "vpn-apply-export" | "out-delay" | "add-path-display-ipv4-address") REST?
fn inert(head: &str) -> bool {
    INERT.binary_search(&head).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{INERT, inert};

    #[test]
    fn inert_settings_are_found() {
        for head in
            ["accept-prpd-connection", "graceful-restart", "passive", "tcp-mss", "traceoptions"]
        {
            assert!(inert(head), "{head}");
        }
        assert!(!inert("import"));
        assert!(INERT.is_sorted());
    }
}
