//! Junos in braces and in `set` lines: whatever one form says, the other says too.
//!
//! A configuration is turned from one form into the other by printers that know nothing of the
//! reader under test, and everything that `inspect` shows is compared, but for positions.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use edgelint_contract::random::Random;
use edgelint_dialects::DIALECTS;
use edgelint_syntax::{Lines, Tree};
use proptest::prelude::prop;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::oracles::oracle;
use crate::support::{Export, checked, files, inspected, root, shared};

mod generate;
mod statement;

use statement::{Statement, braces, braces_from_set, read, set_lines};

/// How Junos lays out a text.
fn lay_out() -> fn(Lines<'_>) -> Tree<'_> {
    let junos = DIALECTS.iter().find(|dialect| dialect.name == "junos");
    junos.expect("Junos is a dialect").lay_out
}

/// A Junos text as `set` lines.
pub(crate) fn as_set_lines(text: &str) -> String {
    set_lines(&read(text, lay_out()))
}

/// Everything that `inspect` shows of some files, but for positions: the rows of each kind, sorted.
fn shown(exports: &[Export]) -> BTreeMap<&'static str, Vec<String>> {
    let tables = edgelint_engine::kinds().map(|kind| {
        let rows = inspected(exports, kind, Some("junos"));
        let mut rows: Vec<String> =
            rows.into_iter().map(|row| without_positions(row).to_string()).collect();
        rows.sort();
        (kind, rows)
    });
    let rules = edgelint_engine::rules().iter().map(|rule| rule.id).collect();
    let findings = checked(exports, rules, Some("junos")).findings.into_iter().map(|finding| {
        // The fingerprint is what a finding is about, wherever it stands.
        let places: BTreeSet<String> =
            finding.labels.iter().map(|it| it.message.to_string()).collect();
        format!("{} {:?} {places:?}", finding.fingerprint, (finding.message, finding.confidence))
    });
    let mut findings: Vec<String> = findings.collect();
    findings.sort();
    tables.chain([("findings", findings)]).collect()
}

/// A row without line numbers. What `coverage` shows of a line that was not understood is the line as
/// it stands, and a definition is a line number: of those, how many there are is kept.
pub(crate) fn without_positions(value: Value) -> Value {
    match value {
        Value::Object(mut row) => {
            row.retain(|key, _| !matches!(key.as_str(), "line" | "column" | "text"));
            for (key, one) in &mut row {
                let lines = key == "definitions";
                *one = match one.take() {
                    Value::Array(list) if lines => Value::from(list.len()),
                    other => without_positions(other),
                };
            }
            Value::Object(row)
        }
        Value::Array(list) => Value::Array(list.into_iter().map(without_positions).collect()),
        other => other,
    }
}

/// The first difference between what is shown of two sets of files.
fn difference(ones: &[Export], others: &[Export]) -> Option<String> {
    let (ones, others) = (shown(ones), shown(others));
    for (kind, rows) in &ones {
        let other = others.get(kind).map_or(&[][..], Vec::as_slice);
        if rows.len() != other.len() {
            let only = |a: &[String], b: &[String]| {
                a.iter().find(|row| !b.contains(row)).cloned().unwrap_or_default()
            };
            return Some(format!(
                "{kind}: {} rows and {}\n one   {}\n other {}",
                rows.len(),
                other.len(),
                only(rows, other),
                only(other, rows)
            ));
        }
        if let Some((one, other)) = rows.iter().zip(other).find(|(one, other)| one != other) {
            return Some(format!("{kind}:\n one   {one}\n other {other}"));
        }
    }
    None
}

/// Turns files into `set` lines, and those into braces again; what then differs, by what was compared.
fn round_trip(exports: &[Export], seed: u64) -> Vec<String> {
    let set = |(path, text): &Export| (path.clone(), as_set_lines(text));
    let sets: Vec<Export> = exports.iter().map(set).collect();
    let mut random = Random::new(seed);
    let mut back = |(path, text): &Export| (path.clone(), braces_from_set(text, &mut random));
    let backs: Vec<Export> = sets.iter().map(&mut back).collect();
    let mut differences = Vec::new();
    for (what, found) in
        [("set lines", difference(exports, &sets)), ("back in braces", difference(&sets, &backs))]
    {
        differences.extend(found.map(|found| format!("{what}: {found}")));
    }
    differences
}

/// Files by the folder they stand in: those of one folder belong to one estate.
fn by_folder(folder: &Path, keep: impl Fn(&str) -> bool) -> BTreeMap<String, Vec<Export>> {
    let mut folders: BTreeMap<String, Vec<Export>> = BTreeMap::new();
    for path in files(folder) {
        let Some(text) = std::fs::read(&path)
            .ok()
            .and_then(|bytes| edgelint_source::decode::decode(bytes).into_text())
        else {
            continue;
        };
        if keep(&text) {
            let parent = path.parent().unwrap_or(folder).to_string_lossy().into_owned();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            folders.entry(parent).or_default().push((name, text));
        }
    }
    folders
}

/// Whether a text is Junos in braces.
fn is_braced(text: &str) -> bool {
    let heads =
        ["policy-options", "protocols", "system", "interfaces", "routing-options", "security"];
    let opens = |line: &str| heads.iter().any(|head| line.starts_with(&format!("{head} {{")));
    text.lines().any(opens)
}

