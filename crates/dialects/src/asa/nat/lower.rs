//! Translations in the model's words.
//!
//! The interfaces of a rule are those that its packets come by and leave by, under the names that `nameif`
//! gave them. An object that addresses are mapped to becomes a pool. A rule with a second target for when
//! the first is used up becomes two; so does one that translates the destination too.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::rc::Rc;

use edgelint_model::{
    Fact, NatDirection, NatPool, NatRule, NatSelector, NatSide, PoolDetails, Translation,
};
use edgelint_prefix::{Interval, Prefix};
use edgelint_source::Span;

use super::old::{Global, Real, Target};
use super::settle::{STATIC, rank, settle};
use super::{Operand, Rule};
use crate::asa::draft::Draft;
use crate::asa::object::{Addresses, Objects};

/// Rules that statements before 8.3 are made into, all pairs of which count; nobody has as many.
const MOST_RULES: usize = 20_000;

/// Lowers all translations; called once, after the last statement.
pub(in crate::asa) fn finish(draft: &mut Draft<'_>) {
    let pending = std::mem::take(&mut draft.pending.nat);
    let objects = std::mem::take(&mut draft.pending.objects);
    let rules = settle(pending.rules, &objects);
    let mut lowered = Lowered {
        objects: &objects,
        known: RefCell::default(),
        rules: Vec::new(),
        pools: Vec::new(),
        pooled: HashSet::new(),
        blind: Vec::new(),
    };
    lowered.old(&pending.old);
    rules.iter().for_each(|rule| lowered.rule(rule));
    let (rules, pools, blind) = (lowered.rules, lowered.pools, lowered.blind);
    sides(draft, &rules);
    draft.device.nat.rules = rules;
    draft.device.nat.pools = pools;
    draft.device.nat.blind.extend(blind);
}

/// Says of each interface whether translated packets leave by it, or those to be translated come.
fn sides<'t>(draft: &mut Draft<'t>, rules: &[NatRule<'t>]) {
    for rule in rules.iter().filter(|rule| rule.translation != Translation::Identity) {
        let named = rule.egress.iter().map(|name| (name, NatSide::Outside));
        let named = named.chain(rule.ingress.iter().map(|name| (name, NatSide::Inside)));
        for (name, side) in named {
            let same = |zone: Option<Fact<&str>>| zone.is_some_and(|zone| zone.value == name.value);
            let interfaces = draft.device.interfaces.iter_mut();
            for interface in interfaces.filter(|one| same(one.options.zone)) {
                let side = match interface.nat.map(|known| known.value) {
                    Some(known) if known != side => NatSide::Either,
                    _ => side,
                };
                let at = interface.nat.map_or(name.at(), |known| known.at());
                interface.nat = Some(Fact::new(side, at));
            }
        }
    }
}

struct Lowered<'o, 't> {
    objects: &'o Objects<'t>,
    /// Addresses of objects that were asked for.
    known: RefCell<HashMap<&'t str, Option<Rc<Addresses>>>>,
    rules: Vec<NatRule<'t>>,
    pools: Vec<NatPool<'t>>,
    /// The names of the pools.
    pooled: HashSet<&'t str>,
    /// Statements of which the model holds only a part.
    blind: Vec<Span>,
}

