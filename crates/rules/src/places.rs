//! Places that several rules point at: where a route was decided, which line applies a filter.

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{
    Announced, CircuitId, Network, Note, Peering, PreferenceClass, Session, SessionFamily,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;

use crate::findings::{Draft, Text};
use crate::words::{preference, prepended};

/// The route to a prefix that a session is known to be sent.
pub(crate) fn route_of<'n, 't>(
    session: &'n Session<'t>,
    prefix: Prefix,
) -> Option<&'n Announced<'t>> {
    session.live_family(prefix.family())?.announcements.route(&prefix)
}

/// The symbolic path of what a session does in a direction.
pub(crate) fn object_of(
    network: &Network<'_>,
    session: &Session<'_>,
    direction: Direction,
) -> String {
    format!(
        "bgp:{}/vrf:{}/neighbor:{}/{}",
        network.process(session).local_as.map_or(0, |local_as| local_as.value),
        session.vrf_name(),
        session.neighbor_name(),
        match direction {
            Direction::In => "in",
            Direction::Out => "out",
        }
    )
}

/// The statement that lets a route pass, and what to say there: the entry that names it, else the
/// clause, else the session that filters nothing. Of several the last one: later filters are nearer to
/// the neighbor.
pub(crate) fn decision(
    session: &Session<'_>,
    route: &Announced<'_>,
    circuit: &str,
) -> Option<(Span, String)> {
    let family = session.live_family(route.prefix.family());
    if family.is_some_and(|family| family.export_filters.is_empty()) {
        return Some((session.at, format!("sent to {circuit}: no outbound filter")));
    }
    let text = format!("permitted to {circuit} here");
    let rank = |note: &Note<'_>| match note {
        Note::Entry { permit: true, .. } => 2,
        Note::Clause { .. } => 1,
        _ => 0,
    };
    route.trail.iter().max_by_key(|mark| rank(&mark.note)).map(|mark| (mark.at, text))
}

/// Shows what puts a route into BGP.
pub(crate) fn show_origin(route: &Announced<'_>, draft: &mut Draft) {
    for mark in &route.trail {
        if matches!(
            mark.note,
            Note::Network | Note::Aggregate | Note::Table(_) | Note::Redistributed(_)
        ) {
            draft.context(mark.at, mark.note.to_string());
        }
    }
}

/// Shows the lines that apply a session's filters of a direction; the session itself where there
/// are none.
pub(crate) fn show_filters<'n, 't: 'n>(
    session: &'n Session<'t>,
    families: impl IntoIterator<Item = &'n SessionFamily<'t>>,
    direction: Direction,
    text: impl Into<Text>,
    draft: &mut Draft,
) {
    let (text, mut shown) = (text.into(), false);
    for family in families {
        let filters = match direction {
            Direction::In => &family.import_filters,
            Direction::Out => &family.export_filters,
        };
        for filter in filters {
            draft.context(filter.name.origin.via().unwrap_or(filter.name.at()), text.clone());
            shown = true;
        }
    }
    if !shown {
        draft.context(session.at, text);
    }
}

/// The last line on the way of a class of accepted routes: a clause or a setting of the neighbor.
pub(crate) fn preference_line(class: &PreferenceClass<'_>) -> Option<Span> {
    let deciding = |note: &Note<'_>| matches!(note, Note::Clause { .. } | Note::Setting);
    class.trail().rev().find(|mark| deciding(&mark.note)).map(|mark| mark.at)
}

/// The sessions of a circuit's peering that announce a prefix, with its route.
pub(crate) fn senders<'n, 't>(
    network: &'n Network<'t>,
    (circuit, peering): (CircuitId, Peering),
    prefix: Prefix,
) -> impl Iterator<Item = (&'n Session<'t>, &'n Announced<'t>)> {
    let sessions = network.circuit(circuit).sessions(peering).map(|id| network.session(id));
    sessions.filter_map(move |session| Some((session, route_of(session, prefix)?)))
}

/// Shows what makes a circuit announce prefixes: on every link what decides, what applies it, what
/// puts them into BGP.
pub(crate) fn show_announcements(
    network: &Network<'_>,
    (circuit, peering): (CircuitId, Peering),
    prefixes: &[Prefix],
    draft: &mut Draft,
) {
    let name = &network.circuit(circuit).name;
    for prefix in prefixes.iter().take(MOST_SHOWN) {
        for (session, route) in senders(network, (circuit, peering), *prefix) {
            draft.device(session.device);
            if let Some((at, text)) = decision(session, route, name) {
                draft.primary(at, text);
            }
            show_prepends(route, draft);
            let text = format!("sent to {name} (neighbor {})", session.neighbor_name());
            let families = session.live_family(prefix.family());
            show_filters(session, families, Direction::Out, text, draft);
            show_origin(route, draft);
        }
    }
}

/// Shows the clause by which AS numbers are put in front of a route: the last one on its way.
fn show_prepends(route: &Announced<'_>, draft: &mut Draft) {
    let mut marks = route.trail.iter().rev();
    let clause = marks.find(|mark| matches!(mark.note, Note::Clause { .. }));
    if let (Some(clause), 1..) = (clause, route.prepend.len()) {
        draft.context(clause.at, prepended(route.prepend.len()));
    }
}

/// Shows what prefers the routes of a circuit: the lines that set the highest preference on each link,
/// or the session where none is set.
pub(crate) fn show_preference(
    network: &Network<'_>,
    (circuit, peering): (CircuitId, Peering),
    draft: &mut Draft,
) {
    let name = &network.circuit(circuit).name;
    for session in network.circuit(circuit).sessions(peering).map(|id| network.session(id)) {
        let classes = session.live_families().flat_map(|family| family.preferences.iter());
        let best = classes.max_by_key(|class| class.effective_local_preference);
        let Some(class) = best else { continue };
        draft.device(session.device);
        let at = preference_line(class).unwrap_or(session.at);
        draft.context(at, format!("accepted from {name} with {}", preference(class)));
    }
}

/// Beyond this many prefixes the frames stop helping; the witnesses name all of them.
pub(crate) const MOST_SHOWN: usize = 8;
