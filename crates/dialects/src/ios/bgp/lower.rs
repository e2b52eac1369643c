//! Settled BGP in the model's words.

use edgelint_model::{
    AddressFamily, BgpProcess, DefaultOriginate, Direction, Fact, Filter, LocalAsMode, Neighbor,
    NeighborAddress, NeighborFamily, ObjectKind, Origin,
};
use edgelint_source::Span;

use super::ast::{Change, Family, Peer, Router, Setting, Slot, Value};
use super::parse::{filter_kind, record};
use super::settle::{Peers, Settled};
use crate::draft::push_tight;
use crate::ios::draft::Draft;

/// Settles a process and puts it into the device.
pub(super) fn lower<'t>(draft: &mut Draft<'t>, router: Router<'t>) {
    record_templates(draft, &router);
    let peers = Peers::of(&router);
    peers.without_effect().into_iter().for_each(|at| draft.forget(at));
    let mut neighbors: Vec<Vec<Neighbor<'t>>> = Vec::new();
    for instance in &router.instances {
        let mut found = Vec::new();
        for (peer, at) in peers.neighbors(instance.vrf) {
            let address = match peer {
                Peer::Address(address) => NeighborAddress::Address(address),
                Peer::Named(name) => NeighborAddress::Interface(name),
            };
            let settled = peers.settle(instance.vrf, peer);
            found.push(neighbor(&router, instance.vrf, (address, at), &settled));
        }
        for range in router.ranges.iter().filter(|range| range.vrf == instance.vrf) {
            let mut settled = Vec::new();
            peers.group(instance.vrf, range.group.value, range.at, &mut settled);
            let place = (NeighborAddress::Range(range.range.value), range.at);
            let mut dynamic = neighbor(&router, instance.vrf, place, &settled);
            dynamic.group = Some(range.group);
            if let Some(remote_as) = range.remote_as {
                set_session(&mut dynamic, &remote_as, None);
            }
            found.push(dynamic);
        }
        neighbors.push(found);
    }
    let mut instances = router.instances;
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

/// The lists that templates name. A template does not know the family it will be used in, so the
/// list is looked for in both name spaces.
fn record_templates<'t>(draft: &mut Draft<'t>, router: &Router<'t>) {
    let changes = router.templates.iter().flat_map(|template| &template.changes);
    for change in changes {
        let Change::Set(setting) = change else { continue };
        let (Slot::PrefixList(_) | Slot::DistributeList(_), Value::Name(list)) =
            (setting.slot, setting.value)
        else {
            continue;
        };
        let defined = |family| {
            let kind = filter_kind(setting.slot, family).map(|(kind, _)| kind);
            let mut definitions = draft.device.definitions.iter();
            definitions.any(|it| Some(it.kind) == kind && it.name == list.value)
        };
        let only_v6 = !defined(Family::IPV4) && defined(Family::IPV6);
        let family = if only_v6 { Family::IPV6 } else { Family::IPV4 };
        record(draft, setting, family);
    }
}

/// A neighbor with all that takes effect for it.
fn neighbor<'t>(
    router: &Router<'t>,
    vrf: Option<&'t str>,
    (address, at): (NeighborAddress<'t>, Span),
    settled: &[Settled<'t>],
) -> Neighbor<'t> {
    let mut neighbor = Neighbor {
        address,
        at,
        remote_as: None,
        local_as: None,
        local_as_mode: LocalAsMode::default(),
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
    let timers = |wanted| router.timers.iter().find(|(it, _)| *it == wanted);
    if let Some((_, setting)) = timers(vrf).or_else(|| timers(None)) {
        set_session(&mut neighbor, setting, None);
    }
    // IPv4 unicast is on unasked, whatever the address of the neighbor; in a VRF it is not.
    if vrf.is_none() && router.default_ipv4.is_none_or(|on| on.value) {
        family(&mut neighbor, Family::IPV4).active = true;
    }
    for it in settled {
        apply(&mut neighbor, it);
    }
    for family in &mut neighbor.families {
        family.import.sort_by_key(|filter| rank(filter.kind));
        family.export.sort_by_key(|filter| std::cmp::Reverse(rank(filter.kind)));
    }
    neighbor.families.sort_by_key(|family| (family.family, family.name));
    neighbor
}

/// Order of filters on what comes in; what goes out takes the reverse. All of them must permit.
const fn rank(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::Policy => 0,
        ObjectKind::AsPathList => 1,
        _ => 2,
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
            let new = NeighborFamily { name, ..NeighborFamily::new(family.kind) };
            push_tight(&mut neighbor.families, new);
            neighbor.families.len() - 1
        }
    };
    // The index was found or made just now; the vector cannot be empty.
    neighbor.families.get_mut(index).expect("the family was just found or made")
}

fn apply<'t>(neighbor: &mut Neighbor<'t>, settled: &Settled<'t>) {
    match settled.change {
        Change::Set(setting) if setting.slot.is_of_family() => {
            set_family(family(neighbor, settled.family), &setting, settled.via);
        }
        Change::Set(setting) => {
            set_session(neighbor, &setting, settled.via);
            if settled.in_family && settled.via.is_none() {
                family(neighbor, settled.family);
            }
        }
        Change::Unset(slot, at) => unset(neighbor, slot, settled, at),
        Change::Blind(at) => neighbor.blind.push(at),
        Change::Remove => {}
    }
}

