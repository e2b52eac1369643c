//! Routes between VRFs: straight (`import vrf`), by way of the VPN table, and by way of an overlay.
//!
//! Which routes arrive in a VRF by its targets is not followed; that some may is.

use edgelint_model::{Fact, Leak, LeakSource, ObjectKind, Usage, Vrf};
use edgelint_source::Span;
use edgelint_syntax::{Parsed, Words};

use super::ast::Router;
use super::parse::Scope;
use crate::frr::draft::Draft;
use crate::frr::lines::{lower, room};
use crate::phrases::{is_word, name, word};

/// What a line says.
#[derive(Clone, Debug)]
pub(super) enum Vpn<'t> {
    /// `rd …`.
    Distinguisher,
    /// `rt vpn …`, `route-target …`.
    Targets { import: bool, export: bool, targets: Vec<Fact<&'t str>> },
    /// `route-map vpn …`.
    Policy { import: bool, policy: Fact<&'t str> },
    /// `import vpn`.
    FromTable,
    /// `export vpn`.
    IntoTable,
    /// `import vrf NAME`.
    FromVrf(Fact<&'t str>),
    /// `import vrf route-map NAME`.
    FromVrfs(Fact<&'t str>),
    /// `advertise … unicast`.
    IntoOverlay(Option<Fact<&'t str>>),
}

type Read<'w, 't> = Parsed<'w, 't, Vpn<'t>>;

/// vpn-line ::= "rd" ("vpn" "export")? EXTCOMMUNITY | route-targets | "route-map" "vpn" way NAME | ("import" | "export") "vpn"
///     | "import" "vrf" (NAME - "route-map" | "route-map" NAME) | into-overlay
/// way ::= "import" | "export"
pub(super) fn vpn_line<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let next = input.skip(1);
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "rd" => {
            let left = match word("vpn")(next) {
                Ok((left, _)) => word("export")(left)?.0,
                Err(_) => next,
            };
            target(left).map(|(left, _)| (left, Vpn::Distinguisher))
        }
        "rt" | "route-target" => route_targets(input),
        "route-map" => {
            let (left, import) = way(word("vpn")(next)?.0)?;
            name(left).map(|(left, policy)| (left, Vpn::Policy { import, policy }))
        }
        "import" if is_word(next, 0, "vpn") => Ok((next.skip(1), Vpn::FromTable)),
        "export" => word("vpn")(next).map(|(left, _)| (left, Vpn::IntoTable)),
        "import" => {
            let (left, _) = word("vrf")(next)?;
            match word("route-map")(left) {
                Ok((left, _)) => name(left).map(|(left, policy)| (left, Vpn::FromVrfs(policy))),
                Err(_) => name(left).map(|(left, vrf)| (left, Vpn::FromVrf(vrf))),
            }
        }
        "advertise" => into_overlay(next),
        _ => input.expected("routes between VRFs"),
    }
}

/// Into a VRF (true) or out of it.
fn way<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, bool> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "import" => Ok((input.skip(1), true)),
        "export" => Ok((input.skip(1), false)),
        _ => input.expected("import or export"),
    }
}

/// route-targets ::= ("rt" "vpn" | "route-target") (way | "both") EXTCOMMUNITY+
fn route_targets<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let from = match word("rt")(input) {
        Ok((left, _)) => word("vpn")(left)?.0,
        Err(_) => input.skip(1),
    };
    let (mut left, import, export) = match word("both")(from) {
        Ok((left, _)) => (left, true, true),
        Err(_) => way(from).map(|(left, import)| (left, import, !import))?,
    };
    let mut targets = Vec::new();
    while !left.is_empty() {
        let (further, one) = target(left)?;
        targets.push(one);
        left = further;
    }
    if targets.is_empty() {
        return left.expected("a route target");
    }
    Ok((left, Vpn::Targets { import, export, targets }))
}

/// `AS:number` or `address:number`, with 32 bits for one half and 16 for the other (RFC 4360, sections 3.1
/// and 3.2; RFC 5668).
fn target<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Fact<&'t str>> {
    let (left, target) = name(input)?;
    let digits = |text: &str| -> Option<u32> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    let fits = target.value.split_once(':').is_some_and(|(high, low)| {
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
    });
    if fits { Ok((left, target)) } else { input.expected("a route target") }
}

/// into-overlay ::= "advertise" ("ipv4" | "ipv6") "unicast" "gateway-ip"? ("route-map" NAME)?
fn into_overlay<'w, 't>(input: Words<'w, 't>) -> Read<'w, 't> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "ipv4" | "ipv6" => {}
        _ => return input.expected("ipv4 or ipv6"),
    }
    let (left, _) = word("unicast")(input.skip(1))?;
    let left = left.skip(usize::from(is_word(left, 0, "gateway-ip")));
    match word("route-map")(left) {
        Ok((left, _)) => name(left).map(|(left, policy)| (left, Vpn::IntoOverlay(Some(policy)))),
        Err(_) => Ok((left, Vpn::IntoOverlay(None))),
    }
}

