//! VRFs: the routes they import from others and export to them.

use edgelint_model::{Fact, Leak, LeakSource, ObjectKind, Part, State, Usage, Vrf};
use edgelint_syntax::Statement;

use super::draft::Draft;
use super::lines::{InertRow, leftover, lower, polarity, room};
use super::pieces::pieces;
use super::policy::policy_use;
use super::values::Reader;
use crate::phrases::is_word;

/// Lines of a VRF that move no unicast routes between VRFs.
///
/// inert-vrf ::= "no"? inert-vrf-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("description", "free text"),
    ("maximum", "limits of the table"),
    ("mhost", "packets of the device itself"),
    ("mode", "a VRF of many"),
    ("vpn", "a label"),
    ("fallback-vrf", "where packets go that no route fits"),
    ("remote-route-filtering", "which VPN routes are asked for"),
    ("rd", "a label"),
];

/// vrf ::= "vrf" NAME NL (INDENT vrf-family* inert-exit? DEDENT)? | "no" "vrf" NAME NL
pub(super) fn vrf<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(name) = words.token(1).filter(|_| words.len() == 2) else {
        return draft.account_block(Part::Routing, statement, State::Unmodelled);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    let at = statement.span();
    if negated {
        draft.device.vrfs.retain(|vrf| vrf.name != name.text);
        draft.undefine(ObjectKind::Vrf, name.text);
        return draft.stray(statement);
    }
    draft.define(ObjectKind::Vrf, name.text, at);
    let known = draft.device.vrfs.iter().position(|vrf| vrf.name == name.text);
    let mut vrf = match known {
        Some(index) => draft.device.vrfs.remove(index),
        None => Vrf {
            name: name.text,
            at,
            import_targets: Vec::new(),
            export_targets: Vec::new(),
            import_policies: Vec::new(),
            export_policies: Vec::new(),
            exchanges: None,
            blind: Vec::new(),
        },
    };
    for line in statement.children() {
        vrf_line(draft, &mut vrf, line);
    }
    let index = known.unwrap_or(draft.device.vrfs.len());
    draft.device.vrfs.insert(index, vrf);
}

/// vrf-family ::= "address-family" ("ipv4" | "ipv6") ("unicast" | "multicast" | "flowspec") NL (INDENT exchange* inert-exit? DEDENT)?
///     | inert-vrf
fn vrf_line<'t>(draft: &mut Draft<'t>, vrf: &mut Vrf<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let (mut first, mut second) = (room(), room());
    let family = is_word(words, 0, "address-family")
        && words.len() == 3
        && matches!(lower(words.peek(1), &mut first), "ipv4" | "ipv6")
        && matches!(lower(words.peek(2), &mut second), "unicast" | "multicast" | "flowspec");
    if !family {
        let known = is_word(words, 0, "address-family");
        return leftover(draft, (Part::Routing, line), INERT, known, &mut vrf.blind);
    }
    draft.account(Part::Routing, line, State::Modelled);
    for child in line.children() {
        exchange(draft, vrf, child);
    }
}

