//! The device while it is being read, for dialects of one command a line: the model so far, and the
//! account of every statement.
//!
//! Nothing in here knows a statement. Lists and policies are found again by their names, because such
//! systems write an entry a line and let a later line take an earlier one back.
//!
//! A statement's handler reads its words, puts what it read into the draft and accounts for the
//! statement and everything in its block. Nothing is accounted for twice and nothing is left out;
//! [`Draft::account`] is the only door to the counts.
//!
//! Lists are written one entry a statement, often thousands of them, so the list of the entry before
//! is looked at first and a map over names answers the rest ([`Draft::place`]).

use std::collections::HashMap;

use edgelint_model::{
    AccessList, AsPathList, Behaviour, ClauseLabel, CommunityList, Definition, Device, Fact, Flow,
    ObjectKind, Part, Policy, PrefixList, State, Usage, Use,
};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement};

/// A device under construction. `P` is what its dialect keeps until everything is read: processes
/// whose groups and templates are not settled yet.
#[derive(Debug)]
pub(crate) struct Draft<'t, P> {
    /// The model so far.
    pub(crate) device: Device<'t>,
    /// What waits until everything is read.
    pub(crate) pending: P,
    /// Whether a statement was seen that only whole exports hold.
    pub(crate) whole_signs: bool,
    /// Where names stand that a later line took back or replaced.
    forgotten: Vec<Span>,
    /// The object touched last, of any kind.
    last: Option<(ObjectKind, &'t str, usize)>,
    /// Where in the device's vectors the object of a name stands.
    places: HashMap<(ObjectKind, &'t str), usize>,
}

impl<'t, P: Default> Draft<'t, P> {
    /// An empty device of a dialect that is read from `at`.
    pub(crate) fn new(behaviour: &'static Behaviour, at: Span) -> Self {
        Self {
            device: Device::new(behaviour, at),
            pending: P::default(),
            whole_signs: false,
            forgotten: Vec::new(),
            last: None,
            places: HashMap::new(),
        }
    }
}

impl<'t, P> Draft<'t, P> {
    /// Counts one statement; its block is not part of it.
    pub(crate) fn account(&mut self, part: Part, statement: Statement<'_, 't>, state: State) {
        self.account_at(part, statement.span(), state);
    }

    /// The same of a statement whose place is known.
    #[inline]
    pub(crate) fn account_at(&mut self, part: Part, at: Span, state: State) {
        self.device.coverage.count(part, state, at);
    }

    /// Counts a statement and everything in its block in one state.
    pub(crate) fn account_block(&mut self, part: Part, statement: Statement<'_, 't>, state: State) {
        self.account(part, statement, state);
        for child in statement.children() {
            self.account_block(part, child, state);
        }
    }

    /// Counts what stands in the block of a statement that opens none: unknown.
    #[inline]
    pub(crate) fn stray(&mut self, statement: Statement<'_, 't>) {
        if !statement.has_children() {
            return;
        }
        for child in statement.children() {
            self.account_block(Part::Other, child, State::Opaque);
        }
    }

    /// Counts a statement as modelled where its parser read all of it, and as unmodelled, with a
    /// blind spot for its owner, where it did not.
    pub(crate) fn take<T>(
        &mut self,
        part: Part,
        statement: Statement<'_, 't>,
        parsed: Parsed<'_, 't, T>,
        blind: &mut Vec<Span>,
    ) -> Option<T> {
        match parsed {
            Ok((left, value)) if left.is_empty() => {
                self.account(part, statement, State::Modelled);
                Some(value)
            }
            _ => {
                self.account(part, statement, State::Unmodelled);
                blind.push(statement.span());
                None
            }
        }
    }

    /// Records a definition.
    pub(crate) fn define(&mut self, kind: ObjectKind, name: &'t str, at: Span) {
        self.device.definitions.push(Definition { kind, name, at });
    }

    /// Records a use. `vrf default` is a keyword for the routing table that no VRF has.
    pub(crate) fn use_name(&mut self, kind: ObjectKind, name: Fact<&'t str>, usage: Usage) {
        if kind == ObjectKind::Vrf && name.value.eq_ignore_ascii_case("default") {
            return;
        }
        self.device.uses.push(Use { kind, name: name.value, at: name.at(), usage });
    }

    /// Drops the uses and definitions that stand within `at`: a later line took them back, or took
    /// their place. They go when everything is read ([`Draft::settle_names`]).
    pub(crate) fn forget(&mut self, at: Span) {
        self.forgotten.push(at);
    }

    /// Puts a new name, or none, in the place of an old one.
    pub(crate) fn replace<'n>(
        &mut self,
        place: &mut Option<Fact<&'n str>>,
        name: Option<Fact<&'n str>>,
    ) {
        if let Some(old) = std::mem::replace(place, name) {
            self.forget(old.at());
        }
    }

    /// Drops the uses of one name that were recorded from `since` on: a line of the same block took
    /// them back.
    pub(crate) fn forget_name(&mut self, kind: ObjectKind, name: &str, since: u32) {
        let recent = self.device.uses.iter().rev().take_while(|it| since <= it.at.start);
        let gone = recent.filter(|it| it.kind == kind && it.name == name).map(|it| it.at);
        self.forgotten.extend(gone);
    }

    /// Drops all definitions of a name.
    pub(crate) fn undefine(&mut self, kind: ObjectKind, name: &str) {
        self.device.definitions.retain(|it| it.kind != kind || it.name != name);
    }

    /// Takes what was forgotten out of uses and definitions; called once, after the last statement.
    pub(crate) fn settle_names(&mut self) {
        if self.forgotten.is_empty() {
            return;
        }
        let mut gone = std::mem::take(&mut self.forgotten);
        gone.sort_unstable_by_key(|at| (at.start, at.end));
        // Each word stands in at most one statement, and statements do not overlap: what begins
        // behind the end of the nearest place that begins before it was not forgotten, once nested
        // places have been joined.
        gone.dedup_by(|next, kept| {
            let nested = next.start < kept.end;
            kept.end = if nested { kept.end.max(next.end) } else { kept.end };
            nested || *next == *kept
        });
        let stands = |at: Span| {
            let before = gone.partition_point(|it| it.start <= at.start);
            before.checked_sub(1).and_then(|at| gone.get(at)).is_none_or(|it| it.end <= at.start)
        };
        self.device.uses.retain(|it| stands(it.at));
        self.device.definitions.retain(|it| stands(it.at));
    }

    /// Records a word that must never be printed.
    pub(crate) fn secret(&mut self, at: Span) {
        self.device.secrets.push(at);
    }

    /// Records free text.
    pub(crate) fn free_text(&mut self, at: Span) {
        self.device.free_text.push(at);
    }

    /// Where the object of that kind and name stands; `make` adds it where there is none yet and
    /// returns its index.
    fn place(
        &mut self,
        kind: ObjectKind,
        name: &'t str,
        make: impl FnOnce(&mut Device<'t>) -> usize,
    ) -> usize {
        if let Some((last_kind, last_name, place)) = self.last
            && last_kind == kind
            && last_name == name
        {
            return place;
        }
        let place = *self.places.entry((kind, name)).or_insert_with(|| make(&mut self.device));
        self.last = Some((kind, name, place));
        place
    }

    /// Takes an object back: `no ip prefix-list NAME`. Nothing happens where there is none.
    pub(crate) fn remove(&mut self, kind: ObjectKind, name: &'t str) {
        let Some(place) = self.places.remove(&(kind, name)) else { return };
        self.last = None;
        let device = &mut self.device;
        match kind {
            ObjectKind::PrefixList | ObjectKind::Ipv6PrefixList => {
                device.prefix_lists.remove(place);
            }
            ObjectKind::Acl | ObjectKind::Ipv6Acl => {
                device.access_lists.remove(place);
            }
            ObjectKind::CommunityList => {
                device.community_lists.remove(place);
            }
            ObjectKind::AsPathList => {
                device.as_path_lists.remove(place);
            }
            ObjectKind::Policy => {
                device.policies.remove(place);
            }
            _ => {}
        }
        self.undefine(kind, name);
        let shares = |other: ObjectKind| vector_of(other) == vector_of(kind);
        // Every place is looked at, so the order of the map does not matter.
        #[expect(clippy::iter_over_hash_type, reason = "each value is changed by itself")]
        for ((other, _), index) in &mut self.places {
            if shares(*other) && place < *index {
                *index -= 1;
            }
        }
    }

    /// The prefix list of that name and kind; made where there is none yet.
    pub(crate) fn prefix_list(
        &mut self,
        kind: ObjectKind,
        name: &'t str,
        at: Span,
    ) -> Option<&mut PrefixList<'t>> {
        let family = match kind {
            ObjectKind::Ipv6PrefixList => edgelint_prefix::Family::Ipv6,
            _ => edgelint_prefix::Family::Ipv4,
        };
        let place = self.place(kind, name, |device| {
            let (entries, blind) = (Vec::new(), Vec::new());
            add(&mut device.prefix_lists, PrefixList { name, family, at, entries, blind })
        });
        self.device.prefix_lists.get_mut(place)
    }

    /// The access list of that name and kind; made where there is none yet.
    pub(crate) fn access_list(
        &mut self,
        kind: ObjectKind,
        name: &'t str,
        extended: bool,
        at: Span,
    ) -> Option<&mut AccessList<'t>> {
        let family = match kind {
            ObjectKind::Ipv6Acl => edgelint_prefix::Family::Ipv6,
            _ => edgelint_prefix::Family::Ipv4,
        };
        let place = self.place(kind, name, |device| {
            let (entries, blind) = (Vec::new(), Vec::new());
            add(&mut device.access_lists, AccessList { name, family, extended, at, entries, blind })
        });
        self.device.access_lists.get_mut(place)
    }

    /// The community list of that name; made where there is none yet.
    pub(crate) fn community_list(
        &mut self,
        name: &'t str,
        at: Span,
    ) -> Option<&mut CommunityList<'t>> {
        let place = self.place(ObjectKind::CommunityList, name, |device| {
            let (entries, blind) = (Vec::new(), Vec::new());
            add(&mut device.community_lists, CommunityList { name, at, entries, blind })
        });
        self.device.community_lists.get_mut(place)
    }

    /// The AS-path list of that name; made where there is none yet.
    pub(crate) fn as_path_list(&mut self, name: &'t str, at: Span) -> Option<&mut AsPathList<'t>> {
        let place = self.place(ObjectKind::AsPathList, name, |device| {
            let (entries, blind) = (Vec::new(), Vec::new());
            add(&mut device.as_path_lists, AsPathList { name, at, entries, blind })
        });
        self.device.as_path_lists.get_mut(place)
    }

    /// Complains of clauses that lead to themselves or to clauses before them, as `source` says that the device
    /// does; where nobody does, that cannot be meant.
    pub(crate) fn refuse_leads_back(&mut self, source: &'static str) {
        let clauses = self.device.policies.iter().flat_map(|policy| &policy.clauses);
        let back = clauses.filter(|clause| {
            matches!(clause.flow.value, Flow::GoTo(to) if ClauseLabel::Sequence(to) <= clause.label)
        });
        let places: Vec<Span> = back.map(|clause| clause.flow.at()).collect();
        for at in places {
            self.device.coverage.refuse(at, "the clause leads back", source);
        }
    }

    /// The route map of that name; made where there is none yet.
    pub(crate) fn policy(&mut self, name: &'t str, at: Span) -> Option<&mut Policy<'t>> {
        let place = self.place(ObjectKind::Policy, name, |device| {
            let form = edgelint_model::PolicyForm::RouteMap;
            let (clauses, blind) = (Vec::new(), Vec::new());
            add(&mut device.policies, Policy { name, form, at, clauses, blind })
        });
        self.device.policies.get_mut(place)
    }
}

/// The kind that stands for the vector in which objects of a kind are kept.
const fn vector_of(kind: ObjectKind) -> ObjectKind {
    match kind {
        ObjectKind::Ipv6PrefixList => ObjectKind::PrefixList,
        ObjectKind::Ipv6Acl => ObjectKind::Acl,
        other => other,
    }
}

/// Adds a value to a vector that seldom holds more than a few and of which a device has many: room for four,
/// which a vector makes at first, would mostly stay empty.
pub(crate) fn push_tight<T>(all: &mut Vec<T>, one: T) {
    if all.len() < 4 {
        all.reserve_exact(1);
    }
    all.push(one);
}

/// Adds an object and returns its index.
fn add<T>(objects: &mut Vec<T>, object: T) -> usize {
    objects.push(object);
    objects.len() - 1
}
