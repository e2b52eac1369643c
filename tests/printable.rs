//! What may never be printed: secrets, escape sequences, text that turns around, in any position.
//!
//! Every line of the corpus's collection of secrets is made the place of a finding and the line of every
//! table; control characters are planted behind every word of real configurations.

use std::path::Path;

use crate::support::{edgelint, files, fresh, root};

/// All outputs about a folder: every format of `check`, every table of `inspect` in both forms.
fn outputs(folder: &Path) -> Vec<(String, String)> {
    let mut arguments: Vec<Vec<&str>> = ["full", "concise", "json", "sarif"]
        .into_iter()
        .map(|format| vec!["check", ".", "--isolated", "-o", format, "--fail-on", "never"])
        .collect();
    for kind in [
        "devices",
        "prefix-lists",
        "policies",
        "neighbors",
        "nat",
        "references",
        "circuits",
        "announcements",
        "preferences",
        "coverage",
    ] {
        for format in ["text", "json"] {
            arguments.push(vec!["inspect", kind, ".", "--isolated", "--format", format]);
        }
    }
    arguments
        .into_iter()
        .map(|words| {
            let output = edgelint(folder, &words);
            assert_eq!(output.status.code(), Some(0), "{words:?}: {output:?}");
            let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            (words.join(" "), text)
        })
        .collect()
}

#[test]
fn no_secret_is_printed() {
    let folder = fresh("secrets");
    let path = root().join("corpus/broken/secrets-of-every-kind.cfg");
    let text = std::fs::read_to_string(path).expect("the collection of secrets");
    let planted = text.matches("DUMMY-SECRET").count();
    assert!(planted > 30, "there are secrets to leak");
    std::fs::write(folder.join("all.cfg"), &text).expect("written");
    // The same statements in words that no parser knows, and behind a finding's own line.
    let unknown: String = text.lines().map(|line| format!("frobnicate {line}\n")).collect();
    std::fs::write(folder.join("unknown.cfg"), format!("version 17.9\nhostname u\n{unknown}end\n"))
        .expect("written");
    let undefined: String = text
        .lines()
        .map(|line| format!(" neighbor 192.0.2.1 route-map NOWHERE in {}\n", line.trim()))
        .collect();
    let head = "version 17.9\nhostname b\nrouter bgp 1\n neighbor 192.0.2.1 remote-as 2\n";
    let tail = " neighbor 192.0.2.1 route-map NOWHERE in\nend\n";
    std::fs::write(folder.join("beside.cfg"), format!("{head}{undefined}{tail}")).expect("written");
    for (arguments, printed) in outputs(&folder) {
        let leak = printed.lines().find(|line| line.contains("DUMMY-SECRET"));
        assert_eq!(leak, None, "edgelint {arguments}");
    }
}

#[test]
fn no_secret_of_nxos_is_printed() {
    let folder = fresh("secrets-of-nxos");
    let path = root().join("corpus/broken/secrets-of-nxos.cfg");
    let text = std::fs::read_to_string(path).expect("the collection of secrets");
    assert!(text.matches("DUMMY-SECRET").count() > 25, "there are secrets to leak");
    std::fs::write(folder.join("all.cfg"), &text).expect("written");
    let head = "!Command: show running-config\nversion 9.3(8)\nhostname u\nfeature bgp\n";
    let unknown: String = text.lines().map(|line| format!("frobnicate {line}\n")).collect();
    std::fs::write(folder.join("unknown.cfg"), format!("{head}{unknown}")).expect("written");
    // Each line between two lines of a finding.
    let filter = "      route-map NOWHERE in\n";
    let lines = text.lines().map(|line| format!("      {}\n{filter}", line.trim()));
    let block = "router bgp 1\n  neighbor 192.0.2.1 remote-as 2\n    address-family ipv4 unicast\n";
    let beside = format!("{head}{block}{filter}{}", lines.collect::<String>());
    std::fs::write(folder.join("beside.cfg"), beside).expect("written");
    for (arguments, printed) in outputs(&folder) {
        let leak = printed.lines().find(|line| line.contains("DUMMY-SECRET"));
        assert_eq!(leak, None, "edgelint {arguments}");
    }
}

#[test]
fn no_control_character_is_printed() {
    let folder = fresh("controls");
    let evil =
        ["\u{1b}[31m", "\u{202e}", "\u{7}", "\u{9b}", "\u{2066}", "\u{200b}", "##vso[task.x]y"];
    let mut planted = 0;
    for (index, path) in files(&root().join("corpus/dialects/ios")).into_iter().enumerate() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut dirty = String::new();
        for (number, line) in text.lines().enumerate() {
            // One mark a line, glued to its last word or standing alone, so that most lines still parse.
            let mark = evil[number % evil.len()];
            let glue = if number % 2 == 0 { "" } else { " " };
            dirty.push_str(&format!("{line}{glue}{mark}\n"));
            planted += 1;
        }
        std::fs::write(folder.join(format!("{index}\u{1b}[1m.cfg")), dirty).expect("written");
    }
    assert!(planted > 500, "there were lines to plant in");
    for (arguments, printed) in outputs(&folder) {
        let bad = printed.char_indices().find(|(_, c)| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        let shown = bad.map(|(at, c)| (c, printed[..at].lines().last().unwrap_or("").to_owned()));
        assert_eq!(shown, None, "edgelint {arguments}");
        assert!(!printed.contains("##vso["), "edgelint {arguments}");
    }
}
