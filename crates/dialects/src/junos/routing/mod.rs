//! `routing-options` and `routing-instances`: static, aggregate and generated routes, instances,
//! AS number and router id.
//!
//! Host bits in the prefix of a route are refused when a device commits (vJunos 25.4R1.12), unlike
//! those in prefix lists: they are complaints.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use edgelint_model::{
    Fact, Leak, LeakSource, NextHop, ObjectKind, Part, RouteAttributes, State, StaticRoute, Usage,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use super::draft::{Account, Draft, Leaf, heading, number};
use super::policy;
use crate::phrases::parse_asn;

mod instance;
mod protocol;
mod route;

pub(super) use instance::instance;
pub(super) use protocol::protocol;

use instance::instance_policy;
use route::route;

/// Routes and instances while they are being read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    routes: Vec<Route<'t>>,
    places: HashMap<(Option<&'t str>, Kind, Prefix), usize>,
    instances: HashMap<&'t str, usize>,
    /// Which interface is in which instance.
    pub(super) members: Vec<(&'t str, Fact<&'t str>)>,
    numbers: HashMap<Option<&'t str>, Numbers>,
    confederation: Option<Fact<u32>>,
    confederation_members: Vec<Fact<u32>>,
    igps: HashMap<(&'t str, Option<&'t str>), usize>,
    groups: Vec<TableGroup<'t>>,
    group_places: HashMap<&'t str, usize>,
}

/// Kinds of routes that are made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Static,
    /// Aggregate and generated routes: there while more specific ones are.
    Aggregate,
}

#[derive(Debug)]
struct Route<'t> {
    vrf: Option<&'t str>,
    kind: Kind,
    prefix: Prefix,
    at: Span,
    hops: Vec<(NextHop<'t>, Span, Option<u32>)>,
    distance: Option<u32>,
    tag: Option<u32>,
    tracked: bool,
    attributes: RouteAttributes<'t>,
}

/// A group of tables that share routes: those of the first go to all.
#[derive(Debug)]
struct TableGroup<'t> {
    at: Span,
    tables: Vec<&'t str>,
    policy: Option<Fact<&'t str>>,
}

/// What an instance says about itself.
#[derive(Debug, Default)]
struct Numbers {
    autonomous_system: Option<Fact<u32>>,
    router_id: Option<Fact<Ipv4Addr>>,
}

impl<'t> Pending<'t> {
    fn numbers(&mut self, vrf: Option<&'t str>) -> &mut Numbers {
        self.numbers.entry(vrf).or_default()
    }

    /// The AS number of an instance, or the one of the device; and the number a confederation
    /// shows.
    pub(super) fn autonomous_system(
        &self,
        vrf: Option<&str>,
    ) -> (Option<Fact<u32>>, Option<Fact<u32>>) {
        let of = |vrf| self.numbers.get(&vrf).and_then(|one| one.autonomous_system);
        (of(vrf).or_else(|| of(None)), self.confederation)
    }

    /// Members of the confederation.
    pub(super) fn confederation_members(&self) -> Vec<Fact<u32>> {
        self.confederation_members.clone()
    }

    /// The router id of an instance.
    pub(super) fn router_id(&self, vrf: Option<&str>) -> Option<Fact<Ipv4Addr>> {
        self.numbers.get(&vrf).and_then(|one| one.router_id)
    }
}

/// A prefix of a route with bits set behind its length is refused by the device.
pub(super) fn complain_host_bits(draft: &mut Draft<'_>, token: Token<'_>) {
    const HOST_BITS: (&str, &str) = (
        "the prefix has bits set behind its length",
        "vJunos 25.4R1.12, `commit check` in a public lab",
    );
    if let Some((prefix, true)) = Prefix::parse(token.text) {
        draft.device.coverage.refuse_prefix(token.span, prefix, HOST_BITS);
    }
}

