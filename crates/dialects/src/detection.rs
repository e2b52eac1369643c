//! Which system a file was exported from, decided by many small signs.
//!
//! No sign is enough by itself: `router bgp` is said on five systems. Each line of the beginning of the file may
//! give a sign; each sign counts once, for the systems that write such lines. The system with the most weight wins
//! where it wins clearly; else the answer is that it cannot be told, which is a finding, not a guess.

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

/// What speaks for one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The sum of the weights.
    pub score: u32,
    /// The signs, in the order of the file, each once.
    pub signals: Vec<Signal>,
    /// Number of lines that gave a sign.
    pub lines: usize,
}

impl Evidence {
    /// Adds a sign, unless it was seen before.
    pub fn add(&mut self, what: &'static str, weight: u32, at: Span) {
        self.lines += 1;
        // One place of the code says one sign, so most are told by where their text lies.
        let signals = &self.signals;
        if signals.iter().any(|signal| std::ptr::eq(signal.what, what))
            || signals.iter().any(|signal| signal.what == what)
        {
            return;
        }
        self.score += weight;
        if self.signals.is_empty() {
            self.signals.reserve_exact(8);
        }
        self.signals.push(Signal { what, at, weight });
    }
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
    let known = DIALECTS.iter().map(|dialect| (dialect.name, (dialect.evidence)(lines)));
    let mut candidates: Vec<(&'static str, Evidence)> = known.collect();
    candidates.extend(rivals::evidence(lines));
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
    let statements = considered(lines).filter(|it| it.kind == LineKind::Statement).count();
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
pub fn considered<'l, 't>(lines: &'l Lines<'t>) -> impl Iterator<Item = &'l Line> + use<'l, 't> {
    let mut banner: Option<&'t str> = None;
    let banners = lines.text.contains("banner");
    let all = lines.lines.iter().filter(move |line| {
        if let Some(delimiter) = banner {
            if lines.line_text(line).contains(delimiter) {
                banner = None;
            }
            return false;
        }
        if banners {
            banner = banner_delimiter(lines.words_of(line));
        }
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
    if words.peek(0) != "banner" || words.len() < 3 {
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
                "foreign nxos",
            ),
            (
                "! device: e1 (vEOS, EOS-4.29)\nhostname e1\ninterface Ethernet1\n   no switchport\n   \
                 ip address 192.0.2.1/24\nrouter bgp 64500\n   neighbor 192.0.2.2 remote-as 64501\n",
                "foreign eos",
            ),
            (
                "frr version 8.4\nfrr defaults traditional\nhostname f1\nrouter bgp 64500\n \
                 neighbor 192.0.2.2 remote-as 64501\nline vty\n",
                "foreign frr",
            ),
            (
                "!! IOS XR Configuration 7.3.2\nhostname x1\ninterface GigabitEthernet0/0/0/0\n \
                 ipv4 address 192.0.2.1 255.255.255.0\nroute-policy P\n  pass\nend-policy\n",
                "foreign iosxr",
            ),
            (
                "ASA Version 9.12(2)\nhostname a1\ninterface GigabitEthernet0/0\n nameif outside\n",
                "foreign asa",
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
        assert_eq!(
            told(shared, "exports/ios/frr-r1.cfg"),
            "foreign frr",
            "the nearest word counts"
        );
        assert_eq!(told("feature bgp\nvrf context A\n", "ios/r1"), "foreign nxos");
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
