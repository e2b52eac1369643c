//! The links of a circuit held against each other: what is sent, what policies let through, what is accepted, and
//! what makes a session fall.
//!
//! Both links lead to one place, and either has to carry everything when the other fails. What a link is meant
//! to do differently is left out: addresses that are translated to for one link only are announced there only.

use std::collections::BTreeMap;
use std::sync::Arc;

use edgelint_model::Direction;
use edgelint_prefix::{AddressSet, Family, Prefix, PrefixRange, PrefixSet};

use crate::announce::{Announced, Certainty};
use crate::circuit::Circuit;
use crate::compare::settings::{Setting, differing, of_link};
use crate::compare::{Compared, Side, compare_within};
use crate::network::{CircuitId, Network, SessionId};
use crate::session::{Peering, Session, SessionFamily};

/// A route that one link is known to be sent and the other is not.
#[derive(Clone, Copy, Debug)]
pub struct OneSided<'n, 't> {
    /// The side that is sent it: 0 or 1.
    pub side: usize,
    /// The route.
    pub route: &'n Announced<'t>,
    /// Whether both follow from the text.
    pub certain: bool,
}

/// Two links of a circuit in one family, and what sets them apart.
#[derive(Clone)]
pub struct LinkPair<'n, 't> {
    /// The links.
    pub sides: [Side<'n, 't>; 2],
    /// The family of the routes.
    pub family: Family,
    /// Routes that only one of them is sent, in the order of their prefixes.
    pub one_sided: Vec<OneSided<'n, 't>>,
    /// The link that is sent nothing although the other is: 0 or 1.
    pub silent: Option<usize>,
    /// Differences of what outbound policies let through.
    pub export: Compared<'t>,
    /// Differences of what inbound policies accept.
    pub import: Compared<'t>,
    /// Settings that differ.
    pub settings: Vec<[Setting; 2]>,
}

impl LinkPair<'_, '_> {
    /// Whether nothing sets the links apart.
    pub fn is_alike(&self) -> bool {
        self.one_sided.is_empty()
            && self.export.differences.is_empty()
            && self.import.differences.is_empty()
            && self.settings.is_empty()
    }
}

/// The pairs of links of every circuit, in the order of the circuits. A link that is shut down is no pair.
pub fn pairs<'n, 't>(network: &'n Network<'t>) -> Vec<(CircuitId, Vec<LinkPair<'n, 't>>)> {
    let translated = translated(network);
    let of = |circuit: &Circuit| (circuit.id, of_circuit(network, circuit, &translated));
    network.circuits.iter().map(of).collect()
}

/// Addresses that sources are translated to on their way to each session.
fn translated(network: &Network<'_>) -> BTreeMap<SessionId, AddressSet> {
    let mut translated: BTreeMap<SessionId, AddressSet> = BTreeMap::new();
    for used in network.nat.iter().filter(|used| used.is_source()) {
        for session in used.edges.iter().flat_map(|edge| &edge.sessions) {
            let all = translated.entry(*session).or_default();
            *all = all.union(&used.addresses);
        }
    }
    translated
}

fn of_circuit<'n, 't>(
    network: &'n Network<'t>,
    circuit: &Circuit,
    translated: &BTreeMap<SessionId, AddressSet>,
) -> Vec<LinkPair<'n, 't>> {
    type Live<'n, 't> = (&'n Session<'t>, &'n SessionFamily<'t>);
    let mut groups: BTreeMap<(Peering, Family), Vec<Live<'n, 't>>> = BTreeMap::new();
    for link in &circuit.links {
        let session = network.session(link.session);
        for family in session.live_families() {
            let Some(routes) = family.routes else { continue };
            groups.entry((link.peering, routes)).or_default().push((session, family));
        }
    }
    let mut found = Vec::new();
    for ((_, routes), links) in groups {
        let Some((first, others)) = links.split_first() else { continue };
        for other in others {
            let side =
                |&(session, family): &Live<'n, 't>| Side { network, session, family, texts: None };
            let own = own_addresses(translated, first.0.id, other.0.id);
            found.push(pair([side(first), side(other)], routes, &own));
        }
    }
    found
}

/// Addresses that are translated to on one of the links only.
fn own_addresses(
    translated: &BTreeMap<SessionId, AddressSet>,
    one: SessionId,
    other: SessionId,
) -> AddressSet {
    let none = AddressSet::default();
    let of = |id: SessionId| translated.get(&id).unwrap_or(&none);
    of(one).difference(of(other)).union(&of(other).difference(of(one)))
}

