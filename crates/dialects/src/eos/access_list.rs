//! Access lists of both families: named blocks of entries.
//!
//! What narrows an entry beyond its addresses (ports, flags, lengths, whether packets are copied) is
//! known to be there and not read further.

use edgelint_model::{AccessEntry, AccessMatch, ObjectKind, Part, State};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{is_exit, lower, polarity, room};
use crate::phrases::{action, ipv4, ipv6, is_word, number_in, prefix4, prefix6};

/// What a line of a list says.
enum Line {
    Entry(Entry),
    Remark(Option<Span>),
    Gone(u32),
    /// Counters, and how the list is shown.
    Aside,
}

/// An entry, without its place.
struct Entry {
    sequence: Option<u32>,
    permit: bool,
    source: AccessMatch,
    destination: Option<AccessMatch>,
    narrowed: bool,
}

/// Which lines a list holds.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Form {
    six: bool,
    standard: bool,
}

impl Form {
    const fn kind(self) -> ObjectKind {
        if self.six { ObjectKind::Ipv6Acl } else { ObjectKind::Acl }
    }
}

/// Reads an access list with its block, or its end.
///
/// access-list ::= "ip" "access-list" acl-name NL (INDENT acl-line4* (acl-line4 | inert-exit) DEDENT)?
///     | "ip" "access-list" "standard" NAME NL (INDENT acl-standard4* (acl-standard4 | inert-exit) DEDENT)?
///     | "ipv6" "access-list" acl-name NL (INDENT acl-line6* (acl-line6 | inert-exit) DEDENT)?
///     | "ipv6" "access-list" "standard" NAME NL (INDENT acl-standard6* (acl-standard6 | inert-exit) DEDENT)?
/// acl-name ::= NAME - "standard"
/// no-access-list ::= ("no" | "default") ("ip" | "ipv6") "access-list" (acl-name | "standard" NAME) NL
pub(super) fn access_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let six = is_word(words, 0, "ipv6");
    let standard = is_word(words, 2, "standard");
    let form = Form { six, standard };
    let at = statement.span();
    let words = words.skip(2 + usize::from(standard));
    let name = words.peek(0);
    if words.len() != 1 {
        return draft.account_block(Part::Acl, statement, State::Unmodelled);
    }
    draft.account(Part::Acl, statement, State::Modelled);
    if negated {
        draft.remove(form.kind(), name);
        return draft.stray(statement);
    }
    draft.define(form.kind(), name, at);
    draft.access_list(form.kind(), name, !standard, at);
    for child in statement.children() {
        let state = match is_exit(child.words()) {
            true => State::Inert,
            false => keep(draft, form, name, child),
        };
        draft.account(Part::Acl, child, state);
        draft.stray(child);
    }
}

/// Puts what a line says into its list.
fn keep<'t>(draft: &mut Draft<'t>, form: Form, name: &'t str, child: Statement<'_, 't>) -> State {
    let at = child.span();
    let line = match line(child.words(), form) {
        Ok((left, line)) if left.is_empty() => line,
        _ => {
            if let Some(list) = draft.access_list(form.kind(), name, !form.standard, at) {
                list.blind.push(at);
            }
            return State::Unmodelled;
        }
    };
    if let Line::Remark(text) = line {
        draft.device.free_text.extend(text);
    }
    let Some(list) = draft.access_list(form.kind(), name, !form.standard, at) else {
        return State::Unmodelled;
    };
    match line {
        Line::Entry(entry) => insert(&mut list.entries, entry.at(at)),
        Line::Gone(number) => list.entries.retain(|it| it.sequence != Some(number)),
        Line::Remark(_) => {}
        Line::Aside => return State::Inert,
    }
    State::Modelled
}

/// Entries with numbers stand in their order; the others behind what is there, ten further.
fn insert(entries: &mut Vec<AccessEntry>, mut entry: AccessEntry) {
    let last = entries.last().and_then(|last| last.sequence).unwrap_or(0);
    let number = entry.sequence.unwrap_or(last.saturating_add(10));
    entry.sequence = Some(number);
    let place = entries.partition_point(|it| it.sequence < Some(number));
    match entries.get_mut(place) {
        Some(old) if old.sequence == Some(number) => *old = entry,
        _ => entries.insert(place, entry),
    }
}

