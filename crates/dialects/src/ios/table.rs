//! Which handler reads which statement, by its first words.
//!
//! The rows of one first word stand together, the longer ones first. A leading `no` or `default` is
//! not looked at: the handler sees it.

use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::{access_list, as_path_list, bgp, community_list, igp, interface, nat};
use super::{prefix_list, route, route_map, vrf};

/// Reads a statement and its whole block into the draft, and accounts for all of it.
pub(super) type Handler = for<'d, 'w, 't> fn(&'d mut Draft<'t>, Statement<'w, 't>);

type Row = (&'static [&'static str], Handler);

/// Statements that begin with `ip`: the most frequent ones first.
static IP: &[Row] = &[
    (&["ip", "prefix-list"], prefix_list::prefix_list),
    (&["ip", "route"], route::ip_route),
    (&["ip", "access-list"], access_list::named),
    (&["ip", "community-list"], community_list::community_list),
    (&["ip", "extcommunity-list"], community_list::extcommunity_list),
    (&["ip", "large-community-list"], community_list::large_community_list),
    (&["ip", "as-path"], as_path_list::as_path_list),
    (&["ip", "nat"], nat::ip_nat),
    (&["ip", "vrf"], vrf::ip_vrf),
];

/// Statements that begin with `ipv6`.
static IPV6: &[Row] = &[
    (&["ipv6", "prefix-list"], prefix_list::prefix_list),
    (&["ipv6", "route"], route::ipv6_route),
    (&["ipv6", "router"], igp::router_igp),
    (&["ipv6", "router"], igp::router_igp),
    (&["ipv6", "access-list"], access_list::ipv6),
];

/// All others.
static OTHERS: &[Row] = &[
    (&["interface"], interface::interface),
    (&["route-map"], route_map::route_map),
    (&["access-list"], access_list::numbered),
    (&["router", "bgp"], bgp::router_bgp),
    (&["router"], igp::router_igp),
    (&["vrf", "definition"], vrf::vrf_definition),
    (&["hostname"], super::hostname),
];

/// The handler of a statement, if there is one.
pub(super) fn handler(words: Words<'_, '_>) -> Option<Handler> {
    let negated = is(words.peek(0), "no") || is(words.peek(0), "default");
    let words = words.skip(usize::from(negated));
    let head = words.peek(0);
    let rows = match head.len() {
        2 if is(head, "ip") => IP,
        4 if is(head, "ipv6") => IPV6,
        _ => OTHERS,
    };
    let row = rows.iter().find(|(heads, _)| {
        heads.iter().enumerate().all(|(index, word)| is(words.peek(index), word))
    });
    row.map(|(_, handler)| *handler)
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}
