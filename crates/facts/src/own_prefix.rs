//! Public prefixes and the circuits that have them for themselves.
//!
//! Answers come back by the circuit that announces the address they go to. So as many circuits can be told
//! apart as there are prefixes among them; a circuit that only stands in for another, which it
//! shows by prepending or by its rank, shares that one's prefixes and needs none.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_prefix::{Family, Prefix};

use crate::domain::leader;
use crate::network::{CircuitId, Network};

/// Circuits with public peering that have fewer prefixes among them than they are.
#[derive(Clone, Debug)]
pub struct CrowdedPrefixes {
    /// The cloud.
    pub provider: &'static str,
    /// The circuits that should each have a prefix, sorted.
    pub circuits: Vec<CircuitId>,
    /// The prefixes that they and those that stand in for them announce, sorted.
    pub prefixes: Vec<Prefix>,
    /// Whether the filters let nothing else pass, so that these are all.
    pub exact: bool,
}

/// What a circuit announces on public peering: prefixes with the fewest numbers prepended on a link.
#[derive(Default)]
struct Sent {
    prepends: BTreeMap<Prefix, usize>,
    exact: bool,
}

impl Network<'_> {
    /// Groups of circuits joined by public prefixes they announce alike, where the prefixes are fewer
    /// than the circuits.
    pub fn crowded_prefixes(&self) -> Vec<CrowdedPrefixes> {
        let mut worlds: BTreeMap<(&'static str, Family), BTreeMap<CircuitId, Sent>> =
            BTreeMap::new();
        for session in &self.sessions {
            let (Some(circuit), Some(provider)) = (session.circuit, session.role.provider()) else {
                continue;
            };
            if !session.role.peering().is_some_and(|peering| peering.is_public()) {
                continue;
            }
            for family in session.live_families() {
                let Some(routes) = family.routes else { continue };
                let circuits = worlds.entry((provider, routes)).or_default();
                let fresh = Sent { exact: true, ..Sent::default() };
                let sent = circuits.entry(circuit).or_insert(fresh);
                let announced = &family.announcements;
                let public = |prefix: &Prefix| {
                    !prefix.is_default() && !self.description.not_public().contains(prefix)
                };
                for route in announced.routes.iter().filter(|route| public(&route.prefix)) {
                    let count = route.prepend.len();
                    let fewest = sent.prepends.entry(route.prefix).or_insert(count);
                    *fewest = count.min(*fewest);
                }
                sent.exact &= announced.exact && announced.may.is_subset(&announced.known);
            }
        }
        let groups = |((provider, _), circuits)| self.crowds(provider, &circuits);
        worlds.into_iter().flat_map(groups).collect()
    }

    fn crowds(
        &self,
        provider: &'static str,
        circuits: &BTreeMap<CircuitId, Sent>,
    ) -> Vec<CrowdedPrefixes> {
        let members: Vec<(CircuitId, &Sent)> =
            circuits.iter().map(|(id, sent)| (*id, sent)).collect();
        let mut holders: BTreeMap<Prefix, Vec<usize>> = BTreeMap::new();
        for (place, (_, sent)) in members.iter().enumerate() {
            sent.prepends.keys().for_each(|prefix| holders.entry(*prefix).or_default().push(place));
        }
        let mut leaders: Vec<usize> = (0..members.len()).collect();
        for same in holders.values() {
            for (a, b) in same.iter().zip(same.iter().skip(1)) {
                let (a, b) = (leader(&mut leaders, *a), leader(&mut leaders, *b));
                leaders[a.max(b)] = a.min(b);
            }
        }
        let mut groups: BTreeMap<usize, CrowdedPrefixes> = BTreeMap::new();
        for (place, (id, sent)) in members.iter().enumerate() {
            let group = groups.entry(leader(&mut leaders, place)).or_insert(CrowdedPrefixes {
                provider,
                circuits: Vec::new(),
                prefixes: Vec::new(),
                exact: true,
            });
            group.exact &= sent.exact;
            group.prefixes.extend(sent.prepends.keys());
            if !sent.prepends.is_empty() && !self.stands_in((*id, sent), &members, &holders) {
                group.circuits.push(*id);
            }
        }
        let mut groups: Vec<CrowdedPrefixes> = groups.into_values().collect();
        for group in &mut groups {
            let distinct: BTreeSet<Prefix> = group.prefixes.drain(..).collect();
            group.prefixes.extend(distinct);
        }
        groups.retain(|group| group.prefixes.len() < group.circuits.len());
        groups
    }

    /// Whether a circuit only stands in for others: each prefix is announced better elsewhere.
    fn stands_in(
        &self,
        (id, sent): (CircuitId, &Sent),
        members: &[(CircuitId, &Sent)],
        holders: &BTreeMap<Prefix, Vec<usize>>,
    ) -> bool {
        let better = |prefix: &Prefix, own: usize| {
            let others = holders.get(prefix).into_iter().flatten();
            others.filter_map(|place| members.get(*place)).take(MOST_COMPARED).any(
                |(other, theirs)| {
                    let fewer = theirs.prepends.get(prefix).is_some_and(|count| *count < own);
                    let ranks = (self.rank(*other), self.rank(id));
                    *other != id
                        && (fewer || matches!(ranks, (Some(theirs), Some(own)) if theirs < own))
                },
            )
        };
        sent.prepends.iter().all(|(prefix, own)| better(prefix, *own))
    }
}

/// As many circuits are compared for one prefix; with more of them alike the finding is the same.
const MOST_COMPARED: usize = 64;
