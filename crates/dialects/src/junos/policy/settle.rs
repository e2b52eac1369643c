//! Policies in the model's words.
//!
//! A term becomes a clause. Where a route filter has actions of its own, they are taken instead of
//! the term's (Junos policy guide, "Route filter match actions"), so such a filter becomes a clause
//! in front of the term's, and the term's clause leaves its routes out.

use edgelint_model::{
    Clause, ClauseLabel, CommunityEdit, Condition, Fact, Flow, Match, Origin, Policy, PolicyForm,
    SetAction, Step,
};
use edgelint_prefix::{Family, Prefix, PrefixRange};
use edgelint_source::Span;

use super::from::{From, RouteFilter, typed};
use super::lists::{self, Member};
use super::route_filter::Reach;
use super::then::{Action, CommunityVerb, Then};
use super::{PolicyDraft, Term};
use crate::junos::draft::Draft;

/// Puts all policies into the device.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for policy in std::mem::take(&mut draft.policy.policies) {
        let lowered = lower(draft, policy);
        draft.device.policies.push(lowered);
    }
}

fn lower<'t>(draft: &Draft<'t>, policy: PolicyDraft<'t>) -> Policy<'t> {
    let PolicyDraft { name, at, terms, last, blind } = policy;
    let mut clauses = Vec::new();
    // What stands outside all terms is evaluated behind them.
    for (ordinal, term) in (1..).zip(terms.into_iter().chain(last)) {
        let label = match term.name {
            Some(name) => ClauseLabel::Name(name),
            None => ClauseLabel::Ordinal(ordinal),
        };
        lower_term(draft, term, label, &mut clauses);
    }
    Policy { name, form: PolicyForm::PolicyStatement, at, clauses, blind }
}

fn lower_term<'t>(
    draft: &Draft<'t>,
    term: Term<'t>,
    label: ClauseLabel<'t>,
    clauses: &mut Vec<Clause<'t>>,
) {
    let Term { at, from, then, blind, .. } = term;
    // What can be decided of every route comes first: fewer routes are left for what cannot.
    let mut all = attributes(&from);
    all.extend(surroundings(draft, &from));
    let special: Vec<(Condition<'t>, &RouteFilter<'t>)> = from
        .filters
        .iter()
        .enumerate()
        .filter(|(_, filter)| filter.then.is_some())
        .map(|(index, filter)| (decided_by(&from.filters, index), filter))
        .collect();
    for (decided, filter) in &special {
        let condition = all_of([decided.clone()].into_iter().chain(all.iter().cloned()).collect());
        if let Some(then) = &filter.then {
            clauses.push(clause(draft, (label, filter.at.at()), condition, then, Vec::new()));
        }
    }
    if let Some(prefixes) = prefixes(draft, &from) {
        let others = special.into_iter().map(|(decided, _)| Condition::Not(Box::new(decided)));
        all.splice(0..0, [prefixes].into_iter().chain(others));
    }
    clauses.push(clause(draft, (label, at), all_of(all), &then, blind));
}

fn clause<'t>(
    draft: &Draft<'t>,
    (label, at): (ClauseLabel<'t>, Span),
    condition: Condition<'t>,
    then: &Then<'t>,
    blind: Vec<Span>,
) -> Clause<'t> {
    let steps = then.steps.iter().map(|step| Step::Set(lower_action(draft, step))).collect();
    let (verdict, flow) = match (&then.next, &then.verdict) {
        (Some(next), _) => (None, *next),
        (None, Some(verdict)) => (Some(verdict.value), verdict.map(|_| Flow::Stop)),
        (None, None) => (None, Fact::new(Flow::NextClause, at)),
    };
    // `default-action` decides only where nothing behind it does.
    let verdict = verdict.or(then.default.map(|default| default.value));
    Clause { label, at, condition, steps, verdict, flow, blind }
}

