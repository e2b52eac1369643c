//! Remedies as FRR is told them.

use edgelint_model::{Commands, Device, NeighborAddress, Remedy, Standing};
use edgelint_prefix::Prefix;

use crate::remedies::route_maps::{Spelling, Told, entry_line, list_words, no, version, write};
use crate::remedies::{nested, process_line};

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
    groups_decide_outbound: false,
};

fn vrf_words(vrf: Option<&str>) -> String {
    vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default()
}

fn in_family(peer: &Standing<'_, '_>, statement: &str) -> Vec<String> {
    let process = format!("{}{}", process_line(peer), vrf_words(peer.instance.vrf));
    let family = format!("address-family {} unicast", peer.family.family.name());
    nested(&[&process, &family, statement], " ")
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let name = match told.peer.neighbor.address {
        NeighborAddress::Address(address) => address.to_string(),
        NeighborAddress::Interface(name) => name.to_owned(),
        NeighborAddress::Range(_) => return None,
    };
    Some(in_family(told.peer, &format!("{}neighbor {name} {statement}", no(taken_back))))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let version = version(prefix.family());
    Some(vec![format!("{}{version} route {prefix} blackhole{}", no(taken_back), vrf_words(vrf))])
}
