//! Who inherits what: the settings of a neighbor in the order in which they take effect.
//!
//! A neighbor inherits one peer template, which holds everything, one session template, and in each of its
//! families policy templates, each with a preference. What it says itself wins; of policy templates the one
//! with the lowest preference does (Cisco Nexus 3000 NX-OS Unicast Routing Configuration Guide, "Peer Templates").
//! That a session or policy template wins over the peer template beside it, as the more specific of the two, is
//! assumed: nobody was found to say. That a
//! neighbor's own route map wins over its template's, even where it is not defined, was seen on NX-OS in
//! batfish/lab-validation, `nxos_undefined_route_map`. The least specific comes first here, so that whoever
//! replays the changes in order ends with what the device uses.

use edgelint_source::Span;

use super::ast::{Body, Change, Family, Line, Router, Setting, Slot, TemplateKind, Value};

/// Templates may inherit from templates; a circle of them ends here.
const MOST_TEMPLATES: u32 = 8;

/// A change that takes effect for a neighbor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Settled<'t> {
    /// It has the family, by this statement.
    Family(Family<'t>, Span),
    /// A line; the one that made it apply, where it is inherited.
    Line(Line<'t>, Option<Span>),
}

/// Everything that takes effect for a neighbor, the least specific first.
pub(super) fn settle<'t>(router: &Router<'t>, body: &Body<'t>) -> Vec<Settled<'t>> {
    let mut settled = Vec::new();
    replay(router, body, (None, None), MOST_TEMPLATES, &mut settled);
    settled
}

/// The lines that no later line of the same block took back or replaced, in order.
pub(super) fn standing<'b, 't>(body: &'b Body<'t>) -> Vec<&'b Line<'t>> {
    let mut later: Vec<(Slot, Option<Family<'_>>)> = Vec::new();
    let mut standing = Vec::with_capacity(body.lines.len());
    for line in body.lines.iter().rev() {
        let slot = match line.change {
            Change::Set(setting) => setting.slot,
            Change::Off(slot) | Change::Lift(slot) => slot,
            Change::Blind => {
                standing.push(line);
                continue;
            }
        };
        let gone = later.iter().any(|(it, family)| *family == line.family && it.replaces(slot));
        if !gone {
            later.push((slot, line.family));
            if !matches!(line.change, Change::Lift(_)) {
                standing.push(line);
            }
        }
    }
    standing.reverse();
    standing
}

/// The places of lines that later ones took back or replaced.
pub(super) fn without_effect<'b>(body: &'b Body<'_>) -> impl Iterator<Item = Span> + use<'b> {
    let standing: Vec<Span> = standing(body).iter().map(|line| line.at).collect();
    let all = body.lines.iter().map(|line| line.at);
    all.filter(move |at| !standing.contains(at))
}

/// What a block gives: the templates it inherits first, then its own lines. `place` is the family of the
/// neighbor for which a policy template is used, and the line that uses the block.
fn replay<'t>(
    router: &Router<'t>,
    body: &Body<'t>,
    place: (Option<Family<'t>>, Option<Span>),
    left: u32,
    settled: &mut Vec<Settled<'t>>,
) {
    let lines = standing(body);
    if 0 < left {
        for (line, kind, name) in inherited(&lines) {
            let template = router.templates.iter().find(|it| it.kind == kind && it.name == name);
            let Some(template) = template else { continue };
            let place = (line.family.or(place.0), place.1.or(Some(line.at)));
            replay(router, &template.body, place, left - 1, settled);
        }
    }
    settled.extend(body.families.iter().map(|(family, at)| Settled::Family(*family, *at)));
    let placed = |line: &Line<'t>| Line { family: line.family.or(place.0), ..*line };
    settled.extend(lines.into_iter().map(|line| Settled::Line(placed(line), place.1)));
}

/// The templates that lines inherit, the weakest first.
fn inherited<'b, 't>(lines: &[&'b Line<'t>]) -> Vec<(&'b Line<'t>, TemplateKind, &'t str)> {
    let mut found: Vec<(u32, &'b Line<'t>, TemplateKind, &'t str)> = Vec::new();
    for line in lines {
        let Change::Set(Setting { slot, value: Value::Name(name), .. }) = line.change else {
            continue;
        };
        let (rank, kind) = match slot {
            Slot::InheritPeer => (0, TemplateKind::Peer),
            Slot::InheritSession => (1, TemplateKind::Session),
            // The lowest preference counts most.
            Slot::InheritPolicy(preference) => (u32::MAX - preference, TemplateKind::Policy),
            _ => continue,
        };
        found.push((rank, line, kind, name.value));
    }
    found.sort_by_key(|(rank, ..)| *rank);
    found.into_iter().map(|(_, line, kind, name)| (line, kind, name)).collect()
}
