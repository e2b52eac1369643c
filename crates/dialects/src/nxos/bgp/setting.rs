//! What is said about a neighbor or in a template: the lines of its block and of its families.

use edgelint_model::{Direction, LocalAsMode, MaximumPrefix, PrivateAs};
use edgelint_syntax::{Parsed, Words};

use super::ast::{Setting, Slot, Value};
use crate::nxos::lines::{InertRow, between, lower, room};
use crate::phrases::{asn, is_word, name, number, number_in, rest, word};

type Read<'w, 't> = Parsed<'w, 't, (Slot, Value<'t>)>;

/// Lines of a neighbor that change neither what is exchanged nor with whom.
///
/// inert-session ::= undo? inert-session-word REST? NL
pub(super) const INERT_SESSION: &[InertRow] = &[
    ("disable-connected-check", "lets a session come up; the session is modelled either way"),
    ("log-neighbor-changes", "logging"),
    ("transport", "how TCP is opened"),
    ("dont-capability-negotiate", "how the session opens"),
    ("dynamic-capability", "how the session opens"),
    ("capability", "how the session opens"),
    ("low-memory", "memory"),
    ("maximum-peers", "how many dynamic neighbors"),
    ("peer-type", "what kind of fabric lies behind"),
    ("graceful-shutdown", "maintenance"),
    ("path-attribute", "discards attributes that no policy here reads"),
    ("affinity-group", "overlays"),
    ("egress-engineering", "labels"),
    ("logging", "logging"),
];

/// Lines of a family of a neighbor that do not either.
///
/// inert-policy ::= undo? inert-policy-word REST? NL
pub(super) const INERT_POLICY: &[InertRow] = &[
    ("next-hop-third-party", "next hop on a shared link"),
    ("rewrite-evpn-rt-asn", "targets in another family"),
    ("soo", "site of origin, inside a VPN"),
    ("import", "routes between VPN families"),
    ("encapsulation", "labels of the same prefixes"),
    ("advertise", "labels of the same prefixes"),
    ("dampening", "when flapping routes come back"),
    ("enhanced-error", "what becomes of broken updates"),
    ("link-bandwidth", "load sharing"),
];

/// A line of a neighbor or a session template.
pub(super) fn session<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Setting<'t>> {
    placed(input, session_setting(input))
}

/// A line of a family of a neighbor.
///
/// policy-setting ::= filter | family-setting | route-setting
pub(super) fn policy<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Setting<'t>> {
    let read = filter(input).or_else(|_| family_setting(input)).or_else(|_| route_setting(input));
    placed(input, read)
}

fn placed<'w, 't>(input: Words<'w, 't>, read: Read<'w, 't>) -> Parsed<'w, 't, Setting<'t>> {
    read.map(|(left, (slot, value))| (left, Setting { slot, at: between(input, left), value }))
}

/// session-setting ::= "remote-as" remote-as | "local-as" ASN ("no-prepend" ("replace-as" "dual-as"?)?)?
///     | "description" REST | "shutdown" | "update-source" REST | "ebgp-multihop" RANGE_2_255
///     | "ttl-security" "hops" RANGE_1_254 | "timers" RANGE_0_3600 RANGE_0_3600 | "password" REST
///     | "bfd" ("singlehop" | "multihop")? bfd-timers? | "remove-private-as" ("all" | "replace-as")? | "inherit" inherited
fn session_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "remote-as" => remote_as(next),
        "local-as" => local_as(next),
        "description" => named(Slot::Description, rest(next)),
        "shutdown" => Ok((next, (Slot::Shutdown, Value::Flag(true)))),
        "update-source" => named(Slot::UpdateSource, rest(next)),
        "ebgp-multihop" => numbered(Slot::EbgpMultihop, number_in(2, 255)(next)),
        "ttl-security" => {
            let (left, _) = word("hops")(next)?;
            numbered(Slot::TtlSecurity, number_in(1, 254)(left))
        }
        "timers" => timers(next),
        "password" => named(Slot::Password, rest(next)),
        "bfd" => {
            let hops = is_word(next, 0, "singlehop") || is_word(next, 0, "multihop");
            let left = bfd_timers(next.skip(usize::from(hops)))?.0;
            Ok((left, (Slot::Bfd, Value::Flag(true))))
        }
        "remove-private-as" => {
            // To replace them is to replace all of them.
            let replaced = is_word(next, 0, "replace-as");
            let all = replaced || is_word(next, 0, "all");
            let mode = PrivateAs { all, replaced };
            Ok((next.skip(usize::from(all)), (Slot::RemovePrivateAs, Value::PrivateAs(mode))))
        }
        "inherit" => inherited(next),
        _ => input.expected("a setting of a session"),
    }
}

