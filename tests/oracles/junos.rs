//! Other people's answers about Junos: what a device accepts, what Batfish's model and its tests say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{entries, inspect, oracle, undefined, without_sequence};
use crate::support::{edgelint, shared, stdout};

/// The two folders of Junos configurations.
const FOLDERS: [&str; 2] = ["junos", "junos-set"];

/// The items of one kind by file, as oracles name files.
fn items(kind: &str) -> Option<BTreeMap<String, Vec<Value>>> {
    let public = shared("corpus-public")?;
    let mut all = BTreeMap::new();
    for folder in FOLDERS {
        let found = inspect(&public.join(folder), kind, Some("junos"));
        all.extend(found.into_iter().map(|(path, items)| (format!("{folder}/{path}"), items)));
    }
    Some(all)
}

fn is_junos(file: &str) -> bool {
    FOLDERS.iter().any(|folder| file.starts_with(&format!("{folder}/")))
}

/// The members of an object; nothing where there is none.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn what_a_device_refuses_is_said_and_nothing_else() {
    let (Some(public), Some(verdicts)) = (shared("corpus-public"), oracle("junos-commit-check"))
    else {
        return;
    };
    let mut counts = [0, 0];
    for (file, verdict) in members(&verdicts) {
        let refused = verdict["device_verdict"] == "rejects";
        counts[usize::from(refused)] += 1;
        let arguments = ["check", file, "--isolated", "-o", "json", "--fail-on", "never"];
        let report: Value =
            serde_json::from_str(&stdout(&edgelint(&public, &arguments))).expect("JSON");
        let findings = report["findings"].as_array().expect("findings");
        let rules: Vec<&Value> = findings.iter().map(|finding| &finding["rule"]).collect();
        let expected: &[&str] = if refused { &["refused-statement"] } else { &[] };
        assert_eq!(rules, expected, "{file}");
        for finding in findings {
            // The finding stands on the line that holds what the file is named after.
            assert_eq!(finding["labels"][0]["start"]["line"], 2, "{file}");
        }
    }
    println!("accepted and refused: {counts:?}");
    assert!(counts.iter().all(|count| 3 < *count), "the device spoke on both: {counts:?}");
}

