//! The command line: arguments, exit codes, formats, and what never may be printed.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the tests write the files that are read; what fails here fails the test"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

mod settings;

/// A router with one mistake: the filter of line 9 is not defined.
const FLAWED: &str = "\
version 17.9
hostname edge-oslo
!
interface GigabitEthernet0/0/0
 ip address 192.0.2.66 255.255.255.252
!
router bgp 64500
 neighbor 192.0.2.65 remote-as 64497
 neighbor 192.0.2.65 prefix-list MISSING out
 neighbor 192.0.2.65 prefix-list ANY in
!
ip prefix-list ANY seq 5 permit 0.0.0.0/0 le 24
!
end
";

/// The same without the mistake.
const CLEAN: &str = "\
version 17.9
hostname edge-riga
!
interface GigabitEthernet0/0/0
 ip address 192.0.2.70 255.255.255.252
!
router bgp 64501
 neighbor 192.0.2.69 remote-as 64497
 neighbor 192.0.2.69 prefix-list OWN out
 neighbor 192.0.2.69 prefix-list ANY in
!
ip prefix-list OWN seq 5 permit 203.0.113.0/24
ip prefix-list ANY seq 5 permit 0.0.0.0/0 le 24
!
end
";

const RULE: &str = "undefined-policy-reference";

/// A folder of its own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(&folder.0).unwrap();
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    /// Runs the binary here; a line of arguments is split at blanks.
    fn run(&self, arguments: &str) -> Ran {
        self.run_with(arguments, "", &[])
    }

    fn run_with(&self, arguments: &str, stdin: &str, environment: &[(&str, &str)]) -> Ran {
        run_in(&self.0, arguments, stdin, environment)
    }
}

fn run_in(folder: &Path, arguments: &str, stdin: &str, environment: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgelint"));
    for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    let mut child = command
        .args(arguments.split_whitespace())
        .envs(environment.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A run that reads no stdin may be over before it is written.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    Ran::of(&child.wait_with_output().unwrap())
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run said.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

fn estate() -> Folder {
    Folder::new(&[("est/edge-oslo.cfg", FLAWED), ("est/sub/edge-riga", CLEAN)])
}

/// The paths in `files[]`.
fn paths(report: &Value) -> Vec<&str> {
    let files = report["files"].as_array().unwrap();
    files.iter().map(|file| file["path"].as_str().unwrap()).collect()
}

#[test]
fn exit_codes() {
    let folder = estate();
    folder.write("est-empty/.hidden", b"x");
    let table = [
        ("check est/sub", 0),
        ("check est", 1),
        ("est", 1),
        ("", 1),
        ("check est --fail-on never", 0),
        ("check est --ignore undefined-policy-reference", 0),
        ("check est --severity undefined-policy-reference=info", 0),
        ("check est --severity undefined-policy-reference=info --fail-on info", 1),
        ("check est --severity undefined-policy-reference=off --fail-on info", 0),
        ("check est --select unrecognised-input", 0),
        ("check est --exclude edge-oslo.cfg", 0),
        ("check nowhere", 2),
        ("check est-empty", 2),
        ("check --no-such-flag", 2),
        ("check est --threads 0", 2),
        ("check est --dialect klingon", 2),
        ("check est --fail-on sometimes", 2),
        ("check est -o sarifff", 2),
        ("check est -o json -o concise", 2),
        ("check est --stdin-filename x", 2),
        ("check est --config nowhere.toml", 2),
        ("inspect nonsense est", 2),
        ("inspect devices est", 0),
        ("inspect devices nowhere", 2),
        ("explain", 2),
        ("explain no-such-rule", 2),
        ("explain unrecognised-input", 0),
        ("rules", 0),
        ("version", 0),
        ("--version", 0),
        ("--help", 0),
    ];
    for (arguments, expected) in table {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, expected, "`{arguments}`: {ran:?}");
        assert_eq!(ran.code == 2, !ran.err.is_empty(), "`{arguments}`: {ran:?}");
    }
}

#[test]
fn check_is_what_runs_where_no_verb_is_named() {
    let folder = estate();
    let named = folder.run("check est -o concise");
    assert_eq!(named.out, folder.run("est -o concise").out);
    assert!(named.out.contains("est/edge-oslo.cfg:9:"), "{named:?}");
    let bare = run_in(&folder.0.join("est"), "-o concise", "", &[]);
    assert!(bare.out.starts_with("edge-oslo.cfg:9:"), "{bare:?}");
}

#[test]
fn no_path_is_the_directory_of_the_nearest_settings() {
    let folder = estate();
    folder.write("est/edgelint.toml", b"");
    let ran = run_in(&folder.0.join("est/sub"), "-o json", "", &[]);
    assert_eq!(paths(&ran.json()), ["../edge-oslo.cfg", "../sub/edge-riga"]);
}

#[test]
fn an_unreadable_path_does_not_stop_the_rest() {
    let folder = estate();
    let ran = folder.run("check nowhere.cfg est -o json");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot read nowhere.cfg: "), "{ran:?}");
    let report = ran.json();
    assert_eq!(report["findings"][0]["rule"], RULE);
    let entry = &report["files"].as_array().unwrap()[2];
    assert_eq!((&entry["path"], &entry["status"]), (&"nowhere.cfg".into(), &"unreadable".into()));
    assert!(report["findings"].as_array().unwrap().iter().all(|found| found["rule"] == RULE));
}

#[test]
fn unknown_rules_are_errors_with_a_suggestion() {
    let folder = estate();
    for arguments in [
        "check est --select undefined-policy-refrence",
        "check est --ignore undefined-policy-refrence",
        "check est --severity undefined-policy-refrence=error",
        "explain undefined-policy-refrence",
    ] {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments}");
        assert!(ran.err.contains("did you mean `undefined-policy-reference`?"), "{ran:?}");
    }
    assert!(folder.run("chekc").err.contains("`check`"));
}

