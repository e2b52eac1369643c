//! Circuits: which sessions are the two links of one circuit.
//!
//! What the estate's owner describes comes first and is never taken apart; the rest is inferred.

mod pairing;
mod redundancy;
mod token;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use pairing::said;
pub use redundancy::Redundancy;
pub(crate) use token::Said;

use crate::described::{DescribedCircuit, Description};
use crate::device::DeviceFacts;
use crate::network::{CircuitId, DeviceId, SessionId};
use crate::session::{Peering, Session};

/// Which link of a circuit a session is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkRole {
    /// The first.
    Primary,
    /// The second.
    Secondary,
    /// Not to be told.
    Unknown,
}

impl LinkRole {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Unknown => "unknown",
        }
    }
}

/// A session of a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The session.
    pub session: SessionId,
    /// Which link it is on.
    pub role: LinkRole,
    /// The peering it carries.
    pub peering: Peering,
}

/// A circuit: one pair of links, each with a session a peering and family.
#[derive(Clone, Debug)]
pub struct Circuit {
    /// Its id.
    pub id: CircuitId,
    /// Its name, from descriptions where they have one.
    pub name: String,
    /// The cloud (`azure`).
    pub provider: &'static str,
    /// The peerings it carries, sorted.
    pub peerings: Vec<Peering>,
    /// Its sessions, sorted by id.
    pub links: Vec<Link>,
    /// Why these sessions belong together, or why nothing says so.
    pub evidence: Vec<String>,
    /// Whether the pairing is described, or follows from addresses or VLAN ids.
    pub certain: bool,
    /// Its place among the circuits that the owner describes; `None` where it was inferred.
    pub described: Option<usize>,
}

impl Circuit {
    /// Its sessions of one peering.
    pub fn sessions(&self, peering: Peering) -> impl Iterator<Item = SessionId> {
        self.links.iter().filter(move |link| link.peering == peering).map(|link| link.session)
    }
}

/// Pairs the sessions to clouds into circuits, sorted by name, and tells each session its own.
pub(crate) fn pair(
    devices: &[DeviceFacts<'_>],
    sessions: &mut [Session<'_>],
    description: &Description,
) -> Vec<Circuit> {
    let mut circuits = described(sessions, description);
    {
        let mut items = pairing::items(devices, sessions);
        // What is described is not inferred.
        items.retain(|item| sessions.get(item.place).is_some_and(|one| one.link.is_none()));
        for group in pairing::groups(&mut items, description) {
            let members: Vec<_> = group.items.iter().filter_map(|&at| items.get(at)).collect();
            let Some(provider) = members.first().map(|item| item.provider) else { continue };
            let mut links = Vec::with_capacity(members.len());
            links.extend(members.iter().filter_map(|item| {
                let session = sessions.get(item.place)?.id;
                Some(Link { session, role: item.role, peering: item.peering })
            }));
            let peerings: BTreeSet<Peering> = links.iter().map(|link| link.peering).collect();
            circuits.push(Circuit {
                id: CircuitId(0),
                name: name(devices, &members),
                provider,
                peerings: peerings.into_iter().collect(),
                links,
                evidence: group.evidence,
                certain: group.certain,
                described: None,
            });
        }
    }
    // A name that is described stays as it is; one that was inferred as well gets a number.
    let key = |circuit: &Circuit| (circuit.described.is_none(), first(circuit));
    circuits.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| key(a).cmp(&key(b))));
    let (mut name, mut times) = (String::new(), 0);
    for (id, circuit) in (0..).zip(&mut circuits) {
        circuit.id = CircuitId(id);
        // Equal names stand side by side.
        if times == 0 || circuit.name != name {
            name.clone_from(&circuit.name);
            times = 0;
        }
        times += 1;
        if 1 < times {
            circuit.name = format!("{}#{times}", circuit.name);
        }
        for link in &circuit.links {
            if let Some(session) = sessions.get_mut(link.session.0 as usize) {
                session.circuit = Some(circuit.id);
            }
        }
    }
    circuits
}

/// The circuits that are described, as far as their sessions are in the run. A session that runs over the
/// interface of a link to the same provider, like the one of the other family, belongs to that link.
fn described(sessions: &mut [Session<'_>], description: &Description) -> Vec<Circuit> {
    if description.circuits.is_empty() {
        return Vec::new();
    }
    let mut over: BTreeMap<(DeviceId, usize, &str), (u32, u32)> = BTreeMap::new();
    for session in sessions.iter() {
        let provider = session.role.provider();
        if let (Some(link), Some(interface), Some(provider)) =
            (session.link, session.interface, provider)
        {
            over.entry((session.device, interface, provider)).or_insert(link);
        }
    }
    let mut links: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    for session in sessions.iter_mut() {
        let (Some(provider), Some(peering)) = (session.role.provider(), session.role.peering())
        else {
            continue;
        };
        let same = || over.get(&(session.device, session.interface?, provider)).copied();
        let Some(place) = session.link.or_else(same) else { continue };
        session.link = Some(place);
        let circuit = description.circuits.get(place.0 as usize);
        let Some(link) = circuit.and_then(|circuit| circuit.links.get(place.1 as usize)) else {
            continue;
        };
        let link = Link { session: session.id, role: link.role, peering };
        links.entry(place.0 as usize).or_default().push(link);
    }
    let circuit = |(place, links): (usize, Vec<Link>)| {
        let described = description.circuits.get(place)?;
        Some(of_description(place, described, links))
    };
    links.into_iter().filter_map(circuit).collect()
}

fn of_description(place: usize, described: &DescribedCircuit, links: Vec<Link>) -> Circuit {
    let peerings: BTreeSet<Peering> = links.iter().map(|link| link.peering).collect();
    Circuit {
        id: CircuitId(0),
        name: described.name.clone(),
        provider: described.provider.short(),
        peerings: peerings.into_iter().collect(),
        links,
        evidence: vec!["edgelint.toml describes it".to_owned()],
        certain: true,
        described: Some(place),
    }
}

fn first(circuit: &Circuit) -> Option<SessionId> {
    circuit.links.first().map(|link| link.session)
}

/// The name that most of its sessions carry, else one made of the cloud and the devices.
fn name(devices: &[DeviceFacts<'_>], members: &[&pairing::Item<'_>]) -> String {
    let mut tokens: BTreeMap<&str, usize> = BTreeMap::new();
    for token in members.iter().filter_map(|item| item.token.as_deref()) {
        *tokens.entry(token).or_default() += 1;
    }
    let most = tokens.values().copied().max().unwrap_or(0);
    if let Some((token, _)) = tokens.into_iter().find(|&(_, times)| times == most) {
        return token.to_owned();
    }
    let identities: BTreeSet<&str> = members
        .iter()
        .filter_map(|item| devices.get(item.device.0 as usize))
        .map(|device| device.identity.as_str())
        .collect();
    let provider = members.first().map_or("", |item| item.provider);
    let identities: Vec<&str> = identities.into_iter().collect();
    format!("{provider}:{}", identities.join("+"))
}
