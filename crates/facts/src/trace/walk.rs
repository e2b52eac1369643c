//! One route through the filters of one session, step by step: the answer to "why is it not sent?".

use std::net::IpAddr;

use edgelint_model::{Direction, NeighborFamily};
use edgelint_source::Span;

use crate::evaluate::{AsPath, AsPathKnown, Communities, Known, RouteClass};
use crate::mark::{Mark, Note};
use crate::network::{DeviceId, Network};
use crate::trace::answer::shown;
use crate::trace::best::{choose, keeps_back, made};
use crate::trace::export::{Came, Leaving, makes_default};
use crate::trace::route::{Held, only};
use crate::trace::session::Live;
use crate::trace::{Offer, Peer, Shown};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The other end of the session.
    pub neighbor: IpAddr,
    /// The VRF of the session; any where it is not given.
    pub vrf: Option<String>,
    /// Which way the route goes.
    pub direction: Direction,
    /// The route as it comes to the filters. On its way out its path is empty where the device makes
    /// it; communities, MED and local preference are then those that the device gives it, unless they are said.
    pub route: Offer,
}

/// A line that had a say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The statement.
    pub at: Span,
    /// What it did, in a few words without a full stop.
    pub what: String,
}

/// One way of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The device.
    pub device: DeviceId,
    /// Whether the session is shut down or carries no routes of this family, so that nothing is
    /// exchanged whatever the filters say.
    pub silent: bool,
    /// The filters on the way, in order, with the words that name them.
    pub filters: Vec<(Span, String)>,
    /// The lines that had a say, in order.
    pub stops: Vec<Stop>,
    /// Why no filter was asked, or none was there.
    pub remark: Option<&'static str>,
    /// The route behind the filters; none where it is refused.
    pub after: Option<Shown>,
    /// Whether everything on the way was understood.
    pub certain: bool,
}

/// Follows a route over every session with that neighbor, device by device.
pub fn walk(network: &Network<'_>, question: &Question) -> Vec<Walk> {
    let places = 0..u32::try_from(network.devices.len()).unwrap_or(u32::MAX);
    places.filter_map(|place| walk_on(network, DeviceId(place), question)).collect()
}

fn walk_on(network: &Network<'_>, device: DeviceId, question: &Question) -> Option<Walk> {
    let facts = network.devices.get(device.0 as usize)?;
    let range = facts.sessions.start as usize..facts.sessions.end as usize;
    let session = network.sessions.get(range)?.iter().find(|session| {
        let vrf = session.vrf.unwrap_or("default");
        session.address() == Some(question.neighbor)
            && question.vrf.as_deref().is_none_or(|wanted| wanted == vrf)
    })?;
    let peer = Peer {
        name: String::new(),
        address: question.neighbor,
        remote_as: session.remote_as.unwrap_or(0),
        router_id: None,
        vrf: question.vrf.clone(),
        routes: Vec::new(),
    };
    let live = Live::at(facts, session, &peer);
    let family = question.route.prefix.family();
    let silent = session.live_family(family).is_none();
    let settings = session.families.iter().find(|one| one.routes == Some(family));
    let settings = settings.and_then(|one| live.neighbor.families.get(one.index));
    let filters = settings.map_or(&[][..], |settings| settings.filters(question.direction));
    let mut walk = Walk {
        device,
        silent,
        filters: filters
            .iter()
            .map(|filter| (filter.name.at(), filter.name.value.to_owned()))
            .collect(),
        stops: Vec::new(),
        remark: None,
        after: None,
        certain: true,
    };
    let Some(settings) = settings else { return Some(walk) };
    if filters.is_empty() {
        walk.remark = Some("no filter on this session");
    }
    let step = match question.direction {
        Direction::In => live.walk_in(settings, &question.route),
        Direction::Out => live.walk_out(settings, &question.route),
    };
    match step {
        Step::Refused(why) => {
            walk.certain &= why != UNKNOWN_TABLE;
            walk.remark = Some(why);
        }
        Step::Replaced(made) => {
            walk.certain = made.certain;
            walk.remark = Some("a statement makes this route for the neighbor");
            walk.stops.extend(
                makes_default(settings, made.prefix).map(|statement| {
                    stop(&Mark { at: statement.at(), note: Note::DefaultOriginate })
                }),
            );
            walk.after = Some(made);
        }
        Step::Through(class, certain, after) => {
            walk.stops = class.trail.iter().map(stop).collect();
            walk.certain = certain;
            walk.after = after;
        }
    }
    Some(walk)
}

