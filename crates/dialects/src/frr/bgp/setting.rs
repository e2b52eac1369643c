//! What is said about a neighbor or a group: the words behind `neighbor NAME`.

use edgelint_model::{
    Direction, Fact, LocalAsMode, MaximumPrefix, OutboundFiltering, PathSelection, PrivateAs,
    RemoteAs,
};
use edgelint_syntax::{Parsed, Words};

use super::ast::{Setting, Slot, Value};
use crate::frr::lines::{InertRow, between, lower, room};
use crate::phrases::{asn, is_word, name, number, number_in, rest, word};

type Read<'w, 't> = Parsed<'w, 't, (Slot, Value<'t>)>;

/// Lines about neighbors that change neither what is exchanged nor with whom.
///
/// inert-setting ::= inert-setting-word REST?
pub(super) const INERT: &[InertRow] = &[
    ("accept-own", "VPN routes that come back"),
    ("addpath-rx-paths-limit", "how many paths of the same prefixes"),
    ("aigp", "interior metric"),
    ("attribute-unchanged", "attributes that are passed on as they are"),
    ("capability", "how the session opens"),
    ("dampening", "when flapping routes come back"),
    ("disable-connected-check", "lets a session come up; the session is modelled either way"),
    ("disable-link-bw-encoding-ieee", "load sharing"),
    ("dont-capability-negotiate", "how the session opens"),
    ("encapsulation-mpls", "labels"),
    ("encapsulation-srv6", "labels"),
    ("enforce-first-as", "checks of paths"),
    ("enforce-multihop", "how far the neighbor may be"),
    ("extended-link-bandwidth", "load sharing"),
    ("extended-optional-parameters", "how the session opens"),
    ("graceful-restart", "forwarding while the peer restarts"),
    ("graceful-restart-disable", "forwarding while the peer restarts"),
    ("graceful-restart-helper", "forwarding while the peer restarts"),
    ("graceful-shutdown", "maintenance"),
    ("ip-transparent", "how TCP is opened"),
    ("local-link-id", "link state"),
    ("local-role", "checks of leaks (RFC 9234)"),
    ("maximum-prefix-out", "a limit on what is sent"),
    ("nexthop-local", "next hop"),
    ("oad", "domains of one administration"),
    ("override-capability", "how the session opens"),
    ("passive", "who opens the session"),
    ("path-attribute", "attributes that no policy here reads"),
    ("port", "how TCP is opened"),
    ("rpki", "validation of origins"),
    ("sender-as-path-loop-detection", "routes that the neighbor would refuse"),
    ("solo", "grouping of updates"),
    ("soo", "site of origin, inside a VPN"),
    ("strict-capability-match", "how the session opens"),
    ("tcp-mss", "how TCP is opened"),
    ("timers connect", "when a session is tried again"),
    ("timers delayopen", "when a session is tried"),
    ("upa", "reachability inside the domain"),
    ("version", "protocol version, always 4"),
];

/// Options of `local-as`, in their order.
const LOCAL_AS: [&str; 3] = ["no-prepend", "replace-as", "dual-as"];

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

/// session-setting ::= "remote-as" remote-as | "local-as" ASN ("no-prepend" ("replace-as" "dual-as"?)?)?
///     | "description" REST | "shutdown" ("message" REST)? | "update-source" NAME | "ebgp-multihop" RANGE_1_255?
///     | "ttl-security" "hops" RANGE_1_254 | "timers" UINT16 UINT16 | "password" REST
///     | "bfd" bfd-option? | "advertisement-interval" RANGE_0_600
fn session_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "remote-as" => remote_as(next),
        "local-as" => {
            let (left, number) = asn(next)?;
            // Each needs the one before it.
            let given =
                LOCAL_AS.iter().enumerate().take_while(|(at, option)| is_word(left, *at, option));
            let count = given.count();
            let mode = LocalAsMode { not_prepended: 0 < count, replaces: 1 < count };
            Ok((left.skip(count), (Slot::LocalAs, Value::LocalAs(number.value, mode))))
        }
        "description" => named(Slot::Description, rest(next)),
        "shutdown" if is_word(next, 0, "message") => {
            rest(next.skip(1)).map(|(left, _)| (left, (Slot::Shutdown, Value::Flag)))
        }
        "shutdown" => Ok((next, (Slot::Shutdown, Value::Flag))),
        "update-source" => named(Slot::UpdateSource, name(next)),
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
        "bfd" => bfd_option(next).map(|(left, ())| (left, (Slot::Bfd, Value::Flag))),
        "advertisement-interval" => {
            let (left, seconds) = number_in(0, 600)(next)?;
            Ok((left, (Slot::AdvertisementInterval, Value::Number(seconds.value))))
        }
        _ => input.expected("a setting of a session"),
    }
}

