//! The smallest automaton that accepts the same texts.
//!
//! States are divided by whether they accept, then by where their symbols lead, until nothing divides them
//! any more. Each step looks at the smaller half only, so time grows with the transitions and the
//! logarithm of the states (A. Valmari, "Fast brief practical DFA minimization", 2012).

use crate::as_path::automaton::{Rough, SYMBOLS};

/// No state.
const NOWHERE: u32 = u32::MAX;

/// A partition of the numbers below some bound into sets, refined by marking members.
struct Partition {
    /// Members, set by set.
    members: Vec<u32>,
    /// Where each member stands among them.
    place: Vec<u32>,
    /// The set of each member.
    set: Vec<u32>,
    /// Where each set begins, and where it ends.
    bounds: Vec<(u32, u32)>,
    /// How many members of each set are marked; these stand first.
    marked: Vec<u32>,
    /// Sets with marked members.
    touched: Vec<u32>,
}

impl Partition {
    /// All numbers below `n` in the sets that their keys make; keys are small.
    fn by_key(n: usize, key: impl Fn(usize) -> usize) -> Self {
        let mut members: Vec<u32> = (0..n as u32).collect();
        members.sort_by_key(|&member| key(member as usize));
        let mut partition = Self {
            place: vec![0; n],
            set: vec![0; n],
            bounds: Vec::new(),
            marked: Vec::new(),
            touched: Vec::new(),
            members,
        };
        let mut last = None;
        for (place, &member) in (0..).zip(&partition.members) {
            let own = key(member as usize);
            if last != Some(own) {
                partition.bounds.push((place, place));
                last = Some(own);
            }
            let set = partition.bounds.len() - 1;
            partition.bounds[set].1 = place + 1;
            partition.set[member as usize] = set as u32;
            partition.place[member as usize] = place;
        }
        partition.marked = vec![0; partition.bounds.len()];
        partition
    }

    fn len(&self) -> usize {
        self.bounds.len()
    }

    /// The members of a set, as they stand now.
    fn range(&self, set: usize) -> std::ops::Range<usize> {
        let (first, past) = self.bounds[set];
        first as usize..past as usize
    }

    fn mark(&mut self, member: u32) {
        let set = self.set[member as usize] as usize;
        let here = self.place[member as usize];
        let there = self.bounds[set].0 + self.marked[set];
        if here < there {
            return;
        }
        let other = self.members[there as usize];
        self.members[here as usize] = other;
        self.place[other as usize] = here;
        self.members[there as usize] = member;
        self.place[member as usize] = there;
        if self.marked[set] == 0 {
            self.touched.push(set as u32);
        }
        self.marked[set] += 1;
    }

    /// Parts marked members from the others; the smaller part becomes a new set.
    fn split(&mut self) {
        while let Some(set) = self.touched.pop() {
            let set = set as usize;
            let (first, past) = self.bounds[set];
            let middle = first + std::mem::take(&mut self.marked[set]);
            if middle == past {
                continue;
            }
            let new = self.bounds.len() as u32;
            let part = if middle - first <= past - middle {
                self.bounds[set] = (middle, past);
                (first, middle)
            } else {
                self.bounds[set] = (first, middle);
                (middle, past)
            };
            self.bounds.push(part);
            self.marked.push(0);
            for place in part.0..part.1 {
                self.set[self.members[place as usize] as usize] = new;
            }
        }
    }
}

/// A transition: from where, by which symbol, to where.
type Transition = (u32, u8, u32);

