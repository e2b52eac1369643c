//! Contests: routes that a session and a competitor of it both accept, and who wins them.
//!
//! Classes of accepted routes are compared in the order in which a router decides: distance and
//! weight, where both sessions end on one router, then local preference (RFC 4271, section 9.1.1). What follows (length of
//! the AS path, MED, age) depends on the routes themselves; a tie here is no preference.

use edgelint_model::Direction;
use edgelint_prefix::{Family, PrefixSet};

use crate::domain::is_rival;
use crate::network::{Network, SessionId};
use crate::preference::PreferenceClass;
use crate::rivals::Rivals;
use crate::session::{Peering, Role, Session, SessionFamily};

/// How a contest that is not won ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defeat {
    /// This router prefers the session by weight, but not by local preference, and it has iBGP neighbors
    /// that never see the weight.
    WeightOnly,
    /// Neither is preferred.
    Tied,
    /// The competitor is preferred.
    Lost,
}

/// Routes that a session does not win for certain.
#[derive(Clone, Debug)]
pub struct Contest<'n, 't> {
    /// The competitor.
    pub competitor: SessionId,
    /// How the session's routes are preferred.
    pub ours: &'n PreferenceClass<'t>,
    /// How the competitor's are.
    pub theirs: &'n PreferenceClass<'t>,
    /// The prefixes that both accept.
    pub space: PrefixSet,
    /// How it ends.
    pub defeat: Defeat,
    /// Whether both classes were understood, and iBGP is known to bring the routes together.
    pub certain: bool,
}

