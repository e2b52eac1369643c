//! A session or policy names a list or policy that is there and holds nothing.

use edgelint_facts::vocabulary::{Behaviour, Effect, ObjectKind, Outcome, Usage, Use, Verdict};
use edgelint_facts::{DeviceFacts, Object};

use crate::prelude::{Draft, Findings, Part, Scope, Severity, Span, rule};

rule! {
    /// ## What it does
    /// Reports prefix lists and policies that are used, are defined, and hold no entry or clause.
    ///
    /// ## Why it matters
    /// An empty prefix list lets every route pass on IOS and NX-OS, none on FRR, and matches nothing on Junos. An
    /// empty policy drops everything where policies end in a refusal. What remains of a list when its
    /// last entry is removed is rarely meant to be used.
    ///
    /// ## When it is not a mistake
    /// A list that a script fills on the device may be empty in an export. A list of which a statement was not
    /// understood is not called empty.
    ///
    /// ## Example
    /// ```text
    /// ip prefix-list ER-OUT description filled by hand
    /// router bgp 64500
    ///  neighbor 192.0.2.2 prefix-list ER-OUT out
    /// ```
    ///
    /// ## What to do
    /// Fill the object or remove the reference. Until then, know what the device does: the message says it.
    ///
    /// ## Severity
    /// Warning.
    ///
    /// ## Sources
    /// - Cisco IOS and NX-OS references: a prefix list without entries permits any prefix.
    /// - Device labs and running routers, as the finding names them.
    RULE: Severity::Warning, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    for (id, device) in part.devices() {
        for object in device.names.objects.iter().filter(|object| object.is_defined()) {
            let Some(at) = emptiness(device, object) else { continue };
            let uses: Vec<&Use<'_>> =
                device.names.uses(object).iter().filter(|one| one.usage != Usage::Other).collect();
            if let Some((first, others)) = uses.split_first() {
                let draft = report(device, object, at, (first, others), found);
                draft.device(id);
            }
        }
    }
}

/// The statement that makes an object which holds nothing, as far as everything in it was understood.
fn emptiness(device: &DeviceFacts<'_>, object: &Object<'_>) -> Option<Span> {
    match object.kind {
        ObjectKind::PrefixList | ObjectKind::Ipv6PrefixList => {
            let list = device.lists.prefix_list(object.kind, object.name)?;
            let empty = list.understood && list.entries(&device.device).next().is_none();
            empty.then_some(list.at)
        }
        ObjectKind::Policy => {
            let mut policies = device.device.policies.iter();
            let policy = policies.find(|policy| policy.name == object.name)?;
            // Where policies end in a refusal, what neither decides nor changes anything is as good as nothing.
            let refuses = device.behaviour.policy_end == Verdict::Deny;
            let idle = policy.clauses.iter().all(|clause| {
                refuses
                    && clause.verdict.is_none()
                    && clause.steps.is_empty()
                    && clause.blind.is_empty()
            });
            (idle && policy.blind.is_empty()).then_some(policy.at)
        }
        _ => None,
    }
}

fn report<'f>(
    device: &DeviceFacts<'_>,
    object: &Object<'_>,
    at: Span,
    (first, others): (&Use<'_>, &[&Use<'_>]),
    found: &'f mut Findings,
) -> &'f mut Draft {
    let behaviour = device.behaviour;
    let is_policy = object.kind == ObjectKind::Policy;
    let kind = if is_policy { behaviour.policy_word } else { object.kind.name() };
    let does = if is_policy { policy_words(behaviour) } else { list_words(behaviour) };
    let message = format!("{kind} {} is used but holds nothing{does}", object.name);
    let draft = found.presence(first.at, message, format!("{} here", first.usage.describe()));
    for one in others {
        draft.primary(one.at, format!("{} here", one.usage.describe()));
    }
    draft.severity(Severity::Warning).context(at, "all there is of it");
    let Effect { source, .. } = behaviour.empty_prefix_list;
    if !is_policy && !source.is_empty() {
        draft.note(format!("source of what {} does: {source}", behaviour.product));
    }
    draft.help(format!("fill {kind} {} or remove the reference", object.name));
    draft.object(format!("{kind}:{}", object.name))
}

/// What the system does with an empty prefix list, as the end of a sentence.
fn list_words(behaviour: &Behaviour) -> String {
    let product = behaviour.product;
    match behaviour.empty_prefix_list.outcome {
        Outcome::PermitAll | Outcome::MatchAll => format!(": {product} lets every route pass"),
        Outcome::DenyAll => format!(": {product} lets no route pass"),
        Outcome::MatchNone => format!(": {product} takes it to match no route"),
        Outcome::Skipped => format!(": {product} passes it over"),
        Outcome::Refused => format!(": {product} refuses the configuration"),
        Outcome::Unknown => format!("; what {product} then does is not known"),
    }
}

/// What the system does with a policy without a clause, as the end of a sentence.
fn policy_words(behaviour: &Behaviour) -> String {
    let product = behaviour.product;
    match behaviour.policy_end {
        Verdict::Deny => format!(": {product} lets no route pass"),
        Verdict::Permit => format!(": {product} leaves every route to what follows"),
    }
}
