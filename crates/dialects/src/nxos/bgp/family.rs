//! Lines of an address family of the process: what is put into BGP, and how paths are chosen.

use std::net::IpAddr;

use edgelint_model::{
    AddressFamily, Aggregate, BgpInstance, Dampening, Distance, Fact, Network, ObjectKind, Usage,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::nxos::draft::Draft;
use crate::nxos::lines::{InertRow, between, lower, room};
use crate::nxos::redistribution::{Redistribute, redistribute};
use crate::phrases::{
    ipv4, ipv4_mask_prefix, is_word, mask_length, name, number, number_in, prefix, word,
};

/// Lines that decide neither what is announced nor what is accepted.
///
/// inert-family ::= undo? inert-family-word REST? NL
pub(super) const INERT: &[InertRow] = &[
    ("wait-igp-convergence", "when, not what"),
    ("dampen-igp-metric", "when, not what"),
    ("nexthop trigger-delay", "when, not what"),
    ("nexthop suppress-default-resolution", "which next hops count as reachable"),
    ("retain route-target all", "routes of VPNs that no VRF here imports"),
    ("advertise-pip", "next hops of overlays"),
    ("advertise-system-mac", "next hops of overlays"),
    ("export-gateway-ip", "next hops of overlays"),
    ("allocate-label", "labels of the same prefixes"),
    ("label-allocation-mode", "labels of the same prefixes"),
    ("maximum-paths local", "load sharing"),
    ("maximum-paths mixed", "load sharing"),
    ("timers", "timers"),
    ("vni", "overlay segments"),
    ("origin-as", "validation of origins"),
    ("bestpath", "validation of origins"),
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
    DefaultMetric(Option<Fact<u32>>),
    /// `maximum-paths`.
    MaximumPaths { internal: bool, paths: Fact<u32> },
    /// `dampening`.
    Dampening(Dampening<'t>),
    /// `distance`.
    Distance(Distance),
    /// `table-map`.
    TablePolicy(Fact<&'t str>),
    /// A policy that chooses among paths or next hops: only its name is kept.
    Policy(Fact<&'t str>),
    /// `additional-paths`.
    Paths(Paths),
    /// `advertise l2vpn evpn`.
    AdvertiseEvpn,
    /// `suppress-inactive`.
    SuppressInactive,
    /// `client-to-client reflection`.
    Reflection,
}

/// What may be done with more than one path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Paths {
    Send,
    Receive,
    Install,
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_known(words: Words<'_, '_>) -> bool {
    const HEADS: [&str; 8] = [
        "network",
        "aggregate-address",
        "redistribute",
        "maximum-paths",
        "dampening",
        "distance",
        "additional-paths",
        "default-information",
    ];
    HEADS.iter().any(|head| is_word(words, 0, head))
}

/// family-statement ::= network | aggregate-address | redistribute | "default-information" "originate"
///     | "default-metric" UINT32 | maximum-paths | dampening | distance | "table-map" NAME "filter"?
///     | "nexthop" "route-map" NAME | "retain" "route-target" "route-map" NAME | additional-paths
///     | "advertise" "l2vpn" "evpn" | "suppress-inactive" | "client-to-client" "reflection"
pub(super) fn family_statement<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "network" => network(input),
        "aggregate-address" => aggregate_address(input),
        "redistribute" => redistribute(input).map(|(left, read)| (left, Said::Redistribute(read))),
        "default-information" => {
            word("originate")(next).map(|(left, _)| (left, Said::DefaultInformation))
        }
        "default-metric" => {
            number(next).map(|(left, metric)| (left, Said::DefaultMetric(Some(metric))))
        }
        "maximum-paths" => maximum_paths(next),
        "dampening" => dampening(next),
        "distance" => distance(next),
        "table-map" => {
            let (left, policy) = name(next)?;
            let left = left.skip(usize::from(is_word(left, 0, "filter")));
            Ok((left, Said::TablePolicy(policy)))
        }
        "nexthop" => by_policy(next),
        "retain" => by_policy(word("route-target")(next)?.0),
        "additional-paths" => additional_paths(next),
        "advertise" => {
            let (left, _) = word("l2vpn")(next)?;
            word("evpn")(left).map(|(left, _)| (left, Said::AdvertiseEvpn))
        }
        "suppress-inactive" => Ok((next, Said::SuppressInactive)),
        "client-to-client" => word("reflection")(next).map(|(left, _)| (left, Said::Reflection)),
        _ => input.expected("a statement of an address family"),
    }
}

fn by_policy<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("route-map")(input)?;
    name(left).map(|(left, policy)| (left, Said::Policy(policy)))
}

/// network ::= "network" (PREFIX | ADDR4 "mask" MASK4) ("route-map" NAME)?
fn network<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("network")(input)?;
    let (left, prefix) = match ipv4(from) {
        Ok((left, address)) => {
            let (from, _) = word("mask")(left)?;
            let (left, mask) = ipv4(from)?;
            let length = mask_length(mask.value);
            match length.and_then(|length| Prefix::new(IpAddr::V4(address.value), length)) {
                Some(prefix) => (left, prefix),
                None => return from.expected("a network mask"),
            }
        }
        Err(_) => prefix(from).map(|(left, prefix)| (left, prefix.value))?,
    };
    let (left, policy) = if is_word(left, 0, "route-map") {
        let (left, policy) = name(left.skip(1))?;
        (left, Some(policy))
    } else {
        (left, None)
    };
    let at = between(input, left);
    Ok((left, Said::Network(Network { at, prefix, policy, backdoor: false })))
}

