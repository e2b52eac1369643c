//! BGP: processes, instances (one a VRF), neighbors with everything they inherit settled.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;

use crate::fact::Fact;
use crate::names::ObjectKind;
use crate::rare::{Blank, Rare};
use crate::tuning::{AdditionalPaths, OutboundFiltering, Tuning};

/// The families of routes that a session may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressFamily {
    /// IPv4 unicast.
    Ipv4,
    /// IPv6 unicast.
    Ipv6,
    /// VPNv4 unicast.
    Vpnv4,
    /// VPNv6 unicast.
    Vpnv6,
    /// Any other: multicast, flow specification, L2VPN ...
    Other,
}

impl AddressFamily {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Vpnv4 => "vpnv4",
            Self::Vpnv6 => "vpnv6",
            Self::Other => "other",
        }
    }
}

/// Towards us or away from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Routes that the neighbor sends.
    In,
    /// Routes that the neighbor is sent.
    Out,
}

/// A BGP process of a device.
#[derive(Clone, Debug)]
pub struct BgpProcess<'t> {
    /// Its statement.
    pub at: Span,
    /// The device's AS number.
    pub local_as: Option<Fact<u32>>,
    /// AS number that a confederation shows to the outside (RFC 5065), and its members.
    pub confederation: Option<Fact<u32>>,
    /// Member AS numbers of the confederation.
    pub confederation_peers: Vec<Fact<u32>>,
    /// The default instance and one an address family of a VRF; each VRF occurs once.
    pub instances: Vec<BgpInstance<'t>>,
    /// Families whose routes are not the unicast routes of a VRF.
    pub other_families: Vec<OtherFamily<'t>>,
}

/// What is put into a family that carries other routes than the unicast ones of a VRF: multicast,
/// VPN routes with their distinguishers, EVPN ...
///
/// Its neighbors are those of the VRF; what they do in it stands with them, in
/// [`Neighbor::families`].
#[derive(Clone, Debug)]
pub struct OtherFamily<'t> {
    /// The family.
    pub family: AddressFamily,
    /// As the dialect calls it, without the VRF.
    pub name: &'t str,
    /// What is said in it; no neighbors.
    pub instance: BgpInstance<'t>,
}

/// BGP in one VRF.
#[derive(Clone, Debug)]
pub struct BgpInstance<'t> {
    /// Name of the VRF; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// The statement that opens it.
    pub at: Span,
    /// Router id where configured.
    pub router_id: Option<Fact<Ipv4Addr>>,
    /// Local preference of routes that no policy gives one, where configured.
    pub default_local_preference: Option<Fact<u32>>,
    /// MED given to redistributed routes, where configured.
    pub default_metric: Option<Fact<u32>>,
    /// Whether a default route may be redistributed (`default-information originate`).
    pub default_information: Option<Fact<bool>>,
    /// Whether sessions without policy exchange nothing (RFC 8212), where a statement says so.
    pub requires_policy: Option<Fact<bool>>,
    /// Whether best-path selection ignores the length of AS paths.
    pub ignores_as_path_length: Option<Fact<bool>>,
    /// `maximum-paths`, for eBGP.
    pub maximum_paths: Option<Fact<u32>>,
    /// Prefixes put into BGP by name.
    pub networks: Vec<Network<'t>>,
    /// Aggregates.
    pub aggregates: Vec<Aggregate<'t>>,
    /// Routes of other protocols put into BGP.
    pub redistributions: Vec<Redistribution<'t>>,
    /// Whether it is logged when a session comes up or goes down.
    pub logs_neighbor_changes: Option<Fact<bool>>,
    /// Path selection, timers and the like.
    pub tuning: Rare<Tuning<'t>>,
    /// Sessions.
    pub neighbors: Vec<Neighbor<'t>>,
    /// Statements of the instance, outside its neighbors, that were not understood.
    pub blind: Vec<Span>,
}

/// A `network` statement.
#[derive(Clone, Debug)]
pub struct Network<'t> {
    /// The statement.
    pub at: Span,
    /// The prefix.
    pub prefix: Prefix,
    /// Policy that sets attributes or filters.
    pub policy: Option<Fact<&'t str>>,
    /// Whether it only marks a route as less preferred than an interior one (`backdoor`).
    pub backdoor: bool,
}

/// An aggregate.
#[derive(Clone, Debug)]
pub struct Aggregate<'t> {
    /// The statement.
    pub at: Span,
    /// The prefix.
    pub prefix: Prefix,
    /// Whether more specific routes are not announced.
    pub summary_only: bool,
    /// Whether its path holds the parts' AS numbers as a set.
    pub as_set: bool,
    /// Policy that sets its attributes.
    pub attribute_policy: Option<Fact<&'t str>>,
    /// Policy that selects which parts are suppressed.
    pub suppress_policy: Option<Fact<&'t str>>,
    /// Policy that selects which parts count.
    pub advertise_policy: Option<Fact<&'t str>>,
}

