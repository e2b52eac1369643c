//! Families and prefixes, always without host bits.
//!
//! Vendors disagree about `10.1.2.3/8`: most mask it, some refuse it. A [`Prefix`] is what a route can
//! carry, so the host bits are gone, and [`Prefix::parse`] says that there were some: that is a
//! finding for the dialect to make.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use ipnetwork::IpNetwork;

use crate::address_set::Interval;
use crate::range::PrefixRange;
use crate::word::Word;

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4, 32 bits.
    Ipv4,
    /// IPv6, 128 bits.
    Ipv6,
}

impl Family {
    /// The number of bits in an address, which is also the longest length of a prefix.
    pub const fn width(self) -> u8 {
        match self {
            Self::Ipv4 => 32,
            Self::Ipv6 => 128,
        }
    }

    /// The family of an address.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::Ipv4,
            IpAddr::V6(_) => Self::Ipv6,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
        })
    }
}

/// The destination of a route: a block of addresses that share their first bits.
///
/// Prefixes are ordered by family, then address, then length.
///
/// # Invariants
/// - The length is at most the family's width.
/// - Bits beyond the length are 0.
///
/// ```
/// use edgelint_prefix::Prefix;
/// let (prefix, had_host_bits) = Prefix::parse("10.1.2.3/8").unwrap();
/// assert_eq!(prefix.to_string(), "10.0.0.0/8");
/// assert!(had_host_bits);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    address: IpAddr,
    length: u8,
}

impl Prefix {
    /// The first `length` bits of `address`; `None` if the family has no such length.
    pub fn new(address: IpAddr, length: u8) -> Option<Self> {
        (length <= Family::of(address).width()).then(|| Self::masked(address, length))
    }

    /// The prefix of this one address: /32 or /128.
    pub const fn host(address: IpAddr) -> Self {
        Self { address, length: Family::of(address).width() }
    }

    /// The network of an interface or a statement, without its host bits.
    pub fn from_network(network: IpNetwork) -> Self {
        Self::masked(network.ip(), network.prefix())
    }

    /// Reads `address/length` and tells whether the address had host bits.
    ///
    /// The address is read as the standard library reads it (four full octets without leading
    /// zeros; IPv6 as in RFC 4291 section 2.2), the length is one to three digits. There is no other form:
    /// no netmask, no blanks, no sign.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        // Behind the mark stand one to three digits, whatever the family.
        let (address, length) = match text.as_bytes() {
            [address @ .., b'/', _] => (address, 1),
            [address @ .., b'/', _, _] => (address, 2),
            [address @ .., b'/', _, _, _] => (address, 3),
            _ => return None,
        };
        let length = text.get(text.len() - length..)?;
        let address = match read_dotted(address) {
            Some(address) => IpAddr::V4(address),
            None => text.get(..address.len())?.parse().ok()?,
        };
        let prefix = Self::new(address, parse_length(length)?)?;
        Some((prefix, prefix.address != address))
    }

    /// The address family.
    pub const fn family(&self) -> Family {
        Family::of(self.address)
    }

    /// The first address, which is how the prefix is written.
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// The length in bits.
    pub const fn length(&self) -> u8 {
        self.length
    }

    /// Whether this is the default route, `0.0.0.0/0` or `::/0`.
    pub const fn is_default(&self) -> bool {
        self.length == 0
    }

    /// Whether `other` is this prefix or a more specific one.
    pub fn contains(&self, other: &Self) -> bool {
        self.family() == other.family()
            && self.length <= other.length
            && Self::masked(other.address, self.length).address == self.address
    }

    /// The first address.
    pub const fn first(&self) -> IpAddr {
        self.address
    }

    /// The last address.
    pub fn last(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => address.to_bits().block(self.length).1.to_address(),
            IpAddr::V6(address) => address.to_bits().block(self.length).1.to_address(),
        }
    }

    /// The range that holds this prefix alone.
    pub const fn range(&self) -> PrefixRange {
        PrefixRange::exact(*self)
    }

    /// The addresses of the block.
    pub fn interval(&self) -> Interval {
        Interval { first: self.first(), last: self.last() }
    }

    /// The prefix of `length` bits around `address`. The length must be one the family has.
    pub(crate) fn masked(address: IpAddr, length: u8) -> Self {
        let address = match address {
            IpAddr::V4(address) => address.to_bits().block(length).0.to_address(),
            IpAddr::V6(address) => address.to_bits().block(length).0.to_address(),
        };
        Self { address, length }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.address, self.length)
    }
}

/// Reads a length of one to three digits. (`u8::from_str` would take a sign.)
pub(crate) fn parse_length(text: &str) -> Option<u8> {
    let digit = |byte: u8| u32::from(byte.wrapping_sub(b'0'));
    let (hundreds, tens, ones) = match *text.as_bytes() {
        [ones] => (0, 0, digit(ones)),
        [tens, ones] => (0, digit(tens), digit(ones)),
        [hundreds, tens, ones] => (digit(hundreds), digit(tens), digit(ones)),
        _ => return None,
    };
    if hundreds.max(tens).max(ones) > 9 {
        return None;
    }
    u8::try_from(hundreds * 100 + tens * 10 + ones).ok()
}

/// Reads an IPv4 address exactly as the standard library does: four octets without leading zeros.
///
/// Lists hold little else than addresses, and how long their octets are nobody can foresee: so nothing in
/// here depends on it but how far the text is moved.
pub fn dotted(text: &str) -> Option<Ipv4Addr> {
    read_dotted(text.as_bytes())
}

