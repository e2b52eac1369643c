//! `security nat`: pools, and rule sets between zones, interfaces or instances.
//!
//! A rule set says between which sides its rules apply; a rule, which packets it takes and what
//! becomes of their addresses. Static rules are written from the outside: what they match is the
//! public address, what they translate to the private one, in both directions.

use std::collections::HashMap;
use std::net::IpAddr;

use edgelint_model::{
    Fact, NatDirection, NatPool, NatRule, NatSelector, ObjectKind, Part, State, Translation, Usage,
};
use edgelint_prefix::{Interval, Prefix};
use edgelint_source::Span;
use edgelint_syntax::{Token, Words};

use super::draft::{Account, Draft, Leaf, heading};

/// What is wrong with a range that ends before it begins.
const BACKWARDS: &str = "the last address comes before the first";

/// Rule sets while they are being read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    pools: HashMap<(Kind, &'t str), usize>,
    sets: Vec<RuleSet<'t>>,
}

/// The three tables of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Source,
    Destination,
    Static,
}

#[derive(Debug)]
struct RuleSet<'t> {
    kind: Kind,
    name: &'t str,
    from: Vec<(&'t str, Fact<&'t str>)>,
    to: Vec<(&'t str, Fact<&'t str>)>,
    rules: Vec<Rule<'t>>,
}

#[derive(Debug)]
struct Rule<'t> {
    name: &'t str,
    at: Span,
    sources: Vec<Interval>,
    destinations: Vec<Fact<Interval>>,
    /// Address-book names were matched: what they hold is not known here.
    named: bool,
    /// Ranges whose last address comes before the first.
    backwards: Vec<Span>,
    port: bool,
    translation: Option<Translation<'t>>,
}

/// Reads one path of `security nat`.
///
/// nat ::= "security" "nat" ("source" | "destination" | "static") (pool | rule-set)
pub(super) fn read<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let kind = match words.peek(2) {
        "source" => Kind::Source,
        "destination" => Kind::Destination,
        "static" => Kind::Static,
        // Inert: proxy ARP answers for addresses that pools and rules name already; the rest is
        // tracing.
        _ => return (Part::Nat, State::Inert),
    };
    let state = match words.peek(3) {
        "pool" => pool(draft, leaf, kind),
        "rule-set" => rule_set(draft, leaf, kind),
        "apply-groups" | "" => State::Modelled,
        // Inert: how ports are drawn, alarms.
        _ => State::Inert,
    };
    if state == State::Unmodelled {
        draft.device.nat.blind.push(leaf.at);
    }
    (Part::Nat, state)
}

/// A pool, or addresses of it.
///
/// pool ::= "pool" NAME ("address" addresses)?
fn pool<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>, kind: Kind) -> State {
    let words = leaf.words;
    let Some(name) = words.token(4) else { return State::Unmodelled };
    let at = heading(words, 5);
    draft.define(ObjectKind::NatPool, name.text, at);
    let pools = &mut draft.device.nat.pools;
    let place = *draft.nat.pools.entry((kind, name.text)).or_insert_with(|| {
        pools.push(NatPool { name: name.text, at, ranges: Vec::new() });
        pools.len() - 1
    });
    match words.peek(5) {
        "" | "apply-groups" => State::Modelled,
        "address" if words.peek(6) == "port" => State::Inert,
        "address" => match addresses(words.skip(6)) {
            Some(Addresses { interval: Some(interval), at }) => {
                let fact = leaf.fact(interval, at);
                pools.get_mut(place).into_iter().for_each(|pool| pool.ranges.push(fact));
                State::Modelled
            }
            Some(Addresses { interval: None, at }) => {
                draft.device.coverage.complain(at, BACKWARDS);
                State::Modelled
            }
            None => State::Unmodelled,
        },
        // Inert: ports, hosts one to one, the instance that answers, overflow to other pools.
        _ => State::Inert,
    }
}

