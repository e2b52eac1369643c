//! Translation: pools at the top, rules on the interface by which packets leave or come, and profiles of
//! rules that interfaces share.
//!
//! Sources are translated as packets leave by the interface, destinations as they come; `ingress` and
//! `egress` turn that round (EOS manual, "Network Address Translation", `ip nat source static`, `ip nat
//! destination static`). Source and destination rules of one `group` are applied together, each as it
//! stands.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{
    Fact, NatDirection, NatPool, NatRule, NatSelector, ObjectKind, Part, PoolDetails, State,
    Translation, Usage,
};
use edgelint_prefix::Interval;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, exit_state, listed, lower, polarity, room, whole};
use crate::phrases::{ipv4, is_word, mask_length, name, number, number_in, word};

/// Profiles, and who uses them.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    profiles: Vec<Profile<'t>>,
    /// The interfaces that name a profile.
    users: Vec<(Fact<&'t str>, Fact<&'t str>)>,
}

/// Rules under a name.
#[derive(Debug)]
struct Profile<'t> {
    name: &'t str,
    vrf: Option<Fact<&'t str>>,
    rules: Vec<NatRule<'t>>,
}

/// Statements that change neither which addresses are translated nor into what.
///
/// inert-nat ::= ("no" | "default")? "ip" "nat" inert-nat-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("translation", "timeouts, limits and how sessions are told apart"),
    ("synchronization", "high availability"),
    ("kernel", "how the platform does it"),
    ("log", "logging"),
    ("logging", "logging"),
    ("fallback", "how the platform does it"),
    ("flow-types", "which payloads"),
];

/// Reads `ip nat` at the top: pools, profiles, and what is of no consequence.
pub(super) fn ip_nat<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let said = words.skip(2);
    if is_word(said, 0, "pool") {
        return nat_pool(draft, statement, negated);
    }
    if is_word(said, 0, "profile") {
        return nat_profile(draft, statement, negated);
    }
    if listed(INERT, said) {
        return draft.account_block(Part::Nat, statement, State::Inert);
    }
    draft.device.nat.blind.push(statement.span());
    draft.account_block(Part::Nat, statement, State::Opaque);
}

/// nat-pool ::= "ip" "nat" "pool" NAME (pool-range nat-mask | nat-mask | "port-only") NL (INDENT (pool-line | inert-pool-line)* (pool-line | inert-pool-line | inert-exit) DEDENT)?
///     | ("no" | "default") "ip" "nat" "pool" NAME REST? NL
fn nat_pool<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, negated: bool) {
    let (_, words) = polarity(statement.words());
    let at = statement.span();
    let pool_name = words.peek(3);
    if negated {
        draft.device.nat.pools.retain(|pool| pool.name != pool_name);
        draft.undefine(ObjectKind::NatPool, pool_name);
        let state = if pool_name.is_empty() { State::Unmodelled } else { State::Modelled };
        draft.account(Part::Nat, statement, state);
        return draft.stray(statement);
    }
    let mut blind = Vec::new();
    let head = draft.take(Part::Nat, statement, pool_head(words.skip(3)), &mut blind);
    let mut ranges = Vec::new();
    let mut ports = None;
    for child in statement.children() {
        let state = match whole(pool_line(child.words())) {
            Some(PoolLine::Range(range, own)) => {
                ranges.push(range);
                ports = own.or(ports);
                State::Modelled
            }
            Some(PoolLine::Ports(own)) => {
                ports = Some(own);
                State::Modelled
            }
            None if is_inert_pool_line(child.words()) => State::Inert,
            None => exit_state(child.words()).unwrap_or(State::Unmodelled),
        };
        draft.account(Part::Nat, child, state);
        blind.extend((state == State::Unmodelled).then_some(child.span()));
        draft.stray(child);
    }
    draft.device.nat.blind.append(&mut blind);
    let Some((name, first)) = head else { return };
    ranges.splice(0..0, first);
    draft.define(ObjectKind::NatPool, name.value, at);
    let details =
        ports.map(|ports| Box::new(PoolDetails { ports: Some(ports), ..PoolDetails::default() }));
    let pools = &mut draft.device.nat.pools;
    match pools.iter_mut().find(|pool| pool.name == name.value) {
        // A block that is opened again gets more ranges; a pool in one line is replaced.
        Some(pool) if statement.has_children() => {
            pool.ranges.append(&mut ranges);
            pool.details = details.or(pool.details.take());
        }
        Some(pool) => pool.ranges = ranges,
        None => pools.push(NatPool { name: name.value, at, ranges, details }),
    }
}

