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
