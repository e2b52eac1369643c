//! Prefix lists, route-filter lists, communities, AS paths: what terms match with.

use std::collections::HashMap;

use edgelint_model::{
    AsPathEntry, AsPathList, Community, CommunityEntry, CommunityList, CommunityMatch, ObjectKind,
    PrefixEntry, PrefixList, State, StateCondition,
};
use edgelint_prefix::{Family, Prefix, PrefixRange};
use edgelint_source::Span;
use edgelint_syntax::Token;

use super::route_filter::{self, Reach};
use crate::junos::draft::{Draft, Leaf, heading};
use crate::phrases::parse_community;

/// The lists read so far.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    /// Prefix lists by name, with the family that each of the device's lists holds.
    pub(super) prefix_lists: HashMap<(&'t str, Family), usize>,
    /// Lists that are filled from other parts of the configuration: name, pattern, statement.
    pub(super) apply_paths: Vec<(Token<'t>, Token<'t>, Span)>,
    /// Lists of which only the name is known so far.
    pub(super) named: Vec<(&'t str, Span)>,
    /// Route-filter lists.
    pub(super) filter_lists: HashMap<&'t str, Vec<(Reach, Span)>>,
    communities: Vec<CommunityDraft<'t>>,
    community_places: HashMap<&'t str, usize>,
    as_paths: HashMap<&'t str, usize>,
    conditions: HashMap<&'t str, ConditionDraft<'t>>,
}

/// A community while it is being read.
#[derive(Debug)]
struct CommunityDraft<'t> {
    name: &'t str,
    at: Span,
    members: Vec<(Member<'t>, Span)>,
    inverted: bool,
}

/// What a route must carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member<'t> {
    /// A standard community.
    Literal(Community),
    /// A pattern, or a community of another type.
    Other(&'t str),
}

impl<'t> Pending<'t> {
    /// The members of a community, if it is defined.
    pub(super) fn members(&self, name: &str) -> Option<impl Iterator<Item = Member<'t>>> {
        let community = self.communities.get(*self.community_places.get(name)?)?;
        Some(community.members.iter().map(|(member, _)| *member))
    }
}

/// A prefix of a list, or where the list takes its prefixes from.
///
/// prefix-list ::= "prefix-list" NAME (prefix | "apply-path" WORD | inert-prefix-list)?
/// inert-prefix-list ::= "dynamic-db"
pub(super) fn prefix_list<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> State {
    let words = leaf.words;
    let Some(name) = words.token(2) else { return State::Unmodelled };
    let at = || heading(words, 3);
    draft.define_at(ObjectKind::PrefixList, name.text, at);
    let lists = &mut draft.policy.lists;
    match (words.peek(3), words.len()) {
        ("", _) => {
            lists.named.push((name.text, at()));
            State::Modelled
        }
        ("apply-path", 5) => {
            let pattern = words.token(4).into_iter();
            lists.apply_paths.extend(pattern.map(|pattern| (name, pattern, leaf.at)));
            State::Modelled
        }
        ("dynamic-db", 4) => State::Inert,
        (text, length) => match route_filter::prefix(text) {
            Some(prefix) => {
                add_prefix(draft, (name.text, at), PrefixRange::exact(prefix), leaf.at);
                if length == 4 { State::Modelled } else { State::Unmodelled }
            }
            None => {
                let list = list_of(draft, name.text, Family::Ipv4, at);
                list.into_iter().for_each(|list| list.blind.push(leaf.at));
                State::Unmodelled
            }
        },
    }
}

/// Adds an entry to the list of that name and of the prefix's family.
pub(super) fn add_prefix<'t>(
    draft: &mut Draft<'t>,
    (name, heading): (&'t str, impl FnOnce() -> Span),
    range: PrefixRange,
    at: Span,
) {
    let family = range.prefix.family();
    if let Some(list) = list_of(draft, name, family, heading) {
        list.entries.push(PrefixEntry { at, sequence: None, permit: true, range });
    }
}

fn list_of<'d, 't>(
    draft: &'d mut Draft<'t>,
    name: &'t str,
    family: Family,
    at: impl FnOnce() -> Span,
) -> Option<&'d mut PrefixList<'t>> {
    let lists = &mut draft.device.prefix_lists;
    if lists.last().is_some_and(|list| list.name == name && list.family == family) {
        return lists.last_mut();
    }
    let place = *draft.policy.lists.prefix_lists.entry((name, family)).or_insert_with(|| {
        let (entries, blind) = (Vec::new(), Vec::new());
        lists.push(PrefixList { name, family, at: at(), entries, blind });
        lists.len() - 1
    });
    lists.get_mut(place)
}

