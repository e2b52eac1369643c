//! The block of `router bgp`: which line belongs to which VRF, family or neighbor.

use edgelint_model::{
    AddressFamily, BgpInstance, Direction, Fact, ObjectKind, OtherFamily, Part, Rare, State, Usage,
    Vrf,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::ast::{
    Change, Expected, Family, Group, Instance, Joined, NeighborLine, Peer, Router, Setting, Slot,
    Table, Value, Who,
};
use super::setting::{self, setting, unset};
use super::{inert, statement};
use crate::eos::draft::Draft;
use crate::eos::lines::{Sense, listed, lower, polarity, process_end_state, room, sense, whole};
use crate::eos::vrf;
use crate::phrases::{asn, is_word, name, word};
use crate::secrets;

/// Where in the process a line stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'t> {
    /// VRF of the block.
    pub(super) vrf: Option<&'t str>,
    /// Family of the block, where it stands in one.
    pub(super) family: Option<Family<'t>>,
    /// The routes it is about.
    pub(super) table: Table,
}

impl Scope<'_> {
    /// The family of the routes that a line is about; `None`: both unicast ones.
    pub(super) fn family_or_both(self) -> Option<AddressFamily> {
        self.family.map(|family| family.kind)
    }
}

/// The process with its block.
///
/// router-bgp ::= "router" "bgp" ASN NL (INDENT (bgp-line | inert-comment)* (bgp-line | block-end | inert-exit | inert-comment) DEDENT)?
///     | ("no" | "default") "router" "bgp" ASN NL
pub(in crate::eos) fn router_bgp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let number = whole(asn(words.skip(2)));
    let state = if number.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Bgp, statement, state);
    let same =
        |router: &Router<'_>| router.local_as.map(|it| it.value) == number.map(|it| it.value);
    let known = draft.pending.bgp.routers.iter().position(same);
    let known = known.map(|index| draft.pending.bgp.routers.remove(index));
    if negated {
        let blocks = known.into_iter().flat_map(|gone| gone.blocks);
        blocks.for_each(|block| draft.forget(block));
        return stray(draft, statement);
    }
    let at = statement.span();
    let mut router = known.unwrap_or_else(|| Router {
        at,
        blocks: Vec::new(),
        local_as: number,
        confederation: None,
        confederation_peers: Vec::new(),
        instances: vec![instance(None, at)],
        other_families: Vec::new(),
        groups: Vec::new(),
        ranges: Vec::new(),
        interfaces: Vec::new(),
        lines: Vec::new(),
    });
    let scope = Scope { vrf: None, family: None, table: Table::Instance(0) };
    router.blocks.push(statement.block_span());
    for child in statement.children() {
        bgp_line(draft, &mut router, scope, child);
    }
    draft.pending.bgp.routers.push(router);
}

fn instance<'t>(vrf: Option<&'t str>, at: Span) -> Instance<'t> {
    Instance {
        model: model(vrf, at),
        default_ipv4: None,
        default_ipv4_over_ipv6: None,
        default_ipv6: None,
        timers: None,
        local_as: None,
    }
}

fn model<'t>(vrf: Option<&'t str>, at: Span) -> BgpInstance<'t> {
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

/// bgp-line ::= address-family | vrf-block | neighbor-interface | family-line | inert-bridging
fn bgp_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "address-family" if !negated => address_family(draft, router, scope, line),
        "vrf" if !negated && scope.vrf.is_none() && words.len() == 2 => {
            vrf_block(draft, router, line);
        }
        // Bridging stands in this block, but it is no part of the exchange of routes.
        _ if listed(inert::BRIDGING, words) => {
            draft.account_block(Part::Other, line, State::Inert);
        }
        _ => family_line(draft, router, scope, line),
    }
}

