//! Interior protocols: what is redistributed into them, and which lists they filter with. Everything else
//! concerns nothing but the protocol itself.

use edgelint_model::{
    AddressFamily, Fact, IgpProcess, ObjectKind, Part, Redistribution, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, listed, lower, polarity, process_end_state, room, whole};
use super::redistribution::redistribute;
use super::references;
use crate::phrases::{is_word, name, word};
use crate::secrets;

/// Lines that concern nothing but the protocol itself.
///
/// inert-igp ::= ("no" | "default")? inert-igp-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("adjacency", "where the protocol runs"),
    ("area", "areas"),
    ("auto-cost", "metric"),
    ("advertise", "subnets of links"),
    ("authentication", "who may join"),
    ("bfd", "when a neighbor is lost"),
    ("compatible", "choice of old"),
    ("default-information", "the default route of the interior"),
    ("default-metric", "metric"),
    ("dn-bit-ignore", "loops of VPNs"),
    ("distance", "which protocol wins in the table"),
    ("fast-reroute", "when a neighbor is lost"),
    ("graceful-restart", "forwarding while a neighbor restarts"),
    ("graceful-restart-helper", "forwarding while a neighbor restarts"),
    ("interface unnumbered", "where the protocol runs"),
    ("is-hostname", "how systems are shown"),
    ("is-type", "levels"),
    ("log-adjacency-changes", "logging"),
    ("lsp", "timers"),
    ("max-lsa", "limits"),
    ("max-metric", "metric while starting"),
    ("maximum-paths", "load sharing"),
    ("mpls", "labels"),
    ("multi-topology", "topologies"),
    ("net", "identity"),
    ("network", "where the protocol runs"),
    ("neighbor", "where the protocol runs"),
    ("passive", "where the protocol runs"),
    ("passive-interface", "where the protocol runs"),
    ("point-to-point", "where the protocol runs"),
    ("router-id", "identity"),
    ("segment-routing", "labels"),
    ("set-overload-bit", "metric while starting"),
    ("shutdown", "what stands in a process that is down is read all the same"),
    ("spf-interval", "speed"),
    ("summary-address", "summaries of the interior"),
    ("timers", "timers"),
    ("traffic-engineering", "paths inside"),
    ("tunnel", "tunnels inside"),
    ("hello", "timers"),
    ("metric", "metric"),
    ("prefix-segment", "labels"),
];

/// router-igp ::= ("no" | "default")? ("router" igp-protocol | "ipv6" "router" "ospf") NAME? ("vrf" NAME)? NL
///     (INDENT (igp-line | inert-comment)* (igp-line | block-end | inert-exit | inert-comment) DEDENT)?
/// igp-protocol ::= "ospf" | "ospf3" | "ospfv3" | "isis" | "rip"
pub(super) fn router_igp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let six = is_word(words, 0, "ipv6");
    let Some((protocol, vrf)) = whole(heading(words.skip(1 + usize::from(six)), six)) else {
        draft.account_block(Part::Routing, statement, State::Unmodelled);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    let mut low = room();
    let v6 = six || matches!(lower(protocol.value, &mut low), "ospf3" | "ospfv3");
    let process = Process {
        at: statement.span(),
        protocol: protocol.value,
        vrf: vrf.map(|vrf| vrf.value),
        family: if v6 { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 },
    };
    process_block(draft, process, statement, negated);
}

/// Where a line of an interior protocol stands.
#[derive(Clone, Copy)]
struct Process<'t> {
    at: Span,
    protocol: &'t str,
    vrf: Option<&'t str>,
    family: AddressFamily,
}

