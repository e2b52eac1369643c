//! `trace`: one route through the filters of a session, and a device among peers.

use serde_json::{Value, json};

use crate::support::{edgelint, files, followed, root, stdout};

fn ask(arguments: &[&str]) -> String {
    let mut all = vec!["trace", "corpus/networks/example", "--isolated", "--no-progress"];
    all.extend(arguments);
    stdout(&edgelint(&root(), &all))
}

#[test]
fn each_line_that_had_a_say_is_shown_in_its_order() {
    let text =
        ask(&["--neighbor", "192.0.2.2", "--direction", "out", "--prefix", "203.0.113.0/24"]);
    let told = [
        "info: ham-er-1 203.0.113.0/24: not sent to 192.0.2.2",
        "1. filter RM-ER-HAM-OUT",
        "2. RM-ER-HAM-OUT 10 does not match",
        "4. denied by RM-ER-HAM-OUT 99",
    ];
    let mut from = 0;
    for line in told {
        let at = text[from..].find(line);
        from += at.unwrap_or_else(|| panic!("{line} is told:\n{text}"));
    }
}

#[test]
fn attributes_behind_the_filters_are_told() {
    let route = ["--prefix", "20.40.0.0/13", "--as-path", "12076", "--community", "12076:51004"];
    let session = ["--neighbor", "192.0.2.2", "--direction", "in", "--format", "json"];
    let document: Value = serde_json::from_str(&ask(&[route, session].concat())).expect("JSON");
    let item = &document["items"][0];
    assert_eq!(document["kind"], "trace");
    assert_eq!(item["device"], "ham-er-1");
    assert_eq!(item["permitted"], true, "{item}");
    assert_eq!(item["route"]["as_path"], json!([12076]));
    assert_eq!(item["route"]["communities"], json!(["12076:51004", "64500:310"]));
    assert!(item["route"]["local_pref"].as_u64().is_some_and(|value| 100 < value), "{item}");
    let lines = item["steps"].as_array().expect("steps");
    assert!(lines.iter().all(|step| step["line"].as_u64().is_some()));
}

