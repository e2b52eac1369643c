//! Access lists as route filters.
//!
//! An entry that is written as routes (FRR) is what it says. Of the others the set is that of IOS: a standard entry looks at the network address alone, an extended one at the
//! network address and the mask. What cannot be read so (object groups, ports, wildcards with too many
//! scattered bits) leaves the list uncertain.

use std::net::Ipv4Addr;

use edgelint_model::{AccessEntry, AccessList, AccessMatch};
use edgelint_prefix::{
    Compiled, Entry, Family, Matcher, Prefix, PrefixRange, PrefixSet, extended_acl_set,
    first_match, standard_acl_set,
};
use edgelint_source::Span;

use crate::mark::{Mark, Note};

/// An access list, read as a route filter.
#[derive(Debug)]
pub(crate) struct AccessRoutes {
    /// What the entries decide.
    pub(crate) compiled: Compiled,
    /// Whether every entry could be read.
    pub(crate) certain: bool,
    /// The entries that could be read, with their statements.
    entries: Vec<(Span, Entry)>,
}

impl AccessRoutes {
    /// The entry that decides about a prefix.
    pub(crate) fn mark<'t>(&self, list: &'t str, prefix: &Prefix) -> Option<Mark<'t>> {
        let (at, entry) = self.entries.iter().find(|(_, entry)| entry.set.contains(prefix))?;
        Some(Mark { at: *at, note: Note::Entry { list, permit: entry.permit } })
    }

    /// Prefixes that a permitting entry names one by one.
    pub(crate) fn named<'t>(&self, list: &'t str) -> Vec<(Prefix, Mark<'t>)> {
        let permits = self.entries.iter().filter(|(_, entry)| entry.permit);
        let single = |(at, entry): &(Span, Entry)| {
            let prefix = *entry.set.to_set().prefixes(1)?.first()?;
            Some((prefix, Mark { at: *at, note: Note::Entry { list, permit: true } }))
        };
        permits.filter_map(single).collect()
    }
}

/// Reads an access list as a route filter.
pub(crate) fn access_routes(list: &AccessList<'_>) -> AccessRoutes {
    let mut certain = list.blind.is_empty();
    let mut entries = Vec::with_capacity(list.entries.len());
    for entry in &list.entries {
        certain &= !entry.narrowed;
        match routes_of(entry, list.family) {
            Some(set) => {
                let set = Matcher::Set(set);
                entries.push((entry.at, Entry { permit: entry.permit, set }));
            }
            None => certain = false,
        }
    }
    let bare: Vec<Entry> = entries.iter().map(|(_, entry)| entry.clone()).collect();
    AccessRoutes { compiled: first_match(&bare), certain, entries }
}

fn routes_of(entry: &AccessEntry, family: Family) -> Option<PrefixSet> {
    if let (AccessMatch::Routes(range), None) = (entry.source, entry.destination) {
        return Some(PrefixSet::from_range(range));
    }
    if family == Family::Ipv6 {
        return match (entry.source, entry.destination) {
            (AccessMatch::Any, None | Some(AccessMatch::Any)) => {
                Some(PrefixSet::universe_of(Family::Ipv6))
            }
            (AccessMatch::Prefix(prefix), None | Some(AccessMatch::Any)) => {
                Some(PrefixSet::from_range(PrefixRange::or_longer(prefix)))
            }
            _ => None,
        };
    }
    let (source, wildcard) = wildcard_of(entry.source)?;
    match entry.destination {
        None => standard_acl_set(source, wildcard),
        Some(destination) => {
            let (mask, mask_wildcard) = wildcard_of(destination)?;
            extended_acl_set(source, wildcard, mask, mask_wildcard)
        }
    }
}

/// A side of an entry as address and inverted mask.
fn wildcard_of(side: AccessMatch) -> Option<(Ipv4Addr, Ipv4Addr)> {
    match side {
        AccessMatch::Any => Some((Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST)),
        AccessMatch::Wildcard { address, wildcard } => Some((address, wildcard)),
        AccessMatch::Prefix(prefix) => match (prefix.first(), prefix.last()) {
            (std::net::IpAddr::V4(first), std::net::IpAddr::V4(last)) => {
                Some((first, Ipv4Addr::from_bits(first.to_bits() ^ last.to_bits())))
            }
            _ => None,
        },
        AccessMatch::Routes(_) | AccessMatch::Group(_) => None,
    }
}
