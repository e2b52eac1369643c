//! Settled BGP in the model's words.

use std::net::IpAddr;

use edgelint_model::{
    AddressFamily, BgpInstance, BgpProcess, DefaultOriginate, Direction, Fact, Filter, Neighbor,
    NeighborAddress, NeighborFamily, ObjectKind, Origin, RemoteAs,
};
use edgelint_source::Span;

use super::ast::{
    Change, Expected, Family, Instance, Joined, Peer, Router, Setting, Slot, Value, Who,
};
use super::parse::{list_kind, usage};
use super::peer_filter::PeerFilter;
use super::settle::{Peers, Settled};
use crate::eos::draft::Draft;

/// Settles a process and puts it into the device.
pub(super) fn lower<'t>(draft: &mut Draft<'t>, router: Router<'t>, filters: &[PeerFilter<'t>]) {
    record_lists_of_groups(draft, &router);
    let peers = Peers::of(&router);
    peers.without_effect().into_iter().for_each(|at| draft.forget(at));
    let mut neighbors: Vec<Vec<Neighbor<'t>>> = Vec::new();
    for instance in &router.instances {
        let vrf = instance.model.vrf;
        let mut found = Vec::new();
        for (peer, at) in peers.neighbors(vrf) {
            let address = match peer {
                Peer::Address(address) => NeighborAddress::Address(address),
                Peer::Named(name) => NeighborAddress::Interface(name),
            };
            found.push(neighbor(draft, instance, (address, at), &peers.settle(vrf, peer)));
        }
        let joined = router.ranges.iter().chain(&router.interfaces);
        for one in joined.filter(|one| one.vrf == vrf) {
            let mut settled = Vec::new();
            peers.group(vrf, one.group.value, one.at, &mut settled);
            found.push(member(draft, instance, (one, filters), &settled));
        }
        neighbors.push(found);
    }
    let mut instances: Vec<BgpInstance<'t>> =
        router.instances.into_iter().map(|it| it.model).collect();
    for (instance, found) in instances.iter_mut().zip(neighbors) {
        instance.neighbors = found;
    }
    draft.device.bgp.push(BgpProcess {
        at: router.at,
        local_as: router.local_as,
        confederation: router.confederation,
        confederation_peers: router.confederation_peers,
        instances,
        other_families: router.other_families,
    });
}

/// The prefix lists that groups name outside of address families: those of IPv6, where only such a list
/// is defined.
fn record_lists_of_groups<'t>(draft: &mut Draft<'t>, router: &Router<'t>) {
    for line in &router.lines {
        let Change::Set(Setting { slot: Slot::PrefixList(way), value: Value::Name(list), .. }) =
            line.change
        else {
            continue;
        };
        if list_kind(line.family, line.peer).is_some() {
            continue;
        }
        let kind = defined_kind(draft, list.value);
        draft.use_name(kind, list, usage(way));
    }
}

fn defined_kind(draft: &Draft<'_>, name: &str) -> ObjectKind {
    let defined = |kind| {
        let mut definitions = draft.device.definitions.iter();
        definitions.any(|it| it.kind == kind && it.name == name)
    };
    let only_six = !defined(ObjectKind::PrefixList) && defined(ObjectKind::Ipv6PrefixList);
    if only_six { ObjectKind::Ipv6PrefixList } else { ObjectKind::PrefixList }
}

/// A session that somebody opens who is no neighbor of its own.
fn member<'t>(
    draft: &Draft<'t>,
    instance: &Instance<'t>,
    (joined, filters): (&Joined<'t>, &[PeerFilter<'t>]),
    settled: &[Settled<'t>],
) -> Neighbor<'t> {
    let address = match joined.who {
        Who::Range(range) => NeighborAddress::Range(range),
        Who::Interface(name) => NeighborAddress::Interface(name),
    };
    let mut found = neighbor(draft, instance, (address, joined.at), settled);
    found.group = Some(joined.group);
    match joined.remote_as {
        Some(Expected::Number(number)) => {
            found.remote_as = Some(Fact::new(RemoteAs::Number(number.value), number.at()));
        }
        Some(Expected::Filter(name)) => {
            let filter = filters.iter().find(|filter| filter.name == name.value);
            let only = filter.and_then(PeerFilter::only);
            found.remote_as = only.map(|number| Fact::new(RemoteAs::Number(number), name.at()));
        }
        None => {}
    }
    found
}

