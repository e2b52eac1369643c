//! AS-path access lists. The device shows the expression in quotes, which are no part of it.

use edgelint_model::{AsPathEntry, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use crate::phrases::{action, is_word, name, negated, number_in, rest, word};

/// What a statement says about a list.
struct Said<'t> {
    name: &'t str,
    sequence: Option<u32>,
    entry: Option<(bool, &'t str)>,
}

/// The expression without its quotes.
pub(super) fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// An entry of a list, or the end of the list.
///
/// as-path-list ::= "ip" "as-path" "access-list" NAME ("seq" SEQ)? action REGEX NL
/// no-as-path-list ::= undo "ip" "as-path" "access-list" NAME ("seq" SEQ | ("seq" SEQ)? action REGEX)? NL
fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let (left, _) = word("ip")(input)?;
    let (left, _) = word("as-path")(left)?;
    let (left, _) = word("access-list")(left)?;
    let (left, name) = name(left)?;
    let (left, sequence) = if is_word(left, 0, "seq") {
        let (left, number) = number_in(1, u32::MAX - 1)(left.skip(1))?;
        (left, Some(number.value))
    } else {
        (left, None)
    };
    if left.is_empty() {
        return Ok((left, Said { name: name.value, sequence, entry: None }));
    }
    let (left, permit) = action(left)?;
    let (left, regex) = rest(left)?;
    Ok((left, Said { name: name.value, sequence, entry: Some((permit, unquoted(regex.value))) }))
}

/// Reads `ip as-path access-list`, the entry or the removal.
pub(super) fn as_path_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let said = match said(words) {
        Ok((_, said)) if negated || said.entry.is_some() => said,
        _ => {
            draft.account(Part::AsPathList, statement, State::Unmodelled);
            if 3 < words.len() && is_word(words, 2, "access-list") {
                draft.define(ObjectKind::AsPathList, words.peek(3), at);
                if let Some(list) = draft.as_path_list(words.peek(3), at) {
                    list.blind.push(at);
                }
            }
            return;
        }
    };
    draft.account(Part::AsPathList, statement, State::Modelled);
    let kind = ObjectKind::AsPathList;
    match (negated, said.entry, said.sequence) {
        (false, Some((permit, regex)), number) => {
            draft.define(kind, said.name, at);
            let (place, taken) = draft.pending.place(kind, said.name, number);
            let Some(list) = draft.as_path_list(said.name, at) else { return };
            let entry = AsPathEntry { at, permit, regex };
            match list.entries.get_mut(place) {
                Some(old) if taken => *old = entry,
                _ => list.entries.insert(place.min(list.entries.len()), entry),
            }
        }
        (true, _, Some(number)) => {
            let place = draft.pending.take(kind, said.name, number);
            if let (Some(list), Some(place)) = (draft.as_path_list(said.name, at), place)
                && place < list.entries.len()
            {
                list.entries.remove(place);
            }
        }
        (true, Some(gone), None) => {
            let Some(list) = draft.as_path_list(said.name, at) else { return };
            let place = list.entries.iter().position(|entry| (entry.permit, entry.regex) == gone);
            if let Some(place) = place {
                list.entries.remove(place);
                draft.pending.forget(kind, said.name, place);
            }
        }
        (_, None, _) => {
            draft.remove(kind, said.name);
            draft.pending.numbers.remove(&(kind, said.name));
        }
    }
}
