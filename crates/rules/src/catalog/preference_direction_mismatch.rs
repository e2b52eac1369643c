//! Requests leave by one circuit, and the cloud answers over another.

use edgelint_facts::{Direction, Divergence, Peering};

use crate::directions::{highest, names, policy_word, prepends, show};
use crate::places::{decision, senders, show_preference};
use crate::prelude::{Findings, Network, Scope, Severity, rule};
use crate::words::{prepended, some_of};

rule! {
    /// ## What it does
    /// Reports circuits of one cloud and peering that the two sides choose differently: requests leave by
    /// the one with the higher local preference, and the cloud prefers another one for the own
    /// prefixes, because it announces them longer or with fewer prepended AS numbers.
    ///
    /// ## Why it matters
    /// Every connection leaves by one circuit and comes back by the other. A NAT or a firewall on the way
    /// sees half of it and drops the rest.
    ///
    /// ## When it is not a mistake
    /// Where each circuit is preferred for its own part of the cloud's routes, neither is preferred to the
    /// other, and nothing is reported. On private peering the cloud's side may choose by connection
    /// weight, which overrides prepending.
    ///
    /// ## Example
    /// ```text
    /// route-map ER-ONE-IN permit 10
    ///  set local-preference 200
    /// route-map ER-TWO-IN permit 10
    ///  set local-preference 150
    /// route-map ER-ONE-OUT permit 10
    ///  set as-path prepend 64500 64500
    /// route-map ER-TWO-OUT permit 10
    /// ```
    ///
    /// ## What to do
    /// Choose in one direction: the higher local preference and the fewer prepends (or the longer prefix) on
    /// the same circuit.
    ///
    /// ## Severity
    /// Error; warning on private peering where the description says that connection weights are used. One
    /// step milder where it was inferred which sessions make a circuit.
    ///
    /// ## Sources
    /// - Azure, "Designing for disaster recovery with ExpressRoute private peering", after "AS path
    ///   prepend": both sides have to prefer the same circuit.
    /// - Microsoft, "Plan for ExpressRoute with Power Platform", section on avoiding asymmetric routing.
    /// - RFC 4271, section 9.1: local preference comes before the AS path, the longest prefix before both.
    RULE: Severity::Error, Scope::CrossCircuit, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let directions = network.directions().iter();
    for direction in directions.filter(|one| one.divergence == Divergence::Opposed) {
        // Where the routers contradict the ranks of the circuits, that is the mistake.
        let rank = |id: &_| network.rank(*id);
        let ours = direction.ours.iter().filter_map(rank).min();
        let theirs = direction.theirs.iter().filter_map(rank).min();
        if !matches!((ours, theirs), (Some(ours), Some(theirs)) if theirs < ours) {
            report(network, direction, found);
        }
    }
}

fn report(network: &Network<'_>, direction: &Direction, found: &mut Findings) {
    let (Some(prefix), Some(first)) = (direction.prefixes.first(), direction.theirs.first()) else {
        return;
    };
    let (ours, theirs) = (names(network, &direction.ours), names(network, &direction.theirs));
    let high = highest(network, direction, &direction.ours);
    let low = highest(network, direction, &direction.theirs);
    let chosen = match (high, low) {
        (Some(high), Some(low)) if low < high => format!("local preference {high} against {low}"),
        _ => "as it is preferred on its router".to_owned(),
    };
    let here = prepends(network, direction, &direction.theirs, *prefix);
    let why = match (prepends(network, direction, &direction.ours, *prefix), here) {
        (Some(more), Some(less)) => {
            format!("{} there, {} on {ours}", prepended(less), prepended(more))
        }
        _ => "the longer prefix there".to_owned(),
    };
    let what = some_of(&direction.prefixes, 4);
    let message = format!(
        "requests leave by circuit {ours} ({chosen}), and answers to {what} come over {theirs} ({why})"
    );
    let sessions = network.circuit(*first).sessions(direction.peering);
    let Some(session) = sessions.map(|id| network.session(id)).next() else { return };
    let place = senders(network, (*first, direction.peering), *prefix)
        .find_map(|(session, route)| decision(session, route, &network.circuit(*first).name))
        .unwrap_or((session.at, format!("announced to {theirs}")));
    let draft = found.presence(place.0, message, place.1);
    let weighted = direction
        .theirs
        .iter()
        .chain(&direction.ours)
        .any(|id| network.described(*id).is_some_and(|one| one.weighted));
    if weighted && direction.peering == Peering::Private {
        draft.severity(Severity::Warning);
        draft.note("connection weights are used in the cloud, and may choose the other circuit");
    }
    for circuit in direction.ours.iter().take(4) {
        show_preference(network, (*circuit, direction.peering), draft);
    }
    show(network, direction, draft);
    draft.help(format!(
        "choose one circuit in both directions: set the higher local-preference in the inbound {} of {theirs}, or prepend there and not on {ours}",
        policy_word(network, &direction.theirs)
    ));
}
