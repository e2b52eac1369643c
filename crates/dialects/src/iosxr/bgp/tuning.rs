//! Settings of an instance: its identity, and how it chooses among paths.

use std::net::Ipv4Addr;

use edgelint_model::{BgpInstance, Fact};
use edgelint_source::Span;

use crate::iosxr::lines::{lower, room};
use crate::iosxr::values::Reader;

/// Reads what stands behind `bgp`.
///
/// bgp-setting ::= "router-id" ADDR4 | "cluster-id" (ADDR4 | UINT32) | "default" "local-preference" UINT32
///     | "log" "neighbor" "changes" ("detail" | "disable")? | "unsafe-ebgp-policy" | confederation
///     | "bestpath" best-path | "update-delay" UINT16 "always"? | ("enforce-first-as" | "fast-external-fallover") "disable"
///     | "redistribute-internal"
/// best-path ::= "med" ("always" | "confed" | "missing-as-worst") | "compare-routerid"
pub(super) fn setting(
    instance: &mut BgpInstance<'_>,
    reader: &mut Reader<'_, '_>,
    (at, kept): (Span, bool),
) -> Option<()> {
    let flag = Some(Fact::new(kept, at));
    let head = reader.next()?;
    let mut low = room();
    match lower(head.text, &mut low) {
        "router-id" => {
            let id: Ipv4Addr = reader.next()?.text.parse().ok()?;
            instance.router_id = kept.then_some(Fact::new(id, at));
        }
        "cluster-id" => {
            let word = reader.peek()?;
            let id = match word.text.parse() {
                Ok(id) => {
                    reader.next();
                    id
                }
                Err(_) => Ipv4Addr::from(reader.number()??),
            };
            instance.tuning.cluster_id = kept.then_some(Fact::new(id, at));
        }
        "default" => {
            reader.word("local-preference")?;
            let value = Fact::new(reader.number()??, at);
            instance.default_local_preference = kept.then_some(value);
        }
        "log" => {
            reader.word("neighbor")?;
            reader.word("changes")?;
            let off = reader.take("disable");
            reader.take("detail");
            instance.logs_neighbor_changes = Some(Fact::new(kept && !off, at));
        }
        // Sessions to other systems without a policy exchange everything (Cisco command reference, of that name).
        "unsafe-ebgp-policy" => instance.requires_policy = Some(Fact::new(!kept, at)),
        "bestpath" => return best_path(instance, reader, flag),
        "update-delay" => {
            let seconds = Fact::new(reader.number_to(0, 65535)??, at);
            reader.take("always");
            instance.tuning.update_delay = kept.then_some(seconds);
        }
        "enforce-first-as" => {
            reader.word("disable")?;
            instance.tuning.enforces_first_as = Some(Fact::new(!kept, at));
        }
        "fast-external-fallover" => {
            reader.word("disable")?;
            instance.tuning.fast_external_fallover = Some(Fact::new(!kept, at));
        }
        "redistribute-internal" => instance.tuning.redistributes_internal = flag,
        _ => return None,
    }
    Some(())
}

fn best_path(
    instance: &mut BgpInstance<'_>,
    reader: &mut Reader<'_, '_>,
    flag: Option<Fact<bool>>,
) -> Option<()> {
    let best_path = &mut instance.tuning.best_path;
    if reader.take("compare-routerid") {
        best_path.compares_router_id = flag;
        return Some(());
    }
    reader.word("med")?;
    let step = reader.next()?;
    let mut low = room();
    match lower(step.text, &mut low) {
        "always" => best_path.always_compare_med = flag,
        "confed" => best_path.compares_confederation_med = flag,
        "missing-as-worst" => best_path.missing_med_is_worst = flag,
        _ => return None,
    }
    Some(())
}
