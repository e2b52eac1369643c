//! Pairing: which sessions are on the two links of one circuit.
//!
//! The first sign that hits wins: the two halves of one subnet, one VLAN id that nobody else has, one
//! name in descriptions. Sessions of other peerings and families that run over the same ports, or
//! carry the same name, join the pair. What no sign pairs is a circuit of its own, and uncertain.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_prefix::{Family, Prefix};

use crate::circuit::LinkRole;
use crate::circuit::token::Said;
use crate::compact::fit;
use crate::described::Description;
use crate::device::DeviceFacts;
use crate::network::DeviceId;
use crate::session::{Peering, Session};
use crate::vrfs::Vrfs;

/// A session of a cloud circuit, with the signs that pair it.
pub(super) struct Item<'d> {
    /// Place among all sessions.
    pub(super) place: usize,
    pub(super) device: DeviceId,
    pub(super) provider: &'static str,
    pub(super) peering: Peering,
    pub(super) role: LinkRole,
    pub(super) token: Option<String>,
    pub(super) vrf: Option<&'d str>,
    pub(super) family: Option<Family>,
    subnet: Option<Prefix>,
    pub(super) vlan: Option<(u32, Option<u32>)>,
    pub(super) local_as: Option<u32>,
    pub(super) interface: Option<(DeviceId, usize)>,
    pub(super) port: Option<(DeviceId, &'d str)>,
}

/// Sessions that belong together.
pub(super) struct Group {
    /// Places among the items, ascending.
    pub(super) items: Vec<usize>,
    pub(super) evidence: Vec<String>,
    pub(super) certain: bool,
}

/// What descriptions say about the circuit of a session: its own, that of its interface, and that of
/// the port below.
pub(crate) fn said<'t>(vrfs: &Vrfs<'_, 't>, session: &Session<'t>, own: Option<&str>) -> Said {
    let interface = session.interface.and_then(|at| vrfs.device.interfaces.get(at));
    let parent = interface
        .map(|one| port(one.name))
        .filter(|name| interface.is_none_or(|one| one.name != *name));
    let parent = parent.and_then(|name| vrfs.interface(name));
    let described = [interface, parent].into_iter().flatten().filter_map(|one| one.description);
    Said::by(own.into_iter().chain(described.map(|text| text.value)))
}

/// The port below an interface.
fn port(name: &str) -> &str {
    name.split_once('.').map_or(name, |(port, _)| port)
}

/// Collects the sessions of cloud circuits, those of circuits that are described too.
pub(super) fn items<'d>(
    devices: &'d [DeviceFacts<'_>],
    sessions: &'d [Session<'_>],
) -> Vec<Item<'d>> {
    let mut names: Vec<String> = Vec::new();
    for device in devices {
        names.push(device.identity.to_ascii_lowercase());
        let hostname = device.hostname().filter(|name| *name != device.identity);
        names.extend(hostname.map(str::to_ascii_lowercase));
    }
    names.sort_unstable();
    let is_device = |word: &str| names.binary_search_by(|name| name.as_str().cmp(word)).is_ok();
    let item = |(place, session): (usize, &'d Session<'_>)| {
        let (provider, peering) = (session.role.provider()?, session.role.peering()?);
        let device = devices.get(session.device.0 as usize)?;
        let interfaces = &device.device.interfaces;
        let interface = session.interface.and_then(|at| interfaces.get(at));
        let port = interface.map(|one| port(one.name));
        let said = session.said.as_deref();
        let token = said.and_then(|said| said.tokens.iter().find(|one| !is_device(&one.word)));
        let subnet = session.address().and_then(|address| {
            let mut subnets = interface?.addresses.iter().map(|one| one.value.subnet);
            subnets.find(|subnet| subnet.contains(&Prefix::host(address)))
        });
        Some(Item {
            place,
            device: session.device,
            provider,
            peering,
            role: said.and_then(|said| said.role).unwrap_or(LinkRole::Unknown),
            token: token.map(|token| token.name.clone()),
            vrf: session.vrf,
            family: session.address().map(Family::of),
            subnet,
            vlan: interface.and_then(|one| {
                Some((one.vlan?.value, one.options.inner_vlan.map(|inner| inner.value)))
            }),
            local_as: session.local_as,
            interface: session.interface.map(|at| (session.device, at)),
            port: port.map(|name| (session.device, name)),
        })
    };
    sessions.iter().enumerate().filter_map(item).collect()
}