/// Reads a path of `routing-options`; `words` stand behind it.
///
/// routing-options ::= "routing-options" options?
/// options ::= "rib" ("inet.0" | "inet6.0") route? | route | "autonomous-system" (ASN inert-as-option* | inert-as-option+)
///     | "router-id" ADDR4
///     | confederation | leak | "auto-export" | table-group | table-use | inert-route | inert-rib | inert-options
/// inert-rib ::= "rib" (WORD - ("inet.0" | "inet6.0")) REST?
/// leak ::= ("instance-import" | "instance-export") NAME
/// table-use ::= "forwarding-table" "export" NAME
pub(super) fn options<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    words: Words<'_, 't>,
) -> Account {
    let words = match words.peek(0) {
        // Routes of other tables are no unicast routes. An instance's own table has its name in front.
        "rib" => match policy::unicast_table(words.peek(1)) {
            Some((table, _)) if table.is_none() || table == vrf => words.skip(2),
            _ if words.len() < 2 => return (Part::Routing, State::Unmodelled),
            _ => return (Part::Routing, State::Inert),
        },
        _ => words,
    };
    let token = words.token(1);
    let state = match (words.peek(0), token) {
        ("static" | "aggregate" | "generate", _) => route(draft, leaf, vrf, words),
        ("autonomous-system", Some(token)) => {
            return (Part::Bgp, autonomous_system(draft, leaf, vrf, (token, words)));
        }
        ("router-id", Some(token)) => match token.text.parse() {
            Ok(id) if words.len() == 2 => {
                let numbers = draft.routing.numbers(vrf);
                leaf.put(&mut numbers.router_id, id, token.span);
                State::Modelled
            }
            _ => State::Unmodelled,
        },
        ("confederation", Some(token)) => confederation(draft, leaf, words, token),
        ("instance-import" | "instance-export", Some(_)) => {
            let own = (words.peek(0), vrf);
            instance_policy(draft, leaf, own, words.skip(1))
        }
        ("rib-groups", Some(_)) => table_group(draft, leaf, words.skip(1)),
        ("forwarding-table", Some(token)) if token.text == "export" => {
            // Which of equal routes forward: the policy is used, and decides about no route.
            uses(draft, words.skip(2), Usage::Other);
            if words.len() == 3 { State::Modelled } else { State::Unmodelled }
        }
        ("resolution", _) => {
            if let Some(at) = (0..words.len()).find(|at| words.peek(*at) == "import") {
                uses(draft, words.skip(at + 1), Usage::Other);
            }
            State::Inert
        }
        ("auto-export", _) => {
            let way = words.peek(1);
            let vrf = vrf.filter(|_| !matches!(way, "disable" | "traceoptions"));
            if let Some(vrf) = vrf.and_then(|name| instance::vrf(draft, name, leaf.at)) {
                vrf.exchanges = Some(leaf.at);
            }
            if way.is_empty() { State::Modelled } else { State::Inert }
        }
        ("", _) => State::Modelled,
        (head, _) if is_inert(head) => State::Inert,
        _ => State::Unmodelled,
    };
    (Part::Routing, state)
}

/// Whether an option is of no consequence.
///
/// inert-options ::= "forwarding-table" ((WORD - "export") REST?)? | "auto-export" REST | ("resolution" | "graceful-restart" | "multipath" | "interface-routes"
///     | "source-routing" | "maximum-paths" | "maximum-prefixes" | "bgp-orf-cisco-mode" | "bmp"
///     | "dynamic-tunnels" | "fate-sharing" | "flow" | "forwarding-options" | "host-fast-reroute" | "l3vpn-composite-nexthop"
///     | "localized-fib" | "logical-system-mux" | "med-igp-update-interval" | "multicast" | "nonstop-routing"
///     | "nsr-phantom-holdtime" | "options" | "ppm" | "programmable-rpd" | "protect" | "route-distinguisher-id"
///     | "route-record" | "sharding" | "srlg" | "srv6" | "rib-sharding" | "source-packet-routing" | "static-route-options"
///     | "tag-flow" | "topologies" | "traceoptions" | "transport-class" | "validation" | "no-validate"
///     | "warm-standby" | "enable-sensors" | "backup-selection" | "resolve-interface-route"
///     | "lsp-telemetry" | "flexible-algorithm" | "chained-composite-next-hop" | "auto-bandwidth"
///     | "maximum-ecmp" | "flex-algorithm" | "ipv6-router-id") REST?
fn is_inert(head: &str) -> bool {
    matches!(
        head,
        "forwarding-table"
            | "resolution"
            | "graceful-restart"
            | "multipath"
            | "interface-routes"
            | "source-routing"
            | "maximum-paths"
            | "maximum-prefixes"
            | "bgp-orf-cisco-mode"
            | "bmp"
            | "dynamic-tunnels"
            | "fate-sharing"
            | "flow"
            | "forwarding-options"
            | "host-fast-reroute"
            | "l3vpn-composite-nexthop"
            | "localized-fib"
            | "logical-system-mux"
            | "med-igp-update-interval"
            | "multicast"
            | "nonstop-routing"
            | "nsr-phantom-holdtime"
            | "options"
            | "ppm"
            | "programmable-rpd"
            | "protect"
            | "route-distinguisher-id"
            | "route-record"
            | "sharding"
            | "srlg"
            | "srv6"
            | "rib-sharding"
            | "source-packet-routing"
            | "static-route-options"
            | "tag-flow"
            | "topologies"
            | "traceoptions"
            | "transport-class"
            | "validation"
            | "no-validate"
            | "warm-standby"
            | "enable-sensors"
            | "backup-selection"
            | "resolve-interface-route"
            | "lsp-telemetry"
            | "flexible-algorithm"
            | "chained-composite-next-hop"
            | "auto-bandwidth"
            | "maximum-ecmp"
            | "flex-algorithm"
            | "ipv6-router-id"
    )
}