/// One block of addresses, or all from one to another.
///
/// addresses ::= PREFIX | PREFIX4 "to" PREFIX4 | PREFIX6 "to" PREFIX6
fn addresses(words: Words<'_, '_>) -> Option<Addresses> {
    let first = words.token(0)?;
    let whole = interval(first.text)?;
    if words.peek(1) != "to" {
        return Some(Addresses { interval: Some(whole), at: first.span });
    }
    let last = words.token(2)?;
    let interval = Interval::new(address(first.text)?, address(last.text)?);
    Some(Addresses { interval, at: first.span.to(last.span) })
}

/// A block of addresses as it is written.
struct Addresses {
    /// The addresses; `None` where the last one comes before the first.
    interval: Option<Interval>,
    at: Span,
}

fn address(text: &str) -> Option<IpAddr> {
    text.split('/').next()?.parse().ok()
}

fn interval(text: &str) -> Option<Interval> {
    match text.parse() {
        Ok(host) => Some(Interval::host(host)),
        Err(_) => Prefix::parse(text).map(|(prefix, _)| prefix.interval()),
    }
}

/// A rule set: between which sides, or one of its rules.
///
/// rule-set ::= "rule-set" NAME (side | "rule" NAME (rule-match | rule-then))
/// side ::= ("from" | "to") ("zone" | "interface" | "routing-instance") NAME
fn rule_set<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>, kind: Kind) -> State {
    let words = leaf.words;
    let name = words.peek(4);
    let sets = &mut draft.nat.sets;
    let place = sets.iter().rposition(|set| set.kind == kind && set.name == name);
    let place = place.unwrap_or_else(|| {
        let (from, to, rules) = (Vec::new(), Vec::new(), Vec::new());
        sets.push(RuleSet { kind, name, from, to, rules });
        sets.len() - 1
    });
    let Some(set) = sets.get_mut(place) else { return State::Unmodelled };
    match (words.peek(5), words.token(7)) {
        (side @ ("from" | "to"), Some(value)) => {
            let sides = if side == "from" { &mut set.from } else { &mut set.to };
            sides.push((words.peek(6), leaf.name(value)));
            State::Modelled
        }
        ("rule", _) => {
            let name = words.peek(6);
            let known = set.rules.iter().rposition(|rule| rule.name == name);
            let known = known.unwrap_or_else(|| {
                set.rules.push(Rule::new(name, heading(words, 7)));
                set.rules.len() - 1
            });
            let Some(rule) = set.rules.get_mut(known) else { return State::Unmodelled };
            let (state, used) = part(rule, leaf, words.skip(7));
            if let Some(pool) = used {
                draft.use_name(ObjectKind::NatPool, pool, Usage::NatPool);
            }
            state
        }
        ("" | "description" | "apply-groups", _) => State::Inert,
        _ => State::Unmodelled,
    }
}

impl<'t> Rule<'t> {
    fn new(name: &'t str, at: Span) -> Self {
        let (sources, destinations) = (Vec::new(), Vec::new());
        let (named, port, backwards, translation) = (false, false, Vec::new(), None);
        Self { name, at, sources, destinations, named, backwards, port, translation }
    }
}

fn part<'t>(
    rule: &mut Rule<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, Option<Token<'t>>) {
    let state = match words.peek(0) {
        "match" => condition(rule, leaf, words.skip(1)),
        "then" => return result(rule, leaf, words.skip(2)),
        "" | "apply-groups" => State::Modelled,
        "description" => State::Inert,
        _ => State::Unmodelled,
    };
    (state, None)
}

/// Which packets a rule takes.
///
/// rule-match ::= "match" ("source-address" | "destination-address") addresses
fn condition<'t>(rule: &mut Rule<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let mut interval = || {
        let found = addresses(words.skip(1))?;
        if found.interval.is_none() {
            rule.backwards.push(found.at);
        }
        Some((found.interval, found.at))
    };
    match words.peek(0) {
        "source-address" => match interval() {
            Some((interval, _)) => rule.sources.extend(interval),
            None => return State::Unmodelled,
        },
        "destination-address" => match interval() {
            Some((interval, at)) => {
                rule.destinations.extend(interval.map(|interval| leaf.fact(interval, at)));
            }
            None => return State::Unmodelled,
        },
        "source-address-name" | "destination-address-name" => {
            rule.named = true;
            return State::Unmodelled;
        }
        "destination-port" | "protocol" | "application" | "source-port" => {
            rule.port |= words.peek(0) == "destination-port";
            return State::Inert;
        }
        "" => return State::Modelled,
        _ => return State::Unmodelled,
    }
    State::Modelled
}

