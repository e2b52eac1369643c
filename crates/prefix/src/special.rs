//! Address space with a special purpose: what is private, documentation, or never on the internet.
//!
//! Rules about leaks need to know what may leave. The blocks are those of the IANA special-purpose
//! registries (RFC 6890 and its updates), multicast and reserved space, each with its source. The
//! one decision of our own: documentation space counts as public here, so that sanitised
//! configurations are judged like real ones; [`not_public`] has it both ways.
//!
//! Sets hold the blocks and everything inside them, are built once, and are shared.

use std::net::IpAddr;
use std::sync::OnceLock;

use crate::address_set::AddressSet;
use crate::prefix::Prefix;
use crate::range::PrefixRange;
use crate::set::PrefixSet;

/// Blocks as they are written, with their source.
type Blocks = &'static [(&'static str, &'static str)];

const RFC1918: Blocks =
    &[("10.0.0.0/8", "RFC 1918"), ("172.16.0.0/12", "RFC 1918"), ("192.168.0.0/16", "RFC 1918")];

const UNIQUE_LOCAL: Blocks = &[("fc00::/7", "RFC 4193")];

const SHARED: Blocks = &[("100.64.0.0/10", "RFC 6598")];

const LINK_LOCAL: Blocks = &[("169.254.0.0/16", "RFC 3927"), ("fe80::/10", "RFC 4291")];

const DOCUMENTATION: Blocks = &[
    ("192.0.2.0/24", "RFC 5737"),
    ("198.51.100.0/24", "RFC 5737"),
    ("203.0.113.0/24", "RFC 5737"),
    ("2001:db8::/32", "RFC 3849"),
    ("3fff::/20", "RFC 9637"),
];

const OTHER_SPECIAL: Blocks = &[
    ("0.0.0.0/8", "RFC 791"),
    ("127.0.0.0/8", "RFC 1122"),
    ("192.0.0.0/24", "RFC 6890"),
    ("192.88.99.0/24", "RFC 7526"),
    ("198.18.0.0/15", "RFC 2544"),
    ("224.0.0.0/4", "RFC 5771"),
    ("240.0.0.0/4", "RFC 1112"),
    // Global unicast is 2000::/3 (RFC 4291, IANA allocation); nothing else is routed as public.
    ("::/3", "RFC 4291"),
    ("4000::/2", "RFC 4291"),
    ("8000::/1", "RFC 4291"),
    ("2001::/23", "RFC 2928"),
    ("2002::/16", "RFC 3056"),
];

/// The private blocks of IPv4 and everything inside them (RFC 1918).
pub fn rfc1918() -> &'static PrefixSet {
    static SET: OnceLock<PrefixSet> = OnceLock::new();
    SET.get_or_init(|| set(&[RFC1918]))
}

/// What organisations number themselves with: [`rfc1918`] and unique local IPv6 (RFC 4193).
pub fn private() -> &'static PrefixSet {
    static SET: OnceLock<PrefixSet> = OnceLock::new();
    SET.get_or_init(|| set(&[RFC1918, UNIQUE_LOCAL]))
}

/// Space shared between carriers and customers behind carrier-grade NAT (RFC 6598).
pub fn shared_space() -> &'static PrefixSet {
    static SET: OnceLock<PrefixSet> = OnceLock::new();
    SET.get_or_init(|| set(&[SHARED]))
}

/// Link-local space of both families (RFC 3927, RFC 4291 section 2.5.6).
pub fn link_local() -> &'static PrefixSet {
    static SET: OnceLock<PrefixSet> = OnceLock::new();
    SET.get_or_init(|| set(&[LINK_LOCAL]))
}

/// Documentation space of both families (RFC 5737, RFC 3849, RFC 9637).
pub fn documentation() -> &'static PrefixSet {
    static SET: OnceLock<PrefixSet> = OnceLock::new();
    SET.get_or_init(|| set(&[DOCUMENTATION]))
}

/// All that has no place on the internet: private, shared, link-local, loopback, multicast, reserved,
/// and IPv6 outside 2000::/3. Documentation space is not in it.
///
/// A prefix that merely contains such a block, like the default route, is not a member.
pub fn private_or_special() -> &'static PrefixSet {
    static SET: OnceLock<PrefixSet> = OnceLock::new();
    SET.get_or_init(|| set(&[RFC1918, UNIQUE_LOCAL, SHARED, LINK_LOCAL, OTHER_SPECIAL]))
}

/// The addresses of [`private_or_special`].
pub fn private_or_special_addresses() -> &'static AddressSet {
    static SET: OnceLock<AddressSet> = OnceLock::new();
    SET.get_or_init(|| private_or_special().addresses())
}

/// What has no place on the internet, with documentation space in it or not: [`private_or_special`] where
/// it counts as public.
pub fn not_public(documentation_too: bool) -> &'static PrefixSet {
    static SET: OnceLock<PrefixSet> = OnceLock::new();
    if !documentation_too {
        return private_or_special();
    }
    SET.get_or_init(|| private_or_special().union(documentation()))
}

/// The addresses of [`not_public`].
pub fn not_public_addresses(documentation_too: bool) -> &'static AddressSet {
    static SET: OnceLock<AddressSet> = OnceLock::new();
    if !documentation_too {
        return private_or_special_addresses();
    }
    SET.get_or_init(|| not_public(true).addresses())
}

/// Whether the address is one that organisations number themselves with (RFC 1918, RFC 4193).
pub fn is_private(address: IpAddr) -> bool {
    private().contains(&Prefix::host(address))
}

