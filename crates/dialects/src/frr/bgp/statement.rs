//! Lines of the process and of its address families that are not about neighbors.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{AddressFamily, Aggregate, Fact, Network, ObjectKind, Usage};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::ast::{Family, ListenRange, Router, Setting};
use super::parse::Scope;
use super::setting::timers;
use super::tuning::{self, Tune};
use super::vpn::{self, Vpn};
use crate::frr::draft::Draft;
use crate::frr::lines::{InertRow, between, lower, room};
use crate::frr::redistribution::{Redistribute, redistribute};
use crate::phrases::{asn, ipv4, ipv4_mask_prefix, is_word, name, number, number_in, prefix, word};

/// Lines that decide neither what is announced nor what is accepted.
///
/// inert-bgp ::= "no"? inert-bgp-word REST? NL
pub(super) const INERT: &[InertRow] = &[
    ("advertise-all-vni", "which segments an overlay has"),
    ("advertise-default-gw", "routes of hosts in an overlay"),
    ("advertise-pip", "addresses of an overlay"),
    ("advertise-svi-ip", "routes of hosts in an overlay"),
    ("autort", "route targets of an overlay"),
    ("coalesce-time", "grouping of updates"),
    ("default-originate ipv4", "default routes of an overlay"),
    ("default-originate ipv6", "default routes of an overlay"),
    ("disable-ead-evi-rx", "multihoming of an overlay"),
    ("disable-ead-evi-tx", "multihoming of an overlay"),
    ("distance", "which protocol wins for routes from one source"),
    ("distribute", "link state"),
    ("dup-addr-detection", "hosts of an overlay"),
    ("ead-es-frag", "multihoming of an overlay"),
    ("ead-es-route-target", "multihoming of an overlay"),
    ("enable-resolve-overlay-index", "next hops of an overlay"),
    ("flooding", "traffic of an overlay"),
    ("label", "labels of VPN routes"),
    ("local-install", "flow specification"),
    ("mac-vrf", "hosts of an overlay"),
    ("nexthop", "next hops of VPN routes"),
    ("read-quanta", "speed"),
    ("sid", "segments of VPN routes"),
    ("tcp-keepalive", "how TCP is kept open"),
    ("update-delay", "when the first routes are announced"),
    ("use-es-l3nhg", "next hops of an overlay"),
    ("write-quanta", "speed"),
    ("bgp advertise-delay", "when routes are announced"),
    ("bgp allow-martian-nexthop", "checks of next hops"),
    ("bgp bestpath aigp", "interior metric"),
    ("bgp bestpath as-path confed", "tie breaks inside a confederation"),
    ("bgp bestpath bandwidth", "load sharing"),
    ("bgp bestpath peer-type", "load sharing"),
    ("bgp bestpath as-path multipath-relax as-set", "load sharing"),
    ("bgp bestpath as-path multipath-relax no-as-set", "load sharing"),
    ("bgp conditional-advertisement", "how often conditions are looked at"),
    ("bgp default show-hostname", "output"),
    ("bgp default show-nexthop-hostname", "output"),
    ("bgp default subgroup-pkt-queue-max", "speed"),
    ("bgp default link-local-capability", "how the session opens"),
    ("bgp default software-version-capability", "how the session opens"),
    ("bgp default dynamic-capability", "how the session opens"),
    ("bgp disable-ebgp-connected-route-check", "lets sessions come up"),
    ("bgp dynamic-capability", "how the session opens"),
    ("bgp evpn-mh", "multihoming of an overlay"),
    ("bgp graceful-restart", "forwarding while the peer restarts"),
    ("bgp hard-administrative-reset", "how sessions end"),
    ("bgp instance", "how the process is kept"),
    ("bgp ipv6-auto-ra", "advertisements on interfaces"),
    ("bgp labeled-unicast", "labels"),
    ("bgp listen limit", "how many dynamic neighbors"),
    ("bgp long-lived-graceful-restart", "forwarding while the peer restarts"),
    ("bgp lu-ipv4", "labels"),
    ("bgp lu-ipv6", "labels"),
    ("bgp max-med", "metric while starting"),
    ("bgp minimum-holdtime", "timers"),
    ("bgp nexthop", "when next hops are looked up"),
    ("bgp nexthop-prefer-global", "next hops of IPv6"),
    ("bgp norib", "whether routes reach the kernel"),
    ("bgp per-source-nhg", "next hops of the kernel"),
    ("bgp reject-as-sets", "checks of paths"),
    ("bgp retain", "VPN routes"),
    ("bgp router-info", "link state"),
    ("bgp rpki", "validation of origins"),
    ("bgp session-dscp", "packets of sessions"),
    ("bgp suppress-duplicates", "updates that say nothing new"),
    ("bgp tcp-keepalive", "how TCP is kept open"),
    ("bgp update-delay", "when the first routes are announced"),
    ("bgp use-underlays-nexthop-weight", "load sharing"),
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
    /// `maximum-paths`.
    MaximumPaths { internal: bool, paths: Fact<u32> },
    /// `timers bgp`.
    Timers(Setting<'t>),
    /// Path selection and the like.
    Tune(Tune<'t>),
    /// `bgp router-id`.
    RouterId(Fact<Ipv4Addr>),
    /// `bgp default local-preference`.
    LocalPreference(Fact<u32>),
    /// `bgp default ipv4-unicast` and its like.
    DefaultFamily(Family<'t>),
    /// `bgp confederation identifier`.
    Confederation(Fact<u32>),
    /// `bgp confederation peers`.
    ConfederationPeers(Vec<Fact<u32>>),
    /// `bgp bestpath as-path ignore`.
    IgnoresAsPath,
    /// `bgp ebgp-requires-policy`.
    RequiresPolicy,
    /// `bgp network import-check`.
    ImportCheck,
    /// `bgp listen range`.
    Listen(ListenRange<'t>),
    /// VPN routes.
    Vpn(Vpn<'t>),
    /// A default of old spelled out.
    Default,
}

type Read<'w, 't> = Parsed<'w, 't, Said<'t>>;

/// Whether the line is of a kind that is modelled in other shapes.
pub(super) fn is_known(words: Words<'_, '_>) -> bool {
    let heads = [
        "network",
        "aggregate-address",
        "redistribute",
        "bgp",
        "maximum-paths",
        "timers",
        "table-map",
        "rt",
        "rd",
        "import",
        "export",
        "route-map",
        "advertise",
        "route-target",
    ];
    heads.iter().any(|head| is_word(words, 0, head))
}

/// What every release does unasked, and Quagga wrote.
///
/// old-default ::= "auto-summary" | "synchronization"
pub(super) fn old_default<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "auto-summary" | "synchronization" => Ok((input.skip(1), Said::Default)),
        _ => input.expected("a default of old"),
    }
}

/// bgp-statement ::= "no"? (network | aggregate-address | redistribute | bgp-tuning | bgp-option | bgp-number
///     | vpn-line | maximum-paths | "timers" "bgp" UINT16 UINT16) NL
pub(super) fn bgp_statement<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "network" => network(input),
        "aggregate-address" => aggregate_address(input),
        "redistribute" => redistribute(input).map(|(left, read)| (left, Said::Redistribute(read))),
        "timers" => {
            let (from, _) = word("bgp")(input.skip(1))?;
            let (left, (slot, value)) = timers(from)?;
            let at = between(input, left);
            Ok((left, Said::Timers(Setting { slot, at, value })))
        }
        "maximum-paths" => maximum_paths(input),
        "bgp" => bgp_option(input)
            .or_else(|_| bgp_number(input))
            .or_else(|_| tuning::bgp_tuning(input).map(|(left, it)| (left, Said::Tune(it)))),
        "distance" | "table-map" => {
            tuning::bgp_tuning(input).map(|(left, it)| (left, Said::Tune(it)))
        }
        _ => vpn::vpn_line(input).map(|(left, it)| (left, Said::Vpn(it))),
    }
}

/// network ::= "network" network-prefix network-option*
fn network<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("network")(input)?;
    let (mut left, prefix) = network_prefix(from)?;
    let at = between(input, left);
    let mut network = Network { at, prefix: prefix.value, policy: None, backdoor: false };
    while !left.is_empty() {
        left = network_option(left, &mut network)?.0;
    }
    Ok((left, Said::Network(network)))
}