impl<'t> Lowered<'_, 't> {
    /// A rule since 8.3.
    fn rule(&mut self, rule: &Rule<'t>) {
        let destination = rule.destination.filter(|(_, real)| *real != Operand::Any);
        let turned =
            destination.map(|(mapped, real)| (real, self.translation((real, mapped), true)));
        let turned = turned.filter(|(_, translation)| *translation != Translation::Identity);
        for mapped in &rule.mapped {
            let translation = self.translation((rule.real, *mapped), rule.is_static);
            if translation == Translation::Identity && turned.is_some() {
                continue;
            }
            let lowered = NatRule {
                at: rule.at,
                direction: NatDirection::InsideSource,
                is_static: rule.is_static,
                selector: self.selector(rule.real),
                overload: rule.overload || !rule.is_static && self.is_single(*mapped),
                port: rule.service || !rule.services.is_empty() && rule.is_static,
                narrowed: destination.is_some() || !rule.services.is_empty(),
                inactive: rule.inactive,
                everywhere: rule.mapped_interface.is_none(),
                ..new(translation, rule.real_interface, rule.mapped_interface)
            };
            self.rules.push(lowered);
        }
        let Some((real, translation)) = turned else { return };
        // The owner of the destination is seen under the mapped address when it speaks, too.
        let lowered = NatRule {
            at: rule.at,
            is_static: true,
            selector: self.selector(real),
            port: !rule.services.is_empty(),
            narrowed: rule.real != Operand::Any || !rule.services.is_empty(),
            inactive: rule.inactive,
            everywhere: rule.real_interface.is_none(),
            ..new(translation, rule.mapped_interface, rule.real_interface)
        };
        self.rules.push(if rule.unidirectional {
            let direction = NatDirection::Destination;
            let (ingress, egress) = (lowered.egress, lowered.ingress);
            NatRule { direction, ingress, egress, everywhere: false, ..lowered }
        } else {
            lowered
        });
    }

    fn addresses(&self, operand: Operand<'t>) -> Option<Rc<Addresses>> {
        let Operand::Named(name) = operand else { return None };
        let read = || self.objects.addresses(name.value).map(Rc::new);
        self.known.borrow_mut().entry(name.value).or_insert_with(read).clone()
    }

    /// The addresses of an object as one block, where they are one.
    fn block(&self, operand: Operand<'t>) -> Option<Interval> {
        let addresses = self.addresses(operand).filter(|it| it.unknown.is_none())?;
        match addresses.ranges.as_slice() {
            [range] => Some(range.value),
            _ => None,
        }
    }

    fn is_single(&self, operand: Operand<'t>) -> bool {
        self.block(operand).is_some_and(|block| block.first == block.last)
    }

    fn selector(&self, real: Operand<'t>) -> NatSelector<'t> {
        match (real, self.block(real)) {
            (_, Some(block)) => NatSelector::Addresses(block),
            (Operand::Named(name), None) => NatSelector::Objects(name),
            (Operand::Inline(host), None) => NatSelector::Addresses(Interval::host(host.value)),
            (Operand::Any | Operand::Interface(_), None) => NatSelector::Any,
        }
    }

    fn translation(
        &mut self,
        (real, mapped): (Operand<'t>, Operand<'t>),
        is_static: bool,
    ) -> Translation<'t> {
        match mapped {
            Operand::Any => Translation::Identity,
            Operand::Interface(at) => Translation::Egress(Fact::new((), at)),
            Operand::Inline(host) => {
                let whole = self.block(real).filter(|_| is_static);
                let block = whole.and_then(|block| around(host.value, block));
                let block = block.unwrap_or(Interval::host(host.value));
                match whole == Some(block) {
                    true => Translation::Identity,
                    false => Translation::Addresses(host.map(|_| block)),
                }
            }
            Operand::Named(name) => {
                let same = matches!(real, Operand::Named(other) if other.value == name.value);
                if same || is_static && self.same_addresses(real, mapped) {
                    return Translation::Identity;
                }
                self.pool(name);
                Translation::Pool(name)
            }
        }
    }

    fn same_addresses(&self, real: Operand<'t>, mapped: Operand<'t>) -> bool {
        let intervals = |operand| {
            let addresses = self.addresses(operand).filter(|it| it.unknown.is_none())?;
            Some(addresses.ranges.iter().map(|it| it.value).collect::<Vec<_>>())
        };
        intervals(real).is_some_and(|real| Some(real) == intervals(mapped))
    }

    /// Makes a pool of an object, once.
    fn pool(&mut self, name: Fact<&'t str>) {
        if !self.pooled.insert(name.value) {
            return;
        }
        let Some(addresses) = self.addresses(Operand::Named(name)) else { return };
        let Some(at) = addresses.at else { return };
        let details = addresses
            .unknown
            .map(|at| Box::new(PoolDetails { incomplete: Some(at), ..PoolDetails::default() }));
        let ranges = addresses.ranges.clone();
        self.pools.push(NatPool { name: name.value, at, ranges, details });
    }

    /// The statements before 8.3.
    fn old(&mut self, old: &super::old::Pending<'t>) {
        let mut ranked = Vec::new();
        let mut globals: HashMap<u32, Vec<&Global<'t>>> = HashMap::new();
        for global in &old.globals {
            globals.entry(global.id).or_default().push(global);
        }
        for nat in &old.nats {
            let selector = selector_of(nat.real);
            let before = ranked.len();
            let joined = globals.get(&nat.id.value).map_or(&[][..], Vec::as_slice);
            if MOST_RULES < ranked.len() {
                self.blind.push(nat.at);
                continue;
            }
            for global in joined {
                let translation = target_of(global.mapped);
                let single = match global.mapped {
                    Target::Addresses(range) => range.value.first == range.value.last,
                    Target::Interface(_) => true,
                };
                let lowered = new(translation, Some(nat.interface), Some(global.interface));
                let (at, selector) = (nat.at, selector.clone());
                ranked.push((rank(nat), NatRule { at, selector, overload: single, ..lowered }));
            }
            if before == ranked.len() && nat.id.value == 0 {
                let lowered = new(Translation::Identity, Some(nat.interface), None);
                ranked.push((rank(nat), NatRule { at: nat.at, selector, ..lowered }));
            }
        }
        for one in &old.statics {
            let selector = selector_of(one.real);
            let mut translation = target_of(one.mapped);
            if let (NatSelector::Addresses(real), Translation::Addresses(mapped)) =
                (&selector, &translation)
                && *real == mapped.value
            {
                translation = Translation::Identity;
            }
            let lowered = new(translation, Some(one.real_interface), Some(one.mapped_interface));
            let narrowed = matches!(one.real, Real::AccessList(_));
            let (at, port) = (one.at, one.port);
            let lowered = NatRule { at, is_static: true, selector, port, narrowed, ..lowered };
            ranked.push((STATIC, lowered));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        self.rules.extend(ranked.into_iter().map(|(_, rule)| rule));
    }
}

