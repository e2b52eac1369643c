//! What the process or a VRF says about all its sessions and paths.

use edgelint_model::{Fact, Part, State};
use edgelint_source::Span;
use edgelint_syntax::Statement;

use super::{Router, read_all, tuning};
use crate::iosxr::draft::Draft;
use crate::iosxr::lines::{InertRow, leftover, lower, polarity, room};
use crate::iosxr::values::Reader;

/// Lines of the process that decide nothing about which routes are exchanged.
///
/// inert-instance ::= "no"? inert-instance-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("as-league", "paths of an own kind"),
    ("bfd", "timers of BFD"),
    ("bgp as-path-loopcheck", "loops of the own AS"),
    ("bgp auto-policy-soft-reset", "when policies take effect"),
    ("bgp bestpath as-path", "paths compared by more than policies decide"),
    ("bgp bestpath aigp", "an attribute within one administration"),
    ("bgp bestpath cost-community", "path selection by extended communities"),
    ("bgp bestpath igp-metric", "next hops"),
    ("bgp bestpath origin-as", "whether origins that are not valid count"),
    ("bgp bestpath sr-policy", "tunnels"),
    ("bgp global", "tunnels"),
    ("bgp graceful-maintenance", "maintenance"),
    ("bgp graceful-restart", "high availability"),
    ("bgp install", "the routing table"),
    ("bgp lpts-secure-binding", "protection of the control plane"),
    ("bgp maximum", "limits"),
    ("bgp multipath", "which equal paths forward together"),
    ("bgp origin-as", "whether origins are checked"),
    ("bgp read-only", "a start"),
    ("bgp scan-time", "timers"),
    ("bgp write-limit", "limits"),
    ("default-information", "the default route, from the table"),
    ("ibgp", "whether policies may change what is sent inside"),
    ("label", "labels"),
    ("long-lived-graceful-restart", "high availability"),
    ("mpls", "labels"),
    ("mvpn", "multicast"),
    ("nexthop", "when next hops are looked at"),
    ("origin-as", "whether origins are checked"),
    ("nsr", "high availability"),
    ("rpki", "whether origins are checked"),
    ("segment-routing", "labels"),
    ("slow-peer", "groups of updates"),
    ("snmp", "monitoring"),
    ("socket", "sizes of buffers"),
    ("update", "groups of updates"),
    ("use-as-path", "paths of an own kind"),
];

/// Reads a statement of the process or of a VRF and accounts for it and its block.
///
/// instance-statement ::= "no"? instance-setting NL | inert-instance
pub(super) fn statement<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    index: usize,
    line: Statement<'_, 't>,
) {
    let (negated, words) = polarity(line.words());
    let at = line.span();
    let inert = crate::phrases::lines::listed(INERT, words);
    let read =
        (!inert).then(|| read_all(words, |reader| setting(router, index, reader, (at, negated))));
    if read.flatten().is_some() {
        draft.account(Part::Bgp, line, State::Modelled);
        return draft.stray(line);
    }
    let known = ["bgp", "timers", "vrf", "neighbor", "address-family", "rd"];
    let known = known.iter().any(|word| words.is(0, word));
    let Some(instance) = router.process.instances.get_mut(index) else { return };
    leftover(draft, (Part::Bgp, line), INERT, known, &mut instance.blind);
}

/// A block whose header was not understood: what stands in it may concern every session.
pub(super) fn refuse<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    index: usize,
    line: Statement<'_, 't>,
) {
    if let Some(instance) = router.process.instances.get_mut(index) {
        instance.blind.push(line.span());
    }
    draft.account(Part::Bgp, line, State::Unmodelled);
    line.children().for_each(|child| draft.account_block(Part::Bgp, child, State::Opaque));
}

/// instance-setting ::= "timers" "bgp" UINT16 UINT16 UINT16? | "default-metric" UINT32 | "bgp" bgp-setting
fn setting(
    router: &mut Router<'_>,
    index: usize,
    reader: &mut Reader<'_, '_>,
    (at, negated): (Span, bool),
) -> Option<()> {
    let kept = !negated;
    let head = reader.next()?;
    let mut low = room();
    match lower(head.text, &mut low) {
        "timers" => {
            reader.word("bgp")?;
            let keepalive = reader.number_to(0, 65535)??;
            let hold = reader.number_to(0, 65535)??;
            if !reader.is_empty() {
                reader.number_to(0, 65535)??;
            }
            router.timers.retain(|it| it.0 != index);
            let timers = (index, Fact::new((keepalive, hold), at));
            router.timers.extend(kept.then_some(timers));
        }
        "default-metric" => {
            let metric = Fact::new(reader.number()??, at);
            router.process.instances.get_mut(index)?.default_metric = kept.then_some(metric);
        }
        "bgp" => {
            if reader.is("confederation") {
                return confederation(router, reader, (at, kept));
            }
            let instance = router.process.instances.get_mut(index)?;
            return tuning::setting(instance, reader, (at, kept));
        }
        _ => return None,
    }
    Some(())
}

/// confederation ::= "confederation" ("identifier" ASN | "peers" ASN+)
fn confederation(
    router: &mut Router<'_>,
    reader: &mut Reader<'_, '_>,
    (at, kept): (Span, bool),
) -> Option<()> {
    reader.next();
    if reader.take("identifier") {
        let identifier = Fact::new(reader.asn()??, at);
        router.process.confederation = kept.then_some(identifier);
        return Some(());
    }
    reader.word("peers")?;
    let mut peers = vec![Fact::new(reader.asn()??, at)];
    while !reader.is_empty() {
        peers.push(Fact::new(reader.asn()??, at));
    }
    let known = &mut router.process.confederation_peers;
    known.retain(|peer| !peers.iter().any(|one| one.value == peer.value));
    if kept {
        known.extend(peers);
    }
    Some(())
}
