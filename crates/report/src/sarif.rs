//! `sarif`: SARIF 2.1.0 (OASIS, with errata 01), for code scanning services and their viewers.
//!
//! What the big readers take decides where the standard leaves a choice:
//!
//! - GitHub shows only the first of a result's `locations`, and a related location only where the message
//!   links to it. So every primary label is a location, every label but the first is a related location
//!   too, and the message ends in a list of links to them.
//! - Paths are relative URIs below `%SRCROOT%`, the directory in which edgelint ran: run it at the top of
//!   the checkout, and reports of different machines agree.
//! - The fingerprint is ours (`edgelint/v1`). `primaryLocationLineHash` is left to whoever uploads: GitHub's
//!   action computes it and warns about every result that brings another one along.
//! - Our remedies are commands for a device and no edits of the export, so they are properties and not
//!   SARIF fixes.
//!
//! Nothing is left out: GitHub takes 25,000 results a run (and shows the worst 5,000) and 1,000 locations
//! a result; a larger estate is uploaded in several reports, one a folder, or with a higher
//! `--min-confidence`. Neither times nor names of machines are written: equal runs give equal bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use edgelint_source::Files;
use edgelint_source::view::{
    ActiveRule, Failure, FileEntry, Finding, Label, Plain, Report, Role, RulePage, Severity, Status,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::json::{CountsObject, FixObject, fixes, pretty, texts};
use crate::{Style, rules};

/// Writes the report; see the module.
pub(crate) fn write(
    report: &Report,
    _: &Files,
    _: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let places = Places::of(report);
    let run = Run {
        tool: Tool { driver: driver(report) },
        original_uri_base_ids: BTreeMap::from([(BASE, BASE_MEANING)]),
        column_kind: "unicodeCodePoints",
        invocations: [places.invocation(report)],
        artifacts: places.artifacts(),
        results: report.findings.iter().map(|finding| places.result(finding)).collect(),
    };
    pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What relative paths are below.
const BASE: &str = "%SRCROOT%";

const BASE_MEANING: Described =
    Described { description: Message { text: Text::Ours("The directory in which edgelint ran.") } };

/// What can be said about inputs and rules that is no finding, each with its description.
const NOTIFICATIONS: [(&str, &str); 5] = [
    ("internal-error", "A bug in edgelint: an input or a rule was left out."),
    ("unreadable", "An input could not be read."),
    ("empty", "There is nothing in an input."),
    ("binary", "An input is not text."),
    ("unrecognised", "An input is in no language that edgelint reads."),
];

/// As many places are linked to from a message; the related locations hold all.
const MOST_LINKS: usize = 24;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    invocations: [Invocation<'a>; 1],
    column_kind: &'static str,
    original_uri_base_ids: BTreeMap<&'static str, Described>,
    artifacts: Vec<Artifact<'a>>,
    results: Vec<ResultObject<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor<'a>>,
    notifications: Vec<Descriptor<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    id: &'a str,
    short_description: Message<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Help>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_configuration: Option<Configuration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<RuleProperties<'a>>,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// GitHub sorts by `problem.severity` and shows the tags.
#[derive(Serialize)]
struct RuleProperties<'a> {
    #[serde(rename = "problem.severity")]
    severity: &'static str,
    tags: [&'a str; 2],
    since: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    exit_code: u8,
    rule_configuration_overrides: Vec<Override<'a>>,
    tool_execution_notifications: Vec<Notification<'a>>,
}

/// What settings made of a rule.
#[derive(Serialize)]
struct Override<'a> {
    descriptor: Reference<'a>,
    configuration: Configuration,
}

#[derive(Serialize)]
struct Reference<'a> {
    id: &'a str,
    index: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification<'a> {
    descriptor: Reference<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_rule: Option<Reference<'a>>,
    level: &'static str,
    message: Message<'a>,
    locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
struct Artifact<'a> {
    location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<[&'static str; 1]>,
    properties: ArtifactProperties<'a>,
}

/// A file may hold several devices.
#[derive(Serialize)]
struct ArtifactProperties<'a> {
    devices: Vec<DeviceObject<'a>>,
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
struct DeviceObject<'a> {
    device: Option<&'a str>,
    dialect: Option<&'static str>,
    status: &'static str,
    statements: CountsObject,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'a>,
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: BTreeMap<&'static str, &'a str>,
    properties: ResultProperties<'a>,
}

#[derive(Serialize)]
struct ResultProperties<'a> {
    confidence: &'static str,
    devices: Vec<&'a str>,
    circuits: Vec<&'a str>,
    prefixes: &'a [String],
    object: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixObject<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Described {
    description: Message<'static>,
}

#[derive(Serialize)]
struct Message<'a> {
    text: Text<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Text<'a> {
    Ours(&'a str),
    Made(String),
}

/// The tool, with the rules that looked and what else it may say.
fn driver(report: &Report) -> Driver<'_> {
    let notification = |(id, text): (&'static str, &'static str)| Descriptor {
        id,
        short_description: Message { text: Text::Ours(text) },
        full_description: None,
        help: None,
        help_uri: None,
        default_configuration: None,
        properties: None,
    };
    Driver {
        name: "edgelint",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: report.rules.iter().map(|rule| descriptor(rule.page)).collect(),
        notifications: NOTIFICATIONS.into_iter().map(notification).collect(),
    }
}

