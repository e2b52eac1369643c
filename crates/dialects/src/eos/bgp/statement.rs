//! Lines of the process, its VRFs and its address families that are not about neighbors.

use std::net::Ipv4Addr;

use edgelint_model::{
    Aggregate, BgpInstance, Direction, Distance, Fact, Network, ObjectKind, Usage,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::ast::{Expected, Instance, Joined, Router, Setting, Who};
use super::parse::Scope;
use super::setting::{missing_policy, paths, timers};
use crate::eos::draft::Draft;
use crate::eos::lines::{Sense, between, lower, room};
use crate::eos::redistribution::{Redistribute, policy, redistribute};
use crate::phrases::{
    asn, ipv4, ipv4_mask_prefix, is_word, name, number, number_in, parse_asn, prefix, word,
};

/// Where a switch stands in the model.
type Switch = for<'a, 't> fn(&'a mut Instance<'t>) -> &'a mut Option<Fact<bool>>;

/// What a line says.
#[derive(Clone, Debug)]
pub(super) enum Said<'t> {
    /// `network`.
    Network(Network<'t>),
    /// `aggregate-address`.
    Aggregate(Aggregate<'t>),
    /// `redistribute`.
    Redistribute(Redistribute<'t>),
    /// Something is on, or, where it is turned round, off.
    Switch(Switch, bool),
    /// `default-metric`.
    DefaultMetric(Option<Fact<u32>>),
    /// `maximum-paths`.
    MaximumPaths(Option<Fact<u32>>),
    /// `timers bgp`.
    Timers(Setting<'t>),
    /// `distance bgp`.
    Distance(Distance),
    /// `router-id`.
    RouterId(Option<Fact<Ipv4Addr>>),
    /// `bgp cluster-id`.
    ClusterId(Option<Fact<Ipv4Addr>>),
    /// `local-as` of a VRF.
    LocalAs(Fact<u32>),
    /// `bgp confederation identifier`.
    Confederation(Option<Fact<u32>>),
    /// `bgp confederation peers`.
    ConfederationPeers(Vec<Fact<u32>>),
    /// `bgp missing-policy`; no answer where it is taken back.
    MissingPolicy(Direction, Option<bool>),
    /// `bgp listen range`.
    Listen(Joined<'t>),
    /// A default spelled out.
    Default,
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_known(words: Words<'_, '_>) -> bool {
    const HEADS: [&str; 14] = [
        "address-family",
        "network",
        "aggregate-address",
        "redistribute",
        "bgp",
        "maximum-paths",
        "timers",
        "distance",
        "route-target",
        "rd",
        "shutdown",
        "local-as",
        "default-metric",
        "graceful-restart",
    ];
    HEADS.iter().any(|head| is_word(words, 0, head))
}

/// bgp-statement ::= ("no" | "default")? (network | aggregate-address | redistribute | bgp-switch | "default-metric" METRIC
///     | maximum-paths | "timers" "bgp" UINT16 UINT16 ("min-hold-time" UINT16)? | distance | "router-id" ADDR4 | "local-as" ASN | bgp-option) NL
pub(super) fn bgp_statement<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "network" => network(input),
        "aggregate-address" => aggregate_address(input),
        "redistribute" => redistribute(input).map(|(left, read)| (left, Said::Redistribute(read))),
        "default-metric" => {
            number(next).map(|(left, metric)| (left, Said::DefaultMetric(Some(metric))))
        }
        "maximum-paths" => maximum_paths(input),
        "timers" => {
            let (from, _) = word("bgp")(next)?;
            let (left, (slot, value)) = timers(from)?;
            Ok((left, Said::Timers(Setting { slot, at: between(input, left), value })))
        }
        "distance" => distance(input),
        "router-id" => ipv4(next).map(|(left, id)| (left, Said::RouterId(Some(id)))),
        "local-as" => asn(next).map(|(left, number)| (left, Said::LocalAs(number))),
        _ => bgp_switch(input).or_else(|_| bgp_option(input)),
    }
}

/// What is taken back without its value.
///
/// bgp-unset ::= "router-id" | "default-metric" | "maximum-paths" | "bgp" ("cluster-id" | "confederation" "identifier"
///     | "missing-policy" "direction" ("in" | "out") "action" | "allowas-in") | "shutdown"
pub(super) fn bgp_unset<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let said = match lower(input.peek(0), &mut low) {
        "router-id" => Said::RouterId(None),
        "default-metric" => Said::DefaultMetric(None),
        "maximum-paths" => Said::MaximumPaths(None),
        // Without the word the process is up.
        "shutdown" => Said::Default,
        "bgp" => return bgp_option_unset(next),
        _ => return input.expected("a setting of BGP"),
    };
    Ok((next, said))
}

fn bgp_option_unset<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "cluster-id" => Ok((next, Said::ClusterId(None))),
        // Unless it is said, no path with the own number is accepted.
        "allowas-in" => Ok((next, Said::Default)),
        "confederation" => {
            word("identifier")(next).map(|(left, _)| (left, Said::Confederation(None)))
        }
        "missing-policy" => {
            let (left, _) = word("direction")(next)?;
            let mut way = room();
            let direction = match lower(left.peek(0), &mut way) {
                "in" => Direction::In,
                "out" => Direction::Out,
                _ => return left.expected("in or out"),
            };
            let (left, _) = word("action")(left.skip(1))?;
            Ok((left, Said::MissingPolicy(direction, None)))
        }
        _ => input.expected("a setting of BGP"),
    }
}

/// network ::= "network" (PREFIX | ADDR4 "mask" MASK4) policy?
fn network<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("network")(input)?;
    let (left, prefix) = match ipv4(from) {
        Ok((left, address)) => masked(address, word("mask")(left)?.0)?,
        Err(_) => prefix(from)?,
    };
    let (left, policy) = policy(left)?;
    let network = Network { at: prefix.at(), prefix: prefix.value, policy, backdoor: false };
    Ok((left, Said::Network(network)))
}

