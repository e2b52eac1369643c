//! `trace` follows one route out as `trace --batch` does: each route that a device is left with is asked for alone,
//! on every session, and has to leave as it left among the others.

use std::collections::BTreeMap;
use std::path::Path;

use edgelint_engine::trace::Asked;
use serde_json::{Value, json};

use crate::support::{Export, files, folders, followed, inspected, root, shared, traced};

/// What was compared, and what differed.
#[derive(Default)]
struct Count {
    compared: usize,
    sent: usize,
    differences: Vec<String>,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The path as words; none where it is more than a row of numbers.
fn words(path: &Value) -> Option<String> {
    let numbers: Option<Vec<String>> =
        list(path).iter().map(|one| Some(one.as_u64()?.to_string())).collect();
    Some(numbers?.join(" "))
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}

/// Compares all that leaves a device on its way to its peers. `peers` is what is asked of a batch; of those with
/// `inside`, which are in the device's own AS, routes are not followed alone: where a route comes from matters to them.
fn compare(export: &Export, peers: &Value, dialect: Option<&'static str>, count: &mut Count) {
    let exports = std::slice::from_ref(export);
    let answer = traced(exports, &json!({ "peers": peers }), dialect);
    for (prefix, winner) in answer["best"].as_object().into_iter().flatten() {
        let from = list(peers).iter().find(|peer| peer["name"] == *winner);
        if from.is_some_and(|peer| peer["inside"] == true) {
            continue;
        }
        let held = match from {
            Some(_) => list(&answer["accepted"][winner.as_str().unwrap_or_default()])
                .iter()
                .find(|route| route["prefix"] == *prefix)
                .expect("the winner was accepted"),
            None => &Value::Null,
        };
        // What single routes are not asked with: other origins, sets, communities of other types.
        let origin = from
            .and_then(|peer| list(&peer["routes"]).iter().find(|route| route["prefix"] == *prefix));
        let plain = origin.is_none_or(|route| {
            route["large_communities"].is_null()
                && route["origin"].as_str().is_none_or(|origin| origin.eq_ignore_ascii_case("igp"))
        });
        let path = words(&held["as_path"]).filter(|path| from.is_none() || !path.is_empty());
        let (Some(path), true) = (path, plain) else { continue };
        let communities: Vec<String> = list(&held["communities"])
            .iter()
            .filter_map(|it| Some(it.as_str()?.to_owned()))
            .collect();
        // A session that fell sends nothing; of one route alone nobody can see that it did.
        let stands = |peer: &&Value| {
            let accepted = list(&answer["accepted"][peer["name"].as_str().unwrap_or_default()]);
            peer["name"] != *winner && (list(&peer["routes"]).is_empty() || !accepted.is_empty())
        };
        for peer in list(peers).iter().filter(stands) {
            let asked = Asked {
                neighbor: peer["address"].as_str().expect("an address"),
                vrf: peer["vrf"].as_str(),
                inward: false,
                prefix,
                communities: &communities,
                as_path: &path,
                local_preference: number(&held["local_pref"]),
                med: number(&held["med"]),
            };
            let sent = list(&answer["advertised"][peer["name"].as_str().expect("a name")]);
            let sent = sent.iter().find(|route| route["prefix"] == *prefix);
            for told in followed(exports, &asked, dialect) {
                if told["certain"] != true || sent.is_some_and(|route| route["certain"] != true) {
                    continue;
                }
                count.compared += 1;
                count.sent += usize::from(sent.is_some());
                let keys = ["as_path", "med", "communities", "local_pref"];
                let differs = match sent {
                    Some(route) => keys.iter().any(|key| told["route"][key] != route[key]),
                    None => told["permitted"] == true,
                };
                if differs {
                    count.differences.push(format!(
                        "{} {prefix} of {winner} to {}:\n    alone {told}\n    among others {}",
                        export.0,
                        peer["address"],
                        sent.unwrap_or(&Value::Null)
                    ));
                }
            }
        }
    }
}

#[test]
fn routes_of_recorded_routers_leave_alone_as_among_others() {
    let Some(folder) = shared("oracle-frr") else { return };
    let mut count = Count::default();
    for path in folders(&folder) {
        let read = |name: &str| std::fs::read_to_string(path.join(name)).expect("a case is whole");
        let json = |name| serde_json::from_str::<Value>(&read(name)).expect("JSON");
        let (all, injected) = (json("peers.json"), json("injected.json"));
        let peers: Vec<Value> = list(&all["peers"])
            .iter()
            .map(|peer| {
                json!({
                    "name": peer["name"], "address": peer["address"], "remote_as": peer["asn"],
                    "routes": injected[peer["name"].as_str().unwrap_or_default()],
                    "inside": peer["asn"] == peer["dut_asn"],
                })
            })
            .collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        compare(&(name, read("frr.conf")), &Value::from(peers), Some("frr"), &mut count);
    }
    println!("{} routes compared, {} of them sent", count.compared, count.sent);
    assert!(count.sent > 200, "there was something to compare: {}", count.sent);
    assert!(count.differences.is_empty(), "{}", count.differences.join("\n"));
}

/// What each peer of a configuration of our own sends.
fn offers(remote_as: u64) -> Value {
    json!([
        {"prefix": "198.18.0.0/16", "as_path": [remote_as, 64510], "communities": ["64500:310"]},
        {"prefix": "20.40.0.0/13", "as_path": [remote_as], "communities": ["12076:51004"], "med": 10},
        {"prefix": "203.0.113.64/28", "as_path": [remote_as, 64511, 64512]},
        {"prefix": "10.20.0.0/16", "as_path": [remote_as, 65001]},
    ])
}

#[test]
fn routes_of_all_dialects_leave_alone_as_among_others() {
    let mut count = Count::default();
    let mut folders_of_ours = folders(&root().join("corpus/dialects"));
    folders_of_ours.push(root().join("corpus/networks/example"));
    for path in folders_of_ours.iter().flat_map(|folder| files(folder)) {
        compare_device(&path, &mut count);
    }
    println!("{} routes compared, {} of them sent", count.compared, count.sent);
    assert!(count.sent > 50, "there was something to compare: {}", count.sent);
    assert!(count.differences.is_empty(), "{}", count.differences.join("\n"));
}

/// Compares what one configuration does among the peers that it names.
fn compare_device(path: &Path, count: &mut Count) {
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
    let export = (name, text);
    let neighbors = inspected(std::slice::from_ref(&export), "neighbors", None);
    let mut peers: BTreeMap<String, Value> = BTreeMap::new();
    for item in &neighbors {
        let (Some(address), Some(remote_as)) =
            (item["address"].as_str(), item["remote_as"].as_u64())
        else {
            continue;
        };
        let is_address = address.parse::<std::net::IpAddr>().is_ok();
        let inside = item["remote_as"] == item["local_as"];
        // The answer to a batch does not tell the tables of several VRFs apart.
        if is_address && item["shutdown"] != true && item["vrf"] == "default" {
            let peer = json!({"name": address, "address": address, "remote_as": remote_as,
                "vrf": item["vrf"], "routes": offers(remote_as), "inside": inside});
            peers.entry(address.to_owned()).or_insert(peer);
        }
    }
    let peers: Vec<Value> = peers.into_values().take(6).collect();
    compare(&export, &Value::from(peers), None, count);
}
