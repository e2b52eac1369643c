//! The block of `router bgp`: which line belongs to which VRF, family, neighbor or template.

use edgelint_model::{
    AddressFamily, BgpInstance, Direction, Fact, ObjectKind, OtherFamily, Part, Rare, State, Usage,
};
use edgelint_prefix::dotted;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::ast::{
    Change, Family, Group, NeighborLine, Peer, Router, Setting, Slot, Table, Template,
    TemplateKind, Value,
};
use super::setting::{self, setting, unset};
use super::statement;
use super::tuning::bgp_unset;
use crate::ios::draft::Draft;
use crate::ios::lines::{end_state, listed, long_name, lower, polarity, room, whole};
use crate::phrases::{asn, is_word, name, word};
use crate::secrets;

/// Where in the process a line stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'t> {
    /// VRF of the block.
    pub(super) vrf: Option<&'t str>,
    /// Family of the block; IPv4 unicast outside of blocks.
    pub(super) family: Family<'t>,
    /// Whether the line stands in an address family block.
    pub(super) in_family: bool,
    /// The routes it is about.
    pub(super) table: Table,
}

/// The process with its block.
///
/// router-bgp ::= "router" "bgp" ASN NL (INDENT bgp-line+ (block-end | inert-exit)? DEDENT)?
///              | "no" "router" "bgp" ASN NL
pub(in crate::ios) fn router_bgp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
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
            default_ipv4: None,
            confederation: None,
            confederation_peers: Vec::new(),
            instances: vec![instance(None, at)],
            other_families: Vec::new(),
            timers: Vec::new(),
            groups: Vec::new(),
            ranges: Vec::new(),
            templates: Vec::new(),
            lines: Vec::new(),
        },
    };
    let scope =
        Scope { vrf: None, family: Family::IPV4, in_family: false, table: Table::Instance(0) };
    router.blocks.push(statement.block_span());
    for child in statement.children() {
        bgp_line(draft, &mut router, scope, child);
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

/// bgp-line ::= address-family | template | family-line
fn bgp_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "address-family" if negated => draft.account_block(Part::Bgp, line, State::Unmodelled),
        "address-family" => address_family(draft, router, line),
        "template" if !negated => template(draft, router, line),
        _ => family_line(draft, router, scope, line),
    }
}

/// What may stand in the process and in its address families.
///
/// family-line ::= neighbor | bgp-statement | "no" (old-default | bgp-unset) NL | inert-bgp
fn family_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    if is_word(words, 0, "neighbor") {
        neighbor(draft, router, scope, line);
    } else {
        let old = if negated { whole(statement::old_default(words)) } else { None };
        let unset = |words| whole(bgp_unset(words)).map(statement::Said::Tune);
        let old = old.or_else(|| if negated { unset(words) } else { None });
        let read = old.or_else(|| whole(statement::bgp_statement(words)));
        let state = match read {
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
    }
    stray(draft, line);
}

/// address-family ::= "address-family" family-head NL
///                    (INDENT (family-line+ (block-end | inert-exit)? | block-end) DEDENT)?
fn address_family<'t>(draft: &mut Draft<'t>, router: &mut Router<'t>, line: Statement<'_, 't>) {
    let words = line.words().skip(1);
    let Some((family, vrf)) = whole(family_head(words)) else {
        return draft.account_block(Part::Bgp, line, State::Opaque);
    };
    let of_vrf = vrf.map(|vrf| vrf.value);
    // The sessions of a family belong to the VRF's instance, whatever routes they carry.
    let index = match router.instances.iter().position(|it| it.vrf == of_vrf) {
        Some(index) => index,
        None => {
            router.instances.push(instance(of_vrf, line.span()));
            router.instances.len() - 1
        }
    };
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    draft.account(Part::Bgp, line, State::Modelled);
    let table = match family.kind {
        AddressFamily::Ipv4 | AddressFamily::Ipv6 => Table::Instance(index),
        _ => Table::Other(other_family(router, family, of_vrf, line.span())),
    };
    let scope = Scope { vrf: of_vrf, family, in_family: true, table };
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

