//! Flow: clauses in order, what they do, and where evaluation goes next.
//!
//! Jumps only lead forward, so a policy is one pass over its clauses with a basket of routes in front
//! of each. A route that an earlier clause permitted and sent on carries that verdict along.

use std::cell::{Cell, RefCell};

use edgelint_model::{
    Behaviour, Clause, ClauseLabel, CommunityEdit, Device, Fact, Flow, Policy, PolicyForm,
    SetAction, Step, Verdict,
};

use crate::evaluate::attributes::{Attributes, Base};
use crate::evaluate::class::Test;
use crate::evaluate::condition::{DEEPEST, Split};
use crate::evaluate::cube::{Cube, Known};
use crate::lists::Lists;
use crate::mark::Note;

/// How a policy left routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Decided.
    Decided(Verdict),
    /// Left to the next policy of a chain, or to the protocol.
    Open,
}

/// How the steps of a clause left routes.
enum After {
    /// The clause goes on.
    Next,
    /// The policy is over.
    End(Verdict),
}

/// Evaluates policies of one device on routes of which the same is known.
pub(crate) struct Evaluator<'d, 't> {
    pub(crate) device: &'d Device<'t>,
    pub(crate) lists: &'d Lists<'t>,
    pub(crate) behaviour: &'d Behaviour,
    pub(crate) known: &'d Known<'t>,
    pub(crate) base: Base,
    /// Whether clauses that do not apply leave a mark, too: for whoever follows one route.
    pub(crate) tells_all: bool,
    /// Bounds: hostile policies could multiply classes without end.
    bounds: Bounds,
    /// The policies that are being evaluated, the outermost first.
    within: RefCell<Vec<&'t str>>,
}

/// What is left of what one evaluation may do.
struct Bounds {
    /// Divisions.
    divisions: Cell<u32>,
    /// Looks of one set of routes at one clause or step.
    looks: Cell<u32>,
    /// Sets of routes that are on their way now, each of which all clauses to come may divide.
    crowd: Cell<usize>,
}

/// Divisions of one evaluation. The largest policies of real exports need a few hundred, a policy of
/// thousands of clauses some for each.
const DIVISIONS: u32 = 1 << 16;
/// Looks of one evaluation.
const LOOKS: u32 = 1 << 20;
/// Sets of routes on their way. They are many only where clauses let routes go on: each of those doubles
/// them. Real exports need a dozen.
const CROWD: usize = 256;

impl<'d, 't> Evaluator<'d, 't> {
    pub(crate) fn new(
        device: &'d Device<'t>,
        lists: &'d Lists<'t>,
        known: &'d Known<'t>,
        base: Base,
    ) -> Self {
        let behaviour = device.behaviour;
        let bounds = Bounds {
            divisions: Cell::new(DIVISIONS),
            looks: Cell::new(LOOKS),
            crowd: Cell::new(0),
        };
        let within = RefCell::default();
        Self { device, lists, behaviour, known, base, tells_all: false, bounds, within }
    }

    /// Whether a policy is being evaluated: asking it again would go on in a ring.
    pub(super) fn is_within(&self, policy: &Policy<'t>) -> bool {
        self.within.borrow().contains(&policy.name)
    }

    /// The verdict on routes that the last policy of a chain left open: that of the protocol.
    pub(super) fn open_end(&self) -> Verdict {
        self.without(self.behaviour.policy_end)
    }

    /// The verdict where no policy decides: `verdict` on BGP's own routes.
    pub(super) fn without(&self, verdict: Verdict) -> Verdict {
        let own = self.known.protocol.is_none_or(|protocol| protocol == "bgp");
        match self.behaviour.export_from_table {
            Some(other) if !own => other,
            _ => verdict,
        }
    }

    /// Whether classes may still be divided; counts the division.
    pub(super) fn may_divide(&self) -> bool {
        let left = self.bounds.divisions.get();
        self.bounds.divisions.set(left.saturating_sub(1));
        0 < left && self.bounds.crowd.get() < CROWD
    }

