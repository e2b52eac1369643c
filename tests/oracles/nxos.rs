//! What other projects say about configurations of NX-OS: Batfish and Ansible's collection.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use super::{Entry, KINDS, entries, inspect, oracle, plain_reading, undefined, without_sequence};
use crate::support::{edgelint, files, shared, stdout};

/// The items of a kind about the public files of NX-OS, by path.
fn items(kind: &str) -> Option<(PathBuf, BTreeMap<String, Vec<Value>>)> {
    let folder = shared("corpus-public/nxos")?;
    let found = inspect(&folder, kind, Some("nxos"));
    Some((folder, found))
}

/// What an oracle says about files of NX-OS, by path below their folder.
fn answers(oracle: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = oracle.as_object().into_iter().flatten();
    all.filter_map(|(file, answer)| Some((file.strip_prefix("nxos/")?, answer)))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The text with `eq N` as `ge N le N`, which is the same.
fn without_exact(text: &str) -> String {
    let one = |line: &str| match line.split_once(" eq ") {
        Some((head, length)) if head.contains("prefix-list ") => {
            format!("{head} ge {} le {}", length.trim(), length.trim())
        }
        _ => line.to_owned(),
    };
    text.lines().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn nxos_prefix_lists_equal_a_plain_reading() {
    let Some((folder, found)) = items("prefix-lists") else { return };
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
        let plain = plain_reading(&without_exact(&text));
        compared += plain.values().map(Vec::len).sum::<usize>();
        if plain != read {
            differences.push(format!("{name}\n plain {plain:?}\n read  {read:?}"));
        }
    }
    println!("{compared} entries compared");
    assert!(compared > 50, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn nxos_lists_policies_and_neighbors_equal_batfish() {
    let Some(model) = oracle("batfish-model") else { return };
    let (Some((_, lists)), Some((_, policies)), Some((_, neighbors))) =
        (items("prefix-lists"), items("policies"), items("neighbors"))
    else {
        return;
    };
    let of = |table: &BTreeMap<String, Vec<Value>>, file: &str| {
        table.get(file).cloned().unwrap_or_default()
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in answers(&model) {
        for shape in ["prefix_lists", "prefix_lists6"] {
            for (name, expected) in answer[shape].as_object().into_iter().flatten() {
                let own = of(&lists, file).into_iter().find(|it| it["name"] == name.as_str());
                let found: Vec<_> = own.iter().flat_map(entries).map(without_sequence).collect();
                let expected: Vec<_> =
                    entries(expected).into_iter().map(without_sequence).collect();
                compared += 1;
                if found != expected {
                    differences.push(format!("{file} {name}: {expected:?} != {found:?}"));
                }
            }
        }
        for name in list(&answer["policies"]) {
            compared += 1;
            if !of(&policies, file).iter().any(|it| it["name"] == *name) {
                differences.push(format!("{file}: no policy {name}"));
            }
        }
        for (vrf, instance) in answer["bgp"].as_object().into_iter().flatten() {
            for (address, peer) in instance["peers"].as_object().into_iter().flatten() {
                let address = address.split('/').next().unwrap_or("");
                let own = of(&neighbors, file)
                    .into_iter()
                    .find(|it| it["vrf"] == vrf.as_str() && it["address"] == address);
                let remote = peer["remote_as"].to_string().replace('"', "").parse().ok();
                compared += 1;
                if own.as_ref().is_none_or(|it| it["remote_as"].as_u64() != remote) {
                    differences.push(format!("{file} {vrf} {address}: {peer} != {own:?}"));
                }
            }
        }
    }
    println!("{compared} lists, policies and neighbors compared");
    assert!(0 < compared, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn nxos_undefined_references_are_found_at_their_lines() {
    let (Some(oracle), Some((_, references))) = (oracle("batfish-structures"), items("references"))
    else {
        return;
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in answers(&oracle) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        for (kind, ours) in KINDS {
            let is_it = |item: &&Value, name: &str| {
                item["name"] == name && ours.iter().any(|kind| item["kind"] == *kind)
            };
            for (name, uses) in answer["undefined"][kind].as_object().into_iter().flatten() {
                let uses = uses.as_object().into_iter().flat_map(|uses| uses.values());
                let expected: BTreeSet<u64> =
                    uses.flat_map(list).filter_map(Value::as_u64).collect();
                let found: BTreeSet<u64> = own
                    .iter()
                    .filter(|item| is_it(item, name) && undefined(item))
                    .flat_map(|item| list(&item["uses"]))
                    .filter_map(|place| place["line"].as_u64())
                    .collect();
                compared += 1;
                if expected != found {
                    differences.push(format!("{file} {kind} {name}: {expected:?} != {found:?}"));
                }
            }
            for (name, _) in answer["defined"][kind].as_object().into_iter().flatten() {
                compared += 1;
                if own.iter().any(|item| is_it(&item, name) && undefined(item)) {
                    differences.push(format!("{file} {kind} {name}: called undefined"));
                }
            }
        }
    }
    println!("{compared} names compared");
    assert!(0 < compared, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Types of structures in Batfish's tests, and the kinds that stand for them here.
const TEST_KINDS: &[(&str, &str)] = &[
    ("ROUTE_MAP", "route-map"),
    ("IP_PREFIX_LIST", "prefix-list"),
    ("IPV6_PREFIX_LIST", "ipv6-prefix-list"),
    ("IP_ACCESS_LIST", "acl"),
    ("IPV6_ACCESS_LIST", "ipv6-acl"),
    ("IP_AS_PATH_ACCESS_LIST", "as-path-list"),
    ("IP_COMMUNITY_LIST_STANDARD", "community-list"),
    ("IP_COMMUNITY_LIST_EXPANDED", "community-list"),
    ("INTERFACE", "interface"),
    ("VRF", "vrf"),
    ("OBJECT_GROUP_IP_ADDRESS", "object"),
    ("BGP_TEMPLATE_PEER", "peer-group"),
    ("BGP_TEMPLATE_PEER_SESSION", "peer-session-template"),
    ("BGP_TEMPLATE_PEER_POLICY", "peer-policy-template"),
];

/// Types that no kind stands for here, and why.
const OTHER_TEST_KINDS: &[(&str, &str)] = &[
    ("ROUTER_ISIS", "a process of an interior protocol is no object that policies name"),
    ("ROUTER_OSPF", "likewise"),
    ("ROUTER_EIGRP", "likewise"),
    ("PORT_CHANNEL", "bundling"),
    ("POLICY_MAP_QOS", "quality of service"),
    ("CLASS_MAP_QOS", "quality of service"),
];

#[test]
fn nxos_names_are_what_the_tests_of_batfish_say() {
    let (Some(facts), Some((_, references))) = (oracle("batfish-test-facts"), items("references"))
    else {
        return;
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, answer) in answers(&facts) {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        for fact in list(&answer["facts"]) {
            let theirs = fact["type"].as_str().unwrap_or("");
            let Some((_, kind)) = TEST_KINDS.iter().find(|(name, _)| *name == theirs) else {
                let known = OTHER_TEST_KINDS.iter().any(|(name, _)| *name == theirs);
                assert!(known, "{file}: {theirs}?");
                continue;
            };
            let item = own.iter().find(|it| it["kind"] == *kind && it["name"] == fact["name"]);
            let n_uses = item.map_or(0, |it| list(&it["uses"]).len());
            let holds = match fact["fact"].as_str().unwrap_or("") {
                "definedStructure" => item.is_some_and(|it| !undefined(it)),
                "undefinedReference" => item.is_some_and(|it| undefined(it) && 0 < n_uses),
                "referencedStructure" => 0 < n_uses,
                "numReferrers" => {
                    // An interface counts as a user of itself there, as the README says.
                    let itself = usize::from(*kind == "interface");
                    u64::try_from(n_uses + itself).ok() == fact["count"].as_u64()
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
    assert!(5 < compared, "the tests know NX-OS");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn nxos_route_maps_have_the_clauses_that_ansible_parsed() {
    // The facts come from a sibling test of the same file; where they speak of clauses, they agree.
    let (Some(facts), Some((_, policies))) = (oracle("ansible-parsed"), items("policies")) else {
        return;
    };
    let mut compared = 0;
    for (file, answer) in answers(&facts).filter(|(_, it)| it["module"] == "nxos_route_maps") {
        let own = policies.get(file).map_or(&[][..], Vec::as_slice);
        for map in list(&answer["facts"]) {
            let policy = own.iter().find(|it| it["name"] == map["route_map"]);
            let clauses = policy.map_or(&[][..], |it| list(&it["clauses"]));
            let found: Vec<(String, Option<String>)> = clauses
                .iter()
                .map(|it| (it["seq"].to_string(), it["action"].as_str().map(str::to_owned)))
                .collect();
            let expected: Vec<(String, Option<String>)> = list(&map["entries"])
                .iter()
                .map(|it| (it["sequence"].to_string(), it["action"].as_str().map(str::to_owned)))
                .collect();
            compared += expected.len();
            assert_eq!(found, expected, "{file} {}", map["route_map"]);
        }
    }
    println!("{compared} clauses compared");
    assert!(0 < compared, "there was something to compare");
}

/// Whole files that stand among those of NX-OS and are not: what they are, in the order of the folder.
const STRANGERS: &[(&str, &str)] = &[
    ("nxos__fixtures__nxos_config__config.cfg", "an EOS switch with ports such as `Management1`"),
    ("__ios-bgp-listener", "an IOS router that listens to the device under test"),
    ("__ios-bgp-listener-2", "another one"),
];

#[test]
fn whole_public_files_of_nxos_are_told_apart() {
    let Some(folder) = shared("corpus-public") else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a manifest");
    let output =
        edgelint(&folder, &["check", ".", "--isolated", "-o", "json", "--fail-on", "never"]);
    let report: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let dialects: BTreeMap<&str, &str> = list(&report["files"])
        .iter()
        .filter_map(|file| Some((file["path"].as_str()?, file["dialect"].as_str()?)))
        .map(|(path, dialect)| (path.trim_start_matches("./"), dialect))
        .collect();
    let (mut whole, mut right, mut wrong) = (0, 0, Vec::new());
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, _, _, _, _, dialect, _, kind, ..] = fields.as_slice() else { continue };
        let found = dialects.get(file).copied().unwrap_or("");
        if *dialect != "nxos" {
            // Device contexts (`vdc`) are no statement of IOS.
            if found == "nxos" && !file.ends_with("cisco_vdc") {
                wrong.push(format!("{file}: {dialect} claimed as nxos"));
            }
        } else if *kind == "full" && !STRANGERS.iter().any(|(name, _)| file.ends_with(name)) {
            whole += 1;
            right += usize::from(found == "nxos");
            if found != "nxos" {
                println!("not told: {file} ({found:?})");
            }
        }
    }
    println!("{right} of {whole} whole files told right");
    assert!(whole > 50, "there are whole files");
    assert!(right * 100 >= whole * 98, "{right} of {whole}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
