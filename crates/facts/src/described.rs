//! The estate as its owner describes it: what no configuration shows, or what must not be guessed.
//!
//! Everything works without a description. Where there is one, it comes first: circuits, internet edges
//! and names that stand here are not inferred any more, and what depends on them is certain.

use std::net::IpAddr;

use edgelint_model::Community;
use edgelint_prefix::PrefixSet;

use crate::circuit::LinkRole;
use crate::session::Peering;

/// An estate as it is described. The default describes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// Circuits, in the order of the description; names are unique.
    pub circuits: Vec<DescribedCircuit>,
    /// Places where the internet is, or is not, behind.
    pub edges: Vec<DescribedEdge>,
    /// Services that are meant to be reached over circuits.
    pub services: Vec<DescribedService>,
    /// Names of devices by the path of their files.
    pub devices: Vec<DescribedDevice>,
    /// The geography of the tenant, as the provider names it, lower case.
    pub tenant_geography: Option<String>,
    /// AS numbers of the enterprise beside those of its devices.
    pub own_as: Vec<u32>,
    /// Whether documentation space (RFC 5737, 3849, 5398) is judged as what it is: not public.
    pub strict_documentation: bool,
}

/// Who is at the far end of a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// `azure-expressroute`.
    Azure,
    /// `aws-direct-connect`.
    Aws,
    /// `google-interconnect`.
    Gcp,
    /// `oracle-fastconnect`.
    Oci,
    /// `generic`: another private circuit.
    Generic,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Azure, Self::Aws, Self::Gcp, Self::Oci, Self::Generic];

    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Azure => "azure-expressroute",
            Self::Aws => "aws-direct-connect",
            Self::Gcp => "google-interconnect",
            Self::Oci => "oracle-fastconnect",
            Self::Generic => "generic",
        }
    }
}

/// What a circuit was bought as. Azure counts routes and reaches geographies by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sku {
    /// Reaches one or two regions near the peering location.
    Local,
    /// Reaches the regions of its geography.
    Standard,
    /// Reaches all regions; more routes on private peering.
    Premium,
}

impl Sku {
    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Standard => "standard",
            Self::Premium => "premium",
        }
    }
}

/// A circuit as it is described.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedCircuit {
    /// Its name.
    pub name: String,
    /// Who is at the far end.
    pub provider: Provider,
    /// The peering of links that do not say their own.
    pub peering: Option<Peering>,
    /// What it was bought as.
    pub sku: Option<Sku>,
    /// The geography of its peering location, lower case.
    pub geography: Option<String>,
    /// Its rank among the circuits that serve the same purpose: the lowest is to be preferred.
    pub rank: Option<u32>,
    /// Its links.
    pub links: Vec<DescribedLink>,
    /// The public prefixes registered for it at the provider ("Advertised public prefixes").
    pub public_prefixes: Option<PrefixSet>,
    /// The ranges of the virtual networks behind it.
    pub vnet_ranges: Option<PrefixSet>,
    /// Whether the provider's side chooses by connection weight, which no router shows.
    pub weighted: bool,
}

/// A link of a circuit: the sessions of a device with a neighbor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedLink {
    /// Identity of the device.
    pub device: String,
    /// The other end.
    pub neighbor: IpAddr,
    /// The VRF, where the address alone does not tell.
    pub vrf: Option<String>,
    /// Its peering, where it differs from the circuit's.
    pub peering: Option<Peering>,
    /// Which link it is.
    pub role: LinkRole,
}

/// What is behind a place that is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// The internet edge of the enterprise.
    Internet,
    /// A local breakout: the internet for one site, which is meant to be used beside a circuit.
    Breakout,
    /// A private network, whatever its addresses and AS numbers look like.
    Private,
    /// A VPN beside a circuit.
    Vpn,
}

impl EdgeKind {
    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Breakout => "breakout",
            Self::Private => "private",
            Self::Vpn => "vpn",
        }
    }
}

/// A place whose other side is described: a session, an interface, or a whole device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedEdge {
    /// What is behind it.
    pub kind: EdgeKind,
    /// Identity of the device.
    pub device: String,
    /// The other end of a session.
    pub neighbor: Option<IpAddr>,
    /// An interface, zone or `nameif`.
    pub interface: Option<String>,
}

/// A service that is meant to be reached over circuits.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedService {
    /// Its name.
    pub name: String,
    /// Communities its routes carry, sorted; any of them.
    pub communities: Vec<Community>,
    /// Its prefixes.
    pub prefixes: PrefixSet,
}

/// A device as it is described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedDevice {
    /// Its name.
    pub name: String,
    /// The path of its file, as inputs are shown.
    pub path: String,
}
