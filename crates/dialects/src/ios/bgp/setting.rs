//! What is said about a neighbor, a group or in a template: the words behind `neighbor NAME`.

use edgelint_model::{
    Direction, Fact, LocalAsMode, MaximumPrefix, OutboundFiltering, PrivateAs, RemoteAs,
};
use edgelint_syntax::{Parsed, Words};

use super::ast::{Setting, Slot, Value};
use super::tuning::{path_selection, paths_direction};
use crate::ios::lines::{InertRow, between, long_name, lower, room};
use crate::phrases::{asn, is_word, name, number, number_in, rest, word};

type Read<'w, 't> = Parsed<'w, 't, (Slot, Value<'t>)>;

/// Lines about neighbors that change neither what is exchanged nor with whom.
///
/// inert-setting ::= inert-setting-word REST?
pub(super) const INERT: &[InertRow] = &[
    ("disable-connected-check", "lets a session come up; the session is modelled either way"),
    ("log-neighbor-changes", "logging"),
    ("version", "protocol version, always 4"),
    ("transport", "how TCP is opened"),
    ("path-attribute", "discards attributes that no policy here reads"),
    ("ha-mode", "stateful switchover"),
    ("slow-peer", "grouping of updates"),
    ("route-server-client context", "views of a route server"),
    ("capability", "offers filters to the peer; the filters themselves are lines of their own"),
    ("additional-paths disable", "more paths of the same prefixes"),
    ("advertise", "which of several paths of a prefix"),
    ("aigp", "interior metric"),
    ("cluster-id", "reflection inside the AS"),
    ("dmzlink-bw", "load sharing"),
    ("dont-capability-negotiate", "how the session opens"),
    ("translate-update", "multicast of old"),
    ("local-v6-addr", "next hop of IPv6 routes over an IPv4 session"),
    ("soo", "site of origin, inside a VPN"),
    ("internal-vpn-client", "transit of attributes through a VPN"),
    ("accept-route-legacy-rpki", "validation of origins"),
    ("announce", "validation of origins"),
    ("send-label", "labels of the same prefixes"),
    ("encap", "encapsulation of the same prefixes"),
    ("next-hop-unchanged", "next hop between route reflectors of VPNs"),
    ("inter-as-hybrid", "VPNs between providers"),
    ("suppress-signaling-protocol", "VPLS"),
    ("prefix-length-size", "VPLS"),
    ("maximum-paths", "load sharing"),
    ("dampening", "when flapping routes come back"),
    ("graceful-restart", "forwarding while the peer restarts"),
    ("capability-negotiate", "how the session opens"),
];

/// setting ::= session-setting | membership | filter | family-setting | route-setting | path-setting
pub(super) fn setting<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Setting<'t>> {
    let (left, (slot, value)) = match session_setting(input) {
        Ok(read) => read,
        Err(_) => membership(input)
            .or_else(|_| filter(input))
            .or_else(|_| family_setting(input))
            .or_else(|_| route_setting(input))
            .or_else(|_| path_setting(input))?,
    };
    Ok((left, Setting { slot, at: between(input, left), value }))
}

/// session-setting ::= "remote-as" remote-as | "local-as" ASN local-as-option* | "description" REST
///                   | "shutdown" | "update-source" NAME+ | "ebgp-multihop" RANGE_1_255?
///                   | "ttl-security" "hops" RANGE_1_254 | "timers" UINT16 UINT16 UINT16?
///                   | "password" REST | fall-over | "bfd" bfd-hops?
fn session_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "remote-as" => {
            let (left, remote) = remote_as(next)?;
            Ok((left, (Slot::RemoteAs, Value::RemoteAs(remote))))
        }
        "local-as" => {
            let (mut left, number) = asn(next)?;
            let mut mode = LocalAsMode::default();
            while let Ok((further, ())) = local_as_option(left, &mut mode) {
                left = further;
            }
            Ok((left, (Slot::LocalAs, Value::LocalAs(number.value, mode))))
        }
        "description" => named(Slot::Description, rest(next)),
        "shutdown" => Ok((next, (Slot::Shutdown, Value::Flag))),
        "update-source" => named(Slot::UpdateSource, rest(next)),
        "ebgp-multihop" => {
            let (left, hops) = maybe_number(next, 1, 255);
            Ok((left, (Slot::EbgpMultihop, Value::Number(hops.unwrap_or(255)))))
        }
        "ttl-security" => {
            let (left, _) = word("hops")(next)?;
            let (left, hops) = number_in(1, 254)(left)?;
            Ok((left, (Slot::TtlSecurity, Value::Number(hops.value))))
        }
        "timers" => timers(next),
        "password" => named(Slot::Password, rest(next)),
        "fall-over" => fall_over(input),
        "bfd" => Ok((bfd_hops(next), (Slot::Bfd, Value::Flag))),
        _ => input.expected("a setting of a session"),
    }
}

