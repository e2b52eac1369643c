//! `router bgp`: neighbors, groups and templates, address families, what is put into BGP.
//!
//! Three stages. [`parse`] reads the block into an [`ast`] that keeps lines as they stand
//! ([`setting`] for what is said about neighbors, [`statement`] for the rest); [`settle`] decides what each
//! neighbor ends up with, its groups and templates included; [`lower`] writes that in the model's
//! words. The last two wait for the end of the file, since a group may be filled after it is joined.

pub(super) mod ast;
mod lower;
mod parse;
mod setting;
mod settle;
mod statement;
#[cfg(test)]
mod tests;
mod tuning;

use super::draft::Draft;

pub(super) use parse::router_bgp;

/// What `router bgp` blocks said, before groups and templates are settled.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    routers: Vec<ast::Router<'t>>,
}

/// Settles and lowers all processes; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for router in std::mem::take(&mut draft.pending.routers) {
        lower::lower(draft, router);
    }
}
