//! What narrows an entry beyond its addresses: ports, flags, times, logging.

use edgelint_syntax::{Parsed, Words};

use crate::phrases::is_word;

/// Names of protocols.
#[rustfmt::skip]
const PROTOCOLS: &[&str] = &[
    "ip", "ipv6", "tcp", "udp", "icmp", "icmpv6", "igmp", "gre", "esp", "ahp", "eigrp", "ospf",
    "pim", "nos", "pcp", "sctp",
];

/// Names of ports.
///
/// port ::= UINT16 | "biff" | "bgp" | "bootpc" | "bootps" | "chargen" | "cmd" | "daytime" | "discard"
///     | "dnsix" | "domain" | "drip" | "echo" | "exec" | "finger" | "ftp" | "ftp-data" | "gopher"
///     | "hostname" | "ident" | "irc" | "isakmp" | "klogin" | "kshell" | "login" | "lpd" | "mobile-ip"
///     | "nameserver" | "netbios-dgm" | "netbios-ns" | "netbios-ss" | "nntp" | "non500-isakmp" | "ntp"
///     | "pim-auto-rp" | "pop2" | "pop3" | "rip" | "smtp" | "snmp" | "snmptrap" | "ssh" | "sunrpc"
///     | "syslog" | "tacacs" | "talk" | "telnet" | "tftp" | "time" | "uucp" | "who" | "whois" | "www"
///     | "xdmcp"
#[rustfmt::skip]
const PORTS: &[&str] = &[
    "biff", "bgp", "bootpc", "bootps", "chargen", "cmd", "daytime", "discard", "dnsix", "domain",
    "drip", "echo", "exec", "finger", "ftp", "ftp-data", "gopher", "hostname", "ident", "irc",
    "isakmp", "klogin", "kshell", "login", "lpd", "mobile-ip", "nameserver", "netbios-dgm",
    "netbios-ns", "netbios-ss", "nntp", "non500-isakmp", "ntp", "pim-auto-rp", "pop2", "pop3",
    "rip", "smtp", "snmp", "snmptrap", "ssh", "sunrpc", "syslog", "tacacs", "talk", "telnet",
    "tftp", "time", "uucp", "who", "whois", "www", "xdmcp",
];

/// Options of one word.
///
/// acl-flag ::= "log" | "fragments" | "established" | "ack" | "fin" | "psh" | "rst" | "syn" | "urg"
///     | "administratively-prohibited" | "alternate-address" | "conversion-error"
///     | "dod-host-prohibited" | "dod-net-prohibited" | "echo" | "echo-reply"
///     | "general-parameter-problem" | "host-isolated" | "host-precedence-unreachable"
///     | "host-redirect" | "host-tos-redirect" | "host-tos-unreachable" | "host-unknown"
///     | "host-unreachable" | "information-reply" | "information-request" | "mask-reply"
///     | "mask-request" | "mobile-redirect" | "net-redirect" | "net-tos-redirect"
///     | "net-tos-unreachable" | "net-unreachable" | "network-unknown" | "no-room-for-option"
///     | "option-missing" | "packet-too-big" | "parameter-problem" | "port-unreachable"
///     | "precedence-unreachable" | "protocol-unreachable" | "reassembly-timeout" | "redirect"
///     | "router-advertisement" | "router-solicitation" | "source-quench" | "source-route-failed"
///     | "time-exceeded" | "timestamp-reply" | "timestamp-request" | "traceroute" | "ttl-exceeded"
///     | "unreachable" | "dvmrp" | "host-query" | "host-report" | "nd-na" | "nd-ns" | "pim" | "trace"
#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "log", "fragments", "established", "ack", "fin", "psh", "rst", "syn", "urg",
    "administratively-prohibited", "alternate-address", "conversion-error", "dod-host-prohibited",
    "dod-net-prohibited", "echo", "echo-reply", "general-parameter-problem", "host-isolated",
    "host-precedence-unreachable", "host-redirect", "host-tos-redirect", "host-tos-unreachable",
    "host-unknown", "host-unreachable", "information-reply", "information-request", "mask-reply",
    "mask-request", "mobile-redirect", "net-redirect", "net-tos-redirect", "net-tos-unreachable",
    "net-unreachable", "network-unknown", "no-room-for-option", "option-missing",
    "packet-too-big", "parameter-problem", "port-unreachable", "precedence-unreachable",
    "protocol-unreachable", "reassembly-timeout", "redirect", "router-advertisement",
    "router-solicitation", "source-quench", "source-route-failed", "time-exceeded",
    "timestamp-reply", "timestamp-request", "traceroute", "ttl-exceeded", "unreachable", "dvmrp",
    "host-query", "host-report", "nd-na", "nd-ns", "pim", "trace",
];

