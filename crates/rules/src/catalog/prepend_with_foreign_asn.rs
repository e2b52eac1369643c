//! A prepended path names somebody else.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::{DeviceId, Peering, Role, SessionId};

use crate::outbound::{Outbound, by_clause, object};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, Span, rule};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports outbound policies towards clouds and the internet that prepend an AS number which is not the
    /// enterprise's own.
    ///
    /// ## Why it matters
    /// A router drops routes whose path holds its own AS number. A number of the cloud in front of the path
    /// takes the route away altogether; any other keeps it from the network it names, and points at
    /// that network when something goes wrong.
    ///
    /// ## When it is not a mistake
    /// Numbers of all devices of the run, and those that `edgelint.toml` lists as own, are the enterprise's: after a
    /// merger there may be several.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 route-map ER-OUT out
    /// route-map ER-OUT permit 10
    ///  set as-path prepend 12076 12076
    /// ```
    ///
    /// ## What to do
    /// Prepend the own AS number. Where a number is the enterprise's, list it under `own-as` in `edgelint.toml`.
    ///
    /// ## Severity
    /// Error where it is the AS number at the other end; warning otherwise.
    ///
    /// ## Sources
    /// - RFC 4271, section 9.1.2: a path that holds the own AS number is not used.
    /// - RFC 8195 and operators' practice: prepend what is one's own.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let own = network.own_as();
    let foreign = |outbound: &Outbound<'_, '_>| {
        let session = outbound.session;
        // What is taken out, or not allowed, there: another rule says so.
        let stripped = session.role == Role::Azure(Peering::Microsoft);
        let mut numbers: Vec<u32> = outbound.prepend.to_vec();
        numbers.retain(|number| own.binary_search(number).is_err());
        numbers.retain(|number| !stripped || network.description.is_registered_as(*number));
        numbers.sort_unstable();
        numbers.dedup();
        (!numbers.is_empty()).then_some((numbers, session.remote_as))
    };
    let outside = |role: Role| role.is_cloud() || role == Role::Internet;
    let sessions = network.sessions.iter().filter(|one| one.is_ebgp && outside(one.role));
    // The clauses of one policy are one mistake.
    let mut policies: BTreeMap<Policy, Vec<Clause<'_, '_>>> = BTreeMap::new();
    for ((device, at, (numbers, remote)), (outbound, sessions)) in
        by_clause(network, sessions, foreign)
    {
        let looped = remote.filter(|remote| numbers.contains(remote));
        let clause = Clause { at, numbers, outbound };
        policies.entry((device, looped, sessions)).or_default().push(clause);
    }
    for ((device, looped, sessions), clauses) in &policies {
        report(network, (*device, *looped, sessions), clauses, found);
    }
}

/// The device, the AS number at the other end where that one is prepended, and the sessions.
type Policy = (DeviceId, Option<u32>, Vec<SessionId>);

/// A clause, and the numbers it prepends that are not the enterprise's.
struct Clause<'n, 't> {
    at: Span,
    numbers: Vec<u32>,
    outbound: Outbound<'n, 't>,
}

fn report(
    network: &Network<'_>,
    (device, looped, sessions): (DeviceId, Option<u32>, &[SessionId]),
    clauses: &[Clause<'_, '_>],
    found: &mut Findings,
) {
    let Some(first) = clauses.first() else { return };
    let numbers: BTreeSet<u32> = clauses.iter().flat_map(|one| one.numbers.clone()).collect();
    let numbers: Vec<u32> = numbers.into_iter().collect();
    let verb = if numbers.len() == 1 { "is" } else { "are" };
    let message = match looped {
        Some(remote) => format!("AS {remote} is prepended towards itself, which drops the routes"),
        None => format!(
            "AS {} {verb} prepended, and {verb} not the enterprise's own",
            some_of(&numbers, MOST_NAMED)
        ),
    };
    let prepends = |one: &Clause<'_, '_>| format!("prepends {}", some_of(&one.numbers, MOST_NAMED));
    let draft = found.presence(first.at, message, prepends(first));
    draft.device(device);
    for clause in clauses {
        draft.primary(clause.at, prepends(clause));
    }
    if looped.is_none() {
        draft.severity(Severity::Warning).at_most(Confidence::Likely);
    }
    if clauses.iter().all(|one| !one.outbound.certain) {
        draft.at_most(Confidence::Likely);
    }
    for session in sessions.iter().map(|id| network.session(*id)) {
        draft.context(session.at, "a session that is sent it");
        if let Some(circuit) = session.circuit {
            draft.circuit(circuit);
        }
    }
    let session = first.outbound.session;
    let own = session.local_as.map_or_else(String::new, |own| format!(" {own}"));
    draft.object(object(network, session, "out")).help(format!(
        "prepend the own AS number{own}; list further own ones under own-as in edgelint.toml"
    ));
}

/// More numbers are not named.
const MOST_NAMED: usize = 4;