/// bfd-timers ::= "interval" UINT32 "min_rx" UINT32 "multiplier" UINT32
fn bfd_timers<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    if !is_word(input, 0, "interval") {
        return Ok((input, ()));
    }
    let (left, _) = number(input.skip(1))?;
    let (left, _) = word("min_rx")(left)?;
    let (left, _) = number(left)?;
    let (left, _) = word("multiplier")(left)?;
    number(left).map(|(left, _)| (left, ()))
}

/// The AS number that is expected. A route map says which ones a neighbor may have that opens the session
/// itself; its name is all that is kept.
///
/// remote-as ::= ASN | "route-map" NAME
pub(super) fn remote_as<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if is_word(input, 0, "route-map") {
        let (left, policy) = name(input.skip(1))?;
        return Ok((left, (Slot::RemoteAs, Value::Policy(Some(policy)))));
    }
    numbered(Slot::RemoteAs, asn(input))
}

fn local_as<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, number) = asn(input)?;
    // Each of them needs the one before.
    let no_prepend = is_word(left, 0, "no-prepend");
    let replace = no_prepend && is_word(left, 1, "replace-as");
    let dual = replace && is_word(left, 2, "dual-as");
    let options = usize::from(no_prepend) + usize::from(replace) + usize::from(dual);
    let left = left.skip(options);
    let mode = LocalAsMode { not_prepended: no_prepend, replaces: replace };
    Ok((left, (Slot::LocalAs, Value::LocalAs(number.value, mode))))
}

/// Keepalive and hold time.
pub(super) fn timers<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, keepalive) = number_in(0, 3600)(input)?;
    let (left, hold) = number_in(0, 3600)(left)?;
    Ok((left, (Slot::Timers, Value::Timers(keepalive.value, hold.value))))
}

/// inherited ::= ("peer" | "peer-session") NAME
fn inherited<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    let slot = match lower(input.peek(0), &mut low) {
        "peer" => Slot::InheritPeer,
        "peer-session" => Slot::InheritSession,
        _ => return input.expected("peer or peer-session"),
    };
    named(slot, name(input.skip(1)))
}

/// filter ::= ("route-map" | "prefix-list" | "filter-list") NAME direction
fn filter<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    let slot: fn(Direction) -> Slot = match lower(input.peek(0), &mut low) {
        "route-map" => Slot::RouteMap,
        "prefix-list" => Slot::PrefixList,
        "filter-list" => Slot::FilterList,
        _ => return input.expected("a filter"),
    };
    let (left, list) = name(input.skip(1))?;
    let (left, direction) = direction(left)?;
    Ok((left, (slot(direction), Value::Name(list))))
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

