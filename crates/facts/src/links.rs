//! Links: where one link of a circuit is preferred to another of the same circuit.
//!
//! Both links of a circuit are meant to carry traffic. The cloud drains a link for maintenance by a
//! longer AS path (Azure, "Planned maintenance"), and whatever is compared before the path pins traffic
//! to the link that is being drained.

use std::collections::BTreeMap;

use edgelint_model::NextHop;
use edgelint_prefix::{Prefix, PrefixSet};
use edgelint_source::Span;

use crate::lean::{Liking, Measure};
use crate::network::{CircuitId, Network, SessionId};
use crate::preference::PreferenceClass;
use crate::session::{Session, SessionFamily};
use crate::world::{World, worlds};

/// Two links of a circuit, and how the first of them is preferred.
#[derive(Clone, Debug)]
pub struct LinkPreference<'n, 't> {
    /// The circuit.
    pub circuit: CircuitId,
    /// The session of the preferred link.
    pub preferred: SessionId,
    /// The session of the other.
    pub other: SessionId,
    /// By what.
    pub by: PreferredBy<'n, 't>,
}

/// What makes one link preferred to another.
#[derive(Clone, Debug)]
pub enum PreferredBy<'n, 't> {
    /// A class of accepted routes on each, and the prefixes that both accept.
    Class {
        /// What is compared.
        measure: Measure,
        /// On the preferred link.
        better: &'n PreferenceClass<'t>,
        /// On the other.
        worse: &'n PreferenceClass<'t>,
        /// The prefixes.
        space: PrefixSet,
        /// Whether both classes were understood.
        certain: bool,
    },
    /// Static routes that lead over the preferred link alone: prefixes with their statements.
    Static(Vec<(Prefix, Span)>),
    /// Prefixes that the other end is told with fewer AS numbers in front: the prefix, the count on the
    /// preferred link and the count on the other.
    Prepends(Vec<(Prefix, usize, usize)>),
}

/// Host routes and link subnets are no destinations that anybody prefers.
const LONGEST_DESTINATION: u8 = 29;

impl<'t> Network<'t> {
    /// For every circuit, peering and family the preferences among its links: at most one by what
    /// is accepted, one by static routes, one by what is announced.
    pub fn link_preferences(&self) -> Vec<LinkPreference<'_, 't>> {
        let mut found = Vec::new();
        for world in worlds(self) {
            for (&circuit, members) in &world.circuits {
                if members.len() < 2 {
                    continue;
                }
                found.extend(self.by_class(circuit, members));
                found.extend(self.by_static(&world, circuit, members));
                found.extend(by_prepends(circuit, members));
            }
        }
        found
    }

