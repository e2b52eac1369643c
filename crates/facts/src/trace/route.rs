//! A route on its way through one device.

use edgelint_model::OriginCode;
use edgelint_prefix::Prefix;

use crate::evaluate::{AsPath, Attributes, Known, RouteClass, all_of};

/// A route that the device holds: its own, or one that it accepted.
#[derive(Clone, Debug)]
pub(super) struct Held<'t> {
    pub(super) prefix: Prefix,
    /// What matches see of it: path, communities, MED, local preference ...
    pub(super) known: Known<'t>,
    /// What was set on the device's own routes beyond that.
    pub(super) attributes: Attributes,
    pub(super) local_preference: u32,
    /// Whether something gave it that, beside the default.
    pub(super) preference_is_set: bool,
    pub(super) weight: u32,
    /// Distance, where paths are compared by it.
    pub(super) distance: Option<u32>,
    /// Communities of other types, as they came.
    pub(super) others: Vec<String>,
    /// The peer that sent it; none where it is the device's own.
    pub(super) from: Option<usize>,
    /// Whether an aggregate keeps it from being sent.
    pub(super) suppressed: bool,
    /// Whether it is an aggregate that the device makes.
    pub(super) is_aggregate: bool,
    pub(super) certain: bool,
}

impl<'t> Held<'t> {
    /// A route on which nothing was set; `preference` is the local preference of such routes.
    pub(super) fn fresh(prefix: Prefix, known: Known<'t>, preference: u32) -> Self {
        Self {
            prefix,
            known,
            attributes: Attributes::default(),
            local_preference: preference,
            preference_is_set: false,
            weight: 0,
            distance: None,
            others: Vec::new(),
            from: None,
            suppressed: false,
            is_aggregate: false,
            certain: true,
        }
    }

    /// What matches see of it, with what was set on it.
    pub(super) fn seen(&self) -> Known<'t> {
        Known {
            communities: Some(communities(&self.known, &self.attributes)),
            med: self.med(),
            origin: Some(self.origin()),
            tag: self.attributes.tag.or(self.known.tag),
            ..self.known.clone()
        }
    }

    /// Its AS path, without what is added when it is sent.
    pub(super) fn path(&self) -> AsPath {
        self.known.path.clone().unwrap_or_default()
    }

    /// ORIGIN, as paths are compared by it: lower is better (RFC 4271, section 9.1.2.2).
    pub(super) fn origin(&self) -> OriginCode {
        self.attributes.origin.or(self.known.origin).unwrap_or(OriginCode::Igp)
    }

    pub(super) fn med(&self) -> Option<u32> {
        self.attributes.med.or(self.known.med)
    }
}

/// Of the classes that one route was divided into by what could not be answered, the one for which
/// nothing unanswered holds; and whether there was only one.
pub(super) fn only<'t>(classes: Vec<RouteClass<'t>>) -> Option<(RouteClass<'t>, bool)> {
    let alone = classes.len() == 1;
    let holds = |class: &RouteClass<'t>| class.given.tests.iter().filter(|(_, yes)| *yes).count();
    let class = classes.into_iter().min_by_key(holds)?;
    let certain = alone && class.certain;
    Some((class, certain))
}

/// The communities that a route carries behind a policy.
pub(super) fn communities(
    known: &Known<'_>,
    attributes: &Attributes,
) -> Vec<edgelint_model::Community> {
    let state = &attributes.lists.communities;
    all_of(known, state).unwrap_or_else(|| state.added.clone())
}
