//! VRF contexts: their static routes, and what they import from and export to each other.

use edgelint_model::{Fact, Leak, LeakSource, ObjectKind, Part, State, Usage, Vrf};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, is_exit, listed, lower, polarity, room, whole};
use super::{references, route};
use crate::phrases::{is_word, name, number, rest, word};

/// Lines of a VRF that move no unicast routes between VRFs.
///
/// inert-vrf ::= undo? inert-vrf-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("vni", "a label"),
    ("shutdown", "what stands in a VRF that is down is read all the same"),
    ("maximum routes", "a limit on the table, not on a session"),
    ("mdt", "multicast"),
    ("ip multicast", "multicast"),
    ("ip pim", "multicast"),
    ("ip igmp", "multicast"),
    ("ip msdp", "multicast"),
    ("ip mroute", "multicast"),
    ("ip auto-discard", "discard routes of summaries"),
    ("ip domain-name", "names"),
    ("ip domain-list", "names"),
    ("ip domain-lookup", "names"),
    ("ip name-server", "names"),
    ("ip host", "names"),
    ("ip amt", "multicast"),
    ("ip arp", "Ethernet"),
    ("ipv6 host", "names"),
    ("ipv6 pim", "multicast"),
    ("ipv6 multicast", "multicast"),
    ("ip route static", "how fast a dead next hop is seen"),
    ("ipv6 route static", "how fast a dead next hop is seen"),
    ("evpn", "the same routes in another family"),
    ("hardware", "forwarding tables"),
];

/// vrf-context ::= "vrf" "context" NAME NL (INDENT (vrf-family | vrf-line)+ inert-exit? DEDENT)?
/// no-vrf-context ::= undo "vrf" "context" NAME NL
pub(super) fn vrf_context<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(name) = whole(name(words.skip(2))) else {
        return draft.account_block(Part::Routing, statement, State::Unmodelled);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    if negated {
        remove(draft, name.value);
        for child in statement.children() {
            draft.account_block(Part::Routing, child, State::Opaque);
        }
        return;
    }
    let at = statement.span();
    draft.define(ObjectKind::Vrf, name.value, at);
    let known = draft.device.vrfs.iter().position(|vrf| vrf.name == name.value);
    let mut vrf = match known {
        Some(index) => draft.device.vrfs.remove(index),
        None => Vrf {
            name: name.value,
            at,
            import_targets: Vec::new(),
            export_targets: Vec::new(),
            import_policies: Vec::new(),
            export_policies: Vec::new(),
            exchanges: None,
            blind: Vec::new(),
        },
    };
    for child in statement.children() {
        if is_word(child.words(), 0, "address-family") {
            vrf_family(draft, &mut vrf, child);
        } else {
            vrf_line(draft, &mut vrf, child);
        }
    }
    let index = known.unwrap_or(draft.device.vrfs.len());
    draft.device.vrfs.insert(index, vrf);
}

/// Takes a VRF back, with its routes and the names that it used.
fn remove(draft: &mut Draft<'_>, name: &str) {
    let mut gone = Vec::new();
    for vrf in draft.device.vrfs.iter().filter(|vrf| vrf.name == name) {
        let policies = vrf.import_policies.iter().chain(&vrf.export_policies);
        gone.extend(policies.map(Fact::at));
    }
    gone.into_iter().for_each(|at| draft.forget(at));
    draft.device.vrfs.retain(|vrf| vrf.name != name);
    draft.device.static_routes.retain(|route| route.vrf != Some(name));
    draft.undefine(ObjectKind::Vrf, name);
}

/// vrf-family ::= "address-family" ("ipv4" | "ipv6") "unicast" NL (INDENT vrf-line+ inert-exit? DEDENT)?
fn vrf_family<'t>(draft: &mut Draft<'t>, vrf: &mut Vrf<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let mut family = room();
    let known = matches!(lower(words.peek(1), &mut family), "ipv4" | "ipv6")
        && is_word(words, 2, "unicast")
        && words.len() == 3;
    if !known {
        vrf.blind.push(line.span());
        return draft.account_block(Part::Routing, line, State::Unmodelled);
    }
    draft.account(Part::Routing, line, State::Modelled);
    for child in line.children() {
        vrf_line(draft, vrf, child);
    }
}

/// What a line of a VRF says.
#[derive(Clone, Copy)]
enum Said<'t> {
    Distinguisher,
    Description(Fact<&'t str>),
    Target {
        import: bool,
        export: bool,
        target: Fact<&'t str>,
    },
    Policy {
        import: bool,
        policy: Fact<&'t str>,
    },
    /// Routes of another VRF are put into this one, or those of this one into the default VRF.
    Leak {
        into_default: bool,
        policy: Fact<&'t str>,
    },
}

/// vrf-line ::= undo? ("rd" WORD | "description" REST | route-target | vrf-policy) NL | static-route NL | inert-vrf
fn vrf_line<'t>(draft: &mut Draft<'t>, vrf: &mut Vrf<'t>, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    let is_ip = is_word(words, 0, "ip") || is_word(words, 0, "ipv6");
    let state = if listed(INERT, words) {
        State::Inert
    } else if is_ip && is_word(words, 1, "route") {
        route::static_route(draft, line, Some(vrf.name))
    } else if let Some(said) = whole(vrf_said(words)) {
        apply(draft, vrf, line, (said, negated));
        State::Modelled
    } else if is_exit(line.words()) {
        State::Inert
    } else {
        let heads = ["rd", "route-target", "import", "export"];
        let known = heads.iter().any(|head| is_word(words, 0, head));
        if known { State::Unmodelled } else { State::Opaque }
    };
    draft.account(Part::Routing, line, state);
    if matches!(state, State::Unmodelled | State::Opaque) {
        vrf.blind.push(line.span());
    }
    if state != State::Modelled {
        references::in_block(draft, line);
    }
    let below = if state == State::Inert { state } else { State::Opaque };
    for child in line.children() {
        draft.account_block(Part::Routing, child, below);
    }
}

