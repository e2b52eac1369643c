//! `diff`: what two states of an estate do differently, as plain values.
//!
//! The facts say what changed; here changes get words, values by name, and the lines that cause them: of all lines that
//! have a say those that the other side does not have.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use edgelint_facts::compare::estates::{
    DeviceChange, Estates, FamilyChange, RouteChange, SessionChange, TranslationChange,
};
use edgelint_facts::compare::{Aspect, Difference, Outcome, Setting, routes};
use edgelint_facts::vocabulary::Community;
use edgelint_facts::{Announced, Certainty, DeviceId, Input, Session};
use edgelint_source::view::diff::{
    CauseLine, Change, Comparison, DeviceDiff, Entry, SessionDiff, Subject, Unread,
};
use edgelint_source::view::{Plain, Value};
use edgelint_source::{FileId, Files, Span};
use rayon::prelude::*;

use crate::estate::Joined;
use crate::{Failure, entries};

/// Widest source line that is shown.
const WIDTH: usize = 110;
/// Lines that are shown for one change on either side.
const MOST_LINES: usize = 6;
/// Ranges that are named in one change.
const MOST_RANGES: usize = 4;

/// Holds two states of an estate against each other; `roots` are what was named for each.
pub(crate) fn compare(
    joined: [&Joined<'_, '_>; 2],
    roots: [&str; 2],
) -> (Comparison, Vec<Failure>) {
    let [old, new] = joined;
    let estates = Estates { networks: [old.network, new.network], files: new.files, roots };
    let told: Vec<Result<Option<DeviceDiff>, Failure>> = estates
        .pairs()
        .par_iter()
        .map(|&pair| {
            let tell = || {
                let change = estates.change(pair)?;
                Some(Telling::of(&estates, pair).device(&change))
            };
            catch_unwind(AssertUnwindSafe(tell))
                .map_err(|_| Failure::Comparing { device: estates.name(pair) })
        })
        .collect();
    let mut devices = Vec::new();
    let mut failures = Vec::new();
    for one in told {
        match one {
            Ok(device) => devices.extend(device),
            Err(failure) => failures.push(failure),
        }
    }
    let comparison = Comparison {
        n_devices: joined.map(|one| one.network.devices.len()),
        devices,
        unread: joined.map(|one| one.network.inputs.iter().filter_map(unread).collect()),
    };
    (comparison, failures)
}

fn unread(input: &Input) -> Option<Unread> {
    let matters = input.named || input.looks_like_configuration;
    let status = entries::status(&input.status).name();
    matters.then(|| Unread { path: Plain::new(&input.path), status })
}

/// Tells the changes of one pair of devices.
struct Telling<'e, 'n, 't> {
    estates: &'e Estates<'n, 't>,
    pair: [Option<DeviceId>; 2],
    /// The lines of both texts, to tell which of them only one has.
    texts: [BTreeSet<&'n str>; 2],
}

impl<'e, 'n, 't> Telling<'e, 'n, 't> {
    fn of(estates: &'e Estates<'n, 't>, pair: [Option<DeviceId>; 2]) -> Self {
        let both = pair.iter().all(Option::is_some);
        let texts = [0, 1].map(|side| {
            let id = pair[side].filter(|_| both);
            let file = id.map(|id| estates.networks[side].device(id).file);
            let source = file.and_then(|file| estates.files.file(file));
            source
                .map_or_else(BTreeSet::new, |source| source.text().lines().map(str::trim).collect())
        });
        Self { estates, pair, texts }
    }

