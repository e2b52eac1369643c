//! What is said about a neighbor.

use std::net::IpAddr;

use edgelint_model::{
    AddressFamily, BgpInstance, DefaultOriginate, Direction, Fact, Filter, MaximumPrefix, Neighbor,
    NeighborAddress, NeighborFamily, ObjectKind, Part, RemoteAs, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use crate::asa::draft::Draft;
use crate::asa::lines::{InertRow, listed, lower, polarity, room, whole};
use crate::phrases::{asn, is_word, name, number, number_in, rest, word};
use crate::secrets;

/// Lines about neighbors that change neither what is exchanged nor with whom.
///
/// inert-setting ::= inert-setting-word REST?
const INERT: &[InertRow] = &[
    ("disable-connected-check", "lets a session come up; the session is modelled either way"),
    ("ha-mode", "forwarding while the other end restarts"),
    ("transport", "how TCP is opened"),
    ("version", "protocol version, always 4"),
];

/// What a line says.
#[derive(Clone, Copy, Debug)]
enum Said<'t> {
    RemoteAs(Fact<u32>),
    LocalAs(Fact<u32>),
    Description(Fact<&'t str>),
    Shutdown,
    UpdateSource(Fact<&'t str>),
    EbgpMultihop(u32),
    TtlSecurity(u32),
    Bfd,
    Timers(u32, u32),
    Password(Fact<&'t str>),
    Activate,
    Filter(ObjectKind, Direction, Fact<&'t str>),
    Weight(u32),
    MaximumPrefix(MaximumPrefix),
    SendCommunity { standard: bool, extended: bool },
    DefaultOriginate(Option<Fact<&'t str>>),
    NextHopSelf,
    RemovePrivateAs,
    AllowasIn(u32),
    AdvertiseMap(Fact<&'t str>, Fact<&'t str>),
    AdvertisementInterval(u32),
    RouteReflectorClient,
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// neighbor ::= "no"? "neighbor" ADDRESS (setting | inert-setting) NL | "no" "neighbor" ADDRESS unset? NL
pub(super) fn neighbor<'t>(
    draft: &mut Draft<'t>,
    instance: &mut BgpInstance<'t>,
    family: AddressFamily,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let (at, about) = (line.span(), words.skip(2));
    let address: Option<IpAddr> = words.peek(1).parse().ok();
    let Some(address) = address else {
        draft.account(Part::Bgp, line, State::Unmodelled);
        instance.blind.push(at);
        return secrets::in_block(draft, line);
    };
    let whom = NeighborAddress::Address(address);
    if negated && (about.is_empty() || is_word(about, 0, "remote-as") && about.len() < 3) {
        draft.account(Part::Bgp, line, State::Modelled);
        for gone in instance.neighbors.extract_if(.., |it| it.address == whom) {
            forget(draft, &gone);
        }
        return;
    }
    let read = whole(setting(family, about));
    let read = read.or_else(|| if negated { whole(unset(about)) } else { None });
    let place = instance.neighbors.iter().position(|it| it.address == whom);
    let place = place.unwrap_or_else(|| {
        instance.neighbors.push(new(whom, at));
        instance.neighbors.len() - 1
    });
    let Some(neighbor) = instance.neighbors.get_mut(place) else { return };
    let state = match read {
        Some(said) => {
            let words = about.span().unwrap_or(at);
            if !apply_to_session(draft, neighbor, words, (said, negated)) {
                apply_to_family(draft, (neighbor, family), words, (said, negated));
            }
            State::Modelled
        }
        None if listed(INERT, about) => State::Inert,
        None => {
            neighbor.blind.push(at);
            secrets::in_block(draft, line);
            if is_head(about) { State::Unmodelled } else { State::Opaque }
        }
    };
    draft.account(Part::Bgp, line, state);
}

fn is_head(words: Words<'_, '_>) -> bool {
    const HEADS: &[&str] = &["route-map", "prefix-list", "filter-list", "distribute-list"];
    HEADS.iter().any(|head| is_word(words, 0, head)) || unset(words.first(1)).is_ok()
}

fn new<'t>(address: NeighborAddress<'t>, at: Span) -> Neighbor<'t> {
    Neighbor {
        address,
        at,
        remote_as: None,
        local_as: None,
        local_as_mode: edgelint_model::LocalAsMode::default(),
        description: None,
        group: None,
        shutdown: None,
        update_source: None,
        ebgp_multihop: None,
        ttl_security: None,
        bfd: None,
        timers: None,
        password: None,
        families: Vec::new(),
        blind: Vec::new(),
    }
}

/// Drops the names that a neighbor used.
fn forget(draft: &mut Draft<'_>, gone: &Neighbor<'_>) {
    for family in &gone.families {
        let filters = family.import.iter().chain(&family.export);
        filters.for_each(|filter| draft.forget(filter.name.at()));
    }
    gone.update_source.iter().for_each(|source| draft.forget(source.at()));
}

/// setting ::= session-setting | filter | family-setting
fn setting<'w, 't>(family: AddressFamily, input: Words<'w, 't>) -> Read<'w, 't> {
    session_setting(input).or_else(|_| filter(family, input)).or_else(|_| family_setting(input))
}

/// session-setting ::= "remote-as" ASN | "local-as" ASN local-as-option* | "description" REST | "shutdown"
///     | "update-source" NAME | "ebgp-multihop" RANGE_1_255? | "ttl-security" "hops" RANGE_1_254
///     | "timers" UINT16 UINT16 UINT16? | "password" REST | "fall-over" "bfd"? bfd-hops?
/// bfd-hops ::= "single-hop" | "multi-hop"
fn session_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "remote-as" => asn(next).map(|(left, number)| (left, Said::RemoteAs(number))),
        "local-as" => {
            let (mut left, number) = asn(next)?;
            while let Ok((further, ())) = local_as_option(left) {
                left = further;
            }
            Ok((left, Said::LocalAs(number)))
        }
        "description" => rest(next).map(|(left, text)| (left, Said::Description(text))),
        "shutdown" => Ok((next, Said::Shutdown)),
        "update-source" => name(next).map(|(left, source)| (left, Said::UpdateSource(source))),
        "ebgp-multihop" => {
            let (left, hops) = maybe_number(next, 1, 255);
            Ok((left, Said::EbgpMultihop(hops.unwrap_or(255))))
        }
        "ttl-security" => {
            let (left, _) = word("hops")(next)?;
            let (left, hops) = number_in(1, 254)(left)?;
            Ok((left, Said::TtlSecurity(hops.value)))
        }
        "timers" => {
            let (left, keepalive) = number_in(0, 65535)(next)?;
            let (left, hold) = number_in(0, 65535)(left)?;
            let (left, _) = maybe_number(left, 0, 65535);
            Ok((left, Said::Timers(keepalive.value, hold.value)))
        }
        "password" => rest(next).map(|(left, key)| (left, Said::Password(key))),
        "fall-over" => {
            let left = word("bfd")(next).map_or(next, |(left, _)| left);
            let hops = is_word(left, 0, "single-hop") || is_word(left, 0, "multi-hop");
            Ok((left.skip(usize::from(hops)), Said::Bfd))
        }
        _ => input.expected("a setting of a session"),
    }
}

/// local-as-option ::= "no-prepend" | "replace-as" | "dual-as"
fn local_as_option<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "no-prepend" | "replace-as" | "dual-as" => Ok((input.skip(1), ())),
        _ => input.expected("an option of local-as"),
    }
}

