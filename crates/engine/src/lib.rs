//! The pipeline: bytes of many inputs in, a report or a table out.
//!
//! Inputs are read, told apart and understood in parallel, each for itself; then their devices are
//! joined into one network and the rules look at it, again in parallel. Order never shows: results
//! are collected by input and by rule, and findings are sorted at the end. Files are opened by the
//! caller, through [`Run::read`], so that reading goes on all cores while this crate needs no
//! file system.
//!
//! What settings say (which rules run, what is left out) is applied after the rules have spoken: no
//! rule knows of settings.
//!
//! # Invariants
//! - The result depends on inputs and settings only, not on threads or on the order of inputs.
//! - A panic over one input or in one rule is a [`Failure`]; the rest goes on, and nothing of a
//!   configuration is in the message.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use edgelint_dialects::DIALECTS;
use edgelint_facts::Description;
use edgelint_facts::described::{Inferred, Unmatched};
use edgelint_source::view::diff::Comparison;
use edgelint_source::view::{ActiveRule, Confidence, Report, Severity, Table, Value};
use edgelint_source::{FileId, Files};

mod catalog;
mod diff;
mod entries;
mod estate;
mod findings;
mod fingerprint;
mod overrides;
mod signs;
pub mod trace;

#[cfg(test)]
mod tests;

pub use catalog::rules;
pub use edgelint_facts::described;
pub use edgelint_source::view::Failure;
pub use overrides::{Covers, Override};

use estate::Estate;
use trace::{Inquiry, Told};

/// An input, before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Its path as it is shown.
    pub path: String,
    /// Whether the user named it, as opposed to met in a walk.
    pub named: bool,
}

/// What to analyse and how.
#[derive(Clone, Debug)]
pub struct Run<'r, R, P> {
    /// The inputs, sorted by path.
    pub inputs: &'r [InputFile],
    /// Reads the bytes of the input of that index, or says why that cannot be done.
    pub read: R,
    /// Called whenever an input is done.
    pub progress: P,
    /// The dialect of all inputs, by name; none to tell it from their text.
    pub dialect: Option<&'static str>,
    /// Number of threads; none for one a core.
    pub threads: Option<NonZeroUsize>,
    /// What the owner of the estate says about it.
    pub description: Description,
}

/// What is reported of what the rules find.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Ids of the rules that run.
    pub enabled: BTreeSet<&'static str>,
    /// Severities that take the place of what a rule says, by id.
    pub severities: BTreeMap<&'static str, Severity>,
    /// How sure a finding has to be.
    pub min_confidence: Confidence,
    /// Paths of inputs: only findings with a label in one of them are reported.
    pub report_only: Option<BTreeSet<String>>,
    /// What holds for some devices only; the last word counts.
    pub overrides: Vec<Override>,
}

/// The result of [`check`].
#[derive(Debug)]
pub struct Checked {
    /// What to print.
    pub report: Report,
    /// The text to draw source lines from.
    pub files: Files,
    /// What is described and not there.
    pub unmatched: Vec<Unmatched>,
}

/// The result of [`inspect`].
#[derive(Debug)]
pub struct Inspected {
    /// What to print.
    pub table: Table,
    /// What is described and not there.
    pub unmatched: Vec<Unmatched>,
    /// What went wrong.
    pub failures: Vec<Failure>,
}

/// Names of the dialects that can be read.
pub fn dialects() -> impl Iterator<Item = &'static str> {
    DIALECTS.iter().map(|dialect| dialect.name)
}

/// Names of the tables that [`inspect`] knows.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    edgelint_facts::inspect::kinds()
}

