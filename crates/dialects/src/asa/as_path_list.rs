//! AS-path access lists.

use edgelint_model::{AsPathEntry, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::polarity;
use crate::phrases::{action, name, number_in, rest, word};

/// What a statement says about a list.
struct Said<'t> {
    name: &'t str,
    entry: Option<(bool, &'t str)>,
}

/// An entry of a list, or the end of the list.
///
/// as-path-list ::= "as-path" "access-list" RANGE_1_500 action REGEX NL
/// no-as-path-list ::= "no" "as-path" "access-list" RANGE_1_500 (action REGEX)? NL
fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let (left, _) = word("as-path")(input)?;
    let (left, _) = word("access-list")(left)?;
    number_in(1, 500)(left)?;
    let (left, name) = name(left)?;
    if left.is_empty() {
        return Ok((left, Said { name: name.value, entry: None }));
    }
    let (left, permit) = action(left)?;
    let (left, regex) = rest(left)?;
    Ok((left, Said { name: name.value, entry: Some((permit, regex.value)) }))
}

/// Reads `as-path access-list`, the entry or the removal.
pub(super) fn as_path_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let parsed = said(words);
    let (name, entry) = match parsed {
        Ok((_, said)) if negated || said.entry.is_some() => (said.name, said.entry),
        _ => {
            draft.account(Part::AsPathList, statement, State::Unmodelled);
            let name = words.peek(2);
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
    draft.account(Part::AsPathList, statement, State::Modelled);
    match (negated, entry) {
        (false, Some((permit, regex))) => {
            draft.define(ObjectKind::AsPathList, name, at);
            if let Some(list) = draft.as_path_list(name, at) {
                list.entries.push(AsPathEntry { at, permit, regex });
            }
        }
        (true, Some(gone)) => {
            if let Some(list) = draft.as_path_list(name, at) {
                list.entries.retain(|entry| (entry.permit, entry.regex) != gone);
            }
        }
        (_, None) => draft.remove(ObjectKind::AsPathList, name),
    }
}
