//! Interior protocols: what they take from BGP and other protocols, and what filters them.
//!
//! How an interior protocol finds its way is no matter here. What it redistributes decides whether
//! routes learned from a cloud reach the inside, and what of the inside may come back.

use edgelint_model::{
    AddressFamily, Fact, IgpProcess, ObjectKind, Part, Redistribution, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, end_state, listed, lower, polarity, room, whole};
use super::redistribution::redistribute;
use super::references;
use crate::phrases::{is_word, name, word};
use crate::secrets;

/// Lines that concern nothing but the protocol itself.
///
/// inert-igp ::= "no"? inert-igp-word REST? NL
const INERT: &[InertRow] = &[
    ("network", "where the protocol runs"),
    ("neighbor", "where the protocol runs"),
    ("passive-interface", "where the protocol runs"),
    ("router-id", "identity"),
    ("eigrp", "identity, stubs and logging"),
    ("net", "identity"),
    ("is-type", "level"),
    ("area", "areas"),
    ("log-adjacency-changes", "logging"),
    ("log-adj-changes", "logging"),
    ("auto-cost", "metric"),
    ("metric", "metric"),
    ("metric-style", "metric"),
    ("default-metric", "metric of what is redistributed"),
    ("summary-metric", "metric"),
    ("max-metric", "metric while starting"),
    ("distance", "which protocol wins in the table"),
    ("default-information", "the default route of the interior"),
    ("summary-address", "summaries of the interior"),
    ("summary-prefix", "summaries of the interior"),
    ("summary", "summaries of the interior"),
    ("auto-summary", "classful summaries"),
    ("compatible", "choice of old"),
    ("discard-route", "summaries of the interior"),
    ("capability", "VPN loops"),
    ("domain-id", "VPN identity"),
    ("domain-tag", "VPN loops"),
    ("mpls", "labels"),
    ("segment-routing", "labels"),
    ("timers", "timers"),
    ("nsf", "high availability"),
    ("nsr", "high availability"),
    ("graceful-restart", "high availability"),
    ("bfd", "when a neighbor is lost"),
    ("fast-reroute", "when a neighbor is lost"),
    ("microloop", "when a neighbor is lost"),
    ("ispf", "speed"),
    ("prefix-priority", "speed"),
    ("prefix-suppression", "subnets of links"),
    ("max-lsa", "limits"),
    ("maximum-prefix", "limits of an interior protocol"),
    ("maximum-paths", "load sharing"),
    ("variance", "load sharing"),
    ("traffic-share", "load sharing"),
    ("queue-depth", "limits"),
    ("ignore", "multicast of old"),
    ("shutdown", "what stands in a process that is down is read all the same"),
    ("version", "version"),
    ("offset-list", "metric"),
    ("validate-update-source", "checks"),
    ("output-delay", "timers"),
    ("flash-update-threshold", "timers"),
    ("input-queue", "limits"),
    ("split-horizon", "loops"),
    ("next-hop-self", "next hop"),
    ("add-paths", "load sharing"),
    ("hello-interval", "timers"),
    ("hold-time", "timers"),
    ("dampening-change", "timers"),
    ("dampening-interval", "timers"),
    ("bandwidth-percent", "limits"),
    ("authentication", "who may join"),
    ("authentication-key", "who may join"),
    ("remote-neighbors", "where the protocol runs"),
    ("autonomous-system", "number"),
    ("soft-sia", "timers"),
    ("advertise", "subnets of links"),
    ("redistribute maximum-prefix", "limits"),
    ("redistribute isis ip", "between levels of one protocol"),
    ("set-overload-bit", "metric while starting"),
    ("spf-interval", "speed"),
    ("prc-interval", "speed"),
    ("lsp-gen-interval", "speed"),
    ("lsp-refresh-interval", "timers"),
    ("max-lsp-lifetime", "timers"),
    ("lsp-mtu", "media"),
    ("lsp-full", "limits"),
    ("hello", "timers"),
    ("update-queue-depth", "limits"),
    ("multi-topology", "topologies"),
    ("external", "topologies"),
    ("protocol", "interface of another system"),
    ("nssa", "areas"),
    ("local-rib-criteria", "metric"),
    ("snmp", "monitoring"),
    ("ip", "interface of another system"),
    ("add", "interface of another system"),
];

/// Blocks that do, and what becomes of them.
///
/// inert-igp-block ::= ("service-family" | "af-interface" | "sf-interface") REST? NL inert-block?
fn inert_block(words: Words<'_, '_>) -> Option<State> {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "service-family" | "af-interface" | "sf-interface" => Some(State::Inert),
        _ => None,
    }
}

