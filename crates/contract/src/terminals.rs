//! The terminal classes: what a value looks like, good ones, and ones that just miss.
//!
//! Near misses are what finds a parser with too wide a range; a random word never does. To add a
//! class, add a row to [`TERMINALS`], a sampler to `samples`, and a row to `grammars/terminals.md`;
//! a test holds the two tables together. A plain range of numbers needs no row: `RANGE_1_500` is a
//! class as it stands, written as vendors' manuals write `<1-500>`.

use crate::random::Random;
use crate::samples;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A row of the table: a class with a name of its own.
#[derive(Debug)]
pub struct Terminal {
    /// The name grammars use.
    pub name: &'static str,
    /// One word, or all words up to the end of the line.
    pub extent: Extent,
    /// Draws a good value; words of a longer one are parted by one blank.
    pub sample: fn(&mut Random) -> String,
    /// Whether a value belongs to the class; a longer one is shown whole.
    pub holds: fn(&str) -> bool,
    /// Words that are no values of the class, although they resemble one.
    pub near_misses: &'static [&'static str],
}

/// How many words a value takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Exactly one.
    Word,
    /// At least one, and all that the line still holds.
    Rest,
}

/// A terminal class as grammars refer to it.
#[derive(Debug, Clone, Copy)]
pub enum Class {
    /// One of [`TERMINALS`].
    Named(&'static Terminal),
    /// `RANGE_low_high`: a decimal number within bounds, both included.
    Range {
        /// Least value.
        low: u64,
        /// Greatest value.
        high: u64,
    },
}

/// The class of that name, if there is one.
pub fn class(name: &str) -> Option<Class> {
    if let Some(bounds) = name.strip_prefix("RANGE_") {
        let (low, high) = bounds.split_once('_')?;
        let (low, high) = (digits(low)?, digits(high)?);
        return (low < high).then_some(Class::Range { low, high });
    }
    TERMINALS.iter().find(|terminal| terminal.name == name).map(Class::Named)
}

impl Class {
    /// The name grammars use.
    pub fn name(self) -> String {
        match self {
            Self::Named(terminal) => terminal.name.to_owned(),
            Self::Range { low, high } => format!("RANGE_{low}_{high}"),
        }
    }

    /// How many words a value takes.
    pub fn extent(self) -> Extent {
        match self {
            Self::Named(terminal) => terminal.extent,
            Self::Range { .. } => Extent::Word,
        }
    }

    /// A good value.
    pub fn sample(self, random: &mut Random) -> String {
        match self {
            Self::Named(terminal) => (terminal.sample)(random),
            Self::Range { low, high } => samples::edgy(random, low, high).to_string(),
        }
    }

    /// Whether `value` belongs to the class.
    pub fn holds(self, value: &str) -> bool {
        match self {
            Self::Named(terminal) => (terminal.holds)(value),
            Self::Range { low, high } => number(value, low, high),
        }
    }

