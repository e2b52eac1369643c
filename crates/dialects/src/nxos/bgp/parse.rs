//! The block of `router bgp`: which line belongs to which VRF, family, neighbor or template.

use edgelint_model::{
    AddressFamily, BgpInstance, Direction, NeighborAddress, ObjectKind, OtherFamily, Part, Rare,
    State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::ast::{
    Body, Change, Family, Line, Peer, Router, Setting, Slot, Table, Template, TemplateKind, Value,
};
use super::{family, setting, statement};
use crate::nxos::draft::Draft;
use crate::nxos::lines::{is_exit, listed, lower, polarity, room, whole};
use crate::nxos::redistribution::refuse;
use crate::nxos::references;
use crate::nxos::route::is_interface;
use crate::phrases::{address, asn, is_word, name, prefix, rest};
use crate::secrets;

/// The process with its block.
///
/// router-bgp ::= "router" "bgp" ASN NL (INDENT (bgp-vrf | template | process-line)+ inert-exit? DEDENT)?
/// no-router-bgp ::= undo "router" "bgp" ASN NL
pub(in crate::nxos) fn router_bgp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let number = whole(asn(words.skip(2)));
    let state = if number.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Bgp, statement, state);
    let same =
        |router: &Router<'_>| router.local_as.map(|it| it.value) == number.map(|it| it.value);
    if negated {
        for index in (0..draft.pending.routers.len()).rev() {
            if draft.pending.routers.get(index).is_some_and(same) {
                let gone = draft.pending.routers.remove(index);
                gone.blocks.into_iter().for_each(|block| draft.forget(block));
            }
        }
        return stray(draft, statement);
    }
    let at = statement.span();
    let mut router = match draft.pending.routers.iter().position(same) {
        Some(index) => draft.pending.routers.remove(index),
        None => Router {
            at,
            blocks: Vec::new(),
            local_as: number,
            confederation: None,
            confederation_peers: Vec::new(),
            shutdown: None,
            instances: vec![instance(None, at)],
            other_families: Vec::new(),
            defaults: Vec::new(),
            templates: Vec::new(),
            peers: Vec::new(),
        },
    };
    router.blocks.push(statement.block_span());
    for child in statement.children() {
        let (negated, words) = polarity(child.words());
        if is_word(words, 0, "template") {
            template(draft, &mut router, child, negated);
        } else if is_word(words, 0, "vrf") {
            bgp_vrf(draft, &mut router, child, negated);
        } else {
            process_line(draft, &mut router, (None, 0), child);
        }
    }
    draft.pending.routers.push(router);
}

fn instance<'t>(vrf: Option<&'t str>, at: Span) -> BgpInstance<'t> {
    BgpInstance {
        vrf,
        at,
        router_id: None,
        default_local_preference: None,
        default_metric: None,
        default_information: None,
        requires_policy: None,
        ignores_as_path_length: None,
        maximum_paths: None,
        networks: Vec::new(),
        aggregates: Vec::new(),
        redistributions: Vec::new(),
        logs_neighbor_changes: None,
        tuning: Rare::default(),
        neighbors: Vec::new(),
        blind: Vec::new(),
    }
}

