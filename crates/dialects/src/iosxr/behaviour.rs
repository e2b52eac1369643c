//! What IOS XR does where the configuration is silent or refers to nothing.
//!
//! Each cell names who has shown it. IOS XR takes no reference to what is not there: neither by hand nor
//! from a file can such a configuration be committed.

use edgelint_model::{AsPathLanguage, Behaviour, Details, Effect, Outcome, Verdict, VrfPolicies};

/// Who says that what is referred to has to exist.
const INCOMPLETE: &str = "Cisco IOS XR routing configuration guide, `Implementing Routing Policy`: \
                          a policy that refers to what is not defined cannot be committed";

/// The defaults of IOS XR.
///
/// Sources of the cells without a place for one, all of the same guide unless said otherwise: an eBGP session
/// without policy accepts and sends nothing ("Implementing BGP", `route-policy`: eBGP needs one in each direction);
/// a route that nothing changed and nothing passed is dropped ("Default Drop Disposition"); conditions see the route
/// as it came ("When Attributes Are Modified"); local preference 100 (`bgp default local-preference`), weight 32768
/// for local routes, communities to eBGP neighbors only where `send-community-ebgp` stands and to iBGP neighbors
/// always (`send-community-ebgp`), MED of a `network` statement is that of the route in the table, 0 for connected
/// and static ones (device tables in batfish/lab-validation `iosxr_ibgp_rr_over_ospf`); a default route from
/// `default-originate` is sent past the outbound policy (Batfish's model).
pub(crate) static IOSXR: Behaviour = Behaviour {
    dialect: "iosxr",
    product: "IOS-XR",
    policy_word: "route-policy",
    undefined_neighbor_policy: Effect::new(Outcome::Refused, INCOMPLETE),
    // There are no such filters on a neighbor.
    undefined_neighbor_prefix_list: Effect::UNKNOWN,
    undefined_neighbor_acl: Effect::UNKNOWN,
    undefined_neighbor_as_path_list: Effect::UNKNOWN,
    undefined_match_prefix_list: Effect::new(Outcome::Refused, INCOMPLETE),
    // Policies do not match with access lists.
    undefined_match_acl: Effect::UNKNOWN,
    undefined_match_community_list: Effect::new(Outcome::Refused, INCOMPLETE),
    undefined_match_as_path_list: Effect::new(Outcome::Refused, INCOMPLETE),
    undefined_network_policy: Effect::UNKNOWN,
    undefined_redistribute_policy: Effect::new(Outcome::Refused, INCOMPLETE),
    empty_prefix_list: Effect::new(
        Outcome::MatchNone,
        "Cisco IOS XR routing configuration guide, `Sets`: a condition on an empty set is false",
    ),
    ebgp_without_import: Verdict::Deny,
    ebgp_without_export: Verdict::Deny,
    policy_end: Verdict::Deny,
    export_from_table: None,
    as_path_language: AsPathLanguage::Elements,
    community_text: None,
    continued_end: Verdict::Permit,
    later_clauses_see_sets: Some(false),
    default_local_preference: 100,
    path_distance: None,
    local_weight: 32768,
    sends_communities_ebgp: false,
    sends_communities_ibgp: true,
    network_needs_route: true,
    network_finds_own_address: false,
    network_med: Some(0),
    prepends_left_of_own: false,
    checks_peer_as: false,
    returns_routes: false,
    compares_own_routes: false,
    default_originate_unfiltered: true,
    uses_equal_paths: false,
    filters_packets: true,
    // Cisco, "Routing Configuration Guide" for IOS XR, BGP: a VRF imports what carries a target of its list, other
    // VRFs of the router included; a route that the export policy drops is not exported.
    joins_own_vrfs: true,
    vrf_policies: VrfPolicies::Filter,
    details: Details::NONE,
};
