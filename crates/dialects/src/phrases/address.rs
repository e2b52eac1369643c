//! Addresses, masks and prefixes.
//!
//! Host bits in a prefix are cleared, as devices do; who wants to speak of them compares with the
//! text. Leading zeros and signs are refused, as devices do.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use edgelint_model::Fact;
use edgelint_prefix::{Family, Prefix, dotted};
use edgelint_syntax::{Parsed, Words};

/// An IPv4 address.
pub fn ipv4<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Ipv4Addr>> {
    match input.token(0).and_then(|token| Some((token, dotted(token.text)?))) {
        Some((token, value)) => Ok((input.skip(1), Fact::new(value, token.span))),
        None => input.expected("an IPv4 address"),
    }
}

/// An IPv6 address.
pub fn ipv6<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Ipv6Addr>> {
    match input.token(0).and_then(|token| Some((token, token.text.parse().ok()?))) {
        Some((token, value)) => Ok((input.skip(1), Fact::new(value, token.span))),
        None => input.expected("an IPv6 address"),
    }
}

/// An address of either family.
pub fn address<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<IpAddr>> {
    match input.token(0).and_then(|token| Some((token, token.text.parse().ok()?))) {
        Some((token, value)) => Ok((input.skip(1), Fact::new(value, token.span))),
        None => input.expected("an address"),
    }
}

/// `address/length` of either family.
pub fn prefix<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    match input.token(0).and_then(|token| Some((token, Prefix::parse(token.text)?.0))) {
        Some((token, value)) => Ok((input.skip(1), Fact::new(value, token.span))),
        None => input.expected("a prefix"),
    }
}

/// The prefix of either family that the word at `index` is.
#[inline]
pub fn prefix_at(words: Words<'_, '_>, index: usize) -> Option<Fact<Prefix>> {
    let token = words.token(index)?;
    Some(Fact::new(Prefix::parse(token.text)?.0, token.span))
}

/// `a.b.c.d/length`.
pub fn prefix4<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    match prefix(input) {
        Ok((left, value)) if value.value.family() == Family::Ipv4 => Ok((left, value)),
        _ => input.expected("an IPv4 prefix"),
    }
}

/// `address/length` of IPv6.
pub fn prefix6<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    match prefix(input) {
        Ok((left, value)) if value.value.family() == Family::Ipv6 => Ok((left, value)),
        _ => input.expected("an IPv6 prefix"),
    }
}

/// An address and a network mask, as one prefix: `10.0.0.0 255.0.0.0`.
pub fn ipv4_mask_prefix<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Prefix>> {
    let (left, address) = ipv4(input)?;
    let (rest, mask) = ipv4(left)?;
    let prefix =
        mask_length(mask.value).and_then(|length| Prefix::new(IpAddr::V4(address.value), length));
    match prefix {
        Some(prefix) => Ok((rest, Fact::new(prefix, address.at().to(mask.at())))),
        None => left.expected("a network mask"),
    }
}

/// An address and a wildcard (inverted mask, any bits).
pub fn ipv4_wildcard<'w, 't>(
    input: Words<'w, 't>,
) -> Parsed<'w, 't, (Fact<Ipv4Addr>, Fact<Ipv4Addr>)> {
    let (left, address) = ipv4(input)?;
    let (rest, wildcard) = ipv4(left)?;
    Ok((rest, (address, wildcard)))
}

/// The prefix length of a network mask; `None` where its bits are not contiguous.
pub fn mask_length(mask: Ipv4Addr) -> Option<u8> {
    let bits = u32::from(mask);
    let length = bits.leading_ones();
    if length + bits.trailing_zeros().min(32 - length) < 32 {
        return None;
    }
    u8::try_from(length).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_have_contiguous_bits() {
        let length = |text: &str| mask_length(text.parse().unwrap());
        assert_eq!(length("255.255.255.252"), Some(30));
        assert_eq!(length("0.0.0.0"), Some(0));
        assert_eq!(length("255.255.255.255"), Some(32));
        assert_eq!(length("255.0.255.0"), None);
        assert_eq!(length("0.0.0.255"), None);
    }
}
