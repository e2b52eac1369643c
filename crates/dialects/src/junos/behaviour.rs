//! What Junos does where the configuration is silent or refers to nothing.

use edgelint_model::{AsPathLanguage, Behaviour, Details, Effect, Outcome, Verdict, VrfPolicies};

/// A device refuses to commit a reference to a policy that is not defined.
const COMMIT: &str = "Junos CLI guide: commit fails, \"referenced but not defined\"";

/// Junos.
pub(super) static JUNOS: Behaviour = Behaviour {
    dialect: "junos",
    product: "Junos",
    policy_word: "policy-statement",
    undefined_neighbor_policy: Effect::new(Outcome::Refused, COMMIT),
    // A session names policies only.
    undefined_neighbor_prefix_list: Effect::new(Outcome::Refused, COMMIT),
    undefined_neighbor_acl: Effect::new(Outcome::Refused, COMMIT),
    undefined_neighbor_as_path_list: Effect::new(Outcome::Refused, COMMIT),
    undefined_match_prefix_list: Effect::new(Outcome::Refused, COMMIT),
    undefined_match_acl: Effect::UNKNOWN,
    undefined_match_community_list: Effect::new(Outcome::Refused, COMMIT),
    undefined_match_as_path_list: Effect::new(Outcome::Refused, COMMIT),
    undefined_redistribute_policy: Effect::new(Outcome::Refused, COMMIT),
    undefined_network_policy: Effect::UNKNOWN,
    empty_prefix_list: Effect::new(
        Outcome::MatchNone,
        "lab on Junos 17.4R1 and vJunos: an empty list matches nothing, the default applies",
    ),
    // Junos routing policy guide, "Default Routing Policies": BGP accepts all that it is sent and
    // sends all active BGP routes.
    ebgp_without_import: Verdict::Permit,
    ebgp_without_export: Verdict::Permit,
    // The end of a policy leaves the route to the next policy, then to that default.
    policy_end: Verdict::Permit,
    // The same guide: of routes that are not BGP's own the default sends none.
    export_from_table: Some(Verdict::Deny),
    // The same guide, "AS Path Regular Expressions": terms are whole AS numbers, both ends anchored.
    as_path_language: AsPathLanguage::Numbers,
    // A device is shown a community at a time (Junos policy guide, "Regular Expressions for BGP
    // Communities"), but where the expression may begin and end is not as elsewhere.
    community_text: None,
    continued_end: Verdict::Permit,
    // vJunos lab, `junos_cross_term_match` and `junos_policy_chain_visibility`.
    later_clauses_see_sets: Some(true),
    default_local_preference: 100,
    // Junos BGP guide, "Understanding BGP Path Selection": the lowest preference wins before local
    // preference is looked at; that of BGP is 170.
    path_distance: Some(170),
    // There is no weight.
    local_weight: 0,
    sends_communities_ebgp: true,
    sends_communities_ibgp: true,
    // There is no `network` statement: policies pick routes from the table.
    network_needs_route: true,
    network_finds_own_address: false,
    network_med: None,
    // Device tables in batfish/lab-validation, cases with `as-path-prepend`.
    prepends_left_of_own: true,
    // Junos BGP guide, `advertise-peer-as`: without it, routes are not sent back to the AS they came from.
    checks_peer_as: true,
    returns_routes: false,
    compares_own_routes: false,
    default_originate_unfiltered: false,
    uses_equal_paths: false,
    filters_packets: true,
    // Junos, "Layer 3 VPNs User Guide", `auto-export`: instances of one router exchange routes only with it; `vrf-import`
    // and `vrf-export` stand in the place of what `vrf-target` makes.
    joins_own_vrfs: false,
    vrf_policies: VrfPolicies::Replace,
    details: Details::NONE,
};
