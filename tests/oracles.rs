//! Other people's answers about public configurations, where they lie beside the checkout.
//!
//! Each test skips with a plain word where the material is missing. What is compared is what the
//! binary prints: the contract, not the inside.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::net::IpAddr;
use std::path::Path;

use serde_json::Value;

use crate::support::{edgelint, files, shared, stdout};

mod asa;
mod eos;
mod frr;
mod iosxr;
mod junos;
mod nxos;

/// The items that `inspect KIND` prints about a folder, by path.
fn inspect(folder: &Path, kind: &str, dialect: Option<&str>) -> BTreeMap<String, Vec<Value>> {
    let mut arguments = vec!["inspect", kind, ".", "--isolated", "--format", "json"];
    if let Some(dialect) = dialect {
        arguments.extend(["--dialect", dialect]);
    }
    let output = edgelint(folder, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let table: Value = serde_json::from_str(&stdout(&output)).expect("inspect prints JSON");
    let mut by_path: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for item in table["items"].as_array().expect("a list of items") {
        let path = item["path"].as_str().expect("a path").trim_start_matches("./").to_owned();
        by_path.entry(path).or_default().push(item.clone());
    }
    by_path
}

/// An oracle as a value.
pub(crate) fn oracle(name: &str) -> Option<Value> {
    let path = shared(&format!("oracles/{name}.shared.json.gz"))?;
    let file = std::fs::File::open(path).expect("the oracle can be read");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("the oracle is gzip");
    Some(serde_json::from_str(&text).expect("the oracle is JSON"))
}

/// An entry as both sides see it: sequence, action, prefix, shortest and longest length.
pub(crate) type Entry = (Option<u64>, String, String, u64, u64);

/// What a plain reading of the lines gives: no tree, no grammar, just words.
fn plain_reading(text: &str) -> BTreeMap<(String, String), Vec<Entry>> {
    let mut lists: BTreeMap<(String, String), BTreeMap<u64, Entry>> = BTreeMap::new();
    for line in text.split(['\n', '\r']) {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let (family, name, rest) = match words.as_slice() {
            ["ip", "prefix-list", name, rest @ ..] => ("ipv4", *name, rest),
            ["ipv6", "prefix-list", name, rest @ ..] => ("ipv6", *name, rest),
            _ => continue,
        };
        let list = lists.entry((family.to_owned(), name.to_owned()));
        let (sequence, rest) = match rest {
            ["seq", number, rest @ ..] => (number.parse::<u64>().ok(), rest),
            rest => (None, rest),
        };
        let [action @ ("permit" | "deny"), prefix, bounds @ ..] = rest else {
            continue;
        };
        // `eq` and the like are other systems' words: IOS refuses the line.
        if bounds.chunks(2).any(|pair| !matches!(pair, ["ge" | "le", _])) {
            continue;
        }
        let Some((address, length)) = prefix.split_once('/') else { continue };
        let (Ok(address), Ok(length)) = (address.parse::<IpAddr>(), length.parse::<u64>()) else {
            continue;
        };
        let width = if family == "ipv4" { 32 } else { 128 };
        let bound = |word: &str| {
            let at = bounds.iter().position(|found| *found == word)?;
            bounds.get(at + 1)?.parse::<u64>().ok()
        };
        let (ge, le) = (bound("ge"), bound("le"));
        let least = ge.unwrap_or(length);
        let most = le.unwrap_or(if ge.is_some() { width } else { length });
        if length > width || least < length || most > width || least > most {
            continue;
        }
        let list = list.or_default();
        let next = list.keys().max().map_or(5, |last| last / 5 * 5 + 5);
        let sequence = sequence.unwrap_or(next);
        let prefix = format!("{}/{length}", masked(address, length));
        list.insert(sequence, (Some(sequence), (*action).to_owned(), prefix, least, most));
    }
    lists.into_iter().map(|(key, list)| (key, list.into_values().collect())).collect()
}

pub(crate) fn masked(address: IpAddr, length: u64) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask =
                u32::MAX.checked_shl(32 - u32::try_from(length).expect("small")).unwrap_or(0);
            IpAddr::V4((u32::from(address) & mask).into())
        }
        IpAddr::V6(address) => {
            let mask =
                u128::MAX.checked_shl(128 - u32::try_from(length).expect("small")).unwrap_or(0);
            IpAddr::V6((u128::from(address) & mask).into())
        }
    }
}