/// BGP in a VRF. `default` is the table that no VRF has.
///
/// vrf-block ::= "vrf" NAME NL (INDENT (vrf-line-of-bgp | inert-comment)* (vrf-line-of-bgp | block-end | inert-exit | inert-comment) DEDENT)?
/// vrf-line-of-bgp ::= address-family | neighbor-interface | family-line | inert-bridging
fn vrf_block<'t>(draft: &mut Draft<'t>, router: &mut Router<'t>, line: Statement<'_, 't>) {
    let Some(named) = whole(name(line.words().skip(1))) else {
        return draft.account_block(Part::Bgp, line, State::Unmodelled);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    draft.use_name(ObjectKind::Vrf, named, Usage::VrfMember);
    let vrf = (!named.value.eq_ignore_ascii_case("default")).then_some(named.value);
    let index = instance_of(router, vrf, line.span());
    let scope = Scope { vrf, family: None, table: Table::Instance(index) };
    for child in line.children() {
        bgp_line(draft, router, scope, child);
    }
}

/// Where the instance of a VRF stands; made where there is none yet.
fn instance_of<'t>(router: &mut Router<'t>, vrf: Option<&'t str>, at: Span) -> usize {
    match router.instances.iter().position(|it| it.model.vrf == vrf) {
        Some(index) => index,
        None => {
            router.instances.push(instance(vrf, at));
            router.instances.len() - 1
        }
    }
}

/// What may stand in the process, its VRFs and its address families.
///
/// family-line ::= neighbor | bgp-statement | ("no" | "default") bgp-unset NL | vrf-routes | inert-bgp
fn family_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let (sense, words) = sense(line.words());
    if is_word(words, 0, "neighbor") && !listed(inert::PROCESS, words) {
        let state = match is_word(words, 1, "interface") {
            true => neighbor_interface(draft, router, scope, line),
            false => neighbor(draft, router, scope, line),
        };
        draft.account(Part::Bgp, line, state);
        if state != State::Modelled {
            secrets::in_statement(draft, line.words());
        }
        return stray(draft, line);
    }
    let unset = if sense == Sense::Set { None } else { whole(statement::bgp_unset(words)) };
    let read = unset.or_else(|| whole(statement::bgp_statement(words)));
    let state = match read {
        Some(said) => {
            statement::apply(draft, router, scope, line.span(), (said, sense));
            State::Modelled
        }
        None if vrf_routes(draft, scope, (line.span(), sense), words) => State::Modelled,
        None => match process_end_state(line.words()) {
            Some(state) => state,
            None if listed(inert::PROCESS, words) => State::Inert,
            None if statement::is_known(words) => State::Unmodelled,
            None => State::Opaque,
        },
    };
    if state == State::Inert {
        draft.account_block(Part::Bgp, line, state);
        return secrets::in_block(draft, line);
    }
    draft.account(Part::Bgp, line, state);
    if state != State::Modelled {
        if let Some(model) = router.table(scope.table) {
            model.blind.push(line.span());
        }
        secrets::in_block(draft, line);
    }
    stray(draft, line);
}

/// What a VRF's routes are called in VPNs, and which policies they pass on their way there.
///
/// vrf-routes ::= ("no" | "default")? ("rd" WORD | "route-target" route-target) NL
/// route-target ::= ("import" | "export" | "both") vpn? EXTCOMMUNITY | ("import" | "export") vpn policy
/// vpn ::= "evpn" | "vpn-ipv4" | "vpn-ipv6"
fn vrf_routes<'t>(
    draft: &mut Draft<'t>,
    scope: Scope<'t>,
    (at, sense): (Span, Sense),
    words: Words<'_, 't>,
) -> bool {
    if is_word(words, 0, "rd") {
        return words.len() == 2;
    }
    let Some(said) = whole(route_target(words)) else { return false };
    let Some(vrf) = scope.vrf else { return true };
    let kept = sense == Sense::Set;
    let place = draft.device.vrfs.iter().position(|it| it.name == vrf);
    let place = place.unwrap_or_else(|| {
        draft.device.vrfs.push(vrf::empty(vrf, at));
        draft.device.vrfs.len() - 1
    });
    if let (Routes::Policy(policy), true) = (said.routes, kept) {
        draft.use_name(ObjectKind::Policy, policy, Usage::VrfPolicy);
    }
    if let Some(vrf) = draft.device.vrfs.get_mut(place) {
        said.enter(vrf, kept);
    }
    true
}

/// What `route-target` says.
#[derive(Clone, Copy)]
struct RouteTarget<'t> {
    import: bool,
    export: bool,
    routes: Routes<'t>,
}

