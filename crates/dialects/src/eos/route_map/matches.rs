//! The `match` lines of a route map.

use edgelint_model::{Condition, Fact, Match, ObjectKind, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::super::draft::Draft;
use super::super::lines::{lower, room};
use crate::phrases::{is_word, name, number, word};

/// What a line asks.
pub(super) struct Found<'t> {
    /// The matches, of which all must hold.
    pub(super) matches: Vec<Match<'t>>,
    /// Whether the answer is turned round.
    inverted: bool,
}

impl<'t> Found<'t> {
    /// The conditions that a line at a place makes.
    pub(super) fn into_conditions(self, at: Span) -> Vec<Condition<'t>> {
        let matches = self.matches.into_iter();
        let conditions: Vec<_> = matches.map(|one| Condition::Match(Fact::new(one, at))).collect();
        match self.inverted {
            true => vec![Condition::Not(Box::new(all(conditions)))],
            false => conditions,
        }
    }
}

type Read<'w, 't> = Parsed<'w, 't, Vec<Match<'t>>>;

/// Reads what stands behind `match`.
///
/// match-line ::= "match" ("invert-result" match-lists | match-lists | match-address | match-value | match-kind) NL
pub(super) fn read<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Found<'t>> {
    let inverted = is_word(input, 0, "invert-result");
    let (left, matches) = match inverted {
        true => lists(input.skip(1))?,
        false => lists(input)
            .or_else(|_| address(input))
            .or_else(|_| value(input))
            .or_else(|_| kind(input))?,
    };
    Ok((left, Found { matches, inverted }))
}

/// Names up to one of the words that may stand behind them.
fn names<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Vec<Fact<&'t str>>> {
    let is_name = |index: &usize| {
        !is_word(input, *index, "or-results") && !is_word(input, *index, "exact-match")
    };
    let count = (0..input.len()).take_while(is_name).count();
    if count == 0 {
        return input.expected("a name");
    }
    let names = input.first(count).tokens().map(|token| Fact::new(token.text, token.span));
    Ok((input.skip(count), names.collect()))
}

/// Lists of communities, of which a route must match every one unless `or-results` stands (EOS manual,
/// `match (route-map)`), and AS-path lists.
///
/// match-lists ::= "as-path" (NAME - "length") | ("community" list-name-of+ | ("extcommunity" | "large-community") list-name-of+) "or-results"? "exact-match"?
/// list-name-of ::= NAME - ("or-results" | "exact-match" | "instances")
fn lists<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let make: fn(Vec<Fact<&'t str>>, bool) -> Match<'t> = match lower(input.peek(0), &mut low) {
        "as-path" if is_word(next, 0, "length") => return next.expected("a list"),
        "as-path" => {
            let (left, list) = name(next)?;
            return Ok((left, vec![Match::AsPathLists(vec![list])]));
        }
        "community" => |lists, exact| Match::CommunityLists { lists, exact },
        "extcommunity" => |lists, _| Match::ExtendedCommunityLists(lists),
        "large-community" => |lists, _| Match::LargeCommunityLists(lists),
        _ => return input.expected("lists"),
    };
    if is_word(next, 0, "instances") {
        return next.expected("a list");
    }
    let (left, names) = names(next)?;
    let (left, any) = flag(left, "or-results");
    let (left, exact) = flag(left, "exact-match");
    let matches = match any {
        true => vec![make(names, exact)],
        false => names.into_iter().map(|name| make(vec![name], exact)).collect(),
    };
    Ok((left, matches))
}

fn flag<'w, 't>(input: Words<'w, 't>, keyword: &str) -> (Words<'w, 't>, bool) {
    let there = is_word(input, 0, keyword);
    (input.skip(usize::from(there)), there)
}

