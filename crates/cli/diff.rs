//! `diff`: two states of an estate, and what became different between them.

use std::path::Path;

use edgelint_report::diff::{write_json, write_text};

use crate::Code;
use crate::arguments::{Diff, Input, TableFormat};
use crate::check::{run_of, tell};
use crate::error::{Failed, warn};
use crate::excludes::Excludes;
use crate::inputs::{Given, Inputs};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::sinks::to_stdout;
use crate::terminal::{Stream, colored};

/// Runs `diff`.
pub(crate) fn run(flags: &Diff) -> Result<Code, Failed> {
    let input = &flags.input;
    let [old, new] = input.paths.as_slice() else {
        return Err(Failed::Usage("diff compares two paths: OLD and NEW".into()));
    };
    if input.files_from.is_some() || input.stdin_filename.is_some() {
        return Err(Failed::Usage("diff reads the two paths that it is given".into()));
    }
    if [old, new].iter().any(|path| path.as_path() == Path::new("-")) {
        return Err(Failed::Usage("diff cannot read stdin".into()));
    }
    // Each state is read as `check` would read it, with the settings that lie there.
    let (before, after) = (side(input, old)?, side(input, new)?);
    let total = before.inputs.files.len() + after.inputs.files.len();
    let progress = Progress::new(total, !input.no_progress);
    let compared = edgelint_engine::diff(
        &run_of(&before.flags, &before.settings, &before.inputs, &progress),
        &run_of(&after.flags, &after.settings, &after.inputs, &progress),
        [&old.to_string_lossy(), &new.to_string_lossy()],
    )
    .map_err(Failed::Threads);
    progress.finish();
    let compared = compared?;
    let comparison = &compared.comparison;
    let color = colored(input.color, Stream::Out);
    to_stdout(|out| match flags.format {
        TableFormat::Text => write_text(comparison, color, out),
        TableFormat::Json => write_json(comparison, out),
    })?;
    for (path, _) in [old, new].iter().zip(comparison.n_devices).filter(|(_, count)| *count == 0) {
        warn(&format!("nothing in {} is a device configuration", path.display()));
    }
    if tell(&compared.failures) {
        return Ok(Code::Trouble);
    }
    let differs = flags.exit_code && !comparison.devices.is_empty();
    Ok(if differs { Code::Findings } else { Code::Clean })
}

/// One of the two states.
struct State {
    flags: Input,
    settings: Settings,
    inputs: Inputs,
}

fn side(input: &Input, path: &Path) -> Result<State, Failed> {
    let flags = Input { paths: vec![path.to_path_buf()], ..input.clone() };
    let given = Given::of(&flags)?;
    let settings = Settings::of(&flags, &given.common_directory())?;
    let excludes = Excludes::new(&flags.exclude, &settings.exclude, settings.root.as_deref())?;
    let inputs = given.gather(excludes, &[])?;
    Ok(State { flags, settings, inputs })
}
