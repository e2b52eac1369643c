//! Pools of addresses, and how they are used up.

use edgelint_model::{NatPool, Overflow, PoolDetails, State};
use edgelint_source::Span;

use super::{
    Addresses, BACKWARDS, Draft, Kind, Leaf, ObjectKind, Usage, Words, addresses, heading, number,
};

/// A pool, or addresses of it.
///
/// pool ::= "pool" NAME ("address" addresses ("port" UINT16)? | "address" "port" UINT16 | pool-port
///     | "address-pooling" ("paired" | "no-paired") | "host-address-base" prefix | "overflow-pool" NAME
///     | "routing-instance" NAME | "description" WORD | inert-pool)?
/// inert-pool ::= ("address-persistent" | "pool-utilization-alarm" | "mapping-timeout" | "ei-mapping-timeout"
///     | "address-shared") REST?
pub(super) fn pool<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>, kind: Kind) -> State {
    let words = leaf.words;
    let Some(name) = words.token(4) else { return State::Unmodelled };
    let at = heading(words, 5);
    draft.define(ObjectKind::NatPool, name.text, at);
    let pools = &mut draft.device.nat.pools;
    let place = *draft.nat.pools.entry((kind, name.text)).or_insert_with(|| {
        pools.push(NatPool { name: name.text, at, ranges: Vec::new(), details: None });
        pools.len() - 1
    });
    let rest = words.skip(5);
    let Some(pool) = pools.get_mut(place) else { return State::Unmodelled };
    match rest.peek(0) {
        "" => State::Modelled,
        "address" => match address(pool, leaf, rest.skip(1)) {
            Some(None) => State::Modelled,
            Some(Some(backwards)) => {
                draft.device.coverage.complain(backwards, BACKWARDS);
                State::Modelled
            }
            None => State::Unmodelled,
        },
        "port" => pool_port(pool, leaf, rest.skip(1)).unwrap_or(State::Unmodelled),
        // Alarms, and how long a mapping lasts.
        "address-persistent"
        | "pool-utilization-alarm"
        | "mapping-timeout"
        | "ei-mapping-timeout"
        | "address-shared" => State::Inert,
        "overflow-pool" => {
            let used = overflow(pool, leaf, rest);
            if let (Some(true), Some(name)) = (used, rest.token(1)) {
                draft.use_name(ObjectKind::NatPool, name, Usage::NatPool);
            }
            used.map_or(State::Unmodelled, |_| State::Modelled)
        }
        "description" => {
            draft.device.free_text.extend(rest.skip(1).span());
            State::Modelled
        }
        _ => detail(pool, leaf, rest).map_or(State::Unmodelled, |()| State::Modelled),
    }
}

/// Addresses of the pool, or the one port that is used; returns where a range is backwards.
fn address<'t>(
    pool: &mut NatPool<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> Option<Option<Span>> {
    let mut rest = words;
    let mut backwards = None;
    if rest.peek(0) != "port" {
        let Addresses { interval, at, n_words } = addresses(words)?;
        rest = words.skip(n_words);
        match interval {
            Some(interval) => pool.ranges.push(leaf.fact(interval, at)),
            None => backwards = Some(at),
        }
    }
    if let (2, "port") = (rest.len(), rest.peek(0)) {
        let port = number(rest.peek(1))?;
        let at = rest.span()?;
        leaf.put(&mut details(pool).ports, (port, port), at);
        rest = rest.skip(2);
    }
    rest.is_empty().then_some(backwards)
}

fn details<'p, 't>(pool: &'p mut NatPool<'t>) -> &'p mut PoolDetails<'t> {
    pool.details.get_or_insert_default()
}

/// Ports of the pool.
///
/// pool-port ::= "port" ("no-translation" | "range" (UINT16 ("to" UINT16)? | "to" UINT16) | inert-port-option)
/// inert-port-option ::= ("port-overloading-factor" | "block-allocation" | "deterministic" | "preserve-parity" | "preserve-range"
///     | "automatic") REST?
fn pool_port<'t>(
    pool: &mut NatPool<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
) -> Option<State> {
    let at = words.span()?;
    match (words.peek(0), words.len()) {
        ("no-translation", 1) => leaf.put(&mut details(pool).translates_ports, false, at),
        ("range", 2) => {
            let port = number(words.peek(1))?;
            leaf.put(&mut details(pool).ports, (port, port), at);
        }
        // In braces the end stands by itself.
        ("range", 3) if words.peek(1) == "to" => {
            let last = number(words.peek(2))?;
            let first = details(pool).ports.map_or(last, |ports| ports.value.0);
            leaf.put(&mut details(pool).ports, (first, last), at);
        }
        ("range", 4) if words.peek(2) == "to" => {
            let ports = (number(words.peek(1))?, number(words.peek(3))?);
            leaf.put(&mut details(pool).ports, ports, at);
        }
        // How ports are drawn from the range.
        (
            "port-overloading-factor"
            | "block-allocation"
            | "deterministic"
            | "preserve-parity"
            | "preserve-range"
            | "automatic",
            _,
        ) => return Some(State::Inert),
        _ => return None,
    }
    Some(State::Modelled)
}

/// Where hosts find an address when the pool is exhausted; returns whether in another pool.
fn overflow<'t>(pool: &mut NatPool<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<bool> {
    let name = words.token(1).filter(|_| words.len() == 2)?;
    let own = name.text == "interface";
    let value = if own { Overflow::Egress } else { Overflow::Pool(name.text) };
    leaf.put(&mut details(pool).overflow, value, name.span);
    Some(!own)
}

/// What else is said about the pool.
fn detail<'t>(pool: &mut NatPool<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> Option<()> {
    let value = words.token(1).filter(|_| words.len() == 2)?;
    match (words.peek(0), value.text) {
        ("address-pooling", "paired") => {
            leaf.put(&mut details(pool).keeps_pairs, true, value.span);
        }
        ("address-pooling", "no-paired") => {
            leaf.put(&mut details(pool).keeps_pairs, false, value.span);
        }
        ("host-address-base", text) => {
            let base = super::address(text).filter(|_| super::interval(text).is_some())?;
            leaf.put(&mut details(pool).first_inside, base, value.span);
        }
        ("routing-instance", name) => leaf.put(&mut details(pool).vrf, name, value.span),
        _ => return None,
    }
    Some(())
}
