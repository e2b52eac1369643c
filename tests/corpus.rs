//! Cases as folders: the configurations of a folder go in, the text beside the folder must come out.
//!
//! A case may have its own `edgelint.toml`; it is run with no other. A case `NAME/` has its expected output in `NAME.expected.txt`, outside the folder, so that it is no
//! input itself. `BLESS=1 cargo test` writes what is printed today; the difference is then read in
//! the commit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{compare, edgelint, files, folders, root, settings_of, stdout};

fn expected_of(case: &Path) -> PathBuf {
    let name = case.file_name().expect("a case has a name").to_string_lossy();
    case.with_file_name(format!("{name}.expected.txt"))
}

fn report(failures: &[String]) {
    assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n\n"));
}

/// Rules with their folders of cases.
fn rules() -> Vec<(String, PathBuf)> {
    folders(&root().join("corpus/rules"))
        .into_iter()
        .map(|path| (path.file_name().expect("named").to_string_lossy().into_owned(), path))
        .collect()
}

fn check(case: &Path, rule: &str) -> String {
    let flags = ["check", ".", "--color", "never", "--select", rule];
    let output = edgelint(case, &[&flags, settings_of(case)].concat());
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code().is_some_and(|code| code < 2), "{}: {errors}", case.display());
    stdout(&output)
}

#[test]
fn cases_that_flag() {
    let mut failures = Vec::new();
    for (rule, folder) in rules() {
        for case in folders(&folder.join("flags")) {
            let printed = check(&case, &rule);
            if !printed.contains(&format!("[{rule}]")) {
                failures.push(format!("{}: nothing was flagged", case.display()));
            }
            failures.extend(compare(&expected_of(&case), &printed));
        }
    }
    report(&failures);
}

#[test]
fn cases_that_pass() {
    let mut failures = Vec::new();
    for (rule, folder) in rules() {
        for case in folders(&folder.join("passes")) {
            let printed = check(&case, &rule);
            if printed.contains(&format!("[{rule}]")) {
                failures.push(format!("{}:\n{printed}", case.display()));
            }
        }
    }
    report(&failures);
}

#[test]
fn every_rule_has_cases_of_both_kinds() {
    for (rule, folder) in rules() {
        for kind in ["flags", "passes"] {
            assert!(!folders(&folder.join(kind)).is_empty(), "{rule} has no case in {kind}/");
        }
    }
}

#[test]
fn networks_print_what_they_should() {
    let mut failures = Vec::new();
    for case in folders(&root().join("corpus/networks")) {
        let output = edgelint(&case, &["check", ".", "--color", "never"]);
        failures.extend(compare(&expected_of(&case), &stdout(&output)));
    }
    report(&failures);
}

#[test]
fn clean_networks_are_silent() {
    for case in folders(&root().join("corpus/networks")) {
        if case.file_name().is_some_and(|name| name.to_string_lossy().ends_with("clean")) {
            // With the estate's description, where there is one, and without.
            for flag in ["--no-progress", "--isolated"] {
                let flags = ["check", ".", "--color", "never", "--fail-on", "info", flag];
                let output = edgelint(&case, &flags);
                assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
            }
        }
    }
}

/// Rules that speak of what only an estate's description says.
const ASKS_THE_DESCRIPTION: [&str; 4] = [
    "backup-circuit-not-depreferenced",
    "premium-required",
    "prefix-not-in-declared-list",
    "service-preference-missing",
];

/// The example with its `edgelint.toml` and without: what differs is what the file says.
#[test]
fn the_settings_of_the_example_explain_what_they_change() {
    let example = root().join("corpus/networks/example");
    let run = |flag: &str| -> BTreeMap<String, serde_json::Value> {
        let print = |format| {
            edgelint(
                &example,
                &["check", ".", "--color", "never", "--no-progress", "-o", format, flag],
            )
        };
        println!("with {flag}:\n{}", stdout(&print("concise")));
        let report = stdout(&print("json"));
        let report: serde_json::Value = serde_json::from_str(&report).expect("a report is JSON");
        let findings = report["findings"].as_array().expect("a list").iter();
        findings.map(|one| (one["fingerprint"].to_string(), one.clone())).collect()
    };
    let (with, without) = (run("--config=edgelint.toml"), run("--isolated"));
    assert!(!without.is_empty(), "the example has mistakes");
    let mut lowered = 0;
    for (fingerprint, alone) in &without {
        let told = with.get(fingerprint).unwrap_or_else(|| panic!("lost: {alone}"));
        let same = ["message", "confidence", "circuits"].iter().all(|key| told[key] == alone[key]);
        assert!(same, "{told}\n{alone}");
        if told["severity"] != alone["severity"] {
            let retiring = alone["devices"] == serde_json::json!(["por-inet-2"]);
            assert!(retiring && alone["rule"] == "undefined-policy-reference", "{told}\n{alone}");
            lowered += 1;
        }
    }
    assert_eq!(lowered, 1, "the override holds for one finding");
    for (fingerprint, told) in &with {
        let asks = ASKS_THE_DESCRIPTION.iter().any(|rule| told["rule"] == *rule);
        assert!(asks || without.contains_key(fingerprint), "the settings do not explain {told}");
    }
}

#[test]
fn golden_files_keep_their_account() {
    let mut failures = Vec::new();
    for folder in folders(&root().join("corpus/dialects")) {
        let dialect = folder.file_name().expect("named").to_string_lossy().into_owned();
        let coverage =
            edgelint(&folder, &["inspect", "coverage", ".", "--isolated", "--format", "json"]);
        failures.extend(compare(&expected_of(&folder), &stdout(&coverage)));
        let devices =
            edgelint(&folder, &["inspect", "devices", ".", "--isolated", "--format", "json"]);
        let devices: serde_json::Value =
            serde_json::from_str(&stdout(&devices)).expect("inspect prints JSON");
        let items = devices["items"].as_array().expect("a list of items");
        // A file may hold several devices: logical systems.
        let paths: std::collections::BTreeSet<String> =
            items.iter().map(|item| item["path"].to_string()).collect();
        assert_eq!(paths.len(), files(&folder).len(), "{dialect}: every golden file is a device");
        for item in items {
            assert_eq!(item["dialect"], dialect.as_str(), "{}", item["path"]);
        }
    }
    report(&failures);
}

/// What `inspect` shows of a folder: `corpus/inspect/KIND/CASE`.
#[test]
fn inspect_shows_what_is_meant() {
    let mut failures = Vec::new();
    for kind in folders(&root().join("corpus/inspect")) {
        let name = kind.file_name().expect("a kind has a name").to_string_lossy().into_owned();
        for case in folders(&kind) {
            let flags = ["inspect", &name, ".", "--color", "never"];
            let output = edgelint(&case, &[&flags, settings_of(&case)].concat());
            failures.extend(compare(&expected_of(&case), &stdout(&output)));
        }
    }
    report(&failures);
}