/// The AS number. How often it may stand in paths, and how it is printed, is said behind it.
///
/// inert-as-option ::= "loops" UINT8 | "asdot-notation" | "independent-domain" | "no-attrset"
fn autonomous_system<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    (token, words): (Token<'t>, Words<'_, 't>),
) -> State {
    let numbered = parse_asn(token.text);
    if let Some(asn) = numbered {
        leaf.put(&mut draft.routing.numbers(vrf).autonomous_system, asn, token.span);
    }
    let mut at = if numbered.is_some() { 2 } else { 1 };
    let only_number = at == words.len();
    while at < words.len() {
        match words.peek(at) {
            "asdot-notation" | "independent-domain" | "no-attrset" => at += 1,
            "loops" if number::<u8>(words.peek(at + 1)).is_some() => at += 2,
            _ => return State::Unmodelled,
        }
    }
    if only_number { State::Modelled } else { State::Inert }
}

/// A group of tables: what is put into the first is put into all of them, as far as a policy lets it.
///
/// table-group ::= "rib-groups" NAME ("import-rib" WORD | "import-policy" NAME | inert-group-option)?
/// inert-group-option ::= "export-rib" WORD
fn table_group<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let Some(name) = words.token(0) else { return State::Unmodelled };
    let groups = &mut draft.routing.groups;
    let place = *draft.routing.group_places.entry(name.text).or_insert_with(|| {
        let at = heading(leaf.words, leaf.words.len() - words.len() + 1);
        groups.push(TableGroup { at, tables: Vec::new(), policy: None });
        groups.len() - 1
    });
    let Some(group) = groups.get_mut(place) else { return State::Unmodelled };
    match (words.peek(1), words.token(2), words.len()) {
        ("", ..) => State::Modelled,
        ("import-rib", Some(table), 3) => {
            group.tables.push(table.text);
            State::Modelled
        }
        ("import-policy", Some(policy), 3) => {
            group.policy = Some(leaf.name(policy));
            uses(draft, words.skip(2), Usage::VrfPolicy);
            State::Modelled
        }
        ("export-rib", Some(_), 3) => State::Inert,
        _ => State::Unmodelled,
    }
}

fn uses<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>, usage: Usage) {
    for name in policy::expression::names(words) {
        draft.use_name(ObjectKind::Policy, name, usage);
    }
}

/// The AS number that a confederation shows, or a member of it.
///
/// confederation ::= "confederation" (ASN ("members" ASN)? | "members" ASN)
fn confederation<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    token: Token<'t>,
) -> State {
    match (parse_asn(token.text), words.peek(1), words.token(2)) {
        (Some(asn), _, None) => leaf.put(&mut draft.routing.confederation, asn, token.span),
        (Some(asn), _, Some(_)) if matches!(words.peek(2), "members") && words.len() == 4 => {
            leaf.put(&mut draft.routing.confederation, asn, token.span);
            let Some(member) = words.token(3) else { return State::Unmodelled };
            let Some(asn) = parse_asn(member.text) else { return State::Unmodelled };
            draft.routing.confederation_members.push(leaf.fact(asn, member.span));
        }
        (None, "members", Some(member)) if words.len() == 3 => {
            let Some(asn) = parse_asn(member.text) else { return State::Unmodelled };
            draft.routing.confederation_members.push(leaf.fact(asn, member.span));
        }
        _ => return State::Unmodelled,
    }
    State::Modelled
}

/// Puts the routes into the device, one for each next hop, and what tables get from others.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for group in std::mem::take(&mut draft.routing.groups) {
        let into = group.tables.iter().skip(1).filter_map(|table| policy::unicast_table(table));
        let (at, policy) = (group.at, group.policy);
        draft.device.leaks.extend(into.map(|(into, _)| Leak {
            at,
            from: LeakSource::Elsewhere,
            into,
            policy,
        }));
    }
    for route in std::mem::take(&mut draft.routing.routes) {
        let Route { vrf, prefix, at, tag, tracked, .. } = route;
        let said = route.attributes != RouteAttributes::default();
        let attributes = said.then(|| Box::new(route.attributes));
        let aggregate = route.kind == Kind::Aggregate;
        let mut add = |next_hop, at, distance| {
            let name = None;
            draft.device.static_routes.push(StaticRoute {
                at,
                vrf,
                prefix,
                next_hop,
                distance,
                tag,
                tracked,
                aggregate,
                name,
                attributes: attributes.clone(),
            });
        };
        if route.hops.is_empty() && aggregate {
            // An aggregate leads nowhere by itself: what has no better route is refused.
            add(NextHop::Discard, at, route.distance);
        }
        let mut known = Vec::new();
        for (hop, _, distance) in route.hops {
            // A hop that was stated twice is one hop.
            if !known.contains(&hop) {
                known.push(hop);
                add(hop, at, distance.or(route.distance));
            }
        }
    }
}
