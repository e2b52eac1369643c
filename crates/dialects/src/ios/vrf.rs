//! VRFs: `ip vrf` and `vrf definition`, with what they import from and export to each other.

use edgelint_model::{Fact, Leak, LeakSource, ObjectKind, Part, State, Usage, Vrf};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Statement, Words};

use super::draft::Draft;
use super::lines::{InertRow, end_state, listed, long_name, lower, polarity, room, whole};
use crate::phrases::{is_word, name, number, rest, word};

/// Lines of a VRF that move no unicast routes between VRFs.
///
/// inert-vrf ::= "no"? inert-vrf-word REST? NL
const INERT: &[InertRow] = &[
    ("mdt", "multicast"),
    ("maximum routes", "a limit on the table, not on a session"),
    ("vpn id", "a label"),
    ("vnet", "a label of an interface"),
    ("bgp next-hop", "next hop inside the VPN"),
    ("inter-as-hybrid", "VPNs between providers"),
    ("context", "SNMP"),
    ("snmp context", "SNMP"),
    ("evpn", "the same routes in another family"),
    ("protection", "fast reroute"),
];

/// ip-vrf ::= "ip" "vrf" NAME+ NL (INDENT vrf-line+ (block-end | inert-exit)? DEDENT)? | "no" "ip" "vrf" NAME+ NL
pub(super) fn ip_vrf<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    vrf(draft, statement);
}

/// vrf-definition ::= "vrf" "definition" NAME+ NL (INDENT (vrf-family | vrf-line)+ (block-end | inert-exit)? DEDENT)?
///                  | "no" "vrf" "definition" NAME+ NL
pub(super) fn vrf_definition<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    vrf(draft, statement);
}

fn vrf<'t>(draft: &mut Draft<'t>, statement: Statement<'_, 't>) {
    let (negated, words) = polarity(statement.words());
    let from = words.skip(2);
    let Some(name) = whole(long_name(from, from.len())) else {
        return draft.account_block(Part::Routing, statement, State::Unmodelled);
    };
    draft.account(Part::Routing, statement, State::Modelled);
    if negated {
        let mut gone = Vec::new();
        for vrf in draft.device.vrfs.iter().filter(|vrf| vrf.name == name.value) {
            let policies = vrf.import_policies.iter().chain(&vrf.export_policies);
            gone.extend(policies.map(Fact::at));
        }
        gone.into_iter().for_each(|at| draft.forget(at));
        draft.device.vrfs.retain(|vrf| vrf.name != name.value);
        draft.undefine(ObjectKind::Vrf, name.value);
        for child in statement.children() {
            draft.account_block(Part::Routing, child, State::Opaque);
        }
        return;
    }
    let at = statement.span();
    draft.define(ObjectKind::Vrf, name.value, at);
    let known = draft.device.vrfs.iter().position(|vrf| vrf.name == name.value);
    let mut vrf = match known {
        Some(index) => draft.device.vrfs.remove(index),
        None => Vrf {
            name: name.value,
            at,
            import_targets: Vec::new(),
            export_targets: Vec::new(),
            import_policies: Vec::new(),
            export_policies: Vec::new(),
            exchanges: None,
            blind: Vec::new(),
        },
    };
    let families = is_word(words, 0, "vrf");
    for child in statement.children() {
        if families && is_word(child.words(), 0, "address-family") {
            vrf_family(draft, &mut vrf, child);
        } else {
            vrf_line(draft, &mut vrf, child);
        }
    }
    let index = known.unwrap_or(draft.device.vrfs.len());
    draft.device.vrfs.insert(index, vrf);
}

/// vrf-family ::= "address-family" ("ipv4" | "ipv6") ("unicast" | "multicast")? NL
///                (INDENT (vrf-line+ (block-end | inert-exit)? | block-end) DEDENT)?
fn vrf_family<'t>(draft: &mut Draft<'t>, vrf: &mut Vrf<'t>, line: Statement<'_, 't>) {
    let words = line.words();
    let mut family = room();
    let mut kind = room();
    let known = match (lower(words.peek(1), &mut family), lower(words.peek(2), &mut kind)) {
        ("ipv4" | "ipv6", "unicast" | "multicast") => words.len() == 3,
        ("ipv4" | "ipv6", _) => words.len() == 2,
        _ => false,
    };
    if !known {
        vrf.blind.push(line.span());
        return draft.account_block(Part::Routing, line, State::Opaque);
    }
    draft.account(Part::Routing, line, State::Modelled);
    for child in line.children() {
        vrf_line(draft, vrf, child);
    }
}

/// What a line of a VRF says.
#[derive(Clone, Copy)]
enum Said<'t> {
    Distinguisher,
    Description(Fact<&'t str>),
    Target {
        import: bool,
        export: bool,
        target: Fact<&'t str>,
    },
    Policy {
        import: bool,
        policy: Fact<&'t str>,
    },
    /// Routes of the default VRF are put into this one, or those of this one into the default VRF.
    Leak {
        into_default: bool,
        policy: Fact<&'t str>,
    },
}

/// vrf-line ::= "no"? ("rd" WORD | "description" REST | route-target | vrf-policy) NL | inert-vrf
fn vrf_line<'t>(draft: &mut Draft<'t>, vrf: &mut Vrf<'t>, line: Statement<'_, 't>) {
    let (negated, words) = polarity(line.words());
    let state = match whole(vrf_said(words)) {
        Some(said) => {
            apply(draft, vrf, line.span(), (said, negated));
            State::Modelled
        }
        None => end_state(line.words()).unwrap_or_else(|| {
            if listed(INERT, words) {
                return State::Inert;
            }
            vrf.blind.push(line.span());
            let heads = ["rd", "route-target", "import", "export"];
            let known = heads.iter().any(|head| is_word(words, 0, head));
            if known { State::Unmodelled } else { State::Opaque }
        }),
    };
    draft.account(Part::Routing, line, state);
    for child in line.children() {
        draft.account_block(Part::Routing, child, State::Opaque);
    }
}

