//! Lines of the process and of its address families that are not about neighbors.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{
    AddressFamily, Aggregate, BgpInstance, Dampening, Distance, Fact, Network, ObjectKind, Usage,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::asa::draft::Draft;
use crate::asa::lines::{InertRow, between, lower, room};
use crate::asa::redistribution::{Redistribute, redistribute};
use crate::phrases::{
    ipv4, ipv4_mask_prefix, is_word, mask_length, name, number, number_in, prefix, word,
};

/// Lines that decide neither what is announced nor what is accepted.
///
/// inert-bgp ::= "no"? inert-bgp-word REST? NL
pub(super) const INERT: &[InertRow] = &[
    ("bgp asnotation", "how numbers are shown; both notations are read"),
    ("bgp graceful-restart", "forwarding while the peer restarts"),
    ("bgp inject-map", "routes made out of others, in a form that no export shows"),
    ("bgp nexthop", "when next hops are looked up"),
    ("bgp router-id cluster-pool", "an identity that is no address: of a pool of a cluster"),
    ("bgp transport", "how TCP is opened"),
    ("bgp update-delay", "when, not what"),
];

/// What a line says.
#[derive(Clone, Debug)]
pub(super) enum Said<'t> {
    Network(Network<'t>),
    Aggregate(Aggregate<'t>),
    Redistribute(Redistribute<'t>),
    DefaultInformation,
    DefaultMetric(Fact<u32>),
    MaximumPaths {
        internal: bool,
        paths: Fact<u32>,
    },
    RouterId(Fact<Ipv4Addr>),
    LocalPreference(Fact<u32>),
    LogsNeighbors,
    AlwaysCompareMed,
    DeterministicMed,
    MissingMedIsWorst,
    CompareRouterId,
    IgnoresAsPath,
    EnforceFirstAs,
    FastExternalFallover,
    SuppressInactive,
    RedistributeInternal,
    MaximumAsPath(Fact<u32>),
    ScanTime(Fact<u32>),
    AggregateTimer(Fact<u32>),
    Distance(Distance),
    Dampening(Dampening<'t>),
    TablePolicy(Fact<&'t str>),
    /// Keepalive and hold time of sessions that have none of their own.
    Timers(u32, u32),
    /// A setting that is taken back whatever its value was.
    Nothing,
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_known(words: Words<'_, '_>) -> bool {
    const HEADS: &[&str] = &[
        "network",
        "aggregate-address",
        "redistribute",
        "bgp",
        "maximum-paths",
        "table-map",
        "distance",
        "default-information",
        "timers",
        "auto-summary",
        "synchronization",
    ];
    HEADS.iter().any(|head| is_word(words, 0, head))
}

/// What is taken back without its value, and defaults of every release.
///
/// bgp-unset ::= "bgp" ("router-id" | "dampening" | "maxas-limit" | "scan-time" | "aggregate-timer"
///     | "default" "local-preference") | ("distance" | "timers") "bgp" | "maximum-paths"
/// old-default ::= "auto-summary" | "synchronization"
pub(super) fn bgp_unset<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let none = Fact::new(0, input.first(1).span().unwrap_or(Span::new(input.file(), 0, 0)));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "auto-summary" | "synchronization" => Ok((next, Said::Nothing)),
        "maximum-paths" => Ok((next, Said::MaximumPaths { internal: false, paths: none })),
        "distance" => {
            let (left, _) = word("bgp")(next)?;
            Ok((left, Said::Distance(Distance { external: 0, internal: 0, local: 0 })))
        }
        "timers" => word("bgp")(next).map(|(left, _)| (left, Said::Timers(0, 0))),
        "bgp" => {
            let left = next.skip(1);
            let mut low = room();
            match lower(next.peek(0), &mut low) {
                "router-id" => Ok((left, Said::RouterId(none.map(|_| Ipv4Addr::UNSPECIFIED)))),
                "dampening" => Ok((left, Said::Dampening(Dampening::Default))),
                "maxas-limit" => Ok((left, Said::MaximumAsPath(none))),
                "scan-time" => Ok((left, Said::ScanTime(none))),
                "aggregate-timer" => Ok((left, Said::AggregateTimer(none))),
                "default" => {
                    let (left, _) = word("local-preference")(left)?;
                    Ok((left, Said::LocalPreference(none)))
                }
                _ => next.expected("a setting of BGP"),
            }
        }
        _ => input.expected("a setting of BGP"),
    }
}

/// bgp-statement ::= network | aggregate-address | redistribute | "bgp" bgp-option | maximum-paths
///     | "default-information" "originate" | "default-metric" METRIC | "table-map" NAME "filter"?
///     | "distance" "bgp" RANGE_1_255 RANGE_1_255 RANGE_1_255 | "timers" "bgp" UINT16 UINT16 UINT16?
pub(super) fn bgp_statement<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "network" => network(input),
        "aggregate-address" => aggregate_address(input),
        "redistribute" => redistribute(input).map(|(left, read)| (left, Said::Redistribute(read))),
        "bgp" => bgp_option(next),
        "maximum-paths" => maximum_paths(input),
        "default-information" => {
            word("originate")(next).map(|(left, _)| (left, Said::DefaultInformation))
        }
        "default-metric" => number(next).map(|(left, metric)| (left, Said::DefaultMetric(metric))),
        "table-map" => {
            let (left, policy) = name(next)?;
            let left = word("filter")(left).map_or(left, |(left, _)| left);
            Ok((left, Said::TablePolicy(policy)))
        }
        "distance" => {
            let (left, _) = word("bgp")(next)?;
            let one = number_in(1, 255);
            let (left, external) = one(left)?;
            let (left, internal) = one(left)?;
            let (left, local) = one(left)?;
            let distance =
                Distance { external: external.value, internal: internal.value, local: local.value };
            Ok((left, Said::Distance(distance)))
        }
        "timers" => {
            let (left, _) = word("bgp")(next)?;
            let one = number_in(0, 65535);
            let (left, keepalive) = one(left)?;
            let (left, hold) = one(left)?;
            let left = one(left).map_or(left, |(left, _)| left);
            Ok((left, Said::Timers(keepalive.value, hold.value)))
        }
        _ => input.expected("a statement of BGP"),
    }
}

/// bgp-option ::= "router-id" ADDR4 | "log-neighbor-changes" | "always-compare-med" | "deterministic-med"
///     | "enforce-first-as" | "fast-external-fallover" | "suppress-inactive" | "redistribute-internal"
///     | "bestpath" ("compare-routerid" | "med" "missing-as-worst" | "as-path" "ignore")
///     | "default" "local-preference" UINT32 | "maxas-limit" RANGE_1_254 | "scan-time" RANGE_5_60
///     | "aggregate-timer" RANGE_0_60 | "dampening" dampening-values?
fn bgp_option<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "router-id" => ipv4(next).map(|(left, id)| (left, Said::RouterId(id))),
        "log-neighbor-changes" => Ok((next, Said::LogsNeighbors)),
        "always-compare-med" => Ok((next, Said::AlwaysCompareMed)),
        "deterministic-med" => Ok((next, Said::DeterministicMed)),
        "enforce-first-as" => Ok((next, Said::EnforceFirstAs)),
        "fast-external-fallover" => Ok((next, Said::FastExternalFallover)),
        "suppress-inactive" => Ok((next, Said::SuppressInactive)),
        "redistribute-internal" => Ok((next, Said::RedistributeInternal)),
        "bestpath" => bestpath(next),
        "default" => {
            let (left, _) = word("local-preference")(next)?;
            number(left).map(|(left, value)| (left, Said::LocalPreference(value)))
        }
        "maxas-limit" => {
            number_in(1, 254)(next).map(|(left, length)| (left, Said::MaximumAsPath(length)))
        }
        "scan-time" => number_in(5, 60)(next).map(|(left, time)| (left, Said::ScanTime(time))),
        "aggregate-timer" => {
            number_in(0, 60)(next).map(|(left, time)| (left, Said::AggregateTimer(time)))
        }
        "dampening" => dampening(next),
        _ => input.expected("an option of BGP"),
    }
}

