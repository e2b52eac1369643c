//! What NX-OS does where the configuration is silent or refers to nothing.
//!
//! Each cell names who has shown it. Where only tools assume something, or where nobody was found who
//! says, the cell is unknown: nothing may be concluded from it.

use edgelint_model::{AsPathLanguage, Behaviour, Details, Effect, Outcome, Verdict, VrfPolicies};

/// The defaults of NX-OS.
///
/// Sources of the cells without a place for one: an eBGP session without policy accepts and sends
/// everything, there is no switch that changes it, route maps and prefix lists end in deny (as the tables of
/// batfish/lab-validation `nxos_bgp_redist_connected` show; Cisco's guide says otherwise of route maps), local
/// preference is 100, weight 32768 for local routes and communities go only where `send-community` stands
/// (Cisco Nexus 9000 NX-OS Unicast Routing Configuration Guide; weights in the tables of
/// batfish/lab-validation `nxos_bgp_redist_connected`); a `network` statement wants the very prefix in the table
/// and sends no MED, and finds the own address of an interface there as a route of full length, which
/// `redistribute direct` does not take along (same lab tables); a clause that permitted and continued keeps its permit (Batfish's
/// model of NX-OS). That a default route of `default-originate` passes by the outbound route map nobody
/// was found to show for this system; Batfish's model has it so.
pub(crate) static NXOS: Behaviour = Behaviour {
    dialect: "nxos",
    product: "NX-OS",
    policy_word: "route-map",
    undefined_neighbor_policy: Effect::new(
        Outcome::DenyAll,
        "NX-OS 9.2(3), device output in batfish/lab-validation `nxos_undefined_route_map`",
    ),
    // Batfish's model permits all; no device was asked.
    undefined_neighbor_prefix_list: Effect::UNKNOWN,
    // A neighbor of NX-OS names no access list.
    undefined_neighbor_acl: Effect::UNKNOWN,
    undefined_neighbor_as_path_list: Effect::UNKNOWN,
    undefined_match_prefix_list: Effect::new(
        Outcome::MatchAll,
        "lab note beside Batfish's `visitRouteMapMatchIpAddressPrefixList` of NX-OS, pull request 6983",
    ),
    // What a defined one does with routes is open already: Batfish's model says nothing, operators tell of
    // redistribution that it filters.
    undefined_match_acl: Effect::UNKNOWN,
    undefined_match_community_list: Effect::UNKNOWN,
    undefined_match_as_path_list: Effect::UNKNOWN,
    undefined_network_policy: Effect::UNKNOWN,
    undefined_redistribute_policy: Effect::UNKNOWN,
    empty_prefix_list: Effect::new(
        Outcome::PermitAll,
        "Cisco Nexus 3000 NX-OS Unicast Routing Configuration Guide, \"Configuring Route Policy Manager\": \
         an empty prefix list permits all the routes",
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
    network_finds_own_address: true,
    network_med: None,
    prepends_left_of_own: false,
    // Cisco NX-OS unicast routing guide, `disable-peer-as-check`: without it, routes do not go to an AS that is in
    checks_peer_as: true,
    returns_routes: false,
    compares_own_routes: false,
    default_originate_unfiltered: true,
    uses_equal_paths: false,
    filters_packets: true,
    // Cisco, "Nexus 9000 Unicast Routing Configuration Guide", route leaking: by targets, between the VRFs of a switch.
    joins_own_vrfs: true,
    vrf_policies: VrfPolicies::Unknown,
    details: Details::NONE,
};
