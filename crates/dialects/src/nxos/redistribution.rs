//! `redistribute`: one phrase, which BGP and the interior protocols share.
//!
//! On NX-OS a route map is part of the command: without one it is incomplete.

use edgelint_model::{AddressFamily, Fact, ObjectKind, Redistribution, RouteSource, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::draft::Draft;
use super::lines::{lower, room};
use crate::phrases::{name, word};

/// Who says that a route map is part of the command.
const REFUSED: &str = "Cisco Nexus 3000 NX-OS Unicast Routing Configuration Guide, \"Configuring Advanced BGP\": \
     redistribution needs a route map";

/// What the words of a `redistribute` line say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Redistribute<'t> {
    source: RouteSource,
    protocol: &'t str,
    policy: Fact<&'t str>,
}

impl<'t> Redistribute<'t> {
    /// Puts it among the others, in the place of one from the same protocol, or takes that back.
    pub(super) fn enter(
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
        if negated {
            return;
        }
        draft.use_name(ObjectKind::Policy, self.policy, Usage::Redistribute);
        others.push(Redistribution {
            at,
            source: self.source,
            protocol: self.protocol,
            family,
            policy: Some(self.policy),
            metric: None,
        });
    }
}

/// redistribute ::= "redistribute" route-source "route-map" NAME
pub(super) fn redistribute<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Redistribute<'t>> {
    let (from, _) = word("redistribute")(input)?;
    let (left, source) = route_source(from)?;
    let protocol = from.first(from.len() - left.len()).line_text();
    let (left, _) = word("route-map")(left)?;
    let (left, policy) = name(left)?;
    Ok((left, Redistribute { source, protocol, policy }))
}

/// Reports a line that says where routes come from, and no route map: the device does not take it.
pub(super) fn refuse(draft: &mut Draft<'_>, words: Words<'_, '_>) {
    let source = word("redistribute")(words).and_then(|(left, _)| route_source(left));
    let Some(at) = words.span().filter(|_| source.is_ok_and(|(left, _)| left.is_empty())) else {
        return;
    };
    draft.device.coverage.refuse(at, "no route map says which routes are meant", REFUSED);
}

/// route-source ::= "direct" | "static" | "amt" | "lisp" | "hmm" | "am" | ("bgp" | "ospf" | "ospfv3"
///     | "eigrp" | "isis" | "rip") NAME
fn route_source<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, RouteSource> {
    let next = input.skip(1);
    let mut low = room();
    let source = match lower(input.peek(0), &mut low) {
        "direct" => return Ok((next, RouteSource::Connected)),
        "static" => return Ok((next, RouteSource::Static)),
        "amt" | "lisp" | "hmm" | "am" => return Ok((next, RouteSource::Other)),
        "bgp" => RouteSource::Bgp,
        "ospf" | "ospfv3" | "eigrp" | "isis" | "rip" => RouteSource::Igp,
        _ => return input.expected("a protocol"),
    };
    name(next).map(|(left, _)| (left, source))
}
