//! What a block says about the routes of one family on a session: filters, attributes, limits.

use edgelint_model::{
    DefaultOriginate, Direction, Fact, Filter, MaximumPrefix, NeighborFamily, ObjectKind,
    OutboundFiltering, Part, State, Usage,
};
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::{Level, read_all};
use crate::iosxr::draft::Draft;
use crate::iosxr::lines::{InertRow, leftover, lower, polarity, room};
use crate::iosxr::policy::{policy_use, skip_use};
use crate::iosxr::values::Reader;

/// Lines of a family that decide nothing about which routes are exchanged with which attributes.
///
/// inert-setting ::= "no"? inert-setting-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("accept-own", "routes of the own VRFs"),
    ("accept-route-legacy-rt", "VPN routes of old"),
    ("advertise", "VPN routes in another form"),
    ("aigp", "an attribute within one administration"),
    ("allow", "VPN routes in another form"),
    ("bestpath", "whether origins that are not valid count"),
    ("cluster-allow-equal", "loops of reflectors"),
    ("encapsulation-type", "labels"),
    ("enforce-multiple-labels", "labels"),
    ("export", "VPN routes in another form"),
    ("flowspec", "filters on packets"),
    ("import", "VPN routes in another form"),
    ("inter-as", "VPNs between providers"),
    ("label-allocation", "labels"),
    ("long-lived-graceful-restart", "high availability"),
    ("next-hop-unchanged", "next hops"),
    ("optimal-route-reflection", "which best path a client is sent"),
    ("origin-as", "whether origins are checked"),
    ("prefix-validate", "whether origins are checked"),
    ("remove-private-as inbound", "paths that come in, shortened"),
    ("send-community-gshut-ebgp", "one community"),
    ("send-multicast-attributes", "multicast"),
    ("signalling", "labels"),
    ("site-of-origin", "loops between sites of a customer"),
    ("slow-peer", "groups of updates"),
    ("update", "groups of updates"),
    ("validation", "checks of filters on packets"),
];

/// Reads a line about a family of a session and accounts for it and its block.
///
/// setting-line ::= family-setting NL | "no" family-unset NL | inert-setting
pub(super) fn line<'t>(
    draft: &mut Draft<'t>,
    level: &mut Level<'t>,
    place: usize,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let inert = crate::phrases::lines::listed(INERT, words);
    let at = line.span();
    let said = !inert && say(draft, level, place, (words, negated, at)).is_some();
    if said {
        draft.account(Part::Bgp, line, State::Modelled);
        return draft.stray(line);
    }
    let known = ["route-policy", "maximum-prefix", "default-originate", "use", "weight"];
    let known = known.iter().any(|word| words.is(0, word));
    leftover(draft, (Part::Bgp, line), INERT, known, &mut level.own.blind);
}

fn say<'t>(
    draft: &mut Draft<'t>,
    level: &mut Level<'t>,
    place: usize,
    (words, negated, at): (Words<'_, 't>, bool, Span),
) -> Option<()> {
    if words.is(0, "use") && !negated {
        return read_all(words, |reader| {
            reader.next();
            reader.word("af-group")?;
            let group = reader.name()?;
            draft.use_name(ObjectKind::PolicyTemplate, group, Usage::Inherit);
            level.family_groups.retain(|it| it.0 != place);
            level.family_groups.push((place, group));
            Some(())
        });
    }
    let family = level.own.families.get_mut(place)?;
    if negated {
        return unsay(draft, family, words, at);
    }
    read_all(words, |reader| setting(draft, family, reader, at))
}

/// family-setting ::= "route-policy" policy-use direction | "weight" UINT16 | "maximum-prefix" UINT32 RANGE_1_100? maximum-action?
///     | "default-originate" ("route-policy" policy-use)? | "allowas-in" RANGE_1_10?
///     | "soft-reconfiguration" "inbound" "always"? | "capability" "orf" "prefix" ("receive" | "send" | "both" | "none")
///     | "remove-private-as" ("internal" | "entire-aspath")* | flag | flag "inheritance-disable" | "use" "af-group" NAME
/// direction ::= "in" | "out"
/// maximum-action ::= "warning-only" | "discard-extra-paths" | "restart" RANGE_1_65535
/// flag ::= "next-hop-self" | "route-reflector-client" | "send-community-ebgp" | "send-extended-community-ebgp" | "as-override" | "multipath"
fn setting<'t>(
    draft: &mut Draft<'t>,
    family: &mut NeighborFamily<'t>,
    reader: &mut Reader<'_, 't>,
    at: Span,
) -> Option<()> {
    let head = reader.next()?;
    let mut low = room();
    match lower(head.text, &mut low) {
        "route-policy" => return filter(draft, family, reader),
        "weight" => family.weight = Some(Fact::new(reader.number_to(0, 65535)??, at)),
        "maximum-prefix" => {
            let limit = reader.number()??;
            let action = |reader: &Reader<'_, '_>| {
                ["warning-only", "discard-extra-paths", "restart"].iter().any(|it| reader.is(it))
            };
            if !reader.is_empty() && !action(reader) {
                reader.number_to(1, 100)??;
            }
            let warning_only = reader.take("warning-only");
            if !warning_only && !reader.take("discard-extra-paths") && reader.take("restart") {
                reader.number_to(1, 65535)??;
            }
            family.maximum_prefix = Some(Fact::new(MaximumPrefix { limit, warning_only }, at));
        }
        "default-originate" => {
            let mut policy = None;
            if reader.take("route-policy") {
                policy = Some(policy_use(draft, reader, Usage::Neighbor)?);
            }
            let value = DefaultOriginate { policy };
            family.options.default_originate = Some(Fact::new(value, at));
        }
        "allowas-in" => {
            let times = if reader.is_empty() { 3 } else { reader.number_to(1, 10)?? };
            family.options.allowas_in = Some(Fact::new(times, at));
        }
        "soft-reconfiguration" => {
            reader.word("inbound")?;
            reader.take("always");
            family.options.soft_reconfiguration = Some(Fact::new(true, at));
        }
        "capability" => return capability(family, reader, at),
        "remove-private-as" => {
            let on = !reader.take("inheritance-disable");
            while reader.take("internal") || reader.take("entire-aspath") {}
            family.options.remove_private_as = Some(Fact::new(on, at));
        }
        other => {
            let flag = flag(family, other)?;
            *flag = Some(Fact::new(!reader.take("inheritance-disable"), at));
        }
    }
    Some(())
}

