//! What each neighbor ends up with: its own settings, its group's, the protocol's.

use edgelint_model::{
    AdditionalPaths, AddressFamily, BgpInstance, BgpProcess, Fact, Filter, LocalAsMode, Neighbor,
    NeighborAddress, NeighborFamily, NeighborFamilyOptions, ObjectKind, Rare, RemoteAs, Tuning,
};
use edgelint_source::Span;

use super::setting::{self, Family, Level};
use super::{Group, Instance};
use crate::junos::draft::Draft;

/// Puts BGP into the device: one process, an instance for each routing instance that has BGP.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let pending = std::mem::take(&mut draft.bgp.instances);
    let Some(first) = pending.first() else { return };
    let at = first.at;
    let (local_as, confederation) = draft.routing.autonomous_system(None);
    let confederation_peers = draft.routing.confederation_members();
    let instances = pending.iter().map(|instance| lower(draft, instance)).collect();
    draft.device.bgp.push(BgpProcess {
        at,
        local_as,
        confederation,
        confederation_peers,
        instances,
        other_families: Vec::new(),
    });
}

fn lower<'t>(draft: &Draft<'t>, instance: &Instance<'t>) -> BgpInstance<'t> {
    let mut neighbors = Vec::new();
    for group in &instance.groups {
        for neighbor in &group.neighbors {
            let levels = [&neighbor.level, &group.level, &instance.level];
            let address = NeighborAddress::Address(neighbor.address);
            neighbors.push(settle(draft, instance, group, (address, neighbor.at), &levels));
        }
        for (range, at) in &group.ranges {
            let levels = [&group.level, &instance.level];
            let address = NeighborAddress::Range(*range);
            neighbors.push(settle(draft, instance, group, (address, *at), &levels));
        }
    }
    // What one group says of equal paths, and which cluster it makes, is kept for the instance: the
    // model has no finer place.
    let mut best_path = instance.level.best_path;
    let mut cluster_id = instance.level.cluster;
    for level in instance.groups.iter().flat_map(|group| {
        std::iter::once(&group.level).chain(group.neighbors.iter().map(|one| &one.level))
    }) {
        let relaxed = level.best_path.relaxes_multipath;
        best_path.relaxes_multipath = best_path.relaxes_multipath.or(relaxed);
        cluster_id = cluster_id.or(level.cluster);
    }
    let router_id = draft.routing.router_id(instance.vrf);
    BgpInstance {
        vrf: instance.vrf,
        at: instance.at,
        router_id,
        default_local_preference: None,
        default_metric: None,
        default_information: None,
        requires_policy: instance.level.requires_policy,
        ignores_as_path_length: instance.level.ignores_as_path_length,
        maximum_paths: None,
        networks: Vec::new(),
        aggregates: Vec::new(),
        redistributions: Vec::new(),
        logs_neighbor_changes: None,
        tuning: Rare::of(Tuning { best_path, cluster_id, ..Tuning::default() }),
        neighbors,
        blind: instance.level.blind.clone(),
    }
}

/// The value of the most specific level that has one. What comes from another level applies here
/// because of the line that makes the neighbor.
fn pick<'l, 't: 'l, T: Copy>(
    levels: &[&'l Level<'t>],
    at: Span,
    value: impl Fn(&'l Level<'t>) -> Option<Fact<T>>,
) -> Option<Fact<T>> {
    let mut found = levels.iter().enumerate();
    found.find_map(|(depth, level)| {
        value(level).map(|fact| if depth == 0 { fact } else { fact.applied_by(at) })
    })
}

