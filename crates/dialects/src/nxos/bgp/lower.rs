//! Settled BGP in the model's words.

use edgelint_model::{
    AddressFamily, BgpProcess, DefaultOriginate, Direction, Fact, Filter, LocalAsMode, Neighbor,
    NeighborFamily, ObjectKind, Origin, PrivateAs, RemoteAs,
};
use edgelint_source::Span;

use super::ast::{Change, Family, Peer, Router, Setting, Slot, TemplateKind, Value};
use super::parse::{filter_kind, record};
use super::settle::{Settled, settle, without_effect};
use crate::nxos::draft::Draft;

/// Settles a process and puts it into the device.
pub(super) fn lower<'t>(draft: &mut Draft<'t>, router: Router<'t>) {
    record_templates(draft, &router);
    let bodies = router.peers.iter().map(|peer| &peer.body);
    for body in bodies.chain(router.templates.iter().map(|it| &it.body)) {
        without_effect(body).for_each(|at| draft.forget(at));
    }
    let mut neighbors: Vec<Vec<Neighbor<'t>>> = Vec::new();
    for instance in &router.instances {
        let peers = router.peers.iter().filter(|peer| peer.vrf == instance.vrf);
        neighbors.push(peers.map(|peer| neighbor(&router, peer)).collect());
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

/// The prefix lists that policy templates name. A template does not know the family it will be used in, so the
/// list is looked for in both name spaces.
fn record_templates<'t>(draft: &mut Draft<'t>, router: &Router<'t>) {
    let policies = router.templates.iter().filter(|it| it.kind == TemplateKind::Policy);
    for line in policies.flat_map(|template| &template.body.lines) {
        let Change::Set(setting) = line.change else { continue };
        let (Slot::PrefixList(_), Value::Name(list)) = (setting.slot, setting.value) else {
            continue;
        };
        let defined = |kind| {
            let mut definitions = draft.device.definitions.iter();
            definitions.any(|it| it.kind == kind && it.name == list.value)
        };
        let only_v6 = !defined(ObjectKind::PrefixList) && defined(ObjectKind::Ipv6PrefixList);
        let family = if only_v6 { Family::IPV6 } else { Family::IPV4 };
        record(draft, &setting, Some(family));
    }
}

