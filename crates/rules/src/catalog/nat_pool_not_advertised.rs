//! Addresses translate towards a circuit that never tells the cloud of them.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{CircuitId, NatUnannounced, NatUse};
use edgelint_prefix::AddressSet;

use crate::directions::names;
use crate::places::show_filters;
use crate::prelude::{Block, Confidence, Findings, Network, Scope, Severity, Span, rule};
use crate::translation::{Side, is_uncertain, pool_name, show_translation};

rule! {
    /// ## What it does
    /// Reports addresses that source NAT uses towards a circuit and that no session of the circuit
    /// announces.
    ///
    /// ## Why it matters
    /// Requests leave by the circuit under an address that the cloud does not know there. Answers come back
    /// over the internet, or over another circuit, or not at all.
    ///
    /// ## When it is not a mistake
    /// The addresses of the link itself are known to the other end. All devices of the run count: the router
    /// that announces a firewall's pool may stand beside it.
    ///
    /// ## Example
    /// ```text
    /// ip nat pool MICROSOFT 203.0.113.1 203.0.113.30 prefix-length 27
    /// ip prefix-list OUT seq 5 permit 203.0.113.0/28
    /// ```
    ///
    /// ## What to do
    /// Announce the pool's prefix on the circuit: a route to discard for exactly that prefix, a statement that
    /// puts it into BGP, and an entry in the outbound filter.
    ///
    /// ## Severity
    /// Error. Warning where a route to the addresses could come from another router and would be let
    /// through.
    ///
    /// ## Sources
    /// - Azure, "Asymmetric routing with ExpressRoute": public addresses that are not advertised.
    /// - Microsoft 365, "Implementing ExpressRoute": endpoints have to be advertised to Microsoft.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

/// Rules with one pool towards one circuit: the statement of the pool, the circuit.
type Cause = (Span, CircuitId);

fn check(network: &Network<'_>, found: &mut Findings) {
    let mut causes: BTreeMap<Cause, Vec<NatUnannounced>> = BTreeMap::new();
    for one in network.nat_unannounced() {
        let Some(used) = network.nat.get(one.used) else { continue };
        causes.entry((used.pool_at, one.circuit)).or_default().push(one);
    }
    for uses in causes.values() {
        report(network, uses, found);
    }
}

fn report(network: &Network<'_>, uses: &[NatUnannounced], found: &mut Findings) {
    let Some(first) = uses.first() else { return };
    let Some(used) = network.nat.get(first.used) else { return };
    let addresses = AddressSet::union_of(uses.iter().map(|one| &one.addresses));
    let circuit = &network.circuit(first.circuit).name;
    let whole = used.addresses.is_subset(&addresses);
    let name = pool_name(used);
    let message = match (whole, &first.elsewhere[..]) {
        (true, []) => {
            format!("{name} translates towards circuit {circuit}, which does not announce it")
        }
        (true, others) => format!(
            "{name} translates towards circuit {circuit}, but is announced on {}",
            names(network, others)
        ),
        (false, _) => {
            format!(
                "{name} translates towards circuit {circuit}, which does not announce {addresses}"
            )
        }
    };
    let sessions = || first.sessions.iter().map(|id| network.session(*id));
    // The missing announcement is searched for in every neighbor of the circuit.
    let blind: Vec<Span> =
        sessions().flat_map(|session| network.neighbor(session).blind.iter().copied()).collect();
    let block = Block { at: used.pool_at, blind: &blind };
    let draft = found.absence(block, message, format!("used towards {circuit}"));
    for one in uses.iter().filter_map(|one| network.nat.get(one.used)) {
        show_translation(network, one, Side::Circuits(&[first.circuit]), draft);
        if is_uncertain(one) || !one.exact {
            draft.at_most(Confidence::Likely);
        }
    }
    for session in sessions() {
        draft.device(session.device);
        let text = format!("not announced to {circuit} (neighbor {})", session.neighbor_name());
        show_filters(session, session.live_families(), Direction::Out, text, draft);
    }
    if first.possible {
        draft.severity(Severity::Warning).at_most(Confidence::Possible);
        draft.note(
            "another router may send a route to it, and the outbound filter would let that pass",
        );
    }
    let live = sessions().any(|session| session.live_families().next().is_some());
    if !live {
        draft.severity(Severity::Warning);
        draft.note("no session of the circuit is up in these configurations");
    }
    draft.circuit(first.circuit);
    let words: BTreeSet<String> = addresses.intervals().iter().map(ToString::to_string).collect();
    draft.witnesses(&words).object(format!("nat:{}/{circuit}", some(used)));
    draft.help(format!(
        "announce the prefix of the pool on {circuit}: a discard route for it, a statement that puts it into BGP, and a permit in the outbound filter"
    ));
}

/// The pool as part of a symbolic path.
fn some(used: &NatUse<'_>) -> String {
    used.pool.map_or_else(|| used.addresses.to_string(), str::to_owned)
}
