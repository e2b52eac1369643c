//! Other people's answers about IOS XR: what Batfish's model, its structures and its tests say, and a
//! plain reading of prefix sets.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::Value;

use super::{entries, inspect, oracle, undefined, without_sequence};
use crate::support::{files, shared};

/// The items of one kind by file, as oracles name files.
fn items(kind: &str) -> Option<BTreeMap<String, Vec<Value>>> {
    let folder = shared("corpus-public/iosxr")?;
    let found = inspect(&folder, kind, Some("iosxr"));
    Some(found.into_iter().map(|(path, items)| (format!("iosxr/{path}"), items)).collect())
}

/// The members of an object; nothing where there is none.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn answers(oracle: &Value) -> impl Iterator<Item = (&String, &Value)> {
    members(oracle).filter(|(file, _)| file.starts_with("iosxr/"))
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn sets_policies_and_neighbors_equal_the_model() {
    let Some(model) = oracle("batfish-model") else { return };
    let [Some(lists), Some(policies), Some(neighbors)] =
        ["prefix-lists", "policies", "neighbors"].map(items)
    else {
        return;
    };
    let mut compared = 0;
    for (file, answer) in answers(&model) {
        let of =
            |items: &BTreeMap<String, Vec<Value>>| items.get(file).cloned().unwrap_or_default();
        for (shape, family) in [("prefix_lists", "ipv4"), ("prefix_lists6", "ipv6")] {
            for (list, expected) in members(&answer[shape]) {
                let own = of(&lists);
                let found =
                    own.iter().find(|it| it["name"] == list.as_str() && it["family"] == family);
                let plain = |list: &Value| {
                    entries(list).into_iter().map(without_sequence).collect::<Vec<_>>()
                };
                assert_eq!(found.map(plain), Some(plain(expected)), "{file} {list}");
                compared += 1;
            }
        }
        let own = of(&policies);
        let names: BTreeSet<&str> = own.iter().filter_map(|it| it["name"].as_str()).collect();
        assert_eq!(names, texts(&answer["policies"]), "{file}");
        for (vrf, instance) in members(&answer["bgp"]) {
            let own: Vec<Value> =
                of(&neighbors).into_iter().filter(|it| it["vrf"] == *vrf).collect();
            let peers: Vec<_> = members(&instance["peers"]).collect();
            assert_eq!(own.len(), peers.len(), "{file}: neighbors of {vrf}");
            for (address, peer) in peers {
                let found = own.iter().find(|it| it["address"] == address.as_str());
                let found = found.unwrap_or_else(|| panic!("{file}: no neighbor {address}"));
                let remote = peer["remote_as"].as_str().and_then(|number| number.parse().ok());
                assert_eq!(found["remote_as"].as_u64(), remote, "{file} {address}");
                for field in ["local_as", "description", "group"] {
                    assert_eq!(found[field], peer[field], "{file} {address} {field}");
                }
                compared += 1;
            }
        }
        compared += 1;
    }
    println!("{compared} files, sets and neighbors compared");
    assert!(7 < compared, "the model knows IOS XR");
}

/// Kinds of structures there, and the kind here.
const KINDS: &[(&str, &str)] = &[
    ("bgp af-group", "peer-policy-template"),
    ("bgp neighbor-group", "peer-group"),
    ("bgp session-group", "peer-session-template"),
    ("community-set", "community-list"),
    ("interface", "interface"),
    ("ipv4 access-list", "acl"),
    ("ipv6 access-list", "ipv6-acl"),
    ("prefix-set", "prefix-list"),
    ("route-policy", "route-policy"),
];

/// Kinds there that have none here, and why.
const OTHER_KINDS: &[(&str, &str)] = &[
    ("bgp neighbor", "not named by anything: `inspect neighbors` has them"),
    ("class-map", "quality of service"),
    ("ethernet-services access-list", "layer 2"),
    ("ipv4 access-list line", "bookkeeping: the README says to skip it"),
    ("track", "not named by routing policy"),
];

/// Names that differ, and why.
const DIFFERENT: &[(&str, &str)] = &[
    // `Null0` is always there.
    ("ios_xr_router_static", "Null0"),
    // `rp-address 192.0.2.1 override` names no list: `override` is a keyword.
    ("pim", "override"),
    // A parameter: what it stands for is known where the policy is used.
    ("route_policy_param", "$cust_v4_pfx"),
];

