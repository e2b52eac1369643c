//! No input makes it panic, hang, or answer differently the second time.
//!
//! Every file of the corpus is cut at every line and read again; arbitrary bytes go through the whole
//! pipeline; thread counts and the order of arguments change nothing.

use edgelint_dialects::DIALECTS;
use edgelint_source::{Arena, FileId};
use edgelint_syntax::Lines;
use proptest::prelude::{Strategy, any, prop};
use proptest::test_runner::{Config, TestRunner};

use crate::support::{edgelint, files, root, shared, stdout};

/// Reads a text as every dialect; returns the number of statements, so that nothing is optimised
/// away.
fn read(text: &str) -> usize {
    let mut statements = 0;
    for dialect in DIALECTS {
        let arena = Arena::new();
        let tree = (dialect.lay_out)(Lines::split(FileId(0), text));
        let devices = (dialect.read)(&tree, &arena);
        statements += devices.iter().map(accounted).sum::<usize>();
        let expected = (dialect.statements)(&tree);
        let counted: usize = devices.iter().map(accounted).sum();
        assert_eq!(counted, expected, "{}: statements unaccounted for", dialect.name);
    }
    statements
}

fn accounted(device: &edgelint_model::Device<'_>) -> usize {
    use edgelint_model::State;
    [State::Modelled, State::Inert, State::Unmodelled, State::Opaque]
        .into_iter()
        .map(|state| device.coverage.total(state) as usize)
        .sum()
}

/// The texts of all corpus files, decoded as the tool decodes them.
fn corpus() -> Vec<String> {
    files(&root().join("corpus"))
        .into_iter()
        .filter(|path| !path.to_string_lossy().ends_with(".expected.txt"))
        .filter_map(|path| std::fs::read(path).ok())
        .filter_map(|bytes| edgelint_source::decode::decode(bytes).into_text())
        .collect()
}

#[test]
fn every_corpus_file_cut_at_every_line_reads() {
    let mut texts = corpus();
    // Twins stand together: what both begin with is read once.
    texts.sort_unstable();
    let cuts: usize = std::thread::scope(|scope| {
        let halves = texts.chunks(texts.len().div_ceil(2).max(1));
        let work = |half: &[String]| {
            let mut before = "";
            let mut cuts = 0;
            for text in half {
                let same = before.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
                cuts += cut(text, same);
                before = text;
            }
            cuts
        };
        let workers: Vec<_> = halves.map(|half| scope.spawn(move || work(half))).collect();
        workers.into_iter().map(|worker| worker.join().expect("no cut panics")).sum::<usize>()
    });
    assert!(cuts > 10_000, "the corpus has lines to cut at: {cuts}");
}

/// Reads a text cut at every line end behind what was read before; returns how many those are.
fn cut(text: &str, same: usize) -> usize {
    let mut cuts = 0;
    for (at, _) in text.match_indices(['\n', '\r']).filter(|(at, _)| same <= *at) {
        read(text.get(..at).expect("a line end is a boundary"));
        cuts += 1;
    }
    cuts
}

#[test]
fn any_text_reads() {
    const WORDS: &[&str] = &[
        "router bgp 1",
        "neighbor",
        "192.0.2.1",
        "remote-as",
        "route-map",
        "permit",
        "10",
        "seq",
        "ip prefix-list",
        "X",
        "ge",
        "99999999999",
        "address-family ipv4",
        "vrf",
        "interface",
        "ip nat inside source",
        "{",
        "}",
        ";",
        "policy-options",
        "set logical-systems L protocols bgp group",
        "set groups <*>",
        "apply-groups",
        "delete",
        "inactive:",
        "list",
        "pool",
        "static",
        "banner motd ^C",
        "^C",
        "no",
        "!",
        "exit",
        "community-list",
        "as-path access-list",
        "_",
        "set",
        "match",
        "\t",
        " ",
        "\u{202e}",
        "'",
        "\"",
    ];
    let word = prop::sample::select(WORDS).prop_map(str::to_owned);
    let token = proptest::prop_oneof![8 => word, 1 => any::<String>()];
    let line = (0..4_usize, prop::collection::vec(token, 0..9))
        .prop_map(|(indent, words)| format!("{}{}", " ".repeat(indent), words.join(" ")));
    let text = prop::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"));
    let mut runner =
        TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    runner
        .run(&text, |text| {
            read(&text);
            Ok(())
        })
        .expect("any text reads");
}