fn masked<'w, 't>(address: Fact<Ipv4Addr>, left: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    let (rest, mask) = ipv4(left)?;
    let prefix = crate::phrases::mask_length(mask.value)
        .and_then(|length| Prefix::new(address.value.into(), length));
    match prefix {
        Some(prefix) => Ok((rest, Fact::new(prefix, address.at().to(mask.at())))),
        None => left.expected("a network mask"),
    }
}

/// aggregate-address ::= "aggregate-address" (PREFIX | ADDR4 MASK4) aggregate-option*
fn aggregate_address<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("aggregate-address")(input)?;
    let (mut left, prefix) = ipv4_mask_prefix(from).or_else(|_| prefix(from))?;
    let mut aggregate = Aggregate {
        at: prefix.at(),
        prefix: prefix.value,
        summary_only: false,
        as_set: false,
        attribute_policy: None,
        suppress_policy: None,
        advertise_policy: None,
    };
    while !left.is_empty() {
        left = aggregate_option(left, &mut aggregate)?.0;
    }
    Ok((left, Said::Aggregate(aggregate)))
}

/// That an aggregate is only announced, and not put into the table, changes nothing here.
///
/// aggregate-option ::= "summary-only" | "as-set" | "advertise-only" | "attribute-map" NAME | "match-map" NAME
fn aggregate_option<'w, 't>(
    input: Words<'w, 't>,
    aggregate: &mut Aggregate<'t>,
) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    let place = match lower(input.peek(0), &mut low) {
        "summary-only" => {
            aggregate.summary_only = true;
            return Ok((next, ()));
        }
        "as-set" => {
            aggregate.as_set = true;
            return Ok((next, ()));
        }
        "advertise-only" => return Ok((next, ())),
        "attribute-map" => &mut aggregate.attribute_policy,
        "match-map" => &mut aggregate.advertise_policy,
        _ => return input.expected("an option of an aggregate"),
    };
    let (left, policy) = name(next)?;
    *place = Some(policy);
    Ok((left, ()))
}

