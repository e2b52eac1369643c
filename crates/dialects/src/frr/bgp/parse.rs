//! The block of `router bgp`: which line belongs to which VRF, family or neighbor.

use edgelint_model::{
    AddressFamily, BgpInstance, Direction, Fact, ObjectKind, OtherFamily, Part, Rare, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::ast::{Change, Family, Group, NeighborLine, Peer, Router, Setting, Slot, Table, Value};
use super::setting::{self, setting, unset};
use super::statement;
use crate::frr::draft::Draft;
use crate::frr::lines::{end_state, listed, lower, polarity, room, whole};
use crate::phrases::{asn, is_word, name, word};
use crate::secrets;

/// Where in the process a line stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'t> {
    /// VRF of the process.
    pub(super) vrf: Option<&'t str>,
    /// Family of the block; IPv4 unicast outside of blocks.
    pub(super) family: Family<'t>,
    /// Whether the line stands in an address family block.
    pub(super) in_family: bool,
    /// The routes it is about.
    pub(super) table: Table,
}

/// The heading of a process.
#[derive(Clone, Copy)]
struct Head<'t> {
    local_as: Fact<u32>,
    vrf: Option<Fact<&'t str>>,
    is_view: bool,
}

/// The process with its block.
///
/// router-bgp ::= "router" "bgp" router-head NL (INDENT bgp-line+ (block-end | inert-exit)? DEDENT)?
///     | "no" "router" "bgp" router-head NL
pub(in crate::frr) fn router_bgp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(head) = whole(router_head(words.skip(2))) else {
        draft.account_block(Part::Bgp, statement, State::Unmodelled);
        return secrets::in_block(draft, statement);
    };
    draft.account(Part::Bgp, statement, State::Modelled);
    let vrf = head.vrf.map(|vrf| vrf.value);
    let routers = &mut draft.pending.bgp.routers;
    let place = routers
        .iter()
        .position(|it| it.local_as.is_some_and(|local_as| local_as.value == head.local_as.value));
    if negated {
        if let Some(router) = place.and_then(|place| routers.get_mut(place)) {
            let gone = remove(router, vrf);
            gone.into_iter().for_each(|block| draft.forget(block));
        }
        draft.pending.bgp.routers.retain(|router| !router.instances.is_empty());
        return stray(draft, statement);
    }
    let at = statement.span();
    let mut router = match place {
        Some(place) => routers.remove(place),
        None => Router { local_as: Some(head.local_as), ..Router::new(at) },
    };
    if let Some(vrf) = head.vrf.filter(|_| !head.is_view) {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    let index = router.instances.iter().position(|it| it.vrf == vrf).unwrap_or_else(|| {
        router.instances.push(instance(vrf, at));
        router.instances.len() - 1
    });
    router.blocks.push((vrf, statement.block_span()));
    let table = Table::Instance(index);
    let scope = Scope { vrf, family: Family::IPV4, in_family: false, table };
    for child in statement.children() {
        bgp_line(draft, &mut router, scope, child);
    }
    draft.pending.bgp.routers.insert(place.unwrap_or(draft.pending.bgp.routers.len()), router);
}

/// router-head ::= ASN ("vrf" NAME | "view" NAME)? ("as-notation" ("dot" | "dot+" | "plain"))?
fn router_head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Head<'t>> {
    let (left, local_as) = asn(input)?;
    let mut head = Head { local_as, vrf: None, is_view: false };
    let mut low = room();
    let left = match lower(left.peek(0), &mut low) {
        kind @ ("vrf" | "view") => {
            head.is_view = kind == "view";
            let (left, vrf) = name(left.skip(1))?;
            // `default` is the table that no VRF has.
            head.vrf = (!vrf.value.eq_ignore_ascii_case("default")).then_some(vrf);
            left
        }
        _ => left,
    };
    let Ok((left, _)) = word("as-notation")(left) else { return Ok((left, head)) };
    match lower(left.peek(0), &mut low) {
        "dot" | "dot+" | "plain" => Ok((left.skip(1), head)),
        _ => left.expected("a notation of AS numbers"),
    }
}

/// Takes the process of a VRF back; returns where its names stand.
fn remove<'t>(router: &mut Router<'t>, vrf: Option<&'t str>) -> Vec<Span> {
    router.instances.retain(|it| it.vrf != vrf);
    router.other_families.retain(|it| it.instance.vrf != vrf);
    router.lines.retain(|it| it.vrf != vrf);
    router.groups.retain(|it| it.vrf != vrf);
    router.ranges.retain(|it| it.vrf != vrf);
    router.timers.retain(|(it, _)| *it != vrf);
    router.default_families.retain(|(it, ..)| *it != vrf);
    let (gone, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut router.blocks).into_iter().partition(|(it, _)| *it == vrf);
    router.blocks = kept;
    gone.into_iter().map(|(_, block)| block).collect()
}

