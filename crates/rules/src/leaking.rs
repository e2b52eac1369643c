//! What the rules about leaks have in common: which sessions, which lines, how sure.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_facts::{DeviceId, Leak, Network, Role, Session, SessionId};
use edgelint_prefix::PrefixSet;
use edgelint_source::Span;
use edgelint_source::view::{Confidence, Severity};

use crate::findings::{Draft, Findings};
use crate::places::{object_of, show_filters};
use crate::remedies::send_only_known;
use crate::words::{circuit_name, list};
use edgelint_facts::vocabulary::Direction;

/// The device, the line that lets routes out, and where there is none the session.
type Cause = (Option<DeviceId>, Option<Span>, Option<SessionId>);

/// Leaks with one cause, told in one finding: the line of a device that lets them out, else the session.
pub(crate) fn by_cause<'n>(
    network: &Network<'_>,
    leaks: impl Iterator<Item = &'n Leak>,
) -> Vec<Vec<&'n Leak>> {
    let mut groups: Vec<Vec<&Leak>> = Vec::new();
    let mut places: BTreeMap<Cause, usize> = BTreeMap::new();
    for leak in leaks {
        let target = leak.to.first().copied();
        let device = target.map(|id| network.session(id).device);
        let line = leak.outbound.decision;
        let key = (device, line, target.filter(|_| line.is_none()));
        let at = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(leak),
            None => groups.push(vec![leak]),
        }
    }
    groups
}

/// Reports leaks with one cause. `severity` is how bad it is where all is known.
pub(crate) fn report<'f, 't>(
    network: &Network<'t>,
    leaks: &[&Leak],
    severity: Severity,
    found: &'f mut Findings,
) -> Option<&'f mut Draft> {
    let leak = leaks.first()?;
    let source = network.session(*leak.from.first()?);
    let target = network.session(*leak.to.first()?);
    let (from, to) = (name(network, &leak.from), name(network, &leak.to));
    let alone = leak.space == PrefixSet::from_prefix(leak.witness);
    let message = match alone {
        true => format!("{}, accepted from {from}, may go on to {to}", leak.witness),
        false => {
            format!("routes accepted from {from}, such as {}, may go on to {to}", leak.witness)
        }
    };
    let draft = match leak.outbound.decision {
        Some(at) => found.presence(at, message, format!("lets them pass to {to}")),
        None => found.presence(target.at, message, "no outbound filter stops them"),
    };
    draft.severity(severity);
    for one in leaks {
        label(network, one, draft);
        draft.witnesses([one.witness]);
        if one.to != leak.to {
            let (from, to) = (name(network, &one.from), name(network, &one.to));
            draft.note(format!("the same line lets routes accepted from {from} go on to {to}"));
        }
    }
    doubts(network, leak, (source, target), draft);
    let targets: BTreeSet<SessionId> =
        leaks.iter().flat_map(|one| one.to.iter().copied()).collect();
    let leaked = PrefixSet::union_of(leaks.iter().map(|one| &one.space));
    let targets: Vec<SessionId> = targets.into_iter().collect();
    send_only_known(network, &targets, &leaked, draft);
    draft.object(object_of(network, target, Direction::Out));
    Some(draft)
}

