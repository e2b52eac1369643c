//! Sets: prefixes, communities, AS paths, and those whose values are only compared as they are written.
//!
//! A set has no order: a value is in it or is not. A set that is written again takes the place of the first.

use edgelint_model::{
    AsPathEntry, CommunityEntry, CommunityMatch, ObjectKind, Part, PrefixEntry, State, ValueSet,
};
use edgelint_prefix::Family;
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::polarity;
use super::pieces::pieces;
use super::values::{
    CommunityElement, REFUSED, Reader, community_element, is_extended_kind, path_element,
    prefix_element,
};

/// A set of prefixes of both families.
///
/// prefix-set ::= "prefix-set" NAME NL (INDENT prefix-line+ DEDENT)? "end-set" NL | "no" "prefix-set" NAME NL
/// prefix-line ::= prefix-element ("," prefix-element)* ","? NL
pub(super) fn prefix_set<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let part = Part::PrefixList;
    let kinds = [ObjectKind::PrefixList, ObjectKind::Ipv6PrefixList];
    let Some((name, blind)) = begin(draft, (part, statement), &kinds) else { return };
    let at = statement.span();
    let kind_of = |family| match family {
        Family::Ipv4 => ObjectKind::PrefixList,
        Family::Ipv6 => ObjectKind::Ipv6PrefixList,
    };
    let blind = elements(draft, (part, statement), blind, |draft, reader, at| {
        let element = prefix_element(reader)?;
        match element.range() {
            Ok(range) => {
                let kind = kind_of(range.prefix.family());
                let entry = PrefixEntry { at, sequence: None, permit: true, range };
                draft.prefix_list(kind, name, at)?.entries.push(entry);
            }
            Err((word, what)) => draft.device.coverage.refuse(word, what, REFUSED),
        }
        Some(())
    });
    // A set of IPv6 prefixes alone is no list of IPv4.
    let mut known = draft.device.prefix_lists.iter().filter(|list| list.name == name);
    let only_ipv6 = known.clone().next().is_some() && known.all(|it| it.family == Family::Ipv6);
    let kind = kind_of(if only_ipv6 { Family::Ipv6 } else { Family::Ipv4 });
    if let Some(list) = draft.prefix_list(kind, name, at) {
        list.blind = blind;
    }
}

/// A set of communities.
///
/// community-set ::= "community-set" NAME NL (INDENT community-line+ DEDENT)? "end-set" NL | "no" "community-set" NAME NL
/// community-line ::= community-element ("," community-element)* ","? NL
pub(super) fn community_set<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let part = Part::CommunityList;
    let Some((name, blind)) = begin(draft, (part, statement), &[ObjectKind::CommunityList]) else {
        return;
    };
    let at = statement.span();
    let _ = draft.community_list(name, at);
    let blind = elements(draft, (part, statement), blind, |draft, reader, at| {
        let element = community_element(reader)?;
        let list = draft.community_list(name, at)?;
        list.entries.extend(entries_of(element, at));
        Some(())
    });
    if let Some(list) = draft.community_list(name, at) {
        list.blind = blind;
    }
}

/// The entries of a list that stand for an element of a set.
pub(super) fn entries_of(element: CommunityElement<'_>, at: Span) -> Vec<CommunityEntry<'_>> {
    let entry = |matches| CommunityEntry { at, permit: true, matches };
    match element {
        CommunityElement::Value(value) => vec![entry(CommunityMatch::All(vec![value]))],
        CommunityElement::Values(values) => {
            values.into_iter().map(|value| entry(CommunityMatch::All(vec![value]))).collect()
        }
        // A route without communities has none that is any.
        CommunityElement::Any => vec![entry(CommunityMatch::Regex("*"))],
        CommunityElement::Pattern(text) => vec![entry(CommunityMatch::Regex(text.value))],
        CommunityElement::Open => Vec::new(),
    }
}

/// A set of conditions on AS paths.
///
/// as-path-set ::= "as-path-set" NAME NL (INDENT path-line+ DEDENT)? "end-set" NL | "no" "as-path-set" NAME NL
/// path-line ::= path-element ("," path-element)* ","? NL
pub(super) fn as_path_set<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let part = Part::AsPathList;
    let Some((name, blind)) = begin(draft, (part, statement), &[ObjectKind::AsPathList]) else {
        return;
    };
    let at = statement.span();
    let _ = draft.as_path_list(name, at);
    let blind = elements(draft, (part, statement), blind, |draft, reader, at| {
        let regex = path_element(reader)?.value;
        draft.as_path_list(name, at)?.entries.push(AsPathEntry { at, permit: true, regex });
        Some(())
    });
    if let Some(list) = draft.as_path_list(name, at) {
        list.blind = blind;
    }
}

