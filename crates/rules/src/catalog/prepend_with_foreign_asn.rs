//! A prepended path names somebody else.

use edgelint_facts::{Peering, Role, is_private_as};

use crate::outbound::{Outbound, by_clause, object};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports outbound policies towards clouds and the internet that prepend an AS number which is not the
    /// enterprise's own.
    ///
    /// ## Why it matters
    /// A router drops routes whose path holds its own AS number. A number of the cloud in front of the path
    /// takes the route away altogether; any other keeps it from the network it names, and points at
    /// that network when something goes wrong.
    ///
    /// ## When it is not a mistake
    /// Numbers of all devices of the run, and those that `edgelint.toml` lists as own, are the enterprise's: after a
    /// merger there may be several.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 route-map ER-OUT out
    /// route-map ER-OUT permit 10
    ///  set as-path prepend 12076 12076
    /// ```
    ///
    /// ## What to do
    /// Prepend the own AS number. Where a number is the enterprise's, list it under `own-as` in `edgelint.toml`.
    ///
    /// ## Severity
    /// Error where it is the AS number at the other end; warning otherwise.
    ///
    /// ## Sources
    /// - RFC 4271, section 9.1.2: a path that holds the own AS number is not used.
    /// - RFC 8195 and operators' practice: prepend what is one's own.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let own = network.own_as();
    let foreign = |outbound: &Outbound<'_, '_>| {
        let session = outbound.session;
        // What is private is taken out there: another rule says so.
        let stripped = session.role == Role::Azure(Peering::Microsoft);
        let mut numbers: Vec<u32> = outbound.prepend.to_vec();
        numbers.retain(|number| own.binary_search(number).is_err());
        numbers.retain(|number| !(stripped && is_private_as(*number)));
        numbers.sort_unstable();
        numbers.dedup();
        (!numbers.is_empty()).then_some((numbers, session.remote_as))
    };
    let outside = |role: Role| role.is_cloud() || role == Role::Internet;
    let sessions = network.sessions.iter().filter(|one| one.is_ebgp && outside(one.role));
    for ((device, at, (numbers, remote)), (outbound, sessions)) in
        by_clause(network, sessions, foreign)
    {
        let session = outbound.session;
        let looped = remote.filter(|remote| numbers.contains(remote));
        let named = some_of(&numbers, 4);
        let message = match looped {
            Some(remote) => {
                format!("AS {remote} is prepended towards itself, which drops the routes")
            }
            None => format!("AS {named} is prepended, and is not the enterprise's own"),
        };
        let draft = found.presence(at, message, format!("prepends {named}"));
        draft.device(device);
        if looped.is_none() {
            draft.severity(Severity::Warning).at_most(Confidence::Likely);
        }
        if !outbound.certain {
            draft.at_most(Confidence::Likely);
        }
        for session in sessions.iter().map(|id| network.session(*id)) {
            draft.context(session.at, "a session that is sent it");
            if let Some(circuit) = session.circuit {
                draft.circuit(circuit);
            }
        }
        let own = session.local_as.map_or_else(String::new, |own| format!(" {own}"));
        draft.object(object(network, session, "out")).help(format!(
            "prepend the own AS number{own}; list further own ones under own-as in edgelint.toml"
        ));
    }
}
