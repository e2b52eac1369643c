//! Random policies of the two dialects whose policies are no route maps: programs of IOS XR, chains of Junos.

use std::fmt::Write;

use crate::trace::agreement::draw::{COMMUNITIES, Draw, INSIDE, OUTSIDE, OWN};

/// Policies of each configuration; those with a higher number may ask those with a lower one.
const POLICIES: usize = 4;

/// Writes a device of IOS XR.
pub(super) fn iosxr(draw: &mut Draw<'_>) -> String {
    let mut text = String::from("hostname edge\n");
    for set in 0..3 {
        let count = draw.below(4);
        let prefixes: Vec<String> = (0..count)
            .map(|_| {
                let prefix = draw.prefix();
                format!("  {prefix}{}", draw.bounds(prefix, true))
            })
            .collect();
        add(&mut text, format_args!("prefix-set PL-{set}\n{}\nend-set", prefixes.join(",\n")));
        let count = draw.below(3);
        let mut communities: Vec<String> =
            (0..count).map(|_| format!("  {}", draw.pick(&COMMUNITIES))).collect();
        if draw.chance(20) {
            communities.push("  ios-regex '^12076:.*$'".to_owned());
        }
        add(
            &mut text,
            format_args!("community-set CL-{set}\n{}\nend-set", communities.join(",\n")),
        );
        let count = draw.below(3);
        let paths: Vec<String> = (0..=count).map(|_| format!("  {}", path_element(draw))).collect();
        add(&mut text, format_args!("as-path-set AS-{set}\n{}\nend-set", paths.join(",\n")));
    }
    let parameters = "  if community matches-any CL-0 then\n    set local-preference $preference\n  else\n    \
                      set med $metric\n  endif\n";
    add(
        &mut text,
        format_args!("route-policy PARTS($preference, $metric)\n{parameters}end-policy"),
    );
    for place in 0..POLICIES {
        let mut program = Program { draw, text: String::new(), place, left: 14 };
        program.lines(1);
        let lines = program.text;
        add(&mut text, format_args!("route-policy RM-{place}\n{lines}end-policy"));
    }
    add(&mut text, format_args!("router bgp {OWN}"));
    for (address, number) in [OUTSIDE, INSIDE] {
        let policy = POLICIES - 1 - draw.below(2);
        let other = POLICIES - 1 - draw.below(2);
        add(
            &mut text,
            format_args!(
                " neighbor {address}\n  remote-as {number}\n  address-family ipv4 unicast\n   \
                 route-policy RM-{policy} in\n   route-policy RM-{other} out"
            ),
        );
    }
    text
}

fn add(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes all");
}

fn path_element(draw: &mut Draw<'_>) -> String {
    let number = draw.number();
    match draw.below(6) {
        0 => format!("passes-through '{number}'"),
        1 => format!("originates-from '{number}'"),
        2 => format!("neighbor-is '{number}'"),
        3 => format!("length {} {}", draw.pick(&["ge", "eq", "le"]), 1 + draw.below(3)),
        4 => format!("unique-length {} {}", draw.pick(&["ge", "le"]), 1 + draw.below(3)),
        _ => format!("ios-regex '_{number}_'"),
    }
}

/// A program while it is written.
struct Program<'d, 'n> {
    draw: &'d mut Draw<'n>,
    text: String,
    place: usize,
    /// Lines that it may still have.
    left: usize,
}

impl Program<'_, '_> {
    fn line(&mut self, depth: usize, line: &str) {
        add(&mut self.text, format_args!("{:width$}{line}", "", width = 2 * depth));
    }

    fn lines(&mut self, depth: usize) {
        for _ in 0..=self.draw.below(3) {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            match self.draw.below(10) {
                0..3 if depth < 4 => self.branches(depth),
                3 => self.line(depth, "pass"),
                4 if 1 < depth => self.line(depth, "drop"),
                5 if 1 < depth => self.line(depth, "done"),
                6 if 0 < self.place => {
                    let called = self.draw.below(self.place);
                    self.line(depth, &format!("apply RM-{called}"));
                }
                7 => {
                    let (preference, metric) = (self.draw.value(), self.draw.value());
                    self.line(depth, &format!("apply PARTS({preference}, {metric})"));
                }
                _ => {
                    let action = self.action();
                    self.line(depth, &action);
                }
            }
        }
    }

