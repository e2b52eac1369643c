//! `trace`: one route clause by clause, or a device among peers that a file describes.

use edgelint_engine::trace::{Asked, Inquiry, Told};
use edgelint_report::inspect::{write_fields, write_items};
use edgelint_report::{Notice, notice};
use edgelint_source::Files;
use edgelint_source::view::Severity;

use crate::Code;
use crate::arguments::{TableFormat, Trace, Way};
use crate::check::{run_of, tell};
use crate::error::{Failed, say};
use crate::excludes::Excludes;
use crate::inputs::Given;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::sinks::to_stdout;
use crate::terminal::{Stream, colored};

/// Runs `trace`.
pub(crate) fn run(flags: &Trace) -> Result<Code, Failed> {
    let inquiry = inquiry(flags)?;
    let given = Given::of(&flags.input)?;
    let settings = Settings::of(&flags.input, &given.common_directory())?;
    let excludes =
        Excludes::new(&flags.input.exclude, &settings.exclude, settings.root.as_deref())?;
    let inputs = given.gather(excludes, &[])?;
    let progress = Progress::new(inputs.files.len(), !flags.input.no_progress);
    let run = run_of(&flags.input, &settings, &inputs, &progress);
    let traced = edgelint_engine::trace(&run, &inquiry).map_err(Failed::Threads);
    progress.finish();
    let traced = traced?;
    let trouble = tell(&traced.failures);
    if let Some(fields) = &traced.batch {
        to_stdout(|out| write_fields(fields, out))?;
    } else if traced.told.is_empty() {
        let missing = match &flags.neighbor {
            Some(neighbor) => format!("no device of the input has the neighbor {neighbor}"),
            None => "no device of the input speaks BGP".to_owned(),
        };
        say(std::io::stderr().lock(), "error", &missing);
        return Ok(Code::Trouble);
    } else {
        print(flags, &traced.told, &traced.files)?;
    }
    Ok(if trouble { Code::Trouble } else { Code::Clean })
}

fn print(flags: &Trace, told: &[Told], files: &Files) -> Result<(), Failed> {
    let color = colored(flags.input.color, Stream::Out);
    to_stdout(|out| match flags.format {
        TableFormat::Json => {
            let items: Vec<_> = told.iter().map(|one| one.fields.as_slice()).collect();
            write_items("trace", &items, out)
        }
        TableFormat::Text => told.iter().try_for_each(|one| {
            let notes: Vec<String> = one.notes.iter().map(ToString::to_string).collect();
            let notice = Notice {
                severity: Severity::Info,
                code: None,
                message: one.message.as_str(),
                labels: &one.labels,
                notes: &notes,
            };
            notice::write(&notice, files, color, out)
        }),
    })
}

/// What is asked, read from the flags or from the file that they name.
#[allow(clippy::disallowed_methods, reason = "the file of a batch is read here")]
fn inquiry(flags: &Trace) -> Result<Inquiry, Failed> {
    if let Some(path) = &flags.batch {
        let text = std::fs::read_to_string(path).map_err(|error| Failed::read(path, &error))?;
        let read = Inquiry::batch(&text);
        return read.map_err(|reason| Failed::Read { path: path.display().to_string(), reason });
    }
    let asked = Asked {
        neighbor: flags.neighbor.as_deref().unwrap_or_default(),
        vrf: flags.vrf.as_deref(),
        inward: flags.direction == Some(Way::In),
        prefix: flags.prefix.as_deref().unwrap_or_default(),
        communities: &flags.community,
        as_path: flags.as_path.as_deref().unwrap_or_default(),
        local_preference: flags.local_pref,
        med: flags.med,
    };
    Inquiry::route(&asked).map_err(Failed::Usage)
}