#[test]
fn stdin_is_an_input() {
    let folder = Folder::new(&[]);
    let ran = folder.run_with("check - -o concise", FLAWED, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.starts_with("<stdin>:9:"), "{ran:?}");
    let ran = folder.run_with("check - --stdin-filename r1.cfg -o json", FLAWED, &[]);
    assert_eq!(ran.json()["findings"][0]["labels"][0]["path"], "r1.cfg");
    let ran = folder.run_with("check -", "", &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("unrecognised-input"), "{ran:?}");
}

#[test]
fn lists_of_files_are_inputs() {
    let folder = estate();
    folder.write("list.txt", b"est/edge-oslo.cfg\r\n\nest/sub/edge-riga\n");
    folder.write("list0.txt", b"est/edge-oslo.cfg\0est/sub/edge-riga\0");
    folder.write("none.txt", b"\n");
    let expected = ["est/edge-oslo.cfg", "est/sub/edge-riga"];
    for list in ["list.txt", "list0.txt"] {
        let ran = folder.run(&format!("check --files-from {list} -o json"));
        assert_eq!(paths(&ran.json()), expected);
    }
    let ran = folder.run_with("check --files-from - -o json", "est/edge-oslo.cfg\n", &[]);
    assert_eq!(paths(&ran.json()), expected[..1]);
    assert_eq!(folder.run("check --files-from none.txt").code, 2);
}

#[test]
fn what_is_ignored_excluded_or_hidden_is_no_input() {
    let folder = estate();
    folder.write("est/.gitignore", b"*.old\n");
    folder.write("est/edge.old", FLAWED.as_bytes());
    folder.write("est/.edge.cfg", FLAWED.as_bytes());
    folder.write("est/lab/edge.cfg", FLAWED.as_bytes());
    folder.write("est/edgelint.toml", b"exclude = [\"/lab\"]\n");
    let expected = ["est/edge-oslo.cfg", "est/sub/edge-riga"];
    assert_eq!(paths(&folder.run("est -o json").json()), expected);
    // Named, it is read although it is ignored, but not if it is excluded.
    assert_eq!(paths(&folder.run("est/edge.old -o json").json()), ["est/edge.old"]);
    assert_eq!(folder.run("est/lab/edge.cfg").code, 2);
    assert_eq!(
        paths(&folder.run("est/lab/edge.cfg --isolated -o json").json()),
        ["est/lab/edge.cfg"]
    );
    let ran = folder.run("est --exclude sub --exclude *.cfg --isolated");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("no input"), "{ran:?}");
}

