//! From what rules draft to what is printed.
//!
//! Drafts name devices and circuits by id and places by span; here they get names, positions and a
//! fingerprint, settings are applied, and everything is put in an order that no thread can change.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use edgelint_facts::DeviceFacts;
use edgelint_rules::catalog::CATALOG;
use edgelint_rules::{Check, Draft, DraftLabel, Findings, Part};
use edgelint_source::view::{Finding, Fix, Label, Plain, Role, RulePage};
use edgelint_source::{FileId, Position, Span};
use rayon::prelude::*;

use crate::estate::Joined;
use crate::{Failure, Selection, fingerprint, overrides};

/// How many devices rules that look at parts of the network are asked about at a time: as many as stay at hand.
const DEVICES_AT_A_TIME: u32 = 32;

/// What rules said: none where one of them broke.
type Spoken = Vec<(&'static str, Option<Vec<Finding>>)>;

/// Runs the rules that are selected; returns what is to be reported, sorted.
pub(crate) fn find(joined: &Joined<'_, '_>, selection: &Selection) -> (Vec<Finding>, Vec<Failure>) {
    let speak = |id: &'static str, check: &dyn Fn(&mut Findings)| {
        let spoken = catch_unwind(AssertUnwindSafe(|| {
            let mut found = Findings::new();
            check(&mut found);
            let drafts = found.into_drafts().into_iter();
            drafts.filter_map(|draft| finding(id, draft, joined, selection)).collect()
        }));
        (id, spoken.ok())
    };
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    for (id, rule) in CATALOG.iter().filter(|(id, _)| overrides::may_run(selection, id)) {
        match rule.check {
            Check::Whole(check) => whole.push((*id, check)),
            Check::Parts(check) => parts.push((*id, check)),
        }
    }
    let at_once = || {
        let spoken = whole.par_iter();
        spoken.map(|(id, check)| speak(id, &|found| check(joined.network, found))).collect()
    };
    let of_part = |part: &Part<'_, '_>| -> Spoken {
        parts.iter().map(|(id, check)| speak(id, &|found| check(part, found))).collect()
    };
    let all = Part::all(joined.network, DEVICES_AT_A_TIME);
    let by_part = || all.par_iter().map(of_part).collect();
    let (at_once, by_part): (Spoken, Vec<Spoken>) = rayon::join(at_once, by_part);
    let mut findings = Vec::new();
    let mut broken = BTreeSet::new();
    for (id, spoken) in at_once.into_iter().chain(by_part.into_iter().flatten()) {
        match spoken {
            Some(mut spoken) => findings.append(&mut spoken),
            None => _ = broken.insert(id),
        }
    }
    let failures: Vec<Failure> = broken.into_iter().map(|id| Failure::Rule { id }).collect();
    findings.sort_by(order);
    fingerprint::assign(&mut findings);
    if let Some(paths) = &selection.report_only {
        findings.retain(|finding| {
            let shown = finding.labels.iter().map(|label| label.span);
            shown.chain(finding.more.iter().copied()).any(|span| {
                let file = joined.files.file(span.file);
                file.is_some_and(|file| paths.contains(file.path()))
            })
        });
    }
    (findings, failures)
}

/// By path, line and rule; what is equal in these, by what it says.
fn order(one: &Finding, other: &Finding) -> Ordering {
    fn key(finding: &Finding) -> impl Ord + '_ {
        let place = finding.labels.first().map(|label| (&label.path, label.start.line));
        (place, finding.rule, &finding.message, &finding.object, &finding.prefixes)
    }
    key(one).cmp(&key(other))
}

