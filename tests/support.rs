//! What the tests share: the binary, the folders, comparing and blessing expected text.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use edgelint_engine::{InputFile, Run, Selection};
use edgelint_source::view::{Confidence, Report};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of public configurations and answers, where it lies beside the checkout.
pub(crate) fn shared(below: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(below);
    if path.exists() {
        return path.canonicalize().ok();
    }
    eprintln!("skipped: ../shared/{below} is not there");
    None
}

/// Runs the binary in `folder`.
pub(crate) fn edgelint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_edgelint"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("NO_COLOR")
        .env("COLUMNS", "120")
        .output()
        .expect("the binary was built by cargo")
}

/// The flags by which a case is run with its own settings file, or with none.
pub(crate) fn settings_of(case: &Path) -> &'static [&'static str] {
    let own = case.join("edgelint.toml").is_file();
    if own { &["--config", "edgelint.toml"] } else { &["--isolated"] }
}

/// An empty folder of a test's own below `target`.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let folder = root().join("target/tests").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder below target");
    folder
}

/// A file: its path and its text.
pub(crate) type Export = (String, String);

/// A run over files that never were in a file system.
fn run<'r>(
    exports: &'r [Export],
    inputs: &'r [InputFile],
    dialect: Option<&'static str>,
) -> Run<'r, impl Fn(usize) -> Result<Vec<u8>, String> + Sync + 'r, impl Fn() + Sync + 'r> {
    Run {
        inputs,
        read: |index: usize| Ok(exports[index].1.clone().into_bytes()),
        progress: || (),
        dialect,
        threads: NonZeroUsize::new(1),
        description: edgelint_engine::described::Description::default(),
    }
}

fn inputs(exports: &[Export]) -> Vec<InputFile> {
    let named = |(path, _): &Export| InputFile { path: path.clone(), named: true };
    exports.iter().map(named).collect()
}

/// The items of `inspect KIND` of some files.
pub(crate) fn inspected(
    exports: &[Export],
    kind: &'static str,
    dialect: Option<&'static str>,
) -> Vec<serde_json::Value> {
    let inputs = inputs(exports);
    let inspected =
        edgelint_engine::inspect(&run(exports, &inputs, dialect), kind).expect("threads start");
    assert!(inspected.failures.is_empty(), "{:?}", inspected.failures);
    let mut json = Vec::new();
    edgelint_report::inspect::write_json(&inspected.table, &mut json).expect("written");
    let table: serde_json::Value = serde_json::from_slice(&json).expect("inspect prints JSON");
    table["items"].as_array().cloned().unwrap_or_default()
}

/// The answer of `trace --batch` to some files.
pub(crate) fn traced(
    exports: &[Export],
    peers: &serde_json::Value,
    dialect: Option<&'static str>,
) -> serde_json::Value {
    let inputs = inputs(exports);
    let inquiry = edgelint_engine::trace::Inquiry::batch(&peers.to_string()).expect("peers");
    let traced =
        edgelint_engine::trace(&run(exports, &inputs, dialect), &inquiry).expect("threads start");
    assert!(traced.failures.is_empty(), "{:?}", traced.failures);
    let mut json = Vec::new();
    edgelint_report::inspect::write_fields(&traced.batch.unwrap_or_default(), &mut json)
        .expect("written");
    serde_json::from_slice(&json).expect("trace prints JSON")
}

/// What each device with such a session does with one route, as `trace` tells it.
pub(crate) fn followed(
    exports: &[Export],
    asked: &edgelint_engine::trace::Asked<'_>,
    dialect: Option<&'static str>,
) -> Vec<serde_json::Value> {
    let inputs = inputs(exports);
    let inquiry = edgelint_engine::trace::Inquiry::route(asked).expect("a route");
    let traced =
        edgelint_engine::trace(&run(exports, &inputs, dialect), &inquiry).expect("threads start");
    assert!(traced.failures.is_empty(), "{:?}", traced.failures);
    let value = |told: &edgelint_engine::trace::Told| {
        let mut json = Vec::new();
        edgelint_report::inspect::write_fields(&told.fields, &mut json).expect("written");
        serde_json::from_slice(&json).expect("trace prints JSON")
    };
    traced.told.iter().map(value).collect()
}

/// What some rules say about some files.
pub(crate) fn checked(
    exports: &[Export],
    enabled: BTreeSet<&'static str>,
    dialect: Option<&'static str>,
) -> Report {
    let inputs = inputs(exports);
    let selection = Selection {
        enabled,
        severities: BTreeMap::new(),
        min_confidence: Confidence::Possible,
        report_only: None,
        overrides: Vec::new(),
    };
    let checked =
        edgelint_engine::check(&run(exports, &inputs, dialect), &selection).expect("threads start");
    assert!(checked.report.failures.is_empty(), "{:?}", checked.report.failures);
    checked.report
}

/// Standard output as text.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

/// Folders below `folder`, sorted.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        entries(folder).into_iter().filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// Files below `folder` at any depth, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

/// Compares `actual` with the file at `path`; `BLESS=1` writes the file instead. Returns what
/// differs, so that one test can report every case that fails.
pub(crate) fn compare(path: &Path, actual: &str) -> Option<String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return None;
    }
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        if actual.is_empty() {
            let _ = std::fs::remove_file(path);
        } else {
            std::fs::write(path, actual).expect("expected text can be written");
        }
        return None;
    }
    Some(format!("{}\n--- expected\n{expected}\n--- actual\n{actual}", path.display()))
}
