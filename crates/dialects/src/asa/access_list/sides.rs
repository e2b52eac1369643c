//! The addresses on one side of an entry.

use std::net::IpAddr;

use edgelint_model::AccessMatch;
use edgelint_prefix::Prefix;
use edgelint_syntax::{Parsed, Words};

use crate::asa::lines::{Names, host4, lower, net4, room};
use crate::phrases::{ipv6, name, prefix6};

/// The network of a standard entry.
pub(super) fn standard<'w, 't>(
    names: &Names<'t>,
    input: Words<'w, 't>,
) -> Parsed<'w, 't, AccessMatch> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "any" | "any4" => Ok((input.skip(1), AccessMatch::Any)),
        "host" => {
            let (left, host) = host4(names, input.skip(1))?;
            Ok((left, AccessMatch::Prefix(Prefix::host(IpAddr::V4(host.value)))))
        }
        _ => net4(names, input).map(|(left, net)| (left, AccessMatch::Prefix(net.value))),
    }
}

/// One side of an extended entry.
///
/// side ::= "any" | "any4" | "any6" | "host" (ADDR4 | ADDR6) | net4 | PREFIX6
///     | ("object" | "object-group" | "interface") NAME
pub(super) fn side<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "any" | "any4" | "any6" => Ok((next, AccessMatch::Any)),
        "host" => match host4(names, next) {
            Ok((left, host)) => {
                Ok((left, AccessMatch::Prefix(Prefix::host(IpAddr::V4(host.value)))))
            }
            Err(_) => ipv6(next).map(|(left, host)| {
                (left, AccessMatch::Prefix(Prefix::host(IpAddr::V6(host.value))))
            }),
        },
        "object" | "object-group" | "interface" => {
            name(next).map(|(left, group)| (left, AccessMatch::Group(group.at())))
        }
        _ => {
            let (left, net) = net4(names, input).or_else(|_| prefix6(input))?;
            Ok((left, AccessMatch::Prefix(net.value)))
        }
    }
}
