//! Where routes come from that may leak: classes that sessions accept, on the device and over iBGP.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use edgelint_model::{Community, Direction, Verdict};
use edgelint_prefix::{Family, PrefixSet};

use crate::device::DeviceFacts;
use crate::draft::{default_preference, without_filters};
use crate::evaluate::{
    AsPath, AsPathKnown, Asked, AttributeLists, Attributes, Base, Cube, Evaluator, Given, Known,
    RouteClass, Sample,
};
use crate::leak::tables::{Crossing, Index, Scope, imported};
use crate::leak::{Place, Wanted, place};
use crate::network::{DeviceId, Network, SessionId};
use crate::session::{Role, Session, SessionFamily};

/// An AS of the public internet that none of the networks at hand is.
const SOMEBODY: u32 = 15169;

/// Two ends of iBGP over which routes come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The session by which they leave the first device.
    pub out: SessionId,
    /// The session by which they reach the second.
    pub into: SessionId,
    /// Whether the two are known to be ends of one session.
    pub meets: bool,
    /// Communities that were set on entry and do not go over iBGP.
    pub lost: Vec<Community>,
}

/// Routes as a device has them in its table, all accepted alike.
#[derive(Clone, Debug)]
pub(super) struct Arrival<'n, 't> {
    /// The sessions that accept them.
    pub(super) sources: Vec<SessionId>,
    /// Where they come from, of the first one.
    pub(super) session: &'n Session<'t>,
    /// Their prefixes.
    pub(super) space: PrefixSet,
    /// What was known of them when they arrived. Questions are those of the device they are on.
    pub(super) given: Given<'t>,
    /// What was set on them.
    pub(super) attributes: Attributes,
    /// What is usual of them.
    pub(super) sample: Sample,
    /// Whether the filters so far let only listed blocks in.
    pub(super) is_listed: bool,
    /// Whether all was understood so far.
    pub(super) certain: bool,
    /// How they came over iBGP, if they did.
    pub(super) meeting: Option<Meeting>,
    /// How they came from the table of another VRF, if they did.
    pub(super) crossing: Option<Crossing>,
}

