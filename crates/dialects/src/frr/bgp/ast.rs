//! BGP as FRR thinks of it: a process a VRF, and lines about peers in the order in which they stand.
//!
//! A peer group is configured with the very lines that configure a neighbor, and may be filled before or
//! after somebody joins it. So lines are kept as they are, each with the scope it stands in; what a neighbor
//! ends up with is settled when all of them are there.

use std::net::IpAddr;

use edgelint_model::{
    AddressFamily, BgpInstance, Direction, Fact, LocalAsMode, MaximumPrefix, OtherFamily,
    OutboundFiltering, PathSelection, PrivateAs, RemoteAs,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;

/// The processes of one AS number: FRR has one a VRF, and shows them to the outside as one router.
#[derive(Debug)]
pub(crate) struct Router<'t> {
    /// The first statement.
    pub(crate) at: Span,
    /// The blocks, each with its VRF.
    pub(crate) blocks: Vec<(Option<&'t str>, Span)>,
    /// The device's AS number.
    pub(crate) local_as: Option<Fact<u32>>,
    /// Families that sessions of a VRF carry unasked, or not, where a statement says so.
    pub(crate) default_families: Vec<(Option<&'t str>, Family<'t>, bool)>,
    /// `bgp confederation identifier`.
    pub(crate) confederation: Option<Fact<u32>>,
    /// `bgp confederation peers`.
    pub(crate) confederation_peers: Vec<Fact<u32>>,
    /// One a VRF; their neighbors are not yet there.
    pub(crate) instances: Vec<BgpInstance<'t>>,
    /// Families other than the unicast ones of a VRF.
    pub(crate) other_families: Vec<OtherFamily<'t>>,
    /// Timers of all sessions of a VRF that have none of their own.
    pub(crate) timers: Vec<(Option<&'t str>, Setting<'t>)>,
    /// Peer groups.
    pub(crate) groups: Vec<Group<'t>>,
    /// `bgp listen range`.
    pub(crate) ranges: Vec<ListenRange<'t>>,
    /// Lines about neighbors and groups.
    pub(crate) lines: Vec<NeighborLine<'t>>,
}

/// A name that `neighbor NAME peer-group` makes a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group<'t> {
    /// VRF it stands in.
    pub(crate) vrf: Option<&'t str>,
    /// Its name.
    pub(crate) name: &'t str,
    /// The statement.
    pub(crate) at: Span,
}

/// Sessions that anybody from a range may open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListenRange<'t> {
    /// The statement.
    pub(crate) at: Span,
    /// VRF it stands in.
    pub(crate) vrf: Option<&'t str>,
    /// Who may call.
    pub(crate) range: Fact<Prefix>,
    /// The group whose settings apply.
    pub(crate) group: Fact<&'t str>,
}

/// An address family. Those that the model calls [`AddressFamily::Other`] differ by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Family<'t> {
    /// What the model calls it.
    pub(crate) kind: AddressFamily,
    /// Its name as written; empty where it is IPv4 or IPv6 unicast.
    pub(crate) name: &'t str,
}

impl Family<'_> {
    /// IPv4 unicast.
    pub(crate) const IPV4: Self = Self { kind: AddressFamily::Ipv4, name: "" };
    /// IPv6 unicast.
    pub(crate) const IPV6: Self = Self { kind: AddressFamily::Ipv6, name: "" };

    /// Whether its lists are those of IPv6.
    pub(crate) fn is_v6(self) -> bool {
        let word = self.name.split([' ', '\t']).next().unwrap_or("");
        self.kind == AddressFamily::Ipv6 || word.ends_with('6')
    }
}

/// The routes that a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// Unicast routes of a VRF: index among the instances.
    Instance(usize),
    /// Those of another family: index among these.
    Other(usize),
}

impl<'t> Router<'t> {
    /// What was said about the routes so far.
    pub(crate) fn table(&mut self, table: Table) -> Option<&mut BgpInstance<'t>> {
        match table {
            Table::Instance(index) => self.instances.get_mut(index),
            Table::Other(index) => self.other_families.get_mut(index).map(|it| &mut it.instance),
        }
    }
}

/// Whom a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Peer<'t> {
    /// A neighbor.
    Address(IpAddr),
    /// A group, or a neighbor whose address somebody left out.
    Named(&'t str),
}

/// A line about a neighbor or a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NeighborLine<'t> {
    /// The VRF it stands in.
    pub(crate) vrf: Option<&'t str>,
    /// The address family it stands in; lines in none speak of IPv4 unicast.
    pub(crate) family: Family<'t>,
    /// Whether it stands in an address family block.
    pub(crate) in_family: bool,
    /// Whom it is about.
    pub(crate) peer: Peer<'t>,
    /// The statement.
    pub(crate) at: Span,
    /// What it changes.
    pub(crate) change: Change<'t>,
}