/// Which routes.
#[derive(Clone, Copy)]
enum Routes<'t> {
    Target(Fact<&'t str>),
    Policy(Fact<&'t str>),
}

impl<'t> RouteTarget<'t> {
    /// Puts it among the others, or takes it back.
    fn enter(self, vrf: &mut Vrf<'t>, kept: bool) {
        let (value, import, export) = match self.routes {
            Routes::Target(value) => (value, &mut vrf.import_targets, &mut vrf.export_targets),
            Routes::Policy(value) => (value, &mut vrf.import_policies, &mut vrf.export_policies),
        };
        for (_, values) in
            [(self.import, import), (self.export, export)].into_iter().filter(|it| it.0)
        {
            values.retain(|known| known.value != value.value);
            values.extend(kept.then_some(value));
        }
    }
}

fn route_target<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, RouteTarget<'t>> {
    let (from, _) = word("route-target")(input)?;
    let mut low = room();
    let (import, export) = match lower(from.peek(0), &mut low) {
        "import" => (true, false),
        "export" => (false, true),
        "both" => (true, true),
        _ => return from.expected("import, export or both"),
    };
    let mut low = room();
    let next = from.skip(1);
    let vpn = matches!(lower(next.peek(0), &mut low), "evpn" | "vpn-ipv4" | "vpn-ipv6");
    let left = next.skip(usize::from(vpn));
    if vpn
        && import != export
        && let (left, Some(policy)) = crate::eos::redistribution::policy(left)?
    {
        return Ok((left, RouteTarget { import, export, routes: Routes::Policy(policy) }));
    }
    let (rest, target) = name(left)?;
    if !vrf::is_extcommunity(target.value) {
        return left.expected("a route target");
    }
    Ok((rest, RouteTarget { import, export, routes: Routes::Target(target) }))
}

/// address-family ::= "address-family" family-head NL (INDENT (family-line | inert-comment)* (family-line | block-end | inert-exit | inert-comment) DEDENT)?
fn address_family<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    outer: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let words = line.words().skip(1);
    let Some((family, vrf)) = whole(family_head(words)) else {
        return draft.account_block(Part::Bgp, line, State::Opaque);
    };
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    let vrf = vrf.map_or(outer.vrf, |vrf| Some(vrf.value));
    // The sessions of a family belong to the VRF's instance, whatever routes they carry.
    let index = instance_of(router, vrf, line.span());
    draft.account(Part::Bgp, line, State::Modelled);
    let table = match family.is_unicast() {
        true => Table::Instance(index),
        false => Table::Other(other_family(router, family, vrf, line.span())),
    };
    let scope = Scope { vrf, family: Some(family), table };
    for child in line.children() {
        family_line(draft, router, scope, child);
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
        let instance = model(vrf, at);
        families.push(OtherFamily { family: family.kind, name: family.name, instance });
        families.len() - 1
    })
}

/// family-head ::= ("ipv4" | "ipv6") ("unicast" | other-routes)? ("vrf" NAME)? | "flow-spec" ("ipv4" | "ipv6")
///     | "evpn" | "vpn-ipv4" | "vpn-ipv6" | "rt-membership" | "link-state" | "path-selection" | "dps" | "vpls"
/// other-routes ::= "multicast" | "labeled-unicast" | "sr-te"
fn family_head<'w, 't>(
    input: Words<'w, 't>,
) -> Parsed<'w, 't, (Family<'t>, Option<Fact<&'t str>>)> {
    let mut low = room();
    let mut second = room();
    let (head, kind) = (lower(input.peek(0), &mut low), lower(input.peek(1), &mut second));
    let (family, length) = match (head, kind) {
        ("ipv4", "unicast") => (AddressFamily::Ipv4, 2),
        ("ipv6", "unicast") => (AddressFamily::Ipv6, 2),
        ("ipv4" | "ipv6", "multicast" | "labeled-unicast" | "sr-te")
        | ("flow-spec", "ipv4" | "ipv6") => (AddressFamily::Other, 2),
        ("ipv4", _) => (AddressFamily::Ipv4, 1),
        ("ipv6", _) => (AddressFamily::Ipv6, 1),
        ("vpn-ipv4", _) => (AddressFamily::Vpnv4, 1),
        ("vpn-ipv6", _) => (AddressFamily::Vpnv6, 1),
        ("evpn" | "rt-membership" | "link-state" | "path-selection" | "dps" | "vpls", _) => {
            (AddressFamily::Other, 1)
        }
        _ => return input.expected("an address family"),
    };
    let unicast = matches!(family, AddressFamily::Ipv4 | AddressFamily::Ipv6);
    let name_of = if unicast { "" } else { input.first(length).line_text() };
    let (left, family) = (input.skip(length), Family { kind: family, name: name_of });
    match word("vrf")(left) {
        Ok((left, _)) if matches!(head, "ipv4" | "ipv6") => {
            name(left).map(|(left, vrf)| (left, (family, Some(vrf))))
        }
        _ => Ok((left, (family, None))),
    }
}

