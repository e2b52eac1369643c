//! `ip nat`: pools, and rules that say which addresses become which.
//!
//! A rule's selector and translation are what an edge may show of the inside; ports and the keywords of
//! high availability do not change which addresses those are. Source of the syntax: Cisco IOS IP
//! Addressing Services Command Reference, `ip nat`.

use std::net::{IpAddr, Ipv4Addr};

use edgelint_model::{
    Fact, Mirror, NatDirection, NatPool, NatRule, NatSelector, ObjectKind, Part, State,
    Translation, Usage,
};
use edgelint_prefix::{Interval, Prefix};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, end_state, listed, lower, polarity, room, whole};
use crate::phrases::{ipv4, is_word, mask_length, name, number, number_in, word};

/// Statements that change neither which addresses are translated nor into what.
///
/// inert-nat ::= "no"? "ip" "nat" inert-nat-word REST? NL
const INERT: &[InertRow] = &[
    ("translation", "timeouts and limits"),
    ("log", "logging"),
    ("settings", "how the platform does it"),
    ("service", "payloads of single protocols"),
    ("switchover", "high availability"),
    ("stateful", "high availability"),
    ("portmap", "which ports, not which addresses"),
    ("create", "when entries are made"),
    ("piggyback-support", "payloads of single protocols"),
    ("sip-sbc", "payloads of single protocols"),
    ("allow-static-host", "wireless clients that keep their address"),
    ("configuration", "how it is shown"),
    ("data", "how the platform does it"),
];

/// ip-nat ::= "ip" "nat" (nat-pool | nat-rule NL) | "no" "ip" "nat" ("pool" NAME REST? | nat-rule) NL
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
            if is_head(said) { State::Unmodelled } else { State::Opaque }
        }
    };
    draft.account(Part::Nat, statement, state);
    for child in statement.children() {
        draft.account_block(Part::Nat, child, State::Opaque);
    }
}

fn is_head(words: Words<'_, '_>) -> bool {
    ["inside", "outside", "source", "route", "gatekeeper"]
        .iter()
        .any(|head| is_word(words, 0, head))
}

/// nat-pool ::= "pool" NAME (ADDR4 ADDR4)? nat-mask nat-pool-type? NL
///              (INDENT pool-line+ (block-end | inert-exit)? DEDENT)?
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
            None => end_state(child.words()).unwrap_or(State::Unmodelled),
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
    let left = nat_pool_type(left)?.0;
    Ok((left, (name, range)))
}

/// pool-line ::= ("address" | "range") ADDR4 ADDR4 NL
fn pool_line<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<Interval>> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "address" | "range" => range(input.skip(1)),
        _ => input.expected("address"),
    }
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
fn nat_mask<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, u8> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "netmask" => {
            let (left, mask) = ipv4(next)?;
            match mask_length(mask.value) {
                Some(length) => Ok((left, length)),
                None => next.expected("a network mask"),
            }
        }
        "prefix-length" => {
            let (left, length) = number_in(1, 32)(next)?;
            Ok((left, u8::try_from(length.value).unwrap_or(32)))
        }
        _ => input.expected("netmask or prefix-length"),
    }
}

/// nat-pool-type ::= "type" ("rotary" | "match-host" | "non-overload") | "add-route" | "accounting" NAME
fn nat_pool_type<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "type" => {
            let mut kind = room();
            match lower(next.peek(0), &mut kind) {
                "rotary" | "match-host" | "non-overload" => Ok((next.skip(1), ())),
                _ => next.expected("a type of pool"),
            }
        }
        "add-route" => Ok((next, ())),
        "accounting" => name(next).map(|(left, _)| (left, ())),
        _ => Ok((input, ())),
    }
}

/// nat-rule ::= ("inside" | "outside") "source" (nat-static | nat-dynamic) nat-option*
///            | "inside" "destination" nat-dynamic nat-option*
fn nat_rule<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let mut side = room();
    let mut what = room();
    let direction = match (lower(input.peek(0), &mut side), lower(input.peek(1), &mut what)) {
        ("inside", "source") => NatDirection::InsideSource,
        ("outside", "source") => NatDirection::OutsideSource,
        ("inside", "destination") => NatDirection::Destination,
        _ => return input.expected("inside source, outside source or inside destination"),
    };
    let from = input.skip(2);
    let is_static = is_word(from, 0, "static") && direction != NatDirection::Destination;
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

/// nat-static ::= "static" (nat-network | nat-port | nat-host)
fn nat_static<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let (from, _) = word("static")(input)?;
    let (left, mut rule) =
        nat_network(from).or_else(|_| nat_port(from)).or_else(|_| nat_host(from))?;
    rule.is_static = true;
    Ok((left, rule))
}

