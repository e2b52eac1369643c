//! What can go wrong before or beside the analysis, each said in one line that names the thing.

use std::io::{self, Write};
use std::path::Path;

use edgelint_report::Notice;
use edgelint_source::Files;
use edgelint_source::view::{Label, Plain, Severity};

/// The job could not be done: exit code 2.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Flags that contradict each other or name what does not exist.
    Usage(String),
    /// There is nothing to analyse.
    NoInput(String),
    /// A file could not be read that says what to do: settings, a list of files.
    Read {
        /// The file.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// Output could not be written.
    Write {
        /// The file, or `stdout`.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// The settings file is wrong: drawn with its lines.
    Settings(Box<SettingsError>),
    /// No threads could be started.
    Threads(String),
}

/// What is wrong with a settings file, and where.
#[derive(Debug)]
pub(crate) struct SettingsError {
    /// The settings file, as the only file.
    pub(crate) files: Files,
    /// One sentence.
    pub(crate) message: String,
    /// The place.
    pub(crate) label: Label,
    /// A suggestion.
    pub(crate) notes: Vec<String>,
}

impl Failed {
    /// A file that could not be read.
    pub(crate) fn read(path: &Path, error: &io::Error) -> Self {
        Self::Read { path: path.display().to_string(), reason: error.to_string() }
    }

    /// A file that could not be written.
    pub(crate) fn write(path: &Path, error: &io::Error) -> Self {
        Self::Write { path: path.display().to_string(), reason: error.to_string() }
    }

    /// Says it on stderr.
    pub(crate) fn say(&self, color: bool) {
        let mut stderr = io::stderr().lock();
        match self {
            Self::Settings(error) => {
                let notice = Notice {
                    severity: Severity::Error,
                    code: None,
                    message: &Plain::new(&error.message).to_string(),
                    labels: std::slice::from_ref(&error.label),
                    notes: &error.notes,
                };
                // Nobody is left to hear that stderr is closed.
                let _ = edgelint_report::notice::write(&notice, &error.files, color, &mut stderr);
            }
            Self::Usage(text) | Self::NoInput(text) => say(stderr, "error", text),
            Self::Read { path, reason } => {
                say(stderr, "error", &format!("cannot read {path}: {reason}"));
            }
            Self::Write { path, reason } => {
                say(stderr, "error", &format!("cannot write {path}: {reason}"));
            }
            Self::Threads(reason) => {
                say(stderr, "error", &format!("cannot start threads: {reason}"));
            }
        }
    }
}

/// A line on stderr, cleaned: paths and names come from whoever could create a file.
pub(crate) fn say(mut stderr: impl Write, kind: &str, text: &str) {
    // Nobody is left to hear that stderr is closed.
    let _ = writeln!(stderr, "edgelint: {kind}: {}", Plain::new(text));
}

/// Something the user should know that changes no exit code.
pub(crate) fn warn(text: &str) {
    say(io::stderr().lock(), "warning", text);
}