/// A neighbor with all that takes effect for it.
fn neighbor<'t>(router: &Router<'t>, peer: &Peer<'t>) -> Neighbor<'t> {
    let mut neighbor = Neighbor {
        address: peer.address,
        at: peer.at,
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
    for (_, setting) in router.defaults.iter().filter(|(vrf, _)| *vrf == peer.vrf) {
        set_session(&mut neighbor, setting, None);
    }
    let mut removes_private = None;
    let mut private_as = PrivateAs::default();
    for it in settle(router, &peer.body) {
        match it {
            // A session carries a family where its block, or its template's, opens it.
            Settled::Family(it, at) => {
                let family = family(&mut neighbor, it);
                family.active = true;
                family.activation = Some(at);
            }
            Settled::Line(line, via) => match (line.change, line.family) {
                (Change::Set(setting), _) if setting.slot == Slot::RemovePrivateAs => {
                    let origin = Origin::applied(setting.at, via);
                    removes_private = Some(Fact { value: true, origin });
                    if let Value::PrivateAs(mode) = setting.value {
                        private_as = mode;
                    }
                }
                (Change::Off(Slot::RemovePrivateAs), _) => {
                    let origin = Origin::applied(line.at, via);
                    removes_private = Some(Fact { value: false, origin });
                }
                (Change::Set(setting), Some(it)) => {
                    set_family(family(&mut neighbor, it), &setting, via);
                }
                (Change::Set(setting), None) => set_session(&mut neighbor, &setting, via),
                (Change::Off(slot), Some(it)) => {
                    family_off(family(&mut neighbor, it), slot, line.at, via);
                }
                (Change::Off(slot), None) => session_off(&mut neighbor, slot, line.at, via),
                (Change::Lift(_), _) => {}
                (Change::Blind, _) => neighbor.blind.push(line.at),
            },
        }
    }
    if let Some(shutdown) = router.shutdown {
        neighbor.shutdown = Some(Fact::new(true, shutdown));
    }
    for family in &mut neighbor.families {
        if removes_private.is_some() {
            family.options.remove_private_as = removes_private;
            family.options.private_as = private_as;
        }
        // All of them must permit a route; lists look at nothing that the policy changes.
        family.import.sort_by_key(|filter| filter.kind == ObjectKind::Policy);
        family.export.sort_by_key(|filter| filter.kind == ObjectKind::Policy);
    }
    neighbor.families.sort_by_key(|family| (family.family, family.name));
    neighbor
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
        (Slot::RemoteAs, Value::Number(number)) => {
            neighbor.remote_as = maker.fact(RemoteAs::Number(number));
        }
        // Its own template, not one that this inherits from in turn.
        (Slot::InheritPeer, Value::Name(template)) if via.is_none() => {
            neighbor.group = Some(maker.name(template));
        }
        (Slot::InheritSession, Value::Name(template))
            if via.is_none() && neighbor.group.is_none() =>
        {
            neighbor.group = Some(maker.name(template));
        }
        (Slot::LocalAs, Value::LocalAs(number, mode)) => {
            neighbor.local_as = maker.fact(number);
            neighbor.local_as_mode = mode;
        }
        (Slot::Description, Value::Name(text)) => neighbor.description = Some(maker.name(text)),
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

/// A `no` about the session: what a template says does not count.
fn session_off(neighbor: &mut Neighbor<'_>, slot: Slot, at: Span, via: Option<Span>) {
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

fn set_family<'t>(family: &mut NeighborFamily<'t>, setting: &Setting<'t>, via: Option<Span>) {
    let maker = Maker { origin: Origin::applied(setting.at, via) };
    let options = |family: &mut NeighborFamily<'t>| match (setting.slot, setting.value) {
        (Slot::DefaultOriginate, Value::Policy(policy)) => {
            let policy = policy.map(|policy| maker.name(policy));
            family.options.default_originate = maker.fact(DefaultOriginate { policy });
        }
        (Slot::AllowasIn, Value::Number(times)) => family.options.allowas_in = maker.fact(times),
        (Slot::AsOverride, _) => family.options.as_override = maker.fact(true),
        (Slot::SoftReconfiguration, _) => family.options.soft_reconfiguration = maker.fact(true),
        (Slot::PeerAsCheck, _) => family.options.advertise_peer_as = maker.fact(true),
        (Slot::SuppressInactive, _) => family.options.advertise_inactive = maker.fact(false),
        (Slot::AdvertiseMap, Value::Conditional(policy, _)) => {
            family.options.advertise_policy = Some(maker.name(policy));
        }
        (Slot::UnsuppressMap, Value::Name(policy)) => {
            family.options.unsuppress_policy = Some(maker.name(policy));
        }
        (Slot::AdvertisementInterval, Value::Number(seconds)) => {
            family.options.advertisement_interval = maker.fact(seconds);
        }
        (Slot::SendPaths, Value::Flag(on)) => {
            family.options.additional_paths.send = maker.fact(on);
        }
        (Slot::ReceivePaths, Value::Flag(on)) => {
            family.options.additional_paths.receive = maker.fact(on);
        }
        _ => {}
    };
    match (setting.slot, setting.value) {
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
        (Slot::NextHopSelf, _) => family.next_hop_self = maker.fact(true),
        (Slot::RouteReflectorClient, _) => family.route_reflector_client = maker.fact(true),
        (slot @ (Slot::RouteMap(_) | Slot::PrefixList(_) | Slot::FilterList(_)), value) => {
            let Value::Name(name) = value else { return };
            set_filter(family, slot, Some(maker.name(name)));
        }
        _ => options(family),
    }
}

/// A `no` in a family: what a template says does not count.
fn family_off(family: &mut NeighborFamily<'_>, slot: Slot, at: Span, via: Option<Span>) {
    let off = Some(Fact { value: false, origin: Origin::applied(at, via) });
    match slot {
        Slot::Weight => family.weight = None,
        Slot::MaximumPrefix => family.maximum_prefix = None,
        Slot::SendCommunity { standard, extended } => {
            family.send_community = off.filter(|_| standard).or(family.send_community);
            family.send_extended_community =
                off.filter(|_| extended).or(family.send_extended_community);
        }
        Slot::NextHopSelf => family.next_hop_self = off,
        Slot::RouteReflectorClient => family.route_reflector_client = off,
        Slot::DefaultOriginate => family.options.default_originate = None,
        Slot::AllowasIn => family.options.allowas_in = None,
        Slot::AsOverride => family.options.as_override = off,
        Slot::SoftReconfiguration => family.options.soft_reconfiguration = off,
        Slot::PeerAsCheck => family.options.advertise_peer_as = off,
        Slot::SuppressInactive => family.options.advertise_inactive = None,
        Slot::AdvertiseMap => family.options.advertise_policy = None,
        Slot::UnsuppressMap => family.options.unsuppress_policy = None,
        Slot::AdvertisementInterval => family.options.advertisement_interval = None,
        Slot::SendPaths => family.options.additional_paths.send = off,
        Slot::ReceivePaths => family.options.additional_paths.receive = off,
        slot => set_filter(family, slot, None),
    }
}

/// A filter takes the place of one of its kind; none takes it away.
fn set_filter<'t>(family: &mut NeighborFamily<'t>, slot: Slot, name: Option<Fact<&'t str>>) {
    let of = Family { kind: family.family, name: family.name.unwrap_or("") };
    let Some((kind, Some(direction))) = filter_kind(slot, Some(of)) else { return };
    let filters = match direction {
        Direction::In => &mut family.import,
        Direction::Out => &mut family.export,
    };
    filters.retain(|filter| filter.kind != kind);
    filters.extend(name.map(|name| Filter { kind, name }));
}
