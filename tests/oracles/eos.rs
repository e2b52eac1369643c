//! Other people's answers about EOS: what Batfish's structures and its tests say, what NAPALM and Ansible
//! read, and the data that AVD rendered configurations from.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::Value;

use super::{Entry, entries, inspect, masked, oracle, undefined};
use crate::support::{edgelint, files, shared, stdout};

/// The items of one kind by file, as oracles name files.
fn items(kind: &str) -> Option<BTreeMap<String, Vec<Value>>> {
    let found = inspect(&shared("corpus-public/eos")?, kind, Some("eos"));
    Some(found.into_iter().map(|(path, items)| (format!("eos/{path}"), items)).collect())
}

/// The members of an object; nothing where there is none.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Answers about EOS of one oracle.
fn answers(name: &str) -> Option<BTreeMap<String, Value>> {
    let oracle = oracle(name)?;
    let of_eos = members(&oracle).filter(|(file, _)| file.starts_with("eos/"));
    Some(of_eos.map(|(file, answer)| (file.clone(), answer.clone())).collect())
}

/// The lists of a file by family and name, without those that hold nothing.
type Lists = BTreeMap<(String, String), Vec<Entry>>;

/// What a plain reading of the lines gives: no tree, no grammar, just words and who is the last header.
fn plain_reading(text: &str) -> Lists {
    let mut lists: BTreeMap<(String, String), BTreeMap<u64, Entry>> = BTreeMap::new();
    let mut header: Option<(String, String)> = None;
    for line in text.split(['\n', '\r']) {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let (key, words) = match words.as_slice() {
            [family @ ("ip" | "ipv6"), "prefix-list", name, rest @ ..] => {
                let family = if *family == "ip" { "ipv4" } else { "ipv6" };
                let key = (family.to_owned(), (*name).to_owned());
                header = rest.is_empty().then(|| key.clone());
                (key, rest)
            }
            ["no", "ip" | "ipv6", "prefix-list", name, rest @ ..] => {
                header = None;
                lists.retain(|(_, known), entries| {
                    if let ["seq", number] = rest {
                        number.parse().ok().and_then(|number: u64| {
                            if known == name { entries.remove(&number) } else { None }
                        });
                    }
                    known != name || !rest.is_empty()
                });
                continue;
            }
            [] => continue,
            words => match &header {
                Some(key) if line.starts_with(' ') => (key.clone(), words),
                _ => {
                    header = header.filter(|_| line.starts_with('!'));
                    continue;
                }
            },
        };
        let list = lists.entry(key.clone()).or_default();
        let next = list.keys().max().map_or(10, |last| last + 10);
        if let Some(entry) = plain_entry(words, &key.0, next) {
            list.insert(entry.0.unwrap_or(next), entry);
        }
    }
    lists
        .into_iter()
        .filter(|(_, entries)| !entries.is_empty())
        .map(|(key, list)| (key, list.into_values().collect()))
        .collect()
}

fn plain_entry(words: &[&str], family: &str, next: u64) -> Option<Entry> {
    let (sequence, rest) = match words {
        ["seq", number, rest @ ..] => (number.parse::<u64>().ok()?, rest),
        rest => (next, rest),
    };
    let [action @ ("permit" | "deny"), prefix, bounds @ ..] = rest else { return None };
    let (address, length) = prefix.split_once('/')?;
    let (address, length) = (address.parse::<IpAddr>().ok()?, length.parse::<u64>().ok()?);
    let width = if family == "ipv4" { 32 } else { 128 };
    let (least, most) = match bounds {
        [] => (length, length),
        ["eq", exact] => (exact.parse().ok()?, exact.parse().ok()?),
        ["ge", least] => (least.parse().ok()?, width),
        ["le", most] => (length, most.parse().ok()?),
        ["ge", least, "le", most] => (least.parse().ok()?, most.parse().ok()?),
        _ => return None,
    };
    if length > width || least < length || most > width || least > most {
        return None;
    }
    let prefix = format!("{}/{length}", masked(address, length));
    Some((Some(sequence), (*action).to_owned(), prefix, least, most))
}

