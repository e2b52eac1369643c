//! `routing-instances`: VRFs, virtual routers and what they are of, with what they import and export.

use edgelint_model::{Leak, LeakSource, ObjectKind, Part, State, Usage, Vrf};
use edgelint_source::Span;
use edgelint_syntax::Words;

use super::{options, protocol, uses};
use crate::junos::bgp;
use crate::junos::draft::{Account, Draft, Leaf, heading};

/// Reads a path of `routing-instances`.
///
/// routing-instances ::= "routing-instances" (NAME instance?)?
/// instance ::= "routing-options" options? | "protocols" ("bgp" bgp-path | instance-protocol)?
///     | "instance-type" type | "interface" NAME | "vrf-target" target | ("vrf-import" | "vrf-export") NAME
///     | "route-distinguisher" WORD | "description" WORD | inert-instance
/// type ::= "forwarding" | "vrf" | "virtual-router" | "virtual-switch" | "vpls" | "evpn" | "evpn-vpws" | "l2vpn" | "l2backhaul-vpn"
///     | "layer2-control" | "mac-vrf" | "mpls-forwarding" | "mpls-internet-multicast" | "no-forwarding" | "internet-multicast"
pub(in crate::junos) fn instance<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>) -> Account {
    let words = leaf.words;
    let Some(name) = words.token(1) else { return (Part::Routing, State::Modelled) };
    draft.define(ObjectKind::Vrf, name.text, heading(words, 2));
    vrf(draft, name.text, heading(words, 2));
    let rest = words.skip(3);
    let value = words.token(3);
    let single = rest.len() == 1;
    let state = match (words.peek(2), value) {
        ("routing-options", _) => return options(draft, leaf, Some(name.text), rest),
        ("protocols", _) if rest.peek(0) == "bgp" => {
            return bgp::read(draft, leaf, Some(name.text), 4);
        }
        ("protocols", _) => return protocol(draft, leaf, Some(name.text), rest),
        ("", _) => State::Modelled,
        ("instance-type", Some(kind)) if single && is_type(kind.text) => State::Modelled,
        ("route-distinguisher", Some(_)) if single => State::Modelled,
        ("description", Some(_)) if single => {
            draft.device.free_text.extend(rest.span());
            State::Modelled
        }
        ("interface", Some(interface)) => {
            draft.routing.members.push((interface.text, leaf.fact(name.text, interface.span)));
            match (rest.peek(1), rest.len()) {
                ("", _) => State::Modelled,
                ("primary" | "protect-core" | "vpls-id" | "no-local-switching", _) => State::Inert,
                _ => State::Unmodelled,
            }
        }
        ("vrf-target", Some(_)) => target(draft, leaf, name.text, rest),
        (list @ ("vrf-import" | "vrf-export"), Some(_)) => {
            instance_policy(draft, leaf, (list, Some(name.text)), rest)
        }
        (head, _) if is_inert_in_instance(head) => State::Inert,
        _ => State::Unmodelled,
    };
    (Part::Routing, state)
}

fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "forwarding"
            | "vrf"
            | "virtual-router"
            | "virtual-switch"
            | "vpls"
            | "evpn"
            | "evpn-vpws"
            | "l2vpn"
            | "l2backhaul-vpn"
            | "layer2-control"
            | "mac-vrf"
            | "mpls-forwarding"
            | "mpls-internet-multicast"
            | "no-forwarding"
            | "internet-multicast"
    )
}