fn differs(file: &str, name: &str) -> bool {
    DIFFERENT.iter().any(|(end, other)| file.ends_with(&format!("__{end}")) && *other == name)
}

fn known(file: &str, kind: &str) -> Option<&'static str> {
    let found = KINDS.iter().find(|(theirs, _)| *theirs == kind).map(|(_, ours)| *ours);
    let other = OTHER_KINDS.iter().any(|(theirs, _)| *theirs == kind);
    assert!(found.is_some() || other, "{file}: what is {kind}?");
    found
}

#[test]
fn names_are_defined_and_undefined_as_in_the_structures() {
    let (Some(structures), Some(references)) = (oracle("batfish-structures"), items("references"))
    else {
        return;
    };
    let (mut defined, mut missing, mut differences) = (0, 0, Vec::new());
    for (file, answer) in answers(&structures) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        for (kind, objects) in members(&answer["defined"]) {
            let Some(kind) = known(file, kind) else { continue };
            for (name, there) in members(objects).filter(|(name, _)| !differs(file, name)) {
                let item = own.iter().find(|it| it["kind"] == kind && it["name"] == name.as_str());
                let first = item.and_then(|it| it["definitions"][0].as_u64());
                let lines = there["lines"][0].as_array().cloned().unwrap_or_default();
                defined += 1;
                if first != lines.first().and_then(Value::as_u64) {
                    differences.push(format!("{file}: {kind} {name}: {first:?} and {lines:?}"));
                }
            }
        }
        let mut expected: BTreeMap<(&str, &str), BTreeSet<u64>> = BTreeMap::new();
        for (kind, objects) in members(&answer["undefined"]) {
            let Some(kind) = known(file, kind) else { continue };
            for (name, uses) in members(objects).filter(|(name, _)| !differs(file, name)) {
                let lines = members(uses).flat_map(|(_, it)| it.as_array().into_iter().flatten());
                expected.insert((kind, name), lines.filter_map(Value::as_u64).collect());
            }
        }
        let found: BTreeMap<(&str, &str), BTreeSet<u64>> = own
            .iter()
            .filter(|item| undefined(item))
            .map(|item| {
                let uses = item["uses"].as_array().into_iter().flatten();
                let lines = uses.filter_map(|one| one["line"].as_u64()).collect();
                let text = |field: &str| item[field].as_str().unwrap_or("");
                ((text("kind"), text("name")), lines)
            })
            .collect();
        missing += expected.len();
        // More blocks name interfaces than Batfish looks at: `xconnect`, `multicast-routing`, `router pim`.
        let more = |(kind, name): &(&str, &str)| {
            *kind == "interface" && !expected.contains_key(&(*kind, *name))
        };
        let found: BTreeMap<_, _> = found.into_iter().filter(|(key, _)| !more(key)).collect();
        if found != expected {
            differences.push(format!("{file}:\n there {expected:?}\n here  {found:?}"));
        }
    }
    println!("{defined} defined and {missing} undefined names compared");
    assert!(15 < defined && 15 < missing, "the structures know IOS XR");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Kinds of structures in the tests there, and the kind here.
const TEST_KINDS: &[(&str, &str)] = &[
    ("INTERFACE", "interface"),
    ("IPV4_ACCESS_LIST", "acl"),
    ("IPV6_ACCESS_LIST", "ipv6-acl"),
    ("ROUTE_POLICY", "route-policy"),
];

/// Kinds in the tests there that have none here, and why.
const OTHER_TEST_KINDS: &[(&str, &str)] = &[
    ("ETHERNET_SERVICES_ACCESS_LIST", "layer 2"),
    ("FLOW_EXPORTER_MAP", "statistics"),
    ("FLOW_MONITOR_MAP", "statistics"),
    ("SAMPLER_MAP", "statistics"),
];

