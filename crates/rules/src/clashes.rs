//! Which circuits announce a prefix alike: equal length, equal prepending.
//!
//! Thousands of circuits may share thousands of prefixes, so who announces what is collected once, and circuits
//! that a route can come to are looked up by their iBGP domain and not tried one by one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use edgelint_facts::{CircuitId, Network, Reach, SharedAnnouncement, SharedMember};
use edgelint_prefix::Prefix;

/// Who announces the prefixes of a shared announcement, and how.
pub(crate) struct Clashes<'n, 't> {
    network: &'n Network<'t>,
    shared: &'n SharedAnnouncement,
    /// By prefix: places of the members that announce it, with the AS numbers put in front of it: the
    /// fewest over their links, which is the way the cloud takes.
    senders: BTreeMap<Prefix, Vec<(usize, usize)>>,
    /// By prefix: places of members with a route of their own to it, announced or not.
    owners: BTreeMap<Prefix, BTreeSet<usize>>,
    /// Places of members by where their routes are heard of.
    heard: BTreeMap<Reach, Vec<usize>>,
    /// Circuits that hear of routes from some places.
    hearers: RefCell<BTreeMap<BTreeSet<Reach>, Circuits>>,
}

/// Circuits, ascending: thousands of them may be the same for thousands of prefixes, and are then kept once.
pub(crate) type Circuits = Rc<[CircuitId]>;

impl<'n, 't> Clashes<'n, 't> {
    pub(crate) fn of(network: &'n Network<'t>, shared: &'n SharedAnnouncement) -> Self {
        let mut senders: BTreeMap<Prefix, Vec<(usize, usize)>> = BTreeMap::new();
        let mut owners: BTreeMap<Prefix, BTreeSet<usize>> = BTreeMap::new();
        let mut heard: BTreeMap<Reach, Vec<usize>> = BTreeMap::new();
        for (place, member) in shared.members.iter().enumerate() {
            for session in member.sessions.iter().map(|id| network.session(*id)) {
                for reach in network.reaches(session) {
                    let members = heard.entry(reach).or_default();
                    if members.last() != Some(&place) {
                        members.push(place);
                    }
                }
                let own = network.device(session.device).originated_in(session.vrf).iter();
                for route in own.filter(|route| shared.prefixes.contains(&route.prefix)) {
                    owners.entry(route.prefix).or_default().insert(place);
                }
                let family = session.live_family(shared.family);
                let routes = family.into_iter().flat_map(|family| &family.announcements.routes);
                for route in routes.filter(|route| shared.prefixes.contains(&route.prefix)) {
                    let senders = senders.entry(route.prefix).or_default();
                    match senders.last_mut().filter(|(known, _)| *known == place) {
                        Some((_, fewest)) => *fewest = route.prepend.len().min(*fewest),
                        None => senders.push((place, route.prepend.len())),
                    }
                }
            }
        }
        Self { network, shared, senders, owners, heard, hearers: RefCell::default() }
    }

    /// The sets of circuits that announce a prefix alike; then whether they are known to.
    pub(crate) fn on(&self, prefix: Prefix) -> Vec<(Circuits, bool)> {
        let mut by_prepends: BTreeMap<usize, Vec<CircuitId>> = BTreeMap::new();
        let senders = self.senders.get(&prefix).map_or(&[][..], Vec::as_slice);
        for &(place, prepends) in senders {
            let circuits = by_prepends.entry(prepends).or_default();
            circuits.extend(self.member(place).map(|member| member.circuit));
        }
        let mut clashes: Vec<(Circuits, bool)> = by_prepends
            .into_values()
            .filter(|circuits| circuits.len() > 1)
            .map(|circuits| (circuits.into(), true))
            .collect();
        if let (true, [(sender, _)]) = (clashes.is_empty(), senders) {
            let circuits = self.could_carry(*sender, prefix);
            if circuits.len() > 1 {
                clashes.push((circuits, false));
            }
        }
        clashes
    }

    fn member(&self, place: usize) -> Option<&'n SharedMember> {
        self.shared.members.get(place)
    }

    /// The circuits that a prefix can leave by which one of them sends: the sender, and those whose devices
    /// hear of its route and have not decided on one of their own.
    fn could_carry(&self, sender: usize, prefix: Prefix) -> Circuits {
        let Some(from) = self.member(sender) else { return Rc::default() };
        let sessions = from.sessions.iter().map(|id| self.network.session(*id));
        let reaches: BTreeSet<Reach> =
            sessions.flat_map(|session| self.network.reaches(session)).collect();
        // Places where nobody else is tell circuits apart that are alike in all else.
        let shared = |reach: &Reach| self.heard.get(reach).is_some_and(|members| members.len() > 1);
        let reaches: BTreeSet<Reach> = reaches.into_iter().filter(shared).collect();
        let mut hearers = self.hearers.borrow_mut();
        let hearers = hearers.entry(reaches).or_insert_with_key(|reaches| {
            let places = reaches.iter().filter_map(|reach| self.heard.get(reach)).flatten();
            let places: BTreeSet<usize> = places.copied().collect();
            places.into_iter().filter_map(|place| Some(self.member(place)?.circuit)).collect()
        });
        let owners = self.owners.get(&prefix).into_iter().flatten();
        let decided: Vec<CircuitId> = owners
            .filter_map(|place| self.member(*place))
            .filter(|other| other.circuit != from.circuit && !self.comes_to(from, other, prefix))
            .map(|other| other.circuit)
            .collect();
        if decided.is_empty() && hearers.binary_search(&from.circuit).is_ok() {
            return Rc::clone(hearers);
        }
        let undecided = hearers.iter().copied().filter(|circuit| !decided.contains(circuit));
        let circuits: BTreeSet<CircuitId> = undecided.chain([from.circuit]).collect();
        circuits.into_iter().collect()
    }

    /// Whether a prefix that one circuit sends can come to the devices of another.
    fn comes_to(&self, from: &SharedMember, to: &SharedMember, prefix: Prefix) -> bool {
        from.sessions.iter().any(|from| {
            let from = self.network.session(*from);
            let mut others = to.sessions.iter().map(|to| self.network.session(*to));
            others.any(|to| self.network.could_carry(from, to, prefix))
        })
    }
}
