//! `router bgp`: blocks for the process, its VRFs, their families, groups and neighbors.
//!
//! A neighbor's block says what it is and, in blocks of families, what it does. Session groups, groups of a family
//! and groups of neighbors say the same for many. What a neighbor ends up with is settled when the
//! process has been read ([`settle`]); families that stand in a block are active.

mod family;
mod instance;
mod route;
mod session;
mod settle;
mod tuning;

use edgelint_model::{
    AddressFamily, BgpInstance, BgpProcess, Fact, Neighbor, NeighborAddress, NeighborFamily,
    ObjectKind, OtherFamily, Part, Rare, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{lower, polarity, room, whole};
use super::pieces::pieces;
use super::values::Reader;
use crate::phrases::{asn, is_word};

/// Processes before their groups are settled.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    routers: Vec<Router<'t>>,
}

/// A process.
#[derive(Debug)]
struct Router<'t> {
    process: BgpProcess<'t>,
    groups: Vec<(GroupKind, Fact<&'t str>, Level<'t>)>,
    /// Neighbors with the number of their instance.
    neighbors: Vec<(usize, Level<'t>)>,
    /// Timers of all sessions of a VRF that have none of their own.
    timers: Vec<(usize, Fact<(u32, u32)>)>,
}

/// What groups are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GroupKind {
    Neighbor,
    Session,
    Family,
}

/// What one block says about a neighbor or about those of a group.
#[derive(Clone, Debug)]
struct Level<'t> {
    own: Neighbor<'t>,
    neighbor_group: Option<Fact<&'t str>>,
    session_group: Option<Fact<&'t str>>,
    /// Groups of families, each with the place of the family among the own ones.
    family_groups: Vec<(usize, Fact<&'t str>)>,
}

impl<'t> Level<'t> {
    fn new(address: NeighborAddress<'t>, at: Span) -> Self {
        let own = Neighbor {
            address,
            at,
            remote_as: None,
            local_as: None,
            local_as_mode: edgelint_model::LocalAsMode::default(),
            description: None,
            group: None,
            shutdown: None,
            update_source: None,
            ebgp_multihop: None,
            ttl_security: None,
            bfd: None,
            timers: None,
            password: None,
            families: Vec::new(),
            blind: Vec::new(),
        };
        Self { own, neighbor_group: None, session_group: None, family_groups: Vec::new() }
    }

    /// The place of a family among the own ones; made where there is none yet.
    fn family(&mut self, family: Family<'t>, at: Span) -> usize {
        let name = family.other_name();
        let same = |it: &NeighborFamily<'_>| it.family == family.kind && it.name == name;
        let families = &mut self.own.families;
        families.iter().position(same).unwrap_or_else(|| {
            let active = true;
            let activation = Some(at);
            families.push(NeighborFamily {
                name,
                active,
                activation,
                ..NeighborFamily::new(family.kind)
            });
            families.len() - 1
        })
    }
}

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Family<'t> {
    kind: AddressFamily,
    /// As written.
    name: &'t str,
}

impl<'t> Family<'t> {
    /// The name by which the model tells families apart that are none of the usual ones.
    fn other_name(self) -> Option<&'t str> {
        (self.kind == AddressFamily::Other).then_some(self.name)
    }
}

/// Settles and lowers all processes; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for router in std::mem::take(&mut draft.pending.bgp.routers) {
        settle::settle(draft, router);
    }
}

/// The process with its block.
///
/// router-bgp ::= "router" "bgp" ASN NL (INDENT router-line+ inert-exit? DEDENT)? | "no" "router" "bgp" ASN NL
pub(super) fn router_bgp<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let number = whole(asn(words.skip(2)));
    let state = if number.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::Bgp, statement, state);
    let same = |router: &Router<'_>| {
        router.process.local_as.map(|it| it.value) == number.map(|it| it.value)
    };
    if negated {
        draft.pending.bgp.routers.retain(|router| !same(router));
        return draft.stray(statement);
    }
    let at = statement.span();
    let known = draft.pending.bgp.routers.iter().position(same);
    let mut router = match known {
        Some(index) => draft.pending.bgp.routers.remove(index),
        None => Router {
            process: BgpProcess {
                at,
                local_as: number,
                confederation: None,
                confederation_peers: Vec::new(),
                instances: vec![new_instance(None, at)],
                other_families: Vec::new(),
            },
            groups: Vec::new(),
            neighbors: Vec::new(),
            timers: Vec::new(),
        },
    };
    for line in statement.children() {
        router_line(draft, &mut router, line);
    }
    draft.pending.bgp.routers.push(router);
}

fn new_instance<'t>(vrf: Option<&'t str>, at: Span) -> BgpInstance<'t> {
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

