//! Remedies: a change for sessions, sorted by the devices that have to be told.

use std::collections::BTreeMap;

use edgelint_model::{
    Arithmetic, Change, Clause, Condition, Fact, Filter, Match, ObjectKind, Peer, Policy, Remedy,
    SetAction, Step, Verdict,
};
use edgelint_prefix::Family;
use edgelint_source::Span;

use crate::network::{DeviceId, Network, SessionId};
use crate::session::Session;

impl<'t> Network<'t> {
    /// What each device has to be told, so that a change holds for all of the sessions in a family. Sessions that
    /// do not carry the family are left out. Nothing, where a device holds a family of the session outside of what the
    /// model can address.
    pub fn remedies(
        &self,
        sessions: &[SessionId],
        family: Family,
        change: &Change,
    ) -> Vec<(DeviceId, Remedy)> {
        let mut peers: BTreeMap<DeviceId, Vec<Peer>> = BTreeMap::new();
        for session in sessions.iter().map(|id| self.session(*id)) {
            let Some(of_family) = session.live_family(family) else { continue };
            let (process, instance, neighbor) = session.place;
            let peer = Peer { process, instance, neighbor, family: of_family.index };
            peers.entry(session.device).or_default().push(peer);
        }
        let told = peers.into_iter().map(|(device, mut peers)| {
            peers.sort_unstable();
            peers.dedup();
            (device, Remedy { peers, change: change.clone() })
        });
        told.collect()
    }

    /// The local preferences that a session's inbound policy would have if it were that of another session: the
    /// clauses that set a lower one or none, each with the value. `None` where the policies do not ask the same
    /// questions in the same order, of lists with the same names.
    pub fn preferences_like(
        &self,
        model: &Session<'t>,
        session: &Session<'t>,
        family: Family,
    ) -> Option<Vec<(Span, u32)>> {
        let theirs = self.inbound_policy(model, family)?;
        let ours = self.inbound_policy(session, family)?;
        if theirs.clauses.len() != ours.clauses.len() {
            return None;
        }
        let mut found = Vec::new();
        for (one, other) in theirs.clauses.iter().zip(&ours.clauses) {
            let same = one.label == other.label && one.verdict == other.verdict;
            if !same || !same_question(&one.condition, &other.condition) {
                return None;
            }
            let (wanted, known) = (preference(one)?, preference(other)?);
            if one.verdict == Some(Verdict::Permit)
                && let Some(wanted) = wanted
                && known < Some(wanted)
            {
                found.push((other.at, wanted));
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// The one policy that decides what a session accepts.
    fn inbound_policy(&self, session: &Session<'t>, family: Family) -> Option<&Policy<'t>> {
        let is_policy = |filter: &&Filter<'_>| filter.kind == ObjectKind::Policy;
        let mut filters = session.live_family(family)?.import_filters.iter().filter(is_policy);
        let (filter, None) = (filters.next()?, filters.next()) else { return None };
        let mut policies = self.device(session.device).device.policies.iter();
        policies.find(|policy| policy.name == filter.name.value)
    }
}

/// The local preference that a clause sets; `None` where it calculates one or calls others.
fn preference(clause: &Clause<'_>) -> Option<Option<u32>> {
    let mut known = None;
    for step in &clause.steps {
        match step {
            Step::Set(set) => match set.value {
                SetAction::LocalPreference(Arithmetic::Set(value)) => known = Some(value),
                SetAction::LocalPreference(_) | SetAction::Unknown => return None,
                _ => {}
            },
            Step::Call(_) | Step::Branch(_) => return None,
            Step::Pass(_) | Step::End(_) => {}
        }
    }
    Some(known)
}

/// Whether two conditions ask the same, of lists with the same names.
fn same_question(one: &Condition<'_>, other: &Condition<'_>) -> bool {
    let all = |some: &[Condition<'_>], others: &[Condition<'_>]| {
        some.len() == others.len() && some.iter().zip(others).all(|(a, b)| same_question(a, b))
    };
    match (one, other) {
        (Condition::Always, Condition::Always) => true,
        (Condition::Match(one), Condition::Match(other)) => same_match(&one.value, &other.value),
        (Condition::All(some), Condition::All(others))
        | (Condition::Any(some), Condition::Any(others)) => all(some, others),
        (Condition::Not(one), Condition::Not(other)) => same_question(one, other),
        _ => false,
    }
}

fn same_match(one: &Match<'_>, other: &Match<'_>) -> bool {
    let names = |some: &[Fact<&str>], others: &[Fact<&str>]| {
        some.iter().map(|name| name.value).eq(others.iter().map(|name| name.value))
    };
    match (one, other) {
        (Match::PrefixLists(one), Match::PrefixLists(other))
        | (Match::Ipv6PrefixLists(one), Match::Ipv6PrefixLists(other))
        | (Match::AsPathLists(one), Match::AsPathLists(other))
        | (Match::LargeCommunityLists(one), Match::LargeCommunityLists(other)) => names(one, other),
        (
            Match::CommunityLists { lists: one, exact },
            Match::CommunityLists { lists: other, exact: as_exact },
        ) => exact == as_exact && names(one, other),
        // What holds places is never equal; what does not, is as it stands.
        _ => one == other,
    }
}
