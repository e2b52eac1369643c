//! There are fewer public prefixes than circuits to tell apart by them.

use edgelint_facts::{CrowdedPrefixes, Session};
use edgelint_prefix::{AddressSet, Prefix};

use crate::places::{decision, route_of};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::words::{list, some_of};

rule! {
    /// ## What it does
    /// Reports circuits with public peering that announce fewer distinct public prefixes among them than they
    /// are, so that not every one can have a prefix of its own.
    ///
    /// ## Why it matters
    /// The cloud answers over a circuit that announces the address it answers to. A circuit without a prefix
    /// of its own cannot be told from the others: requests that left by it are answered by another one.
    ///
    /// ## When it is not a mistake
    /// A circuit that only stands in for another one, which it shows by prepending on everything or by its rank
    /// in `edgelint.toml`, shares that one's prefixes. Circuits that share nothing are not compared. Where the circuits share the pool
    /// that the prefix is for, too, `nat-pool-shared-across-circuits` and `prefix-on-multiple-circuits` say it all.
    ///
    /// ## Example
    /// ```text
    /// ip prefix-list ER-OSLO-OUT permit 203.0.113.0/28
    /// ip prefix-list ER-RIGA-OUT permit 203.0.113.0/28
    /// ```
    ///
    /// ## What to do
    /// Use as many public subnets as there are circuits: divide the block, or register a further one, and
    /// translate on each edge to addresses of its own subnet.
    ///
    /// ## Severity
    /// Warning; one step milder where nothing but names says which sessions make a circuit.
    ///
    /// ## Sources
    /// - Microsoft, "Plan for ExpressRoute with Power Platform": a distinct public subnet for each circuit.
    /// - Microsoft 365, "Routing with ExpressRoute", on route symmetry.
    RULE: Severity::Warning, Scope::CrossCircuit, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let splits = network.nat_split();
    for crowded in network.crowded_prefixes() {
        // Where a pool is shared with the prefix, the errors about the pool and about the prefix say it all.
        let told = |prefix: &Prefix| {
            let addresses = AddressSet::from_prefix(*prefix);
            splits.iter().any(|split| {
                crowded.circuits.iter().all(|id| split.circuits.binary_search(id).is_ok())
                    && split.addresses.overlaps(&addresses)
            })
        };
        if !crowded.prefixes.iter().all(told) {
            report(network, &crowded, found);
        }
    }
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn report(network: &Network<'_>, crowded: &CrowdedPrefixes, found: &mut Findings) {
    let names: Vec<&str> =
        crowded.circuits.iter().map(|id| network.circuit(*id).name.as_str()).collect();
    let number = match crowded.prefixes.len() {
        1 => "one public prefix".to_owned(),
        several => format!("{several} public prefixes"),
    };
    let prefixes = some_of(&crowded.prefixes, 4);
    let message = format!("circuits {} have {number} among them: {prefixes}", list(&names));
    let links = crowded.circuits.iter().flat_map(|id| {
        let circuit = network.circuit(*id);
        circuit.links.iter().map(move |link| (circuit, network.session(link.session)))
    });
    let sent = |session: &Session<'_>, name: &str| {
        let routes = crowded.prefixes.iter().filter_map(|prefix| route_of(session, *prefix));
        routes.filter_map(|route| decision(session, route, name)).collect::<Vec<_>>()
    };
    let places: Vec<_> =
        links.flat_map(|(circuit, session)| sent(session, &circuit.name)).collect();
    let Some((at, text)) = places.first() else { return };
    let draft = found.presence(*at, message, text.clone());
    draft.severity(Severity::Warning).at_most(Confidence::Likely);
    for (at, text) in places.iter().take(MOST_SHOWN) {
        draft.primary(*at, text.clone());
    }
    for id in &crowded.circuits {
        draft.circuit(*id);
        for link in &network.circuit(*id).links {
            draft.device(network.session(link.session).device);
        }
    }
    if !crowded.exact {
        draft.note("filters would let further prefixes pass, if something brought them");
    }
    if crowded.circuits.iter().any(|id| !network.circuit(*id).certain) {
        draft.lowered(
            "which sessions make a circuit was inferred: `edgelint inspect circuits` shows why",
        );
    }
    draft
        .witnesses(&crowded.prefixes)
        .object(format!("{}/public-prefixes", crowded.provider))
        .help("give every circuit a public prefix of its own, and translate to it on its edge");
}
