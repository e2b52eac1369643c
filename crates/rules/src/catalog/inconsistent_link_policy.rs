//! The two links of a circuit are not treated alike.

use edgelint_facts::Circuit;
use edgelint_facts::compare::links::pairs;

use crate::links::{Apart, all_of};
use crate::places::{show_filters, show_origin};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports a circuit whose two links are not treated alike: they are sent different prefixes, their policies let
    /// different routes through or change them differently, or limits, timers, BFD or authentication differ.
    ///
    /// ## Why it matters
    /// Either link has to carry everything while the other is down or under maintenance. What only one of them
    /// announces or accepts is lost in that hour, and a link that announces nothing is no second link. Policies
    /// are compared as functions: names, numbers and the order of clauses do not count, and a router of one
    /// vendor is held against one of another.
    ///
    /// ## When it is not a mistake
    /// Local preference, weight and prepending on one link are a matter of preference, not of this rule. Prefixes around
    /// addresses that are translated to for one link only are announced there only. Routes that iBGP or another session
    /// may bring to the second router count as announced by it.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 prefix-list PL-BOTH out
    ///  neighbor 192.0.2.6 remote-as 12076
    ///  neighbor 192.0.2.6 prefix-list PL-OLD out
    /// ```
    ///
    /// ## What to do
    /// Copy the policies and settings of the link that is right to the other one.
    ///
    /// ## Severity
    /// Error where one link is sent nothing although the other is; info where nothing differs but the communities
    /// that routes are given; warning otherwise.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements": both sessions of a circuit are required for the service level.
    /// - Azure, "Using S2S VPN as a backup for ExpressRoute private peering": advertise the on-premises prefixes in the
    ///   same manner through both.
    /// - Azure, "Designing for high availability with ExpressRoute": links that stand by rot unnoticed; network address
    ///   translation a link.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

/// Differences that are told beside the first.
const MOST_NOTES: usize = 8;

fn check(network: &Network<'_>, found: &mut Findings) {
    for (id, pairs) in pairs(network) {
        let mut apart: Vec<_> = pairs.iter().flat_map(all_of).collect();
        apart.sort_by_key(|one| std::cmp::Reverse((one.severity, one.certain)));
        if let Some((first, rest)) = apart.split_first() {
            report(network, network.circuit(id), first, rest, found);
        }
    }
}

fn report(
    network: &Network<'_>,
    circuit: &Circuit,
    first: &Apart<'_, '_, '_>,
    rest: &[Apart<'_, '_, '_>],
    found: &mut Findings,
) {
    let message = format!("the links of circuit {} differ: {}", circuit.name, first.text);
    let [(at, label), (other, text)] = &first.lines;
    let draft = found.presence(*at, message, label.clone());
    draft.primary(*other, text.clone()).severity(first.severity).circuit(circuit.id);
    draft.witnesses(&first.witnesses);
    if let Some(route) = first.route {
        show_origin(route, draft);
    }
    let sessions = first.pair.sides.map(|side| side.session);
    for side in &first.pair.sides {
        draft.device(side.session.device);
        draft.context(side.session.at, format!("the link to {}", side.session.neighbor_name()));
        if let Some(direction) = first.direction {
            show_filters(side.session, [side.family], direction, "the filter", draft);
        }
    }
    if let Some(route) = &first.instance {
        draft.note(format!("for instance {route}"));
    }
    for other in rest.iter().take(MOST_NOTES) {
        draft.note(format!("also: {}", other.text));
        for (at, text) in &other.lines {
            draft.context(*at, text.clone());
        }
    }
    if MOST_NOTES < rest.len() {
        draft.note(format!("{} further differences", rest.len() - MOST_NOTES));
    }
    if !first.certain {
        draft.at_most(Confidence::Likely);
    }
    if !circuit.certain || sessions.iter().any(|session| !session.certain) {
        draft.lowered("the links were paired by inference: `edgelint inspect circuits` shows it");
    }
    draft.object(format!("circuit:{}", circuit.name));
    let device = network.device(sessions[0].device);
    draft.help(format!(
        "copy what is right to the other link: the same {} and settings on both",
        device.behaviour.policy_word
    ));
}