    fn files(&self) -> &'n Files {
        self.estates.files
    }

    fn device(&self, change: &DeviceChange<'n, 't>) -> DeviceDiff {
        let [old, new] =
            [0, 1].map(|side| self.pair[side].map(|id| self.estates.networks[side].device(id)));
        let of_device = [old, new].into_iter().flatten().next();
        let mut entries: Vec<Entry> =
            change.translation.iter().map(|one| self.translation(one)).collect();
        entries.extend(self.unknown(&change.unknown));
        DeviceDiff {
            change: kind(old.is_some(), new.is_some()),
            name: Plain::new(self.estates.name(self.pair)),
            paths: [old, new].map(|device| device.map(|device| Plain::new(&device.path))),
            n_sessions: of_device.map_or(0, |device| device.sessions.len()),
            entries,
            sessions: change.sessions.iter().filter_map(|one| self.session(one)).collect(),
        }
    }

    fn session(&self, change: &SessionChange<'n, 't>) -> Option<SessionDiff> {
        let [old, new] = [0, 1]
            .map(|side| change.sessions[side].map(|id| self.estates.networks[side].session(id)));
        let (side, session) = new.map(|one| (1, one)).or(old.map(|one| (0, one)))?;
        let circuit = session.circuit.map(|id| self.estates.networks[side].circuit(id));
        let mut entries: Vec<Entry> =
            change.settings.iter().map(|both| self.setting(both)).collect();
        for family in &change.families {
            self.family(family, &mut entries);
        }
        let stands = |session: Option<&Session<'t>>| session.is_some_and(|one| !one.shutdown);
        if stands(old) != stands(new) {
            // That it comes or goes is why.
            for entry in entries.iter_mut().filter(|entry| entry.subject == Subject::Announced) {
                entry.lines = [Vec::new(), Vec::new()];
            }
        }
        entries.sort_by_key(|entry| entry.subject);
        let at = |place: Option<Span>| self.lines(place.into_iter().collect());
        let kind = kind(old.is_some(), new.is_some());
        let lines = match kind {
            Change::Changed => [Vec::new(), Vec::new()],
            _ => [at(old.map(|one| one.at)), at(new.map(|one| one.at))],
        };
        Some(SessionDiff {
            change: kind,
            vrf: Plain::new(session.vrf_name()),
            neighbor: Plain::new(session.neighbor_name()),
            role: Plain::new(session.role.name()),
            circuit: circuit.map(|circuit| Plain::new(&circuit.name)),
            lines,
            entries,
        })
    }

    fn setting(&self, [old, new]: &[Setting; 2]) -> Entry {
        let word =
            |setting: &Setting| setting.value.clone().unwrap_or_else(|| "not set".to_owned());
        let places = [old, new]
            .map(|one| one.at.filter(|_| one.value.is_some()).into_iter().collect::<Vec<_>>());
        Entry {
            subject: Subject::Setting,
            change: kind(old.value.is_some(), new.value.is_some()),
            text: Plain::new(format!("{}: {} -> {}", old.name, word(old), word(new))),
            certain: true,
            fields: vec![
                ("name", Value::text(old.name)),
                ("old", Value::optional(old.value.as_deref())),
                ("new", Value::optional(new.value.as_deref())),
            ],
            lines: self.causes(places),
        }
    }

    fn family(&self, change: &FamilyChange<'n, 't>, entries: &mut Vec<Entry>) {
        entries.extend(change.routes.iter().map(|route| self.route(change, route)));
        let family = change.family;
        for alike in grouped(change.beyond_routes()) {
            entries.extend(self.policy(family, Subject::Exportable, &alike));
        }
        for alike in grouped(change.import.differences.iter()) {
            let aspects = alike.iter().flat_map(|one| one.aspects());
            let preferred = aspects.into_iter().any(Aspect::prefers);
            let subject = if preferred { Subject::Preferred } else { Subject::Accepted };
            entries.extend(self.policy(family, subject, &alike));
        }
        let both = [(&change.export, Subject::Exportable), (&change.import, Subject::Accepted)];
        for (_, subject) in both.into_iter().filter(|(compared, _)| !compared.complete) {
            entries.push(Entry {
                subject,
                change: Change::Changed,
                text: Plain::new("more, in policies too large to be compared to the end"),
                certain: false,
                fields: vec![("family", Value::text(family)), ("incomplete", Value::from(true))],
                lines: [Vec::new(), Vec::new()],
            });
        }
    }

    fn route(&self, family: &FamilyChange<'n, 't>, change: &RouteChange<'n, 't>) -> Entry {
        let [old, new] = change.routes;
        let prefix = change.prefix;
        let text = match (old, new) {
            (Some(old), Some(new)) => format!("{prefix}: {}", became(old, new)),
            (Some(one), None) | (None, Some(one)) => format!("{prefix}{}", described(one)),
            (None, None) => prefix.to_string(),
        };
        let mut places = change.routes.map(|route| {
            let marks = route.into_iter().flat_map(|route| &route.trail);
            marks.map(|mark| mark.at).collect::<Vec<Span>>()
        });
        // Where it is not sent, the policies say why.
        let why = family.export.differences.iter().find(|one| one.space.contains(&prefix));
        if let Some(why) = why {
            for (all, more) in places.iter_mut().zip(&why.causes) {
                all.extend(more);
            }
        }
        let certain = change
            .routes
            .iter()
            .flatten()
            .all(|one| one.attributes_certain || one.certainty == Certainty::Assumed);
        Entry {
            subject: Subject::Announced,
            change: kind(old.is_some(), new.is_some()),
            text: Plain::new(text),
            certain,
            fields: vec![
                ("family", Value::text(family.family)),
                ("prefix", Value::text(prefix.to_string())),
                ("old", old.map_or(Value::Null, announced)),
                ("new", new.map_or(Value::Null, announced)),
            ],
            lines: self.causes(places),
        }
    }

    /// Differences of policies with one outcome and one space.
    fn policy(&self, family: &str, subject: Subject, alike: &[&Difference<'t>]) -> Option<Entry> {
        let difference = alike.first()?;
        let [old, new] = &difference.outcomes;
        let routes = routes(alike, MOST_RANGES);
        let mut text = match kind(old.passes(), new.passes()) {
            Change::Changed => {
                let aspects = difference.aspects();
                let word = |aspect: &Aspect| {
                    format!("{} {} -> {}", aspect.name(), old.words(*aspect), new.words(*aspect))
                };
                let words: Vec<String> = aspects.iter().map(word).collect();
                format!("{routes}: {}", words.join(", "))
            }
            Change::Added => format!("{routes}{}", given(new)),
            Change::Removed => routes,
        };
        let witness = difference.witness.as_ref();
        if let Some(one) = witness.filter(|one| one.as_path.is_some()) {
            text.push_str(&format!(" (for instance {})", one.describe()));
        }
        let communities = |all: &[Community]| Value::texts(all.iter().map(ToString::to_string));
        let any_of = alike.iter().map(|one| {
            let conditions = &one.conditions;
            Value::Map(vec![
                ("communities", communities(&conditions.communities)),
                ("without", communities(&conditions.without)),
                ("conditions", Value::texts(conditions.words())),
            ])
        });
        let ranges = difference.space.ranges().into_iter().map(edgelint_facts::inspect::range);
        let causes = [0, 1].map(|side| {
            alike.iter().flat_map(|one| one.causes[side].iter().copied()).collect::<Vec<Span>>()
        });
        Some(Entry {
            subject,
            change: kind(old.passes(), new.passes()),
            text: Plain::new(text),
            certain: alike.iter().all(|one| one.certain),
            fields: vec![
                ("family", Value::text(family)),
                ("ranges", Value::List(ranges.collect())),
                ("any_of", Value::List(any_of.collect())),
                ("old", outcome(old)),
                ("new", outcome(new)),
                (
                    "witness",
                    witness.map_or(Value::Null, |one| {
                        let path = one.as_path.as_ref().map(ToString::to_string);
                        Value::Map(vec![
                            ("prefix", Value::text(one.prefix.to_string())),
                            ("communities", communities(&one.communities)),
                            ("as_path", Value::optional(path)),
                        ])
                    }),
                ),
            ],
            lines: self.causes(causes),
        })
    }

    fn translation(&self, change: &TranslationChange) -> Entry {
        let (gained, lost) = (change.gained(), change.lost());
        let edge = &change.edge;
        let towards = match edge.as_str() {
            "internet" => "the internet",
            "other" => "other edges",
            circuit => circuit,
        };
        let mut parts = Vec::new();
        if !gained.is_empty() {
            parts.push(format!("{} now", gained.join(", ")));
        }
        if !lost.is_empty() {
            parts.push(format!("{} no longer", lost.join(", ")));
        }
        Entry {
            subject: Subject::Translated,
            change: match (lost.is_empty(), gained.is_empty()) {
                (true, _) => Change::Added,
                (_, true) => Change::Removed,
                _ => Change::Changed,
            },
            text: Plain::new(format!("towards {towards}: {}", parts.join(", "))),
            certain: true,
            fields: vec![
                ("edge", Value::text(edge)),
                ("gained", Value::texts(gained)),
                ("lost", Value::texts(lost)),
            ],
            lines: self.causes(change.places.clone()),
        }
    }

    /// Statements that only one side has and that were not understood, as one entry.
    fn unknown(&self, places: &[Vec<Span>; 2]) -> Option<Entry> {
        let counts = [places[0].len(), places[1].len()];
        let total = counts[0] + counts[1];
        let text = match total {
            1 => "a statement is not understood: what it changes is not told here".to_owned(),
            _ => {
                format!("{total} statements are not understood: what they change is not told here")
            }
        };
        (0 < total).then(|| Entry {
            subject: Subject::NotUnderstood,
            change: kind(0 < counts[0], 0 < counts[1]),
            text: Plain::new(text),
            certain: false,
            fields: vec![
                ("old", Value::from(u32::try_from(counts[0]).unwrap_or(u32::MAX))),
                ("new", Value::from(u32::try_from(counts[1]).unwrap_or(u32::MAX))),
            ],
            lines: [self.lines(places[0].clone()), self.lines(places[1].clone())],
        })
    }

    /// Of the lines on each side those that the other one does not have; where there are none, the last that have
    /// a say.
    fn causes(&self, places: [Vec<Span>; 2]) -> [Vec<CauseLine>; 2] {
        let own = [0, 1].map(|side| {
            let fresh = |at: &Span| !self.texts[1 - side].contains(self.raw(*at).trim());
            places[side].iter().copied().filter(fresh).collect::<Vec<Span>>()
        });
        if own.iter().all(Vec::is_empty) {
            // A moved line, or another device: what decides has to do.
            return places.map(|side| {
                let last = side.len().saturating_sub(1);
                self.lines(side.into_iter().skip(last).collect())
            });
        }
        own.map(|side| self.lines(side))
    }

    /// The text of the line on which a place begins.
    fn raw(&self, at: Span) -> &'n str {
        let Some(source) = self.files().file(at.file) else { return "" };
        let (start, end) = source.line_bounds(source.line_of(at.start));
        source.text().get(start as usize..end as usize).unwrap_or_default()
    }

    /// Places as lines, each once, in the order of the file.
    fn lines(&self, places: Vec<Span>) -> Vec<CauseLine> {
        let lines: BTreeSet<(FileId, u32)> =
            places.iter().map(|at| (at.file, self.files().line(*at))).collect();
        let shown = lines.into_iter().take(MOST_LINES).filter_map(|(file, line)| {
            let source = self.files().file(file)?;
            let text = source.printable_line(line).trimmed_around(0, 0, WIDTH);
            let text = Plain::new(text.as_str().trim());
            Some(CauseLine { path: Plain::new(source.path()), line, text })
        });
        shown.collect()
    }
}

