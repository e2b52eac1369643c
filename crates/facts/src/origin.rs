//! Origination: which routes a device puts into BGP by itself.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use edgelint_model::{
    AddressFamily, Aggregate, BgpInstance, Device, Direction, Effect, Fact, Interface,
    InterfaceAddress, Network, NextHop, OriginCode, Outcome, Redistribution, RouteSource,
    StaticRoute,
};
use edgelint_prefix::{Family, Prefix};
use edgelint_source::Span;

use crate::announce::Certainty;
use crate::compact::fit;
use crate::evaluate::{AsPath, AsPathKnown, Attributes, Base, Cube, Evaluator, Known};
use crate::lists::Lists;
use crate::mark::{Mark, Note};
use crate::vrfs::Vrfs;

/// What put a route into BGP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OriginSource {
    /// A `network` statement.
    Network,
    /// A static route: redistributed, or picked from the table.
    Static,
    /// An interface's subnet: redistributed, or picked from the table.
    Connected,
    /// An aggregate.
    Aggregate,
    /// A default route for one neighbor.
    DefaultOriginate,
    /// Not this device: an interior protocol or another BGP router.
    Other,
}

impl OriginSource {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Static => "static",
            Self::Connected => "connected",
            Self::Aggregate => "aggregate",
            Self::DefaultOriginate => "default-originate",
            Self::Other => "other",
        }
    }
}

/// A route that a device puts into BGP.
#[derive(Clone, Debug)]
pub struct Originated<'t> {
    /// The VRF; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// The prefix.
    pub prefix: Prefix,
    /// What puts it into BGP.
    pub source: OriginSource,
    /// The statement that does.
    pub at: Span,
    /// Whether the route behind it is in the configuration.
    pub certainty: Certainty,
    /// Whether it stands only because of a discard route.
    pub null_anchored: bool,
    /// Attributes it starts with.
    pub attributes: Attributes,
    /// Whether they are all understood.
    pub understood: bool,
    /// The aggregate that keeps it from being announced.
    pub suppressed_by: Option<Span>,
    /// Lines: statement, backing route, clauses of its policy.
    pub trail: Vec<Mark<'t>>,
}

/// The routes that a device puts into BGP, by VRF and prefix; each prefix once a VRF.
pub(crate) fn originate<'t>(vrfs: &Vrfs<'_, 't>, lists: &Lists<'t>) -> Vec<Originated<'t>> {
    let mut routes = originate_all(vrfs, lists);
    routes.dedup_by_key(|route| (route.vrf, route.prefix));
    routes
}

/// The same, with every route to a prefix that several statements put into BGP, the surest first.
pub(crate) fn originate_all<'t>(vrfs: &Vrfs<'_, 't>, lists: &Lists<'t>) -> Vec<Originated<'t>> {
    let mut routes = Vec::new();
    for instance in vrfs.device.bgp.iter().flat_map(|process| &process.instances) {
        let table = Table::of(vrfs, lists, instance);
        let mut own = Vec::with_capacity(instance.networks.len() + instance.aggregates.len());
        own.extend(instance.networks.iter().filter_map(|network| table.network(network)));
        for redistribution in &instance.redistributions {
            table.redistribute(redistribution, &mut own);
        }
        own.extend(table.aggregates(&own));
        table.suppress(&mut own);
        own.sort_by_key(|route| (route.prefix, Reverse(route.certainty)));
        match routes.is_empty() {
            true => routes = own,
            false => routes.append(&mut own),
        }
    }
    routes.sort_by_key(|route| (route.vrf, route.prefix));
    fit(&mut routes);
    routes
}

/// A prefix that a statement names for BGP and that the device has no route to: it is not announced.
#[derive(Clone, Debug)]
pub struct Unbacked<'t> {
    /// The VRF; `None` is the default one.
    pub vrf: Option<&'t str>,
    /// The prefix.
    pub prefix: Prefix,
    /// The statement.
    pub at: Span,
    /// A route that covers it, or is part of it: probably the one that was meant.
    pub near: Option<(Prefix, Span)>,
}

