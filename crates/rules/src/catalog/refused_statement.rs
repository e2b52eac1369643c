//! A statement holds a value that the device does not take.

use crate::prelude::{Confidence, Findings, Part, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports values that the device refuses when the configuration is loaded, or that cannot be meant.
    ///
    /// ## Why it matters
    /// Where the whole configuration is committed at once, one such value keeps all of it from taking effect.
    /// Where commands are taken one by one, the line is missing afterwards and the rest is there: a list
    /// without one of its entries.
    ///
    /// ## When it is not a mistake
    /// An export of a running device holds no such value. A file that does was written or edited somewhere
    /// else. What devices take though it looks alike is not reported: bits behind the length of a prefix in a
    /// Junos prefix list, for example.
    ///
    /// ## Example
    /// ```text
    /// set routing-options static route 203.0.113.1/24 discard
    /// ```
    ///
    /// ## What to do
    /// Correct the value. edgelint reads on as if the prefix had been written without the bits behind its
    /// length; other values it leaves out.
    ///
    /// ## Severity
    /// Error where a device was seen to refuse such a value or its manual says so, warning where it only
    /// cannot be meant.
    ///
    /// ## Sources
    /// - Public device lab `junos_commit_check` (vJunos 25.4R1.12): which prefixes with bits behind their length a
    ///   commit refuses, and which it takes.
    /// - Cisco IOS IP routing command reference, `ip prefix-list`: length < ge-value < le-value <= 32.
    RULE: Severity::Error, Scope::Device, "0.1.0", parts: check
}

fn check(part: &Part<'_, '_>, found: &mut Findings) {
    for (id, device) in part.devices() {
        let product = device.behaviour.product;
        for complaint in &device.device.coverage.complaints {
            let shown = !complaint.source.is_empty();
            let (end, label) = if shown {
                (format!("{product} refuses it"), "refused")
            } else {
                ("it cannot be meant".to_owned(), "not meant")
            };
            let message = format!("{}: {end}", complaint.what);
            let draft = found.presence(complaint.at, message, label);
            if shown {
                draft.note(format!("source of what {product} does: {}", complaint.source));
            } else {
                draft.severity(Severity::Warning).at_most(Confidence::Likely);
            }
            match complaint.prefix {
                Some(prefix) => {
                    draft.help(format!("write {prefix} if that is meant")).witnesses([prefix]);
                }
                None => {
                    draft.help("correct the value");
                }
            }
            draft.object(format!("value:{}", complaint.what));
            draft.device(id);
        }
    }
}
