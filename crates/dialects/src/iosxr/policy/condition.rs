//! Conditions of a policy: what is compared, and `and`, `or`, `not`.
//!
//! `and` binds closer than `or`, `not` closer than both (the guide's `Boolean Operator Precedence`).

use edgelint_model::{Condition, Fact, Match, ObjectKind, Usage};

use super::block::Block;
use crate::iosxr::lines::{lower, room};
use crate::iosxr::sets::{entries_of, values_of};
use crate::iosxr::values::{
    CommunityElement, Comparison, Reader, community_element, comparison, is_extended_kind,
    is_parameter, is_value, path_element, prefix_element,
};

type Read<'t> = Option<Condition<'t>>;

/// Parentheses inside of parentheses: deeper than anybody writes.
const DEEPEST: u8 = 30;

/// condition ::= conjunction ("or" conjunction)*
pub(super) fn condition<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    depth: u8,
) -> Read<'t> {
    let mut parts = vec![conjunction(block, reader, depth)?];
    while reader.take("or") {
        parts.push(conjunction(block, reader, depth)?);
    }
    match parts.len() {
        1 => parts.pop(),
        _ => Some(Condition::Any(parts)),
    }
}

/// conjunction ::= comparison-term ("and" comparison-term)*
fn conjunction<'t>(block: &mut Block<'_, 't>, reader: &mut Reader<'_, 't>, depth: u8) -> Read<'t> {
    let mut parts = vec![term(block, reader, depth)?];
    while reader.take("and") {
        parts.push(term(block, reader, depth)?);
    }
    match parts.len() {
        1 => parts.pop(),
        _ => Some(Condition::All(parts)),
    }
}

/// comparison-term ::= "not" comparison-term | "(" condition ")" | match
fn term<'t>(block: &mut Block<'_, 't>, reader: &mut Reader<'_, 't>, depth: u8) -> Read<'t> {
    if DEEPEST < depth {
        return None;
    }
    if reader.take("not") {
        return term(block, reader, depth + 1).map(|inner| Condition::Not(Box::new(inner)));
    }
    if reader.take("(") {
        let inner = condition(block, reader, depth + 1)?;
        reader.word(")")?;
        return Some(inner);
    }
    one(block, reader)
}

/// match ::= ("destination" | "next-hop" | "source" | "rib-has-route") "in" prefixes | "destination" best | "route-has-label"
///     | "route-aggregated" | community-match | path-match | number-match | word-match | value-match
fn one<'t>(block: &mut Block<'_, 't>, reader: &mut Reader<'_, 't>) -> Read<'t> {
    let from = *reader;
    let head = reader.next()?;
    let mut low = room();
    match lower(head.text, &mut low) {
        "destination" => destination(block, reader, &from),
        "route-has-label" | "route-aggregated" => attribute(reader, &from),
        "next-hop" | "source" | "rib-has-route" => {
            reader.word("in")?;
            prefixes(block, reader, true)?;
            attribute(reader, &from)
        }
        "community" => communities(block, reader, &from),
        "as-path" => as_path(block, reader),
        "extcommunity" => extended(block, reader, &from),
        "large-community" | "rd" => values(block, reader, &from, head.is("rd")),
        "med" | "local-preference" | "tag" | "weight" => number(reader, &from),
        "origin" | "protocol" | "route-type" | "validation-state" | "path-type" => {
            word(reader, &from)
        }
        _ => None,
    }
}

/// A match on what is not followed, as it is written.
fn attribute<'t>(reader: &Reader<'_, 't>, from: &Reader<'_, 't>) -> Read<'t> {
    let text = reader.since(from)?;
    Some(Condition::Match(text.map(Match::Attribute)))
}

/// A match with the place of its words.
fn matched<'t>(reader: &Reader<'_, 't>, from: &Reader<'_, 't>, what: Match<'t>) -> Read<'t> {
    let text = reader.since(from)?;
    Some(Condition::Match(text.map(|_| what)))
}

