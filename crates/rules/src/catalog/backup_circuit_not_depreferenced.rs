//! A circuit is the standby for requests only: the cloud takes either.

use edgelint_facts::{Direction, Divergence, Peering};
use edgelint_prefix::Prefix;

use crate::clashes::Circuits;
use crate::directions::{State, States, highest, names, policy_word, show};
use crate::places::{decision, senders};
use crate::prelude::{Findings, Network, Scope, Severity, rule};
use crate::remedies::prepend;
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports prefixes that two circuits announce alike although requests prefer one of the circuits by
    /// local preference.
    ///
    /// ## Why it matters
    /// Only half of the design is there. Requests leave by the preferred circuit; the cloud sees two equal
    /// ways and answers over either, so the standby carries answers to requests it has never seen.
    ///
    /// ## When it is not a mistake
    /// A longer prefix on the preferred circuit, or prepending on the standby, tells the cloud what is
    /// meant. On private peering a connection weight in the cloud may do the same; no router shows it.
    ///
    /// ## Example
    /// ```text
    /// route-map ER-ONE-IN permit 10
    ///  set local-preference 200
    /// route-map ER-TWO-IN permit 10
    ///  set local-preference 150
    /// ip prefix-list ER-ONE-OUT seq 5 permit 203.0.113.0/24
    /// ip prefix-list ER-TWO-OUT seq 5 permit 203.0.113.0/24
    /// ```
    ///
    /// ## What to do
    /// Prepend the own public AS number on the standby circuit, or announce longer prefixes on the
    /// preferred one.
    ///
    /// ## Severity
    /// Warning; info on private peering. Where the prefix holds addresses of a NAT pool, or the circuits end
    /// on firewalls, `prefix-on-multiple-circuits` reports it as an error instead.
    ///
    /// ## Sources
    /// - Azure, "Designing for disaster recovery with ExpressRoute private peering", "AS path prepend".
    /// - Azure, "Optimize ExpressRoute routing": the solution by AS PATH prepending.
    RULE: Severity::Warning, Scope::CrossCircuit, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let states = States::of(network);
    let directions = network.directions().iter();
    for direction in directions.filter(|one| one.divergence == Divergence::Undecided) {
        let circuits: Circuits = direction.theirs.iter().chain(&direction.ours).copied().collect();
        let alone = |prefix: &&Prefix| states.state(network, &circuits, **prefix) == State::None;
        let prefixes: Vec<Prefix> = direction.prefixes.iter().filter(alone).copied().collect();
        report(network, &Direction { prefixes, ..direction.clone() }, found);
    }
}

fn report(network: &Network<'_>, direction: &Direction, found: &mut Findings) {
    let (Some(prefix), Some(standby)) = (direction.prefixes.first(), direction.theirs.first())
    else {
        return;
    };
    let (ours, theirs) = (names(network, &direction.ours), names(network, &direction.theirs));
    let high = highest(network, direction, &direction.ours);
    let low = highest(network, direction, &direction.theirs);
    let chosen = match (high, low) {
        (Some(high), Some(low)) if low < high => {
            format!(" by local preference ({high} against {low})")
        }
        _ => String::new(),
    };
    let what = some_of(&direction.prefixes, 4);
    let message = format!(
        "requests prefer circuit {ours} to {theirs}{chosen}, and nothing makes the cloud do so for {what}"
    );
    let place = senders(network, (*standby, direction.peering), *prefix)
        .find_map(|(session, route)| decision(session, route, &network.circuit(*standby).name));
    let Some(place) = place else { return };
    let draft = found.presence(place.0, message, place.1);
    let private = matches!(direction.peering, Peering::Private | Peering::Transit);
    draft.severity(if private { Severity::Info } else { Severity::Warning });
    if private {
        draft.note("a connection weight in the cloud may make the choice; no router shows it");
    }
    show(network, direction, draft);
    draft.help(format!(
        "prepend the own AS number in the outbound {} of {theirs}",
        policy_word(network, &direction.theirs)
    ));
    prepend(network, (&direction.theirs, direction.peering, direction.family), draft);
}