/// Divides the items into circuits.
pub(super) fn groups(items: &mut [Item<'_>], description: &Description) -> Vec<Group> {
    let mut pairing = Pairing::new(items.len());
    pairing.by_interface(items);
    pairing.by_subnet(items, description);
    pairing.by_vlan(items);
    pairing.by_name(items);
    pairing.across_peerings(items);
    pairing.finish()
}

/// Items joined so far: each has a leader, the first item of its group.
struct Pairing {
    leaders: Vec<usize>,
    /// Items of each leader, ascending.
    members: Vec<Vec<usize>>,
    evidence: Vec<Vec<String>>,
    /// Joins of two links, by leader: how many, and how many of them certain.
    joins: Vec<(u32, u32)>,
}

impl Pairing {
    fn new(n_items: usize) -> Self {
        Self {
            leaders: (0..n_items).collect(),
            members: (0..n_items).map(|item| vec![item]).collect(),
            evidence: vec![Vec::new(); n_items],
            joins: vec![(0, 0); n_items],
        }
    }

    /// Puts the groups of two items together. `certain`: `None` where it is no join of two links.
    fn join(&mut self, a: usize, b: usize, certain: Option<bool>, evidence: Option<String>) {
        let (a, b) = (self.leaders[a], self.leaders[b]);
        let (first, second) = (a.min(b), a.max(b));
        if first != second {
            let moved = std::mem::take(&mut self.members[second]);
            moved.iter().for_each(|&item| self.leaders[item] = first);
            self.members[first].extend(moved);
            self.members[first].sort_unstable();
            let texts = std::mem::take(&mut self.evidence[second]);
            self.evidence[first].extend(texts);
            let (all, sure) = std::mem::take(&mut self.joins[second]);
            self.joins[first].0 += all;
            self.joins[first].1 += sure;
        }
        if let Some(certain) = certain {
            self.joins[first].0 += 1;
            self.joins[first].1 += u32::from(certain);
        }
        let fresh = evidence.filter(|text| !self.evidence[first].contains(text));
        self.evidence[first].extend(fresh);
    }

    /// Whether the item's group has a second link.
    fn is_paired(&self, item: usize) -> bool {
        0 < self.joins[self.leaders[item]].0
    }

    /// Sessions over one interface are on one link, whatever their family.
    fn by_interface(&mut self, items: &[Item<'_>]) {
        let mut first: BTreeMap<_, usize> = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            let Some(interface) = item.interface else { continue };
            let key = (interface, item.provider, item.peering);
            let one = *first.entry(key).or_insert(at);
            self.join(one, at, None, None);
        }
    }

    /// The two /30 of a /29, or the two /126 of a /125: that is how a circuit's link subnets are cut.
    fn by_subnet<'d>(&mut self, items: &mut [Item<'d>], description: &Description) {
        let key = |item: &Item<'d>| {
            let (whole, half) = halves_of(item.subnet?)?;
            // Private subnets are used again and again; the VRF tells tenants apart.
            let vrf = description.is_private(item.subnet?.first()).then_some(item.vrf);
            Some(((item.provider, item.peering, item.local_as, whole, vrf), half))
        };
        let mut halves = keyed(items, key);
        halves.sort_unstable();
        for members in halves.chunk_by(|one, next| one.0.0 == next.0.0) {
            let Some((((.., whole, _), _), _)) = members.first() else { continue };
            let half = |wanted| -> Vec<usize> {
                members.iter().filter(|one| one.0.1 == wanted).map(|one| one.1).collect()
            };
            for (a, b) in matches(items, &half(0), &half(1)) {
                let text = match (items[a].subnet, items[b].subnet) {
                    (Some(a), Some(b)) => format!("{a} and {b} are the halves of {whole}"),
                    _ => continue,
                };
                self.join(a, b, Some(true), Some(text));
                if items[a].role == LinkRole::Unknown && items[b].role == LinkRole::Unknown {
                    items[a].role = LinkRole::Primary;
                    items[b].role = LinkRole::Secondary;
                }
            }
        }
    }

    /// One VLAN id on both links, and on no third.
    fn by_vlan(&mut self, items: &[Item<'_>]) {
        let key = |item: &Item<'_>| {
            Some((item.provider, item.peering, item.family, item.local_as, item.vlan?))
        };
        let mut tagged = keyed(items, key);
        tagged.sort_unstable();
        for members in tagged.chunk_by(|one, next| one.0 == next.0) {
            let [((.., (vlan, inner)), a), (_, b)] = members else { continue };
            let free = !self.is_paired(*a) && !self.is_paired(*b);
            if free && items[*a].interface != items[*b].interface && agree(&items[*a], &items[*b]) {
                let text = match inner {
                    Some(inner) => format!("both links carry VLAN {vlan} and inner VLAN {inner}"),
                    None => format!("both links, and no third, carry VLAN {vlan}"),
                };
                self.join(*a, *b, Some(true), Some(text));
            }
        }
    }

    /// One name in the descriptions of two links.
    fn by_name<'i>(&mut self, items: &'i [Item<'_>]) {
        let key = |item: &'i Item<'_>| {
            Some((item.provider, item.peering, item.family, item.token.as_deref()?))
        };
        let mut named = keyed(items, key);
        named.retain(|(_, at)| !self.is_paired(*at));
        named.sort_unstable();
        for members in named.chunk_by(|one, next| one.0 == next.0) {
            let [((.., name), a), (_, b)] = members else { continue };
            if items[*a].interface.is_some() && items[*a].interface == items[*b].interface {
                continue;
            }
            let roles = (items[*a].role, items[*b].role);
            let told = roles.0 != roles.1 && ![roles.0, roles.1].contains(&LinkRole::Unknown);
            let words = if told { ", one as primary and one as secondary" } else { "" };
            let text = format!("descriptions of both links name {name}{words}");
            self.join(*a, *b, Some(told), Some(text));
        }
    }

    /// Pairs of different peerings are one circuit where they share a name or a port.
    fn across_peerings<'i, 'd>(&mut self, items: &'i [Item<'d>]) {
        let token = |item: &'i Item<'_>| Some((item.provider, item.token.as_deref()?));
        let mut by_token = keyed(items, token);
        by_token.sort_unstable();
        for members in by_token.chunk_by(|one, next| one.0 == next.0) {
            self.merge(items, members, |(_, name)| format!("descriptions name {name}"));
        }
        let port = |item: &Item<'d>| Some((item.provider, item.port?));
        let mut by_port = keyed(items, port);
        by_port.sort_unstable();
        for members in by_port.chunk_by(|one, next| one.0 == next.0) {
            self.merge(items, members, |(_, (_, port))| format!("peerings share port {port}"));
        }
    }

    /// Joins the groups of some items, where no link would then carry a peering twice.
    fn merge<K>(&mut self, items: &[Item<'_>], members: &[(K, usize)], why: impl Fn(&K) -> String) {
        let mut leaders: Vec<usize> = members.iter().map(|one| self.leaders[one.1]).collect();
        leaders.sort_unstable();
        leaders.dedup();
        let mut whole = leaders.into_iter();
        let (Some(first), Some((key, _))) = (whole.next(), members.first()) else { return };
        for other in whole {
            let of = |leader: usize| self.members[leader].iter().map(|&item| &items[item]);
            let kinds: BTreeSet<_> =
                of(self.leaders[first]).map(|item| (item.peering, item.family)).collect();
            let disjoint = of(other).all(|item| !kinds.contains(&(item.peering, item.family)));
            let named = of(self.leaders[first]).all(|a| of(other).all(|b| agree(a, b)));
            if disjoint && named {
                self.join(first, other, None, Some(why(key)));
            }
        }
    }

    fn finish(self) -> Vec<Group> {
        let mut groups = Vec::new();
        let parts = self.members.into_iter().zip(self.evidence).zip(self.joins);
        for ((items, mut evidence), (joins, sure)) in parts {
            if items.is_empty() {
                continue;
            }
            if joins == 0 {
                evidence.insert(0, "no second link was found".to_owned());
            }
            fit(&mut evidence);
            groups.push(Group { items, evidence, certain: 0 < joins && joins == sure });
        }
        groups
    }
}

