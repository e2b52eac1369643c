//! `security nat`: pools, and rule sets between zones, interfaces or instances.
//!
//! A rule set says between which sides its rules apply; a rule, which packets it takes and what
//! becomes of their addresses. Static rules are written from the outside: what they match is the
//! public address, what they translate to the private one, in both directions.

use std::collections::HashMap;
use std::net::IpAddr;

use edgelint_model::{ObjectKind, Part, State, Usage};
use edgelint_prefix::{Interval, Prefix};
use edgelint_source::Span;
use edgelint_syntax::Words;

use super::draft::{Account, Draft, Leaf, heading, number};

mod book;
mod lower;
mod pool;
mod rule;

pub(super) use book::address_book;

/// What is wrong with a range that ends before it begins.
const BACKWARDS: &str = "the last address comes before the first";

/// Rule sets while they are being read.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    pools: HashMap<(Kind, &'t str), usize>,
    sets: Vec<rule::RuleSet<'t>>,
    set_places: HashMap<(Kind, &'t str), usize>,
    rule_places: HashMap<(usize, &'t str), usize>,
    book: book::Book<'t>,
}

/// The three tables of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Source,
    Destination,
    Static,
}

/// Reads one path of `security nat`.
///
/// nat ::= "security" "nat" ("source" (pool | source-set | inert-rule-set)? | "destination" (pool | destination-set | inert-rule-set)?
///     | "static" (static-set | inert-rule-set)? | inert-source | inert-nat)?
/// inert-source ::= "source" ("address-persistent" | "pool-default-port-range" | "pool-default-twin-port-range"
///     | "pool-utilization-alarm" | "port-randomization" | "interface" | "session-persistence-scan"
///     | "session-drop-hold-down") REST?
/// inert-nat ::= ("proxy-arp" | "proxy-ndp" | "traceoptions" | "allow-overlapping-pools" | "natv6v4") REST?
pub(super) fn read<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let kind = match words.peek(2) {
        "source" => Kind::Source,
        "destination" => Kind::Destination,
        "static" => Kind::Static,
        // Who answers for addresses that pools and rules name already; tracing.
        "proxy-arp" | "proxy-ndp" | "traceoptions" | "allow-overlapping-pools" | "natv6v4" => {
            return (Part::Nat, State::Inert);
        }
        "" => return (Part::Nat, State::Modelled),
        _ => return (Part::Nat, State::Unmodelled),
    };
    let state = match words.peek(3) {
        "pool" if kind != Kind::Static => pool::pool(draft, leaf, kind),
        "rule-set" => rule::rule_set(draft, leaf, kind),
        "" => State::Modelled,
        // How ports are drawn, alarms.
        "address-persistent"
        | "pool-default-port-range"
        | "pool-default-twin-port-range"
        | "pool-utilization-alarm"
        | "port-randomization"
        | "interface"
        | "session-persistence-scan"
        | "session-drop-hold-down"
            if kind == Kind::Source =>
        {
            State::Inert
        }
        _ => State::Unmodelled,
    };
    if state == State::Unmodelled {
        draft.device.nat.blind.push(leaf.at);
    }
    (Part::Nat, state)
}

/// Addresses as they are written.
struct Addresses {
    /// The addresses; `None` where the last one comes before the first.
    interval: Option<Interval>,
    at: Span,
    /// Number of their words.
    n_words: usize,
}

/// One block of addresses, or all from one to another.
///
/// addresses ::= prefix | (PREFIX4 | ADDR4) "to" (PREFIX4 | ADDR4) | (PREFIX6 | ADDR6) "to" (PREFIX6 | ADDR6)
fn addresses(words: Words<'_, '_>) -> Option<Addresses> {
    let first = words.token(0)?;
    let whole = interval(first.text)?;
    if words.peek(1) != "to" {
        return Some(Addresses { interval: Some(whole), at: first.span, n_words: 1 });
    }
    let last = words.token(2)?;
    interval(last.text)?;
    let (from, to) = (address(first.text)?, address(last.text)?);
    if from.is_ipv4() != to.is_ipv4() {
        return None;
    }
    let interval = Interval::new(from, to);
    Some(Addresses { interval, at: first.span.to(last.span), n_words: 3 })
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

/// Puts the rules into the device, in the order of the file.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for set in std::mem::take(&mut draft.nat.sets) {
        for rule in &set.rules {
            for at in &rule.backwards {
                draft.device.coverage.complain(*at, BACKWARDS);
            }
            lower::rule(draft, &set, rule);
        }
    }
}
