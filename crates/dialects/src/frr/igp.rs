//! Interior protocols: what is redistributed into them, and which lists filter them.

use edgelint_model::{
    AddressFamily, Fact, IgpProcess, ObjectKind, Part, Redistribution, State, Usage,
};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, end_state, listed, lower, polarity, room, whole};
use super::redistribution::{is_head, redistribute};
use super::references;
use crate::phrases::{is_word, name, number_in, word};
use crate::secrets;

/// Lines that concern nothing but the protocol itself.
///
/// inert-igp ::= "no"? inert-igp-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("network", "where the protocol runs"),
    ("neighbor", "where the protocol runs"),
    ("passive-interface", "where the protocol runs"),
    ("interface", "where the protocol runs"),
    ("area", "areas"),
    ("net", "identity"),
    ("router-id", "identity"),
    ("ospf", "identity and choices of the protocol"),
    ("ospf6", "identity and choices of the protocol"),
    ("eigrp", "identity and choices of the protocol"),
    ("babel", "choices of the protocol"),
    ("version", "version"),
    ("is-type", "level"),
    ("metric-style", "metric"),
    ("auto-cost", "metric"),
    ("default-metric", "metric of what is redistributed"),
    ("max-metric", "metric while starting"),
    ("metric", "metric"),
    ("offset-list", "metric"),
    ("variance", "load sharing"),
    ("maximum-paths", "load sharing"),
    ("allow-ecmp", "load sharing"),
    ("distance", "which protocol wins in the table"),
    ("default-information", "the default route of the interior"),
    ("summary-address", "summaries of the interior"),
    ("aggregation", "summaries of the interior"),
    ("route", "a route of the protocol itself"),
    ("aggregate-address", "summaries of the interior"),
    ("log-adjacency-changes", "logging"),
    ("log-pdu-drops", "logging"),
    ("timers", "timers"),
    ("spf-interval", "timers"),
    ("spf-delay-ietf", "timers"),
    ("lsp-gen-interval", "timers"),
    ("lsp-refresh-interval", "timers"),
    ("max-lsp-lifetime", "timers"),
    ("lsp-timers", "timers"),
    ("lsp-mtu", "media"),
    ("refresh", "timers"),
    ("write-multiplier", "timers"),
    ("compatible", "choice of old"),
    ("capability", "options of the protocol"),
    ("graceful-restart", "forwarding while the protocol restarts"),
    ("fast-reroute", "when a neighbor is lost"),
    ("bfd", "when a neighbor is lost"),
    ("segment-routing", "labels and segments"),
    ("flex-algo", "labels and segments"),
    ("mpls", "labels"),
    ("mpls-te", "traffic engineering"),
    ("router-info", "traffic engineering"),
    ("pce", "traffic engineering"),
    ("topology", "topologies"),
    ("set-overload-bit", "metric while starting"),
    ("set-attached-bit", "levels"),
    ("attached-bit", "levels"),
    ("purge-originator", "origin of packets"),
    ("dynamic-hostname", "names"),
    ("hostname", "names"),
    ("advertise-high-metrics", "metric"),
    ("advertise-passive-only", "subnets of links"),
    ("area-password", "who may join"),
    ("domain-password", "who may join"),
    ("authentication", "who may join"),
    ("fabric-tier", "topologies"),
    ("flood-reflector", "topologies"),
    ("proactive-arp", "neighbor discovery"),
    ("passive", "where the protocol runs"),
    ("affinity-map", "traffic engineering"),
    ("distribute", "link state"),
];

/// Reads a process of an interior protocol with its block.
///
/// router-igp ::= "no"? "router" igp-protocol igp-process? NL (INDENT igp-line+ (block-end | inert-exit)? DEDENT)?
pub(super) fn router_igp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let words = words.skip(1);
    if other_router(words) {
        draft.account_block(Part::Routing, statement, State::Inert);
        references::in_block(draft, statement);
        return secrets::in_block(draft, statement);
    }
    let Some((protocol, vrf)) = whole(head(words)) else {
        draft.account_block(Part::Routing, statement, State::Opaque);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    let six = matches!(protocol.value, "ospf6" | "ripng");
    let family = if six { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 };
    let mut redistributions = Vec::new();
    for child in statement.children() {
        igp_line(draft, family, &mut redistributions, child);
    }
    if !negated {
        let (at, vrf) = (statement.span(), vrf.map(|vrf| vrf.value));
        let process = IgpProcess { at, protocol: protocol.value, vrf, redistributions };
        draft.device.igps.push(process);
    }
}

