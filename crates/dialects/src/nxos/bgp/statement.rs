//! Lines of the process and of its VRFs that are about no neighbor and no family.

use std::net::Ipv4Addr;

use edgelint_model::{BgpInstance, Fact};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::ast::{Router, Setting, Slot, Value};
use super::setting::timers;
use crate::nxos::lines::{InertRow, between, lower, room};
use crate::phrases::{asn, ipv4, is_word, number, number_in, word};

/// Where a switch stands in the model.
type Switch = for<'a, 't> fn(&'a mut BgpInstance<'t>) -> &'a mut Option<Fact<bool>>;

/// Lines that decide neither what is announced nor what is accepted.
///
/// inert-bgp ::= undo? inert-bgp-word REST? NL inert-block?
pub(super) const INERT: &[InertRow] = &[
    ("event-history", "monitoring"),
    ("flush-routes", "restart"),
    ("isolate", "maintenance"),
    ("graceful-shutdown", "maintenance"),
    ("graceful-restart-helper", "forwarding while the peer restarts"),
    ("graceful-restart restart-time", "forwarding while the peer restarts"),
    ("graceful-restart stalepath-time", "forwarding while the peer restarts"),
    ("neighbor-down", "how fast the forwarding table learns of it"),
    ("reconnect-interval", "timers"),
    ("suppress-fib-pending", "when, not what"),
    ("timers bestpath-limit", "timers"),
    ("timers prefix-peer-timeout", "timers"),
    ("timers prefix-peer-wait", "timers"),
    ("dynamic-med-interval", "when, not what"),
    ("allocate-index", "labels"),
    ("affinity-group", "overlays"),
    ("egress-engineering", "labels"),
    ("rd", "distinguishers of another family"),
    ("evpn", "the same routes in another family"),
    ("nsr", "stateful switchover"),
    ("bestpath cost-community", "tie breaks behind the length of the AS path"),
    ("bestpath igp-metric", "tie breaks behind the length of the AS path"),
    ("bestpath compare-neighborid", "tie breaks behind the length of the AS path"),
    ("bestpath origin-as", "validation of origins"),
    ("rpki", "validation of origins"),
    ("bmp", "monitoring"),
    ("bmp-server", "monitoring"),
];

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said<'t> {
    /// `router-id`.
    RouterId(Option<Fact<Ipv4Addr>>),
    /// `cluster-id`.
    ClusterId(Option<Ipv4Addr>),
    /// `confederation identifier`.
    Confederation(Fact<u32>),
    /// Something that all sessions of the VRF have.
    Default(Setting<'t>),
    /// Something is on, or off.
    Switch(Switch),
    /// MEDs are compared as they come, or path by path of one neighboring AS.
    NonDeterministicMed,
    /// `maxas-limit`.
    PathLength(Option<u32>),
    /// `shutdown`.
    Shutdown,
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_known(words: Words<'_, '_>) -> bool {
    ["router-id", "confederation", "bestpath", "timers", "neighbor", "graceful-restart"]
        .iter()
        .any(|head| is_word(words, 0, head))
}

/// process-statement ::= "router-id" ADDR4 | "cluster-id" (ADDR4 | UINT32) | "confederation" "identifier" ASN
///     | "local-as" ASN | "log-neighbor-changes" | "enforce-first-as" | "fast-external-fallover"
///     | "graceful-restart" | "maxas-limit" RANGE_1_512 | "timers" "bgp" RANGE_0_3600 RANGE_0_3600
///     | "shutdown" | best-path
pub(super) fn process_statement<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let switch = |switch: Switch| Ok((next, Said::Switch(switch)));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "router-id" => ipv4(next).map(|(left, id)| (left, Said::RouterId(Some(id)))),
        "cluster-id" => {
            let (left, id) = match ipv4(next) {
                Ok((left, id)) => (left, id.value),
                Err(_) => number(next).map(|(left, id)| (left, Ipv4Addr::from(id.value)))?,
            };
            Ok((left, Said::ClusterId(Some(id))))
        }
        "confederation" => {
            let (left, _) = word("identifier")(next)?;
            asn(left).map(|(left, number)| (left, Said::Confederation(number)))
        }
        "local-as" => {
            let (left, number) = asn(next)?;
            let value = Value::Number(number.value);
            let setting = Setting { slot: Slot::LocalAs, at: between(input, left), value };
            Ok((left, Said::Default(setting)))
        }
        "timers" => {
            let (left, _) = word("bgp")(next)?;
            let (left, (slot, value)) = timers(left)?;
            Ok((left, Said::Default(Setting { slot, at: between(input, left), value })))
        }
        "log-neighbor-changes" => switch(|it| &mut it.logs_neighbor_changes),
        "enforce-first-as" => switch(|it| &mut it.tuning.enforces_first_as),
        "fast-external-fallover" => switch(|it| &mut it.tuning.fast_external_fallover),
        "graceful-restart" => switch(|it| &mut it.tuning.graceful_restart),
        "maxas-limit" => {
            let (left, length) = number_in(1, 512)(next)?;
            Ok((left, Said::PathLength(Some(length.value))))
        }
        "shutdown" => Ok((next, Said::Shutdown)),
        "bestpath" => best_path(next),
        _ => input.expected("a statement of BGP"),
    }
}