/// The lists that were read of a file, without those that hold nothing.
fn read_lists(items: Option<&Vec<Value>>) -> Lists {
    let items = items.into_iter().flatten();
    items
        .map(|item| ((text(&item["family"]), text(&item["name"])), entries(item)))
        .filter(|(_, entries)| !entries.is_empty())
        .collect()
}

#[test]
fn eos_prefix_lists_equal_a_plain_reading() {
    let (Some(folder), Some(found)) = (shared("corpus-public"), items("prefix-lists")) else {
        return;
    };
    let mut compared = 0;
    for path in files(&folder.join("eos")) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("readable")).into_owned();
        let name = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        let plain = plain_reading(&text);
        compared += plain.values().map(Vec::len).sum::<usize>();
        assert_eq!(read_lists(found.get(&name)), plain, "{name}");
    }
    println!("{compared} entries compared");
    assert!(compared > 200, "there was something to compare");
}

/// What the data says about a neighbor: address, AS number, group, policy in and out; names of policies
/// may come from the group.
fn neighbor_of(data: &Value, groups: &[Value]) -> [String; 5] {
    let group = groups.iter().find(|group| group["name"] == data["peer_group"]);
    let value = |field: &str| {
        let own = data.get(field).filter(|value| !value.is_null());
        let inherited = || group.and_then(|group| group.get(field)).filter(|it| !it.is_null());
        own.or_else(inherited).map(text).unwrap_or_default()
    };
    let address = text(&data["ip_address"]);
    [
        address.parse::<IpAddr>().map_or(address, |address| address.to_string()),
        plain_number(&value("remote_as")),
        data.get("peer_group").map(text).unwrap_or_default(),
        value("route_map_in"),
        value("route_map_out"),
    ]
}

/// An AS number in plain notation (RFC 5396).
fn plain_number(text: &str) -> String {
    match text.split_once('.') {
        Some((high, low)) => {
            let half = |text: &str| text.parse::<u32>().expect("half an AS number");
            ((half(high) << 16) + half(low)).to_string()
        }
        None => text.to_owned(),
    }
}

/// The same of what was read; `lists` are the names of prefix lists, which stand among route maps.
fn neighbor_read(item: &Value, lists: &BTreeSet<String>) -> [String; 5] {
    let or_nothing = |value: &Value| if value.is_null() { String::new() } else { text(value) };
    let policy = |direction: &str| {
        let mut names = list(&item[direction]).iter().map(text);
        names.find(|name| !lists.contains(name)).unwrap_or_default()
    };
    [
        text(&item["address"]),
        or_nothing(&item["remote_as"]),
        or_nothing(&item["group"]),
        policy("import"),
        policy("export"),
    ]
}

/// A clause has as many matches and sets as the data, and for each of the data's one of them speaks of the same
/// list or value: the last word that is a name or a number.
fn says_the_same(file: &str, clause: &Value, wanted: &Value) {
    for (ours, theirs) in [("matches", "match"), ("sets", "set")] {
        let (ours, theirs) = (list(&clause[ours]), list(&wanted[theirs]));
        assert_eq!(ours.len(), theirs.len(), "{file} {clause} {wanted}");
        for their in theirs.iter().map(|their| their.as_str().unwrap_or("")) {
            let value = their.split(' ').rfind(|word| !matches!(*word, "additive" | "exact-match"));
            let value = value.unwrap_or("");
            let address = value.parse::<std::net::IpAddr>();
            let value = address.map_or(value.to_owned(), |address| address.to_string());
            // Extended communities decide nothing here: only that they are set is kept.
            let aside = |our: &str| our == "other attribute" && their.starts_with("extcommunity");
            let says = |our: &&Value| {
                let our = our.as_str().unwrap_or("");
                aside(our) || our.contains(&value)
            };
            assert!(ours.iter().any(|our| says(&our)), "{file}: {their} in {ours:?}");
        }
    }
}

