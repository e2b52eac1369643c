//! Nothing makes the router choose the circuit over the internet.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{
    CircuitId, Contest, Defeat, DeviceId, Direction as Choice, Divergence, Peering, Role, Session,
    SessionId,
};

use crate::accepted::{finish, open};
use crate::detours;
use crate::directions::{names, policy_word, show};
use crate::places::{preference_line, show_filters};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::remedies::{Ranks, prefer};
use crate::words::{circuit_name, class_words, is_partial, preference, some_of};

rule! {
    /// ## What it does
    /// Reports a circuit session whose routes are not preferred to the same routes from a competitor: an
    /// internet or VPN session on the same device, or on another device of the same AS, in the same VRF or in one
    /// whose routes come into it (route targets, leaks); a circuit that is
    /// described to rank behind; a standby circuit that the cloud is told to avoid by prepending. Static routes
    /// towards the internet, or on public peering into a tunnel, count as well where they are used for a prefix
    /// that the inbound filter of the circuit names: the same prefix with a lower distance, or a longer one.
    ///
    /// ## Why it matters
    /// Where both ways look alike to BGP, the router takes the shorter AS path, the older session or the
    /// lower router id. Requests then leave by the internet while answers come over the circuit, and a
    /// stateful firewall drops them.
    ///
    /// ## When it is not a mistake
    /// A device whose only BGP session is the circuit has nothing to prefer it to. A preference may also be
    /// set by weight, where no other router of the AS has to know it, or on the routes of the
    /// competitor. An internet session that a site is meant to use beside the circuit is no
    /// competitor where `edgelint.toml` describes it as an `[[edge]]` of kind `breakout`. Of static routes, the
    /// default route and shorter ones lose by longest match, floating ones by distance, and those to null
    /// lead nowhere; what circuits accept without naming it is not known to come.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 198.51.100.1 remote-as 64497
    /// ```
    ///
    /// ## What to do
    /// Set a local preference above the competitor's on everything that is accepted from the circuit, the
    /// same value on both links.
    ///
    /// ## Severity
    /// Error where the competitor accepts more than a default route; warning where it is not clear what it
    /// accepts, or where only weight prefers the circuit and other routers do not see it; info where the
    /// competitor brings nothing but a default route. Warning for static routes, which somebody wrote.
    ///
    /// ## Sources
    /// - Azure, "Optimize ExpressRoute routing", path selection for Microsoft peering.
    /// - Azure, "Using S2S VPN as a backup for ExpressRoute private peering", symmetric traffic flow.
    /// - RFC 4271, section 9.1: local preference is compared before all else; weight, where a system has
    ///   it, before that.
    RULE: Severity::Error, Scope::CrossDevice, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    // The links of a circuit that lose alike are one mistake, on however many devices it has to be mended.
    let mut causes: BTreeMap<Cause, Vec<(SessionId, Contest<'_, '_>)>> = BTreeMap::new();
    for session in network.sessions.iter().filter(|session| session.role.is_cloud()) {
        let worst = session
            .live_families()
            .flat_map(|family| network.contests(session, family))
            .max_by_key(|contest| (severity(contest), contest.certain, margin(contest)));
        match worst {
            Some(contest) => {
                let alone = session.circuit.is_none().then_some(session.id);
                let worth = (severity(&contest), contest.defeat, margin(&contest));
                let cause = (session.circuit, alone, contest.competitor, worth);
                causes.entry(cause).or_default().push((session.id, contest));
            }
            None => report_excerpt(network, session, found),
        }
    }
    let ranks = Ranks::of(network);
    for contests in causes.values() {
        report((network, &ranks), contests, found);
    }
    detours::report_statics(network, found);
    let directions = network.directions().iter();
    for direction in directions.filter(|one| one.divergence == Divergence::Unfollowed) {
        report_unfollowed(network, direction, found);
    }
}

/// What sessions have in common that lose alike: the circuit, or each its own; the competitor; how they lose.
type Cause = (Option<CircuitId>, Option<SessionId>, SessionId, (Severity, Defeat, Margin));

/// The competitor's local preference, and the own.
type Margin = (Option<u32>, Reverse<Option<u32>>);

/// How clearly it is lost: the competitor's local preference, then how little is set here.
fn margin(contest: &Contest<'_, '_>) -> Margin {
    let ours = contest.ours.effective_local_preference;
    (contest.theirs.effective_local_preference, Reverse(ours))
}

/// How much a competitor can take away.
fn severity(contest: &Contest<'_, '_>) -> Severity {
    // From another VRF comes what a policy between the two lets through.
    let theirs = contest.crossing.map_or(contest.theirs.space(), |_| &contest.space);
    let only_default = theirs
        .prefixes(2)
        .is_some_and(|prefixes| prefixes.iter().all(edgelint_prefix::Prefix::is_default));
    if only_default {
        Severity::Info
    } else if contest.defeat == Defeat::WeightOnly || !contest.theirs.certain() {
        Severity::Warning
    } else {
        Severity::Error
    }
}

