//! Which session depends on a name: found by place and by policy, so that a file with thousands of names that
//! lead nowhere costs no more than its lines.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::{ObjectKind, Use};
use edgelint_facts::{DeviceFacts, Role, Session};
use edgelint_source::Span;

/// The sessions to clouds and to the internet, by what they depend on; of several the first.
pub(crate) struct Dependents<'n, 't> {
    sessions: &'n [Session<'t>],
    /// By the place at which they name a filter.
    by_place: BTreeMap<Span, usize>,
    /// By the policy that is their filter.
    by_policy: BTreeMap<&'t str, usize>,
    /// Headings of clauses with the policy, and definitions of all names, by place.
    headings: Vec<(Span, &'t str)>,
    definitions: Vec<Span>,
}

impl<'n, 't> Dependents<'n, 't> {
    /// Those of a device.
    pub(crate) fn of(device: &'n DeviceFacts<'t>, sessions: &'n [Session<'t>]) -> Self {
        let (mut by_place, mut by_policy) = (BTreeMap::new(), BTreeMap::new());
        let edges = sessions.iter().enumerate().filter(|(_, one)| is_edge(one) && !one.shutdown);
        for (place, family) in
            edges.flat_map(|(place, one)| one.families.iter().map(move |family| (place, family)))
        {
            for filter in family.import_filters.iter().chain(&family.export_filters) {
                by_place.entry(filter.name.at()).or_insert(place);
                if filter.kind == ObjectKind::Policy {
                    by_policy.entry(filter.name.value).or_insert(place);
                }
            }
        }
        let policies = device.device.policies.iter();
        let mut headings: Vec<(Span, &str)> = policies
            .flat_map(|policy| policy.clauses.iter().map(|clause| (clause.at, policy.name)))
            .collect();
        headings.sort_unstable();
        let objects = device.names.objects.iter();
        let mut definitions: Vec<Span> =
            objects.flat_map(|object| device.definitions(object)).collect();
        definitions.sort_unstable();
        Self { sessions, by_place, by_policy, headings, definitions }
    }

    /// The first session that depends on a use: its filters name the object, or a policy that does.
    pub(crate) fn on(&self, one: &Use<'t>) -> Option<&'n Session<'t>> {
        let by_policy = self.policy_around(one.at).and_then(|name| self.by_policy.get(name));
        let place = self.by_place.get(&one.at).into_iter().chain(by_policy).min()?;
        self.sessions.get(*place)
    }

    /// The policy in one of whose clauses a place stands.
    fn policy_around(&self, at: Span) -> Option<&'t str> {
        // A clause's statements follow its heading: the last heading in front of the place owns it.
        let behind = self
            .headings
            .partition_point(|(heading, _)| (heading.file, heading.start) < (at.file, at.start));
        let (heading, name) = self.headings.get(behind.checked_sub(1)?)?;
        if heading.file != at.file {
            return None;
        }
        let from = self
            .definitions
            .partition_point(|span| (span.file, span.start) < (heading.file, heading.end));
        let near = self.definitions.get(from..).unwrap_or_default().iter();
        let mut between = near.take_while(|span| span.file == at.file && span.start < at.start);
        if between.any(|span| span.end <= at.start) { None } else { Some(name) }
    }
}

fn is_edge(session: &Session<'_>) -> bool {
    session.role.is_cloud() || session.role == Role::Internet
}
