//! The layout of EOS: bodies cut out, prompts taken off, blocks by indentation.
//!
//! Documents and terminals lose indentation. A device does not need it: a command belongs to the mode
//! that is open as long as that mode knows it. [`MODES`] says which commands the modes know that bear on
//! routes, so such files are read as a device reads them.

use edgelint_syntax::body::{BodyEnd, BodyRule, cut_bodies};
use edgelint_syntax::dressing::mark_dressing;
use edgelint_syntax::indented::{self, Indented};
use edgelint_syntax::{Line, LineKind, Lines, Tree, Words};

use super::inert;
use crate::phrases::negated;

/// Cuts bodies, takes off prompts and builds the tree.
pub(super) fn lay_out(mut lines: Lines<'_>) -> Tree<'_> {
    mark_dressing(&mut lines);
    take_off_prompts(&mut lines);
    // Without the word that ends them all, no body is one.
    if lines.contain("EOF") {
        cut_bodies(&mut lines, BODIES);
    }
    indented::lay_out(lines, &Indented { adopts, is_closer, closes })
}

/// Statements that open multi-line bodies: all of them end with `EOF` (EOS manual, `banner`, `comment`,
/// and "Routing control functions" on `code`).
static BODIES: &[BodyRule] = &[
    BodyRule { head: &["banner", "motd"], end: BodyEnd::Line("EOF") },
    BodyRule { head: &["banner", "login"], end: BodyEnd::Line("EOF") },
    BodyRule { head: &["banner", "exec"], end: BodyEnd::Line("EOF") },
    BodyRule { head: &["comment"], end: BodyEnd::Line("EOF") },
    BodyRule { head: &["code"], end: BodyEnd::Line("EOF") },
];

/// Takes the prompt off lines such as `leaf1(config-router-bgp)#neighbor 192.0.2.1 remote-as 64501`.
fn take_off_prompts(lines: &mut Lines<'_>) {
    if !lines.has_marks || !lines.contain(")#") {
        return;
    }
    for at in 0..lines.lines.len() {
        let Some(line) = lines.lines.get(at).filter(|it| it.kind == LineKind::Statement) else {
            continue;
        };
        let Some(prompt) = prompt_length(lines.head(line)) else { continue };
        let (index, whole) = (line.first_word as usize, lines.head(line).len() == prompt);
        if whole {
            if let Some(line) = lines.lines.get_mut(at) {
                drop_first_word(line);
            }
        } else if let Some(word) = lines.words.get_mut(index) {
            word.start += u32::try_from(prompt).unwrap_or(0);
        }
    }
}

fn drop_first_word(line: &mut Line) {
    // That a line goes on as the one before was told by words of which the prompt was one.
    line.repeats = false;
    line.first_word += 1;
    line.word_count = line.word_count.saturating_sub(1);
    if line.word_count == 0 {
        line.kind = LineKind::Dressing;
    }
}

/// Length of the prompt `name(config…)#` that a word begins with.
pub(super) fn prompt_length(word: &str) -> Option<usize> {
    let end = word.find(")#")? + 2;
    let mode = word.get(..end)?.split_once('(')?.1;
    mode.starts_with("config").then_some(end)
}

/// Whether a line closes blocks.
fn is_closer(line: Words<'_, '_>) -> bool {
    line.len() == 1 && (line.is(0, "exit") || line.is(0, "exit-address-family"))
}

/// Whether `exit…` leaves the mode of this header.
fn closes(header: Words<'_, '_>, line: Words<'_, '_>) -> bool {
    match line.is(0, "exit") {
        true => mode(header).is_some(),
        false => header.is(0, "address-family"),
    }
}

/// Whether a line that stands as far left as the header still belongs to it.
///
/// What may stand at the top too belongs to no block; but interfaces, whose lines have most words in common
/// with the top, take everything they know as long as nothing of them was indented.
fn adopts(header: Words<'_, '_>, line: Words<'_, '_>, indented: bool) -> bool {
    let Some(mode) = mode(header) else { return false };
    if mode.head == ["interface"] && indented {
        return false;
    }
    let (line, negated) = negated(line);
    if negated && line.is_empty() {
        return false;
    }
    let among = |words: &[&str], word: &str| words.iter().any(|it| it.eq_ignore_ascii_case(word));
    let head = line.peek(0);
    match mode.name {
        "interface" if line.is(0, "ip") || line.is(0, "ipv6") => among(INTERFACE_IP, line.peek(1)),
        // A list may stand in one line or in a block.
        "list" if header.len() != 3 => false,
        "access-list" => {
            among(mode.commands, head) || head.bytes().all(|byte| byte.is_ascii_digit())
        }
        "interface" | "bgp" if line.is(0, "vrf") => {
            !line.is(1, "instance") && !line.is(1, "definition")
        }
        "interface" => among(mode.commands, head),
        "vrf" => header.len() == 2 && among(mode.commands, head),
        _ => among(mode.commands, head) && !inert::is_inert(line),
    }
}

/// What interfaces know behind `ip` and `ipv6`, and the top does not.
const INTERFACE_IP: &[&str] =
    &["address", "access-group", "ospf", "helper-address", "unnumbered", "enable"];

/// A mode: how its header begins, and the commands it knows.
struct Mode {
    name: &'static str,
    head: &'static [&'static str],
    commands: &'static [&'static str],
}

/// The mode that a statement opens, if any.
fn mode(header: Words<'_, '_>) -> Option<&'static Mode> {
    // Most lines open no mode, and most of these are told by their first letter.
    let letter = header.peek(0).bytes().next()?.to_ascii_lowercase();
    if !INITIALS.contains(&letter) {
        return None;
    }
    MODES
        .iter()
        .find(|mode| mode.head.iter().enumerate().all(|(index, word)| header.is(index, word)))
}

