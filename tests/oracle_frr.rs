//! What running FRR routers (8.4.4 and 10.3) made of configurations, where the cases lie beside the checkout.
//!
//! A case is a configuration, the routes that each peer sent, and what the router accepted and announced.
//! `inspect` speaks of what policy decides, so these are compared: which routes are refused for certain, the
//! local preference and weight of the others, which of the router's own routes each peer got, with MED,
//! communities and what was prepended, and that nothing was passed on which no filter lets through.

use std::net::IpAddr;
use std::path::Path;

use serde_json::Value;

use crate::support::{edgelint, folders, shared, stdout};

/// Sessions whose routes were refused for a reason that is no question of prefixes, communities or
/// policy.
const REFUSED: &[(&str, &str, &str)] = &[
    ("040", "er-pri", "the limit on prefixes was exceeded and the session closed"),
    ("207", "er-sec", "a clause denies by MED"),
    ("219", "er-sec", "a list of AS paths decides"),
    ("235", "isp-a", "a list of AS paths decides"),
    ("239", "er-pri", "a list of AS paths decides"),
];

/// Own routes whose attributes are not those of the statement that `inspect` shows.
const OTHERWISE: &[(&str, &str, &str)] = &[
    ("052", "isp-a", "`local-as no-prepend replace-as` hides the own number, which is not shown"),
    // Whichever wins is not predicted (seen to vary): here the shorter path.
    (
        "211",
        "198.51.100.0/24",
        "put into BGP by `network` with a map that prepends, and by redistribution",
    ),
];

fn read(case: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(case.join(name)).expect("a case holds its files");
    serde_json::from_str(&text).expect("a case holds JSON")
}

fn inspect(case: &Path, kind: &str) -> Vec<Value> {
    let arguments = ["inspect", kind, "frr.conf", "--isolated", "--format", "json"];
    let table: Value =
        serde_json::from_str(&stdout(&edgelint(case, &arguments))).expect("inspect prints JSON");
    table["items"].as_array().cloned().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(value: &Value) -> Vec<&str> {
    let mut texts: Vec<&str> = list(value).iter().filter_map(Value::as_str).collect();
    texts.sort_unstable();
    texts
}

/// Whether a prefix lies in one of some ranges as `inspect` prints them.
fn lies_in(prefix: &str, ranges: &Value) -> bool {
    let parts = |text: &str| {
        let (address, length) = text.split_once('/').expect("a prefix");
        let address: IpAddr = address.parse().expect("an address");
        let bits = match address {
            IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
            IpAddr::V6(address) => u128::from(address),
        };
        (address.is_ipv4(), bits, length.parse::<u64>().expect("a length"))
    };
    let (four, bits, length) = parts(prefix);
    list(ranges).iter().any(|range| {
        let (outer_four, outer, outer_length) = parts(range["prefix"].as_str().expect("a prefix"));
        let differs = (bits ^ outer).checked_shr(128 - u32::try_from(outer_length).expect("small"));
        let within = range["min_length"].as_u64() <= Some(length)
            && Some(length) <= range["max_length"].as_u64();
        four == outer_four && within && differs.unwrap_or(0) == 0
    })
}

fn family(prefix: &str) -> &'static str {
    if prefix.contains(':') { "ipv6" } else { "ipv4" }
}

/// One session of a case.
struct Session<'c> {
    case: &'c str,
    peer: &'c Value,
    answer: &'c Value,
    /// The routes that any peer sent.
    injected: &'c Value,
    compared: usize,
    differences: Vec<String>,
}

