//! Choices, and what is chosen from: a case is a row of numbers, and a shorter row of smaller ones is a simpler case.

use edgelint_model::OriginCode;
use edgelint_prefix::Prefix;

use crate::evaluate::AsPath;
use crate::trace::Offer;

/// AS number of the device.
pub(super) const OWN: u32 = 64_500;
/// A peer in another AS, and its AS number.
pub(super) const OUTSIDE: (&str, u32) = ("192.0.2.1", 64_501);
/// A peer in the own AS.
pub(super) const INSIDE: (&str, u32) = ("192.0.2.5", OWN);

const PREFIXES: [&str; 12] = [
    "10.0.0.0/8",
    "10.16.0.0/12",
    "10.20.0.0/16",
    "10.20.4.0/22",
    "10.20.4.0/24",
    "10.128.0.0/9",
    "198.18.0.0/15",
    "198.18.0.0/16",
    "198.19.64.0/18",
    "203.0.113.0/24",
    "203.0.113.64/28",
    "0.0.0.0/0",
];
pub(super) const COMMUNITIES: [&str; 6] =
    ["64500:1", "64500:7", "64501:100", "64501:200", "12076:51004", "12076:51006"];
const NUMBERS: [u32; 5] = [64_510, 64_511, 64_512, 12_076, 64_501];
/// Values of MED, local preference and tag: few, so that what is set and what is asked for meet.
const VALUES: [u32; 4] = [5, 10, 50, 200];

/// A row of numbers from which choices are made; at its end all choices are the first one.
pub(super) struct Draw<'n> {
    numbers: std::slice::Iter<'n, u16>,
}

impl<'n> Draw<'n> {
    pub(super) fn new(numbers: &'n [u16]) -> Self {
        Self { numbers: numbers.iter() }
    }

    /// A number below `many`.
    pub(super) fn below(&mut self, many: usize) -> usize {
        self.numbers.next().map_or(0, |&number| usize::from(number) % many.max(1))
    }

    /// True so many times of a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        // So that the first choice, which simple cases make, is no.
        99 - self.below(100) < percent
    }

    pub(super) fn pick<'p, T: ?Sized>(&mut self, pool: &[&'p T]) -> &'p T {
        pool[self.below(pool.len())]
    }

    pub(super) fn action(&mut self) -> &'static str {
        if self.chance(25) { "deny" } else { "permit" }
    }

    pub(super) fn value(&mut self) -> u32 {
        VALUES[self.below(VALUES.len())]
    }

    pub(super) fn number(&mut self) -> u32 {
        NUMBERS[self.below(NUMBERS.len())]
    }

    pub(super) fn prefix(&mut self) -> &'static str {
        self.pick(&PREFIXES)
    }

    /// One to `most` communities, with `between` them.
    pub(super) fn communities(&mut self, most: usize, between: &str) -> String {
        let count = 1 + self.below(most);
        let mut all: Vec<&str> = (0..count).map(|_| self.pick(&COMMUNITIES)).collect();
        all.sort_unstable();
        all.dedup();
        all.join(between)
    }

    /// A name of one of some objects, now and then of one that is not there.
    pub(super) fn name(&mut self, kind: &str, count: usize) -> String {
        if self.chance(4) {
            format!("{kind}-UNDEF")
        } else {
            format!("{kind}-{}", self.below(count))
        }
    }

    /// Bounds of an entry of a prefix list: none, `ge`, `le`, both, as words.
    pub(super) fn bounds(&mut self, prefix: &str, equal: bool) -> String {
        let (_, length) = prefix.split_once('/').expect("a prefix");
        let length: usize = length.parse().expect("a length");
        let low = length + 1 + self.below(6);
        let high = (low + self.below(8)).min(32);
        match self.below(if equal { 5 } else { 4 }) {
            0 => String::new(),
            _ if 32 < low => String::new(),
            1 => format!(" ge {low}"),
            2 => format!(" le {high}"),
            3 => format!(" ge {low} le {high}"),
            _ => format!(" eq {high}"),
        }
    }

    /// A route as a peer sends it.
    pub(super) fn route(&mut self, (_, remote_as): (&str, u32)) -> Offer {
        let mut path: Vec<u32> = (0..self.below(3)).map(|_| self.number()).collect();
        if remote_as != OWN {
            path.insert(0, remote_as);
        }
        let count = self.below(4);
        let communities = (0..count).map(|_| self.pick(&COMMUNITIES));
        let mut communities: Vec<_> = communities.map(crate::tests::reader::community).collect();
        communities.sort_unstable();
        communities.dedup();
        let origins = [OriginCode::Igp, OriginCode::Egp, OriginCode::Incomplete];
        let within = self.prefix();
        Offer {
            prefix: self.longer(within),
            as_path: AsPath::of_numbers(path),
            origin: origins[self.below(3)],
            med: if self.chance(60) { Some(self.value()) } else { None },
            local_preference: if remote_as == OWN { Some(self.value()) } else { None },
            communities,
            others: Vec::new(),
        }
    }

    /// A prefix, or one inside it.
    fn longer(&mut self, within: &str) -> Prefix {
        let (address, length) = within.split_once('/').expect("a prefix");
        let length: usize = length.parse().expect("a length");
        let length = (length + self.below(9)).min(32);
        let address: std::net::Ipv4Addr = address.parse().expect("an address");
        Prefix::new(address.into(), u8::try_from(length).expect("small")).expect("a prefix")
    }
}
