//! Static routes that a device uses instead of what its circuits bring.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{CircuitId, Detour, DeviceId, Peering, Session, StaticDetour};
use edgelint_prefix::Prefix;

use crate::places::object_of;
use crate::prelude::{Confidence, Findings, Network, Severity, Span};
use crate::words::some_of;

/// Static routes that are used instead of what circuits bring, by device, circuit and VRF.
pub(crate) fn report_statics(network: &Network<'_>, found: &mut Findings) {
    type Detours<'n, 't> = (&'n Session<'t>, BTreeMap<Span, StaticDetour<'t>>);
    let mut causes: BTreeMap<(DeviceId, Option<CircuitId>, &str, String), Detours<'_, '_>> =
        BTreeMap::new();
    let live = |session: &&Session<'_>| {
        session.role.is_cloud() && session.live_families().next().is_some()
    };
    for session in network.sessions.iter().filter(live) {
        let public = session.role.peering().is_some_and(Peering::is_public);
        for detour in network.static_detours(session) {
            // Tunnels beside private peering are VPN backups: `vpn-backup-wins` speaks of them.
            if public || matches!(detour.way, Detour::Internet(_)) {
                let way = way(network, &detour);
                let key = (session.device, session.circuit, session.vrf_name(), way);
                let (_, detours) = causes.entry(key).or_insert((session, BTreeMap::new()));
                detours.entry(detour.at).or_insert(detour);
            }
        }
    }
    for ((.., way), (session, detours)) in &causes {
        let Some(first) = detours.values().next() else { continue };
        let name = session.circuit.map_or("the cloud", |id| network.circuit(id).name.as_str());
        let mut prefixes: Vec<Prefix> = detours.values().map(|detour| detour.prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        let (what, verb) = (some_of(&prefixes, 4), if prefixes.len() == 1 { "is" } else { "are" });
        let message = format!("{what} {verb} reached through {way} before circuit {name}");
        let draft = found.presence(first.at, message, "this static route is used");
        draft.severity(Severity::Warning).at_most(Confidence::Likely).device(session.device);
        for detour in detours.values().take(MOST_SHOWN) {
            draft.primary(detour.at, "this one, too");
            if let Some(at) = detour.accepted {
                draft.context(at, format!("{} is accepted from {name}", detour.range));
            }
            if let Detour::Internet(id) = detour.way {
                draft.context(network.session(id).at, "a session to the internet");
            }
        }
        draft.context(session.at, format!("a session of circuit {name}"));
        session.circuit.into_iter().for_each(|circuit| {
            draft.circuit(circuit);
        });
        draft.object(object_of(network, session, Direction::In)).witnesses(prefixes).help(
            "remove the static routes, or give them a distance above that of the circuit's routes",
        );
    }
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

/// Where a static route leads, in words.
fn way(network: &Network<'_>, detour: &StaticDetour<'_>) -> String {
    match detour.way {
        Detour::Tunnel(name) => name.to_owned(),
        Detour::Internet(id) => {
            format!("the internet (neighbor {})", network.session(id).neighbor_name())
        }
    }
}