/// Shows the lines of one leak.
fn label(network: &Network<'_>, leak: &Leak, draft: &mut Draft) {
    let to = name(network, &leak.to);
    if let Some(at) = leak.outbound.decision {
        draft.primary(at, format!("lets them pass to {to}"));
    }
    for (at, text) in &leak.outbound.all {
        draft.context(*at, text.clone());
    }
    for session in leak.to.iter().map(|id| network.session(*id)) {
        draft.device(session.device);
        let text = format!("the way out: neighbor {}", session.neighbor_name());
        let families = session.live_family(leak.family);
        show_filters(session, families, Direction::Out, text, draft);
    }
    for circuit in leak.to.iter().chain(&leak.from).filter_map(|id| network.session(*id).circuit) {
        draft.circuit(circuit);
    }
    let Some(source) = leak.from.first().map(|id| network.session(*id)) else { return };
    let from = source.neighbor_name();
    draft.device(source.device);
    match leak.inbound.decision {
        Some(at) => draft.context(at, format!("accepted from {from} here")),
        None => draft.context(source.at, format!("accepted from {from}: no inbound filter")),
    };
    for (at, text) in &leak.inbound.all {
        draft.context(*at, text.clone());
    }
    draft.context(source.at, format!("the way in: neighbor {from}"));
    if let Some(interior) = &leak.interior {
        draft.context(network.session(interior.out).at, "goes on over iBGP");
        draft.context(network.session(interior.into).at, "arrives over iBGP");
        if !interior.lost.is_empty() {
            let lost: Vec<String> = interior.lost.iter().map(ToString::to_string).collect();
            draft.note(format!(
                "{} is set on entry and does not arrive: communities are not sent to that iBGP neighbor",
                list(&lost.iter().map(String::as_str).collect::<Vec<_>>())
            ));
        }
    }
    if let Some(crossing) = &leak.crossing {
        for (at, text) in &crossing.lines {
            draft.context(*at, text.clone());
        }
    }
    for (sessions, way) in [(&leak.from, "from"), (&leak.to, "to")] {
        let places: BTreeSet<_> = sessions
            .iter()
            .map(|id| network.session(*id))
            .map(|one| (one.device, one.circuit))
            .collect();
        let others = sessions.len().min(places.len()).saturating_sub(1);
        if others > 0 {
            let word = if others == 1 { "place" } else { "places" };
            draft.note(format!("the same goes for routes {way} {others} more {word}"));
        }
    }
}

/// What makes it less than certain.
fn doubts<'t>(
    network: &Network<'t>,
    leak: &Leak,
    (source, target): (&Session<'t>, &Session<'t>),
    draft: &mut Draft,
) {
    if !leak.certain {
        draft.lowered("a statement on the way was not understood");
        draft.at_most(Confidence::Possible);
    }
    if leak.interior.as_ref().is_some_and(|interior| !interior.meets) {
        draft.at_most(Confidence::Likely);
        draft
            .note("the two devices are of one AS: routes come by iBGP, through routers in between");
    }
    if let Some(crossing) = &leak.crossing {
        if crossing.target.is_some() {
            draft.at_most(Confidence::Likely);
        }
        if crossing.elsewhere {
            draft.note("the two devices are of one AS: routes come over sessions for VPN routes");
        }
    }
    if !source.certain || !target.certain {
        draft.lowered("the role of a session was inferred: `edgelint inspect neighbors` shows it");
    }
    if !network.device(target.device).whole {
        draft.at_most(Confidence::Likely);
    }
}

/// What sessions are called: their circuit or the internet, with neighbors.
pub(crate) fn name(network: &Network<'_>, sessions: &[SessionId]) -> String {
    let first = sessions.first().map(|id| network.session(*id));
    // Sessions of other circuits are counted in a note.
    let circuit = first.and_then(|session| session.circuit);
    let alike = |id: &&SessionId| network.session(**id).circuit == circuit;
    let shown: Vec<SessionId> = sessions.iter().filter(alike).take(MOST_NAMED).copied().collect();
    let mut name = circuit_name(network, &shown);
    if first.is_some_and(|session| session.role == Role::Internet) {
        name = format!("the internet ({name})");
    }
    name
}

/// More neighbors are not named in a message.
const MOST_NAMED: usize = 4;

/// What to do about it: a list of what may leave, in the device's own word for a policy.
pub(crate) fn allow_list(network: &Network<'_>, session: &Session<'_>) -> String {
    let device = network.device(session.device);
    format!(
        "permit only your own prefixes in the outbound {} on {}, and deny the rest",
        device.behaviour.policy_word, device.identity
    )
}
