//! Remedies as NX-OS is told them.

use edgelint_model::{Commands, Device, NeighborAddress, Remedy, Standing};
use edgelint_prefix::Prefix;

use crate::remedies::route_maps::{Spelling, Told, entry_line, list_words, no, version, write};
use crate::remedies::{in_instance, nested};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    write(device, remedy, &SPELLING)
}

/// By how much a block stands inside the one around it.
const INDENT: &str = "  ";

static SPELLING: Spelling = Spelling {
    list_words,
    entry: entry_line,
    neighbor,
    instance: |peer, statement| Some(in_instance(peer, &[&family(peer), statement], INDENT)),
    no_paths: "no maximum-paths 2",
    anchor,
    groups_decide_outbound: false,
};

fn family(peer: &Standing<'_, '_>) -> String {
    format!("address-family {} unicast", peer.family.family.name())
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let NeighborAddress::Address(address) = told.peer.neighbor.address else { return None };
    let (neighbor, family) = (format!("neighbor {address}"), family(told.peer));
    let statement = format!("{}{statement}", no(taken_back));
    Some(in_instance(told.peer, &[&neighbor, &family, &statement], INDENT))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let route = format!("{}{} route {prefix} Null0", no(taken_back), version(prefix.family()));
    Some(match vrf {
        Some(vrf) => nested(&[&format!("vrf context {vrf}"), &route], INDENT),
        None => vec![route],
    })
}
