//! The `set` lines of a route map.

use edgelint_model::{
    Arithmetic, CommunityEdit, Fact, NextHopSet, ObjectKind, OriginCode, SetAction, Usage,
};
use edgelint_syntax::{Parsed, Words};

use super::super::community_list::communities;
use super::super::draft::Draft;
use super::super::lines::{InertRow, listed, lower, room};
use crate::phrases::{asn, ipv4, ipv6, is_word, name, number, number_in, word};

/// What a line does.
pub(super) enum Found<'t> {
    /// It changes attributes.
    Actions(Vec<SetAction<'t>>),
    /// It sets the communities of lists, or adds them.
    FromLists(Vec<Fact<&'t str>>, bool),
}

type Read<'w, 't> = Parsed<'w, 't, SetAction<'t>>;

/// Reads what stands behind `set`.
///
/// set-line ::= "set" (set-value | set-community | set-path | set-origin | set-next-hop) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let next = input.skip(1);
    let mut low = room();
    let (left, action) = match lower(input.peek(0), &mut low) {
        "community" => return community(next),
        "local-preference" | "tag" | "weight" | "metric" => value(input)?,
        "origin" => origin(next)?,
        "as-path" => as_path(next)?,
        "ip" => next_hop(next, false)?,
        "ipv6" => next_hop(next, true)?,
        _ => return input.expected("something that a route map sets"),
    };
    Ok((left, Found::Actions(vec![action])))
}

/// set-value ::= ("local-preference" | "tag") UINT32 | "weight" UINT16 | "metric" SIGNED
fn value<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "local-preference" => number(next)
            .map(|(left, value)| (left, SetAction::LocalPreference(Arithmetic::Set(value.value)))),
        "tag" => number(next).map(|(left, value)| (left, SetAction::Tag(value.value))),
        "weight" => {
            number_in(0, 65535)(next).map(|(left, value)| (left, SetAction::Weight(value.value)))
        }
        "metric" => metric(next),
        _ => input.expected("a value"),
    }
}

fn metric<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let text = input.peek(0);
    let (digits, make): (&str, fn(u32) -> Arithmetic) = match text.as_bytes().first() {
        Some(b'+') => (text.get(1..).unwrap_or(""), Arithmetic::Add),
        Some(b'-') => (text.get(1..).unwrap_or(""), Arithmetic::Subtract),
        _ => (text, Arithmetic::Set),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse().ok().filter(|_| plain) {
        Some(value) => Ok((input.skip(1), SetAction::Med(make(value)))),
        None => input.expected("a metric"),
    }
}

/// set-origin ::= "origin" ("igp" | "incomplete" | "egp")
fn origin<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    let code = match lower(input.peek(0), &mut low) {
        "igp" => OriginCode::Igp,
        "egp" => OriginCode::Egp,
        "incomplete" => OriginCode::Incomplete,
        _ => return input.expected("igp, egp or incomplete"),
    };
    Ok((input.skip(1), SetAction::Origin(code)))
}

/// set-path ::= "as-path" ("prepend" (ASN+ | "last-as" RANGE_1_15) | "match" "all" "replacement" "auto")
fn as_path<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let left = input.skip(1);
    if is_word(input, 0, "match") {
        let (left, _) = word("all")(left)?;
        let (left, _) = word("replacement")(left)?;
        let (left, _) = word("auto")(left)?;
        return Ok((left, SetAction::ReplaceAs(Vec::new())));
    }
    if !is_word(input, 0, "prepend") {
        return input.expected("prepend or match");
    }
    if is_word(left, 0, "last-as") {
        let (left, count) = number_in(1, 15)(left.skip(1))?;
        return Ok((left, SetAction::PrependLastAs(count.value)));
    }
    let (mut left, first) = asn(left)?;
    let mut path = vec![first.value];
    while let Ok((behind, next)) = asn(left) {
        path.push(next.value);
        left = behind;
    }
    Ok((left, SetAction::Prepend(path)))
}

