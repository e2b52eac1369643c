//! Where translated packets leave, and what is behind that interface.

use std::net::IpAddr;

use edgelint_model::{
    Condition, Fact, Interface, Match, NatRule, NatSelector, NatSide, NextHop, Translation, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixRange, PrefixSet};
use edgelint_source::Span;

use crate::circuit::Circuit;
use crate::described::{DescribedEdge, EdgeKind, Told};
use crate::device::DeviceFacts;
use crate::nat::beside::Routers;
use crate::nat::{Edge, EdgeUse};
use crate::network::DeviceId;
use crate::role::{names_internet, says_internet};
use crate::session::{Evidence, Role, Session};

/// The edges of one device.
pub(super) struct Edges<'n, 't> {
    /// The device's id.
    pub(super) id: DeviceId,
    pub(super) device: &'n DeviceFacts<'t>,
    /// The device's sessions.
    pub(super) sessions: &'n [Session<'t>],
    pub(super) circuits: &'n [Circuit],
    /// The devices beside it.
    pub(super) routers: &'n Routers<'n, 't>,
    /// What the estate's owner says about the device.
    pub(super) told: Told<'n>,
}

/// An interface that a rule names, and the words that do.
type Named<'t> = (&'t str, Span);

impl<'t> Edges<'_, 't> {
    /// The edges a rule serves, and whether it leaves them open.
    pub(super) fn of(&self, rule: &NatRule<'t>) -> (Vec<EdgeUse<'t>>, bool) {
        let mut edges = Vec::new();
        if let Some(bound) = self.bound(rule) {
            edges.reserve_exact(bound.len());
            for (name, at) in bound {
                self.behind(name, at, &mut edges);
            }
            return (edges, false);
        }
        if rule.everywhere {
            for (name, at) in self.named_interfaces(rule) {
                self.behind(name, at, &mut edges);
            }
            return (edges, true);
        }
        let excluded = self.excluded(rule);
        let vrf = rule.vrf.map(|vrf| vrf.value);
        let mut outside: Vec<&Interface<'t>> =
            self.outside().filter(|one| one.vrf.map(|vrf| vrf.value) == vrf).collect();
        if outside.is_empty() {
            // Packets may be routed out of their VRF before they are translated.
            outside = self.outside().collect();
        }
        let open = excluded.is_empty();
        outside.retain(|one| !excluded.iter().any(|(name, _)| one.name.eq_ignore_ascii_case(name)));
        edges.reserve_exact(outside.len());
        for interface in outside {
            let at = interface.nat.map_or(interface.at, |side| side.at());
            self.behind(interface.name, at, &mut edges);
        }
        (edges, open)
    }

    /// The interfaces that the policy of a rule denies before it permits anything: a clause that asks
    /// for nothing but interfaces.
    fn excluded(&self, rule: &NatRule<'t>) -> Vec<Named<'t>> {
        let NatSelector::Policy(name) = &rule.selector else { return Vec::new() };
        let facts = self.device;
        let Some(policy) = facts.lists.policy(&facts.device, name.value) else { return Vec::new() };
        let mut excluded = Vec::new();
        for clause in policy.clauses.iter().take_while(|one| one.verdict == Some(Verdict::Deny)) {
            if is_interfaces(&clause.condition) {
                self.asked(&clause.condition, 0, &mut excluded);
            }
        }
        excluded
    }

    /// Interfaces towards those who see translated addresses, without those that are shut down.
    fn outside(&self) -> impl Iterator<Item = &Interface<'t>> {
        self.device.device.interfaces.iter().filter(|one| {
            one.nat.is_some_and(|side| side.value != NatSide::Inside)
                && !one.shutdown.is_some_and(|shutdown| shutdown.value)
        })
    }

    /// The interfaces that a rule binds itself to; `None` where it does not.
    fn bound(&self, rule: &NatRule<'t>) -> Option<Vec<Named<'t>>> {
        if !rule.egress.is_empty() {
            return Some(self.leaving(rule));
        }
        let policy = match &rule.selector {
            NatSelector::Policy(name) => Some(name),
            _ => rule.condition.as_ref(),
        };
        let mut bound = policy.and_then(|name| self.bound_by_policy(name));
        if let (None, Some(hop)) = (&bound, rule.next_hop) {
            bound = Some(self.towards(hop, rule.at).into_iter().collect());
        }
        if let (None, Translation::Interface(name)) = (&bound, &rule.translation) {
            bound = Some(vec![(name.value, name.at())]);
        }
        bound
    }

    /// Interfaces that have a name of their own in the rest of the configuration, without those that packets
    /// of the rule come by and those that are shut down; with the words that name them.
    fn named_interfaces(&self, rule: &NatRule<'t>) -> Vec<Named<'t>> {
        let interfaces = self.device.device.interfaces.iter();
        let up = interfaces.filter(|one| !one.shutdown.is_some_and(|shutdown| shutdown.value));
        let named = up.filter_map(|one| Some((one.name, one.options.zone?)));
        named
            .filter(|(_, zone)| rule.ingress.iter().all(|from| from.value != zone.value))
            .map(|(name, zone)| (name, zone.at()))
            .collect()
    }

    /// The interfaces by which packets of a rule leave, as far as it says.
    pub(super) fn leaving(&self, rule: &NatRule<'t>) -> Vec<Named<'t>> {
        if rule.everywhere {
            return self.named_interfaces(rule);
        }
        rule.egress.iter().flat_map(|name| self.named(name)).collect()
    }

    /// What is behind one interface.
    pub(super) fn over(&self, name: &'t str, at: Span) -> Vec<EdgeUse<'t>> {
        let mut edges = Vec::with_capacity(1);
        self.behind(name, at, &mut edges);
        edges
    }

    /// The interfaces that a name stands for: an interface, a zone or an instance. The name itself
    /// where it is none of them.
    fn named(&self, name: &Fact<&'t str>) -> Vec<Named<'t>> {
        let interfaces = || self.device.device.interfaces.iter();
        let is = |fact: Option<Fact<&'t str>>| fact.is_some_and(|fact| fact.value == name.value);
        let itself = vec![(name.value, name.at())];
        if interfaces().any(|one| one.name.eq_ignore_ascii_case(name.value)) {
            return itself;
        }
        let members = |within: &dyn Fn(&Interface<'t>) -> bool| -> Vec<Named<'t>> {
            interfaces().filter(|one| within(one)).map(|one| (one.name, name.at())).collect()
        };
        let mut members_of = members(&|one| is(one.options.zone));
        if members_of.is_empty() {
            members_of = members(&|one| is(one.vrf));
        }
        if members_of.is_empty() { itself } else { members_of }
    }

    /// The interfaces that every permitting clause of a policy asks for; `None` where one does not.
    fn bound_by_policy(&self, name: &Fact<&'t str>) -> Option<Vec<Named<'t>>> {
        let facts = self.device;
        let policy = facts.lists.policy(&facts.device, name.value)?;
        let mut bound: Vec<Named<'t>> = Vec::new();
        let mut permits = 0;
        for clause in policy.clauses.iter().filter(|one| one.verdict == Some(Verdict::Permit)) {
            permits += 1;
            let mut named = Vec::new();
            self.asked(&clause.condition, 0, &mut named);
            if named.is_empty() {
                return None;
            }
            bound.append(&mut named);
        }
        (0 < permits).then_some(bound)
    }

    /// The interfaces that a condition asks for, by name or by next hop.
    fn asked(&self, condition: &Condition<'t>, depth: u8, named: &mut Vec<Named<'t>>) {
        let fact = match condition {
            Condition::Match(fact) => fact,
            Condition::All(parts) | Condition::Any(parts) if depth < 16 => {
                parts.iter().for_each(|part| self.asked(part, depth + 1, named));
                return;
            }
            _ => return,
        };
        match &fact.value {
            Match::Interfaces(names) => {
                named.extend(names.iter().map(|name| (name.value, name.at())));
            }
            Match::NextHopAccessLists(names) => {
                for name in names {
                    let facts = self.device;
                    let family = Family::Ipv4;
                    let list = facts.lists.access_list(&facts.device, family, name.value);
                    let Some((_, routes)) = list else { continue };
                    // A next hop is a host on the subnet.
                    let hops = |interface: &Interface<'t>| {
                        interface.addresses.iter().any(|one| {
                            let (subnet, width) = (one.value.subnet, family.width());
                            let hosts = PrefixRange::new(subnet, width, width);
                            hosts.is_some_and(|hosts| {
                                routes.compiled.permitted.overlaps(&PrefixSet::from_range(hosts))
                            })
                        })
                    };
                    let found = facts.device.interfaces.iter().filter(|one| hops(one));
                    named.extend(found.map(|interface| (interface.name, name.at())));
                }
            }
            _ => {}
        }
    }

    /// The interface whose subnet holds an address.
    fn towards(&self, hop: IpAddr, at: Span) -> Option<Named<'t>> {
        let host = Prefix::host(hop);
        let holds = |one: &&Interface<'t>| {
            one.addresses.iter().any(|address| address.value.subnet.contains(&host))
        };
        self.device.device.interfaces.iter().find(holds).map(|interface| (interface.name, at))
    }

    /// What is behind an interface: one item an edge.
    fn behind(&self, name: &'t str, at: Span, edges: &mut Vec<EdgeUse<'t>>) {
        let mut interfaces = self.device.device.interfaces.iter().enumerate();
        let found = interfaces.find(|(_, one)| one.name.eq_ignore_ascii_case(name));
        let Some((place, interface)) = found else {
            let evidence = Evidence::new(format!("{name} is not an interface here"), at);
            let sessions = Vec::new();
            let edge = Edge::Other;
            edges.push(EdgeUse { egress: name, edge, sessions, evidence, at, certain: false });
            return;
        };
        let before = edges.len();
        let over = |one: &&Session<'t>| one.interface == Some(place) && !one.shutdown;
        for session in self.sessions.iter().filter(over) {
            let (edge, text) = match (session.circuit, session.role) {
                (Some(circuit), _) => {
                    let named = self.circuits.get(circuit.0 as usize);
                    let text =
                        named.map_or_else(String::new, |one| format!("circuit {}", one.name));
                    (Edge::Circuit(circuit), text)
                }
                (None, Role::Internet) => (Edge::Internet, "an internet session".to_owned()),
                (None, role) => (Edge::Other, format!("a session of role {}", role.name())),
            };
            let fresh = edges.get_mut(before..).unwrap_or_default();
            if let Some(known) = fresh.iter_mut().find(|one| one.edge == edge) {
                known.sessions.push(session.id);
                continue;
            }
            let evidence =
                Evidence::new(format!("{text} runs over {}", interface.name), session.at);
            let (sessions, certain) = (vec![session.id], session.certain);
            edges.push(EdgeUse { egress: interface.name, edge, sessions, evidence, at, certain });
        }
        let fresh = edges.get(before..).unwrap_or_default();
        let inside = fresh.iter().all(|one| one.edge == Edge::Other);
        if inside && self.told.behind(interface).is_none() {
            let beside = self.beside(interface, place, at);
            if !beside.is_empty() {
                edges.truncate(before);
                edges.extend(beside);
                return;
            }
        }
        if edges.len() == before {
            let (edge, evidence, certain) = self.told(interface);
            let sessions = Vec::new();
            edges.push(EdgeUse { egress: interface.name, edge, sessions, evidence, at, certain });
        }
    }

    /// What is behind an interface over which no session runs: what its owner says about it, else what
    /// shows. What is said about the device as a whole is about its way to the internet.
    fn told(&self, interface: &Interface<'t>) -> (Edge, Evidence, bool) {
        let described = |edge: &DescribedEdge| {
            let text =
                format!("edgelint.toml describes {} behind {}", edge.kind.words(), interface.name);
            let behind = match edge.kind {
                EdgeKind::Internet | EdgeKind::Breakout => Edge::Internet,
                EdgeKind::Private | EdgeKind::Vpn => Edge::Other,
            };
            (behind, Evidence { text: text.into(), at: None }, true)
        };
        if let Some(edge) = self.told.behind(interface) {
            return described(edge);
        }
        let shown = self.without_session(interface);
        match self.told.whole() {
            Some(edge) if shown.0 == Edge::Internet => described(edge),
            _ => shown,
        }
    }

    /// The edges of the routers that packets are handed to over an interface, by static routes or by
    /// sessions inside the enterprise.
    fn beside(&self, interface: &Interface<'t>, place: usize, at: Span) -> Vec<EdgeUse<'t>> {
        let vrf = interface.vrf.map(|vrf| vrf.value);
        let near = |address: &IpAddr| {
            let host = Prefix::host(*address);
            interface.addresses.iter().any(|one| one.value.subnet.contains(&host))
        };
        let routes = self.device.device.static_routes.iter().filter(|one| one.vrf == vrf);
        let hops = routes.filter_map(|route| match route.next_hop {
            NextHop::Address(address) | NextHop::Interface(_, Some(address)) => {
                Some((address, route.at))
            }
            _ => None,
        });
        let sessions = self.sessions.iter().filter(|one| one.interface == Some(place));
        let peers = sessions.filter(|one| !one.shutdown && one.role == Role::Internal);
        let peers = peers.filter_map(|one| Some((one.address()?, one.at)));
        let mut found: Vec<EdgeUse<'t>> = Vec::new();
        for (hop, line) in hops.chain(peers).filter(|(hop, _)| near(hop)) {
            for one in self.routers.behind(self.id, hop) {
                if found.iter().any(|known| known.edge == one.edge) {
                    continue;
                }
                found.push(EdgeUse {
                    egress: interface.name,
                    edge: one.edge,
                    sessions: one.sessions,
                    evidence: Evidence::new(one.text, line),
                    at,
                    certain: false,
                });
            }
        }
        // Packets that go to routers of both kinds leave by the edge that the table says.
        let kinds = |edge: &dyn Fn(&Edge) -> bool| found.iter().any(|one| edge(&one.edge));
        let both = kinds(&|edge| *edge == Edge::Internet) && kinds(&|edge| *edge != Edge::Internet);
        if both { Vec::new() } else { found }
    }

    /// What shows of what is behind an interface over which no session runs.
    fn without_session(&self, interface: &Interface<'t>) -> (Edge, Evidence, bool) {
        let vrf = interface.vrf.map(|vrf| vrf.value);
        let leaves = |hop: &NextHop<'t>| match hop {
            NextHop::Interface(name, _) => name.eq_ignore_ascii_case(interface.name),
            NextHop::Address(address) => {
                let host = Prefix::host(*address);
                interface.addresses.iter().any(|one| one.value.subnet.contains(&host))
            }
            NextHop::Discard | NextHop::Table(_) => false,
        };
        let mut routes = self.device.device.static_routes.iter();
        let default =
            routes.find(|one| one.vrf == vrf && one.prefix.is_default() && leaves(&one.next_hop));
        let named = || interface.options.zone.and_then(names_internet);
        let said = interface.description.and_then(says_internet).or_else(named);
        match (said, default) {
            (Some(evidence), default) => (Edge::Internet, evidence, default.is_some()),
            (None, Some(route)) if !interface.tunnel => {
                let text = format!("a default route leads out of {}", interface.name);
                (Edge::Internet, Evidence::new(text, route.at), false)
            }
            _ => {
                let text = format!("nothing tells what is behind {}", interface.name);
                (Edge::Other, Evidence::new(text, interface.at), false)
            }
        }
    }
}

/// Whether a condition asks for nothing but interfaces.
fn is_interfaces(condition: &Condition<'_>) -> bool {
    match condition {
        Condition::Match(fact) => matches!(fact.value, Match::Interfaces(_)),
        Condition::All(parts) => parts.len() == 1 && parts.iter().all(is_interfaces),
        _ => false,
    }
}
