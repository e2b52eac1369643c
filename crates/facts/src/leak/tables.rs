//! Ways between tables: routes of one VRF that come into another, by a statement that says so or because one
//! exports a route target that the other imports (RFC 4364, section 4.3.1).
//!
//! Routes that came into a VRF from another one are not handed on a second time. What was exported with one target
//! is collected once, whoever imports it: a target that thousands of VRFs share costs what one VRF does.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_model::{
    AddressFamily, CommunityMatch, Condition, Fact, Filter, Leak, LeakSource, Match, ObjectKind,
    Policy, SetAction, Step, Verdict, Vrf, VrfPolicies,
};
use edgelint_prefix::Family;
use edgelint_source::Span;

use crate::device::DeviceFacts;
use crate::evaluate::{AsPath, Base, Cube, Evaluator, RouteClass, Test};
use crate::leak::source::{Arrival, MOST_TREATMENTS, asked, merge, passed};
use crate::network::{DeviceId, Network};
use crate::session::Session;

/// How routes came from the table of one VRF into that of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// The lines that make them come, each with what it does.
    pub lines: Vec<(Span, String)>,
    /// The route target they carry, where one makes them come.
    pub target: Option<String>,
    /// Whether they come from another device, over sessions for VPN routes.
    pub elsewhere: bool,
}

/// Where a target is looked for: on one device, or among the devices of an AS that exchange VPN routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Device(DeviceId),
    System(u32),
}

/// A VRF that puts a target on its routes, and the line that does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exporter<'n, 't> {
    pub(super) device: DeviceId,
    pub(super) vrf: &'n Vrf<'t>,
    at: Span,
    /// Whether a policy puts it on what it permits, and not the VRF on all.
    by_policy: bool,
}

/// A route target without the type that some systems write in front of it.
fn plain(target: &str) -> &str {
    target.strip_prefix("target:").unwrap_or(target)
}

/// What a VRF is called in a message.
pub(super) fn table_name(vrf: Option<&str>) -> String {
    vrf.map_or_else(|| "the default VRF".to_owned(), |name| format!("VRF {name}"))
}