/// Joins the states that accept the same texts, and leaves out those from which nothing is accepted.
/// State 0 is the start, before and after.
pub(super) fn minimise(rough: &Rough) -> Rough {
    let alive = alive(rough);
    if !alive.first().is_some_and(|start| *start) {
        return Rough::default();
    }
    let mut transitions: Vec<Transition> = Vec::new();
    let is_alive = |state: &u32| alive[*state as usize];
    for (state, row) in (0..).zip(&rough.next).filter(|(state, _)| is_alive(state)) {
        let targets = (0..).zip(row).map(|(symbol, target)| (symbol, target.filter(is_alive)));
        let targets = targets.filter_map(|(symbol, target)| Some((state, symbol, target?)));
        transitions.extend(targets);
    }
    let blocks = refine(rough, &alive, &transitions);
    // Numbers are given in the order in which a search from the start meets the states, so that
    // automata that accept the same are the same.
    let mut number = vec![NOWHERE; blocks.len()];
    let mut row_of = vec![[None; SYMBOLS]; blocks.len()];
    for &(from, symbol, to) in &transitions {
        let from = blocks.set[from as usize] as usize;
        row_of[from][usize::from(symbol)] = Some(blocks.set[to as usize]);
    }
    let mut order = vec![blocks.set[0]];
    number[blocks.set[0] as usize] = 0;
    let mut smallest = Rough::default();
    let mut at = 0;
    while let Some(&block) = order.get(at) {
        at += 1;
        let mut row = [None; SYMBOLS];
        for (slot, target) in row.iter_mut().zip(row_of[block as usize]) {
            let Some(target) = target else { continue };
            if number[target as usize] == NOWHERE {
                number[target as usize] = order.len() as u32;
                order.push(target);
            }
            *slot = Some(number[target as usize]);
        }
        let member = blocks.members[blocks.range(block as usize).start];
        smallest.next.push(row);
        smallest.accepts.push(rough.accepts[member as usize]);
    }
    smallest
}

/// The coarsest partition of the states in which all of a set agree.
fn refine(rough: &Rough, alive: &[bool], transitions: &[Transition]) -> Partition {
    let n = alive.len();
    let mut blocks = Partition::by_key(n, |state| match (alive[state], rough.accepts[state]) {
        (false, _) => 2,
        (true, accepts) => usize::from(accepts),
    });
    let mut cords = Partition::by_key(transitions.len(), |one| usize::from(transitions[one].1));
    // Transitions by where they lead.
    let mut into: Vec<u32> = (0..transitions.len() as u32).collect();
    into.sort_by_key(|&one| transitions[one as usize].2);
    let mut first_into = vec![0; n + 1];
    for &(_, _, to) in transitions {
        first_into[to as usize + 1] += 1;
    }
    for state in 0..n {
        first_into[state + 1] += first_into[state];
    }
    let (mut block, mut cord) = (0, 0);
    while block < blocks.len() || cord < cords.len() {
        while block < blocks.len() {
            for place in blocks.range(block) {
                let state = blocks.members[place] as usize;
                for &one in &into[first_into[state]..first_into[state + 1]] {
                    cords.mark(one);
                }
            }
            cords.split();
            block += 1;
        }
        if cord < cords.len() {
            for place in cords.range(cord) {
                blocks.mark(transitions[cords.members[place] as usize].0);
            }
            blocks.split();
            cord += 1;
        }
    }
    blocks
}

/// The states from which something is accepted.
fn alive(rough: &Rough) -> Vec<bool> {
    let n = rough.next.len();
    let mut first = vec![0u32; n + 1];
    let targets = || {
        rough.next.iter().enumerate().flat_map(|(state, row)| {
            row.iter().flatten().map(move |target| (state as u32, *target as usize))
        })
    };
    for (_, target) in targets() {
        first[target + 1] += 1;
    }
    for state in 0..n {
        first[state + 1] += first[state];
    }
    let mut sources = vec![0; first[n] as usize];
    let mut free = first.clone();
    for (state, target) in targets() {
        sources[free[target] as usize] = state;
        free[target] += 1;
    }
    let mut alive = rough.accepts.clone();
    let mut open: Vec<usize> = (0..n).filter(|&state| alive[state]).collect();
    while let Some(state) = open.pop() {
        for &source in &sources[first[state] as usize..first[state + 1] as usize] {
            if !std::mem::replace(&mut alive[source as usize], true) {
                open.push(source as usize);
            }
        }
    }
    alive
}