/// A filter of a named list of filters.
///
/// route-filter-list ::= "route-filter-list" NAME filter?
pub(super) fn route_filter_list<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> State {
    let Some(name) = leaf.words.token(2) else { return State::Unmodelled };
    draft.define(ObjectKind::RouteFilterList, name.text, heading(leaf.words, 3));
    let list = draft.policy.lists.filter_lists.entry(name.text).or_default();
    let words = leaf.words.skip(3);
    match route_filter::filter(words) {
        Some((reach, left)) => {
            let understood = left.is_empty() && !matches!(reach, Reach::Mask(_));
            list.push((reach, leaf.at));
            if understood { State::Modelled } else { State::Unmodelled }
        }
        None if words.is_empty() => State::Modelled,
        None => State::Unmodelled,
    }
}

/// What a route must carry to have a community of that name.
///
/// community ::= "community" NAME ("members" WORD | "invert-match")?
pub(super) fn community<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> State {
    let words = leaf.words;
    let Some(name) = words.token(2) else { return State::Unmodelled };
    let at = heading(words, 3);
    draft.define(ObjectKind::CommunityList, name.text, at);
    let lists = &mut draft.policy.lists;
    let communities = &mut lists.communities;
    let place = *lists.community_places.entry(name.text).or_insert_with(|| {
        let members = Vec::new();
        communities.push(CommunityDraft { name: name.text, at, members, inverted: false });
        communities.len() - 1
    });
    let Some(community) = communities.get_mut(place) else { return State::Unmodelled };
    match (words.peek(3), words.token(4)) {
        ("members", Some(member)) => {
            // Several members in quotes are as good as in brackets.
            for text in member.text.split_whitespace() {
                let member = standard(text).map_or(Member::Other(text), Member::Literal);
                community.members.push((member, leaf.at));
            }
            if words.len() == 5 { State::Modelled } else { State::Unmodelled }
        }
        ("invert-match", None) => {
            community.inverted = true;
            State::Modelled
        }
        ("", _) => State::Modelled,
        _ => State::Unmodelled,
    }
}

/// Standard communities that have names.
const KNOWN: [(&str, Community); 6] = [
    ("no-export", Community::NO_EXPORT),
    ("no-advertise", Community::NO_ADVERTISE),
    ("no-export-subconfed", Community::LOCAL_AS),
    ("graceful-shutdown", Community::GRACEFUL_SHUTDOWN),
    ("llgr-stale", Community::new(0xFFFF, 6)),
    ("no-llgr", Community::new(0xFFFF, 7)),
];

fn known_community(text: &str) -> Option<Community> {
    KNOWN.iter().find(|(name, _)| *name == text).map(|(_, community)| *community)
}

/// A standard community: by name, or as two numbers.
pub(crate) fn standard(text: &str) -> Option<Community> {
    known_community(text).or_else(|| colons(text, parse_community(text)))
}

/// Junos writes standard communities as two numbers; a number alone is a pattern.
fn colons(text: &str, community: Option<Community>) -> Option<Community> {
    community.filter(|_| text.contains(':'))
}

/// A regular expression over AS paths.
///
/// as-path ::= "as-path" NAME ("path" WORD+ | (WORD - "path") WORD*)
pub(super) fn as_path<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> State {
    let Some(name) = leaf.words.token(2) else { return State::Unmodelled };
    let at = heading(leaf.words, 3);
    // `path` is how some releases write it.
    let skipped = if matches!(leaf.words.peek(3), "path") { 4 } else { 3 };
    let state = expression(draft, leaf, (name, at), skipped);
    if skipped < leaf.words.len() { state } else { State::Unmodelled }
}

/// A regular expression of a group of them.
///
/// as-path-group ::= "as-path-group" NAME ("as-path" NAME WORD+)?
pub(super) fn as_path_group<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> State {
    let Some(name) = leaf.words.token(2) else { return State::Unmodelled };
    let at = heading(leaf.words, 3);
    match leaf.words.peek(3) {
        "as-path" if leaf.words.len() < 6 => State::Unmodelled,
        "as-path" => expression(draft, leaf, (name, at), 5),
        "" => expression(draft, leaf, (name, at), 3),
        _ => State::Unmodelled,
    }
}

fn expression<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    (name, at): (Token<'t>, Span),
    skipped: usize,
) -> State {
    draft.define(ObjectKind::AsPathList, name.text, at);
    let lists = &mut draft.device.as_path_lists;
    let place = *draft.policy.lists.as_paths.entry(name.text).or_insert_with(|| {
        let (entries, blind) = (Vec::new(), Vec::new());
        lists.push(AsPathList { name: name.text, at, entries, blind });
        lists.len() - 1
    });
    let regex = leaf.words.skip(skipped);
    if let Some(list) = lists.get_mut(place) {
        if regex.is_empty() {
            return State::Modelled;
        }
        list.entries.push(AsPathEntry { at: leaf.at, permit: true, regex: leaf.phrase(regex) });
    }
    State::Modelled
}

