//! VRFs: `vrf instance`, and `vrf definition` of older releases. What they import and export stands in BGP.

use edgelint_model::{ObjectKind, Part, State, Vrf};
use edgelint_source::Span;
use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{end_state, lower, polarity, room, whole};
use crate::phrases::name;

/// A VRF of which nothing is known but its name.
pub(super) const fn empty(name: &str, at: Span) -> Vrf<'_> {
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

/// vrf ::= "vrf" ("instance" | "definition") NAME NL (INDENT (vrf-line | inert-comment)* (vrf-line | inert-exit | inert-comment) DEDENT)?
///     | ("no" | "default") "vrf" ("instance" | "definition") NAME NL
pub(super) fn vrf<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let Some(name) = whole(name(words.skip(2))) else {
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
    if !draft.device.vrfs.iter().any(|vrf| vrf.name == name.value) {
        draft.device.vrfs.push(empty(name.value, at));
    }
    for child in statement.children() {
        let state = vrf_line(draft, child.words());
        draft.account(Part::Routing, child, state);
        draft.stray(child);
        let known = draft.device.vrfs.iter_mut().find(|vrf| vrf.name == name.value);
        if let (Some(vrf), State::Opaque) = (known, state) {
            vrf.blind.push(child.span());
        }
    }
}

/// vrf-line ::= ("no" | "default")? ("rd" WORD | "description" REST) NL
fn vrf_line<'t>(draft: &mut Draft<'t>, line: Words<'_, 't>) -> State {
    let (_, words) = polarity(line);
    let mut low = room();
    match lower(words.peek(0), &mut low) {
        "rd" if words.len() == 2 => State::Modelled,
        "description" if 1 < words.len() => {
            draft.device.free_text.extend(words.skip(1).span());
            State::Modelled
        }
        _ => end_state(line).unwrap_or(State::Opaque),
    }
}

/// `AS:number` or `address:number`, with 32 bits for one half and 16 for the other (RFC 4360,
/// sections 3.1 and 3.2; RFC 5668).
pub(super) fn is_extcommunity(text: &str) -> bool {
    let Some((high, low)) = text.split_once(':') else { return false };
    let digits = |text: &str| -> Option<u32> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    let Some(low) = digits(low) else { return false };
    if high.parse::<std::net::Ipv4Addr>().is_ok() {
        return low <= 0xFFFF;
    }
    match high.split_once('.') {
        Some((one, two)) => {
            let half = |text| digits(text).is_some_and(|value| value <= 0xFFFF);
            half(one) && half(two) && low <= 0xFFFF
        }
        None => digits(high).is_some_and(|asn| asn <= 0xFFFF || low <= 0xFFFF),
    }
}

#[cfg(test)]
mod tests {
    use super::is_extcommunity;

    #[test]
    fn route_targets_have_48_bits() {
        for good in ["64500:4294967295", "65551:65535", "192.0.2.1:1", "1.10:7"] {
            assert!(is_extcommunity(good), "{good}");
        }
        for bad in ["64500", "65536:65536", "192.0.2.1:65536", "1:", "a:1"] {
            assert!(!is_extcommunity(bad), "{bad}");
        }
    }
}