/// Whether what is said of an instance is of no consequence: layer 2, tunnels, subscribers, labels, and
/// options of an interface.
///
/// inert-instance ::= "interface" NAME ("primary" | "protect-core" | "vpls-id" | "no-local-switching") REST?
///     | ("access" | "access-profile" | "bridge-domains" | "connector-id-advertise" | "egress-protection" | "forwarding-options"
///     | "instance-role" | "l2vpn-id" | "multicast-snooping-options" | "no-irb-layer-2-copy" | "no-local-switching"
///     | "no-normalization" | "no-vrf-advertise" | "no-vrf-propagate-ttl" | "provider-tunnel" | "qualified-bum-pruning-mode"
///     | "remote-vtep-list" | "routing-interface" | "service-groups" | "service-type" | "services" | "switch-options"
///     | "system" | "vlan-id" | "vlan-model" | "vlan-tags" | "vlans" | "vrf-advertise-selective" | "vrf-mtu-check"
///     | "vrf-propagate-ttl" | "vrf-table-label" | "vtep-source-interface" | "vxlan" | "pbb-options") REST?
fn is_inert_in_instance(head: &str) -> bool {
    matches!(
        head,
        "access"
            | "access-profile"
            | "bridge-domains"
            | "connector-id-advertise"
            | "egress-protection"
            | "forwarding-options"
            | "instance-role"
            | "l2vpn-id"
            | "multicast-snooping-options"
            | "no-irb-layer-2-copy"
            | "no-local-switching"
            | "no-normalization"
            | "no-vrf-advertise"
            | "no-vrf-propagate-ttl"
            | "provider-tunnel"
            | "qualified-bum-pruning-mode"
            | "remote-vtep-list"
            | "routing-interface"
            | "service-groups"
            | "service-type"
            | "services"
            | "switch-options"
            | "system"
            | "vlan-id"
            | "vlan-model"
            | "vlan-tags"
            | "vlans"
            | "vrf-advertise-selective"
            | "vrf-mtu-check"
            | "vrf-propagate-ttl"
            | "vrf-table-label"
            | "vtep-source-interface"
            | "vxlan"
            | "pbb-options"
    )
}

pub(super) fn vrf<'d, 't>(
    draft: &'d mut Draft<'t>,
    name: &'t str,
    at: Span,
) -> Option<&'d mut Vrf<'t>> {
    let vrfs = &mut draft.device.vrfs;
    let place = *draft.routing.instances.entry(name).or_insert_with(|| {
        vrfs.push(Vrf {
            name,
            at,
            import_targets: Vec::new(),
            export_targets: Vec::new(),
            import_policies: Vec::new(),
            export_policies: Vec::new(),
            exchanges: None,
            blind: Vec::new(),
        });
        vrfs.len() - 1
    });
    vrfs.get_mut(place)
}

/// A route target of an instance, for one direction or both.
///
/// target ::= ("import" | "export") WORD | (WORD - ("import" | "export"))
fn target<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    name: &'t str,
    words: Words<'_, 't>,
) -> State {
    let Some(vrf) = vrf(draft, name, leaf.at) else { return State::Unmodelled };
    let head = words.peek(0);
    let both = !matches!(head, "import" | "export");
    let Some(token) = words.token(if both { 0 } else { 1 }) else { return State::Unmodelled };
    if words.len() != if both { 1 } else { 2 } {
        return State::Unmodelled;
    }
    let fact = leaf.name(token);
    if both || head == "import" {
        vrf.import_targets.push(fact);
    }
    if both || head == "export" {
        vrf.export_targets.push(fact);
    }
    State::Modelled
}

/// Policies on what an instance imports or exports.
pub(super) fn instance_policy<'t>(
    draft: &mut Draft<'t>,
    leaf: &Leaf<'_, 't>,
    (list, name): (&str, Option<&'t str>),
    words: Words<'_, 't>,
) -> State {
    uses(draft, words, Usage::VrfPolicy);
    let Some(token) = words.token(0) else { return State::Unmodelled };
    let fact = leaf.name(token);
    if words.len() != 1 {
        return State::Unmodelled;
    }
    if list == "instance-import" {
        let policy = Some(fact);
        let from = LeakSource::AnyVrf;
        draft.device.leaks.push(Leak { at: leaf.at, from, into: name, policy });
        return State::Modelled;
    }
    let Some(vrf) = name.and_then(|name| vrf(draft, name, leaf.at)) else {
        // What the main instance offers to others counts where another one takes it.
        return State::Modelled;
    };
    if list.ends_with("import") {
        vrf.import_policies.push(fact);
    } else {
        vrf.export_policies.push(fact);
    }
    State::Modelled
}