/// network-option ::= "route-map" NAME | "backdoor" | "label-index" UINT32
fn network_option<'w, 't>(input: Words<'w, 't>, network: &mut Network<'t>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "route-map" => {
            let (left, policy) = name(next)?;
            network.policy = Some(policy);
            Ok((left, ()))
        }
        "backdoor" => {
            network.backdoor = true;
            Ok((next, ()))
        }
        "label-index" => number(next).map(|(left, _)| (left, ())),
        _ => input.expected("route-map or backdoor"),
    }
}

/// network-prefix ::= ADDR4 ("mask" MASK4)? | PREFIX
fn network_prefix<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    let Ok((left, address)) = ipv4(input) else { return prefix(input) };
    if !is_word(left, 0, "mask") {
        let length = classful_length(address.value);
        return match Prefix::new(IpAddr::V4(address.value), length) {
            Some(prefix) => Ok((left, Fact::new(prefix, address.at()))),
            None => input.expected("a prefix"),
        };
    }
    let (rest, mask) = ipv4(left.skip(1))?;
    let prefix = crate::phrases::mask_length(mask.value)
        .and_then(|length| Prefix::new(IpAddr::V4(address.value), length));
    match prefix {
        Some(prefix) => Ok((rest, Fact::new(prefix, address.at().to(mask.at())))),
        None => left.skip(1).expected("a network mask"),
    }
}

