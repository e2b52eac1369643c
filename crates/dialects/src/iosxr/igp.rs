//! Interior protocols: what they take from BGP and other protocols.
//!
//! How an interior protocol finds its way is no matter here. What it redistributes decides whether
//! routes learned from a cloud reach the inside, and what of the inside may come back.

use edgelint_model::{
    AddressFamily, Fact, IgpProcess, ObjectKind, Part, Redistribution, RouteSource, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, leftover, lower, polarity, room};
use super::pieces::pieces;
use super::policy::policy_use;
use super::references;
use super::values::Reader;
use crate::phrases::is_word;
use crate::secrets;

/// A process: only what it redistributes matters, and the VRF that stands in.
///
/// router-igp ::= "router" igp-protocol NAME? NL (INDENT igp-line+ DEDENT)? | inert-router
/// igp-protocol ::= "ospf" | "ospfv3" | "isis" | "eigrp" | "rip"
pub(super) fn router_igp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let words = statement.words();
    let mut low = room();
    let family = match lower(words.peek(1), &mut low) {
        "ospf" | "isis" | "eigrp" | "rip" => Some(AddressFamily::Ipv4),
        "ospfv3" => Some(AddressFamily::Ipv6),
        _ => None,
    };
    let known = is_word(words, 0, "router") && words.len() < 4;
    let Some(family) = family.filter(|_| known) else {
        let state = if is_inert(words) { State::Inert } else { State::Opaque };
        draft.account_block(Part::Routing, statement, state);
        references::in_block(draft, statement);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    let mut process = IgpProcess {
        at: statement.span(),
        protocol: words.peek(1),
        vrf: None,
        redistributions: Vec::new(),
    };
    for line in statement.children() {
        igp_line(draft, &mut process, family, line);
    }
    draft.device.igps.push(process);
}

/// Protocols that carry no unicast routes of their own.
///
/// inert-router ::= "no"? "router" ("hsrp" | "vrrp" | "igmp" | "mld" | "pim" | "msdp" | "lisp") REST? NL inert-block?
///     | "no" "router" igp-protocol REST? NL
fn is_inert(words: Words<'_, '_>) -> bool {
    let (negated, words) = polarity(words);
    let mut low = room();
    match lower(words.peek(1), &mut low) {
        "hsrp" | "vrrp" | "igmp" | "mld" | "pim" | "msdp" | "lisp" => true,
        "ospf" | "ospfv3" | "isis" | "eigrp" | "rip" => negated,
        _ => false,
    }
}

/// Lines of a process: what it redistributes; a VRF or a family, which hold more of them; and how the
/// protocol itself works.
///
/// igp-line ::= redistribute NL | "vrf" NAME NL (INDENT igp-line+ DEDENT)?
///     | "address-family" ("ipv4" | "ipv6") "unicast"? NL (INDENT igp-line+ DEDENT)? | inert-igp | inert-exit
fn igp_line<'t>(
    draft: &mut Draft<'t>,
    process: &mut IgpProcess<'t>,
    family: AddressFamily,
    line: Statement<'_, 't>,
) {
    let words = line.words();
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "redistribute" => {
            let pieces = pieces(words);
            let mut reader = Reader::new(&pieces, words.file_text());
            let read = redistribute(draft, &mut reader, (line.span(), family));
            let read = read.filter(|_| reader.is_empty());
            let state = if read.is_some() { State::Modelled } else { State::Unmodelled };
            draft.account(Part::Routing, line, state);
            draft.stray(line);
            process.redistributions.extend(read);
        }
        "vrf" if words.len() == 2 => {
            draft.account(Part::Routing, line, State::Modelled);
            let Some(name) = words.token(1) else { return };
            draft.use_name(ObjectKind::Vrf, Fact::new(name.text, name.span), Usage::VrfMember);
            let vrf = Some(name.text).filter(|name| !name.eq_ignore_ascii_case("default"));
            let mut inner = IgpProcess {
                at: line.span(),
                protocol: process.protocol,
                vrf,
                redistributions: Vec::new(),
            };
            for child in line.children() {
                igp_line(draft, &mut inner, family, child);
            }
            draft.device.igps.push(inner);
        }
        "address-family" if is_family(words) => {
            let inner = if is_word(words, 1, "ipv6") { AddressFamily::Ipv6 } else { family };
            draft.account(Part::Routing, line, State::Modelled);
            line.children().for_each(|child| igp_line(draft, process, inner, child));
        }
        _ => {
            let known = words.is(0, "vrf") || words.is(0, "address-family");
            leftover(draft, (Part::Routing, line), INERT, known, &mut Vec::new());
        }
    }
}

