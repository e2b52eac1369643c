//! What several edges have in common: announced prefixes across circuits, translated addresses.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_prefix::{AddressSet, Family, Prefix, PrefixSet, shared_addresses, shared_prefixes};

use crate::nat::{Edge, EdgeUse, NatShared, NatUse};
use crate::network::{CircuitId, Network, SessionId};
use crate::session::{Peering, Session};

/// A circuit's part in a [`SharedAnnouncement`].
#[derive(Clone, Debug)]
pub struct SharedMember {
    /// The circuit.
    pub circuit: CircuitId,
    /// Its sessions that announce all or part of the prefixes, in order.
    pub sessions: Vec<SessionId>,
    /// What of the shared prefixes is *known* to be announced; the rest only may be.
    pub known: PrefixSet,
}

/// Prefixes that several circuits of one cloud, peering and family announce or may announce.
#[derive(Clone, Debug)]
pub struct SharedAnnouncement {
    /// The cloud.
    pub provider: &'static str,
    /// The peering.
    pub peering: Peering,
    /// The family.
    pub family: Family,
    /// The VRF that the circuits share, on private peerings; on public ones VRFs do not count, because
    /// the other end sees one table.
    pub vrf: Option<String>,
    /// The prefixes: known on at least one of the circuits, at least possible on all of them.
    pub prefixes: PrefixSet,
    /// The circuits, at least two, sorted by id.
    pub members: Vec<SharedMember>,
}

/// What is compared with each other: cloud, peering, family, and the VRF where it matters.
type World<'s> = (&'static str, Peering, Family, Option<&'s str>);

/// A circuit's announcements in one world.
#[derive(Default)]
struct Sent {
    known: PrefixSet,
    possible: PrefixSet,
    sessions: Vec<(SessionId, PrefixSet)>,
}

impl<'t> Network<'t> {
    /// Prefixes that leave over more than one circuit of a cloud, by the circuits that share them: one
    /// item for all that exactly these circuits have in common. Default routes are left out.
    pub fn shared_announcements(&self) -> Vec<SharedAnnouncement> {
        let mut worlds: BTreeMap<World<'_>, BTreeMap<CircuitId, Sent>> = BTreeMap::new();
        for session in &self.sessions {
            let (Some(circuit), Some(peering)) = (session.circuit, session.role.peering()) else {
                continue;
            };
            let Some(provider) = session.role.provider() else { continue };
            for family in session.live_families() {
                let Some(routes) = family.routes else { continue };
                let vrf = if peering.is_public() { None } else { Some(session.vrf_name()) };
                let circuits = worlds.entry((provider, peering, routes, vrf)).or_default();
                let sent = circuits.entry(circuit).or_default();
                let known = family.announcements.known.without_default();
                let possible = family.announcements.may.without_default().union(&known);
                sent.known = sent.known.union(&known);
                sent.possible = sent.possible.union(&possible);
                sent.sessions.push((session.id, possible));
            }
        }
        let mut found = Vec::new();
        for (world, circuits) in worlds {
            share(world, &circuits, &mut found);
        }
        found
    }

    /// Whether a route to `prefix` that goes out over `from` can come to the device of `to`, to go on from
    /// there: iBGP joins the two, and the device has no route of its own that its filters have already
    /// decided on.
    pub fn could_carry(&self, from: &Session<'t>, to: &Session<'t>, prefix: Prefix) -> bool {
        let own = self.device(to.device).originated_in(to.vrf);
        let decided = own.binary_search_by_key(&prefix, |one| one.prefix).is_ok();
        !decided && (from.device == to.device || self.joined(from, to))
    }

    /// Addresses that inside sources are translated to on the internet edge and on the edge of a circuit
    /// with public peering, anywhere in the network. VRFs are not looked at: a rule that serves
    /// both edges is there with itself.
    pub fn nat_shared(&self) -> Vec<NatShared> {
        let mut sides: Vec<(usize, bool, &AddressSet)> = Vec::new();
        for (place, used) in self.nat.iter().enumerate().filter(|(_, used)| used.is_source()) {
            if used.edges.iter().any(|edge| edge.edge == Edge::Internet) {
                sides.push((place, true, &used.addresses));
            }
            if self.public_circuits(used).next().is_some() {
                sides.push((place, false, &used.addresses));
            }
        }
        let sets: Vec<&AddressSet> = sides.iter().map(|(_, _, set)| *set).collect();
        let mut found = Vec::new();
        for shared in shared_addresses(&sets) {
            let of = |internet: bool| -> Vec<usize> {
                let members = shared.members.iter().filter_map(|&member| sides.get(member));
                members.filter(|side| side.1 == internet).map(|side| side.0).collect()
            };
            let (internet, circuit) = (of(true), of(false));
            if internet.is_empty() || circuit.is_empty() {
                continue;
            }
            let uses = circuit.iter().filter_map(|&place| self.nat.get(place));
            let circuits: BTreeSet<CircuitId> =
                uses.flat_map(|used| self.public_circuits(used)).map(|(_, id)| id).collect();
            found.push(NatShared {
                addresses: shared.set,
                internet,
                circuit,
                circuits: circuits.into_iter().collect(),
            });
        }
        found
    }

    /// The edges of a rule that are circuits with public peering.
    pub fn public_circuits<'n>(
        &'n self,
        used: &'n NatUse<'t>,
    ) -> impl Iterator<Item = (&'n EdgeUse<'t>, CircuitId)> {
        used.edges.iter().filter_map(|edge| {
            let Edge::Circuit(circuit) = edge.edge else { return None };
            let mut peerings =
                edge.sessions.iter().filter_map(|&id| self.session(id).role.peering());
            peerings.any(Peering::is_public).then_some((edge, circuit))
        })
    }
}

fn share(
    (provider, peering, family, vrf): World<'_>,
    circuits: &BTreeMap<CircuitId, Sent>,
    found: &mut Vec<SharedAnnouncement>,
) {
    let entries: Vec<(CircuitId, &Sent)> = circuits.iter().map(|(id, sent)| (*id, sent)).collect();
    let sets: Vec<&PrefixSet> = entries.iter().map(|(_, sent)| &sent.possible).collect();
    for shared in shared_prefixes(&sets) {
        let members = shared.members.iter().filter_map(|&member| entries.get(member));
        let known = PrefixSet::union_of(members.clone().map(|(_, sent)| &sent.known));
        let prefixes = shared.set.intersection(&known);
        if prefixes.is_empty() {
            continue;
        }
        let member = |&(circuit, sent): &(CircuitId, &Sent)| SharedMember {
            circuit,
            sessions: sent
                .sessions
                .iter()
                .filter(|(_, possible)| possible.overlaps(&prefixes))
                .map(|(session, _)| *session)
                .collect(),
            known: sent.known.intersection(&prefixes),
        };
        let members = members.map(member).collect();
        let vrf = vrf.map(str::to_owned);
        found.push(SharedAnnouncement { provider, peering, family, vrf, prefixes, members });
    }
}
