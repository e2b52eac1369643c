//! Access lists read as filters: wildcards on routes and on packets.
//!
//! A wildcard mask says bit by bit what does not matter, so what it matches need not be one block.
//! Such a match is a union of equal intervals: the run of free bits at the low end makes each of them
//! long, and every free bit above that run doubles their number. Up to [`MAX_FREE_BITS`] such bits the
//! answer is exact; beyond that there is none, and the caller must say that it is not certain.
//!
//! As a route filter an access list means something else than as a packet filter. A standard list
//! compares the route's network address and ignores the length, so `10.0.0.0 0.255.255.255` also
//! matches `10.0.0.0/7`. An extended list compares the network address with its source and the
//! network mask with its destination. Both are the IOS reading; FRR reads standard lists otherwise.

use std::net::Ipv4Addr;

use crate::address_set::AddressSet;
use crate::set::{FamilySet, PrefixSet};
use crate::steps::{Growing, Steps};
use crate::word::Word;

/// The most free bits above the lowest run for which a wildcard is expanded (4,096 intervals).
pub const MAX_FREE_BITS: u32 = 12;

/// The routes a standard access list entry matches on IOS: the network address under the wildcard,
/// any length from 0 to 32.
///
/// `None` if the wildcard has more than [`MAX_FREE_BITS`] scattered free bits.
///
/// ```
/// use edgelint_prefix::standard_acl_set;
/// let set = standard_acl_set("10.0.0.0".parse().unwrap(), "0.0.0.255".parse().unwrap()).unwrap();
/// assert_eq!(set.prefixes(3), None);
/// assert_eq!(set.witness().unwrap().to_string(), "10.0.0.0/7");
/// ```
pub fn standard_acl_set(address: Ipv4Addr, wildcard: Ipv4Addr) -> Option<PrefixSet> {
    let addresses = wildcard_steps(address, wildcard)?;
    Some(routes_starting_in(&addresses, u32::MAX, true))
}

/// The routes an extended access list entry matches on IOS: the network address under the source
/// wildcard, and the network mask under the destination wildcard.
///
/// `None` if the source wildcard has more than [`MAX_FREE_BITS`] scattered free bits; the
/// destination may be anything, because only 33 masks can meet it.
///
/// ```
/// use edgelint_prefix::extended_acl_set;
/// let ip = |text: &str| text.parse().unwrap();
/// // permit ip 10.0.0.0 0.255.255.255 255.255.255.0 0.0.0.255: /24 and longer in 10.0.0.0/8
/// let set = extended_acl_set(ip("10.0.0.0"), ip("0.255.255.255"), ip("255.255.255.0"), ip("0.0.0.255"));
/// assert_eq!(set.unwrap().to_string(), "10.0.0.0/8 ge 24");
/// ```
pub fn extended_acl_set(
    source: Ipv4Addr,
    source_wildcard: Ipv4Addr,
    destination: Ipv4Addr,
    destination_wildcard: Ipv4Addr,
) -> Option<PrefixSet> {
    let addresses = wildcard_steps(source, source_wildcard)?;
    let compared = !destination_wildcard.to_bits();
    let matches = |length: u8| {
        let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
        (mask ^ destination.to_bits()) & compared == 0
    };
    let lengths = (1..=32).filter(|&length| matches(length));
    let lanes = lengths.fold(0, |lanes, length| lanes | u32::lengths(length, length));
    Some(routes_starting_in(&addresses, lanes, matches(0)))
}

/// The addresses under a wildcard, as a packet filter or a translation rule reads it.
///
/// `None` if the wildcard has more than [`MAX_FREE_BITS`] scattered free bits.
///
/// ```
/// use edgelint_prefix::wildcard_addresses;
/// let set = wildcard_addresses("192.0.2.1".parse().unwrap(), "0.0.0.6".parse().unwrap()).unwrap();
/// assert_eq!(set.to_string(), "192.0.2.1, 192.0.2.3, 192.0.2.5, 192.0.2.7");
/// ```
pub fn wildcard_addresses(address: Ipv4Addr, wildcard: Ipv4Addr) -> Option<AddressSet> {
    Some(AddressSet { v4: wildcard_steps(address, wildcard)?, ..AddressSet::empty() })
}

fn wildcard_steps(address: Ipv4Addr, wildcard: Ipv4Addr) -> Option<Steps<u32, bool>> {
    let (address, wildcard) = (address.to_bits(), wildcard.to_bits());
    // The run of free bits that begins at bit 0, if there is one, makes each interval long.
    let run = !(u32::MAX.checked_shl(wildcard.trailing_ones()).unwrap_or(0));
    let scattered = wildcard & !run;
    if MAX_FREE_BITS < scattered.count_ones() {
        return None;
    }
    let mut steps = Growing::new();
    let fixed = address & !wildcard;
    // Counts through the scattered bits in ascending order: subtracting the mask carries over the
    // bits that are not free.
    let mut free = 0_u32;
    loop {
        steps.push(fixed | free, true);
        steps.push_after(fixed | free | run, false);
        free = free.wrapping_sub(scattered) & scattered;
        if free == 0 {
            return Some(steps.finish());
        }
    }
}

fn routes_starting_in(addresses: &Steps<u32, bool>, lanes: u32, default_route: bool) -> PrefixSet {
    let stretches = addresses.stretches().map(|(first, last, _)| (first, last));
    let v4 = FamilySet::starting_in(stretches, lanes, default_route);
    PrefixSet { v4, ..PrefixSet::empty() }
}

#[cfg(test)]
mod tests;
