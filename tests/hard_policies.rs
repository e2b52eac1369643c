//! Policies that are as large, or as ill-behaved, as one can be: two thousand clauses, written as an IOS export.

use std::fmt::Write;

/// Clauses of each policy.
pub(crate) const CLAUSES: u32 = 2_000;
/// Entries of each large prefix list.
pub(crate) const ENTRIES: u32 = 10_000;
/// Large prefix lists.
pub(crate) const LISTS: u32 = 4;

/// What the clauses do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Each asks one of a few large prefix lists, and for a community of its own.
    LargeLists,
    /// Each asks a list of its own, whose ranges overlap those of others.
    OverlappingLists,
    /// Each asks for a community of its own.
    Communities,
    /// Lists of their own, and each clause lets routes go on.
    ContinuedLists,
    /// Communities of their own, and each clause lets routes go on.
    ContinuedCommunities,
}

impl Shape {
    /// All shapes, with what they are called.
    pub(crate) const ALL: [(&str, Self); 5] = [
        ("large lists", Self::LargeLists),
        ("overlapping lists", Self::OverlappingLists),
        ("communities", Self::Communities),
        ("continued lists", Self::ContinuedLists),
        ("continued communities", Self::ContinuedCommunities),
    ];
}

/// An export with such a policy on the way in.
pub(crate) fn export(shape: Shape) -> String {
    let mut text = String::from(
        "version 17.9\nhostname edge\nrouter bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n neighbor 192.0.2.1 route-map IN in\n",
    );
    let add = |text: &mut String, line: std::fmt::Arguments<'_>| {
        writeln!(text, "{line}").expect("a String takes all");
    };
    if shape == Shape::LargeLists {
        for list in 0..LISTS {
            for entry in 0..ENTRIES {
                let (high, low) = (list * 40 + entry / 256, entry % 256);
                add(
                    &mut text,
                    format_args!("ip prefix-list PL-{list} permit 10.{high}.{low}.0/24"),
                );
            }
        }
    }
    let own_lists = matches!(shape, Shape::OverlappingLists | Shape::ContinuedLists);
    let goes_on = matches!(shape, Shape::ContinuedLists | Shape::ContinuedCommunities);
    for clause in 0..CLAUSES {
        let community = format!("64500:{}", clause + 1);
        if own_lists {
            let (block, part) = (clause % 200, clause / 200);
            add(
                &mut text,
                format_args!(
                    "ip prefix-list PL-{clause} permit 10.{block}.0.0/16 le {}",
                    17 + part
                ),
            );
            add(&mut text, format_args!("ip prefix-list PL-{clause} deny 10.{block}.{part}.0/24"));
            add(
                &mut text,
                format_args!(
                    "ip prefix-list PL-{clause} permit 10.{}.0.0/14 ge 20 le 26",
                    block / 4 * 4
                ),
            );
        } else {
            add(
                &mut text,
                format_args!("ip community-list standard CL-{clause} permit {community}"),
            );
        }
        add(&mut text, format_args!("route-map IN permit {}", clause + 1));
        match shape {
            Shape::LargeLists => add(
                &mut text,
                format_args!(
                    " match ip address prefix-list PL-{}\n match community CL-{clause}",
                    clause % LISTS
                ),
            ),
            _ if own_lists => {
                add(&mut text, format_args!(" match ip address prefix-list PL-{clause}"));
            }
            _ => add(&mut text, format_args!(" match community CL-{clause}")),
        }
        match goes_on {
            true => add(
                &mut text,
                format_args!(" set community 64501:{} additive\n continue", clause + 1),
            ),
            false => add(&mut text, format_args!(" set local-preference {}", 1000 + clause)),
        }
    }
    add(&mut text, format_args!("route-map IN permit {}", CLAUSES + 1));
    text
}