impl<'t> Network<'t> {
    /// The contests that a session does not win in a family, in the order of the competitors. Of competitors
    /// on other devices whose routes are preferred alike one stands for all: the last whose prefixes meet.
    pub fn contests<'n>(
        &'n self,
        session: &'n Session<'t>,
        family: &'n SessionFamily<'t>,
    ) -> Vec<Contest<'n, 't>> {
        let Some(routes) = family.routes else { return Vec::new() };
        let mut contests = self.contests_here(session, family, routes);
        contests.extend(self.contests_elsewhere(session, family, routes));
        contests.extend(self.contests_outranked(session, family, routes));
        contests.sort_by_key(|contest| contest.competitor);
        contests
    }

    /// The contests on the session's own device.
    fn contests_here<'n>(
        &'n self,
        session: &'n Session<'t>,
        family: &'n SessionFamily<'t>,
        routes: Family,
    ) -> Vec<Contest<'n, 't>> {
        let mut contests = Vec::new();
        let others = self.sessions_of(session.device).iter();
        for competitor in others.filter(|other| is_rival(other) && other.vrf == session.vrf) {
            if competitor.id == session.id || !competes(session.role, competitor.role) {
                continue;
            }
            let Some(other) = competitor.live_family(routes) else { continue };
            for ours in &family.preferences[..] {
                for theirs in &other.preferences[..] {
                    let Some(defeat) = self.defeat_here(session, ours, theirs) else { continue };
                    let space = ours.space().intersection(theirs.space());
                    if !space.is_empty() {
                        let certain = ours.certain() && theirs.certain();
                        let competitor = competitor.id;
                        contests.push(Contest { competitor, ours, theirs, space, defeat, certain });
                    }
                }
            }
        }
        contests
    }

    /// The contests with competitors on other devices.
    fn contests_elsewhere<'n>(
        &'n self,
        session: &'n Session<'t>,
        family: &'n SessionFamily<'t>,
        routes: Family,
    ) -> Vec<Contest<'n, 't>> {
        let mut contests = Vec::new();
        let rivals = self.rivals.get_or_init(|| Rivals::of(self));
        let out = self.interior(session, routes, Direction::Out);
        let back = self.interior(session, routes, Direction::In);
        for (group, owner, joined) in rivals.elsewhere(self, session) {
            let kind = &group.kind;
            if (kind.family, kind.vrf.as_deref()) != (routes, session.vrf)
                || !competes(session.role, kind.role)
            {
                continue;
            }
            if !((out.passes && kind.into.passes) || (kind.from.passes && back.passes)) {
                continue;
            }
            // The competitor's own router may prefer the circuit and offer nothing against it.
            let raised = out.local_preference.max(kind.into.local_preference);
            if raised.is_some() && raised > kind.effective_local_preference {
                continue;
            }
            for ours in &family.preferences[..] {
                let (our, their) =
                    (ours.effective_local_preference, kind.effective_local_preference);
                let defeat = our.zip(their).and_then(|(our, their)| by_preference(our, their));
                let Some(defeat) = defeat.filter(|_| ours.space().overlaps(&group.space)) else {
                    continue;
                };
                contests.extend(group.without(owner).find_map(|member| {
                    let other = self.session(member.session).live_family(routes)?;
                    let theirs = other.preferences.get(member.class)?;
                    let space = ours.space().intersection(theirs.space());
                    let certain = ours.certain() && theirs.certain() && joined;
                    let competitor = member.session;
                    let contest = Contest { competitor, ours, theirs, space, defeat, certain };
                    (!contest.space.is_empty()).then_some(contest)
                }));
            }
        }
        contests
    }

    /// The contests with circuits that are described to rank behind: few, so each is looked at.
    fn contests_outranked<'n>(
        &'n self,
        session: &'n Session<'t>,
        family: &'n SessionFamily<'t>,
        routes: Family,
    ) -> Vec<Contest<'n, 't>> {
        let mut contests = Vec::new();
        for rival in self.outranked(session) {
            let competitor = self.session(rival.session);
            let Some(other) = competitor.live_family(routes) else { continue };
            let mut raised = None;
            if !rival.same_device {
                let of = |session, direction| self.interior(session, routes, direction);
                let (out, back) = (of(session, Direction::Out), of(session, Direction::In));
                let (into, from) = (of(competitor, Direction::In), of(competitor, Direction::Out));
                if !((out.passes && into.passes) || (from.passes && back.passes)) {
                    continue;
                }
                raised = out.local_preference.max(into.local_preference);
            }
            for ours in &family.preferences[..] {
                for theirs in &other.preferences[..] {
                    let their = theirs.effective_local_preference;
                    let defeat = if rival.same_device {
                        self.defeat_here(session, ours, theirs)
                    } else {
                        let pair = ours.effective_local_preference.zip(their);
                        pair.and_then(|(our, their)| by_preference(our, their))
                    };
                    let Some(defeat) = defeat else { continue };
                    // The competitor's own router may prefer the circuit and offer nothing against it.
                    if raised.is_some() && raised > their {
                        continue;
                    }
                    let space = ours.space().intersection(theirs.space());
                    if !space.is_empty() {
                        let certain = ours.certain() && theirs.certain() && rival.certain;
                        let competitor = rival.session;
                        contests.push(Contest { competitor, ours, theirs, space, defeat, certain });
                    }
                }
            }
        }
        contests
    }

    /// How the first of two classes of routes on one device fails to win; `None` where it wins, or where a
    /// local preference is not known.
    fn defeat_here(
        &self,
        session: &Session<'t>,
        ours: &PreferenceClass<'t>,
        theirs: &PreferenceClass<'t>,
    ) -> Option<Defeat> {
        let by_preference =
            by_preference(ours.effective_local_preference?, theirs.effective_local_preference?);
        let usual = self.device(session.device).device.behaviour.path_distance.unwrap_or(0);
        let rank = |class: &PreferenceClass<'t>| {
            (std::cmp::Reverse(class.distance.unwrap_or(usual)), class.weight.unwrap_or(0))
        };
        match rank(ours).cmp(&rank(theirs)) {
            std::cmp::Ordering::Less => Some(Defeat::Lost),
            std::cmp::Ordering::Equal => by_preference,
            std::cmp::Ordering::Greater => by_preference
                .filter(|_| self.has_interior_neighbors(session))
                .map(|_| Defeat::WeightOnly),
        }
    }

    /// What the iBGP sessions of a session's device do in a direction, in its VRF.
    pub(crate) fn interior(
        &self,
        session: &Session<'t>,
        routes: Family,
        direction: Direction,
    ) -> Interior {
        let mut interior = Interior { passes: false, local_preference: None };
        let mut any = false;
        for other in self.sessions_of(session.device) {
            if other.is_ebgp || other.vrf != session.vrf {
                continue;
            }
            let Some(family) = other.live_family(routes) else { continue };
            any = true;
            let policy = match direction {
                Direction::In => &family.import,
                Direction::Out => &family.export,
            };
            for class in policy.permitted() {
                interior.passes |= !class.space.is_empty();
                let set = class.attributes.local_preference;
                interior.local_preference = interior.local_preference.max(set);
            }
        }
        // Without a session of its own in the run, nothing is known to stop routes.
        interior.passes |= !any;
        interior
    }

    /// Whether other routers learn from this one what it prefers.
    fn has_interior_neighbors(&self, session: &Session<'t>) -> bool {
        let mut sessions = self.sessions_of(session.device).iter();
        sessions.any(|other| !other.is_ebgp && !other.shutdown && other.vrf == session.vrf)
    }
}

/// What iBGP lets through, and the highest local preference it sets on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Interior {
    pub(crate) passes: bool,
    pub(crate) local_preference: Option<u32>,
}

/// How routes of one local preference fail to win against those of another.
fn by_preference(ours: u32, theirs: u32) -> Option<Defeat> {
    match ours.cmp(&theirs) {
        std::cmp::Ordering::Less => Some(Defeat::Lost),
        std::cmp::Ordering::Equal => Some(Defeat::Tied),
        std::cmp::Ordering::Greater => None,
    }
}

/// Whether routes of one kind can come from both: virtual networks are reached over private peering and
/// VPN, public services over public peering and the internet.
fn competes(session: Role, competitor: Role) -> bool {
    match (session.peering(), competitor) {
        (Some(Peering::Private | Peering::Transit), role) => role == Role::VpnBackup,
        (Some(_), Role::Internet) => true,
        (Some(Peering::Unknown), Role::VpnBackup) => true,
        _ => false,
    }
}
