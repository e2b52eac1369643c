//! Places that several rules point at: where a route was decided, which line applies a filter.

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{Announced, Network, Note, Session, SessionFamily};
use edgelint_prefix::Prefix;
use edgelint_source::Span;

use crate::findings::Draft;

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
    text: &str,
    draft: &mut Draft,
) {
    let mut shown = false;
    for family in families {
        let filters = match direction {
            Direction::In => &family.import_filters,
            Direction::Out => &family.export_filters,
        };
        for filter in filters {
            draft.context(filter.name.origin.via().unwrap_or(filter.name.at()), text);
            shown = true;
        }
    }
    if !shown {
        draft.context(session.at, text);
    }
}
