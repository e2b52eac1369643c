//! Lists of communities, of extended and large ones, and of AS paths. Entries stand in the order of their
//! numbers, whatever the order of the lines.
//!
//! The older spelling `ip community-list` and the newer `bgp community-list` are one statement.

use edgelint_model::{
    AsPathEntry, Community, CommunityEntry, CommunityMatch, ObjectKind, Part, State,
};
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{lower, polarity, room, whole};
use crate::phrases::{action, is_word, name, number_in, parse_community, rest, word};

/// What a statement says about a list.
struct Said<'t, M> {
    name: &'t str,
    sequence: Option<u32>,
    /// Nothing where the whole list is taken back.
    entry: Option<(bool, M)>,
}

/// Reads a community list: one entry, or its removal.
///
/// community-list ::= list-word "community-list" (standard-list | expanded-list) NL
/// list-word ::= "ip" | "bgp"
/// no-community-list ::= "no" list-word "community-list" (no-list-name | standard-list | expanded-list) NL
pub(super) fn community_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    const KIND: ObjectKind = ObjectKind::CommunityList;
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let said = whole(community_said(words.skip(2), negated));
    let state = if said.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::CommunityList, statement, state);
    let Some(Said { name, sequence, entry }) = said else {
        let named = is_word(words, 2, "standard") || is_word(words, 2, "expanded");
        let name = words.peek(2 + usize::from(named));
        if !name.is_empty() && !negated {
            draft.define(KIND, name, at);
            if let Some(list) = draft.community_list(name, at) {
                list.blind.push(at);
            }
        }
        return;
    };
    match (negated, entry) {
        (false, Some((permit, matches))) => {
            draft.define(KIND, name, at);
            let (place, replaces) = draft.pending.place(KIND, name, sequence);
            let Some(list) = draft.community_list(name, at) else { return };
            put(&mut list.entries, (place, replaces), CommunityEntry { at, permit, matches });
        }
        (true, Some(gone)) => {
            let Some(list) = draft.community_list(name, at) else { return };
            let is_gone = |it: &CommunityEntry<'_>| it.permit == gone.0 && it.matches == gone.1;
            let places: Vec<bool> = list.entries.iter().map(is_gone).collect();
            list.entries.retain(|it| !is_gone(it));
            draft.pending.remove(KIND, name, |at| places.get(at) == Some(&true));
        }
        (_, None) => {
            draft.remove(KIND, name);
            draft.pending.remove(KIND, name, |_| true);
        }
    }
}

/// Puts an entry at its place, or in the place of the one there.
fn put<T>(entries: &mut Vec<T>, (place, replaces): (usize, bool), entry: T) {
    match entries.get_mut(place) {
        Some(old) if replaces => *old = entry,
        _ => entries.insert(place.min(entries.len()), entry),
    }
}

/// standard-list ::= (RANGE_1_99 | "standard" NAME) ("seq" SEQ)? action (community+ | "internet")
/// expanded-list ::= (RANGE_100_500 | "expanded" NAME) ("seq" SEQ)? action REGEX
/// no-list-name ::= RANGE_1_500 | ("standard" | "expanded") NAME
fn community_said<'w, 't>(
    input: Words<'w, 't>,
    negated: bool,
) -> Parsed<'w, 't, Said<'t, CommunityMatch<'t>>> {
    let mut low = room();
    let (left, expanded) = match lower(input.peek(0), &mut low) {
        "standard" => (input.skip(1), false),
        "expanded" => (input.skip(1), true),
        _ => {
            let (_, number) = number_in(1, 500)(input)?;
            (input, 99 < number.value)
        }
    };
    let (left, name) = name(left)?;
    if left.is_empty() && negated {
        return Ok((left, Said { name: name.value, sequence: None, entry: None }));
    }
    let (left, sequence) = sequence(left)?;
    let (left, permit) = action(left)?;
    let (left, matches) = if expanded {
        rest(left).map(|(left, regex)| (left, CommunityMatch::Regex(regex.value)))?
    } else if is_word(left, 0, "internet") && left.len() == 1 {
        (left.skip(1), CommunityMatch::Any)
    } else {
        communities(left).map(|(left, all)| (left, CommunityMatch::All(all)))?
    };
    Ok((left, Said { name: name.value, sequence, entry: Some((permit, matches)) }))
}

