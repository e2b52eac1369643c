//! The routes of a service that is meant for the circuit are not preferred there.

use std::collections::BTreeMap;

use edgelint_facts::described::DescribedService;
use edgelint_facts::{CircuitId, Contest, Defeat, DeviceId, Note, SessionId};
use edgelint_prefix::Prefix;
use edgelint_source::Span;

use crate::outbound::object;
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::remedies::{Ranks, prefer};
use crate::words::{circuit_name, some_of};

rule! {
    /// ## What it does
    /// Reports routes of a service that `edgelint.toml` names, by its communities or prefixes, where a circuit and a
    /// competitor of it both accept them and no preference favours the circuit.
    ///
    /// ## Why it matters
    /// The service is meant to be reached over the circuit. Where its routes tie with those of the internet,
    /// requests may leave by the internet, and answers come over the circuit to a firewall that never saw them.
    ///
    /// ## When it is not a mistake
    /// Where the whole session sets no preference, `missing-circuit-preference` says so for all routes. A
    /// competitor that brings nothing but a default route takes nothing away from longer routes.
    ///
    /// ## Example
    /// ```text
    /// [[service]]
    /// name = "exchange-online"
    /// communities = ["12076:5010"]
    /// ```
    ///
    /// ## What to do
    /// Raise the local preference of the service's routes on the circuit, alike on both links.
    ///
    /// ## Severity
    /// Error; warning where only weight prefers the circuit, or what is accepted is not clear.
    ///
    /// ## Sources
    /// - Microsoft, "Plan for ExpressRoute with Power Platform": the network has to prefer the circuit for the
    ///   services that are meant for it.
    /// - Azure, "ExpressRoute routing requirements", BGP communities of services.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

/// What lost contests have in common: the device, the circuit, the service, the line that decides, and the
/// competitor.
type Cause = (DeviceId, Option<CircuitId>, usize, Option<Span>, SessionId);

fn check(network: &Network<'_>, found: &mut Findings) {
    let services = &network.description.services;
    if services.is_empty() {
        return;
    }
    let mut causes: BTreeMap<Cause, (Vec<SessionId>, Contest<'_, '_>)> = BTreeMap::new();
    for session in network.sessions.iter().filter(|session| session.role.is_cloud()) {
        for family in session.live_families() {
            let whole = |contest: &Contest<'_, '_>| {
                family.preferences.len() == 1 && contest.ours.is_unset()
            };
            let contests = network.contests(session, family);
            for contest in contests.iter().filter(|contest| !whole(contest)) {
                for (place, service) in services.iter().enumerate() {
                    if holds(contest, service) {
                        let line = decision(contest);
                        let key =
                            (session.device, session.circuit, place, line, contest.competitor);
                        let cause = causes.entry(key).or_insert((Vec::new(), contest.clone()));
                        cause.0.push(session.id);
                    }
                }
            }
        }
    }
    let ranks = Ranks::of(network);
    for ((_, _, place, ..), (sessions, contest)) in &causes {
        if let Some(service) = services.get(*place) {
            report((network, &ranks), service, (sessions, contest), found);
        }
    }
}

/// Whether routes of the service are among those of a contest.
fn holds(contest: &Contest<'_, '_>, service: &DescribedService) -> bool {
    let defaults = contest.space.prefixes(2);
    if defaults.is_some_and(|prefixes| prefixes.iter().all(Prefix::is_default)) {
        return false;
    }
    let (with, without) = (contest.ours.communities(), contest.ours.without());
    let tagged = service.communities.iter().any(|community| {
        with.contains(community) || (with.is_empty() && !without.contains(community))
    });
    let prefixes = service.prefixes.union(&service.prefixes.more_specifics());
    tagged || contest.space.overlaps(&prefixes)
}

/// The last line on the way of the class: a clause or a setting of the neighbor.
fn decision(contest: &Contest<'_, '_>) -> Option<Span> {
    let deciding = |note: &Note<'_>| matches!(note, Note::Clause { .. } | Note::Setting);
    contest.ours.trail().rev().find(|mark| deciding(&mark.note)).map(|mark| mark.at)
}

fn report(
    (network, ranks): (&Network<'_>, &Ranks),
    service: &DescribedService,
    (sessions, contest): (&[SessionId], &Contest<'_, '_>),
    found: &mut Findings,
) {
    let Some(session) = sessions.first().map(|id| network.session(*id)) else { return };
    let competitor = network.session(contest.competitor);
    let rival = &network.device(competitor.device).identity;
    let name = circuit_name(network, sessions);
    let value = |value: Option<u32>| {
        value.map_or_else(|| "an unknown one".to_owned(), |value| value.to_string())
    };
    let ours = value(contest.ours.effective_local_preference);
    let theirs = value(contest.theirs.effective_local_preference);
    let message = match contest.defeat {
        Defeat::WeightOnly => {
            format!("only weight prefers {} over {name}: other routers do not see it", service.name)
        }
        Defeat::Tied => format!(
            "{} is not preferred over {name}: both ways have local preference {ours}",
            service.name
        ),
        Defeat::Lost => format!(
            "{} is not preferred over {name}: local preference {ours}, {theirs} on {rival}",
            service.name
        ),
    };
    let at = decision(contest).unwrap_or(session.at);
    let draft = found.presence(at, message, format!("accepted here with local preference {ours}"));
    let clear = contest.certain && contest.defeat != Defeat::WeightOnly;
    draft.severity(if clear { Severity::Error } else { Severity::Warning });
    if !contest.certain {
        draft.at_most(Confidence::Likely);
    }
    for session in sessions.iter().map(|id| network.session(*id)) {
        draft.device(session.device).context(session.at, "the circuit's session");
        session.circuit.into_iter().for_each(|id| {
            draft.circuit(id);
        });
    }
    draft.device(competitor.device).context(competitor.at, format!("the competitor: {theirs}"));
    let communities: Vec<String> = service.communities.iter().map(ToString::to_string).collect();
    if !communities.is_empty() {
        draft.note(format!("edgelint.toml names it by {}", some_of(&communities, 8)));
    }
    let policy = network.device(session.device).behaviour.policy_word;
    draft
        .witnesses(contest.space.ranges().into_iter().take(MOST_WITNESSES))
        .object(format!("{}/service:{}", object(network, session, "in"), service.name))
        .help(format!("raise the local preference of its routes in the inbound {policy}"));
    if let Some(prefix) = contest.space.witness() {
        prefer(network, (session, prefix.family()), ranks, draft);
    }
}

/// A class of routes may be a long list of ranges; the first ones stand for it.
const MOST_WITNESSES: usize = 16;