    /// A word that just misses the class, or nothing where every word belongs to it.
    pub fn near_miss(self, random: &mut Random) -> Option<String> {
        match self {
            Self::Named(terminal) => {
                random.among(terminal.near_misses).map(|word| (*word).to_owned())
            }
            Self::Range { low, high } => Some(match random.below(4) {
                0 if 0 < low => (low - 1).to_string(),
                1 => format!("-{low}"),
                2 => format!("{low}x"),
                _ => high.checked_add(1)?.to_string(),
            }),
        }
    }
}

macro_rules! terminals {
    ($($name:literal $extent:ident $sample:ident $holds:expr, [$($near:literal),*];)*) => {
        /// Every named class, in the order of `grammars/terminals.md`.
        pub static TERMINALS: &[Terminal] = &[$(Terminal {
            name: $name,
            extent: Extent::$extent,
            sample: samples::$sample,
            holds: $holds,
            near_misses: &[$($near),*],
        }),*];
    };
}

terminals! {
    "ADDR4" Word addr4 addr4,
        ["256.1.1.1", "10.0.0", "10.0.0.0.0", "10.0.0.0/8", "10.0.0.x", "2001:db8::1"];
    "ADDR6" Word addr6 addr6,
        ["2001:db8::g", "2001:db8::1::2", "1:2:3:4:5:6:7", "2001:db8::/32", "10.0.0.1"];
    "ADDRESS" Word address |word| word.parse::<IpAddr>().is_ok(),
        ["256.1.1.1", "10.0.0", "2001:db8::g", "2001:db8::1::2", "10.0.0.0/8"];
    "MASK4" Word mask4 mask4,
        ["255.0.255.0", "0.0.0.255", "255.255.255.256", "255.255.255", "24"];
    "WILDCARD4" Word wildcard4 addr4,
        ["0.0.0.256", "0.0.255", "0.0.0.0.255", "/24"];
    "PREFIX4" Word prefix4 prefix4,
        ["10.0.0.0/33", "256.0.0.0/8", "10.0.0/24", "10.0.0.0", "10.0.0.0/", "10.0.0.0/-1", "/8"];
    "PREFIX6" Word prefix6 prefix6,
        ["2001:db8::/129", "2001:db8::", "2001:db8::g/64", "::1::/64", "2001:db8::/", "10.0.0.0/8"];
    "PREFIX" Word prefix |word| prefix4(word) || prefix6(word),
        ["10.0.0.0/33", "2001:db8::/129", "10.0.0.0", "2001:db8::", "256.0.0.0/8", "/8"];
    "LEN4" Word len4 |word| number(word, 0, 32), ["33", "128", "-1", "+8", "/24", "8x"];
    "SLASH4" Word slash4 |word| word.strip_prefix('/').is_some_and(|it| number(it, 0, 32)),
        ["/33", "24", "/", "//24", "/-1", "/x"];
    "LEN6" Word len6 |word| number(word, 0, 128), ["129", "256", "-1", "+8", "/64", "8x"];
    "ASN" Word asn asn,
        ["0", "4294967296", "65536.1", "1.65536", "0.0", "1.", ".1", "1.1.1", "-1", "AS64500"];
    "COMMUNITY" Word community community,
        ["65536:1", "1:65536", "1:", ":1", "1:2:3", "4294967296", "-1", "65000-1"];
    "COMMUNITY_PAIR" Word community_pair |word| word.contains(':') && community(word),
        ["65536:1", "1:65536", "1:", ":1", "1:2:3", "64500", "-1:1"];
    "LARGE_COMMUNITY" Word large_community large_community,
        ["4294967296:1:1", "1:4294967296:1", "1:1:4294967296", "1:1", "1:1:1:1", "1::1"];
    "EXTCOMMUNITY" Word extcommunity extcommunity,
        ["65536:65536", "10.0.0.1:65536", "4294967296:1", "64500", "256.1.1.1:1", "1:2:3", "1:"];
    "SEQ" Word seq |word| number(word, 1, 0xffff_fffe),
        ["0", "4294967295", "4294967296", "-5", "+5", "5x"];
    "UINT8" Word uint8 |word| number(word, 0, 0xff), ["256", "-1", "+1", "1x"];
    "UINT16" Word uint16 |word| number(word, 0, 0xffff), ["65536", "-1", "+1", "1x"];
    "UINT32" Word uint32 |word| number(word, 0, 0xffff_ffff), ["4294967296", "-1", "+1", "1x"];
    "METRIC" Word uint32 |word| number(word, 0, 0xffff_ffff), ["4294967296", "-1", "1x"];
    "VLAN" Word vlan |word| number(word, 1, 4094), ["0", "4095", "-1", "+1", "1x"];
    "SIGNED" Word signed signed, ["4294967296", "-4294967296", "+", "-", "+-1", "1x"];
    "NAME" Word name is_word, [];
    "WORD" Word word is_word, [];
    "PARAMETER" Word parameter |word| 1 < word.len() && word.starts_with('$'), ["$", "value", "value$"];
    "PATTERN" Word pattern pattern, ["^64500$", "'^64500$", "^64500$'", "'"];
    "INTERFACE" Word interface interface,
        ["GigabitEthernet", "0/0/1", "GigabitEthernet0/0/", "Gigabit/Ethernet0", "Vlan10."];
    "IFONE" Word one_in_parentheses |word| in_parentheses(word, 1),
        ["inside", "(inside", "inside)", "()", "(inside,outside)"];
    "IFPAIR" Word two_in_parentheses |word| in_parentheses(word, 2),
        ["inside,outside", "(inside,outside", "(inside)", "(,outside)", "(inside,)", "(a,b,c)"];
    "ADDRS4" Word addrs4 addrs4,
        ["10.0.0.1", "10.0.0.1-", "10.0.0.1-10.0.0.256", "10.0.0.2-10.0.0.1", "10.0.0.0/8"];
    "SECURITY" Word security security, ["security", "security101", "security-1", "100"];
    "HEXKEY" Word hexkey hexkey, ["0A1", "0A1G", "0x0A", "0A-1"];
    "REGEX" Rest regex is_text, [];
    "REST" Rest rest is_text, [];
}

/// Decimal digits only: no sign, no blank, as devices want them.
fn digits(word: &str) -> Option<u64> {
    let plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    if plain { word.parse().ok() } else { None }
}

fn number(word: &str, low: u64, high: u64) -> bool {
    digits(word).is_some_and(|number| (low..=high).contains(&number))
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && !word.contains(char::is_whitespace)
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty()
}

fn addr4(word: &str) -> bool {
    word.parse::<Ipv4Addr>().is_ok()
}

fn addr6(word: &str) -> bool {
    word.parse::<Ipv6Addr>().is_ok()
}

fn mask4(word: &str) -> bool {
    let mask = word.parse::<Ipv4Addr>().map(Ipv4Addr::to_bits);
    mask.is_ok_and(|mask| mask.leading_ones() + mask.trailing_zeros().min(32) == 32 || mask == 0)
}

fn prefix4(word: &str) -> bool {
    word.split_once('/').is_some_and(|(address, length)| addr4(address) && number(length, 0, 32))
}

fn prefix6(word: &str) -> bool {
    word.split_once('/').is_some_and(|(address, length)| addr6(address) && number(length, 0, 128))
}

/// Plain (RFC 6793) or asdot (RFC 5396, section 2).
fn asn(word: &str) -> bool {
    match word.split_once('.') {
        None => number(word, 1, 0xffff_ffff),
        Some((high, low)) => number(high, 1, 0xffff) && number(low, 0, 0xffff),
    }
}

/// RFC 1997 in either of its two notations.
fn community(word: &str) -> bool {
    match word.split_once(':') {
        None => number(word, 0, 0xffff_ffff),
        Some((high, low)) => number(high, 0, 0xffff) && number(low, 0, 0xffff),
    }
}

/// RFC 8092, section 5.
fn large_community(word: &str) -> bool {
    word.split(':').count() == 3 && word.split(':').all(|part| number(part, 0, 0xffff_ffff))
}

/// RFC 4360, section 3 (two-octet AS, IPv4 address) and RFC 5668 (four-octet AS).
fn extcommunity(word: &str) -> bool {
    word.split_once(':').is_some_and(|(administrator, assigned)| {
        if number(administrator, 0, 0xffff) {
            return number(assigned, 0, 0xffff_ffff);
        }
        (asn(administrator) || addr4(administrator)) && number(assigned, 0, 0xffff)
    })
}

fn signed(word: &str) -> bool {
    number(word.strip_prefix(['+', '-']).unwrap_or(word), 0, 0xffff_ffff)
}

/// A type and a place: letters and hyphens, then numbers parted by `/`, `:` or `.`.
fn interface(word: &str) -> bool {
    let Some(place) = word.find(|c: char| c.is_ascii_digit()) else { return false };
    let (kind, place) = word.split_at(place);
    let letters = kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters
        && place.split(['/', ':', '.']).all(|part| digits(part).is_some())
}

/// A regular expression of one word in single quotes.
fn pattern(word: &str) -> bool {
    let inner = word.strip_prefix('\'').and_then(|word| word.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.contains('\''))
}

/// So many names of interfaces in parentheses, parted by commas.
fn in_parentheses(word: &str, count: usize) -> bool {
    let inner = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
    inner.is_some_and(|inner| {
        let plain = |name: &str| is_word(name) && !name.contains(['(', ')']);
        inner.split(',').count() == count && inner.split(',').all(plain)
    })
}

/// Two addresses, the lower one first.
fn addrs4(word: &str) -> bool {
    let ends = word.split_once('-').map(|(first, last)| (first.parse(), last.parse()));
    matches!(ends, Some((Ok::<Ipv4Addr, _>(first), Ok::<Ipv4Addr, _>(last))) if first <= last)
}

/// How much an interface is trusted, in one word.
fn security(word: &str) -> bool {
    word.strip_prefix("security").is_some_and(|level| number(level, 0, 100))
}

/// Pairs of hexadecimal digits, four digits at least.
fn hexkey(word: &str) -> bool {
    let even = word.len().is_multiple_of(2) && 4 <= word.len();
    even && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{Class, Extent, TERMINALS, class};
    use crate::random::Random;
    use std::collections::BTreeSet;

    const DOCUMENT: &str = include_str!("../../../grammars/terminals.md");

    #[test]
    fn every_sample_holds_and_every_near_miss_does_not() {
        let mut random = Random::new(11);
        for terminal in TERMINALS {
            for _ in 0..500 {
                let value = (terminal.sample)(&mut random);
                assert!((terminal.holds)(&value), "{}: {value}", terminal.name);
                let several = value.contains(' ');
                assert!(!several || terminal.extent == Extent::Rest, "{}", terminal.name);
            }
            for near in terminal.near_misses {
                assert!(!(terminal.holds)(near), "{}: {near}", terminal.name);
            }
        }
    }

    #[test]
    fn values_at_the_edge() {
        let table = [
            ("MASK4", "0.0.0.0 255.255.255.255 255.255.254.0"),
            ("PREFIX4", "0.0.0.0/0 10.0.0.1/32 10.0.0.1/8"),
            ("ASN", "1 4294967295 1.10 65535.65535"),
            ("COMMUNITY", "0:0 65535:65535 4294967295"),
            ("EXTCOMMUNITY", "64500:4294967295 65536:65535 192.0.2.1:65535 1.10:7"),
            ("SEQ", "1 4294967294"),
            ("SIGNED", "+0 -10 10"),
            (
                "INTERFACE",
                "GigabitEthernet0/0/1.100 Loopback0 Null0 Port-channel1 Hu0/0 Serial0/0:1",
            ),
            ("RANGE_1_500", "1 500"),
        ];
        for (name, values) in table {
            for value in values.split(' ') {
                assert!(class(name).unwrap().holds(value), "{name}: {value}");
            }
        }
    }

    #[test]
    fn ranges_are_classes() {
        let range = class("RANGE_1_500").unwrap();
        assert_eq!(range.name(), "RANGE_1_500");
        let mut random = Random::new(3);
        for _ in 0..200 {
            assert!(range.holds(&range.sample(&mut random)));
            assert!(!range.holds(&range.near_miss(&mut random).unwrap()));
        }
        for name in ["RANGE_5_5", "RANGE_5", "RANGE_A_B", "RANGE__1", "NOTHING"] {
            assert!(class(name).is_none(), "{name}");
        }
    }

    /// The document's rows: name, example, near misses.
    fn rows() -> Vec<(String, Vec<String>, Vec<String>)> {
        let code =
            |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        DOCUMENT
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| {
                let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
                (code(cells[0]).join(" "), code(cells[2]), code(cells[3]))
            })
            .collect()
    }

    #[test]
    fn the_document_and_the_table_name_the_same_classes() {
        let documented: Vec<String> = rows().into_iter().map(|(name, _, _)| name).collect();
        let mut known: Vec<&str> = TERMINALS.iter().map(|terminal| terminal.name).collect();
        known.push("RANGE_low_high");
        assert_eq!(documented, known);
        assert_eq!(documented.iter().collect::<BTreeSet<_>>().len(), documented.len());
    }

    #[test]
    fn the_documents_examples_are_true() {
        for (name, examples, near_misses) in rows() {
            let class = class(&name).unwrap_or(Class::Range { low: 1, high: 500 });
            assert!(!examples.is_empty(), "{name} has no example");
            for example in examples {
                assert!(class.holds(&example), "{name}: {example}");
            }
            for near in near_misses {
                assert!(!class.holds(&near), "{name}: {near}");
            }
        }
    }
}
