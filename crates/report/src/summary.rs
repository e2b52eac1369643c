//! The last lines for people: how many findings of which severity in how many devices, and the
//! counts by rule that `--statistics` asks for.

use std::collections::BTreeMap;
use std::io;

use edgelint_source::view::{Plain, Report, Severity};

use crate::Style;

/// Writes the summary of `report`.
pub(crate) fn write(report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    if style.statistics {
        for count in statistics(report) {
            let devices = counted(count.devices, "device");
            writeln!(out, "{:>5}  {} ({devices})", count.findings, count.rule)?;
        }
    }
    writeln!(out, "{}", line(report))
}

/// How often a rule spoke.
pub(crate) struct RuleCount {
    /// The rule's id.
    pub(crate) rule: &'static str,
    /// Findings.
    pub(crate) findings: usize,
    /// Devices in these findings, each counted once.
    pub(crate) devices: usize,
}

/// The rules that spoke, the most frequent first, then by name.
pub(crate) fn statistics(report: &Report) -> Vec<RuleCount> {
    let mut by_rule: BTreeMap<&'static str, (usize, Vec<&Plain>)> = BTreeMap::new();
    for finding in &report.findings {
        let (findings, devices) = by_rule.entry(finding.rule).or_default();
        *findings += 1;
        devices.extend(&finding.devices);
    }
    let mut counts: Vec<RuleCount> = by_rule
        .into_iter()
        .map(|(rule, (findings, mut devices))| {
            devices.sort_unstable();
            devices.dedup();
            RuleCount { rule, findings, devices: devices.len() }
        })
        .collect();
    counts.sort_by(|one, other| other.findings.cmp(&one.findings).then(one.rule.cmp(other.rule)));
    counts
}

/// For instance `3 findings (1 error, 2 warnings) in 9 devices, 1 suppressed`.
fn line(report: &Report) -> String {
    let devices = counted(report.devices(), "device");
    let mut line = if report.findings.is_empty() {
        format!("no findings in {devices}")
    } else {
        let grades = [Severity::Error, Severity::Warning, Severity::Info]
            .into_iter()
            .map(|severity| (severity, report.count(severity)))
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| match severity {
                Severity::Info => format!("{count} info"),
                Severity::Error | Severity::Warning => counted(count, severity.name()),
            })
            .collect::<Vec<_>>();
        let findings = counted(report.findings.len(), "finding");
        format!("{findings} ({}) in {devices}", grades.join(", "))
    };
    for (count, name) in [(report.suppressed, "suppressed"), (report.baselined, "in the baseline")]
    {
        if count > 0 {
            line.push_str(&format!(", {count} {name}"));
        }
    }
    line
}

/// `1 device`, `2 devices`.
pub(crate) fn counted(count: usize, name: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {name}{plural}")
}
