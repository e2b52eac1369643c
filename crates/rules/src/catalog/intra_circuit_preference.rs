//! One link of a circuit is preferred to the other, so that it cannot be drained.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::{Change, Direction};
use edgelint_facts::{CircuitId, LinkPreference, Measure, PreferenceClass, PreferredBy};
use edgelint_prefix::Prefix;

use crate::places::{decision, preference_line, route_of, show_filters};
use crate::prelude::{Confidence, Draft, Findings, Network, Scope, Severity, Span, rule};
use crate::words::{preference, prepended, some_of};

rule! {
    /// ## What it does
    /// Reports circuits of which one link is preferred to the other: by local preference, by weight or
    /// route preference where both links end on one router, by static routes, or by prepending.
    ///
    /// ## Why it matters
    /// Both links are meant to carry traffic. Before maintenance the cloud prepends its AS number on the link
    /// that is to be drained; local preference, weight and static routes are compared before the AS path,
    /// so traffic stays on a router that is about to go down, and answers come by the other link.
    ///
    /// ## When it is not a mistake
    /// Prepending on one link is supported and survives a drain; it is only worth knowing. Active and
    /// passive links by design, with firewalls that do not share their state, may be silenced. A link whose
    /// routes lose against the internet for want of a preference is reported by `missing-circuit-preference`.
    ///
    /// ## Example
    /// ```text
    /// route-map ER-PRIMARY-IN permit 10
    ///  set local-preference 200
    /// route-map ER-SECONDARY-IN permit 10
    ///  set local-preference 150
    /// ```
    ///
    /// ## What to do
    /// Set the same local preference on both links, and steer by prepending if one has to be preferred.
    ///
    /// ## Severity
    /// Warning; info for different prepending. One step milder where it was inferred that both sessions are
    /// links of one circuit.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute planned maintenance", how maintenance events are scheduled.
    /// - Azure, "Designing for high availability with ExpressRoute", active-active connections.
    /// - Azure, "ExpressRoute FAQ", maintenance of a circuit: do not ignore the longer AS path.
    RULE: Severity::Warning, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    // One mistake is told once: what differs in both families or peerings, and what prepending adds.
    let mut circuits: BTreeMap<CircuitId, Vec<LinkPreference<'_, '_>>> = BTreeMap::new();
    for one in network.link_preferences() {
        if !is_told_elsewhere(network, &one) {
            circuits.entry(one.circuit).or_default().push(one);
        }
    }
    for preferences in circuits.values() {
        let strong = preferences.iter().filter(|one| !is_prepends(one));
        let told: Vec<&LinkPreference<'_, '_>> = match strong.clone().next() {
            Some(_) => strong.collect(),
            None => preferences.iter().collect(),
        };
        let Some(first) = told.first() else { continue };
        report(network, first, &told, found);
    }
}

const fn is_prepends(one: &LinkPreference<'_, '_>) -> bool {
    matches!(one.by, PreferredBy::Prepends(_))
}

fn report(
    network: &Network<'_>,
    first: &LinkPreference<'_, '_>,
    all: &[&LinkPreference<'_, '_>],
    found: &mut Findings,
) {
    let circuit = network.circuit(first.circuit);
    let (preferred, other) = (network.session(first.preferred), network.session(first.other));
    let (one, two) = (preferred.neighbor_name(), other.neighbor_name());
    let name = &circuit.name;
    let links =
        format!("the link of circuit {name} with neighbor {one} is preferred to that with {two}");
    let (message, at, label) = match &first.by {
        PreferredBy::Class { measure, better, worse, .. } => {
            let by = compared(*measure, better, worse);
            let at = preference_line(better).unwrap_or(preferred.at);
            let label = format!("accepted from {one} with {}", preference(better));
            (format!("{links} by {by}"), at, label)
        }
        PreferredBy::Static(routes) => {
            let prefixes: Vec<Prefix> = routes.iter().map(|route| route.0).collect();
            let at = routes.first().map_or(preferred.at, |route| route.1);
            let message = format!("{links} by static routes to {}", some_of(&prefixes, 4));
            (message, at, format!("leads to {one} alone"))
        }
        PreferredBy::Prepends(routes) => {
            let prefixes: Vec<Prefix> = routes.iter().map(|route| route.0).collect();
            let (less, more) = routes.first().map_or((0, 0), |route| (route.1, route.2));
            let message = format!(
                "answers to {} prefer the link of circuit {name} with neighbor {one} to that with {two}: {} against {}",
                some_of(&prefixes, 4),
                prepended(less),
                prepended(more)
            );
            let place = prefixes
                .first()
                .and_then(|prefix| decision(other, route_of(other, *prefix)?, name));
            let (at, label) = place.unwrap_or((other.at, format!("sent to {two}")));
            (message, at, label)
        }
    };
    let draft = found.presence(at, message, label);
    draft.severity(if is_prepends(first) { Severity::Info } else { Severity::Warning });
    for one in all {
        show(network, one, draft);
    }
    if !circuit.certain {
        draft.lowered(
            "which sessions make a circuit was inferred: `edgelint inspect circuits` shows why",
        );
    }
    draft.circuit(first.circuit).object(format!("circuit:{name}/links"));
    draft.help(if is_prepends(first) {
        "announce the prefixes alike on both links, unless one has to be preferred".to_owned()
    } else {
        let device = network.device(preferred.device);
        let word = device.behaviour.policy_word;
        format!("set one local-preference on both links in the inbound {word}, and no weight or static route; if one link has to be preferred, prepend on the other")
    });
    for one in all {
        if let PreferredBy::Class { measure: Measure::LocalPreference, better, space, .. } = &one.by
            && let Some(value) = better.effective_local_preference
            && let Some(above) = value.checked_sub(1)
            && let Some(prefix) = space.witness()
        {
            let links = [one.other];
            draft.remedy(network, (&links, prefix.family()), &Change::Prefer { value, above });
        }
    }
}

