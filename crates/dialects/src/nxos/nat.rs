//! `ip nat`: pools, and rules that say which addresses become which.
//!
//! Source of the syntax: Cisco Nexus 9000 Series NX-OS Interfaces Configuration Guide, "Configuring NAT".

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{
    Fact, NatDirection, NatPool, NatRule, NatSelector, ObjectKind, Part, State, Translation, Usage,
};
use edgelint_prefix::Interval;
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, is_exit, listed, lower, polarity, room, whole};
use crate::phrases::{ipv4, is_word, mask_length, name, number_in, word};

/// Statements that change neither which addresses are translated nor into what.
///
/// inert-nat ::= undo? "ip" "nat" inert-nat-word REST? NL
const INERT: &[InertRow] = &[
    ("translation", "timeouts and limits"),
    ("alias", "who answers for the addresses"),
    ("log", "logging"),
    ("statistics", "statistics"),
];

/// ip-nat ::= "ip" "nat" (nat-pool | nat-rule NL) | undo "ip" "nat" ("pool" NAME REST? | nat-rule) NL
pub(super) fn ip_nat<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let said = words.skip(2);
    if is_word(said, 0, "pool") {
        return nat_pool(draft, statement, negated);
    }
    let state = match whole(nat_rule(said)) {
        Some(read) if negated => {
            take_back(draft, &read);
            State::Modelled
        }
        Some(read) => {
            record(draft, &read);
            draft.device.nat.rules.push(NatRule { at: statement.span(), ..read });
            State::Modelled
        }
        None if listed(INERT, said) => State::Inert,
        None => {
            draft.device.nat.blind.push(statement.span());
            let heads = ["inside", "outside"];
            let known = heads.iter().any(|head| is_word(said, 0, head));
            if known { State::Unmodelled } else { State::Opaque }
        }
    };
    draft.account(Part::Nat, statement, state);
    for child in statement.children() {
        draft.account_block(Part::Nat, child, State::Opaque);
    }
}

/// nat-pool ::= "pool" NAME (ADDR4 ADDR4)? nat-mask NL (INDENT pool-line+ inert-exit? DEDENT)?
fn nat_pool<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, negated: bool) {
    let words = statement.words();
    let at = statement.span();
    if negated {
        let name = words.peek(4);
        draft.device.nat.pools.retain(|pool| pool.name != name);
        draft.undefine(ObjectKind::NatPool, name);
        let state = if name.is_empty() { State::Unmodelled } else { State::Modelled };
        draft.account(Part::Nat, statement, state);
        for child in statement.children() {
            draft.account_block(Part::Nat, child, State::Opaque);
        }
        return;
    }
    let mut blind = Vec::new();
    let read = draft.take(Part::Nat, statement, pool_head(words.skip(2)), &mut blind);
    let mut ranges = Vec::new();
    for child in statement.children() {
        let read = whole(pool_line(child.words()));
        let state = match read {
            Some(_) => State::Modelled,
            None if is_exit(child.words()) => State::Inert,
            None => State::Unmodelled,
        };
        draft.account(Part::Nat, child, state);
        ranges.extend(read);
        blind.extend((state == State::Unmodelled).then_some(child.span()));
        for deeper in child.children() {
            draft.account_block(Part::Nat, deeper, State::Opaque);
        }
    }
    draft.device.nat.blind.append(&mut blind);
    let Some((name, first)) = read else { return };
    ranges.splice(0..0, first);
    draft.define(ObjectKind::NatPool, name.value, at);
    let pools = &mut draft.device.nat.pools;
    match pools.iter_mut().find(|pool| pool.name == name.value) {
        // A block form that is opened again gets more ranges; a one-line pool is replaced.
        Some(pool) if statement.has_children() => pool.ranges.append(&mut ranges),
        Some(pool) => pool.ranges = ranges,
        None => pools.push(NatPool { name: name.value, at, ranges, details: None }),
    }
}

type PoolHead<'t> = (Fact<&'t str>, Option<Fact<Interval>>);

fn pool_head<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, PoolHead<'t>> {
    let (left, _) = word("pool")(input)?;
    let (left, name) = name(left)?;
    let (left, range) = match ipv4(left) {
        Ok(_) => range(left).map(|(left, range)| (left, Some(range)))?,
        Err(_) => (left, None),
    };
    let left = nat_mask(left)?.0;
    Ok((left, (name, range)))
}

