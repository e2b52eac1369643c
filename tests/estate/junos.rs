//! Generated Junos exports: the same sites as in IOS, each device a list of paths that is written in
//! braces or in `set` lines.
//!
//! A path is written with `|` where a brace opens: `protocols|bgp|group ER|neighbor 198.19.0.2|peer-as 12076`.

use std::fmt::Write as _;

use super::{Edge, REFLECTOR, Random, dotted};

/// The paths of a circuit edge or an internet edge, each section in one piece.
pub(super) fn paths(name: &str, edge: &Edge, random: &mut Random) -> Vec<String> {
    let mut paths = Vec::with_capacity(256);
    let &Edge { site, circuit, link, uplink, .. } = edge;
    head(&mut paths, name, random);
    if circuit {
        let (first, second) = (100 + site % 3000, 101 + site % 3000);
        ports(&mut paths, "xe-0/0/0", &[(first, link + 1), (second, link + 5)]);
    } else {
        ports(&mut paths, "ge-0/0/0", &[(0, uplink + 1)]);
    }
    paths.push(format!("interfaces|lo0|unit 0|family inet|address {}/32", edge.loopback()));
    translation(&mut paths, edge);
    let mut put = |text: String| paths.push(text);
    put(format!("routing-options|static|route {}/29|discard", dotted(edge.own)));
    put(format!("routing-options|router-id {}", edge.loopback()));
    put("routing-options|autonomous-system 64500".to_owned());
    if circuit {
        circuit_sessions(&mut paths, site, link);
    } else {
        internet_session(&mut paths, uplink);
    }
    if edge.interior {
        let group = "protocols|bgp|group INTERIOR";
        paths.push(format!("{group}|type internal"));
        paths.push(format!("{group}|local-address {}", edge.loopback()));
        paths.push(format!("{group}|neighbor {REFLECTOR}"));
    }
    policies(&mut paths, edge, random);
    paths
}

/// Writes paths: each on a line of its own, or with what neighbors share in braces.
pub(super) fn write(text: &mut String, paths: &[String], braces: bool) {
    if !braces {
        for path in paths {
            text.push_str("set ");
            text.push_str(&path.replace('|', " "));
            text.push('\n');
        }
        return;
    }
    let mut open: Vec<&str> = Vec::new();
    for path in paths {
        let mut blocks: Vec<&str> = path.split('|').collect();
        let leaf = blocks.pop().unwrap_or("");
        let shared = open.iter().zip(&blocks).take_while(|(a, b)| a == b).count();
        close(text, &mut open, shared);
        for block in blocks.into_iter().skip(shared) {
            let _ = writeln!(text, "{:indent$}{block} {{", "", indent = 4 * open.len());
            open.push(block);
        }
        let _ = writeln!(text, "{:indent$}{leaf};", "", indent = 4 * open.len());
    }
    close(text, &mut open, 0);
}

fn close(text: &mut String, open: &mut Vec<&str>, kept: usize) {
    while kept < open.len() {
        open.pop();
        let _ = writeln!(text, "{:indent$}}}", "", indent = 4 * open.len());
    }
}

fn head(paths: &mut Vec<String>, name: &str, random: &mut Random) {
    let mut put = |text: String| paths.push(text);
    put("version 21.4R3-S5.4".to_owned());
    put("groups|SESSIONS|protocols|bgp|group <*>|hold-time 60".to_owned());
    put("groups|SESSIONS|protocols|bgp|group <*>|log-updown".to_owned());
    put("apply-groups SESSIONS".to_owned());
    put(format!("system|host-name {name}"));
    put(format!("system|root-authentication|encrypted-password \"$6${:016x}\"", random.next()));
    put("system|domain-name edge.example".to_owned());
    for line in 0..8 {
        put(format!("system|name-server|10.255.{line}.{}", random.below(250)));
    }
    for line in 0..8 {
        put(format!("system|syslog|host 10.254.{line}.{}|any notice", random.below(250)));
    }
    put("system|services|ssh|root-login deny".to_owned());
    put("system|services|netconf|ssh".to_owned());
    for line in 0..8 {
        put(format!("system|ntp|server 10.253.{line}.{}", random.below(250)));
    }
}

fn ports(paths: &mut Vec<String>, port: &str, units: &[(u32, u32)]) {
    paths.push(format!("interfaces|{port}|vlan-tagging"));
    for (unit, address) in units {
        let at = format!("interfaces|{port}|unit {unit}");
        paths.push(format!("{at}|description \"towards the outside, vlan {unit}\""));
        paths.push(format!("{at}|vlan-id {unit}"));
        paths.push(format!("{at}|family inet|address {}/30", dotted(*address)));
    }
    paths.push("interfaces|ge-0/0/1|description campus".to_owned());
    paths.push("interfaces|ge-0/0/1|unit 0|family inet|address 10.250.0.1/24".to_owned());
}

