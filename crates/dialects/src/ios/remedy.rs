//! Remedies as IOS is told them.

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
    matches: |family, list| format!(" match {} address prefix-list {list}", version(family)),
    neighbor,
    instance: |peer, statement| Some(in_family(peer, statement)),
    no_paths: "no maximum-paths 2",
    anchor,
    // Outbound filters hold for a whole update group ("BGP Peer Groups", outbound options cannot be overridden).
    groups_decide_outbound: true,
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

fn in_family(peer: &Standing<'_, '_>, statement: &str) -> Vec<String> {
    let local_as = peer.process.local_as.map_or(0, |local_as| local_as.value);
    let family = peer.family.family.name();
    let vrf = peer.instance.vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    vec![
        format!("router bgp {local_as}"),
        format!(" address-family {family}{vrf}"),
        format!("  {statement}"),
    ]
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let name = match (told.group, told.peer.neighbor.address) {
        (Some(group), _) => group.to_owned(),
        (None, NeighborAddress::Address(address)) => address.to_string(),
        (None, _) => return None,
    };
    let no = if taken_back { "no " } else { "" };
    Some(in_family(told.peer, &format!("{no}neighbor {name} {statement}")))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let no = if taken_back { "no " } else { "" };
    let vrf = vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    Some(vec![match prefix.family() {
        Family::Ipv4 => {
            let (address, mask) = (prefix.address(), crate::remedies::mask(prefix));
            format!("{no}ip route{vrf} {address} {mask} Null0")
        }
        Family::Ipv6 => format!("{no}ipv6 route{vrf} {prefix} Null0"),
    }])
}