/// The items that have a key, each with its place.
fn keyed<'i, 'd, K>(
    items: &'i [Item<'d>],
    key: impl Fn(&'i Item<'d>) -> Option<K>,
) -> Vec<(K, usize)> {
    items.iter().enumerate().filter_map(|(at, item)| Some((key(item)?, at))).collect()
}

/// Whether names do not tell two links apart.
fn agree(a: &Item<'_>, b: &Item<'_>) -> bool {
    a.token.is_none() || b.token.is_none() || a.token == b.token
}

/// The subnet of which this is one half, and which half, where it is of the size of a link.
fn halves_of(subnet: Prefix) -> Option<(Prefix, usize)> {
    let wanted = match subnet.family() {
        Family::Ipv4 => 30,
        Family::Ipv6 => 126,
    };
    if subnet.length() != wanted {
        return None;
    }
    let whole = Prefix::new(subnet.address(), wanted - 1)?;
    Some((whole, usize::from(whole.address() != subnet.address())))
}

/// Pairs of a low and a high half: the only ones there are, or those of one name.
fn matches(items: &[Item<'_>], low: &[usize], high: &[usize]) -> Vec<(usize, usize)> {
    if let ([a], [b]) = (low, high) {
        return vec![(*a, *b)];
    }
    let only = |side: &[usize], token: &Option<String>| {
        let mut same = side.iter().copied().filter(|&at| items[at].token == *token);
        same.next().filter(|_| same.next().is_none())
    };
    let tokens: BTreeSet<&Option<String>> =
        low.iter().map(|&at| &items[at].token).filter(|token| token.is_some()).collect();
    tokens.into_iter().filter_map(|token| Some((only(low, token)?, only(high, token)?))).collect()
}
