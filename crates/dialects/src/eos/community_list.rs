//! Community lists: of values, and of regular expressions; and the lists of extended and large
//! communities, of which only the names matter here.

use edgelint_model::{Community, CommunityEntry, CommunityMatch, ObjectKind, Part, State};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, room};
use crate::phrases::{action, is_word, name, negated, parse_community, rest};

/// What a statement says about a list; no entry: the whole list.
struct Said<'t> {
    name: &'t str,
    entry: Option<(bool, CommunityMatch<'t>)>,
}

/// Reads an entry of a community list, or the end of one.
pub(super) fn community_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (words, negated) = negated(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let said = match said(words.skip(2)) {
        Ok((left, said)) if left.is_empty() && (negated || said.entry.is_some()) => said,
        _ => {
            draft.account(Part::CommunityList, statement, State::Unmodelled);
            let name = words.peek(2 + usize::from(kind(words.skip(2)).is_some()));
            if !name.is_empty() {
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
        (_, None) => draft.remove(ObjectKind::CommunityList, said.name),
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
    }
}

/// The word for the kind of a list, which may be left out: whether it holds expressions.
fn kind(words: Words<'_, '_>) -> Option<bool> {
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "standard" => Some(false),
        "expanded" | "regexp" => Some(true),
        _ => None,
    }
}

/// community-list ::= "ip" "community-list" (value-list | ("expanded" | "regexp") NAME action REGEX) NL
/// value-list ::= ("standard" NAME | list-name) action community+
/// list-name ::= NAME - ("standard" | "expanded" | "regexp")
/// no-community-list ::= ("no" | "default") "ip" "community-list" (value-list | ("expanded" | "regexp") NAME (action REGEX)?
///     | "standard" NAME | list-name) NL
fn said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let kind = kind(input);
    let (left, name) = name(input.skip(usize::from(kind.is_some())))?;
    if left.is_empty() {
        return Ok((left, Said { name: name.value, entry: None }));
    }
    let (left, permit) = action(left)?;
    let (left, matches) = match kind {
        Some(true) => rest(left).map(|(left, regex)| (left, CommunityMatch::Regex(regex.value)))?,
        _ => communities(left).map(|(left, all)| (left, CommunityMatch::All(all)))?,
    };
    Ok((left, Said { name: name.value, entry: Some((permit, matches)) }))
}

/// One community or more.
pub(super) fn communities<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Vec<Community>> {
    let mut left = input;
    let mut found = Vec::new();
    while let Some(community) = community_value(left) {
        found.push(community);
        left = left.skip(1);
    }
    if found.is_empty() { input.expected("a community") } else { Ok((left, found)) }
}

/// The community that a word names. `internet` stands for the community zero (Batfish's grammar of EOS
/// and its model agree; no device was asked).
///
/// community ::= COMMUNITY | "internet" | "no-export" | "no-advertise" | "local-as" | "gshut"
fn community_value(words: Words<'_, '_>) -> Option<Community> {
    let text = words.peek(0);
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return parse_community(text);
    }
    let mut low = room();
    match lower(text, &mut low) {
        "internet" => Some(Community(0)),
        "no-export" => Some(Community::NO_EXPORT),
        "no-advertise" => Some(Community::NO_ADVERTISE),
        "local-as" => Some(Community::LOCAL_AS),
        "gshut" => Some(Community::GRACEFUL_SHUTDOWN),
        _ => None,
    }
}

/// Reads a list of extended communities: its name.
///
/// inert-other-community-list ::= ("no" | "default")? "ip" ("extcommunity-list" | "large-community-list") ("standard" | "expanded" | "regexp")? NAME REST? NL inert-block?
pub(super) fn extcommunity_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    name_only(draft, statement, ObjectKind::ExtendedCommunityList);
}

/// Reads a list of large communities: its name.
pub(super) fn large_community_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    name_only(draft, statement, ObjectKind::LargeCommunityList);
}

fn name_only<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>, object: ObjectKind) {
    let (words, negated) = negated(statement.words());
    let is = |word: &str| is_word(words, 2, word);
    let kind = is("standard") || is("expanded") || is("regexp");
    let name = words.peek(2 + usize::from(kind && 3 < words.len()));
    if name.is_empty() {
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
    use crate::eos::rendering::device;

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
                "ip community-list C permit 64500:1 GSHUT",
                "C: +All([Community(4227072001), Community(4294901760)])",
            ),
            ("ip community-list standard C deny 7", "C: -All([Community(7)])"),
            ("ip community-list regexp C permit ^64500:.* x", "C: +Regex(\"^64500:.* x\")"),
            ("ip community-list expanded C permit _64500:[0-9]+_", "C: +Regex(\"_64500:[0-9]+_\")"),
            ("ip community-list C permit 1\nno ip community-list C", ""),
            ("ip community-list C permit 1\nno ip community-list C permit 1", "C:"),
            ("ip community-list C permit 64500:x", "C:|Unmodelled"),
            ("ip community-list C", "C:|Unmodelled"),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