/// A neighbor with all that takes effect for it.
fn neighbor<'t>(
    draft: &Draft<'t>,
    instance: &Instance<'t>,
    (address, at): (NeighborAddress<'t>, Span),
    settled: &[Settled<'t>],
) -> Neighbor<'t> {
    let mut neighbor = Neighbor {
        address,
        at,
        remote_as: None,
        local_as: instance.local_as,
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
    };
    if let Some(setting) = &instance.timers {
        set_session(&mut neighbor, setting, None);
    }
    let six = match address {
        NeighborAddress::Address(IpAddr::V6(_)) => true,
        NeighborAddress::Range(range) => range.address().is_ipv6(),
        _ => false,
    };
    unasked(&mut neighbor, instance, six);
    // Families that a block names are there, whatever it says about them.
    for it in settled.iter().filter_map(|it| it.family) {
        family(&mut neighbor, it);
    }
    for it in settled {
        apply(draft, &mut neighbor, it, six);
    }
    for family in &mut neighbor.families {
        family.import.sort_by_key(|filter| rank(filter.kind));
        family.export.sort_by_key(|filter| std::cmp::Reverse(rank(filter.kind)));
    }
    neighbor.families.sort_by_key(|family| (family.family, family.name));
    neighbor
}

/// The family that the neighbor's own address belongs to is there, and what is on unasked: IPv4 unicast
/// over IPv4 alone (`show running-config all` of EOS 4.23 prints `bgp default ipv4-unicast`, `no bgp
/// default ipv4-unicast transport ipv6` and `no bgp default ipv6-unicast`, in the process and in its VRFs).
fn unasked<'t>(neighbor: &mut Neighbor<'t>, instance: &Instance<'t>, six: bool) {
    let on = |fact: Option<Fact<bool>>| fact.is_some_and(|on| on.value);
    let over_ipv6 = six || matches!(neighbor.address, NeighborAddress::Interface(_));
    let own = if six { Family::IPV6 } else { Family::IPV4 };
    family(neighbor, own);
    let ipv4 = match over_ipv6 {
        true => on(instance.default_ipv4_over_ipv6),
        false => instance.default_ipv4.is_none_or(|on| on.value),
    };
    if ipv4 {
        family(neighbor, Family::IPV4).active = true;
    }
    if over_ipv6 && on(instance.default_ipv6) {
        family(neighbor, Family::IPV6).active = true;
    }
}

/// Order of filters on what comes in; what goes out takes the reverse. All of them must permit.
const fn rank(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::Policy => 0,
        _ => 1,
    }
}

fn family<'n, 't>(
    neighbor: &'n mut Neighbor<'t>,
    family: Family<'t>,
) -> &'n mut NeighborFamily<'t> {
    let name = (family.kind == AddressFamily::Other).then_some(family.name);
    let same = |it: &NeighborFamily<'_>| it.family == family.kind && it.name == name;
    let index = match neighbor.families.iter().position(same) {
        Some(index) => index,
        None => {
            neighbor.families.push(NeighborFamily { name, ..NeighborFamily::new(family.kind) });
            neighbor.families.len() - 1
        }
    };
    // The index was found or made just now; the vector cannot be empty.
    neighbor.families.get_mut(index).expect("the family was just found or made")
}

fn apply<'t>(draft: &Draft<'t>, neighbor: &mut Neighbor<'t>, settled: &Settled<'t>, six: bool) {
    let slot = match settled.change {
        Change::Blind(at) => return neighbor.blind.push(at),
        Change::Remove | Change::Default(_) => return,
        Change::Set(setting) => setting.slot,
        Change::Off(slot, _) => slot,
    };
    if !slot.is_of_family() {
        return match settled.change {
            Change::Set(setting) => set_session(neighbor, &setting, settled.via),
            Change::Off(slot, at) => unset_session(neighbor, slot, (at, settled.via)),
            _ => {}
        };
    }
    let mut places: Vec<usize> = Vec::new();
    let own = if six { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 };
    for (place, one) in neighbor.families.iter().enumerate() {
        let meant = match settled.family {
            Some(family) => {
                let name = (family.kind == AddressFamily::Other).then_some(family.name);
                one.family == family.kind && one.name == name
            }
            // Prefixes of one family are no filter for the other; sessions that are activated for all
            // families carry that of their address.
            None if matches!(slot, Slot::PrefixList(_)) => is_listed(draft, settled, one, own),
            None if slot == Slot::Activate => one.family == own,
            None => matches!(one.family, AddressFamily::Ipv4 | AddressFamily::Ipv6),
        };
        places.extend(meant.then_some(place));
    }
    for place in places {
        let Some(family) = neighbor.families.get_mut(place) else { continue };
        match settled.change {
            Change::Set(setting) => set_family(family, &setting, settled.via),
            Change::Off(slot, at) => unset_family(family, slot, (at, settled.via)),
            _ => {}
        }
    }
}

