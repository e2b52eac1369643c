//! Random route maps, in the words of the five dialects that have them.

use std::fmt::Write;

use crate::trace::agreement::draw::{Draw, INSIDE, OUTSIDE, OWN};

const PATHS: [&str; 9] = [
    "^64501$",
    "_64510_",
    "^64501_",
    ".*",
    "_(64510|64511)_",
    "^(64501_)+$",
    "_64512$",
    "^64501_[0-9]+$",
    "^$",
];
const COMMUNITIES: [&str; 5] = ["64500:.*", "^12076:5100[0-5]$", "_64501:", ":1$", ".*"];
const MAPS: usize = 4;

/// A configuration in one of these dialects.
pub(super) struct Text<'d, 'n> {
    dialect: &'static str,
    draw: &'d mut Draw<'n>,
    text: String,
}

/// Writes a device with two peers, their filters, lists and route maps.
pub(super) fn text(dialect: &'static str, draw: &mut Draw<'_>) -> String {
    let mut text = Text { dialect, draw, text: String::from("hostname edge\n") };
    match dialect {
        "ios" => text.line("version 17.9"),
        "nxos" => text.line("feature bgp"),
        "frr" => text.line("frr defaults traditional"),
        _ => {}
    }
    text.lists();
    for place in 0..MAPS {
        text.map(place);
    }
    text.bgp();
    text.text
}

