//! One route through the filters of one session, step by step: the answer to "why is it not sent?".

use std::net::IpAddr;

use edgelint_model::{Direction, NeighborFamily};
use edgelint_source::Span;

use crate::evaluate::{Attributes, Base, Cube, Known, RouteClass};
use crate::mark::Mark;
use crate::network::{DeviceId, Network};
use crate::trace::answer::shown;
use crate::trace::route::only;
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
    /// The route as it comes to the filters. On its way out its path is empty where the device
    /// made it.
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
        Step::Refused(why) => walk.remark = Some(why),
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

/// Where filters say nothing at all.
const UNDECIDED: &str = "the filters do not say";

/// How far a route came.
pub(super) enum Step<'t> {
    /// Refused before any filter was asked.
    Refused(&'static str),
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
        let mut carried = offer.communities.clone();
        carried.sort_unstable();
        let made_here = offer.as_path.segments.is_empty();
        let known = Known {
            path: Some(offer.as_path.clone()),
            as_path: self.arriving(offer).as_path,
            communities: Some(carried),
            has_others: !offer.others.is_empty(),
            protocol: (!made_here).then_some("bgp"),
            med: offer.med,
            local_preference: offer.local_preference.or(Some(self.default_preference())),
            origin: Some(offer.origin),
            direction: Some(Direction::Out),
            vrf: Some(self.session.vrf),
            ..Known::default()
        };
        let base = Base {
            local_preference: known.local_preference,
            med: offer.med.or(Some(0)),
            distance: None,
            last_as: offer.as_path.first(),
        };
        let mut evaluator = self.evaluator(&known, base);
        evaluator.tells_all = true;
        let cube = Cube::route(offer.prefix, Attributes::default());
        let classes = evaluator.by_filters(&settings.export, cube, self.without(settings).1);
        let Some((class, certain)) = only(classes) else {
            return Step::Refused(UNDECIDED);
        };
        let set = &class.attributes;
        let inside = |value: u32| (!self.is_ebgp()).then_some(value);
        let shown = class.is_permitted().then(|| Shown {
            prefix: offer.prefix,
            as_path: self.path(settings, &offer.as_path, &set.lists),
            local_preference: set.local_preference.or(known.local_preference).and_then(inside),
            weight: None,
            med: set.med.or(offer.med.filter(|_| made_here || !self.is_ebgp())),
            communities: self.communities(settings, &known, set),
            others: self.others(settings, &offer.others),
            certain,
        });
        Step::Through(Box::new(class), certain, shown)
    }
}
