//! `json`: one document with everything, for scripts.
//!
//! The shapes below are the documented ones, field by field and in that order; they borrow from the
//! report, so that an estate of ten thousand devices is written without a copy.

use std::io;

use edgelint_source::view::{Counts, FileEntry, Finding, Fix, Label, Plain, Report, Severity};
use edgelint_source::{Files, Position};
use serde::Serialize;

use crate::{SCHEMA_VERSION, Style, summary};

/// Writes the report; see the module.
pub(crate) fn write(
    report: &Report,
    _: &Files,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "edgelint", version: env!("CARGO_PKG_VERSION") },
        summary: Summary {
            files: report.files.len(),
            devices: report.devices(),
            bytes: report.bytes,
            error: report.count(Severity::Error),
            warning: report.count(Severity::Warning),
            info: report.count(Severity::Info),
            suppressed: report.suppressed,
            baselined: report.baselined,
        },
        statistics: style.statistics.then(|| statistics(report)),
        files: report.files.iter().map(file).collect(),
        findings: report.findings.iter().map(finding).collect(),
    };
    pretty(&document, out)
}

/// Writes a document over several lines, with a line end behind it.
pub(crate) fn pretty(document: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Vec<RuleStatistics>>,
    files: Vec<FileObject<'a>>,
    findings: Vec<FindingObject<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    devices: usize,
    bytes: u64,
    error: usize,
    warning: usize,
    info: usize,
    suppressed: u32,
    baselined: u32,
}

#[derive(Serialize)]
struct RuleStatistics {
    rule: &'static str,
    findings: usize,
    devices: usize,
}

fn statistics(report: &Report) -> Vec<RuleStatistics> {
    summary::statistics(report)
        .into_iter()
        .map(|count| RuleStatistics {
            rule: count.rule,
            findings: count.findings,
            devices: count.devices,
        })
        .collect()
}

#[derive(Serialize)]
struct FileObject<'a> {
    path: &'a str,
    device: Option<&'a str>,
    dialect: Option<&'static str>,
    status: &'static str,
    statements: CountsObject,
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct CountsObject {
    modelled: u32,
    inert: u32,
    unmodelled: u32,
    opaque: u32,
}

impl From<Counts> for CountsObject {
    fn from(counts: Counts) -> Self {
        let Counts { modelled, inert, unmodelled, opaque } = counts;
        Self { modelled, inert, unmodelled, opaque }
    }
}

fn file(entry: &FileEntry) -> FileObject<'_> {
    FileObject {
        path: entry.path.as_str(),
        device: entry.device.as_ref().map(Plain::as_str),
        dialect: entry.dialect,
        status: entry.status.name(),
        statements: entry.statements.into(),
        notes: texts(&entry.notes),
    }
}

#[derive(Serialize)]
struct FindingObject<'a> {
    rule: &'static str,
    severity: &'static str,
    confidence: &'static str,
    message: &'a str,
    notes: Vec<&'a str>,
    help: Option<&'a str>,
    url: &'a str,
    devices: Vec<&'a str>,
    circuits: Vec<&'a str>,
    prefixes: &'a [String],
    object: &'a str,
    labels: Vec<LabelObject<'a>>,
    #[serde(skip_serializing_if = "none")]
    more_labels: usize,
    fixes: Vec<FixObject<'a>>,
    fingerprint: &'a str,
}

fn finding(finding: &Finding) -> FindingObject<'_> {
    FindingObject {
        rule: finding.rule,
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        message: finding.message.as_str(),
        notes: texts(&finding.notes),
        help: finding.help.as_ref().map(Plain::as_str),
        url: &finding.url,
        devices: texts(&finding.devices),
        circuits: texts(&finding.circuits),
        prefixes: &finding.prefixes,
        object: finding.object.as_str(),
        labels: finding.labels.iter().map(label).collect(),
        more_labels: finding.more.len(),
        fixes: fixes(&finding.fixes),
        fingerprint: &finding.fingerprint,
    }
}

fn none(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct LabelObject<'a> {
    path: &'a str,
    device: Option<&'a str>,
    role: &'static str,
    message: &'a str,
    start: PositionObject,
    end: PositionObject,
}

#[derive(Serialize)]
struct PositionObject {
    line: u32,
    column: u32,
    offset: u32,
}

impl From<Position> for PositionObject {
    fn from(position: Position) -> Self {
        let Position { line, column, offset } = position;
        Self { line, column, offset }
    }
}

fn label(label: &Label) -> LabelObject<'_> {
    LabelObject {
        path: label.path.as_str(),
        device: label.device.as_ref().map(Plain::as_str),
        role: label.role.name(),
        message: label.message.as_str(),
        start: label.start.into(),
        end: label.end.into(),
    }
}

#[derive(Serialize)]
pub(crate) struct FixObject<'a> {
    device: &'a str,
    tier: &'static str,
    commands: Vec<&'a str>,
    rollback: Vec<&'a str>,
}

/// Remedies as they stand in every document.
pub(crate) fn fixes(fixes: &[Fix]) -> Vec<FixObject<'_>> {
    fixes.iter().map(fix).collect()
}

fn fix(fix: &Fix) -> FixObject<'_> {
    FixObject {
        device: fix.device.as_str(),
        tier: fix.tier,
        commands: texts(&fix.commands),
        rollback: texts(&fix.rollback),
    }
}

/// The texts of a list.
pub(crate) fn texts(texts: &[Plain]) -> Vec<&str> {
    texts.iter().map(Plain::as_str).collect()
}