/// A set of extended communities, large communities or route distinguishers.
///
/// value-set ::= value-head NAME NL (INDENT value-line+ DEDENT)? "end-set" NL | "no" value-head NAME NL
/// value-head ::= "extcommunity-set" extended-kind | "large-community-set" | "rd-set"
/// value-line ::= value-element ("," value-element)* ","? NL
/// value-element ::= policy-value+
pub(super) fn value_set<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let part = Part::CommunityList;
    let (_, words) = polarity(statement.words());
    let kind = if words.is(0, "extcommunity-set") {
        ObjectKind::ExtendedCommunityList
    } else if words.is(0, "large-community-set") {
        ObjectKind::LargeCommunityList
    } else {
        ObjectKind::RouteDistinguisherSet
    };
    let Some((name, blind)) = begin(draft, (part, statement), &[kind]) else { return };
    let at = statement.span();
    draft.device.value_sets.retain(|set| set.kind != kind || set.name != name);
    let mut values = Vec::new();
    let blind = elements(draft, (part, statement), blind, |_, reader, _| {
        let from = *reader;
        while reader.peek().is_some_and(|piece| !piece.is_mark()) {
            reader.next();
        }
        values.push(reader.since(&from)?);
        Some(())
    });
    draft.device.value_sets.push(ValueSet { kind, name, at, values, blind });
}

/// A set of what routes are not asked for here: tags and areas of interior protocols, addresses of Ethernet.
///
/// inert-set ::= inert-set-word NAME NL (INDENT inert-set-line+ DEDENT)? "end-set" NL | "no" inert-set-word NAME NL
/// inert-set-line ::= REST NL
/// inert-set-word ::= "tag-set" | "ospf-area-set" | "mac-set" | "esi-set" | "etag-set"
pub(super) fn other_set<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let last = statement.children().last();
    let whole = words.len() == 2 && last.is_some_and(|line| is_end(line.words())) != negated;
    if whole && (!negated || !statement.has_children()) {
        return draft.account_block(Part::Other, statement, State::Inert);
    }
    draft.account(Part::Other, statement, State::Unmodelled);
    statement.children().for_each(|line| draft.account_block(Part::Other, line, State::Opaque));
}

/// Accounts for the header of a set and the line that ends it, and forgets a set of that name; its name and
/// what is not understood of it, or nothing where there is nothing to be read.
fn begin<'t>(
    draft: &mut Draft<'t>,
    (part, statement): (Part, Statement<'_, 't>),
    kinds: &[ObjectKind],
) -> Option<(&'t str, Vec<Span>)> {
    let (negated, words) = polarity(statement.words());
    let typed = words.is(0, "extcommunity-set");
    let known_type = !typed || is_extended_kind(|word| words.is(1, word));
    let from = 1 + usize::from(typed);
    let named = words.len() == from + 1 && known_type;
    let name = words.peek(from);
    let closed = statement.children().any(|line| is_end(line.words()));
    let whole = named && (negated && !statement.has_children() || !negated && closed);
    let state = if whole { State::Modelled } else { State::Unmodelled };
    draft.account(part, statement, state);
    if name.is_empty() {
        statement.children().for_each(|line| draft.account_block(part, line, State::Opaque));
        return None;
    }
    kinds.iter().for_each(|kind| draft.remove(*kind, name));
    let kind = kinds.first().copied()?;
    if negated {
        draft.device.value_sets.retain(|set| set.kind != kind || set.name != name);
        draft.undefine(kind, name);
        statement.children().for_each(|line| draft.account_block(part, line, State::Opaque));
        return None;
    }
    draft.undefine(kind, name);
    draft.define(kind, name, statement.span());
    let blind = if whole { Vec::new() } else { vec![statement.span()] };
    Some((name, blind))
}

fn is_end(words: Words<'_, '_>) -> bool {
    words.len() == 1 && words.is(0, "end-set")
}

/// Reads the elements of a set, a line with one or more of them; returns what was not understood.
fn elements<'t>(
    draft: &mut Draft<'t>,
    (part, statement): (Part, Statement<'_, 't>),
    mut blind: Vec<Span>,
    mut element: impl FnMut(&mut Draft<'t>, &mut Reader<'_, 't>, Span) -> Option<()>,
) -> Vec<Span> {
    let mut ended = false;
    for line in statement.children() {
        let at = line.span();
        if is_end(line.words()) && !ended {
            ended = true;
            draft.account(part, line, State::Modelled);
            draft.stray(line);
            continue;
        }
        let pieces = pieces(line.words());
        let mut reader = Reader::new(&pieces, line.words().file_text());
        let mut read = || {
            loop {
                element(draft, &mut reader, at)?;
                if reader.is_empty() {
                    return Some(());
                }
                reader.word(",")?;
                if reader.is_empty() {
                    return Some(());
                }
            }
        };
        let state = if read().is_some() && !ended { State::Modelled } else { State::Unmodelled };
        draft.account(part, line, state);
        draft.stray(line);
        if state == State::Unmodelled {
            blind.push(at);
        }
    }
    blind
}

/// The communities that elements name, where each names some.
pub(super) fn values_of(
    elements: &[CommunityElement<'_>],
) -> Option<Vec<edgelint_model::Community>> {
    let mut values = Vec::new();
    for element in elements {
        match element {
            CommunityElement::Value(value) => values.push(*value),
            CommunityElement::Values(several) => values.extend(several),
            CommunityElement::Any | CommunityElement::Pattern(_) | CommunityElement::Open => {
                return None;
            }
        }
    }
    Some(values)
}
