//! The command line.
//!
//! A bare `edgelint` and `edgelint PATH` are `check`: its flags stand at the top level, too, and
//! exclude verbs there.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use edgelint_source::view::{Confidence, Severity};

use crate::sinks::Sink;
use crate::terminal::{Stream, colored};

/// Finds mistakes in router configurations at the edge between an enterprise and its clouds
#[derive(Debug, Parser)]
#[command(
    name = "edgelint",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 nothing found, 1 findings, 2 the job could not be done."
)]
pub(crate) struct Arguments {
    /// What to do; `check` where it is left out.
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
    /// Flags of `check`.
    #[command(flatten)]
    pub(crate) check: Check,
}

impl Arguments {
    /// Reads the command line.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        // `diff` reads as the others do, but from two places.
        let command = Self::command().mut_subcommand("diff", |diff| {
            diff.mut_arg("paths", |paths| {
                let help = "The exports before and after: files or directories";
                paths.value_names(["OLD", "NEW"]).num_args(2).required(true).help(help)
            })
            .mut_arg("files_from", |flag| flag.hide(true))
            .mut_arg("stdin_filename", |flag| flag.hide(true))
        });
        let mut matches = command.try_get_matches()?;
        Self::from_arg_matches_mut(&mut matches)
    }

    /// Whether what goes to stderr is coloured.
    pub(crate) fn color(&self) -> bool {
        let choice = match &self.verb {
            None => self.check.input.color,
            Some(Verb::Check(check)) => check.input.color,
            Some(Verb::Inspect(inspect)) => inspect.input.color,
            Some(Verb::Trace(trace)) => trace.input.color,
            Some(Verb::Diff(diff)) => diff.input.color,
            Some(Verb::Init(init)) => init.input.color,
            Some(Verb::Config(Config { verb: ConfigVerb::Show(show) })) => show.check.input.color,
            Some(Verb::Config(Config { verb: ConfigVerb::Validate(input) })) => input.color,
            Some(Verb::Config(Config { verb: ConfigVerb::Schema })) => Color::Auto,
            Some(Verb::Explain(_) | Verb::Rules(_) | Verb::Version) => Color::Auto,
        };
        colored(choice, Stream::Error)
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Lint configurations: cross-device rules see every input of the run (the default)
    Check(Check),
    /// Show what was understood, as a table or as JSON
    Inspect(Inspect),
    /// Follow a route through a neighbor's filters, clause by clause
    Trace(Trace),
    /// Compare two states of an estate: which sessions now announce, accept or prefer differently
    Diff(Diff),
    /// Show the page of a rule
    Explain(Explain),
    /// List every rule
    Rules(Rules),
    /// Write a commented edgelint.toml from what the inputs show
    Init(Init),
    /// Show and check settings
    Config(Config),
    /// Print the version
    Version,
}

impl Verb {
    /// The verbs, for whoever mistyped one: what is no verb is taken for a path.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ["check", "inspect", "trace", "diff", "explain", "rules", "init", "config", "version"]
            .into_iter()
    }
}

/// Flags that say what to read.
#[derive(Args, Clone, Debug)]
pub(crate) struct Input {
    /// Files, directories, or `-` for stdin [default: the directory of the nearest edgelint.toml,
    /// else the current one]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read paths from a file, one a line or NUL-separated (`-`: from stdin)
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) files_from: Option<PathBuf>,
    /// Leave out paths that match, as in a .gitignore; repeatable
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(crate) exclude: Vec<String>,
    /// The name to show for stdin
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub(crate) stdin_filename: Option<String>,
    /// Read every input as this dialect instead of telling it from the text
    #[arg(long, value_name = "NAME", help_heading = "Input", value_parser = dialect)]
    pub(crate) dialect: Option<&'static str>,
    /// Use this settings file
    #[arg(long, value_name = "PATH", help_heading = "Settings", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,
    /// Use no settings file
    #[arg(long, help_heading = "Settings")]
    pub(crate) isolated: bool,
    /// Number of threads [default: one a core]
    #[arg(long, value_name = "N", help_heading = "Run", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Show no progress bar
    #[arg(long, help_heading = "Run")]
    pub(crate) no_progress: bool,
    /// When to colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", help_heading = "Output")]
    pub(crate) color: Color,
}

