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

/// Records the uses in one statement.
fn in_statement<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    for at in 0..words.len().saturating_sub(1) {
        let kind = match words.peek(at).len() {
            12 if words.is(at, "route-policy") => ObjectKind::Policy,
            _ => continue,
        };
        if let Some(name) = words.token(at + 1) {
            draft.use_name(kind, Fact::new(name.text, name.span), Usage::Other);
        }
    }
    if let Some((kind, at)) = guard(words)
        && let Some(token) = words.token(at)
    {
        draft.use_name(kind, Fact::new(token.text, token.span), Usage::Other);
    }
}

/// Where an access list is named: `access-group`, `access-class`, `access-list`, and servers.
fn guard(words: Words<'_, '_>) -> Option<(ObjectKind, usize)> {
    let ipv6 = (0..words.len()).any(|at| words.is(at, "ipv6"));
    let kind = if ipv6 { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
    for at in 0..words.len().saturating_sub(1) {
        let found = match words.peek(at).len() {
            11 if words.is(at, "access-list") => at + 1,
            12 if words.is(at, "access-group") || words.is(at, "access-class") => {
                let from = at + 1;
                from + usize::from(words.is(from, "ipv4") || words.is(from, "ipv6"))
            }
            _ => continue,
        };
        return (found < words.len()).then_some((kind, found));
    }
    None
}
