//! Leaks: routes that are accepted from one neighbor and that filters let through to another (RFC 7908).
//!
//! The classes that an inbound policy accepts go through the outbound policy of the other session, with the
//! communities and attributes that they were given on entry: a tag set there stops them here. Between
//! two devices iBGP is followed both ways, and may lose the tag. Between VRFs, leaks and route targets are
//! followed. Sessions that share their policies are looked at once.
//!
//! A filter that lists blocks says whose they are: what a neighbor could send of exactly these blocks, if it
//! sent them, is no leak. One is told where the neighbor's own filter lists them, too, or where more gets
//! through than any enterprise owns.

mod passage;
mod source;
mod tables;

use std::collections::BTreeMap;
use std::sync::Arc;

use edgelint_prefix::{Family, Prefix, PrefixSet};
use edgelint_source::Span;

use crate::domain::is_rival;
use crate::leak::passage::Passage;
pub use crate::leak::source::Meeting;
use crate::leak::source::{Arrival, Origins};
pub use crate::leak::tables::Crossing;
use crate::mark::{self, Mark};
use crate::network::{CircuitId, DeviceId, Network, SessionId};
use crate::session::{Peering, Role, Session, SessionFamily};

/// Between which kinds of neighbors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeakKind {
    /// From the internet to a cloud.
    InternetToCircuit,
    /// From a cloud to the internet.
    CircuitToInternet,
    /// From one cloud circuit to another, or to the same by another peering.
    CircuitToCircuit,
}

impl LeakKind {
    fn is_source<'t>(self, network: &Network<'t>, session: &Session<'t>) -> bool {
        session.is_ebgp
            && match self {
                Self::InternetToCircuit => network.is_internet(session),
                Self::CircuitToInternet => session.role.is_cloud(),
                Self::CircuitToCircuit => is_known_cloud(session.role),
            }
    }

    fn is_target<'t>(self, network: &Network<'t>, session: &Session<'t>) -> bool {
        session.is_ebgp
            && match self {
                Self::CircuitToInternet => network.is_internet(session),
                Self::InternetToCircuit => session.role.is_cloud(),
                Self::CircuitToCircuit => is_known_cloud(session.role),
            }
    }
}

/// Whose routes are looked for, and where they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Those that leak.
    Leak(LeakKind),
    /// Those that compete with what circuits bring, where circuits end.
    Rivals,
}

impl Wanted {
    fn is_source<'t>(self, network: &Network<'t>, session: &Session<'t>) -> bool {
        match self {
            Self::Leak(kind) => kind.is_source(network, session),
            Self::Rivals => is_rival(session),
        }
    }

    fn is_target<'t>(self, network: &Network<'t>, session: &Session<'t>) -> bool {
        match self {
            Self::Leak(kind) => kind.is_target(network, session),
            Self::Rivals => session.role.is_cloud(),
        }
    }
}

/// Routes of a competitor that come from the table of another VRF into that of a circuit's session.
#[derive(Clone, Debug)]
pub(crate) struct CrossedRival {
    pub(crate) competitor: SessionId,
    pub(crate) space: PrefixSet,
    pub(crate) local_preference: Option<u32>,
    pub(crate) crossing: Crossing,
}

/// Competitors from other VRFs, by the session of a circuit and the family.
pub(crate) type CrossedRivals = BTreeMap<(SessionId, Family), Vec<CrossedRival>>;

/// Routes that leave by sessions by which they should not.
#[derive(Clone, Debug)]
pub struct Leak {
    /// The sessions on which they are accepted, in order.
    pub from: Vec<SessionId>,
    /// The sessions by which they leave, all of one device and policy, in order.
    pub to: Vec<SessionId>,
    /// Their family.
    pub family: Family,
    /// Their prefixes, without the default route and without prefixes that the device originates itself.
    pub space: PrefixSet,
    /// One of them.
    pub witness: Prefix,
    /// Whether they are more than any enterprise owns; else filters on both ends list them.
    pub is_wide: bool,
    /// Whether everything on the way was understood.
    pub certain: bool,
    /// Whether they come over iBGP from another device: from which session to which, where both are known.
    pub interior: Option<Meeting>,
    /// Whether they come from the table of another VRF, and how.
    pub crossing: Option<Crossing>,
    /// Whether the neighbor cannot see its own AS number in their path any more.
    pub hides_path: bool,
    /// The lines that accept the witness on the first of the sessions.
    pub inbound: Lines,
    /// The lines that let it out.
    pub outbound: Lines,
}

/// The lines on a route's way through filters.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Each with what it did, in order.
    pub all: Vec<(Span, String)>,
    /// The one that decided; none where there are no filters.
    pub decision: Option<Span>,
}

impl Lines {
    fn of(trail: &[Mark<'_>]) -> Self {
        let all = trail.iter().map(|mark| (mark.at, mark.note.to_string())).collect();
        Self { all, decision: mark::decision(trail) }
    }
}

/// Sessions of one device to which the same goes out.
struct Target<'n, 't> {
    sessions: Vec<SessionId>,
    session: &'n Session<'t>,
    family: &'n SessionFamily<'t>,
    routes: Family,
}

/// What targets have in common: device, VRF, family, policy, AS, and the circuit where that matters.
type TargetKey<'t> = (DeviceId, Option<&'t str>, Family, usize, Option<u32>, Option<Place>);
/// Which circuit and peering.
type Place = (Option<CircuitId>, Option<Peering>);