/// match-address ::= "ip" "address" ("prefix-list" | "access-list") NAME | "ipv6" "address" "prefix-list" NAME
///     | ("ip" | "ipv6") "next-hop" "prefix-list" NAME | "interface" NAME+
fn address<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    if is_word(input, 0, "interface") {
        let (left, interface) = crate::phrases::rest(input.skip(1))?;
        return Ok((left, vec![Match::Interfaces(vec![interface])]));
    }
    let six = is_word(input, 0, "ipv6");
    if !six {
        word("ip")(input)?;
    }
    let mut low = room();
    let mut low_list = room();
    let make: fn(Vec<Fact<&'t str>>) -> Match<'t> =
        match (lower(input.peek(1), &mut low), lower(input.peek(2), &mut low_list)) {
            ("address", "prefix-list") if six => Match::Ipv6PrefixLists,
            ("address", "prefix-list") => Match::PrefixLists,
            ("address", "access-list") if !six => Match::AccessLists,
            ("next-hop", "prefix-list") => Match::NextHopPrefixLists,
            _ => return input.expected("what is matched with a list"),
        };
    name(input.skip(3)).map(|(left, list)| (left, vec![make(vec![list])]))
}

/// match-value ::= ("tag" | "metric" | "local-preference") UINT32 | "as-path" "length" comparison UINT32
///     | "community" "instances" comparison UINT32
/// comparison ::= "=" | ">=" | "<="
fn value<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let make: fn(u32) -> Match<'t> = match lower(input.peek(0), &mut low) {
        "tag" => |tag| Match::Tags(vec![tag]),
        "metric" => Match::Metric,
        "local-preference" => Match::LocalPreference,
        "as-path" => {
            let (next, _) = word("length")(next)?;
            let (left, (least, most)) = compared(next)?;
            let bounds = Match::AsPathLength(least, most);
            return Ok((left, vec![bounds]));
        }
        // How many communities a route has is not followed.
        "community" => {
            let (next, _) = word("instances")(next)?;
            let (left, _) = compared(next)?;
            let text = input.first(input.len() - left.len()).line_text();
            return Ok((left, vec![Match::Attribute(text)]));
        }
        _ => return input.expected("a value"),
    };
    number(next).map(|(left, value)| (left, vec![make(value.value)]))
}

/// The least and the greatest number that a comparison admits.
fn compared<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, (u32, u32)> {
    let (left, number) = number(input.skip(1))?;
    let bounds = match input.peek(0) {
        "=" => (number.value, number.value),
        ">=" => (number.value, u32::MAX),
        "<=" => (0, number.value),
        _ => return input.expected("a comparison"),
    };
    Ok((left, bounds))
}

/// match-kind ::= "source-protocol" source | "route-type" route-type | "metric-type" ("type-1" | "type-2")
///     | "isis" "level" ("level-1" | "level-2") | "as" ASN | "origin-as" "validity" ("valid" | "invalid" | "not-found")
fn kind<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    let (left, found) = match lower(input.peek(0), &mut low) {
        "source-protocol" => {
            let left = source(next)?.0;
            (left, Match::Protocols(vec![next.peek(0)]))
        }
        "route-type" => {
            let left = route_type(next)?.0;
            (left, Match::RouteTypes(vec![next.peek(0)]))
        }
        "metric-type" => {
            let left = word("type-1")(next).or_else(|_| word("type-2")(next))?.0;
            (left, Match::Interior(input.first(2).line_text()))
        }
        "isis" => {
            let left = word("level")(next)?.0;
            let left = word("level-1")(left).or_else(|_| word("level-2")(left))?.0;
            (left, Match::Interior(input.first(3).line_text()))
        }
        // Whether the neighbor's number is meant or one in the path nobody has shown.
        "as" => {
            let left = crate::phrases::asn(next)?.0;
            (left, Match::Attribute(input.first(2).line_text()))
        }
        "origin-as" => {
            let left = word("validity")(next)?.0;
            let answer = word("valid")(left).or_else(|_| word("invalid")(left));
            let left = answer.or_else(|_| word("not-found")(left))?.0;
            (left, Match::Attribute(input.first(3).line_text()))
        }
        _ => return input.expected("something that a route map matches"),
    };
    Ok((left, vec![found]))
}

/// source ::= "connected" | "static" | "bgp" | "ospf" | "ospf3" | "ospfv3" | "isis" | "rip" | "dynamic"
fn source<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "connected" | "static" | "bgp" | "ospf" | "ospf3" | "ospfv3" | "isis" | "rip"
        | "dynamic" => Ok((input.skip(1), ())),
        _ => input.expected("a protocol"),
    }
}

/// route-type ::= "local" | "internal" | "external" | "type-1" | "type-2" | "confederation-external" | "level-1" | "level-2"
fn route_type<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "local"
        | "internal"
        | "external"
        | "type-1"
        | "type-2"
        | "confederation-external"
        | "level-1"
        | "level-2" => Ok((input.skip(1), ())),
        _ => input.expected("a type of routes"),
    }
}

