//! Names of policy objects and interfaces in statements that are inert otherwise.
//!
//! An access list that guards the terminals matters to no route, but it is in use: whoever looks for
//! objects that nobody uses has to know.

use edgelint_model::{Fact, ObjectKind, Usage};
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::static_route::is_interface;

/// Records the uses in a statement and its block.
pub(super) fn in_block<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    in_family(draft, statement, false);
}

/// Records the uses in a block; `v6` says whether access lists in it are those of IPv6.
fn in_family<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, v6: bool) {
    let words = statement.words();
    let v6 = v6
        || words.is(0, "router") && words.is(1, "mld")
        || words.is(0, "address-family") && words.is(1, "ipv6");
    in_statement(draft, words, v6);
    for child in statement.children() {
        in_family(draft, child, v6);
    }
}

/// Records the uses in one statement.
fn in_statement<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>, v6: bool) {
    for at in 0..words.len().saturating_sub(1) {
        let found = match words.peek(at).len() {
            12 if words.is(at, "route-policy") => (ObjectKind::Policy, at + 1, Usage::Other),
            9 if words.is(at, "interface") && is_interface(words.peek(at + 1)) => {
                (ObjectKind::Interface, at + 1, Usage::InterfaceUse)
            }
            _ => match guard(words, at) {
                Some((place, family)) => (acl(family.unwrap_or(v6)), place, Usage::Other),
                None => continue,
            },
        };
        let (kind, place, usage) = found;
        let Some(token) = words.token(place) else { continue };
        // The values of a policy's parameters may stand against its name.
        let name = token.text.split('(').next().unwrap_or(token.text);
        if !name.is_empty() {
            draft.use_name(kind, Fact::new(name, token.span), usage);
        }
    }
}

const fn acl(v6: bool) -> ObjectKind {
    if v6 { ObjectKind::Ipv6Acl } else { ObjectKind::Acl }
}

/// The place of an access list that the word at `at` announces, and whether it is one of IPv6 where the
/// line says so.
fn guard(words: Words<'_, '_>, at: usize) -> Option<(usize, Option<bool>)> {
    let family = |at: usize| match words.is(at, "ipv6") {
        true => Some(true),
        false => words.is(at, "ipv4").then_some(false),
    };
    let next = at + 1;
    let found = match words.peek(at).len() {
        // Lists of other addresses than those of IP have names of their own.
        11 if words.is(at, "access-list") && !words.is(0, "ethernet-services") => {
            (next, family(at.checked_sub(1).unwrap_or(usize::MAX)))
        }
        12 if words.is(at, "access-group") || words.is(at, "access-class") => {
            let given = family(next);
            (next + usize::from(given.is_some()), given)
        }
        17 if words.is(at, "explicit-tracking") => (next, None),
        10 if words.is(at, "group-list") => (next, None),
        20 if words.is(at, "groups-per-interface") => (at + 2, None),
        15 if words.is(at, "neighbor-filter") || words.is(at, "accept-register") => (next, None),
        15 if words.is(at, "distribute-list") => (next, None),
        10 if words.is(at, "rp-address") => (at + 2, None),
        6 if words.is(at, "static") && words.is(at.checked_sub(1)?, "map") => (at + 2, None),
        _ => return None,
    };
    let keywords = ["override", "bidir", "route-policy", "prefix-list", "in", "out"];
    let is_name = found.0 < words.len() && !keywords.iter().any(|word| words.is(found.0, word));
    is_name.then_some(found)
}