impl<'t> Arrival<'_, 't> {
    /// The circuit and peering they come from.
    pub(super) fn place(&self) -> Place {
        place(self.session)
    }

    /// Whether a community that is on them for certain keeps them from neighbors: all, or those of other AS
    /// (RFC 1997).
    pub(super) fn is_held_back(&self, is_ebgp: bool) -> bool {
        let state = &self.attributes.lists.communities;
        let carried = |one: Community| {
            let came = !state.cleared && self.given.required.binary_search(&one).is_ok();
            state.added.contains(&one) || (came && !state.removed.contains(&one))
        };
        carried(Community::NO_ADVERTISE)
            || (is_ebgp && (carried(Community::NO_EXPORT) || carried(Community::LOCAL_AS)))
    }

    /// What is known of them where a policy of `session` looks at them.
    pub(super) fn known(&self, session: &Session<'t>, direction: Direction) -> Known<'t> {
        let local = self.meeting.is_none() && self.crossing.is_none();
        let attributes = &self.attributes;
        Known {
            as_path: AsPathKnown::NonEmpty,
            protocol: Some("bgp"),
            neighbor: self.session.address().filter(|_| local),
            next_hop: self.session.address().filter(|_| local),
            tag: attributes.tag,
            med: attributes.med,
            local_preference: attributes.local_preference,
            origin: attributes.origin,
            direction: Some(direction),
            vrf: Some(session.vrf),
            ..Known::default()
        }
    }

    /// What is known of them where a policy between two tables looks at them in that of a VRF.
    pub(super) fn known_in(&self, vrf: Option<&'t str>) -> Known<'t> {
        let attributes = &self.attributes;
        Known {
            as_path: AsPathKnown::NonEmpty,
            protocol: Some("bgp"),
            tag: attributes.tag,
            med: attributes.med,
            local_preference: attributes.local_preference,
            origin: attributes.origin,
            vrf: Some(vrf),
            ..Known::default()
        }
    }

    /// They as their neighbor sent them.
    pub(super) fn fresh(&self) -> Self {
        let sample = sample(self.session);
        let (given, attributes) = (Given::default(), Attributes::default());
        Self { given, attributes, sample, meeting: None, crossing: None, ..self.clone() }
    }

    /// They as they stand in front of a policy; of one prefix, where that is given.
    pub(super) fn cube(&self, mut cube: Cube<'t>) -> Cube<'t> {
        *cube.given = self.given.clone();
        cube.attributes.lists = self.attributes.lists.clone();
        cube.attributes.path_rewritten = self.attributes.path_rewritten;
        cube.entry = cube.attributes.clone();
        cube
    }
}

/// What is usual of the routes that a session sends.
fn sample(session: &Session<'_>) -> Sample {
    let number = session.remote_as.unwrap_or(SOMEBODY);
    let (tagger, tags): (_, &[&str]) = match session.role {
        Role::Azure(_) => {
            (Some(12076), &["12076:51004", "12076:50004", "12076:5010", "12076:52004"])
        }
        Role::Aws(_) => (Some(7224), &["7224:8100", "7224:8200", "7224:7200"]),
        _ => (None, &[]),
    };
    let behind = match session.role {
        Role::Azure(_) => [8075, 65515],
        _ => [SOMEBODY, 64512],
    };
    let alone = AsPath::of_numbers([number]);
    let paths = behind.map(|one| AsPath::of_numbers([number, one]));
    Sample { paths: std::iter::once(alone).chain(paths).collect(), tagger, tags }
}

/// Which arrivals are the same: what the sessions accept and set, and what they are for.
type SourceKey = (usize, Role, Place, Option<u32>, Option<u32>);
/// Routes of one VRF and family among devices of one AS: the AS, and the domain where it is closed.
type Interior<'t> = (u32, Option<usize>, Option<&'t str>, Family);

/// A table of routes: of a device, in a VRF and family.
type Table<'t> = (DeviceId, Option<&'t str>, Family);

/// Arrivals, each worked out when it is first asked for.
pub(super) struct Origins<'n, 't> {
    network: &'n Network<'t>,
    kind: Wanted,
    local: BTreeMap<Table<'t>, Rc<[Arrival<'n, 't>]>>,
    /// What devices pass on to others over iBGP.
    passed_on: Option<BTreeMap<Interior<'t>, Vec<Arrival<'n, 't>>>>,
    /// What devices say about exchange between their tables.
    index: Option<Rc<Index<'n, 't>>>,
    /// What is exported with a target.
    exported: BTreeMap<(Scope, &'t str, Family), Rc<[Arrival<'n, 't>]>>,
    nothing: Vec<Arrival<'n, 't>>,
}

/// More sessions are not kept apart for routes that are passed on alike: thousands of devices may do so, and
/// each that lets them out would go through all of them.
const MOST_SOURCES: usize = 64;

/// More different treatments of routes than the devices of one AS give each other; beyond it they are not
/// looked at.
pub(super) const MOST_TREATMENTS: usize = 32;

impl<'n, 't> Origins<'n, 't> {
    pub(super) fn new(network: &'n Network<'t>, kind: Wanted) -> Self {
        let (local, nothing) = (BTreeMap::new(), Vec::new());
        let exported = BTreeMap::new();
        Self { network, kind, local, passed_on: None, index: None, exported, nothing }
    }

    /// What sessions of the device itself accept.
    pub(super) fn on_device(
        &mut self,
        device: DeviceId,
        vrf: Option<&'t str>,
        routes: Family,
    ) -> Rc<[Arrival<'n, 't>]> {
        let (network, kind) = (self.network, self.kind);
        let key = (device, vrf, routes);
        let found = || accepted(network, kind, device, (vrf, routes)).into();
        Rc::clone(self.local.entry(key).or_insert_with(found))
    }

