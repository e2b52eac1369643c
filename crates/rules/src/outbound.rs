//! What outbound policies write into the routes that they let pass, and where.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::{Community, Verdict};
use edgelint_facts::{DeviceId, Mark, Network, Note, Peering, Session, SessionId};
use edgelint_source::Span;

/// Routes of a session that leave alike.
#[derive(Clone, Copy)]
pub(crate) struct Outbound<'n, 't> {
    /// The session.
    pub(crate) session: &'n Session<'t>,
    /// The AS numbers that are put in front of the path.
    pub(crate) prepend: &'n [u32],
    /// Communities that are set and sent.
    pub(crate) communities: &'n [Community],
    /// The MED that is set.
    pub(crate) med: Option<u32>,
    /// Whether the path is changed in another way too, or something is set that is not known.
    pub(crate) unclear: bool,
    /// Whether everything on the way was understood.
    pub(crate) certain: bool,
    /// The lines on the way.
    trail: &'n [Mark<'t>],
}

impl<'n, 't> Outbound<'n, 't> {
    /// All that a session is sent: what its policies do with routes that were learned; and, where they
    /// pick routes from the table too, what they do with those.
    pub(crate) fn of(
        network: &'n Network<'t>,
        session: &'n Session<'t>,
    ) -> impl Iterator<Item = Self> {
        let behaviour = network.device(session.device).behaviour;
        let families = session.live_families().filter(|family| family.routes.is_some());
        families.flat_map(move |family| {
            let settings = network.neighbor_family(session, family);
            let sends =
                settings.send_community.map_or(behaviour.sends_communities_ebgp, |fact| fact.value);
            let learned = family.export.permitted().map(move |class| {
                let set = &class.attributes;
                let added = set.lists.communities.added.as_slice();
                Self {
                    session,
                    prepend: &set.lists.prepend,
                    communities: if sends { added } else { &[] },
                    med: set.med,
                    unclear: set.path_rewritten || set.unclear,
                    certain: class.certain,
                    trail: &class.trail,
                }
            });
            let table = behaviour.export_from_table.is_some();
            let routes = family.announcements.routes.iter().filter(move |_| table);
            learned.chain(routes.map(move |route| Self {
                session,
                prepend: &route.prepend,
                communities: &route.communities,
                med: route.med,
                unclear: false,
                certain: route.attributes_certain,
                trail: &route.trail,
            }))
        })
    }

    /// The clause that decides: the last one on the way.
    pub(crate) fn clause(&self) -> Option<Span> {
        let permits = |note: &Note<'_>| {
            matches!(note, Note::Clause { verdict: Some(Verdict::Permit) | None, .. })
        };
        self.trail.iter().rev().find(|mark| permits(&mark.note)).map(|mark| mark.at)
    }
}

/// One cause with the sessions it concerns: a clause, by which several neighbors are sent alike.
pub(crate) type Causes<'n, 't, T> =
    BTreeMap<(DeviceId, Span, T), (Outbound<'n, 't>, Vec<SessionId>)>;

/// Sorts classes of many sessions by the clause that is their cause, and by what `told` tells of them;
/// those of which it tells nothing are left out.
pub(crate) fn by_clause<'n, 't: 'n, T: Ord>(
    network: &'n Network<'t>,
    sessions: impl Iterator<Item = &'n Session<'t>>,
    told: impl Fn(&Outbound<'n, 't>) -> Option<T>,
) -> Causes<'n, 't, T> {
    let mut causes: Causes<'n, 't, T> = BTreeMap::new();
    for outbound in sessions.flat_map(|one| Outbound::of(network, one)) {
        let (Some(at), Some(what)) = (outbound.clause(), told(&outbound)) else { continue };
        let session = outbound.session;
        let (_, sessions) =
            causes.entry((session.device, at, what)).or_insert((outbound, Vec::new()));
        if sessions.last() != Some(&session.id) {
            sessions.push(session.id);
        }
    }
    causes
}

/// What a finding about a session is about, as a symbolic path.
pub(crate) fn object(network: &Network<'_>, session: &Session<'_>, direction: &str) -> String {
    format!(
        "bgp:{}/vrf:{}/neighbor:{}/{direction}",
        network.process(session).local_as.map_or(0, |local_as| local_as.value),
        session.vrf_name(),
        session.neighbor_name()
    )
}

/// A peering, in words.
pub(crate) const fn peering_words(peering: Peering) -> &'static str {
    match peering {
        Peering::Private => "private peering",
        Peering::Microsoft => "Microsoft peering",
        Peering::Public => "public peering",
        Peering::Transit => "transit peering",
        Peering::Unknown => "its peering",
    }
}
