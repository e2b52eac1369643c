//! The signs of systems that are not read (yet): so that none of their files is taken for one that is.
//!
//! A line may speak for several systems. What is shared with a dialect that is read counts here too,
//! or every file of a younger system would look like one of its model.

use edgelint_syntax::Words;

use crate::detection::interface_name;
use crate::{Evidence, Seen};

/// The systems, by their bit in a [`Sign`].
const SYSTEMS: [&str; 13] = [
    "sros",
    "vrp",
    "fortios",
    "panos",
    "vyos",
    "routeros",
    "a10",
    "f5",
    "checkpoint",
    "cumulus",
    "srlinux",
    "procurve",
    "slxos",
];

const SROS: u32 = 1;
const VRP: u32 = 1 << 1;
const FORTI: u32 = 1 << 2;
const PAN: u32 = 1 << 3;
const VYOS: u32 = 1 << 4;
const ROS: u32 = 1 << 5;
const A10: u32 = 1 << 6;
const F5: u32 = 1 << 7;
const GAIA: u32 = 1 << 8;
const CUMULUS: u32 = 1 << 9;
const SRL: u32 = 1 << 10;
const CURVE: u32 = 1 << 11;
const SLX: u32 = 1 << 12;

/// Which systems write such a line, what it is, and how much it says.
type Sign = Option<(u32, &'static str, u32)>;

/// What speaks for each system.
#[derive(Debug, Default)]
pub(crate) struct Rivals {
    found: [Evidence; 13],
    /// What the last line gave by its words, for the lines that go on like it.
    last: Sign,
}

impl Rivals {
    /// Adds what a line says; of one that goes on as the line before did, the words say the same.
    pub(crate) fn line(&mut self, repeats: bool, line: &Seen<'_, '_>) {
        let signs = if line.is_comment {
            [in_comment(line.text), None]
        } else {
            if !repeats {
                self.last = in_statement(line.words);
            }
            [self.last, in_shape(line.text)]
        };
        for (systems, what, weight) in signs.into_iter().flatten() {
            let mut left = systems;
            while left != 0 {
                if let Some(evidence) = self.found.get_mut(left.trailing_zeros() as usize) {
                    evidence.add(what, weight, line.at);
                }
                left &= left - 1;
            }
        }
    }

    /// What speaks for each system.
    pub(crate) fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.found.iter()
    }

    /// The systems for which something speaks.
    pub(crate) fn found(self) -> impl Iterator<Item = (&'static str, Evidence)> {
        let named = SYSTEMS.into_iter().zip(self.found);
        named.filter(|(_, evidence)| 0 < evidence.score)
    }
}

fn in_comment(text: &str) -> Sign {
    let text = text.trim();
    const HEADERS: [(&str, u32, &str); 11] = [
        ("# TiMOS", SROS, "a header of SR OS"),
        ("#config-version=", FORTI, "a header of FortiOS"),
        ("#TMSH-VERSION", F5, "a header of TMOS"),
        ("# software id", ROS, "a header of RouterOS"),
        ("#RANCID-CONTENT-TYPE: nokia", SROS, "a header for SR OS"),
        ("!Current configuration:", A10, "a header of ACOS"),
        ("!Configuration last", A10, "a header of ACOS"),
        ("!Software Version V", VRP, "a header of VRP"),
        ("# ports.conf --", CUMULUS, "a header of the ports of a switch"),
        ("# This file describes the network interfaces", CUMULUS, "a header of ifupdown"),
        ("#checkpoint", GAIA, "a header of Gaia"),
    ];
    if text.contains("RouterOS") {
        return Some((ROS, "a header of RouterOS", 6));
    }
    let header = HEADERS.iter().find(|(start, _, _)| text.starts_with(start));
    header.map(|(_, systems, what)| (*systems, *what, 6))
}

/// Signs that programs show too: they count only beside others.
pub(crate) const SHAPES: [&str; 3] =
    ["an opening brace", "a semicolon at the end of a line", "XML"];

/// Signs that do not depend on the first word.
fn in_shape(text: &str) -> Sign {
    let mut last = *text.as_bytes().last()?;
    if !last.is_ascii_graphic() {
        last = *text.trim_end().as_bytes().last()?;
    }
    match last {
        b'{' => Some((F5 | SROS | SRL | VYOS, "an opening brace", 3)),
        b'>' if text.trim_start().starts_with('<') => Some((PAN, "XML", 3)),
        _ => None,
    }
}

fn in_statement(words: Words<'_, '_>) -> Sign {
    let head = words.peek(0);
    if words.peek(words.len().saturating_sub(1)) == "{"
        && let Some(sign) = section(head, words.len())
    {
        return Some(sign);
    }
    match head.as_bytes().first()? {
        b'/' => path(head),
        b'a'..=b'h' => a_to_h(head, words),
        b'i'..=b'p' => i_to_p(head, words),
        _ => r_to_z(head, words),
    }
}

/// Sections in braces that a system shares with Junos.
fn section(head: &str, length: usize) -> Sign {
    let shared = matches!(head, "system" | "interfaces" | "protocols" | "firewall" | "security");
    (shared && length == 2).then_some((VYOS, "a section in braces", 3))
}

/// Systems whose statements are paths.
fn path(head: &str) -> Sign {
    let sign = match head {
        "/ip" | "/routing" | "/interface" | "/system" | "/ipv6" | "/user" | "/tool" => {
            (ROS, "a path of RouterOS", 4)
        }
        "/configure" => (SROS, "a path of SR OS", 5),
        _ => return None,
    };
    Some(sign)
}