fn settle<'t>(
    draft: &Draft<'t>,
    instance: &Instance<'t>,
    group: &Group<'t>,
    (address, at): (NeighborAddress<'t>, Span),
    levels: &[&Level<'t>],
) -> Neighbor<'t> {
    let own_as = draft.routing.autonomous_system(instance.vrf).0;
    let own_as = own_as.filter(|_| instance.vrf.is_some());
    let local_as = pick(levels, at, |level| level.local_as).or(own_as);
    let remote_as = remote_as(levels, at);
    let device_as = own_as.or(draft.routing.autonomous_system(None).0);
    let internal = match remote_as.map(|remote| remote.value) {
        Some(RemoteAs::Number(number)) => device_as.is_some_and(|own| own.value == number),
        Some(RemoteAs::Internal) => true,
        Some(RemoteAs::External) | None => false,
    };
    let hold_time = pick(levels, at, |level| level.hold_time);
    let named = !group.name.is_empty();
    let blind = levels.iter().take(levels.len().saturating_sub(1));
    Neighbor {
        address,
        at,
        remote_as,
        local_as,
        local_as_mode: LocalAsMode::default(),
        description: pick(levels, at, |level| level.description),
        group: named.then_some(Fact::new(group.name, group.name_at)),
        shutdown: pick(levels, at, |level| level.shutdown),
        update_source: pick(levels, at, |level| level.local_address),
        ebgp_multihop: pick(levels, at, |level| level.multihop),
        ttl_security: None,
        bfd: pick(levels, at, |level| level.bfd),
        // Keepalives are sent three times in a hold time (Junos BGP guide, `hold-time`).
        timers: hold_time.map(|time| time.map(|seconds| (seconds / 3, seconds))),
        password: pick(levels, at, |level| level.password),
        families: families(levels, at, internal),
        blind: blind.flat_map(|level| level.blind.iter().copied()).collect(),
    }
}

/// `peer-as`, wherever it stands, says more than `type`.
fn remote_as(levels: &[&Level<'_>], at: Span) -> Option<Fact<RemoteAs>> {
    pick(levels, at, |level| level.peer_as.map(|peer_as| peer_as.map(RemoteAs::Number)))
        .or_else(|| pick(levels, at, |level| level.kind))
}

/// The families of the most specific level that names any; unicast IPv4 where none does.
fn families<'t>(levels: &[&Level<'t>], at: Span, internal: bool) -> Vec<NeighborFamily<'t>> {
    let by_default;
    let found = levels.iter().find(|level| !level.families.is_empty());
    let families = match found {
        Some(level) => &level.families,
        None => {
            by_default = vec![Family::new(AddressFamily::Ipv4, at)];
            &by_default
        }
    };
    let named = found.is_some();
    families.iter().map(|one| family(levels, at, one, (named, internal))).collect()
}

fn family<'t>(
    levels: &[&Level<'t>],
    at: Span,
    own: &Family<'t>,
    (named, internal): (bool, bool),
) -> NeighborFamily<'t> {
    let mut family = NeighborFamily::new(own.family);
    family.name = own.name;
    family.active = true;
    family.activation = named.then_some(own.at);
    family.import = chain(levels, at, |level| &level.import);
    family.export = chain(levels, at, |level| &level.export);
    // It is the preference of what is advertised (Junos BGP guide, `local-preference`). An external
    // neighbor is never sent one; older editions say that its own routes get it.
    let preference = pick(levels, at, |level| level.local_preference);
    family.local_preference = preference.filter(|_| !internal);
    family.maximum_prefix = setting::maximum_prefix(own);
    let cluster = pick(levels, at, |level| level.cluster);
    family.route_reflector_client = cluster.map(|fact| fact.map(|_| true));
    family.options = Rare::of(NeighborFamilyOptions {
        distance: pick(levels, at, |level| level.distance),
        sent_local_preference: preference.filter(|_| internal),
        remove_private_as: pick(levels, at, |level| level.remove_private),
        as_override: pick(levels, at, |level| level.as_override),
        multipath: pick(levels, at, |level| level.multipath),
        advertise_inactive: pick(levels, at, |level| level.advertise_inactive),
        advertise_peer_as: pick(levels, at, |level| level.advertise_peer_as),
        allowas_in: own.loops.or_else(|| pick(levels, at, |level| level.loops)),
        additional_paths: AdditionalPaths {
            best_external: pick(levels, at, |level| level.best_external),
            ..own.paths
        },
        route_server_client: pick(levels, at, |level| level.route_server_client),
        advertisement_interval: pick(levels, at, |level| level.delay),
        ..NeighborFamilyOptions::default()
    });
    family
}

/// The policies of the most specific level that names any.
fn chain<'l, 't: 'l>(
    levels: &[&'l Level<'t>],
    at: Span,
    list: impl Fn(&'l Level<'t>) -> &'l Vec<Fact<&'t str>>,
) -> Vec<Filter<'t>> {
    let found = levels.iter().enumerate().find(|(_, level)| !list(level).is_empty());
    let Some((depth, level)) = found else { return Vec::new() };
    let policies = list(level).iter().map(|policy| Filter {
        kind: ObjectKind::Policy,
        name: if depth == 0 { *policy } else { policy.applied_by(at) },
    });
    policies.collect()
}
