//! What is said about a neighbor or a group: the words behind `neighbor NAME`.

use edgelint_model::{Direction, Fact, MaximumPrefix, PrivateAs, RemoteAs};
use edgelint_syntax::{Parsed, Words};

use super::ast::{Setting, Slot, Value};
use crate::eos::lines::{between, lower, room};
use crate::phrases::{asn, is_word, name, number, number_in, rest, word};

type Read<'w, 't> = Parsed<'w, 't, (Slot, Value<'t>)>;

/// setting ::= session-setting | membership | filter | family-setting | route-setting
pub(super) fn setting<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Setting<'t>> {
    let (left, (slot, value)) = session_setting(input)
        .or_else(|_| membership(input))
        .or_else(|_| filter(input))
        .or_else(|_| family_setting(input))
        .or_else(|_| route_setting(input))?;
    Ok((left, Setting { slot, at: between(input, left), value }))
}

/// session-setting ::= "remote-as" ASN | "local-as" ASN ("no-prepend" "replace-as" "fallback"?)? | "description" REST
///     | "shutdown" | "update-source" REST | "ebgp-multihop" RANGE_1_255? | "ttl" "maximum-hops" RANGE_0_254
///     | "timers" UINT16 UINT16 ("min-hold-time" UINT16)? | password | "bfd" bfd-timers? | "fall-over" "bfd"
fn session_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "remote-as" => {
            let (left, number) = asn(next)?;
            Ok((left, (Slot::RemoteAs, Value::RemoteAs(RemoteAs::Number(number.value)))))
        }
        "local-as" => {
            let (left, number) = asn(next)?;
            let value = (Slot::LocalAs, Value::Number(number.value));
            if left.is_empty() {
                return Ok((left, value));
            }
            let (left, _) = word("no-prepend")(left)?;
            let (left, _) = word("replace-as")(left)?;
            Ok((maybe(left, "fallback"), value))
        }
        "description" => named(Slot::Description, rest(next)),
        "shutdown" => Ok((next, (Slot::Shutdown, Value::Flag))),
        "update-source" => named(Slot::UpdateSource, rest(next)),
        "ebgp-multihop" => {
            let (left, hops) = maybe_number(next, 1, 255);
            Ok((left, (Slot::EbgpMultihop, Value::Number(hops.unwrap_or(255)))))
        }
        "ttl" => {
            let (left, _) = word("maximum-hops")(next)?;
            let (left, hops) = number_in(0, 254)(left)?;
            Ok((left, (Slot::TtlSecurity, Value::Number(hops.value))))
        }
        "timers" => timers(next),
        "password" => password(input),
        "bfd" => Ok((bfd_timers(next)?.0, (Slot::Bfd, Value::Flag))),
        "fall-over" => word("bfd")(next).map(|(left, _)| (left, (Slot::Bfd, Value::Flag))),
        _ => input.expected("a setting of a session"),
    }
}

/// Keepalive and hold time.
pub(super) fn timers<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, keepalive) = number_in(0, 65535)(input)?;
    let (left, hold) = number_in(0, 65535)(left)?;
    let left = match word("min-hold-time")(left) {
        Ok((left, _)) => number_in(0, 65535)(left)?.0,
        Err(_) => left,
    };
    Ok((left, (Slot::Timers, Value::Timers(keepalive.value, hold.value))))
}

/// password ::= "password" (("0" | "7" | "8a")? WORD | "shared-secret" "profile" NAME "algorithm" NAME)
fn password<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("password")(input)?;
    if is_word(left, 0, "shared-secret") && 1 < left.len() {
        let (left, _) = word("profile")(left.skip(1))?;
        let (left, profile) = name(left)?;
        let (left, _) = word("algorithm")(left)?;
        let (left, _) = name(left)?;
        return Ok((left, (Slot::Password, Value::Name(profile))));
    }
    let mut low = room();
    let left = match lower(left.peek(0), &mut low) {
        "0" | "7" | "8a" if 1 < left.len() => left.skip(1),
        _ => left,
    };
    named(Slot::Password, name(left))
}

