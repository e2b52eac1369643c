//! What lab devices accepted and announced, where the recordings lie beside the checkout.
//!
//! `inspect announcements` and `inspect preferences` speak of routes that the device originates, of
//! what its policies let through, and of the local preference they give. That much is compared with
//! what the device under test held and its neighbors got. `followed` then follows the recorded routes one by
//! one, with all their attributes.

use std::net::IpAddr;
use std::path::Path;

use serde_json::Value;

use crate::support::{edgelint, folders, shared, stdout};

mod followed;
mod measured;

use followed::{Known, follow};

/// The cases of a dialect.
fn cases(dialect: &str) -> Option<Vec<std::path::PathBuf>> {
    let named = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(&format!("{dialect}__"))
    };
    Some(folders(&shared("oracle-lab")?).into_iter().filter(named).collect())
}

fn read(case: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(case.join(name)).unwrap_or_else(|_| "null".to_owned());
    serde_json::from_str(&text).expect("a case holds JSON")
}

fn inspect(case: &Path, kind: &str) -> Vec<Value> {
    let mut arguments = vec!["inspect", kind, "config", "--isolated", "--format", "json"];
    // Tools put the host's own interfaces in front of the file of FRR, which is then not told to be one.
    let name = case.file_name().unwrap_or_default().to_string_lossy();
    if name.starts_with("frr__") {
        arguments.extend(["--dialect", "frr"]);
    }
    let table: Value =
        serde_json::from_str(&stdout(&edgelint(case, &arguments))).expect("inspect prints JSON");
    table["items"].as_array().cloned().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// Whether a prefix lies in one of some ranges as `inspect` prints them.
fn lies_in(prefix: &str, ranges: &Value) -> bool {
    let parts = |text: &str| {
        let (address, length) = text.split_once('/').expect("a prefix");
        let bits = match address.parse().expect("an address") {
            IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
            IpAddr::V6(address) => u128::from(address),
        };
        (bits, length.parse::<u64>().expect("a length"))
    };
    let (bits, length) = parts(prefix);
    list(ranges).iter().any(|range| {
        let (outer, outer_length) = parts(text(&range["prefix"]));
        let differs = (bits ^ outer).checked_shr(128 - u32::try_from(outer_length).expect("small"));
        let within = range["min_length"].as_u64() <= Some(length)
            && Some(length) <= range["max_length"].as_u64();
        within && differs.unwrap_or(0) == 0
    })
}

/// Labs with devices whose interfaces the host sets up: what backs a `network` statement is not known.
const OF_THE_HOST: &[(&str, &str)] = &[("frr", "mix_vendor_bgp_vrf")];

/// What sets the devices of a dialect apart in these recordings.
#[derive(Clone, Copy)]
struct Habit {
    /// Whether numbers that an export policy adds stand left of the device's own.
    prepends_left_of_own: bool,
    /// Labs whose VRFs hand routes to one another, which is not followed yet: such routes are not
    /// known to originate in the VRF that sends them.
    leaking: &'static [&'static str],
}

/// One session of a case, and what differs there.
struct Session<'c> {
    name: &'c str,
    /// Whether both ends have one AS number: none is added then.
    internal: bool,
    habit: Habit,
    meta: &'c Value,
    answer: &'c Value,
    injected: &'c Value,
    differences: Vec<String>,
    compared: usize,
}