/// nat-host ::= "esp"? ADDR4 nat-target
fn nat_host<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let esp = word("esp")(input);
    let port = esp.is_ok();
    let from = esp.map_or(input, |(left, _)| left);
    let (left, local) = ipv4(from)?;
    let (left, target) = nat_target(left)?;
    let selector = NatSelector::Addresses(Interval::host(IpAddr::V4(local.value)));
    Ok((left, NatRule { port, ..rule(selector, target) }))
}

/// nat-port ::= ("tcp" | "udp") ADDR4 UINT16 nat-target UINT16
fn nat_port<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "tcp" | "udp" => {}
        _ => return input.expected("tcp or udp"),
    }
    let port = number_in(0, 65535);
    let (left, local) = ipv4(input.skip(1))?;
    let (left, _) = port(left)?;
    let (left, target) = nat_target(left)?;
    let (left, _) = port(left)?;
    let selector = NatSelector::Addresses(Interval::host(IpAddr::V4(local.value)));
    Ok((left, NatRule { port: true, ..rule(selector, target) }))
}

/// nat-target ::= ADDR4 | "interface" NAME
fn nat_target<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Translation<'t>> {
    if is_word(input, 0, "interface") {
        return name(input.skip(1)).map(|(left, name)| (left, Translation::Interface(name)));
    }
    ipv4(input).map(|(left, address)| {
        (left, Translation::Addresses(address.map(|it| Interval::host(IpAddr::V4(it)))))
    })
}

/// nat-network ::= "network" ADDR4 ADDR4 (MASK4 | SLASH4)
fn nat_network<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, NatRule<'t>> {
    let (left, _) = word("network")(input)?;
    let (left, local) = ipv4(left)?;
    let (left, global) = ipv4(left)?;
    let Some(length) = left.token(0).and_then(|token| network_length(token.text)) else {
        return left.expected("a network mask or a length");
    };
    let block = |address: Fact<Ipv4Addr>| {
        Prefix::new(IpAddr::V4(address.value), length)
            .map(|prefix| Fact::new(prefix.interval(), address.at()))
    };
    match (block(local), block(global)) {
        (Some(local), Some(global)) => {
            let rule = rule(NatSelector::Addresses(local.value), Translation::Addresses(global));
            Ok((left.skip(1), rule))
        }
        _ => left.expected("a network mask or a length"),
    }
}

/// The prefix length of `255.255.255.0` or `/24`.
fn network_length(text: &str) -> Option<u8> {
    match text.strip_prefix('/') {
        Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            length.parse().ok().filter(|length| *length <= 32)
        }
        Some(_) => None,
        None => text.parse().ok().and_then(mask_length),
    }
}

