//! Community lists: standard ones of values, expanded ones of regular expressions; and the lists of extended
//! and large communities, of which only the names matter here.

use edgelint_model::{Community, CommunityEntry, CommunityMatch, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::as_path_list::unquoted;
use super::draft::Draft;
use crate::phrases::{action, is_word, name, negated, number_in, parse_community, rest};

/// What a statement says about a list.
struct Said<'t> {
    name: &'t str,
    sequence: Option<u32>,
    entry: Option<(bool, CommunityMatch<'t>)>,
}

/// Reads a community list: one entry, or the removal.
pub(super) fn community_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let kind = ObjectKind::CommunityList;
    let said = match said(words) {
        Ok((left, said)) if left.is_empty() && (negated || said.entry.is_some()) => said,
        _ => {
            draft.account(Part::CommunityList, statement, State::Unmodelled);
            let by_kind = is_word(words, 2, "standard") || is_word(words, 2, "expanded");
            let name = words.peek(3);
            if by_kind && !name.is_empty() {
                draft.define(kind, name, at);
                if let Some(list) = draft.community_list(name, at) {
                    list.blind.push(at);
                }
            }
            return;
        }
    };
    draft.account(Part::CommunityList, statement, State::Modelled);
    match (negated, said.entry, said.sequence) {
        (false, Some((permit, matches)), number) => {
            draft.define(kind, said.name, at);
            let (place, taken) = draft.pending.place(kind, said.name, number);
            let Some(list) = draft.community_list(said.name, at) else { return };
            let entry = CommunityEntry { at, permit, matches };
            match list.entries.get_mut(place) {
                Some(old) if taken => *old = entry,
                _ => list.entries.insert(place.min(list.entries.len()), entry),
            }
        }
        (true, _, Some(number)) => {
            let place = draft.pending.take(kind, said.name, number);
            if let (Some(list), Some(place)) = (draft.community_list(said.name, at), place)
                && place < list.entries.len()
            {
                list.entries.remove(place);
            }
        }
        (true, Some((permit, gone)), None) => {
            let Some(list) = draft.community_list(said.name, at) else { return };
            let same = |entry: &CommunityEntry<'_>| entry.permit == permit && entry.matches == gone;
            if let Some(place) = list.entries.iter().position(same) {
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

/// A statement about a list.
///
/// community-list ::= "ip" "community-list" (standard-list | expanded-list) NL
/// standard-list ::= "standard" NAME ("seq" SEQ)? action ("internet"? community+ | "internet")
/// expanded-list ::= "expanded" NAME ("seq" SEQ)? action REGEX
/// no-community-list ::= undo "ip" "community-list" (standard-list | expanded-list
///     | ("standard" | "expanded") NAME ("seq" SEQ)?) NL
fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let input = input.skip(2);
    let expanded = is_word(input, 0, "expanded");
    if !expanded && !is_word(input, 0, "standard") {
        return input.expected("standard or expanded");
    }
    let (left, name) = name(input.skip(1))?;
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
    let (left, matches) = if expanded {
        let (left, regex) = rest(left)?;
        (left, CommunityMatch::Regex(unquoted(regex.value)))
    } else {
        // Every route has `internet` (Cisco's description of the well-known communities): beside others it
        // asks for nothing.
        let internet = is_word(left, 0, "internet");
        let left = left.skip(usize::from(internet));
        if internet && left.is_empty() {
            (left, CommunityMatch::Any)
        } else {
            let (left, communities) = communities(left)?;
            (left, CommunityMatch::All(communities))
        }
    };
    Ok((left, Said { name: name.value, sequence, entry: Some((permit, matches)) }))
}

/// One community or more.
fn communities<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Vec<Community>> {
    let mut left = input;
    let mut found = Vec::new();
    while let Some(community) = community_value(left.peek(0)) {
        found.push(community);
        left = left.skip(1);
    }
    if found.is_empty() { input.expected("a community") } else { Ok((left, found)) }
}

/// A community by its name or number.
///
/// community ::= COMMUNITY | "no-export" | "no-advertise" | "local-as" | "graceful-shutdown"
pub(super) fn community_value(text: &str) -> Option<Community> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return parse_community(text);
    }
    if is("no-export") {
        Some(Community::NO_EXPORT)
    } else if is("no-advertise") {
        Some(Community::NO_ADVERTISE)
    } else if is("local-as") {
        Some(Community::LOCAL_AS)
    } else if is("graceful-shutdown") {
        Some(Community::GRACEFUL_SHUTDOWN)
    } else {
        None
    }
}

/// Reads a list of extended communities: its name.
pub(super) fn extcommunity_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    name_only(draft, statement, ObjectKind::ExtendedCommunityList);
}

/// Reads a list of large communities: its name.
pub(super) fn large_community_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    name_only(draft, statement, ObjectKind::LargeCommunityList);
}

fn name_only<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, object: ObjectKind) {
    let (words, negated) = negated(statement.words());
    let kind = is_word(words, 2, "standard") || is_word(words, 2, "expanded");
    let name = words.peek(3);
    if !kind || name.is_empty() {
        draft.account_block(Part::CommunityList, statement, State::Unmodelled);
        return;
    }
    draft.account_block(Part::CommunityList, statement, State::Inert);
    if !negated {
        draft.define(object, name, statement.span());
    }
}

#[cfg(test)]
mod tests {
    use crate::nxos::rendering::device;

    fn lists(text: &str) -> String {
        device(text, |device| {
            let mut said: Vec<String> = device
                .community_lists
                .iter()
                .map(|list| {
                    let entries = list.entries.iter().map(|entry| {
                        format!(" {}{:?}", if entry.permit { "+" } else { "-" }, entry.matches)
                    });
                    format!("{}:{}", list.name, entries.collect::<String>())
                })
                .collect();
            said.extend(device.as_path_lists.iter().map(|list| {
                let entries = list.entries.iter().map(|entry| format!(" {}", entry.regex));
                format!("{}:{}", list.name, entries.collect::<String>())
            }));
            said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
            said.join("|")
        })
    }

    #[test]
    fn entries_stand_in_the_order_of_their_numbers() {
        let table = [
            (
                "ip community-list standard C seq 20 permit 2\nip community-list standard C seq 10 deny 1 no-export",
                "C: -All([Community(1), Community(4294967041)]) +All([Community(2)])",
            ),
            (
                "ip community-list standard C seq 10 permit 2\nip community-list standard C seq 10 deny 1",
                "C: -All([Community(1)])",
            ),
            (
                "ip community-list standard C permit 1\nip community-list standard C permit 2\n\
                 no ip community-list standard C permit 1",
                "C: +All([Community(2)])",
            ),
            (
                "ip community-list expanded C seq 5 permit \"_64500:.* x\"",
                "C: +Regex(\"_64500:.* x\")",
            ),
            ("ip community-list standard C permit 1\nno ip community-list standard C", ""),
            ("ip community-list standard C permit internet", "C: +Any"),
            ("ip community-list C permit 1", "Unmodelled"),
            (
                "ip as-path access-list A seq 20 permit \"_2_\"\nip as-path access-list A seq 10 permit ^1\n\
                 ip as-path access-list A permit 3\nno ip as-path access-list A seq 20",
                "A: ^1 3",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