    fn branches(&mut self, depth: usize) {
        let condition = self.condition(2);
        self.line(depth, &format!("if {condition} then"));
        self.lines(depth + 1);
        if self.draw.chance(40) {
            let condition = self.condition(1);
            self.line(depth, &format!("elseif {condition} then"));
            self.lines(depth + 1);
        }
        if self.draw.chance(50) {
            self.line(depth, "else");
            self.lines(depth + 1);
        }
        self.line(depth, "endif");
    }

    fn condition(&mut self, depth: usize) -> String {
        if 0 < depth {
            match self.draw.below(8) {
                1 => return format!("{} and {}", self.condition(0), self.condition(depth - 1)),
                2 => return format!("({} or {})", self.condition(0), self.condition(depth - 1)),
                3 => return format!("not {}", self.condition(0)),
                _ => {}
            }
        }
        let (value, list) = (self.draw.value(), self.draw.below(3));
        let compare = self.draw.pick(&["eq", "ge", "le"]);
        match self.draw.below(12) {
            0 | 1 => format!("destination in PL-{list}"),
            2 => {
                let prefix = self.draw.prefix();
                format!("destination in ({prefix}{})", self.draw.bounds(prefix, true))
            }
            3 => format!("community matches-any CL-{list}"),
            4 => format!("community matches-every CL-{list}"),
            5 => format!("community matches-within CL-{list}"),
            6 => format!("community matches-any ({})", self.draw.communities(2, ", ")),
            7 => format!("as-path in AS-{list}"),
            8 => format!("as-path {}", path_element(self.draw)),
            9 => format!("med {compare} {value}"),
            10 => format!("origin is {}", self.draw.pick(&["igp", "egp", "incomplete"])),
            _ => format!("{} {compare} {value}", self.draw.pick(&["local-preference", "tag"])),
        }
    }

    fn action(&mut self) -> String {
        let (value, number) = (self.draw.value(), self.draw.number());
        let sign = if self.draw.chance(30) { self.draw.pick(&["+", "-"]) } else { "" };
        match self.draw.below(11) {
            0 => format!("set local-preference {sign}{value}"),
            1 => format!("set med {sign}{value}"),
            2 => format!("set weight {value}"),
            3 => format!("set tag {value}"),
            4 => format!("set community ({}) additive", self.draw.communities(2, ", ")),
            5 => format!("set community ({})", self.draw.communities(2, ", ")),
            6 => format!("delete community in CL-{}", self.draw.below(3)),
            7 => "delete community all".to_owned(),
            8 => format!("prepend as-path {number} {}", 1 + self.draw.below(2)),
            9 => format!("set origin {}", self.draw.pick(&["igp", "egp", "incomplete"])),
            _ => "set next-hop 192.0.2.9".to_owned(),
        }
    }
}

