//! Two states of an estate held against each other: which sessions now announce, accept or prefer differently.
//!
//! Devices are known by what they call themselves, sessions by VRF and neighbor, so that renamed files, moved lines
//! and rewritten policies are no change. What is compared is what comes of the text.

use std::collections::BTreeMap;

use edgelint_model::{Direction, Part};
use edgelint_prefix::{AddressSet, Prefix};
use edgelint_source::{Files, Span};

use crate::announce::Announced;
use crate::compare::settings::{Setting, differing, of_session};
use crate::compare::{Compared, Difference, Side, compare};
use crate::device::DeviceFacts;
use crate::nat::Edge;
use crate::network::{DeviceId, Network, SessionId};
use crate::session::{Session, SessionFamily};

/// Two states of an estate, with the texts of both.
pub struct Estates<'n, 't> {
    /// Before and after.
    pub networks: [&'n Network<'t>; 2],
    /// The texts of both.
    pub files: &'n Files,
    /// What paths of either begin with, as they are shown: the folder or file that was named.
    pub roots: [&'n str; 2],
}

/// A device that is not what it was.
pub struct DeviceChange<'n, 't> {
    /// The device before and after; one of them where it is gone or new.
    pub devices: [Option<DeviceId>; 2],
    /// Its sessions that changed, by VRF and neighbor.
    pub sessions: Vec<SessionChange<'n, 't>>,
    /// Edges whose translated addresses changed.
    pub translation: Vec<TranslationChange>,
    /// Statements that were not understood and stand on one side only.
    pub unknown: [Vec<Span>; 2],
}

/// A session that is not what it was.
pub struct SessionChange<'n, 't> {
    /// The session before and after; one of them where it is gone or new.
    pub sessions: [Option<SessionId>; 2],
    /// Settings that differ.
    pub settings: Vec<[Setting; 2]>,
    /// What is exchanged, family by family.
    pub families: Vec<FamilyChange<'n, 't>>,
}

/// What a session exchanges in a family, as far as it changed.
pub struct FamilyChange<'n, 't> {
    /// Name of the family.
    pub family: &'static str,
    /// Routes that are announced differently, in the order of their prefixes.
    pub routes: Vec<RouteChange<'n, 't>>,
    /// What outbound policies let through differently, whatever its origin.
    pub export: Compared<'t>,
    /// What is accepted or preferred differently.
    pub import: Compared<'t>,
}

/// A route that is announced differently.
#[derive(Clone, Copy)]
pub struct RouteChange<'n, 't> {
    /// Its prefix.
    pub prefix: Prefix,
    /// The route before and after.
    pub routes: [Option<&'n Announced<'t>>; 2],
}

/// An edge of a device whose translated addresses changed.
#[derive(Clone, Debug)]
pub struct TranslationChange {
    /// The edge: `internet`, the name of a circuit, `other`.
    pub edge: String,
    gained: AddressSet,
    lost: AddressSet,
    /// The statements of the pools before and after.
    pub places: [Vec<Span>; 2],
}

impl TranslationChange {
    /// Addresses that are used there now and were not.
    pub fn gained(&self) -> Vec<String> {
        self.gained.intervals().iter().map(ToString::to_string).collect()
    }

    /// Addresses that were used there and are not any more.
    pub fn lost(&self) -> Vec<String> {
        self.lost.intervals().iter().map(ToString::to_string).collect()
    }
}

impl DeviceChange<'_, '_> {
    fn is_empty(&self) -> bool {
        self.devices.iter().all(Option::is_some)
            && self.sessions.is_empty()
            && self.translation.is_empty()
            && self.unknown.iter().all(Vec::is_empty)
    }
}

impl<'t> RouteChange<'_, 't> {
    /// Whether a difference of policies says of all its prefixes what is known of single routes already.
    fn tells(all: &[Self], difference: &Difference<'t>) -> bool {
        let Some(prefixes) = difference.space.prefixes(all.len()) else { return false };
        prefixes.iter().all(|prefix| all.iter().any(|change| change.prefix == *prefix))
    }
}

