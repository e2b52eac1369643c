//! Longer prefixes on the way that stands by: the longest match is looked at before any preference.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use edgelint_model::{NextHop, StaticRoute};
use edgelint_prefix::Prefix;
use edgelint_source::Span;

use crate::domain::is_rival;
use crate::network::{Network, SessionId};
use crate::session::{Peering, Role, Session, SessionFamily};

/// Why a session stands by for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StandBy {
    /// It is a VPN to the same cloud.
    Vpn,
    /// The description of the estate ranks its circuit behind.
    Rank,
}

/// Prefixes that a session which stands by announces inside of what the preferred one announces.
#[derive(Clone, Debug)]
pub struct LongerBackup {
    /// The preferred session.
    pub primary: SessionId,
    /// The session that stands by.
    pub backup: SessionId,
    /// Why it does.
    pub why: StandBy,
    /// The longer prefixes, each with the one it is inside of, in order.
    pub prefixes: Vec<(Prefix, Prefix)>,
}

/// The AS number of Azure VPN gateways unless configured otherwise.
const AZURE_GATEWAY: u32 = 65515;

impl<'t> Network<'t> {
    /// Sessions that stand by and announce longer prefixes than the ones they stand by for. Prefixes are looked up
    /// by the shorter ones around them, so that only sessions which share something are compared.
    pub fn longer_backups(&self) -> Vec<LongerBackup> {
        let mut found = self.longer_by_vpn();
        found.extend(self.longer_by_rank());
        found
    }

    /// VPN gateways that announce longer prefixes than circuits with private peering.
    fn longer_by_vpn(&self) -> Vec<LongerBackup> {
        let primaries = self.announcing(|one| one.role == Role::Azure(Peering::Private));
        let backups = self.announcing(|one| {
            let gateway = one.remote_as == Some(AZURE_GATEWAY);
            gateway && one.role == Role::VpnBackup && is_rival(one)
        });
        let mut found = Pairs::new();
        for (prefix, backups) in &backups {
            for backup in backups.iter().take(MOST_OWNERS) {
                let mut known: BTreeSet<SessionId> = BTreeSet::new();
                for (covering, primary) in around(&primaries, *prefix, backup) {
                    let reached = backup.device == primary.device || self.joined(primary, backup);
                    let fits = backup.vrf == primary.vrf && reached && !sends(primary, prefix);
                    if fits && known.insert(primary.id) {
                        let pair = found.entry((primary.id, backup.id)).or_default();
                        pair.push((*prefix, covering));
                    }
                }
            }
        }
        longer(found, StandBy::Vpn)
    }

    /// Circuits that announce longer prefixes than those they are described to stand by for.
    fn longer_by_rank(&self) -> Vec<LongerBackup> {
        let owners = self.announcing(|session| self.rank_of(session).is_some());
        let mut found = Pairs::new();
        for (prefix, backups) in &owners {
            for backup in backups.iter().take(MOST_OWNERS) {
                let mut primaries = around(&owners, *prefix, backup);
                let primary =
                    primaries.find(|(_, one)| self.stands_by(backup, one) && !sends(one, prefix));
                if let Some((covering, primary)) = primary {
                    found.entry((primary.id, backup.id)).or_default().push((*prefix, covering));
                }
            }
        }
        longer(found, StandBy::Rank)
    }

    /// The prefixes that some sessions announce, each with those that do, in order.
    fn announcing<'n>(&'n self, is_asked: impl Fn(&Session<'t>) -> bool) -> Owners<'n, 't> {
        let mut owners = Owners::new();
        for session in self.sessions.iter().filter(|one| is_asked(one)) {
            for route in session.live_families().flat_map(|one| &one.announcements.routes) {
                owners.entry(route.prefix).or_default().push(session);
            }
        }
        owners
    }

    fn rank_of(&self, session: &Session<'t>) -> Option<u32> {
        session.role.provider()?;
        self.rank(session.circuit?)
    }

    /// Whether a session's circuit is described as standing by for that of another one.
    fn stands_by(&self, backup: &Session<'t>, primary: &Session<'t>) -> bool {
        let public = primary.role.peering().is_some_and(Peering::is_public);
        backup.circuit != primary.circuit
            && backup.role == primary.role
            && (public || backup.vrf == primary.vrf)
            && matches!(
                (self.rank_of(primary), self.rank_of(backup)),
                (Some(primary), Some(backup)) if primary < backup
            )
    }

