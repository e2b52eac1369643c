//! Every rule by its id. Written by a test: `BLESS=1 cargo test -p edgelint-rules`.

pub mod backup_circuit_not_depreferenced;
pub mod circuit_to_circuit_transit;
pub mod cloud_routes_to_internet;
pub mod default_route_to_microsoft_peering;
pub mod default_route_to_private_peering;
pub mod ebgp_without_policy;
pub mod empty_policy_object;
pub mod inconsistent_link_policy;
pub mod internet_routes_to_circuit;
pub mod intra_circuit_preference;
pub mod missing_circuit_preference;
pub mod nat_pool_not_advertised;
pub mod nat_pool_shared_across_circuits;
pub mod nat_pool_shared_with_internet;
pub mod no_outbound_filter;
pub mod outbound_prefix_limit;
pub mod policy_ring;
pub mod preference_direction_mismatch;
pub mod prefix_on_circuit_and_internet;
pub mod prefix_on_multiple_circuits;
pub mod private_prefix_on_public_peering;
pub mod refused_statement;
pub mod undefined_policy_reference;
pub mod unrecognised_input;

use crate::Rule;

/// Ids with their rules, sorted by id.
pub static CATALOG: &[(&str, &Rule)] = &[
    ("backup-circuit-not-depreferenced", &backup_circuit_not_depreferenced::RULE),
    ("circuit-to-circuit-transit", &circuit_to_circuit_transit::RULE),
    ("cloud-routes-to-internet", &cloud_routes_to_internet::RULE),
    ("default-route-to-microsoft-peering", &default_route_to_microsoft_peering::RULE),
    ("default-route-to-private-peering", &default_route_to_private_peering::RULE),
    ("ebgp-without-policy", &ebgp_without_policy::RULE),
    ("empty-policy-object", &empty_policy_object::RULE),
    ("inconsistent-link-policy", &inconsistent_link_policy::RULE),
    ("internet-routes-to-circuit", &internet_routes_to_circuit::RULE),
    ("intra-circuit-preference", &intra_circuit_preference::RULE),
    ("missing-circuit-preference", &missing_circuit_preference::RULE),
    ("nat-pool-not-advertised", &nat_pool_not_advertised::RULE),
    ("nat-pool-shared-across-circuits", &nat_pool_shared_across_circuits::RULE),
    ("nat-pool-shared-with-internet", &nat_pool_shared_with_internet::RULE),
    ("no-outbound-filter", &no_outbound_filter::RULE),
    ("outbound-prefix-limit", &outbound_prefix_limit::RULE),
    ("policy-ring", &policy_ring::RULE),
    ("preference-direction-mismatch", &preference_direction_mismatch::RULE),
    ("prefix-on-circuit-and-internet", &prefix_on_circuit_and_internet::RULE),
    ("prefix-on-multiple-circuits", &prefix_on_multiple_circuits::RULE),
    ("private-prefix-on-public-peering", &private_prefix_on_public_peering::RULE),
    ("refused-statement", &refused_statement::RULE),
    ("undefined-policy-reference", &undefined_policy_reference::RULE),
    ("unrecognised-input", &unrecognised_input::RULE),
];