/// best ::= "is-best-path" | "is-backup-path" | "is-best-external" | "is-multi-path"
fn destination<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    from: &Reader<'_, 't>,
) -> Read<'t> {
    let best = reader.take("is-best-path")
        || reader.take("is-backup-path")
        || reader.take("is-best-external")
        || reader.take("is-multi-path");
    if best {
        return attribute(reader, from);
    }
    reader.word("in")?;
    match prefixes(block, reader, false)? {
        Some(what) => matched(reader, from, what),
        None => matched(reader, from, Match::Unknown),
    }
}

/// A set of prefixes, by name or in place; `None` inside where a parameter stands in it.
///
/// prefixes ::= policy-value | "(" (prefix-element ("," prefix-element)*)? ")"
fn prefixes<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    other: bool,
) -> Option<Option<Match<'t>>> {
    if !reader.take("(") {
        let name = reader.name()?;
        if is_parameter(name.value) {
            return Some(None);
        }
        block.uses.push((ObjectKind::PrefixList, name, Usage::Match));
        return Some(Some(match other {
            true => Match::NextHopPrefixLists(vec![name]),
            false => Match::PrefixLists(vec![name]),
        }));
    }
    let (mut ranges, mut open, mut written) = (Vec::new(), false, false);
    while !reader.take(")") {
        if open || written {
            reader.word(",")?;
        }
        if reader.peek().is_some_and(|piece| is_parameter(piece.text)) {
            open = true;
            while reader.peek().is_some_and(|piece| !piece.is_mark()) {
                reader.next();
            }
            continue;
        }
        written = true;
        match prefix_element(reader)?.range() {
            Ok(range) => ranges.push(range),
            Err(refused) => block.refused.push(refused),
        }
    }
    Some((!open).then_some(Match::Prefixes(ranges)))
}

/// community-match ::= "community" (("matches-any" | "matches-every" | "matches-within") communities | "is-empty")
/// communities ::= policy-value | "(" community-element ("," community-element)* ")"
fn communities<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    from: &Reader<'_, 't>,
) -> Read<'t> {
    let operator = reader.next()?;
    let mut low = room();
    let every = match lower(operator.text, &mut low) {
        "matches-any" => Some(false),
        "matches-every" => Some(true),
        "matches-within" => None,
        "is-empty" => return attribute(reader, from),
        _ => return None,
    };
    let set = community_set(block, reader)?;
    let Some(every) = every else { return attribute(reader, from) };
    match (set, every) {
        (CommunitySet::Open, _) => matched(reader, from, Match::Unknown),
        (CommunitySet::Named(name), false) => {
            let lists = vec![name];
            matched(reader, from, Match::CommunityLists { lists, exact: false })
        }
        (CommunitySet::Named(name), true) => {
            let list = block.sets.iter().find(|list| list.name == name.value);
            let values = list.filter(|list| list.blind.is_empty()).and_then(|list| {
                let value = |entry: &edgelint_model::CommunityEntry<'_>| match &entry.matches {
                    edgelint_model::CommunityMatch::All(values) => values.first().copied(),
                    _ => None,
                };
                list.entries.iter().map(value).collect::<Option<Vec<_>>>()
            });
            match values {
                Some(values) if !values.is_empty() => each(reader, from, values),
                // Without communities nothing matches; with patterns it depends on the route.
                Some(_) => matched(reader, from, Match::Communities(Vec::new())),
                None => attribute(reader, from),
            }
        }
        (CommunitySet::Written(elements, text), every) => match (values_of(&elements), every) {
            (Some(values), true) => each(reader, from, values),
            (Some(values), false) => matched(reader, from, Match::Communities(values)),
            (None, true) => attribute(reader, from),
            (None, false) => {
                let list = written(elements, text);
                let lists = vec![text];
                block.inline.push(list);
                matched(reader, from, Match::CommunityLists { lists, exact: false })
            }
        },
    }
}

/// The route carries each of these.
fn each<'t>(
    reader: &Reader<'_, 't>,
    from: &Reader<'_, 't>,
    values: Vec<edgelint_model::Community>,
) -> Read<'t> {
    let one = |value| matched(reader, from, Match::Communities(vec![value]));
    values.into_iter().map(one).collect::<Option<Vec<_>>>().map(Condition::All)
}