/// What a line does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change<'t> {
    /// Sets something.
    Set(Setting<'t>),
    /// Takes something back.
    Unset(Slot, Span),
    /// Takes the whole neighbor or group back.
    Remove,
    /// Nobody knows: the line was not understood.
    Blind(Span),
}

/// A setting with its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'t> {
    /// What is set.
    pub(crate) slot: Slot,
    /// The words from the keyword on.
    pub(crate) at: Span,
    /// To what.
    pub(crate) value: Value<'t>,
}

/// What can be set. Two settings of one slot replace one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Membership in a peer group.
    PeerGroup,
    /// That the peer is whoever is at the other end of an interface.
    Interface,
    /// `remote-as`.
    RemoteAs,
    /// `local-as`.
    LocalAs,
    /// `description`.
    Description,
    /// `shutdown`.
    Shutdown,
    /// `update-source`.
    UpdateSource,
    /// `ebgp-multihop`.
    EbgpMultihop,
    /// `ttl-security hops`.
    TtlSecurity,
    /// `bfd`.
    Bfd,
    /// `timers`.
    Timers,
    /// `password`.
    Password,
    /// `activate`.
    Activate,
    /// `route-map`.
    RouteMap(Direction),
    /// `prefix-list`.
    PrefixList(Direction),
    /// `distribute-list`.
    DistributeList(Direction),
    /// `filter-list`.
    FilterList(Direction),
    /// `weight`.
    Weight,
    /// `maximum-prefix`.
    MaximumPrefix,
    /// `send-community`.
    SendCommunity {
        /// Standard communities.
        standard: bool,
        /// Extended communities.
        extended: bool,
    },
    /// `default-originate`.
    DefaultOriginate,
    /// `next-hop-self`.
    NextHopSelf,
    /// `route-reflector-client`.
    RouteReflectorClient,
    /// `remove-private-as`.
    RemovePrivateAs,
    /// `allowas-in`.
    AllowasIn,
    /// `as-override`.
    AsOverride,
    /// `soft-reconfiguration inbound`.
    SoftReconfiguration,
    /// `advertise-map`.
    AdvertiseMap,
    /// `unsuppress-map`.
    UnsuppressMap,
    /// `advertisement-interval`.
    AdvertisementInterval,
    /// `addpath-tx-…`.
    AdvertisePaths,
    /// `disable-addpath-rx`.
    RefusesPaths,
    /// `capability orf prefix-list`.
    OutboundFiltering,
    /// `route-server-client`.
    RouteServerClient,
}

impl Slot {
    /// Whether a `no` of this slot takes a setting of the other back.
    pub(crate) fn takes_back(self, other: Self) -> bool {
        match (self, other) {
            (
                Self::SendCommunity { standard: no_standard, extended: no_extended },
                Self::SendCommunity { standard, extended },
            ) => (no_standard || !standard) && (no_extended || !extended),
            _ => self == other,
        }
    }

    /// Whether the setting belongs to an address family, not to the session.
    pub(crate) const fn is_of_family(self) -> bool {
        !matches!(
            self,
            Self::PeerGroup
                | Self::Interface
                | Self::RemoteAs
                | Self::LocalAs
                | Self::Description
                | Self::Shutdown
                | Self::UpdateSource
                | Self::EbgpMultihop
                | Self::TtlSecurity
                | Self::Bfd
                | Self::Timers
                | Self::Password
                | Self::AdvertisementInterval
        )
    }
}

/// The value of a setting.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'t> {
    /// It is on.
    Flag,
    /// A number.
    Number(u32),
    /// An own AS number, and how it stands beside the process's.
    LocalAs(u32, LocalAsMode),
    /// How private AS numbers are removed.
    PrivateAs(PrivateAs),
    /// Keepalive and hold time.
    Timers(u32, u32),
    /// An AS number or a kind of neighbor.
    RemoteAs(RemoteAs),
    /// A name, or free text.
    Name(Fact<&'t str>),
    /// A policy that may be left out.
    Policy(Option<Fact<&'t str>>),
    /// Which additional paths.
    Selection(PathSelection),
    /// Filters that are exchanged.
    Filtering(OutboundFiltering),
    /// A limit.
    MaximumPrefix(MaximumPrefix),
    /// A policy that selects, and one that is the condition.
    Conditional(Fact<&'t str>, Fact<&'t str>),
}