/// bfd-timers ::= "interval" UINT16 "min-rx" UINT16 "multiplier" UINT8
fn bfd_timers<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    if input.is_empty() {
        return Ok((input, ()));
    }
    let (left, _) = word("interval")(input)?;
    let (left, _) = number_in(0, 65535)(left)?;
    let (left, _) = word("min-rx")(left)?;
    let (left, _) = number_in(0, 65535)(left)?;
    let (left, _) = word("multiplier")(left)?;
    let (left, _) = number_in(0, 255)(left)?;
    Ok((left, ()))
}

/// membership ::= ("peer-group" | "peer" "group") NAME
fn membership<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let left = match word("peer-group")(input) {
        Ok((left, _)) => left,
        Err(_) => word("group")(word("peer")(input)?.0)?.0,
    };
    named(Slot::PeerGroup, name(left))
}

/// filter ::= ("route-map" | "prefix-list") NAME direction | "rcf" direction NAME
fn filter<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let slot: fn(Direction) -> Slot = match lower(input.peek(0), &mut low) {
        "route-map" => Slot::Policy,
        "prefix-list" => Slot::PrefixList,
        "rcf" => {
            let (left, direction) = direction(next)?;
            return named(Slot::Policy(direction), name(left));
        }
        _ => return input.expected("a filter"),
    };
    let (left, filter) = name(next)?;
    let (left, direction) = direction(left)?;
    Ok((left, (slot(direction), Value::Name(filter))))
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

/// family-setting ::= "activate" | "next-hop-self" | "route-reflector-client"
///     | "remove-private-as" ("all" "replace-as"? | "ingress" "replace-as"?)? | "allowas-in" RANGE_1_10?
///     | "as-path" "remote-as" "replace" "out" | "soft-reconfiguration" "inbound" "all"?
///     | "rib-in" "pre-policy" "retain" "all"? | "weight" UINT16 | ("import-localpref" | "export-localpref") UINT32
///     | "out-delay" RANGE_0_600 | send-community | "additional-paths" ("receive" | "send" paths)
fn family_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let flag = |left, slot| Ok((left, (slot, Value::Flag)));
    let valued = |slot, value: Parsed<'w, 't, Fact<u32>>| {
        value.map(|(left, value)| (left, (slot, Value::Number(value.value))))
    };
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "activate" => flag(next, Slot::Activate),
        "next-hop-self" => flag(next, Slot::NextHopSelf),
        "route-reflector-client" => flag(next, Slot::RouteReflectorClient),
        "remove-private-as" => {
            let (left, mode) = match word("all")(next).or_else(|_| word("ingress")(next)) {
                Ok((left, _)) => {
                    let behind = maybe(left, "replace-as");
                    let replaced = behind.len() < left.len();
                    (behind, PrivateAs { all: true, replaced })
                }
                Err(_) => (next, PrivateAs::default()),
            };
            Ok((left, (Slot::RemovePrivateAs, Value::PrivateAs(mode))))
        }
        "allowas-in" => {
            let (left, times) = maybe_number(next, 1, 10);
            Ok((left, (Slot::AllowasIn, Value::Number(times.unwrap_or(3)))))
        }
        "as-path" => {
            let (left, _) = word("remote-as")(next)?;
            let (left, _) = word("replace")(left)?;
            flag(word("out")(left)?.0, Slot::AsOverride)
        }
        "soft-reconfiguration" => flag(maybe(word("inbound")(next)?.0, "all"), Slot::KeepReceived),
        "rib-in" => {
            let (left, _) = word("pre-policy")(next)?;
            flag(maybe(word("retain")(left)?.0, "all"), Slot::KeepReceived)
        }
        "weight" => valued(Slot::Weight, number_in(0, 65535)(next)),
        "import-localpref" => valued(Slot::ImportPreference, number(next)),
        "export-localpref" => valued(Slot::ExportPreference, number(next)),
        "out-delay" => valued(Slot::OutDelay, number_in(0, 600)(next)),
        "send-community" => send_community(input),
        "additional-paths" => match word("receive")(next) {
            Ok((left, _)) => flag(left, Slot::ReceivePaths),
            Err(_) => flag(paths(word("send")(next)?.0)?.0, Slot::SendPaths),
        },
        _ => input.expected("a setting of an address family"),
    }
}