    /// What comes into a session's table from those of other VRFs, on the device and over VPN sessions.
    pub(super) fn over_vrfs(
        &mut self,
        session: &'n Session<'t>,
        routes: Family,
    ) -> Vec<Arrival<'n, 't>> {
        let (network, kind) = (self.network, self.kind);
        let is_source = |one: &Session<'t>| kind.is_source(network, one);
        let index = self.index.get_or_insert_with(|| Rc::new(Index::of(network, is_source)));
        let index = Rc::clone(index);
        let mut found = Vec::new();
        for leak in index.leaks_into(session) {
            for vrf in network.sources_of(session, leak.from, is_source) {
                let arrivals = self.on_device(session.device, vrf, routes);
                found.extend(network.leaked(session, (leak.at, leak.policy), &arrivals));
            }
        }
        let Some(vrf) = index.vrf(session) else { return found };
        let scopes = index.scopes(network, session, routes);
        for (target, at) in imported(network.device(session.device), vrf) {
            for scope in &scopes {
                let all = self.exported(&index, *scope, target, routes);
                let wanted = all.iter().filter_map(|one| without(network, one, session, *scope));
                let wanted: Vec<Arrival<'n, 't>> = wanted.collect();
                found.extend(network.imported_with(session, (vrf, target, at), &wanted));
            }
        }
        found
    }

    /// What is exported with a target.
    fn exported(
        &mut self,
        index: &Index<'n, 't>,
        scope: Scope,
        target: &'t str,
        routes: Family,
    ) -> Rc<[Arrival<'n, 't>]> {
        if let Some(known) = self.exported.get(&(scope, target, routes)) {
            return Rc::clone(known);
        }
        let mut all = Vec::new();
        for exporter in index.exporters(scope, target) {
            let own = self.on_device(exporter.device, Some(exporter.vrf.name), routes);
            for one in self.network.exported_with(exporter, target, &own) {
                merge(&mut all, one);
            }
        }
        let all: Rc<[Arrival<'n, 't>]> = all.into();
        self.exported.insert((scope, target, routes), Rc::clone(&all));
        all
    }

    /// What comes to a session's device from others of its AS.
    pub(super) fn over_ibgp(
        &mut self,
        session: &'n Session<'t>,
        routes: Family,
    ) -> Vec<Arrival<'n, 't>> {
        let Some(key) = interior(self.network, session, routes) else { return Vec::new() };
        let network = self.network;
        if self.passed_on.is_none() {
            self.passed_on = Some(self.all_passed_on());
        }
        let all = self.passed_on.as_ref();
        let arrivals = all.and_then(|all| all.get(&key)).unwrap_or(&self.nothing);
        let mut found = Vec::new();
        for arrival in arrivals {
            let sources: Vec<SessionId> = arrival
                .sources
                .iter()
                .copied()
                .filter(|id| network.session(*id).device != session.device)
                .collect();
            let Some(first) = sources.first().map(|id| network.session(*id)) else { continue };
            let arrival = Arrival { sources, session: first, ..arrival.clone() };
            found.extend(taken_in(network, &arrival, session, routes));
        }
        found
    }

