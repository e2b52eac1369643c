//! Conditions: how a match divides routes into those it holds for and the rest.

use edgelint_model::{
    Condition, Direction, Effect, Fact, Match, NextHop, NextHopSet, ObjectKind, Outcome,
    StateCondition, Verdict,
};
use edgelint_prefix::{Family, Prefix, PrefixSet, longest_permitted};
use edgelint_source::Span;

use crate::evaluate::class::Test;
use crate::evaluate::cube::Cube;
use crate::evaluate::flow::{Ending, Evaluator};
use crate::mark::Note;

/// Routes for which something holds, and the others.
#[derive(Default)]
pub(super) struct Split<'t> {
    pub(super) yes: Vec<Cube<'t>>,
    pub(super) no: Vec<Cube<'t>>,
}

impl<'t> Split<'t> {
    pub(super) fn yes(cube: Cube<'t>) -> Self {
        Self { yes: vec![cube], no: Vec::new() }
    }

    pub(super) fn no(cube: Cube<'t>) -> Self {
        Self { yes: Vec::new(), no: vec![cube] }
    }

    pub(super) fn decided(cube: Cube<'t>, holds: bool) -> Self {
        if holds { Self::yes(cube) } else { Self::no(cube) }
    }

    fn absorb(&mut self, other: Self) {
        append(&mut self.yes, other.yes);
        append(&mut self.no, other.no);
    }

    /// Makes every part uncertain, where a statement was not understood.
    pub(super) fn doubt_if(&mut self, doubt: bool) {
        if doubt {
            self.yes.iter_mut().chain(&mut self.no).for_each(|cube| cube.certain = false);
        }
    }
}

/// Adds cubes behind others; where there are none yet, they are taken over as they are.
fn append<'t>(cubes: &mut Vec<Cube<'t>>, mut more: Vec<Cube<'t>>) {
    match cubes.is_empty() {
        true => *cubes = more,
        false => cubes.append(&mut more),
    }
}

/// Deeper nesting of conditions, branches and calls than anybody writes.
pub(super) const DEEPEST: u8 = 32;