fn selector_of(real: Real<'_>) -> NatSelector<'_> {
    match real {
        Real::AccessList(list) => NatSelector::AccessList(list),
        Real::Addresses(range)
            if Prefix::parse("0.0.0.0/0").is_some_and(|(all, _)| all.interval() == range.value) =>
        {
            NatSelector::Any
        }
        Real::Addresses(range) => NatSelector::Addresses(range.value),
    }
}

const fn target_of<'t>(target: Target) -> Translation<'t> {
    match target {
        Target::Addresses(range) => Translation::Addresses(range),
        Target::Interface(at) => Translation::Egress(Fact::new((), at)),
    }
}

/// The block of the same size around an address: its netmask is that of the real block, where that has one.
fn around(host: IpAddr, real: Interval) -> Option<Interval> {
    if host.is_ipv4() != real.first.is_ipv4() {
        return None;
    }
    if let [prefix] = real.prefixes().as_slice() {
        return Prefix::new(host, prefix.length()).map(|prefix| prefix.interval());
    }
    let (IpAddr::V4(first), IpAddr::V4(last), IpAddr::V4(host)) = (real.first, real.last, host)
    else {
        return None;
    };
    let end = host.to_bits().checked_add(last.to_bits().checked_sub(first.to_bits())?)?;
    Interval::new(IpAddr::V4(host), IpAddr::V4(end.into()))
}

/// A rule on its way out; what differs is set afterwards, its place last.
fn new<'t>(
    translation: Translation<'t>,
    ingress: Option<Fact<&'t str>>,
    egress: Option<Fact<&'t str>>,
) -> NatRule<'t> {
    NatRule {
        at: Span::new(edgelint_source::FileId(0), 0, 0),
        direction: NatDirection::InsideSource,
        is_static: false,
        selector: NatSelector::Any,
        translation,
        overload: false,
        port: false,
        narrowed: false,
        inactive: false,
        everywhere: false,
        vrf: None,
        ingress: ingress.into_iter().collect(),
        egress: egress.into_iter().collect(),
        condition: None,
        next_hop: None,
        mirrored: None,
    }
}