/// neighbor ::= "neighbor" peer (setting | group-word) NL
///     | ("no" | "default") "neighbor" peer (setting | unset | group-word)? NL
///     | ("no" | "default")? "neighbor" peer inert-setting NL
/// peer ::= NAME - ("interface" | "default")
/// group-word ::= "peer-group" | "peer" "group"
fn neighbor<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) -> State {
    let (sense, words) = sense(line.words());
    let about = words.skip(2);
    let Some(token) = words.token(1) else { return State::Unmodelled };
    let peer = peer(token.text);
    let bare = is_word(about, 0, "peer-group") && about.len() == 1
        || is_word(about, 0, "peer") && is_word(about, 1, "group") && about.len() == 2;
    let defines = bare && matches!(peer, Peer::Named(_));
    let (state, change) = match change(about, sense) {
        // A group goes with its kind alone: without the words a device looks for a neighbor.
        _ if about.is_empty() && sense != Sense::Set && matches!(peer, Peer::Named(_)) => {
            (State::Modelled, None)
        }
        _ if sense != Sense::Set && (about.is_empty() || defines) => {
            let same = |it: &Group<'_>| it.name == token.text && scope.family.is_none();
            router.groups.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
            router.groups.retain(|it| !same(it));
            (State::Modelled, Some(Change::Remove))
        }
        _ if defines => {
            let at = line.span();
            router.groups.push(Group { name: token.text, at });
            draft.define(ObjectKind::PeerGroup, token.text, at);
            (State::Modelled, None)
        }
        Some(change) => (State::Modelled, Some(change)),
        None if listed(inert::NEIGHBOR, about) => (State::Inert, None),
        None if setting::is_head(about) => (State::Unmodelled, Some(Change::Blind(line.span()))),
        None => (State::Opaque, Some(Change::Blind(line.span()))),
    };
    let Some(change) = change else { return state };
    if let Change::Set(setting) = change {
        record(draft, &setting, scope, peer);
    }
    // A name is a group; what is said about it in a block of its own does not make it one.
    if scope.family.is_some() && matches!(peer, Peer::Named(_)) && sense == Sense::Set {
        let group = Fact::new(token.text, token.span);
        draft.use_name(ObjectKind::PeerGroup, group, Usage::Inherit);
    }
    let at = line.span();
    router.lines.push(NeighborLine { vrf: scope.vrf, family: scope.family, peer, at, change });
    state
}

/// The peers on interfaces.
///
/// neighbor-interface ::= "neighbor" "interface" NAME "peer-group" NAME expected-as? NL
///     | ("no" | "default") "neighbor" "interface" NAME NL
fn neighbor_interface<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) -> State {
    let (sense, words) = sense(line.words());
    let at = line.span();
    let Ok((left, interface)) = name(words.skip(2)) else { return State::Unmodelled };
    let who = Who::Interface(interface.value);
    let same = |it: &Joined<'_>| it.vrf == scope.vrf && it.who == who;
    let group = match left.is_empty() {
        true => None,
        false => whole(joined_group(left)),
    };
    if scope.family.is_some() || (group.is_none() && (sense == Sense::Set || !left.is_empty())) {
        if let Some(model) = router.table(scope.table) {
            model.blind.push(at);
        }
        return State::Unmodelled;
    }
    router.interfaces.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
    router.interfaces.retain(|it| !same(it));
    if let (Some((group, remote_as)), Sense::Set) = (group, sense) {
        draft.use_name(ObjectKind::PeerGroup, group, Usage::Inherit);
        router.interfaces.push(Joined { at, vrf: scope.vrf, who, group, remote_as });
    }
    State::Modelled
}