fn heading<'w, 't>(
    input: Words<'w, 't>,
    six: bool,
) -> Parsed<'w, 't, (Fact<&'t str>, Option<Fact<&'t str>>)> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ospf" => {}
        "ospf3" | "ospfv3" | "isis" | "rip" if !six => {}
        _ => return input.expected("a protocol"),
    }
    let (left, protocol) = name(input)?;
    let left = match is_word(left, 0, "vrf") && left.len() == 2 {
        true => left,
        false => name(left).map_or(left, |(left, _)| left),
    };
    match word("vrf")(left) {
        Ok((left, _)) => name(left).map(|(left, vrf)| (left, (protocol, Some(vrf)))),
        Err(_) => Ok((left, (protocol, None))),
    }
}

fn process_block<'t>(
    draft: &mut Draft<'t>,
    process: Process<'t>,
    statement: Statement<'_, 't>,
    negated: bool,
) {
    let mut redistributions = Vec::new();
    for child in statement.children() {
        igp_line(draft, process, &mut redistributions, child);
    }
    if !negated {
        let Process { at, protocol, vrf, .. } = process;
        draft.device.igps.push(IgpProcess { at, protocol, vrf, redistributions });
    }
}

/// igp-line ::= ("no" | "default")? (redistribute | distribute-list) NL | igp-family | inert-igp
/// igp-family ::= "address-family" ("ipv4" | "ipv6") "unicast"? NL (INDENT (igp-line | inert-comment)* (igp-line | block-end | inert-exit | inert-comment) DEDENT)?
fn igp_line<'t>(
    draft: &mut Draft<'t>,
    process: Process<'t>,
    redistributions: &mut Vec<Redistribution<'t>>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "address-family") && !negated {
        let mut low = room();
        let family = match lower(words.peek(1), &mut low) {
            "ipv4" => AddressFamily::Ipv4,
            "ipv6" => AddressFamily::Ipv6,
            _ => return draft.account_block(Part::Routing, line, State::Opaque),
        };
        if 2 < words.len() && !(words.len() == 3 && is_word(words, 2, "unicast")) {
            return draft.account_block(Part::Routing, line, State::Unmodelled);
        }
        draft.account(Part::Routing, line, State::Modelled);
        let process = Process { at: line.span(), family, ..process };
        return process_block(draft, process, line, false);
    }
    let state = if let Some(read) = whole(redistribute(words)) {
        read.enter(draft, redistributions, (line.span(), process.family), negated);
        State::Modelled
    } else if let Some((kind, list)) = whole(distribute_list(words, process.family)) {
        match negated {
            true => draft.forget_name(kind, list.value, process.at.start),
            false => draft.use_name(kind, list, Usage::IgpFilter),
        }
        State::Modelled
    } else if let Some(state) = process_end_state(line.words()) {
        state
    } else if listed(INERT, words) {
        draft.account_block(Part::Routing, line, State::Inert);
        references::in_block(draft, line);
        return secrets::in_block(draft, line);
    } else if is_word(words, 0, "redistribute") || is_word(words, 0, "distribute-list") {
        State::Unmodelled
    } else {
        State::Opaque
    };
    draft.account(Part::Routing, line, state);
    draft.stray(line);
    if state != State::Modelled {
        secrets::in_block(draft, line);
    }
}

/// distribute-list ::= "distribute-list" ("prefix-list" | "route-map") NAME ("in" | "out")
fn distribute_list<'w, 't>(
    input: Words<'w, 't>,
    family: AddressFamily,
) -> Parsed<'w, 't, (ObjectKind, Fact<&'t str>)> {
    let (from, _) = word("distribute-list")(input)?;
    let mut low = room();
    let kind = match lower(from.peek(0), &mut low) {
        "prefix-list" if family == AddressFamily::Ipv6 => ObjectKind::Ipv6PrefixList,
        "prefix-list" => ObjectKind::PrefixList,
        "route-map" => ObjectKind::Policy,
        _ => return from.expected("what filters"),
    };
    let (left, list) = name(from.skip(1))?;
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "in" | "out" => Ok((left.skip(1), (kind, list))),
        _ => left.expected("in or out"),
    }
}