impl Entry {
    const fn at(self, at: Span) -> AccessEntry {
        AccessEntry {
            at,
            sequence: self.sequence,
            permit: self.permit,
            source: self.source,
            destination: self.destination,
            narrowed: self.narrowed,
        }
    }
}

/// acl-line4 ::= SEQ? (action protocol side4 ports? side4 acl-tail? | acl-remark) NL | acl-gone NL | inert-acl-line
/// acl-line6 ::= SEQ? (action protocol side6 ports? side6 acl-tail? | acl-remark) NL | acl-gone NL | inert-acl-line
/// acl-standard4 ::= SEQ? (action side4 "log"? | acl-remark) NL | acl-gone NL | inert-acl-line
/// acl-standard6 ::= SEQ? (action side6 "log"? | acl-remark) NL | acl-gone NL | inert-acl-line
/// acl-remark ::= "remark" REST?
/// acl-gone ::= "no" SEQ
fn line<'w, 't>(input: Words<'w, 't>, form: Form) -> Parsed<'w, 't, Line> {
    let number = number_in(1, u32::MAX - 1);
    if is_word(input, 0, "no")
        && input.len() == 2
        && let Ok((left, gone)) = number(input.skip(1))
    {
        return Ok((left, Line::Gone(gone.value)));
    }
    if is_aside(polarity(input).1) {
        return Ok((input.skip(input.len()), Line::Aside));
    }
    let (left, sequence) = match number(input) {
        Ok((left, number)) => (left, Some(number.value)),
        Err(_) => (input, None),
    };
    if is_word(left, 0, "remark") {
        return Ok((left.skip(left.len()), Line::Remark(left.skip(1).span())));
    }
    let (left, entry) = entry(left, form)?;
    Ok((left, Line::Entry(Entry { sequence, ..entry })))
}

/// inert-acl-line ::= ("no" | "default")? ("counters" | "statistics" | "fragment-rules" | "permit" "response" "traffic" "nat") REST? NL
fn is_aside(words: Words<'_, '_>) -> bool {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "counters" | "statistics" | "fragment-rules" => true,
        "permit" => {
            is_word(words, 1, "response")
                && is_word(words, 2, "traffic")
                && is_word(words, 3, "nat")
        }
        _ => false,
    }
}

fn entry<'w, 't>(input: Words<'w, 't>, form: Form) -> Parsed<'w, 't, Entry> {
    let (left, permit) = action(input)?;
    let side = |input| if form.six { side6(input) } else { side4(input) };
    if form.standard {
        let (left, source) = side(left)?;
        let left = left.skip(usize::from(is_word(left, 0, "log")));
        let entry = Entry { sequence: None, permit, source, destination: None, narrowed: false };
        return Ok((left, entry));
    }
    let (left, whole) = protocol(left)?;
    let (left, source) = side(left)?;
    let (left, from) = ports(left)?;
    let (left, destination) = side(left)?;
    let (left, tail) = tail(left);
    let narrowed = !whole || from || tail;
    let destination = Some(destination);
    Ok((left, Entry { sequence: None, permit, source, destination, narrowed }))
}

/// A protocol, by name or number; whether it is all of IP.
///
/// protocol ::= "ip" | "ipv6" | "tcp" | "udp" | "icmp" | "icmpv6" | "igmp" | "gre" | "ahp" | "esp" | "ospf"
///     | "pim" | "rsvp" | "sctp" | "vrrp" | UINT8
fn protocol<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let mut low = room();
    let whole = match lower(input.peek(0), &mut low) {
        "ip" | "ipv6" => true,
        "tcp" | "udp" | "icmp" | "icmpv6" | "igmp" | "gre" | "ahp" | "esp" | "ospf" | "pim"
        | "rsvp" | "sctp" | "vrrp" => false,
        _ => {
            number_in(0, 255)(input)?;
            false
        }
    };
    Ok((input.skip(1), whole))
}

