//! Lines of blocks as FRR has them: how blocks end.

use edgelint_model::State;
use edgelint_syntax::Words;

use crate::phrases::is_word;

pub(super) use crate::phrases::lines::{InertRow, between, listed, lower, room, whole};

/// Whether a line takes something back, and the words behind the `no`.
pub(super) fn polarity<'w, 't>(words: Words<'w, 't>) -> (bool, Words<'w, 't>) {
    let negated = 1 < words.len() && is_word(words, 0, "no");
    (negated, words.skip(usize::from(negated)))
}

/// The end of a block that leaves whatever block is open.
///
/// inert-exit ::= ("exit" | "end" | "quit") NL
/// inert-block ::= INDENT (REST NL inert-block?)+ DEDENT
pub(crate) fn is_exit(words: Words<'_, '_>) -> bool {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "exit" | "end" | "quit" => words.len() == 1,
        _ => false,
    }
}

/// The end of a block that names what it leaves.
///
/// block-end ::= ("exit-address-family" | "exit-vrf") NL
pub(crate) fn is_block_end(words: Words<'_, '_>) -> bool {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "exit-address-family" | "exit-vrf" => words.len() == 1,
        _ => false,
    }
}

/// The state of a line that ends a block, if it is one.
pub(crate) fn end_state(words: Words<'_, '_>) -> Option<State> {
    if is_exit(words) {
        return Some(State::Inert);
    }
    is_block_end(words).then_some(State::Modelled)
}
