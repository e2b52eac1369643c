//! Remedies as NX-OS is told them.

use edgelint_model::{Commands, Device, NeighborAddress, Remedy, Standing};
use edgelint_prefix::{Family, Prefix};

use crate::remedies::route_maps::{Entry, Spelling, Told, write};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    write(device, remedy, &SPELLING)
}

static SPELLING: Spelling = Spelling {
    entry: |entry| vec![format!("{} {}", numbered(entry), entry.words())],
    no_entry: |entry| vec![format!("no {} {}", numbered(entry), entry.words())],
    no_list: |family, name| format!("no {} prefix-list {name}", version(family)),
    clause: |name, action, sequence| format!("route-map {name} {action} {sequence}"),
    matches: |family, list| format!("  match {} address prefix-list {list}", version(family)),
    neighbor,
    instance: |peer, statement| Some(inside(peer, &[&family(peer), statement])),
    no_paths: "no maximum-paths 2",
    anchor,
    groups_decide_outbound: false,
};

const fn version(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "ip",
        Family::Ipv6 => "ipv6",
    }
}

fn numbered(entry: Entry<'_>) -> String {
    let version = version(entry.range.prefix.family());
    format!("{version} prefix-list {} seq {}", entry.list, entry.sequence)
}

fn family(peer: &Standing<'_, '_>) -> String {
    format!("address-family {} unicast", peer.family.family.name())
}

/// Statements inside the process or its VRF; each further one stands inside the one before.
fn inside(peer: &Standing<'_, '_>, statements: &[&str]) -> Vec<String> {
    let local_as = peer.process.local_as.map_or(0, |local_as| local_as.value);
    let mut lines = vec![format!("router bgp {local_as}")];
    lines.extend(peer.instance.vrf.map(|vrf| format!("  vrf {vrf}")));
    let outer = lines.len();
    let inner = statements.iter().enumerate();
    lines.extend(inner.map(|(depth, text)| format!("{}{text}", "  ".repeat(outer + depth))));
    lines
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let NeighborAddress::Address(address) = told.peer.neighbor.address else { return None };
    let no = if taken_back { "no " } else { "" };
    let (neighbor, family) = (format!("neighbor {address}"), family(told.peer));
    Some(inside(told.peer, &[&neighbor, &family, &format!("{no}{statement}")]))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let no = if taken_back { "no " } else { "" };
    let route = format!("{no}{} route {prefix} Null0", version(prefix.family()));
    Some(match vrf {
        Some(vrf) => vec![format!("vrf context {vrf}"), format!("  {route}")],
        None => vec![route],
    })
}
