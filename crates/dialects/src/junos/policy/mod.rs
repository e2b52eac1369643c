//! `policy-options`: policies, and the lists they match with.
//!
//! One path says one thing: that a list has a member, that a term has a condition or an action. The
//! parts are gathered here by name ([`lists`], [`from`], [`then`]); once the last path is read, a
//! term's parts are put in the model's words ([`settle`]).

use std::collections::{HashMap, HashSet};

use edgelint_model::{ObjectKind, Part, State};
use edgelint_prefix::Family;
use edgelint_source::Span;
use edgelint_syntax::{Paths, Words};

use super::draft::{Account, Draft, Leaf, heading};

mod apply_path;
pub(super) mod expression;
mod from;
mod lists;
pub(super) mod route_filter;
mod settle;
mod then;

pub(super) use from::origin;
pub(super) use lists::standard as community;

use from::From;
use then::Then;

/// What `policy-options` said so far.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    lists: lists::Pending<'t>,
    policies: Vec<PolicyDraft<'t>>,
    places: HashMap<&'t str, usize>,
    /// Expressions in chains that stand among the device's policies already.
    expressions: HashSet<&'t str>,
}

/// A policy while it is being read.
#[derive(Debug)]
struct PolicyDraft<'t> {
    name: &'t str,
    at: Span,
    /// Terms in the order in which they appear.
    terms: Vec<Term<'t>>,
    /// What stands outside all terms: the last term.
    last: Option<Term<'t>>,
    blind: Vec<Span>,
}

/// A term while it is being read.
#[derive(Debug)]
struct Term<'t> {
    name: Option<&'t str>,
    at: Span,
    from: From<'t>,
    then: Then<'t>,
    blind: Vec<Span>,
}

impl<'t> Term<'t> {
    fn new(name: Option<&'t str>, at: Span) -> Self {
        Self { name, at, from: From::default(), then: Then::default(), blind: Vec::new() }
    }
}

/// Reads one path of `policy-options`.
///
/// policy-options ::= "policy-options" (prefix-list | policy-statement | community | as-path | as-path-group
///     | route-filter-list | condition | inert-policy-options)?
/// inert-policy-options ::= ("damping" | "rtf-prefix-list" | "mac-list" | "tunnel-attribute" | "resolution-map"
///     | "statistics" | "vrf-import-policy-evaluation" | "srte-color" | "defaults") REST?
pub(super) fn read<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    match leaf.words.peek(1) {
        "policy-statement" => (Part::Policy, policy_statement(draft, leaf)),
        "prefix-list" => (Part::PrefixList, lists::prefix_list(draft, leaf)),
        "community" => (Part::CommunityList, lists::community(draft, leaf)),
        "as-path" => (Part::AsPathList, lists::as_path(draft, leaf)),
        "as-path-group" => (Part::AsPathList, lists::as_path_group(draft, leaf)),
        "route-filter-list" => (Part::PrefixList, lists::route_filter_list(draft, leaf)),
        "condition" => (Part::Policy, lists::condition(draft, leaf)),
        "damping"
        | "rtf-prefix-list"
        | "mac-list"
        | "tunnel-attribute"
        | "statistics"
        | "defaults"
        | "vrf-import-policy-evaluation"
        | "resolution-map"
        | "srte-color" => {
            // inert-policy-options: damping, labels and tunnels say nothing about which routes pass.
            (Part::Policy, State::Inert)
        }
        "" => (Part::Policy, State::Modelled),
        _ => (Part::Policy, State::Unmodelled),
    }
}

/// Puts everything into the model.
pub(super) fn finish<'t>(draft: &mut Draft<'t>, paths: &Paths<'t>, system: Option<&'t str>) {
    apply_path::expand(draft, paths, system);
    lists::finish(draft);
    settle::finish(draft);
}

