//! What is announced to Microsoft and what was declared to it differ.

use std::collections::BTreeSet;

use edgelint_facts::{Circuit, Peering, Role, Session, SessionId};
use edgelint_prefix::{Prefix, PrefixSet};

use crate::outbound::object;
use crate::places::{decision, route_of};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::remedies::{set_of, withhold};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Compares what a circuit announces on Microsoft peering with the public prefixes that `edgelint.toml` says are
    /// declared for it, both ways.
    ///
    /// ## Why it matters
    /// Microsoft filters routes by the list of advertised public prefixes that was configured for the
    /// peering. What is not in it is dropped without a word: traffic leaves by the circuit, and answers come by
    /// the internet.
    ///
    /// ## When it is not a mistake
    /// Nothing is said about circuits whose declared prefixes are not described. A part of a declared
    /// prefix counts as declared.
    ///
    /// ## Example
    /// ```text
    /// [[circuit]]
    /// name = "er-oslo"
    /// public-prefixes = ["203.0.113.0/28"]
    /// ```
    ///
    /// ## What to do
    /// Declare the prefix for the peering, or stop announcing it; announce what is declared, or take it off the
    /// list.
    ///
    /// ## Severity
    /// Error for a prefix that is announced and not declared; warning for one that is declared and not announced.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", addresses used for Microsoft peering.
    /// - Azure, "Create and modify peering for an ExpressRoute circuit", advertised public prefixes.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for circuit in &network.circuits {
        let described = network.described(circuit.id);
        let Some(declared) = described.and_then(|one| one.public_prefixes.as_ref()) else {
            continue;
        };
        let sessions: Vec<&Session<'_>> = circuit
            .links
            .iter()
            .map(|link| network.session(link.session))
            .filter(|session| session.role == Role::Azure(Peering::Microsoft))
            .collect();
        undeclared(network, (circuit, declared), &sessions, found);
        unannounced(network, (circuit, declared), &sessions, found);
    }
}

/// More prefixes than Microsoft accepts.
const MOST_PREFIXES: usize = 20_000;

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn undeclared(
    network: &Network<'_>,
    (circuit, declared): (&Circuit, &PrefixSet),
    sessions: &[&Session<'_>],
    found: &mut Findings,
) {
    let covered = declared.union(&declared.more_specifics());
    let families = sessions.iter().flat_map(|session| session.live_families());
    let sent = PrefixSet::union_of(families.map(|family| &family.announcements.known));
    let prefixes = sent.difference(&covered).prefixes(MOST_PREFIXES).unwrap_or_default();
    let prefixes: Vec<Prefix> = prefixes.into_iter().filter(|one| !one.is_default()).collect();
    let places = prefixes.iter().flat_map(|prefix| {
        sessions.iter().filter_map(|session| {
            let route = route_of(session, *prefix)?;
            let (at, text) = decision(session, route, &circuit.name)?;
            Some((*session, at, text))
        })
    });
    let places: Vec<_> = places.take(MOST_SHOWN).collect();
    let Some((session, at, text)) = places.first() else { return };
    let what = some_of(&prefixes, 4);
    let verb = if prefixes.len() == 1 { "is" } else { "are" };
    let message = format!("{what} {verb} advertised to {} and not declared for it", circuit.name);
    let draft = found.presence(*at, message, text.clone());
    for (session, at, text) in &places {
        draft.primary(*at, text.clone()).device(session.device);
    }
    let words: Vec<String> = declared.ranges().iter().map(ToString::to_string).collect();
    draft
        .circuit(circuit.id)
        .note(format!("declared in edgelint.toml: {}", some_of(&words, 8)))
        .object(object(network, session, "out"))
        .witnesses(&prefixes)
        .help("declare the prefix for the peering, or stop advertising it");
    let links: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
    withhold(network, &links, &set_of(&prefixes), draft);
}

fn unannounced(
    network: &Network<'_>,
    (circuit, declared): (&Circuit, &PrefixSet),
    sessions: &[&Session<'_>],
    found: &mut Findings,
) {
    let families = || sessions.iter().flat_map(|session| session.live_families());
    let Some(session) = sessions.first() else { return };
    // Where a filter would let something pass, another device may well bring it.
    let sent = PrefixSet::union_of(families().map(|family| &family.announcements.may));
    let known = PrefixSet::union_of(families().map(|family| &family.announcements.known));
    let sent = sent.union(&known);
    let silent = declared.difference(&sent.covering()).difference(&sent.more_specifics());
    let silent = silent.prefixes(MOST_PREFIXES).unwrap_or_default();
    if silent.is_empty() || !families().all(|family| family.export.exact) {
        return;
    }
    let (what, name) = (some_of(&silent, 4), &circuit.name);
    let message = format!("{what} is declared for {name} and not advertised to it");
    let draft = found.presence(session.at, message, "not advertised over this session");
    draft.severity(Severity::Warning).at_most(Confidence::Likely).circuit(circuit.id);
    let devices: BTreeSet<_> = sessions.iter().map(|session| session.device).collect();
    for session in sessions {
        draft.primary(session.at, "not advertised over this session");
    }
    for device in devices {
        draft.device(device);
    }
    draft
        .object(object(network, session, "declared"))
        .witnesses(silent)
        .help("advertise it over the circuit, or take it off the list");
}
