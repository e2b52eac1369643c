//! Good values of each terminal class, drawn at random.
//!
//! Edges are drawn far more often than an even draw would: that is where parsers err. Prefixes come
//! without host bits, because what a device does with host bits is a question for rules, not for
//! a grammar. Addresses are private ones and those of RFC 5737 and RFC 3849.

use crate::random::Random;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A number from `low` to `high`: often an edge, often a small one.
pub(crate) fn edgy(random: &mut Random, low: u64, high: u64) -> u64 {
    match random.below(8) {
        0 => low,
        1 => high,
        2..=5 => random.between(low, high.min(low.saturating_add(200))),
        _ => random.between(low, high),
    }
}

fn text(random: &mut Random, low: u64, high: u64) -> String {
    edgy(random, low, high).to_string()
}

fn pick(random: &mut Random, words: &[&str]) -> String {
    random.among(words).copied().unwrap_or_default().to_owned()
}

fn ipv4(random: &mut Random) -> Ipv4Addr {
    const FIRST: [[u8; 3]; 6] =
        [[10, 1, 7], [172, 16, 9], [192, 168, 3], [192, 0, 2], [198, 51, 100], [203, 0, 113]];
    let [a, b, c] = random.among(&FIRST).copied().unwrap_or_default();
    Ipv4Addr::new(a, b, c, u8::try_from(random.below(256)).unwrap_or(u8::MAX))
}

fn ipv6(random: &mut Random) -> Ipv6Addr {
    let low = u128::from(random.bits() >> random.below(64));
    let subnet = u128::from(random.bits() & 0xffff) << 80;
    Ipv6Addr::from_bits(0x2001_0db8 << 96 | if random.once_in(2) { subnet } else { 0 } | low)
}

/// The first `length` bits of 32.
pub(crate) fn netmask(length: u64) -> u32 {
    u32::try_from(length.min(32))
        .ok()
        .and_then(|length| u32::MAX.checked_shl(32 - length))
        .unwrap_or(0)
}

pub(crate) fn addr4(random: &mut Random) -> String {
    ipv4(random).to_string()
}

pub(crate) fn addr6(random: &mut Random) -> String {
    ipv6(random).to_string()
}

pub(crate) fn address(random: &mut Random) -> String {
    if random.once_in(2) { addr4(random) } else { addr6(random) }
}

pub(crate) fn slash4(random: &mut Random) -> String {
    format!("/{}", random.between(0, 32))
}

pub(crate) fn mask4(random: &mut Random) -> String {
    Ipv4Addr::from_bits(netmask(random.between(0, 32))).to_string()
}

pub(crate) fn wildcard4(random: &mut Random) -> String {
    if random.once_in(4) {
        return pick(random, &["0.0.254.255", "0.255.0.255", "0.0.0.254"]);
    }
    Ipv4Addr::from_bits(!netmask(random.between(0, 32))).to_string()
}

pub(crate) fn prefix4(random: &mut Random) -> String {
    let length = random.between(0, 32);
    let network = Ipv4Addr::from_bits(ipv4(random).to_bits() & netmask(length));
    format!("{network}/{length}")
}

pub(crate) fn prefix6(random: &mut Random) -> String {
    let length = u32::try_from(random.between(0, 128)).unwrap_or(128);
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
    format!("{}/{length}", Ipv6Addr::from_bits(ipv6(random).to_bits() & mask))
}

pub(crate) fn prefix(random: &mut Random) -> String {
    if random.once_in(2) { prefix4(random) } else { prefix6(random) }
}

pub(crate) fn asn(random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("{}.{}", edgy(random, 1, 0xffff), edgy(random, 0, 0xffff)),
        1 => pick(random, &["12076", "64496", "65515", "65536", "65551"]),
        _ => text(random, 1, 0xffff_ffff),
    }
}

pub(crate) fn community(random: &mut Random) -> String {
    if random.once_in(4) {
        return text(random, 0, 0xffff_ffff);
    }
    format!("{}:{}", edgy(random, 0, 0xffff), edgy(random, 0, 0xffff))
}

pub(crate) fn community_pair(random: &mut Random) -> String {
    format!("{}:{}", edgy(random, 0, 0xffff), edgy(random, 0, 0xffff))
}

pub(crate) fn parameter(random: &mut Random) -> String {
    format!("${}", pick(random, &["site", "local_pref", "peer-as", "x"]))
}