/// Whether conditions hold a match of the same kind already.
pub(super) fn asks(conditions: &[Condition<'_>], new: &Match<'_>) -> bool {
    let kind = std::mem::discriminant(new);
    conditions.iter().any(|condition| match condition {
        Condition::Match(old) => std::mem::discriminant(&old.value) == kind,
        Condition::Not(inner) => asks(std::slice::from_ref(inner), new),
        Condition::All(inner) => asks(inner, new),
        _ => false,
    })
}

/// Records the objects that a match names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, found: &Match<'t>, words: Words<'_, 't>) {
    let six = is_word(words, 1, "ipv6");
    let Some((kind, names)) = named(found) else { return };
    let kind = match kind {
        ObjectKind::PrefixList if six => ObjectKind::Ipv6PrefixList,
        kind => kind,
    };
    for name in names {
        draft.use_name(kind, *name, Usage::Match);
    }
}

/// Records the list that a match names which is not understood: `… prefix-list NAME`.
pub(super) fn record_unknown<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let Some(key) = (1..words.len()).find(|index| is_word(words, *index, "prefix-list")) else {
        return;
    };
    let six = is_word(words, 1, "ipv6");
    let kind = if six { ObjectKind::Ipv6PrefixList } else { ObjectKind::PrefixList };
    if let Some(token) = words.token(key + 1) {
        draft.use_name(kind, Fact::new(token.text, token.span), Usage::Match);
    }
}

/// Drops the names of a condition that was taken back.
pub(super) fn forget(draft: &mut Draft<'_>, condition: &Condition<'_>) {
    match condition {
        Condition::Match(found) => {
            let names = named(&found.value).map(|(_, names)| names);
            names.into_iter().flatten().for_each(|name| draft.forget(name.at()));
        }
        Condition::Any(all) | Condition::All(all) => all.iter().for_each(|it| forget(draft, it)),
        Condition::Not(inner) => forget(draft, inner),
        Condition::Always => {}
    }
}

/// The objects that a match names.
fn named<'m, 't>(found: &'m Match<'t>) -> Option<(ObjectKind, &'m [Fact<&'t str>])> {
    Some(match found {
        Match::PrefixLists(names) | Match::NextHopPrefixLists(names) => {
            (ObjectKind::PrefixList, names)
        }
        Match::Ipv6PrefixLists(names) => (ObjectKind::Ipv6PrefixList, names),
        Match::AccessLists(names) => (ObjectKind::Acl, names),
        Match::CommunityLists { lists, .. } => (ObjectKind::CommunityList, lists),
        Match::ExtendedCommunityLists(names) => (ObjectKind::ExtendedCommunityList, names),
        Match::LargeCommunityLists(names) => (ObjectKind::LargeCommunityList, names),
        Match::AsPathLists(names) => (ObjectKind::AsPathList, names),
        Match::Interfaces(names) => (ObjectKind::Interface, names),
        _ => return None,
    })
}

/// The final form: lists of both families side by side mean that either suffices, because a route
/// has one family.
pub(super) fn settle(conditions: Vec<Condition<'_>>) -> Condition<'_> {
    let family = |condition: &Condition<'_>| match condition {
        Condition::Match(fact) => match fact.value {
            Match::PrefixLists(_) | Match::AccessLists(_) => 4,
            Match::Ipv6PrefixLists(_) => 6,
            _ => 0,
        },
        _ => 0,
    };
    let both = [4, 6].iter().all(|wanted| conditions.iter().any(|it| family(it) == *wanted));
    let (by_address, mut others): (Vec<_>, Vec<_>) =
        conditions.into_iter().partition(|condition| both && family(condition) != 0);
    if both {
        let (four, six): (Vec<_>, Vec<_>) = by_address.into_iter().partition(|it| family(it) == 4);
        others.insert(0, Condition::Any(vec![all(four), all(six)]));
    }
    all(others)
}

fn all(mut conditions: Vec<Condition<'_>>) -> Condition<'_> {
    match conditions.len() {
        0 => Condition::Always,
        1 => conditions.pop().unwrap_or(Condition::Always),
        _ => Condition::All(conditions),
    }
}
