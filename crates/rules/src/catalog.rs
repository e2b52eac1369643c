//! Every rule by its id. Written by a test: `BLESS=1 cargo test -p edgelint-rules`.

pub mod empty_policy_object;
pub mod missing_circuit_preference;
pub mod nat_pool_shared_with_internet;
pub mod prefix_on_multiple_circuits;
pub mod refused_statement;
pub mod undefined_policy_reference;
pub mod unrecognised_input;

use crate::Rule;

/// Ids with their rules, sorted by id.
pub static CATALOG: &[(&str, &Rule)] = &[
    ("empty-policy-object", &empty_policy_object::RULE),
    ("missing-circuit-preference", &missing_circuit_preference::RULE),
    ("nat-pool-shared-with-internet", &nat_pool_shared_with_internet::RULE),
    ("prefix-on-multiple-circuits", &prefix_on_multiple_circuits::RULE),
    ("refused-statement", &refused_statement::RULE),
    ("undefined-policy-reference", &undefined_policy_reference::RULE),
    ("unrecognised-input", &unrecognised_input::RULE),
];
