//! `routing-options` and `routing-instances`: static, aggregate and generated routes, instances,
//! AS number and router id.
//!
//! Host bits in the prefix of a route are refused when a device commits (vJunos 25.4R1.12), unlike
//! those in prefix lists: they are complaints.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use edgelint_model::AddressFamily;
use edgelint_model::{
    Fact, IgpProcess, Leak, NextHop, ObjectKind, Part, Redistribution, RouteAttributes,
    RouteSource, State, StaticRoute, Usage, Vrf,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use super::draft::{Account, Draft, Leaf, heading};
use super::{bgp, policy};
use crate::phrases::parse_asn;

/// Routes and instances while they are being read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    routes: Vec<Route<'t>>,
    places: HashMap<(Option<&'t str>, Kind, Prefix), usize>,
    instances: HashMap<&'t str, usize>,
    /// Which interface is in which instance.
    pub(super) members: Vec<(&'t str, Fact<&'t str>)>,
    numbers: Vec<Numbers<'t>>,
    confederation: Option<Fact<u32>>,
    confederation_members: Vec<Fact<u32>>,
    igps: Vec<(&'t str, Option<&'t str>)>,
    groups: Vec<TableGroup<'t>>,
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
    name: &'t str,
    at: Span,
    tables: Vec<&'t str>,
    policy: Option<Fact<&'t str>>,
}

/// What an instance says about itself.
#[derive(Debug)]
struct Numbers<'t> {
    vrf: Option<&'t str>,
    autonomous_system: Option<Fact<u32>>,
    router_id: Option<Fact<Ipv4Addr>>,
}

impl<'t> Pending<'t> {
    fn numbers(&mut self, vrf: Option<&'t str>) -> Option<&mut Numbers<'t>> {
        let place = self.numbers.iter().position(|one| one.vrf == vrf).unwrap_or_else(|| {
            self.numbers.push(Numbers { vrf, autonomous_system: None, router_id: None });
            self.numbers.len() - 1
        });
        self.numbers.get_mut(place)
    }

    /// The AS number of an instance, or the one of the device; and the number a confederation
    /// shows.
    pub(super) fn autonomous_system(
        &self,
        vrf: Option<&str>,
    ) -> (Option<Fact<u32>>, Option<Fact<u32>>) {
        let of = |vrf| self.numbers.iter().find(|one| one.vrf == vrf);
        let own = of(vrf).and_then(|one| one.autonomous_system);
        (own.or_else(|| of(None).and_then(|one| one.autonomous_system)), self.confederation)
    }

    /// Members of the confederation.
    pub(super) fn confederation_members(&self) -> Vec<Fact<u32>> {
        self.confederation_members.clone()
    }

    /// The router id of an instance.
    pub(super) fn router_id(&self, vrf: Option<&str>) -> Option<Fact<Ipv4Addr>> {
        self.numbers.iter().find(|one| one.vrf == vrf).and_then(|one| one.router_id)
    }
}

/// A prefix of a route with bits set behind its length is refused by the device.
pub(super) fn complain_host_bits(draft: &mut Draft<'_>, token: Token<'_>) {
    if Prefix::parse(token.text).is_some_and(|(_, host_bits)| host_bits) {
        draft.device.coverage.complain(token.span, "the prefix has bits set behind its length");
    }
}

/// Reads a path of `routing-options`; `words` stand behind it.
///
/// routing-options ::= "routing-options" options
/// options ::= ("rib" WORD)? route | "autonomous-system" ASN inert-as-option* | "router-id" ADDR4
///     | confederation | leak | table-group | table-use | inert-route | inert-options
/// leak ::= ("instance-import" | "instance-export") NAME
/// table-use ::= "forwarding-table" "export" NAME
pub(super) fn options<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    words: Words<'_, 't>,
) -> Account {
    let words = if words.peek(0) == "rib" { words.skip(2) } else { words };
    let token = words.token(1);
    let state = match (words.peek(0), token) {
        ("static" | "aggregate" | "generate", _) => route(draft, leaf, vrf, words),
        ("autonomous-system", Some(token)) => {
            return (Part::Bgp, autonomous_system(draft, leaf, vrf, (token, words)));
        }
        ("router-id", Some(token)) => {
            let numbers = draft.routing.numbers(vrf);
            match (token.text.parse(), numbers) {
                (Ok(id), Some(numbers)) if words.len() == 2 => {
                    leaf.put(&mut numbers.router_id, id, token.span);
                    State::Modelled
                }
                _ => State::Unmodelled,
            }
        }
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
        ("" | "apply-groups" | "apply-groups-except", _) => State::Modelled,
        (head, _) if is_inert(head) => State::Inert,
        _ => State::Unmodelled,
    };
    (Part::Routing, state)
}