impl<'n, 't> FamilyChange<'n, 't> {
    /// Differences of outbound policies beyond what the routes show.
    pub fn beyond_routes(&self) -> impl Iterator<Item = &Difference<'t>> {
        let differences = self.export.differences.iter();
        differences.filter(|one| !RouteChange::tells(&self.routes, one))
    }

    fn is_empty(&self) -> bool {
        let alike = |compared: &Compared<'_>| compared.differences.is_empty() && compared.complete;
        self.routes.is_empty() && alike(&self.export) && alike(&self.import)
    }
}

impl<'n, 't> Estates<'n, 't> {
    /// Pairs of devices: same name, else same path below the root, else the only ones there are. In the order of
    /// their names.
    pub fn pairs(&self) -> Vec<[Option<DeviceId>; 2]> {
        let names = [0, 1].map(|side| self.by(side, |device, path| name(device, path)));
        let mut pairs = Vec::new();
        let mut left: [Vec<DeviceId>; 2] = [Vec::new(), Vec::new()];
        for (name, &old) in &names[0] {
            match names[1].get(name) {
                Some(&new) => pairs.push([Some(old), Some(new)]),
                None => left[0].push(old),
            }
        }
        let gone = names[1].iter().filter(|(name, _)| !names[0].contains_key(*name));
        left[1].extend(gone.map(|(_, &new)| new));
        let paths = self.by(1, |_, path| path.to_owned());
        let [old_left, mut new_left] = left;
        for old in old_left {
            let device = self.networks[0].device(old);
            let same_path = paths.get(below(&device.path, self.roots[0])).copied();
            let only = self.networks.iter().all(|network| network.devices.len() == 1);
            let partner = match (same_path, only) {
                (Some(new), _) if new_left.contains(&new) => Some(new),
                (_, true) => new_left.first().copied(),
                _ => None,
            };
            new_left.retain(|one| Some(*one) != partner);
            pairs.push([Some(old), partner]);
        }
        pairs.extend(new_left.into_iter().map(|new| [None, Some(new)]));
        pairs.sort_by_cached_key(|&pair| (self.name(pair), pair));
        pairs
    }

    /// The name of a pair: that of the later device.
    pub fn name(&self, pair: [Option<DeviceId>; 2]) -> String {
        let [old, new] = pair;
        let of = |id: DeviceId, side: usize| {
            let device = self.networks[side].device(id);
            name(device, below(&device.path, self.roots[side]))
        };
        new.map(|id| of(id, 1)).or(old.map(|id| of(id, 0))).unwrap_or_default()
    }