type JoinedGroup<'t> = (Fact<&'t str>, Option<Expected<'t>>);

fn joined_group<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, JoinedGroup<'t>> {
    let (left, _) = word("peer-group")(input)?;
    let (left, group) = name(left)?;
    if left.is_empty() {
        return Ok((left, (group, None)));
    }
    let (left, expected) = statement::expected_as(left)?;
    Ok((left, (group, Some(expected))))
}

/// Whom a line is about. A zone behind a link-local address (`fe80::1%Et1`) only says where the
/// neighbor is.
fn peer(text: &str) -> Peer<'_> {
    let address = text.split('%').next().unwrap_or(text);
    address.parse().map_or(Peer::Named(text), Peer::Address)
}

/// What a line changes, where it is understood.
fn change<'t>(words: Words<'_, 't>, sense: Sense) -> Option<Change<'t>> {
    let set = whole(setting(words));
    let slot = || set.map(|set| set.slot).or_else(|| whole(unset(words)));
    match sense {
        Sense::Set => set.map(Change::Set),
        Sense::Off => slot().zip(words.span()).map(|(slot, at)| Change::Off(slot, at)),
        Sense::Default => slot().map(Change::Default),
    }
}

/// Records what a setting uses, what of it is a secret and what is free text. Which prefix list a group
/// means that stands in no family is told when all lists are there ([`super::lower`]).
fn record<'t>(draft: &mut Draft<'t>, setting: &Setting<'t>, scope: Scope<'t>, peer: Peer<'t>) {
    match (setting.slot, setting.value) {
        (Slot::Description, Value::Name(text)) => draft.free_text(text.at()),
        (Slot::Password, Value::Name(key)) => draft.secret(key.at()),
        (Slot::UpdateSource, Value::Name(interface)) => {
            draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
        }
        (Slot::PeerGroup, Value::Name(group)) => {
            draft.use_name(ObjectKind::PeerGroup, group, Usage::Inherit);
        }
        (Slot::Policy(way), Value::Name(policy)) => {
            draft.use_name(ObjectKind::Policy, policy, usage(way));
        }
        (Slot::PrefixList(way), Value::Name(list)) => {
            if let Some(kind) = list_kind(scope.family, peer) {
                draft.use_name(kind, list, usage(way));
            }
        }
        (Slot::MissingPolicy(_), Value::Denies(true)) => {
            draft.pending.guards_missing_policies = true;
        }
        (_, Value::Default(Some(policy), _)) => {
            draft.use_name(ObjectKind::Policy, policy, Usage::Neighbor);
        }
        _ => {}
    }
}

/// What a filter of a neighbor is used for.
pub(super) const fn usage(way: Direction) -> Usage {
    match way {
        Direction::In => Usage::NeighborImport,
        Direction::Out => Usage::NeighborExport,
    }
}

/// The kind of prefix list that is meant in a family or, outside of one, by a neighbor's own family; not
/// known where a group stands outside.
pub(super) fn list_kind(family: Option<Family<'_>>, peer: Peer<'_>) -> Option<ObjectKind> {
    let six = match (family, peer) {
        (Some(family), _) => family.kind == AddressFamily::Ipv6 || family.name.starts_with("ipv6"),
        (None, Peer::Address(address)) => address.is_ipv6(),
        (None, Peer::Named(_)) => return None,
    };
    Some(if six { ObjectKind::Ipv6PrefixList } else { ObjectKind::PrefixList })
}

/// What stands in the block of a line that opens none: unknown, but for its end.
fn stray<'t>(draft: &mut Draft<'t>, line: Statement<'_, 't>) {
    for child in line.children() {
        let state = process_end_state(child.words()).unwrap_or(State::Opaque);
        draft.account(Part::Bgp, child, state);
        stray(draft, child);
    }
}