    /// Whether there may be another look at a clause or a step; counts it.
    fn may_look(&self) -> bool {
        let left = self.bounds.looks.get();
        self.bounds.looks.set(left.saturating_sub(1));
        0 < left
    }

    /// Sends routes through a policy.
    pub(super) fn by_policy(
        &self,
        policy: &Policy<'t>,
        cubes: Vec<Cube<'t>>,
        depth: u8,
    ) -> Vec<(Cube<'t>, Ending)> {
        self.within.borrow_mut().push(policy.name);
        let mut way = Way { baskets: Vec::new(), waiting: 0, ended: Vec::with_capacity(FEW) };
        way.baskets.resize_with(policy.clauses.len() + 1, Vec::new);
        for mut cube in cubes {
            cube.entry = cube.attributes.clone();
            cube.pending = None;
            cube.certain &= policy.blind.is_empty();
            way.put(0, cube);
        }
        let crowd = self.bounds.crowd.get();
        for (place, clause) in policy.clauses.iter().enumerate() {
            let cubes = way.baskets.get_mut(place).map(std::mem::take).unwrap_or_default();
            for cube in cubes {
                self.bounds.crowd.set(crowd + way.waiting);
                way.waiting -= 1;
                self.by_clause((policy, place, clause), cube, depth, &mut way);
            }
        }
        self.bounds.crowd.set(crowd);
        for mut cube in way.baskets.pop().unwrap_or_default() {
            if cube.pending.is_none() && !policy.form.leaves_open() {
                cube.mark(policy.at, Note::EndOfPolicy(policy.name));
            }
            let ending = self.ending(policy, &cube);
            way.ended.push((cube, ending));
        }
        self.within.borrow_mut().pop();
        way.ended
    }

    /// How a policy leaves a route that no further clause looks at.
    fn ending(&self, policy: &Policy<'t>, cube: &Cube<'t>) -> Ending {
        match (cube.pending, policy.form) {
            (Some(verdict), _) => Ending::Decided(verdict),
            (None, form) if form.leaves_open() => Ending::Open,
            (None, _) => Ending::Decided(self.behaviour.policy_end),
        }
    }

    fn by_clause(
        &self,
        (policy, place, clause): (&Policy<'t>, usize, &Clause<'t>),
        mut cube: Cube<'t>,
        depth: u8,
        way: &mut Way<'t>,
    ) {
        if !self.may_look() {
            cube.certain = false;
            let ending = self.ending(policy, &cube);
            way.ended.push((cube, ending));
            return;
        }
        let n_marks = cube.trail.len();
        let failing =
            self.tells_all.then(|| self.failing(&cube, &clause.condition, depth)).flatten();
        let mut split = self.by_condition(cube, &clause.condition, depth);
        if let Some(&blind) = clause.blind.first() {
            // It may be a match that narrows the clause, or a set.
            split = self.then(split, |cube| self.ask(cube, Test::NotUnderstood(blind)));
        }
        for mut cube in split.no {
            cube.forget(n_marks);
            if self.tells_all {
                let note = Note::Passed { policy: policy.name, label: clause.label };
                cube.mark(failing.unwrap_or(clause.at), note);
            }
            if cube.pending == Some(Verdict::Permit) {
                cube.pending = Some(self.behaviour.continued_end);
            }
            way.put(place + 1, cube);
        }
        let branches = clause.steps.iter().any(|step| matches!(step, Step::Branch(_)));
        for mut cube in split.yes {
            let note =
                Note::Clause { policy: policy.name, label: clause.label, verdict: clause.verdict };
            if !branches {
                cube.mark(clause.at, note);
            }
            for (mut cube, after) in self.by_steps(policy, &clause.steps, cube, depth) {
                let ending = match (after, clause.verdict) {
                    (After::End(verdict), _) => Ending::Decided(verdict),
                    (After::Next, Some(Verdict::Deny)) => Ending::Decided(Verdict::Deny),
                    (After::Next, verdict) => {
                        cube.pending = verdict.or(cube.pending);
                        match target(policy, place, clause.flow) {
                            Target::Clause(place) => {
                                way.put(place, cube);
                                continue;
                            }
                            Target::NextPolicy => Ending::Open,
                            Target::AsAsked if cube.left_open => Ending::Open,
                            Target::AsAsked => self.ending(policy, &cube),
                            Target::End { understood } => {
                                cube.certain &= understood;
                                self.ending(policy, &cube)
                            }
                        }
                    }
                };
                way.ended.push((cube, ending));
            }
        }
    }

