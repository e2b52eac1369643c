//! What the device sends to a peer, as the peer sees it.

use edgelint_model::{
    Community, DefaultOriginate, Direction, Effect, Fact, Filter, NeighborFamily, ObjectKind,
    Outcome, PrivateAs, Verdict,
};
use edgelint_prefix::{Family, Prefix};

use crate::evaluate::{
    AsPath, AttributeLists, Attributes, Base, Cube, Evaluator, Known, RouteClass, Segment,
};
use crate::origin::NOBODY;
use crate::trace::Shown;
use crate::trace::route::{Held, communities, only};
use crate::trace::session::Live;

/// Where a route comes from that may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// The device makes it.
    Here,
    /// A neighbor in another AS sent it.
    Outside,
    /// A neighbor in the own AS sent it.
    Inside {
        /// Whether that is a client of this route reflector.
        client: bool,
    },
}

/// A route behind the outbound filters.
pub(super) struct Leaving<'t> {
    /// The class that they put it into.
    pub(super) class: RouteClass<'t>,
    /// Whether that is certain.
    pub(super) certain: bool,
    /// The route as the peer sees it, where they let it pass.
    pub(super) shown: Option<Shown>,
}

impl<'t> Live<'_, 't> {
    /// What the peer is sent of the paths that won; `all` are those that did not, too.
    pub(super) fn send(
        &self,
        place: usize,
        (chosen, all): (&[Held<'t>], &[Held<'t>]),
        lives: &[Option<Live<'_, 't>>],
    ) -> Vec<Shown> {
        let mut sent: Vec<Shown> = Vec::new();
        for route in chosen {
            let family = route.prefix.family();
            let Some(settings) = self.family(family) else { continue };
            let from = route.from.and_then(|from| lives.get(from)).and_then(Option::as_ref);
            let came = match from {
                None => Came::Here,
                Some(from) if from.is_ebgp() => Came::Outside,
                Some(from) => Came::Inside { client: from.is_client(family) },
            };
            let returned = route.from == Some(place) && !self.device.behaviour.returns_routes;
            let replaced = makes_default(settings, route.prefix).is_some();
            if returned || replaced || self.stays(settings, route, came).is_some() {
                continue;
            }
            sent.extend(self.leave(settings, route, came, false).and_then(|leaving| leaving.shown));
        }
        let tried = match self.device.behaviour.details.default_looks_at_all_paths {
            true => all,
            false => chosen,
        };
        for family in [Family::Ipv4, Family::Ipv6] {
            let settings = self.family(family);
            let made = settings.and_then(|settings| self.default_route(settings, family, tried));
            sent.extend(made);
        }
        sent.sort_by_key(|route| route.prefix);
        sent
    }

    /// Why a route may not go to this peer at all, before any filter.
    pub(super) fn stays(
        &self,
        settings: &NeighborFamily<'t>,
        route: &Held<'t>,
        came: Came,
    ) -> Option<&'static str> {
        let on = |fact: Option<Fact<bool>>| fact.is_some_and(|fact| fact.value);
        // What comes from inside the AS stays, unless one of the two is a client of this route reflector
        // (RFC 4456, section 6).
        if let Came::Inside { client } = came
            && !(self.is_ebgp() || client || on(settings.route_reflector_client))
        {
            return Some("it comes from inside the AS, and neither end is a client");
        }
        let carried = communities(&route.known, &route.attributes);
        let holds = |community| carried.contains(&community);
        if holds(Community::NO_ADVERTISE) {
            return Some("it carries the community no-advertise");
        }
        if self.is_ebgp() && (holds(Community::NO_EXPORT) || holds(Community::LOCAL_AS)) {
            return Some("it carries a community that keeps it inside the AS");
        }
        if self.device.behaviour.checks_peer_as
            && self.is_ebgp()
            && route.path().first() == Some(self.remote_as)
            && !on(settings.options.advertise_peer_as)
        {
            return Some("its path begins with the neighbor's own AS number");
        }
        let lifted = || {
            let policy = lifting(settings, route);
            policy.is_some_and(|policy| self.shaped(&policy, route, None).is_some())
        };
        (route.suppressed && !lifted()).then_some("an aggregate keeps its parts from being sent")
    }

    /// The filters on a route's way out.
    fn filters(&self, settings: &NeighborFamily<'t>, route: &Held<'t>) -> Vec<Filter<'t>> {
        let skips = self.device.behaviour.details.unsuppressed_skip_policy;
        let mut filters = settings.export.clone();
        // Where nothing is sent without a policy, one that lifts a suppression does not count as such.
        let refused = filters.is_empty() && self.without(settings).1 == Verdict::Deny;
        if let Some(name) = lifting(settings, route).filter(|_| skips && !refused) {
            filters.retain(|filter| filter.kind != ObjectKind::Policy);
            filters.push(Filter { kind: ObjectKind::Policy, name });
        }
        filters
    }

    /// What a policy sets on a route that it lets pass, and whether that is certain. Additions start from the
    /// route's own values, or from others.
    fn shaped(
        &self,
        policy: &Fact<&'t str>,
        route: &Held<'t>,
        base: Option<Base>,
    ) -> Option<(Attributes, bool)> {
        let base = base.unwrap_or(Base {
            local_preference: Some(route.local_preference),
            med: route.med().or(Some(0)),
            distance: None,
            last_as: route.path().first(),
        });
        let known = route.seen();
        let evaluator = self.evaluator(&known, base);
        let cube = Cube::route(route.prefix, Attributes::default());
        let undefined = Effect::new(Outcome::DenyAll, "");
        let (class, certain) = only(evaluator.by_named_policy(policy, cube, undefined))?;
        class.is_permitted().then_some((class.attributes, certain))
    }

    pub(super) fn evaluator<'e>(&'e self, known: &'e Known<'t>, base: Base) -> Evaluator<'e, 't> {
        Evaluator::new(&self.device.device, &self.device.lists, known, base)
    }

    /// The route behind the outbound filters; none where they do not say what becomes of it.
    pub(super) fn leave(
        &self,
        settings: &NeighborFamily<'t>,
        route: &Held<'t>,
        came: Came,
        tells_all: bool,
    ) -> Option<Leaving<'t>> {
        let (known, classes) = self.judged(settings, route, came, tells_all);
        let (class, certain) = only(classes)?;
        let own = came == Came::Here;
        let preference = self.sent_preference(settings, route);
        let reflects = matches!(came, Came::Inside { .. }) && !self.is_ebgp();
        let allowed = self.instance.tuning.reflects_with_policy.is_some_and(|fact| fact.value);
        let unchanged = reflects && !allowed && self.device.behaviour.details.reflects_unchanged;
        let attributes = if unchanged { &route.attributes } else { &class.attributes };
        let med = self.sent_med(route, came);
        let med = if unchanged { med.or(Some(0)) } else { med };
        let unset_med = match self.device.behaviour.export_from_table {
            Some(_) if own && self.is_ebgp() => None,
            _ => med,
        };
        let path = known.path.clone().unwrap_or_default();
        let shown = class.is_permitted().then(|| Shown {
            as_path: self.path(settings, &path, &attributes.lists),
            local_preference: (!self.is_ebgp())
                .then(|| attributes.local_preference.unwrap_or(preference)),
            weight: None,
            med: attributes.med.or(unset_med),
            communities: self.communities(settings, &known, attributes),
            others: self.others(settings, &route.others),
            certain: certain && route.certain && !attributes.path_rewritten,
            prefix: route.prefix,
        });
        Some(Leaving { class, certain, shown })
    }

    /// What outbound filters make of a route, and what they see of it.
    pub(super) fn judged(
        &self,
        settings: &NeighborFamily<'t>,
        route: &Held<'t>,
        came: Came,
        tells_all: bool,
    ) -> (Known<'t>, Vec<RouteClass<'t>>) {
        let own = came == Came::Here;
        let med = self.sent_med(route, came);
        let fresh = Base::fresh_med(self.device.behaviour, self.is_ebgp());
        let preference = self.sent_preference(settings, route);
        let known = self.leaving(settings, route, came, preference);
        let base = Base {
            local_preference: Some(preference),
            med: if own { route.attributes.med } else { med }.or(fresh).or(Some(0)),
            distance: None,
            last_as: known.path.as_ref().and_then(AsPath::first),
        };
        let mut evaluator = self.evaluator(&known, base);
        evaluator.tells_all = tells_all;
        let cube = Cube::route(route.prefix, route.attributes.clone());
        let filters = self.filters(settings, route);
        let classes = evaluator.by_filters(&filters, cube, self.without(settings).1);
        (known, classes)
    }

    /// The MED with which a route leaves, unless a policy sets one: that of one neighboring AS is not shown to
    /// another (RFC 4271, section 5.1.4).
    fn sent_med(&self, route: &Held<'t>, came: Came) -> Option<u32> {
        if came == Came::Here || !self.is_ebgp() { route.med() } else { None }
    }

    fn sent_preference(&self, settings: &NeighborFamily<'t>, route: &Held<'t>) -> u32 {
        settings.options.sent_local_preference.map_or(route.local_preference, |fact| fact.value)
    }

    /// What outbound filters see of a route.
    fn leaving(
        &self,
        settings: &NeighborFamily<'t>,
        route: &Held<'t>,
        came: Came,
        preference: u32,
    ) -> Known<'t> {
        let details = self.device.behaviour.details;
        // Only towards the own AS does a route without local preference get the default before the policies: one
        // from another AS, an aggregate.
        let from_outside = came == Came::Outside && !route.preference_is_set;
        let without = from_outside || route.known.local_preference.is_none();
        let unset = details.preference_starts_at_zero && without && self.is_ebgp();
        let fresh_preference = details.preference_starts_at_zero.then_some(preference);
        // FRR, `subgroup_announce_check`; a path that goes on inside the AS stays.
        let path = match details.settings_before_policies && self.is_ebgp() {
            true => self.settle(settings, &route.path()),
            false => route.path(),
        };
        let no_peer = details.outbound_has_no_peer;
        Known {
            direction: Some(Direction::Out),
            vrf: Some(self.session.vrf),
            local_preference: if unset {
                Some(0)
            } else {
                route.known.local_preference.or(fresh_preference)
            },
            path: Some(path),
            neighbor: if no_peer { Some(NOBODY) } else { route.known.neighbor },
            ..route.known.clone()
        }
    }

    /// The path as the peer sees it.
    pub(super) fn path(
        &self,
        settings: &NeighborFamily<'t>,
        path: &AsPath,
        changed: &AttributeLists,
    ) -> AsPath {
        let prepend = &changed.prepend;
        if !self.is_ebgp() {
            return path.without(&changed.excluded).behind(prepend);
        }
        let path = match self.device.behaviour.details.settings_before_policies {
            true => path.outside(),
            false => self.settle(settings, path),
        };
        let path = path.without(&changed.excluded);
        let shown = self.shown_as();
        if settings.options.route_server_client.is_some_and(|fact| fact.value) {
            return path.behind(prepend);
        }
        // An AS number of a session's own stands left of the process's, unless a confederation hides that.
        let both = self.neighbor.local_as.is_some()
            && self.own_as != shown
            && !self.neighbor.local_as_mode.replaces;
        let own: Vec<u32> = shown.into_iter().chain(self.own_as.filter(|_| both)).collect();
        match self.device.behaviour.prepends_left_of_own {
            true => path.behind(&own).behind(prepend),
            false => path.behind(prepend).behind(&own),
        }
    }

    /// A path behind the neighbor's own settings.
    fn settle(&self, settings: &NeighborFamily<'t>, path: &AsPath) -> AsPath {
        let mut path = path.outside();
        let on = |fact: Option<edgelint_model::Fact<bool>>| fact.is_some_and(|fact| fact.value);
        if on(settings.options.remove_private_as) {
            path = self.without_private(&path, settings.options.private_as);
        }
        if on(settings.options.as_override)
            && let Some(own) = match self.device.behaviour.details.overrides_with_process_as {
                true => self.own_as,
                false => self.shown_as(),
            }
        {
            path = path.map(|number| if number == self.remote_as { own } else { number });
        }
        path
    }

    /// A path without private AS numbers: all of them go, or none where others are among them. The
    /// neighbor's own stays (FRR, `bgpd/bgp_route.c`, `bgp_peer_remove_private_as`).
    fn without_private(&self, path: &AsPath, mode: PrivateAs) -> AsPath {
        let goes = |number: u32| is_private(number) && number != self.remote_as;
        let only = path.numbers().is_some_and(|all| all.iter().copied().all(is_private));
        // Where the neighbor's own number is among them, they stay (Cisco, "Removing Private AS Numbers from
        // the AS Path"; NX-OS, lab `cisco_private_asn`).
        if !mode.all && (!only || 0 < path.count(self.remote_as)) {
            return path.clone();
        }
        if mode.replaced
            && let Some(own) = self.own_as
        {
            return path.map(|number| if goes(number) { own } else { number });
        }
        let numbers = path.segments.iter().flat_map(|segment| match segment {
            Segment::Number(number) => std::slice::from_ref(number),
            Segment::Set(all) | Segment::Confederation(all) => all.as_slice(),
        });
        let gone: Vec<u32> = numbers.copied().filter(|number| goes(*number)).collect();
        path.without(&gone)
    }

    /// The communities that go along.
    pub(super) fn communities(
        &self,
        settings: &NeighborFamily<'t>,
        known: &Known<'t>,
        attributes: &Attributes,
    ) -> Vec<Community> {
        let behaviour = self.device.behaviour;
        let unasked = match self.is_ebgp() {
            true => behaviour.sends_communities_ebgp,
            false => behaviour.sends_communities_ibgp,
        };
        match settings.send_community.map_or(unasked, |fact| fact.value) {
            true => communities(known, attributes),
            false => Vec::new(),
        }
    }

    /// Communities of other types that go along: with standard ones, or where a statement says so.
    pub(super) fn others(&self, settings: &NeighborFamily<'t>, carried: &[String]) -> Vec<String> {
        let behaviour = self.device.behaviour;
        let unasked = match self.is_ebgp() {
            true => behaviour.sends_communities_ebgp,
            false => behaviour.sends_communities_ibgp,
        };
        match settings.send_extended_community.map_or(unasked, |fact| fact.value) {
            true => carried.to_vec(),
            false => Vec::new(),
        }
    }

    /// The default route that a statement makes for this peer alone; its policy is shown `chosen`.
    pub(super) fn default_route(
        &self,
        settings: &NeighborFamily<'t>,
        family: Family,
        chosen: &[Held<'t>],
    ) -> Option<Shown> {
        let originate = settings.options.default_originate?;
        let address = match family {
            Family::Ipv4 => std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
            Family::Ipv6 => std::net::IpAddr::V6(std::net::Ipv6Addr::UNSPECIFIED),
        };
        let prefix = Prefix::new(address, 0)?;
        // Some systems send one only while they have one (EOS without `always`).
        let needs = settings.options.default_needs_route.is_some_and(|fact| fact.value);
        if needs && !chosen.iter().any(|route| route.prefix == prefix) {
            return None;
        }
        let known = Known { path: Some(AsPath::default()), ..crate::origin::local() };
        let mut attributes = Attributes::default();
        let mut certain = true;
        if let Some(policy) = originate.value.policy {
            // It is sent as long as the policy lets some route pass, with what the policy sets on it.
            let of_family = chosen.iter().filter(|route| route.prefix.family() == family);
            let base = Base {
                local_preference: Some(self.default_preference()),
                med: self.device.behaviour.network_med.or(Some(0)),
                ..Base::default()
            };
            let shaped = |route| self.shaped(&policy, route, Some(base));
            let mut passing = of_family.filter_map(shaped);
            let (set, sure) = passing.next()?;
            (attributes, certain) = (set, sure);
        }
        if !self.device.behaviour.default_originate_unfiltered {
            let evaluator = self.evaluator(&known, Base::default());
            let cube = Cube::route(prefix, attributes);
            let classes = evaluator.by_filters(&settings.export, cube, self.without(settings).1);
            let (class, sure) = only(classes)?;
            if !class.is_permitted() {
                return None;
            }
            certain &= sure;
            attributes = class.attributes;
        }
        Some(Shown {
            prefix,
            as_path: self.path(settings, &AsPath::default(), &attributes.lists),
            local_preference: (!self.is_ebgp())
                .then(|| attributes.local_preference.unwrap_or(self.default_preference())),
            weight: None,
            med: attributes.med.or(self.device.behaviour.network_med),
            communities: self.communities(settings, &known, &attributes),
            others: Vec::new(),
            certain,
        })
    }
}

/// The statement that makes a default route for the neighbor, which then stands in for any other.
pub(super) fn makes_default<'t>(
    settings: &NeighborFamily<'t>,
    prefix: Prefix,
) -> Option<Fact<DefaultOriginate<'t>>> {
    settings.options.default_originate.filter(|_| prefix.is_default())
}

/// The policy that may lift the suppression of an aggregate's part for this peer.
fn lifting<'t>(settings: &NeighborFamily<'t>, route: &Held<'t>) -> Option<Fact<&'t str>> {
    settings.options.unsuppress_policy.filter(|_| route.suppressed)
}

/// Whether an AS number is for private use (RFC 6996).
fn is_private(number: u32) -> bool {
    (64_512..=65_534).contains(&number) || (4_200_000_000..=4_294_967_294).contains(&number)
}
