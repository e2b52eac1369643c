//! `router bgp`: neighbors and peer groups, VRFs, address families, what is put into BGP.
//!
//! Three stages. [`parse`] reads the block into an [`ast`] that keeps lines as they stand
//! ([`setting`] for what is said about neighbors, [`statement`] for the rest); [`settle`] decides what each
//! neighbor ends up with, its group included; [`lower`] writes that in the model's words. The last two
//! wait for the end of the file, since a group may be filled after it is joined.

pub(super) mod ast;
mod inert;
mod lower;
mod parse;
mod peer_filter;
mod setting;
mod settle;
mod statement;
#[cfg(test)]
mod tests;

use super::draft::Draft;

pub(super) use parse::router_bgp;
pub(super) use peer_filter::peer_filter;

/// What `router bgp` blocks said, before groups are settled.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    routers: Vec<ast::Router<'t>>,
    /// Ranges of AS numbers that groups of neighbors may have.
    filters: Vec<peer_filter::PeerFilter<'t>>,
}

/// Settles and lowers all processes; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let filters = std::mem::take(&mut draft.pending.bgp.filters);
    for router in std::mem::take(&mut draft.pending.bgp.routers) {
        lower::lower(draft, router, &filters);
    }
}
