//! The order in which the device takes rules.
//!
//! Twice NAT is taken in the order in which it stands, before objects or behind them (`after-auto`). Rules of
//! objects are put in order: static ones first, then those of fewer addresses, then the lower address, then
//! the name. Source: Cisco ASA Series Firewall CLI Configuration Guide, "NAT Rule Order". Before 8.3:
//! exemptions, static rules, rules by access list, and the rest by the longest match (Cisco ASA 5500 Series
//! Configuration Guide 8.2, "Order of NAT Commands Used to Match Real Addresses").

use std::net::IpAddr;

use super::old::{OldNat, Real};
use super::{Operand, Rule, Section};
use crate::asa::object::Objects;

/// Puts rules into the order in which the device takes them.
pub(super) fn settle<'t>(rules: Vec<Rule<'t>>, objects: &Objects<'t>) -> Vec<Rule<'t>> {
    let mut sections: [Vec<Rule<'t>>; 3] = Default::default();
    for rule in rules {
        let [manual, of_objects, after] = &mut sections;
        let section = match rule.section {
            Section::Manual => manual,
            Section::Object => of_objects,
            Section::AfterObject => after,
        };
        let place = rule.line.and_then(|line| usize::try_from(line.saturating_sub(1)).ok());
        let place = place.unwrap_or(section.len()).min(section.len());
        section.insert(place, rule);
    }
    let [manual, mut of_objects, after] = sections;
    of_objects.sort_by_cached_key(|rule| {
        let (count, first, name) = match rule.real {
            Operand::Named(name) => {
                let ranges = objects.addresses(name.value).map(|it| it.ranges).unwrap_or_default();
                let count = ranges.iter().map(|range| size(range.value.first, range.value.last));
                let first = ranges.iter().map(|range| range.value.first).min();
                (count.fold(0_u128, u128::saturating_add), first, name.value)
            }
            _ => (0, None, ""),
        };
        (!rule.is_static, count, first, name)
    });
    manual.into_iter().chain(of_objects).chain(after).collect()
}

/// Number of addresses from one to another, without the first.
fn size(first: IpAddr, last: IpAddr) -> u128 {
    match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            u128::from(last.to_bits()).saturating_sub(u128::from(first.to_bits()))
        }
        (IpAddr::V6(first), IpAddr::V6(last)) => last.to_bits().saturating_sub(first.to_bits()),
        _ => 0,
    }
}

/// The rank of a statement before 8.3 among those that are dynamic.
pub(super) fn rank(nat: &OldNat<'_>) -> (u8, u128) {
    match nat.real {
        Real::AccessList(_) if nat.id.value == 0 => (0, 0),
        Real::AccessList(_) => (2, 0),
        Real::Addresses(range) => (3, size(range.value.first, range.value.last)),
    }
}

/// The rank of static statements before 8.3.
pub(super) const STATIC: (u8, u128) = (1, 0);