fn descriptor(page: &RulePage) -> Descriptor<'_> {
    let (level, problem) = match page.severity {
        Severity::Error => (level(page.severity), "error"),
        Severity::Warning => (level(page.severity), "warning"),
        Severity::Info => (level(page.severity), "recommendation"),
    };
    Descriptor {
        id: page.id,
        short_description: Message { text: Text::Ours(&page.summary) },
        full_description: Some(Message { text: Text::Made(rules::first_paragraph(page)) }),
        help: Some(Help { text: rules::page(page), markdown: rules::page(page) }),
        help_uri: Some(RulePage::url(page.id)),
        default_configuration: Some(Configuration { level }),
        properties: Some(RuleProperties {
            severity: problem,
            tags: ["network", page.scope],
            since: page.since,
        }),
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Where files and rules stand in their lists: what other objects refer to.
struct Places<'a> {
    files: BTreeMap<&'a Plain, usize>,
    /// The entries of each file, one a device.
    entries: Vec<Vec<&'a FileEntry>>,
    rules: BTreeMap<&'a str, usize>,
}

impl<'a> Places<'a> {
    fn of(report: &'a Report) -> Self {
        let mut files = BTreeMap::new();
        let mut entries: Vec<Vec<&FileEntry>> = Vec::with_capacity(report.files.len());
        for entry in &report.files {
            let place = *files.entry(&entry.path).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(known) => known.push(entry),
                None => entries.push(vec![entry]),
            }
        }
        let rules = report.rules.iter().enumerate().map(|(place, rule)| (rule.page.id, place));
        Self { files, entries, rules: rules.collect() }
    }

    fn rule(&self, id: &'a str) -> Option<Reference<'a>> {
        self.rules.get(id).map(|&index| Reference { id, index })
    }

    fn invocation(&self, report: &'a Report) -> Invocation<'a> {
        let changed = |rule: &'a ActiveRule| {
            let severity = rule.severity.filter(|severity| *severity != rule.page.severity)?;
            let configuration = Configuration { level: level(severity) };
            Some(Override { descriptor: self.rule(rule.page.id)?, configuration })
        };
        Invocation {
            execution_successful: report.exit_code < TROUBLE,
            exit_code: report.exit_code,
            rule_configuration_overrides: report.rules.iter().filter_map(changed).collect(),
            tool_execution_notifications: self.notifications(report),
        }
    }

    /// What could not be done, then the inputs that are no configurations.
    fn notifications(&self, report: &'a Report) -> Vec<Notification<'a>> {
        let mut said: Vec<Notification<'a>> = Vec::new();
        for failure in &report.failures {
            let id = if failure.kind() == "error" { "unreadable" } else { "internal-error" };
            let mut one = notification(id, "error", failure.message().to_string());
            one.locations.extend(failure.path().map(|path| self.whole(&Plain::new(path))));
            one.associated_rule = match failure {
                Failure::Rule { id } => self.rule(id),
                _ => None,
            };
            said.push(one);
        }
        let mut failed: Vec<Plain> =
            report.failures.iter().filter_map(|one| one.path()).map(Plain::new).collect();
        failed.sort_unstable();
        for entry in &report.files {
            let (level, what) = match entry.status {
                Status::Ok | Status::Partial => continue,
                Status::Unreadable => ("warning", "could not be read"),
                Status::Empty => ("note", "is empty"),
                Status::Binary => ("note", "is not text"),
                Status::Unrecognised => ("note", "is in no language that edgelint reads"),
            };
            if failed.binary_search(&entry.path).is_err() {
                let notes: String = entry.notes.iter().map(|note| format!(": {note}")).collect();
                let text = format!("{} {what}{notes}", entry.path);
                let mut one = notification(entry.status.name(), level, text);
                one.locations.push(self.whole(&entry.path));
                said.push(one);
            }
        }
        said
    }

    fn artifacts(&self) -> Vec<Artifact<'a>> {
        let artifact = |entries: &Vec<&'a FileEntry>| {
            let first = entries.first()?;
            let device = |entry: &&'a FileEntry| DeviceObject {
                device: entry.device.as_ref().map(Plain::as_str),
                dialect: entry.dialect,
                status: entry.status.name(),
                statements: entry.statements.into(),
            };
            let analysed = first.device.is_some();
            let properties = ArtifactProperties {
                devices: entries.iter().map(device).collect(),
                notes: texts(&first.notes),
            };
            let location = ArtifactLocation { index: None, ..self.artifact(&first.path) };
            Some(Artifact { location, roles: analysed.then_some(["analysisTarget"]), properties })
        };
        self.entries.iter().filter_map(artifact).collect()
    }

    fn result(&self, finding: &'a Finding) -> ResultObject<'a> {
        let primary = finding.labels.iter().filter(|label| label.role == Role::Primary);
        let related = finding.labels.iter().enumerate().skip(1);
        ResultObject {
            rule_id: finding.rule,
            rule_index: self.rules.get(finding.rule).copied(),
            level: level(finding.severity),
            message: Message { text: Text::Made(message(finding)) },
            locations: primary.map(|label| self.location(label, None)).collect(),
            related_locations: related.map(|(id, label)| self.location(label, Some(id))).collect(),
            partial_fingerprints: BTreeMap::from([("edgelint/v1", finding.fingerprint.as_str())]),
            properties: ResultProperties {
                confidence: finding.confidence.name(),
                devices: texts(&finding.devices),
                circuits: texts(&finding.circuits),
                prefixes: &finding.prefixes,
                object: finding.object.as_str(),
                fixes: fixes(&finding.fixes),
            },
        }
    }

    fn location(&self, label: &'a Label, id: Option<usize>) -> Location<'a> {
        let region = Region {
            start_line: label.start.line,
            start_column: label.start.column,
            end_line: label.end.line,
            end_column: label.end.column,
        };
        let artifact_location = self.artifact(&label.path);
        Location {
            id,
            physical_location: PhysicalLocation { artifact_location, region: Some(region) },
            message: Some(Message { text: Text::Made(without_links(label.message.as_str())) }),
        }
    }

    /// A file as a whole.
    fn whole(&self, path: &Plain) -> Location<'a> {
        let artifact_location = self.artifact(path);
        let physical_location = PhysicalLocation { artifact_location, region: None };
        Location { id: None, physical_location, message: None }
    }

    fn artifact(&self, path: &Plain) -> ArtifactLocation {
        let index = self.files.get(path).copied();
        let (uri, relative) = uri(path.as_str(), cfg!(windows));
        ArtifactLocation { uri, uri_base_id: relative.then_some(BASE), index }
    }
}

