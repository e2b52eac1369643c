//! Conditions and sets in a few words, the same for every dialect.

use std::fmt::Display;

use edgelint_model::{
    Arithmetic, CommunityEdit, Condition, Fact, Match, NextHopSet, OriginCode, SetAction, Step,
    Verdict,
};

/// One text a match; those that all have to hold are listed, others are joined with `or` and `not`.
pub(super) fn matches(condition: &Condition<'_>) -> Vec<String> {
    match condition {
        Condition::Always => Vec::new(),
        Condition::All(parts) => parts.iter().flat_map(matches).collect(),
        other => vec![condition_text(other, 0)],
    }
}

fn condition_text(condition: &Condition<'_>, depth: u8) -> String {
    let joined = |parts: &[Condition<'_>], word: &str| {
        if 16 < depth {
            return "...".to_owned();
        }
        let texts: Vec<String> = parts.iter().map(|part| condition_text(part, depth + 1)).collect();
        format!("({})", texts.join(word))
    };
    match condition {
        Condition::Always => "any".to_owned(),
        Condition::Match(fact) => match_text(&fact.value),
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(_) if 16 < depth => "...".to_owned(),
        Condition::Not(inner) => format!("not {}", condition_text(inner, depth + 1)),
    }
}

fn list<T: Display>(word: &str, items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().fold(word.to_owned(), |text, item| format!("{text} {item}"))
}

fn names(word: &str, names: &[Fact<&str>]) -> String {
    list(word, names.iter().map(|name| name.value))
}

pub(crate) fn match_text(what: &Match<'_>) -> String {
    match what {
        Match::PrefixLists(lists) => names("prefix-list", lists),
        Match::Ipv6PrefixLists(lists) => names("ipv6-prefix-list", lists),
        Match::AccessLists(lists) => names("acl", lists),
        Match::Ipv6AccessLists(lists) => names("ipv6-acl", lists),
        Match::Prefixes(ranges) => list("prefix", ranges),
        Match::LongestPrefix(ranges) => list("route-filter", ranges.iter().map(|one| one.value)),
        Match::CommunityLists { lists, exact: false } => names("community-list", lists),
        Match::CommunityLists { lists, exact: true } => {
            format!("{} exact", names("community-list", lists))
        }
        Match::Communities(values) => list("community", values),
        Match::ExtendedCommunityLists(lists) => names("extcommunity-list", lists),
        Match::LargeCommunityLists(lists) => names("large-community-list", lists),
        Match::AsPathLists(lists) => names("as-path-list", lists),
        Match::AsPathRegex(regex) => format!("as-path {regex}"),
        Match::AsPathLength(least, most) => format!("as-path-length {least}-{most}"),
        Match::NextHopPrefixLists(lists) => names("next-hop prefix-list", lists),
        Match::NextHopAccessLists(lists) => names("next-hop acl", lists),
        Match::RouteSourcePrefixLists(lists) => names("route-source prefix-list", lists),
        Match::RouteSourceAccessLists(lists) => names("route-source acl", lists),
        Match::Interfaces(interfaces) => names("interface", interfaces),
        Match::Tags(tags) => list("tag", tags),
        Match::Metric(value) => format!("med {value}"),
        Match::LocalPreference(value) => format!("local-preference {value}"),
        Match::Protocols(protocols) => list("protocol", protocols),
        Match::RouteTypes(types) => list("route-type", types),
        Match::Origin(origin) => format!("origin {}", origin_text(*origin)),
        Match::Neighbors(addresses) => list("neighbor", addresses),
        Match::Policies(policies) => names("policy", policies),
        Match::PolicyHolds(policy) => format!("policy {}", policy.value),
        Match::Vrfs(vrfs) => list("instance", vrfs.iter().map(|vrf| vrf.unwrap_or("default"))),
        Match::Towards(protocols) => list("to protocol", protocols),
        Match::State(state) => match state.route {
            Some((prefix, vrf)) => {
                format!("condition {} (route {prefix} in {})", state.name, vrf.unwrap_or("default"))
            }
            None => format!("condition {}", state.name),
        },
        Match::Interior(text) | Match::Attribute(text) => (*text).to_owned(),
        Match::NotForRoutes => "not for routes".to_owned(),
        Match::Unknown => "not understood".to_owned(),
    }
}

