//! Lines that decide which path wins and how sessions behave, not which routes are exchanged.

use std::net::Ipv4Addr;

use edgelint_model::{BgpInstance, Dampening, DelayCause, Distance, Fact, PathSelection};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use crate::ios::draft::Draft;
use crate::ios::lines::{lower, room};
use crate::phrases::{ipv4, is_word, name, number, number_in, word};

/// Where a switch stands in the model.
type Switch = for<'a, 't> fn(&'a mut BgpInstance<'t>) -> &'a mut Option<Fact<bool>>;
/// Where a number stands in the model.
type Count = for<'a, 't> fn(&'a mut BgpInstance<'t>) -> &'a mut Option<Fact<u32>>;

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tune<'t> {
    /// Something is on.
    Switch(Switch),
    /// `bgp bestpath med ...`.
    Med { confederation: bool, worst: bool },
    /// A number.
    Count(Count, Option<u32>),
    /// `bgp cluster-id`.
    ClusterId(Ipv4Addr),
    /// `bgp dampening`.
    Dampening(Dampening<'t>),
    /// `distance bgp`.
    Distance(Distance),
    /// `bgp additional-paths send receive`.
    Paths { send: bool, receive: bool },
    /// `bgp additional-paths select`.
    Select(PathSelection),
    /// `bgp nopeerup-delay`.
    Delay(DelayCause, u32),
    /// `table-map`.
    TablePolicy(Fact<&'t str>),
}

type Read<'w, 't> = Parsed<'w, 't, Tune<'t>>;

/// bgp-tuning ::= "bgp" (bgp-switch | best-path | bgp-timer | cluster-id | dampening | additional-paths
///              | session-delay) | distance | table-map | "advertise" "l2vpn" "evpn"
pub(super) fn bgp_tuning<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "distance" => distance(input),
        "table-map" => table_map(input),
        "advertise" => {
            let (left, _) = word("l2vpn")(next)?;
            let (left, _) = word("evpn")(left)?;
            Ok((left, Tune::Switch(|it| &mut it.tuning.advertises_evpn)))
        }
        "bgp" => bgp_switch(next)
            .or_else(|_| best_path(next))
            .or_else(|_| bgp_timer(next))
            .or_else(|_| cluster_id(next))
            .or_else(|_| dampening(next))
            .or_else(|_| additional_paths(next))
            .or_else(|_| session_delay(next)),
        _ => input.expected("a statement of BGP"),
    }
}

/// bgp-switch ::= "log-neighbor-changes" | "always-compare-med" | "deterministic-med" | "enforce-first-as"
///              | "fast-external-fallover" | "graceful-restart" | "redistribute-internal"
///              | "suppress-inactive" | "advertise-best-external" | "client-to-client" "reflection"
fn bgp_switch<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let switch: Switch = match lower(input.peek(0), &mut low) {
        "log-neighbor-changes" => |it| &mut it.logs_neighbor_changes,
        "always-compare-med" => |it| &mut it.tuning.best_path.always_compare_med,
        "deterministic-med" => |it| &mut it.tuning.best_path.deterministic_med,
        "enforce-first-as" => |it| &mut it.tuning.enforces_first_as,
        "fast-external-fallover" => |it| &mut it.tuning.fast_external_fallover,
        "graceful-restart" => |it| &mut it.tuning.graceful_restart,
        "redistribute-internal" => |it| &mut it.tuning.redistributes_internal,
        "suppress-inactive" => |it| &mut it.tuning.suppresses_inactive,
        "advertise-best-external" => |it| &mut it.tuning.additional_paths.best_external,
        "client-to-client" => {
            let (left, _) = word("reflection")(next)?;
            return Ok((left, Tune::Switch(|it| &mut it.tuning.client_to_client_reflection)));
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
            let more = word("confed")(next);
            let confederation = more.is_ok();
            let left = more.map_or(next, |(left, _)| left);
            Ok((left, Tune::Med { confederation, worst: true }))
        }
        "confed" => {
            let more = word("missing-as-worst")(next);
            let worst = more.is_ok();
            let left = more.map_or(next, |(left, _)| left);
            Ok((left, Tune::Med { confederation: true, worst }))
        }
        _ => input.expected("missing-as-worst or confed"),
    }
}

/// bgp-timer ::= ("scan-time" | "update-delay" | "aggregate-timer" | "maxas-limit") UINT16
fn bgp_timer<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, place) = count(input)?;
    let (left, value) = number_in(0, 65535)(left)?;
    Ok((left, Tune::Count(place, Some(value.value))))
}

/// A number taken back without saying which.
///
/// bgp-unset ::= "bgp" ("scan-time" | "update-delay" | "aggregate-timer" | "maxas-limit")
pub(super) fn bgp_unset<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("bgp")(input)?;
    let (left, place) = count(left)?;
    Ok((left, Tune::Count(place, None)))
}

fn count<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Count> {
    let mut low = room();
    let place: Count = match lower(input.peek(0), &mut low) {
        "scan-time" => |it| &mut it.tuning.scan_time,
        "update-delay" => |it| &mut it.tuning.update_delay,
        "aggregate-timer" => |it| &mut it.tuning.aggregate_timer,
        "maxas-limit" => |it| &mut it.tuning.maximum_as_path_length,
        _ => return input.expected("a number of BGP"),
    };
    Ok((input.skip(1), place))
}