#[test]
fn what_cannot_be_asked_is_said_with_exit_code_two() {
    let refused = [
        (["192.0.2.2", "10.0.0.0"], "`10.0.0.0` is not a prefix"),
        (["here", "10.0.0.0/8"], "`here` is not an address"),
        (["192.0.2.222", "10.0.0.0/8"], "no device of the input has the neighbor 192.0.2.222"),
    ];
    for ([neighbor, prefix], reason) in refused {
        let arguments = [
            "trace",
            "corpus/networks/example",
            "--neighbor",
            neighbor,
            "--direction",
            "in",
            "--prefix",
            prefix,
        ];
        let output = edgelint(&root(), &arguments);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn policies_that_ask_each_other_in_a_ring_end_and_say_so() {
    let folder = root().join("corpus/rules/policy-ring/flags");
    let configurations: Vec<_> = files(&folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == "conf" || it == "cfg"))
        .collect();
    assert!(3 <= configurations.len(), "there are cases");
    for path in configurations {
        let text = std::fs::read_to_string(&path).expect("a case can be read");
        let asked = edgelint_engine::trace::Asked {
            neighbor: "192.0.2.2",
            inward: true,
            prefix: "10.20.0.0/16",
            communities: &["12076:51004".to_owned()],
            as_path: "12076",
            ..Default::default()
        };
        let told = followed(&[("edge.cfg".to_owned(), text)], &asked, None);
        let told = told.first().expect("the session is there");
        assert_eq!(told["certain"], false, "{told}");
        let steps = told["steps"].as_array().expect("steps");
        let ring = |step: &Value| {
            step["what"].as_str().is_some_and(|what| what.contains("is asked from within itself"))
        };
        assert!(steps.iter().any(ring), "{told}");
    }
}

/// What a device does among peers; `name` tells scratch folders apart.
fn among(name: &str, config: &str, peers: &Value) -> Value {
    let folder = std::env::temp_dir().join(format!("edgelint-trace-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    std::fs::write(folder.join("edge.cfg"), config).expect("room to write");
    std::fs::write(folder.join("peers.json"), json!({ "peers": peers }).to_string())
        .expect("room to write");
    let dialect = if config.starts_with("! device:") { "eos" } else { "ios" };
    let arguments = ["trace", "edge.cfg", "--dialect", dialect, "--batch", "peers.json"];
    let found = stdout(&edgelint(&folder, &arguments));
    std::fs::remove_dir_all(&folder).expect("the scratch folder is there");
    serde_json::from_str(&found).expect("JSON")
}

const EDGE: &str = "\
version 17.9
hostname edge-oslo
router bgp 64500
 bgp log-neighbor-changes
 neighbor 192.0.2.1 remote-as 64501
 neighbor 192.0.2.1 route-map FROM-ONE in
 neighbor 192.0.2.5 remote-as 64502
 neighbor 192.0.2.5 maximum-prefix 2
 network 203.0.113.0 mask 255.255.255.0
ip route 203.0.113.0 255.255.255.0 Null0
ip as-path access-list 1 permit _64510_
route-map FROM-ONE deny 10
 match as-path 1
route-map FROM-ONE permit 20
 set local-preference 200
 set as-path prepend 64501
end
";

#[test]
fn a_device_is_played_among_peers() {
    let peers = json!([
        {"name": "one", "address": "192.0.2.1", "remote_as": 64501, "routes": [
            {"prefix": "198.51.100.0/24", "as_path": [64501, 64510]},
            {"prefix": "198.51.100.128/25", "as_path": [64501], "med": 7},
            {"prefix": "10.0.0.0/8", "as_path": [64501, 64500]},
        ]},
        {"name": "two", "address": "192.0.2.5", "remote_as": 64502, "routes": [
            {"prefix": "198.51.100.0/24", "as_path": [64502, [64510, 64511]]},
            {"prefix": "198.51.100.128/25", "as_path": [64502]},
        ]},
        {"name": "stranger", "address": "192.0.2.9", "remote_as": 64503, "routes": []},
    ]);
    let found = among("played", EDGE, &peers);
    // The list refuses the first, the own number the last.
    let held = json!([{"prefix": "198.51.100.128/25", "local_pref": 200, "weight": 0, "med": 7,
        "as_path": [64501, 64501], "communities": [], "certain": true}]);
    assert_eq!(found["accepted"]["one"], held);
    assert_eq!(found["best"]["198.51.100.128/25"], "one");
    assert_eq!(found["best"]["198.51.100.0/24"], "two");
    assert_eq!(found["best"]["203.0.113.0/24"], "local");
    let sent = found["advertised"]["one"].as_array().expect("a list");
    let paths: Vec<(&str, &Value)> = sent
        .iter()
        .map(|route| (route["prefix"].as_str().expect("a prefix"), &route["as_path"]))
        .collect();
    let expected = [
        ("198.51.100.0/24", &json!([64500, 64502, [64510, 64511]])),
        ("203.0.113.0/24", &json!([64500])),
    ];
    assert_eq!(paths, expected);
    assert_eq!(found["advertised"]["stranger"], json!([]));
}

#[test]
fn a_session_falls_that_is_sent_too_much_or_has_another_as() {
    let routes: Vec<Value> = (0..3)
        .map(|number| json!({"prefix": format!("10.{number}.0.0/16"), "as_path": [64502]}))
        .collect();
    let peers = json!([
        {"name": "two", "address": "192.0.2.5", "remote_as": 64502, "routes": routes},
        {"name": "one", "address": "192.0.2.1", "remote_as": 64999, "routes": []},
    ]);
    let found = among("fallen", EDGE, &peers);
    for peer in ["one", "two"] {
        assert_eq!(found["accepted"][peer], json!([]));
        assert_eq!(found["advertised"][peer], json!([]));
    }
}

/// `bgp missing-policy` decides about sessions without a policy (Arista EOS manual).
#[test]
fn what_a_session_without_policy_does_is_asked_of_the_configuration() {
    let config = |word: &str| {
        format!(
            "! device: rz-edge-1 (DCS-7280, EOS-4.30.5M)\nhostname rz-edge-1\nrouter bgp 64500\n   \
             bgp missing-policy direction in action {word}\n   neighbor 192.0.2.1 remote-as 64501\n"
        )
    };
    let peers = json!([{"name": "one", "address": "192.0.2.1", "remote_as": 64501, "routes": [
        {"prefix": "198.51.100.0/24", "as_path": [64501]},
    ]}]);
    for (word, count) in [("permit", 1), ("deny", 0)] {
        let found = among(word, &config(word), &peers);
        assert_eq!(found["accepted"]["one"].as_array().map(Vec::len), Some(count), "{word}");
    }
}

#[test]
fn a_batch_without_a_device_is_an_error() {
    let folder = std::env::temp_dir().join(format!("edgelint-trace-{}-none", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    std::fs::write(folder.join("edge.cfg"), "hostname nobody\n").expect("room to write");
    std::fs::write(folder.join("peers.json"), r#"{"peers": []}"#).expect("room to write");
    let output =
        edgelint(&folder, &["trace", "edge.cfg", "--dialect", "ios", "--batch", "peers.json"]);
    std::fs::remove_dir_all(&folder).expect("the scratch folder is there");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("speaks BGP"));
}