/// nat-option ::= "overload" | "vrf" NAME | "egress-interface" NAME | "route-map" NAME
///              | "redundancy" NAME | "mapping-id" UINT32 | "match-in-vrf" | "reversible" | "oer"
///              | "add-route" | "extendable" | "no-alias" | "no-payload" | "forced" | "stateless"
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
        "egress-interface" => {
            let (left, interface) = name(next)?;
            rule.egress.push(interface);
            left
        }
        "route-map" => {
            let (left, policy) = name(next)?;
            rule.condition = Some(policy);
            left
        }
        "redundancy" => {
            let (left, group) = name(next)?;
            let mapping = rule.mirrored.and_then(|mirror| mirror.mapping);
            rule.mirrored = Some(Mirror { group, mapping });
            left
        }
        "mapping-id" => {
            let (left, mapping) = number(next)?;
            if let Some(mirror) = &mut rule.mirrored {
                mirror.mapping = Some(mapping.value);
            }
            left
        }
        "match-in-vrf" | "reversible" | "oer" | "add-route" | "extendable" | "no-alias"
        | "no-payload" | "forced" | "stateless" => next,
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
        draft.use_name(ObjectKind::Vrf, vrf, Usage::VrfMember);
    }
    if let Some(policy) = rule.condition {
        draft.use_name(ObjectKind::Policy, policy, Usage::NatSelector);
    }
    for interface in &rule.egress {
        draft.use_name(ObjectKind::Interface, *interface, Usage::InterfaceUse);
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
        NatSelector::Objects(name) => (4, Some(name.value), None),
        NatSelector::Any => (5, None, None),
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
    use super::ip_nat;
    use crate::ios::lines::tests::{counts, shown};
    use edgelint_model::{Device, NatSelector, Part, Translation};
    use std::fmt::Write;

    fn show(device: &Device<'_>) -> String {
        let mut text = String::new();
        for pool in &device.nat.pools {
            let ranges = pool.ranges.iter().map(|it| format!("{:?}", it.value.prefixes()));
            writeln!(text, "{} {}", pool.name, ranges.collect::<Vec<_>>().join(" ")).unwrap();
        }
        for rule in &device.nat.rules {
            let from = match &rule.selector {
                NatSelector::AccessList(list) => format!("list {}", list.value),
                NatSelector::Policy(map) => format!("map {}", map.value),
                NatSelector::Addresses(it) => format!("{:?}", it.prefixes()),
                other => format!("{other:?}"),
            };
            let to = match &rule.translation {
                Translation::Pool(pool) => format!("pool {}", pool.value),
                Translation::Interface(name) => format!("interface {}", name.value),
                Translation::Addresses(it) => format!("{:?}", it.value.prefixes()),
                Translation::Egress(_) => "egress".to_owned(),
                Translation::Identity => "itself".to_owned(),
            };
            write!(text, "{:?} {from} -> {to}", rule.direction).unwrap();
            let flags =
                [("static", rule.is_static), ("overload", rule.overload), ("port", rule.port)];
            for (flag, _) in flags.iter().filter(|(_, on)| *on) {
                write!(text, " {flag}").unwrap();
            }
            for (what, name) in [("vrf", rule.vrf), ("if", rule.condition)] {
                if let Some(name) = name {
                    write!(text, " {what} {}", name.value).unwrap();
                }
            }
            for egress in &rule.egress {
                write!(text, " by {}", egress.value).unwrap();
            }
            writeln!(text).unwrap();
        }
        write!(text, "{} blind {}", counts(device, Part::Nat), device.nat.blind.len()).unwrap();
        text
    }

    fn prefixes(text: &str) -> String {
        let one = |text| format!("{:?}", edgelint_prefix::Prefix::parse(text).unwrap().0);
        format!("[{}]", text.split(' ').map(one).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn pools_in_one_line_and_as_a_block() {
        let text = "ip nat pool ER 203.0.113.0 203.0.113.3 prefix-length 30\nip nat pool ISP netmask 255.255.255.0 type rotary\n \
                    address 198.51.100.4 198.51.100.5\n address 198.51.100.8 198.51.100.8\n address nowhere\n\
                    ip nat pool GONE 192.0.2.1 192.0.2.1 netmask 255.255.255.0\nno ip nat pool GONE\n";
        let expected = format!(
            "ER {}\nISP {} {}\n6/0/1/0 blind 1",
            prefixes("203.0.113.0/30"),
            prefixes("198.51.100.4/31"),
            prefixes("198.51.100.8/32")
        );
        assert_eq!(shown(text, ip_nat, show), expected);
    }

    #[test]
    fn dynamic_rules() {
        let text = "ip nat inside source list 10 pool ER overload\nip nat inside source route-map M interface Gi0/0 vrf A overload\n\
                    ip nat outside source list L pool P add-route\nip nat inside destination list D pool R\n\
                    ip nat inside source list X pool P egress-interface Gi0/1 match-in-vrf\nip nat translation timeout 60\n\
                    ip nat inside source list X\nip nat mystery\nip nat log translations syslog\n";
        assert_eq!(
            shown(text, ip_nat, show),
            "InsideSource list 10 -> pool ER overload\nInsideSource map M -> interface Gi0/0 overload vrf A\n\
             OutsideSource list L -> pool P\nDestination list D -> pool R\n\
             InsideSource list X -> pool P by Gi0/1\n5/2/1/1 blind 2"
        );
    }

    #[test]
    fn static_rules() {
        let text = "ip nat inside source static 10.0.0.1 203.0.113.1 extendable no-alias\n\
                    ip nat inside source static tcp 10.0.0.2 25 interface Gi0/0 25\n\
                    ip nat inside source static network 10.1.0.0 203.0.113.0 /24 vrf A\n\
                    ip nat outside source static 203.0.113.9 10.0.0.9 route-map R redundancy RG\n\
                    ip nat inside source static udp 10.0.0.3 70000 203.0.113.3 53\n\
                    ip nat inside source static 10.0.0.4 203.0.113.4\nno ip nat inside source static 10.0.0.4 203.0.113.4\n";
        let expected = format!(
            "InsideSource {} -> {} static\nInsideSource {} -> interface Gi0/0 static port\n\
             InsideSource {} -> {} static vrf A\nOutsideSource {} -> {} static if R\n6/0/1/0 blind 1",
            prefixes("10.0.0.1/32"),
            prefixes("203.0.113.1/32"),
            prefixes("10.0.0.2/32"),
            prefixes("10.1.0.0/24"),
            prefixes("203.0.113.0/24"),
            prefixes("203.0.113.9/32"),
            prefixes("10.0.0.9/32"),
        );
        assert_eq!(shown(text, ip_nat, show), expected);
    }
}
