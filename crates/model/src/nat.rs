//! Address translation: pools of addresses, and rules that say what is translated into what.

use std::net::IpAddr;

use edgelint_prefix::Interval;
use edgelint_source::Span;

use crate::fact::Fact;

/// All translation of a device.
#[derive(Clone, Debug, Default)]
pub struct Nat<'t> {
    /// Pools by name.
    pub pools: Vec<NatPool<'t>>,
    /// Rules in the order in which the device takes them.
    pub rules: Vec<NatRule<'t>>,
    /// Statements that were not understood.
    pub blind: Vec<Span>,
}

/// A pool of addresses to translate to.
#[derive(Clone, Debug)]
pub struct NatPool<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its statement.
    pub at: Span,
    /// The addresses, each with the words that state them.
    pub ranges: Vec<Fact<Interval>>,
    /// What else is said about it: rare.
    pub details: Option<Box<PoolDetails<'t>>>,
}

/// How a pool is used up, where statements say so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoolDetails<'t> {
    /// Whether ports are translated too, so that many hosts share an address.
    pub translates_ports: Option<Fact<bool>>,
    /// The ports that are used, both ends included.
    pub ports: Option<Fact<(u16, u16)>>,
    /// Whether a host keeps one address for all its sessions.
    pub keeps_pairs: Option<Fact<bool>>,
    /// The inside address that gets the first address of the pool; the next one, the next.
    pub first_inside: Option<Fact<IpAddr>>,
    /// VRF of the addresses.
    pub vrf: Option<Fact<&'t str>>,
    /// What is used when the pool is exhausted.
    pub overflow: Option<Fact<Overflow<'t>>>,
    /// The first part of it whose addresses are not known: a name of the domain name system, an object
    /// that is not there.
    pub incomplete: Option<Span>,
}

/// What is used when a pool is exhausted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow<'t> {
    /// Another pool.
    Pool(&'t str),
    /// The address of the interface by which a packet leaves.
    Egress,
}

/// Which address of a packet a rule translates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NatDirection {
    /// The source, on the way from inside to outside (and back, where static).
    InsideSource,
    /// The source, on the way from outside to inside.
    OutsideSource,
    /// The destination, on the way from outside to inside.
    Destination,
}

/// What a rule applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NatSelector<'t> {
    /// Packets that an access list permits.
    AccessList(Fact<&'t str>),
    /// Packets that a route map permits.
    Policy(Fact<&'t str>),
    /// One address or a block of them, one to one.
    Addresses(Interval),
    /// The address of an interface.
    Interface(Fact<&'t str>),
    /// Members of a named object or group.
    Objects(Fact<&'t str>),
    /// Everything that takes the way of the rule.
    Any,
}

/// What a rule translates to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation<'t> {
    /// Addresses of a pool.
    Pool(Fact<&'t str>),
    /// The address of an interface.
    Interface(Fact<&'t str>),
    /// The address of the interface by which a packet leaves; the words that say so.
    Egress(Fact<()>),
    /// Addresses written in place.
    Addresses(Fact<Interval>),
    /// Nothing: the address stays as it is.
    Identity,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct NatRule<'t> {
    /// The statement.
    pub at: Span,
    /// What is translated.
    pub direction: NatDirection,
    /// One to one, in both directions, always there.
    pub is_static: bool,
    /// What it applies to.
    pub selector: NatSelector<'t>,
    /// What comes out.
    pub translation: Translation<'t>,
    /// Whether many addresses share one, told apart by ports.
    pub overload: bool,
    /// Whether only one protocol and port is translated (port forwarding).
    pub port: bool,
    /// Whether protocols, ports or applications narrow it further.
    pub narrowed: bool,
    /// Whether it is switched off, and only kept.
    pub inactive: bool,
    /// Whether it says itself that packets may leave by every named interface but the one they came by.
    pub everywhere: bool,
    /// VRF of the inside; `None` is the default one.
    pub vrf: Option<Fact<&'t str>>,
    /// Interfaces, zones or instances by which packets must come, where the rule says so itself.
    pub ingress: Vec<Fact<&'t str>>,
    /// Interfaces, zones or instances by which packets must leave, where the rule says so itself.
    pub egress: Vec<Fact<&'t str>>,
    /// A further condition on a static rule.
    pub condition: Option<Fact<&'t str>>,
    /// The next hop, where the rule is limited to one.
    pub next_hop: Option<IpAddr>,
    /// Devices on which the same is said of a rule know each other's translations by it.
    pub mirrored: Option<Mirror<'t>>,
}

/// Translations that several devices know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mirror<'t> {
    /// The redundancy group that the devices make.
    pub group: Fact<&'t str>,
    /// The number by which they call the translations of a rule.
    pub mapping: Option<u32>,
}
