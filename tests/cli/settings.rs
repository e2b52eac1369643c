//! `edgelint.toml`: found, checked, applied.

use serde_json::Value;

use super::{Folder, estate, fs};
use crate::support::{files, folders, root};

#[test]
fn settings_are_found_and_flags_beat_them() {
    let folder = estate();
    folder.write(
        "edgelint.toml",
        b"fail-on = \"never\"\n[severity]\nundefined-policy-reference = \"info\"\n",
    );
    let ran = folder.run("est -o json");
    assert_eq!((ran.code, &ran.json()["summary"]["info"]), (0, &1.into()), "{ran:?}");
    assert_eq!(folder.run("est --isolated").code, 1);
    assert_eq!(folder.run("est --fail-on info").code, 1);
    assert_eq!(folder.run("est --fail-on warning").code, 0);
    let error = "est --fail-on error --severity undefined-policy-reference=error";
    assert_eq!(folder.run(error).code, 1);
    // The nearer one counts, and nothing is merged.
    folder.write("est/edgelint.toml", b"[rules]\nignore = [\"undefined-policy-reference\"]\n");
    assert_eq!(folder.run("est -o concise").out, "no findings in 2 devices\n");
    assert_eq!(folder.run("est --select undefined-policy-reference").code, 1);
    folder.write("other.toml", b"rules = { select = [\"unrecognised-input\"] }\n");
    assert_eq!(folder.run("est --config other.toml").code, 0);
    assert_eq!(folder.run("est --config other.toml --isolated").code, 2);
}

#[test]
fn mistakes_in_settings_are_drawn_on_the_file() {
    let table = [
        ("fail-onn = \"error\"\n", "edgelint.toml:1:1", "did you mean `fail-on`?"),
        ("\n[rules]\nselekt = []\n", "edgelint.toml:3:1", "did you mean `select`?"),
        ("fail-on = \"warn\"\n", "edgelint.toml:1:11", "error, warning, info, never"),
        ("[severity]\nundefined-policy-ref = \"error\"\n", "edgelint.toml:2:1", "no rule"),
        (
            "[severity]\nunrecognised-input = \"eror\"\n",
            "edgelint.toml:2:22",
            "did you mean `error`?",
        ),
        (
            "[rules]\nignore = [\"a\", \"unrecognized-input\"]\n",
            "edgelint.toml:2:11",
            "no rule `a`",
        ),
        ("[rules\n", "edgelint.toml:1:", "error:"),
    ];
    for (text, place, message) in table {
        let folder = estate();
        folder.write("est/edgelint.toml", text.as_bytes());
        let ran = folder.run("check est");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}: {ran:?}");
        assert!(ran.err.contains(place) && ran.err.contains(message), "{text}: {}", ran.err);
    }
}