/// side4 ::= "any" | "host" ADDR4 | PREFIX4 | ADDR4 WILDCARD4
fn side4<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if is_word(input, 0, "any") {
        return Ok((input.skip(1), AccessMatch::Any));
    }
    if is_word(input, 0, "host") {
        let (left, host) = ipv4(input.skip(1))?;
        return Ok((left, AccessMatch::Prefix(Prefix::host(host.value.into()))));
    }
    if let Ok((left, prefix)) = prefix4(input) {
        return Ok((left, AccessMatch::Prefix(prefix.value)));
    }
    let (left, address) = ipv4(input)?;
    let (left, wildcard) = ipv4(left)?;
    Ok((left, AccessMatch::Wildcard { address: address.value, wildcard: wildcard.value }))
}

/// side6 ::= "any" | "host" ADDR6 | PREFIX6
fn side6<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AccessMatch> {
    if is_word(input, 0, "any") {
        return Ok((input.skip(1), AccessMatch::Any));
    }
    if is_word(input, 0, "host") {
        let (left, host) = ipv6(input.skip(1))?;
        return Ok((left, AccessMatch::Prefix(Prefix::host(host.value.into()))));
    }
    prefix6(input).map(|(left, prefix)| (left, AccessMatch::Prefix(prefix.value)))
}

/// The ports of the source; whether there were any.
///
/// ports ::= ("eq" | "neq" | "lt" | "gt") port+ | "range" port port
fn ports<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let mut low = room();
    let most = match lower(input.peek(0), &mut low) {
        "eq" | "neq" | "lt" | "gt" => input.len(),
        "range" => 2,
        _ => return Ok((input, false)),
    };
    let left = input.skip(1);
    let count = (0..most).take_while(|index| is_port(left.peek(*index))).count();
    let enough = if is_word(input, 0, "range") { count == 2 } else { 0 < count };
    if enough { Ok((left.skip(count), true)) } else { left.expected("a port") }
}

fn is_port(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && text.parse::<u16>().is_ok() || PORTS.iter().any(|it| it.eq_ignore_ascii_case(text))
}