/// set-community ::= "community" ("none" | community+ ("additive" | "delete")? | "community-list" set-list+ ("additive" | "delete")?)
/// set-list ::= NAME - ("additive" | "delete")
fn community<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let one = |edit| Found::Actions(vec![SetAction::Community(edit)]);
    if is_word(input, 0, "none") {
        return Ok((input.skip(1), one(CommunityEdit::RemoveAll)));
    }
    if is_word(input, 0, "community-list") {
        return community_lists(input.skip(1));
    }
    let (left, communities) = communities(input)?;
    let mut low = room();
    Ok(match lower(left.peek(0), &mut low) {
        "additive" => (left.skip(1), one(CommunityEdit::Add(communities))),
        "delete" => (left.skip(1), one(CommunityEdit::Remove(communities))),
        _ => (left, one(CommunityEdit::Replace(communities))),
    })
}

fn community_lists<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let (mut left, mut lists) = (input, Vec::new());
    loop {
        let mut low = room();
        match lower(left.peek(0), &mut low) {
            "additive" | "delete" => break,
            _ if left.is_empty() => break,
            _ => {}
        }
        let (behind, list) = name(left)?;
        lists.push(list);
        left = behind;
    }
    if lists.is_empty() {
        return input.expected("a list");
    }
    if is_word(left, 0, "delete") {
        let remove = |list| SetAction::Community(CommunityEdit::RemoveMatching(list));
        return Ok((left.skip(1), Found::Actions(lists.into_iter().map(remove).collect())));
    }
    let additive = is_word(left, 0, "additive");
    Ok((left.skip(usize::from(additive)), Found::FromLists(lists, additive)))
}

/// set-next-hop ::= "ip" "next-hop" (ADDR4 | own-hop) | "ipv6" "next-hop" (ADDR6 | own-hop)
/// own-hop ::= "peer-address" | "unchanged"
fn next_hop<'w, 't>(input: Words<'w, 't>, six: bool) -> Read<'w, 't> {
    if !is_word(input, 0, "next-hop") {
        return input.expected("next-hop");
    }
    let left = input.skip(1);
    let mut low = room();
    let hop = match lower(left.peek(0), &mut low) {
        "peer-address" => NextHopSet::Peer,
        "unchanged" => NextHopSet::Unchanged,
        _ if six => NextHopSet::Address(ipv6(left)?.1.value.into()),
        _ => NextHopSet::Address(ipv4(left)?.1.value.into()),
    };
    Ok((left.skip(1), SetAction::NextHop(hop)))
}

/// Attributes that no decision depends on here.
///
/// inert-set-line ::= "set" (inert-set-word REST? | "extcommunity" "rt" EXTCOMMUNITY+ "additive"?) NL
const INERT: &[InertRow] = &[
    ("extcommunity", "extended communities are not followed"),
    ("large-community", "large communities are not followed"),
    ("distance", "which protocol wins in the table"),
    ("metric-type", "interior protocols"),
    ("isis", "interior protocols"),
    ("level", "interior protocols"),
    ("nexthop-group", "forwarding"),
    ("aigp-metric", "interior metric"),
    ("segment-index", "labels"),
    ("resolution-rib", "how next hops are looked up"),
];

/// What a line sets that changes nothing that is decided here. Route targets are remembered: they say into which VRFs
/// routes go.
pub(super) fn irrelevant<'t>(words: Words<'_, 't>) -> SetAction<'t> {
    let sets = is_word(words, 0, "extcommunity") && is_word(words, 1, "rt");
    let values = words.tokens().skip(2).map(|token| token.text).filter(|text| text.contains(':'));
    let targets: Vec<&'t str> = values.filter(|_| sets).collect();
    if targets.is_empty() { SetAction::Irrelevant } else { SetAction::RouteTargets(targets) }
}

/// Whether a line changes nothing that is decided here.
pub(super) fn is_irrelevant(words: Words<'_, '_>) -> bool {
    listed(INERT, words)
}

/// Records the objects that a set names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, action: &SetAction<'t>) {
    if let SetAction::Community(CommunityEdit::RemoveMatching(list)) = action {
        draft.use_name(ObjectKind::CommunityList, *list, Usage::Set);
    }
}
