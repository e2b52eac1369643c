//! `router bgp`: VRFs, neighbors and their families, templates, what is put into BGP.
//!
//! Three stages. [`parse`] reads the block into an [`ast`] that keeps the lines of neighbors and templates as
//! they stand ([`setting`] says what a line of them means, [`statement`] and [`family`] the rest); [`settle`] decides
//! what each neighbor ends up with, its templates included; [`lower`] writes that in the model's words. The last
//! two wait for the end of the file, since a template may be filled after it is inherited.

mod ast;
mod family;
mod lower;
mod parse;
mod setting;
mod settle;
mod statement;
#[cfg(test)]
mod tests;

use super::draft::Draft;

pub(super) use ast::Router;
pub(super) use parse::router_bgp;

/// Settles and lowers all processes; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for router in std::mem::take(&mut draft.pending.routers) {
        lower::lower(draft, router);
    }
}
