//! Reports for code scanning: valid, complete, the same from run to run, and about every file of a mistake.
//!
//! The schema is not part of the project: where it lies beside the checkout, every report of these tests is
//! validated against it. What readers of the format rely on is asserted without it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{edgelint, folders, fresh, root, shared, stdout};

/// Runs `check` with a SARIF report on stdout.
fn report(folder: &Path, arguments: &[&str]) -> Value {
    let arguments = [&["check", "-o", "sarif", "--isolated"], arguments].concat();
    let output = edgelint(folder, &arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn run(log: &Value) -> &Value {
    assert_eq!(log["version"], "2.1.0");
    &log["runs"][0]
}

fn items<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    of[name].as_array().map_or(&[], Vec::as_slice)
}

/// The files of a list of locations.
fn uris(of: &Value, list: &str) -> BTreeSet<String> {
    let uri = |location: &Value| {
        let uri = &location["physicalLocation"]["artifactLocation"]["uri"];
        uri.as_str().expect("a location has a URI").to_owned()
    };
    items(of, list).iter().map(uri).collect()
}

/// A prefix on the circuits of two routers of two vendors.
const SHARED: &str =
    "corpus/rules/prefix-on-multiple-circuits/flags/junos-static-routes-beside-an-ios-edge";

#[test]
fn a_mistake_of_two_files_has_both_as_locations() {
    let log = report(&root().join(SHARED), &["."]);
    let results = items(run(&log), "results");
    let shared = results.iter().find(|one| one["ruleId"] == "prefix-on-multiple-circuits");
    let shared = shared.expect("the shared prefix is found");
    let both = BTreeSet::from(["edge-oslo.cfg".to_owned(), "edge-riga.conf".to_owned()]);
    assert_eq!(uris(shared, "locations"), both);
    // Readers that show one location find the other one through the message.
    let related = items(shared, "relatedLocations");
    let first = &shared["locations"][0]["physicalLocation"];
    let other = related.iter().find(|one| {
        one["physicalLocation"]["artifactLocation"]["uri"] != first["artifactLocation"]["uri"]
    });
    let other = other.expect("the other file is related");
    let line = &other["physicalLocation"]["region"]["startLine"];
    let uri = other["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a URI");
    let text = shared["message"]["text"].as_str().expect("a message");
    assert!(text.contains(&format!("[{uri}:{line}]({})", other["id"])), "{text}");
    assert_eq!(shared["properties"]["devices"], json!(["edge-oslo", "edge-riga"]));
    assert_eq!(shared["properties"]["prefixes"].as_array().map(Vec::len), Some(1));
}

#[test]
fn every_result_leads_to_its_rule_its_file_and_its_lines() {
    let folder = root().join("corpus/networks/example");
    let log = report(&folder, &["."]);
    let run = run(&log);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
    let (rules, artifacts) = (items(&run["tool"]["driver"], "rules"), items(run, "artifacts"));
    assert!(items(run, "results").len() > 3 && artifacts.len() > 10 && rules.len() > 5);
    for rule in rules {
        for name in ["shortDescription", "fullDescription", "help"] {
            let text = rule[name]["text"].as_str().unwrap_or("");
            assert!(text.len() > 20, "{}: {name}", rule["id"]);
        }
        assert!(rule["help"]["markdown"].as_str().is_some_and(|text| text.starts_with("## ")));
        assert!(
            ["error", "warning", "note"]
                .map(Value::from)
                .contains(&rule["defaultConfiguration"]["level"])
        );
    }
    let index = |value: &Value| value.as_u64().and_then(|place| usize::try_from(place).ok());
    let mut fingerprints = BTreeSet::new();
    for result in items(run, "results") {
        let rule = index(&result["ruleIndex"]).and_then(|place| rules.get(place));
        assert_eq!(rule.map(|rule| &rule["id"]), Some(&result["ruleId"]));
        assert!(!items(result, "locations").is_empty(), "{result}");
        for location in items(result, "locations").iter().chain(items(result, "relatedLocations")) {
            let (file, region) = (
                &location["physicalLocation"]["artifactLocation"],
                &location["physicalLocation"]["region"],
            );
            let artifact = index(&file["index"]).and_then(|place| artifacts.get(place));
            assert_eq!(artifact.map(|one| &one["location"]["uri"]), Some(&file["uri"]));
            assert_eq!(file["uriBaseId"], "%SRCROOT%");
            let text = file["uri"].as_str().map(|uri| std::fs::read_to_string(folder.join(uri)));
            let text = text.expect("a URI").expect("it is that of a file");
            let line = index(&region["startLine"]).and_then(|line| text.lines().nth(line - 1));
            let columns = line.expect("the line is there").chars().count() + 1;
            assert!(index(&region["endColumn"]).is_some_and(|column| column <= columns));
        }
        let print = result["partialFingerprints"]["edgelint/v1"].as_str().unwrap_or("");
        assert!(print.len() == 32 && fingerprints.insert(print.to_owned()), "{result}");
    }
}

#[test]
fn what_was_not_read_is_said() {
    let folder = fresh("sarif-not-read");
    let copy = |from: &str, to: &str| {
        std::fs::copy(root().join(SHARED).join(from), folder.join(to)).expect("copied");
    };
    copy("edge-oslo.cfg", "50% of #1 [a](b).cfg");
    std::fs::write(folder.join("README.md"), "# About this folder\n").expect("written");
    let arguments = [".", "missing.cfg", "--severity", "unrecognised-input=info"];
    let log = report(&folder, &arguments);
    let run = run(&log);
    let invocation = &run["invocations"][0];
    assert_eq!(
        (&invocation["executionSuccessful"], &invocation["exitCode"]),
        (&json!(false), &json!(2))
    );
    let said = items(invocation, "toolExecutionNotifications");
    let ids: Vec<&Value> = said.iter().map(|one| &one["descriptor"]["id"]).collect();
    assert_eq!(ids, ["unreadable", "unrecognised"], "{said:?}");
    assert_eq!(uris(&said[0], "locations"), BTreeSet::from(["missing.cfg".to_owned()]));
    assert_eq!(uris(&said[1], "locations"), BTreeSet::from(["README.md".to_owned()]));
    let changed = items(invocation, "ruleConfigurationOverrides");
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["configuration"]["level"], "note");
    // Blanks, a percent sign, a fragment's mark and what looks like a link stand in the file's name.
    let encoded = "50%25%20of%20%231%20%5Ba%5D(b).cfg";
    let artifacts = items(run, "artifacts").iter();
    let read = artifacts.clone().find(|one| one["location"]["uri"] == encoded);
    let devices = read.map(|one| items(&one["properties"], "devices"));
    assert_eq!(devices.map(|devices| &devices[0]["dialect"]), Some(&json!("ios")));
    validate(&log);
}

