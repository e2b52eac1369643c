//! What the device accepts from a peer, and with which attributes.

use edgelint_model::{Community, Direction, NeighborFamily};
use edgelint_prefix::Family;

use crate::evaluate::{AsPath, AsPathKnown, Attributes, Base, Cube, Evaluator, Known, RouteClass};
use crate::trace::Offer;
use crate::trace::route::{Held, communities, only};
use crate::trace::session::Live;

impl<'t> Live<'_, 't> {
    /// What the device holds of what the peer sends; none where that is more than the session bears,
    /// which then falls.
    pub(super) fn accept_all(&self, place: usize) -> Option<Vec<Held<'t>>> {
        let accepted: Vec<Held<'t>> =
            self.peer.routes.iter().filter_map(|offer| self.accept(place, offer)).collect();
        let exceeds = |family: Family| {
            let limit = self.family(family).and_then(|settings| settings.maximum_prefix);
            let limit = limit.map(|fact| fact.value).filter(|limit| !limit.warning_only);
            let count = accepted.iter().filter(|route| route.prefix.family() == family).count();
            limit.is_some_and(|limit| (limit.limit as usize) < count)
        };
        (!exceeds(Family::Ipv4) && !exceeds(Family::Ipv6)).then_some(accepted)
    }

    /// The route as the device holds it; none where it refuses it.
    pub(super) fn accept(&self, place: usize, offer: &Offer) -> Option<Held<'t>> {
        let settings = self.family(offer.prefix.family())?;
        if self.is_loop(settings, offer) {
            return None;
        }
        if let Some(allowed) = &settings.options.allowed
            && !allowed.iter().any(|range| range.contains(&offer.prefix))
        {
            return None;
        }
        let known = self.arriving(offer);
        let (class, certain) = only(self.imported(settings, offer, &known, false))?;
        class.is_permitted().then(|| self.held(place, settings, offer, (&class, certain)))
    }

    /// A route that the inbound filters let pass, as the device holds it.
    pub(super) fn held(
        &self,
        place: usize,
        settings: &NeighborFamily<'t>,
        offer: &Offer,
        (class, certain): (&RouteClass<'t>, bool),
    ) -> Held<'t> {
        let (set, known) = (&class.attributes, self.arriving(offer));
        let fact = |fact: Option<edgelint_model::Fact<u32>>| fact.map(|fact| fact.value);
        let carried = communities(&known, set);
        let local_preference = set.local_preference.or(fact(settings.local_preference));
        let local_preference = local_preference.or(known.local_preference);
        let shuts_down = self.device.behaviour.details.heeds_graceful_shutdown
            && self.is_ebgp()
            && carried.contains(&Community::GRACEFUL_SHUTDOWN);
        let local_preference = if shuts_down { Some(0) } else { local_preference };
        let is_set = local_preference.is_some();
        let local_preference = local_preference.unwrap_or(self.default_preference());
        let behaviour = self.device.behaviour;
        let distance = set.distance.or(fact(settings.options.distance)).or(behaviour.path_distance);
        let known = Known {
            path: Some(set.path(&known.path.clone().unwrap_or_default())),
            communities: Some(carried),
            med: set.med.or(offer.med),
            local_preference: Some(local_preference),
            origin: set.origin.or(Some(offer.origin)),
            tag: set.tag.or(known.tag),
            ..known
        };
        Held {
            preference_is_set: is_set,
            weight: set.weight.or(fact(settings.weight)).unwrap_or(0),
            distance,
            others: offer.others.clone(),
            from: Some(place),
            certain: certain && !set.path_rewritten,
            ..Held::fresh(offer.prefix, known, local_preference)
        }
    }

    /// What the inbound filters make of a route.
    pub(super) fn imported(
        &self,
        settings: &NeighborFamily<'t>,
        offer: &Offer,
        known: &Known<'t>,
        tells_all: bool,
    ) -> Vec<RouteClass<'t>> {
        let fresh = match self.device.behaviour.details.preference_starts_at_zero {
            true => 0,
            false => self.default_preference(),
        };
        let base = Base {
            local_preference: known.local_preference.or(Some(fresh)),
            med: offer.med.or(Some(0)),
            distance: self.device.behaviour.path_distance,
            last_as: self.received(offer).first(),
        };
        let device = &self.device.device;
        let mut evaluator = Evaluator::new(device, &self.device.lists, known, base);
        evaluator.tells_all = tells_all;
        let cube = Cube::route(offer.prefix, Attributes::default());
        evaluator.by_filters(&settings.import, cube, self.without(settings).0)
    }

    /// All that is known of a route as it arrives.
    pub(super) fn arriving(&self, offer: &Offer) -> Known<'t> {
        let mut carried = offer.communities.clone();
        carried.sort_unstable();
        carried.dedup();
        let empty = offer.as_path.segments.is_empty();
        // Outside the AS the attribute has no meaning (RFC 4271, section 5.1.5).
        let inside = || offer.local_preference.unwrap_or(100);
        Known {
            as_path: if empty { AsPathKnown::Empty } else { AsPathKnown::NonEmpty },
            path: Some(self.received(offer)),
            communities: Some(carried),
            has_others: !offer.others.is_empty(),
            protocol: Some("bgp"),
            neighbor: Some(self.peer.address),
            tag: Some(0),
            next_hop: Some(self.peer.address),
            med: offer.med,
            local_preference: (!self.is_ebgp()).then(inside),
            origin: Some(offer.origin),
            direction: Some(Direction::In),
            vrf: Some(self.session.vrf),
            ..Known::default()
        }
    }

    /// The path of a route as the filters see it: an AS number of the session's own may be in front.
    fn received(&self, offer: &Offer) -> AsPath {
        match self.session.local_as.filter(|_| self.puts_local_as_inward()) {
            Some(own) => offer.as_path.behind(&[own]),
            None => offer.as_path.clone(),
        }
    }

    fn puts_local_as_inward(&self) -> bool {
        self.device.behaviour.details.receives_with_local_as
            && self.is_ebgp()
            && self.neighbor.local_as.is_some()
            && !self.neighbor.local_as_mode.not_prepended
    }

    /// Whether an own AS number is in the path more often than the session allows (RFC 4271, section
    /// 9.1.2).
    pub(super) fn is_loop(&self, settings: &NeighborFamily<'t>, offer: &Offer) -> bool {
        let allowed = settings.options.allowas_in.map_or(0, |fact| fact.value) as usize;
        if self.own_as.is_some_and(|own| allowed < offer.as_path.count(own)) {
            return true;
        }
        // What the device itself put in front counts, and is allowed where nothing else is (FRR, `bgp_update`).
        let allowed = if self.puts_local_as_inward() { allowed.max(1) } else { allowed };
        self.session.local_as.is_some_and(|own| allowed < self.received(offer).count(own))
    }
}
