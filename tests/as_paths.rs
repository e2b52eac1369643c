//! AS-path expressions of every dialect, on tables of paths: `tests/as_paths/*.txt`, an expression and below it
//! paths that it matches and paths that it does not.
//!
//! Each is asked twice: of a device that accepts routes by it, and of the set of paths that it comes to.

use edgelint_facts::as_path::{AsPath, AsPathSet, Segment};
use edgelint_model::AsPathLanguage;
use serde_json::{Value, json};

use crate::support::{files, root, traced};

/// A line of a table: an expression, and paths with whether it matches.
struct Row {
    dialects: Vec<String>,
    language: AsPathLanguage,
    expression: String,
    paths: Vec<(AsPath, bool)>,
}

fn rows(text: &str) -> Vec<Row> {
    let (mut all, mut language) = (Vec::new(), AsPathLanguage::Characters);
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').expect("a word and more");
        match (word, rows.last_mut()) {
            ("=", _) => rows.push(Row {
                dialects: all.clone(),
                language,
                expression: rest.to_owned(),
                paths: Vec::new(),
            }),
            ("dialects", Some(row)) => row.dialects = words(rest),
            ("dialects", None) => all = words(rest),
            ("language", None) => {
                language = match rest {
                    "characters" => AsPathLanguage::Characters,
                    "symbols" => AsPathLanguage::Symbols,
                    "numbers" => AsPathLanguage::Numbers,
                    "elements" => AsPathLanguage::Elements,
                    other => panic!("{other} is no language"),
                };
            }
            ("yes" | "no", Some(row)) => {
                let text = if rest == "-" { "" } else { rest };
                let path = AsPath::read(text).unwrap_or_else(|| panic!("{text} is a path"));
                row.paths.push((path, word == "yes"));
            }
            _ => panic!("{line} is no line of a table"),
        }
    }
    rows
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// A device that accepts from its neighbor what an expression matches, with the name of its dialect.
fn device(kind: &str, expression: &str) -> (&'static str, String) {
    let cisco = |family: &str, list: String| {
        format!(
            "hostname edge\n!\nrouter bgp 64999\n neighbor 192.0.2.2 remote-as 64999\n \
             address-family {family}\n  neighbor 192.0.2.2 activate\n  \
             neighbor 192.0.2.2 route-map IN in\n exit-address-family\n!\n{list}\n!\n\
             route-map IN permit 10\n match as-path LIST\n!\n"
        )
    };
    let xr = |element: &str| {
        format!(
            "hostname edge\nas-path-set LIST\n  {element}\nend-set\n!\nroute-policy IN\n  \
             if as-path in LIST then\n    pass\n  else\n    drop\n  endif\nend-policy\n!\n\
             router bgp 64999\n address-family ipv4 unicast\n !\n neighbor 192.0.2.2\n  \
             remote-as 64999\n  address-family ipv4 unicast\n   route-policy IN in\n  !\n !\n!\n"
        )
    };
    let eos = |mode: &str| {
        format!(
            "hostname edge\n!\nip as-path regex-mode {mode}\n\
             ip as-path access-list LIST permit {expression} any\n!\nroute-map IN permit 10\n   \
             match as-path LIST\n!\nrouter bgp 64999\n   neighbor 192.0.2.2 remote-as 64999\n   \
             neighbor 192.0.2.2 route-map IN in\n   !\n   address-family ipv4\n      \
             neighbor 192.0.2.2 activate\n!\nend\n"
        )
    };
    match kind {
        "ios" => ("ios", cisco("ipv4", format!("ip as-path access-list LIST permit {expression}"))),
        "asa" => (
            "asa",
            format!(
                "hostname edge\nas-path access-list 7 permit {expression}\n\
                 route-map IN permit 10\n match as-path 7\nrouter bgp 64999\n \
                 address-family ipv4 unicast\n  neighbor 192.0.2.2 remote-as 64999\n  \
                 neighbor 192.0.2.2 activate\n  neighbor 192.0.2.2 route-map IN in\n \
                 exit-address-family\n"
            ),
        ),
        "frr" => (
            "frr",
            cisco("ipv4 unicast", format!("bgp as-path access-list LIST permit {expression}")),
        ),
        "nxos" => (
            "nxos",
            format!(
                "hostname edge\nfeature bgp\nip as-path access-list LIST seq 10 permit \
                 \"{expression}\"\nroute-map IN permit 10\n  match as-path LIST\n\
                 router bgp 64999\n  neighbor 192.0.2.2\n    remote-as 64999\n    \
                 address-family ipv4 unicast\n      route-map IN in\n"
            ),
        ),
        "eos" => ("eos", eos("asn")),
        "eos-string" => ("eos", eos("string")),
        "iosxr" => ("iosxr", xr(expression)),
        "iosxr-regex" => ("iosxr", xr(&format!("ios-regex '{expression}'"))),
        "junos" => (
            "junos",
            format!(
                "policy-options {{ as-path LIST \"{expression}\"; policy-statement IN {{ \
                 term a {{ from as-path LIST; then accept; }} term b {{ then reject; }} }} }}\n\
                 routing-options {{ autonomous-system 64999; }}\n\
                 protocols {{ bgp {{ group I {{ type internal; import IN; \
                 neighbor 192.0.2.2; }} }} }}\n"
            ),
        ),
        other => panic!("{other} is no kind of device"),
    }
}

