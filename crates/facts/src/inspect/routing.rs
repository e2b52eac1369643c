//! Tables of sessions, circuits and translation.

use std::collections::BTreeSet;

use edgelint_model::{NatDirection, NatSelector, Overflow, PoolDetails, Translation};
use edgelint_prefix::{Interval, PrefixSet};
use edgelint_source::view::Value;

use crate::announce::Announced;
use crate::described::DescribedCircuit;
use crate::inspect::{Item, Rows, ranges};
use crate::nat::{Edge, NatUse};
use crate::network::{CircuitId, Network};
use crate::preference::PreferenceClass;
use crate::session::Session;

fn circuit(network: &Network<'_>, id: Option<CircuitId>) -> Value {
    Value::optional(id.map(|id| &network.circuit(id).name))
}

fn head(network: &Network<'_>, session: &Session<'_>) -> Item {
    vec![
        ("vrf", Value::text(session.vrf_name())),
        ("neighbor", Value::text(session.neighbor_name())),
        ("circuit", circuit(network, session.circuit)),
    ]
}

pub(super) fn neighbors(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for session in &network.sessions {
        let neighbor = network.neighbor(session);
        let families = session.families.iter().filter(|family| family.active);
        let names = |import: bool| {
            let mut names: Vec<&str> = Vec::new();
            for family in &session.families {
                let filters = if import { &family.import_filters } else { &family.export_filters };
                for filter in filters {
                    if !names.contains(&filter.name.value) {
                        names.push(filter.name.value);
                    }
                }
            }
            Value::texts(names)
        };
        let mut item = vec![
            ("vrf", Value::text(session.vrf_name())),
            ("address", Value::text(session.neighbor_name())),
            ("remote_as", Value::from(session.remote_as)),
            ("local_as", Value::from(session.local_as)),
            (
                "description",
                Value::optional(neighbor.description.map(|fact| rows.files.printable(fact.at()))),
            ),
            ("group", Value::optional(neighbor.group.map(|fact| fact.value))),
            ("families", Value::texts(families.map(|family| family.family.name()))),
            ("import", names(true)),
            ("export", names(false)),
            ("role", Value::text(session.role.name())),
            ("circuit", circuit(network, session.circuit)),
            ("shutdown", Value::from(neighbor.shutdown.is_some_and(|fact| fact.value))),
            ("evidence", Value::texts(session.evidence.iter().map(|one| &one.text))),
            ("certain", Value::from(session.certain)),
        ];
        if session.breakout {
            item.push(("breakout", Value::from(true)));
        }
        rows.push(network.device(session.device), session.at, item);
    }
}

pub(super) fn circuits(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for circuit in &network.circuits {
        let Some(first) = circuit.links.first() else { continue };
        let first = network.session(first.session);
        let links = circuit.links.iter().map(|link| {
            let session = network.session(link.session);
            Value::Map(vec![
                ("device", Value::text(&network.device(session.device).identity)),
                ("neighbor", Value::text(session.neighbor_name())),
                ("role", Value::text(link.role.name())),
                ("peering", Value::text(link.peering.name())),
                ("vrf", Value::text(session.vrf_name())),
            ])
        });
        let peerings: Vec<&str> = circuit.peerings.iter().map(|peering| peering.name()).collect();
        let mut item = vec![
            ("name", Value::text(&circuit.name)),
            ("provider", Value::text(circuit.provider)),
            ("peering", Value::text(peerings.join(", "))),
            ("links", Value::List(links.collect())),
            ("evidence", Value::texts(&circuit.evidence)),
            ("certain", Value::from(circuit.certain)),
        ];
        item.extend(network.described(circuit.id).map(described).into_iter().flatten());
        rows.push(network.device(first.device), first.at, item);
    }
}

