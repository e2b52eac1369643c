//! Community lists: standard ones of values, expanded ones of regular expressions; one entry a line.

use edgelint_model::{Community, CommunityEntry, CommunityMatch, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::polarity;
use crate::phrases::{action, is_word, name, number_in, parse_community, rest, word};

/// What a statement says about a list.
struct Said<'t> {
    name: &'t str,
    entry: Option<(bool, CommunityMatch<'t>)>,
}

/// Reads `community-list`, an entry or the removal.
pub(super) fn community_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let said = match said(words) {
        Ok((left, said)) if left.is_empty() && (negated || said.entry.is_some()) => said,
        _ => {
            draft.account(Part::CommunityList, statement, State::Unmodelled);
            let kind = is_word(words, 1, "standard") || is_word(words, 1, "expanded");
            let name = words.peek(1 + usize::from(kind));
            if !name.is_empty() && !negated {
                draft.define(ObjectKind::CommunityList, name, at);
                if let Some(list) = draft.community_list(name, at) {
                    list.blind.push(at);
                }
            }
            return;
        }
    };
    draft.account(Part::CommunityList, statement, State::Modelled);
    match (negated, said.entry) {
        (true, None) => draft.remove(ObjectKind::CommunityList, said.name),
        (true, Some((permit, gone))) => {
            if let Some(list) = draft.community_list(said.name, at) {
                list.entries.retain(|entry| entry.permit != permit || entry.matches != gone);
            }
        }
        (false, Some((permit, matches))) => {
            draft.define(ObjectKind::CommunityList, said.name, at);
            if let Some(list) = draft.community_list(said.name, at) {
                list.entries.push(CommunityEntry { at, permit, matches });
            }
        }
        (false, None) => {}
    }
}

/// community-list ::= "community-list" (standard-list | expanded-list) NL
/// standard-list ::= (RANGE_1_99 | "standard" NAME) action ("internet"? community+ | "internet")
/// expanded-list ::= (RANGE_100_500 | "expanded" NAME) action REGEX
/// no-community-list ::= "no" "community-list" (no-list-name | standard-list | expanded-list) NL
/// no-list-name ::= RANGE_1_500 | ("standard" | "expanded") NAME
fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let (input, _) = word("community-list")(input)?;
    let (left, expanded) = if is_word(input, 0, "standard") {
        (input.skip(1), false)
    } else if is_word(input, 0, "expanded") {
        (input.skip(1), true)
    } else {
        let (_, number) = number_in(1, 500)(input)?;
        (input, 99 < number.value)
    };
    let (left, name) = name(left)?;
    if left.is_empty() {
        return Ok((left, Said { name: name.value, entry: None }));
    }
    let (left, entry) = entry(left, expanded)?;
    Ok((left, Said { name: name.value, entry: Some(entry) }))
}

fn entry<'w, 't>(
    input: Words<'w, 't>,
    expanded: bool,
) -> Parsed<'w, 't, (bool, CommunityMatch<'t>)> {
    let (left, permit) = action(input)?;
    if expanded {
        let (left, regex) = rest(left)?;
        return Ok((left, (permit, CommunityMatch::Regex(regex.value))));
    }
    // Every route has `internet`: beside others it asks for nothing.
    let internet = is_word(left, 0, "internet");
    let mut left = left.skip(usize::from(internet));
    if internet && left.is_empty() {
        return Ok((left, (permit, CommunityMatch::Any)));
    }
    let mut found = Vec::new();
    while let Some(community) = community_value(left.peek(0)) {
        found.push(community);
        left = left.skip(1);
    }
    if found.is_empty() {
        return left.expected("a community");
    }
    Ok((left, (permit, CommunityMatch::All(found))))
}

/// community ::= COMMUNITY | "no-export" | "no-advertise" | "local-as"
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
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::asa::rendering::device;

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
            said.extend(device.coverage.unknown.iter().map(|it| format!("{:?}", it.state)));
            said.join("|")
        })
    }

    #[test]
    fn lists_of_both_kinds() {
        let table = [
            ("community-list 1 permit 64500:1", "1: +All([Community(4227072001)])"),
            ("community-list standard C deny internet", "C: -Any"),
            ("community-list standard C permit internet 7", "C: +All([Community(7)])"),
            ("community-list expanded C permit _64500:[0-9]+_", "C: +Regex(\"_64500:[0-9]+_\")"),
            ("community-list standard C permit 1\nno community-list standard C", ""),
            ("community-list standard C permit 64500:x", "C:|Unmodelled"),
            ("community-list standard C", "C:|Unmodelled"),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
