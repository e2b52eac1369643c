//! iBGP domains: the devices among which routes and their local preference travel.
//!
//! An export shows one end of an iBGP session. Where the other end is in the run too, both are joined for
//! certain. Devices of one AS that have sessions to routers outside the run may be joined through
//! those, which is likely; a group of devices that has none is closed.

use std::collections::BTreeMap;

use edgelint_model::BgpProcess;

use crate::device::DeviceFacts;
use crate::network::{DeviceId, Network, SessionId};
use crate::owners::Owners;
use crate::session::{Role, Session};

/// Devices of one AS among which iBGP sessions stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Domain {
    /// The AS.
    pub(crate) local_as: u32,
    /// Its devices, ascending.
    pub(crate) devices: Vec<DeviceId>,
    /// Whether a session leads to a router that is not in the run.
    pub(crate) open: bool,
    /// Its sessions to the internet and to VPN gateways that are not shut down and no local breakouts,
    /// ascending.
    pub(crate) rivals: Vec<SessionId>,
}

/// A session whose routes compete with those of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Competitor {
    /// The session.
    pub(crate) session: SessionId,
    /// Whether it is on the same device: there weight is compared too.
    pub(crate) same_device: bool,
    /// Whether both are known to hear of each other's routes: on one device, or iBGP sessions that
    /// meet. Else it follows only from the AS.
    pub(crate) certain: bool,
}

/// A place where routes of a session are heard of. Two sessions are joined where they have one in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// On one device.
    Device(DeviceId),
    /// In an iBGP domain that is closed: its place.
    Domain(usize),
    /// In an AS, through routers that are not in the run.
    System(u32),
}