/// remote-as ::= ASN alternate-as? | "external" | "internal"
pub(super) fn remote_as<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, RemoteAs> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "external" => return Ok((input.skip(1), RemoteAs::External)),
        "internal" => return Ok((input.skip(1), RemoteAs::Internal)),
        _ => {}
    }
    let (left, first) = asn(input)?;
    match alternate_as(left) {
        // Several numbers are expected: only what all of them have in common is certain.
        Ok((further, ())) => Ok((further, RemoteAs::External)),
        Err(_) => Ok((left, RemoteAs::Number(first.value))),
    }
}

/// alternate-as ::= "alternate-as" ASN+
fn alternate_as<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let (left, _) = word("alternate-as")(input)?;
    let mut left = asn(left)?.0;
    while let Ok((further, _)) = asn(left) {
        left = further;
    }
    Ok((left, ()))
}

/// local-as-option ::= "no-prepend" | "replace-as" | "dual-as"
fn local_as_option<'w, 't>(input: Words<'w, 't>, mode: &mut LocalAsMode) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "no-prepend" => mode.not_prepended = true,
        "replace-as" => mode.replaces = true,
        "dual-as" => {}
        _ => return input.expected("an option of local-as"),
    }
    Ok((input.skip(1), ()))
}

/// Keepalive and hold time, and the least hold time that is accepted.
pub(super) fn timers<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, keepalive) = number_in(0, 65535)(input)?;
    let (left, hold) = number_in(0, 65535)(left)?;
    let (left, _) = maybe_number(left, 0, 65535);
    Ok((left, (Slot::Timers, Value::Timers(keepalive.value, hold.value))))
}

/// fall-over ::= "fall-over" ("bfd" bfd-hops? | "route-map" NAME)?
fn fall_over<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("fall-over")(input)?;
    if is_word(left, 0, "bfd") {
        return Ok((bfd_hops(left.skip(1)), (Slot::Bfd, Value::Flag)));
    }
    let (left, policy) = optional_policy(left)?;
    Ok((left, (Slot::FallOver, Value::Policy(policy))))
}

/// bfd-hops ::= "single-hop" | "multi-hop"
fn bfd_hops<'w, 't>(input: Words<'w, 't>) -> Words<'w, 't> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "single-hop" | "multi-hop" => input.skip(1),
        _ => input,
    }
}

/// membership ::= "peer-group" NAME | "inherit" ("peer-session" NAME | "peer-policy" NAME UINT16?)
fn membership<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if is_word(input, 0, "peer-group") {
        return named(Slot::PeerGroup, name(input.skip(1)));
    }
    let (left, _) = word("inherit")(input)?;
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "peer-session" => {
            let (left, template) = name(left.skip(1))?;
            Ok((left, (Slot::InheritSession, Value::Inherit(template, 0))))
        }
        "peer-policy" => {
            let (left, template) = name(left.skip(1))?;
            let (left, sequence) = maybe_number(left, 0, 65535);
            Ok((left, (Slot::InheritPolicy, Value::Inherit(template, sequence.unwrap_or(0)))))
        }
        _ => left.expected("peer-session or peer-policy"),
    }
}