    /// Static routes that a device uses instead of what a session to a cloud brings: into tunnels and towards the
    /// internet, to a range of the cloud that the description or the inbound filter names, and of lower distance, or
    /// longer. The longest match is looked at first, so that shorter ones do no harm.
    pub fn static_detours(&self, session: &Session<'t>) -> Vec<StaticDetour<'t>> {
        let device = self.device(session.device);
        let external = self.instance(session).tuning.distance.map(|fact| fact.value.external);
        let usual = device.device.behaviour.path_distance.unwrap_or(EXTERNAL_DISTANCE);
        let distance = external.unwrap_or(usual);
        let ranges = self.cloud_ranges(session);
        let mut found = Vec::new();
        if ranges.is_empty() {
            return found;
        }
        let internet = self.internet_hops(session);
        let own = device.device.static_routes.iter().filter(|route| route.vrf == session.vrf);
        for route in own.filter(|route| !route.prefix.is_default() && !route.aggregate) {
            let tunnel = self.tunnel_of(session, route).map(Detour::Tunnel);
            let Some(way) = tunnel.or_else(|| self.internet_of(&internet, route)) else { continue };
            let around = (1..=route.prefix.length()).rev().find_map(|length| {
                let shorter = Prefix::new(route.prefix.address(), length)?;
                ranges.get_key_value(&shorter).map(|(range, at)| (*range, *at))
            });
            let Some((range, accepted)) = around else { continue };
            let nearer = route.distance.is_none_or(|own| own < distance);
            if range != route.prefix || nearer {
                let (at, prefix) = (route.at, route.prefix);
                found.push(StaticDetour { at, prefix, way, range, accepted });
            }
        }
        found
    }

    /// The sessions by which a device reaches the internet in a session's VRF; local breakouts are meant to be used.
    fn internet_hops(&self, session: &Session<'t>) -> Vec<&Session<'t>> {
        let others = self.sessions_of(session.device).iter();
        others
            .filter(|one| one.vrf == session.vrf && one.role == Role::Internet && is_rival(one))
            .collect()
    }

    /// The internet session whose neighbor, or whose interface, a static route leads to. A route to the neighbor
    /// itself is what the session stands on.
    fn internet_of(
        &self,
        internet: &[&Session<'t>],
        route: &StaticRoute<'t>,
    ) -> Option<Detour<'t>> {
        let leads = |session: &&&Session<'t>| {
            let interface = self.interface(session);
            let on_link = |address: IpAddr| {
                let host = Prefix::host(address);
                let own = interface.map(|one| one.addresses.as_slice()).unwrap_or_default();
                own.iter().any(|one| one.value.subnet.contains(&host))
            };
            let neighbor = session.address();
            let own = neighbor.is_some_and(|address| route.prefix.contains(&Prefix::host(address)));
            !own && match route.next_hop {
                NextHop::Address(address) => neighbor == Some(address) || on_link(address),
                NextHop::Interface(name, _) => interface.is_some_and(|one| one.name == name),
                NextHop::Discard | NextHop::Table(_) => false,
            }
        };
        internet.iter().find(leads).map(|session| Detour::Internet(session.id))
    }

    /// Ranges of the cloud: those that are described, and those that inbound filters name one by one, with
    /// the entry.
    fn cloud_ranges(&self, session: &Session<'t>) -> BTreeMap<Prefix, Option<Span>> {
        let mut found: BTreeMap<Prefix, Option<Span>> = BTreeMap::new();
        let described = session.circuit.and_then(|circuit| self.described(circuit));
        if let Some(ranges) = described.and_then(|one| one.vnet_ranges.as_ref()) {
            found.extend(ranges.ranges().into_iter().map(|range| (range.prefix, None)));
        }
        for family in session.live_families() {
            found.extend(named_ranges(family).map(|(prefix, at)| (prefix, Some(at))));
        }
        found
    }

    /// The tunnel that a static route leads into.
    fn tunnel_of(&self, session: &Session<'t>, route: &StaticRoute<'t>) -> Option<&'t str> {
        let device = self.device(session.device);
        let interface = match route.next_hop {
            NextHop::Interface(name, _) => device.interface(name)?,
            NextHop::Address(address) => {
                let host = Prefix::host(address);
                device.device.interfaces.iter().find(|one| {
                    one.vrf.map(|vrf| vrf.value) == route.vrf
                        && one.addresses.iter().any(|own| own.value.subnet.contains(&host))
                })?
            }
            NextHop::Discard | NextHop::Table(_) => return None,
        };
        let up = !interface.shutdown.is_some_and(|shutdown| shutdown.value);
        (interface.tunnel && up).then_some(interface.name)
    }

