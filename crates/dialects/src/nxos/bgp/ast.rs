//! BGP as NX-OS thinks of it: neighbors and templates are blocks of the same lines, with families inside.
//!
//! A template may be filled before or after somebody inherits it. So lines are kept as they are; what a
//! neighbor ends up with is settled when all of them are there.

use edgelint_model::{
    AddressFamily, BgpInstance, Direction, Fact, LocalAsMode, MaximumPrefix, NeighborAddress,
    OtherFamily, PrivateAs,
};
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
    /// `confederation identifier`.
    pub(crate) confederation: Option<Fact<u32>>,
    /// `confederation peers`.
    pub(crate) confederation_peers: Vec<Fact<u32>>,
    /// The statement that switches the whole process off.
    pub(crate) shutdown: Option<Span>,
    /// The default instance first, then one a VRF; their neighbors are not yet there.
    pub(crate) instances: Vec<BgpInstance<'t>>,
    /// Families other than the unicast ones of a VRF.
    pub(crate) other_families: Vec<OtherFamily<'t>>,
    /// What sessions of a VRF have that say nothing else: timers, own AS number.
    pub(crate) defaults: Vec<(Option<&'t str>, Setting<'t>)>,
    /// Templates.
    pub(crate) templates: Vec<Template<'t>>,
    /// Neighbors, in the order in which they occur.
    pub(crate) peers: Vec<Peer<'t>>,
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

/// Which kind of template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TemplateKind {
    /// `template peer`: everything that a neighbor has.
    Peer,
    /// `template peer-session`: what belongs to no family.
    Session,
    /// `template peer-policy`: what belongs to a family, whichever inherits it.
    Policy,
}

/// A template.
#[derive(Debug)]
pub(crate) struct Template<'t> {
    /// What it holds.
    pub(crate) kind: TemplateKind,
    /// Its name.
    pub(crate) name: &'t str,
    /// Its lines.
    pub(crate) body: Body<'t>,
}

/// A neighbor.
#[derive(Debug)]
pub(crate) struct Peer<'t> {
    /// VRF it stands in.
    pub(crate) vrf: Option<&'t str>,
    /// Who it is.
    pub(crate) address: NeighborAddress<'t>,
    /// Its first statement.
    pub(crate) at: Span,
    /// Its blocks, of which there may be several.
    pub(crate) blocks: Vec<Span>,
    /// Its lines.
    pub(crate) body: Body<'t>,
}

/// The lines of a neighbor or a template.
#[derive(Debug, Default)]
pub(crate) struct Body<'t> {
    /// The families it opens, each with the statement.
    pub(crate) families: Vec<(Family<'t>, Span)>,
    /// Its lines, those of its families among them.
    pub(crate) lines: Vec<Line<'t>>,
}

/// A line about a neighbor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'t> {
    /// The family it stands in.
    pub(crate) family: Option<Family<'t>>,
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
    /// Switches something off, whoever had set it (`no`).
    Off(Slot),
    /// Takes back what was said here; what is inherited counts again (`default`).
    Lift(Slot),
    /// Nobody knows: the line was not understood.
    Blind,
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
    /// `inherit peer`.
    InheritPeer,
    /// `inherit peer-session`.
    InheritSession,
    /// `inherit peer-policy`, of a preference.
    InheritPolicy(u32),
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
    /// `remove-private-as`, which counts for all families.
    RemovePrivateAs,
    /// `route-map`.
    RouteMap(Direction),
    /// `prefix-list`.
    PrefixList(Direction),
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
    /// `allowas-in`.
    AllowasIn,
    /// `as-override`.
    AsOverride,
    /// `soft-reconfiguration inbound`.
    SoftReconfiguration,
    /// `disable-peer-as-check`.
    PeerAsCheck,
    /// `advertise-map`.
    AdvertiseMap,
    /// `unsuppress-map`.
    UnsuppressMap,
    /// `advertisement-interval`.
    AdvertisementInterval,
    /// `capability additional-paths send`.
    SendPaths,
    /// `capability additional-paths receive`.
    ReceivePaths,
    /// `suppress-inactive`.
    SuppressInactive,
}

impl Slot {
    /// Whether a later setting or `no` of this slot takes the place of an earlier one of the other.
    pub(crate) fn replaces(self, other: Self) -> bool {
        match (self, other) {
            (
                Self::SendCommunity { standard: new_standard, extended: new_extended },
                Self::SendCommunity { standard, extended },
            ) => (new_standard || !standard) && (new_extended || !extended),
            _ => self == other,
        }
    }
}

/// The value of a setting.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'t> {
    /// It is on, or it is off by a word of its own.
    Flag(bool),
    /// A number.
    Number(u32),
    /// An own AS number, and how it stands beside the process's.
    LocalAs(u32, LocalAsMode),
    /// How private AS numbers are removed.
    PrivateAs(PrivateAs),
    /// Keepalive and hold time.
    Timers(u32, u32),
    /// A name, or free text.
    Name(Fact<&'t str>),
    /// A policy that may be left out.
    Policy(Option<Fact<&'t str>>),
    /// A limit.
    MaximumPrefix(MaximumPrefix),
    /// A policy that selects, and one that is the condition.
    Conditional(Fact<&'t str>, Fact<&'t str>),
}
