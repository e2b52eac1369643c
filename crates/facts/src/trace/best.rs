//! Which of several paths to a prefix the device prefers.
//!
//! The order of the steps is that of RFC 4271, section 9.1.2.2, behind what systems put in front of it: the
//! distance of a path (Junos), its weight (most others), local preference, routes of the device's own.
//! Interior cost is not known here: all next hops are directly connected peers.

use std::cmp::{Ordering, Reverse};
use std::net::IpAddr;

use edgelint_model::{BgpInstance, OriginCode};
use edgelint_prefix::Prefix;

use crate::announce::Certainty;
use crate::device::DeviceFacts;
use crate::draft::default_preference;
use crate::evaluate::{AsPath, Known};
use crate::origin::{OriginSource, Originated, candidates, local, made_next_hop, originate_all};
use crate::trace::Peer;
use crate::trace::route::Held;
use crate::trace::session::Live;
use crate::vrfs::Vrfs;

/// The paths that win in a VRF, by prefix; and all paths, by prefix, those that win first.
pub(super) fn choose<'t>(
    device: &DeviceFacts<'t>,
    vrf: Option<&'t str>,
    mut held: Vec<Held<'t>>,
    peers: &[Peer],
    lives: &[Option<Live<'_, 't>>],
) -> (Vec<Held<'t>>, Vec<Held<'t>>) {
    own(device, vrf, &mut held);
    let choice = Choice { peers, lives };
    // Stable: of paths that nothing tells apart, the one that came first stays.
    held.sort_by_key(|route| route.prefix);
    let mut chosen = Vec::new();
    for paths in held.chunk_by_mut(|a, b| a.prefix == b.prefix) {
        if let Some(best) = choice.among(paths) {
            chosen.extend(paths.get(best).cloned());
            if let Some(better) = paths.get_mut(..=best) {
                better.rotate_right(1);
            }
        }
    }
    (chosen, held)
}

/// Adds the routes that the device puts into BGP itself, or that its export policies find in the table.
fn own<'t>(device: &DeviceFacts<'t>, vrf: Option<&'t str>, held: &mut Vec<Held<'t>>) {
    let vrfs = Vrfs::of(&device.device);
    let learned: Vec<Prefix> = held.iter().map(|route| route.prefix).collect();
    let all = match device.behaviour.compares_own_routes {
        true => originate_all(&vrfs, &device.lists),
        false => device.originated_in(vrf).to_vec(),
    };
    for route in all.iter().filter(|route| route.vrf == vrf && stands(route, &learned)) {
        if route.source == OriginSource::Aggregate {
            suppress(device, vrf, route.prefix, held);
        }
        let mut known = local();
        let incomplete = matches!(route.source, OriginSource::Static | OriginSource::Connected);
        known.origin = Some(if incomplete { OriginCode::Incomplete } else { OriginCode::Igp });
        if route.source == OriginSource::Aggregate {
            known.med = device.behaviour.network_med;
        }
        held.push(made_here(device, route, known));
    }
    if device.behaviour.details.aggregates_worst_origin {
        worsen(device, held);
    }
    for instance in instances(device, vrf) {
        for candidate in candidates(&vrfs, &device.lists, instance) {
            let certain = candidate.route.certainty == Certainty::Certain
                || candidate.route.source != OriginSource::Aggregate
                || learned.iter().any(|one| contributes(candidate.route.prefix, *one));
            if certain {
                held.push(made_here(device, &candidate.route, candidate.known));
            }
        }
    }
}

/// What BGP is told in a VRF.
fn instances<'d, 't>(
    device: &'d DeviceFacts<'t>,
    vrf: Option<&'d str>,
) -> impl Iterator<Item = &'d BgpInstance<'t>> {
    let all = device.device.bgp.iter().flat_map(|process| &process.instances);
    all.filter(move |instance| instance.vrf == vrf)
}