type PoolHead<'t> = (Fact<&'t str>, Option<Fact<Interval>>);

fn pool_head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, PoolHead<'t>> {
    let (left, name) = name(input)?;
    if is_word(left, 0, "port-only") {
        return Ok((left.skip(1), (name, None)));
    }
    let (left, range) = match ipv4(left) {
        Ok(_) => range(left).map(|(left, range)| (left, Some(range)))?,
        Err(_) => (left, None),
    };
    let left = nat_mask(left)?.0;
    Ok((left, (name, range)))
}

/// What a line of a pool says.
enum PoolLine {
    /// Addresses, and the ports that are used of them.
    Range(Fact<Interval>, Option<Fact<(u16, u16)>>),
    /// Ports alone.
    Ports(Fact<(u16, u16)>),
}

/// pool-line ::= ("range" pool-range (UINT16 UINT16)? | "port" "range" UINT16 UINT16) NL
fn pool_line<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, PoolLine> {
    if let Ok((left, _)) = word("port")(input) {
        let (left, _) = word("range")(left)?;
        return ports(left).map(|(left, ports)| (left, PoolLine::Ports(ports)));
    }
    let (left, _) = word("range")(input)?;
    let (left, range) = range(left)?;
    if left.is_empty() {
        return Ok((left, PoolLine::Range(range, None)));
    }
    ports(left).map(|(left, ports)| (left, PoolLine::Range(range, Some(ports))))
}

fn ports<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<(u16, u16)>> {
    let port = number_in(0, 65535);
    let (left, first) = port(input)?;
    let (left, last) = port(left)?;
    let narrow = |port: Fact<u32>| u16::try_from(port.value).unwrap_or(u16::MAX);
    Ok((left, Fact::new((narrow(first), narrow(last)), first.at().to(last.at()))))
}

/// Alarms.
///
/// inert-pool-line ::= "utilization" REST? NL
fn is_inert_pool_line(words: Words<'_, '_>) -> bool {
    is_word(words, 0, "utilization")
}

/// Two addresses with what lies between. A device refuses them in the wrong order; what was meant
/// is the same block.
///
/// pool-range ::= ADDR4 ADDR4
fn range<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Interval>> {
    let (left, one) = ipv4(input)?;
    let (left, other) = ipv4(left)?;
    let first = IpAddr::V4(one.value.min(other.value));
    let last = IpAddr::V4(one.value.max(other.value));
    match Interval::new(first, last) {
        Some(interval) => Ok((left, Fact::new(interval, one.at().to(other.at())))),
        None => input.expected("two addresses"),
    }
}

/// nat-mask ::= "netmask" MASK4 | "prefix-length" RANGE_0_32
fn nat_mask<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "netmask" => {
            let (left, mask) = ipv4(next)?;
            match mask_length(mask.value) {
                Some(_) => Ok((left, ())),
                None => next.expected("a network mask"),
            }
        }
        "prefix-length" => number_in(0, 32)(next).map(|(left, _)| (left, ())),
        _ => input.expected("netmask or prefix-length"),
    }
}