/// bgp-vrf ::= "vrf" NAME NL (INDENT process-line+ inert-exit? DEDENT)? | undo "vrf" NAME NL
fn bgp_vrf<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    line: Statement<'_, 't>,
    negated: bool,
) {
    let (_, words) = polarity(line.words());
    let Some(vrf) = whole(name(words.skip(1))) else {
        return draft.account_block(Part::Bgp, line, State::Unmodelled);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    let known = router.instances.iter().position(|it| it.vrf == Some(vrf.value));
    if negated {
        if let Some(index) = known {
            router.instances.remove(index);
        }
        let of_vrf = |it: &Peer<'_>| it.vrf == Some(vrf.value);
        router.peers.iter().filter(|it| of_vrf(it)).for_each(|peer| {
            peer.blocks.iter().for_each(|at| draft.forget(*at));
        });
        router.peers.retain(|it| !of_vrf(it));
        return stray(draft, line);
    }
    draft.use_vrf(vrf);
    let index = known.unwrap_or_else(|| {
        router.instances.push(instance(Some(vrf.value), line.span()));
        router.instances.len() - 1
    });
    for child in line.children() {
        process_line(draft, router, (Some(vrf.value), index), child);
    }
}

/// What may stand in the process and in its VRFs.
///
/// process-line ::= bgp-family | neighbor | no-neighbor | undo? (process-statement | confederation-peers) NL
///     | undo process-unset NL | inert-bgp
fn process_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: (Option<&'t str>, usize),
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "neighbor") {
        return neighbor(draft, router, scope.0, line);
    }
    if is_word(words, 0, "address-family") && !negated {
        return bgp_family(draft, router, scope, line);
    }
    let unset = || if negated { whole(statement::process_unset(words)) } else { None };
    let state = if let Some(said) = unset().or_else(|| whole(statement::process_statement(words))) {
        statement::apply(router, scope, line.span(), (said, negated));
        State::Modelled
    } else if let Some(peers) = whole(statement::confederation_peers(words)) {
        let known = &mut router.confederation_peers;
        known.retain(|known| peers.iter().all(|it| it.value != known.value));
        known.extend(peers.into_iter().filter(|_| !negated));
        State::Modelled
    } else if is_exit(line.words()) || listed(statement::INERT, words) {
        State::Inert
    } else if statement::is_known(words) {
        State::Unmodelled
    } else {
        State::Opaque
    };
    close(draft, router.table(Table::Instance(scope.1)), line, state);
}

/// Accounts for a line that opens no block that is read, and leaves a blind spot where it was not understood.
fn close<'t>(
    draft: &mut Draft<'t>,
    instance: Option<&mut BgpInstance<'t>>,
    line: Statement<'_, 't>,
    state: State,
) {
    draft.account(Part::Bgp, line, state);
    if matches!(state, State::Unmodelled | State::Opaque)
        && let Some(instance) = instance
    {
        instance.blind.push(line.span());
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
        references::in_block(draft, line);
    }
    let below = if state == State::Inert { state } else { State::Opaque };
    for child in line.children() {
        draft.account_block(Part::Bgp, child, below);
    }
}

/// bgp-family ::= "address-family" family-head NL (INDENT family-line+ inert-exit? DEDENT)?
/// family-line ::= undo? family-statement NL | undo family-unset NL | inert-family
fn bgp_family<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    (vrf, index): (Option<&'t str>, usize),
    line: Statement<'_, 't>,
) {
    let Some(of) = whole(family_head(line.words().skip(1))) else {
        let state = State::Unmodelled;
        draft.account_block(Part::Bgp, line, state);
        if let Some(instance) = router.instances.get_mut(index) {
            instance.blind.push(line.span());
        }
        return;
    };
    draft.account(Part::Bgp, line, State::Modelled);
    let table = match of.kind {
        AddressFamily::Ipv4 | AddressFamily::Ipv6 => Table::Instance(index),
        _ => Table::Other(other_family(router, of, vrf, line.span())),
    };
    for child in line.children() {
        let (negated, words) = polarity(child.words());
        let unset = || if negated { whole(family::family_unset(words)) } else { None };
        let said = unset().or_else(|| whole(family::family_statement(words)));
        let state = match said {
            Some(said) => {
                if let Some(instance) = router.table(table) {
                    let place = (child.span(), of.kind);
                    family::apply(draft, instance, place, (said, negated));
                }
                State::Modelled
            }
            None if is_exit(child.words()) || listed(family::INERT, words) => State::Inert,
            None if family::is_known(words) => State::Unmodelled,
            None => State::Opaque,
        };
        if state == State::Unmodelled && !negated {
            refuse(draft, words);
        }
        close(draft, router.table(table), child, state);
    }
}

/// Where a family that carries no unicast routes of a VRF stands in the process; made where there is
/// none yet.
fn other_family<'t>(
    router: &mut Router<'t>,
    family: Family<'t>,
    vrf: Option<&'t str>,
    at: Span,
) -> usize {
    let families = &mut router.other_families;
    let same = |it: &OtherFamily<'_>| {
        it.family == family.kind && it.name == family.name && it.instance.vrf == vrf
    };
    families.iter().position(same).unwrap_or_else(|| {
        let instance = instance(vrf, at);
        families.push(OtherFamily { family: family.kind, name: family.name, instance });
        families.len() - 1
    })
}

