//! `check`: lint, report, and say by the exit code how it went.

use edgelint_engine::{Failure, Run};
use edgelint_report::Style;
use edgelint_source::view::Report;

use crate::Code;
use crate::arguments::{Check, FailOn};
use crate::error::{Failed, say, warn};
use crate::excludes::Excludes;
use crate::inputs::{Given, Inputs};
use crate::progress::Progress;
use crate::select;
use crate::settings::Settings;
use crate::sinks::{self, Sink};
use crate::terminal::{Stream, colored};

/// Runs `check`.
pub(crate) fn run(mut flags: Check) -> Result<Code, Failed> {
    let sinks = sinks::checked(std::mem::take(&mut flags.output))?;
    let given = Given::of(&flags.input)?;
    let settings = Settings::of(&flags.input, &given.common_directory())?;
    let mut selection = select::selection(&flags, &settings)?;
    let excludes =
        Excludes::new(&flags.input.exclude, &settings.exclude, settings.root.as_deref())?;
    let own: Vec<_> = sinks.iter().filter_map(|sink| sink.path.clone()).collect();
    let inputs = given.gather(excludes, &own)?;
    if !flags.report_only.is_empty() {
        let (paths, unknown) = inputs.among(&flags.report_only);
        for path in unknown {
            warn(&format!("{} is none of the inputs: nothing to report there", path.display()));
        }
        selection.report_only = Some(paths.into_iter().collect());
    }
    selection.overrides = select::overrides(&flags, &settings, &inputs)?;
    let progress = Progress::new(inputs.files.len(), !flags.input.no_progress);
    let run = run_of(&flags.input, &settings, &inputs, &progress);
    let checked = edgelint_engine::check(&run, &selection).map_err(Failed::Threads);
    progress.finish();
    let mut checked = checked?;
    let trouble = tell(&checked.report.failures);
    let threshold = flags.fail_on.or(settings.fail_on).unwrap_or(FailOn::Warning);
    let code = if trouble { Code::Trouble } else { code(&checked.report, threshold) };
    checked.report.exit_code = code as u8;
    settings.tell_unmatched(&checked.unmatched, flags.input.color);
    for sink in &sinks {
        let style = style(sink, &flags);
        let document = &mut |out: &mut dyn std::io::Write| {
            (sink.format.write)(&checked.report, &checked.files, style, out)
        };
        sinks::deliver(sink.path.as_deref(), document)?;
    }
    if checked.report.devices() == 0 && !trouble {
        warn("none of the inputs is a device configuration");
    }
    Ok(code)
}

/// The run that the flags ask for.
pub(crate) fn run_of<'r>(
    flags: &crate::arguments::Input,
    settings: &Settings,
    inputs: &'r Inputs,
    progress: &'r Progress,
) -> Run<'r, impl Fn(usize) -> Result<Vec<u8>, String> + Sync, impl Fn() + Sync> {
    Run {
        inputs: &inputs.files,
        read: |index| inputs.read(index),
        progress: || progress.advance(),
        dialect: flags.dialect,
        threads: flags.threads,
        description: settings.description(inputs),
    }
}

/// Files are never coloured.
fn style(sink: &Sink, flags: &Check) -> Style {
    let color = sink.path.is_none() && colored(flags.input.color, Stream::Out);
    Style { color, statistics: flags.statistics }
}

fn code(report: &Report, threshold: FailOn) -> Code {
    let bad = |least| report.findings.iter().any(|finding| finding.severity >= least);
    if threshold.threshold().is_some_and(bad) { Code::Findings } else { Code::Clean }
}

/// Says what went wrong; whether anything did.
pub(crate) fn tell(failures: &[Failure]) -> bool {
    for failure in failures {
        say(std::io::stderr().lock(), failure.kind(), failure.message().as_str());
    }
    !failures.is_empty()
}