/// Whether a prefix list that is named outside of families filters one of them.
fn is_listed(
    draft: &Draft<'_>,
    settled: &Settled<'_>,
    one: &NeighborFamily<'_>,
    own: AddressFamily,
) -> bool {
    let family = match settled.change {
        Change::Set(Setting { value: Value::Name(list), .. }) if settled.via.is_some() => {
            match defined_kind(draft, list.value) {
                ObjectKind::Ipv6PrefixList => AddressFamily::Ipv6,
                _ => AddressFamily::Ipv4,
            }
        }
        _ => own,
    };
    one.family == family
}

/// A `no` says something where a group says otherwise.
fn unset_session<'t>(neighbor: &mut Neighbor<'t>, slot: Slot, (at, via): (Span, Option<Span>)) {
    let off = Some(Fact { value: false, origin: Origin::applied(at, via) });
    match slot {
        Slot::Shutdown => neighbor.shutdown = off,
        Slot::Bfd => neighbor.bfd = off,
        Slot::RemoteAs => neighbor.remote_as = None,
        Slot::LocalAs => neighbor.local_as = None,
        Slot::Description => neighbor.description = None,
        Slot::UpdateSource => neighbor.update_source = None,
        Slot::EbgpMultihop => neighbor.ebgp_multihop = None,
        Slot::TtlSecurity => neighbor.ttl_security = None,
        Slot::Timers => neighbor.timers = None,
        Slot::Password => neighbor.password = None,
        _ => {}
    }
}

fn unset_family<'t>(family: &mut NeighborFamily<'t>, slot: Slot, (at, via): (Span, Option<Span>)) {
    let off = Some(Fact { value: false, origin: Origin::applied(at, via) });
    match slot {
        Slot::Activate => {
            family.active = false;
            family.activation = Some(at);
        }
        Slot::NextHopSelf => family.next_hop_self = off,
        Slot::RouteReflectorClient => family.route_reflector_client = off,
        Slot::SendCommunity => {
            family.send_community = off;
            family.send_extended_community = off;
        }
        Slot::Policy(way) => filters(family, way).retain(|it| it.kind != ObjectKind::Policy),
        Slot::PrefixList(way) => filters(family, way).retain(|it| it.kind == ObjectKind::Policy),
        Slot::Weight => family.weight = None,
        Slot::MaximumRoutes => family.maximum_prefix = None,
        Slot::ImportPreference => family.local_preference = None,
        _ => unset_option(family, slot, off),
    }
}

fn unset_option(family: &mut NeighborFamily<'_>, slot: Slot, off: Option<Fact<bool>>) {
    let options = &mut family.options;
    match slot {
        Slot::RemovePrivateAs => options.remove_private_as = off,
        Slot::AsOverride => options.as_override = off,
        Slot::KeepReceived => options.soft_reconfiguration = off,
        Slot::SendPaths => options.additional_paths.send = off,
        Slot::ReceivePaths => options.additional_paths.receive = off,
        Slot::AllowasIn => options.allowas_in = None,
        Slot::DefaultOriginate => options.default_originate = None,
        Slot::ExportPreference => options.sent_local_preference = None,
        Slot::OutDelay => options.advertisement_interval = None,
        Slot::MissingPolicy(Direction::In) => options.refuses_without_import = None,
        Slot::MissingPolicy(Direction::Out) => options.refuses_without_export = None,
        _ => {}
    }
}

/// Makes facts of a setting's value: where it stands, and what made it apply.
#[derive(Clone, Copy)]
struct Maker {
    origin: Origin,
}

impl Maker {
    fn fact<T>(self, value: T) -> Option<Fact<T>> {
        Some(Fact { value, origin: self.origin })
    }

    /// A name keeps its own place.
    fn name(self, name: Fact<&str>) -> Fact<&str> {
        Fact { value: name.value, origin: Origin::applied(name.at(), self.origin.via()) }
    }
}