/// Mistakes in what is said about the estate: the text, the place, words of the message.
#[test]
fn mistakes_about_the_estate_are_drawn_too() {
    let link = "links = [{ device = \"a\", neighbor = \"192.0.2.1\" }]";
    let circuit = |name: &str, rest: &str| {
        format!("[[circuit]]\nname = \"{name}\"\nprovider = \"azure-expressroute\"\n{rest}\n")
    };
    let table = [
        (circuit("x", "peeering = \"private\""), "4:1", "did you mean `peering`?"),
        (circuit("x", "peering = \"public\""), "4:11", "it is one of private, microsoft"),
        (circuit("x", "sku = \"premum\""), "4:7", "did you mean `premium`?"),
        (circuit("x", "rank = 1\nrole = \"primary\""), "5:8", "keep one of them"),
        (circuit("x", "role = \"standby\""), "4:8", "one of primary, failover"),
        (circuit("x", "links = [{ device = \"a\" }]"), "4:10", "missing field `neighbor`"),
        (circuit("x", "links = [{ device = \"\", neighbor = \"192.0.2.1\" }]"), "4:21", "no name"),
        (
            circuit("x", "links = [{ device = \"a\", neighbor = \"192.0.2\" }]"),
            "4:37",
            "`192.0.2` is not an address",
        ),
        (
            circuit("x", "public-prefixes = [\"203.0.113.1/24\"]"),
            "4:20",
            "did you mean `203.0.113.0/24`?",
        ),
        (circuit("x", "vnet-ranges = [\"10.0.0.0\"]"), "4:16", "is not a prefix"),
        (circuit("x", "") + &circuit("x", ""), "6:8", "already a circuit `x`, in line 2"),
        (circuit("x", link) + &circuit("y", link), "8:37", "already a link of circuit `x`"),
        (
            "[[circuit]]\nname = \"x\"\nprovider = \"azure-expresroute\"\n".to_owned(),
            "3:12",
            "did you mean `azure-expressroute`?",
        ),
        ("[[circuit]]\nname = \"x\"\n".to_owned(), "1:1", "missing field `provider`"),
        ("[estate]\nown-as = [\"64500\"]\n".to_owned(), "2:11", "invalid type"),
        (
            circuit("x", link)
                + "[[edge]]\nkind = \"internet\"\ndevice = \"a\"\nneighbor = \"192.0.2.1\"\n",
            "8:12",
            "is a link of circuit `x`",
        ),
        ("[[edge]]\nkind = \"inet\"\ndevice = \"a\"\n".to_owned(), "2:8", "no kind of edge"),
        ("[[edge]]\nkind = \"vpn\"\ndevice = \"a\"\n".repeat(2), "6:10", "described twice"),
        ("[[nat-group]]\nname = \"x\"\n".to_owned(), "1:1", "missing field `devices`"),
        ("[[nat-group]]\nname = \"x\"\ndevices = []\n".to_owned(), "2:8", "needs `devices`"),
        (
            "[[nat-group]]\nname = \"x\"\ndevices = [\"a\"]\n[[nat-group]]\nname = \"y\"\ndevices = [\"a\"]\n"
                .to_owned(),
            "6:12",
            "a is already in the group `x`",
        ),
        ("[[service]]\nname = \"x\"\n".to_owned(), "2:8", "needs `communities` or `prefixes`"),
        (
            "[[service]]\nname = \"x\"\ncommunities = [\"12076-5040\"]\n".to_owned(),
            "3:16",
            "`12076-5040` is not a community",
        ),
        (
            "[[device]]\nname = \"x\"\npath = \"a\"\n[[device]]\nname = \"y\"\npath = \"a\"\n"
                .to_owned(),
            "6:8",
            "already named `x`",
        ),
        (
            "[[device]]\nname = \"x\"\ntags = [\"lab\"]\n[[override]]\ntag = \"lap\"\n".to_owned(),
            "5:7",
            "did you mean `lab`?",
        ),
        ("[[override]]\ndevice = [\"a\", \"[\"]\n".to_owned(), "2:16", "error"),
        ("[[override]]\nignore = [\"undefined\"]\n".to_owned(), "2:11", "no rule"),
    ];
    for (text, place, message) in table {
        let folder = estate();
        folder.write("est/edgelint.toml", text.as_bytes());
        let ran = folder.run("check est");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}: {ran:?}");
        let place = format!("edgelint.toml:{place}\n");
        assert!(ran.err.contains(&place) && ran.err.contains(message), "{text}: {}", ran.err);
    }
}

