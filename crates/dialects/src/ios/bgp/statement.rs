//! Lines of the process and of its address families that are not about neighbors.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{Aggregate, Dampening, Fact, Network, ObjectKind, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::ast::{ListenRange, Router, Setting, Slot, Value};
use super::parse::Scope;
use super::setting::{remote_as, timers};
use super::tuning::{self, Tune, bgp_tuning};
use crate::ios::draft::Draft;
use crate::ios::lines::{InertRow, between, lower, room};
use crate::ios::redistribution::{Redistribute, redistribute};
use crate::phrases::{asn, ipv4, ipv4_mask_prefix, is_word, name, number, prefix, word};

/// Lines that decide neither what is announced nor what is accepted.
///
/// inert-bgp ::= "no"? inert-bgp-word REST? NL
pub(super) const INERT: &[InertRow] = &[
    ("distance", "which protocol wins for routes from one source"),
    ("bfd", "timers of another platform's syntax"),
    ("bmp", "monitoring"),
    ("snmp", "monitoring"),
    ("nsr", "stateful switchover"),
    ("scope", "operational scopes"),
    ("import path", "paths between VRFs, by target and not by prefix"),
    ("export map", "routes between VRFs"),
    ("maximum-secondary-paths", "load sharing"),
    ("reconnect-interval", "timers"),
    ("capability", "how the session opens"),
    ("description", "free text"),
    ("default-originate", "no command of IOS in this place"),
    ("bgp additional-paths disable", "more paths of the same prefixes"),
    ("bgp aigp", "interior metric"),
    ("bgp asnotation", "how numbers are shown; both notations are read"),
    ("bgp bestpath", "tie breaks behind the length of the AS path"),
    ("bgp client-to-client reflection all", "reflection in single clusters"),
    ("bgp client-to-client reflection intra-cluster", "reflection in single clusters"),
    ("bgp consistency-checker", "self test"),
    ("bgp default ipv6-nexthop", "next hop"),
    ("bgp default route-target", "VPN routes"),
    ("bgp dmzlink-bw", "load sharing"),
    ("bgp dynamic-med-interval", "when, not what"),
    ("bgp graceful-restart all", "forwarding while the peer restarts"),
    ("bgp graceful-restart extended", "forwarding while the peer restarts"),
    ("bgp graceful-restart restart-time", "forwarding while the peer restarts"),
    ("bgp graceful-restart stalepath-time", "forwarding while the peer restarts"),
    ("bgp graceful-shutdown", "maintenance"),
    ("bgp listen limit", "how many dynamic neighbors"),
    ("bgp maxcommunity-limit", "refuses absurd routes"),
    ("bgp nexthop", "when next hops are looked up"),
    ("bgp recursion", "labels of VPN routes"),
    ("bgp refresh", "route refresh"),
    ("bgp regexp", "speed of matching"),
    ("bgp route-map-cache", "speed"),
    ("bgp router-id", "an identity that is no address: of an interface, made up, or blanked out"),
    ("bgp rpki", "validation of origins"),
    ("bgp session-state", "how the session opens"),
    ("bgp slow-peer", "grouping of updates"),
    ("bgp soft-reconfig-backup", "memory"),
    ("bgp sourced-paths", "routes between VRFs"),
    ("bgp sso", "stateful switchover"),
    ("bgp transport", "how TCP is opened"),
    ("bgp update-group", "grouping of updates"),
    ("bgp upgrade-cli", "syntax of old"),
    ("rewrite-evpn-rt-asn", "targets in another family"),
];