/// nat-profile ::= "ip" "nat" "profile" NAME ("vrf" NAME)? NL (INDENT profile-line* (profile-line | inert-exit) DEDENT)?
///     | ("no" | "default") "ip" "nat" "profile" NAME ("vrf" NAME)? NL
/// profile-line ::= ("no" | "default")? "ip" "nat" nat-rule NL
fn nat_profile<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, negated: bool) {
    let (_, words) = polarity(statement.words());
    let Some((name, vrf)) = whole(profile_head(words.skip(3))) else {
        draft.device.nat.blind.push(statement.span());
        return draft.account_block(Part::Nat, statement, State::Unmodelled);
    };
    draft.account(Part::Nat, statement, State::Modelled);
    if let Some(vrf) = vrf {
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    let mut profile = Profile { name: name.value, vrf, rules: Vec::new() };
    for child in statement.children() {
        let (gone, words) = polarity(child.words());
        let read = match is_word(words, 0, "ip") && is_word(words, 1, "nat") {
            true => whole(nat_rule(words.skip(2))),
            false => None,
        };
        let state = match read {
            Some(rule) => {
                let at = child.span();
                enter(draft, &mut profile.rules, NatRule { at, ..rule.rule }, (rule.list, gone));
                State::Modelled
            }
            None => exit_state(child.words()).unwrap_or(State::Unmodelled),
        };
        draft.account(Part::Nat, child, state);
        if state == State::Unmodelled {
            draft.device.nat.blind.push(child.span());
        }
        draft.stray(child);
    }
    let profiles = &mut draft.pending.nat.profiles;
    match profiles.iter_mut().find(|it| it.name == profile.name) {
        _ if negated => profiles.retain(|it| it.name != name.value),
        Some(known) => known.rules.append(&mut profile.rules),
        None => profiles.push(profile),
    }
}

type ProfileHead<'t> = (Fact<&'t str>, Option<Fact<&'t str>>);

fn profile_head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ProfileHead<'t>> {
    let (left, profile) = name(input)?;
    match word("vrf")(left) {
        Ok((left, _)) => name(left).map(|(left, vrf)| (left, (profile, Some(vrf)))),
        Err(_) => Ok((left, (profile, None))),
    }
}

/// A rule that was read, and the access list that limits it.
pub(super) struct Read<'t> {
    pub(super) rule: NatRule<'t>,
    pub(super) list: Option<Fact<&'t str>>,
}

/// Which packets a rule looks at.
#[derive(Clone, Copy)]
struct Way {
    direction: NatDirection,
    /// Whether they leave by the interface; else they come by it.
    leaves: bool,
}

/// nat-rule ::= "source" (nat-static | "ingress" nat-static | nat-dynamic (nat-pooled | "overload") nat-tail)
///     | "destination" (nat-static | "egress" nat-static | nat-dynamic nat-pooled nat-tail)
pub(super) fn nat_rule<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Read<'t>> {
    let next = input.skip(1);
    let mut low = room();
    let (mut way, turned) = match lower(input.peek(0), &mut low) {
        "source" => {
            let turned = is_word(next, 0, "ingress");
            let direction =
                if turned { NatDirection::OutsideSource } else { NatDirection::InsideSource };
            (Way { direction, leaves: true }, turned)
        }
        "destination" => {
            let turned = is_word(next, 0, "egress");
            (Way { direction: NatDirection::Destination, leaves: false }, turned)
        }
        _ => return input.expected("source or destination"),
    };
    way.leaves ^= turned;
    let next = next.skip(usize::from(turned));
    if is_word(next, 0, "static") {
        return nat_static(next, way);
    }
    match turned {
        true => next.expected("static"),
        false => nat_dynamic(next, way),
    }
}

/// One address into another, of packets that an access list may limit.
///
/// nat-static ::= "static" ADDR4 UINT16? ("access-list" NAME)? ADDR4 UINT16? ("protocol" ("tcp" | "udp"))? ("group" UINT16)? nat-comment?
/// nat-comment ::= "comment" REST
fn nat_static<'w, 't>(input: Words<'w, 't>, way: Way) -> Parsed<'w, 't, Read<'t>> {
    let port = |input: Words<'w, 't>| match number_in(0, 65535)(input) {
        Ok((left, _)) => (left, true),
        Err(_) => (input, false),
    };
    let (left, original) = ipv4(word("static")(input)?.0)?;
    let (left, from_port) = port(left);
    let (left, list) = match word("access-list")(left) {
        Ok((left, _)) => name(left).map(|(left, list)| (left, Some(list)))?,
        Err(_) => (left, None),
    };
    let (left, translated) = ipv4(left)?;
    let (mut left, to_port) = port(left);
    let mut protocol = false;
    if let Ok((behind, _)) = word("protocol")(left) {
        left = word("tcp")(behind).or_else(|_| word("udp")(behind))?.0;
        protocol = true;
    }
    if let Ok((behind, _)) = word("group")(left) {
        left = number_in(0, 65535)(behind)?.0;
    }
    let left = comment(left)?.0;
    let host = |address: Ipv4Addr| Interval::host(IpAddr::V4(address));
    let rule = NatRule {
        is_static: true,
        port: from_port || to_port || protocol,
        narrowed: list.is_some(),
        ..rule(
            way,
            NatSelector::Addresses(host(original.value)),
            Translation::Addresses(translated.map(host)),
        )
    };
    Ok((left, Read { rule, list }))
}

