//! The walls of the house, asserted: arrows between crates, what each may use, size, prose.
//!
//! Each test reads the checkout as text. What ARCHITECTURE.md says about arrows stands here as a
//! table, so that a new arrow is a decision and not an accident.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::{files, folders, root};

/// Crate, crates of ours it may use, crates of others it may use.
const HOUSE: &[(&str, &[&str], &[&str])] = &[
    ("source", &[], &["bumpalo", "encoding_rs", "memchr"]),
    ("prefix", &[], &["ipnetwork"]),
    ("syntax", &["source"], &["memchr", "nom"]),
    ("model", &["source", "prefix"], &[]),
    ("dialects", &["source", "prefix", "syntax", "model"], &["ipnetwork", "nom"]),
    ("facts", &["source", "prefix", "model"], &["regex-automata"]),
    ("rules", &["source", "prefix", "facts"], &[]),
    ("report", &["source"], &["codespan-reporting", "percent-encoding", "serde", "serde_json"]),
    ("engine", &["source", "dialects", "facts", "rules"], &["blake3", "rayon", "serde_json"]),
    ("contract", &[], &["nom"]),
];

/// What the command line may use.
const CLI: (&[&str], &[&str]) = (
    &["source", "engine", "report"],
    &[
        "clap",
        "codespan-reporting",
        "globset",
        "ignore",
        "indicatif",
        "mimalloc",
        "schemars",
        "serde",
        "serde_json",
        "strsim",
        "toml",
    ],
);

fn manifest(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).expect("a manifest can be read");
    text.parse().expect("a manifest is TOML")
}

fn dependencies(manifest: &toml::Table) -> (BTreeSet<String>, BTreeSet<String>) {
    let table = manifest.get("dependencies").and_then(toml::Value::as_table);
    let names = table.into_iter().flat_map(|table| table.keys().cloned());
    let (ours, others): (Vec<String>, Vec<String>) =
        names.partition(|name| name.starts_with("edgelint-"));
    let ours = ours.into_iter().map(|name| name.replace("edgelint-", "")).collect();
    (ours, others.into_iter().collect())
}

fn expect_within(crate_name: &str, found: &BTreeSet<String>, allowed: &[&str]) {
    for name in found {
        assert!(allowed.contains(&name.as_str()), "{crate_name} may not depend on {name}");
    }
}

#[test]
fn arrows_are_those_of_the_plan() {
    let planned: BTreeSet<&str> =
        HOUSE.iter().map(|(name, ..)| *name).chain(std::iter::once("cli")).collect();
    for folder in folders(&root().join("crates")) {
        let name = folder.file_name().expect("named").to_string_lossy().into_owned();
        assert!(planned.contains(name.as_str()), "crates/{name} is not in the plan");
    }
    for (name, ours, others) in HOUSE {
        let path = root().join("crates").join(name).join("Cargo.toml");
        let (found_ours, found_others) = dependencies(&manifest(&path));
        expect_within(name, &found_ours, ours);
        expect_within(name, &found_others, others);
    }
    let (found_ours, found_others) = dependencies(&manifest(&root().join("Cargo.toml")));
    expect_within("the command line", &found_ours, CLI.0);
    expect_within("the command line", &found_others, CLI.1);
}

/// Rust files of the project with their text.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for below in ["crates", "tests"] {
        for path in files(&root().join(below)) {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
                let name = path.strip_prefix(root()).expect("below the root").to_string_lossy();
                found.push((name.into_owned(), text));
            }
        }
    }
    assert!(found.len() > 50, "the checkout has its sources");
    found
}

#[test]
fn files_open_with_prose_and_stay_small() {
    for (name, text) in sources() {
        let first = text.lines().next().unwrap_or("");
        assert!(first.starts_with("//! ") && first.len() > 20, "{name} does not say what it is");
        let lines = text.lines().count();
        assert!(lines <= 800, "{name} has {lines} lines; 800 is the limit");
    }
}

#[test]
fn rules_are_short_and_know_no_dialect() {
    for (name, text) in sources() {
        if !name.starts_with("crates/rules/src/catalog/") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//")).count();
        assert!(lines <= 200, "{name} has {lines} lines of code; a rule has at most 200");
        for word in ["edgelint_dialects", "edgelint_model", "\"ios\"", "\"junos\""] {
            assert!(!code.contains(word), "{name} names {word}");
        }
    }
}

#[test]
fn no_dialect_imports_a_sibling() {
    let folders = folders(&root().join("crates/dialects/src"));
    let names: Vec<String> = folders
        .iter()
        .map(|path| path.file_name().expect("named").to_string_lossy().into_owned())
        // Words, and the way a change is laid out, are shared; statements are not.
        .filter(|name| name != "phrases" && name != "remedies")
        .collect();
    for (file, text) in sources() {
        for own in &names {
            if !file.starts_with(&format!("crates/dialects/src/{own}/")) {
                continue;
            }
            for other in names.iter().filter(|other| *other != own) {
                // One name may begin as another does.
                let imports = ["::", ";"].map(|end| format!("crate::{other}{end}"));
                let import = imports.iter().any(|import| text.contains(import));
                assert!(!import, "{file} imports its sibling {other}");
            }
        }
    }
}

#[test]
fn renderers_reach_source_text_through_one_door() {
    for (name, text) in sources() {
        if name.starts_with("crates/report/") && !name.ends_with("/tests.rs") {
            assert!(!text.contains(".text()"), "{name} reads source text past the printable door");
        }
    }
}

#[test]
fn parsing_has_no_result_in_its_public_face() {
    for (name, text) in sources() {
        let below =
            name.starts_with("crates/syntax/src") || name.starts_with("crates/dialects/src");
        if !below {
            continue;
        }
        for line in text.lines().filter(|line| line.trim_start().starts_with("pub fn")) {
            assert!(!line.contains("-> Result<"), "{name}: {line}");
        }
    }
}

#[test]
fn nothing_unfinished_is_left_behind() {
    let marks = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[ign", "ore")];
    for (name, text) in sources() {
        for mark in marks {
            assert!(!text.contains(mark), "{name} holds {mark}");
        }
    }
}

#[test]
fn grammars_belong_to_dialects() {
    for path in files(&root().join("grammars")) {
        let Some(stem) = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else {
            continue;
        };
        if path.extension().is_some_and(|extension| extension == "ebnf") {
            let folder = root().join("crates/dialects/src").join(&stem);
            assert!(folder.is_dir(), "grammars/{stem}.ebnf has no dialect");
            let corpus = root().join("corpus/dialects").join(&stem);
            assert!(files(&corpus).len() >= 3, "{stem} has fewer than three golden files");
        }
    }
}