/// aggregate-address ::= "aggregate-address" (PREFIX | ADDR4 MASK4) aggregate-option*
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

/// maximum-paths ::= "maximum-paths" ("ibgp" | "eibgp")? RANGE_1_255
fn maximum_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    let (from, internal) = match lower(input.peek(0), &mut low) {
        "ibgp" => (input.skip(1), true),
        "eibgp" => (input.skip(1), false),
        _ => (input, false),
    };
    let (left, paths) = number_in(1, 255)(from)?;
    Ok((left, Said::MaximumPaths { internal, paths }))
}

/// dampening ::= "dampening" ("route-map" NAME | RANGE_1_45 (UINT16 UINT16 UINT8)?)?
fn dampening<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if is_word(input, 0, "route-map") {
        let (left, policy) = name(input.skip(1))?;
        return Ok((left, Said::Dampening(Dampening::Policy(policy))));
    }
    let Ok((left, half_life)) = number_in(1, 45)(input) else {
        return Ok((input, Said::Dampening(Dampening::Default)));
    };
    if left.is_empty() {
        return Ok((left, Said::Dampening(Dampening::Values(half_life.value, None))));
    }
    let penalty = number_in(0, 65535);
    let (left, reuse) = penalty(left)?;
    let (left, suppress) = penalty(left)?;
    let (left, most) = number_in(0, 255)(left)?;
    let values = Some((reuse.value, suppress.value, most.value));
    Ok((left, Said::Dampening(Dampening::Values(half_life.value, values))))
}

/// distance ::= "distance" RANGE_1_255 RANGE_1_255 RANGE_1_255
fn distance<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let value = number_in(1, 255);
    let (left, external) = value(input)?;
    let (left, internal) = value(left)?;
    let (left, local) = value(left)?;
    let (external, internal, local) = (external.value, internal.value, local.value);
    Ok((left, Said::Distance(Distance { external, internal, local })))
}

/// additional-paths ::= "additional-paths" ("send" | "receive" | "install" "backup" | "selection" "route-map" NAME)
fn additional_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "send" => Ok((next, Said::Paths(Paths::Send))),
        "receive" => Ok((next, Said::Paths(Paths::Receive))),
        "install" => word("backup")(next).map(|(left, _)| (left, Said::Paths(Paths::Install))),
        "selection" => by_policy(next),
        _ => input.expected("send, receive, install or selection"),
    }
}

/// What `no` takes back by its keyword alone.
///
/// family-unset ::= "default-metric"
pub(super) fn family_unset<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("default-metric")(input)?;
    Ok((left, Said::DefaultMetric(None)))
}

/// Puts what a line says into the family's routes, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    instance: &mut BgpInstance<'t>,
    (at, family): (Span, AddressFamily),
    (said, negated): (Said<'t>, bool),
) {
    let kept = !negated;
    let flag = Some(Fact::new(kept, at));
    if kept {
        record(draft, &said);
    }
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
        Said::DefaultMetric(metric) => instance.default_metric = metric.filter(|_| kept),
        Said::MaximumPaths { internal: true, paths } => {
            instance.tuning.internal_paths = kept.then_some(paths);
        }
        Said::MaximumPaths { internal: false, paths } => {
            instance.maximum_paths = kept.then_some(paths);
        }
        Said::Dampening(values) => {
            if let Some(old) = instance.tuning.dampening.take() {
                draft.forget(old.at());
            }
            instance.tuning.dampening = kept.then_some(Fact::new(values, at));
        }
        Said::Distance(distance) => {
            instance.tuning.distance = kept.then_some(Fact::new(distance, at));
        }
        Said::TablePolicy(policy) => {
            draft.replace(&mut instance.tuning.table_policy, kept.then_some(policy));
        }
        Said::Policy(policy) if negated => {
            draft.forget_name(ObjectKind::Policy, policy.value, instance.at.start);
        }
        Said::Policy(_) => {}
        Said::Paths(paths) => {
            let places = &mut instance.tuning.additional_paths;
            match paths {
                Paths::Send => places.send = flag,
                Paths::Receive => places.receive = flag,
                Paths::Install => places.install = flag,
            }
        }
        Said::AdvertiseEvpn => instance.tuning.advertises_evpn = flag,
        Said::SuppressInactive => instance.tuning.suppresses_inactive = flag,
        Said::Reflection => instance.tuning.client_to_client_reflection = flag,
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
        Said::TablePolicy(name) | Said::Policy(name) | Said::Dampening(Dampening::Policy(name)) => {
            policy(Some(*name), Usage::Bgp);
        }
        _ => {}
    }
}
