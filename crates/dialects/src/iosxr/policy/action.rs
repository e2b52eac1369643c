//! What a policy does with a route: attributes it sets, adds to, or takes away.
//!
//! Every action, known or not, lets the route pass at the end; so those of no consequence are steps too.

use edgelint_model::{
    Arithmetic, CommunityEdit, Fact, NextHopSet, ObjectKind, OriginCode, SetAction, State, Step,
    Usage,
};
use edgelint_source::Span;

use super::block::Block;
use super::condition::{CommunitySet, community_set, value_set, written};
use crate::iosxr::lines::{lower, room};
use crate::iosxr::sets::values_of;
use crate::iosxr::values::{Reader, digits, is_extended_kind, is_parameter, is_value};

type Read<'t> = Option<SetAction<'t>>;

/// Attributes that no decision here depends on, and why.
///
/// inert-action ::= ("set" | "add") inert-attribute REST NL | ("suppress-route" | "unsuppress-route") NL
///     | "set" "extcommunity" extended-kind value-set-use "additive"? NL | "set" "large-community" value-set-use "additive"? NL
///     | "delete" ("extcommunity" | "large-community") REST NL
const INERT: &[(&str, &str)] = &[
    ("metric-type", "an interior protocol's"),
    ("ospf-metric", "an interior protocol's"),
    ("isis-metric", "an interior protocol's"),
    ("rip-metric", "an interior protocol's"),
    ("eigrp-metric", "an interior protocol's"),
    ("rip-tag", "an interior protocol's"),
    ("level", "an interior protocol's"),
    ("spf-priority", "an interior protocol's"),
    ("label", "labels"),
    ("label-index", "labels"),
    ("label-mode", "labels"),
    ("path-selection", "which further paths are offered"),
    ("dampening", "when flaps count"),
    ("qos-group", "forwarding of packets"),
    ("traffic-index", "forwarding of packets"),
    ("forward-class", "forwarding of packets"),
    ("ip-precedence", "forwarding of packets"),
    ("flow-tag", "forwarding of packets"),
    ("load-balance", "forwarding of packets"),
    ("rib-metric", "the routing table"),
    ("administrative-distance", "the routing table"),
    ("fallback-vrf-lookup", "the routing table"),
    ("rt-set", "multicast"),
    ("s-pmsi", "multicast"),
    ("core-tree", "multicast"),
    ("upstream-core-tree", "multicast"),
    ("downstream-core-tree", "multicast"),
    ("static-p2mp-te", "multicast"),
    ("vpn-distinguisher", "VPNs between providers"),
    ("aigp-metric", "an attribute within one administration"),
    ("attribute-set", "tunnels"),
];

/// Reads an action.
///
/// action ::= "set" set-action | "prepend" "as-path" prepended RANGE_1_63? | "delete" "community" deleted | rewriting
/// set-action ::= "local-preference" SIGNED | "med" (SIGNED | "igp-cost" | "max-reachable") | "weight" UINT16 | "tag" UINT32
///     | "origin" origin | "next-hop" next-hop-value | "community" set-communities "additive"?
pub(super) fn action<'t>(
    block: &mut Block<'_, 't>,
    reader: &mut Reader<'_, 't>,
    at: Span,
) -> Option<(Option<Step<'t>>, State)> {
    let from = *reader;
    let head = reader.next()?;
    let mut low = room();
    let read = match lower(head.text, &mut low) {
        "set" => set(block, reader),
        "prepend" => prepend(reader, &from),
        "delete" => delete(block, reader),
        "remove" => remove(reader, &from),
        "replace" => replace(reader, &from),
        "add" => inert(reader),
        "suppress-route" | "unsuppress-route" => {
            // They select the parts of an aggregate.
            return reader.is_empty().then_some((None, State::Inert));
        }
        _ => return None,
    }?;
    let state = if read == SetAction::Irrelevant { State::Inert } else { State::Modelled };
    Some((Some(Step::Set(Fact::new(read, at))), state))
}

fn inert<'t>(reader: &mut Reader<'_, 't>) -> Read<'t> {
    let attribute = reader.next()?;
    let known = INERT.iter().any(|(word, _)| attribute.is(word));
    if !known || reader.is_empty() {
        return None;
    }
    while reader.next().is_some() {}
    Some(SetAction::Irrelevant)
}

