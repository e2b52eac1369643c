//! Interfaces, as far as sessions, routes and translation depend on them.

use std::net::IpAddr;

use edgelint_prefix::Prefix;
use edgelint_source::Span;

use crate::fact::Fact;
use crate::rare::{Blank, Rare};

/// An address on an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterfaceAddress {
    /// The address itself.
    pub address: IpAddr,
    /// The subnet it makes.
    pub subnet: Prefix,
    /// Whether it is an additional one.
    pub secondary: bool,
    /// Whether it says that other devices have it too: all gateways of a segment, or anycast.
    pub shared: bool,
}

/// The side of a translating device that an interface is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NatSide {
    /// Towards the addresses that are translated.
    Inside,
    /// Towards those that see translated addresses.
    Outside,
    /// Both, decided by the routing (`ip nat enable`).
    Either,
}

/// An interface or subinterface.
#[derive(Clone, Debug)]
pub struct Interface<'t> {
    /// Its name as written.
    pub name: &'t str,
    /// Its statement.
    pub at: Span,
    /// Description.
    pub description: Option<Fact<&'t str>>,
    /// VRF or routing instance; `None` is the default one.
    pub vrf: Option<Fact<&'t str>>,
    /// Addresses, in order.
    pub addresses: Vec<Fact<InterfaceAddress>>,
    /// Outer (or only) VLAN id.
    pub vlan: Option<Fact<u32>>,
    /// Whether it is shut down.
    pub shutdown: Option<Fact<bool>>,
    /// Side for translation.
    pub nat: Option<Fact<NatSide>>,
    /// What few interfaces have.
    pub options: Rare<InterfaceOptions<'t>>,
    /// Whether it is a tunnel.
    pub tunnel: bool,
    /// Statements in it that were not understood.
    pub blind: Vec<Span>,
}

/// Settings of an interface beyond its addresses and VLAN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InterfaceOptions<'t> {
    /// Whether its address comes from a server (DHCP, PPP): unknown here.
    pub dynamic_address: Option<Fact<()>>,
    /// The interface it borrows its address from.
    pub unnumbered: Option<Fact<&'t str>>,
    /// Inner VLAN id.
    pub inner_vlan: Option<Fact<u32>>,
    /// Zone or security name of a firewall.
    pub zone: Option<Fact<&'t str>>,
    /// How much a firewall trusts what is behind it: 0 not at all, 100 wholly.
    pub security_level: Option<Fact<u32>>,
    /// Filter on packets that come in.
    pub filter_in: Option<Fact<&'t str>>,
    /// Filter on packets that go out.
    pub filter_out: Option<Fact<&'t str>>,
    /// Policy that routes IPv4 packets which come in.
    pub policy_routing: Option<Fact<&'t str>>,
    /// Policy that routes IPv6 packets which come in.
    pub ipv6_policy_routing: Option<Fact<&'t str>>,
    /// Whether BFD timers are configured.
    pub bfd: Option<Fact<()>>,
    /// IP MTU in bytes.
    pub mtu: Option<Fact<u32>>,
    /// A first-hop redundancy protocol.
    pub first_hop_redundancy: Option<Fact<()>>,
}

impl Blank for InterfaceOptions<'_> {
    fn blank<'b>() -> &'b Self
    where
        Self: 'b,
    {
        static BLANK: InterfaceOptions<'static> = InterfaceOptions {
            dynamic_address: None,
            unnumbered: None,
            inner_vlan: None,
            zone: None,
            security_level: None,
            filter_in: None,
            filter_out: None,
            policy_routing: None,
            ipv6_policy_routing: None,
            bfd: None,
            mtu: None,
            first_hop_redundancy: None,
        };
        &BLANK
    }
}

impl<'t> Interface<'t> {
    /// An interface about which nothing is said yet.
    pub fn new(name: &'t str, at: Span) -> Self {
        Self {
            name,
            at,
            description: None,
            vrf: None,
            addresses: Vec::new(),
            vlan: None,
            shutdown: None,
            nat: None,
            options: Rare::default(),
            tunnel: false,
            blind: Vec::new(),
        }
    }
}
