//! Lines of blocks as IOS XR has them: how blocks end, and which may be ignored.

use edgelint_model::{Part, State};
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::references;
use crate::secrets;

pub(super) use crate::phrases::lines::{InertRow, listed, lower, room, whole};

/// Whether a line begins with `no`, and the words behind. There is no `default` that takes back.
pub(super) fn polarity<'w, 't>(words: Words<'w, 't>) -> (bool, Words<'w, 't>) {
    let negated = 1 < words.len() && words.is(0, "no");
    (negated, words.skip(usize::from(negated)))
}

/// The end of a block that somebody typed out. (A block that is inert as a whole may hold anything.)
///
/// inert-exit ::= ("exit" | "root" | "end" | "commit") NL
/// inert-block ::= INDENT (REST NL inert-block?)+ DEDENT
pub(super) fn is_exit(words: Words<'_, '_>) -> bool {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "exit" | "root" | "end" | "commit" => words.len() == 1,
        _ => false,
    }
}

/// Accounts for a line that its block's parser did not take: of no consequence where it stands in the
/// table or ends a block, else a blind spot of the block's owner. `known` says whether its first word is
/// one that matters.
pub(super) fn leftover<'t>(
    draft: &mut Draft<'t>,
    (part, line): (Part, Statement<'_, 't>),
    table: &[InertRow],
    known: bool,
    blind: &mut Vec<Span>,
) {
    let (_, words) = polarity(line.words());
    if is_exit(line.words()) {
        draft.account(part, line, State::Inert);
        return draft.stray(line);
    }
    if listed(table, words) {
        draft.account_block(part, line, State::Inert);
        secrets::in_block(draft, line);
        return references::in_block(draft, line);
    }
    blind.push(line.span());
    draft.account(part, line, if known { State::Unmodelled } else { State::Opaque });
    line.children().for_each(|child| draft.account_block(part, child, State::Opaque));
    secrets::in_block(draft, line);
}