/// pool-line ::= "address" ADDR4 ADDR4 NL
fn pool_line<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Interval>> {
    let (left, _) = word("address")(input)?;
    range(left)
}

/// Two addresses with what lies between. A device refuses them in the wrong order; what was meant
/// is the same block.
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

/// nat-mask ::= "netmask" MASK4 | "prefix-length" RANGE_1_32
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
        "prefix-length" => number_in(1, 32)(next).map(|(left, _)| (left, ())),
        _ => input.expected("netmask or prefix-length"),
    }
}

/// nat-rule ::= ("inside" | "outside") "source" (nat-static | nat-dynamic) nat-option*
fn nat_rule<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let mut side = room();
    let direction = match lower(input.peek(0), &mut side) {
        "inside" => NatDirection::InsideSource,
        "outside" => NatDirection::OutsideSource,
        _ => return input.expected("inside or outside"),
    };
    let (from, _) = word("source")(input.skip(1))?;
    let is_static = is_word(from, 0, "static");
    let (mut left, mut rule) = if is_static { nat_static(from)? } else { nat_dynamic(from)? };
    rule.direction = direction;
    while !left.is_empty() {
        left = nat_option(left, &mut rule)?.0;
    }
    Ok((left, rule))
}

/// nat-dynamic ::= ("list" | "route-map") NAME ("pool" NAME | "interface" NAME)
fn nat_dynamic<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let mut low = room();
    let selector: fn(Fact<&'t str>) -> NatSelector<'t> = match lower(input.peek(0), &mut low) {
        "list" => NatSelector::AccessList,
        "route-map" => NatSelector::Policy,
        _ => return input.expected("list or route-map"),
    };
    let (left, selected) = name(input.skip(1))?;
    let mut low = room();
    let translation: fn(Fact<&'t str>) -> Translation<'t> = match lower(left.peek(0), &mut low) {
        "pool" => Translation::Pool,
        "interface" => Translation::Interface,
        _ => return left.expected("pool or interface"),
    };
    let (left, translated) = name(left.skip(1))?;
    Ok((left, rule(selector(selected), translation(translated))))
}

/// nat-static ::= "static" (nat-port | ADDR4 ADDR4)
/// nat-port ::= ("tcp" | "udp") ADDR4 UINT16 ADDR4 UINT16
fn nat_static<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let (from, _) = word("static")(input)?;
    let mut low = room();
    let port = matches!(lower(from.peek(0), &mut low), "tcp" | "udp");
    let behind = |left| match port {
        true => number_in(0, 65535)(left).map(|(left, _)| left),
        false => Ok(left),
    };
    let (left, local) = ipv4(from.skip(usize::from(port)))?;
    let (left, global) = ipv4(behind(left)?)?;
    let left = behind(left)?;
    let host = |address: Ipv4Addr| Interval::host(IpAddr::V4(address));
    let selector = NatSelector::Addresses(host(local.value));
    let translation = Translation::Addresses(global.map(host));
    Ok((left, NatRule { is_static: true, port, ..rule(selector, translation) }))
}

/// nat-option ::= "overload" | "vrf" NAME | "group" UINT16 | "dynamic" | "add-route" | "match-in-vrf"
fn nat_option<'w, 't>(input: Words<'w, 't>, rule: &mut NatRule<'t>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    let left = match lower(input.peek(0), &mut low) {
        "overload" => {
            rule.overload = true;
            next
        }
        "vrf" => {
            let (left, vrf) = name(next)?;
            rule.vrf = Some(vrf);
            left
        }
        // Rules of one group translate both ends of one packet.
        "group" => number_in(0, 65535)(next)?.0,
        "dynamic" | "add-route" | "match-in-vrf" => next,
        _ => return input.expected("an option of a translation"),
    };
    Ok((left, ()))
}

/// A dynamic rule of the inside; what differs is set afterwards, its place last.
fn rule<'t>(selector: NatSelector<'t>, translation: Translation<'t>) -> NatRule<'t> {
    NatRule {
        at: Span::new(edgelint_source::FileId(0), 0, 0),
        direction: NatDirection::InsideSource,
        is_static: false,
        selector,
        translation,
        overload: false,
        port: false,
        narrowed: false,
        inactive: false,
        everywhere: false,
        ingress: Vec::new(),
        vrf: None,
        egress: Vec::new(),
        condition: None,
        next_hop: None,
        mirrored: None,
    }
}

