//! What may be said about BGP, a group or a neighbor: the same statements at each level.

use std::net::Ipv4Addr;

use edgelint_model::{AddressFamily, Condition, Fact, MaximumPrefix, RemoteAs, State, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use crate::junos::draft::Leaf;
use crate::junos::policy::expression;
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
    pub(super) distance: Option<Fact<u32>>,
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
    /// Expressions over policies in chains, with their text.
    pub(super) expressions: &'s mut Vec<(Fact<&'t str>, Condition<'t>)>,
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
        // Dynamic neighbors have a name; what they may call from is said as for a group.
        let named = words.peek(0) == "dynamic-neighbor" && words.peek(2) == "allow";
        let behind = words.skip(if named { 2 } else { 0 });
        if let ("allow", Some((prefix, _))) = (behind.peek(0), Prefix::parse(behind.peek(1))) {
            allowed = Some((prefix, behind.first(2).span().unwrap_or(leaf.at)));
            words = behind.skip(2);
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
    let read = session(level, leaf, words, said)
        .or_else(|| policies(level, leaf, words, said))
        .or_else(|| flag(level, leaf, words));
    if let Some(used) = read {
        return (State::Modelled, used);
    }
    match words.peek(0) {
        "family" => family(level, leaf, words.skip(1)),
        "local-as" => local_as(level, leaf, words),
        "multihop" => multihop(level, leaf, words),
        "remove-private" => remove_private(level, leaf, words),
        "multipath" => multipath(level, leaf, words),
        head if inert(head) => (State::Inert, words.len()),
        "apply-groups" | "apply-groups-except" => (State::Modelled, words.len()),
        // Known, but with no place in the model yet.
        _ => (State::Unmodelled, words.len()),
    }
}

/// Who is at the other end, and how the session is kept.
///
/// session-setting ::= "type" ("internal" | "external") | "peer-as" ASN | local-as
///     | ("local-address" | "local-interface") NAME | "description" WORD | ("local-preference" | "preference") UINT32
///     | "hold-time" UINT16 | multihop | "bfd-liveness-detection" REST?
///     | ("authentication-key" | "authentication-key-chain") WORD | ("cluster" | "router-id") ADDR4
///     | ("dynamic-neighbor" NAME)? "allow" PREFIX
fn session<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'_, 't>,
) -> Option<usize> {
    let token = words.token(1);
    let text = words.peek(1);
    let at = token.map_or(leaf.at, |token| token.span);
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
        "description" => leaf.put(&mut level.description, token?.text, at),
        "local-preference" => leaf.put(&mut level.local_preference, text.parse().ok()?, at),
        "preference" => leaf.put(&mut level.distance, text.parse().ok()?, at),
        "hold-time" => leaf.put(&mut level.hold_time, text.parse::<u16>().ok()?.into(), at),
        "bfd-liveness-detection" => {
            leaf.put(&mut level.bfd, true, words.span().unwrap_or(at));
            return Some(words.len());
        }
        "authentication-key" => {
            said.secrets.push(token?.span);
            leaf.put(&mut level.password, (), at);
        }
        "authentication-key-chain" => {
            token?;
            leaf.put(&mut level.password, (), at);
        }
        "cluster" => {
            text.parse::<Ipv4Addr>().ok()?;
            leaf.put(&mut level.cluster, true, at);
        }
        "router-id" => leaf.put(&mut level.router_id, text.parse().ok()?, at),
        _ => return None,
    }
    Some(2)
}

/// How far away the other end may be.
///
/// multihop ::= "multihop" (("ttl" UINT8)? | inert-multihop)
/// inert-multihop ::= ("ttl" UINT8)? "no-nexthop-change"
fn multihop<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let at = words.span().unwrap_or(leaf.at);
    let (ttl, mut used) = match words.peek(1) {
        "ttl" => match words.peek(2).parse::<u8>() {
            Ok(ttl) => (u32::from(ttl), 3),
            Err(_) => return (State::Unmodelled, words.len()),
        },
        _ => (MULTIHOP_TTL, 1),
    };
    let stated = level.multihop.is_some() && used == 1;
    if !stated {
        leaf.put(&mut level.multihop, ttl, at);
    }
    // Whether next hops are left alone on the way does not decide which routes go it.
    let state = if words.peek(used) == "no-nexthop-change" {
        used += 1;
        State::Inert
    } else {
        State::Modelled
    };
    (state, used)
}