/// router-igp ::= "no"? ("router" igp-protocol | "ipv6" "router" ("ospf" | "eigrp" | "rip")) igp-process? NL
///                (INDENT igp-line+ (block-end | inert-exit)? DEDENT)?
pub(super) fn router_igp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let v6 = is_word(words, 0, "ipv6");
    let words = words.skip(1 + usize::from(v6));
    let Some((protocol, vrf)) = whole(igp_head(words, v6)) else {
        let state = if v6 { State::Opaque } else { other_router(words) };
        draft.account_block(Part::Routing, statement, state);
        references::in_block(draft, statement);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    let family = if v6 { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 };
    let process = Process {
        at: statement.span(),
        protocol: protocol.value,
        vrf: vrf.map(|vrf| vrf.value),
        family,
    };
    let mut redistributions = Vec::new();
    for child in statement.children() {
        igp_line(draft, process, &mut redistributions, child);
    }
    if !negated {
        push(draft, process, redistributions);
    }
}

/// Protocols that carry no unicast routes of their own.
///
/// inert-router ::= "no"? "router" ("msdp" | "lisp" | "mobile" | "pim") REST? NL inert-block?
fn other_router(words: Words<'_, '_>) -> State {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "msdp" | "lisp" | "mobile" | "pim" => State::Inert,
        _ => State::Opaque,
    }
}

/// Where a line of an interior protocol stands.
#[derive(Clone, Copy)]
struct Process<'t> {
    at: Span,
    protocol: &'t str,
    vrf: Option<&'t str>,
    family: AddressFamily,
}

fn push<'t>(draft: &mut Draft<'t>, process: Process<'t>, redistributions: Vec<Redistribution<'t>>) {
    let Process { at, protocol, vrf, .. } = process;
    draft.device.igps.push(IgpProcess { at, protocol, vrf, redistributions });
}

/// The heading. Only some protocols have a process of their own for IPv6; IS-IS and OSPFv3 serve both
/// families in one.
///
/// igp-protocol ::= "ospf" | "ospfv3" | "eigrp" | "isis" | "rip" | "odr"
/// igp-process ::= NAME ("vrf" NAME)? | "vrf" NAME
fn igp_head<'w, 't>(
    input: Words<'w, 't>,
    v6: bool,
) -> Parsed<'w, 't, (Fact<&'t str>, Option<Fact<&'t str>>)> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ospf" | "eigrp" | "rip" => {}
        "ospfv3" | "isis" | "odr" if !v6 => {}
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

/// igp-line ::= "no"? redistribute NL | "no"? distribute-list NL | igp-family | igp-topology | inert-igp
///            | inert-igp-block
fn igp_line<'t>(
    draft: &mut Draft<'t>,
    process: Process<'t>,
    redistributions: &mut Vec<Redistribution<'t>>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "address-family" if !negated => return igp_family(draft, process, line),
        "topology" if !negated && 1 < words.len() => {
            draft.account(Part::Routing, line, State::Modelled);
            return line
                .children()
                .for_each(|child| igp_line(draft, process, redistributions, child));
        }
        _ => {}
    }
    let inert_block = if negated { None } else { inert_block(words) };
    let state = if let Some(read) = whole(redistribute(words)) {
        read.enter(draft, redistributions, (line.span(), process.family), negated);
        State::Modelled
    } else if let Some(used) = whole(distribute_list(words, process.family)) {
        for (kind, list) in used.into_iter().flatten() {
            if negated {
                draft.forget_name(kind, list.value, process.at.start);
            } else {
                draft.use_name(kind, list, Usage::IgpFilter);
            }
        }
        State::Modelled
    } else if let Some(state) = end_state(line.words()) {
        state
    } else if listed(INERT, words) || inert_block.is_some() {
        State::Inert
    } else if is_word(words, 0, "redistribute") || is_word(words, 0, "distribute-list") {
        State::Unmodelled
    } else {
        State::Opaque
    };
    draft.account(Part::Routing, line, state);
    let below = inert_block.unwrap_or(State::Opaque);
    for child in line.children() {
        draft.account_block(Part::Routing, child, below);
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
        references::in_block(draft, line);
    }
}

/// igp-topology ::= "topology" REST NL (INDENT (igp-line+ block-end? | block-end) DEDENT)?
/// igp-family ::= "address-family" ("ipv4" | "ipv6") igp-family-option* NL
///                (INDENT (igp-line+ (block-end | inert-exit)? | block-end) DEDENT)?
fn igp_family<'t>(draft: &mut Draft<'t>, process: Process<'t>, line: Statement<'_, 't>) {
    let words = line.words().skip(1);
    let mut low = room();
    let family = match lower(words.peek(0), &mut low) {
        "ipv4" => AddressFamily::Ipv4,
        "ipv6" => AddressFamily::Ipv6,
        _ => return draft.account_block(Part::Routing, line, State::Opaque),
    };
    let mut vrf = None;
    let mut left = words.skip(1);
    while !left.is_empty() {
        match igp_family_option(left, &mut vrf) {
            Ok((further, ())) => left = further,
            Err(_) => return draft.account_block(Part::Routing, line, State::Unmodelled),
        }
    }
    draft.account(Part::Routing, line, State::Modelled);
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    let vrf = vrf.map_or(process.vrf, |vrf| Some(vrf.value));
    let process = Process { at: line.span(), vrf, family, ..process };
    let mut redistributions = Vec::new();
    for child in line.children() {
        igp_line(draft, process, &mut redistributions, child);
    }
    push(draft, process, redistributions);
}

