//! Contests: routes that a session and a competitor of it both accept, and who wins them.
//!
//! Classes of accepted routes are compared in the order in which a router decides: distance and
//! weight, where both sessions end on one router, then local preference (RFC 4271, section 9.1.1). What follows (length of
//! the AS path, MED, age) depends on the routes themselves; a tie here is no preference.

use edgelint_model::Direction;
use edgelint_prefix::{Family, PrefixSet};

use crate::network::{Network, SessionId};
use crate::preference::PreferenceClass;
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
    /// The contests that a session does not win in a family, competitor by competitor.
    pub fn contests<'n>(
        &'n self,
        session: &'n Session<'t>,
        family: &'n SessionFamily<'t>,
    ) -> Vec<Contest<'n, 't>> {
        let Some(routes) = family.routes else { return Vec::new() };
        let mut contests = Vec::new();
        let out = self.interior(session, routes, Direction::Out);
        let back = self.interior(session, routes, Direction::In);
        for rival in self.competitors(session.id) {
            let competitor = self.session(rival.session);
            if !competes(session, competitor) {
                continue;
            }
            let Some(other) = competitor.live_family(routes) else { continue };
            let mut raised = None;
            if competitor.device != session.device {
                let into = self.interior(competitor, routes, Direction::In);
                let from = self.interior(competitor, routes, Direction::Out);
                let meet = (out.passes && into.passes) || (from.passes && back.passes);
                if !meet {
                    continue;
                }
                raised = out.local_preference.max(into.local_preference);
            }
            for ours in &family.preferences[..] {
                for theirs in &other.preferences[..] {
                    let Some(defeat) = self.defeat((session, ours), (competitor, theirs)) else {
                        continue;
                    };
                    // The competitor's own router prefers the circuit and offers nothing against it.
                    if raised.is_some() && raised > theirs.effective_local_preference {
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

    /// How the first of two classes of routes fails to win; `None` where it wins, or where a local
    /// preference is not known.
    fn defeat(
        &self,
        (session, ours): (&Session<'t>, &PreferenceClass<'t>),
        (competitor, theirs): (&Session<'t>, &PreferenceClass<'t>),
    ) -> Option<Defeat> {
        let our_preference = ours.effective_local_preference?;
        let their_preference = theirs.effective_local_preference?;
        let by_preference = match our_preference.cmp(&their_preference) {
            std::cmp::Ordering::Less => Some(Defeat::Lost),
            std::cmp::Ordering::Equal => Some(Defeat::Tied),
            std::cmp::Ordering::Greater => None,
        };
        if session.device != competitor.device {
            return by_preference;
        }
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
    fn interior(&self, session: &Session<'t>, routes: Family, direction: Direction) -> Interior {
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
struct Interior {
    passes: bool,
    local_preference: Option<u32>,
}

/// Whether routes of one kind can come from both: virtual networks are reached over private peering and
/// VPN, public services over public peering and the internet.
fn competes(session: &Session<'_>, competitor: &Session<'_>) -> bool {
    match (session.role.peering(), competitor.role) {
        (Some(Peering::Private | Peering::Transit), role) => role == Role::VpnBackup,
        (Some(_), Role::Internet) => true,
        (Some(Peering::Unknown), Role::VpnBackup) => true,
        _ => false,
    }
}
