//! A discard route keeps a prefix announced when the network behind it is gone.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::{Announced, CircuitId, DeviceId, Session};
use edgelint_prefix::{AddressSet, Prefix};
use edgelint_source::Span;

use crate::outbound::object;
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports prefixes that a device announces on a circuit because of a discard route alone, where the network
    /// behind is learned from other routers and the circuit ends on a second device too.
    ///
    /// ## Why it matters
    /// The discard route never goes away. When the device loses its way to the inside it keeps announcing the
    /// prefix, draws half of the traffic, and drops it, while the other device would carry all of it.
    ///
    /// ## When it is not a mistake
    /// Prefixes of addresses that the device itself translates to need no network behind them. A discard route
    /// that is tracked goes away. A device that stands alone on its circuit has nothing to yield to.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  network 10.20.0.0 mask 255.255.0.0
    /// router ospf 1
    ///  network 10.0.0.0 0.255.255.255 area 0
    /// ip route 10.20.0.0 255.255.0.0 Null0
    /// ```
    ///
    /// ## What to do
    /// Announce the route that is learned, advertise under a condition, or track what makes the prefix reachable.
    ///
    /// ## Severity
    /// Info.
    ///
    /// ## Sources
    /// - Expert judgement; no document of a cloud says it.
    RULE: Severity::Info, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let mut ends: BTreeMap<CircuitId, BTreeSet<DeviceId>> = BTreeMap::new();
    for session in &network.sessions {
        if let Some(circuit) = session.circuit {
            ends.entry(circuit).or_default().insert(session.device);
        }
    }
    type Anchored<'n, 't> = (&'n Session<'t>, BTreeMap<Prefix, Span>);
    let mut causes: BTreeMap<(DeviceId, CircuitId), Anchored<'_, '_>> = BTreeMap::new();
    for session in &network.sessions {
        let Some(circuit) = session.circuit else { continue };
        let shared = ends.get(&circuit).is_some_and(|devices| 1 < devices.len());
        if !shared || !learns(network, session) {
            continue;
        }
        let device = network.device(session.device);
        let translated = translated(network, session.device);
        let discards = device.discard_routes();
        for route in session.live_families().flat_map(|family| &family.announcements.routes) {
            let Some(anchor) = anchor(&discards, route) else { continue };
            if !translated.overlaps(&AddressSet::from_prefix(route.prefix)) {
                let cause = causes.entry((session.device, circuit));
                cause.or_insert((session, BTreeMap::new())).1.insert(route.prefix, anchor);
            }
        }
    }
    for ((device, circuit), (session, anchors)) in &causes {
        report(network, (*device, *circuit, session), anchors, found);
    }
}

/// Whether the networks behind the device come from other routers: an interior protocol or iBGP.
fn learns(network: &Network<'_>, session: &Session<'_>) -> bool {
    let device = network.device(session.device);
    let interior = device.device.igps.iter().any(|igp| igp.vrf == session.vrf);
    let mut others = network.sessions_of(session.device).iter();
    interior || others.any(|other| !other.is_ebgp && other.vrf == session.vrf && !other.shutdown)
}

/// All addresses that the device translates to.
fn translated(network: &Network<'_>, device: DeviceId) -> AddressSet {
    let own = network.nat.iter().filter(|one| one.device == device);
    AddressSet::union_of(own.map(|one| &one.addresses))
}

/// The discard route that a route stands on.
fn anchor(discards: &[Span], route: &Announced<'_>) -> Option<Span> {
    let discards = |at: &Span| discards.binary_search(at).is_ok();
    let at = route.trail.iter().map(|mark| mark.at).find(discards)?;
    (!route.prefix.is_default()).then_some(at)
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn report(
    network: &Network<'_>,
    (device, circuit, session): (DeviceId, CircuitId, &Session<'_>),
    anchors: &BTreeMap<Prefix, Span>,
    found: &mut Findings,
) {
    let Some(first) = anchors.values().next() else { return };
    let prefixes: Vec<&Prefix> = anchors.keys().collect();
    let (what, name) = (some_of(&prefixes, 4), &network.circuit(circuit).name);
    let (verb, them) = if prefixes.len() == 1 { ("stays", "it") } else { ("stay", "them") };
    let message =
        format!("{what} {verb} announced to {name} when the networks behind {them} are lost");
    let draft = found.presence(*first, message, "this discard route is always there");
    for at in anchors.values().take(MOST_SHOWN) {
        draft.primary(*at, "this discard route is always there");
    }
    draft.context(session.at, "a session over which it is announced");
    draft.severity(Severity::Info).at_most(Confidence::Likely).device(device).circuit(circuit);
    draft.object(object(network, session, "anchor")).witnesses(prefixes).help(
        "announce the learned route, advertise under a condition, or track what makes it reachable",
    );
}
