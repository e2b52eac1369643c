//! From expressions to automata: determinised by the library, state by state and only as far as some AS path
//! leads.
//!
//! The library's lazy automaton works out a state when it is first asked for. It is asked here for the sixteen
//! characters of paths, and only behind texts with which a path may begin; so an expression that would fill
//! memory on arbitrary text stays small, and what it accepts beyond paths is left out on the way.

use regex_automata::hybrid::dfa::{Config, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use crate::as_path::automaton::{ALPHABET, Automaton, Rough, Worked};

/// The longest expression that is looked at, in bytes.
const LONGEST: usize = 1 << 18;
/// The most memory that an expression may take as the library's graph, in bytes.
const LARGEST_GRAPH: usize = 1 << 20;
/// The most memory that the library's states may take, in bytes.
const LARGEST_CACHE: usize = 1 << 21;

/// What it costs to find out that an expression is not well formed or that its graph is too large, in states.
const REFUSED: u32 = 1 << 12;

/// The paths among `paths` that an expression of the library's syntax matches as a whole; nothing where it
/// is not well formed or too large.
pub(super) fn compile(expression: &str, paths: &Automaton) -> Worked<Automaton> {
    // Reading is work, too.
    let read = expression.len() as u32 / 16;
    let (automaton, states) = determinised(expression, paths).unwrap_or((None, REFUSED));
    (automaton, read + states)
}

fn determinised(expression: &str, paths: &Automaton) -> Option<Worked<Automaton>> {
    if LONGEST < expression.len() {
        return None;
    }
    let whole = format!("\\A(?:{expression})\\z");
    let syntax = syntax::Config::new().unicode(false).utf8(false).dot_matches_new_line(true);
    let limits = Config::new()
        .cache_capacity(LARGEST_CACHE)
        // The states are all wanted: rather than forget some, the library gives up.
        .minimum_cache_clear_count(Some(0));
    let dfa = DFA::builder()
        .syntax(syntax)
        .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(LARGEST_GRAPH)))
        .configure(limits)
        .build(&whole)
        .ok()?;
    let mut cache = dfa.create_cache();
    let start =
        dfa.start_state_forward(&mut cache, &Input::new("").anchored(Anchored::Yes)).ok()?;
    let cache = std::cell::RefCell::new(cache);
    Some(Rough::work(
        (start, paths.start()?),
        |(state, place)| {
            if !paths.ends(place) {
                return Some(false);
            }
            let end = dfa.next_eoi_state(&mut cache.borrow_mut(), state).ok()?;
            Some(end.is_match())
        },
        |(state, place), symbol| {
            let Some(place) = paths.step(place, symbol) else { return Some(None) };
            let target = dfa.next_state(&mut cache.borrow_mut(), state, ALPHABET[symbol]).ok()?;
            // The library flags states in their numbers; a state that is dead never matches again.
            Some((!target.is_dead()).then_some((target, place)))
        },
    ))
}
