//! Every rule by its id. Written by a test: `BLESS=1 cargo test -p edgelint-rules`.

pub mod advertised_prefix_without_route;
pub mod attribute_ignored_by_cloud;
pub mod backup_circuit_not_depreferenced;
pub mod backup_more_specific_than_primary;
pub mod circuit_to_circuit_transit;
pub mod circuit_without_own_prefix;
pub mod cloud_range_advertised_back;
pub mod cloud_routes_to_internet;
pub mod default_route_to_microsoft_peering;
pub mod default_route_to_private_peering;
pub mod duplicate_address;
pub mod duplicate_router_id;
pub mod ebgp_without_policy;
pub mod empty_policy_object;
pub mod graceful_restart_with_bfd;
pub mod inconsistent_link_policy;
pub mod internet_routes_to_circuit;
pub mod intra_circuit_preference;
pub mod link_subnet_advertised;
pub mod missing_circuit_preference;
pub mod missing_secondary_session;
pub mod multipath_missing;
pub mod nat_pool_not_advertised;
pub mod nat_pool_shared_across_circuits;
pub mod nat_pool_shared_with_internet;
pub mod no_outbound_filter;
pub mod null_anchored_prefix_never_withdrawn;
pub mod outbound_prefix_limit;
pub mod policy_ring;
pub mod preference_direction_mismatch;
pub mod prefix_not_in_declared_list;
pub mod prefix_on_circuit_and_internet;
pub mod prefix_on_multiple_circuits;
pub mod premium_required;
pub mod prepend_with_foreign_asn;
pub mod private_asn_on_microsoft_peering;
pub mod private_prefix_on_public_peering;
pub mod refused_statement;
pub mod service_preference_missing;
pub mod single_device_circuit;
pub mod stateful_device_terminates_circuit;
pub mod undefined_policy_reference;
pub mod unprotected_public_peering;
pub mod unrecognised_input;
pub mod vpn_backup_wins;

use crate::Rule;

/// Ids with their rules, sorted by id.
pub static CATALOG: &[(&str, &Rule)] = &[
    ("advertised-prefix-without-route", &advertised_prefix_without_route::RULE),
    ("attribute-ignored-by-cloud", &attribute_ignored_by_cloud::RULE),
    ("backup-circuit-not-depreferenced", &backup_circuit_not_depreferenced::RULE),
    ("backup-more-specific-than-primary", &backup_more_specific_than_primary::RULE),
    ("circuit-to-circuit-transit", &circuit_to_circuit_transit::RULE),
    ("circuit-without-own-prefix", &circuit_without_own_prefix::RULE),
    ("cloud-range-advertised-back", &cloud_range_advertised_back::RULE),
    ("cloud-routes-to-internet", &cloud_routes_to_internet::RULE),
    ("default-route-to-microsoft-peering", &default_route_to_microsoft_peering::RULE),
    ("default-route-to-private-peering", &default_route_to_private_peering::RULE),
    ("duplicate-address", &duplicate_address::RULE),
    ("duplicate-router-id", &duplicate_router_id::RULE),
    ("ebgp-without-policy", &ebgp_without_policy::RULE),
    ("empty-policy-object", &empty_policy_object::RULE),
    ("graceful-restart-with-bfd", &graceful_restart_with_bfd::RULE),
    ("inconsistent-link-policy", &inconsistent_link_policy::RULE),
    ("internet-routes-to-circuit", &internet_routes_to_circuit::RULE),
    ("intra-circuit-preference", &intra_circuit_preference::RULE),
    ("link-subnet-advertised", &link_subnet_advertised::RULE),
    ("missing-circuit-preference", &missing_circuit_preference::RULE),
    ("missing-secondary-session", &missing_secondary_session::RULE),
    ("multipath-missing", &multipath_missing::RULE),
    ("nat-pool-not-advertised", &nat_pool_not_advertised::RULE),
    ("nat-pool-shared-across-circuits", &nat_pool_shared_across_circuits::RULE),
    ("nat-pool-shared-with-internet", &nat_pool_shared_with_internet::RULE),
    ("no-outbound-filter", &no_outbound_filter::RULE),
    ("null-anchored-prefix-never-withdrawn", &null_anchored_prefix_never_withdrawn::RULE),
    ("outbound-prefix-limit", &outbound_prefix_limit::RULE),
    ("policy-ring", &policy_ring::RULE),
    ("preference-direction-mismatch", &preference_direction_mismatch::RULE),
    ("prefix-not-in-declared-list", &prefix_not_in_declared_list::RULE),
    ("prefix-on-circuit-and-internet", &prefix_on_circuit_and_internet::RULE),
    ("prefix-on-multiple-circuits", &prefix_on_multiple_circuits::RULE),
    ("premium-required", &premium_required::RULE),
    ("prepend-with-foreign-asn", &prepend_with_foreign_asn::RULE),
    ("private-asn-on-microsoft-peering", &private_asn_on_microsoft_peering::RULE),
    ("private-prefix-on-public-peering", &private_prefix_on_public_peering::RULE),
    ("refused-statement", &refused_statement::RULE),
    ("service-preference-missing", &service_preference_missing::RULE),
    ("single-device-circuit", &single_device_circuit::RULE),
    ("stateful-device-terminates-circuit", &stateful_device_terminates_circuit::RULE),
    ("undefined-policy-reference", &undefined_policy_reference::RULE),
    ("unprotected-public-peering", &unprotected_public_peering::RULE),
    ("unrecognised-input", &unrecognised_input::RULE),
    ("vpn-backup-wins", &vpn_backup_wins::RULE),
];
