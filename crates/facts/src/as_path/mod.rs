//! AS paths, the expressions that devices match them with, and the sets of paths that those come to.
//!
//! Every dialect's expressions are translated into one kind, over the text with which a path is printed:
//! characters of the path (IOS and its kin), whole AS numbers (Junos, EOS), conditions in words (IOS XR). About a path
//! that is known they are asked directly. For all paths together they become automata, so that
//! whether two conditions contradict one another, or one follows from the other, is decided and not guessed:
//! [`AsPathSet`].

mod automaton;
mod compile;
mod elements;
mod expression;
mod grammar;
mod known;
mod memo;
mod minimise;
mod numbers;
mod path;
mod pattern;
mod purse;
mod ranges;
mod set;

#[cfg(test)]
mod tests;

pub use path::{AsPath, Segment};
pub use set::AsPathSet;

pub(crate) use expression::{Expressions, Terms};
pub(crate) use known::{Path, decide, decide_list};
pub(crate) use pattern::{Plain, plain};
pub(crate) use purse::Purse;