/// filter ::= "route-map" NAME+ direction | ("prefix-list" | "distribute-list" | "filter-list") NAME direction
fn filter<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let (slot, name): (fn(Direction) -> Slot, _) = match lower(input.peek(0), &mut low) {
        // Only the last word is the direction: a name may be `IN`, and some hold blanks.
        "route-map" => (Slot::RouteMap, long_name(next, next.len().saturating_sub(1))),
        "prefix-list" => (Slot::PrefixList, name(next)),
        "distribute-list" => (Slot::DistributeList, name(next)),
        "filter-list" => (Slot::FilterList, name(next)),
        _ => return input.expected("a filter"),
    };
    let (left, name) = name?;
    let (left, direction) = direction(left)?;
    Ok((left, (slot(direction), Value::Name(name))))
}

/// direction ::= "in" | "out"
fn direction<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Direction> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "in" => Ok((input.skip(1), Direction::In)),
        "out" => Ok((input.skip(1), Direction::Out)),
        _ => input.expected("in or out"),
    }
}

/// family-setting ::= "activate" | "next-hop-self" "all"? | "route-reflector-client"
///                  | "remove-private-as" "all"? "replace-as"? | "allowas-in" RANGE_1_10?
///                  | "as-override" "split-horizon"? | "soft-reconfiguration" "inbound"
///                  | "weight" UINT16 | "send-community" community-kind?
fn family_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let flag = |left, slot| Ok((left, (slot, Value::Flag)));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "activate" => flag(next, Slot::Activate),
        "next-hop-self" => flag(maybe_word(next, word("all")), Slot::NextHopSelf),
        "route-reflector-client" => flag(next, Slot::RouteReflectorClient),
        "remove-private-as" => {
            let behind = maybe_word(next, word("all"));
            let left = maybe_word(behind, word("replace-as"));
            let (all, replaced) = (behind.len() < next.len(), left.len() < behind.len());
            Ok((left, (Slot::RemovePrivateAs, Value::PrivateAs(PrivateAs { all, replaced }))))
        }
        "allowas-in" => {
            let (left, times) = maybe_number(next, 1, 10);
            Ok((left, (Slot::AllowasIn, Value::Number(times.unwrap_or(3)))))
        }
        "as-override" => flag(maybe_word(next, word("split-horizon")), Slot::AsOverride),
        "soft-reconfiguration" => flag(word("inbound")(next)?.0, Slot::SoftReconfiguration),
        "weight" => {
            let (left, weight) = number_in(0, 65535)(next)?;
            Ok((left, (Slot::Weight, Value::Number(weight.value))))
        }
        "send-community" => {
            let (left, (standard, extended)) = community_kind(next);
            flag(left, Slot::SendCommunity { standard, extended })
        }
        _ => input.expected("a setting of an address family"),
    }
}

/// community-kind ::= "both" | "standard" | "extended"
fn community_kind<'w, 't>(input: Words<'w, 't>) -> (Words<'w, 't>, (bool, bool)) {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "both" => (input.skip(1), (true, true)),
        "standard" => (input.skip(1), (true, false)),
        "extended" => (input.skip(1), (false, true)),
        _ => (input, (true, false)),
    }
}

/// route-setting ::= "maximum-prefix" UINT32 RANGE_1_100? maximum-prefix-action?
///                 | "default-originate" ("route-map" NAME)? | "unsuppress-map" NAME
///                 | "advertise-map" NAME ("exist-map" | "non-exist-map") NAME
fn route_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "maximum-prefix" => {
            let (left, limit) = number(next)?;
            let (left, _) = maybe_number(left, 1, 100);
            let (left, warning_only) = maximum_prefix_action(left)?;
            let limit = MaximumPrefix { limit: limit.value, warning_only };
            Ok((left, (Slot::MaximumPrefix, Value::MaximumPrefix(limit))))
        }
        "default-originate" => {
            let (left, policy) = optional_policy(next)?;
            Ok((left, (Slot::DefaultOriginate, Value::Policy(policy))))
        }
        "unsuppress-map" => named(Slot::UnsuppressMap, name(next)),
        "advertise-map" => {
            let (left, selects) = name(next)?;
            let mut low = room();
            match lower(left.peek(0), &mut low) {
                "exist-map" | "non-exist-map" => {}
                _ => return left.expected("exist-map or non-exist-map"),
            }
            let (left, condition) = name(left.skip(1))?;
            Ok((left, (Slot::AdvertiseMap, Value::Conditional(selects, condition))))
        }
        _ => input.expected("a setting of an address family"),
    }
}

