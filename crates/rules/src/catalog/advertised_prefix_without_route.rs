//! A prefix that is meant to be announced has no route, and is not.

use std::collections::BTreeMap;

use edgelint_facts::vocabulary::{Change, Part};
use edgelint_facts::{DeviceFacts, DeviceId, Role, Session, SessionId};
use edgelint_prefix::{AddressSet, Prefix};
use edgelint_source::Span;

use crate::prelude::{Block, Confidence, Draft, Findings, Network, Scope, Severity, rule};
use crate::words::some_of;

rule! {
    /// ## What it does
    /// Reports prefixes that a device with sessions to a cloud or the internet is told to announce and has no
    /// route to: `network` statements without the very prefix in the table, and terms of export policies that
    /// name a prefix for static, connected or aggregate routes that are not there.
    ///
    /// ## Why it matters
    /// BGP announces what is in the table, with exactly that length. Without the route nothing is said and
    /// nothing is announced: requests leave by the circuit, and answers come by the internet or not at all.
    ///
    /// ## When it is not a mistake
    /// Interior protocols, other VRFs, addresses that a server gives out and systems that announce without a
    /// route are taken for a possible source: then nothing is reported.
    ///
    /// ## Example
    /// ```text
    /// router bgp 64500
    ///  network 203.0.113.0 mask 255.255.255.240
    /// ip route 203.0.113.0 255.255.255.224 Null0
    /// ```
    ///
    /// ## What to do
    /// Add a route to exactly the prefix that is named, a discard route where nothing else carries it; or name
    /// the prefix that is there.
    ///
    /// ## Severity
    /// Error where the prefix holds addresses that NAT translates to; warning otherwise.
    ///
    /// ## Sources
    /// - Cisco IOS, NX-OS and EOS manuals on `network`: the table has to hold the exact prefix.
    /// - Juniper, "Routing policies": export policies pick routes from the table.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

/// A prefix without a route: the statement that names it, and a route near it.
type Bare = (Prefix, Span, Option<(Prefix, Span)>);

fn check(network: &Network<'_>, found: &mut Findings) {
    let translated = AddressSet::union_of(network.nat.iter().map(|one| &one.addresses));
    for (index, device) in (0_u32..).zip(&network.devices) {
        let id = DeviceId(index);
        let outward: Vec<&Session<'_>> = network
            .sessions_of(id)
            .iter()
            .filter(|one| one.role.is_cloud() || one.role == Role::Internet)
            .collect();
        // Of one VRF and of one severity: one piece of work.
        let mut bare: BTreeMap<(Option<&str>, Severity), BTreeMap<Prefix, Bare>> = BTreeMap::new();
        for (vrf, one) in unbacked(device, &outward) {
            let stateful = translated.overlaps(&AddressSet::from_prefix(one.0));
            let severity = if stateful { Severity::Error } else { Severity::Warning };
            bare.entry((vrf, severity)).or_default().insert(one.0, one);
        }
        for ((vrf, severity), prefixes) in bare {
            let prefixes: Vec<Bare> = prefixes.into_values().collect();
            let place = outward.iter().find(|session| session.vrf == vrf).map(|session| session.id);
            if let Some(draft) = report((id, device, vrf), &prefixes, severity, found) {
                anchor(network, place, &prefixes, draft);
            }
        }
    }
}

/// What the sessions to the outside would be sent if it were there.
fn unbacked<'n, 't>(
    device: &'n DeviceFacts<'t>,
    outward: &[&'n Session<'t>],
) -> Vec<(Option<&'t str>, Bare)> {
    let mut found: Vec<(Option<&str>, Bare)> = Vec::new();
    for one in &device.unbacked {
        let passes = |session: &&&Session<'t>| {
            let family = session.live_family(one.prefix.family());
            session.vrf == one.vrf
                && family.is_some_and(|family| family.announcements.may.contains(&one.prefix))
        };
        if outward.iter().any(|session| passes(&session)) {
            found.push((one.vrf, (one.prefix, one.at, one.near)));
        }
    }
    for session in outward {
        for family in session.live_families() {
            let named = family.announcements.unbacked.iter();
            found.extend(named.map(|(prefix, mark)| (session.vrf, (*prefix, mark.at, None))));
        }
    }
    found
}

/// Beyond this many the frames stop helping.
const MOST_SHOWN: usize = 8;

fn report<'f>(
    (id, device, vrf): (DeviceId, &DeviceFacts<'_>, Option<&str>),
    prefixes: &[Bare],
    severity: Severity,
    found: &'f mut Findings,
) -> Option<&'f mut Draft> {
    let (first, at, _) = prefixes.first().copied()?;
    let blind: Vec<Span> = device
        .device
        .coverage
        .unknown
        .iter()
        .filter(|one| matches!(one.part, Part::Routing | Part::Interface))
        .map(|one| one.at)
        .collect();
    let names: Vec<Prefix> = prefixes.iter().map(|(prefix, ..)| *prefix).collect();
    let is = if names.len() == 1 { "is" } else { "are" };
    let message =
        format!("{} {is} not advertised: no route to exactly that prefix", some_of(&names, 4));
    let label = |prefix: Prefix| format!("names {prefix}, to which there is no route");
    let draft = found.absence(Block { at, blind: &blind }, message, label(first));
    draft.severity(severity).at_most(Confidence::Likely);
    for (prefix, at, near) in prefixes.iter().take(MOST_SHOWN) {
        draft.primary(*at, label(*prefix));
        if let Some((route, at)) = near {
            draft.context(*at, format!("the route that is there is {route}"));
        }
    }
    if severity == Severity::Error {
        draft.note(
            "it holds addresses that NAT translates to: answers do not come back by this way",
        );
    }
    draft
        .device(id)
        .object(format!("vrf:{}/origin:{first}", vrf.unwrap_or("default")))
        .witnesses(names)
        .help("add a route to exactly that prefix (to discard, where nothing else carries it), or name the one that is there");
    Some(draft)
}

/// Routes that drop keep the prefixes announced. Where a route is near, the statement may name the wrong one.
fn anchor(network: &Network<'_>, place: Option<SessionId>, prefixes: &[Bare], draft: &mut Draft) {
    let Some(place) = place else { return };
    if prefixes.iter().any(|(_, _, near)| near.is_some()) {
        return;
    }
    let families = network.session(place).live_families().filter_map(|family| family.routes);
    let Some(family) = families.min() else { return };
    let bare = prefixes.iter().map(|(prefix, ..)| *prefix).collect();
    draft.remedy(network, (&[place], family), &Change::Anchor(bare));
}
