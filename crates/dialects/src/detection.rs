//! Which system a file was exported from, decided by many small signs.
//!
//! No sign is enough by itself: `router bgp` is said on five systems. Each line of the beginning of the file may
//! give a sign; each sign counts once, for the systems that write such lines. The system with the most weight wins
//! where it wins clearly; else the answer is that it cannot be told, which is a finding, not a guess.
//!
//! Lines are looked at once, for all systems, and only until one system leads so far that no rest of a
//! file could make it another's: detection costs the same for a long export and for a short one.

use edgelint_source::Span;
use edgelint_syntax::{Line, LineKind, Lines, Words};

use crate::{DIALECTS, Dialect, rivals};

/// Lines that are looked at: signs stand at the beginning of a file, and files can be huge.
const LINES: usize = 4000;
/// Least weight at which a system is named.
const ENOUGH: u32 = 3;
/// By how much the winner must lead.
const LEAD: u32 = 1;
/// One line in this many must give a sign; less is prose that quotes a few commands.
const SPARSE: usize = 25;
/// Weight, and lead over every other system, at which no more lines are looked at: three quarters of both would do
/// for thousands of exports and fragments of all systems, in none of which a later line changed the answer.
const PLAIN: (u32, u32) = (18, 12);
/// After how many lines that is asked.
const ROUND: usize = 4;

/// A sign of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What was seen, as a noun phrase.
    pub what: &'static str,
    /// Where it was seen first.
    pub at: Span,
    /// How much it says.
    pub weight: u32,
}

/// What one line shows: what it is, as a noun phrase, and how much it says.
pub type Sign = Option<(&'static str, u32)>;

/// A line that detection looks at.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'l, 't> {
    /// Whether it is a comment; else it is a statement.
    pub is_comment: bool,
    /// Its words; none of a comment.
    pub words: Words<'l, 't>,
    /// Its text, from its first word to its last; the whole line of a comment.
    pub text: &'t str,
    /// Where it stands.
    pub at: Span,
}

/// What speaks for one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The sum of the weights.
    pub score: u32,
    /// The signs, in the order in which they counted, each once.
    pub signals: Vec<Signal>,
    /// Number of lines that gave a sign.
    pub lines: usize,
    /// Signs that count once something else is seen.
    held: Vec<Signal>,
    /// Lines that gave such signs.
    held_lines: usize,
    /// Whether that was seen.
    released: bool,
    /// Whether a line was seen that this system does not have.
    refuted: bool,
    /// What the last line added to `lines` and to `held_lines`.
    last: (usize, usize),
}

impl Evidence {
    /// Adds a sign, unless it was seen before.
    pub fn add(&mut self, what: &'static str, weight: u32, at: Span) {
        self.lines += 1;
        if has(&self.signals, what) {
            return;
        }
        self.score += weight;
        if self.signals.is_empty() {
            self.signals.reserve_exact(8);
        }
        self.signals.push(Signal { what, at, weight });
    }

    /// Adds a sign that counts only beside another one, which [`release`](Self::release) tells of.
    pub fn hold(&mut self, what: &'static str, weight: u32, at: Span) {
        if self.released {
            return self.add(what, weight, at);
        }
        self.held_lines += 1;
        if !has(&self.held, what) {
            self.held.push(Signal { what, at, weight });
        }
    }

    /// Lets the signs count that were held back, and those to come.
    pub fn release(&mut self) {
        if self.released {
            return;
        }
        self.released = true;
        self.lines += self.held_lines;
        for sign in std::mem::take(&mut self.held) {
            if !has(&self.signals, sign.what) {
                self.score += sign.weight;
                self.signals.push(sign);
            }
        }
    }

    /// A line was seen that the system does not have: nothing speaks for it any more.
    pub fn refute(&mut self) {
        *self = Self { refuted: true, ..Self::default() };
    }

    /// Looks at one line with `look`; of one that goes on as the line before did, only the number counts.
    fn line(&mut self, repeats: bool, look: impl FnOnce(&mut Self)) {
        if self.refuted {
            return;
        }
        if repeats {
            self.lines += self.last.0;
            self.held_lines += self.last.1;
            return;
        }
        let before = (self.lines, self.held_lines);
        look(self);
        let added = |now: usize, before: usize| now.saturating_sub(before).min(1);
        self.last = (added(self.lines, before.0), added(self.held_lines, before.1));
    }
}