/// Where routes come from, for redistribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteSource {
    /// Subnets of interfaces.
    Connected,
    /// Static routes.
    Static,
    /// Another BGP process.
    Bgp,
    /// An interior protocol.
    Igp,
    /// Anything else.
    Other,
}

/// Redistribution into a protocol.
#[derive(Clone, Debug)]
pub struct Redistribution<'t> {
    /// The statement.
    pub at: Span,
    /// Where the routes come from.
    pub source: RouteSource,
    /// The source protocol with its process, as written.
    pub protocol: &'t str,
    /// Family of the routes.
    pub family: AddressFamily,
    /// Policy that filters them and sets attributes.
    pub policy: Option<Fact<&'t str>>,
    /// Metric set without a policy.
    pub metric: Option<Fact<u32>>,
}

/// Who is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeighborAddress<'t> {
    /// An address.
    Address(IpAddr),
    /// Whoever calls from this range (`bgp listen range`).
    Range(Prefix),
    /// The peer on an interface.
    Interface(&'t str),
}

/// The AS number expected of a neighbor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemoteAs {
    /// A number.
    Number(u32),
    /// Any but the own one.
    External,
    /// The own one.
    Internal,
}

/// A session, with what it inherits from groups and templates already in place.
#[derive(Clone, Debug)]
pub struct Neighbor<'t> {
    /// The other end.
    pub address: NeighborAddress<'t>,
    /// The statement that makes it.
    pub at: Span,
    /// AS number of the other end.
    pub remote_as: Option<Fact<RemoteAs>>,
    /// Own AS number towards it, where it differs.
    pub local_as: Option<Fact<u32>>,
    /// How that stands beside the process's.
    pub local_as_mode: LocalAsMode,
    /// Description.
    pub description: Option<Fact<&'t str>>,
    /// Peer group, or the first group or template it inherits from.
    pub group: Option<Fact<&'t str>>,
    /// Whether it is shut down.
    pub shutdown: Option<Fact<bool>>,
    /// Interface or address it speaks from.
    pub update_source: Option<Fact<&'t str>>,
    /// Hops it may be away, where more than one is allowed.
    pub ebgp_multihop: Option<Fact<u32>>,
    /// Least TTL that is accepted, as hops (GTSM, RFC 5082).
    pub ttl_security: Option<Fact<u32>>,
    /// BFD.
    pub bfd: Option<Fact<bool>>,
    /// Keepalive and hold time in seconds.
    pub timers: Option<Fact<(u32, u32)>>,
    /// Where its key stands; the key itself is never kept.
    pub password: Option<Fact<()>>,
    /// What it does a family; families that are neither configured nor on by default are absent.
    pub families: Vec<NeighborFamily<'t>>,
    /// Statements about it, its group or its templates that were not understood.
    pub blind: Vec<Span>,
}

/// A filter on a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter<'t> {
    /// What filters: [`ObjectKind::Policy`], a prefix list, an access list or an AS-path list.
    pub kind: ObjectKind,
    /// Its name.
    pub name: Fact<&'t str>,
}

/// A limit on the number of prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaximumPrefix {
    /// The limit.
    pub limit: u32,
    /// Whether crossing it only warns.
    pub warning_only: bool,
}

/// A default route sent without need for one in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultOriginate<'t> {
    /// Policy that conditions it or sets its attributes, as the dialect has it.
    pub policy: Option<Fact<&'t str>>,
}

/// How private AS numbers are removed from what a neighbor is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrivateAs {
    /// All of them; else only where the path holds no others.
    pub all: bool,
    /// They are replaced by the own AS number, so that the path stays as long.
    pub replaced: bool,
}

/// How an own AS number towards one neighbor stands beside the process's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LocalAsMode {
    /// It is not put into the paths that the neighbor sends (`no-prepend`).
    pub not_prepended: bool,
    /// It stands in the place of the process's in what the neighbor is sent (`replace-as`).
    pub replaces: bool,
}

/// A session in one address family.
#[derive(Clone, Debug)]
pub struct NeighborFamily<'t> {
    /// The family.
    pub family: AddressFamily,
    /// How the dialect calls it, where it is [`AddressFamily::Other`]: a session may have several.
    pub name: Option<&'t str>,
    /// Whether routes of the family are exchanged, and the statement that says so, if any.
    pub active: bool,
    /// The statement that activates or deactivates it.
    pub activation: Option<Span>,
    /// Filters on what it sends, in the order in which the device applies them.
    pub import: Vec<Filter<'t>>,
    /// Filters on what it is sent, in the order in which the device applies them.
    pub export: Vec<Filter<'t>>,
    /// Weight of its routes.
    pub weight: Option<Fact<u32>>,
    /// Local preference of its routes, set without a policy.
    pub local_preference: Option<Fact<u32>>,
    /// Limit on its prefixes.
    pub maximum_prefix: Option<Fact<MaximumPrefix>>,
    /// Whether standard communities are sent to it, where a statement says so.
    pub send_community: Option<Fact<bool>>,
    /// Whether extended communities are sent to it, where a statement says so.
    pub send_extended_community: Option<Fact<bool>>,
    /// Whether the own address becomes the next hop.
    pub next_hop_self: Option<Fact<bool>>,
    /// Whether it is a client of this route reflector.
    pub route_reflector_client: Option<Fact<bool>>,
    /// What few sessions have.
    pub options: Rare<NeighborFamilyOptions<'t>>,
}

