//! Contests: routes that a session and a competitor of it both accept, and who wins them.
//!
//! Classes of accepted routes are compared in the order in which a router decides: distance and
//! weight, where both sessions end on one router, then local preference (RFC 4271, section 9.1.1). What follows (length of
//! the AS path, MED, age) depends on the routes themselves; a tie here is no preference.

use edgelint_model::Direction;
use edgelint_prefix::{Family, PrefixSet};

use crate::domain::{Competitor, is_rival};
use crate::leak::Crossing;
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
    /// How the competitor's routes come from another VRF, where they do.
    pub crossing: Option<&'n Crossing>,
}

impl<'n, 't> Contest<'n, 't> {
    /// The contest of two classes; none where no route may be in both. `joined`: whether iBGP is known to bring
    /// them together.
    fn of(
        competitor: SessionId,
        (ours, theirs): (&'n PreferenceClass<'t>, &'n PreferenceClass<'t>),
        defeat: Defeat,
        joined: bool,
    ) -> Option<Self> {
        let space = ours.space().intersection(theirs.space());
        let certain = ours.certain() && theirs.certain() && joined;
        (!space.is_empty()).then_some(Self {
            competitor,
            ours,
            theirs,
            space,
            defeat,
            certain,
            crossing: None,
        })
    }
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
        contests.extend(self.contests_across(session, family, routes));
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
        for other in others.filter(|other| is_rival(other) && other.vrf == session.vrf) {
            if other.id == session.id || !competes(session.role, other.role) {
                continue;
            }
            let rival = Competitor { session: other.id, same_device: true, certain: true };
            contests.extend(self.contests_with(rival, (session, family, routes), None));
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
        let ours = self.interiors(session, routes);
        for (group, owner, joined) in rivals.elsewhere(self, session) {
            let kind = &group.kind;
            if (kind.family, kind.vrf.as_deref()) != (routes, session.vrf)
                || !competes(session.role, kind.role)
            {
                continue;
            }
            let Some(raised) = raised(ours, [kind.into, kind.from]) else { continue };
            let their = kind.effective_local_preference;
            for ours in &family.preferences[..] {
                let defeat = defeat_elsewhere(ours.effective_local_preference, their, raised);
                let Some(defeat) = defeat.filter(|_| ours.space().overlaps(&group.space)) else {
                    continue;
                };
                contests.extend(group.without(owner).find_map(|member| {
                    let other = self.session(member.session).live_family(routes)?;
                    let theirs = other.preferences.get(member.class)?;
                    Contest::of(member.session, (ours, theirs), defeat, joined)
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
            let theirs = self.session(rival.session);
            let raised = match rival.same_device {
                true => None,
                false => {
                    let [from, into] = self.interiors(theirs, routes);
                    let ours = self.interiors(session, routes);
                    let Some(raised) = raised(ours, [into, from]) else { continue };
                    raised
                }
            };
            contests.extend(self.contests_with(rival, (session, family, routes), raised));
        }
        contests
    }

    /// The contests with one competitor, class by class.
    fn contests_with<'n>(
        &'n self,
        rival: Competitor,
        (session, family, routes): (&'n Session<'t>, &'n SessionFamily<'t>, Family),
        raised: Option<u32>,
    ) -> Vec<Contest<'n, 't>> {
        let mut contests = Vec::new();
        let Some(other) = self.session(rival.session).live_family(routes) else { return contests };
        for ours in &family.preferences[..] {
            for theirs in &other.preferences[..] {
                let defeat = match rival.same_device {
                    true => self.defeat_here(session, ours, theirs),
                    false => defeat_elsewhere(
                        ours.effective_local_preference,
                        theirs.effective_local_preference,
                        raised,
                    ),
                };
                let Some(defeat) = defeat else { continue };
                contests.extend(Contest::of(rival.session, (ours, theirs), defeat, rival.certain));
            }
        }
        contests
    }

    /// The contests with competitors whose routes come from another VRF into the session's table. Weight does not
    /// go with them, so that local preference decides.
    fn contests_across<'n>(
        &'n self,
        session: &'n Session<'t>,
        family: &'n SessionFamily<'t>,
        routes: Family,
    ) -> Vec<Contest<'n, 't>> {
        let all = self.crossed_rivals.get_or_init(|| self.crossed_rivals());
        let mut contests = Vec::new();
        for rival in all.get(&(session.id, routes)).into_iter().flatten() {
            let other = self.session(rival.competitor);
            let Some(other_family) = other.live_family(routes) else { continue };
            if !competes(session.role, other.role) {
                continue;
            }
            for ours in &family.preferences[..] {
                let both = ours.effective_local_preference.zip(rival.local_preference);
                let Some(defeat) = both.and_then(|(our, their)| by_preference(our, their)) else {
                    continue;
                };
                let space = ours.space().intersection(&rival.space);
                let theirs =
                    other_family.preferences.iter().find(|one| one.space().overlaps(&space));
                if let Some(theirs) = theirs {
                    let (competitor, certain) = (rival.competitor, false);
                    let crossing = Some(&rival.crossing);
                    contests.push(Contest {
                        competitor,
                        ours,
                        theirs,
                        space,
                        defeat,
                        certain,
                        crossing,
                    });
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

    /// What iBGP does on a session's device with routes that leave for other devices, and with those that come.
    fn interiors(&self, session: &Session<'t>, routes: Family) -> [Interior; 2] {
        [Direction::Out, Direction::In].map(|direction| self.interior(session, routes, direction))
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

/// The highest local preference that iBGP sets on routes between two devices; none where neither's come to
/// the other. Of ours is known what goes out and comes back, of theirs what comes in and goes out.
fn raised([out, back]: [Interior; 2], [into, from]: [Interior; 2]) -> Option<Option<u32>> {
    let meet = (out.passes && into.passes) || (from.passes && back.passes);
    meet.then(|| out.local_preference.max(into.local_preference))
}

/// How routes fail to win against those of another device.
fn defeat_elsewhere(ours: Option<u32>, theirs: Option<u32>, raised: Option<u32>) -> Option<Defeat> {
    // The competitor's own router may prefer the circuit and offer nothing against it.
    if raised.is_some() && raised > theirs {
        return None;
    }
    by_preference(ours?, theirs?)
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