/// A list that stands for a set written in place, under its own words.
pub(super) fn written<'t>(
    elements: Vec<CommunityElement<'t>>,
    text: Fact<&'t str>,
) -> edgelint_model::CommunityList<'t> {
    let at = text.at();
    let entries = elements.into_iter().flat_map(|element| entries_of(element, at)).collect();
    edgelint_model::CommunityList { name: text.value, at, entries, blind: Vec::new() }
}

/// A set of communities.
pub(super) enum CommunitySet<'t> {
    /// By name.
    Named(Fact<&'t str>),
    /// In place, with its own words.
    Written(Vec<CommunityElement<'t>>, Fact<&'t str>),
    /// A parameter stands in it.
    Open,
}

/// Reads a set of communities and notes its name.
pub(super) fn community_set<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
) -> Option<CommunitySet<'t>> {
    let from = *reader;
    if !reader.take("(") {
        let name = reader.name()?;
        if is_parameter(name.value) {
            return Some(CommunitySet::Open);
        }
        block.uses.push((ObjectKind::CommunityList, name, Usage::Match));
        return Some(CommunitySet::Named(name));
    }
    let mut elements = Vec::new();
    loop {
        elements.push(community_element(reader)?);
        if reader.take(")") {
            break;
        }
        reader.word(",")?;
    }
    if elements.contains(&CommunityElement::Open) {
        return Some(CommunitySet::Open);
    }
    let text = reader.since(&from)?;
    Some(CommunitySet::Written(elements, text))
}

/// path-match ::= "as-path" ("in" policy-value | "in" "(" path-element ("," path-element)* ")" | path-element)
fn as_path<'t>(block: &mut Block<'_, 't>, reader: &mut Reader<'_, 't>) -> Read<'t> {
    let element = |reader: &mut Reader<'_, 't>| {
        let regex = path_element(reader)?;
        let what = if is_parameter(regex.value) {
            Match::Unknown
        } else {
            Match::AsPathRegex(regex.value)
        };
        Some(Condition::Match(regex.map(|_| what)))
    };
    if !reader.take("in") {
        return element(reader);
    }
    if !reader.take("(") {
        let name = reader.name()?;
        if is_parameter(name.value) {
            return Some(Condition::Match(name.map(|_| Match::Unknown)));
        }
        block.uses.push((ObjectKind::AsPathList, name, Usage::Match));
        return Some(Condition::Match(name.map(|_| Match::AsPathLists(vec![name]))));
    }
    let mut any = Vec::new();
    loop {
        any.push(element(reader)?);
        if reader.take(")") {
            return Some(Condition::Any(any));
        }
        reader.word(",")?;
    }
}

/// Extended communities: only the name of the set is kept.
///
/// value-match ::= "extcommunity" extended-kind (value-operator value-set-use | "is-empty")
///     | "large-community" (value-operator value-set-use | "is-empty") | "rd" "in" value-set-use
/// value-operator ::= "matches-any" | "matches-every" | "matches-within"
/// value-set-use ::= policy-value | "(" value-element ("," value-element)* ")"
fn extended<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    from: &Reader<'_, 't>,
) -> Read<'t> {
    let kind = reader.next()?;
    if !is_extended_kind(|word| kind.is(word)) {
        return None;
    }
    by_values(block, reader, from, ObjectKind::ExtendedCommunityList)
}

fn values<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    from: &Reader<'_, 't>,
    distinguisher: bool,
) -> Read<'t> {
    if !distinguisher {
        return by_values(block, reader, from, ObjectKind::LargeCommunityList);
    }
    reader.word("in")?;
    value_set(block, reader, ObjectKind::RouteDistinguisherSet, Usage::Match)?;
    attribute(reader, from)
}

fn by_values<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    from: &Reader<'_, 't>,
    kind: ObjectKind,
) -> Read<'t> {
    let operator = reader.next()?;
    let mut low = room();
    let any = match lower(operator.text, &mut low) {
        "matches-any" => true,
        "matches-every" | "matches-within" => false,
        "is-empty" => return attribute(reader, from),
        _ => return None,
    };
    match value_set(block, reader, kind, Usage::Match)? {
        Some(name) if any && kind == ObjectKind::LargeCommunityList => {
            matched(reader, from, Match::LargeCommunityLists(vec![name]))
        }
        Some(name) if any => matched(reader, from, Match::ExtendedCommunityLists(vec![name])),
        _ => attribute(reader, from),
    }
}

