//! The rules themselves: the list of `rules` and the pages of `explain`.
//!
//! Pages are Markdown as their authors wrote it. A terminal gets them with the marks of headings
//! and code taken off; Markdown and JSON get them whole.

use std::io;

use edgelint_source::view::RulePage;
use serde::Serialize;

use crate::SCHEMA_VERSION;
use crate::inspect::grid::Grid;
use crate::json::pretty;

/// Writes the list of rules for people, a line a rule.
///
/// # Errors
/// Those of `out`.
pub fn write_list(rules: &[RulePage], out: &mut dyn io::Write) -> io::Result<()> {
    let mut grid = Grid::new(&["rule", "severity", "scope", "dialects", "since"]);
    for rule in rules {
        let cells = [rule.id, rule.severity.name(), rule.scope, DIALECTS, rule.since];
        grid.push(cells.into_iter().map(ToOwned::to_owned).collect());
    }
    grid.write(0, out)
}

/// Writes pages for a terminal, one below the other.
///
/// # Errors
/// Those of `out`.
pub fn write_text(rules: &[RulePage], out: &mut dyn io::Write) -> io::Result<()> {
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n{}\n", "-".repeat(60))?;
        }
        writeln!(out, "{}", rule.id)?;
        writeln!(out, "{} · {} · since {}\n", rule.severity.name(), rule.scope, rule.since)?;
        let mut fenced = false;
        for line in body(rule) {
            if line.starts_with("```") {
                fenced = !fenced;
            } else if fenced {
                writeln!(out, "    {line}")?;
            } else if line.starts_with('#') {
                writeln!(out, "{}", line.trim_start_matches('#').trim().to_uppercase())?;
            } else {
                writeln!(out, "{}", line.replace('`', ""))?;
            }
        }
    }
    Ok(())
}

/// Writes pages as Markdown, each under a heading of its own.
///
/// # Errors
/// Those of `out`.
pub fn write_markdown(rules: &[RulePage], out: &mut dyn io::Write) -> io::Result<()> {
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "# {}\n", rule.id)?;
        let (severity, scope, since) = (rule.severity.name(), rule.scope, rule.since);
        writeln!(out, "Severity: {severity}. Scope: {scope}. Since: {since}.\n")?;
        for line in body(rule) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Writes pages as one JSON object: `schema_version` and `rules`.
///
/// # Errors
/// Those of `out`.
pub fn write_json(rules: &[RulePage], out: &mut dyn io::Write) -> io::Result<()> {
    let rules = rules.iter().map(object).collect();
    pretty(&Document { schema_version: SCHEMA_VERSION, rules }, out)
}

/// Rules cannot name a dialect: they all speak about every one of them.
const DIALECTS: &str = "all";

#[derive(Serialize)]
struct Document {
    schema_version: u32,
    rules: Vec<RuleObject>,
}

#[derive(Serialize)]
struct RuleObject {
    rule: &'static str,
    severity: &'static str,
    scope: &'static str,
    dialects: &'static str,
    since: &'static str,
    summary: String,
    page: String,
}

fn object(rule: &RulePage) -> RuleObject {
    RuleObject {
        rule: rule.id,
        severity: rule.severity.name(),
        scope: rule.scope,
        dialects: DIALECTS,
        since: rule.since,
        summary: rule.summary.clone(),
        page: page(rule),
    }
}

/// The whole page, Markdown.
pub(crate) fn page(rule: &RulePage) -> String {
    body(rule).collect::<Vec<_>>().join("\n")
}

/// The first paragraph below the first heading: what the rule reports.
pub(crate) fn first_paragraph(rule: &RulePage) -> String {
    let text = body(rule).skip_while(|line| line.is_empty() || line.starts_with('#'));
    text.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The lines of a page. Doc comments put a blank before every line.
fn body(rule: &RulePage) -> impl Iterator<Item = &'static str> {
    rule.page.trim_end().lines().map(|line| line.strip_prefix(' ').unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use edgelint_source::view::{RulePage, Severity};

    const RULE: RulePage = RulePage {
        id: "some-rule",
        severity: Severity::Warning,
        scope: "device",
        since: "0.1.0",
        summary: String::new(),
        page: " ## What it does\n Reports `it`.\n\n ```text\n router bgp 64500\n  neighbor\n ```\n",
    };

    #[test]
    fn a_terminal_sees_no_marks() {
        let mut out = Vec::new();
        super::write_text(&[RULE], &mut out).unwrap();
        let expected = "some-rule\nwarning · device · since 0.1.0\n\n\
            WHAT IT DOES\nReports it.\n\n    router bgp 64500\n     neighbor\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn markdown_keeps_them() {
        let mut out = Vec::new();
        super::write_markdown(&[RULE, RULE], &mut out).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert_eq!(page.matches("# some-rule\n\nSeverity: warning.").count(), 2);
        assert!(page.contains("```text\nrouter bgp 64500\n neighbor\n```\n"), "{page}");
    }
}