/// Puts what a line says into the device, or takes it back.
pub(super) fn apply<'t>(
    draft: &mut Draft<'t>,
    router: &mut Router<'t>,
    scope: Scope<'t>,
    at: Span,
    (said, negated): (Vpn<'t>, bool),
) {
    match said {
        Vpn::Distinguisher => {}
        Vpn::IntoTable => exchanges(draft, scope, at, negated),
        Vpn::Targets { import, export, targets } => {
            let Some(vrf) = scope.vrf.map(|name| vrf(draft, name, at)) else { return };
            let places = [(import, &mut vrf.import_targets), (export, &mut vrf.export_targets)];
            for (_, known) in places.into_iter().filter(|(wanted, _)| *wanted) {
                known.retain(|one| targets.iter().all(|it| it.value != one.value));
                known.extend(targets.iter().filter(|_| !negated));
            }
        }
        Vpn::Policy { import, policy } => {
            if let Some(vrf) = scope.vrf.map(|name| vrf(draft, name, at)) {
                let known =
                    if import { &mut vrf.import_policies } else { &mut vrf.export_policies };
                let gone: Vec<Span> = known.drain(..).map(|old| old.at()).collect();
                known.extend((!negated).then_some(policy));
                gone.into_iter().for_each(|at| draft.forget(at));
            }
            if !negated {
                draft.use_name(ObjectKind::Policy, policy, Usage::VrfPolicy);
            }
        }
        Vpn::FromTable => {
            exchanges(draft, scope, at, negated);
            leak(draft, scope, (at, LeakSource::Elsewhere, None), negated);
        }
        Vpn::FromVrf(from) => {
            let vrf = (from.value != "default").then_some(from.value);
            let policy = policy_into(draft, scope);
            leak(draft, scope, (at, LeakSource::Vrf(vrf), policy), negated);
            if !negated {
                draft.use_name(ObjectKind::Vrf, from, Usage::VrfMember);
            }
        }
        Vpn::FromVrfs(said) => {
            leak(draft, scope, (at, LeakSource::AnyVrf, Some(said)), negated);
            let policy = policy_into(draft, scope);
            let named = |one: &&mut Leak<'_>| {
                one.into == scope.vrf && matches!(one.from, LeakSource::Vrf(_))
            };
            draft.device.leaks.iter_mut().filter(named).for_each(|one| one.policy = policy);
            if !negated {
                draft.use_name(ObjectKind::Policy, said, Usage::VrfPolicy);
            }
        }
        Vpn::IntoOverlay(policy) => {
            if let Some(policy) = policy.filter(|_| !negated) {
                draft.use_name(ObjectKind::Policy, policy, Usage::Bgp);
            }
            if let Some(instance) = router.table(scope.table) {
                instance.tuning.advertises_evpn = Some(Fact::new(!negated, at));
            }
        }
    }
}

/// Routes that come from elsewhere into the VRF of a line. `import vrf route-map` says which of those that
/// `import vrf` names: it stands for itself as a leak that names no VRF.
fn leak<'t>(
    draft: &mut Draft<'t>,
    scope: Scope<'t>,
    (at, from, policy): (Span, LeakSource<'t>, Option<Fact<&'t str>>),
    negated: bool,
) {
    let leaks = &mut draft.device.leaks;
    leaks.retain(|leak| leak.into != scope.vrf || leak.from != from);
    if !negated {
        leaks.push(Leak { at, from, into: scope.vrf, policy });
    }
}

/// The policy on what other VRFs give to that of a line.
fn policy_into<'t>(draft: &Draft<'t>, scope: Scope<'t>) -> Option<Fact<&'t str>> {
    let mut leaks = draft.device.leaks.iter();
    leaks.find(|one| one.into == scope.vrf && one.from == LeakSource::AnyVrf)?.policy
}

/// The VRF of a line gives its routes to the VPN table, or takes some from there.
fn exchanges<'t>(draft: &mut Draft<'t>, scope: Scope<'t>, at: Span, negated: bool) {
    if let Some(name) = scope.vrf {
        vrf(draft, name, at).exchanges = (!negated).then_some(at);
    }
}

/// The VRF of that name; made where a process speaks of one that another daemon's file defines.
fn vrf<'d, 't>(draft: &'d mut Draft<'t>, name: &'t str, at: Span) -> &'d mut Vrf<'t> {
    let vrfs = &mut draft.device.vrfs;
    let place = vrfs.iter().position(|vrf| vrf.name == name).unwrap_or_else(|| {
        vrfs.push(crate::frr::vrf::new(name, at));
        vrfs.len() - 1
    });
    // The place was found or made just now.
    vrfs.get_mut(place).expect("the VRF was just found or made")
}