/// What a line says.
#[derive(Clone, Debug)]
pub(super) enum Said<'t> {
    /// `network`.
    Network(Network<'t>),
    /// `aggregate-address`.
    Aggregate(Aggregate<'t>),
    /// `redistribute`.
    Redistribute(Redistribute<'t>),
    /// `default-information originate`.
    DefaultInformation,
    /// `default-metric`.
    DefaultMetric(Fact<u32>),
    /// `maximum-paths`.
    MaximumPaths { internal: bool, paths: Fact<u32>, imported: Option<Fact<u32>> },
    /// `timers bgp`.
    Timers(Setting<'t>),
    /// Path selection, timers and the like.
    Tune(Tune<'t>),
    /// `bgp router-id`.
    RouterId(Fact<Ipv4Addr>),
    /// `bgp default local-preference`.
    LocalPreference(Fact<u32>),
    /// `bgp default ipv4-unicast`.
    DefaultIpv4,
    /// `bgp confederation identifier`.
    Confederation(Fact<u32>),
    /// `bgp confederation peers`.
    ConfederationPeers(Vec<Fact<u32>>),
    /// `bgp bestpath as-path ignore`.
    IgnoresAsPath,
    /// `bgp safe-ebgp-policy`.
    RequiresPolicy,
    /// `bgp listen range`.
    Listen(ListenRange<'t>),
    /// A default spelled out.
    Default,
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_known(words: Words<'_, '_>) -> bool {
    let heads = [
        "network",
        "aggregate-address",
        "redistribute",
        "bgp",
        "maximum-paths",
        "table-map",
        "timers",
    ];
    // Both, when they are on, change what is announced.
    let old = ["auto-summary", "synchronization"];
    let mut heads = heads.iter().chain(&old);
    heads.any(|head| is_word(words, 0, head))
}

/// What every release since 12.2(8)T does unasked.
///
/// old-default ::= "auto-summary" | "synchronization"
pub(super) fn old_default<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "auto-summary" | "synchronization" => Ok((input.skip(1), Said::Default)),
        _ => input.expected("a default of old"),
    }
}

/// bgp-statement ::= "no"? (network | aggregate-address | redistribute | bgp-tuning | bgp-option
///                 | bgp-number | maximum-paths | "default-information" "originate"
///                 | "timers" "bgp" UINT16 UINT16 UINT16? | "router-id" ADDR4) NL
pub(super) fn bgp_statement<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "network" => network(input),
        "aggregate-address" => aggregate_address(input),
        "redistribute" => redistribute(input).map(|(left, read)| (left, Said::Redistribute(read))),
        "default-information" => {
            word("originate")(next).map(|(left, _)| (left, Said::DefaultInformation))
        }
        "table-map" | "distance" | "advertise" => tuned(input),
        "timers" => {
            let (from, _) = word("bgp")(next)?;
            let (left, (slot, value)) = timers(from)?;
            let at = between(input, left);
            Ok((left, Said::Timers(Setting { slot, at, value })))
        }
        "router-id" => ipv4(next).map(|(left, id)| (left, Said::RouterId(id))),
        "default-metric" => bgp_number(input),
        "maximum-paths" => maximum_paths(input),
        "bgp" => bgp_option(input).or_else(|_| bgp_number(input)).or_else(|_| tuned(input)),
        _ => input.expected("a statement of BGP"),
    }
}

fn tuned<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    bgp_tuning(input).map(|(left, tune)| (left, Said::Tune(tune)))
}

/// network ::= "network" network-prefix network-option*
fn network<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("network")(input)?;
    let (mut left, prefix) = network_prefix(from)?;
    let at = between(input, left);
    let mut network = Network { at, prefix: prefix.value, policy: None, backdoor: false };
    while !left.is_empty() {
        left = network_option(left, &mut network)?.0;
    }
    Ok((left, Said::Network(network)))
}

/// network-option ::= "route-map" NAME | "backdoor"
fn network_option<'w, 't>(input: Words<'w, 't>, network: &mut Network<'t>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "route-map" => {
            let (left, policy) = name(next)?;
            network.policy = Some(policy);
            Ok((left, ()))
        }
        "backdoor" => {
            network.backdoor = true;
            Ok((next, ()))
        }
        _ => input.expected("route-map or backdoor"),
    }
}

/// network-prefix ::= ADDR4 ("mask" MASK4)? | PREFIX
fn network_prefix<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    let Ok((left, address)) = ipv4(input) else { return prefix(input) };
    if !is_word(left, 0, "mask") {
        let length = classful_length(address.value);
        return match Prefix::new(IpAddr::V4(address.value), length) {
            Some(prefix) => Ok((left, Fact::new(prefix, address.at()))),
            None => input.expected("a prefix"),
        };
    }
    let (rest, mask) = ipv4(left.skip(1))?;
    let prefix = crate::phrases::mask_length(mask.value)
        .and_then(|length| Prefix::new(IpAddr::V4(address.value), length));
    match prefix {
        Some(prefix) => Ok((rest, Fact::new(prefix, address.at().to(mask.at())))),
        None => left.skip(1).expected("a network mask"),
    }
}

/// Length that a network has by its class where no mask is given (RFC 791, section 3.2).
fn classful_length(address: Ipv4Addr) -> u8 {
    match address.octets() {
        [0, 0, 0, 0] => 0,
        [0..=127, ..] => 8,
        [128..=191, ..] => 16,
        [192..=223, ..] => 24,
        _ => 32,
    }
}