fn sequence<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Option<u32>> {
    match word("seq")(input) {
        Ok((left, _)) => {
            number_in(1, u32::MAX - 1)(left).map(|(left, number)| (left, Some(number.value)))
        }
        Err(_) => Ok((input, None)),
    }
}

/// One community or more.
pub(super) fn communities<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Vec<Community>> {
    let mut left = input;
    let mut found = Vec::new();
    while let Some(community) = community(left.peek(0)) {
        found.push(community);
        left = left.skip(1);
    }
    if found.is_empty() { input.expected("a community") } else { Ok((left, found)) }
}

/// The well-known ones are those of IANA's registry, by FRR's names (`bgpd/bgp_community.c`).
///
/// community ::= COMMUNITY | "no-export" | "no-advertise" | "local-as" | "graceful-shutdown" | "accept-own"
///     | "accept-own-nexthop" | "route-filter-translated-v4" | "route-filter-v4" | "route-filter-translated-v6"
///     | "route-filter-v6" | "llgr-stale" | "no-llgr" | "blackhole" | "no-peer"
pub(super) fn community(text: &str) -> Option<Community> {
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return parse_community(text);
    }
    let mut low = room();
    let well_known = |low: u32| Some(Community(0xFFFF_0000 | low));
    match lower(text, &mut low) {
        "no-export" => Some(Community::NO_EXPORT),
        "no-advertise" => Some(Community::NO_ADVERTISE),
        "local-as" => Some(Community::LOCAL_AS),
        "graceful-shutdown" => Some(Community::GRACEFUL_SHUTDOWN),
        "accept-own" => well_known(1),
        "route-filter-translated-v4" => well_known(2),
        "route-filter-v4" => well_known(3),
        "route-filter-translated-v6" => well_known(4),
        "route-filter-v6" => well_known(5),
        "llgr-stale" => well_known(6),
        "no-llgr" => well_known(7),
        "accept-own-nexthop" => well_known(8),
        "blackhole" => well_known(0x029A),
        "no-peer" => well_known(0xFF04),
        _ => None,
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
    let (negated, words) = polarity(statement.words());
    let named = is_word(words, 2, "standard") || is_word(words, 2, "expanded");
    let name = words.peek(2 + usize::from(named && 3 < words.len()));
    if name.is_empty() {
        return draft.account_block(Part::CommunityList, statement, State::Unmodelled);
    }
    draft.account_block(Part::CommunityList, statement, State::Inert);
    if !negated {
        draft.define(object, name, statement.span());
    }
}

/// Reads an AS-path list: one entry, or its removal.
///
/// as-path-list ::= list-word "as-path" "access-list" NAME ("seq" SEQ)? action REGEX NL
/// no-as-path-list ::= "no" list-word "as-path" "access-list" NAME (("seq" SEQ)? action REGEX)? NL
pub(super) fn as_path_list<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    const KIND: ObjectKind = ObjectKind::AsPathList;
    let (negated, words) = polarity(statement.words());
    let at = statement.span();
    draft.stray(statement);
    let said = whole(as_path_said(words.skip(2), negated));
    let state = if said.is_some() { State::Modelled } else { State::Unmodelled };
    draft.account(Part::AsPathList, statement, state);
    let Some(Said { name, sequence, entry }) = said else {
        let name = words.peek(3);
        if !name.is_empty() && !negated {
            draft.define(KIND, name, at);
            if let Some(list) = draft.as_path_list(name, at) {
                list.blind.push(at);
            }
        }
        return;
    };
    match (negated, entry) {
        (false, Some((permit, regex))) => {
            draft.define(KIND, name, at);
            let (place, replaces) = draft.pending.place(KIND, name, sequence);
            let Some(list) = draft.as_path_list(name, at) else { return };
            put(&mut list.entries, (place, replaces), AsPathEntry { at, permit, regex });
        }
        (true, Some(gone)) => {
            let Some(list) = draft.as_path_list(name, at) else { return };
            let is_gone = |it: &AsPathEntry<'_>| (it.permit, it.regex) == gone;
            let places: Vec<bool> = list.entries.iter().map(is_gone).collect();
            list.entries.retain(|it| !is_gone(it));
            draft.pending.remove(KIND, name, |at| places.get(at) == Some(&true));
        }
        (_, None) => {
            draft.remove(KIND, name);
            draft.pending.remove(KIND, name, |_| true);
        }
    }
}

