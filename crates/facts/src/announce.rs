//! Announcements: what a neighbor is sent, as far as the configuration shows it.
//!
//! Two sets are kept apart. What is *known* is sent: routes that the device itself puts into BGP, run
//! through the outbound filters with their real attributes. What *may* be sent: all that the
//! filters let through, whatever its origin. Between them stands the prefix that a filter names and that
//! nothing on the device originates: somebody meant it to be sent, so it counts as assumed.

use std::cmp::Reverse;

use edgelint_model::{
    Community, DefaultOriginate, Device, Effect, Fact, NeighborFamily, Outcome, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixSet};

use crate::compact::fit;
use crate::evaluate::{Attributes, Base, Cube, Evaluated, Evaluator, Known, RouteClass, all_of};
use crate::lists::Lists;
use crate::mark::{Mark, Note};
use crate::origin::{Candidate, OriginSource, Originated, local};

/// How sure it is that a route is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It needs a route that the export does not show.
    Assumed,
    /// It follows from the text.
    Certain,
}

impl Certainty {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Certain => "certain",
        }
    }
}

/// A route that a neighbor is sent.
#[derive(Clone, Debug)]
pub struct Announced<'t> {
    /// The prefix.
    pub prefix: Prefix,
    /// What put it into BGP.
    pub source: OriginSource,
    /// How sure it is.
    pub certainty: Certainty,
    /// MED, where it is known.
    pub med: Option<u32>,
    /// AS numbers in front of the own one, leftmost first.
    pub prepend: Vec<u32>,
    /// Communities that go with it, sorted.
    pub communities: Vec<Community>,
    /// Whether all of the above is known for certain.
    pub attributes_certain: bool,
    /// The lines that make it so, in order: what puts it into BGP, what backs it, the entries and
    /// clauses that let it pass.
    pub trail: Vec<Mark<'t>>,
}

/// What a neighbor is sent in one family.
#[derive(Clone, Debug, Default)]
pub struct Announcements<'t> {
    /// Routes in the order of their prefixes; each prefix once.
    pub routes: Vec<Announced<'t>>,
    /// The prefixes of `routes` (`Adv` in the design).
    pub known: PrefixSet,
    /// What the filters let through, whatever its origin (`May` in the design).
    pub may: PrefixSet,
    /// Whether nothing on the way was left undecided: no route that is missing here is sent from
    /// this device's own statements.
    pub exact: bool,
    /// Whether routes may come into BGP that the export does not show: by iBGP, from an interior
    /// protocol, from another VRF.
    pub learns: bool,
    /// Prefixes that the filters name for routes of the device's own table, and that are not in it:
    /// each with the entry that names it. Only where export policies pick routes from the table.
    pub unbacked: Vec<(Prefix, Mark<'t>)>,
}

impl<'t> Announcements<'t> {
    /// The route to that prefix.
    pub fn route(&self, prefix: &Prefix) -> Option<&Announced<'t>> {
        let at = self.routes.binary_search_by_key(prefix, |route| route.prefix).ok()?;
        self.routes.get(at)
    }
}

/// All that decides what a neighbor is sent in one family.
pub(crate) struct Sending<'d, 't> {
    pub(crate) device: &'d Device<'t>,
    pub(crate) lists: &'d Lists<'t>,
    /// The routes that the device puts into BGP in this VRF.
    pub(crate) originated: &'d [Originated<'t>],
    /// The routes of the table that the export policies look at beside those.
    pub(crate) table: &'d [Candidate<'t>],
    /// What is known of routes that the device does not originate.
    pub(crate) learned: &'d Known<'t>,
    pub(crate) family: Family,
    pub(crate) settings: &'d NeighborFamily<'t>,
    /// What the outbound filters do with routes of any origin.
    pub(crate) export: &'d Evaluated<'t>,
    /// The verdict where there are no filters.
    pub(crate) without: Verdict,
    pub(crate) is_ebgp: bool,
    /// Whether something may put routes into BGP that the export does not show.
    pub(crate) may_learn: bool,
}