/// maximum-paths ::= "maximum-paths" UINT16 ("ecmp" UINT16)?
fn maximum_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let count = number_in(0, 65535);
    let (left, most) = count(input.skip(1))?;
    let left = match word("ecmp")(left) {
        Ok((left, _)) => count(left)?.0,
        Err(_) => left,
    };
    Ok((left, Said::MaximumPaths(Some(most))))
}

/// Distances of routes from other AS numbers, from the own one, and made here.
///
/// distance ::= "distance" "bgp" RANGE_1_255 (RANGE_1_255 RANGE_1_255)?
fn distance<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("bgp")(input.skip(1))?;
    let value = number_in(1, 255);
    let (left, external) = value(from)?;
    let external = external.value;
    let Ok((left, internal)) = value(left) else {
        let distance = Distance { external, internal: external, local: external };
        return Ok((left, Said::Distance(distance)));
    };
    let (left, local) = value(left)?;
    let distance = Distance { external, internal: internal.value, local: local.value };
    Ok((left, Said::Distance(distance)))
}

/// bgp-switch ::= "graceful-restart" | "bgp" ("log-neighbor-changes" | "always-compare-med" | "enforce-first-as"
///     | "redistribute-internal" | "advertise-inactive" | "client-to-client" "reflection" | best-path
///     | "default" ("ipv4-unicast" ("transport" "ipv6")? | "ipv6-unicast") | "additional-paths" ("receive" | "send" paths))
fn bgp_switch<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if is_word(input, 0, "graceful-restart") {
        return Ok((input.skip(1), Said::Switch(|it| &mut it.model.tuning.graceful_restart, true)));
    }
    let (from, _) = word("bgp")(input)?;
    let next = from.skip(1);
    let mut low = room();
    let switch: Switch = match lower(from.peek(0), &mut low) {
        "log-neighbor-changes" => |it| &mut it.model.logs_neighbor_changes,
        "always-compare-med" => |it| &mut it.model.tuning.best_path.always_compare_med,
        "enforce-first-as" => |it| &mut it.model.tuning.enforces_first_as,
        "redistribute-internal" => |it| &mut it.model.tuning.redistributes_internal,
        // Unless it is said, what BGP prefers but the device does not use is withheld.
        "advertise-inactive" => {
            return Ok((next, Said::Switch(|it| &mut it.model.tuning.suppresses_inactive, false)));
        }
        "client-to-client" => {
            let (left, _) = word("reflection")(next)?;
            let switch: Switch = |it| &mut it.model.tuning.client_to_client_reflection;
            return Ok((left, Said::Switch(switch, true)));
        }
        "bestpath" => return best_path(next),
        "default" => return default_family(next),
        "additional-paths" => return additional_paths(next),
        _ => return from.expected("a switch of BGP"),
    };
    Ok((next, Said::Switch(switch, true)))
}

fn default_family<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    if is_word(input, 0, "ipv6-unicast") {
        return Ok((next, Said::Switch(|it| &mut it.default_ipv6, true)));
    }
    let (left, _) = word("ipv4-unicast")(input)?;
    if is_word(left, 0, "transport") {
        let (left, _) = word("ipv6")(left.skip(1))?;
        return Ok((left, Said::Switch(|it| &mut it.default_ipv4_over_ipv6, true)));
    }
    Ok((left, Said::Switch(|it| &mut it.default_ipv4, true)))
}

fn additional_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    if is_word(input, 0, "receive") {
        let switch: Switch = |it| &mut it.model.tuning.additional_paths.receive;
        return Ok((next, Said::Switch(switch, true)));
    }
    let (left, _) = word("send")(input)?;
    let (left, ()) = paths(left)?;
    Ok((left, Said::Switch(|it| &mut it.model.tuning.additional_paths.send, true)))
}

/// best-path ::= "bestpath" ("as-path" ("ignore" | "multipath-relax") | "tie-break" "router-id"
///     | "med" ("missing-as-worst" | "confed"))
fn best_path<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let mut low_next = room();
    let switch: Switch = match (lower(input.peek(0), &mut low), lower(next.peek(0), &mut low_next))
    {
        ("as-path", "ignore") => |it| &mut it.model.ignores_as_path_length,
        ("as-path", "multipath-relax") => |it| &mut it.model.tuning.best_path.relaxes_multipath,
        ("tie-break", "router-id") => |it| &mut it.model.tuning.best_path.compares_router_id,
        ("med", "missing-as-worst") => |it| &mut it.model.tuning.best_path.missing_med_is_worst,
        ("med", "confed") => |it| &mut it.model.tuning.best_path.compares_confederation_med,
        _ => return input.expected("a step of path selection"),
    };
    Ok((next.skip(1), Said::Switch(switch, true)))
}