/// Length that a network has by its class where no mask is given (`lib/prefix.c`,
/// `apply_classful_mask_ipv4`; RFC 791, section 3.2).
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

/// aggregate-option ::= "summary-only" | "as-set" | "matching-med-only" | "origin" ("igp" | "egp" | "incomplete")
///     | "route-map" NAME | "suppress-map" NAME
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
        // Which parts count; whether there is one is assumed all the same.
        "matching-med-only" => return Ok((next, ())),
        "origin" => match lower(next.peek(0), &mut room()) {
            "igp" | "egp" | "incomplete" => return Ok((next.skip(1), ())),
            _ => return next.expected("an origin"),
        },
        "route-map" => &mut aggregate.attribute_policy,
        "suppress-map" => &mut aggregate.suppress_policy,
        _ => return input.expected("an option of an aggregate"),
    };
    let (left, policy) = name(next)?;
    *place = Some(policy);
    Ok((left, ()))
}

/// maximum-paths ::= "maximum-paths" ("ibgp" RANGE_1_255 "equal-cluster-length"? | RANGE_1_255)
fn maximum_paths<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("maximum-paths")(input)?;
    let internal = is_word(from, 0, "ibgp");
    let (left, paths) = number_in(1, 255)(from.skip(usize::from(internal)))?;
    let equal = internal && is_word(left, 0, "equal-cluster-length");
    Ok((left.skip(usize::from(equal)), Said::MaximumPaths { internal, paths }))
}

/// bgp-number ::= "bgp" ("default" "local-preference" UINT32 | "confederation" ("identifier" ASN | "peers" ASN+))
fn bgp_number<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let from = input.skip(1);
    let next = from.skip(2);
    let mut low = room();
    let mut low_next = room();
    match (lower(from.peek(0), &mut low), lower(from.peek(1), &mut low_next)) {
        ("default", "local-preference") => {
            number(next).map(|(left, value)| (left, Said::LocalPreference(value)))
        }
        ("confederation", "identifier") => {
            asn(next).map(|(left, value)| (left, Said::Confederation(value)))
        }
        ("confederation", "peers") => {
            let (mut left, first) = asn(next)?;
            let mut peers = vec![first];
            while let Ok((behind, peer)) = asn(left) {
                peers.push(peer);
                left = behind;
            }
            Ok((left, Said::ConfederationPeers(peers)))
        }
        _ => from.expected("a number of BGP"),
    }
}

/// bgp-option ::= "bgp" ("router-id" ADDR4 | "default" default-family | "bestpath" "as-path" "ignore"
///     | "ebgp-requires-policy" | "network" "import-check" "exact"? | listen-range)
fn bgp_option<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (from, _) = word("bgp")(input)?;
    let next = from.skip(1);
    let mut low = room();
    match lower(from.peek(0), &mut low) {
        "router-id" => ipv4(next).map(|(left, id)| (left, Said::RouterId(id))),
        "default" => default_family(next),
        "bestpath" => {
            let (left, _) = word("as-path")(next)?;
            word("ignore")(left).map(|(left, _)| (left, Said::IgnoresAsPath))
        }
        "ebgp-requires-policy" => Ok((next, Said::RequiresPolicy)),
        "network" => {
            let (left, _) = word("import-check")(next)?;
            Ok((left.skip(usize::from(is_word(left, 0, "exact"))), Said::ImportCheck))
        }
        "listen" => listen_range(from),
        _ => from.expected("an option of BGP"),
    }
}

