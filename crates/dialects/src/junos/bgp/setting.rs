//! What may be said about BGP, a group or a neighbor: the same statements at each level.

use std::net::Ipv4Addr;

use edgelint_model::{
    AdditionalPaths, AddressFamily, BestPath, Condition, Fact, MaximumPrefix, PathSelection,
    RemoteAs, State, Usage,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use crate::junos::draft::{Leaf, number};
use crate::junos::policy::{expression, route_filter};
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
    pub(super) cluster: Option<Fact<Ipv4Addr>>,
    pub(super) multipath: Option<Fact<bool>>,
    pub(super) advertise_inactive: Option<Fact<bool>>,
    pub(super) advertise_peer_as: Option<Fact<bool>>,
    pub(super) shutdown: Option<Fact<bool>>,
    pub(super) requires_policy: Option<Fact<bool>>,
    pub(super) ignores_as_path_length: Option<Fact<bool>>,
    pub(super) best_path: BestPath,
    pub(super) best_external: Option<Fact<bool>>,
    pub(super) route_server_client: Option<Fact<bool>>,
    pub(super) delay: Option<Fact<u32>>,
    pub(super) families: Vec<Family<'t>>,
    pub(super) blind: Vec<Span>,
}

/// A family of routes at one level.
#[derive(Debug)]
pub(super) struct Family<'t> {
    pub(super) family: AddressFamily,
    /// Its words, where it is none of those that are told apart.
    pub(super) name: Option<&'t str>,
    pub(super) paths: AdditionalPaths,
    pub(super) at: Span,
    pub(super) limit: Option<Fact<u32>>,
    pub(super) teardown: bool,
    pub(super) loops: Option<Fact<u32>>,
}

impl Family<'_> {
    /// A family about which nothing is said yet.
    pub(super) const fn new(family: AddressFamily, at: Span) -> Self {
        let paths = AdditionalPaths {
            send: None,
            receive: None,
            install: None,
            select: None,
            advertise: None,
            best_external: None,
        };
        Self { family, name: None, paths, at, limit: None, teardown: false, loops: None }
    }
}

/// What a path names and hides.
pub(super) struct Said<'s, 't> {
    pub(super) uses: &'s mut Vec<(Token<'t>, Usage)>,
    pub(super) secrets: &'s mut Vec<Span>,
    /// Expressions over policies in chains, with their text.
    pub(super) expressions: &'s mut Vec<(Fact<&'t str>, Condition<'t>)>,
}

/// Reads settings up to the end of the path: `set` lines may hold several.
pub(super) fn settings<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    said: &mut Said<'_, 't>,
) -> State {
    let mut words = words;
    let mut state = State::Modelled;
    while !words.is_empty() {
        let (became, used) = setting(level, leaf, words, said);
        state = state.max(became);
        words = words.skip(used.max(1));
    }
    state
}

/// A range of addresses that a group lets in, and the number of its words. Dynamic neighbors have a name;
/// what they may call from is said as for a group.
///
/// range ::= ("dynamic-neighbor" NAME)? "allow" prefix
pub(super) fn range(words: Words<'_, '_>) -> Option<(Prefix, Span, usize)> {
    let named = matches!((words.peek(0), words.peek(2)), ("dynamic-neighbor", "allow"));
    let skipped = if named { 2 } else { 0 };
    let behind = words.skip(skipped);
    if !matches!(behind.peek(0), "allow") {
        return None;
    }
    let prefix = route_filter::prefix(behind.peek(1))?;
    Some((prefix, behind.first(2).span()?, skipped + 2))
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
        // Who may call is said with a range; the rest is about how they are found.
        "dynamic-neighbor" if !matches!(words.peek(2), "allow") => (State::Inert, words.len()),
        head if inert(head) => (State::Inert, words.len()),
        // Known, but with no place in the model yet.
        _ => (State::Unmodelled, words.len()),
    }
}

/// Who is at the other end, and how the session is kept.
///
/// session-setting ::= "type" ("internal" | "external") | "peer-as" ASN | local-as | inert-local-as
///     | ("local-address" | "local-interface") NAME | "description" WORD | ("local-preference" | "preference" | "out-delay") UINT32
///     | "hold-time" UINT16 | multihop | "bfd-liveness-detection" probe-option*
///     | ("authentication-key" | "authentication-key-chain") WORD | "cluster" ADDR4
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
        "local-preference" => leaf.put(&mut level.local_preference, number(text)?, at),
        "preference" => leaf.put(&mut level.distance, number(text)?, at),
        "out-delay" => leaf.put(&mut level.delay, number(text)?, at),
        "hold-time" => leaf.put(&mut level.hold_time, number::<u16>(text)?.into(), at),
        "bfd-liveness-detection" => {
            leaf.put(&mut level.bfd, true, words.span().unwrap_or(at));
            return Some(1 + probes(words.skip(1)));
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
            leaf.put(&mut level.cluster, text.parse().ok()?, at);
        }
        _ => return None,
    }
    Some(2)
}

