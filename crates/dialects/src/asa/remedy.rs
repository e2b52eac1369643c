//! Remedies as ASA is told them.

use edgelint_model::{Commands, Device, NeighborAddress, Remedy, Standing};
use edgelint_prefix::{Family, Prefix};

use crate::remedies::route_maps::{Spelling, Told, entry_line, no, write};
use crate::remedies::{mask, nested, process_line};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    write(device, remedy, &SPELLING)
}

static SPELLING: Spelling = Spelling {
    list_words: |family| match family {
        Family::Ipv4 => "prefix-list",
        Family::Ipv6 => "ipv6 prefix-list",
    },
    entry: entry_line,
    neighbor,
    instance: |peer, statement| Some(in_family(peer, statement)),
    no_paths: "no maximum-paths 2",
    anchor,
    groups_decide_outbound: false,
};

fn in_family(peer: &Standing<'_, '_>, statement: &str) -> Vec<String> {
    let family = format!("address-family {} unicast", peer.family.family.name());
    nested(&[&process_line(peer), &family, statement], " ")
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let NeighborAddress::Address(address) = told.peer.neighbor.address else { return None };
    Some(in_family(told.peer, &format!("{}neighbor {address} {statement}", no(taken_back))))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let no = no(taken_back);
    let line = match prefix.family() {
        Family::Ipv4 => format!("{no}route Null0 {} {}", prefix.address(), mask(prefix)),
        Family::Ipv6 => format!("{no}ipv6 route Null0 {prefix}"),
    };
    vrf.is_none().then_some(vec![line])
}
