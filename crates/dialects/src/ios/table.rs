//! Which handler reads which statement, by its first words.
//!
//! The rows of one first word stand together, the longer ones first. A leading `no` or `default` is
//! not looked at: the handler sees it.

use edgelint_syntax::{Statement, Words};

use super::draft::Draft;
use super::{access_list, as_path_list, bgp, community_list, igp, interface, nat};
use super::{prefix_list, route, route_map, vrf};
use crate::phrases::{is_word, negated};

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
    let (words, _) = negated(words);
    // How long the first word is says nearly as much as what it is.
    let rows = match words.length(0) {
        2 if is_word(words, 0, "ip") => IP,
        4 if is_word(words, 0, "ipv6") => IPV6,
        3 | 6 | 8 | 9 | 11 => OTHERS,
        _ => return None,
    };
    let row = rows.iter().find(|(heads, _)| {
        heads.iter().enumerate().rev().all(|(index, word)| is_word(words, index, word))
    });
    row.map(|(_, handler)| *handler)
}

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    #[test]
    fn every_row_is_found() {
        for (heads, _) in super::IP.iter().chain(super::IPV6).chain(super::OTHERS) {
            for text in [heads.join(" "), heads.join(" ").to_ascii_uppercase()] {
                let lines = Lines::split(FileId(0), &text);
                assert!(super::handler(lines.words_of(&lines.lines[0])).is_some(), "{text}");
            }
        }
    }
}
