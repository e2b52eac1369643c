//! The addresses on one side of an entry.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::AccessMatch;
use edgelint_prefix::Prefix;
use edgelint_syntax::{Parsed, Words};

use crate::phrases::{ipv4, ipv4_wildcard, ipv6, is_word, name, prefix4, prefix6};

/// Every bit is compared.
const EXACT: Ipv4Addr = Ipv4Addr::UNSPECIFIED;

/// One side of an entry.
///
/// side4 ::= "any" | "host" ADDR4 | ADDR4 WILDCARD4 | PREFIX4 | "addrgroup" NAME
pub(super) fn ipv4_side<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if let Some(read) = common(input) {
        return read;
    }
    if is_word(input, 0, "host") {
        let (left, address) = ipv4(input.skip(1))?;
        return Ok((left, AccessMatch::Wildcard { address: address.value, wildcard: EXACT }));
    }
    if let Ok((left, prefix)) = prefix4(input) {
        return Ok((left, AccessMatch::Prefix(prefix.value)));
    }
    let (left, (address, wildcard)) = ipv4_wildcard(input)?;
    let (address, wildcard) = (address.value, wildcard.value);
    Ok((left, AccessMatch::Wildcard { address, wildcard }))
}

/// One side of an entry of IPv6.
///
/// side6 ::= "any" | "host" ADDR6 | PREFIX6 | "addrgroup" NAME
pub(super) fn ipv6_side<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if let Some(read) = common(input) {
        return read;
    }
    if is_word(input, 0, "host") {
        let (left, address) = ipv6(input.skip(1))?;
        let prefix = Prefix::host(IpAddr::V6(address.value));
        return Ok((left, AccessMatch::Prefix(prefix)));
    }
    let (left, prefix) = prefix6(input)?;
    Ok((left, AccessMatch::Prefix(prefix.value)))
}

/// What both families have.
fn common<'w, 't>(input: Words<'w, 't>) -> Option<Parsed<'w, 't, AccessMatch>> {
    if is_word(input, 0, "any") {
        return Some(Ok((input.skip(1), AccessMatch::Any)));
    }
    is_word(input, 0, "addrgroup").then(|| {
        let (left, group) = name(input.skip(1))?;
        Ok((left, AccessMatch::Group(group.at())))
    })
}
