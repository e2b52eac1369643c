//! What a family of the process says about routes: which are put into BGP, and how paths are chosen.

use std::net::IpAddr;

use edgelint_model::{
    AddressFamily, Aggregate, BgpInstance, Dampening, Distance, Fact, Network, Part, State, Usage,
};
use edgelint_prefix::Prefix;
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::read_all;
use crate::iosxr::draft::Draft;
use crate::iosxr::igp::redistribute;
use crate::iosxr::lines::{InertRow, leftover, lower, polarity, room};
use crate::iosxr::policy::policy_use;
use crate::iosxr::values::Reader;
use crate::phrases::mask_length;

/// Lines of a family that decide nothing about which routes are exchanged.
///
/// inert-family ::= "no"? inert-family-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("advertise", "VPN routes in another form"),
    ("allocate-label", "labels"),
    ("allow", "VPN routes in another form"),
    ("as-path-loopcheck", "whether the other end checks for loops"),
    ("bgp attribute-download", "the routing table"),
    ("bgp bestpath", "whether origins that are not valid count"),
    ("bgp label-delay", "labels"),
    ("bgp origin-as", "whether origins are checked"),
    ("bgp scan-time", "timers"),
    ("bgp slow-peer", "groups of updates"),
    ("domain-distinguisher", "topologies"),
    ("dynamic-med", "timers"),
    ("epe", "labels"),
    ("event", "logging"),
    ("export", "VPN routes in another form"),
    ("global", "multicast"),
    ("import", "VPN routes in another form"),
    ("inter-as", "VPNs between providers"),
    ("label", "labels"),
    ("label-allocation", "labels"),
    ("mvpn", "multicast"),
    ("nexthop", "when next hops are looked at"),
    ("optimal-route-reflection", "which best path a client is sent"),
    ("peer-set-id", "groups of updates"),
    ("permanent-network", "routes kept while they are gone"),
    ("retain", "VPN routes that nobody imports"),
    ("segment-routing", "labels"),
    ("segmented-multicast", "multicast"),
    ("update", "groups of updates"),
    ("vrf", "VPN routes in another form"),
    ("wait-rib-install", "when routes are announced after a start"),
    ("weight", "weights of imported routes"),
    ("slow-peer", "groups of updates"),
];

/// Reads a line of a family and accounts for it and its block.
///
/// family-line ::= "no"? family-statement NL | "no" "aggregate-address" aggregate-prefix REST? NL | inert-family
pub(super) fn line<'t>(
    draft: &mut Draft<'t>,
    table: &mut BgpInstance<'t>,
    family: AddressFamily,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let at = line.span();
    let inert = crate::phrases::lines::listed(INERT, words);
    let read = (!inert).then(|| match negated {
        true if words.is(0, "aggregate-address") => {
            let prefix = read_prefix(words)?;
            table.aggregates.retain(|it| it.prefix != prefix);
            Some(())
        }
        _ => read_all(words, |reader| statement(draft, table, reader, (family, at, negated))),
    });
    if read.flatten().is_some() {
        draft.account(Part::Bgp, line, State::Modelled);
        return draft.stray(line);
    }
    let known = ["network", "redistribute", "aggregate-address", "maximum-paths", "table-policy"];
    let known = known.iter().any(|word| words.is(0, word));
    leftover(draft, (Part::Bgp, line), INERT, known, &mut table.blind);
}

/// The prefix of a line, whatever stands behind it.
fn read_prefix(words: Words<'_, '_>) -> Option<Prefix> {
    let pieces = crate::iosxr::pieces::pieces(words);
    let mut reader = Reader::new(&pieces, words.file_text());
    reader.next();
    prefix(&mut reader)
}

/// aggregate-prefix ::= PREFIX | ADDR4 MASK4
fn prefix(reader: &mut Reader<'_, '_>) -> Option<Prefix> {
    let word = reader.next()?;
    if let Ok(address) = word.text.parse() {
        let mask = reader.next()?;
        return Prefix::new(IpAddr::V4(address), mask_length(mask.text.parse().ok()?)?);
    }
    Prefix::parse(word.text).map(|(prefix, _)| prefix)
}

/// family-statement ::= path-statement | "network" aggregate-prefix "backdoor"? ("route-policy" policy-use)?
///     | "aggregate-address" aggregate-prefix ("as-set" | "summary-only" | "as-confed-set")* ("route-policy" policy-use)?
///     | redistribute
fn statement<'t>(
    draft: &mut Draft<'t>,
    table: &mut BgpInstance<'t>,
    reader: &mut Reader<'_, 't>,
    (family, at, negated): (AddressFamily, Span, bool),
) -> Option<()> {
    let head = reader.peek()?;
    let kept = !negated;
    let mut low = room();
    match lower(head.text, &mut low) {
        "redistribute" => {
            let read = redistribute(draft, reader, (at, family))?;
            table.redistributions.retain(|it| {
                it.family != family || !it.protocol.eq_ignore_ascii_case(read.protocol)
            });
            table.redistributions.extend(kept.then_some(read));
            return Some(());
        }
        "network" => {
            reader.next();
            let prefix = prefix(reader)?;
            let backdoor = reader.take("backdoor");
            let policy = route_policy(draft, reader, Usage::Network)?;
            table.networks.retain(|it| it.prefix != prefix);
            table.networks.extend(kept.then_some(Network { at, prefix, policy, backdoor }));
        }
        "aggregate-address" => {
            reader.next();
            let prefix = prefix(reader)?;
            let read = aggregate(draft, reader, (at, prefix))?;
            table.aggregates.retain(|it| it.prefix != prefix);
            table.aggregates.push(read);
        }
        _ => return path_statement(draft, table, reader, (at, negated)),
    }
    Some(())
}