/// family-setting ::= "next-hop-self" "all"? | "route-reflector-client" | "allowas-in" RANGE_1_10?
///     | "as-override" | "soft-reconfiguration" "inbound" "always"? | "weight" UINT16
///     | "send-community" community-kind? | "disable-peer-as-check" | "suppress-inactive"
///     | "advertisement-interval" RANGE_1_600
///     | "capability" "additional-paths" ("send" | "receive") "disable"?
fn family_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let flag = |left, slot| Ok((left, (slot, Value::Flag(true))));
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "next-hop-self" => flag(next.skip(usize::from(is_word(next, 0, "all"))), Slot::NextHopSelf),
        "route-reflector-client" => flag(next, Slot::RouteReflectorClient),
        "allowas-in" => {
            let (left, times) = maybe_number(next, 1, 10);
            Ok((left, (Slot::AllowasIn, Value::Number(times.unwrap_or(3)))))
        }
        "as-override" => flag(next, Slot::AsOverride),
        "soft-reconfiguration" => {
            let (left, _) = word("inbound")(next)?;
            let always = is_word(left, 0, "always");
            flag(left.skip(usize::from(always)), Slot::SoftReconfiguration)
        }
        "weight" => numbered(Slot::Weight, number_in(0, 65535)(next)),
        "send-community" => {
            let (left, (standard, extended)) = community_kind(next);
            flag(left, Slot::SendCommunity { standard, extended })
        }
        "disable-peer-as-check" => flag(next, Slot::PeerAsCheck),
        "suppress-inactive" => flag(next, Slot::SuppressInactive),
        "advertisement-interval" => numbered(Slot::AdvertisementInterval, number_in(1, 600)(next)),
        "capability" => {
            let (left, _) = word("additional-paths")(next)?;
            let mut low = room();
            let slot = match lower(left.peek(0), &mut low) {
                "send" => Slot::SendPaths,
                "receive" => Slot::ReceivePaths,
                _ => return left.expected("send or receive"),
            };
            let off = is_word(left, 1, "disable");
            Ok((left.skip(1 + usize::from(off)), (slot, Value::Flag(!off))))
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

/// route-setting ::= "maximum-prefix" UINT32 RANGE_1_100? ("warning-only" | "restart" UINT16)?
///     | "default-originate" ("route-map" NAME)? | "unsuppress-map" NAME
///     | "advertise-map" NAME ("exist-map" | "non-exist-map") NAME
///     | "inherit" "peer-policy" NAME RANGE_1_65535
fn route_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "maximum-prefix" => {
            let (left, limit) = number(next)?;
            let (left, _) = maybe_number(left, 1, 100);
            let (left, warning_only) = if is_word(left, 0, "warning-only") {
                (left.skip(1), true)
            } else if is_word(left, 0, "restart") {
                (number_in(0, 65535)(left.skip(1))?.0, false)
            } else {
                (left, false)
            };
            let limit = MaximumPrefix { limit: limit.value, warning_only };
            Ok((left, (Slot::MaximumPrefix, Value::MaximumPrefix(limit))))
        }
        "default-originate" if is_word(next, 0, "route-map") => {
            let (left, policy) = name(next.skip(1))?;
            Ok((left, (Slot::DefaultOriginate, Value::Policy(Some(policy)))))
        }
        "default-originate" => Ok((next, (Slot::DefaultOriginate, Value::Policy(None)))),
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
        "inherit" => {
            let (left, _) = word("peer-policy")(next)?;
            let (left, template) = name(left)?;
            let (left, preference) = number_in(1, 65535)(left)?;
            Ok((left, (Slot::InheritPolicy(preference.value), Value::Name(template))))
        }
        _ => input.expected("a setting of an address family"),
    }
}

/// What `no` takes back by its keyword alone.
///
/// session-unset ::= "remote-as" | "local-as" | "description" | "update-source" | "ebgp-multihop"
///     | "ttl-security" | "timers" | "password"
pub(super) fn session_unset<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Slot> {
    let mut low = room();
    let slot = match lower(input.peek(0), &mut low) {
        "remote-as" => Slot::RemoteAs,
        "local-as" => Slot::LocalAs,
        "description" => Slot::Description,
        "update-source" => Slot::UpdateSource,
        "ebgp-multihop" => Slot::EbgpMultihop,
        "ttl-security" => Slot::TtlSecurity,
        "timers" => Slot::Timers,
        "password" => Slot::Password,
        _ => return input.expected("a setting"),
    };
    Ok((input.skip(1), slot))
}

/// policy-unset ::= "weight" | "maximum-prefix" | "unsuppress-map" | "advertise-map" | "advertisement-interval"
pub(super) fn policy_unset<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Slot> {
    let mut low = room();
    let slot = match lower(input.peek(0), &mut low) {
        "weight" => Slot::Weight,
        "maximum-prefix" => Slot::MaximumPrefix,
        "unsuppress-map" => Slot::UnsuppressMap,
        "advertise-map" => Slot::AdvertiseMap,
        "advertisement-interval" => Slot::AdvertisementInterval,
        _ => return input.expected("a setting"),
    };
    Ok((input.skip(1), slot))
}

/// Whether a line begins with a keyword that is read in other shapes.
pub(super) fn is_known(words: Words<'_, '_>) -> bool {
    const HEADS: [&str; 13] = [
        "inherit",
        "bfd",
        "remove-private-as",
        "route-map",
        "prefix-list",
        "filter-list",
        "allowas-in",
        "soft-reconfiguration",
        "send-community",
        "default-originate",
        "capability",
        "next-hop-self",
        "disable-peer-as-check",
    ];
    session_unset(words.first(1)).is_ok()
        || policy_unset(words.first(1)).is_ok()
        || HEADS.iter().any(|head| is_word(words, 0, head))
}

fn named<'w, 't>(
    slot: Slot,
    parsed: Parsed<'w, 't, edgelint_model::Fact<&'t str>>,
) -> Read<'w, 't> {
    parsed.map(|(left, name)| (left, (slot, Value::Name(name))))
}

fn numbered<'w, 't>(slot: Slot, parsed: Parsed<'w, 't, edgelint_model::Fact<u32>>) -> Read<'w, 't> {
    parsed.map(|(left, number)| (left, (slot, Value::Number(number.value))))
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