    fn by_steps(
        &self,
        policy: &Policy<'t>,
        steps: &[Step<'t>],
        cube: Cube<'t>,
        depth: u8,
    ) -> Vec<(Cube<'t>, After)> {
        if steps.is_empty() {
            return vec![(cube, After::Next)];
        }
        let mut ended = Vec::new();
        let mut going = vec![cube];
        let crowd = self.bounds.crowd.get();
        for step in steps {
            let mut left = Vec::with_capacity(going.len());
            let waiting = going.len();
            for (done, cube) in going.into_iter().enumerate() {
                self.bounds.crowd.set(crowd + waiting - done + left.len());
                for (cube, after) in self.by_step(policy, step, cube, depth) {
                    match after {
                        After::Next => left.push(cube),
                        After::End(_) => ended.push((cube, after)),
                    }
                }
            }
            going = left;
        }
        self.bounds.crowd.set(crowd);
        ended.reserve_exact(going.len());
        ended.extend(going.into_iter().map(|cube| (cube, After::Next)));
        ended
    }

    fn by_step(
        &self,
        policy: &Policy<'t>,
        step: &Step<'t>,
        mut cube: Cube<'t>,
        depth: u8,
    ) -> Vec<(Cube<'t>, After)> {
        if DEEPEST < depth || !self.may_look() {
            cube.certain = false;
            return vec![(cube, After::Next)];
        }
        let note =
            |verdict| Note::Clause { policy: policy.name, label: ClauseLabel::Here, verdict };
        match step {
            Step::Set(action) => {
                self.set(&mut cube.attributes, action);
                // A route that a route policy changes passes at its end (IOS XR routing guide).
                if policy.form == PolicyForm::RoutePolicy {
                    cube.pending = cube.pending.or(Some(Verdict::Permit));
                    if matches!(action.value, SetAction::LocalPreference(_) | SetAction::Weight(_))
                    {
                        cube.mark(action.at(), note(None));
                    }
                }
                vec![(cube, After::Next)]
            }
            Step::Call(name) => self.by_call(name, cube, depth),
            Step::Branch(arms) => {
                let mut done = Vec::new();
                let mut rest = vec![cube];
                for arm in arms {
                    let mut left = Vec::new();
                    for cube in rest {
                        let Split { yes, no } = self.by_condition(cube, &arm.condition, depth + 1);
                        left.extend(no);
                        for mut cube in yes {
                            cube.mark(arm.at, note(None));
                            done.extend(self.by_steps(policy, &arm.steps, cube, depth + 1));
                        }
                    }
                    rest = left;
                }
                done.extend(rest.into_iter().map(|cube| (cube, After::Next)));
                done
            }
            Step::Pass(at) => {
                cube.mark(*at, note(Some(Verdict::Permit)));
                cube.pending = Some(Verdict::Permit);
                vec![(cube, After::Next)]
            }
            Step::End(verdict) => {
                cube.mark(verdict.at(), note(Some(verdict.value)));
                vec![(cube, After::End(verdict.value))]
            }
        }
    }

    /// Changes a route's attributes, and remembers the statement where its effect is not followed.
    fn set(&self, attributes: &mut Attributes, action: &Fact<SetAction<'t>>) {
        match &action.value {
            SetAction::Community(CommunityEdit::RemoveMatching(name)) => {
                self.remove_matching(&mut attributes.lists.communities, name.value);
            }
            other => attributes.set(other, self.base),
        }
        let unclear = attributes.unclear || attributes.lists.communities.unclear;
        let elsewhere = matches!(
            action.value,
            SetAction::NextHop(_)
                | SetAction::Irrelevant
                | SetAction::RouteTargets(_)
                | SetAction::PrependOwnAs(_)
                | SetAction::PrependLastAs(_)
                | SetAction::RewritePath(_)
                | SetAction::ReplaceAs(_)
        );
        if elsewhere || unclear {
            attributes.lists.unfollowed.push(action.at());
        }
    }

    /// Another policy inside a clause: where it denies, so does the clause. One that is not defined is
    /// passed over, with doubt.
    fn by_call(
        &self,
        name: &Fact<&'t str>,
        mut cube: Cube<'t>,
        depth: u8,
    ) -> Vec<(Cube<'t>, After)> {
        let Some(policy) = self.lists.policy(self.device, name.value) else {
            cube.mark(name.at(), Note::Undefined(name.value));
            cube.certain = false;
            return vec![(cube, After::Next)];
        };
        // Calls of calls multiply: they count as divisions do.
        if self.is_within(policy) || !self.may_divide() {
            if self.is_within(policy) {
                cube.mark(name.at(), Note::Ring(name.value));
            }
            cube.certain = false;
            return vec![(cube, After::Next)];
        }
        if policy.form == PolicyForm::RoutePolicy {
            // As if it were pasted in place of the call: its end ends all, what it passes or changes
            // passes, and its conditions see the route as it came (IOS XR routing guide).
            cube.certain &= policy.blind.is_empty();
            let steps = policy.clauses.first().map_or(&[][..], |clause| &clause.steps);
            self.within.borrow_mut().push(policy.name);
            let ended = self.by_steps(policy, steps, cube, depth + 1);
            self.within.borrow_mut().pop();
            return ended;
        }
        let (pending, entry) = (cube.pending, cube.entry.clone());
        let ended = self.by_policy(policy, vec![cube], depth + 1);
        let back = ended.into_iter().map(|(mut cube, ending)| {
            cube.pending = pending;
            cube.entry = entry.clone();
            match ending {
                Ending::Decided(Verdict::Deny) => (cube, After::End(Verdict::Deny)),
                Ending::Decided(Verdict::Permit) | Ending::Open => (cube, After::Next),
            }
        });
        back.collect()
    }
}

/// Where a clause leads.
enum Target {
    Clause(usize),
    NextPolicy,
    AsAsked,
    End { understood: bool },
}

fn target(policy: &Policy<'_>, place: usize, flow: Fact<Flow>) -> Target {
    match flow.value {
        Flow::Stop => Target::End { understood: true },
        Flow::NextClause => Target::Clause(place + 1),
        Flow::NextPolicy => Target::NextPolicy,
        Flow::AsAsked => Target::AsAsked,
        Flow::GoTo(wanted) => {
            let later = policy.clauses.iter().enumerate().skip(place + 1);
            let mut hits = later.filter(|(_, one)| one.label == ClauseLabel::Sequence(wanted));
            // A clause that is not there: systems differ, the clause's own verdict is the usual answer.
            hits.next()
                .map_or(Target::End { understood: false }, |(place, _)| Target::Clause(place))
        }
    }
}

/// Routes on their way through one policy.
struct Way<'t> {
    /// Routes in front of each clause, and behind the last one.
    baskets: Vec<Vec<Cube<'t>>>,
    /// How many sets of routes are in all of these.
    waiting: usize,
    /// Routes that the policy is done with.
    ended: Vec<(Cube<'t>, Ending)>,
}

/// Room that most clauses get along with: cubes are large.
const FEW: usize = 2;

impl<'t> Way<'t> {
    fn put(&mut self, place: usize, cube: Cube<'t>) {
        if let Some(basket) = self.baskets.get_mut(place) {
            if basket.capacity() == 0 {
                basket.reserve_exact(FEW);
            }
            basket.push(cube);
            self.waiting += 1;
        }
    }
}