/// family-head ::= ("ipv4" | "ipv6") ("unicast" | "multicast" | "mvpn" | "labeled-unicast")
///     | ("vpnv4" | "vpnv6") "unicast" | "l2vpn" ("evpn" | "vpls") | "link-state"
fn family_head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Family<'t>> {
    let (mut low, mut second) = (room(), room());
    let (head, kind) = (lower(input.peek(0), &mut low), lower(input.peek(1), &mut second));
    let (kind, length) = match (head, kind) {
        ("ipv4", "unicast") => (AddressFamily::Ipv4, 2),
        ("ipv6", "unicast") => (AddressFamily::Ipv6, 2),
        ("vpnv4", "unicast") => (AddressFamily::Vpnv4, 2),
        ("vpnv6", "unicast") => (AddressFamily::Vpnv6, 2),
        ("ipv4" | "ipv6", "multicast" | "mvpn" | "labeled-unicast")
        | ("l2vpn", "evpn" | "vpls") => (AddressFamily::Other, 2),
        ("link-state", _) => (AddressFamily::Other, 1),
        _ => return input.expected("an address family"),
    };
    let name = match kind {
        AddressFamily::Ipv4 | AddressFamily::Ipv6 => "",
        AddressFamily::Other => input.first(length).line_text(),
        _ => input.peek(0),
    };
    Ok((input.skip(length), Family { kind, name }))
}

/// template ::= "template" "peer" NAME NL (INDENT neighbor-line+ inert-exit? DEDENT)?
///     | "template" "peer-session" NAME NL (INDENT session-line+ inert-exit? DEDENT)?
///     | "template" "peer-policy" NAME NL (INDENT policy-line+ inert-exit? DEDENT)?
///     | undo "template" ("peer" | "peer-session" | "peer-policy") NAME NL
fn template<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    line: Statement<'_, 't>,
    negated: bool,
) {
    let (_, words) = polarity(line.words());
    let mut low = room();
    let (kind, object) = match lower(words.peek(1), &mut low) {
        "peer" => (TemplateKind::Peer, ObjectKind::PeerGroup),
        "peer-session" => (TemplateKind::Session, ObjectKind::SessionTemplate),
        "peer-policy" => (TemplateKind::Policy, ObjectKind::PolicyTemplate),
        _ => return draft.account_block(Part::Bgp, line, State::Opaque),
    };
    let Some(name) = whole(name(words.skip(2))) else {
        return draft.account_block(Part::Bgp, line, State::Unmodelled);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    let known = router.templates.iter().position(|it| it.kind == kind && it.name == name.value);
    let mut template = match known {
        Some(index) => router.templates.remove(index),
        None => Template { kind, name: name.value, body: Body::default() },
    };
    if negated {
        draft.undefine(object, name.value);
        template.body.lines.iter().for_each(|line| draft.forget(line.at));
        return stray(draft, line);
    }
    draft.define(object, name.value, line.span());
    body(draft, &mut template.body, line, kind);
    router.templates.push(template);
}

/// neighbor ::= "neighbor" neighbor-address ("remote-as" remote-as)? ("description" REST)? NL
///     (INDENT neighbor-line+ inert-exit? DEDENT)?
/// no-neighbor ::= undo "neighbor" neighbor-address REST? NL
fn neighbor<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    vrf: Option<&'t str>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let at = line.span();
    let Ok((left, address)) = neighbor_address(words.skip(1)) else {
        return close(draft, router.instances.first_mut(), line, State::Unmodelled);
    };
    let known = router.peers.iter().position(|it| it.vrf == vrf && it.address == address);
    if negated {
        draft.account(Part::Bgp, line, State::Modelled);
        if let Some(index) = known {
            let gone = router.peers.remove(index);
            gone.blocks.into_iter().for_each(|block| draft.forget(block));
        }
        return stray(draft, line);
    }
    let index = known.unwrap_or_else(|| {
        router.peers.push(Peer { vrf, address, at, blocks: Vec::new(), body: Body::default() });
        router.peers.len() - 1
    });
    let Some(peer) = router.peers.get_mut(index) else { return };
    peer.blocks.push(line.block_span());
    let mut lines = Vec::new();
    let state = match heading(left, &mut lines) {
        true => State::Modelled,
        false => State::Unmodelled,
    };
    draft.account(Part::Bgp, line, state);
    if state != State::Modelled {
        peer.body.lines.push(Line { family: None, at, change: Change::Blind });
        secrets::in_statement(draft, line.words());
    }
    for setting in lines {
        record(draft, &setting, None);
        let change = Change::Set(setting);
        peer.body.lines.push(Line { family: None, at: setting.at, change });
    }
    body(draft, &mut peer.body, line, TemplateKind::Peer);
}

