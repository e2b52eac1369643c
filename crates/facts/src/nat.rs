//! Translation: the addresses each rule translates to, and the edges it serves.
//!
//! Replies come back by the edge that announces the translated address, so what matters about a rule
//! is the pair of both: which addresses, seen behind which sessions. The edge is taken from the
//! rule where it binds itself to an egress, else from every outside interface it can leave by.

mod answers;
mod beside;
mod egress;

pub use answers::{NatAstray, NatSplit, NatUnannounced};

use edgelint_model::{NatDirection, NatRule, NatSelector, Translation};
use edgelint_prefix::{AddressSet, Family, Interval};
use edgelint_source::Span;

use crate::circuit::Circuit;
use crate::compact::fit;
use crate::described::Directory;
use crate::device::DeviceFacts;
use crate::network::{CircuitId, DeviceId, SessionId};
use crate::owners::Owners;
use crate::session::{Evidence, Session};

/// The edge that translated packets leave by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// An internet provider.
    Internet,
    /// A circuit.
    Circuit(CircuitId),
    /// Something inside, a tunnel, or not to be told.
    Other,
}

/// An egress of a rule.
#[derive(Clone, Debug)]
pub struct EdgeUse<'t> {
    /// The interface, zone or instance, by its name.
    pub egress: &'t str,
    /// What is behind it.
    pub edge: Edge,
    /// The sessions over it, in order.
    pub sessions: Vec<SessionId>,
    /// Why.
    pub evidence: Evidence,
    /// The statement that makes it an egress: a match in the rule's route map, the rule itself, or
    /// the interface's side.
    pub at: Span,
    /// Whether what is behind it follows from a session or a clear name.
    pub certain: bool,
}

/// What a rule translates to, and where.
#[derive(Clone, Debug)]
pub struct NatUse<'t> {
    /// The device.
    pub device: DeviceId,
    /// Place in the device's rules.
    pub rule: usize,
    /// The rule.
    pub at: Span,
    /// The pool's statement, the interface's address, or the words in the rule.
    pub pool_at: Span,
    /// Name of the pool, or of the interface whose address is taken.
    pub pool: Option<&'t str>,
    /// VRF of the inside; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// Which address of a packet is translated.
    pub direction: NatDirection,
    /// The addresses; empty where they are not known (a dynamic address, an undefined pool).
    pub addresses: AddressSet,
    /// Whether the addresses are all of them.
    pub exact: bool,
    /// Where packets may leave, in order.
    pub edges: Vec<EdgeUse<'t>>,
    /// Whether the rule itself does not say where: it serves every outside interface.
    pub unbound: bool,
    /// Who else knows its translations, where anybody does.
    pub shared_state: Option<SharedState<'t>>,
}

/// By what several edges know the same translations, so that answers may come back by any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SharedState<'t> {
    /// The description says so: the place of the group in it.
    Described(usize),
    /// The rule is mirrored within a redundancy group, under a number.
    Mirrored(&'t str, Option<u32>),
    /// A pair of units that stands in front of routers on which the circuits end, one device in its configuration.
    Pair(DeviceId),
}

/// Addresses that translation uses both towards the internet and towards a circuit.
#[derive(Clone, Debug)]
pub struct NatShared {
    /// The addresses, all of them shared by exactly these uses.
    pub addresses: AddressSet,
    /// Uses towards the internet: places in [`Network::nat`](crate::Network::nat), ascending.
    pub internet: Vec<usize>,
    /// Uses towards circuits with public peering, likewise; a use may be in both lists.
    pub circuit: Vec<usize>,
    /// Those circuits, sorted.
    pub circuits: Vec<CircuitId>,
}

impl NatUse<'_> {
    /// Whether sources are translated on their way out.
    pub fn is_source(&self) -> bool {
        self.direction == NatDirection::InsideSource
    }
}