/// Addresses of a pool, or the address of the interface that many share.
///
/// nat-dynamic ::= "dynamic" "access-list" NAME
/// nat-pooled ::= "pool" NAME ("full-cone" | "address-only" | "port-only")?
/// nat-tail ::= ("priority" UINT32)? nat-comment?
fn nat_dynamic<'w, 't>(input: Words<'w, 't>, way: Way) -> Parsed<'w, 't, Read<'t>> {
    let (left, _) = word("dynamic")(input)?;
    let (left, _) = word("access-list")(left)?;
    let (left, list) = name(left)?;
    let selector = NatSelector::AccessList(list);
    let (mut left, rule) = if is_word(left, 0, "overload") && way.leaves {
        let at = left.token(0).map_or(list.at(), |token| token.span);
        let shared = Translation::Egress(Fact::new((), at));
        (left.skip(1), NatRule { overload: true, ..rule(way, selector, shared) })
    } else {
        let (left, pool) = name(word("pool")(left)?.0)?;
        let mut low = room();
        let (left, overload) = match lower(left.peek(0), &mut low) {
            "full-cone" | "port-only" => (left.skip(1), true),
            "address-only" => (left.skip(1), false),
            _ => (left, true),
        };
        (left, NatRule { overload, ..rule(way, selector, Translation::Pool(pool)) })
    };
    if let Ok((behind, _)) = word("priority")(left) {
        left = number(behind)?.0;
    }
    let left = comment(left)?.0;
    Ok((left, Read { rule, list: None }))
}

fn comment<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    if input.is_empty() {
        return Ok((input, ()));
    }
    let (left, _) = word("comment")(input)?;
    crate::phrases::rest(left).map(|(left, _)| (left, ()))
}

/// A rule; what differs is set afterwards, its place and its interface last. Until then the way of the
/// packets is kept as whether any egress is there.
fn rule<'t>(way: Way, selector: NatSelector<'t>, translation: Translation<'t>) -> NatRule<'t> {
    let nowhere = Span::new(edgelint_source::FileId(0), 0, 0);
    let here = Fact::new("", nowhere);
    let (egress, ingress) = if way.leaves { (vec![here], vec![]) } else { (vec![], vec![here]) };
    NatRule {
        at: nowhere,
        direction: way.direction,
        is_static: false,
        selector,
        translation,
        overload: false,
        port: false,
        narrowed: false,
        inactive: false,
        everywhere: false,
        ingress,
        vrf: None,
        egress,
        condition: None,
        next_hop: None,
        mirrored: None,
    }
}

/// Puts a rule among others, or takes the same one back.
pub(super) fn enter<'t>(
    draft: &mut Draft<'t>,
    rules: &mut Vec<NatRule<'t>>,
    rule: NatRule<'t>,
    (list, negated): (Option<Fact<&'t str>>, bool),
) {
    let same = |it: &NatRule<'t>| {
        it.direction == rule.direction
            && key(&it.selector) == key(&rule.selector)
            && it.egress.len() == rule.egress.len()
    };
    if negated {
        rules.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
        return rules.retain(|it| !same(it));
    }
    if let Some(list) = list {
        draft.use_name(ObjectKind::Acl, list, Usage::NatSelector);
    }
    if let NatSelector::AccessList(list) = rule.selector {
        draft.use_name(ObjectKind::Acl, list, Usage::NatSelector);
    }
    if let Translation::Pool(pool) = rule.translation {
        draft.use_name(ObjectKind::NatPool, pool, Usage::NatPool);
    }
    rules.push(rule);
}

fn key<'t>(selector: &NatSelector<'t>) -> (Option<&'t str>, Option<Interval>) {
    match selector {
        NatSelector::AccessList(list) => (Some(list.value), None),
        NatSelector::Addresses(block) => (None, Some(*block)),
        _ => (None, None),
    }
}

/// Puts the rules of an interface into the device.
pub(super) fn bind<'t>(
    draft: &mut Draft<'t>,
    rules: Vec<NatRule<'t>>,
    (interface, vrf): (Fact<&'t str>, Option<Fact<&'t str>>),
) {
    for mut rule in rules {
        for place in rule.egress.iter_mut().chain(&mut rule.ingress) {
            *place = interface;
        }
        draft.device.nat.rules.push(NatRule { vrf, ..rule });
    }
}

