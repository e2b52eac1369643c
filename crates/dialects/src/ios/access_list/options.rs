//! What narrows an entry beyond its addresses: ports, flags, times, logging.

use edgelint_syntax::{Parsed, Words};

use crate::phrases::{is_word, value_at};

/// Names of protocols.
const PROTOCOLS: &[&str] = &[
    "ip", "ipv6", "tcp", "udp", "icmp", "igmp", "gre", "esp", "ahp", "eigrp", "igrp", "ospf",
    "pim", "ipinip", "nos", "pcp", "sctp",
];

/// Names of ports.
///
/// port ::= UINT16 | "bgp" | "biff" | "bootpc" | "bootps" | "chargen" | "cmd" | "connectedapps-plain"
///     | "connectedapps-tls" | "daytime" | "discard" | "dnsix" | "domain" | "echo" | "exec"
///     | "finger" | "ftp" | "ftp-data" | "gopher" | "hostname" | "ident" | "irc" | "isakmp"
///     | "klogin" | "kshell" | "login" | "lpd" | "mobile-ip" | "msrpc" | "nameserver"
///     | "netbios-dgm" | "netbios-ns" | "netbios-ss" | "nntp" | "non500-isakmp" | "ntp"
///     | "onep-plain" | "onep-tls" | "pim-auto-rp" | "pop2" | "pop3" | "rip" | "ripv6"
///     | "smtp" | "snmp" | "snmptrap" | "ssh" | "sunrpc" | "syslog" | "tacacs" | "tacacs-ds"
///     | "talk" | "telnet" | "tftp" | "time" | "uucp" | "who" | "whois" | "www" | "xdmcp"
///     | "https"
#[rustfmt::skip]
const PORTS: &[&str] = &[
    "bgp", "biff", "bootpc", "bootps", "chargen", "cmd", "connectedapps-plain",
    "connectedapps-tls", "daytime", "discard", "dnsix", "domain", "echo", "exec", "finger",
    "ftp", "ftp-data", "gopher", "hostname", "ident", "irc", "isakmp", "klogin", "kshell",
    "login", "lpd", "mobile-ip", "msrpc", "nameserver", "netbios-dgm", "netbios-ns",
    "netbios-ss", "nntp", "non500-isakmp", "ntp", "onep-plain", "onep-tls", "pim-auto-rp",
    "pop2", "pop3", "rip", "ripv6", "smtp", "snmp", "snmptrap", "ssh", "sunrpc", "syslog",
    "tacacs", "tacacs-ds", "talk", "telnet", "tftp", "time", "uucp", "who", "whois", "www",
    "xdmcp", "https",
];

/// Options of one word.
///
/// acl-flag ::= "established" | "ack" | "fin" | "psh" | "rst" | "syn" | "urg" | "fragments"
///     | "log" | "log-input" | "smartlog" | "echo" | "echo-reply" | "unreachable"
///     | "net-unreachable" | "host-unreachable" | "port-unreachable" | "protocol-unreachable"
///     | "packet-too-big" | "time-exceeded" | "ttl-exceeded" | "reassembly-timeout"
///     | "administratively-prohibited" | "parameter-problem" | "redirect" | "host-redirect"
///     | "net-redirect" | "source-quench" | "traceroute" | "timestamp-request"
///     | "timestamp-reply" | "mask-request" | "mask-reply" | "information-request"
///     | "information-reply" | "router-advertisement" | "router-solicitation" | "nd-na"
///     | "nd-ns" | "mld-query" | "mld-report" | "mld-reduction" | "hop-limit" | "next-header"
///     | "header" | "host-isolated" | "host-precedence-unreachable" | "host-tos-unreachable"
///     | "host-unknown" | "net-tos-redirect" | "net-tos-unreachable" | "net-unknown"
///     | "network-unknown" | "no-room-for-option" | "option-missing"
///     | "precedence-unreachable" | "source-route-failed" | "conversion-error"
///     | "dod-host-prohibited" | "dod-net-prohibited" | "general-parameter-problem"
///     | "host-tos-redirect" | "mobile-redirect" | "alternate-address"
///     | "undetermined-transport" | "routing" | "auth" | "dest-option" | "no-route"
///     | "no-admin" | "beyond-scope" | "destination-unreachable" | "dvmrp" | "trace"
///     | "v3-report" | "report"
#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "established", "ack", "fin", "psh", "rst", "syn", "urg", "fragments", "log", "log-input",
    "smartlog", "echo", "echo-reply", "unreachable", "net-unreachable", "host-unreachable",
    "port-unreachable", "protocol-unreachable", "packet-too-big", "time-exceeded",
    "ttl-exceeded", "reassembly-timeout", "administratively-prohibited", "parameter-problem",
    "redirect", "host-redirect", "net-redirect", "source-quench", "traceroute",
    "timestamp-request", "timestamp-reply", "mask-request", "mask-reply",
    "information-request", "information-reply", "router-advertisement",
    "router-solicitation", "nd-na", "nd-ns", "mld-query", "mld-report", "mld-reduction",
    "hop-limit", "next-header", "header", "host-isolated", "host-precedence-unreachable",
    "host-tos-unreachable", "host-unknown", "net-tos-redirect", "net-tos-unreachable",
    "net-unknown", "network-unknown", "no-room-for-option", "option-missing",
    "precedence-unreachable", "source-route-failed", "conversion-error", "dod-host-prohibited",
    "dod-net-prohibited", "general-parameter-problem", "host-tos-redirect", "mobile-redirect",
    "alternate-address", "undetermined-transport", "routing", "auth", "dest-option", "no-route",
    "no-admin", "beyond-scope", "destination-unreachable", "dvmrp", "trace", "v3-report",
    "report",
];