fn report(
    (network, ranks): (&Network<'_>, &Ranks),
    contests: &[(SessionId, Contest<'_, '_>)],
    found: &mut Findings,
) {
    let Some((first, contest)) = contests.first() else { return };
    let session = network.session(*first);
    let sessions: Vec<SessionId> = contests.iter().map(|(id, _)| *id).collect();
    let competitor = network.session(contest.competitor);
    let rival = network.device(competitor.device);
    let role = match competitor.role {
        Role::Internet => "the internet".to_owned(),
        Role::VpnBackup => "the VPN".to_owned(),
        _ => circuit_name(network, &[competitor.id]),
    };
    let (ours, theirs) = (preference(contest.ours), preference(contest.theirs));
    let name = circuit_name(network, &sessions);
    let partial = is_partial(session, contest.ours);
    let some = if partial { "some " } else { "" };
    let lost = format!("{some}routes from {name} are not preferred to those from {role}");
    let (place, both) = (&rival.identity, contest.ours.effective_local_preference.unwrap_or(0));
    let message = match contest.defeat {
        Defeat::WeightOnly => {
            let same = contest.ours.distance == contest.theirs.distance;
            let by = if same { "weight" } else { "route preference" };
            format!("only {by} prefers {name} to {role}: other routers of the AS do not see it")
        }
        Defeat::Tied => format!("{lost} on {place}: both have local preference {both}"),
        Defeat::Lost => format!("{lost}: {ours} here, {theirs} on {place}"),
    };
    let draft = open(network, session, contest.ours, message, found);
    draft.severity(severity(contest)).device(competitor.device);
    for (id, contest) in contests {
        let other = network.session(*id);
        draft.device(other.device).context(other.at, "the circuit's session");
        if let Some(at) = preference_line(contest.ours) {
            draft.primary(at, format!("accepted here with {}", preference(contest.ours)));
        }
    }
    let neighbor = competitor.neighbor_name();
    draft.context(
        preference_line(contest.theirs).unwrap_or(competitor.at),
        format!("accepted from {neighbor} ({role}) with {theirs}"),
    );
    draft.context(competitor.at, format!("the competitor: {role}"));
    for (at, text) in contest.crossing.iter().flat_map(|crossing| &crossing.lines) {
        draft.context(*at, text.clone());
    }
    if contests.iter().any(|(_, contest)| !contest.certain) {
        draft.at_most(Confidence::Likely);
    }
    if !session.certain || !competitor.certain {
        draft.lowered("the role of a session was inferred: `edgelint inspect neighbors` shows it");
    }
    for other in sessions.iter().map(|id| network.session(*id)) {
        show_filters(other, other.live_families(), Direction::In, "the inbound filter", draft);
    }
    if partial {
        draft.note(format!("the routes: {}", class_words(contest)));
    }
    finish(network, session, &contest.space, draft);
    draft.help(help(network, &sessions, contest));
    if let Some(prefix) = contest.space.witness() {
        prefer(network, (session, prefix.family()), ranks, draft);
    }
}

/// What to do, in the first device's own word for a policy.
fn help(network: &Network<'_>, sessions: &[SessionId], contest: &Contest<'_, '_>) -> String {
    let devices: BTreeSet<DeviceId> =
        sessions.iter().map(|id| network.session(*id).device).collect();
    let first = devices.first().map(|id| network.device(*id));
    let names: Vec<&str> = devices.iter().map(|id| network.device(*id).identity.as_str()).collect();
    format!(
        "set local-preference above {} in the inbound {} on {}, the same value on both links",
        contest.theirs.effective_local_preference.unwrap_or(100),
        first.map_or("policy", |device| device.behaviour.policy_word),
        some_of(&names, 4)
    )
}

/// An inbound policy in an excerpt that sets no preference: what it competes with may stand in the part
/// that is missing.
fn report_excerpt(network: &Network<'_>, session: &Session<'_>, found: &mut Findings) {
    let device = network.device(session.device);
    if device.whole || session.shutdown || session.role.peering() == Some(Peering::Private) {
        return;
    }
    let unset = session
        .live_families()
        .filter(|family| family.import.filtered)
        .flat_map(|family| family.preferences.iter())
        .find(|class| class.is_unset());
    let Some(class) = unset else { return };
    let name = circuit_name(network, &[session.id]);
    let message = format!("the inbound policy of {name} sets no preference");
    let draft = open(network, session, class, message, found);
    draft.severity(Severity::Info).device(session.device).at_most(Confidence::Possible);
    draft.note("the file is an excerpt: what the circuit competes with may stand in the part that is missing");
    show_filters(session, session.live_families(), Direction::In, "the inbound filter", draft);
    finish(network, session, class.space(), draft);
    draft.help("set a local preference above the default of 100, alike on both links");
}

/// Circuits of which the cloud is told to prefer one, and requests prefer none.
fn report_unfollowed(network: &Network<'_>, direction: &Choice, found: &mut Findings) {
    let all = || direction.theirs.iter().chain(&direction.ours);
    // Where ranks are described, the contests speak of them.
    let (Some(circuit), false) =
        (direction.theirs.first(), all().all(|id| network.rank(*id).is_some()))
    else {
        return;
    };
    let sessions: Vec<SessionId> = network.circuit(*circuit).sessions(direction.peering).collect();
    let classes = sessions.iter().flat_map(|id| network.session(*id).live_families());
    let mut classes = classes.flat_map(|family| family.preferences.iter());
    let (Some(class), Some(first)) = (classes.next(), sessions.first()) else { return };
    let session = network.session(*first);
    let (theirs, ours) = (names(network, &direction.theirs), names(network, &direction.ours));
    let message = format!(
        "routes from {theirs} are not preferred to those from {ours}, which prepends {} to the cloud: both have {}",
        some_of(&direction.prefixes, 4),
        preference(class)
    );
    let draft = open(network, session, class, message, found);
    show(network, direction, draft);
    draft.help(format!(
        "set a higher local-preference in the inbound {} of {theirs}, so that requests leave by the circuit that answers come by",
        policy_word(network, &direction.theirs)
    ));
}