impl<'t> Sending<'_, 't> {
    /// What the neighbor is sent.
    pub(crate) fn announcements(&self) -> Announcements<'t> {
        let known = local();
        let originated =
            || self.originated.iter().filter(|route| route.prefix.family() == self.family);
        let mut routes = Vec::with_capacity(originated().count());
        for route in originated() {
            let lifted = route.suppressed_by.is_none() || self.is_unsuppressed(route, &known);
            if lifted && !self.is_held_back(&route.attributes, &known) {
                routes.extend(self.announced(route, &known));
            }
        }
        for candidate in self.table.iter().filter(|one| one.route.prefix.family() == self.family) {
            routes.extend(self.announced(&candidate.route, &candidate.known));
        }
        if let Some(originate) = &self.settings.options.default_originate {
            routes.extend(self.default_route(originate, &known));
        }
        if self.may_learn {
            let mut prefixes: Vec<Prefix> =
                routes.iter().map(|route: &Announced<'t>| route.prefix).collect();
            prefixes.sort_unstable();
            for (prefix, mark) in &self.export.named {
                let fresh =
                    prefix.family() == self.family && prefixes.binary_search(prefix).is_err();
                // The device's own routes are sorted by prefix, each once.
                let own = self.originated.binary_search_by_key(prefix, |route| route.prefix).ok();
                let own = own.and_then(|at| self.originated.get(at));
                let decided = self.table.binary_search_by_key(prefix, |one| one.route.prefix);
                let fresh = fresh && decided.is_err();
                let suppressed = own.is_some_and(|route| route.suppressed_by.is_some());
                if fresh && !suppressed && !prefix.is_default() {
                    routes.extend(self.assumed(*prefix, *mark));
                }
            }
        }
        routes.sort_by_key(|route| (route.prefix, Reverse(route.certainty)));
        routes.dedup_by_key(|route| route.prefix);
        fit(&mut routes);
        let unbacked = self.unbacked(&routes);
        let exact = routes.iter().all(|route| route.attributes_certain) && self.export.exact;
        Announcements {
            known: routes.iter().map(|route| route.prefix).collect(),
            may: self.export.may.clone(),
            exact,
            learns: self.may_learn,
            routes,
            unbacked,
        }
    }

    /// Prefixes that pass as a route of the own table only, and are none.
    fn unbacked(&self, routes: &[Announced<'t>]) -> Vec<(Prefix, Mark<'t>)> {
        if self.device.behaviour.export_from_table.is_none() || !self.device.whole {
            return Vec::new();
        }
        let absent = |prefix: &Prefix| {
            prefix.family() == self.family
                && !prefix.is_default()
                && routes.binary_search_by_key(prefix, |route| route.prefix).is_err()
                && self.originated.binary_search_by_key(prefix, |route| route.prefix).is_err()
                && self.table.binary_search_by_key(prefix, |one| one.route.prefix).is_err()
        };
        let passes = |prefix: Prefix, known: &Known<'t>| {
            let classes = self.run(known, prefix, &Attributes::default());
            classes.iter().any(|class| class.is_permitted() && class.certain)
        };
        let of = |protocol| Known { protocol: Some(protocol), ..local() };
        let own = [of("static"), of("connected"), of("aggregate")];
        let named = self.export.named.iter().filter(|(prefix, _)| absent(prefix));
        let only_own = named.filter(|(prefix, _)| {
            self.assumed_classes(*prefix).iter().all(|class| !class.is_permitted())
                && own.iter().any(|known| passes(*prefix, known))
        });
        only_own.copied().collect()
    }

    /// What becomes of a prefix that the device has learned.
    fn assumed_classes(&self, prefix: Prefix) -> Vec<RouteClass<'t>> {
        self.run(self.learned, prefix, &Attributes::default())
    }

    fn run(
        &self,
        known: &Known<'t>,
        prefix: Prefix,
        attributes: &Attributes,
    ) -> Vec<RouteClass<'t>> {
        let fresh = Base::fresh_med(self.device.behaviour, self.is_ebgp);
        let base = Base { med: attributes.med.or(fresh), ..Base::default() };
        let evaluator = Evaluator::new(self.device, self.lists, known, base);
        let cube = Cube::route(prefix, attributes.clone());
        evaluator.by_filters(&self.settings.export, cube, self.without)
    }

    fn selects(&self, policy: &Fact<&'t str>, route: &Originated<'t>, known: &Known<'t>) -> bool {
        let evaluator = Evaluator::new(self.device, self.lists, known, Base::default());
        let cube = Cube::route(route.prefix, route.attributes.clone());
        let effect = Effect::new(Outcome::DenyAll, "");
        let classes = evaluator.by_named_policy(policy, cube, effect);
        classes.iter().any(|class| class.is_permitted())
    }

    fn is_unsuppressed(&self, route: &Originated<'t>, known: &Known<'t>) -> bool {
        let policy = self.settings.options.unsuppress_policy.as_ref();
        policy.is_some_and(|policy| self.selects(policy, route, known))
    }

    /// Whether well-known communities keep a route from this neighbor (RFC 1997).
    fn is_held_back(&self, attributes: &Attributes, known: &Known<'t>) -> bool {
        let carried = all_of(known, &attributes.lists.communities).unwrap_or_default();
        let holds = |community| carried.binary_search(&community).is_ok();
        let external = holds(Community::NO_EXPORT) || holds(Community::LOCAL_AS);
        holds(Community::NO_ADVERTISE) || (self.is_ebgp && external)
    }

    fn announced(&self, route: &Originated<'t>, known: &Known<'t>) -> Option<Announced<'t>> {
        let classes = self.run(known, route.prefix, &route.attributes);
        let sure = classes.len() == 1 && classes.iter().all(|class| class.certain);
        let class = classes.into_iter().find(|class| class.is_permitted())?;
        let conditional = self.settings.options.advertise_policy.as_ref();
        let conditional = conditional.is_some_and(|policy| self.selects(policy, route, known));
        let certainty = if sure && !conditional { route.certainty } else { Certainty::Assumed };
        let trail = route.trail.iter().chain(&class.trail).copied().collect();
        Some(Announced {
            certainty,
            attributes_certain: sure && route.understood,
            trail,
            ..self.sent(route.prefix, route.source, &class.attributes, known)
        })
    }

    fn sent(
        &self,
        prefix: Prefix,
        source: OriginSource,
        attributes: &Attributes,
        known: &Known<'t>,
    ) -> Announced<'t> {
        let behaviour = self.device.behaviour;
        let unasked = if self.is_ebgp {
            behaviour.sends_communities_ebgp
        } else {
            behaviour.sends_communities_ibgp
        };
        let sends = self.settings.send_community.map_or(unasked, |fact| fact.value);
        let communities = match sends {
            true => all_of(known, &attributes.lists.communities)
                .unwrap_or_else(|| attributes.lists.communities.added.clone()),
            false => Vec::new(),
        };
        Announced {
            prefix,
            source,
            certainty: Certainty::Assumed,
            med: attributes.med,
            prepend: attributes.lists.prepend.clone(),
            communities,
            attributes_certain: false,
            trail: Vec::new(),
        }
    }

    fn default_route(
        &self,
        originate: &Fact<DefaultOriginate<'t>>,
        known: &Known<'t>,
    ) -> Option<Announced<'t>> {
        let address = match self.family {
            Family::Ipv4 => std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
            Family::Ipv6 => std::net::IpAddr::V6(std::net::Ipv6Addr::UNSPECIFIED),
        };
        let prefix = Prefix::new(address, 0)?;
        let mut attributes = Attributes::default();
        let mut trail = vec![Mark { at: originate.at(), note: Note::DefaultOriginate }];
        let needs = self.settings.options.default_needs_route.is_some_and(|fact| fact.value);
        let mut sure = originate.value.policy.is_none() && !needs;
        if !self.device.behaviour.default_originate_unfiltered {
            let classes = self.run(known, prefix, &attributes);
            sure &= classes.len() == 1 && classes.iter().all(|class| class.certain);
            let class = classes.into_iter().find(|class| class.is_permitted())?;
            attributes = class.attributes;
            trail.extend(class.trail);
        }
        Some(Announced {
            certainty: if sure { Certainty::Certain } else { Certainty::Assumed },
            attributes_certain: sure,
            trail,
            ..self.sent(prefix, OriginSource::DefaultOriginate, &attributes, known)
        })
    }

    /// A prefix that a filter names and that nothing here originates: sent if the network has it.
    fn assumed(&self, prefix: Prefix, mark: Mark<'t>) -> Option<Announced<'t>> {
        let known = self.learned;
        let class = self.assumed_classes(prefix).into_iter().find(RouteClass::is_permitted)?;
        let mut trail = class.trail.clone();
        if !trail.contains(&mark) {
            trail.insert(0, mark);
        }
        Some(Announced {
            trail,
            ..self.sent(prefix, OriginSource::Other, &class.attributes, known)
        })
    }
}
