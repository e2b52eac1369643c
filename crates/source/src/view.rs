//! What is printed, as plain values: findings, the files they are about, tables of `inspect`.
//!
//! The engine makes these out of facts and the renderers write them out; neither knows the
//! other. All text is [`Plain`]: cleaned when it was made, so no renderer can forget it.

pub mod diff;

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use crate::files::Position;
use crate::printable;
use crate::span::Span;

/// Text that is safe to print: no control characters, no bidi controls, no build-log commands. Copies share it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plain(Arc<str>);

impl Plain {
    /// Cleans `text` (see [`printable::clean`]).
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(printable::clean(text.as_ref()).into())
    }

    /// The cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Plain {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: AsRef<str>> From<T> for Plain {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// How bad a finding is. Ordered: the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Likely to hurt, or needs a decision.
    Warning,
    /// Breaks traffic, or will at the next event.
    Error,
}

impl Severity {
    /// The name in settings and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// One step milder; info stays info.
    #[must_use]
    pub const fn lowered(self) -> Self {
        match self {
            Self::Error => Self::Warning,
            Self::Warning | Self::Info => Self::Info,
        }
    }
}

/// How sure a finding is. Ordered: the surest is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Needs something that the export does not show.
    Possible,
    /// Follows unless something unusual is at work.
    Likely,
    /// Follows from the text.
    Certain,
}

impl Confidence {
    /// The name in settings and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Whether a label shows the fault itself or what makes it one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The statement that causes the finding.
    Primary,
    /// A statement that explains it.
    Context,
}

impl Role {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Context => "context",
        }
    }
}

/// A labelled place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place, for whoever draws the source line.
    pub span: Span,
    /// The file's path.
    pub path: Plain,
    /// Identity of the device, if the file is one.
    pub device: Option<Plain>,
    /// Fault or explanation.
    pub role: Role,
    /// What is to be seen there.
    pub message: Plain,
    /// First character.
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

/// A remedy for one device, as commands to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The device to type them on.
    pub device: Plain,
    /// `safe`, `disruptive` or `manual`.
    pub tier: &'static str,
    /// The commands.
    pub commands: Vec<Plain>,
    /// Commands that undo them.
    pub rollback: Vec<Plain>,
}

/// One finding, ready to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// After settings had their say.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// One sentence: what is wrong.
    pub message: Plain,
    /// Facts that help to judge it.
    pub notes: Vec<Plain>,
    /// What to do about it.
    pub help: Option<Plain>,
    /// The rule's page.
    pub url: Arc<str>,
    /// Identities of the devices involved, sorted, unique.
    pub devices: Vec<Plain>,
    /// Names of the circuits involved, sorted, unique.
    pub circuits: Vec<Plain>,
    /// The witnesses: prefixes or address ranges, sorted, unique.
    pub prefixes: Vec<String>,
    /// A symbolic path of what it is about, stable when lines move.
    pub object: Plain,
    /// Places, the primary ones first.
    pub labels: Vec<Label>,
    /// Further places, too many to be shown.
    pub more: Vec<Span>,
    /// Remedies that can be written down.
    pub fixes: Vec<Fix>,
    /// 32 hex digits that stay when lines move.
    pub fingerprint: String,
}

/// How many statements of a file were understood, and how well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Understood and part of the model.
    pub modelled: u32,
    /// Known, and of no consequence for what edgelint decides.
    pub inert: u32,
    /// Known head, but not (wholly) understood.
    pub unmodelled: u32,
    /// Unknown.
    pub opaque: u32,
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Read; nothing that could change a verdict was left over.
    Ok,
    /// Read; some statements that could change a verdict were not understood.
    Partial,
    /// No dialect could be told.
    Unrecognised,
    /// Nothing in it.
    Empty,
    /// Not text.
    Binary,
    /// Could not be read.
    Unreadable,
}

impl Status {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Unrecognised => "unrecognised",
            Self::Empty => "empty",
            Self::Binary => "binary",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One device (or one input that is none) of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Path as given.
    pub path: Plain,
    /// Identity of the device, where there is one.
    pub device: Option<Plain>,
    /// Name of the dialect, where it could be told.
    pub dialect: Option<&'static str>,
    /// What became of it.
    pub status: Status,
    /// How much was understood.
    pub statements: Counts,
    /// Remarks, for instance that the encoding was guessed.
    pub notes: Vec<Plain>,
}