/// Whether a route that the device may make is there: for certain, or because a peer sent a part of it.
fn stands(route: &Originated<'_>, learned: &[Prefix]) -> bool {
    match (route.certainty, route.source) {
        (Certainty::Certain, _) => true,
        (_, OriginSource::Aggregate) => learned.iter().any(|one| contributes(route.prefix, *one)),
        (_, OriginSource::Network) => learned.contains(&route.prefix),
        _ => false,
    }
}

/// Gives aggregates the worst ORIGIN of their parts.
fn worsen(device: &DeviceFacts<'_>, held: &mut [Held<'_>]) {
    let worst = |aggregate: &Held<'_>| {
        let parts = held.iter().filter(|route| is_part(device, aggregate.prefix, route));
        parts.map(Held::origin).max()
    };
    let found: Vec<(usize, Option<OriginCode>)> = held
        .iter()
        .enumerate()
        .filter(|(_, route)| route.is_aggregate)
        .map(|(place, aggregate)| (place, worst(aggregate)))
        .collect();
    for (place, worst) in found {
        if let Some(route) = held.get_mut(place) {
            route.known.origin = worst.or(route.known.origin);
        }
    }
}

/// Whether a route is a part of an aggregate.
fn is_part(device: &DeviceFacts<'_>, aggregate: Prefix, route: &Held<'_>) -> bool {
    let apart = device.behaviour.details.aggregates_stand_apart && route.is_aggregate;
    contributes(aggregate, route.prefix) && !apart
}

fn contributes(aggregate: Prefix, part: Prefix) -> bool {
    part != aggregate && aggregate.contains(&part)
}

/// Marks the parts that an aggregate keeps from being sent.
fn suppress<'t>(
    device: &DeviceFacts<'t>,
    vrf: Option<&str>,
    prefix: Prefix,
    held: &mut [Held<'t>],
) {
    let mut aggregates = instances(device, vrf).flat_map(|one| &one.aggregates);
    if aggregates.any(|one| one.prefix == prefix && one.summary_only) {
        let parts = held.iter_mut().filter(|route| is_part(device, prefix, route));
        parts.for_each(|route| route.suppressed = true);
    }
}

/// Whether an aggregate keeps a route that a peer sent from being sent on.
pub(super) fn keeps_back(device: &DeviceFacts<'_>, vrf: Option<&str>, part: Prefix) -> bool {
    let mut aggregates = instances(device, vrf).flat_map(|one| &one.aggregates);
    aggregates.any(|one| one.summary_only && contributes(one.prefix, part))
}

/// The route to a prefix as the device itself makes it.
pub(super) fn made<'t>(
    device: &DeviceFacts<'t>,
    vrf: Option<&'t str>,
    prefix: Prefix,
) -> Option<Held<'t>> {
    let (own, _) = choose(device, vrf, Vec::new(), &[], &[]);
    own.into_iter().find(|route| route.prefix == prefix)
}

fn made_here<'t>(device: &DeviceFacts<'t>, route: &Originated<'t>, known: Known<'t>) -> Held<'t> {
    let behaviour = device.behaviour;
    let preference = route.attributes.local_preference.or(known.local_preference);
    let default = instances(device, route.vrf)
        .map(|instance| default_preference(behaviour, instance))
        .find(|preference| *preference != behaviour.default_local_preference)
        .unwrap_or(behaviour.default_local_preference);
    let mut attributes = route.attributes.clone();
    // What a policy prepended where the route was made is part of its path from then on.
    let prepended = std::mem::take(&mut attributes.lists.prepend);
    let known = match behaviour.details.own_routes_are_plain {
        true => Known {
            next_hop: made_next_hop(route, known.next_hop),
            // An aggregate has none of its own (measured).
            local_preference: match route.source {
                OriginSource::Aggregate => preference,
                _ => Some(preference.unwrap_or(default)),
            },
            tag: attributes.tag.or(Some(0)),
            ..known
        },
        false => known,
    };
    Held {
        prefix: route.prefix,
        known: Known { path: Some(AsPath::of_numbers(prepended)), ..known },
        attributes,
        local_preference: preference.unwrap_or(default),
        preference_is_set: preference.is_some(),
        weight: route.attributes.weight.unwrap_or(behaviour.local_weight),
        // Subnets and static routes go before paths of BGP.
        distance: behaviour.path_distance.map(|_| 0),
        others: Vec::new(),
        from: None,
        suppressed: route.suppressed_by.is_some(),
        is_aggregate: route.source == OriginSource::Aggregate,
        certain: route.certainty == Certainty::Certain && route.understood,
    }
}

