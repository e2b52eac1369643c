//! What narrows an entry beyond its addresses: ports, types of ICMP, users, times.

use edgelint_syntax::{Parsed, Words};

use crate::asa::lines::{lower, room};
use crate::phrases::{is_word, name, number_in};

/// Names of protocols.
const PROTOCOLS: &[&str] = &[
    "ip", "tcp", "udp", "icmp", "icmp6", "igmp", "gre", "esp", "ah", "eigrp", "igrp", "ospf",
    "pim", "ipinip", "nos", "pcp", "snp", "sctp", "ipsec", "pptp",
];

/// Types of ICMP by name.
///
/// icmp-name ::= "echo" | "echo-reply" | "unreachable" | "source-quench" | "redirect" | "alternate-address"
///     | "router-advertisement" | "router-solicitation" | "time-exceeded" | "parameter-problem"
///     | "timestamp-request" | "timestamp-reply" | "information-request" | "information-reply"
///     | "mask-request" | "mask-reply" | "traceroute" | "conversion-error" | "mobile-redirect"
///     | "membership-query" | "membership-report" | "membership-reduction" | "neighbor-advertisement"
///     | "neighbor-solicitation" | "neighbor-redirect" | "packet-too-big" | "router-renumbering"
const ICMP: &[&str] = &[
    "echo",
    "echo-reply",
    "unreachable",
    "source-quench",
    "redirect",
    "alternate-address",
    "router-advertisement",
    "router-solicitation",
    "time-exceeded",
    "parameter-problem",
    "timestamp-request",
    "timestamp-reply",
    "information-request",
    "information-reply",
    "mask-request",
    "mask-reply",
    "traceroute",
    "conversion-error",
    "mobile-redirect",
    "membership-query",
    "membership-report",
    "membership-reduction",
    "neighbor-advertisement",
    "neighbor-solicitation",
    "neighbor-redirect",
    "packet-too-big",
    "router-renumbering",
];

/// Levels of logging.
///
/// log-level ::= RANGE_0_7 | "alerts" | "critical" | "debugging" | "default" | "disable" | "emergencies"
///     | "errors" | "informational" | "notifications" | "warnings"
const LEVELS: &[&str] = &[
    "alerts",
    "critical",
    "debugging",
    "default",
    "disable",
    "emergencies",
    "errors",
    "informational",
    "notifications",
    "warnings",
];

fn among(table: &[&str], input: Words<'_, '_>) -> bool {
    table.iter().any(|word| is_word(input, 0, word))
}

/// Whether a word is a protocol, by name or number.
pub(super) fn is_protocol(word: &str) -> bool {
    let is_number = word.parse::<u8>().is_ok() && word.bytes().all(|byte| byte.is_ascii_digit());
    PROTOCOLS.iter().any(|it| it.eq_ignore_ascii_case(word)) || is_number
}

/// Who sends or is sent packets, where that is asked.
///
/// acl-identity ::= ("user" | "user-group" | "object-group-user" | "object-group-security") NAME
///     | "security-group" ("name" | "tag") NAME
pub(super) fn identity<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "user" | "user-group" | "object-group-user" | "object-group-security" => {
            name(input.skip(1)).map(|(left, _)| (left, true))
        }
        "security-group" => {
            let next = input.skip(1);
            if !is_word(next, 0, "name") && !is_word(next, 0, "tag") {
                return next.expected("name or tag");
            }
            name(next.skip(1)).map(|(left, _)| (left, true))
        }
        _ => Ok((input, false)),
    }
}

/// The ports of one side; says whether there were any.
///
/// ports ::= ("eq" | "neq" | "gt" | "lt") WORD | "range" WORD WORD
pub(super) fn ports<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let mut low = room();
    let count = match lower(input.peek(0), &mut low) {
        "eq" | "neq" | "gt" | "lt" => 1,
        "range" => 2,
        _ => return Ok((input, false)),
    };
    let mut left = input.skip(1);
    for _ in 0..count {
        left = name(left)?.0;
    }
    Ok((left, true))
}

/// Ports of the destination, or a type of ICMP.
///
/// acl-service ::= ports | "object-group" NAME | UINT8 UINT8? | icmp-name
pub(super) fn service<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    if is_word(input, 0, "object-group") {
        return name(input.skip(1)).map(|(left, _)| (left, true));
    }
    if among(ICMP, input) {
        return Ok((input.skip(1), true));
    }
    if let Ok((left, _)) = number_in(0, 255)(input) {
        return Ok((number_in(0, 255)(left).map_or(left, |(left, _)| left), true));
    }
    ports(input)
}

/// What is logged, when an entry holds, and whether it is switched off: whether it is narrowed, and
/// whether it is inactive.
///
/// acl-option ::= "log" log-level? ("interval" UINT16)? | "time-range" NAME | "inactive"
pub(super) fn options<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (bool, bool)> {
    let mut left = input;
    let (mut narrowed, mut inactive) = (false, false);
    while !left.is_empty() {
        let next = left.skip(1);
        let mut low = room();
        left = match lower(left.peek(0), &mut low) {
            "inactive" => {
                inactive = true;
                next
            }
            "time-range" => {
                narrowed = true;
                name(next)?.0
            }
            "log" => {
                let leveled = among(LEVELS, next) || number_in(0, 7)(next).is_ok();
                let next = next.skip(usize::from(leveled));
                match is_word(next, 0, "interval") {
                    true => number_in(0, 65535)(next.skip(1))?.0,
                    false => next,
                }
            }
            _ => return left.expected("an option of an entry"),
        };
    }
    Ok((left, (narrowed, inactive)))
}