/// The exit code of a run that could not do its job.
const TROUBLE: u8 = 2;

fn notification<'a>(id: &'static str, level: &'static str, text: String) -> Notification<'a> {
    let index = NOTIFICATIONS.iter().position(|one| one.0 == id).unwrap_or(0);
    let descriptor = Reference { id, index };
    let message = Message { text: Text::Made(without_links(&text)) };
    Notification { descriptor, associated_rule: None, level, message, locations: Vec::new() }
}

/// The sentence, what helps to judge it, and a link to every further place.
fn message(finding: &Finding) -> String {
    let mut text = without_links(finding.message.as_str());
    text.push('.');
    for note in &finding.notes {
        let _ = write!(text, "\nNote: {}.", without_links(note.as_str()));
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nHelp: {}.", without_links(help.as_str()));
    }
    for (id, label) in finding.labels.iter().enumerate().skip(1).take(MOST_LINKS) {
        let place = linked(&format!("{}:{}", short(label.path.as_str()), label.start.line));
        let _ = write!(text, "\n- [{place}]({id}): {}", without_links(label.message.as_str()));
    }
    let more = finding.labels.len().saturating_sub(1 + MOST_LINKS);
    if 0 < more {
        let _ = write!(text, "\n- and {more} more places");
    }
    text
}