#[test]
fn braced_files_of_the_corpus_say_the_same_as_set_lines() {
    let (mut compared, mut differences) = (0, Vec::new());
    for (folder, exports) in by_folder(&root().join("corpus"), is_braced) {
        compared += exports.len();
        let found = round_trip(&exports, 1);
        differences.extend(found.into_iter().map(|found| format!("{folder}\n{found}")));
    }
    assert!(compared > 60, "the corpus has braced files: {compared}");
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn public_files_say_the_same_as_set_lines_and_in_braces() {
    let (mut compared, mut differences) = (0, Vec::new());
    for folder in ["corpus-public/junos", "corpus-public/junos-set"] {
        let Some(folder) = shared(folder) else { return };
        for export in by_folder(&folder, |_| true).into_values().flatten() {
            compared += 1;
            let name = export.0.clone();
            let found = round_trip(&[export], 2);
            differences.extend(found.into_iter().map(|found| format!("{name}\n{found}")));
        }
    }
    println!("{compared} files went to set lines and back");
    assert!(compared > 50, "there are braced files");
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n\n"));
}

/// Lines in which the two files of a pair differ by themselves; they are left out of both.
const NOT_THE_SAME: &[&str] = &[
    // One line with two values in braces, two `set` lines: `coverage` counts statements as written.
    "srgb start-label",
    "srgb index-range",
    // Somebody damaged this address, in the braces only.
    "address 10.12..1.2/30",
];

#[test]
fn both_forms_of_one_device_say_the_same() {
    let (Some(pairs), Some(public)) = (oracle("same-device-two-syntaxes"), shared("corpus-public"))
    else {
        return;
    };
    let pairs = pairs.as_object().expect("pairs by path").values();
    let (mut compared, mut differences) = (0, Vec::new());
    // The other pairs are of another system, and went through a migration.
    for pair in pairs.filter(|pair| pair["family"] == "jvd") {
        let [braces, set] = ["hierarchical", "set_form"].map(|form| {
            let path = public.join(pair[form].as_str().expect("a path"));
            let text = std::fs::read_to_string(path).expect("readable");
            let same = |line: &&str| !NOT_THE_SAME.iter().any(|other| line.contains(other));
            let lines: Vec<&str> = text.lines().filter(same).collect();
            vec![("device.conf".to_owned(), lines.join("\n"))]
        });
        assert_eq!(shown(&braces)["devices"].len(), 1, "{}", pair["hierarchical"]);
        compared += 1;
        differences.extend(
            difference(&braces, &set).map(|found| format!("{}\n{found}", pair["hierarchical"])),
        );
    }
    println!("{compared} devices were compared in both forms");
    assert!(0 < compared, "the oracle has pairs");
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

/// The first sections in braces, the others in `set` lines.
fn mixed(statements: &[Statement], random: &mut Random) -> String {
    let (first, rest) = statements.split_at(random.below(statements.len() + 1));
    // What stands in front may be named by what comes behind, so tags go where the statement is.
    braces(first, random) + &set_lines(rest)
}

/// Commands about some of the statements, as they may follow a configuration in either form.
fn commands(statements: &[Statement], random: &mut Random) -> String {
    let mut out = String::new();
    let mut level = statements;
    let mut path: Vec<&str> = Vec::new();
    while let Some(statement) = random.among(level) {
        let named = statement.words.iter().take(statement.n_naming());
        path.extend(named.map(String::as_str));
        for verb in ["deactivate", "activate", "delete", "annotate"] {
            // Whether a leaf's last word is its value or part of its name, no form shows.
            if random.once_in(8) && (verb != "activate" || statement.children.is_some()) {
                let behind = if verb == "annotate" { " \"a remark\"" } else { "" };
                out += &format!("{verb} {}{behind}\n", path.join(" "));
            }
        }
        level = statement.children.as_deref().unwrap_or(&[]);
        // Of two things of one kind (terms, as a rule), one goes in front of the other.
        if let [one, .., other] = level
            && let ([kind, first], [same, second]) = (one.words.as_slice(), other.words.as_slice())
            && kind == same
            && random.once_in(2)
        {
            out += &format!("insert {} {kind} {second} before {kind} {first}\n", path.join(" "));
        }
    }
    out
}

#[test]
fn generated_configurations_say_the_same_in_every_form() {
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 300, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let strategy = (generate::configuration(), prop::num::u64::ANY);
    let rows: RefCell<BTreeMap<&str, usize>> = RefCell::default();
    let result = runner.run(&strategy, |(statements, seed)| {
        let mut random = Random::new(seed);
        let export = |text: String| vec![("r1.conf".to_owned(), text)];
        let braced = braces(&statements, &mut random);
        let commands = commands(&statements, &mut random);
        let set = set_lines(&statements) + &commands;
        for (kind, found) in shown(&export(set.clone())) {
            *rows.borrow_mut().entry(kind).or_default() += found.len();
        }
        let forms = [
            ("braces", braced.clone() + &commands),
            ("set lines of the tree", as_set_lines(&braced) + &commands),
            ("braces of the set lines", braces_from_set(&set, &mut random)),
            ("mixed", mixed(&statements, &mut random) + &commands),
            ("other line ends", (braced + &commands).replace('\n', "\r\n")),
        ];
        for (name, text) in forms {
            if let Some(found) = difference(&export(set.clone()), &export(text.clone())) {
                return Err(proptest::test_runner::TestCaseError::fail(format!(
                    "{name}: {found}\n--- set\n{set}\n--- {name}\n{text}"
                )));
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // What was compared was not empty.
    for (kind, rows) in rows.into_inner() {
        println!("{kind}: {rows} rows");
        assert!(rows > 10, "{kind}: {rows} rows");
    }
}
