//! `redistribute`: one phrase, which BGP and the interior protocols share word for word.

use edgelint_model::{AddressFamily, Fact, ObjectKind, Redistribution, RouteSource, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::draft::Draft;
use super::lines::{lower, room};
use crate::phrases::{is_word, name, number, number_in, word};

/// What the words of a `redistribute` line say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Redistribute<'t> {
    source: RouteSource,
    protocol: &'t str,
    /// The family of the routes, where the line itself says it.
    family: Option<AddressFamily>,
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
        let family = self.family.unwrap_or(family);
        let same = |it: &Redistribution<'_>| {
            it.family == family && it.protocol.eq_ignore_ascii_case(self.protocol)
        };
        others.iter().filter(|it| same(it)).for_each(|it| draft.forget(it.at));
        others.retain(|it| !same(it));
        if negated {
            return;
        }
        if let Some(policy) = self.policy {
            draft.use_name(ObjectKind::Policy, policy, Usage::Redistribute);
        }
        others.push(Redistribution {
            at,
            source: self.source,
            protocol: self.protocol,
            family,
            policy: self.policy,
            metric: self.metric,
        });
    }
}

/// redistribute ::= "redistribute" ("ipv4" | "ipv6")? route-source redistribute-option*
pub(crate) fn redistribute<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Redistribute<'t>> {
    let (from, _) = word("redistribute")(input)?;
    let mut low = room();
    let (from, family) = match lower(from.peek(0), &mut low) {
        "ipv4" => (from.skip(1), Some(AddressFamily::Ipv4)),
        "ipv6" => (from.skip(1), Some(AddressFamily::Ipv6)),
        _ => (from, None),
    };
    let (mut left, source) = route_source(from)?;
    let protocol = from.first(from.len() - left.len()).line_text();
    let mut read = Redistribute { source, protocol, family, policy: None, metric: None };
    while !left.is_empty() {
        left = redistribute_option(left, &mut read)?.0;
    }
    Ok((left, read))
}

/// Routes that `local` names are addresses of this router, not subnets; those of the kernel are somebody
/// else's.
///
/// route-source ::= "connected" | "static" | "kernel" | "local" | "rip" | "ripng" | "isis" | "eigrp" | "ospf6"
///     | "nhrp" | "babel" | "openfabric" | "sharp" | "pbr" | "vnc" | "vnc-direct" | "bgp" | "ospf" UINT16?
///     | ("table" | "table-direct") UINT16
fn route_source<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, RouteSource> {
    let next = input.skip(1);
    let mut low = room();
    let source = match lower(input.peek(0), &mut low) {
        "connected" => RouteSource::Connected,
        "static" => RouteSource::Static,
        "rip" | "ripng" | "isis" | "eigrp" | "ospf6" | "babel" | "openfabric" => RouteSource::Igp,
        "kernel" | "local" | "nhrp" | "sharp" | "pbr" | "vnc" | "vnc-direct" => RouteSource::Other,
        "bgp" => RouteSource::Bgp,
        "ospf" => {
            let left = number_in(0, 65535)(next).map_or(next, |(left, _)| left);
            return Ok((left, RouteSource::Igp));
        }
        "table" | "table-direct" => {
            return number_in(0, 65535)(next).map(|(left, _)| (left, RouteSource::Other));
        }
        _ => return input.expected("a protocol"),
    };
    Ok((next, source))
}

/// redistribute-option ::= "route-map" NAME | "metric" UINT32 | "metric-type" RANGE_1_2 | "tag" UINT32
///     | "level-1" | "level-2" | "always"
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
            let (left, metric) = number(next)?;
            read.metric = Some(metric);
            left
        }
        "metric-type" => number_in(1, 2)(next)?.0,
        "tag" => number(next)?.0,
        "level-1" | "level-2" | "always" => next,
        _ => return input.expected("an option of redistribution"),
    };
    Ok((left, ()))
}

/// Whether a line is one of redistribution, in whatever shape.
pub(crate) fn is_head(words: Words<'_, '_>) -> bool {
    is_word(words, 0, "redistribute")
}
