//! What a running FRR did with random and with pointed policies, where the recordings lie beside the
//! checkout: `trace --batch` gives the same routes with the same attributes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::followed::{agrees, by_prefix};
use super::{list, read, text};
use crate::support::{edgelint, folders, shared, stdout};

/// A recorded route with the keys that a trace has. What is absent on the wire was absent.
fn plain(route: &Value, sent: bool) -> Value {
    let mut keys = vec!["as_path", "med", "communities"];
    if !sent {
        keys.push("weight");
    }
    let mut plain: BTreeMap<&str, Value> =
        keys.into_iter().map(|key| (key, route[key].clone())).collect();
    let preference = &route["local_pref"];
    if !preference.is_null() {
        plain.insert("local_pref", preference.clone());
    }
    let large = list(&route["large_communities"]).iter();
    let all: Vec<Value> = list(&route["communities"]).iter().chain(large).cloned().collect();
    plain.insert("communities", Value::Array(all));
    json!(plain)
}

/// The differences of one direction of one peer.
fn compare(name: &str, recorded: &Value, found: &Value, sent: bool) -> Vec<String> {
    let wanted: BTreeMap<&str, Value> = recorded
        .as_object()
        .into_iter()
        .flatten()
        .map(|(prefix, route)| (prefix.as_str(), plain(route, sent)))
        .collect();
    let found = by_prefix(found);
    let prefixes: BTreeSet<&str> = wanted.keys().chain(found.keys()).copied().collect();
    let keys = ["local_pref", "weight", "med", "as_path", "communities"];
    let differs = |prefix: &&str| match (wanted.get(prefix), found.get(prefix)) {
        (Some(wanted), Some(found)) => !keys.iter().all(|key| agrees(key, wanted, found)),
        _ => true,
    };
    let said = |prefix: &str| {
        format!("{name} {prefix}: {:?} for {:?}", found.get(prefix), wanted.get(prefix))
    };
    prefixes.into_iter().filter(differs).map(said).collect()
}

#[test]
fn traces_are_what_a_running_frr_does() {
    let Some(root) = shared("oracle-frr") else { return };
    let mut differences = Vec::new();
    let mut compared = 0;
    for case in folders(&root) {
        let [peers, injected, answer] =
            ["peers.json", "injected.json", "answer.json"].map(|name| read(&case, name));
        let asked: Vec<Value> = list(&peers["peers"])
            .iter()
            .map(|peer| {
                let name = text(&peer["name"]);
                let routes = injected.get(name).cloned().unwrap_or(json!([]));
                json!({"name": name, "address": peer["address"], "remote_as": peer["asn"],
                       "router_id": peer["router_id"], "routes": routes})
            })
            .collect();
        let batch = std::env::temp_dir().join(format!("edgelint-frr-{}.json", std::process::id()));
        std::fs::write(&batch, json!({ "peers": asked }).to_string()).expect("room to write");
        let file = batch.to_string_lossy().into_owned();
        let arguments = ["trace", "frr.conf", "--dialect", "frr", "--isolated", "--batch", &file];
        let found: Value =
            serde_json::from_str(&stdout(&edgelint(&case, &arguments))).expect("JSON");
        std::fs::remove_file(&batch).expect("the scratch file is there");
        let case = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (peer, said) in answer["peers"].as_object().into_iter().flatten() {
            let name = format!("{case} {peer}");
            let (held, sent) = (&found["accepted"][peer], &found["advertised"][peer]);
            differences.extend(compare(&name, &said["accepted_from_peer"], held, false));
            differences.extend(compare(&name, &said["received_by_peer"], sent, true));
            compared += list(held).len() + list(sent).len();
        }
        for (prefix, best) in answer["best"].as_object().into_iter().flatten() {
            let from = text(&best["from"]).split('-').next().unwrap_or_default();
            let (from, found) = (from == "local", &found["best"][prefix]);
            if from != (found == "local") || !from && *found != best["from"] {
                differences.push(format!("{case} {prefix}: best from {found}, not {best}"));
            }
        }
    }
    println!("{compared} routes compared");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