#[test]
fn any_bytes_go_through() {
    let folder = root().join("target/tests/bytes");
    std::fs::create_dir_all(&folder).expect("a folder below target");
    let bytes = prop::collection::vec(any::<u8>(), 0..400);
    let mut runner =
        TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    runner
        .run(&prop::collection::vec(bytes, 1..6), |files| {
            for (index, bytes) in files.iter().enumerate() {
                std::fs::write(folder.join(format!("{index}.cfg")), bytes).expect("written");
            }
            let output = edgelint(&folder, &["check", ".", "--isolated", "--color", "never"]);
            assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
            Ok(())
        })
        .expect("any bytes go through");
}

#[test]
fn threads_change_nothing() {
    for case in ["corpus/networks/example", "corpus/broken"] {
        let folder = root().join(case);
        let run = |threads: &str, format: &str| {
            let output = edgelint(
                &folder,
                &[
                    "check",
                    ".",
                    "--isolated",
                    "--color",
                    "never",
                    "--threads",
                    threads,
                    "-o",
                    format,
                ],
            );
            assert!(output.status.code().is_some_and(|code| code < 2), "{case}: {output:?}");
            stdout(&output)
        };
        for format in ["full", "concise", "json"] {
            assert_eq!(run("1", format), run("2", format), "{case} as {format}");
        }
    }
}

#[test]
fn public_configurations_read_without_trouble() {
    let folders = ["ios", "junos", "junos-set"].map(|name| format!("corpus-public/{name}"));
    for below in folders.iter().map(String::as_str).chain(["study/samples"]) {
        let Some(folder) = shared(below) else { continue };
        let run = |threads: &str| {
            let output = edgelint(
                &folder,
                &["check", ".", "--isolated", "--threads", threads, "-o", "json"],
            );
            assert!(output.status.code().is_some_and(|code| code < 2), "{below}: {output:?}");
            stdout(&output)
        };
        assert_eq!(run("1"), run("2"), "{below}");
    }
}

#[test]
fn what_multiplies_is_bounded() {
    // A group that applies itself many times over, and a policy that divides routes at every clause:
    // neither may grow beyond what the text holds. That this ends is the test.
    let groups: String = (0..4000)
        .map(|number| {
            let lists = format!("set groups g policy-options prefix-list p{number} 10.0.0.0/16\n");
            format!("set groups g apply-groups g\n{lists}")
        })
        .collect();
    read(&format!("set system host-name s\nset version 20.1\n{groups}set apply-groups g\n"));
    let folder = root().join("target/tests/multiplies");
    std::fs::create_dir_all(&folder).expect("a folder below target");
    let clauses: String = (1..600)
        .map(|number| {
            format!(
                "ip community-list standard C{number} permit 64500:{number}\nroute-map X permit {number}\n \
                 match community C{number}\n continue\n set community 64501:{number} additive\n"
            )
        })
        .collect();
    let text = format!(
        "version 17.9\nhostname m\n{clauses}router bgp 64500\n neighbor 192.0.2.1 remote-as 12076\n \
         neighbor 192.0.2.1 route-map X in\n neighbor 192.0.2.1 route-map X out\nend\n"
    );
    std::fs::write(folder.join("m.cfg"), text).expect("written");
    let output = edgelint(&folder, &["check", ".", "--isolated"]);
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
}
