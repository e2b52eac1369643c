//! What was compiled and combined already, remembered for the whole run.
//!
//! The devices of an estate ask the same few expressions over and over, and an automaton costs as much as reading a
//! page of configuration. What is remembered changes no answer: it is what working it out again would
//! give. It is forgotten as a whole when it grows too large.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::as_path::AsPathSet;
use crate::as_path::automaton::{Automaton, Both, SYMBOLS, Worked};

/// The most states that are remembered, in all automata together: some tens of megabytes.
const MOST_STATES: usize = 1 << 19;
/// The most answers that are remembered.
const MOST_ANSWERS: usize = 1 << 16;

#[derive(Default)]
struct Memo {
    /// Sets by what they accept.
    sets: HashMap<Arc<Automaton>, AsPathSet>,
    /// Sets by the pattern that they were compiled from, and those of short lists by their text.
    compiled: HashMap<Box<str>, Worked<AsPathSet>>,
    /// Sets by the two that they were made of.
    combined: HashMap<(u64, u64, Both), Worked<AsPathSet>>,
    /// States of all sets, and as many more as the patterns take room.
    n_states: usize,
}

static MEMO: LazyLock<RwLock<Memo>> = LazyLock::new(RwLock::default);
static NEXT: AtomicU64 = AtomicU64::new(0);

impl Memo {
    /// The set that accepts what an automaton does: one for all that are equal.
    fn set(&mut self, automaton: Automaton) -> AsPathSet {
        if let Some(known) = self.sets.get(&automaton) {
            return known.clone();
        }
        self.n_states += automaton.len();
        let automaton = Arc::new(automaton);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let set = AsPathSet { number, automaton: Arc::clone(&automaton) };
        self.sets.insert(automaton, set.clone());
        set
    }

    /// Forgets everything where it has grown too large.
    fn make_room(&mut self) {
        let n_answers = self.compiled.len() + self.combined.len();
        if MOST_STATES < self.n_states || MOST_ANSWERS < n_answers {
            *self = Self::default();
        }
    }

    fn worked(&mut self, (automaton, cost): Worked<Automaton>) -> Worked<AsPathSet> {
        self.make_room();
        (automaton.map(|automaton| self.set(automaton)), cost)
    }
}

fn read<T>(look: impl FnOnce(&Memo) -> Option<T>) -> Option<T> {
    look(&MEMO.read().unwrap_or_else(PoisonError::into_inner))
}

fn write<T>(change: impl FnOnce(&mut Memo) -> T) -> T {
    change(&mut MEMO.write().unwrap_or_else(PoisonError::into_inner))
}

/// The set that accepts what an automaton does.
pub(super) fn set(automaton: Automaton) -> AsPathSet {
    write(|memo| {
        memo.make_room();
        memo.set(automaton)
    })
}

/// The set of a pattern, compiled where it is not known yet.
pub(super) fn compiled(
    key: &str,
    compile: impl FnOnce() -> Worked<Automaton>,
) -> Worked<AsPathSet> {
    if let Some(known) = read(|memo| memo.compiled.get(key).cloned()) {
        return known;
    }
    let worked = compile();
    write(|memo| {
        let set = memo.worked(worked);
        memo.n_states += key.len() / SYMBOLS;
        memo.compiled.insert(key.into(), set.clone());
        set
    })
}

/// The set of what a key stands for, worked out from other sets where it is not known yet.
pub(super) fn made(key: &str, make: impl FnOnce() -> Worked<AsPathSet>) -> Worked<AsPathSet> {
    if let Some(known) = read(|memo| memo.compiled.get(key).cloned()) {
        return known;
    }
    let worked = make();
    write(|memo| {
        memo.make_room();
        memo.n_states += key.len() / SYMBOLS;
        memo.compiled.insert(key.into(), worked.clone());
    });
    worked
}

/// Two sets together, combined where that was not done yet.
pub(super) fn combined(one: &AsPathSet, other: &AsPathSet, both: Both) -> Worked<AsPathSet> {
    let key = (one.number, other.number, both);
    if let Some(known) = read(|memo| memo.combined.get(&key).cloned()) {
        return known;
    }
    let worked = one.automaton.combine(&other.automaton, both);
    write(|memo| {
        let set = memo.worked(worked);
        memo.combined.insert(key, set.clone());
        set
    })
}
