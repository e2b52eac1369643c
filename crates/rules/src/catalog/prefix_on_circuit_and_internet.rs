//! The internet is told a prefix as long as the circuit is, or longer.

use std::collections::BTreeSet;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{Certainty, OnInternet, Overlap, Peering, SessionId};
use edgelint_prefix::Prefix;

use crate::directions::names;
use crate::places::{
    MOST_SHOWN, decision, route_of, show_announcements, show_filters, show_origin,
};
use crate::prelude::{Confidence, Draft, Findings, Network, Scope, Severity, rule};
use crate::remedies::{set_of, withhold};
use crate::translation::show_pools;
use crate::words::{list, some_of};

rule! {
    /// ## What it does
    /// Reports public prefixes that are announced to the internet and, with the same or a shorter length, on
    /// a circuit with public peering.
    ///
    /// ## Why it matters
    /// The cloud answers by the longest prefix, and prefers the circuit at equal length. With equal
    /// prefixes, requests that left by the internet are answered over the circuit; with a longer one on the
    /// internet, requests that left by the circuit are answered over the internet. Stateful devices drop
    /// both.
    ///
    /// ## When it is not a mistake
    /// A longer prefix on the circuit with a covering one on the internet is the documented way to fall back.
    /// Prefixes that other networks filter for their length (more than 24 bits, or 48) go nowhere.
    ///
    /// ## Example
    /// ```text
    /// neighbor 192.0.2.2 remote-as 12076
    /// neighbor 192.0.2.2 prefix-list OWN out
    /// neighbor 198.51.100.1 remote-as 64497
    /// neighbor 198.51.100.1 prefix-list OWN out
    /// ip prefix-list OWN seq 5 permit 203.0.113.0/24
    /// ```
    ///
    /// ## What to do
    /// Announce the prefix on one edge only; where both are needed, announce a longer one on the circuit.
    ///
    /// ## Severity
    /// Error; info where the prefix on the internet is too long to be carried there.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", "Microsoft peering": never the same public route on
    ///   both; if it cannot be avoided, a more specific one over ExpressRoute.
    /// - Azure, "ExpressRoute NAT requirements".
    /// - Microsoft 365, "Implementing ExpressRoute", design of outbound connectivity, items 3 and 4.
    /// - AWS, "Routing policies and BGP communities", public virtual interfaces.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    for overlap in network.on_internet() {
        report(network, &overlap, found);
    }
}

fn report(network: &Network<'_>, overlap: &OnInternet, found: &mut Findings) {
    let internet: Vec<Prefix> = overlap.prefixes.iter().map(|pair| pair.0).collect();
    let mut circuit: Vec<Prefix> = overlap.prefixes.iter().map(|pair| pair.1).collect();
    circuit.dedup();
    let circuits = names(network, &overlap.circuits);
    let devices: BTreeSet<&str> = overlap
        .sessions
        .iter()
        .map(|id| network.device(network.session(*id).device).identity.as_str())
        .collect();
    let devices = list(&devices.into_iter().collect::<Vec<_>>());
    let (what, held) = (some_of(&internet, 4), some_of(&circuit, 4));
    let word = if overlap.circuits.len() == 1 { "circuit" } else { "circuits" };
    let message = match overlap.overlap {
        Overlap::Equal => format!("{what} is announced on {word} {circuits} and to the internet"),
        Overlap::Longer => format!(
            "{what} is announced to the internet, longer than {held} on {word} {circuits}: answers come back there"
        ),
        Overlap::Filtered => format!(
            "{what} is announced to the internet by {devices} and will be filtered there; {word} {circuits} announces {held}"
        ),
    };
    let Some(place) = overlap.sessions.iter().find_map(|id| {
        let session = network.session(*id);
        decision(session, route_of(session, *internet.first()?)?, "the internet")
    }) else {
        return;
    };
    let draft = found.presence(place.0, message, place.1);
    if overlap.overlap == Overlap::Filtered {
        draft.severity(Severity::Info);
    }
    show_internet(network, &overlap.sessions, &internet, draft);
    for id in overlap.circuits.iter().take(4) {
        let peerings = network.circuit(*id).peerings.iter().filter(|one| Peering::is_public(**one));
        for peering in peerings {
            show_announcements(network, (*id, *peering), &circuit, draft);
        }
    }
    if show_pools(network, &internet, draft) {
        draft.note(
            "NAT translates to these addresses: answers may miss the device that keeps the state",
        );
    }
    for id in &overlap.circuits {
        draft.circuit(*id);
    }
    certainty(network, overlap, draft);
    draft.witnesses(internet.iter().chain(&circuit).collect::<BTreeSet<_>>());
    draft.object(format!("internet+circuit:{}", some_of(&internet, 1))).help(
        "announce it on one edge only, or announce a longer prefix on the circuit for what is to be answered there",
    );
    if overlap.overlap != Overlap::Filtered {
        withhold(network, &overlap.sessions, &set_of(&internet), draft);
    }
}

/// Shows what tells the internet.
fn show_internet(
    network: &Network<'_>,
    sessions: &[SessionId],
    prefixes: &[Prefix],
    draft: &mut Draft,
) {
    for session in sessions.iter().map(|id| network.session(*id)).take(MOST_SHOWN) {
        draft.device(session.device);
        for prefix in prefixes.iter().take(MOST_SHOWN) {
            let Some(route) = route_of(session, *prefix) else { continue };
            if let Some((at, text)) = decision(session, route, "the internet") {
                draft.primary(at, text);
            }
            let families = session.live_family(prefix.family());
            let text = format!("sent to the internet (neighbor {})", session.neighbor_name());
            show_filters(session, families, Direction::Out, text, draft);
            show_origin(route, draft);
        }
    }
}

/// Lowers the confidence where a route or a role is not known for certain.
fn certainty(network: &Network<'_>, overlap: &OnInternet, draft: &mut Draft) {
    let circuits = overlap.circuits.iter().flat_map(|id| &network.circuit(*id).links);
    let circuits = circuits.map(|link| link.session);
    let sessions = circuits.chain(overlap.sessions.iter().copied()).map(|id| network.session(id));
    let assumed = sessions.clone().any(|session| {
        overlap.prefixes.iter().flat_map(|pair| [pair.0, pair.1]).any(|prefix| {
            route_of(session, prefix).is_some_and(|one| one.certainty == Certainty::Assumed)
        })
    });
    if assumed {
        draft.at_most(Confidence::Likely).note(
            "a route behind an announcement is not in the configuration: another protocol may supply it",
        );
    }
    let mut internet = overlap.sessions.iter().map(|id| network.session(*id));
    if internet.any(|session| !session.certain) {
        draft.lowered("the role of a session was inferred: `edgelint inspect neighbors` shows it");
    }
}