/// Differences by outcome and space, in the order in which they come first.
fn grouped<'d, 't: 'd>(
    differences: impl Iterator<Item = &'d Difference<'t>>,
) -> Vec<Vec<&'d Difference<'t>>> {
    let mut groups: Vec<Vec<&'d Difference<'t>>> = Vec::new();
    for one in differences {
        let alike = |group: &&mut Vec<&'d Difference<'t>>| {
            let first = group.first();
            first.is_some_and(|other| other.outcomes == one.outcomes && other.space == one.space)
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

const fn kind(old: bool, new: bool) -> Change {
    match (old, new) {
        (false, true) => Change::Added,
        (true, false) => Change::Removed,
        _ => Change::Changed,
    }
}

/// What else is told of a route that came or went.
fn described(route: &Announced<'_>) -> String {
    let mut parts = Vec::new();
    if route.certainty == Certainty::Assumed {
        parts.push("where the network has it".to_owned());
    }
    parts.extend(route.med.map(|med| format!("MED {med}")));
    if !route.prepend.is_empty() {
        parts.push(format!("{} prepended", joined(&route.prepend)));
    }
    if !route.communities.is_empty() {
        parts.push(format!("communities {}", joined(&route.communities)));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// What became of a route.
fn became(old: &Announced<'_>, new: &Announced<'_>) -> String {
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let med = |route: &Announced<'_>| route.med.map_or_else(String::new, |med| med.to_string());
    let sure = |route: &Announced<'_>| match route.certainty {
        Certainty::Assumed => "where the network has it".to_owned(),
        Certainty::Certain => "always".to_owned(),
    };
    let pairs = [
        ("sent", sure(old), sure(new)),
        ("MED", or_none(med(old)), or_none(med(new))),
        ("prepended", or_none(joined(&old.prepend)), or_none(joined(&new.prepend))),
        ("communities", or_none(joined(&old.communities)), or_none(joined(&new.communities))),
    ];
    let differing = pairs.into_iter().filter(|(_, old, new)| old != new);
    differing
        .map(|(name, old, new)| format!("{name} {old} -> {new}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// What routes that pass now are given, where that is more than nothing.
fn given(outcome: &Outcome) -> String {
    let Outcome::Passed(passed) = outcome else { return String::new() };
    let number = |name: &str, value: Option<u32>| value.map(|value| format!("{name} {value}"));
    let mut parts: Vec<String> = [
        number("local preference", passed.local_preference),
        number("weight", passed.weight),
        number("MED", passed.med),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !passed.prepend.is_empty() {
        parts.push(format!("{} prepended", joined(&passed.prepend)));
    }
    if !passed.added.is_empty() {
        parts.push(format!("communities {}", joined(&passed.added)));
    }
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}

fn numbers(all: &[u32]) -> Value {
    Value::List(all.iter().map(|&number| Value::from(number)).collect())
}

fn announced(route: &Announced<'_>) -> Value {
    Value::Map(vec![
        ("source", Value::text(route.source.name())),
        ("certainty", Value::text(route.certainty.name())),
        ("med", Value::from(route.med)),
        ("prepend", numbers(&route.prepend)),
        ("communities", Value::texts(route.communities.iter().map(ToString::to_string))),
    ])
}

/// A route behind the policies; null where it is refused.
fn outcome(outcome: &Outcome) -> Value {
    let Outcome::Passed(passed) = outcome else { return Value::Null };
    let texts = |all: &[Community]| Value::texts(all.iter().map(ToString::to_string));
    let origin = passed.origin.map(|_| outcome.words(Aspect::Origin));
    Value::Map(vec![
        ("local_preference", Value::from(passed.local_preference)),
        ("weight", Value::from(passed.weight)),
        ("distance", Value::from(passed.distance)),
        ("med", Value::from(passed.med)),
        ("tag", Value::from(passed.tag)),
        ("origin", Value::optional(origin)),
        ("prepend", numbers(&passed.prepend)),
        ("excluded", numbers(&passed.excluded)),
        ("communities_cleared", Value::from(passed.cleared)),
        ("communities_added", texts(&passed.added)),
        ("communities_removed", texts(&passed.removed)),
        ("further", Value::texts(&passed.further)),
    ])
}
