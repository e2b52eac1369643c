//! Remedies do what they say: the commands of a finding are typed into the configurations of its case, and
//! the finding is gone, with no other in its place; typed with what undoes them, everything is as before.
//!
//! Commands are put at the end of an export, as if somebody had typed them on the device. So the reader of
//! each dialect judges what its writer wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{edgelint, files, folders, fresh, root, settings_of, stdout};

/// Findings by fingerprint, and the files and dialects of devices.
struct Told {
    findings: BTreeMap<String, Value>,
    paths: BTreeMap<String, Vec<String>>,
    dialects: BTreeMap<String, String>,
}

fn told(folder: &Path) -> Told {
    let flags = ["check", ".", "--no-progress", "-o", "json"];
    let output = edgelint(folder, &[&flags, settings_of(folder)].concat());
    let report: Value = serde_json::from_str(&stdout(&output)).expect("a report is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("a list").iter();
    let findings = findings.map(|one| (text(&one["fingerprint"]), one.clone())).collect();
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut dialects = BTreeMap::new();
    for file in report["files"].as_array().expect("a list") {
        dialects.insert(text(&file["device"]), text(&file["dialect"]));
        paths.entry(text(&file["device"])).or_default().push(text(&file["path"]));
    }
    Told { findings, paths, dialects }
}

/// Puts lines where they are typed: behind the configuration, and before what ends it.
fn typed(path: &Path, lines: &[String]) {
    let text = std::fs::read_to_string(path).expect("a case is UTF-8");
    let (body, end) = match text.trim_end().strip_suffix("\nend") {
        Some(body) => (body, "\nend\n"),
        None => (text.trim_end(), "\n"),
    };
    std::fs::write(path, format!("{body}\n{}{end}", lines.join("\n"))).expect("written");
}

fn copied(case: &Path) -> PathBuf {
    let target = fresh("remedies");
    for file in files(case) {
        let below = file.strip_prefix(case).expect("below the case");
        let copy = target.join(below);
        std::fs::create_dir_all(copy.parent().expect("a folder")).expect("made");
        std::fs::copy(&file, &copy).expect("copied");
    }
    target
}

fn lines_of(fix: &Value, key: &str) -> Vec<String> {
    let lines = fix[key].as_array().expect("a list").iter();
    lines.map(|line| line.as_str().expect("a line").to_owned()).collect()
}

/// Whether a line of a clause is taken back: no export holds such a line, and no reader knows it.
fn takes_back_a_line(fix: &Value) -> bool {
    lines_of(fix, "rollback").iter().any(|line| line.trim_start().starts_with("no set "))
}

/// Findings that come where another was mended, by case and rule, and why.
const EXPLAINED: &[(&str, &str, &str)] = &[
    (
        "which-peering-is-not-known",
        "unprotected-public-peering",
        "public prefixes alone go out now, which tells that it is Microsoft peering",
    ),
    (
        "junos-bgp-routes-accepted-beside-own-ones",
        "prefix-on-circuit-and-internet",
        "with a route behind it the prefix is announced, on both edges",
    ),
    (
        "asa-policies-and-lists-of-neighbors",
        "prefix-on-circuit-and-internet",
        "with a route behind it the prefix is announced, on both edges",
    ),
];

/// Rules that have more to say than before. What they said of several sessions or prefixes they may say of
/// fewer, in other words; the rule that was answered says one thing less.
fn worse(
    case: &Path,
    (before, after): (&Told, &Told),
    (mended, way): (&Value, &str),
) -> Vec<String> {
    let count = |told: &Told| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for finding in told.findings.values() {
            *counts.entry(finding["rule"].to_string()).or_default() += 1;
        }
        counts
    };
    let mut allowed = count(before);
    if way == "commands" {
        allowed.entry(mended["rule"].to_string()).and_modify(|count| *count -= 1);
    }
    let name = case.file_name().expect("named").to_string_lossy();
    let explained = |rule: &str| {
        EXPLAINED.iter().any(|(case, one, _)| *case == name && rule == format!("{one:?}"))
    };
    let grown = count(after).into_iter().filter(|(rule, count)| {
        allowed.get(rule).copied().unwrap_or_default() < *count && !explained(rule)
    });
    let told = grown.flat_map(|(rule, _)| {
        let new = after.findings.iter().filter(|(key, _)| !before.findings.contains_key(*key));
        let own = move |finding: &Value| {
            finding["rule"].as_str().is_some_and(|one| rule == format!("{one:?}"))
        };
        let new = new.filter(move |(_, finding)| own(finding));
        new.map(|(_, finding)| {
            format!("after the {way}: {} {}", finding["rule"], finding["message"])
        })
        .collect::<Vec<_>>()
    });
    told.collect()
}