/// router-line ::= vrf-block | group | instance-line
fn router_line<'t>(draft: &mut Draft<'t>, router: &mut Router<'t>, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "vrf" if !negated => vrf_block(draft, router, line),
        "neighbor-group" | "session-group" | "af-group" if !negated => {
            group(draft, router, line);
        }
        _ => instance_line(draft, router, 0, line),
    }
}

/// vrf-block ::= "vrf" NAME NL (INDENT vrf-line+ inert-exit? DEDENT)?
fn vrf_block<'t>(draft: &mut Draft<'t>, router: &mut Router<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let Some(name) = words.token(1).filter(|_| words.len() == 2) else {
        instance::refuse(draft, router, 0, line);
        return;
    };
    draft.account(Part::Bgp, line, State::Modelled);
    draft.use_name(ObjectKind::Vrf, Fact::new(name.text, name.span), Usage::VrfMember);
    let vrf = (!name.text.eq_ignore_ascii_case("default")).then_some(name.text);
    let known = router.process.instances.iter().position(|it| it.vrf == vrf);
    let index = known.unwrap_or_else(|| {
        router.process.instances.push(new_instance(vrf, line.span()));
        router.process.instances.len() - 1
    });
    for child in line.children() {
        vrf_line(draft, router, index, child);
    }
}

/// vrf-line ::= "rd" WORD NL | instance-line
fn vrf_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    index: usize,
    line: Statement<'_, 't>,
) {
    if is_word(line.words(), 0, "rd") && line.words().len() == 2 {
        draft.account(Part::Bgp, line, State::Modelled);
        return draft.stray(line);
    }
    instance_line(draft, router, index, line);
}

/// instance-line ::= neighbor | family-block | instance-statement
fn instance_line<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    index: usize,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "neighbor" => neighbor(draft, router, index, line),
        "address-family" if !negated => family_block(draft, router, index, line),
        _ => instance::statement(draft, router, index, line),
    }
}

/// What a block of a family says about routes; neighbors have blocks of their own.
///
/// family-block ::= "address-family" family NL (INDENT family-line+ inert-exit? DEDENT)?
fn family_block<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    index: usize,
    line: Statement<'_, 't>,
) {
    let Some(family) = family_of(line.words().skip(1)) else {
        return instance::refuse(draft, router, index, line);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    let process = &mut router.process;
    let unicast = matches!(family.kind, AddressFamily::Ipv4 | AddressFamily::Ipv6);
    let table = if unicast || 0 < index {
        process.instances.get_mut(index)
    } else {
        let known = process.other_families.iter().position(|it| it.name == family.name);
        let place = known.unwrap_or_else(|| {
            let instance = new_instance(None, line.span());
            let (family, name) = (family.kind, family.name);
            process.other_families.push(OtherFamily { family, name, instance });
            process.other_families.len() - 1
        });
        process.other_families.get_mut(place).map(|it| &mut it.instance)
    };
    let Some(table) = table else { return draft.stray(line) };
    for child in line.children() {
        route::line(draft, table, family.kind, child);
    }
}

/// family ::= ("ipv4" | "ipv6") ("unicast" | "multicast" | "labeled-unicast" | "flowspec" | "mvpn" | "mdt" | "tunnel" | "sr-policy" | "rt-filter")
///     | ("vpnv4" | "vpnv6") ("unicast" | "multicast" | "flowspec") | "l2vpn" ("evpn" | "vpls-vpws" | "mspw") | "link-state" "link-state"
fn family_of<'t>(words: Words<'_, 't>) -> Option<Family<'t>> {
    let (mut low, mut second) = (room(), room());
    let kind = match (lower(words.peek(0), &mut low), lower(words.peek(1), &mut second)) {
        ("ipv4", "unicast") => AddressFamily::Ipv4,
        ("ipv6", "unicast") => AddressFamily::Ipv6,
        ("vpnv4", "unicast") => AddressFamily::Vpnv4,
        ("vpnv6", "unicast") => AddressFamily::Vpnv6,
        (
            "ipv4" | "ipv6",
            "multicast" | "labeled-unicast" | "flowspec" | "mvpn" | "mdt" | "tunnel" | "sr-policy"
            | "rt-filter",
        )
        | ("vpnv4" | "vpnv6", "multicast" | "flowspec")
        | ("l2vpn", "evpn" | "vpls-vpws" | "mspw")
        | ("link-state", "link-state") => AddressFamily::Other,
        _ => return None,
    };
    (words.len() == 2).then_some(Family { kind, name: words.line_text() })
}

/// group ::= ("neighbor-group" | "session-group") NAME NL (INDENT session-line+ inert-exit? DEDENT)?
///     | "af-group" NAME "address-family" family NL (INDENT setting-line+ inert-exit? DEDENT)?
fn group<'t>(draft: &mut Draft<'t>, router: &mut Router<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let at = line.span();
    let (object, kind) = match words.peek(0).len() {
        14 => (ObjectKind::PeerGroup, GroupKind::Neighbor),
        13 => (ObjectKind::SessionTemplate, GroupKind::Session),
        _ => (ObjectKind::PolicyTemplate, GroupKind::Family),
    };
    let family = family_of(words.skip(3)).filter(|_| is_word(words, 2, "address-family"));
    let whole = match kind {
        GroupKind::Family => family.is_some(),
        _ => words.len() == 2,
    };
    let Some(name) = words.token(1).filter(|_| whole) else {
        return instance::refuse(draft, router, 0, line);
    };
    draft.account(Part::Bgp, line, State::Modelled);
    draft.define(object, name.text, at);
    let known = router.groups.iter().position(|it| it.0 == kind && it.1.value == name.text);
    let (_, fact, mut level) = match known {
        Some(index) => router.groups.remove(index),
        None => {
            let level = Level::new(NeighborAddress::Interface(name.text), at);
            (kind, Fact::new(name.text, name.span), level)
        }
    };
    match family {
        Some(family) => {
            let place = level.family(family, at);
            for child in line.children() {
                family::line(draft, &mut level, place, child);
            }
        }
        None => session_lines(draft, &mut level, line),
    }
    router.groups.push((kind, fact, level));
}