/// Protocols that carry no unicast routes of their own.
///
/// inert-router ::= "no"? "router" ("pim" | "pim6") REST? NL inert-block?
fn other_router(words: Words<'_, '_>) -> bool {
    is_word(words, 0, "pim") || is_word(words, 0, "pim6")
}

type Head<'t> = (Fact<&'t str>, Option<Fact<&'t str>>);

/// igp-protocol ::= "ospf" | "ospf6" | "rip" | "ripng" | "isis" | "eigrp" | "babel" | "openfabric"
/// igp-process ::= (NAME - "vrf") ("vrf" NAME)? | "vrf" NAME
fn head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Head<'t>> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ospf" | "ospf6" | "rip" | "ripng" | "isis" | "eigrp" | "babel" | "openfabric" => {}
        _ => return input.expected("a protocol"),
    }
    let (left, protocol) = name(input)?;
    let left = match is_word(left, 0, "vrf") {
        true => left,
        false => name(left).map_or(left, |(left, _)| left),
    };
    match word("vrf")(left) {
        Ok((left, _)) => name(left).map(|(left, vrf)| (left, (protocol, Some(vrf)))),
        Err(_) => Ok((left, (protocol, None))),
    }
}

/// igp-line ::= "no"? (redistribute | distribute-list) NL | inert-igp
fn igp_line<'t>(
    draft: &mut Draft<'t>,
    family: AddressFamily,
    redistributions: &mut Vec<Redistribution<'t>>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let state = if let Some(read) = whole(redistribute(words)) {
        read.enter(draft, redistributions, (line.span(), family), negated);
        State::Modelled
    } else if let Some((kind, list)) = whole(distribute_list(words, family)) {
        if !negated {
            draft.use_name(kind, list, Usage::IgpFilter);
        }
        State::Modelled
    } else if let Some(state) = end_state(line.words()) {
        state
    } else if listed(INERT, words) {
        draft.account_block(Part::Routing, line, State::Inert);
        secrets::in_block(draft, line);
        return references::in_block(draft, line);
    } else if is_head(words) || is_word(words, 0, "distribute-list") {
        State::Unmodelled
    } else {
        State::Opaque
    };
    draft.account(Part::Routing, line, state);
    for child in line.children() {
        draft.account_block(Part::Routing, child, State::Opaque);
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
        references::in_block(draft, line);
    }
}

type Used<'t> = (ObjectKind, Fact<&'t str>);

/// distribute-list ::= "distribute-list" ("prefix" NAME | "route-map" NAME | NAME - ("prefix" | "route-map")) ("in" | "out") distribute-to?
/// distribute-to ::= NAME UINT16?
fn distribute_list<'w, 't>(
    input: Words<'w, 't>,
    family: AddressFamily,
) -> Parsed<'w, 't, Used<'t>> {
    let (from, _) = word("distribute-list")(input)?;
    let six = family == AddressFamily::Ipv6;
    let mut low = room();
    let (from, kind) = match lower(from.peek(0), &mut low) {
        "prefix" if six => (from.skip(1), ObjectKind::Ipv6PrefixList),
        "prefix" => (from.skip(1), ObjectKind::PrefixList),
        "route-map" => (from.skip(1), ObjectKind::Policy),
        _ if six => (from, ObjectKind::Ipv6Acl),
        _ => (from, ObjectKind::Acl),
    };
    let (left, list) = name(from)?;
    match lower(left.peek(0), &mut low) {
        "in" | "out" => {}
        _ => return left.expected("in or out"),
    }
    let left = left.skip(1);
    let left = match name(left) {
        Ok((left, _)) => number_in(0, 65535)(left).map_or(left, |(left, _)| left),
        Err(_) => left,
    };
    Ok((left, (kind, list)))
}
