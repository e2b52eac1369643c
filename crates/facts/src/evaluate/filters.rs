//! Filters of a neighbor: a conjunction of policies and lists, each with what the dialect does
//! where it is not defined.

use std::collections::{BTreeMap, BTreeSet};

use edgelint_model::{
    Clause, Condition, Effect, Fact, Filter, Match, ObjectKind, Policy, Step, Verdict,
};
use edgelint_prefix::{Family, Prefix};
use edgelint_source::Span;

use crate::evaluate::class::{RouteClass, Test};
use crate::evaluate::condition::{DEEPEST, Split};
use crate::evaluate::cube::Cube;
use crate::evaluate::flow::{Ending, Evaluator};
use crate::mark::{Mark, Note};

impl<'t> Evaluator<'_, 't> {
    /// Sends routes through the filters of a neighbor; all of them have to let a route pass. `without` is
    /// the verdict where there is no filter.
    pub(crate) fn by_filters(
        &self,
        filters: &[Filter<'t>],
        cube: Cube<'t>,
        without: Verdict,
    ) -> Vec<RouteClass<'t>> {
        if filters.is_empty() {
            return vec![cube.end(self.without(without))];
        }
        let mut classes = Vec::new();
        // Routes that no policy of a chain decided yet, and routes that one let pass.
        let mut going = vec![(cube, Ending::Decided(Verdict::Permit))];
        let policy_of = |filter: &Filter<'t>| match filter.kind {
            ObjectKind::Policy => self.lists.policy(self.device, filter.name.value),
            _ => None,
        };
        let is_chain = |policy: &Policy<'t>| policy.form.leaves_open();
        let any_chain = filters.iter().filter_map(policy_of).any(is_chain);
        let mut chained = false;
        for filter in filters {
            let policy = policy_of(filter);
            // One that is not defined stands in the chain of the others.
            let chain = policy.map_or(any_chain && filter.kind == ObjectKind::Policy, is_chain);
            let mut left = Vec::with_capacity(going.len());
            for (cube, ending) in going {
                if chain && chained && ending != Ending::Open {
                    left.push((cube, ending));
                    continue;
                }
                let mut more = self.by_filter(filter, policy, cube);
                match left.is_empty() {
                    true => left = more,
                    false => left.append(&mut more),
                }
            }
            chained |= chain;
            // Cubes and classes are large: no room is made for more of them than there are.
            let denied = |one: &&(Cube<'t>, Ending)| one.1 == Ending::Decided(Verdict::Deny);
            let n_denied = left.iter().filter(denied).count();
            classes.reserve_exact(n_denied);
            going = Vec::with_capacity(left.len() - n_denied);
            for (cube, ending) in left {
                match ending {
                    Ending::Decided(Verdict::Deny) => classes.push(cube.end(Verdict::Deny)),
                    _ => going.push((cube, ending)),
                }
            }
        }
        classes.reserve_exact(going.len());
        for (cube, ending) in going {
            let verdict = match ending {
                Ending::Decided(verdict) => verdict,
                Ending::Open => self.open_end(),
            };
            classes.push(cube.end(verdict));
        }
        classes
    }

    /// Sends routes through one policy, as redistribution and `network` statements do. `undefined` is what
    /// the dialect does where there is none of that name.
    pub(crate) fn by_named_policy(
        &self,
        name: &Fact<&'t str>,
        cube: Cube<'t>,
        undefined: Effect,
    ) -> Vec<RouteClass<'t>> {
        let ended = match self.lists.policy(self.device, name.value) {
            Some(policy) => self.by_policy(policy, vec![cube], 0),
            None => verdicts(self.by_undefined(cube, name, undefined)),
        };
        let end = |(cube, ending): (Cube<'t>, Ending)| match ending {
            Ending::Decided(verdict) => cube.end(verdict),
            Ending::Open => cube.end(self.open_end()),
        };
        ended.into_iter().map(end).collect()
    }

    fn by_filter(
        &self,
        filter: &Filter<'t>,
        policy: Option<&Policy<'t>>,
        cube: Cube<'t>,
    ) -> Vec<(Cube<'t>, Ending)> {
        let (name, behaviour) = (&filter.name, self.behaviour);
        let split = match filter.kind {
            ObjectKind::Policy => match policy {
                Some(policy) => return self.by_policy(policy, vec![cube], 0),
                None => self.by_undefined(cube, name, behaviour.undefined_neighbor_policy),
            },
            ObjectKind::PrefixList | ObjectKind::Ipv6PrefixList => {
                match self.lists.prefix_list(filter.kind, name.value) {
                    Some(_) => self.by_prefix_list(cube, filter.kind, name),
                    None => self.by_undefined(cube, name, behaviour.undefined_neighbor_prefix_list),
                }
            }
            ObjectKind::Acl => {
                self.by_access_list(cube, Family::Ipv4, name, behaviour.undefined_neighbor_acl)
            }
            ObjectKind::Ipv6Acl => {
                self.by_access_list(cube, Family::Ipv6, name, behaviour.undefined_neighbor_acl)
            }
            ObjectKind::AsPathList => {
                self.by_as_path_list(cube, name, behaviour.undefined_neighbor_as_path_list)
            }
            _ => self.ask(cube, Test::NotUnderstood(name.at())),
        };
        verdicts(split)
    }

    /// Prefixes that filters name one by one in permits, sorted, each with the entry that names it.
    pub(crate) fn named(&self, filters: &[Filter<'t>]) -> Vec<(Prefix, Mark<'t>)> {
        let mut named = Named::default();
        for filter in filters {
            match filter.kind {
                ObjectKind::PrefixList | ObjectKind::Ipv6PrefixList => {
                    self.named_by_list(filter.kind, filter.name.value, &mut named);
                }
                ObjectKind::Acl => {
                    self.named_by_access_list(Family::Ipv4, filter.name.value, &mut named);
                }
                ObjectKind::Policy => self.named_by_policy(filter.name.value, &mut named),
                _ => {}
            }
        }
        named.prefixes.into_iter().collect()
    }

    fn named_by_policy(&self, name: &'t str, named: &mut Named<'t>) {
        // Policies may call each other in a ring: each is looked at once.
        let mut names = vec![name];
        let mut next = 0;
        while let Some(&name) = names.get(next) {
            next += 1;
            let Some(policy) = self.lists.policy(self.device, name) else { continue };
            let permits = |clause: &&Clause<'t>| clause.verdict != Some(Verdict::Deny);
            for clause in policy.clauses.iter().filter(permits) {
                self.named_by_condition(&clause.condition, 0, named);
                subroutines(&clause.condition, 0, &mut names);
                self.named_by_steps(&clause.steps, 0, &mut names, named);
            }
        }
    }

    /// What branches of a clause name, and the policies that its steps call.
    fn named_by_steps(
        &self,
        steps: &[Step<'t>],
        depth: u8,
        names: &mut Vec<&'t str>,
        named: &mut Named<'t>,
    ) {
        for step in steps {
            match step {
                Step::Call(call) if !names.contains(&call.value) => names.push(call.value),
                Step::Branch(arms) if depth < DEEPEST => {
                    let drops = |step: &Step<'_>| matches!(step, Step::End(verdict) if verdict.value == Verdict::Deny);
                    for arm in arms.iter().filter(|arm| !arm.steps.iter().any(drops)) {
                        self.named_by_condition(&arm.condition, 0, named);
                        self.named_by_steps(&arm.steps, depth + 1, names, named);
                    }
                }
                _ => {}
            }
        }
    }

    fn named_by_condition(&self, condition: &Condition<'t>, depth: u8, named: &mut Named<'t>) {
        let fact = match condition {
            Condition::Match(fact) => fact,
            Condition::All(parts) | Condition::Any(parts) if depth < DEEPEST => {
                for part in parts {
                    self.named_by_condition(part, depth + 1, named);
                }
                return;
            }
            _ => return,
        };
        let at = fact.at();
        match &fact.value {
            Match::PrefixLists(names) => names
                .iter()
                .for_each(|name| self.named_by_list(ObjectKind::PrefixList, name.value, named)),
            Match::Ipv6PrefixLists(names) => names
                .iter()
                .for_each(|name| self.named_by_list(ObjectKind::Ipv6PrefixList, name.value, named)),
            Match::AccessLists(names) => names
                .iter()
                .for_each(|name| self.named_by_access_list(Family::Ipv4, name.value, named)),
            Match::Prefixes(ranges) => {
                for range in ranges.iter().filter(|range| range.prefix.range() == **range) {
                    let note = Note::Entry { list: "", permit: true };
                    named.prefixes.entry(range.prefix).or_insert(Mark { at, note });
                }
            }
            Match::LongestPrefix(ranges) => {
                for range in ranges.iter().filter(|range| range.value.prefix.range() == range.value)
                {
                    let note = Note::Entry { list: "", permit: true };
                    named
                        .prefixes
                        .entry(range.value.prefix)
                        .or_insert(Mark { at: range.at(), note });
                }
            }
            _ => {}
        }
    }

    fn named_by_list(&self, kind: ObjectKind, name: &str, named: &mut Named<'t>) {
        let Some(list) = self.lists.prefix_list(kind, name) else { return };
        if !named.lists.insert(list.at) {
            return;
        }
        for entry in list.entries(self.device).filter(|entry| entry.permit) {
            if entry.range.prefix.range() == entry.range {
                let note = Note::Entry { list: list.name, permit: true };
                named.prefixes.entry(entry.range.prefix).or_insert(Mark { at: entry.at, note });
            }
        }
    }

    fn named_by_access_list(&self, family: Family, name: &str, named: &mut Named<'t>) {
        let Some((list, routes)) = self.lists.access_list(self.device, family, name) else {
            return;
        };
        for (prefix, mark) in routes.named(list.name) {
            named.prefixes.entry(prefix).or_insert(mark);
        }
    }
}

/// Prefixes that are named one by one, each with what names it first.
#[derive(Default)]
struct Named<'t> {
    prefixes: BTreeMap<Prefix, Mark<'t>>,
    /// Where the lists stand whose entries are in: thousands of clauses may ask for one list.
    lists: BTreeSet<Span>,
}

/// Adds the policies that a condition asks.
fn subroutines<'t>(condition: &Condition<'t>, depth: u8, names: &mut Vec<&'t str>) {
    match condition {
        Condition::Match(fact) => {
            let policies = match &fact.value {
                Match::Policies(policies) => policies.as_slice(),
                Match::PolicyHolds(policy) => std::slice::from_ref(policy),
                _ => &[],
            };
            let fresh = policies.iter().map(|name| name.value);
            names.extend(fresh.filter(|name| !names.contains(name)).collect::<Vec<_>>());
        }
        Condition::All(parts) | Condition::Any(parts) if depth < DEEPEST => {
            parts.iter().for_each(|part| subroutines(part, depth + 1, names));
        }
        _ => {}
    }
}

/// A list as a filter: what it matches passes.
fn verdicts<'t>(split: Split<'t>) -> Vec<(Cube<'t>, Ending)> {
    let pass = split.yes.into_iter().map(|cube| (cube, Ending::Decided(Verdict::Permit)));
    let drop = split.no.into_iter().map(|cube| (cube, Ending::Decided(Verdict::Deny)));
    pass.chain(drop).collect()
}
