//! Lists that policies and filters match with: prefixes, communities, AS paths, access lists.

use std::fmt;
use std::net::Ipv4Addr;

use edgelint_prefix::{Family, Prefix, PrefixRange};
use edgelint_source::Span;

use crate::fact::Fact;
use crate::names::ObjectKind;

/// An entry of a prefix list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefixEntry {
    /// The statement.
    pub at: Span,
    /// Sequence number, given or implied; `None` where the dialect has none.
    pub sequence: Option<u32>,
    /// Permit or deny.
    pub permit: bool,
    /// Prefix and lengths, host bits cleared.
    pub range: PrefixRange,
}

/// A prefix list or set. Entries stand in the order in which the device evaluates them.
#[derive(Clone, Debug)]
pub struct PrefixList<'t> {
    /// Its name.
    pub name: &'t str,
    /// Family of its entries.
    pub family: Family,
    /// Its first statement.
    pub at: Span,
    /// Entries in the order of evaluation; a repeated sequence number left only what the device keeps.
    pub entries: Vec<PrefixEntry>,
    /// Statements of the list that were not understood.
    pub blind: Vec<Span>,
}

/// A standard community (RFC 1997), as 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Community(pub u32);

impl Community {
    /// The community `high:low`.
    pub const fn new(high: u16, low: u16) -> Self {
        Self((high as u32) << 16 | low as u32)
    }

    /// NO_EXPORT (RFC 1997).
    pub const NO_EXPORT: Self = Self(0xFFFF_FF01);
    /// NO_ADVERTISE (RFC 1997).
    pub const NO_ADVERTISE: Self = Self(0xFFFF_FF02);
    /// NO_EXPORT_SUBCONFED (RFC 1997), `local-AS` on many devices.
    pub const LOCAL_AS: Self = Self(0xFFFF_FF03);
    /// GRACEFUL_SHUTDOWN (RFC 8326).
    pub const GRACEFUL_SHUTDOWN: Self = Self(0xFFFF_0000);
}

impl fmt::Display for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NO_EXPORT => f.write_str("no-export"),
            Self::NO_ADVERTISE => f.write_str("no-advertise"),
            Self::LOCAL_AS => f.write_str("local-AS"),
            Self::GRACEFUL_SHUTDOWN => f.write_str("graceful-shutdown"),
            Self(value) => write!(f, "{}:{}", value >> 16, value & 0xFFFF),
        }
    }
}

/// What an entry of a community list asks of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommunityMatch<'t> {
    /// Every route (`internet` on IOS).
    Any,
    /// Routes that carry all of these.
    All(Vec<Community>),
    /// Routes whose communities match a regular expression of the dialect.
    Regex(&'t str),
}

/// An entry of a community list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityEntry<'t> {
    /// The statement.
    pub at: Span,
    /// Permit or deny.
    pub permit: bool,
    /// What it matches.
    pub matches: CommunityMatch<'t>,
}

/// A community list or set.
#[derive(Clone, Debug)]
pub struct CommunityList<'t> {
    /// Its name or number.
    pub name: &'t str,
    /// Its first statement.
    pub at: Span,
    /// Entries in the order of evaluation; the first that matches decides.
    pub entries: Vec<CommunityEntry<'t>>,
    /// Statements of the list that were not understood.
    pub blind: Vec<Span>,
}

/// An entry of an AS-path list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsPathEntry<'t> {
    /// The statement.
    pub at: Span,
    /// Permit or deny.
    pub permit: bool,
    /// The regular expression as written, in the dialect's own language.
    pub regex: &'t str,
}

/// An AS-path list or set.
#[derive(Clone, Debug)]
pub struct AsPathList<'t> {
    /// Its name or number.
    pub name: &'t str,
    /// Its first statement.
    pub at: Span,
    /// Entries in the order of evaluation.
    pub entries: Vec<AsPathEntry<'t>>,
    /// Statements of the list that were not understood.
    pub blind: Vec<Span>,
}

/// A set whose values are compared as they are written: extended or large communities, route
/// distinguishers.
#[derive(Clone, Debug)]
pub struct ValueSet<'t> {
    /// What its values are.
    pub kind: ObjectKind,
    /// Its name.
    pub name: &'t str,
    /// Its first statement.
    pub at: Span,
    /// The values.
    pub values: Vec<Fact<&'t str>>,
    /// Statements of the set that were not understood.
    pub blind: Vec<Span>,
}

/// The addresses that one side of an access list entry matches. Access lists are the longest lists of an
/// export, so this is kept small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessMatch {
    /// Every address.
    Any,
    /// Addresses that equal `address` where `wildcard` has zero bits.
    Wildcard {
        /// Address as written.
        address: Ipv4Addr,
        /// Inverted mask: one bits are not compared.
        wildcard: Ipv4Addr,
    },
    /// Addresses inside a prefix.
    Prefix(Prefix),
    /// Routes of a range, where the dialect has lists of routes among its access lists (FRR); the addresses
    /// inside its prefix.
    Routes(PrefixRange),
    /// Members of an object group, which is named there.
    Group(Span),
}

/// An entry of an access list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessEntry {
    /// The statement.
    pub at: Span,
    /// Sequence number where given.
    pub sequence: Option<u32>,
    /// Permit or deny.
    pub permit: bool,
    /// Source addresses.
    pub source: AccessMatch,
    /// Destination addresses; `None` in a standard list.
    pub destination: Option<AccessMatch>,
    /// Whether ports, flags or times narrow it further.
    pub narrowed: bool,
}

/// An access list.
#[derive(Clone, Debug)]
pub struct AccessList<'t> {
    /// Its name or number.
    pub name: &'t str,
    /// Family of its entries.
    pub family: Family,
    /// Whether entries match on source and destination.
    pub extended: bool,
    /// Its first statement.
    pub at: Span,
    /// Entries in the order of evaluation.
    pub entries: Vec<AccessEntry>,
    /// Statements of the list that were not understood.
    pub blind: Vec<Span>,
}