impl<'t> Evaluator<'_, 't> {
    /// Divides by a question that the configuration does not answer.
    pub(super) fn ask(&self, mut cube: Cube<'t>, test: Test<'t>) -> Split<'t> {
        match cube.answer(&test) {
            Some(answer) => Split::decided(cube, answer),
            None if self.may_divide() => Split {
                yes: vec![cube.clone().with_answer(test.clone(), true)],
                no: vec![cube.with_answer(test, false)],
            },
            None => {
                cube.certain = false;
                Split::yes(cube)
            }
        }
    }

    /// Divides further what a first question held for.
    pub(super) fn then(
        &self,
        first: Split<'t>,
        mut second: impl FnMut(Cube<'t>) -> Split<'t>,
    ) -> Split<'t> {
        let mut split = Split { yes: Vec::new(), no: first.no };
        for cube in first.yes {
            split.absorb(second(cube));
        }
        split
    }

    /// Holds where it holds for every item.
    pub(super) fn by_every<T>(
        &self,
        cube: Cube<'t>,
        items: &[T],
        mut divide: impl FnMut(Cube<'t>, &T) -> Split<'t>,
    ) -> Split<'t> {
        items
            .iter()
            .fold(Split::yes(cube), |split, item| self.then(split, |cube| divide(cube, item)))
    }

    /// Holds where it holds for some item, tried in order.
    pub(super) fn by_some<T>(
        &self,
        cube: Cube<'t>,
        items: &[T],
        mut divide: impl FnMut(Cube<'t>, &T) -> Split<'t>,
    ) -> Split<'t> {
        let n_marks = cube.trail.len();
        let mut split = Split::no(cube);
        for item in items {
            for mut cube in std::mem::take(&mut split.no) {
                // What an earlier item said explains nothing where a later one decides.
                cube.forget(n_marks);
                split.absorb(divide(cube, item));
            }
        }
        split
    }

    /// Divides by a condition.
    pub(super) fn by_condition(
        &self,
        mut cube: Cube<'t>,
        condition: &Condition<'t>,
        depth: u8,
    ) -> Split<'t> {
        if DEEPEST < depth {
            cube.certain = false;
            return Split::yes(cube);
        }
        match condition {
            Condition::Always => Split::yes(cube),
            Condition::Match(fact) => self.by_match(cube, fact, depth),
            Condition::All(parts) => {
                self.by_every(cube, parts, |cube, part| self.by_condition(cube, part, depth + 1))
            }
            Condition::Any(parts) => {
                self.by_some(cube, parts, |cube, part| self.by_condition(cube, part, depth + 1))
            }
            Condition::Not(inner) => {
                let Split { yes, no } = self.by_condition(cube, inner, depth + 1);
                Split { yes: no, no: yes }
            }
        }
    }

    /// The match for which a condition does not hold for a route: the first of several that all have to.
    pub(super) fn failing(
        &self,
        cube: &Cube<'t>,
        condition: &Condition<'t>,
        depth: u8,
    ) -> Option<Span> {
        match condition {
            _ if DEEPEST < depth => None,
            Condition::Match(fact) => Some(fact.at()),
            Condition::All(parts) => {
                let fails = |part: &&Condition<'t>| {
                    self.by_condition(cube.clone(), part, depth + 1).yes.is_empty()
                };
                parts.iter().find(fails).and_then(|part| self.failing(cube, part, depth + 1))
            }
            Condition::Any(parts) => {
                parts.first().and_then(|part| self.failing(cube, part, depth + 1))
            }
            Condition::Not(inner) => self.failing(cube, inner, depth + 1),
            Condition::Always => None,
        }
    }

    fn by_match(&self, cube: Cube<'t>, fact: &Fact<Match<'t>>, depth: u8) -> Split<'t> {
        let at = fact.at();
        match &fact.value {
            Match::PrefixLists(names) => self.by_some(cube, names, |cube, name| {
                self.by_prefix_list(cube, ObjectKind::PrefixList, name)
            }),
            Match::Ipv6PrefixLists(names) => self.by_some(cube, names, |cube, name| {
                self.by_prefix_list(cube, ObjectKind::Ipv6PrefixList, name)
            }),
            Match::AccessLists(names) => self.by_some(cube, names, |cube, name| {
                let effect = self.behaviour.undefined_match_acl;
                self.by_access_list(cube, Family::Ipv4, name, effect)
            }),
            Match::Ipv6AccessLists(names) => self.by_some(cube, names, |cube, name| {
                let effect = self.behaviour.undefined_match_acl;
                self.by_access_list(cube, Family::Ipv6, name, effect)
            }),
            Match::Prefixes(ranges) => self.by_set(cube, &ranges.iter().copied().collect()),
            Match::LongestPrefix(ranges) => {
                let ranges = ranges.iter().map(|range| range.value).collect();
                self.by_set(cube, &longest_permitted(ranges))
            }
            Match::CommunityLists { lists, exact } => self.by_some(cube, lists, |cube, name| {
                match self.lists.community_list(self.device, name.value) {
                    Some(list) => self.by_community_list(cube, list, *exact),
                    None => {
                        let effect = self.behaviour.undefined_match_community_list;
                        self.by_undefined(cube, name, effect)
                    }
                }
            }),
            Match::Communities(any) => {
                self.by_some(cube, any, |cube, &one| self.by_community(cube, one, at))
            }
            Match::AsPathLists(names) => self.by_some(cube, names, |cube, name| {
                let effect = self.behaviour.undefined_match_as_path_list;
                self.by_as_path_list(cube, name, effect)
            }),
            Match::Policies(names) => {
                let open = self.open_end();
                self.by_some(cube, names, |cube, name| {
                    self.by_subroutine(cube, name, open, depth + 1)
                })
            }
            Match::PolicyHolds(name) => self.by_subroutine(cube, name, Verdict::Permit, depth + 1),
            Match::State(state) => match self.state_holds(state) {
                Some(holds) => Split::decided(cube, holds),
                None => self.ask(cube, Test::Attribute(state.at)),
            },
            Match::AsPathRegex(regex) => self.by_as_path_expression(cube, regex, at),
            Match::AsPathLength(least, most) => self.by_as_path_length(cube, (*least, *most), at),
            other => self.by_attribute(cube, other, at),
        }
    }

    /// Matches on other attributes.
    fn by_attribute(&self, cube: Cube<'t>, what: &Match<'t>, at: Span) -> Split<'t> {
        let known = self.known;
        let (now, entered) = (&cube.attributes, &cube.entry);
        match what {
            Match::Tags(tags) => {
                let seen = self.seen(now.tag, entered.tag, known.tag);
                let tests = tags.iter().map(|&tag| (tag, Test::Tag(tag)));
                self.by_values(cube, seen, tests, at)
            }
            Match::Metric(wanted) => {
                let seen = self.seen(now.med, entered.med, known.med);
                // Without one it counts as the lowest or as the highest, and as no other.
                let none = seen == Some(None) && known.path.is_some();
                if none && ![0, u32::MAX].contains(wanted) && !now.unclear {
                    return Split::no(cube);
                }
                self.by_values(cube, seen, [(*wanted, Test::Med(*wanted))], at)
            }
            Match::LocalPreference(wanted) => {
                let (now, entered) = (now.local_preference, entered.local_preference);
                let seen = self.seen(now, entered, known.local_preference);
                self.by_values(cube, seen, [(*wanted, Test::LocalPreference(*wanted))], at)
            }
            Match::Origin(wanted) => {
                let seen = self.seen(now.origin, entered.origin, known.origin);
                self.by_values(cube, seen, [(*wanted, Test::Origin(*wanted))], at)
            }
            Match::Neighbors(any) => {
                let tests = any.iter().map(|&one| (one, Test::Neighbor(one)));
                self.by_values(cube, Some(known.neighbor), tests, at)
            }
            Match::Protocols(names) => {
                self.by_some(cube, names, |cube, name| match self.is_of_protocol(name) {
                    Some(holds) => Split::decided(cube, holds),
                    None => self.ask(cube, Test::Protocol(name)),
                })
            }
            Match::NextHopPrefixLists(names) => self.by_some(cube, names, |cube, name| {
                self.by_next_hop(cube, ObjectKind::PrefixList, name)
            }),
            Match::NextHopAccessLists(names) => self
                .by_some(cube, names, |cube, name| self.by_next_hop(cube, ObjectKind::Acl, name)),
            Match::Unknown => self.ask(cube, Test::NotUnderstood(at)),
            other => match self.unchanging(other) {
                Some(holds) => Split::decided(cube, holds),
                None => self.ask(cube, Test::Attribute(at)),
            },
        }
    }

    /// Matches on what no policy changes, where it is known.
    fn unchanging(&self, what: &Match<'t>) -> Option<bool> {
        let known = self.known;
        match what {
            Match::NotForRoutes => Some(true),
            Match::Interfaces(names) => known.interface.map(|interface| {
                names.iter().any(|name| name.value.eq_ignore_ascii_case(interface))
            }),
            Match::ExtendedCommunityLists(_) | Match::LargeCommunityLists(_)
                if known.communities.is_some() && !known.has_others =>
            {
                Some(false)
            }
            Match::Vrfs(vrfs) => known.vrf.map(|vrf| vrfs.contains(&vrf)),
            // What a neighbor sends goes to the table, whichever protocol is asked for.
            Match::Towards(protocols) => {
                let sent = known.direction.filter(|direction| *direction == Direction::Out);
                sent.map(|_| is_named(protocols, "bgp"))
            }
            Match::Interior(_) => match (known.protocol, &known.protocols) {
                (Some("bgp" | "connected" | "static" | "aggregate"), _) => Some(false),
                (None, Some(possible)) if possible.iter().all(|one| *one == "bgp") => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a match sees of an attribute of which is known what it is now, was when the policy was entered, and
    /// was when the route came; nothing where it is not shown which of these it sees.
    fn seen<T: Copy + PartialEq>(
        &self,
        now: Option<T>,
        entered: Option<T>,
        came: Option<T>,
    ) -> Option<Option<T>> {
        match self.behaviour.later_clauses_see_sets {
            Some(true) => Some(now.or(came)),
            Some(false) => Some(entered.or(came)),
            None => (now == entered).then_some(now.or(came)),
        }
    }

    /// Divides by the value of an attribute, as a match sees it: any of some values, each with the question
    /// that is asked where the value is not known.
    fn by_values<T: PartialEq>(
        &self,
        cube: Cube<'t>,
        seen: Option<Option<T>>,
        wanted: impl IntoIterator<Item = (T, Test<'t>)>,
        at: Span,
    ) -> Split<'t> {
        // An addition to what was not known left something that is not known either.
        let changed =
            cube.attributes.unclear && self.behaviour.later_clauses_see_sets != Some(false);
        match seen {
            Some(Some(value)) => {
                let holds = wanted.into_iter().any(|(one, _)| one == value);
                Split::decided(cube, holds)
            }
            Some(None) if !changed => {
                let tests: Vec<Test<'t>> = wanted.into_iter().map(|(_, test)| test).collect();
                self.by_some(cube, &tests, |cube, test| self.ask(cube, test.clone()))
            }
            _ => self.ask(cube, Test::NotUnderstood(at)),
        }
    }

    /// Whether routes are of a protocol, where that is known of them.
    fn is_of_protocol(&self, name: &str) -> Option<bool> {
        if let Some(protocol) = self.known.protocol {
            return Some(is_named(&[name], protocol));
        }
        let mut answers =
            self.known.protocols.as_ref()?.iter().map(|protocol| is_named(&[name], protocol));
        let first = answers.next().unwrap_or(false);
        answers.all(|answer| answer == first).then_some(first)
    }

    /// Divides by whether the next hop is in a list.
    fn by_next_hop(&self, cube: Cube<'t>, kind: ObjectKind, name: &Fact<&'t str>) -> Split<'t> {
        let (now, entered) = (cube.attributes.lists.next_hop, cube.entry.lists.next_hop);
        let hop = match self.seen(now, entered, None) {
            Some(None | Some(NextHopSet::Unchanged)) => self.known.next_hop,
            Some(Some(NextHopSet::Address(address))) => Some(address),
            _ => return self.ask(cube, Test::NotUnderstood(name.at())),
        };
        // A list of the family that the address is of; where none is known, of the family that has one.
        let is_ipv6 = hop.map_or_else(
            || self.lists.prefix_list(kind, name.value).is_none(),
            |hop| hop.is_ipv6(),
        );
        let ipv6 = ObjectKind::Ipv6PrefixList;
        let kind = match kind {
            ObjectKind::PrefixList
                if is_ipv6 && self.lists.prefix_list(ipv6, name.value).is_some() =>
            {
                ipv6
            }
            kind => kind,
        };
        let set = match self.hosts(kind, name.value) {
            Ok(set) => set,
            Err(Outcome::MatchNone) => return Split::no(cube),
            Err(_) => return self.ask(cube, Test::NotUnderstood(name.at())),
        };
        match hop.map(Prefix::host) {
            Some(hop) => Split::decided(cube, set.contains(&hop)),
            None => self.ask(cube, Test::NextHopList(kind, name.value)),
        }
    }

    /// The prefixes that a list permits, for addresses to be held against; else what is the case, where that is
    /// known.
    fn hosts(&self, kind: ObjectKind, name: &str) -> Result<&PrefixSet, Outcome> {
        if kind == ObjectKind::Acl {
            let list = self.lists.access_list(self.device, Family::Ipv4, name);
            let (_, routes) = list.ok_or(self.behaviour.undefined_match_acl.outcome)?;
            return match routes.certain {
                true => Ok(&routes.compiled.permitted),
                false => Err(Outcome::Unknown),
            };
        }
        let undefined = self.behaviour.undefined_match_prefix_list.outcome;
        let list = self.lists.prefix_list(kind, name).ok_or(undefined)?;
        match list.understood {
            true => Ok(list.permitted(self.device)),
            false => Err(Outcome::Unknown),
        }
    }

    /// Whether a condition on the state of the device holds, where the configuration shows it: a subnet
    /// of the device's own or a route that nothing tracks is in the table. Only what is sent is asked
    /// (Junos policy guide, "Routing Policy Match Conditions Based on Routing Table Entries";
    /// elsewhere such a condition always holds, lab `juniper_from_condition`).
    fn state_holds(&self, state: &StateCondition<'t>) -> Option<bool> {
        if self.known.direction == Some(Direction::In) {
            return Some(true);
        }
        let (prefix, vrf) = state.route.filter(|_| self.known.direction.is_some())?;
        let connected = self.device.interfaces.iter().any(|interface| {
            interface.vrf.map(|own| own.value) == vrf
                && !interface.shutdown.is_some_and(|shutdown| shutdown.value)
                && interface.addresses.iter().any(|one| one.value.subnet == prefix)
        });
        let fixed = self.device.static_routes.iter().any(|route| {
            let lasts = matches!(route.next_hop, NextHop::Discard | NextHop::Table(_));
            route.vrf == vrf && route.prefix == prefix && lasts && !route.tracked
        });
        (connected || fixed).then_some(true)
    }

    /// Divides by what another policy says: where it accepts, the match holds; where it leaves the
    /// route open, `open` decides: the protocol (Junos policy guide, "Routing Policy Subroutines"), or
    /// in an expression that it does not refuse (same guide, "Understanding Policy Expressions").
    fn by_subroutine(
        &self,
        mut cube: Cube<'t>,
        name: &Fact<&'t str>,
        open: Verdict,
        depth: u8,
    ) -> Split<'t> {
        let Some(policy) = self.lists.policy(self.device, name.value) else {
            return self.by_undefined(cube, name, Effect::UNKNOWN);
        };
        if self.is_within(policy) {
            cube.mark(name.at(), Note::Ring(name.value));
            cube.certain = false;
            return Split::no(cube);
        }
        // Calls of calls multiply: they count as divisions do.
        if DEEPEST < depth || !self.may_divide() {
            cube.certain = false;
            return Split::no(cube);
        }
        let (pending, entry) = (cube.pending, cube.entry.clone());
        let before = cube.attributes.clone();
        let mut split = Split::default();
        for (mut cube, ending) in self.by_policy(policy, vec![cube], depth) {
            cube.pending = pending;
            cube.entry = entry.clone();
            cube.left_open = ending == Ending::Open;
            let verdict = match ending {
                Ending::Decided(verdict) => verdict,
                Ending::Open => open,
            };
            if verdict == Verdict::Permit {
                split.yes.push(cube);
                continue;
            }
            if cube.attributes != before {
                // Whether what it set before it refused stays set is not shown.
                cube.certain = false;
                cube.attributes = before.clone();
            }
            split.no.push(cube);
        }
        split
    }

    fn by_set(&self, cube: Cube<'t>, set: &PrefixSet) -> Split<'t> {
        let (inside, outside) = cube.divide(set, || self.may_divide());
        Split { yes: inside.into_iter().collect(), no: outside.into_iter().collect() }
    }

    /// Divides by a prefix list.
    pub(super) fn by_prefix_list(
        &self,
        cube: Cube<'t>,
        kind: ObjectKind,
        name: &Fact<&'t str>,
    ) -> Split<'t> {
        let Some(list) = self.lists.prefix_list(kind, name.value) else {
            return self.by_undefined(cube, name, self.behaviour.undefined_match_prefix_list);
        };
        if list.understood && list.entries(self.device).next().is_none() {
            return self.by_effect(cube, list.at, self.behaviour.empty_prefix_list);
        }
        let mut split = self.by_set(cube, list.permitted(self.device));
        for cube in split.yes.iter_mut().chain(&mut split.no) {
            if let Some(entry) = cube.single.and_then(|prefix| list.entry_for(self.device, &prefix))
            {
                cube.mark(entry.at, Note::Entry { list: list.name, permit: entry.permit });
            }
        }
        split.doubt_if(!list.understood);
        split
    }

    /// Divides by an access list, read as a route filter.
    pub(super) fn by_access_list(
        &self,
        cube: Cube<'t>,
        family: Family,
        name: &Fact<&'t str>,
        undefined: Effect,
    ) -> Split<'t> {
        let Some((list, routes)) = self.lists.access_list(self.device, family, name.value) else {
            return self.by_undefined(cube, name, undefined);
        };
        let mut split = self.by_set(cube, &routes.compiled.permitted);
        for cube in split.yes.iter_mut().chain(&mut split.no) {
            let mark = cube.single.and_then(|prefix| routes.mark(list.name, &prefix));
            cube.trail.extend(mark);
        }
        split.doubt_if(!routes.certain);
        split
    }

    /// Divides as the dialect does where an object is not defined.
    pub(super) fn by_undefined(
        &self,
        mut cube: Cube<'t>,
        name: &Fact<&'t str>,
        effect: Effect,
    ) -> Split<'t> {
        cube.mark(name.at(), Note::Undefined(name.value));
        self.by_effect(cube, name.at(), effect)
    }

    fn by_effect(&self, cube: Cube<'t>, at: Span, effect: Effect) -> Split<'t> {
        match effect.outcome {
            Outcome::PermitAll | Outcome::MatchAll | Outcome::Skipped => Split::yes(cube),
            Outcome::DenyAll | Outcome::MatchNone => Split::no(cube),
            Outcome::Refused | Outcome::Unknown => self.ask(cube, Test::NotUnderstood(at)),
        }
    }
}

/// Whether a protocol is among some names; a version of it (`ospf3` of `ospf`) counts.
fn is_named(names: &[&str], protocol: &str) -> bool {
    names.iter().any(|name| {
        name.eq_ignore_ascii_case(protocol)
            || name.strip_prefix(protocol).is_some_and(|version| version.len() == 1)
    })
}