fn set<'t>(block: &mut Block<'_, 't>, reader: &mut Reader<'_, 't>) -> Read<'t> {
    let from = *reader;
    let attribute = reader.next()?;
    let mut low = room();
    match lower(attribute.text, &mut low) {
        "local-preference" => arithmetic(reader)
            .map(|change| change.map_or(SetAction::Unknown, SetAction::LocalPreference)),
        "med" => {
            if reader.take("igp-cost") || reader.take("max-reachable") {
                return Some(SetAction::Unknown);
            }
            arithmetic(reader).map(|change| change.map_or(SetAction::Unknown, SetAction::Med))
        }
        "weight" => reader
            .number_to(0, 65535)
            .map(|value| value.map_or(SetAction::Unknown, SetAction::Weight)),
        "tag" => reader.number().map(|value| value.map_or(SetAction::Unknown, SetAction::Tag)),
        "origin" => origin(reader).map(|code| code.map_or(SetAction::Unknown, SetAction::Origin)),
        "next-hop" => next_hop(reader).map(SetAction::NextHop),
        "community" => community(block, reader),
        "extcommunity" => {
            let kind = reader.next()?;
            if !is_extended_kind(|word| kind.is(word)) {
                return None;
            }
            value_set(block, reader, ObjectKind::ExtendedCommunityList, Usage::Set)?;
            reader.take("additive");
            Some(SetAction::Irrelevant)
        }
        "large-community" => {
            value_set(block, reader, ObjectKind::LargeCommunityList, Usage::Set)?;
            reader.take("additive");
            Some(SetAction::Irrelevant)
        }
        _ => {
            *reader = from;
            inert(reader)
        }
    }
}

/// A number that is set, or that is added to, taken from or multiplied with what is there.
fn arithmetic(reader: &mut Reader<'_, '_>) -> Option<Option<Arithmetic>> {
    let piece = reader.peek()?;
    let (change, rest): (fn(u32) -> Arithmetic, &str) = match piece.text.as_bytes().first()? {
        b'+' => (Arithmetic::Add, piece.text.get(1..)?),
        b'-' => (Arithmetic::Subtract, piece.text.get(1..)?),
        b'*' => (Arithmetic::Multiply, piece.text.get(1..)?),
        _ => (Arithmetic::Set, piece.text),
    };
    let value = if is_parameter(rest) { None } else { Some(digits(rest)?) };
    reader.next();
    Some(value.map(change))
}

/// origin ::= "igp" | "egp" | "incomplete"
///
/// `None` inside where a parameter stands for it.
pub(super) fn origin(reader: &mut Reader<'_, '_>) -> Option<Option<OriginCode>> {
    let piece = reader.next()?;
    let mut low = room();
    match lower(piece.text, &mut low) {
        "igp" => Some(Some(OriginCode::Igp)),
        "egp" => Some(Some(OriginCode::Egp)),
        "incomplete" => Some(Some(OriginCode::Incomplete)),
        other => is_parameter(other).then_some(None),
    }
}

/// next-hop-value ::= ADDRESS | "self" | "peer-address" | "unchanged" | "discard"
fn next_hop(reader: &mut Reader<'_, '_>) -> Option<NextHopSet> {
    let piece = reader.next()?;
    let mut low = room();
    match lower(piece.text, &mut low) {
        "self" => Some(NextHopSet::Own),
        "peer-address" => Some(NextHopSet::Peer),
        "unchanged" => Some(NextHopSet::Unchanged),
        "discard" => Some(NextHopSet::Other),
        other if is_parameter(other) => Some(NextHopSet::Other),
        _ => piece.text.parse().ok().map(NextHopSet::Address),
    }
}

