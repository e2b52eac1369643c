//! `inspect`: what was understood, as a table.

use edgelint_report::inspect::{write_json, write_text};

use crate::Code;
use crate::arguments::{Inspect, TableFormat};
use crate::check::{run_of, tell};
use crate::error::Failed;
use crate::excludes::Excludes;
use crate::inputs::Given;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::sinks::to_stdout;

/// Runs `inspect`.
pub(crate) fn run(flags: Inspect) -> Result<Code, Failed> {
    let given = Given::of(&flags.input)?;
    let settings = Settings::of(&flags.input, &given.common_directory())?;
    let excludes =
        Excludes::new(&flags.input.exclude, &settings.exclude, settings.root.as_deref())?;
    let inputs = given.gather(excludes, &[])?;
    let progress = Progress::new(inputs.files.len(), !flags.input.no_progress);
    let run = run_of(&flags.input, &settings, &inputs, &progress);
    let inspected = edgelint_engine::inspect(&run, flags.kind).map_err(Failed::Threads);
    progress.finish();
    let inspected = inspected?;
    settings.tell_unmatched(&inspected.unmatched, flags.input.color);
    to_stdout(|out| match flags.format {
        TableFormat::Text => write_text(&inspected.table, out),
        TableFormat::Json => write_json(&inspected.table, out),
    })?;
    Ok(if tell(&inspected.failures) { Code::Trouble } else { Code::Clean })
}