/// With `auto` the number of the other end decides whether the session is internal: nothing is known.
///
/// remote-as ::= ASN | "external" | "internal" | "auto"
fn remote_as<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let said = |remote| (Slot::RemoteAs, Value::RemoteAs(remote));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "external" => Ok((next, said(RemoteAs::External))),
        "internal" => Ok((next, said(RemoteAs::Internal))),
        "auto" => Ok((next, (Slot::RemoteAs, Value::Flag))),
        _ => asn(input).map(|(left, number)| (left, said(RemoteAs::Number(number.value)))),
    }
}

/// Keepalive and hold time.
pub(super) fn timers<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, keepalive) = number_in(0, 65535)(input)?;
    let (left, hold) = number_in(0, 65535)(left)?;
    Ok((left, (Slot::Timers, Value::Timers(keepalive.value, hold.value))))
}

/// bfd-option ::= "profile" NAME | "check-control-plane-failure" ("profile" NAME)? | "strict"
///     | RANGE_2_255 RANGE_50_60000 RANGE_50_60000
fn bfd_option<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let profile = |left: Words<'w, 't>| match word("profile")(left) {
        Ok((left, _)) => name(left).map(|(left, _)| (left, ())),
        Err(_) => Ok((left, ())),
    };
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "" | "profile" => profile(input),
        "check-control-plane-failure" => profile(next),
        "strict" => Ok((next, ())),
        _ => {
            let (left, _) = number_in(2, 255)(input)?;
            let (left, _) = number_in(50, 60000)(left)?;
            number_in(50, 60000)(left).map(|(left, _)| (left, ()))
        }
    }
}

/// membership ::= "peer-group" NAME | "interface" "v6only"? ("remote-as" remote-as | "peer-group" NAME)?
fn membership<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if let Ok((left, _)) = word("peer-group")(input) {
        return named(Slot::PeerGroup, name(left));
    }
    let (left, _) = word("interface")(input)?;
    let left = left.skip(usize::from(is_word(left, 0, "v6only")));
    if let Ok((left, _)) = word("remote-as")(left) {
        return remote_as(left);
    }
    match word("peer-group")(left) {
        Ok((left, _)) => named(Slot::PeerGroup, name(left)),
        Err(_) => Ok((left, (Slot::Interface, Value::Flag))),
    }
}

/// filter ::= ("route-map" | "prefix-list" | "distribute-list" | "filter-list") NAME ("in" | "out")
fn filter<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    let slot: fn(Direction) -> Slot = match lower(input.peek(0), &mut low) {
        "route-map" => Slot::RouteMap,
        "prefix-list" => Slot::PrefixList,
        "distribute-list" => Slot::DistributeList,
        "filter-list" => Slot::FilterList,
        _ => return input.expected("a filter"),
    };
    let (left, name) = name(input.skip(1))?;
    let direction = match lower(left.peek(0), &mut room()) {
        "in" => Direction::In,
        "out" => Direction::Out,
        _ => return left.expected("in or out"),
    };
    Ok((left.skip(1), (slot(direction), Value::Name(name))))
}

/// family-setting ::= "activate" | "next-hop-self" ("force" | "all")? | "route-reflector-client"
///     | "route-server-client" | "remove-private-as" "all"? "replace-as"? | "allowas-in" RANGE_1_10?
///     | "as-override" | "soft-reconfiguration" "inbound" | "weight" UINT16 | "send-community" community-kind?
fn family_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let flag = |left, slot| Ok((left, (slot, Value::Flag)));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "activate" => flag(next, Slot::Activate),
        "next-hop-self" => {
            let more = is_word(next, 0, "force") || is_word(next, 0, "all");
            flag(next.skip(usize::from(more)), Slot::NextHopSelf)
        }
        "route-reflector-client" => flag(next, Slot::RouteReflectorClient),
        "route-server-client" => flag(next, Slot::RouteServerClient),
        "remove-private-as" => {
            let all = is_word(next, 0, "all");
            let left = next.skip(usize::from(all));
            let replaced = is_word(left, 0, "replace-as");
            let mode = PrivateAs { all, replaced };
            let left = left.skip(usize::from(replaced));
            Ok((left, (Slot::RemovePrivateAs, Value::PrivateAs(mode))))
        }
        "allowas-in" => {
            let (left, times) = maybe_number(next, 1, 10);
            Ok((left, (Slot::AllowasIn, Value::Number(times.unwrap_or(3)))))
        }
        "as-override" => flag(next, Slot::AsOverride),
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