/// cluster-id ::= "cluster-id" (ADDR4 | UINT32)
fn cluster_id<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("cluster-id")(input)?;
    if let Ok((left, id)) = ipv4(from) {
        return Ok((left, Tune::ClusterId(id.value)));
    }
    number(from).map(|(left, id)| (left, Tune::ClusterId(Ipv4Addr::from(id.value))))
}

/// dampening ::= "dampening" ("route-map" NAME | RANGE_1_45 (UINT16 UINT16 UINT8)?)?
fn dampening<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("dampening")(input)?;
    if is_word(from, 0, "route-map") {
        let (left, policy) = name(from.skip(1))?;
        return Ok((left, Tune::Dampening(Dampening::Policy(policy))));
    }
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

/// distance ::= "distance" ("bgp" | "mbgp") RANGE_1_255 RANGE_1_255 RANGE_1_255
fn distance<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("distance")(input)?;
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "bgp" | "mbgp" => {}
        _ => return from.expected("bgp"),
    }
    let value = number_in(1, 255);
    let (left, external) = value(from.skip(1))?;
    let (left, internal) = value(left)?;
    let (left, local) = value(left)?;
    let (external, internal, local) = (external.value, internal.value, local.value);
    Ok((left, Tune::Distance(Distance { external, internal, local })))
}

/// table-map ::= "table-map" NAME "filter"?
fn table_map<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("table-map")(input)?;
    let (left, policy) = name(left)?;
    let left = word("filter")(left).map_or(left, |(left, _)| left);
    Ok((left, Tune::TablePolicy(policy)))
}

/// additional-paths ::= "additional-paths" (paths-direction | "install" | "select" path-selection)
fn additional_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("additional-paths")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "install" => Ok((next, Tune::Switch(|it| &mut it.tuning.additional_paths.install))),
        "select" => path_selection(next).map(|(left, selection)| (left, Tune::Select(selection))),
        _ => paths_direction(from)
            .map(|(left, (send, receive))| (left, Tune::Paths { send, receive })),
    }
}

/// paths-direction ::= "send" "receive"? | "receive"
pub(super) fn paths_direction<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (bool, bool)> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "send" if is_word(next, 0, "receive") => Ok((next.skip(1), (true, true))),
        "send" => Ok((next, (true, false))),
        "receive" => Ok((next, (false, true))),
        _ => input.expected("send or receive"),
    }
}

/// path-selection ::= path-kind+
/// path-kind ::= "all" | "group-best" | "backup" | "best" RANGE_2_3
pub(super) fn path_selection<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, PathSelection> {
    let mut selection = PathSelection::default();
    let mut left = path_kind(input, &mut selection)?.0;
    while let Ok((further, ())) = path_kind(left, &mut selection) {
        left = further;
    }
    Ok((left, selection))
}

fn path_kind<'w, 't>(input: Words<'w, 't>, selection: &mut PathSelection) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "all" => selection.all = true,
        "group-best" => selection.group_best = true,
        "backup" => selection.backup = true,
        "best" => {
            let (left, count) = number_in(2, 3)(next)?;
            selection.best = Some(count.value);
            return Ok((left, ()));
        }
        _ => return input.expected("which paths"),
    }
    Ok((next, ()))
}

/// session-delay ::= "nopeerup-delay" ("cold-boot" | "post-boot" | "nsf-switchover" | "user-initiated") UINT16
fn session_delay<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("nopeerup-delay")(input)?;
    let mut low = room();
    let cause = match lower(from.peek(0), &mut low) {
        "cold-boot" => DelayCause::ColdBoot,
        "post-boot" => DelayCause::PostBoot,
        "nsf-switchover" => DelayCause::Switchover,
        "user-initiated" => DelayCause::UserInitiated,
        _ => return from.expected("what the delay follows"),
    };
    let (left, seconds) = number_in(0, 65535)(from.skip(1))?;
    Ok((left, Tune::Delay(cause, seconds.value)))
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
        Tune::Count(place, value) => {
            *place(instance) = value.filter(|_| kept).map(|value| Fact::new(value, at));
        }
        Tune::ClusterId(id) => instance.tuning.cluster_id = kept.then_some(Fact::new(id, at)),
        Tune::Dampening(values) => {
            if let Some(old) = instance.tuning.dampening.take() {
                draft.forget(old.at());
            }
            instance.tuning.dampening = kept.then_some(Fact::new(values, at));
        }
        Tune::Distance(distance) => {
            instance.tuning.distance = kept.then_some(Fact::new(distance, at));
        }
        Tune::Paths { send, receive } => {
            let paths = &mut instance.tuning.additional_paths;
            paths.send = flag.filter(|_| send).or(paths.send);
            paths.receive = flag.filter(|_| receive).or(paths.receive);
        }
        Tune::Select(selection) => {
            instance.tuning.additional_paths.select = kept.then_some(Fact::new(selection, at));
        }
        Tune::Delay(cause, seconds) => {
            instance.tuning.session_delays.retain(|it| it.value.0 != cause);
            instance.tuning.session_delays.extend(kept.then_some(Fact::new((cause, seconds), at)));
        }
        Tune::TablePolicy(policy) => {
            draft.replace(&mut instance.tuning.table_policy, kept.then_some(policy));
        }
    }
}