/// filter ::= ("route-map" | "prefix-list" | "distribute-list" | "filter-list") NAME ("in" | "out")
fn filter<'w, 't>(family: AddressFamily, input: Words<'w, 't>) -> Read<'w, 't> {
    let six = family == AddressFamily::Ipv6;
    let mut low = room();
    let kind = match lower(input.peek(0), &mut low) {
        "route-map" => ObjectKind::Policy,
        "prefix-list" if six => ObjectKind::Ipv6PrefixList,
        "prefix-list" => ObjectKind::PrefixList,
        "distribute-list" => ObjectKind::Acl,
        "filter-list" => ObjectKind::AsPathList,
        _ => return input.expected("a filter"),
    };
    let (left, list) = name(input.skip(1))?;
    let mut low = room();
    let direction = match lower(left.peek(0), &mut low) {
        "in" => Direction::In,
        "out" => Direction::Out,
        _ => return left.expected("in or out"),
    };
    Ok((left.skip(1), Said::Filter(kind, direction, list)))
}

/// family-setting ::= "activate" | "next-hop-self" | "route-reflector-client" | "weight" UINT16
///     | "remove-private-as" ("all" "replace-as"?)? | "allowas-in" RANGE_1_10? | "send-community" community-kind?
///     | "maximum-prefix" UINT32 RANGE_1_100? ("warning-only" | "restart" UINT16)?
///     | "default-originate" ("route-map" NAME)? | "advertisement-interval" RANGE_0_600
///     | "advertise-map" NAME ("exist-map" | "non-exist-map") NAME
/// community-kind ::= "both" | "standard" | "extended"
fn family_setting<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "activate" => Ok((next, Said::Activate)),
        "next-hop-self" => Ok((next, Said::NextHopSelf)),
        "route-reflector-client" => Ok((next, Said::RouteReflectorClient)),
        "weight" => {
            let (left, weight) = number_in(0, 65535)(next)?;
            Ok((left, Said::Weight(weight.value)))
        }
        "remove-private-as" => {
            let left = match word("all")(next) {
                Ok((left, _)) => word("replace-as")(left).map_or(left, |(left, _)| left),
                Err(_) => next,
            };
            Ok((left, Said::RemovePrivateAs))
        }
        "allowas-in" => {
            let (left, times) = maybe_number(next, 1, 10);
            Ok((left, Said::AllowasIn(times.unwrap_or(3))))
        }
        "send-community" => Ok(community_kind(next)),
        "maximum-prefix" => maximum_prefix(next),
        "default-originate" => match word("route-map")(next) {
            Ok((left, _)) => {
                let (left, policy) = name(left)?;
                Ok((left, Said::DefaultOriginate(Some(policy))))
            }
            Err(_) => Ok((next, Said::DefaultOriginate(None))),
        },
        "advertisement-interval" => {
            let (left, seconds) = number_in(0, 600)(next)?;
            Ok((left, Said::AdvertisementInterval(seconds.value)))
        }
        "advertise-map" => {
            let (left, selects) = name(next)?;
            if !is_word(left, 0, "exist-map") && !is_word(left, 0, "non-exist-map") {
                return left.expected("exist-map or non-exist-map");
            }
            let (left, condition) = name(left.skip(1))?;
            Ok((left, Said::AdvertiseMap(selects, condition)))
        }
        _ => input.expected("a setting of an address family"),
    }
}