/// send-community ::= "send-community" ("add"? community-kind+)?
/// community-kind ::= "standard" | "extended" | "large" | "link-bandwidth"
fn send_community<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("send-community")(input)?;
    if from.is_empty() {
        return Ok((from, (Slot::SendCommunity, Value::Communities(true, true))));
    }
    let (mut left, mut sent) = community_kind(maybe(from, "add"))?;
    while let Ok((behind, kind)) = community_kind(left) {
        sent = (sent.0 || kind.0, sent.1 || kind.1);
        left = behind;
    }
    Ok((left, (Slot::SendCommunity, Value::Communities(sent.0, sent.1))))
}

/// Whether a kind of communities is the standard or the extended one.
fn community_kind<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (bool, bool)> {
    let mut low = room();
    let kind = match lower(input.peek(0), &mut low) {
        "standard" => (true, false),
        "extended" => (false, true),
        "large" | "link-bandwidth" => (false, false),
        _ => return input.expected("a kind of communities"),
    };
    Ok((input.skip(1), kind))
}

/// Which paths are sent beside the best one.
///
/// paths ::= "any" | "backup" | ("ecmp" ("limit" UINT8)? | "limit" UINT8) ("prefix-list" NAME)?
pub(super) fn paths<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    let left = match lower(input.peek(0), &mut low) {
        "any" | "backup" => return Ok((next, ())),
        "ecmp" => match word("limit")(next) {
            Ok((left, _)) => number_in(0, 255)(left)?.0,
            Err(_) => next,
        },
        "limit" => number_in(0, 255)(next)?.0,
        _ => return input.expected("which paths"),
    };
    match word("prefix-list")(left) {
        Ok((left, _)) => name(left).map(|(left, _)| (left, ())),
        Err(_) => Ok((left, ())),
    }
}

/// route-setting ::= "maximum-routes" UINT32 ("warning-limit" UINT32 "percent"?)? "warning-only"?
///     | "default-originate" ("route-map" NAME "always"? | "always" ("route-map" NAME)?)? | missing-policy
fn route_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "maximum-routes" => {
            let (mut left, limit) = number(next)?;
            if let Ok((behind, _)) = word("warning-limit")(left) {
                left = maybe(number(behind)?.0, "percent");
            }
            let warning_only = is_word(left, 0, "warning-only");
            let limit = MaximumPrefix { limit: limit.value, warning_only };
            // Zero takes the limit away that is built in (EOS manual, `neighbor maximum-routes`).
            let value = Value::MaximumRoutes((0 < limit.limit).then_some(limit));
            Ok((left.skip(usize::from(warning_only)), (Slot::MaximumRoutes, value)))
        }
        "default-originate" => default_originate(next),
        "missing-policy" => missing_policy(input).map(|(left, (direction, denies))| {
            (left, (Slot::MissingPolicy(direction), Value::Denies(denies)))
        }),
        _ => input.expected("a setting of an address family"),
    }
}

fn default_originate<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let before = is_word(input, 0, "always");
    let input = input.skip(usize::from(before));
    let (left, policy) = match word("route-map")(input) {
        Ok((left, _)) => name(left).map(|(left, policy)| (left, Some(policy)))?,
        Err(_) => (input, None),
    };
    let behind = !before && is_word(left, 0, "always");
    let value = Value::Default(policy, before || behind);
    Ok((left.skip(usize::from(behind)), (Slot::DefaultOriginate, value)))
}