#[test]
fn each_file_is_read_once() {
    let folder = estate();
    let ran = folder.run("est est/edge-oslo.cfg ./est -o json");
    assert_eq!(paths(&ran.json()).len(), 2, "{ran:?}");
    let other = folder.run("./est est/edge-oslo.cfg est -o json");
    assert_eq!(ran.out, other.out);
}

#[cfg(unix)]
#[test]
fn links_and_pipes() {
    let folder = estate();
    let link = std::os::unix::fs::symlink::<&Path, PathBuf>;
    link(Path::new("edge-oslo.cfg"), folder.0.join("est/alias.cfg")).unwrap();
    link(Path::new(".."), folder.0.join("est/sub/loop")).unwrap();
    link(Path::new("gone"), folder.0.join("est/broken.cfg")).unwrap();
    let made = Command::new("mkfifo").arg(folder.0.join("est/pipe")).status();
    let ran = folder.run("est -o json");
    let report = ran.json();
    assert_eq!(paths(&report), ["est/broken.cfg", "est/edge-oslo.cfg", "est/sub/edge-riga"]);
    assert_eq!(report["files"][0]["status"], "unreadable");
    assert_eq!((ran.code, &report["findings"][0]["rule"]), (1, &"unrecognised-input".into()));
    if made.is_ok_and(|status| status.success()) {
        let ran = folder.run("est/pipe");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("not a regular file"), "{ran:?}");
    }
}

#[test]
fn files_that_are_no_configurations() {
    let folder = estate();
    folder.write("est/README.md", b"# Exports\n\nOne file a router.\n");
    folder.write("est/site.png", b"\x89PNG\r\n\x1a\n\0\0");
    folder.write("est/edge-bergen.cfg", b"");
    let ran = folder.run("est -o json --select unrecognised-input");
    let report = ran.json();
    let status: Vec<&str> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["status"].as_str().unwrap())
        .collect();
    assert_eq!(status, ["unrecognised", "empty", "ok", "binary", "ok"]);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["labels"][0]["path"], "est/edge-bergen.cfg");
    // Named, each of them is a finding.
    let ran = folder.run("est/README.md est/site.png -o json");
    assert_eq!((ran.code, &ran.json()["summary"]["warning"]), (1, &2.into()), "{ran:?}");
}

