//! Named objects: where they are defined and where they are used.
//!
//! Dialects record both while they lower; facts join them. A use is recorded even where the model
//! has no place for what the statement does with the object.

use edgelint_source::Span;

/// Kinds of named objects. Each kind is a name space of its own on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A prefix list or prefix set, IPv4 (or both families, where the dialect does not tell).
    PrefixList,
    /// An IPv6 prefix list, where the dialect keeps a name space of its own for it.
    Ipv6PrefixList,
    /// A list of route filters, of which the longest that covers a route decides.
    RouteFilterList,
    /// A route map, route policy or policy statement.
    Policy,
    /// A community list or set.
    CommunityList,
    /// An extended community list or set.
    ExtendedCommunityList,
    /// A large community list or set.
    LargeCommunityList,
    /// A set of route distinguishers.
    RouteDistinguisherSet,
    /// An AS-path list or set.
    AsPathList,
    /// An IPv4 access list.
    Acl,
    /// An IPv6 access list.
    Ipv6Acl,
    /// A pool of addresses for translation.
    NatPool,
    /// An address object or group.
    Object,
    /// An interface.
    Interface,
    /// A VRF or routing instance.
    Vrf,
    /// Keys that sessions authenticate with.
    KeyChain,
    /// A BGP peer group.
    PeerGroup,
    /// A template or group that sessions inherit from.
    SessionTemplate,
    /// A template or group that address families of sessions inherit from.
    PolicyTemplate,
}

impl ObjectKind {
    /// The name in output. Policies are called by their dialect's own word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PrefixList => "prefix-list",
            Self::Ipv6PrefixList => "ipv6-prefix-list",
            Self::RouteFilterList => "route-filter-list",
            Self::Policy => "route-map",
            Self::CommunityList => "community-list",
            Self::ExtendedCommunityList => "extcommunity-list",
            Self::LargeCommunityList => "large-community-list",
            Self::RouteDistinguisherSet => "rd-set",
            Self::AsPathList => "as-path-list",
            Self::Acl => "acl",
            Self::Ipv6Acl => "ipv6-acl",
            Self::NatPool => "nat-pool",
            Self::Object => "object",
            Self::Interface => "interface",
            Self::Vrf => "vrf",
            Self::KeyChain => "key-chain",
            Self::PeerGroup => "peer-group",
            Self::SessionTemplate => "peer-session-template",
            Self::PolicyTemplate => "peer-policy-template",
        }
    }
}

/// What a statement uses an object for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Usage {
    /// Filter on what a neighbor (or its group) sends.
    NeighborImport,
    /// Filter on what a neighbor (or its group) is sent.
    NeighborExport,
    /// Other use on a neighbor: default-originate, advertise-map, unsuppress-map.
    Neighbor,
    /// A neighbor's membership or inheritance.
    Inherit,
    /// Match line of a policy.
    Match,
    /// Set line of a policy.
    Set,
    /// Call of one policy by another.
    Call,
    /// Policy on a `network` statement.
    Network,
    /// Policy on redistribution, into BGP or an interior protocol.
    Redistribute,
    /// Policy of an aggregate.
    Aggregate,
    /// Other use in BGP: table-map, dampening, import path.
    Bgp,
    /// Selects what a translation rule applies to.
    NatSelector,
    /// The addresses a translation rule translates to.
    NatPool,
    /// Filter on an interface.
    InterfaceFilter,
    /// Policy routing on an interface.
    PolicyRouting,
    /// Membership of an interface, route or session in a VRF.
    VrfMember,
    /// Import or export policy of a VRF.
    VrfPolicy,
    /// Egress or source interface of a statement.
    InterfaceUse,
    /// Distribute list of an interior protocol.
    IgpFilter,
    /// Anything else: management access, quality of service, crypto.
    Other,
}

impl Usage {
    /// A few words for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::NeighborImport => "inbound filter of a neighbor",
            Self::NeighborExport => "outbound filter of a neighbor",
            Self::Neighbor => "neighbor",
            Self::Inherit => "inheritance of a neighbor",
            Self::Match => "match in a policy",
            Self::Set => "set in a policy",
            Self::Call => "call from a policy",
            Self::Network => "network statement",
            Self::Redistribute => "redistribution",
            Self::Aggregate => "aggregate",
            Self::Bgp => "BGP process",
            Self::NatSelector => "what a NAT rule translates",
            Self::NatPool => "addresses of a NAT rule",
            Self::InterfaceFilter => "filter of an interface",
            Self::PolicyRouting => "policy routing",
            Self::VrfMember => "VRF membership",
            Self::VrfPolicy => "import or export of a VRF",
            Self::InterfaceUse => "interface of a statement",
            Self::IgpFilter => "filter of an interior protocol",
            Self::Other => "other use",
        }
    }
}

/// A definition: one of the statements that make an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition<'t> {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name as written.
    pub name: &'t str,
    /// The statement (its own words, not its block).
    pub at: Span,
}

/// A use of an object by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use<'t> {
    /// What is meant.
    pub kind: ObjectKind,
    /// Its name as written.
    pub name: &'t str,
    /// The word that names it.
    pub at: Span,
    /// What for.
    pub usage: Usage,
}