/// Writes a Junos device, as `set` lines.
pub(super) fn junos(draw: &mut Draw<'_>) -> String {
    let mut text = String::from("set version 22.4R3.25\nset system host-name edge\n");
    add(&mut text, format_args!("set routing-options autonomous-system {OWN}"));
    for list in 0..3 {
        for _ in 0..draw.below(4) {
            add(
                &mut text,
                format_args!("set policy-options prefix-list PL-{list} {}", draw.prefix()),
            );
        }
        if draw.chance(10) {
            add(&mut text, format_args!("set policy-options prefix-list PL-{list}"));
        }
        for _ in 0..=draw.below(2) {
            let one = draw.pick(&COMMUNITIES);
            add(&mut text, format_args!("set policy-options community CL-{list} members {one}"));
        }
        let (number, end) = (draw.number(), draw.pick(&[".*", "", "+ .*"]));
        let start = draw.pick(&[".* ", "64501 ", ""]);
        add(
            &mut text,
            format_args!("set policy-options as-path AS-{list} \"{start}{number}{end}\""),
        );
    }
    add(&mut text, format_args!("set policy-options community CX-0 members \"^12076:5100[0-5]$\""));
    for place in 0..POLICIES {
        for term in 0..=draw.below(3) {
            let head = format!("set policy-options policy-statement RM-{place} term T{term}");
            for _ in 0..draw.below(3) {
                let from = from(draw, place);
                add(&mut text, format_args!("{head} from {from}"));
            }
            for _ in 0..draw.below(3) {
                add(&mut text, format_args!("{head} then {}", then(draw)));
            }
            let end = ["accept", "reject", "next term", "next policy", "default-action accept", ""];
            let end = draw.pick(&end);
            if !end.is_empty() {
                add(&mut text, format_args!("{head} then {end}"));
            }
        }
        if draw.chance(30) {
            let end = draw.pick(&["accept", "reject"]);
            add(
                &mut text,
                format_args!("set policy-options policy-statement RM-{place} then {end}"),
            );
        }
    }
    for (group, (address, number)) in [("external", OUTSIDE), ("internal", INSIDE)] {
        let head = format!("set protocols bgp group {group}");
        add(&mut text, format_args!("{head} type {group}"));
        add(&mut text, format_args!("{head} neighbor {address} peer-as {number}"));
        for direction in ["import", "export"] {
            let words = chain(draw);
            add(&mut text, format_args!("{head} neighbor {address} {direction} {words}"));
        }
    }
    text
}

/// The policies of a session in one direction.
fn chain(draw: &mut Draw<'_>) -> String {
    let mut name = || format!("RM-{}", POLICIES - 1 - draw.below(POLICIES));
    let (first, second) = (name(), name());
    match draw.below(5) {
        0 | 1 => first,
        2 => format!("[ {first} {second} ]"),
        3 => format!("( {first} && {second} )"),
        _ => format!("( ! {first} || {second} )"),
    }
}

fn from(draw: &mut Draw<'_>, place: usize) -> String {
    let (prefix, value, list) = (draw.prefix(), draw.value(), draw.below(3));
    match draw.below(13) {
        0 => format!("prefix-list PL-{list}"),
        1 => {
            format!("prefix-list-filter PL-{list} {}", draw.pick(&["exact", "longer", "orlonger"]))
        }
        2 | 3 => format!("route-filter {prefix} {}", draw.pick(&["exact", "longer", "orlonger"])),
        4 => format!("route-filter {prefix} upto /28"),
        5 => format!("community CL-{list}"),
        6 => "community CX-0".to_owned(),
        7 => format!("as-path AS-{list}"),
        8 => format!("tag {value}"),
        9 => format!("metric {value}"),
        10 => format!("local-preference {value}"),
        11 if 0 < place => format!("policy RM-{}", draw.below(place)),
        12 => format!("origin {}", draw.pick(&["igp", "egp", "incomplete"])),
        _ => "protocol bgp".to_owned(),
    }
}

fn then(draw: &mut Draw<'_>) -> String {
    let (value, number, list) = (draw.value(), draw.number(), draw.below(3));
    let sign = if draw.chance(30) { draw.pick(&["add ", "subtract "]) } else { "" };
    match draw.below(9) {
        0 => format!("local-preference {sign}{value}"),
        1 => format!("metric {sign}{value}"),
        2 => format!("community add CL-{list}"),
        3 => format!("community set CL-{list}"),
        4 => format!("community delete CL-{list}"),
        5 => format!("as-path-prepend \"{OWN} {number}\""),
        6 => format!("origin {}", draw.pick(&["igp", "egp", "incomplete"])),
        7 => format!("tag {value}"),
        _ => "next-hop 192.0.2.9".to_owned(),
    }
}