/// The entries of an item of `inspect prefix-lists`, or of an oracle in the same shape.
fn entries(list: &Value) -> Vec<Entry> {
    let entries = list["entries"].as_array().map(Vec::as_slice).unwrap_or(&[]);
    entries
        .iter()
        .map(|entry| {
            (
                entry["seq"].as_u64(),
                entry["action"].as_str().unwrap_or("").to_owned(),
                entry["prefix"].as_str().unwrap_or("").to_owned(),
                entry["min_length"].as_u64().unwrap_or(u64::MAX),
                entry["max_length"].as_u64().unwrap_or(u64::MAX),
            )
        })
        .collect()
}

#[test]
fn prefix_lists_equal_a_plain_reading() {
    let Some(folder) = shared("corpus-public/ios") else { return };
    let found = inspect(&folder, "prefix-lists", Some("ios"));
    let (mut compared, mut differences) = (0, Vec::new());
    for path in files(&folder) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("readable")).into_owned();
        let name = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        let read: BTreeMap<(String, String), Vec<Entry>> = found
            .get(&name)
            .into_iter()
            .flatten()
            .map(|item| {
                let key = |field: &str| item[field].as_str().unwrap_or("").to_owned();
                ((key("family"), key("name")), entries(item))
            })
            .filter(|(_, entries)| !entries.is_empty())
            .collect();
        let plain = plain_reading(&text);
        compared += plain.values().map(Vec::len).sum::<usize>();
        if plain != read {
            differences.push(format!("{name}\n plain {plain:?}\n read  {read:?}"));
        }
    }
    println!("{compared} entries compared");
    assert!(compared > 300, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Lists that fixtures of a parser for many systems write in the words of other systems than IOS: `eq`,
/// a number without `seq`, ASA's `prefix-list`, `ipv4 prefix-list`, entries in a block.
const FOREIGN: &[(&str, &str)] = &[
    ("batfish__batfish/parsing-tests__unit-tests__configs__cisco_acl", "allowprefix"),
    ("batfish__batfish/parsing-tests__unit-tests__configs__cisco_acl", "allowprefix-asa"),
    (
        "batfish__batfish/parsing-tests__unit-tests__configs__ios_bgp_aggregate_address",
        "ScienceDMZ-networks",
    ),
    ("batfish__batfish/parsing-tests__unit-tests__configs__prefix_list_ipv4", "test"),
];

#[test]
fn prefix_lists_and_neighbors_equal_batfish() {
    let (Some(folder), Some(oracle)) = (shared("corpus-public"), oracle("batfish-model")) else {
        return;
    };
    let ios = folder.join("ios");
    let lists = inspect(&ios, "prefix-lists", Some("ios"));
    let neighbors = inspect(&ios, "neighbors", Some("ios"));
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in oracle.as_object().expect("an object by file") {
        let Some(name) = file.strip_prefix("ios/") else { continue };
        for (shape, family) in [("prefix_lists", "ipv4"), ("prefix_lists6", "ipv6")] {
            for (list, expected) in answer[shape].as_object().into_iter().flatten() {
                // Access lists used as route filters stand among the lists there; here they do not.
                if expected["structure"].as_str().is_some_and(|kind| kind.contains("access")) {
                    continue;
                }
                let expected: Vec<_> =
                    entries(expected).into_iter().map(without_sequence).collect();
                if FOREIGN.contains(&(name, list.as_str())) {
                    continue;
                }
                let item = lists
                    .get(name)
                    .into_iter()
                    .flatten()
                    .find(|item| item["name"] == list.as_str() && item["family"] == family);
                let found: Vec<_> = item
                    .map(entries)
                    .unwrap_or_default()
                    .into_iter()
                    .map(without_sequence)
                    .collect();
                compared += 1;
                if found != expected {
                    differences.push(format!("{name} {list}: {expected:?} != {found:?}"));
                }
            }
        }
        for (vrf, instance) in answer["bgp"].as_object().into_iter().flatten() {
            for (address, peer) in instance["peers"].as_object().into_iter().flatten() {
                let found = neighbors.get(name).into_iter().flatten().find(|item| {
                    item["vrf"] == vrf.as_str()
                        && item["address"] == address.split('/').next().unwrap_or("")
                });
                compared += 1;
                match found {
                    None => differences.push(format!("{name} {vrf} {address}: no such neighbor")),
                    Some(found) => {
                        let remote = peer["remote_as"].to_string().replace('"', "");
                        let same = found["remote_as"].as_u64() == remote.parse().ok();
                        if !same && !remote.is_empty() && remote != "null" {
                            differences.push(format!(
                                "{name} {address}: AS {remote} != {}",
                                found["remote_as"]
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("{compared} lists and neighbors compared");
    assert!(compared > 5, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn without_sequence(entry: Entry) -> (String, String, u64, u64) {
    (entry.1, entry.2, entry.3, entry.4)
}

/// Kinds of structures there, and the kinds that stand for them here.
const KINDS: &[(&str, &[&str])] = &[
    ("route-map", &["route-map"]),
    ("ipv4 prefix-list", &["prefix-list"]),
    ("prefix-list", &["prefix-list"]),
    ("ipv6 prefix-list", &["ipv6-prefix-list"]),
    ("prefix6-list", &["ipv6-prefix-list"]),
    ("as-path access-list", &["as-path-list"]),
    ("community-list", &["community-list"]),
    ("undeclared community-list", &["community-list"]),
    ("ipv4 access-list", &["acl"]),
    ("acl", &["acl"]),
    ("ipv6 access-list", &["ipv6-acl"]),
    ("nat pool", &["nat-pool"]),
];

#[test]
fn undefined_references_are_found_at_their_lines() {
    let (Some(folder), Some(oracle)) = (shared("corpus-public"), oracle("batfish-structures"))
    else {
        return;
    };
    let references = inspect(&folder.join("ios"), "references", Some("ios"));
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in oracle.as_object().expect("an object by file") {
        let Some(name) = file.strip_prefix("ios/") else { continue };
        let items: Vec<&Value> = references.get(name).into_iter().flatten().collect();
        for (kind, ours) in KINDS {
            for (object, uses) in answer["undefined"][kind].as_object().into_iter().flatten() {
                let expected: BTreeSet<u64> = uses
                    .as_object()
                    .into_iter()
                    .flat_map(|uses| uses.values())
                    .flat_map(|lines| lines.as_array().into_iter().flatten())
                    .filter_map(Value::as_u64)
                    .collect();
                let found: BTreeSet<u64> = items
                    .iter()
                    .filter(|item| item["name"] == object.as_str() && undefined(item))
                    .filter(|item| ours.iter().any(|kind| item["kind"] == *kind))
                    .flat_map(|item| item["uses"].as_array().into_iter().flatten())
                    .filter_map(|place| place["line"].as_u64())
                    .collect();
                compared += 1;
                if !expected.is_subset(&found) {
                    differences
                        .push(format!("{name} {kind} {object}: {expected:?} not within {found:?}"));
                }
            }
            for object in
                answer["defined"][kind].as_object().into_iter().flatten().map(|(name, _)| name)
            {
                let wrong = items.iter().any(|item| {
                    item["name"] == object.as_str()
                        && ours.iter().any(|kind| item["kind"] == *kind)
                        && undefined(item)
                });
                compared += 1;
                if wrong {
                    differences
                        .push(format!("{name} {kind} {object}: defined, but called undefined"));
                }
            }
        }
    }
    println!("{compared} names compared");
    assert!(compared > 50, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn undefined(item: &Value) -> bool {
    item["definitions"].as_array().is_some_and(Vec::is_empty)
}

/// What each file below a folder is told to be; empty where it is not told.
fn dialects(folder: &Path) -> BTreeMap<String, String> {
    let arguments = ["check", ".", "--isolated", "-o", "json", "--fail-on", "never"];
    let report: Value = serde_json::from_str(&stdout(&edgelint(folder, &arguments))).expect("JSON");
    let files = report["files"].as_array().expect("files");
    let text = |file: &Value, key: &str| file[key].as_str().unwrap_or("").to_owned();
    files
        .iter()
        .map(|file| {
            let path = text(file, "path").trim_start_matches("./").to_owned();
            (path, text(file, "dialect"))
        })
        .collect()
}

#[test]
fn whole_public_files_are_told_apart() {
    let Some(folder) = shared("corpus-public") else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a manifest");
    let dialects = dialects(&folder);
    let (mut whole, mut right, mut wrong) = (0, 0, Vec::new());
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, _, _, _, _, dialect, _, kind, ..] = fields.as_slice() else { continue };
        let found = dialects.get(*file).map_or("", String::as_str);
        if file.starts_with("other/") || *dialect != "ios" {
            // Test networks of other systems hold IOS routers that talk to them; their names say so.
            let is_peer = file.rsplit("__").next().is_some_and(|name| name.starts_with("ios-"));
            if found == "ios" && !is_peer {
                wrong.push(format!("{file}: {dialect} claimed as ios"));
            }
        } else if *kind == "full" {
            whole += 1;
            right += usize::from(found == "ios");
            if found != "ios" {
                println!("not told: {file} ({found:?})");
            }
        }
    }
    println!("{right} of {whole} whole files told right");
    assert!(whole > 100, "there are whole files");
    assert!(right * 100 >= whole * 98, "{right} of {whole}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