/// What devices say about exchange between their tables, for who asks about each table.
#[derive(Debug)]
pub(super) struct Index<'n, 't> {
    vrfs: BTreeMap<(DeviceId, &'t str), &'n Vrf<'t>>,
    leaks: BTreeMap<(DeviceId, Option<&'t str>), Vec<&'n Leak<'t>>>,
    /// The AS within which a device exchanges VPN routes of a family.
    systems: BTreeMap<(DeviceId, Family), u32>,
    exporters: BTreeMap<(Scope, &'t str), Vec<Exporter<'n, 't>>>,
}

impl<'n, 't> Index<'n, 't> {
    /// Of all devices; `is_source` tells the sessions whose routes are asked for.
    pub(super) fn of(network: &'n Network<'t>, is_source: impl Fn(&Session<'t>) -> bool) -> Self {
        let mut index = Self {
            vrfs: BTreeMap::new(),
            leaks: BTreeMap::new(),
            systems: BTreeMap::new(),
            exporters: BTreeMap::new(),
        };
        for (id, facts) in (0..).map(DeviceId).zip(&network.devices) {
            let device = &facts.device;
            index.vrfs.extend(device.vrfs.iter().map(|vrf| ((id, vrf.name), vrf)));
            for leak in &device.leaks {
                index.leaks.entry((id, leak.into)).or_default().push(leak);
            }
            if !device.vrfs.is_empty() {
                for routes in [Family::Ipv4, Family::Ipv6] {
                    let system = vpn_system(network, id, routes);
                    index.systems.extend(system.map(|system| ((id, routes), system)));
                }
            }
        }
        let mut seen: BTreeSet<(DeviceId, &'t str)> = BTreeSet::new();
        for session in network.sessions.iter().filter(|one| is_source(one)) {
            if let Some(name) = session.vrf.filter(|name| seen.insert((session.device, *name))) {
                index.add(network, session.device, name);
            }
        }
        index
    }

    /// Notes what a VRF exports.
    fn add(&mut self, network: &'n Network<'t>, id: DeviceId, name: &'t str) {
        let Some(&vrf) = self.vrfs.get(&(id, name)) else { return };
        let systems = [Family::Ipv4, Family::Ipv6].map(|routes| self.systems.get(&(id, routes)));
        let systems: BTreeSet<u32> = systems.into_iter().flatten().copied().collect();
        let facts = network.device(id);
        let here = facts.device.behaviour.joins_own_vrfs || vrf.exchanges.is_some();
        let here = here.then_some(Scope::Device(id));
        for (target, at, by_policy) in exported(facts, vrf) {
            let exporter = Exporter { device: id, vrf, at, by_policy };
            for scope in here.into_iter().chain(systems.iter().copied().map(Scope::System)) {
                self.exporters.entry((scope, target)).or_default().push(exporter);
            }
        }
    }

    /// The VRFs that export a target.
    pub(super) fn exporters(&self, scope: Scope, target: &'t str) -> &[Exporter<'n, 't>] {
        self.exporters.get(&(scope, target)).map_or(&[], Vec::as_slice)
    }

    /// The statements that put routes into a session's table.
    pub(super) fn leaks_into(&self, session: &Session<'t>) -> &[&'n Leak<'t>] {
        self.leaks.get(&(session.device, session.vrf)).map_or(&[], Vec::as_slice)
    }

    /// The VRF of a session.
    pub(super) fn vrf(&self, session: &Session<'t>) -> Option<&'n Vrf<'t>> {
        self.vrfs.get(&(session.device, session.vrf?)).copied()
    }

    /// Where what a session's VRF imports may have been exported.
    pub(super) fn scopes(
        &self,
        network: &Network<'t>,
        session: &Session<'t>,
        routes: Family,
    ) -> Vec<Scope> {
        let behaviour = network.device(session.device).behaviour;
        let exchanges = self.vrf(session).is_some_and(|vrf| vrf.exchanges.is_some());
        let here = behaviour.joins_own_vrfs || exchanges;
        let here = here.then_some(Scope::Device(session.device));
        let system = self.systems.get(&(session.device, routes)).copied().map(Scope::System);
        here.into_iter().chain(system).collect()
    }
}

/// The AS within which a device exchanges VPN routes of a family.
fn vpn_system(network: &Network<'_>, device: DeviceId, routes: Family) -> Option<u32> {
    let wanted = match routes {
        Family::Ipv4 => AddressFamily::Vpnv4,
        Family::Ipv6 => AddressFamily::Vpnv6,
    };
    let exchanges = |session: &&Session<'_>| {
        let mut families = network.neighbor(session).families.iter();
        !session.is_ebgp
            && !session.shutdown
            && families.any(|one| one.active && one.family == wanted)
    };
    network.sessions_of(device).iter().find(exchanges)?.local_as
}

/// The targets that a VRF puts on its routes, each with the line that does, and whether that is a policy's.
fn exported<'t>(facts: &DeviceFacts<'t>, vrf: &Vrf<'t>) -> Vec<(&'t str, Span, bool)> {
    let replaced = replaces(facts) && !vrf.export_policies.is_empty();
    let own = vrf.export_targets.iter().filter(|_| !replaced);
    let mut all: Vec<_> = own.map(|one| (plain(one.value), one.at(), false)).collect();
    for policy in policies(facts, &vrf.export_policies) {
        for step in policy.clauses.iter().flat_map(|clause| &clause.steps) {
            if let Step::Set(fact) = step
                && let SetAction::RouteTargets(targets) = &fact.value
            {
                all.extend(targets.iter().map(|one| (plain(one), fact.at(), true)));
            }
        }
    }
    all
}

/// The targets by which a VRF takes routes in, each with the line that asks for it.
pub(super) fn imported<'t>(facts: &DeviceFacts<'t>, vrf: &Vrf<'t>) -> BTreeMap<&'t str, Span> {
    if !replaces(facts) || vrf.import_policies.is_empty() {
        return vrf.import_targets.iter().map(|one| (plain(one.value), one.at())).collect();
    }
    let mut all = BTreeMap::new();
    for clause in policies(facts, &vrf.import_policies).flat_map(|policy| &policy.clauses) {
        asked_for(facts, &clause.condition, &mut all);
    }
    all
}

/// The policies of these names that are defined.
fn policies<'d, 't>(
    facts: &'d DeviceFacts<'t>,
    names: &'d [Fact<&'t str>],
) -> impl Iterator<Item = &'d Policy<'t>> {
    names.iter().filter_map(|name| facts.lists.policy(&facts.device, name.value))
}

/// The targets that a condition asks for.
fn asked_for<'t>(
    facts: &DeviceFacts<'t>,
    condition: &Condition<'t>,
    all: &mut BTreeMap<&'t str, Span>,
) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| asked_for(facts, part, all));
        }
        Condition::Match(fact) => {
            let Match::CommunityLists { lists, .. } = &fact.value else { return };
            for name in lists {
                let list = facts.lists.community_list(&facts.device, name.value);
                for entry in list.into_iter().flat_map(|list| &list.entries) {
                    if let CommunityMatch::Regex(text) = &entry.matches
                        && text.starts_with("target:")
                    {
                        all.insert(plain(text), fact.at());
                    }
                }
            }
        }
        Condition::Always | Condition::Not(_) => {}
    }
}