impl Session<'_> {
    fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        self.compared += 1;
        if !holds {
            self.differences.push(format!("{}: {}", self.name, what()));
        }
    }

    /// Prefixes of which nothing can be said from the configuration.
    fn is_left_out(&self, prefix: &Value) -> bool {
        let lists = ["not_in_config", "ignore_prefixes"].map(|key| list(&self.meta[key]));
        let maybe = list(&self.meta["peers"][self.name]["accepted_maybe"]);
        lists.iter().any(|list| list.contains(prefix)) || maybe.contains(prefix)
    }

    fn announcements(&mut self, item: &Value) {
        let own_as = self.meta["local_as"].as_u64();
        let routes = list(&item["routes"]);
        let complete = self.meta["peers"][self.name]["advertised_complete"] == true;
        let advertised = list(&self.answer["advertised"]);
        let came_in = |prefix: &Value| {
            let peers = self.injected.as_object().into_iter().flatten();
            peers.flat_map(|(_, routes)| list(routes)).any(|route| route["prefix"] == *prefix)
        };
        let own: Vec<bool> = advertised.iter().map(|route| !came_in(&route["prefix"])).collect();
        for (route, own) in advertised.iter().zip(own) {
            let prefix = &route["prefix"];
            if self.is_left_out(prefix) {
                continue;
            }
            let found = routes.iter().find(|one| one["prefix"] == *prefix);
            let Some(found) = found.filter(|_| own) else {
                let passes = lies_in(text(prefix), &item["transit"]);
                let snapshot = text(&self.meta["snapshot"]);
                let leaks = self.habit.leaking.contains(&snapshot);
                self.expect((!own || leaks) && passes, || format!("{prefix} was sent, but {item}"));
                continue;
            };
            let hosted = (text(&self.meta["dialect"]), text(&self.meta["snapshot"]));
            if OF_THE_HOST.contains(&hosted) && found["certainty"] == "assumed" {
                continue;
            }
            self.expect(found["certainty"] == "certain", || format!("{prefix} is sent: {found}"));
            if let Some(med) = route.get("med") {
                self.expect(found["med"] == *med, || format!("{prefix} has MED {med}: {found}"));
            }
            let numbers = |value: &Value| -> Vec<Option<u64>> {
                list(value).iter().map(Value::as_u64).collect()
            };
            let path = numbers(&route["as_path"]);
            let own = if self.internal { Vec::new() } else { vec![own_as] };
            let added = numbers(&found["prepend"]);
            let expected =
                if self.habit.prepends_left_of_own { [added, own] } else { [own, added] }.concat();
            self.expect(path == expected, || format!("{prefix} has the path {path:?}: {found}"));
        }
        for found in routes.iter().filter(|found| complete && found["certainty"] == "certain") {
            let prefix = &found["prefix"];
            let sent = advertised.iter().any(|route| route["prefix"] == *prefix);
            let left_out = self.is_left_out(prefix);
            self.expect(sent || left_out, || format!("{prefix} was not sent: {found}"));
        }
    }

    fn preferences(&mut self, item: &Value) {
        let accepted = list(&self.answer["accepted"]);
        let own_as = self.meta["local_as"].as_u64();
        // Nothing and the default are equal.
        let preference = |value: &Value| value.as_u64().unwrap_or(100);
        for route in list(&self.injected[self.name]) {
            let prefix = &route["prefix"];
            let loops = list(&route["as_path"]).iter().any(|number| number.as_u64() == own_as);
            if loops || self.is_left_out(prefix) {
                continue;
            }
            let within = |class: &&Value| lies_in(text(prefix), &class["space"]);
            let classes: Vec<&Value> = list(&item["classes"]).iter().filter(within).collect();
            let Some(held) = accepted.iter().find(|one| one["prefix"] == *prefix) else {
                let sure = classes.iter().any(|class| class["certain"] == true);
                self.expect(!sure, || format!("{prefix} was refused, but {classes:?}"));
                continue;
            };
            let wanted = held.get("local_pref").map(preference);
            let fits = |class: &&&Value| {
                wanted.is_none_or(|wanted| wanted == preference(&class["local_preference"]))
            };
            let found = classes.iter().any(|class| fits(&class));
            self.expect(found, || format!("{prefix} was accepted as {held}, but {classes:?}"));
        }
    }
}