fn bestpath<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "compare-routerid" => Ok((next, Said::CompareRouterId)),
        "med" => word("missing-as-worst")(next).map(|(left, _)| (left, Said::MissingMedIsWorst)),
        "as-path" => word("ignore")(next).map(|(left, _)| (left, Said::IgnoresAsPath)),
        _ => input.expected("a step of path selection"),
    }
}

/// dampening-values ::= "route-map" NAME | RANGE_1_45 (RANGE_1_20000 RANGE_1_20000 RANGE_1_255)?
fn dampening<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if input.is_empty() {
        return Ok((input, Said::Dampening(Dampening::Default)));
    }
    if let Ok((left, _)) = word("route-map")(input) {
        let (left, policy) = name(left)?;
        return Ok((left, Said::Dampening(Dampening::Policy(policy))));
    }
    let (left, half) = number_in(1, 45)(input)?;
    if left.is_empty() {
        return Ok((left, Said::Dampening(Dampening::Values(half.value, None))));
    }
    let (left, reuse) = number_in(1, 20000)(left)?;
    let (left, suppress) = number_in(1, 20000)(left)?;
    let (left, most) = number_in(1, 255)(left)?;
    let more = Some((reuse.value, suppress.value, most.value));
    Ok((left, Said::Dampening(Dampening::Values(half.value, more))))
}