#[test]
fn lists_clauses_and_neighbors_equal_the_data_they_were_rendered_from() {
    let Some(data) = answers("avd-structured") else { return };
    let kinds = ["prefix-lists", "policies", "neighbors"].map(items);
    let [Some(lists), Some(policies), Some(neighbors)] = kinds else { return };
    let (mut n_entries, mut n_clauses, mut n_neighbors) = (0, 0, 0);
    for (file, answer) in &data {
        let of =
            |found: &BTreeMap<String, Vec<Value>>| found.get(file).cloned().unwrap_or_default();
        let read = read_lists(lists.get(file));
        let expected: Lists = list(&answer["prefix_lists_normal"])
            .iter()
            .map(|one| ((text(&one["family"]), text(&one["name"])), entries(one)))
            .collect();
        n_entries += expected.values().map(Vec::len).sum::<usize>();
        assert_eq!(read, expected, "{file}");
        let own = of(&policies);
        for map in list(&answer["route_maps"]) {
            let found = own.iter().find(|it| it["name"] == map["name"]);
            let found = found.unwrap_or_else(|| panic!("{file}: no route map {}", map["name"]));
            let clauses = list(&found["clauses"]);
            // The device prints clauses in their order; the data need not hold them so.
            let mut wanted = list(&map["sequence_numbers"]).to_vec();
            wanted.sort_by_key(|clause| clause["sequence"].as_u64());
            assert_eq!(clauses.len(), wanted.len(), "{file} {}", map["name"]);
            for (clause, wanted) in clauses.iter().zip(&wanted) {
                assert_eq!(clause["seq"], wanted["sequence"], "{file} {clause}");
                assert_eq!(clause["action"], wanted["type"], "{file} {clause}");
                says_the_same(file, clause, wanted);
                n_clauses += 1;
            }
        }
        let mut expected = Vec::new();
        let bgp = &answer["bgp"];
        let groups = list(&bgp["peer_groups"]);
        let default = [("default".to_owned(), &bgp["neighbors"])];
        let vrfs = list(&bgp["vrfs"]).iter().map(|vrf| (text(&vrf["name"]), &vrf["neighbors"]));
        for (vrf, of_vrf) in default.into_iter().chain(vrfs) {
            let found = list(of_vrf).iter().map(|one| (vrf.clone(), neighbor_of(one, groups)));
            expected.extend(found);
        }
        let names: BTreeSet<String> = read.keys().map(|(_, name)| name.clone()).collect();
        let read = of(&neighbors);
        let mut read: Vec<_> =
            read.iter().map(|item| (text(&item["vrf"]), neighbor_read(item, &names))).collect();
        // The data does not say who is on an interface, or may call from a range.
        read.retain(|(_, one)| one[0].parse::<IpAddr>().is_ok());
        read.sort();
        expected.sort();
        // What address families say of policies is not in the data.
        for (read, expected) in read.iter_mut().zip(&expected) {
            for policy in [3, 4] {
                if expected.1[policy].is_empty() {
                    read.1[policy].clear();
                }
            }
        }
        n_neighbors += expected.len();
        assert_eq!(read, expected, "{file}");
    }
    println!("{n_entries} entries, {n_clauses} clauses and {n_neighbors} neighbors compared");
    assert!(50 < n_entries && 100 < n_clauses && 300 < n_neighbors, "the data speaks of all three");
}

/// Kinds of structures there, and the kind here.
const KINDS: &[(&str, &str)] = &[
    ("bgp peer-group", "peer-group"),
    ("interface", "interface"),
    ("ip access-list standard", "acl"),
    ("ipv4 acl", "acl"),
    ("route-map", "route-map"),
];