/// What the estate's owner says about a circuit beyond its links.
fn described(circuit: &DescribedCircuit) -> Item {
    let mut item = Vec::new();
    item.extend(circuit.rank.map(|rank| ("rank", Value::from(rank))));
    item.extend(circuit.sku.map(|sku| ("sku", Value::text(sku.name()))));
    item.extend(circuit.geography.as_ref().map(|name| ("geography", Value::text(name))));
    item.extend(circuit.public_prefixes.as_ref().map(|set| ("public_prefixes", ranges(set))));
    item.extend(circuit.vnet_ranges.as_ref().map(|set| ("vnet_ranges", ranges(set))));
    item
}

pub(super) fn announcements(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for session in &network.sessions {
        for family in session.live_families().filter(|family| family.routes.is_some()) {
            let sent = &family.announcements;
            let mut item = head(network, session);
            item.push(("family", Value::text(family.family.name())));
            item.push(("routes", Value::List(sent.routes.iter().map(announced).collect())));
            item.push(("transit", ranges(&sent.may)));
            rows.push(network.device(session.device), session.at, item);
        }
    }
}

fn announced(route: &Announced<'_>) -> Value {
    let prepend = route.prepend.iter().map(|&number| Value::from(number)).collect();
    Value::Map(vec![
        ("prefix", Value::text(route.prefix.to_string())),
        ("source", Value::text(route.source.name())),
        ("certainty", Value::text(route.certainty.name())),
        ("med", Value::from(route.med)),
        ("prepend", Value::List(prepend)),
        ("communities", Value::texts(route.communities.iter().map(ToString::to_string))),
    ])
}

pub(super) fn preferences(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for session in &network.sessions {
        for family in session.live_families().filter(|family| family.routes.is_some()) {
            let mut item = head(network, session);
            item.push(("role", Value::text(session.role.name())));
            item.push(("family", Value::text(family.family.name())));
            item.push(("classes", classes(&family.preferences)));
            rows.push(network.device(session.device), session.at, item);
        }
    }
}

