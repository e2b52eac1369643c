//! Words about directions: by which circuit requests leave and by which the cloud answers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use edgelint_facts::{CircuitId, Direction, Divergence, Network, Peering};
use edgelint_prefix::{AddressSet, Prefix};

use crate::clashes::Circuits;
use crate::findings::Draft;
use crate::places::{senders, show_announcements, show_preference};
use crate::words::list;

/// As many circuits of one side are named and shown.
const MOST_CIRCUITS: usize = 4;

/// The names of circuits.
pub(crate) fn names(network: &Network<'_>, circuits: &[CircuitId]) -> String {
    let shown = circuits.iter().take(MOST_CIRCUITS);
    let mut names: Vec<String> = shown.map(|id| network.circuit(*id).name.clone()).collect();
    if let Some(more @ 1..) = circuits.len().checked_sub(MOST_CIRCUITS) {
        names.push(format!("{more} more"));
    }
    list(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The highest local preference that a direction's peering gives the routes of circuits.
pub(crate) fn highest(
    network: &Network<'_>,
    direction: &Direction,
    circuits: &[CircuitId],
) -> Option<u32> {
    let sessions = circuits.iter().flat_map(|id| network.circuit(*id).sessions(direction.peering));
    let families = sessions.flat_map(|id| network.session(id).live_families());
    families
        .filter(|family| family.routes == Some(direction.family))
        .flat_map(|family| family.preferences.iter())
        .filter_map(|class| class.effective_local_preference)
        .max()
}

/// The fewest AS numbers that one of the circuits puts in front of a prefix.
pub(crate) fn prepends(
    network: &Network<'_>,
    direction: &Direction,
    circuits: &[CircuitId],
    prefix: Prefix,
) -> Option<usize> {
    let sent = circuits.iter().flat_map(|id| senders(network, (*id, direction.peering), prefix));
    sent.map(|(_, route)| route.prepend.len()).min()
}

/// Shows both sides of a direction, and says how sure it is.
pub(crate) fn show(network: &Network<'_>, direction: &Direction, draft: &mut Draft) {
    let (ours, theirs) = (direction.ours.iter(), direction.theirs.iter());
    let shown = || theirs.clone().take(MOST_CIRCUITS).chain(ours.clone().take(MOST_CIRCUITS));
    for circuit in shown() {
        show_announcements(network, (*circuit, direction.peering), &direction.prefixes, draft);
    }
    for circuit in shown() {
        show_preference(network, (*circuit, direction.peering), draft);
    }
    for circuit in theirs.chain(ours) {
        draft.circuit(*circuit);
    }
    if !direction.certain {
        draft.at_most(edgelint_source::view::Confidence::Likely);
    }
    let mut circuits = direction.theirs.iter().chain(&direction.ours);
    if circuits.any(|id| !network.circuit(*id).certain) {
        draft.lowered(
            "which sessions make a circuit was inferred: `edgelint inspect circuits` shows why",
        );
    }
    draft.witnesses(&direction.prefixes).object(format!(
        "{}/{}/vrf:{}/out",
        direction.provider,
        direction.peering.name(),
        direction.vrf.as_deref().unwrap_or("default")
    ));
}

/// The word that the devices of circuits have for a policy.
pub(crate) fn policy_word(network: &Network<'_>, circuits: &[CircuitId]) -> &'static str {
    let links = circuits.iter().flat_map(|id| &network.circuit(*id).links);
    let mut devices = links.map(|link| network.device(network.session(link.session).device));
    devices.next().map_or("policy", |device| device.behaviour.policy_word)
}

/// What keeps state about connections through circuits: translation, and firewalls.
pub(crate) struct States {
    translated: AddressSet,
    /// Whether circuits end in different zones: thousands of prefixes ask for the same ones, which are kept
    /// here by their place in memory.
    apart: RefCell<BTreeMap<usize, (Circuits, bool)>>,
}

/// Which state a prefix on several circuits runs into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// None that the configurations show.
    None,
    /// The circuits end in different zones of firewalls.
    Firewall,
    /// The prefix holds addresses of a pool.
    Translation,
}

impl States {
    /// Collects all addresses that translation uses, but where several edges know the translations.
    pub(crate) fn of(network: &Network<'_>) -> Self {
        let alone = network.nat.iter().filter(|one| one.shared_state.is_none());
        let translated = AddressSet::union_of(alone.map(|one| &one.addresses));
        Self { translated, apart: RefCell::default() }
    }

    /// The state that answers miss which come back over another of the circuits.
    pub(crate) fn state(
        &self,
        network: &Network<'_>,
        circuits: &Circuits,
        prefix: Prefix,
    ) -> State {
        if self.translated.overlaps(&AddressSet::from_prefix(prefix)) {
            return State::Translation;
        }
        let mut known = self.apart.borrow_mut();
        let (_, apart) = known
            .entry(Rc::as_ptr(circuits).addr())
            .or_insert_with(|| (Rc::clone(circuits), end_apart(network, circuits)));
        if *apart { State::Firewall } else { State::None }
    }
}

/// Whether circuits end in different zones of firewalls: a firewall knows a connection in all interfaces
/// of a zone, and nowhere else.
fn end_apart(network: &Network<'_>, circuits: &[CircuitId]) -> bool {
    let ends = circuits.iter().map(|circuit| {
        let links = network.circuit(*circuit).links.iter();
        let sessions = links.map(|link| network.session(link.session));
        let zone = |session| network.interface(session).and_then(|one| one.options.zone);
        let zones = sessions.filter_map(|session| Some((session.device, zone(session)?.value)));
        zones.collect::<BTreeSet<_>>()
    });
    1 < ends.collect::<BTreeSet<_>>().len()
}

/// What circuits share: cloud, peering, VRF where it counts, and the prefix.
pub(crate) type Shared<'n> = (&'static str, Peering, Option<&'n str>, Prefix);

/// Standby circuits that nothing makes the cloud avoid, by what they share with the preferred one:
/// another rule tells of those.
pub(crate) fn backups<'n>(network: &'n Network<'_>) -> BTreeMap<Shared<'n>, BTreeSet<CircuitId>> {
    let mut backups: BTreeMap<Shared<'n>, BTreeSet<CircuitId>> = BTreeMap::new();
    let directions = network.directions().iter();
    for one in directions.filter(|one| one.divergence == Divergence::Undecided) {
        for prefix in &one.prefixes {
            let shared = (one.provider, one.peering, one.vrf.as_deref(), *prefix);
            backups.entry(shared).or_default().extend(&one.theirs);
        }
    }
    backups
}
