//! What a block says about a session itself: who the other end is and how it is reached.

use edgelint_model::{Fact, ObjectKind, Part, RemoteAs, State, Usage};
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::{Level, read_all};
use crate::iosxr::draft::Draft;
use crate::iosxr::lines::{InertRow, leftover, lower, polarity, room};
use crate::iosxr::values::Reader;
use crate::phrases::{parse_asn, rest};

/// Lines of a session that decide nothing about routes.
///
/// inert-session ::= "no"? inert-session-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("advertisement-interval", "timers"),
    ("ao", "authentication"),
    ("bmp-activate", "monitoring"),
    ("capability", "what is negotiated"),
    ("dmz-link-bandwidth", "how much each path carries"),
    ("dscp", "marking of packets"),
    ("precedence", "marking of packets"),
    ("tos", "marking of packets"),
    ("ebgp-recv-extcommunity-dmz", "how much each path carries"),
    ("ebgp-send-extcommunity-dmz", "how much each path carries"),
    ("egress-engineering", "labels"),
    ("graceful-maintenance", "maintenance"),
    ("graceful-restart", "high availability"),
    ("idle-watch-time", "timers"),
    ("ignore-connected-check", "who may be a neighbor"),
    ("internal-vpn-client", "attributes of a customer"),
    ("local", "the own address"),
    ("log", "logging"),
    ("maximum-peers", "limits"),
    ("mpls", "labels"),
    ("origin-as", "whether origins are checked"),
    ("path-mtu", "sizes of packets"),
    ("receive-buffer-size", "sizes of buffers"),
    ("send-buffer-size", "sizes of buffers"),
    ("session-open-mode", "who opens the session"),
    ("speaker-id", "processes of the device"),
    ("tcp", "sizes of packets"),
    ("enforce-first-as", "a check of paths"),
    ("cluster-id", "identity as a reflector"),
];

/// Reads a line about a session and accounts for it and its block.
pub(super) fn line<'t>(draft: &mut Draft<'t>, level: &mut Level<'t>, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    if say(draft, level, (words, negated), line.span()).is_some() {
        draft.account(Part::Bgp, line, State::Modelled);
        return draft.stray(line);
    }
    let known = ["remote-as", "use", "timers", "update-source", "password", "local-as", "bfd"];
    let known = known.iter().any(|word| words.is(0, word));
    leftover(draft, (Part::Bgp, line), INERT, known, &mut level.own.blind);
}

/// Reads a setting of a session into its level; nothing where it is none.
///
/// session-setting ::= "remote-as" ASN | "local-as" ASN ("no-prepend" ("replace-as" "dual-as"?)?)? | "description" REST | "shutdown"
///     | "update-source" NAME | "ebgp-multihop" RANGE_1_255? "mpls"? | "ttl-security" | "timers" UINT16 UINT16 UINT16?
///     | "password" ("encrypted" | "clear")? (NAME - ("encrypted" | "clear")) | "keychain" NAME | "bfd" bfd-setting
///     | "use" ("neighbor-group" | "session-group") NAME | ("shutdown" | "ttl-security") "inheritance-disable"
/// bfd-setting ::= "fast-detect" ("strict-mode" | "disable")? | "minimum-interval" UINT32 | "multiplier" UINT8
pub(super) fn say<'t>(
    draft: &mut Draft<'t>,
    level: &mut Level<'t>,
    (words, negated): (Words<'_, 't>, bool),
    at: Span,
) -> Option<()> {
    if negated {
        return unsay(level, words, at);
    }
    if words.is(0, "description") {
        let text = rest(words.skip(1)).ok()?.1;
        draft.free_text(text.at());
        level.own.description = Some(text);
        return Some(());
    }
    read_all(words, |reader| setting(draft, level, reader, at))
}