/// Compares all cases of a dialect; returns the number of comparisons.
fn compare(dialect: &str, habit: Habit) -> Option<usize> {
    let cases = cases(dialect)?;
    let (mut compared, mut differences) = (0, Vec::new());
    for case in &cases {
        let [meta, peers, answer, injected] =
            ["meta.json", "peers.json", "answer.json", "injected.json"].map(|it| read(case, it));
        let tables = ["announcements", "preferences"].map(|kind| inspect(case, kind));
        for peer in list(&peers["peers"]) {
            let [announcements, preferences] = tables.each_ref().map(|items| {
                let mut own = items.iter().filter(|item| item["neighbor"] == peer["address"]);
                own.find(|item| item["family"] == "ipv4")
            });
            // Some sessions carry other families alone: nothing of IPv4 is exchanged there.
            let name = text(&peer["name"]);
            let mut session = Session {
                name,
                internal: peer["link"] == "internal",
                habit,
                meta: &meta,
                answer: &answer["peers"][name],
                injected: &injected,
                differences: Vec::new(),
                compared: 0,
            };
            if !session.answer["advertised"].is_null() {
                session.announcements(announcements.unwrap_or(&Value::Null));
            }
            if !session.answer["accepted"].is_null() {
                session.preferences(preferences.unwrap_or(&Value::Null));
            }
            compared += session.compared;
            let case = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            differences.extend(session.differences.into_iter().map(|one| format!("{case} {one}")));
        }
    }
    println!("{dialect}: {} cases, {compared} comparisons", cases.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    Some(compared)
}

#[test]
fn junos_announces_and_prefers_as_in_the_lab() {
    let habit = Habit { prepends_left_of_own: true, leaking: &[] };
    assert!(compare("junos", habit).is_none_or(|compared| 100 < compared));
}

#[test]
fn ios_announces_and_prefers_as_in_the_lab() {
    let leaking = &["iosxe_vrf_route_leaking_bgp_peering", "iosxe_vrf_route_leaking_classic_eigrp"];
    let habit = Habit { prepends_left_of_own: false, leaking };
    assert!(compare("ios", habit).is_none_or(|compared| 200 < compared));
}

#[test]
fn frr_announces_and_prefers_as_in_the_lab() {
    let habit = Habit { prepends_left_of_own: false, leaking: &[] };
    assert!(compare("frr", habit).is_none_or(|compared| 5 < compared));
}

/// Which of several paths that nothing else tells apart is preferred depends on their age.
const EQUAL: &str = "equal paths: which came first was not recorded";

/// Routes that one VRF hands to another are not followed yet.
const LEAKS: &str = "the route comes out of another VRF";

#[test]
fn ios_treats_each_route_as_in_the_lab() {
    const KNOWN: &[Known] = &[
        ("route_leaking_bgp_peering__d1_v12", "192.168.123.1/32", LEAKS),
        (
            "route_leaking_bgp_peering__d55_default",
            "192.168.123.1/32",
            "the recording holds no route targets, by which the policy tells this route",
        ),
        ("route_leaking_classic_eigrp__d3_pe", "10.13.11.0/30", LEAKS),
        ("route_leaking_classic_eigrp__d3_pe", "10.23.12.0/30", LEAKS),
    ];
    assert!(follow("ios", KNOWN).is_none_or(|compared| 1000 < compared));
}

#[test]
fn junos_treats_each_route_as_in_the_lab() {
    const TYPED: &str = "communities of other types than the standard one are not followed";
    const SIX: &str = "routes of IPv6 over this session of IPv4 have no next hop";
    const KNOWN: &[Known] = &[
        ("junos_ext_community_literal__sender", "10.10.2.0/24", TYPED),
        ("junos_ext_community_literal__sender", "10.10.3.0/24", TYPED),
        ("sonic_bgp_lab__r01", "2022:cafe:11::/96", SIX),
        ("sonic_bgp_lab__r01", "2022:cafe:12::/96", SIX),
        ("sonic_bgp_lab__r01", "best", EQUAL),
    ];
    assert!(follow("junos", KNOWN).is_none_or(|compared| 400 < compared));
}

#[test]
fn nxos_announces_and_prefers_as_in_the_lab() {
    let habit = Habit { prepends_left_of_own: false, leaking: &[] };
    assert!(compare("nxos", habit).is_none_or(|compared| 100 < compared));
}

#[test]
fn eos_announces_and_prefers_as_in_the_lab() {
    let habit = Habit { prepends_left_of_own: false, leaking: &[] };
    assert!(compare("eos", habit).is_none_or(|compared| 200 < compared));
}

#[test]
fn iosxr_announces_and_prefers_as_in_the_lab() {
    let habit = Habit { prepends_left_of_own: false, leaking: &[] };
    assert!(compare("iosxr", habit).is_none_or(|compared| 10 < compared));
}

#[test]
fn nxos_treats_each_route_as_in_the_lab() {
    assert!(follow("nxos", &[]).is_none_or(|compared| 400 < compared));
}

#[test]
fn eos_treats_each_route_as_in_the_lab() {
    assert!(follow("eos", &[("", "best", EQUAL)]).is_none_or(|compared| 4000 < compared));
}

#[test]
fn iosxr_treats_each_route_as_in_the_lab() {
    const METRIC: &str =
        "redistributed inside the AS without a metric: none was seen, 0 is expected";
    const KNOWN: &[Known] = &[
        ("iosxr_ibgp_rr_over_ospf__border01", "10.0.0.0/8", METRIC),
        ("iosxr_ibgp_rr_over_ospf__border02", "172.16.0.0/16", METRIC),
    ];
    assert!(follow("iosxr", KNOWN).is_none_or(|compared| 50 < compared));
}

#[test]
fn frr_treats_each_route_as_in_the_lab() {
    const HOST: &str = "the address is the host's: no interface stands in the text";
    const KNOWN: &[Known] = &[("mix_vendor_bgp_vrf__D-Cumulus", "192.168.123.5/32", HOST)];
    assert!(follow("frr", KNOWN).is_none_or(|compared| 50 < compared));
}