/// Kinds there that have none here, and why.
const OTHER_KINDS: &[(&str, &str)] = &[
    ("ip access-list standard line", "bookkeeping: the README says to skip it"),
    ("route-map entry", "bookkeeping: the README says to skip it"),
];

/// Numbers anywhere in a value.
fn lines_of(value: &Value) -> BTreeSet<u64> {
    match value {
        Value::Number(number) => number.as_u64().into_iter().collect(),
        Value::Array(list) => list.iter().flat_map(lines_of).collect(),
        Value::Object(map) => map.iter().flat_map(|(_, one)| lines_of(one)).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn eos_names_are_defined_and_undefined_as_in_the_structures() {
    let (Some(structures), Some(references)) = (answers("batfish-structures"), items("references"))
    else {
        return;
    };
    let (mut defined, mut missing) = (0, 0);
    for (file, answer) in &structures {
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
            for (name, there) in members(objects) {
                let item = find(kind, name).unwrap_or_else(|| panic!("{file}: no {kind} {name}"));
                assert!(!undefined(item), "{file}: {kind} {name} is defined");
                let first = item["definitions"][0].as_u64().expect("a line");
                assert!(lines_of(&there["lines"]).contains(&first), "{file}: {kind} {name}");
                defined += 1;
            }
        }
        let mut expected: BTreeMap<(&str, &str), BTreeSet<u64>> = BTreeMap::new();
        for (kind, objects) in members(&answer["undefined"]) {
            let Some(kind) = known(kind) else { continue };
            for (name, uses) in members(objects) {
                expected.insert((kind, name), lines_of(uses));
            }
        }
        let found: BTreeMap<(&str, &str), BTreeSet<u64>> = own
            .iter()
            .filter(|item| undefined(item))
            .map(|item| {
                let uses = list(&item["uses"]).iter();
                let lines = uses.filter_map(|one| one["line"].as_u64()).collect();
                let text = |field: &str| item[field].as_str().unwrap_or("");
                ((text("kind"), text("name")), lines)
            })
            .collect();
        assert_eq!(found, expected, "{file}");
        missing += expected.len();
    }
    println!("{defined} defined and {missing} undefined names compared");
    assert!(3 < defined && 1 < missing, "the structures know EOS");
}

/// Facts of the tests there that count otherwise: a statement about a range of interfaces uses its group
/// once here and once for each interface there, and what a later line takes back still counts there.
const COUNTED_OTHERWISE: &[&str] = &["LEAVES"];

#[test]
fn eos_names_are_used_as_the_tests_of_batfish_say() {
    let (Some(facts), Some(references)) = (answers("batfish-test-facts"), items("references"))
    else {
        return;
    };
    let mut compared = 0;
    for (file, answer) in &facts {
        let own = references.get(file).map_or(&[][..], Vec::as_slice);
        for fact in list(&answer["facts"]) {
            let kind = match text(&fact["type"]).as_str() {
                "BGP_PEER_GROUP" => "peer-group",
                "INTERFACE" => "interface",
                other => panic!("{file}: what is {other}?"),
            };
            assert_eq!(fact["fact"], "numReferrers", "{file}");
            if COUNTED_OTHERWISE.contains(&text(&fact["name"]).as_str()) {
                continue;
            }
            let item = own.iter().find(|it| it["kind"] == kind && it["name"] == fact["name"]);
            // An interface counts as a user of itself there, as the README says.
            let itself = u64::from(kind == "interface");
            let uses = item.map_or(0, |item| list(&item["uses"]).len() as u64);
            assert_eq!(Some(uses + itself), fact["count"].as_u64(), "{file}: {fact}");
            compared += 1;
        }
    }
    println!("{compared} facts compared");
    assert!(0 < compared, "the tests know EOS");
}

#[test]
fn eos_policies_equal_the_model() {
    let (Some(model), Some(policies)) = (answers("batfish-model"), items("policies")) else {
        return;
    };
    for (file, answer) in &model {
        let own = policies.get(file).map_or(&[][..], Vec::as_slice);
        let names: BTreeSet<String> = own.iter().map(|item| text(&item["name"])).collect();
        let expected: BTreeSet<String> = list(&answer["policies"]).iter().map(text).collect();
        assert_eq!(names, expected, "{file}");
    }
}

#[test]
fn groups_and_neighbors_equal_what_napalm_reads() {
    let (Some(expected), Some(neighbors)) = (answers("napalm-bgp"), items("neighbors")) else {
        return;
    };
    let mut compared = 0;
    for (file, answer) in &expected {
        let own = neighbors.get(file).map_or(&[][..], Vec::as_slice);
        for (group, settings) in members(&answer["bgp_config"]) {
            for (address, there) in members(&settings["neighbors"]) {
                let address: IpAddr = address.parse().expect("an address");
                let found = own.iter().find(|item| item["address"] == address.to_string());
                let found = found.unwrap_or_else(|| panic!("{file}: no neighbor {address}"));
                assert_eq!(found["group"], group.as_str(), "{file} {address}");
                assert_eq!(found["remote_as"], there["remote_as"], "{file} {address}");
                assert_eq!(found["local_as"], there["local_as"], "{file} {address}");
                for (ours, theirs) in [("import", "import_policy"), ("export", "export_policy")] {
                    let names: Vec<String> = list(&found[ours]).iter().map(text).collect();
                    assert_eq!(names, [text(&there[theirs])], "{file} {address} {ours}");
                }
                compared += 1;
            }
        }
    }
    println!("{compared} neighbors compared");
    assert!(5 < compared, "NAPALM knows EOS");
}

#[test]
fn no_answer_of_ansible_is_about_these_very_files() {
    // Where it is not exact, the facts are of a sibling test, as the README says.
    let Some(parsed) = answers("ansible-parsed") else { return };
    assert!(parsed.values().all(|answer| answer["exact"] == false), "one can be compared");
}

/// Files that stand among those of EOS and are another system's.
const NOT_EOS: &[&str] = &[
    // The neighbor of a test network, as its name says.
    "eos/batfish__batfish/vendor__arista__grammar__snapshots__arista-bgp-default-originate__configs__ios-listener",
];

/// Files among those of other systems that hold what EOS alone writes: an IPv6 prefix list with entries
/// in a block, `interface Management1`.
const IS_EOS: &[&str] = &[
    "ios/batfish__batfish/parsing-tests__unit-tests__configs__ios_bgp_aggregate_address",
    "nxos/ansible-collections__cisco.nxos/nxos__fixtures__nxos_config__config.cfg",
];

#[test]
fn whole_files_of_eos_are_told_apart() {
    let Some(folder) = shared("corpus-public") else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a manifest");
    let output =
        edgelint(&folder, &["check", ".", "--isolated", "-o", "json", "--fail-on", "never"]);
    let report: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let told = |file: &Value| {
        let path = text(&file["path"]).trim_start_matches("./").to_owned();
        (path, file["dialect"].as_str().unwrap_or("").to_owned())
    };
    let dialects: BTreeMap<String, String> = list(&report["files"]).iter().map(told).collect();
    let (mut whole, mut right, mut wrong) = (0, 0, Vec::new());
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, _, _, _, _, dialect, _, kind, ..] = fields.as_slice() else { continue };
        let found = dialects.get(*file).map_or("", String::as_str);
        if *dialect != "eos" || NOT_EOS.contains(file) {
            if found == "eos" && !IS_EOS.contains(file) {
                wrong.push(format!("{file}: {dialect} claimed as eos"));
            }
        } else if *kind == "full" {
            whole += 1;
            right += usize::from(found == "eos");
            if found != "eos" {
                println!("not told: {file} ({found:?})");
            }
        }
    }
    println!("{right} of {whole} whole files told right");
    assert!(whole > 100 && right * 100 >= whole * 98, "{right} of {whole}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