fn has(signals: &[Signal], what: &'static str) -> bool {
    // One place of the code says one sign, so most are told by where their text lies.
    signals.iter().any(|signal| std::ptr::eq(signal.what, what))
        || signals.iter().any(|signal| signal.what == what)
}

/// The answer to the question what a file is.
#[derive(Clone)]
pub enum Detection {
    /// A configuration of a system that can be read.
    Known(&'static Dialect, Evidence),
    /// A configuration of a system that cannot be read; its name.
    Foreign(&'static str, Evidence),
    /// A configuration, but several systems are equally likely; their names, the likeliest first.
    Ambiguous(Vec<(&'static str, Evidence)>),
    /// Nothing speaks for a configuration.
    NotAConfiguration,
}

/// Tells what a file is. `path` is where it was found: where the lines leave several systems alike, a
/// folder or a name that says one of them decides, and it never outweighs a line.
pub fn detect(lines: &Lines<'_>, path: &str) -> Detection {
    let (mut candidates, statements) = gather(lines);
    if let Some(system) = named_by(path) {
        let named = candidates.iter_mut().filter(|(name, _)| *name == system);
        named.for_each(|(_, evidence)| {
            evidence.add("the path", 1, Span::new(lines.file, 0, 0));
            evidence.lines -= 1;
        });
    }
    // The sort is stable: dialects that can be read come first among equals.
    candidates.sort_by_key(|(_, evidence)| std::cmp::Reverse(evidence.score));
    let Some((name, best)) = candidates.first() else { return Detection::NotAConfiguration };
    let shapes = best.signals.iter().all(|signal| rivals::SHAPES.contains(&signal.what));
    if shapes || best.score < ENOUGH || best.signals.len() < 2 || best.lines * SPARSE < statements {
        return Detection::NotAConfiguration;
    }
    let close = |(_, evidence): &&(&str, Evidence)| best.score < evidence.score + LEAD;
    let equals = candidates.iter().take_while(close).count();
    if 1 < equals {
        candidates.truncate(equals);
        return Detection::Ambiguous(candidates);
    }
    match crate::dialect(name) {
        Some(dialect) => Detection::Known(dialect, best.clone()),
        None => Detection::Foreign(name, best.clone()),
    }
}

/// What speaks for each system (those that are not read and have no sign are left out), and how many
/// statements were looked at.
fn gather(lines: &Lines<'_>) -> (Vec<(&'static str, Evidence)>, usize) {
    let mut known: Vec<Evidence> = DIALECTS.iter().map(|_| Evidence::default()).collect();
    let mut foreign = rivals::Rivals::default();
    let mut statements = 0;
    let mut before = u32::MAX;
    for (index, line) in (1..).zip(considered(lines)) {
        let words = lines.words_of(line);
        let is_comment = line.kind == LineKind::Comment;
        let text = if is_comment { lines.line_text(line) } else { words.line_text() };
        let seen = Seen { is_comment, words, text, at: lines.span_of(line) };
        let repeats = line.repeats && before == line.first_word && !says_more(words, text);
        before = if is_comment { u32::MAX } else { line.first_word + line.word_count };
        statements += usize::from(!is_comment);
        for (dialect, evidence) in DIALECTS.iter().zip(&mut known) {
            evidence.line(repeats, |evidence| (dialect.evidence)(evidence, &seen));
        }
        foreign.line(repeats, &seen);
        if index % ROUND == 0 && is_plain(known.iter().chain(foreign.evidence())) {
            break;
        }
    }
    let known = DIALECTS.iter().zip(known).map(|(dialect, evidence)| (dialect.name, evidence));
    (known.chain(foreign.found()).collect(), statements)
}

/// Whether what a path says may stand in its fourth word or at its end.
fn says_more(words: Words<'_, '_>, text: &str) -> bool {
    let section = || words.reads(1, "interfaces") || words.reads(1, "protocols");
    words.reads(0, "set") && (section() || text.ends_with('{') || text.contains(';'))
}

/// Whether one system leads so far that more lines are of no consequence.
fn is_plain<'e>(systems: impl Iterator<Item = &'e Evidence>) -> bool {
    let (mut first, mut second) = (0, 0);
    for evidence in systems {
        if first < evidence.score {
            (first, second) = (evidence.score, first);
        } else {
            second = second.max(evidence.score);
        }
    }
    PLAIN.0 <= first && second + PLAIN.1 <= first
}

/// Words by which people name a system in folders and files.
const NAMES: [(&str, &str); 28] = [
    ("ios", "ios"),
    ("iosxe", "ios"),
    ("cisco", "ios"),
    ("isr", "ios"),
    ("asr", "ios"),
    ("csr", "ios"),
    ("iosxr", "iosxr"),
    ("xr", "iosxr"),
    ("nxos", "nxos"),
    ("nexus", "nxos"),
    ("asa", "asa"),
    ("eos", "eos"),
    ("arista", "eos"),
    ("frr", "frr"),
    ("junos", "junos"),
    ("juniper", "junos"),
    ("srx", "junos"),
    ("sros", "sros"),
    ("vrp", "vrp"),
    ("huawei", "vrp"),
    ("fortios", "fortios"),
    ("fortigate", "fortios"),
    ("panos", "panos"),
    ("paloalto", "panos"),
    ("vyos", "vyos"),
    ("routeros", "routeros"),
    ("mikrotik", "routeros"),
    ("srlinux", "srlinux"),
];

/// The system that a path names, by the last word of it that names one: the file, its folder or
/// the one around that. What is further up says where people keep things, not what they are.
fn named_by(path: &str) -> Option<&'static str> {
    let above = path.rmatch_indices(['/', '\\']).nth(2).map_or(0, |(at, _)| at);
    let words = path.get(above..).unwrap_or(path).rsplit(|c: char| !c.is_ascii_alphanumeric());
    let mut systems = words.filter_map(|word| {
        NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, system)| *system)
    });
    systems.next()
}