fn is_family(words: Words<'_, '_>) -> bool {
    let known = words.is(1, "ipv4") || words.is(1, "ipv6");
    known && (words.len() == 2 || words.len() == 3 && words.is(2, "unicast"))
}

/// Lines that concern nothing but the protocol itself.
///
/// inert-igp ::= "no"? inert-igp-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("address-family-restrict", "topologies"),
    ("adjacency", "neighbors"),
    ("adjacency-check", "neighbors"),
    ("affinity-map", "tunnels"),
    ("apply", "shared settings"),
    ("area", "where the protocol runs"),
    ("attached-bit", "levels"),
    ("authentication", "who may join"),
    ("authentication-check", "who may join"),
    ("authentication-key", "who may join"),
    ("auto-cost", "metric"),
    ("auto-summary", "summaries of the interior"),
    ("autonomous-system", "number"),
    ("bfd", "when a neighbor is lost"),
    ("capability", "loops of VPNs"),
    ("circuit-type", "levels"),
    ("cost", "metric"),
    ("cost-fallback", "metric"),
    ("csnp-interval", "timers"),
    ("database-filter", "what neighbors are told"),
    ("dead-interval", "timers"),
    ("default-information", "the default route of the interior"),
    ("default-metric", "metric of what is redistributed"),
    ("demand-circuit", "timers"),
    ("disable-dn-bit-check", "loops of VPNs"),
    ("distance", "which protocol wins in the table"),
    ("distribute", "topologies"),
    ("distribute-list", "what the interior puts into the table"),
    ("domain-id", "identity"),
    ("domain-tag", "loops of VPNs"),
    ("fast-reroute", "when a neighbor is lost"),
    ("flood-reduction", "timers"),
    ("graceful-restart", "high availability"),
    ("hello-interval", "timers"),
    ("hello-multiplier", "timers"),
    ("hello-padding", "sizes of packets"),
    ("hello-password", "who may join"),
    ("hold-time", "timers"),
    ("hostname", "names"),
    ("ignore", "checks"),
    ("ignore-lsp-errors", "checks"),
    ("instance-id", "identity"),
    ("interface", "where the protocol runs"),
    ("is-type", "levels"),
    ("ispf", "speed"),
    ("link-down", "when a neighbor is lost"),
    ("log", "logging"),
    ("log-adjacency-changes", "logging"),
    ("loopback", "subnets of links"),
    ("lsp-fast-flood", "speed"),
    ("lsp-gen-interval", "speed"),
    ("lsp-interval", "speed"),
    ("lsp-mtu", "sizes of packets"),
    ("lsp-password", "who may join"),
    ("lsp-refresh-interval", "timers"),
    ("max-external-lsa", "limits"),
    ("max-lsa", "limits"),
    ("max-lsp-lifetime", "timers"),
    ("max-metric", "metric while starting"),
    ("maximum", "limits"),
    ("maximum-paths", "load sharing"),
    ("maximum-prefix", "limits"),
    ("maximum-redistributed-prefixes", "limits"),
    ("message-digest-key", "who may join"),
    ("metric", "metric"),
    ("metric-style", "metric"),
    ("microloop", "when a neighbor is lost"),
    ("min-lsp-arrivaltime", "speed"),
    ("mpls", "labels"),
    ("mtu-ignore", "checks"),
    ("multi-area-interface", "where the protocol runs"),
    ("multicast-intact", "multicast"),
    ("neighbor", "where the protocol runs"),
    ("net", "identity"),
    ("network", "kind of a link"),
    ("nsf", "high availability"),
    ("nsr", "high availability"),
    ("nssa", "areas"),
    ("overload-on-startup", "metric while starting"),
    ("packet-size", "sizes of packets"),
    ("passive", "where the protocol runs"),
    ("point-to-point", "kind of a link"),
    ("prefix-suppression", "subnets of links"),
    ("priority", "who is elected"),
    ("propagate", "between levels of one protocol"),
    ("protocol", "shutdown of the protocol"),
    ("queue", "limits"),
    ("range", "summaries of the interior"),
    ("retransmit-interval", "timers"),
    ("route", "marks of routes"),
    ("router-id", "identity"),
    ("security", "who may join"),
    ("segment-routing", "labels"),
    ("set-attached-bit", "levels"),
    ("set-overload-bit", "metric while starting"),
    ("shutdown", "what stands in a process that is down is read all the same"),
    ("single-topology", "topologies"),
    ("snmp", "monitoring"),
    ("spf", "speed"),
    ("spf-interval", "speed"),
    ("split-horizon", "loops"),
    ("stub", "areas"),
    ("summary-prefix", "summaries of the interior"),
    ("suppressed", "subnets of links"),
    ("tag", "marks of routes"),
    ("timers", "timers"),
    ("topology-id", "topologies"),
    ("trace", "logging"),
    ("transmit-delay", "timers"),
    ("ucmp", "load sharing"),
    ("variance", "load sharing"),
    ("weight", "load sharing"),
];

