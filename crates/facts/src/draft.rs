//! Sessions of one device: their ends, what their filters do, their roles.
//!
//! Sessions that share their filters share what the filters come to. A route reflector with hundreds
//! of clients in one peer group evaluates once.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use edgelint_model::{
    AddressFamily, Behaviour, BgpInstance, BgpProcess, Community, Condition, Device, Direction,
    Fact, Filter, Interface, Match, Neighbor, NeighborAddress, NeighborFamily, ObjectKind,
    RemoteAs, RouteSource, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixSet};
use edgelint_source::Span;

use crate::announce::{Announcements, Sending};
use crate::circuit::said;
use crate::described::Told;
use crate::device::DeviceFacts;
use crate::evaluate::{
    AsPath, AsPathKnown, Attributes, Base, Cube, Evaluated, Evaluator, Known, RouteClass, Test,
};
use crate::lists::Lists;
use crate::network::{DeviceId, SessionId};
use crate::origin::{Originated, candidates};
use crate::preference::{PreferenceClass, Settings};
use crate::role::Signs;
use crate::session::{Evidence, Peering, Role, Session, SessionFamily};
use crate::vrfs::Vrfs;

/// The sessions of a device in the order of its file.
pub(crate) fn sessions<'t>(
    vrfs: &Vrfs<'_, 't>,
    lists: &Lists<'t>,
    originated: &[Originated<'t>],
    told: &Told<'_>,
) -> Vec<Session<'t>> {
    let (device, mut sessions) = (vrfs.device, Vec::new());
    let mut cache = Cache::default();
    let clauses = device.policies.iter().flat_map(|policy| &policy.clauses);
    let asks_neighbor = clauses.map(|clause| &clause.condition).any(asks_neighbor);
    let leaks = leaks(device);
    for (process_place, process) in device.bgp.iter().enumerate() {
        for (instance_place, instance) in process.instances.iter().enumerate() {
            let drafting =
                Drafting { vrfs, device, lists, process, instance, asks_neighbor, leaks };
            let start = sessions.len();
            sessions.reserve_exact(instance.neighbors.len());
            for (neighbor_place, neighbor) in instance.neighbors.iter().enumerate() {
                let place = (process_place, instance_place, neighbor_place);
                sessions.push(drafting.session(neighbor, (place, told), &mut cache));
            }
            let own = sessions.get_mut(start..).unwrap_or_default();
            share_peerings(own);
            drafting.announce(own, originated, &mut cache);
        }
    }
    sessions
}

/// A filter as far as it decides what filters do: where a name is not defined, the place that names
/// it belongs to the result.
type FilterKey<'t> = (ObjectKind, &'t str, Option<Span>);
/// What an inbound or outbound evaluation depends on.
type ChainKey<'t> = (Vec<FilterKey<'t>>, Chain<'t>);

/// What a chain of filters depends on beside the filters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Chain<'t> {
    /// The VRF, where policies ask for it or for what is in its table.
    vrf: Option<&'t str>,
    family: Family,
    direction: Direction,
    is_ebgp: bool,
    /// The verdict where there are no filters.
    without: Verdict,
    /// Local preference of the routes, where it is known.
    preference: Option<u32>,
    /// The neighbor, where policies ask for it.
    neighbor: Option<IpAddr>,
}
/// What announcements depend on beyond the chain: VRF, places of further policies, communities.
type SendingKey<'t> = (ChainKey<'t>, Option<&'t str>, [Option<Span>; 3], Option<bool>, bool);

/// What inbound filters do, and the classes of routes that they and a neighbor's settings make.
type Preferred<'t> = (Arc<Evaluated<'t>>, Arc<[PreferenceClass<'t>]>);

/// What was evaluated already.
#[derive(Default)]
struct Cache<'t> {
    chains: BTreeMap<ChainKey<'t>, Arc<Evaluated<'t>>>,
    sendings: BTreeMap<SendingKey<'t>, Arc<Announcements<'t>>>,
    /// What sessions prefer, with the inbound filters and the settings that it follows from.
    preferences: BTreeMap<(usize, Settings), Preferred<'t>>,
    /// What filters do in families whose routes are not looked at.
    nothing: Arc<Evaluated<'t>>,
    /// What is sent as long as that is not known.
    unsent: Arc<Announcements<'t>>,
}

