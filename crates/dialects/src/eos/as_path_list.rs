//! AS-path access lists.
//!
//! An entry may end with the origin of the path, of which `any` is the default; and the language of the
//! expressions is either that of characters or that of whole AS numbers (EOS manual, `ip as-path
//! access-list`, `ip as-path regex-mode`).

use edgelint_model::{AsPathEntry, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, room};
use crate::phrases::{action, is_word, name as word_of, negated};

/// What a statement says about a list.
struct Said<'t> {
    name: &'t str,
    /// Permit, expression, and whether only paths of one origin match.
    entry: Option<(bool, &'t str, bool)>,
}

/// An entry of a list, or the end of the list.
///
/// as-path-list ::= "ip" "as-path" "access-list" NAME action WORD "any"? NL
/// no-as-path-list ::= ("no" | "default") "ip" "as-path" "access-list" NAME (action WORD "any"?)? NL
fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let (left, name) = word_of(input)?;
    if left.is_empty() {
        return Ok((left, Said { name: name.value, entry: None }));
    }
    let (left, permit) = action(left)?;
    let (left, regex) = word_of(left)?;
    let mut low = room();
    let (left, limited) = match lower(left.peek(0), &mut low) {
        "any" => (left.skip(1), false),
        "egp" | "igp" | "incomplete" => (left.skip(1), true),
        _ => (left, false),
    };
    Ok((left, Said { name: name.value, entry: Some((permit, regex.value, limited)) }))
}

/// Reads `ip as-path access-list`, the entry or the removal, and the language of expressions.
///
/// regex-mode ::= ("no" | "default")? "ip" "as-path" "regex-mode" ("asn" | "string") NL
pub(super) fn as_path_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    draft.stray(statement);
    if is_word(words, 2, "regex-mode") {
        let asn = is_word(words, 3, "asn");
        let known = (asn || is_word(words, 3, "string")) && words.len() == 4;
        let state = if known { State::Modelled } else { State::Unmodelled };
        draft.account(Part::AsPathList, statement, state);
        draft.pending.path_by_characters = !asn && !negated;
        return;
    }
    let parsed = if is_word(words, 2, "access-list") { said(words.skip(3)).ok() } else { None };
    let (name, entry) = match parsed {
        Some((left, said)) if left.is_empty() && (negated || said.entry.is_some()) => {
            (said.name, said.entry)
        }
        _ => {
            draft.account(Part::AsPathList, statement, State::Unmodelled);
            let name = words.peek(3);
            if !name.is_empty() {
                // What it says is not known, but it is there.
                draft.define(ObjectKind::AsPathList, name, at);
                if let Some(list) = draft.as_path_list(name, at) {
                    list.blind.push(at);
                }
            }
            return;
        }
    };
    let state = match entry {
        // The model knows no entries that ask for an origin.
        Some((.., true)) => State::Unmodelled,
        _ => State::Modelled,
    };
    draft.account(Part::AsPathList, statement, state);
    match (negated, entry) {
        (false, Some((permit, regex, limited))) => {
            draft.define(ObjectKind::AsPathList, name, at);
            if let Some(list) = draft.as_path_list(name, at) {
                list.entries.push(AsPathEntry { at, permit, regex });
                list.blind.extend(limited.then_some(at));
            }
        }
        (true, Some((permit, regex, _))) => {
            if let Some(list) = draft.as_path_list(name, at) {
                list.entries.retain(|entry| (entry.permit, entry.regex) != (permit, regex));
            }
        }
        (_, None) => draft.remove(ObjectKind::AsPathList, name),
    }
}