impl<'t> Network<'t> {
    /// The leaks of a kind, in the order of the sessions by which they leave.
    pub fn leaks(&self, kind: LeakKind) -> &[Leak] {
        let known = match kind {
            LeakKind::InternetToCircuit => &self.leaks[0],
            LeakKind::CircuitToInternet => &self.leaks[1],
            LeakKind::CircuitToCircuit => &self.leaks[2],
        };
        known.get_or_init(|| self.find_leaks(kind))
    }

    fn find_leaks(&self, kind: LeakKind) -> Vec<Leak> {
        let targets = self.targets(kind);
        let mut origins = Origins::new(self, Wanted::Leak(kind));
        let mut found = Vec::new();
        for target in &targets {
            let (session, routes) = (target.session, target.routes);
            let local = origins.on_device(session.device, session.vrf, routes);
            let leak = self.leak(kind, target, &local);
            let leak = leak.or_else(|| {
                let others = origins.over_vrfs(session, routes);
                self.leak(kind, target, &others)
            });
            found.extend(leak.or_else(|| {
                let remote = origins.over_ibgp(session, routes);
                self.leak(kind, target, &remote)
            }));
        }
        found
    }

    /// Competitors whose routes come from other VRFs to where circuits end.
    pub(crate) fn crossed_rivals(&self) -> CrossedRivals {
        let mut origins = Origins::new(self, Wanted::Rivals);
        let mut all = CrossedRivals::new();
        for session in self.sessions.iter().filter(|one| one.role.is_cloud() && !one.shutdown) {
            let facts = self.device(session.device);
            if facts.device.vrfs.is_empty() && facts.device.leaks.is_empty() {
                continue;
            }
            for routes in session.live_families().filter_map(|family| family.routes) {
                for arrival in origins.over_vrfs(session, routes) {
                    let (Some(competitor), Some(crossing)) =
                        (arrival.sources.first().copied(), arrival.crossing)
                    else {
                        continue;
                    };
                    let local_preference = arrival.attributes.local_preference;
                    let space = arrival.space;
                    let rival = CrossedRival { competitor, space, local_preference, crossing };
                    all.entry((session.id, routes)).or_default().push(rival);
                }
            }
        }
        all
    }

    /// The sessions to which routes of a kind should not go, those that share a policy together.
    fn targets(&self, kind: LeakKind) -> Vec<Target<'_, 't>> {
        let mut places: BTreeMap<TargetKey<'t>, usize> = BTreeMap::new();
        let mut targets: Vec<Target<'_, 't>> = Vec::new();
        for session in self.sessions.iter().filter(|one| kind.is_target(self, one)) {
            for family in session.live_families().filter(|one| !one.export.may.is_empty()) {
                let Some(routes) = family.routes else { continue };
                let policy = Arc::as_ptr(&family.export).addr();
                let circuit = (kind == LeakKind::CircuitToCircuit).then(|| place(session));
                let remote = session.remote_as;
                let key = (session.device, session.vrf, routes, policy, remote, circuit);
                let at = *places.entry(key).or_insert(targets.len());
                match targets.get_mut(at) {
                    Some(target) => target.sessions.push(session.id),
                    None => {
                        targets.push(Target {
                            sessions: vec![session.id],
                            session,
                            family,
                            routes,
                        });
                    }
                }
            }
        }
        targets
    }

    /// What of some routes passes to one target, as one finding would tell it.
    fn leak(
        &self,
        kind: LeakKind,
        target: &Target<'_, 't>,
        arrivals: &[Arrival<'_, 't>],
    ) -> Option<Leak> {
        let fits = |arrival: &&Arrival<'_, 't>| {
            kind != LeakKind::CircuitToCircuit || arrival.place() != place(target.session)
        };
        let passages: Vec<Passage<'_, 't>> =
            arrivals.iter().filter(fits).filter_map(|one| self.leaving(one, target)).collect();
        let space = PrefixSet::union_of(passages.iter().map(|one| &one.space));
        // What surely passes tells more than what only may.
        let best = passages.iter().max_by_key(|one| (one.certain, one.is_wide))?;
        let witness = best.witness()?;
        let mut from: Vec<SessionId> =
            passages.iter().flat_map(|one| one.arrival.sources.iter().copied()).collect();
        from.sort_unstable();
        from.dedup();
        let first = best.arrival.sources.first().copied();
        // The session whose lines are shown comes first.
        from.sort_by_key(|id| Some(*id) != first);
        Some(Leak {
            from,
            to: target.sessions.clone(),
            family: target.routes,
            is_wide: best.is_wide,
            certain: best.certain,
            interior: best.arrival.meeting.clone(),
            crossing: best.arrival.crossing.clone(),
            hides_path: passages.iter().any(|one| one.hides_path),
            inbound: Lines::of(&self.accepted(best.arrival, witness)),
            outbound: Lines::of(&self.let_out(best.arrival, target, witness)),
            space,
            witness,
        })
    }
}

/// Whether a role is that of a link to one of the clouds that are known: what else a circuit may be for, and
/// whether routes are meant to go through, only its owner knows.
fn is_known_cloud(role: Role) -> bool {
    role.is_cloud() && !matches!(role, Role::Generic(_))
}

/// The circuit and the peering of a session.
fn place(session: &Session<'_>) -> Place {
    (session.circuit, session.role.peering())
}