/// Classes as far as they are shown: those that differ in what is not shown (conditions on paths,
/// attributes that do not decide) are one row.
fn classes(classes: &[PreferenceClass<'_>]) -> Value {
    let mut rows: Vec<(&PreferenceClass<'_>, Vec<&PrefixSet>)> = Vec::new();
    let shown = |class: &PreferenceClass<'_>| {
        (
            class.communities().to_vec(),
            class.local_preference,
            class.weight,
            class.distance,
            class.certain(),
        )
    };
    for class in classes {
        match rows.iter_mut().find(|(row, _)| shown(row) == shown(class)) {
            Some((_, spaces)) => spaces.push(class.space()),
            None => rows.push((class, vec![class.space()])),
        }
    }
    let row = |(class, spaces): (&PreferenceClass<'_>, Vec<&PrefixSet>)| {
        Value::Map(vec![
            ("space", ranges(&PrefixSet::union_of(spaces))),
            ("communities", Value::texts(class.communities().iter().map(ToString::to_string))),
            ("local_preference", Value::from(class.local_preference)),
            ("weight", Value::from(class.weight)),
            ("distance", Value::from(class.distance)),
            ("certain", Value::from(class.certain())),
        ])
    };
    Value::List(rows.into_iter().map(row).collect())
}

pub(super) fn nat(rows: &mut Rows<'_, '_>) {
    let network = rows.network;
    for (id, device) in (0_u32..).zip(&network.devices) {
        let start = network.nat.partition_point(|used| used.device.0 < id);
        let end = network.nat.partition_point(|used| used.device.0 <= id);
        let own = network.nat.get(start..end).unwrap_or_default();
        for pool in &device.device.nat.pools {
            let of_pool = |used: &&NatUse<'_>| used.pool_at == pool.at;
            let uses: Vec<&NatUse<'_>> = own.iter().filter(of_pool).collect();
            let mut item = vec![
                ("kind", Value::text("pool")),
                ("name", Value::text(pool.name)),
                ("ranges", intervals(pool.ranges.iter().map(|range| range.value))),
            ];
            item.extend(edges(network, &uses));
            if let Some(details) = &pool.details {
                item.push(("details", Value::texts(pool_details(details))));
            }
            rows.push(device, pool.at, item);
        }
        for (place, rule) in device.device.nat.rules.iter().enumerate() {
            let of_rule = |used: &&NatUse<'_>| used.rule == place;
            let uses: Vec<&NatUse<'_>> = own.iter().filter(of_rule).collect();
            let ranges = match (&rule.translation, uses.first()) {
                (Translation::Addresses(interval), _) => intervals([interval.value].into_iter()),
                (Translation::Egress(_), _) => {
                    let used = uses.iter().flat_map(|used| used.addresses.intervals());
                    intervals(used.collect::<Vec<_>>().into_iter())
                }
                (_, Some(used)) => intervals(used.addresses.intervals().into_iter()),
                (_, None) => Value::List(Vec::new()),
            };
            let name = match (&rule.translation, &rule.selector) {
                (Translation::Pool(name) | Translation::Interface(name), _) => Some(name.value),
                (
                    _,
                    NatSelector::AccessList(name)
                    | NatSelector::Policy(name)
                    | NatSelector::Objects(name),
                ) => Some(name.value),
                _ => None,
            };
            let direction = match rule.direction {
                NatDirection::InsideSource => "inside-source",
                NatDirection::OutsideSource => "outside-source",
                NatDirection::Destination => "destination",
            };
            let mut item = vec![
                ("kind", Value::text(if rule.is_static { "static" } else { "source-rule" })),
                ("name", Value::optional(name)),
                ("ranges", ranges),
            ];
            item.extend(edges(network, &uses));
            item.push(("direction", Value::text(direction)));
            item.push(("shared", Value::from(rule.overload)));
            item.push(("narrowed", Value::from(rule.narrowed || rule.port)));
            if rule.inactive {
                item.push(("inactive", Value::from(true)));
            }
            rows.push(device, rule.at, item);
        }
    }
}

/// How a pool is used up, one text a statement.
fn pool_details(details: &PoolDetails<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    texts.extend(details.translates_ports.map(|fact| match fact.value {
        true => "translates ports".to_owned(),
        false => "keeps ports".to_owned(),
    }));
    texts.extend(details.ports.map(|fact| format!("ports {} to {}", fact.value.0, fact.value.1)));
    texts.extend(details.keeps_pairs.map(|fact| match fact.value {
        true => "one address a host".to_owned(),
        false => "several addresses a host".to_owned(),
    }));
    texts.extend(details.first_inside.map(|fact| format!("one to one from {}", fact.value)));
    texts.extend(details.vrf.map(|fact| format!("instance {}", fact.value)));
    texts.extend(details.overflow.map(|fact| match fact.value {
        Overflow::Pool(name) => format!("overflows to {name}"),
        Overflow::Egress => "overflows to the interface".to_owned(),
    }));
    texts.extend(details.incomplete.map(|_| "not all addresses are known".to_owned()));
    texts
}

fn intervals(intervals: impl Iterator<Item = Interval>) -> Value {
    let one = |interval: Interval| {
        Value::Map(vec![
            ("first", Value::text(interval.first.to_string())),
            ("last", Value::text(interval.last.to_string())),
        ])
    };
    Value::List(intervals.map(one).collect())
}

/// Egress interfaces and the edge behind them; where there are several edges, `edge` is null and
/// `edges` names them all.
fn edges(network: &Network<'_>, uses: &[&NatUse<'_>]) -> Item {
    let all = || uses.iter().flat_map(|used| &used.edges);
    let mut egress: Vec<&str> = Vec::new();
    for edge in all() {
        if !egress.contains(&edge.egress) {
            egress.push(edge.egress);
        }
    }
    let names: BTreeSet<&str> = all()
        .filter_map(|edge| match edge.edge {
            Edge::Internet => Some("internet"),
            Edge::Circuit(id) => Some(network.circuit(id).name.as_str()),
            Edge::Other => None,
        })
        .collect();
    let only = names.iter().next().filter(|_| names.len() == 1);
    vec![
        ("egress", Value::texts(egress)),
        ("edge", Value::optional(only)),
        ("edges", Value::texts(&names)),
    ]
}