#[test]
fn what_is_described_and_not_there_is_told() {
    let folder = estate();
    folder.write(
        "est/edgelint.toml",
        b"[[edge]]\nkind = \"breakout\"\ndevice = \"edge-oslo\"\nneighbor = \"192.0.2.99\"\n\
          [[edge]]\nkind = \"internet\"\ndevice = \"edge-bergen\"\n",
    );
    let ran = folder.run("check est");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("warning: edge-oslo has no neighbor 192.0.2.99"), "{}", ran.err);
    assert!(ran.err.contains("edgelint.toml:4:12"), "{}", ran.err);
    assert!(ran.err.contains("describes devices that no input has: edge-bergen\n"), "{}", ran.err);
    let ran = folder.run("inspect neighbors est --isolated");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn devices_are_named_by_the_paths_of_their_files() {
    let folder = estate();
    let names = b"[[device]]\nname = \"oslo\"\npath = \"edge-oslo.cfg\"\n";
    folder.write("est/edgelint.toml", names);
    // Paths count from the file's directory, wherever the tool is started.
    for arguments in ["est", "./est/../est", "est/edge-oslo.cfg --config est/edgelint.toml"] {
        let report = folder.run(&format!("check {arguments} -o json")).json();
        assert_eq!(report["findings"][0]["devices"][0], "oslo", "{arguments}: {report}");
    }
}

/// Settings for some devices: what they are, and how many findings are left at which severity.
#[test]
fn overrides_hold_for_their_devices() {
    let table = [
        ("device = \"edge-oslo\"\nignore = [\"all\"]", ""),
        ("device = \"edge-*\"\nignore = [\"undefined-policy-reference\"]", ""),
        ("device = [\"edge-riga\", \"x\"]\nignore = [\"all\"]", "error"),
        ("path = \"edge-oslo.cfg\"\nignore = [\"all\"]", ""),
        ("path = \"sub/\"\nignore = [\"all\"]", "error"),
        ("tag = \"lab\"\nseverity = { undefined-policy-reference = \"info\" }", "info"),
        ("tag = \"lab\"\nseverity = { undefined-policy-reference = \"off\" }", ""),
        ("tag = \"none\"\nignore = [\"all\"]", "error"),
        (
            "tag = \"lab\"\nignore = [\"all\"]\n[[override]]\ndevice = \"edge-oslo\"\n\
             select = [\"undefined-policy-reference\"]",
            "error",
        ),
    ];
    for (text, expected) in table {
        let folder = estate();
        let tags = "[[device]]\nname = \"edge-oslo\"\ntags = [\"lab\"]\n[[device]]\nname = \"edge-riga\"\ntags = [\"none\"]\n";
        folder.write("est/edgelint.toml", format!("{tags}[[override]]\n{text}\n").as_bytes());
        let report = folder.run("check est -o json").json();
        let findings = report["findings"].as_array().unwrap().iter();
        let severities: Vec<_> = findings.map(|one| one["severity"].as_str().unwrap()).collect();
        assert_eq!(severities.join(" "), expected, "{text}");
    }
    // A rule that runs nowhere else; and flags have the last word.
    let folder = estate();
    folder.write(
        "est/edgelint.toml",
        b"[rules]\nselect = []\n[[override]]\ndevice = \"edge-oslo\"\nselect = [\"all\"]\n",
    );
    assert_eq!(folder.run("check est").code, 1);
    assert_eq!(folder.run("check est --ignore undefined-policy-reference").code, 0);
    assert_eq!(folder.run("check est --select unrecognised-input").code, 0);
}

