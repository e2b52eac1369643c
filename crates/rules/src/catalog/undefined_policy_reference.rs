//! A session, policy or rule names an object that is not there.

use edgelint_facts::vocabulary::{Behaviour, Effect, ObjectKind, Outcome, Usage, Use};
use edgelint_facts::{DeviceFacts, Object};

use crate::dependents::Dependents;
use crate::prelude::{Confidence, Draft, Findings, Part, Scope, Severity, rule};
use crate::words::letters_apart;

rule! {
    /// ## What it does
    /// Reports names of policies, lists, pools, groups and VRFs that a device uses and does not define.
    ///
    /// ## Why it matters
    /// What a device does with a name that leads nowhere depends on the system and on the place: a
    /// neighbor's undefined route map denies every route on IOS-XE, NX-OS and FRR and permits every route
    /// on EOS. The same typing error is an outage on one router and a leak on the next.
    ///
    /// ## When it is not a mistake
    /// In an excerpt the definition may stand in the part that is missing: the finding is then only
    /// possible. Names that only management access or monitoring use are not reported, and neither are
    /// placeholders of a template (`<NAME>`).
    ///
    /// ## Example
    /// ```text
    /// route-map ER-OUT permit 10
    /// router bgp 64500
    ///  neighbor 192.0.2.2 route-map ER-OTU out
    /// ```
    ///
    /// ## What to do
    /// Define the object or correct the name. Until then, know what the device does: the message says it.
    ///
    /// ## Severity
    /// Error where a session to a cloud or to the internet depends on it, warning elsewhere.
    ///
    /// ## Sources
    /// - Public device labs `iosxe_undefined_route_map`, `nxos_undefined_route_map`, `eos_undefined_route_map`:
    ///   what devices did.
    /// - RFC 8212 for the thought behind it: no policy should never mean every route.
    RULE: Severity::Error, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    let network = part.network;
    for (id, device) in part.devices() {
        let undefined = || device.names.objects.iter().filter(|object| !object.is_defined());
        if undefined().next().is_none() {
            continue;
        }
        let dependents = Dependents::of(device, network.sessions_of(id));
        // Where thousands of names lead nowhere, the file is not whole: no name is meant to be another one.
        let typed = undefined().count() * device.names.objects.len() < MOST_COMPARED;
        for object in undefined() {
            let uses: Vec<&Use<'_>> =
                device.names.uses(object).iter().filter(|one| matters(one)).collect();
            if let Some((first, others)) = uses.split_first() {
                let draft = report(device, &dependents, object, (first, others), found);
                draft.device(id).help(help(device, object, typed));
            }
        }
    }
}

/// As many pairs of names are compared for one that was mistyped.
const MOST_COMPARED: usize = 4_000_000;

/// Whether a use bears on routes, translation or filters of packets. `<NAME>` and `$NAME` stand for a
/// name in a template and are none.
fn matters(one: &Use<'_>) -> bool {
    let marked = one.name.starts_with('<') && one.name.ends_with('>');
    let placeholder = marked || one.name.starts_with('$');
    !placeholder && one.kind != ObjectKind::Interface && one.usage != Usage::Other
}

fn report<'f>(
    device: &DeviceFacts<'_>,
    dependents: &Dependents<'_, '_>,
    object: &Object<'_>,
    (first, others): (&Use<'_>, &[&Use<'_>]),
    found: &'f mut Findings,
) -> &'f mut Draft {
    let behaviour = device.behaviour;
    let kind = word(object.kind, behaviour);
    let effect = effect(first, behaviour);
    let message = format!(
        "{kind} {} is used but not defined{}",
        object.name,
        effect_words(first.usage, effect, behaviour)
    );
    let edge = std::iter::once(&first).chain(others).find_map(|one| dependents.on(one));
    let label = format!("{}: not defined", first.usage.describe());
    let draft = found.presence(first.at, message, label);
    draft.severity(if edge.is_some() { Severity::Error } else { Severity::Warning });
    for one in others {
        draft.primary(one.at, format!("{}: not defined", one.usage.describe()));
    }
    if let Some(session) = edge {
        let (neighbor, role) = (session.neighbor_name(), session.role.name());
        draft.context(session.at, format!("neighbor {neighbor} ({role}) depends on it"));
    }
    if !device.whole {
        draft.at_most(Confidence::Possible);
        draft.note("the file is an excerpt: the definition may stand in the part that is missing");
    }
    if let Some(Effect { source, .. }) = effect.filter(|effect| !effect.source.is_empty()) {
        draft.note(format!("source of what {} does: {source}", behaviour.product));
    }
    draft.object(format!("{kind}:{}", object.name))
}

