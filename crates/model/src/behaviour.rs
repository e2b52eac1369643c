//! What a dialect does where the configuration is silent or refers to nothing.
//!
//! The same slip is an outage on one system and a leak on another, so none of these may be carried
//! over without a source; each cell names its own. A cell without a source is
//! [`Outcome::Unknown`] and lowers confidence.

use crate::policy::Verdict;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Every route passes.
    PermitAll,
    /// No route passes.
    DenyAll,
    /// The condition holds for every route.
    MatchAll,
    /// The condition holds for no route.
    MatchNone,
    /// As if the statement were not there.
    Skipped,
    /// The device does not accept the configuration.
    Refused,
    /// Nobody has shown it.
    Unknown,
}

/// An outcome with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What happens.
    pub outcome: Outcome,
    /// Who says so: a lab, a manual, a release; empty where unknown.
    pub source: &'static str,
}

impl Effect {
    /// An outcome and who says so.
    pub const fn new(outcome: Outcome, source: &'static str) -> Self {
        Self { outcome, source }
    }

    /// Nobody has shown what happens.
    pub const UNKNOWN: Self = Self { outcome: Outcome::Unknown, source: "" };
}

/// What the words of an AS-path expression are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsPathLanguage {
    /// Characters of the path as text; without anchors it may match anywhere (POSIX, `_` for ends).
    Characters,
    /// Whole AS numbers; without anchors it may match anywhere (`12076` is one symbol, `_` for ends).
    Symbols,
    /// Whole AS numbers; it always has to match the whole path (`12076+`, `.*`, `()`).
    Numbers,
    /// A condition in words (`passes-through '64500'`, `length ge 10`), of which an expression over
    /// characters is one (`ios-regex '_64500_'`).
    Elements,
}

/// What an expression over communities is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommunityText {
    /// All communities of the route as one text, in ascending order, a blank between them.
    Whole,
    /// Each community by itself.
    Each,
}

/// What a policy on the routes that a VRF exports does beside its route targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VrfPolicies {
    /// What it does not permit stays; the rest goes out with the targets of the VRF.
    Filter,
    /// All goes out; what it permits may get other targets than those of the VRF.
    Mark,
    /// Policies stand in the place of targets, on the way out and on the way in.
    Replace,
    /// Nobody has shown it.
    Unknown,
}

/// The defaults of a dialect.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// Name of the dialect (`ios`).
    pub dialect: &'static str,
    /// What people call the system (`IOS-XE`).
    pub product: &'static str,
    /// The dialect's own word for a policy (`route-map`).
    pub policy_word: &'static str,
    /// A neighbor names a policy that is not defined.
    pub undefined_neighbor_policy: Effect,
    /// A neighbor names a prefix list that is not defined.
    pub undefined_neighbor_prefix_list: Effect,
    /// A neighbor names an access list that is not defined.
    pub undefined_neighbor_acl: Effect,
    /// A neighbor names an AS-path list that is not defined.
    pub undefined_neighbor_as_path_list: Effect,
    /// A policy matches a prefix list that is not defined.
    pub undefined_match_prefix_list: Effect,
    /// A policy matches an access list that is not defined.
    pub undefined_match_acl: Effect,
    /// A policy matches a community list that is not defined.
    pub undefined_match_community_list: Effect,
    /// A policy matches an AS-path list that is not defined.
    pub undefined_match_as_path_list: Effect,
    /// Redistribution names a policy that is not defined.
    pub undefined_redistribute_policy: Effect,
    /// A `network` statement names a policy that is not defined.
    pub undefined_network_policy: Effect,
    /// A prefix list without entries.
    pub empty_prefix_list: Effect,
    /// An eBGP session without inbound policy.
    pub ebgp_without_import: Verdict,
    /// An eBGP session without outbound policy.
    pub ebgp_without_export: Verdict,
    /// No clause of a policy decided.
    pub policy_end: Verdict,
    /// Whether export policies pick routes straight from the table, of whatever protocol, and what
    /// becomes of those that are not BGP's own where no policy decides; `None`: only routes that a
    /// statement put into BGP are looked at.
    pub export_from_table: Option<Verdict>,
    /// The language of AS-path expressions.
    pub as_path_language: AsPathLanguage,
    /// What expressions over communities look at; `None`: not shown.
    pub community_text: Option<CommunityText>,
    /// A clause permitted and went on, and no later clause matched.
    pub continued_end: Verdict,
    /// Whether matches of later clauses see what earlier ones set; `None`: not shown.
    pub later_clauses_see_sets: Option<bool>,
    /// Local preference of a route that nothing gave one.
    pub default_local_preference: u32,
    /// What routes of BGP start with where paths are compared by the distance of the route before all
    /// else, lower ones first, and policies may change it; `None`: they are not.
    pub path_distance: Option<u32>,
    /// Weight of routes that originate here.
    pub local_weight: u32,
    /// Whether communities go to eBGP neighbors unasked.
    pub sends_communities_ebgp: bool,
    /// Whether communities go to iBGP neighbors unasked.
    pub sends_communities_ibgp: bool,
    /// Whether a `network` statement needs the very route in the table.
    pub network_needs_route: bool,
    /// Whether the own address of an interface is a route, of full length, that a `network` statement finds.
    pub network_finds_own_address: bool,
    /// MED of a route that a `network` statement put into BGP.
    pub network_med: Option<u32>,
    /// Whether numbers that an export policy prepends stand left of the device's own AS number.
    pub prepends_left_of_own: bool,
    /// Whether a neighbor is not sent routes whose path begins with its own AS number.
    pub checks_peer_as: bool,
    /// Whether routes that several statements put into BGP for one prefix are paths that compete, as any
    /// others do; else a `network` statement goes before redistribution.
    pub compares_own_routes: bool,
    /// Whether a neighbor in another AS is sent back the routes that came from it.
    pub returns_routes: bool,
    /// Whether a route from `default-originate` passes by the neighbor's outbound filters.
    pub default_originate_unfiltered: bool,
    /// Whether equal paths from external neighbors are used together where nothing says how many.
    pub uses_equal_paths: bool,
    /// Whether filters on the packets of interfaces are a part of the configuration; on a host they are kept
    /// elsewhere.
    pub filters_packets: bool,
    /// Whether VRFs of one device whose route targets fit give each other their routes unasked.
    pub joins_own_vrfs: bool,
    /// What policies on the routes that a VRF exports do.
    pub vrf_policies: VrfPolicies,
    /// What single routes showed.
    pub details: Details,
}

