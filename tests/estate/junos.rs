//! Generated Junos exports: the same sites as in IOS, each device a list of paths that is written in
//! braces or in `set` lines.
//!
//! A path is written with `|` where a brace opens: `protocols|bgp|group ER|neighbor 198.19.0.2|peer-as 12076`.

use std::fmt::Write as _;

use super::{Random, block, dotted};

/// The paths of a circuit edge or an internet edge, each section in one piece.
pub(super) fn paths(name: &str, (site, circuit): (u32, bool), random: &mut Random) -> Vec<String> {
    let mut paths = Vec::with_capacity(256);
    head(&mut paths, name, random);
    let link = 0xC613_0000 + site % 8192 * 8;
    let uplink = 0xC612_0000 + 0x20000 + site % 8192 * 4;
    let own = if circuit { (block(site), 28) } else { (block(site) + 8, 29) };
    if circuit {
        ports(
            &mut paths,
            "xe-0/0/0",
            &[(100 + site % 3000, link + 1), (101 + site % 3000, link + 5)],
        );
    } else {
        ports(&mut paths, "ge-0/0/0", &[(0, uplink + 1)]);
    }
    translation(&mut paths, own, circuit);
    let mut put = |text: String| paths.push(text);
    put(format!("routing-options|static|route {}/{}|discard", dotted(own.0), own.1));
    put(format!("routing-options|router-id 10.255.{}.{}", site / 250 % 250, site % 250));
    put("routing-options|autonomous-system 64500".to_owned());
    if circuit {
        circuit_sessions(&mut paths, site, link);
    } else {
        internet_session(&mut paths, uplink);
    }
    policies(&mut paths, own, circuit, random);
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
    paths.push("interfaces|lo0|unit 0|family inet|address 10.255.0.1/32".to_owned());
}

/// Translation of what leaves by the outside zone, and the policies that let it leave.
fn translation(paths: &mut Vec<String>, (own, _): (u32, u8), circuit: bool) {
    let port = if circuit { "xe-0/0/0" } else { "ge-0/0/0" };
    let (first, last) = (dotted(own + 1), dotted(own + 6));
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
    put(format!("security|zones|security-zone outside|interfaces|{port}.0"));
    if circuit {
        put("security|zones|security-zone outside|interfaces|xe-0/0/0".to_owned());
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

fn policies(paths: &mut Vec<String>, (own, length): (u32, u8), circuit: bool, random: &mut Random) {
    let mut put = |text: String| paths.push(text);
    put(format!("policy-options|prefix-list OWN|{}/{length}", dotted(own)));
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
        put(format!("{policy}|term region|then|local-preference 220"));
        put(format!("{policy}|term region|then|accept"));
    }
    let preference = if circuit { 200 } else { 90 };
    put(format!("{policy}|term rest|then|local-preference {preference}"));
    put(format!("{policy}|term rest|then|accept"));
    let policy = format!("policy-options|policy-statement {export}");
    put(format!("{policy}|term own|from|protocol static"));
    put(format!("{policy}|term own|from|prefix-list OWN"));
    put(format!("{policy}|term own|then|accept"));
    put(format!("{policy}|term rest|then|reject"));
    if circuit {
        put("policy-options|community REGION|members 12076:51004".to_owned());
    }
}
