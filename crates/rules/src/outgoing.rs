//! Sessions by which too much may leave: which rule speaks of them, so that one mistake gives one finding.

use std::collections::BTreeSet;

use edgelint_facts::{
    Leak, LeakKind, Network, Open, Peering, RouteClass, Session, SessionFamily, SessionId,
};
use edgelint_prefix::{Family, Prefix, PrefixSet};
use edgelint_source::Span;

use edgelint_facts::mark::decision;

/// Why a session to a cloud has no outbound filter to speak of; what `no-outbound-filter` reports. A list that
/// matches everything belongs to the rules about default routes, where it is known whether one is wanted.
pub(crate) fn unfiltered<'t>(
    network: &Network<'t>,
    session: &Session<'t>,
    family: &SessionFamily<'t>,
) -> Option<Open> {
    if !session.role.is_cloud() {
        return None;
    }
    let open = network.open_outbound(session, family)?;
    let unknown = session.role.peering() == Some(Peering::Unknown);
    match open {
        Open::NoFilter | Open::Policy(_) | Open::FallsThrough(_) => Some(open),
        Open::List(_) if unknown || session.role.provider() == Some("gcp") => Some(open),
        Open::List(_) | Open::Void => None,
    }
}

/// Leaks that are no matter of a missing outbound filter.
pub(crate) fn filtered_leaks<'n, 't>(
    network: &'n Network<'t>,
    kind: LeakKind,
) -> impl Iterator<Item = &'n Leak> {
    network.leaks(kind).iter().filter(|leak| {
        let session = leak.to.first().map(|id| network.session(*id));
        let open = session
            .and_then(|session| unfiltered(network, session, session.live_family(leak.family)?));
        open.is_none()
    })
}

/// Sessions whose outbound filters let routes from the internet pass: what else gets through there has
/// the same cause.
pub(crate) fn open_to_internet_routes(network: &Network<'_>) -> BTreeSet<(SessionId, Family)> {
    let leaks = network.leaks(LeakKind::InternetToCircuit).iter();
    leaks.flat_map(|leak| leak.to.iter().map(|to| (*to, leak.family))).collect()
}

/// The prefixes that filters let out whatever else is true of a route.
pub(crate) fn always_out(family: &SessionFamily<'_>) -> PrefixSet {
    let plain =
        |class: &&RouteClass<'_>| class.is_permitted() && class.certain && class.is_unconditional();
    PrefixSet::union_of(family.export.classes.iter().filter(plain).map(|class| &class.space))
}

/// Where filters let a prefix pass that nothing on the device originates: the entry that names it, else
/// what applies the filters.
pub(crate) fn entry_for(
    network: &Network<'_>,
    session: &Session<'_>,
    family: &SessionFamily<'_>,
    prefix: Prefix,
) -> Span {
    let trail = network.outbound_trail(session, family, prefix);
    let filter = family.export_filters.last().map(|filter| filter.name.at());
    decision(&trail).or(filter).unwrap_or(session.at)
}
