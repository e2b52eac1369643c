//! Reports in, text out: every format against one small estate.

use edgelint_source::printable::Masks;
use edgelint_source::view::{
    Confidence, FileEntry, Finding, Label, Plain, Report, Role, Severity, Status,
};
use edgelint_source::{FileId, Files, SourceText, Span};

use crate::{FORMATS, Style};

const ONE: &str = "hostname edge-1\nip prefix-list OUT seq 5 permit 198.51.100.0/24\n!\n\
    snmp-server community Kz8cret7 RO\nrouter bgp 64500\n neighbor 192.0.2.2 route-map OUT out\n";
const TWO: &str = "hostname edge-2\nrouter bgp 64500\n";

fn files() -> Files {
    let files =
        Files::new(vec![SourceText::new("a/one.cfg", ONE), SourceText::new("two.cfg", TWO)]);
    for (_, file) in files.iter() {
        file.set_masks(Masks::default());
    }
    files
}

fn label(files: &Files, file: u32, words: &str, role: Role, message: &str) -> Label {
    let text = files.file(FileId(file)).unwrap();
    let start = u32::try_from(text.text().find(words).unwrap()).unwrap();
    let span = Span::new(FileId(file), start, start + u32::try_from(words.len()).unwrap());
    Label {
        span,
        path: Plain::new(text.path()),
        device: Some(Plain::new(format!("edge-{}", file + 1))),
        role,
        message: Plain::new(message),
        start: text.position(span.start),
        end: text.position(span.end),
    }
}

fn finding(severity: Severity, message: &str, labels: Vec<Label>) -> Finding {
    Finding {
        rule: "some-rule",
        severity,
        confidence: Confidence::Certain,
        message: Plain::new(message),
        notes: vec![Plain::new("a fact")],
        help: Some(Plain::new("do something")),
        url: "https://example.com/some-rule".into(),
        devices: vec![Plain::new("edge-1")],
        circuits: Vec::new(),
        prefixes: vec!["198.51.100.0/24".into()],
        object: Plain::new("bgp:64500"),
        labels,
        more: Vec::new(),
        fixes: Vec::new(),
        fingerprint: "0".repeat(32),
    }
}

fn report(findings: Vec<Finding>) -> Report {
    let entry = |path: &str, device: Option<&str>| FileEntry {
        path: Plain::new(path),
        device: device.map(Plain::new),
        dialect: device.map(|_| "ios"),
        status: if device.is_some() { Status::Ok } else { Status::Empty },
        statements: edgelint_source::view::Counts::default(),
        notes: Vec::new(),
    };
    let files = vec![
        entry("a/one.cfg", Some("edge-1")),
        entry("none.cfg", None),
        entry("two.cfg", Some("edge-2")),
    ];
    Report { bytes: 10, files, findings, ..Report::default() }
}

fn example() -> Report {
    let files = files();
    let labels = vec![
        label(&files, 0, "198.51.100.0/24", Role::Primary, "permitted here"),
        label(&files, 1, "router bgp 64500", Role::Context, "same AS"),
        label(&files, 0, "route-map OUT out", Role::Context, "filtered by this"),
    ];
    let mut possible = finding(
        Severity::Info,
        "perhaps",
        vec![label(&files, 0, "hostname", Role::Primary, "here")],
    );
    possible.confidence = Confidence::Possible;
    possible.help = None;
    possible.notes.clear();
    report(vec![finding(Severity::Error, "it is wrong", labels), possible])
}