#[test]
fn names_are_used_as_the_tests_of_batfish_say() {
    let (Some(facts), Some(references)) = (oracle("batfish-test-facts"), items("references"))
    else {
        return;
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in answers(&facts) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        for fact in answer["facts"].as_array().into_iter().flatten() {
            let theirs = fact["type"].as_str().unwrap_or("");
            let Some((_, kind)) = TEST_KINDS.iter().find(|(name, _)| *name == theirs) else {
                let other = OTHER_TEST_KINDS.iter().any(|(name, _)| *name == theirs);
                assert!(other, "{file}: {theirs}?");
                continue;
            };
            let item = own.iter().find(|it| it["kind"] == *kind && it["name"] == fact["name"]);
            let n_uses = item.and_then(|it| it["uses"].as_array()).map_or(0, Vec::len);
            let holds = match fact["fact"].as_str().unwrap_or("") {
                "definedStructure" => item.is_some_and(|it| !undefined(it)),
                "undefinedReference" => item.is_some_and(|it| undefined(it) && 0 < n_uses),
                "referencedStructure" => 0 < n_uses,
                "numReferrers" => {
                    // An interface counts as a user of itself there, as the README says.
                    let itself = usize::from(*kind == "interface");
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
    assert!(20 < compared, "the tests know IOS XR");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The prefixes of each set as its lines say, with shortest and longest length: no tree, just words.
fn plain_reading(text: &str) -> BTreeMap<String, BTreeSet<(String, u64, u64)>> {
    let mut sets = BTreeMap::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match (words.as_slice(), &open) {
            (["prefix-set", name], _) => {
                sets.insert((*name).to_owned(), BTreeSet::new());
                open = Some((*name).to_owned());
            }
            (["end-set"], _) => open = None,
            ([], _) | (["!" | "#", ..], _) => {}
            (_, Some(name)) if !line.trim_start().starts_with(['!', '#']) => {
                let set = sets.get_mut(name).expect("the set was begun");
                set.extend(line.split(',').filter_map(plain_element));
            }
            _ => {}
        }
    }
    sets
}

fn plain_element(text: &str) -> Option<(String, u64, u64)> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let (address, length) = words.first()?.split_once('/').unwrap_or((words.first()?, ""));
    let address: IpAddr = address.parse().ok()?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let length = if length.is_empty() { width } else { length.parse().ok()? };
    let bound = |key: &str| {
        let at = words.iter().position(|word| *word == key)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let (exact, least, most) = (bound("eq"), bound("ge"), bound("le"));
    let shortest = exact.or(least).unwrap_or(length);
    let longest = exact.or(most).unwrap_or(if least.is_some() { width } else { length });
    Some((format!("{}/{length}", super::masked(address, length)), shortest, longest))
}

#[test]
fn prefix_sets_equal_a_plain_reading() {
    let (Some(folder), Some(found)) = (shared("corpus-public/iosxr"), items("prefix-lists")) else {
        return;
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for path in files(&folder) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("readable")).into_owned();
        let name = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        let mut read: BTreeMap<String, BTreeSet<(String, u64, u64)>> = BTreeMap::new();
        for item in found.get(&format!("iosxr/{name}")).into_iter().flatten() {
            let set = read.entry(item["name"].as_str().unwrap_or("").to_owned()).or_default();
            set.extend(entries(item).into_iter().map(|it| (it.2, it.3, it.4)));
        }
        let plain = plain_reading(&text);
        compared += plain.values().map(BTreeSet::len).sum::<usize>();
        if plain != read {
            differences.push(format!("{name}\n plain {plain:?}\n read  {read:?}"));
        }
    }
    println!("{compared} elements compared");
    assert!(80 < compared, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn whole_files_are_told_apart() {
    let Some(folder) = shared("corpus-public") else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a manifest");
    let told = super::dialects(&folder);
    let (mut whole, mut right, mut wrong) = (0, 0, Vec::new());
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, _, _, _, _, dialect, _, kind, ..] = fields.as_slice() else { continue };
        let found = told.get(*file).map_or("", String::as_str);
        if *dialect != "iosxr" || file.starts_with("other/") {
            wrong.extend((found == "iosxr").then(|| format!("{file}: {dialect}")));
        } else if *kind == "full" {
            whole += 1;
            right += usize::from(found == "iosxr");
        }
    }
    println!("{right} of {whole} whole files told right");
    assert!(right * 100 >= whole * 98 && 20 < whole, "{right} of {whole}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