/// Text in which nothing is taken for an embedded link (SARIF, section 3.11.6): an opening bracket
/// that could be one is escaped.
fn without_links(text: &str) -> String {
    if text.contains("](") { text.replace('[', "\\[") } else { text.to_owned() }
}

/// Text of a link, where brackets and backslashes are escaped.
fn linked(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '[' | ']' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// What a path may hold and a URI may not (RFC 3986, section 3.3). A colon is encoded too: in the first
/// part of a relative path it would end a scheme.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'@');

/// A path as a URI, and whether that is relative.
fn uri(path: &str, windows: bool) -> (String, bool) {
    let forward = if windows { path.replace('\\', "/") } else { path.to_owned() };
    let encoded = |path: &str| utf8_percent_encode(path, ENCODED).to_string();
    let drive = forward.get(..3).filter(|start| windows && start.ends_with(":/"));
    if let Some(drive) = drive {
        return (format!("file:///{drive}{}", encoded(&forward[drive.len()..])), false);
    }
    if windows && forward.starts_with("//") {
        return (format!("file:{}", encoded(&forward)), false);
    }
    if forward.starts_with('/') {
        return (format!("file://{}", encoded(&forward)), false);
    }
    (encoded(&short(&forward)), true)
}

/// A path without parts that lead nowhere.
fn short(path: &str) -> String {
    let start = if path.starts_with('/') { "/" } else { "" };
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    format!("{start}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{linked, uri, without_links};

    #[test]
    fn paths_are_uris() {
        let relative = [
            ("edge-1.cfg", "edge-1.cfg"),
            ("./exports//./edge-1.cfg", "exports/edge-1.cfg"),
            ("../exports/edge-1.cfg", "../exports/edge-1.cfg"),
            ("a b/50%/#1?.cfg", "a%20b/50%25/%231%3F.cfg"),
            ("c:drive/x", "c%3Adrive/x"),
            ("backup.tgz!edge\\1.cfg", "backup.tgz!edge%5C1.cfg"),
            ("zürich/東京.cfg", "z%C3%BCrich/%E6%9D%B1%E4%BA%AC.cfg"),
            ("<stdin>", "%3Cstdin%3E"),
        ];
        for (path, expected) in relative {
            assert_eq!(uri(path, false), (expected.to_owned(), true), "{path}");
        }
        assert_eq!(uri("/srv/a b.cfg", false), ("file:///srv/a%20b.cfg".to_owned(), false));
        assert_eq!(uri("C:\\cfg\\a b", true), ("file:///C:/cfg/a%20b".to_owned(), false));
        assert_eq!(uri("\\\\host\\cfg\\a", true), ("file://host/cfg/a".to_owned(), false));
        assert_eq!(uri("cfg\\a", true), ("cfg/a".to_owned(), true));
    }

    #[test]
    fn text_makes_no_links() {
        assert_eq!(without_links("list [A] is empty"), "list [A] is empty");
        assert_eq!(without_links("[here](https://192.0.2.1/)"), "\\[here](https://192.0.2.1/)");
        assert_eq!(linked("a[1]\\b:7"), "a\\[1\\]\\\\b:7");
    }
}
