//! Names of policy objects in statements that are inert otherwise.
//!
//! An access list that guards the terminals matters to no route, but it is in use: whoever looks for
//! objects that nobody uses has to know.

use edgelint_model::{Fact, ObjectKind, Usage};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;

/// Records the uses in a statement and its block.
pub(super) fn in_block<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    in_statement(draft, statement.words());
    for child in statement.children() {
        in_block(draft, child);
    }
}

/// Records the uses in one statement: `ip access-group NAME …`, `match ip access-group NAME`,
/// `… access-class NAME`, `… access-list NAME`.
fn in_statement<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let is = |index: usize, word: &str| words.is(index, word);
    let kind =
        if (0..2).any(|index| is(index, "ipv6")) { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
    let last = words.len().saturating_sub(1);
    let key = (0..last).find(|index| is(*index, "access-group") || is(*index, "access-class"));
    let Some(key) = key else { return };
    let at = key + 1 + usize::from(is(key + 1, "name"));
    if let Some(token) = words.token(at) {
        draft.use_name(kind, Fact::new(token.text, token.span), Usage::Other);
    }
}