fn pair<'n, 't>(sides: [Side<'n, 't>; 2], family: Family, own: &AddressSet) -> LinkPair<'n, 't> {
    let is_own = |prefix: &Prefix| own.overlaps(&AddressSet::from_prefix(*prefix));
    let sent = |side: &Side<'n, 't>| side.family.announcements.routes.len();
    let mut one_sided = Vec::new();
    for (at, [from, to]) in [[&sides[0], &sides[1]], [&sides[1], &sides[0]]].iter().enumerate() {
        for route in &from.family.announcements.routes {
            if is_own(&route.prefix) {
                continue;
            }
            one_sided.extend(missing(from, to, route).map(|certain| OneSided {
                side: at,
                route,
                certain,
            }));
        }
    }
    one_sided.sort_by_key(|one| (one.route.prefix, one.side));
    let silent = match (sent(&sides[0]), sent(&sides[1])) {
        (0, 1..) => Some(0),
        (1.., 0) => Some(1),
        _ => None,
    };
    let silent = silent.filter(|&at| one_sided.iter().any(|one| one.side != at));
    let [one, two] = &sides;
    let same_device = one.session.device == two.session.device;
    let same = |a: bool| same_device && a;
    let export = if same(Arc::ptr_eq(&one.family.export, &two.family.export)) {
        Compared::none()
    } else {
        compare_within(&sides, Direction::Out, &around(own, &sides))
    };
    let import = if same(Arc::ptr_eq(&one.family.import, &two.family.import)) {
        Compared::none()
    } else {
        compare_within(&sides, Direction::In, &PrefixSet::default())
    };
    let settings = settings(&sides);
    LinkPair { sides, family, one_sided, silent, export, import, settings }
}

/// Prefixes that speak of addresses of one link: those inside, and announced ones around them.
fn around(own: &AddressSet, sides: &[Side<'_, '_>; 2]) -> PrefixSet {
    let inside = own.prefixes().into_iter().map(PrefixRange::or_longer);
    let announced = sides.iter().flat_map(|side| &side.family.announcements.routes);
    let announced = announced.map(|route| route.prefix);
    let announced = announced.filter(|prefix| own.overlaps(&AddressSet::from_prefix(*prefix)));
    inside.chain(announced.map(|prefix| prefix.range())).collect()
}

/// Whether the second link is known not to be sent a route that the first one is sent, and how sure that is.
fn missing(from: &Side<'_, '_>, to: &Side<'_, '_>, route: &Announced<'_>) -> Option<bool> {
    let prefix = &route.prefix;
    let there = &to.family.announcements;
    let device = to.network.device(to.session.device);
    if there.route(prefix).is_some() || !device.whole {
        return None;
    }
    if !to.family.export.may.contains(prefix) {
        let certain = route.certainty == Certainty::Certain && there.exact;
        return Some(certain);
    }
    // The policy would let it pass: is there anything that brings it?
    let brought = to.network.could_carry(from.session, to.session, *prefix)
        || learned(to, prefix)
        || !to.network.instance(to.session).redistributions.is_empty()
        || !device.device.igps.is_empty()
        || !to.session.understood;
    (!brought && route.certainty == Certainty::Certain).then_some(false)
}

/// Whether another session of the device may bring a route.
fn learned(side: &Side<'_, '_>, prefix: &Prefix) -> bool {
    let mut others = side.network.sessions_of(side.session.device).iter().filter(|other| {
        let elsewhere = other.circuit.is_none() || other.circuit != side.session.circuit;
        elsewhere && other.vrf == side.session.vrf
    });
    others.any(|other| {
        let family = other.live_family(prefix.family());
        family.is_some_and(|family| family.import.may.contains(prefix))
    })
}

/// No system read here waits less for a silent neighbor unless it is told to: hold time in seconds.
const SHORTEST_USUAL_HOLD: u32 = 90;

/// Settings that differ for certain.
fn settings(sides: &[Side<'_, '_>; 2]) -> Vec<[Setting; 2]> {
    let [one, two] = sides.map(|side| of_link(side.network, side.session));
    let understood = sides.map(|side| side.session.understood);
    let known = |pair: &[Setting; 2]| {
        let stated = pair.iter().zip(understood).all(|(one, sure)| sure || one.value.is_some());
        let usual = |text: &Option<String>| match text {
            None => true,
            Some(text) => {
                let hold = text.split(' ').next_back().and_then(|hold| hold.parse::<u32>().ok());
                hold.is_none_or(|hold| SHORTEST_USUAL_HOLD <= hold)
            }
        };
        // What a system does unasked is not compared with what another one is told.
        let unasked = pair[0].name == "timers"
            && pair.iter().any(|one| one.value.is_none())
            && pair.iter().all(|one| usual(&one.value));
        stated && !unasked
    };
    differing(one, two).into_iter().filter(known).collect()
}