/// Whether a note says what the commands decide.
fn speaks_of_commands(finding: &Value) -> bool {
    let notes = finding["notes"].as_array().expect("a list");
    notes.iter().any(|note| note.as_str().is_some_and(|note| note.starts_with("the commands ")))
}

/// What is wrong with the remedies of a case.
fn failures(case: &Path, counts: &mut BTreeMap<(String, String), usize>) -> Vec<String> {
    let before = told(case);
    let mut failures = Vec::new();
    for (fingerprint, finding) in &before.findings {
        let fixes = finding["fixes"].as_array().expect("a list");
        let manual = fixes.iter().any(|fix| fix["tier"] == "manual");
        if manual != speaks_of_commands(finding) {
            failures.push(format!("{}: a decision and its note come together", case.display()));
        }
        if fixes.is_empty() {
            continue;
        }
        let rule = finding["rule"].as_str().unwrap_or_default();
        for fix in fixes {
            let device = fix["device"].as_str().unwrap_or_default();
            let dialect = before.dialects[device].clone();
            *counts.entry((dialect, rule.to_owned())).or_default() += 1;
        }
        let folder = copied(case);
        for way in ["commands", "rollback"] {
            let each: Vec<&Value> = match way {
                "commands" => fixes.iter().collect(),
                _ => fixes.iter().rev().collect(),
            };
            for fix in each {
                let device = fix["device"].as_str().expect("a device");
                let [path] = before.paths[device].as_slice() else {
                    panic!("{device} is one file")
                };
                typed(&folder.join(path), &lines_of(fix, way));
            }
            let after = told(&folder);
            if way == "rollback" && fixes.iter().any(takes_back_a_line) {
                continue;
            }
            let mut wrong = Vec::new();
            let stays = after.findings.contains_key(fingerprint);
            if stays == (way == "commands") {
                wrong.push(format!(
                    "after the {way} the finding is {}",
                    if stays { "still there" } else { "not back" }
                ));
            }
            wrong.extend(worse(case, (&before, &after), (finding, way)));
            if !wrong.is_empty() {
                let message = &finding["message"];
                let fixes = serde_json::to_string_pretty(fixes).expect("JSON");
                failures.push(format!(
                    "{}\n{message}\n{}\n{fixes}",
                    case.display(),
                    wrong.join("\n")
                ));
            }
        }
    }
    failures
}

#[test]
fn what_is_typed_mends_and_what_undoes_it_brings_it_back() {
    let mut all = Vec::new();
    let mut counts = BTreeMap::new();
    let rules = folders(&root().join("corpus/rules"));
    let cases = rules.iter().flat_map(|rule| folders(&rule.join("flags")));
    for case in cases.chain(folders(&root().join("corpus/networks"))) {
        all.extend(failures(&case, &mut counts));
    }
    println!("remedies tried, by dialect and rule: {counts:?}");
    let dialects: BTreeSet<&str> = counts.keys().map(|(dialect, _)| dialect.as_str()).collect();
    assert_eq!(dialects.len(), edgelint_dialects::DIALECTS.len(), "each writes some: {counts:?}");
    assert!(all.is_empty(), "{} remedies do not hold:\n{}", all.len(), all.join("\n\n"));
}
