//! One address translates towards several circuits, or is announced on another one than it serves.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::{CircuitId, NatAstray, NatSplit, NatUse, Peering};
use edgelint_prefix::Prefix;

use crate::directions::names;
use crate::places::{decision, senders, show_announcements};
use crate::prelude::{Confidence, Draft, Findings, Network, Scope, Severity, Span, rule};
use crate::translation::{Side, is_uncertain, pool_name, show_translation};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports addresses that source NAT uses on several circuits with public peering of one cloud, and
    /// pools of one circuit whose addresses another circuit announces too.
    ///
    /// ## Why it matters
    /// The cloud answers over the circuit that announces the address best. Only the device that translated a
    /// connection knows it; answers that come by another circuit are dropped.
    ///
    /// ## When it is not a mistake
    /// Where devices translate before the circuits part and know each other's translations, answers may come by any
    /// circuit: `edgelint.toml` says so in a `[[nat-group]]`, which may hold one device. The same is taken from
    /// configurations: rules that are mirrored within one redundancy group under one number, and a pair of firewall
    /// units with a link for their state on which no circuit ends. A shorter prefix on the
    /// other circuit, meant for failover, is only worth knowing. Equal prefixes with equal prepending are
    /// reported by `prefix-on-multiple-circuits`.
    ///
    /// ## Example
    /// ```text
    /// ip nat pool MICROSOFT 203.0.113.1 203.0.113.14 prefix-length 28
    /// ip nat inside source route-map NAT-ER-ONE pool MICROSOFT overload
    /// ip nat inside source route-map NAT-ER-TWO pool MICROSOFT overload
    /// ```
    ///
    /// ## What to do
    /// Use a pool of its own for each circuit, and announce each pool on its circuit only.
    ///
    /// ## Severity
    /// Error; info where the other circuit announces nothing but a covering prefix.
    ///
    /// ## Sources
    /// - Microsoft 365, "Routing with ExpressRoute", on route symmetry, second point: a separate NAT pool for
    ///   each circuit.
    /// - Microsoft 365, "Implementing ExpressRoute": separate pools per peering with stateful devices.
    RULE: Severity::Error, Scope::CrossCircuit, "0.1.0", check
}

/// What is told in one finding: a pool, its circuit, and whether others compete.
type Cause = (Span, CircuitId, bool);

fn check(network: &Network<'_>, found: &mut Findings) {
    for split in network.nat_split() {
        report_split(network, &split, found);
    }
    let mut causes: BTreeMap<Cause, Vec<NatAstray>> = BTreeMap::new();
    for astray in network.nat_astray() {
        let Some(used) = network.nat.get(astray.used) else { continue };
        let cause = (used.pool_at, astray.circuit, astray.competes);
        causes.entry(cause).or_default().push(astray);
    }
    for ways in causes.values() {
        report_astray(network, ways, found);
    }
}

fn report_split(network: &Network<'_>, split: &NatSplit, found: &mut Findings) {
    let uses: Vec<&NatUse<'_>> =
        split.uses.iter().filter_map(|place| network.nat.get(*place)).collect();
    let Some(first) = uses.first() else { return };
    let circuits = names(network, &split.circuits);
    let message = format!("{} is used for NAT towards circuits {circuits}", split.addresses);
    let draft = found.presence(first.pool_at, message, format!("used towards {circuits}"));
    finish(network, &uses, &split.circuits, draft);
    let words: Vec<String> = split.addresses.intervals().iter().map(ToString::to_string).collect();
    draft.witnesses(&words).object(format!("nat:{}", words.join(",")));
}

fn report_astray(network: &Network<'_>, ways: &[NatAstray], found: &mut Findings) {
    let Some(first) = ways.first() else { return };
    let Some(used) = network.nat.get(first.used) else { return };
    let others: BTreeSet<CircuitId> = ways.iter().flat_map(|one| &one.circuits).copied().collect();
    let others: Vec<CircuitId> = others.into_iter().collect();
    let prefixes: BTreeSet<Prefix> = ways.iter().map(|one| one.other).collect();
    let prefixes: Vec<Prefix> = prefixes.into_iter().collect();
    let circuit = &network.circuit(first.circuit).name;
    let (what, name, elsewhere) = (some_of(&prefixes, 4), pool_name(used), names(network, &others));
    let message = if first.competes {
        format!(
            "{name} translates towards circuit {circuit}, and {elsewhere} announces it too with {what}"
        )
    } else {
        format!(
            "{name} translates towards circuit {circuit}; {elsewhere} covers it with {what} in case {circuit} fails"
        )
    };
    let draft = found.presence(used.pool_at, message, format!("used towards {circuit}"));
    if !first.competes {
        draft.severity(Severity::Info);
        draft.note("on failover, connections that are open are lost: their state stays behind");
    }
    let uses: BTreeSet<usize> = ways.iter().map(|one| one.used).collect();
    let uses: Vec<&NatUse<'_>> =
        uses.into_iter().filter_map(|place| network.nat.get(place)).collect();
    for other in others.iter().take(MOST_CIRCUITS) {
        announced(network, *other, &prefixes, draft);
    }
    let own: BTreeSet<Prefix> = ways.iter().map(|one| one.own).collect();
    announced(network, first.circuit, &own.into_iter().collect::<Vec<_>>(), draft);
    let mut circuits = others.clone();
    circuits.push(first.circuit);
    finish(network, &uses, &circuits, draft);
    draft.witnesses(&prefixes).object(format!("nat:{}", used.addresses));
}

/// As many of the other circuits are shown.
const MOST_CIRCUITS: usize = 4;

/// Shows where a circuit announces the prefixes on its public peerings.
fn announced(network: &Network<'_>, circuit: CircuitId, prefixes: &[Prefix], draft: &mut Draft) {
    let peerings = network.circuit(circuit).peerings.iter();
    for peering in peerings.filter(|one| Peering::is_public(**one)) {
        show_announcements(network, (circuit, *peering), prefixes, draft);
        let sent = prefixes.iter().flat_map(|one| senders(network, (circuit, *peering), *one));
        let name = &network.circuit(circuit).name;
        for (at, text) in sent.filter_map(|(session, route)| decision(session, route, name)) {
            draft.primary(at, text);
        }
    }
}

fn finish(network: &Network<'_>, uses: &[&NatUse<'_>], circuits: &[CircuitId], draft: &mut Draft) {
    for one in uses {
        show_translation(network, one, Side::Circuits(circuits), draft);
    }
    if uses.iter().any(|one| is_uncertain(one)) {
        draft.at_most(Confidence::Likely);
    }
    if circuits.iter().any(|id| !network.circuit(*id).certain) {
        draft.lowered(
            "which sessions make a circuit was inferred: `edgelint inspect circuits` shows why",
        );
    }
    for circuit in circuits {
        draft.circuit(*circuit);
    }
    draft.help("use a pool of its own for each circuit, bind each rule to its interface, and announce each pool on its circuit only");
}