/// family-head ::= ("ipv4" | "ipv6") (unicast | other-routes)? ("vrf" NAME+)?
///               | ("vpnv4" | "vpnv6") (unicast | "multicast" | "flowspec")?
///               | "l2vpn" ("evpn" | "vpls") | ("nsap" | "rtfilter") unicast? | "link-state" "link-state"?
/// unicast ::= "unicast"
/// other-routes ::= "multicast" | "mdt" | "mvpn" | "flowspec" | "tunnel" | "sr-policy" | "labeled-unicast"
fn family_head<'w, 't>(
    input: Words<'w, 't>,
) -> Parsed<'w, 't, (Family<'t>, Option<Fact<&'t str>>)> {
    let mut low = room();
    let mut second = room();
    let (head, kind) = (lower(input.peek(0), &mut low), lower(input.peek(1), &mut second));
    let other = AddressFamily::Other;
    let (family, length) = match (head, kind) {
        ("ipv4", "unicast") => (AddressFamily::Ipv4, 2),
        ("ipv6", "unicast") => (AddressFamily::Ipv6, 2),
        (
            "ipv4" | "ipv6",
            "multicast" | "mdt" | "mvpn" | "flowspec" | "tunnel" | "sr-policy" | "labeled-unicast",
        )
        | ("vpnv4" | "vpnv6", "multicast" | "flowspec")
        | ("l2vpn", "evpn" | "vpls")
        | ("nsap" | "rtfilter", "unicast")
        | ("link-state", "link-state") => (other, 2),
        ("nsap" | "rtfilter" | "link-state", _) => (other, 1),
        ("vpnv4", "unicast") => (AddressFamily::Vpnv4, 2),
        ("vpnv6", "unicast") => (AddressFamily::Vpnv6, 2),
        ("ipv4", _) => (AddressFamily::Ipv4, 1),
        ("ipv6", _) => (AddressFamily::Ipv6, 1),
        ("vpnv4", _) => (AddressFamily::Vpnv4, 1),
        ("vpnv6", _) => (AddressFamily::Vpnv6, 1),
        _ => return input.expected("an address family"),
    };
    // Only the first word of a VPN family: both ways to write it are one family.
    let name = match family {
        AddressFamily::Ipv4 | AddressFamily::Ipv6 => "",
        AddressFamily::Other => input.first(length).line_text(),
        _ => input.peek(0),
    };
    let (left, family) = (input.skip(length), Family { kind: family, name });
    match word("vrf")(left) {
        Ok((left, _)) if matches!(head, "ipv4" | "ipv6") => {
            let (left, vrf) = long_name(left, left.len())?;
            Ok((left, (family, Some(vrf))))
        }
        _ => Ok((left, (family, None))),
    }
}

/// template ::= "template" ("peer-session" | "peer-policy") NAME NL
///              (INDENT template-line+ (block-end | inert-exit)? DEDENT)?
fn template<'t>(draft: &mut Draft<'t>, router: &mut Router<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let mut low = room();
    let kind = match lower(words.peek(1), &mut low) {
        "peer-session" => TemplateKind::Session,
        "peer-policy" => TemplateKind::Policy,
        _ => return draft.account_block(Part::Bgp, line, State::Opaque),
    };
    let Some(name) = whole(name(words.skip(2))) else {
        return draft.account_block(Part::Bgp, line, State::Unmodelled);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    let object = match kind {
        TemplateKind::Session => ObjectKind::SessionTemplate,
        TemplateKind::Policy => ObjectKind::PolicyTemplate,
    };
    draft.define(object, name.value, line.span());
    let changes =
        line.children().filter_map(|child| template_line(draft, child)).collect::<Vec<_>>();
    let same = |it: &&mut Template<'_>| it.kind == kind && it.name == name.value;
    match router.templates.iter_mut().find(same) {
        Some(template) => template.changes.extend(changes),
        None => router.templates.push(Template { kind, name: name.value, changes }),
    }
}

/// template-line ::= setting NL | "no" (setting | unset) NL | "no"? inert-setting NL
fn template_line<'t>(draft: &mut Draft<'t>, line: Statement<'_, 't>) -> Option<Change<'t>> {
    let (negated, words) = polarity(line.words());
    if let Some(state) = end_state(line.words()) {
        draft.account(Part::Bgp, line, state);
        stray(draft, line);
        return None;
    }
    let (state, change) = match change(words, negated) {
        Some(change) => {
            if let Change::Set(setting) = change
                && !matches!(setting.slot, Slot::PrefixList(_) | Slot::DistributeList(_))
            {
                record(draft, &setting, Family::IPV4);
            }
            (State::Modelled, Some(change))
        }
        None if listed(setting::INERT, words) => (State::Inert, None),
        None => (unknown(words), Some(Change::Blind(line.span()))),
    };
    draft.account(Part::Bgp, line, state);
    stray(draft, line);
    change
}

/// neighbor ::= "neighbor" NAME (setting | "peer-group") NL
///            | "no" "neighbor" NAME (setting | unset | "peer-group")? NL
///            | "no"? "neighbor" NAME inert-setting NL
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
    let peer = peer(token.text);
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
        peer,
        at: line.span(),
        change,
    });
}

/// Whom a line is about. A zone behind a link-local address (`fe80::1%GigabitEthernet1`) only says
/// where the neighbor is.
fn peer(text: &str) -> Peer<'_> {
    if let Some(address) = dotted(text) {
        return Peer::Address(address.into());
    }
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
        || ["peer-group", "inherit", "route-map", "prefix-list", "filter-list", "distribute-list"]
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
        (Slot::UpdateSource, Value::Name(interface)) => {
            draft.use_name(ObjectKind::Interface, interface, Usage::InterfaceUse);
        }
        (Slot::PeerGroup, Value::Name(group)) => {
            draft.use_name(ObjectKind::PeerGroup, group, Usage::Inherit);
        }
        (Slot::InheritSession, Value::Inherit(name, _)) => {
            draft.use_name(ObjectKind::SessionTemplate, name, Usage::Inherit);
        }
        (Slot::InheritPolicy, Value::Inherit(name, _)) => {
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
        // `route-map M in` looks like the header of a block to the layout, which gives it the end.
        let state = end_state(child.words()).unwrap_or(State::Opaque);
        draft.account(Part::Bgp, child, state);
        stray(draft, child);
    }
}
