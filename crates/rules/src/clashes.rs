//! Which circuits announce a prefix alike: equal length, equal prepending.

use std::collections::BTreeMap;

use edgelint_facts::{CircuitId, Network, SharedAnnouncement, SharedMember};
use edgelint_prefix::Prefix;

use crate::places::route_of;

/// The sets of circuits that announce a prefix alike; then whether they are known to.
pub(crate) fn clashes(
    network: &Network<'_>,
    shared: &SharedAnnouncement,
    prefix: Prefix,
) -> Vec<(Vec<CircuitId>, bool)> {
    let mut by_prepends: BTreeMap<usize, Vec<CircuitId>> = BTreeMap::new();
    let (mut senders, mut others) = (Vec::new(), Vec::new());
    for member in &shared.members {
        match prepends(network, member, prefix) {
            Some(count) => {
                by_prepends.entry(count).or_default().push(member.circuit);
                senders.push(member);
            }
            None => others.push(member),
        }
    }
    let mut clashes: Vec<(Vec<CircuitId>, bool)> = by_prepends
        .into_values()
        .filter(|circuits| circuits.len() > 1)
        .map(|c| (c, true))
        .collect();
    if let (true, [sender]) = (clashes.is_empty(), &senders[..]) {
        others.retain(|other| could_carry(network, sender, other, prefix));
        let members = others.iter().chain([sender]).map(|member| member.circuit);
        let mut circuits: Vec<CircuitId> = members.collect();
        circuits.sort_unstable();
        if circuits.len() > 1 {
            clashes.push((circuits, false));
        }
    }
    clashes
}

/// Whether a prefix that one circuit sends can come to the devices of another.
fn could_carry(
    network: &Network<'_>,
    sender: &SharedMember,
    other: &SharedMember,
    prefix: Prefix,
) -> bool {
    let sessions = |member: &SharedMember| member.sessions.clone().into_iter();
    sessions(sender).any(|from| {
        let from = network.session(from);
        sessions(other).any(|to| network.could_carry(from, network.session(to), prefix))
    })
}

/// AS numbers put in front of a prefix on a circuit: the fewest over its links, which is the way the
/// cloud takes. `None` where it is not known to be announced there.
fn prepends(network: &Network<'_>, member: &SharedMember, prefix: Prefix) -> Option<usize> {
    let routes = member.sessions.iter().filter_map(|id| route_of(network.session(*id), prefix));
    routes.map(|route| route.prepend.len()).min()
}