/// What two devices have in common is silenced only where both are covered, and raised by either.
#[test]
fn an_override_of_one_device_leaves_faults_between_two() {
    let folder = Folder::new(&[]);
    for (name, circuit, neighbor) in
        [("edge-a", "er-oslo", "192.0.2.2"), ("edge-b", "er-riga", "192.0.2.10")]
    {
        let text = format!(
            "version 17.9\nhostname {name}\n!\nrouter bgp 64500\n neighbor {neighbor} remote-as 12076\n \
             neighbor {neighbor} description {circuit} primary Microsoft peering\n network 203.0.113.0\n \
             neighbor {neighbor} prefix-list OUT out\n!\nip route 203.0.113.0 255.255.255.0 Null0\n!\n\
             ip prefix-list OUT seq 5 permit 203.0.113.0/24\n!\nend\n"
        );
        folder.write(&format!("{name}.cfg"), text.as_bytes());
    }
    let flags = "check . -o json --select prefix-on-multiple-circuits";
    let found = |settings: &str| {
        folder.write("edgelint.toml", settings.as_bytes());
        let report = folder.run(flags).json();
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|one| one["severity"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = found("");
    assert_eq!(before.len(), 1, "{before:?}");
    let one = "[[override]]\ndevice = \"edge-a\"\n";
    let both = "[[override]]\ndevice = \"edge-*\"\n";
    let ignore = "ignore = [\"all\"]\n";
    assert_eq!(found(&format!("{one}{ignore}")), before);
    assert_eq!(found(&format!("{both}{ignore}")), Vec::<String>::new());
    let level =
        |level: &str| format!("severity = {{ prefix-on-multiple-circuits = \"{level}\" }}\n");
    assert_eq!(found(&format!("{one}{}", level("error"))), ["error"]);
    assert_eq!(found(&format!("{one}{}", level("info"))), before);
    assert_eq!(found(&format!("{both}{}", level("info"))), ["info"]);
    assert_eq!(found(&format!("{one}min-confidence = \"certain\"\n")), before);
}

/// The findings of a check, without what leads to them: a description changes evidence only.
fn findings(folder: &Folder, arguments: &str) -> Value {
    folder.run(&format!("check . -o json {arguments}")).json()["findings"].take()
}

#[test]
fn a_check_with_what_init_wrote_finds_the_same() {
    let networks = root().join("corpus/networks");
    let cases = root().join("corpus/rules/prefix-on-multiple-circuits/flags");
    for case in folders(&networks).into_iter().chain(folders(&cases)) {
        let folder = Folder::new(&[]);
        for path in files(&case).iter().filter(|path| !path.ends_with("edgelint.toml")) {
            let name = path.strip_prefix(&case).unwrap().to_string_lossy().into_owned();
            folder.write(&name, &fs::read(path).unwrap());
        }
        let before = findings(&folder, "");
        let ran = folder.run("init .");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        let ran = folder.run("config validate .");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}: {ran:?}", case.display());
        assert_eq!(findings(&folder, ""), before, "{}", case.display());
    }
}

/// One session to Microsoft, whose second link nobody sees, and one that may lead to the internet.
const UNCERTAIN: &str = "\
version 17.9
hostname edge\\oslo
!
interface GigabitEthernet0/0/0
 description er-oslo
 ip address 192.0.2.1 255.255.255.252
!
interface GigabitEthernet0/0/1
 description Internet line
 ip address 198.51.100.1 255.255.255.252
!
router bgp 64500
 neighbor 192.0.2.2 remote-as 12076
 neighbor 198.51.100.2 remote-as 65010
!
end
";

#[test]
fn init_claims_nothing_that_it_only_guesses() {
    let folder = Folder::new(&[("est/edge.cfg", UNCERTAIN)]);
    let ran = folder.run("init est --stdout");
    assert_eq!(ran.code, 0, "{ran:?}");
    let guesses = "# [[circuit]]\n# name = \"er-oslo\"\n# provider = \"azure-expressroute\"\n";
    assert!(ran.out.contains("# no second link was found\n# Not certain"), "{}", ran.out);
    assert!(ran.out.contains(guesses), "{}", ran.out);
    assert!(ran.out.contains("#   { device = \"edge\\\\oslo\", neighbor = \"192.0.2.2\" },"));
    let edge = "# a description says \u{201c}internet\u{201d}\n# [[edge]]\n# kind = \"internet\"\n";
    assert!(ran.out.contains(edge), "{}", ran.out);
    assert!(!ran.out.lines().any(|line| line.starts_with("[[")), "{}", ran.out);
    // Confirmed by taking the marks away, it is what it was guessed to be, and certain.
    let confirmed: Vec<&str> = ran
        .out
        .lines()
        .skip_while(|line| *line != "# [[circuit]]")
        .take_while(|line| *line != "# Without doubt to the internet: 0 sessions; over a VPN: 0 sessions. They need no description;")
        .filter_map(|line| line.strip_prefix("# "))
        .collect();
    folder.write("est/edgelint.toml", confirmed.join("\n").as_bytes());
    let circuits = folder.run("inspect circuits est --format json").json();
    assert_eq!(circuits["items"][0]["name"], "er-oslo", "{circuits}");
    assert_eq!(circuits["items"][0]["certain"], true, "{circuits}");
}

#[test]
fn init_replaces_nothing_unasked() {
    let folder = estate();
    let ran = folder.run("init est");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let text = folder.read("est/edgelint.toml");
    assert!(ran.out.starts_with("wrote ") && ran.out.contains("est/edgelint.toml"), "{ran:?}");
    folder.write("est/edgelint.toml", b"# mine\n");
    let ran = folder.run("init est");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("--force"), "{ran:?}");
    assert_eq!(folder.read("est/edgelint.toml"), "# mine\n");
    assert_eq!(folder.run("init est -o -").out, text);
    assert_eq!(folder.run("init est --force").code, 0);
    assert_eq!(folder.read("est/edgelint.toml"), text);
    assert_eq!(folder.run("init est -o other.toml").code, 0);
    assert_eq!(folder.read("other.toml"), text);
    assert_eq!(folder.run("init nowhere --stdout").code, 2);
}

