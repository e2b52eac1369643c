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

/// Records the uses in one statement: `ip access-group NAME …`, `… access-class NAME`, `… local-interface NAME`.
fn in_statement<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    for index in 0..words.len().saturating_sub(1) {
        let is = |word: &str| words.is(index, word);
        let found = if is("access-group") || is("access-class") {
            let six = (0..index).any(|before| words.is(before, "ipv6"));
            let kind = if six { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
            (kind, index + 1 + usize::from(words.is(index + 1, "name")), Usage::Other)
        } else if is("local-interface") || is("source-interface") {
            (ObjectKind::Interface, index + 1, Usage::InterfaceUse)
        } else {
            continue;
        };
        let (kind, at, usage) = found;
        if let Some(token) = words.token(at) {
            draft.use_name(kind, Fact::new(token.text, token.span), usage);
        }
        return;
    }
}
