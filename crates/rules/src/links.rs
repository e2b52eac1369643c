//! What sets the two links of a circuit apart, each thing in a few words with a line on either side.

use edgelint_facts::compare::links::LinkPair;
use edgelint_facts::compare::{Aspect, Difference, Setting, Witness, routes};
use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{Announced, Note};
use edgelint_prefix::Prefix;

use crate::places::decision;
use crate::prelude::{Severity, Span};
use crate::words::some_of;

/// Prefixes that are named in one sentence.
const MOST_NAMES: usize = 4;

/// One thing that sets two links apart.
pub(crate) struct Apart<'p, 'n, 't> {
    /// The links.
    pub(crate) pair: &'p LinkPair<'n, 't>,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// Whether it follows from the text.
    pub(crate) certain: bool,
    /// What it is, one clause.
    pub(crate) text: String,
    /// The prefixes that prove it.
    pub(crate) witnesses: Vec<String>,
    /// The line that speaks for each side, with what is to be seen there.
    pub(crate) lines: [(Span, String); 2],
    /// A route that only one link is sent.
    pub(crate) route: Option<&'p Announced<'t>>,
    /// One route in full, where prefixes do not tell all.
    pub(crate) instance: Option<String>,
    /// Which way the routes go that it is about.
    pub(crate) direction: Option<Direction>,
}

/// All that sets two links apart, matters of preference left out.
pub(crate) fn all_of<'p, 'n, 't>(pair: &'p LinkPair<'n, 't>) -> Vec<Apart<'p, 'n, 't>> {
    let mut apart: Vec<_> = [0, 1].into_iter().filter_map(|side| announced(pair, side)).collect();
    let [one, two] = pair.sides.map(|side| &side.family.announcements);
    // Of what both are sent, or one is sent, more is known than what policies say of routes from elsewhere.
    let mut told: Vec<Prefix> = pair.one_sided.iter().map(|one| one.route.prefix).collect();
    let shared = one.routes.iter().map(|route| route.prefix);
    told.extend(shared.filter(|prefix| two.route(prefix).is_some()));
    for (compared, direction) in [(&pair.export, Direction::Out), (&pair.import, Direction::In)] {
        let fresh = compared.differences.iter().filter(|one| {
            let sent = direction == Direction::Out && one.aspects().contains(&Aspect::Verdict);
            let prefixes = one.space.prefixes(told.len()).filter(|_| sent);
            one.certain && !prefixes.is_some_and(|all| all.iter().all(|one| told.contains(one)))
        });
        let mut alike: Vec<Vec<&Difference<'t>>> = Vec::new();
        for one in fresh {
            match alike.iter_mut().find(|all| all[0].outcomes == one.outcomes) {
                Some(all) => all.push(one),
                None => alike.push(vec![one]),
            }
        }
        apart.extend(alike.iter().filter_map(|all| policy(pair, all, direction)));
    }
    apart.extend(pair.settings.iter().map(|both| setting(pair, both)));
    apart
}

/// Routes that only the link of a side is sent.
fn announced<'p, 'n, 't>(pair: &'p LinkPair<'n, 't>, side: usize) -> Option<Apart<'p, 'n, 't>> {
    let of_side = pair.one_sided.iter().filter(|one| one.side == side);
    let routes: Vec<_> = of_side.collect();
    let first = routes.first()?;
    let (from, to) = (pair.sides[side], pair.sides[1 - side]);
    let prefixes: Vec<Prefix> = routes.iter().map(|one| one.route.prefix).collect();
    let verb = if prefixes.len() == 1 { "is" } else { "are" };
    let (name, other) = (from.session.neighbor_name(), to.session.neighbor_name());
    let silent = pair.silent == Some(1 - side);
    let some = some_of(&prefixes, MOST_NAMES);
    let text = match silent {
        true => format!("nothing is advertised to {other}, {some} to {name}"),
        false => format!("{some} {verb} advertised to {name} and not to {other}"),
    };
    let line = decision(from.session, first.route, &name);
    let not = to.family.export_filters.last().map_or(to.session.at, |filter| filter.name.at());
    let mut lines = [
        line.unwrap_or((from.session.at, format!("sent to {name}"))),
        (not, format!("not sent to {other}")),
    ];
    if side == 1 {
        lines.reverse();
    }
    Some(Apart {
        pair,
        severity: if silent { Severity::Error } else { Severity::Warning },
        certain: first.certain,
        text,
        witnesses: prefixes.iter().map(ToString::to_string).collect(),
        lines,
        route: Some(first.route),
        instance: None,
        direction: Some(Direction::Out),
    })
}