/// Whether an option is of no consequence.
///
/// inert-options ::= ("forwarding-table" | "resolution" | "graceful-restart" | "multipath" | "interface-routes"
///     | "source-routing" | "maximum-paths" | "maximum-prefixes" | "auto-export" | "bgp-orf-cisco-mode" | "bmp"
///     | "dynamic-tunnels" | "fate-sharing" | "flow" | "forwarding-options" | "host-fast-reroute" | "l3vpn-composite-nexthop"
///     | "localized-fib" | "logical-system-mux" | "med-igp-update-interval" | "multicast" | "nonstop-routing"
///     | "nsr-phantom-holdtime" | "options" | "ppm" | "programmable-rpd" | "protect" | "route-distinguisher-id"
///     | "route-record" | "sharding" | "srlg" | "srv6" | "rib-sharding" | "source-packet-routing" | "static-route-options"
///     | "tag-flow" | "topologies" | "traceoptions" | "transport-class" | "validation" | "no-validate"
///     | "warm-standby" | "enable-sensors" | "backup-selection" | "resolve-interface-route"
///     | "lsp-telemetry" | "flexible-algorithm" | "chained-composite-next-hop") REST?
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
            | "auto-export"
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
    if let (Some(asn), Some(numbers)) = (numbered, draft.routing.numbers(vrf)) {
        leaf.put(&mut numbers.autonomous_system, asn, token.span);
    }
    let mut at = if numbered.is_some() { 2 } else { 1 };
    let only_number = at == words.len();
    while at < words.len() {
        match words.peek(at) {
            "asdot-notation" | "independent-domain" | "no-attrset" => at += 1,
            "loops" if words.peek(at + 1).parse::<u8>().is_ok() => at += 2,
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
    let place = groups.iter().rposition(|one| one.name == name.text).unwrap_or_else(|| {
        let (name, at) = (name.text, heading(leaf.words, leaf.words.len() - words.len() + 1));
        groups.push(TableGroup { name, at, tables: Vec::new(), policy: None });
        groups.len() - 1
    });
    let Some(group) = groups.get_mut(place) else { return State::Unmodelled };
    match (words.peek(1), words.token(2), words.len()) {
        ("" | "apply-groups" | "apply-groups-except", ..) => State::Modelled,
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
/// confederation ::= "confederation" (ASN | "members" ASN)
fn confederation<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    token: Token<'t>,
) -> State {
    match (parse_asn(token.text), words.peek(1), words.token(2)) {
        (Some(asn), ..) => leaf.put(&mut draft.routing.confederation, asn, token.span),
        (None, "members", Some(member)) => {
            let Some(asn) = parse_asn(member.text) else { return State::Unmodelled };
            draft.routing.confederation_members.push(leaf.fact(asn, member.span));
        }
        _ => return State::Unmodelled,
    }
    State::Modelled
}

/// A route that is made here.
///
/// route ::= ("static" | "aggregate" | "generate") "route" PREFIX (route-option | inert-route-option)*
/// inert-route ::= ("static" | "aggregate" | "generate") ("defaults" | "rib-group" | "iso-route") REST?
fn route<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    words: Words<'_, 't>,
) -> State {
    let kind = if words.peek(0) == "static" { Kind::Static } else { Kind::Aggregate };
    match words.peek(1) {
        "route" => {}
        // Distances and copies; routes of another family.
        "defaults" | "rib-group" | "iso-route" => return State::Inert,
        "" | "apply-groups" | "apply-groups-except" => return State::Modelled,
        _ => return State::Unmodelled,
    }
    let token = words.token(2);
    let Some((token, prefix)) =
        token.and_then(|token| Some((token, policy::route_filter::prefix(token.text)?)))
    else {
        return State::Unmodelled;
    };
    if leaf.via.is_none() {
        complain_host_bits(draft, token);
    }
    let routes = &mut draft.routing.routes;
    let at = heading(words, 3);
    let place = *draft.routing.places.entry((vrf, kind, prefix)).or_insert_with(|| {
        let (hops, distance, tag) = (Vec::new(), None, None);
        let tracked = kind == Kind::Aggregate;
        let attributes = RouteAttributes::default();
        routes.push(Route { vrf, kind, prefix, at, hops, distance, tag, tracked, attributes });
        routes.len() - 1
    });
    let mut state = State::Modelled;
    let mut rest = words.skip(3);
    while !rest.is_empty() {
        let Some(route) = draft.routing.routes.get_mut(place) else { break };
        let (became, used) = route_option(route, leaf, rest);
        state = state.max(became);
        if rest.peek(0) == "policy" {
            uses(draft, rest.skip(1).first(1), Usage::Aggregate);
        }
        rest = rest.skip(used.max(1));
    }
    state
}

/// What is said about a route; returns the number of words that say it.
///
/// route-option ::= "next-hop" NAME | "qualified-next-hop" ADDRESS hop-option* | "discard" | "reject"
///     | "next-table" NAME | "preference" UINT32 | "tag" UINT32 | "bfd-liveness-detection" REST?
///     | route-attribute
fn route_option<'t>(
    route: &mut Route<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let at = words.first(2).span().unwrap_or(leaf.at);
    let value = words.peek(1);
    let number = value.parse::<u32>().ok();
    match words.peek(0) {
        "next-hop" if !value.is_empty() => route.hops.push((hop(value), at, None)),
        "qualified-next-hop" if !value.is_empty() => return qualified(route, at, words),
        "discard" | "reject" => {
            route.hops.push((NextHop::Discard, at, None));
            return (State::Modelled, 1);
        }
        "next-table" if !value.is_empty() => route.hops.push((NextHop::Table(value), at, None)),
        "preference" if number.is_some() => route.distance = number,
        "tag" if number.is_some() => route.tag = number,
        "bfd-liveness-detection" => {
            route.tracked = true;
            return (State::Modelled, words.len());
        }
        "apply-groups" | "apply-groups-except" => return (State::Modelled, words.len()),
        _ => {
            return route_attribute(route, leaf, words)
                .or_else(|| inert_route_option(words))
                .unwrap_or((State::Unmodelled, words.len()));
        }
    }
    (State::Modelled, 2)
}

