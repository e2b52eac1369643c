//! The estate as its owner describes it: what no configuration shows, or what must not be guessed.
//!
//! Everything works without a description. Where there is one, it comes first: circuits, internet edges
//! and names that stand here are not inferred any more, and what depends on them is certain.

use std::net::IpAddr;

use edgelint_prefix::special::{not_public, not_public_addresses};
use edgelint_prefix::{AddressSet, is_documentation, is_private};

pub use edgelint_model::Community;
pub use edgelint_prefix::{Prefix, PrefixRange, PrefixSet};

pub use crate::circuit::LinkRole;
use crate::role::{is_documentation_as, is_private_as};
pub use crate::session::Peering;

mod directory;
mod inferred;
mod unmatched;

pub use directory::Directory;
pub(crate) use directory::Told;
pub use inferred::{Inferred, InferredCircuit, InferredEdge};
pub(crate) use unmatched::unmatched;
pub use unmatched::{Missing, Place, Unmatched};

/// An estate as it is described. The default describes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    /// Circuits, in the order of the description; names are unique.
    pub circuits: Vec<DescribedCircuit>,
    /// Places where the internet is, or is not, behind.
    pub edges: Vec<DescribedEdge>,
    /// Services that are meant to be reached over circuits.
    pub services: Vec<DescribedService>,
    /// Devices that know each other's translations.
    pub nat_groups: Vec<DescribedNatGroup>,
    /// Names of devices by the path of their files, sorted by path.
    pub devices: Vec<DescribedDevice>,
    /// The geography of the tenant, as the provider names it, lower case.
    pub tenant_geography: Option<String>,
    /// AS numbers of the enterprise beside those of its devices.
    pub own_as: Vec<u32>,
    /// Whether documentation space (RFC 5737, 3849, 5398) is judged as what it is: not public.
    pub strict_documentation: bool,
}

impl Description {
    /// Prefixes that have no place on the internet in this estate, with all that is inside them.
    pub fn not_public(&self) -> &'static PrefixSet {
        not_public(self.strict_documentation)
    }

    /// The addresses of [`Self::not_public`].
    pub fn not_public_addresses(&self) -> &'static AddressSet {
        not_public_addresses(self.strict_documentation)
    }

    /// Whether the address is one that networks number themselves with: others may have it too, and so may another
    /// VRF.
    pub fn is_private(&self, address: IpAddr) -> bool {
        is_private(address) || (self.strict_documentation && is_documentation(address))
    }

    /// Whether an AS number is nobody else's.
    pub fn is_registered_as(&self, number: u32) -> bool {
        !(is_private_as(number) || (self.strict_documentation && is_documentation_as(number)))
    }

    /// Whether the address can be one on the internet.
    pub fn is_public(&self, address: IpAddr) -> bool {
        !self.not_public_addresses().contains(address)
    }
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

    /// The provider as roles and circuits name it.
    pub(crate) const fn short(self) -> &'static str {
        match self {
            Self::Azure => "azure",
            Self::Aws => "aws",
            Self::Gcp => "gcp",
            Self::Oci => "oci",
            Self::Generic => "generic",
        }
    }

    /// The provider that roles and circuits name so.
    pub(crate) fn of_short(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.short() == name)
    }

    /// The kinds of peering that it sells, the usual one first. Public peering of Azure, as it was
    /// before Microsoft peering, can no more be bought.
    pub const fn peerings(self) -> &'static [Peering] {
        match self {
            Self::Azure => &[Peering::Private, Peering::Microsoft],
            Self::Aws => &[Peering::Private, Peering::Transit, Peering::Public],
            Self::Gcp => &[Peering::Private],
            Self::Oci | Self::Generic => &[Peering::Private, Peering::Public],
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
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Local, Self::Standard, Self::Premium];

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
    /// The public prefixes registered for it at the provider ("Advertised public prefixes"), as they
    /// are.
    pub public_prefixes: Option<PrefixSet>,
    /// The ranges of the virtual networks behind it, with all that is inside them.
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
    /// A local breakout: the internet for one site, which is meant to be used beside a circuit. It is
    /// the internet in all but one respect: circuits need no preference over it.
    Breakout,
    /// A private network, whatever its addresses and AS numbers look like.
    Private,
    /// A VPN beside a circuit.
    Vpn,
}

impl EdgeKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Internet, Self::Breakout, Self::Private, Self::Vpn];

    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Breakout => "breakout",
            Self::Private => "private",
            Self::Vpn => "vpn",
        }
    }

    /// What is behind the place, in words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Internet => "the internet",
            Self::Breakout => "a local breakout",
            Self::Private => "a private network",
            Self::Vpn => "a VPN",
        }
    }
}

/// A place whose other side is described: a session, what is behind an interface, or a whole device.
/// The narrowest one counts. One of a whole device says what its way to the internet is: it holds
/// where the internet was found or where nothing certain was.
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
    /// Its prefixes, with all that is inside them.
    pub prefixes: PrefixSet,
}

/// Devices that translate in front of where circuits part, and know each other's translations: answers may come
/// back by any of the circuits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedNatGroup {
    /// Its name.
    pub name: String,
    /// Identities of the devices; one alone where it stands in front of all the circuits.
    pub devices: Vec<String>,
}

/// A device as it is described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedDevice {
    /// Its name.
    pub name: String,
    /// The path of its file, as inputs are shown.
    pub path: String,
}