/// Flags of `check`.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// What to read.
    #[command(flatten)]
    pub(crate) input: Input,
    /// Write the report in this format, to stdout or to a file; repeatable [default: full]
    #[arg(
        short, long, value_name = "FORMAT[=PATH]", help_heading = "Output", value_parser = Sink::parse
    )]
    pub(crate) output: Vec<Sink>,
    /// Run only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// Report a rule as error, warning or info, or turn it off; repeatable
    #[arg(
        long, value_name = "RULE=LEVEL", value_delimiter = ',', help_heading = "Rules",
        value_parser = rule_level
    )]
    pub(crate) severity: Vec<(String, Level)>,
    /// Exit with 1 from this severity on [default: warning]
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Rules")]
    pub(crate) fail_on: Option<FailOn>,
    /// Leave out findings that are less sure [default: possible]
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Rules")]
    pub(crate) min_confidence: Option<Sureness>,
    /// Analyse everything, but report only findings that touch these files or directories
    #[arg(long, value_name = "PATH", num_args = 1.., help_heading = "Output")]
    pub(crate) report_only: Vec<PathBuf>,
    /// Count the findings of each rule
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,
}

/// Flags of `inspect`.
#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// What to show
    #[arg(value_parser = kind, value_name = "KIND", help = kinds_help())]
    pub(crate) kind: &'static str,
    /// What to read.
    #[command(flatten)]
    pub(crate) input: Input,
    /// How to show it
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: TableFormat,
}

/// Flags of `trace`.
#[derive(Args, Debug)]
pub(crate) struct Trace {
    /// What to read.
    #[command(flatten)]
    pub(crate) input: Input,
    /// Address of the neighbor
    #[arg(
        long,
        value_name = "ADDR",
        help_heading = "Route",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    pub(crate) neighbor: Option<String>,
    /// Whether the neighbor sends the route or is to be sent it
    #[arg(
        long,
        value_enum,
        value_name = "in|out",
        help_heading = "Route",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    pub(crate) direction: Option<Way>,
    /// The prefix
    #[arg(
        long,
        value_name = "P",
        help_heading = "Route",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    pub(crate) prefix: Option<String>,
    /// A community that the route carries; repeatable
    #[arg(long, value_name = "C", help_heading = "Route", conflicts_with = "batch")]
    pub(crate) community: Vec<String>,
    /// Its AS path, as in "12076 8075" [default: empty, as of the device's own routes]
    #[arg(long, value_name = "PATH", help_heading = "Route", conflicts_with = "batch")]
    pub(crate) as_path: Option<String>,
    /// Its local preference
    #[arg(long, value_name = "N", help_heading = "Route", conflicts_with = "batch")]
    pub(crate) local_pref: Option<u32>,
    /// Its MED
    #[arg(long, value_name = "N", help_heading = "Route", conflicts_with = "batch")]
    pub(crate) med: Option<u32>,
    /// The VRF of the session, where one address is a neighbor in several
    #[arg(long, value_name = "NAME", help_heading = "Route", conflicts_with = "batch")]
    pub(crate) vrf: Option<String>,
    /// Play the peers and routes of this file against the device, and print what it would do, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) batch: Option<PathBuf>,
    /// How to show it
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: TableFormat,
}

/// Flags of `diff`.
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// What to read: exactly two paths.
    #[command(flatten)]
    pub(crate) input: Input,
    /// Exit with 1 where there are differences, as `git diff` does
    #[arg(long, help_heading = "Output")]
    pub(crate) exit_code: bool,
    /// How to show it
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: TableFormat,
}

/// Which way a route goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// From the neighbor
    In,
    /// To the neighbor
    Out,
}

