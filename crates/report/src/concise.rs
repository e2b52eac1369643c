//! `concise`: one line a finding, as compilers print them and editors jump to them.

use std::io;

use edgelint_source::Files;
use edgelint_source::view::Report;

use crate::{Style, summary};

/// Writes the report; see the module.
pub(crate) fn write(
    report: &Report,
    _: &Files,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for finding in &report.findings {
        if let Some(label) = finding.labels.first() {
            write!(out, "{}:{}:{}: ", label.path, label.start.line, label.start.column)?;
        }
        writeln!(out, "{}[{}]: {}", finding.severity.name(), finding.rule, finding.message)?;
    }
    summary::write(report, style, out)
}
