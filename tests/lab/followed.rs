//! Recorded devices, route by route: `trace --batch` among the peers of a case gives what the device
//! accepted, preferred and sent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::{cases, list, read, text};
use crate::support::{edgelint, stdout};

/// A difference that is known, by the end of the case's name and a prefix, and why. `best` in place of a prefix
/// means which of several equal paths was preferred, for any of them.
pub(super) type Known = (&'static str, &'static str, &'static str);

/// What differs in one case, each as a prefix and a sentence.
#[derive(Default)]
struct Differences {
    found: Vec<(String, String)>,
    compared: usize,
}

impl Differences {
    fn expect(&mut self, prefix: &str, holds: bool, what: impl FnOnce() -> String) {
        self.compared += 1;
        if !holds {
            self.found.push((prefix.to_owned(), what()));
        }
    }
}

/// The routes of a list by prefix.
pub(super) fn by_prefix(routes: &Value) -> BTreeMap<&str, &Value> {
    list(routes).iter().map(|route| (text(&route["prefix"]), route)).collect()
}

/// Whether an attribute is as recorded; what was not recorded is anything.
pub(super) fn agrees(key: &str, recorded: &Value, found: &Value) -> bool {
    let Some(wanted) = recorded.get(key) else { return true };
    let found = &found[key];
    match key {
        // Systems print nothing for the default.
        "local_pref" => wanted.as_u64().unwrap_or(100) == found.as_u64().unwrap_or(100),
        "weight" => wanted.is_null() || wanted == found,
        "communities" => {
            let sorted = |value: &Value| -> BTreeSet<String> {
                list(value).iter().map(|one| text(one).to_ascii_lowercase()).collect()
            };
            sorted(wanted) == sorted(found)
        }
        _ => wanted == found,
    }
}

/// What the device does among the peers of a case.
fn asked(case: &Path, dialect: &str, (peers, injected): (&Value, &Value)) -> Value {
    let mut asked = peers.clone();
    for peer in asked["peers"].as_array_mut().into_iter().flatten() {
        let name = text(&peer["name"]).to_owned();
        peer["routes"] = injected.get(&name).cloned().unwrap_or(json!([]));
    }
    let batch = std::env::temp_dir()
        .join(format!("edgelint-followed-{}-{dialect}.json", std::process::id()));
    std::fs::write(&batch, asked.to_string()).expect("a scratch file can be written");
    let file = batch.to_string_lossy().into_owned();
    let arguments = ["trace", "config", "--dialect", dialect, "--isolated", "--batch", &file];
    let found = stdout(&edgelint(case, &arguments));
    std::fs::remove_file(&batch).expect("the scratch file is there");
    serde_json::from_str(&found).expect("trace prints JSON")
}

fn compare(case: &Path, dialect: &str) -> Differences {
    let [meta, peers, answer, injected] =
        ["meta.json", "peers.json", "answer.json", "injected.json"].map(|name| read(case, name));
    let found = asked(case, dialect, (&peers, &injected));
    let mut differences = Differences::default();
    let left_out: Vec<&Value> =
        ["not_in_config", "ignore_prefixes"].iter().flat_map(|key| list(&meta[*key])).collect();
    for peer in list(&peers["peers"]) {
        let name = text(&peer["name"]);
        let said = &meta["peers"][name];
        let maybe = |prefix: &str, key: &str| list(&said[key]).iter().any(|one| one == prefix);
        let recorded = &answer["peers"][name];
        let held = by_prefix(&found["accepted"][name]);
        let wanted = by_prefix(&recorded["accepted"]);
        let known = !recorded["accepted"].is_null();
        let prefixes: BTreeSet<&str> = held.keys().chain(wanted.keys()).copied().collect();
        for prefix in prefixes.into_iter().filter(|one| known && !maybe(one, "accepted_maybe")) {
            match (held.get(prefix), wanted.get(prefix)) {
                (Some(held), Some(wanted)) => {
                    for key in ["local_pref", "weight", "med", "as_path", "communities"] {
                        differences.expect(prefix, agrees(key, wanted, held), || {
                            format!("{name} {prefix} is held with {held}, not {wanted}")
                        });
                    }
                }
                (held, _) => differences.expect(prefix, false, || match held {
                    Some(_) => format!("{name} {prefix} was refused"),
                    None => format!("{name} {prefix} was accepted"),
                }),
            }
        }
        let sent = by_prefix(&found["advertised"][name]);
        let wanted = by_prefix(&recorded["advertised"]);
        let known = !recorded["advertised"].is_null();
        let complete = said["advertised_complete"] == true;
        let prefixes: BTreeSet<&str> = sent.keys().chain(wanted.keys()).copied().collect();
        for prefix in prefixes.into_iter().filter(|prefix| {
            known
                && !left_out.iter().any(|one| *one == prefix)
                && !maybe(prefix, "advertised_maybe")
        }) {
            // The neighbor's table is what was recorded: it drops paths that hold its own AS number.
            let looped = |route: &Value| list(&route["as_path"]).contains(&peer["remote_as"]);
            match (sent.get(prefix), wanted.get(prefix)) {
                (Some(sent), Some(wanted)) => {
                    for key in ["med", "as_path", "communities", "local_pref"] {
                        differences.expect(prefix, agrees(key, wanted, sent), || {
                            format!("{name} {prefix} is sent with {sent}, not {wanted}")
                        });
                    }
                }
                (Some(sent), None) => {
                    differences.expect(prefix, !complete || looped(sent), || {
                        format!("{name} {prefix} was not sent: {sent}")
                    });
                }
                (None, _) => {
                    differences.expect(prefix, false, || format!("{name} {prefix} was sent"));
                }
            }
        }
    }
    for (prefix, best) in answer["best"].as_object().into_iter().flatten() {
        if !left_out.iter().any(|one| *one == prefix) {
            let found = &found["best"][prefix];
            // Whose route it is, its own or a peer's, is never a matter of age.
            let key = if (found == "local") == (best == "local") { "best" } else { prefix };
            differences.expect(key, found == best, || {
                format!("{prefix} is best from {best}, not {found}")
            });
        }
    }
    differences
}

/// Follows the routes of all cases of a dialect; returns the number of comparisons.
pub(super) fn follow(dialect: &str, known: &[Known]) -> Option<usize> {
    let (mut compared, mut differences) = (0, Vec::new());
    let mut unused: Vec<&Known> = known.iter().collect();
    for case in cases(dialect)? {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let result = compare(&case, dialect);
        compared += result.compared;
        for (prefix, what) in result.found {
            let is_it = |one: &Known| name.ends_with(one.0) && one.1 == prefix;
            if known.iter().any(is_it) {
                unused.retain(|one| !is_it(one));
            } else {
                differences.push(format!("{name}: {what}"));
            }
        }
    }
    println!("{dialect}: {compared} comparisons");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(unused.is_empty(), "these differences are gone: {unused:?}");
    Some(compared)
}
