//! What FRR does where the configuration is silent or refers to nothing.
//!
//! FRR can be asked: most cells were measured on running routers of two releases, 8.4.4 and 10.3, which
//! agree unless a cell says otherwise. What depends on the profile (`frr defaults`) or on the release
//! (`frr version`) is settled where the process is read ([`super::release`]).

use edgelint_model::{
    AsPathLanguage, Behaviour, CommunityText, Details, Effect, Outcome, Verdict, VrfPolicies,
};

/// Who shows what is measured.
const MEASURED: &str = "FRR 8.4.4 and 10.3, asked as running routers";

/// The defaults of FRR with the profile `traditional`.
///
/// Sources of the cells without a place for one: an eBGP session without policy exchanges nothing in that
/// direction, a route map ends in deny, a clause that permitted and went on to later clauses of which
/// none matched denies, communities go to every neighbor, `network` wants the prefix in the table
/// (since 7.4) and sends MED 0, the default route of `default-originate` passes by the outbound route map, a
/// local route has weight 32768 (all measured); sets change the very attributes that later matches look at
/// (`bgpd/bgp_routemap.c`, `route_set_community` and `route_match_community` work on one `attr`); local
/// preference 100 (`bgpd/bgpd.h`, `BGP_DEFAULT_LOCAL_PREF`).
pub(crate) static FRR: Behaviour = Behaviour {
    dialect: "frr",
    product: "FRR",
    policy_word: "route-map",
    undefined_neighbor_policy: Effect::new(Outcome::DenyAll, MEASURED),
    undefined_neighbor_prefix_list: Effect::new(Outcome::DenyAll, MEASURED),
    undefined_neighbor_acl: Effect::new(Outcome::DenyAll, MEASURED),
    undefined_neighbor_as_path_list: Effect::new(Outcome::DenyAll, MEASURED),
    undefined_match_prefix_list: Effect::new(Outcome::MatchNone, MEASURED),
    undefined_match_acl: Effect::new(Outcome::MatchNone, MEASURED),
    undefined_match_community_list: Effect::new(Outcome::MatchNone, MEASURED),
    undefined_match_as_path_list: Effect::new(Outcome::MatchNone, MEASURED),
    undefined_redistribute_policy: Effect::new(Outcome::DenyAll, MEASURED),
    undefined_network_policy: Effect::new(Outcome::DenyAll, MEASURED),
    // On a neighbor it denies, in a clause it matches nothing.
    empty_prefix_list: Effect::new(Outcome::DenyAll, MEASURED),
    ebgp_without_import: Verdict::Deny,
    ebgp_without_export: Verdict::Deny,
    policy_end: Verdict::Deny,
    export_from_table: None,
    as_path_language: AsPathLanguage::Characters,
    // `bgpd/bgp_clist.c`, `community_regexp_match`: the text of all of them.
    community_text: Some(CommunityText::Whole),
    continued_end: Verdict::Deny,
    later_clauses_see_sets: Some(true),
    default_local_preference: 100,
    // Distances choose among protocols, never among paths of BGP.
    path_distance: None,
    local_weight: 32768,
    sends_communities_ebgp: true,
    sends_communities_ibgp: true,
    network_needs_route: true,
    network_finds_own_address: false,
    network_med: Some(0),
    // Measured: 65010 stands left of what a route map prepends.
    prepends_left_of_own: false,
    checks_peer_as: false,
    // Measured: a peer gets its own routes back, and drops them for its own AS number.
    returns_routes: true,
    // Measured: `show bgp` lists both, and the better one is sent.
    compares_own_routes: true,
    default_originate_unfiltered: true,
    // FRR, bgpd: as many as it was built for, unless `maximum-paths` says less.
    uses_equal_paths: true,
    // FRR has no packet filters on interfaces: nftables of the host does that.
    filters_packets: false,
    // FRR, `bgpd/bgp_mplsvpn.c`: leaking goes through the VPN table of the router itself, where `export vpn` and
    // `import vpn` say so, and a route that `route-map vpn export` denies does not get there.
    joins_own_vrfs: false,
    vrf_policies: VrfPolicies::Filter,
    // Measured (`tests/live_frr`), and as in `bgpd/bgp_routemap.c`, `bgpd/bgp_route.c`, `bgpd/bgp_attr.c`,
    // `bgpd/bgp_clist.c`.
    details: Details {
        preference_starts_at_zero: true,
        heeds_graceful_shutdown: true,
        receives_with_local_as: true,
        reflects_unchanged: true,
        deletes_by_first_entry: true,
        // One community is written into ten characters: of eleven, the last is lost (`community_str_get`).
        deleted_community_characters: Some(10),
        own_routes_are_plain: true,
        outbound_has_no_peer: true,
        overrides_with_process_as: true,
        settings_before_policies: true,
        aggregates_worst_origin: true,
        // `bgp_aggregate_route` passes over paths that are aggregates.
        aggregates_stand_apart: true,
        // `subgroup_default_originate` (`bgpd/bgp_updgrp_adv.c`) goes over the whole table.
        default_looks_at_all_paths: true,
        unsuppressed_skip_policy: true,
    },
};