#[test]
fn init_writes_nothing_that_a_terminal_obeys() {
    let hostile = UNCERTAIN.replace("edge\\oslo", "edge\u{1b}[31m\u{202e}\u{7}oslo");
    let folder = Folder::new(&[("est/edge.cfg", &hostile)]);
    let ran = folder.run("init est --stdout");
    assert_eq!(ran.code, 0, "{ran:?}");
    let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!ran.out.contains(obeyed), "{:?}", ran.out);
}

#[test]
fn config_show_tells_where_settings_come_from() {
    let folder = estate();
    folder.write(
        "edgelint.toml",
        b"fail-on = \"error\"\n\n[rules]\nignore = [\"empty-policy-object\"]\n\n[severity]\n\
          unrecognised-input = \"info\"\n\n[estate]\nown-as = [64500]\n\n[[edge]]\nkind = \"breakout\"\n\
          device = \"edge-oslo\"\n",
    );
    let table = [
        ("fail-on", "error", "edgelint.toml:1"),
        ("min-confidence", "likely", "--min-confidence"),
        ("severity.empty-policy-object", "off", "edgelint.toml:4"),
        ("severity.unrecognised-input", "info", "edgelint.toml:7"),
        ("severity.missing-circuit-preference", "info", "--severity"),
        ("severity.refused-statement", "off", "--ignore"),
        ("severity.undefined-policy-reference", "error", "default"),
    ];
    let flags = "config show est --min-confidence likely --ignore refused-statement \
                 --severity missing-circuit-preference=info";
    let shown = folder.run(&format!("{flags} --format json")).json();
    let text = folder.run(flags).out;
    for (key, value, origin) in table {
        assert_eq!(shown["origins"][key], origin, "{key}: {shown}");
        let (table, name) = key.split_once('.').unwrap_or(("", key));
        let settings = &shown["settings"];
        let found = if table.is_empty() { &settings[name] } else { &settings[table][name] };
        assert_eq!(found, value, "{key}: {shown}");
        let line = text.lines().find(|line| line.starts_with(&format!("{name} ="))).unwrap();
        assert!(
            line.contains(&format!("\"{value}\"")) && line.ends_with(&format!("# {origin}")),
            "{line}"
        );
    }
    assert_eq!(shown["origins"]["estate.own-as"], "edgelint.toml:10");
    assert_eq!(shown["origins"]["edge.0"], "edgelint.toml:13");
    assert_eq!(shown["settings"]["edge"][0]["kind"], "breakout");
    // What is shown is itself a settings file.
    folder.write("shown.toml", text.as_bytes());
    assert_eq!(folder.run("config validate --config shown.toml").code, 0);
    let isolated = folder.run("config show est --isolated --format json").json();
    assert_eq!(isolated["path"], Value::Null);
    let select = folder.run("config show est --select all --format json").json();
    assert_eq!(select["origins"]["severity.empty-policy-object"], "default");
    assert_eq!(folder.run("config show est --ignore nothing").code, 2);
}