/// Whether the address is set aside for documentation (RFC 5737, RFC 3849, RFC 9637).
pub fn is_documentation(address: IpAddr) -> bool {
    documentation().contains(&Prefix::host(address))
}

/// Whether the address can be one on the internet. Documentation space counts as public.
pub fn is_public(address: IpAddr) -> bool {
    !private_or_special_addresses().contains(address)
}

/// What the special block is that contains the whole prefix, by its source ("RFC 1918"); `None` for
/// public space. Documentation space has a source too.
pub fn source_of(prefix: &Prefix) -> Option<&'static str> {
    static BLOCKS: OnceLock<Vec<(Prefix, &'static str)>> = OnceLock::new();
    let blocks = BLOCKS.get_or_init(|| {
        let all = [RFC1918, UNIQUE_LOCAL, SHARED, LINK_LOCAL, DOCUMENTATION, OTHER_SPECIAL];
        let blocks = all.iter().flat_map(|blocks| blocks.iter());
        blocks.filter_map(|(text, source)| Some((Prefix::parse(text)?.0, *source))).collect()
    });
    blocks.iter().find(|(block, _)| block.contains(prefix)).map(|(_, source)| *source)
}

/// The blocks with all that is inside them.
fn set(groups: &[Blocks]) -> PrefixSet {
    let blocks = groups.iter().flat_map(|blocks| blocks.iter());
    let prefixes = blocks.filter_map(|(text, _)| Prefix::parse(text));
    prefixes.map(|(prefix, _)| PrefixRange::or_longer(prefix)).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        DOCUMENTATION, LINK_LOCAL, OTHER_SPECIAL, RFC1918, SHARED, UNIQUE_LOCAL, is_documentation,
        is_private, is_public, not_public, not_public_addresses, private_or_special, rfc1918,
        source_of,
    };
    use crate::prefix::Prefix;

    #[test]
    fn every_block_is_well_written() {
        let groups = [RFC1918, UNIQUE_LOCAL, SHARED, LINK_LOCAL, DOCUMENTATION, OTHER_SPECIAL];
        for (text, _) in groups.iter().flat_map(|blocks| blocks.iter()) {
            let (prefix, host_bits) = Prefix::parse(text).unwrap();
            assert_eq!((prefix.to_string().as_str(), host_bits), (*text, false));
        }
    }

    #[test]
    fn addresses_are_told_apart() {
        // address, private, documentation, public
        let cases = [
            ("10.0.0.0", true, false, false),
            ("11.0.0.0", false, false, true),
            ("172.15.255.255", false, false, true),
            ("172.31.255.255", true, false, false),
            ("172.32.0.0", false, false, true),
            ("192.168.255.255", true, false, false),
            ("100.63.255.255", false, false, true),
            ("100.64.0.0", false, false, false),
            ("100.128.0.0", false, false, true),
            ("169.254.21.1", false, false, false),
            ("127.0.0.1", false, false, false),
            ("0.0.0.0", false, false, false),
            ("192.0.0.8", false, false, false),
            ("192.0.1.1", false, false, true),
            ("192.0.2.1", false, true, true),
            ("198.17.255.255", false, false, true),
            ("198.19.255.255", false, false, false),
            ("198.51.100.7", false, true, true),
            ("203.0.113.255", false, true, true),
            ("203.0.114.0", false, false, true),
            ("223.255.255.255", false, false, true),
            ("224.0.0.5", false, false, false),
            ("255.255.255.255", false, false, false),
            ("::1", false, false, false),
            ("64:ff9b::1", false, false, false),
            ("2001:1ff::", false, false, false),
            ("2001:200::1", false, false, true),
            ("2001:db8::1", false, true, true),
            ("2001:db9::1", false, false, true),
            ("2002:a00:1::", false, false, false),
            ("2600::1", false, false, true),
            ("3fff:fff::1", false, true, true),
            ("4000::1", false, false, false),
            ("fc00::1", true, false, false),
            ("fdff::1", true, false, false),
            ("fe80::1", false, false, false),
            ("ff02::5", false, false, false),
        ];
        for (text, private, documentation, public) in cases {
            let address = text.parse().unwrap();
            let found = (is_private(address), is_documentation(address), is_public(address));
            assert_eq!(found, (private, documentation, public), "{text}");
            let strict = not_public_addresses(true).contains(address);
            assert_eq!(strict, documentation || !public, "{text}");
        }
    }

    #[test]
    fn sets_hold_blocks_and_what_is_inside() {
        let parse = |text| Prefix::parse(text).unwrap().0;
        assert_eq!(rfc1918().to_string(), {
            "10.0.0.0/8 le 32, 172.16.0.0/12 le 32, 192.168.0.0/16 le 32"
        });
        assert!(private_or_special().contains(&parse("10.1.0.0/16")));
        assert!(!private_or_special().contains(&parse("0.0.0.0/0")));
        assert!(!private_or_special().contains(&parse("8.0.0.0/6")));
        assert!(!private_or_special().contains(&parse("203.0.113.0/24")));
        assert!(!not_public(false).contains(&parse("203.0.113.0/24")));
        assert!(not_public(true).contains(&parse("203.0.113.0/24")));
        assert_eq!(source_of(&parse("172.20.0.0/16")), Some("RFC 1918"));
        assert_eq!(source_of(&parse("fd00::/8")), Some("RFC 4193"));
        assert_eq!(source_of(&parse("2001:db8:1::/48")), Some("RFC 3849"));
        assert_eq!(source_of(&parse("0.0.0.0/0")), None);
    }
}
