//! FRR: prefix lists against a plain reading of the lines, and which systems' files are told to be its.
//!
//! The collections of other people's answers hold none about FRR; what running routers answered stands in
//! `oracle_frr.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Entry, entries, inspect, plain_reading};
use crate::support::{edgelint, files, shared, stdout};

/// The lines with `any` written out, as the plain reading knows them.
fn without_any(text: &str) -> String {
    let written = |line: &str| {
        let any =
            if line.trim_start().starts_with("ipv6") { "::/0 le 128" } else { "0.0.0.0/0 le 32" };
        match line.trim_end().strip_suffix(" any") {
            Some(front) if front.contains(" prefix-list ") => format!("{front} {any}\n"),
            _ => format!("{line}\n"),
        }
    };
    text.split(['\n', '\r']).map(written).collect()
}

#[test]
fn prefix_lists_equal_a_plain_reading() {
    let Some(folder) = shared("corpus-public/frr") else { return };
    let found = inspect(&folder, "prefix-lists", Some("frr"));
    let (mut compared, mut differences) = (0, Vec::new());
    for path in files(&folder) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("readable")).into_owned();
        let name = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        let key = |item: &Value, field: &str| item[field].as_str().unwrap_or("").to_owned();
        let read: BTreeMap<(String, String), Vec<Entry>> = found
            .get(&name)
            .into_iter()
            .flatten()
            .map(|item| ((key(item, "family"), key(item, "name")), entries(item)))
            .filter(|(_, entries)| !entries.is_empty())
            .collect();
        let plain = plain_reading(&without_any(&text));
        compared += plain.values().map(Vec::len).sum::<usize>();
        if plain != read {
            differences.push(format!("{name}\n plain {plain:?}\n read  {read:?}"));
        }
    }
    println!("{compared} entries compared");
    assert!(compared > 300, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Files of other systems that say nothing but what FRR says too.
const ALIKE: &[&str] = &[
    // Interfaces of Linux with lengths, OSPF over networks with lengths: no line of IOS.
    "ios/batfish__batfish/parsing-tests__unit-tests__configs__host2",
];

#[test]
fn whole_files_are_told_apart() {
    let Some(folder) = shared("corpus-public") else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a manifest");
    let output =
        edgelint(&folder, &["check", ".", "--isolated", "-o", "json", "--fail-on", "never"]);
    let report: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let files = report["files"].as_array().expect("files").iter();
    let path =
        |file: &Value| file["path"].as_str().unwrap_or("").trim_start_matches("./").to_owned();
    let told: BTreeSet<String> = files.filter(|file| file["dialect"] == "frr").map(path).collect();
    let (mut whole, mut right, mut wrong) = (0, 0, Vec::new());
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, _, _, _, _, dialect, _, kind, ..] = fields.as_slice() else { continue };
        if *dialect != "frr" {
            wrong.extend((told.contains(*file) && !ALIKE.contains(file)).then_some(*file));
        } else if *kind == "full" {
            whole += 1;
            right += usize::from(told.contains(*file));
        }
    }
    println!("{right} of {whole} whole files told right");
    assert!(whole > 100 && right * 100 >= whole * 98, "{right} of {whole}");
    assert!(wrong.is_empty(), "claimed as frr: {}", wrong.join("\n"));
}