fn record<'t>(draft: &mut Draft<'t>, rule: &NatRule<'t>) {
    match rule.selector {
        NatSelector::AccessList(list) => draft.use_name(ObjectKind::Acl, list, Usage::NatSelector),
        NatSelector::Policy(map) => draft.use_name(ObjectKind::Policy, map, Usage::NatSelector),
        _ => {}
    }
    match rule.translation {
        Translation::Pool(pool) => draft.use_name(ObjectKind::NatPool, pool, Usage::NatPool),
        Translation::Interface(name) => {
            draft.use_name(ObjectKind::Interface, name, Usage::InterfaceUse);
        }
        _ => {}
    }
    if let Some(vrf) = rule.vrf {
        draft.use_vrf(vrf);
    }
}

/// Takes back the rules that translate the same into the same.
fn take_back<'t>(draft: &mut Draft<'t>, taken: &NatRule<'t>) {
    let vrf = |rule: &NatRule<'t>| rule.vrf.map(|vrf| vrf.value);
    let same = |rule: &NatRule<'t>| {
        rule.direction == taken.direction
            && vrf(rule) == vrf(taken)
            && selector_key(&rule.selector) == selector_key(&taken.selector)
            && translation_key(&rule.translation) == translation_key(&taken.translation)
    };
    let (gone, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut draft.device.nat.rules).into_iter().partition(same);
    draft.device.nat.rules = kept;
    gone.iter().for_each(|rule| draft.forget(rule.at));
}

type Key<'t> = (u8, Option<&'t str>, Option<Interval>);

fn selector_key<'t>(selector: &NatSelector<'t>) -> Key<'t> {
    match selector {
        NatSelector::AccessList(list) => (0, Some(list.value), None),
        NatSelector::Policy(map) => (1, Some(map.value), None),
        NatSelector::Addresses(block) => (2, None, Some(*block)),
        NatSelector::Interface(name) => (3, Some(name.value), None),
        NatSelector::Objects(name) => (5, Some(name.value), None),
        NatSelector::Any => (4, None, None),
    }
}

fn translation_key<'t>(translation: &Translation<'t>) -> Key<'t> {
    match translation {
        Translation::Pool(pool) => (0, Some(pool.value), None),
        Translation::Interface(name) => (1, Some(name.value), None),
        Translation::Addresses(block) => (2, None, Some(block.value)),
        Translation::Egress(_) | Translation::Identity => (3, None, None),
    }
}

#[cfg(test)]
mod tests {
    use crate::nxos::rendering::device;
    use std::fmt::Write;

    fn shown(text: &str) -> String {
        device(text, |device| {
            let mut text = String::new();
            for pool in &device.nat.pools {
                let ranges = pool.ranges.iter().map(|it| format!("{:?}", it.value.prefixes()));
                write!(text, "{} {}|", pool.name, ranges.collect::<Vec<_>>().join(" ")).unwrap();
            }
            for rule in &device.nat.rules {
                let flags = (rule.is_static, rule.overload, rule.port);
                write!(text, "{:?} {flags:?}|", rule.direction).unwrap();
            }
            write!(text, "blind {}", device.nat.blind.len()).unwrap();
            text
        })
    }

    #[test]
    fn pools_and_rules() {
        let text = "ip nat pool ER 203.0.113.0 203.0.113.3 prefix-length 30\nip nat pool ISP netmask 255.255.255.0\n  \
                    address 198.51.100.4 198.51.100.5\n  address nowhere\n\
                    ip nat inside source list A pool ER overload\nip nat inside source list B interface Ethernet1/1 overload\n\
                    ip nat inside source static 10.0.0.1 203.0.113.1 group 1 dynamic\n\
                    ip nat inside source static tcp 10.0.0.2 80 203.0.113.2 8080\n\
                    ip nat outside source list C pool ISP add-route\nip nat translation timeout 60\n\
                    ip nat inside source list X\nno ip nat inside source list A pool ER overload\n";
        let prefix = |text: &str| edgelint_prefix::Prefix::parse(text).unwrap().0;
        let expected = format!(
            "ER [{:?}]|ISP [{:?}]|InsideSource (false, true, false)|InsideSource (true, false, false)|\
             InsideSource (true, false, true)|OutsideSource (false, false, false)|blind 2",
            prefix("203.0.113.0/30"),
            prefix("198.51.100.4/31"),
        );
        assert_eq!(shown(text), expected);
    }
}