fn hop(text: &str) -> NextHop<'_> {
    match text.parse() {
        Ok(address) => NextHop::Address(address),
        Err(_) => NextHop::Interface(text, None),
    }
}

/// A next hop with a distance of its own.
///
/// hop-option ::= "preference" UINT32 | "bfd-liveness-detection" REST? | inert-hop-option
/// inert-hop-option ::= ("metric" | "tag") UINT32 | "interface" NAME
fn qualified<'t>(route: &mut Route<'t>, at: Span, words: Words<'_, 't>) -> (State, usize) {
    let hop = hop(words.peek(1));
    let (mut distance, mut state, mut used) = (None, State::Modelled, 2);
    while let Some(value) = words.token(used) {
        let number = words.peek(used + 1).parse::<u32>().ok();
        match (value.text, number) {
            ("preference", Some(number)) => distance = Some(number),
            ("metric" | "tag", Some(_)) => state = state.max(State::Inert),
            ("interface", None) if used + 1 < words.len() => state = state.max(State::Inert),
            ("bfd-liveness-detection", _) => {
                route.tracked = true;
                used = words.len();
                break;
            }
            _ => break,
        }
        used += 2;
    }
    match route.hops.iter_mut().find(|one| one.0 == hop) {
        Some(known) => known.2 = known.2.or(distance),
        None => route.hops.push((hop, at, distance)),
    }
    (state, used)
}

/// Attributes that the route is given for those who take it, and whether they may.
///
/// route-attribute ::= ("metric" | "local-preference") UINT32 | "community" COMMUNITY | "no-readvertise"
///     | "policy" NAME | "as-path" as-path-part*
/// as-path-part ::= "path" WORD | "origin" origin | inert-as-path
/// inert-as-path ::= "atomic-aggregate" | "aggregator" ASN ADDR4
fn route_attribute<'t>(
    route: &mut Route<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> Option<(State, usize)> {
    let own = &mut route.attributes;
    let value = words.token(1);
    match words.peek(0) {
        "metric" => own.metric = Some(value?.text.parse().ok()?),
        "local-preference" => own.local_preference = Some(value?.text.parse().ok()?),
        "community" => {
            match policy::community(value?.text) {
                Some(community) => own.communities.push(community),
                // One of another type, or a pattern.
                None => own.more = true,
            }
            let known = !own.more || policy::is_typed(value?.text);
            return Some((if known { State::Modelled } else { State::Unmodelled }, 2));
        }
        "no-readvertise" => {
            own.kept_back = Some(words.first(1).span().unwrap_or(leaf.at));
            return Some((State::Modelled, 1));
        }
        "policy" if route.kind == Kind::Aggregate => own.parts = Some(leaf.name(value?)),
        "as-path" => return Some(as_path(own, leaf, words)),
        _ => return None,
    }
    Some((State::Modelled, 2))
}