/// What every rule of the network translates to, and the edges it serves.
pub(crate) fn uses<'t>(
    (devices, owners): (&[DeviceFacts<'t>], &Owners),
    sessions: &[Session<'t>],
    circuits: &[Circuit],
    directory: &Directory<'_>,
) -> Vec<NatUse<'t>> {
    let mut uses = Vec::new();
    let routers = beside::Routers { devices, owners, sessions, circuits };
    for (id, device) in (0..).zip(devices) {
        if device.device.nat.rules.is_empty() {
            continue;
        }
        let range = device.sessions.start as usize..device.sessions.end as usize;
        let own = sessions.get(range).unwrap_or_default();
        let told = directory.told(&device.device, &device.identity, &device.path);
        let told_group = told.nat_group;
        let edges = egress::Edges {
            id: DeviceId(id),
            device,
            sessions: own,
            circuits,
            routers: &routers,
            told,
        };
        let rules = device.device.nat.rules.iter().enumerate();
        for (place, rule) in rules.filter(|(_, rule)| !rule.inactive) {
            let of = |target: Target<'t>, edges: Vec<EdgeUse<'t>>, unbound| NatUse {
                device: DeviceId(id),
                rule: place,
                at: rule.at,
                pool_at: target.at,
                pool: target.name,
                vrf: rule.vrf.map(|vrf| vrf.value),
                direction: rule.direction,
                addresses: target.addresses,
                exact: target.exact,
                shared_state: shared_state((id, device), rule, &edges, told_group),
                edges,
                unbound,
            };
            if let Translation::Egress(_) = rule.translation {
                // Each interface serves the packets that leave by it, with its own address.
                uses.extend(
                    edges
                        .leaving(rule)
                        .into_iter()
                        .map(|(name, at)| of(lent(device, name, at), edges.over(name, at), false)),
                );
                continue;
            }
            let Some(target) = target(device, rule) else { continue };
            let (edges, unbound) = edges.of(rule);
            uses.push(of(target, edges, unbound));
        }
    }
    fit(&mut uses);
    uses
}

/// Who else knows the translations of a rule.
fn shared_state<'t>(
    (id, device): (u32, &DeviceFacts<'t>),
    rule: &NatRule<'t>,
    edges: &[EdgeUse<'t>],
    group: Option<usize>,
) -> Option<SharedState<'t>> {
    let mirrored = rule.mirrored.map(|one| SharedState::Mirrored(one.group.value, one.mapping));
    let described = group.map(SharedState::Described);
    let stands_in_front = edges
        .iter()
        .all(|edge| edge.sessions.iter().all(|session| !device.sessions.contains(&session.0)));
    let pair = device.device.mirrors_state.filter(|_| stands_in_front);
    described.or(mirrored).or(pair.map(|_| SharedState::Pair(DeviceId(id))))
}

/// What a rule translates to.
struct Target<'t> {
    name: Option<&'t str>,
    at: Span,
    addresses: AddressSet,
    exact: bool,
}

/// `None` where the rule leaves addresses as they are.
fn target<'t>(device: &DeviceFacts<'t>, rule: &NatRule<'t>) -> Option<Target<'t>> {
    match &rule.translation {
        // Which interface it is depends on the packet.
        Translation::Identity | Translation::Egress(_) => None,
        Translation::Addresses(interval) => {
            if rule.selector == NatSelector::Addresses(interval.value) {
                return None;
            }
            let addresses = AddressSet::from_interval(interval.value);
            Some(Target { name: None, at: interval.at(), addresses, exact: true })
        }
        Translation::Pool(name) => {
            let mut pools = device.device.nat.pools.iter().filter(|pool| pool.name == name.value);
            let Some(pool) = pools.next() else {
                let addresses = AddressSet::empty();
                return Some(Target {
                    name: Some(name.value),
                    at: name.at(),
                    addresses,
                    exact: false,
                });
            };
            let addresses = pool.ranges.iter().map(|range| range.value).collect();
            let exact = pool.details.as_ref().is_none_or(|details| details.incomplete.is_none());
            Some(Target { name: Some(pool.name), at: pool.at, addresses, exact })
        }
        Translation::Interface(name) => Some(lent(device, name.value, name.at())),
    }
}

/// The address of an interface, or of the one that lends it its own.
fn lent<'t>(device: &DeviceFacts<'t>, name: &'t str, at: Span) -> Target<'t> {
    let lender = device.interface(name).map(|interface| {
        let lender = interface.options.unnumbered.and_then(|lender| device.interface(lender.value));
        lender.unwrap_or(interface)
    });
    let own = lender.map(|interface| interface.addresses.as_slice()).unwrap_or_default();
    let own = own.iter().filter(|one| !one.value.secondary);
    let addresses: AddressSet = own.clone().map(|one| Interval::host(one.value.address)).collect();
    let at = own.clone().next().map_or(at, |one| one.at());
    let exact = !addresses.is_empty();
    Target { name: Some(name), at, addresses: addresses.family(Family::Ipv4), exact }
}
