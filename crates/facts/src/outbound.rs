//! Sessions by which everything may leave, and why.

use edgelint_model::{Direction, ObjectKind, RouteSource};
use edgelint_prefix::{Prefix, PrefixSet};
use edgelint_source::Span;

use crate::draft::without_filters;
use crate::evaluate::{Base, Cube, Evaluator, Known};
use crate::mark::{Mark, Note};
use crate::network::Network;
use crate::session::{Session, SessionFamily};

/// Why every route may leave by a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Open {
    /// It has no outbound filter.
    NoFilter,
    /// A clause of its policy lets everything pass without asking; the clause, or what stands for it.
    Policy(Span),
    /// An entry of a list matches every prefix; the entry.
    List(Span),
    /// No clause of its policies decides, and the protocol lets pass what they leave open; the filter.
    FallsThrough(Span),
    /// A filter lets all pass because what it names is not defined, or holds nothing.
    Void,
}

impl<'t> Network<'t> {
    /// Why every route may leave by a session in a family; `None` where a filter stops some, or may.
    pub fn open_outbound(&self, session: &Session<'t>, family: &SessionFamily<'t>) -> Option<Open> {
        let routes = family.routes?;
        if !PrefixSet::universe_of(routes).is_subset(&family.export.must) {
            return None;
        }
        let Some(last) = family.export_filters.last() else { return Some(Open::NoFilter) };
        let device = self.device(session.device);
        let trail = self.outbound_trail(session, family, PrefixSet::universe_of(routes).witness()?);
        let defined = device.lists.policy(&device.device, last.name.value).is_some();
        if trail.is_empty() && last.kind == ObjectKind::Policy && defined {
            return Some(Open::FallsThrough(last.name.at()));
        }
        let entry =
            trail.iter().rev().find(|mark| matches!(mark.note, Note::Entry { permit: true, .. }));
        let clause = trail.iter().rev().find(|mark| matches!(mark.note, Note::Clause { .. }));
        let void = trail.iter().any(|mark| matches!(mark.note, Note::Undefined(_)));
        Some(match (entry, clause) {
            _ if void => Open::Void,
            (Some(entry), _) => Open::List(entry.at),
            (None, Some(clause)) => Open::Policy(clause.at),
            (None, None) => Open::Void,
        })
    }

    /// The lines that let a route out to a session, whatever its origin and attributes; none where they
    /// do not.
    pub fn outbound_trail(
        &self,
        session: &Session<'t>,
        family: &SessionFamily<'t>,
        prefix: Prefix,
    ) -> Vec<Mark<'t>> {
        let device = self.device(session.device);
        let settings = self.neighbor_family(session, family);
        let instance = self.instance(session);
        let (_, without) = without_filters(device.behaviour, instance, settings, session.is_ebgp);
        let known =
            Known { protocol: Some("bgp"), direction: Some(Direction::Out), ..Known::default() };
        let evaluator = Evaluator::new(&device.device, &device.lists, &known, Base::default());
        let cube = Cube { single: Some(prefix), ..Cube::of(PrefixSet::from_prefix(prefix)) };
        let classes = evaluator.by_filters(&settings.export, cube, without);
        let passes = classes.into_iter().find(|class| class.is_permitted());
        passes.map(|class| class.trail).unwrap_or_default()
    }

    /// The statements that put the routes of another protocol into a session's family without a policy: how
    /// many there are, no configuration shows. Each with the protocol.
    pub fn unfiltered_sources(
        &self,
        session: &Session<'t>,
        family: &SessionFamily<'t>,
    ) -> impl Iterator<Item = (Span, &'t str)> {
        let all = self.instance(session).redistributions.iter();
        let of_family = family.family;
        all.filter(move |from| from.policy.is_none() && from.family == of_family)
            .filter(|from| !matches!(from.source, RouteSource::Connected | RouteSource::Static))
            .map(|from| (from.at, from.protocol))
    }
}