fn vrf_said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "rd" => name(next).map(|(left, _)| (left, Said::Distinguisher)),
        "description" => rest(next).map(|(left, text)| (left, Said::Description(text))),
        "route-target" => route_target(input),
        _ => vrf_policy(input),
    }
}

/// route-target ::= "route-target" ("import" | "export" | "both") ("auto" | EXTCOMMUNITY) ("evpn" | "mvpn")?
fn route_target<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let (from, _) = word("route-target")(input)?;
    let mut low = room();
    let (import, export) = match lower(from.peek(0), &mut low) {
        "import" => (true, false),
        "export" => (false, true),
        "both" => (true, true),
        _ => return from.expected("import, export or both"),
    };
    let from = from.skip(1);
    let (left, target) = name(from)?;
    if !is_word(from, 0, "auto") && !is_extcommunity(target.value) {
        return from.expected("a route target");
    }
    let mut low = room();
    let left = match lower(left.peek(0), &mut low) {
        "evpn" | "mvpn" => left.skip(1),
        _ => left,
    };
    Ok((left, Said::Target { import, export, target }))
}

/// `AS:number` or `address:number`, with 32 bits for one half and 16 for the other (RFC 4360,
/// sections 3.1 and 3.2; RFC 5668).
fn is_extcommunity(text: &str) -> bool {
    let Some((high, low)) = text.split_once(':') else { return false };
    let digits = |text: &str| -> Option<u32> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    let Some(low) = digits(low) else { return false };
    if high.parse::<std::net::Ipv4Addr>().is_ok() {
        return low <= 0xFFFF;
    }
    match high.split_once('.') {
        Some((one, two)) => {
            let half = |text| digits(text).is_some_and(|value| value <= 0xFFFF);
            half(one) && half(two) && low <= 0xFFFF
        }
        None => digits(high).is_some_and(|asn| asn <= 0xFFFF || low <= 0xFFFF),
    }
}

/// vrf-policy ::= ("import" | "export") "map" NAME | "import" "vrf" "default" UINT32? "map" NAME "advertise-vpn"?
///     | "export" "vrf" "default" UINT32? "map" NAME "allow-vpn"?
fn vrf_policy<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let mut low = room();
    let import = match lower(input.peek(0), &mut low) {
        "import" => true,
        "export" => false,
        _ => return input.expected("import or export"),
    };
    let from = input.skip(1);
    if is_word(from, 0, "map") {
        return name(from.skip(1)).map(|(left, policy)| (left, Said::Policy { import, policy }));
    }
    let (left, _) = word("vrf")(from)?;
    let (left, _) = word("default")(left)?;
    let left = number(left).map_or(left, |(left, _)| left);
    let (left, _) = word("map")(left)?;
    let (left, policy) = name(left)?;
    let tail = match import {
        true => is_word(left, 0, "advertise-vpn"),
        false => is_word(left, 0, "allow-vpn"),
    };
    let left = left.skip(usize::from(tail));
    Ok((left, Said::Leak { into_default: !import, policy }))
}

fn apply<'t>(
    draft: &mut Draft<'t>,
    vrf: &mut Vrf<'t>,
    line: Statement<'_, 't>,
    (said, negated): (Said<'t>, bool),
) {
    match said {
        Said::Description(text) => draft.free_text(text.at()),
        Said::Distinguisher => {}
        Said::Target { import, export, target } => {
            let places = [(import, &mut vrf.import_targets), (export, &mut vrf.export_targets)];
            for (_, targets) in places.into_iter().filter(|(wanted, _)| *wanted) {
                targets.retain(|known| known.value != target.value);
                targets.extend((!negated).then_some(target));
            }
        }
        Said::Policy { import, policy } => {
            let place = if import { &mut vrf.import_policies } else { &mut vrf.export_policies };
            let same = |known: &&Fact<&str>| known.value == policy.value;
            place.iter().filter(same).for_each(|known| draft.forget(known.at()));
            place.retain(|known| known.value != policy.value);
            if !negated {
                place.push(policy);
                draft.use_name(ObjectKind::Policy, policy, Usage::VrfPolicy);
            }
        }
        Said::Leak { into_default, policy } => {
            let into = (!into_default).then_some(vrf.name);
            let same = |it: &Leak<'_>| {
                it.into == into && it.policy.map(|it| it.value) == Some(policy.value)
            };
            let gone: Vec<_> =
                draft.device.leaks.iter().filter(|it| same(it)).map(|it| it.at).collect();
            gone.into_iter().for_each(|at| draft.forget(at));
            draft.device.leaks.retain(|it| !same(it));
            if !negated {
                let from = LeakSource::Vrf(into_default.then_some(vrf.name));
                let leak = Leak { at: line.span(), from, into, policy: Some(policy) };
                draft.device.leaks.push(leak);
                draft.use_name(ObjectKind::Policy, policy, Usage::VrfPolicy);
            }
        }
    }
}