fn written(name: &str, report: &Report, style: Style) -> String {
    let mut out = Vec::new();
    (crate::format(name).unwrap().write)(report, &files(), style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn full_shows_the_lines_of_all_files() {
    let expected = "\
error[some-rule]: it is wrong
  ┌─ a/one.cfg:2:33
  │
2 │ ip prefix-list OUT seq 5 permit 198.51.100.0/24
  │                                 ^^^^^^^^^^^^^^^ permitted here
  ·
6 │  neighbor 192.0.2.2 route-map OUT out
  │                     ----------------- filtered by this
  │
  ┌─ two.cfg:2:1
  │
2 │ router bgp 64500
  │ ---------------- same AS
  │
  = note: a fact
  = help: do something

info[some-rule]: perhaps
  ┌─ a/one.cfg:1:1
  │
1 │ hostname edge-1
  │ ^^^^^^^^ here
  │
  = confidence: possible

2 findings (1 error, 1 info) in 2 devices
";
    let shown = written("full", &example(), Style::default());
    assert_eq!(shown, expected);
}

#[test]
fn no_line_ends_in_blanks() {
    let files = files();
    let on = |words| label(&files, 0, words, Role::Context, "the same line");
    let labels = vec![on("neighbor"), on("192.0.2.2"), on("OUT out")];
    let report = report(vec![finding(Severity::Error, "crowded", labels)]);
    let shown = written("full", &report, Style::default());
    assert!(shown.lines().all(|line| line.trim_end() == line), "{shown}");
    assert_eq!(shown.matches("the same line").count(), 3, "{shown}");
}

#[test]
fn a_clean_report_is_one_line() {
    let report = report(Vec::new());
    assert_eq!(written("full", &report, Style::default()), "no findings in 2 devices\n");
    assert_eq!(written("concise", &report, Style::default()), "no findings in 2 devices\n");
}

#[test]
fn concise_is_a_line_a_finding() {
    let expected = "\
a/one.cfg:2:33: error[some-rule]: it is wrong
a/one.cfg:1:1: info[some-rule]: perhaps
    2  some-rule (1 device)
2 findings (1 error, 1 info) in 2 devices
";
    let style = Style { color: false, statistics: true };
    assert_eq!(written("concise", &example(), style), expected);
}

#[test]
fn json_has_the_documented_fields() {
    let document: serde_json::Value =
        serde_json::from_str(&written("json", &example(), Style::default())).unwrap();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["summary"]["error"], 1);
    assert_eq!(document["summary"]["devices"], 2);
    assert_eq!(document["files"][1]["status"], "empty");
    assert!(document["files"][1]["device"].is_null());
    let label = &document["findings"][0]["labels"][0];
    assert_eq!(label["start"], serde_json::json!({"line": 2, "column": 33, "offset": 48}));
    assert_eq!(label["role"], "primary");
    assert!(document.get("statistics").is_none());
}

#[test]
fn a_line_between_two_labels_is_shown_masked() {
    let files = files();
    let labels = vec![
        label(&files, 0, "!", Role::Primary, "one"),
        label(&files, 0, "router bgp", Role::Context, "two"),
    ];
    let shown =
        written("full", &report(vec![finding(Severity::Warning, "x", labels)]), Style::default());
    assert!(shown.contains("4 │ snmp-server community"), "{shown}");
    assert!(!shown.contains("Kz8cret7"), "{shown}");
}

#[test]
fn colour_is_for_full_only_and_only_when_asked() {
    for format in FORMATS {
        let plain = written(format.name, &example(), Style::default());
        assert!(!plain.contains('\x1b'), "{}", format.name);
        let style = Style { color: true, statistics: false };
        let colored = written(format.name, &example(), style);
        assert_eq!(colored.contains('\x1b'), format.name == "full");
    }
    let style = Style { color: true, statistics: false };
    assert!(written("full", &example(), style).contains("info[some-rule]"));
}

#[test]
fn labels_beyond_the_text_are_drawn_all_the_same() {
    let files = files();
    let mut far = label(&files, 1, "router", Role::Primary, "far");
    far.span = Span::new(FileId(9), 5000, 6000);
    let mut block = label(&files, 1, "hostname edge-2\nrouter bgp 64500", Role::Context, "block");
    block.end = files.file(FileId(1)).unwrap().position(999);
    let report = report(vec![finding(Severity::Error, "x", vec![far, block])]);
    let shown = written("full", &report, Style::default());
    assert!(shown.contains("1 │ hostname edge-2\n  │ --------------- block"), "{shown}");
}

#[test]
fn long_lines_are_trimmed_around_the_label() {
    let text = format!("description {}target{}\n", "x ".repeat(400), " y".repeat(400));
    let files = Files::new(vec![SourceText::new("long.cfg", text)]);
    let at = label(&files, 0, "target", Role::Primary, "this");
    let report = report(vec![finding(Severity::Error, "long", vec![at])]);
    let mut out = Vec::new();
    crate::full::write(&report, &files, Style::default(), &mut out).unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert!(shown.lines().all(|line| line.chars().count() < 200), "{shown}");
    assert!(shown.contains("target") && shown.contains("long.cfg:1:813"), "{shown}");
    let (source, carets) = (shown.lines().nth(3).unwrap(), shown.lines().nth(4).unwrap());
    let column = |line: &str, word: &str| line[..line.find(word).unwrap()].chars().count();
    assert_eq!(column(source, "target"), column(carets, "^^^^^^"), "{shown}");
}
