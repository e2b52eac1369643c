//! Where output goes: stdout once, and any number of files.
//!
//! A file is written beside its name and then moved there: whoever waits for a report never
//! sees half of one. What stands at the name and is no file (`/dev/null`, a pipe) is written to
//! directly, because moving a file there would replace it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use edgelint_report::Format;

use crate::error::Failed;
use crate::suggest;

/// One `-o FORMAT[=PATH]`.
#[derive(Clone, Debug)]
pub(crate) struct Sink {
    /// The format.
    pub(crate) format: &'static Format,
    /// The file, or stdout.
    pub(crate) path: Option<PathBuf>,
}

impl Sink {
    /// Reads `FORMAT` or `FORMAT=PATH`; the path `-` is stdout.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("no path behind `=`".into()),
            Some((name, "-")) => (name, None),
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let names = || edgelint_report::FORMATS.iter().map(|format| format.name);
        let format = edgelint_report::format(name).ok_or_else(|| {
            let known = names().collect::<Vec<_>>().join(", ");
            format!("no format `{name}`{} (formats: {known})", suggest::hint(name, names()))
        })?;
        Ok(Self { format, path })
    }
}

/// The sinks to use: what was asked for, or `full` on stdout.
pub(crate) fn checked(sinks: Vec<Sink>) -> Result<Vec<Sink>, Failed> {
    if sinks.is_empty() {
        let format = &edgelint_report::FORMATS[0];
        return Ok(vec![Sink { format, path: None }]);
    }
    for (index, sink) in sinks.iter().enumerate() {
        if sinks.iter().skip(index + 1).any(|other| other.path == sink.path) {
            let place =
                sink.path.as_ref().map_or("stdout".into(), |path| path.display().to_string());
            return Err(Failed::Usage(format!(
                "two outputs go to {place}: give one of them a path"
            )));
        }
    }
    Ok(sinks)
}

/// Something that writes a whole document.
type Document<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// Writes to a file or to stdout.
pub(crate) fn deliver(path: Option<&Path>, document: Document<'_>) -> Result<(), Failed> {
    match path {
        None => to_stdout(document),
        Some(path) => to_file(path, document).map_err(|error| Failed::write(path, &error)),
    }
}

/// Writes to stdout. A reader that went away has seen enough: that is no failure.
pub(crate) fn to_stdout(
    document: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failed> {
    let mut out = BufWriter::new(io::stdout().lock());
    match document(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failed::Write { path: "stdout".into(), reason: error.to_string() })
        }
        _ => Ok(()),
    }
}

fn to_file(path: &Path, document: Document<'_>) -> io::Result<()> {
    // Through a symbolic link, so that the link stays one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if fs::metadata(&target).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return write_through(File::options().write(true).open(&target)?, document);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let beside = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = File::create(&beside)
        .and_then(|file| write_through(file, document))
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_through(file: File, document: Document<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    document(&mut out)?;
    out.flush()
}
