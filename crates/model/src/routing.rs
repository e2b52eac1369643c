//! Static routes, VRFs and interior protocols.

use std::net::IpAddr;

use edgelint_prefix::Prefix;
use edgelint_source::Span;

use crate::bgp::Redistribution;
use crate::fact::Fact;
use crate::lists::Community;
use crate::policy::OriginCode;

/// Where a static route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NextHop<'t> {
    /// To an address.
    Address(IpAddr),
    /// Out of an interface, to an address on it where given.
    Interface(&'t str, Option<IpAddr>),
    /// Nowhere: the packets are dropped (`Null0`, `discard`).
    Discard,
    /// Into another routing table.
    Table(&'t str),
}

/// A static route.
#[derive(Clone, Debug)]
pub struct StaticRoute<'t> {
    /// The statement.
    pub at: Span,
    /// VRF; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// Destination.
    pub prefix: Prefix,
    /// Where it leads.
    pub next_hop: NextHop<'t>,
    /// Administrative distance or preference, where given.
    pub distance: Option<u32>,
    /// Tag, where given.
    pub tag: Option<u32>,
    /// Whether it is withdrawn when something it tracks fails.
    pub tracked: bool,
    /// Whether it stands only while a more specific route does (an aggregate, a generated route).
    pub aggregate: bool,
    /// Name or comment.
    pub name: Option<&'t str>,
    /// What else it carries, where anything is said: rare.
    pub attributes: Option<Box<RouteAttributes<'t>>>,
}

/// Attributes that a static route or an aggregate is given where it is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RouteAttributes<'t> {
    /// Communities.
    pub communities: Vec<Community>,
    /// Metric.
    pub metric: Option<u32>,
    /// Local preference.
    pub local_preference: Option<u32>,
    /// AS path as written.
    pub as_path: Option<Fact<&'t str>>,
    /// ORIGIN.
    pub origin: Option<OriginCode>,
    /// The statement that keeps it from every other protocol (`no-readvertise`).
    pub kept_back: Option<Span>,
    /// For an aggregate: the policy that says which routes are its parts.
    pub parts: Option<Fact<&'t str>>,
    /// Whether communities of other types, or patterns, were said too: what it carries is not all here.
    pub more: bool,
}

/// A VRF or routing instance.
#[derive(Clone, Debug)]
pub struct Vrf<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its statement.
    pub at: Span,
    /// Route targets it imports, as written.
    pub import_targets: Vec<Fact<&'t str>>,
    /// Route targets it exports, as written.
    pub export_targets: Vec<Fact<&'t str>>,
    /// Policies on what it imports.
    pub import_policies: Vec<Fact<&'t str>>,
    /// Policies on what it exports.
    pub export_policies: Vec<Fact<&'t str>>,
    /// The statement by which it exchanges routes with other VRFs of the device that have one too, where route
    /// targets alone do not make them do so.
    pub exchanges: Option<Span>,
    /// Statements in it that were not understood.
    pub blind: Vec<Span>,
}

/// Whose routes are put into another table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeakSource<'t> {
    /// Those of this VRF; `None` is the default one.
    Vrf(Option<&'t str>),
    /// Those of any VRF, as the policy selects.
    AnyVrf,
    /// Those that a statement elsewhere hands over: which, does not show here.
    Elsewhere,
}

/// Routes of one VRF that are put into the table of another on the same device.
#[derive(Clone, Debug, PartialEq)]
pub struct Leak<'t> {
    /// The statement.
    pub at: Span,
    /// The VRF they come from.
    pub from: LeakSource<'t>,
    /// The VRF whose table gets them; `None` is the default one.
    pub into: Option<&'t str>,
    /// The policy that selects them, where one does.
    pub policy: Option<Fact<&'t str>>,
}

/// A process of an interior protocol.
#[derive(Clone, Debug)]
pub struct IgpProcess<'t> {
    /// The statement.
    pub at: Span,
    /// Protocol as written (`ospf`, `eigrp`, `isis`, `rip`).
    pub protocol: &'t str,
    /// VRF; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// What is redistributed into it.
    pub redistributions: Vec<Redistribution<'t>>,
}