/// community-kind ::= "both" | "all" | "standard" | "extended" | "large"
fn community_kind<'w, 't>(input: Words<'w, 't>) -> (Words<'w, 't>, (bool, bool)) {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "both" | "all" => (input.skip(1), (true, true)),
        "standard" => (input.skip(1), (true, false)),
        "extended" => (input.skip(1), (false, true)),
        "large" => (input.skip(1), (false, false)),
        _ => (input, (true, false)),
    }
}

/// route-setting ::= "maximum-prefix" UINT32 RANGE_1_100? maximum-prefix-action? "force"?
///     | "default-originate" ("route-map" NAME)? | "unsuppress-map" NAME
///     | "advertise-map" NAME ("exist-map" | "non-exist-map") NAME
fn route_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "maximum-prefix" => {
            let (left, limit) = number(next)?;
            let (left, _) = maybe_number(left, 1, 100);
            let (left, warning_only) = maximum_prefix_action(left)?;
            let left = left.skip(usize::from(is_word(left, 0, "force")));
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
            match lower(left.peek(0), &mut room()) {
                "exist-map" | "non-exist-map" => {}
                _ => return left.expected("exist-map or non-exist-map"),
            }
            let (left, condition) = name(left.skip(1))?;
            Ok((left, (Slot::AdvertiseMap, Value::Conditional(selects, condition))))
        }
        _ => input.expected("a setting of an address family"),
    }
}

/// maximum-prefix-action ::= "warning-only" | "restart" UINT16
fn maximum_prefix_action<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "warning-only" => Ok((input.skip(1), true)),
        "restart" => number_in(0, 65535)(input.skip(1)).map(|(left, _)| (left, false)),
        _ => Ok((input, false)),
    }
}

/// path-setting ::= "addpath-tx-all-paths" | "addpath-tx-bestpath-per-as" | "addpath-tx-best-selected" RANGE_2_6
///     | "disable-addpath-rx" | "capability" "orf" "prefix-list" ("send" | "receive" | "both")
fn path_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let paths = |left, selection| Ok((left, (Slot::AdvertisePaths, Value::Selection(selection))));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "addpath-tx-all-paths" => {
            paths(next, PathSelection { all: true, ..PathSelection::default() })
        }
        "addpath-tx-bestpath-per-as" => {
            paths(next, PathSelection { group_best: true, ..PathSelection::default() })
        }
        "addpath-tx-best-selected" => {
            let (left, best) = number_in(2, 6)(next)?;
            paths(left, PathSelection { best: Some(best.value), ..PathSelection::default() })
        }
        "disable-addpath-rx" => Ok((next, (Slot::RefusesPaths, Value::Flag))),
        "capability" => {
            let (left, _) = word("orf")(next)?;
            let (left, _) = word("prefix-list")(left)?;
            let (send, receive) = match lower(left.peek(0), &mut room()) {
                "send" => (true, false),
                "receive" => (false, true),
                "both" => (true, true),
                _ => return left.expected("send, receive or both"),
            };
            let filtering = Value::Filtering(OutboundFiltering { send, receive });
            Ok((left.skip(1), (Slot::OutboundFiltering, filtering)))
        }
        _ => input.expected("a setting of an address family"),
    }
}

/// unset ::= "remote-as" | "local-as" | "description" | "update-source" | "ttl-security" | "timers" | "password"
///     | "weight" | "maximum-prefix" | "unsuppress-map" | "advertise-map" | "advertisement-interval"
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
    match word("route-map")(input) {
        Ok((left, _)) => name(left).map(|(left, policy)| (left, Some(policy))),
        Err(_) => Ok((input, None)),
    }
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