/// What to do: another kind or another name may be meant.
fn help(device: &DeviceFacts<'_>, object: &Object<'_>, typed: bool) -> String {
    let name = object.name;
    let kind = word(object.kind, device.behaviour);
    if let Some(other) = other_kind(device, object).map(|kind| word(kind, device.behaviour)) {
        return format!("{name} is defined as {other}: name the kind that is meant");
    }
    let near = if typed { nearest(device, object) } else { None };
    match near {
        Some(near) => format!("define {kind} {name}, or correct the name: {near} is defined"),
        None => format!("define {kind} {name} or remove the reference"),
    }
}

/// What the dialect calls the kind.
fn word(kind: ObjectKind, behaviour: &Behaviour) -> &'static str {
    if kind == ObjectKind::Policy { behaviour.policy_word } else { kind.name() }
}

/// What the device does about a use, where the dialect's table has a cell for it.
fn effect(one: &Use<'_>, behaviour: &Behaviour) -> Option<Effect> {
    use ObjectKind as Kind;
    Some(match (one.usage, one.kind) {
        (Usage::NeighborImport | Usage::NeighborExport, Kind::Policy) => {
            behaviour.undefined_neighbor_policy
        }
        (
            Usage::NeighborImport | Usage::NeighborExport,
            Kind::PrefixList | Kind::Ipv6PrefixList,
        ) => behaviour.undefined_neighbor_prefix_list,
        (Usage::NeighborImport | Usage::NeighborExport, Kind::Acl | Kind::Ipv6Acl) => {
            behaviour.undefined_neighbor_acl
        }
        (Usage::NeighborImport | Usage::NeighborExport, Kind::AsPathList) => {
            behaviour.undefined_neighbor_as_path_list
        }
        (Usage::Match, Kind::PrefixList | Kind::Ipv6PrefixList | Kind::RouteFilterList) => {
            behaviour.undefined_match_prefix_list
        }
        (Usage::Match, Kind::Acl | Kind::Ipv6Acl) => behaviour.undefined_match_acl,
        (Usage::Match, Kind::CommunityList) => behaviour.undefined_match_community_list,
        (Usage::Match, Kind::AsPathList) => behaviour.undefined_match_as_path_list,
        (Usage::Redistribute, Kind::Policy) => behaviour.undefined_redistribute_policy,
        (Usage::Network, Kind::Policy) => behaviour.undefined_network_policy,
        _ => return None,
    })
}

/// The end of the message: what the device does.
fn effect_words(usage: Usage, effect: Option<Effect>, behaviour: &Behaviour) -> String {
    let what = match effect.map(|effect| effect.outcome) {
        Some(Outcome::DenyAll) if usage == Usage::Redistribute => "redistributes nothing",
        Some(Outcome::DenyAll) if usage == Usage::Network => "does not originate the network",
        Some(Outcome::PermitAll) => "permits every route",
        Some(Outcome::DenyAll) => "denies every route",
        Some(Outcome::MatchAll) => "takes the match to hold for every route",
        Some(Outcome::MatchNone) => "takes the match to hold for no route",
        Some(Outcome::Skipped) => "acts as if the statement were not there",
        Some(Outcome::Refused) => "would not have accepted this: the export is partial or edited",
        Some(Outcome::Unknown) => {
            return format!("; what {} then does is not known", behaviour.product);
        }
        None => return String::new(),
    };
    format!(": {} {what}", behaviour.product)
}

/// The kind under which an object of that name is defined, where it is another one of lists.
fn other_kind(device: &DeviceFacts<'_>, object: &Object<'_>) -> Option<ObjectKind> {
    const LISTS: [ObjectKind; 4] =
        [ObjectKind::PrefixList, ObjectKind::Ipv6PrefixList, ObjectKind::Acl, ObjectKind::Ipv6Acl];
    let mut others =
        LISTS.into_iter().filter(|kind| LISTS.contains(&object.kind) && *kind != object.kind);
    others.find(|kind| {
        device.names.object(*kind, object.name).is_some_and(|other| other.is_defined())
    })
}

/// A defined object of the kind whose name is at most two letters away.
fn nearest<'t>(device: &DeviceFacts<'t>, object: &Object<'t>) -> Option<&'t str> {
    let defined = device.names.objects.iter().filter(|other| other.is_defined());
    // Names that differ in a number only are meant to be different.
    let letters = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "");
    let folded = |name: &str| name.eq_ignore_ascii_case(object.name);
    defined
        .filter(|other| other.kind == object.kind)
        .filter(|other| folded(other.name) || letters(other.name) != letters(object.name))
        .map(|other| (letters_apart(other.name, object.name), other.name))
        .filter(|(apart, _)| *apart <= 2 && object.name.len() > 3)
        .min()
        .map(|(_, name)| name)
}
