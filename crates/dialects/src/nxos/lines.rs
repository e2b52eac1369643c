//! Lines of blocks as NX-OS has them: how blocks end.

use edgelint_syntax::Words;

pub(super) use crate::phrases::lines::{InertRow, between, listed, lower, polarity, room, whole};

/// What takes a setting back stands in front of a line. This is the end of a block that somebody typed out. (A block that is inert as a whole may hold anything.)
///
/// undo ::= "no" | "default"
/// inert-exit ::= ("exit" | "end") NL
/// inert-block ::= INDENT (REST NL inert-block?)+ DEDENT
pub(super) fn is_exit(words: Words<'_, '_>) -> bool {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "exit" | "end" => words.len() == 1,
        _ => false,
    }
}