/// Who a neighbor is: an address, a range from which anybody may call, or an interface.
///
/// neighbor-address ::= ADDRESS | PREFIX | INTERFACE
fn neighbor_address<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NeighborAddress<'t>> {
    if let Ok((left, it)) = address(input) {
        return Ok((left, NeighborAddress::Address(it.value)));
    }
    if let Ok((left, it)) = prefix(input) {
        return Ok((left, NeighborAddress::Range(it.value)));
    }
    let (left, it) = name(input)?;
    match is_interface(it.value) {
        true => Ok((left, NeighborAddress::Interface(it.value))),
        false => input.expected("an address or a range of them"),
    }
}

/// What the line that opens a neighbor says beyond its address; whether all of it was understood.
fn heading<'t>(words: Words<'_, 't>, lines: &mut Vec<Setting<'t>>) -> bool {
    let mut left = words;
    if is_word(left, 0, "remote-as") {
        let Ok((further, (slot, value))) = setting::remote_as(left.skip(1)) else { return false };
        let at = left.first(left.len() - further.len()).span();
        lines.extend(at.map(|at| Setting { slot, at, value }));
        left = further;
    }
    if is_word(left, 0, "description")
        && let Ok((further, text)) = rest(left.skip(1))
    {
        let value = Value::Name(text);
        lines.extend(left.span().map(|at| Setting { slot: Slot::Description, at, value }));
        left = further;
    }
    left.is_empty()
}

/// Reads the block of a neighbor or a template.
///
/// neighbor-line ::= neighbor-family | session-line
/// session-line ::= undo? session-setting NL | undo session-unset NL | inert-session
/// neighbor-family ::= "address-family" family-head NL (INDENT policy-line+ inert-exit? DEDENT)?
///     | undo "address-family" family-head NL
/// policy-line ::= undo? policy-setting NL | undo policy-unset NL | inert-policy
fn body<'t>(
    draft: &mut Draft<'t>,
    body: &mut Body<'t>,
    block: Statement<'_, 't>,
    kind: TemplateKind,
) {
    for child in block.children() {
        let (negated, words) = polarity(child.words());
        if kind != TemplateKind::Peer || !is_word(words, 0, "address-family") {
            body_line(draft, body, child, (None, kind == TemplateKind::Policy));
            continue;
        }
        let Some(family) = whole(family_head(words.skip(1))) else {
            let change = Change::Blind;
            body.lines.push(Line { family: None, at: child.span(), change });
            draft.account_block(Part::Bgp, child, State::Unmodelled);
            continue;
        };
        draft.account(Part::Bgp, child, State::Modelled);
        if negated {
            body.families.retain(|(it, _)| *it != family);
            let gone = |it: &Line<'_>| it.family == Some(family);
            body.lines.iter().filter(|it| gone(it)).for_each(|it| draft.forget(it.at));
            body.lines.retain(|it| !gone(it));
            stray(draft, child);
            continue;
        }
        if body.families.iter().all(|(it, _)| *it != family) {
            body.families.push((family, child.span()));
        }
        for line in child.children() {
            body_line(draft, body, line, (Some(family), true));
        }
    }
}

