//! Machine words as addresses and as sets of lengths: the one place where widths differ.
//!
//! IPv4 and IPv6 need the same algorithms over `u32` and `u128`. A set of lengths is kept in a word
//! as wide as the address: lane `b` stands for the length `WIDTH - b`, so a lane's value is the
//! size of that length's block, and alignment becomes a statement about trailing zeros. Length 0
//! has no lane; the sets keep it as a flag.

use std::fmt::Debug;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::{BitAnd, BitOr, BitXor, Not, Shl, Shr};

use crate::prefix::Family;

/// What a step carries: a few independent yes-or-no lanes (`bool` for addresses, a word for lengths).
pub(crate) trait Lanes:
    Copy
    + Debug
    + Default
    + Eq
    + Ord
    + Hash
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
{
    /// The lowest lane that is set, with that lane alone as a value.
    fn lowest(self) -> Option<(usize, Self)>;

    /// Whether no lane is set.
    fn is_clear(self) -> bool {
        self == Self::default()
    }

    /// The lanes set here and not in `other`.
    fn without(self, other: Self) -> Self {
        self & !other
    }
}

/// An address as a number, which serves as a set of lengths as well.
pub(crate) trait Word: Lanes + Shl<u32, Output = Self> + Shr<u32, Output = Self> {
    /// Bits in an address.
    const WIDTH: u8;
    /// The number 0.
    const ZERO: Self;
    /// The number 1.
    const ONE: Self;
    /// The last address; as lengths: all from 1 to `WIDTH`.
    const MAX: Self;

    /// The address as a number, if it is of this family.
    fn from_address(address: IpAddr) -> Option<Self>;
    /// The number as an address.
    fn to_address(self) -> IpAddr;
    /// The sum, if it is still an address.
    fn plus(self, other: Self) -> Option<Self>;
    /// The number, widened.
    fn to_u128(self) -> u128;
    /// How many low bits are 0.
    fn zeros_below(self) -> u32;
    /// How many high bits are 0.
    fn zeros_above(self) -> u32;

    /// The address after this one, if there is one.
    fn successor(self) -> Option<Self> {
        self.plus(Self::ONE)
    }

    /// The lowest `count` bits; `count` must be below `WIDTH`.
    fn low(count: u32) -> Self {
        !(Self::MAX << count)
    }

    /// The first address of the block of lane `lane` around this address.
    fn block_first(self, lane: u32) -> Self {
        self.without(Self::low(lane))
    }

    /// The last address of the block of lane `lane` around this address.
    fn block_last(self, lane: u32) -> Self {
        self | Self::low(lane)
    }

    /// The first start of a block of lane `lane` at or after this address.
    fn next_block(self, lane: u32) -> Option<Self> {
        if self.block_first(lane) == self { Some(self) } else { self.block_last(lane).successor() }
    }

    /// The length a lane stands for.
    fn length_of(lane: u32) -> u8 {
        Self::WIDTH - lane as u8
    }

    /// The lanes of the lengths `min..=max`; length 0 and lengths beyond the width have none.
    fn lengths(min: u8, max: u8) -> Self {
        let (min, max) = (min.max(1), max.min(Self::WIDTH));
        if max < min {
            return Self::ZERO;
        }
        (Self::MAX >> u32::from(min - 1)) & (Self::MAX << u32::from(Self::WIDTH - max))
    }

    /// The first and last address under `length` bits of this address.
    fn block(self, length: u8) -> (Self, Self) {
        if length == 0 {
            return (Self::ZERO, Self::MAX);
        }
        let lane = u32::from(Self::WIDTH.saturating_sub(length));
        (self.block_first(lane), self.block_last(lane))
    }
}

impl Lanes for bool {
    fn lowest(self) -> Option<(usize, Self)> {
        self.then_some((0, true))
    }
}

