//! Finite automata over the characters of a printed AS path.
//!
//! Ten digits, the blank, the comma and two kinds of brackets are all that a path is printed with. An automaton
//! here is always the smallest of those that accept the same texts, its states numbered in one way, so two of
//! them accept the same exactly where they are equal. Nothing grows without bound: what would take too
//! many states is not built.

use std::collections::HashMap;

use crate::as_path::minimise::minimise;

/// The characters, those first that a witness should rather be made of.
pub(super) const ALPHABET: [u8; SYMBOLS] = *b"1234567890 ,{}()";
/// How many there are.
pub(super) const SYMBOLS: usize = 16;
/// The most states that an automaton may have.
pub(super) const MOST_STATES: usize = 8_192;
/// The most states that are looked at while one is built.
pub(super) const MOST_STEPS: usize = 1 << 15;

/// The symbol of a character.
pub(super) fn symbol(byte: u8) -> Option<usize> {
    match byte {
        b'1'..=b'9' => Some(usize::from(byte - b'1')),
        _ => ALPHABET.iter().position(|one| *one == byte),
    }
}

/// What comes of work, if anything, and how much work it was: in states that were looked at, the same whenever
/// the same is asked.
pub(super) type Worked<T> = (Option<T>, u32);

/// States on their way to an automaton; the first is the start.
#[derive(Default)]
pub(super) struct Rough {
    /// Where each symbol leads.
    pub(super) next: Vec<[Option<u32>; SYMBOLS]>,
    /// Whether a text may end there.
    pub(super) accepts: Vec<bool>,
}

impl Rough {
    /// The automaton of all that is reached from a state; none where there is too much. `step` gives where a
    /// symbol leads.
    pub(super) fn work<S: Copy + Eq + std::hash::Hash>(
        start: S,
        accepts: impl FnMut(S) -> Option<bool>,
        step: impl FnMut(S, usize) -> Option<Option<S>>,
    ) -> Worked<Automaton> {
        match Self::explore(start, accepts, step) {
            Some(rough) => (Automaton::of(&rough), rough.next.len() as u32),
            None => (None, MOST_STEPS as u32),
        }
    }

    fn explore<S: Copy + Eq + std::hash::Hash>(
        start: S,
        mut accepts: impl FnMut(S) -> Option<bool>,
        mut step: impl FnMut(S, usize) -> Option<Option<S>>,
    ) -> Option<Self> {
        let mut numbers = HashMap::from([(start, 0)]);
        let mut states = vec![start];
        let mut rough = Self::default();
        while let Some(&state) = states.get(rough.next.len()) {
            let mut row = [None; SYMBOLS];
            for (symbol, slot) in row.iter_mut().enumerate() {
                let Some(target) = step(state, symbol)? else { continue };
                let number = *numbers.entry(target).or_insert_with(|| {
                    states.push(target);
                    states.len() as u32 - 1
                });
                *slot = Some(number);
            }
            if MOST_STEPS < states.len() {
                return None;
            }
            rough.accepts.push(accepts(state)?);
            rough.next.push(row);
        }
        Some(rough)
    }
}

/// A state; [`NONE`] where there is none.
type State = u16;
const NONE: State = State::MAX;

/// The smallest automaton that accepts some texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Automaton {
    /// Where each symbol leads from each state, the first of which is the start; none where nothing is
    /// accepted.
    next: Vec<[State; SYMBOLS]>,
    /// Whether a text may end there.
    accepts: Vec<bool>,
}

/// Which texts are meant, by whether each of two automata accepts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Both {
    /// Both do.
    Intersection,
    /// At least one does.
    Union,
    /// The first does and the second does not.
    Difference,
}

impl Both {
    fn holds(self, one: bool, other: bool) -> bool {
        match self {
            Self::Intersection => one && other,
            Self::Union => one || other,
            Self::Difference => one && !other,
        }
    }

    /// Whether anything may still come of a text behind which one of the automata, or both, have no state.
    fn goes_on(self, one: State, other: State) -> bool {
        match self {
            Self::Intersection => one != NONE && other != NONE,
            Self::Union => one != NONE || other != NONE,
            Self::Difference => one != NONE,
        }
    }
}

impl Automaton {
    /// The smallest that accepts what states on their way do.
    pub(super) fn of(rough: &Rough) -> Option<Self> {
        let smallest = minimise(rough);
        if MOST_STATES < smallest.next.len() {
            return None;
        }
        let state = |target: Option<u32>| target.map_or(NONE, |target| target as State);
        let next = smallest.next.iter().map(|row| row.map(state)).collect();
        Some(Self { next, accepts: smallest.accepts })
    }