/// The lines that detection looks at: statements and comments at the beginning, banners left out.
fn considered<'l, 't>(lines: &'l Lines<'t>) -> impl Iterator<Item = &'l Line> + use<'l, 't> {
    let mut banner: Option<&'t str> = None;
    let all = lines.lines.iter().filter(move |line| {
        if let Some(delimiter) = banner {
            if lines.line_text(line).contains(delimiter) {
                banner = None;
            }
            return false;
        }
        banner = banner_delimiter(lines.words_of(line));
        matches!(line.kind, LineKind::Statement | LineKind::Comment)
    });
    all.take(LINES)
}

/// The name of an interface in its parts: kind, number, and how many slashes the number has.
pub(crate) fn interface_name(name: &str) -> (&str, &str, usize) {
    let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    let (kind, number) = name.split_at(digits);
    (kind, number, number.bytes().filter(|byte| *byte == b'/').count())
}

/// The delimiter that closes the banner which a line opens, unless the same line closes it.
fn banner_delimiter<'t>(words: Words<'_, 't>) -> Option<&'t str> {
    if !words.reads(0, "banner") || words.len() < 3 {
        return None;
    }
    let text = words.skip(2).line_text();
    let length = if text.starts_with('^') { 2 } else { 1 };
    let delimiter = text.get(..length)?;
    (!text.get(length..)?.contains(delimiter)).then_some(delimiter)
}

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;

    use super::*;

    fn told(text: &str) -> String {
        match detect(&Lines::split(FileId(0), text), "") {
            Detection::Known(dialect, _) => dialect.name.to_owned(),
            Detection::Foreign(name, _) => format!("foreign {name}"),
            Detection::Ambiguous(names) => {
                let mut names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
                names.sort_unstable();
                format!("ambiguous {}", names.join(" "))
            }
            Detection::NotAConfiguration => "none".to_owned(),
        }
    }

    #[test]
    fn whole_exports_are_told_apart() {
        let table = [
            (
                "version 15.4\nservice timestamps debug datetime\nhostname R1\ninterface GigabitEthernet0/0\n \
                 ip address 192.0.2.1 255.255.255.0\nrouter bgp 64500\n neighbor 192.0.2.2 remote-as 12076\nend\n",
                "ios",
            ),
            (
                "!Command: show running-config\nversion 9.3(8)\nhostname N1\nfeature bgp\nvrf context X\n\
                 interface Ethernet1/1\n  no switchport\n  ip address 192.0.2.1/24\nrouter bgp 64500\n",
                "nxos",
            ),
            (
                "! device: e1 (vEOS, EOS-4.29)\nhostname e1\ninterface Ethernet1\n   no switchport\n   \
                 ip address 192.0.2.1/24\nrouter bgp 64500\n   neighbor 192.0.2.2 remote-as 64501\n",
                "eos",
            ),
            (
                "frr version 8.4\nfrr defaults traditional\nhostname f1\nrouter bgp 64500\n \
                 neighbor 192.0.2.2 remote-as 64501\nline vty\n",
                "frr",
            ),
            (
                "!! IOS XR Configuration 7.3.2\nhostname x1\ninterface GigabitEthernet0/0/0/0\n \
                 ipv4 address 192.0.2.1 255.255.255.0\nroute-policy P\n  pass\nend-policy\n",
                "iosxr",
            ),
            (
                "ASA Version 9.12(2)\nhostname a1\ninterface GigabitEthernet0/0\n nameif outside\n",
                "asa",
            ),
            ("system {\n    host-name j1;\n}\nprotocols {\n    bgp {\n    }\n}\n", "junos"),
            (
                "set system host-name j1\nset routing-options autonomous-system 64500\n\
                 set protocols bgp group cloud neighbor 192.0.2.2 peer-as 12076\n",
                "junos",
            ),
            (
                "set interfaces ethernet eth0 address '192.0.2.1/24'\nset protocols bgp 64500 \
                 neighbor 192.0.2.2 remote-as '64501'\nset system host-name v1\n",
                "foreign vyos",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn what_several_systems_write_is_no_proof() {
        let text =
            "router bgp 64500\n neighbor 192.0.2.2 remote-as 64501\n neighbor 192.0.2.2 activate\n";
        assert_eq!(told(text), "ambiguous asa eos frr ios");
    }

    #[test]
    fn a_path_decides_between_equals_and_nothing_else() {
        let lines = |text| Lines::split(FileId(0), text);
        let shared = "hostname r1\nrouter bgp 1\n neighbor 192.0.2.2 remote-as 2\n";
        let told = |text, path| match detect(&lines(text), path) {
            Detection::Known(dialect, _) => dialect.name.to_owned(),
            Detection::Foreign(system, _) => format!("foreign {system}"),
            Detection::Ambiguous(_) => "ambiguous".to_owned(),
            Detection::NotAConfiguration => "none".to_owned(),
        };
        assert_eq!(told(shared, "exports/r1.cfg"), "ambiguous");
        assert_eq!(told(shared, "exports/ios/r1.cfg"), "ios");
        assert_eq!(told(shared, "exports/ios/frr-r1.cfg"), "frr", "the nearest word counts");
        assert_eq!(told("feature bgp\nvrf context A\n", "ios/r1"), "nxos");
        assert_eq!(told("Some notes about the estate.\n", "ios/README"), "none");
    }

    #[test]
    fn prose_and_programs_are_no_configurations() {
        let table = [
            "",
            "# Title\n\nThis tool reads routers. Set the path, then run it.\n\n- version 2 is out\n",
            "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this software\n",
            "fn main() {\n    let x = 1;\n    println!(\"{x}\");\n}\n",
            "import os\nfrom pathlib import Path\n\ndef main():\n    return Path('.')\n",
            "a,b,c\n1,2,3\n",
        ];
        for text in table {
            assert_eq!(told(text), "none", "{text}");
        }
    }

    #[test]
    fn a_banner_proves_nothing() {
        let banner =
            "banner motd ^C\nrouter bgp 1\nip address 1.2.3.4 255.0.0.0\naaa new-model\n^C\n";
        assert_eq!(told(banner), "none");
    }
}