/// Shows both links' part.
fn show(network: &Network<'_>, one: &LinkPreference<'_, '_>, draft: &mut Draft) {
    let (preferred, other) = (network.session(one.preferred), network.session(one.other));
    draft.device(preferred.device).device(other.device);
    let mut direction = Direction::In;
    match &one.by {
        PreferredBy::Class { better, worse, space, certain, .. } => {
            for (session, class) in [(preferred, better), (other, worse)] {
                let at: Span = preference_line(class).unwrap_or(session.at);
                let text =
                    format!("accepted from {} with {}", session.neighbor_name(), preference(class));
                draft.primary(at, text);
            }
            draft.witnesses(space.ranges().into_iter().take(4));
            if !certain {
                draft.at_most(Confidence::Likely);
            }
        }
        PreferredBy::Static(routes) => {
            for (_, at) in routes.iter().take(4) {
                draft.primary(*at, format!("leads to {} alone", preferred.neighbor_name()));
            }
            draft.witnesses(routes.iter().map(|route| route.0));
        }
        PreferredBy::Prepends(routes) => {
            direction = Direction::Out;
            let name = &network.circuit(one.circuit).name;
            for session in [preferred, other] {
                let sent = routes.iter().take(4).filter_map(|one| route_of(session, one.0));
                for (at, text) in sent.filter_map(|route| decision(session, route, name)) {
                    draft.primary(at, text);
                }
            }
            draft.witnesses(routes.iter().map(|route| route.0));
        }
    }
    for session in [preferred, other] {
        draft.context(session.at, "a link of the circuit");
        let text = format!("the filter of the link with {}", session.neighbor_name());
        show_filters(session, session.live_families(), direction, text, draft);
    }
}

/// What is compared, and the two values.
fn compared(measure: Measure, better: &PreferenceClass<'_>, worse: &PreferenceClass<'_>) -> String {
    let words = |name: &str, one: Option<u32>, two: Option<u32>, usual: &str| {
        let value = |value: Option<u32>| value.map_or_else(|| usual.to_owned(), |v| v.to_string());
        format!("{name} ({} against {})", value(one), value(two))
    };
    match measure {
        Measure::LocalPreference => {
            let value = |class: &PreferenceClass<'_>| class.effective_local_preference;
            words("local preference", value(better), value(worse), "an unknown one")
        }
        Measure::Weight => words("weight", better.weight, worse.weight, "none"),
        Measure::Distance => {
            words("route preference", better.distance, worse.distance, "the default")
        }
    }
}

/// Whether the link that is not preferred sets nothing, and loses against the internet or a VPN for it:
/// then that is the mistake.
fn is_told_elsewhere(network: &Network<'_>, one: &LinkPreference<'_, '_>) -> bool {
    let PreferredBy::Class { worse, .. } = &one.by else { return false };
    let session = network.session(one.other);
    let mut contests = session.live_families().flat_map(|family| network.contests(session, family));
    worse.is_unset() && contests.any(|contest| std::ptr::eq(contest.ours, *worse))
}
