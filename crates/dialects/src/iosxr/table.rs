//! Which handler reads which statement, by its first words.
//!
//! A leading `no` is not looked at: the handler sees it.

use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::lines::{lower, polarity, room};
use super::{access_list, bgp, igp, interface, policy, sets, static_route, vrf};

/// Reads a statement and its whole block into the draft, and accounts for all of it.
pub(super) type Handler = for<'d, 'w, 't> fn(&'d mut Draft<'t>, Statement<'w, 't>);

/// The handler of a statement, if there is one.
pub(super) fn handler(words: Words<'_, '_>) -> Option<Handler> {
    let (_, words) = polarity(words);
    let mut low = room();
    let handler: Handler = match lower(words.peek(0), &mut low) {
        "prefix-set" => sets::prefix_set,
        "community-set" => sets::community_set,
        "as-path-set" => sets::as_path_set,
        "extcommunity-set" | "large-community-set" | "rd-set" => sets::value_set,
        "tag-set" | "ospf-area-set" | "mac-set" | "esi-set" | "etag-set" => sets::other_set,
        "route-policy" => policy::route_policy,
        "interface" => interface::interface,
        "hostname" => super::hostname,
        "service" if words.is(1, "cgn") => super::translation,
        "vrf" => vrf::vrf,
        "ipv4" | "ipv6" if words.is(1, "access-list") => access_list::access_list,
        "router" => match words.peek(1).len() {
            3 if words.is(1, "bgp") => bgp::router_bgp,
            6 if words.is(1, "static") => static_route::router_static,
            _ => igp::router_igp,
        },
        _ => return None,
    };
    Some(handler)
}

/// Whether a line opens a set.
pub(super) fn is_set(words: Words<'_, '_>) -> bool {
    let mut low = room();
    matches!(
        lower(words.peek(0), &mut low),
        "prefix-set"
            | "community-set"
            | "as-path-set"
            | "extcommunity-set"
            | "large-community-set"
            | "rd-set"
            | "tag-set"
            | "ospf-area-set"
            | "mac-set"
            | "esi-set"
            | "etag-set"
    ) && 1 < words.len()
}