/// An action with its communities looked up.
fn lower_action<'t>(draft: &Draft<'t>, step: &Fact<Action<'t>>) -> Fact<SetAction<'t>> {
    let value = match &step.value {
        Action::Set(set) => set.clone(),
        Action::Community(CommunityVerb::Delete, name) => {
            let name = Fact { value: *name, origin: step.origin };
            SetAction::Community(CommunityEdit::RemoveMatching(name))
        }
        Action::Community(verb, name) => set_communities(&draft.policy.lists, *verb, name),
    };
    Fact { value, origin: step.origin }
}

fn set_communities<'t>(
    lists: &lists::Pending<'t>,
    verb: CommunityVerb,
    name: &str,
) -> SetAction<'t> {
    let Some(members) = lists.members(name) else { return SetAction::Unknown };
    let mut literals = Vec::new();
    let mut targets = Vec::new();
    for member in members {
        match member {
            Member::Literal(literal) => literals.push(literal),
            Member::Other(text) if text.starts_with("target:") => targets.push(text),
            // A pattern cannot be added; what is no pattern is a community of another type.
            Member::Other(text) if !is_typed(text) => return SetAction::Unknown,
            Member::Other(_) => {}
        }
    }
    match verb {
        CommunityVerb::Set => SetAction::Community(CommunityEdit::Replace(literals)),
        _ if literals.is_empty() && !targets.is_empty() => SetAction::RouteTargets(targets),
        _ if literals.is_empty() => SetAction::Irrelevant,
        _ => SetAction::Community(CommunityEdit::Add(literals)),
    }
}

/// Whether a community names its type: an extended or large one.
fn is_typed(text: &str) -> bool {
    const TYPES: [&str; 14] = [
        "target",
        "origin",
        "bandwidth",
        "large",
        "color",
        "domain-id",
        "domain-vendor",
        "encapsulation",
        "l2-info",
        "mac-mobility",
        "rt-import",
        "src-as",
        "traffic-rate",
        "redirect",
    ];
    let head = text.split(':').next().unwrap_or("");
    // A type may be a number: three parts, which no standard community has (vJunos lab,
    // `junos_ext_community_literal`).
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.');
    let numbered = text.split(':').count() == 3 && text.chars().all(plain);
    TYPES.contains(&head) || head.starts_with("0x") || numbered
}

/// Everything that must hold.
fn all_of(mut all: Vec<Condition<'_>>) -> Condition<'_> {
    match all.len() {
        0 => Condition::Always,
        1 => all.pop().unwrap_or(Condition::Always),
        _ => Condition::All(all),
    }
}

/// Conditions on all but the prefix.
fn attributes<'t>(from: &From<'t>) -> Vec<Condition<'t>> {
    let mut all = Vec::new();
    let mut push = |origins: &mut dyn Iterator<Item = Origin>, what: Match<'t>| {
        if let Some(origin) = origins.next() {
            all.push(Condition::Match(Fact { value: what, origin }));
        }
    };
    let names = |facts: &[Fact<&'t str>]| facts.iter().map(|fact| fact.value).collect::<Vec<_>>();
    let lists = from.communities.clone();
    push(
        &mut lists.clone().iter().map(|it| it.origin),
        Match::CommunityLists { lists, exact: false },
    );
    let as_paths = from.as_paths.clone();
    push(&mut as_paths.clone().iter().map(|it| it.origin), Match::AsPathLists(as_paths));
    let protocols = names(&from.protocols).into_iter().map(protocol).collect();
    push(&mut from.protocols.iter().map(|it| it.origin), Match::Protocols(protocols));
    let neighbors = from.neighbors.iter().map(|it| it.value).collect();
    push(&mut from.neighbors.iter().map(|it| it.origin), Match::Neighbors(neighbors));
    let interfaces = Match::Interfaces(from.interfaces.clone());
    push(&mut from.interfaces.iter().map(|it| it.origin), interfaces);
    let tags = from.tags.iter().map(|it| it.value).collect();
    push(&mut from.tags.iter().map(|it| it.origin), Match::Tags(tags));
    let types = Match::RouteTypes(names(&from.route_types));
    push(&mut from.route_types.iter().map(|it| it.origin), types);
    for other in &from.others {
        push(&mut std::iter::once(other.origin), other.value.clone());
    }
    all.extend(from.family.as_ref().map(family));
    all
}

