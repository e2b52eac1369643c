//! Names of objects in statements that are read by nobody else, or not for the sake of the name.
//!
//! A filter that polices a tunnel matters to no route, but it is in use; an interface that a policy asks
//! for may not be there. Whoever looks for names that lead nowhere, or for objects that nobody uses,
//! has to know of these too.

use edgelint_model::{ObjectKind, Usage};
use edgelint_syntax::{Token, Words};

use super::draft::{Draft, Leaf, heading};
use super::routing::complain_host_bits;
use super::section::Section;

/// The instance that is always there: the device itself.
const MAIN_INSTANCE: &str = "master";

/// Records what a path in force defines and uses, beside what its reader records.
pub(super) fn collect<'t>(draft: &mut Draft<'t>, leaf: &Leaf<'_, 't>, section: Section) {
    let words = leaf.words;
    match section {
        Section::Policies if words.reads(1, "policy-statement") => in_policy(draft, words),
        Section::Bgp => in_bgp(draft, words),
        Section::Protocols => in_protocol(draft, words.skip(1)),
        Section::Instances => in_instance(draft, words.skip(2)),
        Section::Interfaces => in_interface(draft, words),
        Section::SwitchOptions => vrf_policies(draft, words.skip(1)),
        Section::Vlans => {
            let kinds = ["interface", "l3-interface", "routing-interface"];
            interface_behind(draft, words, &kinds, Usage::Other);
        }
        Section::Inert
            if words.reads(0, "security") && words.reads(1, "authentication-key-chains") =>
        {
            if let (Some(name), "key-chain") = (words.token(3), words.peek(2)) {
                draft.define(ObjectKind::KeyChain, name.text, heading(words, 4));
            }
        }
        _ => {}
    }
}

/// The word behind the first of some words.
fn behind<'t>(words: Words<'_, 't>, heads: &[&str]) -> Option<Token<'t>> {
    let at = (0..words.len()).find(|at| heads.contains(&words.peek(*at)))?;
    words.token(at + 1)
}

fn interface_behind<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>, heads: &[&str], usage: Usage) {
    // `all` and wildcards name no interface of their own.
    let named = |name: &Token<'t>| name.text != "all" && !name.text.contains(['*', '<', '$']);
    if let Some(name) = behind(words, heads).filter(named) {
        draft.use_name(ObjectKind::Interface, name, usage);
    }
}

/// Conditions on interfaces and instances.
fn in_policy<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let words = words.skip(if words.reads(3, "term") { 5 } else { 3 });
    if !words.reads(0, "from") && !words.reads(0, "to") {
        return;
    }
    match (words.peek(1), words.token(2)) {
        ("interface", _) => interface_behind(draft, words, &["interface"], Usage::InterfaceUse),
        ("instance", Some(name)) if name.text != MAIN_INSTANCE => {
            draft.use_name(ObjectKind::Vrf, name, Usage::Match);
        }
        _ => {}
    }
}

fn in_bgp<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    let last = words.skip(words.len().saturating_sub(2));
    let Some(name) = last.token(1) else { return };
    match last.peek(0) {
        "authentication-key-chain" => {
            draft.use_name(ObjectKind::KeyChain, name, Usage::Neighbor);
        }
        "prefix-policy" => draft.use_name(ObjectKind::Policy, name, Usage::Bgp),
        _ => {}
    }
}

fn in_protocol<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    // The range that an area sums up: not a name, but a value that a device may refuse.
    if matches!(words.peek(0), "ospf" | "ospf3")
        && let Some(range) = behind(words, &["area-range"])
    {
        complain_host_bits(draft, range);
    }
    interface_behind(draft, words, &["interface"], Usage::InterfaceUse);
    if words.peek(0) == "mpls"
        && let Some(name) = behind(words, &["filter"])
    {
        draft.use_name(ObjectKind::Acl, name, Usage::Other);
    }
}

fn in_instance<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    match (words.peek(0), words.peek(1)) {
        ("interface", _) => interface_behind(draft, words, &["interface"], Usage::VrfMember),
        ("protocols", "bgp") => in_bgp(draft, words),
        ("protocols", _) => in_protocol(draft, words.skip(1)),
        ("switch-options", _) => vrf_policies(draft, words.skip(1)),
        ("bridge-domains" | "vlans", _) => {
            let kinds = ["interface", "l3-interface", "routing-interface"];
            interface_behind(draft, words, &kinds, Usage::Other);
        }
        _ => {}
    }
}

/// Policies of a switch that shares its layer 2 over BGP.
fn vrf_policies<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    if let Some(name) = behind(words, &["vrf-import", "vrf-export"]) {
        draft.use_name(ObjectKind::Policy, name, Usage::VrfPolicy);
    }
}

/// Filters of families that carry no addresses are in use all the same.
fn in_interface<'t>(draft: &mut Draft<'t>, words: Words<'_, 't>) {
    if words.reads(4, "family")
        && !matches!(words.peek(5), "inet" | "inet6")
        && words.reads(6, "filter")
        && let Some(name) = words.token(8)
    {
        draft.use_name(ObjectKind::Acl, name, Usage::InterfaceFilter);
    }
}