/// Options with a value.
///
/// acl-valued ::= "dscp" | "precedence" | "ttl" | "time-range" | "vlan" | "http-method"
///     | "tcp-option-length" | "tcp-flags-mask" | "capture" | "flow-label"
#[rustfmt::skip]
const VALUED: &[&str] = &[
    "dscp", "precedence", "ttl", "time-range", "vlan", "http-method", "tcp-option-length",
    "tcp-flags-mask", "capture", "flow-label",
];

/// Whether a word is a protocol, by name or number.
pub(super) fn is_protocol(word: &str) -> bool {
    PROTOCOLS.iter().any(|it| it.eq_ignore_ascii_case(word)) || is_number(word, 255)
}

/// Reads the ports of one side; says whether there were any.
///
/// ports ::= ("eq" | "neq" | "gt" | "lt") port | "range" port port | "portgroup" NAME
pub(super) fn ports<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let is = |word: &str| is_word(input, 0, word);
    if is("portgroup") && 1 < input.len() {
        return Ok((input.skip(2), true));
    }
    let count = if is("eq") || is("neq") || is("gt") || is("lt") {
        1
    } else if is("range") {
        2
    } else {
        return Ok((input, false));
    };
    let left = input.skip(1);
    let good = (0..count).all(|index| is_port(left.peek(index)));
    if good { Ok((left.skip(count), true)) } else { left.expected("a port") }
}

/// All options; says whether any of them narrows the entry.
///
/// acl-options ::= (UINT8 UINT8?)? acl-option*
/// acl-option ::= acl-flag | acl-valued NAME | "packet-length" (("eq" | "neq" | "gt" | "lt") UINT16 | "range" UINT16 UINT16)
///     | "nve" "vni" UINT32
pub(super) fn options<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    // A type and a code of ICMP.
    let numbers = (0..2).take_while(|index| is_number(input.peek(*index), 255)).count();
    let mut left = input.skip(numbers);
    let mut narrowed = 0 < numbers;
    while let Some(length) = option_length(left) {
        narrowed |= !is_word(left, 0, "log");
        left = left.skip(length);
    }
    Ok((left, narrowed))
}

/// How many words the option at the front has, if there is one.
fn option_length(words: Words<'_, '_>) -> Option<usize> {
    let word = words.peek(0);
    let among = |table: &[&str]| table.iter().any(|it| it.eq_ignore_ascii_case(word));
    let size = |index: usize| is_number(words.peek(index), 65535);
    let compares = || ["eq", "neq", "gt", "lt"].iter().any(|it| is_word(words, 1, it));
    let length = if among(FLAGS) {
        1
    } else if among(VALUED) {
        2
    } else if is_word(words, 0, "packet-length") && compares() && size(2) {
        3
    } else if is_word(words, 0, "packet-length") && is_word(words, 1, "range") && size(2) && size(3)
    {
        4
    } else if is_word(words, 0, "nve")
        && is_word(words, 1, "vni")
        && is_number(words.peek(2), u32::MAX)
    {
        3
    } else {
        return None;
    };
    (length <= words.len()).then_some(length)
}

fn is_port(word: &str) -> bool {
    is_number(word, 65535) || PORTS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

fn is_number(word: &str, most: u32) -> bool {
    let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    digits && word.parse::<u32>().is_ok_and(|number| number <= most)
}