/// bgp-option ::= "bgp" ("router-id" ADDR4 | "cluster-id" ADDR4 | "confederation" ("identifier" ASN | "peers" ASN+)
///     | "asn" "notation" ("asplain" | "asdot") | missing-policy | listen-range)
fn bgp_option<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("bgp")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "router-id" => ipv4(next).map(|(left, id)| (left, Said::RouterId(Some(id)))),
        "cluster-id" => ipv4(next).map(|(left, id)| (left, Said::ClusterId(Some(id)))),
        "confederation" if is_word(next, 0, "identifier") => {
            asn(next.skip(1)).map(|(left, number)| (left, Said::Confederation(Some(number))))
        }
        "confederation" => confederation_peers(word("peers")(next)?.0),
        "asn" => {
            let (left, _) = word("notation")(next)?;
            let (left, _) = word("asplain")(left).or_else(|_| word("asdot")(left))?;
            Ok((left, Said::Default))
        }
        "missing-policy" => missing_policy(from)
            .map(|(left, (way, denies))| (left, Said::MissingPolicy(way, Some(denies)))),
        "listen" => listen_range(from),
        _ => from.expected("an option of BGP"),
    }
}

/// Members, one a word, or many in a word: `65001,65003-65005`.
fn confederation_peers<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut peers = Vec::new();
    for token in input.tokens() {
        for part in token.text.split(',') {
            let (least, most) = part.split_once('-').unwrap_or((part, part));
            match (parse_asn(least), parse_asn(most)) {
                (Some(least), Some(most)) if least <= most && most - least < MOST_MEMBERS => {
                    peers.extend((least..=most).map(|peer| Fact::new(peer, token.span)));
                }
                _ => return input.expected("AS numbers"),
            }
        }
    }
    if peers.is_empty() {
        return input.expected("AS numbers");
    }
    Ok((input.skip(input.len()), Said::ConfederationPeers(peers)))
}

/// More members than any confederation has.
const MOST_MEMBERS: u32 = 4096;

/// listen-range ::= "listen" "range" PREFIX ("peer-id" "include" "router-id")? "peer-group" NAME expected-as
fn listen_range<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("listen")(input)?;
    let (left, _) = word("range")(left)?;
    let (mut left, range) = prefix(left)?;
    if let Ok((behind, _)) = word("peer-id")(left) {
        left = word("router-id")(word("include")(behind)?.0)?.0;
    }
    let (left, _) = word("peer-group")(left)?;
    let (left, group) = name(left)?;
    let (left, remote_as) = expected_as(left)?;
    let who = Who::Range(range.value);
    let remote_as = Some(remote_as);
    Ok((left, Said::Listen(Joined { at: range.at(), vrf: None, who, group, remote_as })))
}

/// expected-as ::= "remote-as" ASN | "peer-filter" NAME
pub(super) fn expected_as<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Expected<'t>> {
    if let Ok((left, _)) = word("peer-filter")(input) {
        return name(left).map(|(left, filter)| (left, Expected::Filter(filter)));
    }
    let (left, _) = word("remote-as")(input)?;
    asn(left).map(|(left, number)| (left, Expected::Number(number)))
}