/// Settings of a session in one address family beyond filters and the commonest attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NeighborFamilyOptions<'t> {
    /// Distance of its routes on this router, where paths are compared by it.
    pub distance: Option<Fact<u32>>,
    /// Local preference of the routes it is sent, before policies.
    pub sent_local_preference: Option<Fact<u32>>,
    /// A default route for it.
    pub default_originate: Option<Fact<DefaultOriginate<'t>>>,
    /// Whether that route is sent only while a default route stands in the table.
    pub default_needs_route: Option<Fact<bool>>,
    /// Whether nothing is accepted from it where no inbound policy is there.
    pub refuses_without_import: Option<Fact<bool>>,
    /// Whether nothing is sent to it where no outbound policy is there.
    pub refuses_without_export: Option<Fact<bool>>,
    /// Whether private AS numbers are removed from what it is sent.
    pub remove_private_as: Option<Fact<bool>>,
    /// How private AS numbers are removed, where they are.
    pub private_as: PrivateAs,
    /// Whether the own AS number may occur in its paths.
    pub allowas_in: Option<Fact<u32>>,
    /// Whether its AS number is replaced by the own one in what it is sent.
    pub as_override: Option<Fact<bool>>,
    /// Whether what it sends is kept unfiltered.
    pub soft_reconfiguration: Option<Fact<bool>>,
    /// Conditional advertisement: the policy that selects what is sent only under a condition.
    pub advertise_policy: Option<Fact<&'t str>>,
    /// Policy that lifts the suppression of an aggregate's parts.
    pub unsuppress_policy: Option<Fact<&'t str>>,
    /// Whether equal paths of its routes forward together.
    pub multipath: Option<Fact<bool>>,
    /// Whether it is sent routes that BGP prefers but the device does not use.
    pub advertise_inactive: Option<Fact<bool>>,
    /// Whether it is sent routes that came from its own AS.
    pub advertise_peer_as: Option<Fact<bool>>,
    /// Seconds between two updates about one prefix.
    pub advertisement_interval: Option<Fact<u32>>,
    /// More than one path of a prefix.
    pub additional_paths: AdditionalPaths,
    /// Prefix filters exchanged with it.
    pub outbound_filtering: Option<Fact<OutboundFiltering>>,
    /// Whether it is a client of this route server, which leaves its own AS number out of paths
    /// (RFC 7947).
    pub route_server_client: Option<Fact<bool>>,
    /// Prefixes the dialect limits the session to by itself, where it does.
    pub allowed: Option<Vec<PrefixRange>>,
}

impl Blank for NeighborFamilyOptions<'_> {
    fn blank<'b>() -> &'b Self
    where
        Self: 'b,
    {
        static BLANK: NeighborFamilyOptions<'static> = NeighborFamilyOptions {
            distance: None,
            sent_local_preference: None,
            default_originate: None,
            default_needs_route: None,
            refuses_without_import: None,
            refuses_without_export: None,
            remove_private_as: None,
            private_as: PrivateAs { all: false, replaced: false },
            allowas_in: None,
            as_override: None,
            soft_reconfiguration: None,
            advertise_policy: None,
            unsuppress_policy: None,
            multipath: None,
            advertise_inactive: None,
            advertise_peer_as: None,
            advertisement_interval: None,
            additional_paths: AdditionalPaths::NONE,
            outbound_filtering: None,
            route_server_client: None,
            allowed: None,
        };
        &BLANK
    }
}

impl<'t> NeighborFamily<'t> {
    /// A family about which nothing is said yet.
    pub fn new(family: AddressFamily) -> Self {
        Self {
            family,
            name: None,
            active: false,
            activation: None,
            import: Vec::new(),
            export: Vec::new(),
            weight: None,
            local_preference: None,
            maximum_prefix: None,
            send_community: None,
            send_extended_community: None,
            next_hop_self: None,
            route_reflector_client: None,
            options: Rare::default(),
        }
    }

    /// Filters of a direction.
    pub fn filters(&self, direction: Direction) -> &[Filter<'t>] {
        match direction {
            Direction::In => &self.import,
            Direction::Out => &self.export,
        }
    }
}
