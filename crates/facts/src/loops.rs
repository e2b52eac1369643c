//! Policies that ask each other in a ring: none of them comes to an end by itself.

use edgelint_model::{Condition, Device, Fact, Match, Policy, Step};
use edgelint_source::Span;

use crate::lists::Lists;

/// One way around: each policy with the statement by which it asks the next one; the last asks the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRing<'t> {
    /// The policies, the one that is defined first in front.
    pub policies: Vec<(&'t str, Span)>,
}

/// The rings among a device's policies: of those that share a statement one.
pub(crate) fn rings<'t>(device: &Device<'t>, lists: &Lists<'t>) -> Vec<PolicyRing<'t>> {
    let asks: Vec<Vec<Fact<&'t str>>> = device.policies.iter().map(asked).collect();
    if asks.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    let mut search = Search { device, lists, asks, states: Vec::new(), found: Vec::new() };
    search.states.resize(device.policies.len(), State::Fresh);
    for place in 0..device.policies.len() {
        search.from(place);
    }
    search.found
}

/// How far the search came with a policy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    /// It is on the way that is being followed.
    OnWay,
    Done,
}

struct Search<'d, 't> {
    device: &'d Device<'t>,
    lists: &'d Lists<'t>,
    /// What each policy asks.
    asks: Vec<Vec<Fact<&'t str>>>,
    states: Vec<State>,
    found: Vec<PolicyRing<'t>>,
}

impl Search<'_, '_> {
    /// Follows what a policy asks, in depth. The way is kept in a list: it may be as long as there are policies.
    fn from(&mut self, start: usize) {
        if self.states.get(start) != Some(&State::Fresh) {
            return;
        }
        // Policies on the way, each with the number of the question that is followed.
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        self.mark(start, State::OnWay);
        while let Some(&(place, question)) = way.last() {
            let Some(asked) = self.asks.get(place).and_then(|all| all.get(question)).copied()
            else {
                self.mark(place, State::Done);
                way.pop();
                if let Some(before) = way.last_mut() {
                    before.1 += 1;
                }
                continue;
            };
            let next = self.lists.policy_place(asked.value);
            match next.map(|next| (next, self.states.get(next))) {
                Some((next, Some(State::Fresh))) => {
                    self.mark(next, State::OnWay);
                    way.push((next, 0));
                    continue;
                }
                Some((next, Some(State::OnWay))) => self.close(&way, next),
                _ => {}
            }
            if let Some(last) = way.last_mut() {
                last.1 += 1;
            }
        }
    }

    fn mark(&mut self, place: usize, state: State) {
        if let Some(own) = self.states.get_mut(place) {
            *own = state;
        }
    }

    /// Keeps the ring that ends where the way came to a policy that is on it.
    fn close(&mut self, way: &[(usize, usize)], again: usize) {
        let from = way.iter().position(|(place, _)| *place == again).unwrap_or_default();
        let policies = way.iter().skip(from).filter_map(|&(place, question)| {
            let policy = self.device.policies.get(place)?;
            let asked = self.asks.get(place)?.get(question)?;
            Some((policy.name, asked.at()))
        });
        let mut policies: Vec<_> = policies.collect();
        let first = policies.iter().enumerate().min_by_key(|(_, (_, at))| *at);
        let first = first.map_or(0, |(place, _)| place);
        policies.rotate_left(first);
        self.found.push(PolicyRing { policies });
    }
}

/// Deeper nesting than anybody writes.
const DEEPEST: u8 = 64;

/// The policies that a policy asks, with the statements that name them.
fn asked<'t>(policy: &Policy<'t>) -> Vec<Fact<&'t str>> {
    let mut names = Vec::new();
    for clause in &policy.clauses {
        by_condition(&clause.condition, 0, &mut names);
        by_steps(&clause.steps, 0, &mut names);
    }
    names
}

fn by_steps<'t>(steps: &[Step<'t>], depth: u8, names: &mut Vec<Fact<&'t str>>) {
    for step in steps {
        match step {
            Step::Call(name) => names.push(*name),
            Step::Branch(arms) if depth < DEEPEST => {
                for arm in arms {
                    by_condition(&arm.condition, depth + 1, names);
                    by_steps(&arm.steps, depth + 1, names);
                }
            }
            _ => {}
        }
    }
}

fn by_condition<'t>(condition: &Condition<'t>, depth: u8, names: &mut Vec<Fact<&'t str>>) {
    match condition {
        Condition::Match(fact) => match &fact.value {
            Match::Policies(policies) => names.extend(policies.iter().copied()),
            Match::PolicyHolds(policy) => names.push(*policy),
            _ => {}
        },
        Condition::All(parts) | Condition::Any(parts) if depth < DEEPEST => {
            parts.iter().for_each(|part| by_condition(part, depth + 1, names));
        }
        Condition::Not(inner) if depth < DEEPEST => by_condition(inner, depth + 1, names),
        _ => {}
    }
}
