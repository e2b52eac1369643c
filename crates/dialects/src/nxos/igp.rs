//! Interior protocols: what they take from BGP and other protocols, and what filters them.
//!
//! How an interior protocol finds its way is no matter here. What it redistributes decides whether
//! routes learned from a cloud reach the inside, and what of the inside may come back. A process serves
//! several VRFs, each in a block of its own.

use edgelint_model::{
    AddressFamily, Fact, IgpProcess, ObjectKind, Part, Redistribution, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, is_exit, listed, lower, polarity, room, whole};
use super::redistribution::{redistribute, refuse};
use super::references;
use crate::phrases::{is_word, name, word};
use crate::secrets;

/// Lines that concern nothing but the protocol itself.
///
/// inert-igp ::= undo? inert-igp-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("network", "where the protocol runs"),
    ("neighbor", "where the protocol runs"),
    ("passive-interface", "where the protocol runs"),
    ("flush-routes", "restart"),
    ("isolate", "maintenance"),
    ("router-id", "identity"),
    ("autonomous-system", "number"),
    ("eigrp", "identity, stubs and logging"),
    ("stub", "identity, stubs and logging"),
    ("net", "identity"),
    ("is-type", "level"),
    ("area", "areas"),
    ("name-lookup", "names"),
    ("hostname", "names"),
    ("log-adjacency-changes", "logging"),
    ("log-neighbor-changes", "logging"),
    ("log-neighbor-warnings", "logging"),
    ("event-history", "monitoring"),
    ("snmp", "monitoring"),
    ("auto-cost", "metric"),
    ("reference-bandwidth", "metric"),
    ("metric", "metric"),
    ("metric-style", "metric"),
    ("metrics", "metric"),
    ("default-metric", "metric of what is redistributed"),
    ("max-metric", "metric while starting"),
    ("set-overload-bit", "metric while starting"),
    ("set-attached-bit", "levels"),
    ("distance", "which protocol wins in the table"),
    ("default-information", "the default route of the interior"),
    ("summary-address", "summaries of the interior"),
    ("discard-route", "summaries of the interior"),
    ("rfc1583compatibility", "choice of old"),
    ("capability", "VPN loops"),
    ("down-bit-ignore", "VPN loops"),
    ("domain-id", "VPN identity"),
    ("domain-tag", "VPN loops"),
    ("mpls", "labels"),
    ("segment-routing", "labels"),
    ("timers", "timers"),
    ("nsf", "high availability"),
    ("graceful-restart", "high availability"),
    ("bfd", "when a neighbor is lost"),
    ("maximum-paths", "load sharing"),
    ("variance", "load sharing"),
    ("max-lsa", "limits"),
    ("max-lsp-lifetime", "timers"),
    ("lsp-gen-interval", "speed"),
    ("lsp-mtu", "media"),
    ("spf-interval", "speed"),
    ("reoriginate", "loops"),
    ("advertise", "subnets of links"),
    ("adjacency-check", "checks"),
    ("authentication", "who may join"),
    ("authentication-check", "who may join"),
    ("authentication-type", "who may join"),
    ("multi-topology", "topologies"),
    ("multipath", "load sharing"),
    ("redistribute maximum-prefix", "limits"),
    ("shutdown", "what stands in a process that is down is read all the same"),
    ("dynamic-flooding", "speed"),
    ("wait-for", "start"),
];

/// router-igp ::= "router" igp-protocol NAME? NL (INDENT (igp-vrf | igp-line)+ inert-exit? DEDENT)?
/// no-router-igp ::= undo "router" igp-protocol NAME? NL
/// igp-protocol ::= "ospf" | "ospfv3" | "eigrp" | "isis" | "rip"
pub(super) fn router_igp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(protocol) = whole(igp_head(words.skip(1))) else {
        // Protocols that carry no unicast routes of their own.
        draft.account_block(Part::Routing, statement, other_router(words.skip(1)));
        references::in_block(draft, statement);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    let process = IgpProcess {
        at: statement.span(),
        protocol: protocol.value,
        vrf: None,
        redistributions: Vec::new(),
    };
    if negated {
        draft.device.igps.retain(|it| it.protocol != protocol.value);
        for child in statement.children() {
            draft.account_block(Part::Routing, child, State::Opaque);
        }
        return;
    }
    igp_block(draft, statement, process, AddressFamily::Ipv4);
}

fn igp_head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ospf" | "ospfv3" | "eigrp" | "isis" | "rip" => {}
        _ => return input.expected("a protocol"),
    }
    let (left, protocol) = name(input)?;
    Ok((left.skip(usize::from(!left.is_empty())), protocol))
}

/// inert-router ::= undo? "router" ("msdp" | "pim" | "lisp" | "ptp") REST? NL inert-block?
fn other_router(words: Words<'_, '_>) -> State {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "msdp" | "pim" | "lisp" | "ptp" => State::Inert,
        _ => State::Opaque,
    }
}