    /// What devices pass on to others of their AS, those that are passed on alike together.
    fn all_passed_on(&mut self) -> BTreeMap<Interior<'t>, Vec<Arrival<'n, 't>>> {
        let (network, kind) = (self.network, self.kind);
        let mut wanted: BTreeSet<Interior<'t>> = BTreeSet::new();
        for target in network.sessions.iter().filter(|one| kind.is_target(network, one)) {
            let families = target.live_families().filter_map(|family| family.routes);
            wanted.extend(families.filter_map(|one| interior(network, target, one)));
        }
        let mut all: BTreeMap<Interior<'t>, Vec<Arrival<'n, 't>>> = BTreeMap::new();
        let mut done: BTreeSet<(DeviceId, Interior<'t>)> = BTreeSet::new();
        for source in network.sessions.iter().filter(|one| kind.is_source(network, one)) {
            for routes in source.live_families().filter_map(|family| family.routes) {
                let Some(key) = interior(network, source, routes) else { continue };
                if !wanted.contains(&key) || !done.insert((source.device, key)) {
                    continue;
                }
                let own = self.on_device(source.device, source.vrf, routes);
                let known = all.entry(key).or_default();
                for arrival in own.iter().filter(|one| !one.is_held_back(false)) {
                    for sent in sent_inside(network, arrival, routes) {
                        merge(known, sent);
                    }
                }
            }
        }
        all
    }
}

/// Routes that were exported with a target, without those that a session's own VRF exported, and of those that
/// come from other devices without its own.
fn without<'n, 't>(
    network: &'n Network<'t>,
    arrival: &Arrival<'n, 't>,
    session: &Session<'t>,
    scope: Scope,
) -> Option<Arrival<'n, 't>> {
    let counts = |one: &&Session<'t>| match scope {
        Scope::Device(_) => one.vrf != session.vrf,
        Scope::System(_) => one.device != session.device,
    };
    let sources = arrival.sources.iter().map(|id| network.session(*id)).filter(counts);
    let sources: Vec<&'n Session<'t>> = sources.collect();
    let first = sources.first().copied()?;
    let sources = sources.iter().map(|one| one.id).collect();
    Some(Arrival { sources, session: first, ..arrival.clone() })
}

/// What a session's device is joined with by iBGP in its VRF.
fn interior<'t>(
    network: &Network<'t>,
    session: &Session<'t>,
    routes: Family,
) -> Option<Interior<'t>> {
    let at = session.domain?;
    let domain = network.domains.get(at)?;
    Some((domain.local_as, (!domain.open).then_some(at), session.vrf, routes))
}

