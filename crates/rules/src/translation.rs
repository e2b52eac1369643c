//! Places and words of translation: rules, their pools, and what makes them serve an edge.

use edgelint_facts::{CircuitId, Edge, EdgeUse, NatUse, Network};
use edgelint_prefix::{AddressSet, Prefix};

use crate::findings::Draft;
use crate::places::MOST_SHOWN;

/// Which edges of a rule are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side<'c> {
    /// Those towards the internet.
    Internet,
    /// Those towards these circuits.
    Circuits(&'c [CircuitId]),
}

/// Shows a use: its pool, its rule, and what makes it serve the edge.
pub(crate) fn show_translation(
    network: &Network<'_>,
    one: &NatUse<'_>,
    side: Side<'_>,
    draft: &mut Draft,
) {
    let edge = match side {
        Side::Internet => "the internet",
        Side::Circuits(_) => "the circuit",
    };
    let name = &network.device(one.device).identity;
    draft.device(one.device);
    draft.primary(one.pool_at, format!("used towards {edge} on {name}"));
    draft.context(one.at, "by this rule");
    let serves = |egress: &&EdgeUse<'_>| match (egress.edge, side) {
        (Edge::Internet, Side::Internet) => true,
        (Edge::Circuit(circuit), Side::Circuits(circuits)) => circuits.contains(&circuit),
        _ => false,
    };
    for egress in one.edges.iter().filter(serves) {
        draft.context(egress.at, format!("towards {edge}: {}", egress.evidence.text));
    }
}

/// Whether something about the edges of a rule was inferred.
pub(crate) fn is_uncertain(one: &NatUse<'_>) -> bool {
    one.edges.iter().any(|edge| edge.edge != Edge::Other && !edge.certain)
}

/// How a pool is called: `pool ER-ONE`, or the address itself.
pub(crate) fn pool_name(one: &NatUse<'_>) -> String {
    match one.pool {
        Some(name) => format!("pool {name} ({})", one.addresses),
        None => one.addresses.to_string(),
    }
}

/// Shows the pools that have addresses in prefixes, and says whether there are any.
pub(crate) fn show_pools(network: &Network<'_>, prefixes: &[Prefix], draft: &mut Draft) -> bool {
    let mut any = false;
    for prefix in prefixes.iter().take(MOST_SHOWN) {
        let addresses = AddressSet::from_prefix(*prefix);
        for one in network.nat.iter().filter(|one| one.addresses.overlaps(&addresses)) {
            draft.context(one.pool_at, format!("NAT translates to addresses of {prefix}"));
            draft.device(one.device);
            any = true;
        }
    }
    any
}