/// An interface uses a profile.
pub(super) fn use_profile<'t>(
    draft: &mut Draft<'t>,
    profile: Fact<&'t str>,
    interface: Fact<&'t str>,
) {
    draft.pending.nat.users.push((profile, interface));
}

/// Binds the rules of profiles to the interfaces that use them; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let Pending { profiles, users } = std::mem::take(&mut draft.pending.nat);
    for (profile, interface) in users {
        match profiles.iter().find(|it| it.name == profile.value) {
            Some(found) => bind(draft, found.rules.clone(), (interface, found.vrf)),
            None => draft.device.nat.blind.push(profile.at()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::eos::rendering::device;

    fn rules(text: &str) -> String {
        device(text, |device| {
            let rules = device.nat.rules.iter().map(|it| {
                let names = |facts: &[edgelint_model::Fact<&str>]| {
                    facts.iter().map(|it| it.value).collect::<Vec<_>>().join(",")
                };
                let flags = [it.is_static, it.overload, it.port, it.narrowed];
                let flags: String = flags.iter().map(|on| if *on { '1' } else { '0' }).collect();
                let selector = match &it.selector {
                    edgelint_model::NatSelector::AccessList(list) => list.value.to_owned(),
                    edgelint_model::NatSelector::Addresses(block) => block.first.to_string(),
                    _ => String::new(),
                };
                let result = match &it.translation {
                    edgelint_model::Translation::Pool(pool) => pool.value.to_owned(),
                    edgelint_model::Translation::Addresses(block) => block.value.first.to_string(),
                    _ => "egress".to_owned(),
                };
                let vrf = it.vrf.map_or("", |vrf| vrf.value);
                format!(
                    "{:?} {selector}>{result} {flags} in {} out {} {vrf}",
                    it.direction,
                    names(&it.ingress),
                    names(&it.egress)
                )
            });
            let pools = device.nat.pools.iter().map(|pool| {
                let ranges =
                    pool.ranges.iter().map(|it| format!("{}-{}", it.value.first, it.value.last));
                format!("{} {}", pool.name, ranges.collect::<Vec<_>>().join(" "))
            });
            let unknown = device.coverage.unknown.iter().map(|it| format!("{:?}", it.state));
            rules.chain(pools).chain(unknown).collect::<Vec<_>>().join("|")
        })
    }

    #[test]
    fn rules_and_pools() {
        let table = [
            (
                "interface Ethernet1\n   vrf A\n   ip nat source dynamic access-list L pool P\n   \
                 ip nat source dynamic access-list M overload\n   ip nat destination static 192.0.2.9 443 10.0.0.9 8443 protocol tcp group 1\n",
                "InsideSource L>P 0100 in  out Ethernet1 A|InsideSource M>egress 0100 in  out Ethernet1 A|\
                 Destination 192.0.2.9>10.0.0.9 1010 in Ethernet1 out  A",
            ),
            (
                "interface Ethernet1\n   ip nat source static 10.0.0.1 access-list L 192.0.2.1\n   \
                 ip nat source ingress static 10.0.0.2 192.0.2.2\n   no ip nat source static 10.0.0.1 192.0.2.1\n",
                "OutsideSource 10.0.0.2>192.0.2.2 1000 in Ethernet1 out  ",
            ),
            (
                "ip nat pool P prefix-length 24\n   range 192.0.2.1 192.0.2.9\n   range 192.0.2.20 192.0.2.22 1024 65535\n\
                 ip nat pool Q 192.0.2.30 192.0.2.31 prefix-length 24\nip nat pool R port-only\n   port range 1 2\n",
                "P 192.0.2.1-192.0.2.9 192.0.2.20-192.0.2.22|Q 192.0.2.30-192.0.2.31|R ",
            ),
            (
                "ip nat profile X vrf A\n   ip nat source dynamic access-list L pool P\n\
                 interface Ethernet1\n   ip nat service-profile X\ninterface Ethernet2\n   ip nat service-profile X\n",
                "InsideSource L>P 0100 in  out Ethernet1 A|InsideSource L>P 0100 in  out Ethernet2 A",
            ),
            ("ip nat source static 10.0.0.1 192.0.2.1\n", "Opaque"),
        ];
        for (text, expected) in table {
            assert_eq!(rules(text), expected, "{text}");
        }
    }
}
