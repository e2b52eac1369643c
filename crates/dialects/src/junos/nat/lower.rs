//! Rules in the model's words.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use edgelint_model::{Fact, NatDirection, NatPool, NatRule, NatSelector, Overflow, Translation};
use edgelint_prefix::Interval;

use super::rule::{Result, Rule, RuleSet};
use super::{Draft, Kind};

/// Puts a rule into the device; one for each block of addresses that it matches.
pub(super) fn rule<'t>(draft: &mut Draft<'t>, set: &RuleSet<'t>, rule: &Rule<'t>) {
    let Some(result) = &rule.translation else { return };
    let Some((sources, destinations)) = sides(draft, rule) else { return };
    match (set.kind, result) {
        (Kind::Source, Result::Known(translation)) => {
            source(draft, set, rule, (translation, sources));
        }
        (Kind::Destination, Result::Known(translation)) => {
            let rules = destinations.iter().map(|public| NatRule {
                direction: NatDirection::Destination,
                selector: NatSelector::Addresses(public.value),
                ..base(set, rule, translation.clone())
            });
            draft.device.nat.rules.extend(rules);
        }
        (Kind::Static, Result::Known(Translation::Addresses(private))) => {
            one_to_one(draft, set, rule, (&[*private], destinations));
        }
        (Kind::Static, Result::Named(name)) => match draft.nat.book.resolve(name.value) {
            Some(intervals) => {
                let private: Vec<_> = intervals.into_iter().map(|it| name.map(|_| it)).collect();
                one_to_one(draft, set, rule, (&private, destinations));
            }
            None => draft.device.nat.blind.push(name.at()),
        },
        _ => {}
    }
}

/// The blocks that a rule matches on either side, names of the address book among them. Where a name
/// is not defined the rule is not read: the device refuses it.
fn sides<'t>(
    draft: &mut Draft<'t>,
    rule: &Rule<'t>,
) -> Option<(Vec<Interval>, Vec<Fact<Interval>>)> {
    let (mut sources, mut destinations) = (rule.sources.clone(), rule.destinations.clone());
    for name in &rule.source_names {
        match draft.nat.book.resolve(name.value) {
            Some(found) => sources.extend(found),
            None => {
                draft.device.nat.blind.push(name.at());
                return None;
            }
        }
    }
    for name in &rule.destination_names {
        match draft.nat.book.resolve(name.value) {
            Some(found) => destinations.extend(found.into_iter().map(|it| name.map(|_| it))),
            None => {
                draft.device.nat.blind.push(name.at());
                return None;
            }
        }
    }
    Some((sources, destinations))
}

fn names<'t>(sides: &[(&str, Fact<&'t str>)]) -> Vec<Fact<&'t str>> {
    sides.iter().map(|(_, name)| *name).collect()
}

fn base<'t>(set: &RuleSet<'t>, rule: &Rule<'t>, translation: Translation<'t>) -> NatRule<'t> {
    let instance = set.from.iter().find(|(kind, _)| *kind == "routing-instance");
    NatRule {
        at: rule.at,
        direction: NatDirection::InsideSource,
        is_static: set.kind == Kind::Static,
        selector: NatSelector::Any,
        translation,
        overload: false,
        port: rule.port,
        narrowed: rule.narrowed || is_narrowed(set, rule),
        inactive: false,
        everywhere: false,
        vrf: instance.map(|(_, name)| *name),
        ingress: names(&set.from),
        egress: Vec::new(),
        condition: None,
        next_hop: None,
        mirrored: None,
    }
}

/// Whether a rule asks for the side of packets that it does not translate: for anything but all of it.
fn is_narrowed(set: &RuleSet<'_>, rule: &Rule<'_>) -> bool {
    let is_all = |block: &Interval| block.first.is_unspecified() && block.last == most(block);
    match set.kind {
        Kind::Source => {
            let mut blocks = rule.destinations.iter();
            let some = !rule.destinations.is_empty() || !rule.destination_names.is_empty();
            some && !blocks.any(|block| is_all(&block.value))
        }
        Kind::Destination | Kind::Static => {
            let some = !rule.sources.is_empty() || !rule.source_names.is_empty();
            some && !rule.sources.iter().any(is_all)
        }
    }
}

/// The last address of a block's family.
fn most(block: &Interval) -> IpAddr {
    match block.first {
        IpAddr::V4(_) => Ipv4Addr::BROADCAST.into(),
        IpAddr::V6(_) => Ipv6Addr::from(u128::MAX).into(),
    }
}

fn source<'t>(
    draft: &mut Draft<'t>,
    set: &RuleSet<'t>,
    rule: &Rule<'t>,
    (translation, sources): (&Translation<'t>, Vec<Interval>),
) {
    let mut selectors: Vec<NatSelector<'t>> =
        sources.into_iter().map(NatSelector::Addresses).collect();
    if selectors.is_empty() {
        selectors.push(NatSelector::Any);
    }
    // What an exhausted pool leaves over takes other addresses on the same way.
    let mut translations = vec![translation.clone()];
    let mut pool = pool_of(draft, translation);
    while let Some(overflow) = pool.and_then(|pool| pool.details.as_deref()?.overflow) {
        let next = match overflow.value {
            Overflow::Pool(name) => Translation::Pool(overflow.map(|_| name)),
            Overflow::Egress => Translation::Egress(overflow.map(|_| ())),
        };
        // Pools that overflow into each other would go on.
        if translations.iter().any(|known| same_pool(known, &next)) {
            break;
        }
        pool = pool_of(draft, &next);
        translations.push(next);
    }
    let mut rules = Vec::new();
    for translation in translations {
        let shares = pool_of(draft, &translation).and_then(|pool| pool.details.as_deref());
        let one_to_one = shares.is_some_and(|details| {
            details.translates_ports.is_some_and(|ports| !ports.value)
                || details.first_inside.is_some()
        });
        let lends = matches!(translation, Translation::Pool(_) | Translation::Egress(_));
        rules.extend(selectors.iter().map(|selector| NatRule {
            selector: selector.clone(),
            overload: lends && !one_to_one,
            egress: names(&set.to),
            ..base(set, rule, translation.clone())
        }));
    }
    draft.device.nat.rules.extend(rules);
}

fn same_pool(one: &Translation<'_>, other: &Translation<'_>) -> bool {
    match (one, other) {
        (Translation::Pool(one), Translation::Pool(other)) => one.value == other.value,
        (Translation::Egress(_), Translation::Egress(_)) => true,
        _ => false,
    }
}

fn pool_of<'d, 't>(draft: &'d Draft<'t>, translation: &Translation<'t>) -> Option<&'d NatPool<'t>> {
    let Translation::Pool(name) = translation else { return None };
    let place = draft.nat.pools.get(&(Kind::Source, name.value))?;
    draft.device.nat.pools.get(*place)
}

/// Static rules: each public block stands for a private one.
fn one_to_one<'t>(
    draft: &mut Draft<'t>,
    set: &RuleSet<'t>,
    rule: &Rule<'t>,
    (private, public): (&[Fact<Interval>], Vec<Fact<Interval>>),
) {
    for private in private {
        draft.device.nat.rules.extend(public.iter().map(|public| NatRule {
            selector: NatSelector::Addresses(private.value),
            egress: names(&set.from),
            vrf: None,
            ..base(set, rule, Translation::Addresses(*public))
        }));
    }
}