#[test]
fn lists_policies_and_neighbors_equal_the_model() {
    let Some(model) = oracle("batfish-model") else { return };
    let kinds = ["prefix-lists", "policies", "neighbors", "references"].map(items);
    let [Some(lists), Some(policies), Some(neighbors), Some(references)] = kinds else { return };
    let mut compared = 0;
    for (file, answer) in members(&model).filter(|(file, _)| is_junos(file)) {
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
        for (kind, shape) in
            [("community-list", "community_names"), ("as-path-list", "as_path_lists")]
        {
            let own = of(&references);
            let defined = own.iter().filter(|it| it["kind"] == kind && !undefined(it));
            let names: BTreeSet<&str> = defined.filter_map(|it| it["name"].as_str()).collect();
            assert_eq!(names, texts(&answer[shape]), "{file} {kind}");
        }
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
    println!("{compared} files, lists and neighbors compared");
    assert!(3 < compared, "the model knows Junos");
}

/// Kinds of structures there, and the kind here.
const KINDS: &[(&str, &str)] = &[
    ("as-path", "as-path-list"),
    ("as-path-group", "as-path-list"),
    ("authentication-key-chain", "key-chain"),
    ("bgp group", "peer-group"),
    ("community", "community-list"),
    ("interface", "interface"),
    ("policy-statement", "policy-statement"),
    ("prefix-list", "prefix-list"),
    ("routing-instance", "vrf"),
];

/// Kinds there that have none here, and why.
const OTHER_KINDS: &[(&str, &str)] = &[
    ("as-path-group as-path", "bookkeeping: a member of a group, that nothing can name"),
    ("bgp neighbor", "not named by anything: `inspect neighbors` has them"),
    ("logical-system", "named by a profile of resources, not by routing"),
    ("policy-statement term", "bookkeeping: the README says to skip it"),
    ("security-profile", "resources, not routing"),
];

/// `master` stands at line 0 there, since it is always defined: the README names it.
const ALWAYS_DEFINED: &str = "master";

#[test]
fn names_are_defined_and_undefined_as_in_the_structures() {
    let (Some(structures), Some(references)) = (oracle("batfish-structures"), items("references"))
    else {
        return;
    };
    let (mut defined, mut missing) = (0, 0);
    for (file, answer) in members(&structures).filter(|(file, _)| is_junos(file)) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        let find = |kind: &str, name: &str| {
            own.iter().find(|item| item["kind"] == kind && item["name"] == name)
        };
        let known = |kind: &String| {
            let found = KINDS.iter().find(|(theirs, _)| theirs == kind).map(|(_, ours)| *ours);
            let other = OTHER_KINDS.iter().any(|(theirs, _)| theirs == kind);
            assert!(found.is_some() || other, "{file}: what is {kind}?");
            found
        };
        for (kind, objects) in members(&answer["defined"]) {
            let Some(kind) = known(kind) else { continue };
            for (name, there) in members(objects).filter(|(name, _)| *name != ALWAYS_DEFINED) {
                let item = find(kind, name).unwrap_or_else(|| panic!("{file}: no {kind} {name}"));
                assert!(!undefined(item), "{file}: {kind} {name} is defined");
                let lines: BTreeSet<u64> = lines_of(there);
                let first = item["definitions"][0].as_u64().expect("a line");
                assert!(lines.contains(&first), "{file}: {kind} {name}: {first} in {lines:?}");
                defined += 1;
            }
        }
        let mut expected: BTreeMap<(&str, &str), BTreeSet<u64>> = BTreeMap::new();
        for (kind, objects) in members(&answer["undefined"]) {
            let Some(kind) = known(kind) else { continue };
            for (name, uses) in members(objects) {
                expected
                    .insert((kind, name), members(uses).flat_map(|(_, it)| lines_of(it)).collect());
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
        assert_eq!(found, expected, "{file}");
        missing += expected.len();
    }
    println!("{defined} defined and {missing} undefined names compared");
    assert!(30 < defined && 5 < missing, "the structures know Junos");
}

/// Numbers anywhere in a value.
fn lines_of(value: &Value) -> BTreeSet<u64> {
    match value {
        Value::Number(number) => number.as_u64().into_iter().collect(),
        Value::Array(list) => list.iter().flat_map(lines_of).collect(),
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !key.starts_with("numRef"))
            .flat_map(|(_, one)| lines_of(one))
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// Kinds of structures in the tests there, and the kind here.
const TEST_KINDS: &[(&str, &str)] = &[
    ("FIREWALL_FILTER", "acl"),
    ("INTERFACE", "interface"),
    ("POLICY_STATEMENT", "policy-statement"),
    ("PREFIX_LIST", "prefix-list"),
];

/// Kinds in the tests there that have none here, and why.
const OTHER_TEST_KINDS: &[(&str, &str)] = &[
    ("BRIDGE_DOMAIN", "layer 2"),
    ("CLASS_OF_SERVICE_FORWARDING_CLASS", "queues"),
    ("DESTINATION_CLASS", "accounting of packets"),
    ("FIREWALL_POLICER", "rates of packets"),
    ("LOGIN_CLASS", "management"),
    ("MPLS_PATH", "tunnels"),
    ("SOURCE_CLASS", "accounting of packets"),
];

#[test]
fn names_are_used_as_the_tests_of_batfish_say() {
    let (Some(facts), Some(references)) = (oracle("batfish-test-facts"), items("references"))
    else {
        return;
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in members(&facts).filter(|(file, _)| is_junos(file)) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        for fact in answer["facts"].as_array().into_iter().flatten() {
            let theirs = fact["type"].as_str().unwrap_or("");
            let Some((_, kind)) = TEST_KINDS.iter().find(|(name, _)| *name == theirs) else {
                assert!(
                    OTHER_TEST_KINDS.iter().any(|(name, _)| *name == theirs),
                    "{file}: {theirs}?"
                );
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
    assert!(10 < compared, "the tests know Junos");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