/// A draft as it is printed; none where settings leave it out.
fn finding(
    rule: &'static str,
    draft: Draft,
    joined: &Joined<'_, '_>,
    selection: &Selection,
) -> Option<Finding> {
    let network = joined.network;
    let severity = overrides::severity(rule, &draft, joined, selection)?;
    let mut labels: Vec<Label> =
        draft.labels.iter().map(|drafted| label(drafted, joined)).collect();
    labels.sort_by_key(|label| label.role);
    let mut devices: Vec<Plain> =
        draft.devices.iter().map(|id| network.device(*id).shown()).collect();
    devices.extend(labels.iter().filter_map(|label| label.device.clone()));
    let unlabelled = draft.more.iter().filter_map(|span| device_at(*span, joined));
    devices.extend(unlabelled.map(|device| device.shown()));
    let mut notes: Vec<Plain> = draft.notes.iter().map(Plain::new).collect();
    notes.extend(unshown(&draft.more));
    let circuits = draft.circuits.iter().map(|id| Plain::new(&network.circuit(*id).name)).collect();
    let fixes = fixes(&draft, joined).unwrap_or_default();
    notes.extend(draft.decision.filter(|_| !fixes.is_empty()).map(Plain::new));
    Some(Finding {
        rule,
        severity,
        confidence: draft.confidence,
        message: Plain::new(draft.message),
        notes,
        help: draft.help.map(Plain::new),
        url: RulePage::url(rule),
        devices: sorted(devices),
        circuits: sorted(circuits),
        prefixes: sorted(draft.prefixes),
        object: Plain::new(draft.object),
        labels,
        more: draft.more,
        fixes,
        fingerprint: String::new(),
    })
}

/// The remedies as commands. None at all where one of them cannot be written: half of it mends nothing.
fn fixes(draft: &Draft, joined: &Joined<'_, '_>) -> Option<Vec<Fix>> {
    let tier = match draft.decision {
        Some(_) => "manual",
        // Each changes which routes are taken, or which are sent.
        None => "disruptive",
    };
    let written = draft.remedies.iter().map(|(id, remedy)| {
        let device = joined.network.device(*id);
        let commands = edgelint_dialects::remedies::commands(&device.device, remedy)?;
        // A name that cannot be shown as it is cannot be typed from what is shown.
        let plain = |lines: Vec<String>| -> Option<Vec<Plain>> {
            let shown = lines.iter().map(|line| (Plain::new(line), line));
            shown.map(|(shown, line)| (shown.as_str() == line).then_some(shown)).collect()
        };
        Some(Fix {
            device: Plain::new(&device.identity),
            tier,
            commands: plain(commands.commands)?,
            rollback: plain(commands.rollback)?,
        })
    });
    let written: Option<Vec<Fix>> = written.collect();
    let typed = |fix: &Fix| !fix.commands.is_empty();
    written.map(|fixes| fixes.into_iter().filter(typed).collect())
}

/// How many places are not shown, in how many files.
fn unshown(more: &[Span]) -> Option<Plain> {
    let files: BTreeSet<FileId> = more.iter().map(|span| span.file).collect();
    let words = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let (places, files) = (words(more.len(), "more place"), words(files.len(), "file"));
    (!more.is_empty()).then(|| Plain::new(format!("{places} in {files} not shown")))
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}

fn label(draft: &DraftLabel, joined: &Joined<'_, '_>) -> Label {
    place((draft.span, draft.role), &draft.text, joined)
}

/// A place with what is to be seen there.
pub(crate) fn place((span, role): (Span, Role), text: &str, joined: &Joined<'_, '_>) -> Label {
    let nowhere = Position { line: 1, column: 1, offset: 0 };
    let (start, end) = joined.files.positions(span).unwrap_or((nowhere, nowhere));
    let path = joined.files.file(span.file).map(|file| file.shown_path());
    Label {
        span,
        path: path.unwrap_or_default(),
        device: device_at(span, joined).map(|device| device.shown()),
        role,
        message: Plain::new(text),
        start,
        end,
    }
}

/// The device that a place belongs to. Devices are in the order of their files.
pub(crate) fn device_at<'j, 't>(
    span: Span,
    joined: &Joined<'j, 't>,
) -> Option<&'j DeviceFacts<'t>> {
    let devices = &joined.network.devices;
    let first = devices.partition_point(|device| device.file < span.file);
    let mut of_file =
        devices.iter().skip(first).take_while(|device| device.file == span.file).peekable();
    let any = of_file.peek().copied();
    of_file.find(|device| device.device.at.contains(span)).or(any)
}