/// The own AS number towards a neighbor; options say who else sees it.
///
/// local-as ::= "local-as" ASN ("loops" UINT8)?
/// inert-local-as ::= "local-as" (ASN ("loops" UINT8)?)? ("private" | "alias" | "no-prepend-global-as")+
fn local_as<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let refused = (State::Unmodelled, words.len());
    let (mut at, mut state) = (1, State::Modelled);
    if let (Some(asn), Some(token)) = (parse_asn(words.peek(1)), words.token(1)) {
        leaf.put(&mut level.local_as, asn, token.span);
        at = 2;
    }
    loop {
        match words.peek(at) {
            "private" | "alias" | "no-prepend-global-as" => {
                state = State::Inert;
                at += 1;
            }
            "loops" => {
                let loops = words.peek(at + 1).parse::<u8>().ok().zip(words.token(at + 1));
                let Some((loops, token)) = loops else { return refused };
                leaf.put(&mut level.loops, loops.into(), token.span);
                at += 2;
            }
            _ if at == 1 => return refused,
            _ => return (state, at),
        }
    }
}

/// Private AS numbers are removed from what is sent: those in front, or all of them.
///
/// remove-private ::= "remove-private" inert-removal*
/// inert-removal ::= "all" | "replace" | "nearest" | "no-peer-loop-check"
fn remove_private<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    leaf.put(&mut level.remove_private, true, words.span().unwrap_or(leaf.at));
    let mut used = 1;
    while matches!(words.peek(used), "all" | "replace" | "nearest" | "no-peer-loop-check") {
        used += 1;
    }
    (if used == 1 { State::Modelled } else { State::Inert }, used)
}

/// Equal paths of its routes forward together; options say which count as equal, and when.
///
/// multipath ::= "multipath" (inert-multipath-option* | "disable")
/// inert-multipath-option ::= "multiple-as" | "list-nexthop" | "pause-computation-during-churn" | "allow-protection"
fn multipath<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let mut used = 1;
    while matches!(
        words.peek(used),
        "multiple-as" | "list-nexthop" | "pause-computation-during-churn" | "allow-protection"
    ) {
        used += 1;
    }
    if words.peek(used) == "disable" {
        leaf.put(&mut level.multipath, false, words.span().unwrap_or(leaf.at));
        return (State::Modelled, used + 1);
    }
    leaf.put(&mut level.multipath, true, words.span().unwrap_or(leaf.at));
    (if used == 1 { State::Modelled } else { State::Inert }, used)
}

/// Chains of policies.
///
/// policy-setting ::= ("import" | "export") expression
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
    words.token(1)?;
    let combined = expression::is_expression(words.skip(1));
    let used = if combined { words.len() } else { 2 };
    let names = words.first(used).skip(1);
    let (name, at) = (names.line_text(), names.span()?);
    // What stands in a list already is not added again.
    if chain.iter().all(|known| known.value != name) {
        chain.push(leaf.fact(name, at));
    }
    said.uses.extend(expression::names(names).into_iter().map(|name| (name, usage)));
    if combined {
        let fact = leaf.fact(name, at);
        let holds = expression::condition(&expression::expression(names)?, fact.origin);
        said.expressions.push((fact, holds));
    }
    Some(used)
}

/// Settings that are said or not.
///
/// flag-setting ::= "as-override" | "shutdown" | "disable" | multipath
///     | "advertise-inactive" | "advertise-peer-as" | "no-advertise-peer-as" | "path-selection" "as-path-ignore"
///     | "defaults" "ebgp" "no-policy" (("receive" | "advertise") ("reject-always" | "reject"))?
///     | remove-private
fn flag<'t>(level: &mut Level<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<usize> {
    let at = words.span().unwrap_or(leaf.at);
    let (slot, value, used) = match (words.peek(0), words.peek(1), words.peek(2)) {
        ("as-override", ..) => (&mut level.as_override, true, 1),
        ("shutdown" | "disable", ..) => (&mut level.shutdown, true, 1),
        ("defaults", "ebgp", "no-policy") => {
            let used = match (words.peek(3), words.peek(4)) {
                ("receive" | "advertise", "reject-always" | "reject") => 5,
                _ => 3,
            };
            (&mut level.requires_policy, true, used)
        }
        ("path-selection", "as-path-ignore", _) => (&mut level.ignores_as_path_length, true, 2),
        ("advertise-inactive", ..) => (&mut level.advertise_inactive, true, 1),
        ("advertise-peer-as", ..) => (&mut level.advertise_peer_as, true, 1),
        ("no-advertise-peer-as", ..) => (&mut level.advertise_peer_as, false, 1),
        _ => return None,
    };
    leaf.put(slot, value, at);
    Some(used)
}