/// Lints the inputs of `run`.
///
/// # Errors
/// Where threads cannot be started; the text is the system's reason.
pub fn check<R, P>(run: &Run<'_, R, P>, selection: &Selection) -> Result<Checked, String>
where
    R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
    P: Fn() + Sync,
{
    pool(run.threads)?.install(|| {
        let estate = Estate::load(run);
        let ((mut report, unmatched), failures) = estate.joined(run, |joined| {
            let (findings, failures) = findings::find(joined, selection);
            let (rules, files) = (active_rules(selection), entries::files(joined));
            let report =
                Report { rules, bytes: joined.bytes, files, findings, ..Report::default() };
            ((report, joined.network.unmatched.clone()), failures)
        });
        report.failures = failures;
        Ok(Checked { report, files: estate.into_files(), unmatched })
    })
}

/// The rules of a selection, with the severities that settings give them.
fn active_rules(selection: &Selection) -> Vec<ActiveRule> {
    let active = rules().iter().filter(|page| overrides::may_run(selection, page.id));
    let severity = |id: &str| selection.severities.get(id).copied();
    active.map(|page| ActiveRule { page, severity: severity(page.id) }).collect()
}

/// Makes the table `kind` of the inputs of `run`; an unknown kind gives an empty table.
///
/// # Errors
/// Where threads cannot be started; the text is the system's reason.
pub fn inspect<R, P>(run: &Run<'_, R, P>, kind: &'static str) -> Result<Inspected, String>
where
    R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
    P: Fn() + Sync,
{
    pool(run.threads)?.install(|| {
        let estate = Estate::load(run);
        let ((table, unmatched), failures) = estate.joined(run, |joined| {
            let table = edgelint_facts::inspect::table(kind, joined.network, joined.files);
            let table = table.unwrap_or(Table { kind, items: Vec::new() });
            ((table, joined.network.unmatched.clone()), Vec::new())
        });
        Ok(Inspected { table, unmatched, failures })
    })
}

/// The result of [`infer`].
#[derive(Debug)]
pub struct Outline {
    /// What was inferred.
    pub inferred: Inferred,
    /// Names of the devices with the paths of their files, in order.
    pub devices: Vec<(String, String)>,
    /// What is described and not there.
    pub unmatched: Vec<Unmatched>,
    /// What went wrong.
    pub failures: Vec<Failure>,
}

/// Tells what the estate in the inputs of `run` looks like: circuits, edges, devices.
///
/// # Errors
/// Where threads cannot be started; the text is the system's reason.
pub fn infer<R, P>(run: &Run<'_, R, P>) -> Result<Outline, String>
where
    R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
    P: Fn() + Sync,
{
    pool(run.threads)?.install(|| {
        let estate = Estate::load(run);
        let ((inferred, devices, unmatched), failures) = estate.joined(run, |joined| {
            let network = joined.network;
            let devices = network.devices.iter();
            let devices = devices.map(|one| (one.identity.clone(), one.path.clone())).collect();
            ((network.inferred(), devices, network.unmatched.clone()), Vec::new())
        });
        Ok(Outline { inferred, devices, unmatched, failures })
    })
}

/// The result of [`trace()`].
#[derive(Debug)]
pub struct Traced {
    /// The answer to a batch, as named values.
    pub batch: Option<Vec<(&'static str, Value)>>,
    /// What each device with such a session does with the route.
    pub told: Vec<Told>,
    /// The text to draw source lines from.
    pub files: Files,
    /// What went wrong.
    pub failures: Vec<Failure>,
}

/// Follows routes over sessions of the devices in the inputs of `run`.
///
/// # Errors
/// Where threads cannot be started; the text is the system's reason.
pub fn trace<R, P>(run: &Run<'_, R, P>, inquiry: &Inquiry) -> Result<Traced, String>
where
    R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
    P: Fn() + Sync,
{
    pool(run.threads)?.install(|| {
        let estate = Estate::load(run);
        let ((batch, told), failures) = estate.joined(run, |joined| {
            let answer = match inquiry {
                Inquiry::Batch(peers) => {
                    (trace::batch(joined.network, peers).map(|answer| answer.fields()), Vec::new())
                }
                Inquiry::Route(question) => (None, trace::route(joined, question)),
            };
            (answer, Vec::new())
        });
        Ok(Traced { batch, told, files: estate.into_files(), failures })
    })
}

/// The result of [`diff()`].
#[derive(Debug)]
pub struct Compared {
    /// What to print.
    pub comparison: Comparison,
    /// What went wrong.
    pub failures: Vec<Failure>,
}

/// Holds two states of an estate against each other: the inputs of two runs. `roots` are the paths that were named
/// for them; threads and dialect are those of the first.
///
/// # Errors
/// Where threads cannot be started; the text is the system's reason.
pub fn diff<R, S, P, Q>(
    old: &Run<'_, R, P>,
    new: &Run<'_, S, Q>,
    roots: [&str; 2],
) -> Result<Compared, String>
where
    R: Fn(usize) -> Result<Vec<u8>, String> + Sync,
    S: Fn(usize) -> Result<Vec<u8>, String> + Sync,
    P: Fn() + Sync,
    Q: Fn() + Sync,
{
    let n_old = old.inputs.len();
    let inputs: Vec<InputFile> = old.inputs.iter().chain(new.inputs).cloned().collect();
    let both = Run {
        inputs: &inputs,
        read: |index: usize| match index.checked_sub(n_old) {
            Some(index) => (new.read)(index),
            None => (old.read)(index),
        },
        progress: || (old.progress)(),
        dialect: old.dialect,
        threads: old.threads,
        description: Description::default(),
    };
    let split = FileId(u32::try_from(n_old).unwrap_or(u32::MAX));
    let descriptions = [old.description.clone(), new.description.clone()];
    pool(old.threads)?.install(|| {
        let estate = Estate::load(&both);
        let ((comparison, more), mut failures) =
            estate.joined_apart(&both, split, descriptions, |joined| diff::compare(joined, roots));
        failures.extend(more);
        Ok(Compared { comparison, failures })
    })
}

fn pool(threads: Option<NonZeroUsize>) -> Result<rayon::ThreadPool, String> {
    let threads = threads.map_or(0, NonZeroUsize::get);
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
    builder.build().map_err(|error| error.to_string())
}