    /// How many states it has.
    pub(super) fn len(&self) -> usize {
        self.next.len()
    }

    /// Where it starts.
    pub(super) fn start(&self) -> Option<State> {
        (!self.next.is_empty()).then_some(0)
    }

    /// Where a symbol leads.
    pub(super) fn step(&self, state: State, symbol: usize) -> Option<State> {
        let target = *self.next.get(usize::from(state))?.get(symbol)?;
        (target != NONE).then_some(target)
    }

    /// Whether a text may end in a state.
    pub(super) fn ends(&self, state: State) -> bool {
        self.accepts.get(usize::from(state)).is_some_and(|ends| *ends)
    }

    /// Where a text leads from the start.
    fn behind(&self, text: &str) -> Option<State> {
        text.bytes().try_fold(self.start()?, |state, byte| self.step(state, symbol(byte)?))
    }

    /// Whether it accepts a text.
    pub(super) fn accepts(&self, text: &str) -> bool {
        self.behind(text).is_some_and(|state| self.ends(state))
    }

    /// The texts that two automata accept together, as asked; nothing where that takes too many states.
    pub(super) fn combine(&self, other: &Self, both: Both) -> Worked<Self> {
        let start = |one: &Self| one.start().unwrap_or(NONE);
        let leads = |one: &Self, state, symbol| one.step(state, symbol).unwrap_or(NONE);
        Rough::work(
            (start(self), start(other)),
            |(one, two)| Some(both.holds(self.ends(one), other.ends(two))),
            |(one, two), symbol| {
                let target = (leads(self, one, symbol), leads(other, two, symbol));
                Some(both.goes_on(target.0, target.1).then_some(target))
            },
        )
    }

    /// Whether some text is accepted as asked; nothing where finding out takes too many steps.
    pub(super) fn any(&self, other: &Self, both: Both) -> Option<bool> {
        let start = (self.start().unwrap_or(NONE), other.start().unwrap_or(NONE));
        let mut seen = HashMap::from([(start, ())]);
        let mut open = vec![start];
        while let Some((one, two)) = open.pop() {
            if both.holds(self.ends(one), other.ends(two)) {
                return Some(true);
            }
            for symbol in 0..SYMBOLS {
                let leads = |one: &Self, state| one.step(state, symbol).unwrap_or(NONE);
                let target = (leads(self, one), leads(other, two));
                if both.goes_on(target.0, target.1) && seen.insert(target, ()).is_none() {
                    open.push(target);
                }
            }
            if MOST_STEPS < seen.len() {
                return None;
            }
        }
        Some(false)
    }

    /// The shortest text that it accepts.
    pub(super) fn shortest(&self) -> Option<String> {
        let mut from: Vec<Option<(State, usize)>> = vec![None; self.len()];
        let mut order = vec![self.start()?];
        let mut at = 0;
        let mut end = loop {
            let state = *order.get(at)?;
            if self.ends(state) {
                break state;
            }
            at += 1;
            for symbol in 0..SYMBOLS {
                let Some(target) = self.step(state, symbol) else { continue };
                if let Some(slot @ None) = from.get_mut(usize::from(target)).filter(|_| target != 0)
                {
                    *slot = Some((state, symbol));
                    order.push(target);
                }
            }
        };
        let mut text = Vec::new();
        while let Some(&Some((state, symbol))) = from.get(usize::from(end)) {
            text.push(ALPHABET[symbol]);
            end = state;
        }
        text.reverse();
        String::from_utf8(text).ok()
    }

    /// The texts that it accepts once another stands in front of them, with a blank between where there is
    /// more than nothing.
    pub(super) fn without_front(&self, front: &str) -> Option<Self> {
        let Some(state) = self.behind(front) else { return Some(Self::default()) };
        let blank = symbol(b' ').and_then(|blank| self.step(state, blank));
        // A start of its own: it accepts nothing where the front alone is accepted.
        let start = None;
        let worked = Rough::work(
            start,
            |at: Option<State>| Some(self.ends(at.unwrap_or(state))),
            |at, symbol| {
                let at = at.or(blank);
                Some(at.and_then(|at| self.step(at, symbol)).map(Some))
            },
        );
        worked.0
    }
}