/// Translation of what leaves by the outside zone, and the policies that let it leave.
fn translation(paths: &mut Vec<String>, edge: &Edge) {
    let circuit = edge.circuit;
    let port = if circuit { "xe-0/0/0" } else { "ge-0/0/0" };
    let (first, last) = (dotted(edge.pool.0), dotted(edge.pool.1));
    let mut put = |text: String| paths.push(text);
    put(format!("security|nat|source|pool USERS|address|{first}/32 to {last}/32"));
    put("security|nat|source|rule-set OUT|from zone inside".to_owned());
    put("security|nat|source|rule-set OUT|to zone outside".to_owned());
    let rule = "security|nat|source|rule-set OUT|rule users";
    put(format!("{rule}|match|source-address 10.0.0.0/8"));
    put(format!("{rule}|then|source-nat|pool USERS"));
    for number in 0..6 {
        let policy = format!("security|policies|from-zone inside to-zone outside|policy P{number}");
        put(format!("{policy}|match|source-address any"));
        put(format!("{policy}|match|destination-address any"));
        put(format!("{policy}|match|application junos-https"));
        put(format!("{policy}|then|permit"));
    }
    let vlan = 100 + edge.site % 3000;
    for unit in if circuit { vec![vlan, vlan + 1] } else { vec![0] } {
        put(format!("security|zones|security-zone outside|interfaces|{port}.{unit}"));
    }
    put("security|zones|security-zone inside|interfaces|ge-0/0/1.0".to_owned());
}

fn circuit_sessions(paths: &mut Vec<String>, site: u32, link: u32) {
    let group = "protocols|bgp|group MICROSOFT";
    let mut put = |text: String| paths.push(text);
    put(format!("{group}|type external"));
    put(format!("{group}|description \"Microsoft peering er-{site:05}\""));
    put(format!("{group}|import MS-IN"));
    put(format!("{group}|family inet|unicast|prefix-limit|maximum 1500"));
    put(format!("{group}|export MS-OUT"));
    put(format!("{group}|peer-as 12076"));
    for (name, address) in [("primary", link + 2), ("secondary", link + 6)] {
        let peer = format!("{group}|neighbor {}", dotted(address));
        put(format!("{peer}|description \"er-{site:05} {name}\""));
        put(format!("{peer}|bfd-liveness-detection|minimum-interval 300"));
    }
}

fn internet_session(paths: &mut Vec<String>, uplink: u32) {
    let group = "protocols|bgp|group INTERNET";
    let mut put = |text: String| paths.push(text);
    put(format!("{group}|type external"));
    put(format!("{group}|description \"internet provider\""));
    put(format!("{group}|import NET-IN"));
    put(format!("{group}|export NET-OUT"));
    put(format!("{group}|neighbor {}|peer-as 64497", dotted(uplink + 2)));
}

fn policies(paths: &mut Vec<String>, edge: &Edge, random: &mut Random) {
    let circuit = edge.circuit;
    let mut put = |text: String| paths.push(text);
    put(format!("policy-options|prefix-list OWN|{}/29", dotted(edge.own)));
    for _ in 0..40 {
        put(format!(
            "policy-options|prefix-list INSIDE|10.{}.{}.0/24",
            random.below(200),
            random.below(250)
        ));
    }
    let (import, export) = if circuit { ("MS-IN", "MS-OUT") } else { ("NET-IN", "NET-OUT") };
    let policy = format!("policy-options|policy-statement {import}");
    put(format!("{policy}|term inside|from|prefix-list-filter INSIDE orlonger"));
    put(format!("{policy}|term inside|then|reject"));
    if circuit {
        put(format!("{policy}|term region|from|community REGION"));
        if let Some(preference) = edge.preference() {
            put(format!("{policy}|term region|then|local-preference {}", preference + 20));
        }
        put(format!("{policy}|term region|then|accept"));
    }
    if let Some(preference) = edge.preference() {
        put(format!("{policy}|term rest|then|local-preference {preference}"));
    }
    put(format!("{policy}|term rest|then|accept"));
    let policy = format!("policy-options|policy-statement {export}");
    put(format!("{policy}|term own|from|protocol static"));
    put(format!("{policy}|term own|from|prefix-list OWN"));
    put(format!("{policy}|term own|then|accept"));
    let rest = if edge.filtered { "reject" } else { "accept" };
    put(format!("{policy}|term rest|then|{rest}"));
    if circuit {
        put("policy-options|community REGION|members 12076:51004".to_owned());
    }
}
