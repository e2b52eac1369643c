//! `full`: for people. Every finding with the lines of all files that cause it, then one line of
//! counts.

use std::io;

use edgelint_source::Files;
use edgelint_source::view::{Confidence, Finding, Fix, Report};

use crate::notice::{self, Notice};
use crate::{Style, summary};

/// Writes the report; see the module.
pub(crate) fn write(
    report: &Report,
    files: &Files,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for finding in &report.findings {
        let notes = remarks(finding);
        let notice = Notice {
            severity: finding.severity,
            code: Some(finding.rule),
            message: finding.message.as_str(),
            labels: &finding.labels,
            notes: &notes,
        };
        notice::write(&notice, files, style.color, out)?;
    }
    summary::write(report, style, out)
}

/// What stands below the frames: how sure it is (if it is not certain), facts, the remedy.
fn remarks(finding: &Finding) -> Vec<String> {
    let unsure = match finding.confidence {
        Confidence::Certain => None,
        Confidence::Likely | Confidence::Possible => {
            Some(format!("confidence: {}", finding.confidence.name()))
        }
    };
    let notes = finding.notes.iter().map(|note| format!("note: {note}"));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    unsure.into_iter().chain(notes).chain(help).chain(finding.fixes.iter().map(fix)).collect()
}

/// A remedy as it is typed.
fn fix(fix: &Fix) -> String {
    let mut text = format!("fix ({}), to be typed on {}:", fix.tier, fix.device);
    for command in &fix.commands {
        text.push_str("\n  ");
        text.push_str(command.as_str());
    }
    text
}