    /// Prefixes that a session is sent and that lie in ranges of the cloud at its other end: those of the
    /// description, and those that the session's inbound filters name one by one.
    pub fn returned_ranges(&self, session: &Session<'t>) -> Vec<ReturnedRange> {
        let described = session.circuit.and_then(|circuit| self.described(circuit));
        let ranges = described.and_then(|one| one.vnet_ranges.as_ref());
        let ranges = ranges.map(|ranges| ranges.union(&ranges.more_specifics()));
        let mut found = Vec::new();
        for family in session.live_families() {
            let mut named: Vec<(Prefix, Span)> = named_ranges(family).collect();
            named.sort_unstable();
            for route in family.announcements.routes.iter().filter(|one| !one.prefix.is_default()) {
                let prefix = route.prefix;
                let of_cloud = ranges.as_ref().is_some_and(|ranges| ranges.contains(&prefix));
                let accepted = (1..=prefix.length()).rev().find_map(|length| {
                    let shorter = Prefix::new(prefix.address(), length)?;
                    let at = named.binary_search_by_key(&shorter, |(one, _)| *one).ok()?;
                    named.get(at).copied()
                });
                if of_cloud || accepted.is_some() {
                    found.push(ReturnedRange { prefix, accepted, described: of_cloud });
                }
            }
        }
        found
    }
}

/// Ranges that a session's inbound filters name one by one and let in, with the entries.
fn named_ranges<'f>(family: &'f SessionFamily<'_>) -> impl Iterator<Item = (Prefix, Span)> + 'f {
    let import = &family.import;
    let named = import.named.iter().filter(|_| import.filtered);
    let named = named.filter(|(prefix, _)| !prefix.is_default() && import.may.contains(prefix));
    named.map(|(prefix, mark)| (*prefix, mark.at))
}

/// Sessions by the prefixes that they announce.
type Owners<'n, 't> = BTreeMap<Prefix, Vec<&'n Session<'t>>>;

/// Longer prefixes with the ones they are inside of, by the preferred session and the one that stands by.
type Pairs = BTreeMap<(SessionId, SessionId), Vec<(Prefix, Prefix)>>;

fn longer(pairs: Pairs, why: StandBy) -> Vec<LongerBackup> {
    let one = |((primary, backup), prefixes)| LongerBackup { primary, backup, why, prefixes };
    pairs.into_iter().map(one).collect()
}

/// Whether a session announces that very prefix: the same on both is no longer one.
fn sends(session: &Session<'_>, prefix: &Prefix) -> bool {
    let family = session.live_family(prefix.family());
    family.is_some_and(|one| one.announcements.route(prefix).is_some())
}

/// Sessions that announce what is around a prefix, the longest first, but for the default route: of those that share
/// one the first, and those on the device of `near`.
fn around<'o, 'n, 't>(
    owners: &'o Owners<'n, 't>,
    prefix: Prefix,
    near: &Session<'t>,
) -> impl Iterator<Item = (Prefix, &'n Session<'t>)> + use<'o, 'n, 't> {
    let device = near.device;
    let shorter = (1..prefix.length()).rev();
    let shorter = shorter.filter_map(move |length| Prefix::new(prefix.address(), length));
    let covering = shorter.filter_map(|prefix| owners.get_key_value(&prefix));
    covering.flat_map(move |(covering, sessions)| {
        let first = sessions.get(..MOST_OWNERS).unwrap_or(sessions);
        let rest = sessions.get(MOST_OWNERS..).unwrap_or_default();
        // Sessions of one device stand together.
        let start = rest.partition_point(|one| one.device < device);
        let own = rest.iter().skip(start).take_while(move |one| one.device == device);
        first.iter().chain(own).map(|one| (*covering, *one))
    })
}

/// A prefix that a cloud is sent and that lies in a range of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnedRange {
    /// The prefix.
    pub prefix: Prefix,
    /// The range that the session accepts from the cloud, and the entry that names it.
    pub accepted: Option<(Prefix, Span)>,
    /// Whether the description of the estate says that it is the cloud's.
    pub described: bool,
}

/// As many sessions are compared for one prefix.
const MOST_OWNERS: usize = 64;

/// Where a static route leads that is used instead of a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detour<'t> {
    /// Into this tunnel.
    Tunnel(&'t str),
    /// To the neighbor of this session to the internet, or over its interface.
    Internet(SessionId),
}

/// A static route that is used instead of what a circuit brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaticDetour<'t> {
    /// The route.
    pub at: Span,
    /// Where it leads to.
    pub prefix: Prefix,
    /// By which way.
    pub way: Detour<'t>,
    /// The range of the cloud that holds it.
    pub range: Prefix,
    /// The entry of the session's inbound filter that names the range, where one does.
    pub accepted: Option<Span>,
}

/// Distance of routes from external neighbors, where systems compare routes of different protocols and no
/// path carries a distance of its own.
const EXTERNAL_DISTANCE: u32 = 20;
