//! Remedies that several rules bring: what the devices of sessions are to be told, where that follows from
//! what is known. What needs a decision or a value of the owner's stays advice in words.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::vocabulary::{Change, RouteSource};
use edgelint_facts::{
    CircuitId, Network, Peering, Role, Session, SessionFamily, SessionId, SharedAnnouncement,
};
use edgelint_prefix::{Family, Prefix, PrefixSet};

use crate::findings::Draft;

/// Longer lists are written with other tools than a terminal.
const MOST_ENTRIES: usize = 64;

/// Sessions are not sent these prefixes any more. Where nothing filters, what is left is said: a filter that
/// refuses a little and lets the rest pass is no filter.
pub(crate) fn withhold(
    network: &Network<'_>,
    sessions: &[SessionId],
    refused: &PrefixSet,
    draft: &mut Draft,
) {
    let mut families = sessions.iter().flat_map(|id| network.session(*id).live_families());
    if families.any(|family| family.export_filters.is_empty()) {
        return send_only_known(network, sessions, refused, draft);
    }
    for family in [Family::Ipv4, Family::Ipv6] {
        let mut ranges = refused.ranges();
        ranges.retain(|range| range.prefix.family() == family);
        if !ranges.is_empty() && ranges.len() <= MOST_ENTRIES {
            draft.remedy(network, (sessions, family), &Change::Withhold(ranges));
        }
    }
}

/// The set of some prefixes.
pub(crate) fn set_of(prefixes: &[Prefix]) -> PrefixSet {
    let own: Vec<PrefixSet> = prefixes.iter().copied().map(PrefixSet::from_prefix).collect();
    PrefixSet::union_of(&own)
}

/// Sessions are sent only what is known to be announced to them and meant to be: neither what is in `except`, nor
/// a default route, nor, to public services and the internet, what is not public.
pub(crate) fn send_only_known(
    network: &Network<'_>,
    sessions: &[SessionId],
    except: &PrefixSet,
    draft: &mut Draft,
) {
    for family in [Family::Ipv4, Family::Ipv6] {
        let of_family = || {
            let sessions = sessions.iter().map(|id| network.session(*id));
            sessions.filter_map(move |session| Some((session, session.live_family(family)?)))
        };
        if of_family().next().is_none() {
            continue;
        }
        let known = PrefixSet::union_of(of_family().map(|(_, one)| &one.announcements.known));
        let mut meant = known.difference(except).without_default();
        let private = of_family()
            .any(|(session, _)| session.role.peering().is_some_and(|peering| !peering.is_public()));
        if !private {
            meant = meant.difference(network.description.not_public());
        }
        let ranges = meant.ranges();
        if ranges.is_empty() || MOST_ENTRIES < ranges.len() {
            // Filters for one family alone would look like the whole remedy.
            draft.remedies.clear();
            return;
        }
        draft.remedy(network, (sessions, family), &Change::SendOnly(ranges));
    }
    if sessions.iter().any(|id| gets_others(network, network.session(*id))) {
        draft.decision(
            "the commands let out what this device brings itself: add what it has from other routers of yours and is meant to go",
        );
    }
}

/// Whether routes of the enterprise may come to a device from other routers: over iBGP, or by an interior protocol.
fn gets_others(network: &Network<'_>, session: &Session<'_>) -> bool {
    let mut others = network.sessions_of(session.device).iter();
    let interior = |source: &RouteSource| matches!(source, RouteSource::Igp | RouteSource::Other);
    let mut redistributed = network.instance(session).redistributions.iter();
    redistributed.any(|one| interior(&one.source))
        || others.any(|one| {
            one.role == Role::Internal
                && one.vrf == session.vrf
                && one.live_families().next().is_some()
        })
}

/// The peering's sessions of a session's circuit; itself, where it has none.
pub(crate) fn links(network: &Network<'_>, session: &Session<'_>) -> Vec<SessionId> {
    match (session.circuit, session.role.peering()) {
        (Some(circuit), Some(peering)) => network.circuit(circuit).sessions(peering).collect(),
        _ => vec![session.id],
    }
}

/// How circuits are preferred today, and how they should be.
pub(crate) struct Ranks {
    /// For a cloud, a peering and a family: ranks in order, each with the lowest local preference among the circuits
    /// that rank so or better.
    lowest: BTreeMap<World, Vec<(u32, u32)>>,
    /// The local preferences of all circuits, in order.
    known: BTreeMap<World, Vec<u32>>,
}