/// Conditions on the table that a route is in, on the device, and on what other policies say.
fn surroundings<'t>(draft: &Draft<'t>, from: &From<'t>) -> Vec<Condition<'t>> {
    let mut all = Vec::new();
    if let Some(first) = from.ribs.first() {
        let any = from.ribs.iter().map(rib).collect();
        all.push(any_of(any, first.origin));
    }
    let mut push = |facts: &[Fact<&'t str>], what: &dyn Fn() -> Match<'t>| {
        all.extend(
            facts
                .first()
                .map(|first| Condition::Match(Fact { value: what(), origin: first.origin })),
        );
    };
    let values = |facts: &[Fact<&'t str>]| facts.iter().map(|fact| fact.value).collect::<Vec<_>>();
    push(&from.instances, &|| {
        let main = |name: &&'t str| *name != "master";
        Match::Vrfs(
            values(&from.instances).into_iter().map(|name| Some(name).filter(main)).collect(),
        )
    });
    push(&from.towards, &|| Match::Towards(values(&from.towards)));
    if let Some(first) = from.policies.first() {
        let each = |policy: &Fact<&'t str>| {
            Condition::Match(policy.map(|_| Match::Policies(vec![*policy])))
        };
        all.push(any_of(from.policies.iter().map(each).collect(), first.origin));
        if 1 < from.policies.len() {
            // Whether one of several is enough nobody has shown.
            all.push(Condition::Match(first.map(|_| Match::Unknown)));
        }
    }
    for condition in &from.conditions {
        let state = draft.policy.lists.condition(condition.value, condition.at());
        all.push(Condition::Match(condition.map(|_| Match::State(Box::new(state)))));
    }
    all.extend(from.expressions.iter().cloned());
    all
}

/// Routes of one table: of its instance, and of its family. Other tables than those of unicast routes
/// hold none of the routes that sessions of these families exchange.
fn rib<'t>(table: &Fact<&'t str>) -> Condition<'t> {
    let Some((vrf, family)) = super::unicast_table(table.value) else {
        return Condition::Not(Box::new(Condition::Always));
    };
    let everything = match family {
        Family::Ipv4 => Prefix::new([0, 0, 0, 0].into(), 0),
        Family::Ipv6 => Prefix::new([0_u16; 8].into(), 0),
    };
    let ranges = everything.map(PrefixRange::or_longer).into_iter().collect();
    Condition::All(vec![
        Condition::Match(table.map(|_| Match::Vrfs(vec![vrf]))),
        Condition::Match(table.map(|_| Match::Prefixes(ranges))),
    ])
}

fn any_of(mut any: Vec<Condition<'_>>, origin: Origin) -> Condition<'_> {
    match any.len() {
        0 => Condition::Match(Fact { value: Match::Unknown, origin }),
        1 => any.pop().unwrap_or(Condition::Always),
        _ => Condition::Any(any),
    }
}

/// Junos calls routes to interfaces' subnets `direct`; the model's word is `connected`.
fn protocol(name: &str) -> &str {
    if name == "direct" { "connected" } else { name }
}

/// `family inet` and `family inet6` tell routes apart by their prefix; other families hold no
/// unicast routes to plain prefixes.
fn family<'t>(family: &Fact<&'t str>) -> Condition<'t> {
    let everything = match family.value {
        "inet" => Prefix::new([0, 0, 0, 0].into(), 0),
        "inet6" => Prefix::new([0_u16; 8].into(), 0),
        "inet-vpn" | "inet6-vpn" | "inet-mvpn" | "inet6-mvpn" => {
            return Condition::Match(family.map(|_| Match::Unknown));
        }
        _ => None,
    };
    match everything {
        Some(prefix) => {
            let ranges = vec![PrefixRange::or_longer(prefix)];
            Condition::Match(family.map(|_| Match::Prefixes(ranges)))
        }
        None => Condition::Not(Box::new(Condition::Always)),
    }
}

