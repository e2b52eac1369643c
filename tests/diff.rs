//! `diff`: two states of an estate, held against each other.
//!
//! A case is a folder of `corpus/diff` with a state in `before/` and one in `after/`; what is printed for people stands
//! beside it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{compare, edgelint, folders, root, stdout};

fn cases() -> Vec<PathBuf> {
    folders(&root().join("corpus/diff"))
}

fn ask(folder: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["diff", "before", "after", "--isolated", "--color", "never"];
    arguments.extend(more);
    let output = edgelint(folder, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}: {output:?}", folder.display());
    stdout(&output)
}

fn document(folder: &Path) -> Value {
    serde_json::from_str(&ask(folder, &["--format", "json"])).expect("diff prints JSON")
}

#[test]
fn cases_print_what_they_should() {
    let mut failures = Vec::new();
    for case in cases() {
        let name = case.file_name().expect("a case has a name").to_string_lossy().into_owned();
        let expected = case.with_file_name(format!("{name}.expected.txt"));
        failures.extend(compare(&expected, &ask(&case, &[])));
    }
    assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn a_state_does_not_differ_from_itself() {
    for below in ["corpus/networks/example", "corpus/networks/two-vendors", "corpus/rules"] {
        let output = edgelint(&root(), &["diff", below, below, "--isolated", "--exit-code"]);
        let told = stdout(&output);
        let last = told.lines().last().unwrap_or("");
        assert!(last.starts_with("no differences in "), "{below}: {told}");
        assert_eq!(output.status.code(), Some(0));
    }
}

/// Forward and backward: what is added one way is removed the other way.
#[test]
fn directions_mirror_each_other() {
    for case in cases() {
        let forward = document(&case);
        let back = edgelint(&case, &["diff", "after", "before", "--isolated", "--format", "json"]);
        let back: Value = serde_json::from_str(&stdout(&back)).expect("JSON");
        let count = |document: &Value, change: &str| {
            let sessions = |device: &Value| device["sessions"].as_array().cloned();
            let devices = document["devices"].as_array().expect("devices").iter();
            let sessions = devices.filter_map(sessions).flatten();
            let changes = sessions.filter_map(|one| one["changes"].as_array().cloned()).flatten();
            changes.filter(|one| one["change"] == change).count()
        };
        for (one, other) in [("added", "removed"), ("removed", "added"), ("changed", "changed")] {
            let places = case.display();
            assert_eq!(count(&forward, one), count(&back, other), "{places}: {one}");
        }
    }
}

#[test]
fn threads_change_nothing() {
    for case in cases() {
        for format in ["text", "json"] {
            let one = ask(&case, &["--format", format, "--threads", "1"]);
            assert_eq!(one, ask(&case, &["--format", format, "--threads", "3"]));
        }
    }
}

#[test]
fn json_is_as_documented() {
    let folder = root().join("corpus/diff/region-preferred-differently");
    let found = document(&folder);
    assert_eq!((&found["schema_version"], &found["kind"]), (&json!(1), &json!("diff")));
    let summary = json!({"old_devices": 1, "new_devices": 1, "devices_added": 0,
        "devices_removed": 0, "devices_changed": 1, "sessions_changed": 1});
    assert_eq!(found["summary"], summary);
    assert_eq!(found["unread"], json!({"old": [], "new": []}));
    let device = &found["devices"][0];
    assert_eq!((&device["device"], &device["change"]), (&json!("edge-oslo"), &json!("changed")));
    assert_eq!(device["old_path"], "before/edge-oslo.cfg");
    let session = &device["sessions"][0];
    let known = ["vrf", "neighbor", "change", "role", "circuit"].map(|key| &session[key]);
    let wanted = ["default", "192.0.2.2", "changed", "azure/microsoft", "er-oslo"];
    assert_eq!(known.map(|value| value.as_str().unwrap_or("")), wanted);
    let change = &session["changes"][0];
    assert_eq!((&change["subject"], &change["certain"]), (&json!("preferred"), &json!(true)));
    assert_eq!(change["family"], "ipv4");
    assert_eq!(
        change["ranges"],
        json!([{"prefix": "0.0.0.0/0", "min_length": 0, "max_length": 32}])
    );
    let asked =
        json!([{"communities": ["12076:51030"], "without": ["12076:51002"], "conditions": []}]);
    assert_eq!(change["any_of"], asked);
    assert_eq!(change["old"]["local_preference"], 150);
    assert_eq!(change["new"]["local_preference"], 250);
    assert_eq!(change["witness"]["communities"], json!(["12076:51030"]));
    let lines: BTreeSet<&str> = change["lines"]["new"]
        .as_array()
        .expect("lines")
        .iter()
        .filter_map(|line| line["text"].as_str())
        .collect();
    assert_eq!(lines, BTreeSet::from(["set local-preference 250"]));
}

#[test]
fn exit_codes_are_those_of_a_comparison() {
    let folder = root().join("corpus/diff/prefix-added-to-a-circuit");
    let code = |arguments: &[&str]| edgelint(&folder, arguments).status.code();
    assert_eq!(code(&["diff", "before", "after"]), Some(0));
    assert_eq!(code(&["diff", "before", "after", "--exit-code"]), Some(1));
    assert_eq!(code(&["diff", "before", "before", "--exit-code"]), Some(0));
    assert_eq!(code(&["diff", "before", "nowhere"]), Some(2));
    assert_eq!(code(&["diff", "before"]), Some(2));
    assert_eq!(code(&["diff", "before", "after", "more"]), Some(2));
    assert_eq!(code(&["diff", "before", "-"]), Some(2));
}

#[test]
fn files_are_compared_as_folders_are() {
    let folder = root().join("corpus/diff/migrated-to-another-vendor");
    let files = ["diff", "before/edge-oslo.cfg", "after/edge-oslo.conf", "--isolated"];
    assert_eq!(stdout(&edgelint(&folder, &files)), ask(&folder, &[]));
}

#[test]
fn no_key_is_told() {
    let folder = root().join("corpus/diff/nat-pool-moved-and-key-replaced");
    for format in ["text", "json"] {
        let told = ask(&folder, &["--format", format]);
        assert!(told.contains("timers"), "{told}");
        for key in ["0822455D0A16", "13061E010803"] {
            assert!(!told.contains(key), "{told}");
        }
    }
}