/// The `network` statements whose very route the device does not have, where it needs one and nothing that
/// the text does not show could supply it.
pub(crate) fn unbacked<'t>(
    vrfs: &Vrfs<'_, 't>,
    lists: &Lists<'t>,
    originated: &[Originated<'t>],
) -> Vec<Unbacked<'t>> {
    let (device, mut found) = (vrfs.device, Vec::new());
    for instance in device.bgp.iter().flat_map(|process| &process.instances) {
        let silent = |network: &&Network<'t>| {
            let key = (instance.vrf, network.prefix);
            !network.backdoor
                && originated.binary_search_by_key(&key, |one| (one.vrf, one.prefix)).is_err()
        };
        let mut silent = instance.networks.iter().filter(silent).peekable();
        if silent.peek().is_none() {
            continue;
        }
        let table = Table::of(vrfs, lists, instance);
        let said = instance.tuning.networks_need_route;
        let needed = said.map_or(device.behaviour.network_needs_route, |fact| fact.value);
        let hidden = vrfs
            .interfaces(instance.vrf)
            .any(|(_, interface)| interface.options.dynamic_address.is_some());
        if !needed || hidden || table.may_leak_in() {
            continue;
        }
        found.extend(silent.filter(|network| table.backing(network.prefix).is_none()).map(
            |network| Unbacked {
                vrf: instance.vrf,
                prefix: network.prefix,
                at: network.at,
                near: table.near(network.prefix),
            },
        ));
    }
    found
}

/// A route of the table that export policies may pick, and what is known of it.
#[derive(Debug)]
pub(crate) struct Candidate<'t> {
    pub(crate) route: Originated<'t>,
    pub(crate) known: Known<'t>,
}

/// The routes of a VRF's table that export policies look at beside those of BGP, by prefix; each
/// prefix once. Empty where the dialect wants routes put into BGP first.
pub(crate) fn candidates<'t>(
    vrfs: &Vrfs<'_, 't>,
    lists: &Lists<'t>,
    instance: &BgpInstance<'t>,
) -> Vec<Candidate<'t>> {
    if vrfs.device.behaviour.export_from_table.is_none() {
        return Vec::new();
    }
    let table = Table::of(vrfs, lists, instance);
    let mut found: Vec<Candidate<'t>> = Vec::new();
    let mut before = None;
    for (prefix, backing) in &table.routes {
        // Of several routes to a prefix the first one is used: the table is sorted.
        if before.replace(*prefix) == Some(*prefix) {
            continue;
        }
        let (source, note) = match backing.known.protocol {
            Some("connected") => (OriginSource::Connected, Note::Table("connected")),
            Some("aggregate") => (OriginSource::Aggregate, Note::Aggregate),
            _ => (OriginSource::Static, Note::Table("static")),
        };
        if backing.kept_back {
            continue;
        }
        let mark = Mark { at: backing.mark.at, note };
        let route = Originated {
            vrf: instance.vrf,
            prefix: *prefix,
            source,
            at: mark.at,
            certainty: backing.certainty,
            null_anchored: backing.null,
            attributes: Attributes::default(),
            understood: true,
            suppressed_by: None,
            trail: vec![mark],
        };
        let (direction, vrf) = (Some(Direction::Out), Some(instance.vrf));
        // Routes of the table leave with ORIGIN IGP (Junos; see the labs' tables), and have metric 0
        // where none is stated.
        let med = backing.known.med.or(Some(0));
        let origin = backing.known.origin.or(Some(OriginCode::Igp));
        let known = Known { direction, vrf, med, origin, ..backing.known.clone() };
        found.push(Candidate { route, known });
    }
    found
}

/// What is known of every route that originates here.
pub(crate) fn local<'t>() -> Known<'t> {
    Known { as_path: AsPathKnown::Empty, communities: Some(Vec::new()), ..Known::default() }
}