fn stop(mark: &Mark<'_>) -> Stop {
    Stop { at: mark.at, what: mark.note.to_string() }
}

/// Where a default route depends on routes that nobody named.
const UNKNOWN_TABLE: &str =
    "the policy of the statement that makes this route lets none of the device's own routes pass";

/// Where filters say nothing at all.
const UNDECIDED: &str = "the filters do not say";

/// How far a route came.
pub(super) enum Step<'t> {
    /// Refused before any filter was asked.
    Refused(&'static str),
    /// A default route that a statement makes for the neighbor stands in for it.
    Replaced(Shown),
    /// The class that the filters put it into, whether that is certain, and the route behind them.
    Through(Box<RouteClass<'t>>, bool, Option<Shown>),
}

impl<'t> Live<'_, 't> {
    fn walk_in(&self, settings: &NeighborFamily<'t>, offer: &Offer) -> Step<'t> {
        if self.is_loop(settings, offer) {
            return Step::Refused("the device's own AS number is in the path");
        }
        let known = self.arriving(offer);
        let Some((class, certain)) = only(self.imported(settings, offer, &known, true)) else {
            return Step::Refused(UNDECIDED);
        };
        let after = class.is_permitted().then(|| self.held(0, settings, offer, (&class, certain)));
        let after = after.map(|held| shown(&held));
        Step::Through(Box::new(class), certain, after)
    }

    fn walk_out(&self, settings: &NeighborFamily<'t>, offer: &Offer) -> Step<'t> {
        let (route, came) = self.offered(offer);
        if let Some(statement) = makes_default(settings, offer.prefix) {
            // Where a policy makes it, it needs to let some route pass, whichever.
            let by_policy = statement.value.policy.is_some();
            let mut held = choose(self.device, self.session.vrf, Vec::new(), &[], &[]).1;
            held.insert(0, route);
            return match self.default_route(settings, offer.prefix.family(), &held) {
                Some(made) => Step::Replaced(made),
                None if by_policy => Step::Refused(UNKNOWN_TABLE),
                None => Step::Refused("the default route for this neighbor is not made"),
            };
        }
        if let Some(why) = self.stays(settings, &route, came) {
            return Step::Refused(why);
        }
        match self.leave(settings, &route, came, true) {
            Some(Leaving { class, certain, shown }) => {
                Step::Through(Box::new(class), certain && route.certain, shown)
            }
            None => Step::Refused(UNDECIDED),
        }
    }

    /// The route that is asked about, as the device holds it. One without a path is the device's own: what is
    /// not said of it is as the device makes it.
    fn offered(&self, offer: &Offer) -> (Held<'t>, Came) {
        let mut carried = offer.communities.clone();
        carried.sort_unstable();
        carried.dedup();
        let vrf = self.session.vrf;
        let default = self.default_preference();
        if offer.as_path.segments.is_empty() {
            let known = Known {
                path: Some(AsPath::default()),
                origin: Some(offer.origin),
                ..crate::origin::local()
            };
            let fresh = || Held::fresh(offer.prefix, known, default);
            let mut route = made(self.device, vrf, offer.prefix).unwrap_or_else(fresh);
            if !carried.is_empty() {
                route.attributes.lists.communities = Communities::default();
                route.known.communities = Some(carried);
            }
            route.attributes.med = offer.med.or(route.attributes.med);
            if let Some(preference) = offer.local_preference {
                route.known.local_preference = Some(preference);
                route.local_preference = preference;
                route.preference_is_set = true;
            }
            route.others.clone_from(&offer.others);
            route.known.has_others = !offer.others.is_empty();
            return (route, Came::Here);
        }
        let known = Known {
            path: Some(offer.as_path.clone()),
            as_path: AsPathKnown::NonEmpty,
            communities: Some(carried),
            has_others: !offer.others.is_empty(),
            protocol: Some("bgp"),
            tag: Some(0),
            med: offer.med,
            local_preference: offer.local_preference.or(Some(default)),
            origin: Some(offer.origin),
            ..Known::default()
        };
        let route = Held {
            local_preference: offer.local_preference.unwrap_or(default),
            preference_is_set: offer.local_preference.is_some(),
            others: offer.others.clone(),
            suppressed: keeps_back(self.device, vrf, offer.prefix),
            ..Held::fresh(offer.prefix, known, default)
        };
        (route, Came::Outside)
    }
}
