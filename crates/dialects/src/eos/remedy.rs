//! Remedies as EOS is told them.

use edgelint_model::{Commands, Device, NeighborAddress, Remedy, Standing};
use edgelint_prefix::{Family, Prefix};

use crate::remedies::route_maps::{Entry, Spelling, Told, write};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    write(device, remedy, &SPELLING)
}

static SPELLING: Spelling = Spelling {
    entry,
    no_entry,
    no_list: |family, name| format!("no {} prefix-list {name}", version(family)),
    clause: |name, action, sequence| format!("route-map {name} {action} {sequence}"),
    matches: |family, list| format!(" match {} address prefix-list {list}", version(family)),
    neighbor,
    instance: |peer, statement| Some(in_instance(peer, vec![statement.to_owned()])),
    no_paths: "no maximum-paths",
    anchor,
    groups_decide_outbound: false,
};

const fn version(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "ip",
        Family::Ipv6 => "ipv6",
    }
}

/// IPv6 lists are blocks of entries.
fn entry(entry: Entry<'_>) -> Vec<String> {
    let (list, sequence, words) = (entry.list, entry.sequence, entry.words());
    match entry.range.prefix.family() {
        Family::Ipv4 => vec![format!("ip prefix-list {list} seq {sequence} {words}")],
        Family::Ipv6 => {
            vec![format!("ipv6 prefix-list {list}"), format!("   seq {sequence} {words}")]
        }
    }
}

fn no_entry(entry: Entry<'_>) -> Vec<String> {
    let (list, sequence) = (entry.list, entry.sequence);
    match entry.range.prefix.family() {
        Family::Ipv4 => vec![format!("no ip prefix-list {list} seq {sequence}")],
        Family::Ipv6 => vec![format!("ipv6 prefix-list {list}"), format!("   no seq {sequence}")],
    }
}

/// Statements inside the process or its VRF; each further one stands inside the one before.
fn in_instance(peer: &Standing<'_, '_>, statements: Vec<String>) -> Vec<String> {
    let local_as = peer.process.local_as.map_or(0, |local_as| local_as.value);
    let mut lines = vec![format!("router bgp {local_as}")];
    lines.extend(peer.instance.vrf.map(|vrf| format!("   vrf {vrf}")));
    let outer = lines.len();
    let inner = statements.into_iter().enumerate();
    lines.extend(inner.map(|(depth, text)| format!("{}{text}", "   ".repeat(outer + depth))));
    lines
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let NeighborAddress::Address(address) = told.peer.neighbor.address else { return None };
    let no = if taken_back { "no " } else { "" };
    let family = format!("address-family {}", told.peer.family.family.name());
    Some(in_instance(told.peer, vec![family, format!("{no}neighbor {address} {statement}")]))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let no = if taken_back { "no " } else { "" };
    let vrf = vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    Some(vec![format!("{no}{} route{vrf} {prefix} Null0", version(prefix.family()))])
}