/// A `no` that nothing was there to take back still says something where the default is on, or
/// where a group says otherwise.
fn unset<'t>(neighbor: &mut Neighbor<'t>, slot: Slot, settled: &Settled<'t>, at: Span) {
    let off = Some(Fact { value: false, origin: Origin::applied(at, settled.via) });
    match slot {
        Slot::Shutdown => neighbor.shutdown = off,
        Slot::Bfd => neighbor.bfd = off,
        _ if slot.is_of_family() => {
            let family = family(neighbor, settled.family);
            match slot {
                Slot::Activate => {
                    family.active = false;
                    family.activation = Some(at);
                }
                Slot::NextHopSelf => family.next_hop_self = off,
                Slot::RouteReflectorClient => family.route_reflector_client = off,
                Slot::RemovePrivateAs => family.options.remove_private_as = off,
                Slot::AsOverride => family.options.as_override = off,
                Slot::SoftReconfiguration => family.options.soft_reconfiguration = off,
                Slot::RouteServerClient => family.options.route_server_client = off,
                Slot::AdvertiseBestExternal => family.options.additional_paths.best_external = off,
                Slot::AdditionalPaths => {
                    family.options.additional_paths.send = off;
                    family.options.additional_paths.receive = off;
                }
                Slot::SendCommunity { standard, extended } => {
                    family.send_community = off.filter(|_| standard).or(family.send_community);
                    family.send_extended_community =
                        off.filter(|_| extended).or(family.send_extended_community);
                }
                _ => {}
            }
        }
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
        (Slot::LocalAs, Value::LocalAs(number, mode)) => {
            neighbor.local_as = maker.fact(number);
            neighbor.local_as_mode = mode;
        }
        (Slot::Description, Value::Name(text)) => neighbor.description = Some(maker.name(text)),
        (Slot::PeerGroup, Value::Name(group)) => neighbor.group = Some(maker.name(group)),
        // Its own template, not one that this inherits from in turn.
        (Slot::InheritSession, Value::Inherit(template, _))
            if via.is_none() || neighbor.group.is_none() =>
        {
            neighbor.group = Some(maker.name(template));
        }
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
        (Slot::MaximumPrefix, Value::MaximumPrefix(limit)) => {
            family.maximum_prefix = maker.fact(limit);
        }
        (Slot::SendCommunity { standard, extended }, _) => {
            let on = maker.fact(true);
            family.send_community = on.filter(|_| standard).or(family.send_community);
            family.send_extended_community =
                on.filter(|_| extended).or(family.send_extended_community);
        }
        (Slot::DefaultOriginate, Value::Policy(policy)) => {
            let policy = policy.map(|policy| maker.name(policy));
            family.options.default_originate = maker.fact(DefaultOriginate { policy });
        }
        (Slot::NextHopSelf, _) => family.next_hop_self = maker.fact(true),
        (Slot::RouteReflectorClient, _) => family.route_reflector_client = maker.fact(true),
        (Slot::RemovePrivateAs, Value::PrivateAs(mode)) => {
            family.options.remove_private_as = maker.fact(true);
            family.options.private_as = mode;
        }
        (Slot::AllowasIn, Value::Number(times)) => family.options.allowas_in = maker.fact(times),
        (Slot::AsOverride, _) => family.options.as_override = maker.fact(true),
        (Slot::SoftReconfiguration, _) => family.options.soft_reconfiguration = maker.fact(true),
        (Slot::AdvertiseMap, Value::Conditional(policy, _)) => {
            family.options.advertise_policy = Some(maker.name(policy));
        }
        (Slot::UnsuppressMap, Value::Name(policy)) => {
            family.options.unsuppress_policy = Some(maker.name(policy));
        }
        (slot, Value::Name(name)) => set_filter(family, slot, maker.name(name)),
        _ => set_paths(family, setting, maker),
    }
}

/// Settings about which paths are exchanged, and how.
fn set_paths(family: &mut NeighborFamily<'_>, setting: &Setting<'_>, maker: Maker) {
    match (setting.slot, setting.value) {
        (Slot::AdvertisementInterval, Value::Number(seconds)) => {
            family.options.advertisement_interval = maker.fact(seconds);
        }
        (Slot::AdditionalPaths, Value::Paths(send, receive)) => {
            family.options.additional_paths.send = maker.fact(send);
            family.options.additional_paths.receive = maker.fact(receive);
        }
        (Slot::AdvertisePaths, Value::Selection(selection)) => {
            family.options.additional_paths.advertise = maker.fact(selection);
        }
        (Slot::AdvertiseBestExternal, _) => {
            family.options.additional_paths.best_external = maker.fact(true);
        }
        (Slot::OutboundFiltering, Value::Filtering(filtering)) => {
            family.options.outbound_filtering = maker.fact(filtering);
        }
        (Slot::RouteServerClient, _) => family.options.route_server_client = maker.fact(true),
        _ => {}
    }
}

/// A filter takes the place of one of its kind.
fn set_filter<'t>(family: &mut NeighborFamily<'t>, slot: Slot, name: Fact<&'t str>) {
    let of = Family { kind: family.family, name: family.name.unwrap_or("") };
    let Some((kind, Some(direction))) = filter_kind(slot, of) else { return };
    let filters = match direction {
        Direction::In => &mut family.import,
        Direction::Out => &mut family.export,
    };
    filters.retain(|filter| filter.kind != kind);
    filters.push(Filter { kind, name });
}