/// Conditions on the prefix: alternatives. `None` where there are none.
fn prefixes<'t>(draft: &Draft<'t>, from: &From<'t>) -> Option<Condition<'t>> {
    let mut any = Vec::new();
    if let Some(first) = from.prefix_lists.first() {
        let lists = Match::PrefixLists(from.prefix_lists.clone());
        any.push(Condition::Match(Fact { value: lists, origin: first.origin }));
    }
    for filter in &from.list_filters {
        let value = list_filter(draft, &filter.list, filter.kind);
        any.push(Condition::Match(Fact { value, origin: filter.list.origin }));
    }
    let mut filters: Vec<Fact<PrefixRange>> = Vec::new();
    for filter in &from.filters {
        filters.extend(filter.reach.ranges().iter().map(|range| filter.at.map(|()| *range)));
        if matches!(filter.reach, Reach::Mask(_)) {
            any.push(Condition::Match(filter.at.map(|()| Match::Unknown)));
        }
    }
    for (name, kind) in &from.filter_lists {
        match draft.policy.lists.filter_lists.get(name.value) {
            Some(list) => filters.extend(list.iter().flat_map(|(reach, at)| {
                let ranges = reach.ranges().iter();
                let typed = ranges.filter_map(|range| match kind {
                    Some(kind) => typed(range.prefix, *kind),
                    None => Some(*range),
                });
                typed.map(|range| Fact::new(range, *at).applied_by(name.at())).collect::<Vec<_>>()
            })),
            None => any.push(Condition::Match(name.map(|_| Match::Unknown))),
        }
    }
    if let Some(first) = filters.first() {
        let origin = first.origin;
        any.push(Condition::Match(Fact { value: Match::LongestPrefix(filters), origin }));
    }
    match any.len() {
        0 => None,
        1 => any.pop(),
        _ => Some(Condition::Any(any)),
    }
}

/// The routes that the entries of a prefix list mean under a match type.
fn list_filter<'t>(draft: &Draft<'t>, list: &Fact<&'t str>, kind: (&str, &str)) -> Match<'t> {
    let lists = &draft.policy.lists.prefix_lists;
    let places = [Family::Ipv4, Family::Ipv6].map(|family| lists.get(&(list.value, family)));
    let found: Vec<_> = places
        .into_iter()
        .flatten()
        .filter_map(|place| draft.device.prefix_lists.get(*place))
        .collect();
    if found.is_empty() || kind.0 == "exact" {
        return Match::PrefixLists(vec![*list]);
    }
    if found.iter().any(|list| !list.blind.is_empty()) {
        return Match::Unknown;
    }
    // Prefix lists are looked up by the longest prefix, as route filters are (Junos policy guide,
    // "Prefix list match conditions").
    let entries = found.iter().flat_map(|list| &list.entries);
    let typed = entries.filter_map(|entry| Some((typed(entry.range.prefix, kind)?, entry.at)));
    let via = list.at();
    Match::LongestPrefix(typed.map(|(range, at)| Fact::new(range, at).applied_by(via)).collect())
}

/// The routes that the filter at `index` decides about, among all filters of its term: those it
/// means, but for those that a longer filter, or an earlier one for the same prefix, is asked for.
fn decided_by<'t>(filters: &[RouteFilter<'t>], index: usize) -> Condition<'t> {
    let Some(own) = filters.get(index) else { return Condition::Always };
    let means =
        |ranges: Vec<PrefixRange>| Condition::Match(own.at.map(|()| Match::Prefixes(ranges)));
    let mut taken = Vec::new();
    for (other_index, other) in filters.iter().enumerate() {
        for range in other.reach.ranges() {
            for mine in own.reach.ranges() {
                if mine.prefix == range.prefix && other_index < index {
                    taken.push(*range);
                } else if mine.prefix.length() < range.prefix.length()
                    && mine.prefix.contains(&range.prefix)
                    && other_index != index
                {
                    taken.push(PrefixRange::or_longer(range.prefix));
                }
            }
        }
    }
    let own_routes = means(own.reach.ranges().to_vec());
    if taken.is_empty() {
        return own_routes;
    }
    Condition::All(vec![own_routes, Condition::Not(Box::new(means(taken)))])
}