/// The address of no neighbor: what `match peer` sees of a route that no neighbor sent.
pub(crate) const NOBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The next hop of a route that is made here, for systems where that is the unspecified address: a static route
/// may lead somewhere.
pub(crate) fn made_next_hop(route: &Originated<'_>, leads_to: Option<IpAddr>) -> Option<IpAddr> {
    let unspecified = match route.prefix.family() {
        Family::Ipv4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        Family::Ipv6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    match route.source {
        OriginSource::Static if !route.null_anchored => leads_to,
        _ => Some(unspecified),
    }
}

/// What is known of a route that is made here, with the attributes it is given.
fn attributes<'t>(route: &StaticRoute<'t>) -> Known<'t> {
    let Some(own) = route.attributes.as_deref() else { return local() };
    let mut communities = own.communities.clone();
    communities.sort_unstable();
    communities.dedup();
    let as_path = if own.as_path.is_some() { AsPathKnown::Unknown } else { AsPathKnown::Empty };
    Known {
        as_path,
        communities: (!own.more).then_some(communities),
        med: own.metric,
        local_preference: own.local_preference,
        origin: own.origin,
        ..Known::default()
    }
}

/// A route of the device's own table, and what is known of it.
#[derive(Clone)]
struct Backing<'t> {
    mark: Mark<'t>,
    certainty: Certainty,
    null: bool,
    /// Whether no other protocol may take it.
    kept_back: bool,
    known: Known<'t>,
}

/// Place of aggregates among routes to one prefix.
const AGGREGATE: u8 = 2;

/// Which of several routes to one prefix is used: subnets before static routes before aggregates.
fn rank(backing: &Backing<'_>) -> u8 {
    match backing.known.protocol {
        Some("connected") => 0,
        Some("aggregate") => AGGREGATE,
        _ => 1,
    }
}

/// BGP in one VRF, beside the routes that the configuration shows.
struct Table<'d, 't> {
    vrfs: &'d Vrfs<'d, 't>,
    device: &'d Device<'t>,
    lists: &'d Lists<'t>,
    instance: &'d BgpInstance<'t>,
    /// Its own routes by prefix, subnets of interfaces before static routes.
    routes: Vec<(Prefix, Backing<'t>)>,
}

impl<'d, 't> Table<'d, 't> {
    fn of(vrfs: &'d Vrfs<'d, 't>, lists: &'d Lists<'t>, instance: &'d BgpInstance<'t>) -> Self {
        let device = vrfs.device;
        let mut table = Self { vrfs, device, lists, instance, routes: Vec::new() };
        let mut routes: Vec<(Prefix, Backing<'t>)> =
            table.connected().chain(table.statics()).collect();
        routes.sort_by_key(|(prefix, backing)| (*prefix, rank(backing)));
        if routes.iter().any(|(_, backing)| rank(backing) == AGGREGATE) {
            let prefixes: Vec<Prefix> = routes.iter().map(|(prefix, _)| *prefix).collect();
            routes.retain_mut(|(prefix, backing)| {
                if rank(backing) != AGGREGATE {
                    return true;
                }
                // Parts of it stand right behind it in the order of prefixes.
                let next = prefixes.partition_point(|one| one <= prefix);
                let has_part = prefixes.get(next).is_some_and(|one| prefix.contains(one));
                if !has_part {
                    backing.certainty = Certainty::Assumed;
                }
                has_part || !instance.neighbors.is_empty()
            });
        }
        table.routes = routes;
        table
    }

    /// Subnets of interfaces that are up, with what is known of them.
    fn connected(&self) -> impl Iterator<Item = (Prefix, Backing<'t>)> {
        self.addresses(|address| address.subnet)
    }

    /// The route to an own address, where the system has one that a `network` statement finds.
    fn own_address(&self, prefix: Prefix) -> Option<Backing<'t>> {
        if !self.device.behaviour.network_finds_own_address {
            return None;
        }
        let mut hosts = self.addresses(|address| Prefix::host(address.address));
        hosts.find(|(host, _)| *host == prefix).map(|(_, backing)| backing)
    }