/// Options with a value.
///
/// acl-valued ::= "dscp" | "precedence" | "tos" | "time-range" | "option" | "flow-label"
const VALUED: &[&str] = &["dscp", "precedence", "tos", "time-range", "option", "flow-label"];

/// Whether a word is a protocol, by name or number.
pub(super) fn is_protocol(word: &str) -> bool {
    PROTOCOLS.iter().any(|it| it.eq_ignore_ascii_case(word)) || is_number(word, 255)
}

/// Reads the ports of one side; says whether there were any.
///
/// ports ::= ("eq" | "neq") port+ | ("gt" | "lt") port | "range" port port
pub(super) fn ports<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let left = input.skip(1);
    let ports = |most: usize| (0..most).take_while(|index| is_port(left, *index)).count();
    let (count, good) = if is_word(input, 0, "eq") || is_word(input, 0, "neq") {
        let count = ports(left.len());
        (count, 0 < count)
    } else if is_word(input, 0, "gt") || is_word(input, 0, "lt") {
        (1, ports(1) == 1)
    } else if is_word(input, 0, "range") {
        (2, ports(2) == 2)
    } else {
        return Ok((input, false));
    };
    if good { Ok((left.skip(count), true)) } else { left.expected("a port") }
}

/// All options; says whether any of them narrows the entry.
///
/// acl-tail ::= acl-options (("log" | "log-input") NAME)?
/// acl-options ::= (UINT8 UINT8?)? acl-option*
/// acl-option ::= acl-flag | acl-valued NAME | "ttl" ("eq" | "neq" | "gt" | "lt") UINT8
///     | "reflect" NAME ("timeout" UINT32)? | ("match-any" | "match-all") NAME+
pub(super) fn options<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    // A type and a code of ICMP.
    let numbers = (0..2).take_while(|index| value_at(input, *index, 0..=255).is_some()).count();
    let mut left = input.skip(numbers);
    let mut narrowed = 0 < numbers;
    while !left.is_empty() {
        let logs = is_word(left, 0, "log") || is_word(left, 0, "log-input");
        if logs && left.len() == 2 && option_length(left.skip(1)).is_none() {
            // A label for the log.
            left = left.skip(2);
            break;
        }
        let Some(length) = option_length(left) else { break };
        narrowed |= !logs && !is_word(left, 0, "smartlog");
        left = left.skip(length);
    }
    Ok((left, narrowed))
}

/// How many words the option at the front has, if there is one.
fn option_length(words: Words<'_, '_>) -> Option<usize> {
    let word = words.peek(0);
    let among = |table: &[&str]| table.iter().any(|it| it.eq_ignore_ascii_case(word));
    let compares = || ["eq", "neq", "gt", "lt"].iter().any(|it| is_word(words, 1, it));
    let length = if among(FLAGS) {
        1
    } else if among(VALUED) {
        2
    } else if is_word(words, 0, "ttl") && compares() && is_number(words.peek(2), 255) {
        3
    } else if is_word(words, 0, "reflect") {
        let timed = is_word(words, 2, "timeout") && is_number(words.peek(3), u32::MAX);
        if timed { 4 } else { 2 }
    } else if is_word(words, 0, "match-any") || is_word(words, 0, "match-all") {
        words.len().max(2)
    } else {
        return None;
    };
    (length <= words.len()).then_some(length)
}

fn is_port(words: Words<'_, '_>, index: usize) -> bool {
    value_at(words, index, 0..=65535).is_some() || PORTS.iter().any(|it| words.is(index, it))
}

fn is_number(word: &str, most: u32) -> bool {
    let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    digits && word.parse::<u32>().is_ok_and(|number| number <= most)
}