/// How paths are chosen, kept and shared.
///
/// path-statement ::= "maximum-paths" ("ebgp" | "ibgp" | "eibgp") RANGE_1_1024 path-option*
///     | "distance" "bgp" RANGE_1_255 RANGE_1_255 RANGE_1_255 | "table-policy" policy-use | "default-metric" UINT32
///     | "additional-paths" ("send" | "receive" | "selection" "route-policy" policy-use)
///     | "bgp" ("dampening" dampening? | "client-to-client" "reflection" "disable") | "default-information" "originate"
/// path-option ::= "selective" | "unequal-cost"
fn path_statement<'t>(
    draft: &mut Draft<'t>,
    table: &mut BgpInstance<'t>,
    reader: &mut Reader<'_, 't>,
    (at, negated): (Span, bool),
) -> Option<()> {
    let kept = !negated;
    let flag = Some(Fact::new(kept, at));
    let head = reader.next()?;
    let mut low = room();
    match lower(head.text, &mut low) {
        "maximum-paths" => {
            let kind = reader.next()?;
            let paths = Some(Fact::new(reader.number_to(1, 1024)??, at)).filter(|_| kept);
            while reader.take("selective") || reader.take("unequal-cost") {}
            let mut low = room();
            match lower(kind.text, &mut low) {
                "ebgp" => table.maximum_paths = paths,
                "ibgp" => table.tuning.internal_paths = paths,
                "eibgp" => {
                    table.maximum_paths = paths;
                    table.tuning.internal_paths = paths;
                }
                _ => return None,
            }
        }
        "distance" => {
            reader.word("bgp")?;
            let mut distance = || reader.number_to(1, 255).flatten();
            let (external, internal, local) = (distance()?, distance()?, distance()?);
            let distance = Distance { external, internal, local };
            table.tuning.distance = kept.then_some(Fact::new(distance, at));
        }
        "table-policy" => {
            let policy = policy_use(draft, reader, Usage::Bgp)?;
            draft.replace(&mut table.tuning.table_policy, kept.then_some(policy));
        }
        "default-metric" => {
            table.default_metric = Some(Fact::new(reader.number()??, at)).filter(|_| kept);
        }
        "additional-paths" => {
            let paths = &mut table.tuning.additional_paths;
            if reader.take("send") {
                paths.send = flag;
            } else if reader.take("receive") {
                paths.receive = flag;
            } else {
                reader.word("selection")?;
                reader.word("route-policy")?;
                policy_use(draft, reader, Usage::Bgp)?;
                paths.install = flag;
            }
        }
        "default-information" => {
            reader.word("originate")?;
            table.default_information = flag;
        }
        "bgp" => {
            if reader.take("dampening") {
                let values = dampening(draft, reader)?;
                table.tuning.dampening = kept.then_some(Fact::new(values, at));
            } else {
                reader.word("client-to-client")?;
                reader.word("reflection")?;
                reader.word("disable")?;
                table.tuning.client_to_client_reflection = Some(Fact::new(negated, at));
            }
        }
        _ => return None,
    }
    Some(())
}

/// A policy, where one is named.
#[expect(clippy::option_option, reason = "what cannot be read is not what is not there")]
fn route_policy<'t>(
    draft: &mut Draft<'t>,
    reader: &mut Reader<'_, 't>,
    usage: Usage,
) -> Option<Option<Fact<&'t str>>> {
    if !reader.take("route-policy") {
        return Some(None);
    }
    policy_use(draft, reader, usage).map(Some)
}

fn aggregate<'t>(
    draft: &mut Draft<'t>,
    reader: &mut Reader<'_, 't>,
    (at, prefix): (Span, Prefix),
) -> Option<Aggregate<'t>> {
    let mut read = Aggregate {
        at,
        prefix,
        summary_only: false,
        as_set: false,
        attribute_policy: None,
        suppress_policy: None,
        advertise_policy: None,
    };
    loop {
        if reader.take("summary-only") {
            read.summary_only = true;
        } else if reader.take("as-set") || reader.take("as-confed-set") {
            read.as_set = true;
        } else {
            break;
        }
    }
    // It says which parts count, which are suppressed, and what the aggregate looks like, all in one: a part
    // that it drops does not keep the aggregate from being made (guide, "Aggregation").
    read.advertise_policy = route_policy(draft, reader, Usage::Aggregate)?;
    Some(read)
}

/// dampening ::= "route-policy" policy-use | RANGE_1_45 (UINT16 UINT16 UINT8)?
fn dampening<'t>(draft: &mut Draft<'t>, reader: &mut Reader<'_, 't>) -> Option<Dampening<'t>> {
    if reader.is_empty() {
        return Some(Dampening::Default);
    }
    if let Some(policy) = route_policy(draft, reader, Usage::Bgp)? {
        return Some(Dampening::Policy(policy));
    }
    let half_life = reader.number_to(1, 45)??;
    if reader.is_empty() {
        return Some(Dampening::Values(half_life, None));
    }
    let reuse = reader.number_to(0, 65535)??;
    let suppress = reader.number_to(0, 65535)??;
    let most = reader.number_to(0, 255)??;
    Some(Dampening::Values(half_life, Some((reuse, suppress, most))))
}