fn a_to_h(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "add" if words.line_text().contains('=') => (ROS, "`add` with parameters", 3),
        "add" => (GAIA, "an `add` command", 2),
        "active-partition" | "aflex" => (A10, "a statement of ACOS", 4),
        "auth" | "cm" if words.peek(words.len().saturating_sub(1)) == "{" => {
            (F5, "a section of TMOS", 5)
        }
        "auto" | "iface" if words.len() < 5 => (CUMULUS, "an interface of ifupdown", 3),
        "config" if words.len() > 1 => (FORTI, "a `config` section", 4),
        "configure" => (SROS, "`configure`", 3),
        "card" | "mda" if words.len() == 2 => (SROS, "a card", 2),
        "display" => (VRP, "a `display` command", 2),
        "edit" if words.len() == 2 => (FORTI, "an `edit` line", 2),
        "exit" if next == "all" => (SROS, "`exit all`", 4),
        "firewall" => (VYOS, "a firewall statement", 1),
        "host-table" => (SLX, "a table of hosts", 4),
        "http" if words.peek(2) == "use-vrf" => (SLX, "a server in a VRF", 4),
        "ha" | "health" => (A10, "a statement of ACOS", 2),
        "hostname" => (A10, "a host name", 1),
        _ => return None,
    };
    Some(sign)
}

fn i_to_p(head: &str, words: Words<'_, '_>) -> Sign {
    let next = words.peek(1);
    let sign = match head {
        "interface" => return interface(words),
        "ip" => return ip(words),
        "ltm" | "apm" | "gtm" => (F5, "a section of TMOS", 5),
        "multi-config" | "enable-management" => (A10, "a statement of ACOS", 3),
        "neighbor" if words.peek(2) == "remote-as" => (A10, "a neighbor with an AS number", 1),
        "logging" if next == "raslog" => (SLX, "a log of SLX-OS", 4),
        "node-id" if words.len() == 2 => (SLX, "the number of a node", 4),
        "ntp" if words.peek(3) == "use-vrf" && words.peek(4) == "mgmt-vrf" => {
            (SLX, "a server in the VRF of management", 4)
        }
        "net" if next == "add" || next == "del" => (CUMULUS, "a command of NCLU", 6),
        "net" if words.peek(words.len().saturating_sub(1)) == "{" => (F5, "a section of TMOS", 5),
        "nv" if next == "set" => (CUMULUS, "a command of NVUE", 6),
        "next" if words.len() == 1 => (FORTI, "a `next` line", 2),
        "partition" => (A10, "a partition", 4),
        "peer" if words.peek(2) == "as-number" => (VRP, "a peer", 5),
        "peer" if words.peek(2) == "enable" => (VRP, "an active peer", 3),
        _ => return None,
    };
    Some(sign)
}

fn r_to_z(head: &str, words: Words<'_, '_>) -> Sign {
    let sign = match head {
        "root" if words.peek(1) == "enable" => (SLX, "a root user", 2),
        "rba" => (A10, "a role", 3),
        "resource-monitor" | "system-monitor" => (SLX, "a monitor of SLX-OS", 3),
        "return" if words.len() == 1 => (VRP, "`return`", 2),
        "route-policy" if words.peek(3) == "node" => (VRP, "a route policy", 5),
        "set" => return set(words),
        "switch-attributes" => (SLX, "an attribute of the chassis", 5),
        "slb" | "vrrp-a" | "cgnv6" | "web-service" | "device-context" => {
            (A10, "a section of ACOS", 5)
        }
        "sys" => (F5, "a section of TMOS", 3),
        "sysname" => (VRP, "a system name", 5),
        "tagged" | "untagged" => (CURVE, "ports of a VLAN", 3),
        "trunk" if words.len() > 2 => (CURVE, "a trunk of ports", 2),
        ";" => (CURVE, "a header of ProCurve", 5),
        "undo" => (VRP, "an `undo` line", 4),
        _ => return None,
    };
    Some(sign)
}

fn interface(words: Words<'_, '_>) -> Sign {
    let (kind, number, _) = interface_name(words.peek(1));
    let sign = match kind {
        "ethernet" | "management" | "ve" | "lif" if number.is_empty() => {
            (A10, "an interface of ACOS", 3)
        }
        "GigabitEthernet" | "TenGigabitEthernet" if !number.contains('.') => {
            (VRP, "a Gigabit port", 1)
        }
        _ => return None,
    };
    Some(sign)
}

fn ip(words: Words<'_, '_>) -> Sign {
    let sign = match words.peek(1) {
        "address" if words.peek(3).contains('.') => (A10 | VRP, "an address with a mask", 2),
        "ip-prefix" => (VRP, "a prefix list", 5),
        "nat" if words.peek(5) == "netmask" => (A10, "translation", 1),
        _ => return None,
    };
    Some(sign)
}

fn set(words: Words<'_, '_>) -> Sign {
    let sign = match words.peek(1) {
        "system" | "protocols" => (VYOS, "a path", 3),
        "interfaces" if words.peek(3) != "unit" => (VYOS, "an interface as a path", 3),
        "policy" | "firewall" | "nat" => (VYOS, "a path of VyOS", 3),
        "deviceconfig" | "network" | "rulebase" | "vsys" | "mgt-config" => {
            (PAN, "a path of PAN-OS", 5)
        }
        "interface" | "installer" | "static-route" | "inactivity-timeout" | "bgp" | "user"
        | "hostname" | "as" => (GAIA, "a command of Gaia", 3),
        "/" => (SRL, "a path of SR Linux", 6),
        _ => return None,
    };
    Some(sign)
}