/// Routes of another protocol, into BGP or an interior one.
///
/// redistribute ::= "redistribute" route-source redistribute-option*
/// route-source ::= "connected" | "static" | "local" | "subscriber" | "application" | "mobile" | "rip" | "l2tp"
///     | ("bgp" | "ospf" | "ospfv3" | "isis" | "eigrp") NAME
/// redistribute-option ::= "route-policy" policy-use | "metric" UINT32 | "metric-type" NAME | "tag" UINT32 | "lsa-type" NAME
///     | "match" matched-route+ | "level-1" | "level-2" | "level-1-inter-area" | "instance-retain"
/// matched-route ::= "internal" | "external" RANGE_1_2? | "nssa-external" RANGE_1_2?
pub(super) fn redistribute<'t>(
    draft: &mut Draft<'t>,
    reader: &mut Reader<'_, 't>,
    (at, family): (Span, AddressFamily),
) -> Option<Redistribution<'t>> {
    reader.word("redistribute")?;
    let from = *reader;
    let head = reader.next()?;
    let mut low = room();
    let source = match lower(head.text, &mut low) {
        "connected" => RouteSource::Connected,
        "static" => RouteSource::Static,
        "local" | "subscriber" | "application" | "mobile" | "l2tp" => RouteSource::Other,
        "rip" => RouteSource::Igp,
        "bgp" => {
            reader.name()?;
            RouteSource::Bgp
        }
        "ospf" | "ospfv3" | "isis" | "eigrp" => {
            reader.name()?;
            RouteSource::Igp
        }
        _ => return None,
    };
    let protocol = reader.since(&from)?.value;
    let mut read = Redistribution { at, source, protocol, family, policy: None, metric: None };
    while let Some(option) = reader.next() {
        let mut low = room();
        match lower(option.text, &mut low) {
            "route-policy" => read.policy = Some(policy_use(draft, reader, Usage::Redistribute)?),
            "metric" => read.metric = Some(Fact::new(reader.number()??, option.at)),
            "metric-type" | "lsa-type" => {
                reader.name()?;
            }
            "tag" => {
                reader.number()??;
            }
            "match" => matched_routes(reader)?,
            "level-1" | "level-2" | "level-1-inter-area" | "instance-retain" => {}
            _ => return None,
        }
    }
    Some(read)
}

fn matched_routes(reader: &mut Reader<'_, '_>) -> Option<()> {
    let mut some = false;
    loop {
        if reader.take("internal") {
            some = true;
            continue;
        }
        if !reader.take("external") && !reader.take("nssa-external") {
            return some.then_some(());
        }
        some = true;
        let _ = reader.number_to(1, 2);
    }
}