/// Options of a family. They make the session carry the family, which is kept; the options
/// themselves are about labels, several paths, copies for other tables, timers.
const INERT_OPTIONS: &[&str] = &[
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

/// A family of routes. What is said about labels, multicast and EVPN says nothing of unicast routes to
/// plain prefixes; that the session carries them is kept.
///
/// family-setting ::= "family" (unicast-family (limit | "loops" UINT8)? | other-family) | inert-family
/// unicast-family ::= ("inet" | "inet6" | "inet-vpn" | "inet6-vpn") ("unicast" | "any")?
/// other-family ::= ("inet" | "inet6" | "inet-vpn" | "inet6-vpn") ("labeled-unicast" | "multicast" | "flow" | "segment-routing-te")
///     | ("evpn" | "l2vpn" | "inet-mvpn" | "inet6-mvpn" | "traffic-engineering" | "iso-vpn") ("signaling" | "unicast")?
///     | "l2vpn" ("auto-discovery-only" | "auto-discovery-mspw") | "route-target" | "inet-mdt" "signaling"?
/// inert-family ::= "family" (unicast-family family-option REST? | other-family REST)
/// family-option ::= "accept-srv6-service" | "add-path" | "advertise-bgp-color" | "advertise-default"
///     | "advertise-srv6-service" | "aggregate-label" | "aigp" | "bgpls-epe" | "damping" | "defer-initial-multipath-build"
///     | "delay-route-advertisements" | "egress-te" | "entropy-label" | "explicit-null" | "extended-nexthop"
///     | "extended-nexthop-color" | "extended-nexthop-tunnel" | "forwarding-state-bit" | "graceful-restart"
///     | "labeled-unicast" | "legacy-redirect-ip-action" | "local-ipv4-address" | "multipath" | "nexthop-resolution"
///     | "no-validate" | "output-queue-priority" | "per-group-label" | "per-prefix-label" | "protection"
///     | "resolve-vpn" | "rib" | "rib-group" | "route-refresh-priority" | "strip-nexthop" | "topology"
///     | "traffic-statistics" | "withdraw-priority"
fn family<'t>(level: &mut Level<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> (State, usize) {
    let used = words.len() + 1;
    let kind = match (words.peek(0), words.peek(1)) {
        ("inet", "unicast" | "any" | "") => AddressFamily::Ipv4,
        ("inet6", "unicast" | "any" | "") => AddressFamily::Ipv6,
        ("inet-vpn", "unicast" | "any" | "") => AddressFamily::Vpnv4,
        ("inet6-vpn", "unicast" | "any" | "") => AddressFamily::Vpnv6,
        (
            "inet" | "inet6" | "inet-vpn" | "inet6-vpn",
            "labeled-unicast" | "multicast" | "flow" | "segment-routing-te",
        )
        | (
            "evpn" | "l2vpn" | "inet-mvpn" | "inet6-mvpn" | "traffic-engineering" | "iso-vpn",
            "signaling" | "unicast" | "",
        )
        | ("l2vpn", "auto-discovery-only" | "auto-discovery-mspw")
        | ("inet-mdt", "signaling" | "")
        | ("route-target", _) => AddressFamily::Other,
        ("apply-groups" | "apply-groups-except", _) => return (State::Modelled, used),
        _ => return (State::Unmodelled, used),
    };
    let at = words.first(2).span().unwrap_or(leaf.at);
    let place = level.families.iter().position(|one| one.family == kind).unwrap_or_else(|| {
        let (limit, loops) = (None, None);
        level.families.push(Family { family: kind, at, limit, teardown: false, loops });
        level.families.len() - 1
    });
    let Some(found) = level.families.get_mut(place) else { return (State::Unmodelled, used) };
    let options = words.skip(if words.peek(0) == "route-target" { 1 } else { 2 });
    let state = match options.peek(0) {
        "" | "apply-groups" | "apply-groups-except" => State::Modelled,
        _ if kind == AddressFamily::Other => State::Inert,
        "prefix-limit" | "accepted-prefix-limit" => limit(found, leaf, options.skip(1)),
        "loops" => match options.peek(1).parse::<u8>() {
            Ok(loops) if options.len() == 2 => {
                leaf.put(&mut found.loops, loops.into(), options.span().unwrap_or(at));
                State::Modelled
            }
            _ => State::Unmodelled,
        },
        option if INERT_OPTIONS.contains(&option) => State::Inert,
        _ => State::Unmodelled,
    };
    (state, used)
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
    "rfc6514-compliant-safi129",
    "rfc8950-compliant",
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