/// What sessions of a device accept, those that accept alike together.
fn accepted<'n, 't>(
    network: &'n Network<'t>,
    kind: Wanted,
    device: DeviceId,
    (vrf, routes): (Option<&'t str>, Family),
) -> Vec<Arrival<'n, 't>> {
    let mut groups: BTreeMap<SourceKey, usize> = BTreeMap::new();
    let mut sources: Vec<(Vec<SessionId>, &'n Session<'t>, &'n SessionFamily<'t>)> = Vec::new();
    let sessions = network.sessions_of(device).iter();
    for session in sessions.filter(|one| one.vrf == vrf && kind.is_source(network, one)) {
        let Some(family) = session.live_family(routes) else { continue };
        let policy = Arc::as_ptr(&family.import).addr();
        let preference = network.neighbor_family(session, family).local_preference;
        let preference = preference.map(|fact| fact.value);
        let key = (policy, session.role, place(session), session.remote_as, preference);
        let at = *groups.entry(key).or_insert(sources.len());
        match sources.get_mut(at) {
            Some((ids, ..)) => ids.push(session.id),
            None => sources.push((vec![session.id], session, family)),
        }
    }
    let mut found = Vec::new();
    for (ids, session, family) in sources {
        for class in family.import.permitted() {
            found.extend(arrival(network, &ids, (session, family), class));
        }
    }
    found
}

/// The routes of one class that a session accepts, where the neighbor can well send some.
fn arrival<'n, 't>(
    network: &'n Network<'t>,
    sources: &[SessionId],
    (session, family): (&'n Session<'t>, &'n SessionFamily<'t>),
    class: &RouteClass<'t>,
) -> Option<Arrival<'n, 't>> {
    let device = network.device(session.device);
    let mut sample = sample(session);
    let asked = asked(network, device);
    // What the inbound policy asks for beside the path is what the neighbor may have to offer.
    sample.paths = asked.paths(class, &class.given, &sample);
    if sample.paths.is_empty() {
        return None;
    }
    let mut given = (*class.given).clone();
    // AWS marks what it sends over public virtual interfaces (Direct Connect user guide, "Routing policies and BGP
    // communities").
    if session.role == Role::Aws(crate::session::Peering::Public) {
        let no_export = Community::NO_EXPORT;
        if given.forbidden.contains(&no_export) {
            return None;
        }
        if let Err(at) = given.required.binary_search(&no_export) {
            given.required.insert(at, no_export);
        }
    }
    let settings = network.neighbor_family(session, family);
    let preference = settings.local_preference.map(|fact| fact.value);
    let usual = default_preference(device.behaviour, network.instance(session));
    let mut attributes = class.attributes.clone();
    attributes.local_preference = attributes.local_preference.or(preference).or(Some(usual));
    Some(Arrival {
        sources: sources.to_vec(),
        session,
        is_listed: !super::passage::is_wide(&class.space),
        space: class.space.clone(),
        given,
        attributes,
        sample,
        certain: class.certain,
        meeting: None,
        crossing: None,
    })
}

/// Who answers questions for samples on a device.
pub(super) fn asked<'n, 't>(
    network: &'n Network<'t>,
    device: &'n DeviceFacts<'t>,
) -> Asked<'n, 't> {
    let expressions = &network.expressions;
    Asked { device: &device.device, lists: &device.lists, expressions }
}

/// What the classes of a policy make of routes that arrive at it.
pub(super) fn behind<'t>(
    network: &Network<'t>,
    arrival: &Arrival<'_, 't>,
    (session, family): (&Session<'t>, &SessionFamily<'t>),
    direction: Direction,
    cube: Cube<'t>,
) -> Vec<(RouteClass<'t>, Vec<AsPath>)> {
    let device = network.device(session.device);
    let settings = network.neighbor_family(session, family);
    let (import, export) =
        without_filters(device.behaviour, network.instance(session), settings, session.is_ebgp);
    let without: Verdict = if direction == Direction::In { import } else { export };
    let known = arrival.known(session, direction);
    let outward = direction == Direction::Out && session.is_ebgp;
    let base = Base {
        local_preference: known.local_preference,
        med: known.med.or(Base::fresh_med(device.behaviour, outward)),
        ..Base::default()
    };
    let evaluator = Evaluator::new(&device.device, &device.lists, &known, base);
    let filters = settings.filters(direction);
    let asked = asked(network, device);
    let classes = evaluator.by_filters(filters, arrival.cube(cube), without);
    classes
        .into_iter()
        .filter(RouteClass::is_permitted)
        .filter_map(|class| {
            let paths = asked.paths(&class, &arrival.given, &arrival.sample);
            (!paths.is_empty()).then_some((class, paths))
        })
        .collect()
}

/// Adds routes to those that are passed on alike.
pub(super) fn merge<'n, 't>(known: &mut Vec<Arrival<'n, 't>>, sent: Arrival<'n, 't>) {
    let same = |one: &&mut Arrival<'n, 't>| {
        one.given == sent.given
            && one.attributes.local_preference == sent.attributes.local_preference
            && one.attributes.lists == sent.attributes.lists
            && one.is_listed == sent.is_listed
            && one.certain == sent.certain
            && (one.place(), one.session.role, one.session.remote_as)
                == (sent.place(), sent.session.role, sent.session.remote_as)
    };
    let n_known = known.len();
    match known.iter_mut().find(same) {
        Some(one) => {
            if !sent.space.is_subset(&one.space) {
                one.space = one.space.union(&sent.space);
            }
            let room = MOST_SOURCES.saturating_sub(one.sources.len());
            one.sources.extend(sent.sources.iter().take(room));
        }
        None if n_known < MOST_TREATMENTS => known.push(sent),
        None => {}
    }
}

/// The iBGP sessions of a device in a VRF, one for each policy and way of sending communities.
fn inside<'n, 't>(
    network: &'n Network<'t>,
    session: &Session<'t>,
    routes: Family,
    direction: Direction,
) -> Vec<(&'n Session<'t>, &'n SessionFamily<'t>)> {
    let mut seen: Vec<(usize, bool)> = Vec::new();
    let mut found = Vec::new();
    for other in network.sessions_of(session.device) {
        if other.is_ebgp || other.vrf != session.vrf {
            continue;
        }
        let Some(family) = other.live_family(routes) else { continue };
        let policy = match direction {
            Direction::In => &family.import,
            Direction::Out => &family.export,
        };
        let key = (Arc::as_ptr(policy).addr(), sends_communities(network, other, family));
        if !seen.contains(&key) && seen.len() < MOST_TREATMENTS {
            seen.push(key);
            found.push((other, family));
        }
    }
    found
}