/// Number of words that say how probes run: that they do is what counts.
///
/// probe-option ::= ("minimum-interval" | "minimum-receive-interval" | "multiplier" | "holddown-interval") UINT32
///     | "transmit-interval" ("minimum-interval" | "threshold") UINT32 | "detection-time" "threshold" UINT32
///     | "session-mode" ("automatic" | "multihop" | "single-hop") | "version" WORD | "no-adaptation"
///     | "authentication" ("algorithm" | "key-chain") WORD | "authentication" "loose-check"
fn probes(words: Words<'_, '_>) -> usize {
    let mut at = 0;
    loop {
        let is_number = |at: usize| number::<u32>(words.peek(at)).is_some();
        at += match (words.peek(at), words.peek(at + 1)) {
            ("no-adaptation", _) => 1,
            (
                "minimum-interval"
                | "minimum-receive-interval"
                | "multiplier"
                | "holddown-interval",
                _,
            ) if is_number(at + 1) => 2,
            ("transmit-interval", "minimum-interval" | "threshold")
            | ("detection-time", "threshold")
                if is_number(at + 2) =>
            {
                3
            }
            ("session-mode", "automatic" | "multihop" | "single-hop") => 2,
            ("version", value) if !value.is_empty() => 2,
            ("authentication", "loose-check") => 2,
            ("authentication", "algorithm" | "key-chain") if at + 2 < words.len() => 3,
            _ => return at,
        };
    }
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
        "ttl" => match number::<u8>(words.peek(2)) {
            Some(ttl) => (u32::from(ttl), 3),
            None => return (State::Unmodelled, words.len()),
        },
        _ => (MULTIHOP_TTL, 1),
    };
    let stated = level.multihop.is_some() && used == 1;
    if !stated {
        leaf.put(&mut level.multihop, ttl, at);
    }
    // Whether next hops are left alone on the way does not decide which routes go it.
    let state = if matches!(words.peek(used), "no-nexthop-change") {
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
/// inert-local-as ::= "local-as" ASN ("loops" UINT8)? ("private" | "alias" | "no-prepend-global-as")+
fn local_as<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let refused = (State::Unmodelled, words.len());
    let (mut at, mut state) = (2, State::Modelled);
    match (parse_asn(words.peek(1)), words.token(1)) {
        (Some(asn), Some(token)) => leaf.put(&mut level.local_as, asn, token.span),
        _ => return refused,
    }
    loop {
        match words.peek(at) {
            "private" | "alias" | "no-prepend-global-as" => {
                state = State::Inert;
                at += 1;
            }
            "loops" => {
                let loops = number::<u8>(words.peek(at + 1)).zip(words.token(at + 1));
                let Some((loops, token)) = loops else { return refused };
                leaf.put(&mut level.loops, loops.into(), token.span);
                at += 2;
            }
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

/// Equal paths of its routes forward together, those of several AS numbers too where it says so;
/// further options say when.
///
/// multipath ::= "multipath" ("multiple-as"? | "disable" | inert-multipath)
/// inert-multipath ::= "multiple-as"? ("list-nexthop" | "pause-computation-during-churn" | "allow-protection")
fn multipath<'t>(
    level: &mut Level<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let at = words.span().unwrap_or(leaf.at);
    let used = match words.peek(1) {
        "disable" => {
            leaf.put(&mut level.multipath, false, at);
            return (State::Modelled, 2);
        }
        "multiple-as" => {
            leaf.put(&mut level.best_path.relaxes_multipath, true, at);
            2
        }
        _ => 1,
    };
    leaf.put(&mut level.multipath, true, at);
    match words.peek(used) {
        "list-nexthop" | "pause-computation-during-churn" | "allow-protection" => {
            (State::Inert, used + 1)
        }
        _ => (State::Modelled, used),
    }
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
    let used = if combined { 1 + expression::length(words.skip(1)) } else { 2 };
    let names = words.first(used).skip(1);
    let (name, at) = (leaf.phrase(names), names.span()?);
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
///     | "advertise-inactive" | "advertise-peer-as" | "no-advertise-peer-as" | "advertise-external" | "route-server-client"
///     | "path-selection" ("as-path-ignore" | "always-compare-med" | "external-router-id" | "cisco-non-deterministic")
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
        ("path-selection", step, _) => {
            let slot = match step {
                "as-path-ignore" => &mut level.ignores_as_path_length,
                "always-compare-med" => &mut level.best_path.always_compare_med,
                "external-router-id" => &mut level.best_path.compares_router_id,
                "cisco-non-deterministic" => {
                    leaf.put(&mut level.best_path.deterministic_med, false, at);
                    return Some(2);
                }
                _ => return None,
            };
            (slot, true, 2)
        }
        ("advertise-external", ..) => (&mut level.best_external, true, 1),
        ("route-server-client", ..) => (&mut level.route_server_client, true, 1),
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
/// family-setting ::= "family" (bare-family | unicast-family (limit | "loops" UINT8 | add-path)? | other-family) | inert-family
/// bare-family ::= "inet" | "inet6" | "inet-vpn" | "inet6-vpn" | "evpn" | "l2vpn" | "inet-mvpn" | "inet6-mvpn"
///     | "traffic-engineering" | "iso-vpn" | "inet-mdt"
/// unicast-family ::= ("inet" | "inet6" | "inet-vpn" | "inet6-vpn") ("unicast" | "any")
/// other-family ::= ("inet" | "inet6" | "inet-vpn" | "inet6-vpn") ("labeled-unicast" | "multicast" | "flow" | "segment-routing-te")
///     | ("evpn" | "l2vpn" | "inet-mvpn" | "inet6-mvpn" | "traffic-engineering" | "iso-vpn") ("signaling" | "unicast")
///     | "l2vpn" ("auto-discovery-only" | "auto-discovery-mspw") | "route-target" | "inet-mdt" "signaling"
/// inert-family ::= "family" (unicast-family (family-option REST? | inert-limit | inert-add-path) | other-family REST)
/// family-option ::= "accept-srv6-service" | "advertise-bgp-color" | "advertise-default"
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
        _ => return (State::Unmodelled, used),
    };
    let at = words.first(2).span().unwrap_or(leaf.at);
    let n_named = if words.peek(0) == "route-target" { 1 } else { 2 };
    let name = (kind == AddressFamily::Other).then(|| leaf.phrase(words.first(n_named)));
    let same = |one: &Family<'_>| one.family == kind && one.name == name;
    let place = level.families.iter().position(same).unwrap_or_else(|| {
        level.families.push(Family { name, ..Family::new(kind, at) });
        level.families.len() - 1
    });
    let Some(found) = level.families.get_mut(place) else { return (State::Unmodelled, used) };
    let options = words.skip(n_named);
    let state = match options.peek(0) {
        "" => State::Modelled,
        _ if kind == AddressFamily::Other => State::Inert,
        "prefix-limit" | "accepted-prefix-limit" => limit(found, leaf, options.skip(1)),
        "loops" => match number::<u8>(options.peek(1)) {
            Some(loops) if options.len() == 2 => {
                leaf.put(&mut found.loops, loops.into(), options.span().unwrap_or(at));
                State::Modelled
            }
            _ => State::Unmodelled,
        },
        "add-path" => add_path(found, leaf, options.skip(1)).unwrap_or(State::Unmodelled),
        option if INERT_OPTIONS.contains(&option) => State::Inert,
        _ => State::Unmodelled,
    };
    (state, used)
}

/// More than one path of a prefix (RFC 7911): which are sent, and whether they are taken.
///
/// add-path ::= "add-path" ("receive" | "send" ("path-count" UINT8)?)
/// inert-add-path ::= "add-path" "send" ("prefix-policy" NAME | "path-selection-mode" REST | "include-backup-path" UINT8
///     | "multipath")
fn add_path<'t>(
    family: &mut Family<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> Option<State> {
    let at = words.span()?;
    match (words.peek(0), words.peek(1), words.len()) {
        ("receive", _, 1) => leaf.put(&mut family.paths.receive, true, at),
        ("send", option, n_words) => {
            leaf.put(&mut family.paths.send, true, at);
            match (option, n_words) {
                ("", _) => {}
                ("path-count", 3) => {
                    let best = Some(number::<u8>(words.peek(2))?.into());
                    let count = PathSelection { best, ..PathSelection::default() };
                    leaf.put(&mut family.paths.advertise, count, at);
                }
                ("include-backup-path", 3) => {
                    return number::<u8>(words.peek(2)).map(|_| State::Inert);
                }
                ("prefix-policy", 3) | ("multipath", 2) | ("path-selection-mode", 3..) => {
                    return Some(State::Inert);
                }
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(State::Modelled)
}

/// A limit on prefixes: without `teardown` it only warns. When it warns, and how long a session stays
/// away, is said behind.
///
/// limit ::= ("prefix-limit" | "accepted-prefix-limit") ("maximum" UINT32 ("teardown" | "drop-excess" | "hide-excess")?
///     | "teardown" | "drop-excess" | "hide-excess")?
/// inert-limit ::= ("prefix-limit" | "accepted-prefix-limit") ("teardown" | "drop-excess" | "hide-excess") REST
fn limit<'t>(family: &mut Family<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let mut words = words;
    if matches!(words.peek(0), "maximum") {
        let number = number(words.peek(1)).zip(words.token(1));
        let Some((number, token)) = number else { return State::Unmodelled };
        leaf.put(&mut family.limit, number, token.span);
        words = words.skip(2);
    }
    match (words.peek(0), words.len()) {
        ("", _) => State::Modelled,
        ("teardown" | "drop-excess" | "hide-excess", n_words) => {
            family.teardown = true;
            if n_words == 1 { State::Modelled } else { State::Inert }
        }
        _ => State::Unmodelled,
    }
}

/// The limit of a family, if it has one.
pub(super) fn maximum_prefix(family: &Family<'_>) -> Option<Fact<MaximumPrefix>> {
    let warning_only = !family.teardown;
    family.limit.map(|limit| limit.map(|limit| MaximumPrefix { limit, warning_only }))
}

/// Settings of no consequence for routes: how sessions are opened, restarted, logged and tuned, and
/// labels.
const INERT: &[&str] = &[
    "accept-prefix-sid",
    "accept-prpd-connection",
    "accept-remote-nexthop",
    "add-path-display-ipv4-address",
    "advertise-bgp-static",
    "advertise-from-main-vpn-tables",
    "advertise-prefix-sid",
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
    "no-precision-timers",
    "optimal-route-reflection",
    "outbound-route-filter",
    "output-queue-priority",
    "passive",
    "precision-timers",
    "rfc6514-compliant-safi129",
    "rfc8950-compliant",
    "rib-sharding",
    "route-queue-priority",
    "send-addpath-optimization",
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
/// inert-setting ::= "dynamic-neighbor" (NAME ((WORD - "allow") REST?)?)? | ("accept-prefix-sid"
///     | "accept-prpd-connection" | "accept-remote-nexthop" | "add-path-display-ipv4-address"
///     | "advertise-bgp-static" | "advertise-from-main-vpn-tables" | "advertise-prefix-sid"
///     | "authentication-algorithm" | "auto-discovery" | "bfd-admin-down" | "bgp-error-tolerance"
///     | "bmp" | "clear-advertise-from-main-vpn" | "connect-retry-interval" | "damping"
///     | "disable-4byte-as" | "drop-path-attributes" | "egress-te" | "egress-te-backup-paths"
///     | "egress-te-node-segment" | "egress-te-set-segment" | "egress-te-sid-stats"
///     | "enforce-first-as" | "explicit-null" | "external-router-id" | "forwarding-context"
///     | "generate-eor" | "graceful-restart" | "graceful-shutdown" | "group-split-size" | "hold-down"
///     | "hold-down-all" | "idle-after-switch-over" | "include-mp-next-hop" | "ipsec-sa" | "keep"
///     | "local-interface-name" | "log-updown" | "long-lived" | "minimum-hold-time" | "mtu-discovery"
///     | "multipath-build-priority" | "mvpn-iana-rt-import" | "no-client-reflect"
///     | "no-precision-timers" | "optimal-route-reflection" | "outbound-route-filter"
///     | "output-queue-priority" | "passive" | "precision-timers" | "rfc6514-compliant-safi129"
///     | "rfc8950-compliant" | "rib-sharding" | "route-queue-priority" | "send-addpath-optimization"
///     | "snmp-options" | "source-packet-routing" | "sr-preference-override"
///     | "tcp-aggressive-transmission" | "tcp-mss" | "tos" | "traceoptions"
///     | "traffic-statistics-labeled-path" | "unconfigured-peer-graceful-restart" | "update-threading"
///     | "vpn-apply-export") REST?
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
