//! `router bgp`: neighbors, groups, address families, what is put into BGP.
//!
//! Three stages. [`parse`] reads the block into an [`ast`] that keeps lines as they stand ([`setting`] for
//! what is said about neighbors, [`statement`] and [`tuning`] for the rest); [`settle`] decides what each
//! neighbor ends up with, its group included; [`lower`] writes that in the model's words. The last two wait
//! for the end of the file, since a group may be filled after it is joined.

use edgelint_model::{BgpInstance, Fact, Origin};

use super::draft::Draft;

mod ast;
mod lower;
mod parse;
mod setting;
mod settle;
mod statement;
#[cfg(test)]
mod tests;
mod tuning;
mod vpn;

pub(super) use parse::router_bgp;

/// What `router bgp` blocks said, before groups are settled.
#[derive(Debug, Default)]
pub(super) struct Pending<'t> {
    routers: Vec<ast::Router<'t>>,
}

/// Settles and lowers all processes; called once, after the last statement.
pub(super) fn finish(draft: &mut Draft<'_>) {
    for mut router in std::mem::take(&mut draft.pending.bgp.routers) {
        for instance in &mut router.instances {
            defaults(instance, draft.pending.datacenter, draft.pending.old);
        }
        lower::lower(draft, router);
    }
}

/// Defaults that depend on profile and release, where no line of the instance says otherwise; the line that
/// named the profile or the release made them apply.
fn defaults(instance: &mut BgpInstance<'_>, datacenter: Option<Fact<()>>, old: Option<Fact<()>>) {
    let off = |by: Fact<()>| Fact { value: false, origin: Origin::here(by.at()) };
    if instance.requires_policy.is_none() {
        instance.requires_policy = datacenter.or(old).map(off);
    }
    // The table hands out a default route as any other of its protocol (`zebra/redistribute.c`,
    // `zebra_redistribute_check`).
    if let Some(from) = instance.redistributions.first() {
        instance.default_information = Some(Fact::new(true, from.at));
    }
    if let Some(old) = old.filter(|_| datacenter.is_none())
        && instance.tuning.networks_need_route.is_none()
    {
        instance.tuning.networks_need_route = Some(off(old));
    }
}