/// What a family of a VRF imports or exports.
///
/// exchange ::= direction-word "route-target" NL (INDENT (target NL)+ DEDENT)? | direction-word "route-target" target NL
///     | direction-word "route-policy" policy-use NL | "import" "from" leak NL | "export" "to" leak NL | inert-vrf
/// direction-word ::= "import" | "export"
/// target ::= EXTCOMMUNITY "stitching"?
fn exchange<'t>(draft: &mut Draft<'t>, vrf: &mut Vrf<'t>, line: Statement<'_, 't>) {
    let pieces = pieces(line.words());
    let mut reader = Reader::new(&pieces, line.words().file_text());
    let import = reader.is("import");
    let said = (import || reader.is("export")).then(|| {
        reader.next();
        if reader.take("route-target") {
            if !reader.is_empty() {
                targets(vrf, import, target(&mut reader)?);
            }
            return reader.is_empty().then_some(true);
        }
        if reader.take("route-policy") {
            let policy = policy_use(draft, &mut reader, Usage::VrfPolicy)?;
            let place = if import { &mut vrf.import_policies } else { &mut vrf.export_policies };
            place.iter().for_each(|old| draft.forget(old.at()));
            place.clear();
            place.push(policy);
            return reader.is_empty().then_some(false);
        }
        leak(draft, vrf, &mut reader, (import, line))?;
        reader.is_empty().then_some(false)
    });
    let Some(block) = said.flatten() else {
        let known = is_word(line.words(), 0, "import") || is_word(line.words(), 0, "export");
        return leftover(draft, (Part::Routing, line), INERT, known, &mut vrf.blind);
    };
    draft.account(Part::Routing, line, State::Modelled);
    for child in line.children() {
        let pieces = super::pieces::pieces(child.words());
        let mut reader = Reader::new(&pieces, child.words().file_text());
        let read = target(&mut reader).filter(|_| block && reader.is_empty());
        let state = if read.is_some() { State::Modelled } else { State::Unmodelled };
        draft.account(Part::Routing, child, state);
        draft.stray(child);
        match read {
            Some(read) => targets(vrf, import, read),
            None => vrf.blind.push(child.span()),
        }
    }
}

fn targets<'t>(vrf: &mut Vrf<'t>, import: bool, target: Fact<&'t str>) {
    let targets = if import { &mut vrf.import_targets } else { &mut vrf.export_targets };
    targets.retain(|known| known.value != target.value);
    targets.push(target);
}

fn target<'t>(reader: &mut Reader<'_, 't>) -> Option<Fact<&'t str>> {
    let target = reader.name()?;
    if !is_extcommunity(target.value) {
        return None;
    }
    reader.take("stitching");
    Some(target)
}

/// `AS:number` or `address:number`, with 32 bits for one half and 16 for the other (RFC 4360,
/// sections 3.1 and 3.2; RFC 5668).
pub(super) fn is_extcommunity(text: &str) -> bool {
    let Some((high, low)) = text.split_once(':') else { return false };
    let digits = super::values::digits;
    let Some(low) = digits(low) else { return false };
    if high.parse::<std::net::Ipv4Addr>().is_ok() {
        return low <= 0xFFFF;
    }
    match high.split_once('.') {
        Some(_) => crate::phrases::parse_asn(high).is_some() && low <= 0xFFFF,
        None => digits(high).is_some_and(|asn| asn <= 0xFFFF || low <= 0xFFFF),
    }
}

/// Routes of the default table, or of all VRFs, taken in or given out.
///
/// leak ::= "default-vrf" ("route-policy" policy-use)? leak-option* | "vrf" leak-option+
/// leak-option ::= "advertise-as-vpn" | "allow-imported-vpn"
fn leak<'t>(
    draft: &mut Draft<'t>,
    vrf: &Vrf<'t>,
    reader: &mut Reader<'_, 't>,
    (import, line): (bool, Statement<'_, 't>),
) -> Option<()> {
    match import {
        true => reader.word("from"),
        false => reader.word("to"),
    }?;
    let default = reader.take("default-vrf");
    if !default {
        reader.word("vrf")?;
        reader
            .is("advertise-as-vpn")
            .then_some(())
            .or_else(|| reader.is("allow-imported-vpn").then_some(()))?;
    }
    let mut policy = None;
    if default && reader.take("route-policy") {
        policy = Some(policy_use(draft, reader, Usage::VrfPolicy)?);
    }
    while reader.take("advertise-as-vpn") || reader.take("allow-imported-vpn") {}
    if default {
        let into = import.then_some(vrf.name);
        let from = LeakSource::Vrf((!import).then_some(vrf.name));
        draft.device.leaks.push(Leak { at: line.span(), from, into, policy });
    }
    Some(())
}
