//! One drawn message with source frames: a finding, or what is wrong with a settings file.
//!
//! The drawing is codespan's; what it draws from is an excerpt of the labelled lines.

use std::io;

use codespan_reporting::diagnostic::{Diagnostic, Severity as Grade};
use codespan_reporting::files::Error;
use codespan_reporting::term::{self, Config, termcolor::Buffer};
use edgelint_source::Files;
use edgelint_source::view::{Label, Severity};

use crate::excerpt::Excerpts;

/// A message with a severity, labelled places and remarks.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// How bad.
    pub severity: Severity,
    /// The rule's id, or none for what no rule said.
    pub code: Option<&'a str>,
    /// What is wrong, one sentence.
    pub message: &'a str,
    /// Places, the primary ones first.
    pub labels: &'a [Label],
    /// Remarks below the frames.
    pub notes: &'a [String],
}

/// Draws `notice`, in colour or plain, with an empty line behind it.
///
/// # Errors
/// Those of `out`.
pub fn write(
    notice: &Notice<'_>,
    files: &Files,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (excerpts, marks) = Excerpts::cut(files, notice.labels);
    let diagnostic = Diagnostic::new(grade(notice.severity))
        .with_code(notice.code.unwrap_or_default())
        .with_message(notice.message)
        .with_labels(marks)
        .with_notes(notice.notes.to_vec());
    let mut buffer = if color { Buffer::ansi() } else { Buffer::no_color() };
    let drawn = term::emit_to_write_style(&mut buffer, &Config::default(), &excerpts, &diagnostic);
    match drawn {
        Ok(()) => {
            let drawn = named(notice.severity, buffer.into_inner());
            drawn.split_inclusive(|&byte| byte == b'\n').try_for_each(|line| {
                // Pointers and empty source lines leave blanks behind.
                out.write_all(line.trim_ascii_end())?;
                out.write_all(b"\n")
            })
        }
        Err(Error::Io(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}

const fn grade(severity: Severity) -> Grade {
    match severity {
        Severity::Error => Grade::Error,
        Severity::Warning => Grade::Warning,
        Severity::Info => Grade::Note,
    }
}

/// codespan knows no severity `info`: it is drawn as a note, and its heading (the first word of
/// the drawing) is then called by our name.
fn named(severity: Severity, drawn: Vec<u8>) -> Vec<u8> {
    const THEIRS: &[u8] = b"note";
    let at = drawn.windows(THEIRS.len()).position(|word| word == THEIRS);
    match (severity, at) {
        (Severity::Info, Some(at)) => {
            let (before, rest) = drawn.split_at(at);
            let behind = rest.get(THEIRS.len()..).unwrap_or_default();
            [before, severity.name().as_bytes(), behind].concat()
        }
        _ => drawn,
    }
}