    /// What is known of the routes that addresses of interfaces make which are up; `route` says which one.
    fn addresses(
        &self,
        route: fn(InterfaceAddress) -> Prefix,
    ) -> impl Iterator<Item = (Prefix, Backing<'t>)> {
        let own = self.vrfs.interfaces(self.instance.vrf);
        let up = own.filter(|(_, one)| !one.shutdown.is_some_and(|shutdown| shutdown.value));
        up.flat_map(move |(_, interface)| {
            interface.addresses.iter().map(move |address| {
                let mark = Mark { at: address.at(), note: Note::Connected(interface.name) };
                let known = Known {
                    protocol: Some("connected"),
                    tag: Some(0),
                    interface: Some(interface.name),
                    ..local()
                };
                let certainty = Certainty::Certain;
                let backing = Backing { mark, certainty, null: false, kept_back: false, known };
                (route(address.value), backing)
            })
        })
    }

    /// Static routes, with what is known of them.
    fn statics(&self) -> impl Iterator<Item = (Prefix, Backing<'t>)> {
        self.vrfs.static_routes(self.instance.vrf).map(|route| {
            let null = matches!(route.next_hop, NextHop::Discard);
            let (interface, next_hop) = match route.next_hop {
                NextHop::Interface(name, address) => (Some(name), address),
                NextHop::Address(address) => (self.interface_to(address), Some(address)),
                NextHop::Discard => (Some(""), None),
                NextHop::Table(_) => (None, None),
            };
            let known = Known {
                protocol: Some(if route.aggregate { "aggregate" } else { "static" }),
                tag: Some(route.tag.unwrap_or(0)),
                interface,
                next_hop,
                ..attributes(route)
            };
            let note = match route.aggregate {
                true => Note::Aggregate,
                false => Note::Static { discard: null },
            };
            let mark = Mark { at: route.at, note };
            let own = route.attributes.as_deref();
            let kept_back = own.is_some_and(|own| own.kept_back.is_some());
            // Which routes are the parts of an aggregate is a policy's matter: not followed.
            let parts = own.is_some_and(|own| own.parts.is_some());
            let certainty = if parts { Certainty::Assumed } else { Certainty::Certain };
            (route.prefix, Backing { mark, certainty, null, kept_back, known })
        })
    }