fn as_path<'t>(
    own: &mut RouteAttributes<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, usize) {
    let (mut at, mut state) = (1, State::Modelled);
    while let Some(value) = words.token(at) {
        match (value.text, words.token(at + 1)) {
            ("path", Some(path)) => own.as_path = Some(leaf.name(path)),
            ("origin", Some(code)) => match policy::origin(code.text) {
                Some(code) => own.origin = Some(code),
                None => return (State::Unmodelled, words.len()),
            },
            ("atomic-aggregate", _) => {
                state = state.max(State::Inert);
                at += 1;
                continue;
            }
            ("aggregator", Some(asn)) => {
                let router = words.peek(at + 2).parse::<Ipv4Addr>();
                if parse_asn(asn.text).is_none() || router.is_err() {
                    return (State::Unmodelled, words.len());
                }
                state = state.max(State::Inert);
                at += 1;
            }
            _ => break,
        }
        at += 2;
    }
    (state, at)
}

/// How a route is installed, resolved and kept, and attributes that no policy here asks for.
///
/// inert-route-option ::= "install" | "no-install" | "resolve" | "no-resolve" | "retain" | "no-retain" | "active"
///     | "passive" | "readvertise" | "brief" | "full" | "receive" | "no-tag" | "resolution-rib" WORD
///     | ("preference2" | "tag2" | "metric2" | "color" | "color2") UINT32 | ("lsp-next-hop" | "p2mp-lsp-next-hop") NAME
///     | "backup-next-hop" NAME | "static-lsp-next-hop" NAME
fn inert_route_option(words: Words<'_, '_>) -> Option<(State, usize)> {
    let used = match words.peek(0) {
        "install" | "no-install" | "resolve" | "no-resolve" | "retain" | "no-retain" | "active"
        | "passive" | "readvertise" | "brief" | "full" | "receive" | "no-tag" => 1,
        "preference2" | "tag2" | "metric2" | "color" | "color2" => {
            words.peek(1).parse::<u32>().ok().map(|_| 2)?
        }
        "lsp-next-hop"
        | "p2mp-lsp-next-hop"
        | "backup-next-hop"
        | "static-lsp-next-hop"
        | "resolution-rib" => words.token(1).map(|_| 2)?,
        _ => return None,
    };
    Some((State::Inert, used))
}

/// Reads a path of `routing-instances`.
///
/// routing-instances ::= "routing-instances" NAME ("routing-options" options | "instance-type" NAME
///     | "interface" NAME | "vrf-target" target | ("vrf-import" | "vrf-export") NAME
///     | "route-distinguisher" NAME | "description" WORD)
pub(super) fn instance<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let Some(name) = words.token(1) else { return (Part::Routing, State::Inert) };
    if matches!(name.text, "apply-groups" | "apply-groups-except") {
        return (Part::Routing, State::Modelled);
    }
    draft.define(ObjectKind::Vrf, name.text, heading(words, 2));
    vrf(draft, name.text, heading(words, 2));
    let rest = words.skip(3);
    let value = words.token(3);
    let state = match (words.peek(2), value) {
        ("routing-options", _) => return options(draft, leaf, Some(name.text), rest),
        ("protocols", _) if rest.peek(0) == "bgp" => {
            return bgp::read(draft, leaf, Some(name.text), 4);
        }
        ("protocols", _) => return protocol(draft, leaf, Some(name.text), rest),
        ("instance-type" | "route-distinguisher" | "", _) => State::Modelled,
        ("description", _) => {
            draft.device.free_text.extend(rest.span());
            State::Modelled
        }
        ("interface", Some(interface)) => {
            draft.routing.members.push((interface.text, leaf.fact(name.text, interface.span)));
            if rest.len() == 1 { State::Modelled } else { State::Inert }
        }
        ("vrf-target", Some(_)) => target(draft, leaf, name.text, rest),
        (list @ ("vrf-import" | "vrf-export"), Some(_)) => {
            instance_policy(draft, leaf, (list, Some(name.text)), rest)
        }
        ("apply-groups" | "apply-groups-except", _) => State::Modelled,
        _ => State::Inert,
    };
    (Part::Routing, state)
}