/// network ::= "network" network-prefix ("route-map" NAME)?
fn network<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("network")(input)?;
    let (left, prefix) = network_prefix(from)?;
    let at = between(input, left);
    let (left, policy) = match word("route-map")(left) {
        Ok((left, _)) => name(left).map(|(left, policy)| (left, Some(policy)))?,
        Err(_) => (left, None),
    };
    Ok((left, Said::Network(Network { at, prefix: prefix.value, policy, backdoor: false })))
}

/// network-prefix ::= ADDR4 ("mask" MASK4)? | PREFIX
fn network_prefix<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    let Ok((left, address)) = ipv4(input) else { return prefix(input) };
    let (left, length) = match word("mask")(left) {
        Ok((left, _)) => {
            let (rest, mask) = ipv4(left)?;
            let Some(length) = mask_length(mask.value) else {
                return left.expected("a network mask");
            };
            (rest, length)
        }
        Err(_) => (left, classful_length(address.value)),
    };
    match Prefix::new(IpAddr::V4(address.value), length) {
        Some(prefix) => Ok((left, Fact::new(prefix, between(input, left)))),
        None => input.expected("a prefix"),
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

/// aggregate-option ::= "summary-only" | "as-set" | ("attribute-map" | "suppress-map" | "advertise-map") NAME
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
        "attribute-map" => &mut aggregate.attribute_policy,
        "suppress-map" => &mut aggregate.suppress_policy,
        "advertise-map" => &mut aggregate.advertise_policy,
        _ => return input.expected("an option of an aggregate"),
    };
    let (left, policy) = name(next)?;
    *place = Some(policy);
    Ok((left, ()))
}

/// maximum-paths ::= "maximum-paths" "ibgp"? RANGE_1_8
fn maximum_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("maximum-paths")(input)?;
    let internal = is_word(from, 0, "ibgp");
    let (left, paths) = number_in(1, 8)(from.skip(usize::from(internal)))?;
    Ok((left, Said::MaximumPaths { internal, paths }))
}

/// Puts what a line says into the instance, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    instance: &mut BgpInstance<'t>,
    (at, family): (Span, AddressFamily),
    (said, negated): (Said<'t>, bool),
) {
    if !negated {
        record(draft, &said);
    }
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
            read.enter(draft, &mut instance.redistributions, (at, family), negated);
        }
        Said::DefaultInformation => instance.default_information = flag,
        Said::DefaultMetric(metric) => instance.default_metric = kept.then_some(metric),
        Said::MaximumPaths { internal: true, paths } => {
            instance.tuning.internal_paths = kept.then_some(paths);
        }
        Said::MaximumPaths { internal: false, paths } => {
            instance.maximum_paths = kept.then_some(paths);
        }
        Said::RouterId(id) => instance.router_id = kept.then_some(id),
        Said::LocalPreference(value) => instance.default_local_preference = kept.then_some(value),
        Said::LogsNeighbors => instance.logs_neighbor_changes = flag,
        Said::IgnoresAsPath => instance.ignores_as_path_length = flag,
        Said::Timers(keepalive, hold) => {
            draft.pending.timers = kept.then_some(Fact::new((keepalive, hold), at));
        }
        said => tune(instance, at, (said, kept)),
    }
}

/// Path selection, timers and the like.
fn tune<'t>(instance: &mut BgpInstance<'t>, at: Span, (said, kept): (Said<'t>, bool)) {
    let flag = Some(Fact::new(kept, at));
    let tuning = &mut instance.tuning;
    match said {
        Said::AlwaysCompareMed => tuning.best_path.always_compare_med = flag,
        Said::DeterministicMed => tuning.best_path.deterministic_med = flag,
        Said::MissingMedIsWorst => tuning.best_path.missing_med_is_worst = flag,
        Said::CompareRouterId => tuning.best_path.compares_router_id = flag,
        Said::EnforceFirstAs => tuning.enforces_first_as = flag,
        Said::FastExternalFallover => tuning.fast_external_fallover = flag,
        Said::SuppressInactive => tuning.suppresses_inactive = flag,
        Said::RedistributeInternal => tuning.redistributes_internal = flag,
        Said::MaximumAsPath(length) => tuning.maximum_as_path_length = kept.then_some(length),
        Said::ScanTime(time) => tuning.scan_time = kept.then_some(time),
        Said::AggregateTimer(time) => tuning.aggregate_timer = kept.then_some(time),
        Said::Distance(distance) => tuning.distance = kept.then_some(Fact::new(distance, at)),
        Said::Dampening(values) => tuning.dampening = kept.then_some(Fact::new(values, at)),
        Said::TablePolicy(policy) => tuning.table_policy = kept.then_some(policy),
        _ => {}
    }
}

/// Records the objects that a line names; those of `redistribute` are recorded as it is entered.
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
        Said::TablePolicy(name) | Said::Dampening(Dampening::Policy(name)) => {
            policy(Some(*name), Usage::Bgp);
        }
        _ => {}
    }
}