#[test]
fn output_goes_to_several_places() {
    let folder = estate();
    let ran = folder.run("est -o json=out/deep/report.json -o concise -o full=report.txt");
    assert_eq!(ran.code, 1, "{ran:?}");
    let report: Value = serde_json::from_str(&folder.read("out/deep/report.json")).unwrap();
    assert_eq!(report["schema_version"], 1);
    assert!(ran.out.starts_with("est/edge-oslo.cfg:9:"));
    assert!(folder.read("report.txt").starts_with("error["));
    // Nothing is left beside them, and the reports of the last run are no inputs of the next.
    let names = fs::read_dir(&folder.0).unwrap().count();
    assert_eq!(names, 3);
    let again = folder.run(". -o json=out/deep/report.json -o full=report.txt --color always");
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    let report: Value = serde_json::from_str(&folder.read("out/deep/report.json")).unwrap();
    assert_eq!(paths(&report), ["./est/edge-oslo.cfg", "./est/sub/edge-riga"]);
    assert!(!folder.read("report.txt").contains('\x1b'));
    assert_eq!(folder.run("est -o json=est/edge-oslo.cfg/x").code, 2);
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_trouble() {
    let folder = estate();
    let mut child = Command::new(env!("CARGO_BIN_EXE_edgelint"))
        .args(["est", "-o", "json"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn only_some_paths_are_reported_on() {
    let folder = estate();
    let report = folder.run("est -o json --report-only est/sub").json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 0);
    assert_eq!(report["summary"]["devices"], 2);
    let ran = folder.run("est -o json --report-only est/sub/edge-riga ./est/edge-oslo.cfg");
    assert_eq!((ran.code, ran.json()["findings"].as_array().unwrap().len()), (1, 1));
    let ran = folder.run("est -o json --report-only est/gone.cfg");
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("est/gone.cfg is none of the inputs"), "{ran:?}");
}

#[test]
fn json_is_as_documented() {
    let folder = estate();
    let report = folder.run("est -o json").json();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let has = |value: &Value, names: &[&str]| {
        for name in names {
            assert!(keys(value).iter().any(|key| key == name), "{name} in {value}");
        }
    };
    has(&report, &["schema_version", "tool", "summary", "files", "findings"]);
    has(
        &report["summary"],
        &["files", "devices", "bytes", "error", "warning", "info", "suppressed", "baselined"],
    );
    assert_eq!(report["summary"]["bytes"], FLAWED.len() + CLEAN.len());
    has(&report["files"][0], &["path", "device", "dialect", "status", "statements"]);
    assert_eq!(report["files"][0]["device"], "edge-oslo");
    assert_eq!(report["files"][0]["dialect"], "ios");
    let finding = &report["findings"][0];
    let text =
        ["rule", "severity", "confidence", "message", "help", "url", "object", "fingerprint"];
    has(finding, &text);
    for list in ["devices", "circuits", "prefixes", "labels", "fixes"] {
        assert!(finding[list].is_array(), "{list}");
    }
    let fingerprint = finding["fingerprint"].as_str().unwrap();
    assert!(fingerprint.len() == 32 && fingerprint.chars().all(|c| c.is_ascii_hexdigit()));
    let label = &finding["labels"][0];
    has(label, &["path", "device", "role", "message", "start", "end"]);
    assert_eq!((&label["role"], &label["start"]["line"]), (&"primary".into(), &9.into()));
    let offset = usize::try_from(label["start"]["offset"].as_u64().unwrap()).unwrap();
    let line_start = FLAWED[..offset].rfind('\n').unwrap() + 1;
    assert_eq!(label["start"]["column"], offset - line_start + 1);
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let fingerprint = |text: &str| {
        let ran = Folder::new(&[("edge.cfg", text)]).run("edge.cfg -o json");
        ran.json()["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let first = fingerprint(FLAWED);
    let moved = FLAWED.replacen("!\n", "!\n!\n! moved\nntp server 192.0.2.9\n!\n", 1);
    assert_eq!(first, fingerprint(&moved));
    assert_eq!(first, fingerprint(&FLAWED.replace('\n', "\r\n")));
    assert_ne!(first, fingerprint(&FLAWED.replace("MISSING", "OTHER")));
}

#[test]
fn threads_and_order_of_arguments_change_nothing() {
    let mut files = Vec::new();
    for number in 1..30 {
        let text = FLAWED.replace("edge-oslo", &format!("edge-{number}"));
        files.push((format!("f{number}.cfg"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let folder = Folder::new(&files);
    for format in ["full", "concise", "json"] {
        let one = folder.run(&format!(". -o {format} --threads 1"));
        assert_eq!(one.code, 1, "{one:?}");
        assert_eq!(one.out, folder.run(&format!(". -o {format} --threads 2")).out);
    }
    let names: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    let forward = folder.run(&format!("-o json {}", names.join(" ")));
    let backward: Vec<&str> = names.into_iter().rev().collect();
    assert_eq!(forward.out, folder.run(&format!("-o json {}", backward.join(" "))).out);
}

#[test]
fn nothing_dangerous_is_printed() {
    let canary = "Kz8cret7Canary";
    let text = FLAWED
        .replace("hostname edge-oslo", &format!(
            "hostname edge\x1b[31m\u{202e}oslo\nenable secret 0 {canary}\nsnmp-server community {canary} RO\n\
             frobnicate key {canary}"
        ))
        .replace("prefix-list MISSING", "prefix-list ##vso[task.x]y\u{2066}")
        .replace(
            " neighbor 192.0.2.65 remote-as 64497",
            &format!(
                " neighbor 192.0.2.65 remote-as 64497\n neighbor 192.0.2.65 password {canary}\n \
                 neighbor 192.0.2.65 description ##vso[task.z]x \x1b[2J password {canary} \u{202e}abc\n \
                 neighbor 192.0.2.67 remote-as 12076\n \
                 neighbor 192.0.2.67 description Microsoft peering, service-key {canary}"
            ),
        );
    let folder = Folder::new(&[("e\x1b[1m\u{202e}.cfg", &text)]);
    let mut runs: Vec<String> =
        ["full", "concise", "json"].iter().map(|format| format!(". -o {format}")).collect();
    let help = folder.run("inspect nonsense").err;
    let kinds = help.split("(known: ").nth(1).unwrap().split(')').next().unwrap().to_owned();
    for kind in kinds.split(", ") {
        runs.push(format!("inspect {kind} ."));
        runs.push(format!("inspect {kind} . --format json"));
    }
    for arguments in runs {
        let ran = folder.run(&arguments);
        assert!(ran.code < 2, "{arguments}: {ran:?}");
        let all = format!("{}{}", ran.out, ran.err);
        assert!(!all.to_lowercase().contains(&canary.to_lowercase()), "{arguments}: {all}");
        for bad in ["\x1b", "\u{202e}", "\u{2066}", "\x07", "##vso["] {
            assert!(!all.contains(bad), "{arguments} prints {bad:?}: {all}");
        }
        assert_eq!(ran.out.contains(RULE), arguments.contains("-o"), "{arguments}: {ran:?}");
    }
}

#[test]
fn colour_is_asked_for() {
    let folder = estate();
    let colored = |arguments: &str, environment: &[(&str, &str)]| {
        folder.run_with(arguments, "", environment).out.contains('\x1b')
    };
    assert!(!colored("est", &[]));
    assert!(colored("est --color always", &[("NO_COLOR", "1")]));
    assert!(colored("est", &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored("est", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored("est --color never", &[("FORCE_COLOR", "1")]));
    assert!(!colored("est -o json --color always", &[]));
}

#[test]
fn rules_are_listed_and_explained_offline() {
    let folder = Folder::new(&[]);
    let list = folder.run("rules").out;
    let all = folder.run("explain --all --format json").json();
    let rules = all["rules"].as_array().unwrap();
    assert_eq!(list.lines().count(), rules.len() + 1);
    for rule in rules {
        let id = rule["rule"].as_str().unwrap();
        assert!(list.contains(id));
        for format in ["text", "markdown", "json"] {
            let page = folder.run(&format!("explain {id} --format {format}"));
            assert!(page.code == 0 && page.out.contains(id), "{page:?}");
        }
    }
    assert_eq!(folder.run("rules --format json").json(), all);
}

#[test]
fn statistics_count_by_rule() {
    let folder = estate();
    let ran = folder.run("est -o concise --statistics");
    assert!(ran.out.contains("    1  undefined-policy-reference (1 device)\n"), "{ran:?}");
    let report = folder.run("est -o json --statistics").json();
    assert_eq!(report["statistics"][0]["rule"], RULE);
}

#[test]
fn a_dialect_can_be_forced() {
    let folder = Folder::new(&[("list.txt", "ip prefix-list X permit 203.0.113.0/24\n")]);
    assert_eq!(folder.run("list.txt").code, 1);
    let ran = folder.run("list.txt --dialect ios -o json");
    assert_eq!((ran.code, &ran.json()["files"][0]["dialect"]), (0, &"ios".into()));
    assert_eq!(ran.json()["files"][0]["device"], "list.txt");
}

#[test]
fn inspect_prints_one_object() {
    let folder = estate();
    let table = folder.run("inspect devices est --format json").json();
    assert_eq!((&table["schema_version"], &table["kind"]), (&1.into(), &"devices".into()));
    let items = table["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["device"], "edge-oslo");
    assert_eq!(items[0]["path"], "est/edge-oslo.cfg");
    assert!(items[0]["line"].is_u64());
    let text = folder.run("inspect devices est").out;
    assert!(text.contains("edge-oslo") && text.lines().count() == 3, "{text}");
}
