//! One device: everything that was read from its configuration.

use edgelint_source::Span;

use crate::behaviour::Behaviour;
use crate::bgp::BgpProcess;
use crate::coverage::Coverage;
use crate::fact::Fact;
use crate::interface::Interface;
use crate::lists::{AccessList, AsPathList, CommunityList, PrefixList, ValueSet};
use crate::names::{Definition, Use};
use crate::nat::Nat;
use crate::policy::Policy;
use crate::routing::{IgpProcess, Leak, StaticRoute, Vrf};

/// A device as its configuration shows it.
#[derive(Clone, Debug)]
pub struct Device<'t> {
    /// Its dialect's defaults.
    pub behaviour: &'static Behaviour,
    /// Its own name.
    pub hostname: Option<Fact<&'t str>>,
    /// The part of the file it was read from.
    pub at: Span,
    /// Whether the text is a whole export: it has a name and what else a whole export holds.
    pub whole: bool,
    /// Whether the host that it runs on sets up interfaces and routes, so that the table may hold routes that
    /// nothing in the text explains.
    pub hosted: bool,
    /// The statement by which a second unit knows its connections and takes them over.
    pub mirrors_state: Option<Span>,
    /// VRFs.
    pub vrfs: Vec<Vrf<'t>>,
    /// Routes that are put into the table of another VRF.
    pub leaks: Vec<Leak<'t>>,
    /// Interfaces.
    pub interfaces: Vec<Interface<'t>>,
    /// Prefix lists of both families.
    pub prefix_lists: Vec<PrefixList<'t>>,
    /// Access lists of both families.
    pub access_lists: Vec<AccessList<'t>>,
    /// Community lists.
    pub community_lists: Vec<CommunityList<'t>>,
    /// Sets of other values, where the dialect keeps them.
    pub value_sets: Vec<ValueSet<'t>>,
    /// AS-path lists.
    pub as_path_lists: Vec<AsPathList<'t>>,
    /// Policies.
    pub policies: Vec<Policy<'t>>,
    /// BGP processes.
    pub bgp: Vec<BgpProcess<'t>>,
    /// Static routes.
    pub static_routes: Vec<StaticRoute<'t>>,
    /// Interior protocols.
    pub igps: Vec<IgpProcess<'t>>,
    /// Translation.
    pub nat: Nat<'t>,
    /// Statements that define named objects.
    pub definitions: Vec<Definition<'t>>,
    /// Uses of named objects.
    pub uses: Vec<Use<'t>>,
    /// Words that must never be printed.
    pub secrets: Vec<Span>,
    /// Free text: descriptions, remarks, banners.
    pub free_text: Vec<Span>,
    /// The account of every statement.
    pub coverage: Coverage,
}

impl<'t> Device<'t> {
    /// A device about which nothing is said yet.
    pub fn new(behaviour: &'static Behaviour, at: Span) -> Self {
        Self {
            behaviour,
            hostname: None,
            at,
            whole: false,
            hosted: false,
            mirrors_state: None,
            vrfs: Vec::new(),
            leaks: Vec::new(),
            interfaces: Vec::new(),
            prefix_lists: Vec::new(),
            access_lists: Vec::new(),
            community_lists: Vec::new(),
            value_sets: Vec::new(),
            as_path_lists: Vec::new(),
            policies: Vec::new(),
            bgp: Vec::new(),
            static_routes: Vec::new(),
            igps: Vec::new(),
            nat: Nat::default(),
            definitions: Vec::new(),
            uses: Vec::new(),
            secrets: Vec::new(),
            free_text: Vec::new(),
            coverage: Coverage::default(),
        }
    }
}
