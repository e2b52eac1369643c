//! What EOS does where the configuration is silent or refers to nothing.
//!
//! Each cell names who has shown it. Where only tools assume something, the cell is unknown: nothing
//! may be concluded from it.

use edgelint_model::{AsPathLanguage, Behaviour, Details, Effect, Outcome, Verdict, VrfPolicies};

/// The defaults of EOS.
///
/// Sources of the cells without a place for one: an eBGP session without policy accepts and sends
/// everything (Arista EOS manual on `bgp missing-policy`, which changes that); a route map and a prefix
/// list end in deny (EOS manual, "Route maps"); local preference 100, weight 0 for local routes, no MED on
/// what `network` puts into BGP, a clause that permitted and continued keeps its permit (device tables
/// in batfish/lab-validation, EOS 4.36 and `eos_rm_undefined_continue`); communities only where
/// `send-community` stands (EOS manual); a default route from `default-originate` is sent past the outbound
/// route map (Batfish's model, `AristaConversions`, snapshot `arista-bgp-default-originate`).
const EOS: Behaviour = Behaviour {
    dialect: "eos",
    product: "EOS",
    policy_word: "route-map",
    undefined_neighbor_policy: Effect::new(
        Outcome::PermitAll,
        "EOS 4.21.1.1F, device output in batfish/lab-validation `eos_undefined_route_map`",
    ),
    // Batfish's model permits all; no device was asked.
    undefined_neighbor_prefix_list: Effect::UNKNOWN,
    // A neighbor is filtered by neither kind.
    undefined_neighbor_acl: Effect::UNKNOWN,
    undefined_neighbor_as_path_list: Effect::UNKNOWN,
    undefined_match_prefix_list: Effect::UNKNOWN,
    undefined_match_acl: Effect::UNKNOWN,
    undefined_match_community_list: Effect::UNKNOWN,
    undefined_match_as_path_list: Effect::UNKNOWN,
    undefined_network_policy: Effect::UNKNOWN,
    undefined_redistribute_policy: Effect::new(
        Outcome::PermitAll,
        "EOS 4.21.1.1F, device output beside Batfish's test `bgp-redistribute-undefined`",
    ),
    empty_prefix_list: Effect::UNKNOWN,
    ebgp_without_import: Verdict::Permit,
    ebgp_without_export: Verdict::Permit,
    policy_end: Verdict::Deny,
    export_from_table: None,
    // EOS manual, `ip as-path regex-mode`: `asn` unless told otherwise.
    as_path_language: AsPathLanguage::Symbols,
    community_text: None,
    continued_end: Verdict::Permit,
    later_clauses_see_sets: None,
    default_local_preference: 100,
    // Distances choose among protocols, never among paths of BGP.
    path_distance: None,
    local_weight: 0,
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
    // Arista, "EOS User Manual", inter-VRF local route leaking: by the targets of VPN families, within a switch.
    joins_own_vrfs: true,
    vrf_policies: VrfPolicies::Unknown,
    details: Details::NONE,
};

/// The language of AS-path expressions, which a statement may change.
const BY_CHARACTERS: Behaviour = Behaviour { as_path_language: AsPathLanguage::Characters, ..EOS };

/// What is known where a statement says that a missing policy lets nothing through: the lab had none.
const fn guarded(behaviour: Behaviour) -> Behaviour {
    Behaviour { undefined_neighbor_policy: Effect::UNKNOWN, ..behaviour }
}

/// The defaults of a device: `characters` as `ip as-path regex-mode string` says, `guards` where some
/// `missing-policy` denies.
pub(super) fn of(characters: bool, guards: bool) -> &'static Behaviour {
    static PLAIN: Behaviour = EOS;
    static GUARDED: Behaviour = guarded(EOS);
    static PLAIN_BY_CHARACTERS: Behaviour = BY_CHARACTERS;
    static GUARDED_BY_CHARACTERS: Behaviour = guarded(BY_CHARACTERS);
    match (characters, guards) {
        (false, false) => &PLAIN,
        (false, true) => &GUARDED,
        (true, false) => &PLAIN_BY_CHARACTERS,
        (true, true) => &GUARDED_BY_CHARACTERS,
    }
}