/// default-family ::= "ipv4-unicast" | "ipv6-unicast" | "ipv4-vpn" | "ipv6-vpn" | "ipv4-multicast"
///     | "ipv6-multicast" | "ipv4-labeled-unicast" | "ipv6-labeled-unicast" | "ipv4-flowspec" | "ipv6-flowspec"
///     | "l2vpn-evpn"
fn default_family<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let other = |name| Family { kind: AddressFamily::Other, name };
    let mut low = room();
    let family = match lower(input.peek(0), &mut low) {
        "ipv4-unicast" => Family::IPV4,
        "ipv6-unicast" => Family::IPV6,
        "ipv4-vpn" => Family { kind: AddressFamily::Vpnv4, name: "ipv4 vpn" },
        "ipv6-vpn" => Family { kind: AddressFamily::Vpnv6, name: "ipv6 vpn" },
        "ipv4-multicast" => other("ipv4 multicast"),
        "ipv6-multicast" => other("ipv6 multicast"),
        "ipv4-labeled-unicast" => other("ipv4 labeled-unicast"),
        "ipv6-labeled-unicast" => other("ipv6 labeled-unicast"),
        "ipv4-flowspec" => other("ipv4 flowspec"),
        "ipv6-flowspec" => other("ipv6 flowspec"),
        "l2vpn-evpn" => other("l2vpn evpn"),
        _ => return input.expected("a family"),
    };
    Ok((input.skip(1), Said::DefaultFamily(family)))
}

/// listen-range ::= "listen" "range" PREFIX "peer-group" NAME
fn listen_range<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let (left, _) = word("listen")(input)?;
    let (left, _) = word("range")(left)?;
    let (left, range) = prefix(left)?;
    let (left, _) = word("peer-group")(left)?;
    let (left, group) = name(left)?;
    Ok((left, Said::Listen(ListenRange { at: range.at(), vrf: None, range, group })))
}

/// Puts what a line says into the process, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    if !negated {
        record(draft, &said);
    }
    match said {
        Said::DefaultFamily(family) => router.default_families.push((scope.vrf, family, !negated)),
        Said::Confederation(number) => router.confederation = (!negated).then_some(number),
        Said::ConfederationPeers(peers) => {
            router
                .confederation_peers
                .retain(|known| peers.iter().all(|it| it.value != known.value));
            router.confederation_peers.extend(peers.into_iter().filter(|_| !negated));
        }
        Said::Timers(setting) => {
            router.timers.retain(|(vrf, _)| *vrf != scope.vrf);
            router.timers.extend((!negated).then_some((scope.vrf, setting)));
        }
        Said::Listen(listen) => {
            let same =
                |it: &ListenRange<'_>| it.vrf == scope.vrf && it.range.value == listen.range.value;
            router.ranges.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
            router.ranges.retain(|it| !same(it));
            let listen = ListenRange { at, vrf: scope.vrf, ..listen };
            router.ranges.extend((!negated).then_some(listen));
        }
        Said::Vpn(said) => vpn::apply(draft, router, scope, at, (said, negated)),
        said => apply_to_instance(draft, router, scope, at, (said, negated)),
    }
}

fn apply_to_instance<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    let Some(instance) = router.table(scope.table) else { return };
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
            read.enter(draft, &mut instance.redistributions, (at, scope.family.kind), negated);
        }
        Said::MaximumPaths { internal, paths } => {
            let place = match internal {
                true => &mut instance.tuning.internal_paths,
                false => &mut instance.maximum_paths,
            };
            *place = kept.then_some(paths);
        }
        Said::RouterId(id) => instance.router_id = kept.then_some(id),
        Said::LocalPreference(value) => {
            instance.default_local_preference = kept.then_some(value);
        }
        Said::IgnoresAsPath => instance.ignores_as_path_length = flag,
        Said::RequiresPolicy => instance.requires_policy = flag,
        Said::ImportCheck => instance.tuning.networks_need_route = flag,
        Said::Tune(tune) => tuning::apply(draft, instance, at, (tune, negated)),
        _ => {}
    }
}

/// Records the objects that a line names; those of `redistribute` and of VPN lines are recorded elsewhere.
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
        }
        Said::Tune(Tune::TablePolicy(name)) => {
            policy(Some(*name), Usage::Bgp);
        }
        Said::Listen(listen) => {
            draft.use_name(ObjectKind::PeerGroup, listen.group, Usage::Inherit);
        }
        _ => {}
    }
}