    fn by(
        &self,
        side: usize,
        key: impl Fn(&DeviceFacts<'t>, &str) -> String,
    ) -> BTreeMap<String, DeviceId> {
        let root = self.roots[side];
        let devices = (0..).map(DeviceId).zip(&self.networks[side].devices);
        devices.map(|(id, one)| (key(one, below(&one.path, root)), id)).collect()
    }

    /// What changed about a pair; nothing where nothing did.
    pub fn change(&self, pair: [Option<DeviceId>; 2]) -> Option<DeviceChange<'n, 't>> {
        let [Some(old), Some(new)] = pair else {
            return Some(DeviceChange {
                devices: pair,
                sessions: Vec::new(),
                translation: Vec::new(),
                unknown: Default::default(),
            });
        };
        let devices = [self.networks[0].device(old), self.networks[1].device(new)];
        let same = self.is_same_text(devices);
        let mut change = DeviceChange {
            devices: pair,
            sessions: self.sessions([old, new], same),
            translation: self.translation([old, new]),
            unknown: Default::default(),
        };
        if !same {
            change.unknown = self.unknown(devices);
        }
        (!change.is_empty()).then_some(change)
    }

    /// Whether both were read from the same text: then what each is by itself is the same.
    fn is_same_text(&self, devices: [&DeviceFacts<'t>; 2]) -> bool {
        let [old, new] = devices.map(|device| self.files.file(device.file));
        old.zip(new).is_some_and(|(old, new)| old.text() == new.text())
            && devices[0].dialect == devices[1].dialect
            && devices[0].device.at.start == devices[1].device.at.start
    }

    fn sessions(&self, ids: [DeviceId; 2], same: bool) -> Vec<SessionChange<'n, 't>> {
        let mut all: BTreeMap<(String, String), [Vec<&'n Session<'t>>; 2]> = BTreeMap::new();
        for (side, (network, id)) in self.networks.iter().zip(ids).enumerate() {
            for session in network.sessions_of(id) {
                let key = (session.vrf_name().to_owned(), session.neighbor_name());
                all.entry(key).or_default()[side].push(session);
            }
        }
        let mut changes = Vec::new();
        for [old, new] in all.into_values() {
            for place in 0..old.len().max(new.len()) {
                let pair = [old.get(place).copied(), new.get(place).copied()];
                changes.extend(self.session(pair, same));
            }
        }
        changes
    }

    fn session(
        &self,
        pair: [Option<&'n Session<'t>>; 2],
        same: bool,
    ) -> Option<SessionChange<'n, 't>> {
        let sessions = pair.map(|one| one.map(|session| session.id));
        let mut change = SessionChange { sessions, settings: Vec::new(), families: Vec::new() };
        let [Some(old), Some(new)] = pair else {
            change.families = self.families(pair);
            return Some(change);
        };
        let [before, after] = self.networks;
        let mut known = [Vec::new(), Vec::new()];
        for (settings, (network, session)) in known.iter_mut().zip([(before, old), (after, new)]) {
            settings.extend(standing(network, session));
            if !same {
                settings.extend(of_session(network, session));
            }
        }
        let [old_settings, new_settings] = known;
        change.settings = differing(old_settings, new_settings);
        if !same {
            change.families = self.families(pair);
        }
        let changed = !change.settings.is_empty() || !change.families.is_empty();
        changed.then_some(change)
    }

    fn families(&self, pair: [Option<&'n Session<'t>>; 2]) -> Vec<FamilyChange<'n, 't>> {
        let mut all: BTreeMap<&'static str, [Option<&'n SessionFamily<'t>>; 2]> = BTreeMap::new();
        for (side, session) in pair.into_iter().enumerate() {
            let live = session.into_iter().flat_map(Session::live_families);
            for family in live.filter(|family| family.routes.is_some()) {
                all.entry(family.family.name()).or_default()[side] = Some(family);
            }
        }
        let changes = all.into_iter().map(|(family, families)| {
            let compared = |direction| match (pair, families) {
                ([Some(old), Some(new)], [Some(before), Some(after)]) => {
                    let side = |network, session, family| Side {
                        network,
                        session,
                        family,
                        texts: Some(self.files),
                    };
                    let [first, second] = self.networks;
                    compare(&[side(first, old, before), side(second, new, after)], direction)
                }
                _ => Compared::none(),
            };
            FamilyChange {
                family,
                routes: routes(families),
                export: compared(Direction::Out),
                import: compared(Direction::In),
            }
        });
        changes.filter(|change| !change.is_empty()).collect()
    }

    fn translation(&self, ids: [DeviceId; 2]) -> Vec<TranslationChange> {
        let mut edges: BTreeMap<String, [(AddressSet, Vec<Span>); 2]> = BTreeMap::new();
        for (side, (network, id)) in self.networks.iter().zip(ids).enumerate() {
            let start = network.nat.partition_point(|used| used.device < id);
            let of_device = network.nat.iter().skip(start).take_while(|used| used.device == id);
            for used in of_device.filter(|used| used.is_source()) {
                for edge in &used.edges {
                    let name = match edge.edge {
                        Edge::Internet => "internet".to_owned(),
                        Edge::Circuit(circuit) => network.circuit(circuit).name.clone(),
                        Edge::Other => "other".to_owned(),
                    };
                    let (all, places) = &mut edges.entry(name).or_default()[side];
                    *all = all.union(&used.addresses);
                    places.push(used.pool_at);
                }
            }
        }
        let changes = edges.into_iter().map(|(edge, [old, new])| TranslationChange {
            edge,
            gained: new.0.difference(&old.0),
            lost: old.0.difference(&new.0),
            places: [old.1, new.1],
        });
        let none = AddressSet::default();
        changes.filter(|change| change.gained != none || change.lost != none).collect()
    }

    /// Statements of one side that were not understood, and whose words do not stand on the other.
    fn unknown(&self, devices: [&DeviceFacts<'t>; 2]) -> [Vec<Span>; 2] {
        let words = |at: Span| {
            let text = self.files.file(at.file).map_or("", |file| file.text());
            let text = text.get(at.start as usize..at.end as usize).unwrap_or_default();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let counted = devices.map(|device| {
            let unknown = device.device.coverage.unknown.iter();
            let relevant = unknown.filter(|one| one.part != Part::Other);
            let mut all: BTreeMap<String, Vec<Span>> = BTreeMap::new();
            for one in relevant {
                all.entry(words(one.at)).or_default().push(one.at);
            }
            all
        });
        [0, 1].map(|side| {
            let mut rest = Vec::new();
            for (text, places) in &counted[side] {
                let known = counted[1 - side].get(text).map_or(0, Vec::len);
                rest.extend(places.iter().skip(known));
            }
            rest.sort_unstable();
            rest
        })
    }
}

/// What a session is for and whether it stands.
fn standing(network: &Network<'_>, session: &Session<'_>) -> Vec<Setting> {
    let circuit = session.circuit.map(|id| network.circuit(id).name.clone());
    let at = network.neighbor(session).shutdown.filter(|fact| fact.value);
    let at = at.map_or(session.at, |fact| fact.at());
    let shutdown = session.shutdown.then(|| "on".to_owned());
    vec![
        Setting { name: "shutdown", value: shutdown, at: Some(at) },
        Setting { name: "role", value: Some(session.role.name()), at: Some(session.at) },
        Setting { name: "circuit", value: circuit, at: Some(session.at) },
    ]
}

/// Routes that are announced differently.
fn routes<'n, 't>(families: [Option<&'n SessionFamily<'t>>; 2]) -> Vec<RouteChange<'n, 't>> {
    let mut all: BTreeMap<Prefix, [Option<&'n Announced<'t>>; 2]> = BTreeMap::new();
    for (side, family) in families.into_iter().enumerate() {
        let routes = family.into_iter().flat_map(|family| &family.announcements.routes);
        for route in routes {
            all.entry(route.prefix).or_default()[side] = Some(route);
        }
    }
    let differs = |[old, new]: &[Option<&Announced<'t>>; 2]| match (old, new) {
        (Some(old), Some(new)) => {
            (old.certainty, old.med, &old.prepend, &old.communities)
                != (new.certainty, new.med, &new.prepend, &new.communities)
        }
        _ => true,
    };
    let changes = all.into_iter().filter(|(_, routes)| differs(routes));
    changes.map(|(prefix, routes)| RouteChange { prefix, routes }).collect()
}

/// What a device is called; where only its path tells it apart, that below the root.
fn name(device: &DeviceFacts<'_>, below: &str) -> String {
    let (identity, path) = (device.identity.as_str(), device.path.as_str());
    if identity == path {
        return below.to_owned();
    }
    identity.replace(&format!("({path})"), &format!("({below})"))
}

/// A path below a root; the root itself where it is a file.
fn below<'p>(path: &'p str, root: &str) -> &'p str {
    let rest = path.strip_prefix(root).map(|rest| rest.trim_start_matches(['/', '\\']));
    match rest {
        Some("") => path.rsplit(['/', '\\']).next().unwrap_or(path),
        Some(rest) => rest,
        None => path,
    }
}