impl Router<'_> {
    /// A process about which nothing is said yet.
    const fn new(at: Span) -> Self {
        Self {
            at,
            blocks: Vec::new(),
            local_as: None,
            default_families: Vec::new(),
            confederation: None,
            confederation_peers: Vec::new(),
            instances: Vec::new(),
            other_families: Vec::new(),
            timers: Vec::new(),
            groups: Vec::new(),
            ranges: Vec::new(),
            lines: Vec::new(),
        }
    }
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

/// bgp-line ::= address-family | family-line
fn bgp_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "address-family") {
        if negated {
            return draft.account_block(Part::Bgp, line, State::Unmodelled);
        }
        return address_family(draft, router, scope, line);
    }
    family_line(draft, router, scope, line);
}

/// Blocks that say nothing about unicast routes, whatever stands in them.
const BLOCKS: [&str; 6] = ["vnc", "vrf-policy", "rfp", "segment-routing", "bmp", "vni"];

/// What may stand in the process and in its address families.
///
/// family-line ::= neighbor | bgp-statement | "no" old-default NL | inert-bgp | inert-bgp-block
fn family_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "neighbor") {
        neighbor(draft, router, scope, line);
        return stray(draft, line);
    }
    if BLOCKS.iter().any(|block| is_word(words, 0, block)) {
        return draft.account_block(Part::Bgp, line, State::Inert);
    }
    let old = if negated { whole(statement::old_default(words)) } else { None };
    let state = match old.or_else(|| whole(statement::bgp_statement(words))) {
        Some(said) => {
            statement::apply(draft, router, scope, line.span(), (said, negated));
            State::Modelled
        }
        None => match end_state(line.words()) {
            Some(state) => state,
            None if listed(statement::INERT, words) => State::Inert,
            None if statement::is_known(words) => State::Unmodelled,
            None => State::Opaque,
        },
    };
    draft.account(Part::Bgp, line, state);
    if matches!(state, State::Unmodelled | State::Opaque)
        && let Some(instance) = router.table(scope.table)
    {
        instance.blind.push(line.span());
    }
    if state != State::Modelled {
        secrets::in_block(draft, line);
    }
    stray(draft, line);
}

/// address-family ::= "address-family" family-head NL
///     (INDENT (family-line+ (block-end | inert-exit)? | block-end | inert-exit) DEDENT)?
fn address_family<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let Some(family) = whole(family_head(line.words().skip(1))) else {
        return draft.account_block(Part::Bgp, line, State::Opaque);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    let table = match family.kind {
        AddressFamily::Ipv4 | AddressFamily::Ipv6 => scope.table,
        _ => Table::Other(other_family(router, family, scope.vrf, line.span())),
    };
    let scope = Scope { vrf: scope.vrf, family, in_family: true, table };
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
        let instance = instance(vrf, at);
        families.push(OtherFamily { family: family.kind, name: family.name, instance });
        families.len() - 1
    })
}

/// family-head ::= ("ipv4" | "ipv6") ("unicast" | "uni" | "vpn" | other-routes)?
///     | ("vpnv4" | "vpnv6") "unicast"? | "l2vpn" "evpn" | "link-state" "link-state"?
/// other-routes ::= "multicast" | "labeled-unicast" | "flowspec" | "encap"
fn family_head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Family<'t>> {
    let mut low = room();
    let mut second = room();
    let (head, kind) = (lower(input.peek(0), &mut low), lower(input.peek(1), &mut second));
    let other = |name| Family { kind: AddressFamily::Other, name };
    let vpnv4 = Family { kind: AddressFamily::Vpnv4, name: "ipv4 vpn" };
    let vpnv6 = Family { kind: AddressFamily::Vpnv6, name: "ipv6 vpn" };
    let (family, length) = match (head, kind) {
        ("ipv4", "unicast" | "uni") => (Family::IPV4, 2),
        ("ipv6", "unicast" | "uni") => (Family::IPV6, 2),
        ("ipv4", "vpn") | ("vpnv4", "unicast") => (vpnv4, 2),
        ("ipv6", "vpn") | ("vpnv6", "unicast") => (vpnv6, 2),
        ("ipv4", "multicast") => (other("ipv4 multicast"), 2),
        ("ipv6", "multicast") => (other("ipv6 multicast"), 2),
        ("ipv4", "labeled-unicast") => (other("ipv4 labeled-unicast"), 2),
        ("ipv6", "labeled-unicast") => (other("ipv6 labeled-unicast"), 2),
        ("ipv4", "flowspec") => (other("ipv4 flowspec"), 2),
        ("ipv6", "flowspec") => (other("ipv6 flowspec"), 2),
        ("ipv4", "encap") => (other("ipv4 encap"), 2),
        ("ipv6", "encap") => (other("ipv6 encap"), 2),
        ("l2vpn", "evpn") => (other("l2vpn evpn"), 2),
        ("link-state", "link-state") => (other("link-state"), 2),
        ("link-state", _) => (other("link-state"), 1),
        ("vpnv4", _) => (vpnv4, 1),
        ("vpnv6", _) => (vpnv6, 1),
        ("ipv4", _) => (Family::IPV4, 1),
        ("ipv6", _) => (Family::IPV6, 1),
        _ => return input.expected("an address family"),
    };
    Ok((input.skip(length), family))
}

