//! Other people's answers about configurations of ASA.
//!
//! The parser tests of Batfish name what each file defines and uses; its committed reference outputs cover
//! two files. No other oracle knows ASA. Interfaces have two names there as here: their own and that of
//! `nameif`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Entry, entries, inspect, oracle, plain_reading, undefined};
use crate::support::{edgelint, files, inspected, root, shared, stdout};

fn references() -> Option<BTreeMap<String, Vec<Value>>> {
    Some(inspect(&shared("corpus-public/asa")?, "references", Some("asa")))
}

/// The answers about files of ASA, by their path below the folder.
fn answers(oracle: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = oracle.as_object().into_iter().flatten();
    all.filter_map(|(file, answer)| Some((file.strip_prefix("asa/")?, answer)))
}

/// Kinds of structures there, and the kind here; objects and groups of all kinds share one name space.
const KINDS: &[(&str, &str)] = &[
    ("extended ipv4 access-list", "acl"),
    ("interface", "interface"),
    ("object network", "object"),
    ("object-group service", "object"),
    ("IPV4_ACCESS_LIST_EXTENDED", "acl"),
    ("INTERFACE", "interface"),
    ("NETWORK_OBJECT", "object"),
    ("NETWORK_OBJECT_GROUP", "object"),
    ("PROTOCOL_OBJECT_GROUP", "object"),
    ("ROUTE_MAP", "route-map"),
];

/// Kinds there that have none here, and why.
const OTHER_KINDS: &[(&str, &str)] =
    &[("policy-map", "treatment of packets"), ("DNS_SERVER_GROUP", "who resolves names")];

fn kind(file: &str, theirs: &str) -> Option<&'static str> {
    let found = KINDS.iter().find(|(name, _)| *name == theirs).map(|(_, ours)| *ours);
    let other = OTHER_KINDS.iter().any(|(name, _)| *name == theirs);
    assert!(found.is_some() || other, "{file}: what is {theirs}?");
    found
}

#[test]
fn names_are_defined_and_undefined_as_in_the_structures() {
    let (Some(structures), Some(references)) = (oracle("batfish-structures"), references()) else {
        return;
    };
    let mut compared = 0;
    for (file, answer) in answers(&structures) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        let find = |kind: &str, name: &str| {
            own.iter().find(|item| item["kind"] == kind && item["name"] == name)
        };
        for (theirs, objects) in answer["defined"].as_object().into_iter().flatten() {
            let Some(kind) = kind(file, theirs) else { continue };
            for (name, there) in objects.as_object().into_iter().flatten() {
                let item = find(kind, name).unwrap_or_else(|| panic!("{file}: no {kind} {name}"));
                let first = item["definitions"][0].as_u64().expect("a line");
                assert_eq!(Some(first), there["lines"][0][0].as_u64(), "{file}: {kind} {name}");
                compared += 1;
            }
        }
        let expected: BTreeSet<&str> = answer["undefined"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(theirs, _)| kind(file, theirs).is_some())
            .flat_map(|(_, objects)| objects.as_object().into_iter().flatten())
            .map(|(name, _)| name.as_str())
            .collect();
        let found: BTreeSet<&str> =
            own.iter().filter(|it| undefined(it)).filter_map(|it| it["name"].as_str()).collect();
        assert_eq!(found, expected, "{file}");
    }
    println!("{compared} names compared");
    assert!(3 < compared, "the structures know ASA");
}

#[test]
fn names_are_used_as_the_tests_of_batfish_say() {
    let (Some(facts), Some(references)) = (oracle("batfish-test-facts"), references()) else {
        return;
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in answers(&facts) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        for fact in answer["facts"].as_array().into_iter().flatten() {
            let Some(kind) = kind(file, fact["type"].as_str().unwrap_or("")) else { continue };
            let item = own.iter().find(|it| it["kind"] == kind && it["name"] == fact["name"]);
            let n_uses = item.and_then(|it| it["uses"].as_array()).map_or(0, Vec::len);
            let holds = match fact["fact"].as_str().unwrap_or("") {
                "definedStructure" => item.is_some_and(|it| !undefined(it)),
                "undefinedReference" => item.is_some_and(|it| undefined(it) && 0 < n_uses),
                "referencedStructure" => 0 < n_uses,
                "numReferrers" => {
                    // An interface counts as a user of itself there, as the README says.
                    let itself = usize::from(kind == "interface");
                    Some(n_uses + itself) == fact["count"].as_u64().map(|it| it as usize)
                }
                other => panic!("{file}: what is {other}?"),
            };
            compared += 1;
            if holds == fact["not"].as_bool().unwrap_or(false) {
                differences.push(format!("{file}: {fact}, but {item:?}"));
            }
        }
    }
    println!("{compared} facts compared");
    assert!(25 < compared, "the tests know ASA");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The public configurations of ASA hold no prefix lists, so our own are read; without `ip` in front their
/// lines are those of IOS.
#[test]
fn prefix_lists_equal_a_plain_reading() {
    let folder = root().join("corpus");
    let mut compared = 0;
    for path in files(&folder) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("readable")).into_owned();
        if !text.contains("ASA Version") || !text.contains("\nprefix-list") {
            continue;
        }
        let read: BTreeMap<(String, String), Vec<Entry>> =
            inspected(&[("fw.cfg".to_owned(), text.clone())], "prefix-lists", Some("asa"))
                .iter()
                .map(|item| {
                    let key = |field: &str| item[field].as_str().unwrap_or("").to_owned();
                    ((key("family"), key("name")), entries(item))
                })
                .filter(|(_, entries)| !entries.is_empty())
                .collect();
        let plain = plain_reading(&text.replace("\nprefix-list", "\nip prefix-list"));
        compared += plain.values().map(Vec::len).sum::<usize>();
        assert_eq!(read, plain, "{}", path.display());
    }
    println!("{compared} entries compared");
    assert!(5 < compared, "our own configurations have prefix lists");
}

#[test]
fn whole_public_files_are_told_apart() {
    let Some(folder) = shared("corpus-public") else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a manifest");
    let of = |below: &str| -> BTreeMap<String, String> {
        let arguments = ["check", below, "--isolated", "-o", "json", "--fail-on", "never"];
        let report: Value =
            serde_json::from_str(&stdout(&edgelint(&folder, &arguments))).expect("JSON");
        let files = report["files"].as_array().expect("files").iter();
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        files.map(|file| (text(&file["path"]), text(&file["dialect"]))).collect()
    };
    let told = of("asa");
    let rows = manifest.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let whole = rows.filter(|row| row.get(5) == Some(&"asa") && row.get(7) == Some(&"full"));
    let whole: Vec<&str> = whole.filter_map(|row| row.first().copied()).collect();
    let right = whole.iter().filter(|file| told.get(**file).is_some_and(|it| it == "asa")).count();
    println!("{right} of {} whole files told right", whole.len());
    assert!(0 < right && 98 * whole.len() <= 100 * right, "{right} of {}", whole.len());
    assert!(of("other").values().all(|dialect| dialect != "asa"), "systems that are not read");
}
