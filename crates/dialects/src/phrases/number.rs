//! Numbers: plain ones, AS numbers in both notations, communities.

use std::ops::RangeInclusive;

use edgelint_model::{Community, Fact};
use edgelint_syntax::{Parsed, Words};

/// A number without sign that fits 32 bits.
pub fn number<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<u32>> {
    number_in(0, u32::MAX)(input)
}

/// A number from `least` to `most`, both included.
pub fn number_in<'w, 't: 'w>(
    least: u32,
    most: u32,
) -> impl Fn(Words<'w, 't>) -> Parsed<'w, 't, Fact<u32>> + Copy {
    move |input| {
        let token = input.token(0);
        match token.and_then(|token| Some((token, digits(token.text.as_bytes())?))) {
            Some((token, value)) if least <= value && value <= most => {
                Ok((input.skip(1), Fact::new(value, token.span)))
            }
            _ => input.expected("a number"),
        }
    }
}

/// The number that the word at `index` is, where it lies in `bounds`: for statements whose words have
/// fixed places.
#[inline]
pub fn number_at(
    words: Words<'_, '_>,
    index: usize,
    bounds: RangeInclusive<u32>,
) -> Option<Fact<u32>> {
    let token = words.token(index)?;
    let value = digits(token.text.as_bytes())?;
    bounds.contains(&value).then(|| Fact::new(value, token.span))
}

/// The same without its place.
#[inline]
pub fn value_at(words: Words<'_, '_>, index: usize, bounds: RangeInclusive<u32>) -> Option<u32> {
    digits(words.bytes(index)).filter(|value| bounds.contains(value))
}

/// An AS number, plain or as `high.low` (RFC 5396).
pub fn asn<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<u32>> {
    match input.token(0).and_then(|token| Some((token, parse_asn(token.text)?))) {
        Some((token, value)) => Ok((input.skip(1), Fact::new(value, token.span))),
        None => input.expected("an AS number"),
    }
}

/// An AS number from 1 to 4294967295, plain or as `high.low` (RFC 5396, asdot and asdot+).
pub fn parse_asn(text: &str) -> Option<u32> {
    let value = match text.split_once('.') {
        Some((high, low)) => {
            let (high, low) = (digits(high.as_bytes())?, digits(low.as_bytes())?);
            if high > 0xFFFF || low > 0xFFFF {
                return None;
            }
            high << 16 | low
        }
        None => digits(text.as_bytes())?,
    };
    (value > 0).then_some(value)
}

/// A community: `high:low`, or one number of 32 bits.
pub fn community<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Community>> {
    match input.token(0).and_then(|token| Some((token, parse_community(token.text)?))) {
        Some((token, value)) => Ok((input.skip(1), Fact::new(value, token.span))),
        None => input.expected("a community"),
    }
}

/// A community as `high:low` with 16 bits each, or as one number of 32 bits.
pub fn parse_community(text: &str) -> Option<Community> {
    match text.split_once(':') {
        Some((high, low)) => {
            let high = u16::try_from(digits(high.as_bytes())?).ok()?;
            let low = u16::try_from(digits(low.as_bytes())?).ok()?;
            Some(Community::new(high, low))
        }
        None => digits(text.as_bytes()).map(Community),
    }
}

/// Digits only: no sign, no blanks.
fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    if text.len() < 10 {
        // So few digits fit.
        let mut value = 0;
        for byte in text {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            if 9 < digit {
                return None;
            }
            value = value * 10 + digit;
        }
        return Some(value);
    }
    text.iter().try_fold(0_u32, |value, byte| {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if digit < 10 { value.checked_mul(10)?.checked_add(digit) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_numbers_in_both_notations() {
        assert_eq!(parse_asn("64500"), Some(64500));
        assert_eq!(parse_asn("1.10"), Some(65546));
        assert_eq!(parse_asn("4294967295"), Some(u32::MAX));
        for bad in ["0", "4294967296", "1.65536", "65536.1", "", "+1", "1.", "x"] {
            assert_eq!(parse_asn(bad), None, "{bad}");
        }
    }

    #[test]
    fn communities_in_both_notations() {
        assert_eq!(parse_community("12076:5010"), Some(Community::new(12076, 5010)));
        assert_eq!(parse_community("65536"), Some(Community::new(1, 0)));
        for bad in ["65536:1", "1:65536", "1:", ":1", "1:2:3", "-1"] {
            assert_eq!(parse_community(bad), None, "{bad}");
        }
    }
}
