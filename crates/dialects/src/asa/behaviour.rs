//! What ASA does where the configuration is silent or refers to nothing.
//!
//! Each cell names who has shown it. No public lab has asked a device of this system; what only Batfish's
//! model assumes (an undefined route map of a neighbor denies all, an undefined prefix list permits all) or
//! what holds for IOS, from which the commands came, is unknown here: nothing may be concluded from it.

use edgelint_model::{AsPathLanguage, Behaviour, Details, Effect, Verdict, VrfPolicies};

/// The defaults of ASA.
///
/// Sources of the cells without a place for one: a session without policy accepts and sends everything
/// (Batfish's model of ASA, `AsaConfiguration`; ASA has no switch to change it); route maps and prefix lists
/// end in deny, local preference is 100, communities are sent only where `send-community` stands (Cisco ASA
/// Series Command Reference, `route-map`, `prefix-list`, `bgp default local-preference`,
/// `neighbor send-community`); a `network` statement wants the very prefix in the table (same, `network`);
/// weight 32768 for local routes (same, `neighbor weight`); a clause that permitted and continued keeps its
/// permit (Batfish's model, whose classes for ASA are those of IOS). What MED a `network` statement gives and whether
/// later clauses see what earlier ones set was not shown. That a default route passes by the outbound filters
/// is Batfish's model again; the safe side is taken, that it is announced.
pub(crate) static ASA: Behaviour = Behaviour {
    dialect: "asa",
    product: "ASA",
    policy_word: "route-map",
    // Batfish's model denies all; no device was asked.
    undefined_neighbor_policy: Effect::UNKNOWN,
    // Batfish's model permits all; no device was asked.
    undefined_neighbor_prefix_list: Effect::UNKNOWN,
    undefined_neighbor_acl: Effect::UNKNOWN,
    undefined_neighbor_as_path_list: Effect::UNKNOWN,
    undefined_match_prefix_list: Effect::UNKNOWN,
    undefined_match_acl: Effect::UNKNOWN,
    undefined_match_community_list: Effect::UNKNOWN,
    undefined_match_as_path_list: Effect::UNKNOWN,
    undefined_network_policy: Effect::UNKNOWN,
    undefined_redistribute_policy: Effect::UNKNOWN,
    empty_prefix_list: Effect::UNKNOWN,
    ebgp_without_import: Verdict::Permit,
    ebgp_without_export: Verdict::Permit,
    policy_end: Verdict::Deny,
    export_from_table: None,
    as_path_language: AsPathLanguage::Characters,
    community_text: None,
    continued_end: Verdict::Permit,
    later_clauses_see_sets: None,
    default_local_preference: 100,
    path_distance: None,
    local_weight: 32768,
    sends_communities_ebgp: false,
    sends_communities_ibgp: false,
    network_needs_route: true,
    network_finds_own_address: false,
    network_med: None,
    prepends_left_of_own: false,
    checks_peer_as: false,
    returns_routes: false,
    compares_own_routes: false,
    default_originate_unfiltered: true,
    uses_equal_paths: false,
    filters_packets: true,
    // Cisco ASA has no VRFs with route targets.
    joins_own_vrfs: false,
    vrf_policies: VrfPolicies::Unknown,
    details: Details::NONE,
};
