//! What IOS and IOS-XE do where the configuration is silent or refers to nothing.
//!
//! Each cell names who has shown it. Where only tools assume something, or where reports contradict
//! each other, the cell is unknown: nothing may be concluded from it.

use edgelint_model::{AsPathLanguage, Behaviour, Details, Effect, Outcome, Verdict, VrfPolicies};

/// The defaults of IOS and IOS-XE.
///
/// Sources of the cells without a place for one: an eBGP session without policy accepts and sends
/// everything (Cisco, IOS XE 17.2.1 on `bgp safe-ebgp-policy`, which changes that); a route map and a
/// prefix list end in deny (Cisco BGP command reference); local preference 100, weight 32768 for local
/// routes, communities only where `send-community` stands (same); a `network` statement wants the very
/// prefix in the table and sends MED 0 (device tables in batfish/lab-validation); a default route from
/// `default-originate` is sent past the outbound route map (Batfish's model, `CiscoConversions`); a clause that
/// permitted and continued keeps its permit (Batfish, `toRoutingPolicies`); what a route map prepends
/// stands right of the own AS number (device tables in batfish/lab-validation).
pub(crate) static IOS: Behaviour = Behaviour {
    dialect: "ios",
    product: "IOS-XE",
    policy_word: "route-map",
    undefined_neighbor_policy: Effect::new(
        Outcome::DenyAll,
        "IOS-XE 16.4.1, device output in batfish/lab-validation `iosxe_undefined_route_map`",
    ),
    // Batfish's model permits all; no device was asked.
    undefined_neighbor_prefix_list: Effect::UNKNOWN,
    undefined_neighbor_acl: Effect::UNKNOWN,
    undefined_neighbor_as_path_list: Effect::UNKNOWN,
    // Operators report that it matches everything, Batfish's model says nothing: a contradiction.
    undefined_match_prefix_list: Effect::UNKNOWN,
    undefined_match_acl: Effect::new(
        Outcome::MatchAll,
        "the line is ignored: Batfish `RouteMapMatchIpAccessListLine` after issue 9522",
    ),
    undefined_match_community_list: Effect::UNKNOWN,
    undefined_match_as_path_list: Effect::UNKNOWN,
    undefined_redistribute_policy: Effect::new(
        Outcome::DenyAll,
        "Batfish's model of IOS, `createRedistributionStatements`",
    ),
    undefined_network_policy: Effect::UNKNOWN,
    empty_prefix_list: Effect::new(
        Outcome::PermitAll,
        "Cisco command reference: a prefix list without entries permits any prefix",
    ),
    ebgp_without_import: Verdict::Permit,
    ebgp_without_export: Verdict::Permit,
    policy_end: Verdict::Deny,
    export_from_table: None,
    as_path_language: AsPathLanguage::Characters,
    community_text: None,
    continued_end: Verdict::Permit,
    later_clauses_see_sets: None,
    default_local_preference: 100,
    // Distances choose among protocols, never among paths of BGP.
    path_distance: None,
    local_weight: 32768,
    sends_communities_ebgp: false,
    sends_communities_ibgp: false,
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
    // Cisco, "MPLS Layer 3 VPNs Configuration Guide", VRF route targets: a VRF imports every VPN route that carries
    // a target of its list, those of other VRFs of the router too; an export map sets the targets of what it
    // permits, and what it does not permit keeps those of the VRF.
    joins_own_vrfs: true,
    vrf_policies: VrfPolicies::Mark,
    details: Details::NONE,
};