fn as_path_said<'w, 't>(input: Words<'w, 't>, negated: bool) -> Parsed<'w, 't, Said<'t, &'t str>> {
    let (left, _) = word("access-list")(input)?;
    let (left, name) = name(left)?;
    if left.is_empty() && negated {
        return Ok((left, Said { name: name.value, sequence: None, entry: None }));
    }
    let (left, sequence) = sequence(left)?;
    let (left, permit) = action(left)?;
    let (left, regex) = rest(left)?;
    Ok((left, Said { name: name.value, sequence, entry: Some((permit, regex.value)) }))
}

#[cfg(test)]
mod tests {
    use crate::frr::rendering::device;

    fn lists(text: &str) -> String {
        device(text, |device| {
            let sign = |permit| if permit { "+" } else { "-" };
            let communities = device.community_lists.iter().map(|list| {
                let entries =
                    list.entries.iter().map(|it| format!(" {}{:?}", sign(it.permit), it.matches));
                format!("{}:{}", list.name, entries.collect::<String>())
            });
            let paths = device.as_path_lists.iter().map(|list| {
                let entries =
                    list.entries.iter().map(|it| format!(" {}{}", sign(it.permit), it.regex));
                format!("{}:{}", list.name, entries.collect::<String>())
            });
            let unknown = device.coverage.unknown.iter().map(|it| format!("{:?}", it.state));
            communities.chain(paths).chain(unknown).collect::<Vec<_>>().join("|")
        })
    }

    #[test]
    fn lists_of_all_kinds() {
        let table = [
            (
                "bgp community-list standard C permit 64500:1 no-export",
                "C: +All([Community(4227072001), Community(4294967041)])",
            ),
            ("ip community-list 1 deny internet", "1: -Any"),
            ("bgp community-list standard C permit blackhole", "C: +All([Community(4294902426)])"),
            (
                "bgp community-list standard C seq 10 permit 1\nbgp community-list standard C seq 5 deny 2\n\
                 bgp community-list standard C seq 10 permit 3\nbgp community-list standard C permit 4",
                "C: -All([Community(2)]) +All([Community(3)]) +All([Community(4)])",
            ),
            ("ip community-list 100 permit ^64500:.* x", "100: +Regex(\"^64500:.* x\")"),
            ("bgp community-list standard C permit 1\nno bgp community-list standard C", ""),
            ("bgp community-list standard C permit 64500:x", "C:|Unmodelled"),
            ("ip community-list 501 permit 1", "501:|Unmodelled"),
            ("bgp community-list standard C", "C:|Unmodelled"),
            (
                "bgp as-path access-list A seq 10 permit ^$\nip as-path access-list A seq 5 deny _64500_",
                "A: -_64500_ +^$",
            ),
            (
                "bgp as-path access-list A permit ^$\nbgp as-path access-list A deny .*\n\
                 no bgp as-path access-list A permit ^$\nbgp as-path access-list A seq 7 permit 9",
                "A: +9 -.*",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(lists(text), expected, "{text}");
        }
    }
}