/// A condition on the state of the device: whether a table holds a route. What else may be asked (a
/// node that is active, a time) no configuration shows: it is known by its name.
///
/// condition ::= "condition" NAME ("if-route-exists" route-exists | "route-active-on" ("node0" | "node1"))?
/// route-exists ::= ("address-family" ("inet" | "inet6"))? (prefix ("table" WORD)? | "table" WORD)?
pub(super) fn condition<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> State {
    let words = leaf.words;
    let Some(name) = words.token(2) else { return State::Unmodelled };
    let at = heading(words, 3);
    let fresh = ConditionDraft { at, prefix: None, table: None };
    draft.policy.lists.conditions.entry(name.text).or_insert(fresh);
    let mut rest = match (words.peek(3), words.len()) {
        ("if-route-exists", _) => words.skip(4),
        ("", _) => return State::Modelled,
        ("route-active-on", 5) if matches!(words.peek(4), "node0" | "node1") => {
            return State::Modelled;
        }
        _ => return State::Unmodelled,
    };
    if matches!((rest.peek(0), rest.peek(1)), ("address-family", "inet" | "inet6")) {
        rest = rest.skip(2);
    }
    if let Some(token) = rest.token(0)
        && let Some(prefix) = route_filter::prefix(token.text)
    {
        super::super::routing::complain_host_bits(draft, token);
        if let Some(one) = draft.policy.lists.conditions.get_mut(name.text) {
            one.prefix = Some(prefix);
        }
        rest = rest.skip(1);
    }
    if let Some(table) = rest.token(1).filter(|_| matches!(rest.peek(0), "table")) {
        if let Some(one) = draft.policy.lists.conditions.get_mut(name.text) {
            one.table = Some(table.text);
        }
        rest = rest.skip(2);
    }
    if rest.is_empty() { State::Modelled } else { State::Unmodelled }
}

/// A condition while it is being read.
#[derive(Debug)]
struct ConditionDraft<'t> {
    at: Span,
    prefix: Option<Prefix>,
    table: Option<&'t str>,
}

impl<'t> Pending<'t> {
    /// What a condition of that name asks; only its name where it is not defined.
    pub(super) fn condition(&self, name: &'t str, at: Span) -> StateCondition<'t> {
        let found = self.conditions.get(name);
        let at = found.map_or(at, |one| one.at);
        let route = found.and_then(|one| {
            let prefix = one.prefix?;
            // The table is that of the main instance where none is named.
            let (vrf, family) =
                one.table.map_or(Some((None, prefix.family())), super::unicast_table)?;
            (family == prefix.family()).then_some((prefix, vrf))
        });
        StateCondition { name, at, route }
    }
}

/// Puts the lists into the model.
pub(super) fn finish<'t>(draft: &mut Draft<'t>) {
    for (name, at) in std::mem::take(&mut draft.policy.lists.named) {
        let known = &draft.policy.lists.prefix_lists;
        let families = [Family::Ipv4, Family::Ipv6];
        if !families.iter().any(|family| known.contains_key(&(name, *family))) {
            list_of(draft, name, Family::Ipv4, || at);
        }
    }
    for community in &draft.policy.lists.communities {
        draft.device.community_lists.push(lower(community));
    }
}

/// A route has a community of that name where it carries all its members.
fn lower<'t>(community: &CommunityDraft<'t>) -> CommunityList<'t> {
    let CommunityDraft { name, at, .. } = *community;
    let mut blind = Vec::new();
    let mut literals = Vec::new();
    let mut patterns = Vec::new();
    for (member, member_at) in &community.members {
        match member {
            Member::Literal(literal) => literals.push(*literal),
            Member::Other(pattern) => patterns.push((*pattern, *member_at)),
        }
    }
    let matches = match (patterns.as_slice(), literals.is_empty()) {
        ([], true) => None,
        ([], false) => Some(CommunityMatch::All(literals)),
        ([(pattern, _)], true) => Some(CommunityMatch::Regex(pattern)),
        _ => {
            // A route that carries the literal ones may still lack what the patterns ask for.
            blind.extend(patterns.iter().map(|(_, at)| *at));
            Some(CommunityMatch::All(literals))
        }
    };
    let permit = !community.inverted;
    let mut entries: Vec<CommunityEntry<'t>> =
        matches.map(|matches| CommunityEntry { at, permit, matches }).into_iter().collect();
    if community.inverted {
        entries.push(CommunityEntry { at, permit: true, matches: CommunityMatch::Any });
    }
    CommunityList { name, at, entries, blind }
}
