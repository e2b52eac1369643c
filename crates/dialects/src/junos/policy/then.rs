//! `then`: what a term does with a route.
//!
//! Of two actions on one attribute a device keeps the later one when it commits, whatever their mix
//! of set, add and subtract; communities are edited in order, all of them (vJunos lab,
//! `junos_rmw_localpref`, `junos_then_action_conflicts`). `next term` and `next policy` silence an
//! `accept` or `reject` beside them.

use edgelint_model::{
    Arithmetic, Fact, Flow, NextHopSet, ObjectKind, SetAction, State, Usage, Verdict,
};
use edgelint_syntax::Words;

use super::from::origin;
use crate::junos::draft::{Draft, Leaf, number};
use crate::phrases::parse_asn;

/// The actions of a term.
#[derive(Debug, Default)]
pub(super) struct Then<'t> {
    pub(super) steps: Vec<Fact<Action<'t>>>,
    /// `accept` or `reject`.
    pub(super) verdict: Option<Fact<Verdict>>,
    /// `next term` or `next policy`.
    pub(super) next: Option<Fact<Flow>>,
    /// `default-action`.
    pub(super) default: Option<Fact<Verdict>>,
}

/// An action on the route.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action<'t> {
    /// In the model's words already.
    Set(SetAction<'t>),
    /// An edit of communities by the name of a community.
    Community(CommunityVerb, &'t str),
}

/// What happens to the communities of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommunityVerb {
    /// They are added.
    Add,
    /// They replace all others.
    Set,
    /// They are removed.
    Delete,
}

/// Records the objects that an action names.
pub(super) fn record_uses<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    if words.peek(0) == "community" {
        let place = if community_verb(words.peek(1)).is_some() { 2 } else { 1 };
        if let Some(name) = words.token(place) {
            draft.use_name(ObjectKind::CommunityList, name, Usage::Set);
        }
    }
}

/// One action, or several on one line.
///
/// then ::= "then" action*
/// action ::= verdict | "next" ("term" | "policy") | "default-action" verdict | set-action | irrelevant-action
///     | inert-action
/// inert-action ::= "trace"
/// verdict ::= "accept" | "reject"
pub(super) fn then<'t>(then: &mut Then<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> State {
    let mut words = words;
    let mut state = State::Modelled;
    while !words.is_empty() {
        let (became, used) = action(then, leaf, words);
        state = state.max(became);
        words = words.skip(used.max(1));
    }
    state
}

/// Reads one action; returns what became of it and the number of its words.
fn action<'t>(then: &mut Then<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> (State, usize) {
    let at = words.first(2).span().unwrap_or(leaf.at);
    let verdict = |text: &str| match text {
        "accept" => Some(Verdict::Permit),
        "reject" => Some(Verdict::Deny),
        _ => None,
    };
    if let Some(verdict) = verdict(words.peek(0)) {
        let at = words.token(0).map_or(leaf.at, |token| token.span);
        leaf.put(&mut then.verdict, verdict, at);
        return (State::Modelled, 1);
    }
    match (words.peek(0), words.peek(1)) {
        ("next", "term") => leaf.put(&mut then.next, Flow::NextClause, at),
        ("next", "policy") => leaf.put(&mut then.next, Flow::NextPolicy, at),
        ("default-action", text) => match verdict(text) {
            Some(verdict) => leaf.put(&mut then.default, verdict, at),
            None => return (State::Unmodelled, words.len()),
        },
        ("trace", _) => return (State::Inert, 1),
        _ => return set(then, leaf, words),
    }
    (State::Modelled, 2)
}

/// Changes of attributes.
///
/// set-action ::= ("local-preference" | "metric" | "preference") amount | "community" ("add" | "+" | "set" | "=" | "delete" | "-") NAME
///     | "as-path-prepend" ASN | "as-path-expand" "last-as" ("count" UINT8)? | "next-hop" next-hop
///     | "origin" origin | "tag" UINT32
fn set<'t>(then: &mut Then<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> (State, usize) {
    let value = words.peek(1);
    let (action, used) = match words.peek(0) {
        "community" => return community(then, leaf, words),
        "local-preference" => amount(words, SetAction::LocalPreference),
        "metric" => amount(words, SetAction::Med),
        "preference" => amount(words, SetAction::Distance),
        "as-path-prepend" => {
            let path: Option<Vec<u32>> = value.split_whitespace().map(parse_asn).collect();
            (path.filter(|path| !path.is_empty()).map(SetAction::Prepend), 2)
        }
        "as-path-expand" if matches!(value, "last-as") => match words.peek(2) {
            "count" => {
                let count = number::<u8>(words.peek(3));
                (count.map(|count| SetAction::PrependLastAs(count.into())), 4)
            }
            _ => (Some(SetAction::PrependLastAs(1)), 2),
        },
        "next-hop" if value == "next-table" && 2 < words.len() => {
            (Some(SetAction::NextHop(NextHopSet::Other)), 3)
        }
        "next-hop" => (next_hop(value).map(SetAction::NextHop), 2),
        "origin" => (origin(value).map(SetAction::Origin), 2),
        "tag" => (number(value).map(SetAction::Tag), 2),
        head if is_irrelevant(head) => {
            // In the model as irrelevant: how packets are forwarded, counted, sampled and labelled here.
            push(then, leaf, SetAction::Irrelevant, words);
            return (State::Modelled, words.len());
        }
        _ => (None, words.len()),
    };
    match action {
        Some(action) => {
            push(then, leaf, action, words.first(used));
            (State::Modelled, used)
        }
        None => {
            push(then, leaf, SetAction::Unknown, words);
            (State::Unmodelled, words.len())
        }
    }
}