fn set_session<'t>(neighbor: &mut Neighbor<'t>, setting: &Setting<'t>, via: Option<Span>) {
    let maker = Maker { origin: Origin::applied(setting.at, via) };
    match (setting.slot, setting.value) {
        (Slot::RemoteAs, Value::RemoteAs(number)) => neighbor.remote_as = maker.fact(number),
        (Slot::LocalAs, Value::Number(number)) => neighbor.local_as = maker.fact(number),
        (Slot::Description, Value::Name(text)) => neighbor.description = Some(maker.name(text)),
        (Slot::PeerGroup, Value::Name(group)) => neighbor.group = Some(maker.name(group)),
        (Slot::Shutdown, _) => neighbor.shutdown = maker.fact(true),
        (Slot::UpdateSource, Value::Name(source)) => {
            neighbor.update_source = Some(maker.name(source));
        }
        (Slot::EbgpMultihop, Value::Number(hops)) => neighbor.ebgp_multihop = maker.fact(hops),
        (Slot::TtlSecurity, Value::Number(hops)) => neighbor.ttl_security = maker.fact(hops),
        (Slot::Bfd, _) => neighbor.bfd = maker.fact(true),
        (Slot::Timers, Value::Timers(keepalive, hold)) => {
            neighbor.timers = maker.fact((keepalive, hold));
        }
        (Slot::Password, Value::Name(key)) => {
            neighbor.password = Some(Fact { value: (), origin: maker.name(key).origin });
        }
        _ => {}
    }
}

fn set_family<'t>(family: &mut NeighborFamily<'t>, setting: &Setting<'t>, via: Option<Span>) {
    let maker = Maker { origin: Origin::applied(setting.at, via) };
    match (setting.slot, setting.value) {
        (Slot::Activate, _) => {
            family.active = true;
            family.activation = Some(setting.at);
        }
        (Slot::Weight, Value::Number(weight)) => family.weight = maker.fact(weight),
        (Slot::ImportPreference, Value::Number(preference)) => {
            family.local_preference = maker.fact(preference);
        }
        (Slot::MaximumRoutes, Value::MaximumRoutes(limit)) => {
            family.maximum_prefix = limit.and_then(|limit| maker.fact(limit));
        }
        (Slot::SendCommunity, Value::Communities(standard, extended)) => {
            family.send_community = maker.fact(standard);
            family.send_extended_community = maker.fact(extended);
        }
        (Slot::NextHopSelf, _) => family.next_hop_self = maker.fact(true),
        (Slot::RouteReflectorClient, _) => family.route_reflector_client = maker.fact(true),
        (Slot::Policy(way), Value::Name(policy)) => {
            set_filter(family, way, (ObjectKind::Policy, maker.name(policy)));
        }
        (Slot::PrefixList(way), Value::Name(list)) => {
            let kind = match family.family {
                AddressFamily::Ipv6 => ObjectKind::Ipv6PrefixList,
                _ => ObjectKind::PrefixList,
            };
            set_filter(family, way, (kind, maker.name(list)));
        }
        _ => set_option(family, setting, maker),
    }
}

/// Settings that few sessions have.
fn set_option<'t>(family: &mut NeighborFamily<'t>, setting: &Setting<'t>, maker: Maker) {
    let options = &mut family.options;
    match (setting.slot, setting.value) {
        (Slot::DefaultOriginate, Value::Default(policy, always)) => {
            let policy = policy.map(|policy| maker.name(policy));
            options.default_originate = maker.fact(DefaultOriginate { policy });
            options.default_needs_route = maker.fact(!always);
        }
        (Slot::RemovePrivateAs, Value::PrivateAs(mode)) => {
            options.remove_private_as = maker.fact(true);
            options.private_as = mode;
        }
        (Slot::AllowasIn, Value::Number(times)) => options.allowas_in = maker.fact(times),
        (Slot::AsOverride, _) => options.as_override = maker.fact(true),
        (Slot::KeepReceived, _) => options.soft_reconfiguration = maker.fact(true),
        (Slot::ExportPreference, Value::Number(preference)) => {
            options.sent_local_preference = maker.fact(preference);
        }
        (Slot::OutDelay, Value::Number(seconds)) => {
            options.advertisement_interval = maker.fact(seconds);
        }
        (Slot::SendPaths, _) => options.additional_paths.send = maker.fact(true),
        (Slot::ReceivePaths, _) => options.additional_paths.receive = maker.fact(true),
        (Slot::MissingPolicy(Direction::In), Value::Denies(denies)) => {
            options.refuses_without_import = maker.fact(denies);
        }
        (Slot::MissingPolicy(Direction::Out), Value::Denies(denies)) => {
            options.refuses_without_export = maker.fact(denies);
        }
        _ => {}
    }
}

/// A filter takes the place of one of its kind.
fn set_filter<'t>(
    family: &mut NeighborFamily<'t>,
    way: Direction,
    (kind, name): (ObjectKind, Fact<&'t str>),
) {
    let filters = filters(family, way);
    filters.retain(|filter| filter.kind != kind);
    filters.push(Filter { kind, name });
}

fn filters<'f, 't>(family: &'f mut NeighborFamily<'t>, way: Direction) -> &'f mut Vec<Filter<'t>> {
    match way {
        Direction::In => &mut family.import,
        Direction::Out => &mut family.export,
    }
}