/// What becomes of their addresses.
///
/// rule-then ::= "then" ("source-nat" | "destination-nat" | "static-nat") ("pool" NAME | "interface" | "off"
///     | "prefix" PREFIX)
fn result<'t>(
    rule: &mut Rule<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> (State, Option<Token<'t>>) {
    let head = words.token(0);
    let value = words.token(1);
    let (translation, used) = match (words.peek(0), head, value) {
        // How long a translation persists is said behind the pool.
        ("pool", _, Some(pool)) if pool.text == "persistent-nat" => return (State::Inert, None),
        ("pool", _, Some(pool)) => (Translation::Pool(leaf.name(pool)), Some(pool)),
        ("interface", Some(head), _) => (Translation::Egress(leaf.fact((), head.span)), None),
        ("off", ..) => (Translation::Identity, None),
        ("prefix", _, Some(value)) if value.text == "routing-instance" => {
            return (State::Inert, None);
        }
        ("prefix", _, Some(value)) => match interval(value.text) {
            Some(interval) => (Translation::Addresses(leaf.fact(interval, value.span)), None),
            None => return (State::Inert, None),
        },
        ("", ..) => return (State::Modelled, None),
        _ => return (State::Unmodelled, None),
    };
    rule.translation = Some(translation);
    (State::Modelled, used)
}

/// Puts the rules into the device, in the order of the file.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for set in std::mem::take(&mut draft.nat.sets) {
        for rule in &set.rules {
            for at in &rule.backwards {
                draft.device.coverage.complain(*at, BACKWARDS);
            }
            lower(draft, &set, rule);
        }
    }
}

fn lower<'t>(draft: &mut Draft<'t>, set: &RuleSet<'t>, rule: &Rule<'t>) {
    let Some(translation) = rule.translation.clone() else { return };
    let side = |sides: &[(&str, Fact<&'t str>)]| sides.iter().map(|(_, name)| *name).collect();
    let instance = |sides: &[(&str, Fact<&'t str>)]| {
        sides.iter().find(|(kind, _)| *kind == "routing-instance").map(|(_, name)| *name)
    };
    let pool = matches!(translation, Translation::Pool(_) | Translation::Egress(_));
    let base = |selector, translation, direction, egress| NatRule {
        at: rule.at,
        direction,
        is_static: set.kind == Kind::Static,
        selector,
        translation,
        overload: set.kind == Kind::Source && pool,
        port: rule.port,
        vrf: instance(&set.from),
        egress,
        condition: None,
        next_hop: None,
    };
    let rules = &mut draft.device.nat.rules;
    match set.kind {
        Kind::Source => {
            let direction = NatDirection::InsideSource;
            let selectors = rule.sources.iter().map(|interval| NatSelector::Addresses(*interval));
            let mut selectors: Vec<NatSelector<'t>> = selectors.collect();
            if selectors.is_empty() || rule.named {
                selectors = vec![NatSelector::Any];
            }
            let made = selectors.into_iter();
            rules.extend(
                made.map(|selector| base(selector, translation.clone(), direction, side(&set.to))),
            );
        }
        Kind::Destination => {
            let direction = NatDirection::Destination;
            let destinations = rule.destinations.iter();
            rules.extend(destinations.map(|public| {
                let selector = NatSelector::Addresses(public.value);
                base(selector, translation.clone(), direction, Vec::new())
            }));
        }
        Kind::Static => {
            let Translation::Addresses(private) = translation else { return };
            let direction = NatDirection::InsideSource;
            rules.extend(rule.destinations.iter().map(|public| {
                let selector = NatSelector::Addresses(private.value);
                let mut made =
                    base(selector, Translation::Addresses(*public), direction, side(&set.from));
                made.vrf = None;
                made
            }));
        }
    }
}