/// Flags of `explain`.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The rule
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub(crate) rule: Option<String>,
    /// All rules
    #[arg(long)]
    pub(crate) all: bool,
    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: PageFormat,
}

/// Flags of `rules`.
#[derive(Args, Debug)]
pub(crate) struct Rules {
    /// How to show them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TableFormat,
}

/// Flags of `init`.
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// What to read.
    #[command(flatten)]
    pub(crate) input: Input,
    /// Write to this file; `-` is stdout [default: edgelint.toml in the inputs' common directory]
    #[arg(short, long, value_name = "PATH", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Write to stdout
    #[arg(long, help_heading = "Output", conflicts_with = "output")]
    pub(crate) stdout: bool,
    /// Replace a file that is there
    #[arg(long, help_heading = "Output")]
    pub(crate) force: bool,
}

/// Flags of `config`.
#[derive(Args, Debug)]
pub(crate) struct Config {
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: ConfigVerb,
}

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Show what `check` with the same flags would go by, and where each setting comes from
    Show(Box<ConfigShow>),
    /// Check edgelint.toml, and against inputs where some are given
    Validate(Input),
    /// Print the JSON Schema of edgelint.toml
    Schema,
}

/// Flags of `config show`.
#[derive(Args, Debug)]
pub(crate) struct ConfigShow {
    /// Flags of `check`.
    #[command(flatten)]
    pub(crate) check: Check,
    /// How to show it
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: TableFormat,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How to print tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Aligned columns
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// How to print pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For a terminal
    #[default]
    Text,
    /// Markdown
    Markdown,
    /// One JSON object
    Json,
}

/// From which severity on findings make the run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors only
    Error,
    /// Warnings and errors
    Warning,
    /// Any finding
    Info,
    /// Never
    Never,
}

impl FailOn {
    /// The least severity that fails; none for never.
    pub(crate) const fn threshold(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// How sure a finding has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sureness {
    /// Follows from the text
    Certain,
    /// Follows unless something unusual is at work
    Likely,
    /// Needs something the export does not show
    Possible,
}

impl Sureness {
    /// The same as findings carry it.
    pub(crate) const fn confidence(self) -> Confidence {
        match self {
            Self::Certain => Confidence::Certain,
            Self::Likely => Confidence::Likely,
            Self::Possible => Confidence::Possible,
        }
    }
}

/// What a setting makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Report as error
    Error,
    /// Report as warning
    Warning,
    /// Report as info
    Info,
    /// Do not run
    Off,
}

impl Level {
    /// The severity; none for off.
    pub(crate) const fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse() {
        Ok(count) if count <= MAX_THREADS => Ok(count),
        _ => Err(format!("a number from 1 to {MAX_THREADS}")),
    }
}

/// More would only be a slip of the finger.
const MAX_THREADS: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

fn dialect(name: &str) -> Result<&'static str, String> {
    one_of(name, "dialect", edgelint_engine::dialects())
}

fn kind(name: &str) -> Result<&'static str, String> {
    one_of(name, "kind", edgelint_engine::kinds())
}

fn kinds_help() -> String {
    format!("What to show: {}", edgelint_engine::kinds().collect::<Vec<_>>().join(", "))
}

fn one_of(
    name: &str,
    what: &str,
    known: impl Iterator<Item = &'static str>,
) -> Result<&'static str, String> {
    let known: Vec<&str> = known.collect();
    known.iter().find(|candidate| **candidate == name).copied().ok_or_else(|| {
        let hint = crate::suggest::hint(name, known.iter().copied());
        format!("no {what} `{name}`{hint} (known: {})", known.join(", "))
    })
}

fn rule_level(text: &str) -> Result<(String, Level), String> {
    let (rule, level) = text.split_once('=').ok_or("give it as RULE=LEVEL")?;
    let level = Level::from_str(level, false)
        .map_err(|_| format!("no level `{level}` (levels: error, warning, info, off)"))?;
    Ok((rule.to_owned(), level))
}