/// What happens to routes where a policy is missing; whether they are refused.
///
/// missing-policy ::= "missing-policy" ("address-family" "all")? ("include" missing-kind+)? "direction" direction "action" ("permit" | "deny" | "deny-in-out")
/// missing-kind ::= "community-list" | "prefix-list" | "sub-route-map"
pub(super) fn missing_policy<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (Direction, bool)> {
    let (mut left, _) = word("missing-policy")(input)?;
    if let Ok((behind, _)) = word("address-family")(left) {
        left = word("all")(behind)?.0;
    }
    if let Ok((behind, _)) = word("include")(left) {
        left = missing_kind(behind)?.0;
        while let Ok((behind, ())) = missing_kind(left) {
            left = behind;
        }
    }
    let (left, _) = word("direction")(left)?;
    let (left, direction) = direction(left)?;
    let (left, _) = word("action")(left)?;
    let mut low = room();
    let denies = match lower(left.peek(0), &mut low) {
        "permit" => false,
        "deny" | "deny-in-out" => true,
        _ => return left.expected("permit or deny"),
    };
    Ok((left.skip(1), (direction, denies)))
}

fn missing_kind<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "community-list" | "prefix-list" | "sub-route-map" => Ok((input.skip(1), ())),
        _ => input.expected("a kind of list"),
    }
}

/// A setting without its value, as it is taken back.
///
/// unset ::= "remote-as" | "local-as" | "description" | "update-source" | "ttl" "maximum-hops" | "timers"
///     | "password" | "weight" | "maximum-routes" | "import-localpref" | "export-localpref" | "out-delay"
///     | ("route-map" | "prefix-list" | "rcf") direction | "peer-group" | "peer" "group"
///     | "additional-paths" "send" | "missing-policy" "direction" direction "action" | "metric-out"
///     | "as-path" "prepend-own" "disabled"
pub(super) fn unset<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Slot> {
    let next = input.skip(1);
    let mut low = room();
    let slot = match lower(input.peek(0), &mut low) {
        "remote-as" => Slot::RemoteAs,
        "local-as" => Slot::LocalAs,
        "description" => Slot::Description,
        "update-source" => Slot::UpdateSource,
        "ttl" => return word("maximum-hops")(next).map(|(left, _)| (left, Slot::TtlSecurity)),
        "timers" => Slot::Timers,
        "password" => Slot::Password,
        "weight" => Slot::Weight,
        "maximum-routes" => Slot::MaximumRoutes,
        "import-localpref" => Slot::ImportPreference,
        "export-localpref" => Slot::ExportPreference,
        "out-delay" => Slot::OutDelay,
        "metric-out" => Slot::Unkept,
        "as-path" => {
            let (left, _) = word("prepend-own")(next)?;
            return word("disabled")(left).map(|(left, _)| (left, Slot::Unkept));
        }
        "peer-group" => Slot::PeerGroup,
        "peer" => return word("group")(next).map(|(left, _)| (left, Slot::PeerGroup)),
        "additional-paths" => return word("send")(next).map(|(left, _)| (left, Slot::SendPaths)),
        "route-map" | "rcf" => {
            return direction(next).map(|(left, way)| (left, Slot::Policy(way)));
        }
        "prefix-list" => return direction(next).map(|(left, way)| (left, Slot::PrefixList(way))),
        "missing-policy" => {
            let (left, _) = word("direction")(next)?;
            let (left, way) = direction(left)?;
            return word("action")(left).map(|(left, _)| (left, Slot::MissingPolicy(way)));
        }
        _ => return input.expected("a setting"),
    };
    Ok((next, slot))
}

/// Whether a line begins as a setting does that is modelled in other shapes.
pub(super) fn is_head(words: Words<'_, '_>) -> bool {
    let heads = [
        "peer",
        "route-map",
        "prefix-list",
        "rcf",
        "ttl",
        "send-community",
        "as-path",
        "rib-in",
        "additional-paths",
        "default-originate",
        "missing-policy",
        "allowas-in",
        "bfd",
        "fall-over",
        "metric-out",
        "soft-reconfiguration",
    ];
    unset(words.first(1)).is_ok() || heads.iter().any(|head| is_word(words, 0, head))
}

fn named<'w, 't>(slot: Slot, parsed: Parsed<'w, 't, Fact<&'t str>>) -> Read<'w, 't> {
    parsed.map(|(left, name)| (left, (slot, Value::Name(name))))
}

fn maybe<'w, 't>(input: Words<'w, 't>, keyword: &'static str) -> Words<'w, 't> {
    word(keyword)(input).map_or(input, |(left, _)| left)
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
