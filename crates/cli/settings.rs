//! `edgelint.toml`: found, read, checked.
//!
//! The file holds for the whole run, because rules compare devices with each other: it is looked
//! for from the inputs' common directory upward, and the nearest one counts. A key or a name that
//! does not exist is an error drawn on the file: a slip that silently changes nothing is the
//! worst answer a linter can give.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use edgelint_source::printable::Masks;
use edgelint_source::view::{Label, Plain, Role};
use edgelint_source::{FileId, Files, SourceText, Span};
use serde::Deserialize;
use toml::Spanned;

use crate::arguments::{FailOn, Input, Level, Sureness};
use crate::error::{Failed, SettingsError};
use crate::select;
use crate::suggest;

/// The name of the file.
pub(crate) const NAME: &str = "edgelint.toml";

/// What a settings file says; nothing where there is none.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The directory it lies in, resolved.
    pub(crate) root: Option<PathBuf>,
    /// Rules to run.
    pub(crate) select: Option<Vec<&'static str>>,
    /// Rules not to run.
    pub(crate) ignore: Vec<&'static str>,
    /// Severities by rule.
    pub(crate) severity: BTreeMap<&'static str, Level>,
    /// The threshold of the exit code.
    pub(crate) fail_on: Option<FailOn>,
    /// How sure findings have to be.
    pub(crate) min_confidence: Option<Sureness>,
    /// Paths to leave out.
    pub(crate) exclude: Vec<String>,
}

impl Settings {
    /// The settings of a run: those that were named, or the nearest ones above `start`.
    pub(crate) fn of(input: &Input, start: &Path) -> Result<Self, Failed> {
        let found = match &input.config {
            _ if input.isolated => None,
            Some(path) => Some(path.clone()),
            None => nearest(start),
        };
        found.map_or_else(|| Ok(Self::default()), |path| read(&path))
    }
}

/// The settings file in `start` or the nearest directory above it.
pub(crate) fn nearest(start: &Path) -> Option<PathBuf> {
    start.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Document {
    rules: Rules,
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
    fail_on: Option<Spanned<String>>,
    min_confidence: Option<Spanned<String>>,
    exclude: Vec<Spanned<String>>,
}

/// The table `[rules]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rules {
    select: Option<Vec<Spanned<String>>>,
    ignore: Vec<Spanned<String>>,
}

fn read(path: &Path) -> Result<Settings, Failed> {
    #[expect(clippy::disallowed_methods, reason = "the command line reads the settings")]
    let text = fs::read_to_string(path).map_err(|error| Failed::read(path, &error))?;
    let file = SettingsFile { path: shown(path), text };
    let document: Document =
        toml::from_str(&file.text).map_err(|error| file.syntax_error(&error))?;
    let mut settings = file.settings(document)?;
    let full = fs::canonicalize(path).map_err(|error| Failed::read(path, &error))?;
    settings.root = full.parent().map(Path::to_path_buf);
    Ok(settings)
}

/// The path as seen from the current directory, if it lies below it.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok().and_then(|here| fs::canonicalize(here).ok());
    let below = here.and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}

struct SettingsFile {
    path: String,
    text: String,
}

impl SettingsFile {
    fn settings(&self, document: Document) -> Result<Settings, Failed> {
        let Document { rules, severity, fail_on, min_confidence, exclude } = document;
        let mut levels = BTreeMap::new();
        for (rule, level) in &severity {
            let level = self.choice::<Level>(level, "severity")?;
            for id in self.rule(rule)? {
                levels.insert(id, level);
            }
        }
        Ok(Settings {
            root: None,
            select: rules.select.map(|names| self.rules(&names)).transpose()?,
            ignore: self.rules(&rules.ignore)?,
            severity: levels,
            fail_on: fail_on.map(|name| self.choice(&name, "severity")).transpose()?,
            min_confidence: min_confidence
                .map(|name| self.choice(&name, "confidence"))
                .transpose()?,
            exclude: exclude.into_iter().map(Spanned::into_inner).collect(),
        })
    }

    fn rules(&self, names: &[Spanned<String>]) -> Result<Vec<&'static str>, Failed> {
        let found: Vec<Vec<_>> =
            names.iter().map(|name| self.rule(name)).collect::<Result<_, _>>()?;
        Ok(found.concat())
    }

    fn rule(&self, name: &Spanned<String>) -> Result<Vec<&'static str>, Failed> {
        let text = name.get_ref();
        select::rules_named(text).ok_or_else(|| {
            let near = suggest::nearest(text, select::ids());
            self.error(format!("no rule `{text}`"), name.span(), near)
        })
    }

    fn choice<T: ValueEnum>(&self, name: &Spanned<String>, what: &str) -> Result<T, Failed> {
        let text = name.get_ref();
        T::from_str(text, false).map_err(|_| {
            let values: Vec<_> =
                T::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
            let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
            let message = format!("no {what} `{text}`: it is one of {}", names.join(", "));
            self.error(message, name.span(), suggest::nearest(text, names))
        })
    }

    /// The parser's message, and for an unknown key the one that was probably meant: the parser
    /// quotes the unknown key first and then those it knows.
    fn syntax_error(&self, error: &toml::de::Error) -> Failed {
        let message = error.message().trim_end();
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let near = match quoted.split_first() {
            Some((name, known)) if message.starts_with("unknown field") => {
                suggest::nearest(name, known.iter().copied())
            }
            _ => None,
        };
        self.error(message.to_owned(), error.span().unwrap_or(0..0), near)
    }

    fn error(&self, message: String, range: Range<usize>, near: Option<&str>) -> Failed {
        let source = SourceText::new(self.path.clone(), self.text.clone());
        source.set_masks(Masks::default());
        let files = Files::new(vec![source]);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(FileId(0), offset(range.start), offset(range.end));
        let place = |offset: u32| {
            let start = edgelint_source::Position { line: 1, column: 1, offset: 0 };
            files.file(FileId(0)).map_or(start, |file| file.position(offset))
        };
        let label = Label {
            span,
            path: Plain::new(&self.path),
            device: None,
            role: Role::Primary,
            message: Plain::new("here"),
            start: place(span.start),
            end: place(span.end),
        };
        let notes = near.map(|near| format!("help: did you mean `{near}`?"));
        Failed::Settings(Box::new(SettingsError {
            files,
            message,
            label,
            notes: notes.into_iter().collect(),
        }))
    }
}
