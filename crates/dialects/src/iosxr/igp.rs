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
use super::lines::{is_exit, lower, polarity, room};
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
///     | "address-family" ("ipv4" | "ipv6") "unicast"? NL (INDENT igp-line+ DEDENT)? | inert-igp
/// inert-igp ::= REST NL inert-block?
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
        "address-family" => {
            let inner = if is_word(words, 1, "ipv6") { AddressFamily::Ipv6 } else { family };
            draft.account(Part::Routing, line, State::Modelled);
            line.children().for_each(|child| igp_line(draft, process, inner, child));
        }
        _ => {
            draft.account_block(Part::Routing, line, State::Inert);
            if !is_exit(words) {
                references::in_block(draft, line);
                secrets::in_block(draft, line);
            }
        }
    }
}

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
        if reader.is("1") || reader.is("2") {
            reader.next();
        }
    }
}