fn community_kind<'w, 't>(input: Words<'w, 't>) -> (Words<'w, 't>, Said<'t>) {
    let mut low = room();
    let (standard, extended, length) = match lower(input.peek(0), &mut low) {
        "both" => (true, true, 1),
        "standard" => (true, false, 1),
        "extended" => (false, true, 1),
        _ => (true, false, 0),
    };
    (input.skip(length), Said::SendCommunity { standard, extended })
}

fn maximum_prefix<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, limit) = number(input)?;
    let (left, _) = maybe_number(left, 1, 100);
    let mut low = room();
    let (left, warning_only) = match lower(left.peek(0), &mut low) {
        "warning-only" => (left.skip(1), true),
        "restart" => (number_in(0, 65535)(left.skip(1))?.0, false),
        _ => (left, false),
    };
    Ok((left, Said::MaximumPrefix(MaximumPrefix { limit: limit.value, warning_only })))
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

/// unset ::= "remote-as" | "local-as" | "description" | "update-source" | "ttl-security" | "timers"
///     | "password" | "weight" | "maximum-prefix" | "advertisement-interval"
fn unset<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let Some(token) = input.token(0) else { return input.expected("a setting") };
    let none = Fact::new("", token.span);
    let mut low = room();
    let said = match lower(input.peek(0), &mut low) {
        "remote-as" => Said::RemoteAs(none.map(|_| 0)),
        "local-as" => Said::LocalAs(none.map(|_| 0)),
        "description" => Said::Description(none),
        "update-source" => Said::UpdateSource(none),
        "ttl-security" => Said::TtlSecurity(0),
        "timers" => Said::Timers(0, 0),
        "password" => Said::Password(none),
        "weight" => Said::Weight(0),
        "maximum-prefix" => Said::MaximumPrefix(MaximumPrefix { limit: 0, warning_only: false }),
        "advertisement-interval" => Said::AdvertisementInterval(0),
        _ => return input.expected("a setting"),
    };
    Ok((input.skip(1), said))
}