impl<'t> Cache<'t> {
    fn preferences(
        &mut self,
        import: &Arc<Evaluated<'t>>,
        settings: Settings,
    ) -> Arc<[PreferenceClass<'t>]> {
        // What is kept beside the preferences stays where it is, so its place is as good as its value.
        let key = (Arc::as_ptr(import).addr(), settings);
        let found = self.preferences.entry(key);
        let (_, classes) =
            found.or_insert_with(|| (Arc::clone(import), settings.preferences(import)));
        Arc::clone(classes)
    }
}

struct Drafting<'d, 't> {
    vrfs: &'d Vrfs<'d, 't>,
    device: &'d Device<'t>,
    lists: &'d Lists<'t>,
    process: &'d BgpProcess<'t>,
    instance: &'d BgpInstance<'t>,
    /// Whether any policy of the device asks which neighbor a route comes from.
    asks_neighbor: bool,
    /// Whether routes of one VRF may be in the table of another: whose they are is then not known.
    leaks: bool,
}

/// Whether a condition asks which neighbor a route comes from.
fn asks_neighbor(condition: &Condition<'_>) -> bool {
    match condition {
        Condition::Always => false,
        Condition::Match(fact) => matches!(fact.value, Match::Neighbors(_)),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(asks_neighbor),
        Condition::Not(inner) => asks_neighbor(inner),
    }
}

