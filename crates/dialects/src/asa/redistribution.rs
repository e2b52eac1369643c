//! `redistribute`: one phrase, which BGP and the interior protocols share.

use edgelint_model::{AddressFamily, Fact, ObjectKind, Redistribution, RouteSource, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::draft::Draft;
use super::lines::{between, lower, room};
use crate::phrases::{is_word, name, number, number_in, word};

/// What the words of a `redistribute` line say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Redistribute<'t> {
    source: RouteSource,
    protocol: &'t str,
    policy: Option<Fact<&'t str>>,
    metric: Option<Fact<u32>>,
}

impl<'t> Redistribute<'t> {
    /// Puts it among the others, in the place of one from the same protocol, or takes that back.
    pub(crate) fn enter(
        self,
        draft: &mut Draft<'t>,
        others: &mut Vec<Redistribution<'t>>,
        (at, family): (Span, AddressFamily),
        negated: bool,
    ) {
        let same = |it: &Redistribution<'_>| {
            it.family == family && it.protocol.eq_ignore_ascii_case(self.protocol)
        };
        others.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
        others.retain(|it| !same(it));
        if !negated {
            others.push(self.lower(draft, at, family));
        }
    }

    /// Records what it uses, and makes the model's redistribution of it.
    fn lower(self, draft: &mut Draft<'t>, at: Span, family: AddressFamily) -> Redistribution<'t> {
        if let Some(policy) = self.policy {
            draft.use_name(ObjectKind::Policy, policy, Usage::Redistribute);
        }
        Redistribution {
            at,
            source: self.source,
            protocol: self.protocol,
            family,
            policy: self.policy,
            metric: self.metric,
        }
    }
}

/// redistribute ::= "redistribute" route-source redistribute-option*
pub(crate) fn redistribute<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Redistribute<'t>> {
    let (from, _) = word("redistribute")(input)?;
    let (mut left, source) = route_source(from)?;
    let protocol = from.first(from.len() - left.len()).line_text();
    let mut read = Redistribute { source, protocol, policy: None, metric: None };
    while !left.is_empty() {
        left = redistribute_option(left, &mut read)?.0;
    }
    Ok((left, read))
}

/// route-source ::= "connected" | "static" | ("ospf" | "ospfv3" | "eigrp" | "isis" | "rip" | "bgp") redistribute-process?
fn route_source<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, RouteSource> {
    let mut low = room();
    let source = match lower(input.peek(0), &mut low) {
        "connected" => RouteSource::Connected,
        "static" => RouteSource::Static,
        "ospf" | "ospfv3" | "eigrp" | "isis" | "rip" => {
            return Ok((redistribute_process(input.skip(1)), RouteSource::Igp));
        }
        "bgp" => return Ok((redistribute_process(input.skip(1)), RouteSource::Bgp)),
        _ => return input.expected("a protocol"),
    };
    Ok((input.skip(1), source))
}

/// redistribute-process ::= WORD - ("route-map" | "metric" | "metric-type" | "match" | "tag" | "subnets"
///                        | "level-1" | "level-1-2" | "level-2")
fn redistribute_process<'w, 't>(input: Words<'w, 't>) -> Words<'w, 't> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "route-map" | "metric" | "metric-type" | "match" | "tag" | "subnets" | "level-1"
        | "level-1-2" | "level-2" => input,
        _ => input.skip(1),
    }
}

/// redistribute-option ::= "route-map" NAME | "metric" redistribute-metric | "metric-type" WORD
///                       | "match" matched-route+ | "tag" UINT32 | "subnets" | "level-1" | "level-1-2" | "level-2"
fn redistribute_option<'w, 't>(
    input: Words<'w, 't>,
    read: &mut Redistribute<'t>,
) -> Parsed<'w, 't, ()> {
    let next = input.skip(1);
    let mut low = room();
    let left = match lower(input.peek(0), &mut low) {
        "route-map" => {
            let (left, policy) = name(next)?;
            read.policy = Some(policy);
            left
        }
        "metric" => {
            let (left, metric) = redistribute_metric(next)?;
            read.metric = metric;
            left
        }
        "match" => {
            let mut left = matched_route(next)?.0;
            while let Ok((further, ())) = matched_route(left) {
                left = further;
            }
            left
        }
        "metric-type" => name(next)?.0,
        "tag" => number(next)?.0,
        "subnets" | "level-1" | "level-1-2" | "level-2" => next,
        _ => return input.expected("an option of redistribution"),
    };
    Ok((left, ()))
}

/// redistribute-metric ::= "transparent" | UINT32 (UINT32 UINT32 UINT32 UINT32)?
fn redistribute_metric<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Option<Fact<u32>>> {
    if is_word(input, 0, "transparent") {
        return Ok((input.skip(1), None));
    }
    let (left, first) = number(input)?;
    // EIGRP: bandwidth, delay, reliability, load, MTU. No MED is made of them.
    let Ok((mut left, _)) = number(left) else { return Ok((left, Some(first))) };
    for _ in 0..3 {
        left = number(left)?.0;
    }
    let vector = Fact::new(first.value, between(input, left));
    Ok((left, Some(vector)))
}

/// matched-route ::= "internal" | "external" RANGE_1_2? | "nssa-external" RANGE_1_2?
fn matched_route<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "internal" => Ok((input.skip(1), ())),
        "external" | "nssa-external" => {
            let left = input.skip(1);
            Ok((number_in(1, 2)(left).map_or(left, |(further, _)| further), ()))
        }
        _ => input.expected("internal or external"),
    }
}