/// Actions that change nothing of what is decided here.
///
/// irrelevant-action ::= ("add-path" | "aggregate-bandwidth" | "aigp-adjust" | "aigp-originate"
///     | "analyze" | "bgp-output-queue-priority" | "class" | "color" | "color2" | "cos-next-hop-map"
///     | "damping" | "destination-class" | "dynamic-tunnel-attributes" | "external"
///     | "forwarding-class" | "install-nexthop" | "install-to-fib" | "limit-bandwidth" | "load-balance"
///     | "map-to-interface" | "metric2" | "mhop" | "multipath-resolve" | "no-backup"
///     | "no-entropy-label-capability" | "no-install-to-fib" | "no-route-localize" | "p2mp-lsp-root"
///     | "preference2" | "prefix-segment" | "priority" | "resolution-map" | "source-class"
///     | "sr-te-template" | "tag2" | "tunnel-attribute" | "tunnel-end-point-address"
///     | "validation-state") REST?
fn is_irrelevant(head: &str) -> bool {
    const INERT: &[&str] = &[
        "add-path",
        "aggregate-bandwidth",
        "aigp-adjust",
        "aigp-originate",
        "analyze",
        "bgp-output-queue-priority",
        "class",
        "color",
        "color2",
        "cos-next-hop-map",
        "damping",
        "destination-class",
        "dynamic-tunnel-attributes",
        "external",
        "forwarding-class",
        "install-nexthop",
        "install-to-fib",
        "limit-bandwidth",
        "load-balance",
        "map-to-interface",
        "metric2",
        "mhop",
        "multipath-resolve",
        "no-backup",
        "no-entropy-label-capability",
        "no-install-to-fib",
        "no-route-localize",
        "p2mp-lsp-root",
        "preference2",
        "prefix-segment",
        "priority",
        "resolution-map",
        "source-class",
        "sr-te-template",
        "tag2",
        "tunnel-attribute",
        "tunnel-end-point-address",
        "validation-state",
    ];
    INERT.contains(&head)
}

/// A number that is set, added or taken off.
///
/// amount ::= ("add" | "subtract")? UINT32
fn amount<'t>(
    words: Words<'_, 't>,
    action: impl Fn(Arithmetic) -> SetAction<'t>,
) -> (Option<SetAction<'t>>, usize) {
    let number = |at: usize| number::<u32>(words.peek(at));
    match words.peek(1) {
        "add" => (number(2).map(Arithmetic::Add).map(action), 3),
        "subtract" => (number(2).map(Arithmetic::Subtract).map(action), 3),
        _ => match number(1) {
            Some(number) => (Some(action(Arithmetic::Set(number))), 2),
            None => (None, words.len()),
        },
    }
}

/// What the next hop becomes.
///
/// next-hop ::= "self" | "peer-address" | "discard" | "reject" | ADDRESS | "next-table" WORD
fn next_hop(text: &str) -> Option<NextHopSet> {
    Some(match text {
        "self" => NextHopSet::Own,
        "peer-address" => NextHopSet::Peer,
        "discard" | "reject" => NextHopSet::Other,
        _ => NextHopSet::Address(text.parse().ok()?),
    })
}

fn community_verb(text: &str) -> Option<CommunityVerb> {
    Some(match text {
        "add" | "+" => CommunityVerb::Add,
        "set" | "=" => CommunityVerb::Set,
        "delete" | "-" => CommunityVerb::Delete,
        _ => return None,
    })
}

fn community<'t>(then: &mut Then<'t>, leaf: &Leaf<'_, 't>, words: Words<'_, 't>) -> (State, usize) {
    let action = community_verb(words.peek(1)).zip(words.token(2));
    match action {
        Some((verb, name)) => {
            let at = words.first(3).span().unwrap_or(leaf.at);
            then.steps.push(leaf.fact(Action::Community(verb, name.text), at));
            (State::Modelled, 3)
        }
        None => {
            push(then, leaf, SetAction::Unknown, words);
            (State::Unmodelled, words.len())
        }
    }
}

/// Keeps an action; an earlier one on the same attribute goes.
fn push<'t>(then: &mut Then<'t>, leaf: &Leaf<'_, 't>, action: SetAction<'t>, words: Words<'_, 't>) {
    let attribute = std::mem::discriminant(&action);
    let single = !matches!(action, SetAction::Irrelevant | SetAction::Unknown);
    let same = |step: &Fact<Action<'t>>| match &step.value {
        Action::Set(set) => single && std::mem::discriminant(set) == attribute,
        Action::Community(..) => false,
    };
    // What a group holds never replaces what is written in place.
    if leaf.via.is_some() && then.steps.iter().any(same) {
        return;
    }
    then.steps.retain(|step| !same(step));
    let at = words.span().unwrap_or(leaf.at);
    // A path is prepended to before it is expanded, wherever the two stand (vJunos lab,
    // `junos_then_action_conflicts`).
    let expands =
        |step: &Fact<Action<'t>>| matches!(step.value, Action::Set(SetAction::PrependLastAs(_)));
    let place = match action {
        SetAction::Prepend(_) => then.steps.iter().position(expands),
        _ => None,
    };
    let place = place.unwrap_or(then.steps.len());
    then.steps.insert(place, leaf.fact(Action::Set(action), at));
}
