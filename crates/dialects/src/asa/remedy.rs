//! Remedies as ASA is told them.

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
    no_list: |family, name| format!("no {}prefix-list {name}", version(family)),
    clause: |name, action, sequence| format!("route-map {name} {action} {sequence}"),
    matches: |family, list| match family {
        Family::Ipv4 => format!(" match ip address prefix-list {list}"),
        Family::Ipv6 => format!(" match ipv6 address prefix-list {list}"),
    },
    neighbor,
    instance: |peer, statement| Some(in_family(peer, statement)),
    no_paths: "no maximum-paths 2",
    anchor,
    groups_decide_outbound: false,
};

const fn version(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "",
        Family::Ipv6 => "ipv6 ",
    }
}

fn numbered(entry: Entry<'_>) -> String {
    let version = version(entry.range.prefix.family());
    format!("{version}prefix-list {} seq {}", entry.list, entry.sequence)
}

fn in_family(peer: &Standing<'_, '_>, statement: &str) -> Vec<String> {
    let local_as = peer.process.local_as.map_or(0, |local_as| local_as.value);
    vec![
        format!("router bgp {local_as}"),
        format!(" address-family {} unicast", peer.family.family.name()),
        format!("  {statement}"),
    ]
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let NeighborAddress::Address(address) = told.peer.neighbor.address else { return None };
    let no = if taken_back { "no " } else { "" };
    Some(in_family(told.peer, &format!("{no}neighbor {address} {statement}")))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let no = if taken_back { "no " } else { "" };
    let address = prefix.address();
    let line = match prefix.family() {
        Family::Ipv4 => {
            let mask = crate::remedies::mask(prefix);
            format!("{no}route Null0 {address} {mask}")
        }
        Family::Ipv6 => format!("{no}ipv6 route Null0 {prefix}"),
    };
    vrf.is_none().then_some(vec![line])
}
