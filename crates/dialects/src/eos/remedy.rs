//! Remedies as EOS is told them.

use edgelint_model::{Commands, Device, NeighborAddress, Remedy};
use edgelint_prefix::{Family, Prefix};

use crate::remedies::route_maps::{
    Entry, Spelling, Told, entry_line, list_words, no, version, write,
};
use crate::remedies::{in_instance, nested};

/// See [`crate::Dialect::remedy`].
pub(super) fn remedy(device: &Device<'_>, remedy: &Remedy) -> Option<Commands> {
    write(device, remedy, &SPELLING)
}

/// By how much a block stands inside the one around it.
const INDENT: &str = "   ";

static SPELLING: Spelling = Spelling {
    list_words,
    entry,
    neighbor,
    instance: |peer, statement| Some(in_instance(peer, &[statement], INDENT)),
    no_paths: "no maximum-paths",
    anchor,
    groups_decide_outbound: false,
};

/// IPv6 lists are blocks of entries; an entry is taken back by its number.
fn entry(words: &str, entry: Entry<'_>, taken_back: bool) -> Vec<String> {
    let head = format!("{words} {}", entry.list);
    let number = format!("seq {}", entry.sequence);
    match (entry.range.prefix.family(), taken_back) {
        (Family::Ipv4, false) => entry_line(words, entry, false),
        (Family::Ipv4, true) => vec![format!("no {head} {number}")],
        (Family::Ipv6, false) => nested(&[&head, &format!("{number} {}", entry.words())], INDENT),
        (Family::Ipv6, true) => nested(&[&head, &format!("no {number}")], INDENT),
    }
}

fn neighbor(told: &Told<'_, '_>, statement: &str, taken_back: bool) -> Option<Vec<String>> {
    let NeighborAddress::Address(address) = told.peer.neighbor.address else { return None };
    let family = format!("address-family {}", told.peer.family.family.name());
    let statement = format!("{}neighbor {address} {statement}", no(taken_back));
    Some(in_instance(told.peer, &[&family, &statement], INDENT))
}

fn anchor(vrf: Option<&str>, prefix: Prefix, taken_back: bool) -> Option<Vec<String>> {
    let vrf = vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    let version = version(prefix.family());
    Some(vec![format!("{}{version} route{vrf} {prefix} Null0", no(taken_back))])
}
