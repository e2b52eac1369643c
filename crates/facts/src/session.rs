//! Sessions: who is at the other end, what for, and what goes over it.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use edgelint_model::{AddressFamily, Filter, NeighborAddress};
use edgelint_prefix::Family;
use edgelint_source::Span;

use crate::announce::{Announced, Announcements};
use crate::circuit::Said;
use crate::evaluate::Evaluated;
use crate::mark::{Mark, Note};
use crate::network::{CircuitId, DeviceId, SessionId};
use crate::preference::PreferenceClass;

/// What kind of peering a cloud session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peering {
    /// Towards virtual networks.
    Private,
    /// Azure: towards Microsoft's public services.
    Microsoft,
    /// Other clouds: towards public services.
    Public,
    /// Towards a transit gateway.
    Transit,
    /// Not to be told from the configuration.
    Unknown,
}

impl Peering {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Microsoft => "microsoft",
            Self::Public => "public",
            Self::Transit => "transit",
            Self::Unknown => "unknown",
        }
    }

    /// Whether public services are at the other end: addresses have to be public there.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Microsoft | Self::Public)
    }
}

/// What a session is for. Every session has exactly one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A link of an Azure ExpressRoute circuit.
    Azure(Peering),
    /// A link of an AWS Direct Connect circuit.
    Aws(Peering),
    /// A link of a Google Cloud Interconnect circuit.
    Gcp(Peering),
    /// A link of an Oracle FastConnect circuit.
    Oci(Peering),
    /// A link of another private circuit, which only its owner can tell from the internet.
    Generic(Peering),
    /// A tunnel to a cloud, beside a circuit.
    VpnBackup,
    /// An internet provider or exchange.
    Internet,
    /// Inside the enterprise.
    Internal,
}

impl Role {
    /// The peering, on a session to a cloud.
    pub const fn peering(self) -> Option<Peering> {
        match self {
            Self::Azure(peering)
            | Self::Aws(peering)
            | Self::Gcp(peering)
            | Self::Oci(peering)
            | Self::Generic(peering) => Some(peering),
            Self::VpnBackup | Self::Internet | Self::Internal => None,
        }
    }

    /// Whether it is a link of a cloud circuit.
    pub const fn is_cloud(self) -> bool {
        self.peering().is_some()
    }

    /// The cloud, as it is named in output.
    pub const fn provider(self) -> Option<&'static str> {
        match self {
            Self::Azure(_) => Some("azure"),
            Self::Aws(_) => Some("aws"),
            Self::Gcp(_) => Some("gcp"),
            Self::Oci(_) => Some("oci"),
            Self::Generic(_) => Some("generic"),
            Self::VpnBackup | Self::Internet | Self::Internal => None,
        }
    }

    /// The name in output: `azure/microsoft`, `internet`.
    pub fn name(self) -> String {
        match (self.provider(), self.peering()) {
            (Some(provider), Some(peering)) => format!("{provider}/{}", peering.name()),
            _ => match self {
                Self::VpnBackup => "vpn-backup".to_owned(),
                Self::Internet => "internet".to_owned(),
                _ => "internal".to_owned(),
            },
        }
    }
}

/// What speaks for a conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// A few words without a full stop.
    pub text: Cow<'static, str>,
    /// The statement, where there is one.
    pub at: Option<Span>,
}

impl Evidence {
    /// Evidence that stands somewhere.
    pub(crate) fn new(text: impl Into<Cow<'static, str>>, at: Span) -> Self {
        Self { text: text.into(), at: Some(at) }
    }
}