/// aggregate-address ::= "aggregate-address" (ADDR4 MASK4 | PREFIX) aggregate-option*
fn aggregate_address<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("aggregate-address")(input)?;
    let (mut left, prefix) = ipv4_mask_prefix(from).or_else(|_| prefix(from))?;
    let mut aggregate = Aggregate {
        at: between(input, left),
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

/// aggregate-option ::= "summary-only" | "as-set" | "as-confed-set" | "attribute-map" NAME
///                    | "route-map" NAME | "suppress-map" NAME | "advertise-map" NAME
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
        "as-set" | "as-confed-set" => {
            aggregate.as_set = true;
            return Ok((next, ()));
        }
        "attribute-map" | "route-map" => &mut aggregate.attribute_policy,
        "suppress-map" => &mut aggregate.suppress_policy,
        "advertise-map" => &mut aggregate.advertise_policy,
        _ => return input.expected("an option of an aggregate"),
    };
    let (left, policy) = name(next)?;
    *place = Some(policy);
    Ok((left, ()))
}

/// maximum-paths ::= "maximum-paths" ("eibgp" | "ibgp")? RANGE_1_255 ("import" RANGE_1_255)?
fn maximum_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("maximum-paths")(input)?;
    let mut low = room();
    let (from, internal) = match lower(from.peek(0), &mut low) {
        "eibgp" => (from.skip(1), false),
        "ibgp" => (from.skip(1), true),
        _ => (from, false),
    };
    let count = crate::phrases::number_in(1, 255);
    let (left, paths) = count(from)?;
    let (left, imported) = match word("import")(left) {
        Ok((further, _)) => count(further).map(|(left, imported)| (left, Some(imported)))?,
        Err(_) => (left, None),
    };
    Ok((left, Said::MaximumPaths { internal, paths, imported }))
}

/// bgp-number ::= "default-metric" METRIC | "bgp" "default" "local-preference" UINT32
///              | "bgp" "confederation" ("identifier" ASN | "peers" ASN+)
fn bgp_number<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if is_word(input, 0, "default-metric") {
        return number(input.skip(1)).map(|(left, metric)| (left, Said::DefaultMetric(metric)));
    }
    let from = input.skip(1);
    let next = from.skip(2);
    let mut low = room();
    let mut low_next = room();
    match (lower(from.peek(0), &mut low), lower(from.peek(1), &mut low_next)) {
        ("default", "local-preference") => {
            number(next).map(|(left, value)| (left, Said::LocalPreference(value)))
        }
        ("confederation", "identifier") => {
            asn(next).map(|(left, value)| (left, Said::Confederation(value)))
        }
        ("confederation", "peers") => {
            let (mut left, first) = asn(next)?;
            let mut peers = vec![first];
            while let Ok((further, peer)) = asn(left) {
                peers.push(peer);
                left = further;
            }
            Ok((left, Said::ConfederationPeers(peers)))
        }
        _ => from.expected("an option of BGP"),
    }
}

/// bgp-option ::= "bgp" ("router-id" ADDR4 | "default" "ipv4-unicast" | "bestpath" "as-path" "ignore"
///              | "safe-ebgp-policy" | listen-range)
fn bgp_option<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("bgp")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "router-id" => ipv4(next).map(|(left, id)| (left, Said::RouterId(id))),
        "default" => word("ipv4-unicast")(next).map(|(left, _)| (left, Said::DefaultIpv4)),
        "bestpath" => {
            let (left, _) = word("as-path")(next)?;
            word("ignore")(left).map(|(left, _)| (left, Said::IgnoresAsPath))
        }
        "safe-ebgp-policy" => Ok((next, Said::RequiresPolicy)),
        "listen" => listen_range(from),
        _ => from.expected("an option of BGP"),
    }
}

/// listen-range ::= "listen" "range" PREFIX "peer-group" NAME ("remote-as" remote-as)?
fn listen_range<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("listen")(input)?;
    let (left, _) = word("range")(left)?;
    let (left, range) = prefix(left)?;
    let (left, _) = word("peer-group")(left)?;
    let (left, group) = name(left)?;
    let mut listen = ListenRange { at: range.at(), vrf: None, range, group, remote_as: None };
    if !is_word(left, 0, "remote-as") {
        return Ok((left, Said::Listen(listen)));
    }
    let (further, remote) = remote_as(left.skip(1))?;
    listen.remote_as = Some(Setting {
        slot: Slot::RemoteAs,
        at: between(left, further),
        value: Value::RemoteAs(remote),
    });
    Ok((further, Said::Listen(listen)))
}