/// Names of ports.
///
/// port ::= UINT16 | "acap" | "acr-nema" | "afpovertcp" | "arns" | "asip-webadmin" | "at-rtmp" | "aurp"
///     | "auth" | "bfd" | "bfd-echo" | "bftp" | "bgmp" | "bgp" | "bootpc" | "bootps" | "chargen" | "cisco-tdp"
///     | "citadel" | "clearcase" | "cmd" | "commerce" | "courier" | "cvx" | "daytime" | "dhcp-failover2"
///     | "dhcpv6-client" | "dhcpv6-server" | "discard" | "domain" | "dsp" | "echo" | "efs" | "epp" | "esro-gen"
///     | "exec" | "finger" | "ftp" | "ftp-data" | "ftps" | "ftps-data" | "godi" | "gopher" | "gtp-c" | "gtp-prime"
///     | "gtp-u" | "ha-cluster" | "hostname" | "hp-alarm-mgr" | "http-alt" | "http-mgmt" | "http-rpc-epmap"
///     | "https" | "ident" | "imap3" | "imap4" | "imaps" | "ipp" | "irc" | "isakmp" | "kerberos" | "klogin"
///     | "kshell" | "la-maint" | "ldap" | "ldaps" | "ldp" | "lmp" | "login" | "lpd" | "mac-srvr-admin"
///     | "matip-type-a" | "matip-type-b" | "micro-bfd" | "microsoft-ds" | "mlag" | "mpp" | "ms-sql-m" | "ms-sql-s"
///     | "msdp" | "msexch-routing" | "msg-icp" | "msp" | "nas" | "nat" | "netbios-dgm" | "netbios-ns" | "netbios-ss"
///     | "nfs" | "nntp" | "non500-isakmp" | "nsw-fe" | "ntp" | "odmr" | "olsr" | "openvpn" | "pim-auto-rp" | "pkix-timestamp"
///     | "pop2" | "pop3" | "pop3s" | "ptp-event" | "ptp-general" | "qmtp" | "qotd" | "radacct" | "radius"
///     | "radius-acct" | "re-mail-ck" | "remotefs" | "repcmd" | "rip" | "rje" | "rlp" | "rlzdbase" | "rmc" | "rmonitor"
///     | "rpc2portmap" | "rsync" | "rtelnet" | "rtsp" | "sgmp" | "silc" | "smtp" | "smux" | "snagas" | "snmp"
///     | "snmptrap" | "snpp" | "sqlserv" | "sqlsrv" | "ssh" | "sunrpc" | "svrloc" | "sysadmin" | "syslog" | "systat"
///     | "tacacs" | "tacacs-ds" | "talk" | "tbrpf" | "tcpmux" | "tcpnethaspsrv" | "telnet" | "tftp" | "time"
///     | "timed" | "ups" | "uucp" | "vmnet" | "vxlan" | "who" | "whois" | "www" | "xdmcp" | "xns-ch" | "xns-mail" | "xns-time"
#[rustfmt::skip]
const PORTS: &[&str] = &[
    "acap", "acr-nema", "afpovertcp", "arns", "asip-webadmin", "at-rtmp", "aurp", "auth", "bfd",
    "bfd-echo", "bftp", "bgmp", "bgp", "bootpc", "bootps", "chargen", "cisco-tdp", "citadel",
    "clearcase", "cmd", "commerce", "courier", "cvx", "daytime", "dhcp-failover2", "dhcpv6-client",
    "dhcpv6-server", "discard", "domain", "dsp", "echo", "efs", "epp", "esro-gen", "exec", "finger",
    "ftp", "ftp-data", "ftps", "ftps-data", "godi", "gopher", "gtp-c", "gtp-prime", "gtp-u",
    "ha-cluster", "hostname", "hp-alarm-mgr", "http-alt", "http-mgmt", "http-rpc-epmap", "https",
    "ident", "imap3", "imap4", "imaps", "ipp", "irc", "isakmp", "kerberos", "klogin", "kshell",
    "la-maint", "ldap", "ldaps", "ldp", "lmp", "login", "lpd", "mac-srvr-admin", "matip-type-a",
    "matip-type-b", "micro-bfd", "microsoft-ds", "mlag", "mpp", "ms-sql-m", "ms-sql-s", "msdp",
    "msexch-routing", "msg-icp", "msp", "nas", "nat", "netbios-dgm", "netbios-ns", "netbios-ss",
    "nfs", "nntp", "non500-isakmp", "nsw-fe", "ntp", "odmr", "olsr", "openvpn", "pim-auto-rp",
    "pkix-timestamp", "pop2", "pop3", "pop3s", "ptp-event", "ptp-general", "qmtp", "qotd",
    "radacct", "radius", "radius-acct", "re-mail-ck", "remotefs", "repcmd", "rip", "rje", "rlp",
    "rlzdbase", "rmc", "rmonitor", "rpc2portmap", "rsync", "rtelnet", "rtsp", "sgmp", "silc",
    "smtp", "smux", "snagas", "snmp", "snmptrap", "snpp", "sqlserv", "sqlsrv", "ssh", "sunrpc",
    "svrloc", "sysadmin", "syslog", "systat", "tacacs", "tacacs-ds", "talk", "tbrpf", "tcpmux",
    "tcpnethaspsrv", "telnet", "tftp", "time", "timed", "ups", "uucp", "vmnet", "vxlan", "who",
    "whois", "www", "xdmcp", "xns-ch", "xns-mail", "xns-time",
];

/// What narrows an entry behind its addresses; whether anything does.
///
/// acl-tail ::= "log" | REST
fn tail<'w, 't>(input: Words<'w, 't>) -> (Words<'w, 't>, bool) {
    let logs = is_word(input, 0, "log") && input.len() == 1;
    let narrows = !(input.is_empty() || logs);
    (input.skip(input.len()), narrows)
}