/// What circuits are alike in that may stand for each other: cloud, peering and family.
type World = (&'static str, Peering, Family);

impl Ranks {
    /// Those of a network.
    pub(crate) fn of(network: &Network<'_>) -> Self {
        let mut lowest: BTreeMap<World, Vec<(u32, u32)>> = BTreeMap::new();
        let mut known: BTreeMap<World, Vec<u32>> = BTreeMap::new();
        for session in &network.sessions {
            let rank = session.circuit.and_then(|circuit| network.rank(circuit));
            let (Some(provider), Some(peering)) = (session.role.provider(), session.role.peering())
            else {
                continue;
            };
            for family in session.live_families() {
                let values = family.preferences.iter();
                let value = values.filter_map(|class| class.effective_local_preference).min();
                let (Some(routes), Some(value)) = (family.routes, value) else { continue };
                let world = (provider, peering, routes);
                known.entry(world).or_default().push(value);
                if let Some(rank) = rank {
                    lowest.entry(world).or_default().push((rank, value));
                }
            }
        }
        for ranks in lowest.values_mut() {
            ranks.sort_unstable();
            let mut least = u32::MAX;
            for (_, value) in ranks {
                least = least.min(*value);
                *value = least;
            }
        }
        known.values_mut().for_each(|values| {
            values.sort_unstable();
            values.dedup();
        });
        Self { lowest, known }
    }

    /// What a circuit must stay below: circuits that are described as better, and those that are preferred to it
    /// today.
    fn ceiling(&self, network: &Network<'_>, links: &[SessionId], family: Family) -> Option<u32> {
        let session = network.session(*links.first()?);
        let world = (session.role.provider()?, session.role.peering()?, family);
        let rank = session.circuit.and_then(|circuit| network.rank(circuit));
        let described = rank.zip(self.lowest.get(&world)).and_then(|(rank, ranks)| {
            let better = ranks.partition_point(|(other, _)| *other < rank);
            ranks.get(better.checked_sub(1)?).map(|(_, value)| *value)
        });
        let families = links.iter().filter_map(|id| network.session(*id).live_family(family));
        let values = families.flat_map(|family| family.preferences.iter());
        let today = values.filter_map(|class| class.effective_local_preference).max();
        let preferred = today.zip(self.known.get(&world)).and_then(|(today, known)| {
            known.get(known.partition_point(|value| *value <= today)).copied()
        });
        described.into_iter().chain(preferred).min()
    }
}

/// All links of a session's circuit prefer its routes to those of every competitor, alike.
pub(crate) fn prefer(
    network: &Network<'_>,
    (session, family): (&Session<'_>, Family),
    ranks: &Ranks,
    draft: &mut Draft,
) {
    let links = links(network, session);
    let mut highest = 0;
    let (mut winners, mut losers): (Vec<Live<'_, '_>>, Vec<Live<'_, '_>>) =
        (Vec::new(), Vec::new());
    for link in links.iter().map(|id| network.session(*id)) {
        let Some(of_family) = link.live_family(family) else { continue };
        let contests = network.contests(link, of_family);
        for contest in &contests {
            let theirs = contest.theirs;
            let Some(value) = theirs.effective_local_preference else { return };
            // What is compared before the local preference, no local preference outdoes.
            let before = theirs.weight.is_some_and(|weight| contest.ours.weight < Some(weight));
            if before || theirs.distance.is_some() {
                return;
            }
            highest = highest.max(value);
        }
        let side = if contests.is_empty() { &mut winners } else { &mut losers };
        side.push((link, of_family));
    }
    let change = match winners.first().filter(|_| values(&winners).all(|value| highest < value)) {
        Some(model) => alike(network, *model, &losers, family),
        // What a link prefers among its own routes stays preferred.
        None => {
            let ahead = values(&losers).filter(|value| highest < *value);
            let ceiling = ranks.ceiling(network, &links, family).into_iter().chain(ahead).min();
            above(highest, ceiling).map(|value| Change::Prefer { value, above: highest })
        }
    };
    if let Some(change) = change {
        draft.remedy(network, (&links, family), &change);
    }
}

/// A link in a family.
type Live<'n, 't> = (&'n Session<'t>, &'n SessionFamily<'t>);

/// The local preferences that links give their routes, where they are known.
fn values<'l>(links: &'l [Live<'_, '_>]) -> impl Iterator<Item = u32> + 'l {
    let classes = links.iter().flat_map(|(_, family)| family.preferences.iter());
    classes.filter_map(|class| class.effective_local_preference)
}

