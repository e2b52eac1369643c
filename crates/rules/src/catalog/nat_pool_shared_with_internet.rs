//! One address translates towards the internet and towards a circuit.

use std::collections::BTreeSet;

use edgelint_facts::{NatShared, NatUse};

use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::translation::{Side, is_uncertain, show_translation};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports addresses that source NAT uses both on the internet edge and on a circuit with public
    /// peering, on one device or on several.
    ///
    /// ## Why it matters
    /// Microsoft answers to the source address it sees, and prefers the circuit to the internet at equal
    /// length. A request that left by the internet under an address that is also used on the circuit is
    /// answered over the circuit, where a stateful firewall has never seen it and drops it.
    ///
    /// ## When it is not a mistake
    /// Overlapping inside ranges, translation of an address to itself, and pools that only serve private
    /// peering are not reported.
    ///
    /// ## Example
    /// ```text
    /// ip nat pool INTERNET 198.51.100.16 198.51.100.31 prefix-length 28
    /// ip nat pool MICROSOFT 198.51.100.24 198.51.100.27 prefix-length 28
    /// ```
    ///
    /// ## What to do
    /// Use a pool of its own on each edge, and bind each rule to the interface it is meant for.
    ///
    /// ## Severity
    /// Error, always: the first answer that takes the other edge is lost.
    ///
    /// ## Sources
    /// - Microsoft, "Plan for ExpressRoute with Power Platform", section on avoiding asymmetric routing.
    /// - Microsoft, "ExpressRoute NAT requirements": the pool advertised to Microsoft must not be advertised
    ///   to the internet.
    /// - Microsoft, "Router configuration samples to set up and manage NAT", second point.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for shared in network.nat_shared().iter().filter(|shared| can_meet(network, shared)) {
        report(network, shared, found);
    }
}

/// Whether answers to one edge can reach the other: in one VRF, or where the addresses are public and
/// routed from outside, whatever the VRF.
fn can_meet(network: &Network<'_>, shared: &NatShared) -> bool {
    let vrfs = |uses: &[usize]| -> BTreeSet<Option<&str>> {
        uses.iter().filter_map(|index| network.nat.get(*index)).map(|one| one.vrf).collect()
    };
    let (internet, circuit) = (vrfs(&shared.internet), vrfs(&shared.circuit));
    !internet.is_disjoint(&circuit)
        || !shared.addresses.is_subset(network.description.not_public_addresses())
}

fn report(network: &Network<'_>, shared: &NatShared, found: &mut Findings) {
    let towards_circuits: Vec<&NatUse<'_>> =
        shared.circuit.iter().filter_map(|index| network.nat.get(*index)).collect();
    let towards_internet: Vec<&NatUse<'_>> =
        shared.internet.iter().filter_map(|index| network.nat.get(*index)).collect();
    let Some(first) = towards_circuits.first() else { return };
    let circuits: Vec<&str> =
        shared.circuits.iter().map(|id| network.circuit(*id).name.as_str()).collect();
    let message = format!(
        "{} is used for NAT towards circuit {} and towards the internet",
        shared.addresses,
        some_of(&circuits, MOST_NAMED)
    );
    let text = format!("used towards {}", some_of(&circuits, MOST_NAMED));
    let draft = found.presence(first.pool_at, message, text);
    // By turns, so that both sides are shown of what thousands of devices share.
    for place in 0..towards_circuits.len().max(towards_internet.len()) {
        for (uses, internet) in [(&towards_circuits, false), (&towards_internet, true)] {
            if let Some(one) = uses.get(place) {
                let side = if internet { Side::Internet } else { Side::Circuits(&shared.circuits) };
                show_translation(network, one, side, draft);
            }
        }
    }
    let uncertain = towards_circuits.iter().chain(&towards_internet).any(|one| is_uncertain(one));
    if uncertain {
        draft.at_most(Confidence::Likely);
    }
    let both_edges =
        shared.circuit.iter().any(|place| shared.internet.binary_search(place).is_ok());
    if both_edges && towards_circuits.iter().any(|one| one.unbound) {
        draft.note("a rule that is not bound to an interface serves every outside interface");
    }
    let words: Vec<String> = shared.addresses.intervals().iter().map(ToString::to_string).collect();
    draft
        .witnesses(words.iter())
        .object(format!("nat:{}", words.join(",")))
        .help("use a pool of its own on each edge, and bind each rule to its outside interface");
    for circuit in &shared.circuits {
        draft.circuit(*circuit);
    }
}

/// As many circuits are named in the message; the finding lists all.
const MOST_NAMED: usize = 4;
