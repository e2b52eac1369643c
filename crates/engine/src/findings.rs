//! From what rules draft to what is printed.
//!
//! Drafts name devices and circuits by id and places by span; here they get names, positions and a
//! fingerprint, settings are applied, and everything is put in an order that no thread can change.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use edgelint_facts::DeviceFacts;
use edgelint_rules::catalog::CATALOG;
use edgelint_rules::{Check, Draft, DraftLabel, Findings, Part, Text};
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
            match found.into_drafts() {
                drafts if drafts.is_empty() => Vec::new(),
                drafts => Speaking::about(id, joined, selection).findings(drafts),
            }
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

/// The findings of one rule as they are printed. What it says of many devices is one text.
struct Speaking<'j, 'n, 't> {
    rule: &'static str,
    url: Arc<str>,
    joined: &'j Joined<'n, 't>,
    selection: &'j Selection,
    /// Texts that were said and may be said again.
    said: HashSet<Plain>,
}

impl<'j, 'n, 't> Speaking<'j, 'n, 't> {
    fn about(rule: &'static str, joined: &'j Joined<'n, 't>, selection: &'j Selection) -> Self {
        Self { rule, url: RulePage::url(rule).into(), joined, selection, said: HashSet::new() }
    }

    fn findings(mut self, drafts: Vec<Draft>) -> Vec<Finding> {
        let mut findings = Vec::with_capacity(drafts.len());
        findings.extend(drafts.into_iter().filter_map(|draft| self.finding(draft)));
        findings
    }

    /// A draft as it is printed; none where settings leave it out.
    fn finding(&mut self, draft: Draft) -> Option<Finding> {
        let network = self.joined.network;
        let severity = overrides::severity(self.rule, &draft, self.joined, self.selection)?;
        let devices = self.devices(&draft);
        let fixes = self.fixes(&draft).unwrap_or_default();
        let decision = draft.decision.filter(|_| !fixes.is_empty());
        let mut notes: Vec<Plain> = draft.notes.into_iter().map(|note| self.text(note)).collect();
        notes.extend(unshown(&draft.more));
        notes.extend(decision.map(|decision| self.text(decision)));
        let mut labels: Vec<Label> =
            draft.labels.into_iter().map(|drafted| self.label(drafted)).collect();
        labels.sort_by_key(|label| label.role);
        let circuits = draft.circuits.iter().map(|id| Plain::new(&network.circuit(*id).name));
        Some(Finding {
            rule: self.rule,
            severity,
            confidence: draft.confidence,
            message: Plain::new(draft.message),
            notes,
            help: draft.help.map(|help| self.text(help)),
            url: Arc::clone(&self.url),
            devices,
            circuits: sorted(circuits.collect()),
            prefixes: sorted(draft.prefixes),
            object: Plain::new(draft.object),
            labels,
            more: draft.more,
            fixes,
            fingerprint: String::new(),
        })
    }

    /// The names of all devices that a draft speaks of and shows places of.
    fn devices(&self, draft: &Draft) -> Vec<Plain> {
        let network = self.joined.network;
        let shown = draft.labels.iter().map(|label| &label.span).chain(&draft.more);
        let places = shown.filter_map(|span| device_place(*span, self.joined));
        let mut ids: Vec<usize> = draft.devices.iter().map(|id| id.0 as usize).collect();
        for place in places {
            // Places of one device stand side by side.
            if ids.last() != Some(&place) {
                ids.push(place);
            }
        }
        let ids = sorted(ids);
        sorted(ids.into_iter().filter_map(|id| Some(network.devices.get(id)?.shown())).collect())
    }

    fn label(&mut self, draft: DraftLabel) -> Label {
        let message = self.text(draft.text);
        place((draft.span, draft.role), message, self.joined)
    }

    /// What a rule says in its own words it mostly says again.
    fn text(&mut self, text: Text) -> Plain {
        match text {
            Cow::Borrowed(words) => self.shared(words),
            Cow::Owned(text) => Plain::new(text),
        }
    }

    /// A text that is kept once, however often it is said.
    fn shared(&mut self, text: &str) -> Plain {
        if let Some(known) = self.said.get(text) {
            return known.clone();
        }
        let plain = Plain::new(text);
        // What was cleaned is not found by what it was.
        if plain.as_str() == text {
            self.said.insert(plain.clone());
        }
        plain
    }

    /// The remedies as commands. None at all where one of them cannot be written: half of it mends nothing.
    fn fixes(&mut self, draft: &Draft) -> Option<Vec<Fix>> {
        let tier = match draft.decision {
            Some(_) => "manual",
            // Each changes which routes are taken, or which are sent.
            None => "disruptive",
        };
        let mut fixes = Vec::with_capacity(draft.remedies.len());
        for (id, remedy) in &draft.remedies {
            let device = self.joined.network.device(*id);
            let written = edgelint_dialects::remedies::commands(&device.device, remedy)?;
            let commands = self.typed(&written.commands)?;
            let rollback = self.typed(&written.rollback)?;
            if !commands.is_empty() {
                fixes.push(Fix { device: device.shown(), tier, commands, rollback });
            }
        }
        Some(fixes)
    }

    /// Lines to type. A name that cannot be shown as it is cannot be typed from what is shown.
    fn typed(&mut self, lines: &[String]) -> Option<Vec<Plain>> {
        let mut typed = Vec::with_capacity(lines.len());
        for line in lines {
            typed.push(Some(self.shared(line)).filter(|shown| shown.as_str() == line)?);
        }
        Some(typed)
    }
}

/// How many places are not shown, in how many files.
fn unshown(more: &[Span]) -> Option<Plain> {
    if more.is_empty() {
        return None;
    }
    let files: BTreeSet<FileId> = more.iter().map(|span| span.file).collect();
    let words = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let (places, files) = (words(more.len(), "more place"), words(files.len(), "file"));
    Some(Plain::new(format!("{places} in {files} not shown")))
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}

/// A place with what is to be seen there.
pub(crate) fn place((span, role): (Span, Role), message: Plain, joined: &Joined<'_, '_>) -> Label {
    let nowhere = Position { line: 1, column: 1, offset: 0 };
    let (start, end) = joined.files.positions(span).unwrap_or((nowhere, nowhere));
    let path = joined.files.file(span.file).map(|file| file.shown_path());
    Label {
        span,
        path: path.unwrap_or_default(),
        device: device_at(span, joined).map(|device| device.shown()),
        role,
        message,
        start,
        end,
    }
}

/// The device that a place belongs to.
pub(crate) fn device_at<'j, 't>(
    span: Span,
    joined: &Joined<'j, 't>,
) -> Option<&'j DeviceFacts<'t>> {
    joined.network.devices.get(device_place(span, joined)?)
}

/// Its place among the devices, which are in the order of their files.
fn device_place(span: Span, joined: &Joined<'_, '_>) -> Option<usize> {
    let devices = &joined.network.devices;
    let first = devices.partition_point(|device| device.file < span.file);
    let of_file = devices.iter().skip(first).take_while(|device| device.file == span.file);
    let mut of_file = (first..).zip(of_file).peekable();
    let any = of_file.peek().map(|(place, _)| *place);
    of_file.find(|(_, one)| one.device.at.contains(span)).map(|(place, _)| place).or(any)
}