    /// The interface on whose subnet an address is.
    fn interface_to(&self, address: IpAddr) -> Option<&'t str> {
        let host = Prefix::host(address);
        let mut own = self.vrfs.interfaces(self.instance.vrf).map(|(_, interface)| interface);
        let has = |interface: &&Interface<'t>| {
            interface.addresses.iter().any(|one| one.value.subnet.contains(&host))
        };
        own.find(has).map(|interface| interface.name)
    }

    /// The route that a `network` statement needs: the device's own, or one that it may learn.
    fn backing(&self, prefix: Prefix) -> Option<Backing<'t>> {
        let at = self.routes.partition_point(|(route, _)| *route < prefix);
        if let Some((_, backing)) = self.routes.get(at).filter(|(route, _)| *route == prefix) {
            return Some(backing.clone());
        }
        if let Some(own) = self.own_address(prefix) {
            return Some(own);
        }
        let aggregates = self.instance.aggregates.iter();
        let aggregate =
            aggregates.filter(|aggregate| aggregate.prefix == prefix).map(|aggregate| Backing {
                mark: Mark { at: aggregate.at, note: Note::Aggregate },
                certainty: Certainty::Assumed,
                null: true,
                kept_back: false,
                known: local(),
            });
        let interior = self.vrfs.igps(self.instance.vrf).map(|igp| Backing {
            mark: Mark { at: igp.at, note: Note::Interior(igp.protocol) },
            certainty: Certainty::Assumed,
            null: false,
            kept_back: false,
            known: local(),
        });
        aggregate.chain(interior).next()
    }

    /// A route within a prefix, else the longest one that covers it: not the default route.
    fn near(&self, prefix: Prefix) -> Option<(Prefix, Span)> {
        let place = |route: &(Prefix, Backing<'t>)| (route.0, route.1.mark.at);
        let start = self.routes.partition_point(|(route, _)| *route < prefix);
        let inside = self.routes.get(start).filter(|(route, _)| prefix.contains(route));
        let covering = || {
            let mut lengths = (1..prefix.length()).rev();
            lengths.find_map(|length| {
                let wanted = Prefix::new(prefix.address(), length)?;
                let at = self.routes.binary_search_by_key(&wanted, |(route, _)| *route).ok()?;
                self.routes.get(at)
            })
        };
        inside.or_else(covering).map(place)
    }

    /// Whether routes may be in the table that neither the device's own statements nor an interior
    /// protocol explain.
    fn may_leak_in(&self) -> bool {
        let (vrfs, own) = (self.vrfs, self.instance.vrf);
        let elsewhere = !self.device.whole || self.device.hosted;
        elsewhere || vrfs.leaks_into(own) || own.is_some_and(|vrf| vrfs.imports(vrf))
    }

    fn network(&self, network: &Network<'t>) -> Option<Originated<'t>> {
        if network.backdoor {
            return None;
        }
        let backing = self.backing(network.prefix);
        let said = self.instance.tuning.networks_need_route;
        let needed = said.map_or(self.device.behaviour.network_needs_route, |fact| fact.value);
        if backing.is_none() && needed && !self.may_leak_in() {
            return None;
        }
        let certainty = match &backing {
            _ if !needed => Certainty::Certain,
            Some(backing) => backing.certainty,
            None => Certainty::Assumed,
        };
        let own = Mark { at: network.at, note: Note::Network };
        let trail = match &backing {
            Some(backing) => vec![own, backing.mark],
            None => vec![own],
        };
        let own = certainty == Certainty::Certain;
        let med = if own { self.device.behaviour.network_med } else { None };
        let route = Originated {
            vrf: self.instance.vrf,
            prefix: network.prefix,
            source: OriginSource::Network,
            at: network.at,
            certainty,
            null_anchored: backing.as_ref().is_some_and(|backing| backing.null),
            attributes: Attributes { med, ..Attributes::default() },
            understood: true,
            suppressed_by: None,
            trail,
        };
        let known = backing.map_or_else(local, |backing| backing.known);
        let effect = self.device.behaviour.undefined_network_policy;
        self.shaped(route, &known, network.policy.as_ref(), effect)
    }

    /// What the policy of a statement that makes a route sees of it.
    fn seen(&self, route: &Originated<'t>, known: &Known<'t>) -> Known<'t> {
        if !self.device.behaviour.details.own_routes_are_plain {
            return known.clone();
        }
        let is_network = route.source == OriginSource::Network;
        let default = self.instance.default_local_preference.map(|fact| fact.value);
        Known {
            path: Some(AsPath::default()),
            origin: Some(if is_network { OriginCode::Igp } else { OriginCode::Incomplete }),
            local_preference: default.or(Some(self.device.behaviour.default_local_preference)),
            next_hop: made_next_hop(route, known.next_hop),
            neighbor: Some(NOBODY),
            tag: if is_network { Some(0) } else { known.tag },
            ..known.clone()
        }
    }

    fn redistribute(&self, from: &Redistribution<'t>, routes: &mut Vec<Originated<'t>>) {
        let family = match from.family {
            AddressFamily::Ipv4 => Family::Ipv4,
            AddressFamily::Ipv6 => Family::Ipv6,
            _ => return,
        };
        let (source, table): (_, Vec<(Prefix, Backing<'t>)>) = match from.source {
            RouteSource::Connected => (OriginSource::Connected, self.connected().collect()),
            RouteSource::Static => (OriginSource::Static, self.statics().collect()),
            RouteSource::Bgp | RouteSource::Igp | RouteSource::Other => return,
        };
        let default_too = self.instance.default_information.is_some_and(|fact| fact.value);
        for (prefix, backing) in table {
            if prefix.family() != family || (prefix.is_default() && !default_too) {
                continue;
            }
            let metric = from.metric.or(self.instance.default_metric).map_or(0, |fact| fact.value);
            let note = Note::Redistributed(from.protocol);
            let route = Originated {
                vrf: self.instance.vrf,
                prefix,
                source,
                at: from.at,
                certainty: Certainty::Certain,
                null_anchored: backing.null,
                attributes: Attributes { med: Some(metric), ..Attributes::default() },
                understood: true,
                suppressed_by: None,
                trail: vec![Mark { at: from.at, note }, backing.mark],
            };
            let effect = self.device.behaviour.undefined_redistribute_policy;
            routes.extend(self.shaped(route, &backing.known, from.policy.as_ref(), effect));
        }
    }

    /// Aggregates that have a part, or may learn one from a neighbor.
    fn aggregates(&self, routes: &[Originated<'t>]) -> Vec<Originated<'t>> {
        let aggregate = |aggregate: &Aggregate<'t>| {
            let inside = |route: &&Originated<'t>| {
                aggregate.prefix != route.prefix && aggregate.prefix.contains(&route.prefix)
            };
            let part = routes.iter().filter(inside).max_by_key(|route| route.certainty);
            let certainty = match part {
                Some(part) => part.certainty,
                None if self.instance.neighbors.is_empty() => return None,
                None => Certainty::Assumed,
            };
            let route = Originated {
                vrf: self.instance.vrf,
                prefix: aggregate.prefix,
                source: OriginSource::Aggregate,
                at: aggregate.at,
                certainty,
                null_anchored: false,
                attributes: Attributes::default(),
                understood: aggregate.advertise_policy.is_none(),
                suppressed_by: None,
                trail: vec![Mark { at: aggregate.at, note: Note::Aggregate }],
            };
            let policy = aggregate.attribute_policy.as_ref();
            self.shaped(route, &local(), policy, Effect::new(Outcome::Skipped, ""))
        };
        self.instance.aggregates.iter().filter_map(aggregate).collect()
    }

    /// Marks the parts that an aggregate keeps from being announced.
    fn suppress(&self, routes: &mut [Originated<'t>]) {
        let apart = self.device.behaviour.details.aggregates_stand_apart;
        for aggregate in &self.instance.aggregates {
            for route in &mut *routes {
                if apart && route.source == OriginSource::Aggregate {
                    continue;
                }
                let longer = aggregate.prefix != route.prefix;
                if !longer || !aggregate.prefix.contains(&route.prefix) {
                    continue;
                }
                let selected = aggregate.suppress_policy.as_ref().is_some_and(|policy| {
                    let cube = Cube::route(route.prefix, route.attributes.clone());
                    let effect = Effect::new(Outcome::DenyAll, "");
                    let known = local();
                    let evaluator =
                        Evaluator::new(self.device, self.lists, &known, Base::default());
                    let classes = evaluator.by_named_policy(policy, cube, effect);
                    classes.iter().any(|class| class.is_permitted())
                });
                if aggregate.summary_only || selected {
                    route.suppressed_by = Some(aggregate.at);
                }
            }
        }
    }

    /// The route as its policy leaves it; `None` where the policy drops it.
    fn shaped(
        &self,
        mut route: Originated<'t>,
        known: &Known<'t>,
        policy: Option<&Fact<&'t str>>,
        undefined: Effect,
    ) -> Option<Originated<'t>> {
        if self.device.behaviour.details.own_routes_are_plain
            && route.source == OriginSource::Static
        {
            route.attributes.tag = known.tag;
        }
        let Some(policy) = policy else { return Some(route) };
        let known = &self.seen(&route, known);
        let local_preference = known.local_preference;
        let base = Base { local_preference, med: route.attributes.med, ..Base::default() };
        let evaluator = Evaluator::new(self.device, self.lists, known, base);
        let cube = Cube::route(route.prefix, route.attributes.clone());
        let classes = evaluator.by_named_policy(policy, cube, undefined);
        let alone = classes.len() == 1;
        let class = classes.into_iter().find(|class| class.is_permitted())?;
        if !alone || !class.certain {
            route.certainty = Certainty::Assumed;
        }
        route.understood &= alone && class.certain;
        route.attributes = class.attributes;
        route.trail.extend(class.trail);
        Some(route)
    }
}