/// Whether communities go to an iBGP neighbor.
fn sends_communities(
    network: &Network<'_>,
    session: &Session<'_>,
    family: &SessionFamily<'_>,
) -> bool {
    let settings = &network.neighbor(session).families;
    let said = settings.get(family.index).and_then(|one| one.send_community);
    said.map_or(network.device(session.device).behaviour.sends_communities_ibgp, |fact| fact.value)
}

/// What a device sends to others of its AS of routes that it accepted.
fn sent_inside<'n, 't>(
    network: &'n Network<'t>,
    arrival: &Arrival<'n, 't>,
    routes: Family,
) -> Vec<Arrival<'n, 't>> {
    let mut found = Vec::new();
    for (session, family) in inside(network, arrival.session, routes, Direction::Out) {
        let cube = Cube::of(arrival.space.clone());
        let sends = sends_communities(network, session, family);
        for (class, paths) in behind(network, arrival, (session, family), Direction::Out, cube) {
            let mut sent = passed(arrival, class, paths);
            let mut lost = Vec::new();
            if !sends {
                let state = &mut sent.attributes.lists.communities;
                lost.append(&mut state.added);
                state.cleared = true;
                state.removed.clear();
            }
            sent.meeting = Some(Meeting { out: session.id, into: session.id, meets: false, lost });
            found.push(sent);
        }
    }
    found
}

/// What a device takes in over iBGP of routes that another one sent.
fn taken_in<'n, 't>(
    network: &'n Network<'t>,
    arrival: &Arrival<'n, 't>,
    to: &Session<'t>,
    routes: Family,
) -> Vec<Arrival<'n, 't>> {
    let mut found = Vec::new();
    for (session, family) in inside(network, to, routes, Direction::In) {
        let Some(before) = &arrival.meeting else { continue };
        let cube = Cube::of(arrival.space.clone());
        for (class, paths) in behind(network, arrival, (session, family), Direction::In, cube) {
            let peer = session.peer.map(|id| network.session(id));
            let meets = peer.is_some_and(|peer| peer.device == arrival.session.device);
            let out = session.peer.filter(|_| meets).unwrap_or(before.out);
            let meeting = Meeting { out, into: session.id, meets, lost: before.lost.clone() };
            found.push(Arrival { meeting: Some(meeting), ..passed(arrival, class, paths) });
        }
    }
    found
}

/// Routes behind an iBGP policy. Questions that were answered so far were those of another device.
pub(super) fn passed<'n, 't>(
    arrival: &Arrival<'n, 't>,
    class: RouteClass<'t>,
    paths: Vec<AsPath>,
) -> Arrival<'n, 't> {
    let Given { required, forbidden, .. } = (*class.given).clone();
    let lists: AttributeLists = (*class.attributes.lists).clone();
    let paths = paths.iter().map(|path| path.without(&lists.excluded).behind(&lists.prepend));
    let before = arrival.attributes.local_preference;
    let mut attributes = Attributes {
        local_preference: class.attributes.local_preference.or(before),
        path_rewritten: class.attributes.path_rewritten,
        ..Attributes::default()
    };
    let (prepend, excluded) = (Vec::new(), Vec::new());
    let paths = paths.collect();
    *attributes.lists = AttributeLists { prepend, excluded, ..lists };
    Arrival {
        space: class.space,
        given: Given { required, forbidden, tests: Vec::new(), as_path: None },
        attributes,
        sample: Sample { paths, ..arrival.sample.clone() },
        certain: arrival.certain && class.certain,
        ..arrival.clone()
    }
}