fn replaces(facts: &DeviceFacts<'_>) -> bool {
    facts.behaviour.vrf_policies == VrfPolicies::Replace
}

/// Routes that policies let into a table, on a device; all of them where there are none.
struct Passing<'p, 't> {
    device: DeviceId,
    /// The VRF whose routes they look at.
    vrf: Option<&'t str>,
    policies: &'p [Fact<&'t str>],
    /// The target that the routes carry, where one is known.
    target: Option<&'p str>,
}

impl<'t> Network<'t> {
    /// What a VRF exports of routes that arrived in it, with a target.
    pub(super) fn exported_with<'n>(
        &'n self,
        exporter: &Exporter<'n, 't>,
        target: &'t str,
        arrivals: &[Arrival<'n, 't>],
    ) -> Vec<Arrival<'n, 't>> {
        let device = self.device(exporter.device);
        let vrf = exporter.vrf;
        let kind = device.behaviour.vrf_policies;
        let policies = match (kind, exporter.by_policy) {
            (VrfPolicies::Mark, false) => &[],
            _ => &vrf.export_policies[..],
        };
        let way = Passing { device: exporter.device, vrf: Some(vrf.name), policies, target: None };
        let text =
            format!("{} puts route target {target} on its routes", table_name(Some(vrf.name)));
        let mut found = Vec::new();
        for arrival in arrivals.iter().filter(|one| !one.is_held_back(false)) {
            for mut one in self.crossed(arrival, &way) {
                let set = one.attributes.lists.unfollowed.contains(&exporter.at);
                if exporter.by_policy && !set {
                    continue;
                }
                let doubtful = matches!(kind, VrfPolicies::Mark | VrfPolicies::Unknown);
                one.certain &= vrf.export_policies.is_empty() || !doubtful;
                let target = Some(target.to_owned());
                let lines = vec![(exporter.at, text.clone())];
                one.crossing = Some(Crossing { lines, target, elsewhere: false });
                merge(&mut found, one);
            }
        }
        found
    }

    /// What a session's VRF imports of routes that carry a target.
    pub(super) fn imported_with<'n>(
        &'n self,
        session: &Session<'t>,
        (vrf, target, at): (&Vrf<'t>, &'t str, Span),
        arrivals: &[Arrival<'n, 't>],
    ) -> Vec<Arrival<'n, 't>> {
        let policies = &vrf.import_policies[..];
        let way =
            Passing { device: session.device, vrf: session.vrf, policies, target: Some(target) };
        let text =
            format!("{} takes in what carries route target {target}", table_name(session.vrf));
        let mut found = Vec::new();
        for arrival in arrivals {
            for mut one in self.crossed(arrival, &way) {
                if let Some(crossing) = &mut one.crossing {
                    crossing.lines.push((at, text.clone()));
                    crossing.elsewhere = arrival.session.device != session.device;
                }
                found.push(one);
            }
        }
        found
    }

    /// What a statement puts into a session's table of routes that arrived in another one.
    pub(super) fn leaked<'n>(
        &'n self,
        session: &Session<'t>,
        (at, policy): (Span, Option<Fact<&'t str>>),
        arrivals: &[Arrival<'n, 't>],
    ) -> Vec<Arrival<'n, 't>> {
        let mut found = Vec::new();
        for arrival in arrivals.iter().filter(|one| !one.is_held_back(false)) {
            let vrf = arrival.session.vrf;
            let policies = policy.as_slice();
            let way = Passing { device: session.device, vrf, policies, target: None };
            let (from, into) = (table_name(vrf), table_name(session.vrf));
            for mut one in self.crossed(arrival, &way) {
                let lines = vec![(at, format!("puts routes of {from} into {into}"))];
                one.crossing = Some(Crossing { lines, target: None, elsewhere: false });
                found.push(one);
            }
        }
        found
    }

    /// The tables of a device from which a statement may take routes into a session's table.
    pub(super) fn sources_of(
        &self,
        session: &Session<'t>,
        from: LeakSource<'t>,
        is_source: impl Fn(&Session<'t>) -> bool,
    ) -> Vec<Option<&'t str>> {
        match from {
            LeakSource::Elsewhere => Vec::new(),
            LeakSource::Vrf(vrf) => vec![vrf],
            LeakSource::AnyVrf => {
                let sources = self.sessions_of(session.device).iter().filter(|one| is_source(one));
                let all: BTreeSet<_> = sources.map(|one| one.vrf).collect();
                let others = all.into_iter().filter(|vrf| *vrf != session.vrf);
                others.take(MOST_TREATMENTS).collect()
            }
        }
    }

    /// What policies between two tables let pass of some routes.
    fn crossed<'n>(
        &'n self,
        arrival: &Arrival<'n, 't>,
        way: &Passing<'_, 't>,
    ) -> Vec<Arrival<'n, 't>> {
        if way.policies.is_empty() {
            return vec![arrival.clone()];
        }
        let device = self.device(way.device);
        let is_defined =
            |one: &Fact<&'t str>| device.lists.policy(&device.device, one.value).is_some();
        if !way.policies.iter().all(is_defined) {
            return Vec::new();
        }
        let known = arrival.known_in(way.vrf);
        let (local_preference, med) = (known.local_preference, known.med);
        let base = Base { local_preference, med, ..Base::default() };
        let evaluator = Evaluator::new(&device.device, &device.lists, &known, base);
        let filter = |name: &Fact<&'t str>| Filter { kind: ObjectKind::Policy, name: *name };
        let filters: Vec<Filter<'t>> = way.policies.iter().map(filter).collect();
        let cube = arrival.cube(Cube::of(arrival.space.clone()));
        let classes = evaluator.by_filters(&filters, cube, Verdict::Permit);
        let asked = asked(self, device);
        let permitted = classes.into_iter().filter(RouteClass::is_permitted);
        permitted
            .filter_map(|class| {
                let class = answered(class, way.target)?;
                let paths: Vec<AsPath> = asked.paths(&class, &arrival.given, &arrival.sample);
                (!paths.is_empty()).then(|| passed(arrival, class, paths))
            })
            .collect()
    }
}

/// A class without the questions about extended communities: it has none where the target that its routes carry
/// answers one of them otherwise. What else is asked of them is not known.
fn answered<'t>(mut class: RouteClass<'t>, target: Option<&str>) -> Option<RouteClass<'t>> {
    let fits = class.given.tests.iter().all(|(test, answer)| match (test, target) {
        (Test::CommunityRegex(text), Some(target)) if text.starts_with("target:") => {
            (plain(text) == target) == *answer
        }
        _ => true,
    });
    if !fits {
        return None;
    }
    let is_target =
        |test: &Test<'t>| matches!(test, Test::CommunityRegex(text) if text.starts_with("target:"));
    let is_open = |test: &Test<'t>| matches!(test, Test::Attribute(_));
    if class.given.tests.iter().any(|(test, _)| is_target(test) || is_open(test)) {
        class.certain &= !class.given.tests.iter().any(|(test, _)| is_open(test));
        class.given.tests.retain(|(test, _)| !is_target(test) && !is_open(test));
    }
    Some(class)
}
