//! Names of policy objects in statements that are inert otherwise: whoever looks for objects that nobody
//! uses has to know that they are in use.

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

/// Records the uses in one statement: `ip protocol bgp route-map NAME`, `access-class NAME`, and lists
/// that multicast and policy routing ask.
fn in_statement<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let six = words.is(0, "ipv6");
    let acl = if six { ObjectKind::Ipv6Acl } else { ObjectKind::Acl };
    let list = if six { ObjectKind::Ipv6PrefixList } else { ObjectKind::PrefixList };
    for at in 0..words.len() {
        let kind = match words.peek(at) {
            "route-map" => ObjectKind::Policy,
            "access-class" => acl,
            "prefix-list" => list,
            _ => continue,
        };
        if let Some(token) = words.token(at + 1) {
            draft.use_name(kind, Fact::new(token.text, token.span), Usage::Other);
        }
    }
}