/// What a running system was seen to do with single routes. [`Details::NONE`] for those nobody asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Details {
    /// Additions to the local preference of a route from another AS start from zero, not from the default.
    pub preference_starts_at_zero: bool,
    /// A route from another AS with the community `graceful-shutdown` gets local preference 0 behind the inbound
    /// filters (RFC 8326, section 4.2).
    pub heeds_graceful_shutdown: bool,
    /// A session's own AS number is put into the paths that come in, unless a statement says otherwise.
    pub receives_with_local_as: bool,
    /// What a route reflector reflects is not changed by outbound policies, though they may drop it; it
    /// has a MED, 0 where it came without.
    pub reflects_unchanged: bool,
    /// Deleting by a community list holds each community against the entries: the first that names it decides, alone
    /// or among others. A list that is not defined deletes nothing.
    pub deletes_by_first_entry: bool,
    /// Characters of a community's text that deleting by an expression looks at, where it looks at no more.
    pub deleted_community_characters: Option<usize>,
    /// What policies see of a route that the device makes: its ORIGIN, the default local preference, the
    /// unspecified address as next hop unless a static route leads somewhere, and the tag of a static route only
    /// where it is redistributed.
    pub own_routes_are_plain: bool,
    /// `match peer` in an outbound policy matches no route.
    pub outbound_has_no_peer: bool,
    /// `as-override` puts the AS number of the process in the place of the neighbor's, not that of the session.
    pub overrides_with_process_as: bool,
    /// `remove-private-AS` and `as-override` come before the outbound policies, which see the path behind them.
    pub settings_before_policies: bool,
    /// An aggregate has the worst ORIGIN of its parts.
    pub aggregates_worst_origin: bool,
    /// An aggregate is no part of a wider one: it neither brings that about nor is kept back by it.
    pub aggregates_stand_apart: bool,
    /// The policy of a default route for a neighbor is shown every path, not the best ones alone.
    pub default_looks_at_all_paths: bool,
    /// A part of an aggregate whose suppression a policy lifts goes through that policy, and not through the neighbor's.
    pub unsuppressed_skip_policy: bool,
}

impl Details {
    /// Nothing was seen.
    pub const NONE: Self = Self {
        preference_starts_at_zero: false,
        heeds_graceful_shutdown: false,
        receives_with_local_as: false,
        reflects_unchanged: false,
        deletes_by_first_entry: false,
        deleted_community_characters: None,
        own_routes_are_plain: false,
        outbound_has_no_peer: false,
        overrides_with_process_as: false,
        settings_before_policies: false,
        aggregates_worst_origin: false,
        aggregates_stand_apart: false,
        default_looks_at_all_paths: false,
        unsuppressed_skip_policy: false,
    };
}