/// Finds the domains, and tells each iBGP session its other end.
pub(crate) fn find(
    devices: &[DeviceFacts<'_>],
    owners: &Owners,
    sessions: &mut [Session<'_>],
) -> Vec<Domain> {
    let meetings = meetings(owners, sessions, is_interior);
    for &(a, b) in &meetings {
        if let Some(session) = sessions.get_mut(a.0 as usize) {
            session.peer = Some(b);
        }
    }
    // Devices joined by sessions: each has the lowest device of its group as leader.
    let mut leaders: Vec<usize> = (0..devices.len()).collect();
    for session in sessions.iter() {
        let Some(peer) = session.peer.and_then(|peer| sessions.get(peer.0 as usize)) else {
            continue;
        };
        let a = leader(&mut leaders, session.device.0 as usize);
        let b = leader(&mut leaders, peer.device.0 as usize);
        if let Some(one) = leaders.get_mut(a.max(b)) {
            *one = a.min(b);
        }
    }
    let mut domains: BTreeMap<(u32, usize), Domain> = BTreeMap::new();
    for session in sessions.iter().filter(|session| is_interior(session)) {
        let device = devices.get(session.device.0 as usize);
        let Some(local_as) = device.and_then(|device| outer_as(device.process(session))) else {
            continue;
        };
        let key = (local_as, leader(&mut leaders, session.device.0 as usize));
        let domain = domains.entry(key).or_insert_with(|| Domain { local_as, ..Domain::default() });
        domain.open |= session.peer.is_none();
        if domain.devices.last() != Some(&session.device) {
            domain.devices.push(session.device);
        }
    }
    let keys: Vec<(u32, usize)> = domains.keys().copied().collect();
    let mut domains: Vec<Domain> = domains.into_values().collect();
    for session in sessions {
        let device = devices.get(session.device.0 as usize);
        let Some(own) = device.and_then(|device| outer_as(device.process(session))) else {
            continue;
        };
        let key = (own, leader(&mut leaders, session.device.0 as usize));
        session.domain = keys.binary_search(&key).ok();
        let domain = session.domain.and_then(|at| domains.get_mut(at));
        if let Some(domain) = domain.filter(|_| is_rival(session)) {
            domain.rivals.push(session.id);
        }
    }
    domains
}

/// The AS that others see: that of the confederation where there is one (RFC 5065), for local
/// preference is handed on between its members.
pub(crate) fn outer_as(process: &BgpProcess<'_>) -> Option<u32> {
    process.confederation.or(process.local_as).map(|number| number.value)
}

/// Whether a session's routes compete with those of circuits. A local breakout does not: its owner wants
/// both ways to be used, each for what it is for.
pub(crate) fn is_rival(session: &Session<'_>) -> bool {
    let rival = matches!(session.role, Role::Internet | Role::VpnBackup);
    rival && !session.breakout && !session.shutdown
}

fn is_interior(session: &Session<'_>) -> bool {
    !session.is_ebgp && !session.shutdown && session.remote_as.is_some()
}

/// The lowest device of a group; paths are halved on the way.
pub(crate) fn leader(leaders: &mut [usize], mut at: usize) -> usize {
    while let Some(&next) = leaders.get(at) {
        if next == at {
            break;
        }
        let over = leaders.get(next).copied().unwrap_or(next);
        if let Some(one) = leaders.get_mut(at) {
            *one = over;
        }
        at = over;
    }
    at
}

/// Devices with one address beyond which it tells nobody apart: a folder of many revisions of the same
/// export. Without the bound such a folder would cost the square of its size.
const MOST_OWNERS: usize = 8;

/// Pairs of sessions of which each names an address of the other's device, both ways round, among those
/// that `counts`.
pub(crate) fn meetings(
    owners: &Owners,
    sessions: &[Session<'_>],
    counts: fn(&Session<'_>) -> bool,
) -> Vec<(SessionId, SessionId)> {
    // (from, to) device pairs with the session that leads there.
    let mut ways: Vec<((DeviceId, DeviceId), SessionId)> = Vec::new();
    let mut others: Vec<DeviceId> = Vec::new();
    for session in sessions.iter().filter(|session| counts(session)) {
        let Some(address) = session.address() else { continue };
        others.clear();
        for (device, _) in owners.of_address(address) {
            // Its interfaces stand side by side.
            if others.last() != Some(&device) {
                others.push(device);
            }
            if MOST_OWNERS < others.len() {
                break;
            }
        }
        if others.len() <= MOST_OWNERS {
            let others = others.iter().filter(|owner| **owner != session.device);
            ways.extend(others.map(|owner| ((session.device, *owner), session.id)));
        }
    }
    ways.sort_unstable();
    let mut meetings = Vec::new();
    for &((from, to), session) in &ways {
        let start = ways.partition_point(|one| one.0 < (to, from));
        let back = ways.get(start..).unwrap_or_default();
        let of = |id: SessionId| sessions.get(id.0 as usize);
        let fits = |id: SessionId| match (of(session), of(id)) {
            (Some(a), Some(b)) => {
                (a.is_ebgp || a.vrf == b.vrf)
                    && a.remote_as == b.local_as
                    && b.remote_as == a.local_as
                    && a.address().map(|one| one.is_ipv4()) == b.address().map(|one| one.is_ipv4())
            }
            _ => false,
        };
        let mut back = back.iter().take_while(|one| one.0 == (to, from)).map(|one| one.1);
        meetings.extend(back.find(|&id| fits(id)).map(|id| (session, id)));
    }
    meetings
}

impl<'t> Network<'t> {
    /// Whether iBGP joins the devices of two sessions, for certain or likely.
    pub(crate) fn joined(&self, a: &Session<'t>, b: &Session<'t>) -> bool {
        let domain = |session: &Session<'t>| self.domains.get(session.domain?);
        let (Some(one), Some(other)) = (domain(a), domain(b)) else { return false };
        a.domain == b.domain || (one.local_as == other.local_as && one.open && other.open)
    }

    /// Where the routes of a session are heard of: on its device, and in its iBGP domain.
    pub fn reaches(&self, session: &Session<'t>) -> impl Iterator<Item = Reach> + use<'t> {
        let domain = session.domain.and_then(|at| Some((at, self.domains.get(at)?)));
        let domain = domain.map(|(at, domain)| match domain.open {
            true => Reach::System(domain.local_as),
            false => Reach::Domain(at),
        });
        std::iter::once(Reach::Device(session.device)).chain(domain)
    }

    /// Sessions of the circuits that are described to rank behind that of a session: of the same cloud and
    /// peering, in the same VRF, where routes of both meet.
    pub(crate) fn outranked(&self, session: &Session<'t>) -> Vec<Competitor> {
        let Some(own) = session.circuit.and_then(|circuit| self.rank(circuit)) else {
            return Vec::new();
        };
        let ranked = self.ranked.get_or_init(|| self.by_rank());
        let start = ranked.partition_point(|(rank, _)| *rank <= own);
        let behind = ranked.iter().skip(start).map(|(_, id)| self.session(*id));
        behind
            .filter(|other| {
                let same_device = other.device == session.device;
                !other.shutdown
                    && other.role == session.role
                    && other.vrf == session.vrf
                    && (same_device || self.joined(session, other))
            })
            .map(|other| {
                let same_device = other.device == session.device;
                let certain = same_device || other.domain == session.domain;
                Competitor { session: other.id, same_device, certain }
            })
            .collect()
    }

    /// The sessions of circuits that are described with a rank, by rank.
    fn by_rank(&self) -> Vec<(u32, SessionId)> {
        let ranked = self.circuits.iter().filter_map(|one| Some((self.rank(one.id)?, one)));
        let sessions = ranked
            .flat_map(|(rank, circuit)| circuit.links.iter().map(move |link| (rank, link.session)));
        let mut sessions: Vec<(u32, SessionId)> = sessions.collect();
        sessions.sort_unstable();
        sessions
    }

    /// The AS numbers of the enterprise: those of its devices, those they show to single neighbors, and
    /// those of the description. Sorted.
    pub fn own_as(&self) -> Vec<u32> {
        let processes = self.devices.iter().flat_map(|device| &device.device.bgp);
        let configured = processes.flat_map(|process| [process.local_as, process.confederation]);
        let configured = configured.flatten().map(|fact| fact.value);
        let shown = self.sessions.iter().filter_map(|session| session.local_as);
        let described = self.description.own_as.iter().copied();
        let mut own: Vec<u32> = configured.chain(shown).chain(described).collect();
        own.sort_unstable();
        own.dedup();
        own
    }
}