/// Puts what a line says into the session, or takes it back; says whether it was about the session.
fn apply_to_session<'t>(
    draft: &mut Draft<'t>,
    neighbor: &mut Neighbor<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) -> bool {
    let kept = !negated;
    let set = |number: u32| kept.then_some(Fact::new(number, at));
    match said {
        Said::RemoteAs(number) => {
            neighbor.remote_as = kept.then_some(Fact::new(RemoteAs::Number(number.value), at));
        }
        Said::LocalAs(number) => neighbor.local_as = set(number.value),
        Said::Description(text) => {
            neighbor.description = kept.then_some(text);
            draft.device.free_text.extend(kept.then_some(text.at()));
        }
        Said::Shutdown => neighbor.shutdown = Some(Fact::new(kept, at)),
        Said::UpdateSource(source) => {
            if kept {
                draft.use_name(ObjectKind::Interface, source, Usage::InterfaceUse);
            }
            draft.replace(&mut neighbor.update_source, kept.then_some(source));
        }
        Said::EbgpMultihop(hops) => neighbor.ebgp_multihop = set(hops),
        Said::TtlSecurity(hops) => neighbor.ttl_security = set(hops),
        Said::Bfd => neighbor.bfd = Some(Fact::new(kept, at)),
        Said::Timers(keepalive, hold) => {
            neighbor.timers = kept.then_some(Fact::new((keepalive, hold), at));
        }
        Said::Password(key) => {
            draft.device.secrets.extend(kept.then_some(key.at()));
            neighbor.password = kept.then_some(Fact::new((), key.at()));
        }
        _ => return false,
    }
    true
}

/// Puts what a line says into the family, or takes it back.
fn apply_to_family<'t>(
    draft: &mut Draft<'t>,
    (neighbor, kind): (&mut Neighbor<'t>, AddressFamily),
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    let kept = !negated;
    let place = neighbor.families.iter().position(|it| it.family == kind);
    let place = place.unwrap_or_else(|| {
        neighbor.families.push(NeighborFamily::new(kind));
        neighbor.families.len() - 1
    });
    let Some(family) = neighbor.families.get_mut(place) else { return };
    let flag = Some(Fact::new(kept, at));
    let set = |number: u32| kept.then_some(Fact::new(number, at));
    match said {
        Said::Activate => {
            family.active = kept;
            family.activation = Some(at);
        }
        Said::Filter(kind, direction, list) => {
            set_filter(draft, family, (kind, direction, list), kept);
        }
        Said::Weight(weight) => family.weight = set(weight),
        Said::MaximumPrefix(limit) => family.maximum_prefix = kept.then_some(Fact::new(limit, at)),
        Said::SendCommunity { standard, extended } => {
            family.send_community = flag.filter(|_| standard).or(family.send_community);
            family.send_extended_community =
                flag.filter(|_| extended).or(family.send_extended_community);
        }
        Said::NextHopSelf => family.next_hop_self = flag,
        Said::RouteReflectorClient => family.route_reflector_client = flag,
        Said::RemovePrivateAs => family.options.remove_private_as = flag,
        Said::AllowasIn(times) => family.options.allowas_in = set(times),
        Said::AdvertisementInterval(seconds) => {
            family.options.advertisement_interval = set(seconds);
        }
        Said::DefaultOriginate(policy) => {
            if let Some(policy) = policy.filter(|_| kept) {
                draft.use_name(ObjectKind::Policy, policy, Usage::Neighbor);
            }
            let originate = DefaultOriginate { policy };
            family.options.default_originate = kept.then_some(Fact::new(originate, at));
        }
        Said::AdvertiseMap(policy, condition) => {
            if kept {
                draft.use_name(ObjectKind::Policy, policy, Usage::Neighbor);
                draft.use_name(ObjectKind::Policy, condition, Usage::Neighbor);
            }
            family.options.advertise_policy = kept.then_some(policy);
        }
        _ => {}
    }
}

/// A filter takes the place of one of its kind. All filters of a direction must permit; a route map is asked
/// first on the way in and last on the way out.
fn set_filter<'t>(
    draft: &mut Draft<'t>,
    family: &mut NeighborFamily<'t>,
    (kind, direction, name): (ObjectKind, Direction, Fact<&'t str>),
    kept: bool,
) {
    let filters = match direction {
        Direction::In => &mut family.import,
        Direction::Out => &mut family.export,
    };
    filters.iter().filter(|it| it.kind == kind).for_each(|it| draft.forget(it.name.at()));
    filters.retain(|it| it.kind != kind);
    if !kept {
        return;
    }
    let usage = match direction {
        Direction::In => Usage::NeighborImport,
        Direction::Out => Usage::NeighborExport,
    };
    draft.use_name(kind, name, usage);
    filters.push(Filter { kind, name });
    let rank = |it: &Filter<'_>| match it.kind {
        ObjectKind::Policy => 0,
        ObjectKind::AsPathList => 1,
        _ => 2_u8,
    };
    match direction {
        Direction::In => filters.sort_by_key(rank),
        Direction::Out => filters.sort_by_key(|it| std::cmp::Reverse(rank(it))),
    }
}