/// What policies do differently alike, unless it is a matter of preference.
fn policy<'p, 'n, 't>(
    pair: &'p LinkPair<'n, 't>,
    alike: &[&Difference<'t>],
    direction: Direction,
) -> Option<Apart<'p, 'n, 't>> {
    let difference = alike.first()?;
    let mut aspects = difference.aspects();
    // What is only known by its words (next hops) is no property of the routes.
    let preference = [Aspect::LocalPreference, Aspect::Weight, Aspect::Path, Aspect::Further];
    aspects.retain(|aspect| !preference.contains(aspect));
    let first = *aspects.first()?;
    let names = pair.sides.map(|side| side.session.neighbor_name());
    let routes = routes(alike, MOST_NAMES);
    let [one, two] = &difference.outcomes;
    let (yes, no) = if one.passes() { (0, 1) } else { (1, 0) };
    let text = match (first, direction) {
        (Aspect::Verdict, Direction::In) => {
            format!("accepted from {} and not from {}: {routes}", names[yes], names[no])
        }
        (Aspect::Verdict, Direction::Out) => {
            format!("let through to {} and not to {}: {routes}", names[yes], names[no])
        }
        _ => {
            let word = |aspect: &Aspect| {
                let (one, two) = (one.words(*aspect), two.words(*aspect));
                format!("{} {one} on {} and {two} on {}", aspect.name(), names[0], names[1])
            };
            let words: Vec<String> = aspects.iter().map(word).collect();
            format!("{}: {routes}", words.join(", "))
        }
    };
    let line = |at: usize| {
        let side = &pair.sides[at];
        let filters = match direction {
            Direction::In => &side.family.import_filters,
            Direction::Out => &side.family.export_filters,
        };
        let mut marks = difference.trails[at].iter().rev();
        match marks.find(|mark| !matches!(mark.note, Note::Passed { .. })) {
            Some(mark) => (mark.at, format!("{}: {}", names[at], mark.note)),
            None => {
                let place = filters.last().map_or(side.session.at, |filter| filter.name.at());
                (place, format!("decides for {}", names[at]))
            }
        }
    };
    let witness = difference.witness.as_ref();
    let only = aspects == [Aspect::Communities];
    Some(Apart {
        pair,
        severity: if only { Severity::Info } else { Severity::Warning },
        certain: true,
        text,
        witnesses: witness.iter().map(|witness| witness.prefix.to_string()).collect(),
        lines: [line(0), line(1)],
        route: None,
        instance: witness.filter(|one| one.as_path.is_some()).map(Witness::describe),
        direction: Some(direction),
    })
}

/// A setting that differs.
fn setting<'p, 'n, 't>(pair: &'p LinkPair<'n, 't>, both: &[Setting; 2]) -> Apart<'p, 'n, 't> {
    let names = pair.sides.map(|side| side.session.neighbor_name());
    let say = |at: usize| match &both[at].value {
        Some(value) => format!("{} {value} towards {}", both[at].name, names[at]),
        None => format!("no {} towards {}", both[at].name, names[at]),
    };
    let line = |at: usize| (both[at].at.unwrap_or(pair.sides[at].session.at), say(at));
    Apart {
        pair,
        severity: Severity::Warning,
        certain: true,
        text: format!("{} and {}", say(0), say(1)),
        witnesses: Vec::new(),
        lines: [line(0), line(1)],
        route: None,
        instance: None,
        direction: None,
    }
}