/// Where a switch stands in the model.
fn flag<'f>(family: &'f mut NeighborFamily<'_>, word: &str) -> Option<&'f mut Option<Fact<bool>>> {
    let flag = match word {
        "next-hop-self" => &mut family.next_hop_self,
        "route-reflector-client" => &mut family.route_reflector_client,
        "send-community-ebgp" => &mut family.send_community,
        "send-extended-community-ebgp" => &mut family.send_extended_community,
        "as-override" => &mut family.options.as_override,
        "multipath" => &mut family.options.multipath,
        _ => return None,
    };
    Some(flag)
}

fn filter<'t>(
    draft: &mut Draft<'t>,
    family: &mut NeighborFamily<'t>,
    reader: &mut Reader<'_, 't>,
) -> Option<()> {
    // The direction stands behind the policy, but says what the policy is used for.
    let ahead = *reader;
    let mut last = None;
    let mut look = ahead;
    while let Some(piece) = look.next() {
        last = Some(piece);
    }
    let last = last?;
    let (direction, usage) = if last.is("in") {
        (Direction::In, Usage::NeighborImport)
    } else if last.is("out") {
        (Direction::Out, Usage::NeighborExport)
    } else {
        return None;
    };
    let name = policy_use(draft, reader, usage)?;
    reader.next();
    let filters = match direction {
        Direction::In => &mut family.import,
        Direction::Out => &mut family.export,
    };
    for old in filters.drain(..) {
        draft.forget(old.name.at());
    }
    filters.push(Filter { kind: ObjectKind::Policy, name });
    Some(())
}

fn capability(
    family: &mut NeighborFamily<'_>,
    reader: &mut Reader<'_, '_>,
    at: Span,
) -> Option<()> {
    reader.word("orf")?;
    reader.word("prefix")?;
    let kind = reader.next()?;
    let mut low = room();
    let (send, receive) = match lower(kind.text, &mut low) {
        "send" => (true, false),
        "receive" => (false, true),
        "both" => (true, true),
        "none" => (false, false),
        _ => return None,
    };
    let value = OutboundFiltering { send, receive };
    family.options.outbound_filtering = Some(Fact::new(value, at));
    Some(())
}

/// What `no` takes back.
///
/// family-unset ::= "route-policy" policy-use direction | "weight" | "maximum-prefix" | "default-originate" | "allowas-in"
///     | "soft-reconfiguration" "inbound" | "remove-private-as" | flag
fn unsay<'t>(
    draft: &mut Draft<'t>,
    family: &mut NeighborFamily<'t>,
    words: Words<'_, 't>,
    at: Span,
) -> Option<()> {
    let mut low = room();
    let most = match lower(words.peek(0), &mut low) {
        "route-policy" => {
            let import = read_all(words, |reader| {
                reader.next();
                skip_use(reader)?;
                let import = reader.take("in");
                (import || reader.take("out")).then_some(import)
            })?;
            let filters = if import { &mut family.import } else { &mut family.export };
            for old in filters.drain(..) {
                draft.forget(old.name.at());
            }
            words.len()
        }
        "weight" => {
            family.weight = None;
            1
        }
        "maximum-prefix" => {
            family.maximum_prefix = None;
            1
        }
        "default-originate" => {
            family.options.default_originate = None;
            1
        }
        "allowas-in" => {
            family.options.allowas_in = None;
            1
        }
        "soft-reconfiguration" if words.is(1, "inbound") => {
            family.options.soft_reconfiguration = Some(Fact::new(false, at));
            2
        }
        "remove-private-as" => {
            family.options.remove_private_as = Some(Fact::new(false, at));
            1
        }
        other => {
            *flag(family, other)? = Some(Fact::new(false, at));
            1
        }
    };
    (words.len() <= most).then_some(())
}