fn vrf<'d, 't>(draft: &'d mut Draft<'t>, name: &'t str, at: Span) -> Option<&'d mut Vrf<'t>> {
    let vrfs = &mut draft.device.vrfs;
    let place = *draft.routing.instances.entry(name).or_insert_with(|| {
        vrfs.push(Vrf {
            name,
            at,
            import_targets: Vec::new(),
            export_targets: Vec::new(),
            import_policies: Vec::new(),
            export_policies: Vec::new(),
            blind: Vec::new(),
        });
        vrfs.len() - 1
    });
    vrfs.get_mut(place)
}

/// A route target of an instance, for one direction or both.
///
/// target ::= ("import" | "export")? WORD
fn target<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    name: &'t str,
    words: Words<'_, 't>,
) -> State {
    let Some(vrf) = vrf(draft, name, leaf.at) else { return State::Unmodelled };
    let head = words.peek(0);
    let both = !matches!(head, "import" | "export");
    let Some(token) = words.token(if both { 0 } else { 1 }) else { return State::Unmodelled };
    let fact = leaf.name(token);
    if both || head == "import" {
        vrf.import_targets.push(fact);
    }
    if both || head == "export" {
        vrf.export_targets.push(fact);
    }
    State::Modelled
}

/// Policies on what an instance imports or exports.
fn instance_policy<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    (list, name): (&str, Option<&'t str>),
    words: Words<'_, 't>,
) -> State {
    uses(draft, words, Usage::VrfPolicy);
    let Some(token) = words.token(0) else { return State::Unmodelled };
    let fact = leaf.name(token);
    if words.len() != 1 {
        return State::Unmodelled;
    }
    if list == "instance-import" {
        let policy = Some(fact);
        draft.device.leaks.push(Leak { at: leaf.at, into: name, policy });
        return State::Modelled;
    }
    let Some(vrf) = name.and_then(|name| vrf(draft, name, leaf.at)) else {
        // What the main instance offers to others counts where another one takes it.
        return State::Modelled;
    };
    if list.ends_with("import") {
        vrf.import_policies.push(fact);
    } else {
        vrf.export_policies.push(fact);
    }
    State::Modelled
}

/// Reads a path of a protocol other than BGP: only what it takes from other protocols counts.
///
/// protocol ::= "protocols" ("ospf" | "ospf3" | "isis" | "rip" | "ripng") ("export" | "import") NAME
pub(super) fn protocol<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    vrf: Option<&'t str>,
    words: Words<'_, 't>,
) -> Account {
    let protocol = words.peek(0);
    let known = matches!(protocol, "ospf" | "ospf3" | "isis" | "rip" | "ripng" | "eigrp");
    if !known {
        if matches!(words.peek(1), "import" | "export") {
            uses(draft, words.skip(2), Usage::Other);
        }
        return (Part::Other, State::Inert);
    }
    let place = draft.routing.igps.iter().position(|one| *one == (protocol, vrf));
    let place = place.unwrap_or_else(|| {
        let at = heading(leaf.words, leaf.words.len() - words.len() + 1);
        let redistributions = Vec::new();
        draft.device.igps.push(IgpProcess { at, protocol, vrf, redistributions });
        draft.routing.igps.push((protocol, vrf));
        draft.routing.igps.len() - 1
    });
    let export = (1..words.len().min(5)).find(|at| matches!(words.peek(*at), "export" | "import"));
    let Some(export) = export else { return (Part::Routing, State::Inert) };
    let outward = words.peek(export) == "export";
    let usage = if outward { Usage::Redistribute } else { Usage::IgpFilter };
    uses(draft, words.skip(export + 1), usage);
    let Some(name) = words.token(export + 1).filter(|_| outward) else {
        return (Part::Routing, State::Inert);
    };
    if let Some(igp) = draft.device.igps.get_mut(place) {
        igp.redistributions.push(Redistribution {
            at: leaf.at,
            source: RouteSource::Other,
            protocol: "policy",
            family: if protocol.ends_with('3') { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 },
            policy: Some(leaf.name(name)),
            metric: None,
        });
    }
    (Part::Routing, State::Modelled)
}

/// Puts the routes into the device, one for each next hop, and what tables get from others.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for group in std::mem::take(&mut draft.routing.groups) {
        let into = group.tables.iter().skip(1).filter_map(|table| policy::unicast_table(table));
        let (at, policy) = (group.at, group.policy);
        draft.device.leaks.extend(into.map(|(into, _)| Leak { at, into, policy }));
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