#[test]
fn config_validate_says_what_is_wrong() {
    let folder = estate();
    let ran = folder.run("config validate");
    assert!(ran.code == 2 && ran.err.contains("no edgelint.toml in "), "{ran:?}");
    folder.write("edgelint.toml", b"fail-on = \"error\"\n");
    let ran = folder.run("config validate");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "edgelint.toml is valid\n", ""));
    folder.write("edgelint.toml", b"fail-onn = \"error\"\n");
    let ran = folder.run("config validate");
    assert!(ran.code == 2 && ran.err.contains("edgelint.toml:1:1"), "{ran:?}");
    folder.write(
        "edgelint.toml",
        b"[[device]]\nname = \"bergen\"\npath = \"bergen.cfg\"\n\n[[circuit]]\nname = \"er\"\n\
          provider = \"generic\"\nlinks = [{ device = \"edge-riga\", neighbor = \"192.0.2.1\" }]\n\n\
          [[nat-group]]\nname = \"firewalls\"\ndevices = [\"edge-riga\", \"fw-riga\"]\n",
    );
    assert_eq!(folder.run("config validate").err, "");
    let ran = folder.run("config validate est");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("no input is bergen.cfg"), "{}", ran.err);
    assert!(ran.err.contains("edge-riga has no neighbor 192.0.2.1"), "{}", ran.err);
    assert!(ran.err.contains("no input has a device fw-riga"), "{}", ran.err);
    assert_eq!(folder.run("config validate nowhere").code, 2);
}

#[test]
fn the_schema_knows_right_from_wrong() {
    let folder = estate();
    let schema = folder.run("config schema").json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |text: &str| {
        let table: toml::Table = text.parse().unwrap();
        validator.is_valid(&serde_json::to_value(table).unwrap())
    };
    let all = files(&root().join("corpus"));
    let mut settings: Vec<_> = all.iter().filter(|path| path.ends_with("edgelint.toml")).collect();
    assert!(!settings.is_empty());
    settings.sort();
    for path in settings {
        assert!(valid(&fs::read_to_string(path).unwrap()), "{}", path.display());
    }
    let example = root().join("corpus/networks/example");
    let ran = super::run_in(&example, "init . --stdout", "", &[]);
    assert!(valid(&ran.out), "{}", ran.out);
    let circuit = "[[circuit]]\nname = \"x\"\nprovider = \"azure-expressroute\"\n";
    assert!(valid(circuit));
    let wrong = [
        "fail-onn = \"error\"",
        "fail-on = \"warn\"",
        "[severity]\nno-such-rule = \"error\"",
        "[severity]\nunrecognised-input = \"loud\"",
        "[[circuit]]\nname = \"x\"",
        "[[circuit]]\nname = \"x\"\nprovider = \"azure\"",
        "[[edge]]\nkind = \"inet\"\ndevice = \"a\"",
        "[estate]\nown-as = [\"64500\"]",
        "[[override]]\ndevice = 5",
    ];
    for text in wrong {
        assert!(!valid(text), "{text}");
    }
    for rest in ["links = [{ device = \"a\" }]", "sku = \"gold\"", "rank = -1", "role = \"third\""]
    {
        assert!(!valid(&format!("{circuit}{rest}")), "{rest}");
    }
}