/// A statement of a policy.
///
/// policy-statement ::= "policy-statement" NAME ("term" NAME)? (from | to | then | inert-statement)?
/// inert-statement ::= "dynamic-db"
fn policy_statement<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> State {
    let words = leaf.words;
    let Some(name) = words.token(2) else { return State::Unmodelled };
    let named = words.peek(3) == "term";
    if named && words.len() < 5 {
        return State::Unmodelled;
    }
    let rest = words.skip(if named { 5 } else { 3 });
    draft.define_at(ObjectKind::Policy, name.text, || heading(words, 3));
    let Some(place) = term(&mut draft.policy, words, named) else { return State::Unmodelled };
    let state = statement(draft, leaf, rest, place);
    if matches!(state, State::Unmodelled | State::Opaque)
        && let Some(term) = place_of(&mut draft.policy, place)
    {
        term.blind.push(leaf.at);
    }
    state
}

/// A policy by its number, and one of its terms; `None` is the last one, that has no name.
type Place = (usize, Option<usize>);

/// Finds or adds the term of a path.
fn term<'t>(pending: &mut Pending<'t>, words: Words<'_, 't>, named: bool) -> Option<Place> {
    let at = || heading(words, if named { 5 } else { 3 });
    let name = words.peek(2);
    let policies = &mut pending.policies;
    let place = match policies.last() {
        Some(last) if last.name == name => policies.len() - 1,
        _ => *pending.places.entry(name).or_insert_with(|| {
            let (terms, blind) = (Vec::new(), Vec::new());
            policies.push(PolicyDraft { name, at: heading(words, 3), terms, last: None, blind });
            policies.len() - 1
        }),
    };
    let policy = policies.get_mut(place)?;
    if !named {
        if !words.skip(3).is_empty() {
            policy.last.get_or_insert_with(|| Term::new(None, at()));
        }
        return Some((place, None));
    }
    let term = words.peek(4);
    let found = policy.terms.iter().rposition(|one| one.name == Some(term));
    let found = found.unwrap_or_else(|| {
        policy.terms.push(Term::new(Some(term), at()));
        policy.terms.len() - 1
    });
    Some((place, Some(found)))
}

fn place_of<'p, 't>(pending: &'p mut Pending<'t>, place: Place) -> Option<&'p mut Term<'t>> {
    let policy = pending.policies.get_mut(place.0)?;
    match place.1 {
        Some(term) => policy.terms.get_mut(term),
        None => policy.last.as_mut(),
    }
}

/// What stands behind the name of a policy or term.
fn statement<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    words: Words<'_, 't>,
    place: Place,
) -> State {
    let rest = words.skip(1);
    match words.peek(0) {
        "" => State::Modelled,
        "from" => {
            from::record_uses(draft, rest);
            let (Some(term), false) = (place_of(&mut draft.policy, place), rest.is_empty()) else {
                return State::Modelled;
            };
            from::from(term, leaf, rest)
        }
        "to" => match place_of(&mut draft.policy, place) {
            Some(term) if !rest.is_empty() => from::to(term, leaf, rest),
            _ => State::Modelled,
        },
        "then" => {
            then::record_uses(draft, rest);
            let Some(term) = place_of(&mut draft.policy, place) else { return State::Modelled };
            then::then(&mut term.then, leaf, rest)
        }
        // Only makes the policy usable for dynamic databases.
        "dynamic-db" if rest.is_empty() => State::Inert,
        _ => State::Opaque,
    }
}

/// The VRF and the family of a table that holds unicast routes (`inet.0`, `BLUE.inet6.0`); `None` for
/// every other table (multicast, labels, the routes of VPNs).
pub(super) fn unicast_table(name: &str) -> Option<(Option<&str>, Family)> {
    const TABLES: [(&str, Family); 2] = [("inet.0", Family::Ipv4), ("inet6.0", Family::Ipv6)];
    let family = |text: &str| TABLES.iter().find(|(table, _)| *table == text).map(|found| found.1);
    if let Some(family) = family(name) {
        return Some((None, family));
    }
    let instance = name.strip_suffix(".inet.0").or_else(|| name.strip_suffix(".inet6.0"))?;
    let family = family(name.get(instance.len() + 1..)?)?;
    Some((Some(instance).filter(|name| *name != "master"), family))
}