/// A BGP session of a device.
#[derive(Clone, Debug)]
pub struct Session<'t> {
    /// Its own id.
    pub id: SessionId,
    /// The device.
    pub device: DeviceId,
    /// The VRF; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// The other end.
    pub neighbor: NeighborAddress<'t>,
    /// The statement that makes it.
    pub at: Span,
    /// The statement that says the other end's AS.
    pub remote_as_at: Option<Span>,
    /// AS number of the other end, where it is a number (or the own one).
    pub remote_as: Option<u32>,
    /// Own AS number as the other end sees it.
    pub local_as: Option<u32>,
    /// Whether the other end is in another AS.
    pub is_ebgp: bool,
    /// What it is for.
    pub role: Role,
    /// Why, strongest first.
    pub evidence: Vec<Evidence>,
    /// Whether it is a local breakout: the internet for one site, which its owner wants to be used beside
    /// circuits.
    pub breakout: bool,
    /// Whether the evidence leaves no reasonable doubt about the role.
    pub certain: bool,
    /// The interface it runs over: place in the device's interfaces.
    pub interface: Option<usize>,
    /// Whether it is shut down, it or its interface.
    pub shutdown: bool,
    /// The circuit it is a link of.
    pub circuit: Option<CircuitId>,
    /// Whether the other end of an iBGP session is a device of the run: its session with this one.
    pub peer: Option<SessionId>,
    /// Whether there are statements about it that were not understood.
    pub understood: bool,
    /// Families, in the order of the model.
    pub families: Vec<SessionFamily<'t>>,
    /// Places in the model: process, instance, neighbor.
    pub(crate) place: (usize, usize, usize),
    /// Place of its device's iBGP domain, where it has one.
    pub(crate) domain: Option<usize>,
    /// Places of the circuit and the link that it is described as.
    pub(crate) link: Option<(u32, u32)>,
    /// What descriptions say about its circuit, where it is a link to a cloud.
    pub(crate) said: Option<Box<Said>>,
}

impl<'t> Session<'t> {
    /// The address of the other end, where it is one address.
    pub const fn address(&self) -> Option<IpAddr> {
        match self.neighbor {
            NeighborAddress::Address(address) => Some(address),
            NeighborAddress::Range(_) | NeighborAddress::Interface(_) => None,
        }
    }

    /// Name of the VRF in output.
    pub fn vrf_name(&self) -> &'t str {
        self.vrf.unwrap_or("default")
    }

    /// The other end, as it is printed.
    pub fn neighbor_name(&self) -> String {
        match self.neighbor {
            NeighborAddress::Address(address) => address.to_string(),
            NeighborAddress::Range(prefix) => prefix.to_string(),
            NeighborAddress::Interface(name) => name.to_owned(),
        }
    }

    /// Families in which routes are exchanged; none where the session is shut down.
    pub fn live_families(&self) -> impl Iterator<Item = &SessionFamily<'t>> {
        self.families.iter().filter(|family| !self.shutdown && family.active)
    }

    /// The family, where routes of it are exchanged.
    pub fn live_family(&self, family: Family) -> Option<&SessionFamily<'t>> {
        self.live_families().find(|candidate| candidate.routes == Some(family))
    }
}

/// A session in one address family.
#[derive(Clone, Debug)]
pub struct SessionFamily<'t> {
    /// The family.
    pub family: AddressFamily,
    /// The family of its prefixes, where it carries unicast routes of the VRF itself.
    pub routes: Option<Family>,
    /// Whether routes are exchanged.
    pub active: bool,
    /// Inbound filters with the words on the neighbor that name them.
    pub import_filters: Vec<Filter<'t>>,
    /// Outbound filters with the words on the neighbor that name them.
    pub export_filters: Vec<Filter<'t>>,
    /// What the inbound filters do with routes that the neighbor sends.
    pub import: Arc<Evaluated<'t>>,
    /// What the outbound filters do with routes, whatever their origin.
    pub export: Arc<Evaluated<'t>>,
    /// What the neighbor is sent.
    pub announcements: Arc<Announcements<'t>>,
    /// What is accepted from the neighbor and which preference it is given.
    pub preferences: Arc<[PreferenceClass<'t>]>,
    /// Place in the model: the neighbor's families.
    pub index: usize,
}

impl<'t> SessionFamily<'t> {
    /// All lines that make a route leave over this session: those of the route, and the filters' own
    /// lines on the neighbor. (Sessions with the same filters share the former.)
    pub fn export_trail(&self, route: &Announced<'t>) -> Vec<Mark<'t>> {
        let note = |filter: &Filter<'t>| Note::Filter(filter.name.value);
        let lines =
            self.export_filters.iter().map(|one| Mark { at: one.name.at(), note: note(one) });
        route.trail.iter().copied().chain(lines).collect()
    }

    /// All lines that give a class its preference: those of the class, and the filters' own lines on
    /// the neighbor.
    pub fn import_trail(&self, class: &PreferenceClass<'t>) -> Vec<Mark<'t>> {
        let note = |filter: &Filter<'t>| Note::Filter(filter.name.value);
        let lines =
            self.import_filters.iter().map(|one| Mark { at: one.name.at(), note: note(one) });
        class.trail().chain(lines).collect()
    }
}