impl Lanes for u32 {
    fn lowest(self) -> Option<(usize, Self)> {
        (self != 0).then(|| (self.trailing_zeros() as usize, self & self.wrapping_neg()))
    }
}

impl Lanes for u128 {
    fn lowest(self) -> Option<(usize, Self)> {
        (self != 0).then(|| (self.trailing_zeros() as usize, self & self.wrapping_neg()))
    }
}

impl Word for u32 {
    const WIDTH: u8 = Family::Ipv4.width();
    const ZERO: Self = 0;
    const ONE: Self = 1;
    const MAX: Self = Self::MAX;

    fn from_address(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(address) => Some(address.to_bits()),
            IpAddr::V6(_) => None,
        }
    }

    fn to_address(self) -> IpAddr {
        Ipv4Addr::from_bits(self).into()
    }

    fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }

    fn to_u128(self) -> u128 {
        self.into()
    }

    fn zeros_below(self) -> u32 {
        self.trailing_zeros()
    }

    fn zeros_above(self) -> u32 {
        self.leading_zeros()
    }
}

impl Word for u128 {
    const WIDTH: u8 = Family::Ipv6.width();
    const ZERO: Self = 0;
    const ONE: Self = 1;
    const MAX: Self = Self::MAX;

    fn from_address(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(address.to_bits()),
        }
    }

    fn to_address(self) -> IpAddr {
        Ipv6Addr::from_bits(self).into()
    }

    fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }

    fn to_u128(self) -> u128 {
        self
    }

    fn zeros_below(self) -> u32 {
        self.trailing_zeros()
    }

    fn zeros_above(self) -> u32 {
        self.leading_zeros()
    }
}

/// A universe of 256 addresses and 511 prefixes, small enough to try every one of them. Its
/// addresses show as the first octet of an IPv4 address.
#[cfg(test)]
mod tiny {
    use super::{IpAddr, Ipv4Addr, Lanes, Word};

    impl Lanes for u8 {
        fn lowest(self) -> Option<(usize, Self)> {
            (self != 0).then(|| (self.trailing_zeros() as usize, self & self.wrapping_neg()))
        }
    }

    impl Word for u8 {
        const WIDTH: Self = 8;
        const ZERO: Self = 0;
        const ONE: Self = 1;
        const MAX: Self = Self::MAX;

        fn from_address(address: IpAddr) -> Option<Self> {
            match address {
                IpAddr::V4(address) => Some(address.octets()[0]),
                IpAddr::V6(_) => None,
            }
        }

        fn to_address(self) -> IpAddr {
            Ipv4Addr::new(self, 0, 0, 0).into()
        }

        fn plus(self, other: Self) -> Option<Self> {
            self.checked_add(other)
        }

        fn to_u128(self) -> u128 {
            self.into()
        }

        fn zeros_below(self) -> u32 {
            self.trailing_zeros()
        }

        fn zeros_above(self) -> u32 {
            self.leading_zeros()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn lengths_are_lanes_from_the_far_end() {
        assert_eq!(u32::lengths(0, 0), 0);
        assert_eq!(u32::lengths(32, 32), 1);
        assert_eq!(u32::lengths(1, 1), 1 << 31);
        assert_eq!(u32::lengths(24, 32), 0x1ff);
        assert_eq!(u32::lengths(0, 40), u32::MAX);
        assert_eq!(u32::lengths(25, 24), 0);
        assert_eq!(u128::lengths(0, 128), u128::MAX);
    }

    #[test]
    fn blocks_are_aligned() {
        assert_eq!(0x0a01_0203_u32.block(8), (0x0a00_0000, 0x0aff_ffff));
        assert_eq!(7_u32.block(0), (0, u32::MAX));
        assert_eq!(7_u32.block(32), (7, 7));
        assert_eq!(5_u32.next_block(2), Some(8));
        assert_eq!(8_u32.next_block(2), Some(8));
        assert_eq!(u32::MAX.next_block(1), None);
    }
}