fn json_of(path: &AsPath) -> Value {
    let segment = |segment: &Segment| match segment {
        Segment::Number(number) => json!(number),
        Segment::Set(all) | Segment::Confederation(all) => json!(all),
    };
    path.segments.iter().map(segment).collect()
}

/// Which of some paths a device accepts.
fn accepted(kind: &str, row: &Row) -> Vec<bool> {
    let (dialect, text) = device(kind, &row.expression);
    let route = |(place, (path, _)): (usize, &(AsPath, bool))| json!({"prefix": format!("10.{place}.0.0/16"), "as_path": json_of(path)});
    let routes: Vec<Value> = row.paths.iter().enumerate().map(route).collect();
    let peers = json!({"peers": [
        {"name": "peer", "address": "192.0.2.2", "remote_as": 64999, "routes": routes},
    ]});
    let answer = traced(&[("edge.conf".to_owned(), text)], &peers, Some(dialect));
    let routes = answer["accepted"]["peer"].as_array().cloned().unwrap_or_default();
    let has = |place| {
        let wanted = format!("10.{place}.0.0/16");
        routes.iter().any(|route| route["prefix"] == wanted.as_str())
    };
    (0..row.paths.len()).map(has).collect()
}

#[test]
fn tables_of_paths() {
    let mut wrong = Vec::new();
    let mut n_by_dialect = std::collections::BTreeMap::<String, usize>::new();
    for file in files(&root().join("tests/as_paths")) {
        let text = std::fs::read_to_string(&file).expect("a table can be read");
        for row in rows(&text) {
            for kind in &row.dialects {
                *n_by_dialect.entry(kind.clone()).or_default() += 1;
                let seen = accepted(kind, &row);
                for ((path, wanted), seen) in row.paths.iter().zip(seen) {
                    if seen != *wanted {
                        wrong.push(format!("{kind}: {} on \"{path}\"", row.expression));
                    }
                }
            }
            match AsPathSet::of_expression(row.language, &row.expression) {
                Some(set) => {
                    let wrongly = |(path, wanted): &&(AsPath, bool)| set.matches(path) != *wanted;
                    for (path, _) in row.paths.iter().filter(wrongly) {
                        wrong.push(format!("set of {} and \"{path}\"", row.expression));
                    }
                }
                // How many different numbers there are no set of this size can tell.
                None if row.expression.starts_with("unique-length") => {}
                None => wrong.push(format!("no set of {}", row.expression)),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(n_by_dialect.values().all(|n| *n >= 24), "{n_by_dialect:?}");
}