fn vrf_said<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "rd" => name(next).map(|(left, _)| (left, Said::Distinguisher)),
        "description" => rest(next).map(|(left, text)| (left, Said::Description(text))),
        "route-target" => route_target(input),
        _ => vrf_policy(input),
    }
}

/// route-target ::= "route-target" ("import" | "export" | "both")? EXTCOMMUNITY "stitching"?
fn route_target<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let (from, _) = word("route-target")(input)?;
    let mut low = room();
    let (from, import, export) = match lower(from.peek(0), &mut low) {
        "import" => (from.skip(1), true, false),
        "export" => (from.skip(1), false, true),
        "both" => (from.skip(1), true, true),
        _ => (from, true, true),
    };
    let (left, target) = name(from)?;
    if !is_extcommunity(target.value) {
        return from.expected("a route target");
    }
    let left = word("stitching")(left).map_or(left, |(left, _)| left);
    Ok((left, Said::Target { import, export, target }))
}

/// `AS:number` or `address:number`, with 32 bits for one half and 16 for the other (RFC 4360,
/// sections 3.1 and 3.2; RFC 5668).
fn is_extcommunity(text: &str) -> bool {
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

/// vrf-policy ::= ("import" | "export") (("ipv4" | "ipv6") ("unicast" | "multicast") UINT32?)? "map" NAME
fn vrf_policy<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Said<'t>> {
    let mut low = room();
    let import = match lower(input.peek(0), &mut low) {
        "import" => true,
        "export" => false,
        _ => return input.expected("import or export"),
    };
    let from = input.skip(1);
    let mut family = room();
    let mut kind = room();
    // With a family it is about the table of the default VRF (Cisco, "BGP Support for IP Prefix Import from Global
    // Table into a VRF Table", and its counterpart for export); without one, about VPN routes.
    let (from, is_leak) = match (lower(from.peek(0), &mut family), lower(from.peek(1), &mut kind)) {
        ("ipv4" | "ipv6", "unicast" | "multicast") => {
            let left = from.skip(2);
            (number(left).map_or(left, |(left, _)| left), true)
        }
        _ => (from, false),
    };
    let (left, _) = word("map")(from)?;
    let into_default = !import;
    name(left).map(|(left, policy)| match is_leak {
        true => (left, Said::Leak { into_default, policy }),
        false => (left, Said::Policy { import, policy }),
    })
}

fn apply<'t>(
    draft: &mut Draft<'t>,
    vrf: &mut Vrf<'t>,
    at: Span,
    (said, negated): (Said<'t>, bool),
) {
    match said {
        Said::Leak { into_default, policy } => {
            let from = LeakSource::Vrf(into_default.then_some(vrf.name));
            let into = (!into_default).then_some(vrf.name);
            let same = |it: &Leak<'_>| {
                (it.into, it.from) == (into, from)
                    && it.policy.map(|it| it.value) == Some(policy.value)
            };
            let gone: Vec<Span> = draft
                .device
                .leaks
                .iter()
                .filter_map(|it| it.policy.filter(|_| same(it)))
                .map(|it| it.at())
                .collect();
            gone.into_iter().for_each(|at| draft.forget(at));
            draft.device.leaks.retain(|it| !same(it));
            if !negated {
                draft.device.leaks.push(Leak { at, from, into, policy: Some(policy) });
                draft.use_name(ObjectKind::Policy, policy, Usage::VrfPolicy);
            }
        }
        Said::Description(text) => draft.free_text(text.at()),
        Said::Distinguisher => {}
        Said::Target { import, export, target } => {
            let places = [(import, &mut vrf.import_targets), (export, &mut vrf.export_targets)];
            for (_, targets) in places.into_iter().filter(|(wanted, _)| *wanted) {
                targets.retain(|known| known.value != target.value);
                targets.extend((!negated).then_some(target));
            }
        }
        Said::Policy { import, policy } => {
            let place = if import { &mut vrf.import_policies } else { &mut vrf.export_policies };
            let same = |known: &&Fact<&str>| known.value == policy.value;
            place.iter().filter(same).for_each(|known| draft.forget(known.at()));
            place.retain(|known| known.value != policy.value);
            if !negated {
                place.push(policy);
                draft.use_name(ObjectKind::Policy, policy, Usage::VrfPolicy);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_extcommunity, vrf_definition};
    use crate::ios::lines::tests::shown;
    use edgelint_model::Device;

    fn show(device: &Device<'_>) -> String {
        let vrf = device.vrfs.first().unwrap();
        let list = |facts: &[edgelint_model::Fact<&str>]| {
            facts.iter().map(|it| it.value).collect::<Vec<_>>().join(",")
        };
        format!(
            "{} import {} {} export {} {} blind {}",
            vrf.name,
            list(&vrf.import_targets),
            list(&vrf.import_policies),
            list(&vrf.export_targets),
            list(&vrf.export_policies),
            vrf.blind.len()
        )
    }

    #[test]
    fn targets_and_policies_of_all_families() {
        let text = "vrf definition Tenant 1\n rd 64500:1\n !\n address-family ipv4\n  route-target import 64500:1\n  \
                    route-target 64500:2\n  no route-target import 64500:1\n  export map OUT\n exit-address-family\n \
                    address-family ipv6\n  import ipv6 unicast 100 map IN\n route-target nonsense\n";
        assert_eq!(
            shown(text, vrf_definition, show),
            "Tenant 1 import 64500:2  export 64500:2 OUT blind 1"
        );
    }

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
