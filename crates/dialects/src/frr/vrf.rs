//! VRFs: their static routes. What they import and export is said in BGP.

use edgelint_model::{ObjectKind, Part, State, Vrf};
use edgelint_source::Span;
use edgelint_syntax::Statement;

use super::draft::Draft;
use super::lines::{InertRow, end_state, listed, polarity, whole};
use super::route::route_in;
use super::{interface, references};
use crate::phrases::{is_word, name};

/// Lines of a VRF that bear on no route of BGP.
///
/// inert-vrf ::= "no"? inert-vrf-word REST? NL inert-block?
const INERT: &[InertRow] = &[
    ("vni", "the segment that carries it in an overlay"),
    ("netns", "where its interfaces live"),
    ("router-id", "identity"),
    ("mpls", "labels"),
    ("rpki", "validation of origins"),
    ("ip protocol", "what the table hands to the kernel"),
    ("ip router-id", "identity"),
    ("ip nht", "how next hops are looked up"),
    ("ip mroute", "multicast"),
    ("ip pim", "multicast"),
    ("ip igmp", "multicast"),
    ("ip msdp", "multicast"),
    ("ip ssmpingd", "multicast"),
    ("ip import-table", "kernel tables"),
    ("ipv6 protocol", "what the table hands to the kernel"),
    ("ipv6 router-id", "identity"),
    ("ipv6 nht", "how next hops are looked up"),
    ("ipv6 mld", "multicast"),
    ("ipv6 pim", "multicast"),
];

/// A VRF about which nothing is said yet.
pub(super) const fn new(name: &str, at: Span) -> Vrf<'_> {
    Vrf {
        name,
        at,
        import_targets: Vec::new(),
        export_targets: Vec::new(),
        import_policies: Vec::new(),
        export_policies: Vec::new(),
        exchanges: None,
        blind: Vec::new(),
    }
}

/// Reads a VRF with its block.
///
/// vrf ::= "vrf" NAME NL (INDENT (static-route | inert-vrf)+ (block-end | inert-exit)? DEDENT)? | "no" "vrf" NAME NL
pub(super) fn vrf<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(name) = whole(name(words.skip(1))) else {
        return draft.account_block(Part::Routing, statement, State::Unmodelled);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    if negated {
        draft.device.vrfs.retain(|vrf| vrf.name != name.value);
        draft.undefine(ObjectKind::Vrf, name.value);
        return draft.stray(statement);
    }
    let at = statement.span();
    draft.define(ObjectKind::Vrf, name.value, at);
    if draft.device.vrfs.iter().all(|vrf| vrf.name != name.value) {
        draft.device.vrfs.push(new(name.value, at));
    }
    for child in statement.children() {
        let (_, words) = polarity(child.words());
        let is_route = is_word(words, 0, "ip") || is_word(words, 0, "ipv6");
        if is_route && is_word(words, 1, "route") {
            route_in(draft, child, Some(name.value));
        } else if is_word(words, 0, "interface") {
            interface::interface(draft, child);
        } else if listed(INERT, words) {
            draft.account_block(Part::Routing, child, State::Inert);
            references::in_block(draft, child);
        } else {
            let state = end_state(child.words()).unwrap_or(State::Opaque);
            draft.account_block(Part::Routing, child, state);
            let vrf = draft.device.vrfs.iter_mut().find(|vrf| vrf.name == name.value);
            if let Some(vrf) = vrf.filter(|_| state == State::Opaque) {
                vrf.blind.push(child.span());
            }
        }
    }
}