/// neighbor ::= "neighbor" NAME (setting | "peer-group") NL
///     | "no" "neighbor" NAME (setting | unset | "peer-group")? NL | "no"? "neighbor" NAME inert-setting NL
fn neighbor<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let about = words.skip(2);
    let Some(token) = words.token(1) else {
        return draft.account(Part::Bgp, line, State::Unmodelled);
    };
    let bare_group = is_word(about, 0, "peer-group") && about.len() == 1;
    let (state, change) = match change(about, negated) {
        _ if bare_group || about.is_empty() && negated => {
            if negated {
                let same = |it: &Group<'_>| it.vrf == scope.vrf && it.name == token.text;
                router.groups.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
                router.groups.retain(|it| !same(it));
                (State::Modelled, Some(Change::Remove))
            } else {
                let at = line.span();
                router.groups.push(Group { vrf: scope.vrf, name: token.text, at });
                draft.define(ObjectKind::PeerGroup, token.text, line.span());
                (State::Modelled, None)
            }
        }
        Some(change) => (State::Modelled, Some(change)),
        None if listed(setting::INERT, about) => (State::Inert, None),
        None => (unknown(about), Some(Change::Blind(line.span()))),
    };
    draft.account(Part::Bgp, line, state);
    if state != State::Modelled {
        secrets::in_block(draft, line);
    }
    let Some(change) = change else { return };
    if let Change::Set(setting) = change {
        record(draft, &setting, scope.family);
    }
    router.lines.push(NeighborLine {
        vrf: scope.vrf,
        family: scope.family,
        in_family: scope.in_family,
        peer: peer(token.text),
        at: line.span(),
        change,
    });
}

/// Whom a line is about. A zone behind a link-local address only says where the neighbor is.
fn peer(text: &str) -> Peer<'_> {
    let address = text.split('%').next().unwrap_or(text);
    address.parse().map_or(Peer::Named(text), Peer::Address)
}

/// What a line changes, where it is understood.
fn change<'t>(words: Words<'_, 't>, negated: bool) -> Option<Change<'t>> {
    let set = whole(setting(words));
    match (set, words.span()) {
        (Some(set), _) if !negated => Some(Change::Set(set)),
        (Some(set), _) => Some(Change::Unset(set.slot, set.at)),
        (None, Some(at)) if negated => whole(unset(words)).map(|slot| Change::Unset(slot, at)),
        _ => None,
    }
}

/// A line with a known keyword is unmodelled, any other opaque.
fn unknown(words: Words<'_, '_>) -> State {
    let known = unset(words.first(1)).is_ok()
        || [
            "peer-group",
            "interface",
            "route-map",
            "prefix-list",
            "filter-list",
            "distribute-list",
            "allowas-in",
            "bfd",
            "default-originate",
            "ebgp-multihop",
            "send-community",
        ]
        .iter()
        .any(|keyword| is_word(words, 0, keyword));
    if known { State::Unmodelled } else { State::Opaque }
}

/// Records what a setting uses, what of it is a secret and what is free text.
pub(super) fn record<'t>(draft: &mut Draft<'t>, setting: &Setting<'t>, family: Family<'t>) {
    let usage = |direction| match direction {
        Direction::In => Usage::NeighborImport,
        Direction::Out => Usage::NeighborExport,
    };
    match (setting.slot, setting.value) {
        (Slot::Description, Value::Name(text)) => draft.free_text(text.at()),
        (Slot::Password, Value::Name(key)) => draft.secret(key.at()),
        (Slot::UpdateSource, Value::Name(source))
            if source.value.parse::<std::net::IpAddr>().is_err() =>
        {
            draft.use_name(ObjectKind::Interface, source, Usage::InterfaceUse);
        }
        (Slot::PeerGroup, Value::Name(group)) => {
            draft.use_name(ObjectKind::PeerGroup, group, Usage::Inherit);
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
    family: Family<'_>,
) -> Option<(ObjectKind, Option<Direction>)> {
    let v6 = family.is_v6();
    match slot {
        Slot::RouteMap(direction) => Some((ObjectKind::Policy, Some(direction))),
        Slot::FilterList(direction) => Some((ObjectKind::AsPathList, Some(direction))),
        Slot::PrefixList(direction) if v6 => Some((ObjectKind::Ipv6PrefixList, Some(direction))),
        Slot::PrefixList(direction) => Some((ObjectKind::PrefixList, Some(direction))),
        Slot::DistributeList(direction) if v6 => Some((ObjectKind::Ipv6Acl, Some(direction))),
        Slot::DistributeList(direction) => Some((ObjectKind::Acl, Some(direction))),
        Slot::UnsuppressMap => Some((ObjectKind::Policy, None)),
        _ => None,
    }
}

/// What stands in the block of a line that opens none: unknown.
fn stray<'t>(draft: &mut Draft<'t>, line: Statement<'_, 't>) {
    for child in line.children() {
        draft.account(Part::Bgp, child, end_state(child.words()).unwrap_or(State::Opaque));
        stray(draft, child);
    }
}