/// Puts what a line says into the process, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    if !negated {
        record(draft, &said);
    }
    match said {
        Said::DefaultIpv4 => router.default_ipv4 = Some(Fact::new(!negated, at)),
        Said::Confederation(number) => router.confederation = (!negated).then_some(number),
        Said::ConfederationPeers(peers) => {
            router
                .confederation_peers
                .retain(|known| peers.iter().all(|it| it.value != known.value));
            router.confederation_peers.extend(peers.into_iter().filter(|_| !negated));
        }
        Said::Timers(setting) => {
            router.timers.retain(|(vrf, _)| *vrf != scope.vrf);
            router.timers.extend((!negated).then_some((scope.vrf, setting)));
        }
        Said::Listen(listen) => {
            let same =
                |it: &ListenRange<'_>| it.vrf == scope.vrf && it.range.value == listen.range.value;
            router.ranges.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
            router.ranges.retain(|it| !same(it));
            let listen = ListenRange { at, vrf: scope.vrf, ..listen };
            router.ranges.extend((!negated).then_some(listen));
        }
        said => apply_to_instance(draft, router, scope, at, (said, negated)),
    }
}

fn apply_to_instance<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    let Some(instance) = router.table(scope.table) else { return };
    let kept = !negated;
    let flag = Some(Fact::new(kept, at));
    match said {
        Said::Network(network) => {
            let same = |it: &&Network<'_>| it.prefix == network.prefix;
            instance.networks.iter().filter(same).for_each(|it| draft.forget(it.at));
            instance.networks.retain(|it| it.prefix != network.prefix);
            instance.networks.extend(kept.then_some(Network { at, ..network }));
        }
        Said::Aggregate(aggregate) => {
            let same = |it: &&Aggregate<'_>| it.prefix == aggregate.prefix;
            instance.aggregates.iter().filter(same).for_each(|it| draft.forget(it.at));
            instance.aggregates.retain(|it| it.prefix != aggregate.prefix);
            instance.aggregates.extend(kept.then_some(Aggregate { at, ..aggregate }));
        }
        Said::Redistribute(read) => {
            read.enter(draft, &mut instance.redistributions, (at, scope.family.kind), negated);
        }
        Said::DefaultInformation => instance.default_information = flag,
        Said::DefaultMetric(metric) => instance.default_metric = kept.then_some(metric),
        Said::MaximumPaths { internal, paths, imported } => {
            let place = match internal {
                true => &mut instance.tuning.internal_paths,
                false => &mut instance.maximum_paths,
            };
            *place = kept.then_some(paths);
            instance.tuning.imported_paths = imported.filter(|_| kept);
        }
        Said::RouterId(id) => instance.router_id = kept.then_some(id),
        Said::LocalPreference(value) => {
            instance.default_local_preference = kept.then_some(value);
        }
        Said::IgnoresAsPath => instance.ignores_as_path_length = flag,
        Said::RequiresPolicy => instance.requires_policy = flag,
        Said::Tune(tune) => tuning::apply(draft, instance, at, (tune, negated)),
        _ => {}
    }
}

/// Records the objects that a line names; those of `redistribute` are recorded as it is lowered.
fn record<'t>(draft: &mut Draft<'t>, said: &Said<'t>) {
    let mut policy = |name: Option<Fact<&'t str>>, usage| {
        if let Some(name) = name {
            draft.use_name(ObjectKind::Policy, name, usage);
        }
    };
    match said {
        Said::Network(network) => policy(network.policy, Usage::Network),
        Said::Aggregate(aggregate) => {
            policy(aggregate.attribute_policy, Usage::Aggregate);
            policy(aggregate.suppress_policy, Usage::Aggregate);
            policy(aggregate.advertise_policy, Usage::Aggregate);
        }
        Said::Tune(Tune::TablePolicy(name) | Tune::Dampening(Dampening::Policy(name))) => {
            policy(Some(*name), Usage::Bgp);
        }
        Said::Listen(listen) => {
            draft.use_name(ObjectKind::PeerGroup, listen.group, Usage::Inherit);
        }
        _ => {}
    }
}
