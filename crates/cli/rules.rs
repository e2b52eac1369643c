//! `rules` and `explain`: what there is to find, offline.

use edgelint_report::rules::{write_json, write_list, write_markdown, write_text};
use edgelint_source::view::RulePage;

use crate::Code;
use crate::arguments::{Explain, PageFormat, Rules, TableFormat};
use crate::error::Failed;
use crate::select;
use crate::sinks::to_stdout;

/// Runs `rules`.
pub(crate) fn list(flags: &Rules) -> Result<Code, Failed> {
    let rules = edgelint_engine::rules();
    to_stdout(|out| match flags.format {
        TableFormat::Text => write_list(rules, out),
        TableFormat::Json => write_json(rules, out),
    })?;
    Ok(Code::Clean)
}

/// Runs `explain`.
pub(crate) fn explain(flags: &Explain) -> Result<Code, Failed> {
    let wanted = match &flags.rule {
        Some(name) => select::rule_of_flag(name)?,
        None => select::ids().collect(),
    };
    let rules: Vec<RulePage> =
        edgelint_engine::rules().iter().filter(|rule| wanted.contains(&rule.id)).cloned().collect();
    to_stdout(|out| match flags.format {
        PageFormat::Text => write_text(&rules, out),
        PageFormat::Markdown => write_markdown(&rules, out),
        PageFormat::Json => write_json(&rules, out),
    })?;
    Ok(Code::Clean)
}