/// igp-family-option ::= "unicast" | "multicast" | "vrf" NAME | "autonomous-system" UINT16
fn igp_family_option<'w, 't>(
    input: Words<'w, 't>,
    vrf: &mut Option<Fact<&'t str>>,
) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "unicast" | "multicast" => Ok((next, ())),
        "vrf" => {
            let (left, named) = name(next)?;
            *vrf = Some(named);
            Ok((left, ()))
        }
        "autonomous-system" => {
            crate::phrases::number_in(0, 65535)(next).map(|(left, _)| (left, ()))
        }
        _ => input.expected("unicast, vrf or autonomous-system"),
    }
}

type Used<'t> = [Option<(ObjectKind, Fact<&'t str>)>; 2];

/// distribute-list ::= "distribute-list" distribute-filter ("in" | "out") NAME* | "distribute-list" NAME ("in" | "out") NAME*
fn distribute_list<'w, 't>(
    input: Words<'w, 't>,
    family: AddressFamily,
) -> Parsed<'w, 't, Used<'t>> {
    let (from, _) = word("distribute-list")(input)?;
    let acl = if family == AddressFamily::Ipv6 { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
    let plain = |from| name(from).map(|(left, list)| (left, [Some((acl, list)), None]));
    distribute_filter(from, family).and_then(ended).or_else(|_| plain(from).and_then(ended))
}

/// The direction, and the interface or protocol it is limited to.
fn ended<'w, 't, T>((left, used): (Words<'w, 't>, T)) -> Parsed<'w, 't, T> {
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "in" | "out" => Ok((left.skip(left.len()), used)),
        _ => left.expected("in or out"),
    }
}

/// distribute-filter ::= ("prefix" | "prefix-list") NAME ("gateway" NAME)? | ("gateway" | "route-map") NAME
fn distribute_filter<'w, 't>(
    input: Words<'w, 't>,
    family: AddressFamily,
) -> Parsed<'w, 't, Used<'t>> {
    let list = match family {
        AddressFamily::Ipv6 => ObjectKind::Ipv6PrefixList,
        _ => ObjectKind::PrefixList,
    };
    let mut low = room();
    let kind = match lower(input.peek(0), &mut low) {
        "prefix" | "prefix-list" => list,
        "gateway" => {
            return name(input.skip(1)).map(|(left, it)| (left, [Some((list, it)), None]));
        }
        "route-map" => ObjectKind::Policy,
        _ => return input.expected("what filters"),
    };
    let (left, first) = name(input.skip(1))?;
    if kind == list && is_word(left, 0, "gateway") {
        let (left, second) = name(left.skip(1))?;
        return Ok((left, [Some((kind, first)), Some((list, second))]));
    }
    Ok((left, [Some((kind, first)), None]))
}

#[cfg(test)]
mod tests {
    use super::router_igp;
    use crate::ios::lines::tests::{counts, shown};
    use edgelint_model::{Device, Part};
    use std::fmt::Write;

    fn show(device: &Device<'_>) -> String {
        let mut text = String::new();
        for igp in &device.igps {
            write!(text, "{} {}:", igp.protocol, igp.vrf.unwrap_or("-")).unwrap();
            for it in &igp.redistributions {
                let policy = it.policy.map_or("", |policy| policy.value);
                write!(text, " [{} {:?} {policy}]", it.protocol, it.family).unwrap();
            }
            writeln!(text).unwrap();
        }
        let uses = device.uses.iter().map(|it| format!("{} {}", it.kind.name(), it.name));
        writeln!(text, "{}", uses.collect::<Vec<_>>().join(", ")).unwrap();
        text.push_str(&counts(device, Part::Routing));
        text
    }

    #[test]
    fn redistribution_and_filters() {
        let text = "router ospf 1 vrf A\n router-id 10.0.0.1\n redistribute bgp 64500 subnets route-map IN\n \
                    distribute-list prefix P in\n distribute-list 10 out\n distribute-list route-map R in GigabitEthernet1\n \
                    network 10.0.0.0 0.0.0.255 area 0\n mystery\nrouter eigrp NAMED\n address-family ipv6 unicast vrf B autonomous-system 9\n  \
                    topology base\n   redistribute static metric 1 2 3 4 5\n  exit-af-topology\n";
        assert_eq!(
            shown(text, router_igp, show),
            "ospf A: [bgp 64500 Ipv4 IN]\neigrp B: [static Ipv6 ]\neigrp -:\n\
             vrf A, route-map IN, prefix-list P, acl 10, route-map R, vrf B\n10/2/0/1"
        );
    }
}