/// Commands of BGP, in the process, a VRF or an address family.
const BGP: &[&str] = &[
    "neighbor",
    "network",
    "bgp",
    "redistribute",
    "aggregate-address",
    "maximum-paths",
    "timers",
    "distance",
    "default-metric",
    "route-target",
    "rd",
    "router-id",
    "graceful-restart",
    "update",
    "local-as",
    "address-family",
    "exit-address-family",
];

/// The first letters of all headers.
const INITIALS: &[u8] = b"rainvpc";

#[rustfmt::skip]
static MODES: &[Mode] = &[
    Mode { name: "bgp", head: &["router", "bgp"], commands: &[
        "neighbor", "network", "bgp", "redistribute", "aggregate-address", "maximum-paths", "timers",
        "distance", "default-metric", "router-id", "graceful-restart", "update", "address-family",
        "vrf",
    ] },
    Mode { name: "address-family", head: &["address-family"], commands: &[
        "neighbor", "network", "bgp", "redistribute", "route-target", "exit-address-family",
    ] },
    Mode { name: "vrf", head: &["vrf"], commands: BGP },
    Mode { name: "router", head: &["router"], commands: &[
        "network", "area", "redistribute", "passive-interface", "router-id", "distance",
        "default-information", "distribute-list", "log-adjacency-changes", "maximum-paths", "max-lsa",
        "net", "is-type", "address-family",
    ] },
    Mode { name: "interface", head: &["interface"], commands: &[
        "description", "shutdown", "encapsulation", "bandwidth", "duplex", "speed", "mtu",
        "switchport", "channel-group", "vrf", "bfd", "isis", "load-interval", "vxlan",
    ] },
    Mode { name: "route-map", head: &["route-map"], commands: &[
        "match", "set", "continue", "description", "sub-route-map",
    ] },
    Mode { name: "control-functions", head: &["control-functions"], commands: &["code"] },
    Mode { name: "peer-filter", head: &["peer-filter"], commands: &["match"] },
    Mode { name: "access-list", head: &["ip", "access-list"], commands: &["permit", "deny", "remark"] },
    Mode { name: "access-list", head: &["ipv6", "access-list"], commands: &["permit", "deny", "remark"] },
    Mode { name: "list", head: &["ip", "prefix-list"], commands: &["seq", "permit", "deny", "remark"] },
    Mode { name: "list", head: &["ipv6", "prefix-list"], commands: &["seq", "permit", "deny", "remark"] },
    Mode { name: "pool", head: &["ip", "nat", "pool"], commands: &["range", "port", "utilization"] },
];

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    /// The tree, a level of depth as a dot.
    fn tree(text: &str) -> String {
        let tree = super::lay_out(Lines::split(FileId(0), text));
        tree.statements()
            .map(|it| format!("{}{}", ".".repeat(it.depth() as usize), it.words().line_text()))
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn every_header_begins_with_a_letter_that_is_looked_for() {
        for mode in super::MODES {
            assert!(super::INITIALS.contains(&mode.head[0].as_bytes()[0]), "{}", mode.name);
        }
    }

    #[test]
    fn blocks_are_found_with_and_without_indentation() {
        let table = [
            (
                "router bgp 64500\n   neighbor 192.0.2.1 remote-as 64501\n   !\n   address-family ipv4\n      \
                 neighbor 192.0.2.1 activate\n   !\n   vrf A\n      rd 1:1\n!\nend\n",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501|.address-family ipv4|\
                 ..neighbor 192.0.2.1 activate|.vrf A|..rd 1:1|end",
            ),
            (
                "router bgp 64500\nneighbor 192.0.2.1 remote-as 64501\naddress-family ipv4\n\
                 neighbor 192.0.2.1 activate\nexit\nroute-map X permit 10\nmatch tag 1\nset metric 5\n\
                 ip route 0.0.0.0/0 192.0.2.1",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501|.address-family ipv4|\
                 ..neighbor 192.0.2.1 activate|..exit|route-map X permit 10|.match tag 1|.set metric 5|\
                 ip route 0.0.0.0/0 192.0.2.1",
            ),
            (
                "interface Ethernet1\nno switchport\nip address 192.0.2.1/31\n!\nip routing\n",
                "interface Ethernet1|.no switchport|.ip address 192.0.2.1/31|ip routing",
            ),
            (
                "leaf1(config)#router bgp 64500\nleaf1(config-router-bgp)#neighbor 192.0.2.1 remote-as 64501\n\
                 leaf1(config-router-bgp)#\nleaf1(config-router-bgp)#end\n",
                "router bgp 64500|.neighbor 192.0.2.1 remote-as 64501|end",
            ),
            (
                "banner motd\nrouter bgp 1\nEOF\ninterface Vlan7\n   comment\n   ip address 1\n   EOF\n\n   mtu 9000\n",
                "banner motd|interface Vlan7|.comment|.mtu 9000",
            ),
            (
                "ip prefix-list A\n   seq 10 permit 10.0.0.0/8\n!\nip prefix-list B\nseq 10 deny 10.0.0.0/8\nip prefix-list C permit 10.0.0.0/8\npermit 10.0.0.0/9\n",
                "ip prefix-list A|.seq 10 permit 10.0.0.0/8|ip prefix-list B|.seq 10 deny 10.0.0.0/8|\
                 ip prefix-list C permit 10.0.0.0/8|permit 10.0.0.0/9",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(tree(text), expected, "{text}");
        }
    }
}
