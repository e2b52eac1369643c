//! The command `edgelint`: arguments, files, settings, exit codes.
//!
//! Only this program touches the file system, the environment, the clock and the terminal; all it
//! reads goes to `edgelint_engine`, all it prints comes from `edgelint_report`.
//!
//! # Invariants
//! - The exit code is 0 (all analysed, nothing bad enough), 1 (findings) or 2 (could not do the job),
//!   whatever the verb and the format.
//! - Nothing from a configuration is printed except through the report's formats; what is said on
//!   stderr was cleaned before.

use std::io;
use std::panic;
use std::process::ExitCode;

use crate::arguments::{Arguments, Verb};
use crate::error::{Failed, say};

mod arguments;
mod check;
mod config;
mod diff;
mod error;
mod excludes;
mod init;
mod inputs;
mod inspect;
mod progress;
mod rules;
mod select;
mod settings;
mod sinks;
mod suggest;
mod terminal;
mod trace;

/// Devices are made of many small values, on all cores at once: the system's allocator takes a third of
/// the time of a check.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    let code = panic::catch_unwind(run).unwrap_or(Code::Trouble);
    ExitCode::from(code as u8)
}

/// What the program says to whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    /// Everything was analysed; nothing at or above the threshold.
    Clean = 0,
    /// Findings at or above the threshold.
    Findings = 1,
    /// The job could not be done.
    Trouble = 2,
}

fn run() -> Code {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way, too. A closed pipe is nobody's fault.
            let _ = error.print();
            return if error.use_stderr() { Code::Trouble } else { Code::Clean };
        }
    };
    let color = arguments.color();
    let outcome = match arguments.verb {
        None => check::run(arguments.check),
        Some(Verb::Check(check)) => check::run(check),
        Some(Verb::Inspect(inspect)) => inspect::run(inspect),
        Some(Verb::Trace(flags)) => trace::run(&flags),
        Some(Verb::Diff(flags)) => diff::run(&flags),
        Some(Verb::Explain(explain)) => rules::explain(&explain),
        Some(Verb::Rules(list)) => rules::list(&list),
        Some(Verb::Init(flags)) => init::run(&flags),
        Some(Verb::Config(flags)) => config::run(&flags.verb),
        Some(Verb::Version) => version(),
    };
    outcome.unwrap_or_else(|failed| {
        failed.say(color);
        Code::Trouble
    })
}

fn version() -> Result<Code, Failed> {
    let text = concat!("edgelint ", env!("CARGO_PKG_VERSION"), "\n");
    sinks::to_stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(Code::Clean)
}

/// The message of a panic may quote the text that caused it, so only the place in our own
/// source is told.
fn report_panic(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |location| {
        let file = location.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!(" at {file}:{}", location.line())
    });
    say(io::stderr().lock(), "internal error", &format!("this is a bug in edgelint{place}"));
}
