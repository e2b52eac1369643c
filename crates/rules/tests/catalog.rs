//! The registry of rules, held to the folder it lists: `BLESS=1` writes it, otherwise it is compared.
#![allow(clippy::disallowed_methods, reason = "a test reads its own checkout")]

use std::fmt::Write as _;
use std::path::PathBuf;

use edgelint_rules::catalog::CATALOG;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Names of the rule files, sorted.
fn modules() -> Vec<String> {
    let entries = std::fs::read_dir(folder().join("catalog")).expect("the folder of rules");
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// The registry as it should be.
fn rendered(modules: &[String]) -> String {
    let mut text = String::from(
        "//! Every rule by its id. Written by a test: `BLESS=1 cargo test -p edgelint-rules`.\n\n",
    );
    for module in modules {
        let _ = writeln!(text, "pub mod {module};");
    }
    text.push_str("\nuse crate::Rule;\n\n/// Ids with their rules, sorted by id.\n");
    text.push_str("pub static CATALOG: &[(&str, &Rule)] = &[\n");
    for module in modules {
        let _ = writeln!(text, "    (\"{}\", &{module}::RULE),", module.replace('_', "-"));
    }
    text.push_str("];\n");
    text
}

#[test]
fn catalog_is_fresh() {
    let expected = rendered(&modules());
    let path = folder().join("catalog.rs");
    let found = std::fs::read_to_string(&path).expect("the registry");
    if found == expected {
        return;
    }
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(&path, expected).expect("the registry can be written");
        return;
    }
    panic!("the registry is not fresh; BLESS=1 writes this:\n{expected}");
}

#[test]
fn ids_are_unique_sorted_and_kebab_case() {
    let ids: Vec<&str> = CATALOG.iter().map(|(id, _)| *id).collect();
    assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    for id in ids {
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
    }
}

#[test]
fn every_rule_has_its_page() {
    for (id, rule) in CATALOG {
        for heading in [
            "## What it does",
            "## Why it matters",
            "## When it is not a mistake",
            "## Example",
            "## What to do",
            "## Sources",
        ] {
            assert!(rule.page.contains(heading), "{id} has no \"{heading}\"");
        }
        assert!(rule.summary().ends_with('.'), "{id}: {}", rule.summary());
    }
}

#[test]
fn every_rule_has_a_folder_of_cases() {
    let cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/rules");
    for (id, _) in CATALOG {
        for kind in ["flags", "passes"] {
            let folder = cases.join(id).join(kind);
            let filled =
                std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
            assert!(filled, "{id} has no case in {kind}/");
        }
    }
}
