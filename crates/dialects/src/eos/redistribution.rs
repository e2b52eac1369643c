//! `redistribute`: one phrase, which BGP and the interior protocols share, and the policy behind it.

use edgelint_model::{AddressFamily, Fact, ObjectKind, Redistribution, RouteSource, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::draft::Draft;
use super::lines::{lower, room};
use crate::phrases::{is_word, name, number_in, word};

/// What the words of a `redistribute` line say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Redistribute<'t> {
    source: RouteSource,
    /// The protocol with what selects its routes, as written.
    protocol: &'t str,
    policy: Option<Fact<&'t str>>,
}

impl<'t> Redistribute<'t> {
    /// The families of the routes, where the line stands in no block that says it.
    pub(crate) fn families(self) -> Vec<AddressFamily> {
        let first = self.protocol.split(' ').next().unwrap_or("");
        let mut low = room();
        match lower(first, &mut low) {
            "ospf" | "rip" => vec![AddressFamily::Ipv4],
            "ospf3" | "ospfv3" => vec![AddressFamily::Ipv6],
            _ => vec![AddressFamily::Ipv4, AddressFamily::Ipv6],
        }
    }

    /// Puts it among the others, in the place of one of the same routes, or takes that back.
    pub(crate) fn enter(
        self,
        draft: &mut Draft<'t>,
        others: &mut Vec<Redistribution<'t>>,
        (at, family): (Span, AddressFamily),
        negated: bool,
    ) {
        let same = |it: &Redistribution<'_>| {
            it.family == family && it.protocol.eq_ignore_ascii_case(self.protocol) && it.at != at
        };
        others.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
        others.retain(|it| !same(it));
        if negated {
            return;
        }
        let recorded = others.iter().any(|it| it.at == at);
        if let Some(policy) = self.policy.filter(|_| !recorded) {
            draft.use_name(ObjectKind::Policy, policy, Usage::Redistribute);
        }
        others.push(Redistribution {
            at,
            source: self.source,
            protocol: self.protocol,
            family,
            policy: self.policy,
            metric: None,
        });
    }
}

/// redistribute ::= "redistribute" route-source ("include" "leaked" ("match" matched-route)?)? policy?
pub(crate) fn redistribute<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Redistribute<'t>> {
    let (from, _) = word("redistribute")(input)?;
    let (left, source) = route_source(from)?;
    let mut protocol = from.first(from.len() - left.len()).line_text();
    let mut left = left;
    if let Ok((behind, _)) = word("include")(left) {
        left = word("leaked")(behind)?.0;
        if let Ok((behind, _)) = word("match")(left) {
            left = matched_route(behind)?.0;
            protocol = from.first(from.len() - left.len()).line_text();
        }
    }
    let (left, policy) = policy(left)?;
    Ok((left, Redistribute { source, protocol, policy }))
}

/// A route map, or a control function in its place.
///
/// policy ::= ("route-map" | "rcf") NAME
pub(crate) fn policy<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Option<Fact<&'t str>>> {
    if is_word(input, 0, "route-map") || is_word(input, 0, "rcf") {
        return name(input.skip(1)).map(|(left, policy)| (left, Some(policy)));
    }
    Ok((input, None))
}

/// route-source ::= "connected" | "static" | "aggregate" | "attached-host" | "dynamic" | "user" | "dhcp" | "rip"
///     | "bgp" "leaked"? | "isis" ("level-1" | "level-2" | "level-1-2" | "instance")? | ("ospf" | "ospf3" | "ospfv3") ("match" matched-route)?
fn route_source<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, RouteSource> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "connected" => Ok((next, RouteSource::Connected)),
        "static" => Ok((next, RouteSource::Static)),
        "aggregate" | "attached-host" | "dynamic" | "user" | "dhcp" => {
            Ok((next, RouteSource::Other))
        }
        "rip" => Ok((next, RouteSource::Igp)),
        "bgp" => {
            let left = word("leaked")(next).map_or(next, |(left, _)| left);
            Ok((left, RouteSource::Bgp))
        }
        "isis" => {
            let mut level = room();
            let left = match lower(next.peek(0), &mut level) {
                "level-1" | "level-2" | "level-1-2" | "instance" => next.skip(1),
                _ => next,
            };
            Ok((left, RouteSource::Igp))
        }
        "ospf" | "ospf3" | "ospfv3" => match word("match")(next) {
            Ok((left, _)) => matched_route(left).map(|(left, ())| (left, RouteSource::Igp)),
            Err(_) => Ok((next, RouteSource::Igp)),
        },
        _ => input.expected("a protocol"),
    }
}

/// matched-route ::= "internal" | "external" | "nssa-external" RANGE_1_2?
fn matched_route<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "internal" | "external" => Ok((next, ())),
        "nssa-external" => Ok((number_in(1, 2)(next).map_or(next, |(left, _)| left), ())),
        _ => input.expected("internal or external"),
    }
}