#[test]
fn several_outputs_of_one_run_say_the_same() {
    let folder = root().join("corpus/networks/example");
    let out = fresh("sarif-sinks");
    let sink = |format: &str, name: &str| format!("{format}={}", out.join(name).display());
    let (json, sarif, full) = (
        sink("json", "report.json"),
        sink("sarif", "audit/report.sarif"),
        sink("full", "report.txt"),
    );
    let arguments =
        ["check", ".", "--isolated", "-o", &json, "-o", &sarif, "-o", &full, "-o", "concise"];
    let output = edgelint(&folder, &arguments);
    assert_eq!(output.status.code(), Some(1));
    let read =
        |name: &str| std::fs::read_to_string(out.join(name)).expect("the output was written");
    let json: Value = serde_json::from_str(&read("report.json")).expect("JSON");
    let text = read("audit/report.sarif");
    let log: Value = serde_json::from_str(&text).expect("JSON");
    let results = items(run(&log), "results");
    let findings = items(&json, "findings");
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(findings) {
        assert_eq!(result["ruleId"], finding["rule"]);
        assert_eq!(result["partialFingerprints"]["edgelint/v1"], finding["fingerprint"]);
        let labels = items(finding, "labels");
        assert_eq!(items(result, "relatedLocations").len() + 1, labels.len());
        let primary = labels.iter().filter(|label| label["role"] == "primary").count();
        assert_eq!(items(result, "locations").len(), primary);
    }
    assert_eq!(run(&log)["invocations"][0]["exitCode"], 1);
    assert_eq!(stdout(&output).lines().count(), findings.len() + 1);
    let headings = |line: &&str| {
        line.starts_with("error[") || line.starts_with("warning[") || line.starts_with("info[")
    };
    assert_eq!(read("report.txt").lines().filter(headings).count(), findings.len());
    // Bytes depend on neither threads nor the run.
    let again = edgelint(&folder, &["check", ".", "--isolated", "-o", "sarif", "--threads", "7"]);
    assert_eq!(stdout(&again), text);
}

#[test]
fn reports_are_valid() {
    for name in ["corpus/networks", "corpus/rules"] {
        for folder in folders(&root().join(name)) {
            validate(&report(&folder, &["."]));
        }
    }
    let severities = ["--severity", "all=warning", "--fail-on", "never"];
    validate(&report(&root(), &[&["corpus/broken"], &severities[..]].concat()));
}

/// Compares a report with the schema, where that lies beside the checkout.
fn validate(log: &Value) {
    let Some(path) = shared("schemas/sarif-schema-2.1.0.json") else { return };
    let text = std::fs::read_to_string(path).expect("the schema can be read");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    let validator = jsonschema::draft4::options().should_validate_formats(true).build(&schema);
    let validator = validator.expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(log)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
