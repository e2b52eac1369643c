//! Competitors elsewhere, by how their routes are preferred.
//!
//! In one AS thousands of circuits may stand beside thousands of internet sessions, and each circuit competes
//! with all of them. What a contest depends on is the same for most: the preference, what iBGP does on the
//! way, how sure all that is. Competitors that are alike in this make a group, with the union of their
//! prefixes in front, so that a session looks at a handful of groups and not at every competitor.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use edgelint_model::Direction;
use edgelint_prefix::{Family, PrefixSet};

use crate::contest::Interior;
use crate::network::{DeviceId, Network, SessionId};
use crate::preference::PreferenceClass;
use crate::session::{Role, Session, SessionFamily};

/// The competitors of every domain, and of every AS those that are heard of through routers outside the run.
#[derive(Debug, Default)]
pub(crate) struct Rivals {
    /// By domain.
    domains: Vec<Vec<Group>>,
    /// By AS, those of open domains.
    systems: BTreeMap<u32, Vec<Group>>,
}

/// What a contest depends on beside the prefixes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) family: Family,
    pub(crate) vrf: Option<String>,
    pub(crate) role: Role,
    /// What iBGP does between the competitor's router and others.
    pub(crate) into: Interior,
    pub(crate) from: Interior,
    /// Local preference that is set, and that routes end up with.
    local_preference: Option<u32>,
    pub(crate) effective_local_preference: Option<u32>,
    /// Whether the role of the session and the class are certain.
    certain: (bool, bool),
    /// Whether it is but a default route.
    only_default: bool,
}

/// Classes of routes of competitors that are preferred alike.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) kind: Kind,
    /// All their prefixes.
    pub(crate) space: PrefixSet,
    /// The classes, those of rare owners first.
    entries: Vec<Entry>,
}

/// Classes with the same prefixes: the last one, and the last one of another owner.
#[derive(Clone, Copy, Debug)]
struct Entry {
    last: Member,
    elsewhere: Option<Member>,
}

/// A class of a competitor. Its owner is its device, among the competitors of an AS its domain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) session: SessionId,
    pub(crate) class: usize,
    owner: usize,
}

impl Rivals {
    pub(crate) fn of<'t>(network: &Network<'t>) -> Self {
        let mut domains = Vec::with_capacity(network.domains.len());
        let mut systems: BTreeMap<u32, Growing<'_>> = BTreeMap::new();
        for (place, domain) in network.domains.iter().enumerate() {
            let mut own = Growing::default();
            let mut before: Option<(Reach<'t>, [Interior; 2])> = None;
            for session in domain.rivals.iter().map(|id| network.session(*id)) {
                for family in session.live_families() {
                    let Some(routes) = family.routes else { continue };
                    // Sessions of one router stand together.
                    let reach = (session.device, session.vrf, routes);
                    let known = before.filter(|(known, _)| *known == reach);
                    let (_, interior) = *before.insert(known.unwrap_or_else(|| {
                        let of = |direction| network.interior(session, routes, direction);
                        (reach, [of(Direction::In), of(Direction::Out)])
                    }));
                    for (kind, class, space) in classes(session, family, routes, interior) {
                        let member =
                            Member { session: session.id, class, owner: session.device.0 as usize };
                        if domain.open {
                            let system = systems.entry(domain.local_as).or_default();
                            system.add(kind.clone(), space, Member { owner: place, ..member });
                        }
                        own.add(kind, space, member);
                    }
                }
            }
            domains.push(own.finish());
        }
        let systems = systems.into_iter().map(|(number, growing)| (number, growing.finish()));
        Self { domains, systems: systems.collect() }
    }

    /// Groups of competitors on other devices; with each the owner that is the session's own, and whether
    /// iBGP is known to bring the routes together.
    pub(crate) fn elsewhere<'n>(
        &'n self,
        network: &Network<'_>,
        session: &Session<'_>,
    ) -> impl Iterator<Item = (&'n Group, usize, bool)> + use<'n> {
        let place = session.domain.unwrap_or(usize::MAX);
        let own = self.domains.get(place).into_iter().flatten();
        let open = network.domains.get(place).filter(|domain| domain.open);
        let system = open.and_then(|domain| self.systems.get(&domain.local_as));
        let device = session.device.0 as usize;
        own.map(move |group| (group, device, true))
            .chain(system.into_iter().flatten().map(move |group| (group, place, false)))
    }
}

impl Group {
    /// Classes that `owner` does not own, one for each set of prefixes.
    pub(crate) fn without(&self, owner: usize) -> impl Iterator<Item = Member> {
        self.entries.iter().filter_map(move |entry| {
            if entry.last.owner == owner { entry.elsewhere } else { Some(entry.last) }
        })
    }
}

/// Where a session hears iBGP.
type Reach<'t> = (DeviceId, Option<&'t str>, Family);

/// The classes of a session, with all that a contest depends on.
fn classes<'n, 't>(
    session: &'n Session<'t>,
    family: &'n SessionFamily<'t>,
    routes: Family,
    [into, from]: [Interior; 2],
) -> impl Iterator<Item = (Kind, usize, &'n PrefixSet)> {
    let kind = move |class: &PreferenceClass<'t>| Kind {
        family: routes,
        vrf: session.vrf.map(str::to_owned),
        role: session.role,
        into,
        from,
        local_preference: class.local_preference,
        effective_local_preference: class.effective_local_preference,
        certain: (session.certain, class.certain()),
        only_default: class
            .space()
            .prefixes(2)
            .is_some_and(|prefixes| prefixes.iter().all(edgelint_prefix::Prefix::is_default)),
    };
    let classes = family.preferences.iter().enumerate();
    classes.map(move |(place, class)| (kind(class), place, class.space()))
}

/// Groups while they are collected.
#[derive(Default)]
struct Growing<'n> {
    groups: BTreeMap<Kind, Classes<'n>>,
}

/// Classes of one kind, with the place of each set of prefixes among them.
type Classes<'n> = (HashMap<&'n PrefixSet, usize>, Vec<Entry>);

impl<'n> Growing<'n> {
    /// Adds a class; sessions come in the order of their ids.
    fn add(&mut self, kind: Kind, space: &'n PrefixSet, member: Member) {
        let (places, entries) = self.groups.entry(kind).or_default();
        let place = *places.entry(space).or_insert(entries.len());
        match entries.get_mut(place) {
            Some(entry) if entry.last.owner == member.owner => entry.last = member,
            Some(entry) => *entry = Entry { last: member, elsewhere: Some(entry.last) },
            None => entries.push(Entry { last: member, elsewhere: None }),
        }
    }

    fn finish(self) -> Vec<Group> {
        let group = |(kind, (places, mut entries)): (Kind, Classes<'_>)| {
            let mut owners: BTreeMap<usize, usize> = BTreeMap::new();
            for entry in &entries {
                *owners.entry(entry.last.owner).or_default() += 1;
            }
            // Whoever owns most is passed over last: a session skips what is its own.
            entries.sort_by_key(|entry| {
                (owners.get(&entry.last.owner).copied(), Reverse(entry.last.session))
            });
            Group { kind, space: PrefixSet::union_of(places.into_keys()), entries }
        };
        self.groups.into_iter().map(group).collect()
    }
}