/// What paths are compared with.
struct Choice<'c, 'n, 't> {
    peers: &'c [Peer],
    lives: &'c [Option<Live<'n, 't>>],
}

impl<'n, 't> Choice<'_, 'n, 't> {
    /// Place of the best of some paths to one prefix.
    fn among(&self, paths: &[Held<'t>]) -> Option<usize> {
        let mut paths = paths.iter().enumerate();
        let first = paths.next()?;
        let best = paths.fold(first, |best, path| match self.compare(best.1, path.1) {
            Ordering::Greater => path,
            Ordering::Less | Ordering::Equal => best,
        });
        Some(best.0)
    }

    /// `Less` where `a` is better.
    fn compare(&self, a: &Held<'t>, b: &Held<'t>) -> Ordering {
        let first = |path: &Held<'t>| {
            let preference = Reverse(path.local_preference);
            (path.distance, Reverse(path.weight), preference, path.from.is_some())
        };
        let then = |path: &Held<'t>| (self.path_length(path), path.origin());
        let last = |path: &Held<'t>| (self.is_inside(path), self.compares_age(path));
        first(a)
            .cmp(&first(b))
            .then_with(|| then(a).cmp(&then(b)))
            .then_with(|| self.compare_med(a, b))
            .then_with(|| last(a).cmp(&last(b)))
            .then_with(|| self.identity(a).cmp(&self.identity(b)))
    }

    fn live(&self, path: &Held<'t>) -> Option<&Live<'n, 't>> {
        path.from.and_then(|from| self.lives.get(from)).and_then(Option::as_ref)
    }

    fn path_length(&self, path: &Held<'t>) -> usize {
        let ignores = self.live(path).and_then(|live| live.instance.ignores_as_path_length);
        if ignores.is_some_and(|fact| fact.value) { 0 } else { path.path().length() }
    }

    /// MEDs are compared between paths from one neighboring AS, unless a statement says otherwise; none
    /// counts as the lowest.
    fn compare_med(&self, a: &Held<'t>, b: &Held<'t>) -> Ordering {
        let switches = self.live(a).map(|live| live.instance.tuning.best_path);
        let on = |fact: Option<edgelint_model::Fact<bool>>| fact.is_some_and(|fact| fact.value);
        let always = switches.is_some_and(|path| on(path.always_compare_med));
        let worst = switches.is_some_and(|path| on(path.missing_med_is_worst));
        let same = a.path().first() == b.path().first();
        let med = |path: &Held<'t>| path.med().unwrap_or(if worst { u32::MAX } else { 0 });
        if always || same { med(a).cmp(&med(b)) } else { Ordering::Equal }
    }

    /// Paths from outside the AS go before those from inside.
    fn is_inside(&self, path: &Held<'t>) -> bool {
        self.live(path).is_some_and(|live| !live.is_ebgp())
    }

    /// The place in the order of arrival, where the oldest path from outside stays the best; nothing where
    /// router ids are compared instead.
    fn compares_age(&self, path: &Held<'t>) -> Option<usize> {
        let live = self.live(path)?;
        let by_id = live.instance.tuning.best_path.compares_router_id;
        (live.is_ebgp() && !by_id.is_some_and(|fact| fact.value)).then_some(path.from?)
    }

    /// Router id and address of the peer: lower ones first.
    fn identity(&self, path: &Held<'t>) -> Option<(IpAddr, IpAddr)> {
        let peer = self.peers.get(path.from?)?;
        let id = peer.router_id.map_or(peer.address, IpAddr::V4);
        Some((id, peer.address))
    }
}
