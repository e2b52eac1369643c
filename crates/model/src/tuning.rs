//! How a BGP instance chooses among paths and runs its sessions, where statements say so.
//!
//! What decides *which* routes are exchanged stands in [`crate::BgpInstance`] itself. These are the
//! switches around it: but for the first, none of them lets a route in or out, but they decide which of
//! several paths wins, and when a change is seen.

use std::net::Ipv4Addr;

use crate::fact::Fact;
use crate::rare::Blank;

/// Settings of an instance; `None` is the dialect's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tuning<'t> {
    /// Whether `network` statements need the route in the table, where the dialect lets people choose.
    pub networks_need_route: Option<Fact<bool>>,
    /// How one path is preferred to another.
    pub best_path: BestPath,
    /// Identity as a route reflector (RFC 4456, section 7).
    pub cluster_id: Option<Fact<Ipv4Addr>>,
    /// Whether routes of one client are reflected to others.
    pub client_to_client_reflection: Option<Fact<bool>>,
    /// Whether outbound policies change what a route reflector reflects.
    pub reflects_with_policy: Option<Fact<bool>>,
    /// Dampening of routes that flap (RFC 2439).
    pub dampening: Option<Fact<Dampening<'t>>>,
    /// Administrative distances of BGP routes in the routing table.
    pub distance: Option<Fact<Distance>>,
    /// More than one path of a prefix (RFC 7911).
    pub additional_paths: AdditionalPaths,
    /// Equal paths that forward together, for iBGP alone.
    pub internal_paths: Option<Fact<u32>>,
    /// Equal paths that forward together, of routes imported from other VRFs.
    pub imported_paths: Option<Fact<u32>>,
    /// Policy on routes on their way into the routing table.
    pub table_policy: Option<Fact<&'t str>>,
    /// Whether iBGP routes may be put into interior protocols.
    pub redistributes_internal: Option<Fact<bool>>,
    /// Whether routes are withheld that BGP prefers but the device does not use.
    pub suppresses_inactive: Option<Fact<bool>>,
    /// Whether unicast routes of a VRF are announced in the EVPN family too.
    pub advertises_evpn: Option<Fact<bool>>,
    /// Whether a path must begin with the neighbor's AS number (RFC 4271, section 6.3).
    pub enforces_first_as: Option<Fact<bool>>,
    /// Whether a session falls with the link below it, without waiting for its timers.
    pub fast_external_fallover: Option<Fact<bool>>,
    /// Whether forwarding goes on while the other end restarts (RFC 4724).
    pub graceful_restart: Option<Fact<bool>>,
    /// Longest AS path that is accepted.
    pub maximum_as_path_length: Option<Fact<u32>>,
    /// Seconds between two looks at next hops.
    pub scan_time: Option<Fact<u32>>,
    /// Seconds without announcements after a start.
    pub update_delay: Option<Fact<u32>>,
    /// Seconds between two computations of aggregates.
    pub aggregate_timer: Option<Fact<u32>>,
    /// Whether sessions without inbound policy accept nothing; it may be said for each direction.
    pub refuses_without_import: Option<Fact<bool>>,
    /// Whether sessions without outbound policy send nothing.
    pub refuses_without_export: Option<Fact<bool>>,
    /// Seconds without sessions, and after what.
    pub session_delays: Vec<Fact<(DelayCause, u32)>>,
}

/// Steps of path selection that can be switched (RFC 4271, section 9.1.2.2, and beyond).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BestPath {
    /// Whether MEDs of different neighboring AS numbers are compared.
    pub always_compare_med: Option<Fact<bool>>,
    /// Whether paths of one neighboring AS are compared with each other first.
    pub deterministic_med: Option<Fact<bool>>,
    /// Whether a path without MED counts as the worst.
    pub missing_med_is_worst: Option<Fact<bool>>,
    /// Whether MEDs of paths within a confederation are compared.
    pub compares_confederation_med: Option<Fact<bool>>,
    /// Whether router ids decide between external paths, not age.
    pub compares_router_id: Option<Fact<bool>>,
    /// Whether paths of different AS numbers may forward together.
    pub relaxes_multipath: Option<Fact<bool>>,
}

/// Dampening with its values, where they are given: half-life in minutes, penalties at which a
/// route is used again and suppressed, most minutes of suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dampening<'t> {
    /// The dialect's own values.
    Default,
    /// These values; only the first may stand alone.
    Values(u32, Option<(u32, u32, u32)>),
    /// A policy says.
    Policy(Fact<&'t str>),
}

/// Administrative distances; the lowest of several protocols wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    /// Of routes from other AS numbers.
    pub external: u32,
    /// Of routes from the own AS.
    pub internal: u32,
    /// Of routes made here.
    pub local: u32,
}

/// Additional paths, as offered, taken, chosen and installed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdditionalPaths {
    /// Whether they may be sent.
    pub send: Option<Fact<bool>>,
    /// Whether they are accepted.
    pub receive: Option<Fact<bool>>,
    /// Whether a backup path is installed.
    pub install: Option<Fact<bool>>,
    /// Which of them are candidates.
    pub select: Option<Fact<PathSelection>>,
    /// Which of them are announced.
    pub advertise: Option<Fact<PathSelection>>,
    /// Whether the best external path is announced inside, although an internal one won.
    pub best_external: Option<Fact<bool>>,
}

impl BestPath {
    /// Nothing is switched.
    const NONE: Self = Self {
        always_compare_med: None,
        deterministic_med: None,
        missing_med_is_worst: None,
        compares_confederation_med: None,
        compares_router_id: None,
        relaxes_multipath: None,
    };
}

impl AdditionalPaths {
    /// Nothing is said.
    pub(crate) const NONE: Self = Self {
        send: None,
        receive: None,
        install: None,
        select: None,
        advertise: None,
        best_external: None,
    };
}

impl Blank for Tuning<'_> {
    fn blank<'b>() -> &'b Self
    where
        Self: 'b,
    {
        static BLANK: Tuning<'static> = Tuning {
            networks_need_route: None,
            best_path: BestPath::NONE,
            cluster_id: None,
            client_to_client_reflection: None,
            reflects_with_policy: None,
            dampening: None,
            distance: None,
            additional_paths: AdditionalPaths::NONE,
            internal_paths: None,
            imported_paths: None,
            table_policy: None,
            redistributes_internal: None,
            suppresses_inactive: None,
            advertises_evpn: None,
            enforces_first_as: None,
            fast_external_fallover: None,
            graceful_restart: None,
            maximum_as_path_length: None,
            scan_time: None,
            update_delay: None,
            aggregate_timer: None,
            refuses_without_import: None,
            refuses_without_export: None,
            session_delays: Vec::new(),
        };
        &BLANK
    }
}

/// Which paths beside the best one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PathSelection {
    /// All with different next hops.
    pub all: bool,
    /// As many best ones.
    pub best: Option<u32>,
    /// The best one of each neighboring AS.
    pub group_best: bool,
    /// The second best, as a backup.
    pub backup: bool,
}

/// After what no sessions are opened for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelayCause {
    /// Power was off.
    ColdBoot,
    /// The device has booted.
    PostBoot,
    /// Supervisors changed over.
    Switchover,
    /// Somebody cleared the sessions.
    UserInitiated,
}

/// Prefix filters that are offered to the neighbor or taken from it (RFC 5291, RFC 5292).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboundFiltering {
    /// Its own inbound prefix list is sent, for the neighbor to apply.
    pub send: bool,
    /// The neighbor's list is taken and applied to what it is sent.
    pub receive: bool,
}
