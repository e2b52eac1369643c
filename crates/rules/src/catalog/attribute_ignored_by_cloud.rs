//! What is written into routes towards Microsoft, and not read there.

use edgelint_facts::{Peering, Role};

use crate::outbound::{Outbound, by_clause, object};
use crate::prelude::{Confidence, Findings, Part, Scope, Severity, rule};
use crate::words::{circuit_name, list};

rule! {
    /// ## What it does
    /// Reports outbound policies towards Microsoft that set communities or a MED, and prepend nothing.
    ///
    /// ## Why it matters
    /// Microsoft does not look at communities that it is sent, and no document names the MED as a means to steer
    /// it. A preference among circuits that rests on them is none.
    ///
    /// ## When it is not a mistake
    /// Communities that are set for the enterprise itself and are not sent to the neighbor are not
    /// reported. Sent along, they do no harm.
    ///
    /// ## Example
    /// ```text
    /// route-map ER-TWO-OUT permit 10
    ///  match ip address prefix-list OWN
    ///  set metric 200
    /// ```
    ///
    /// ## What to do
    /// Prepend the own AS number on the circuit that stands by.
    ///
    /// ## Severity
    /// Info.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", support for BGP communities: those towards Microsoft are
    ///   ignored.
    /// - Azure, "Optimize ExpressRoute routing": prepending as the means to prefer a circuit.
    RULE: Severity::Info, Scope::Device, "0.1.0", parts: check
}

/// Whether communities and the MED are written.
type Written = (bool, bool);

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    let ignored = |outbound: &Outbound<'_, '_>| -> Option<Written> {
        let written = (!outbound.communities.is_empty(), outbound.med.is_some());
        (written != (false, false) && !outbound.unclear).then_some(written)
    };
    // A policy that prepends somewhere knows how it is done.
    let prepends = |outbound: Outbound<'_, '_>| !outbound.prepend.is_empty() || outbound.unclear;
    let microsoft = |role: Role| {
        matches!(role, Role::Azure(Peering::Microsoft | Peering::Private | Peering::Unknown))
    };
    let sessions = part.sessions().filter(|session| {
        microsoft(session.role) && session.is_ebgp && !Outbound::of(network, session).any(prepends)
    });
    for ((device, at, (communities, med)), (outbound, sessions)) in
        by_clause(network, sessions, ignored)
    {
        let mut what = Vec::new();
        what.extend(communities.then_some("communities"));
        what.extend(med.then_some("a MED"));
        let what = list(&what);
        let name = circuit_name(network, &sessions);
        let message = format!("{what} are set towards {name}, and Microsoft does not read them");
        let message = match communities {
            true => message,
            false => {
                format!("a MED is set towards {name}, and nothing says that Microsoft reads it")
            }
        };
        let draft = found.presence(at, message, format!("sets {what}"));
        draft.severity(Severity::Info).at_most(Confidence::Likely).device(device);
        for session in sessions.iter().map(|id| network.session(*id)) {
            draft.context(session.at, "a session that is sent it");
            if let Some(circuit) = session.circuit {
                draft.circuit(circuit);
            }
        }
        draft
            .object(object(network, outbound.session, "out"))
            .help("prepend the own AS number where the other circuit is to be preferred");
    }
}
