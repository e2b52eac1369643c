//! Wildcards against their definition, bit by bit.

use std::net::Ipv4Addr;

use proptest::prelude::{Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

use super::{MAX_FREE_BITS, extended_acl_set, standard_acl_set, wildcard_addresses};
use crate::prefix::Prefix;

fn ip(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

/// Wildcards with a run at the low end and a few scattered bits above.
fn wildcards() -> impl Strategy<Value = Ipv4Addr> {
    let scattered = prop::collection::vec(0..32_u32, 0..6);
    (0..=32_u32, scattered).prop_map(|(run, scattered)| {
        let run = !u32::MAX.checked_shl(run).unwrap_or(0);
        Ipv4Addr::from_bits(scattered.into_iter().fold(run, |bits, bit| bits | 1 << bit))
    })
}

/// Addresses that a wildcard of the same test matches rather often.
fn near(address: Ipv4Addr, wildcard: Ipv4Addr, noise: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(address.to_bits() ^ (noise & wildcard.to_bits()))
}

fn matches(address: Ipv4Addr, wildcard: Ipv4Addr, candidate: Ipv4Addr) -> bool {
    (address.to_bits() ^ candidate.to_bits()) & !wildcard.to_bits() == 0
}

fn mask(length: u8) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0))
}

proptest! {
    #[test]
    fn addresses_are_those_under_the_wildcard(
        address in any::<Ipv4Addr>(),
        wildcard in wildcards(),
        noise in any::<u32>(),
        far in any::<Ipv4Addr>(),
    ) {
        let set = wildcard_addresses(address, wildcard).unwrap();
        prop_assert_eq!(set.count(), 1 << wildcard.to_bits().count_ones());
        let close = near(address, wildcard, noise);
        for candidate in [address, close, far, Ipv4Addr::from_bits(close.to_bits() ^ 1)] {
            let expected = matches(address, wildcard, candidate);
            prop_assert_eq!(set.contains(candidate.into()), expected);
        }
    }

    #[test]
    fn routes_are_those_whose_address_and_mask_match(
        source in any::<Ipv4Addr>(),
        source_wildcard in wildcards(),
        destination in prop_oneof![any::<Ipv4Addr>(), (0..=32_u8).prop_map(mask)],
        destination_wildcard in prop_oneof![wildcards(), any::<Ipv4Addr>()],
        noise in any::<u32>(),
    ) {
        let standard = standard_acl_set(source, source_wildcard).unwrap();
        let extended =
            extended_acl_set(source, source_wildcard, destination, destination_wildcard).unwrap();
        for length in 0..=32 {
            for address in [source, near(source, source_wildcard, noise), ip("0.0.0.0")] {
                let route = Prefix::new(address.into(), length).unwrap();
                let std::net::IpAddr::V4(network) = route.address() else { continue };
                let by_address = matches(source, source_wildcard, network);
                let by_mask = matches(destination, destination_wildcard, mask(length));
                prop_assert_eq!(standard.contains(&route), by_address, "{}", route);
                prop_assert_eq!(extended.contains(&route), by_address && by_mask, "{}", route);
            }
        }
    }
}

#[test]
fn well_known_forms() {
    let any = standard_acl_set(ip("0.0.0.0"), ip("255.255.255.255")).unwrap();
    assert_eq!(any.to_string(), "0.0.0.0/0 le 32");
    let host = standard_acl_set(ip("192.0.2.129"), ip("0.0.0.0")).unwrap();
    assert_eq!(host.to_string(), "192.0.2.129/32");
    let net = standard_acl_set(ip("172.16.0.0"), ip("0.15.255.255")).unwrap();
    assert_eq!(net.to_string(), "172.16.0.0/12 le 32");
    // The only shorter block that begins inside 192.0.2.0/24 is 192.0.2.0/23.
    let shorter = standard_acl_set(ip("192.0.2.0"), ip("0.0.0.255")).unwrap();
    assert_eq!(shorter.to_string(), "192.0.2.0/23, 192.0.2.0/24 le 32");
    let exact =
        extended_acl_set(ip("10.1.0.0"), ip("0.0.0.0"), ip("255.255.0.0"), ip("0.0.0.0")).unwrap();
    assert_eq!(exact.to_string(), "10.1.0.0/16");
    let default =
        extended_acl_set(ip("0.0.0.0"), ip("0.0.0.0"), ip("0.0.0.0"), ip("0.0.0.0")).unwrap();
    assert_eq!(default.to_string(), "0.0.0.0/0");
    let no_mask =
        extended_acl_set(ip("10.0.0.0"), ip("0.255.255.255"), ip("255.0.255.0"), ip("0.0.0.0"))
            .unwrap();
    assert!(no_mask.is_empty());
    let odd = wildcard_addresses(ip("10.0.0.1"), ip("0.255.0.0")).unwrap();
    assert_eq!((odd.count(), odd.intervals().len()), (256, 256));
}

#[test]
fn too_scattered_is_no_answer() {
    // Free bits 8 to 19 scatter over 4,096 addresses; one more is too many.
    assert_eq!(MAX_FREE_BITS, 12);
    assert_eq!(wildcard_addresses(ip("10.0.0.0"), ip("0.15.255.0")).unwrap().count(), 4096);
    assert_eq!(wildcard_addresses(ip("10.0.0.0"), ip("0.31.255.0")), None);
    assert_eq!(standard_acl_set(ip("10.0.0.0"), ip("0.31.255.0")), None);
    assert_eq!(
        extended_acl_set(ip("10.0.0.0"), ip("0.31.255.0"), ip("255.0.0.0"), ip("0.0.0.0")),
        None
    );
    assert!(standard_acl_set(ip("10.0.0.0"), ip("0.15.255.0")).is_some());
}