impl Text<'_, '_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn is(&self, dialects: &[&str]) -> bool {
        dialects.contains(&self.dialect)
    }

    // Lists.

    fn lists(&mut self) {
        let ip = if self.dialect == "asa" { "" } else { "ip " };
        let bgp = if self.dialect == "frr" { "bgp " } else { ip };
        for list in 0..3 {
            for entry in 1..=1 + self.draw.below(4) {
                let prefix = self.draw.prefix();
                let (action, bounds) = (self.draw.action(), self.draw.bounds(prefix, false));
                let line = format!(
                    "{ip}prefix-list PL-{list} seq {} {action} {prefix}{bounds}",
                    5 * entry
                );
                self.line(&line);
            }
        }
        if self.dialect == "frr" && self.draw.chance(30) {
            self.line("ip prefix-list PL-2 description nothing else");
        }
        for list in 0..3 {
            for entry in 1..=1 + self.draw.below(3) {
                self.community_entry(bgp, list, entry);
                self.path_entry(bgp, list, entry);
            }
        }
        if self.is(&["ios"]) {
            for list in 10..12 {
                let action = self.draw.action();
                self.line(&format!("access-list {list} {action} 10.16.0.0 0.15.255.255"));
                self.line(&format!("access-list {list} permit 198.18.0.0 0.1.255.255"));
            }
        }
    }

    fn community_entry(&mut self, bgp: &str, list: usize, entry: usize) {
        let action = self.draw.action();
        let some = self.draw.communities(2, " ");
        let (regex, other) = (self.draw.pick(&COMMUNITIES), self.draw.action());
        let (standard, expanded) = match self.dialect {
            "eos" => (String::new(), "regexp ".to_owned()),
            _ => ("standard ".to_owned(), "expanded ".to_owned()),
        };
        let (seq, mark) = match self.dialect {
            "nxos" => (format!("seq {} ", 5 * entry), "\""),
            _ => (String::new(), ""),
        };
        self.line(&format!("{bgp}community-list {standard}CL-{list} {seq}{action} {some}"));
        self.line(&format!(
            "{bgp}community-list {expanded}CX-{list} {seq}{other} {mark}{regex}{mark}"
        ));
    }

    fn path_entry(&mut self, bgp: &str, list: usize, entry: usize) {
        let (name, action) = (self.path_list(list), self.draw.action());
        let regex = self.draw.pick(&PATHS);
        let (seq, mark) = match self.dialect {
            "nxos" => (format!("seq {} ", 5 * entry), "\""),
            _ => (String::new(), ""),
        };
        let end = if self.dialect == "eos" { " any" } else { "" };
        self.line(&format!(
            "{bgp}as-path access-list {name} {seq}{action} {mark}{regex}{mark}{end}"
        ));
    }

    fn path_list(&self, list: usize) -> String {
        if self.dialect == "asa" { (list + 1).to_string() } else { format!("AS-{list}") }
    }

    fn some_path_list(&mut self) -> String {
        let list = if self.draw.chance(4) { 77 } else { self.draw.below(3) };
        self.path_list(list)
    }

    // Route maps.

    fn map(&mut self, place: usize) {
        let clauses = 1 + self.draw.below(5);
        for clause in 1..=clauses {
            let action = self.draw.action();
            self.line(&format!("route-map RM-{place} {action} {}", 10 * clause));
            let mut written: Vec<String> = Vec::new();
            for _ in 0..self.draw.below(3) {
                let kind = self.draw.below(8);
                let line = self.matches(kind);
                // Some take no second line of a kind in a clause.
                let head = |line: &str| {
                    line.replace("ip ", "ip-")
                        .replace("invert-result ", "")
                        .split(' ')
                        .next()
                        .map(str::to_owned)
                };
                let again = written.iter().any(|one| head(one) == head(&line));
                if !(again && self.is(&["eos", "frr"])) {
                    self.line(&format!(" match {line}"));
                    written.push(line);
                }
            }
            let mut kinds = vec![self.draw.below(9), self.draw.below(9)];
            kinds.dedup();
            let count = self.draw.below(3);
            for kind in kinds.into_iter().take(count) {
                let line = self.sets(kind);
                self.line(&format!(" set {line}"));
            }
            if action == "permit" || self.dialect != "frr" {
                self.flow(place, clause, clauses);
            }
        }
    }

    fn flow(&mut self, place: usize, clause: usize, clauses: usize) {
        let later = 10 * (clause + 1 + self.draw.below(clauses - clause + 1));
        match self.dialect {
            "frr" => {
                if 0 < place && self.draw.chance(15) {
                    let called = self.draw.below(place);
                    self.line(&format!(" call RM-{called}"));
                }
                match self.draw.below(8) {
                    1 => self.line(&format!(" continue {later}")),
                    2 => self.line(" on-match next"),
                    3 => self.line(&format!(" on-match goto {later}")),
                    _ => {}
                }
            }
            _ => match self.draw.below(6) {
                1 => self.line(" continue"),
                2 => self.line(&format!(" continue {later}")),
                _ => {}
            },
        }
    }

    fn matches(&mut self, kind: usize) -> String {
        match kind {
            0 | 1 => {
                let list = self.draw.name("PL", 3);
                if self.is(&["ios", "asa", "nxos"]) && self.draw.chance(30) {
                    return format!("ip address prefix-list {list} {}", self.draw.name("PL", 3));
                }
                format!("ip address prefix-list {list}")
            }
            2 => {
                let exact = if self.draw.chance(30) { " exact-match" } else { "" };
                format!("community {}{exact}", self.draw.name("CL", 3))
            }
            3 => format!("community {}", self.draw.name("CX", 3)),
            4 => format!("as-path {}", self.some_path_list()),
            5 => format!("metric {}", self.draw.value()),
            6 => self.rare_match(),
            _ => format!("tag {}", self.draw.value()),
        }
    }

    fn rare_match(&mut self) -> String {
        let (value, list) = (self.draw.value(), self.draw.name("PL", 3));
        match (self.dialect, self.draw.below(3)) {
            ("ios", 0) => "ip address 10".to_owned(),
            ("ios" | "eos" | "frr", 1) => format!("local-preference {value}"),
            ("frr", 0) => format!("origin {}", self.draw.pick(&["igp", "egp", "incomplete"])),
            ("frr", _) => format!("peer {}", self.draw.pick(&[OUTSIDE.0, INSIDE.0])),
            ("eos", 0) => format!("as-path length >= {}", 1 + self.draw.below(4)),
            ("eos", _) => format!("invert-result community {}", self.draw.name("CL", 3)),
            _ => format!("ip next-hop prefix-list {list}"),
        }
    }

    fn sets(&mut self, kind: usize) -> String {
        let (value, number) = (self.draw.value(), self.draw.number());
        let sign = if self.draw.chance(30) { self.draw.pick(&["+", "-"]) } else { "" };
        match kind {
            0 if self.dialect == "frr" => format!("local-preference {sign}{value}"),
            0 => format!("local-preference {value}"),
            1 => format!("metric {sign}{value}"),
            2 => format!("weight {value}"),
            3 => self.set_path(number),
            4 | 5 => self.set_community(),
            6 => format!("origin {}", self.draw.pick(&["igp", "incomplete"])),
            7 => format!("ip next-hop 192.0.2.{}", 1 + self.draw.below(3)),
            _ if self.dialect == "asa" => format!("weight {value}"),
            _ => format!("tag {value}"),
        }
    }

    fn set_path(&mut self, number: u32) -> String {
        match self.draw.below(4) {
            0 => format!("as-path prepend {OWN} {number}"),
            1 => format!("as-path prepend last-as {}", 1 + self.draw.below(2)),
            2 if self.dialect == "frr" => format!("as-path exclude {number}"),
            _ => format!("as-path prepend {OWN}"),
        }
    }

    fn set_community(&mut self) -> String {
        let some = self.draw.communities(2, " ");
        let list =
            if self.draw.chance(20) { self.draw.name("CX", 3) } else { self.draw.name("CL", 3) };
        match (self.dialect, self.draw.below(5)) {
            (_, 0 | 1) => format!("community {some} additive"),
            (_, 2) => format!("community {some}"),
            (_, 3) => "community none".to_owned(),
            ("ios" | "nxos" | "frr", _) => format!("comm-list {list} delete"),
            ("eos", _) if self.draw.chance(50) => format!("community {some} delete"),
            ("eos", _) => {
                let end = self.draw.pick(&["additive", "delete"]);
                format!("community community-list {list} {end}")
            }
            _ => "community none".to_owned(),
        }
    }

    // BGP.

    /// The filters of a session in one direction, as the words that name them.
    fn filters(&mut self, direction: &str) -> Vec<String> {
        let mut filters = Vec::new();
        let map = if self.draw.chance(4) { 9 } else { MAPS - 1 - self.draw.below(2) };
        filters.push(format!("route-map RM-{map} {direction}"));
        if self.draw.chance(25) {
            filters.push(format!("prefix-list {} {direction}", self.draw.name("PL", 3)));
        }
        if self.draw.chance(25) && !self.is(&["eos"]) {
            filters.push(format!("filter-list {} {direction}", self.some_path_list()));
        }
        filters
    }

    fn bgp(&mut self) {
        self.line(&format!("router bgp {OWN}"));
        if self.dialect == "frr" {
            self.line(" no bgp ebgp-requires-policy");
        }
        let mut family = String::new();
        for (address, number) in [OUTSIDE, INSIDE] {
            if self.dialect == "nxos" {
                self.line(&format!(
                    "  neighbor {address}\n    remote-as {number}\n    address-family ipv4 unicast"
                ));
                for direction in ["in", "out"] {
                    for filter in self.filters(direction) {
                        self.line(&format!("      {filter}"));
                    }
                }
                continue;
            }
            let remote = format!("neighbor {address} remote-as {number}");
            match self.dialect {
                "asa" => writeln!(family, "  {remote}").expect("a String takes all"),
                _ => self.line(&format!(" {remote}")),
            }
            writeln!(family, "  neighbor {address} activate").expect("a String takes all");
            for direction in ["in", "out"] {
                for filter in self.filters(direction) {
                    writeln!(family, "  neighbor {address} {filter}").expect("a String takes all");
                }
            }
        }
        if self.dialect != "nxos" {
            let words = if self.is(&["ios", "eos"]) { "ipv4" } else { "ipv4 unicast" };
            self.line(&format!(" address-family {words}\n{family}"));
        }
    }
}