/// A neighbor with its block; what follows its address on the same line is as if it stood in the block.
///
/// neighbor ::= "neighbor" (ADDRESS | PREFIX) NL (INDENT session-line+ inert-exit? DEDENT)?
///     | "neighbor" (ADDRESS | PREFIX) session-setting NL | "no" "neighbor" (ADDRESS | PREFIX) NL
fn neighbor<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    index: usize,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let at = line.span();
    let Some(address) = address_of(words.peek(1)) else {
        return instance::refuse(draft, router, index, line);
    };
    let place = |it: &(usize, Level<'_>)| it.0 == index && it.1.own.address == address;
    if negated {
        let state = if words.len() == 2 { State::Modelled } else { State::Unmodelled };
        draft.account(Part::Bgp, line, state);
        if state == State::Modelled {
            router.neighbors.retain(|it| !place(it));
        }
        return draft.stray(line);
    }
    let known = router.neighbors.iter().position(place);
    let (_, mut level) = match known {
        Some(known) => router.neighbors.remove(known),
        None => (index, Level::new(address, at)),
    };
    let said =
        words.len() == 2 || session::say(draft, &mut level, (words.skip(2), false), at).is_some();
    if !said {
        level.own.blind.push(at);
    }
    draft.account(Part::Bgp, line, if said { State::Modelled } else { State::Unmodelled });
    session_lines(draft, &mut level, line);
    let known = known.unwrap_or(router.neighbors.len());
    router.neighbors.insert(known, (index, level));
}

fn address_of<'t>(word: &str) -> Option<NeighborAddress<'t>> {
    if let Ok(address) = word.parse() {
        return Some(NeighborAddress::Address(address));
    }
    let (prefix, _) = edgelint_prefix::Prefix::parse(word)?;
    Some(NeighborAddress::Range(prefix))
}

/// session-line ::= neighbor-family | session-setting NL | "no" session-unset NL | inert-session
/// neighbor-family ::= "address-family" family NL (INDENT setting-line+ inert-exit? DEDENT)?
fn session_lines<'t>(draft: &mut Draft<'t>, level: &mut Level<'t>, block: Statement<'_, 't>) {
    for line in block.children() {
        let (negated, words) = polarity(line.words());
        if !negated && is_word(words, 0, "address-family") {
            let Some(family) = family_of(words.skip(1)) else {
                draft.account(Part::Bgp, line, State::Unmodelled);
                level.own.blind.push(line.span());
                line.children().for_each(|it| draft.account_block(Part::Bgp, it, State::Opaque));
                continue;
            };
            draft.account(Part::Bgp, line, State::Modelled);
            let place = level.family(family, line.span());
            for child in line.children() {
                family::line(draft, level, place, child);
            }
            continue;
        }
        session::line(draft, level, line);
    }
}

/// Reads a line with `read`, over all of its pieces.
fn read_all<'t, T>(
    words: Words<'_, 't>,
    read: impl FnOnce(&mut Reader<'_, 't>) -> Option<T>,
) -> Option<T> {
    let pieces = pieces(words);
    let mut reader = Reader::new(&pieces, words.file_text());
    let value = read(&mut reader)?;
    reader.is_empty().then_some(value)
}