impl Session<'_> {
    fn name(&self) -> &str {
        self.peer["name"].as_str().unwrap_or("")
    }

    fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        self.compared += 1;
        if !holds {
            let place = format!("{} {}", self.case, self.name());
            self.differences.push(format!("{place}: {}", what()));
        }
    }

    /// The item about this session in a family.
    fn item<'i>(&self, items: &'i [Value], family: &str) -> &'i Value {
        let own =
            |item: &&Value| item["neighbor"] == self.peer["address"] && item["family"] == family;
        items.iter().find(own).expect("the session is there")
    }

    fn is_external(&self) -> bool {
        self.peer["asn"] != self.peer["dut_asn"]
    }

    fn announcements(&mut self, items: &[Value]) {
        let answer = self.answer;
        let received = answer["received_by_peer"].as_object().expect("routes by prefix");
        for (prefix, route) in received {
            let item = self.item(items, family(prefix));
            let found = list(&item["routes"]).iter().find(|one| one["prefix"] == prefix.as_str());
            let passes = lies_in(prefix, &item["transit"]);
            let own = self.injected.as_object().into_iter().flatten();
            let own =
                own.flat_map(|(_, routes)| list(routes)).all(|it| it["prefix"] != prefix.as_str());
            let known = passes || found.is_some();
            self.expect(known, || format!("{prefix} was sent, but {item}"));
            match found.filter(|_| own) {
                Some(found) => self.attributes(prefix, route, found),
                // What is put into BGP is known; whatever else is passed on came from a peer.
                None => self.expect(!own, || format!("{prefix} is its own: {item}")),
            }
        }
        for item in items.iter().filter(|item| item["neighbor"] == self.peer["address"]) {
            let closed =
                REFUSED.iter().any(|it| it.0 == "040" && it.0 == self.case && it.1 == self.name());
            for found in list(&item["routes"]).iter().filter(|one| one["certainty"] == "certain") {
                let sent = received.contains_key(found["prefix"].as_str().unwrap_or(""));
                self.expect(sent || closed, || format!("was not sent: {found}"));
            }
        }
    }

    fn attributes(&mut self, prefix: &str, route: &Value, found: &Value) {
        let excused =
            |it: &&(&str, &str, &str)| it.0 == self.case && (it.1 == self.name() || it.1 == prefix);
        if OTHERWISE.iter().any(|it| excused(&it)) || found["certainty"] != "certain" {
            return;
        }
        if let Some(med) = route.get("med") {
            self.expect(found["med"] == *med, || format!("{prefix} has MED {med}: {found}"));
        }
        let same = texts(&route["communities"]) == texts(&found["communities"]);
        self.expect(same, || format!("{prefix} carries {}: {found}", route["communities"]));
        let own = self.is_external().then_some(&self.peer["dut_asn"]);
        let path: Vec<&Value> = own.into_iter().chain(list(&found["prepend"])).collect();
        let same = list(&route["as_path"]).iter().eq(path);
        self.expect(same, || format!("{prefix} has the path {}: {found}", route["as_path"]));
    }

    fn preferences(&mut self, items: &[Value]) {
        let sent = &self.injected[self.name()];
        for route in list(sent) {
            let prefix = route["prefix"].as_str().unwrap_or("");
            if list(&route["as_path"]).contains(&self.peer["dut_asn"]) {
                continue;
            }
            let item = self.item(items, family(prefix));
            let carries = |class: &Value| {
                list(&class["communities"])
                    .iter()
                    .all(|one| list(&route["communities"]).contains(one))
            };
            let classes: Vec<&Value> = list(&item["classes"])
                .iter()
                .filter(|class| lies_in(prefix, &class["space"]) && carries(class))
                .collect();
            let held = &self.answer["accepted_from_peer"][prefix];
            if held.is_null() {
                let sure = classes.iter().any(|class| class["certain"] == true);
                let excused = REFUSED.iter().any(|it| it.0 == self.case && it.1 == self.name());
                self.expect(!sure || excused, || format!("{prefix} was refused: {classes:?}"));
                continue;
            }
            // Inside the AS a route brings its own preference.
            let brought = if self.is_external() { &Value::Null } else { &route["local_pref"] };
            let fits = |class: &&&Value| {
                let set = class["local_preference"].as_u64().or(brought.as_u64()).unwrap_or(100);
                set == held["local_pref"].as_u64().unwrap_or(100)
                    && class["weight"].as_u64().unwrap_or(0) == held["weight"].as_u64().unwrap_or(0)
            };
            let found = classes.iter().any(|class| fits(&class));
            self.expect(found, || format!("{prefix} was accepted as {held}: {classes:?}"));
        }
    }
}

#[test]
fn policies_decide_as_running_routers_do() {
    let Some(folder) = shared("oracle-frr") else { return };
    let (mut compared, mut differences, mut cases) = (0, Vec::new(), 0);
    for path in folders(&folder) {
        cases += 1;
        let case = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let [peers, answer, injected] =
            ["peers.json", "answer.json", "injected.json"].map(|it| read(&path, it));
        let [announcements, preferences] =
            ["announcements", "preferences"].map(|kind| inspect(&path, kind));
        for peer in list(&peers["peers"]) {
            let answer = &answer["peers"][peer["name"].as_str().unwrap_or("")];
            if answer.is_null() {
                continue;
            }
            let mut session = Session {
                case: &case,
                peer,
                answer,
                injected: &injected,
                compared: 0,
                differences: Vec::new(),
            };
            session.announcements(&announcements);
            session.preferences(&preferences);
            compared += session.compared;
            differences.append(&mut session.differences);
        }
    }
    println!("{cases} cases, {compared} comparisons");
    assert!(compared > 500, "there was something to compare");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