impl<'t> Drafting<'_, 't> {
    fn session(
        &self,
        neighbor: &Neighbor<'t>,
        (place, told): ((usize, usize, usize), &Told<'_>),
        cache: &mut Cache<'t>,
    ) -> Session<'t> {
        let own = self.process.local_as.map(|fact| fact.value);
        let remote = neighbor.remote_as.map(|fact| fact.value);
        let remote_as = match remote {
            Some(RemoteAs::Number(number)) => Some(number),
            Some(RemoteAs::Internal) => own,
            Some(RemoteAs::External) | None => None,
        };
        let confederate =
            |number| self.process.confederation_peers.iter().any(|member| member.value == number);
        let is_ebgp = match remote {
            Some(RemoteAs::Number(number)) => Some(number) != own && !confederate(number),
            Some(RemoteAs::External) => true,
            Some(RemoteAs::Internal) | None => false,
        };
        let outside = self.process.confederation.map(|fact| fact.value).filter(|_| is_ebgp);
        let interface = self.interface(neighbor);
        let down = interface.and_then(|at| self.device.interfaces.get(at));
        let shutdown = neighbor.shutdown.is_some_and(|fact| fact.value)
            || down.is_some_and(|interface| self.is_down(interface));
        let mut session = Session {
            id: SessionId(0),
            device: DeviceId(0),
            vrf: self.instance.vrf,
            neighbor: neighbor.address,
            at: neighbor.at,
            remote_as_at: neighbor.remote_as.map(|fact| fact.at()),
            remote_as,
            local_as: neighbor.local_as.map(|fact| fact.value).or(outside).or(own),
            is_ebgp,
            role: Role::Internal,
            evidence: Vec::new(),
            breakout: false,
            certain: false,
            interface,
            shutdown,
            circuit: None,
            peer: None,
            understood: neighbor.blind.is_empty(),
            families: Vec::with_capacity(neighbor.families.len()),
            place,
            domain: None,
            link: None,
            said: None,
        };
        let asked = session.address().filter(|_| self.asks_neighbor);
        for (index, settings) in neighbor.families.iter().enumerate() {
            session.families.push(self.family(settings, index, (is_ebgp, asked), cache));
        }
        let interface = down;
        let signs = Signs { session: &session, neighbor, interface, told };
        let verdict = signs.role(place);
        session.role = verdict.role;
        session.evidence = verdict.evidence;
        session.certain = verdict.certain;
        session.breakout = verdict.breakout;
        session.link = verdict.link;
        if session.role.is_cloud() {
            let own = neighbor.description.map(|text| text.value);
            session.said = Some(Box::new(said(self.vrfs, &session, own)));
        }
        session
    }

    fn family(
        &self,
        settings: &NeighborFamily<'t>,
        index: usize,
        (is_ebgp, neighbor): (bool, Option<IpAddr>),
        cache: &mut Cache<'t>,
    ) -> SessionFamily<'t> {
        let routes = match settings.family {
            AddressFamily::Ipv4 => Some(Family::Ipv4),
            AddressFamily::Ipv6 => Some(Family::Ipv6),
            AddressFamily::Vpnv4 | AddressFamily::Vpnv6 | AddressFamily::Other => None,
        };
        let (import, export, preferences) = match routes {
            Some(routes) => self.evaluated(settings, (routes, is_ebgp, neighbor), cache),
            None => (cache.nothing.clone(), cache.nothing.clone(), Arc::default()),
        };
        SessionFamily {
            family: settings.family,
            routes,
            active: settings.active,
            import_filters: settings.import.clone(),
            export_filters: settings.export.clone(),
            import,
            export,
            // Until it is known what the device originates and what its sessions are for.
            announcements: cache.unsent.clone(),
            preferences,
            index,
        }
    }

    /// What the filters of a session do in and out in one family, and what is preferred of what comes in.
    fn evaluated(
        &self,
        settings: &NeighborFamily<'t>,
        (routes, is_ebgp, neighbor): (Family, bool, Option<IpAddr>),
        cache: &mut Cache<'t>,
    ) -> (Arc<Evaluated<'t>>, Arc<Evaluated<'t>>, Arc<[PreferenceClass<'t>]>) {
        let (inward, outward) = self.chains(settings, (routes, is_ebgp, neighbor));
        let base = is_ebgp.then_some(self.default_preference());
        let mut import = self.chain(&settings.import, inward, cache);
        let export = self.chain(&settings.export, outward, cache);
        if let Some(allowed) = &settings.options.allowed {
            import = Arc::new(limited(&import, &allowed.iter().copied().collect()));
        }
        let preferences = cache.preferences(&import, Settings::of(settings, base));
        (import, export, preferences)
    }

    /// What the filters of a session in and out depend on.
    fn chains(
        &self,
        settings: &NeighborFamily<'t>,
        (family, is_ebgp, neighbor): (Family, bool, Option<IpAddr>),
    ) -> (Chain<'t>, Chain<'t>) {
        let (import, export) = self.without(settings, is_ebgp);
        let inward = Chain {
            vrf: self.asked_vrf(),
            family,
            direction: Direction::In,
            is_ebgp,
            without: import,
            preference: is_ebgp.then_some(
                match self.device.behaviour.details.preference_starts_at_zero {
                    true => 0,
                    false => self.default_preference(),
                },
            ),
            neighbor,
        };
        let outward = Chain {
            direction: Direction::Out,
            without: export,
            preference: settings.options.sent_local_preference.map(|fact| fact.value),
            neighbor: None,
            ..inward
        };
        (inward, outward)
    }

    fn without(&self, settings: &NeighborFamily<'t>, is_ebgp: bool) -> (Verdict, Verdict) {
        without_filters(self.device.behaviour, self.instance, settings, is_ebgp)
    }

    fn default_preference(&self) -> u32 {
        default_preference(self.device.behaviour, self.instance)
    }

    /// What a chain of filters does with all routes of a family.
    fn chain(
        &self,
        filters: &[Filter<'t>],
        chain: Chain<'t>,
        cache: &mut Cache<'t>,
    ) -> Arc<Evaluated<'t>> {
        let key = (self.keys(filters), chain);
        if let Some(evaluated) = cache.chains.get(&key) {
            return Arc::clone(evaluated);
        }
        let mut cube = Cube::of(PrefixSet::universe_of(chain.family));
        let (attributes, known, base) = self.arriving(chain);
        cube.attributes = attributes;
        let evaluator = Evaluator::new(self.device, self.lists, &known, base);
        let classes = evaluator.by_filters(filters, cube, chain.without);
        let evaluated = Evaluated::new(classes, !filters.is_empty(), evaluator.named(filters));
        let evaluated = Arc::new(evaluated);
        cache.chains.insert(key, Arc::clone(&evaluated));
        evaluated
    }

    /// What is known of routes in front of a chain, with which attributes they stand there, and what sets
    /// start from.
    fn arriving(&self, chain: Chain<'t>) -> (Attributes, Known<'t>, Base) {
        let mut attributes = Attributes::default();
        let known = match (chain.direction, chain.is_ebgp) {
            (Direction::In, is_ebgp) => {
                let as_path = if is_ebgp { AsPathKnown::NonEmpty } else { AsPathKnown::Unknown };
                let protocol = Some("bgp");
                let (direction, vrf) = (Some(Direction::In), Some(self.instance.vrf));
                let neighbor = chain.neighbor;
                Known { as_path, protocol, neighbor, direction, vrf, ..Known::default() }
            }
            (Direction::Out, _) => {
                attributes.local_preference = chain.preference;
                self.learned()
            }
        };
        let distance = self.device.behaviour.path_distance;
        let outward = chain.direction == Direction::Out && chain.is_ebgp;
        let med = Base::fresh_med(self.device.behaviour, outward);
        let base = Base { local_preference: chain.preference, distance, med, ..Base::default() };
        (attributes, known, base)
    }

    /// What is known of routes that BGP or an interior protocol brought.
    fn learned(&self) -> Known<'t> {
        let vrf = (!self.leaks).then_some(self.instance.vrf);
        let direction = Some(Direction::Out);
        if self.device.behaviour.export_from_table.is_none() || !self.device.whole {
            return Known { direction, vrf, ..Known::default() };
        }
        let interior = self.vrfs.igps(self.instance.vrf);
        let protocols = std::iter::once("bgp").chain(interior.map(|igp| igp.protocol)).collect();
        Known { protocols: Some(protocols), direction, vrf, ..Known::default() }
    }

    /// The VRF, where the dialect's policies may ask for it: others share what filters come to.
    fn asked_vrf(&self) -> Option<&'t str> {
        self.instance.vrf.filter(|_| self.device.behaviour.export_from_table.is_some())
    }

    fn keys(&self, filters: &[Filter<'t>]) -> Vec<FilterKey<'t>> {
        let key = |filter: &Filter<'t>| {
            let name = filter.name.value;
            let known = self.lists.defines(self.device, filter.kind, name);
            (filter.kind, name, (!known).then_some(filter.name.at()))
        };
        filters.iter().map(key).collect()
    }

    /// The interface whose subnet the neighbor is in: the smallest one.
    fn interface(&self, neighbor: &Neighbor<'t>) -> Option<usize> {
        let named = |name: &str| {
            self.device.interfaces.iter().position(|one| one.name.eq_ignore_ascii_case(name))
        };
        match neighbor.address {
            NeighborAddress::Address(address) => self.interface_to(address),
            NeighborAddress::Range(prefix) => self.interface_to(prefix.first()),
            NeighborAddress::Interface(name) => named(name),
        }
    }

    fn interface_to(&self, address: IpAddr) -> Option<usize> {
        let host = Prefix::host(address);
        let mut best: Option<(u8, usize)> = None;
        for (place, interface) in self.vrfs.interfaces(self.instance.vrf) {
            for one in &interface.addresses {
                let subnet = one.value.subnet;
                let longer = best.is_none_or(|(length, _)| length < subnet.length());
                if longer && subnet.contains(&host) && one.value.address != address {
                    best = Some((subnet.length(), place));
                }
            }
        }
        best.map(|(_, place)| place)
    }

    /// Whether an interface, or the one it is a part of, is shut down.
    fn is_down(&self, interface: &Interface<'t>) -> bool {
        let down = |one: &Interface<'t>| one.shutdown.is_some_and(|fact| fact.value);
        let parent = interface.name.split_once('.').map(|(parent, _)| parent);
        let parent = parent.and_then(|name| self.vrfs.interface(name));
        down(interface) || parent.is_some_and(down)
    }

    /// Works out what each session is sent. Roles have to be told by then.
    fn announce(
        &self,
        sessions: &mut [Session<'t>],
        originated: &[Originated<'t>],
        cache: &mut Cache<'t>,
    ) {
        let start = originated.partition_point(|route| route.vrf < self.instance.vrf);
        let end = originated.partition_point(|route| route.vrf <= self.instance.vrf);
        let own = originated.get(start..end).unwrap_or_default();
        let table = candidates(self.vrfs, self.lists, self.instance);
        let learned = self.learned();
        let inside = sessions.iter().any(|one| one.role == Role::Internal);
        for session in sessions {
            let Some(neighbor) = self.instance.neighbors.get(session.place.2) else { continue };
            let is_ebgp = session.is_ebgp;
            for (family, settings) in session.families.iter_mut().zip(&neighbor.families) {
                let Some(routes) = family.routes else { continue };
                let (_, without) = self.without(settings, is_ebgp);
                let further = [
                    settings.options.default_originate.as_ref().map(|fact| fact.at()),
                    settings.options.advertise_policy.as_ref().map(|fact| fact.at()),
                    settings.options.unsuppress_policy.as_ref().map(|fact| fact.at()),
                ];
                let chain = Chain {
                    vrf: self.asked_vrf(),
                    family: routes,
                    direction: Direction::Out,
                    is_ebgp,
                    without,
                    preference: None,
                    neighbor: None,
                };
                let chain = (self.keys(&settings.export), chain);
                let sends = settings.send_community.map(|fact| fact.value);
                let key = (chain, self.instance.vrf, further, sends, is_ebgp);
                let sent = cache.sendings.entry(key).or_insert_with(|| {
                    let sending = Sending {
                        device: self.device,
                        lists: self.lists,
                        originated: own,
                        table: &table,
                        learned: &learned,
                        family: routes,
                        settings,
                        export: &family.export,
                        without,
                        is_ebgp,
                        may_learn: inside || self.takes_more_in(routes),
                    };
                    Arc::new(sending.announcements())
                });
                family.announcements = Arc::clone(sent);
            }
        }
    }

    /// Whether routes come into BGP by ways that the export does not show: from an interior protocol,
    /// another BGP process, another VRF.
    fn takes_more_in(&self, family: Family) -> bool {
        let hidden = self.instance.redistributions.iter().any(|from| {
            let of_family = match from.family {
                AddressFamily::Ipv4 => family == Family::Ipv4,
                AddressFamily::Ipv6 => family == Family::Ipv6,
                _ => false,
            };
            of_family
                && matches!(from.source, RouteSource::Igp | RouteSource::Bgp | RouteSource::Other)
        });
        let (vrfs, own) = (self.vrfs, self.instance.vrf);
        let leaks = own.is_some_and(|vrf| vrfs.imports(vrf)) || vrfs.leaks_into(own);
        let interior =
            self.device.behaviour.export_from_table.is_some() && vrfs.igps(own).next().is_some();
        hidden || leaks || interior
    }
}

/// One route among those that a session's filters were evaluated for.
pub(crate) struct Single<'t> {
    /// Its prefix.
    pub(crate) prefix: Prefix,
    /// Its AS path, where that is one.
    pub(crate) path: Option<AsPath>,
    /// All its communities, where they are known.
    pub(crate) communities: Option<Vec<Community>>,
    /// Answers to what the configuration does not say.
    pub(crate) answers: Vec<(Test<'t>, bool)>,
}

/// Sends one route through the filters of a session as all routes were sent, and tells every line that has a
/// say; more than one class where something about the route is still open.
pub(crate) fn single<'t>(
    facts: &DeviceFacts<'t>,
    session: &Session<'t>,
    (family, direction): (&SessionFamily<'t>, Direction),
    route: Single<'t>,
) -> Vec<RouteClass<'t>> {
    let (device, lists) = (&facts.device, &facts.lists);
    let (process, instance) = (facts.process(session), facts.instance(session));
    let clauses = device.policies.iter().flat_map(|policy| &policy.clauses);
    let asks_neighbor = clauses.map(|clause| &clause.condition).any(asks_neighbor);
    let leaks = leaks(device);
    let vrfs = &Vrfs::of(device);
    let drafting = Drafting { vrfs, device, lists, process, instance, asks_neighbor, leaks };
    let (Some(routes), Some(settings)) =
        (family.routes, facts.neighbor(session).families.get(family.index))
    else {
        return Vec::new();
    };
    let neighbor = session.address().filter(|_| asks_neighbor);
    let (inward, outward) = drafting.chains(settings, (routes, session.is_ebgp, neighbor));
    let chain = if direction == Direction::In { inward } else { outward };
    let (attributes, mut known, mut base) = drafting.arriving(chain);
    base.last_as = route.path.as_ref().and_then(AsPath::first);
    known.path = route.path;
    known.communities = route.communities;
    let mut evaluator = Evaluator::new(device, lists, &known, base);
    evaluator.tells_all = true;
    let mut cube = Cube::route(route.prefix, attributes);
    for (test, answer) in route.answers {
        let certain = cube.certain;
        cube = cube.with_answer(test, answer);
        cube.certain = certain;
    }
    let mut classes = evaluator.by_filters(settings.filters(direction), cube, chain.without);
    let allowed = settings.options.allowed.as_ref().filter(|_| direction == Direction::In);
    if allowed.is_some_and(|all| !all.iter().any(|range| range.contains(&route.prefix))) {
        classes.iter_mut().for_each(|class| class.verdict = Verdict::Deny);
    }
    classes
}

/// Whether routes of one VRF may be in the table of another.
fn leaks(device: &Device<'_>) -> bool {
    !device.leaks.is_empty() || device.vrfs.iter().any(|vrf| !vrf.import_policies.is_empty())
}

/// What a session without filters lets through, in and out (RFC 8212 where a statement says so).
pub(crate) fn without_filters(
    behaviour: &Behaviour,
    instance: &BgpInstance<'_>,
    settings: &NeighborFamily<'_>,
    is_ebgp: bool,
) -> (Verdict, Verdict) {
    if !is_ebgp {
        return (Verdict::Permit, Verdict::Permit);
    }
    let (own, all) = (&settings.options, &instance.tuning);
    // The neighbor's own word first, then the instance's for the direction, then for both.
    let verdict = |own: Option<Fact<bool>>, all: Option<Fact<bool>>, default| match own
        .or(all)
        .or(instance.requires_policy)
        .map(|fact| fact.value)
    {
        Some(true) => Verdict::Deny,
        Some(false) => Verdict::Permit,
        None => default,
    };
    let import = (own.refuses_without_import, all.refuses_without_import);
    let export = (own.refuses_without_export, all.refuses_without_export);
    (
        verdict(import.0, import.1, behaviour.ebgp_without_import),
        verdict(export.0, export.1, behaviour.ebgp_without_export),
    )
}

/// Local preference of routes that nothing gives one.
pub(crate) fn default_preference(behaviour: &Behaviour, instance: &BgpInstance<'_>) -> u32 {
    let configured = instance.default_local_preference.map(|fact| fact.value);
    configured.unwrap_or(behaviour.default_local_preference)
}

/// What remains where the dialect itself limits a session to some prefixes.
fn limited<'t>(evaluated: &Evaluated<'t>, allowed: &PrefixSet) -> Evaluated<'t> {
    let mut classes = Vec::new();
    for class in &evaluated.classes {
        for (space, verdict) in [
            (class.space.intersection(allowed), class.verdict),
            (class.space.difference(allowed), Verdict::Deny),
        ] {
            if !space.is_empty() {
                classes.push(RouteClass { space, verdict, ..class.clone() });
            }
        }
    }
    Evaluated::new(classes, true, evaluated.named.clone())
}

/// Gives a session whose peering is not known that of another one on the same interface.
fn share_peerings(sessions: &mut [Session<'_>]) {
    let known: Vec<(usize, Peering, bool)> = sessions
        .iter()
        .filter_map(|session| match (session.role, session.interface) {
            (Role::Azure(peering), Some(interface)) if peering != Peering::Unknown => {
                Some((interface, peering, session.certain))
            }
            _ => None,
        })
        .collect();
    for session in sessions {
        if session.role != Role::Azure(Peering::Unknown) {
            continue;
        }
        let same = known.iter().find(|(interface, ..)| Some(*interface) == session.interface);
        if let Some(&(_, peering, certain)) = same {
            session.role = Role::Azure(peering);
            session.certain = certain;
            let text =
                format!("another session of the interface is for {} peering", peering.name());
            session.evidence.push(Evidence { text: text.into(), at: None });
        }
    }
}
