//! Lines that decide which path wins and how sessions behave, not which routes are exchanged.

use std::net::Ipv4Addr;

use edgelint_model::{BgpInstance, Dampening, Distance, Fact};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::frr::draft::Draft;
use crate::frr::lines::{lower, room};
use crate::phrases::{ipv4, is_word, name, number, number_in, word};

/// Where a switch stands in the model.
type Switch = for<'a, 't> fn(&'a mut BgpInstance<'t>) -> &'a mut Option<Fact<bool>>;

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tune<'t> {
    /// Something is on.
    Switch(Switch),
    /// `bgp bestpath med ...`.
    Med { confederation: bool, worst: bool },
    /// `bgp cluster-id`.
    ClusterId(Ipv4Addr),
    /// `bgp dampening`.
    Dampening(Dampening<'t>),
    /// `distance bgp`.
    Distance(Distance),
    /// `table-map`.
    TablePolicy(Fact<&'t str>),
}

type Read<'w, 't> = Parsed<'w, 't, Tune<'t>>;

/// bgp-tuning ::= "bgp" (bgp-switch | best-path | cluster-id | dampening) | distance | "table-map" NAME
pub(super) fn bgp_tuning<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "distance" => distance(input),
        "table-map" => name(next).map(|(left, policy)| (left, Tune::TablePolicy(policy))),
        "bgp" => bgp_switch(next)
            .or_else(|_| best_path(next))
            .or_else(|_| cluster_id(next))
            .or_else(|_| dampening(next)),
        _ => input.expected("a statement of BGP"),
    }
}

/// bgp-switch ::= "log-neighbor-changes" | "always-compare-med" | "deterministic-med" | "enforce-first-as"
///     | "fast-external-failover" | "suppress-fib-pending" | "graceful-restart" | "client-to-client" "reflection"
///     | "route-reflector" "allow-outbound-policy"
fn bgp_switch<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let switch: Switch = match lower(input.peek(0), &mut low) {
        "log-neighbor-changes" => |it| &mut it.logs_neighbor_changes,
        "always-compare-med" => |it| &mut it.tuning.best_path.always_compare_med,
        "deterministic-med" => |it| &mut it.tuning.best_path.deterministic_med,
        "enforce-first-as" => |it| &mut it.tuning.enforces_first_as,
        "fast-external-failover" => |it| &mut it.tuning.fast_external_fallover,
        "suppress-fib-pending" => |it| &mut it.tuning.suppresses_inactive,
        "graceful-restart" => |it| &mut it.tuning.graceful_restart,
        "client-to-client" => {
            let (left, _) = word("reflection")(next)?;
            return Ok((left, Tune::Switch(|it| &mut it.tuning.client_to_client_reflection)));
        }
        "route-reflector" => {
            let (left, _) = word("allow-outbound-policy")(next)?;
            return Ok((left, Tune::Switch(|it| &mut it.tuning.reflects_with_policy)));
        }
        _ => return input.expected("a switch of BGP"),
    };
    Ok((next, Tune::Switch(switch)))
}

/// best-path ::= "bestpath" ("compare-routerid" | "as-path" "multipath-relax" | "med" best-path-med)
fn best_path<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("bestpath")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "compare-routerid" => {
            Ok((next, Tune::Switch(|it| &mut it.tuning.best_path.compares_router_id)))
        }
        "as-path" => {
            let (left, _) = word("multipath-relax")(next)?;
            Ok((left, Tune::Switch(|it| &mut it.tuning.best_path.relaxes_multipath)))
        }
        "med" => best_path_med(next),
        _ => from.expected("a step of path selection"),
    }
}

/// best-path-med ::= "missing-as-worst" "confed"? | "confed" "missing-as-worst"?
fn best_path_med<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "missing-as-worst" => {
            let more = is_word(next, 0, "confed");
            Ok((next.skip(usize::from(more)), Tune::Med { confederation: more, worst: true }))
        }
        "confed" => {
            let more = is_word(next, 0, "missing-as-worst");
            Ok((next.skip(usize::from(more)), Tune::Med { confederation: true, worst: more }))
        }
        _ => input.expected("missing-as-worst or confed"),
    }
}

/// cluster-id ::= "cluster-id" (ADDR4 | UINT32)
fn cluster_id<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("cluster-id")(input)?;
    if let Ok((left, id)) = ipv4(from) {
        return Ok((left, Tune::ClusterId(id.value)));
    }
    number(from).map(|(left, id)| (left, Tune::ClusterId(Ipv4Addr::from(id.value))))
}

/// dampening ::= "dampening" (RANGE_1_45 (UINT16 UINT16 UINT8)?)?
fn dampening<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("dampening")(input)?;
    let Ok((left, half_life)) = number_in(1, 45)(from) else {
        return Ok((from, Tune::Dampening(Dampening::Default)));
    };
    if left.is_empty() {
        return Ok((left, Tune::Dampening(Dampening::Values(half_life.value, None))));
    }
    let penalty = number_in(0, 65535);
    let (left, reuse) = penalty(left)?;
    let (left, suppress) = penalty(left)?;
    let (left, most) = number_in(0, 255)(left)?;
    let values = Some((reuse.value, suppress.value, most.value));
    Ok((left, Tune::Dampening(Dampening::Values(half_life.value, values))))
}

/// distance ::= "distance" "bgp" RANGE_1_255 RANGE_1_255 RANGE_1_255
fn distance<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("distance")(input)?;
    let (from, _) = word("bgp")(from)?;
    let value = number_in(1, 255);
    let (left, external) = value(from)?;
    let (left, internal) = value(left)?;
    let (left, local) = value(left)?;
    let (external, internal, local) = (external.value, internal.value, local.value);
    Ok((left, Tune::Distance(Distance { external, internal, local })))
}

/// Puts what a line says into the settings, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    instance: &mut BgpInstance<'t>,
    at: Span,
    (tune, negated): (Tune<'t>, bool),
) {
    let kept = !negated;
    let flag = Some(Fact::new(kept, at));
    match tune {
        Tune::Switch(place) => *place(instance) = flag,
        Tune::Med { confederation, worst } => {
            let best_path = &mut instance.tuning.best_path;
            best_path.compares_confederation_med =
                flag.filter(|_| confederation).or(best_path.compares_confederation_med);
            best_path.missing_med_is_worst =
                flag.filter(|_| worst).or(best_path.missing_med_is_worst);
        }
        Tune::ClusterId(id) => instance.tuning.cluster_id = kept.then_some(Fact::new(id, at)),
        Tune::Dampening(values) => {
            instance.tuning.dampening = kept.then_some(Fact::new(values, at));
        }
        Tune::Distance(distance) => {
            instance.tuning.distance = kept.then_some(Fact::new(distance, at));
        }
        Tune::TablePolicy(policy) => {
            draft.replace(&mut instance.tuning.table_policy, kept.then_some(policy));
        }
    }
}
