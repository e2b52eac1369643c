//! BGP as EOS thinks of it: one process, and lines about peers in the order in which they stand.
//!
//! A peer group is configured with the very lines that configure a neighbor, and may be filled
//! before or after somebody joins it. So lines are kept as they are, each with the scope it stands
//! in; what a neighbor ends up with is settled when all of them are there.

use std::net::IpAddr;

use edgelint_model::{
    AddressFamily, BgpInstance, Direction, Fact, MaximumPrefix, OtherFamily, PrivateAs, RemoteAs,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;

/// A BGP process.
#[derive(Debug)]
pub(crate) struct Router<'t> {
    /// Its statement.
    pub(crate) at: Span,
    /// Its blocks, of which there may be several.
    pub(crate) blocks: Vec<Span>,
    /// The device's AS number.
    pub(crate) local_as: Option<Fact<u32>>,
    /// `bgp confederation identifier`.
    pub(crate) confederation: Option<Fact<u32>>,
    /// `bgp confederation peers`.
    pub(crate) confederation_peers: Vec<Fact<u32>>,
    /// The default instance first, then one a VRF; their neighbors are not yet there.
    pub(crate) instances: Vec<Instance<'t>>,
    /// Families other than the unicast ones of a VRF.
    pub(crate) other_families: Vec<OtherFamily<'t>>,
    /// Peer groups.
    pub(crate) groups: Vec<Group<'t>>,
    /// `bgp listen range`.
    pub(crate) ranges: Vec<Joined<'t>>,
    /// `neighbor interface`.
    pub(crate) interfaces: Vec<Joined<'t>>,
    /// Lines about neighbors and groups.
    pub(crate) lines: Vec<NeighborLine<'t>>,
}

/// BGP in one VRF, with what its neighbors are given.
#[derive(Debug)]
pub(crate) struct Instance<'t> {
    /// As the model has it.
    pub(crate) model: BgpInstance<'t>,
    /// Whether sessions over IPv4 carry IPv4 unicast unasked, where a statement says so.
    pub(crate) default_ipv4: Option<Fact<bool>>,
    /// Whether sessions over IPv6 carry IPv4 unicast unasked.
    pub(crate) default_ipv4_over_ipv6: Option<Fact<bool>>,
    /// Whether sessions over IPv6 carry IPv6 unicast unasked.
    pub(crate) default_ipv6: Option<Fact<bool>>,
    /// Timers of all sessions that have none of their own.
    pub(crate) timers: Option<Setting<'t>>,
    /// `local-as` of the VRF.
    pub(crate) local_as: Option<Fact<u32>>,
}

/// A name that `neighbor NAME peer group` makes a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group<'t> {
    /// Its name.
    pub(crate) name: &'t str,
    /// The statement.
    pub(crate) at: Span,
}

/// Who joins a group without being a neighbor of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joined<'t> {
    /// The statement.
    pub(crate) at: Span,
    /// VRF it stands in.
    pub(crate) vrf: Option<&'t str>,
    /// Who.
    pub(crate) who: Who<'t>,
    /// The group whose settings apply.
    pub(crate) group: Fact<&'t str>,
    /// The AS number expected, or the filter that says which.
    pub(crate) remote_as: Option<Expected<'t>>,
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who<'t> {
    /// Anybody from a range.
    Range(Prefix),
    /// The peer on an interface, or on some.
    Interface(&'t str),
}

/// The AS number that is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected<'t> {
    /// This one.
    Number(Fact<u32>),
    /// One that a peer filter accepts.
    Filter(Fact<&'t str>),
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

    /// Whether it carries unicast routes of a VRF.
    pub(crate) fn is_unicast(self) -> bool {
        self.name.is_empty()
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
            Table::Instance(index) => self.instances.get_mut(index).map(|it| &mut it.model),
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
    /// The address family block it stands in; lines in none speak of all unicast routes.
    pub(crate) family: Option<Family<'t>>,
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
    /// Switches something off.
    Off(Slot, Span),
    /// Gives something back to what is inherited.
    Default(Slot),
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
    /// `ttl maximum-hops`.
    TtlSecurity,
    /// `bfd`, `fall-over bfd`.
    Bfd,
    /// `timers`.
    Timers,
    /// `password`.
    Password,
    /// `activate`.
    Activate,
    /// `route-map`, and `rcf`, which takes its place.
    Policy(Direction),
    /// `prefix-list`.
    PrefixList(Direction),
    /// `missing-policy`.
    MissingPolicy(Direction),
    /// `weight`.
    Weight,
    /// `import-localpref`.
    ImportPreference,
    /// `export-localpref`.
    ExportPreference,
    /// `maximum-routes`.
    MaximumRoutes,
    /// `send-community`.
    SendCommunity,
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
    /// `as-path remote-as replace out`.
    AsOverride,
    /// `soft-reconfiguration inbound`, `rib-in pre-policy retain`.
    KeepReceived,
    /// `out-delay`.
    OutDelay,
    /// `additional-paths send`.
    SendPaths,
    /// `additional-paths receive`.
    ReceivePaths,
    /// Something that the model has no place for, and that is switched off.
    Unkept,
}

impl Slot {
    /// Whether the setting belongs to an address family, not to the session.
    pub(crate) const fn is_of_family(self) -> bool {
        !matches!(
            self,
            Self::PeerGroup
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
    /// How private AS numbers are removed.
    PrivateAs(PrivateAs),
    /// Keepalive and hold time.
    Timers(u32, u32),
    /// An AS number.
    RemoteAs(RemoteAs),
    /// A name, or free text.
    Name(Fact<&'t str>),
    /// A policy that may be left out; whether a default route is sent without one in the table.
    Default(Option<Fact<&'t str>>, bool),
    /// A limit; `None` is none at all.
    MaximumRoutes(Option<MaximumPrefix>),
    /// Which communities are sent: standard ones, extended ones.
    Communities(bool, bool),
    /// Whether sessions without policy exchange nothing.
    Denies(bool),
}