/// Reads the block of a process, or of a VRF in it, and puts the process into the device.
///
/// igp-vrf ::= "vrf" NAME NL (INDENT igp-line+ inert-exit? DEDENT)?
fn igp_block<'t>(
    draft: &mut Draft<'t>,
    block: Statement<'_, 't>,
    mut process: IgpProcess<'t>,
    family: AddressFamily,
) {
    let of_vrf = process.vrf.is_some();
    for child in block.children() {
        let words = child.words();
        let vrf = if is_word(words, 0, "vrf") { whole(name(words.skip(1))) } else { None };
        let Some(vrf) = vrf.filter(|_| !of_vrf) else {
            igp_line(draft, &mut process.redistributions, (family, block.span()), child);
            continue;
        };
        draft.account(Part::Routing, child, State::Modelled);
        draft.use_vrf(vrf);
        let inner = IgpProcess {
            at: child.span(),
            protocol: process.protocol,
            vrf: Some(vrf.value),
            redistributions: Vec::new(),
        };
        igp_block(draft, child, inner, family);
    }
    draft.device.igps.push(process);
}

/// igp-line ::= igp-family | undo? redistribute NL | undo? distribute-list NL | undo? igp-table-map NL
///     | inert-igp
fn igp_line<'t>(
    draft: &mut Draft<'t>,
    redistributions: &mut Vec<Redistribution<'t>>,
    (family, block): (AddressFamily, Span),
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "address-family") && !negated {
        return igp_family(draft, redistributions, line);
    }
    let state = if let Some(read) = whole(redistribute(words)) {
        read.enter(draft, redistributions, (line.span(), family), negated);
        State::Modelled
    } else if let Some((kind, list)) =
        whole(distribute_list(words)).or_else(|| whole(igp_table_map(words)))
    {
        if negated {
            draft.forget_name(kind, list.value, block.start);
        } else {
            draft.use_name(kind, list, Usage::IgpFilter);
        }
        State::Modelled
    } else if is_exit(line.words()) || listed(INERT, words) {
        State::Inert
    } else if is_word(words, 0, "redistribute") || is_word(words, 0, "distribute-list") {
        State::Unmodelled
    } else {
        State::Opaque
    };
    draft.account(Part::Routing, line, state);
    if state == State::Unmodelled && !negated {
        refuse(draft, words);
    }
    let below = if state == State::Inert { state } else { State::Opaque };
    for child in line.children() {
        draft.account_block(Part::Routing, child, below);
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
        references::in_block(draft, line);
    }
}

/// igp-family ::= "address-family" ("ipv4" | "ipv6") "unicast" NL (INDENT igp-line+ inert-exit? DEDENT)?
fn igp_family<'t>(
    draft: &mut Draft<'t>,
    redistributions: &mut Vec<Redistribution<'t>>,
    line: Statement<'_, 't>,
) {
    let words = line.words();
    let mut low = room();
    let family = match lower(words.peek(1), &mut low) {
        "ipv4" if is_word(words, 2, "unicast") => AddressFamily::Ipv4,
        "ipv6" if is_word(words, 2, "unicast") => AddressFamily::Ipv6,
        _ => return draft.account_block(Part::Routing, line, State::Opaque),
    };
    if words.len() != 3 {
        return draft.account_block(Part::Routing, line, State::Opaque);
    }
    draft.account(Part::Routing, line, State::Modelled);
    for child in line.children() {
        igp_line(draft, redistributions, (family, line.span()), child);
    }
}

/// distribute-list ::= "distribute-list" ("prefix-list" | "route-map") NAME ("in" | "out") NAME*
fn distribute_list<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (ObjectKind, Fact<&'t str>)> {
    let (from, _) = word("distribute-list")(input)?;
    let mut low = room();
    let kind = match lower(from.peek(0), &mut low) {
        "prefix-list" => ObjectKind::PrefixList,
        "route-map" => ObjectKind::Policy,
        _ => return from.expected("prefix-list or route-map"),
    };
    let (left, list) = name(from.skip(1))?;
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "in" | "out" => Ok((left.skip(left.len()), (kind, list))),
        _ => left.expected("in or out"),
    }
}

/// igp-table-map ::= "table-map" NAME "filter"?
fn igp_table_map<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (ObjectKind, Fact<&'t str>)> {
    let (left, _) = word("table-map")(input)?;
    let (left, policy) = name(left)?;
    let left = left.skip(usize::from(is_word(left, 0, "filter")));
    Ok((left, (ObjectKind::Policy, policy)))
}

#[cfg(test)]
mod tests {
    use crate::nxos::rendering::device;

    #[test]
    fn processes_and_their_vrfs() {
        let text = "router ospf UNDERLAY\n  router-id 192.0.2.1\n  redistribute bgp 64500 route-map B\n  vrf RED\n    \
                    redistribute static route-map S\n    table-map T filter\n\
                    router eigrp 1\n  address-family ipv6 unicast\n    redistribute direct route-map D\n  redistribute static\n";
        let shown = device(text, |device| {
            let all = device.igps.iter().map(|it| {
                let redistributions = it.redistributions.iter().map(|one| {
                    format!("{} by {}", one.protocol, one.policy.map_or("-", |it| it.value))
                });
                let redistributions = redistributions.collect::<Vec<_>>().join(",");
                format!("{} {}: {redistributions}", it.protocol, it.vrf.unwrap_or("-"))
            });
            let unknown = device.coverage.unknown.len();
            format!("{} | {unknown}", all.collect::<Vec<_>>().join("; "))
        });
        assert_eq!(
            shown,
            "ospf RED: static by S; ospf -: bgp 64500 by B; eigrp -: direct by D | 1"
        );
    }
}