/// Reads one line about a neighbor, of its session or of a family.
fn body_line<'t>(
    draft: &mut Draft<'t>,
    body: &mut Body<'t>,
    line: Statement<'_, 't>,
    (family, of_family): (Option<Family<'t>>, bool),
) {
    let (negated, words) = polarity(line.words());
    let set = whole(if of_family { setting::policy(words) } else { setting::session(words) });
    let unset = || {
        whole(if of_family { setting::policy_unset(words) } else { setting::session_unset(words) })
    };
    let inert = if of_family { setting::INERT_POLICY } else { setting::INERT_SESSION };
    let slot = if negated { set.map(|it| it.slot).or_else(unset) } else { None };
    let (state, change) = match (set, slot) {
        (Some(setting), _) if !negated => {
            // A template knows no family: which lists it means is told when all are known.
            if family.is_some() || !matches!(setting.slot, Slot::PrefixList(_)) {
                record(draft, &setting, family);
            }
            (State::Modelled, Some(Change::Set(setting)))
        }
        (_, Some(slot)) if is_word(line.words(), 0, "default") => {
            (State::Modelled, Some(Change::Lift(slot)))
        }
        (_, Some(slot)) => (State::Modelled, Some(Change::Off(slot))),
        _ if is_exit(line.words()) || listed(inert, words) => (State::Inert, None),
        _ if setting::is_known(words) => (State::Unmodelled, Some(Change::Blind)),
        _ => (State::Opaque, Some(Change::Blind)),
    };
    draft.account(Part::Bgp, line, state);
    if state != State::Modelled {
        secrets::in_block(draft, line);
    }
    stray(draft, line);
    body.lines.extend(change.map(|change| Line { family, at: line.span(), change }));
}

/// Records what a setting uses, what of it is a secret and what is free text.
pub(super) fn record<'t>(draft: &mut Draft<'t>, setting: &Setting<'t>, family: Option<Family<'t>>) {
    let usage = |direction| match direction {
        Direction::In => Usage::NeighborImport,
        Direction::Out => Usage::NeighborExport,
    };
    match (setting.slot, setting.value) {
        (Slot::Description, Value::Name(text)) => draft.free_text(text.at()),
        (Slot::Password, Value::Name(key)) => draft.secret(key.at()),
        (Slot::UpdateSource, Value::Name(interface)) => {
            draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
        }
        (Slot::InheritPeer, Value::Name(name)) => {
            draft.use_name(ObjectKind::PeerGroup, name, Usage::Inherit);
        }
        (Slot::InheritSession, Value::Name(name)) => {
            draft.use_name(ObjectKind::SessionTemplate, name, Usage::Inherit);
        }
        (Slot::InheritPolicy(_), Value::Name(name)) => {
            draft.use_name(ObjectKind::PolicyTemplate, name, Usage::Inherit);
        }
        (slot, Value::Name(name)) => {
            if let Some((kind, direction)) = filter_kind(slot, family) {
                draft.use_name(kind, name, direction.map_or(Usage::Neighbor, usage));
            }
        }
        (_, Value::Policy(Some(policy))) => {
            draft.use_name(ObjectKind::Policy, policy, Usage::Neighbor);
        }
        (_, Value::Conditional(policy, condition)) => {
            draft.use_name(ObjectKind::Policy, policy, Usage::Neighbor);
            draft.use_name(ObjectKind::Policy, condition, Usage::Neighbor);
        }
        _ => {}
    }
}

/// What kind of object a setting names, and in which direction it filters.
pub(super) fn filter_kind(
    slot: Slot,
    family: Option<Family<'_>>,
) -> Option<(ObjectKind, Option<Direction>)> {
    let v6 = family.is_some_and(Family::is_v6);
    match slot {
        Slot::RouteMap(direction) => Some((ObjectKind::Policy, Some(direction))),
        Slot::FilterList(direction) => Some((ObjectKind::AsPathList, Some(direction))),
        Slot::PrefixList(direction) if v6 => Some((ObjectKind::Ipv6PrefixList, Some(direction))),
        Slot::PrefixList(direction) => Some((ObjectKind::PrefixList, Some(direction))),
        Slot::UnsuppressMap => Some((ObjectKind::Policy, None)),
        _ => None,
    }
}

/// What stands in the block of a line that opens none: unknown.
fn stray<'t>(draft: &mut Draft<'t>, line: Statement<'_, 't>) {
    for child in line.children() {
        draft.account_block(Part::Bgp, child, State::Opaque);
    }
}