/// best-path ::= "bestpath" ("as-path" ("multipath-relax" | "ignore") | "always-compare-med" | "compare-routerid"
///     | "med" ("confed" | "missing-as-worst" | "non-deterministic"))
fn best_path<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let (mut low, mut more) = (room(), room());
    let (length, switch): (usize, Switch) =
        match (lower(input.peek(0), &mut low), lower(next.peek(0), &mut more)) {
            ("as-path", "multipath-relax") => (2, |it| &mut it.tuning.best_path.relaxes_multipath),
            ("as-path", "ignore") => (2, |it| &mut it.ignores_as_path_length),
            ("med", "confed") => (2, |it| &mut it.tuning.best_path.compares_confederation_med),
            ("med", "missing-as-worst") => (2, |it| &mut it.tuning.best_path.missing_med_is_worst),
            ("med", "non-deterministic") => return Ok((input.skip(2), Said::NonDeterministicMed)),
            ("always-compare-med", _) => (1, |it| &mut it.tuning.best_path.always_compare_med),
            ("compare-routerid", _) => (1, |it| &mut it.tuning.best_path.compares_router_id),
            _ => return input.expected("a step of path selection"),
        };
    Ok((input.skip(length), Said::Switch(switch)))
}

/// The members of a confederation.
///
/// confederation-peers ::= "confederation" "peers" ASN+
pub(super) fn confederation_peers<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Vec<Fact<u32>>> {
    let (left, _) = word("confederation")(input)?;
    let (left, _) = word("peers")(left)?;
    let (mut left, first) = asn(left)?;
    let mut peers = vec![first];
    while let Ok((further, peer)) = asn(left) {
        peers.push(peer);
        left = further;
    }
    Ok((left, peers))
}

/// A value taken back without saying which.
///
/// process-unset ::= "router-id" | "cluster-id" | "maxas-limit"
pub(super) fn process_unset<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    let said = match lower(input.peek(0), &mut low) {
        "router-id" => Said::RouterId(None),
        "cluster-id" => Said::ClusterId(None),
        "maxas-limit" => Said::PathLength(None),
        _ => return input.expected("a statement of BGP"),
    };
    Ok((input.skip(1), said))
}

/// Puts what a line says into the process, or takes it back.
pub(super) fn apply<'t>(
    router: &mut Router<'t>,
    (vrf, index): (Option<&'t str>, usize),
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    let kept = !negated;
    match said {
        Said::Confederation(number) => router.confederation = kept.then_some(number),
        Said::Shutdown => router.shutdown = kept.then_some(at),
        Said::Default(setting) => {
            router.defaults.retain(|(of, it)| *of != vrf || it.slot != setting.slot);
            router.defaults.extend(kept.then_some((vrf, setting)));
        }
        said => {
            let Some(instance) = router.instances.get_mut(index) else { return };
            match said {
                Said::RouterId(id) => instance.router_id = id.filter(|_| kept),
                Said::ClusterId(id) => {
                    let id = id.filter(|_| kept).map(|id| Fact::new(id, at));
                    instance.tuning.cluster_id = id;
                }
                Said::PathLength(length) => {
                    let length = length.filter(|_| kept).map(|length| Fact::new(length, at));
                    instance.tuning.maximum_as_path_length = length;
                }
                Said::NonDeterministicMed => {
                    instance.tuning.best_path.deterministic_med = Some(Fact::new(negated, at));
                }
                Said::Switch(place) => *place(instance) = Some(Fact::new(kept, at)),
                _ => {}
            }
        }
    }
}
