//! The addresses on one side of an entry.

use std::net::Ipv4Addr;

use edgelint_model::AccessMatch;
use edgelint_prefix::dotted;
use edgelint_syntax::{Parsed, Words};

use crate::phrases::{ipv4, ipv6 as address6, is_word, name, prefix6};

/// Every bit is compared.
const EXACT: Ipv4Addr = Ipv4Addr::UNSPECIFIED;

/// The sources of a standard entry: a wildcard may be left out.
pub(super) fn standard<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if let Some(address) = dotted(input.peek(0)) {
        return Ok(match dotted(input.peek(1)) {
            Some(wildcard) => (input.skip(2), AccessMatch::Wildcard { address, wildcard }),
            None => (input.skip(1), AccessMatch::Wildcard { address, wildcard: EXACT }),
        });
    }
    if is_word(input, 0, "object-group") {
        return input.expected("an address");
    }
    ipv4_side(input)
}

/// One side of an extended entry.
///
/// side4 ::= "any" | "host" ADDR4 | ADDR4 WILDCARD4 | "object-group" NAME
pub(super) fn ipv4_side<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if is_word(input, 0, "any") {
        return Ok((input.skip(1), AccessMatch::Any));
    }
    if is_word(input, 0, "host") {
        let (left, address) = ipv4(input.skip(1))?;
        return Ok((left, AccessMatch::Wildcard { address: address.value, wildcard: EXACT }));
    }
    if is_word(input, 0, "object-group") {
        let (left, group) = name(input.skip(1))?;
        return Ok((left, AccessMatch::Group(group.at())));
    }
    match dotted(input.peek(0)).zip(dotted(input.peek(1))) {
        Some((address, wildcard)) => {
            Ok((input.skip(2), AccessMatch::Wildcard { address, wildcard }))
        }
        None => input.expected("an IPv4 address"),
    }
}

/// One side of an entry of IPv6.
///
/// side6 ::= "any" | "host" ADDR6 | PREFIX6 | "object-group" NAME
pub(super) fn ipv6<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if is_word(input, 0, "any") {
        return Ok((input.skip(1), AccessMatch::Any));
    }
    if is_word(input, 0, "host") {
        let (left, address) = address6(input.skip(1))?;
        let prefix = edgelint_prefix::Prefix::host(std::net::IpAddr::V6(address.value));
        return Ok((left, AccessMatch::Prefix(prefix)));
    }
    if is_word(input, 0, "object-group") {
        let (left, group) = name(input.skip(1))?;
        return Ok((left, AccessMatch::Group(group.at())));
    }
    let (left, prefix) = prefix6(input)?;
    Ok((left, AccessMatch::Prefix(prefix.value)))
}
