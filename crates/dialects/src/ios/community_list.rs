//! Community lists: standard ones of values, expanded ones of regular expressions; and the lists of extended
//! and large communities, of which only the names matter here.

use edgelint_model::{Community, CommunityEntry, CommunityMatch, ObjectKind, Part, State};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::is_exit;
use crate::phrases::{action, is_word, name, negated, number_in, parse_community, rest};

/// What a statement says about a list; nothing about an entry: its block holds them.
struct Said<'t> {
    name: &'t str,
    expanded: bool,
    entry: Option<(bool, CommunityMatch<'t>)>,
}

/// Reads a community list: one entry, or a block of entries.
pub(super) fn community_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    let (left, said) = match said(words) {
        Ok((left, said)) => (left, said),
        Err(_) => {
            let kind = is_word(words, 2, "standard") || is_word(words, 2, "expanded");
            not_understood(draft, statement, words.peek(2 + usize::from(kind)));
            draft.stray(statement);
            return;
        }
    };
    let block = statement.has_children() && said.entry.is_none();
    if !left.is_empty() || said.entry.is_none() && !negated && !block {
        not_understood(draft, statement, said.name);
        draft.stray(statement);
        return;
    }
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
        (false, None) => {
            draft.define(ObjectKind::CommunityList, said.name, at);
            return entries(draft, statement, said.name, said.expanded);
        }
    }
    draft.stray(statement);
}

fn not_understood<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, name: &'t str) {
    let at = statement.span();
    draft.account(Part::CommunityList, statement, State::Unmodelled);
    if !name.is_empty() {
        draft.define(ObjectKind::CommunityList, name, at);
        if let Some(list) = draft.community_list(name, at) {
            list.blind.push(at);
        }
    }
}

/// The entries in the block of a list.
///
/// community-entry ::= SEQ? action ("internet"? community+ | "internet") NL
/// community-regex ::= SEQ? action REGEX NL
fn entries<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, name: &'t str, expanded: bool) {
    for child in statement.children() {
        let at = child.span();
        let mut words = child.words();
        if number_in(1, u32::MAX - 1)(words).is_ok() {
            words = words.skip(1);
        }
        match entry(words, expanded) {
            Ok((left, (permit, matches))) if left.is_empty() => {
                draft.account(Part::CommunityList, child, State::Modelled);
                if let Some(list) = draft.community_list(name, at) {
                    list.entries.push(CommunityEntry { at, permit, matches });
                }
            }
            _ if is_exit(child.words()) => {
                draft.account(Part::CommunityList, child, State::Inert);
            }
            _ => {
                draft.account(Part::CommunityList, child, State::Unmodelled);
                if let Some(list) = draft.community_list(name, at) {
                    list.blind.push(at);
                }
            }
        }
        draft.stray(child);
    }
}

/// community-list ::= "ip" "community-list" (standard-list | expanded-list) NL
///     | "ip" "community-list" "standard" NAME NL INDENT community-entry* (community-entry | inert-exit) DEDENT
///     | "ip" "community-list" "expanded" NAME NL INDENT community-regex* (community-regex | inert-exit) DEDENT
/// standard-list ::= (RANGE_1_99 | "standard" NAME) action ("internet"? community+ | "internet")
/// expanded-list ::= (RANGE_100_500 | "expanded" NAME) action REGEX
/// no-community-list ::= "no" "ip" "community-list" (no-list-name | standard-list | expanded-list) NL
/// no-list-name ::= RANGE_1_500 | ("standard" | "expanded") NAME
fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let input = input.skip(2);
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
        return Ok((left, Said { name: name.value, expanded, entry: None }));
    }
    let (left, entry) = entry(left, expanded)?;
    Ok((left, Said { name: name.value, expanded, entry: Some(entry) }))
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
    let left = left.skip(usize::from(internet));
    if internet && left.is_empty() {
        return Ok((left, (permit, CommunityMatch::Any)));
    }
    let (left, communities) = communities(left)?;
    Ok((left, (permit, CommunityMatch::All(communities))))
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

/// community ::= COMMUNITY | "no-export" | "no-advertise" | "local-as" | "gshut"
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
    } else if is("gshut") {
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
    let at: Span = statement.span();
    let kind = is_word(words, 2, "standard") || is_word(words, 2, "expanded");
    let name = words.peek(2 + usize::from(kind && 3 < words.len()));
    if name.is_empty() {
        draft.account_block(Part::CommunityList, statement, State::Unmodelled);
        return;
    }
    draft.account_block(Part::CommunityList, statement, State::Inert);
    if !negated {
        draft.define(object, name, at);
    }
}

#[cfg(test)]
mod tests {
    use crate::ios::rendering::device;

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
            (
                "ip community-list 1 permit 64500:1 no-export",
                "1: +All([Community(4227072001), Community(4294967041)])",
            ),
            ("ip community-list 1 deny internet", "1: -Any"),
            ("ip community-list 1 permit internet 7", "1: +All([Community(7)])"),
            ("ip community-list 100 permit ^64500:.* x", "100: +Regex(\"^64500:.* x\")"),
            ("ip community-list expanded C permit _64500:[0-9]+_", "C: +Regex(\"_64500:[0-9]+_\")"),
            (
                "ip community-list standard C\n 10 permit 1\n 20 deny 2",
                "C: +All([Community(1)]) -All([Community(2)])",
            ),
            ("ip community-list standard C permit 1\nno ip community-list standard C", ""),
            ("ip community-list standard C permit 64500:x", "C:|Unmodelled"),
            ("ip community-list 501 permit 1", "501:|Unmodelled"),
            ("ip community-list standard C", "C:|Unmodelled"),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
