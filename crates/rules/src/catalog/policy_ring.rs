//! Policies ask each other in a ring.

use crate::prelude::{Findings, Part, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports policies that call, apply or ask each other in a ring, so that none of them comes to an end by itself.
    ///
    /// ## Why it matters
    /// A device that takes such policies decides by a limit of its own what becomes of a route, or does not decide
    /// at all: `bgpd` of FRR 8.4.4 ends on the first route that comes to such a route map, and all sessions with
    /// it. Others refuse the whole configuration when it is committed.
    ///
    /// ## When it is not a mistake
    /// Never. Where a ring cannot be entered because of a condition, the call that closes it is of no use.
    ///
    /// ## Example
    /// ```text
    /// route-map ER-IN permit 10
    ///  call COMMON
    /// route-map COMMON permit 10
    ///  call ER-IN
    /// ```
    ///
    /// ## What to do
    /// Remove the call that leads back. What is used by several policies belongs into one that asks none of them.
    ///
    /// ## Severity
    /// Error.
    ///
    /// ## Sources
    /// - Running FRR 8.4.4 (Debian 12), asked with two route maps that call each other: the daemon ends with a fault; a route
    ///   map that calls itself is refused line by line.
    RULE: Severity::Error, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    for (id, device) in part.devices() {
        let word = device.behaviour.policy_word;
        for ring in device.policy_rings() {
            let Some((&(first, at), others)) = ring.policies.split_first() else { continue };
            let names: Vec<&str> = others.iter().map(|(name, _)| *name).collect();
            let message = match names.as_slice() {
                [] => format!("{word} {first} asks itself"),
                [other] => format!("{word} {first} asks {other}, which asks {first} again"),
                _ => format!("{word} {first} asks itself over {}", names.join(", ")),
            };
            let next = names.first().unwrap_or(&first);
            let draft = found.presence(at, message, format!("{first} asks {next}"));
            for (place, &(name, at)) in others.iter().enumerate() {
                let next = names.get(place + 1).unwrap_or(&first);
                draft.primary(at, format!("{name} asks {next}"));
            }
            draft.note("what becomes of routes behind these statements is not followed");
            draft.help("remove the statement that leads back");
            draft.object(format!("{word}:{first}"));
            draft.device(id);
        }
    }
}
