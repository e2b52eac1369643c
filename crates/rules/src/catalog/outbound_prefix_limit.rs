//! More prefixes go to a cloud than it accepts.

use std::collections::BTreeMap;
use std::sync::Arc;

use edgelint_facts::vocabulary::Direction;
use edgelint_facts::{
    Certainty, CircuitId, DeviceId, Peering, Role, Session, SessionFamily, SessionId, Sku,
};
use edgelint_prefix::Family;

use crate::outgoing::{always_out, open_to_internet_routes, unfiltered};
use crate::places::{object_of, show_filters, show_origin};
use crate::prelude::{Confidence, Findings, Network, Scope, Severity, rule};
use crate::words::{circuit_name, on_peering};

rule! {
    /// ## What it does
    /// Counts the prefixes that a session to a cloud is sent, and reports when they come near the limit of that
    /// cloud, peering and family, when they exceed it, and when nothing bounds them.
    ///
    /// ## Why it matters
    /// A cloud drops the session when it counts more prefixes than it accepts. It comes back when there are
    /// fewer, and everything that depends on the circuit waits for that.
    ///
    /// ## When it is not a mistake
    /// Azure accepts more on private peering of Premium circuits, and AWS may have raised a limit: describe the
    /// circuit in the settings. Only prefixes that the device is known to send are counted.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  neighbor 192.0.2.2 remote-as 12076
    ///  neighbor 192.0.2.2 prefix-list OWN out
    ///  redistribute static
    /// ```
    /// with 230 static routes inside the prefixes that `OWN` permits with `le 32`.
    ///
    /// ## What to do
    /// Advertise aggregates.
    ///
    /// ## Severity
    /// Error above the limit; warning above four fifths of it, or where routes of another protocol are put into
    /// BGP unfiltered and the outbound filter does not bound them. Private peering of Azure accepts 4,000 IPv4
    /// prefixes, or 10,000 on a Premium circuit: where it is not known which, a warning above the first
    /// and an error above the second.
    ///
    /// ## Sources
    /// - Azure, "ExpressRoute routing requirements", route aggregation and prefix limits; "Azure subscription
    ///   limits": 200 on Microsoft peering, 4,000 (Premium 10,000) IPv4 and 100 IPv6 on private peering.
    /// - AWS, "Direct Connect quotas": 100 per family on private and transit, 1,000 on public virtual interfaces.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

/// What a cloud accepts: an error above the first number, a warning above the second.
#[derive(Clone, Copy)]
struct Limit {
    most: usize,
    warn: usize,
}

impl Limit {
    /// One number that is known: four fifths of it are near.
    const fn of(most: usize) -> Self {
        Self { most, warn: most / 5 * 4 }
    }
}

/// What a session may be sent in a family, where its cloud says so.
fn limit(role: Role, family: Family, sku: Option<Sku>) -> Option<Limit> {
    Some(match (role, family) {
        (Role::Azure(Peering::Microsoft), _) => Limit::of(200),
        (Role::Azure(Peering::Unknown), Family::Ipv6) => Limit { most: 200, warn: 200 },
        (Role::Azure(_), Family::Ipv6) => Limit::of(100),
        (Role::Azure(_), Family::Ipv4) => match sku {
            Some(Sku::Premium) => Limit::of(10_000),
            Some(Sku::Standard | Sku::Local) => Limit::of(4_000),
            None => Limit { most: 10_000, warn: 4_000 },
        },
        (Role::Aws(Peering::Public), _) => Limit::of(1_000),
        (Role::Aws(Peering::Private | Peering::Transit), _) => Limit::of(100),
        _ => return None,
    })
}

/// What sessions have in common that one finding tells: device, circuit, family, what they are sent.
type Cause = (DeviceId, Option<CircuitId>, Family, usize);

fn check(network: &Network<'_>, found: &mut Findings) {
    let told = open_to_internet_routes(network);
    let mut causes: BTreeMap<Cause, Vec<SessionId>> = BTreeMap::new();
    for session in network.sessions.iter().filter(|session| session.role.is_cloud()) {
        for family in session.live_families() {
            let Some(routes) = family.routes else { continue };
            let Some(limit) = limit_of(network, session, routes) else { continue };
            let count = family.announcements.routes.len();
            let open = || {
                !told.contains(&(session.id, routes))
                    && unfiltered(network, session, family).is_none()
                    && unbounded(network, session, family, limit)
            };
            if limit.warn < count || open() {
                let sent = Arc::as_ptr(&family.announcements).addr();
                let cause = (session.device, session.circuit, routes, sent);
                causes.entry(cause).or_default().push(session.id);
            }
        }
    }
    let mut causes: Vec<(Family, Vec<SessionId>)> =
        causes.into_iter().map(|((_, _, family, _), sessions)| (family, sessions)).collect();
    causes.sort_by(|a, b| a.1.cmp(&b.1));
    for (family, sessions) in &causes {
        report(network, *family, sessions, found);
    }
}

fn limit_of(network: &Network<'_>, session: &Session<'_>, family: Family) -> Option<Limit> {
    let described = session.circuit.and_then(|id| network.described(id));
    limit(session.role, family, described.and_then(|one| one.sku))
}

/// Whether another protocol's routes are put into BGP unfiltered and more of them than the limit may leave.
fn unbounded<'t>(
    network: &Network<'t>,
    session: &Session<'t>,
    family: &SessionFamily<'t>,
    limit: Limit,
) -> bool {
    network.unfiltered_sources(session, family).next().is_some()
        && always_out(family).prefixes(limit.most).is_none()
}