fn setting<'t>(
    draft: &mut Draft<'t>,
    level: &mut Level<'t>,
    reader: &mut Reader<'_, 't>,
    at: Span,
) -> Option<()> {
    let own = &mut level.own;
    let head = reader.next()?;
    let mut low = room();
    match lower(head.text, &mut low) {
        "remote-as" => own.remote_as = Some(Fact::new(RemoteAs::Number(reader.asn()??), at)),
        "local-as" => {
            own.local_as = Some(Fact::new(reader.asn()??, at));
            let _ =
                reader.take("no-prepend") && reader.take("replace-as") && reader.take("dual-as");
        }
        "shutdown" => own.shutdown = Some(Fact::new(!reader.take("inheritance-disable"), at)),
        "update-source" => {
            let source = reader.name()?;
            draft.use_name(ObjectKind::Interface, source, Usage::InterfaceUse);
            own.update_source = Some(source);
        }
        "ebgp-multihop" => {
            let hops = if reader.is_empty() || reader.is("mpls") {
                255
            } else {
                reader.number_to(1, 255)??
            };
            reader.take("mpls");
            own.ebgp_multihop = Some(Fact::new(hops, at));
        }
        "ttl-security" => {
            let on = !reader.take("inheritance-disable");
            own.ttl_security = on.then_some(Fact::new(1, at));
        }
        "timers" => {
            let keepalive = reader.number_to(0, 65535)??;
            let hold = reader.number_to(0, 65535)??;
            if !reader.is_empty() {
                reader.number_to(0, 65535)??;
            }
            own.timers = Some(Fact::new((keepalive, hold), at));
        }
        "password" => {
            let _ = reader.take("encrypted") || reader.take("clear");
            let key = reader.name()?;
            draft.secret(key.at());
            own.password = Some(key.map(|_| ()));
        }
        "keychain" => {
            let chain = reader.name()?;
            draft.use_name(ObjectKind::KeyChain, chain, Usage::Other);
            own.password = Some(chain.map(|_| ()));
        }
        "bfd" => bfd(level, reader, at)?,
        "use" => return group(draft, level, reader),
        _ => return None,
    }
    Some(())
}

fn bfd(level: &mut Level<'_>, reader: &mut Reader<'_, '_>, at: Span) -> Option<()> {
    let head = reader.next()?;
    let mut low = room();
    match lower(head.text, &mut low) {
        "fast-detect" => {
            let off = reader.take("disable");
            reader.take("strict-mode");
            level.own.bfd = Some(Fact::new(!off, at));
        }
        // Timers of BFD, where it is on.
        "minimum-interval" => {
            reader.number()??;
        }
        "multiplier" => {
            reader.number_to(0, 255)??;
        }
        _ => return None,
    }
    Some(())
}

fn group<'t>(
    draft: &mut Draft<'t>,
    level: &mut Level<'t>,
    reader: &mut Reader<'_, 't>,
) -> Option<()> {
    let kind = reader.next()?;
    let mut low = room();
    let (kind, place) = match lower(kind.text, &mut low) {
        "neighbor-group" => (ObjectKind::PeerGroup, &mut level.neighbor_group),
        "session-group" => (ObjectKind::SessionTemplate, &mut level.session_group),
        _ => return None,
    };
    let name = reader.name()?;
    draft.replace(place, Some(name));
    draft.use_name(kind, name, Usage::Inherit);
    Some(())
}

/// What `no` takes back; a value need not be said again.
///
/// session-unset ::= "remote-as" ASN? | "local-as" | "description" REST? | "shutdown" | "update-source" NAME? | "ebgp-multihop"
///     | "ttl-security" | "timers" | "password" | "keychain" | "bfd"
fn unsay(level: &mut Level<'_>, words: Words<'_, '_>, at: Span) -> Option<()> {
    let own = &mut level.own;
    let mut low = room();
    let most = match lower(words.peek(0), &mut low) {
        "remote-as" => {
            if 1 < words.len() {
                parse_asn(words.peek(1))?;
            }
            own.remote_as = None;
            2
        }
        "description" => {
            own.description = None;
            words.len()
        }
        "update-source" => {
            own.update_source = None;
            2
        }
        "shutdown" => {
            own.shutdown = Some(Fact::new(false, at));
            1
        }
        "local-as" => {
            own.local_as = None;
            1
        }
        "ebgp-multihop" => {
            own.ebgp_multihop = None;
            1
        }
        "ttl-security" => {
            own.ttl_security = None;
            1
        }
        "timers" => {
            own.timers = None;
            1
        }
        "password" | "keychain" => {
            own.password = None;
            1
        }
        "bfd" => {
            own.bfd = Some(Fact::new(false, at));
            1
        }
        _ => return None,
    };
    (words.len() <= most).then_some(())
}
