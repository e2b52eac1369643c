//! The way that stands by is taken first, because its prefixes are longer.

use edgelint_facts::{LongerBackup, StandBy};
use edgelint_prefix::Prefix;

use crate::outbound::object;
use crate::places::{decision, route_of, show_origin};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::remedies::{links, set_of, withhold};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports prefixes that a VPN beside a private peering, or a circuit that `edgelint.toml` ranks behind another
    /// one, announces inside of a shorter prefix that only the preferred way carries.
    ///
    /// ## Why it matters
    /// The longest match is looked at before any preference, ExpressRoute's before VPN included. Answers come by
    /// the way that was to stand by, and requests leave by the other one.
    ///
    /// ## When it is not a mistake
    /// A longer prefix that the preferred way carries too is not reported. Circuits that are told apart by local
    /// preference alone are looked at by `preference-direction-mismatch`.
    ///
    /// ## Example
    /// ```text
    /// ip prefix-list TO-CIRCUIT permit 10.0.0.0/8
    /// ip prefix-list TO-VPN permit 10.20.0.0/16
    /// ```
    ///
    /// ## What to do
    /// Announce prefixes of the same length on both ways, or the longer ones on the preferred way as well.
    ///
    /// ## Severity
    /// Error.
    ///
    /// ## Sources
    /// - Azure, "Configure ExpressRoute and Site-to-Site coexisting connections", the note on the longest prefix
    ///   match.
    /// - Azure, "Designing for disaster recovery with ExpressRoute private peering", more specific routes.
    RULE: Severity::Error, Scope::CrossCircuit, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let mut told: Vec<(_, Vec<(Prefix, Prefix)>)> = Vec::new();
    for backup in network.longer_backups() {
        // Both links of a circuit announce alike: the second one says nothing new.
        let circuit = |id| network.session(id).circuit;
        let ends = (circuit(backup.primary), backup.backup);
        if told.iter().rev().take(8).any(|(one, same)| *one == ends && *same == backup.prefixes) {
            continue;
        }
        report(network, &backup, found);
        told.push((ends, backup.prefixes));
    }
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn report(network: &Network<'_>, longer: &LongerBackup, found: &mut Findings) {
    let (primary, backup) = (network.session(longer.primary), network.session(longer.backup));
    let name = |circuit: Option<_>| {
        circuit.map_or_else(String::new, |id| format!("circuit {}", network.circuit(id).name))
    };
    let (first, second) = match longer.why {
        StandBy::Vpn => (name(primary.circuit), format!("the VPN to {}", backup.neighbor_name())),
        StandBy::Rank => (name(primary.circuit), name(backup.circuit)),
    };
    let prefixes: Vec<Prefix> = longer.prefixes.iter().map(|(prefix, _)| *prefix).collect();
    let what = some_of(&prefixes, 4);
    let message =
        format!("{second} stands by for {first} and draws {what}: its prefixes are longer");
    let place = |session, prefix, name: &str| decision(session, route_of(session, prefix)?, name);
    let mut places =
        prefixes.iter().filter_map(|prefix| Some((*prefix, place(backup, *prefix, &second)?)));
    let Some((_, (at, text))) = places.next() else { return };
    let draft = found.presence(at, message, text);
    draft.device(primary.device).device(backup.device);
    for (_, (at, text)) in places.take(MOST_SHOWN) {
        draft.primary(at, text);
    }
    for (prefix, covering) in longer.prefixes.iter().take(MOST_SHOWN) {
        route_of(backup, *prefix).into_iter().for_each(|route| show_origin(route, draft));
        if let Some((at, _)) = place(primary, *covering, &first) {
            draft.context(at, format!("{covering} is permitted to {first} here"));
        }
    }
    draft.context(backup.at, format!("the session of {second}"));
    draft.context(primary.at, format!("a session of {first}"));
    if longer.why == StandBy::Vpn && primary.device != backup.device {
        draft.at_most(Confidence::Likely);
    }
    for circuit in [primary.circuit, backup.circuit].into_iter().flatten() {
        draft.circuit(circuit);
    }
    withhold(network, &links(network, backup), &set_of(&prefixes), draft);
    draft
        .object(object(network, backup, "out"))
        .witnesses(prefixes)
        .help("advertise prefixes of the same length on both ways");
}
