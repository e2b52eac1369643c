//! The estate as it was inferred, in the words of a description: what its owner may take over, and what
//! has to be asked.

use edgelint_model::NeighborAddress;

use crate::described::{DescribedCircuit, DescribedEdge, DescribedLink, EdgeKind, Provider};
use crate::network::Network;
use crate::role::is_cloud_as;
use crate::session::{Peering, Role};

/// What was inferred of an estate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inferred {
    /// Circuits, sorted by name.
    pub circuits: Vec<InferredCircuit>,
    /// Sessions to the internet and to VPN gateways, in the order of the devices.
    pub edges: Vec<InferredEdge>,
}

/// A circuit that was inferred or is described already.
#[derive(Clone, Debug, PartialEq)]
pub struct InferredCircuit {
    /// The circuit. A link has a peering only where it is certain.
    pub circuit: DescribedCircuit,
    /// Why these are its links.
    pub evidence: Vec<String>,
    /// What speaks for the role of each link, and the peering that is likely but not certain.
    pub links: Vec<(Vec<String>, Option<Peering>)>,
    /// Whether pairing and provider follow from the configurations, or were described.
    pub certain: bool,
}

/// A session to the internet or to a VPN gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferredEdge {
    /// The session.
    pub edge: DescribedEdge,
    /// Why.
    pub evidence: Vec<String>,
    /// Whether that leaves no reasonable doubt.
    pub certain: bool,
}

impl Network<'_> {
    /// What a description would say of this network if it said what was inferred.
    pub fn inferred(&self) -> Inferred {
        let circuits = self.circuits.iter().filter_map(|circuit| {
            let mut described = match self.described(circuit.id) {
                Some(described) => DescribedCircuit { links: Vec::new(), ..described.clone() },
                None => DescribedCircuit {
                    name: circuit.name.clone(),
                    provider: Provider::of_short(circuit.provider)?,
                    peering: None,
                    sku: None,
                    geography: None,
                    rank: None,
                    links: Vec::new(),
                    public_prefixes: None,
                    vnet_ranges: None,
                    weighted: false,
                },
            };
            let mut links = Vec::new();
            let mut certain = circuit.certain;
            for link in &circuit.links {
                let session = self.session(link.session);
                // A listener for a whole range is not one neighbor.
                let NeighborAddress::Address(neighbor) = session.neighbor else { continue };
                let known = link.peering != Peering::Unknown;
                let peering = Some(link.peering).filter(|_| known && session.certain);
                described.links.push(DescribedLink {
                    device: self.device(session.device).identity.clone(),
                    neighbor,
                    vrf: session.vrf.map(str::to_owned),
                    peering,
                    role: link.role,
                });
                let evidence = session.evidence.iter().map(|one| one.text.to_string()).collect();
                let number = session.remote_as.is_some_and(is_cloud_as);
                certain &= session.certain || number || circuit.described.is_some();
                let likely = Some(link.peering).filter(|_| known && !session.certain);
                links.push((evidence, likely));
            }
            let evidence = circuit.evidence.clone();
            let some = !described.links.is_empty();
            some.then_some(InferredCircuit { circuit: described, evidence, links, certain })
        });
        let edges = self.sessions.iter().filter_map(|session| {
            let kind = match session.role {
                Role::Internet if session.breakout => EdgeKind::Breakout,
                Role::Internet => EdgeKind::Internet,
                Role::VpnBackup => EdgeKind::Vpn,
                _ => return None,
            };
            Some(InferredEdge {
                edge: DescribedEdge {
                    kind,
                    device: self.device(session.device).identity.clone(),
                    neighbor: Some(session.address()?),
                    interface: None,
                },
                evidence: session.evidence.iter().map(|one| one.text.to_string()).collect(),
                certain: session.certain,
            })
        });
        Inferred { circuits: circuits.collect(), edges: edges.collect() }
    }
}