/// path-setting ::= "advertisement-interval" RANGE_0_600 | "additional-paths" paths-direction
///                | "advertise" ("additional-paths" path-selection | "best-external")
///                | "capability" "orf" "prefix-list" ("send" | "receive" | "both") | "route-server-client"
fn path_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "advertisement-interval" => {
            let (left, seconds) = number_in(0, 600)(next)?;
            Ok((left, (Slot::AdvertisementInterval, Value::Number(seconds.value))))
        }
        "additional-paths" => {
            let (left, (send, receive)) = paths_direction(next)?;
            Ok((left, (Slot::AdditionalPaths, Value::Paths(send, receive))))
        }
        "advertise" if is_word(next, 0, "best-external") => {
            Ok((next.skip(1), (Slot::AdvertiseBestExternal, Value::Flag)))
        }
        "advertise" => {
            let (left, _) = word("additional-paths")(next)?;
            let (left, selection) = path_selection(left)?;
            Ok((left, (Slot::AdvertisePaths, Value::Selection(selection))))
        }
        "capability" => {
            let (left, _) = word("orf")(next)?;
            let (left, _) = word("prefix-list")(left)?;
            let mut way = room();
            let (send, receive) = match lower(left.peek(0), &mut way) {
                "send" => (true, false),
                "receive" => (false, true),
                "both" => (true, true),
                _ => return left.expected("send, receive or both"),
            };
            let filtering = Value::Filtering(OutboundFiltering { send, receive });
            Ok((left.skip(1), (Slot::OutboundFiltering, filtering)))
        }
        "route-server-client" => Ok((next, (Slot::RouteServerClient, Value::Flag))),
        _ => input.expected("a setting of an address family"),
    }
}

/// maximum-prefix-action ::= "warning-only" | "restart" UINT16 | "discard-extra"
fn maximum_prefix_action<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "warning-only" => Ok((input.skip(1), true)),
        "discard-extra" => Ok((input.skip(1), false)),
        "restart" => number_in(0, 65535)(input.skip(1)).map(|(left, _)| (left, false)),
        _ => Ok((input, false)),
    }
}

/// unset ::= "remote-as" | "local-as" | "description" | "update-source" | "ttl-security" | "timers"
///         | "password" | "weight" | "maximum-prefix" | "unsuppress-map" | "advertise-map"
///         | "advertisement-interval"
pub(super) fn unset<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Slot> {
    let mut low = room();
    let slot = match lower(input.peek(0), &mut low) {
        "remote-as" => Slot::RemoteAs,
        "local-as" => Slot::LocalAs,
        "description" => Slot::Description,
        "update-source" => Slot::UpdateSource,
        "ttl-security" => Slot::TtlSecurity,
        "timers" => Slot::Timers,
        "password" => Slot::Password,
        "weight" => Slot::Weight,
        "maximum-prefix" => Slot::MaximumPrefix,
        "unsuppress-map" => Slot::UnsuppressMap,
        "advertise-map" => Slot::AdvertiseMap,
        "advertisement-interval" => Slot::AdvertisementInterval,
        _ => return input.expected("a setting"),
    };
    Ok((input.skip(1), slot))
}

fn named<'w, 't>(slot: Slot, parsed: Parsed<'w, 't, Fact<&'t str>>) -> Read<'w, 't> {
    parsed.map(|(left, name)| (left, (slot, Value::Name(name))))
}

fn optional_policy<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Option<Fact<&'t str>>> {
    if is_word(input, 0, "route-map") {
        return name(input.skip(1)).map(|(left, policy)| (left, Some(policy)));
    }
    Ok((input, None))
}

fn maybe_number<'w, 't>(
    input: Words<'w, 't>,
    least: u32,
    most: u32,
) -> (Words<'w, 't>, Option<u32>) {
    match number_in(least, most)(input) {
        Ok((left, value)) => (left, Some(value.value)),
        Err(_) => (input, None),
    }
}

fn maybe_word<'w, 't, T>(
    input: Words<'w, 't>,
    parser: impl Fn(Words<'w, 't>) -> Parsed<'w, 't, T>,
) -> Words<'w, 't> {
    parser(input).map_or(input, |(left, _)| left)
}
