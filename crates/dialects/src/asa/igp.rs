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
use super::lines::{InertRow, is_exit, listed, lower, polarity, room, whole};
use super::redistribution::redistribute;
use crate::phrases::{is_word, name, word};
use crate::secrets;

/// Lines that concern nothing but the protocol itself.
///
/// inert-igp ::= "no"? inert-igp-word REST? NL
const INERT: &[InertRow] = &[
    ("area", "areas"),
    ("authentication", "who may join"),
    ("auto-summary", "classful summaries"),
    ("bfd", "when a neighbor is lost"),
    ("compatible", "choice of old"),
    ("default-information", "the default route of the interior"),
    ("default-metric", "metric of what is redistributed"),
    ("distance", "which protocol wins in the table"),
    ("eigrp", "identity, stubs and logging"),
    ("ignore", "multicast of old"),
    ("is-type", "level"),
    ("log-adj-changes", "logging"),
    ("log-adjacency-changes", "logging"),
    ("lsp-full", "limits"),
    ("lsp-gen-interval", "speed"),
    ("lsp-refresh-interval", "timers"),
    ("max-lsp-lifetime", "timers"),
    ("max-metric", "metric while starting"),
    ("maximum-paths", "load sharing"),
    ("metric", "metric"),
    ("metric-style", "metric"),
    ("neighbor", "where the protocol runs"),
    ("net", "identity"),
    ("network", "where the protocol runs"),
    ("nsf", "high availability"),
    ("passive-interface", "where the protocol runs"),
    ("prc-interval", "speed"),
    ("protocol", "what is sent when it shuts down"),
    ("router-id", "identity"),
    ("set-attached-bit", "metric"),
    ("set-overload-bit", "metric while starting"),
    ("shutdown", "what stands in a process that is down is read all the same"),
    ("spf-interval", "speed"),
    ("summary-address", "summaries of the interior"),
    ("summary-prefix", "summaries of the interior"),
    ("timers", "timers"),
    ("traffic-share", "load sharing"),
    ("variance", "load sharing"),
    ("version", "version"),
];

/// router-igp ::= igp-head NL (INDENT igp-line* (igp-line | inert-exit) DEDENT)? | "no" igp-head NL
/// igp-head ::= ("router" igp-protocol | "ipv6" "router" "ospf") NAME?
/// igp-protocol ::= "ospf" | "eigrp" | "rip" | "isis"
pub(super) fn router_igp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let v6 = is_word(words, 0, "ipv6");
    let words = words.skip(1 + usize::from(v6));
    let Some(protocol) = whole(igp_head(words, v6)) else {
        draft.account_block(Part::Routing, statement, State::Opaque);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    if negated {
        return draft.stray(statement);
    }
    let family = if v6 { AddressFamily::Ipv6 } else { AddressFamily::Ipv4 };
    let at = statement.span();
    let mut redistributions = Vec::new();
    for child in statement.children() {
        igp_line(draft, (at, family), &mut redistributions, child);
    }
    let protocol = protocol.value;
    draft.device.igps.push(IgpProcess { at, protocol, vrf: None, redistributions });
}

fn igp_head<'w, 't>(input: Words<'w, 't>, v6: bool) -> Parsed<'w, 't, Fact<&'t str>> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ospf" => {}
        "eigrp" | "rip" | "isis" if !v6 => {}
        _ => return input.expected("a protocol"),
    }
    let (left, protocol) = name(input)?;
    Ok((name(left).map_or(left, |(left, _)| left), protocol))
}

/// igp-line ::= "no"? redistribute NL | "no"? distribute-list NL | igp-family | inert-igp
/// igp-family ::= "address-family" ("ipv4" | "ipv6") "unicast"? NL (INDENT igp-line* (igp-line | family-end | inert-exit) DEDENT)?
fn igp_line<'t>(
    draft: &mut Draft<'t>,
    (since, family): (Span, AddressFamily),
    redistributions: &mut Vec<Redistribution<'t>>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if !negated && let Some(family) = whole(igp_family(words)) {
        draft.account(Part::Routing, line, State::Modelled);
        let lines = line.children();
        return lines.for_each(|it| igp_line(draft, (since, family), redistributions, it));
    }
    let state = if let Some(read) = whole(redistribute(words)) {
        read.enter(draft, redistributions, (line.span(), family), negated);
        State::Modelled
    } else if let Some((kind, list)) = whole(distribute_list(words)) {
        match negated {
            true => draft.forget_name(kind, list.value, since.start),
            false => draft.use_name(kind, list, Usage::IgpFilter),
        }
        State::Modelled
    } else if is_family_end(line.words()) {
        State::Modelled
    } else if is_exit(line.words()) || listed(INERT, words) {
        State::Inert
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

/// The end of a family as exports write it.
///
/// family-end ::= "exit-address-family" NL
pub(super) fn is_family_end(words: Words<'_, '_>) -> bool {
    words.len() == 1 && is_word(words, 0, "exit-address-family")
}

fn igp_family<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, AddressFamily> {
    let (left, _) = word("address-family")(input)?;
    let mut low = room();
    let family = match lower(left.peek(0), &mut low) {
        "ipv4" => AddressFamily::Ipv4,
        "ipv6" => AddressFamily::Ipv6,
        _ => return left.expected("ipv4 or ipv6"),
    };
    let left = left.skip(1);
    Ok((word("unicast")(left).map_or(left, |(left, _)| left), family))
}

/// distribute-list ::= "distribute-list" ("prefix" | "prefix-list" | "route-map")? list-of-routes ("in" | "out") NAME*
/// list-of-routes ::= NAME - ("prefix" | "prefix-list" | "route-map")
fn distribute_list<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (ObjectKind, Fact<&'t str>)> {
    let (from, _) = word("distribute-list")(input)?;
    let kind_of = |words: Words<'_, '_>| {
        let mut low = room();
        match lower(words.peek(0), &mut low) {
            "prefix" | "prefix-list" => Some(ObjectKind::PrefixList),
            "route-map" => Some(ObjectKind::Policy),
            _ => None,
        }
    };
    let kind = kind_of(from);
    let from = from.skip(usize::from(kind.is_some()));
    if kind_of(from).is_some() {
        return from.expected("a list");
    }
    let (left, list) = name(from)?;
    let mut low = room();
    match lower(left.peek(0), &mut low) {
        "in" | "out" => Ok((left.skip(left.len()), (kind.unwrap_or(ObjectKind::Acl), list))),
        _ => left.expected("in or out"),
    }
}

#[cfg(test)]
mod tests {
    use crate::asa::rendering::device;

    #[test]
    fn what_is_redistributed_and_filtered() {
        let text = "router ospf 1\n router-id 192.0.2.1\n network 10.0.0.0 255.0.0.0 area 0\n \
                    redistribute bgp 64500 subnets route-map M\n redistribute static metric 5\n \
                    no redistribute static\n distribute-list L in interface inside\n mystery knob\n";
        let said = device(text, |device| {
            let redistributed = device.igps.iter().flat_map(|it| &it.redistributions);
            let redistributed: Vec<_> = redistributed.map(|it| it.protocol).collect();
            let uses: Vec<_> = device.uses.iter().map(|it| it.name).collect();
            let unknown = device.coverage.unknown.len();
            format!("{redistributed:?} {uses:?} {unknown}")
        });
        assert_eq!(said, "[\"bgp 64500\"] [\"M\", \"L\"] 1");
    }
}