/// A set of other values, by name or in place; its name where it has one.
pub(super) fn value_set<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    kind: ObjectKind,
    usage: Usage,
) -> Option<Option<Fact<&'t str>>> {
    if !reader.take("(") {
        let name = reader.name()?;
        let named = (!is_parameter(name.value) && !is_value(name.value)).then_some(name);
        block.uses.extend(named.map(|name| (kind, name, usage)));
        return Some(named);
    }
    loop {
        reader.name()?;
        while reader.peek().is_some_and(|piece| !piece.is_mark()) {
            reader.next();
        }
        if reader.take(")") {
            return Some(None);
        }
        reader.word(",")?;
    }
}

/// number-match ::= ("med" | "local-preference" | "tag" | "weight") comparison UINT32
fn number<'t>(reader: &mut Reader<'_, 't>, from: &Reader<'_, 't>) -> Read<'t> {
    let what = from.peek()?;
    let how = comparison(reader)?;
    let Some(value) = reader.number()? else { return matched(reader, from, Match::Unknown) };
    let exact = how == Comparison::Equal;
    let what = match what.text.as_bytes().first()?.to_ascii_lowercase() {
        b'm' if exact => Match::Metric(value),
        b'l' if exact => Match::LocalPreference(value),
        b't' if exact => Match::Tags(vec![value]),
        _ => return attribute(reader, from),
    };
    matched(reader, from, what)
}

/// word-match ::= "origin" ("is" | "eq") ("igp" | "egp" | "incomplete") | "protocol" ("is" protocol | "in" "(" protocol ("," protocol)* ")")
///     | "route-type" ("is" policy-value | "in" "(" policy-value ("," policy-value)* ")") | "validation-state" "is" ("valid" | "invalid" | "not-found")
///     | "path-type" "is" ("ebgp" | "ibgp")
/// protocol ::= "connected" | "static" | "local" | "rip" | ("bgp" | "ospf" | "ospfv3" | "isis" | "eigrp") policy-value
fn word<'t>(reader: &mut Reader<'_, 't>, from: &Reader<'_, 't>) -> Read<'t> {
    let head = from.peek()?;
    if head.is("origin") {
        if !reader.take("is") {
            reader.word("eq")?;
        }
        let code = super::action::origin(reader)?;
        return match code {
            Some(code) => matched(reader, from, Match::Origin(code)),
            None => matched(reader, from, Match::Unknown),
        };
    }
    let listed = !reader.take("is");
    if listed {
        if head.is("validation-state") || head.is("path-type") {
            return None;
        }
        reader.word("in")?;
        reader.word("(")?;
    }
    let mut names = Vec::new();
    loop {
        names.push(item(reader, head.text)?);
        if !listed || reader.take(")") {
            break;
        }
        reader.word(",")?;
    }
    let open = names.iter().any(|name| is_parameter(name));
    let what = if open {
        Match::Unknown
    } else if head.is("protocol") {
        Match::Protocols(names)
    } else if head.is("route-type") {
        Match::RouteTypes(names)
    } else {
        return attribute(reader, from);
    };
    matched(reader, from, what)
}

/// One word of a list: a protocol, of which a process is named too, or another.
fn item<'t>(reader: &mut Reader<'_, 't>, head: &str) -> Option<&'t str> {
    let piece = reader.peek()?;
    let name = reader.name()?.value;
    if is_parameter(name) {
        return Some(name);
    }
    let is = |keyword: &str| piece.is(keyword);
    let known = match head.len() {
        // protocol
        8 => {
            is("connected")
                || is("static")
                || is("local")
                || is("rip")
                || (is("bgp") || is("ospf") || is("ospfv3") || is("isis") || is("eigrp"))
                    && reader.name().is_some()
        }
        // path-type
        9 => is("ebgp") || is("ibgp"),
        // validation-state
        16 => is("valid") || is("invalid") || is("not-found"),
        _ => true,
    };
    known.then_some(name)
}