pub(crate) fn pattern(random: &mut Random) -> String {
    pick(random, &["'^64500$'", "'_64500_'", "'64500'", "'[64496..64511]'", "'^(64500_)*$'"])
}

pub(crate) fn large_community(random: &mut Random) -> String {
    let mut part = || edgy(random, 0, 0xffff_ffff);
    format!("{}:{}:{}", part(), part(), part())
}

pub(crate) fn extcommunity(random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("{}:{}", ipv4(random), edgy(random, 0, 0xffff)),
        1 => format!("{}:{}", edgy(random, 0x1_0000, 0xffff_ffff), edgy(random, 0, 0xffff)),
        _ => format!("{}:{}", edgy(random, 1, 0xffff), edgy(random, 0, 0xffff_ffff)),
    }
}

pub(crate) fn seq(random: &mut Random) -> String {
    if random.once_in(2) {
        return (5 * random.between(1, 60)).to_string();
    }
    text(random, 1, 0xffff_fffe)
}

pub(crate) fn len4(random: &mut Random) -> String {
    random.between(0, 32).to_string()
}

pub(crate) fn len6(random: &mut Random) -> String {
    random.between(0, 128).to_string()
}

pub(crate) fn uint8(random: &mut Random) -> String {
    text(random, 0, 0xff)
}

pub(crate) fn uint16(random: &mut Random) -> String {
    text(random, 0, 0xffff)
}

pub(crate) fn uint32(random: &mut Random) -> String {
    text(random, 0, 0xffff_ffff)
}

pub(crate) fn vlan(random: &mut Random) -> String {
    text(random, 1, 4094)
}

pub(crate) fn signed(random: &mut Random) -> String {
    let sign = pick(random, &["", "+", "-"]);
    sign + &uint32(random)
}

pub(crate) fn name(random: &mut Random) -> String {
    const STEMS: [&str; 12] = [
        "PL-CLOUD",
        "RM_IN",
        "to-azure",
        "EDGE",
        "Peers",
        "dc1.west",
        "CL_LOCAL",
        "X",
        "BLOCK-BOGONS",
        "wan:primary",
        "Tier#1",
        "vrf-blue",
    ];
    let stem = pick(random, &STEMS);
    if random.once_in(3) { stem } else { format!("{stem}{}", random.below(100)) }
}

pub(crate) fn word(random: &mut Random) -> String {
    match random.below(4) {
        0 => uint16(random),
        1 => addr4(random),
        _ => name(random),
    }
}

pub(crate) fn interface(random: &mut Random) -> String {
    let n = random.below(48);
    match random.below(7) {
        0 => format!("Loopback{n}"),
        1 => "Null0".to_owned(),
        2 => format!("GigabitEthernet0/0/{n}"),
        3 => format!("GigabitEthernet0/0/{n}.{}", random.between(1, 4094)),
        4 => format!("Port-channel{n}"),
        5 => format!("Vlan{}", random.between(1, 4094)),
        _ => format!("TenGigabitEthernet1/{n}"),
    }
}

/// Names of interfaces of a firewall.
const ZONES: [&str; 5] = ["inside", "outside", "dmz-1", "ISP_2", "partner.net"];

pub(crate) fn one_in_parentheses(random: &mut Random) -> String {
    format!("({})", pick(random, &ZONES))
}

pub(crate) fn two_in_parentheses(random: &mut Random) -> String {
    format!("({},{})", pick(random, &ZONES), pick(random, &ZONES))
}

pub(crate) fn addrs4(random: &mut Random) -> String {
    let first = ipv4(random).to_bits() & 0xffff_ff7f;
    let last = first + u32::try_from(random.below(64)).unwrap_or(0);
    format!("{}-{}", Ipv4Addr::from_bits(first), Ipv4Addr::from_bits(last))
}

pub(crate) fn security(random: &mut Random) -> String {
    format!("security{}", random.between(0, 100))
}

pub(crate) fn regex(random: &mut Random) -> String {
    pick(
        random,
        &["^$", ".*", "^12076$", "^12076(_12076)*$", "_6451[2-9]_", "^64500_ .*", "^(65515 )+$"],
    )
}

pub(crate) fn rest(random: &mut Random) -> String {
    let mut text = word(random);
    for _ in 0..random.below(4) {
        text.push(' ');
        text.push_str(&word(random));
    }
    text
}

pub(crate) fn hexkey(random: &mut Random) -> String {
    let mut key = String::new();
    for _ in 0..random.between(4, 12) {
        key.push_str(&format!("{:02X}", random.below(256)));
    }
    key
}
