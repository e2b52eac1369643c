//! The cloud is sent a range of its own.

use std::collections::BTreeMap;

use edgelint_facts::{CircuitId, DeviceId, ReturnedRange, Session, SessionId};
use edgelint_prefix::Prefix;

use crate::outbound::object;
use crate::places::{decision, route_of, show_origin};
use crate::prelude::{Confidence, Findings, Network, Part, Scope, Severity, rule};
use crate::remedies::{set_of, withhold};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports prefixes announced to a cloud that lie in a range of the cloud itself: one of the ranges that
    /// `edgelint.toml` gives for its virtual networks, or one that the session's own inbound filter names.
    ///
    /// ## Why it matters
    /// The cloud either refuses the route, or believes it and sends what is meant for a virtual network out
    /// over the circuit. Most often one list was used for both directions, or an old range was given away.
    ///
    /// ## When it is not a mistake
    /// Inbound filters that let whole blocks pass (`le`, `orlonger`) say nothing about whose the addresses
    /// are and are not taken into account. A prefix that covers a range of the cloud is not reported.
    ///
    /// ## Example
    /// ```text
    /// ip prefix-list VNETS permit 10.64.0.0/16
    /// ip prefix-list OWN permit 10.64.8.0/24
    /// router bgp 64500
    ///  neighbor 172.16.0.2 prefix-list VNETS in
    ///  neighbor 172.16.0.2 prefix-list OWN out
    /// ```
    ///
    /// ## What to do
    /// Stop announcing it, or correct the range that is accepted.
    ///
    /// ## Severity
    /// Warning.
    ///
    /// ## Sources
    /// - Azure, "VPN Gateway FAQ", BGP: prefixes equal to those of the virtual network are blocked.
    /// - For ExpressRoute: expert judgement.
    RULE: Severity::Warning, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    type Cause<'n, 't> = (&'n Session<'t>, BTreeMap<Prefix, ReturnedRange>);
    let mut causes: BTreeMap<(DeviceId, Option<CircuitId>, &str), Cause<'_, '_>> = BTreeMap::new();
    for session in part.sessions().filter(|session| session.role.is_cloud()) {
        for range in network.returned_ranges(session) {
            let key = (session.device, session.circuit, session.vrf_name());
            let (_, ranges) = causes.entry(key).or_insert((session, BTreeMap::new()));
            ranges.entry(range.prefix).or_insert(range);
        }
    }
    for (session, ranges) in causes.values() {
        report(network, session, ranges, found);
    }
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn report(
    network: &Network<'_>,
    session: &Session<'_>,
    ranges: &BTreeMap<Prefix, ReturnedRange>,
    found: &mut Findings,
) {
    let name = session.circuit.map_or("the cloud", |id| network.circuit(id).name.as_str());
    let prefixes: Vec<&Prefix> = ranges.keys().collect();
    let (what, one) = (some_of(&prefixes, 4), prefixes.len() == 1);
    let message = match one {
        true => format!("{what} is advertised to {name}, and is a range of the cloud's own"),
        false => format!("{what} are advertised to {name}, and are ranges of the cloud's own"),
    };
    let mut places = ranges.keys().filter_map(|prefix| {
        let route = route_of(session, *prefix)?;
        Some((route, decision(session, route, name)?))
    });
    let Some((route, (at, text))) = places.next() else { return };
    let draft = found.presence(at, message, text);
    draft.severity(Severity::Warning).device(session.device);
    show_origin(route, draft);
    for (route, (at, text)) in places.take(MOST_SHOWN) {
        draft.primary(at, text);
        show_origin(route, draft);
    }
    for range in ranges.values().take(MOST_SHOWN) {
        if let Some((accepted, at)) = range.accepted {
            draft.context(at, format!("{accepted} is accepted from the cloud"));
        }
    }
    if ranges.values().any(|range| range.described) {
        draft.note("edgelint.toml says that it is a range of a virtual network");
    } else {
        draft.at_most(Confidence::Likely);
    }
    if let Some(circuit) = session.circuit {
        draft.circuit(circuit);
    }
    let sessions = network.sessions_of(session.device).iter();
    let links = sessions.filter(|one| one.circuit == session.circuit && one.vrf == session.vrf);
    let links: Vec<SessionId> =
        links.filter(|one| one.role == session.role).map(|one| one.id).collect();
    let told: Vec<Prefix> = ranges.keys().copied().collect();
    withhold(network, &links, &set_of(&told), draft);
    draft
        .object(object(network, session, "out"))
        .witnesses(prefixes)
        .help("stop advertising it, or correct the range that is accepted from the cloud");
}
