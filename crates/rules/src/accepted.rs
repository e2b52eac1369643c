//! Findings about routes that a session accepts: where they open, and how they end.

use edgelint_facts::{Network, PreferenceClass, Session};
use edgelint_prefix::PrefixSet;

use crate::findings::{Block, Draft, Findings};
use crate::places::preference_line;
use crate::words::preference;

/// Opens the finding: at the clause that accepts without preferring, or, where no policy is there, as
/// the absence of one.
pub(crate) fn open<'f>(
    network: &Network<'_>,
    session: &Session<'_>,
    ours: &PreferenceClass<'_>,
    message: String,
    found: &'f mut Findings,
) -> &'f mut Draft {
    match preference_line(ours) {
        Some(at) => {
            let label = format!("accepted here with {}", preference(ours));
            found.presence(at, message, label).context(session.at, "the circuit's session")
        }
        None => {
            let neighbor = network.neighbor(session);
            let block = Block { at: session.at, blind: &neighbor.blind };
            found.absence(block, message, "no inbound policy sets a preference")
        }
    }
}

/// Says what a finding is about: the circuit, the prefixes, the session.
pub(crate) fn finish(
    network: &Network<'_>,
    session: &Session<'_>,
    space: &PrefixSet,
    draft: &mut Draft,
) {
    if let Some(circuit) = session.circuit {
        draft.circuit(circuit);
    }
    draft.witnesses(space.ranges().into_iter().take(MOST_WITNESSES)).object(format!(
        "bgp:{}/vrf:{}/neighbor:{}/in",
        network.process(session).local_as.map_or(0, |local_as| local_as.value),
        session.vrf_name(),
        session.neighbor_name()
    ));
}

/// A class of routes may be a long list of ranges; the first ones stand for it.
const MOST_WITNESSES: usize = 16;