/// Puts what a line says into the process, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    at: Span,
    (said, sense): (Said<'t>, Sense),
) {
    let kept = sense == Sense::Set;
    match said {
        Said::Confederation(number) => router.confederation = number.filter(|_| kept),
        Said::ConfederationPeers(peers) => {
            let named = |peer: &Fact<u32>| peers.iter().any(|it| it.value == peer.value);
            router.confederation_peers.retain(|peer| !named(peer));
            if kept {
                router.confederation_peers.extend(peers);
            }
        }
        Said::Listen(range) => {
            let same = |it: &Joined<'_>| it.vrf == scope.vrf && it.who == range.who;
            router.ranges.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
            router.ranges.retain(|it| !same(it));
            if kept {
                draft.use_name(ObjectKind::PeerGroup, range.group, Usage::Inherit);
                router.ranges.push(Joined { vrf: scope.vrf, at, ..range });
            }
        }
        said => {
            if let Said::MissingPolicy(_, Some(true)) = said {
                draft.pending.guards_missing_policies = true;
            }
            let instance = router.instances.iter_mut().find(|it| it.model.vrf == scope.vrf);
            let Some(instance) = instance else { return };
            let rest = in_instance(instance, at, (said, sense));
            let Some(said) = rest else { return };
            let family = scope.family_or_both();
            if let Some(model) = router.table(scope.table) {
                in_routes(draft, model, (at, family), (said, kept));
            }
        }
    }
}

/// What is said about the sessions of a VRF; gives back what is about its routes.
fn in_instance<'t>(
    instance: &mut Instance<'t>,
    at: Span,
    (said, sense): (Said<'t>, Sense),
) -> Option<Said<'t>> {
    let kept = sense == Sense::Set;
    match said {
        Said::Switch(place, on) => {
            let value = Fact::new(kept == on, at);
            *place(instance) = (sense != Sense::Default).then_some(value);
        }
        Said::Timers(timers) => instance.timers = kept.then_some(timers),
        Said::LocalAs(number) => instance.local_as = kept.then_some(number),
        Said::MaximumPaths(paths) => instance.model.maximum_paths = paths.filter(|_| kept),
        Said::RouterId(id) => instance.model.router_id = id.filter(|_| kept),
        Said::ClusterId(id) => instance.model.tuning.cluster_id = id.filter(|_| kept),
        Said::Distance(distance) => {
            instance.model.tuning.distance = kept.then_some(Fact::new(distance, at));
        }
        Said::MissingPolicy(direction, denies) => {
            let tuning = &mut instance.model.tuning;
            let place = match direction {
                Direction::In => &mut tuning.refuses_without_import,
                Direction::Out => &mut tuning.refuses_without_export,
            };
            *place = denies.filter(|_| kept).map(|denies| Fact::new(denies, at));
        }
        Said::Default => {}
        said => return Some(said),
    }
    None
}

/// What is put into BGP.
fn in_routes<'t>(
    draft: &mut Draft<'t>,
    model: &mut BgpInstance<'t>,
    (at, family): (Span, Option<edgelint_model::AddressFamily>),
    (said, kept): (Said<'t>, bool),
) {
    let mut policy = |name: Option<Fact<&'t str>>, usage| {
        if let Some(name) = name.filter(|_| kept) {
            draft.use_name(ObjectKind::Policy, name, usage);
        }
    };
    match said {
        Said::DefaultMetric(metric) => model.default_metric = metric.filter(|_| kept),
        Said::Network(network) => {
            policy(network.policy, Usage::Network);
            let gone = model.networks.iter().filter(|it| it.prefix == network.prefix);
            gone.for_each(|it| draft.forget(it.at));
            model.networks.retain(|it| it.prefix != network.prefix);
            model.networks.extend(kept.then_some(Network { at, ..network }));
        }
        Said::Aggregate(aggregate) => {
            policy(aggregate.attribute_policy, Usage::Aggregate);
            policy(aggregate.advertise_policy, Usage::Aggregate);
            let gone = model.aggregates.iter().filter(|it| it.prefix == aggregate.prefix);
            gone.for_each(|it| draft.forget(it.at));
            model.aggregates.retain(|it| it.prefix != aggregate.prefix);
            model.aggregates.extend(kept.then_some(Aggregate { at, ..aggregate }));
        }
        Said::Redistribute(read) => {
            let families = match family {
                Some(family) => vec![family],
                None => read.families(),
            };
            for family in families {
                read.enter(draft, &mut model.redistributions, (at, family), !kept);
            }
        }
        _ => {}
    }
}