/// A link that wins is the model of those that lose: with one preference for all its routes, or with one for each
/// clause.
fn alike<'t>(
    network: &Network<'t>,
    model: Live<'_, 't>,
    losers: &[Live<'_, 't>],
    family: Family,
) -> Option<Change> {
    let known = model.1.preferences.iter().map(|class| class.effective_local_preference);
    let known: BTreeSet<u32> = known.collect::<Option<_>>()?;
    if let (Some(value), 1) = (known.first(), known.len()) {
        return Some(Change::Prefer { value: *value, above: value.checked_sub(1)? });
    }
    let mut at = BTreeMap::new();
    for (link, _) in losers {
        at.extend(network.preferences_like(model.0, link, family)?);
    }
    Some(Change::PreferAt(at.into_iter().collect()))
}

/// A round value above one and below another.
fn above(value: u32, ceiling: Option<u32>) -> Option<u32> {
    let round = (value / 100).checked_add(1)?.checked_mul(100)?;
    match ceiling {
        Some(ceiling) if ceiling <= round => {
            let room = ceiling.checked_sub(value).filter(|room| 1 < *room)?;
            Some(value + room / 2)
        }
        _ => Some(round),
    }
}

/// As many times the own AS number is put in front of what a standby sends.
const PREPENDS: u32 = 3;

/// The cloud takes these circuits last: the own AS number stands more often in front of what they send.
pub(crate) fn prepend(
    network: &Network<'_>,
    (circuits, peering, family): (&[CircuitId], Peering, Family),
    draft: &mut Draft,
) -> Option<()> {
    let mut by_number: BTreeMap<u32, Vec<SessionId>> = BTreeMap::new();
    for id in circuits.iter().flat_map(|id| network.circuit(*id).sessions(peering)) {
        let number = network.session(id).local_as?;
        // Clouds take private numbers out of what public peerings send.
        if peering.is_public() && !network.description.is_registered_as(number) {
            return None;
        }
        by_number.entry(number).or_default().push(id);
    }
    for (as_number, sessions) in by_number {
        let change = Change::Prepend { as_number, times: PREPENDS };
        draft.remedy(network, (&sessions, family), &change);
    }
    Some(())
}

/// Circuits that share with several others: which of them stands by for which takes more than a command.
pub(crate) fn crowded(all: &[SharedAnnouncement]) -> BTreeSet<CircuitId> {
    let mut partners: BTreeMap<CircuitId, Option<CircuitId>> = BTreeMap::new();
    let mut crowded = BTreeSet::new();
    for shared in all {
        for member in &shared.members {
            let partner = match &shared.members[..] {
                [one, other] => {
                    Some(if one.circuit == member.circuit { other } else { one }.circuit)
                }
                _ => None,
            };
            let known = *partners.entry(member.circuit).or_insert(partner);
            if partner.is_none() || known != partner {
                crowded.insert(member.circuit);
            }
        }
    }
    crowded
}

/// Of two circuits that are used alike one stands by for the other: the cloud takes it last, and so do we. The
/// description says which; else it is the second by name, and the owner has to agree.
pub(crate) fn stand_by(
    network: &Network<'_>,
    (one, other): (CircuitId, CircuitId),
    (peering, family): (Peering, Family),
    draft: &mut Draft,
) {
    let (first, standby) = match (network.rank(one), network.rank(other)) {
        (Some(rank), Some(better)) if better < rank => (other, one),
        (Some(rank), Some(worse)) if rank < worse => (one, other),
        _ => (one, other),
    };
    let highest = |circuit: CircuitId| {
        let links = network.circuit(circuit).sessions(peering);
        let families = links.filter_map(|id| network.session(id).live_family(family));
        let values = families.flat_map(|family| family.preferences.iter());
        values.filter_map(|class| class.effective_local_preference).max()
    };
    if prepend(network, (&[standby], peering, family), draft).is_none() {
        return;
    }
    let told = |circuit| network.rank(circuit);
    if told(one).is_none() || told(other).is_none() || told(one) == told(other) {
        let name = &network.circuit(standby).name;
        draft.decision(format!(
            "the commands make {name} the standby; it may as well be the other one"
        ));
    }
    let Some(beaten) = highest(standby) else { return };
    if let Some(value) = above(beaten, None) {
        let links: Vec<SessionId> = network.circuit(first).sessions(peering).collect();
        draft.remedy(network, (&links, family), &Change::Prefer { value, above: beaten });
    }
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn values_are_round_and_stay_below_better_circuits() {
        assert_eq!(above(100, None), Some(200));
        assert_eq!(above(150, None), Some(200));
        assert_eq!(above(200, None), Some(300));
        assert_eq!(above(100, Some(200)), Some(150));
        assert_eq!(above(100, Some(300)), Some(200));
        assert_eq!(above(100, Some(101)), None);
        assert_eq!(above(100, Some(100)), None);
        assert_eq!(above(u32::MAX, None), None);
    }
}