/// set-communities ::= policy-value | "(" literal ("," literal)* ")" | COMMUNITY_PAIR
/// literal ::= COMMUNITY_PAIR | well-known
fn community<'t>(block: &mut Block<'_, 't>, reader: &mut Reader<'_, 't>) -> Read<'t> {
    // People leave the parentheses out; a name begins with no digit and has no colon.
    let bare = reader.peek().filter(|piece| is_value(piece.text));
    let values = match bare {
        Some(_) => values_of(&[crate::iosxr::values::community_element(reader)?]),
        None => match community_set(block, reader)? {
            CommunitySet::Open => None,
            CommunitySet::Written(elements, _) => Some(values_of(&elements)?),
            CommunitySet::Named(name) => {
                let list = block.sets.iter().find(|list| list.name == name.value);
                if let Some(used) = block.uses.last_mut() {
                    used.2 = Usage::Set;
                }
                list.filter(|list| list.blind.is_empty()).and_then(|list| {
                    let value = |entry: &edgelint_model::CommunityEntry<'_>| match &entry.matches {
                        edgelint_model::CommunityMatch::All(values) => values.first().copied(),
                        _ => None,
                    };
                    list.entries.iter().map(value).collect()
                })
            }
        },
    };
    let additive = reader.take("additive");
    Some(match values {
        Some(values) if additive => SetAction::Community(CommunityEdit::Add(values)),
        Some(values) => SetAction::Community(CommunityEdit::Replace(values)),
        None => SetAction::Unknown,
    })
}

/// prepended ::= ASN | "own-as" | "most-recent"
fn prepend<'t>(reader: &mut Reader<'_, 't>, from: &Reader<'_, 't>) -> Read<'t> {
    reader.word("as-path")?;
    let own = reader.take("own-as");
    let recent = !own && reader.take("most-recent");
    let asn = if own || recent { None } else { Some(reader.asn()?) };
    let times = if reader.is_empty() { Some(1) } else { reader.number_to(1, 63)? };
    Some(match (asn, times) {
        (Some(Some(asn)), Some(times)) => SetAction::Prepend(vec![asn; times as usize]),
        (None, Some(times)) if own => SetAction::PrependOwnAs(times),
        (None, Some(times)) => SetAction::PrependLastAs(times),
        _ => SetAction::RewritePath(reader.since(from)?.value),
    })
}

/// deleted ::= "all" | "not"? "in" communities
fn delete<'t>(block: &mut Block<'_, 't>, reader: &mut Reader<'_, 't>) -> Read<'t> {
    if reader.is("extcommunity") || reader.is("large-community") {
        reader.next();
        reader.peek()?;
        while reader.next().is_some() {}
        return Some(SetAction::Irrelevant);
    }
    reader.word("community")?;
    if reader.take("all") {
        return Some(SetAction::Community(CommunityEdit::RemoveAll));
    }
    let kept = reader.take("not");
    reader.word("in")?;
    let name = match community_set(block, reader)? {
        CommunitySet::Open => return Some(SetAction::Unknown),
        CommunitySet::Named(name) => {
            if let Some(used) = block.uses.last_mut() {
                used.2 = Usage::Set;
            }
            name
        }
        CommunitySet::Written(elements, text) => match values_of(&elements).filter(|_| !kept) {
            Some(values) => return Some(SetAction::Community(CommunityEdit::Remove(values))),
            None => {
                block.inline.push(written(elements, text));
                text
            }
        },
    };
    Some(SetAction::Community(match kept {
        true => CommunityEdit::KeepMatching(name),
        false => CommunityEdit::RemoveMatching(name),
    }))
}

/// rewriting ::= "remove" "as-path" "private-as" "entire-aspath"? | "replace" "as-path" ("private-as" | PATTERN) ("own-as" | ASN)?
fn remove<'t>(reader: &mut Reader<'_, 't>, from: &Reader<'_, 't>) -> Read<'t> {
    reader.word("as-path")?;
    reader.word("private-as")?;
    reader.take("entire-aspath");
    Some(SetAction::RewritePath(reader.since(from)?.value))
}

fn replace<'t>(reader: &mut Reader<'_, 't>, from: &Reader<'_, 't>) -> Read<'t> {
    reader.word("as-path")?;
    // One number is looked for by itself; more are a sequence.
    let single = reader.peek().and_then(|piece| crate::phrases::parse_asn(piece.text));
    if !reader.take("private-as") {
        reader.pattern()?;
    }
    if !reader.is_empty() && !reader.take("own-as") {
        reader.asn()?;
    }
    if let Some(number) = single {
        return Some(SetAction::ReplaceAs(vec![number]));
    }
    Some(SetAction::RewritePath(reader.since(from)?.value))
}