/// One text a step.
pub(super) fn sets(steps: &[Step<'_>]) -> Vec<String> {
    steps.iter().map(|step| step_text(step, 0)).collect()
}

fn step_text(step: &Step<'_>, depth: u8) -> String {
    match step {
        Step::Set(action) => set_text(&action.value),
        Step::Call(name) => format!("call {}", name.value),
        Step::Branch(_) if 8 < depth => "...".to_owned(),
        Step::Branch(arms) => {
            let block = |steps: &[Step<'_>]| {
                let texts: Vec<String> =
                    steps.iter().map(|step| step_text(step, depth + 1)).collect();
                texts.join("; ")
            };
            let texts: Vec<String> = arms
                .iter()
                .map(|arm| match arm.condition {
                    Condition::Always => block(&arm.steps),
                    _ => {
                        let condition = condition_text(&arm.condition, 0);
                        format!("if {condition} then {}", block(&arm.steps))
                    }
                })
                .collect();
            format!("{{ {} }}", texts.join(" else "))
        }
        Step::Pass(_) => "pass".to_owned(),
        Step::End(verdict) => match verdict.value {
            Verdict::Permit => "accept".to_owned(),
            Verdict::Deny => "drop".to_owned(),
        },
    }
}

pub(crate) fn set_text(action: &SetAction<'_>) -> String {
    match action {
        SetAction::LocalPreference(change) => arithmetic("local-preference", *change),
        SetAction::Weight(value) => format!("weight {value}"),
        SetAction::Distance(change) => arithmetic("distance", *change),
        SetAction::Med(change) => arithmetic("med", *change),
        SetAction::Community(edit) => community_text(edit),
        SetAction::Prepend(path) => list("as-path prepend", path),
        SetAction::PrependLastAs(times) => format!("as-path prepend last-as {times}"),
        SetAction::ExcludeAs(path) => list("as-path exclude", path),
        SetAction::PrependOwnAs(times) => format!("as-path prepend own-as {times}"),
        SetAction::RewritePath(text) => (*text).to_owned(),
        SetAction::ReplaceAs(path) if path.is_empty() => "as-path replace any".to_owned(),
        SetAction::ReplaceAs(path) => list("as-path replace", path),
        SetAction::Origin(origin) => format!("origin {}", origin_text(*origin)),
        SetAction::NextHop(hop) => match hop {
            NextHopSet::Own => "next-hop self".to_owned(),
            NextHopSet::Peer => "next-hop peer".to_owned(),
            NextHopSet::Address(address) => format!("next-hop {address}"),
            NextHopSet::Unchanged => "next-hop unchanged".to_owned(),
            NextHopSet::Other => "next-hop other".to_owned(),
        },
        SetAction::Tag(tag) => format!("tag {tag}"),
        SetAction::RouteTargets(targets) => format!("route-target {}", targets.join(" ")),
        SetAction::Irrelevant => "other attribute".to_owned(),
        SetAction::Unknown => "not understood".to_owned(),
    }
}

fn arithmetic(word: &str, change: Arithmetic) -> String {
    match change {
        Arithmetic::Set(value) => format!("{word} {value}"),
        Arithmetic::Add(value) => format!("{word} +{value}"),
        Arithmetic::Subtract(value) => format!("{word} -{value}"),
        Arithmetic::Multiply(value) => format!("{word} *{value}"),
    }
}

fn community_text(edit: &CommunityEdit<'_>) -> String {
    match edit {
        CommunityEdit::Replace(values) => list("community", values),
        CommunityEdit::Add(values) => format!("{} additive", list("community", values)),
        CommunityEdit::RemoveAll => "community none".to_owned(),
        CommunityEdit::RemoveMatching(name) => format!("community-list {} delete", name.value),
        CommunityEdit::KeepMatching(name) => format!("community-list {} kept", name.value),
        CommunityEdit::Remove(values) => format!("{} delete", list("community", values)),
    }
}

const fn origin_text(origin: OriginCode) -> &'static str {
    match origin {
        OriginCode::Igp => "igp",
        OriginCode::Egp => "egp",
        OriginCode::Incomplete => "incomplete",
    }
}