    fn by_class<'n>(
        &'n self,
        circuit: CircuitId,
        members: &[(&'n Session<'t>, &'n SessionFamily<'t>)],
    ) -> Option<LinkPreference<'n, 't>> {
        let ((first, family), others) = members.split_first()?;
        let mut found: Option<LinkPreference<'n, 't>> = None;
        for (second, other) in others.iter().filter(|(one, _)| one.vrf == first.vrf) {
            let usual =
                |one: &Session<'t>| self.device(one.device).behaviour.path_distance.unwrap_or(0);
            let one_router = first.device == second.device;
            for (one, two) in pairs(&family.preferences, &other.preferences) {
                let (a, b) = (Liking::of(one, usual(first)), Liking::of(two, usual(second)));
                let Some((measure, order)) = a.differs(&b, one_router) else { continue };
                let space = one.space().intersection(two.space());
                let (preferred, other, better, worse) = match order {
                    std::cmp::Ordering::Less => (second.id, first.id, two, one),
                    _ => (first.id, second.id, one, two),
                };
                let certain = one.certain() && two.certain() && a.is_plain() && b.is_plain();
                let by = PreferredBy::Class { measure, better, worse, space, certain };
                // What is certain, and what is set rather than left, tells most.
                let rank = |one: &LinkPreference<'n, 't>| match &one.by {
                    PreferredBy::Class { certain, measure, worse, .. } => {
                        Some((*certain, !worse.is_unset(), *measure))
                    }
                    _ => None,
                };
                let next = LinkPreference { circuit, preferred, other, by };
                if found.as_ref().is_none_or(|known| rank(known) < rank(&next)) {
                    found = Some(next);
                }
            }
        }
        found
    }

    fn by_static<'n>(
        &'n self,
        world: &World<'n, 't>,
        circuit: CircuitId,
        members: &[(&'n Session<'t>, &'n SessionFamily<'t>)],
    ) -> Option<LinkPreference<'n, 't>> {
        // A route over a link: its distance, the session, the statement.
        let mut ways: BTreeMap<Prefix, Vec<(u32, SessionId, Span)>> = BTreeMap::new();
        for (session, _) in members {
            let interface = self.interface(session).map(|one| one.name);
            let over = |hop: &NextHop<'t>| match hop {
                NextHop::Address(address) => session.address() == Some(*address),
                NextHop::Interface(name, _) => {
                    interface.is_some_and(|own| own.eq_ignore_ascii_case(name))
                }
                NextHop::Discard | NextHop::Table(_) => false,
            };
            let routes = self.device(session.device).device.static_routes.iter();
            for route in routes.filter(|one| one.vrf == session.vrf && over(&one.next_hop)) {
                let prefix = route.prefix;
                if prefix.family() == world.family && prefix.length() <= LONGEST_DESTINATION {
                    let distance = route.distance.unwrap_or(USUAL_DISTANCE);
                    ways.entry(prefix).or_default().push((distance, session.id, route.at));
                }
            }
        }
        let all: Vec<SessionId> = members.iter().map(|(session, _)| session.id).collect();
        let mut found: BTreeMap<(SessionId, SessionId), Vec<(Prefix, Span)>> = BTreeMap::new();
        for (prefix, ways) in ways {
            let Some(least) = ways.iter().map(|way| way.0).min() else { continue };
            let best: Vec<_> = ways.iter().filter(|way| way.0 == least).collect();
            let without = all.iter().find(|id| best.iter().all(|way| way.1 != **id));
            if let (Some(other), Some(way)) = (without, best.first()) {
                found.entry((way.1, *other)).or_default().push((prefix, way.2));
            }
        }
        let ((preferred, other), routes) = found.into_iter().next()?;
        Some(LinkPreference { circuit, preferred, other, by: PreferredBy::Static(routes) })
    }
}

/// The distance of a static route that says none: no other route of its device says less.
const USUAL_DISTANCE: u32 = 1;

/// All pairs of classes.
fn pairs<'n, 't>(
    ones: &'n [PreferenceClass<'t>],
    twos: &'n [PreferenceClass<'t>],
) -> impl Iterator<Item = (&'n PreferenceClass<'t>, &'n PreferenceClass<'t>)> {
    ones.iter().flat_map(move |one| twos.iter().map(move |two| (one, two)))
}

fn by_prepends<'n, 't>(
    circuit: CircuitId,
    members: &[(&'n Session<'t>, &'n SessionFamily<'t>)],
) -> Option<LinkPreference<'n, 't>> {
    let ((first, family), others) = members.split_first()?;
    for (second, other) in others {
        let (mut here, mut there) = (Vec::new(), Vec::new());
        for route in &family.announcements.routes {
            let Some(twin) = other.announcements.route(&route.prefix) else { continue };
            let (one, two) = (route.prepend.len(), twin.prepend.len());
            match one.cmp(&two) {
                std::cmp::Ordering::Less => here.push((route.prefix, one, two)),
                std::cmp::Ordering::Greater => there.push((route.prefix, two, one)),
                std::cmp::Ordering::Equal => {}
            }
        }
        // A link that is nearer for some prefixes and farther for others shares the load.
        match (here.is_empty(), there.is_empty()) {
            (false, true) => {
                let by = PreferredBy::Prepends(here);
                return Some(LinkPreference { circuit, preferred: first.id, other: second.id, by });
            }
            (true, false) => {
                let by = PreferredBy::Prepends(there);
                return Some(LinkPreference { circuit, preferred: second.id, other: first.id, by });
            }
            _ => {}
        }
    }
    None
}