/// The same of bytes.
fn read_dotted(bytes: &[u8]) -> Option<Ipv4Addr> {
    // Two numbers of eight bytes each, the first byte lowest; behind the text they are empty.
    let (mut low, mut high) = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) if bytes.len() < 16 => {
            let spare = 8 * (15 - bytes.len());
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last) >> 8 >> spare)
        }
        _ if bytes.len() == 7 => {
            (bytes.iter().rev().fold(0, |low, byte| low << 8 | u64::from(*byte)), 0)
        }
        _ => return None,
    };
    let (mut address, mut read, mut marks) = (0, 0, 0);
    for _ in 0..4 {
        let (octet, bits) = octet(low as u32)?;
        address = address << 8 | octet;
        // The byte behind it: a point behind three of them, nothing behind the last.
        marks = marks << 8 | low >> bits & 0xFF;
        let used = bits + 8;
        low = low >> used | high << (64 - used);
        high >>= used;
        read += used;
    }
    let whole =
        read as usize == 8 * (bytes.len() + 1) && marks == u64::from(u32::from_be_bytes(*b"...\0"));
    whole.then(|| Ipv4Addr::from_bits(address))
}

/// The octet at the beginning of four bytes of text, and how many bits of text it is.
#[inline]
fn octet(text: u32) -> Option<(u32, u32)> {
    // Digits become their values; in bytes that are none, the highest bit is set.
    let values = text ^ 0x3030_3030;
    let others = (((values & 0x7F7F_7F7F) + 0x7676_7676) | values) & 0x8080_8080;
    let bits = others.trailing_zeros() & 0x38;
    // From 8 to 24.
    if bits.wrapping_sub(8) > 16 {
        return None;
    }
    // Hundreds, tens and ones in the three highest bytes; as digits of one number they are compared.
    let digits = values << (32 - bits);
    let number = digits.swap_bytes();
    // One digit may be a zero; the first of several may not.
    let least = 1 << (bits - 8) & !1;
    if !(least..=0x0002_0505).contains(&number) {
        return None;
    }
    // The highest byte of the product is the sum of all three, each times what it counts.
    Some((digits.wrapping_mul(0x0064_0A01) >> 24, bits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Family, Prefix, dotted};

    proptest! {
        #[test]
        fn addresses_are_read_as_the_standard_library_reads_them(
            text in "([0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9.x]{0,16}|(([0-9]|1[0-9]{2}|2[0-5]{2})\\.){2,4}[0-9]{1,2}"
        ) {
            prop_assert_eq!(dotted(&text), text.parse().ok());
        }
    }

    fn parse(text: &str) -> Prefix {
        Prefix::parse(text).unwrap().0
    }

    #[test]
    fn reads_only_what_is_a_prefix() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0", "::1/128"]
        {
            assert_eq!(Prefix::parse(text).map(|(prefix, host)| (prefix.to_string(), host)), {
                Some((text.to_owned(), false))
            });
        }
        let refused = [
            "",
            "/",
            "10.0.0.0",
            "10.0.0.0/",
            "/8",
            "10.0.0.0/+8",
            "10.0.0.0/-8",
            "10.0.0.0/33",
            "10.0.0/8",
            "010.0.0.0/8",
            "10.0.0.0/8/8",
            " 10.0.0.0/8",
            "10.0.0.0/8 ",
            "10.0.0.0/0008",
            "10.0.0.0/256",
            "10.0.0.0/255.0.0.0",
            "2001:db8::/129",
            "2001:db8/32",
            "fe80::1%0/64",
            "10.0.0.0/٨",
        ];
        for text in refused {
            assert_eq!(Prefix::parse(text), None, "{text}");
        }
    }

    #[test]
    fn host_bits_are_told_and_cleared() {
        assert_eq!(Prefix::parse("192.0.2.1/24").map(|(p, h)| (p.to_string(), h)), {
            Some(("192.0.2.0/24".to_owned(), true))
        });
        assert_eq!(Prefix::parse("2001:db8::1/64").map(|(p, h)| (p.to_string(), h)), {
            Some(("2001:db8::/64".to_owned(), true))
        });
        assert_eq!(Prefix::from_network("10.1.2.3/8".parse().unwrap()), parse("10.0.0.0/8"));
    }

    #[test]
    fn order_is_family_address_length() {
        let sorted =
            ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "192.0.2.0/24", "::/0", "2001:db8::/32"];
        let prefixes = sorted.map(parse);
        assert!(prefixes.is_sorted());
    }

    #[test]
    fn containment_is_within_a_family() {
        assert!(parse("10.0.0.0/8").contains(&parse("10.0.0.0/8")));
        assert!(parse("10.0.0.0/8").contains(&parse("10.255.0.0/16")));
        assert!(!parse("10.0.0.0/8").contains(&parse("11.0.0.0/16")));
        assert!(!parse("10.1.0.0/16").contains(&parse("10.0.0.0/8")));
        assert!(parse("0.0.0.0/0").contains(&parse("203.0.113.0/24")));
        assert!(!parse("0.0.0.0/0").contains(&parse("::/0")));
    }

    #[test]
    fn small_and_bounded() {
        assert!(size_of::<Prefix>() <= 18);
        let network = parse("192.0.2.64/26");
        assert_eq!(network.interval().to_string(), "192.0.2.64/26");
        assert_eq!(network.last().to_string(), "192.0.2.127");
        assert_eq!(parse("::/0").last().to_string(), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        assert_eq!(Prefix::host("192.0.2.1".parse().unwrap()).to_string(), "192.0.2.1/32");
        assert_eq!(network.family(), Family::Ipv4);
        assert_eq!(Family::Ipv6.to_string(), "ipv6");
        assert_eq!(Prefix::new("10.0.0.0".parse().unwrap(), 33), None);
    }
}