/// Something went wrong; the rest went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An input that the user named could not be read.
    Unreadable {
        /// Its path.
        path: String,
        /// Why.
        reason: String,
    },
    /// A bug: reading this input did not end as it should.
    Reading {
        /// Its path.
        path: String,
    },
    /// A bug: comparing this device with what it was did not end as it should.
    Comparing {
        /// Its name.
        device: String,
    },
    /// A bug: this rule did not end as it should.
    Rule {
        /// Its id.
        id: &'static str,
    },
}

impl Failure {
    /// Whether it is the user's world that is at fault (`error`) or edgelint (`internal error`).
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "error",
            Self::Reading { .. } | Self::Comparing { .. } | Self::Rule { .. } => "internal error",
        }
    }

    /// What went wrong, one sentence.
    pub fn message(&self) -> Plain {
        Plain::new(match self {
            Self::Unreadable { path, reason } => format!("cannot read {path}: {reason}"),
            Self::Reading { path } => format!("{path} was left out, the rest was analysed"),
            Self::Comparing { device } => {
                format!("{device} was not compared, the others were")
            }
            Self::Rule { id } => format!("rule {id} gave up, the others went on"),
        })
    }

    /// The input that it is about.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Unreadable { path, .. } | Self::Reading { path } => Some(path),
            Self::Comparing { .. } | Self::Rule { .. } => None,
        }
    }
}

/// A rule that looked at the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveRule {
    /// Its page.
    pub page: &'static RulePage,
    /// The severity that settings give all its findings, where they do.
    pub severity: Option<Severity>,
}

/// Everything `check` prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the program says to whoever started it; known when the findings are.
    pub exit_code: u8,
    /// The rules that looked, sorted by id.
    pub rules: Vec<ActiveRule>,
    /// What could not be done, in the order of inputs and rules.
    pub failures: Vec<Failure>,
    /// Bytes read.
    pub bytes: u64,
    /// Findings that an ignore entry silenced.
    pub suppressed: u32,
    /// Findings that the baseline knows.
    pub baselined: u32,
    /// One entry a device or input, sorted by path.
    pub files: Vec<FileEntry>,
    /// Sorted by path, line, rule.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Number of findings of that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Number of inputs that are devices.
    pub fn devices(&self) -> usize {
        self.files.iter().filter(|file| file.device.is_some()).count()
    }
}

/// A rule as `rules` lists it and `explain` shows it: our own words, nothing from a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePage {
    /// Its id.
    pub id: &'static str,
    /// The worst severity its findings have, before settings.
    pub severity: Severity,
    /// How far it looks.
    pub scope: &'static str,
    /// The release it came with.
    pub since: &'static str,
    /// One sentence: what it reports.
    pub summary: String,
    /// The whole page, Markdown.
    pub page: &'static str,
}

impl RulePage {
    /// Where the page of a rule is found, as a URI. The pages are in the binary and on no server, so
    /// it is a name and not an address: `edgelint explain` shows what it names.
    pub fn url(id: &str) -> String {
        format!("urn:edgelint:rule:{id}")
    }
}

/// A value of an `inspect` table: what JSON can say, in the order in which it was put.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Unknown or absent.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Number(u64),
    /// Text, cleaned.
    Text(Plain),
    /// Several values.
    List(Vec<Self>),
    /// Named values, in order.
    Map(Vec<(&'static str, Self)>),
    /// Values by names that come from the input, in order.
    Entries(Vec<(Plain, Self)>),
}

impl Value {
    /// Text, cleaned.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Plain::new(text))
    }

    /// Text, or null where there is none.
    pub fn optional(text: Option<impl AsRef<str>>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// A list of texts.
    pub fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(u64::from(value))
    }
}

impl From<Option<u32>> for Value {
    fn from(value: Option<u32>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// What `inspect KIND` prints: items, each a list of named values. Every item holds `device`,
/// `path` and `line`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The kind that was asked for.
    pub kind: &'static str,
    /// The items, sorted by path and line.
    pub items: Vec<Vec<(&'static str, Value)>>,
}
