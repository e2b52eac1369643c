//! Private AS numbers do not survive on Microsoft peering, and neither does what is prepended with them.

use edgelint_facts::{Peering, Role, is_private_as};

use crate::outbound::{Outbound, by_clause, object};
use crate::prelude::{Confidence, Findings, Part, Scope, Severity, rule};
use crate::words::circuit_name;

rule! {
    /// ## What it does
    /// Reports outbound policies towards Microsoft peering that prepend private AS numbers.
    ///
    /// ## Why it matters
    /// Microsoft takes private AS numbers out of the paths it receives on Microsoft peering. The prepended path is
    /// as short as the other one there, and traffic keeps coming over the circuit that was to stand by.
    ///
    /// ## When it is not a mistake
    /// On private peering private AS numbers stay in the path. A private AS number of the enterprise without
    /// prepending does no harm either.
    ///
    /// ## Example
    /// ```text
    /// router bgp 65010
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 route-map ER-OUT out
    /// route-map ER-OUT permit 10
    ///  set as-path prepend 65010 65010
    /// ```
    ///
    /// ## What to do
    /// Show Microsoft the registered AS number (`local-as`) and prepend that one.
    ///
    /// ## Severity
    /// Warning. With `strict-documentation`, an error for the AS numbers 64496 to 64511, which Microsoft does not
    /// allow in a path.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", public addresses and AS numbers of Microsoft peering.
    /// - Azure, "Optimize ExpressRoute routing", the note on private AS numbers.
    /// - RFC 6996: AS numbers for private use.
    RULE: Severity::Error, Scope::Device, "0.1.0", parts: check
}

/// AS numbers for documentation (RFC 5398).
const DOCUMENTATION: std::ops::RangeInclusive<u32> = 64496..=64511;

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    let strict = network.description.strict_documentation;
    let stripped = |outbound: &Outbound<'_, '_>| {
        let gone =
            |number: &&u32| is_private_as(**number) || (strict && DOCUMENTATION.contains(*number));
        outbound.prepend.iter().find(gone).copied()
    };
    let public = |role: Role| role == Role::Azure(Peering::Microsoft);
    let sessions = part.sessions().filter(|session| public(session.role));
    for ((device, at, number), (outbound, sessions)) in by_clause(network, sessions, stripped) {
        let name = circuit_name(network, &sessions);
        let refused = DOCUMENTATION.contains(&number);
        let message = match refused {
            true => format!("AS {number} is prepended towards {name}, where it is not allowed"),
            false => {
                format!("AS {number} is prepended towards {name}, where it is taken out again")
            }
        };
        let draft = found.presence(at, message, format!("prepends {number}"));
        draft.severity(if refused { Severity::Error } else { Severity::Warning }).device(device);
        for session in sessions.iter().map(|id| network.session(*id)) {
            draft.context(session.at, "a session that is sent it");
            if let Some(circuit) = session.circuit {
                draft.circuit(circuit);
            }
        }
        if let Some(own) = network.process(outbound.session).local_as {
            draft.context(own.at(), format!("the AS number of the process: {}", own.value));
        }
        if !outbound.session.certain {
            draft
                .lowered("that it is Microsoft peering was inferred: `edgelint inspect neighbors`");
        } else if !outbound.certain {
            draft.at_most(Confidence::Likely);
        }
        draft
            .object(object(network, outbound.session, "out"))
            .help("show Microsoft the registered AS number (local-as), and prepend that one");
    }
}
