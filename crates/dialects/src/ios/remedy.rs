//! Remedies as IOS is told them.

use edgelint_model::{Commands, Device, NeighborAddress, Remedy, Standing};
use edgelint_prefix::{Family, Prefix};

use crate::remedies::route_maps::{Spelling, Told, entry_line, list_words, no, write};
use crate::remedies::{mask, nested, process_line};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    write(device, remedy, &SPELLING)
}

static SPELLING: Spelling = Spelling {
    list_words,
    entry: entry_line,
    neighbor,
    instance: |peer, statement| Some(in_family(peer, statement)),
    no_paths: "no maximum-paths 2",
    anchor,
    // Outbound filters hold for a whole update group ("BGP Peer Groups", outbound options cannot be overridden).
    groups_decide_outbound: true,
};

fn in_family(peer: &Standing<'_, '_>, statement: &str) -> Vec<String> {
    let vrf = peer.instance.vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    let family = format!("address-family {}{vrf}", peer.family.family.name());
    nested(&[&process_line(peer), &family, statement], " ")
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let name = match (told.group, told.peer.neighbor.address) {
        (Some(group), _) => group.to_owned(),
        (None, NeighborAddress::Address(address)) => address.to_string(),
        (None, _) => return None,
    };
    Some(in_family(told.peer, &format!("{}neighbor {name} {statement}", no(taken_back))))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let no = no(taken_back);
    let vrf = vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    Some(vec![match prefix.family() {
        Family::Ipv4 => format!("{no}ip route{vrf} {} {} Null0", prefix.address(), mask(prefix)),
        Family::Ipv6 => format!("{no}ipv6 route{vrf} {prefix} Null0"),
    }])
}