fn report(network: &Network<'_>, family: Family, sessions: &[SessionId], found: &mut Findings) {
    let Some(session) = sessions.first().map(|id| network.session(*id)) else { return };
    let Some(own) = session.live_family(family) else { return };
    let Some(limit) = limit_of(network, session, family) else { return };
    let routes = &own.announcements.routes;
    let (count, to) = (routes.len(), circuit_name(network, sessions));
    let peering = on_peering(session);
    let most = if limit.warn < limit.most / 5 * 4 { limit.warn } else { limit.most };
    let accepted = if limit.most < count { limit.most } else { most };
    let what = match family {
        Family::Ipv4 => "IPv4",
        Family::Ipv6 => "IPv6",
    };
    let message = match limit.warn < count {
        true => {
            format!("{to} is sent {count} {what} prefixes{peering}, where {accepted} are accepted")
        }
        false => format!(
            "nothing bounds the number of {what} prefixes sent to {to}{peering}, where {accepted} are accepted"
        ),
    };
    let draft = found.presence(session.at, message, "the circuit's session");
    draft.severity(if limit.most < count { Severity::Error } else { Severity::Warning });
    if limit.warn < count {
        let surely = routes.iter().filter(|one| one.certainty == Certainty::Certain).count();
        if surely <= limit.most.min(limit.warn) {
            draft.at_most(Confidence::Likely);
            draft.note(format!("{} of them may come from elsewhere", count - surely));
        }
        for route in routes.iter().take(MOST_SHOWN) {
            show_origin(route, draft);
        }
    } else {
        draft.at_most(Confidence::Likely);
        for (at, protocol) in network.unfiltered_sources(session, own) {
            draft.context(at, format!("all routes of {protocol} are put into BGP"));
        }
    }
    for other in sessions.iter().map(|id| network.session(*id)) {
        draft.device(other.device).primary(other.at, "the circuit's session");
        let text = format!("what is sent to neighbor {}", other.neighbor_name());
        show_filters(other, other.live_family(family), Direction::Out, text, draft);
    }
    if !session.certain {
        draft
            .lowered("the role of the session was inferred: `edgelint inspect neighbors` shows it");
    }
    if matches!(session.role, Role::Aws(_)) {
        draft.note("AWS can raise this limit");
    }
    draft.circuits.extend(session.circuit);
    draft
        .witnesses(routes.iter().take(MOST_WITNESSES).map(|route| route.prefix))
        .help("advertise aggregates: the cloud drops the session when it counts more")
        .object(object_of(network, session, Direction::Out));
}

/// Beyond this many routes the frames stop helping.
const MOST_SHOWN: usize = 3;

/// A long list of prefixes proves no more than a short one.
const MOST_WITNESSES: usize = 16;
